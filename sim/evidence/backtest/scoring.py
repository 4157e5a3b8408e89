"""Forecasts of a file's rows, kept under a hash before what was observed is read, and then scored."""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from sim.evidence.backtest.kinds import KINDS, read_off
from sim.evidence.backtest.rivals import naive
from sim.evidence.backtest.rows import Answer, Question, asked_by_scenario, questions_of, read_rows
from sim.evidence.backtest.worlds import (
    BEFORE_THE_FIT,
    MODEL,
    WITHOUT_MECHANISMS,
    Mixture,
    Version,
    recorded,
    variants_of,
)
from sim.results.files import write_whole
from sim.stats import scores

#: Worlds in which a thing must be defined for its distribution to be one.
ENOUGH = 20
_DIGITS = 6


@dataclass(frozen=True)
class Forecast:
    """What worlds show in place of a row (worlds,), by version of the model; or why none can."""

    question: Question
    samples: dict[str, np.ndarray]
    why_not: str = ""


@dataclass(frozen=True)
class Scored:
    """A row with its forecast and what was observed, scored."""

    question: Question
    answer: Answer
    p05: float
    p50: float
    p95: float
    inside90: bool | None
    inside50: bool | None
    crps: float | None
    crps_log: float | None
    interval90: float | None
    brier: float | None
    pit: tuple[float, float] | None
    crps_naive: dict[str, float] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the row, its forecast and its scores as JSON has them."""
        one, seen = self.question, self.answer
        row = {
            "id": one.id, "line": one.line, "kind": one.kind, "scenario": one.scenario, "measure": one.measure,
            "place": one.place or None, "start": one.start.isoformat(), "end": one.end.isoformat(),
            "group": one.group or None, "value": _plain(seen.value), "low": _plain(seen.low), "high": _plain(seen.high),
        }  # fmt: skip
        return row | {
            "p05": _plain(self.p05), "p50": _plain(self.p50), "p95": _plain(self.p95), "inside90": self.inside90,
            "inside50": self.inside50, "crps": _plain(self.crps), "crps_log": _plain(self.crps_log),
            "interval90": _plain(self.interval90), "brier": _plain(self.brier),
            "pit": None if self.pit is None else _plain(sum(self.pit) / 2),
            "crps_naive": {name: _plain(score) for name, score in self.crps_naive.items()},
        }  # fmt: skip


def _plain(number: float | None) -> float | None:
    return None if number is None or math.isnan(number) else round(float(number), _DIGITS)


# Forecasts ---------------------------------------------------------------------------------------------------------


def forecasts_of(
    path: Path,
    worlds: int,
    seed: int,
    mixtures: Sequence[Mixture] = (),
    rivals: bool = True,
    say: Callable[[str], None] = lambda words: None,
) -> list[Forecast]:
    """Return a forecast for each row of a file, from its scenario's start alone; InputError with every mistake in it.

    What was observed is not at hand here: rows come as questions.
    """  # fmt: skip
    questions = questions_of(path)
    found = {one.line: Forecast(one, {}, one.unforecastable) for one in questions}
    for scenario, asked in asked_by_scenario(questions):
        if not asked:
            continue
        for version in (MODEL, WITHOUT_MECHANISMS, BEFORE_THE_FIT) if rivals else (MODEL,):
            share = worlds if version is MODEL else max(ENOUGH, worlds // 2)
            for one, sample in _of_version(scenario, asked, share, seed, mixtures, version, say):
                found[one.line].samples[version.name] = sample
    return [_sure(one) for one in found.values()]


def _of_version(
    scenario: str, asked: Sequence[Question], worlds: int, seed: int, mixtures: Sequence[Mixture], version: Version,
    say: Callable[[str], None],
) -> list[tuple[Question, np.ndarray]]:  # fmt: skip
    days = 1 + max(one.span.last for one in asked)
    ends = [one.span.last for one in asked if one.kind == "outcome"]
    lived = recorded(
        variants_of(scenario, days, worlds, mixtures, version),
        lambda shorter: variants_of(scenario, shorter, worlds, mixtures, version), ends, seed, say,
    )  # fmt: skip
    return [(one, read_off(one.kind, one.measure, lived, one.span, one.of, one.place)) for one in asked]


def _sure(one: Forecast) -> Forecast:
    """Return a forecast, or why it is none: a thing that hardly any world shows has no distribution."""
    if one.why_not:
        return one
    defined = int((~np.isnan(one.samples[MODEL.name])).sum())
    if defined < ENOUGH:
        return Forecast(one.question, {}, f"only {defined} worlds show it, {ENOUGH} are needed")
    return one


def sealed_forecasts(forecasts: Sequence[Forecast]) -> tuple[bytes, str]:
    """Return the forecasts as JSON, and the SHA-256 of it: what was foreseen, before anything was compared."""
    rows = [
        {
            "id": one.question.id, "line": one.question.line, "why_not": one.why_not or None,
            "quantiles": {name: _quantiles(sample) for name, sample in one.samples.items()},
        }
        for one in forecasts
    ]  # fmt: skip
    text = (json.dumps(rows, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
    return text, hashlib.sha256(text).hexdigest()


def _quantiles(sample: np.ndarray) -> list[float]:
    known = sample[~np.isnan(sample)]
    if not len(known):
        return []
    return [round(float(x), _DIGITS) for x in np.quantile(known, np.linspace(0.0, 1.0, 101))]


# Scores ------------------------------------------------------------------------------------------------------------


def scored(path: Path, forecasts: Sequence[Forecast]) -> list[Scored]:
    """Return the rows that could be forecast, scored against what was observed."""
    rows = read_rows(path)
    answers = {one.line: answer for one, answer in rows}
    return [_score(one, answers[one.question.line], rows) for one in forecasts if not one.why_not]


def _score(one: Forecast, answer: Answer, rows: Sequence[tuple[Question, Answer]]) -> Scored:
    sample = one.samples[MODEL.name]
    sample = sample[~np.isnan(sample)]
    p05, p50, p95 = (float(x) for x in np.quantile(sample, [0.05, 0.5, 0.95]))
    if math.isnan(answer.value):
        return _against_bounds(one.question, answer, sample, (p05, p50, p95))
    value = answer.value
    rivals = {name: x[~np.isnan(x)] for name, x in one.samples.items() if name != MODEL.name}
    rivals |= naive(one.question, rows)
    counted = KINDS[one.question.kind].most > 1.0
    return Scored(
        one.question, answer, p05, p50, p95, _inside(sample, value, 0.9), _inside(sample, value, 0.5),
        scores.crps(sample, value), scores.crps_of_logs(sample, value) if counted else None,
        scores.interval_score(sample, value, 0.9),
        scores.brier(float(sample.mean()), value > 0) if one.question.kind == "happened" else None,
        scores.pit(sample, value),
        {name: scores.crps(x, value) for name, x in rivals.items() if len(x)},
    )  # fmt: skip


def _inside(sample: np.ndarray, value: float, level: float) -> bool:
    low, high = scores.central(sample, level)
    return low <= value <= high


def _against_bounds(
    question: Question, answer: Answer, sample: np.ndarray, quantiles: tuple[float, float, float]
) -> Scored:
    """Return a row that gives bounds alone: the chance that worlds keep to them, scored as something that happened."""
    low = -math.inf if math.isnan(answer.low) else answer.low
    high = math.inf if math.isnan(answer.high) else answer.high
    kept = float(((sample >= low) & (sample <= high)).mean())
    return Scored(
        question, answer, *quantiles, kept >= 0.05, kept >= 0.25, None, None, None, scores.brier(kept, True), None, {}
    )


@dataclass(frozen=True)
class Summary:
    """What a file's rows come to: coverage, scores against rivals, the histogram of places, and rows left out."""

    rows: int
    coverage90: tuple[float, float, float]
    coverage50: tuple[float, float, float]
    better_than: dict[str, tuple[int, int, float]]
    pit: tuple[list[float], float, float]
    energy: dict[str, float]
    left_out: tuple[tuple[int, str, str], ...]

    def plain(self) -> dict[str, Any]:
        """Return the summary as JSON has it."""
        counts, low, high = self.pit
        return {
            "rows": self.rows,
            "coverage90": _interval(self.coverage90), "coverage50": _interval(self.coverage50),
            "better_than": {
                name: {"rows": n, "better": better, "crps_ratio": _plain(ratio)}
                for name, (better, n, ratio) in self.better_than.items()
            },
            "pit": {"counts": [_plain(x) for x in counts], "band90": [low, high]},
            "energy": {name: _plain(score) for name, score in self.energy.items()},
            "not_forecast": [{"line": line, "id": name, "why": why} for line, name, why in self.left_out],
        }  # fmt: skip


