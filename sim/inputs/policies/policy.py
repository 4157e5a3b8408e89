"""Policies: rules of one actor, read from YAML, written as a decision table, said in English, checked for sense.

The first matching rule of a lane acts; ``otherwise`` says what a lane does when none matches. A policy may extend
another of the same actor: its maps merge with the other's, its list of rules replaces the other's, and ``change`` and
``add`` change single rules of it.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, BaseModel, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from sim.errors import InputError, Mistake, Problem, Rejected, described, quoted, unknown
from sim.inputs.distributions.quantities import Distribution, Quantity, is_distribution
from sim.inputs.naming import LONGEST_NAME
from sim.inputs.policies.conditions import ALWAYS, AND, Bounds, Condition, Junction, covered, parse, verdict
from sim.inputs.policies.extends import Lost, laid, lost_lanes
from sim.inputs.policies.means import CHANGES, SEEN_MEANS, as_readily
from sim.inputs.yaml.document import Document, Mark
from sim.inputs.yaml.extends import extended
from sim.inputs.yaml.files import find
from sim.inputs.yaml.forms import STRICT, OwnName, Text, validate
from sim.inputs.yaml.text import read
from sim.names.actions import ACTIONS, LANES, MAX_LANES, Action, Option
from sim.names.address import address
from sim.names.mechanisms import MECHANISMS
from sim.names.perceptions import Perception, perceptions_of
from sim.names.tables import FOREVER, MAX_CODE, MAX_RULES, POLICY

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_PREDICTION = re.compile(r"P\d\d")
_SOURCE = re.compile(r"\S+-\d{4}\b.*\[\d+\].*|(judgement|inference): .*\S.*", re.DOTALL)
_MECHANISM_NUMBERS = {mechanism.id: k + 1 for k, mechanism in enumerate(MECHANISMS)}


@dataclass(frozen=True)
class Deed:
    """An action of an actor with its options: what a rule does. ``number`` is its place among the actor's actions."""

    number: int
    action: Action
    options: tuple[float, ...]


@dataclass(frozen=True)
class Rule:
    """One rule of a policy; ``place``, ``cited`` and ``condition`` are where it, its claims and its ``when`` stand."""

    name: str
    deed: Deed
    place: Mark
    when: Condition | None = None
    probability: float = 1.0
    cooldown: int = 0
    once: bool = False
    after: datetime.date | None = None
    until: datetime.date | None = None
    claims: tuple[str, ...] = ()
    cited: Mark | None = None
    condition: Mark | None = None

    @property
    def lane(self) -> str:
        """Return the lane of the rule's action."""
        return self.deed.action.lane

    def as_plain(self) -> dict[str, Any]:
        """Return plain values of all that can move a result."""
        return {
            "name": self.name,
            "when": self.when.text if self.when else None,
            "do": self.deed.action.name,
            "with": list(self.deed.options),
            "probability": self.probability,
            "cooldown": self.cooldown,
            "once": self.once,
            "after": self.after.isoformat() if self.after else None,
            "until": self.until.isoformat() if self.until else None,
        }


