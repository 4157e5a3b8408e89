"""Results shown at the end of a command: tables or JSON, figures, the report."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.options import RunOptions
from sim.cli.printing import echo, print_json, print_table, say, say_progress
from sim.cli.program import BROKEN_OFF, WARNED
from sim.running import interruption

if TYPE_CHECKING:
    from sim.experiments.adjusted import Adjusted
    from sim.results import Results
    from sim.stats import Preferences

#: At the end of a run so many variants are shown; ``crossfire show`` shows all.
MOST_SHOWN = 60


def show_tables(
    results: "Results", as_json: bool, preferences: "Preferences | None" = None, adjusted: "Sequence[Adjusted]" = (),
    most: int | None = None,
) -> None:  # fmt: skip
    """Show what results come to, as tables (of ``most`` variants if given) or as JSON; below, the ``adjusted``."""
    from sim.results.as_json import compare_json, run_json

    if as_json:
        plain = compare_json(results, preferences) if len(results.variants) > 1 else run_json(results)
        print_json(plain | ({"adjusted": [one.as_plain() for one in adjusted]} if adjusted else {}))
        return
    from sim.cli.result_tables import adjusted_tables, results_tables

    print_table(results_tables(results, preferences, most))
    if adjusted:
        print_table(adjusted_tables(adjusted))


def show_places(results: "Results", as_json: bool, figures: list[Path], page: Path | None = None) -> None:
    """Say where results are, and end with code 1 if worlds failed, or parted without a reason."""
    tell = say if as_json else echo
    tell(f"Results: {results.folder}")
    for path in figures:
        tell(f"Figure: {path}")
    if page:
        tell(f"Report: {page}")
    if results.failures or any(one.errors for one in results.pairing):
        raise typer.Exit(WARNED)


def show_finished(
    results: "Results", options: RunOptions, preferences: "Preferences | None" = None, *, tables: bool = True
) -> None:
    """Show finished results, without tables where they were shown early; of a shard say how far it is and what next.

    Figures and the report are made where ``options`` ask for them.
    """
    from sim.results.layout import SHARD

    if results.status == SHARD:
        n = sum(part["n"] for part in results.manifest["parts"])
        echo(f"Shard {results.manifest['shard']}: {n:,} worlds in {results.folder}")
        echo("When all shards are there: crossfire merge FOLDER FOLDER ... --out WHOLE")
        return
    drawn: list[Path] = []
    page: Path | None = None
    lacking = {"plot": options.figures, "report": options.report}
    with beside_whole_results(results, lacking):
        if tables:
            show_tables(results, options.as_json, preferences, most=MOST_SHOWN)
        if options.figures:
            drawn = draw_figures(results)
            lacking["plot"] = False
        if options.report:
            page = write_report(results, preferences)
            lacking["report"] = False
        show_places(results, options.as_json, drawn, page)


@contextmanager
def beside_whole_results(results: "Results", asked: Mapping[str, bool]) -> Iterator[None]:
    """Say, when figures or the report are broken off, that the results are whole, and how to have the rest.

    ``asked`` says of each command, ``plot`` or ``report``, whether what it makes was asked for and is not made yet.
    """
    from sim.results import suggested
    from sim.results.layout import FINISHED

    try:
        yield
    except BaseException as broken_off:
        if not interruption.is_one(broken_off):
            raise
        interruption.taken()
        say_progress("")
        words = {"plot": "the figures are not", "report": "the report is not"}
        lacking = [verb for verb, wanted in asked.items() if wanted]
        said = " and ".join(words[verb] for verb in lacking)
        state = "whole" if results.status == FINISHED else "as they were"
        say(f"Interrupted: the results in {results.folder} are {state}; {said or 'all that was asked for is there'}.")
        for verb in lacking:
            say(f"To have it: {suggested(verb, results.folder)}")
        raise typer.Exit(BROKEN_OFF) from None


def write_report(
    results: "Results", preferences: "Preferences | None" = None, form: str = "html", out: Path | None = None
) -> Path:
    """Return the path of the report of results, written whole or not at all."""
    from sim import report as reporting
    from sim.results import note_derived, write_derived

    made = reporting.build(results, preferences, say_progress)
    say_progress("")
    path = out or results.folder / f"report.{form}"
    text = reporting.as_html(made) if form == "html" else reporting.as_markdown(made)
    write_derived(results.folder, path, text.encode())
    note_derived(results, [path])
    return path


def draw_figures(results: "Results") -> list[Path]:
    """Return the paths of the figures of results, drawn into their folder."""
    from sim.plots import draw_all

    drawn = draw_all(results, results.folder / "figures", say=say_progress)
    say_progress("")
    return drawn
