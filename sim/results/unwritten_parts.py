"""Parts of a run that stay in memory at first, so that a run of a few seconds is written once, whole.

A run that is killed loses its first seconds at most: what is in memory is written, part by part, as soon as the run has
gone on for longer, or holds much, or is broken off.
"""

import time
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.results.tables import SERIES_MEASURES, series_schema, series_table

if TYPE_CHECKING:
    import pyarrow as pa

#: For how many seconds of a run, and up to how many bytes of tables, parts stay in memory.
SECONDS = 10.0
BYTES = 100_000_000
#: The column that says of which variant a row is.
LABELS = "variant"
#: Parts that are unpacked at a time when they are put together.
UNPACKED = 50
#: Under which key a part has its tables while it is in no file.
UNWRITTEN = "unwritten"


class PartTable(Protocol):
    """A part's table in memory, in whatever form."""

    @property
    def schema(self) -> "pa.Schema":
        """Return the table's columns."""
        ...

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        ...

    def table(self) -> "pa.Table":
        """Return the table."""
        ...


class PackedTable:
    """A part's table in one piece of memory: of few rows, its columns as objects weigh ten times what is in them."""

    def __init__(self, table: "pa.Table") -> None:
        import pyarrow as pa

        self.schema = table.schema
        [batch] = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]
        self._whole = batch.serialize()

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return int(self._whole.size)

    def table(self) -> "pa.Table":
        """Return the table; its columns lie where they are."""
        import pyarrow as pa

        return pa.Table.from_batches([pa.ipc.read_record_batch(self._whole, self.schema)])


class WeeklyTable:
    """A part's weekly series as they came: the table of them is made where it is written, or read.

    Parameters
    ----------
    label, first
        Of which variant, and the number of the first world.
    rows : array, shape (worlds, weeks)
        A record for each week, in which measures have the fields of their names.
    """

    def __init__(self, label: str, first: int, rows: np.ndarray) -> None:
        self.label, self.first, self._rows = label, first, rows

    @property
    def _names(self) -> list[str]:
        return [name for name in self._rows.dtype.names or () if name in SERIES_MEASURES]

    @property
    def schema(self) -> "pa.Schema":
        """Return the table's columns."""
        return series_schema(self._names)

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return self._rows.nbytes

    def table(self) -> "pa.Table":
        """Return the table, made anew."""
        return series_table(self.label, self.first, {name: self._rows[name] for name in self._names})


def joined(parts: "Iterable[PartTable]") -> "pa.Table | None":
    """Return the rows of packed parts as one table, each column whole but for the labels; None of no parts.

    Labels stay in a piece for each part, which is of one variant: so they are told apart without reading them.
    """
    import pyarrow as pa

    whole: list[pa.Table] = []
    labels: list[pa.Array] = []
    unpacked = iter(parts)
    while some := [part.table() for part in islice(unpacked, UNPACKED)]:
        labels += [chunk for table in some for chunk in table[LABELS].chunks]
        whole.append(pa.concat_tables(some).combine_chunks())
    if not whole:
        return None
    table = pa.concat_tables(whole).combine_chunks()
    return table.set_column(table.column_names.index(LABELS), table.schema.field(LABELS), pa.chunked_array(labels))


class MemoryAllowance:
    """Whether the parts of a run may still stay in memory; it begins when it is made."""

    def __init__(self) -> None:
        self._until = time.monotonic() + SECONDS
        self._bytes = 0

    def takes(self, tables: "Iterable[PartTable]") -> bool:
        """Return whether these tables, and all that it took before, may stay in memory."""
        self._bytes += sum(table.nbytes for table in tables)
        return self._bytes <= BYTES and time.monotonic() < self._until
