"""ISIS cells: a week of one cell, and of all; exact moves."""

import math
from typing import Any

import numpy as np
import pytest

from sim.names.actors import ISIS, NOWHERE, PUBLIC
from sim.names.events import (
    CELL_DESTROYED,
    CELL_SPLIT,
    FIGHTERS_LOST,
    FIGHTERS_RECRUITED,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
)
from sim.names.mechanisms import M27, M72
from sim.names.streams import C_ATTACKS, C_DESTROYED, C_MOVES, C_SPLITS
from sim.names.tables import MAX_CELLS
from sim.world import isis
from sim.world.draws import CELL_START_DRAW, ISIS_SIZE_DRAW
from tests.rules.exact import Told, blank, dice, got, moved, put, scrambled, told

# The start


def _begun(monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], luck: Any) -> Any:
    dice(monkeypatch, isis, {CELL_START_DRAW: luck}, "draw_at_start")
    start: dict[str, Any] = {
        "key": 12345, "s.isis_fighters": 100.0, "p.cell_fighters": 30.0, "place_in.3.isis_share": 0.3,
        "place_in.17.isis_share": 0.1, "place_in.17.iran_border": 0.5, "place_in.3.population": 1e6,
        "s.isis_attacks_quarter": 26.0,
    }  # fmt: skip
    w = blank(start | values)
    isis.start_cells(w)
    return w


def test_cells_begin_where_they_find_shelter_with_a_size_and_skill_of_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred fighters in cells of about thirty: three cells, three numbers of luck each, keys of their own."""
    w = _begun(monkeypatch, {}, {0: 0.74, 1: 0.0, 2: 0.0, 3: 0.76, 4: 0.5, 5: 0.5, 6: 0.1, 7: 0.9, 8: 0.75})
    assert w.n_cells == 3
    assert list(w.cell_place[:3]) == [3, 17, 3]
    assert list(w.cell_fighters[:4]) == pytest.approx([100 / 3 * 0.5, 100 / 3, 100 / 3 * 1.4, 0.0])
    assert list(w.cell_skill[:4]) == pytest.approx([0.3, 0.5, 0.6, 0.0])
    assert list(w.cell_supplies[:4]) == [0.5, 0.5, 0.5, 0.0]
    assert w.fighters == w.fighters_start == pytest.approx(100 / 3 * 2.9)
    stream = int(CELL_START_DRAW)
    assert [int(key) for key in w.cell_key[:3]] == [scrambled(12345 ^ stream ^ scrambled(i)) for i in (1, 2, 3)]
    assert w.border_start == pytest.approx(100 / 3 * 0.5)
    assert w.beyond_room == 0.0


def test_the_quarter_before_is_laid_over_places_and_weeks_as_it_was_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty-six attacks are two a week, by the shares of the places; there are thirteen weeks."""
    w = _begun(monkeypatch, {}, 0.5)
    assert list(w.isis_quarter[3]) == pytest.approx([1.5] * 13 + [0.0])
    assert list(w.isis_quarter[17]) == pytest.approx([0.5] * 13 + [0.0])
    assert w.isis_quarter.sum() == pytest.approx(26.0)


@pytest.mark.parametrize(
    ("fighters", "cells", "beyond"),
    [(10.0, 1, 0.0), (0.0, 1, 0.0), (89.9, 2, 0.0), (90.0, 3, 0.0), (18_000.0, 550, 50.0)],
)
def test_there_is_one_cell_at_least_and_room_for_new_ones(
    monkeypatch: pytest.MonkeyPatch, fighters: float, cells: int, beyond: float
) -> None:
    """Fifty of all places for cells are kept free; what would not fit is told."""
    w = _begun(monkeypatch, {"s.isis_fighters": fighters}, 0.5)
    assert (w.n_cells, w.beyond_room) == (cells, beyond)
    assert w.fighters == pytest.approx(fighters)


def test_cells_that_no_place_shelters_are_where_the_first_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no share is left to point to, and where none was given at all, nothing divides by none."""
    w = _begun(monkeypatch, {"place_in.3.isis_share": 0.0, "place_in.17.isis_share": 0.0}, 0.5)
    assert list(w.cell_place[:3]) == [0, 0, 0]
    assert w.isis_quarter.sum() == 0.0
    one = _begun(monkeypatch, {"place_in.3.isis_share": 0.25, "place_in.17.isis_share": 0.25}, 0.5)
    assert list(one.cell_place[:3]) == [17, 17, 17]


def test_shares_count_by_their_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares of less than a whole, of 0.001 and 0.003, are a quarter and three quarters."""
    w = _begun(monkeypatch, {"place_in.3.isis_share": 0.001, "place_in.17.isis_share": 0.003}, 0.3)
    assert list(w.cell_place[:3]) == [17, 17, 17]
    assert w.isis_quarter[17, 0] == pytest.approx(1.5)


