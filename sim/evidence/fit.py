"""The first fit: distributions of the parameters conditioned on what was observed, by rejection.

Every world draws its parameters from what is known beforehand and lives through the scenario of each observation. The
worlds that come nearest to all observations together are kept; a parameter whose draws among them differ from the rest
takes the distribution that they show. Predictions are not among the observations.
"""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.errors import CrossfireError
from sim.evidence.observations import Observation, check_observation, load_observations, shown_in_worlds
from sim.inputs.distributions.quantities import Distribution
from sim.inputs.theory import Parameter, fit_file, load_parameters
from sim.inputs.yaml.files import home_to_write
from sim.inputs.yaml.writing import refuse_unwritable, write_together
from sim.wording import table
from sim.world.draws import quantiles, world_keys
from sim.world.meaning import rule_hash

#: Worlds of each scenario, and the share of them that is kept.
WORLDS, KEPT = 20_000, 0.025
#: The expected share of parameters that are called moved and are not (Benjamini and Hochberg).
FALSE_MOVES = 0.01
#: Not taken twice: who is absent is who is not present.
SAID_TWICE = ("votes_absent",)
#: Measures of which ratios count, not differences.
_COUNTS = ("attacks", "people")
_STEPS = np.linspace(0.0, 1.0, 11)


@dataclass(frozen=True)
class ParameterShift:
    """A parameter whose draws among the worlds kept differ from those of all worlds.

    ``gap`` is the largest distance between the two cumulative distributions, ``chance`` its p-value.
    """

    name: str
    before: Distribution
    after: Distribution
    gap: float
    chance: float


@dataclass(frozen=True)
class Fit:
    """What the fit found: the worlds run and kept, the parameters that moved, the strongest ties between them.

    ``asked`` is the number of parameters that could have moved; ``ties`` are pairs of names with Spearman's rank
    correlation among the worlds kept, which independent draws do not keep.
    """

    worlds: int
    kept: int
    seed: int
    asked: int
    observations: tuple[Observation, ...]
    moved: tuple[ParameterShift, ...]
    ties: tuple[tuple[str, str, float], ...]


def fit(
    worlds: int = WORLDS, kept: float = KEPT, seed: int = 1, say: Callable[[str], None] = lambda words: None
) -> Fit:
    """Return the fit on all observations, from what is known of the parameters beforehand."""
    chosen = [one for one in load_observations() if one.measure not in SAID_TWICE]
    far = np.empty((worlds, len(chosen)))
    for k, one in enumerate(chosen):
        say(f"{k + 1} of {len(chosen)}: {one.name}")
        far[:, k] = distance(one, shown_in_worlds(one, worlds, seed, fitted=False))
    n = max(20, round(kept * worlds))
    if n >= worlds:
        raise CrossfireError(f"expected at least 40 worlds of which a share is kept, got {worlds} and {kept:g}")
    near = np.argsort(np.sqrt((far * far).mean(axis=1)), kind="stable")[:n]
    table = {name: one for name, one in load_parameters().items() if not one.value.is_fixed}
    ranks = {name: quantiles(world_keys(seed, near), f"parameter:{name}") for name in table}
    moved = tuple(_moved(table, ranks))
    return Fit(worlds, n, seed, len(table), tuple(chosen), moved, _ties(moved, ranks))


def distance(one: Observation, values: np.ndarray) -> np.ndarray:
    """Return how far worlds are from an observation, (worlds,), in spreads of all worlds; 0 within its bounds.

    Worlds that show nothing of the kind stand at the mean square of the others: they speak neither for nor against.
    """
    low, high = _target(one)
    scaled, low, high = (np.log1p(x) if one.unit in _COUNTS else x for x in (values, low, high))
    there = ~np.isnan(scaled)
    spread = float(np.std(scaled[there])) if there.any() else 0.0
    if spread == 0.0:
        return np.zeros(len(values))
    gap = np.maximum(0.0, np.maximum(low - scaled, scaled - high)) / spread
    usual = math.sqrt(float(np.mean(gap[there] ** 2)))
    return np.where(there, gap, usual)


def _target(one: Observation) -> tuple[Any, Any]:
    """Return the bounds within which a world agrees with an observation."""
    if math.isnan(one.value):
        return one.low, math.inf if math.isnan(one.high) else one.high
    return (one.value if math.isnan(x) else x for x in (one.low, one.high))  # type: ignore[return-value]


def _moved(table: dict[str, Parameter], ranks: dict[str, np.ndarray]) -> list[ParameterShift]:
    """Return the parameters whose ranks among the worlds kept are not uniform, the most moved first."""
    from scipy.stats import false_discovery_control, kstest

    tests = {name: kstest(rank, "uniform") for name, rank in ranks.items()}
    adjusted = false_discovery_control([test.pvalue for test in tests.values()])
    found = [
        ParameterShift(
            name, table[name].value, _fitted(table[name].value, ranks[name]), float(test.statistic), float(chance)
        )
        for (name, test), chance in zip(tests.items(), adjusted, strict=True)
        if chance < FALSE_MOVES
    ]
    return sorted(found, key=lambda one: -one.gap)


def _fitted(before: Distribution, ranks: np.ndarray) -> Distribution:
    """Return the distribution of the values at these ranks, by deciles; its ends stay those of the one before."""
    steps = np.quantile(ranks, _STEPS)
    steps[0], steps[-1] = 0.001, 0.999
    inner = [float(f"{x:.4g}") for x in before.quantile(steps)]
    low, high = (
        end if math.isfinite(end) else reach for end, reach in zip(before.bounds(), (inner[0], inner[-1]), strict=True)
    )
    if before.kind == "lognormal":
        low = inner[0]
    return Distribution("deciles", (low, *inner[1:-1], high), source="configs/observations, by `make fit`")


