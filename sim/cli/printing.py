"""What a command prints: tables and JSON on standard output, all that is said on the way on standard error."""

import os
import sys
from typing import TYPE_CHECKING, Any

import typer

from sim.cli import streams
from sim.wording import json_text, lines, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.cli.terminal import Terminal

#: Tables are this wide where no terminal says how wide it is.
WIDTH = 120


def console(stderr: bool = False) -> "Terminal":
    """Return where tables are printed, as wide as the terminal, or ``COLUMNS``, or 120."""
    from sim.cli.terminal import Terminal

    stream = sys.stderr if stderr else sys.stdout
    told = os.environ.get("COLUMNS", "")
    width = None if stream.isatty() else int(told) if told.isdecimal() and 20 < int(told) < 10_000 else WIDTH
    return Terminal(stderr=stderr, width=width, highlight=False, soft_wrap=False)


def print_table(what: "RenderableType") -> None:
    """Print a table, or several, on standard output."""
    with streams.output_errors():
        console().show(what)


def echo(words: str) -> None:
    """Print a line on standard output."""
    with streams.output_errors():
        typer.echo(visible(words))


def print_page(text: str) -> None:
    """Print a text of several lines on standard output, as it stands."""
    with streams.output_errors():
        typer.echo(lines(text), nl=False)


def print_json(value: Any) -> None:
    """Print plain values as JSON on standard output."""
    with streams.output_errors():
        typer.echo(json_text(value))


def say(words: str) -> None:
    """Say something in a line on standard error; where that is closed or full, there is nobody to be told."""
    try:
        typer.echo(visible(words), err=True)
    except OSError:
        streams.hush(sys.stderr)


def say_progress(words: str) -> None:
    """Say what is under way on standard error, over what was said before, where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{visible(words):<78}\r")
        sys.stderr.flush()
