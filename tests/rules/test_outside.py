"""What comes from outside the actors: scripted acts, war, oil, an epidemic, the economy; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import FIRST_FACTION, N_GOVERNORATES, NOWHERE, SCENARIO
from sim.names.events import (
    CONSENT,
    EPIDEMIC_BROKE_OUT,
    HEAVY,
    LEADERSHIP,
    OIL_FELL,
    PROPORTIONATE,
    REGIONAL_WAR_BEGAN,
    REGIONAL_WAR_ENDED,
    SIEGE_BEGAN,
)
from sim.names.mechanisms import M32
from sim.names.script import (
    SCRIPT_ATTACK,
    SCRIPT_END_OF_WAR,
    SCRIPT_EPIDEMIC,
    SCRIPT_FRAMEWORK,
    SCRIPT_LEADERSHIP,
    SCRIPT_MISSILES,
    SCRIPT_OIL,
    SCRIPT_PROTEST,
    SCRIPT_REGIONAL_WAR,
    SCRIPT_SIEGE,
    SCRIPT_STRIKE,
)
from sim.names.streams import U_EPIDEMIC, U_WAR
from sim.names.tables import MAX_ATTACKS
from sim.world import outside
from sim.world.draws import OIL_DRAW
from tests.rules.exact import Told, blank, dice, got, moved, put, told

BEGAN = Told(REGIONAL_WAR_BEGAN, SCENARIO, NOWHERE)
ENDED = Told(REGIONAL_WAR_ENDED, SCENARIO, NOWHERE)
BROKE_OUT = Told(EPIDEMIC_BROKE_OUT, SCENARIO, NOWHERE)


def test_what_is_outside_begins_as_the_scenario_has_it() -> None:
    """Oil and economy are what they were; no fall has been told."""
    w = blank({"s.epidemic": 0.07, "s.regional_war": 0.4})
    outside.start_outside(w)
    assert got(w, "oil", "oil_told", "economy", "epidemic", "war") == (1.0, -181, 1.0, 0.07, 0.4)
    assert list(w.oil_past) == [1.0] * 13


# Scripted acts


def _scripted(kind: int, *options: float, **values: Any) -> Any:
    """Return a world in which the second of two scripted acts, that of today, was brought about."""
    w = blank({"day": 9, "n_script": 2, "script.0.day": 8, "script.0.kind": SCRIPT_EPIDEMIC, "script.1.day": 9,
               "script.1.kind": kind, "script.1.name": 17})  # fmt: skip
    w.script[1].options[: len(options)] = options
    outside.outside_events(put(w, {path.replace("__", "."): value for path, value in values.items()}))
    return w


STRUCK = ("target", "weight", "consent", "place", "cause", "rule", "guest")


@pytest.mark.parametrize(
    ("kind", "options", "strike"),
    [
        (SCRIPT_STRIKE, (4, 1, CONSENT, 1), (4, HEAVY, CONSENT, 1, 0, 0, -1)),
        (SCRIPT_STRIKE, (3, 0, 1, 2), (3, PROPORTIONATE, 1, 2, 0, 0, -1)),
        (SCRIPT_LEADERSHIP, (5, 1, 2, 1), (5, LEADERSHIP, 1, 2, 0, 0, 1)),
        (SCRIPT_LEADERSHIP, (5, 2, 0, 0), (5, LEADERSHIP, 2, 0, 0, 0, 0)),
    ],
)
def test_a_scripted_strike_is_ordered_as_the_script_says(
    kind: int, options: tuple[float, ...], strike: tuple[int, ...]
) -> None:
    """On whom, how heavy, with what consent, where, and who is the guest."""
    w = _scripted(kind, *options)
    assert w.n_strikes == 1
    assert got(w, *(f"strikes.0.{name}" for name in STRUCK)) == strike


def test_the_guest_belongs_to_the_strike_just_ordered() -> None:
    """Not to one that was ordered before."""
    w = _scripted(SCRIPT_LEADERSHIP, 5, 1, 2, 1, n_strikes=1, strikes__0__guest=7)
    assert got(w, "n_strikes", "strikes.0.guest", "strikes.1.guest", "strikes.1.target") == (2, 7, 1, 5)


ORDERED = ("faction", "ordinal", "fixed_dead", "outside", "fixed_site", "fixed_weapon", "fixed_allied", "cause", "rule",
           "claim")  # fmt: skip


@pytest.mark.parametrize(
    ("options", "values", "attack"),
    [
        ((2, 3, 0, 0, 0, 0), {}, (2, 1_000_017, 3, 0, -1, -1, 0, 0, 0, 0)),
        ((2, 3, 1, 0, 0, 4), {}, (2, 1_000_017, 3, 1, -1, -1, 4, 0, 0, 0)),
        ((2, 3, 1, 5, 3, 4), {}, (2, 1_000_017, 3, 0, 4, 2, 4, 0, 0, 0)),
        ((2, 3, 0, 1, 1, 4), {"site_in__0__outside": 1.0}, (2, 1_000_017, 3, 1, 0, 0, 4, 0, 0, 0)),
        ((2, 3, 1, 0, 0, 4), {"presence__exit_day": 0}, (2, 1_000_017, 3, 1, -1, -1, 4, 0, 0, 0)),
    ],
)
def test_a_scripted_attack_is_ordered_as_the_script_says(
    options: tuple[float, ...], values: dict[str, Any], attack: tuple[int, ...]
) -> None:
    """By whom, with how many dead, where and with what; a site that is named decides whether it is outside."""
    w = _scripted(SCRIPT_ATTACK, *options, **values)
    assert w.n_attacks == 1
    assert got(w, *(f"attacks.0.{name}" for name in ORDERED)) == attack


@pytest.mark.parametrize("exit_day", [0, 3])
@pytest.mark.parametrize("options", [(2, 3, 0, 0), (2, 3, 1, 5)])
def test_there_is_no_scripted_attack_in_iraq_after_an_exit(exit_day: int, options: tuple[float, ...]) -> None:
    """Nor on a site in Iraq that the script names."""
    w = _scripted(SCRIPT_ATTACK, *options, presence__exit_day=exit_day)
    assert (w.n_attacks, w.beyond_room) == (0, 0.0)


@pytest.mark.parametrize(
    ("before", "after", "beyond"), [(MAX_ATTACKS - 1, MAX_ATTACKS, 0.0), (MAX_ATTACKS, MAX_ATTACKS, 1.0)]
)
def test_a_scripted_attack_beyond_the_room_is_told(before: int, after: int, beyond: float) -> None:
    """And leaves the last attack as it was."""
    last = f"attacks__{MAX_ATTACKS - 1}__fixed_dead"
    w = _scripted(SCRIPT_ATTACK, 2, 3, 0, 0, n_attacks=before, **{last: 77})
    assert got(w, "n_attacks", "beyond_room", last.replace("__", ".")) == (after, beyond, 77 if beyond else 3)


def test_a_scripted_salvo_is_fired_with_its_weight() -> None:
    """Iran's missiles fall today."""
    w = _scripted(SCRIPT_MISSILES, 0.35)
    assert got(w, "iran.missiles_today", "iran.missile_weight") == (1, 0.35)


