"""What there is to choose from, in rows for a table, and whether the files of it are in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem, Rejected, described, one_of
from sim.names.actions import ACTIONS, Option
from sim.names.actors import POLICY_KEYS
from sim.names.events import EVENT_KINDS
from sim.names.measures import OUTCOMES, SERIES, Measure
from sim.names.mechanisms import MECHANISMS
from sim.names.perceptions import OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS, Perception

Row = dict[str, Any]


def rows_of(what: str) -> tuple[list[Row], str]:
    """Return the rows of a list, and the name of the column that groups them (nothing for none)."""
    make, group = _LISTS[what]
    return list(make()), group


# Lists -----------------------------------------------------------------------------------------------------------


def _scenarios() -> Iterator[Row]:
    from sim.scenario import load_scenario
    from sim.yamlfile import names_of

    for name in names_of("scenario"):
        form = load_scenario(name).form
        yield {
            "name": name, "title": form.title, "start": form.start.isoformat(), "days": form.days,
            "purpose": form.purpose,
        }  # fmt: skip


def _policies() -> Iterator[Row]:
    from sim.policy import load_policy
    from sim.yamlfile import names_of

    for key in POLICY_KEYS:
        for name in names_of(f"{key} policy"):
            policy = load_policy(key, name)
            yield {"name": name, "actor": key, "rules": len(policy.rules), "purpose": policy.purpose}


def _perceptions() -> Iterator[Row]:
    groups = {"everybody": PUBLIC_PERCEPTIONS} | OWN_PERCEPTIONS
    for actor, perceptions in groups.items():
        for p in perceptions:
            yield {"name": p.name, "actor": actor, "unit": p.unit, "meaning": p.meaning, "values": _values(p)}


def _values(p: Perception) -> str:
    if p.categories:
        return ", ".join(p.categories)
    if p.low is None:
        return ""
    return f"{p.low:g} to {p.high:g}" if p.high is not None else f"from {p.low:g}"


def _actions() -> Iterator[Row]:
    for actor, actions in ACTIONS.items():
        for action in actions:
            options = {option.name: _option(option) for option in action.options}
            yield {
                "name": action.name, "actor": actor, "lane": action.lane, "meaning": action.meaning,
                "options": options,
            }  # fmt: skip


def _option(option: Option) -> str:
    if option.choices:
        return " | ".join(option.choices)
    return f"{option.low:g} to {option.high:g} {option.unit}".strip()


def _measures() -> Iterator[Row]:
    for table, measures in (("outcomes", OUTCOMES), ("series", SERIES)):
        for measure in measures:
            yield {"name": measure.name, "table": table} | _measure(measure)


def _measure(measure: Measure) -> Row:
    return {
        "unit": measure.unit, "kind": measure.kind, "meaning": measure.label, "among": measure.among,
        "categories": list(measure.categories),
    }  # fmt: skip


def _parameters() -> Iterator[Row]:
    from sim.theory import load_parameters, load_situation

    for table, load in (("parameters", load_parameters), ("situation", load_situation)):
        for one in load().values():
            yield {
                "name": one.name, "table": table, "unit": one.unit, "value": one.value.text(), "kind": one.kind,
                "meaning": one.meaning,
            }  # fmt: skip


def _mechanisms() -> Iterator[Row]:
    for mechanism in MECHANISMS:
        yield {"name": mechanism.id, "meaning": mechanism.name, "readings": list(mechanism.readings)}


def _theories() -> Iterator[Row]:
    from sim.theory import READINGS, TheoryForm
    from sim.yamlfile import find, names_of, read, validate

    for name in names_of("theory"):
        form = validate(read(find("theory", name)), TheoryForm, {"stem": name})
        readings = {mechanism: READINGS[mechanism][k] for mechanism, k in form.readings.items()}
        yield {"name": name, "purpose": form.purpose, "readings": readings}


def _events() -> Iterator[Row]:
    for kind in EVENT_KINDS[1:]:
        yield {
            "name": kind.name, "unit": kind.unit, "sentence": kind.text, "details": list(kind.details),
            "hidden": "hidden" if kind.hidden else "",
        }  # fmt: skip


_LISTS: dict[str, tuple[Callable[[], Iterator[Row]], str]] = {
    "scenarios": (_scenarios, ""), "policies": (_policies, "actor"), "perceptions": (_perceptions, "actor"),
    "actions": (_actions, "actor"), "measures": (_measures, "table"), "parameters": (_parameters, "table"),
    "mechanisms": (_mechanisms, ""), "theories": (_theories, ""), "events": (_events, ""),
}  # fmt: skip


# Checks ----------------------------------------------------------------------------------------------------------


@dataclass
class Checked:
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
            self.errors += [Problem("", 1, 1, "", m.expected, m.got, m.hint) for m in wrong.mistakes]


def checked(files: list[str] | None = None) -> Checked:
    """Return what is wrong with files, or with all the shipped ones."""
    found = Checked()
    for load in [_loader(Path(file)) for file in files] if files else _shipped():
        found.attempt(load)
    return found


def _shipped() -> Iterator[Callable[[], list[Problem]]]:
    """Yield what loads each shipped file."""
    from sim.yamlfile import FOLDERS, find, names_of

    for kind in FOLDERS:
        for name in names_of(kind):
            yield partial(_CHECKS[_KEYS.get(kind, "policy")], find(kind, name))
    for name in _TABLES:
        yield partial(_load_table, name)


def _loader(path: Path) -> Callable[[], list[Problem]]:
    """Return what loads a file of whatever kind it says it is, and returns warnings."""

    def load() -> list[Problem]:
        from sim.yamlfile import home, read

        document = read(path)
        if path.resolve().parent == (home() / "configs").resolve() and path.stem in _TABLES:
            return _load_table(path.stem)
        keys = document.values if isinstance(document.values, dict) else {}
        kind = next((kind for kind in _CHECKS if kind in keys), "")
        if not kind:
            expected = f"one of the keys {one_of(_CHECKS)} at the top"
            raise InputError([Problem(document.file, 1, 1, "", expected, described(document.values))])
        return _CHECKS[kind](path)

    return load


def _check_scenario(path: Path) -> list[Problem]:
    from sim.policy import lint
    from sim.scenario import load_scenario, resolve

    inputs = resolve(load_scenario(path if "/" in str(path) else f"./{path}"))
    return [problem for policy in inputs.policies for problem in lint(policy)]


def _check_policy(path: Path) -> list[Problem]:
    from sim.policy import lint, load_policy_file

    return lint(load_policy_file(path))


def _check_theory(path: Path) -> list[Problem]:
    from sim.theory import load_theory

    load_theory(path.stem, path.parent)
    return []


def _check_house(path: Path) -> list[Problem]:
    from sim.traits import load_house

    load_house(path.stem, path.parent)
    return []


_KEYS = {"scenario": "scenario", "theory": "theory", "parliament": "house"}
_TABLES = ("parameters", "situation", "geography", "factions", "coalition", "claims")
_CHECKS = {
    "scenario": _check_scenario, "policy": _check_policy, "theory": _check_theory, "house": _check_house,
}  # fmt: skip


def _load_table(name: str) -> list[Problem]:
    from sim.claims import load_claims
    from sim.theory import load_parameters, load_situation
    from sim.traits import load_coalition, load_factions, load_geography

    loads: dict[str, Callable[[], Any]] = {
        "parameters": load_parameters, "situation": load_situation, "geography": load_geography,
        "factions": load_factions, "coalition": load_coalition, "claims": load_claims,
    }  # fmt: skip
    loads[name]()
    return []
