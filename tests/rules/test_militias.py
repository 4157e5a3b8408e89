"""The factions: what each decides and promises, what moves it, and whether it fires: exact moves."""

import math
from typing import Any

import pytest

from sim.names import actions as act
from sim.names import events as told_of
from sim.names.actors import FIRST_FACTION, N_FACTIONS, SEAT_FIRST_FACTION
from sim.names.mechanisms import M01, M03, M05, M36, M43
from sim.names.streams import U_ATTACKS, U_TRUCE
from sim.world import militias
from tests.rules.moves import Case, Told, cases, mattering, moves, rule_name, seen, stage

TIME_UP, STALLED = 0.0, 1.0
#: Who acts: Nujaba, its seat, its number as an actor, its rule of today.
F, SEAT, WHO, RULE = 2, SEAT_FIRST_FACTION + 2, FIRST_FACTION + 2, 777


# The start


def _all(**fields: float) -> dict[str, float]:
    return {f"factions.{f}.{name}": value for f in range(N_FACTIONS) for name, value in fields.items()}


CLOSENESS = {f"faction_in.{f}.closeness": 0.1 * (f + 1) for f in range(N_FACTIONS)}
BEFORE = {**CLOSENESS, **_all(strength=0.2, arsenal=0.2, memory=0.9, revenge=0.9, last_struck=7, hold_since=7,
          broken_day=7,
                              holding=0, hold_until=7), "s.arsenal": 0.6, "s.memory_of_leaders": 0.5,
                              "s.revenge": 0.3}  # fmt: skip
STARTED = {**_all(strength=1, arsenal=0.6, revenge=0.3, last_struck=-1, hold_since=-1, broken_day=-1),
           **{f"factions.{f}.memory": 0.05 * (f + 1) for f in range(N_FACTIONS)}}  # fmt: skip
TRUCE = {f"factions.{f}.{name}": value for f in range(N_FACTIONS - 1)
         for name, value in (("holding", 1), ("hold_since", 0), ("hold_until", 20))}  # fmt: skip


@cases(
    Case("at war", {**BEFORE, "s.truce": 0}, STARTED),
    Case("a truce of a scenario", {**BEFORE, "s.truce": 20.7}, {**STARTED, **TRUCE}),
    Case("a short truce", {**BEFORE, "s.truce": 0.5}, {**STARTED, **TRUCE, **{p: 0 for p in TRUCE if "until" in p}}),
)
def test_start(case: Case) -> None:
    """Whole, armed as the scenario has it, mourning by closeness to Iran; a truce binds all but Badr."""
    assert seen(case, militias.start_factions) == case.expected()


# Means and decisions

MEANS = {f"factions.{F}.holding": 0, f"factions.{F}.besieging": 0, "sees.public.us_troops": 0.5,
         "sees.public.exit_decided": 0, "sees.public.embassy_besieged": 0, "sees.public.resolution_passed": 0,
         "sees.public.days_since_strike": 9, "sees.public.days_since_resolution": 9, "sees.public.motion_tabled": 0,
         f"faction_in.{F}.stake": 0.4, "sees.public.protest": 0}  # fmt: skip
CAN = {"HOLD", "HARASS", "PRESS", "BESIEGE", "TABLE", "FIGHT_ISIS"}


