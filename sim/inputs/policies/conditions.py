"""Conditions of policy rules: parsed from text, written as rows of comparisons, said in English, checked for sense.

The grammar: a perception compared with a number, a named threshold or a category; ``and``, ``or``, ``not``, brackets,
chained comparison (``1 <= us_killed_7d < 5``). A perception that is 0 or 1 may stand alone. Nothing is ever evaluated
as Python: the text is parsed, and a short list of its nodes is let through.
"""

import ast
import math
import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, permutations, product
from typing import NamedTuple

from sim.errors import Mistake, Rejected, nearest, quoted, unknown
from sim.names.actors import ACTOR_LABELS
from sim.names.perceptions import OWN_PERCEPTIONS, Perception
from sim.names.tables import AT_LEAST, AT_MOST, EQUAL, FALSE, LESS, MORE, RELATIONS, TRUE, UNEQUAL

Perceptions = Mapping[str, tuple[int, Perception]]
Bounds = Mapping[str, tuple[float, float]]

MAX_LENGTH = 1000
#: Brackets and nots inside each other; what a world keeps in mind while it evaluates a condition grows with it.
MAX_DEPTH = 12
#: Perceptions whose categories have an order, so that ``rung >= strike_in_kind`` means something.
ORDERED = ("rung", "highest_rung", "presence")
_FLAG = "0 or 1"
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_ .<>=!()+\-\r\n\t]")
_LONE_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_ADVICE = {
    "&": "write 'and'", "|": "write 'or'", "~": "write 'not'", "'": "write words without quotes",
    '"': "write words without quotes", "*": "there is no arithmetic", "/": "there is no arithmetic",
    "%": "write a share: 0.7 for 70 %", ",": "write 5200 for 5,200",
}  # fmt: skip
#: What is often looked for and seen by nobody.
_UNSEEN = dict.fromkeys(
    ("talks_offered", "offer_made", "us_offers_talks"),
    "nobody sees an offer of talks: they open once both sides want them, and are seen as talks_open from then on",
)
_PYTHON_RELATIONS: dict[type[ast.cmpop], int] = {
    ast.Lt: LESS, ast.LtE: AT_MOST, ast.Gt: MORE, ast.GtE: AT_LEAST, ast.Eq: EQUAL, ast.NotEq: UNEQUAL,
}  # fmt: skip
_MIRRORED = {LESS: MORE, AT_MOST: AT_LEAST, MORE: LESS, AT_LEAST: AT_MOST, EQUAL: EQUAL, UNEQUAL: UNEQUAL}
_OPPOSITE = {LESS: AT_LEAST, AT_LEAST: LESS, MORE: AT_MOST, AT_MOST: MORE, EQUAL: UNEQUAL, UNEQUAL: EQUAL}
_SAID = {LESS: "below", AT_MOST: "at most", MORE: "above", AT_LEAST: "at least", EQUAL: "", UNEQUAL: "not"}


AND, OR, NOT = range(3)


class Row(NamedTuple):
    """One comparison: where it leads when it holds and when not; ``threshold`` names what each world fills in."""

    column: int
    relation: int
    value: float
    yes: int = TRUE
    no: int = FALSE
    threshold: str = ""


@dataclass(frozen=True)
class Comparison:
    """A perception compared with a number, a named threshold or a category."""

    perception: Perception
    column: int
    relation: int
    value: float = 0.0
    threshold: str = ""


@dataclass(frozen=True)
class Junction:
    """Several parts of which all (AND) or one at least (OR) must hold, or one that must not (NOT)."""

    op: int
    parts: tuple["Node", ...]


Node = Comparison | Junction


