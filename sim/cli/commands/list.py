"""``crossfire list``: what there is."""

from typing import Annotated

import typer

from sim.cli.options import AsJson
from sim.cli.printing import print_json, print_page, print_table
from sim.cli.program import command
from sim.errors import InputError, described, option_problem

LISTS = (
    "scenarios", "sweeps", "policies", "perceptions", "actions", "measures", "parameters", "mechanisms", "theories",
    "claims", "events",
)  # fmt: skip


@command(
    "crossfire list scenarios",
    "crossfire list perceptions --json",
    "crossfire list all --markdown > reference.md",
    name="list",
)
def list_things(
    what: Annotated[str, typer.Argument(metavar="|".join((*LISTS, "all")), help="What to list.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, for a page.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what there is: scenarios, policies, what actors see and can do, what is measured, and the rest.

    'all' is what conditions, rules and scenarios can name: perceptions, actions, measures, parameters, mechanisms.
    """
    from sim.inputs.authoring import lists as catalogue

    if what not in (*LISTS, "all"):
        from sim.errors import nearest, one_of

        raise InputError([option_problem("list", one_of(LISTS), described(what), nearest(what, LISTS))])
    lists = tuple(catalogue.REFERENCE) if what == "all" else (what,)
    if as_json:
        print_json({one: catalogue.rows_of(one)[0] for one in lists})
    elif markdown:
        print_page(catalogue.reference_page() if what == "all" else "\n".join(catalogue.markdown(what)))
    else:
        from sim.cli.tables import listing

        for one in lists:
            print_table(listing(*catalogue.rows_of(one)))
