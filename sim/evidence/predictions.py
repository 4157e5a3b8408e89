"""The predictions of the ledger, each tried by its test: the same worlds in all arms, under every theory.

A test is data (``sim.inputs.claims.PredictionTest``). Each part of it reads one number of every world of one arm or
two, and compares: the paired difference, a ratio, a mean, or the share of worlds in which something holds. What is
predicted is that the value lies on one side of a bound; within the ledger's tie zone of it, or where the 95% interval
holds the bound, it is too close to call. Nothing here moves a parameter, and a prediction that fails is said to fail.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import stats
from sim.experiments.variants import Variant, variant_with
from sim.inputs.claims import Arm, Claim, EachWorld, Part, PredictionTest, is_assumption, load_claims
from sim.inputs.scenario import shipped_scenario
from sim.inputs.settings import with_events
from sim.inputs.yaml.files import names_of
from sim.names.measures import OUTCOMES
from sim.running.ensemble import run_worlds
from sim.world.aside import processors

HOLDS, FAILS, CLOSE, DEPENDS = "holds", "fails", "too close to call", "depends on the theory"
#: What holds under no theory, though it does not fail under all.
NOWHERE = "holds under none"
#: How many predictions came to the same, in words; and where not every theory says the same, but the test asks for a
#: number of them.
COUNTED = {
    HOLDS: "hold under every theory", DEPENDS: "hold under some theories only", NOWHERE: "hold under none",
    CLOSE: "are too close to call under every theory", FAILS: "fail under every theory",
}  # fmt: skip
_COUNTED_BY_TEST = {
    HOLDS: "hold under as many theories as their tests ask", CLOSE: "are too close to call over the theories together",
    FAILS: "fail under more theories than their tests allow",
}  # fmt: skip
#: Resamples of a bootstrap, shuffles of a world's weeks, and where their chance begins.
RESAMPLES, SHUFFLES, SHUFFLED_BY = 2_000, 20, 20_200_103
DAYS_A_MONTH = 365.25 / 12
_OUTCOMES = {measure.name: measure for measure in OUTCOMES}
#: Quarters of the worlds that are held against each other where it is asked what the priors alone imply, and how many
#: standard errors apart they must be: of some four hundred parameters one is three apart by chance.
LOWEST, HIGHEST, APART = 0.25, 0.75, 3.8


# Worlds ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worlds:
    """What tests read of the worlds of one arm: outcomes (n,), the weekly series asked for (n, weeks), inputs (n,)."""

    days: int
    outcomes: np.ndarray
    series: dict[str, np.ndarray]
    inputs: dict[str, np.ndarray]


Run = Callable[[Arm], Worlds]


def variant_of(arm: Arm, days: int, theory: str, off: Sequence[str] = (), where: str = "claims.yaml") -> Variant:
    """Return the variant of an arm under a theory, with the mechanisms in ``off`` switched off."""
    chosen = shipped_scenario(arm.scenario)
    if arm.events:
        chosen = with_events(chosen, arm.events, where)
    settings = [f"theory={theory}", f"days={days}", *(f"mechanisms.{m}=0" for m in off), *arm.settings]
    return variant_with(chosen, settings, label=" ".join([arm.scenario, *arm.settings]))


def run_arm(variant: Variant, worlds: int, seed: int, series: Sequence[str] = ()) -> Worlds:
    """Return what the worlds of a variant came to, with the weekly series that are named."""
    kept = worlds if series else 0
    blocks = list(run_worlds([variant], worlds, seed, threads=processors(), series_worlds=kept))
    weekly = {name: np.concatenate([b.series[name] for b in blocks]).astype(float) for name in series}
    inputs = variant.values(seed, np.arange(worlds))
    return Worlds(variant.inputs.days, np.concatenate([b.outcomes for b in blocks]), weekly, inputs)


# Reading ---------------------------------------------------------------------------------------------------------


def read_part(part: Part, worlds: Worlds, first: Worlds) -> np.ndarray:
    """Return one number for each world (n,), NaN where it is not defined; ``first`` is the first arm compared."""
    values = _of_series(part, worlds, first) if part.take else _of_outcome(part, worlds)
    if part.missing is not None:
        values = np.where(np.isnan(values), worlds.days if part.missing == "end" else part.missing, values)
    return values


def _of_outcome(part: Part, worlds: Worlds) -> np.ndarray:
    name = str(part.reads)
    values = worlds.outcomes[name].astype(float)
    if part.category:
        values = (values == _OUTCOMES[name].categories.index(part.category)).astype(float)
    for other, category in part.but_not.items():
        code = _OUTCOMES[other].categories.index(category)
        values = np.where(worlds.outcomes[other] == code, 0.0, values)
    return values


def _of_series(part: Part, worlds: Worlds, first: Worlds) -> np.ndarray:
    weekly = sum(worlds.series[name] for name in part.series)
    assert isinstance(weekly, np.ndarray)
    start = first.outcomes["exit_day"].astype(float) if part.since == "exit" else np.zeros(len(weekly))
    begin, end = start + part.days[0], start + part.days[1]
    week = 7.0 * np.arange(weekly.shape[1])
    # A week's record covers the seven days up to it, so a window from a day on begins with the record after that day.
    inside = (week > begin[:, None]) & (week <= end[:, None]) | ((week == 0.0) & (begin[:, None] == 0.0))
    if part.during:
        inside &= first.series[part.during][:, : weekly.shape[1]] > 0.5
    whole = (end <= worlds.days) & inside.any(axis=1)
    found = np.full(len(weekly), np.nan)
    for i in np.flatnonzero(whole):
        found[i] = _TAKES[part.take](weekly[i], inside[i], begin[i], end[i])
    return found


def _dispersion(weekly: np.ndarray, inside: np.ndarray, _begin: float, _end: float) -> float:
    values = weekly[inside]
    return float(values.var(ddof=1) / values.mean()) if len(values) > 1 and values.mean() > 0 else np.nan


def _over_shuffled(weekly: np.ndarray, inside: np.ndarray, _begin: float, _end: float) -> float:
    """Return how far a busy week follows a busy week, over the same weeks in chance order."""
    values = weekly[inside]
    if len(values) < 3 or values.std() == 0.0:
        return np.nan
    rng = np.random.default_rng(SHUFFLED_BY)
    shuffled = [_follows(rng.permutation(values)) for _ in range(SHUFFLES)]
    return _follows(values) - float(np.mean(shuffled))


def _follows(values: np.ndarray) -> float:
    """Return the correlation of a week with the next."""
    centred = values - values.mean()
    return float((centred[1:] * centred[:-1]).sum() / (centred * centred).sum())


def _growth(weekly: np.ndarray, _inside: np.ndarray, begin: float, end: float) -> float:
    start = weekly[int(begin // 7)]
    return float(weekly[min(int(end // 7), len(weekly) - 1)] / start) if start > 0 else np.nan


_TAKES: dict[str, Callable[[np.ndarray, np.ndarray, float, float], float]] = {
    "sum": lambda weekly, inside, _b, _e: float(weekly[inside].sum()),
    "mean": lambda weekly, inside, _b, _e: float(weekly[inside].mean()),
    "last": lambda weekly, inside, _b, _e: float(weekly[inside][-1]),
    "a_month": lambda weekly, inside, begin, end: float(weekly[inside].sum()) / (end - begin) * DAYS_A_MONTH,
    "of_start": lambda weekly, inside, _b, _e: float(weekly[inside][-1] / weekly[0]) if weekly[0] > 0 else np.nan,
    "growth": _growth,
    "dispersion": _dispersion,
    "over_shuffled": _over_shuffled,
}  # fmt: skip


# Comparing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
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


def try_part(test: PredictionTest, part: Part, arms: Mapping[str, Worlds]) -> Found:
    """Return what came of one part of a test in the worlds of its arms."""
    of = test.arms_of(part)
    values = [read_part(part, arms[name], arms[of[0]]) for name in of]
    defined = ~np.isnan(np.array(values)).any(axis=0)
    kept = [one[defined] for one in values]
    value, low, high = _estimate(part, kept, arms[of[0]].days)
    share, differ = _on_its_side(part, kept)
    priors = _priors(arms[of[0]].inputs, _flags(part, values[0])) if part.priors else None
    verdict = judge(value, low, high, part.bounds, part.tie)
    return Found(part, tuple(of), test.path_of(part), value, low, high, share, differ, len(kept[0]), verdict, priors)


def _estimate(part: Part, values: list[np.ndarray], days: int) -> tuple[float | None, float | None, float | None]:
    """Return the value of a part and its 95% interval, nothing where no world has it."""
    if len(values[0]) == 0:
        return None, None, None
    if part.kind == "ratio":
        return ratio(values[0], values[1])
    if part.kind == "share":
        return stats.wilson(_flags(part, values[0]))
    measure = None if part.category or part.take else _OUTCOMES.get(str(part.reads))
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


# Verdicts --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """A prediction that has been tried: what came of each part under each theory, and what follows."""

    claim: Claim
    by_theory: dict[str, tuple[Found, ...]]

    @property
    def test(self) -> PredictionTest:
        """Return the test by which it was tried."""
        assert self.claim.test is not None
        return self.claim.test

    @property
    def assumption(self) -> bool:
        """Return whether its first measure is one rule away: then it was written in, and is no result."""
        return self.claim.assumption

    def verdict_under(self, theory: str) -> str:
        """Return the verdict under one theory, over the parts that count."""
        verdicts = [found.verdict for found in self.by_theory[theory] if not found.part.beside]
        if FAILS in verdicts:
            return FAILS
        wanted = any if self.test.needs == "one" else all
        return HOLDS if wanted(one == HOLDS for one in verdicts) else CLOSE

    @property
    def verdict(self) -> str:
        """Return the verdict over all theories under which it was tried."""
        return over_theories(self.verdicts, self.test.in_theories)

    @property
    def verdicts(self) -> list[str]:
        """Return the verdict under each theory."""
        return [self.verdict_under(theory) for theory in self.by_theory]

    def plain(self) -> dict[str, Any]:
        """Return it as plain values: per theory the first part's numbers, and all parts below them."""
        theories = {}
        for theory, parts in self.by_theory.items():
            head = parts[0].plain()
            numbers = {key: head[key] for key in ("difference", "low", "high", "share", "differ", "worlds")}
            verdict = {"verdict": self.verdict_under(theory)}
            theories[theory] = numbers | verdict | {"parts": [found.plain() for found in parts]}
        return {
            "title": self.claim.title, "sources": list(self.claim.sources), "path": self.test.path,
            "assumption": self.assumption, "verdict": self.verdict, "theories": theories,
            **({"in_theories": self.test.in_theories} if self.test.in_theories else {}),
        }  # fmt: skip


