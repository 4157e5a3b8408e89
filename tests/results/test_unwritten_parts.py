"""Parts that stay in memory: packed, they are what they were; together, rows of each variant are found."""

import numpy as np
import pyarrow as pa
import pytest

from sim.results.parquet import rows_of
from sim.results.tables import outcomes_table
from sim.results.unwritten_parts import UNPACKED, PackedTable, joined


def part(label, first, n=3):
    """Return a part's table with a number, a flag and a null."""
    numbers = np.arange(first, first + n, dtype=float)
    numbers[:1] = np.nan
    return outcomes_table(label, first, {"us_killed": numbers, "exited": np.arange(n) % 2})


@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_packed_part_is_the_same_table(n):
    """Values, nulls, types, and what the columns say of themselves, of a part without worlds too."""
    table = part("one", 5, n)
    again = PackedTable(table).table()
    assert again.equals(table)
    assert again.schema.equals(table.schema, check_metadata=True)


def test_parts_of_many_variants_put_together_are_told_apart():
    """More parts than are unpacked at a time: each variant's rows come back, and no others."""
    labels = [f"variant {k}" for k in range(2 * UNPACKED + 1)]
    parts = [part(label, first) for label in labels for first in (0, 3)]
    whole = joined(map(PackedTable, parts))
    assert whole.equals(pa.concat_tables(parts))
    assert whole["us_killed"].num_chunks == 1
    for label in (labels[0], labels[UNPACKED], labels[-1]):
        found = rows_of(whole, ("variant", "world"), ["us_killed"], label)
        assert found["world"].to_pylist() == [0, 1, 2, 3, 4, 5]
        assert set(found["variant"].to_pylist()) == {label}
        assert found["us_killed"].to_pylist() == [None, 1.0, 2.0, None, 4.0, 5.0]


def test_nothing_put_together_is_nothing():
    """A run without weekly series has no table of them."""
    assert joined([]) is None
