"""Scenarios: where a story starts, who follows which policy, what is known; and all of it made ready for worlds.

``load_scenario`` reads one file and what it extends. ``override`` changes one path of it, as ``--set`` and ``--vary``
do. ``resolve`` follows every name in it and returns the inputs that worlds are drawn from.
"""

import datetime
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from sim.errors import InputError, Mistake, Problem, Rejected, described, nearest, one_of, unknown
from sim.inputs.claims import missing_claims
from sim.inputs.distributions.quantities import Distribution, Quantity, fixed, is_distribution
from sim.inputs.naming import called
from sim.inputs.policies.policy import Claims, Policy, beyond, load_policy_file, options_of
from sim.inputs.ranges import range_of, range_of_trait, wrong_with
from sim.inputs.theory import (
    READINGS,
    Drawn,
    Parameter,
    load_parameters,
    load_situation,
    load_theory,
    read_readings,
    resolve_mixture,
    resolve_theory,
)
from sim.inputs.traits import Entry, Geography, House, load_coalition, load_factions, load_geography, load_house
from sim.inputs.yaml.document import Document, Mark, Where, dotted, value_at
from sim.inputs.yaml.extends import extended, merge, merged
from sim.inputs.yaml.files import FOLDERS, find, here, home
from sim.inputs.yaml.forms import STRICT, OwnName, Text, Title, validate
from sim.inputs.yaml.snapshots import is_there, once
from sim.inputs.yaml.text import parse, read
from sim.names.actors import FACTIONS, GOVERNORATES, POLICY_KEYS, SEATS
from sim.names.mechanisms import MECHANISMS
from sim.names.script import MAX_SCRIPT, SCRIPTED
from sim.names.traits import ALLY_TRAITS, BLOC_TRAITS, FACTION_TRAITS, PLACE_TRAITS, SITE_TRAITS

#: Starts lie between these days.
_FIRST, _LAST = datetime.date(1000, 1, 1), datetime.date(8999, 12, 31)
SWITCHES = ("presence_pinned", "caretaker_pinned")
_MECHANISM_IDS = tuple(mechanism.id for mechanism in MECHANISMS)
_SCRIPTED_NAMES = tuple(action.name for action in SCRIPTED)
Found = TypeVar("Found")


# The form of a file ----------------------------------------------------------------------------------------------


def _read_factions(value: Any) -> str | dict[str, str]:
    """Return one policy's name for all factions, or a name for each of them."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise Rejected(Mistake("the name of a policy, or a map of names by faction", described(value)))
    mistakes = [unknown(name, FACTIONS, "a faction", ()) for name in value if name not in FACTIONS]
    mistakes += [Mistake(f"the key '{name}'", "nothing", of_key=True) for name in FACTIONS if name not in value]
    mistakes += [
        Mistake("the name of a policy", described(policy), at=(name,))
        for name, policy in value.items()
        if not isinstance(policy, str)
    ]
    if mistakes:
        raise Rejected(*mistakes)
    return value


def _read_theory(value: Any) -> str | dict[str, str]:
    if not isinstance(value, str):
        read_readings(value)
    return value


def _read_scripted(value: Any) -> int:
    if value not in _SCRIPTED_NAMES:
        raise Rejected(unknown(value, _SCRIPTED_NAMES, "something that a scenario can have happen"))
    return _SCRIPTED_NAMES.index(value)


def _read_event_options(value: Any, info: ValidationInfo) -> dict[str, float]:
    if not isinstance(value, dict):
        raise Rejected(Mistake("a map of options", described(value)))
    number = info.data.get("do")
    return {} if number is None else options_of(SCRIPTED[number], value, ())


def _known_keys(names: tuple[str, ...], what: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a check that lets through maps whose keys are among ``names``."""

    def check(value: dict[str, Any]) -> dict[str, Any]:
        strange = [unknown(name, names, what, ()) for name in value if name not in names]
        if strange:
            raise Rejected(*strange)
        return value

    return check


def _strengths_from_0_to_2(value: dict[str, Distribution]) -> dict[str, Distribution]:
    mistakes = [
        Mistake("a strength from 0 to 2", strength.text(), at=(name,))
        for name, strength in value.items()
        if strength.bounds()[0] < 0 or strength.bounds()[1] > 2
    ]
    if mistakes:
        raise Rejected(*mistakes)
    return value


#: Beyond, shares of others would vanish.
_LEAST_WEIGHT, _MOST_WEIGHT = 1e-6, 1e6
Weight = Annotated[float, WithJsonSchema({"type": "number", "minimum": _LEAST_WEIGHT, "maximum": _MOST_WEIGHT})]


