"""The chance of a rare end from independent trees: their mean, an interval, and what plain worlds would have taken."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from sim.stats.few_worlds import Reach, interval_of_few, is_few
from sim.stats.records import Record
from sim.stats.summaries import Z95, mean_interval, wilson_interval

#: Halvings by which the number of plain worlds is found.
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Chance(Record):
    """The chance ``p`` of an end with its 95% interval and standard ``error``; ``reached`` of ``roots`` had an end.

    Where none had, ``p`` and ``error`` are None and ``high`` is the bound: 0 is never said.
    """

    p: float | None
    low: float
    high: float
    error: float | None
    roots: int
    reached: int


def chance_of_end(totals: np.ndarray, heaviest: float) -> Chance:
    """Return the mean of the weights of ends that came of independent roots (n,), as a chance, with its 95% interval.

    Parameters
    ----------
    totals : array, shape (n,)
        The weight of all ends of each root's tree.
    heaviest : float
        The most that one world weighs.

    Returns
    -------
    Chance
        Where few roots had an end, the interval is the gamma one of sums of rare events of unlike sizes, one more of
        the largest not seen yet (``few``), above that Student's t.
    """
    n = len(totals)
    reached = int(np.count_nonzero(totals))
    if not reached or n < 2:
        # Exact for Poisson's law: no event in n says a rate below 3.69 / n (two-sided 97.5%).
        return Chance(None, 0.0, min(1.0, 3.69 * heaviest / n), None, n, reached)
    p, low, high = mean_interval(totals)
    if is_few(totals):
        reach = Reach(0.0, max(float(totals.max()), 1.0))
        low, high = interval_of_few(totals, reach)(Z95)
    error = float(totals.std(ddof=1)) / sqrt(n)
    return Chance(p, max(0.0, low or 0.0), min(1.0, high or 1.0), error, n, reached)


def plain_worlds(p: float, low: float, high: float) -> float:
    """Return how many plain worlds would give a share ``p`` an interval (Wilson's) as wide as from low to high."""
    few, many = 1.0, 1e15
    for _ in range(_HALVINGS):
        n = sqrt(few * many)
        least, most = wilson_interval(p * n, n)
        assert least is not None and most is not None
        few, many = (n, many) if most - least > high - low else (few, n)
    return many
