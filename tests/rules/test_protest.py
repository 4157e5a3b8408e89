"""The movement in the squares: sparks, fading, clearing, and what it asks for; exact moves."""

from typing import Any

import pytest

from sim.names.actors import (
    CLEAR_PROTESTS,
    FIRST_FACTION,
    GUARD_PROTESTS,
    IRAQI_FORCES,
    N_FACTIONS,
    PROTESTERS,
)
from sim.names.events import (
    PROTEST_REPRESSED,
    PROTEST_SURGED,
    PROTESTERS_KILLED_BY_FACTIONS,
    PROTESTERS_KILLED_BY_FORCES,
)
from sim.names.mechanisms import M33, M34
from sim.world import protest
from sim.world.draws import CLEARS_DRAW, REPRESSION_DEAD_DRAW, REPRESSION_DRAW, SPARK_DRAW
from tests.rules.exact import Told, blank, dice, got, moved, told

#: Two places of people: the second is the last of all.
PEOPLE: dict[str, Any] = {"place_in.4.population": 3e6, "place_in.17.population": 1e6, "place_in.4.shia": 0.8,
                          "place_in.17.shia": 0.5}  # fmt: skip


def test_protest_begins_where_shia_live() -> None:
    """By their share of a place; the whole is a mean over all people."""
    w = blank(PEOPLE | {"s.protest": 0.4, "s.reform_agenda": 0.7})
    protest.start_protest(w)
    assert (w.protest[4], w.protest[17], w.protest[0]) == pytest.approx((0.32, 0.2, 0.0))
    assert got(w, "protest_all", "agenda") == pytest.approx((0.29, 0.7))


def test_a_land_of_half_a_person_has_half_a_protest() -> None:
    """People are one at least."""
    w = blank({"place_in.0.population": 0.5, "place_in.0.shia": 1.0, "s.protest": 0.4, "protest_all": 0.9})
    protest.start_protest(w)
    assert w.protest_all == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("values", "agenda"),
    [
        ({}, 0.6 + 0.4 * 0.1),
        ({"n_strikes": 1}, 0.48 + 0.52 * 0.1),
        ({"n_strikes": 2}, 0.3360 + 0.6640 * 0.1),
        ({"n_strikes": 1, f"strength.{M33}": 2.0}, 0.36 + 0.64 * 0.1),
        ({"n_strikes": 1, f"strength.{M33}": 0.0}, 0.6 + 0.4 * 0.1),
        ({"n_strikes": 1, "strikes.0.breach": 9.0}, 0.03 + 0.97 * 0.1),
        ({"n_strikes": 1, "strikes.0.breach": -9.0}, 0.6 + 0.4 * 0.1),
    ],
)
def test_a_strike_moves_the_movement_from_reform_to_sovereignty(values: dict[str, Any], agenda: float) -> None:
    """M33: each by its breach, by 95 in 100 at most; a tenth of what is lost of reform comes back in a day."""
    w = blank({"agenda": 0.6, "kept.agenda": 0.9, "p.agenda_turn": 0.4, "strikes.0.breach": 0.5,
               "strikes.1.breach": 0.75} | values)  # fmt: skip
    protest.feel_protest(w)
    assert w.agenda == pytest.approx(agenda)


#: Anger of 0.1 * 0.9 + 0.6 * 0.8 + 0.2 * 0.5 + 0.1 * 0.3 = 0.7: 0.25 of what is above the threshold of 0.6.
ANGRY: dict[str, Any] = {
    "place_in.4.sunni_arab": 0.1, "place_in.4.shia": 0.6, "place_in.4.kurd": 0.2, "place_in.4.other": 0.1,
    "anger_government.4.0": 0.9, "anger_government.4.1": 0.8, "anger_government.4.2": 0.5,
    "anger_government.4.3": 0.3, "p.protest_threshold": 0.6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "ready"),
    [
        ({}, 0.5 * 0.6),
        ({"fright.4": 0.2}, 0.5 * 0.6 * 0.8),
        ({"epidemic": 0.5}, 0.5 * 0.6 * 0.7),
        ({"fright.4": 0.2, "epidemic": 0.5}, 0.5 * 0.6 * 0.8 * 0.7),
        ({"p.protest_threshold": 0.2}, 0.6),
        ({"p.protest_threshold": 0.75}, 0.0),
    ],
)
def test_protest_can_be_as_strong_as_anger_is_ripe_and_nothing_keeps_people_home(
    values: dict[str, Any], ready: float
) -> None:
    """Twice what exceeds the threshold, by the Shia of the place, less by fright and by an epidemic."""
    assert protest._readiness(blank(ANGRY | values), 4) == pytest.approx(ready)


