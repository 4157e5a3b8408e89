"""Outcomes of many worlds summed up: means with their uncertainty, spreads over worlds, paired differences, curves.

Pure functions of arrays. Two kinds of range are kept apart throughout: ``low`` and ``high`` are the 95% interval of a
mean (it narrows with more worlds), ``p05`` to ``p95`` is the spread over worlds (it does not). Nothing returns NaN:
what is not defined is ``None``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from sim.names.actors import EXIT_KINDS
from sim.names.measures import OUTCOMES, Measure

#: The standard normal's 97.5% point.
#: Degrees of freedom from which an expansion gives Student's t exactly enough.
MANY_DEGREES = 30
Z95 = 1.959963984540054
#: Spread over worlds, as shown everywhere.
SPREAD = {"p05": 0.05, "p50": 0.50, "p95": 0.95}
#: Quantiles of a fan: the median inside bands that hold 50% and 90% of worlds.
FAN = (0.05, 0.25, 0.50, 0.75, 0.95)
HIGHER, LOWER, NO_DIFFERENCE, NOT_DEFINED = "higher", "lower", "no difference seen", "not defined"


def summarise(values: Any, measure: Measure) -> dict[str, Any]:
    """Return the summary of one measure over worlds: mean, its 95% interval, the spread; or shares of categories.

    Parameters
    ----------
    values : array-like, shape (worlds,)
        Numbers, flags (0, 1), or categories (names, or places in ``measure.categories``); null where not defined.
    measure : Measure
        Says how the values are summed up.

    Returns
    -------
    dict
        ``{"mean", "low", "high", "p05", "p50", "p95"}`` or ``{"shares": {category: {"mean", "low", "high"}}}``; a
        conditional measure also carries ``n``, the worlds in which it is defined.
    """
    if measure.kind == "category":
        return _summarise_shares(codes_of(values, measure.categories), measure)
    defined = _defined(values)
    summary: dict[str, Any] = {"n": len(defined)} if measure.among else {}
    interval = wilson if measure.kind == "flag" else mean_interval
    return summary | _mean_with(interval, defined) | _spread(defined)


def summaries(read: Callable[[str], Any], measures: Iterable[Measure] = OUTCOMES) -> dict[str, dict[str, Any]]:
    """Return the summary of each measure by name; ``read`` gives a measure's values, one column at a time."""
    return {measure.name: summarise(read(measure.name), measure) for measure in measures}


def paired_difference(first: Any, second: Any, measure: Measure) -> dict[str, Any]:
    """Return how the second variant differs from the first over the same worlds: second less first.

    Parameters
    ----------
    first, second : array-like, shape (worlds,)
        The measure in the same worlds under both variants, in the same order.
    measure : Measure
        A conditional measure is compared over the worlds where both are defined.

    Returns
    -------
    dict
        ``{"difference", "low", "high", "n", "verdict"}``, for flags also ``only_first`` and ``only_second`` (worlds
        where it happened in one alone); for categories ``{"shares": {category: such a dict}}``. The verdict is
        ``higher``, ``lower`` or ``no difference seen`` by whether the interval holds 0.
    """
    if measure.kind == "category":
        return _share_differences(codes_of(first, measure.categories), codes_of(second, measure.categories), measure)
    a, b = _both_defined(_numbers(first), _numbers(second))
    return flag_difference(a, b) if measure.kind == "flag" else number_difference(a, b)


def differences(
    first: Callable[[str], Any], second: Callable[[str], Any], measures: Iterable[Measure] = OUTCOMES
) -> dict[str, dict[str, Any]]:
    """Return the paired difference of each measure by name; the readers give values of the same worlds in order."""
    return {m.name: paired_difference(first(m.name), second(m.name), m) for m in measures}


def shares_apart(first: Any, second: Any) -> dict[str, float | None]:
    """Return in which shares of the paired worlds the second variant is ``higher`` and ``lower`` than the first."""
    a, b = _both_defined(_numbers(first), _numbers(second))
    if len(a) == 0:
        return {"higher": None, "lower": None}
    return {"higher": float((b > a).mean()), "lower": float((b < a).mean())}


