"""What a US strike does where it falls: exact moves."""

import math
from typing import Any

import pytest

from sim.names import events as told_of
from sim.names.actors import (
    BAGHDAD,
    FIRST_FACTION,
    HEAVY_STRIKE,
    IRAQI_FORCES,
    LEADERSHIP_KILLING,
    PUBLIC,
    STRIKE_IN_KIND,
)
from sim.names.events import CONSENT, HEAVY, LEADERSHIP, NOTICE, PROPORTIONATE
from sim.world import strikes
from sim.world.draws import (
    GUEST_DRAW,
    STRIKE_CIVILIAN_DEAD_DRAW,
    STRIKE_CIVILIANS_DRAW,
    STRIKE_IRAQI_DEAD_DRAW,
    STRIKE_IRAQIS_DRAW,
    STRIKE_KILLED_DRAW,
)
from tests.rules.moves import FIRST, Case, Told, cases, rolled, seen, stage, told

RULE = 777
ANBAR, BABIL = 7, 5
DESERT, TOWN, CAPITAL = range(3)
#: The target is Imam Ali, the second strike of today.
F, WHO = 4, FIRST_FACTION + 4
EVEN, ONE_UP = 0.5, 0.8413447460685429


# Chances


@pytest.mark.parametrize(("weight", "dead"), [(0, 5), (PROPORTIONATE, 5), (HEAVY, 17), (LEADERSHIP, 8)])
def test_the_usual_dead_of_a_strike(weight: int, dead: float) -> None:
    """Each weight has its own."""
    w = stage({"p.strike_dead": 5, "p.heavy_strike_dead": 17, "p.leadership_strike_dead": 8})
    assert strikes._median_dead(w, weight) == dead


@pytest.mark.parametrize(
    ("weight", "consent", "strength", "chance"),
    [
        (PROPORTIONATE, NOTICE, 0.5, 0.2),
        (HEAVY, NOTICE, 0.5, 0.3),
        (LEADERSHIP, NOTICE, 0.5, 0.2),
        (PROPORTIONATE, CONSENT, 0.5, 0.2 * 0.6),
        (HEAVY, CONSENT, 0.5, 0.3 * 0.6),
        (PROPORTIONATE, CONSENT, 0.0, 0.2),
        (PROPORTIONATE, CONSENT, 2.0, 0.0),
        (PROPORTIONATE, CONSENT, -0.5, 0.2),
    ],
)
def test_the_chance_that_iraqi_forces_are_hit(weight: int, consent: int, strength: float, chance: float) -> None:
    """Half as much again of a heavy strike; less where they were asked and could move away (M09)."""
    w = stage({"strikes.1.weight": weight, "strikes.1.consent": consent, "p.bystander_iraqis": 0.2,
               "p.consent_moves_away": 0.8, "M09": strength})  # fmt: skip
    assert strikes._chance_iraqis(w, 1) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("place", "weight", "usual", "chance"),
    [
        (DESERT, PROPORTIONATE, 0.2, 0.1),
        (TOWN, PROPORTIONATE, 0.2, 0.4),
        (CAPITAL, PROPORTIONATE, 0.2, 0.4),
        (DESERT, HEAVY, 0.2, 0.15),
        (CAPITAL, LEADERSHIP, 0.2, 0.4),
        (TOWN, HEAVY, 0.4, 0.9),
    ],
)
def test_the_chance_that_civilians_are_hit(place: int, weight: int, usual: float, chance: float) -> None:
    """Half in the desert, twice in towns, half as much again of a heavy strike, at most nine in ten."""
    w = stage({"strikes.1.place": place, "strikes.1.weight": weight, "p.bystander_civilians": usual})
    assert strikes._chance_civilians(w, 1) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("whether", "how_many", "dead"), [(0.4, 0.9, 0), (0.39, 0.1, 1), (0.39, 0.9, 10), (0.0, 0.99, 12)]
)
def test_bystanders(whether: float, how_many: float, dead: int) -> None:
    """By chance, and then as many as a heavy tail has: with exponent 2 those beyond n are 1 in n; 12 at most."""
    w = stage({"p.harm_exponent": 2.0, "p.bystanders_most": 12})
    dice = {(int(STRIKE_IRAQIS_DRAW), 3): whether, (int(STRIKE_IRAQI_DEAD_DRAW), 3): how_many + 1e-9}
    with rolled(strikes._bystanders, dice):
        assert strikes._bystanders(w, 3, STRIKE_IRAQIS_DRAW, STRIKE_IRAQI_DEAD_DRAW, 0.4) == dead


# A strike falls

