"""crossfire watch: saves in the ways of editors, mistakes, files that go and come, and the end."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.inputs.yaml.snapshots import stamp
from sim.running.file_watch import BACK, REST, FileWatch
from tests.edits import shipped, written

ROOT = Path(__file__).parent.parent.parent
WORDS = ["watch", "2020-soleimani", "--vary", "us=in-kind,mine", "--worlds", "30", "--days", "60"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test lie in its own folder."""
    monkeypatch.chdir(tmp_path)
    written(shipped("us"))


# Files -------------------------------------------------------------------------------------------------------------


class Clock:
    """A clock that goes on by sleeping alone; what is to happen at some second happens then."""

    def __init__(self, *events: tuple[float, Callable[[], object]]) -> None:
        self.now, self.events = 0.0, sorted(events, key=lambda one: one[0])

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time go by, and have happen what is due."""
        self.now += seconds
        while self.events and self.events[0][0] <= self.now:
            self.events.pop(0)[1]()
        assert self.now < 60, "nothing came of it"


def write(text: str, path: str = "a.yaml") -> Callable[[], object]:
    """Return what writes a file anew when called, with a time that tells it from all before."""

    def writes() -> None:
        Path(path).write_text(text, encoding="utf-8")
        write.now += 1_000_000_000  # type: ignore[attr-defined]
        os.utime(path, ns=(write.now, write.now))  # type: ignore[attr-defined]

    return writes


write.now = 1_600_000_000_000_000_000  # type: ignore[attr-defined]


def watched(*events: tuple[float, Callable[[], object]]) -> tuple[FileWatch, Clock]:
    """Return the watch over two files, one of which is not there."""
    write("one")()
    clock = Clock(*events)
    read = {path: stamp(path) for path in (Path("a.yaml"), Path("b.yaml"))}
    return FileWatch(read, clock, clock.sleep), clock


def test_a_save_counts_once_the_files_have_come_to_rest() -> None:
    """A file that is written in three pieces is read once, after the last."""
    files, clock = watched((1.0, write("t")), (1.08, write("tw")), (1.15, write("two")))
    assert files.wait() == [Path("a.yaml")]
    assert Path("a.yaml").read_text(encoding="utf-8") == "two"
    assert 1.15 + REST <= clock.now < 1.5


def test_saving_by_another_name_or_anew_is_a_save_like_any_other() -> None:
    """The file is gone, or empty, for a moment: nobody is told that."""
    for events in (
        [(1.0, write("two", "new.yaml")), (1.05, lambda: os.replace("new.yaml", "a.yaml"))],
        [(1.0, lambda: Path("a.yaml").unlink()), (1.4, write("two"))],
        [(1.0, write("")), (1.5, write("two"))],
    ):
        told: list[list[Path]] = []
        files, clock = watched(*events)
        assert files.wait(told.append) == [Path("a.yaml")]
        assert (told, Path("a.yaml").read_text(encoding="utf-8")) == ([], "two")
        assert clock.now < 2.5


def test_a_file_that_is_gone_is_told_once_and_waited_for() -> None:
    """However long it takes to come back."""
    told: list[list[Path]] = []
    files, clock = watched((1.0, lambda: Path("a.yaml").unlink()), (20.0, write("two")))
    assert files.wait(told.append) == [Path("a.yaml")]
    assert told == [[Path("a.yaml")]]
    assert 20 < clock.now < 22


def test_a_file_that_comes_is_a_save_and_one_that_comes_back_unchanged_is_none() -> None:
    """What was looked for in vain counts as soon as it is there."""
    files, _ = watched((1.0, write("new", "b.yaml")))
    assert files.wait() == [Path("b.yaml")]
    Path("b.yaml").unlink()
    held = stamp(Path("a.yaml"))

    def back() -> None:
        write("one")()
        os.utime("a.yaml", ns=(held.changed, held.changed))

    files, clock = watched()
    held = stamp(Path("a.yaml"))
    clock.events = [(1.0, lambda: Path("a.yaml").unlink()), (1.0 + BACK / 2, back), (5.0, write("three"))]
    assert files.wait() == [Path("a.yaml")]
    assert clock.now > 5


def test_whoever_writes_without_a_pause_is_read_all_the_same() -> None:
    """After a few seconds, as things stand."""
    files, clock = watched(*((1.0 + k / 20, write(f"{k}")) for k in range(400)))
    assert files.wait() == [Path("a.yaml")]
    assert clock.now < 6


def test_a_change_is_seen_while_worlds_run_but_looked_for_ten_times_a_second_at_most() -> None:
    """It may be asked for after every few worlds."""
    files, clock = watched()
    assert not files.pending()
    write("two")()
    clock.now += 0.05
    assert not files.pending()
    clock.now += 0.06
    assert files.pending()


# The command -------------------------------------------------------------------------------------------------------


class Watched:
    """The command in a process of its own, of which each line of JSON is an event."""

    def __init__(self, words: list[str]) -> None:
        command = [sys.executable, "-m", "sim.cli", *words, "--json"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        self.events: list[dict[str, Any]] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def until(self, kind: str, **facts: Any) -> dict[str, Any]:
        """Return the next event of a kind, with these facts; those before it are forgotten."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            for k, event in enumerate(self.events):
                if event["event"] == kind and facts.items() <= event.items():
                    del self.events[: k + 1]
                    return event
            assert self.process.poll() is None, self.process.communicate()[1]
            time.sleep(0.02)
        raise AssertionError(f"no {kind} among {self.events}")

    def ended(self) -> tuple[int, str]:
        """Return the code with which Ctrl-C ends it, and what it says then."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        assert self.process.stderr is not None
        return self.process.returncode, self.process.stderr.read()


@pytest.fixture
def start() -> Iterator[Callable[[list[str]], Watched]]:
    """Return what starts the command; whatever is still running in the end is ended."""
    started: list[Watched] = []

    def begin(words: list[str]) -> Watched:
        started.append(Watched(words))
        return started[-1]

    yield begin
    for one in started:
        one.process.kill()
        one.process.wait()
        one.reader.join()
        for stream in (one.process.stdout, one.process.stderr):
            assert stream is not None
            stream.close()


def test_saves_are_answered_mistakes_told_and_files_waited_for(start: Callable[[list[str]], Watched]) -> None:
    """One session: a save, half a file, a mistake, the mend, a file that goes and comes, and the end by Ctrl-C."""
    running, text = start(WORDS), Path("mine.yaml").read_text(encoding="utf-8")
    assert "mine.yaml" in running.until("watching")["files"]
    first = running.until("answer", worlds=30)
    assert {row["variant"] for row in first["differences"]} == {"2020-soleimani days=60 us=mine"}
    assert all(row["difference"] == 0 for row in first["differences"])

    Path("mine.yaml").write_text(text.replace("case_wounded >= 3", "case_wounded >= 1"), encoding="utf-8")
    assert running.until("saved")["files"] == ["mine.yaml"]
    touches = running.until("touches", variant="2020-soleimani days=60 us=mine")
    answer = running.until("answer", worlds=30)
    assert 0 < touches["touched"] == answer["ran"] < 30
    assert any(row["difference"] for row in answer["differences"])

    wrong = text.replace("case_wounded >= 3", "case_woundd >= 3")
    Path("new.yaml").write_text(wrong, encoding="utf-8")
    os.replace("new.yaml", "mine.yaml")
    [problem] = running.until("error")["error"]
    line = next(k for k, one in enumerate(wrong.split("\n"), 1) if "case_woundd" in one)
    assert (problem["file"], problem["line"]) == ("mine.yaml", line)

    Path("mine.yaml").unlink()
    assert running.until("gone")["files"] == ["mine.yaml"]
    Path("mine.yaml").write_text(text, encoding="utf-8")
    assert running.until("answer", worlds=30)["ran"] == 0  # it is what it was at first
    assert running.ended() == (130, "Interrupted.\n")


def test_a_save_in_the_middle_of_a_run_drops_what_is_out_of_date(start: Callable[[list[str]], Watched]) -> None:
    """Of many worlds none of the old text come after the new one was saved."""
    running = start([*WORDS[:4], "--worlds", "4000"])
    running.until("answer", worlds=200)
    text = Path("mine.yaml").read_text(encoding="utf-8")
    Path("mine.yaml").write_text(text.replace("purpose:", "purpose: Edited."), encoding="utf-8")
    running.until("saved")
    assert running.until("answer")["worlds"] == 200
    assert running.ended()[0] == 130


def test_a_file_that_is_wrong_at_first_is_watched_and_what_no_file_can_mend_is_refused(
    start: Callable[[list[str]], Watched],
) -> None:
    """A mistake in a file waits for its mend; one on the command line ends with code 2."""
    text = Path("mine.yaml").read_text(encoding="utf-8")
    Path("mine.yaml").write_text(text[: len(text) // 2] + ": [", encoding="utf-8")
    running = start(WORDS)
    assert running.until("error")["error"][0]["file"] == "mine.yaml"
    Path("mine.yaml").write_text(text, encoding="utf-8")
    running.until("answer", worlds=30)
    for words in (
        ["watch", "no-such-scenario"],
        [*WORDS, "--set", "nothing=1"],
        ["watch", "2020-soleimani", "--worlds", "0"],
    ):
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 2, words
        assert "Traceback" not in result.output


def test_a_scenario_alone_is_compared_with_the_way_it_was(start: Callable[[list[str]], Watched]) -> None:
    """And what is extended is watched too."""
    base = "scenario: base\ntitle: B\npurpose: To test.\nextends: 2020-soleimani\ndays: 40\npolicies: {us: mine}\n"
    Path("base.yaml").write_text(base, encoding="utf-8")
    Path("s.yaml").write_text("scenario: s\ntitle: S\npurpose: To test.\nextends: base\n", encoding="utf-8")
    running = start(["watch", "s.yaml", "--worlds", "10"])
    assert {"base.yaml", "mine.yaml", "s.yaml"} <= set(running.until("watching")["files"])
    running.until("answer", worlds=10)
    Path("base.yaml").write_text(base + "situation: {us_troops: 900}\n", encoding="utf-8")
    assert running.until("saved")["files"] == ["base.yaml"]
    assert running.until("touches")["touched"] == 10
    assert any(row["difference"] for row in running.until("answer", worlds=10)["differences"])


def test_a_terminal_has_one_picture_that_changes_in_place() -> None:
    """What was saved, what it touches, what is wrong, and the table; nothing in a file's words acts on the terminal."""
    from rich.console import Console
    from rich.live import Live

    from sim.cli.watch_views import _LiveView
    from sim.errors import InputError, Problem
    from sim.running.engine import Engine

    with Engine(threads=1) as engine:
        question = engine.compare("2020-soleimani", vary={"us": ["in-kind", "mine"]}, worlds=10, days=20)
        *_, answer = question
    told = Console(force_terminal=True, width=120, record=True)
    with Live(console=told, auto_refresh=False) as live:
        picture = _LiveView(live)
        picture.watches(["mine.yaml", str(ROOT / "configs/parameters.yaml")])
        picture.answered(answer)
        picture.wrong(InputError([Problem("mine.yaml", 3, 4, "rules", "sense", "\x1b[31mnone")]))
    text = told.export_text()
    assert "10 of 10 worlds of each variant" in text
    assert "mine.yaml:3:4" in text
    assert "\x1b[31mnone" not in text
    assert "watching mine.yaml and 1 file that comes along" in text
