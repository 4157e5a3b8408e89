"""Whether conditions can hold, may fail, or are covered by others, by the ranges of what they compare."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise, permutations, product

from sim.inputs.policies.conditions import AND, FLAG, NOT, OR, Bounds, Comparison, Condition, Junction, Node, true_of
from sim.names.perceptions import Perception
from sim.names.tables import AT_LEAST, AT_MOST, EQUAL, LESS, MORE, UNEQUAL

_OPPOSITE = {LESS: AT_LEAST, AT_LEAST: LESS, MORE: AT_MOST, AT_MOST: MORE, EQUAL: UNEQUAL, UNEQUAL: EQUAL}
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
    if perception.unit == FLAG:
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
        return true_of(x, comparison.relation, comparison.value)
    low, high = thresholds.get(comparison.threshold, (-math.inf, math.inf))
    if comparison.relation in (MORE, AT_LEAST):
        return true_of(x, comparison.relation, low)
    if comparison.relation in (LESS, AT_MOST):
        return true_of(x, comparison.relation, high)
    return low <= x <= high if comparison.relation == EQUAL else not low == high == x