FALLS = {"strikes.1.place": TOWN, "strikes.1.weight": PROPORTIONATE, "strikes.1.target": F, "strikes.1.consent": NOTICE,
         "strikes.1.rule": RULE, "strikes.1.cause": 17, "strikes.1.answers_case": 0, "strikes.1.event": 0,
         "strikes.1.governorate": 0, "strikes.1.killed": 9, "strikes.1.iraqis": 9, "strikes.1.civilians": 9,
         "strikes.1.leader": 0, "strikes.1.guest": -1, "us.case_faction": 2, "last_strike": 60, "first_strike": 50,
         "us.last_strike_event": 5, "last_leader": 6, "p.strike_dead": 5.5, "p.heavy_strike_dead": 17.5,
         "p.leadership_strike_dead": 8.5, "p.strike_spread": 0.7, "p.bystander_iraqis": 0.2,
         "p.bystander_civilians": 0.2,
         "p.harm_exponent": 2.0, "p.bystanders_most": 50, "p.guest_chance": 0.4, "rung": 1, "rung_day": 3,
         "highest_rung": 8, f"factions.{F}.killed": 2.0, f"factions.{F}.came_back": 1.5,
         f"faction_in.{F}.fighters": 900.0}  # fmt: skip
LUCK = {(int(STRIKE_KILLED_DRAW), 1): EVEN, (int(STRIKE_IRAQIS_DRAW), 1): 0.99, (int(STRIKE_CIVILIANS_DRAW), 1): 0.99}
FELL = {"strikes.1.event": FIRST, "strikes.1.governorate": BABIL, "strikes.1.killed": 5, "strikes.1.iraqis": 0,
        "strikes.1.civilians": 0, "last_strike": 100, "us.last_strike_event": FIRST, "rung": STRIKE_IN_KIND,
        "rung_day": 100, f"factions.{F}.killed": 7.0}  # fmt: skip

NOBODY = {k: moved for k, moved in FELL.items() if k != f"factions.{F}.killed"} | {"strikes.1.killed": 0}


def _told(kind: int, target: int = WHO, place: int = BABIL, cause: int = FIRST, **more: Any) -> Told:
    return Told(kind, target=target, place=place, cause=cause, rule=RULE, **more)


def _fell(place: int = BABIL, consent: int = NOTICE) -> Told:
    return _told(told_of.STRIKE, place=place, cause=17, detail=float(consent))


def _dead(n: int, place: int = BABIL) -> Told:
    return _told(told_of.MILITIA_KILLED, place=place, size=n)


LEADER = {**FALLS, "strikes.1.weight": LEADERSHIP, "strikes.1.place": CAPITAL, "strikes.1.governorate": 3}
KILLED = {**FELL, "strikes.1.governorate": BAGHDAD, "strikes.1.killed": 8, "strikes.1.leader": 1, "last_leader": 100,
          "rung": LEADERSHIP_KILLING, f"factions.{F}.killed": 10.0}  # fmt: skip


def _leader(guest: int) -> tuple[Told, ...]:
    return (_fell(BAGHDAD), _dead(8, BAGHDAD), _told(told_of.LEADER_KILLED, place=BAGHDAD, detail=float(guest)))


GUEST, FRIEND = {(int(GUEST_DRAW), 1): 0.39}, {(int(GUEST_DRAW), 1): 0.4}


