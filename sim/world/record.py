"""The record of a world: every quantity of one simulated Iraq, declared once.

A world is one NumPy structured record of eight-byte fields in four blocks: ``inputs`` (policies, parameters, readings,
starting position), ``state``, ``scratch`` (what a day works with) and ``log`` (the record of events, at the tail).
Rules read ``w.factions[f].revenge``; the same memory as an array of numbers carries inputs in and digests out.

``seen`` says who may use a field when deciding: ``own`` the actor whose block it is, ``all`` everybody through
perceptions, ``model`` nobody (mechanics only: what is hidden, or what nature settles).
"""

from functools import lru_cache

import numpy as np

from sim.names.actors import N_GOVERNORATES, N_SEATS
from sim.names.measures import BY_PLACE, OUTCOMES, SERIES, places_of
from sim.names.perceptions import (
    ROW,
)
from sim.world.field import Field
from sim.world.fields import INPUTS, LOG, MEMORY, SCRATCH, SEES, STATE


def _dtype(fields: tuple[Field, ...]) -> np.dtype:
    return np.dtype([(f.name, _type(f), f.shape) for f in fields])


def _type(field: Field) -> "str | np.dtype":
    return _dtype(field.type) if isinstance(field.type, tuple) else field.type


_BLOCKS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("inputs", INPUTS), ("memory", MEMORY), ("state", STATE), ("sees", ()), ("scratch", SCRATCH), ("log", LOG),
)  # fmt: skip


def _lay_out() -> tuple[np.dtype, dict[str, tuple[int, int]]]:
    """Return the record's type and each block's first and last place, counted in eight-byte numbers.

    ``sees_all`` lies over ``sees``: a decision table reads by column what rules read by name.
    """
    names, formats, offsets, blocks = [], [], [], {}
    at = 0
    for block, fields in _BLOCKS:
        first = at
        if block == "sees":
            names += ["sees", "sees_all"]
            formats += [_dtype(SEES), np.dtype(("f8", (1 + N_SEATS, ROW)))]
            offsets += [at, at]
            at += formats[-1].itemsize
        for field in fields:
            kind = np.dtype((_type(field), field.shape))
            names.append(field.name)
            formats.append(kind)
            offsets.append(at)
            at += kind.itemsize
        blocks[block] = (first // 8, at // 8)
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": at}), blocks


def _week() -> np.dtype:
    """Return the type of a week's record; ``attacks_place`` lies over the attacks of all governorates, and so on."""
    names = [measure.name for measure in SERIES]
    over = {f"{series}_place": 4 * names.index(places_of(series)[0]) for series in BY_PLACE}
    formats: list[object] = ["f4"] * len(names) + [("f4", (N_GOVERNORATES,))] * len(over)
    offsets = [4 * k for k in range(len(names))] + list(over.values())
    return np.dtype({"names": [*names, *over], "formats": formats, "offsets": offsets, "itemsize": 4 * len(names)})


WORLD, BLOCKS = _lay_out()
#: The first place behind a record.
BEHIND = WORLD.itemsize // 8
#: One row of outcomes, and one week's record.
OUTCOME = np.dtype([(m.name, "f8") for m in OUTCOMES])
WEEK = _week()
#: What a snapshot holds and a digest covers: all that the next day depends on.
STATE_BLOCK = slice(BLOCKS["state"][0], BLOCKS["sees"][1])


@lru_cache(maxsize=20_000)
def offset(path: str) -> int:
    """Return where a field stands, in eight-byte numbers: ``offset("p.truce_leak")``, ``offset("site_in.3.open")``."""
    dtype, at = WORLD, 0
    for word in path.split("."):
        if word.isdigit():
            dtype, shape = dtype.subdtype or (dtype, ())
            stride = dtype.itemsize * int(np.prod(shape[1:], dtype=int))
            at += int(word) * stride
            dtype = np.dtype((dtype, shape[1:])) if shape[1:] else dtype
        else:
            dtype, step = dtype.fields[word][:2]  # type: ignore[index]
            at += step
    return at // 8


def new_worlds(n: int = 1) -> np.ndarray:
    """Return ``n`` empty worlds (n,) of type WORLD, whose memory ``as_numbers`` can show as numbers."""
    return np.zeros(n * WORLD.itemsize, np.uint8).view(WORLD)


def as_numbers(worlds: np.ndarray) -> np.ndarray:
    """Return the memory of ``worlds`` as float64 (n, numbers a world), sharing it."""
    base = worlds.base if worlds.base is not None else worlds
    return np.frombuffer(base.data, np.float64).reshape(len(worlds), -1)