def over_theories(verdicts: Sequence[str], enough: int = 0) -> str:
    """Return what a prediction comes to by its verdicts under the theories, of which ``enough`` must hold (0: all).

    One that holds under some only depends on the theory; one that holds nowhere depends on none.
    """
    if enough and len(verdicts) >= enough:
        possible = len(verdicts) - verdicts.count(FAILS)
        return HOLDS if verdicts.count(HOLDS) >= enough else FAILS if possible < enough else CLOSE
    if len(set(verdicts)) == 1:
        return verdicts[0]
    return DEPENDS if HOLDS in verdicts else NOWHERE


def tally(verdicts: Iterable[tuple[Sequence[str], int]]) -> str:
    """Return in words what predictions come to, each given by its verdicts and by how many of them must hold."""
    counts: Counter[str] = Counter()
    for under, enough in verdicts:
        came = over_theories(under, enough)
        alike = len(set(under)) == 1 or came not in _COUNTED_BY_TEST
        counts[COUNTED[came] if alike else _COUNTED_BY_TEST[came]] += 1
    words = dict.fromkeys(word for came in COUNTED for word in (COUNTED[came], _COUNTED_BY_TEST.get(came, "")))
    return ", ".join(f"{counts[word]} {word}" for word in words if counts[word])


def assumptions_said(names: Iterable[str]) -> str:
    """Return a sentence on which of these predictions the ledger's own paths make assumptions; none are, if none is."""
    written = [name for name in names if load_claims()[name].assumption]
    if not written:
        return "No prediction is written into a rule."
    listed = ", ".join(written[:-1]) + f" and {written[-1]}" if len(written) > 1 else written[0]
    are = "are assumptions and no results, whether they hold" if len(written) > 1 else (
        "is an assumption and no result, whether it holds"
    )  # fmt: skip
    return f"{listed} {are} or not: a single rule leads to what is measured first, so it was written in. No other was."