@dataclass(frozen=True)
class DecisionTable:
    """A policy as numbers: a record of dtype ``POLICY``, and what each world fills in.

    ``threshold_rows`` pairs a threshold's name with the row of ``table["code"]`` that takes its value. ``rule_names``
    are in the order of ``table["rules"]``; the defaults stand last, as ``otherwise: LANE``.
    """

    table: np.ndarray
    thresholds: dict[str, Distribution]
    threshold_rows: list[tuple[str, int]]
    rule_names: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """One actor's policy: its rules in order, its defaults by lane, its thresholds."""

    key: str
    name: str
    purpose: str
    rules: tuple[Rule, ...]
    otherwise: tuple[Rule, ...]
    thresholds: dict[str, Distribution]
    file: str
    threshold_places: dict[str, Mark] = field(default_factory=dict)
    lost: Lost | None = None

    @cached_property
    def all_rules(self) -> tuple[Rule, ...]:
        """Return all rules as the decision table has them: lane by lane, in each the rules and then the default."""
        lanes = LANES[self.key]
        return tuple(sorted(self.rules + self.otherwise, key=lambda rule: lanes.index(rule.lane)))

    @cached_property
    def _tables(self) -> dict[datetime.date, DecisionTable]:
        return {}

    def table(self, start: datetime.date) -> DecisionTable:
        """Return the decision table of the policy for a scenario that starts on ``start``, the same one each time."""
        if start not in self._tables:
            self._tables[start] = self._table(start)
        return self._tables[start]

    def _table(self, start: datetime.date) -> DecisionTable:
        table = np.zeros((), POLICY)
        table["n_rules"] = len(self.all_rules)
        lanes = [LANES[self.key].index(rule.lane) for rule in self.all_rules]
        table["lane_first"] = np.searchsorted(lanes, np.arange(MAX_LANES + 1))
        threshold_rows: list[tuple[str, int]] = []
        first = 0
        for k, rule in enumerate(self.all_rules):
            rows = rule.when.rows if rule.when else ()
            _fill_rule(table["rules"][k], rule, LANES[self.key].index(rule.lane), first, len(rows), start)
            for row in rows:
                table["code"][first] = (row.column, row.relation, row.value, row.yes, row.no)
                threshold_rows += [(row.threshold, first)] if row.threshold else []
                first += 1
        return DecisionTable(table, self.thresholds, threshold_rows, tuple(rule.name for rule in self.all_rules))

    def citations(self) -> list[tuple[str, str, Mark]]:
        """Return every claim that a rule cites, with the path and the place of the citation."""
        return [
            (claim, f"rules.{rule.name}.claim", rule.cited or rule.place)
            for rule in self.rules
            for claim in rule.claims
        ]

    def describe(self) -> list[str]:
        """Return the policy in numbered English sentences with their sources."""
        said = {name: distribution.text() for name, distribution in self.thresholds.items()}
        return [f"{k}. {sentence_of(rule, said)}" for k, rule in enumerate(self.rules + self.otherwise, 1)]

    def as_plain(self, sources: bool = True) -> dict[str, Any]:
        """Return plain values of the whole policy; without ``sources`` only of what can move a result."""
        plain: dict[str, Any] = {
            "policy": self.name,
            "actor": self.key,
            "thresholds": {name: d.as_plain(sources) for name, d in self.thresholds.items()},
            "rules": [rule.as_plain() | ({"claim": list(rule.claims)} if sources else {}) for rule in self.rules],
            "otherwise": {rule.lane: rule.as_plain() for rule in self.otherwise},
        }
        return plain | {"purpose": self.purpose} if sources else plain


def load_policy(key: str, name: str, beside: Path | None = None) -> Policy:
    """Return the policy called ``name`` of the actor ``key``, looked for in ``beside`` first; InputError if unknown."""
    try:
        path = find(f"{key} policy", name, beside)
    except Rejected as wrong:
        raise InputError(Problem(name, 1, 1, "", m.expected, m.got, m.hint) for m in wrong.mistakes) from None
    return load_policy_file(path, key)


def load_policy_file(path: Path | str, key: str | None = None) -> Policy:
    """Return the policy in the file at ``path``, which must be one of the actor ``key`` if that is given.

    Every problem of the file, and of those that it extends, is raised at once as an InputError.
    """
    return read_policy(read(path), key)


def read_policy(document: Document, key: str | None = None) -> Policy:
    """Return the policy that ``document`` holds, with what it extends."""
    named = document.values.get("actor") if isinstance(document.values, dict) else None
    actor = key or (named if named in list(ACTIONS) else "")
    chain = _with_bases(document, actor) if actor else (document,)
    whole = laid(chain, _is_leaf, actor)
    thresholds = whole.values.get("thresholds") if isinstance(whole.values, dict) else None
    context = {
        "actor": actor,
        "wanted": key or named,
        "stem": document.path.stem if document.path else "",
        "perceptions": perceptions_of(actor) if actor else {},
        "thresholds": list(thresholds) if isinstance(thresholds, dict) else [],
    }
    built = _built(validate(whole, PolicyForm, context), whole)
    return replace(built, lost=lost_lanes(chain, _is_leaf, actor))


