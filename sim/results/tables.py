"""Tables as they are stored, made of what worlds came to: outcomes, weekly series, drawn inputs.

Columns are made of memory itself: ``pyarrow.array`` loads pandas to see whether it was given any of its own, which
takes longer than all the rest of a small run.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.names.measures import OUTCOMES, SERIES

if TYPE_CHECKING:
    import pyarrow as pa

OUTCOME_MEASURES = {m.name: m for m in OUTCOMES}
SERIES_MEASURES = {m.name: m for m in SERIES}


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


@cache
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
