"""What Washington believes, feels and weighs: exact moves."""

import math

import pytest

from sim.names.actors import (
    N_FACTIONS,
)
from sim.world import attribution, washington, will
from sim.world.draws import EVIDENCE_DRAW
from tests.rules.moves import Case, cases, seen, stage

#: Quantiles of the standard normal at which it is one above its mean, and one below.
ONE_UP, ONE_DOWN, EVEN = 0.8413447460685429, 0.15865525393145707, 0.5


# The start

#: What speaks against each faction before anything is found.
PRIORS = {f"us.prior.{f}": math.log(0.1 + 0.1 * f) for f in range(N_FACTIONS)}
APPETITES = {f"faction_in.{f}.appetite": 0.09 + 0.1 * f for f in range(N_FACTIONS)}


@cases(
    Case(
        "as the scenario has it",
        {"s.resolve": 0.31, "s.cost_at_home": 0.17, "p.worth_base": 0.43, "s.operations_suspended": 0.2,
         "s.consolidated": 1, "s.faith_in_protection": 0.61, "s.aims": 2, "us.case_event": 9, "us.told_members": 5,
         "us.told_street": 6, "us.suspended": 0, "us.consolidated": 0, **APPETITES},
        {"us.resolve": 0.31, "us.cost": 0.17, "us.worth": 0.43, "us.suspended": 1, "us.consolidated": 1,
         "us.faith": 0.61, "us.aims": 2, "us.case_event": 0, "us.told_members": -61, "us.told_street": -61, **PRIORS},
    ),
    Case(
        "operations go on",
        {"s.resolve": 0.31, "us.resolve": 0.31, "s.cost_at_home": 0.2, "us.cost": 0.2, "p.worth_base": 0.4,
         "us.worth": 0.4, "s.operations_suspended": 0, "us.suspended": 1, "s.consolidated": 0, "us.consolidated": 0,
         "s.faith_in_protection": 0.6, "us.faith": 0.6, "s.aims": 0, "us.aims": 0, **APPETITES},
        {"us.suspended": 0, **PRIORS},
    ),
)  # fmt: skip
def test_start(case: Case) -> None:
    """Will, cost, worth, faith and aims come from the scenario; no case, no backing, no aims but those declared."""
    assert seen(case, washington.start_washington) == case.expected()


# Attacks are taken in, and a case is opened

ATTACK = {"attacks.1.site": 3, "attacks.1.us_killed": 2, "attacks.1.us_wounded": 3, "attacks.1.faction": 4,
          "attacks.1.event": 17, "attacks.1.front": 1, "us.killed_since_strike": 5,
          **PRIORS}  # fmt: skip
OPENED = {"us.killed_since_strike": 7, "us.case_open": 1, "us.case_day": 99, "us.case_killed": 2, "us.case_wounded": 3,
          "us.case_faction": 4, "us.case_event": 17, "us.case_front": 1, "us.case_held": 0,
          **{f"us.evidence.{f}": math.log(0.1 + 0.1 * f) for f in range(N_FACTIONS)}}  # fmt: skip
HELD_CASE = {"us.case_open": 1, "us.case_held": 1}
OPEN_CASE = {"us.case_open": 1, "us.case_day": 91, "us.case_faction": 2, "us.case_event": 8}


def _but(moves: dict[str, float], *places: str) -> dict[str, float]:
    return {place: value for place, value in moves.items() if place not in places}


@cases(
    Case("no case stands", ATTACK, _but(OPENED, "us.case_held")),
    Case("the case is held", {**ATTACK, **HELD_CASE, "us.case_killed": 9}, _but(OPENED, "us.case_open")),
    Case("more dead", {**ATTACK, **OPEN_CASE, "us.case_killed": 1, "us.case_wounded": 9},
         _but(OPENED, "us.case_open", "us.case_held")),
    Case("as many dead and more wounded", {**ATTACK, **OPEN_CASE, "us.case_killed": 2, "us.case_wounded": 2},
         _but(OPENED, "us.case_open", "us.case_held", "us.case_killed")),
    Case("no graver", {**ATTACK, **OPEN_CASE, "us.case_killed": 2, "us.case_wounded": 3},
         {"us.killed_since_strike": 7}),
    Case("fewer dead and more wounded", {**ATTACK, **OPEN_CASE, "us.case_killed": 3, "us.case_wounded": 1},
         {"us.killed_since_strike": 7}),
)  # fmt: skip
def test_the_gravest_attack_is_the_case(case: Case) -> None:
    """An attack becomes the case where there is none, where it is held, or where it is graver; the dead are counted."""
    assert seen(case, attribution._weigh_attack, 1) == case.expected()


