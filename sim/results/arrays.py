"""Columns of tables back as arrays of NumPy and frames of pandas, by variant."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.names.measures import Measure
from sim.results.tables import OUTCOME_MEASURES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


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
        numbers = from_memory(chunk).astype(np.float64)
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
    return places[from_memory(labels.indices)]


def from_memory(array: "pa.Array") -> np.ndarray:
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