def _with_bases(document: Document, actor: str) -> tuple[Document, ...]:
    """Return what ``document`` extends, the lowest first, itself last, all of it policies of one actor."""
    chain = extended(document, f"{actor} policy")
    for base, over in pairwise(chain):
        other = base.values.get("actor") if isinstance(base.values, dict) else None
        if other != actor:
            mistake = Mistake(f"a policy of '{actor}'", f"one of {described(other)}")
            raise InputError([*document.problems, over.problem(("extends",), mistake)])
    return chain


def _is_leaf(value: Any) -> bool:
    """Return whether a map is replaced as a whole: a distribution, or what a lane does otherwise."""
    return is_distribution(value) or "do" in value


# The form of a file ----------------------------------------------------------------------------------------------


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
    return parse(value, context["perceptions"], context["thresholds"]) if context["actor"] else None


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
    known = _MECHANISM_NUMBERS.keys()
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


# Thresholds and what they are compared with ----------------------------------------------------------------------


def beyond(policy: Policy, name: str, threshold: Distribution) -> Mistake | None:
    """Return the mistake of a threshold that no perception which it is compared with can reach in any world."""
    conditions = [rule.when for rule in policy.rules if rule.when]
    seen = list(dict.fromkeys(one for condition in conditions for one in condition.compared_with(name)))
    least, most = threshold.bounds()
    if not seen or any(_reaches(one, least, most) for one in seen):
        return None
    ranges = " or ".join(f"{one.name}, {_range_said(one)}" for one in seen)
    return Mistake(f"a value that what it is compared with can have ({ranges})", threshold.text())


def _reaches(perception: Perception, least: float, most: float) -> bool:
    low, high = perception.low, perception.high
    return (low is None or most >= low) and (high is None or least <= high)


def _range_said(perception: Perception) -> str:
    if perception.low is None or perception.high is None:
        return f"{perception.low:g} or more" if perception.low is not None else f"at most {perception.high:g}"
    return f"{perception.low:g} to {perception.high:g}"


# From form to policy ---------------------------------------------------------------------------------------------


def _built(form: PolicyForm, document: Document) -> Policy:
    rules = tuple(_rule(form.actor, rule, k, document) for k, rule in enumerate(form.rules))
    otherwise = tuple(
        Rule(f"otherwise: {lane}", _deed(form.actor, *form.otherwise[lane]), document.mark(("otherwise", lane)))
        for lane in LANES[form.actor]
        if lane in form.otherwise
    )
    places = {name: document.mark(("thresholds", name)) for name in form.thresholds}
    policy = Policy(
        form.actor, form.policy, form.purpose, rules, otherwise, dict(form.thresholds), document.file, places
    )
    _refuse_too_many(policy, document)
    wrong = {name: beyond(policy, name, threshold) for name, threshold in policy.thresholds.items()}
    if any(wrong.values()):
        raise InputError(document.problem(("thresholds", name), m) for name, m in wrong.items() if m)
    return policy


def _rule(actor: str, form: RuleForm, k: int, document: Document) -> Rule:
    return Rule(
        form.name,
        _deed(actor, form.do, form.options),
        document.mark(("rules", k)),
        form.when,
        float(form.probability),
        form.cooldown,
        form.once,
        form.after,
        form.until,
        form.claim,
        document.mark(("rules", k, "claim")),
        document.mark(("rules", k, "when")),
    )


def _deed(actor: str, number: int, given: Mapping[str, float]) -> Deed:
    action = ACTIONS[actor][number]
    return Deed(number, action, tuple(float(given.get(option.name, option.default)) for option in action.options))