# A week of a cell


#: A cell in place 4. Growth 0.1 * 0.5 of room, 0.12 attacks of a fighter: 1.5 * 1.2 * (26 / 13) / 30.
CELL: dict[str, Any] = {
    "n_cells": 1, "n_dead": 5, "n_large": 5, "cell_place.0": 4, "cell_fighters.0": 20.0, "cell_skill.0": 0.6,
    "cell_heat.0": 0.3, "cell_supplies.0": 0.25, "place_ease.4": -0.2, "place_room.4": 0.3, "place_crowd.4": 0.5,
    "pressure.4": 0.4, "growth_even": 0.1, "p.cell_learning": 0.2, "p.recruit_skill": 0.6, "p.isis_tempo": 1.5,
    "s.isis_attacks_quarter": 26.0, "fighters_start": 30.0, "p.split_size": 50.0,
    "p.split_rate": 0.3, "p.cell_loss": 0.5, "p.cell_moves": 0.5, "place_sum.4": 3.0, "place_more.4": 2.0,
}  # fmt: skip


def _lived(values: dict[str, Any], destroyed: float = 0.9, attacks: float = 0.0) -> tuple[Any, float]:
    """Return a world in which the cell has lived a week, and the fighters gained."""
    w = blank(CELL)
    w.cell_u[:] = 0.99
    w.cell_u[C_DESTROYED, 0], w.cell_u[C_ATTACKS, 0] = destroyed, attacks
    return w, isis._live_all(put(w, values), 1.2, 0.5)


@pytest.mark.parametrize(
    ("values", "u", "dies"),
    [
        # 0.5 * 0.4 * (0.4 + 0.6 * 0.3) * (1.3 - 0.6) = 0.0812
        ({}, 0.0811, True),
        ({}, 0.0813, False),
        ({"cell_heat.0": 1.0, "cell_skill.0": 0.3, "pressure.4": 1.0}, 0.499, True),
        ({"cell_heat.0": 1.0, "cell_skill.0": 0.3, "pressure.4": 1.0}, 0.501, False),
        ({"cell_heat.0": 0.0, "cell_skill.0": 1.0, "pressure.4": 1.0}, 0.0599, True),
        ({"cell_heat.0": 0.0, "cell_skill.0": 1.0, "pressure.4": 1.0}, 0.0601, False),
        ({"pressure.4": 0.0}, 0.0, False),
        ({"pressure.4": 1.0, "p.cell_loss": 99.0}, 0.99, True),
    ],
)
def test_a_cell_dies_by_the_pressure_the_hotter_and_the_greener_it_is(
    values: dict[str, Any], u: float, dies: bool
) -> None:
    """A dead cell is noted and counted in its place, and does nothing else that week."""
    w, gained = _lived(values, destroyed=u, attacks=0.999)
    assert (w.n_dead, w.n_large, w.place_more[4]) == ((1, 0, 3.0) if dies else (0, 0, 2.0))
    if dies:
        assert (w.dead[0], gained, w.cell_fighters[0], w.place_sum[4]) == (0, 0.0, 20.0, 3.0)
    else:
        assert gained != 0.0


def test_a_cell_grows_learns_and_supplies_itself() -> None:
    """By room, ease, grievance and supplies: a gain of 20 * 0.05 * 0.5 * (1 - 0.2 + 0.3) * 0.75, and so on."""
    w, gained = _lived({})
    assert gained == pytest.approx(0.4125)
    assert w.cell_fighters[0] == pytest.approx(20.4125)
    assert w.cell_skill[0] == pytest.approx(0.6 + 0.2 * 0.4)
    assert w.cell_supplies[0] == pytest.approx(0.25 + 0.1 * (0.4 - 0.25))


