"""Sweeps read from their files: scenarios, settings and constraints made into variants, with all that is wrong."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from sim.errors import InputError, Mistake, Rejected, described, unknown
from sim.experiments.constraints import Constraint, Factor, parse_constraint
from sim.experiments.precision import read_precision, resolved
from sim.experiments.sampling import KINDS, RANDOM, Sampling
from sim.experiments.sweep import ExcludedCombination, Sweep
from sim.experiments.sweep_factors import (
    GROUPS,
    SETTABLE,
    UNCERTAIN,
    Combination,
    Draft,
    Start,
    distributions_of,
    name_at,
    path_of,
)
from sim.experiments.sweep_form import GRID, LIST, ONE_AT_A_TIME, Block, SweepForm
from sim.experiments.sweep_points import ranges, sampling_of
from sim.experiments.variants import Drawing, Variant
from sim.inputs.labels import with_baseline_first
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import Setting, override, setting_path, two_on_one_path, with_settings
from sim.inputs.twins import twins
from sim.inputs.yaml.document import Document, Where
from sim.inputs.yaml.files import file_named
from sim.inputs.yaml.forms import validate
from sim.inputs.yaml.snapshots import at_one_moment
from sim.inputs.yaml.text import read
from sim.names.mechanisms import MECHANISMS

#: Combinations of settings in one sweep, those left out by constraints among them.
MOST_VARIANTS = 10_000
WORLDS = 1_000
_QUANTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,3})?)")


def load_sweep(name_or_path: str | Path) -> Sweep:
    """Return a sweep by its name, or by the path of its file; InputError with all that is wrong with it.

    A word without a folder and without ``.yaml`` is a name, looked for in the current folder first, then among the
    shipped ones.
    """
    with at_one_moment():
        return read_sweep(read(file_named("sweep", str(name_or_path))))


def read_sweep(document: Document) -> Sweep:
    """Return the sweep that ``document`` holds."""
    form = validate(document, SweepForm, {"stem": document.path.stem if document.path else ""})
    with at_one_moment():
        return _read_all(Draft(form, document))


def _read_all(draft: Draft) -> Sweep:
    """Return the sweep; InputError with every problem."""
    starts = [start for k, name in enumerate(draft.form.scenario) for start in _start(draft, k, name)]
    combinations = [one for start in starts for one in _combinations(draft, start)]
    constraints = _constraints(draft, starts, combinations) if combinations else []
    varied = list(dict.fromkeys(key for one in combinations for key in one.values))
    chosen, left_out = _allowed(draft, combinations, varied, [c for c in constraints if not _speaks_of_sampled(c)])
    variants = _variants(draft, chosen, varied)
    sampling = sampling_of(draft, starts, variants, [c for c in constraints if _speaks_of_sampled(c)])
    worlds = _worlds(draft, sampling)
    ordered = _ordered(draft, variants)
    _until(draft, ordered)
    if draft.problems:
        raise InputError(sorted(draft.problems, key=lambda p: (p.file != draft.document.file, p.line, p.column)))
    drawing = Drawing(None if sampling.kind == RANDOM else sampling, draft.form.replicates)
    drawn = tuple(replace(one, drawing=drawing) for one in ordered)
    return Sweep(draft.form, worlds, sampling, drawn, tuple(left_out), tuple(draft.warnings))


def _start(draft: Draft, k: int, name: str) -> Iterator[Start]:
    """Yield a scenario with the common settings laid on it, unless it cannot be had."""
    draft.places[name] = ("scenario", k) if ("scenario", k) in draft.document.marks else ("scenario",)
    try:
        start = Start(name, load_scenario(name))
    except InputError as wrong:
        return draft.note(wrong)
    for path, value in draft.form.settings.items():
        start.common += draft.setting(start.base, "set", path, value, ("set", path))
    if draft.form.days is not None and draft.form.days != start.base.form.days:
        start.common += draft.setting(start.base, "set", "days", draft.form.days, ("days",))
    start.hidden += ranges(draft, start.base)
    for setting in (*start.common, *start.hidden):
        try:
            start.base = override(start.base, setting.text, setting.option)
        except InputError as wrong:
            draft.note(wrong)
    try:
        start.inputs = resolve(start.base)
    except InputError as wrong:
        return draft.note(wrong)
    start.drawn = distributions_of(start.inputs)
    yield start


def _combinations(draft: Draft, start: Start) -> list[Combination]:
    """Return every combination of settings of one scenario, those that break constraints too."""
    values: dict[Setting, Any] = {}
    rows = [_rows(draft, start, block, values) for block in draft.form.vary if block.kind not in KINDS]
    firsts = [{s.path: s for row in reversed(block) for s in row} for block in rows]
    once = [*start.common, *start.hidden, *(s for paths in firsts for s in paths.values())]
    twice = two_on_one_path(once) + [p for block in rows for row in block for p in two_on_one_path(row)]
    draft.note(InputError(twice))
    number = math.prod(map(len, rows))
    if number * len(draft.form.scenario) > MOST_VARIANTS:
        got = f"{number * len(draft.form.scenario):,}"
        draft.wrong(("vary",), Mistake(f"at most {MOST_VARIANTS:,} combinations of settings", got))
        return []
    combined = [tuple(s for row in combination for s in row) for combination in product(*rows)]
    return [] if twice else [Combination(start, one, {s.path: values[s] for s in one}) for one in combined]


def _rows(draft: Draft, start: Start, block: Block, values: dict[Setting, Any]) -> list[tuple[Setting, ...]]:
    """Return the rows of settings of a block; ``values`` takes the plain value of each."""

    def setting(path: str, value: Any, where: Where) -> list[Setting]:
        made = _chosen(draft, start, block.kind, path, value, where)
        values.update(made)
        return list(made)

    if block.kind == LIST:
        return [
            tuple(s for path, value in row.items() for s in setting(path, value, (*block.at, k, path)))
            for k, row in enumerate(block.value)
        ]
    lists = [
        [s for k, value in enumerate(given) for s in setting(path, value, (*block.at, key, k))]
        for key, given in block.value.items()
        for path in (_members(draft, start, key, given, (*block.at, key)) if block.kind == ONE_AT_A_TIME else [key])
    ]
    if block.kind == GRID:
        return list(product(*(one for one in lists if one)))
    return [(), *((one,) for settings in lists for one in settings)]


def _members(draft: Draft, start: Start, key: str, given: list[Any], where: Where) -> list[str]:
    """Return the paths that a key of a block one-at-a-time means: one, or each of a group."""
    if key not in (*SETTABLE, UNCERTAIN):
        return [key]
    if key == "mechanisms":
        return [f"mechanisms.{mechanism.id}" for mechanism in MECHANISMS]
    if not all(isinstance(value, str) and _QUANTILE.fullmatch(value) for value in given):
        expected = f"quantiles such as [p05, p95] for each of {key}"
        draft.wrong(where, Mistake(expected, described(given), "their units differ: no number fits all"))
        return []
    prefixes = tuple(GROUPS[group] for group in (SETTABLE if key == UNCERTAIN else (key,)))
    names = [name for name, one in start.drawn.items() if name.startswith(prefixes) and not one.is_fixed]
    return [path_of(name) for name in names]


def _chosen(draft: Draft, start: Start, option: str, path: str, value: Any, where: Where) -> dict[Setting, Any]:
    """Return a setting with its plain value; one such as p05 is the quantile of the quantity's own distribution."""
    found = _QUANTILE.fullmatch(value) if isinstance(value, str) else None
    whole = draft.path(start.base, path, where, option) if found else ""
    if found and name_at(whole):
        distribution = start.drawn.get(name_at(whole))
        share = float(found[1]) / 100
        if distribution is None or distribution.is_fixed or not 0 < share < 1:
            got = "no such quantity" if distribution is None else distribution.text()
            expected = "a quantile, above p00, of a quantity that varies from world to world"
            draft.wrong(where, Mistake(expected, f"{value} of '{path}', {got}", "give it a number"))
            return {}
        value = float(f"{distribution.quantile([share])[0]:.6g}")
        value = int(value) if value.is_integer() else value
    return dict.fromkeys(draft.setting(start.base, option, path, value, where), value)


