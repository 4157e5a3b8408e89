"""What the model brings about by itself, held against the documents' figures and published regularities of conflicts.

``figures`` takes the figures of ``configs/observations``: whether they lie inside the central 90% of worlds, and
whether that interval says anything. ``patterns`` takes what a good run shows: clusters, tails, seasons, places. Neither
moves a parameter.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.evidence.observations import (
    TOO_WIDE,
    ObservationCheck,
    check_observation,
    load_observations,
    shown_in_worlds,
    variant_of,
    worlds_of,
)
from sim.evidence.shapes import shapes
from sim.inputs.yaml.writing import write_together
from sim.names.actors import GOVERNORATES
from sim.names.events import ATTACK, COALITION_KILLED, IRAQI_KILLED_BY_MILITIA, ISIS_KILLED_PEOPLE, US_KILLED
from sim.names.measures import place_series
from sim.running.one_world import OneWorld
from sim.wording import table

#: Worlds that tell a share to a few points.
ENOUGH = 300

# Worlds ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _recorded(scenario: str, worlds: int, seed: int) -> tuple[np.ndarray, ...]:
    """Return the record of events of each of the first worlds of a scenario."""
    variant = variant_of(scenario)
    return tuple(OneWorld(variant, i, seed, record=True).run_to().events() for i in range(worlds))


# The documents' figures ------------------------------------------------------------------------------------------


def figures(worlds: int = 1000, seed: int = 1, fitted: bool = True) -> list[ObservationCheck]:
    """Return each of the documents' figures against the worlds of its scenario; without the fit if so asked."""
    return [
        check_observation(one, shown_in_worlds(one, worlds, seed, fitted)) for one in load_observations("documents.csv")
    ]


# Patterns --------------------------------------------------------------------------------------------------------


def patterns(worlds: int = 1000, seed: int = 1) -> list[ObservationCheck]:
    """Return what a good run should show, each with what came and whether it holds."""
    what_comes = [*_clusters(worlds, seed), *_harm(worlds, seed), *_isis(worlds, seed), *_politics(worlds, seed)]
    return [*what_comes, *shapes(min(worlds, ENOUGH), seed)]


def _median_of(values: np.ndarray) -> float:
    return float(np.nanmedian(values))


_FEW = (
    "few attacks fall in a quiet week, and the same clustering shows less in few events; nor does any rule have "
    "several factions fire on one order in one night"
)


def _clusters(worlds: int, seed: int) -> Iterator[ObservationCheck]:
    source = "regularities: overdispersion and self-excitation of conflict events"
    for scenario, where in (("2020-soleimani", "in the reference"), ("2021-quiet", "in the quietest scenario")):
        weekly = worlds_of(scenario, 0, worlds, seed)[1]
        spread, lag1 = _of_quiet_weeks(weekly["attacks"].astype(float), weekly["us_strikes"])
        yield ObservationCheck(
            f"weekly attacks are clustered {where} (variance over mean of quiet weeks, in the median world)",
            "above 1.5",
            f"{spread:.2f}",
            spread > 1.5,
            source,
            _FEW,
        )
        yield ObservationCheck(
            f"a busy week follows a busy week {where} (lag-1 autocorrelation of quiet weeks)",
            "above 0.1",
            f"{lag1:.2f}",
            lag1 > 0.1,
            source,
        )
    share = _branching(_daily_attacks("2021-quiet", 60, seed))
    yield ObservationCheck(
        "attacks that attacks call forth, in quiet times (branching; rate of the weeks around as background)",
        "0.1 to 0.5",
        f"{share:.2f}",
        0.1 <= share <= 0.5,
        "regularities: branching ratios of 0.07 to 0.48 by governorate",
    )


def _of_quiet_weeks(attacks: np.ndarray, strikes: np.ndarray) -> tuple[float, float]:
    """Return variance over mean and lag-1 autocorrelation of weekly attacks, (worlds, weeks), of the median world.

    A week is quiet when no US strike fell in it, in the week after it (an answer to it) or in the four before.
    """
    spreads, lags = [], []
    for x, struck in zip(attacks[:, 1:], strikes[:, 1:] > 0, strict=True):
        quiet = np.convolve(struck, np.ones(6), "full")[1 : len(x) + 1] == 0
        if quiet.sum() < 20 or x[quiet].sum() < 20:
            continue
        centred = x - x[quiet].mean()
        pairs = quiet[1:] & quiet[:-1]
        spreads.append(x[quiet].var(ddof=1) / x[quiet].mean())
        lags.append((centred[1:] * centred[:-1])[pairs].mean() / x[quiet].var())
    return _median_of(np.array(spreads)), _median_of(np.array(lags))


