"""What commands share: options, how errors and progress are told, results opened, the rules loaded."""

import functools
import importlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from sim.cli import streams
from sim.errors import CrossfireError, InputError, quoted
from sim.inputs.arguments import DAYS, SEED, THREADS, WORLDS
from sim.inputs.naming import folder_fault
from sim.running import interruption
from sim.wording import json_text, lines, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.cli.terminal import Terminal
    from sim.results import Results
    from sim.running.job import Interrupted, Watch

Command = TypeVar("Command", bound=Callable[..., None])
OK, WARNED, BAD_INPUT, BROKEN_OFF = 0, 1, 2, 130
QUICK_WORLDS = 100
#: Worlds of a run for which none are asked, and the most where it stops at a precision.
USUAL_WORLDS, MOST_WORLDS = 1_000, 20_000
#: Tables are this wide where no terminal says how wide it is.
WIDTH = 120

#: What all errors of wrong options and arguments are.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


class _Commands(TyperGroup):
    """The commands; a wrong option is told as any other mistake is: in a line, with code 2."""

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, complete_var: str | None = None,
        standalone_mode: bool = True, windows_expand_args: bool = True, **extra: Any,
    ) -> Any:  # fmt: skip
        """Run a command; end with its code, if ``standalone_mode``."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except Exception as wrong:
            if not standalone_mode:
                raise
            code = _code_of(wrong)
        except SystemExit:  # so end help and its like when their reader has had enough
            code = streams.CUT_OFF
        return sys.exit(code or OK) if standalone_mode else code

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Return what the first words of a command make."""
        with _breakable():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Return what the command returns."""
        with _breakable():
            return super().invoke(ctx)


@contextmanager
def _breakable() -> Iterator[None]:
    """Say of a command that is broken off before it is at work that it was; later it says so itself."""
    try:
        yield
    except KeyboardInterrupt:
        interruption.taken()
        say("Interrupted.")
        raise typer.Exit(BROKEN_OFF) from None


def _code_of(wrong: Exception) -> int:
    """Return the code of a command that could not begin, or was called off, after saying why."""
    if interruption.is_one(wrong):
        interruption.taken()
        say("Interrupted.")
        return BROKEN_OFF
    if isinstance(wrong, typer.Abort):
        say("Aborted.")
        return WARNED
    if not isinstance(wrong, _UsageError):
        raise wrong
    return _say_misused(wrong)


def _say_misused(wrong: Any) -> int:
    """Return the code of options or arguments that are wrong, after saying in a line what is, and where to read on."""
    words = wrong.format_message()
    if wrong.ctx is None:
        say(words)
    elif words:  # none where help was printed, for want of anything to do
        say(f"{wrong.ctx.command_path}: {words} ('{wrong.ctx.command_path} --help' tells more)")
    return int(wrong.exit_code)


app = typer.Typer(
    cls=_Commands, name="crossfire", no_args_is_help=True, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    help="Crossfire: a wargame of the contest over the US presence in Iraq, played out in thousands of worlds.",
    epilog="Begin with [bold]crossfire list scenarios[/] and [bold]crossfire run 2020-soleimani --quick[/].",
)  # fmt: skip


def examples(*commands: str) -> str:
    """Return the foot of a command's help: commands to copy, a line each."""
    return "\n\n".join(["Examples:", *(f"[bold]{command}[/]" for command in commands)])


# Options ---------------------------------------------------------------------------------------------------------

ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="A scenario's name (of this folder, or shipped), or the path of its file."),
]
ScenarioNames = Annotated[
    list[str], typer.Argument(metavar="SCENARIO...", help="Names (of this folder, or shipped) or paths of scenarios.")
]
ResultsFolder = Annotated[str, typer.Argument(metavar="RESULTS", help="A results folder, or its name in results/.")]
Worlds = Annotated[
    int | None, typer.Option(min=WORLDS.least, max=WORLDS.most, metavar="N", help="Worlds of each variant (1,000).")
]
Seed = Annotated[
    int,
    typer.Option(
        min=SEED.least, max=SEED.most, metavar="N", help="Chance begins here: the same seed, the same worlds."
    ),
]
Days = Annotated[
    int | None, typer.Option(min=DAYS.least, max=DAYS.most, metavar="N", help="Days to run, instead of the scenario's.")
]
Threads = Annotated[
    int | None,
    typer.Option(min=THREADS.least, max=THREADS.most, metavar="N", help="Worlds run side by side (all processors)."),
]


