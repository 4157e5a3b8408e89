"""One world that lives on, a few days at a time, by the rules' own way; and what it must not have come to."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.errors import Lawless
from sim.names.limits import limits_of
from sim.names.measures import OUTCOMES
from sim.world import kernel
from sim.world.compiled import PLAIN
from sim.world.laws import ROUNDING, broken_law, lawful
from sim.world.record import OUTCOME

_NO_VALUES = np.zeros((1, 0))


class Lived(NamedTuple):
    """The outcomes of a world as it stands (1,), where it breaks a law (-1: nowhere), and what stands there."""

    row: np.ndarray
    broken: int
    found: float

    def obey(self, days: int, named: str) -> None:
        """Raise Lawless, with the world's name, where it has broken a law by the end of its days."""
        why = broken_law(self.broken, self.found) if self.broken >= 0 else beyond_limits(self.row, days).get(0, "")
        if why:
            raise Lawless(f"{named} is no possible one: {why}")


def compiled_view(worlds: np.ndarray) -> Any:
    """Return ``worlds`` as rules take them: the array itself, or in plain mode records with attributes."""
    return _recorded(worlds) if PLAIN else worlds


def _recorded(worlds: np.ndarray) -> Any:
    return worlds.view(np.recarray)


def live_on(
    worlds: np.ndarray, numbers: np.ndarray, template: np.ndarray, places: np.ndarray, last: int, series: np.ndarray,
    stop: np.ndarray | None = None, run: Callable[..., Any] | None = None,
) -> Lived:  # fmt: skip
    """Let a world (1,), whose memory ``numbers`` are, live on to the morning of day ``last``; return how it stands.

    Weeks go into ``series`` (1, weeks). Where ``stop`` (1,) turns from 0, it breaks off. ``run`` is a plain twin of the
    kernel ``run_block``, to be called in its place.
    """
    view = _recorded if run else compiled_view
    row, marks = np.zeros(1, OUTCOME), np.zeros((0, series.shape[1]), np.uint64)
    broken, found = np.full(1, -1), np.zeros(1)
    (run or kernel.run_block)(
        view(worlds), numbers, template, places, _NO_VALUES, worlds["key"][:1], worlds["luck"][:1], False,
        int(worlds["day"][0]), last, view(row), view(series), marks, *lawful(), broken, found,
        np.zeros(1, np.int64) if stop is None else stop, *kernel.NOTHING_KEPT,
    )  # fmt: skip
    return Lived(row, int(broken[0]), float(found[0]))


def beyond_limits(outcomes: np.ndarray, days: int) -> dict[int, str]:
    """Return in words what cannot be among outcomes (n,) of ``days``, by row; rows in order go without."""
    found: dict[int, str] = {}
    for measure in OUTCOMES:
        least, most = limits_of(measure, days)
        column = outcomes[measure.name]
        for i in np.flatnonzero((column < least - ROUNDING) | (column > most + ROUNDING)).tolist():
            found.setdefault(i, f"{measure.name} is {column[i]:g}, not from {least:g} to {most:g}")
    return found
