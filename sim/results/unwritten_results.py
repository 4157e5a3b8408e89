"""Results that are whole, and in memory: what a short run came to, while its tables are being written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.results.reading import Results
from sim.results.unwritten_parts import PartTable, joined

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


@dataclass(frozen=True, repr=False)
class UnwrittenResults(Results):
    """Results read from memory.

    Parameters
    ----------
    parts : mapping
        Parts of outcomes and of series, in order, by the name of their table; inputs are not among them.
    small : mapping
        The small files by name.
    """

    parts: Mapping[str, Sequence[PartTable]] = field(default_factory=dict)
    small: Mapping[str, bytes] = field(default_factory=dict)
    #: Tables that were asked for, whole, as they will be in files.
    _whole: "dict[str, pa.Table | None]" = field(default_factory=dict, repr=False)

    def beside(self, name: str) -> bytes:
        """Return a small file; nothing where there is none of this name."""
        return self.small.get(name, b"")

    def _sources(self, table: str) -> "list[Path | pa.Table]":
        if table not in self._whole:
            self._whole[table] = joined(self.parts.get(table, ()))
        whole = self._whole[table]
        return [] if whole is None else [whole]
