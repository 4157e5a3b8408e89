"""``crossfire extend``: more worlds for finished results."""

from typing import Annotated

import typer

from sim.cli.execution import executor_options
from sim.cli.options import ResultsFolder, RunOptions, folder_of, takes
from sim.cli.output import show_finished
from sim.cli.program import command


@command("crossfire extend 2020-soleimani-1a2b3c4d --worlds 5000")
@takes("threads", "cluster", "figures", "report", "as_json")
def extend(
    results: ResultsFolder,
    worlds: Annotated[int, typer.Option(min=2, max=100_000_000, metavar="N", help="Worlds of each variant in all.")],
    options: RunOptions,
) -> None:
    """Add worlds to finished results; those that are there stay the first ones, to the bit."""
    from sim.running.resume import extend as add_worlds

    done = add_worlds(folder_of(results), worlds, executor_options(options))
    show_finished(done.results, options)
