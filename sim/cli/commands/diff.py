"""``crossfire diff``: how two scenarios, or two policies, differ."""

from typing import Annotated

import typer

from sim.cli.options import RunOptions, takes
from sim.cli.printing import echo, print_json, print_table
from sim.cli.program import command
from sim.errors import InputError, option_problem


@command(
    "crossfire diff 2020-soleimani 2020-no-strike",
    "crossfire diff in-kind restraint",
    "crossfire diff 2020-taji --policy us=restraint --theory deterrence",
)
@takes("policies", "theory", "settings", "as_json")
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario or a policy: its name, or its file.")],
    second: Annotated[str, typer.Argument(metavar="[B]", help="Another (A itself, with the options).")] = "",
    *,
    options: RunOptions,
) -> None:
    """Say how two scenarios, or two policies, differ once everything is filled in.

    Options change the second one; without a second, the first with the options is held against itself without.
    """
    from sim.inputs.authoring import differences

    changing = bool(options.policies or options.theory or options.settings)
    of_policies = [differences.is_policy(name) for name in (first, second or first)]
    if of_policies[0] != of_policies[1]:
        raise InputError([option_problem(second, "two scenarios, or two policies", "one of each")])
    if (of_policies[0] and changing) or not (second or changing):
        expected = "options with scenarios only" if of_policies[0] and changing else "a second one, or options"
        raise InputError([option_problem("diff", expected, "a policy with options" if changing else "one name")])
    if of_policies[0]:
        from sim.inputs.policies.named import policy_named

        rows = differences.policies_differ(policy_named(first), policy_named(second))
    else:
        from sim.inputs.resolve import resolve

        changed = options.scenario(second or first)
        rows = differences.scenarios_differ(resolve(RunOptions().scenario(first)), resolve(changed))
    _print_rows(rows, first, second or f"{first}, changed", options.as_json)


def _print_rows(rows: list[dict[str, str]], first: str, second: str, as_json: bool) -> None:
    """Print differences: JSON, or a table with the two names above their columns."""
    if as_json:
        print_json({"first": first, "second": second, "differences": rows})
        return
    from sim.cli.tables import differences_table

    if rows:
        print_table(differences_table(rows, first, second))
    else:
        echo(f"{first} and {second}: no difference that can move a result")
