"""What statistics hand on: small frozen records, and the plain values that JSON has of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np


class Record:
    """A frozen dataclass with slots, whose plain values are its fields by name."""

    __slots__: tuple[str, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Return plain values by field, as JSON has them."""
        return {name: plain(getattr(self, name)) for name in self.__slots__}


def plain(value: Any) -> Any:
    """Return a record, a map of records or an array as plain values; any other value as it is."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.as_plain() if isinstance(value, Record) else value


def known(value: float | None) -> float:
    """Return a number where there must be one: AssertionError where it is not defined, and never a 0 in its place."""
    assert value is not None
    return value


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number estimated from worlds, in its measure's unit, with its 95% interval; None where not defined."""

    value: float | None
    low: float | None
    high: float | None

    def as_plain(self, name: str = "estimate") -> dict[str, Any]:
        """Return plain values, the number under ``name``: ``mean``, ``difference``."""
        return {name: self.value, "low": self.low, "high": self.high}
