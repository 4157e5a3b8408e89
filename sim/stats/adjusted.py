"""Means freed of the luck in what worlds drew: adjusted by regression on draws whose distribution is known.

A world's inputs stand at quantiles that were drawn evenly from 0 to 1. In any sample some came out a little high; what
that has done to a mean can be taken off, as far as a regression tells it (control variates; Lavenberg & Welch 1981,
doi:10.1287/mnsc.27.3.322). A fifth of the worlds at a time is adjusted by what the other four fifths have taught, so
what is taken off has the mean 0 whatever was learned (cross-fitting; Chernozhukov et al. 2018, doi:10.1111/ectj.12097).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import inf, log, sqrt
from typing import Any, NamedTuple

import numpy as np

from sim.names.measures import Measure
from sim.stats.few_worlds import clipped, is_few, limits_of
from sim.stats.paired import interval_for
from sim.stats.summaries import Z95, t_interval, wilson_interval
from sim.stats.values import apart, codes_of, numbers_of

#: Parts of the worlds, each adjusted by what the others have taught.
FOLDS = 5
#: Fewer worlds than so many, or fewer in which a measure is defined, teach nothing.
LEAST = 100
#: So many effects are taken up at most, one for each so many worlds; those of the first look are looked into further.
MOST_EFFECTS, WORLDS_FOR_EACH, LOOKED_INTO = 60, 8, 20
#: An effect has to be as sure as the best of so many without any, if fewer are tried.
FEWEST_TRIED = 50
#: Of a feature at least so much must be its own, and not that of those taken up before.
OWN = 1e-6
FEW_WORLDS, NO_INPUTS, ALL_THE_SAME, HANGS_ON_FEW = (
    f"fewer than {LEAST} worlds in which it is defined", "no input varies", "all worlds are the same",
    "it hangs on few worlds",
)  # fmt: skip


class Feature(NamedTuple):
    """A function of one input, or a product of two, with mean 0 and variance 1 over all that may be drawn.

    ``parts`` are inputs and forms: Legendre's polynomial of degree 1, 2 or 3 in the quantile, or, with form 0, whether
    the quantile lies above ``cut``.
    """

    parts: tuple[tuple[int, int, float], ...]

    def of(self, quantiles: np.ndarray) -> np.ndarray:
        """Return the feature of each row of ``quantiles`` (points, inputs)."""
        value = np.ones(len(quantiles))
        for column, form, cut in self.parts:
            value = value * _form(quantiles[:, column], form, cut)
        return value


def _form(u: np.ndarray, form: int, cut: float) -> np.ndarray:
    if form == 0:
        return ((u >= cut) - (1 - cut)) / sqrt(cut * (1 - cut))
    v = 2 * u - 1
    return (sqrt(3) * v, sqrt(5) * (1.5 * v * v - 0.5), sqrt(7) * (2.5 * v * v * v - 1.5 * v))[form - 1]


@dataclass(frozen=True)
class Drawn:
    """What the points that worlds lived at drew, each independently of all others.

    Parameters
    ----------
    quantiles : array, shape (points, inputs)
        Where each input stands in its distribution: independent, and even between 0 and 1.
    steps : tuple of (int, float), optional
        Columns whose input takes few values, with the quantiles at which it goes from one to the next.
    """

    quantiles: np.ndarray
    steps: tuple[tuple[int, float], ...] = ()

    @cached_property
    def features(self) -> list[Feature]:
        """Return what each input may do alone, to be looked at first: a slope, a bend, steps."""
        inputs = range(self.quantiles.shape[1])
        smooth = [Feature(((j, degree, 0.0),)) for degree in (1, 2) for j in inputs]
        return smooth + [Feature(((j, 0, cut),)) for j, cut in self.steps if 0 < cut < 1]

    @cached_property
    def table(self) -> "_Table":
        """Return the first features of all points."""
        return _Table(self.quantiles, self.features)

    def further(self, found: list[Feature]) -> list[Feature]:
        """Return what is looked at once it is known which inputs matter: more of each, and each with each."""
        inputs = dict.fromkeys(one.parts[0][0] for one in found)
        alone = [Feature(((j, degree, 0.0),)) for degree in (1, 2, 3) for j in inputs]
        alone += [Feature(((j, 0, cut),)) for j, cut in self.steps if j in inputs and 0 < cut < 1]
        pairs = ((a, b) for a, b in combinations(found, 2) if a.parts[0][0] != b.parts[0][0])
        return alone + [Feature(a.parts + b.parts) for a, b in pairs]


class _Table:
    """Features of points, with the sums that a regression on any four fifths of them needs, made when needed."""

    def __init__(self, quantiles: np.ndarray, features: list[Feature]) -> None:
        self.features, self.points = features, len(quantiles)
        by_fold = [quantiles[k::FOLDS] for k in range(FOLDS)]
        whole, sorted_by_fold = np.empty((len(features), self.points)), np.concatenate(by_fold)
        for k, feature in enumerate(features):
            whole[k] = feature.of(sorted_by_fold)
        #: Of each fold, features of its points (features, points of the fold).
        self.parts = np.split(whole, np.cumsum([len(rows) for rows in by_fold])[:-1], axis=1)
        self.sums = np.array([part.sum(axis=1) for part in self.parts])
        self.squared = np.array([np.einsum("fp,fp->f", part, part) for part in self.parts])
        self.products: dict[int, np.ndarray] = {}

    def count(self, fold: int) -> int:
        """Return how many points there are without a fold."""
        return self.points - self.parts[fold].shape[1]

    def centred(self, j: int, fold: int) -> np.ndarray:
        """Return the sums of products (features,) of all features with feature ``j``, less means, without a fold."""
        if j not in self.products:
            self.products[j] = np.array([part @ part[j] for part in self.parts])
        sums = _without(self.sums, fold)
        return _without(self.products[j], fold) - sums * (sums[j] / self.count(fold))

    def squares(self, fold: int) -> np.ndarray:
        """Return the sums of squares (features,), less means, without a fold."""
        sums = _without(self.sums, fold)
        return _without(self.squared, fold) - sums * sums / self.count(fold)

    def with_values(self, values: np.ndarray, fold: int) -> np.ndarray:
        """Return the sums of products (features,) with ``values`` (points,), less means, without a fold."""
        sums = np.array([part @ values[k::FOLDS] for k, part in enumerate(self.parts)])
        return _without(sums, fold) - _without(self.sums, fold) * _others(values, fold).mean()


def _without(by_fold: np.ndarray, fold: int) -> np.ndarray:
    return by_fold.sum(axis=0) - by_fold[fold]


def _others(values: np.ndarray, fold: int) -> np.ndarray:
    return values[np.arange(len(values)) % FOLDS != fold]


class _Fit(NamedTuple):
    """Which features of a table were taken up, in order, and their coefficients."""

    chosen: list[int]
    coefficients: np.ndarray


def _fit(table: _Table, values: np.ndarray, fold: int) -> _Fit:
    """Return a regression of ``values`` (points,) on few features, learned without a fold.

    Features are taken up one by one, the one that explains most first (orthogonal matching pursuit), as long as that
    is more than the best of as many features without any effect would (Foster & George 1994,
    doi:10.1214/aos/1176325766). One that hardly did counts for little: its part is shrunk, lest chance be learned.
    """
    n = table.count(fold)
    left, own = table.with_values(values, fold), table.squares(fold)
    whole, most = own.copy(), min(MOST_EFFECTS, n // WORLDS_FOR_EACH)
    sure, rest = 2 * log(max(len(left), FEWEST_TRIED)), float(_others(values, fold).var()) * n
    nothing = rest * OWN
    chosen: list[int] = []
    directions, parts = np.empty((most, len(left))), np.empty(most)
    while len(chosen) < most and rest > nothing:
        explains = np.where(own > OWN * np.maximum(whole, n), left * left / np.maximum(own, OWN), 0.0)
        j, k = int(explains.argmax()), len(chosen)
        rest -= float(explains[j])
        strength = float(explains[j]) / max(rest / (n - k - 2), nothing / n)
        if strength <= sure:
            break
        direction = (table.centred(j, fold) - directions[:k, j] @ directions[:k]) / sqrt(own[j])
        part = float(left[j]) / sqrt(own[j])
        left, own = left - part * direction, own - direction * direction
        own[j] = 0.0
        directions[k], parts[k] = direction, part * (1 - (sure / strength) ** 2)
        chosen.append(j)
    triangle = np.tril(directions[: len(chosen)][:, chosen].T)
    return _Fit(chosen, np.linalg.solve(triangle.T, parts[: len(chosen)]) if chosen else parts[:0])


def _without_luck(values: np.ndarray, drawn: Drawn) -> tuple[np.ndarray, set[int]]:
    """Return values (points,) less what each point's luck has added, as the others teach, and the inputs used."""
    luck, used, effects = np.zeros(len(values)), set(), 0
    for fold in range(FOLDS):
        first = _fit(drawn.table, values, fold)
        found = [drawn.features[j] for j in first.chosen[:LOOKED_INTO]]
        if not found:
            continue
        table = _Table(drawn.quantiles, drawn.further(found))
        chosen, coefficients = _fit(table, values, fold)
        luck[fold::FOLDS] = coefficients @ table.parts[fold][chosen]
        used |= {part[0] for j in chosen for part in table.features[j].parts}
        effects += len(chosen)
    rest = values - luck
    # Folds teach each other, so what is left is somewhat less independent than it looks, by as much as was learned.
    stretch = sqrt(1 + effects / (FOLDS - 1) / len(values))
    return rest.mean() + (rest - rest.mean()) * stretch, used