@cases(
    Case("in a town", FALLS, FELL, (_fell(), _dead(5)), LUCK),
    Case("in the desert", {**FALLS, "strikes.1.place": DESERT}, {**FELL, "strikes.1.governorate": ANBAR},
         (_fell(ANBAR), _dead(5, ANBAR)), LUCK),
    Case("agreed", {**FALLS, "strikes.1.consent": CONSENT}, FELL, (_fell(consent=CONSENT), _dead(5)), LUCK),
    Case("the first of all", {**FALLS, "first_strike": -1}, {**FELL, "first_strike": 100}, (_fell(), _dead(5)), LUCK),
    Case("the first was on day 0", {**FALLS, "first_strike": 0}, FELL, (_fell(), _dead(5)), LUCK),
    Case("on who did it", {**FALLS, "strikes.1.answers_case": 1, "us.case_faction": F}, FELL, (_fell(), _dead(5)),
         LUCK),
    Case("on somebody else", {**FALLS, "strikes.1.answers_case": 1}, FELL,
         (_fell(), _told(told_of.WRONG_TARGET), _dead(5)), LUCK),
    Case("deadlier than usual", FALLS,
         {**FELL, "strikes.1.killed": math.floor(5.5 * math.exp(0.7)), f"factions.{F}.killed": 13.0},
         (_fell(), _dead(11)), {**LUCK, (int(STRIKE_KILLED_DRAW), 1): ONE_UP}),
    Case("no more than there are men", {**FALLS, "p.strike_dead": 1e6, f"faction_in.{F}.fighters": 7.9},
         {**FELL, "strikes.1.killed": 7, f"factions.{F}.killed": 9.0}, (_fell(), _dead(7)), LUCK),
    Case("none of them twice", {**FALLS, f"faction_in.{F}.fighters": 900.0, f"factions.{F}.killed": 898.5},
         {**FELL, "strikes.1.killed": 3, f"factions.{F}.killed": 901.5}, (_fell(), _dead(3)), LUCK),
    Case("where all are dead", {**FALLS, f"faction_in.{F}.fighters": 900.0, f"factions.{F}.killed": 901.5},
         NOBODY, (_fell(),), LUCK),
    Case("on nobody", {**FALLS, "p.strike_dead": 0.9}, NOBODY, (_fell(),), LUCK),
    Case("heavy", {**FALLS, "strikes.1.weight": HEAVY},
         {**FELL, "strikes.1.killed": 17, "rung": HEAVY_STRIKE, f"factions.{F}.killed": 19.0},
         (_fell(), _dead(17)), LUCK),
    Case("bystanders die", FALLS, {**FELL, "strikes.1.iraqis": 3, "strikes.1.civilians": 4},
         (_fell(), _dead(5), _told(told_of.IRAQI_KILLED_BY_US, IRAQI_FORCES, size=3),
          _told(told_of.CIVILIANS_KILLED_BY_US, PUBLIC, size=4)),
         {**LUCK, (int(STRIKE_IRAQIS_DRAW), 1): 0.19, (int(STRIKE_IRAQI_DEAD_DRAW), 1): 0.7,
          (int(STRIKE_CIVILIANS_DRAW), 1): 0.39, (int(STRIKE_CIVILIAN_DEAD_DRAW), 1): 0.76}),
    Case("a leader, Iran's man", LEADER, {**KILLED, "strikes.1.guest": 1}, _leader(1), LUCK | GUEST),
    Case("a leader, not Iran's man", LEADER, {**KILLED, "strikes.1.guest": 0}, _leader(0), LUCK | FRIEND),
    Case("a leader whom the script names", {**LEADER, "strikes.1.guest": 0}, KILLED, _leader(0), LUCK),
    Case("a guest whom the script names", {**LEADER, "strikes.1.guest": 1}, KILLED, _leader(1), LUCK),
)  # fmt: skip
def test_a_strike_falls(case: Case) -> None:
    """Where, on whom, who died, what rung, whose man the leader was; all told as the work of the rule behind it."""
    assert seen(case, strikes._settle, 1) == case.expected()


def test_a_rung_reached_before_all_others_is_told_last() -> None:
    """The ladder stands at least at the strike's rung, and says so where it never stood so high."""
    case = Case("", {**FALLS, "highest_rung": 2}, {**FELL, "highest_rung": STRIKE_IN_KIND},
                (_fell(), _dead(5), Told(told_of.RUNG_CLIMBED, place=BABIL, detail=float(STRIKE_IN_KIND), cause=FIRST,
                                         rule=RULE)), LUCK)  # fmt: skip
    assert seen(case, strikes._settle, 1) == case.expected()


@pytest.mark.parametrize(
    ("dead", "kinds"),
    [
        ((0, 0, 0), []),
        ((1, 0, 0), [told_of.MILITIA_KILLED]),
        ((0, 1, 0), [told_of.IRAQI_KILLED_BY_US]),
        ((0, 0, 1), [told_of.CIVILIANS_KILLED_BY_US]),
    ],
)
def test_the_dead_are_told_where_there_are_any(dead: tuple[int, ...], kinds: list[int]) -> None:
    """Each kind by itself, and one dead is enough."""
    w = stage({"strikes.1.killed": dead[0], "strikes.1.iraqis": dead[1], "strikes.1.civilians": dead[2]})
    strikes._count_dead(w, 1)
    assert [(each.kind, each.size) for each in told(w)] == [(kind, 1) for kind in kinds]


# What it means to Baghdad

BREACH = {"strikes.1.place": DESERT, "strikes.1.iraqis": 1, "strikes.1.civilians": 2, "strikes.1.leader": 0,
          "strikes.1.consent": NOTICE, "strikes.1.event": 71, "strikes.1.governorate": ANBAR, "strikes.1.breach": 0,
          "p.breach_city": 0.6, "p.breach_leader": 0.7, "p.breach_dead": 0.4, "M08": 0.5, "p.outrage_per_strike": 0.3,
          "p.anger_per_strike": 0.2, "p.anger_per_strike_near": 0.5, "M09": 0.5, "p.consent_shares": 0.8, "M45": 0.5,
          "M45 reads": 1, "p.trust_per_strike": 0.4, "parliament.outrage": 0.1, "parliament.outrage_event": 5,
          "pending_us_all": 0.01, f"pending_us.{ANBAR}": 0.02, f"pending_us.{BAGHDAD}": 0.02, "government.trust": 0.6,
          "government.trust_event": 6, "government.unprotested": 0, "government.unprotested_event": 7}  # fmt: skip


