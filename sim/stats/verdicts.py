"""What a difference comes to: higher, lower, a tie, or not to be told yet; over many comparisons, Holm's correction.

A difference within the tie zone is of no interest, whatever its interval. So an interval beyond the zone on one side is
``higher`` or ``lower``, one within the zone is a ``tie``, and one across an edge leaves it open: more worlds may tell.
These three exclude one another, and more worlds never turn one into another except by chance. Which way is good is a
value judgement: only where the analyst says so do ``better`` and ``worse`` take the place of ``higher`` and ``lower``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil, erfc, floor, log10, sqrt
from typing import NamedTuple, TypeVar

from sim.names.measures import Measure
from sim.stats.differences import Difference
from sim.stats.few_worlds import Interval
from sim.stats.summaries import Z95

HIGHER, LOWER, TIE, CANNOT_TELL, NOT_DEFINED = "higher", "lower", "tie", "cannot tell yet", "not defined"
BETTER, WORSE = "better", "worse"
#: The most worlds that anybody is told to run.
MOST_WORLDS, TOO_MANY = 1_000_000, "more than 10^6"
#: The share of comparisons, or of whole families of them, that may be called wrongly.
ALPHA = 0.05
#: The normal's 80% point: a comparison that is worth the worlds tells in four of five cases.
POWER = 0.8416212335729143
Key = TypeVar("Key")
#: A variant and a measure.
Pair = tuple[str, str]


class Tie(NamedTuple):
    """Half the width of a tie zone: in the measure's unit, or a share of the baseline's mean (its size, that is)."""

    amount: float
    relative: bool = False


#: The tie zone of each kind of measure where the analyst sets no other: a percentage point for shares of worlds or of
#: anything else, 2% of the baseline's mean for counts and levels, a week for days. A judgement, nothing else.
TIES = {
    "flag": Tie(0.01), "category": Tie(0.01), "share": Tie(0.01), "count": Tie(0.02, True), "level": Tie(0.02, True),
    "day": Tie(7.0),
}  # fmt: skip


@dataclass(frozen=True)
class Preferences:
    """What the analyst says: tie zones by kind or measure, and which way is wanted by measure (higher or lower)."""

    ties: Mapping[str, Tie] = field(default_factory=dict)
    wants: Mapping[str, str] = field(default_factory=dict)

    def zone(self, measure: Measure, baseline: float) -> float:
        """Return half the width of the tie zone, for the baseline's mean; that mean's own error is left out."""
        tie = self.ties.get(measure.name) or self.ties.get(measure.kind) or TIES[measure.kind]
        return tie.amount * abs(baseline) if tie.relative else tie.amount

    def word(self, measure: str, verdict: str) -> str:
        """Return the verdict on a measure, as better or worse where the analyst wants one way."""
        wanted = self.wants.get(measure)
        if wanted is None or verdict not in (HIGHER, LOWER):
            return verdict
        return BETTER if verdict == wanted else WORSE


# One difference --------------------------------------------------------------------------------------------------


def verdict_of(low: float | None, high: float | None, zone: float = 0.0) -> str:
    """Return what an interval says against a tie zone of half width ``zone``."""
    if low is None or high is None:
        return CANNOT_TELL
    if -zone <= low and high <= zone:
        return TIE
    if low > zone:
        return HIGHER
    return LOWER if high < -zone else CANNOT_TELL


def p_values(interval: Interval, zone: float) -> tuple[float, float]:
    """Return the smallest levels at which an interval lies beyond the zone, and within it.

    The first is a p value of the hypothesis that the difference lies within the zone, the second of the hypothesis that
    it lies outside (two one-sided tests, Schuirmann 1987, doi:10.1007/BF01068419, each at half the level, as the
    interval has it). ``interval`` gives limits for a normal quantile, wider for a larger one; p is at least 1e-14.
    """

    def reaches(z: float, verdicts: tuple[str, ...]) -> bool:
        return verdict_of(*interval(z), zone) in verdicts

    return tuple(_least_level(reaches, words) for words in ((HIGHER, LOWER), (TIE,)))  # type: ignore[return-value]


def _least_level(reaches: Callable[[float, tuple[str, ...]], bool], words: tuple[str, ...]) -> float:
    narrow, wide = 1e-6, 7.7
    if not reaches(narrow, words):
        return 1.0
    if reaches(wide, words):
        return erfc(wide / sqrt(2))
    for _ in range(30):
        middle = (narrow + wide) / 2
        narrow, wide = (middle, wide) if reaches(middle, words) else (narrow, middle)
    return erfc(narrow / sqrt(2))


def worlds_needed(found: Difference, z: float = Z95) -> "int | str":
    """Return how many more worlds would tell, if difference and variance stay: a round number, or ``more than 10^6``.

    An interval narrows with the square root of the number of worlds until it clears the nearest edge of the tie zone,
    and by so much more that it does in four of five cases. ``found`` is a difference with an interval; ``z`` says
    at which level it is to be told. Where no world differs (``differ`` is 0) it narrows with their number itself.
    """
    assert found.difference is not None and found.low is not None and found.high is not None
    n, gap = found.n, abs(abs(found.difference) - found.tie)
    half = (found.high - found.low) / 2 * (z + POWER) / Z95
    # Across an edge by the least, no number is enough.
    more = n * (half / gap) ** (1 if found.differ == 0 else 2) - n if gap > half * 1e-6 else 1e18
    rounded = round_up(max(more, 1.0))
    return rounded if rounded <= MOST_WORLDS else TOO_MANY


def round_up(number: float) -> int:
    """Return the next number up with one digit and noughts: 2,000 for 1,234."""
    step = 10 ** max(0, floor(log10(number)))
    return ceil(number / step) * step


# Many differences ------------------------------------------------------------------------------------------------


def holm(p: Mapping[Key, float]) -> dict[Key, float]:
    """Return p values corrected for their number by Holm's method (Holm 1979, jstor 4615733).

    Of families in which those of at most 0.05 are rejected, at most one in twenty holds a wrong rejection, however the
    comparisons hang together.
    """
    adjusted, highest = {}, 0.0
    for k, name in enumerate(sorted(p, key=lambda one: p[one])):
        highest = max(highest, min(1.0, (len(p) - k) * p[name]))
        adjusted[name] = highest
    return adjusted


def decide(found: Mapping[Pair, Difference], preferences: Preferences | None = None) -> dict[Pair, Difference]:
    """Return a family of differences, by variant and measure, with verdicts corrected by Holm over the whole family.

    Notes
    -----
    Claims of a difference and claims of a tie are two families, each held to one wrong in twenty. What the correction
    leaves open is told how many more worlds it takes at the level that is left for it.
    """
    words, decided = preferences or Preferences(), dict(found)
    levels = {
        name: (one.p_beyond, one.p_within)
        for name, one in found.items()
        if one.p_beyond is not None and one.p_within is not None
    }
    beyond, within = (holm({name: pair[k] for name, pair in levels.items()}) for k in (0, 1))
    undecided = sum(min(beyond[name], within[name]) > ALPHA for name in levels)
    for name, alone in levels.items():
        one, corrected = found[name], (beyond[name], within[name])
        apart = HIGHER if one.difference is not None and one.difference > 0 else LOWER
        said = _claim(apart, *corrected)
        likelier = 0 if alone[0] < alone[1] else 1
        more = said == CANNOT_TELL and one.low is not None
        decided[name] = replace(
            one, verdict=words.word(name[1], said), uncorrected=words.word(name[1], _claim(apart, *alone)),
            p=alone[likelier], p_corrected=corrected[likelier],
            more_worlds=worlds_needed(one, quantile_at(ALPHA / undecided)) if more else None,
        )  # fmt: skip
    return decided


def is_open_tie(found: Difference) -> bool:
    """Return whether a difference is a tie that only the correction for many comparisons leaves open."""
    return found.verdict == CANNOT_TELL and found.uncorrected == TIE


def _claim(apart: str, beyond: float, within: float) -> str:
    return apart if beyond <= ALPHA else TIE if within <= ALPHA else CANNOT_TELL


def quantile_at(level: float) -> float:
    """Return the normal quantile of an interval that misses in this share of cases, by bisection."""
    if level == ALPHA:
        return Z95
    near, far = 0.0, 38.0
    while far - near > 1e-9:
        middle = (near + far) / 2
        near, far = (middle, far) if erfc(middle / sqrt(2)) > level else (near, middle)
    return near
