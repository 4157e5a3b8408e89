"""Results being written: part by part while worlds run, put together at the end, taken up again, and added to.

A part is written under a temporary name, made safe on the disk, given its name, and only then named in the journal with
its hash. So whatever stops a run, and whenever, what the journal names is whole or is found not to be. Finished tables
are written beside what is there, and take its place once the manifest says so. Parts of a run's first seconds stay
in memory (``sim.results.unwritten_parts``): a short run is written once. After them memory holds one at a time.
"""

import hashlib
import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results import manifest as about
from sim.results.derived import drop_stale
from sim.results.files import (
    PARTIAL,
    Journal,
    StoreError,
    digest_of,
    make_way,
    opened_own,
    refuse_link,
    remove_own,
    settle,
    suggested,
    write_whole,
)
from sim.results.journal import file_of, gaps, held_twice, part_order
from sim.results.layout import (
    FILES,
    FINISHED,
    INPUTS,
    INTERRUPTED,
    JOURNAL,
    MANIFEST,
    MERGING,
    NEW,
    OUTCOMES,
    PARTS,
    RUNNING,
    SERIES,
    SHARD,
    is_part_name,
    part_name,
)
from sim.results.parquet import GROUP_ROWS, checked, groups_of, regrouped, returning_memory, write_table
from sim.results.reading import Results
from sim.results.tables import outcomes_table, series_table
from sim.results.unwritten_parts import UNWRITTEN, MemoryAllowance, PackedTable, PartTable, WeeklyTable
from sim.results.unwritten_results import UnwrittenResults

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Parts of so few rows are not packed.
FEW_ROWS = 2_000


