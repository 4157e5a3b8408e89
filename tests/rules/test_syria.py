"""Beyond the border: the contingent, ISIS there, and the fighters who cross; exact moves."""

from typing import Any

import pytest

from sim.names.actors import ISIS, SYRIA, US
from sim.names.events import CELL_CROSSED, LEFT_SYRIA
from sim.names.mechanisms import M29
from sim.names.tables import MAX_CELLS
from sim.world import syria
from sim.world.draws import CELL_START_DRAW
from tests.rules.exact import Told, blank, got, moved, scrambled, told


def test_the_contingent_and_isis_in_syria_begin_as_the_scenario_has_them() -> None:
    """Soldiers and ISIS beyond the border."""
    w = blank({"s.troops_outside": 900.0, "s.syria_isis": 1.3})
    syria.start_syria(w)
    assert got(w, "outside_troops", "syria_isis") == (900.0, 1.3)


#: A force of 5000 of which a tenth carries the contingent: 300 and 50 in the north carry 0.7 of it.
CARRIED: dict[str, Any] = {
    "presence.troops_start": 5000.0, "presence.troops": 300.0, "presence.troops_north": 50.0, "s.troops_outside": 900.0,
    "outside_troops": 600.0, "kept.syria_week": 0.75, "presence.exit_event": 33,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "gone"),
    [
        ({}, 67.5),
        ({f"strength.{M29}": 2.0}, 135.0),
        ({f"strength.{M29}": 0.0}, 0.0),
        ({f"strength.{M29}": 99.0}, 600.0),
        ({f"strength.{M29}": 99.0, "outside_troops": 2000.0}, 900.0),
        ({"outside_troops": 20.0}, 20.0),
        ({"outside_troops": 0.5}, 0.5),
        ({"outside_troops": 0.0}, 0.0),
        ({"presence.troops": 450.0}, 0.0),
        ({"presence.troops": 449.0}, 0.45),
        ({"presence.troops": 9000.0}, 0.0),
        ({"presence.troops": 0.0, "presence.troops_north": 0.0}, 225.0),
        ({"presence.troops": -90.0, "presence.troops_north": 0.0}, 225.0),
        ({"presence.troops": 0.25, "presence.troops_north": 0.0, "presence.troops_start": 0.0}, 168.75),
        ({"kept.syria_week": 1.5}, 0.0),
    ],
)
def test_the_contingent_shrinks_when_iraq_no_longer_carries_it(values: dict[str, Any], gone: float) -> None:
    """M29: by what is not carried, a week's part of those of the start, and no more than are there."""
    w = blank(CARRIED | values)
    before = float(w.outside_troops)
    syria._contingent(w)
    assert w.outside_troops == pytest.approx(before - gone)
    events = told(w)
    assert len(events) == (1 if gone else 0)
    if gone:
        size = events[0].size
        assert size == pytest.approx(gone)
        assert events == [Told(LEFT_SYRIA, US, SYRIA, size, cause=33, claim=M29)]


@pytest.mark.parametrize(
    ("values", "isis"),
    [
        # Held by 0.75: grows by 0.4 * 0.25 * 1.2 * (1 - 1.2 / 3) = 0.072, returns by 0.1 * 0.75 of the way to 0.8.
        ({}, 1.272 + 0.075 * (0.8 - 1.272)),
        ({"outside_troops": 800.0}, 1.2 + 0.1 * (0.8 - 1.2)),
        ({"outside_troops": 0.0}, 1.2 + 0.4 * 1.2 * 0.6),
        ({"outside_troops": 0.25, "s.troops_outside": 0.0}, 1.2 + 0.216 + 0.025 * (0.8 - 1.416)),
    ],
)
def test_isis_in_syria_grows_where_nobody_holds_it_and_returns_where_somebody_does(
    values: dict[str, Any], isis: float
) -> None:
    """Towards a limit of its own; held, towards what it was at the start."""
    growth = {"p.syria_growth": 0.4, "p.syria_limit": 3.0, "p.syria_return": 0.1, "presence.troops": 9.0}
    held = {"outside_troops": 600.0, "s.troops_outside": 800.0, "syria_isis": 1.2, "s.syria_isis": 0.8}
    w = blank(growth | held | values)
    syria.syria_week(w)
    assert w.syria_isis == pytest.approx(isis)


