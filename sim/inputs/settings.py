"""Settings laid on a scenario: what asks for one, and the path that it changes.

``override`` changes one path of a scenario, as ``--set`` and ``--vary`` do.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

from sim.errors import InputError, Mistake, Problem, Rejected, described, nearest, one_of, option_problem
from sim.inputs.distributions.quantities import is_distribution
from sim.inputs.scenario import MECHANISM_IDS, SWITCHES, Scenario, scenario_of
from sim.inputs.theory import READINGS, load_parameters, load_situation, load_theory
from sim.inputs.yaml.document import Document, Mark, Where, dotted, value_at
from sim.inputs.yaml.extends import merge
from sim.inputs.yaml.snapshots import is_there, once
from sim.inputs.yaml.text import parse
from sim.names.actors import FACTIONS, POLICY_KEYS
from sim.names.script import SCRIPTED
from sim.names.traits import FACTION_TRAITS


@dataclass(frozen=True)
class Setting:
    """One change to a scenario: the option and words that ask for it, and the full path that it changes."""

    option: str
    text: str
    path: str

    @property
    def value(self) -> str:
        """Return the text of the new value."""
        return self.text.partition("=")[2].strip()


def short_path(base: Scenario, path: str) -> str:
    """Return the shortest end of ``path`` that still means it."""
    steps = path.split(".")
    for k in range(len(steps) - 1, 0, -1):
        short = ".".join(steps[k:])
        try:
            if setting_path(base, f"{short}=0") == path:
                return short
        except InputError:
            continue
    return path


def two_on_one_path(settings: Sequence[Setting]) -> list[Problem]:
    """Return a problem for each path that two settings set, under the name of the second."""
    first: dict[str, Setting] = {}
    problems = []
    for setting in settings:
        earlier = first.setdefault(setting.path, setting)
        if earlier is not setting:
            expected = f"one setting of '{setting.path}'"
            got = f"two: {earlier.option} {earlier.text} and {setting.option} {setting.text}"
            problems.append(option_problem(f"{setting.option} {setting.text}", expected, got, path=setting.path))
    return problems


def override(scenario: Scenario, setting: str, option: str = "--set") -> Scenario:
    """Return ``scenario`` with one path changed by a setting such as ``us=in-kind`` or ``situation.us_troops=2500``.

    A path may be shortened while it stays clear; the value is YAML and must fit the path. Anything else raises
    InputError, which names ``option`` and the setting as its file.
    """
    file = f"{option} {setting}"
    where, text, column = _split(scenario, setting, file)
    over = _placed(_value(text, file, column), where, column)
    if over.problems:
        raise InputError(over.problems)
    if where[0] == "theory" and scenario.form.theories:
        got, hint = "a theory for all of them", "theories={} first has all worlds take one"
        raise InputError([option_problem(file, "nothing: worlds draw among theories here", got, hint, path="theory")])
    return scenario_of(merge(scenario.document, _spelled_out(over, scenario, where), is_distribution))


def with_events(scenario: Scenario, events: Mapping[str, Any], file: str) -> Scenario:
    """Return ``scenario`` with more events scripted, plain values as in a file; null strikes one of its own out.

    Where an event does not fit, InputError names ``file``.
    """
    text = json.dumps({"events": dict(events)})  # JSON is YAML, and gives every value a place to be named by
    return scenario_of(merge(scenario.document, parse(text, file), is_distribution))


def _value(text: str, file: str, column: int) -> Document:
    """Return the value of a setting; where it is no YAML, the problem counts from the setting's start."""
    try:
        return parse(text, file)
    except InputError as wrong:
        end = column + len(text)
        raise InputError(
            replace(p, line=1, column=p.column + column - 1 if p.line == 1 else end) for p in wrong.problems
        ) from None


def theory_setting(text: str) -> str:
    """Return ``proxies``, ``M01=deterrence`` or ``documents:1,proxies:1``, as ``--theory`` takes them, as a setting."""
    if ":" in text and "=" not in text:
        weights = ", ".join(": ".join(part.strip() for part in one.split(":", 1)) for one in text.split(","))
        return f"theories={{{weights}}}"
    return f"theory.{text}" if "=" in text else f"theory={text}"


def policy_setting(text: str) -> str:
    """Return ``us=restraint`` as a setting of the scenario's policies; a faction's name stands for itself."""
    path, equals, value = text.partition("=")
    words = path.strip().removeprefix("policies.").removeprefix("factions.")
    known = (*POLICY_KEYS, *FACTIONS)
    if not equals or words not in known:
        expected = f"ACTOR=POLICY with the actor one of {one_of(known)}"
        raise InputError([option_problem("--policy", expected, described(text), nearest(words, known))])
    return f"policies.{'factions.' * (words in FACTIONS)}{words}={value}"


def changed(
    scenario: Scenario, theory: str = "", policies: Sequence[str] = (), settings: Sequence[str] = ()
) -> Scenario:
    """Return ``scenario`` with what ``--theory``, ``--policy`` and ``--set`` say, in that order."""
    if theory:
        scenario = override(scenario, theory_setting(theory), "--theory")
    for text in policies:
        scenario = override(scenario, policy_setting(text), "--policy")
    for text in settings:
        scenario = override(scenario, text)
    return scenario


