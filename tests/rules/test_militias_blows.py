"""Crowds, motions, and what a blow does to the factions: exact moves."""

import pytest

from sim.names import events as told_of
from sim.names.actors import BAGHDAD, FIRST_FACTION, N_FACTIONS, PARLIAMENT
from sim.names.actors import SIEGE as RUNG_OF_SIEGE
from sim.names.events import HEAVY, LEADERSHIP, PROPORTIONATE
from sim.names.mechanisms import M60, N_MECHANISMS
from sim.names.streams import U_CLEARED, U_CROWD
from sim.world import militias
from sim.world import siege as siege_
from tests.rules.moves import FIRST, Case, Told, cases, mattering, seen, stage

OWN_KILLED, BLOODY = 2.0, 3.0
CALLED_OFF, CLEARED = 0.0, 1.0
#: Who acts: Nujaba, and its number as an actor.
F, WHO = 2, FIRST_FACTION + 2
CLOSENESS = {f"faction_in.{f}.closeness": 0.1 * (f + 1) for f in range(N_FACTIONS)}


def _all(**fields: float) -> dict[str, float]:
    return {f"factions.{f}.{name}": value for f in range(N_FACTIONS) for name, value in fields.items()}


def _ended(why: float, cause: int) -> tuple[Told]:
    return (Told(told_of.TRUCE_ENDED, actor=WHO, detail=why, cause=cause),)


# Crowds and sieges

CROWD = {**_all(wants_crowd=0, besieging=0, calls_off=0),
         **{f"faction_in.{f}.embassy_crowds": 0.5 for f in range(N_FACTIONS)},
         "p.crowd_chance": 0.4, **{f"u.{U_CROWD + f}": 0.9 for f in range(N_FACTIONS)}, "siege": 0, "siege_day": 5,
         "last_strike": 90, "us.last_strike_event": 12, "M35": 0.5, "p.siege_humiliation": 0.6, "humiliation": 0.2,
         "rung": 1, "rung_day": 3, "highest_rung": RUNG_OF_SIEGE, f"u.{U_CLEARED}": 0.9, "p.siege_clear_rate": 0.3,
         "siege_event": 23, "M60": 0.5}  # fmt: skip
CALLED = {**CROWD, f"factions.{F}.wants_crowd": 1, f"u.{U_CROWD + F}": 0.19}
BESIEGED = {"siege": 1, "siege_day": 100, f"factions.{F}.besieging": 1, "siege_event": FIRST, "rung": RUNG_OF_SIEGE,
            "rung_day": 100, "humiliation": 0.2 + 0.3 * 0.8, "under_fire": RUNG_OF_SIEGE / 7}  # fmt: skip


def _siege(cause: int) -> tuple[Told]:
    return (Told(told_of.SIEGE_BEGAN, actor=WHO, place=BAGHDAD, cause=cause),)


@cases(
    Case("nobody calls", {**CROWD, f"u.{U_CROWD + F}": 0.1}, {}),
    Case("none is there to be cleared", {**CROWD, f"u.{U_CLEARED}": 0.1}, {}),
    Case("a crowd comes", CALLED, BESIEGED, _siege(12)),
    Case("none comes", {**CALLED, f"u.{U_CROWD + F}": 0.2}, {}),
    Case("a siege stands already", {**CALLED, "siege": 1, "siege_day": 100}, {}),
    Case("a strike is still fresh", {**CALLED, "last_strike": 86}, BESIEGED, _siege(12)),
    Case("a strike is stale", {**CALLED, "last_strike": 85}, BESIEGED, _siege(0)),
    Case("no strike", {**CALLED, "last_strike": -1, "day": 10}, {**BESIEGED, "siege_day": 10, "rung_day": 10},
         _siege(0)),
    Case("a strike on day 0", {**CALLED, "last_strike": 0, "day": 10}, {**BESIEGED, "siege_day": 10, "rung_day": 10},
         _siege(12)),
    Case("called off by another it stays", {**CROWD, "siege": 1, f"factions.{F}.besieging": 1,
         "factions.3.calls_off": 1}, {}),
    Case("the last faction's crowd", {**CROWD, "factions.5.wants_crowd": 1, f"u.{U_CROWD + 5}": 0.1},
         {**{p: v for p, v in BESIEGED.items() if "besieging" not in p}, "factions.5.besieging": 1},
         (Told(told_of.SIEGE_BEGAN, actor=FIRST_FACTION + 5, place=BAGHDAD, cause=12),)),
)  # fmt: skip
def test_a_crowd_is_called(case: Case) -> None:
    """It comes by the chance of its faction where no siege stands, over a strike of the last fortnight (M35)."""
    assert seen(case, siege_.crowds) == case.expected()