@pytest.mark.parametrize(
    ("values", "gained", "supplies"),
    [
        ({"place_ease.4": -3.0, "growth_even": 0.4}, -1.0, 0.225),
        ({"place_ease.4": -3.0}, 20 * 0.05 * 0.5 * -1.7 * 0.75, 0.225),
        ({"place_ease.4": 2.0}, 20 * 0.05 * 0.5 * 3.3 * 0.75, 0.325),
        ({"cell_supplies.0": 1.0}, 20 * 0.05 * 0.5 * 1.1 * 1.5, 0.94),
    ],
)
def test_a_cell_loses_a_twentieth_at_most_and_supplies_are_a_share(
    values: dict[str, Any], gained: float, supplies: float
) -> None:
    """However hard the pressure; supplies move a tenth of the way to what the pressure leaves."""
    w, gain = _lived(values)
    assert gain == pytest.approx(gained)
    assert w.cell_fighters[0] == pytest.approx(20.0 + gained)
    assert w.cell_supplies[0] == pytest.approx(supplies)


@pytest.mark.parametrize(
    ("room", "crowd", "ease", "gained"),
    [
        (0.5, 0.5, -0.2, 0.4125),
        (-0.5, 0.5, -0.2, -0.4125),
        (0.5, -0.5, -0.2, -0.4125),
        (-0.5, -0.5, -0.2, -0.4125),
        (0.5, 0.5, -2.4, -0.4125),
        (-0.5, 0.5, -2.4, -0.4125),
        (0.5, -0.5, -2.4, -0.4125),
        (-0.5, -0.5, -2.4, -0.4125),
        (0.0, -0.5, -0.2, 0.0),
    ],
)
def test_two_things_that_hold_a_cell_back_do_not_make_it_grow(
    room: float, crowd: float, ease: float, gained: float
) -> None:
    """A full country, a full place, a pressure beyond what grievance feeds: each and all of them make it dwindle."""
    w = put(blank(CELL), {"place_crowd.4": crowd, "place_ease.4": ease})
    w.cell_u[:] = 0.99
    assert isis._live_all(w, 1.2, room) == pytest.approx(gained)


@pytest.mark.parametrize(
    ("values", "u", "attacks", "heat"),
    [
        # A mean of 0.12 * 20.4125 * 0.75 * 0.8 = 1.4697: none below 0.22999, one below 0.56800, two below 0.81639.
        ({}, 0.2299, 0.0, 0.18),
        ({}, 0.2301, 1.0, 0.58),
        ({}, 0.5679, 1.0, 0.58),
        ({}, 0.5681, 2.0, 0.58),
        ({}, 0.8163, 2.0, 0.58),
        ({}, 0.8165, 3.0, 0.58),
        ({"cell_heat.0": 1.5}, 0.5, 1.0, 1.0),
        # Under hard pressure a tenth of the usual: 0.12 * 19.3625 * 0.75 * 0.1 = 0.17426: none below 0.84008.
        ({"place_ease.4": -3.0}, 0.8400, 0.0, 0.18),
        ({"place_ease.4": -3.0}, 0.8402, 1.0, 0.58),
        # Of a start without fighters: 1.5 * 1.2 * 2 * 20.4125 * 0.75 * 0.8 / 1 = 44.09, nearest 44 in the middle.
        ({"fighters_start": 0.5}, 0.5, 44.0, 0.58),
    ],
)
def test_a_cell_attacks_by_its_fighters_supplies_and_the_pressure(
    values: dict[str, Any], u: float, attacks: float, heat: float
) -> None:
    """As often as was counted at the start, by season and ease; having attacked leaves it exposed for a while."""
    w, _ = _lived(values, attacks=u)
    assert w.place_sum[4] == 3.0 + attacks
    assert w.cell_heat[0] == pytest.approx(heat)


@pytest.mark.parametrize(
    ("values", "u", "place"),
    [
        ({}, 0.24, 9),
        ({}, 0.26, 2),
        ({}, 0.499, 2),
        ({}, 0.5, 4),
        ({"n_neighbours.4": 0}, 0.24, 4),
        ({"n_neighbours.4": 1}, 0.499, 9),
        ({"place_in.9.haven": 0.05}, 0.24, 4),
        ({"place_in.9.haven": 0.0501}, 0.24, 9),
        ({"pressure.9": 0.4}, 0.24, 4),
        ({"pressure.9": 0.39}, 0.24, 9),
        ({"pressure.9": 0.5}, 0.24, 4),
    ],
)
def test_a_cell_moves_to_a_neighbour_that_shelters_it_under_less_pressure(
    values: dict[str, Any], u: float, place: int
) -> None:
    """By chance of one in two here, and to the neighbour that the same luck points to."""
    w = blank(CELL)
    w.cell_u[:] = 0.99
    w.cell_u[C_MOVES, 0] = u
    put(w, {"n_neighbours.4": 2, "neighbours.4.0": 9, "neighbours.4.1": 2, "neighbours.4.2": 2, "place_in.9.haven": 0.3,
            "place_in.2.haven": 0.3, "pressure.9": 0.1, "pressure.2": 0.2})  # fmt: skip
    isis._live_all(put(w, values), 1.2, 0.5)
    assert w.cell_place[0] == place


