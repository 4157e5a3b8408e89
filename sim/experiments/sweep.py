"""Sweeps: files that say which variants to live, over which worlds, and at which points of a design those stand.

Blocks of settings (``grid``, ``list``, ``one-at-a-time``) make variants, all paired over the same worlds. A sampled
block (``sobol``, ``latin-hypercube``, ``random``) says where in its own distribution each quantity of a world stands,
the same in every variant. So what is chosen is compared, and what is not known is sampled.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, PlainValidator

from sim.errors import InputError, Mistake, Problem, Rejected, described, nearest, one_of, unknown
from sim.experiments.constraints import Constraint, Factor, parse, spelled
from sim.experiments.sampling import BITS, HYPERCUBE, KINDS, MOST_PLACES, RANDOM, SOBOL, Floats, Sampling
from sim.inputs import arguments
from sim.inputs.distributions.quantities import Distribution, is_distribution
from sim.inputs.resolve import Inputs, resolve
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.settings import Setting, override, setting_path, short_path, twins, two_on_one_path, with_baseline_first
from sim.inputs.theory import READINGS
from sim.inputs.values import spelling, text_of
from sim.inputs.yaml.document import Document, Where, value_at
from sim.inputs.yaml.files import find, here
from sim.inputs.yaml.forms import STRICT, OwnName, Text, Title, validate
from sim.inputs.yaml.snapshots import at_one_moment
from sim.inputs.yaml.text import read
from sim.names.mechanisms import MECHANISMS
from sim.stats import precision_of, resolved

if TYPE_CHECKING:
    from sim.experiments.request import Arm, Asked

GRID, LIST, ONE_AT_A_TIME = "grid", "list", "one-at-a-time"
BLOCKS = (GRID, LIST, ONE_AT_A_TIME, *KINDS)
#: Every quantity that varies from world to world in any variant.
UNCERTAIN = "uncertain"
#: Quantities by the words that mean all of a kind, with the beginning of their names.
GROUPS = {
    "parameters": "parameter:", "situation": "situation:", "mechanisms": "mechanism:", "thresholds": "threshold:",
    "factions": "faction:", "places": "place:", "sites": "site:", "blocs": "bloc:", "allies": "ally:",
}  # fmt: skip
#: A quantity in a map of ``over`` that keeps its own distribution.
OWN = "own"
#: Combinations of settings in one sweep, those left out by constraints among them.
MOST_VARIANTS = 10_000
WORLDS = 1_000
_SETTABLE = ("parameters", "situation", "mechanisms", "thresholds", "factions")
_QUANTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,3})?)")
_SERIES = re.compile(r"all|none|[0-9]{1,9}")
_TO_GRID = "put it in a grid: its values are then crossed with all points, and compared over the same worlds"


# The form of a file ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """One block of ``vary``: its kind, what stands under it, and where that is."""

    kind: str
    value: Any
    at: Where


def _read_blocks(value: Any) -> tuple[Block, ...]:
    """Return the blocks of ``vary``; Rejected with all that is wrong with the form of any."""
    if not isinstance(value, list):
        raise Rejected(Mistake("a list of blocks, such as '- grid: {us: [restraint, in-kind]}'", described(value)))
    mistakes: list[Mistake] = []
    blocks: list[Block] = []
    for k, one in enumerate(value):
        if not isinstance(one, dict) or len(one) != 1:
            mistakes.append(Mistake(f"a map of one block ({one_of(BLOCKS)})", described(one), at=(k,)))
            continue
        ((kind, inner),) = one.items()
        if kind not in BLOCKS:
            mistakes.append(unknown(kind, BLOCKS, "a block", (k,)))
            continue
        mistakes += [_moved(mistake, (k, kind)) for mistake in _FORMS.get(kind, _sampled_mistakes)(inner)]
        blocks.append(Block(kind, inner, ("vary", k, kind)))
    sampled = [block for block in blocks if block.kind in KINDS]
    mistakes += [
        Mistake("at most one block that samples", "a second one", at=block.at[1:], of_key=True) for block in sampled[1:]
    ]
    if mistakes:
        raise Rejected(*mistakes)
    return tuple(blocks)


def _moved(mistake: Mistake, above: Where) -> Mistake:
    return Mistake(mistake.expected, mistake.got, mistake.hint, (*above, *mistake.at), mistake.offset, mistake.of_key)


def _grid_mistakes(value: Any) -> Iterator[Mistake]:
    """Yield what is wrong with a map of lists of values by path."""
    if not isinstance(value, dict) or not value:
        yield Mistake("a map such as {us: [restraint, in-kind]}", described(value))
        return
    for path, values in value.items():
        if not isinstance(values, list) or not values:
            hint = "" if isinstance(values, list | dict) else f"write [{values}]"
            yield Mistake("a list of values in square brackets", described(values), hint, (path,))


def _list_mistakes(value: Any) -> Iterator[Mistake]:
    """Yield what is wrong with a list of maps of values by path; an empty map is the unchanged case."""
    if not isinstance(value, list) or not value:
        yield Mistake("a list of maps such as [{M01: 0}, {M01: 1, us: restraint}]", described(value))
        return
    for k, row in enumerate(value):
        if not isinstance(row, dict):
            yield Mistake("a map of values by path, such as {M01: 0}", described(row), at=(k,))


def _sampled_mistakes(value: Any) -> Iterator[Mistake]:
    """Yield what is wrong with the form of a block that samples."""
    if not isinstance(value, dict):
        yield Mistake("a map such as {points: 4096, over: uncertain}", described(value))
        return
    yield from (unknown(key, ("points", "over"), "a key of a sampled block", ()) for key in value
                if key not in ("points", "over"))  # fmt: skip
    points = value.get("points")
    if not isinstance(points, int) or isinstance(points, bool) or not 1 <= points <= 2**BITS:
        at = ("points",) if "points" in value else ()
        yield Mistake("'points', a whole number from 1", described(points), at=at)
    over = value.get("over")
    names = isinstance(over, list) and bool(over) and all(isinstance(one, str) for one in over)
    if not (isinstance(over, str) or names or (isinstance(over, dict) and over)):
        at = ("over",) if "over" in value else ()
        yield Mistake("'over': uncertain, a list of names, or a map such as {us_troops: [2500, 7500]}",
                      described(over), at=at)  # fmt: skip


_FORMS = {GRID: _grid_mistakes, ONE_AT_A_TIME: _grid_mistakes, LIST: _list_mistakes}


def _read_texts(value: Any) -> tuple[str, ...]:
    """Return one text or several."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values:
        raise Rejected(Mistake("text, or a list of texts", described(value)))
    mistakes = [Mistake("text", described(one), at=(k,)) for k, one in enumerate(values)
                if not isinstance(one, str) or not one.strip()]  # fmt: skip
    if mistakes:
        raise Rejected(*mistakes)
    return tuple(values)


