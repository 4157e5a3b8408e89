"""Predictions in words: what a test reads of each world, what it asks of it, and what came of it."""

from collections.abc import Mapping
from typing import Any

from sim.evidence.part_results import CLOSE, FAILS, HOLDS, PartResult
from sim.inputs.claims import Part, load_claims
from sim.names.measures import OUTCOMES, SERIES, Measure
from sim.stats import Estimate
from sim.wording import NOTHING, amount, listed, number, signed

MEASURES = {measure.name: measure for measure in (*SERIES, *OUTCOMES)}
#: What of a weekly series is read, as words about it.
_TAKEN = {
    "sum": "{} (all)", "mean": "{} (mean)", "last": "{} (at last)", "a_month": "{} (a month)", "growth": "growth of {}",
    "of_start": "{} over the start", "dispersion": "bunching of {} (variance over mean)",
    "over_shuffled": "how far a busy week of {} follows another",
}  # fmt: skip
#: Where so little matters, numbers have two decimals.
FINE = 0.1
_RATIOS = ("growth", "of_start", "dispersion", "over_shuffled")


def quantity_read(part: Part) -> str:
    """Return in words what a part reads of each world."""
    names = [part.reads] if isinstance(part.reads, str) else part.reads
    label = " and ".join(MEASURES[name].label for name in names)
    words = _TAKEN.get(part.take, "{}").format(label)
    if part.missing == "end":
        words += " (the last day where there is none)"
    if part.category:
        words += f" ({part.category.replace('_', ' ')})"
    if part.kind == "share" and part.each:
        limits = (("above", part.each.above), ("below", part.each.below), ("at least", part.each.at_least))
        words += "".join(f" {word} {number(bound, _as_read(part))}" for word, bound in limits if bound is not None)
    return words


def _as_read(part: Part) -> Measure:
    """Return a measure by which the numbers of a part are written as they are read of one world."""
    names = [part.reads] if isinstance(part.reads, str) else part.reads
    one = MEASURES[names[0]]
    if part.take in _RATIOS:
        return one._replace(unit="ratio", kind="level")
    return one._replace(unit="share") if part.category else one


def _form(part: Part) -> Measure:
    """Return a measure by which the value of a part is written."""
    if part.kind == "share":
        return _as_read(part)._replace(unit="share")
    fine = part.tie < FINE and not _as_read(part).unit.startswith("share")
    return _as_read(part)._replace(unit="ratio", kind="level") if part.kind == "ratio" or fine else _as_read(part)


def value_text(value: float | None, part: Part) -> str:
    """Return a value, or a bound, as it is written: with a sign where it is a difference."""
    return signed(value, _form(part)) if part.kind == "difference" else number(value, _form(part))


def value_and_interval(found: Estimate | PartResult, part: Part) -> tuple[str, str]:
    """Return what came of a part, and its 95% interval."""
    if found.value is None:
        return NOTHING, ""
    points = " points" * in_points(part)
    between = f"{value_text(found.low, part)} to {value_text(found.high, part)}"
    return value_text(found.value, part) + points, between


def verdict_in_trial(found: Mapping[str, Any], verdict: str, part: Part) -> str:
    """Return what came of a part in the trial, its 95% interval and a verdict, in lines."""
    came = Estimate(found["difference"], found["low"], found["high"])
    return "\n".join((*value_and_interval(came, part), verdict))


def expectation(part: Part) -> str:
    """Return in words what a part asks of its value."""
    above, below = part.bounds
    if above is not None and below is not None:
        return f"between {value_text(above, part)} and {value_text(below, part)}{' points' * in_points(part)}"
    bound, word = (above, "above") if above is not None else (below, "below")
    margin = amount(part.tie, _form(part)).replace("1 points", "1 point")
    return f"{word} {value_text(bound, part) if bound else 0}" + (f" by more than {margin}" if part.tie else "")


def in_points(part: Part) -> bool:
    """Return whether the value of a part is in percentage points."""
    return part.kind == "difference" and _form(part).unit.startswith("share")


def marked_name(name: str) -> str:
    """Return a prediction's name, marked where the ledger's own path makes it an assumption."""
    return f"{name} (assumption)" if load_claims()[name].assumption else name


def verdicts_by_theory(tried: Mapping[str, Any]) -> str:
    """Return in words under which theories a prediction held in the trial, failed, or was too close to call."""
    by: dict[str, list[str]] = {}
    for theory, one in tried["theories"].items():
        by.setdefault(one["verdict"], []).append(theory)
    words = {HOLDS: "held", FAILS: "failed", CLOSE: "was too close to call"}
    if len(by) == 1:
        return f"{words[next(iter(by))]} under every theory"
    return ", ".join(f"{words[verdict]} under {listed(theories)}" for verdict, theories in by.items())
