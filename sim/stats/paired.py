"""Two variants over the same worlds: differences world by world, with intervals, effect sizes and verdicts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np

from sim.names.measures import OUTCOMES, Measure
from sim.stats.bootstrap import resampled_mean, skewness
from sim.stats.differences import Difference, EffectSizes
from sim.stats.few_worlds import Interval, Reach, clipped, interval_of_few, is_few, limits_of, reach_apart
from sim.stats.summaries import Z95, t_interval, wilson_interval
from sim.stats.values import apart, both_defined, codes_of, numbers_of
from sim.stats.verdicts import (
    CANNOT_TELL,
    NOT_DEFINED,
    Preferences,
    decide,
    p_values,
    verdict_of,
    worlds_needed,
)

#: Cochran's rule: the mean of n numbers with skewness G is normal enough for t if n is above 25 G squared (Sampling
#: Techniques, 1977, 2.15). Below so few worlds a bootstrap is no better.
COCHRAN, FEWEST = 25, 10
#: Pairs of flags that differ in fewer worlds than so many have hardly differed: Newcombe's interval is then too narrow
#: for shares in the middle.
SELDOM = 10


def paired_difference(
    first: Any, second: Any, measure: Measure, preferences: Preferences | None = None, days: int | None = None
) -> Difference:
    """Return how the second variant differs from the first over the same worlds: second less first.

    Parameters
    ----------
    first, second : array-like, shape (worlds,)
        The measure in the same worlds under both variants, in the same order.
    measure : Measure
        A conditional measure is compared over the worlds where both are defined.
    preferences : Preferences, optional
        The analyst's tie zones and wishes.
    days : int, optional
        The horizon, beyond which no measure of days goes.

    Returns
    -------
    Difference
        Its verdict is not corrected for the number of comparisons: ``decide`` does that.
    """
    preferences = preferences or Preferences()
    if measure.kind == "category":
        return _share_differences(codes_of(first, measure.categories), codes_of(second, measure.categories), measure,
                                  preferences)  # fmt: skip
    a, b = both_defined(numbers_of(first), numbers_of(second))
    if measure.kind == "flag":
        return flag_difference(a, b, measure, preferences)
    return number_difference(a, b, measure, preferences, days)


def correct(
    found: Mapping[str, Mapping[str, Difference]],
    measures: Iterable[Measure] = OUTCOMES,
    preferences: Preferences | None = None,
) -> dict[str, dict[str, Difference]]:
    """Return the differences of all variants (by label, then measure) with headline verdicts corrected by Holm.

    The family is every headline measure of every variant; what is not among them keeps its verdict as it stands alone.
    """
    headline = [m.name for m in measures if m.headline and m.kind != "category"]
    family = {(label, name): rows[name] for label, rows in found.items() for name in headline if name in rows}
    decided = decide(family, preferences)
    return {
        label: {name: decided.get((label, name), one) for name, one in rows.items()} for label, rows in found.items()
    }


def interval_apart(
    first: np.ndarray, second: np.ndarray, measure: Measure | None = None, days: int | None = None
) -> tuple[float | None, float | None, float | None]:
    """Return the mean of paired differences (n,), second less first, and its 95% interval, by t or by what few tell.

    ``measure`` and ``days``, the horizon, say what is possible, where the numbers are of a measure.
    """
    if len(first) == 0:
        return None, None, None
    differences = apart(first, second)
    plain = None if measure is None else measure._replace(headline=False)
    interval = _method(differences, [first, second], plain, days)[1]
    low, high = clipped(interval, limits_of(measure, days, apart=True), differences)(Z95)
    return float(differences.mean()), low, high


def effect_sizes(first: np.ndarray, second: np.ndarray) -> EffectSizes:
    """Return how large the differences of paired columns (n,) are, free of units, and what pairing saves."""
    return _sizes(first, second, apart(first, second))


def _sizes(first: np.ndarray, second: np.ndarray, differences: np.ndarray) -> EffectSizes:
    higher, differ = int((differences > 0).sum()), int((differences != 0).sum())
    superiority = higher / differ if differ else None
    # Differences that are all the same have no variance, but rounding may leave a trace of one.
    if not (differ and len(differences) > 1 and np.ptp(differences) > 0):
        return EffectSizes(None, superiority, *wilson_interval(higher, differ))
    variance = float(differences.var(ddof=1))
    unpaired = float(first.var(ddof=1)) + float(second.var(ddof=1))
    standardised = float(differences.mean()) / sqrt(variance)
    return EffectSizes(standardised, superiority, *wilson_interval(higher, differ), unpaired / variance)


def number_difference(
    first: np.ndarray, second: np.ndarray, measure: Measure, preferences: Preferences, days: int | None = None
) -> Difference:
    """Return the mean of the paired differences, second less first, by t, or otherwise where t is in doubt.

    Where it hangs on few worlds it is ``interval_of_few``. Where by Cochran's rule the differences are too skewed, it
    is BCa. BCa never takes away from t, which is cautious where tails are heavy on both sides: there, at the levels
    that Holm asks for, BCa alone follows the skewness that a few worlds happen to have, and calls differences that are
    none. Only headline measures are worth the bootstrap.
    """
    differences = apart(first, second)
    method, interval = _method(differences, [first, second], measure, days)
    interval = clipped(interval, limits_of(measure, days, apart=True), differences)
    return _judged(first, second, differences, method, interval, measure, preferences)


def interval_for(differences: np.ndarray, measure: Measure | None = None) -> Interval:
    """Return the interval that fits the mean of differences (n,) of which not few are apart from the rest."""
    return _method(differences, [differences], measure, None)[1]


def _method(
    differences: np.ndarray, columns: list[np.ndarray], measure: Measure | None, days: int | None
) -> tuple[str, Interval]:
    """Return the name of the interval that fits the mean of differences of ``columns``, and it for any level."""
    n = len(differences)
    if is_few(differences):
        return "few", interval_of_few(differences, reach_apart(columns, measure, days))
    if measure and measure.headline and n >= FEWEST and n <= COCHRAN * skewness(differences) ** 2:
        return "bca", _wider(t_interval(differences), resampled_mean(differences).interval)
    return "t", t_interval(differences)


def _wider(one: Interval, other: Interval) -> Interval:
    """Return the interval that holds both, for any level."""

    def interval(z: float) -> tuple[float | None, float | None]:
        (low, high), (lower, higher) = one(z), other(z)
        assert low is not None and high is not None and lower is not None and higher is not None
        return min(low, lower), max(high, higher)

    return interval


def flag_difference(first: np.ndarray, second: np.ndarray, measure: Measure, preferences: Preferences) -> Difference:
    """Return the difference of two paired shares, second less first, with its interval and discordant counts."""
    a, b = first > 0, second > 0
    one, other = a.astype(float), b.astype(float)
    found = _judged(one, other, other - one, "newcombe", flag_interval(a, b), measure, preferences)
    return replace(found, only_first=int((a & ~b).sum()), only_second=int((~a & b).sum()))


def flag_interval(first: np.ndarray, second: np.ndarray) -> Interval:
    """Return the interval of the difference of two paired shares of true flags (n,), second less first, for any level.

    It is Newcombe's; where pairs have hardly differed yet, what is known of few worlds holds as for any measure.
    """
    both, only_first, only_second = (int(x.sum()) for x in (first & second, first & ~second, ~first & second))
    neither = len(first) - both - only_first - only_second
    differences = second.astype(float) - first

    def newcombe(z: float) -> tuple[float | None, float | None]:
        return newcombe_paired(both, only_second, only_first, neither, z)

    seldom = only_first + only_second < SELDOM and is_few(differences)
    interval = _wider(newcombe, interval_of_few(differences, Reach(1.0, 1.0))) if seldom else newcombe
    return clipped(interval, (-1.0, 1.0), differences)


def _judged(
    first: np.ndarray, second: np.ndarray, differences: np.ndarray, method: str, interval: Interval, measure: Measure,
    preferences: Preferences,
) -> Difference:  # fmt: skip
    """Return the mean of paired differences with its verdict, as its interval has it."""
    n = len(first)
    higher, lower = (float(so.mean()) if n else None for so in (differences > 0, differences < 0))
    found = Difference(
        float(differences.mean()) if n else None, *interval(Z95), NOT_DEFINED, n, int(np.count_nonzero(differences)),
        higher, lower, preferences.zone(measure, float(first.mean()) if n else 0.0), method,
        sizes=_sizes(first, second, differences),
    )  # fmt: skip
    if found.difference is None:
        return found
    said, known = verdict_of(found.low, found.high, found.tie), found.low is not None
    more = worlds_needed(found) if said == CANNOT_TELL and known else None
    found = replace(found, verdict=preferences.word(measure.name, said), more_worlds=more)
    if not measure.headline:
        return found
    beyond, within = p_values(interval, found.tie) if known else (1.0, 1.0)
    return replace(found, p_beyond=beyond, p_within=within)


def _share_differences(first: np.ndarray, second: np.ndarray, measure: Measure, preferences: Preferences) -> Difference:
    keep = (first >= 0) & (second >= 0)
    a, b = first[keep], second[keep]
    shares = {c: flag_difference(a == k, b == k, measure, preferences) for k, c in enumerate(measure.categories)}
    return Difference(None, None, None, NOT_DEFINED, shares=shares)


def newcombe_paired(
    both: int, only_a: int, only_b: int, neither: int, z: float = Z95
) -> tuple[float | None, float | None]:
    """Return the interval, 95% by default, of share a less share b over the same worlds.

    Method 10 of Newcombe 1998 (doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C): two Wilson
    intervals, squared and added with the correlation of the pairs, which is corrected for continuity.
    """
    n = both + only_a + only_b + neither
    if n == 0:
        return None, None
    a, b = (both + only_a) / n, (both + only_b) / n
    below_a, above_a = _wilson_arms(both + only_a, n, z)
    below_b, above_b = _wilson_arms(both + only_b, n, z)
    phi = _paired_correlation(both, only_a, only_b, neither)
    low = (a - b) - _square_and_add(below_a, above_b, phi)
    high = (a - b) + _square_and_add(above_a, below_b, phi)
    return low, high


def _wilson_arms(k: int, n: int, z: float) -> tuple[float, float]:
    """Return how far Wilson's interval reaches below and above k/n."""
    low, high = wilson_interval(k, n, z)
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
