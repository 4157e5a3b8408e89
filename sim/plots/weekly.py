"""Over time: weekly series as fans."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import stats
from sim.inputs.labels import variant_names
from sim.names.measures import SERIES, Measure
from sim.plots.frame import (
    VERMILION,
    axis_format,
    few_ticks,
    framed,
    in_lines,
    legend_of,
    over_time,
    shown_variants,
    time_label,
    with_source,
    wrapped,
)
from sim.plots.read_once import read_once
from sim.results import Results
from sim.results.exits import horizon
from sim.wording import headed

#: Counts are added up over blocks of weeks, as long as fit three times into the series: single weeks hold too few.
BLOCKS = {13: "in three months", 4: "in four weeks", 1: "in the week"}


def fans(results: Results) -> Figure | None:
    """Return a figure of weekly series: a row for each headline measure, a column for each variant; None without."""
    measures = [m for m in SERIES if m.headline and m.name in results.names("series")]
    variants = shown_variants(results)
    if not measures:
        return None
    size = max(7.5, 2.6 * len(variants) + 1.4), 2.1 + 1.5 * len(measures)
    figure = framed(*size, "Over time: the middle and the spread of worlds")
    panels = figure.subplots(len(measures), len(variants), squeeze=False, sharex=True, sharey="row")
    for row, measure in zip(panels, measures, strict=True):
        weeks = block_of(results, measure)
        for axes, variant in zip(row, variants, strict=True):
            draw_fan(fan_of(results, measure, variant), axes, measure, weeks)
        row[0].set_ylabel(
            wrapped(headed(series_label(results, measure)), 18), rotation=0, ha="right", va="center", ma="right"
        )
        row[0].set_ylim(bottom=0)
    over_time(panels[0, 0], horizon(results))
    for top, foot, name in zip(panels[0], panels[-1], variant_names(variants), strict=True):
        top.set_title(in_lines(name, 26) if len(variants) > 1 else "")
        foot.set_xlabel(time_label(results))
    figure.align_ylabels(panels[:, 0])
    legend_of(figure, panels[0, 0])
    kept = results.series_columns([], variants[0])["world"].nunique()
    of = f", from the first {kept:,} worlds" if kept < results.worlds else ""
    return with_source(
        figure, results, f"Bands are taken at each point of time{of}: no single world follows their edges."
    )


def fan_of(results: Results, measure: Measure, variant: str) -> stats.Fan:
    """Return what the fan of a measure draws: its quantiles and mean by block of weeks."""
    weeks = block_of(results, measure)
    what = ("fan", variant, measure.name, weeks)
    return read_once(results, what, lambda: stats.fan(_columns(results, measure, variant), measure.name, weeks=weeks))


def series_label(results: Results, measure: Measure) -> str:
    """Return what a fan shows, with the time over which a count is added up: ``attacks in three months``."""
    return measure.label.replace(BLOCKS[1], BLOCKS[block_of(results, measure)])


def _columns(results: Results, measure: Measure, variant: str) -> dict[str, np.ndarray]:
    frame = results.series_columns([measure.name], variant)
    return {name: frame[name].to_numpy() for name in ("world", "week", measure.name)}


def block_of(results: Results, measure: Measure) -> int:
    """Return over how many weeks a measure is added up."""
    if measure.kind != "count":
        return 1
    return next(weeks for weeks in BLOCKS if weeks == 1 or 3 * weeks * 7 <= horizon(results))


# -------------------------------------------------------------------------------------------------------------- drawing


def draw_fan(table: stats.Fan, axes: Axes, measure: Measure, weeks: int = 1) -> Axes:
    """Draw a measure's median, the bands of 50% and 90% of worlds, and the mean, against days; counts as steps."""
    days, lines = table.week * 7, table
    if measure.kind == "count":  # a record holds the week that went before it
        days = np.column_stack([days - 7, days - 7 + 7 * weeks]).ravel()
        lines = stats.Fan(*(np.repeat(getattr(table, name), 2) for name in table.__slots__))
    axes.fill_between(days, lines.p05, lines.p95, color="#CFE5F3", lw=0, label="the middle 90% of worlds")
    axes.fill_between(days, lines.p25, lines.p75, color="#7DB8DC", lw=0, label="the middle 50%")
    axes.plot(days, lines.p50, color="#003F66", lw=1.8, label="median")
    axes.plot(days, lines.mean, color=VERMILION, lw=1.3, ls=(0, (4, 2)), label="mean")
    axes.yaxis.set_major_locator(few_ticks(whole=measure.kind == "count"))
    axes.yaxis.set_major_formatter(axis_format(measure))
    return axes
