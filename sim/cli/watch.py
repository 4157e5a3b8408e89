"""The command that stays: it answers each save of the files that variants are made of."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.cli.base import (
    AsJson,
    Baseline,
    Days,
    Policies,
    ScenarioNames,
    Seed,
    Sets,
    Theory,
    Threads,
    Ties,
    Vary,
    Wants,
    Worlds,
    app,
    console,
    echo,
    examples,
    guarded,
    print_json,
    say,
    telling_of_compilation,
)
from sim.cli.run import asked_of
from sim.errors import InputError, shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.experiments.request import Asked
    from sim.running.engine import Answer, Asking, Engine
    from sim.running.touched import Touched
    from sim.stats import Preferences

#: After so many worlds the terminal has another answer, before all are there.
LOOKS = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)


@app.command(
    epilog=examples(
        "crossfire watch 2020-soleimani --vary us=in-kind,mine",
        "crossfire watch my-scenario.yaml --worlds 2000",
        "crossfire watch 2020-soleimani --vary us=in-kind,mine --json",
    )
)
@guarded
def watch(
    scenario: ScenarioNames, vary: Vary = None, baseline: Baseline = "", worlds: Worlds = None, seed: Seed = 1,
    days: Days = None, policy: Policies = None, theory: Theory = "", setting: Sets = None, threads: Threads = None,
    tie: Ties = None, want: Wants = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Stay, and answer each save of a scenario's files, policies or theories: how its variants differ now.

    What is wrong in a file is said as 'check' says it; what an edit touches is said before it is run. Without --vary,
    the scenario is compared with the way it was at first. Ctrl-C ends it. Nothing is written: 'compare' keeps results.
    """
    from sim.experiments.preferences import read_preferences
    from sim.running.compiling import load_numba_lightly

    load_numba_lightly()
    from sim.running.engine import Engine

    asked = asked_of(scenario, worlds, False, seed, days, policy, theory, setting, vary, baseline, "none")
    preferences = read_preferences(tie or (), want or ())
    with Engine(threads) as engine, _telling(as_json) as telling:
        _Watching(engine, asked, preferences, telling).stay()


class Telling(Protocol):
    """Tells of what happens while files are watched."""

    def watches(self, files: Sequence[str]) -> None:
        """Tell which files are watched."""

    def saved(self, files: Sequence[str]) -> None:
        """Tell which files were saved."""

    def gone(self, files: Sequence[str]) -> None:
        """Tell which files are gone, and waited for."""

    def wrong(self, error: InputError) -> None:
        """Tell what is wrong in the files."""

    def touches(self, touched: "Mapping[str, Touched]") -> None:
        """Tell which worlds an edit touches."""

    def ran(self, worlds: int) -> None:
        """Take note of so many worlds that were run."""

    def answered(self, answer: "Answer") -> None:
        """Tell what is known after some worlds."""


class _Watching:
    """Asks, answers, waits for the next save, and asks again."""

    def __init__(self, engine: "Engine", asked: "Asked", preferences: "Preferences", telling: Telling) -> None:
        self.engine, self.asked, self.preferences, self.telling = engine, asked, preferences, telling
        self.files: list[str] = []

    def stay(self) -> None:
        """Answer each save, for ever."""
        from sim.running.saves import Saves

        asking = self._asked_first()
        while True:
            saves = Saves(self.engine.shelf.looked_at)
            self._tell_files()
            if asking:
                self._answer(asking, saves)
            self.telling.saved(_names(saves.wait(lambda paths: self.telling.gone(_names(paths)))))
            try:
                asking = self._ask()
            except InputError as wrong:
                asking = None
                self.telling.wrong(wrong)

    def _asked_first(self) -> "Asking | None":
        """Return the first question; None where a file must be mended first. What no file could mend is an error."""
        try:
            return self._ask()
        except InputError as wrong:
            there = _names(path for path, read in self.engine.shelf.looked_at.items() if read.changed)
            if not any(problem.file in there for problem in wrong.problems):
                raise
            self.telling.wrong(wrong)
            return None

    def _ask(self) -> "Asking":
        return self.engine.ask(self.asked, looks=LOOKS, preferences=self.preferences)

    def _answer(self, asking: "Asking", saves: Any) -> None:
        """Tell the answers as they come; a save on the way drops the rest."""

        def ran(worlds: int) -> None:
            self.telling.ran(worlds)
            if saves.pending():
                asking.drop()

        with telling_of_compilation():
            touched = asking.touched
        self.telling.touches(touched)
        for answer in asking.answers(ran):
            self.telling.answered(answer)

    def _tell_files(self) -> None:
        files = _names(path for path, read in self.engine.shelf.looked_at.items() if read.changed)
        if files != self.files:
            self.files = files
            self.telling.watches(files)


