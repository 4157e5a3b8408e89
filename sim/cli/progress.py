"""How a run goes, told while it does: compiling, worlds run, what happens on the way."""

import functools
import importlib
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from sim.cli.printing import console, say, say_progress
from sim.wording import visible

if TYPE_CHECKING:
    from sim.running.progress import Progress


def progress_of_run() -> "Progress":
    """Return what tells how a run goes, with the time left; silent where standard error is no terminal."""
    from sim.running.progress import Progress

    class LineProgress(Progress):
        def preparing(self) -> AbstractContextManager[Any]:
            return telling_of_compilation()

        def running(self, worlds: int) -> AbstractContextManager[Any]:
            _load_meanwhile()
            return super().running(worlds)

        def says(self, words: str) -> None:
            say(words)

    return _progress_bar(LineProgress) if sys.stderr.isatty() else LineProgress()


@functools.cache
def _load_meanwhile() -> None:
    """Load what shows tables, while the threads are busy with worlds."""
    modules = ("sim.results.comparison", "sim.cli.result_tables", "sim.cli.terminal")
    threading.Thread(target=lambda: [importlib.import_module(name) for name in modules], daemon=True).start()


def _progress_bar(told: "type[Progress]") -> "Progress":
    """Return what shows on the terminal how far a run is."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as ProgressBar

    class BarProgress(told):  # type: ignore[valid-type,misc]
        def __init__(self) -> None:
            self.progress = ProgressBar(
                TextColumn("running worlds"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True),
                TextColumn("left"), console=console(stderr=True), transient=True,
            )  # fmt: skip
            self.task = self.progress.add_task("", total=None)

        def running(self, worlds: int) -> AbstractContextManager[Any]:
            _load_meanwhile()
            self.progress.reset(self.task, total=worlds)
            return self.progress

        def ran(self, worlds: int) -> None:
            self.progress.advance(self.task, worlds)

        def says(self, words: str) -> None:
            self.progress.console.print(visible(words), markup=False)

    return BarProgress()


@contextmanager
def telling_of_compilation() -> Iterator[None]:
    """Tell of compiling, should the rules have to be compiled: how far it is and how long it takes, or that it is done.

    Where nobody watches it is said once.
    """
    from sim.world.kernels import telling

    said: list[str] = []

    def tell(share: float, words: str) -> None:
        if sys.stderr.isatty():
            say_progress("" if share == 1.0 else words)
        elif share == 0.0 and words not in said:
            said.append(words)
            say(words)

    with telling(tell):
        yield


@functools.cache
def load_rules() -> None:
    """Load the compiled rules, those of stories too, or compile them and say so, before what takes long anyway."""
    from sim.experiments.request import Request, variants_of
    from sim.running.compiling import prepare_rules

    [variant] = variants_of(Request(("2020-soleimani",)))
    with telling_of_compilation():
        prepare_rules(variant, everything=True)
