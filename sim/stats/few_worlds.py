"""Means that hang on few worlds: none that differs, or a handful, so that the spread seen says little of the spread.

Student's t, and a bootstrap as well, know of nothing but what was seen: without a dead soldier in sixty worlds they are
certain that there never is one. So where few worlds stand apart from the rest, what stands apart on either side is
taken for a sum of rare events of different sizes, with one more that has not been seen yet, as large as it can be.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from sim.names import limits
from sim.names.measures import Measure
from sim.stats.values import TRACE

Interval = Callable[[float], tuple[float | None, float | None]]
#: Fewer worlds apart from the rest than so many, and than this part of all, are few: by Cochran's rule (see ``paired``)
#: the mean of events of one size is normal enough for t from 25 of them on.
FEW, FEW_OF = 25, 3
#: How much larger than the largest seen the next may be, over the number of worlds in which any was.
HEAVIER = 4.0
#: How far from the rest a value may lie of which no world has shown any: a hundred of what is counted (as many were
#: hurt in the gravest attack of the documents, on Al-Asad in January 2020), once the level at the start, a year.
UNSEEN = {"count": 100.0, "level": 1.0, "day": 365.0}
_ALONE = ("flag", "share", "category")


def limits_of(measure: Measure | None, days: int | None = None, *, apart: bool = False) -> tuple[float, float]:
    """Return the least and the most that a measure can be, or its difference between two variants if ``apart``.

    ``days`` is the horizon, where it is known. Of numbers of no measure nothing is known.
    """
    least, most = (-np.inf, np.inf) if measure is None else limits.limits_of(measure, days)
    if measure and measure.kind == "category":  # of which shares of worlds are counted
        least, most = 0.0, 1.0
    return (least - most, most - least) if apart else (least, most)


@dataclass(frozen=True)
class Reach:
    """How far below and above the rest a world may lie that has not been seen yet."""

    below: float
    above: float


def reach_of(values: np.ndarray, measure: Measure | None, days: int | None = None) -> Reach:
    """Return how far from the middle of ``values`` (n,) a world may lie: to the measure's limits, or as seen."""
    middle, seen = (float(np.median(values)) if len(values) else 0.0), _as_seen([values], measure)
    least, most = limits_of(measure, days)
    below, above = (max(far, 0.0) if far < np.inf else seen for far in (middle - least, most - middle))
    return Reach(below, min(above, seen) if measure and not _any_may_come(measure) else above)


def _any_may_come(measure: Measure) -> bool:
    """Return whether any value within its limits may well come: a share, a flag, a day, and not 8,000 attacks."""
    return measure.kind in _ALONE or measure.unit.startswith("days")


def reach_apart(columns: Sequence[np.ndarray], measure: Measure | None, days: int | None = None) -> Reach:
    """Return how far apart a world of two variants may be: by the measure's limits, or as far as ``columns`` reach."""
    far = limits_of(measure, days, apart=True)[1]
    if far == np.inf or (measure and not _any_may_come(measure)):
        far = min(far, _as_seen(columns, measure))
    return Reach(far, far)


def _as_seen(columns: Sequence[np.ndarray], measure: Measure | None) -> float:
    """Return how far values may reach that reached so far yet: more than they did, the fewer of them did."""
    values, least = np.concatenate(list(columns)), UNSEEN[measure.kind] if measure and measure.kind in UNSEEN else 1.0
    apart = np.abs(_apart(values)) if len(values) else values
    if not apart.any():
        return max(float(np.abs(values).max(initial=0.0)), least)
    return float(np.ptp(values)) * (1 + HEAVIER / effective(apart))


def effective(sizes: np.ndarray) -> float:
    """Return how many worlds of one size these sizes (n,) are worth, by Kish's formula; 0 where all are 0."""
    squares = float(sizes @ sizes)
    return float(sizes.sum()) ** 2 / squares if squares > 0 else 0.0


def effective_apart(values: np.ndarray) -> float:
    """Return how many worlds' worth of ``values`` (n,) lie apart from the middle."""
    return effective(np.abs(_apart(values))) if len(values) else 0.0


