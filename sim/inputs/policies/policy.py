"""Policies: rules of one actor, read from YAML, written as a decision table.

The first matching rule of a lane acts; ``otherwise`` says what a lane does when none matches. A policy may extend
another of the same actor: its maps merge with the other's, its list of rules replaces the other's, and ``change`` and
``add`` change single rules of it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, Mistake, described
from sim.inputs.distributions.quantities import Distribution, is_distribution
from sim.inputs.policies.conditions import Condition
from sim.inputs.policies.extends import EmptiedLanes, emptied_lanes, laid
from sim.inputs.policies.form import MECHANISM_NUMBERS, PolicyForm, RuleForm
from sim.inputs.yaml.document import Document, Mark
from sim.inputs.yaml.extends import extended
from sim.inputs.yaml.forms import validate
from sim.inputs.yaml.text import read
from sim.names.actions import ACTIONS, LANES, MAX_LANES, Action
from sim.names.address import address
from sim.names.perceptions import Perception, perceptions_of
from sim.names.tables import FOREVER, MAX_CODE, MAX_RULES, POLICY


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


@dataclass(frozen=True, repr=False)
class Policy:
    """One actor's policy: its rules in order, its defaults by lane, its thresholds.

    Examples
    --------
    >>> import sim
    >>> sim.Policy.load("us/restraint").key
    'us'
    """

    key: str
    name: str
    purpose: str
    rules: tuple[Rule, ...]
    otherwise: tuple[Rule, ...]
    thresholds: dict[str, Distribution]
    file: str
    threshold_places: dict[str, Mark] = field(default_factory=dict)
    emptied: EmptiedLanes | None = None

    @classmethod
    def load(cls, name_or_path: str | Path) -> "Policy":
        """Return a policy by its name, by ``ACTOR/NAME``, or by the path of its file, as ``named.policy_named``."""
        from sim.inputs.policies.named import policy_named  # it reads policies

        return policy_named(str(name_or_path))

    def __repr__(self) -> str:
        """Return its actor and name, and of how many rules and thresholds it is."""
        rules, thresholds = len(self.rules), len(self.thresholds)
        return f"<Policy {self.key}/{self.name}: {rules} rules, {thresholds} threshold{'s' * (thresholds != 1)}>"

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

    def as_plain(self, sources: bool = True) -> dict[str, Any]:
        """Return plain values of the whole policy; without ``sources`` only of what can move a result.

        They are the same ones each time, and not to be changed.
        """
        return self._plain_with_sources if sources else self._plain

    @cached_property
    def _plain_with_sources(self) -> dict[str, Any]:
        return self._as_plain(True)

    @cached_property
    def _plain(self) -> dict[str, Any]:
        return self._as_plain(False)

    def _as_plain(self, sources: bool) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "policy": self.name,
            "actor": self.key,
            "thresholds": {name: d.as_plain(sources) for name, d in self.thresholds.items()},
            "rules": [rule.as_plain() | ({"claim": list(rule.claims)} if sources else {}) for rule in self.rules],
            "otherwise": {rule.lane: rule.as_plain() for rule in self.otherwise},
        }
        return plain | {"purpose": self.purpose} if sources else plain


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
    return replace(built, emptied=emptied_lanes(chain, _is_leaf, actor))


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
    row["claim"] = next((MECHANISM_NUMBERS[c] for c in rule.claims if c in MECHANISM_NUMBERS), 0)
    row["options"][: len(rule.deed.options)] = rule.deed.options
