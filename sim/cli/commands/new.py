"""``crossfire new``: a policy or a scenario to start from."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.printing import echo
from sim.cli.program import command
from sim.errors import InputError, described, option_problem


@command(
    "crossfire new policy patient --extends in-kind",
    "crossfire new policy bolder --actor iran --out mine",
    "crossfire new scenario my-scenario --extends 2020-taji",
)
def new(
    what: Annotated[str, typer.Argument(metavar="policy|scenario", help="What to begin.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, and that of its file.")],
    extends: Annotated[str, typer.Option(metavar="NAME", help="The policy or scenario that it rests on.")] = "",
    actor: Annotated[str, typer.Option(metavar="|".join(("us", "iran", "government", "factions")),
                                       help="Of a policy: whose it is.")] = "",
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the file (this one).")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:  # fmt: skip
    """Write a policy or a scenario to start from: it passes the check, and comments say what can be changed."""
    from sim.inputs.authoring import templates
    from sim.inputs.yaml.files import refuse_no_name

    if what not in ("policy", "scenario"):
        raise InputError([option_problem(what, "'policy' or 'scenario'", described(what))])
    if what == "scenario" and actor:
        raise InputError([option_problem("--actor", "an actor with a policy only", "one with a scenario")])
    refuse_no_name(name, f"a {what}")
    path = out / f"{name}.yaml"
    text = templates.new_policy(path, actor, extends) if what == "policy" else templates.new_scenario(path, extends)
    echo(str(templates.write_new(text, path, force)))