def _constraints(draft: Draft, starts: list[Start], combinations: list[Combination]) -> list[Constraint]:
    """Return the constraints that can be read, each over varied factors alone or over sampled ones alone."""
    varied = dict.fromkeys(key for one in combinations for key in one.values)
    found = []
    for k, text in enumerate(draft.form.where):
        where: Where = ("where", k) if ("where", k) in draft.document.marks else ("where",)
        try:
            constraint = parse_constraint(
                text, lambda name: _factor(draft, name, starts[0], combinations, list(varied))
            )
            _refuse_mixed(constraint)
            _refuse_unknown_values(constraint, combinations)
            found.append(constraint)
        except Rejected as wrong:
            draft.refuse(where, wrong)
    return found


def _factor(draft: Draft, name: str, start: Start, combinations: list[Combination], varied: list[str]) -> Factor:
    """Return the factor that a name means: the scenario, a varied path, or a quantity that may be sampled."""
    if name == "scenario" and len(draft.form.scenario) > 1:
        return Factor("scenario", draft.form.scenario)
    try:
        path = setting_path(start.base, f"{name}=0")
    except InputError:
        path = ""
    if path in varied:
        words = [one.word(path) for one in combinations]
        return Factor(path, tuple(dict.fromkeys(word for word in words if word)))
    if draft.sampled and name_at(path):
        return Factor(name_at(path))
    mistake = unknown(name, [start.short_path(one) for one in varied], "a factor of this sweep")
    got = f"'{name}', which nothing varies" if path else mistake.got
    raise Rejected(Mistake(mistake.expected, got, mistake.hint))


