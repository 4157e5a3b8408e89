"""Policies laid on others: all rules replaced by ``rules``, or single ones changed, dropped and added.

``change`` has by the name of a rule of the other policy what is different in it, null to drop it; ``add`` has rules of
its own, which stand in front of the others, or before the one that ``before`` names (``otherwise``: behind all).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.errors import Mistake, Problem, Rejected, described, unknown
from sim.inputs.yaml.document import Document, Mark, Where
from sim.inputs.yaml.extends import Leaf, merge
from sim.names.actions import ACTIONS

#: What ``before`` says of a rule that stands behind all others.
LAST = "otherwise"
_KEYS = ("change", "add")


@dataclass(frozen=True)
class EmptiedLanes:
    """The lanes in which a policy has lost all rules of the one that it extends, as it lists rules of its own."""

    lanes: tuple[str, ...]
    base: str
    place: Mark


def laid(chain: tuple[Document, ...], leaf: Leaf, actor: str) -> Document:
    """Return the last document of a chain of policies laid on the others in turn."""
    whole = _alone(chain[0])
    for over in chain[1:]:
        whole = _laid_on(whole, over, leaf, actor)
    return whole


def emptied_lanes(chain: tuple[Document, ...], leaf: Leaf, actor: str) -> EmptiedLanes | None:
    """Return the lanes whose rules the last document of a chain drops without a word, by a list of its own."""
    over = chain[-1]
    if len(chain) < 2 or not isinstance(over.values, dict) or "rules" not in over.values:
        return None
    base = laid(chain[:-1], leaf, actor)
    said = over.values.get("otherwise")
    kept = {*_lanes(over, actor), *(said if isinstance(said, dict) else ())}
    lanes = tuple(dict.fromkeys(lane for lane in _lanes(base, actor) if lane not in kept))
    return EmptiedLanes(lanes, str(over.values.get("extends")), over.mark(("rules",))) if lanes else None


def _lanes(document: Document, actor: str) -> Iterator[str]:
    rules = document.values.get("rules") if isinstance(document.values, dict) else None
    for rule in rules if isinstance(rules, list) else ():
        lane = _lane(rule, actor)
        if lane:
            yield lane


def _lane(rule: Any, actor: str) -> str:
    done = rule.get("do") if isinstance(rule, dict) else None
    return next((action.lane for action in ACTIONS[actor] if action.name == done), "")


def _alone(document: Document) -> Document:
    """Return a policy that extends nothing; there is nothing in it to change, or to add to."""
    if not isinstance(document.values, dict):
        return document
    wrong = [
        document.problem((key,), Mistake("'extends' above it, or 'rules' instead", f"'{key}' alone", of_key=True))
        for key in _KEYS if key in document.values
    ]  # fmt: skip
    return _without(document, wrong)


def _without(document: Document, problems: list[Problem]) -> Document:
    """Return a document without ``change`` and ``add``."""
    values = {key: value for key, value in document.values.items() if key not in _KEYS}
    return replace(document, values=values, problems=(*document.problems, *problems))


def _laid_on(base: Document, over: Document, leaf: Leaf, actor: str) -> Document:
    if not isinstance(over.values, dict) or not isinstance(base.values, dict):
        return merge(base, over, leaf)
    asked = [key for key in _KEYS if key in over.values]
    if asked and "rules" in over.values:
        got = f"'{asked[0]}' beside 'rules'"
        mistake = Mistake("either 'rules', which replaces the list, or 'change' and 'add'", got, of_key=True)
        return merge(base, _without(over, [over.problem((asked[0],), mistake)]), leaf)
    whole = merge(base, _without(over, []), leaf)
    rules = base.values.get("rules", [])
    names = [rule.get("name") if isinstance(rule, dict) else None for rule in rules] if isinstance(rules, list) else []
    if not asked or not isinstance(rules, list) or None in names or len(set(map(str, names))) < len(names):
        return whole  # what is wrong with the list itself is told when its form is checked
    return _Rules(whole, over, actor).laid()


class _Rules:
    """The rules of a policy by name, each with its marks, while another policy changes them."""

    def __init__(self, base: Document, over: Document, actor: str) -> None:
        self.base, self.over, self.actor = base, over, actor
        self.problems: list[Problem] = []
        self.rules: dict[str, dict[str, Any]] = {}
        self.marks: dict[str, dict[Where, Mark]] = {}
        for k, rule in enumerate(base.values.get("rules", [])):
            self.rules[str(rule["name"])] = rule
            self.marks[str(rule["name"])] = _marks_below(base, ("rules", k))

    def laid(self) -> Document:
        """Return the whole policy with its rules changed and added to."""
        self._change()
        self._add()
        marks = {spot: mark for spot, mark in self.base.marks.items() if spot[:1] != ("rules",)}
        marks[("rules",)] = self.base.marks.get(("rules",)) or self.over.mark(("add",))
        for k, name in enumerate(self.rules):
            marks |= {("rules", k, *spot): mark for spot, mark in self.marks[name].items()}
        values = self.base.values | {"rules": list(self.rules.values())}
        return replace(self.base, values=values, marks=marks, problems=(*self.base.problems, *self.problems))

    def _wrong(self, where: Where, mistake: Mistake) -> None:
        self.problems.append(self.over.problem(where, mistake))

    def _change(self) -> None:
        changes = self.over.values.get("change") or {}
        if not isinstance(changes, dict):
            self._wrong(("change",), Mistake("a map of rules by name", described(changes)))
            return
        for name, fields in changes.items():
            where: Where = ("change", name)
            if name not in self.rules:
                what = f"a rule of '{self.over.values.get('extends')}'"
                self._wrong(("change",), unknown(name, self.rules, what, ()))
            elif fields is None:
                del self.rules[name], self.marks[name]
            elif not isinstance(fields, dict):
                self._wrong(where, Mistake("a map of what is different, or null to drop the rule", described(fields)))
            elif "name" in fields:
                mistake = Mistake("what is different (a rule keeps its name)", "'name'", of_key=True, at=("name",))
                self._wrong(where, mistake)
            else:
                self._change_one(name, fields)

    def _change_one(self, name: str, fields: Mapping[str, Any]) -> None:
        """Lay fields on those of a rule: maps merge, null deletes; the options of another action are all new."""
        rule, marks = self.rules[name], self.marks[name]
        if fields.get("do", rule.get("do")) != rule.get("do"):
            rule = {key: value for key, value in rule.items() if key != "with"}
        below = Document(self.base.file, rule, marks)
        above = Document(self.over.file, dict(fields), _marks_below(self.over, ("change", name)))
        done = merge(below, above)
        self.rules[name], self.marks[name] = done.values, done.marks

    def _add(self) -> None:
        added = self.over.values.get("add") or []
        if not isinstance(added, list):
            self._wrong(("add",), Mistake("a list of rules", described(added)))
            return
        front = 0
        for k, rule in enumerate(added):
            try:
                front += self._add_one(k, rule, front)
            except Rejected as wrong:
                for mistake in wrong.mistakes:
                    self._wrong(("add", k), mistake)

    def _add_one(self, k: int, rule: Any, front: int) -> int:
        """Put a rule in its place, and return 1 if that is among those in front."""
        if not isinstance(rule, dict) or not isinstance(rule.get("name"), str):
            raise Rejected(Mistake("a rule with a name", described(rule)))
        name = rule["name"]
        if name in self.rules:
            hint = "'change' says what is different in a rule"
            raise Rejected(Mistake("a name that no other rule of the policy has", described(name), hint, ("name",)))
        at = front
        if "before" in rule:
            at = self._place(rule, rule["before"])
        fields = {key: value for key, value in rule.items() if key != "before"}
        marks = {spot: mark for spot, mark in _marks_below(self.over, ("add", k)).items() if spot != ("before",)}
        order = [*self.rules]
        order.insert(at, name)
        self.rules[name], self.marks[name] = fields, marks
        self.rules = {one: self.rules[one] for one in order}
        return int("before" not in rule)

    def _place(self, rule: Mapping[str, Any], before: Any) -> int:
        names = list(self.rules)
        if before == LAST:
            return len(names)
        if before not in names:
            raise Rejected(replace(unknown(before, [*names, LAST], "a rule of the policy"), at=("before",)))
        lanes = [_lane(one, self.actor) for one in (rule, self.rules[before])]
        if all(lanes) and lanes[0] != lanes[1]:
            got = f"'{before}', which is in {lanes[1]}: lanes do not disturb each other"
            raise Rejected(Mistake(f"a rule of the lane {lanes[0]}", got, at=("before",)))
        return names.index(before)


def _marks_below(document: Document, where: Where) -> dict[Where, Mark]:
    """Return the marks of what stands at ``where``, by their place below it."""
    return {spot[len(where) :]: mark for spot, mark in document.marks.items() if spot[: len(where)] == where}