def try_all(
    names: Sequence[str] = (), *, worlds: int = 500, seed: int = 1, theories: Sequence[str] = (),
    off: Sequence[str] = (), tell: Callable[[str], None] | None = None,
) -> list[Tried]:  # fmt: skip
    """Return every prediction (or those named), tried in so many worlds of each arm under each theory.

    Parameters
    ----------
    names : sequence of str, optional
        Numbers of predictions; all of the ledger by default.
    theories : sequence of str, optional
        Names of theories; all that there are by default, the documents' own first.
    off : sequence of str, optional
        Mechanisms that are switched off in every arm.
    tell : function, optional
        Is told what is under way.
    """
    claims = [one for one in load_claims().values() if one.test and (not names or one.id in names)]
    found: dict[str, dict[str, tuple[Found, ...]]] = {one.id: {} for one in claims}
    for theory in theories or all_theories():
        run = _Runner(claims, theory, worlds, seed, off)
        for claim in claims:
            if tell:
                tell(f"{claim.id} {theory}")
            found[claim.id][theory] = tuple(_try(claim, run))
    return [Tried(claim, found[claim.id]) for claim in claims]


def all_theories() -> list[str]:
    """Return the names of all theories, the documents' own first."""
    return sorted(names_of("theory"), key=lambda name: (name != "documents", name))