@pytest.mark.parametrize(
    ("given", "more", "less"),
    [
        ({}, set(), set()),
        ({f"factions.{F}.holding": 1}, {"BREAK"}, set()),
        ({f"factions.{F}.besieging": 1}, {"CALL_OFF"}, set()),
        ({"sees.public.us_troops": 0}, set(), set()),
        ({"sees.public.exit_decided": 1}, set(), {"TABLE"}),
        ({"sees.public.exit_decided": 1, "sees.public.us_troops": 0}, set(), {"TABLE", "BESIEGE"}),
        ({"sees.public.embassy_besieged": 1}, set(), {"BESIEGE"}),
        ({"sees.public.motion_tabled": 1}, set(), {"TABLE"}),
        ({"sees.public.resolution_passed": 1}, set(), {"TABLE"}),
        ({"sees.public.resolution_passed": 1, "sees.public.days_since_strike": 10}, set(), {"TABLE"}),
        ({"sees.public.resolution_passed": 1, "sees.public.days_since_strike": 8}, set(), set()),
        ({f"faction_in.{F}.stake": 0}, set(), {"TABLE"}),
        ({"sees.public.protest": 0.01}, {"REPRESS"}, set()),
    ],
)
def test_what_a_faction_has_the_means_for(given: dict[str, float], more: set[str], less: set[str]) -> None:
    """A promise to break, an embassy to besiege, a stake in a house with nothing tabled, a protest."""
    w = stage({**MEANS, **given})
    w.can[:] = 7
    militias._means(w, F, SEAT)
    names = {
        number: name[8:] for name, number in vars(act).items() if name[:8] == "FACTION_" and isinstance(number, int)
    }
    able = {name: int(w.can[SEAT, number]) for number, name in names.items()}
    assert able == {name: int(name in (CAN | more) - less) for name in names.values()}
    w.can[SEAT, : len(names)] = 7
    assert (w.can == 7).all()


YESTERDAY = {**MEANS, f"faction_rule.{F}": 5, f"faction_rule_protest.{F}": 6,
             **{f"factions.{F}.{name}": 1 for name in ("promises", "breaks", "wants_crowd", "calls_off", "tables")},
             **{f"factions.{F}.{name}": 0.9 for name in ("effort", "heavy", "represses", "fights_isis")}}  # fmt: skip
NOTHING = {"effort": 0, "heavy": 0, "promises": 0, "breaks": 0, "wants_crowd": 0, "calls_off": 0, "tables": 0,
           "represses": 0.9, "fights_isis": 0.9, "rule": 0, "rule_protest": 6}  # fmt: skip
#: An action that nobody has the means for.
BEYOND = act.MAX_ACTIONS - 1
FIRE, STREET, HOUSE = act.LANE_FIRE, act.LANE_STREET, act.LANE_PARLIAMENT


@pytest.mark.parametrize(
    ("given", "does", "decided"),
    [
        ({}, (), {}),
        ({}, (FIRE, act.FACTION_HOLD, 30), {"effort": 1, "promises": 30}),
        ({f"factions.{F}.holding": 1}, (FIRE, act.FACTION_BREAK), {"effort": 1, "breaks": 1}),
        ({}, (FIRE, act.FACTION_HARASS, 0.7, 0.4), {"effort": 0.7}),
        ({}, (FIRE, act.FACTION_PRESS, 1.6, 0.4), {"effort": 1.6, "heavy": 0.4}),
        ({}, (STREET, act.FACTION_BESIEGE), {"wants_crowd": 1}),
        ({f"factions.{F}.besieging": 1}, (STREET, act.FACTION_CALL_OFF), {"calls_off": 1}),
        ({}, (HOUSE, act.FACTION_TABLE), {"tables": 1}),
        ({"sees.public.protest": 0.3}, (act.LANE_PROTEST, act.FACTION_REPRESS, 0.4), {"represses": 0.4}),
        ({}, (act.LANE_ISIS, act.FACTION_FIGHT_ISIS, 0.3), {"fights_isis": 0.3}),
    ],
)
@pytest.mark.parametrize("others", [(), ((FIRE, BEYOND),)])
def test_a_faction_decides(
    given: dict[str, float], does: tuple[float, ...], decided: dict[str, float], others: tuple[tuple[float, ...], ...]
) -> None:
    """What its policy says holds for today, under its rule; what it does not say is not done (weekly orders stand)."""
    w = stage({**YESTERDAY, **given}, {SEAT: (*others, *((does,) if does else ()))})
    moves(w, militias.decide_faction, F)
    rules = {}
    if does and does[0] == FIRE:
        rules = {"rule": rule_name(SEAT, len(others))}
    if does and does[0] == act.LANE_PROTEST:
        rules = {"rule_protest": rule_name(SEAT, len(others))}
    now = {name: w.factions[F][name] for name in NOTHING if not name.startswith("rule")}
    now |= {"rule": w.faction_rule[F], "rule_protest": w.faction_rule_protest[F]}
    assert now == NOTHING | decided | rules


