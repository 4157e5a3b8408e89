"""What separate trials show, theory by theory, of the comparisons that are made here."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.report.blocks import Table
from sim.report.prediction_words import marked_name, quantity_read, verdict_in_trial, verdicts_by_theory
from sim.report.predictions_here import PredictionCheck
from sim.wording import NOTHING, listed


def other_theories(
    found: Mapping[str, Any], held: Sequence[PredictionCheck], labels: Sequence[str], names: Sequence[str]
) -> tuple[list[str], Table | None]:
    """Return what the trial shows under each theory of comparisons made here, in sentences, and its numbers.

    Of a prediction that compares two of the variants, or looks at one, whose labels are given with their names; the
    comparisons with the first variant that no prediction tries are named.
    """
    called = dict(zip(labels, names, strict=True))
    tried = [one for one in held if one.claim.id in found.get("predictions", {})]
    said = [
        f"{marked_name(one.claim.id)}, {one.claim.title} ({_about(one, called)}): it "
        f"{verdicts_by_theory(found['predictions'][one.claim.id])}."
        for one in tried
    ]  # fmt: skip
    missing = _not_tried(tried, labels, called)
    if missing:
        said.append(f"Not tried under other theories: {listed(missing)} against {called[labels[0]]}.")
    rows = [row for one in tried for row in _rows_by_theory(one, found, called)]
    table = Table(
        ("", "what is compared", *found["theories"]), tuple(rows),
        "Under each theory, from the trial: the value, its 95% interval and the verdict",
    ) if rows else None  # fmt: skip
    return said, table


def theories_in_brief(
    found: Mapping[str, Any], held: Sequence[PredictionCheck], labels: Sequence[str], names: Sequence[str]
) -> str:  # fmt: skip
    """Return in a sentence what separate trials show of comparisons of two of these variants under other theories."""
    tried = [one for one in held if one.claim.id in found.get("predictions", {})
             and any(len(here.of) > 1 for here in one.parts)]  # fmt: skip
    if not tried:
        return ""
    called = dict(zip(labels, names, strict=True))
    said = [
        f"{marked_name(one.claim.id)} ({_about(one, called)}) {verdicts_by_theory(found['predictions'][one.claim.id])}"
        for one in tried
    ]
    missing = _not_tried(held, labels, called)
    rest = f"; not tried under others: {listed(missing)} against {called[labels[0]]}" if missing else ""
    return f"Separate trials under {len(found['theories'])} theories: {'; '.join(said)}{rest}."


def _not_tried(held: Sequence[PredictionCheck], labels: Sequence[str], called: Mapping[str, str]) -> list[str]:
    """Return the variants whose comparison with the first no prediction tries."""
    pairs = {frozenset(here.of) for one in held for here in one.parts}
    return [called[label] for label in labels[1:] if frozenset((labels[0], label)) not in pairs]


def _about(one: PredictionCheck, called: Mapping[str, str]) -> str:
    """Return which variants a prediction is about, in their order."""
    return " and ".join(dict.fromkeys(called[label] for here in one.parts for label in here.of))


def _rows_by_theory(
    one: PredictionCheck, found: Mapping[str, Any], called: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    assert one.claim.test is not None
    places = {id(part): k for k, part in enumerate(one.claim.test.parts)}
    for here in one.parts:
        arms = (" less " if here.part.kind == "difference" else " over ").join(called[label] for label in here.of)
        cells = []
        for theory in found["theories"]:
            under = found["predictions"][one.claim.id]["theories"].get(theory)
            at = under["parts"][places[id(here.part)]] if under else None
            cells.append(verdict_in_trial(at, at["verdict"], here.part) if at else NOTHING)
        yield marked_name(one.claim.id), f"{quantity_read(here.part)}: {arms}", *cells
