"""``crossfire claims``: the ledger tried."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import AsJson, Seed
from sim.cli.printing import print_json, print_table, say_progress
from sim.cli.program import command
from sim.cli.progress import load_rules
from sim.errors import InputError, option_problem


@command(
    "crossfire claims",
    "crossfire claims P01 P09 M05 --worlds 2000 --theory documents",
    "crossfire claims --without ctg-2020",
    "crossfire claims --powerless",
)
def claims(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIMS]", help="Which, such as P01 or M05 (all of the ledger).")
    ] = None,
    worlds: Annotated[int, typer.Option(min=2, metavar="N", help="Worlds of each arm.")] = 500,
    seed: Seed = 1,
    theory: Annotated[
        list[str] | None, typer.Option("--theory", metavar="NAME", help="Only under this theory; repeatable (all).")
    ] = None,
    without: Annotated[
        str, typer.Option(metavar="DOCUMENT", help="Try predictions again without what rests on it alone.")
    ] = "",
    powerless: Annotated[bool, typer.Option("--powerless", help="Name the parameters that move nothing.")] = False,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Do all of it, and write the page of findings there.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try the ledger: what is cited, whether mechanisms do what it says, which predictions hold under which theory."""
    from sim.evidence import findings, findings_page
    from sim.evidence.inert import powers

    _refuse_together(bool(names), powerless, bool(without), write is not None)
    findings.check_asked(names or (), theory or (), without)
    if write:
        findings_page.findings_to_write(write)
    load_rules()
    if powerless:
        done = findings.Findings(worlds, seed, (), parameters=tuple(powers(seed=seed, tell=say_progress)))
    else:
        done = findings.find_all(
            names or (), worlds=worlds, seed=seed, theories=theory or (), without=without,
            everything=write is not None, tell=say_progress,
        )  # fmt: skip
    say_progress("")
    if write:
        findings_page.write_findings(done, write)
    if as_json:
        print_json(done.plain())
    else:
        from sim.cli.tables import findings_tables

        print_table(findings_tables(done))


def _refuse_together(names: bool, powerless: bool, without: bool, write: bool) -> None:
    """Refuse options that ask for a part and for the whole, or for two different things."""
    asked = {"--powerless": powerless, "--without": without, "--write": write}
    both = [name for name, is_asked in asked.items() if is_asked]
    both += ["a choice of claims"] if names and (powerless or write) else []
    if len(both) > 1:
        raise InputError([option_problem("claims", f"only one of {', '.join(both)}", "all of them")])
