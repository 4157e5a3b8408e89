"""Washington's reviews and administrations: what mounts up, what calls a review, what comes of it; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import BY_DEMAND, BY_OWN_CHOICE, DRAWN_DOWN, FULL, LEAVING, LIMITED, NOWHERE, US
from sim.names.events import (
    CAUSE_COST,
    CAUSE_UNTENABLE,
    DRAWN_DOWN_EVENT,
    EXIT_DECIDED,
    OFFICE_TAKEN,
    REVIEWED,
    US_KILLED,
    WHY_CALENDAR,
    WHY_DEAD,
    WHY_DEMAND,
    WHY_OFFICE,
    WHY_SIEGE,
    WHY_VOTE,
)
from sim.names.mechanisms import M13, M21, M67
from sim.names.streams import U_CONCEDES, U_COST, U_CUT, U_HOSTS
from sim.world import review
from sim.world.draws import OFFICE_DRAW, REVIEW_DRAW
from tests.rules.exact import Told, blank, dice, got, told


def _event(kind: int, **more: Any) -> Told:
    return Told(kind, US, NOWHERE, 1.0, **more)


# What mounts up


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"us.surge": 0.5, "under_fire": 0.2}, 0.9 - 0.4 * 0.5 * 0.8),
        ({"us.surge": 0.1, "under_fire": 0.3}, 0.9 - 0.4 * 0.3 * 0.8),
        ({"us.surge": 0.1, "rung": 7}, 0.9 - 0.4 * 0.1 * 0.8),
        ({"us.surge": 0.5, f"strength.{M21}": 2.0}, 0.9 - 2 * 0.4 * 0.5 * 0.8),
        ({"us.surge": 0.5, f"strength.{M21}": 0.0}, 0.9),
        ({"us.surge": 0.5, f"reading.{M21}": 1.0}, 0.9),
    ],
)
def test_strain_is_cost_less_the_will_not_to_leave_under_fire(values: dict[str, Any], expected: float) -> None:
    """M21: the greater of a surge of resolve and of others' fire counts, less by weariness; own strikes do not."""
    w = blank({"us.cost": 0.9, "us.weary": 0.2, "p.face": 0.4} | values)
    assert review.strain(w) == pytest.approx(expected)


#: A demand of standing 0.5 and a strain of 0.4 above the usual: 0.2 * 0.5 * exp(2 * 0.4) a day.
DEFIED = {"government.demand": 0.5, "p.concede_rate": 0.2, "p.concede_gain": 2.0, "us.cost": 0.7, "p.strain_usual": 0.3}


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({}, 0.1 * math.exp(0.8)),
        ({"government.demand": 0.0}, 0.0),
        ({"government.demand": 0.0, f"strength.{M13}": 0.0}, 0.0),
        ({f"strength.{M13}": 0.5}, 0.1 * math.exp(0.8)),
        ({f"strength.{M13}": 0.0}, 0.2 * math.exp(0.8)),
        ({"p.concede_gain": 0.0}, 0.1),
    ],
)
def test_a_defied_demand_wears_down_by_its_standing_and_the_strain(values: dict[str, Any], due: float) -> None:
    """M13: without it every demand has full standing."""
    assert review.untenable(blank(DEFIED | values)) == pytest.approx(due)


#: Cost 0.9 against a worth of 0.5 * 0.8: a gap of 0.5, and 0.2 * (exp(1.5 * 0.5) - 1) a day.
TOO_DEAR = {"us.cost": 0.9, "us.worth": 0.5, "us.resolve": 0.8, "p.own_exit_rate": 0.2, "p.own_exit_gain": 1.5}


@pytest.mark.parametrize(
    ("values", "due"),
    [({}, 0.2 * math.expm1(0.75)), ({"us.cost": 0.3}, 0.0), ({"us.cost": 0.4}, 0.0),
     ({"us.surge": 1.0, "p.face": 0.6}, 0.0)],
)  # fmt: skip
def test_leaving_draws_nearer_the_more_cost_exceeds_worth(values: dict[str, Any], due: float) -> None:
    """Never without a gap."""
    assert review.not_worth_it(blank(TOO_DEAR | values)) == pytest.approx(due)


#: Cost 0.6 is 0.2 above a worth of 0.4, and 0.35 above what makes Washington think of a smaller force.
NEAR = {"us.cost": 0.6, "us.worth": 0.5, "us.resolve": 0.8, "p.cut_rate": 0.3, "p.own_exit_gain": 2.0,
        "presence.troops": 4000.0, "presence.troops_start": 5000.0}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "due"),
    [({}, 0.3 * math.expm1(0.7)), ({"us.cost": 0.26}, 0.3 * math.expm1(0.02)), ({"us.cost": 0.24}, 0.0),
     ({"presence.troops": 2000.0}, 0.3 * math.expm1(0.7)), ({"presence.troops": 1999.0}, 0.0),
     ({"presence.to_cut": 0.5}, 0.0)],
)  # fmt: skip
def test_a_cut_draws_nearer_as_cost_nears_worth(values: dict[str, Any], due: float) -> None:
    """Not while a cut is under way, nor of a force that is small already."""
    assert review.less_worth_it(blank(NEAR | values)) == pytest.approx(due)


