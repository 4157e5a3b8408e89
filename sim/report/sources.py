"""On what documents the model rests, and which figures it uses that are later than the scenario's start."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sim.evidence.observations import Observation, load_observations
from sim.inputs.claims import CitedDocument, load_claims, load_documents
from sim.inputs.theory import load_parameters
from sim.report.blocks import Block, Para, Points, Table, code
from sim.report.context import Context
from sim.wording import date_in_words

_MONTHS = {f"{date(2000, month, 1):%B}": month for month in range(1, 13)}


def section(context: Context) -> Iterator[Block]:
    """Yield the documents by name, and a straight word on hindsight."""
    yield from sources(context.start, context.inputs)


def sources(start: date, given: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the documents by name, and what of them, and of the figures fitted to, is later than the start.

    ``given`` are the first variant's inputs, as the manifest has them.
    """
    documents = load_documents()
    claims, parameters = load_claims().values(), load_parameters().values()
    rows = []
    for name, one in documents.items():
        argued = sum(name in claim.documents for claim in claims)
        numbers = sum(name in parameter.source for parameter in parameters)
        rows.append((name, one.title, one.author, one.date, f"{one.paragraphs}", f"{argued}", f"{numbers}"))
    yield Table(
        ("cited as", "title", "author or publisher", "date", "paragraphs", "claims", "parameters"), tuple(rows),
        "The documents, and how many claims of the ledger and parameters of the model cite each; a number in brackets "
        "behind a name is a paragraph",
    )  # fmt: skip
    late = [(name, one) for name, one in documents.items() if is_later(one, start)]
    after = [one for one in load_observations() if one.end > start]
    yield Para(_hindsight(late, after, start, _is_fitted(given)))
    if after:
        yield Points(tuple(
            f"{one.measure.replace('_', ' ')} in {one.scenario}, {date_in_words(one.start)} to "
            f"{date_in_words(one.end)}: {one.in_words} ({one.source})" for one in after
        ))  # fmt: skip


def _is_fitted(given: Mapping[str, Any]) -> bool:
    """Return whether worlds drew their parameters as the fit left them."""
    fitted = [name for name, one in load_parameters().items() if one.fitted]
    quantities = given.get("quantities", {})
    return any("deciles" in (quantities.get(f"parameter:{name}") or {}) for name in fitted)


def is_later(one: CitedDocument, start: date) -> bool:
    """Return whether a document is dated after a day; one of the day's month without a day of its own is not."""
    words = re.findall(r"[A-Za-z]+|\d+", one.date)
    year = next((int(word) for word in words if len(word) == 4 and word.isdigit()), start.year)
    month = next((_MONTHS[word] for word in words if word in _MONTHS), 1)
    day = next((int(word) for word in words if word.isdigit() and len(word) <= 2), None)
    if (year, month) != (start.year, start.month) or day is None:
        return (year, month) > (start.year, start.month)
    return day > start.day


def _hindsight(
    late: Sequence[tuple[str, CitedDocument]], after: Sequence[Observation], start: date, fitted: bool
) -> str:  # fmt: skip
    """Return in a straight sentence what later than the start is used, and where."""
    if not late and not after:
        return f"Hindsight: nothing later than the scenario's start, {date_in_words(start)}, is used."
    written = ", ".join(f"{name} ({one.date})" for name, one in late)
    documents = (
        f"{written} {'are' if len(late) > 1 else 'is'} later than the scenario's start, {date_in_words(start)}, and "
        f"{'their' if len(late) > 1 else 'its'} arguments and figures stand in mechanisms and parameters as those of "
        "the others do"
        if late
        else f"no document is later than the scenario's start, {date_in_words(start)}"
    )
    if not after:
        figures = ""
    elif fitted:
        figures = (
            f" The parameters were also fitted to the {len(after)} observed figures below, whose days end after that "
            f"start (configs/fit.yaml; docs/fit.md says how; {code('fitted: false')} does without)."
        )
    else:
        figures = f" The parameters are as they were before any fit: the {len(after)} figures below were not used."
    return (
        f"Hindsight: {documents}.{figures} No other outcome later than the start is used or compared here; scoring "
        "against later events is left to others."
    )
