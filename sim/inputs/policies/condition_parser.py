"""Conditions of policy rules parsed from text.

The grammar: a perception compared with a number, a named threshold or a category; ``and``, ``or``, ``not``, brackets,
chained comparison (``1 <= us_killed_7d < 5``). A perception that is 0 or 1 may stand alone. Nothing is ever evaluated
as Python: the text is parsed, and a short list of its nodes is let through.
"""

import ast
import math
import re
from collections.abc import Collection

from sim.errors import Mistake, Rejected, nearest, quoted, unknown
from sim.inputs.expressions import Grammar, Source, comparisons, read, signed
from sim.inputs.policies.conditions import (
    AND,
    FLAG,
    NOT,
    OR,
    Comparison,
    Condition,
    Junction,
    Node,
    Perceptions,
    spelled,
)
from sim.names.perceptions import OWN_PERCEPTIONS, Perception
from sim.names.tables import AT_LEAST, AT_MOST, EQUAL, LESS, MORE, RELATIONS, UNEQUAL

#: Perceptions whose categories have an order, so that ``rung >= strike_in_kind`` means something.
ORDERED = ("rung", "highest_rung", "presence")
_GRAMMAR = Grammar(
    name="a condition",
    empty="a condition",
    example="a condition such as 'us_killed_7d >= 1'",
    parts="perceptions, numbers, < <= > >= == !=, and, or, not, brackets",
    strange=re.compile(r"[^A-Za-z0-9_ .<>=!()+\-\r\n\t]"),
    advice={
        "&": "write 'and'", "|": "write 'or'", "~": "write 'not'", "'": "write words without quotes",
        '"': "write words without quotes", "*": "there is no arithmetic", "/": "there is no arithmetic",
        "%": "write a share: 0.7 for 70 %", ",": "write 5200 for 5,200",
    },
)  # fmt: skip
#: What is often looked for and seen by nobody.
_UNSEEN = dict.fromkeys(
    ("talks_offered", "offer_made", "us_offers_talks"),
    "nobody sees an offer of talks: they open once both sides want them, and are seen as talks_open from then on",
)
_PYTHON_RELATIONS: dict[type[ast.cmpop], int] = {
    ast.Lt: LESS, ast.LtE: AT_MOST, ast.Gt: MORE, ast.GtE: AT_LEAST, ast.Eq: EQUAL, ast.NotEq: UNEQUAL,
}  # fmt: skip
_MIRRORED = {LESS: MORE, AT_MOST: AT_LEAST, MORE: LESS, AT_LEAST: AT_MOST, EQUAL: EQUAL, UNEQUAL: UNEQUAL}


def parse_condition(text: str, perceptions: Perceptions, thresholds: Collection[str] = ()) -> Condition:
    """Return the condition that ``text`` states; Rejected, with the place of every word at fault, if it states none."""

    def whole(source: Source) -> Node:
        reader = _ConditionReader(source, perceptions, thresholds)
        tree = reader.part(source.tree, 0)
        if reader.mistakes:
            raise Rejected(*dict.fromkeys(reader.mistakes))
        return tree

    tree = read(text, _GRAMMAR, lambda line: _category_hint(line, perceptions), whole)
    return Condition(" ".join(text.split()), tree)


def _category_hint(line: str, perceptions: Perceptions) -> str:
    """Return how the categories are written of a perception that a line names, the one that it means first."""
    named = [perceptions[word][1] for word in re.findall(r"\w+", line) if word in perceptions]
    for perception in named:
        for category in perception.categories:
            if spelled(category) != category and category in line:
                return f"write '{spelled(category)}' for '{category}'"
    words = [one for one in named if one.categories]
    return f"categories of '{words[0].name}': {', '.join(map(spelled, words[0].categories))}" if words else ""


