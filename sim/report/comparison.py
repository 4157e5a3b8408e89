"""The comparison in tables: means, differences, the price, the spread."""

from collections.abc import Iterator

from sim.names.measures import Measure
from sim.report.blocks import Block, Para, Points, Table
from sim.report.by_construction import MARK, NOTE
from sim.report.context import Context
from sim.report.verdicts import mean_and_interval
from sim.report.who_pays import of_whom, who_pays
from sim.stats import Summary
from sim.wording import WithInterval, difference, headed, number

#: Outcomes shown beside the headline ones: who else pays, and what is left.
PRICE = (
    "us_troops_end", "us_wounded", "coalition_killed", "iraqi_forces_killed", "civilians_killed", "killed_by_isis",
    "coalition_members_end", "economy_end",
)  # fmt: skip


def section(context: Context) -> Iterator[Block]:
    """Yield the tables of means and of paired differences, who pays, and the spread."""
    marked = f"; {NOTE}" if any(m.name in given for m in context.measures for given in context.given) else ""
    yield _means(context, context.measures, f"Means over worlds, below each its 95% interval{marked}")
    if context.differences:
        yield Table(
            ("", *context.names[1:]),
            tuple((headed(m.label), *_cells_of_differences(context, m)) for m in context.measures),
            f"Differences from {context.names[0]}, world by world, below each its 95% interval{marked}",
        )
    price = [m for m in context.comparison.measures if m.name in PRICE]
    yield _means(context, price, "The price, and what remains: means over worlds, below each its 95% interval")
    if context.differences:
        yield Para("Who pays, where it is beyond the tie zone from the next:")
        yield Points(tuple(who_pays(context.results, context.names, context.summaries)))
    yield from (Para(words, "note") for words in [of_whom(context.names, context.summaries)] if words)
    yield Table(
        ("", *context.names),
        tuple((headed(m.label), *(_spread(f[m.name], m) for f in context.summaries)) for m in context.measures),
        "The spread over worlds: p05, median, p95 (chance and ignorance together; more worlds do not narrow it)",
        folded=True,
    )


def _means(context: Context, measures: list[Measure], caption: str) -> Table:
    """Return the means of measures with their intervals, marked where they are given."""
    rows = (
        (headed(m.label), *(mean_and_interval(found[m.name], m, m.name in given)
                            for found, given in zip(context.summaries, context.given, strict=True)))
        for m in measures
    )  # fmt: skip
    return Table(("", *context.names), tuple(rows), caption)


def _cells_of_differences(context: Context, measure: Measure) -> Iterator[str]:
    """Yield each difference from the baseline with its interval, marked where either side is given."""
    for k, found in enumerate(context.differences, start=1):
        one = found[measure.name]
        yield difference_in_lines(one.difference, one, measure) + f" {MARK}" * context.is_given(measure, k)


def difference_in_lines(size: float | None, found: WithInterval, measure: Measure) -> str:
    """Return a difference with its interval below it."""
    said, between = difference(size, found, measure)
    return f"{said}\n{between}" if between else said


def _spread(found: Summary, measure: Measure) -> str:
    if measure.kind == "flag":
        return "yes or no"
    return ", ".join(number(point, measure) for point in (found.p05, found.p50, found.p95))
