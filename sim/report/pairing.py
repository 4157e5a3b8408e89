"""How the worlds of two variants are paired: where they part, and on whose decision."""

from collections.abc import Iterator

from sim.report.blocks import Block, Points, Table
from sim.report.context import Context
from sim.report.luck_and_ignorance import parting_sentence


def section(context: Context) -> Iterator[Block]:
    """Yield where and why worlds of two variants part, as the audit found it."""
    found = context.comparison.pairing
    if not found:
        return
    first, names = context.names[0], dict(zip(context.labels, context.names, strict=True))
    yield Points(tuple(parting_sentence(names[one.variant], first, one) for one in found))
    rows = tuple(
        (names[one.variant], f"{p.world}", "–" if p.day is None else f"{p.day}", p.actor or p.place or "–", p.first,
         p.second)
        for one in found for p in one.partings
    )  # fmt: skip
    head = ("against", "world", "first day", "whose decision", f"under {first}", "under the other")
    yield Table(head, rows, "The worlds looked at", folded=True)
