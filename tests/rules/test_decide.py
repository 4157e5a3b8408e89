"""Decision tables: which rule acts, in small tables written row by row."""

from typing import Any

import numpy as np
import pytest

from sim.names.actors import (
    EVERY_FACTION,
    N_FACTIONS,
    SEAT_FIRST_FACTION,
    SEAT_GOVERNMENT,
    SEAT_IRAN,
    SEAT_US,
    SEATS,
)
from sim.names.address import address
from sim.names.perceptions import ROW
from sim.names.tables import EQUAL, FALSE, LESS, MORE, TRUE
from sim.world import decide
from sim.world.draws import POLICY_DRAW, mix
from tests.rules.moves import let_decide, moves, rolled, stage

#: The table of a seat is not the one numbered as the seat is.
SEAT, TABLE = SEAT_IRAN, 4


@pytest.mark.parametrize(
    ("relation", "less", "equal", "more"),
    [
        (LESS, True, False, False),
        (EQUAL, False, True, False),
        (MORE, False, False, True),
        (LESS | EQUAL, True, True, False),
        (MORE | EQUAL, False, True, True),
        (LESS | MORE, True, False, True),
    ],
)
def test_relations(relation: int, less: bool, equal: bool, more: bool) -> None:
    """Less, equal, more, and what can be made of them."""
    assert [decide.compares(x, relation, 0.5) for x in (0.4, 0.5, 0.6)] == [less, equal, more]


# Conditions

#: Rows of code from row 2 on: (column, relation, value, yes, no). Public 3 above 0.5 and own 1 below 2,
#: or public 4 at 7.
CODE = (
    (3, MORE, 0.5, 1, 2),
    (ROW + 1, LESS, 2.0, TRUE, 2),
    (4, EQUAL, 7.0, TRUE, FALSE),
)


def _with_code(w: Any, code: tuple[tuple[float, ...], ...] = CODE, first: int = 2) -> None:
    for k, row in enumerate(code):
        w.policies[TABLE]["code"][first + k] = row


@pytest.mark.parametrize(
    ("public", "own", "other", "holds"),
    [
        (0.6, 1.9, 0.0, True),
        (0.6, 2.0, 0.0, False),
        (0.5, 1.9, 0.0, False),
        (0.5, 1.9, 7.0, True),
        (0.6, 2.0, 7.0, True),
        (0.6, 2.0, 7.1, False),
    ],
)
def test_a_condition_goes_from_row_to_row(public: float, own: float, other: float, holds: bool) -> None:
    """Public facts stand in the first row of perceptions, a seat's own in its own; a comparison says where to go."""
    w = stage()
    w.sees_all[:] = 99.0
    w.sees_all[0, 3], w.sees_all[0, 4], w.sees_all[1 + SEAT, 1] = public, other, own
    _with_code(w)
    assert decide.holds(w, SEAT, TABLE, 2, 3) == holds


def test_the_first_own_perception_is_its_own() -> None:
    """Column ROW is the first of the seat's row; the column before it is public."""
    w = stage()
    w.sees_all[:] = 0.0
    w.sees_all[1 + SEAT, 0], w.sees_all[0, ROW - 1] = 5.0, 6.0
    _with_code(w, ((ROW, EQUAL, 5.0, TRUE, FALSE), (ROW - 1, EQUAL, 6.0, TRUE, FALSE)))
    assert decide.holds(w, SEAT, TABLE, 2, 1)
    assert decide.holds(w, SEAT, TABLE, 3, 1)


def test_no_condition_always_holds() -> None:
    """A rule without rows."""
    w = stage()
    _with_code(w, ((0, EQUAL, 1e9, TRUE, FALSE),), 0)
    assert decide.holds(w, SEAT, TABLE, 0, 0)
    assert not decide.holds(w, SEAT, TABLE, 0, 1)


# Choice

#: Three rules in the middle lane of three, numbers 1 to 3; those of the other lanes must never act.
LANE, ACTION = 1, 2