def _felt(weight: float, alone: float, terms: float, place: int = ANBAR) -> dict[str, float]:
    """Return what moves: all by weight and share of blame at half strength, trust by the terms worn."""
    return {
        "parliament.outrage": 0.1 + 0.15 * weight * alone * 0.9,
        "parliament.outrage_event": 71,
        "pending_us_all": 0.01 + 0.1 * weight * alone,
        f"pending_us.{place}": 0.02 + 0.25 * weight * alone,
        "government.trust": 0.6 * (1 - 0.2 * terms * alone),
        "government.trust_event": 71,
        "strikes.1.breach": weight * alone,
        "government.unprotested": 1,
        "government.unprotested_event": 71,
    }


def _less(moved: dict[str, float], *places: str) -> dict[str, float]:
    return {place: value for place, value in moved.items() if place not in places}


#: A strike with consent is none to protest against: an earlier one stays the one that is.
UNPROTESTED = "government.unprotested", "government.unprotested_event"
AGREED = {"strikes.1.consent": CONSENT}


@cases(
    Case("three bystanders in the desert", BREACH, _felt(1.2, 1, 0.5)),
    Case("many", {**BREACH, "strikes.1.civilians": 9}, _felt(1.4, 1, 1)),
    Case("in the capital", {**BREACH, "strikes.1.place": CAPITAL, "strikes.1.governorate": BAGHDAD},
         _felt(1.8, 1, 1.5, BAGHDAD)),
    Case("in a town", {**BREACH, "strikes.1.place": TOWN}, _felt(1.2, 1, 1.5)),
    Case("a leader", {**BREACH, "strikes.1.leader": 1}, _felt(1.9, 1, 0.5)),
    Case("with consent", {**BREACH, **AGREED}, _less(_felt(1.2, 0.6, 0.5), *UNPROTESTED)),
    Case("with all the blame shared", {**BREACH, **AGREED, "M09": 2}, {"government.trust_event": 71}),
    Case("with consent that shares nothing", {**BREACH, **AGREED, "M09": -1},
         _less(_felt(1.2, 1, 0.5), *UNPROTESTED)),
    Case("every strike wears trust", {**BREACH, "M45 reads": 0}, _felt(1.2, 1, 1)),
    Case("trust has a bottom", {**BREACH, "M45": 9}, {**_felt(1.2, 1, 1), "government.trust": 0}),
    Case("and a top", {**BREACH, "M45": -1}, _less(_felt(1.2, 1, 1), "government.trust")),
    Case("an older outrage is greater", {**BREACH, "parliament.outrage": 0.61},
         _less({**_felt(1.2, 1, 0.5), "parliament.outrage": 0.61 + 0.18 * 0.39}, "parliament.outrage_event")),
    Case("and just not", {**BREACH, "parliament.outrage": 0.59}, {**_felt(1.2, 1, 0.5),
                                                                  "parliament.outrage": 0.59 + 0.18 * 0.41}),
    Case("or just as great", {**BREACH, "strikes.1.iraqis": 0, "strikes.1.civilians": 0, "parliament.outrage": 0.5},
         _less({**_felt(1, 1, 0), "parliament.outrage": 0.5 + 0.15 * 0.5}, "parliament.outrage_event",
               "government.trust")),
    Case("no breach is read", {**BREACH, "M08": 0},
         {place: value for place, value in _felt(1.2, 1, 0.5).items() if "trust" in place or "un" in place
          or "breach" in place}),
)  # fmt: skip
def test_a_breach_of_sovereignty(case: Case) -> None:
    """Weight by place, leader and dead; blame shared by consent (M09); outrage, anger (M08), trust by terms (M45)."""
    assert seen(case, strikes._breach, 1) == case.expected()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_every_strike_of_today_falls_and_is_felt(n: int) -> None:
    """So many are told and read as a breach, and no more."""
    w = stage(
        {"n_strikes": n, **{f"strikes.{k}.{what}": 0 for k in range(3) for what in ("breach", "event", "leader")}}
    )
    for k in range(3):
        w.strikes[k].weight, w.strikes[k].place, w.strikes[k].consent = PROPORTIONATE, DESERT, NOTICE
    strikes.settle_strikes(w)
    assert [w.strikes[k].event > 0 and w.strikes[k].breach >= 1 for k in range(3)] == [k < n for k in range(3)]
    assert len([each for each in told(w) if each.kind == told_of.STRIKE]) == n
    assert w.acting_rule == 0