#: Two places that could protest by 0.3 and by 0.5: sparks at 0.4 of that.
READY: dict[str, Any] = ANGRY | {
    "place_in.17.shia": 1.0, "anger_government.17.1": 0.7, "p.spark_rate": 0.4, "p.protest_fade": 0.1,
    "p.fright_fade": 0.3, "day": 21,
}  # fmt: skip
NO_SPARK = dict.fromkeys(range(18), 0.99)


@pytest.mark.parametrize(
    ("lucks", "strength"),
    [
        ({4: 0.119}, (0.27, 0.0)),
        ({4: 0.121}, (0.0, 0.0)),
        ({17: 0.199}, (0.0, 0.45)),
        ({17: 0.201}, (0.0, 0.0)),
        ({4: 0.0, 17: 0.0}, (0.27, 0.45)),
        ({0: 0.0, 16: 0.0}, (0.0, 0.0)),
    ],
)
def test_protest_catches_fire_where_a_spark_meets_readiness_and_tires(
    monkeypatch: pytest.MonkeyPatch, lucks: dict[int, float], strength: tuple[float, float]
) -> None:
    """To what it could be, of which a tenth is gone by the end of the week."""
    dice(monkeypatch, protest, {SPARK_DRAW: NO_SPARK | lucks, CLEARS_DRAW: 0.99})
    w = blank(READY)
    protest.protest_week(w)
    assert (w.protest[4], w.protest[17]) == pytest.approx(strength)
    assert [event.kind for event in told(w)] == [PROTEST_SURGED] * sum(x > 0 for x in strength)


def test_no_spark_without_readiness(monkeypatch: pytest.MonkeyPatch) -> None:
    """A luck of none is below no chance."""
    dice(monkeypatch, protest, {SPARK_DRAW: 0.0})
    w = blank({"p.spark_rate": 0.4, "p.protest_threshold": 0.5})
    assert moved(w, protest.protest_week) == set()


@pytest.mark.parametrize(("agenda", "stirred"), [(1.0, 0.0), (0.25, 0.75 * 0.5 * 0.27)])
def test_a_week_of_protest_tires_frightens_less_and_stirs_the_country(
    monkeypatch: pytest.MonkeyPatch, agenda: float, stirred: float
) -> None:
    """What it asks for of sovereignty turns on the US; orders to clear hold for the week in which they were given."""
    dice(monkeypatch, protest, {SPARK_DRAW: 0.99, CLEARS_DRAW: 0.99})
    w = blank(
        PEOPLE
        | {
            "protest.4": 0.3,
            "protest.17": 0.3,
            "fright.4": 0.5,
            "fright.17": 0.2,
            "p.protest_fade": 0.1,
            "p.fright_fade": 0.3,
            "p.protest_threshold": 0.5,
            "agenda": agenda,
            "p.sovereignty_stirs": 0.5,
            "pending_us_all": 0.1,
            "factions.0.represses": 0.4,
            f"factions.{N_FACTIONS - 1}.represses": 0.7,
        }
    )
    protest.protest_week(w)
    assert (w.protest[4], w.fright[4], w.fright[17]) == pytest.approx((0.27, 0.35, 0.14))
    assert got(w, "protest_all", "pending_us_all") == pytest.approx((0.27, 0.1 + stirred))
    assert [float(faction.represses) for faction in w.factions] == [0.0] * N_FACTIONS


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({}, 0),
        ({"protest.4": 0.1}, 4),
        ({"protest.4": 0.1, "protest.17": 0.2}, 4),
        ({"protest.4": 0.1, "protest.17": 0.31}, 17),
        ({"protest.4": 0.1, "protest.17": 0.3}, 4),
        ({"protest.17": 0.1}, 17),
        ({"protest.5": 5e-7, "place_in.5.population": 1e6}, 5),
    ],
)
def test_it_is_hottest_where_most_people_protest(values: dict[str, Any], place: int) -> None:
    """By people and strength; the first of equals."""
    w = blank({"place_in.4.population": 3.0, "place_in.17.population": 1.0} | values)
    assert protest._hottest(w) == place


