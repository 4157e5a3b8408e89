"""``crossfire resume``: results made whole."""

from pathlib import Path

import typer

from sim.cli.execution import executor_options
from sim.cli.options import ResultsFolder, RunOptions, folder_of, takes
from sim.cli.output import show_finished
from sim.cli.printing import say
from sim.cli.program import command
from sim.cli.rare import refuse_of_rare, show_rare_done


@command(
    "crossfire resume 2020-soleimani-1a2b3c4d",
    "crossfire resume results/two-theories",
)
@takes("threads", "cluster", "figures", "report", "as_json")
def resume(context: typer.Context, results: ResultsFolder, options: RunOptions) -> None:
    """Make results whole: run the worlds that are missing, or whose files are damaged.

    Refused where scenarios, policies or rules are no longer those of the run; the differences are named.
    """
    from sim.results.manifest import is_rare
    from sim.running.resume import resume as go_on

    if is_rare(folder_of(results)):
        refuse_of_rare(context)
        _resume_rare(folder_of(results), options)
        return
    done = go_on(folder_of(results), executor_options(options))
    if done.already_there:
        say(f"nothing is missing: {done.results.folder}")
    show_finished(done.results, options)


def _resume_rare(folder: Path, options: RunOptions) -> None:
    """Make whole what a folder holds of a rare end."""
    from sim.running.rare.execute import resume as go_on

    show_rare_done(go_on(folder, executor_options(options)), options.as_json, f"nothing is missing: {folder}")
