"""``crossfire patterns``: the model held against what is known of conflicts."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import AsJson, Seed
from sim.cli.printing import echo, print_json, print_table
from sim.cli.program import command
from sim.cli.progress import load_rules


@command(
    "crossfire patterns",
    "crossfire patterns --write docs/evidence.md",
)
def patterns(
    worlds: Annotated[int, typer.Option(min=50, metavar="N", help="Worlds of each scenario.")] = 1000,
    seed: Seed = 1,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the page of evidence there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Hold the model against the documents' figures and the known patterns of conflicts; what fails is shown."""
    from sim.evidence import patterns as evidence
    from sim.inputs.yaml.writing import refuse_unwritable

    refuse_unwritable([write] if write else [])
    load_rules()
    shown, told = evidence.patterns(worlds, seed), evidence.figures(worlds, seed)
    found = [*shown, *told]
    rows = [one.row() for one in found]
    if write:
        evidence.write_evidence(write, shown, told, worlds, seed)
    if as_json:
        print_json({"worlds": worlds, "seed": seed, "patterns": rows})
    else:
        from sim.cli.tables import listing

        rows = [
            {"holds": row["holds"], "came": row["came"], "wanted": row["wanted"], "of": row["pattern"]} for row in rows
        ]
        print_table(listing(rows))
        echo(f"{sum(one.holds for one in found)} of {len(found)} hold")
