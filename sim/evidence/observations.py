"""What was observed: figures of the documents and of published regularities, and what worlds show in their place.

Each row of ``configs/observations/*.csv`` names a scenario, a measure and days, with a value or a bound. What is dated
after a scenario's start and stands in no document or published regularity is in none of them.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, shown
from sim.evidence.csv_table import CsvTable
from sim.experiments.variants import Variant, shipped_variant
from sim.inputs.yaml.files import home, names_of
from sim.inputs.yaml.text import text_of
from sim.names.limits import limits_of
from sim.names.measures import OUTCOMES
from sim.running.ensemble import run_worlds

#: The files of observations, in the order in which they are told.
FILES = ("documents.csv", "regularities.csv")
_COLUMNS = ("scenario", "measure", "start", "end", "value", "low", "high", "unit", "source", "note")
_LARGEST = 1e9
#: No scenario runs longer.
MOST_DAYS = 3650
#: An interval that holds a count is worth something up to this many times a Poisson's of the same mean.
TOO_WIDE = 2.5
OUTER = (5.0, 95.0)


@dataclass(frozen=True)
class Observation:
    """One figure: what was counted, in which scenario and days, what it came to (NaN: unknown), or its bounds."""

    scenario: str
    measure: str
    start: date
    end: date
    value: float
    low: float
    high: float
    unit: str
    source: str
    note: str

    @property
    def in_words(self) -> str:
        """Return the figure as one would say it."""
        if math.isnan(self.value):
            return f"more than {self.low:g}" if math.isnan(self.high) else f"{self.low:g} to {self.high:g}"
        return f"{self.value:g}"

    @property
    def name(self) -> str:
        """Return what was observed, where and when."""
        return f"{self.measure.replace('_', ' ')}, {self.scenario}, {self.start} to {self.end}"

    @property
    def days(self) -> int:
        """Return for how many days the scenario must run."""
        return (self.end - self.start).days + 1


def load_observations(file: str = "") -> list[Observation]:
    """Return the figures of one of ``FILES``, or of all, in their order; InputError with all that is wrong."""
    folder = home() / "configs" / "observations"
    return [one for name in ([file] if file else FILES) for one in _read(folder / name)]


def _read(path: Path) -> list[Observation]:
    """Return the figures of a file; InputError with the place of every fault in it."""
    table = _ObservationTable(shown(path), text_of(path), _COLUMNS)
    found = [one for row in table.rows() if (one := table.observation(row))]
    if table.problems:
        raise InputError(table.problems)
    return found


def _most_of(measure: str) -> float:
    """Return the most that can have been observed of a measure."""
    known = {m.name: min(limits_of(m, MOST_DAYS)[1], _LARGEST) for m in OUTCOMES} | {"government_in_office": 1.0}
    return known.get(measure, _LARGEST)


class _ObservationTable(CsvTable):
    """Reads one file of figures, noting what is wrong where."""

    def observation(self, row: tuple[int, dict[str, str]]) -> Observation | None:
        """Return the figure of a row, or nothing after noting all that is wrong with it."""
        line, cells = row
        before = len(self.problems)
        most = _most_of(cells["measure"])
        value, low, high = (self.number(line, key, cells[key], most) for key in ("value", "low", "high"))
        start, end = (self.date(line, key, cells[key]) for key in ("start", "end"))
        self.known(line, "measure", cells["measure"], READERS)
        self.known(line, "scenario", cells["scenario"], names_of("scenario"))
        if start and end and not 0 <= (end - start).days < MOST_DAYS:
            self.note(line, "end", f"a day within {MOST_DAYS:,} days of the start", cells["end"])
        if not (cells["value"] or cells["low"]):
            self.note(line, "value", "a value, or a lower bound", "neither")
        if low > high:
            self.note(line, "low", f"at most the upper bound, {high:g}", f"{low:g}")
        if len(self.problems) > before or not (start and end):
            return None
        texts = (cells[key] for key in ("unit", "source", "note"))
        return Observation(cells["scenario"], cells["measure"], start, end, value, low, high, *texts)


# Worlds ----------------------------------------------------------------------------------------------------------


def variant_of(scenario: str, days: int = 0, fitted: bool = True) -> Variant:
    """Return a scenario made ready, for so many days (0: its own), with fitted parameters or those before the fit."""
    settings = (f"days={days}",) * bool(days) + ("fitted=false",) * (not fitted)
    return shipped_variant(scenario, settings, label=scenario)


@lru_cache(maxsize=16)
def worlds_of(
    scenario: str, days: int, worlds: int, seed: int, fitted: bool = True, weekly: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Return outcomes (worlds,) and, if asked for, weekly series (worlds, weeks) of a scenario's worlds."""
    series = worlds if weekly else 0
    threads = os.cpu_count() or 1
    blocks = list(run_worlds([variant_of(scenario, days, fitted)], worlds, seed, threads=threads, series_worlds=series))
    return np.concatenate([b.outcomes for b in blocks]), np.concatenate([b.series for b in blocks])


