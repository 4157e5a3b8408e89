"""When and how US forces leave, as curves with bands: all variants on one scale, then each with its competing ends."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, PercentFormatter

from sim.inputs.labels import variant_names
from sim.plots.frame import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    VERMILION,
    few_ticks,
    framed,
    in_lines,
    key_line,
    over_time,
    shown_variants,
    time_label,
    with_source,
)
from sim.results import Results
from sim.results.exits import COLUMNS, horizon
from sim.stats import Incidence
from sim.wording import percent_in_words

#: Ends that compete: words, colour, line and sign (for eyes and printers that see no colours).
END_LOOKS: dict[str, tuple[str, str, Any, str]] = {
    "agreement": ("by agreement", GREEN, (0, (5, 1.5)), "s"),
    "demand": ("by Baghdad's demand", VERMILION, (0, (1, 1)), "o"),
    "own_choice": ("by own choice", BLUE, (0, (6, 1.5, 1, 1.5)), "^"),
    "north_only": ("to the Kurdistan Region only", ORANGE, (0, (2.5, 1.2)), "D"),
}
#: The same in a word or two.
END_WORDS = {"agreement": "agreed", "demand": "demanded", "own_choice": "own choice", "north_only": "north only"}
ACROSS = 4
_POINTWISE, _WHOLE = "#8FB8D3", "#DCEAF4"
#: Lines of the variants where they share a panel: all of one colour (colours are the ends'), named where they end.
_LINES: tuple[Any, ...] = (
    "-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)), (0, (2.5, 1.2)), (0, (10, 2)), (0, (4, 1, 1, 1, 1, 1)),
    (0, (1, 2.5)),
)  # fmt: skip
#: How much longer the panel that variants share is than its time: room for their names.
_LONGER = 1.36
MEANING = (
    "Shares of all worlds. The dark band is pointwise: it holds the true share on one day that you ask about, in 95 of "
    "100 such runs. The light band is simultaneous: it holds the whole curve, all its days at once. Both narrow with "
    "more worlds. The ends exclude one another and add up to the black line; 'north only' is an exit to the Kurdistan "
    "Region that lasts to the end."
)


def exit_over_time(results: Results) -> Figure | None:
    """Return a figure of worlds gone by each day and by end, with bands; None without outcomes.

    Several variants share the panel on top, by any end; below each has its own.
    """
    if not set(COLUMNS) <= set(results.names()):
        return None
    variants = shown_variants(results)
    names = variant_names(variants) if len(variants) > 1 else [""]
    tables = [results.comparison().incidence(variant) for variant in variants]
    figure, overview, panels = _panels(len(variants))
    room = max(len(_ends_said(table)) for table in tables)
    if overview is not None:
        over_time(overview, horizon(results))
        draw_together(tables, names, overview)
        overview.set(title="All on one scale", ylabel="share of worlds gone")
    for k, (axes, table, name) in enumerate(zip(panels, tables, names, strict=True)):
        draw_incidence(table, axes)
        over_time(axes, horizon(results))
        _say(axes, table, in_lines(name, 26), room)
        axes.set(xlabel=time_label(results), ylabel="" if k % ACROSS else "share of worlds gone")
    key_line(figure, *_key(tables))
    own = " Below, each panel has a scale of its own." if overview is not None else ""
    return with_source(figure, results, MEANING + own)


def _panels(n: int) -> tuple[Figure, Axes | None, list[Axes]]:
    """Return the figure, the panel that variants share (None for one alone), and one for each of them."""
    title = "When and how US forces leave federal Iraq"
    if n == 1:
        figure = framed(10.2, 5.2, title)
        return figure, None, [figure.subplots()]
    across = min(ACROSS, n)
    down = -(-n // across)
    figure = framed(max(10.2, 2.9 * across + 0.6), 5.6 + 2.9 * down, title)
    grid = figure.add_gridspec(1 + down, across, height_ratios=[1.05] + [1.0] * down)
    panels = [figure.add_subplot(grid[1 + k // across, k % across]) for k in range(n)]
    return figure, figure.add_subplot(grid[0, :]), panels


def _key(tables: Sequence[Incidence]) -> tuple[list[Any], list[str]]:
    """Return how to read the panels: signs and their words, without the ends that no variant has."""
    signs: dict[str, Any] = {
        "gone in any way": Line2D([], [], color=INK, lw=2),
        "95%, one day": Patch(facecolor=_POINTWISE),
        "95%, all days": Patch(facecolor=_WHOLE, edgecolor=GREY, lw=0.6),
    }
    for end, (_, colour, dash, sign) in END_LOOKS.items():
        if any(np.nanmax(table.ends[end].share, initial=0) > 0 for table in tables):
            signs[END_WORDS[end]] = Line2D([], [], color=colour, ls=dash, lw=1.5, marker=sign, mfc="white", ms=4)
    return list(signs.values()), list(signs)


def _ends_said(table: Incidence) -> list[str]:
    """Return how many are gone at the end, and how, in lines."""
    ends = ", ".join(f"{percent_in_words(float(table.ends[end].share[-1]))} {words}" for end, words in END_WORDS.items()
                     if table.ends[end].share[-1] > 0)  # fmt: skip
    gone = table.gone
    share, low, high = (percent_in_words(float(values[-1])) for values in (gone.share, gone.low, gone.high))
    return [f"{share} gone by the end ({low} to {high})", *in_lines(ends, 34).splitlines()]


def _say(axes: Axes, table: Incidence, name: str, room: int) -> None:
    """Write over a panel its variant, and under that, in so many lines, how many are gone at the end, and how."""
    lines = _ends_said(table)
    said = axes.annotate(
        "\n".join(lines), (0, 1), xycoords="axes fraction", xytext=(0, 5), textcoords="offset points", fontsize=8.2
    )
    said.set_in_layout(False)  # the title keeps room for it, and it may reach over the gap to the next panel
    axes.set_title(name, pad=9 + 11 * room)
    if len(lines) == 1:
        axes.text(
            0.5, 0.5, "in every world\nUS forces are still there", transform=axes.transAxes, ha="center", va="center"
        )


# -------------------------------------------------------------------------------------------------------------- drawing


def draw_incidence(table: Incidence, axes: Axes) -> Axes:
    """Draw the share gone in any way with both bands, and each end's share, against the days from the start."""
    days, gone = table.day, table.gone
    axes.fill_between(days, gone.band_low, gone.band_high, facecolor=_WHOLE, edgecolor=GREY, lw=0.5)
    axes.fill_between(days, gone.low, gone.high, color=_POINTWISE, lw=0)
    axes.plot(days, gone.share, color=INK, lw=2)
    every = max(1, len(days) // 7)
    for k, (end, (_, colour, dash, sign)) in enumerate(END_LOOKS.items()):
        share = table.ends[end].share
        if np.nanmax(share, initial=0) > 0:
            axes.plot(days, share, color=colour, ls=dash, lw=1.5, marker=sign, mfc="white", ms=4,
                      markevery=(every * (k + 1) // 5, every), zorder=3)  # fmt: skip
    return _shares_up_to(axes, gone.band_high)


def draw_together(tables: Sequence[Incidence], names: Sequence[str], axes: Axes) -> Axes:
    """Draw the curves of several variants in one panel laid out over time, each named at its end."""
    days, curves = [table.day for table in tables], [table.gone for table in tables]
    _shares_up_to(axes, np.concatenate([one.band_high for one in curves]))
    (_, last), (_, top) = axes.get_xlim(), axes.get_ylim()
    ends = [float(one.share[-1]) for one in curves]
    heights = heights_apart([end / top for end in ends], 0.115)
    for one, day, dash, name, end, height in zip(curves, days, _LINES, names, ends, heights, strict=False):
        axes.fill_between(day, one.low, one.high, color=INK, alpha=0.15, lw=0)
        axes.plot(day, one.share, color=INK, ls=dash, lw=1.7)
        axes.plot([day[-1], 1.03 * last], [end, height * top], color=INK, lw=0.6, clip_on=False)
        axes.annotate(
            f"{percent_in_words(end)}  {in_lines(name, 34)}", (1.035 * last, height * top), va="center", fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in axes.get_xticks() if 0 <= tick <= last]))
    axes.set_xlim(0, _LONGER * last)
    axes.spines["bottom"].set_bounds(0, last)
    return axes


def heights_apart(wanted: Sequence[float], apart: float) -> list[float]:
    """Return heights (0 to 1) near those wanted, in their order, none nearer to the next than ``apart``."""
    order = np.argsort(wanted, kind="stable")
    apart = min(apart, 1.0 / max(1, len(wanted) - 1))
    found = np.array(wanted, dtype=float)[order]
    for k in range(1, len(found)):
        found[k] = max(found[k], found[k - 1] + apart)
    found -= max(0.0, found[-1] - 1.0) if len(found) else 0.0
    for k in range(len(found) - 1, 0, -1):
        found[k - 1] = min(found[k - 1], found[k] - apart)
    back = np.empty(len(found))
    back[order] = found
    return [float(height) for height in back]


def _shares_up_to(axes: Axes, highest: np.ndarray) -> Axes:
    """Lay the vertical axis out from nothing to a round share above the highest of these."""
    most = float(np.nanmax(highest, initial=0.0))
    top = next(step for step in (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0) if most <= step + 1e-9)
    axes.set_ylim(0, top)
    axes.yaxis.set_major_locator(few_ticks())
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return axes