@pytest.mark.parametrize(
    ("fighters", "u", "splits"),
    [(49.5, 0.29, True), (48.0, 0.0, False), (60.0, 0.3, False), (60.0, 0.31, False), (60.0, 0.0, True)],
)
def test_a_cell_too_large_for_hiding_may_split(fighters: float, u: float, splits: bool) -> None:
    """Counted after the week's growth; it is noted, and splits later."""
    w = blank(CELL | {"cell_fighters.0": fighters})
    w.cell_u[:] = 0.99
    w.cell_u[C_SPLITS, 0] = u
    isis._live_all(w, 1.2, 0.5)
    assert (w.n_large, w.cell_children[0]) == (int(splits), 0)


def test_a_cell_of_the_very_size_does_not_split() -> None:
    """Without growth, at fifty."""
    w = blank(CELL | {"cell_fighters.0": 50.0, "growth_even": 0.0})
    w.cell_u[:] = 0.0
    w.cell_u[C_DESTROYED, 0] = w.cell_u[C_MOVES, 0] = 0.99
    isis._live_all(w, 1.2, 0.5)
    assert w.n_large == 0


def test_each_cell_lives_its_own_week() -> None:
    """The first and the third die, the second and the fourth are large: each is noted by its number."""
    w = blank(CELL | {"n_cells": 4})
    for i in range(5):
        put(w, {f"cell_place.{i}": 4, f"cell_fighters.{i}": 60.0, f"cell_supplies.{i}": 0.25})
    w.cell_u[:] = 0.99
    w.cell_u[C_DESTROYED, :5] = (0.0, 0.99, 0.0, 0.99, 0.0)
    w.cell_u[C_SPLITS] = w.cell_u[C_ATTACKS] = 0.0
    gained = isis._live_all(w, 1.2, 0.5)
    assert (list(w.dead[: w.n_dead]), list(w.large[: w.n_large])) == ([0, 2], [1, 3])
    assert gained == pytest.approx(2 * 60 * 0.020625)
    assert w.cell_fighters[4] == 60.0


# The week of all


@pytest.mark.parametrize(("ring", "then"), [(3, 4), (11, 12), (12, 0)])
def test_the_weeks_attacks_take_their_place_in_the_ring(monkeypatch: pytest.MonkeyPatch, ring: int, then: int) -> None:
    """Every place has its week, a quiet one a week of none."""
    dice(monkeypatch, isis, {ISIS_SIZE_DRAW: 0.99})
    w = blank({"ring_isis": ring, "place_sum.0": 2.0, "place_sum.17": 3.0, "isis_attacks_place.17": 10.0})
    w.isis_quarter[:] = 8.0
    isis._settle_attacks(w)
    assert w.ring_isis == then
    assert [w.isis_quarter[g, then] for g in (0, 5, 17)] == [2.0, 0.0, 3.0]
    assert w.isis_quarter.sum() == 8.0 * 13 * 18 + 5.0
    assert list(w.isis_attacks_place[[0, 5, 17]]) == [2.0, 0.0, 13.0]
    assert told(w) == [Told(ISIS_ATTACKS, ISIS, 0, 2.0), Told(ISIS_ATTACKS, ISIS, 17, 3.0)]


def test_attacks_kill_by_luck_of_their_own_and_destroyed_cells_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two attacks in ten that kill, 0.152 is the quantile 0.76: four people; what kills nobody is not told."""
    lucks = {600: 0.152, 601: 0.2, 602: 0.1999, 3400: 0.21, 3401: 0.5}
    drawn = dice(monkeypatch, isis, {ISIS_SIZE_DRAW: lucks})
    w = blank({"place_sum.3": 3.0, "place_sum.17": 2.0, "place_more.17": 2.0, "place_more.5": 1.0,
               "p.isis_deadly_share": 0.2, "p.isis_exponent": 2.0, "p.isis_most_dead": 30.0})  # fmt: skip
    isis._settle_attacks(w)
    assert told(w) == [
        Told(ISIS_ATTACKS, ISIS, 3, 3.0),
        Told(ISIS_KILLED_PEOPLE, ISIS, 3, 34.0, cause=1, target=PUBLIC),
        Told(CELL_DESTROYED, ISIS, 5, 1.0),
        Told(ISIS_ATTACKS, ISIS, 17, 2.0),
        Told(CELL_DESTROYED, ISIS, 17, 2.0),
    ]
    assert [entity for _, entity in drawn] == [600, 601, 602, 3400, 3401]


def test_a_single_attack_is_told_and_may_kill_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least that there can be."""
    dice(monkeypatch, isis, {ISIS_SIZE_DRAW: {800: 0.0}})
    w = blank({"place_sum.4": 1.0, "p.isis_deadly_share": 0.2, "p.isis_exponent": 2.0, "p.isis_most_dead": 30.0})
    isis._settle_attacks(w)
    assert told(w) == [Told(ISIS_ATTACKS, ISIS, 4), Told(ISIS_KILLED_PEOPLE, ISIS, 4, cause=1, target=PUBLIC)]