def _weights(value: dict[str, float]) -> dict[str, float]:
    """Let through weights that say how often each theory is drawn."""
    mistakes = [
        Mistake("a weight above 0, up to a million", described(weight), at=(name,))
        for name, weight in value.items()
        if not _LEAST_WEIGHT <= weight <= _MOST_WEIGHT
    ]
    if mistakes:
        raise Rejected(*mistakes)
    return value


def _amid_the_calendar(value: datetime.date) -> datetime.date:
    """Let through a start with room in the calendar for all days that can be asked for, and for axes of figures."""
    if not _FIRST <= value <= _LAST:
        raise Rejected(Mistake(f"a date from {_FIRST} to {_LAST}", described(value)))
    return value


def _not_too_many(value: dict[str, Any]) -> dict[str, Any]:
    if len(value) > MAX_SCRIPT:
        raise Rejected(Mistake(f"at most {MAX_SCRIPT} events", str(len(value))))
    return value


class EventForm(BaseModel):
    """The form of one thing that the scenario has happen, on a day from the start or on a date."""

    model_config = STRICT
    day: Annotated[int, Field(ge=0, le=3650)] | None = None
    date: datetime.date | None = None
    do: Annotated[int, PlainValidator(_read_scripted), WithJsonSchema({"enum": list(_SCRIPTED_NAMES)})]
    options: Annotated[dict[str, float], PlainValidator(_read_event_options), WithJsonSchema({"type": "object"})] = (
        Field(default={}, alias="with")
    )
    claim: Claims = ()
    told: Text | None = None

    @model_validator(mode="after")
    def _one_day(self) -> "EventForm":
        if (self.day is None) == (self.date is None):
            raise Rejected(Mistake("either 'day' or 'date'", "neither" if self.day is None else "both"))
        return self


class PoliciesForm(BaseModel):
    """The form of ``policies``: the name of one for each actor."""

    model_config = STRICT
    us: str
    iran: str
    government: str
    factions: Annotated[
        str | dict[str, str], PlainValidator(_read_factions), WithJsonSchema({"type": ["string", "object"]})
    ]


Strengths = Annotated[
    dict[str, Quantity],
    AfterValidator(_known_keys(_MECHANISM_IDS, "a mechanism")),
    AfterValidator(_strengths_from_0_to_2),
]
Traits = Annotated[dict[str, Quantity], AfterValidator(_known_keys(FACTION_TRAITS, "a trait of a faction"))]


class ScenarioForm(BaseModel):
    """The form of a scenario file."""

    model_config = STRICT
    scenario: OwnName
    title: Title
    purpose: Text
    extends: str | None = None
    start: Annotated[datetime.date, AfterValidator(_amid_the_calendar)]
    days: Annotated[int, Field(ge=1, le=3650)]
    house: str
    policies: PoliciesForm
    theory: Annotated[
        str | dict[str, str], PlainValidator(_read_theory), WithJsonSchema({"type": ["string", "object"]})
    ]
    theories: Annotated[dict[str, Weight], AfterValidator(_weights)] = {}
    fitted: bool = True
    mechanisms: Strengths = {}
    parameters: dict[str, Quantity] = {}
    situation: dict[str, Quantity] = {}
    factions: Annotated[dict[str, Traits], AfterValidator(_known_keys(FACTIONS, "a faction"))] = {}
    thresholds: Annotated[
        dict[str, dict[str, Quantity]], AfterValidator(_known_keys(tuple(POLICY_KEYS), "an actor with a policy"))
    ] = {}
    switches: Annotated[dict[str, bool], AfterValidator(_known_keys(SWITCHES, "a switch"))] = {}
    events: Annotated[dict[str, EventForm], AfterValidator(_not_too_many), AfterValidator(called)] = {}

    @model_validator(mode="after")
    def _events_from_the_start_on(self) -> "ScenarioForm":
        mistakes = [
            Mistake(f"a date from {self.start} on", str(event.date), at=("events", name, "date"))
            for name, event in self.events.items()
            if event.date and event.date < self.start
        ]
        if mistakes:
            raise Rejected(*mistakes)
        return self


@dataclass(frozen=True)
class Scenario:
    """A scenario that has been read, with what it extends: its form, and where each value of it stands."""

    form: ScenarioForm
    document: Document

    @property
    def name(self) -> str:
        """Return the scenario's name."""
        return self.form.scenario


