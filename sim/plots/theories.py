"""Whether a finding survives another theory: a square for each policy and theory, a panel for each outcome."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.names.measures import Measure
from sim.plots.frame import GREY, INK, blank, footed, framed, wrapped
from sim.stats import WeightedMean
from sim.wording import headed

#: Panels side by side.
ACROSS = 2
_SHADES = colormaps["PuOr"]
#: What a panel shows: the measure, what rows and columns are called, the mean and interval of each square.
Cells = Mapping[tuple[str, str], WeightedMean]


def theory_heat(
    panels: Sequence[tuple[Measure, Cells]], rows: Sequence[str], theories: Sequence[str], baseline: str,
    facts: Sequence[str],
) -> Figure:  # fmt: skip
    """Return a figure of differences from the baseline by policy and theory, a panel for each outcome."""
    down = -(-len(panels) // ACROSS)
    size = max(8.0, ACROSS * (1.9 + 1.15 * len(theories))), 1.5 + down * (1.0 + 0.42 * len(rows))
    figure = framed(*size, f"By theory: differences from {baseline}")
    axes = figure.subplots(down, ACROSS, squeeze=False)
    for one, (measure, cells) in zip(axes.flat, panels, strict=False):
        draw_heat(cells, one, rows, theories, measure)
    blank(axes.flat[len(panels) :])
    return footed(
        figure, "The darker, the larger the difference in its panel: orange lower, violet higher. In brackets where "
        "the 95% interval holds 0: not to be told from no difference.", facts,
    )  # fmt: skip


def draw_heat(cells: Cells, axes: Axes, rows: Sequence[str], theories: Sequence[str], measure: Measure) -> Axes:
    """Draw a square for each row and theory, shaded by its difference, with the number."""
    most = max([abs(cell.mean) for cell in cells.values() if cell.mean is not None], default=0.0) or 1.0
    for y, row in enumerate(rows):
        for x, theory in enumerate(theories):
            cell = cells[row, theory]
            mean = cell.mean or 0.0
            shade = _SHADES(0.5 + 0.42 * mean / most)
            axes.add_patch(Rectangle((x, y), 0.97, 0.94, facecolor=shade, edgecolor=GREY, lw=0.5))
            light = float(np.dot(shade[:3], (0.299, 0.587, 0.114)))
            axes.text(x + 0.48, y + 0.49, _said(cell, measure), ha="center", va="center", fontsize=8.5,
                      color="white" if light < 0.58 else INK)  # fmt: skip
    unit = " (points)" if measure.unit.startswith("share") else f" ({measure.unit})"
    axes.set(xlim=(0, len(theories)), ylim=(len(rows), 0), title=wrapped(headed(measure.label) + unit, 46))
    axes.set_xticks(np.arange(len(theories)) + 0.48, [wrapped(t.replace("-", " "), 12) for t in theories])
    axes.set_yticks(np.arange(len(rows)) + 0.49, rows)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    return axes


def _said(cell: WeightedMean, measure: Measure) -> str:
    mean, low, high = cell.mean, cell.low, cell.high
    if mean is None:
        return "–"
    number = f"{100 * mean:+.1f}" if measure.unit.startswith("share") else f"{mean:+,.3g}"
    return number if low is not None and high is not None and (low > 0 or high < 0) else f"({number})"