STANDS = {**CROWD, "siege": 1, f"factions.{F}.besieging": 1, "factions.5.besieging": 1}
OVER = {"siege": 0, f"factions.{F}.besieging": 0, "factions.5.besieging": 0}


def _siege_over(how: float, who: int) -> tuple[Told]:
    claim = M60 if how == CALLED_OFF else 0
    return (Told(told_of.SIEGE_ENDED, actor=who, place=BAGHDAD, detail=how, cause=23, claim=claim),)


@cases(
    Case("it goes on", STANDS, {}),
    Case("called off", {**STANDS, f"factions.{F}.calls_off": 1}, OVER, _siege_over(CALLED_OFF, WHO)),
    Case("called off by Badr", {**STANDS, "factions.5.calls_off": 1}, OVER, _siege_over(CALLED_OFF, FIRST_FACTION + 5)),
    Case("called off in vain", {**STANDS, f"factions.{F}.calls_off": 1, "M60": 0}, {}),
    Case("cleared", {**STANDS, f"u.{U_CLEARED}": 0.29}, OVER, _siege_over(CLEARED, FIRST_FACTION)),
    Case("luck at the rate clears nothing", {**STANDS, f"u.{U_CLEARED}": 0.3}, {}),
    Case("not cleared on its first day", {**STANDS, f"u.{U_CLEARED}": 0.1, "siege_day": 100}, {}),
    Case("called off before it is cleared", {**STANDS, f"factions.{F}.calls_off": 1, f"u.{U_CLEARED}": 0.1}, OVER,
         _siege_over(CALLED_OFF, WHO)),
)  # fmt: skip
def test_a_siege_ends(case: Case) -> None:
    """By a word of who leads it (M60), or cleared by its daily chance from the second day on; all go home."""
    assert seen(case, siege_.crowds) == case.expected()


def test_the_word_is_what_ends_it() -> None:
    """M60 is noted to have mattered on the day on which a siege was called off, and not when one was cleared."""
    for given, noted in (({f"factions.{F}.calls_off": 1}, {M60}), ({f"u.{U_CLEARED}": 0.1}, set())):
        w = stage({**STANDS, **given, **{f"mattered.{m}": -1 for m in range(N_MECHANISMS + 1)}})
        siege_.crowds(w)
        assert mattering(w) == noted


# Motions

TABLES = {**_all(tables=0), "factions.3.tables": 1, "factions.4.tables": 1, "parliament.tabled": 0,
          "parliament.passed": 0,
          "parliament.passed_day": 50, "parliament.last_motion_day": 70, "p.motion_rest": 30, "last_strike": 90,
          "parliament.outrage_event": 31, "parliament.momentum": 0.4, "p.momentum_motion": 0.3,
          "parliament.vote_day": 9,
          "parliament.tabled_day": 8, "parliament.tabled_event": 7}  # fmt: skip
TABLED = {"parliament.tabled": 1, "parliament.tabled_day": 100, "parliament.vote_day": -1,
          "parliament.momentum": 0.4 + 0.3 * 0.6, "parliament.tabled_event": FIRST}  # fmt: skip


def _motion(cause: int, by: float = 3.0) -> tuple[Told]:
    return (Told(told_of.MOTION_TABLED, actor=PARLIAMENT, place=BAGHDAD, detail=by, cause=cause),)


