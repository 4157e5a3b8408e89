"""Figures as the report shows them: PNG of few colours, without what the page says beside them."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from sim.plots import FIGURES
from sim.plots.frame import laid_out, only_text, style, without_frame
from sim.report.blocks import Table, to_be_seen
from sim.report.figure_tables import figure_table
from sim.results import Results

#: Dots an inch of pictures in the page, and the colours that they keep: a tenth of the size, no difference to an eye.
DOTS, COLOURS = 130, 192
#: What is left around a figure, in inches.
MARGIN = 0.05


class PageFigure(NamedTuple):
    """A figure drawn for the page, what it says in words, and the numbers that it draws, where it has a table."""

    title: str
    says: str
    png: bytes
    size: tuple[int, int]
    numbers: Table | None = None


def page_figure(figure: Figure) -> PageFigure:
    """Return a figure as the page shows it."""
    title, says = without_frame(figure)
    return PageFigure(title, says, *png_of(figure))


def page_figures(folder: Path, labels: Sequence[str], names: Sequence[str]) -> dict[str, PageFigure | None]:
    """Return figures of variants of the results in a folder, by name, with their numbers; None for one without data."""
    results = Results(folder).only(labels)
    found: dict[str, PageFigure | None] = {}
    for name in names:
        with style():
            figure = FIGURES[name](results)
            one = None if figure is None else page_figure(figure)
        found[name] = one and one._replace(numbers=figure_table(name, results))
    return found


def png_of(figure: Figure) -> tuple[bytes, tuple[int, int]]:
    """Return a figure as a PNG of few colours, with its size in the page."""
    image = drawn(figure).convert("RGB")
    small = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    width = int(np.ceil(image.width * 96 / DOTS))
    return small.getvalue(), (width, int(np.ceil(image.height * 96 / DOTS)))


def drawn(figure: Figure) -> Image.Image:
    """Return a figure drawn and cut close to what it shows."""
    canvas = FigureCanvasAgg(figure)
    only_text(figure, to_be_seen)
    figure.set_dpi(DOTS)
    with laid_out(figure):
        shown = figure.get_tightbbox(canvas.get_renderer()).padded(MARGIN)
        figure.savefig(io.BytesIO(), format="raw", dpi=DOTS, bbox_inches=shown)
    return Image.fromarray(np.asarray(canvas.buffer_rgba()))