def with_settings(scenario: Scenario, settings: Iterable[Setting]) -> Scenario:
    """Return ``scenario`` with settings laid on it in turn."""
    return reduce(lambda base, one: override(base, one.text, one.option), settings, scenario)


def setting_path(scenario: Scenario, setting: str, option: str = "--set") -> str:
    """Return the full path that a setting such as ``us=in-kind`` changes: ``policies.us``."""
    return dotted(_split(scenario, setting, f"{option} {setting}")[0])


def _split(scenario: Scenario, setting: str, file: str) -> tuple[Where, str, int]:
    """Return the full path of a setting, the text of its value, and the column where that begins."""
    path, equals, value = setting.partition("=")
    if not equals or not value.strip():
        raise InputError([option_problem(file, "PATH=VALUE, such as us=in-kind", repr(setting))])
    try:
        where = _full_path(scenario, tuple(path.strip().split(".")))
    except Rejected as wrong:
        raise wrong.named(file) from None
    return where, value, len(path) + 2


def _full_path(scenario: Scenario, steps: tuple[str, ...]) -> Where:
    """Return the settable path that ``steps`` names, whole or by its end."""
    paths, _ = once(("paths", id(scenario)), lambda: (settable_paths(scenario), scenario))
    if steps in paths or (len(steps) == 3 and steps[0] == "thresholds" and steps[1] in POLICY_KEYS):
        return steps
    ending = [path for path in paths if path[-len(steps) :] == steps]
    if not ending:
        known = {dotted(path): path for path in paths} | {path[-1]: path for path in paths}
        beginnings = "policies, theory, mechanisms, parameters, situation or thresholds.ACTOR"
        hint = nearest(dotted(steps), known) or f"paths begin with {beginnings}"
        raise Rejected(Mistake("a path of the scenario", described(dotted(steps)), hint))
    first_rank = min(map(_rank, ending))
    chosen = [path for path in ending if _rank(path) == first_rank]
    if len(chosen) > 1:
        raise Rejected(Mistake(f"one of {one_of(map(dotted, chosen))}", described(dotted(steps))))
    return chosen[0]


def _rank(path: Where) -> int:
    """Return how readily a short path is taken to mean this one: policies first, then strengths, then the rest."""
    return {"policies": 0, "mechanisms": 1}.get(str(path[0]), 2)


def settable_paths(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Return every path that ``override`` can change."""
    events = [
        ("events", name, *rest)
        for name, event in scenario.form.events.items()
        for rest in [(), ("day",), ("date",), *(("with", option.name) for option in SCRIPTED[event.do].options)]
    ]
    return (
        ("start",), ("days",), ("house",), ("theory",), ("theories",), ("fitted",),
        *(("policies", key) for key in POLICY_KEYS),
        *(("policies", "factions", faction) for faction in FACTIONS),
        *(("theory", mechanism) for mechanism in READINGS),
        *(("mechanisms", mechanism) for mechanism in MECHANISM_IDS),
        *(("parameters", name) for name in load_parameters()),
        *(("situation", name) for name in load_situation()),
        *(("factions", faction, trait) for faction in FACTIONS for trait in FACTION_TRAITS),
        *(("switches", switch) for switch in SWITCHES),
        *events,
    )  # fmt: skip


def _placed(value: Document, where: Where, column: int) -> Document:
    """Return a document that says nothing but ``value`` at ``where``; its marks count from the setting's start."""
    file, shift = value.file, column - 1
    marks = {where[:k]: Mark(file, 1, 1, 1, 1) for k in range(len(where))}
    for spot, mark in value.marks.items():
        text = tuple((offset, line, column + shift) for offset, line, column in mark.text)
        marks[(*where, *spot)] = Mark(
            file, mark.line, mark.column + shift, mark.key_line, mark.key_column + shift, text
        )
    nested: Any = value.values
    for step in reversed(where):
        nested = {step: nested}
    problems = tuple(replace(p, column=p.column + shift, path=dotted(where)) for p in value.problems)
    # What an option names may lie in the current folder, as what a file names lies beside that file.
    here = {file: Path.cwd()} if _lies_here(value.values) else {}
    return Document(file, nested, marks, problems, folders=here)


def _lies_here(value: Any) -> bool:
    """Return whether the current folder has a file of the name that is given."""
    return isinstance(value, str) and len(value) < 100 and "/" not in value and is_there(Path(f"{value}.yaml"))


def _spelled_out(over: Document, scenario: Scenario, where: Where) -> Document:
    """Return ``over`` with a name that it would replace spelled out: to set one faction or reading keeps the rest."""
    above = where[:-1]
    now = value_at(scenario.document.values, above)
    if not isinstance(now, str):
        return over
    if above == ("theory",):
        return replace(over, values={"theory": _readings_in_words(scenario, now) | over.values["theory"]})
    whole = dict.fromkeys(FACTIONS, now) | value_at(over.values, above)
    return replace(over, values={"policies": {"factions": whole}})


def _readings_in_words(scenario: Scenario, theory: str) -> dict[str, str]:
    try:
        chosen = load_theory(theory, scenario.document.folder(("theory",))).readings
    except Rejected as wrong:
        raise InputError(scenario.document.problem(("theory",), mistake) for mistake in wrong.mistakes) from None
    return {mechanism: READINGS[mechanism][k] for mechanism, k in chosen.items()}
