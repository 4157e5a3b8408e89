"""Scenarios: where a story starts, who follows which policy, what is known.

``load_scenario`` reads one file and what it extends. ``settings.override`` changes one path of it; ``resolve.resolve``
follows every name in it and returns the inputs that worlds are drawn from.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from sim.errors import Mistake, Rejected, described, unknown
from sim.inputs.allowed_names import called
from sim.inputs.distributions.quantities import Distribution, Quantity, is_distribution
from sim.inputs.policies.form import Claims, options_of
from sim.inputs.theory import read_readings
from sim.inputs.yaml.document import Document
from sim.inputs.yaml.extends import extended, merged
from sim.inputs.yaml.files import FOLDERS, file_named, home
from sim.inputs.yaml.forms import STRICT, OwnName, Text, Title, validate
from sim.inputs.yaml.text import read
from sim.names.actors import FACTIONS, POLICY_KEYS
from sim.names.mechanisms import MECHANISMS
from sim.names.script import MAX_SCRIPT, SCRIPTED
from sim.names.traits import FACTION_TRAITS

#: Starts lie between these days.
_FIRST, _LAST = datetime.date(1000, 1, 1), datetime.date(8999, 12, 31)
SWITCHES = ("presence_pinned", "caretaker_pinned")
MECHANISM_IDS = tuple(mechanism.id for mechanism in MECHANISMS)
_SCRIPTED_NAMES = tuple(action.name for action in SCRIPTED)


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
    AfterValidator(_known_keys(MECHANISM_IDS, "a mechanism")),
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


@dataclass(frozen=True, repr=False)
class Scenario:
    """A scenario that has been read, with what it extends: its form, and where each value of it stands.

    Examples
    --------
    >>> import sim
    >>> sim.Scenario.load("2020-soleimani").name
    '2020-soleimani'
    """

    form: ScenarioForm
    document: Document

    @classmethod
    def load(cls, name_or_path: str | Path) -> "Scenario":
        """Return a scenario by its name, or by the path of its file, as ``load_scenario``."""
        return load_scenario(name_or_path)

    def __repr__(self) -> str:
        """Return its name, title, start and horizon."""
        form = self.form
        return f"<Scenario {form.scenario!r}: {form.title!r}, {form.days:,} days from {form.start}>"

    @property
    def name(self) -> str:
        """Return the scenario's name."""
        return self.form.scenario


def load_scenario(name_or_path: str | Path, beside: Path | None = None) -> Scenario:
    """Return a scenario by its name, or by the path of its file; InputError with all that is wrong in its files.

    A word without a folder and without ``.yaml`` is a name, looked for in ``beside`` first, in the current folder where
    that is not given.
    """
    return read_scenario(read(file_named("scenario", str(name_or_path), beside)))


def shipped_scenario(name: str) -> Scenario:
    """Return a scenario that comes along, whatever lies in the current folder."""
    return load_scenario(name, home() / FOLDERS["scenario"])


def read_scenario(document: Document) -> Scenario:
    """Return the scenario that ``document`` holds, laid on what it extends."""
    return scenario_of(merged(extended(document, "scenario"), is_distribution))


def scenario_of(document: Document) -> Scenario:
    """Return the scenario of a document that has been laid on all that it extends."""
    stem = document.path.stem if document.path else ""
    return Scenario(validate(document, ScenarioForm, {"stem": stem}), document)
