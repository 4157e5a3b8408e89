"""The form of a policy file: what stands in a rule, and what is wrong with what does not."""

import datetime
import re
from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from sim.errors import Mistake, Rejected, described, unknown
from sim.inputs.allowed_names import LONGEST_NAME
from sim.inputs.distributions.quantities import Distribution, Quantity
from sim.inputs.policies.condition_parser import parse_condition
from sim.inputs.policies.conditions import Condition
from sim.inputs.yaml.forms import STRICT, OwnName, Text
from sim.names.actions import ACTIONS, LANES, Action, Option
from sim.names.mechanisms import MECHANISMS
from sim.names.tables import FOREVER

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_PREDICTION = re.compile(r"P\d\d")
_SOURCE = re.compile(r"\S+-\d{4}\b.*\[\d+\].*|(judgement|inference): .*\S.*", re.DOTALL)
MECHANISM_NUMBERS = {mechanism.id: k + 1 for k, mechanism in enumerate(MECHANISMS)}


def _read_name(value: Any) -> str:
    if not isinstance(value, str) or not _KEBAB.fullmatch(value) or len(value) > LONGEST_NAME:
        raise Rejected(
            Mistake("a name in small letters, digits and hyphens, such as answer-the-dead", described(value))
        )
    return value


def _read_when(value: Any, info: ValidationInfo) -> Condition | None:
    context = _context(info)
    if not isinstance(value, str):
        raise Rejected(Mistake("a condition such as us_killed_7d >= 1 (leave 'when' out for always)", described(value)))
    return parse_condition(value, context["perceptions"], context["thresholds"]) if context["actor"] else None


def _read_action(value: Any, info: ValidationInfo) -> int:
    """Return the number of the action that a word names."""
    actor = _context(info)["actor"]
    names = [action.name for action in ACTIONS.get(actor, ())]
    if value in names:
        return names.index(value)
    if not actor and isinstance(value, str):
        return 0
    others = [key for key, actions in ACTIONS.items() if any(action.name == value for action in actions)]
    mistake = unknown(value, names, f"an action of '{actor}'")
    hint = f"'{value}' is an action of '{others[0]}'" if others else mistake.hint
    raise Rejected(replace(mistake, hint=hint))


def _read_options(value: Any, info: ValidationInfo) -> dict[str, float]:
    number = info.data.get("do")
    if not isinstance(value, dict):
        raise Rejected(Mistake("a map of options", described(value)))
    actor = _context(info)["actor"]
    return options_of(ACTIONS[actor][number], value, ()) if actor and number is not None else {}


def options_of(action: Action, given: dict[str, Any], at: tuple[str, ...]) -> dict[str, float]:
    """Return the numbers of the options that are given; all that is wrong with them as one Rejected."""
    options = {option.name: option for option in action.options}
    numbers: dict[str, float] = {}
    mistakes: list[Mistake] = []
    for name, value in given.items():
        if name not in options:
            what = f"an option of '{action.name}'" if options else f"no options, as '{action.name}' has none"
            mistakes.append(
                unknown(name, options, what, at) if options else Mistake(what, f"'{name}'", "", (*at, name))
            )
            continue
        try:
            numbers[name] = option_value(options[name], value)
        except Rejected as wrong:
            mistakes += [replace(mistake, at=(*at, name)) for mistake in wrong.mistakes]
    if mistakes:
        raise Rejected(*mistakes)
    return numbers


def option_value(option: Option, value: Any) -> float:
    """Return the number that the record holds for an option's value; what the option does not allow is Rejected."""
    if option.choices:
        if not isinstance(value, str) or value not in option.choices:
            raise Rejected(unknown(value, option.choices))
        return float(option.choices.index(value))
    between = f"a number from {option.low:g} to {option.high:g}" + (f" ({option.unit})" if option.unit else "")
    if isinstance(value, bool) or not isinstance(value, int | float) or not option.low <= value <= option.high:
        raise Rejected(Mistake(between, described(value)))
    return float(value)


def read_claims(value: Any) -> tuple[str, ...]:
    """Return the claims that a word or a list cites: mechanisms, predictions, judgements, paragraphs of documents."""
    claims = value if isinstance(value, list) else [value]
    mistakes = [_claim_mistake(claim, (k,) if isinstance(value, list) else ()) for k, claim in enumerate(claims)]
    if any(mistakes):
        raise Rejected(*[mistake for mistake in mistakes if mistake])
    return tuple(claims)


def _claim_mistake(claim: Any, at: tuple[int, ...]) -> Mistake | None:
    expected = "M01 to M61, P01 and so on, 'judgement: why', or a source such as 'restraint-2020 [46]'"
    known = MECHANISM_NUMBERS.keys()
    if isinstance(claim, str) and (claim in known or _PREDICTION.fullmatch(claim) or _SOURCE.fullmatch(claim)):
        return None
    return Mistake(expected, described(claim), at=at)


