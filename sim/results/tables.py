"""Tables as they are stored: columns made of memory, Parquet files of one size of groups, and back again.

Columns are made of memory itself: ``pyarrow.array`` loads pandas to see whether it was given any of its own, which
takes longer than all the rest of a small run.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.names.measures import OUTCOMES, SERIES, Measure
from sim.results.files import PARTIAL, StoreError, digest_of, into_place, make_way

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

OUTCOME_MEASURES = {m.name: m for m in OUTCOMES}
SERIES_MEASURES = {m.name: m for m in SERIES}
#: Rows in a group of the finished tables. A row of inputs has hundreds of columns, and each group has something to say
#: of each of them: few groups keep the end of the file small, however many worlds there are.
GROUP_ROWS = {"outcomes": 10_000, "series": 20_000, "inputs": 5_000}


# Making -----------------------------------------------------------------------------------------------------------


def outcomes_table(label: str, first: int, outcomes: Any) -> "pa.Table":
    """Return outcomes as they are stored: variant, world, the measures in their order, then what else there is."""
    import pyarrow as pa

    given = {name: outcomes[name] for name in outcomes if name not in ("variant", "world")}
    known = [name for name in OUTCOME_MEASURES if name in given]
    names = known + [name for name in given if name not in OUTCOME_MEASURES]
    columns = [_outcome_column(name, given[name]) for name in names]
    rows = len(columns[0]) if columns else 0
    fields = [_described(name, column.type) for name, column in zip(names, columns, strict=True)]
    worlds = numbers_column(np.arange(first, first + rows, dtype=np.int32))
    schema = pa.schema([("variant", pa.string()), ("world", pa.int32()), *fields])
    return pa.Table.from_arrays([_repeated(label, rows), worlds, *columns], schema=schema)


def series_table(label: str, first: int, series: Mapping[str, np.ndarray]) -> "pa.Table":
    """Return weekly series as they are stored: variant, world, week, the measures as float32."""
    import pyarrow as pa

    names = _in_order(series)
    worlds, weeks = np.shape(series[names[0]])
    numbers = [np.repeat(np.arange(first, first + worlds), weeks), np.tile(np.arange(weeks), worlds)]
    index = [numbers_column(n.astype(np.int32)) for n in numbers]
    columns = [numbers_column(np.asarray(series[n], dtype=np.float32).ravel()) for n in names]
    return pa.Table.from_arrays([_repeated(label, worlds * weeks), *index, *columns], schema=series_schema(names))


def series_schema(names: Iterable[str]) -> "pa.Schema":
    """Return the columns of the table of weekly series of these names."""
    import pyarrow as pa

    fields = [_described(name, pa.float32()) for name in _in_order(names)]
    return pa.schema([("variant", pa.string()), ("world", pa.int32()), ("week", pa.int32()), *fields])


def _in_order(names: Iterable[str]) -> list[str]:
    """Return names of weekly series as they are stored: measures in their order, then what else there is."""
    there = dict.fromkeys(names)
    return [name for name in SERIES_MEASURES if name in there] + [n for n in there if n not in SERIES_MEASURES]


def inputs_table(numbers: np.ndarray, values: Mapping[str, np.ndarray], replicates: int = 1) -> "pa.Table":
    """Return drawn inputs as they are stored: the world, its point and replicate where worlds share points, numbers.

    Seven digits are kept: more than any quantity is known to. The worlds themselves are run with all of them.
    """
    import pyarrow as pa

    columns = {"world": numbers_column(numbers.astype(np.int32))}
    if replicates > 1:
        columns["point"] = numbers_column((numbers // replicates).astype(np.int32))
        columns["replicate"] = numbers_column((numbers % replicates).astype(np.int32))
    columns |= {name: numbers_column(column.astype(np.float32)) for name, column in values.items()}
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def numbers_column(values: np.ndarray) -> "pa.Array":
    """Return numbers as a column, null for NaN; flags as bits."""
    import pyarrow as pa

    valid = None
    if values.dtype.kind == "f" and np.isnan(values).any():
        valid = _bits(~np.isnan(values))
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))]
    )


def flags_column(values: np.ndarray) -> "pa.Array":
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
    measure = OUTCOME_MEASURES.get(name)
    if measure is not None and measure.kind == "category":
        return texts(_words(values, measure.categories))
    array = np.asarray(values)
    if array.dtype.kind in "OUST" and measure is None:
        return texts([one if isinstance(one, str) else None for one in array.tolist()])
    numbers = values.to_numpy(dtype=float, na_value=np.nan) if hasattr(values, "to_numpy") else array.astype(float)
    if (measure is not None and measure.kind == "flag") or array.dtype == bool:
        return flags_column(numbers)
    return numbers_column(numbers.astype(np.float64, copy=False))


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

    measure = SERIES_MEASURES.get(name) if kind == pa.float32() else OUTCOME_MEASURES.get(name)
    if measure is None:
        return pa.field(name, kind)
    described = {"label": measure.label, "unit": measure.unit}
    if measure.categories:
        described["categories"] = ",".join(measure.categories)
    return pa.field(name, kind, metadata=described)


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


# Writing ----------------------------------------------------------------------------------------------------------


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


# Reading ----------------------------------------------------------------------------------------------------------


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
        found = np.flatnonzero(_from_memory(labels.indices) == code)
        if len(found):
            parts.append(table.slice(at + int(found[0]), int(found[-1] - found[0]) + 1))
        at += len(labels)
    return pa.concat_tables(parts) if parts else table.slice(0, 0)


def _may_hold(file: Any, group: int, variant: str) -> bool:
    """Return whether a group of rows can hold a variant, by its first and last label."""
    statistics = file.metadata.row_group(group).column(0).statistics
    return statistics is None or not statistics.has_min_max or statistics.min <= variant <= statistics.max


def as_frame(table: "pa.Table", variants: list[str]) -> "pd.DataFrame":
    """Return a table with plain columns: floats (NaN for null), bools, and categories in the vocabulary's order."""
    import pandas as pd

    frame = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        frame[name] = _plain(column, OUTCOME_MEASURES.get(name), variants if name == "variant" else None)
    return pd.DataFrame(frame)