@cases(
    Case("tabled by the first who asks", TABLES, TABLED, _motion(31)),
    Case("by the last of all", {**TABLES, "factions.3.tables": 0, "factions.4.tables": 0, "factions.5.tables": 1},
         TABLED,
         _motion(31, 5.0)),
    Case("nobody asks", {**TABLES, "factions.3.tables": 0, "factions.4.tables": 0}, {}),
    Case("one is tabled", {**TABLES, "parliament.tabled": 1}, {}),
    Case("a resolution stands, and no strike since", {**TABLES, "parliament.passed": 1, "parliament.passed_day": 91},
         {}),
    Case("nor on its day", {**TABLES, "parliament.passed": 1, "parliament.passed_day": 90}, {}),
    Case("a resolution stands, and a strike since", {**TABLES, "parliament.passed": 1, "parliament.passed_day": 89},
         TABLED,
         _motion(31)),
    Case("an old day of passing is none", {**TABLES, "parliament.passed_day": 95}, TABLED, _motion(31)),
    Case("too soon after the last", {**TABLES, "parliament.last_motion_day": 71}, {}),
    Case("too soon after one of day 0", {**TABLES, "parliament.last_motion_day": 0, "p.motion_rest": 101}, {}),
    Case("there was none", {**TABLES, "parliament.last_motion_day": -1, "p.motion_rest": 200}, TABLED, _motion(31)),
    Case("a strike lately", {**TABLES, "day": 220, "last_strike": 100}, {**TABLED, "parliament.tabled_day": 220},
         _motion(31)),
    Case("a strike long ago", {**TABLES, "day": 220, "last_strike": 99}, {**TABLED, "parliament.tabled_day": 220},
         _motion(0)),
    Case("a strike on day 0", {**TABLES, "last_strike": 0}, TABLED, _motion(31)),
    Case("no strike", {**TABLES, "last_strike": -1}, TABLED, _motion(0)),
)  # fmt: skip
def test_a_motion_is_tabled(case: Case) -> None:
    """One at a time, after a rest, not while a resolution stands unless a strike came since; it lends momentum."""
    assert seen(case, militias.table_motions) == case.expected()


# Blows

#: The strike is the second of today, on Nujaba; three others stand near.
BLOW = {"M62": 0.0, "M64": 0.0,
        "strikes.1.target": F, "strikes.1.weight": PROPORTIONATE, "strikes.1.killed": 30, "strikes.1.event": 71,
        "M01": 0.5,
        "M01 reads": 0, "M36": 0.5, f"faction_in.{F}.fighters": 300, f"faction_in.{F}.closeness": 0.8,
        "p.solidarity": 0.5,
        "p.revenge_per_strike": 0.4, "p.arsenal_loss": 0.3, "p.blow_heavy": 1.7, "p.blow_leadership": 2.5,
        "p.memory_per_leader": 0.6, "p.truce_survives": 0.4, f"factions.{F}.last_struck": 3,
        f"factions.{F}.strength": 0.9,
        f"factions.{F}.arsenal": 0.8, f"factions.{F}.sting": 0.1, f"factions.{F}.revenge": 0.6,
        f"factions.{F}.revenge_event": 7,
        f"factions.{F}.deterred": 0.3, f"factions.{F}.memory": 0.2, f"factions.{F}.memory_event": 8,
        f"factions.{F}.holding": 0,
        f"factions.{F}.broken_day": 5}  # fmt: skip
HIT = {"last_struck": 100, "strength": 0.9 - 30 / 300, "arsenal": 0.8 * 0.7, "sting": 0.1 + 0.2, "revenge_event": 71}


def _mine(moved: dict[str, float]) -> dict[str, float]:
    return {f"factions.{F}.{name}": value for name, value in moved.items()}


MOURNS = {"sting": 0.1 + 0.5, "memory": 0.2 + 0.5 * 0.6 * 0.8, "memory_event": 71, "arsenal": 0.8 * (1 - 0.75)}


