"""``crossfire describe``: one thing in words."""

from typing import Annotated

import typer

from sim.cli.printing import print_page
from sim.cli.program import command
from sim.errors import InputError, described, option_problem

DESCRIBED = ("policy", "scenario", "theory", "claim", "parameter", "mechanism", "action", "perception")


@command(
    "crossfire describe policy in-kind",
    "crossfire describe claim M08",
    "crossfire describe parameter attack_tempo",
    "crossfire describe action us/strike",
    "crossfire describe perception talks_open",
    "crossfire describe scenario my-scenario.yaml > page.md",
)
def describe(
    what: Annotated[str, typer.Argument(metavar="|".join(DESCRIBED), help="What to describe.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name, or the path of its file; 'scenario all' for all of them.")
    ],
) -> None:
    """Describe something in words: a policy in sentences, a claim with all that rests on it, a parameter's spread.

    The page is Markdown. Policies may be named with their actor: us/in-kind.
    """
    from sim.inputs.authoring import pages as pages_of
    from sim.inputs.authoring import scenario_pages

    if what not in DESCRIBED:
        from sim.errors import nearest, one_of

        raise InputError([option_problem(what, one_of(DESCRIBED), described(what), nearest(what, DESCRIBED))])
    if what == "scenario":
        text = scenario_pages.all_scenarios_page() if name == "all" else scenario_pages.scenario_page(name)
    else:
        text = pages_of.page(what, name)
    print_page(text)
