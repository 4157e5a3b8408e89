"""Coalition members: who stays, whose trainers work, how much partners broker; exact moves."""

from typing import Any

import pytest

from sim.names.actors import COALITION, N_ALLIES, NOWHERE
from sim.names.events import ALLY_LEFT, COALITION_KILLED, TRAINERS_HOME, WINDOWED_KINDS
from sim.names.mechanisms import M28, M50, M53
from sim.world import coalition
from sim.world.draws import ALLY_LEAVES_DRAW
from tests.rules.exact import Told, blank, dice, got, told

LAST = N_ALLIES - 1
KILLED = WINDOWED_KINDS.index(COALITION_KILLED)


def test_members_begin_with_the_soldiers_of_the_scenario() -> None:
    """Those who would send less than one soldier are not there; all trainers work."""
    w = blank({"s.coalition_scale": 0.5, "ally_in.0.troops": 200.0, "ally_in.0.trainers": 0.8, "ally_in.4.troops": 2.0,
               f"ally_in.{LAST}.troops": 60.0, f"ally_in.{LAST}.trainers": 0.5, "ally_in.7.troops": 1.9})  # fmt: skip
    coalition.start_coalition(w)
    assert [int(ally.there) for ally in w.allies] == [1, 0, 0, 0, 1] + [0] * 12 + [1]
    assert got(w, "allies.0.troops", f"allies.{LAST}.troops", "allies.4.trainers") == (100.0, 30.0, 1.0)
    assert got(w, "coalition_members", "coalition_troops", "coalition_troops_start") == pytest.approx(
        (3.0, 131.0, 131.0)
    )
    assert w.trainers == pytest.approx(1.0)


def test_members_soldiers_and_trainers_are_counted_over_those_who_are_there() -> None:
    """Trainers over all of the start: 200 * 0.8 * 0.5 + 60 * 0.5 * 0.9 of 160 + 30 + 10."""
    w = blank({"ally_in.0.troops": 200.0, "ally_in.0.trainers": 0.8, "allies.0.there": 1, "allies.0.troops": 70.0,
               "allies.0.trainers": 0.5, "ally_in.3.troops": 20.0, "ally_in.3.trainers": 0.5, "allies.3.troops": 99.0,
               "allies.3.trainers": 1.0, f"ally_in.{LAST}.troops": 60.0, f"ally_in.{LAST}.trainers": 0.5,
               f"allies.{LAST}.there": 1, f"allies.{LAST}.troops": 5.0, f"allies.{LAST}.trainers": 0.9})  # fmt: skip
    coalition._count(w)
    assert got(w, "coalition_members", "coalition_troops") == (2.0, 75.0)
    assert w.trainers == pytest.approx(107.0 / 200.0)


def test_fewer_than_one_trainer_count_as_one() -> None:
    """Half a trainer of half a trainer is a half, not all."""
    w = blank({"ally_in.0.troops": 0.5, "ally_in.0.trainers": 1.0, "allies.0.there": 1, "allies.0.trainers": 1.0})
    coalition._count(w)
    assert w.trainers == 0.5


@pytest.mark.parametrize(
    ("values", "tension"),
    [
        ({"rung": 3}, 0.5),
        ({"sees.public.attacks_30d": 6.0}, 0.2),
        ({"rung": 2, "sees.public.attacks_30d": 9.0}, 2 / 6 + 0.3),
        ({"rung": 5, "sees.public.attacks_30d": 60.0}, 1.0),
        ({"rung": -3}, 0.0),
        ({"open_war": 1}, 1.0),
    ],
)
def test_tension_is_the_ladder_and_the_fire_of_a_month(values: dict[str, Any], tension: float) -> None:
    """In open war it is all that it can be."""
    assert coalition._tension(blank(values)) == pytest.approx(tension)


@pytest.mark.parametrize(
    ("values", "lack"),
    [
        ({}, 0.6),
        ({"presence.troops_north": 400.0}, 0.4),
        ({"presence.troops": 1500.0}, 0.0),
        ({"presence.troops": 0.0}, 1.0),
        ({"presence.troops": 0.25, "presence.troops_start": 0.0}, 0.75),
        ({f"reading.{M28}": 1.0}, 0.6),
        ({f"reading.{M28}": 1.0, "presence.decided_day": 0}, 0.6 * 0.1353352832366127),
        ({f"reading.{M28}": 1.0, "presence.decided_day": 50}, 0.6 * 0.36787944117144233),
        ({"presence.decided_day": 50}, 0.6),
    ],
)
def test_what_is_lacking_of_us_support_may_be_supplied_by_others(values: dict[str, Any], lack: float) -> None:
    """A fifth of the force supports all; in the rival reading of M28 others come to replace what was decided away."""
    w = blank(
        {"day": 100, "presence.troops": 400.0, "presence.troops_start": 5000.0, "p.replacing_days": 50.0} | values
    )
    assert coalition.lacking(w) == pytest.approx(lack)


