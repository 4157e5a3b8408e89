"""``crossfire sweep``: what a file varies, in the same worlds throughout."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.execution import carry_out
from sim.cli.options import OF_RUNNING, RunOptions, takes
from sim.cli.printing import echo, print_json, print_table, say
from sim.cli.program import command
from sim.cli.progress import telling_of_compilation
from sim.errors import InputError, option_problem

if TYPE_CHECKING:
    from sim.experiments.request import Request
    from sim.experiments.sweep import Sweep
    from sim.experiments.variants import Variant


#: What takes longer (seconds), or more room on the disk (bytes), is asked about.
LONG, LARGE = 600, 5e9


@command(
    "crossfire sweep policies-by-theories --dry-run",
    "crossfire sweep policies-by-theories --figures --report",
    "crossfire sweep my-sweep.yaml --shard 3/16",
    "crossfire sweep all-uncertain --yes --json",
)
@takes("worlds", "until", *OF_RUNNING, "ties", "wants", "as_json")
def sweep(
    name: Annotated[str, typer.Argument(metavar="SWEEP", help="A sweep's name (of this folder, or shipped), or file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the design, and run nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, however long it takes.")] = False,
    *,
    options: RunOptions,
) -> None:
    """Run a sweep: what its file varies, in the same worlds throughout. Says first what it will take.

    It asks before it begins what takes longer than ten minutes or more than five gigabytes.
    """
    from sim.experiments.sweep_reader import load_sweep

    plan = load_sweep(name)
    if options.worlds is not None:
        plan = plan.with_worlds(options.worlds)
    for warning in plan.warnings:
        say(f"warning: {warning}")
    if dry_run:
        _show_design(plan, options.as_json)
        return
    preferences = options.preferences()
    request = replace(plan.request(), shard=options.shard)
    request = replace(request, until=tuple(options.until)) if options.until else request
    variants = list(plan.variants)
    _announce(variants, request, options, yes)
    carry_out(variants, request, options, preferences)


def _show_design(plan: "Sweep", as_json: bool) -> None:
    rows = plan.design_rows()
    if as_json:
        print_json(plan.plain() | {"worlds": plan.worlds, "design": rows})
        return
    from sim.cli.tables import listing

    blank = {key for key in rows[0] if all(row[key] in (None, "") for row in rows)}
    print_table(listing([{k: "" if v is None else v for k, v in row.items() if k not in blank} for row in rows]))
    for line in plan.points_said():
        echo(line)
    kept = sum(not row["left_out_by"] for row in rows)
    echo(f"{kept:,} variants of {plan.worlds:,} worlds: {kept * plan.worlds:,} in all")


def _announce(variants: list["Variant"], request: "Request", options: RunOptions, yes: bool) -> None:
    """Say what a run will take; ask where it is much, and where nobody can answer, refuse."""
    from sim.experiments.request import shard_of
    from sim.running.estimate import estimate_of
    from sim.running.run import Run

    if request.shard:
        shard_of(request.shard)
    run = Run(request, tuple(variants))
    folder = options.out or run.folder
    if options.resume or ((folder / "manifest.json").exists() and not options.force):
        return  # begun before: it was said then
    with telling_of_compilation():
        estimate = estimate_of(run, options.threads)
    share = f"; this share about {100 / shard_of(request.shard)[1]:.2g}% of that" if request.shard else ""
    say(("At most " if request.until else "") + estimate.said() + share)
    _warn_of_room(folder, estimate.on_the_way)
    if not yes and (estimate.seconds >= LONG or estimate.at_end >= LARGE):
        _ask_whether_to_begin()


def _warn_of_room(folder: Path, needed: float) -> None:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if needed > free:
        say(f"warning: only {free / 1e9:,.1f} GB are free where {folder} will be")


def _ask_whether_to_begin() -> None:
    if not sys.stdin.isatty():
        expected = "--yes for what takes so long, as nobody is there to be asked"
        raise InputError([option_problem("sweep", expected, "none")])
    typer.confirm("Begin?", abort=True, err=True)