@pytest.mark.parametrize(("attacks", "sizes", "beyond"), [(200.0, 200, 0.0), (250.0, 200, 50.0), (7.0, 7, 0.0)])
def test_a_week_beyond_all_bounds_is_summed_as_of_two_hundred_attacks(
    monkeypatch: pytest.MonkeyPatch, attacks: float, sizes: int, beyond: float
) -> None:
    """And says so."""
    drawn = dice(monkeypatch, isis, {ISIS_SIZE_DRAW: 0.0})
    w = blank({"place_sum.1": attacks, "p.isis_deadly_share": 0.5, "p.isis_exponent": 2.0, "p.isis_most_dead": 9.0})
    isis._settle_attacks(w)
    assert (len(drawn), w.beyond_room, w.total[ISIS_KILLED_PEOPLE]) == (sizes, beyond, sizes)


FIELDS = ("key", "place", "fighters", "skill", "heat", "supplies", "children")


def _cells(n: int) -> Any:
    """Return a world of cells each of which holds numbers of its own."""
    w = blank({"n_cells": n})
    for i in range(n):
        for k, name in enumerate(FIELDS):
            getattr(w, f"cell_{name}")[i] = 10 * k + i + 1
        w.cell_u[:, i] = np.arange(4) + 0.1 * i
    return w


def _cell(w: Any, i: int) -> tuple[list[float], list[float]]:
    return [float(getattr(w, f"cell_{name}")[i]) for name in FIELDS], list(w.cell_u[:, i])


def test_the_last_cells_take_the_places_of_the_dead_with_all_that_is_theirs() -> None:
    """Of five the second and fourth are dead: the last takes the place of the fourth, and then of the second."""
    w = _cells(5)
    first, third, last = (_cell(w, i) for i in (0, 2, 4))
    w.n_dead, w.dead[:2] = 2, (1, 3)
    assert isis._close_ranks(w) == 22.0 + 24.0
    assert w.n_cells == 3
    assert [_cell(w, i) for i in range(3)] == [first, last, third]
    assert list(w.cell_fighters[3:6]) == [0.0, 0.0, 0.0]


def test_without_dead_the_ranks_stay() -> None:
    """Nothing is lost and nothing moves."""
    w = _cells(3)
    assert moved(w, isis._close_ranks) == set()
    assert isis._close_ranks(w) == 0.0


def test_a_cell_splits_in_halves_and_the_child_knows_less() -> None:
    """Half the fighters each, the same place and supplies, four fifths of the skill, cold, and a key of its own."""
    w = _cells(3)
    w.n_large, w.large[:2] = 2, (1, 2)
    isis._split_all(w)
    assert w.n_cells == 5
    assert _cell(w, 1)[0] == [2.0, 12.0, 11.0, 32.0, 42.0, 52.0, 63.0]
    child = [float(scrambled(2 ^ (0x9E6C63D0876A9A47 * 63) % 2**64)), 12.0, 11.0, 0.8 * 32.0, 0.0, 52.0, 0.0]
    assert _cell(w, 3)[0] == pytest.approx(child, rel=1e-15)
    assert _cell(w, 4)[0][1:] == pytest.approx([13.0, 11.5, 0.8 * 33.0, 0.0, 53.0, 0.0])
    assert told(w) == [Told(CELL_SPLIT, ISIS, 12), Told(CELL_SPLIT, ISIS, 13)]


def test_a_child_of_a_place_taken_before_starts_afresh() -> None:
    """What a dead cell left in its place is not the child's."""
    w = _cells(3)
    w.n_cells, w.n_large, w.large[0] = 2, 1, 0
    isis._split_all(w)
    assert _cell(w, 2)[0][1:] == pytest.approx([11.0, 10.5, 0.8 * 31.0, 0.0, 51.0, 0.0])


