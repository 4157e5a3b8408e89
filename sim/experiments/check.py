"""Whether YAML files are in order: all that is wrong with each, and what reads well and makes no sense."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from sim.errors import InputError, Mistake, Problem, Rejected, described, one_of
from sim.inputs.claims import load_claims, missing_claims, missing_paragraphs
from sim.inputs.policies.lint import lint
from sim.inputs.policies.policy import Policy, read_policy
from sim.inputs.resolve import Inputs, resolve
from sim.inputs.scenario import Scenario, read_scenario
from sim.inputs.theory import load_parameters, load_situation, load_theory
from sim.inputs.traits import load_coalition, load_factions, load_geography, load_house
from sim.inputs.yaml.document import Document
from sim.inputs.yaml.files import FOLDERS, find, home, names_of
from sim.inputs.yaml.text import read

#: Looks at worlds of a policy or a scenario for rules that never act there.
Rehearsal = Callable[[Policy | Scenario], list[Problem]]


@dataclass
class CheckResult:
    """What was found in files: how many there were, what is wrong, what looks wrong."""

    files: int = 0
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def attempt(self, load: Callable[[], list[Problem]]) -> None:
        """Load one file, and note what is wrong with it, or what it warns of."""
        self.files += 1
        try:
            self.warnings += [p for p in load() if p not in self.warnings]
        except InputError as wrong:
            self.errors += [p for p in wrong.problems if p not in self.errors]
        except Rejected as wrong:
            self.errors += wrong.named("").problems


def checked(files: list[str] | None = None, rehearse: Rehearsal | None = None) -> CheckResult:
    """Return what is wrong with files, or with all the shipped ones; ``rehearse`` looks at worlds of each too."""
    found = CheckResult()
    for path in [_file_of(file) for file in files] if files else _shipped():
        found.attempt(partial(_warnings, path, rehearse))
    return found


def check(*files: str | Path) -> list[Problem]:
    """Return what is wrong with YAML files, or with all the shipped ones; nothing where all is in order.

    Parameters
    ----------
    *files : str or path
        Paths, or names of shipped files.

    Returns
    -------
    list of Problem
        Errors, then warnings (``is_warning``), each with file, line and column; ``str`` of one is the line that
        ``crossfire check`` prints.

    Examples
    --------
    >>> import sim
    >>> sim.check("2020-soleimani")
    []
    """
    found = checked(list(map(str, files)))
    return [*found.errors, *(replace(problem, is_warning=True) for problem in found.warnings)]


def _file_of(text: str) -> Path:
    """Return the file at a path, or of a name: in the current folder, else of whatever kind it is shipped."""
    path = Path(text)
    if path.exists() or text.endswith((".yaml", ".yml")):
        return path
    beside = Path(f"{text}.yaml")
    shipped = [find(kind, text) for kind in FOLDERS if not beside.is_file() and text in names_of(kind)]
    return beside if beside.is_file() else shipped[0] if len(shipped) == 1 else path


def _shipped() -> Iterator[Path]:
    """Yield each shipped file."""
    for kind in FOLDERS:
        yield from (find(kind, name) for name in names_of(kind))
    yield from (home() / "configs" / f"{name}.yaml" for name in TABLES)


def _warnings(path: Path, rehearse: Rehearsal | None) -> list[Problem]:
    """Return the warnings of a file of whatever kind it says it is; InputError with all that is wrong in it."""
    document = read(path)
    keys = document.values if isinstance(document.values, dict) else {}
    if path.resolve().parent == (home() / "configs").resolve() and path.stem in TABLES:
        TABLES[path.stem]()
        return missing_paragraphs(document)
    kind = next((kind for kind in _CHECKS if kind in keys), "")
    if not kind:
        expected = f"one of the keys {one_of(_CHECKS)} at the top"
        raise InputError([Problem(document.file, 1, 1, "", expected, described(document.values))])
    return _CHECKS[kind](document, rehearse) + missing_paragraphs(document)


def _check_scenario(document: Document, rehearse: Rehearsal | None) -> list[Problem]:
    scenario = read_scenario(document)
    inputs = resolve(scenario)
    warnings = [problem for policy in inputs.policies for problem in lint(policy)]
    return warnings + _too_late(scenario, inputs) + (rehearse(scenario) if rehearse else [])


def _too_late(scenario: Scenario, inputs: Inputs) -> list[Problem]:
    """Return a warning for each event on a day that the scenario does not live to see."""
    expected = f"a day from 0 to {inputs.days - 1}, as the scenario runs for {inputs.days} days"
    return [
        scenario.document.problem(("events", act.name), Mistake(expected, f"day {act.day}: it never happens"))
        for act in inputs.script
        if act.day >= inputs.days
    ]


def _check_policy(document: Document, rehearse: Rehearsal | None) -> list[Problem]:
    policy = read_policy(document)
    missing = missing_claims(policy.citations())
    if missing:
        raise InputError(missing)
    return lint(policy) + (rehearse(policy) if rehearse else [])


def _check_theory(document: Document, rehearse: Rehearsal | None) -> list[Problem]:
    path = document.path or Path()
    load_theory(path.stem, path.parent)
    return []


def _check_house(document: Document, rehearse: Rehearsal | None) -> list[Problem]:
    path = document.path or Path()
    load_house(path.stem, path.parent)
    return []


def _check_sweep(document: Document, rehearse: Rehearsal | None) -> list[Problem]:
    from sim.experiments.sweep_reader import read_sweep

    return list(read_sweep(document).warnings)


#: The tables under configs/, which are known by their names, with what reads each.
TABLES: dict[str, Callable[[], Any]] = {
    "parameters": load_parameters, "situation": load_situation, "geography": load_geography,
    "factions": load_factions, "coalition": load_coalition, "claims": load_claims,
}  # fmt: skip
#: The other kinds of file, which are known by their first key; a sweep names its scenario too.
_CHECKS: dict[str, Callable[[Document, Rehearsal | None], list[Problem]]] = {
    "sweep": _check_sweep, "scenario": _check_scenario, "policy": _check_policy, "theory": _check_theory,
    "house": _check_house,
}  # fmt: skip
