"""The chance of a rare end from independent trees: their mean, an interval, and what plain worlds would have taken."""

from math import sqrt
from typing import Any

import numpy as np

from sim.stats.few_worlds import Reach, interval_of_few, is_few
from sim.stats.summaries import Z95, mean_interval, wilson_interval

#: Halvings by which the number of plain worlds is found.
_HALVINGS = 60


def chance_of_end(totals: np.ndarray, heaviest: float) -> dict[str, Any]:
    """Return the mean of the weights of ends that came of independent roots (n,), as a chance, with its 95% interval.

    Parameters
    ----------
    totals : array, shape (n,)
        The weight of all ends of each root's tree.
    heaviest : float
        The most that one world weighs.

    Returns
    -------
    dict
        ``{"p", "low", "high", "error", "roots", "reached"}``: ``reached`` roots had an end. Where few had, the interval
        is the gamma one of sums of rare events of unlike sizes, one more of the largest not seen yet (``few``), above
        that Student's t. Where none had, ``p`` and ``error`` are None and ``high`` is the bound: 0 is never said.
    """
    n = len(totals)
    reached = int(np.count_nonzero(totals))
    found = {"p": None, "low": 0.0, "high": 1.0, "error": None, "roots": n, "reached": reached}
    if not reached or n < 2:
        # Exact for Poisson's law: no event in n says a rate below 3.69 / n (two-sided 97.5%).
        return found | {"high": min(1.0, 3.69 * heaviest / n)}
    p, low, high = mean_interval(totals)
    if is_few(totals):
        reach = Reach(0.0, max(float(totals.max()), 1.0))
        low, high = interval_of_few(totals, reach)(Z95)
    error = float(totals.std(ddof=1)) / sqrt(n)
    return found | {"p": p, "low": max(0.0, low or 0.0), "high": min(1.0, high or 1.0), "error": error}


def plain_worlds(p: float, low: float, high: float) -> float:
    """Return how many plain worlds would give a share ``p`` an interval (Wilson's) as wide as from low to high."""
    few, many = 1.0, 1e15
    for _ in range(_HALVINGS):
        n = sqrt(few * many)
        least, most = wilson_interval(p * n, n)
        assert least is not None and most is not None
        few, many = (n, many) if most - least > high - low else (few, n)
    return many
