"""Figures of the page are those that matplotlib would cut out itself, to the dot."""

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from sim.plots import FIGURES
from sim.plots.frame import only_text, style, without_frame
from sim.report.blocks import to_be_seen
from sim.report.figures import ELSEWHERE, SPARED
from sim.report.pictures import DOTS, MARGIN, drawn
from sim.results import Results
from tests.plots.test_plots import POLICIES, made_up


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return made-up results of some policies."""
    return made_up(tmp_path_factory.mktemp("made-up"), worlds=25)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return made-up results of one policy."""
    return made_up(tmp_path_factory.mktemp("alone"), policies=POLICIES[:1], worlds=25)


def cut_by_matplotlib(figure: Figure) -> Image.Image:
    """Return a figure as matplotlib saves it, by laying out, drawing, measuring and drawing again."""
    raw = io.BytesIO()
    FigureCanvasAgg(figure)
    only_text(figure, to_be_seen)
    figure.savefig(raw, format="png", dpi=DOTS, bbox_inches="tight", pad_inches=MARGIN)
    return Image.open(raw)


@pytest.mark.parametrize("name", list(FIGURES))
def test_a_figure_drawn_once_is_the_one_drawn_twice(results: Results, alone: Results, name: str) -> None:
    """Of several variants and of one: size and every dot are the same."""
    for one in (results, alone):
        with style():
            figures = [FIGURES[name](one) for _ in range(2)]
            if figures[0] is None or figures[1] is None:
                assert name == "differences"  # there are none of one variant
                continue
            for figure in figures:
                without_frame(figure)
            once, twice = drawn(figures[0]), cut_by_matplotlib(figures[1])
        assert once.size == twice.size
        assert np.array_equal(np.asarray(once), np.asarray(twice))


def test_a_figure_without_panels_in_a_grid_is_cut_as_well() -> None:
    """Panels that were put where they are by hand stay there."""
    with style():
        figures = []
        for _ in range(2):
            figure = Figure(figsize=(4, 3), layout="none")
            figure.add_axes((0.3, 0.3, 0.4, 0.4)).set(title="by hand", xlabel="days")
            figures.append(figure)
        once, twice = drawn(figures[0]), cut_by_matplotlib(figures[1])
    assert once.size == twice.size
    assert np.array_equal(np.asarray(once), np.asarray(twice))


def test_who_only_draws_loads_nothing_of_the_report_but_its_figures() -> None:
    """Neither what gathers it nor what lives worlds again: another process is at its first figure all the sooner."""
    asked = "import sys, sim.report.pictures; print(*sorted(name for name in sys.modules if name.startswith('sim.')))"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "sim.plots.weekly" in loaded
    assert not [name for name in loaded if name.startswith(("sim.stories", "sim.evidence", "sim.report.assembly"))]


def test_a_function_of_the_report_is_the_same_whatever_is_loaded_first() -> None:
    """Found when asked for, by its own name; a name that there is not is told as any other."""
    asked = (
        "import sim.report.assembly, sim.report.render, sim.report as r\n"
        "assert r.build is sim.report.assembly.build and callable(r.build)\n"
        "assert r.as_html is sim.report.render.as_html and r.as_markdown is sim.report.render.as_markdown\n"
        "try:\n    r.as_pdf\nexcept AttributeError as wrong:\n    print(wrong)"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said == "module 'sim.report' has no attribute 'as_pdf'\n"


def test_what_is_spared_another_process_is_among_what_it_draws() -> None:
    """A name that is no figure's would spare it nothing."""
    assert set(SPARED) < set(ELSEWHERE) < set(FIGURES)