def _read_series(value: Any) -> str:
    if isinstance(value, bool) or not _SERIES.fullmatch(str(value)):
        raise Rejected(Mistake("all, none, or of how many worlds to keep the weekly series", described(value)))
    return str(value)


def _read_settings(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Rejected(Mistake("a map of values by path, such as {situation.us_troops: 2500}", described(value)))
    return value


_Texts = Annotated[tuple[str, ...], PlainValidator(_read_texts)]


class SweepForm(BaseModel):
    """The form of a sweep file."""

    model_config = STRICT
    sweep: OwnName
    title: Title
    purpose: Text
    scenario: _Texts
    worlds: Annotated[int, Field(ge=arguments.WORLDS.least, le=arguments.WORLDS.most)] | None = None
    seed: Annotated[int, Field(ge=arguments.SEED.least, le=arguments.SEED.most)] = 1
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    series: Annotated[str, PlainValidator(_read_series)] = ""
    settings: Annotated[dict[str, Any], PlainValidator(_read_settings)] = Field(default={}, alias="set")
    baseline: str = ""
    vary: Annotated[tuple[Block, ...], PlainValidator(_read_blocks)] = ()
    replicates: Annotated[int, Field(ge=arguments.WORLDS.least, le=arguments.WORLDS.most)] = 1
    where: _Texts = ()
    until: _Texts = ()


# What comes of it ------------------------------------------------------------------------------------------------


#: Quantities of a design that are named one by one.
SAID = 6


@dataclass(frozen=True)
class Case:
    """One variant: its label, its scenario, the settings that make it, its inputs, and what its factors are."""

    label: str
    scenario: str
    settings: tuple[Setting, ...]
    inputs: Inputs
    factors: dict[str, Any]


@dataclass(frozen=True)
class LeftOut:
    """A combination of settings that a constraint leaves out."""

    scenario: str
    factors: dict[str, Any]
    constraint: str


@dataclass(frozen=True)
class Sweep:
    """A sweep that has been read and resolved.

    Parameters
    ----------
    worlds : int
        How many worlds each variant lives: points times ``replicates`` under a sampled block.
    sampling : Sampling
        Where in their distributions quantities stand: world *w* at point ``w // replicates``.
    cases : tuple of Case
        The variants, the baseline first.
    left_out : tuple of LeftOut
        Combinations that break a constraint.
    warnings : tuple of Problem
        What reads well and could be better.
    """

    form: SweepForm
    worlds: int
    sampling: Sampling
    cases: tuple[Case, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """Return the sweep's name."""
        return self.form.sweep

    @property
    def replicates(self) -> int:
        """Return how often each point, or world, is lived with other luck."""
        return self.form.replicates

    @property
    def until(self) -> tuple[str, ...]:
        """Return how sure to be of what before stopping, as it is written."""
        return self.form.until

    def points_said(self) -> list[str]:
        """Return lines on the points of a design: of what, over what, how many constraints leave; nothing without."""
        design = self.sampling
        if design.kind == RANDOM:
            return []
        over = ", ".join(design.over[:SAID]) + f" and {len(design.over) - SAID:,} more" * (len(design.over) > SAID)
        lines = [f"{design.kind}: {design.count:,} points over {len(design.over):,} quantities: {over}"]
        if design.kept is not None:
            last = design.points if design.kind == HYPERCUBE else design.kept[-1] + 1
            lines.append(
                f"constraints left {design.count:,} of the first {last:,} points ({design.points:,} asked for)"
            )
        return lines

    def with_worlds(self, worlds: int) -> "Sweep":
        """Return the sweep with another number of worlds of each variant; InputError where a design has its own."""
        expected = ""
        if self.sampling.kind != RANDOM:
            expected = "the number of points of its design, set in its file"
        elif worlds % self.replicates:
            expected = f"a multiple of {self.replicates}: so often each world is lived"
        if expected:
            raise InputError([Problem("--worlds", 1, 1, "", expected, str(worlds))])
        return replace(self, worlds=worlds)

    def asked(self) -> "Asked":
        """Return what the sweep asks for as a command would, but for the variants, which are ``arms()``."""
        from sim.experiments.request import Asked

        form = self.form
        settings = tuple(_setting_text(path, value) for path, value in form.settings.items())
        return Asked(
            form.scenario, self.worlds, form.seed, form.days, settings=settings, baseline=form.baseline,
            series=form.series, until=form.until, name=self.name, title=form.title, purpose=form.purpose,
        )  # fmt: skip

    def arms(self) -> "list[Arm]":
        """Return the variants ready to be lived, the baseline first; this loads the compiled rules."""
        from sim.experiments.request import Arm
        from sim.experiments.variants import Drawing, Variant

        drawing = Drawing(None if self.sampling.kind == RANDOM else self.sampling, self.replicates)
        return [Arm(Variant(case.label, case.inputs, drawing), case.scenario, case.settings) for case in self.cases]

    def plain(self) -> dict[str, Any]:
        """Return what makes this sweep's worlds what they are, as plain values."""
        return {
            "sweep": self.name, "title": self.form.title, "purpose": self.form.purpose, "replicates": self.replicates,
            "until": list(self.until), "sampling": self.sampling.plain(), "where": list(self.form.where),
        }  # fmt: skip

    def design_rows(self) -> list[dict[str, Any]]:
        """Return a row for each variant, then for each combination left out.

        Each has ``variant`` (a label, none of what is left out), ``scenario``, the value of each factor by its path,
        ``points`` (none without a sampled block), ``worlds``, and ``left_out_by``: the constraint, or nothing.
        """
        factors = [one.factors for one in self.cases] + [one.factors for one in self.left_out]
        columns = dict.fromkeys(key for one in factors for key in one)
        blank = dict.fromkeys(columns)
        points = self.sampling.count or None
        rows = [
            {"variant": case.label, "scenario": case.scenario, **blank, **case.factors, "points": points,
             "worlds": self.worlds, "left_out_by": ""}
            for case in self.cases
        ]  # fmt: skip
        return rows + [
            {"variant": None, "scenario": one.scenario, **blank, **one.factors, "points": None, "worlds": 0,
             "left_out_by": one.constraint}
            for one in self.left_out
        ]  # fmt: skip


def load_sweep(name_or_path: str | Path) -> Sweep:
    """Return a sweep by its name, or by the path of its file; InputError with all that is wrong with it.

    A word without a folder and without ``.yaml`` is a name, looked for in the current folder first, then among the
    shipped ones.
    """
    with at_one_moment():
        return read_sweep(read(sweep_file(str(name_or_path))))


def sweep_file(text: str) -> Path:
    """Return the file of a sweep's name or path."""
    if text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        return Path(text)
    try:
        return here("sweep", text) or find("sweep", text)
    except Rejected as wrong:
        raise InputError(Problem(text, 1, 1, "", m.expected, m.got, m.hint) for m in wrong.mistakes) from None


def read_sweep(document: Document) -> Sweep:
    """Return the sweep that ``document`` holds."""
    form = validate(document, SweepForm, {"stem": document.path.stem if document.path else ""})
    with at_one_moment():
        return _Builder(form, document).sweep()


# Variants --------------------------------------------------------------------------------------------------------


def _setting_text(path: str, value: Any) -> str:
    return f"{path}={text_of(value)}"


def _name_at(path: str) -> str:
    """Return the name by which the quantity at a settable path is drawn, nothing where there is none."""
    head, *rest = path.split(".")
    return GROUPS[head] + ":".join(rest) if head in _SETTABLE else ""


def _path_of(name: str) -> str:
    """Return the settable path of a quantity by the name by which it is drawn, nothing where there is none."""
    group = next((group for group in _SETTABLE if name.startswith(GROUPS[group])), "")
    return f"{group}.{name.removeprefix(GROUPS[group]).replace(':', '.')}" if group else ""


def _drawn_by(name: str) -> str:
    """Return the name by which a quantity is drawn: a threshold's holds for its actor, whatever the policy."""
    kind, *words = name.split(":")
    return ":".join((kind, words[0], words[-1])) if kind == "threshold" else name


def _drawn(inputs: Inputs) -> dict[str, Distribution]:
    """Return the distribution of each quantity by the name by which it is drawn."""
    found: dict[str, Distribution] = {}
    for name, distribution in inputs.quantities.items():
        found.setdefault(_drawn_by(name), distribution)
    return found


@dataclass
class _Start:
    """One scenario with what all of its variants share."""

    name: str
    base: Scenario
    common: list[Setting] = field(default_factory=list)
    hidden: list[Setting] = field(default_factory=list)
    drawn: dict[str, Distribution] = field(default_factory=dict)
    inputs: Inputs | None = None
    short: dict[str, str] = field(default_factory=dict)

    def short_path(self, path: str) -> str:
        """Return the shortest end of a path that still means it."""
        if path not in self.short:
            self.short[path] = short_path(self.base, path)
        return self.short[path]

    def label(self, settings: Sequence[Setting]) -> str:
        """Return the label of a variant; ranges of a sampled block are in every world and in no label."""
        told = [f"{self.short_path(s.path)}={spelling(s.value)}" for s in (*self.common, *settings)]
        return " ".join([self.base.name, *told])

    def now(self, path: str) -> Any:
        """Return the number or word that stands at a path in the unchanged case; None for a distribution."""
        distribution = self.drawn.get(_name_at(path))
        if distribution is not None:
            return float(distribution.quantile([0.5])[0]) if distribution.is_fixed else None
        where = tuple(path.split("."))
        if where[0] == "theory" and len(where) == 2 and self.inputs:
            return READINGS[where[1]][self.inputs.readings[where[1]]]
        value = value_at(self.base.document.values, where)
        above = value_at(self.base.document.values, where[:-1])
        return above if value is None and isinstance(above, str) else value


@dataclass(frozen=True)
class _Combination:
    """One combination of settings of one scenario, with the plain value of each."""

    start: _Start
    settings: tuple[Setting, ...]
    values: dict[str, Any]

    def plain(self, key: str) -> Any:
        """Return the plain value of a factor: the unchanged one where nothing here sets it."""
        return self.values[key] if key in self.values else self.start.now(key)

    def word(self, key: str) -> str:
        """Return the word that a factor is, nothing where it is a number or a distribution."""
        value = self.start.name if key == "scenario" else self.plain(key)
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None or isinstance(value, int | float | list | dict) else str(value)

    def value(self, key: str) -> Any:
        """Return the value of a factor, as constraints compare it; None for what is no number and no word."""
        word = self.word(key)
        number = None if word else self.plain(key)
        return spelled(word) if word else float(number) if isinstance(number, int | float) else None

    def factors(self, keys: Sequence[str]) -> dict[str, Any]:
        """Return the value of each varied factor by its shortest path."""
        return {self.start.short_path(key): self.plain(key) for key in keys}


class _Builder:
    """Makes a sweep of its form, keeping every problem until all has been looked at."""

    def __init__(self, form: SweepForm, document: Document) -> None:
        self.form = form
        self.document = document
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        #: Where in the file each setting stands, by the name under which problems tell of it.
        self.places: dict[str, Where] = {}
        self.sampled = next((block for block in form.vary if block.kind in KINDS), None)

    def sweep(self) -> Sweep:
        """Return the sweep; InputError with every problem."""
        starts = [start for k, name in enumerate(self.form.scenario) for start in self._start(k, name)]
        combinations = [one for start in starts for one in self._combinations(start)]
        constraints = self._constraints(starts, combinations) if combinations else []
        varied = list(dict.fromkeys(key for one in combinations for key in one.values))
        chosen, left_out = self._allowed(combinations, varied, [c for c in constraints if not _speaks_of_sampled(c)])
        variants = self._variants(chosen, varied)
        sampling = self._sampling(starts, variants, [c for c in constraints if _speaks_of_sampled(c)])
        worlds = self._worlds(sampling)
        ordered = self._ordered(variants)
        self._until(ordered)
        if self.problems:
            raise InputError(sorted(self.problems, key=lambda p: (p.file != self.document.file, p.line, p.column)))
        return Sweep(self.form, worlds, sampling, tuple(ordered), tuple(left_out), tuple(self.warnings))

    # Problems

    def _wrong(self, where: Where, mistake: Mistake) -> None:
        self.problems.append(self.document.problem(where, mistake))

    def _note(self, wrong: InputError) -> None:
        """Note problems, those of a setting at its place in the file."""
        for problem in wrong.problems:
            where = self.places.get(problem.file)
            mistake = Mistake(problem.expected, problem.got, problem.hint)
            self.problems.append(problem if where is None else self.document.problem(where, mistake))

    # Scenarios and what their variants share

    def _start(self, k: int, name: str) -> Iterator[_Start]:
        """Yield a scenario with the common settings laid on it, unless it cannot be had."""
        self.places[name] = ("scenario", k) if ("scenario", k) in self.document.marks else ("scenario",)
        try:
            start = _Start(name, load_scenario(name))
        except InputError as wrong:
            return self._note(wrong)
        for path, value in self.form.settings.items():
            start.common += self._setting(start.base, "set", path, value, ("set", path))
        if self.form.days is not None and self.form.days != start.base.form.days:
            start.common += self._setting(start.base, "set", "days", self.form.days, ("days",))
        start.hidden += self._ranges(start.base)
        for setting in (*start.common, *start.hidden):
            try:
                start.base = override(start.base, setting.text, setting.option)
            except InputError as wrong:
                self._note(wrong)
        try:
            start.inputs = resolve(start.base)
        except InputError as wrong:
            return self._note(wrong)
        start.drawn = _drawn(start.inputs)
        yield start

    def _setting(self, base: Scenario, option: str, path: str, value: Any, where: Where) -> list[Setting]:
        """Return the setting of one path, in a list; none, with the problem noted at its key, where there is none."""
        text = _setting_text(path, value)
        self.places[f"{option} {text}"] = where
        whole = self._path(base, path, where, option)
        return [Setting(option, text, whole)] if whole else []

    def _path(self, base: Scenario, path: str, where: Where, option: str, of_key: bool = True) -> str:
        """Return the whole path that ``path`` means, or nothing after noting that it means none."""
        try:
            return setting_path(base, f"{path}=0", option)
        except InputError as wrong:
            at = where[: where.index(path) + 1] if path in where else where
            for p in wrong.problems:
                self._wrong(at, Mistake(p.expected, p.got, p.hint, of_key=of_key))
            return ""

    # Blocks that make variants

    def _combinations(self, start: _Start) -> list[_Combination]:
        """Return every combination of settings of one scenario, those that break constraints too."""
        values: dict[Setting, Any] = {}
        rows = [self._rows(start, block, values) for block in self.form.vary if block.kind not in KINDS]
        firsts = [{s.path: s for row in reversed(block) for s in row} for block in rows]
        once = [*start.common, *start.hidden, *(s for paths in firsts for s in paths.values())]
        twice = two_on_one_path(once) + [p for block in rows for row in block for p in two_on_one_path(row)]
        self._note(InputError(twice))
        number = math.prod(map(len, rows))
        if number * len(self.form.scenario) > MOST_VARIANTS:
            got = f"{number * len(self.form.scenario):,}"
            self._wrong(("vary",), Mistake(f"at most {MOST_VARIANTS:,} combinations of settings", got))
            return []
        combined = [tuple(s for row in combination for s in row) for combination in product(*rows)]
        return [] if twice else [_Combination(start, one, {s.path: values[s] for s in one}) for one in combined]

    def _rows(self, start: _Start, block: Block, values: dict[Setting, Any]) -> list[tuple[Setting, ...]]:
        """Return the rows of settings of a block; ``values`` takes the plain value of each."""

        def setting(path: str, value: Any, where: Where) -> list[Setting]:
            made = self._chosen(start, block.kind, path, value, where)
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
            for path in (self._members(start, key, given, (*block.at, key)) if block.kind == ONE_AT_A_TIME else [key])
        ]
        if block.kind == GRID:
            return list(product(*(one for one in lists if one)))
        return [(), *((one,) for settings in lists for one in settings)]

    def _members(self, start: _Start, key: str, given: list[Any], where: Where) -> list[str]:
        """Return the paths that a key of a block one-at-a-time means: one, or each of a group."""
        if key not in (*_SETTABLE, UNCERTAIN):
            return [key]
        if key == "mechanisms":
            return [f"mechanisms.{mechanism.id}" for mechanism in MECHANISMS]
        if not all(isinstance(value, str) and _QUANTILE.fullmatch(value) for value in given):
            expected = f"quantiles such as [p05, p95] for each of {key}"
            self._wrong(where, Mistake(expected, described(given), "their units differ: no number fits all"))
            return []
        prefixes = tuple(GROUPS[group] for group in (_SETTABLE if key == UNCERTAIN else (key,)))
        names = [name for name, one in start.drawn.items() if name.startswith(prefixes) and not one.is_fixed]
        return [_path_of(name) for name in names]

    def _chosen(self, start: _Start, option: str, path: str, value: Any, where: Where) -> dict[Setting, Any]:
        """Return a setting with its plain value; one such as p05 is the quantile of the quantity's own distribution."""
        found = _QUANTILE.fullmatch(value) if isinstance(value, str) else None
        whole = self._path(start.base, path, where, option) if found else ""
        if found and _name_at(whole):
            distribution = start.drawn.get(_name_at(whole))
            share = float(found[1]) / 100
            if distribution is None or distribution.is_fixed or not 0 < share < 1:
                got = "no such quantity" if distribution is None else distribution.text()
                expected = "a quantile, above p00, of a quantity that varies from world to world"
                self._wrong(where, Mistake(expected, f"{value} of '{path}', {got}", "give it a number"))
                return {}
            value = float(f"{distribution.quantile([share])[0]:.6g}")
            value = int(value) if value.is_integer() else value
        return dict.fromkeys(self._setting(start.base, option, path, value, where), value)

    # Constraints

    def _constraints(self, starts: list[_Start], combinations: list[_Combination]) -> list[Constraint]:
        """Return the constraints that can be read, each over varied factors alone or over sampled ones alone."""
        varied = dict.fromkeys(key for one in combinations for key in one.values)
        found = []
        for k, text in enumerate(self.form.where):
            where: Where = ("where", k) if ("where", k) in self.document.marks else ("where",)
            try:
                constraint = parse(text, lambda name: self._factor(name, starts[0], combinations, list(varied)))
                _refuse_mixed(constraint)
                self._refuse_unknown_values(constraint, combinations)
                found.append(constraint)
            except Rejected as wrong:
                self.problems += [self.document.problem(where, mistake) for mistake in wrong.mistakes]
        return found

    def _factor(self, name: str, start: _Start, combinations: list[_Combination], varied: list[str]) -> Factor:
        """Return the factor that a name means: the scenario, a varied path, or a quantity that may be sampled."""
        if name == "scenario" and len(self.form.scenario) > 1:
            return Factor("scenario", self.form.scenario)
        try:
            path = setting_path(start.base, f"{name}=0")
        except InputError:
            path = ""
        if path in varied:
            words = [one.word(path) for one in combinations]
            return Factor(path, tuple(dict.fromkeys(word for word in words if word)))
        if self.sampled and _name_at(path):
            return Factor(_name_at(path))
        mistake = unknown(name, [start.short_path(one) for one in varied], "a factor of this sweep")
        got = f"'{name}', which nothing varies" if path else mistake.got
        raise Rejected(Mistake(mistake.expected, got, mistake.hint))

    @staticmethod
    def _refuse_unknown_values(constraint: Constraint, combinations: list[_Combination]) -> None:
        """Raise Rejected where a factor is uncertain in some variant, or a word here and a number there."""
        for key in constraint.factors if not _speaks_of_sampled(constraint) else ():
            values = [one.value(key) for one in combinations]
            if None in values or len({type(value) for value in values}) > 1:
                got = "none in some" if None in values else "words and numbers"
                expected = f"a number, or a word, for '{key}' in every variant"
                raise Rejected(Mistake(expected, got, "give it a value in every row, or under 'set'"))

    def _allowed(
        self, combinations: list[_Combination], varied: list[str], constraints: list[Constraint]
    ) -> tuple[list[_Combination], list[LeftOut]]:
        """Return the combinations that satisfy the constraints, and the others with the first that they break."""
        chosen: list[_Combination] = []
        left_out: list[LeftOut] = []
        for one in combinations:
            broken = next((c for c in constraints if not c.holds({key: one.value(key) for key in c.factors})), None)
            if broken:
                left_out.append(LeftOut(one.start.name, one.factors(varied), broken.text))
            else:
                chosen.append(one)
        if combinations and not chosen:
            self._wrong(
                ("where",), Mistake("constraints that leave some combination", f"none of {len(combinations)} left")
            )
        return chosen, left_out

    def _variants(self, combinations: list[_Combination], varied: list[str]) -> list[Case]:
        """Return the variants that can be resolved."""
        made = []
        for one in combinations:
            start = one.start
            try:
                changed = reduce(lambda base, s: override(base, s.text, s.option), one.settings, start.base)
                settings = (*start.common, *start.hidden, *one.settings)
                label, factors = start.label(one.settings), one.factors(varied)
                made.append(Case(label, start.name, settings, resolve(changed), factors))
            except InputError as wrong:
                self._note(wrong)
        for got in twins(made):
            self._wrong(("vary",), Mistake("every variant once", got, "leave one of the two out"))
        return made

    def _ordered(self, cases: list[Case]) -> list[Case]:
        if self.problems or not cases:
            return cases
        try:
            return with_baseline_first(cases, self.form.baseline)
        except InputError as wrong:
            for p in wrong.problems:
                self._wrong(("baseline",), Mistake(p.expected, p.got, p.hint))
            return cases

    # When to stop

    def _until(self, cases: list[Case]) -> None:
        """Look at the precisions that are asked for: whether they can be meant, of these variants and worlds."""
        labels = [case.label for case in cases]
        for k, text in enumerate(self.form.until):
            try:
                asked = precision_of(text)
                if labels:
                    resolved(asked, labels)
            except InputError as wrong:
                for p in wrong.problems:
                    self._wrong(("until", k), Mistake(p.expected, p.got, p.hint))
        if self.form.until and (self.sampled is not None or self.form.replicates > 1):
            expected = "worlds drawn at random, each lived once, with 'until': intervals take them as independent"
            self._wrong(("until",), Mistake(expected, "a design, or replicates"))

    # The block that samples

    def _over(self) -> Iterator[tuple[str, Any, Where, bool]]:
        """Yield what the sampled block is over: a name, its range (OWN for its own), its place, and if it is a key."""
        if self.sampled is None:
            return
        over, at = self.sampled.value["over"], (*self.sampled.at, "over")
        if isinstance(over, dict):
            yield from ((key, value, (*at, key), True) for key, value in over.items())
        elif isinstance(over, str):
            yield over, OWN, at, False
        else:
            yield from ((name, OWN, (*at, k), False) for k, name in enumerate(over))

    def _ranges(self, base: Scenario) -> list[Setting]:
        """Return the settings that give quantities the ranges of the sampled block."""
        settings: list[Setting] = []
        for name, given, where, of_key in self._over():
            if name == UNCERTAIN or name in GROUPS:
                paths = [f"mechanisms.{one.id}" for one in MECHANISMS] if name == "mechanisms" else []
                if given != OWN and not paths:
                    hint = "their units differ: give each a range by its own name"
                    self._wrong(where, Mistake(f"'{OWN}' for all of {name}", described(given), hint))
                    continue
            else:
                path = "" if ":" in name else self._path(base, name, where, "over", of_key)
                if not path or (not _name_at(path) and self._is_chosen(base, path, where, of_key)):
                    continue
                paths = [path]
            value = self._range(given, where)
            if value is not None:
                settings += [s for path in paths for s in self._setting(base, "over", path, value, where)]
        return settings

    def _is_chosen(self, base: Scenario, path: str, where: Where, of_key: bool) -> bool:
        """Return whether what stands at a path is chosen, not drawn; then note that it belongs in a grid."""
        if path == "theory" and base.form.theories:  # worlds draw it
            return False
        expected = "a quantity that is drawn from a distribution"
        self._wrong(where, Mistake(expected, f"'{path}', which is chosen", _TO_GRID, of_key=of_key))
        return True

    def _range(self, given: Any, where: Where) -> Any:
        """Return a range as a distribution in plain values; None for a quantity's own, or for what is none, noted."""
        if given == OWN:
            return None
        if isinstance(given, list) and len(given) == 2:
            return {"uniform": given}
        if isinstance(given, dict) and is_distribution(given):
            return given
        hint = _TO_GRID if isinstance(given, str | list) else "what stays fixed stands under 'set'"
        expected = f"[low, high], a distribution such as {{uniform: [1, 5]}}, or '{OWN}'"
        self._wrong(where, Mistake(expected, described(given), hint))
        return None

    def _sampling(self, starts: list[_Start], cases: list[Case], constraints: list[Constraint]) -> Sampling:
        """Return the design of the sampled block; without one, that every world draws for itself."""
        if self.sampled is None or self.problems or not cases:
            return Sampling(seed=self.form.seed)
        kind, points = self.sampled.kind, self.sampled.value["points"]
        quantities = [item for case in cases for item in case.inputs.quantities.items()]
        uncertain = dict.fromkeys(_drawn_by(name) for name, distribution in quantities if not distribution.is_fixed)
        entries = [(name, where, of_key) for name, _, where, of_key in self._over()]
        over = {name for entry in entries for name in self._named(starts[0], uncertain, *entry)}
        at = (*self.sampled.at, "points")
        if kind == HYPERCUBE and points * len(over) > MOST_PLACES:
            most = f"at most {MOST_PLACES // len(over):,} points for {len(over)} quantities"
            self._wrong(at, Mistake(most, f"{points:,}", "a Sobol sequence has no such limit"))
        if kind == SOBOL and points & (points - 1):
            powers = 2 ** (points.bit_length() - 1), 2 ** points.bit_length()
            mistake = Mistake("a power of two, at which a Sobol sequence is balanced", f"{points:,}",
                              f"take {powers[0]:,} or {powers[1]:,}")  # fmt: skip
            self.warnings.append(self.document.problem(at, mistake))
        sampling = Sampling(kind, tuple(sorted(over)), points, self.form.seed)
        return self._restricted(sampling, cases, constraints) if constraints and not self.problems else sampling

    def _named(self, start: _Start, uncertain: Mapping[str, None], name: str, where: Where, of_key: bool) -> list[str]:
        """Return the names of the varying quantities that an entry of ``over`` means; none are a problem."""
        if name in GROUPS:
            found = [one for one in uncertain if one.startswith(GROUPS[name])]
        elif name == UNCERTAIN:
            found = list(uncertain)
        else:
            path = "" if ":" in name else setting_path(start.base, f"{name}=0")
            found = [one for one in (name, _name_at(path), path) if one in uncertain][:1]
        if not found:
            hint = "give it a range: {" + f"{name}: [low, high]" + "}"
            if name in GROUPS and name != "mechanisms":
                hint = ""
            elif ":" in name:
                hint = nearest(name, uncertain)
            got = f"'{name}', which is the same in all"
            self._wrong(where, Mistake("what varies from world to world", got, hint, of_key=of_key))
        return found

    def _restricted(self, sampling: Sampling, cases: list[Case], constraints: list[Constraint]) -> Sampling:
        """Return the design of the points that satisfy the constraints among sampled quantities."""
        names = list(dict.fromkeys(name for constraint in constraints for name in constraint.factors))
        distributions = {name: self._same_everywhere(name, sampling, cases) for name in names}
        known = {name: one for name, one in distributions.items() if one is not None}
        if sampling.kind == RANDOM:
            hint = "sample by sobol or latin-hypercube"
            self._wrong(("where",), Mistake("constraints among the points of a design", "worlds drawn at random", hint))
        if len(known) < len(names) or self.problems:
            return sampling

        def holds(numbers: Mapping[str, Floats]) -> Any:
            values = {name: one.quantile(numbers[name]) for name, one in known.items()}
            return reduce(lambda a, b: a & b, [constraint.holds(values) for constraint in constraints])

        try:
            return sampling.restricted(names, holds)
        except Rejected as wrong:
            for mistake in wrong.mistakes:
                self._wrong(("where",), mistake)
            return sampling

    def _same_everywhere(self, name: str, sampling: Sampling, cases: list[Case]) -> Distribution | None:
        """Return the distribution that a sampled quantity has in every variant; None, noted, where there is none."""
        if name not in sampling.over:
            hint = nearest(name, sampling.over)
            self._wrong(
                ("where",), Mistake("a factor of this sweep", f"'{_path_of(name)}', which is not sampled", hint)
            )
            return None
        drawn = [_drawn(case.inputs).get(name) for case in cases]
        plain = [None if one is None else one.as_plain(sources=False) for one in drawn]
        if any(one != plain[0] for one in plain):
            expected = f"a constraint on what has the same distribution in every variant: '{_path_of(name)}'"
            self._wrong(("where",), Mistake(expected, "several"))
            return None
        return drawn[0]

    # Worlds

    def _worlds(self, sampling: Sampling) -> int:
        """Return how many worlds each variant lives."""
        form = self.form
        if self.sampled is None:
            worlds = form.worlds or WORLDS * form.replicates
            if worlds % form.replicates:
                up = (worlds // form.replicates + 1) * form.replicates
                expected = f"a multiple of {form.replicates}, as each is lived so often"
                self._wrong(("worlds",), Mistake(expected, f"{worlds:,}", f"such as {up:,}"))
            return worlds
        points = sampling.count or self.sampled.value["points"]
        worlds = points * form.replicates
        if form.worlds not in (None, worlds):
            product_of = f"{points:,} points" + (f" times {form.replicates} replicates" if form.replicates > 1 else "")
            mistake = Mistake(f"{worlds:,}, for {product_of}", f"{form.worlds:,}", "leave 'worlds' out")
            self._wrong(("worlds",), mistake)
        return worlds


def _speaks_of_sampled(constraint: Constraint) -> bool:
    return any(":" in key for key in constraint.factors)


def _refuse_mixed(constraint: Constraint) -> None:
    sampled = [key for key in constraint.factors if ":" in key]
    varied = [key for key in constraint.factors if ":" not in key]
    if sampled and varied:
        expected = "a constraint on varied factors alone, or on sampled ones alone"
        got = f"'{varied[0]}' beside '{_path_of(sampled[0])}'"
        hint = "all variants share the points: put both in a grid, or make two sweeps"
        raise Rejected(Mistake(expected, got, hint))
