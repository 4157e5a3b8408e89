"""What was drawn for worlds, as a table: written once for all variants, when a run is finished."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.variants import Column, Drawn, Variant
from sim.inputs.distributions.quantities import Distribution
from sim.results import inputs_table

if TYPE_CHECKING:
    import pyarrow as pa

#: Worlds whose inputs are drawn at a time when they are written.
DRAWN_AT_A_TIME = 500


def _same(one: Distribution, other: Distribution) -> bool:
    return one is other or one == other


class DrawnInputs:
    """The table of what is drawn for worlds: a row for each, a column for each quantity that varies in any variant.

    Variants share most of it, for a quantity is drawn by its name. One that has another distribution in some variant
    has a column for each, ``NAME`` and ``NAME#2``; the manifest says which variant's is which.
    """

    def __init__(self, variants: Sequence[Variant]) -> None:
        self.variants = variants
        self.stored: dict[str, Column] = {}
        self.of_variant = [self._placed(variant) for variant in variants]

    def _placed(self, variant: Variant) -> dict[str, str]:
        """Return the column of each quantity that varies in a variant."""
        return {column.name: self._column(column) for column in variant.columns if column.name != "theory"}

    def _column(self, column: Column) -> str:
        name, k = column.name, 1
        while name in self.stored and not _same(self.stored[name].distribution, column.distribution):
            k += 1
            name = f"{column.name}#{k}"
        self.stored.setdefault(name, column)
        return name

    def plain(self) -> list[dict[str, Any]]:
        """Return for each variant what differs from the table: other columns, fixed values, quantities not known."""
        names = [name for name in self.stored if "#" not in name]
        return [
            self._of(variant, placed, names) for variant, placed in zip(self.variants, self.of_variant, strict=True)
        ]

    @staticmethod
    def _of(variant: Variant, placed: Mapping[str, str], names: Sequence[str]) -> dict[str, Any]:
        known = variant.inputs.quantities
        fixed = {name: float(known[name].quantile(np.zeros(1))[0]) for name in names
                 if name not in placed and name in known}  # fmt: skip
        other: dict[str, str | None] = {name: placed[name] for name in placed if placed[name] != name}
        other |= {name: None for name in names if name not in placed and name not in known}
        return {key: value for key, value in (("fixed", fixed), ("other", other)) if value}

    def tables(self, seed: int, worlds: int) -> "Iterator[pa.Table]":
        """Yield the rows of worlds 0 up to ``worlds``, some at a time; nothing where no quantity varies."""
        drawing = self.variants[0].drawing
        for first in range(0, worlds if self.stored else 0, DRAWN_AT_A_TIME):
            numbers = np.arange(first, min(first + DRAWN_AT_A_TIME, worlds))
            known: Drawn = {}
            for variant in self.variants:
                variant.values(seed, numbers, known)
            values = {name: known[column.drawn] for name, column in self.stored.items()}
            yield inputs_table(numbers, values, drawing.replicates)