@cases(
    Case("on itself", BLOW, _mine(HIT)),
    Case("heavy", {**BLOW, "strikes.1.weight": HEAVY}, _mine({**HIT, "arsenal": 0.8 * (1 - 0.51),
         "sting": 0.1 + 0.34})),
    Case("light", {**BLOW, "strikes.1.weight": 0}, _mine(HIT)),
    Case("on a leader", {**BLOW, "strikes.1.weight": LEADERSHIP}, _mine({**HIT, **MOURNS})),
    Case("arms are never lost altogether", {**BLOW, "p.arsenal_loss": 1.1}, _mine({**HIT, "arsenal": 0.08})),
    Case("nor men", {**BLOW, "strikes.1.killed": 299}, _mine({**HIT, "strength": 0.05})),
    Case("a band without a number", {**BLOW, "strikes.1.killed": 0.3, f"faction_in.{F}.fighters": 0},
         _mine({**HIT, "strength": 0.6})),
    Case("an old grudge is stronger", {**BLOW, f"factions.{F}.revenge": 0.67},
         _mine({name: value for name, value in HIT.items() if name != "revenge_event"})),
    Case("and just not", {**BLOW, f"factions.{F}.revenge": 0.66}, _mine(HIT)),
    Case("or just as strong", {**BLOW, f"factions.{F}.revenge": 0.5, "p.revenge_per_strike": 0.3},
         _mine({**{name: value for name, value in HIT.items() if name != "revenge_event"}, "sting": 0.25})),
    Case("it deters", {**BLOW, "M01 reads": 1},
         _mine({"last_struck": 100, "strength": 0.8, "arsenal": 0.56, "deterred": 0.3 + 0.2 * 0.7})),
    Case("on another", {**BLOW, "strikes.1.target": 3}, _mine({"sting": 0.1 + 0.5 * 0.4 * 0.5 * 0.8})),
    Case("on the leader of another", {**BLOW, "strikes.1.target": 3, "strikes.1.weight": LEADERSHIP},
         _mine({"sting": 0.1 + 0.2 * 2.5 * 0.4, "revenge_event": 71, "memory": 0.2 + 0.3 * 0.4 * 0.8,
         "memory_event": 71})),
)  # fmt: skip
def test_what_a_blow_does(case: Case) -> None:
    """Men and arms of the one struck; a motive to all, by closeness; for a leader, mourning (M01, M36 at a half)."""
    assert seen(case, militias._suffer, 1, F) == case.expected()


LEADER = {**BLOW, "strikes.1.weight": LEADERSHIP, f"factions.{F}.holding": 1, "M01": 0, "p.arsenal_loss": 0,
          "strikes.1.killed": 0}  # fmt: skip
MOURNING = {"last_struck": 100, "memory": 0.2 + 0.5 * 0.6 * 0.8, "memory_event": 71}


@cases(
    Case("a promise breaks", LEADER, _mine({**MOURNING, "holding": 0, "broken_day": 100}), _ended(OWN_KILLED, 71)),
    Case("a promise survives", {**LEADER, "p.truce_survives": 0.5}, _mine(MOURNING)),
    Case("the leader of another", {**LEADER, "strikes.1.target": 3},
         _mine({"memory": 0.2 + 0.3 * 0.4 * 0.8, "memory_event": 71})),
)  # fmt: skip
def test_a_promise_may_not_outlive_ones_own_leader(case: Case) -> None:
    """Where truces do not survive it, one's own dead leader ends the promise; another's does not."""
    assert seen(case, militias._suffer, 1, F) == case.expected()


