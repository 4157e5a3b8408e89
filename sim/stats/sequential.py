"""A precision instead of a number of worlds: run on until an interval is as narrow as was asked, and no longer.

Looking again and again until an interval happens to be narrow misses the truth too often: variance is small by chance
just when it stops. So here a first look and those between only plan (nothing may be said or stopped at them, so they
cost no certainty), and looks that may stop share one level out among them: 0.04 for the first, then 0.008, 0.0016 and
so on, together 0.05. Whichever of their intervals is reported, all of them hold together in 95% of runs. Everything is
a function of the conditions, the maximum and the worlds in order, so a run that is taken up again looks as it would
have, and one that is extended goes on from the looks it had.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, inf, sqrt
from typing import Any

import numpy as np

from sim.names.measures import OUTCOMES
from sim.stats.bootstrap import skewness
from sim.stats.few_worlds import (
    Reach,
    clipped,
    effective_apart,
    interval_of_few,
    is_few,
    limits_of,
    reach_apart,
    reach_of,
)
from sim.stats.summaries import Z95, t_quantile, wilson_interval
from sim.stats.values import apart as apart_of
from sim.stats.values import both_defined, defined, numbers_of
from sim.stats.verdicts import quantile_at

#: Worlds of the first look, and what all others but the last are multiples of.
FIRST, STEP = 200, 50
#: The level of the first look that may stop, and what each later one has of the one before; in all 0.05.
LEVEL, LESS = 0.04, 0.2
#: From a look at which at most so many times its worlds are needed, the next may stop; otherwise it plans once more, at
#: so many times the worlds there are at least and at most.
NEAR, PLANNED, GROWTH = 1.25, 1.1, 5.0
#: More worlds than the variance so far asks for: so many standard errors of that variance, and at least this share.
CAUTION, LEAST = 1.0, 0.03
#: No condition is reached with fewer worlds in which its measure is defined, nor a mean with fewer than so many times
#: the squared skewness, nor one on which not so many worlds lie apart from the rest: a variance that hangs on a few
#: worlds is not known yet. Cochran's 25 is for t as it is.
FEWEST, STEADY = 30, 10
MEASURE_OF = {m.name: m for m in OUTCOMES}
Read = Callable[[str, "str | None"], Any]
Half = Callable[[float], float]


# What is asked ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Precision:
    """A measure and how far its interval may reach from the estimate, in the measure's unit.

    Without ``second`` it is the mean (of a flag: the share of worlds) of one variant, ``first``, or of the only one
    there is; with it, the mean of ``first`` less that of ``second`` over the same worlds.
    """

    measure: str
    half_width: float
    first: str | None = None
    second: str | None = None

    @property
    def text(self) -> str:
        """Return it as one would type it: ``exited: restraint - in-kind +- 0.02``."""
        which = f": {self.first}" if self.first else ""
        return f"{self.measure}{which}{f' - {self.second}' if self.second else ''} +- {self.half_width:g}"


# Looks -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """A number of worlds at which the results are looked at, and whether it may stop there or only plans."""

    worlds: int
    may_stop: bool


@dataclass(frozen=True)
class Statement:
    """What may be said of one condition, in its measure's unit.

    ``worlds`` were run and ``defined`` of them have a value; ``level`` is the share of cases in which an interval made
    so misses by itself (all looks together: 0.05). Limits are None where there is no interval. ``why`` says why it is
    not reached.
    """

    precision: Precision
    worlds: int
    defined: int
    level: float
    estimate: float | None
    low: float | None
    high: float | None
    half_width: float | None
    why: str = ""

    @property
    def reached(self) -> bool:
        """Return whether the interval is as narrow as was asked, and can be relied on."""
        return not self.why


@dataclass(frozen=True)
class Standing:
    """Where a run stands: looks so far, a statement for each condition (none before a look may stop), the next look.

    ``next`` is None once all conditions are reached, or the maximum is.
    """

    looks: tuple[Look, ...]
    statements: tuple[Statement, ...]
    next: Look | None

    @property
    def reached(self) -> bool:
        """Return whether all conditions are reached, as far as looks that may stop have shown."""
        return bool(self.statements) and all(one.reached for one in self.statements)


def standing_of(
    conditions: Iterable[Precision], read: Read, worlds: int, most: int, *, first: int = FIRST,
    looks: Iterable[Look] = (),
) -> Standing:  # fmt: skip
    """Return where a run stands that stops when all conditions are reached, or at ``most`` worlds.

    Parameters
    ----------
    conditions : iterable of Precision
        With variants resolved.
    read : function
        Given a measure's name and a variant's label (None: the only one), returns its values in worlds 0, 1, 2 ...,
        shape (at least ``worlds``,); null where not defined.
    worlds : int
        How many are there; 0 before the start.
    most : int
        The maximum.
    first : int
        Worlds of the first look, which only plans.
    looks : iterable of Look
        Looks taken before. Without them they are found again from the data; a run that ended at a smaller maximum must
        give them, for there its last look may have stopped.

    Returns
    -------
    Standing
        Run on to ``next.worlds`` and call again. A condition's statement is that of the last look, or of the last at
        which it was reached: by the union bound all statements of a condition hold together in 95% of runs.
    """
    asked, taken = tuple(conditions), [look for look in looks if look.worlds <= worlds]
    if not taken:
        taken = [Look(min(first, most), first >= most)]
        if worlds < taken[0].worlds:
            return Standing((), (), taken[0])
    while True:
        now = _standing_now(asked, read, tuple(taken), most)
        if now.next is None or now.next.worlds > worlds:
            return now
        taken.append(now.next)


def level_of(stop: int) -> float:
    """Return the level of the look that is the ``stop``-th, from 0, of those that may stop."""
    return LEVEL * LESS**stop


def _standing_now(asked: tuple[Precision, ...], read: Read, looks: tuple[Look, ...], most: int) -> Standing:
    stops = [look.worlds for look in looks if look.may_stop]
    now, level = looks[-1].worlds, level_of(len(stops))
    said: list[Statement] = []
    need = 0.0
    for condition in asked:
        columns = _columns(condition, read)
        statement = _latest(condition, columns, stops)
        said += [statement] if statement else []
        if statement is None or not statement.reached:
            need = max(need, _need(condition, _sample(condition, columns, now), level))
    done = now >= most or (bool(stops) and all(one.reached for one in said))
    return Standing(looks, tuple(said), None if done else _next(now, need, most))


def _next(now: int, need: float, most: int) -> Look:
    """Return the look after one at ``now``: where it may stop if that is near, else one more that plans."""
    near = min(need, most) <= NEAR * now
    goal = need if near else min(max(need / NEAR, PLANNED * now), GROWTH * now)
    worlds = STEP * ceil(max(min(goal, most), now + 1) / STEP)
    return Look(min(worlds, most), near or worlds >= most)


def _latest(condition: Precision, columns: list[np.ndarray], stops: list[int]) -> Statement | None:
    """Return the statement of the last look that may stop, or of the last at which the condition was reached."""
    last = None
    for stop in reversed(range(len(stops))):
        found = _statement(condition, _sample(condition, columns, stops[stop]), stops[stop], level_of(stop))
        if found.reached:
            return found
        last = last or found
    return last


def _statement(condition: Precision, sample: "_Sample", worlds: int, level: float) -> Statement:
    low, high = sample.interval(_z(level))
    half = None if low is None or high is None else max(high - sample.mean, sample.mean - low)
    why = _why_not(condition, sample, half)
    return Statement(condition, worlds, sample.n, level, sample.mean if sample.n else None, low, high, half, why)


def _why_not(condition: Precision, sample: "_Sample", half: float | None) -> str:
    if sample.n < FEWEST:
        return f"defined in {sample.n} worlds"
    if half is None:
        return "the same in all worlds so far"
    if half > condition.half_width:
        return "wider than asked"
    return "decided by a few worlds" if sample.n < sample.fewest else ""


def _need(condition: Precision, sample: "_Sample", level: float) -> float:
    """Return how many worlds will probably do at this level, a few more for the variance not being known yet."""
    if sample.n < 2 or not sample.told:
        return inf
    z, n = _z(level), float(sample.n)
    # Half widths fall with a power of n between a half and one: by this exponent the error falls to a third each time.
    for _ in range(12):
        n = min(max(n * min(sample.half_at(n, z) / condition.half_width, 1e6) ** (4 / 3), sample.fewest), 1e15)
    unsure = sqrt(max(sample.unsure * (1 / sample.n - 1 / n), 0.0))
    return n * (1 + max(LEAST, CAUTION * min(unsure, 1.0))) * sample.worlds / sample.n


@lru_cache(maxsize=64)
def _z(level: float) -> float:
    return quantile_at(level)


# Intervals -------------------------------------------------------------------------------------------------------


def _columns(condition: Precision, read: Read) -> list[np.ndarray]:
    labels = [condition.first] if condition.second is None else [condition.first, condition.second]
    return [numbers_of(read(condition.measure, label)) for label in labels]


def _sample(condition: Precision, columns: list[np.ndarray], worlds: int) -> "_Sample":
    """Return the condition's values in the first ``worlds``: of one variant, or first less second."""
    parts = [column[:worlds] for column in columns]
    values = defined(parts[0]) if len(parts) == 1 else apart_of(*both_defined(parts[1], parts[0]))
    measure, apart = MEASURE_OF[condition.measure], len(parts) == 2
    reach = reach_apart(list(map(defined, parts)), measure) if apart else reach_of(values, measure)
    limits = limits_of(measure, apart=apart)
    if measure.kind == "flag":
        return (_Apart if apart else _Share)(values, worlds, reach, limits)
    return (_Bounded if measure.kind == "share" else _Sample)(values, worlds, reach, limits)