def load_scenario(name_or_path: str | Path, beside: Path | None = None) -> Scenario:
    """Return a scenario by its name, or by the path of its file; InputError with all that is wrong in its files.

    A word without a folder and without ``.yaml`` is a name, looked for in ``beside`` first, in the current folder where
    that is not given.
    """
    return read_scenario(read(_scenario_file(str(name_or_path), beside)))


def shipped_scenario(name: str) -> Scenario:
    """Return a scenario that comes along, whatever lies in the current folder."""
    return load_scenario(name, home() / FOLDERS["scenario"])


def read_scenario(document: Document) -> Scenario:
    """Return the scenario that ``document`` holds, laid on what it extends."""
    return _checked(merged(extended(document, "scenario"), is_distribution))


def _scenario_file(text: str, beside: Path | None) -> Path:
    if text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        return Path(text)
    own = here("scenario", text) if beside is None else None
    try:
        return own or find("scenario", text, beside)
    except Rejected as wrong:
        raise InputError(Problem(text, 1, 1, "", m.expected, m.got, m.hint) for m in wrong.mistakes) from None


def _checked(document: Document) -> Scenario:
    stem = document.path.stem if document.path else ""
    return Scenario(validate(document, ScenarioForm, {"stem": stem}), document)


# Overriding ------------------------------------------------------------------------------------------------------


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
        raise InputError([Problem(file, 1, 1, "theory", "nothing: worlds draw among theories here", got, hint)])
    return _checked(merge(scenario.document, _spelled_out(over, scenario, where), is_distribution))


def with_events(scenario: Scenario, events: Mapping[str, Any], file: str) -> Scenario:
    """Return ``scenario`` with more events scripted, plain values as in a file; null strikes one of its own out.

    Where an event does not fit, InputError names ``file``.
    """
    text = json.dumps({"events": dict(events)})  # JSON is YAML, and gives every value a place to be named by
    return _checked(merge(scenario.document, parse(text, file), is_distribution))


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
        raise InputError([Problem("--policy", 1, 1, "", expected, described(text), nearest(words, known))])
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


def setting_path(scenario: Scenario, setting: str, option: str = "--set") -> str:
    """Return the full path that a setting such as ``us=in-kind`` changes: ``policies.us``."""
    return dotted(_split(scenario, setting, f"{option} {setting}")[0])


def _split(scenario: Scenario, setting: str, file: str) -> tuple[Where, str, int]:
    """Return the full path of a setting, the text of its value, and the column where that begins."""
    path, equals, value = setting.partition("=")
    if not equals or not value.strip():
        raise InputError([Problem(file, 1, 1, "", "PATH=VALUE, such as us=in-kind", repr(setting))])
    try:
        where = _full_path(scenario, tuple(path.strip().split(".")))
    except Rejected as wrong:
        raise InputError(Problem(file, 1, 1, "", m.expected, m.got, m.hint) for m in wrong.mistakes) from None
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
        *(("mechanisms", mechanism) for mechanism in _MECHANISM_IDS),
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
        chosen = load_theory(theory, scenario.document.folder(("theory",)))
    except Rejected as wrong:
        raise InputError(scenario.document.problem(("theory",), mistake) for mistake in wrong.mistakes) from None
    return {mechanism: READINGS[mechanism][k] for mechanism, k in chosen.items()}


# Resolving -------------------------------------------------------------------------------------------------------


class Scripted(NamedTuple):
    """One thing that the scenario has happen: its name, its day from the start, its kind, its options in order.

    ``told`` is the sentence that stories tell it by, where the scenario has one; it moves no result.
    """

    name: str
    day: int
    kind: int
    options: tuple[float, ...]
    told: str = ""