def _refuse_unknown_values(constraint: Constraint, combinations: list[Combination]) -> None:
    """Raise Rejected where a factor is uncertain in some variant, or a word here and a number there."""
    for key in constraint.factors if not _speaks_of_sampled(constraint) else ():
        values = [one.value(key) for one in combinations]
        if None in values or len({type(value) for value in values}) > 1:
            got = "none in some" if None in values else "words and numbers"
            expected = f"a number, or a word, for '{key}' in every variant"
            raise Rejected(Mistake(expected, got, "give it a value in every row, or under 'set'"))


def _allowed(
    draft: Draft, combinations: list[Combination], varied: list[str], constraints: list[Constraint]
) -> tuple[list[Combination], list[ExcludedCombination]]:
    """Return the combinations that satisfy the constraints, and the others with the first that they break."""
    chosen: list[Combination] = []
    left_out: list[ExcludedCombination] = []
    for one in combinations:
        broken = next((c for c in constraints if not c.holds({key: one.value(key) for key in c.factors})), None)
        if broken:
            left_out.append(ExcludedCombination(one.start.name, one.factors(varied), broken.text))
        else:
            chosen.append(one)
    if combinations and not chosen:
        draft.wrong(("where",), Mistake("constraints that leave some combination", f"none of {len(combinations)} left"))
    return chosen, left_out


def _variants(draft: Draft, combinations: list[Combination], varied: list[str]) -> list[Variant]:
    """Return the variants that can be resolved."""
    made = []
    for one in combinations:
        start = one.start
        try:
            inputs = resolve(with_settings(start.base, one.settings))
            settings = (*start.common, *start.hidden, *one.settings)
            label, factors = start.label(one.settings), one.factors(varied)
            made.append(Variant(label, inputs, scenario=start.name, settings=settings, factors=factors))
        except InputError as wrong:
            draft.note(wrong)
        except Rejected as wrong:  # of the label
            draft.refuse(("vary",), wrong)
    for got in twins(made):
        draft.wrong(("vary",), Mistake("every variant once", got, "leave one of the two out"))
    return made


def _ordered(draft: Draft, variants: list[Variant]) -> list[Variant]:
    if draft.problems or not variants:
        return variants
    try:
        return with_baseline_first(variants, draft.form.baseline)
    except InputError as wrong:
        draft.note_at(("baseline",), wrong)
        return variants


def _until(draft: Draft, variants: list[Variant]) -> None:
    """Look at the precisions that are asked for: whether they can be meant, of these variants and worlds."""
    labels = [one.label for one in variants]
    for k, text in enumerate(draft.form.until):
        try:
            asked = read_precision(text)
            if labels:
                resolved(asked, labels)
        except InputError as wrong:
            draft.note_at(("until", k), wrong)
    if draft.form.until and (draft.sampled is not None or draft.form.replicates > 1):
        expected = "worlds drawn at random, each lived once, with 'until': intervals take them as independent"
        draft.wrong(("until",), Mistake(expected, "a design, or replicates"))


def _worlds(draft: Draft, sampling: Sampling) -> int:
    """Return how many worlds each variant lives."""
    form = draft.form
    if draft.sampled is None:
        worlds = form.worlds or WORLDS * form.replicates
        if worlds % form.replicates:
            up = (worlds // form.replicates + 1) * form.replicates
            expected = f"a multiple of {form.replicates}, as each is lived so often"
            draft.wrong(("worlds",), Mistake(expected, f"{worlds:,}", f"such as {up:,}"))
        return worlds
    points = sampling.count or draft.sampled.value["points"]
    worlds = points * form.replicates
    if form.worlds not in (None, worlds):
        product_of = f"{points:,} points" + (f" times {form.replicates} replicates" if form.replicates > 1 else "")
        mistake = Mistake(f"{worlds:,}, for {product_of}", f"{form.worlds:,}", "leave 'worlds' out")
        draft.wrong(("worlds",), mistake)
    return worlds


def _speaks_of_sampled(constraint: Constraint) -> bool:
    return any(":" in key for key in constraint.factors)


def _refuse_mixed(constraint: Constraint) -> None:
    sampled = [key for key in constraint.factors if ":" in key]
    varied = [key for key in constraint.factors if ":" not in key]
    if sampled and varied:
        expected = "a constraint on varied factors alone, or on sampled ones alone"
        got = f"'{varied[0]}' beside '{path_of(sampled[0])}'"
        hint = "all variants share the points: put both in a grid, or make two sweeps"
        raise Rejected(Mistake(expected, got, hint))
