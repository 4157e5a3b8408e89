"""What ``crossfire watch`` tells: in lines of JSON, in plain lines, or on a terminal in one picture that changes."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.cli.printing import console, echo, print_json, say
from sim.errors import InputError, shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.running.engine import Answer
    from sim.running.touched_worlds import TouchedWorlds


class WatchView(Protocol):
    """Tells of what happens while files are watched."""

    def watches(self, files: Sequence[str]) -> None:
        """Tell which files are watched."""

    def saved(self, files: Sequence[str]) -> None:
        """Tell which files were saved."""

    def gone(self, files: Sequence[str]) -> None:
        """Tell which files are gone, and waited for."""

    def wrong(self, error: InputError) -> None:
        """Tell what is wrong in the files."""

    def touches(self, touched: "Mapping[str, TouchedWorlds]") -> None:
        """Tell which worlds an edit touches."""

    def ran(self, worlds: int) -> None:
        """Take note of so many worlds that were run."""

    def answered(self, answer: "Answer") -> None:
        """Tell what is known after some worlds."""


@contextmanager
def watch_view(as_json: bool) -> Iterator[WatchView]:
    """Yield what tells: JSON in lines, plain lines, or on a terminal one picture that changes in place."""
    terminal = console()
    if as_json:
        yield _JsonView()
    elif not terminal.is_terminal:
        yield _LineView()
    else:
        from rich.live import Live

        with Live(console=terminal, auto_refresh=False) as live:
            yield _LiveView(live)


class _LineView:
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

    def touches(self, touched: "Mapping[str, TouchedWorlds]") -> None:
        for line in _touches_said(touched):
            echo(line)

    def ran(self, worlds: int) -> None:
        pass

    def answered(self, answer: "Answer") -> None:
        from sim.cli.result_tables import answer_lines

        for line in answer_lines(answer):
            echo(line)


class _JsonView:
    """Tells in lines of JSON on standard output, each with its ``event``."""

    def watches(self, files: Sequence[str]) -> None:
        print_json({"event": "watching", "files": list(files)})

    def saved(self, files: Sequence[str]) -> None:
        print_json({"event": "saved", "files": list(files)})

    def gone(self, files: Sequence[str]) -> None:
        print_json({"event": "gone", "files": list(files)})

    def wrong(self, error: InputError) -> None:
        print_json({"event": "error"} | error.json())

    def touches(self, touched: "Mapping[str, TouchedWorlds]") -> None:
        for label, one in touched.items():
            print_json({"event": "touches", "variant": label} | one.plain())

    def ran(self, worlds: int) -> None:
        pass

    def answered(self, answer: "Answer") -> None:
        print_json({"event": "answer"} | answer.plain())


class _LiveView:
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

    def touches(self, touched: "Mapping[str, TouchedWorlds]") -> None:
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


def shown_names(paths: Iterable[Path]) -> list[str]:
    """Return how files are named to a reader, each once."""
    return sorted({shown(path) for path in paths})


def _watching_said(files: Sequence[str]) -> str:
    """Return in a line which files are watched: those that come along by their number alone."""
    from sim.inputs.yaml.files import home

    own = [file for file in files if not Path(file).absolute().is_relative_to(home().absolute())]
    shipped = len(files) - len(own)
    also = [f"{shipped} file{'s' * (shipped != 1)} that come{'s' * (shipped == 1)} along"] if shipped else []
    return f"watching {' and '.join(filter(None, [', '.join(own), *also]))} (Ctrl-C ends it)"


def _touches_said(touched: "Mapping[str, TouchedWorlds]") -> list[str]:
    return [f"{label} {one.said()}" for label, one in touched.items()]