def _names(paths: Iterable[Path]) -> list[str]:
    """Return how files are named to a reader, each once."""
    return sorted({shown(path) for path in paths})


def _watching_said(files: Sequence[str]) -> str:
    """Return in a line which files are watched: those that come along by their number alone."""
    from sim.inputs.yaml.files import home

    own = [file for file in files if not Path(file).absolute().is_relative_to(home().absolute())]
    shipped = len(files) - len(own)
    also = [f"{shipped} file{'s' * (shipped != 1)} that come{'s' * (shipped == 1)} along"] if shipped else []
    return f"watching {' and '.join(filter(None, [', '.join(own), *also]))} (Ctrl-C ends it)"


# Telling -----------------------------------------------------------------------------------------------------------


@contextmanager
def _telling(as_json: bool) -> Iterator[Telling]:
    """Yield what tells: JSON in lines, plain lines, or on a terminal one picture that changes in place."""
    terminal = console()
    if as_json:
        yield _Json()
    elif not terminal.is_terminal:
        yield _Lines()
    else:
        from rich.live import Live

        with Live(console=terminal, auto_refresh=False) as live:
            yield _Picture(live)


def _touches_said(touched: "Mapping[str, Touched]") -> list[str]:
    return [f"{label} {one.said()}" for label, one in touched.items()]


class _Lines:
    """Tells in lines on standard output; what is wrong goes to standard error."""

    def watches(self, files: Sequence[str]) -> None:
        say(_watching_said(files))

    def saved(self, files: Sequence[str]) -> None:
        echo(f"saved: {', '.join(files)}")

    def gone(self, files: Sequence[str]) -> None:
        say(f"gone: {', '.join(files)}; waiting for it to come back")

    def wrong(self, error: InputError) -> None:
        for line in str(error).split("\n"):
            say(line)

    def touches(self, touched: "Mapping[str, Touched]") -> None:
        for line in _touches_said(touched):
            echo(line)

    def ran(self, worlds: int) -> None:
        pass

    def answered(self, answer: "Answer") -> None:
        from sim.cli.result_tables import answer_lines

        for line in answer_lines(answer):
            echo(line)


class _Json:
    """Tells in lines of JSON on standard output, each with its ``event``."""

    def watches(self, files: Sequence[str]) -> None:
        print_json({"event": "watching", "files": list(files)})

    def saved(self, files: Sequence[str]) -> None:
        print_json({"event": "saved", "files": list(files)})

    def gone(self, files: Sequence[str]) -> None:
        print_json({"event": "gone", "files": list(files)})

    def wrong(self, error: InputError) -> None:
        print_json({"event": "error"} | error.json())

    def touches(self, touched: "Mapping[str, Touched]") -> None:
        for label, one in touched.items():
            print_json({"event": "touches", "variant": label} | one.plain())

    def ran(self, worlds: int) -> None:
        pass

    def answered(self, answer: "Answer") -> None:
        print_json({"event": "answer"} | answer.plain())


class _Picture:
    """Tells on a terminal, in place: what was saved and what it touches, what is wrong, and how variants differ."""

    def __init__(self, live: Any) -> None:
        self.live = live
        self.files: list[str] = []
        self.news: list[str] = []
        self.errors: list[str] = []
        self.answer: Answer | None = None
        self.lived = 0

    def watches(self, files: Sequence[str]) -> None:
        self.files = list(files)
        self._draw()

    def saved(self, files: Sequence[str]) -> None:
        self.news = [f"{datetime.datetime.now():%H:%M:%S} saved: {', '.join(files)}"]
        self.errors, self.lived = [], 0
        self._draw()

    def gone(self, files: Sequence[str]) -> None:
        self.errors = [f"gone: {', '.join(files)}; waiting for it to come back"]
        self._draw()

    def wrong(self, error: InputError) -> None:
        self.errors = str(error).split("\n")
        self._draw()

    def touches(self, touched: "Mapping[str, Touched]") -> None:
        self.news += _touches_said(touched)
        self._draw()

    def ran(self, worlds: int) -> None:
        self.lived += worlds
        self._draw()

    def answered(self, answer: "Answer") -> None:
        self.answer = answer
        self._draw()

    def _draw(self) -> None:
        from rich.console import Group
        from rich.text import Text

        from sim.cli.result_tables import answer_table
        from sim.cli.terminal import Visible

        parts: list[RenderableType] = [Text(line) for line in self.news]
        parts += [Text(line, style="red") for line in self.errors]
        if self.answer:
            parts.append(answer_table(self.answer))
        ran = f"{self.lived:,} worlds run; " if self.lived else ""
        parts.append(Text(ran + _watching_said(self.files), style="dim"))
        self.live.update(Visible(Group(*parts)), refresh=True)