def _tabled(*rules: dict[str, float], recording: int = 1) -> Any:
    """Return a world in which a seat has these rules in a lane, all able, all certain, all without a condition."""
    w = stage({"recording": recording})
    acts = [(LANE, ACTION + k, 10.0 * k + 1, 10.0 * k + 2) for k in range(len(rules))]
    let_decide(w, TABLE, ((0, 9), *acts, (2, 9)))
    w.policy_of[:] = 0
    w.policy_of[SEAT] = TABLE
    w.can[:], w.fired[:], w.fired_day[:], w.wanted[:] = 1, 0, -1, 0
    _with_code(w, ((3, MORE, 0.5, TRUE, FALSE),))
    for k, rule in enumerate(rules):
        for name, value in rule.items():
            if name == "can":
                w.can[SEAT, ACTION + k] = value
            elif name in ("fired", "fired_day"):
                w[name][SEAT, 1 + k] = value
            else:
                setattr(w.policies[TABLE].rules[1 + k], name, value)
    w.sees_all[0, 3] = 0.5
    return w


NEVER_HOLDS = {"first": 2, "length": 1}


@pytest.mark.parametrize(
    ("rules", "chosen", "wanted"),
    [
        (({}, {}), 1, []),
        ((NEVER_HOLDS, {}), 2, []),
        ((NEVER_HOLDS, NEVER_HOLDS), -1, []),
        (({"can": 0}, {}), 2, [1]),
        (({"can": 0, **NEVER_HOLDS}, {}), 2, []),
        (({"can": 0}, {"can": 0}), -1, [1, 2]),
        (({"limited": 1, "after": 101, "until": 200}, {}), 2, []),
        (({"limited": 0, "after": 101, "until": 200}, {}), 1, []),
        (({"limited": 1, "after": 101, "until": 200, "can": 0}, {}), 2, []),
        ((), -1, []),
    ],
)
def test_the_first_rule_that_can_acts(rules: tuple[dict[str, float], ...], chosen: int, wanted: list[int]) -> None:
    """The first in the lane that is let, has its means and holds; one that lacks its means alone is noted as wanted."""
    w = _tabled(*rules)
    moved = moves(w, decide.choose, SEAT, LANE)
    fired = {} if chosen < 0 else {f"fired.{SEAT}.{chosen}": 1, f"fired_day.{SEAT}.{chosen}": 100}
    assert moved == {**fired, **{f"wanted.{SEAT}.{r}": 1 for r in wanted}}
    assert decide.choose(w, SEAT, LANE) == chosen


def test_what_is_wanted_is_counted_of_a_recorded_world_alone() -> None:
    """Twice on two days; never in a world that is not recorded."""
    for recording, count in ((1, 2), (0, 0)):
        w = _tabled({"can": 0}, recording=recording)
        decide.choose(w, SEAT, LANE)
        decide.choose(w, SEAT, LANE)
        assert w.wanted[SEAT, 1] == count


def test_a_rule_counts_how_often_it_fired() -> None:
    """On the second day it has fired twice, and last today."""
    w = _tabled({"fired": 3, "fired_day": 90})
    decide.choose(w, SEAT, LANE)
    assert (w.fired[SEAT, 1], w.fired_day[SEAT, 1], w.fired.sum()) == (4, 100, 4)


@pytest.mark.parametrize(
    ("rule", "chosen"),
    [
        ({"after": 100, "until": 100}, 1),
        ({"after": 101, "until": 200}, 2),
        ({"after": 0, "until": 99}, 2),
        ({"until": 100, "once": 1}, 1),
        ({"until": 100, "once": 1, "fired": 1, "fired_day": 10}, 2),
        ({"until": 100, "once": 1, "fired": 2, "fired_day": 10}, 2),
        ({"until": 100, "once": 0, "fired": 1, "fired_day": 10}, 1),
        ({"until": 100, "cooldown": 30, "fired": 1, "fired_day": 71}, 2),
        ({"until": 100, "cooldown": 30, "fired": 1, "fired_day": 70}, 1),
        ({"until": 100, "cooldown": 300, "fired": 0}, 1),
    ],
)
def test_dates_once_and_cooldowns(rule: dict[str, float], chosen: int) -> None:
    """From its first day to its last, once, or not again before its rest is over."""
    assert decide.choose(_tabled({"limited": 1, **rule}, {}), SEAT, LANE) == chosen


@pytest.mark.parametrize(("luck", "probability", "chosen"), [(0.29, 0.3, 1), (0.3, 0.3, 2), (0.99, 1.0, 1)])
def test_chance_by_seat_and_rule(luck: float, probability: float, chosen: int) -> None:
    """A rule below certainty needs the luck of its seat and name, at entity 0."""
    w = _tabled({"probability": probability, "key": 123456789}, {"probability": 1.0})
    stream = mix(POLICY_DRAW ^ np.uint64(address("seat", "iran")) ^ np.uint64(123456789))
    with rolled(decide.choose, {(int(stream), 0): luck}):
        assert decide.choose(w, SEAT, LANE) == chosen


