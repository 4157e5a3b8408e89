"""Bootstrap intervals: worlds drawn again with replacement, seeded, all resamples at once.

A world is drawn with both of its variants, so a resample of differences is one of pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

import numpy as np

from sim.stats.records import Estimate, Record
from sim.stats.summaries import Z95
from sim.stats.values import both_defined, defined, numbers_of

#: Resamples, and the seed of all of them: the same worlds give the same interval.
RESAMPLES, SEED = 2_000, 20_200_103
#: So far out, in normal quantiles, so many resamples know the tail; beyond, an arm is lengthened in proportion.
REACH = 2.6
#: Numbers held at once.
AT_ONCE = 4_000_000
#: Quantiles at which the shift of a distribution is read.
SHIFTED = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True)
class BootstrapEstimate:
    """An estimate, its values in the resamples (B,), and the acceleration of Efron's BCa interval.

    Efron 1987 (doi:10.1080/01621459.1987.10478410), equations 2.3 and 6.6 of the paper; as in Efron & Tibshirani 1993,
    equations 14.9, 14.10 and 14.15. Resamples equal to the estimate count half for the correction of bias.
    """

    estimate: float
    values: np.ndarray
    acceleration: float

    @cached_property
    def _sorted(self) -> np.ndarray:
        return np.sort(self.values)

    @cached_property
    def bias(self) -> float:
        """Return z0: how far, in normal quantiles, the estimate stands from the median of the resamples."""
        n, near = len(self.values), 1e-12 * max(abs(self.estimate), 1e-300)
        below = np.count_nonzero(self.values < self.estimate - near)
        equal = np.count_nonzero(np.abs(self.values - self.estimate) <= near)
        return _normal_quantile(min(max((below + equal / 2) / n, 0.5 / n), 1 - 0.5 / n))

    def interval(self, z: float = Z95) -> tuple[float, float]:
        """Return the BCa interval at the level of the normal's quantile ``z``."""
        within = min(z, REACH)
        low, high = (self._point(self._place(side * within)) for side in (-1, 1))
        stretch = z / within if z > within else 1.0
        return self.estimate + stretch * (low - self.estimate), self.estimate + stretch * (high - self.estimate)

    def _place(self, z: float) -> float:
        """Return the share of resamples below the limit that goes with ``z``."""
        shifted = self.bias + z
        return _normal_share(self.bias + shifted / max(1 - self.acceleration * shifted, 0.05))

    def _point(self, share: float) -> float:
        return float(np.interp(share * (len(self._sorted) - 1), np.arange(len(self._sorted)), self._sorted))


def resampled_mean(values: np.ndarray, resamples: int = RESAMPLES, seed: int = SEED) -> BootstrapEstimate:
    """Return the mean of ``values`` (n,) and its resamples.

    The acceleration is the skewness over 6 sqrt(n), which is what the jackknife gives for a mean. Where few distinct
    values occur, how often each is drawn is drawn (multinomial), which is the same and does not grow with n.
    """
    n, rng = len(values), np.random.default_rng(seed)
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= n / 4:
        means = rng.multinomial(n, counts / n, size=resamples) @ distinct / n
    else:
        means = np.concatenate([values[rows].mean(axis=1) for rows in _rows(n, resamples, rng)])
    return BootstrapEstimate(float(values.mean()), means, skewness(values) / (6 * sqrt(n)))


def skewness(values: np.ndarray) -> float:
    """Return the third moment over the 1.5th power of the second, 0 where nothing varies."""
    apart = values - values.mean()
    second = float((apart * apart).mean())
    return float((apart * apart * apart).mean()) / second**1.5 if second > 0 else 0.0


