"""``crossfire fit``: parameters fitted to what was observed."""

from typing import Annotated

import typer

from sim.cli.options import AsJson, Seed
from sim.cli.printing import echo, print_json, print_table, say_progress
from sim.cli.program import command
from sim.cli.progress import load_rules

#: Worlds kept by a fit below which it can hardly find anything.
FEW_KEPT = 200


@command(
    "crossfire fit --worlds 4000",
    "crossfire fit --write",
)
def fit(
    worlds: Annotated[int, typer.Option(min=100, metavar="N", help="Worlds of each scenario (20,000).")] = 20_000,
    kept: Annotated[
        float, typer.Option(min=0.001, max=0.5, metavar="SHARE", help="Share of the worlds that is kept.")
    ] = 0.025,
    seed: Seed = 1,
    write: Annotated[
        bool, typer.Option("--write", help="Make it the default: write configs/fit.yaml and docs/fit.md.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fit the parameters to what was observed: which distributions move, and from what to what."""
    from sim.evidence import fit as fitting

    if write:
        fitting.fit_files()
    load_rules()
    found = fitting.fit(worlds, kept, seed, say_progress)
    rows = fitting.rows(found)
    if write:
        fitting.write_fit(found)
    if as_json:
        print_json({"worlds": found.worlds, "kept": found.kept, "seed": seed, "moved": rows})
    else:
        from sim.cli.tables import listing

        print_table(listing(rows))
        echo(f"{len(found.moved)} of {found.asked} parameters moved; {found.kept:,} of {worlds:,} worlds kept")
        if found.kept < FEW_KEPT:
            echo(f"From fewer than {FEW_KEPT} worlds only large moves show: more --worlds, or a larger --kept.")
