"""What happened is counted, numbered and told; a mechanism acts through its strength; the ladder; and small numbers."""

import math

import pytest

from sim.names.actors import US
from sim.names.events import RUNG_CLIMBED
from sim.world import events
from sim.world.field import MAX_EVENTS
from tests.rules.bare import Told, bare, expect, moved, told

KIND = 7


def test_an_event_is_counted_numbered_and_told_with_all_that_it_is() -> None:
    """Its number is the next; the rule, the claim and what else it answers are those at hand, the latter used up."""
    w = bare({"day": 41, "acting_rule": 31, "acting_claim": 37, "acting_also": 43, "total": 1.5})
    assert moved(w, events.happen_at, KIND, 2, 3, 5, 11, 0.7, 0.9, 13) == {"acting_claim": 0, "acting_also": 0}
    assert told(w) == [Told(KIND, 2, 13, 3, 5, 11, 0.7, 0.9, claim=37, also=43, rule=31)]
    assert (w.log[0].id, w.log[0].day, w.n_events, w.acting_rule) == (1, 41, 1, 31)
    assert [w.total[k] for k in (KIND - 1, KIND, KIND + 1)] == [1.5, 2.2, 1.5]
    assert events.happen_at(w, KIND, 2, 3, 5, 11, 0.7, 0.9, 13) == 2
    assert (w.log[1].id, w.log[1].claim, w.log[1].also, w.log[2].id) == (2, 0, 0, 0)


def test_an_event_does_not_answer_the_same_event_twice() -> None:
    """What it answers besides its cause is another event, or nothing."""
    w = bare({"acting_also": 13})
    events.happen(w, KIND, 2, 5, 1.0, 13)
    assert told(w) == [Told(KIND, 2, 13, place=5)]


def test_an_event_of_a_world_that_is_not_recorded_is_counted_alone() -> None:
    """It has its number, and no row."""
    w = bare({"recording": 0, "acting_claim": 37, "acting_also": 43})
    assert events.happen(w, KIND, 2, 5, 0.7, 13) == 1
    assert (w.n_events, w.total[KIND], w.log[0].id, w.acting_claim, w.acting_also) == (1, 0.7, 0, 0, 0)


@pytest.mark.parametrize(("before", "lost"), [(MAX_EVENTS - 1, 0), (MAX_EVENTS, 1), (MAX_EVENTS + 4, 1)])
def test_an_event_for_which_the_log_has_no_room_is_counted_as_lost(before: int, lost: int) -> None:
    """The last row is written, and none behind it."""
    w = bare({"n_events": before, "log_full": 2})
    assert events.happen(w, KIND, 2, 5, 0.7, 13) == before + 1
    assert (w.log_full - 2, w.log[MAX_EVENTS - 1].kind) == (lost, 0 if lost else KIND)


def test_shorter_words_for_events_leave_out_target_site_and_detail() -> None:
    """``happen`` has no detail, ``happen_detail`` has one; both return the event's number."""
    w = bare()
    assert events.happen(w, KIND, 2, 5, 0.7, 13) == 1
    assert events.happen_detail(w, KIND, 3, 6, 0.8, 0.9, 14) == 2
    assert told(w) == [Told(KIND, 2, 13, place=5, size=0.7), Told(KIND, 3, 14, place=6, size=0.8, detail=0.9)]


@pytest.mark.parametrize(
    ("strength", "amount", "before", "comes_to", "mattered"),
    [
        (0.4, 0.5, -1, 0.2, 41),
        (2.0, -0.5, -1, -1.0, 41),
        (0.0, 0.5, -1, 0.0, -1),
        (1.0, 0.0, -1, 0.0, -1),
        (1.0, 0.5, 0, 0.5, 0),
        (1.0, 0.5, 17, 0.5, 17),
    ],
)
def test_a_mechanism_acts_by_its_strength_and_the_first_day_on_which_it_mattered_is_noted(
    strength: float, amount: float, before: int, comes_to: float, mattered: int
) -> None:
    """Switched off, or with nothing to act on, it has not mattered."""
    w = bare({"strength.5": strength, "strength.6": 3.0, "mattered": -1, "mattered.5": before, "day": 41})
    assert events.by(w, 5, amount) == comes_to
    assert [w.mattered[m] for m in (4, 5, 6)] == [-1, mattered, -1]


