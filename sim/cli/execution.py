"""A run carried out as the options of a command say, and shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.cli.options import RunOptions
from sim.cli.output import MOST_SHOWN, beside_whole_results, show_finished, show_tables
from sim.cli.printing import say
from sim.cli.progress import progress_of_run

if TYPE_CHECKING:
    from sim.experiments.request import Request
    from sim.experiments.variants import Variant
    from sim.results import Results
    from sim.running.run import ExecutorOptions
    from sim.stats import Preferences


def carry_out(
    variants: list["Variant"], request: "Request", options: RunOptions, preferences: "Preferences | None" = None
) -> None:
    """Run what was asked for, and show what comes of it: the tables first, as soon as the worlds are there."""
    from sim.running.execute import execute

    shown: list[Results] = []

    def early(results: "Results") -> None:
        shown.append(results)
        with beside_whole_results(results, {"plot": options.figures, "report": options.report}):
            show_tables(results, options.as_json, preferences, most=MOST_SHOWN)

    executor = replace(executor_options(options), early=early)
    done = execute(request, variants, out=options.out, force=options.force, resume=options.resume, options=executor)
    if done.already_there:
        say(f"already there: {done.results.folder} (--force runs it again)")
    show_finished(done.results, options, preferences, tables=not shown)


def executor_options(options: RunOptions) -> "ExecutorOptions":
    """Return how worlds are run: on this machine's threads, or on a cluster; what goes on is told."""
    from sim.running.run import ExecutorOptions

    progress = progress_of_run()
    if not options.cluster:
        return ExecutorOptions(options.threads, progress)
    from sim.running.cluster import cluster_runner

    return ExecutorOptions(options.threads, progress, cluster_runner(options.cluster, says=progress.says))
