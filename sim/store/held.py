"""Parts of a run that stay in memory at first, so that a run of a few seconds is written once, whole.

A run that is killed loses its first seconds at most: what is held is written, part by part, as soon as the run has gone
on for longer, or holds much, or is broken off.
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

#: For how many seconds of a run, and up to how many bytes of tables, parts stay in memory.
SECONDS = 10.0
BYTES = 48_000_000
#: Under which key a part has its tables while it is in no file.
HELD = "held"


class Holding:
    """Whether the parts of a run may still stay in memory; it begins when it is made."""

    def __init__(self) -> None:
        self._until = time.monotonic() + SECONDS
        self._bytes = 0

    def takes(self, tables: "Mapping[str, pa.Table]") -> bool:
        """Return whether these tables, and all that it took before, may stay in memory."""
        self._bytes += sum(table.nbytes for table in tables.values())
        return self._bytes <= BYTES and time.monotonic() < self._until