#: Nine killed in a month are 0.3 of unease: 0.27 of before, then 0.489; with ten attacks a danger of 0.739.
UNEASY: dict[str, Any] = {
    "day": 100, "allies.5.there": 1, "allies.5.troops": 40.0, "allies.5.unease": 0.3, f"window.2.{KILLED}": 9.0,
    "p.unease_per_dead": 0.1, "sees.public.attacks_30d": 10.0, "p.ally_lift": 2.0, "p.ally_danger": 1.5,
    "ally_in.5.tolerance": 0.4, "p.ally_leaves": 0.1, "presence.exit_event": 33, "last_deadly": 80,
    "last_deadly_event": 22,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "lack", "hazard", "unease"),
    [
        ({}, 0.0, 0.19447, 0.489),  # 0.1 * exp(1.5 * 0.739 * 0.6)
        ({}, 0.5, 0.52863, 0.489),  # one more of lift
        ({f"strength.{M28}": 0.5}, 0.0, 0.13945, 0.489),
        ({f"strength.{M28}": 0.0}, 0.5, 0.1, 0.489),
        ({"open_war": 1}, 0.0, 0.47833, 0.489),
        ({"sees.public.attacks_30d": 90.0}, 0.0, 0.24355, 0.489),
        ({"sees.public.attacks_30d": 0.0}, 0.0, 0.15529, 0.489),
        ({f"window.2.{KILLED}": 0.0}, 0.0, 0.159680, 0.27),
        ({f"window.2.{KILLED}": 90.0}, 0.0, 0.288434, 0.27 + 0.9 * 0.73),  # unease 0.927
        ({f"window.2.{KILLED}": -90.0}, 0.0, 0.159680, 0.27),
        ({"p.ally_lift": 90.0, "p.ally_leaves": 1e-4}, 1.0, 0.298096, 0.489),  # exp(8) at most
        ({"p.ally_lift": -90.0, "p.ally_leaves": 99.0}, 1.0, 0.667061, 0.489),  # exp(-5) at least
    ],
)
def test_a_member_leaves_the_likelier_the_less_carries_it_and_the_uneasier_it_is(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], lack: float, hazard: float, unease: float
) -> None:
    """M28: by the dead of its own month, attacks, war, and what it tolerates; who has left has no soldiers there."""
    for u, there in ((hazard * 0.9999, 0), (hazard * 1.0001, 1)):
        dice(monkeypatch, coalition, {ALLY_LEAVES_DRAW: {5: u}})
        w = blank(UNEASY | values)
        coalition._stay_or_leave(w, 5, lack)
        assert w.allies[5].unease == pytest.approx(unease)
        assert got(w, "allies.5.there", "allies.5.troops") == (there, 40.0 * there)
        assert len(told(w)) == 1 - there