class _Sample:
    """Numbers, one for each world in which they are defined, and the interval of their mean.

    ``reach`` says how far from the rest a world may lie that has not been seen yet, ``limits`` what the mean can be.
    """

    def __init__(self, values: np.ndarray, worlds: int, reach: Reach, limits: tuple[float, float]) -> None:
        self.values, self.worlds, self.n = values, worlds, len(values)
        self.reach, self.limits = reach, limits

    @cached_property
    def mean(self) -> float:
        return float(self.values.mean()) if self.n else 0.0

    @cached_property
    def varies(self) -> bool:
        return self.n > 1 and bool(np.ptp(self.values) > 0)

    @property
    def told(self) -> bool:
        """Return whether anything can be said: numbers that never varied may be anything in the next world."""
        return self.varies

    @cached_property
    def deviation(self) -> float:
        return float(self.values.std(ddof=1)) if self.varies else 0.0

    @cached_property
    def skewness(self) -> float:
        return skewness(self.values) if self.varies else 0.0

    @property
    def fewest(self) -> float:
        """Return how many values it takes at least, as skewed as they are, before their variance is believed."""
        apart = effective_apart(self.values)
        return max(FEWEST, STEADY * self.skewness**2, STEADY * self.n / apart if apart else FEWEST)

    @cached_property
    def unsure(self) -> float:
        """Return n times the squared relative error of the variance: kurtosis less 1."""
        if not self.varies:
            return float(self.n)
        squares = (self.values - self.mean) ** 2
        return float((squares**2).mean() / squares.mean() ** 2) - 1

    def interval(self, z: float) -> tuple[float | None, float | None]:
        if not self.told:
            return None, None
        below, above = self._arms(float(self.n), z)
        return clipped(lambda _: (self.mean - below, self.mean + above), self.limits, self.values)(z)

    def half_at(self, n: float, z: float) -> float:
        """Return the half width that ``n`` values would have if they went on like this."""
        return max(self._arms(n, z))

    def _arms(self, n: float, z: float) -> tuple[float, float]:
        """Return how far the interval reaches below and above: Student's t, or Johnson's where that is farther.

        Johnson 1978 (J. Am. Stat. Assoc. 73, 536-544) moves t's interval the way the numbers are skewed. Where the mean
        hangs on few worlds, or on none, it is ``interval_of_few``.
        """
        if is_few(self.values):
            low, high = interval_of_few(self.values, self.reach, n=n)(z)
            assert low is not None and high is not None
            return self.mean - low, high - self.mean
        error, t = self.deviation / sqrt(n), t_quantile(max(int(n) - 1, 1), z)
        moved = self.skewness * (1 + 2 * z * z) / (6 * sqrt(n))
        return error * (t + max(-moved, 0.0)), error * (t + max(moved, 0.0))


