"""How many worlds to run: as many as were asked for, or on until intervals are as narrow as was asked."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from sim import stats
from sim.experiments.precision import for_each, read_precision, resolved
from sim.experiments.request import Request
from sim.results import Results, Store


class StoppingRule:
    """The looks of a run that stops at a precision; its manifest keeps them, and what could be said at the end."""

    def __init__(self, asked: Request, labels: Sequence[str], store: Store) -> None:
        self.asked, self.labels, self.store = asked, labels, store
        self.standing = stats.standing_of(self.conditions, self._read, 0, asked.worlds)

    @cached_property
    def conditions(self) -> list[stats.Precision]:
        """Return the precisions asked for, with their variants."""
        return conditions_of(self.asked.until, self.labels)

    def targets(self) -> Iterator[int]:
        """Yield numbers of worlds to run up to; each is to be there before the next is asked for."""
        while self.standing.next:
            target = self.standing.next.worlds
            yield target
            self.standing = stats.standing_of(
                self.conditions, self._read, target, self.asked.worlds, looks=self.standing.looks
            )
        self.store.manifest |= {
            "worlds": self.standing.looks[-1].worlds,
            "looks": [look.worlds for look in self.standing.looks],
            "until": [plain_statement(one) for one in self.standing.statements],
        }

    def _read(self, measure: str, label: str | None) -> np.ndarray:
        results = Results(self.store.folder, self.store.manifest)
        return results.arrays([measure], label or self.labels[0])[measure]


def conditions_of(until: Sequence[str], labels: Sequence[str]) -> list[stats.Precision]:
    """Return the precisions that texts ask for: of each variant, or of one, or of a difference.

    Raises
    ------
    InputError
        If one cannot be meant, or names no variant.
    """
    given = (resolved(read_precision(text), labels) for text in until)
    return [one for precision in given for one in for_each(precision, labels)]


def plain_statement(statement: stats.Statement) -> dict[str, Any]:
    """Return what was reached, as plain values."""
    one = statement.precision
    return {
        "asked": one.text, "measure": one.measure, "first": one.first, "second": one.second,
        "half_width_asked": one.half_width, "reached": statement.reached, "why_not": statement.why or None,
        "worlds": statement.worlds, "defined": statement.defined, "estimate": statement.estimate,
        "low": statement.low, "high": statement.high, "half_width": statement.half_width, "level": statement.level,
    }  # fmt: skip
