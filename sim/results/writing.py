"""Results being written: part by part while worlds run, put together at the end, taken up again, and added to.

A part is written under a temporary name, made safe on the disk, given its name, and only then named in the journal with
its hash. So whatever stops a run, and whenever, what the journal names is whole or is found not to be. Finished tables
are written beside what is there, and take its place once the manifest says so. Memory holds one part at a time.
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

from sim.inputs.arguments import folder_at
from sim.results import manifest as about
from sim.results.derived import drop_derived, drop_stale
from sim.results.files import (
    PARTIAL,
    Journal,
    StoreError,
    digest_of,
    lock,
    make_way,
    opened_own,
    refuse_link,
    settle,
    suggested,
    write_whole,
)
from sim.results.held import HELD, Held, Holding, Packed, Weeks
from sim.results.manifest import (
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
)
from sim.results.memory import InMemory
from sim.results.reading import Results
from sim.results.tables import (
    GROUP_ROWS,
    checked,
    groups_of,
    outcomes_table,
    regrouped,
    returning_memory,
    series_table,
    write_table,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Parts of so few rows are not packed.
FEW_ROWS = 2_000
#: Differences between two runs that are told one by one.
TOLD = 12
#: What two runs must share to be the same run, with the words in which a difference is told.
_SAME = {
    "seed": "seed", "variants": "variants", "rules_hash": "rules", "crossfire": "version",
    "shard": "shard",
}  # fmt: skip
#: What a run writes into its folder, whatever it is made of.
_FINISHED_FILES = about.FILES


@dataclass
class Store:
    """A results folder being written: add parts, then finish. As a context manager it marks what breaks off."""

    folder: Path
    manifest: dict[str, Any]
    _lock: int | None = field(default=None, repr=False)
    _there: set[tuple[int, int, int]] = field(default_factory=set, repr=False)
    #: By variant, in order, first world and number of the parts that were there before.
    _before: dict[int, list[tuple[int, int]]] = field(default_factory=dict, repr=False)
    _holding: Holding = field(default_factory=Holding, repr=False)
    #: The parts that are in memory alone.
    _held: list[dict[str, Any]] = field(default_factory=list, repr=False)

    @property
    def finished(self) -> bool:
        """True if the same run lies here finished ("already there"); nothing more can be added."""
        return self.manifest["status"] == FINISHED

    @property
    def journal(self) -> Journal:
        """Return where finished parts are named."""
        return Journal(self.folder / JOURNAL)

    def has(self, variant: int, first: int, n: int) -> bool:
        """Return whether these worlds of a variant lie here already, from a run that broke off or was finished."""
        if first + n <= self.manifest.get("base_worlds", 0):
            return True
        return (variant, first, n) in self._there

    def make_way_for(self, variant: int, first: int, n: int) -> None:
        """Forget parts that hold some of these worlds and others: they were cut elsewhere, and all will run again."""
        there = self._before.get(variant, [])
        at = bisect_right(there, (first + n - 1, self.manifest["worlds"]))
        over = {(variant, *one) for one in there[:at] if one[0] + one[1] > first} & self._there
        if over:
            self.manifest["parts"] = [part for part in self.manifest["parts"] if _unit(part) not in over]
            self._there -= over
            self.journal.rewrite(self.manifest["parts"])

    @property
    def kept(self) -> int:
        """Return how many worlds of all variants are there."""
        whole = self.manifest["worlds"] if self.manifest["status"] in (FINISHED, MERGING) else 0
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
        held: dict[str, Held] = {} if series is None or not len(series) else {SERIES: _weekly(label, first, series)}
        held[OUTCOMES] = Packed(table)
        noted = [{"variant": variant, **failure} for failure in failures]
        part = {"variant": variant, "first": first, "n": len(table), "files": [], "failures": noted}
        self._note(part | {HELD: held})
        if not self._holding.takes(held.values()):
            self.write_held()

    def write_held(self) -> None:
        """Write the parts that are in memory alone; one that cannot be written is no longer among those there."""
        try:
            for part in self._held:
                files = [self._write_part(part, kind, held.table()) for kind, held in part[HELD].items()]
                settle(self.folder / PARTS)
                self.journal.add({key: value for key, value in part.items() if key != HELD} | {"files": files})
                part["files"] = files
                del part[HELD]
        finally:
            self._forget(lambda part: HELD in part)
            self._held = []

    def adopt(self, part: Mapping[str, Any], source: Path) -> None:
        """Take in a part of another folder of the same run as it is, once its files are found whole.

        Raises
        ------
        StoreError
            If one of them is not what was written.
        """
        for file in part["files"]:
            with suppress(FileNotFoundError), opened_own(source / file["file"]) as held:
                raw = held.read()
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
        if HELD in part:
            self._held.append(part)
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
        for found, words in ((about.gaps, "missing"), (about.held_twice, "there twice")):
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
        _finish_merging(self.folder, self.manifest)
        self.close()
        return Results(self.folder)

    def in_memory(self, beside: Mapping[str, bytes] | None = None) -> InMemory | None:
        """Return results that have all their worlds as they are before a file of them is written; None of a longer run.

        Parameters
        ----------
        beside : mapping, optional
            What else will be kept, by its name.
        """
        parts = sorted(self.manifest["parts"], key=about.in_order)
        if self.manifest["files"] or not all(HELD in part for part in parts):
            return None
        held = {kind: [part[HELD][kind] for part in parts if kind in part[HELD]] for kind in (OUTCOMES, SERIES)}
        return InMemory(self.folder, self.manifest | {"status": FINISHED, "parts": []}, held, beside or {})

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
        self.write_held()
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
        file = about.part_name(kind, part["variant"], part["first"])
        digest = write_table(
            self.folder / file, table.schema, regrouped([table], GROUP_ROWS[kind]), len(table) > FEW_ROWS
        )
        return {"table": kind, "file": file, "sha256": digest}

    def _merged(self, kind: str) -> dict[str, Any] | None:
        """Return the manifest's entry of a finished table, after writing it beside what is there; None without any."""
        import pyarrow.parquet as pq

        base = self.folder / f"{kind}.parquet"
        in_base = base.name in {entry["file"] for entry in self.manifest["files"]}
        paths = [*[self.folder / f for f in (about.file_of(p, kind) for p in self.manifest["parts"]) if f], base]
        held = next((part[HELD][kind] for part in self._held if kind in part[HELD]), None)
        if held is None and not in_base and len(paths) == 1:
            return None
        schema = pq.read_schema(paths[0]) if held is None else held.schema
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
            parts = sorted((p for p in self.manifest["parts"] if p["variant"] == k), key=about.in_order)
            for part in parts:
                yield from self._rows_of(part, kind, schema)

    def _rows_of(self, part: Mapping[str, Any], kind: str, schema: "pa.Schema") -> "Iterable[pa.Table]":
        """Return a part's rows of a table, from memory or from its file."""
        if HELD in part:
            return [part[HELD][kind].table()] if kind in part[HELD] else []
        file = about.file_of(part, kind)
        return checked([self.folder / file], schema) if file else []