def test_where_no_place_is_left_no_cell_splits_and_that_is_told() -> None:
    """One finds the last place, the other none."""
    w = blank({"n_cells": MAX_CELLS - 1, "n_large": 2, "large.0": 4, "large.1": 5, "cell_fighters.4": 8.0,
               "cell_fighters.5": 8.0})  # fmt: skip
    isis._split_all(w)
    assert (w.n_cells, w.beyond_room, w.cell_fighters[5], len(told(w))) == (MAX_CELLS, 1.0, 8.0, 1)
    assert w.cell_fighters[MAX_CELLS - 1] == w.cell_fighters[4] == 4.0


GROUND: dict[str, Any] = {
    "n_cells": 4, "cell_place.0": 4, "cell_fighters.0": 18.0, "cell_place.1": 4, "cell_fighters.1": 12.0,
    "cell_place.2": 17, "cell_fighters.2": 20.0, "cell_place.3": 0, "cell_fighters.3": 5.0, "cell_fighters.4": 900.0,
    "pressure.4": 0.4, "p.hidden_fighters": 10.0, "p.people_held": 100.0,
    "place_in.4.population": 100_000.0, "place_in.4.sunni_arab": 0.5,
    "place_in.17.population": 1_000.0, "place_in.17.sunni_arab": 0.2,
    "place_in.0.population": 99_000.0, "place_in.0.sunni_arab": 1.0,
}  # fmt: skip


@pytest.mark.parametrize(("most", "then"), [(0.0, 0.005), (0.2, 0.2)])
def test_those_who_need_not_hide_hold_people(most: float, then: float) -> None:
    """Of 30 under a pressure of 0.4 18 are open, 10 of them hide: 8 hold 800; 10 more hold all 200 Sunni of a place."""
    w = blank(GROUND | {"control_max": most, "place_fighters.9": 77.0})
    isis._take_ground(w)
    assert list(w.place_fighters[[0, 4, 9, 17]]) == [5.0, 30.0, 0.0, 20.0]
    assert w.control == pytest.approx(1000.0 / 200_000.0)
    assert w.control_max == pytest.approx(then)


def test_few_people_are_held_as_a_share_and_none_as_nothing() -> None:
    """Half a person in a land of half a person is half of one; a land without people has no share."""
    few = {"place_in.0.population": 0.5, "place_in.0.sunni_arab": 1.0, "place_in.4.population": 0.0,
           "place_in.17.population": 0.0, "p.hidden_fighters": 0.0}  # fmt: skip
    w = blank(GROUND | few)
    isis._take_ground(w)
    assert w.control == 0.5


@pytest.mark.parametrize(
    ("gained", "lost", "booked", "events"),
    [
        (0.5, 0.0, (10.5, 20.0), [Told(FIGHTERS_RECRUITED, ISIS, NOWHERE, 0.5)]),
        (0.0, 0.5, (10.0, 20.5), [Told(FIGHTERS_LOST, ISIS, NOWHERE, 0.5)]),
        (-2.0, 4.0, (10.0, 26.0), [Told(FIGHTERS_LOST, ISIS, NOWHERE, 6.0)]),
        (
            3.0,
            4.0,
            (13.0, 24.0),
            [Told(FIGHTERS_RECRUITED, ISIS, NOWHERE, 3.0), Told(FIGHTERS_LOST, ISIS, NOWHERE, 4.0)],
        ),
        (0.0, 0.0, (10.0, 20.0), []),
    ],
)
def test_fighters_gained_and_lost_are_booked(
    gained: float, lost: float, booked: tuple[float, float], events: list[Told]
) -> None:
    """What cells gain is net of those who left them, never less than none; where they dwindle, that is lost too."""
    w = blank({"fighters_in": 10.0, "fighters_out": 20.0})
    isis._book(w, gained, lost)
    assert told(w) == events
    assert got(w, "fighters_in", "fighters_out") == booked


#: What a week is lived under: a pressure of 0.7 where 0.5 is usual, 90 of at most 0.2 * 600 fighters in a place.
WEEK: dict[str, Any] = {
    "day": 7, "start_ordinal": 737_000, "p.season_peak": 737_007.0, "p.season_swing": 0.3, "p.ease": 1.5,
    "pressure_usual.0": 0.5, "pressure_usual.17": 0.5,
    "pressure.17": 0.7, "pressure.0": 0.2, "p.grievance_recruits": 0.4, "grievance.17": 0.6,
    "p.place_limit": 0.2, "p.fighters_limit": 600.0, "place_fighters.17": 90.0, "place_fighters.0": 480.0,
    "fighters": 240.0, "place_sum.17": 55.0, "place_more.17": 66.0,
}  # fmt: skip


