"""``--rare``: the chance of a rare end, in place of plain worlds."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.base import WARNED, echo, print_json, print_table, say, watch_of_run
from sim.errors import InputError, Problem
from sim.inputs.arguments import folder_of

if TYPE_CHECKING:
    from sim.experiments.request import Arm, Asked

#: Effort where none is asked for, in plain worlds.
USUAL_EFFORT = 6_000

Rare = Annotated[
    str,
    typer.Option(
        "--rare",
        metavar="END",
        help="The chance of a rare end, such as open_war or exit_kind=agreement: worlds that come near it are split"
        " (docs/rare.md).",
    ),
]
Effort = Annotated[
    int | None,
    typer.Option(min=20, max=10_000_000, metavar="N", help="With --rare: days of about N plain worlds (6,000)."),
]
LevelsOf = Annotated[
    int | None,
    typer.Option("--levels", min=1, max=60, metavar="N", help="With --rare: how many levels (each halves a weight)."),
]


def refuse_together(command: str, rare: str, alone: Mapping[str, Any], others: Mapping[str, Any]) -> None:
    """Refuse options that mean nothing with ``--rare``, and those that mean nothing without it."""
    given = [name for name, value in (others if rare else alone).items() if value not in (None, False, "", [], ())]
    if given:
        expected = f"no {given[0]} with --rare: it runs its own worlds" if rare else f"{given[0]} with --rare END only"
        raise InputError([Problem(command, 1, 1, "", expected, given[0])])


def carry_out_rare(
    arms: list["Arm"], asked: "Asked", rare: str, *, effort: int | None, levels: int | None, threads: int | None,
    out: Path | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Find the chance of a rare end under each variant, keep it in a folder, and show it."""
    from sim.results.manifest import now
    from sim.running.compiling import prepare_rules
    from sim.running.job import Job
    from sim.running.rare import results
    from sim.running.rare.ends import end_of
    from sim.running.rare.run import find

    end, job = end_of(rare), Job(asked, tuple(arms))
    effort = effort or USUAL_EFFORT
    inputs = results.given(job, end, effort, levels)
    folder = folder_of(out) if out is not None else results.folder_of(job, end, inputs)
    plain = results.there(folder, inputs, force)
    if plain:
        say(f"already there: {folder} (--force runs it again)")
    else:
        watch, started = watch_of_run(), now()
        with watch.preparing():
            prepare_rules(arms[0].variant)
        found = find(arms, end, asked.seed, effort, levels, threads=threads, watch=watch)
        plain = results.written(job, inputs, found, folder, started)
    show_rare(plain, folder, as_json)


def show_rare(plain: Mapping[str, Any], folder: Path, as_json: bool) -> None:
    """Show what was found of a rare end; end with code 1 where a world broke a law of the model."""
    if as_json:
        print_json({"variants": plain["variants"]})
    else:
        from sim.running.rare.shown import rare_shown

        print_table(rare_shown(plain["variants"]))
    (say if as_json else echo)(f"Results: {folder}")
    if any(one["failed"] for one in plain["variants"]):
        raise typer.Exit(WARNED)