def test_a_scripted_siege_begins() -> None:
    """By the faction that leads it, on no cause."""
    w = _scripted(SCRIPT_SIEGE, 4)
    assert told(w)[0] == Told(SIEGE_BEGAN, FIRST_FACTION + 4, 0)
    assert w.factions[4].besieging == 1


@pytest.mark.parametrize(("agenda", "then"), [(0.4, 0.9), (0.95, 0.95)])
def test_a_scripted_protest_surges_in_every_place_but_among_kurds(agenda: float, then: float) -> None:
    """Turned to reform, by what it is scripted as."""
    w = _scripted(SCRIPT_PROTEST, 0.8, agenda=agenda, place_in__17__kurd=0.25)
    assert w.agenda == then
    assert (w.protest[0], w.protest[16], w.protest[17]) == pytest.approx((0.8, 0.8, 0.6))
    assert len(told(w)) == N_GOVERNORATES


@pytest.mark.parametrize(
    ("kind", "level", "values", "after", "events"),
    [
        (SCRIPT_END_OF_WAR, 0.0, {"war": 0.5}, ("war", 0.0), [ENDED]),
        (SCRIPT_END_OF_WAR, 0.0, {}, ("war", 0.0), []),
        (SCRIPT_REGIONAL_WAR, 0.6, {}, ("war", 0.6), [BEGAN]),
        (SCRIPT_REGIONAL_WAR, 0.6, {"war": 0.2, "p__war_ends": 0.1}, ("war", 0.6), []),
        (SCRIPT_REGIONAL_WAR, 0.0, {}, ("war", 0.0), []),
        (SCRIPT_EPIDEMIC, 0.0, {}, ("epidemic", 0.01), [BROKE_OUT]),
        (SCRIPT_EPIDEMIC, 0.0, {"epidemic": 0.3}, ("epidemic", 0.3), []),
        (SCRIPT_EPIDEMIC, 0.0, {"epidemic": 0.003}, ("epidemic", 0.01), []),
        (SCRIPT_OIL, 0.4, {"oil": 1.5}, ("oil", 0.6), []),
    ],
)
def test_nature_can_be_scripted(
    kind: int, level: float, values: dict[str, Any], after: tuple[str, float], events: list[Told]
) -> None:
    """War, its end, an epidemic and the oil price; what is there already does not begin again."""
    w = _scripted(kind, level, **values)
    assert got(w, after[0]) == pytest.approx(after[1])
    assert told(w) == events


