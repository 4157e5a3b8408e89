"""Which numbers make sense: the range of every quantity of every file, by its name or by its unit.

Outside of them rules would divide by nothing, count people below none, or take steps that overshoot. The ranges are
wide: they tell what is impossible from what is odd. What worlds may draw must lie inside, to the last of them.
"""

import numpy as np

from sim.errors import Mistake, described
from sim.quantities import Distribution

Range = tuple[float, float]

_SHARE: Range = (0.0, 1.0)
_SIGNED: Range = (-1.0, 1.0)
_PEOPLE: Range = (0.0, 1e8)
_OF_SENSE: Range = (-1e12, 1e12)

#: What units allow.
_OF_UNITS: dict[str, Range] = {
    "share": _SHARE, "0 or 1": _SHARE, "people": _PEOPLE, "members": (0.0, 1e4), "attacks": (0.0, 1e5),
    "days": (0.0, 36_500.0), "day of the calendar": (0.0, 366.0), "per day": _SHARE, "per week": _SHARE,
    "ratio": (0.0, 1e3), "level": (-10.0, 10.0), "view": (-10.0, 10.0), "weight": (0.0, 1e6),
    "log odds": (-50.0, 50.0), "log ratio": (-20.0, 20.0), "exponent": (1.01, 50.0),
    "leaning": (0.0, 4.0), "aims": (0.0, 2.0),
}  # fmt: skip
UNITS = tuple(_OF_UNITS)
#: What is bound otherwise than its unit is. What divides is not 0; a branching of 1 would never end; an epidemic may
#: infect several for each who is ill; there is a presence, a house and an ISIS to begin with.
_OF_NAMES: dict[str, Range] = {
    "branching": (0.0, 0.95), "strike_spread": (0.0, 5.0), "oil_volatility": (0.0, 5.0),
    "epidemic_spread": (0.0, 10.0), "us_troops": (1.0, 1e6), "troops_outside": (0.0, 1e6),
    "isis_fighters": (1.0, 1e6), "sadr_stance": _SIGNED, "well_defended_troops": (1.0, 1e6),
    "cell_fighters": (0.1, 1e4), "fighters_limit": (100.0, 1e6), "split_size": (0.2, 1e5),
    "boycott_width": (0.1, 1e3), "busy_effort": (0.01, 1e3), "syria_limit": (0.1, 1e3), "place_limit": (0.01, 1.0),
    "fear_scale": (0.0, 1e4), "isis_most_dead": (1.0, 1e4), "repression_most": (1.0, 1e4),
    "bystanders_most": (1.0, 1e4), "protest_threshold": (0.0, 0.99), "attack_tempo": (0.0, 20.0),
    "speaker_outrage": (0.0, 10.0), "season_peak": (0.0, 1e7), "harm_most": (0.0, 1.0), "syria_isis": (0.0, 100.0),
    "coalition_scale": (0.0, 100.0),
}  # fmt: skip
#: Traits of places, sites, blocs, factions and coalition members.
_OF_TRAITS: dict[str, Range] = {
    "population": (1.0, 1e8), "seats": (0.0, 1e4), "view_us": _SIGNED, "view_iran": _SIGNED,
    "appetite": (0.0, 5.0), "fighters": (0.0, 1e7), "troops": (0.0, 1e6), "syria_border": (0.0, 10.0),
    "iran_border": (0.0, 10.0), "view_us_spread": (0.0, 2.0), "view_iran_spread": (0.0, 2.0),
}  # fmt: skip
#: Facts of places that no rule reads, but maps do.
OF_FACTS: dict[str, Range] = {
    "area": (0.001, 1e7), "latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "roughness": _SHARE,
}  # fmt: skip
#: What is one of a few: no world can be half of it.
_WHOLE_UNITS = ("0 or 1", "leaning", "aims")
_WHOLE_TRAITS = ("hardened", "is_embassy", "outside")
#: The last number that a world can draw a quantile at.
_LAST = 1.0 - 2.0**-53


def range_of(name: str, unit: str) -> Range:
    """Return the range of a parameter, or of a number of a starting position."""
    return _OF_NAMES.get(name) or _OF_UNITS.get(unit, _OF_SENSE)


def range_of_trait(name: str) -> Range:
    """Return the range of a trait; most are shares."""
    return _OF_TRAITS.get(name, _SHARE)


def wrong_with(one: Distribution, name: str, unit: str) -> Mistake | None:
    """Return the mistake of a parameter, or of a number of a starting position, that some world could not have."""
    return outside(one, range_of(name, unit), unit) or (not_whole(one) if unit in _WHOLE_UNITS else None)


def wrong_with_trait(one: Distribution, name: str) -> Mistake | None:
    """Return the mistake of a trait that some world could not have."""
    return outside(one, range_of_trait(name)) or (not_whole(one) if name in _WHOLE_TRAITS else None)


def not_whole(one: Distribution) -> Mistake | None:
    """Return the mistake of a quantity of which some world would draw a fraction."""
    if one.kind == "chance" or (one.kind in ("fixed", "choice") and all(number.is_integer() for number in one.numbers)):
        return None
    hint = "" if one.is_fixed else "as {choice: {values: [0, 1]}} or {chance: 0.5}, where it is not known"
    return Mistake("whole numbers", one.text(), hint)


def outside(one: Distribution, allowed: Range, unit: str = "") -> Mistake | None:
    """Return the mistake of a quantity of which some world could draw a number outside of what is allowed."""
    low, high = allowed
    least, most = one.quantile(np.array([0.0, _LAST])).tolist()
    if low <= least <= most <= high:
        return None
    expected = f"from {low:g} to {high:g}" + f" ({unit})" * bool(unit)
    open_ended = one.kind in ("normal", "lognormal") and not one.within
    hint = f"cut what no world may draw: within: [{low:g}, {high:g}]" if open_ended else ""
    return Mistake(expected, described(least if not low <= least <= high else most), hint)
