"""The loop over worlds: what a world is prepared from, what of it is digested, and what is kept of a block."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.world import kernel
from sim.world.laws import lawful
from sim.world.record import BEHIND, BLOCKS, as_numbers, new_worlds, offset
from tests.rules.views import swift_view

INPUTS_END = BLOCKS["inputs"][1]


@pytest.fixture
def memory() -> Any:
    """Return a world and its memory as numbers, all of them 7."""
    worlds = new_worlds(1)
    numbers = as_numbers(worlds)[0]
    numbers[:] = 7.0
    return swift_view(worlds), numbers


def test_a_world_is_prepared_from_a_template_and_its_numbers(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs from the template, chosen places from its values, nothing left of the world before; then it starts."""
    w, numbers = memory
    seen: list[tuple[Any, ...]] = []

    def start(world: Any) -> None:
        seen.append((world is w, int(world.key), int(world.log_full), *numbers[[0, 4, INPUTS_END - 1, INPUTS_END]]))

    monkeypatch.setattr(kernel, "start", start)
    places = np.array([4, INPUTS_END - 1])
    template = np.arange(INPUTS_END + 9) + 0.5
    kernel.prepare([w, None], numbers, template, places, np.array([-1.0, -2.0]), np.uint64(99))
    assert seen == [(True, 99, 0, 0.5, -1.0, -2.0, 0.0)]
    inputs = template[:INPUTS_END].copy()
    inputs[places] = -1.0, -2.0
    inputs[offset("key")] = np.uint64(99).view(np.float64)
    assert np.array_equal(numbers[:INPUTS_END], inputs)
    cleared = numbers[BLOCKS["memory"][0] : BLOCKS["scratch"][1]].copy()
    assert not cleared.any()
    assert numbers[BLOCKS["log"][0]] == numbers[-1] == 7.0


def test_all_that_the_next_day_depends_on_is_in_the_digest(memory: Any) -> None:
    """The first and the last number of state and perceptions move it; those before and after do not."""
    _, numbers = memory
    whole = int(kernel.digest(numbers))
    first, last = BLOCKS["state"][0], BLOCKS["sees"][1]
    for place, moves in ((first, True), (last - 1, True), (first - 1, False), (last, False)):
        other = numbers.copy()
        other[place] = 8.0
        assert (int(kernel.digest(other)) != whole) == moves, place


def test_the_digest_is_a_hash_of_every_number_in_its_turn(memory: Any) -> None:
    """Each is taken in, multiplied, and its upper bits are folded down: worked out in four strands."""
    _, numbers = memory
    first, last = BLOCKS["state"][0], BLOCKS["sees"][1]
    numbers[first:last] = np.random.default_rng(1).random(last - first)
    given = numbers[first:last].view(np.uint64).tolist()
    even = len(given) - len(given) % 4
    strands = [_hashed(0x9E3779B97F4A7C15 + k, given[k:even:4]) for k in range(4)]
    assert int(kernel.digest(numbers)) == _hashed(_hashed(strands[0], given[even:]), strands[1:])


def _hashed(value: int, numbers: list[int]) -> int:
    for bits in numbers:
        value = (value ^ bits) * 0xBF58476D1CE4E5B9 % 2**64
        value ^= value >> 29
    return value


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((5.0, 5.0, 5.0), -1),
        ((0.0, 9.0, 9.0), -1),
        ((-0.1, 5.0, 5.0), 0),
        ((5.0, 9.1, -1.0), 1),
        ((5.0, 5.0, np.nan), 2),
        ((5.0, 5.0, np.inf), 2),
    ],
)
def test_the_first_number_that_breaks_its_law_is_found(values: tuple[float, ...], found: int) -> None:
    """At its bounds a number is lawful; no number at all is not."""
    numbers = np.full(9, -77.0)
    numbers[[2, 4, 8]] = values
    assert kernel.lawless(numbers, np.array([2, 4, 8]), np.zeros(3), np.full(3, 9.0)) == found