def _under(monkeypatch: pytest.MonkeyPatch, values: dict[str, Any]) -> tuple[Any, float, float]:
    """Return a world in which a week was lived, and the season and the room in it, the cells having gained seven."""
    given: list[float] = []

    def live(_: Any, season: float, room: float) -> float:
        given.extend((float(season), float(room)))
        return 7.0

    monkeypatch.setattr(isis, "_live_all", live)
    w = blank(WEEK | values)
    isis.cells_week(w)
    return w, given[0], given[1]


@pytest.mark.parametrize(("strength", "eased"), [(1.0, (0.45, -0.3)), (2.0, (0.9, -0.6)), (0.0, (0.0, 0.0))])
def test_pressure_eases_or_hardens_what_cells_do(
    monkeypatch: pytest.MonkeyPatch, strength: float, eased: tuple[float, float]
) -> None:
    """M27: by how far it is from the usual; grievance makes room for recruits, and other fighters take it."""
    w, _, _ = _under(monkeypatch, {f"strength.{M27}": strength})
    assert tuple(w.place_ease[[0, 17]]) == pytest.approx(eased)
    assert tuple(w.place_room[[0, 17]]) == pytest.approx((0.0, 0.24))
    assert tuple(w.place_crowd[[0, 5, 17]]) == pytest.approx((-0.5, 1.0, 0.25))
    assert (w.place_sum[17], w.place_more[17]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("values", "season", "room"),
    [
        ({}, 1.3, 0.6),
        ({"day": 7 + 182.625}, 1.3 - 0.6, 0.6),
        ({"p.season_peak": 737_007.0 - 365.25 / 3}, 1.0 - 0.15, 0.6),
        ({"p.season_peak": 737_007.0 - 365.25 / 6}, 1.0 + 0.15, 0.6),
        ({"fighters": 1200.0}, 1.3, -0.5),
        ({"fighters": -60.0}, 1.3, 1.0),
    ],
)
def test_cells_live_by_the_season_and_the_room_that_is_left(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], season: float, room: float
) -> None:
    """A year's swing about its peak, half a year later its opposite; room ends at the limit, and turns beyond it."""
    if "day" in values:
        values = {"p.season_peak": 737_007.0 - 182.625}
    _, at, left = _under(monkeypatch, values)
    assert (at, left) == pytest.approx((season, room))


def test_the_growth_of_the_start_makes_up_for_its_losses_and_drifts_as_the_scenario_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two cells lose 0.008 of 30 and of 60 a week, found by two in five of a chance of 0.5 * 0.1 * 0.4; and drift."""
    monkeypatch.setattr(isis, "_live_all", lambda *_: 0.0)
    cells = {"n_cells": 2, "fighters": 90.0, "cell_fighters.0": 30.0, "cell_fighters.1": 60.0, "cell_place.0": 4,
             "cell_place.1": 4, "cell_skill.0": 0.3, "cell_skill.1": 0.3, "pressure_usual.4": 0.4, "pressure.4": 0.9,
             "p.cell_loss": 0.05, "p.fighters_limit": 900.0, "p.place_limit": 0.5,
             "place_fighters.4": 90.0}  # fmt: skip
    w = blank(WEEK | cells | {"day": 0, "s.isis_drift": 0.52, "place_fighters.17": 0.0})
    isis.cells_week(w)
    assert w.growth_even == pytest.approx((90 * 0.05 * 0.4 * 0.4 + 0.01 * 90) / (90 * 0.9 * 0.8))
    later = blank(WEEK | cells | {"growth_even": 0.77})
    isis.cells_week(later)
    assert later.growth_even == 0.77


def test_recruits_are_green(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that gained 0.4125 of its 20.4125 has so much of what recruits know, the rest of what it learnt."""
    w, _ = _lived({"p.recruit_skill": 0.1})
    assert w.cell_skill[0] == pytest.approx(0.6 + 0.2 * 0.4 + 0.4125 / 20.4125 * (0.1 - 0.6))