def as_array(column: Any) -> np.ndarray:
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


def by_variant(table: "pa.Table", names: Sequence[str], labels: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
    """Return columns of a table as arrays, as ``as_array``, by variant and name, in the order in which rows stand."""
    place = {label: k for k, label in enumerate(labels)}
    codes = np.concatenate([_codes(chunk, place) for chunk in table["variant"].chunks] or [np.zeros(0, dtype=int)])
    order = None if (codes[1:] >= codes[:-1]).all() else np.argsort(codes, kind="stable")
    columns = {name: as_array(table[name]) for name in names}
    if order is not None:  # of results that are extended: those that were there, then those that are added
        codes, columns = codes[order], {name: column[order] for name, column in columns.items()}
    ends = np.searchsorted(codes, np.arange(len(labels) + 1))
    return {
        label: {name: column[ends[k] : ends[k + 1]] for name, column in columns.items()}
        for k, label in enumerate(labels)
    }


def _codes(labels: Any, place: Mapping[str, int]) -> np.ndarray:
    """Return a chunk of labels as their places."""
    places = np.array([place.get(label, -1) for label in labels.dictionary.to_pylist()], dtype=int)
    return places[_from_memory(labels.indices)]


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
        place = {label: k for k, label in enumerate(labels)}
        codes = [_codes(chunk, place) for chunk in column.chunks]
        numbers = np.concatenate(codes) if codes else np.zeros(0, dtype=int)
        return pd.Categorical.from_codes(numbers, dtype=pd.CategoricalDtype(labels))
    if pa.types.is_string(column.type):
        words = column.to_pandas()
        return pd.Categorical(words, categories=list(measure.categories)) if measure else words
    if pa.types.is_boolean(column.type) and (column.null_count or (measure is not None and measure.among)):
        return column.cast(pa.uint8()).cast(pa.float64()).to_numpy()
    return column.to_numpy()