def test_seats_have_keys_of_their_own() -> None:
    """In the order of their names."""
    assert [int(key) for key in decide._SEAT_KEYS] == [address("seat", seat) for seat in SEATS]


def test_lanes_begin_and_end_where_the_table_says() -> None:
    """The lanes around the middle one have one rule each; a fourth has none."""
    w = _tabled({}, {})
    assert [decide.choose(w, SEAT, lane) for lane in range(4)] == [0, 1, 3, -1]


def test_actions_options_and_names() -> None:
    """Of the seat's own table, by rule and option; names count from 1 on, 32 a seat."""
    w = _tabled({}, {})
    assert [decide.action_of(w, SEAT, r) for r in range(4)] == [9, ACTION, ACTION + 1, 9]
    assert [decide.option_of(w, SEAT, 2, k) for k in range(3)] == [11.0, 12.0, 0.0]
    assert [decide.name_of(seat, 3) for seat in (SEAT_US, SEAT_IRAN, SEAT_GOVERNMENT)] == [4, 36, 68]


# Factions together

#: Two policies: the first, third and last factions have one, the others another; each has rules in two lanes.
BANDS = (4, 2, 4, 2, 2, 4)
COLUMNS = (3, 4, ROW, ROW + 1)


def _banded(rng: np.random.Generator) -> Any:
    """Return a recorded world of factions with two policies, whose rules, means, past and sights are drawn."""
    w = stage({"recording": 1, "day": 100})
    for table in set(BANDS):
        let_decide(w, table, tuple((lane, 2 + k, 1.0) for lane in range(2) for k in range(4)))
        for row in range(24):  # three rows a rule, each leading on to a later one, or to an end
            ends = [TRUE, FALSE, *range(row % 3 + 1, 3)]
            w.policies[table]["code"][row] = (
                rng.choice(COLUMNS), rng.integers(1, 7), rng.integers(0, 3) / 2, rng.choice(ends), rng.choice(ends)
            )  # fmt: skip
        for r in range(8):
            rule = w.policies[table].rules[r]
            rule.first, rule.length, rule.key = 3 * r, rng.choice([0, 3, 3]), rng.integers(1, 2**60)
            rule.probability = rng.choice([1.0, 0.5])
            rule.limited, rule.after, rule.until, rule.cooldown = rng.integers(0, 2), 0, rng.choice([99, 200]), 30
            rule.once = 0
    w.policy_of[SEAT_FIRST_FACTION:] = BANDS
    w.sees_all[:] = rng.integers(0, 3, w.sees_all.shape) / 2
    w.can[:], w.wanted[:] = rng.integers(0, 2, w.can.shape), 0
    w.fired[:] = rng.integers(0, 2, w.fired.shape)
    w.fired_day[:] = np.where(w.fired > 0, rng.integers(60, 100, w.fired.shape), -1)
    return w


@pytest.mark.parametrize("seed", range(40))
def test_factions_choose_together_as_each_would_alone(seed: int) -> None:
    """The same rules act, are noted as having fired, and are noted as wanted without the means."""
    together, alone = (_banded(np.random.default_rng(seed)) for _ in range(2))
    decide.ally(together)
    for lane in range(2):
        decide.choose_together(together, lane, EVERY_FACTION)
        expected = [decide.choose(alone, SEAT_FIRST_FACTION + f, lane) for f in range(N_FACTIONS)]
        assert list(together.chosen) == expected
    for name in ("fired", "fired_day", "wanted"):
        assert (together[name] == alone[name]).all()


def test_only_those_factions_choose_that_are_asked() -> None:
    """The others choose nothing, and nothing is noted of them."""
    for seed in range(10):
        w, alone = (_banded(np.random.default_rng(seed)) for _ in range(2))
        decide.ally(w)
        before = w.fired.copy()
        decide.choose_together(w, 0, 0b010010)
        asked = {f: decide.choose(alone, SEAT_FIRST_FACTION + f, 0) for f in (1, 4)}
        assert list(w.chosen) == [asked.get(f, -1) for f in range(N_FACTIONS)]
        others = [seat for seat in range(len(SEATS)) if seat - SEAT_FIRST_FACTION not in asked]
        assert (w.fired[others] == before[others]).all()