# Promises

FREE = {f"factions.{F}.holding": 0, f"factions.{F}.promises": 12, f"factions.{F}.broken_day": 70, "p.promise_rest": 29,
        f"factions.{F}.hold_until": 0, f"factions.{F}.hold_since": 0, f"faction_rule.{F}": RULE,
        "parliament.passed_day": -1,
        "parliament.passed_event": 9}  # fmt: skip
PROMISED = {f"factions.{F}.holding": 1, f"factions.{F}.hold_since": 100, f"factions.{F}.hold_until": 112}
BOUND = {f"factions.{F}.holding": 1, f"factions.{F}.promises": 12, f"factions.{F}.breaks": 0, "M05": 0.5,
         "M05 reads": 0,
         f"factions.{F}.hold_until": 101, f"factions.{F}.broken_day": 3, "parliament.tabled": 0,
         "parliament.momentum": 0.2,
         "government.talks_open": 0, "p.truce_patience": 0.6, "p.truce_break_rate": 0.5, f"u.{U_TRUCE + F}": 0.09,
         f"u.{U_TRUCE + F + 1}": 0.5, f"u.{U_TRUCE + F - 1}": 0.5}  # fmt: skip
BROKEN = {f"factions.{F}.holding": 0, f"factions.{F}.broken_day": 100}


def _began(cause: int = 0) -> tuple[Told]:
    return (Told(told_of.TRUCE_BEGAN, actor=WHO, cause=cause, rule=RULE),)


def _ended(why: float) -> tuple[Told]:
    return (Told(told_of.TRUCE_ENDED, actor=WHO, detail=why, claim=M05 if why == STALLED else 0),)


@cases(
    Case("no promise", {**FREE, f"factions.{F}.promises": 0}, {}),
    Case("a promise", FREE, PROMISED, _began()),
    Case("too soon after the last was broken", {**FREE, f"factions.{F}.broken_day": 71}, {}),
    Case("broken on day 0, too soon", {**FREE, f"factions.{F}.broken_day": 0, "p.promise_rest": 100}, {}),
    Case("none was broken", {**FREE, f"factions.{F}.broken_day": -1, "p.promise_rest": 200}, PROMISED, _began()),
    Case("for one day", {**FREE, f"factions.{F}.promises": 1}, {**PROMISED, f"factions.{F}.hold_until": 101}, _began()),
    Case("after a vote", {**FREE, "parliament.passed_day": 0, "day": 120}, {p: v + 20 * (v > 1) for p,
         v in PROMISED.items()},
         _began(9)),
    Case("four months after one", {**FREE, "parliament.passed_day": 50, "day": 170},
         {p: v + 70 * (v > 1) for p, v in PROMISED.items()}, _began(9)),
    Case("long after a vote", {**FREE, "parliament.passed_day": 0, "day": 121},
         {p: v + 21 * (v > 1) for p, v in PROMISED.items()}, _began()),
    Case("bound, and lucky", {**BOUND, f"u.{U_TRUCE + F}": 0.1}, {}),
    Case("the route stands still", BOUND, BROKEN, _ended(STALLED)),
    Case("a motion is tabled", {**BOUND, "parliament.tabled": 1}, {}),
    Case("talks are open", {**BOUND, "government.talks_open": 1}, {}),
    Case("the route has moved lately", {**BOUND, "parliament.momentum": 0.7}, {}),
    Case("routes do not substitute", {**BOUND, "M05 reads": 1}, {}),
    Case("and not without the mechanism", {**BOUND, "M05": 0, f"u.{U_TRUCE + F}": 0}, {}),
    Case("twice as strong it lapses sooner", {**BOUND, "M05": 1.0, f"u.{U_TRUCE + F}": 0.19}, BROKEN, _ended(STALLED)),
    Case("its time is up", {**BOUND, f"factions.{F}.hold_until": 100},
         {f"factions.{F}.holding": 0}, _ended(TIME_UP)),
    Case("it breaks it by policy", {**BOUND, f"factions.{F}.breaks": 1}, BROKEN,
         _ended(STALLED)),
)  # fmt: skip
def test_a_promise_is_given_and_kept(case: Case) -> None:
    """It is given after a rest, and ends when its time is up, by policy, or when the political route stalls (M05)."""
    assert seen(case, militias.keep_promise, F) == case.expected()


