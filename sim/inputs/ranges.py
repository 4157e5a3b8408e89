"""Which numbers make sense: the bounds of every quantity of every file, by its name or by its unit.

Outside of them rules would divide by nothing, count people below none, or take steps that overshoot; or worlds would
come that nobody would call a possible one. They are generous all the same, ten to a hundred times what is in use: they
tell what is impossible from what is odd. What worlds may draw must lie inside, to the last of them.
"""

from typing import NamedTuple

import numpy as np

from sim.errors import Mistake, described
from sim.inputs.distributions.quantities import Distribution
from sim.names.quantities import unit_of
from sim.names.tables import MAX_MEMBERS


class Range(NamedTuple):
    """The least and the most that a quantity may be, in which unit, and whether it is one of a few whole numbers."""

    low: float
    high: float
    unit: str = ""
    whole: bool = False


_SHARE = Range(0.0, 1.0)
_SIGNED = Range(-1.0, 1.0)
#: No scenario lasts longer; what should never come back, or never end, takes as long.
_DAYS = 3650.0
#: For what lasts a lifetime: memories and grievances.
_LIFETIME = 18_250.0
#: All armed men, or soldiers, of one side: a hundred times a force of today.
_ARMY = 2e5

#: What units allow, where nothing is said of the quantity itself. What adds to a decision or a rate adds or does
#: nothing: where it could go either way, there are readings.
_OF_UNITS: dict[str, Range] = {
    "share": _SHARE, "0 or 1": Range(0.0, 1.0, whole=True), "people": Range(0.0, 1e4), "attacks": Range(0.0, 1e4),
    "members": Range(0.0, MAX_MEMBERS), "days": Range(0.0, _DAYS), "day of the calendar": Range(1.0, 1e6),
    "per day": _SHARE, "per week": _SHARE, "ratio": Range(0.0, 50.0), "level": Range(0.0, 2.0),
    "view": Range(0.0, 2.0), "weight": Range(0.0, 100.0), "log odds": Range(0.0, 20.0),
    "log ratio": Range(0.0, 10.0), "exponent": Range(1.01, 20.0), "leaning": Range(0.0, 4.0, whole=True),
    "aims": Range(0.0, 2.0, whole=True), "thousand people": Range(0.001, 200.0), "per year": Range(-3.0, 3.0),
    "rounds": Range(1.0, 100.0),
}  # fmt: skip
#: Readiness when nothing weighs on it: it may be low or high.
_BASES = (
    "lean_base", "come_base", "confirm_base", "demand_base", "limit_base", "negotiate_base", "ratify_base", "date_base",
    "answer_base", "us_yields", "baghdad_yields",
)  # fmt: skip
#: What is bound otherwise than its unit is. What divides is not 0; a branching of 1 would never end; an epidemic may
#: infect several for each who is ill; there is a presence, a house and an ISIS to begin with.
_OF_NAMES: dict[str, Range] = {
    **dict.fromkeys(_BASES, Range(-20.0, 20.0)),
    **dict.fromkeys(("memory_half_life", "grievance_half_life", "oil_return_days"), Range(0.0, _LIFETIME)),
    "branching": Range(0.0, 0.95), "fear_scale": Range(0.0, 1e3), "attack_tempo": Range(0.0, 20.0),
    # Armed men and what becomes of them. The deadliest strike is one on a parade; the deadliest attack of ISIS killed
    # some 1,700; a rally may be one of millions.
    "us_troops": Range(1.0, _ARMY), "troops_outside": Range(0.0, _ARMY), "isis_fighters": Range(1.0, _ARMY),
    "fighters_limit": Range(100.0, _ARMY), "strike_dead": Range(0.0, 300.0), "heavy_strike_dead": Range(0.0, 1e3),
    "leadership_strike_dead": Range(0.0, 300.0), "isis_most_dead": Range(1.0, 2e3),
    "repression_most": Range(1.0, 1e3), "bystanders_most": Range(1.0, 1e3), "rough_methods": Range(0.0, 50.0),
    "syria_inflow": Range(0.0, 200.0), "cell_fighters": Range(0.1, 500.0), "split_size": Range(2.0, 1e3),
    "well_defended_troops": Range(1.0, 1e5), "rally_size": Range(0.0, 1e7), "sadr_crowd": Range(0.0, 1e7),
    "isis_attacks_quarter": Range(0.0, 1e4), "willing_men": Range(1.0, _ARMY), "break_fighters": Range(1.0, _ARMY),
    "presence_felt": Range(1.0, _ARMY), "lull_share": Range(1e-4, 1.0), "campaign_gain": Range(1.0, 20.0),
    "exhaustion": Range(0.05, 20.0), "drive_most": Range(0.0, 4.0),
    # What would turn a rate over, or outgrow a house or a country.
    "isis_slows": Range(0.0, 0.99), "boycott_width": Range(0.1, MAX_MEMBERS), "busy_effort": Range(0.01, 50.0),
    "syria_limit": Range(0.1, 50.0), "place_limit": Range(0.01, 1.0), "protest_threshold": Range(0.0, 0.99),
    "coalition_scale": Range(0.0, 20.0), "syria_isis": Range(0.0, 50.0),
    # What may be more than its unit allows.
    "epidemic_spread": Range(0.0, 10.0), "speaker_outrage": Range(0.0, 10.0), "strike_spread": Range(0.0, 2.0),
    "oil_volatility": Range(0.0, 5.0), "ally_lift": Range(0.0, 20.0), "sadr_stance": _SIGNED,
}  # fmt: skip
#: Traits of places, sites, blocs, factions and coalition members; all others are shares.
_OF_TRAITS: dict[str, Range] = {
    "population": Range(1000.0, 5e7), "seats": Range(0.0, MAX_MEMBERS), "view_us": _SIGNED, "view_iran": _SIGNED,
    "appetite": Range(0.0, 5.0), "fighters": Range(0.0, 1e6), "troops": Range(0.0, 5e4),
    "syria_border": Range(0.0, 10.0), "iran_border": Range(0.0, 10.0), "view_us_spread": Range(0.0, 2.0),
    "view_iran_spread": Range(0.0, 2.0),
    **dict.fromkeys(("hardened", "is_embassy", "outside"), Range(0.0, 1.0, whole=True)),
}  # fmt: skip
#: Facts of places that no rule reads, but maps do.
OF_FACTS: dict[str, Range] = {
    "area": Range(0.001, 1e7), "latitude": Range(-90.0, 90.0), "longitude": Range(-180.0, 180.0),
    "roughness": _SHARE,
}  # fmt: skip
#: The last number that a world can draw a quantile at.
_LAST = 1.0 - 2.0**-53


