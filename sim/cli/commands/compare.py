"""``crossfire compare``: several variants in the same worlds."""

import typer

from sim.cli.execution import carry_out
from sim.cli.options import OF_RARE, OF_RUNNING, OF_SCENARIO, RunOptions, ScenarioNames, takes
from sim.cli.program import command
from sim.cli.rare import carry_out_rare, refuse_together


@command(
    "crossfire compare 2020-soleimani --vary us=restraint,in-kind,maximum-pressure",
    "crossfire compare 2020-soleimani 2020-no-strike --worlds 5000",
    'crossfire compare 2020-soleimani --vary us=restraint,in-kind --vary M08=0,1 --baseline "us=in-kind M08=1"',
    'crossfire compare 2020-soleimani --vary us=restraint,in-kind --tie us_killed=1 --want "us_killed lower"',
    'crossfire compare 2020-soleimani --vary us=restraint,in-kind --until "exited: restraint - in-kind +- 2%"',
)
@takes(
    "vary", "baseline", "worlds", *OF_SCENARIO, "series", "until", *OF_RUNNING, "ties", "wants", "as_json", "quick",
    *OF_RARE,
)  # fmt: skip
def compare(context: typer.Context, scenario: ScenarioNames, options: RunOptions) -> None:
    """Run several variants in the same worlds, and show how they differ.

    A verdict for each headline measure says higher, lower, a tie, or that it cannot be told yet and how many more
    worlds would tell. --tie and --want may also be given to show, without another run. With --rare END it finds how
    likely a rare end is under each variant, each by itself.
    """
    from sim.experiments.request import several_variants_of

    refuse_together(context)
    request = options.request(scenario)
    if options.rare:
        carry_out_rare(several_variants_of(request), request, options)
        return
    preferences = options.preferences()
    carry_out(several_variants_of(request), request, options, preferences)
