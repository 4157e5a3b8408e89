"""Constraints between the factors of a sweep: parsed from text, held against values.

The grammar is that of conditions: a factor compared with a number, a word or another factor; ``and``, ``or``, ``not``,
brackets, chained comparison. A word's hyphens may be written as they are, ``us == in-kind``; one that begins with a
digit stands in quotes. Nothing is ever evaluated as Python: the text is parsed, and a short list of its nodes let
through.
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.errors import Rejected, nearest, one_of, quoted
from sim.inputs.expressions import Grammar, Source, comparisons, read, signed
from sim.inputs.values import same_numbers

_HYPHENED = re.compile(r"(?<![\w'\"-])[A-Za-z_]\w*(-\w+)+")
_EXAMPLE = "a constraint such as 'us == restraint or us_troops < 5000'"
_GRAMMAR = Grammar(
    name="a constraint",
    empty=_EXAMPLE,
    example=_EXAMPLE,
    parts="factors, numbers, words, < <= > >= == !=, and, or, not, brackets",
    strange=re.compile(r"[^A-Za-z0-9_ .<>=!()+\-'\":\r\n\t]"),
    rewritten=lambda line: _HYPHENED.sub(lambda found: found.group().replace("-", "_"), line),
)

#: Beyond, numbers lose their last digits.
_LARGEST = 1e12


def _equal(one: Any, other: Any) -> Any:
    """Return whether two words are the same, or two numbers, or arrays of numbers, as they are meant."""
    return one == other if isinstance(one, str) or isinstance(other, str) else same_numbers(one, other)


_RELATIONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: lambda a, b: (a < b) & ~np.asarray(_equal(a, b)), ast.LtE: lambda a, b: (a < b) | _equal(a, b),
    ast.Gt: lambda a, b: (a > b) & ~np.asarray(_equal(a, b)), ast.GtE: lambda a, b: (a > b) | _equal(a, b),
    ast.Eq: _equal, ast.NotEq: lambda a, b: ~np.asarray(_equal(a, b)),
}  # fmt: skip


class Factor(NamedTuple):
    """What a constraint can speak of: its key among the values, and the words that it takes (none: numbers)."""

    key: str
    words: tuple[str, ...] = ()


class Term(NamedTuple):
    """One side of a comparison: the key of a factor, or a number or a word."""

    key: str
    value: float | str = 0.0

    def of(self, values: Mapping[str, Any]) -> Any:
        """Return the term's value where factors have these."""
        return values[self.key] if self.key else self.value


@dataclass(frozen=True)
class FactorComparison:
    """Two terms and what is to hold between them."""

    left: Term
    relation: Callable[[Any, Any], Any]
    right: Term

    def holds(self, values: Mapping[str, Any]) -> Any:
        """Return whether it holds: a truth, or an array of truths where values are arrays."""
        return self.relation(self.left.of(values), self.right.of(values))


@dataclass(frozen=True)
class FactorJunction:
    """Several parts of which all (``and``) or one at least (``or``) must hold, or one that must not (``not``)."""

    word: str
    parts: "tuple[FactorComparison | FactorJunction, ...]"

    def holds(self, values: Mapping[str, Any]) -> Any:
        """Return whether it holds."""
        truths = [part.holds(values) for part in self.parts]
        if self.word == "not":
            return np.logical_not(truths[0])
        return (np.logical_and if self.word == "and" else np.logical_or).reduce(truths)


@dataclass(frozen=True)
class Constraint:
    """A constraint that has been read: its text, its tree, and the keys of the factors that it speaks of."""

    text: str
    tree: FactorComparison | FactorJunction
    factors: tuple[str, ...]

    def holds(self, values: Mapping[str, Any]) -> Any:
        """Return whether it holds of values by factor: numbers, words as ``spelled``, or arrays of numbers."""
        return self.tree.holds(values)


def spelled(word: Any) -> str:
    """Return how a word is compared: in small letters, hyphens as underscores."""
    return str(word).lower().replace("-", "_")


def parse_constraint(text: str, factor: Callable[[str], Factor]) -> Constraint:
    """Return the constraint that ``text`` states; Rejected, with the place of what is at fault, if it states none.

    ``factor`` returns the factor of a name, or raises Rejected with what was expected in its place.
    """

    def whole(source: Source) -> tuple[FactorComparison | FactorJunction, tuple[str, ...]]:
        reader = _ConstraintReader(source, factor)
        return reader.node(source.tree, 0), tuple(dict.fromkeys(reader.keys))

    return Constraint(" ".join(text.split()), *read(text, _GRAMMAR, _hint, whole))


def _hint(line: str) -> str:
    return "a word that begins with a digit stands in quotes" if re.search(r"\b\d+[-\w]*[A-Za-z]", line) else ""