@pytest.mark.parametrize(("n", "killed", "case_open"), [(0, 0, 0), (1, 0, 0), (2, 2, 1), (3, 2, 1)])
def test_attacks_that_fell_on_a_site_are_taken_in(n: int, killed: int, case_open: int) -> None:
    """Of three attacks the second and the third are yesterday's, but only the second found a site."""
    w = stage(
        {**ATTACK, "n_attacks": n, "us.killed_since_strike": 0, "attacks.0.us_killed": 7, "attacks.2.us_killed": 7}
    )
    w.attacks[0].site = w.attacks[2].site = -1
    attribution.learn(w)
    assert (w.us.killed_since_strike, w.us.case_open) == (killed, case_open)


def test_an_attack_on_the_first_site_counts() -> None:
    """Site 0 is a site."""
    w = stage({**ATTACK, "n_attacks": 1, "attacks.0.site": 0, "attacks.0.us_killed": 1})
    attribution.learn(w)
    assert w.us.case_killed == 1


#: A day without noise.
CLEAR = {(int(EVIDENCE_DRAW), f): EVEN for f in range(N_FACTIONS)}
LEARNS = {"n_attacks": 0, "M06": 1.0, "us.case_open": 1, "us.case_faction": 3, "us.evidence.3": 0.2,
          "p.attribution_rate": 0.6, "faction_in.3.discretion": 0.25, "us.case_front": 0}  # fmt: skip


@cases(
    Case("no case", {**LEARNS, "us.case_open": 0, "us.case_day": 90, "p.case_days": 20}, {}, dice=CLEAR),
    Case("its last day", {**LEARNS, "us.case_day": 80, "p.case_days": 20}, {"us.evidence.3": 0.65}, dice=CLEAR),
    Case("too old", {**LEARNS, "us.case_day": 79, "p.case_days": 20}, {"us.case_open": 0}, dice=CLEAR),
)
def test_a_case_is_closed_when_it_is_old(case: Case) -> None:
    """A day of evidence is weighed up to the last day of a case; then it is closed, and nothing more is learnt."""
    assert seen(case, attribution.learn) == case.expected()


GATHERS = {**LEARNS, "M06": 0.5, "p.attribution_noise": 0.3, "p.front_fog": 0.4,
           **{f"us.evidence.{f}": 0.1 * f for f in range(N_FACTIONS)}}  # fmt: skip
LUCK = {**CLEAR, (int(EVIDENCE_DRAW), 1): ONE_UP, (int(EVIDENCE_DRAW), 5): ONE_DOWN}
#: Noise of a half of 0.3 either way.
NOISE = {"us.evidence.1": 0.1 + 0.15, "us.evidence.5": 0.5 - 0.15}


@cases(
    Case("half in doubt", GATHERS, {**NOISE, "us.evidence.3": 0.3 + 0.6 * 0.75}, dice=LUCK),
    Case("claimed by a front", {**GATHERS, "us.case_front": 1},
         {**NOISE, "us.evidence.3": 0.3 + 0.6 * 0.75 * (1 - 0.5 * 0.4)}, dice=LUCK),
    Case("twice in doubt", {**GATHERS, "us.case_front": 1, "M06": 2.0, "p.front_fog": 0.7},
         {"us.evidence.1": 0.1 + 0.6, "us.evidence.5": 0.5 - 0.6}, dice=LUCK),
    Case("nobody doubts", {**GATHERS, "M06": 0.0}, {"us.evidence.3": 50.3}, dice=LUCK),
    Case("a front that helps is no front", {**GATHERS, "us.case_front": 1, "p.front_fog": -0.4},
         {**NOISE, "us.evidence.3": 0.3 + 0.6 * 0.75}, dice=LUCK),
)  # fmt: skip
def test_a_days_evidence(case: Case) -> None:
    """Noise falls on all; the trace of who did it is less for the discreet and behind a front; M06 is the doubt."""
    assert seen(case, attribution._gather_evidence) == case.expected()


