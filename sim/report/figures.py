"""The figures of a report, each with its numbers and the command that draws it."""

from collections.abc import Callable, Iterator
from functools import partial

from matplotlib.figure import Figure

from sim.plots import FIGURES
from sim.plots.frame import style
from sim.plots.outcomes import differences, distributions
from sim.report.blocks import Block, Picture
from sim.report.by_construction import NOTE
from sim.report.context import Context
from sim.report.figure_tables import figure_table
from sim.report.pictures import PageFigure, page_figure, page_figures
from sim.results import suggested

#: Maps of what tiles show with their names and numbers; `crossfire plot` draws them.
DRAWN_TWICE = ("isis_maps", "opinion_maps")
#: What is drawn while other processes draw the rest: the first one knows what the report marks.
DRAWN_HERE = ("differences", "distributions")
#: What is drawn here too where there is but one other process: it would be at work for longer than this one.
SPARED = ("base_maps",)
#: What other processes draw.
ELSEWHERE = tuple(name for name in FIGURES if name not in (*DRAWN_TWICE, *DRAWN_HERE))


def section(context: Context) -> Iterator[Block]:
    """Yield each figure that the results have data for, with its numbers and the command that draws it.

    Of two figures of the same numbers one is enough: what is drawn as tiles is not drawn as a map again.
    """
    found = _drawn_here(context) | _drawn_elsewhere(context)
    for name in FIGURES:
        if (one := found.get(name)) is None:
            continue
        command = f"{suggested('plot', context.folder)} --only {name}"
        yield Picture(name, one.title, one.png, *one.size, one.says, command, one.numbers)


def _drawn_elsewhere(context: Context) -> dict[str, PageFigure | None]:
    if context.pool is None:
        return page_figures(context.results.folder, context.labels, ELSEWHERE)
    return context.pool.drawn()


def _drawn_here(context: Context) -> dict[str, PageFigure | None]:
    figures: dict[str, Callable[[], Figure | None]] = {
        "differences": partial(_differences, context), "distributions": partial(distributions, context.results),
    }  # fmt: skip
    found: dict[str, PageFigure | None] = {}
    for name, draw in figures.items():
        with style():
            one = page_figure(figure) if (figure := draw()) else None
        found[name] = one and one._replace(numbers=figure_table(name, context.results, context.comparison))
    return found


def _differences(context: Context) -> Figure | None:
    """Return the figure of differences, marked where they follow from a policy or the scenario."""
    marked = {
        (label, m.name)
        for k, label in enumerate(context.labels[1:], start=1)
        for m in context.measures
        if context.is_given(m, k)
    }
    note = f"{NOTE}; the report alone puts it there." if marked else ""
    found = context.comparison.headline_differences()
    return differences(context.results, context.preferences, found, marked, note)
