"""Puts a report together: its sections, in their order."""

from collections.abc import Callable, Iterator

from sim import stats
from sim.inputs.yaml.snapshots import at_one_moment
from sim.plots.drawing import FigurePool
from sim.report import (
    brief,
    causes,
    comparison,
    figures,
    findings,
    pairing,
    predictions,
    provenance,
    question,
    sources,
    spread,
    theories,
    told_worlds,
)
from sim.report.blocks import Block, Report, Section
from sim.report.context import Context
from sim.report.pictures import page_figures
from sim.results import SHARD, Results, StoreError, by_theory
from sim.running.interruption import heeded

#: The sections by their anchors: the title of each, and what yields its blocks. One without blocks is left out.
SECTIONS: dict[str, tuple[str, Callable[[Context], Iterator[Block]]]] = {
    "brief": ("In brief", brief.section),
    "question": ("The question", question.section),
    "findings": ("Findings", findings.section),
    "comparison": ("The comparison", comparison.section),
    "figures": ("Figures", figures.section),
    "theories": ("By theory", theories.section),
    "spread": ("The spread, taken apart", spread.section),
    "pairing": ("How the worlds are paired", pairing.section),
    "grounds": ("What the exits rest on", causes.section),
    "predictions": ("What fails", predictions.section),
    "worlds": ("Worlds, told", told_worlds.section),
    "sources": ("The documents", sources.section),
    "provenance": ("Where this comes from", provenance.section),
}


@heeded()
def build(
    results: Results, preferences: stats.Preferences | None = None, say: Callable[[str], None] = lambda words: None
) -> Report:
    """Return the report of results; of several variants, the first is the baseline of all comparisons.

    ``preferences`` has the analyst's tie zones and wishes; ``say`` is told of each part that is begun.
    """
    if results.status == SHARD:
        raise StoreError(f"{results.folder}: a shard, whose variants have no worlds in common; crossfire merge first")
    whole = results.begun()
    compared = by_theory.of_one_theory(whole)
    drawn = page_figures, compared.folder, compared.variants, figures.ELSEWHERE, figures.SPARED
    with FigurePool(*drawn) as pool, at_one_moment():
        return _report(Context(whole, preferences, pool), say)


def _report(context: Context, say: Callable[[str], None]) -> Report:
    """Return the report; figures that are drawn elsewhere are waited for last."""
    found = {}
    for anchor in sorted(SECTIONS, key=lambda anchor: anchor == "figures"):
        title, blocks = SECTIONS[anchor]
        say(title)
        found[anchor] = tuple(blocks(context))
    sections = [Section(anchor, title, found[anchor]) for anchor, (title, _) in SECTIONS.items() if found[anchor]]
    return Report(context.title, context.subtitle, tuple(sections))
