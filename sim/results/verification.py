"""Whether results are as they were written, and their tables hold what the manifest says.

That is each world of each variant once, and as many weeks as it was run.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.results import manifest as about
from sim.results.arrays import as_array
from sim.results.derived import problems_of_derived
from sim.results.layout import FINISHED, INPUTS, JOURNAL, OUTCOMES, SEALED, SERIES, SHARD, TABLES

if TYPE_CHECKING:
    from sim.results.reading import Results

#: What is said of a file that results lack.
UNNAMED = "not among the files that the manifest names, though the run was to write it"
#: Rows read at a time.
_ROWS = 500_000
_COLUMNS = {OUTCOMES: ["variant", "world"], SERIES: ["variant", "world", "week"], INPUTS: ["world"]}


def problems_of(results: "Results") -> list[str]:
    """Return what is wrong with the files of results, in words, every file read anew; nothing if they are whole."""
    folder, manifest = results.folder, results.manifest
    problems = [] if results.status in (FINISHED, SHARD) else [f"{folder}: the run is {results.status}"]
    if manifest.get("damage"):
        problems.append(f"{folder / JOURNAL}: {manifest['damage']}")
    entries = [*manifest["files"], *(file for part in manifest["parts"] for file in part["files"])]
    damaged = [results.path_of(entry["file"]) for entry in entries if not results.is_whole(entry)]
    problems += [f"{path}: {damage_of(path)}" for path in damaged]
    problems += [f"{folder / file}: {UNNAMED}" for file in about.unnamed(manifest)]
    if results.status == FINISHED and not damaged:
        problems += [f"{folder / file}: {words}" for file, words in _of_wrong_rows(results).items()]
    return problems + list(problems_of_derived(folder, manifest))


def wrong_tables(results: "Results") -> set[str]:
    """Return the names of the finished files that are gone, not what was written, or not of all worlds once."""
    damaged = {entry["file"] for entry in results.manifest["files"] if not results.is_whole(entry)}
    return damaged | set(about.unnamed(results.manifest)) or set(_of_wrong_rows(results))


def damage_of(path: Path) -> str:
    """Return what is wrong with a file that is not whole, in words."""
    return "not what was written" if path.exists() else "missing"


def _of_wrong_rows(results: "Results") -> dict[str, str]:
    """Return which finished tables do not hold the worlds that the manifest says, and how, in words."""
    named = {entry["file"] for entry in results.manifest["files"]}
    problems = {}
    for table in TABLES:
        path = results.folder / f"{table}.parquet"
        asked = _rows_asked(results, table)
        if asked is not None and path.name in named:
            problems[path.name] = wrong_rows(path, table, *asked)
    return {file: words for file, words in problems.items() if words}


def _rows_asked(results: "Results", table: str) -> tuple[list[str], int, dict[str, int]] | None:
    """Return whose rows a table should hold, of how many worlds, and how many a world; None where nobody says."""
    manifest, labels = results.manifest, results.variants
    if table == INPUTS:
        return [""], results.worlds, {}
    if table == OUTCOMES:
        return labels, results.worlds, {}
    days, kept = {label: results.days_of(label) for label in labels}, manifest["inputs"].get("series")
    if kept is None or None in days.values() or manifest["schema_version"] < SEALED:
        return None
    return labels, min(kept, results.worlds), {label: ((n or 0) + 6) // 7 for label, n in days.items()}


def wrong_rows(path: Path, table: str, labels: Sequence[str], worlds: int, weeks: Mapping[str, int]) -> str:
    """Return what is wrong with the rows of a finished table, in words; nothing where each is there once.

    Parameters
    ----------
    labels : sequence of str
        The variants whose rows there should be, in any order; those of inputs are nobody's ("").
    worlds : int
        Worlds of each, from 0.
    weeks : mapping
        Rows of each world of a variant, where it has one for each week.
    """
    import pyarrow as pa

    rows = dict.fromkeys(labels, 0)
    try:
        for label, numbers, of_week in _together(path, table):
            if label not in rows:
                return f"holds rows of a variant {label!r}, which the manifest does not know"
            at, each = np.arange(rows[label], rows[label] + len(numbers)), weeks.get(label, 1)
            if not np.array_equal(numbers, at // each) or (len(of_week) and not np.array_equal(of_week, at % each)):
                return f"does not hold each world of {label or 'the run'} once and in order"
            rows[label] += len(numbers)
    except (OSError, pa.ArrowException) as error:
        return f"cannot be read: {error}"
    short = [label for label in rows if rows[label] != worlds * weeks.get(label, 1)]
    return f"holds {rows[short[0]]:,} rows of {short[0] or 'the run'}, which has {worlds:,} worlds" if short else ""


def _together(path: Path, table: str) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield rows that stand together: their variant, the worlds, the weeks (none where a table has none)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(path).iter_batches(_ROWS, columns=_COLUMNS[table], use_threads=False):
        one = pa.Table.from_batches([batch])
        worlds = as_array(one["world"])
        weeks = as_array(one["week"]) if table == SERIES else worlds[:0]
        words = np.full(len(worlds), "", dtype=object) if table == INPUTS else as_array(one["variant"])
        for first, last in pairwise([0, *(np.flatnonzero(words[1:] != words[:-1]) + 1).tolist(), len(words)]):
            if last > first:
                yield str(words[first]), worlds[first:last], weeks[first:last]
