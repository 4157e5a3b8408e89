"""The spread of worlds taken apart, as stacked bars: chance, parameters, theory. It shows no interval of a mean."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from sim.plots.frame import (
    BLUE,
    INK,
    LIGHT_BLUE,
    ORANGE,
    footed,
    framed,
    key_line,
    note_in_margin,
    save,
    style,
    wrapped,
)
from sim.results.files import write_whole
from sim.running.spread import MEASURES, Spread
from sim.stats import CHANCE, PARAMETERS, THEORY, VarianceComponents
from sim.wording import headed

#: Parts of the spread: words, colour, hatch (for eyes and printers that see no colours).
LOOKS = {
    CHANCE: ("chance: the same world with other luck", LIGHT_BLUE, ""),
    PARAMETERS: ("parameters that nobody knows", BLUE, "////"),
    THEORY: ("theory", ORANGE, "...."),
}
MEANING = (
    "Each bar is the whole variance over worlds of one measure, parted by where it comes from. It does not shrink with "
    "more worlds. How well the mean is known is another matter, and not drawn."
)


def spread_bars(
    tables: Mapping[str, Mapping[str, VarianceComponents]], labels: Mapping[str, str], facts: Sequence[str]
) -> Figure:
    """Return a figure of the spread taken apart, a panel for each variant or difference, a bar for each measure.

    Parameters
    ----------
    tables : mapping
        By the panel's heading, then by measure.
    labels : mapping
        The words of each measure.
    facts : sequence of str
        What stands at the foot: scenario, worlds, replicates, seed.
    """
    rows = max(len(table) for table in tables.values())
    figure = framed(4.2 + 3.6 * len(tables), 2.0 + 0.42 * rows, "Where the spread of worlds comes from")
    panels = figure.subplots(1, len(tables), squeeze=False, sharey=True)[0]
    for axes, (heading, table) in zip(panels, tables.items(), strict=True):
        draw_spread(list(table.values()), axes)
        axes.set(title=wrapped(heading, 40), xlabel="share of the variance over worlds")
    names = [wrapped(headed(labels[name]), 34) for name in next(iter(tables.values()))]
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    shown = [
        name for name in LOOKS if any(name in (one.components or ()) for t in tables.values() for one in t.values())
    ]
    signs = [Patch(facecolor=LOOKS[n][1], hatch=LOOKS[n][2], edgecolor="white", lw=0) for n in shown]
    key_line(figure, signs, [LOOKS[name][0] for name in shown])
    return footed(figure, MEANING, facts)


def draw_spread(table: Sequence[VarianceComponents], axes: Axes) -> Axes:
    """Draw shares of variance stacked, a row for each of ``table``, chance's in words."""
    for row, one in enumerate(table):
        if not one.components:
            axes.annotate("nothing varies", (0.02, row), va="center", fontsize=8.5, color=INK)
            continue
        left = 0.0
        for name, part in one.components.items():
            _, colour, hatch = LOOKS[name]
            axes.barh(row, part.share, left=left, height=0.62, color=colour, hatch=hatch, edgecolor="white", lw=0)
            left += part.share
        axes.barh(row, left, height=0.62, fill=False, edgecolor=INK, lw=0.7)
        note_in_margin(axes, row, f"{one.components[CHANCE].share:.0%} chance", fontsize=8.5)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="y", visible=False)
    return axes


def write_spreads(found: Sequence[Spread], plain: dict[str, Any], folder: Path, facts: Sequence[str]) -> list[Path]:
    """Return the paths of ``spread.json`` and of the figure as SVG and PNG, written into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "spread.json"
    write_whole(path, (json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode())
    with style():
        figure = spread_bars({one.heading: one.found for one in found}, {m.name: m.label for m in MEASURES}, facts)
        return [path, *save(figure, folder / "spread")]