class _Share(_Sample):
    """Flags, and Wilson's interval of their share, which knows how rare something may be that has not happened yet."""

    fewest = FEWEST

    @property
    def told(self) -> bool:
        return self.n > 0

    def _arms(self, n: float, z: float) -> tuple[float, float]:
        low, high = wilson_interval(self.mean * n, n, z)
        assert low is not None and high is not None
        return self.mean - low, high - self.mean


class _Apart(_Sample):
    """Differences of paired flags, and Tango's interval of their mean."""

    fewest = FEWEST

    @property
    def told(self) -> bool:
        return self.n > 0

    def _arms(self, n: float, z: float) -> tuple[float, float]:
        more, less = (share * n for share in self.shares)
        return tango_high(less, more, n, z) + self.mean, tango_high(more, less, n, z) - self.mean

    @cached_property
    def shares(self) -> tuple[float, float]:
        """Return in which shares of the worlds it happened in the first alone, and in the second alone."""
        return float((self.values > 0).mean()), float((self.values < 0).mean())


class _Bounded(_Sample):
    """Shares from 0 to 1, or their differences: as numbers, but where none varied, nothing beyond 1 can come."""

    @property
    def told(self) -> bool:
        return self.n > 1

    @property
    def fewest(self) -> float:
        return super().fewest if self.varies else FEWEST


def tango_high(more: float, less: float, n: float, z: float = Z95) -> float:
    """Return the upper limit of a difference of paired shares, (more - less) / n; the lower is that of less - more.

    Tango's score interval (1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B): unlike
    Newcombe's it stays wide where the pairs have hardly differed yet, which is when a rule for stopping is tempted.
    ``more`` and ``less`` of ``n`` pairs are unlike, one way and the other.
    """
    low, high = (more - less) / n, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        b = (2 * n - more + less) * middle - more - less
        rarer = (sqrt(b * b + 8 * n * less * middle * (1 - middle)) - b) / (4 * n)
        far = (n * middle - more + less) ** 2 > z * z * n * (2 * rarer + middle * (1 - middle))
        low, high = (low, middle) if far else (middle, high)
    return high