class Block:
    """A block of worlds that is run with rules that only note what they are given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, memory: Any) -> None:
        self.w, self.numbers = memory
        self.w.day, self.w.luck, self.w.fighters = 0, 55, 7.0
        self.prepared: list[tuple[float, int]] = []
        self.lived: list[tuple[int, int]] = []
        self.stop, self.stops_at = np.zeros(1, np.int64), (0, 0)
        noted: dict[str, Callable[..., Any]] = {
            "prepare": self._prepare, "one_day": self._live, "read_outcomes": self._outcomes,
            "read_week": self._week, "broken_sum": lambda w: 2 if w.fighters == 5.0 else -1,
            "digest": lambda _: np.uint64(1000 + self.w.day),
        }  # fmt: skip
        for name, rule in noted.items():
            monkeypatch.setattr(kernel, name, rule)

    def _prepare(self, worlds: Any, _: Any, template: Any, places: Any, values: Any, key: Any) -> None:
        assert (worlds[0] is self.w, template, places) == (True, "template", "places")
        self.w.day, self.w.luck = 0, 0
        self.w.fighters = {12: -3.0, 13: 5.0}.get(int(key), 4.0)
        self.prepared.append((float(values[0]), int(key)))

    def _live(self, w: Any) -> None:
        self.lived.append((int(w.luck), int(w.day)))
        self.stop[0] = self.lived[-1] == self.stops_at
        w.day += 1

    def _outcomes(self, w: Any, o: Any) -> None:
        o[0] = w.day + w.luck

    def _week(self, w: Any, t: Any) -> None:
        t[0] = 100.0 * w.luck + w.day

    def run(self, n: int, fresh: bool, days: tuple[int, int], kept: int, digests: int) -> Any:
        """Return outcomes, series, digests, and what broke a law, of ``n`` worlds."""
        outcomes, series = np.zeros((n, 1)), np.zeros((kept, 4, 1))
        marks, broken, found = np.zeros((digests, 4), np.uint64), np.zeros(n, np.int64), np.full(n, 5.0)
        keys, lucks = np.arange(11, 11 + n, dtype=np.uint64), np.arange(1, 1 + n, dtype=np.uint64)
        laws = np.array([offset("fighters")]), np.zeros(1), np.full(1, 9e9)
        given = "template", "places", np.arange(n)[:, None] * 10.0, keys, lucks, fresh, *days
        noted = broken, found, self.stop, *kernel.NOTHING_KEPT
        kernel.run_block([self.w, None], self.numbers, *given, outcomes, series, marks, *laws, *noted)
        return outcomes[:, 0].tolist(), series[:, :, 0].tolist(), marks.tolist(), (broken.tolist(), found.tolist())


def test_a_block_of_fresh_worlds_is_lived_one_after_another(monkeypatch: pytest.MonkeyPatch, memory: Any) -> None:
    """Each from its own values and key with its own luck; every seventh day is recorded, and a broken law told."""
    block = Block(monkeypatch, memory)
    outcomes, series, marks, (broken, found) = block.run(3, True, (0, 15), 3, 3)
    assert block.prepared == [(0.0, 11), (10.0, 12), (20.0, 13)]
    assert block.lived == [(luck, day) for luck in (1, 2, 3) for day in range(15)]
    assert outcomes == [16.0, 17.0, 18.0]
    assert series == [[101.0, 108.0, 115.0, 0.0], [201.0, 208.0, 215.0, 0.0], [301.0, 308.0, 315.0, 0.0]]
    assert marks == [[1001, 1008, 1015, 0]] * 3
    assert (broken, found) == ([-1, offset("fighters"), BEHIND + 2], [0.0, -3.0, 5.0])


def test_without_room_for_series_and_digests_the_worlds_share_one_row(
    monkeypatch: pytest.MonkeyPatch, memory: Any
) -> None:
    """The last to write it is the last world; no digest is taken."""
    _, series, marks, _ = Block(monkeypatch, memory).run(2, True, (0, 8), 1, 0)
    assert (series, marks) == ([[201.0, 208.0, 0.0, 0.0]], [])


def test_two_worlds_in_two_rows_of_two_digests(monkeypatch: pytest.MonkeyPatch, memory: Any) -> None:
    """One row is enough for one world."""
    assert Block(monkeypatch, memory).run(1, True, (0, 1), 1, 1)[2] == [[1001, 0, 0, 0]]


def test_the_world_at_hand_lives_on_with_its_luck(monkeypatch: pytest.MonkeyPatch, memory: Any) -> None:
    """From a day to a day; it is not prepared anew."""
    block = Block(monkeypatch, memory)
    outcomes, series, _, _ = block.run(1, False, (7, 9), 1, 0)
    assert block.prepared == []
    assert block.lived == [(55, 0), (55, 1)]
    assert outcomes == [57.0]
    assert series == [[0.0, 5501.0, 0.0, 0.0]]


def test_the_laws_of_the_record_hold_in_a_world_of_nothing() -> None:
    """A world of zeros breaks none of them."""
    places, least, most = lawful()
    assert kernel.lawless(np.zeros(BLOCKS["log"][0]), places, least, most) == -1


def test_a_block_is_broken_off_within_a_day(monkeypatch: pytest.MonkeyPatch, memory: Any) -> None:
    """Another thread asks on the fifth day of the second world: no further day is lived, of it or of the third."""
    block = Block(monkeypatch, memory)
    block.stops_at = (2, 4)
    block.run(3, True, (0, 15), 3, 3)
    assert block.lived == [(1, day) for day in range(15)] + [(2, day) for day in range(5)]
    assert [key for _, key in block.prepared] == [11, 12]


def test_what_is_watched_is_kept_every_evening(monkeypatch: pytest.MonkeyPatch, memory: Any) -> None:
    """By column, world and day: what stands in these places of the record once the day is lived."""
    block, kept = Block(monkeypatch, memory), np.zeros((2, 2, 3))
    places = np.array([offset("day"), offset("fighters")])
    numbered = np.arange(11, 13, dtype=np.uint64), np.arange(1, 3, dtype=np.uint64)
    rest = np.zeros((2, 1)), np.zeros((0, 1, 1)), np.zeros((0, 1), np.uint64), np.zeros(0, np.int64), np.zeros(0)
    monkeypatch.setattr(kernel, "_record", lambda *_: None)
    kernel.run_block(
        [block.w, None], block.numbers, "template", "places", np.zeros((2, 1)), *numbered, True, 0, 3, *rest,
        np.zeros(0), np.zeros(2), np.zeros(2), block.stop, places, kept,
    )  # fmt: skip
    assert kept[0].view(np.int64).tolist() == [[1, 2, 3], [1, 2, 3]]
    assert kept[1].tolist() == [[4.0] * 3, [-3.0] * 3]


def test_what_was_kept_daily_is_written_anew_where_it_changes() -> None:
    """By the bits: minus nothing is not nothing. Days that are counted are written less the day, and half a day."""
    daily = np.array([[[9999.0, 0.0, 1.0, 2.0, 0.0]], [[3.0, 3.0, 0.0, -0.0, -0.0]]])
    marks, counts = np.zeros((2, 1, 1), np.uint8), np.zeros((2, 1), np.int64)
    total = kernel.squeeze(daily, daily.reshape(-1), 1, marks, counts)
    assert daily.reshape(-1)[:total].tolist() == [9999.0, 0.0, -1.5, 0.0, 3.0, 0.0, -0.0]
    assert (counts[:, 0].tolist(), marks[:, 0, 0].tolist()) == ([4, 3], [0b10111, 0b01101])
