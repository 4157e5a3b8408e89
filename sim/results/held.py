"""Parts of a run that stay in memory at first, so that a run of a few seconds is written once, whole.

A run that is killed loses its first seconds at most: what is held is written, part by part, as soon as the run has gone
on for longer, or holds much, or is broken off.
"""

import time
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

#: For how many seconds of a run, and up to how many bytes of tables, parts stay in memory.
SECONDS = 10.0
BYTES = 48_000_000
#: The column that says of which variant a row is.
LABELS = "variant"
#: Parts that are unpacked at a time when they are put together.
UNPACKED = 50
#: Under which key a part has its tables while it is in no file.
HELD = "held"


class Packed:
    """A part's table in one piece of memory: of few rows, its columns as objects weigh ten times what is in them."""

    def __init__(self, table: "pa.Table") -> None:
        import pyarrow as pa

        self.schema = table.schema
        [batch] = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]
        self._whole = batch.serialize()

    def table(self) -> "pa.Table":
        """Return the table; its columns lie where they are."""
        import pyarrow as pa

        return pa.Table.from_batches([pa.ipc.read_record_batch(self._whole, self.schema)])


def together(parts: "Iterable[Packed]") -> "pa.Table | None":
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


class Holding:
    """Whether the parts of a run may still stay in memory; it begins when it is made."""

    def __init__(self) -> None:
        self._until = time.monotonic() + SECONDS
        self._bytes = 0

    def takes(self, tables: "Mapping[str, pa.Table]") -> bool:
        """Return whether these tables, and all that it took before, may stay in memory."""
        self._bytes += sum(table.nbytes for table in tables.values())
        return self._bytes <= BYTES and time.monotonic() < self._until
