"""One field of a world's record, and how much a record has room for."""

from typing import NamedTuple

import numpy as np

from sim.names.events import WINDOWED_KINDS, WINDOWS
from sim.names.measures import READINGS_AFTER
from sim.names.perceptions import (
    ROW,
    Perception,
)

RING_DAYS = 92
MAX_EVENTS = 20_000


N_WINDOWED, N_WINDOWS = len(WINDOWED_KINDS), len(WINDOWS)
#: Attacks are counted by the people they hurt, one by one up to the last bin, which holds all beyond.
HARM_BINS = 41


N_READINGS = len(READINGS_AFTER)
#: Elected administrations that may take office within the longest scenario.
N_OFFICES = 3


class Field(NamedTuple):
    """One field: name, type ('f8', 'i8', 'u8' or a block), shape, unit, meaning, who may use it when deciding."""

    name: str
    type: "str | np.dtype | tuple[Field, ...]"
    shape: tuple[int, ...] = ()
    unit: str = ""
    meaning: str = ""
    seen: str = "model"


def numbers(names: tuple[str, ...], seen: str = "model") -> tuple[Field, ...]:
    """Return a field for each name, of floating-point numbers."""
    return tuple(Field(name, "f8", seen=seen) for name in names)


def row(perceptions: tuple[Perception, ...]) -> tuple[Field, ...]:
    """Return the fields of one row of perceptions, filled up to its full length."""
    fields = tuple(Field(p.name, "f8", (), p.unit, p.meaning, "all") for p in perceptions)
    return (*fields, Field("spare", "f8", (ROW - len(fields),), "", "room for more perceptions"))