def _ties(
    moved: tuple[ParameterShift, ...], ranks: dict[str, np.ndarray], most: int = 5
) -> tuple[tuple[str, str, float], ...]:
    names = [one.name for one in moved]
    pairs = [
        (a, b, float(np.corrcoef(ranks[a].argsort().argsort(), ranks[b].argsort().argsort())[0, 1]))
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    ]
    return tuple(sorted(pairs, key=lambda pair: -abs(pair[2]))[:most])


def rows(found: Fit) -> list[dict[str, str]]:
    """Return a row for each parameter that moved: what it means, its distribution before and after."""
    parameters = load_parameters()
    return [
        {
            "parameter": m.name, "meaning": parameters[m.name].meaning, "before": m.before.text(),
            "after": m.after.text(), "gap": f"{m.gap:.2f}",
        }
        for m in found.moved
    ]  # fmt: skip


# Writing ---------------------------------------------------------------------------------------------------------


def fit_files() -> tuple[Path, Path]:
    """Return the paths of what a fit writes, the distributions and the page; CrossfireError where they cannot be."""
    paths = fit_file(), home_to_write("a fit") / "docs" / "fit.md"
    refuse_unwritable(paths)
    return paths


def write_fit(found: Fit, path: Path | None = None) -> Path:
    """Return the path of the distributions found, written anew.

    By default they go to configs/fit.yaml with the page docs/fit.md: both are written, or none.
    """
    if path:
        return write_together({path: fit_text(found)})[0]
    table, page = fit_files()
    return write_together({table: fit_text(found), page: fit_page(found)})[0]


def fit_text(found: Fit) -> str:
    """Return configs/fit.yaml: the distributions found."""
    head = {
        "method": "rejection: the worlds nearest to all observations together",
        "worlds": found.worlds, "kept": found.kept, "seed": found.seed,
        "observations": _hash_of_observations(), "rules": rule_hash(),
    }  # fmt: skip
    body = {one.name: {"deciles": list(one.after.numbers)} for one in found.moved}
    text = "# Made by `make fit` from configs/parameters.yaml and configs/observations; edit those, not this.\n"
    text += "# docs/fit.md says how, and what it changed. `fitted: false` in a scenario does without.\n"
    return text + yaml.safe_dump({"fit": head, "parameters": body}, sort_keys=False, width=120, default_flow_style=None)


def _hash_of_observations() -> str:
    """Return eight hex digits of what was observed."""
    text = repr([(o.scenario, o.measure, o.start, o.end, o.value, o.low, o.high) for o in load_observations()])
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def fit_page(found: Fit, worlds: int = 1000) -> str:
    """Return docs/fit.md: how the fit was made, and the figures before and after it in worlds that it did not see."""
    seed = found.seed + 1
    compared, nearer = [], []
    for one in found.observations:
        before, after = (shown_in_worlds(one, worlds, seed, fitted) for fitted in (False, True))
        held = check_observation(one, before), check_observation(one, after)
        nearer.append((np.nanmean(distance(one, before) ** 2), _mean_square(one, before, after)))
        compared.append(
            {
                "observation": one.name, "observed": one.in_words, "before": held[0].came, "after": held[1].came,
                "holds": " to ".join(dict.fromkeys("yes" if h.holds else "no" for h in held)), "source": one.source,
            }
        )  # fmt: skip
    far = np.sqrt(np.mean(nearer, axis=0))
    moved = rows(found)
    ties = "; ".join(f"`{a}` and `{b}` {r:+.2f}" for a, b, r in found.ties)
    return _PAGE.format(
        found=found, far=far, observations=table(compared), moved=table(moved) if moved else "None.\n",
        worlds=worlds, seed=seed, n=len(found.moved), ties=ties or "none",
    )  # fmt: skip


def _mean_square(one: Observation, before: np.ndarray, after: np.ndarray) -> float:
    """Return the mean square of the distances of ``after``, in the spreads of ``before``."""
    both = distance(one, np.concatenate([before, after]))
    scale = np.nanmean(distance(one, before) ** 2) / max(1e-12, np.nanmean(both[: len(before)] ** 2))
    return float(np.nanmean(both[len(before) :] ** 2) * scale)


_PAGE = """# The first fit

Made by `make fit`. {found.worlds:,} worlds drew their parameters from what is known of them beforehand
(`configs/parameters.yaml`) and lived through the scenario of every observation (`configs/observations`); the same world
has the same parameters in all of them. Of each world the distance to every observation was taken in spreads of all
worlds (of logarithms, for counts; nothing within a bound), and the {found.kept:,} with the smallest mean square were
kept. A parameter whose draws among them are not those of all worlds (Kolmogorov and Smirnov; of those called moved,
one in a hundred by chance) takes the deciles of the worlds kept: {n} of {found.asked} did. They stand in
`configs/fit.yaml` and are the defaults; `--set fitted=false` runs a scenario without them.

What this is not: predictions are not among the observations, nor is anything dated after a scenario's start but the
documents' figures and published regularities. With a dozen figures most parameters stay as uncertain as they were.
Each takes its own distribution; ties between them among the worlds kept are lost (the strongest: {ties}).

## The observations, before and after

In {worlds:,} other worlds (seed {seed}): median and central 90%. The root mean square of all distances goes from
{far[0]:.2f} to {far[1]:.2f} spreads.

{observations}
## The parameters that moved

{moved}"""
