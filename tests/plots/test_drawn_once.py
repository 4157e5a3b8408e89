"""What nobody sees of a figure is neither made nor measured, and its words are escaped wherever they stand."""

from typing import Any

import pytest
from matplotlib.axis import Tick
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.plots.frame import blank, only_text, style


def test_a_panel_without_scales_makes_hardly_a_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matplotlib asks one tick of each kind how ticks look: large and small, across and up; no more are made."""
    made = []
    begin = Tick.__init__

    def counted(tick: Tick, *given: Any, **more: Any) -> None:
        made.append(tick)
        begin(tick, *given, **more)

    monkeypatch.setattr(Tick, "__init__", counted)
    with style():
        figure = Figure()
        panels = figure.subplots(2, 2)
        for axes in panels.flat:
            axes.set_title("Anbar")
        blank(panels.flat)
        FigureCanvasAgg(figure)
        only_text(figure)
        figure.draw_without_rendering()
    assert len(made) <= 4 * panels.size


def test_a_blank_panel_shows_no_scale_but_keeps_its_words() -> None:
    """Title and words are drawn, at both scales nothing is."""
    with style():
        figure = Figure()
        axes = figure.subplots()
        axes.set_title("Anbar")
        blank([axes])
        FigureCanvasAgg(figure)
        figure.draw_without_rendering()
    assert axes.get_visible()
    assert axes.title.get_visible()
    assert not axes.xaxis.get_visible()
    assert not axes.yaxis.get_visible()


def test_words_are_escaped_wherever_they_stand_in_a_figure() -> None:
    """In the figure, its legend, a panel, its titles, the labels of its scales, a note that points at something."""
    with style():
        figure = Figure()
        axes, beside = figure.subplots(1, 2)
        axes.plot([0, 1], [0, 1], label="legend\x07")
        axes.set(title="title\x07", xlabel="below\x07", ylabel="beside\x07")
        axes.set_title("right\x07", loc="right")
        axes.annotate("note\x07", (0, 0), (1, 1), arrowprops={"arrowstyle": "-"})
        beside.text(0, 0, "panel\x07")
        beside.legend(*axes.get_legend_handles_labels())
        figure.text(0, 0, "figure\x07")
        figure.legend(*axes.get_legend_handles_labels(), title="key\x07")
        figure.suptitle("above\x07")
        only_text(figure, lambda words: words.replace("\x07", "!"))
    words = {text.get_text() for text in figure.findobj(Text)}
    told = {"legend", "title", "right", "below", "beside", "note", "panel", "figure", "key", "above"}
    assert {f"{one}!" for one in told} <= words
    assert not any("\x07" in one for one in words)


def test_words_at_a_scale_are_its_formatters_whatever_was_made_of_them_before() -> None:
    """So nothing is lost where they are left alone: each drawing says them anew."""
    with style():
        figure = Figure()
        axes = figure.subplots()
        axes.set_yticks([0, 1], ["nought", "one"])
        FigureCanvasAgg(figure)
        for tick in axes.yaxis.get_major_ticks():
            tick.label1.set_text("other words")
        figure.draw_without_rendering()
    assert [tick.label1.get_text() for tick in axes.yaxis.get_major_ticks()] == ["nought", "one"]
