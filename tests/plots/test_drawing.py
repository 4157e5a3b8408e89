"""Figures are shared out among processes: each is drawn once, whoever draws it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sim.plots import drawing
from sim.plots.drawing import FigurePool
from sim.world.aside import AsideFailed

NAMES = ("a", "b", "c", "d", "e", "f")


class MadeUpAside:
    """Stands for another process: notes what it is given, and draws it when it is asked for."""

    shares: list[list[str]]
    fails = False

    def __init__(self, _drawer: Any, folder: Path, labels: Sequence[str], share: list[str]) -> None:
        assert (folder, labels) == (Path("r"), ["x"])
        self.share = share
        self.shares.append(share)

    def result(self) -> dict[str, str]:
        """Return what is drawn elsewhere."""
        if self.fails:
            raise AsideFailed("killed")
        return dict.fromkeys(self.share, "elsewhere")

    def __enter__(self) -> "MadeUpAside":
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def aside(monkeypatch: pytest.MonkeyPatch) -> type[MadeUpAside]:
    """Return what stands for other processes."""
    monkeypatch.setattr(MadeUpAside, "shares", [], raising=False)
    monkeypatch.setattr(drawing, "Aside", MadeUpAside)
    return MadeUpAside


def drawn(monkeypatch: pytest.MonkeyPatch, processors: int) -> tuple[dict[str, str], list[str]]:
    """Return who drew each figure on a machine of so many processors, and what was drawn here, in order."""
    here: list[str] = []

    def drawer(_folder: Path, _labels: Sequence[str], names: Sequence[str]) -> dict[str, str]:
        here.extend(names)
        return dict.fromkeys(names, "here")

    monkeypatch.setattr(drawing, "processors", lambda: processors)
    with FigurePool(drawer, Path("r"), ["x"], NAMES, ("e",)) as pool:
        return pool.drawn(), here


@pytest.mark.parametrize(
    ("processors", "spared"), [(1, list(NAMES)), (2, ["e"]), (3, []), (4, []), (64, [])]
)  # fmt: skip
def test_every_figure_is_drawn_once(
    monkeypatch: pytest.MonkeyPatch, aside: type[MadeUpAside], processors: int, spared: list[str]
) -> None:
    """Alone all is drawn here; beside one other process what is spared it; beside more of them nothing."""
    found, here = drawn(monkeypatch, processors)
    assert sorted(found) == sorted(NAMES)
    assert here == spared
    assert sorted([*here, *(name for share in aside.shares for name in share)]) == sorted(NAMES)
    assert len(aside.shares) == min(processors, drawing.MOST) - 1


def test_what_a_process_leaves_undone_is_drawn_here(monkeypatch: pytest.MonkeyPatch, aside: type[MadeUpAside]) -> None:
    """A process that is killed takes no figure with it, and none is drawn twice."""
    monkeypatch.setattr(aside, "fails", True)
    found, here = drawn(monkeypatch, 3)
    assert set(found.values()) == {"here"}
    assert sorted(here) == sorted(NAMES)