def _try(claim: Claim, run: "_Runner") -> Iterator[Found]:
    test = claim.test
    assert test is not None
    arms = {name: run(arm, test.days) for name, arm in test.arms.items()}
    for part in test.parts:
        yield try_part(test, part, arms)


class _Runner:
    """Runs arms under one theory, each once however many tests use it, and keeps what any of them reads."""

    def __init__(self, claims: Sequence[Claim], theory: str, worlds: int, seed: int, off: Sequence[str]) -> None:
        self.theory, self.worlds, self.seed, self.off = theory, worlds, seed, off
        self.done: dict[str, Worlds] = {}
        self.series: dict[str, set[str]] = {}
        for claim in claims:
            assert claim.test is not None
            read = {name for part in claim.test.parts for name in (*part.series, part.during) if name}
            for arm in claim.test.arms.values():
                self.series.setdefault(_key(arm, claim.test.days), set()).update(read)

    def __call__(self, arm: Arm, days: int) -> Worlds:
        """Return the worlds of an arm."""
        key = _key(arm, days)
        if key not in self.done:
            variant = variant_of(arm, days, self.theory, self.off)
            self.done[key] = run_arm(variant, self.worlds, self.seed, sorted(self.series[key]))
        return self.done[key]


def _key(arm: Arm, days: int) -> str:
    return f"{days} {arm.model_dump_json()}"