def _interval(found: tuple[float, float, float]) -> dict[str, float | None]:
    return dict(zip(("share", "low", "high"), map(_plain, found), strict=True))


def summary_of(rows: Sequence[Scored], forecasts: Sequence[Forecast]) -> Summary:
    """Return what scored rows come to together."""
    places = [one.pit for one in rows if one.pit is not None]
    names = sorted({name for one in rows for name in one.crps_naive})
    return Summary(
        len(rows),
        _coverage([one.inside90 for one in rows if one.pit]),
        _coverage([one.inside50 for one in rows if one.pit]),
        {name: _against(rows, name) for name in names},
        ([float(x) for x in scores.pit_histogram(places)], *scores.pit_band(len(places))),
        _energy(rows, forecasts),
        tuple((one.question.line, one.question.id, one.why_not) for one in forecasts if one.why_not),
    )  # fmt: skip


def _coverage(inside: Sequence[bool | None]) -> tuple[float, float, float]:
    """Return in which share of rows the value lay inside, with its 95% interval (Clopper and Pearson)."""
    if not inside:
        return math.nan, math.nan, math.nan
    hits = sum(map(bool, inside))
    found = binomtest(hits, len(inside)).proportion_ci()
    return hits / len(inside), float(found.low), float(found.high)


def _against(rows: Sequence[Scored], rival: str) -> tuple[int, int, float]:
    """Return in how many rows the model scores better, of how many, and the geometric mean of the scores' ratio."""
    pairs = [(one.crps, one.crps_naive[rival]) for one in rows if one.crps is not None and rival in one.crps_naive]
    ratios = [math.log((ours + 1e-9) / (theirs + 1e-9)) for ours, theirs in pairs]
    better = sum(ours < theirs for ours, theirs in pairs)
    return better, len(pairs), math.exp(sum(ratios) / len(ratios)) if ratios else math.nan


def _energy(rows: Sequence[Scored], forecasts: Sequence[Forecast]) -> dict[str, float]:
    """Return the energy score of each group of rows that belong together, in one scenario."""
    samples = {one.question.line: one.samples[MODEL.name] for one in forecasts if not one.why_not}
    groups: dict[str, list[Scored]] = {}
    for one in rows:
        if one.question.group and one.pit is not None:
            groups.setdefault(f"{one.question.group} ({one.question.scenario})", []).append(one)
    found = {}
    for name, together in groups.items():
        table = np.column_stack([samples[one.question.line] for one in together])
        table = table[~np.isnan(table).any(axis=1)]
        if len(together) > 1 and len(table) >= ENOUGH:
            found[name] = scores.energy_score(table, np.array([one.answer.value for one in together]))
    return found


# Kept --------------------------------------------------------------------------------------------------------------


def keep(folder: Path, name: str, content: bytes) -> Path:
    """Return the path of a file written into a folder, whole or not at all, through no link."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / name, content)
    return folder / name


def keep_plain(folder: Path, name: str, plain: dict[str, Any]) -> Path:
    """Return the path of plain values written as JSON."""
    return keep(folder, name, (json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode())
