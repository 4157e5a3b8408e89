"""``crossfire bench``: the speed of the model, measured."""

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import AsJson
from sim.cli.printing import print_json, print_table, say_progress
from sim.cli.program import command
from sim.cli.progress import telling_of_compilation
from sim.errors import CrossfireError, quoted

RELEASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@command(
    "crossfire bench",
    "crossfire bench --compile --json",
    "crossfire bench --note 1.2.0",
)
def bench(
    as_json: AsJson = False,
    quick: Annotated[bool, typer.Option("--quick", help="Show that measuring works; the figures say nothing.")] = False,
    compile_too: Annotated[
        bool, typer.Option("--compile", help="Compile the rules from nothing too (a minute or more), and measure that.")
    ] = False,
    release: Annotated[
        str, typer.Option("--note", metavar="NAME", help="Add the ratios to benchmarks/history.csv, as this release's.")
    ] = "",
) -> None:
    """Measure the speed of the model here, by turns: against plain Mesa, its floor, from cold to an answer."""
    # Rules are timed one by one: without a cache of their own each would be compiled again.
    os.environ.setdefault("CROSSFIRE_KEEP_RULES", "1")
    kept = _history_of(release, quick)
    from sim.running.bench import measure, note

    speeds = measure(quick, telling_of_compilation(), _say_turn, compile_too)
    say_progress("")
    if kept:
        note(release, speeds, kept)
    if as_json:
        print_json(speeds.plain())
    else:
        from sim.cli import tables

        print_table(tables.speed_tables(speeds.head(), speeds.rows(), speeds.notes()))


def _history_of(release: str, quick: bool) -> "Path | None":
    """Return the history that a release is to be noted in, before anything is measured; None if it is to be in none."""
    if not release:
        return None
    if quick:
        raise CrossfireError("--note: what --quick measures says nothing, and is not kept; leave out one of the two")
    if not RELEASE.fullmatch(release):
        raise CrossfireError(f"--note: expected a release in letters, digits, dots and hyphens, got {quoted(release)}")
    from sim.running.bench.history import history_without

    return history_without(release)


def _say_turn(words: str, share: float, left: float) -> None:
    """Say what is measured, how much is done, and for how long it goes on."""
    say_progress(f"{share:.0%} {words}; about {left:,.0f} s left")
