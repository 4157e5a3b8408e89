"""Forecasts against what was observed: where values fell in them, and which were missed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.frame import BLUE, INK, LIGHT_BLUE, VERMILION, footed, framed, save, style, wrapped

if TYPE_CHECKING:
    from sim.evidence.backtest.scoring import Scored, Summary

MEANING = (
    "Left: how many values fell into each tenth of their forecast; honest forecasts stay within the band in nine files "
    "of ten. Right: each value against the central 90% of worlds (the bar) and their median (the stroke), in units of "
    "its half-width; a red cross was missed."
)
#: A value further out is drawn at the edge.
_EDGE = 3.0


def calibration(rows: Sequence["Scored"], summary: "Summary", name: str, worlds: int) -> Figure:
    """Return a figure of a file's forecasts: the histogram of places, and a line for each row with a value."""
    with_value = [one for one in rows if one.pit is not None]
    figure = framed(11.5, 2.6 + 0.3 * max(6, len(with_value)), f"Forecasts of {name} against what was observed")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    draw_places(summary, left)
    draw_rows(with_value, right)
    missed = sum(not one.inside90 for one in with_value)
    facts = [f"{len(with_value)} rows with a value, {missed} outside the central 90%", f"{worlds:,} worlds"]
    return footed(figure, MEANING, facts)


def draw_places(summary: "Summary", axes: Axes) -> Axes:
    """Draw how many values fell into each tenth of their forecasts, with the band of honest ones."""
    counts, low, high = summary.pit
    axes.axhspan(low, high, color=LIGHT_BLUE, alpha=0.5, lw=0)
    axes.bar(np.arange(len(counts)) + 0.5, counts, width=0.9, color=BLUE)
    axes.set(
        title="Where values fell",
        xlabel="tenth of the forecast, from low to high",
        ylabel="rows",
        xlim=(0, len(counts)),
    )
    axes.grid(axis="x", visible=False)
    return axes


def draw_rows(rows: Sequence["Scored"], axes: Axes) -> Axes:
    """Draw each value in its forecast: a bar for the central nine tenths, a stroke for the median."""
    names = []
    for at, one in enumerate(rows):
        half = max((one.p95 - one.p05) / 2, 1e-9)
        middle = (one.p95 + one.p05) / 2
        axes.plot([-1, 1], [at, at], color=LIGHT_BLUE, lw=6, solid_capstyle="butt")
        axes.plot([(one.p50 - middle) / half] * 2, [at - 0.25, at + 0.25], color=INK, lw=1.2)
        where = float(np.clip((one.answer.value - middle) / half, -_EDGE, _EDGE))
        colour = INK if one.inside90 else VERMILION
        axes.plot([where], [at], marker="o" if one.inside90 else "X", color=colour, ms=7, ls="none")
        names.append(wrapped(f"{one.question.id}: {one.question.measure.replace('_', ' ')}", 34))
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set(
        title="Each value in its forecast", xlabel="half-widths of the central 90%", xlim=(-_EDGE - 0.2, _EDGE + 0.2)
    )
    axes.grid(axis="y", visible=False)
    return axes


def draw_calibration(rows: Sequence["Scored"], summary: "Summary", folder: Path, name: str, worlds: int) -> list[Path]:
    """Return the paths of ``calibration.svg`` and ``calibration.png``, written into a folder."""
    with style():
        return save(calibration(rows, summary, name, worlds), folder / "calibration")