@dataclass(frozen=True)
class Inputs:
    """All that worlds of one variant are drawn from.

    ``quantities`` are by address: ``parameter:NAME``, ``situation:NAME``, ``place:ENTRY:TRAIT``, ``site:ENTRY:TRAIT``,
    ``bloc:ENTRY:TRAIT``, ``faction:ENTRY:TRAIT``, ``ally:ENTRY:TRAIT``, ``mechanism:M08``,
    ``threshold:KEY:POLICY:NAME``. ``policies`` are distinct; ``policy_of`` has one number into them for each of
    ``SEATS``.
    """

    name: str
    title: str
    purpose: str
    start: datetime.date
    days: int
    theory: str
    quantities: dict[str, Distribution]
    policies: tuple[Policy, ...]
    policy_of: tuple[int, ...]
    readings: dict[str, int]
    script: tuple[Scripted, ...]
    switches: dict[str, bool]
    geography: Geography
    house: House
    mixture: tuple[Drawn, ...] = ()

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """Return the numbers of each governorate's neighbours."""
        return self.geography.neighbours()

    @cached_property
    def hash8(self) -> str:
        """Return eight hex digits of the hash of all that can move a result (no titles, no sources)."""
        text = json.dumps(self._moving(), sort_keys=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()

    def plain(self) -> dict[str, Any]:
        """Return plain values of everything, sources included, with the hash of what can move a result."""
        said = {
            "scenario": self.name,
            "title": self.title,
            "purpose": self.purpose,
            "theory": self.theory,
            "hash8": self.hash8,
            "quantities": {name: one.as_plain() for name, one in self.quantities.items()},
            "policies": [policy.as_plain() for policy in self.policies],
        }
        return self._moving() | said

    def _moving(self) -> dict[str, Any]:
        return {
            "start": self.start.isoformat(),
            "days": self.days,
            "quantities": {name: one.as_plain(sources=False) for name, one in self.quantities.items()},
            "policies": [policy.as_plain(sources=False) for policy in self.policies],
            "policy_of": {seat: self.policies[k].name for seat, k in zip(SEATS, self.policy_of, strict=True)},
            "readings": _in_words(self.readings),
            **({"mixture": {one.name: _in_words(one.readings) for one in self.mixture}} if self.mixture else {}),
            "script": [[one.name, one.day, SCRIPTED[one.kind].name, list(one.options)] for one in self.script],
            "switches": self.switches,
            "neighbours": [list(one) for one in self.neighbours],
            "sites": dict(zip(self.geography.sites, self.geography.site_places(), strict=True)),
            "house": self.house.name,
            "blocs": dict(zip(self.house.blocs, self.house.communities(), strict=True)),
            "members": self.house.members,
            "quorum": self.house.quorum,
        }


def _in_words(readings: Mapping[str, int]) -> dict[str, str]:
    return {mechanism: READINGS[mechanism][k] for mechanism, k in readings.items()}


class _Gathering:
    """Follows the names of one scenario, keeping every problem until all have been followed."""

    def __init__(self, scenario: Scenario) -> None:
        self.form = scenario.form
        self.document = scenario.document
        self.problems: list[Problem] = []

    def attempt(self, load: Callable[[], Found], where: Where = ()) -> Found | None:
        """Return what ``load`` returns, or nothing after noting what was wrong."""
        try:
            return load()
        except Rejected as wrong:
            self.problems += [self.document.problem(where, mistake) for mistake in wrong.mistakes]
        except InputError as wrong:
            self.problems += wrong.problems
        return None

    def policy(self, key: str, name: str, where: Where) -> Policy | None:
        """Return the policy that the scenario names at ``where``."""
        beside = self.document.folder(where)
        return self.attempt(
            lambda: once(
                ("policy", key, name, beside), lambda: load_policy_file(find(f"{key} policy", name, beside), key)
            ),
            where,
        )

    def policies(self) -> dict[str, Policy]:
        """Return the policy of each seat; one that two seats share is read once."""
        named = {key: getattr(self.form.policies, key) for key in POLICY_KEYS}
        read_ones: dict[tuple[str, str], Policy | None] = {}
        by_seat: dict[str, Policy] = {}
        for key, seats in POLICY_KEYS.items():
            for seat in seats:
                by_faction = isinstance(named[key], dict)
                name = named[key][seat] if by_faction else named[key]
                where = ("policies", key, seat) if by_faction else ("policies", key)
                if (key, name) not in read_ones:
                    read_ones[key, name] = self.policy(key, name, where)
                policy = read_ones[key, name]
                by_seat |= {seat: policy} if policy else {}
        return by_seat

    def claims(self, policies: Mapping[str, Policy]) -> None:
        """Note predictions that are cited and stand in no ledger."""
        cited = [one for policy in policies.values() for one in policy.citations()]
        for name, event in self.form.events.items():
            where = ("events", name, "claim")
            cited += [(claim, dotted(where), self.document.mark(where)) for claim in event.claim]
        self.problems += self.attempt(lambda: missing_claims(cited)) or []

    def known(self, table: str, names: Mapping[str, Any]) -> None:
        """Note overrides of ``table`` that name nothing in it."""
        for name in getattr(self.form, table):
            if name not in names:
                mistake = unknown(name, names, f"a name in {table}.yaml", ())
                self.problems.append(self.document.problem((table,), mistake))

    def sites(self, geography: Geography) -> None:
        """Note events at a site that is none of the geography's."""
        for name, event in self.form.events.items():
            for option in SCRIPTED[event.do].options if "site" in event.options else ():
                site = option.choices[int(event.options["site"])] if option.name == "site" else "any"
                if site != "any" and site not in geography.sites:
                    mistake = unknown(site, geography.sites, "a site of geography.yaml")
                    self.problems.append(self.document.problem(("events", name, "with", "site"), mistake))

    def thresholds(self, policies: Mapping[str, Policy]) -> None:
        """Note overrides of thresholds that no policy in a seat of that actor has."""
        for key, overrides in self.form.thresholds.items():
            seated = {policies[seat].name: policies[seat] for seat in POLICY_KEYS[key] if seat in policies}
            known = dict.fromkeys(name for policy in seated.values() for name in policy.thresholds)
            for name in overrides:
                if name not in known and seated:
                    what = f"a threshold of {' or '.join(repr(one) for one in seated)}"
                    mistake = (
                        unknown(name, known, what, ())
                        if known
                        else Mistake("no threshold", f"'{name}'", of_key=True, at=(name,))
                    )
                    self.problems.append(self.document.problem(("thresholds", key), mistake))

                for policy in seated.values():
                    far = beyond(policy, name, overrides[name]) if name in policy.thresholds else None
                    self.problems += [self.document.problem(("thresholds", key, name), far)] if far else []

    def in_range(self, table: str, names: Mapping[str, Parameter]) -> None:
        """Note overrides of ``table`` of which a world could draw what makes no sense: a share above 1, no days."""
        for name, one in getattr(self.form, table).items():
            if name in names and (far := wrong_with(one, range_of(name))):
                self.problems.append(self.document.problem((table, name), far))

    def traits_in_range(self) -> None:
        """Note the scenario's own traits of factions of which a world could draw what makes no sense."""
        for faction, traits in self.form.factions.items():
            for trait, one in traits.items():
                if far := wrong_with(one, range_of_trait(trait)):
                    self.problems.append(self.document.problem(("factions", faction, trait), far))


def resolve(scenario: Scenario) -> Inputs:
    """Return the inputs of a scenario's worlds: every name followed, every default filled in.

    All problems of all the files that it names are raised at once as an InputError.
    """
    form, gathering = scenario.form, _Gathering(scenario)
    parameters = gathering.attempt(load_parameters)
    situation = gathering.attempt(load_situation)
    geography, factions = gathering.attempt(load_geography), gathering.attempt(load_factions)
    coalition = gathering.attempt(load_coalition)
    house_folder, theory_folder = (scenario.document.folder((key,)) for key in ("house", "theory"))
    house = gathering.attempt(lambda: load_house(form.house, house_folder), ("house",))
    readings = gathering.attempt(lambda: resolve_theory(form.theory, theory_folder), ("theory",))
    mixed_folder = scenario.document.folder(("theories",)) if form.theories else None
    mixture = gathering.attempt(lambda: resolve_mixture(form.theories, mixed_folder), ("theories",)) or ()
    policies = gathering.policies()
    gathering.claims(policies)
    gathering.thresholds(policies)
    for table, names in (("parameters", parameters), ("situation", situation)):
        if names is not None:
            gathering.known(table, names)
            gathering.in_range(table, names)
    gathering.traits_in_range()
    if geography:
        gathering.sites(geography)
    if gathering.problems or not (
        parameters and situation and geography and factions and coalition and house and readings
    ):
        raise InputError(gathering.problems)
    quantities = (
        _tabled("parameter", parameters, form.parameters, form.fitted)
        | _tabled("situation", situation, form.situation, form.fitted)
        | _of_ground(geography, form.start.year)
        | _of_blocs(house)
        | _of_factions(factions, form.factions)
        | _of_entries("ally", coalition, ALLY_TRAITS, 0)
        | {f"mechanism:{m}": form.mechanisms.get(m, fixed(1.0)) for m in _MECHANISM_IDS}
    )
    if mixture:
        readings = mixture[0].readings
        quantities["theory"] = Distribution(
            "choice", tuple(map(float, range(len(mixture)))), None, tuple(one.share for one in mixture)
        )
    return _inputs(scenario, quantities, policies, readings, geography, house, mixture)


def _inputs(
    scenario: Scenario, quantities: dict[str, Distribution], by_seat: dict[str, Policy], readings: dict[str, int],
    geography: Geography, house: House, mixture: tuple[Drawn, ...],
) -> Inputs:  # fmt: skip
    form = scenario.form
    policies, policy_of, thresholds = _seating(by_seat, form.thresholds)
    theory = form.theory if isinstance(form.theory, str) else "own readings"
    if mixture:
        theory = "drawn, " + ", ".join(f"{one.name} in {one.share:.0%} of worlds" for one in mixture)
    switches = {switch: form.switches.get(switch, False) for switch in SWITCHES}
    return Inputs(
        form.scenario, form.title, form.purpose, form.start, form.days, theory, quantities | thresholds, policies,
        policy_of, readings, _script(form), switches, geography, house, mixture,
    )  # fmt: skip


def _seating(
    by_seat: Mapping[str, Policy], own: Mapping[str, Mapping[str, Distribution]]
) -> tuple[tuple[Policy, ...], tuple[int, ...], dict[str, Distribution]]:
    """Return distinct policies, the number of each seat's among them, and their thresholds, ``own`` ones in place."""
    policies = tuple({(policy.key, policy.name): policy for policy in by_seat.values()}.values())
    numbers = {(policy.key, policy.name): k for k, policy in enumerate(policies)}
    thresholds = {
        f"threshold:{policy.key}:{policy.name}:{name}": own.get(policy.key, {}).get(name, distribution)
        for policy in policies
        for name, distribution in policy.thresholds.items()
    }
    return policies, tuple(numbers[by_seat[seat].key, by_seat[seat].name] for seat in SEATS), thresholds


def seated(inputs: Inputs, policy: Policy) -> Inputs:
    """Return ``inputs`` with ``policy`` in every seat of its actor."""
    by_seat = {seat: inputs.policies[k] for seat, k in zip(SEATS, inputs.policy_of, strict=True)}
    by_seat |= dict.fromkeys(POLICY_KEYS[policy.key], policy)
    policies, policy_of, thresholds = _seating(by_seat, {})
    others = {name: one for name, one in inputs.quantities.items() if not name.startswith("threshold:")}
    kept = {name: inputs.quantities.get(name, one) for name, one in thresholds.items()
            if not name.startswith(f"threshold:{policy.key}:")}  # fmt: skip
    return replace(inputs, policies=policies, policy_of=policy_of, quantities=others | thresholds | kept)


def _script(form: ScenarioForm) -> tuple[Scripted, ...]:
    """Return what the scenario has happen, by day and then by name."""
    acts = [
        Scripted(name, _day_of(event, form.start), event.do, _all_options(event), event.told or "")
        for name, event in form.events.items()
    ]
    return tuple(sorted(acts, key=lambda act: (act.day, act.name)))


def _day_of(event: EventForm, start: datetime.date) -> int:
    return (event.date - start).days if event.date else event.day or 0


def _all_options(event: EventForm) -> tuple[float, ...]:
    return tuple(float(event.options.get(option.name, option.default)) for option in SCRIPTED[event.do].options)


def _tabled(
    kind: str, table: Mapping[str, Parameter], own: Mapping[str, Distribution], fitted: bool
) -> dict[str, Distribution]:
    """Return the quantities of a table, fitted or as known before, the scenario's own ones in their place."""
    return {
        sys.intern(f"{kind}:{name}"): own.get(name, one.default if fitted else one.value) for name, one in table.items()
    }


def _of_ground(geography: Geography, year: int) -> dict[str, Distribution]:
    """Return the traits of governorates and sites at a start in ``year``."""
    places = {name: geography.places[name] for name in GOVERNORATES}
    return _of_entries("place", places, PLACE_TRAITS, year) | _of_entries("site", geography.sites, SITE_TRAITS, year)


def _of_blocs(house: House) -> dict[str, Distribution]:
    return _of_entries("bloc", house.blocs, BLOC_TRAITS, 0)


def _of_factions(
    factions: Mapping[str, Entry], own: Mapping[str, Mapping[str, Distribution]]
) -> dict[str, Distribution]:
    """Return the traits of the factions, the scenario's own ones in their place."""
    changed = {name: Entry(entry.traits | dict(own.get(name, {}))) for name, entry in factions.items()}
    return _of_entries("faction", changed, FACTION_TRAITS, 0)


def _of_entries(kind: str, entries: Mapping[str, Entry], traits: tuple[str, ...], year: int) -> dict[str, Distribution]:
    return {
        sys.intern(f"{kind}:{name}:{trait}"): entry.in_year(trait, year)
        for name, entry in entries.items()
        for trait in traits
    }
