"""``crossfire patterns``: the model held against what is known of conflicts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import AsJson, Seed
from sim.cli.printing import echo, print_json, print_table
from sim.cli.program import command
from sim.cli.progress import load_rules

if TYPE_CHECKING:
    from sim.evidence.observations import ObservationCheck


@command(
    "crossfire patterns",
    "crossfire patterns --sides",
    "crossfire patterns --write docs/evidence.md",
)
def patterns(
    worlds: Annotated[int, typer.Option(min=50, metavar="N", help="Worlds of each scenario.")] = 1000,
    seed: Seed = 1,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the page of evidence there.")] = None,
    sides: Annotated[
        bool, typer.Option("--sides", help="Only: in which worlds force pays, and which policies are one-sided.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Hold the model against the documents' figures and the known patterns of conflicts; what fails is shown."""
    from sim.evidence import patterns as evidence
    from sim.inputs.yaml.writing import refuse_unwritable

    refuse_unwritable([write] if write else [])
    load_rules()
    if sides:
        from sim.evidence.shapes import sides as of_force

        _show(of_force(min(worlds, evidence.ENOUGH), seed), worlds, seed, as_json)
        return
    shown, told = evidence.patterns(worlds, seed), evidence.figures(worlds, seed)
    if write:
        evidence.write_evidence(write, shown, told, worlds, seed)
    _show([*shown, *told], worlds, seed, as_json)


def _show(found: "list[ObservationCheck]", worlds: int, seed: int, as_json: bool) -> None:
    """Print checks as a table, or as JSON."""
    rows = [one.row() for one in found]
    if as_json:
        print_json({"worlds": worlds, "seed": seed, "patterns": rows})
        return
    from sim.cli.tables import listing

    print_table(listing([
        {"holds": row["holds"], "came": row["came"], "wanted": row["wanted"], "of": row["pattern"]} for row in rows
    ]))  # fmt: skip
    echo(f"{sum(one.holds for one in found)} of {len(found)} hold")