def _weekly(label: str, first: int, series: Mapping[str, np.ndarray] | np.ndarray) -> Held:
    """Return weekly series as they are held."""
    return Weeks(label, first, series) if isinstance(series, np.ndarray) else Packed(series_table(label, first, series))


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


def _finish_merging(folder: Path, manifest: dict[str, Any]) -> None:
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
    _remove_parts(folder)
    drop_stale(folder, manifest)


def create(
    folder: Path | str,
    inputs: Any,
    *,
    label: str,
    seed: int,
    worlds: int,
    variants: Sequence[Mapping[str, Any]],
    rules_hash: str,
    more: Mapping[str, Any] | None = None,
    force: bool = False,
) -> Store:
    """Return a store to write results into ``folder``.

    The same run, broken off earlier, is taken up again (``has`` tells what is there); the same run, finished, comes
    back with ``finished`` true, unless ``force``, which removes what an earlier run wrote there.

    Parameters
    ----------
    folder : path
        Made if it does not exist.
    inputs : any JSON
        All that the command was given, whole.
    label, seed, worlds
        Name of the run, its seed, worlds per variant.
    variants : sequence of mappings
        ``label`` and ``inputs`` (any JSON) of each; the first is the baseline.
    rules_hash : str
        Hash of the model's rules.
    more : mapping, optional
        What else the manifest says: title, first date, days, shard, how inputs were drawn.

    Raises
    ------
    StoreError
        If the folder holds anything else, or another process is writing there.
    """
    folder = folder_at(folder, "out")
    manifest = about.new_manifest(inputs, label, seed, worlds, variants, rules_hash) | dict(more or {})
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder, manifest, lock(folder))
    try:
        _settle_in(store, force)
    except BaseException:
        store.close()
        raise
    return store


