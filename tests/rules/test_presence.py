"""The question of staying: when an exit or a cut is decided, how it goes on, and what is read of it; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import (
    BY_AGREEMENT,
    BY_DEMAND,
    BY_OWN_CHOICE,
    DRAWN_DOWN,
    FULL,
    GONE_AGREEMENT,
    GONE_DEMAND,
    GONE_OWN_CHOICE,
    LEAVING,
    LIMITED,
    NORTH_ONLY,
    NOWHERE,
    US,
)
from sim.names.events import (
    CAUSE_AGREED,
    CAUSE_COST,
    CAUSE_UNTENABLE,
    DRAWN_DOWN_EVENT,
    EXIT_DECIDED,
    EXITED,
    LEAVING_HURRIED,
    LEAVING_SLOWED,
    MOVED_NORTH,
    NORTH_LEFT,
    SANCTIONS,
    TROOPS_LEFT,
    TURNED_NORTH,
)
from sim.names.mechanisms import M13, M21, M30, M32, M38
from sim.names.streams import U_CONCEDES, U_COST, U_CUT, U_HOSTS
from sim.world import presence
from sim.world.draws import NORTH_LEFT_DRAW, SANCTIONS_DRAW
from tests.rules.exact import Told, blank, dice, got, moved, put, told


def _event(kind: int, size: float = 1.0, **more: Any) -> Told:
    return Told(kind, US, NOWHERE, size, **more)


@pytest.mark.parametrize(
    ("leaving", "state", "decided", "days", "events"),
    [
        (0.0, FULL, -1, 0.0, []),
        (0.5, LEAVING, 0, 14.0, [_event(EXIT_DECIDED, detail=CAUSE_AGREED)]),
        (40.0, LEAVING, 0, 40.0, [_event(EXIT_DECIDED, detail=CAUSE_AGREED)]),
    ],
)
def test_a_world_begins_with_its_troops_and_may_begin_with_leaving(
    leaving: float, state: int, decided: int, days: float, events: list[Told]
) -> None:
    """All troops are there and none has left; where leaving is under way, it is by agreement, of all of them."""
    w = blank({"s.us_troops": 5200.0, "s.leaving_days": leaving, "presence.exit_day": 3, "presence.left_all_day": 4})
    w.presence.decided_day = 5
    presence.start_presence(w)
    there = w.presence
    assert (there.troops, there.troops_start, there.exit_day, there.left_all_day) == (5200.0, 5200.0, -1, -1)
    assert (there.state, there.decided_day, there.exit_days) == (state, decided, days)
    assert there.exit_kind == (BY_AGREEMENT if leaving else 0)
    assert there.leaving_from == (5200.0 if leaving else 0.0)
    assert (w.cover, there.north) == (1.0, 0)
    assert told(w) == events


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"us.surge": 0.5, "rung": 2}, 0.9 - 0.4 * 0.5 * 0.8),
        ({"us.surge": 0.1, "rung": 3}, 0.9 - 0.4 * (3 / 7) * 0.8),
        ({"us.surge": 0.5, f"strength.{M21}": 2.0}, 0.9 - 2 * 0.4 * 0.5 * 0.8),
        ({"us.surge": 0.5, f"strength.{M21}": 0.0}, 0.9),
        ({"us.surge": 0.5, f"reading.{M21}": 1.0}, 0.9),
    ],
)
def test_strain_is_cost_less_the_will_not_to_leave_under_fire(values: dict[str, Any], expected: float) -> None:
    """M21: the greater of a surge of resolve and the ladder counts, less by weariness; or neither does."""
    w = blank({"us.cost": 0.9, "us.weary": 0.2, "p.face": 0.4} | values)
    assert presence.strain(w) == pytest.approx(expected)


#: A demand of standing 0.5 and a strain of 0.4 above the usual: 0.2 * 0.5 * exp(2 * 0.4) = 0.22255 a day.
DEFIED = {"day": 9, "government.demand": 0.5, "p.concede_rate": 0.2, "p.concede_gain": 2.0, "us.cost": 0.7,
          "p.strain_usual": 0.3, "p.exit_days": 60.0, "government.demand_event": 77, "us.cost_event": 66,
          "presence.troops": 5000.0, "presence.troops_start": 5000.0}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "u", "decided"),
    [
        ({}, 0.2225, True),
        ({}, 0.2226, False),
        ({"government.demand": 0.0}, 0.0, False),
        ({"government.demand": 0.0, f"strength.{M13}": 0.0}, 0.0, False),
        ({f"strength.{M13}": 0.5}, 0.2226, False),
        ({f"strength.{M13}": 0.0}, 0.4450, True),
        ({f"strength.{M13}": 0.0}, 0.4452, False),
        ({"p.concede_gain": 0.0, "p.concede_rate": 0.5}, 0.25, False),
        ({"p.concede_gain": 0.0, "p.concede_rate": 0.5}, 0.2499, True),
        ({"p.concede_rate": 90.0}, 0.999, True),
        ({"p.concede_rate": 90.0}, 1.0, False),
    ],
)
def test_a_defied_demand_becomes_untenable_by_its_standing_and_the_strain(
    values: dict[str, Any], u: float, decided: bool
) -> None:
    """M13: without it every demand has full standing; the exit is by demand and answers the demand and the cost."""
    w = blank(DEFIED | values)
    w.u[U_CONCEDES] = u
    presence._untenable(w)
    exit_ = _event(EXIT_DECIDED, cause=77, detail=CAUSE_UNTENABLE, claim=M13, also=66)
    assert told(w) == ([exit_] if decided else [])
    assert got(w, "presence.exit_kind", "presence.exit_days") == ((BY_DEMAND, 60.0) if decided else (0, 0.0))


#: Cost 0.9 against a worth of 0.5 * 0.8: a gap of 0.5, and 0.2 * (exp(1.5 * 0.5) - 1) = 0.22340 a day.
TOO_DEAR = {"day": 9, "us.cost": 0.9, "us.worth": 0.5, "us.resolve": 0.8, "p.own_exit_rate": 0.2,
            "p.own_exit_gain": 1.5, "p.exit_days": 70.0, "us.cost_event": 66, "us.last_strike_event": 55}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "u", "decided"),
    [
        ({}, 0.2233, True),
        ({}, 0.2235, False),
        ({"us.cost": 0.3}, 0.0, False),
        ({"us.cost": 0.4, "us.resolve": 0.8}, 0.0, False),
        ({"p.own_exit_rate": 90.0}, 0.999, True),
        ({"p.own_exit_rate": 90.0}, 1.0, False),
        ({"us.surge": 1.0, "p.face": 0.6}, 0.0, False),
    ],
)
def test_washington_leaves_by_its_own_choice_when_cost_exceeds_worth(
    values: dict[str, Any], u: float, decided: bool
) -> None:
    """The likelier the wider the gap, never without one; the exit answers the cost and the last strike."""
    w = blank(TOO_DEAR | values)
    w.u[U_COST] = u
    presence._not_worth_it(w)
    exit_ = _event(EXIT_DECIDED, cause=66, detail=CAUSE_COST, claim=M21, also=55)
    assert told(w) == ([exit_] if decided else [])
    assert got(w, "presence.exit_kind", "presence.exit_days") == ((BY_OWN_CHOICE, 70.0) if decided else (0, 0.0))


@pytest.mark.parametrize("decide", [presence._untenable, presence._not_worth_it])
@pytest.mark.parametrize(("offered", "u", "north"), [(1, 0.59, 1), (1, 0.6, 0), (1, 0.61, 0), (0, 0.1, 0)])
def test_what_leaves_goes_north_when_the_region_has_offered_and_luck_will(
    decide: Any, offered: int, u: float, north: int
) -> None:
    """M38: an offer, and the chance that Washington takes it."""
    w = blank(DEFIED | TOO_DEAR | {"north_offered": offered, "p.north_accepted": 0.6})
    w.u[U_CONCEDES] = w.u[U_COST] = 0.0
    w.u[U_HOSTS] = u
    decide(w)
    assert got(w, "presence.state", "presence.north") == (LEAVING, north)


#: Cost 0.6 is 0.2 above a worth of 0.4, and 0.35 above what makes Washington think of a smaller force:
#: 0.3 * (exp(2 * 0.35) - 1) = 0.30413 a day.
NEAR = {"day": 9, "us.cost": 0.6, "us.worth": 0.5, "us.resolve": 0.8, "p.cut_rate": 0.3, "p.own_exit_gain": 2.0,
        "p.cut_share": 0.7, "p.cut_days": 50.0, "us.cost_event": 66, "presence.troops": 4000.0,
        "presence.troops_start": 5000.0}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "u", "cuts"),
    [
        ({}, 0.3040, True),
        ({}, 0.3042, False),
        ({"us.cost": 0.26}, 0.006, True),
        ({"us.cost": 0.26}, 0.0062, False),
        ({"us.cost": 0.24}, 0.0, False),
        ({"presence.troops": 2001.0}, 0.0, True),
        ({"presence.troops": 2000.0}, 0.0, True),
        ({"presence.troops": 1999.0}, 0.0, False),
        ({"presence.decided_day": 0}, 0.0, False),
        ({"presence.to_cut": 0.5}, 0.0, False),
        ({"p.cut_rate": 90.0}, 0.999, True),
        ({"p.cut_rate": 90.0}, 1.0, False),
    ],
)
def test_washington_cuts_its_force_as_cost_nears_worth(values: dict[str, Any], u: float, cuts: bool) -> None:
    """Not while a cut is under way, of a force that is small already, nor when leaving has been decided."""
    w = blank(NEAR | values)
    before = float(w.us.cost)
    w.u[U_CUT] = u
    presence._less_worth_it(w)
    assert told(w) == ([_event(DRAWN_DOWN_EVENT, cause=66)] if cuts else [])
    if cuts:
        go = float(w.presence.troops) * 0.3
        assert got(w, "presence.to_cut", "presence.cut_a_day") == pytest.approx((go, go / 50.0))
        assert (w.presence.cut_event, w.presence.state) == (1, DRAWN_DOWN)
        assert w.us.cost == pytest.approx(0.7 * before)
    else:
        assert (w.us.cost, w.presence.state, w.presence.cut_a_day) == (before, FULL, 0.0)


def test_only_a_full_presence_becomes_one_that_was_drawn_down() -> None:
    """A limited one is cut as well, and stays limited; cuts take a day at least."""
    w = blank(NEAR | {"presence.state": LIMITED, "p.cut_days": 0.0})
    w.u[U_CUT] = 0.0
    presence._less_worth_it(w)
    assert w.presence.state == LIMITED
    assert got(w, "presence.to_cut", "presence.cut_a_day") == pytest.approx((1200.0, 1200.0))


@pytest.mark.parametrize(
    ("troops", "to_cut", "a_day", "goes", "still"),
    [(900.0, 100.0, 30.0, 30.0, 70.0), (900.0, 20.0, 30.0, 20.0, 0.0), (10.0, 100.0, 30.0, 10.0, 70.0),
     (0.0, 100.0, 30.0, 0.0, 70.0), (0.5, 100.0, 30.0, 0.5, 70.0)],
)  # fmt: skip
def test_a_cut_sends_home_a_days_part(troops: float, to_cut: float, a_day: float, goes: float, still: float) -> None:
    """No more than are to go, and no more than are there; nobody going is no event."""
    w = blank({"presence.troops": troops, "presence.to_cut": to_cut, "presence.cut_a_day": a_day,
               "presence.cut_event": 44})  # fmt: skip
    presence._cut_down(w)
    assert got(w, "presence.troops", "presence.to_cut") == (troops - goes, still)
    assert told(w) == ([_event(TROOPS_LEFT, goes, cause=44)] if goes else [])


@pytest.mark.parametrize(
    ("strength", "luck", "sanctions", "punished"),
    [(1.0, 0.41, 0, True), (1.0, 0.42, 0, False), (1.0, 0.43, 0, False), (2.0, 0.83, 0, True), (0.0, 0.0, 0, False),
     (1.0, 0.0, 1, False)],
)  # fmt: skip
def test_a_washington_that_resents_leaving_may_punish(
    monkeypatch: pytest.MonkeyPatch, strength: float, luck: float, sanctions: int, punished: bool
) -> None:
    """M32: sanctions by 0.7 of a resentment of 0.6; none where there are some already."""
    dice(monkeypatch, presence, {SANCTIONS_DRAW: {0: luck}})
    w = blank({"p.sanctions_follow": 0.7, "presence.resented": 0.6, "us.sanctions": sanctions,
               f"strength.{M32}": strength, "presence.exit_event": 33})  # fmt: skip
    presence._resent(w)
    assert told(w) == ([_event(SANCTIONS, cause=33, claim=M32)] if punished else [])
    assert w.us.sanctions == (1 if punished or sanctions else 0)


@pytest.mark.parametrize(
    ("values", "u", "turns"),
    [
        ({}, 0.019, True),
        ({}, 0.0201, False),
        ({"p.north_accepted": 7.5}, 0.25, False),
        ({"presence.north": 1}, 0.0, False),
        ({"north_offered": 0}, 0.0, False),
        ({"presence.troops": 1200.0}, 0.0, True),
        ({"presence.troops": 1199.0}, 0.0, False),
    ],
)
def test_a_withdrawal_may_turn_north_while_much_of_the_force_is_there(
    values: dict[str, Any], u: float, turns: bool
) -> None:
    """A thirtieth of the chance of acceptance a day, while three tenths of those who were to leave are left."""
    w = blank({"north_offered": 1, "p.north_accepted": 0.6, "presence.troops": 3000.0, "presence.leaving_from": 4000.0,
               "presence.exit_event": 33} | values)  # fmt: skip
    before = int(w.presence.north)
    w.u[U_HOSTS] = u
    presence._may_turn_north(w)
    assert told(w) == ([_event(TURNED_NORTH, cause=33, claim=M38)] if turns else [])
    assert w.presence.north == (1 if turns else before)


#: Forty days into a withdrawal; deadly fire ten days ago.
UNDER_WAY = {"day": 140, "presence.decided_day": 100, "last_deadly": 130, "last_deadly_event": 22,
             "presence.exit_event": 33, "p.fire_hurries": 0.4, "p.isis_slows": 0.5, "sees.public.isis_trend": 1.0,
             "presence.pace_day": 0}  # fmt: skip
HURRIED, SLOWED = _event(LEAVING_HURRIED, cause=22), _event(LEAVING_SLOWED, cause=33)


@pytest.mark.parametrize(
    ("values", "pace", "events", "said"),
    [
        ({}, 1.4, [HURRIED], 1),
        ({"presence.pace_told": -1}, 1.4, [HURRIED], 1),
        ({"presence.pace_told": 1}, 1.4, [], 1),
        ({"last_deadly": 110}, 1.4, [HURRIED], 1),
        ({"last_deadly": 109}, 1.0, [], 0),
        ({"last_deadly": 100}, 1.0, [], 0),
        ({"day": 130, "last_deadly": 100}, 1.0, [], 0),
        ({"day": 130, "last_deadly": 101}, 1.4, [HURRIED], 1),
        ({"p.fire_hurries": 0.14}, 1.14, [], 0),
        ({"p.fire_hurries": 0.16}, 1.16, [HURRIED], 1),
        ({"p.fire_hurries": 1.15 - 1.0}, 1.15, [], 0),
        ({"last_deadly": -1, "sees.public.isis_trend": 1.4}, 0.8, [SLOWED], -1),
        ({"last_deadly": -1, "sees.public.isis_trend": 1.4, "presence.pace_told": 1}, 0.8, [SLOWED], -1),
        ({"last_deadly": -1, "sees.public.isis_trend": 1.4, "presence.pace_told": -1}, 0.8, [], -1),
        ({"last_deadly": -1, "sees.public.isis_trend": 5.0}, 0.5, [SLOWED], -1),
        ({"last_deadly": -1, "sees.public.isis_trend": 0.2}, 1.0, [], 0),
        ({"last_deadly": -1, "sees.public.isis_trend": 1.5, "p.isis_slows": 0.28}, 0.86, [], 0),
        ({"last_deadly": -1, "sees.public.isis_trend": 1.5, "p.isis_slows": 0.32}, 0.84, [SLOWED], -1),
        ({"sees.public.isis_trend": 1.2}, 1.3, [HURRIED], 1),
        ({"presence.decided_day": 120}, 1.4, [HURRIED], 1),
        ({"presence.decided_day": 121}, 1.4, [], 0),
        ({"presence.pace_day": 120}, 1.4, [HURRIED], 1),
        ({"presence.pace_day": 121}, 1.4, [], 0),
    ],
)
def test_deadly_fire_hurries_a_withdrawal_and_a_rise_of_isis_slows_it(
    values: dict[str, Any], pace: float, events: list[Told], said: int
) -> None:
    """Fire of the last thirty days since the decision; a change of pace is told once, and not before it has lasted."""
    w = blank(UNDER_WAY | values)
    before = int(w.presence.pace_day)
    presence._set_pace(w)
    assert w.presence.pace == pytest.approx(pace)
    assert told(w) == events
    assert (w.presence.pace_told, w.presence.pace_day) == (said, w.day if events else before)


#: Push 0.3 and six attacks in a quarter against a worth of 0.5 * 0.8: 0.2 * exp(0.9 - 0.4) = 0.32974 a day.
REMNANT = {"day": 200, "iran.push": 0.3, "sees.public.attacks_90d": 6.0, "us.worth": 0.5, "us.resolve": 0.8,
           "p.north_left": 0.2, "presence.state": NORTH_ONLY, "presence.north": 1, "presence.troops_north": 900.0,
           "presence.exit_event": 33, "us.cost_event": 66, "presence.exit_day": 150}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "luck", "leaves"),
    [
        ({}, 0.3297, True),
        ({}, 0.3298, False),
        ({"iran.push": -0.5}, 0.2442, True),  # 0.2 * exp(0.6 - 0.4)
        ({"iran.push": -0.5}, 0.2444, False),
        ({"sees.public.attacks_90d": 50.0}, 0.4919, True),  # 0.2 * exp(1.3 - 0.4)
        ({"sees.public.attacks_90d": 50.0}, 0.4920, False),
        ({"iran.push": 0.0, "sees.public.attacks_90d": 0.0, "us.worth": 0.0}, 0.2, False),
    ],
)
def test_the_remnant_in_the_north_leaves_the_likelier_the_more_it_is_pressed(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], luck: float, leaves: bool
) -> None:
    """A push counts, restraint does not; with the last of them all of Iraq is left, in the way that was decided."""
    dice(monkeypatch, presence, {NORTH_LEFT_DRAW: {0: luck}})
    w = blank(REMNANT | {"presence.exit_kind": BY_DEMAND} | values)
    presence._stay_north(w)
    gone = [_event(TROOPS_LEFT, 900.0, cause=33), _event(NORTH_LEFT, cause=66)]
    assert told(w) == (gone if leaves else [])
    there = (w.presence.troops_north, w.presence.left_all_day, w.presence.north, w.presence.state)
    assert there == ((0.0, 200, 0, GONE_DEMAND) if leaves else (900.0, -1, 1, NORTH_ONLY))


WINDING = {"day": 50, "presence.troops": 1000.0, "presence.leaving_from": 4000.0, "presence.exit_days": 80.0,
           "presence.pace": 1.5, "presence.exit_event": 33, "presence.state": LEAVING, "presence.decided_day": 20,
           "p.north_share": 0.4, "presence.exit_kind": BY_AGREEMENT}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "troops", "up_north", "events"),
    [
        ({}, 925.0, 0.0, [_event(TROOPS_LEFT, 75.0, cause=33)]),
        ({"presence.north": 1}, 925.0, 30.0,
         [_event(MOVED_NORTH, cause=33, claim=M38), _event(TROOPS_LEFT, 45.0, cause=33)]),
        ({"presence.north": 1, "presence.troops_north": 8.0}, 925.0, 38.0, [_event(TROOPS_LEFT, 45.0, cause=33)]),
        ({"presence.troops": 60.0}, 0.0, 0.0, [_event(TROOPS_LEFT, 60.0, cause=33), _event(EXITED, cause=33)]),
        ({"presence.troops": 75.0 + 9e-7}, 0.0, 0.0, [_event(TROOPS_LEFT, 75.0, cause=33), _event(EXITED, cause=33)]),
        ({"presence.troops": 75.5}, 0.5, 0.0, [_event(TROOPS_LEFT, 75.0, cause=33)]),
    ],
)  # fmt: skip
def test_a_withdrawal_winds_down_at_its_pace(
    values: dict[str, Any], troops: float, up_north: float, events: list[Told]
) -> None:
    """A day's part of those who were there, times the pace; of those a share goes north where that was decided."""
    w = blank(WINDING | values)
    presence._wind_down(w)
    assert got(w, "presence.troops", "presence.troops_north") == pytest.approx((troops, up_north))
    assert told(w) == events
    assert w.presence.exit_day == (50 if troops == 0.0 else -1)