# When it is weighed


@pytest.mark.parametrize(("u", "day"), [(0.0, 14), (0.5, 59), (0.9999, 104)])
def test_the_first_review_is_somewhere_in_the_quarter(monkeypatch: pytest.MonkeyPatch, u: float, day: int) -> None:
    """Two weeks after the start at the earliest."""
    dice(monkeypatch, review, {REVIEW_DRAW: u}, "draw_at_start")
    w = blank({})
    review.start_reviews(w)
    assert got(w, "us.review_day", "us.review_why") == (day, WHY_CALENDAR)


#: A blow of each kind on day 100, and a review that is due in a month.
BLOWS = {"day": 100, "us.review_day": 130, "p.review_takes": 7.9, "parliament.passed_day": -1, "siege_day": -1}


@pytest.mark.parametrize(
    ("values", "why", "event"),
    [
        ({f"total.{US_KILLED}": 3.0, f"total_dawn.{US_KILLED}": 2.0, "last_deadly_event": 11}, WHY_DEAD, 11),
        ({"government.demand": 0.5, "government.demand_day": 100, "government.demand_event": 12}, WHY_DEMAND, 12),
        ({"parliament.passed_day": 100, "parliament.passed_event": 13}, WHY_VOTE, 13),
        ({"siege": 1, "siege_day": 100, "siege_event": 14}, WHY_SIEGE, 14),
    ],
)
def test_a_blow_calls_a_review(values: dict[str, Any], why: int, event: int) -> None:
    """Within a week here; one that is due before is kept, and what is a day old calls none."""
    w = blank(BLOWS | values)
    review.review_presence(w)
    assert got(w, "us.review_day", "us.review_why", "us.review_event") == (107, why, event)
    soon = blank(BLOWS | values | {"us.review_day": 106})
    review.review_presence(soon)
    assert got(soon, "us.review_day", "us.review_event") == (106, 0)
    old = blank(BLOWS | values | {"day": 101, f"total_dawn.{US_KILLED}": 3.0})
    review.review_presence(old)
    assert got(old, "us.review_day", "us.review_event") == (130, 0)


#: A review on day 100 over a demand (event 12) with much mounted up of each kind: chances of 0.5, 0.3 and 0.2.
DUE = {"day": 100, "us.review_day": 100, "us.review_why": WHY_DEMAND, "us.review_event": 12, "us.cost_event": 66,
       "us.due_demand": math.log(2), "us.due_own": -math.log(0.7), "us.due_cut": -math.log(0.8), "p.exit_days": 60.0,
       "government.demand_event": 77, "us.last_strike_event": 55, "presence.troops": 4000.0, "us.cost": 0.6,
       "presence.troops_start": 1e5, "p.cut_share": 0.7, "p.cut_days": 50.0, "presence.decided_day": -1,
       "parliament.passed_day": -1, "siege_day": -1}  # fmt: skip
TOLD = _event(REVIEWED, detail=float(WHY_DEMAND), cause=12, also=66)


@pytest.mark.parametrize(
    ("luck", "events"),
    [
        ((0.499, 0.0, 0.0), [TOLD, _event(EXIT_DECIDED, cause=1, detail=CAUSE_UNTENABLE, claim=M13, also=77)]),
        ((0.501, 0.299, 0.0), [TOLD, _event(EXIT_DECIDED, cause=1, detail=CAUSE_COST, claim=M21, also=55)]),
        ((0.501, 0.301, 0.199), [TOLD, _event(DRAWN_DOWN_EVENT, cause=1, detail=2800.0)]),
        ((0.501, 0.301, 0.201), []),
    ],
)
def test_a_review_gives_in_leaves_cuts_or_stays(luck: tuple[float, float, float], events: list[Told]) -> None:
    """Each by what has mounted up, in that order; what it came to answers the review, and that what called for it."""
    w = blank(DUE)
    w.u[U_CONCEDES], w.u[U_COST], w.u[U_CUT] = luck
    review.review_presence(w)
    assert told(w) == events
    assert got(w, "us.due_demand", "us.due_own", "us.due_cut") == (0.0, 0.0, 0.0)
    assert got(w, "us.review_day", "us.review_why", "us.review_event") == (191, WHY_CALENDAR, 0)


