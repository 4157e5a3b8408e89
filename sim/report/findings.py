"""The findings: verdicts in sentences, or the headline outcomes of a single variant."""

from collections.abc import Iterator

from sim.report.blocks import Block, Para, Points
from sim.report.context import Context
from sim.report.exits import exits_table, more_where_it_stays, what_an_exit_is
from sim.report.verdicts import FEDERAL_IRAQ, given_sentences, order_of_presence, tie_zones, verdict_sentences
from sim.stats import known
from sim.wording import headed, interval, number


def section(context: Context) -> Iterator[Block]:
    """Yield the verdicts in sentences; of a single variant its headline outcomes."""
    yield from _compared(context) if context.differences else _alone(context)


def _compared(context: Context) -> Iterator[Block]:
    """Yield the order by presence, the exits, and what is found of each variant against the baseline."""
    kind = "lead"
    for words in order_of_presence(context.names, context.summaries, context.differences):
        yield Para(words, kind)
        kind = ""
    yield from _exits(context)
    for k in range(1, len(context.names)):
        yield from _against_baseline(context, k)
    yield Para(
        f"Verdicts are corrected (Holm) for {_comparisons(context)} comparisons; the intervals "
        f"beside them are not. {tie_zones(context.measures, context.preferences)}",
        "note",
    )


def _comparisons(context: Context) -> int:
    return len(context.measures) * len(context.differences)


def _against_baseline(context: Context, k: int) -> Iterator[Block]:
    """Yield what is found of the variant of this place, then what is given in it or in the baseline."""
    names, found = (context.names[0], context.names[k]), (context.summaries[0], context.summaries[k])
    yield Para(f"{headed(names[1])}, against {names[0]}:")
    left_open = [m for m in context.measures if not context.is_given(m, k)]
    yield Points(tuple(verdict_sentences(left_open, *found, context.differences[k - 1], names, _comparisons(context))))
    if len(left_open) < len(context.measures):
        yield Para("Set by a policy or by the scenario itself, and so not a result of the worlds:")
        given = (context.given[0], context.given[k])
        yield Points(tuple(given_sentences(context.measures, *found, names, given)))


def _alone(context: Context) -> Iterator[Block]:
    """Yield the headline outcomes of a single variant."""
    yield Para(FEDERAL_IRAQ)
    yield from _exits(context)
    found, given = context.summaries[0], context.given[0]
    yield Points(
        tuple(
            given[m.name].said()
            if m.name in given
            else f"{headed(m.label)}: {number(found[m.name].mean, m)} ({interval(found[m.name], m)})"
            for m in context.measures
        )
    )


def _exits(context: Context) -> Iterator[Block]:
    """Yield what an exit is, of what kind they are, and who has more troops at the end with fewer days."""
    if not context.exits:
        return
    yield Para(what_an_exit_is())
    yield exits_table(context.names, context.exits)
    days, troops = ([known(one[name].mean) for one in context.summaries] for name in ("presence_days", "us_troops_end"))
    yield from (Para(words) for words in more_where_it_stays(context.names, context.exits, days, troops))