def test_the_contingent_answers_before_isis_does_and_fighters_cross_last() -> None:
    """A week in which it is gone: ISIS grows at once, and as many cross as it has grown to."""
    w = blank({"outside_troops": 800.0, "s.troops_outside": 800.0, "kept.syria_week": 0.0, "syria_isis": 1.0,
               "p.syria_growth": 0.5, "p.syria_limit": 2.0, "p.syria_inflow": 4.0, "place_in.7.syria_border": 1.0,
               "p.cell_fighters": 99.0})  # fmt: skip
    syria.syria_week(w)
    assert got(w, "outside_troops", "syria_isis", "crossing.7") == (0.0, 1.25, 5.0)


#: Eight fighters a week, a quarter of them to place 1, three quarters to the last.
BORDER: dict[str, Any] = {
    "key": 777, "syria_isis": 2.0, "p.syria_inflow": 4.0, "place_in.1.syria_border": 0.1,
    "place_in.17.syria_border": 0.3, "p.cell_fighters": 10.0, "n_cells": 2, "crossed": 4, "fighters": 50.0,
    "fighters_in": 3.0, "crossing.1": 1.5, "cell_heat.2": 0.9, "cell_children.2": 6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "waiting", "cells"),
    [
        ({}, (3.5, 6.0), 0),
        ({f"strength.{M29}": 0.0}, (1.5, 0.0), 0),
        ({f"strength.{M29}": 0.5}, (2.5, 3.0), 0),
        ({"crossing.17": 4.0}, (3.5, 0.0), 1),
        ({"crossing.17": 3.9}, (3.5, 9.9), 0),
        ({"crossing.1": 9.0, "crossing.17": 5.0}, (0.0, 0.0), 2),
        ({"place_in.1.syria_border": 0.0, "place_in.17.syria_border": 0.0}, (1.5, 0.0), 0),
    ],
)
def test_fighters_wait_at_the_border_until_they_are_a_cell(
    values: dict[str, Any], waiting: tuple[float, float], cells: int
) -> None:
    """M29: by ISIS in Syria and the borders of places; where there is no border nobody crosses."""
    w = blank(BORDER | values)
    syria._cross(w)
    assert (w.crossing[1], w.crossing[17]) == pytest.approx(waiting)
    assert (w.n_cells, w.crossed) == (2 + cells, 4 + cells)


def test_a_cell_that_has_crossed_is_skilled_cold_and_its_own() -> None:
    """It is where it crossed, of those who waited, and has a key by its number."""
    w = blank(BORDER | {"crossing.17": 5.5})
    syria._cross(w)
    names = ("place", "fighters", "skill", "heat", "supplies", "children")
    assert got(w, *(f"cell_{name}.2" for name in names)) == (17, 11.5, 0.6, 0.0, 0.5, 0)
    assert int(w.cell_key[2]) == scrambled(777 ^ int(CELL_START_DRAW) ^ scrambled(0x5A1D07C3B1E94F27 + 5))
    assert got(w, "fighters", "fighters_in") == (61.5, 14.5)
    assert told(w) == [Told(CELL_CROSSED, ISIS, 17, claim=M29)]


def test_where_no_cell_more_has_room_bands_join() -> None:
    """The last place is taken; the next to come makes its own by joining the last with the first."""
    full = {"crossing.1": 20.0, "crossing.17": 20.0, "n_cells": MAX_CELLS - 1, "cell_fighters.0": 3.0}
    w = blank(BORDER | full)
    syria._cross(w)
    assert got(w, "n_cells", "crossing.1", "crossing.17", "beyond_room") == (MAX_CELLS, 0.0, 0.0, 0.0)
    assert w.cell_fighters[0] > 3.0


def test_a_border_counts_by_its_share_of_all() -> None:
    """However small they are drawn."""
    w = blank(BORDER | {"place_in.1.syria_border": 1e-3, "place_in.17.syria_border": 3e-3})
    syria._cross(w)
    assert (w.crossing[1], w.crossing[17]) == pytest.approx((3.5, 6.0))


def test_without_a_contingent_nothing_is_left_to_go() -> None:
    """Nothing moves."""
    assert moved(blank(CARRIED | {"outside_troops": 0.0, "presence.troops": 0.0}), syria._contingent) == set()
