"""``crossfire reweigh``: results by theory, and with other shares of theories."""

from typing import Annotated

import typer

from sim.cli.options import AsJson, ResultsFolder, opened
from sim.cli.printing import print_json, print_table
from sim.cli.program import command


@command(
    "crossfire run 2020-soleimani --theory documents:1,deterrence:1 --out results/two-theories",
    "crossfire reweigh two-theories",
    "crossfire reweigh two-theories --weights documents:0.8,deterrence:0.2 --json",
)
def reweigh(
    results: ResultsFolder,
    weights: Annotated[
        str, typer.Option(metavar="THEORY:SHARE,...", help="Other shares of theories than were drawn.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show results by theory, and as they would be with other shares of theories, without a run."""
    from sim.cli.result_tables import theory_tables
    from sim.results import by_theory as weighing

    there = opened(results)
    shares = weighing.weights_of(weights, weighing.theories_of(there))
    found = weighing.by_theory(there, shares)
    if as_json:
        print_json({"weights": shares, "outcomes": [one.plain() for one in found]})
    else:
        print_table(theory_tables(there, found))