def test_a_reading_holds_for_its_mechanism_alone() -> None:
    """The documents' own is reading 0."""
    w = bare({"reading.5": 1})
    held = [(m, r) for m in (4, 5, 6) for r in (0, 1) if events.reads(w, m, r)]
    assert held == [(4, 0), (5, 1), (6, 0)]


@pytest.mark.parametrize(
    ("rung", "moves", "climbed"),
    [
        (2, {}, False),
        (3, {"rung_day": 41}, False),
        (4, {"rung": 4, "rung_day": 41, "under_fire": 4 / 7}, False),
        (5, {"rung": 5, "rung_day": 41, "under_fire": 5 / 7}, False),
        (6, {"rung": 6, "rung_day": 41, "highest_rung": 6, "under_fire": 6 / 7}, True),
    ],
)
def test_the_ladder_climbs_and_only_a_new_rung_is_told(rung: int, moves: dict[str, int], climbed: bool) -> None:
    """It stood at 3 and had been at 5; what is lower moves nothing, the same keeps it there."""
    w = bare({"rung": 3, "rung_day": 20, "highest_rung": 5, "day": 41, "under_fire": 3.5 / 7})
    tells = [Told(RUNG_CLIMBED, 2, 13, place=7, detail=6.0)] if climbed else []
    expect(w, events.climb, (rung, 2, 7, 13), moves, *tells)


@pytest.mark.parametrize(("actor", "under_fire"), [(US, 0.2), (2, 3 / 7)])
def test_ones_own_strikes_put_nobody_under_fire(actor: int, under_fire: float) -> None:
    """The ladder stands where it stood whoever climbs; Washington counts what others do."""
    w = bare({"rung": 3, "rung_day": 41, "highest_rung": 5, "day": 41, "under_fire": 0.2})
    expect(w, events.climb, (3, actor, 7, 13), {} if actor == US else {"under_fire": under_fire})


@pytest.mark.parametrize(("rung", "day", "comes_down"), [(3, 29, False), (3, 30, True), (1, 99, True), (0, 99, False)])
def test_the_ladder_comes_down_by_a_rung_after_a_rest(rung: int, day: int, comes_down: bool) -> None:
    """Ten days after it was last touched; not below the ground; nobody is under heavier fire than it says."""
    w = bare({"rung": rung, "rung_day": 20, "day": day, "p.rung_rest": 10.0, "under_fire": 0.9})
    less = {"rung": rung - 1, "rung_day": day, "under_fire": (rung - 1) / 7}
    expect(w, events.come_down, (), less if comes_down else {})


@pytest.mark.parametrize(("x", "held"), [(-0.5, 0.2), (0.2, 0.2), (0.37, 0.37), (0.7, 0.7), (0.9, 0.7)])
def test_a_number_is_held_between_two_others(x: float, held: float) -> None:
    """Between 0.2 and 0.7."""
    assert events.clamp(x, 0.2, 0.7) == held


@pytest.mark.parametrize(
    ("span", "days", "is_left"),
    [(1.0, 1.0, math.exp(-1.0)), (7.0, 10.0, math.exp(-0.7)), (0.0, 5.0, 1.0), (1.0, 0.0, 0.0), (1.0, -3.0, 0.0)],
)
def test_what_is_left_of_something_that_fades(span: float, days: float, is_left: float) -> None:
    """E to the minus so many time constants; nothing where there is no time constant."""
    assert events.left(span, days) == pytest.approx(is_left, rel=1e-14)


@pytest.mark.parametrize(
    ("x", "amount", "comes_to"),
    [
        (0.4, 0.5, 0.7),
        (0.4, 1.0, 1.0),
        (0.4, 1.7, 1.0),
        (0.4, 0.0, 0.4),
        (0.4, -0.5, 0.2),
        (0.4, -1.0, 0.0),
        (0.4, -1.7, 0.0),
        (0.0, -0.5, 0.0),
        (1.0, 0.5, 1.0),
    ],
)
def test_a_share_is_nudged_the_less_the_nearer_it_is_to_its_bounds(x: float, amount: float, comes_to: float) -> None:
    """Up by a share of what is missing to 1, down by a share of what is there; never beyond."""
    assert events.nudge(x, amount) == pytest.approx(comes_to)
