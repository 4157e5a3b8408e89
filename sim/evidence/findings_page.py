"""Findings as rows of tables, and as the page docs/findings.md with what reports quote of it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.evidence.coverage import Coverage
from sim.evidence.findings import DocumentRemoval, Findings
from sim.evidence.inert import ParameterPower
from sim.evidence.part_results import CLOSE, FAILS, HOLDS, PartResult
from sim.evidence.predictions import PredictionTrial, assumptions_said, tally
from sim.inputs.claims import is_assumption
from sim.inputs.yaml.files import home_to_write
from sim.inputs.yaml.writing import refuse_unwritable, write_together
from sim.wording import markdown, paragraph, table
from sim.world.meaning import rule_hash

#: How a verdict is said in a narrow column.
_SHORT = {HOLDS: "holds", FAILS: "fails", CLOSE: "close"}
_TAKEN = {
    "sum": "all of", "mean": "a week of", "last": "at last", "a_month": "a month of", "growth": "growth of",
    "of_start": "over the start:", "dispersion": "variance over mean of weekly",
    "over_shuffled": "lag-1 correlation over shuffled weeks of weekly",
}  # fmt: skip


# Rows ------------------------------------------------------------------------------------------------------------


def prediction_rows(done: Findings) -> list[dict[str, str]]:
    """Return a row for each prediction: its verdict, and that under each theory."""
    return [
        {
            "id": one.claim.id, "prediction": one.claim.title, "verdict": _verdict(one),
            **{theory: _SHORT[one.verdict_under(theory)] for theory in one.by_theory},
        }
        for one in done.predictions
    ]  # fmt: skip


def _verdict(one: PredictionTrial) -> str:
    return f"{one.verdict} (assumption)" if one.assumption else one.verdict


def part_rows(one: PredictionTrial) -> list[dict[str, str]]:
    """Return a row for each part of a prediction's test under each theory: what came of it."""
    return [
        {
            "theory": theory, "measured": _measured(found), "wanted": _wanted(found), "came": _came(found),
            "on its side": _side(found), "verdict": _part_verdict(found),
        }
        for theory, parts in one.by_theory.items()
        for found in parts
    ]  # fmt: skip


def _part_verdict(found: PartResult) -> str:
    word = _SHORT[found.verdict]
    if found.part.beside:
        return f"({word}, not counted)"
    return f"{word} (assumption)" if is_assumption(found.path) else word


def _measured(found: PartResult) -> str:
    """Return in words what a part measures."""
    part, of = found.part, found.of
    what = " + ".join(part.series) or str(part.reads)
    what = f"{_TAKEN[part.take]} {what}" if part.take else what
    what += f" = {part.category}" if part.category else ""
    what += "".join(f", without {name} {category}" for name, category in part.but_not.items())
    if part.kind in ("difference", "ratio"):
        return f"{what}: {of[0]} {'less' if part.kind == 'difference' else 'over'} {of[1]}"
    return f"{what}: {'mean' if part.kind == 'mean' else 'share of worlds'} in {of[0]}" + _asked_of_each(found)


def _asked_of_each(found: PartResult) -> str:
    each = found.part.each
    if each is None:
        return ""
    words = {"above": each.above, "below": each.below, "at least": each.at_least}
    return "".join(f" ({word} {_three_digits(bound)})" for word, bound in words.items() if bound is not None)


def _wanted(found: PartResult) -> str:
    """Return in words what a part asks of its value, with its tie zone."""
    above, below = found.part.bounds
    bounds = [f"above {_three_digits(above)}"] if above is not None else []
    bounds += [f"below {_three_digits(below)}"] if below is not None else []
    return f"{' and '.join(bounds)} (tie within {_three_digits(found.part.tie)})"


def _came(found: PartResult) -> str:
    """Return a value with its 95% interval."""
    if found.value is None or found.low is None or found.high is None:
        return "not defined"
    text = f"{_three_digits(found.value)} ({_three_digits(found.low)} to {_three_digits(found.high)})"
    if found.priors:
        name, low, high = found.priors
        text += f"; {_three_digits(low)} where {name} is in its lowest quarter, {_three_digits(high)} in its highest"
    elif found.part.priors:
        text += "; no parameter alone stands out"
    return text


def _side(found: PartResult) -> str:
    if found.share is None:
        return f"none of {found.n} differ" if found.n else "no world"
    return f"{found.share:.0%} of {found.differ} (of {found.n})"


def _three_digits(value: float) -> str:
    """Return a number with three digits that mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def powerless_rows(done: Sequence[ParameterPower]) -> list[dict[str, str]]:
    """Return a row for each parameter that moves no measure."""
    return [
        {
            "parameter": one.name, "drives": ", ".join(one.drives), "places tried": str(one.places),
            "moves": "what is told of a world" if one.told else "nothing",
        }
        for one in done
        if one.powerless
    ]  # fmt: skip


# The page --------------------------------------------------------------------------------------------------------

_INTRODUCTION = """# Findings

Made by `make claims` from the ledger (`configs/claims.yaml`), where tests, bounds and tie zones are written down; they
stood before the first run, and nothing is tuned so that a prediction holds. A share of worlds is no probability of an
event in Iraq. {worlds} worlds in each arm, seed {seed}; the same worlds in all arms of a test, over the whole
uncertainty of the parameters.

