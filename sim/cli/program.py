"""The program whose commands stand in ``sim.cli.commands``: its help, its codes, how what goes wrong is told."""

import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from sim.cli import streams
from sim.cli.printing import print_json, say
from sim.errors import CrossfireError, InputError
from sim.running import interruption

if TYPE_CHECKING:
    from sim.running.run import Interrupted

Command = TypeVar("Command", bound=Callable[..., None])
OK, WARNED, BAD_INPUT, BROKEN_OFF = 0, 1, 2, 130

#: What all errors of wrong options and arguments are.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


class _CommandGroup(TyperGroup):
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
    cls=_CommandGroup, name="crossfire", no_args_is_help=True, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    help="Crossfire: a wargame of the contest over the US presence in Iraq, played out in thousands of worlds.",
    epilog="Begin with [bold]crossfire list scenarios[/] and [bold]crossfire run 2020-soleimani --quick[/].",
)  # fmt: skip


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


def command(*examples: str, name: str | None = None) -> Callable[[Command], Command]:
    """Return a decorator that makes a function a command of the program.

    Its help ends with the examples, a line each, to copy; its errors are said in lines, and end it with their code.
    """
    epilog = "\n\n".join(["Examples:", *(f"[bold]{example}[/]" for example in examples)])

    def decorated(function: Command) -> Command:
        app.command(name, epilog=epilog)(_guarded(function))
        return function

    return decorated


def _guarded(command: Command) -> Command:
    """Return a command whose errors are said in lines, without a traceback, and end with the code that they mean."""

    @functools.wraps(command)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            with _as_interruption():
                command(*args, **options)
        except CrossfireError as error:
            _complain(error, bool(options.get("as_json")))
            raise typer.Exit(BAD_INPUT) from None
        except streams.OutputError as error:
            raise typer.Exit(streams.code_of(error.why)) from None
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
