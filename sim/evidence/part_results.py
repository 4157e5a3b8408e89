"""What comes of one part of a prediction's test: its value with an interval, and whether that holds the bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import stats
from sim.evidence.arms import MEASURE_OF, SHUFFLED_BY, ArmWorlds, read_part
from sim.inputs.claims import EachWorld, Part, PredictionTest, is_assumption

HOLDS, FAILS, CLOSE = "holds", "fails", "too close to call"
#: Resamples of a bootstrap.
RESAMPLES = 2_000
#: Quarters of the worlds that are held against each other where it is asked what the priors alone imply, and how many
#: standard errors apart they must be: of some four hundred parameters one is three apart by chance.
LOWEST, HIGHEST, APART = 0.25, 0.75, 3.8


@dataclass(frozen=True)
class PartResult:
    """What came of one part: the value with its 95% interval, the verdict, and in how many worlds A is on its side.

    ``share`` is among the ``differ`` of ``n`` worlds that differ (from each other, or from the bound). ``priors`` holds
    the parameter that matters most and the value in the lowest and highest quarter of worlds by it.
    """

    part: Part
    of: tuple[str, ...]
    path: str
    value: float | None
    low: float | None
    high: float | None
    share: float | None
    differ: int
    n: int
    verdict: str
    priors: tuple[str, float, float] | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        above, below = self.part.bounds
        plain: dict[str, Any] = {
            "reads": self.part.reads, "of": list(self.of), "kind": self.part.kind, "difference": self.value,
            "low": self.low, "high": self.high, "above": above, "below": below, "tie": self.part.tie,
            "share": self.share, "differ": self.differ, "worlds": self.n, "verdict": self.verdict,
            "counts": not self.part.beside, "path": self.path, "assumption": is_assumption(self.path),
        }  # fmt: skip
        if self.priors:
            plain["priors"] = dict(zip(("parameter", "lowest_quarter", "highest_quarter"), self.priors, strict=True))
        return plain


def try_part(test: PredictionTest, part: Part, arms: Mapping[str, ArmWorlds]) -> PartResult:
    """Return what came of one part of a test in the worlds of its arms."""
    of = test.arms_of(part)
    values = [read_part(part, arms[name], arms[of[0]]) for name in of]
    defined = ~np.isnan(np.array(values)).any(axis=0)
    kept = [one[defined] for one in values]
    value, low, high = _estimate(part, kept, arms[of[0]].days)
    share, differ = _on_its_side(part, kept)
    priors = _priors(arms[of[0]].inputs, _flags(part, values[0])) if part.priors else None
    verdict = judge(value, low, high, part.bounds, part.tie)
    return PartResult(
        part, tuple(of), test.path_of(part), value, low, high, share, differ, len(kept[0]), verdict, priors
    )


def _estimate(part: Part, values: list[np.ndarray], days: int) -> tuple[float | None, float | None, float | None]:
    """Return the value of a part and its 95% interval, nothing where no world has it."""
    if len(values[0]) == 0:
        return None, None, None
    if part.kind == "ratio":
        return ratio(values[0], values[1])
    if part.kind == "share":
        return stats.wilson(_flags(part, values[0]))
    measure = None if part.category or part.take else MEASURE_OF.get(str(part.reads))
    if part.kind == "mean":
        return stats.mean_interval(values[0], measure, days)
    if all(np.isin(one, (0.0, 1.0)).all() for one in values):
        first, second = values[0] > 0, values[1] > 0
        return float(first.mean() - second.mean()), *stats.flag_interval(second, first)(stats.Z95)
    return stats.interval_apart(values[1], values[0], measure, days)


def _flags(part: Part, values: np.ndarray) -> np.ndarray:
    """Return in which worlds what is asked of each holds; without that, in which the value is above 0."""
    each = part.each or EachWorld(above=0.0)
    held = np.ones(len(values), bool)
    for bound, holds in ((each.above, np.greater), (each.below, np.less), (each.at_least, np.greater_equal)):
        held &= holds(values, bound) if bound is not None else True
    return held


def ratio(first: np.ndarray, second: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Return the ratio of two sums over the same worlds, and its 95% interval from resampled worlds."""
    if second.sum() == 0:
        return None, None, None
    rng = np.random.default_rng(SHUFFLED_BY)
    drawn = rng.multinomial(len(first), np.full(len(first), 1.0 / len(first)), RESAMPLES)
    below = drawn @ second
    ratios = (drawn @ first)[below > 0] / below[below > 0]
    value, (low, high) = float(first.sum() / second.sum()), np.quantile(ratios, (0.025, 0.975))
    apart = first - value * second
    if stats.is_few(apart):  # resamples know of no world but those seen: linearised instead
        least, most = stats.interval_of_few(apart, stats.reach_apart([first, value * second], None))(stats.Z95)
        assert least is not None and most is not None
        low, high = max(value + least / second.mean(), 0.0), value + most / second.mean()
    return value, float(low), float(high)


def judge(
    value: float | None, low: float | None, high: float | None, bounds: tuple[float | None, float | None], tie: float
) -> str:
    """Return whether a value holds its bounds: by more than the tie zone, with an interval that lies on that side."""
    if value is None or low is None or high is None:
        return CLOSE
    above, below = bounds
    inside = [value - above] if above is not None else []
    inside += [below - value] if below is not None else []
    clear = (above is None or low > above) and (below is None or high < below)
    if clear and min(inside) > tie:
        return HOLDS
    outside = (above is not None and high < above) or (below is not None and low > below)
    return FAILS if outside and min(inside) < -tie else CLOSE


def _on_its_side(part: Part, values: list[np.ndarray]) -> tuple[float | None, int]:
    """Return the share of worlds on the predicted side, among those that differ, and how many differ."""
    above, below = part.bounds
    if part.kind == "share":
        flags = _flags(part, values[0])
        return (float(flags.mean()) if len(flags) else None), len(flags)
    bound = above if above is not None else below
    assert bound is not None
    x = values[0] - (bound * values[1] if part.kind == "ratio" else values[1] if part.kind == "difference" else bound)
    if above is not None and below is not None:  # that they differ little is what is predicted: so all worlds count
        return (float((x == 0).mean()) if len(x) else None), int((x != 0).sum())
    differing = x[x != 0]
    right = differing > 0 if above is not None else differing < 0
    return (float(right.mean()) if len(differing) else None), len(differing)


def _priors(inputs: Mapping[str, np.ndarray], flags: np.ndarray) -> tuple[str, float, float] | None:
    """Return the parameter by whose lowest and highest quarter a share differs most, with the share in each.

    Nothing where none of them stands out from chance.
    """
    found = [_by_quarters(name, values, flags) for name, values in inputs.items() if name.startswith("parameter:")]
    best = max(found, key=lambda one: one[3], default=None)
    return best[:3] if best and best[3] > APART else None


def _by_quarters(name: str, values: np.ndarray, flags: np.ndarray) -> tuple[str, float, float, float]:
    """Return a parameter's name, the share in its lowest and highest quarter, and how many errors lie between them."""
    low, high = np.quantile(values, (LOWEST, HIGHEST))
    below, above = flags[values <= low], flags[values >= high]
    p = float(flags.mean())
    error = float(np.sqrt(p * (1.0 - p) * (1.0 / len(below) + 1.0 / len(above)))) if low < high else 0.0
    apart = abs(float(above.mean()) - float(below.mean())) / error if error > 0.0 else 0.0
    return name.removeprefix("parameter:"), float(below.mean()), float(above.mean()), apart