@pytest.mark.parametrize(
    ("values", "ugly"),
    [
        ({"last_deadly": -1, "p.ugly_days": 400.0}, 0),
        ({"last_deadly": 0, "p.ugly_days": 50.0}, 1),
        ({"last_deadly": 40, "p.ugly_days": 10.0}, 1),
        ({"last_deadly": 39, "p.ugly_days": 10.0}, 0),
        ({"last_deadly": 39, "p.ugly_days": 10.0, "presence.ugly": 1}, 1),
    ],
)
def test_an_exit_under_deadly_fire_is_ugly(values: dict[str, Any], ugly: int) -> None:
    """What had been ugly stays so."""
    w = blank(WINDING | {"presence.ugly": 0, "presence.troops": 1e-7} | values)
    presence._gone(w)
    assert (w.presence.ugly, w.presence.troops, w.presence.exit_day) == (ugly, 0.0, 50)


@pytest.mark.parametrize(
    ("kind", "north", "state", "left_all"),
    [(BY_AGREEMENT, 0, GONE_AGREEMENT, 50), (BY_DEMAND, 0, GONE_DEMAND, 50), (BY_OWN_CHOICE, 0, GONE_OWN_CHOICE, 50),
     (BY_DEMAND, 1, NORTH_ONLY, -1), (BY_AGREEMENT, 1, NORTH_ONLY, -1)],
)  # fmt: skip
def test_the_state_after_an_exit_says_how_it_came_about(kind: int, north: int, state: int, left_all: int) -> None:
    """By its kind; what is in the north is left of it, and then not all of Iraq has been left."""
    w = blank(WINDING | {"presence.exit_kind": kind, "presence.north": north})
    presence._gone(w)
    assert got(w, "presence.state", "presence.left_all_day", "presence.north") == (state, left_all, north)