def _refuse_too_many(policy: Policy, document: Document) -> None:
    """Raise InputError for more rules or conditions than a world has room for."""
    n_rules = len(policy.all_rules)
    n_rows = sum(len(rule.when.rows) for rule in policy.rules if rule.when)
    mistakes = []
    if n_rules > MAX_RULES:
        mistakes.append(Mistake(f"at most {MAX_RULES} rules and defaults", str(n_rules)))
    if n_rows > MAX_CODE:
        mistakes.append(Mistake(f"at most {MAX_CODE} comparisons in all", str(n_rows)))
    if mistakes:
        raise InputError(document.problem(("rules",), mistake) for mistake in mistakes)


def _fill_rule(row: Any, rule: Rule, lane: int, first: int, length: int, start: datetime.date) -> None:
    row["lane"], row["action"], row["first"], row["length"] = lane, rule.deed.number, first, length
    row["key"] = address(rule.name)
    row["probability"], row["cooldown"], row["once"] = rule.probability, rule.cooldown, int(rule.once)
    row["after"] = (rule.after - start).days if rule.after else 0
    row["until"] = (rule.until - start).days if rule.until else FOREVER
    row["limited"] = int(bool(rule.after or rule.until or rule.once or rule.cooldown))
    row["claim"] = next((_MECHANISM_NUMBERS[c] for c in rule.claims if c in _MECHANISM_NUMBERS), 0)
    row["options"][: len(rule.deed.options)] = rule.deed.options


# English ---------------------------------------------------------------------------------------------------------


def sentence_of(rule: Rule, thresholds: Mapping[str, str]) -> str:
    """Return one rule as a sentence: when, what, how often, on whose word."""
    if rule.name.startswith("otherwise: "):
        return f"Otherwise ({rule.lane}): {_deed_said(rule.deed)}."
    when = f"When {rule.when.english(thresholds)}: " if rule.when else "Always: "
    sources = f" [{'; '.join(rule.claims)}]" if rule.claims else ""
    return f"{rule.name}. {when}{', '.join([_deed_said(rule.deed), *_limits_said(rule)])}.{sources}"


def _deed_said(deed: Deed) -> str:
    options = "; ".join(
        f"{option.meaning}: {_option_said(option, value)}"
        for option, value in zip(deed.action.options, deed.options, strict=True)
    )
    return deed.action.meaning + (f" ({options})" if options else "")


def _option_said(option: Option, value: float) -> str:
    if option.choices:
        return option.choices[int(value)].replace("_", " ")
    return f"{value:,.6g}" + (f" {option.unit}" if option.unit in ("people", "days") else "")


def _limits_said(rule: Rule) -> list[str]:
    said = []
    if rule.probability < 1:
        said.append(f"with probability {rule.probability:g}")
    if rule.once:
        said.append("once only")
    if rule.cooldown:
        said.append(f"then not again for {rule.cooldown} days")
    said += [f"from {rule.after} on"] if rule.after else []
    return said + ([f"until {rule.until}"] if rule.until else [])


# Sense -----------------------------------------------------------------------------------------------------------


def lint(policy: Policy) -> list[Problem]:
    """Return warnings: rules that can never act or say nothing, rules without a claim, thresholds never used."""
    bounds = {name: distribution.bounds() for name, distribution in policy.thresholds.items()}
    warnings: list[Problem] = []
    for k, rule in enumerate(policy.rules):
        warnings += _of_condition(rule, bounds)
        warnings += _without_means(policy.key, rule, bounds)
        if rule.probability == 0:
            warnings.append(_warning(rule, "a probability above 0", "0: the rule never acts"))
        if not rule.claims:
            warnings.append(_warning(rule, "a claim: what the rule rests on", "nothing"))
        warnings += _shadow(policy.key, rule, policy.rules[:k], bounds)
    for rule in policy.otherwise:
        warnings += _shadow(policy.key, rule, policy.rules, bounds)
    return warnings + _lost(policy) + _unused(policy)


def _lost(policy: Policy) -> list[Problem]:
    """Return a warning where a list of rules leaves lanes empty in which the policy that is extended has rules."""
    if policy.lost is None:
        return []
    lanes, base, place = policy.lost.lanes, policy.lost.base, policy.lost.place
    expected = f"rules in every lane in which '{base}' has some"
    got = f"none in {', '.join(lanes)}, as 'rules' replaces its whole list"
    hint = "'change' and 'add' keep the rest; or say under 'otherwise' what these lanes do"
    return [Problem(place.file, place.key_line, place.key_column, "rules", expected, got, hint)]