# Fire: every mechanism is off but where a case sets it

QUIET = {**{f"M{m:02d}": 0.0 for m in (1, 3, 5, 15, 17, 36, 37, 43, 44, 62, 64, 65, 66, 77)}, "broker": 0,
         "p.drive_most": 4.0, f"factions.{F}.confronted": 0,
         "M01 reads": 0, "M02 reads": 0, "M05 reads": 0, "M43 reads": 0, "M44 reads": 0, "parliament.passed": 0,
         "government.in_office": 1, "government.framework": 0, "government.talks_open": 0}  # fmt: skip
#: Usual fire: 0.4 * 1.5 attacks a day, of which the targets left are 0.875 and the men left 0.8: 0.42.
FIRES = {**QUIET, "M02": 1.0, f"faction_in.{F}.appetite": 0.4, "p.attack_tempo": 1.5,
         f"faction_in.{F}.outside_share": 0.25,
         "presence.exit_day": -1, "outside_troops": 500, "s.troops_outside": 1000, f"factions.{F}.strength": 0.8,
         f"factions.{F}.effort": 1.5, f"factions.{F}.excitation": 0, f"factions.{F}.holding": 0, "iran.push": 0.3,
         "p.proxy_gain": 2.0, "p.truce_leak": 0.2, "p.war_drive": 1.0, "war": math.log(2)}  # fmt: skip
PROXIES = {"M02 reads": 1, "M02": 0.5, "M37": 1.0}


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        ({}, 0.42 * 1.5),
        ({"M37": 1.0}, 0.42 * 1.5 * 2),
        ({"M02": 0.6}, 0.42 * 1.5 * (0.6 + 0.4 * 0.3)),
        ({"M02": 0.6, "iran.push": -0.3}, 0.42 * 1.5 * 0.6),
        ({"M02": 0.0}, 0.42 * 1.5 * 0.3),
        ({"M02": 2.0}, 0.42 * 1.5),
        ({"M37": 1.0, "war": 4.5}, 0.42 * 1.5 * math.exp(4)),
        ({"broker": 1, "p.broker_calm": 4.5}, 0.42 * 1.5 * math.exp(-4)),
        (PROXIES, 0.42 * 1.3),
        ({**PROXIES, "M02": 2.0, "iran.push": -0.2}, 0.42 * 0.2),
        ({**PROXIES, "M02": 2.0, "iran.push": -0.9}, 0.0),
        ({f"factions.{F}.excitation": 0.2}, 0.42 * 1.5 + 0.2 * 0.875),
        ({"M05": 0.5}, 0.42 * 1.5),
        ({f"factions.{F}.holding": 1, "M05": 0.5}, 0.42 * 1.5 * (1 - 0.5 * 0.8)),
        ({f"factions.{F}.holding": 1, "M05": 0.5, f"factions.{F}.excitation": 0.2}, (0.63 + 0.175) * 0.6),
        ({f"factions.{F}.holding": 1, "M05": 2.0}, 0.0),
        ({f"factions.{F}.holding": 1, "M05": 0.5, "p.truce_leak": 1.4}, 0.42 * 1.5),
        ({f"factions.{F}.holding": 1, "M05": 0.5, "M05 reads": 1, "p.complement_drive": 0}, 0.42 * 1.5),
    ],
)
def test_the_attack_rate(given: dict[str, float], rate: float) -> None:
    """Appetite, targets, men, effort and drive, by themselves or by Iran's push (M02); less under a promise (M05)."""
    w = stage({**FIRES, **given})
    militias.stir(w)
    assert militias.attack_rate(w, F) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("given", "reach"),
    [
        ({}, 0.75 + 0.25 * 0.5),
        ({"outside_troops": 1500}, 1.0),
        ({"outside_troops": 0.4, "s.troops_outside": 0}, 0.75 + 0.25 * 0.4),
        ({"presence.exit_day": 0}, 0.125),
        ({"presence.exit_day": 60, "presence.troops_north": 0.5}, 0.125 + 0.75 * 0.3),
    ],
)
def test_how_much_a_faction_can_reach(given: dict[str, float], reach: float) -> None:
    """All in Iraq until the exit, a part of those up north after it, and those abroad while they are there."""
    w = stage({**FIRES, "presence.troops_north": 0, "p.north_reach": 0.3, **given})
    assert militias._reach(w, F) == pytest.approx(reach)


