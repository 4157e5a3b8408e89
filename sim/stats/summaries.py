"""Sums over the worlds of one variant: means and shares with their uncertainty, spreads, fans of weekly series."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from sim.names.measures import OUTCOMES, Measure
from sim.stats.few_worlds import Interval, clipped, interval_of_few, is_few, limits_of, reach_apart, reach_of
from sim.stats.records import Estimate, Record
from sim.stats.values import codes_of, defined, numbers_of

#: The standard normal's 97.5% point: the level of every interval unless another is asked for.
Z95 = 1.959963984540054
#: Degrees of freedom from which an expansion gives Student's t exactly enough.
MANY_DEGREES = 30
#: The 97.5% points of Student's t for fewer.
_T95 = (
    12.706204736174694, 4.302652729749462, 3.1824463052837078, 2.7764451051977934, 2.5705818356363146,
    2.4469118511449786, 2.364624251592784, 2.306004135204166, 2.262157162798205, 2.228138851986274,
    2.200985160091639, 2.1788128296672284, 2.1603686564627913, 2.144786687917804, 2.131449545559776,
    2.1199052992212546, 2.1098155778333156, 2.1009220402410382, 2.0930240544083087, 2.085963447265864,
    2.0796138447276795, 2.0738730679040254, 2.0686576104190486, 2.0638985616280245, 2.0595385527532972,
    2.0555294386428735, 2.0518305164802846, 2.0484071417952454, 2.045229642132703,
)  # fmt: skip
#: Spread over worlds, as shown everywhere.
SPREAD = {"p05": 0.05, "p50": 0.50, "p95": 0.95}
#: Quantiles of a fan: the median inside bands that hold 50% and 90% of worlds.
FAN = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Summary:
    """A measure over worlds, in its unit: the mean (of a flag: the share of worlds), the spread; None where undefined.

    ``low`` to ``high`` is the 95% interval of the mean, ``p05``, ``p50`` and ``p95`` are quantiles over worlds. ``n``
    counts the worlds in which a conditional measure is defined. A measure of categories has ``shares`` alone: the share
    of worlds of each, by name.
    """

    mean: float | None = None
    low: float | None = None
    high: float | None = None
    p05: float | None = None
    p50: float | None = None
    p95: float | None = None
    n: int | None = None
    shares: dict[str, Estimate] | None = None

    def as_plain(self) -> dict[str, Any]:
        """Return plain values: of categories the shares, ``n`` of conditional measures only."""
        plain: dict[str, Any] = {} if self.n is None else {"n": self.n}
        if self.shares is not None:
            return plain | {"shares": {name: one.as_plain("mean") for name, one in self.shares.items()}}
        return plain | {name: getattr(self, name) for name in ("mean", "low", "high", *SPREAD)}


@dataclass(frozen=True, slots=True)
class WeightedMean(Record):
    """The mean of weighted worlds in the measure's unit, with its 95% interval; None where not defined.

    Of ``n`` worlds with a weight, worth ``effective`` of equal weight.
    """

    mean: float | None
    low: float | None
    high: float | None
    n: int
    effective: float


@dataclass(frozen=True, slots=True, eq=False)
class Fan(Record):
    """A weekly measure over worlds, arrays (weeks,) in its unit: mean and quantiles; NaN in a week without any value.

    ``week`` is the first of each block of weeks.
    """

    week: np.ndarray
    mean: np.ndarray
    p05: np.ndarray
    p25: np.ndarray
    p50: np.ndarray
    p75: np.ndarray
    p95: np.ndarray


def summarise(values: Any, measure: Measure, days: int | None = None) -> Summary:
    """Return the summary of one measure over worlds: mean, its 95% interval, the spread; or shares of categories.

    Parameters
    ----------
    values : array-like, shape (worlds,)
        Numbers, flags (0, 1), or categories (names, or places in ``measure.categories``); null where not defined.
    measure : Measure
        Says how the values are summed up.
    days : int, optional
        The horizon, beyond which no measure of days goes.

    """
    if measure.kind == "category":
        return _summarise_shares(codes_of(values, measure.categories), measure)
    known = defined(values)
    mean = wilson(known) if measure.kind == "flag" else mean_interval(known, measure, days)
    return Summary(*mean, *_spread(known), len(known) if measure.among else None)


def summaries(
    read: Callable[[str], Any], measures: Iterable[Measure] = OUTCOMES, days: int | None = None
) -> dict[str, Summary]:
    """Return the summary of each measure by name; ``read`` gives a measure's values, one column at a time."""
    return {measure.name: summarise(read(measure.name), measure, days) for measure in measures}