def name_in_utf_8(folder: Path | None) -> Path | None:
    """Let through a folder whose name is text: tables cannot be written below any other."""
    if any("\ud800" <= one <= "\udfff" for one in str(folder or "")):
        raise typer.BadParameter("expected a name in UTF-8, got bytes that are not text")
    if folder and (expected := folder_fault(str(folder))):
        raise typer.BadParameter(f"expected {expected}, got {quoted(str(folder))}")
    return folder


Out = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", callback=name_in_utf_8, help="Folder for the results (results/NAME)."),
]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change one value; repeatable.")]
Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="ACTOR=NAME", help="An actor's policy, such as us=restraint; repeatable."),
]
Theory = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="A theory; one reading such as M01=deterrence; or shares of worlds: documents:1,proxies:1."
    ),
]
Vary = Annotated[
    list[str] | None,
    typer.Option("--vary", metavar="PATH=A,B", help="A variant for each value; repeated, for each combination."),
]
Baseline = Annotated[str, typer.Option(metavar="LABEL", help="The variant to compare with (the first).")]
Ties = Annotated[
    list[str] | None,
    typer.Option(
        "--tie",
        metavar="WHAT=SIZE",
        help="What counts as a tie: us_killed=2, share=0.02, count=5% of the baseline's mean; repeatable.",
    ),
]
Wants = Annotated[
    list[str] | None,
    typer.Option("--want", metavar='"MEASURE WAY"', help='Which way is better, as in "exited lower"; repeatable.'),
]
Series = Annotated[
    str, typer.Option(metavar="all|N|none", help="Worlds a variant whose weeks are kept (all up to 5,000, else 1,000).")
]
Until = Annotated[
    list[str] | None,
    typer.Option(
        metavar='"MEASURE +- SIZE"',
        help='Run on until an interval is so narrow, as "exited +- 0.01" or "exited: restraint - in-kind +- 2%";'
        " repeatable. --worlds is then the most (20,000).",
    ),
]
Shard = Annotated[
    str, typer.Option(metavar="K/N", help="Run the K-th of N shares only, for 'crossfire merge' to put together.")
]
Cluster = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://127.0.0.1:8786 (docs/cluster.md).")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that broke off; never begin one.")]
Figures = Annotated[bool, typer.Option("--figures", help="Draw the figures too, into RESULTS/figures.")]
WithReport = Annotated[bool, typer.Option("--report", help="Write the report too, RESULTS/report.html.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the results of an earlier run.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")]
Quick = Annotated[bool, typer.Option("--quick", help=f"{QUICK_WORLDS} worlds, to see that things work.")]

# Speaking --------------------------------------------------------------------------------------------------------


def console(stderr: bool = False) -> "Terminal":
    """Return where tables are printed, as wide as the terminal, or ``COLUMNS``, or 120."""
    from sim.cli.terminal import Terminal

    stream = sys.stderr if stderr else sys.stdout
    told = os.environ.get("COLUMNS", "")
    width = None if stream.isatty() else int(told) if told.isdecimal() and 20 < int(told) < 10_000 else WIDTH
    return Terminal(stderr=stderr, width=width, highlight=False, soft_wrap=False)


def print_table(what: "RenderableType") -> None:
    """Print a table, or several, on standard output."""
    with streams.spoken():
        console().show(what)


def echo(words: str) -> None:
    """Print a line on standard output."""
    with streams.spoken():
        typer.echo(visible(words))


def print_page(text: str) -> None:
    """Print a text of several lines on standard output, as it stands."""
    with streams.spoken():
        typer.echo(lines(text), nl=False)


def print_json(value: Any) -> None:
    """Print plain values as JSON on standard output."""
    with streams.spoken():
        typer.echo(json_text(value))


def say(words: str) -> None:
    """Say something in a line on standard error; where that is closed or full, there is nobody to be told."""
    try:
        typer.echo(visible(words), err=True)
    except OSError:
        streams.hush(sys.stderr)


