"""``crossfire show``: results again, or a scenario or a policy as YAML."""

from typing import Annotated

import typer

from sim.cli.options import RunOptions, folder_of, opened, takes
from sim.cli.output import show_places, show_tables
from sim.cli.printing import print_page
from sim.cli.program import command
from sim.cli.rare import refuse_of_rare, show_rare
from sim.errors import InputError, described, option_problem


@command(
    "crossfire show results/2020-soleimani-1a2b3c4d",
    "crossfire show 2020-soleimani-1a2b3c4d --json",
    "crossfire show 2020-soleimani-1a2b3c4d --adjusted",
    "crossfire show scenario 2020-taji --resolved",
    "crossfire show scenario 2020-taji --resolved --policy us=restraint --set us_troops=2500",
    "crossfire show policy in-kind",
)
@takes("policies", "theory", "settings", "ties", "wants", "as_json")
def show(
    context: typer.Context,
    results: Annotated[
        str, typer.Argument(metavar="RESULTS|scenario|policy", help="A results folder, or its name in results/.")
    ],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="After 'scenario' or 'policy': which.")] = "",
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Of a scenario: every value, defaults too, and where each is from.")
    ] = False,
    adjusted: Annotated[
        bool,
        typer.Option(
            "--adjusted",
            help="Of results: means and differences freed of luck in the draw of inputs too (docs/adjusted.md).",
        ),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --adjusted: of each measure, not the headline ones alone.")
    ] = False,
    *,
    options: RunOptions,
) -> None:
    """Show results again, of a run that was broken off as far as it got; or a scenario or a policy as YAML.

    A scenario is shown as its file and those that it extends have it, with --resolved whole: what is printed can be
    read again, and gives the same worlds. A policy is shown with what it extends and every option filled in.
    """
    if everything and not adjusted:
        raise InputError([option_problem("show", "--all with --adjusted only", "--all")])
    if not name:
        from sim.results.manifest import is_rare

        if is_rare(folder_of(results)):
            from sim.running.rare.results import read

            refuse_of_rare(context)
            show_rare(read(folder_of(results)), options.as_json)
            return
        _show_results(results, options, adjusted, everything)
        return
    if adjusted:
        raise InputError([option_problem("show", "--adjusted with results only", f"it with a {results}")])
    from sim.inputs.authoring import as_yaml as whole
    from sim.inputs.policies.named import policy_named
    from sim.inputs.resolve import resolve

    if results == "scenario":
        scenario = options.scenario(name)
        resolve(scenario)  # what is printed can be read again
        text = whole.scenario_yaml(scenario) if resolved else whole.scenario_as_said(scenario)
    elif results == "policy":
        text = whole.policy_yaml(policy_named(name))
    else:
        expected = "a results folder alone, or 'scenario' or 'policy' and a name"
        raise InputError([option_problem(results, expected, described(f"{results} {name}"))])
    print_page(text)


def _show_results(results: str, options: RunOptions, with_adjusted: bool, everything: bool) -> None:
    """Show the results in a folder."""
    preferences = options.preferences()
    there = opened(results)
    found = []
    if with_adjusted:
        from sim.experiments.adjusted import adjusted

        found = adjusted(there, everything=everything)
    show_tables(there, options.as_json, preferences, found)
    show_places(there, options.as_json, [])
