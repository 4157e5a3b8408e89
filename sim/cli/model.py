"""Commands about the model itself."""

import os
import time
from compileall import compile_dir
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.base import (
    AsJson,
    app,
    echo,
    examples,
    guarded,
    print_json,
    print_table,
    say_progress,
    telling_of_compilation,
)
from sim.errors import CrossfireError, quoted
from sim.inputs.naming import folder_fault


@app.command(
    "compile",
    epilog=examples(
        "crossfire compile",
    ),
)
@guarded
def compile_() -> None:
    """Compile the model's rules, once for each version; any run does it by itself when it must.

    Python's own code is compiled too, where that can be kept: every command then begins sooner.
    """
    from sim.experiments.request import Asked, arms_of
    from sim.running.compiling import prepare_rules
    from sim.world.compiled import PLAIN

    if PLAIN:
        echo("CROSSFIRE_RULES=python: rules run as plain Python, nothing to compile")
        return
    [arm] = arms_of(Asked(("2020-soleimani",)))
    began = time.perf_counter()
    compile_dir(Path(__file__).resolve().parent.parent, quiet=2)  # whether Python keeps such code by itself or not
    with telling_of_compilation():
        prepare_rules(arm.variant, everything=True)
    echo(f"the rules are compiled ({time.perf_counter() - began:.1f} s)")


@app.command(
    epilog=examples(
        "crossfire bench",
        "crossfire bench --compile --json",
        "crossfire bench --note 1.2.0",
    )
)
@guarded
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
    if faults := folder_fault(release):
        raise CrossfireError(f"--note: expected {faults}, got {quoted(release)}")
    from sim.running.bench.history import history_file, noted

    path = history_file()
    if any(one.release == release for one in noted(path)):
        raise CrossfireError(f"--note: {release} is in {path} already; take its line out to measure it again")
    return path


def _say_turn(words: str, share: float, left: float) -> None:
    """Say what is measured, how much is done, and for how long it goes on."""
    say_progress(f"{share:.0%} {words}; about {left:,.0f} s left")