@pytest.mark.parametrize(
    ("evidence", "first", "belief"),
    [
        ((1, 4, 2, 1, 1, 1), 1, 0.4),
        ((6, 1, 1, 1, 1, 2), 0, 0.5),
        ((1, 1, 1, 1, 1, 15), 5, 0.75),
        ((1, 3, 3, 1, 1, 1), 1, 0.3),
    ],
)
def test_the_suspect_is_whom_most_points_to(evidence: tuple[float, ...], first: int, belief: float) -> None:
    """Belief in the likeliest is its share of the odds; of two alike the first is named."""
    w = stage({f"us.evidence.{f}": math.log(odds) for f, odds in enumerate(evidence)})
    assert attribution.suspect(w) == first
    assert attribution.attribution(w, attribution.suspect(w)) == pytest.approx(belief)


# Feelings

FEELS = {"total.3": 7, "total_dawn.3": 7, "total.4": 9, "total_dawn.4": 9, "n_attacks": 0, "attacks.0.site": 2,
         "attacks.1.site": -1, "attacks.2.site": 0,
         "attacks.3.site": 5, "attacks.0.event": 21, "attacks.0.hurt": 0, "attacks.2.hurt": 0,
         "M21": 0.5, "M21 reads": 1, "M41": 1.0, "M59": 0.0, "p.cost_per_wounded": 0.02, "p.cost_per_death": 0.2,
         "p.cost_per_attack": 0.04, "us.faith": 0.5, "s.faith_in_protection": 0.5, "p.cooperation_faith": 0,
         "us.cost": 0.2, "us.cost_event": 1, "p.cost_floor": 0.9, "last_deadly": 90, "last_deadly_event": 11,
         "us.surge": 0, "us.leverage": 0, "humiliation": 0, "us.weary": 0, "rung": 0, "us.dispersed": 0,
         "us.air_defence": 0, "us.air_defence_ordered": 0, "us.backing_members": 0, "us.backs_members": 0,
         "us.backing_street": 0, "us.backs_street": 0, "us.worth": 0.4, "p.worth_base": 0.4,
         "sees.public.isis_trend": 1.0, "kept.cost": 0.7, "kept.surge": 0.9, "kept.leverage": 0.8, "kept.weary": 0.6,
         "kept.dispersed": 0.3, "kept.air_defence": 0.75, "kept.backing": 0.4, "kept.faith": 0.9}  # fmt: skip
DEAD = {"total.3": 9, "total.4": 14}  # two killed, five wounded
#: What two dead and five wounded cost: half of what they would at the full strength of M21.
FELT = 0.5 * (5 * 0.02 + 2 * 0.2)


