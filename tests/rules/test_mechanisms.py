"""Each mechanism in a prepared situation: off, on and doubled it moves the signal that it names, and nothing else.

The cases stand in ``cases.py``. The direction is what the mechanism does when on; doubled it does more of the same (or
as much, where a bound is reached); off it does nothing.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from sim.names.actors import PRO_IRAN
from sim.names.events import US_KILLED
from sim.names.mechanisms import MECHANISMS
from sim.world import coalition, government, iran, iraqi_forces, militias, parliament, talks, washington
from sim.world import will as will_
from tests.rules import cases
from tests.rules.cases import CASES, DOWN, UP, Case, fired, struck
from tests.rules.situations import parts, situation

LEDGER = yaml.safe_load((Path(__file__).parents[2] / "configs" / "claims.yaml").read_text(encoding="utf-8"))
_NUMBER = {mechanism.id: k + 1 for k, mechanism in enumerate(MECHANISMS)}


class Acted(NamedTuple):
    """What a step came to: the number, the state after it, and the day on which the mechanism first mattered."""

    number: float
    state: dict[str, bytes]
    mattered: int


@cache
def _acted(case: Case, strength: float) -> Acted:
    w = situation(*case.settings)
    number = _NUMBER[case.id]
    w.strength[number] = strength
    w.mattered[number] = -1
    return Acted(float(case.step(w)), parts(w), int(w.mattered[number]))


def _named(case: Case) -> str:
    return f"{case.id}-{case.step.__name__}"


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_mechanism_moves_its_signal_in_its_direction(case: Case) -> None:
    """On it moves the signal, and doubled at least as far again in the same direction."""
    off, on, doubled = (_acted(case, strength).number for strength in (0.0, 1.0, 2.0))
    assert (on - off) * case.direction > 0.0
    if not case.structural:
        assert (doubled - on) * case.direction >= 0.0


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_mechanism_that_is_off_never_matters(case: Case) -> None:
    """Off it is not noted as having mattered; on it is, on the day it first did."""
    assert _acted(case, 0.0).mattered < 0 <= _acted(case, 1.0).mattered


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_mechanism_moves_nothing_but_what_it_names(case: Case) -> None:
    """Between off and on, every part of the state that the case does not list is the same, bit for bit."""
    off, on = _acted(case, 0.0).state, _acted(case, 1.0).state
    moved = {name for name in off if off[name] != on[name]} - {"mattered"}
    assert moved <= set(case.moves)


def test_every_mechanism_has_a_case() -> None:
    """All of M01 to M61 are shown."""
    assert {case.id for case in CASES} == set(_NUMBER)


@pytest.mark.parametrize("mechanism", sorted(_NUMBER))
def test_the_first_case_of_a_mechanism_moves_as_the_ledger_says(mechanism: str) -> None:
    """Up or down, as ``configs/claims.yaml`` has it for the signal that it names."""
    first = next(case for case in CASES if case.id == mechanism)
    assert {UP: "up", DOWN: "down"}[first.direction] == LEDGER[mechanism]["direction"]


@pytest.mark.parametrize(
    ("mechanism", "step", "bloc"),
    [("M10", cases.swung, 3), ("M11", cases.counterweight, 3), ("M12", cases.pressed_and_paid, 9)],
)
def test_a_mechanism_of_the_house_leaves_other_blocs_alone(mechanism: str, step: Any, bloc: int) -> None:
    """Blocs that do not follow Sadr, Shia blocs, blocs without ties or money: their lines are what they were."""
    lines = set()
    for strength in (0.0, 1.0):
        w = situation()
        w.bloc_in[9].faction_tie = w.bloc_in[9].iran_money = 0.0
        w.strength[_NUMBER[mechanism]] = strength
        step(w)
        lines.add(float(w.bloc_line[bloc]))
    assert len(lines) == 1


# Rival readings


def _read(mechanism: str, reading: str, **chosen: float) -> Any:
    return situation(f"theory={{{mechanism}: {reading}}}", **chosen)


def test_where_strikes_deter_the_struck_faction_fires_less() -> None:
    """The rival reading of M01: the same blow lowers the drive that it would have raised."""
    w = situation("theory=deterrence")
    before = militias.drive(w, 0)
    struck(w)
    militias.suffer_strikes(w)
    assert militias.drive(w, 0) < before


def test_where_factions_are_proxies_irans_order_turns_fire_on_and_off() -> None:
    """The rival reading of M02: revenge moves nothing, a stand-down order ends all."""
    w = situation("theory=proxies", p__proxy_gain=2.0, p__branching=0.0)
    w.factions[0].effort = 1.0
    usual = militias.attack_rate(w, 0)
    w.factions[0].revenge = 1.0
    assert militias.attack_rate(w, 0) == usual
    w.iran.push = -1.0
    assert militias.attack_rate(w, 0) == 0.0


def test_where_the_routes_are_complements_a_promise_restrains_nobody() -> None:
    """The rival reading of M05: political momentum adds to the drive, and holding fire does not lower the rate."""
    w = situation("theory=complements")
    w.factions[0].effort = 1.0
    free = militias.attack_rate(w, 0)
    w.factions[0].holding = 1
    assert militias.attack_rate(w, 0) == free
    w.parliament.momentum = 0.8
    militias.stir(w)
    assert militias.attack_rate(w, 0) > free


def test_where_a_framework_is_a_timetable_it_settles_nothing_and_names_a_date() -> None:
    """The rival reading of M16: the pull to demand an exit stays, and every framework is dated."""
    w = _read("M16", "timetable", p__date_base=-50.0)
    government.weigh(w)
    before = w.government.pull_demand
    talks._sign(w)
    assert w.government.dated == 1
    w.government.pull_demand = 0.0
    government.weigh(w)
    assert w.government.pull_demand == before


def test_where_only_casualties_count_fire_lends_no_resolve() -> None:
    """The rival reading of M21: the dead add to the cost and nothing to the will to stay."""
    for theory, lends in (("documents", True), ("casualty-cost", False)):
        w = situation(f"theory={theory}")
        before = float(w.us.cost)
        w.total[US_KILLED] += 3.0
        will_.feel_washington(w)
        assert w.us.cost > before
        assert (w.us.surge > 0.0) == lends


def test_where_supply_can_be_replaced_members_come_to_lack_less() -> None:
    """The rival reading of M28: a year after leaving was decided others have found lift and protection."""
    lack = {}
    for reading in ("us_supplied", "replaceable"):
        w = _read("M28", reading)
        w.presence.troops, w.presence.decided_day = 0.0, 0
        lack[reading, 0] = coalition.lacking(w)
        w.day = 365
        lack[reading, 365] = coalition.lacking(w)
    assert lack["us_supplied", 365] == lack["us_supplied", 0] == lack["replaceable", 0] == 1.0
    assert lack["replaceable", 365] < 0.5


@pytest.mark.parametrize(
    ("mechanism", "rival", "step"),
    [("M43", "price_deters", cases.provoked), ("M44", "calms", cases.in_the_nations_name)],
)
def test_where_the_rival_reading_holds_the_same_thing_lowers_the_rate(mechanism: str, rival: str, step: Any) -> None:
    """The rivals of M43 and M44: a sure answer deters, a resolution calms."""
    documents, usual = step(situation()), fired(situation())
    assert step(_read(mechanism, rival)) < usual < documents


def test_where_only_deaths_cost_consent_a_harmless_strike_in_the_desert_is_free() -> None:
    """The rival reading of M45: trust falls when the same strike falls on a town, and not before."""
    w = _read("M45", "deaths_only")
    before = float(w.government.trust)
    assert cases.terms(w) == before
    struck(w, place=1)
    assert w.government.trust < before


def test_where_pride_answers_a_salvo_without_dead_pulls_as_one_with_dead() -> None:
    """The rival reading of M47: an affront is an affront, and pulls harder than a harmless salvo does otherwise."""
    w = _read("M47", "pride")
    harmless = cases.unanswered(w)
    w.us.iran_case_killed = 5.0
    washington.weigh_iran(w)
    assert w.us.pull_answer == harmless > cases.unanswered(situation())


def test_where_chiefs_alone_decide_the_street_moves_no_vote_on_a_premier() -> None:
    """The rival reading of M48: an angry street costs a pro-Iran nominee nothing."""
    w = _read("M48", "chiefs_alone")
    angry = cases.street(w)
    w.mood_government = w.mood_iran = 0.0
    assert parliament.confidence(w, PRO_IRAN) == angry


def test_where_tension_is_the_reason_an_epidemic_pauses_no_training() -> None:
    """The rival reading of M53: trainers work through the disease, and go home when the ladder stands high."""
    ill = _read("M53", "tension")
    assert cases.classrooms(ill) == 1.0
    tense = _read("M53", "tension")
    tense.rung = 3
    coalition.coalition_week(tense)
    iraqi_forces.press(tense)
    assert tense.training < 0.9
    assert tense.allies[0].trainers < 1.0


def test_where_isis_worries_iran_it_eases_off_when_cells_gather_near_its_border() -> None:
    """The rival reading of M54: a rise of ISIS near Iran softens its push; elsewhere it does not."""
    w = _read("M54", "eases_off")
    iran.feel_iran(w)
    unworried = iran._push(w)
    w.place_fighters[7] *= 3.0  # Anbar
    iran.feel_iran(w)
    assert iran._push(w) == unworried
    w.place_fighters[8] *= 3.0  # Diyala
    iran.feel_iran(w)
    assert iran._push(w) < unworried


def test_where_words_bind_a_protest_costs_cooperation_and_draws_to_a_demand() -> None:
    """The rival reading of M56: what was said in public is followed."""
    bound, free = _read("M56", "words_bind"), situation()
    assert cases.worked_together(bound) < cases.worked_together(free)
    for w in (bound, free):
        government.weigh(w)
    assert bound.government.pull_demand > free.government.pull_demand