def _daily_attacks(scenario: str, worlds: int, seed: int, least: int = 40) -> list[np.ndarray]:
    """Return the attacks of each day, of those of the first worlds that have enough of them."""
    days = variant_of(scenario).inputs.days
    logs = (log["day"][log["kind"] == ATTACK] for log in _recorded(scenario, worlds, seed))
    return [np.bincount(log, minlength=days)[:days].astype(float) for log in logs if len(log) >= least]


#: Days around a day that are too near to tell its background, and how far the background is taken from.
_NEAR, _FAR = 14, 60
_DECAYS = (1.0, 2.0, 3.5, 5.0, 7.0, 10.0, 14.0)


def _branching(counts: list[np.ndarray]) -> float:
    """Return the share of attacks that earlier ones called forth, likeliest over daily counts of several worlds.

    The rate of a day is a mixture of its background, the mean of days 15 to 60 away, and of the attacks before it,
    weighted by an exponential whose decay is chosen along with the share.
    """
    backgrounds = [np.maximum(_background(y), 0.01) for y in counts]
    best, most = 0.0, -np.inf
    for decay in _DECAYS:
        called = [_called_forth(y, decay) for y in counts]
        for share in np.arange(0.0, 0.95, 0.05):
            rates = [np.maximum((1 - share) * m + share * c, 1e-6) for m, c in zip(backgrounds, called, strict=True)]
            fit = sum(float((y * np.log(r) - r).sum()) for y, r in zip(counts, rates, strict=True))
            if fit > most:
                best, most = float(share), fit
    return best


def _background(y: np.ndarray) -> np.ndarray:
    kernel = np.ones(2 * _FAR + 1)
    kernel[_FAR - _NEAR : _FAR + _NEAR + 1] = 0.0
    there: np.ndarray = np.convolve(np.ones(len(y)), kernel, "same")
    around: np.ndarray = np.convolve(y, kernel, "same") / np.maximum(1.0, there)
    return around


def _called_forth(y: np.ndarray, decay: float) -> np.ndarray:
    kept = np.exp(-1.0 / decay)
    weights = (1.0 - kept) * kept ** np.arange(int(10 * decay) + 1)
    after: np.ndarray = np.convolve(y, weights)[: len(y)]
    return np.concatenate([[0.0], after[:-1]])


def _harm(worlds: int, seed: int) -> Iterator[ObservationCheck]:
    outcomes = worlds_of("2020-soleimani", 0, worlds, seed)[0]
    harmless, top = _median_of(outcomes["attack_harmless_share"]), _median_of(outcomes["attack_top_decile_share"])
    yield ObservationCheck(
        "most attacks hurt nobody", "above 70%", f"{harmless:.0%}", harmless > 0.7, "restraint-2020 [10]"
    )
    yield ObservationCheck(
        "the gravest tenth of attacks does most of the harm",
        "above 50%",
        f"{top:.0%}",
        top > 0.5,
        "regularities: heavy tails of event size",
    )
    slope = _exponent(np.concatenate([_dead_by_attack(log) for log in _recorded("2020-soleimani", 60, seed)]))
    yield ObservationCheck(
        "the dead of deadly attacks on bases have a heavy tail (exponent from 2 dead on)",
        "1.9 to 2.9",
        f"{slope:.2f}",
        1.9 <= slope <= 2.9,
        "regularities: 1.9 to 2.7 for fatal events; fewer people are in reach on a base",
    )


def _exponent(sizes: np.ndarray, least: int = 2) -> float:
    """Return the exponent of a power law for whole numbers from ``least`` on (Clauset and others' approximation)."""
    tail = sizes[sizes >= least]
    return float(1.0 + len(tail) / np.log(tail / (least - 0.5)).sum()) if len(tail) else float("nan")


def _dead_by_attack(log: np.ndarray) -> np.ndarray:
    """Return the dead of each deadly attack of a world."""
    attacks = np.isin(log["cause"], log["id"][log["kind"] == ATTACK])
    dead = log[attacks & np.isin(log["kind"], (US_KILLED, COALITION_KILLED, IRAQI_KILLED_BY_MILITIA))]
    totals = np.zeros(int(log["id"].max(initial=0)) + 1)
    np.add.at(totals, dead["cause"], dead["size"])
    return totals[totals > 0]


