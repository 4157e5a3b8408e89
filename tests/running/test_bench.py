"""What `crossfire bench` measures: turns and their spread, commands as processes, the history of ratios."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import CrossfireError
from sim.running.bench import history, measurements, miniature, process_cost
from sim.running.bench.turns import Figure, Measurement, take_turns

ROOT = Path(__file__).resolve().parent.parent.parent
RATIOS = {
    "model_against_plain_mesa": 50.0, "model_share_of_floor": 0.08, "two_threads_against_one": 1.9,
    "first_world_against_python": 90.0,
}  # fmt: skip


def speeds(**values):
    """Return speeds as they were measured, of given ratios."""
    found = {name: Figure(name, name, "times", (value,)) for name, value in values.items()}
    machine = {
        "version": "1.0", "commit": "abc", "processor": "A, fast one", "processors": 2, "python": "3.11.1",
        "numba": "0.1", "mesa": "3.3",
    }  # fmt: skip
    return SimpleNamespace(figures=found, machine=machine)


def test_turns_go_a_b_a_b():
    """What a turn measures is measured once in each turn, so that a busy minute falls on all of it."""
    said = []

    def turn():
        said.append("A")
        said.append("B")
        return {"a": float(len(said)), "b": 0.0}

    found = take_turns([Measurement("both", turn, 3, 1.0)])
    assert said == ["A", "B"] * 3
    assert found == {"a": (2.0, 4.0, 6.0), "b": (0.0, 0.0, 0.0)}


def test_how_much_is_done_and_how_long_it_goes_on_is_told():
    """The share is of the seconds foreseen; what is left shrinks with what is done."""
    told = []
    parts = [Measurement("long", lambda: {"a": 1.0}, 2, 4.0), Measurement("short", lambda: {"b": 1.0}, 2, 1.0)]
    take_turns(parts, lambda words, share, left: told.append((words, share, left)))
    assert [share for _, share, _ in told] == [0.0, 0.4, 0.8, 0.9]
    assert told[0] == ("long, turn 1 of 2", 0.0, 10.0)


def test_a_figure_says_its_median_and_from_where_to_where():
    """One slow turn moves neither the median nor what else is said."""
    figure = Figure("ratio", "one against another", "times", (40.0, 50.0, 9.0, 51.0, 52.0))
    assert figure.said() == ("one against another", "50 times", "9 to 52, 5 turns")
    assert figure.plain() == {
        "words": "one against another", "unit": "times", "median": 50.0, "least": 9.0, "most": 52.0, "turns": 5,
    }  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="processes are measured as POSIX has it")
def test_a_commands_peak_is_its_own(tmp_path):
    """What the measuring process holds is none of it, and what the command holds is."""
    held = bytearray(b"x" * 200_000_000)
    small = process_cost.taken_by(["-c", "pass"], tmp_path)
    large = process_cost.taken_by(["-c", "x = bytearray(b'x') * 150_000_000"], tmp_path)
    assert small.megabytes < 60
    assert 150 < large.megabytes < 260
    assert len(held) == 200_000_000


@pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="processes are measured as POSIX has it")
def test_the_processors_time_is_that_of_work_not_of_waiting(tmp_path):
    """A command that sleeps takes seconds, and none of the processor's."""
    slept = process_cost.taken_by(["-c", "import time; time.sleep(0.6)"], tmp_path)
    assert slept.seconds > 0.6
    assert slept.processor < 0.4


def test_a_command_that_fails_is_no_measurement(tmp_path):
    """Its last words are told."""
    with pytest.raises(CrossfireError, match=r"code 3 while it was measured: so it ends"):
        process_cost.taken_by(["-c", "import sys; sys.stderr.write('so it ends'); sys.exit(3)"], tmp_path)


