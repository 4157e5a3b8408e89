"""Results on disk: a folder with a manifest and two tables, written part by part and put together at the end.

``manifest.json`` says what was asked, with what, and how far it got; ``outcomes.parquet`` has a row for each world of
each variant, ``series.parquet`` one for each of their weeks. While a run goes on, its parts lie under ``parts/``: a
part that the manifest names is whole. Memory holds one part at a time, whatever the number of worlds.
"""

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import CrossfireError
from sim.names.measures import OUTCOMES, SERIES, Measure

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SCHEMA_VERSION = 1
RUNNING, FINISHED, INTERRUPTED = "running", "finished", "interrupted"
MANIFEST, PARTS = "manifest.json", "parts"
OUTCOMES_TABLE, SERIES_TABLE = "outcomes", "series"
#: Rows in a group of the finished tables: what a reader of one column holds in memory at a time.
#: With hundreds of uncertain inputs a row of outcomes is wide, so its groups are small.
GROUP_ROWS = {OUTCOMES_TABLE: 2_000, SERIES_TABLE: 100_000}
_NEEDED = ("status", "variants", "inputs", "inputs_sha256", "parts", "files", "failures", "worlds", "seed", "label")
_PART_NAME = re.compile(r"parts/(outcomes|series)-\d{3,}-\d{7,}\.parquet")
_OUTCOME_MEASURES = {m.name: m for m in OUTCOMES}
_SERIES_MEASURES = {m.name: m for m in SERIES}


class StoreError(CrossfireError):
    """Results cannot be written where they were asked for, or cannot be read."""


# ---------------------------------------------------------------------------------------------------------------- names


def inputs_hash(inputs: Any) -> str:
    """Return the SHA-256 (hex) of any JSON value; the order of keys does not matter."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def folder_name(label: str, inputs: Any) -> str:
    """Return the name of a results folder: the label, safe for any file system, and 8 hex of the inputs' hash."""
    safe = re.sub(r"[^A-Za-z0-9._=+-]+", "-", label).strip("-.")[:80]
    return f"{safe or 'results'}-{inputs_hash(inputs)[:8]}"


# -------------------------------------------------------------------------------------------------------------- writing