@pytest.mark.parametrize(("n", "struck"), [(0, []), (1, [0]), (2, [0, 5])])
def test_every_strike_of_today_is_suffered_by_all(n: int, struck: list[int]) -> None:
    """The first on the first faction, the second on the last; all others feel each of them."""
    w = stage({"n_strikes": n, "strikes.0.target": 0, "strikes.1.target": 5, "strikes.2.target": 1, "M01": 1.0,
               "M01 reads": 0, "p.revenge_per_strike": 0.4, "p.solidarity": 1.0, **CLOSENESS,
               **_all(last_struck=-1, sting=0)})  # fmt: skip
    for k in range(3):
        w.strikes[k].weight = PROPORTIONATE
    militias.suffer_strikes(w)
    assert [f for f in range(N_FACTIONS) if w.factions[f].last_struck == 100] == struck
    shares = [sum(1 if f == target else 0.1 * (f + 1) for target in (0, 5)[:n]) for f in range(N_FACTIONS)]
    assert [w.factions[f].sting for f in range(N_FACTIONS)] == pytest.approx([0.4 * share for share in shares])


FEELS: dict[str, float] = _mine(dict.fromkeys(
    ("killed_today", "holding", "sting", "revenge", "deterred", "memory", "confronted", "broken_day"), 0
))  # fmt: skip
FEELS |= {f"factions.{F}.arsenal": 1, f"factions.{F}.strength": 1, f"factions.{F}.last_attack_event": 33, "M39": 0.5,
          "M55": 0.5, "p.supply_dependence": 0.8, "iran.network": 1, "p.arsenal_refill": 0.4, "p.recruit_rate": 0.3,
          "kept.sting": 0.75, "kept.revenge": 0.9, "kept.deterrence": 0.8, "kept.memory": 0.95,
          f"factions.{F}.came_back": 20, f"faction_in.{F}.fighters": 1000}  # fmt: skip


@cases(
    Case("nothing to feel", FEELS, {}),
    Case("a fresh blow ripens", {**FEELS, **_mine({"sting": 0.4, "revenge": 0.2})},
         _mine({"sting": 0.3, "revenge": (0.2 + 0.1 * 0.8) * 0.9})),
    Case("fear and memory fade", {**FEELS, **_mine({"deterred": 0.4, "memory": 0.6, "confronted": 0.5})},
         _mine({"deterred": 0.32, "memory": 0.57, "confronted": 0.4})),
    Case("arms come back", {**FEELS, **_mine({"arsenal": 0.4})}, _mine({"arsenal": 0.4 + 0.6 * 0.2})),
    Case("fewer of a broken network", {**FEELS, **_mine({"arsenal": 0.4}), "iran.network": 0.5},
         _mine({"arsenal": 0.4 + (0.8 - 0.4) * 0.2})),
    Case("none at all", {**FEELS, **_mine({"arsenal": 0.4}), "iran.network": 0, "M55": 2},
         _mine({"arsenal": 0.4 * 0.8})),
    Case("no more than all", {**FEELS, **_mine({"arsenal": 0.4}), "iran.network": 1.5},
         _mine({"arsenal": 0.4 + 0.6 * 0.2})),
    Case("at once where it costs nothing", {**FEELS, **_mine({"arsenal": 0.4, "strength": 0.6}), "M39": 9},
         _mine({"arsenal": 1, "strength": 1, "came_back": 420})),
    Case("men come back", {**FEELS, **_mine({"strength": 0.4})},
         _mine({"strength": 0.4 + 0.6 * 0.15, "came_back": 110})),
    Case("where it is dear none do", {**FEELS, **_mine({"strength": 0.4, "arsenal": 0.4}), "M39": 0}, {}),
    Case("its men killed", {**FEELS, **_mine({"killed_today": 1})}, _mine({"killed_today": 0})),
    Case("while it held fire", {**FEELS, **_mine({"killed_today": 1, "holding": 1})},
         _mine({"killed_today": 0, "holding": 0, "broken_day": 100}), _ended(BLOODY, 33)),
    Case("it holds fire", {**FEELS, **_mine({"holding": 1})}, {}),
)  # fmt: skip
def test_a_day_felt_by_a_faction(case: Case) -> None:
    """A blow becomes a motive, motives fade, arms (M55) and men come back at what the campaign costs (M39)."""
    assert seen(case, militias.feelings, F) == case.expected()
