"""What the model brings about by itself, held against the documents' figures and published regularities of conflicts.

``figures`` takes the figures of ``configs/observations``: whether they lie inside the central 90% of worlds, and
whether that interval says anything. ``patterns`` takes what a good run shows: clusters, tails, seasons, places. Neither
moves a parameter.
"""

import csv
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.design import Variant
from sim.ensemble import OneWorld, run_worlds
from sim.errors import CrossfireError
from sim.names.actors import GOVERNORATES
from sim.names.events import ISIS_KILLED_PEOPLE, MILITIA_KILLED, STRIKE
from sim.names.measures import place_series
from sim.scenario import load_scenario, override, resolve
from sim.yamlfile import home

#: An interval that holds a count is worth something up to this many times a Poisson's of the same mean.
TOO_WIDE = 2.5
OUTER = (5.0, 95.0)


@dataclass(frozen=True)
class Observation:
    """One figure of the documents: what was counted, in which scenario and days, and what it came to (or a bound)."""

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
    def said(self) -> str:
        """Return the figure as one would say it."""
        if math.isnan(self.value):
            return f"more than {self.low:g}" if math.isnan(self.high) else f"{self.low:g} to {self.high:g}"
        return f"{self.value:g}"


@dataclass(frozen=True)
class Held:
    """A figure or a pattern held against the worlds: what was wanted, what came, whether it holds."""

    name: str
    wanted: str
    came: str
    holds: bool
    source: str

    def row(self) -> dict[str, Any]:
        """Return a row for a table."""
        return {
            "pattern": self.name, "wanted": self.wanted, "came": self.came, "holds": "yes" if self.holds else "no",
            "source": self.source,
        }  # fmt: skip


def load_observations() -> list[Observation]:
    """Return the figures of configs/observations/documents.csv, in the file's order."""
    path = home() / "configs" / "observations" / "documents.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [_observation(row, path, k) for k, row in enumerate(csv.DictReader(file), start=2)]


def _observation(row: dict[str, str], path: Path, line: int) -> Observation:
    try:
        numbers = [float(row[key]) if row[key] else math.nan for key in ("value", "low", "high")]
        days = [date.fromisoformat(row[key]) for key in ("start", "end")]
    except (KeyError, ValueError) as error:
        raise CrossfireError(f"{path}:{line}: expected a figure with dates and numbers, got {error}") from None
    if row["measure"] not in _READERS:
        raise CrossfireError(f"{path}:{line}: expected one of {', '.join(_READERS)}, got {row['measure']!r}")
    value, low, high = numbers
    texts = row["unit"], row["source"], row["note"]
    return Observation(row["scenario"], row["measure"], days[0], days[1], value, low, high, *texts)


# Worlds ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _worlds(scenario: str, days: int, worlds: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return outcomes (worlds,) and weekly series (worlds, weeks) of a scenario, run for so many days (0: its own)."""
    variant = _variant(scenario, days)
    blocks = list(run_worlds([variant], worlds, seed, threads=os.cpu_count() or 1))
    return np.concatenate([b.outcomes for b in blocks]), np.concatenate([b.series for b in blocks])


@lru_cache(maxsize=16)
def _variant(scenario: str, days: int) -> Variant:
    chosen = load_scenario(scenario)
    if days:
        chosen = override(chosen, f"days={days}")
    return Variant(scenario, resolve(chosen))


@lru_cache(maxsize=4)
def _recorded(scenario: str, worlds: int, seed: int) -> tuple[np.ndarray, ...]:
    """Return the record of events of each of the first worlds of a scenario."""
    variant = _variant(scenario, 0)
    return tuple(OneWorld(variant, i, seed, record=True).run_to().events() for i in range(worlds))


# The documents' figures ------------------------------------------------------------------------------------------


def _first_strike(variant: Variant, worlds: int, seed: int) -> np.ndarray:
    """Return the fighters killed by the first US strike of each world in which there was one."""
    killed = []
    for i in range(worlds):
        events = OneWorld(variant, i, seed, record=True).run_to().events()
        strikes = events[events["kind"] == STRIKE]
        if len(strikes):
            dead = events[(events["kind"] == MILITIA_KILLED) & (events["cause"] == strikes["id"][0])]
            killed.append(float(dead["size"].sum()))
    return np.array(killed)


_READERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "attacks": lambda o: o["militia_attacks"],
    "attacks_theatre": lambda o: o["militia_attacks"] + o["militia_attacks_outside"],
    "us_killed": lambda o: o["us_killed"],
    "us_wounded": lambda o: o["us_wounded"],
    "votes_present": lambda o: o["votes_present"],
    "votes_absent": lambda o: o["votes_absent"],
    "isis_attacks": lambda o: o["isis_attacks"],
    "first_us_strike_day": lambda o: o["first_us_strike_day"],
    "government_in_office": lambda o: (o["government_leaning"] > 0).astype(float),
    "strike_killed": lambda o: o["militia_killed"],
}


def figures(worlds: int = 1000, seed: int = 1) -> list[Held]:
    """Return each of the documents' figures against the worlds of its scenario."""
    return [_held(one, worlds, seed) for one in load_observations()]


def _held(one: Observation, worlds: int, seed: int) -> Held:
    days = (one.end - one.start).days + 1
    if one.measure == "strike_killed":
        values = _first_strike(_variant(one.scenario, days), min(worlds, 400), seed)
    else:
        values = _READERS[one.measure](_worlds(one.scenario, days, worlds, seed)[0])
    values = values[~np.isnan(values)]
    name = f"{one.measure.replace('_', ' ')}, {one.scenario}, {one.start} to {one.end}"
    if len(values) < 20:
        return Held(name, one.said, "too few worlds in which it is defined", False, one.source)
    low, high = np.percentile(values, OUTER)
    inside = _inside(one, values, low, high)
    came = f"{np.median(values):.4g} ({low:.4g} to {high:.4g})"
    if one.unit == "attacks" and not math.isnan(one.value):
        width = (high - low) / max(1.0, 2 * 1.645 * math.sqrt(values.mean()))
        came += f", {width:.1f} times a Poisson's"
        inside = inside and width <= TOO_WIDE
    return Held(name, one.said, came, inside, one.source)


def _inside(one: Observation, values: np.ndarray, low: float, high: float) -> bool:
    """Return whether the figure lies in the central 90%; a bound holds if a twentieth of worlds or more meet it."""
    if math.isnan(one.value):
        return bool((values > one.low).mean() >= 0.05)
    return bool(low <= one.value <= high)


# Patterns --------------------------------------------------------------------------------------------------------


def patterns(worlds: int = 1000, seed: int = 1) -> list[Held]:
    """Return what a good run should show, each with what came and whether it holds."""
    return [*_clusters(worlds, seed), *_harm(worlds, seed), *_isis(worlds, seed), *_politics(worlds, seed)]


def _median_of(values: np.ndarray) -> float:
    return float(np.nanmedian(values))


def _clusters(worlds: int, seed: int) -> Iterator[Held]:
    attacks = _worlds("2021-quiet", 0, worlds, seed)[1]["attacks"].astype(float)[:, 1:]
    busy = attacks[attacks.sum(axis=1) >= 20]
    mean = busy.mean(axis=1)
    dispersion = busy.var(axis=1, ddof=1) / mean
    centred = busy - mean[:, None]
    lag1 = (centred[:, 1:] * centred[:, :-1]).sum(axis=1) / (centred * centred).sum(axis=1)
    source = "regularities: overdispersion and self-excitation of conflict events"
    yield Held("weekly attacks are clustered (variance over mean, in the median world)", "above 1.5",
               f"{_median_of(dispersion):.2f}", _median_of(dispersion) > 1.5, source)  # fmt: skip
    yield Held("a busy week follows a busy week (lag-1 autocorrelation)", "above 0.1", f"{_median_of(lag1):.2f}",
               _median_of(lag1) > 0.1, source)  # fmt: skip


def _harm(worlds: int, seed: int) -> Iterator[Held]:
    outcomes = _worlds("2020-soleimani", 0, worlds, seed)[0]
    harmless, top = _median_of(outcomes["attack_harmless_share"]), _median_of(outcomes["attack_top_decile_share"])
    yield Held("most attacks hurt nobody", "above 70%", f"{harmless:.0%}", harmless > 0.7, "restraint-2020 [10]")
    yield Held("the gravest tenth of attacks does most of the harm", "above 50%", f"{top:.0%}", top > 0.5,
               "regularities: heavy tails of event size")  # fmt: skip