def test_where_there_are_many_fighters_bands_are_larger() -> None:
    """The record has room for 600 cells: 24,000 fighters split only what is larger than a hundred."""
    w = blank(CELL | {"cell_fighters.0": 90.0, "fighters": 24_000.0})
    w.cell_u[:] = 0.99
    w.cell_u[C_SPLITS, 0] = 0.0
    isis._live_all(w, 1.2, 0.5)
    assert w.n_large == 0
    put(w, {"cell_fighters.0": 101.0})
    isis._live_all(w, 1.2, 0.5)
    assert w.n_large == 1


def test_troops_who_are_resented_bring_recruits_among_sunnis() -> None:
    """M72: a place half Sunni, two in five angry, 2,000 troops where 2,000 are half felt: 0.6 * 0.5 * 0.4 / 2."""
    w = blank({"presence.troops": 2000.0, "p.presence_felt": 2000.0, "p.presence_recruits": 0.6, "mood_us": 0.4,
               "place_in.4.sunni_arab": 0.5})  # fmt: skip
    assert isis._recruits_for_presence(w, 4) == pytest.approx(0.06)
    assert isis._recruits_for_presence(w, 5) == 0.0
    assert isis._recruits_for_presence(put(w, {f"strength.{M72}": 2.0}), 4) == pytest.approx(0.12)
    assert isis._recruits_for_presence(put(w, {"presence.troops": 0.0}), 4) == 0.0


@pytest.mark.parametrize(("later", "season"), [(0, 1.27048), (365.25 / 2, 0.72952), (365.25 / 4, 1.0)])
def test_the_trend_holds_a_quarter_against_the_one_counted_by_its_season(later: float, season: float) -> None:
    """Half the attacks of the start: more than half in a poor season, less in a rich one."""
    w = blank({"start_ordinal": 737_000, "p.season_swing": 0.3, "p.season_peak": 737_000.0 - 84 + 45.5 + later,
               "s.isis_attacks_quarter": 182.0})  # fmt: skip
    w.isis_quarter[3, :14] = [7.0] * 13 + [999.0]
    isis._note_trend(w)
    assert w.isis_trend == pytest.approx(0.5 / season, rel=1e-4)
    w.isis_quarter[:] = 0.0
    w.isis_quarter[5, 12] = 3.0
    w.s.isis_attacks_quarter = 0.0
    isis._note_trend(w)
    assert w.isis_trend == 3.0


def test_a_world_begins_with_the_trend_of_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was counted is what is expected."""
    assert _begun(monkeypatch, {}, 0.5).isis_trend == 1.0


def test_lost_towns_are_held_whatever_fighters_could_hold() -> None:
    """A tenth of 100,000 people, though fighters alone would hold 800 of them."""
    w = blank(GROUND | {"towns_lost.4": 0.1})
    isis._take_ground(w)
    assert w.control == pytest.approx((10_000.0 + 200.0) / 200_000.0)


def test_a_week_books_attacks_splits_and_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fighters are those before, with those gained and without those lost, and ground is taken by who is left."""

    def drawn(w: Any) -> None:
        w.cell_u[:, :3] = [(0.0, 0.99, 0.99), (0.0, 0.9, 0.0), (0.99, 0.99, 0.99), (0.99, 0.99, 0.0)]

    monkeypatch.setattr(isis, "fill_cells", drawn)
    dice(monkeypatch, isis, {ISIS_SIZE_DRAW: 0.99})
    w = blank(
        {
            "day": 7,
            "n_cells": 3,
            "fighters": 100.0,
            "p.cell_loss": 9.0,
            "p.split_size": 25.0,
            "p.split_rate": 1.0,
            "p.fighters_limit": 200.0,
            "p.place_limit": 1.0,
            "p.isis_tempo": 1.0,
            "s.isis_attacks_quarter": 13.0,
            "fighters_start": 20.0,
            "place_in.4.population": 1e3,
        }
    )
    for i, fighters in enumerate((30.0, 20.0, 50.0)):
        put(w, {f"cell_fighters.{i}": fighters, f"cell_place.{i}": 4, f"cell_supplies.{i}": 0.5})
    w.pressure[4] = 0.1
    isis.cells_week(w)
    booked = [(ISIS_ATTACKS, 2.0), (CELL_DESTROYED, 1.0), (CELL_SPLIT, 1.0), (FIGHTERS_LOST, 30.0)]
    assert [(event.kind, event.size) for event in told(w)] == booked
    assert (w.n_cells, w.fighters, w.place_fighters[4]) == (3, 70.0, 70.0)
    assert sorted(w.cell_fighters[:4]) == [0.0, 20.0, 25.0, 25.0]
    assert math.isclose(w.fighters_out, 30.0)