@dataclass
class Store:
    """A results folder being written: add parts, then finish. As a context manager it marks what breaks off."""

    folder: Path
    manifest: dict[str, Any]
    _lock: int | None = field(default=None, repr=False)
    _there: set[tuple[int, int, int]] = field(default_factory=set, repr=False)
    #: By variant, in order, first world and number of the parts that were there before.
    _before: dict[int, list[tuple[int, int]]] = field(default_factory=dict, repr=False)
    _allowance: MemoryAllowance = field(default_factory=MemoryAllowance, repr=False)
    #: The parts that are in memory alone.
    _unwritten: list[dict[str, Any]] = field(default_factory=list, repr=False)

    @property
    def finished(self) -> bool:
        """True if the same run lies here finished ("already there"); nothing more can be added."""
        return self.manifest["status"] == FINISHED

    @property
    def worlds(self) -> int:
        """Return how many worlds each variant is to be run in."""
        return int(self.manifest["worlds"])

    @property
    def journal(self) -> Journal:
        """Return where finished parts are named."""
        return Journal(self.folder / JOURNAL)

    def begin(self) -> None:
        """Say that a run goes on here, and begin the journal with the parts that are whole."""
        folder = self.folder
        refuse_links(folder)
        (folder / PARTS).mkdir(exist_ok=True)
        for own in (*FILES, *(name + NEW for name in FILES), MANIFEST, JOURNAL):
            remove_own(folder / (own + PARTIAL))
        for leftover in (folder / PARTS).glob(f"*{PARTIAL}"):
            if is_part_name(leftover.name.removesuffix(PARTIAL)):
                make_way(leftover)
        self.manifest.pop("journal_sha256", None)
        about.write_manifest(folder, _without_parts_failures(self.manifest))
        self.journal.rewrite(self.manifest["parts"])
        self._there = {_unit(part) for part in self.manifest["parts"]}
        self._before = {}
        for variant, first, n in sorted(self._there):
            self._before.setdefault(variant, []).append((first, n))

    def has(self, variant: int, first: int, n: int) -> bool:
        """Return whether these worlds of a variant lie here already, from a run that broke off or was finished."""
        if first + n <= self.manifest.get("base_worlds", 0):
            return True
        return (variant, first, n) in self._there

    def make_way_for(self, variant: int, first: int, n: int) -> None:
        """Forget parts that hold some of these worlds and others: they were cut elsewhere, and all will run again."""
        there = self._before.get(variant, [])
        at = bisect_right(there, (first + n - 1, self.worlds))
        over = {(variant, *one) for one in there[:at] if one[0] + one[1] > first} & self._there
        if over:
            self.manifest["parts"] = [part for part in self.manifest["parts"] if _unit(part) not in over]
            self._there -= over
            self.journal.rewrite(self.manifest["parts"])

    @property
    def kept(self) -> int:
        """Return how many worlds of all variants are there."""
        whole = self.worlds if self.manifest["status"] in (FINISHED, MERGING) else 0
        base = max(whole, self.manifest.get("base_worlds", 0)) * len(self.manifest["variants"])
        return base + (0 if whole else sum(part["n"] for part in self.manifest["parts"]))

    def add(
        self,
        variant: int,
        first: int,
        outcomes: "Mapping[str, Any] | pd.DataFrame",
        series: Mapping[str, np.ndarray] | np.ndarray | None = None,
        failures: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Write the outcomes of consecutive worlds, and the weekly series of the first of them, as one part.

        Parameters
        ----------
        variant : int
            The place of the variant in the manifest.
        first : int
            Number of the first world.
        outcomes : table
            Columns of shape (worlds,): outcome measures. Categories by name or by place.
        series : mapping, or array of records, optional
            Weekly measures, each of shape (worlds or fewer, weeks).
        failures : sequence of mappings
            The worlds among them that could not be run, each with its ``world``, and why.
        """
        self._refuse_if_finished()
        label = self.manifest["variants"][variant]["label"]
        table = outcomes_table(label, first, outcomes)
        tables: dict[str, PartTable] = (
            {SERIES: _weekly(label, first, series)} if series is not None and len(series) else {}
        )
        tables[OUTCOMES] = PackedTable(table)
        noted = [{"variant": variant, **failure} for failure in failures]
        part = {"variant": variant, "first": first, "n": len(table), "files": [], "failures": noted}
        self._note(part | {UNWRITTEN: tables})
        if not self._allowance.takes(tables.values()):
            self.write_unwritten()

    def write_unwritten(self) -> None:
        """Write the parts that are in memory alone; one that cannot be written is no longer among those there."""
        try:
            for part in self._unwritten:
                files = [self._write_part(part, kind, one.table()) for kind, one in part[UNWRITTEN].items()]
                settle(self.folder / PARTS)
                self.journal.add({key: value for key, value in part.items() if key != UNWRITTEN} | {"files": files})
                part["files"] = files
                del part[UNWRITTEN]
        finally:
            self._forget(lambda part: UNWRITTEN in part)
            self._unwritten = []

    def adopt(self, part: Mapping[str, Any], source: Path) -> None:
        """Take in a part of another folder of the same run as it is, once its files are found whole.

        Raises
        ------
        StoreError
            If one of them is not what was written.
        """
        for file in part["files"]:
            with suppress(FileNotFoundError), opened_own(source / file["file"]) as theirs:
                raw = theirs.read()
                if hashlib.sha256(raw).hexdigest() == file["sha256"]:
                    write_whole(self.folder / file["file"], raw)
                    continue
            raise StoreError(
                f"{source / file['file']}: not what was written; run its shard again with --resume, then merge"
            )
        settle(self.folder / PARTS)
        self._note(dict(part))

    def _note(self, part: dict[str, Any]) -> None:
        """Take a part among those there: into the journal, or into memory if it is in no file."""
        if UNWRITTEN in part:
            self._unwritten.append(part)
        else:
            self.journal.add(part)
        unit = _unit(part)
        if unit in self._there:  # written anew: what was said of it before no longer holds
            self._forget(lambda one: _unit(one) == unit)
        self._there.add(unit)
        self.manifest["parts"].append(part)
        self.manifest["failures"] += part["failures"]

    def _forget(self, gone: Callable[[dict[str, Any]], bool]) -> None:
        """Take parts out of those there, with the failures that they told of."""
        old = [one for one in self.manifest["parts"] if gone(one)]
        if old:
            failures = [failure for one in old for failure in one["failures"]]
            self.manifest["parts"] = [one for one in self.manifest["parts"] if not gone(one)]
            self.manifest["failures"] = [one for one in self.manifest["failures"] if one not in failures]
            self._there -= {_unit(one) for one in old}

    def refuse_gaps(self) -> None:
        """Raise StoreError unless every world of every variant is there once: nothing else is ever put together."""
        for found, words in ((gaps, "missing"), (held_twice, "there twice")):
            for variant, first, n in found(self.manifest):
                label = self.manifest["variants"][variant]["label"]
                raise StoreError(
                    f"{self.folder}: worlds {first} to {first + n - 1} of {label} are {words};"
                    f" {suggested('resume', self.folder)} makes them whole"
                )

    def finish(self, inputs: "Iterable[pa.Table] | None" = None, beside: Mapping[str, bytes] | None = None) -> Results:
        """Return the results, whole: parts merged in order of variant and world, and then removed.

        Parameters
        ----------
        inputs : tables, optional
            What was drawn, which takes the place of any that is there.
        beside : mapping, optional
            What else is kept, by its name: the table of the design, the audit of pairing.
        """
        self._refuse_if_finished()
        with returning_memory(), ThreadPoolExecutor(1) as pool:  # compressing holds no lock
            drawn = pool.submit(_drawn, self.folder, inputs)
            files = [self._merged(OUTCOMES), self._merged(SERIES), drawn.result()]
        files += [_beside(self.folder, name, content) for name, content in (beside or {}).items()]
        self.manifest |= {"status": MERGING, "files": [file for file in files if file]}
        about.write_manifest(self.folder, self.manifest)
        finish_merging(self.folder, self.manifest)
        self.close()
        return Results(self.folder)

    def in_memory(self, beside: Mapping[str, bytes] | None = None) -> UnwrittenResults | None:
        """Return results that have all their worlds as they are before a file of them is written; None of a longer run.

        Parameters
        ----------
        beside : mapping, optional
            What else will be kept, by its name.
        """
        parts = sorted(self.manifest["parts"], key=part_order)
        if self.manifest["files"] or not all(UNWRITTEN in part for part in parts):
            return None
        unwritten = {
            kind: [part[UNWRITTEN][kind] for part in parts if kind in part[UNWRITTEN]] for kind in (OUTCOMES, SERIES)
        }
        return UnwrittenResults(self.folder, self.manifest | {"status": FINISHED, "parts": []}, unwritten, beside or {})

    def leave_parts(self) -> Results:
        """Return the results of a shard: its parts stay as they are, for ``crossfire merge``."""
        self._refuse_if_finished()
        self._leave(SHARD)
        self.close()
        return Results(self.folder)

    def interrupt(self) -> None:
        """Mark the run as broken off; its parts stay, can be read, and are taken up by the same run later."""
        if not self.finished:
            with suppress(OSError):  # a full disk: what is there says 'running', and is taken up just so
                self._leave(INTERRUPTED)
        self.close()

    def _leave(self, status: str) -> None:
        """Leave what is there, and vouch for the journal that names it."""
        self.write_unwritten()
        self.manifest |= {"status": status, "finished": about.now(), "journal_sha256": digest_of(self.journal.path)}
        about.write_manifest(self.folder, _without_parts_failures(self.manifest))
        drop_stale(self.folder, self.manifest)

    def close(self) -> None:
        """Let other processes write here."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if self.manifest["status"] == RUNNING:
                self.interrupt()
        finally:
            self.close()

    def _refuse_if_finished(self) -> None:
        if self.finished:
            raise StoreError(f"{self.folder}: these results are finished; nothing can be added")

    def _write_part(self, part: Mapping[str, Any], kind: str, table: "pa.Table") -> dict[str, Any]:
        file = part_name(kind, part["variant"], part["first"])
        digest = write_table(
            self.folder / file, table.schema, regrouped([table], GROUP_ROWS[kind]), len(table) > FEW_ROWS
        )
        return {"table": kind, "file": file, "sha256": digest}

    def _merged(self, kind: str) -> dict[str, Any] | None:
        """Return the manifest's entry of a finished table, after writing it beside what is there; None without any."""
        import pyarrow.parquet as pq

        base = self.folder / f"{kind}.parquet"
        in_base = base.name in {entry["file"] for entry in self.manifest["files"]}
        paths = [*[self.folder / f for f in (file_of(p, kind) for p in self.manifest["parts"]) if f], base]
        unwritten = next((part[UNWRITTEN][kind] for part in self._unwritten if kind in part[UNWRITTEN]), None)
        if unwritten is None and not in_base and len(paths) == 1:
            return None
        schema = pq.read_schema(paths[0]) if unwritten is None else unwritten.schema
        target = self.folder / (base.name + NEW)
        digest = write_table(target, schema, regrouped(self._rows(kind, schema), GROUP_ROWS[kind]))
        return {"file": base.name, "rows": pq.read_metadata(target).num_rows, "sha256": digest}

    def _rows(self, kind: str, schema: "pa.Schema") -> Iterator["pa.Table"]:
        """Yield all rows of a table, variant by variant: those of the finished table that is extended, then parts."""
        in_base = {entry["file"] for entry in self.manifest["files"]}
        base = self.folder / f"{kind}.parquet"
        for k, entry in enumerate(self.manifest["variants"]):
            if base.name in in_base:
                yield from (group.cast(schema) for group in groups_of(base, entry["label"]))
            parts = sorted((p for p in self.manifest["parts"] if p["variant"] == k), key=part_order)
            for part in parts:
                yield from self._rows_of(part, kind, schema)

    def _rows_of(self, part: Mapping[str, Any], kind: str, schema: "pa.Schema") -> "Iterable[pa.Table]":
        """Return a part's rows of a table, from memory or from its file."""
        if UNWRITTEN in part:
            return [part[UNWRITTEN][kind].table()] if kind in part[UNWRITTEN] else []
        file = file_of(part, kind)
        return checked([self.folder / file], schema) if file else []


def _weekly(label: str, first: int, series: Mapping[str, np.ndarray] | np.ndarray) -> PartTable:
    """Return weekly series as they stay in memory."""
    return (
        WeeklyTable(label, first, series)
        if isinstance(series, np.ndarray)
        else PackedTable(series_table(label, first, series))
    )


def _drawn(folder: Path, inputs: "Iterable[pa.Table] | None") -> dict[str, Any] | None:
    """Return the manifest's entry of the table of inputs, after writing it beside what is there."""
    import pyarrow.parquet as pq

    tables = iter(inputs or ())
    first = next(tables, None)
    if first is None:
        return None

    def all_of_them() -> Iterator["pa.Table"]:
        yield first
        yield from tables

    target = folder / f"{INPUTS}.parquet{NEW}"
    digest = write_table(target, first.schema, regrouped(all_of_them(), GROUP_ROWS[INPUTS]))
    return {"file": f"{INPUTS}.parquet", "rows": pq.read_metadata(target).num_rows, "sha256": digest}


def _beside(folder: Path, name: str, content: bytes) -> dict[str, Any]:
    """Return the manifest's entry of a small file, after writing it beside what is there."""
    write_whole(folder / (name + NEW), content)
    return {"file": name, "sha256": hashlib.sha256(content).hexdigest()}


def _unit(part: Mapping[str, Any]) -> tuple[int, int, int]:
    return part["variant"], part["first"], part["n"]


def finish_merging(folder: Path, manifest: dict[str, Any]) -> None:
    """Give finished tables their names, say so, and remove the parts; what a crash leaves undone is done again."""
    for entry in manifest["files"]:
        new = folder / (entry["file"] + NEW)
        for own in (new, folder / entry["file"]):
            refuse_link(own)
        if new.exists():
            new.replace(folder / entry["file"])
    settle(folder)
    manifest |= {"status": FINISHED, "finished": about.now(), "parts": []}
    for of_parts in ("base_worlds", "journal_sha256"):
        manifest.pop(of_parts, None)
    about.write_manifest(folder, manifest)
    remove_parts(folder)
    drop_stale(folder, manifest)


def refuse_links(folder: Path) -> None:
    """Refuse a folder in which anything that a run writes or removes is a link."""
    own = [MANIFEST, JOURNAL, PARTS, *FILES]
    for name in (*own, *(name + NEW for name in FILES), *(name + PARTIAL for name in own)):
        refuse_link(folder / name)


def _without_parts_failures(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest as it is written while parts come: their failures stand in the journal with them."""
    of_parts = [failure for part in manifest["parts"] for failure in part["failures"]]
    return manifest | {"failures": [one for one in manifest["failures"] if one not in of_parts]}


def remove_parts(folder: Path) -> None:
    """Remove the journal and the files that have the names of parts; whatever else lies there stays."""
    parts = folder / PARTS
    refuse_link(parts)
    remove_own(folder / JOURNAL)
    if not parts.is_dir():
        return
    for path in [*parts.iterdir()]:
        if is_part_name(path.name.removesuffix(PARTIAL)):
            remove_own(path)
    if not any(parts.iterdir()):
        parts.rmdir()