def _read_otherwise(value: Any, info: ValidationInfo) -> dict[str, tuple[int, dict[str, float]]]:
    """Return the action and options of each lane's default."""
    actor = _context(info)["actor"]
    if not isinstance(value, dict):
        raise Rejected(Mistake("a map of lanes", described(value)))
    if not actor:
        return {}
    read_ones: dict[str, tuple[int, dict[str, float]]] = {}
    mistakes: list[Mistake] = []
    for lane, given in value.items():
        try:
            read_ones[lane] = _read_default(actor, lane, given)
        except Rejected as wrong:
            mistakes += wrong.mistakes
    if mistakes:
        raise Rejected(*mistakes)
    return read_ones


def _read_default(actor: str, lane: str, given: Any) -> tuple[int, dict[str, float]]:
    if lane not in LANES[actor]:
        raise Rejected(unknown(lane, LANES[actor], f"a lane of '{actor}'", ()))
    spot: tuple[str, ...] = (lane, "do") if isinstance(given, dict) else (lane,)
    name: Any = given
    options: dict[str, Any] = {}
    if isinstance(given, dict):
        name, options = _action_and_options(given, lane)
    numbers = {action.name: k for k, action in enumerate(ACTIONS[actor]) if action.lane == lane}
    if name not in list(numbers):
        raise Rejected(replace(unknown(name, numbers, f"an action of lane '{lane}'"), at=spot))
    return numbers[name], options_of(ACTIONS[actor][numbers[name]], options, (lane, "with"))


def _action_and_options(given: dict[str, Any], lane: str) -> tuple[Any, dict[str, Any]]:
    for key in given:
        if key not in ("do", "with"):
            raise Rejected(unknown(key, ("do", "with"), "", (lane,)))
    options = given.get("with", {})
    if not isinstance(options, dict):
        raise Rejected(Mistake("a map of options", described(options), at=(lane, "with")))
    return given.get("do"), options


def _fitting_thresholds(value: dict[str, Distribution], info: ValidationInfo) -> dict[str, Distribution]:
    """Return thresholds whose names can stand in a condition and mean nothing else there."""
    taken = set(_context(info)["perceptions"]) | {"and", "or", "not", "is", "in", "if", "else", "lambda", "for"}
    for name in value:
        if name in taken or not _IDENTIFIER.fullmatch(name) or len(name) > LONGEST_NAME:
            expected = "a new name in small letters, digits and underscores"
            raise Rejected(Mistake(expected, described(name), at=(name,), of_key=True))
    return value


def _names_once(rules: "list[RuleForm]") -> "list[RuleForm]":
    seen: set[str] = set()
    for k, rule in enumerate(rules):
        if rule.name in seen:
            raise Rejected(Mistake("a name that no other rule of the policy has", described(rule.name), at=(k, "name")))
        seen.add(rule.name)
    return rules


def _is_actor(value: Any, info: ValidationInfo) -> str:
    wanted = _context(info)["wanted"]
    if value not in list(ACTIONS):
        raise Rejected(unknown(value, ACTIONS))
    if wanted and value != wanted:
        raise Rejected(Mistake(f"a policy of '{wanted}'", f"one of '{value}'"))
    return str(value)


def _context(info: ValidationInfo) -> dict[str, Any]:
    return info.context or {"actor": "", "wanted": "", "stem": "", "perceptions": {}, "thresholds": []}


_TEXT = WithJsonSchema({"type": "string"})
_MAP = WithJsonSchema({"type": "object"})
Claims = Annotated[
    tuple[str, ...],
    PlainValidator(read_claims),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class RuleForm(BaseModel):
    """The form of one rule."""

    model_config = STRICT
    name: Annotated[str, PlainValidator(_read_name), _TEXT]
    when: Annotated[Condition | None, PlainValidator(_read_when), _TEXT] = None
    do: Annotated[int, PlainValidator(_read_action), _TEXT]
    options: Annotated[dict[str, float], PlainValidator(_read_options), _MAP] = Field(default={}, alias="with")
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    cooldown: Annotated[int, Field(ge=0, le=FOREVER)] = 0
    once: bool = False
    after: datetime.date | None = None
    until: datetime.date | None = None
    claim: Claims = ()

    @model_validator(mode="after")
    def _dates_in_order(self) -> "RuleForm":
        if self.after and self.until and self.until < self.after:
            raise Rejected(Mistake(f"a date from {self.after} on", str(self.until), at=("until",)))
        return self


class ChangeForm(BaseModel):
    """The form of what is different in a rule of the policy that is extended; for schemas, as rules are laid before."""

    model_config = STRICT


class AddedForm(RuleForm):
    """The form of a rule that is added to those of the policy that is extended."""

    before: str = ""


class PolicyForm(BaseModel):
    """The form of a policy file."""

    model_config = STRICT
    policy: OwnName
    actor: Annotated[str, PlainValidator(_is_actor), WithJsonSchema({"enum": list(ACTIONS)})]
    purpose: Text
    extends: str | None = None
    thresholds: Annotated[dict[str, Quantity], AfterValidator(_fitting_thresholds)] = {}
    rules: Annotated[list[RuleForm], AfterValidator(_names_once)] = []
    change: dict[str, ChangeForm | None] = {}
    add: list[AddedForm] = []
    otherwise: Annotated[dict[str, tuple[int, dict[str, float]]], PlainValidator(_read_otherwise), _MAP] = {}
