"""Theories and parameters: which reading of each mechanism holds, and what is known of every constant of the model.

A parameter is a constant of a rule; the situation is where a scenario starts. Both are tables of quantities with unit,
meaning, kind and source. A theory chooses among the rival readings that the documents allow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainValidator, RootModel
from pydantic import WithJsonSchema as Schema

from sim.errors import InputError, Mistake, Problem, Rejected, described, nearest, unknown
from sim.inputs.distributions.quantities import Distribution, Quantity
from sim.inputs.ranges import range_of, wrong_with
from sim.inputs.yaml.document import Document
from sim.inputs.yaml.files import file_named, find, home
from sim.inputs.yaml.forms import STRICT, OwnName, Text, validate
from sim.inputs.yaml.snapshots import Stamp, stamp
from sim.inputs.yaml.text import read
from sim.names.mechanisms import MECHANISMS
from sim.names.quantities import PARAMETERS, SITUATION, UNITS, unit_of

#: The names that the model uses of each table.
MODEL_NAMES = {"parameters": PARAMETERS, "situation": SITUATION}
#: The mechanisms that can be read in more than one way, with their readings; the first is the documents' own.
READINGS = {mechanism.id: mechanism.readings for mechanism in MECHANISMS if mechanism.readings}


@dataclass(frozen=True)
class Parameter:
    """One constant of the model, or one number of a starting position: what it is and what is known of it."""

    name: str
    unit: str
    meaning: str
    kind: str
    value: Distribution
    source: str = ""
    drives: tuple[str, ...] = ()
    fitted: Distribution | None = None

    @property
    def default(self) -> Distribution:
        """Return what worlds draw from unless told otherwise: what the fit left of ``value``, where it found any."""
        return self.fitted or self.value


def load_parameters() -> dict[str, Parameter]:
    """Return the parameters of the model by name, from configs/parameters.yaml; InputError with all that is wrong.

    ``value`` is what is known of one beforehand; ``fitted``, from configs/fit.yaml, what the observations leave of it.
    """
    table = _load("parameters", stamp(home() / "configs" / "parameters.yaml"))
    return _with_fit(stamp(home() / "configs" / "parameters.yaml"), stamp(fit_file())) if fit_file().exists() else table


def fit_file() -> Path:
    """Return the path of the distributions that ``make fit`` found."""
    return home() / "configs" / "fit.yaml"


@lru_cache(maxsize=4)
def _with_fit(table_file: Stamp, file: Stamp) -> dict[str, Parameter]:
    table, document = _load("parameters", table_file), read(file.path)
    form = validate(document, FitForm)
    strange = [
        document.problem(("parameters",), unknown(name, table, "a parameter", ()))
        for name in form.parameters
        if name not in table
    ]
    known = {name: one for name, one in form.parameters.items() if name in table}
    strange += _out_of_range(document, ("parameters",), known)
    if strange:
        raise InputError(strange)
    return {name: replace(one, fitted=form.parameters.get(name)) for name, one in table.items()}


def load_situation() -> dict[str, Parameter]:
    """Return the numbers of a starting position by name, from configs/situation.yaml."""
    return _load("situation", stamp(home() / "configs" / "situation.yaml"))


@lru_cache(maxsize=4)
def _load(table: str, file: Stamp) -> dict[str, Parameter]:
    document = read(file.path)
    form = validate(document, _ParametersForm)
    problems = _strangers(document, table, list(form.root))
    known = {name: one for name, one in form.root.items() if name in MODEL_NAMES[table]}
    problems += [
        document.problem((name, "unit"), far) for name, one in known.items() if (far := _other_unit(name, one))
    ]
    problems += _out_of_range(document, (), {name: one.value for name, one in known.items()})
    if problems:
        raise InputError(problems)
    return {name: _parameter(name, entry) for name, entry in form.root.items()}


def _parameter(name: str, form: "ParameterForm") -> Parameter:
    return Parameter(name, form.unit, form.meaning, form.kind, form.value, form.source, form.drives)


def _strangers(document: Document, table: str, names: list[str]) -> list[Problem]:
    """Return a problem for each name that the model does not know, and for each that it needs and does not find."""
    wanted = MODEL_NAMES[table]
    extra = [document.problem((), unknown(name, wanted, "a name that the model uses", ())) for name in names
             if name not in wanted]  # fmt: skip
    lacking = [document.problem((), Mistake(f"the key '{name}'", "nothing")) for name in wanted if name not in names]
    return extra + lacking


def _other_unit(name: str, form: "ParameterForm") -> Mistake | None:
    """Return the mistake of a unit in which rules do not count what bears it."""
    unit = unit_of(name)
    return None if form.unit == unit else Mistake(f"'{unit}', the unit that rules count it in", described(form.unit))


def _out_of_range(document: Document, where: tuple[str, ...], given: Mapping[str, Distribution]) -> list[Problem]:
    """Return a problem for each quantity of which a world could draw what makes no sense."""
    far = {name: wrong_with(one, range_of(name)) for name, one in given.items()}
    at = () if where else ("value",)
    return [document.problem((*where, name, *at), mistake) for name, mistake in far.items() if mistake]


# Theories --------------------------------------------------------------------------------------------------------


def resolve_theory(theory: str | dict[str, Any], beside: Path | None = None) -> dict[str, int]:
    """Return the number of the reading that holds of every mechanism with rival readings, 0 where nothing is said.

    ``theory`` is the name of a theory, looked for in ``beside`` first, or a map of readings by mechanism. A name that
    is unknown raises Rejected, a file with faults InputError.
    """
    given = read_readings(theory) if isinstance(theory, dict) else load_theory(theory, beside).readings
    return {mechanism: given.get(mechanism, 0) for mechanism in READINGS}


@dataclass(frozen=True)
class TheoryShare:
    """One theory of several among which worlds draw: its name, its share of worlds, its reading of each mechanism."""

    name: str
    share: float
    readings: dict[str, int]


def resolve_mixture(weights: Mapping[str, float], beside: Path | None = None) -> tuple[TheoryShare, ...]:
    """Return the theories that worlds draw from, by name, with shares that sum to 1; Rejected for an unknown name."""
    total = sum(map(Fraction, weights.values()))  # exact, so that no order and no version of Python moves a share
    return tuple(
        TheoryShare(name, float(Fraction(weight) / total), resolve_theory(name, beside))
        for name, weight in sorted(weights.items())
    )


@dataclass(frozen=True, repr=False)
class Theory:
    """A theory of the conflict: which of the rival readings of each mechanism holds.

    Parameters
    ----------
    name, purpose : str
        What it is called, and what it is for, in a sentence.
    readings : dict of int by mechanism
        The number of the reading that it chooses, for those mechanisms of which it says anything.

    Examples
    --------
    >>> import sim
    >>> sim.Theory.load("deterrence").words["M01"]
    'deterrence'
    """

    name: str
    purpose: str
    readings: dict[str, int]

    @classmethod
    def load(cls, name_or_path: str | Path) -> "Theory":
        """Return a theory by its name, or by the path of its file; InputError with all that is wrong with it."""
        return _read_theory(file_named("theory", str(name_or_path)))

    @property
    def words(self) -> dict[str, str]:
        """Return the reading that holds of every mechanism with rival readings; the first where nothing is said."""
        return {mechanism: words[self.readings.get(mechanism, 0)] for mechanism, words in READINGS.items()}

    def __repr__(self) -> str:
        """Return its name, and the readings that it chooses."""
        chosen = ", ".join(f"{mechanism}={self.words[mechanism]}" for mechanism in self.readings)
        return f"<Theory {self.name!r}: {chosen or 'the first reading of every mechanism'}>"


def _read_theory(path: Path) -> Theory:
    form = validate(read(path), TheoryForm, {"stem": path.stem})
    return Theory(form.theory, form.purpose, form.readings)


def load_theory(name: str, beside: Path | None = None) -> Theory:
    """Return the theory called ``name``, looked for in ``beside`` first; Rejected for an unknown name."""
    return _read_theory(find("theory", name, beside))


def theory_purpose(name: str) -> str:
    """Return what the theory called ``name`` is for, in a sentence; nothing if there is none."""
    try:
        return load_theory(name).purpose
    except (Rejected, InputError):
        return ""


def read_readings(value: Any) -> dict[str, int]:
    """Return the number of each reading in a map such as ``{M01: deterrence}``; Rejected with all that is wrong."""
    if not isinstance(value, dict):
        raise Rejected(Mistake("a map of readings such as {M01: deterrence}", described(value)))
    mistakes = [_reading_mistake(mechanism, reading) for mechanism, reading in value.items()]
    if any(mistakes):
        raise Rejected(*[mistake for mistake in mistakes if mistake])
    return {mechanism: READINGS[mechanism].index(reading) for mechanism, reading in value.items()}


def _reading_mistake(mechanism: str, reading: Any) -> Mistake | None:
    if mechanism not in READINGS:
        return unknown(mechanism, READINGS, "a mechanism with rival readings", ())
    if reading not in READINGS[mechanism]:
        mistake = unknown(reading, READINGS[mechanism], f"a reading of {mechanism}")
        return Mistake(mistake.expected, mistake.got, mistake.hint, (mechanism,))
    return None


# The forms of the files ------------------------------------------------------------------------------------------


def _read_drives(value: Any) -> tuple[str, ...]:
    """Return what a parameter drives: mechanisms by number, or words."""
    drives = value if isinstance(value, list) else [value]
    for k, one in enumerate(drives):
        if not isinstance(one, str):
            at = (k,) if isinstance(value, list) else ()
            raise Rejected(Mistake("a mechanism or text", described(one), at=at))
    ids = [mechanism.id for mechanism in MECHANISMS]
    strange = [one for one in drives if len(one) == 3 and one[0] == "M" and one not in ids]
    if strange:
        raise Rejected(Mistake(f"{ids[0]} to {ids[-1]}", described(strange[0]), nearest(strange[0], ids)))
    return tuple(drives)


def _read_unit(value: Any) -> str:
    """Return a unit that is known."""
    if value not in UNITS:
        raise Rejected(Mistake(f"a unit: {', '.join(UNITS)}", described(value), nearest(value, UNITS)))
    return str(value)


class ParameterForm(BaseModel):
    """The form of one parameter."""

    model_config = STRICT
    unit: Annotated[str, PlainValidator(_read_unit), Schema({"enum": list(UNITS)})]
    meaning: Text
    kind: Literal["known", "uncertain", "judgement"]
    value: Quantity
    source: str = ""
    drives: Annotated[
        tuple[str, ...],
        PlainValidator(_read_drives),
        Schema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    ] = ()


class FitForm(BaseModel):
    """The form of configs/fit.yaml: how the fit was made, and the distributions that it found."""

    model_config = STRICT
    fit: dict[str, Annotated[int, Field(ge=0, le=10**12)] | Annotated[float, Field(ge=0, le=1e12)] | str]
    parameters: dict[str, Quantity]


class TheoryForm(BaseModel):
    """The form of a theory's file."""

    model_config = STRICT
    theory: OwnName
    purpose: Text
    readings: Annotated[
        dict[str, int],
        PlainValidator(read_readings),
        Schema({"type": "object", "properties": {m: {"enum": list(words)} for m, words in READINGS.items()}}),
    ] = {}


class _ParametersForm(RootModel[dict[str, ParameterForm]]):
    """The form of a table of parameters: the form of one by name."""