DRIVEN = {**QUIET, "p.memory_drive": 0.8, f"factions.{F}.memory": 0.3, "p.revenge_drive": 1.2,
          f"factions.{F}.revenge": 0.4,
          "p.deterrence_drive": 0.9, f"factions.{F}.deterred": 0.3, "p.push_drive": 1.1,
          f"faction_in.{F}.closeness": 0.6,
          "iran.push": 0.4, "p.war_drive": 0.7, "war": 0.3, "p.impunity_drive": 0.6, "p.complement_drive": 0.9,
          "parliament.momentum": 0.2, "p.colour_drive": 0.5, "p.rote_drive": 0.7, "sees.public.us_strikes_90d": 2,
          "sees.public.us_killed_90d": 3, "sees.public.us_wounded_90d": 10, "p.broker_calm": 0.3,
          "p.confront_drive": 0.6,
          "p.price_drive": 1.3, f"faction_in.{F}.stake": 0.4}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "drive"),
    [
        ({}, 0.0),
        ({"M36": 0.5}, 0.5 * 0.8 * 0.3),
        ({"M01": 0.5}, 0.5 * 1.2 * 0.4),
        ({"M01": 0.5, "M01 reads": 1}, -0.5 * 0.9 * 0.3),
        ({"M03": 0.5}, 0.5 * 1.1 * 0.6 * 0.4),
        ({"M03": 0.5, "iran.push": -0.4}, -0.5 * 1.1 * 0.6 * 0.4),
        ({"M37": 0.5}, 0.5 * 0.7 * 0.3),
        ({"M15": 0.5}, 0.0),
        ({"M15": 0.5, "government.in_office": 0}, 0.5 * 0.6),
        ({"M05": 0.5}, 0.0),
        ({"M05": 0.5, "M05 reads": 1}, 0.5 * 0.9 * 0.2),
        ({"M44": 0.5}, 0.0),
        ({"M44": 0.5, "parliament.passed": 1}, 0.5 * 0.5),
        ({"M44": 0.5, "parliament.passed": 1, "M44 reads": 1}, -0.5 * 0.5),
        ({"M43": 0.5}, 0.5 * 0.7 * 0.4),
        ({"M43": 0.5, "M43 reads": 1}, -0.5 * 0.7 * 0.4),
        ({"broker": 0.2}, -0.3 * 0.2),
        ({f"factions.{F}.confronted": 0.7}, -0.6 * 0.7),
        ({"M17": 0.5}, -0.5 * 1.3 * 0.4 * 0.3),
        ({"M17": 0.5, "government.framework": 1}, -0.5 * 1.3 * 0.4),
        ({"M36": 1, "M01": 1, "M03": 1, "M37": 1, "M43": 1, "M17": 1, "broker": 0.2},
         0.24 + 0.48 + 0.264 + 0.21 + 0.28 - 0.156 - 0.06),
        ({"M36": 1, "M01": 1, "M37": 1, "p.drive_most": 0.5}, 0.5 + 0.21),
    ],
)  # fmt: skip
def test_the_drive_of_a_faction(given: dict[str, float], drive: float) -> None:
    """Each motive adds or takes its coefficient times its level; own motives add up to what arouses it wholly."""
    w = stage({**DRIVEN, **given})
    militias.stir(w)
    assert militias.drive(w, F) == pytest.approx(drive)


