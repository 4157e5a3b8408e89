"""Results shown at the end of a command: tables or JSON, figures, the report."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.base import (
    WARNED,
    echo,
    print_json,
    print_table,
    say,
    say_progress,
)

if TYPE_CHECKING:
    from sim.stats import Judging
    from sim.store import Results


def show_results(
    results: "Results", as_json: bool, figures: list[Path], judging: "Judging | None" = None, page: Path | None = None
) -> None:
    """Show results, say where they are, and end with code 1 if worlds failed, or parted without a reason."""
    from sim import runs

    if as_json:
        print_json(runs.compare_json(results, judging) if len(results.variants) > 1 else runs.run_json(results))
    else:
        from sim.show import results_shown

        print_table(results_shown(results, judging))
    tell = say if as_json else echo
    tell(f"Results: {results.folder}")
    for path in figures:
        tell(f"Figure: {path}")
    if page:
        tell(f"Report: {page}")
    if results.manifest["failures"] or any(one["parted"]["error"] for one in runs.pairing_of(results)):
        raise typer.Exit(WARNED)


def write_report(
    results: "Results", judging: "Judging | None" = None, form: str = "html", out: Path | None = None
) -> Path:
    """Return the path of the report of results, written whole or not at all."""
    from sim import report as reporting

    made = reporting.build(results, judging, say_progress)
    say_progress("")
    path = out or results.folder / f"report.{form}"
    part = path.with_name(path.name + ".part")
    part.write_text(reporting.as_html(made) if form == "html" else reporting.as_markdown(made), encoding="utf-8")
    part.replace(path)
    return path


def draw_figures(results: "Results") -> list[Path]:
    """Return the paths of the figures of results, drawn into their folder."""
    from sim.plots import draw_all

    return draw_all(results, results.folder / "figures")
