"""What seats saw and could do on every day of worlds that were lived: kept, to ask later how others would have decided.

A column is one perception, or whether one action had its means. It is kept as what it was on the days on which it
changed: columns that count days change when they begin anew, most others once in a while; what fades a little every
day takes most of the room. All seats of a year's world take about 170 kB, Washington alone 80.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from sim.names.actions import ACTIONS
from sim.names.actors import POLICY_KEYS, SEATS
from sim.names.perceptions import OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS, ROW
from sim.world import kernel
from sim.world.record import offset

#: Bytes of columns, unpacked, that are at hand for the next question.
AT_HAND = 60_000_000
_KEY_OF = {seat: key for key, seats in POLICY_KEYS.items() for seat in seats}


@dataclass(frozen=True)
class Watched:
    """Which columns are kept: the places of the record where they stand, those that count days first.

    ``number`` says which column holds a perception, by seat (-1 for what everybody sees) and place in its row, or
    whether an action has its means, by seat and ``ROW`` and the action's number.
    """

    seats: tuple[int, ...]
    places: np.ndarray
    aging: int
    number: dict[tuple[int, int], int]

    def of_perception(self, seat: int, column: int) -> int:
        """Return the column that holds what a decision table reads in ``column``."""
        return self.number[(-1, column) if column < ROW else (seat, column - ROW)]

    def of_action(self, seat: int, action: int) -> int:
        """Return the column that says whether a seat has the means for an action."""
        return self.number[seat, ROW + action]


@lru_cache(maxsize=16)
def watched(seats: tuple[int, ...]) -> Watched:
    """Return the columns that seats, by their numbers, decide by."""
    seen = [((-1, k), f"sees_all.0.{k}", one.unit) for k, one in enumerate(PUBLIC_PERCEPTIONS)]
    for seat in seats:
        key = _KEY_OF[SEATS[seat]]
        seen += [((seat, k), f"sees_all.{1 + seat}.{k}", one.unit) for k, one in enumerate(OWN_PERCEPTIONS[key])]
        seen += [((seat, ROW + k), f"can.{seat}.{k}", "") for k in range(len(ACTIONS[key]))]
    seen.sort(key=lambda one: one[2] != "days")
    places = np.array([offset(path) for _, path, _ in seen], np.int64)
    aging = sum(unit == "days" for _, _, unit in seen)
    return Watched(seats, places, aging, {name: k for k, (name, _, _) in enumerate(seen)})


@dataclass(frozen=True)
class Kept:
    """What was kept of some worlds: ``values`` of all their columns one after another, each from ``starts`` (n, k) on.

    The bits of ``marks`` (n, k, bytes) say on which days a column took its next value.
    """

    columns: Watched
    days: int
    worlds: np.ndarray
    marks: np.ndarray
    starts: np.ndarray
    values: np.ndarray

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return self.marks.nbytes + self.starts.nbytes + self.values.nbytes

    def column(self, k: int) -> np.ndarray:
        """Return what stood in column ``k`` in the evening of each day, (worlds, days)."""
        changed = np.unpackbits(self.marks[:, k], axis=1, count=self.days, bitorder="little")
        at = np.cumsum(changed, axis=1, dtype=np.int64)
        at += self.starts[:, k, None] - 1
        found = self.values[at]
        return _with_days(found) if k < self.columns.aging else found

    def only(self, rows: np.ndarray) -> "Kept | None":
        """Return what was kept of the worlds for which ``rows`` (n,) is true, in memory of its own; None for none."""
        if rows.all():
            return self
        if not rows.any():
            return None
        bounds = [*self.starts[:, 0].tolist(), len(self.values)]
        parts = [self.values[bounds[i] : bounds[i + 1]] for i in np.flatnonzero(rows)]
        firsts = np.cumsum([0, *map(len, parts[:-1])])
        starts = self.starts[rows] - self.starts[rows, :1] + firsts[:, None]
        return Kept(self.columns, self.days, self.worlds[rows], self.marks[rows], starts, np.concatenate(parts))


def _with_days(found: np.ndarray) -> np.ndarray:
    """Return days counted, of what ``kernel.squeeze`` wrote of them: half days are those that grow."""
    grows = found != np.floor(found)
    return np.where(grows, found + np.arange(found.shape[1]) + 0.5, found)


def squeezed(columns: Watched, worlds: np.ndarray, daily: np.ndarray) -> Kept:
    """Return what was kept day by day, (n, k, days), in less room; ``daily`` is used up by it."""
    n, k, days = daily.shape
    marks, counts = np.zeros((n, k, (days + 7) // 8), np.uint8), np.zeros((n, k), np.int64)
    total = kernel.squeeze(daily, columns.aging, marks, counts)
    starts = np.cumsum(counts).reshape(n, k) - counts
    return Kept(columns, days, worlds, marks, starts, daily.reshape(-1)[:total].copy())


class Memory:
    """What was kept of all worlds of a variant, in parts; the columns asked for last are at hand unpacked."""

    def __init__(self, parts: Sequence[Kept]) -> None:
        self.parts = list(parts)
        self._at_hand: dict[int, np.ndarray] = {}

    @property
    def columns(self) -> Watched:
        """Return which columns are kept."""
        return self.parts[0].columns

    @cached_property
    def worlds(self) -> np.ndarray:
        """Return the numbers of the worlds of which anything is kept, part by part (n,)."""
        return np.concatenate([part.worlds for part in self.parts]) if self.parts else np.zeros(0, np.int64)

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes, with what is at hand."""
        return sum(part.nbytes for part in self.parts) + sum(one.nbytes for one in self._at_hand.values())

    def column(self, k: int) -> np.ndarray:
        """Return what stood in column ``k`` on each day, (worlds, days), in the order of ``worlds``."""
        if k not in self._at_hand:
            found = np.concatenate([part.column(k) for part in self.parts])
            if (len(self._at_hand) + 1) * found.nbytes > AT_HAND:
                self._at_hand.clear()
            self._at_hand[k] = found
        return self._at_hand[k]

    def let_go(self) -> None:
        """Let go of the columns that are at hand: they can be unpacked again."""
        self._at_hand.clear()

    def without(self, numbers: np.ndarray) -> list[Kept]:
        """Return what was kept of all worlds but those with these numbers."""
        return list(_some(part.only(~np.isin(part.worlds, numbers)) for part in self.parts))


def _some(parts: Iterable[Kept | None]) -> Iterable[Kept]:
    return (part for part in parts if part is not None)