@pytest.mark.parametrize(
    ("strikes", "killed", "wounded", "share"),
    [(2, 3, 10, 0.4), (2, 0, 0, 1.0), (0.5, 0, 0, 0.5), (0.5, 0.2, 1, 0.5), (0, 3, 0, 0.0), (9, 3, 0, 1.0)],
)
def test_how_surely_harm_is_answered(strikes: float, killed: float, wounded: float, share: float) -> None:
    """Strikes over the dead and a fifth of the wounded of ninety days, at most 1."""
    w = stage({"sees.public.us_strikes_90d": strikes, "sees.public.us_killed_90d": killed,
               "sees.public.us_wounded_90d": wounded})  # fmt: skip
    assert militias.rote_response(w) == pytest.approx(share)


@pytest.mark.parametrize(
    ("in_office", "framework", "talks", "defied"),
    [(0, 1, 1, 0.0), (1, 0, 0, 0.3), (1, 1, 0, 1.0), (1, 0, 1, 1.0), (1, 1, 1, 1.0)],
)
def test_the_line_that_attacks_defy(in_office: int, framework: int, talks: int, defied: float) -> None:
    """All of it where a government talks or has agreed, a little where it only governs, none of a caretaker's."""
    w = stage({"government.in_office": in_office, "government.framework": framework, "government.talks_open": talks})
    assert militias._line_defied(w) == defied


#: Of the four motives each comes to 0.1: faint.
MOVED = {"M01": 0.5, "M36": 0.5, "M43": 0.5, "M03": 0.5, "M01 reads": 0, "M43 reads": 0, "p.revenge_drive": 2.0,
         f"factions.{F}.revenge": 0.1, "p.memory_drive": 2.0, f"factions.{F}.memory": 0.1, "p.rote_drive": 2.0,
         "sees.public.us_strikes_90d": 1, "sees.public.us_killed_90d": 10, "sees.public.us_wounded_90d": 0,
         "p.push_drive": 2.0, f"faction_in.{F}.closeness": 0.25, "iran.push": 0.4}  # fmt: skip
REVENGE, MEMORY = {f"factions.{F}.revenge": 0.3}, {f"factions.{F}.memory": 0.3}
ROTE = {"sees.public.us_strikes_90d": 3}


@pytest.mark.parametrize(
    ("given", "motive"),
    [
        ({}, 0),
        (REVENGE, M01),
        (MEMORY, M36),
        (ROTE, M43),
        ({"iran.push": 0.9}, M03),
        ({f"factions.{F}.revenge": 0.11}, M01),
        ({f"factions.{F}.memory": 0.11}, M36),
        ({"sees.public.us_strikes_90d": 1.1}, M43),
        ({"iran.push": 0.44}, M03),
        ({**REVENGE, f"factions.{F}.memory": 0.29}, M01),
        ({**REVENGE, f"factions.{F}.memory": 0.31}, M36),
        ({**REVENGE, **MEMORY}, M01),
        ({**MEMORY, "sees.public.us_strikes_90d": 2.9}, M36),
        ({**MEMORY, "sees.public.us_strikes_90d": 3.1}, M43),
        ({**REVENGE, "sees.public.us_strikes_90d": 2.9}, M01),
        ({**ROTE, "iran.push": 1.16}, M43),
        ({**ROTE, "iran.push": 1.24}, M03),
        ({**REVENGE, "iran.push": 1.16}, M01),
        ({**MEMORY, "iran.push": 1.16}, M36),
        ({**REVENGE, "M01 reads": 1}, 0),
        ({**ROTE, "M43 reads": 1}, 0),
        ({**REVENGE, "M01": 0.0}, 0),
        ({**MEMORY, "M36": 0.0}, 0),
        ({**ROTE, "M43": 0.0}, 0),
        ({"iran.push": 0.9, "M03": 0.0}, 0),
        ({"M01": 0.25, f"factions.{F}.revenge": 0.3, f"factions.{F}.memory": 0.2}, M36),
        ({"M36": 0.25, f"factions.{F}.memory": 0.3, f"factions.{F}.revenge": 0.2}, M01),
        ({"M43": 0.25, "sees.public.us_strikes_90d": 3, f"factions.{F}.revenge": 0.2}, M01),
        ({"M03": 0.25, "iran.push": 1.2, f"factions.{F}.revenge": 0.2}, M01),
        ({"p.revenge_drive": 0.9}, 0),
        ({"p.memory_drive": 2.3}, M36),
        ({"p.rote_drive": 2.3}, M43),
        ({"p.push_drive": 2.3}, M03),
        ({f"faction_in.{F}.closeness": 0.3}, M03),
    ],
)
def test_the_motive_of_an_attack(given: dict[str, float], motive: int) -> None:
    """The strongest of revenge, memory, a response by rote and Iran's push; none that adds a tenth or less."""
    assert militias._motive(stage({**MOVED, **given}), F) == motive