def reopen(folder: Path) -> Store:
    """Return a store of what lies in ``folder``, to go on with or to add to: whole parts kept, damaged ones left out.

    Raises
    ------
    StoreError
        If there are no results, or another process is writing there.
    """
    manifest = about.read_manifest(folder)
    store = Store(folder, manifest, lock(folder))
    try:
        store.manifest = _taken_up(folder, about.read_manifest(folder))
        if not store.finished:
            _begin(store)
    except BaseException:
        store.close()
        raise
    return store


def begin_again(store: Store, worlds: int, inputs: Any = None) -> None:
    """Open finished results for more worlds: what is there stays, as the first worlds of each variant.

    ``inputs`` (any JSON) are those of the longer run, where they say how long it is.
    """
    there = store.manifest
    if inputs is not None:
        there = there | {"inputs": inputs, "inputs_sha256": about.inputs_hash(inputs)}
    base = there["worlds"]
    store.manifest = there | {
        "schema_version": about.SCHEMA_VERSION, "status": RUNNING, "finished": None, "worlds": worlds,
        "base_worlds": base,
    }  # fmt: skip
    if worlds > base:  # not when only tables are made again
        noted = {"from": base, "to": worlds, "at": about.now()}
        store.manifest["extended"] = [*there.get("extended", []), noted]
    _begin(store)


def drop_tables(store: Store) -> None:
    """Forget the finished tables, all of whose worlds are to be run again."""
    named = [entry["file"] for entry in store.manifest["files"]]
    store.manifest |= {
        "schema_version": about.SCHEMA_VERSION, "status": RUNNING, "finished": None, "files": [], "parts": [],
        "failures": [],
    }  # fmt: skip
    store.manifest.pop("base_worlds", None)
    for name in named:
        _remove(store.folder / name)
    _begin(store)


def _begin(store: Store) -> None:
    folder = store.folder
    _refuse_links(folder)
    (folder / PARTS).mkdir(exist_ok=True)
    for own in (*_FINISHED_FILES, *(name + NEW for name in _FINISHED_FILES), MANIFEST, JOURNAL):
        _remove(folder / (own + PARTIAL))
    for leftover in (folder / PARTS).glob(f"*{PARTIAL}"):
        if about.is_part_name(leftover.name.removesuffix(PARTIAL)):
            make_way(leftover)
    store.manifest.pop("journal_sha256", None)
    about.write_manifest(folder, _without_parts_failures(store.manifest))
    store.journal.rewrite(store.manifest["parts"])
    store._there = {_unit(part) for part in store.manifest["parts"]}
    store._before = {}
    for variant, first, n in sorted(store._there):
        store._before.setdefault(variant, []).append((first, n))


def _refuse_links(folder: Path) -> None:
    """Refuse a folder in which anything that a run writes or removes is a link."""
    own = [MANIFEST, JOURNAL, PARTS, *_FINISHED_FILES]
    for name in (*own, *(name + NEW for name in _FINISHED_FILES), *(name + PARTIAL for name in own)):
        refuse_link(folder / name)