#: Protest of 0.4 in the last place, which factions 1 and 5 mean to clear.
SQUARES: dict[str, Any] = {
    "day": 70, "place_in.17.population": 1e6, "protest.17": 0.4, "factions.1.represses": 0.5,
    "factions.5.represses": 0.8, "p.clear_rate": 0.6, "p.guard_effect": 0.75, "p.fright_step": 0.25, "p.embitter": 0.1,
    "faction_rule_protest.1": 31, "faction_rule_protest.5": 35, "surge_event.17": 9, "surge_day.17": 30,
    "government.forces_rule": 13,
}  # fmt: skip
BY_FIRST = Told(PROTEST_REPRESSED, FIRST_FACTION + 1, 17, cause=9, rule=31)
BY_LAST = Told(PROTEST_REPRESSED, FIRST_FACTION + 5, 17, cause=9, rule=35)


@pytest.mark.parametrize(
    ("values", "lucks", "events"),
    [
        ({}, {1: 0.299, 5: 0.99}, [BY_FIRST]),
        ({}, {1: 0.301, 5: 0.99}, []),
        ({}, {1: 0.99, 5: 0.479}, [BY_LAST]),
        ({}, {1: 0.99, 5: 0.481}, []),
        ({}, {1: 0.0, 5: 0.0}, [BY_FIRST, BY_LAST]),
        ({"government.forces_order": GUARD_PROTESTS}, {1: 0.0749, 5: 0.99}, [BY_FIRST]),
        ({"government.forces_order": GUARD_PROTESTS}, {1: 0.0751, 5: 0.99}, []),
        ({"government.forces_order": CLEAR_PROTESTS}, {1: 0.0751, 5: 0.99}, [BY_FIRST]),
        ({"protest.17": 0.05}, {1: 0.0, 5: 0.99}, [BY_FIRST]),
        ({"protest.17": 0.049}, {}, []),
        ({"factions.1.represses": 0.0}, {5: 0.0}, [BY_LAST]),
        ({"factions.1.represses": -1.0}, {5: 0.0}, [BY_LAST]),
    ],
)
def test_factions_that_mean_to_clear_the_squares_do_so_by_chance(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], lucks: dict[int, float], events: list[Told]
) -> None:
    """By how rough they mean to be, less where the forces shield the squares; what is faint nobody clears."""
    dice(monkeypatch, protest, {CLEARS_DRAW: lucks, REPRESSION_DRAW: 0.99})
    w = blank(SQUARES | values)
    protest._factions_clear(w)
    assert told(w) == events
    assert w.acting_rule == 0