def shown_in_worlds(one: Observation, worlds: int, seed: int, fitted: bool = True) -> np.ndarray:
    """Return what each world shows in place of an observation, (worlds,); NaN where it shows nothing of the kind."""
    outcomes = worlds_of(one.scenario, one.days, worlds, seed, fitted, weekly=False)[0]
    return READERS[one.measure](outcomes).astype(np.float64)


def _killed_by_one_strike(outcomes: np.ndarray) -> np.ndarray:
    """Return the fighters killed in worlds with one US strike; the figure is of a first strike."""
    return np.where(outcomes["us_strikes"] == 1, outcomes["militia_killed"], np.nan)


READERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "attacks": lambda o: o["militia_attacks"],
    "attacks_theatre": lambda o: o["militia_attacks"] + o["militia_attacks_outside"],
    "attack_dispersion": lambda o: o["attack_dispersion"],
    "us_killed": lambda o: o["us_killed"],
    "us_wounded": lambda o: o["us_wounded"],
    "votes_present": lambda o: o["votes_present"],
    "votes_absent": lambda o: o["votes_absent"],
    "isis_attacks": lambda o: o["isis_attacks"],
    "first_us_strike_day": lambda o: o["first_us_strike_day"],
    "government_in_office": lambda o: (o["government_leaning"] > 0).astype(float),
    "government_day": lambda o: o["government_day"],
    "strike_killed": _killed_by_one_strike,
}


# Held against worlds ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ObservationCheck:
    """A figure or a pattern held against the worlds: what was wanted, what came, whether it holds.

    ``guess`` is why it would fail, where somebody has an idea; it is shown when it does.
    """

    name: str
    wanted: str
    came: str
    holds: bool
    source: str
    guess: str = ""

    def row(self) -> dict[str, Any]:
        """Return a row for a table."""
        return {
            "pattern": self.name, "wanted": self.wanted, "came": self.came, "holds": "yes" if self.holds else "no",
            "source": self.source,
        }  # fmt: skip


def check_observation(one: Observation, values: np.ndarray) -> ObservationCheck:
    """Return a figure held against what worlds show in its place (NaN: nothing of the kind)."""
    values = values[~np.isnan(values)]
    if len(values) < 20:
        return ObservationCheck(one.name, one.in_words, "too few worlds in which it is defined", False, one.source)
    low, high = np.percentile(values, OUTER)
    inside = _inside(one, values, low, high)
    came = f"{np.median(values):.4g} ({low:.4g} to {high:.4g})"
    if one.unit == "attacks" and not math.isnan(one.value):
        width = (high - low) / max(1.0, 2 * 1.645 * math.sqrt(values.mean()))
        came += f", {width:.1f} times a Poisson's"
        inside = inside and width <= TOO_WIDE
    return ObservationCheck(one.name, one.in_words, came, inside, one.source)


def _inside(one: Observation, values: np.ndarray, low: float, high: float) -> bool:
    """Return whether the figure lies in the central 90%; a bound holds if a twentieth of worlds or more meet it."""
    if math.isnan(one.value):
        return bool((values > one.low).mean() >= 0.05)
    return bool(low <= one.value <= high)