def _isis(worlds: int, seed: int) -> Iterator[Held]:
    sizes = np.concatenate([e["size"][e["kind"] == ISIS_KILLED_PEOPLE] for e in _recorded("2019-baseline", 60, seed)])
    tail = np.sort(sizes)[::-1]
    share = tail[: max(1, len(tail) // 10)].sum() / tail.sum()
    yield Held("ISIS attacks kill few, a few kill many (deaths in the gravest tenth of weeks and places)", "above 30%",
               f"{share:.0%}", bool(share > 0.3), "regularities: exponents of 1.9 to 2.7")  # fmt: skip
    series = _worlds("2019-baseline", 0, worlds, seed)[1]
    by_place = {g: float(series[place_series("isis_attacks", g)][:, :53].sum()) for g in GOVERNORATES}
    home_ground = ("Diyala", "Kirkuk", "Salah al-Din", "Ninewa", "Anbar", "Baghdad")
    part = sum(by_place[g] for g in home_ground) / sum(by_place.values())
    yield Held("ISIS is active in Diyala, Kirkuk, Salah al-Din, Ninewa, Anbar and around Baghdad", "above 85%",
               f"{part:.0%}", part > 0.85, "regularities: events by governorate, 2018")  # fmt: skip
    spring, winter = _seasons(series["isis_attacks"].astype(float))
    yield Held("ISIS attacks peak in spring (March to May over November to January, trend removed)", "above 1.1",
               f"{spring / winter:.2f}", spring / winter > 1.1, "regularities: peaks of April and May")  # fmt: skip


def _seasons(weekly: np.ndarray) -> tuple[float, float]:
    """Return mean attacks in spring and in winter over a straight line through all worlds' mean."""
    mean = weekly.mean(axis=0)
    weeks = np.arange(len(mean))
    level = np.polyval(np.polyfit(weeks, mean, 1), weeks)
    start = _variant("2019-baseline", 0).inputs.start.toordinal()
    months = np.array([date.fromordinal(start + 7 * int(k)).month for k in weeks])
    ratio = mean / level
    return float(ratio[np.isin(months, (3, 4, 5))].mean()), float(ratio[np.isin(months, (11, 12, 1))].mean())


def _politics(worlds: int, seed: int) -> Iterator[Held]:
    present = _worlds("2020-motion", 8, worlds, seed)[0]["votes_present"]
    near = float((np.abs(present - 165) <= 20).mean())
    yield Held("attendance on 5 January 2020 is near the quorum of 165 (within 20 members)", "in most worlds",
               f"{near:.0%}", near > 0.5, "expulsion-2020 [9]")  # fmt: skip
    days = _worlds("2020-soleimani", 0, worlds, seed)[0]["government_day"] + 35.0
    median = _median_of(days)
    yield Held("a government takes months to form (days from the resignation, median)", "88 to 289", f"{median:.0f}",
               88 <= median <= 289, "regularities: 88 to 289 days, 2005 to 2018")  # fmt: skip


def evidence_page(shown: list[Held], told: list[Held], worlds: int, seed: int) -> str:
    """Return the page docs/evidence.md: the tables of patterns and of figures, as they were found."""
    parts = [
        "# Evidence\n",
        "Made by `make patterns`; nothing here moves a parameter. A bound holds when a twentieth of worlds or more "
        "meet it; a figure, when it lies in the central 90% of worlds (a count also wants an interval of at most "
        f"{TOO_WIDE} times a Poisson's). {worlds:,} worlds each, seed {seed}.\n",
    ]
    for title, found in (("Patterns", shown), ("The documents' figures", told)):
        kept = sum(one.holds for one in found)
        parts.append(f"## {title}\n\n{kept} of {len(found)} hold.\n\n{_markdown(found)}")
    return "\n".join(parts)


def _markdown(found: list[Held]) -> str:
    rows = [one.row() for one in found]
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    lines += ["| " + " | ".join(str(value) for value in row.values()) + " |" for row in rows]
    return "\n".join(lines) + "\n"