READ = {"fighters": 7100.0, "influence": 0.43, "coalition_members": 9.0, "mood_us": 0.37, "economy": 0.91,
        "isis_quarter.0.0": 2.0, "isis_quarter.17.12": 5.0, "isis_quarter.3.13": 1000.0}  # fmt: skip
NUMBERS = ("fighters", "influence", "members", "mood_us", "economy", "attacks")


def test_the_day_of_an_exit_is_read_as_it_was() -> None:
    """Fighters, influence, members, mood and economy; attacks of the quarter are not read on that day."""
    w = blank(WINDING | READ)
    presence._gone(w)
    assert got(w, *(f"at_exit.{name}" for name in NUMBERS)) == (7100.0, 0.43, 9.0, 0.37, 0.91, 0.0)
    assert got(w, "after.0.fighters", "after.1.fighters") == (0.0, 0.0)


@pytest.mark.parametrize(
    ("exit_day", "day", "reading"),
    [(0, 180, 0), (0, 365, 1), (40, 220, 0), (40, 405, 1), (40, 219, None), (40, 221, None), (-1, 179, None),
     (-1, 364, None), (40, 40, None)],
)  # fmt: skip
def test_some_quantities_are_read_again_a_half_year_and_a_year_after_an_exit(
    exit_day: int, day: int, reading: int | None
) -> None:
    """On that day alone, each in its place, the attacks being those of thirteen weeks in all governorates."""
    w = blank(READ | {"presence.exit_day": exit_day, "day": day, "after.0.attacks": 3.0, "after.1.attacks": 4.0})
    reached = moved(w, presence._read_again)
    assert reached == (set() if reading is None else {f"after.{name}" for name in NUMBERS})
    if reading is not None:
        read = got(w, *(f"after.{reading}.{name}" for name in NUMBERS))
        assert read == (7100.0, 0.43, 9.0, 0.37, 0.91, 7.0)
        assert got(w, f"after.{1 - reading}.fighters", f"after.{1 - reading}.attacks") == (0.0, 4.0 - reading)


