"""The spread of worlds taken apart: chance within a world's parameters, parameters, theory; and Monte Carlo error.

Worlds are lived several times over with the same parameters (and theory) and other luck. What differs between the lives
of one world is chance; what differs between worlds beyond that is parameters, and theories where worlds draw them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf, sqrt
from typing import Any

import numpy as np

from sim.stats.bootstrap import BootstrapEstimate
from sim.stats.few_worlds import clipped
from sim.stats.records import Record
from sim.stats.summaries import Z95, mean_interval
from sim.stats.values import numbers_of

CHANCE, PARAMETERS, THEORY = "chance", "parameters", "theory"
PARTS = (CHANCE, PARAMETERS, THEORY)
#: More worlds will not help once the Monte Carlo variance of the mean is at most this share of what ignorance of
#: parameters and theory moves it by: its standard error at most a tenth of theirs.
SMALL_ENOUGH = 0.01
ENOUGH, NOTHING_YET = "more worlds will not help", "nothing has varied yet"
#: Resamples of worlds for the intervals of components, and their seed.
RESAMPLES, SEED = 2_000, 20_200_103
#: Resamples of so many worlds are kept for the next measure: of more they take too much memory.
MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class VarianceComponent(Record):
    """One part of a variance: unbiased (so below 0 now and then), its root, its share of the whole cut off at 0.

    ``low`` to ``high`` is the 95% interval of the share.
    """

    variance: float
    sd: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class VarianceComponents(Record):
    """The spread of a measure over worlds, or of a difference, in its unit, taken apart; None where not defined.

    ``mean`` with ``low`` and ``high`` (95%, of the mean) and ``error``, its Monte Carlo standard error; ``variance``
    over all worlds and lives; ``components`` for ``chance``, ``parameters`` and ``theory``; ``enough``: whether more
    worlds will not help; ``verdict`` in words. Nothing is known of fewer than two worlds or replicates, and where
    nothing varies nothing of whether more worlds would help.
    """

    worlds: int
    replicates: int
    mean: float | None
    low: float | None = None
    high: float | None = None
    error: float | None = None
    variance: float | None = None
    components: dict[str, VarianceComponent] | None = None
    enough: bool | None = None
    verdict: str | None = None


def taken_apart(
    values: Any, theories: Sequence[str] | None = None, limits: tuple[float, float] = (-inf, inf)
) -> VarianceComponents:
    """Return the variance over worlds by where it comes from: one-way random effects, theory as the level above.

    Parameters
    ----------
    values : array-like, shape (worlds, replicates)
        A measure in each life of each world, or its difference between two variants in the same lives. Worlds in which
        it is not defined in every life are left out.
    theories : sequence of str, shape (worlds,), optional
        The theory of each world, where worlds drew theirs.
    limits : tuple of float, optional
        The least and the most that the measure, or its difference, can be: the interval of the mean ends there.

    Notes
    -----
    Mean squares as in Searle, Casella & McCulloch 1992, 3.6: chance is the mean variance within worlds; worlds' means
    vary by parameters and theory, and by chance over the number of replicates, which is taken off. With theories, the
    variance of worlds' means within theories, averaged over worlds, is that of parameters; what is left between
    theories is theirs. Intervals are BCa bootstraps over worlds.
    """
    lives = np.atleast_2d(np.asarray(numbers_of(values), dtype=float))
    whole = ~np.isnan(lives).any(axis=1)
    lives = lives[whole]
    codes = np.zeros(len(lives), np.int64)
    if theories is not None:
        codes = np.unique(np.asarray(theories, dtype=object)[whole].astype(str), return_inverse=True)[1]
    n, replicates = lives.shape
    found = VarianceComponents(n, replicates, float(lives.mean()) if lives.size else None)
    if n < 2 or replicates < 2:
        return found
    means = lives.mean(axis=1)
    _, *arms = mean_interval(means)
    low, high = clipped(lambda _: (arms[0], arms[1]), limits, means)(Z95)
    found = replace(found, low=low, high=high)
    if not np.ptp(lives) > 0:  # of worlds that are all the same nobody knows how the next will differ
        return replace(found, variance=0.0, enough=False, verdict=NOTHING_YET)
    return _parted(found, means, lives.var(axis=1, ddof=1), codes)


def _parted(found: VarianceComponents, means: np.ndarray, within: np.ndarray, codes: np.ndarray) -> VarianceComponents:
    n, levels, replicates = found.worlds, int(codes.max()) + 1, found.replicates
    error = float(means.std(ddof=1)) / sqrt(n)
    columns = np.column_stack([means - means.mean(), within])
    estimates = _components(columns, codes, np.ones((1, n)), replicates, levels)[0]
    total = float(estimates.sum())
    if total <= 1e-300 or not np.ptp(np.concatenate([means, within])) > 0:
        return replace(found, error=error, variance=0.0, enough=False, verdict=NOTHING_YET)
    # A resample is how often each world is drawn; one that leaves a world out is the jackknife's.
    drawn = _components(columns, codes, _resamples(n), replicates, levels)
    left = _components(columns, codes, 1 - np.eye(n)[: min(n, 400)], replicates, levels)
    told = np.maximum(estimates, 0) / np.maximum(estimates, 0).sum()
    # Intervals are of the shares as they come, below 0 too: cut off, resamples would pile up at the edge.
    whole, drawn, left = (_shares(parts) for parts in (estimates[None], drawn, left))
    components = {}
    for k, name in enumerate(PARTS[: 3 if levels > 1 else 2]):
        low, high = _interval(float(whole[0, k]), drawn[:, k], left[:, k])
        sd = float(np.sqrt(max(estimates[k], 0)))
        components[name] = VarianceComponent(float(estimates[k]), sd, float(told[k]), low, high)
    ignorance = float(np.maximum(estimates[1:], 0).sum())
    enough = bool(error**2 <= SMALL_ENOUGH * ignorance)
    words = ENOUGH if enough else "more worlds will help to know the mean better"
    return replace(found, error=error, variance=total, components=components, enough=enough, verdict=words)


def _resamples(n: int) -> np.ndarray:
    """Return how often each of ``n`` worlds is drawn, (resamples, n): the same for every measure."""
    return _resamples_kept(n) if n <= MOST_KEPT else _resamples_drawn(n)


def _resamples_drawn(n: int) -> np.ndarray:
    drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), RESAMPLES).astype(float)
    drawn.flags.writeable = False
    return drawn


_resamples_kept = lru_cache(maxsize=1)(_resamples_drawn)


def _components(
    columns: np.ndarray, codes: np.ndarray, weights: np.ndarray, replicates: int, levels: int
) -> np.ndarray:
    """Return the variances of chance, parameters and theory (samples, 3); weights (samples, worlds) count worlds."""
    means, within = columns.T
    n = weights.sum(axis=1)
    chance = weights @ within / n
    between = _variance(weights, means)
    pooled = between
    if levels > 1:
        theirs = [_variance(weights * (codes == k), means) * (weights @ (codes == k)) for k in range(levels)]
        pooled = np.sum(theirs, axis=0) / n
    return np.column_stack([chance, pooled - chance / replicates, between - pooled])


def _variance(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the unbiased variance of values that occur so often, (samples,); 0 for fewer than two."""
    n = weights.sum(axis=1)
    mean = weights @ values / np.maximum(n, 1)
    squares = weights @ (values * values) - n * mean * mean
    return np.where(n > 1, np.maximum(squares, 0) / np.maximum(n - 1, 1), 0.0)


def _shares(parts: np.ndarray) -> np.ndarray:
    """Return components as shares of their sum (samples, parts); a sample in which nothing varies has none."""
    total = parts.sum(axis=1, keepdims=True)
    return np.divide(parts, total, where=total > 0, out=np.zeros_like(parts))


def _interval(estimate: float, drawn: np.ndarray, left: np.ndarray) -> tuple[float, float]:
    apart = left.mean() - left
    squares = float((apart**2).sum())
    acceleration = float((apart**3).sum()) / (6 * squares**1.5) if squares > 0 else 0.0
    low, high = BootstrapEstimate(estimate, drawn, acceleration).interval()
    return min(max(0.0, low), 1.0), min(max(0.0, high), 1.0)
