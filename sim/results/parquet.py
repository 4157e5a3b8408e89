"""Tables in Parquet files: written in groups of one size, and read back row by row of a variant."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results.arrays import from_memory
from sim.results.files import PARTIAL, StoreError, digest_of, into_place, make_way
from sim.results.tables import SERIES_MEASURES, numbers_column, texts

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows in a group of the finished tables. A row of inputs has hundreds of columns, and each group has something to say
#: of each of them: few groups keep the end of the file small, however many worlds there are.
GROUP_ROWS = {"outcomes": 10_000, "series": 20_000, "inputs": 5_000}


def checked(paths: Iterable[Path], schema: "pa.Schema") -> Iterator["pa.Table"]:
    """Yield the rows of parts, some at a time; they must have the same columns."""
    import pyarrow.parquet as pq

    for path in paths:
        file = pq.ParquetFile(path)
        if not file.schema_arrow.equals(schema):
            raise StoreError(f"{path}: its columns are not those of the other parts")
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, use_threads=False)


def regrouped(tables: Iterable["pa.Table"], rows: int) -> Iterator["pa.Table"]:
    """Yield the same rows in groups of one size, so that the file's bytes do not depend on how parts were cut."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        there = sum(map(len, waiting))
        if there >= rows:
            whole = pa.concat_tables(waiting)
            for at in range(0, there - there % rows, rows):
                yield whole.slice(at, rows).combine_chunks()
            # A copy, or the little that is left would keep all of it in memory.
            waiting = [whole.slice(there - there % rows).combine_chunks()]
    rest = pa.concat_tables(waiting) if waiting else None
    if rest is not None and len(rest):
        yield rest.combine_chunks()


def write_table(path: Path, schema: "pa.Schema", tables: Iterable["pa.Table"], packed_well: bool = True) -> str:
    """Return the SHA-256 of a Parquet file, after writing it whole or not at all.

    Packing a hundred columns of a few rows each takes longer than all else; what is read again soon can go without.
    """
    import pyarrow.parquet as pq

    temporary = path.with_name(path.name + PARTIAL)
    make_way(temporary)
    # Drawn inputs are as good as random: packing them costs time and saves nothing.
    drawn = {name for name in schema.names if ":" in name or not packed_well}
    packed = [name for name in schema.names if name not in drawn]
    packing = {name: "none" if name in drawn else "zstd" for name in schema.names}
    # Weekly shares seldom repeat a number, but their first bytes do: byte by byte they take half the room.
    split = {field.name: "BYTE_STREAM_SPLIT" for field in schema if _is_weekly_share(field) and packed_well}
    try:
        with pq.ParquetWriter(
            temporary, schema, compression=packing, use_dictionary=[name for name in packed if name not in split],
            column_encoding=split, write_statistics=packed,
        ) as writer:  # fmt: skip
            for table in tables:
                writer.write_table(table, row_group_size=max(len(table), 1))
        into_place(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return digest_of(path)


@contextmanager
def returning_memory() -> Iterator[None]:
    """Let Arrow give memory back as soon as it is free: its own pool keeps as much as a table took, for speed."""
    import pyarrow as pa

    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def size_of(table: "pa.Table") -> int:
    """Return how many bytes a table takes as a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        write_table(path, table.schema, [table])
        return path.stat().st_size


def _is_weekly_share(field: "pa.Field") -> bool:
    measure = SERIES_MEASURES.get(field.name)
    return measure is not None and measure.kind == "share" and str(field.type) == "float"


def groups_of(path: Path, variant: str) -> Iterator["pa.Table"]:
    """Yield a variant's rows of a finished table, group by group."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    for k in range(file.num_row_groups):
        if _may_hold(file, k, variant):
            table = file.read_row_group(k, use_threads=False)
            found = _of_variant(table, variant)
            if len(found):
                yield found


def rows_of(
    source: "Path | pa.Table", index: tuple[str, ...], columns: Sequence[str] | None, variant: str | None
) -> "pa.Table":
    """Return the rows of one variant (None: all), with the index and the columns asked for (None: all)."""
    import pyarrow.parquet as pq

    if not isinstance(source, Path):
        asked = _asked("in memory", source.column_names, index, columns)
        held = source.set_column(0, "variant", _encoded(source["variant"]))  # as it is read from a file
        return (held if variant is None else _of_variant(held, variant)).select(asked)
    file = pq.ParquetFile(source, read_dictionary=["variant"] if "variant" in index else None)
    asked = _asked(source, file.schema_arrow.names, index, columns)
    groups = [k for k in range(file.num_row_groups) if variant is None or _may_hold(file, k, variant)]
    table = file.read_row_groups(groups, columns=asked, use_threads=False)
    return (table if variant is None else _of_variant(table, variant)).select(asked)


def _encoded(labels: Any) -> "pa.ChunkedArray":
    """Return the labels of parts, each of which is of one variant, with each of them said once.

    Arrow's own way loads all that it can compute.
    """
    import pyarrow as pa

    chunks = [chunk for chunk in labels.chunks if len(chunk)] or [texts([""])]
    return pa.chunked_array([
        pa.DictionaryArray.from_arrays(numbers_column(np.zeros(len(one), np.int32)), texts([one[0].as_py()]))
        for one in chunks
    ]).slice(0, len(labels))  # fmt: skip


def _asked(
    where: Path | str, names: Sequence[str], index: tuple[str, ...], columns: Sequence[str] | None
) -> Sequence[str]:
    """Return the columns asked for, those of the index first; StoreError for one that is not there."""
    asked = names if columns is None else [*index, *(c for c in columns if c not in index)]
    if unknown := [name for name in asked if name not in names]:
        raise StoreError(f"{where}: has no column {', '.join(unknown)}")
    return asked


def _of_variant(table: "pa.Table", variant: str) -> "pa.Table":
    """Return the rows of one variant, which stand together: tables are in order of variant and world."""
    import pyarrow as pa

    parts, at = [], 0
    for chunk in table["variant"].chunks:
        labels = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        known = labels.dictionary.to_pylist()
        code = known.index(variant) if variant in known else -1
        found = np.flatnonzero(from_memory(labels.indices) == code)
        if len(found):
            parts.append(table.slice(at + int(found[0]), int(found[-1] - found[0]) + 1))
        at += len(labels)
    return pa.concat_tables(parts) if parts else table.slice(0, 0)


def _may_hold(file: Any, group: int, variant: str) -> bool:
    """Return whether a group of rows can hold a variant, by its first and last label."""
    statistics = file.metadata.row_group(group).column(0).statistics
    return statistics is None or not statistics.has_min_max or statistics.min <= variant <= statistics.max