def number_difference(first: np.ndarray, second: np.ndarray) -> dict[str, Any]:
    """Return the mean of the paired differences, second less first, with its t interval."""
    difference, low, high = mean_interval(second - first)
    return _difference(difference, low, high, len(first))


def flag_difference(first: np.ndarray, second: np.ndarray) -> dict[str, Any]:
    """Return the difference of two paired shares, second less first, with Newcombe's interval and discordant counts."""
    a, b = first > 0, second > 0
    both, only_first, only_second = int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum())
    neither = len(a) - both - only_first - only_second
    low, high = newcombe_paired(both, only_second, only_first, neither)
    share = (only_second - only_first) / len(a) if len(a) else None
    return _difference(share, low, high, len(a)) | {"only_first": only_first, "only_second": only_second}


def mean_interval(values: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Return the mean of ``values`` and its 95% t interval (no interval from fewer than two)."""
    n = len(values)
    if n == 0:
        return None, None, None
    mean = float(values.mean())
    if n == 1:
        return mean, None, None
    half = t_quantile(n - 1) * float(values.std(ddof=1)) / sqrt(n)
    return mean, mean - half, mean + half


def weighted_interval(values: Any, weights: Any) -> dict[str, Any]:
    """Return the mean of weighted values with its 95% interval, and how many equal worlds they are worth.

    Parameters
    ----------
    values : array-like, shape (worlds,)
        Numbers; null where not defined.
    weights : array-like, shape (worlds,)
        Weights of at least 0; only their ratios matter.

    Returns
    -------
    dict
        ``{"mean", "low", "high", "n", "effective"}``: ``n`` worlds with a weight, worth ``effective`` of equal weight
        (Kish's: the square of the sum over the sum of squares). The interval is of a ratio, linearised.
    """
    numbers, w = _numbers(values), np.asarray(weights, dtype=float)
    there = ~np.isnan(numbers) & (w > 0)
    numbers, w = numbers[there], w[there]
    if len(w) == 0:
        return {"mean": None, "low": None, "high": None, "n": 0, "effective": 0.0}
    mean, effective = float(w @ numbers / w.sum()), float(w.sum() ** 2 / (w @ w))
    summary = {"mean": mean, "low": None, "high": None, "n": len(w), "effective": effective}
    if effective >= 2:
        half = t_quantile(round(effective) - 1) * sqrt(float((w * w) @ (numbers - mean) ** 2)) / float(w.sum())
        summary |= {"low": mean - half, "high": mean + half}
    return summary


def t_quantile(freedom: int) -> float:
    """Return the 97.5% quantile of Student's t; from 30 degrees on by its expansion about the normal's, to 1e-7.

    Cornish and Fisher's expansion, as in Abramowitz & Stegun 26.7.5; below that from SciPy, which takes longer to load
    than the rest of a short run.
    """
    if freedom < MANY_DEGREES:
        from scipy.special import stdtrit

        return float(stdtrit(freedom, 0.975))
    z, n = Z95, float(freedom)
    z2 = z * z
    first = (z2 + 1) / 4
    second = ((5 * z2 + 16) * z2 + 3) / 96
    third = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
    fourth = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160
    return z * (1 + first / n + second / n**2 + third / n**3 + fourth / n**4)


def wilson(flags: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Return the share of true ``flags`` and its 95% Wilson interval."""
    low, high = wilson_interval(int(np.count_nonzero(flags)), len(flags))
    return (float(np.count_nonzero(flags)) / len(flags) if len(flags) else None), low, high


def wilson_interval(k: int, n: int) -> tuple[float | None, float | None]:
    """Return Wilson's 95% score interval for ``k`` out of ``n`` (doi:10.1080/01621459.1927.10502953)."""
    if n == 0:
        return None, None
    p, z2 = k / n, Z95 * Z95
    middle = (2 * k + z2) / (2 * (n + z2))
    half = Z95 * sqrt(z2 + 4 * k * (1 - p)) / (2 * (n + z2))
    return (0.0 if k == 0 else middle - half), (1.0 if k == n else middle + half)


def newcombe_paired(both: int, only_a: int, only_b: int, neither: int) -> tuple[float | None, float | None]:
    """Return the 95% interval of share a less share b over the same worlds.

    Method 10 of Newcombe 1998 (doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C): two Wilson
    intervals, squared and added with the correlation of the pairs, which is corrected for continuity.
    """
    n = both + only_a + only_b + neither
    if n == 0:
        return None, None
    a, b = (both + only_a) / n, (both + only_b) / n
    below_a, above_a = _wilson_arms(both + only_a, n)
    below_b, above_b = _wilson_arms(both + only_b, n)
    phi = _paired_correlation(both, only_a, only_b, neither)
    low = (a - b) - _square_and_add(below_a, above_b, phi)
    high = (a - b) + _square_and_add(above_a, below_b, phi)
    return low, high


def verdict(low: float | None, high: float | None) -> str:
    """Return in a word which way a difference goes, by whether its interval holds 0."""
    if low is None or high is None:
        return NOT_DEFINED
    if low > 0:
        return HIGHER
    return LOWER if high < 0 else NO_DIFFERENCE


def exit_curve(exit_day: Any, exit_kind: Any, days: int | Sequence[int] | np.ndarray) -> dict[str, np.ndarray]:
    """Return the share of worlds gone by each day, by kind of exit: competing causes, so the shares add up.

    Parameters
    ----------
    exit_day : array-like, shape (worlds,)
        Day of the exit, null if there was none.
    exit_kind : array-like, shape (worlds,)
        Kind of exit (a name of ``EXIT_KINDS`` or its place there).
    days : int or array of int
        The days asked about, or a horizon: every day from 0 up to it.

    Returns
    -------
    dict of arrays
        ``day`` and a column for each kind of exit, shares of all worlds (0 to 1).
    """
    asked = np.arange(days + 1) if isinstance(days, (int, np.integer)) else np.asarray(days)
    day, kind = _numbers(exit_day), codes_of(exit_kind, EXIT_KINDS)
    table: dict[str, np.ndarray] = {"day": asked}
    for code, name in enumerate(EXIT_KINDS[1:], start=1):
        gone = np.sort(day[(kind == code) & ~np.isnan(day)])
        table[name] = np.searchsorted(gone, asked, side="right") / max(len(day), 1)
    return table


def fan(
    series: Mapping[str, Any], measure: str, quantiles: Sequence[float] = FAN, *, weeks: int = 1
) -> dict[str, np.ndarray]:
    """Return a weekly measure's quantiles over worlds, and its mean, week by week.

    Parameters
    ----------
    series : table
        One variant's, with columns ``world``, ``week`` and ``measure``, a row for each world and week in any order.
    measure : str
        The column asked about.
    quantiles : sequence of float
        From 0 to 1.
    weeks : int
        Above 1, each world's counts are first added up over blocks of so many weeks (a last, shorter one is left out).

    Returns
    -------
    dict of arrays
        ``week`` (the first of a block), ``mean``, and ``p05`` and the like for each quantile; NaN only in a week
        without any value.
    """
    week, values = np.asarray(series["week"]), _numbers(series[measure])
    if weeks > 1:
        week, values = _added_up(np.asarray(series["world"]), week, values, weeks)
    order = np.argsort(week, kind="stable")
    shown, starts = np.unique(week[order], return_index=True)
    columns = [part[~np.isnan(part)] for part in np.split(values[order], starts[1:])]
    rows = np.array([np.quantile(c, quantiles) if len(c) else np.full(len(quantiles), np.nan) for c in columns])
    means = np.array([c.mean() if len(c) else np.nan for c in columns])
    table = {"week": shown, "mean": means}
    return table | {quantile_name(q): rows[:, k] for k, q in enumerate(quantiles)}


def quantile_name(quantile: float) -> str:
    """Return the name of a quantile's column: ``p05`` for 0.05."""
    return f"p{round(quantile * 100):02d}"


def codes_of(values: Any, categories: tuple[str, ...]) -> np.ndarray:
    """Return categories as their places in ``categories``, shape (worlds,); -1 where null or not among them."""
    codes = getattr(values, "cat", values)
    if hasattr(codes, "codes") and tuple(codes.categories) == categories:
        return np.asarray(codes.codes, dtype=np.int64)
    array = np.asarray(values)
    if array.dtype.kind in "OUST":
        place = {name: code for code, name in enumerate(categories)}
        return np.array([place.get(name, -1) for name in array.tolist()], dtype=np.int64)
    numbers = array.astype(float)
    return np.where(np.isnan(numbers), -1, numbers).astype(np.int64)


def _numbers(values: Any) -> np.ndarray:
    """Return values as floats, NaN where null; pandas' nullable columns included."""
    if hasattr(values, "to_numpy"):
        return values.to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(values, dtype=float)


def _added_up(world: np.ndarray, week: np.ndarray, values: np.ndarray, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Return first weeks and sums of whole blocks of ``weeks``, one for each world and block."""
    whole = (int(week.max(initial=-1)) + 1) // weeks
    keep = week < whole * weeks
    places, cell = np.unique(world[keep] * whole + week[keep] // weeks, return_inverse=True)
    return places % max(whole, 1) * weeks, np.bincount(cell, weights=values[keep], minlength=len(places))


def _defined(values: Any) -> np.ndarray:
    numbers = _numbers(values)
    return numbers[~np.isnan(numbers)]


def _both_defined(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if first.shape != second.shape:
        raise ValueError(f"paired values need the same worlds: shapes {first.shape} and {second.shape} differ")
    keep = ~(np.isnan(first) | np.isnan(second))
    return first[keep], second[keep]


def _mean_with(interval: Callable[[np.ndarray], tuple], values: np.ndarray) -> dict[str, float | None]:
    return dict(zip(("mean", "low", "high"), interval(values), strict=True))


def _spread(values: np.ndarray) -> dict[str, float | None]:
    if len(values) == 0:
        return dict.fromkeys(SPREAD)
    points = np.quantile(values, list(SPREAD.values()))
    return {name: float(point) for name, point in zip(SPREAD, points, strict=True)}


def _summarise_shares(codes: np.ndarray, measure: Measure) -> dict[str, Any]:
    known = codes[codes >= 0]
    shares = {name: _mean_with(wilson, known == code) for code, name in enumerate(measure.categories)}
    return ({"n": len(known)} if measure.among else {}) | {"shares": shares}


def _share_differences(first: np.ndarray, second: np.ndarray, measure: Measure) -> dict[str, Any]:
    keep = (first >= 0) & (second >= 0)
    a, b = first[keep], second[keep]
    return {"shares": {name: flag_difference(a == code, b == code) for code, name in enumerate(measure.categories)}}


def _difference(difference: float | None, low: float | None, high: float | None, n: int) -> dict[str, Any]:
    return {"difference": difference, "low": low, "high": high, "n": n, "verdict": verdict(low, high)}


def _wilson_arms(k: int, n: int) -> tuple[float, float]:
    """Return how far Wilson's interval reaches below and above k/n."""
    low, high = wilson_interval(k, n)
    assert low is not None and high is not None
    return k / n - low, high - k / n


def _square_and_add(one: float, other: float, phi: float) -> float:
    # Rounding can take a sum of squares that is 0 a hair below it.
    return sqrt(max(one * one - 2 * phi * one * other + other * other, 0.0))


def _paired_correlation(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Return Newcombe's phi of a fourfold table, its numerator pulled towards 0 by n/2 when positive."""
    product = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if product == 0:
        return 0.0
    cross = float(both * neither - only_a * only_b)
    if cross > 0:
        cross = max(cross - (both + only_a + only_b + neither) / 2, 0.0)
    return cross / sqrt(product)
