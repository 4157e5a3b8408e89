"""``crossfire plot``: the figures of results."""

from typing import Annotated

import typer

from sim.cli.options import AsJson, Out, ResultsFolder, opened
from sim.cli.output import beside_whole_results
from sim.cli.printing import echo, print_json, say_progress
from sim.cli.program import command
from sim.errors import InputError, option_problem, unknown


@command(
    "crossfire plot results/2020-soleimani-1a2b3c4d",
    "crossfire plot 2020-soleimani-1a2b3c4d --out figures",
)
def plot(
    results: ResultsFolder, out: Out = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="FIGURE", help="Only this figure; repeatable (all).")
    ] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Draw the figures of results: outcomes and their differences, exits and weekly series over time, maps."""
    from sim.plots import FIGURES, draw_all

    for name in only or ():
        if name not in FIGURES:
            mistake = unknown(name, FIGURES, "a figure")
            raise InputError([option_problem("--only", mistake.expected, mistake.got, mistake.hint)])
    there = opened(results, "series")
    with beside_whole_results(there, {"plot": True}):
        paths = draw_all(there, out or there.folder / "figures", only or (), say_progress)
        say_progress("")
    if as_json:
        print_json({"figures": [str(path) for path in paths]})
    for path in [] if as_json else paths:
        echo(str(path))