def mean_interval(
    values: np.ndarray, measure: Measure | None = None, days: int | None = None, z: float = Z95
) -> tuple[float | None, float | None, float | None]:
    """Return the mean of ``values`` (n,) and its interval, 95% by default (no interval from fewer than two).

    It is Student's t; where the mean hangs on few worlds that differ from the rest, or on none, ``interval_of_few``.

    Parameters
    ----------
    measure : Measure, optional
        Of which the values are; its bounds (with ``days``, the horizon) are never left. Without one, anything may come.
    z : float
        The level, as the standard normal's quantile that goes with it.
    """
    if len(values) == 0:
        return None, None, None
    interval = t_interval(values)
    if is_few(values):
        interval = interval_of_few(values, reach_of(values, measure, days))
    return float(values.mean()), *clipped(interval, limits_of(measure, days), values)(z)


def t_interval(values: np.ndarray) -> Interval:
    """Return Student's interval of the mean of ``values`` (n,), for any level; none from fewer than two."""
    n = len(values)
    if n < 2:
        return lambda z: (None, None)
    mean, error = float(values.mean()), float(values.std(ddof=1)) / sqrt(n)
    return lambda z: (mean - t_quantile(n - 1, z) * error, mean + t_quantile(n - 1, z) * error)


def weighted_interval(
    values: Any, weights: Any, measure: Measure | None = None, *, apart: bool = False
) -> WeightedMean:
    """Return the mean of weighted values with its 95% interval, and how many equal worlds they are worth.

    Parameters
    ----------
    values : array-like, shape (worlds,)
        Numbers; null where not defined.
    weights : array-like, shape (worlds,)
        Weights of at least 0; only their ratios matter.
    measure : Measure, optional
        Of which the values are, or, with ``apart``, their differences between two variants.

    Returns
    -------
    WeightedMean
        ``effective`` is Kish's: the square of the sum over the sum of squares. The interval is of a ratio, linearised;
        or ``interval_of_few`` where it hangs on few worlds.
    """
    numbers, w = numbers_of(values), np.asarray(weights, dtype=float)
    there = ~np.isnan(numbers) & (w > 0)
    numbers, w = numbers[there], w[there]
    if len(w) == 0:
        return WeightedMean(None, None, None, 0, 0.0)
    mean, effective = float(w @ numbers / w.sum()), float(w.sum() ** 2 / (w @ w))
    if effective < 2:
        return WeightedMean(mean, None, None, len(w), effective)
    interval = _linearised(numbers, w, mean, effective)
    if is_few(numbers, w):
        reach = reach_apart([numbers], measure) if apart else reach_of(numbers, measure)
        interval = interval_of_few(numbers, reach, w)
    low, high = clipped(interval, limits_of(measure, apart=apart), numbers)(Z95)
    return WeightedMean(mean, low, high, len(w), effective)


def _linearised(numbers: np.ndarray, w: np.ndarray, mean: float, effective: float) -> Interval:
    """Return the interval of a weighted mean as that of a ratio, for any level."""
    error = sqrt(float((w * w) @ (numbers - mean) ** 2)) / float(w.sum())
    freedom = round(effective) - 1
    return lambda z: (mean - t_quantile(freedom, z) * error, mean + t_quantile(freedom, z) * error)