# Means and differences -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdjustedEstimate:
    """A mean, or a mean difference, freed of luck, in the measure's unit, with its 95% interval; None where undefined.

    ``gain`` is the variance of the plain estimate over that of this one, ``as_good_as`` the number of worlds that would
    give the plain one as narrow an interval, ``inputs`` how many were used. ``why_not`` says in words why it is not
    adjusted, and then all else is None. A measure of categories has ``shares`` alone, an estimate of each by name.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    gain: float | None = None
    as_good_as: int | None = None
    inputs: int | None = None
    why_not: str | None = None
    shares: "dict[str, AdjustedEstimate] | None" = None

    def as_plain(self, name: str) -> dict[str, Any]:
        """Return plain values, the number under ``name``: ``mean``, ``difference``."""
        rest = ("low", "high", "gain", "as_good_as", "inputs", "why_not")
        return {name: self.value} | {key: getattr(self, key) for key in rest}


def adjusted_mean(
    values: Any, drawn: Drawn, measure: Measure | None = None, days: int | None = None
) -> AdjustedEstimate:  # fmt: skip
    """Return the mean of a measure over worlds as it would be without luck in the draw of inputs.

    Parameters
    ----------
    values : array-like, shape (points,) or (points, lives)
        The measure in each world, or in each life of each point; NaN where it is not defined. Of categories, names.
    drawn : Drawn
        What the points drew, in the same order.
    measure : Measure, optional
        Of which the values are: says what is possible, and whether it is a share of worlds.
    days : int, optional
        The horizon, beyond which no measure of days goes.

    Returns
    -------
    AdjustedEstimate
        The mean in the measure's unit; of categories ``shares`` alone, an adjusted share of worlds of each by name.

    Notes
    -----
    Of a measure that is not defined in every world the mean is a ratio, of a sum over all worlds to the number of those
    in which it is defined: inputs are even over all worlds, not over those. So what is regressed is what each world
    adds to the ratio, 0 where it is not defined. Lives of a point are averaged first: points are independent.
    """
    if measure is not None and measure.kind == "category":
        return _shares(values, drawn, measure)
    lives = _by_life(values, drawn)
    why_not = _why_not(lives, drawn)
    if why_not:
        return AdjustedEstimate(why_not=why_not)
    plain, influence = _influence(lives)
    rest, used = _without_luck(influence, drawn)
    mean, limits = plain + float(rest.mean()), limits_of(measure, days)
    if measure is not None and measure.kind in ("flag", "category"):
        low, high = _wilson(mean, rest)
    else:
        low, high = clipped(t_interval(plain + rest), limits, np.ravel(lives[~np.isnan(lives)]))(Z95)
    mean = min(max(mean, limits[0]), limits[1])
    return _gained(mean, low, high, influence, rest, lives, used)


def adjusted_difference(
    first: Any, second: Any, drawn: Drawn, measure: Measure | None = None, days: int | None = None
) -> AdjustedEstimate:
    """Return the mean paired difference, second less first, as it would be without luck in the draw of inputs.

    The differences of single worlds are regressed on what they drew. Parameters and what comes back are as for
    ``adjusted_mean``, of the difference in place of the mean; a measure is compared where both are defined.
    """
    if measure is not None and measure.kind == "category":
        return _share_differences(first, second, drawn, measure)
    lives = apart(_by_life(first, drawn), _by_life(second, drawn))
    why_not = _why_not(lives, drawn)
    if why_not:
        return AdjustedEstimate(why_not=why_not)
    plain, influence = _influence(lives)
    rest, used = _without_luck(influence, drawn)
    limits = limits_of(measure, days, apart=True)
    low, high = clipped(interval_for(plain + rest, measure), limits, np.ravel(lives[~np.isnan(lives)]))(Z95)
    difference = min(max(plain + float(rest.mean()), limits[0]), limits[1])
    return _gained(difference, low, high, influence, rest, lives, used)


def _by_life(values: Any, drawn: Drawn) -> np.ndarray:
    """Return values as (points, lives); ValueError where they are not of the points that drew."""
    lives = np.asarray(numbers_of(values), dtype=float)
    lives = lives[:, None] if lives.ndim == 1 else lives
    if len(lives) != len(drawn.quantiles):
        raise ValueError(f"values of {len(lives)} points, and draws of {len(drawn.quantiles)}")
    return lives


def _why_not(lives: np.ndarray, drawn: Drawn) -> str:
    """Return why a mean cannot be adjusted, in words; nothing where it can."""
    known = lives[~np.isnan(lives)]
    if not drawn.quantiles.shape[1]:
        return NO_INPUTS
    if int((~np.isnan(lives)).any(axis=1).sum()) < LEAST:
        return FEW_WORLDS
    if not np.ptp(known) > 0:
        return ALL_THE_SAME
    return HANGS_ON_FEW if is_few(known) else ""


def _influence(lives: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the plain mean, and how much each point moves it (points,): with mean 0, and its error as theirs."""
    there = ~np.isnan(lives)
    sums, counts = np.where(there, lives, 0.0).sum(axis=1), there.sum(axis=1)
    plain = float(sums.sum() / counts.sum())
    return plain, (sums - plain * counts) / float(counts.mean())