def test_at_the_very_chance_a_member_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing makes it uneasy the chance is what it is."""
    dice(monkeypatch, coalition, {ALLY_LEAVES_DRAW: {5: 0.25}})
    w = blank({"allies.5.there": 1, "p.ally_leaves": 0.25})
    coalition._stay_or_leave(w, 5, 0.0)
    assert w.allies[5].there == 1


@pytest.mark.parametrize(
    ("values", "lack", "cause", "claim"),
    [
        ({}, 0.0, 22, M28),
        ({}, 0.5, 33, M28),
        ({"p.ally_danger": 0.0}, 0.0, 22, 0),
        ({"p.ally_danger": 0.0}, 0.25, 33, 0),
        ({"p.ally_danger": 0.0}, 0.26, 33, M28),
        ({"last_deadly": 40}, 0.0, 22, M28),
        ({"last_deadly": 39}, 0.0, 0, M28),
        ({"last_deadly": -1}, 0.0, 0, M28),
        ({"day": 10, "last_deadly": -1}, 0.0, 0, M28),
        ({"day": 10, "last_deadly": 0}, 0.0, 22, M28),
    ],
)
def test_why_a_member_left_is_the_exit_or_a_deadly_attack_of_late(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], lack: float, cause: int, claim: int
) -> None:
    """The mechanism is named where it made much of the difference."""
    dice(monkeypatch, coalition, {ALLY_LEAVES_DRAW: {5: 0.0}})
    w = blank(UNEASY | values)
    coalition._stay_or_leave(w, 5, lack)
    assert told(w) == [Told(ALLY_LEFT, COALITION, NOWHERE, cause=cause, detail=5.0, claim=claim)]


#: A member ready to bring 0.5 * (1.5 - 0.3) = 0.6 of its trainers home, for a reason of 0.5 and a pause of 0.8.
TRAINING: dict[str, Any] = {
    "allies.6.trainers": 0.9, "ally_in.6.trainers": 0.5, "ally_in.6.tolerance": 0.3, "epidemic": 0.5,
    "p.epidemic_pause": 0.8, "p.trainers_move": 0.25,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "trainers"),
    [
        ({}, 0.9 + 0.25 * (0.76 - 0.9)),
        ({f"strength.{M53}": 2.0}, 0.9 + 0.25 * (0.52 - 0.9)),
        ({f"strength.{M53}": 0.0}, 0.925),
        ({"p.epidemic_pause": 90.0}, 0.675),
        ({"p.epidemic_pause": -9.0}, 0.925),
        ({f"reading.{M53}": 1.0}, 0.9 + 0.25 * (0.904 - 0.9)),
    ],
)
def test_trainers_work_unless_an_epidemic_brings_them_home(values: dict[str, Any], trainers: float) -> None:
    """M53, by the tension of 0.2 in the rival reading: a quarter of the way a week."""
    w = blank(TRAINING | values)
    coalition._train(w, 6, 0.2)
    assert w.allies[6].trainers == pytest.approx(trainers)


@pytest.mark.parametrize(
    ("before", "goal", "told_of"),
    [(0.52, 0.76, False), (0.52, 0.0, True), (0.5, 0.0, True), (0.49, 0.0, False), (1.0, 0.0, False)],
)
def test_a_member_has_brought_its_trainers_home_when_fewer_than_half_work(
    before: float, goal: float, told_of: bool
) -> None:
    """Told when it comes to that, not again later."""
    pause = {} if goal else {"p.epidemic_pause": 90.0}
    w = blank(TRAINING | pause | {"allies.6.trainers": before})
    coalition._train(w, 6, 0.2)
    home = Told(TRAINERS_HOME, COALITION, NOWHERE, detail=6.0, claim=M53)
    assert told(w) == ([home] if told_of else [])


def test_a_half_of_its_trainers_at_work_is_not_home() -> None:
    """Exactly half."""
    w = blank({"allies.6.trainers": 0.75, "p.trainers_move": 1.0, "ally_in.6.trainers": 1.0, "ally_in.6.tolerance": 0.5,
               "p.epidemic_pause": 0.5, "epidemic": 1.0})  # fmt: skip
    coalition._train(w, 6, 0.0)
    assert (w.allies[6].trainers, told(w)) == (0.5, [])


@pytest.mark.parametrize(
    ("tension", "strength", "broker"),
    [(0.0, 1.0, 0.35), (0.2, 1.0, 0.21), (0.5, 1.0, 0.0), (0.9, 1.0, 0.0), (0.2, 2.0, 0.42), (0.0, 9.0, 1.0),
     (0.0, 0.0, 0.0), (0.0, -1.0, 0.0)],
)  # fmt: skip
def test_partners_broker_by_the_standing_of_those_who_are_there(tension: float, strength: float, broker: float) -> None:
    """M50: 0.3 and 0.4 of 2; tension paralyses them."""
    w = blank({"ally_in.0.standing": 0.3, "allies.0.there": 1, "ally_in.3.standing": 1.3, f"strength.{M50}": strength,
               f"ally_in.{LAST}.standing": 0.4, f"allies.{LAST}.there": 1})  # fmt: skip
    assert coalition._brokering(w, tension) == pytest.approx(broker)


def test_where_nobody_has_a_standing_nobody_brokers() -> None:
    """Little of little is much; nothing of nothing is nothing."""
    assert coalition._brokering(blank(), 0.0) == 0.0
    little = blank({"ally_in.0.standing": 0.001, "allies.0.there": 1, "ally_in.1.standing": 0.003})
    assert coalition._brokering(little, 0.0) == pytest.approx(0.25)


@pytest.mark.parametrize(("day", "asked"), [(0, False), (1, True), (7, True)])
def test_members_weigh_whether_to_stay_after_the_first_day(
    monkeypatch: pytest.MonkeyPatch, day: int, asked: bool
) -> None:
    """Those who are there: their trainers move, the last of all leaves, and what is counted is of the rest."""
    lucks = {0: 0.9, LAST: 0.0} if asked else {}
    drawn = dice(monkeypatch, coalition, {ALLY_LEAVES_DRAW: lucks})
    w = blank({"day": day, "allies.0.there": 1, "allies.0.troops": 7.0, f"allies.{LAST}.there": 1,
               f"allies.{LAST}.troops": 3.0, "p.ally_leaves": 0.1, "p.trainers_move": 0.5, "ally_in.0.standing": 1.0,
               f"ally_in.{LAST}.standing": 1.0, "rung": 1, "presence.exit_event": 33, "p.ally_lift": 1.0})  # fmt: skip
    coalition.coalition_week(w)
    assert [entity for _, entity in drawn] == list(lucks)
    assert got(w, "allies.0.trainers", "allies.3.trainers", f"allies.{LAST}.trainers") == (0.5, 0.0, 0.5)
    left = 1.0 if asked else 2.0
    assert got(w, "coalition_members", "coalition_troops") == (left, 7.0 if asked else 10.0)
    assert w.broker == pytest.approx((1 - 2 / 6) * left / 2)
    assert [event.cause for event in told(w)] == ([33] if asked else [])