def test_what_has_not_mounted_up_never_comes() -> None:
    """Whatever the luck."""
    w = blank(DUE | {"us.due_demand": 0.0, "us.due_own": 0.0, "us.due_cut": 0.0})
    w.u[:] = 0.0
    review.review_presence(w)
    assert told(w) == []


def test_what_mounts_up_waits_for_the_review() -> None:
    """A day adds what it adds, and nothing is decided before the day."""
    w = blank(DUE | DEFIED | {"us.review_day": 101, "us.due_own": 0.0, "us.due_cut": 0.0})
    w.u[:] = 0.0
    review.review_presence(w)
    assert told(w) == []
    assert w.us.due_demand == pytest.approx(math.log(2) + review.untenable(w))


@pytest.mark.parametrize(("state", "then"), [(FULL, DRAWN_DOWN), (LIMITED, LIMITED)])
def test_a_cut_goes_over_months_and_saves_its_share_of_the_cost(state: int, then: int) -> None:
    """1,200 of 4,000 go, 24 a day; a limited presence stays limited."""
    w = blank(DUE | {"presence.state": state})
    review._smaller_force(w)
    found = got(w, "presence.to_cut", "presence.cut_a_day", "us.cost")
    assert found == pytest.approx((1200.0, 24.0, 0.42))
    assert (w.presence.state, w.presence.cut_event) == (then, 2)


@pytest.mark.parametrize("decide", [review._give_in, review._leave])
@pytest.mark.parametrize(("offered", "u", "north"), [(1, 0.59, 1), (1, 0.6, 0), (1, 0.61, 0), (0, 0.1, 0)])
def test_what_leaves_goes_north_when_the_region_has_offered_and_luck_will(
    decide: Any, offered: int, u: float, north: int
) -> None:
    """An offer, and the chance that Washington takes it, which is asked once."""
    w = blank(DUE | {"north_offered": offered, "p.north_accepted": 0.6})
    w.u[U_HOSTS] = u
    decide(w)
    kind = BY_DEMAND if decide is review._give_in else BY_OWN_CHOICE
    assert got(w, "presence.state", "presence.north", "presence.exit_kind") == (LEAVING, north, kind)
    assert w.presence.north_asked == offered


# Administrations


OFFICE = {"day": 383, "office_day.0": 383, "office_day.1": 1844, "office_day.2": -1, "p.office_changes": 0.5,
          "p.office_worth": 0.2, "p.office_resolve": 0.1, "us.resolve": 0.6, "us.office_worth": -0.05,
          "us.review_day": 400, "p.review_takes": 10.0}  # fmt: skip
#: The 84th percentile is one spread above the middle, the 16th one below.
UP, DOWN = 0.8413447460685429, 0.15865525393145707


@pytest.mark.parametrize(
    ("values", "u", "is_new", "worth", "resolve"),
    [
        ({}, 0.499, 1.0, 0.2, 0.5),
        ({}, 0.5, 0.0, -0.05, 0.6),
        ({f"strength.{M67}": 2.0}, 0.0, 1.0, 0.4, 0.4),
        ({f"strength.{M67}": 0.0}, 0.0, 1.0, 0.0, 0.6),
        ({"us.resolve": 0.1}, 0.0, 1.0, 0.2, 0.05),
    ],
)
def test_a_new_administration_thinks_otherwise_and_reviews_the_presence(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], u: float, is_new: float, worth: float, resolve: float
) -> None:
    """M67: of what the presence is worth, and with how much resolve; one that was re-elected thinks as before."""
    dice(monkeypatch, review, {OFFICE_DRAW: {0: u, 1: UP, 2: DOWN}})
    w = blank(OFFICE | values)
    review.change_office(w)
    assert told(w) == [_event(OFFICE_TAKEN, detail=is_new)]
    assert got(w, "us.office_worth", "us.resolve") == pytest.approx((worth, resolve), abs=1e-6)
    assert w.us.office_shift == pytest.approx(abs(worth + 0.05) if is_new else 0.0, abs=1e-6)
    assert got(w, "us.review_day", "us.review_why", "us.review_event") == (393, WHY_OFFICE, 1)


@pytest.mark.parametrize("day", [0, 382, 384])
def test_no_other_day_changes_office(day: int) -> None:
    """Nor the first morning of a scenario."""
    w = blank(OFFICE | {"day": day, "office_day.2": 0})
    review.change_office(w)
    assert told(w) == []
    assert w.us.office_worth == -0.05


def test_where_the_presence_outlives_them_all_what_it_said_wears_off() -> None:
    """M67's rival: a day of a hundred takes a hundredth."""
    w = blank(OFFICE | {"day": 7, f"reading.{M67}": 1.0, "p.office_settles": 100.0})
    review.change_office(w)
    assert w.us.office_worth == pytest.approx(-0.05 * math.exp(-0.01))
