"""``crossfire run``: a scenario in many worlds."""

import typer

from sim.cli.execution import carry_out
from sim.cli.options import OF_RARE, OF_RUNNING, OF_SCENARIO, RunOptions, ScenarioName, takes
from sim.cli.program import command
from sim.cli.rare import carry_out_rare, refuse_together


@command(
    "crossfire run 2020-soleimani",
    "crossfire run 2020-soleimani --policy us=in-kind --set situation.us_troops=2500",
    "crossfire run my-scenario.yaml --theory proxies --worlds 5000 --json",
    'crossfire run 2020-soleimani --until "exited +- 1%"',
    "crossfire run 2020-soleimani --rare open_war",
)
@takes("worlds", *OF_SCENARIO, "series", "until", *OF_RUNNING, "as_json", "quick", *OF_RARE)
def run(context: typer.Context, scenario: ScenarioName, options: RunOptions) -> None:
    """Run a scenario in many worlds, and show what comes of it.

    With --rare END it finds how likely a rare end is, in far fewer days than plain worlds would take.
    """
    from sim.experiments.request import variants_of

    refuse_together(context)
    request = options.request([scenario])
    if options.rare:
        carry_out_rare(variants_of(request), request, options)
    else:
        carry_out(variants_of(request), request, options)