def range_of(name: str) -> Range:
    """Return the bounds of a parameter, or of a number of a starting position, in the unit that rules count it in."""
    unit = unit_of(name)
    return (_OF_NAMES.get(name) or _OF_UNITS[unit])._replace(unit=unit)


def range_of_trait(name: str) -> Range:
    """Return the bounds of a trait; most are shares."""
    return _OF_TRAITS.get(name, _SHARE)


def wrong_with(one: Distribution, allowed: Range) -> Mistake | None:
    """Return the mistake of a quantity of which some world could draw what its bounds do not allow."""
    least, most = one.quantile(np.array([0.0, _LAST])).tolist()
    if not allowed.low <= least <= most <= allowed.high:
        expected = f"from {allowed.low:g} to {allowed.high:g}" + f" ({allowed.unit})" * bool(allowed.unit)
        open_ended = one.kind in ("normal", "lognormal") and not one.within
        hint = f"cut what no world may draw: within: [{allowed.low:g}, {allowed.high:g}]" if open_ended else ""
        return Mistake(expected, described(most if allowed.low <= least else least), hint)
    if allowed.whole and not _is_whole(one):
        hint = "" if one.is_fixed else "as {choice: {values: [0, 1]}} or {chance: 0.5}, where it is not known"
        return Mistake("whole numbers", one.text(), hint)
    return None


def _is_whole(one: Distribution) -> bool:
    """Return whether no world draws a fraction."""
    return one.kind == "chance" or (
        one.kind in ("fixed", "choice") and all(number.is_integer() for number in one.numbers)
    )