# The day


QUIET = {"day": 100, "presence.troops": 5000.0, "presence.troops_start": 5000.0, "us.worth": 1.0, "us.resolve": 1.0}


@pytest.mark.parametrize(
    ("values", "cover"),
    [
        ({}, 1.0),
        ({"presence.troops": 600.0}, 0.4),
        ({"presence.troops": 600.0, "presence.troops_north": 300.0}, 0.5),
        ({"presence.troops": 0.0, "presence.troops_north": 9000.0}, 1.0),
        ({"presence.troops": 600.0, f"strength.{M30}": 0.5}, 0.7),
        ({"presence.troops": 600.0, f"strength.{M30}": 0.0}, 1.0),
        ({"presence.troops": 600.0, f"strength.{M30}": 2.0}, 0.0),
        ({"presence.troops": 0.25, "presence.troops_start": 0.0}, 0.25),
    ],
)
def test_cover_for_friends_goes_with_the_last_three_tenths_of_the_force(values: dict[str, Any], cover: float) -> None:
    """M30: those in the north count half."""
    w = blank(QUIET | values)
    presence.stay_or_leave(w)
    assert w.cover == pytest.approx(cover)


@pytest.mark.parametrize(("exit_day", "days"), [(-1, 8), (0, 7), (60, 7)])
def test_days_of_presence_are_counted_until_the_exit(exit_day: int, days: int) -> None:
    """Each day without an exit is one more."""
    w = blank(QUIET | {"presence.days": 7, "presence.exit_day": exit_day})
    presence.stay_or_leave(w)
    assert w.presence.days == days


