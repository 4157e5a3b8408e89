"""Work in another process comes back as if it were done here, fails in words, and ends with its caller."""

import operator
import os
import time

import pytest

from sim.plots import drawing
from sim.plots.drawing import FigurePool
from sim.world.aside import Aside, AsideFailed


def test_the_other_process_returns_what_the_function_returns():
    """Given and returned values are copies; nothing of this process is needed there."""
    with Aside(divmod, 17, 5) as aside:
        assert aside.result() == (3, 2)


def test_an_error_there_is_told_in_its_last_words():
    """The type and the text of the error, no traceback."""
    with Aside(operator.truediv, 1, 0) as aside, pytest.raises(AsideFailed, match=r"^ZeroDivisionError: division by"):
        aside.result()


def test_a_process_that_is_not_waited_for_is_gone_with_the_block():
    """An interruption here leaves nothing behind that goes on working."""
    with Aside(time.sleep, 60) as aside:
        there = aside._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(there, 0)


def numbered(folder, labels, names):
    """Return where each name was drawn."""
    return {name: (os.getpid(), str(folder), tuple(labels), name) for name in names}


def failing(folder, labels, names):
    """Return names drawn, in the process of these tests alone."""
    if os.environ.get("PYTEST_CURRENT_TEST") is None or os.getpid() != _HERE:
        raise MemoryError
    return dict.fromkeys(names, "here")


_HERE = os.getpid()


@pytest.mark.parametrize("many", [1, 2, 3, 8])
def test_figures_are_drawn_by_as_many_processes_as_processors_less_one(tmp_path, monkeypatch, many):
    """With one processor here, with more elsewhere, four together at most; every name once."""
    monkeypatch.setattr(drawing, "processors", lambda: many)
    with FigurePool(numbered, tmp_path, ["a", "b"], ["x", "y", "z", "u"]) as others:
        found = others.drawn()
    assert sorted(found) == ["u", "x", "y", "z"]
    assert {one[1:3] for one in found.values()} == {(str(tmp_path), ("a", "b"))}
    processes = {one[0] for one in found.values()}
    assert len(processes) == max(1, min(many, 4) - 1)
    assert (os.getpid() in processes) == (many == 1)


def test_what_another_process_cannot_draw_is_drawn_here(tmp_path, monkeypatch):
    """Out of memory there is no figure less."""
    monkeypatch.setattr(drawing, "processors", lambda: 3)
    with FigurePool(failing, tmp_path, [], ["x", "y"]) as others:
        assert others.drawn() == {"x": "here", "y": "here"}
