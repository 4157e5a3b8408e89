"""What a sweep varies: quantities by path and by name, scenarios to start from, combinations of settings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.errors import InputError, Mistake, Problem, Rejected
from sim.experiments.constraints import spelled
from sim.experiments.sampling import KINDS
from sim.experiments.sweep_form import Block, SweepForm
from sim.inputs.distributions.quantities import Distribution
from sim.inputs.labels import label_of
from sim.inputs.resolve import Inputs, drawn_by
from sim.inputs.scenario import Scenario
from sim.inputs.settings import Setting, setting_path, short_path
from sim.inputs.theory import READINGS
from sim.inputs.values import text_of
from sim.inputs.yaml.document import Document, Where, value_at

#: Every quantity that varies from world to world in any variant.
UNCERTAIN = "uncertain"
#: Quantities by the words that mean all of a kind, with the beginning of their names.
GROUPS = {
    "parameters": "parameter:", "situation": "situation:", "mechanisms": "mechanism:", "thresholds": "threshold:",
    "factions": "faction:", "places": "place:", "sites": "site:", "blocs": "bloc:", "allies": "ally:",
}  # fmt: skip
#: A quantity in a map of ``over`` that keeps its own distribution.
OWN = "own"
SETTABLE = ("parameters", "situation", "mechanisms", "thresholds", "factions")


def setting_text(path: str, value: Any) -> str:
    """Return a value at a path as ``--set`` takes it."""
    return f"{path}={text_of(value)}"


def name_at(path: str) -> str:
    """Return the name by which the quantity at a settable path is drawn, nothing where there is none."""
    head, *rest = path.split(".")
    return GROUPS[head] + ":".join(rest) if head in SETTABLE else ""


def path_of(name: str) -> str:
    """Return the settable path of a quantity by the name by which it is drawn, nothing where there is none."""
    group = next((group for group in SETTABLE if name.startswith(GROUPS[group])), "")
    return f"{group}.{name.removeprefix(GROUPS[group]).replace(':', '.')}" if group else ""


def distributions_of(inputs: Inputs) -> dict[str, Distribution]:
    """Return the distribution of each quantity by the name by which it is drawn."""
    found: dict[str, Distribution] = {}
    for name, distribution in inputs.quantities.items():
        found.setdefault(drawn_by(name), distribution)
    return found


@dataclass
class Start:
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
        told = (*self.common, *settings)
        return label_of(self.base.name, [(self.short_path(one.path), one.value) for one in told])

    def now(self, path: str) -> Any:
        """Return the number or word that stands at a path in the unchanged case; None for a distribution."""
        distribution = self.drawn.get(name_at(path))
        if distribution is not None:
            return float(distribution.quantile([0.5])[0]) if distribution.is_fixed else None
        where = tuple(path.split("."))
        if where[0] == "theory" and len(where) == 2 and self.inputs:
            return READINGS[where[1]][self.inputs.readings[where[1]]]
        value = value_at(self.base.document.values, where)
        above = value_at(self.base.document.values, where[:-1])
        return above if value is None and isinstance(above, str) else value


@dataclass(frozen=True)
class Combination:
    """One combination of settings of one scenario, with the plain value of each."""

    start: Start
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


@dataclass(frozen=True)
class Draft:
    """A sweep while it is read: its form, its file, and every problem until all has been looked at.

    ``places`` has where in the file each setting stands, by the name under which problems tell of it.
    """

    form: SweepForm
    document: Document
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    places: dict[str, Where] = field(default_factory=dict)

    @property
    def sampled(self) -> Block | None:
        """Return the block that samples."""
        return next((block for block in self.form.vary if block.kind in KINDS), None)

    def wrong(self, where: Where, mistake: Mistake) -> None:
        """Note a mistake in what stands somewhere in the file."""
        self.problems.append(self.document.problem(where, mistake))

    def refuse(self, where: Where, wrong: Rejected) -> None:
        """Note all that is wrong with what stands somewhere in the file."""
        self.problems.extend(self.document.problem(where, mistake) for mistake in wrong.mistakes)

    def note_at(self, where: Where, wrong: InputError, of_key: bool = False) -> None:
        """Note problems of what was made of a value, or of a key, at its place in the file."""
        for problem in wrong.problems:
            self.wrong(where, Mistake(problem.expected, problem.got, problem.hint, of_key=of_key))

    def note(self, wrong: InputError) -> None:
        """Note problems, those of a setting at its place in the file."""
        for problem in wrong.problems:
            where = self.places.get(problem.file)
            mistake = Mistake(problem.expected, problem.got, problem.hint)
            self.problems.append(problem if where is None else self.document.problem(where, mistake))

    def setting(self, base: Scenario, option: str, path: str, value: Any, where: Where) -> list[Setting]:
        """Return the setting of one path, in a list; none, with the problem noted at its key, where there is none."""
        text = setting_text(path, value)
        self.places[f"{option} {text}"] = where
        whole = self.path(base, path, where, option)
        return [Setting(option, text, whole)] if whole else []

    def path(self, base: Scenario, path: str, where: Where, option: str, of_key: bool = True) -> str:
        """Return the whole path that ``path`` means, or nothing after noting that it means none."""
        try:
            return setting_path(base, f"{path}=0", option)
        except InputError as wrong:
            at = where[: where.index(path) + 1] if path in where else where
            self.note_at(at, wrong, of_key)
            return ""
