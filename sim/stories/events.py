"""What a story is made of: the events of a world's record, sentences that tell them, and the rule that one followed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sim.inputs.resolve import Inputs
from sim.names.tables import MAX_RULES


class Event(NamedTuple):
    """One line of a world's record of events; see ``LOG`` in ``sim.world.record``."""

    id: int
    day: int
    kind: int
    actor: int
    target: int
    place: int
    size: float
    detail: float
    cause: int
    rule: int
    claim: int
    site: int


@dataclass(frozen=True)
class CitedRule:
    """The rule of a policy that an event followed: the actor's key, the policy, the rule, what the rule cites."""

    actor: str
    policy: str
    rule: str
    claims: tuple[str, ...]

    def __str__(self) -> str:
        """Return the rule and its claims in a few words."""
        return "; ".join([f"{self.actor} {self.policy}: {self.rule}", *self.claims])


@dataclass(frozen=True)
class Sentence:
    """One dated sentence: the events that it tells, those that they answer, and on whose word.

    ``order`` is the event by whose number it stands among the sentences of its day.
    """

    day: int
    date: date
    text: str
    kind: str
    events: tuple[int, ...]
    causes: tuple[int, ...] = ()
    rule: CitedRule | None = None
    mechanism: str = ""
    scripted: str = ""
    order: int = 0

    @property
    def source(self) -> str:
        """Return rule, claims and mechanism in a few words; nothing where none is named."""
        words = [f"scenario: {self.scripted}"] if self.scripted else []
        words += [str(self.rule)] if self.rule else []
        named = self.rule.claims if self.rule else ()
        return "; ".join(words + [self.mechanism] * bool(self.mechanism and self.mechanism not in named))

    def plain(self) -> dict[str, Any]:
        """Return the sentence as plain values."""
        rule = self.rule and {
            "actor": self.rule.actor, "policy": self.rule.policy, "rule": self.rule.rule,
            "claims": list(self.rule.claims),
        }  # fmt: skip
        return {
            "day": self.day, "date": self.date.isoformat(), "text": self.text, "kind": self.kind,
            "events": list(self.events), "causes": list(self.causes), "rule": rule,
            "mechanism": self.mechanism or None, "scripted": self.scripted or None,
        }  # fmt: skip


def cited_rule(inputs: Inputs, rule: int) -> CitedRule | None:
    """Return the rule that an event names: 1 + seat * MAX_RULES + the rule's place in the seat's policy."""
    if rule <= 0:
        return None
    seat, place = divmod(rule - 1, MAX_RULES)
    policy = inputs.policies[inputs.policy_of[seat]]
    return CitedRule(policy.key, policy.name, policy.all_rules[place].name, policy.all_rules[place].claims)