@dataclass(frozen=True)
class Condition:
    """A condition that has been read: its text and its tree."""

    text: str
    tree: Node

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the comparisons of the condition, each with where it leads."""
        return tuple(_rows(self.tree, 0, TRUE, FALSE))

    @property
    def thresholds(self) -> frozenset[str]:
        """Return the names of the thresholds that the condition uses."""
        return frozenset(row.threshold for row in self.rows if row.threshold)

    def compared_with(self, threshold: str) -> tuple[Perception, ...]:
        """Return the perceptions that the condition compares with a threshold."""
        return tuple(one.perception for one in _comparisons(self.tree) if one.threshold == threshold)

    def english(self, thresholds: Mapping[str, str] | None = None) -> str:
        """Return the condition as part of an English sentence; ``thresholds`` says what each threshold is."""
        return _english(self.tree, thresholds or {}, None)


#: The condition of a rule without one.
ALWAYS = Condition("", Junction(AND, ()))


# Parsing ---------------------------------------------------------------------------------------------------------


def parse(text: str, perceptions: Perceptions, thresholds: Collection[str] = ()) -> Condition:
    """Return the condition that ``text`` states; Rejected, with the place of every word at fault, if it states none."""
    lead = len(text) - len(text.lstrip())
    _refuse_characters(text)
    reader = _Reader(perceptions, thresholds, lead)
    try:
        tree = reader.part(_syntax(text.strip(), lead, perceptions), 0)
    except RecursionError:
        raise Rejected(Mistake("a condition that nests less deeply", quoted(text), offset=lead)) from None
    if reader.mistakes:
        raise Rejected(*dict.fromkeys(reader.mistakes))
    return Condition(" ".join(text.split()), tree)


def _refuse_characters(text: str) -> None:
    """Raise Rejected for what no condition needs, before Python's parser sees it."""
    if len(text) > MAX_LENGTH:
        raise Rejected(Mistake(f"a condition of at most {MAX_LENGTH} characters", f"{len(text)} characters"))
    if not text.strip():
        raise Rejected(Mistake("a condition", "an empty one"))
    strange = [
        Mistake(_GRAMMAR, quoted(found.group()), _ADVICE.get(found.group(), ""), offset=found.start())
        for found in _NOT_ALLOWED.finditer(text)
    ]
    strange += [
        Mistake("a comparison", "'='", "write '==' for 'is'", offset=found.start())
        for found in _LONE_EQUALS.finditer(text)
    ]
    if strange:
        raise Rejected(*strange[:_MOST_LETTERS])


#: Letters told of, at most: text in another script would be one mistake a letter.
_MOST_LETTERS = 4
_GRAMMAR = "perceptions, numbers, < <= > >= == !=, and, or, not, brackets"


