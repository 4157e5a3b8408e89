"""Over time: exits by kind, and weekly series as fans."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim import stats
from sim.names.measures import SERIES, Measure
from sim.plots.frame import (
    BLUE,
    GREEN,
    INK,
    VERMILION,
    blank,
    few_ticks,
    framed,
    headed,
    horizon,
    in_lines,
    legend_of,
    numbers_of,
    over_time,
    said_share,
    shown,
    signed,
    time_label,
    variant_names,
    wrapped,
)
from sim.store import Results

#: Kinds of exit: words, colour, hatch (for eyes and printers that see no colours).
EXIT_LOOKS = {
    "agreement": ("by agreement", GREEN, ""),
    "demand": ("by Baghdad's demand", VERMILION, "////"),
    "own_choice": ("by Washington's own choice", BLUE, "...."),
}
#: The same in a word or two.
EXIT_WORDS = {"agreement": "agreed", "demand": "demanded", "own_choice": "own choice"}
#: Counts are added up over blocks of weeks, as long as fit three times into the series: single weeks hold too few.
BLOCKS = {13: "in three months", 4: "in four weeks", 1: "in the week"}


def exit_over_time(results: Results) -> Figure | None:
    """Return a figure of worlds gone by kind of exit, a panel for each variant; None without outcomes."""
    if not {"exit_day", "exit_kind"} <= set(results.names()):
        return None
    variants = shown(results)
    across = min(4, len(variants))
    down = -(-len(variants) // across)
    figure = framed(max(7.5, 2.9 * across + 0.6), 2.1 + 2.8 * down, "How and when US forces leave federal Iraq")
    panels = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
    weekly = np.append(np.arange(0, horizon(results), 7), horizon(results))
    for axes, variant, name in zip(panels.flat, variants, variant_names(variants), strict=False):
        table = stats.exit_curve(results.column("exit_day", variant), results.column("exit_kind", variant), weekly)
        draw_exits(table, axes)
        _say_exits(axes, in_lines(name, 26) if len(variants) > 1 else "", {k: float(table[k][-1]) for k in EXIT_LOOKS})
        axes.set_xlabel(time_label(results))
    for axes in panels[:, 0]:
        axes.set_ylabel("share of worlds")
    blank(panels.flat[len(variants) :])
    for axes in panels.flat[max(0, len(variants) - across) : len(variants)]:
        axes.tick_params(labelbottom=True)  # nothing stands below them
    legend_of(figure, panels[0, 0])
    return signed(
        figure, results, "The height of a band is the share of worlds gone in that way by then; white: still there."
    )


def _say_exits(axes: Axes, name: str, gone: Mapping[str, float]) -> None:
    """Write over a panel its variant, and under that how many are gone at the end, and how."""
    kinds = ", ".join(f"{said_share(share)} {EXIT_WORDS[kind]}" for kind, share in gone.items() if share)
    words = f"{said_share(sum(gone.values()))} gone by the end{':' if kinds else ''}\n{kinds}"
    axes.annotate(words, (0, 1), xycoords="axes fraction", xytext=(0, 5), textcoords="offset points", fontsize=8.5)
    axes.set_title(name, pad=31)
    if not kinds:
        axes.text(
            0.5, 0.5, "in every world\nUS forces are still there", transform=axes.transAxes, ha="center", va="center"
        )


def fans(results: Results) -> Figure | None:
    """Return a figure of weekly series: a row for each headline measure, a column for each variant; None without."""
    measures = [m for m in SERIES if m.headline and m.name in results.names("series")]
    variants = shown(results)
    if not measures:
        return None
    size = max(7.5, 2.6 * len(variants) + 1.4), 2.1 + 1.5 * len(measures)
    figure = framed(*size, "Over time: the middle and the spread of worlds")
    panels = figure.subplots(len(measures), len(variants), squeeze=False, sharex=True, sharey="row")
    for row, measure in zip(panels, measures, strict=True):
        weeks = _block(results, measure)
        for axes, variant in zip(row, variants, strict=True):
            table = stats.fan(_columns(results, measure, variant), measure.name, weeks=weeks)
            draw_fan(table, axes, measure, weeks)
        label = headed(measure.label.replace(BLOCKS[1], BLOCKS[weeks]))
        row[0].set_ylabel(wrapped(label, 18), rotation=0, ha="right", va="center", ma="right")
        row[0].set_ylim(bottom=0)
    over_time(panels[0, 0], horizon(results))
    for top, foot, name in zip(panels[0], panels[-1], variant_names(variants), strict=True):
        top.set_title(in_lines(name, 26) if len(variants) > 1 else "")
        foot.set_xlabel(time_label(results))
    figure.align_ylabels(panels[:, 0])
    legend_of(figure, panels[0, 0])
    kept = results.series_columns([], variants[0])["world"].nunique()
    of = f", from the first {kept:,} worlds" if kept < results.manifest["worlds"] else ""
    return signed(figure, results, f"Bands are taken at each point of time{of}: no single world follows their edges.")


def _columns(results: Results, measure: Measure, variant: str) -> dict[str, np.ndarray]:
    frame = results.series_columns([measure.name], variant)
    return {name: frame[name].to_numpy() for name in ("world", "week", measure.name)}


def _block(results: Results, measure: Measure) -> int:
    """Return over how many weeks a measure is added up."""
    if measure.kind != "count":
        return 1
    return next(weeks for weeks in BLOCKS if weeks == 1 or 3 * weeks * 7 <= horizon(results))


# -------------------------------------------------------------------------------------------------------------- drawing


def draw_exits(table: Mapping[str, np.ndarray], axes: Axes) -> Axes:
    """Draw shares of worlds gone by kind of exit, stacked, against the days from the start."""
    days, floor = table["day"], np.zeros(len(table["day"]))
    for kind, (label, colour, hatch) in EXIT_LOOKS.items():
        roof = floor + table[kind]
        axes.fill_between(days, floor, roof, label=label, facecolor=colour, hatch=hatch, edgecolor="white", lw=0)
        axes.plot(days, roof, color=INK, lw=0.7)
        floor = roof
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return over_time(axes, table["day"][-1])


def draw_fan(table: Mapping[str, np.ndarray], axes: Axes, measure: Measure, weeks: int = 1) -> Axes:
    """Draw a measure's median, the bands of 50% and 90% of worlds, and the mean, against days; counts as steps."""
    days, lines = table["week"] * 7, dict(table)
    if measure.kind == "count":  # a record holds the week that went before it
        days = np.column_stack([days - 7, days - 7 + 7 * weeks]).ravel()
        lines = {name: np.repeat(values, 2) for name, values in table.items()}
    axes.fill_between(days, lines["p05"], lines["p95"], color="#CFE5F3", lw=0, label="the middle 90% of worlds")
    axes.fill_between(days, lines["p25"], lines["p75"], color="#7DB8DC", lw=0, label="the middle 50%")
    axes.plot(days, lines["p50"], color="#003F66", lw=1.8, label="median")
    axes.plot(days, lines["mean"], color=VERMILION, lw=1.3, ls=(0, (4, 2)), label="mean")
    axes.yaxis.set_major_locator(few_ticks(whole=measure.kind == "count"))
    axes.yaxis.set_major_formatter(numbers_of(measure))
    return axes