def test_ratios_of_a_release_are_noted_and_read_again(tmp_path):
    """Each release has a line; the first writes the head too."""
    path = tmp_path / "history.csv"
    history.note("1.0", speeds(**RATIOS), path)
    history.note("1.1", speeds(**RATIOS | {"model_share_of_floor": 0.1}), path)
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    assert head.startswith("release,version,commit,date,processor,")
    assert lines[0].startswith("1.0,1.0,abc,")
    assert '"A, fast one"' in lines[0]
    first, last = history.noted(path)
    assert first == ("1.0", RATIOS)
    assert (last.release, last.ratios["model_share_of_floor"]) == ("1.1", 0.1)


def test_a_history_that_is_none_is_told_with_its_line(tmp_path):
    """Nothing is added to a file of something else, nor past a line that cannot be read."""
    path = tmp_path / "history.csv"
    path.write_text("name,age\n", encoding="utf-8")
    with pytest.raises(CrossfireError, match=r"history\.csv:1: expected the columns release, version"):
        history.note("1.0", speeds(**RATIOS), path)
    assert path.read_text(encoding="utf-8") == "name,age\n"
    path.write_text(",".join(history.COLUMNS) + "\n1.0,,,,,,,,,fast,,,\n", encoding="utf-8")
    with pytest.raises(CrossfireError, match=r"history\.csv:2: expected a number for each of"):
        history.noted(path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--note", "1.0", "--quick"], "--note: what --quick measures says nothing"),
        (["--note", "a\nb"], "--note: expected"),
        (["--note", "a/b"], "--note: expected a release"),
        (["--note", "1.0"], "1.0 is in "),
    ],
)
def test_what_cannot_be_noted_is_told_before_anything_is_measured(tmp_path, monkeypatch, options, words):
    """Measuring takes minutes: a mistake is told at once, with code 2."""
    monkeypatch.setattr("sim.running.bench.measure", lambda *_: pytest.fail("measured"))
    history.note("1.0", speeds(**RATIOS), tmp_path / "history.csv")
    monkeypatch.setattr(history, "benchmarks", lambda: tmp_path)
    found = CliRunner().invoke(app, ["bench", *options])
    assert found.exit_code == 2
    assert words in found.stderr


def test_an_installed_copy_says_that_plain_mesa_is_not_there(tmp_path, monkeypatch):
    """A folder called benchmarks beside an installed package is somebody else's: it is not run."""
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "plain_mesa.py").write_text("raise SystemExit('run')\n", encoding="utf-8")
    monkeypatch.setattr(miniature, "ROOT", tmp_path)
    miniature.plain_mesa.cache_clear()
    try:
        assert miniature.mesa_seconds(1, 1) is None
        with pytest.raises(CrossfireError, match="belongs to a checkout"):
            history.history_file()
    finally:
        miniature.plain_mesa.cache_clear()
    told = measurements.Speeds({}, (), False, {})
    assert told.absent == (miniature.ABSENT,)


def test_the_history_of_the_checkout_can_be_read():
    """Its last line is what the slow test holds the model against."""
    lines = history.noted(history.history_file())
    assert lines
    assert all(value > 0 for value in lines[-1].ratios.values())


@pytest.mark.slow
def test_plain_mesa_does_no_more_than_the_model():
    """Else the ratio would flatter; counted in Python's own steps, chance, exponentials and bookkeeping left out."""
    command = [sys.executable, "benchmarks/amount_of_work.py", "--json"]
    found = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert found["model_beside_chance"] / 3 < found["plain_mesa"] < found["model_beside_chance"] < found["model"]


@pytest.mark.slow
def test_the_model_is_no_slower_against_plain_mesa_and_its_floor_than_at_the_last_release():
    """The medians of fifteen turns stay within a quarter of the history's last line: ratios hold on any machine."""
    release, noted = history.noted(history.history_file())[-1]
    found = take_turns([measurements.of_model(quick=False, turns=15)])
    for name in ("model_against_plain_mesa", "model_share_of_floor"):
        ratio = Figure(name, name, "times", found[name])
        assert ratio.median > 0.75 * noted[name], f"{ratio.said()}, {noted[name]} at {release}"