def _isis(worlds: int, seed: int) -> Iterator[ObservationCheck]:
    sizes = np.concatenate([e["size"][e["kind"] == ISIS_KILLED_PEOPLE] for e in _recorded("2019-baseline", 60, seed)])
    tail = np.sort(sizes)[::-1]
    share = tail[: max(1, len(tail) // 10)].sum() / tail.sum()
    yield ObservationCheck(
        "ISIS attacks kill few, a few kill many (deaths in the gravest tenth of weeks and places)",
        "above 30%",
        f"{share:.0%}",
        bool(share > 0.3),
        "regularities: exponents of 1.9 to 2.7",
    )
    series = worlds_of("2019-baseline", 0, worlds, seed)[1]
    by_place = {g: float(series[place_series("isis_attacks", g)][:, :53].sum()) for g in GOVERNORATES}
    home_ground = ("Diyala", "Kirkuk", "Salah al-Din", "Ninewa", "Anbar", "Baghdad")
    part = sum(by_place[g] for g in home_ground) / sum(by_place.values())
    yield ObservationCheck(
        "ISIS is active in Diyala, Kirkuk, Salah al-Din, Ninewa, Anbar and around Baghdad",
        "above 85%",
        f"{part:.0%}",
        part > 0.85,
        "regularities: events by governorate, 2018",
    )
    spring, winter = _seasons(series["isis_attacks"].astype(float))
    yield ObservationCheck(
        "ISIS attacks peak in spring (March to May over November to January, trend removed)",
        "above 1.1",
        f"{spring / winter:.2f}",
        spring / winter > 1.1,
        "regularities: peaks of April and May",
    )


def _seasons(weekly: np.ndarray) -> tuple[float, float]:
    """Return mean attacks in spring and in winter over a straight line through all worlds' mean."""
    mean = weekly.mean(axis=0)
    weeks = np.arange(len(mean))
    level = np.polyval(np.polyfit(weeks, mean, 1), weeks)
    start = variant_of("2019-baseline").inputs.start.toordinal()
    months = np.array([date.fromordinal(start + 7 * int(k)).month for k in weeks])
    ratio = mean / level
    return float(ratio[np.isin(months, (3, 4, 5))].mean()), float(ratio[np.isin(months, (11, 12, 1))].mean())


def _politics(worlds: int, seed: int) -> Iterator[ObservationCheck]:
    present = worlds_of("2020-motion", 8, worlds, seed)[0]["votes_present"]
    near = float((np.abs(present - 165) <= 20).mean())
    yield ObservationCheck(
        "attendance on 5 January 2020 is near the quorum of 165 (within 20 members)",
        "in most worlds",
        f"{near:.0%}",
        near > 0.5,
        "expulsion-2020 [9]",
    )
    days = worlds_of("2020-soleimani", 0, worlds, seed)[0]["government_day"] + 35.0
    median = _median_of(days)
    yield ObservationCheck(
        "a government takes months to form (days from the resignation, median)",
        "88 to 289",
        f"{median:.0f}",
        88 <= median <= 289,
        "regularities: 88 to 289 days, 2005 to 2018",
    )


#: The first and the last line of a section that another command writes (``tests.evidence_page``).
SECTION = ("<!-- section {name} -->", "<!-- end of {name} -->")
_SECTIONS = re.compile(r"<!-- section (?P<name>[\w-]+) -->.*?<!-- end of (?P=name) -->", re.DOTALL)


def sections_of(page: str) -> dict[str, str]:
    """Return the sections of a page that other commands have written, by name."""
    return {found["name"]: found[0] for found in _SECTIONS.finditer(page)}


def evidence_page(shown: list[ObservationCheck], told: list[ObservationCheck], worlds: int, seed: int) -> str:
    """Return the page docs/evidence.md: the tables of patterns and of figures, as they were found."""
    parts = [
        "# Evidence\n",
        "Made by `make patterns`; nothing here moves a parameter. A bound holds when a twentieth of worlds or more "
        "meet it; a figure, when it lies in the central 90% of worlds (a count also wants an interval of at most "
        f"{TOO_WIDE} times a Poisson's). {worlds:,} worlds each, seed {seed}.\n",
    ]
    for title, found in (("Patterns", shown), ("The documents' figures", told)):
        kept = sum(one.holds for one in found)
        parts.append(f"## {title}\n\n{kept} of {len(found)} hold.\n\n{table([one.row() for one in found])}")
        parts += [f"{one.name[:1].upper()}{one.name[1:]}: it fails. A guess why: {one.guess or 'none'}.\n"
                  for one in found if not one.holds]  # fmt: skip
    return "\n".join(parts)


def write_evidence(
    path: Path, shown: list[ObservationCheck], told: list[ObservationCheck], worlds: int, seed: int
) -> None:
    """Write the page of evidence; sections that other commands have written there stay."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    page = evidence_page(shown, told, worlds, seed).rstrip()
    write_together({path: "\n\n".join([page, *sections_of(before).values()]) + "\n"})