def _of_condition(rule: Rule, bounds: Bounds) -> list[Problem]:
    """Return a warning for a condition that never holds, and for one that says nothing as it always does."""
    holds = verdict(rule.when, bounds) if rule.when else ""
    if not holds or rule.when is None:
        return []
    if holds == "never":
        return [_warning(rule, "a condition that can hold", quoted(rule.when.text), rule.condition)]
    expected = "a condition that may fail (leave 'when' out for always)"
    return [_warning(rule, expected, f"{quoted(rule.when.text)}, which always holds", rule.condition)]


def _without_means(key: str, rule: Rule, bounds: Bounds) -> list[Problem]:
    """Return a warning for a condition under which the rule's action lacks its means, or changes nothing."""
    if rule.when is None or verdict(rule.when, bounds) == "never":
        return []
    action, got = rule.deed.action.name, quoted(rule.when.text)
    lacked = [need for need in SEEN_MEANS[key].get(action, ()) if _contradict(key, rule.when, need, bounds)]
    if lacked:
        expected = f"a condition under which '{action}' has its means ({' and '.join(lacked)})"
        return [_warning(rule, expected, f"{got}: the rule can never act", rule.condition)]
    changes = CHANGES.get(key, {}).get(action)
    if changes and _contradict(key, rule.when, changes, bounds):
        expected = f"a condition under which '{action}' changes something ({changes})"
        return [_warning(rule, expected, f"{got}: it is of no use then", rule.condition)]
    return []


def _contradict(key: str, when: Condition, need: str, bounds: Bounds) -> bool:
    """Return whether it is certain that a condition and a need do not hold together."""
    tree = Junction(AND, (when.tree, parse(need, perceptions_of(key)).tree))
    return verdict(Condition(need, tree), bounds) == "never"


def _shadow(key: str, rule: Rule, earlier: tuple[Rule, ...], bounds: Bounds) -> list[Problem]:
    """Return a warning for a rule that never has its turn: whenever it would, one before it in its lane acts."""
    certain = [
        one for one in earlier
        if one.lane == rule.lane and _unlimited(one) and as_readily(key, one.deed.action.name, rule.deed.action.name)
    ]  # fmt: skip
    whole = [one for one in certain if covered(rule.when, [one.when] if one.when else [ALWAYS], bounds)]
    if whole:
        return [_warning(rule, "a rule that can have its turn", f"one behind '{whole[0].name}', which acts first")]
    if len(certain) > 1 and covered(rule.when, [one.when for one in certain if one.when], bounds):
        names = " and ".join(f"'{one.name}'" for one in certain)
        return [_warning(rule, "a rule that can have its turn", f"one behind {names}, one of which acts first")]
    return []


def _unlimited(rule: Rule) -> bool:
    dated = rule.after is not None or rule.until is not None
    return rule.probability == 1 and not (rule.cooldown or rule.once or dated)


def _warning(rule: Rule, expected: str, got: str, at: Mark | None = None) -> Problem:
    place = at or rule.place
    return Problem(place.file, place.line, place.column, f"rules.{rule.name}", expected, got)


def _unused(policy: Policy) -> list[Problem]:
    """Return a warning for each threshold of the policy's own file that no rule uses; what it inherits may lie idle."""
    used = {name for rule in policy.rules if rule.when for name in rule.when.thresholds}
    own = {name: policy.threshold_places.get(name) or Mark(policy.file, 1, 1, 1, 1) for name in policy.thresholds}
    return [_unused_one(mark, name) for name, mark in own.items() if name not in used and mark.file == policy.file]


def _unused_one(mark: Mark, name: str) -> Problem:
    expected = "a threshold that some rule uses"
    return Problem(
        mark.file, mark.key_line, mark.key_column, f"thresholds.{name}", expected, f"'{name}', which none does"
    )