def is_few(values: np.ndarray, weights: np.ndarray | None = None) -> bool:
    """Return whether the mean of ``values`` (n,) hangs on few worlds that lie apart from the middle, or on none."""
    if len(values) < 2:
        return False
    shares = _shares(values, weights)
    return effective(np.abs(_apart(values)) * shares) < min(FEW, 1 / float(shares @ shares) / FEW_OF)


def interval_of_few(
    values: np.ndarray, reach: Reach, weights: np.ndarray | None = None, n: float | None = None
) -> Interval:
    """Return the interval of the mean of ``values`` (worlds,), weighted or not, for any level, as a normal quantile.

    With ``n``, it is the interval that so many worlds would give if they went on like these.

    Sums of what lies above the middle and of what lies below it have the gamma limits of Fay & Feuer 1997
    (doi:10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#), which are Poisson's exact ones where all
    sizes are the same, and where nothing was seen the rule of three: a share of at most about 3.7/n, times ``reach``.
    Their difference is taken as Newcombe takes that of two shares (Zou & Donner 2008, doi:10.1002/sim.3095).
    """
    apart, shares = _apart(values), _shares(values, weights)
    worth = len(values) / (n or len(values))
    above = _RareSum.of(np.maximum(apart, 0.0), shares, reach.above, worth)
    below = _RareSum.of(np.maximum(-apart, 0.0), shares, reach.below, worth)
    mean = float(values.mean() if weights is None else values @ shares)

    def interval(z: float) -> tuple[float, float]:
        down = sqrt(above.arm_below(z) ** 2 + below.arm_above(z) ** 2)
        up = sqrt(above.arm_above(z) ** 2 + below.arm_below(z) ** 2)
        return mean - down, mean + up

    return interval


def clipped(interval: Interval, limits: tuple[float, float], values: np.ndarray) -> Interval:
    """Return the interval of the mean of ``values`` (n,) cut off at what is possible, for any level.

    A mean lies where its values can lie, so to cut its interval there takes away nothing that it could hold; on how
    sure it is of the rest it has no bearing. What was seen is possible, whatever the limits say.
    """
    least, most = min(limits[0], values.min(initial=np.inf)), max(limits[1], values.max(initial=-np.inf))

    def within(z: float) -> tuple[float | None, float | None]:
        low, high = interval(z)
        return None if low is None else max(low, float(least)), None if high is None else min(high, float(most))

    return within


@dataclass(frozen=True)
class _RareSum:
    """A sum of rare events: its total, the sum of their squares, and the largest that may come."""

    total: float
    squares: float
    largest: float

    @classmethod
    def of(cls, sizes: np.ndarray, shares: np.ndarray, reach: float, worth: float) -> "_RareSum":
        """Return the sum of ``sizes`` by their ``shares`` (worlds,), each counting as ``worth`` of its kind."""
        weighted = sizes * shares
        largest = max(float(weighted.max()), reach * float(shares.max()))
        return cls(float(weighted.sum()), float(weighted @ weighted) * worth, largest * worth)

    def arm_below(self, z: float) -> float:
        """Return how far the interval of the sum reaches below it."""
        return self.total - _gamma(self.total, self.squares, -z)

    def arm_above(self, z: float) -> float:
        """Return how far the interval of the sum reaches above it, with one more of the largest."""
        return _gamma(self.total + self.largest, self.squares + self.largest**2, z) - self.total


def _gamma(mean: float, variance: float, z: float) -> float:
    """Return the quantile of a gamma distribution with this mean and variance, by Wilson & Hilferty's cube root."""
    if mean <= 0 or variance <= 0:
        return 0.0
    part = variance / (9 * mean * mean)
    return mean * max(1 - part + z * sqrt(part), 0.0) ** 3


def _apart(values: np.ndarray) -> np.ndarray:
    """Return how far each value lies from the middle one; traces of rounding are none."""
    apart = values - np.median(values)
    return np.where(np.abs(apart) > TRACE * np.abs(values).max(), apart, 0.0)


def _shares(values: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    return np.full(len(values), 1 / len(values)) if weights is None else weights / weights.sum()
