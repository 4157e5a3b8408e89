"""Results that are whole, and in memory: what a short run came to, while its tables are being written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.results.reading import Results

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


@dataclass(frozen=True)
class InMemory(Results):
    """Results read from memory.

    Parameters
    ----------
    tables : mapping
        Outcomes and series by name, as they will be in files; the table of inputs is not among them.
    small : mapping
        The small files by name.
    """

    tables: "Mapping[str, pa.Table]" = field(default_factory=dict)
    small: Mapping[str, bytes] = field(default_factory=dict)

    def beside(self, name: str) -> bytes:
        """Return a small file; nothing where there is none of this name."""
        return self.small.get(name, b"")

    def _sources(self, table: str) -> "list[Path | pa.Table]":
        return [self.tables[table]] if table in self.tables else []