class _ConditionReader:
    """Turns Python's syntax tree into a condition's, letting through only what the grammar knows.

    A part that cannot be read goes to ``mistakes``, so that the others are looked at too.
    """

    def __init__(self, source: Source, perceptions: Perceptions, thresholds: Collection[str]) -> None:
        self.wrong, self.refuse_depth = source.wrong, source.refuse_depth
        self.perceptions = perceptions
        self.thresholds = thresholds
        self.mistakes: list[Mistake] = []

    def part(self, source: ast.expr, depth: int) -> Node:
        """Return the tree of one part of a condition; where there is none, of nothing, with the mistakes noted."""
        try:
            return self.node(source, depth)
        except Rejected as wrong:
            self.mistakes += wrong.mistakes
            return Junction(AND, ())

    def node(self, source: ast.expr, depth: int) -> Node:
        """Return the tree of one part of a condition."""
        self.refuse_depth(source, depth)
        if isinstance(source, ast.BoolOp):
            parts = tuple(self.part(part, depth + 1) for part in source.values)
            return Junction(AND if isinstance(source.op, ast.And) else OR, parts)
        if isinstance(source, ast.UnaryOp) and isinstance(source.op, ast.Not):
            return Junction(NOT, (self.part(source.operand, depth + 1),))
        if isinstance(source, ast.Compare):
            return self._comparisons(source)
        return self._flag(source)

    def _flag(self, source: ast.expr) -> Node:
        """Return the comparison that a perception standing alone means."""
        if not isinstance(source, ast.Name):
            raise self.wrong(source, "a comparison such as 'us_killed_7d >= 1'", _kind_of(source))
        column, perception = self._perception(source)
        if perception.unit != FLAG:
            hint = f"write '{source.id} > 0' or the like"
            raise self.wrong(source, "a comparison", f"'{source.id}' alone, which is not 0 or 1", hint)
        return Comparison(perception, column, MORE, 0.0)

    def _comparisons(self, source: ast.Compare) -> Node:
        parts: list[Node] = []
        mistakes: list[Mistake] = []
        for left, relation, right in comparisons(source):
            try:
                parts.append(self._comparison(left, relation, right))
            except Rejected as wrong:
                mistakes += wrong.mistakes
        if mistakes:
            raise Rejected(*mistakes)
        return parts[0] if len(parts) == 1 else Junction(AND, tuple(parts))

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Comparison:
        relation = _PYTHON_RELATIONS.get(type(operator))
        if relation is None:
            raise self.wrong(right, "one of < <= > >= == !=", "'is' or 'in'")
        if self._names_perception(left):
            if self._names_perception(right):
                raise self.wrong(right, "a number, a threshold or a category", f"the perception {_kind_of(right)}")
            return self._against(left, relation, right)
        if self._names_perception(right):
            return self._against(right, _MIRRORED[relation], left)
        at_fault = next((term for term in (left, right) if not isinstance(term, ast.Constant)), right)
        raise self._unknown(at_fault)

    def _names_perception(self, term: ast.expr) -> bool:
        return isinstance(term, ast.Name) and term.id in self.perceptions

    def _perception(self, term: ast.expr) -> tuple[int, Perception]:
        if not isinstance(term, ast.Name) or term.id not in self.perceptions:
            raise self._unknown(term)
        return self.perceptions[term.id]

    def _unknown(self, term: ast.expr) -> Rejected:
        hint = self._hint(term.id) if isinstance(term, ast.Name) else ""
        if isinstance(term, ast.BinOp | ast.UnaryOp):
            return self.wrong(term, "a perception alone: conditions have no arithmetic", "arithmetic", hint)
        return self.wrong(term, "a perception that this actor has", _kind_of(term), hint)

    def _hint(self, word: str) -> str:
        """Return whose perception a word is instead, or the nearest word that may stand there."""
        if word in self.thresholds:
            return "compare a perception with a threshold"
        if word in _UNSEEN:
            return _UNSEEN[word]
        others = [actor for actor, own in OWN_PERCEPTIONS.items() if word in [p.name for p in own]]
        return f"only '{others[0]}' sees that" if others else nearest(word, [*self.perceptions, *self.thresholds])

    def _against(self, left: ast.expr, relation: int, right: ast.expr) -> Comparison:
        """Return the comparison of a perception with what stands on its other side."""
        column, perception = self._perception(left)
        if isinstance(right, ast.Name):
            return self._against_word(perception, column, relation, right)
        if perception.unit == "category":
            hint = f"write one of: {', '.join(map(spelled, perception.categories))}"
            raise self.wrong(right, f"a category of '{perception.name}'", _kind_of(right), hint)
        return Comparison(perception, column, relation, self._number(right))

    def _against_word(self, perception: Perception, column: int, relation: int, word: ast.Name) -> Comparison:
        words = [spelled(category) for category in perception.categories]
        if word.id.lower() in words:
            self._refuse_order(perception, relation, word)
            return Comparison(perception, column, relation, float(words.index(word.id.lower())))
        if word.id in self.thresholds and perception.unit != "category":
            return Comparison(perception, column, relation, 0.0, word.id)
        what = f"a category of '{perception.name}'" if words else "a number or a threshold of this policy"
        known = words or list(self.thresholds)
        mistake = unknown(word.id, known, what) if known else Mistake(what, f"'{word.id}'")
        raise self.wrong(word, mistake.expected, mistake.got, mistake.hint)

    def _refuse_order(self, perception: Perception, relation: int, word: ast.Name) -> None:
        if relation not in (EQUAL, UNEQUAL) and perception.name not in ORDERED:
            got = f"'{RELATIONS[relation]}' before a category that has no order"
            raise self.wrong(word, "'==' or '!='", got)

    def _number(self, term: ast.expr) -> float:
        sign, inner = signed(term)
        number = inner.value if isinstance(inner, ast.Constant) else None
        if isinstance(number, bool) or not isinstance(number, int | float):
            none = ": conditions have no arithmetic" if isinstance(inner, ast.BinOp | ast.UnaryOp) else ""
            raise self.wrong(inner, f"a number, a threshold or a category{none}", _kind_of(inner))
        try:
            value = sign * float(number)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.wrong(inner, "a finite number", "one beyond all bounds")
        return value


def _kind_of(source: ast.expr) -> str:
    """Return what a piece of Python is, for the ``got`` of an error."""
    if isinstance(source, ast.Constant):
        return quoted(str(source.value)) if len(repr(source.value)) < 40 else "a long number"
    if isinstance(source, ast.Name):
        return f"'{source.id}'"
    names = {ast.BinOp: "arithmetic", ast.UnaryOp: "arithmetic", ast.Call: "a call", ast.Attribute: "a dot in a name"}
    return next((name for kind, name in names.items() if isinstance(source, kind)), "something else")
