"""What two variants over the same worlds come to, as records: the difference of a measure, and how large it is."""

from dataclasses import dataclass
from typing import Any

from sim.stats.records import Record, plain

#: What JSON has of a difference, before its effect sizes.
_ROW = (
    "difference", "low", "high", "only_first", "only_second", "verdict", "uncorrected", "corrected", "p", "p_corrected",
    "tie", "more_worlds", "method",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EffectSizes(Record):
    """How large paired differences are, free of units, and what pairing saves; None where nothing differs.

    ``standardised``: the mean difference over the standard deviation of the differences (Cohen's d_z; Cohen 1988,
    2.3.5). ``superiority``: of the worlds that differ, the share in which the second is higher (a half is none); with
    ``superiority_low`` and ``superiority_high``, Wilson's interval. ``pairing_saves``: the variance of the difference
    between independent worlds over that between paired ones, so the number of independent worlds that one paired world
    is worth.
    """

    standardised: float | None = None
    superiority: float | None = None
    superiority_low: float | None = None
    superiority_high: float | None = None
    pairing_saves: float | None = None


@dataclass(frozen=True, slots=True)
class Difference(Record):
    """The mean paired difference of a measure, second variant less first, in its unit; None where not defined.

    ``low`` to ``high`` is its 95% interval, by ``method`` (t, bca or newcombe; few where it hangs on few worlds that
    differ, or on none), ``tie`` half the tie zone's width. Of ``n`` worlds ``differ`` do; ``higher`` and ``lower`` are
    the shares of worlds in which the second is so, of flags ``only_first`` and ``only_second`` the worlds in which it
    happened in one alone. ``verdict`` is a word; ``more_worlds`` would tell (a round number, or ``more than 10^6``)
    where it cannot be told yet.

    ``p_beyond`` and ``p_within``, of headline measures, are the smallest levels at which it lies beyond the tie zone,
    and within. Once corrected for the number of comparisons, ``uncorrected`` is the verdict that it had alone, and
    ``p`` and ``p_corrected`` are of the likelier claim. A measure of categories has ``shares`` alone: a difference of
    each by name.
    """

    difference: float | None
    low: float | None
    high: float | None
    verdict: str
    n: int = 0
    differ: int = 0
    higher: float | None = None
    lower: float | None = None
    tie: float = 0.0
    method: str = ""
    more_worlds: int | str | None = None
    only_first: int | None = None
    only_second: int | None = None
    p_beyond: float | None = None
    p_within: float | None = None
    uncorrected: str | None = None
    p: float | None = None
    p_corrected: float | None = None
    sizes: EffectSizes = EffectSizes()
    shares: "dict[str, Difference] | None" = None

    def as_plain(self) -> dict[str, Any]:
        """Return plain values; of categories the shares. Without correction ``uncorrected`` is the verdict itself."""
        if self.shares is not None:
            return {"shares": plain(self.shares)}
        alone = {"uncorrected": self.uncorrected or self.verdict, "corrected": self.uncorrected is not None}
        row = {name: alone[name] if name in alone else getattr(self, name) for name in _ROW}
        return row | self.sizes.as_plain()
