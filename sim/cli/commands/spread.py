"""``crossfire spread``: the spread over worlds taken apart."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import OF_SCENARIO, RunOptions, ScenarioNames, takes
from sim.cli.printing import echo, print_json, print_table, say
from sim.cli.program import command
from sim.cli.progress import progress_of_run

if TYPE_CHECKING:
    pass


@command(
    "crossfire spread 2020-soleimani",
    "crossfire spread 2020-soleimani --vary us=restraint,in-kind --replicates 8 --out spread",
    "crossfire spread 2020-soleimani --theory documents:1,deterrence:1 --json",
)
@takes("vary", "baseline", "worlds", "replicates", *OF_SCENARIO, "threads", "out", "as_json")
def spread(
    scenario: ScenarioNames,
    options: RunOptions,
    worlds: Annotated[int, typer.Option(min=2, max=100_000, metavar="N", help="Worlds of each variant.")] = 300,
    replicates: Annotated[
        int, typer.Option(min=2, max=1000, metavar="N", help="How often each world is lived, with other luck.")
    ] = 4,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write a figure and spread.json there.")] = None,
) -> None:
    """Take the spread over worlds apart: chance, parameters, theory; and say whether more worlds would help.

    Every world is lived several times, with the same parameters and other luck. With --vary the differences from the
    baseline are taken apart too, life by life.
    """
    from sim.experiments.request import variants_of
    from sim.running import spread as spreading
    from sim.running.compiling import prepare_rules

    request = replace(options, worlds=worlds, series="none").request(scenario)
    variants, progress = variants_of(request), progress_of_run()
    with progress.preparing():
        prepare_rules(variants[0])
    with progress.running(worlds * replicates * len(variants)):
        found = spreading.spreads(variants, worlds, options.seed, replicates, threads=options.threads, ran=progress.ran)
    plain = {
        "worlds": worlds,
        "replicates": replicates,
        "seed": options.seed,
        "spreads": [one.plain() for one in found],
    }
    facts = [f"Scenario {variants[0].label}", f"{worlds:,} worlds", f"{replicates} lives each", f"seed {options.seed}"]
    paths = []
    if out:
        from sim.plots.spreads import write_spreads

        paths = write_spreads(found, plain, out, facts)
    if options.as_json:
        print_json(plain | {"figures": [str(path) for path in paths]})
    else:
        from sim.cli.result_tables import spread_tables

        print_table(spread_tables(found, "; ".join(facts)))
    for path in paths:
        (say if options.as_json else echo)(f"Written: {path}")