def test_what_others_see_to_and_what_is_not_today_is_left_alone() -> None:
    """A framework belongs to the government; an act of yesterday, of tomorrow, or beyond the script, to nobody."""
    today = blank({"day": 9, "n_script": 1, "script.0.day": 9, "script.0.kind": SCRIPT_FRAMEWORK, "oil": 1.5})
    assert moved(today, outside.outside_events) == set()
    other = blank({"day": 9, "n_script": 2, "script.0.day": 8, "script.0.kind": SCRIPT_EPIDEMIC, "script.1.day": 10,
                   "script.1.kind": SCRIPT_EPIDEMIC, "script.2.day": 9, "script.2.kind": SCRIPT_EPIDEMIC})  # fmt: skip
    assert moved(other, outside.outside_events) == set()


# War and epidemics by chance


@pytest.mark.parametrize(
    ("war", "u", "after", "events"),
    [
        (0.0, 0.199, 0.7, [BEGAN]),
        (0.0, 0.2, 0.0, []),
        (0.0, 0.31, 0.0, []),
        (0.5, 0.299, 0.0, [ENDED]),
        (0.5, 0.3, 0.5, []),
        (0.5, 0.199, 0.0, [ENDED]),
    ],
)
def test_a_war_in_the_region_begins_and_ends_by_chance(war: float, u: float, after: float, events: list[Told]) -> None:
    """Two in ten a day to begin, three in ten to end; it begins at its level."""
    w = blank({"war": war, "p.war_begins": 0.2, "p.war_ends": 0.3, "p.war_level": 0.7})
    w.u[U_WAR] = u
    outside.outside_events(w)
    assert w.war == after
    assert told(w) == events


@pytest.mark.parametrize(
    ("values", "u", "breaks_out"),
    [({}, 0.199, True), ({}, 0.2, False), ({"epidemic": 0.001}, 0.0, False), ({"immune": 0.001}, 0.0, False)],
)
def test_an_epidemic_breaks_out_by_chance_where_there_has_been_none(
    values: dict[str, Any], u: float, breaks_out: bool
) -> None:
    """Not while one is there, and not while anybody is immune."""
    w = blank({"p.epidemic_rate": 0.2} | values)
    before = float(w.epidemic)
    w.u[U_EPIDEMIC] = u
    outside.outside_events(w)
    assert told(w) == ([BROKE_OUT] if breaks_out else [])
    assert w.epidemic == (0.01 if breaks_out else before)


@pytest.mark.parametrize(
    ("epidemic", "immune", "values", "ill", "then_immune"),
    [
        # 0.5 * 0.2 * 0.6 = 0.06 fall ill, 0.15 * 0.2 = 0.03 recover; 0.8 of the new are immune.
        (0.2, 0.4, {}, 0.23, 0.4 + 0.048 - 0.02),
        (0.2, 1.0, {}, 0.17, 0.95),
        (0.0, 0.4, {}, 0.0, 0.4),
        (0.9, 0.0, {"p.epidemic_spread": 9.0, "p.epidemic_toll": 1.0}, 1.0, 1.0),
        (0.2, 0.4, {"p.epidemic_recovery": 9.0}, 0.0, 0.428),
        (0.2, 0.4, {"p.immunity_loss": 9.0}, 0.23, 0.0),
        (0.0004, 1.0, {"p.epidemic_recovery": 0.0, "p.immunity_loss": 0.0}, 0.0, 1.0),
        (0.0006, 1.0, {"p.epidemic_recovery": 0.0, "p.immunity_loss": 0.0}, 0.0006, 1.0),
        (0.0005, 1.0, {"p.epidemic_recovery": 0.0, "p.immunity_loss": 0.0}, 0.0005, 1.0),
    ],
)
def test_an_epidemic_runs_its_course(
    epidemic: float, immune: float, values: dict[str, Any], ill: float, then_immune: float
) -> None:
    """Among those who can still fall ill; one of nearly nobody is over, and one of nobody moves nothing."""
    w = blank({"epidemic": epidemic, "immune": immune, "p.epidemic_spread": 0.5, "p.epidemic_recovery": 0.15,
               "p.epidemic_toll": 0.8, "p.immunity_loss": 0.05} | values)  # fmt: skip
    outside._epidemic_week(w)
    assert got(w, "epidemic", "immune") == pytest.approx((ill, then_immune))


# Oil and the economy


#: At the quantile 0.8413447460685429 the week's step is one standard deviation, of 0.5 a year: 1 in sqrt(52) or so.
ONE_SIGMA = 0.8413447460685429


