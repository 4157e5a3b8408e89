"""Results seen without the luck in what their worlds drew: means and differences beside the plain ones.

A world draws each uncertain quantity by its name, at a quantile that is even between 0 and 1 over all worlds. The
quantiles are made again from the seed and the names; that the stored inputs follow them is looked at before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import InputError, option_problem
from sim.experiments.sampling import RANDOM
from sim.experiments.variants import Column, Drawing
from sim.inputs.distributions.quantities import fixed
from sim.names.measures import Measure
from sim.results import Results, StoreError
from sim.results.comparison import Comparison
from sim.results.layout import INPUTS
from sim.stats import AdjustedEstimate, Drawn, Estimate, adjusted_difference, adjusted_mean
from sim.world.draws import quantiles_of

#: An input that takes at most so many values goes in steps.
MOST_STEPS = 12
#: Points times inputs that are held at once: twice as many numbers of eight bytes.
MOST_NUMBERS = 50_000_000
#: Worlds whose stored inputs are looked at, at most.
LOOKED_AT = 2_000


@dataclass(frozen=True)
class Adjusted:
    """One measure of a variant, or its difference from the baseline (``against``): plain and adjusted.

    Both are of the mean, or of the mean difference, in the measure's unit.
    """

    variant: str
    measure: Measure
    against: str
    plain: Estimate
    found: AdjustedEstimate
    category: str = ""

    def as_plain(self) -> dict[str, Any]:
        """Return plain values."""
        category, name = {"category": self.category} if self.category else {}, "difference" if self.against else "mean"
        return {
            "variant": self.variant, "measure": self.measure.name, **category, "against": self.against or None,
            "plain": self.plain.as_plain(name), "adjusted": self.found.as_plain(name),
        }  # fmt: skip


def adjusted(results: Results, *, everything: bool = False) -> list[Adjusted]:
    """Return the headline measures (or all) of every variant, and of each difference from the first, adjusted.

    Raises
    ------
    InputError
        If worlds did not each draw their inputs, or the run stopped when its numbers looked well.
    StoreError
        If what is stored of the inputs is not what worlds draw by these names.
    """
    _refuse(results)
    drawn, compared = _drawn(results), results.comparison()
    measures = compared.measures if everything else compared.headlines
    return [row for measure in measures for row in _rows(results, compared, drawn, measure)]


def _refuse(results: Results) -> None:
    """Refuse results whose worlds' inputs are no independent draws, or of a number that hangs on what came."""
    manifest, folder = results.manifest, str(results.folder)
    given = manifest["inputs"].get("drawing") or {}
    design = (given.get("design") or {}).get("kind", RANDOM)
    expected = got = ""
    if manifest.get("until") or manifest["inputs"].get("until"):
        expected, got = "a run of a fixed number of worlds", "one that stopped at a precision (--until)"
    elif design != RANDOM:
        expected, got = "worlds that each draw their inputs at random", f"points of a design ({design})"
    elif not results.names(INPUTS) and results.status != "finished":
        expected, got = "a finished run (what worlds drew is written at its end)", f"one that is {results.status}"
    elif not results.names(INPUTS):
        expected, got = "results whose worlds drew uncertain inputs", "none that varies (no inputs.parquet)"
    elif (numbers := manifest["worlds"] * len(results.names(INPUTS))) > MOST_NUMBERS:
        expected, got = f"at most {MOST_NUMBERS:,} drawn numbers (worlds times inputs)", f"{numbers:,}"
    if expected:
        raise InputError([option_problem(folder, expected, got, path="--adjusted")])


# What worlds drew ------------------------------------------------------------------------------------------------


