"""What seats saw and could do on every day of worlds that were lived: kept, to ask later how others would have decided.

A column is one perception, or whether one action had its means. It is kept as what it was on the days on which it
changed: columns that count days change when they begin anew, most others once in a while; what fades a little every
day takes most of the room. All seats of a year's world take about 170 kB, Washington alone 80.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from sim.names.actions import ACTIONS
from sim.names.actors import POLICY_KEYS, SEATS
from sim.names.perceptions import OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS, ROW
from sim.world import kernel
from sim.world.record import offset

_KEY_OF = {seat: key for key, seats in POLICY_KEYS.items() for seat in seats}


@dataclass(frozen=True)
class PerceptionColumns:
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
def perception_columns(seats: tuple[int, ...]) -> PerceptionColumns:
    """Return the columns that seats, by their numbers, decide by."""
    seen = [((-1, k), f"sees_all.0.{k}", one.unit) for k, one in enumerate(PUBLIC_PERCEPTIONS)]
    for seat in seats:
        key = _KEY_OF[SEATS[seat]]
        seen += [((seat, k), f"sees_all.{1 + seat}.{k}", one.unit) for k, one in enumerate(OWN_PERCEPTIONS[key])]
        seen += [((seat, ROW + k), f"can.{seat}.{k}", "") for k in range(len(ACTIONS[key]))]
    seen.sort(key=lambda one: one[2] != "days")
    places = np.array([offset(path) for _, path, _ in seen], np.int64)
    aging = sum(unit == "days" for _, _, unit in seen)
    return PerceptionColumns(seats, places, aging, {name: k for k, (name, _, _) in enumerate(seen)})


@dataclass(frozen=True)
class PerceptionLog:
    """What was kept of some worlds: the ``values`` that columns took, column by column and world by world.

    The bits of ``marks`` (k, n, bytes) say on which days a column took its next value, the first on the first day;
    ``counts`` (k, n) how many it took.
    """

    columns: PerceptionColumns
    days: int
    worlds: np.ndarray
    marks: np.ndarray
    counts: np.ndarray
    values: np.ndarray

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return self.marks.nbytes + self.counts.nbytes + self.values.nbytes

    @cached_property
    def ends(self) -> np.ndarray:
        """Return where the values of each column begin, and the last ends (k + 1,)."""
        return np.concatenate([[0], np.cumsum(self.counts.sum(axis=1))])

    def taken(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the values that column ``k`` took, world by world, and for how many days it kept each (m,)."""
        changed = np.unpackbits(self.marks[k], axis=1, count=self.days, bitorder="little")
        at = np.flatnonzero(changed.view(bool))  # of truths quicker than of bytes
        return self.values[self.ends[k] : self.ends[k + 1]], np.diff(at, append=changed.size)

    def column(self, k: int) -> np.ndarray:
        """Return what stood in column ``k`` in the evening of each day, (worlds, days)."""
        found = np.repeat(*self.taken(k)).reshape(-1, self.days)
        return _with_days(found) if k < self.columns.aging else found

    def only(self, rows: np.ndarray) -> "PerceptionLog | None":
        """Return what was kept of the worlds for which ``rows`` (n,) is true, in memory of its own; None for none."""
        if rows.all():
            return self
        if not rows.any():
            return None
        theirs = np.repeat(np.tile(rows, len(self.counts)), self.counts.ravel())
        marks, counts = self.marks[:, rows], self.counts[:, rows]
        return PerceptionLog(self.columns, self.days, self.worlds[rows], marks, counts, self.values[theirs])


def _with_days(found: np.ndarray) -> np.ndarray:
    """Return days counted, of what ``kernel.squeeze`` wrote of them: half days are those that grow."""
    grows = found != np.floor(found)
    return np.where(grows, found + np.arange(found.shape[1]) + 0.5, found)


def squeezed_log(columns: PerceptionColumns, worlds: np.ndarray, daily: np.ndarray) -> PerceptionLog:
    """Return what was kept day by day, (k, n, days), in less room; ``daily`` is used up by it."""
    k, n, days = daily.shape
    marks, counts = np.zeros((k, n, (days + 7) // 8), np.uint8), np.zeros((k, n), np.int64)
    total = kernel.squeeze(daily, daily.reshape(-1), columns.aging, marks, counts)
    return PerceptionLog(columns, days, worlds, marks, counts, daily.reshape(-1)[:total].copy())


def joined(parts: Sequence[PerceptionLog]) -> PerceptionLog | None:
    """Return what was kept of the same columns of several worlds as one; None for none."""
    if len(parts) < 2:
        return parts[0] if parts else None
    values = [part.values[part.ends[k] : part.ends[k + 1]] for k in range(len(parts[0].counts)) for part in parts]
    marks, counts = (np.concatenate(found, axis=1) for found in zip(*((p.marks, p.counts) for p in parts), strict=True))
    worlds = np.concatenate([part.worlds for part in parts])
    return PerceptionLog(parts[0].columns, parts[0].days, worlds, marks, counts, np.concatenate(values))