def _without_parts_failures(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest as it is written while parts come: their failures stand in the journal with them."""
    of_parts = [failure for part in manifest["parts"] for failure in part["failures"]]
    return manifest | {"failures": [one for one in manifest["failures"] if one not in of_parts]}


def _settle_in(store: Store, force: bool) -> None:
    """Make the store's folder its own: empty, or the same run's."""
    folder, manifest = store.folder, store.manifest
    there = about.read_manifest(folder) if (folder / MANIFEST).exists() else None
    if about.is_rare(folder):
        raise StoreError(f"{folder}: the chance of a rare end (--rare) lies here; choose another folder with --out")
    if there is None and any(folder.iterdir()) and not _begun_only(folder):
        raise StoreError(f"{folder}: not empty, and not results of Crossfire; choose another folder with --out")
    if there is not None and not force:
        _refuse_another_run(folder, there, manifest)
        store.manifest = _taken_up(folder, there)
    elif there is not None:
        _remove_results(folder, there)
    if store.finished:
        store.close()
        return
    _begin(store)


def _begun_only(folder: Path) -> bool:
    """Return whether a folder holds nothing but what a run leaves that dies before it has a manifest."""
    there = {path.name for path in folder.iterdir()}
    return there <= {MANIFEST + PARTIAL, PARTS} and not (PARTS in there and any((folder / PARTS).iterdir()))


def _refuse_another_run(folder: Path, there: dict[str, Any], asked: dict[str, Any]) -> None:
    differing = ["inputs"] * (not about.same_inputs(there, asked))
    differing += [words for name, words in _SAME.items() if there.get(name) != asked.get(name)]
    differing += ["arithmetic of the machine"] * (there["status"] != FINISHED and other_arithmetic(there, asked))
    if differing:
        raise StoreError(
            f"{folder}: holds the results of another run (other {', '.join(differing)}); "
            f"choose another folder with --out, or replace them with --force{differences_told(there, asked)}"
        )


def other_arithmetic(there: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Return whether two machines that both say what their arithmetic comes to say other things."""
    both = [one.get("arithmetic") for one in (there, asked)]
    return None not in both and both[0] != both[1]


def differences_told(there: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """Return the end of a line, that says in what the inputs of two runs differ; nothing where they do not."""
    found = list(about.differences(there["inputs"], asked["inputs"]))
    more = [f"and {len(found) - TOLD} more"] if len(found) > TOLD else []
    return f" (it differs in {'; '.join([*found[:TOLD], *more])})" if found else ""


def _taken_up(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of a run that broke off with the parts that are still whole; a finished one as it is."""
    if manifest["status"] == FINISHED:
        with suppress(OSError):  # left by a crash; where nothing can be removed, it does no harm
            _remove_parts(folder)
        return manifest
    if manifest["status"] == MERGING:
        _finish_merging(folder, manifest)
        return manifest
    whole = [part for part in manifest["parts"] if _is_whole(folder, part)]
    gone = [failure for part in manifest["parts"] if part not in whole for failure in part["failures"]]
    failures = [failure for failure in manifest["failures"] if failure not in gone]
    version = {"schema_version": about.SCHEMA_VERSION}
    return _on_whole_tables(folder, manifest) | version | {
        "status": RUNNING, "finished": None, "parts": whole, "failures": failures,
    }  # fmt: skip


def _on_whole_tables(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of an extension; without the tables that were extended where one of them is damaged."""
    extended = [entry for entry in manifest["files"] if entry["file"] in (f"{OUTCOMES}.parquet", f"{SERIES}.parquet")]
    whole = all(digest_of(folder / entry["file"]) == entry["sha256"] for entry in extended)
    if whole and not about.unnamed(manifest | {"status": RUNNING}):
        return manifest
    return {key: value for key, value in manifest.items() if key != "base_worlds"} | {"files": []}


def _is_whole(folder: Path, part: dict[str, Any]) -> bool:
    """Return whether the files of a part are what was written, and hold as many worlds as it says."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if any(digest_of(folder / file["file"]) != file["sha256"] for file in part["files"]):
        return False
    try:
        return pq.read_metadata(folder / about.file_of(part, OUTCOMES)).num_rows == part["n"]
    except (OSError, pa.ArrowException):
        return False


def _remove_results(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Remove what a run wrote, and nothing else, the manifest last."""
    _refuse_links(folder)
    drop_derived(folder)
    _remove_parts(folder)
    for entry in manifest["files"]:
        _remove(folder / entry["file"])
    for name in _FINISHED_FILES:
        _remove(folder / (name + NEW))
    _remove(folder / MANIFEST)


def _remove_parts(folder: Path) -> None:
    """Remove the journal and the files that have the names of parts; whatever else lies there stays."""
    parts = folder / PARTS
    refuse_link(parts)
    _remove(folder / JOURNAL)
    if not parts.is_dir():
        return
    for path in [*parts.iterdir()]:
        if about.is_part_name(path.name.removesuffix(PARTIAL)):
            _remove(path)
    if not any(parts.iterdir()):
        parts.rmdir()


def _remove(path: Path) -> None:
    """Remove a file of the run's own if it is there; nothing is asked of a disk that may only be read."""
    refuse_link(path)
    if path.exists():
        path.unlink()