def t_quantile(freedom: int, z: float = Z95) -> float:
    """Return the quantile of Student's t at the level of the normal's ``z``; from 30 degrees on by expansion, to 1e-7.

    Cornish and Fisher's expansion, as in Abramowitz & Stegun 26.7.5; below that from a table, for other levels than the
    usual one from SciPy, which takes longer to load than the rest of a short run. Beyond z = 3 the expansion is good to
    1e-3 of the quantile.
    """
    if freedom < MANY_DEGREES and z == Z95:
        return _T95[freedom - 1]
    if freedom < MANY_DEGREES:
        from scipy.special import ndtr, stdtrit

        return float(-stdtrit(freedom, ndtr(-z)))
    n, z2 = float(freedom), z * z
    first = (z2 + 1) / 4
    second = ((5 * z2 + 16) * z2 + 3) / 96
    third = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
    fourth = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160
    return z * (1 + first / n + second / n**2 + third / n**3 + fourth / n**4)


def wilson(flags: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Return the share of true ``flags`` and its 95% Wilson interval."""
    low, high = wilson_interval(int(np.count_nonzero(flags)), len(flags))
    return (float(np.count_nonzero(flags)) / len(flags) if len(flags) else None), low, high


def wilson_interval(k: float, n: float, z: float = Z95) -> tuple[float | None, float | None]:
    """Return Wilson's score interval for ``k`` out of ``n``, 95% by default (doi:10.1080/01621459.1927.10502953)."""
    if n == 0:
        return None, None
    p, z2 = k / n, z * z
    middle = (2 * k + z2) / (2 * (n + z2))
    half = z * sqrt(z2 + 4 * k * (1 - p)) / (2 * (n + z2))
    return (0.0 if k == 0 else middle - half), (1.0 if k == n else middle + half)


def fan(series: Mapping[str, Any], measure: str, *, weeks: int = 1) -> Fan:
    """Return a weekly measure's quantiles over worlds, and its mean, week by week.

    Parameters
    ----------
    series : table
        One variant's, with columns ``world``, ``week`` and ``measure``, a row for each world and week in any order.
    measure : str
        The column asked about.
    weeks : int
        Above 1, each world's counts are first added up over blocks of so many weeks (a last, shorter one is left out).
    """
    week, values = np.asarray(series["week"]), numbers_of(series[measure])
    if weeks > 1:
        week, values = _added_up(np.asarray(series["world"]), week, values, weeks)
    order = np.argsort(week, kind="stable")
    shown, starts = np.unique(week[order], return_index=True)
    columns = [part[~np.isnan(part)] for part in np.split(values[order], starts[1:])]
    rows = np.array([np.quantile(c, FAN) if len(c) else np.full(len(FAN), np.nan) for c in columns])
    means = np.array([c.mean() if len(c) else np.nan for c in columns])
    return Fan(shown, means, *rows.T)


def _added_up(world: np.ndarray, week: np.ndarray, values: np.ndarray, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Return first weeks and sums of whole blocks of ``weeks``, one for each world and block."""
    whole = (int(week.max(initial=-1)) + 1) // weeks
    keep = week < whole * weeks
    places, cell = np.unique(world[keep] * whole + week[keep] // weeks, return_inverse=True)
    return places % max(whole, 1) * weeks, np.bincount(cell, weights=values[keep], minlength=len(places))


def _spread(values: np.ndarray) -> tuple[float | None, float | None, float | None]:
    if len(values) == 0:
        return None, None, None
    p05, p50, p95 = np.quantile(values, list(SPREAD.values())).tolist()
    return p05, p50, p95


def _summarise_shares(codes: np.ndarray, measure: Measure) -> Summary:
    known = codes[codes >= 0]
    shares = {name: Estimate(*wilson(known == code)) for code, name in enumerate(measure.categories)}
    return Summary(n=len(known) if measure.among else None, shares=shares)
