"""``--rare``: the chance of a rare end, in place of plain worlds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.execution import executor_options
from sim.cli.options import RunOptions
from sim.cli.printing import echo, print_json, print_table, say
from sim.cli.program import WARNED
from sim.errors import InputError, option_problem

if TYPE_CHECKING:
    from sim.experiments.request import Request
    from sim.experiments.variants import Variant
    from sim.running.rare.execute import FinishedRareRun
    from sim.running.rare.results import RareResults

#: What means nothing without --rare, and what may be said with it; all else would be of worlds that it does not run.
_ALONE = ("effort", "levels")
_ALONG = (
    "rare", *_ALONE, "scenario", "vary", "baseline", "seed", "days", "policies", "theory", "settings", "threads", "out",
    "force", "resume", "as_json",
)  # fmt: skip
#: Of commands that take a folder of results: what means something of a rare end.
_OF_FOLDERS = ("results", "name", "threads", "as_json")


def refuse_together(context: typer.Context) -> None:
    """Refuse options that mean nothing with ``--rare``, and those that mean nothing without it."""
    rare = bool(context.params["rare"])
    wrong = [name for name in _said(context) if (name not in _ALONG if rare else name in _ALONE)]
    if wrong:
        option = _option(context, wrong[0])
        expected = f"no {option} with --rare: it runs its own worlds" if rare else f"{option} with --rare END only"
        raise InputError([option_problem(str(context.info_name), expected, option)])


def refuse_of_rare(context: typer.Context) -> None:
    """Refuse options that mean nothing where the folder of results is that of a rare end."""
    wrong = [name for name in _said(context) if name not in _OF_FOLDERS]
    if wrong:
        option = _option(context, wrong[0])
        expected = f"no {option}: the folder holds the chance of a rare end, and no tables"
        raise InputError([option_problem(str(context.info_name), expected, option)])


def _said(context: typer.Context) -> list[str]:
    """Return the names of what was said on the command line."""
    return [name for name in context.params if _source(context, name) == "COMMANDLINE"]


def _source(context: typer.Context, name: str) -> str:
    source = context.get_parameter_source(name)
    return source.name if source else ""


def _option(context: typer.Context, name: str) -> str:
    """Return a parameter as it is written."""
    return next(str(one.opts[0]) for one in context.command.params if one.name == name)


def carry_out_rare(variants: list["Variant"], request: "Request", options: RunOptions) -> None:
    """Find the chance of the rare end that a command asks for under each variant, keep it in a folder, and show it."""
    from sim.running.rare.ends import end_of
    from sim.running.rare.execute import USUAL_EFFORT, RareRun, find_rare_end
    from sim.running.run import Run

    run = RareRun(Run(request, tuple(variants)), end_of(options.rare), options.effort or USUAL_EFFORT, options.levels)
    executor = executor_options(options)
    done = find_rare_end(run, out=options.out, force=options.force, resume=options.resume, options=executor)
    show_rare_done(done, options.as_json, f"already there: {done.results.folder} (--force runs it again)")


def show_rare_done(done: "FinishedRareRun", as_json: bool, already: str) -> None:
    """Show what was found; where it had been there before, say so."""
    if done.already_there:
        say(already)
    show_rare(done.results, as_json)


def show_rare(there: "RareResults", as_json: bool) -> None:
    """Show what was found of a rare end; end with code 1 where a world broke a law of the model."""
    from sim.results import FINISHED, suggested

    found: list[Mapping[str, Any]] = [*there.whole()]
    whole = there.status == FINISHED
    if as_json:
        print_json({"variants": found} | ({} if whole else {"status": there.status}))
    else:
        from sim.cli.rare_tables import rare_tables

        print_table(rare_tables(found))
    if not whole:
        say(
            f"The run is {there.status}: {len(found)} of {len(there.variants)} variants;"
            f" {suggested('resume', there.folder)} goes on"
        )
    (say if as_json else echo)(f"Results: {there.folder}")
    if any(one["failed"] for one in found):
        raise typer.Exit(WARNED)