class _ConstraintReader:
    """Turns Python's syntax tree into a constraint's, letting through only what the grammar knows."""

    def __init__(self, source: Source, factor: Callable[[str], Factor]) -> None:
        self.wrong, self.placed, self.refuse_depth = source.wrong, source.placed, source.refuse_depth
        self.factor = factor
        self.keys: list[str] = []

    def node(self, source: ast.expr, depth: int) -> FactorComparison | FactorJunction:
        """Return the tree of one part."""
        self.refuse_depth(source, depth)
        if isinstance(source, ast.BoolOp):
            parts = tuple(self.node(part, depth + 1) for part in source.values)
            return FactorJunction("and" if isinstance(source.op, ast.And) else "or", parts)
        if isinstance(source, ast.UnaryOp) and isinstance(source.op, ast.Not):
            return FactorJunction("not", (self.node(source.operand, depth + 1),))
        if not isinstance(source, ast.Compare):
            raise self.wrong(source, "a comparison such as 'us_troops < 5000'", _said(source))
        made = [self._comparison(left, relation, right) for left, relation, right in comparisons(source)]
        return made[0] if len(made) == 1 else FactorJunction("and", tuple(made))

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> FactorComparison:
        if type(op) not in _RELATIONS:
            raise self.wrong(right, "one of < <= > >= == !=", "'is' or 'in'")
        first, second = self._factor(left), self._factor(right)
        # A name on the right may be a word; on the left of one that is no factor, it may be one too.
        if isinstance(first, Factor):
            terms = Term(first.key), self._against(first, right, second)
            words = first.words
        elif isinstance(second, Factor):
            terms = self._against(second, left, first), Term(second.key)
            words = second.words
        elif first is not None or second is not None:
            source, wrong = (left, first) if first is not None else (right, second)
            raise Rejected(*(self.placed(mistake, source) for mistake in wrong.mistakes))  # type: ignore[union-attr]
        else:
            raise self.wrong(left, "a factor on one side of a comparison", _said(left))
        if words and not isinstance(op, ast.Eq | ast.NotEq):
            raise self.wrong(right, "'==' or '!=' before a word", "a relation of numbers")
        self.keys += [term.key for term in terms if term.key]
        return FactorComparison(terms[0], _RELATIONS[type(op)], terms[1])

    def _factor(self, source: ast.expr) -> Factor | Rejected | None:
        """Return the factor that a name means, why it means none, or None for what is no name."""
        name = _name(source)
        if not name:
            return None
        try:
            return self.factor(name)
        except Rejected as wrong:
            return wrong

    def _against(self, factor: Factor, source: ast.expr, other: Factor | Rejected | None) -> Term:
        """Return what a factor is compared with: one of its words, a number, or another factor of its kind."""
        text = source.value if isinstance(source, ast.Constant) and isinstance(source.value, str) else _name(source)
        if factor.words and text:
            known = {spelled(word): word for word in factor.words}
            if spelled(text) in known:
                return Term("", spelled(text))
            if not isinstance(other, Factor):
                expected = f"a value that it takes ({one_of(factor.words)})"
                raise self.wrong(source, expected, quoted(text), nearest(text, factor.words))
        if isinstance(other, Factor):
            if bool(other.words) != bool(factor.words):
                raise self.wrong(source, "a number with a number, a word with a word", _said(source))
            return Term(other.key)
        if isinstance(other, Rejected):
            raise Rejected(*(self.placed(mistake, source) for mistake in other.mistakes))
        if factor.words:
            raise self.wrong(source, f"a value that it takes ({one_of(factor.words)})", _said(source))
        return Term("", self._number(source))

    def _number(self, source: ast.expr) -> float:
        sign, inner = signed(source)
        number = inner.value if isinstance(inner, ast.Constant) else None
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) <= _LARGEST:
            hint = "there is no arithmetic" if isinstance(inner, ast.BinOp | ast.UnaryOp) else ""
            raise self.wrong(inner, "a number or a factor", _said(inner), hint)
        return sign * float(number)


def _name(source: ast.expr) -> str:
    """Return a dotted name, or nothing for what is none."""
    if isinstance(source, ast.Name):
        return source.id
    if isinstance(source, ast.Attribute):
        above = _name(source.value)
        return f"{above}.{source.attr}" if above else ""
    return {True: "true", False: "false"}.get(source.value, "") if _is_truth(source) else ""  # type: ignore[attr-defined]


def _is_truth(source: ast.expr) -> bool:
    return isinstance(source, ast.Constant) and isinstance(source.value, bool)


def _said(source: ast.expr) -> str:
    """Return what a piece of Python is, for the ``got`` of an error."""
    if isinstance(source, ast.Constant):
        return quoted(str(source.value))
    named = {ast.BinOp: "arithmetic", ast.UnaryOp: "arithmetic", ast.Call: "a call"}
    return quoted(_name(source)) if _name(source) else named.get(type(source), "something else")