@pytest.mark.parametrize(
    ("u", "oil", "kept", "then"),
    [
        (0.5, 1.0, 0.9, 1.0),
        (ONE_SIGMA, 1.0, 0.9, math.exp(0.5 * math.sqrt(7 / 364))),
        (1 - ONE_SIGMA, 1.0, 0.9, math.exp(-0.5 * math.sqrt(7 / 364))),
        (0.5, 2.0, 0.9, 2.0**0.9),
        (ONE_SIGMA, 0.5, 0.9, 0.5**0.9 * math.exp(0.5 * math.sqrt(7 / 364))),
        (0.5, 99.0, 1.0, 5.0),
        (0.5, 0.01, 1.0, 0.1),
    ],
)
def test_the_oil_price_wanders_and_is_drawn_back(
    monkeypatch: pytest.MonkeyPatch, u: float, oil: float, kept: float, then: float
) -> None:
    """In its logarithm, by a week's share of a year's spread; it stays between a tenth and five times."""
    dice(monkeypatch, outside, {OIL_DRAW: {0: u}})
    w = blank({"oil": oil, "p.oil_volatility": 0.5, "kept.oil_week": kept, "oil_told": 0})
    outside._oil_week(w)
    assert w.oil == pytest.approx(then, rel=2e-4)


@pytest.mark.parametrize(
    ("day", "past", "last", "told_of"),
    [
        (210, 1.6, 20, True),
        (210, 1.4, 20, False),
        (210, 1.5, 20, False),
        (210, 1.6, 30, False),
        (210, 1.6, 29, True),
        (210, 1.6, 210, False),
        (203, 1.6, 0, True),
        (0, 1.6, -181, True),
        (91, 1.6, -181, True),
        (84, 1.6, -181, True),
    ],
)
def test_a_fall_of_the_oil_price_by_a_third_in_a_quarter_is_told(
    monkeypatch: pytest.MonkeyPatch, day: int, past: float, last: int, told_of: bool
) -> None:
    """Against thirteen weeks before, whose place this week takes; and not again within a half-year."""
    dice(monkeypatch, outside, {OIL_DRAW: 0.5})
    week = {210: 4, 203: 3, 0: 0, 91: 0, 84: 12}[day]
    w = blank({"day": day, "oil": 1.0, "kept.oil_week": 1.0, "oil_told": last, f"oil_past.{week}": past})
    outside._oil_week(w)
    assert told(w) == ([Told(OIL_FELL, SCENARIO, NOWHERE)] if told_of else [])
    assert w.oil_told == (day if told_of else last)
    assert w.oil_past[week] == 1.0
    assert w.oil_past.sum() == 1.0


@pytest.mark.parametrize(
    ("values", "goal"),
    [
        ({}, 1.0 + 0.5 * math.log(2.0) - 0.4 * 0.25),
        ({"us.sanctions": 1}, 0.9 + 0.5 * math.log(2.0) - 0.3),
        ({"us.sanctions": 1, f"strength.{M32}": 0.5}, 0.9 + 0.5 * math.log(2.0) - 0.15),
        ({"us.sanctions": 1, f"strength.{M32}": 0.0}, 0.9 + 0.5 * math.log(2.0)),
        ({"us.measures": 1}, 0.9 + 0.5 * math.log(2.0) - 0.07),
        ({"us.measures": 1, "us.sanctions": 1}, 0.9 + 0.5 * math.log(2.0) - 0.37),
        ({"p.oil_weight": 9.0}, 2.0),
        ({"p.oil_weight": -9.0}, 0.1),
    ],
)
def test_the_economy_follows_oil_the_epidemic_and_sanctions(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], goal: float
) -> None:
    """M32: it goes three tenths of the way in a week; oil counts by its logarithm."""
    dice(monkeypatch, outside, {OIL_DRAW: 0.5})
    w = blank(
        {
            "oil": 2.0,
            "kept.oil_week": 1.0,
            "p.oil_weight": 0.5,
            "epidemic": 0.25,
            "p.epidemic_burden": 0.4,
            "p.sanctions_burden": 0.3,
            "p.measures_burden": 0.07,
            "economy": 0.8,
            "kept.economy_week": 0.7,
        }
        | values
    )
    outside.outside_week(w)
    assert w.economy == pytest.approx(goal + 0.7 * (0.8 - goal))


def test_oil_and_the_epidemic_move_before_the_economy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """It follows what they are at the end of the week."""
    dice(monkeypatch, outside, {OIL_DRAW: 0.5})
    w = blank({"oil": 4.0, "kept.oil_week": 0.5, "p.oil_weight": 0.25, "epidemic": 0.25, "p.epidemic_burden": 0.4,
               "p.epidemic_recovery": 0.2})  # fmt: skip
    outside.outside_week(w)
    assert got(w, "oil", "epidemic") == pytest.approx((2.0, 0.2))
    assert w.economy == pytest.approx(1.0 + 0.25 * math.log(2.0) - 0.08)