def _wilson(mean: float, rest: np.ndarray) -> tuple[float | None, float | None]:
    """Return Wilson's interval of a share that is as well known as that of so many worlds without adjustment."""
    n, variance = len(rest), float(rest.var())
    mean = min(max(mean, 0.0), 1.0)
    worth = n * mean * (1 - mean) / variance if variance > 0 else inf
    return wilson_interval(mean * worth, worth) if 0 < worth < inf else t_interval(mean + rest - rest.mean())(Z95)


def _gained(
    value: float, low: float | None, high: float | None, influence: np.ndarray, rest: np.ndarray, lives: np.ndarray,
    used: set[int],
) -> AdjustedEstimate:  # fmt: skip
    left = float(rest.var())
    gain = float(influence.var()) / left if left > 0 else None
    worlds = None if gain is None else round(gain * lives.size)
    return AdjustedEstimate(value, low, high, gain, worlds, len(used))


def _of_category(codes: np.ndarray, code: int) -> np.ndarray:
    return np.where(codes < 0, np.nan, (codes == code).astype(float))


def _codes(values: Any, measure: Measure) -> np.ndarray:
    shape = np.shape(values)
    return codes_of(np.ravel(values) if len(shape) > 1 else values, measure.categories).reshape(shape)


def _shares(values: Any, drawn: Drawn, measure: Measure) -> AdjustedEstimate:
    codes, share = _codes(values, measure), measure._replace(kind="flag")
    named = enumerate(measure.categories)
    return AdjustedEstimate(shares={name: adjusted_mean(_of_category(codes, k), drawn, share) for k, name in named})


def _share_differences(first: Any, second: Any, drawn: Drawn, measure: Measure) -> AdjustedEstimate:
    a, b, share = _codes(first, measure), _codes(second, measure), measure._replace(kind="flag")
    return AdjustedEstimate(shares={
        name: adjusted_difference(_of_category(a, k), _of_category(b, k), drawn, share)
        for k, name in enumerate(measure.categories)
    })  # fmt: skip