@cases(
    Case("a quiet day", FEELS, {}),
    Case("dead and wounded", {**FEELS, **DEAD}, {"us.cost": 0.2 + FELT * 0.8, "us.cost_event": 11}),
    Case("wounded alone", {**FEELS, "total.4": 14}, {"us.cost": 0.2 + 0.05 * 0.8}),
    Case("wounded long after the last dead", {**FEELS, "total.4": 14, "last_deadly": 69, "n_attacks": 1,
                                              "p.cost_per_attack": 0},
         {"us.cost": 0.2 + 0.05 * 0.8, "us.cost_event": 21}),
    Case("wounded where none has ever died", {**FEELS, "total.4": 14, "last_deadly": -1, "day": 20, "n_attacks": 3,
                                              "attacks.0.site": -1, "attacks.2.event": 23, "p.cost_per_attack": 0},
         {"us.cost": 0.2 + 0.05 * 0.8, "us.cost_event": 23}),
    Case("wounded by no attack of today", {**FEELS, "total.4": 14, "last_deadly": -1},
         {"us.cost": 0.2 + 0.05 * 0.8}),
    Case("thirty days are not long", {**FEELS, "total.4": 14, "last_deadly": 70}, {"us.cost": 0.2 + 0.05 * 0.8}),
    Case("dead long after the last dead", {**FEELS, **DEAD, "last_deadly": 60},
         {"us.cost": 0.2 + FELT * 0.8, "us.cost_event": 11}),
    Case("long after, and quiet", {**FEELS, "last_deadly": 60}, {}),
    Case("three attacks on sites of four", {**FEELS, "n_attacks": 4},
         {"us.cost": 0.2 + 0.5 * 0.12 * (1.5 - 0.5) * 0.8}),
    Case("one attack, little faith", {**FEELS, "n_attacks": 2, "us.faith": 0.3, "s.faith_in_protection": 0.3},
         {"us.cost": 0.2 + 0.5 * 0.04 * 1.2 * 0.8}),
    Case("cost above its floor fades to it", {**FEELS, "p.cost_floor": 0.1, "us.cost": 0.3},
         {"us.cost": 0.1 + 0.2 * 0.7}),
    Case("cost below its floor stays", {**FEELS, "p.cost_floor": 0.3}, {}),
    Case("resolve surges", {**FEELS, **DEAD, "n_attacks": 3, "M21 reads": 0, "p.surge_per_death": 0.1,
                            "p.surge_per_attack": 0.03, "us.surge": 0.25, "p.cost_per_attack": 0},
         {"us.cost": 0.2 + FELT * 0.8, "us.cost_event": 11,
          "us.surge": (0.25 + 0.5 * (2 * 0.1 + 2 * 0.03) * 0.75) * 0.9}),
    Case("no surge where dead are a cost alone", {**FEELS, "n_attacks": 3, "p.surge_per_attack": 0.3, "us.surge": 0.25,
                                                  "p.cost_per_attack": 0}, {"us.surge": 0.225}),
    Case("feelings fade", {**FEELS, "us.surge": 0.25, "us.leverage": 0.35, "humiliation": 0.45, "us.weary": 0.55,
                           "us.dispersed": 0.65, "us.air_defence": 0.15},
         {"us.surge": 0.25 * 0.9, "us.leverage": 0.35 * 0.8, "humiliation": 0.45 * 0.9, "us.weary": 0.55 * 0.6,
          "us.dispersed": 0.65 * 0.3, "us.air_defence": 0.15 * 0.75}),
    Case("rockets do not weary", {**FEELS, "rung": 1}, {}),
    Case("deadly attacks weary", {**FEELS, "rung": 2, "us.weary": 0.1}, {"us.weary": 1 - 0.9 * 0.6}),
    Case("heavier ones too", {**FEELS, "rung": 3, "us.weary": 0.1}, {"us.weary": 1 - 0.9 * 0.6}),
    Case("air defences arrive", {**FEELS, "us.air_defence_ordered": 1, "p.air_defence_share": 0.5,
                                 "us.air_defence": 0.1}, {"us.air_defence": 0.5 - 0.4 * 0.75}),
    Case("backing builds up", {**FEELS, "us.backing_members": 0.2, "us.backs_members": 0.7, "us.backing_street": 0.3,
                               "us.backs_street": 0.4, "M41": 0.5},
         {"us.backing_members": 0.2 + 0.5 * 0.5 * 0.6, "us.backing_street": 0.3 + 0.5 * 0.1 * 0.6}),
    Case("what it is worth grows with ISIS", {**FEELS, "p.worth_of_isis": 0.3, "sees.public.isis_trend": 1.6},
         {"us.worth": 0.4 + 0.18}),
    Case("and shrinks with it", {**FEELS, "p.worth_of_isis": 0.3, "sees.public.isis_trend": 0.5}, {"us.worth": 0.25}),
    Case("at most 1", {**FEELS, "p.worth_of_isis": 0.3, "sees.public.isis_trend": 5}, {"us.worth": 1}),
    Case("at least 0", {**FEELS, "p.worth_of_isis": 3, "sees.public.isis_trend": 0.5}, {"us.worth": 0}),
    Case("faith is moved", {**FEELS, "s.faith_in_protection": 0.7}, {"us.faith": 0.5 + 0.2 * 0.1}),
)  # fmt: skip
def test_a_day_felt_in_washington(case: Case) -> None:
    """The day's dead, wounded and attacks raise cost and resolve at the strength of M21; what was felt fades."""
    assert seen(case, will.feel_washington) == case.expected()


@pytest.mark.parametrize(
    ("strength", "backing", "effort", "after"),
    [(1.0, 0.2, 0.7, 0.5), (1.0, 0.7, 0.2, 0.4), (0.0, 0.2, 0.7, 0.2), (2.0, 0.2, 0.9, 1.0), (2.0, 0.9, 0.1, 0.0)],
)
def test_backing_is_built_up(strength: float, backing: float, effort: float, after: float) -> None:
    """Six tenths of the way to the effort in a day, at the strength of M41, between 0 and 1."""
    w = stage({"M41": strength, "kept.backing": 0.4})
    assert will._built_up(w, backing, effort) == pytest.approx(after)


