"""Conditions of policy rules as trees: written as rows of comparisons, and said in English."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sim.names.actors import ACTOR_LABELS
from sim.names.perceptions import Perception
from sim.names.tables import AT_LEAST, AT_MOST, EQUAL, FALSE, LESS, MORE, TRUE, UNEQUAL

Perceptions = Mapping[str, tuple[int, Perception]]
Bounds = Mapping[str, tuple[float, float]]

FLAG = "0 or 1"
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
    if node.perception.unit == FLAG and not node.threshold:
        holds = _holds(node)
        if holds is not None:
            return meaning if holds else f"it is not so that {meaning}"
    said = _SAID[node.relation]
    return f"{meaning}: {said + ' ' if said else ''}{_value_said(node, thresholds)}"


def _holds(node: Comparison) -> bool | None:
    """Return whether a comparison of a flag says that it is up, or down; None when it says neither."""
    up, down = (true_of(value, node.relation, node.value) for value in (1.0, 0.0))
    return None if up == down else up


def true_of(x: float, relation: int, value: float) -> bool:
    """Return whether a number stands to another as a relation asks."""
    return bool(relation & (LESS if x < value else EQUAL if x == value else MORE))


def _value_said(node: Comparison, thresholds: Mapping[str, str]) -> str:
    if node.threshold:
        known = thresholds.get(node.threshold)
        return f"'{node.threshold}'" + (f" ({known})" if known else "")
    if node.perception.categories and node.value == int(node.value) < len(node.perception.categories):
        word = node.perception.categories[int(node.value)]
        return f"'{ACTOR_LABELS.get(word, word.replace('_', ' '))}'"
    return f"{node.value:,.6g}"