EACH = {"p.concede_rate": 99.0, "government.demand": 1.0, "p.cut_rate": 99.0, "p.own_exit_gain": 1.0,
        "p.exit_days": 50.0, "p.cut_days": 10.0, "p.cut_share": 0.5}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({}, []),
        (EACH, [EXIT_DECIDED, TROOPS_LEFT]),
        (EACH | {"presence_pinned": 1}, []),
        (EACH | {"presence.decided_day": 5}, []),
        (EACH | {"presence.decided_day": 0}, []),
        ({"p.own_exit_rate": 99.0, "p.own_exit_gain": 1.0, "us.cost": 3.0}, [EXIT_DECIDED, TROOPS_LEFT]),
        ({"p.cut_rate": 99.0, "p.own_exit_gain": 1.0, "p.cut_days": 9.0, "us.cost": 2.0},
         [DRAWN_DOWN_EVENT, TROOPS_LEFT]),
        ({"p.cut_rate": 99.0, "p.own_exit_gain": 1.0, "us.cost": 2.0, "presence_pinned": 1}, []),
        ({"presence.to_cut": 90.0, "presence.cut_a_day": 9.0}, [TROOPS_LEFT]),
        ({"presence.to_cut": 90.0, "presence.cut_a_day": 9.0, "presence_pinned": 1}, [TROOPS_LEFT]),
        ({"presence.to_cut": -1.0, "presence.cut_a_day": -9.0}, []),
    ],
)  # fmt: skip
def test_the_question_of_staying_is_asked_until_it_is_decided(values: dict[str, Any], kinds: list[int]) -> None:
    """One that is pinned, or leaving already, weighs nothing; a cut under way goes on; no claim is left for later."""
    w = blank(QUIET | values)
    w.u[:] = 0.5
    presence.stay_or_leave(w)
    assert [event.kind for event in told(w)] == kinds
    assert got(w, "acting_claim", "acting_also") == (0, 0)


