"""What ratios were measured at each release: ``benchmarks/history.csv`` of a checkout, a line each, the newest last.

Ratios are kept, not times: they hold on another machine, more or less.
"""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import CrossfireError, quoted
from sim.inputs.allowed_names import folder_fault
from sim.running.bench.measurements import RATIOS
from sim.running.bench.miniature import benchmarks
from sim.running.bench.turns import rounded

if TYPE_CHECKING:
    from sim.running.bench.measurements import Speeds

ON = ("version", "commit", "date", "processor", "processors", "python", "numba", "mesa")
COLUMNS = ("release", *ON, *RATIOS)


class HistoryLine(NamedTuple):
    """A line of the history: the release, and its ratios by name."""

    release: str
    ratios: Mapping[str, float]


def history_file() -> Path:
    """Return the file of the history, there or not yet; CrossfireError in an installed copy."""
    folder = benchmarks()
    if folder is None:
        raise CrossfireError("--note: benchmarks/history.csv belongs to a checkout, and an installed copy has none")
    return folder / "history.csv"


def history_without(release: str) -> Path:
    """Return the file of the history, where a release is yet to be noted; CrossfireError where it is or cannot be."""
    if faults := folder_fault(release):
        raise CrossfireError(f"--note: expected {faults}, got {quoted(release)}")
    path = history_file()
    if any(one.release == release for one in noted(path)):
        raise CrossfireError(f"--note: {release} is in {path} already; take its line out to measure it again")
    return path


def noted(path: Path) -> list[HistoryLine]:
    """Return the lines of a history, the newest last; none where there is no file.

    Raises
    ------
    CrossfireError
        If it is no history of these ratios; its line is named.
    """
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise CrossfireError(f"{path}:1: expected the columns {', '.join(COLUMNS)}")
        return [_noted(row, f"{path}:{rows.line_num}") for row in rows]


def _noted(row: Mapping[str, str], where: str) -> HistoryLine:
    try:
        return HistoryLine(row["release"], {name: float(row[name]) for name in RATIOS})
    except (TypeError, ValueError):
        raise CrossfireError(f"{where}: expected a number for each of {', '.join(RATIOS)}") from None


def note(release: str, speeds: "Speeds", path: Path) -> None:
    """Add a line to the history: the release, on what it was measured, and the medians of its ratios."""
    new = not noted(path)
    today = {**speeds.machine, "release": release, "date": datetime.now(UTC).date().isoformat()}
    line = today | {name: rounded(speeds.figures[name].median) for name in RATIOS}
    with path.open("a", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if new and not path.stat().st_size:
            rows.writeheader()
        rows.writerow({name: line[name] for name in COLUMNS})