def test_each_faction_clears_where_it_is_hottest_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first drives one place below the other."""
    dice(monkeypatch, protest, {CLEARS_DRAW: {1: 0.0, 5: 0.0}, REPRESSION_DRAW: 0.99})
    w = blank(SQUARES | {"place_in.3.population": 1e6, "protest.3": 0.39})
    protest._factions_clear(w)
    assert [event.place for event in told(w)] == [17, 3]
    assert (w.protest[17], w.protest[3]) == pytest.approx((0.4 * (1 - 0.25 * 0.5), 0.39 * (1 - 0.25 * 0.8)))


@pytest.mark.parametrize(
    ("values", "luck", "clears"),
    [({}, 0.599, True), ({}, 0.601, False), ({"p.clear_rate": 0.5}, 0.5, False), ({"protest.17": 0.05}, 0.0, True),
     ({"protest.17": 0.049}, 0.0, False)],
)  # fmt: skip
def test_forces_ordered_to_clear_the_squares_do_so_by_chance(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], luck: float, clears: bool
) -> None:
    """Half as roughly as can be, and by a luck of their own."""
    dice(monkeypatch, protest, {CLEARS_DRAW: {N_FACTIONS: luck}, REPRESSION_DRAW: 0.99})
    w = blank(SQUARES | values)
    before = float(w.protest[17])
    protest._forces_clear(w)
    assert told(w) == ([Told(PROTEST_REPRESSED, IRAQI_FORCES, 17, cause=9, rule=13)] if clears else [])
    assert w.protest[17] == pytest.approx(before * 0.875 if clears else before)
    assert w.acting_rule == 0


@pytest.mark.parametrize(("order", "clears"), [(CLEAR_PROTESTS, True), (GUARD_PROTESTS, False), (0, False), (3, False)])
def test_forces_clear_the_squares_when_they_are_told_to(
    monkeypatch: pytest.MonkeyPatch, order: int, clears: bool
) -> None:
    """Factions clear whether they are or not."""
    dice(monkeypatch, protest, {SPARK_DRAW: 0.99, CLEARS_DRAW: 0.0, REPRESSION_DRAW: 0.99})
    w = blank(SQUARES | {"government.forces_order": order, "factions.5.represses": 0.0, "p.protest_threshold": 0.5})
    protest.protest_week(w)
    forces = Told(PROTEST_REPRESSED, IRAQI_FORCES, 17, cause=9, rule=13)
    assert told(w) == [BY_FIRST, *([forces] if clears else [])]


#: What a clearing as rough as 0.5 leaves behind: 0.4 becomes 0.35; fright of 0.2 rises by an eighth of the rest.
CLEARED: dict[str, Any] = SQUARES | {
    "fright.17": 0.2, "anger_government.17.0": 0.2, "anger_government.17.3": 0.6, "p.repression_cost": 0.3,
    "p.repression_deadly": 0.4, "p.harm_exponent": 2.0, "p.repression_most": 50.0, "pending_militia.17": 0.1,
    "pending_iran_all": 0.2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "strength", "cost"),
    [
        (FIRST_FACTION + 1, 1.0, 0.15),
        (FIRST_FACTION + 1, 2.0, 0.3),
        (FIRST_FACTION + 1, 0.0, 0.0),
        (IRAQI_FORCES, 1.0, 0.0),
    ],
)
def test_a_clearing_frightens_embitters_and_costs_factions_their_friends(
    monkeypatch: pytest.MonkeyPatch, actor: int, strength: float, cost: float
) -> None:
    """M34: three times as much near as everywhere, and nothing to the forces."""
    dice(monkeypatch, protest, {REPRESSION_DRAW: {actor: 0.99}})
    w = blank(CLEARED | {f"strength.{M34}": strength})
    protest._clear(w, 17, actor, 0.5)
    assert (w.protest[17], w.fright[17]) == pytest.approx((0.35, 0.2 + 0.125 * 0.8))
    assert list(w.anger_government[17]) == pytest.approx([0.2 + 0.05 * 0.8, 0.05, 0.05, 0.6 + 0.05 * 0.4])
    assert got(w, "pending_militia.17", "pending_iran_all") == pytest.approx((0.1 + 3 * cost, 0.2 + cost))
    assert told(w) == [Told(PROTEST_REPRESSED, actor, 17, cause=9)]


@pytest.mark.parametrize(
    ("actor", "kind"),
    [(FIRST_FACTION + 1, PROTESTERS_KILLED_BY_FACTIONS), (IRAQI_FORCES, PROTESTERS_KILLED_BY_FORCES)],
)
@pytest.mark.parametrize(
    ("luck", "size", "dead"), [(0.199, 0.76, 4), (0.2, 0.76, None), (0.199, 0.999, 50), (0.0, 0.0, 1)]
)
def test_a_clearing_may_kill(
    monkeypatch: pytest.MonkeyPatch, actor: int, kind: int, luck: float, size: float, dead: int | None
) -> None:
    """By 0.4 of how rough it is; at an exponent of 2 the quantile 0.76 is 4.17 people, and the most is 50."""
    dice(monkeypatch, protest, {REPRESSION_DRAW: {actor: luck}, REPRESSION_DEAD_DRAW: {actor: size}})
    w = blank(CLEARED)
    protest._clear(w, 17, actor, 0.5)
    killed = [] if dead is None else [Told(kind, actor, 17, dead, cause=1, target=PROTESTERS)]
    assert told(w)[1:] == killed


@pytest.mark.parametrize(("surged", "cause"), [(10, 9), (9, 0), (70, 9)])
def test_a_clearing_answers_a_surge_of_the_last_sixty_days(
    monkeypatch: pytest.MonkeyPatch, surged: int, cause: int
) -> None:
    """And nothing when the last was longer ago."""
    dice(monkeypatch, protest, {REPRESSION_DRAW: 0.99})
    w = blank(CLEARED | {"surge_day.17": surged})
    protest._clear(w, 17, IRAQI_FORCES, 0.5)
    assert told(w)[0].cause == cause