def _syntax(text: str, lead: int, perceptions: Perceptions) -> ast.expr:
    """Return the syntax tree of one line of text without space at its ends."""
    line = re.sub(r"\s", " ", text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        at = min((error.offset or len(line) + 1) - 1, len(line))
        word = re.match(r"\w+|\W", line[at:])
        got = quoted(word.group()) if word else "the end of it"
        hint = _category_hint(line, perceptions)
        raise Rejected(Mistake("a condition such as 'us_killed_7d >= 1'", got, hint, offset=lead + at)) from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise Rejected(Mistake("a condition that nests less deeply", quoted(text), offset=lead)) from None


def _category_hint(line: str, perceptions: Perceptions) -> str:
    """Return how the categories are written of a perception that a line names, the one that it means first."""
    named = [perceptions[word][1] for word in re.findall(r"\w+", line) if word in perceptions]
    for perception in named:
        for category in perception.categories:
            if spelled(category) != category and category in line:
                return f"write '{spelled(category)}' for '{category}'"
    words = [one for one in named if one.categories]
    return f"categories of '{words[0].name}': {', '.join(map(spelled, words[0].categories))}" if words else ""


class _Reader:
    """Turns Python's syntax tree into a condition's, letting through only what the grammar knows.

    A part that cannot be read goes to ``mistakes``, so that the others are looked at too.
    """

    def __init__(self, perceptions: Perceptions, thresholds: Collection[str], lead: int) -> None:
        self.perceptions = perceptions
        self.thresholds = thresholds
        self.lead = lead
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
        if depth > MAX_DEPTH:
            raise self._wrong(source, f"at most {MAX_DEPTH} levels of brackets", "more")
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
            raise self._wrong(source, "a comparison such as 'us_killed_7d >= 1'", _kind_of(source))
        column, perception = self._perception(source)
        if perception.unit != _FLAG:
            hint = f"write '{source.id} > 0' or the like"
            raise self._wrong(source, "a comparison", f"'{source.id}' alone, which is not 0 or 1", hint)
        return Comparison(perception, column, MORE, 0.0)

    def _comparisons(self, source: ast.Compare) -> Node:
        parts: list[Node] = []
        mistakes: list[Mistake] = []
        for (a, b), op in zip(pairwise([source.left, *source.comparators]), source.ops, strict=True):
            try:
                parts.append(self._comparison(a, op, b))
            except Rejected as wrong:
                mistakes += wrong.mistakes
        if mistakes:
            raise Rejected(*mistakes)
        return parts[0] if len(parts) == 1 else Junction(AND, tuple(parts))

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Comparison:
        relation = _PYTHON_RELATIONS.get(type(operator))
        if relation is None:
            raise self._wrong(right, "one of < <= > >= == !=", "'is' or 'in'")
        if self._names_perception(left):
            if self._names_perception(right):
                raise self._wrong(right, "a number, a threshold or a category", f"the perception {_kind_of(right)}")
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
            return self._wrong(term, "a perception alone: conditions have no arithmetic", "arithmetic", hint)
        return self._wrong(term, "a perception that this actor has", _kind_of(term), hint)

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
            raise self._wrong(right, f"a category of '{perception.name}'", _kind_of(right), hint)
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
        raise self._wrong(word, mistake.expected, mistake.got, mistake.hint)

    def _refuse_order(self, perception: Perception, relation: int, word: ast.Name) -> None:
        if relation not in (EQUAL, UNEQUAL) and perception.name not in ORDERED:
            got = f"'{RELATIONS[relation]}' before a category that has no order"
            raise self._wrong(word, "'==' or '!='", got)

    def _number(self, term: ast.expr) -> float:
        sign = 1.0
        inner = term
        if isinstance(term, ast.UnaryOp) and isinstance(term.op, ast.USub | ast.UAdd):
            sign, inner = (-1.0 if isinstance(term.op, ast.USub) else 1.0), term.operand
        number = inner.value if isinstance(inner, ast.Constant) else None
        if isinstance(number, bool) or not isinstance(number, int | float):
            none = ": conditions have no arithmetic" if isinstance(inner, ast.BinOp | ast.UnaryOp) else ""
            raise self._wrong(inner, f"a number, a threshold or a category{none}", _kind_of(inner))
        try:
            value = sign * float(number)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self._wrong(inner, "a finite number", "one beyond all bounds")
        return value

    def _wrong(self, source: ast.expr, expected: str, got: str, hint: str = "") -> Rejected:
        return Rejected(Mistake(expected, got, hint, offset=self.lead + source.col_offset))


def _kind_of(source: ast.expr) -> str:
    """Return what a piece of Python is, for the ``got`` of an error."""
    if isinstance(source, ast.Constant):
        return quoted(str(source.value)) if len(repr(source.value)) < 40 else "a long number"
    if isinstance(source, ast.Name):
        return f"'{source.id}'"
    names = {ast.BinOp: "arithmetic", ast.UnaryOp: "arithmetic", ast.Call: "a call", ast.Attribute: "a dot in a name"}
    return next((name for kind, name in names.items() if isinstance(source, kind)), "something else")


def spelled(category: str) -> str:
    """Return how a category is written in a condition: strike_in_kind."""
    return category.lower().replace(" ", "_")


def _comparisons(node: Node) -> Iterator[Comparison]:
    if isinstance(node, Comparison):
        yield node
        return
    for part in node.parts:
        yield from _comparisons(part)


# Rows ------------------------------------------------------------------------------------------------------------


def _rows(node: Node, at: int, yes: int, no: int) -> list[Row]:
    """Return the rows of a part that begins at row ``at`` and leads to ``yes`` or ``no``."""
    if isinstance(node, Comparison):
        return [Row(node.column, node.relation, node.value, yes, no, node.threshold)]
    if node.op == NOT:
        return _rows(node.parts[0], at, no, yes)
    rows: list[Row] = []
    for part in node.parts[:-1]:
        following = at + len(rows) + _length(part)
        rows += _rows(part, at + len(rows), *((following, no) if node.op == AND else (yes, following)))
    return rows + _rows(node.parts[-1], at + len(rows), yes, no)


def _length(node: Node) -> int:
    return 1 if isinstance(node, Comparison) else sum(_length(part) for part in node.parts)


# English ---------------------------------------------------------------------------------------------------------


def _english(node: Node, thresholds: Mapping[str, str], around: int | None) -> str:
    """Return a part in words, in brackets where it would be misread among its neighbours."""
    if isinstance(node, Comparison):
        return _compared(node, thresholds)
    if node.op == NOT:
        return f"it is not so that {_english(node.parts[0], thresholds, NOT)}"
    joined = (" and " if node.op == AND else " or ").join(_english(part, thresholds, node.op) for part in node.parts)
    return joined if around in (None, node.op) else f"({joined})"


def _compared(node: Comparison, thresholds: Mapping[str, str]) -> str:
    meaning = re.sub(r"\s*\((?!M\d).*?\)$", "", node.perception.meaning)
    if node.perception.unit == _FLAG and not node.threshold:
        holds = _holds(node)
        if holds is not None:
            return meaning if holds else f"it is not so that {meaning}"
    said = _SAID[node.relation]
    return f"{meaning}: {said + ' ' if said else ''}{_value_said(node, thresholds)}"


def _holds(node: Comparison) -> bool | None:
    """Return whether a comparison of a flag says that it is up, or down; None when it says neither."""
    up, down = (_true_of(value, node.relation, node.value) for value in (1.0, 0.0))
    return None if up == down else up


def _value_said(node: Comparison, thresholds: Mapping[str, str]) -> str:
    if node.threshold:
        known = thresholds.get(node.threshold)
        return f"'{node.threshold}'" + (f" ({known})" if known else "")
    if node.perception.categories and node.value == int(node.value) < len(node.perception.categories):
        word = node.perception.categories[int(node.value)]
        return f"'{ACTOR_LABELS.get(word, word.replace('_', ' '))}'"
    return f"{node.value:,.6g}"


# Sense -----------------------------------------------------------------------------------------------------------

#: Counts of the last days: of us_killed_7d and us_killed_30d the second is never below the first.
_WINDOW = re.compile(r"(.+)_(\d+)d")
#: Cases looked at, at most; a condition with more is taken to make sense.
_MAX_CASES = 512


def verdict(condition: Condition, thresholds: Bounds | None = None) -> str:
    """Return ``never`` or ``always`` when the ranges of perceptions and thresholds leave no other case, else nothing.

    Careful: no answer says nothing, the two others are certain.
    """
    ranges = thresholds or {}
    if not _possible(condition.tree, ranges, wanted=True):
        return "never"
    return "" if _possible(condition.tree, ranges, wanted=False) else "always"


def covered(condition: Condition | None, others: list[Condition], thresholds: Bounds | None = None) -> bool:
    """Return whether it is certain that one of ``others`` holds whenever ``condition`` (None: always) does."""
    nots = tuple(Junction(NOT, (other.tree,)) for other in others)
    tree = Junction(AND, (*((condition.tree,) if condition else ()), *nots))
    return not _possible(tree, thresholds or {}, wanted=True)


def _possible(tree: Node, thresholds: Bounds, wanted: bool) -> bool:
    """Return whether the tree might come out as ``wanted``."""
    cases = _cases(tree, wanted)
    return cases is None or any(_consistent(case, thresholds) for case in cases)


def _cases(node: Node, wanted: bool) -> list[tuple[Comparison, ...]] | None:
    """Return the ways in which a node comes out as wanted, each a set of comparisons; None when they are too many."""
    if isinstance(node, Comparison):
        relation = node.relation if wanted else _OPPOSITE[node.relation]
        return [(Comparison(node.perception, node.column, relation, node.value, node.threshold),)]
    if node.op == NOT:
        return _cases(node.parts[0], not wanted)
    parts = [_cases(part, wanted) for part in node.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if (node.op == OR) == wanted:
        merged = [case for part in known for case in part]
        return merged if len(merged) <= _MAX_CASES else None
    if math.prod(len(part) for part in known) > _MAX_CASES:
        return None
    return [tuple(one for case in cases for one in case) for cases in product(*known)]


def _consistent(case: tuple[Comparison, ...], thresholds: Bounds) -> bool:
    """Return whether all comparisons of a case might hold at once."""
    by_column: dict[int, list[Comparison]] = {}
    for comparison in case:
        by_column.setdefault(comparison.column, []).append(comparison)
    return all(_some_value(group, thresholds) for group in by_column.values()) and all(
        _fit(shorter, longer, thresholds) for shorter, longer in _nested(list(by_column.values()))
    )


def _nested(groups: list[list[Comparison]]) -> Iterator[tuple[list[Comparison], list[Comparison]]]:
    """Yield the comparisons of two counts of the same thing of which the second looks further back."""
    for one, other in permutations(groups, 2):
        found = [_WINDOW.fullmatch(group[0].perception.name) for group in (one, other)]
        if found[0] and found[1] and found[0][1] == found[1][1] and int(found[0][2]) < int(found[1][2]):
            yield one, other


def _fit(shorter: list[Comparison], longer: list[Comparison], thresholds: Bounds) -> bool:
    """Return whether the count of fewer days need not be above that of more days."""
    named = [one.value for one in shorter + longer if not one.threshold]
    few, many = (
        [x for x in _candidates(group[0].perception, named, thresholds)
         if all(_might_hold(x, one, thresholds) for one in group)]
        for group in (shorter, longer)
    )  # fmt: skip
    return min(few) <= max(many)


def _some_value(group: list[Comparison], thresholds: Bounds) -> bool:
    """Return whether some value of one perception might satisfy all of its comparisons."""
    perception = group[0].perception
    if not _thresholds_allow(group):
        return False
    named = [c.value for c in group if not c.threshold]
    return any(
        all(_might_hold(value, c, thresholds) for c in group) for value in _candidates(perception, named, thresholds)
    )


def _thresholds_allow(group: list[Comparison]) -> bool:
    """Return whether a perception can stand to each threshold as asked: not below it and at least at it at once."""
    ways: dict[str, int] = {}
    for one in group:
        ways[one.threshold] = ways.get(one.threshold, LESS | EQUAL | MORE) & one.relation
    return all(way for name, way in ways.items() if name)


def _candidates(perception: Perception, named: list[float], thresholds: Bounds) -> list[float]:
    """Return values that stand for all that a perception can be: its ends, what is named, and what lies between."""
    if perception.categories:
        return [float(k) for k in range(len(perception.categories))]
    low = -math.inf if perception.low is None else perception.low
    high = math.inf if perception.high is None else perception.high
    if perception.unit == _FLAG:
        return [0.0, 1.0]
    ends = {low, high, *named, *(end for limits in thresholds.values() for end in limits)}
    corners = sorted(end for end in ends if low <= end <= high)
    return corners + [_between(a, b) for a, b in pairwise(corners)]


def _between(a: float, b: float) -> float:
    if math.isinf(a) and math.isinf(b):
        return 0.0
    if math.isinf(a):
        return b - max(1.0, abs(b))
    return a + max(1.0, abs(a)) if math.isinf(b) else a + (b - a) / 2


def _might_hold(x: float, comparison: Comparison, thresholds: Bounds) -> bool:
    """Return whether ``x`` satisfies a comparison, with its threshold anywhere in its range."""
    if not comparison.threshold:
        return _true_of(x, comparison.relation, comparison.value)
    low, high = thresholds.get(comparison.threshold, (-math.inf, math.inf))
    if comparison.relation in (MORE, AT_LEAST):
        return _true_of(x, comparison.relation, low)
    if comparison.relation in (LESS, AT_MOST):
        return _true_of(x, comparison.relation, high)
    return low <= x <= high if comparison.relation == EQUAL else not low == high == x


def _true_of(x: float, relation: int, value: float) -> bool:
    return bool(relation & (LESS if x < value else EQUAL if x == value else MORE))
