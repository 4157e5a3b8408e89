"""Scores of forecasts that are samples: how near a distribution came to what was observed, and whether it was honest.

All scores are better the lower they are, but for coverage, which is to be what it says. Sources: Gneiting and Raftery
2007 (proper scores), Czado, Gneiting and Held 2009 (the PIT of counts).
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import binom


def crps(sample: np.ndarray, value: float) -> float:
    """Return the continuous ranked probability score of a sample (n,), in the unit of the value: 0 is best.

    Of a single number it is the distance from the value.
    """
    x = np.sort(np.asarray(sample, dtype=float))
    n = len(x)
    apart = float((x * (2 * np.arange(1, n + 1) - n - 1)).sum()) / (n * n)
    return float(np.abs(x - value).mean()) - apart


def crps_of_logs(sample: np.ndarray, value: float) -> float:
    """Return the score of counts on the scale of log(1 + count): a miss by half weighs alike for few and for many."""
    return crps(np.log1p(np.asarray(sample, dtype=float)), math.log1p(value))


def central(sample: np.ndarray, level: float) -> tuple[float, float]:
    """Return the ends of the central interval that holds a share ``level`` of the sample."""
    low, high = np.quantile(sample, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def interval_score(sample: np.ndarray, value: float, level: float) -> float:
    """Return the width of the central interval, and what it costs that the value lies outside."""
    low, high = central(sample, level)
    missed = max(low - value, 0.0) + max(value - high, 0.0)
    return high - low + 2 / (1 - level) * missed


def brier(share: float, happened: bool) -> float:
    """Return the squared error of the chance of something that happened or did not."""
    return (share - float(happened)) ** 2


def energy_score(sample: np.ndarray, values: np.ndarray) -> float:
    """Return the score of several numbers forecast together: sample (n, rows), values (rows,).

    Each row is in units of its own spread over sample and value, or large counts would be all that speaks.
    """
    everything = np.vstack([sample, values])
    spread = everything.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    x, y = sample / scale, values / scale
    n = len(x)
    apart = 2 * float(pdist(x).sum()) / (n * n) if n > 1 else 0.0
    return float(np.linalg.norm(x - y, axis=1).mean()) - apart / 2


def pit(sample: np.ndarray, value: float) -> tuple[float, float]:
    """Return between which shares of the sample the value lies: below it, and below or at it."""
    sample = np.asarray(sample)
    return float((sample < value).mean()), float((sample <= value).mean())


def pit_histogram(places: Sequence[tuple[float, float]], bins: int = 10) -> np.ndarray:
    """Return how many values fall into each tenth (``bins``) of their forecasts; a tie is shared out evenly.

    Honest forecasts fill all alike; a U says too narrow, a hump too wide, a slope biased.
    """
    edges = np.linspace(0.0, 1.0, bins + 1)
    found = np.zeros(bins)
    for low, high in places:
        if high > low:
            found += np.diff((np.clip(edges, low, high) - low) / (high - low))
        else:
            found[min(int(low * bins), bins - 1)] += 1
    return found


def pit_band(rows: int, bins: int = 10, level: float = 0.9) -> tuple[float, float]:
    """Return between which counts all bins of an honest forecast's histogram stay at once (Bonferroni)."""
    tail = (1 - level) / (2 * bins)
    return float(binom.ppf(tail, rows, 1 / bins)), float(binom.ppf(1 - tail, rows, 1 / bins))