def resampled(
    statistic: Callable[[np.ndarray], np.ndarray], values: np.ndarray, resamples: int = RESAMPLES, seed: int = SEED
) -> list[BootstrapEstimate]:
    """Return each number that ``statistic`` reads off the worlds, with its resamples.

    Parameters
    ----------
    statistic : function
        Takes worlds (..., n, columns) and returns numbers (..., k), for all leading places at once.
    values : array, shape (n, columns)
        The columns of each world.

    Notes
    -----
    The acceleration comes from the jackknife (over at most 200 groups of worlds, equation 14.15 of Efron & Tibshirani).
    """
    n, rng = len(values), np.random.default_rng(seed)
    found = np.atleast_1d(statistic(values))
    drawn = np.concatenate([statistic(values[rows]) for rows in _rows(n, resamples, rng, values.shape[1])])
    drawn = drawn.reshape(len(drawn), -1)
    groups = np.array_split(np.arange(n), min(n, 200))
    left = np.stack([np.atleast_1d(statistic(np.delete(values, group, axis=0))) for group in groups])
    apart = left.mean(axis=0) - left
    squares = (apart**2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        acceleration = np.where(squares > 0, (apart**3).sum(axis=0) / (6 * squares**1.5), 0.0)
    return [BootstrapEstimate(float(found[k]), drawn[:, k], float(acceleration[k])) for k in range(len(found))]


def bca_interval(values: Any, statistic: str = "mean", z: float = Z95) -> Estimate:
    """Return the mean or the median of ``values`` (n,) with its BCa interval.

    Nothing is estimated from no value, and no interval given from one or from values that are all the same: resamples
    know of no other.
    """
    values = defined(values)
    estimate = float(np.median(values) if statistic == "median" else values.mean()) if len(values) else None
    if len(values) < 2 or not np.ptp(values) > 0:
        return Estimate(estimate, None, None)
    if statistic == "median":
        # The jackknife fails for a median (Efron & Tibshirani 1993, 10.6): its acceleration is taken as none.
        drawn = resampled(lambda rows: np.median(rows, axis=-2), values[:, None], resamples_for(len(values)))[0]
        low, high = BootstrapEstimate(drawn.estimate, drawn.values, 0.0).interval(z)
    else:
        low, high = resampled_mean(values).interval(z)
    return Estimate(estimate, low, high)


@dataclass(frozen=True, slots=True)
class QuantileShift(Record):
    """A quantile of a measure under two variants, in its unit: second less first, with the 95% interval of that.

    None where no world has it under both.
    """

    quantile: float
    first: float | None = None
    second: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None


def shift(first: Any, second: Any, quantiles: tuple[float, ...] = SHIFTED) -> list[QuantileShift]:
    """Return how the whole distribution shifts: each quantile of the second variant less that of the first.

    Parameters
    ----------
    first, second : array-like, shape (worlds,)
        A measure in the same worlds under both; worlds where either is null are left out.

    Returns
    -------
    list of QuantileShift
        For each quantile, with percentiles of resampled pairs of worlds as the interval (Efron & Tibshirani 1993,
        13.3), the way of Wilcox's shift function (doi:10.1111/ejn.13610).
    """
    pairs = np.column_stack(both_defined(numbers_of(first), numbers_of(second)))
    if len(pairs) == 0:
        return [QuantileShift(q) for q in quantiles]
    points = np.quantile(pairs, quantiles, axis=0)
    lows = highs = [None] * len(quantiles)
    if len(pairs) > 1:
        rng = np.random.default_rng(SEED)
        drawn = [_quantiles(pairs[rows], quantiles) for rows in _rows(len(pairs), resamples_for(len(pairs)), rng, 2)]
        apart = np.concatenate([one[..., 1] - one[..., 0] for one in drawn])
        lows, highs = np.quantile(apart, (0.025, 0.975), axis=0).tolist()
    rows = zip(quantiles, points.tolist(), lows, highs, strict=True)
    return [QuantileShift(q, a, b, b - a, low, high) for q, (a, b), low, high in rows]


def resamples_for(n: int) -> int:
    """Return how many resamples of ``n`` worlds to sort: fewer of many, of which a quantile is known well anyway."""
    return int(min(RESAMPLES, max(400, 2e7 / n)))


def _quantiles(rows: np.ndarray, quantiles: tuple[float, ...]) -> np.ndarray:
    """Return quantiles (..., quantiles, columns) of worlds (..., n, columns), between neighbours as NumPy has them."""
    n = rows.shape[-2]
    place = np.array(quantiles) * (n - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, n - 1)
    parted = np.partition(rows, np.unique(np.r_[below, above]), axis=-2)
    part = (place - below)[:, None]
    return parted[..., below, :] * (1 - part) + parted[..., above, :] * part


def _rows(n: int, resamples: int, rng: np.random.Generator, columns: int = 1) -> Any:
    """Yield the places of resampled worlds, (some, n) each, as many as fit in memory at once."""
    some = max(1, AT_ONCE // max(n * columns, 1))
    for first in range(0, resamples, some):
        yield rng.integers(0, n, (min(some, resamples - first), n))


def _normal_quantile(share: float) -> float:
    from statistics import NormalDist  # only here, for it takes a while to load

    return NormalDist().inv_cdf(share)


def _normal_share(z: float) -> float:
    from math import erfc

    return erfc(-z / sqrt(2)) / 2