def _drawn(results: Results) -> Drawn:
    """Return at which quantiles the points of results drew what any variant's worlds draw."""
    drawing = Drawing.from_plain(results.manifest["inputs"].get("drawing"))
    numbers = np.arange(0, results.worlds, drawing.replicates)
    names = {name: _drawn_by(name) for name in results.names(INPUTS)}
    labels = {label: _theories(results, label) for label in results.variants}
    theories = {label: theory for label, theory in labels.items() if len(set(theory.values())) > 1}
    places = {name: k for k, name in enumerate(dict.fromkeys([*names.values(), *["theory"] * bool(theories)]))}
    rows = quantiles_of(drawing.keys(results.seed, numbers), list(places))
    steps = list(_steps(results, {name: rows[places[by]] for name, by in names.items()}, drawing.replicates))
    found = [(places[names[name]], cut) for name, cut in steps]
    for theory in theories.values():
        at = {world // drawing.replicates: name for world, name in theory.items()}
        cuts = _cuts(rows[places["theory"]][list(at)], _as_numbers(list(at.values())))
        found += [(places["theory"], cut) for cut in (cuts if cuts is not None else ())]
    return Drawn(np.ascontiguousarray(rows.T), tuple(dict.fromkeys(found)))


def _drawn_by(stored: str) -> str:
    """Return the name by which what stands in a column of inputs is drawn."""
    return Column(stored.partition("#")[0], fixed(0.0), ()).drawn_by


def _theories(results: Results, label: str) -> dict[int, str]:
    """Return the theory that each world of a variant drew; nothing where that is not kept."""
    if "theory" not in results.names():
        return {}
    read = results.arrays(["world", "theory"], label)
    return {int(world): str(name) for world, name in zip(read["world"], read["theory"], strict=True) if name}


def _as_numbers(words: Sequence[str]) -> np.ndarray:
    return np.unique(np.asarray(words, dtype=object).astype(str), return_inverse=True)[1].astype(float)


def _steps(results: Results, quantiles: dict[str, np.ndarray], replicates: int) -> Iterator[tuple[str, float]]:
    """Yield the columns of inputs that go in steps, and where; StoreError if one does not rise with its quantile."""
    inputs = results.inputs_of(results.variants[0])
    worlds = inputs.index.to_numpy()[: LOOKED_AT * replicates]
    for name in inputs.columns:
        values = inputs[name].to_numpy(dtype=float)[: len(worlds)]
        known = ~np.isnan(values)
        at, values = quantiles[name][worlds[known] // replicates], values[known]
        order = np.argsort(at, kind="stable")
        if (np.diff(values[order]) < 0).any():
            raise StoreError(f"{results.folder}: inputs: {name} is not what worlds of seed {results.manifest['seed']}"
                             " draw by that name; the run was made by another version")  # fmt: skip
        yield from ((name, cut) for cut in _cuts(at, values) or ())


def _cuts(at: np.ndarray, values: np.ndarray) -> list[float] | None:
    """Return the quantiles between which values are the same; None for values that are no steps of the quantile."""
    order = np.argsort(at, kind="stable")
    at, values = at[order], values[order]
    turns = np.flatnonzero(np.diff(values)) + 1
    if not 0 < len(turns) < MOST_STEPS:
        return None
    return [float(at[k - 1] + at[k]) / 2 for k in turns]


# Measures --------------------------------------------------------------------------------------------------------


def _rows(results: Results, compared: Comparison, drawn: Drawn, measure: Measure) -> Iterator[Adjusted]:
    """Yield a measure of each variant, then of each difference from the first."""
    baseline, *others = compared.labels
    columns = results.columns([measure.name])
    lives = {label: _of_points(results, columns[label], measure) for label in compared.labels}
    for label in compared.labels:
        found = adjusted_mean(lives[label], drawn, measure, results.days_of(label))
        yield from _told(label, measure, "", _summary(compared, label, measure), found)
    for label in others:
        days = results.longest(baseline, label)
        found = adjusted_difference(lives[baseline], lives[label], drawn, measure, days)
        yield from _told(label, measure, baseline, _difference(compared, label, measure), found)


def _of_points(results: Results, columns: Any, measure: Measure) -> np.ndarray:
    """Return a measure (points, lives): NaN (of categories None) where it is not defined, or a world is not there."""
    replicates = Drawing.from_plain(results.manifest["inputs"].get("drawing")).replicates
    points = -(-results.worlds // replicates)
    values = columns[measure.name]
    nothing: Any = None if measure.kind == "category" else np.nan
    whole = np.full(points * replicates, nothing, dtype=object if measure.kind == "category" else float)
    whole[columns["world"].astype(int)] = values
    return whole.reshape(points, replicates)


def _summary(compared: Comparison, label: str, measure: Measure) -> dict[str, Estimate]:
    """Return a plain mean, or those of categories by name."""
    found = (compared.headline_summary(label) if measure.headline else compared.summary(label))[measure.name]
    return {"": Estimate(found.mean, found.low, found.high)} if found.shares is None else found.shares


def _difference(compared: Comparison, label: str, measure: Measure) -> dict[str, Estimate]:
    """Return a plain difference, or those of categories by name."""
    found = compared.headline_differences() if measure.headline else compared.differences()
    here = found[label][measure.name]
    return {name: Estimate(one.difference, one.low, one.high) for name, one in (here.shares or {"": here}).items()}


def _told(
    label: str, measure: Measure, against: str, plain: dict[str, Estimate], found: AdjustedEstimate
) -> Iterator[Adjusted]:
    for category, one in (found.shares or {"": found}).items():
        yield Adjusted(label, measure, against, plain[category], one, category)