@pytest.mark.parametrize(
    ("motive", "rate", "event"), [(M01, 1, 61), (M36, 1, 62), (M43, 1, 63), (M03, 1, 64), (0, 0.39, 65), (0, 0.4, 0)]
)
def test_the_event_behind_a_motive(motive: int, rate: float, event: int) -> None:
    """The strike, the killing, the last strike of all, the order; else its own last attack, if that called it."""
    w = stage({f"factions.{F}.revenge_event": 61, f"factions.{F}.memory_event": 62, "us.last_strike_event": 63,
               "iran.order_event": 64, f"factions.{F}.last_attack_event": 65, f"factions.{F}.excitation": 0.2,
               f"factions.{F}.rate": rate})  # fmt: skip
    assert militias._motive_event(w, F, motive) == event


@pytest.mark.parametrize(("u", "n"), [(0.1, 0), (0.55, 1), (0.9, 2)])
def test_attacks_are_drawn_and_call_forth_more(u: float, n: int) -> None:
    """At a rate of 0.63 the quantile says how many; each is ordered with its motive, and adds to the excitation."""
    given = {**FIRES, f"u.{U_ATTACKS + F}": u, f"factions.{F}.rate": 0, "kept.excitation": 0.7, "p.branching": 0.4,
             f"u.{U_ATTACKS + F + 1}": 0.5, f"u.{U_ATTACKS + F - 1}": 0.5, "war": 0, f"faction_rule.{F}": RULE,
             "M36": 1e-9, "p.memory_drive": 1e9, f"factions.{F}.memory": 0.0, f"factions.{F}.memory_event": 62,
             f"factions.{F}.last_attack_event": 65}  # fmt: skip
    w = stage(given)
    moves(w, militias.fire, F)
    assert w.factions[F].rate == pytest.approx(0.63)
    assert w.factions[F].excitation == pytest.approx(n * 0.4 * 0.3)
    assert _ordered(w) == [(F, k, 0, RULE, 0) for k in range(n)]


def test_excitation_fades_and_a_motive_is_told() -> None:
    """What is left of 0.05 after a day, and two attacks more, which answer a killing."""
    w = stage({**FIRES, f"u.{U_ATTACKS + F}": 0.9, "kept.excitation": 0.7, "p.branching": 0.4,
               f"faction_rule.{F}": RULE,
               f"factions.{F}.excitation": 0.05, "M36": 1.0, "p.memory_drive": 0.5, f"factions.{F}.memory": 0.3,
               f"factions.{F}.memory_event": 62})  # fmt: skip
    militias.fire(w, F)
    assert w.factions[F].excitation == pytest.approx(0.05 * 0.7 + 2 * 0.4 * 0.3)
    assert _ordered(w) == [(F, k, 62, RULE, M36) for k in range(2)]


def _ordered(w: Any) -> list[tuple[int, ...]]:
    attacks = [w.attacks[k] for k in range(int(w.n_attacks))]
    return [(int(a.faction), int(a.ordinal), int(a.cause), int(a.rule), int(a.claim)) for a in attacks]


def test_the_day_stirs_no_faction_where_iran_alone_moves_them() -> None:
    """Nothing adds to the drive, and no mechanism of it matters, under the rival reading of M02."""
    w = stage({**DRIVEN, "M37": 0.5, "M43": 0.5, "M02 reads": 1, "stirring": 9.0})
    militias.stir(w)
    assert w.stirring == 0.0
    assert mattering(w) == set()