A prediction **holds** when its value lies on the predicted side of its bound by more than the tie zone, with a 95%
interval that lies on that side too; it **fails** the other way round; else it is **too close to call**. All parts of a
test must hold, unless the ledger says otherwise. Where the shortest path from a rule to what is measured is a single
rule, the prediction was written in: it is an **assumption**, and its holding is no result.
"""


def findings_page(done: Findings) -> str:
    """Return the page docs/findings.md, as it was found."""
    return "\n".join(_page(done)).rstrip() + "\n"


def _page(done: Findings) -> Iterator[str]:
    counts = tally((one.verdicts, one.test.in_theories) for one in done.predictions)
    written = assumptions_said(one.claim.id for one in done.predictions)
    yield _INTRODUCTION.format(worlds=f"{done.worlds:,}", seed=done.seed)
    yield f"## Predictions\n\nOf {len(done.predictions)}, {counts}. {written}\n\n{table(prediction_rows(done))}"
    if done.without:
        yield _without_part(done)
    if done.mechanisms:
        yield _mechanisms_part(done)
    if done.covered:
        yield _coverage_part(done.covered)
    if done.parameters:
        yield _powerless_part(done)
    yield "## Each prediction\n"
    for one in done.predictions:
        yield _prediction_part(one)


def _prediction_part(one: PredictionTrial) -> str:
    paths = dict.fromkeys(found.path for parts in one.by_theory.values() for found in parts if not found.part.beside)
    arms = "; ".join(
        f"{name}: {' '.join([arm.scenario, *arm.settings, *arm.events])}" for name, arm in one.test.arms.items()
    )
    lines = [
        f"### {markdown(f'{one.claim.id}: {one.claim.title}')}\n",
        paragraph(f"{one.claim.text.strip()} ({', '.join(one.claim.sources)})") + "\n",
        f"**{_verdict(one)}**. " + markdown(f"Arms: {arms}; {one.test.days} days. Path: {'; '.join(paths)}."),
        paragraph(one.test.notes) + "\n", table(_page_rows(one)),
    ]  # fmt: skip
    return "\n".join(lines)


def _page_rows(one: PredictionTrial) -> list[dict[str, str]]:
    """Return a row for each part of a prediction's test, with what came of it under each theory beside each other."""
    rows = []
    for k, head in enumerate(next(iter(one.by_theory.values()))):
        under = {theory: parts[k] for theory, parts in one.by_theory.items()}
        cells = {theory: f"{_came(x)}; {_side(x)}; {_part_verdict(x)}" for theory, x in under.items()}
        rows.append({"measured": _measured(head), "wanted": _wanted(head), **cells})
    return rows


def _without_part(done: Findings) -> str:
    rows = [
        {
            "without": one.document, "mechanisms off": ", ".join(one.mechanisms),
            "verdicts that change": _changes(one) or "none",
        }
        for one in done.without
    ]  # fmt: skip
    head = (
        "The mechanisms that rest on one document and on no other are switched off in every arm, and all predictions "
        "are tried again in the same worlds (under the documents' own readings)."
    )
    return f"## What rests on one source alone\n\n{head}\n\n{table(rows)}"


def _changes(one: DocumentRemoval) -> str:
    return "; ".join(f"{name}: {word['with']}, then {word['without']}" for name, word in one.changed().items())


def _mechanisms_part(done: Findings) -> str:
    short = [one.id for one in done.mechanisms if not one.passed]
    head = (
        "Each switched off alone from the morning of the day on which it first matters: whether it moves the signal "
        "that it names, its way, and whether what the ledger lists as untouched stays as it is that day. 'By' is the "
        f"median difference that it makes there. Short of the mark: {', '.join(short) or 'none'}."
    )
    return f"## Mechanisms\n\n{head}\n\n{table([one.row() for one in done.mechanisms])}"


def _coverage_part(covered: Coverage) -> str:
    nothing = ", ".join(covered.cited_by_nothing) or "none"
    rows = [{key: _listed(value) for key, value in row.items()} for row in covered.rows()]
    head = (
        f"## Coverage\n\nMechanisms that nothing cites: {nothing}. Predictions that something cites (none may): "
        f"{', '.join(covered.predictions_cited) or 'none'}."
    )
    return f"{head}\n\n{table(rows)}"


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _powerless_part(done: Findings) -> str:
    rows = powerless_rows(done.parameters)
    head = (
        f"{len(rows)} of {len(done.parameters)} parameters, set to their 5% and their 95% quantile in the same worlds, "
        "move no measure and no weekly series in any of the places where they were tried."
    )
    return f"## Parameters that move nothing\n\n{head}\n" + (f"\n{table(rows)}" if rows else "")


# Writing ---------------------------------------------------------------------------------------------------------


def write_findings(found: Findings, page: Path) -> None:
    """Write the page of findings, and configs/findings.json, from which reports quote them: both, or none."""
    kept = {key: value for key, value in found.plain().items() if key != "mechanisms"} | {"rules": rule_hash()}
    text = json.dumps(kept, indent=1, sort_keys=True) + "\n"
    write_together({page: findings_page(found), findings_to_write(page): text})


def findings_to_write(page: Path) -> Path:
    """Return the path of configs/findings.json; CrossfireError where it, or the page, cannot be written."""
    path = home_to_write("what claims come to") / "configs" / "findings.json"
    refuse_unwritable((page, path))
    return path