FAITH = {"n_attacks": 3, "us.faith": 0.5, "p.faith_per_attack": 0.2, "kept.faith": 0.9, "s.faith_in_protection": 0.5,
         "p.cooperation_faith": 0.3, "government.cooperates": 0, "M59": 0.5, "p.doubts_feed": 0.1,
         "government.trust": 0.5,
         **{f"attacks.{k}.{what}": 0 for k in range(4) for what in ("hurt", "outside")}}  # fmt: skip


@cases(
    Case("nothing happens", FAITH, {}),
    Case("a harmful attack in Iraq", {**FAITH, "attacks.2.hurt": 1, "s.faith_in_protection": 0.4}, {"us.faith": 0.4}),
    Case("one after those of today", {**FAITH, "attacks.3.hurt": 1}, {}),
    Case("one outside Iraq", {**FAITH, "attacks.2.hurt": 1, "attacks.2.outside": 1}, {}),
    Case("it comes back, a tenth a day", {**FAITH, "us.faith": 0.3}, {"us.faith": 0.32}),
    Case("further, where Baghdad cooperates", {**FAITH, "government.cooperates": 0.5}, {"us.faith": 0.5 + 0.15 * 0.1}),
    Case("up to all", {**FAITH, "government.cooperates": 0.8, "p.cooperation_faith": 3}, {"us.faith": 0.55}),
    Case("down to none", {**FAITH, "s.faith_in_protection": -0.3}, {"us.faith": 0.45}),
    Case("doubt feeds doubt", {**FAITH, "government.trust": 0.2}, {"us.faith": 0.5 - 0.5 * 0.1 * 0.3}),
    Case("trust feeds no faith", {**FAITH, "government.trust": 0.7}, {}),
    Case("doubt stops at none", {**FAITH, "government.trust": 0.2, "p.doubts_feed": 9}, {"us.faith": 0}),
    Case("faith stops at all", {**FAITH, "us.faith": 1.4, "s.faith_in_protection": 1.0}, {"us.faith": 1}),
)  # fmt: skip
def test_faith_in_iraqi_protection(case: Case) -> None:
    """It falls by its share with each harmful attack in Iraq, comes back to its rest, and doubt of Baghdad feeds it."""
    assert seen(case, will._feel_faith) == case.expected()


# Answering Iran

WEIGHS = {"us.iran_case": 1, "us.iran_case_day": 95, "p.iran_case_days": 5, "us.pull_answer": 0.123,
          "p.answer_base": 0.2, "p.answer_resolve": 2.0, "us.resolve": 0.6, "us.surge": 0.15, "humiliation": 0.05,
          "us.cost": 0.3, "M47": 0.5, "M47 reads": 0, "p.answer_pride": 0.8, "p.answer_dead": 1.2,
          "p.answer_no_dead": 0.6, "us.iran_case_killed": 0}  # fmt: skip


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


#: 0.2 + 2 (0.6 + 0.15 + 0.05 - 0.3), before what M47 adds at half its strength.
UNMOVED = 1.2


@cases(
    Case("nobody died", WEIGHS, {"us.pull_answer": _logistic(UNMOVED - 0.3)}),
    Case("two died", {**WEIGHS, "us.iran_case_killed": 2}, {"us.pull_answer": _logistic(UNMOVED + 0.6 * 0.4)}),
    Case("seven died", {**WEIGHS, "us.iran_case_killed": 7}, {"us.pull_answer": _logistic(UNMOVED + 0.6)}),
    Case(
        "pride alone",
        {**WEIGHS, "M47 reads": 1, "us.iran_case_killed": 2},
        {"us.pull_answer": _logistic(UNMOVED + 0.4)},
    ),
    Case("too long ago", {**WEIGHS, "us.iran_case_day": 94}, {"us.iran_case": 0, "us.pull_answer": 0}),
    Case("no blow", {**WEIGHS, "us.iran_case": 0}, {"us.pull_answer": 0}),
)
def test_the_pull_to_answer_iran(case: Case) -> None:
    """Resolve, surge and pride less cost, and the dead (M47), through a logistic; a case ends after its days."""
    assert seen(case, washington.weigh_iran) == case.expected()
