"""The spread over worlds taken apart: chance, parameters, theory."""

from collections.abc import Iterator

from sim import stats
from sim.names.measures import Measure
from sim.plots.frame import style
from sim.plots.spreads import spread_bars
from sim.report.blocks import Block, Para, Picture, Points, Table
from sim.report.commands_again import command_of_variants
from sim.report.context import LIVED, LIVES, TAKEN_APART, Context
from sim.report.luck_and_ignorance import what_moves_worlds
from sim.report.pictures import page_figure
from sim.running.spread import MEASURES, Spread
from sim.wording import amount, headed, number, signed


def section(context: Context) -> Iterator[Block]:
    """Yield how much of the spread is chance, parameters and theory, from worlds lived several times."""
    if not context.spreads:
        yield Para("Rules or files have changed since the run, so its worlds cannot be lived again.")
        return
    left_out = context.names[TAKEN_APART:]
    yield Para(
        f"The first {LIVED} worlds were lived {LIVES} times each, with the same parameters and other luck. So the "
        "variance over worlds parts into chance (what luck does within a world), parameters (what nobody knows) "
        "and theory. It does not shrink with more worlds; the Monte Carlo error of a mean, of these few worlds, "
        "does. Means here are of these worlds alone and less sure than those above."
        + (f" To keep this short it is of the first {TAKEN_APART} variants, without {', '.join(left_out)}."
           if left_out else "")
    )  # fmt: skip
    yield Points(tuple(what_moves_worlds(context.spreads, MEASURES, context.results.worlds)))
    for heading, one in context.spreads.items():
        yield _table(heading, one)
    yield _bars(context)


def _table(heading: str, one: Spread) -> Table:
    rows = tuple(components_row(headed(m.label), one.found[m.name], m, bool(one.against))
                 for m in MEASURES if one.found[m.name].variance)  # fmt: skip
    still = [m.label for m in MEASURES if not one.found[m.name].variance]
    note = f" (nothing varies in: {'; '.join(still)})" if still else ""
    head = ("", "mean", "Monte Carlo error", "spread (sd)", *stats.PARTS)
    return Table(head, rows, f"{heading}{note}", folded=bool(one.against))


def components_row(label: str, found: stats.VarianceComponents, measure: Measure, apart: bool) -> tuple[str, ...]:
    """Return a row of a spread taken apart; with ``apart`` its mean is a difference."""
    share = measure.unit.startswith("share")
    mean = signed(found.mean, measure) + " points" * share if apart else number(found.mean, measure)
    if found.error is None or found.variance is None:
        return (label, mean, *("–",) * (2 + len(stats.PARTS)))
    parts = found.components or {}
    shares = (
        f"{parts[p].share:.0%}\n{parts[p].low:.0%} to {parts[p].high:.0%}" if p in parts else "–" for p in stats.PARTS
    )
    error, sd = (amount(x, measure) for x in (found.error, found.variance**0.5))
    return (label, mean, f"±{error}", sd, *shares)


def _bars(context: Context) -> Picture:
    """Return the figure of the parts of the spread."""
    tables = {heading: one.found for heading, one in context.spreads.items()}
    with style():
        one = page_figure(spread_bars(tables, {m.name: m.label for m in MEASURES}, []))
    return Picture("spread", one.title, one.png, *one.size, one.says, command_of_spread(context))


def command_of_spread(context: Context) -> str:
    """Return the command that takes apart the variants that are shown."""
    entries = [entry["inputs"] for entry in context.manifest["variants"][:TAKEN_APART]]
    options = {"worlds": LIVED, "replicates": LIVES, "seed": context.results.seed, "out": "spread"}
    return command_of_variants("spread", entries, options)
