"""The worlds of the arms of a prediction's test, and the one number that a part of it reads of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.variants import Variant, variant_with
from sim.inputs.claims import ArmForm, Part
from sim.inputs.scenario import shipped_scenario
from sim.inputs.settings import with_events
from sim.names.measures import OUTCOMES
from sim.running.ensemble import run_worlds
from sim.world.aside import processors

#: Shuffles of a world's weeks, and where their chance and that of resamples begins.
SHUFFLES, SHUFFLED_BY = 20, 20_200_103
DAYS_A_MONTH = 365.25 / 12
MEASURE_OF = {measure.name: measure for measure in OUTCOMES}


@dataclass(frozen=True)
class ArmWorlds:
    """What tests read of the worlds of one arm: outcomes (n,), the weekly series asked for (n, weeks), inputs (n,)."""

    days: int
    outcomes: np.ndarray
    series: dict[str, np.ndarray]
    inputs: dict[str, np.ndarray]


def variant_of(arm: ArmForm, days: int, theory: str, off: Sequence[str] = (), where: str = "claims.yaml") -> Variant:
    """Return the variant of an arm under a theory, with the mechanisms in ``off`` switched off."""
    chosen = shipped_scenario(arm.scenario)
    if arm.events:
        chosen = with_events(chosen, arm.events, where)
    settings = [f"theory={theory}", f"days={days}", *(f"mechanisms.{m}=0" for m in off), *arm.settings]
    return variant_with(chosen, settings, label=" ".join([arm.scenario, *arm.settings]))


def run_arm(variant: Variant, worlds: int, seed: int, series: Sequence[str] = ()) -> ArmWorlds:
    """Return what the worlds of a variant came to, with the weekly series that are named."""
    kept = worlds if series else 0
    blocks = list(run_worlds([variant], worlds, seed, threads=processors(), series_worlds=kept))
    weekly = {name: np.concatenate([b.series[name] for b in blocks]).astype(float) for name in series}
    inputs = variant.values(seed, np.arange(worlds))
    return ArmWorlds(variant.inputs.days, np.concatenate([b.outcomes for b in blocks]), weekly, inputs)


def read_part(part: Part, worlds: ArmWorlds, first: ArmWorlds) -> np.ndarray:
    """Return one number for each world (n,), NaN where it is not defined; ``first`` is the first arm compared."""
    values = _of_series(part, worlds, first) if part.take else _of_outcome(part, worlds)
    if part.missing is not None:
        values = np.where(np.isnan(values), worlds.days if part.missing == "end" else part.missing, values)
    return values


def _of_outcome(part: Part, worlds: ArmWorlds) -> np.ndarray:
    name = str(part.reads)
    values = worlds.outcomes[name].astype(float)
    if part.category:
        values = (values == MEASURE_OF[name].categories.index(part.category)).astype(float)
    for other, category in part.but_not.items():
        code = MEASURE_OF[other].categories.index(category)
        values = np.where(worlds.outcomes[other] == code, 0.0, values)
    return values


def _of_series(part: Part, worlds: ArmWorlds, first: ArmWorlds) -> np.ndarray:
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
