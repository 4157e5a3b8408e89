"""``crossfire report``: one report of results."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import ResultsFolder, RunOptions, opened, takes
from sim.cli.output import beside_whole_results, write_report
from sim.cli.printing import echo
from sim.cli.program import command
from sim.errors import InputError, described, option_problem


@command(
    "crossfire report results/2020-soleimani-1a2b3c4d",
    "crossfire report 2020-soleimani-1a2b3c4d --format md --out comparison.md",
)
@takes("ties", "wants")
def report(
    results: ResultsFolder,
    form: Annotated[str, typer.Option("--format", metavar="html|md", help="One page of HTML, or Markdown.")] = "html",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it (RESULTS/report.html).")] = None,
    *,
    options: RunOptions,
) -> None:
    """Write one report of results, for people who will attack it: verdicts, figures, grounds, worlds, provenance."""
    if form not in ("html", "md"):
        raise InputError([option_problem("--format", "'html' or 'md'", described(form))])
    there = opened(results, "series")
    with beside_whole_results(there, {"report": True}):
        path = write_report(there, options.preferences(), form, out)
    echo(f"Report: {path}")