@dataclass
class Store:
    """A results folder being written: add parts, then finish. As a context manager it marks what breaks off."""

    folder: Path
    manifest: dict[str, Any]
    _lock: int | None = field(default=None, repr=False)

    @property
    def finished(self) -> bool:
        """True if the same run lies here finished ("already there"); nothing more can be added."""
        return self.manifest["status"] == FINISHED

    def has(self, variant: int, first: int, n: int) -> bool:
        """Return whether the worlds from ``first`` of a variant lie here already, from a run that broke off."""
        parts = [p for p in self.manifest["parts"] if p["variant"] == variant and p["table"] == OUTCOMES_TABLE]
        return any(p["first"] == first and p["n"] == n for p in parts)

    def add(
        self,
        variant: int,
        first: int,
        outcomes: "Mapping[str, Any] | pd.DataFrame",
        series: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Write the outcomes of consecutive worlds, and the weekly series of the first of them, as one part.

        Parameters
        ----------
        variant : int
            The place of the variant in the manifest.
        first : int
            Number of the first world.
        outcomes : table
            Columns of shape (worlds,): outcome measures, then uncertain inputs. Categories by name or by place.
        series : mapping, optional
            Weekly measures, each of shape (worlds or fewer, weeks).
        """
        self._refuse_if_finished()
        label = self.manifest["variants"][variant]["label"]
        # The outcomes are named last: a part counts as there only when both of its files are.
        tables = {SERIES_TABLE: series_table(label, first, series)} if series else {}
        tables[OUTCOMES_TABLE] = outcomes_table(label, first, outcomes)
        entries = [self._write_part(kind, variant, first, table) for kind, table in tables.items()]
        written = {entry["file"] for entry in entries}
        self.manifest["parts"] = [p for p in self.manifest["parts"] if p["file"] not in written] + entries
        self._write_manifest()

    def fail(self, variant: int, world: int, error: str) -> None:
        """Note that a world could not be run, and why."""
        self._refuse_if_finished()
        self.manifest["failures"].append({"variant": variant, "world": world, "error": error})
        self._write_manifest()

    def finish(self) -> "Results":
        """Return the results, whole: parts merged in order of variant and world, and then removed."""
        self._refuse_if_finished()
        files = [self._merge(kind) for kind in (OUTCOMES_TABLE, SERIES_TABLE)]
        self.manifest |= {"status": FINISHED, "finished": _now(), "parts": [], "files": [f for f in files if f]}
        self._write_manifest()
        _remove_parts(self.folder)
        self.close()
        return open_results(self.folder)

    def interrupt(self) -> None:
        """Mark the run as broken off; its parts stay, can be read, and are taken up by the same run later."""
        if not self.finished:
            self.manifest |= {"status": INTERRUPTED, "finished": _now()}
            self._write_manifest()
        self.close()

    def close(self) -> None:
        """Let other processes write here."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.manifest["status"] == RUNNING:
            self.interrupt()

    def _refuse_if_finished(self) -> None:
        if self.finished:
            raise StoreError(f"{self.folder}: these results are finished; nothing can be added")

    def _write_part(self, kind: str, variant: int, first: int, table: "pa.Table") -> dict[str, Any]:
        file = f"{PARTS}/{kind}-{variant:03d}-{first:07d}.parquet"
        digest = _write_table(self.folder / file, table.schema, [table])
        n = len(np.unique(_as_array(table["world"])))
        return {"file": file, "table": kind, "variant": variant, "first": first, "n": n, "sha256": digest}

    def _merge(self, kind: str) -> dict[str, Any] | None:
        """Return the manifest's entry of a finished table, after writing it from its parts; None without any."""
        import pyarrow.parquet as pq

        parts = sorted((p for p in self.manifest["parts"] if p["table"] == kind), key=_in_order)
        if not parts:
            return None
        paths = [self.folder / p["file"] for p in parts]
        schema = pq.read_schema(paths[0])
        target = self.folder / f"{kind}.parquet"
        digest = _write_table(target, schema, _regrouped(_checked(paths, schema), GROUP_ROWS[kind]))
        return {"file": target.name, "rows": pq.read_metadata(target).num_rows, "sha256": digest}

    def _write_manifest(self) -> None:
        # While a run goes on it is written again and again, for no reader: on one line, which is ten times as fast.
        indent = None if self.manifest["status"] == RUNNING else 1
        text = json.dumps(self.manifest, indent=indent, ensure_ascii=False, allow_nan=False)
        _write_whole(self.folder / MANIFEST, text.encode() + b"\n")


def create(
    folder: Path | str,
    inputs: Any,
    *,
    label: str,
    seed: int,
    worlds: int,
    variants: Sequence[Mapping[str, Any]],
    rules_hash: str,
    title: str | None = None,
    start: str | None = None,
    days: int | None = None,
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
    title, start, days : optional
        The scenario's title, first date (ISO) and number of days, for figures.

    Raises
    ------
    StoreError
        If the folder holds anything else, or another process is writing there.
    """
    folder = Path(folder)
    manifest = _new_manifest(inputs, label, seed, worlds, variants, rules_hash)
    manifest |= {"title": title, "start": start, "days": days}
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder, manifest, _lock(folder))
    try:
        _settle_in(store, force)
    except BaseException:
        store.close()
        raise
    return store


def _settle_in(store: Store, force: bool) -> None:
    """Make the store's folder its own: empty, or the same run's."""
    folder, manifest = store.folder, store.manifest
    there = _read_manifest(folder) if (folder / MANIFEST).exists() else None
    if there is None and any(folder.iterdir()):
        raise StoreError(f"{folder}: not empty, and not results of Crossfire; choose another folder with --out")
    if there is not None and not force:
        _refuse_another_run(folder, there, manifest)
        store.manifest = there if there["status"] == FINISHED else _taken_up(folder, there)
    elif there is not None:
        _remove_results(folder)
    if store.finished:
        store.close()
        return
    (folder / PARTS).mkdir(exist_ok=True)
    store._write_manifest()


def _refuse_another_run(folder: Path, there: dict[str, Any], asked: dict[str, Any]) -> None:
    same = ("inputs_sha256", "seed", "worlds", "variants", "rules_hash", "crossfire")
    differing = [name for name in same if there.get(name) != asked[name]]
    if differing:
        raise StoreError(
            f"{folder}: holds the results of another run (other {', '.join(differing)}); "
            "choose another folder with --out, or replace them with --force"
        )


def _taken_up(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of a run that broke off, with the parts that are still whole and the failures in them."""
    whole = [p for p in manifest["parts"] if _digest(folder / p["file"]) == p["sha256"]]
    failures = [f for f in manifest["failures"] if any(_holds(p, f) for p in whole)]
    return manifest | {"status": RUNNING, "finished": None, "parts": whole, "failures": failures}


def _holds(part: dict[str, Any], failure: dict[str, Any]) -> bool:
    first = part["first"]
    return part["variant"] == failure["variant"] and first <= failure["world"] < first + part["n"]


def _new_manifest(
    inputs: Any, label: str, seed: int, worlds: int, variants: Sequence[Mapping[str, Any]], rules_hash: str
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "crossfire": _version("crossfire-sim"),
        "label": label,
        "status": RUNNING,
        "started": _now(),
        "finished": None,
        "seed": seed,
        "worlds": worlds,
        "variants": [
            {"label": v["label"], "inputs": v.get("inputs"), "inputs_hash": inputs_hash(v.get("inputs"))}
            for v in variants
        ],
        "inputs": inputs,
        "inputs_sha256": inputs_hash(inputs),
        "rules_hash": rules_hash,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": _version("numba"),
        "git": _git_state(),
        "failures": [],
        "parts": [],
        "files": [],
    }


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"


def _git_state() -> dict[str, Any] | None:
    """Return the commit of the checkout that Crossfire runs from and whether it has changes; None outside of one."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    try:
        commit, changes = (
            subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, timeout=10, check=True).stdout
            for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit.strip(), "dirty": bool(changes.strip())}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _lock(folder: Path) -> int | None:
    """Return a lock on the folder, held until closed or until the process ends; None where there is none to have."""
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StoreError(f"{folder}: another process is writing here") from error
    return handle


def _remove_results(folder: Path) -> None:
    """Remove what a run writes, and nothing else, the manifest last."""
    _remove_parts(folder)
    for name in (f"{OUTCOMES_TABLE}.parquet", f"{SERIES_TABLE}.parquet", MANIFEST):
        (folder / name).unlink(missing_ok=True)


def _remove_parts(folder: Path) -> None:
    parts = folder / PARTS
    if not parts.is_dir():
        return
    for path in parts.glob("*.parquet*"):
        path.unlink()
    if not any(parts.iterdir()):
        parts.rmdir()


def _in_order(part: dict[str, Any]) -> tuple[int, int]:
    return part["variant"], part["first"]


# --------------------------------------------------------------------------------------------------------------- tables


def outcomes_table(label: str, first: int, outcomes: Any) -> "pa.Table":
    """Return outcomes as they are stored: variant, world, the measures in their order, then inputs as they come."""
    import pyarrow as pa

    given = {name: outcomes[name] for name in outcomes if name not in ("variant", "world")}
    known = [name for name in _OUTCOME_MEASURES if name in given]
    names = known + [name for name in given if name not in _OUTCOME_MEASURES]
    columns = [_outcome_column(name, given[name]) for name in names]
    rows = len(columns[0]) if columns else 0
    fields = [_described(name, column.type) for name, column in zip(names, columns, strict=True)]
    worlds = _numbers(np.arange(first, first + rows, dtype=np.int32))
    schema = pa.schema([("variant", pa.string()), ("world", pa.int32()), *fields])
    return pa.Table.from_arrays([_repeated(label, rows), worlds, *columns], schema=schema)


def series_table(label: str, first: int, series: Mapping[str, np.ndarray]) -> "pa.Table":
    """Return weekly series as they are stored: variant, world, week, the measures as float32."""
    import pyarrow as pa

    names = [name for name in _SERIES_MEASURES if name in series]
    names += [name for name in series if name not in _SERIES_MEASURES]
    worlds, weeks = np.shape(series[names[0]])
    fields = [_described(name, pa.float32()) for name in names]
    schema = pa.schema([("variant", pa.string()), ("world", pa.int32()), ("week", pa.int32()), *fields])
    numbers = [np.repeat(np.arange(first, first + worlds), weeks), np.tile(np.arange(weeks), worlds)]
    index = [_numbers(n.astype(np.int32)) for n in numbers]
    columns = [_numbers(np.asarray(series[n], dtype=np.float32).ravel()) for n in names]
    return pa.Table.from_arrays([_repeated(label, worlds * weeks), *index, *columns], schema=schema)


def _numbers(values: np.ndarray) -> "pa.Array":
    """Return numbers as a column, null for NaN; flags as bits.

    Made of the memory itself: ``pyarrow.array`` loads pandas to see whether it was given any of its own.
    """
    import pyarrow as pa

    valid = None
    if values.dtype.kind == "f" and np.isnan(values).any():
        valid = _bits(~np.isnan(values))
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))]
    )


def _flags(values: np.ndarray) -> "pa.Array":
    """Return numbers above 0 as true, null for NaN."""
    import pyarrow as pa

    missing = np.isnan(values)
    valid = _bits(~missing) if missing.any() else None
    return pa.Array.from_buffers(pa.bool_(), len(values), [valid, _bits((values > 0) & ~missing)])


def _bits(values: np.ndarray) -> "pa.Buffer":
    import pyarrow as pa

    return pa.py_buffer(np.packbits(values, bitorder="little"))


def texts(words: Sequence[str | None]) -> "pa.Array":
    """Return words as a column, null for None."""
    import pyarrow as pa

    raw = [b"" if word is None else word.encode() for word in words]
    ends = np.concatenate([[0], np.cumsum([len(one) for one in raw])]).astype(np.int32)
    valid = _bits(np.array([word is not None for word in words])) if None in words else None
    return pa.Array.from_buffers(pa.string(), len(raw), [valid, pa.py_buffer(ends), pa.py_buffer(b"".join(raw))])


def _repeated(label: str, rows: int) -> "pa.Array":
    """Return a column that says the same in each row."""
    import pyarrow as pa

    raw = label.encode()
    ends = np.arange(rows + 1, dtype=np.int32) * np.int32(len(raw))
    return pa.Array.from_buffers(pa.string(), rows, [None, pa.py_buffer(ends), pa.py_buffer(raw * rows)])


def _outcome_column(name: str, values: Any) -> "pa.Array":
    """Return a column as it is stored: flags as bool, categories as words, everything else as numbers; null for NaN."""
    measure = _OUTCOME_MEASURES.get(name)
    if measure is not None and measure.kind == "category":
        return texts(_words(values, measure.categories))
    array = np.asarray(values)
    if array.dtype.kind in "OUST" and measure is None:
        return texts([one if isinstance(one, str) else None for one in array.tolist()])
    numbers = values.to_numpy(dtype=float, na_value=np.nan) if hasattr(values, "to_numpy") else array.astype(float)
    if (measure is not None and measure.kind == "flag") or array.dtype == bool:
        return _flags(numbers)
    return _numbers(numbers.astype(np.float64, copy=False))


def _words(values: Any, categories: tuple[str, ...]) -> list[str | None]:
    """Return categories by name; values are names, or places in ``categories``."""
    array = np.asarray(values)
    if array.dtype.kind in "OUST":
        return [name if name in categories else None for name in array.tolist()]
    places = np.where(np.isnan(array.astype(float)), -1, array).astype(int)
    return [categories[k] if 0 <= k < len(categories) else None for k in places.tolist()]


def _described(name: str, kind: "pa.DataType") -> "pa.Field":
    """Return a field that carries its label and unit, so that the file explains itself."""
    import pyarrow as pa

    measure = _SERIES_MEASURES.get(name) if kind == pa.float32() else _OUTCOME_MEASURES.get(name)
    if measure is None:
        return pa.field(name, kind)
    described = {"label": measure.label, "unit": measure.unit}
    if measure.categories:
        described["categories"] = ",".join(measure.categories)
    return pa.field(name, kind, metadata=described)


def _checked(paths: Iterable[Path], schema: "pa.Schema") -> Iterator["pa.Table"]:
    """Yield the parts one by one; they must have the same columns."""
    import pyarrow.parquet as pq

    for path in paths:
        table = pq.ParquetFile(path).read()
        if not table.schema.equals(schema):
            raise StoreError(f"{path}: its columns are not those of the other parts")
        yield table


def _regrouped(tables: Iterable["pa.Table"], rows: int) -> Iterator["pa.Table"]:
    """Yield the same rows in groups of one size, so that the file's bytes do not depend on how parts were cut."""
    import pyarrow as pa

    rest: pa.Table | None = None
    for table in tables:
        waiting = table if rest is None else pa.concat_tables([rest, table])
        whole = len(waiting) - len(waiting) % rows
        for at in range(0, whole, rows):
            yield waiting.slice(at, rows).combine_chunks()
        rest = waiting.slice(whole).combine_chunks()
    if rest is not None and len(rest):
        yield rest


# ------------------------------------------------------------------------------------------------------ files on a disk


def _write_table(path: Path, schema: "pa.Schema", tables: Iterable["pa.Table"]) -> str:
    """Return the SHA-256 of a Parquet file, after writing it whole or not at all."""
    import pyarrow.parquet as pq

    temporary = path.with_name(path.name + ".partial")
    # Drawn inputs are as good as random: packing them costs time and saves nothing.
    drawn = {name for name in schema.names if ":" in name}
    packed = [name for name in schema.names if name not in drawn]
    packing = {name: "none" if name in drawn else "zstd" for name in schema.names}
    # Weekly shares seldom repeat a number, but their first bytes do: byte by byte they take half the room.
    split = {field.name: "BYTE_STREAM_SPLIT" for field in schema if _is_weekly_share(field)}
    with pq.ParquetWriter(
        temporary, schema, compression=packing, use_dictionary=[name for name in packed if name not in split],
        column_encoding=split, write_statistics=packed,
    ) as writer:  # fmt: skip
        for table in tables:
            writer.write_table(table, row_group_size=max(len(table), 1))
    _into_place(temporary, path)
    return _digest(path)


def _is_weekly_share(field: "pa.Field") -> bool:
    measure = _SERIES_MEASURES.get(field.name)
    return measure is not None and measure.kind == "share" and str(field.type) == "float"


def _write_whole(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".partial")
    temporary.write_bytes(content)
    _into_place(temporary, path)


def _into_place(temporary: Path, path: Path) -> None:
    """Give a finished file its name once its content is safely on the disk."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def _digest(path: Path) -> str:
    """Return the SHA-256 (hex) of a file, or nothing if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, checked for what readers rely on."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StoreError(f"{folder}: no results here (no {MANIFEST} that can be read)") from error
    except ValueError as error:
        raise StoreError(f"{path}: not a manifest: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("schema_version") != SCHEMA_VERSION:
        raise StoreError(f"{path}: not a manifest of version {SCHEMA_VERSION}, the one that this Crossfire reads")
    missing = [name for name in _NEEDED if name not in manifest]
    if missing:
        raise StoreError(f"{path}: lacks {', '.join(missing)}")
    return _with_safe_names(path, manifest)


def _with_safe_names(path: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest if the files that it names are a run's own: nothing outside of the folder is ever touched."""
    finished = {f"{OUTCOMES_TABLE}.parquet", f"{SERIES_TABLE}.parquet"}
    strange = [p["file"] for p in manifest["parts"] if not _PART_NAME.fullmatch(p["file"])]
    strange += [f["file"] for f in manifest["files"] if f["file"] not in finished]
    if strange:
        raise StoreError(f"{path}: names files that are not a run's: {', '.join(map(repr, strange))}")
    return manifest


# -------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class Results:
    """The results in a folder, read when asked for, column by column; of a run that broke off, as far as it got."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def status(self) -> str:
        """Return ``finished``, ``interrupted``, or ``running`` (or broken off without a chance to say so)."""
        return self.manifest["status"]

    def begun(self) -> "Results":
        """Return the results of the variants that have worlds: all, unless the run broke off before some had any."""
        if self.status == FINISHED:
            return self
        there = {part["variant"] for part in self.manifest["parts"] if part["table"] == OUTCOMES_TABLE}
        entries = self.manifest["variants"]
        first = next((k for k in range(len(entries)) if k not in there), len(entries))
        return self if first == len(entries) else replace(self, manifest=self.manifest | {"variants": entries[:first]})

    @property
    def variants(self) -> list[str]:
        """Return the variants' labels; the first is the baseline."""
        return [variant["label"] for variant in self.manifest["variants"]]

    def names(self, table: str = OUTCOMES_TABLE) -> list[str]:
        """Return the columns of ``outcomes`` or ``series`` that were kept; nothing if the table was not."""
        import pyarrow.parquet as pq

        paths = self._paths(table)
        return [n for n in pq.read_schema(paths[0]).names if n not in ("variant", "world", "week")] if paths else []

    @cached_property
    def outcomes(self) -> "pd.DataFrame":
        """Return all outcomes: a row for each world of each variant."""
        return self.outcomes_columns(None)

    @cached_property
    def series(self) -> "pd.DataFrame":
        """Return all weekly series: a row for each week of each world of each variant; empty if none were kept."""
        return self.series_columns(None)

    def outcomes_columns(self, columns: Sequence[str] | None, variant: str | None = None) -> "pd.DataFrame":
        """Return variant, world and the ``columns`` asked for (None: all), of one variant or of all."""
        return self._read(OUTCOMES_TABLE, ("variant", "world"), columns, variant)

    def series_columns(self, columns: Sequence[str] | None, variant: str | None = None) -> "pd.DataFrame":
        """Return variant, world, week and the ``columns`` asked for (None: all), of one variant or of all."""
        return self._read(SERIES_TABLE, ("variant", "world", "week"), columns, variant)

    def arrays(self, names: Sequence[str], variant: str) -> dict[str, np.ndarray]:
        """Return outcomes of one variant as plain arrays: numbers (NaN for null), words of a category as they are.

        As ``outcomes_columns``, without pandas, which takes longer to load than a summary takes to make.
        """
        import pyarrow as pa

        groups = self._tables(OUTCOMES_TABLE, ("variant", "world"), names, variant)
        if not groups:
            return {name: np.zeros(0) for name in names}
        table = pa.concat_tables(groups)
        return {name: _as_array(table[name]) for name in names}

    def column(self, name: str, variant: str) -> "pd.Series":
        """Return one outcome or input of one variant, by world."""
        return self.outcomes_columns([name], variant).set_index("world")[name]

    def pair(self, name: str, first: str, second: str) -> "tuple[pd.Series, pd.Series]":
        """Return one outcome of two variants over the worlds that both have, in the same order."""
        a, b = self.column(name, first), self.column(name, second)
        worlds = a.index.intersection(b.index)
        return a.loc[worlds], b.loc[worlds]

    def verify(self) -> list[str]:
        """Return what is wrong with the files, in words; nothing if they are as they were written."""
        problems = [] if self.status == FINISHED else [f"{self.folder}: the run is {self.status}"]
        if inputs_hash(self.manifest["inputs"]) != self.manifest["inputs_sha256"]:
            problems.append(f"{self.folder / MANIFEST}: its inputs are not those that were run")
        entries = self.manifest["files"] + self.manifest["parts"]
        damaged = [self.folder / e["file"] for e in entries if _digest(self.folder / e["file"]) != e["sha256"]]
        return problems + [f"{path}: {_damage(path)}" for path in damaged]

    def _paths(self, table: str) -> list[Path]:
        if self.status == FINISHED:
            return [self.folder / e["file"] for e in self.manifest["files"] if e["file"] == f"{table}.parquet"]
        parts = [p for p in self.manifest["parts"] if p["table"] == table]
        return [self.folder / p["file"] for p in sorted(parts, key=_in_order)]

    def _read(
        self, table: str, index: tuple[str, ...], columns: Sequence[str] | None, variant: str | None
    ) -> "pd.DataFrame":
        import pandas as pd
        import pyarrow as pa

        groups = self._tables(table, index, columns, variant)
        if not groups:
            return pd.DataFrame(columns=[*index, *(columns or [])])
        return _as_frame(pa.concat_tables(groups), self.variants)

    def _tables(
        self, table: str, index: tuple[str, ...], columns: Sequence[str] | None, variant: str | None
    ) -> "list[pa.Table]":
        """Return the rows asked for, of each file of a table."""
        import pyarrow as pa

        try:
            return [_read_file(path, index, columns, variant) for path in self._paths(table)]
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{self.folder}: {table} cannot be read: {error}") from error


def open_results(path: Path | str) -> Results:
    """Return the results in the folder ``path`` (or the folder of the manifest ``path``), nothing read but that."""
    path = Path(path)
    folder = path.parent if path.name == MANIFEST else path
    return Results(folder, _read_manifest(folder))


def _damage(path: Path) -> str:
    return "not what was written" if path.exists() else "missing"


def _read_file(path: Path, index: tuple[str, ...], columns: Sequence[str] | None, variant: str | None) -> "pa.Table":
    """Return the rows of one variant (None: all), with the index and the columns asked for (None: all)."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path, read_dictionary=["variant"])
    names = file.schema_arrow.names
    asked = names if columns is None else [*index, *(c for c in columns if c not in index)]
    if unknown := [name for name in asked if name not in names]:
        raise StoreError(f"{path}: has no column {', '.join(unknown)}")
    groups = [k for k in range(file.num_row_groups) if variant is None or _may_hold(file, k, variant)]
    table = file.read_row_groups(groups, columns=asked, use_threads=False)
    return (table if variant is None else _of_variant(table, variant)).select(asked)


def _of_variant(table: "pa.Table", variant: str) -> "pa.Table":
    """Return the rows of one variant, which stand together: tables are in order of variant and world."""
    import pyarrow as pa

    parts, at = [], 0
    for labels in table["variant"].chunks:
        known = labels.dictionary.to_pylist()
        code = known.index(variant) if variant in known else -1
        found = np.flatnonzero(_from_memory(labels.indices) == code)
        if len(found):
            parts.append(table.slice(at + int(found[0]), int(found[-1] - found[0]) + 1))
        at += len(labels)
    return pa.concat_tables(parts) if parts else table.slice(0, 0)


def _may_hold(file: Any, group: int, variant: str) -> bool:
    """Return whether a group of rows can hold a variant, by its first and last label."""
    statistics = file.metadata.row_group(group).column(0).statistics
    return statistics is None or not statistics.has_min_max or statistics.min <= variant <= statistics.max


def _as_frame(table: "pa.Table", variants: list[str]) -> "pd.DataFrame":
    """Return a table with plain columns: floats (NaN for null), bools, and categories in the vocabulary's order."""
    import pandas as pd

    frame = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        frame[name] = _plain(column, _OUTCOME_MEASURES.get(name), variants if name == "variant" else None)
    return pd.DataFrame(frame)


def _as_array(column: Any) -> np.ndarray:
    """Return a column as an array: words as they are (None for null), all else as numbers (NaN for null)."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
        return np.array(column.to_pylist(), dtype=object)
    found = []
    for chunk in column.chunks:
        numbers = _from_memory(chunk).astype(np.float64)
        valid = chunk.buffers()[0]
        if valid is not None:
            numbers[~_from_bits(valid, chunk.offset, len(chunk))] = np.nan
        found.append(numbers)
    return np.concatenate(found) if found else np.zeros(0)


def _from_memory(array: "pa.Array") -> np.ndarray:
    """Return numbers or flags as they lie in memory, whatever stands where they are null."""
    import pyarrow as pa

    memory = array.buffers()[1]
    if pa.types.is_boolean(array.type):
        return _from_bits(memory, array.offset, len(array))
    return np.frombuffer(memory, np.dtype(array.type.to_pandas_dtype()))[array.offset : array.offset + len(array)]


def _from_bits(bits: "pa.Buffer", offset: int, n: int) -> np.ndarray:
    unpacked = np.unpackbits(np.frombuffer(bits, np.uint8), count=offset + n, bitorder="little")
    return unpacked[offset:].astype(bool)


def _plain(column: Any, measure: Measure | None, labels: list[str] | None) -> Any:
    import pandas as pd
    import pyarrow as pa

    if labels is not None:
        return pd.Categorical(column.cast(pa.string()).to_pandas(), categories=labels)
    if pa.types.is_string(column.type):
        words = column.to_pandas()
        return pd.Categorical(words, categories=list(measure.categories)) if measure else words
    if pa.types.is_boolean(column.type) and (column.null_count or (measure is not None and measure.among)):
        return column.cast(pa.uint8()).cast(pa.float64()).to_numpy()
    return column.to_numpy()