def guarded(command: Command) -> Command:
    """Return a command whose errors are said in lines, without a traceback, and end with the code that they mean."""

    @functools.wraps(command)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            with _as_interruption():
                command(*args, **options)
        except CrossfireError as error:
            _complain(error, bool(options.get("as_json")))
            raise typer.Exit(BAD_INPUT) from None
        except streams.Unsaid as error:
            raise typer.Exit(streams.told(error.why)) from None
        except OSError as error:
            words = f"{error.filename or 'file'}: {error.strerror or error}"
            _complain(CrossfireError(words), bool(options.get("as_json")))
            raise typer.Exit(BAD_INPUT) from None
        except MemoryError:
            _complain(CrossfireError("out of memory: fewer worlds, or fewer --threads, need less"), False)
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt as broken_off:
            interruption.taken()
            _say_what_is_kept(broken_off)
            raise typer.Exit(BROKEN_OFF) from None

    return guarded  # type: ignore[return-value]


@contextmanager
def _as_interruption() -> Iterator[None]:
    """Raise what a library made of an interruption as an interruption; the end of a command is none."""
    try:
        yield
    except typer.Exit:
        raise
    except Exception as error:
        if interruption.is_one(error):
            raise KeyboardInterrupt from None
        raise


def _complain(error: CrossfireError, as_json: bool) -> None:
    if not as_json:
        for line in str(error).split("\n"):
            say(line)
    elif isinstance(error, InputError):
        print_json(error.json())
    else:
        print_json({"error": [{"file": None, "line": None, "column": None, "expected": None, "got": str(error)}]})


def _say_what_is_kept(broken_off: KeyboardInterrupt) -> None:
    """Say what a run that was broken off leaves, and how to go on."""
    from sim.results import suggested

    results = getattr(broken_off, "results", None)
    if results is None:
        say("Interrupted.")
        return
    interrupted: Interrupted = broken_off  # type: ignore[assignment]
    say(f"Interrupted: {interrupted.said()}.")
    say(
        "The same command goes on from there." + f" To see them: {suggested('show', results.folder)}" * interrupted.seen
    )


def watch_of_run() -> "Watch":
    """Return what tells how a run goes, with the time left; silent where standard error is no terminal."""
    from sim.running.job import Watch

    class Telling(Watch):
        def preparing(self) -> AbstractContextManager[Any]:
            return telling_of_compilation()

        def running(self, worlds: int) -> AbstractContextManager[Any]:
            _load_meanwhile()
            return super().running(worlds)

        def says(self, words: str) -> None:
            say(words)

    return _shown_on_terminal(Telling) if sys.stderr.isatty() else Telling()


@functools.cache
def _load_meanwhile() -> None:
    """Load what shows tables, while the threads are busy with worlds."""
    modules = ("sim.results.comparison", "sim.cli.result_tables", "sim.cli.terminal")
    threading.Thread(target=lambda: [importlib.import_module(name) for name in modules], daemon=True).start()


def _shown_on_terminal(told: "type[Watch]") -> "Watch":
    """Return a watch that shows on the terminal how far a run is."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    class Showing(told):  # type: ignore[valid-type,misc]
        def __init__(self) -> None:
            self.progress = Progress(
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

    return Showing()


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
    from sim.experiments.request import Asked, arms_of
    from sim.running.compiling import prepare_rules

    [arm] = arms_of(Asked(("2020-soleimani",)))
    with telling_of_compilation():
        prepare_rules(arm.variant, everything=True)


def say_progress(words: str) -> None:
    """Say what is under way on standard error, over what was said before, where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{visible(words):<78}\r")
        sys.stderr.flush()


def folder_of(text: str) -> Path:
    """Return the folder of results that is given whole, or by its name in ``results/``."""
    path = Path(text) if Path(text).exists() else Path("results") / text
    return path if path.exists() else Path(text)


def opened(text: str, *tables: str) -> "Results":
    """Return the results in a folder that is given whole, or by its name in ``results/``; they hold worlds.

    Finished files of outcomes, and of the ``tables`` named, must be what was written.
    """
    from sim.results import open_results
    from sim.results.manifest import PAIRING

    there = open_results(folder_of(text))
    there.refuse_damaged("outcomes", PAIRING, *tables)
    return there.begun()


def _version(asked: bool) -> None:
    if asked:
        from sim import __version__

        typer.echo(f"crossfire {__version__}")
        raise typer.Exit(OK)


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    pass
