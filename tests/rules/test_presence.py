"""The question of staying: when an exit or a cut is decided, how it goes on, and what is read of it; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import (
    BY_AGREEMENT,
    BY_DEMAND,
    BY_OWN_CHOICE,
    FULL,
    GONE_AGREEMENT,
    GONE_DEMAND,
    GONE_OWN_CHOICE,
    LEAVING,
    NORTH_ONLY,
    NOWHERE,
    US,
)
from sim.names.events import (
    BASE_HANDED_OVER,
    BASE_REOPENED,
    CAUSE_AGREED,
    CAUSE_COST,
    CAUSE_POLICY,
    DRAWN_DOWN_EVENT,
    EXIT_DECIDED,
    EXITED,
    LEAVING_HURRIED,
    LEAVING_SLOWED,
    MOVED_NORTH,
    NORTH_LEFT,
    REVIEWED,
    SANCTIONS,
    TROOPS_LEFT,
    TURNED_NORTH,
)
from sim.names.mechanisms import M30, M32, M38
from sim.names.streams import U_HOSTS
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
    ("values", "u", "asked", "turns"),
    [
        ({}, 0.59, 1, True),
        ({}, 0.61, 1, False),
        ({"presence.north_asked": 1}, 0.0, 1, False),
        ({"north_offered": 0}, 0.0, 0, False),
        ({"presence.exit_cause": CAUSE_POLICY}, 0.0, 0, False),
        ({"presence.troops": 1200.0}, 0.0, 1, True),
        ({"presence.troops": 1199.0}, 0.0, 1, False),
    ],
)
def test_a_withdrawal_may_turn_north_once_while_much_of_the_force_is_there(
    values: dict[str, Any], u: float, asked: int, turns: bool
) -> None:
    """M38: the offer is taken up or not on the day on which it stands; a policy that says go is not asked."""
    w = blank({"north_offered": 1, "p.north_accepted": 0.6, "presence.troops": 3000.0, "presence.leaving_from": 4000.0,
               "presence.exit_event": 33, "presence.exit_cause": CAUSE_COST} | values)  # fmt: skip
    w.u[U_HOSTS] = u
    presence._may_turn_north(w)
    assert told(w) == ([_event(TURNED_NORTH, cause=33, claim=M38)] if turns else [])
    assert (w.presence.north, w.presence.north_asked) == (int(turns), asked)


#: Four bases, an embassy and a site abroad: the first is hardened, the third and fourth are sheltered alike.
BASES: dict[str, Any] = {
    "day": 50, "n_sites": 6, "site_in.0.hardened": 1.0, "site_in.0.protection": 0.1, "site_in.1.protection": 0.4,
    "site_in.2.protection": 0.3, "site_in.3.protection": 0.3, "site_in.4.is_embassy": 1.0, "site_in.5.outside": 1.0,
    "site_place.2": 7, "site_place.3": 9, "presence.troops": 4000.0, "presence.troops_start": 4000.0,
    "presence.exit_day": -1, "p.handover_days": 14.0, "us.posture_event": 5, "presence.cut_event": 6,
    "presence.exit_event": 8, **{f"sites.{b}.open": 1 for b in range(6)},
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "left", "cause"),
    [
        ({}, None, 0),
        ({"us.consolidated": 1}, 3, 5),
        ({"us.consolidated": 1, "day": 14, "presence.next_base": 15}, None, 0),
        ({"presence.troops": 3000.0}, 3, 5),
        ({"presence.troops": 3001.0}, None, 0),
        ({"presence.troops": 2000.0, "presence.troops_north": 1001.0}, None, 0),
        ({"presence.troops": 2000.0, "presence.to_cut": 9.0}, 3, 6),
        ({"presence.troops": 2000.0, "presence.state": LEAVING}, 3, 8),
        ({"presence.troops": 1500.0, "sites.3.open": 0}, 2, 5),
        ({"presence.troops": 0.0, "sites.1.open": 0, "sites.2.open": 0, "sites.3.open": 0}, None, 0),
        ({"presence.troops": 0.0, "presence.exit_day": 40}, None, 0),
    ],
)
def test_bases_are_handed_over_one_by_one_the_least_sheltered_first(
    values: dict[str, Any], left: int | None, cause: int
) -> None:
    """As many are held as soldiers need, hardened ones alone where they are drawn together; the embassy stays."""
    w = blank(BASES | values)
    before = [int(w.sites[b].open) for b in range(6)]
    presence.hand_over(w)
    if left is None:
        assert told(w) == []
        return
    before[left] = 0
    assert [int(w.sites[b].open) for b in range(6)] == before
    place = {2: 7, 3: 9}[left]
    assert told(w) == [Told(BASE_HANDED_OVER, US, place, site=left, cause=cause)]
    assert w.presence.next_base == 64


@pytest.mark.parametrize(
    ("values", "back"),
    [({}, 1), ({"presence.state": LEAVING}, None), ({"us.consolidated": 1}, None), ({"presence.troops": 2000.0}, None)],
)
def test_troops_return_to_the_best_sheltered_first(values: dict[str, Any], back: int | None) -> None:
    """Where they spread out again, if there are enough of them, and they are not leaving."""
    closed = {"sites.1.open": 0, "sites.2.open": 0} | ({"sites.3.open": 0} if "us.consolidated" in values else {})
    w = blank(BASES | closed | values)
    presence.hand_over(w)
    assert told(w) == ([] if back is None else [Told(BASE_REOPENED, US, 0, site=1, cause=5)])


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


EACH = {"us.review_day": 1, "p.concede_rate": 99.0, "government.demand": 1.0, "p.cut_rate": 99.0,
        "p.own_exit_gain": 1.0, "p.exit_days": 50.0, "p.cut_days": 10.0, "p.cut_share": 0.5}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({}, []),
        (EACH, [REVIEWED, EXIT_DECIDED, TROOPS_LEFT]),
        (EACH | {"presence_pinned": 1}, []),
        (EACH | {"presence.decided_day": 5}, []),
        (EACH | {"presence.decided_day": 0}, []),
        (EACH | {"us.review_day": 101}, []),
        ({"us.review_day": 1, "p.own_exit_rate": 99.0, "p.own_exit_gain": 1.0, "us.cost": 3.0},
         [REVIEWED, EXIT_DECIDED, TROOPS_LEFT]),
        ({"us.review_day": 1, "p.cut_rate": 99.0, "p.own_exit_gain": 1.0, "p.cut_days": 9.0, "us.cost": 2.0},
         [REVIEWED, DRAWN_DOWN_EVENT, TROOPS_LEFT]),
        ({"us.review_day": 1, "p.cut_rate": 99.0, "p.own_exit_gain": 1.0, "us.cost": 2.0, "presence_pinned": 1}, []),
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
    put(w, {"north_offered": 1, "p.north_accepted": 0.9, "p.north_share": 0.5, "presence.exit_cause": CAUSE_COST})
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