@pytest.mark.parametrize(("decided", "punished"), [(100, 1), (99, 0), (101, 0)])
def test_washington_punishes_on_the_day_of_the_decision_alone(
    monkeypatch: pytest.MonkeyPatch, decided: int, punished: int
) -> None:
    """Resentment is asked for sanctions once."""
    dice(monkeypatch, presence, {SANCTIONS_DRAW: {0: 0.0}})
    w = blank(QUIET | {"presence.decided_day": decided, "presence.resented": 1.0, "p.sanctions_follow": 1.0})
    presence.stay_or_leave(w)
    assert w.us.sanctions == punished


def test_a_withdrawal_ends_a_cut_may_turn_north_and_keeps_its_pace() -> None:
    """One day of leaving: nothing is left to cut, the turn is taken, fire hurries, and a day's part goes."""
    w = blank(QUIET | UNDER_WAY | {"presence.state": LEAVING, "presence.leaving_from": 5000.0})
    put(w, {"presence.to_cut": 70.0, "presence.exit_days": 100.0})
    put(w, {"north_offered": 1, "p.north_accepted": 0.9, "p.north_share": 0.5})
    w.u[U_HOSTS] = 0.0
    presence.stay_or_leave(w)
    assert [event.kind for event in told(w)] == [TURNED_NORTH, LEAVING_HURRIED, MOVED_NORTH, TROOPS_LEFT]
    assert got(w, "presence.to_cut", "presence.troops", "presence.troops_north") == pytest.approx((0.0, 4930.0, 35.0))


def test_a_remnant_in_the_north_asks_itself_only_whether_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """It neither winds down nor is cut."""
    dice(monkeypatch, presence, {NORTH_LEFT_DRAW: {0: 0.0}})
    w = blank(REMNANT | {"presence.to_cut": 9.0, "presence.cut_a_day": 9.0, "presence.troops": 20.0,
                         "presence.decided_day": 20})  # fmt: skip
    presence.stay_or_leave(w)
    assert [event.kind for event in told(w)] == [TROOPS_LEFT, NORTH_LEFT]
    assert w.presence.troops == 20.0


def test_what_is_due_to_be_read_again_is_read_in_the_course_of_the_day() -> None:
    """A half-year after the exit."""
    w = blank(READ | {"presence.exit_day": 0, "day": 180})
    presence.stay_or_leave(put(w, {"presence.state": GONE_AGREEMENT}))
    assert w.after[0].fighters == 7100.0
    assert math.isclose(w.after[0].attacks, 7.0)
