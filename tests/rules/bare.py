"""A bare world: nothing stands in it but what a test sets, every mechanism at strength 1; and what a rule moves in it.

Fields go by their paths in the record: ``{"p.sadr_gain": 0.7, "factions.2.besieging": 1, "member_us": [0.3, -0.2]}``
(a list sets the first elements, one number all of them).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.world.events import NO_SITE
from sim.world.record import BLOCKS, WORLD, new_worlds
from tests.rules.views import swift_view

_LOG = BLOCKS["log"][0]
#: What moves with every event, and with every mechanism: ``test_events.py`` looks at these.
_COUNTERS = ("n_events", "total.", "mattered.")
#: What is worked out on the way, for all members at once.
_ON_THE_WAY = ("member_comes.", "member_agrees.")


class Told(NamedTuple):
    """An event as it is told; what is left out is what most events have."""

    kind: int
    actor: int
    cause: int = 0
    target: int = 0
    place: int = 0
    site: int = NO_SITE
    size: float = 1.0
    detail: float = 0.0
    claim: int = 0
    also: int = 0
    rule: int = 0


def bare(*fields: Mapping[str, Any]) -> Any:
    """Return a recorded world in which all is 0 but the mechanisms' strengths and these fields; the last word holds."""
    w = swift_view(new_worlds(1))
    w.strength[:] = 1.0
    w.recording = 1
    for some in fields:
        put(w, some)
    return w


def of(part: str, **fields: Any) -> dict[str, Any]:
    """Return fields of one part of a world by their paths."""
    return {f"{part}.{name}": value for name, value in fields.items()}


def odds(x: float) -> float:
    """Return a chance from its log odds."""
    return 1.0 / (1.0 + math.exp(-x))


def lucky(patch: pytest.MonkeyPatch, module: ModuleType, numbers: Mapping[np.uint64, Sequence[float]]) -> None:
    """Let the draws of a module's rules come out as given: by their names, in the order of entities."""

    def given(w: Any, name: np.uint64, entity: int) -> float:
        return numbers[name][int(entity)]

    one_by_one = {"draws_of": lambda w, name: name, "drawn": lambda name, entity: given(None, name, entity)}
    for word, function in ({"draw": given, "draw_at_start": given} | one_by_one).items():
        if word in vars(module):
            patch.setattr(module, word, function)


def put(w: Any, fields: Mapping[str, Any]) -> None:
    """Set fields of a world."""
    for path, value in fields.items():
        place, n, kind = _find(path)
        values = np.broadcast_to(value, (n,)) if np.isscalar(value) else np.asarray(value)
        assert len(values) <= n, f"{path} has room for {n}"
        _memory(w, kind)[place : place + len(values)] = values


def read(w: Any, path: str) -> Any:
    """Return one number of a world."""
    place, _, kind = _find(path)
    return _memory(w, kind)[place].item()


def moved(w: Any, rule: Callable[..., Any], *args: Any) -> dict[str, Any]:
    """Let a rule act; return every field that it has moved, with its new value, but counters of events and the log."""
    before = w._keys[:_LOG].copy()
    rule(w, *args)
    places = np.flatnonzero(before != w._keys[:_LOG]).tolist()
    paths = [_path(place) for place in places]
    return {path: read(w, path) for path in paths if not path.startswith(_COUNTERS + _ON_THE_WAY)}


def told(w: Any) -> list[Told]:
    """Return all recorded events."""
    rows = (w.log[k] for k in range(int(w.n_events)))
    return [Told(*(getattr(row, name) for name in Told._fields)) for row in rows]


def expect(w: Any, rule: Callable[..., Any], args: tuple[Any, ...], after: Mapping[str, Any], *tells: Told) -> None:
    """Let a rule act: these fields hold these values then, no other has moved, and exactly these events are told."""
    moves = moved(w, rule, *args)
    assert moves | {path: read(w, path) for path in after} == pytest.approx(dict(after), rel=1e-9, abs=1e-12)
    assert told(w) == list(tells)


def _memory(w: Any, kind: str) -> np.ndarray:
    return {"f": w._floats, "i": w._wholes, "u": w._keys}[kind]


@cache
def _find(path: str) -> tuple[int, int, str]:
    """Return the place of a field (counted in numbers), how many numbers it has, and their kind."""
    kind, at = WORLD, 0
    for word in path.split("."):
        if word.isdigit():
            base, shape = kind.subdtype
            assert int(word) < shape[0], f"{path}: {word} of {shape[0]}"
            kind = np.dtype((base, shape[1:])) if shape[1:] else base
            at += int(word) * kind.itemsize
        else:
            kind, step = kind.fields[word][:2]
            at += step
    return at // 8, kind.itemsize // 8, (kind.base if kind.subdtype else kind).kind


@cache
def _path(place: int) -> str:
    """Return the path of the number at a place."""
    kind, at, words = WORLD, 8 * place, []
    while kind.names or kind.subdtype:
        if kind.subdtype:
            base, shape = kind.subdtype
            kind = np.dtype((base, shape[1:])) if shape[1:] else base
            word, at = str(at // kind.itemsize), at % kind.itemsize
        else:
            inside = (name for name, (inner, step) in _fields(kind) if step <= at < step + inner.itemsize)
            word = next(name for name in inside if name != "sees_all")
            kind, at = kind.fields[word][0], at - kind.fields[word][1]
        words.append(word)
    return ".".join(words)


def _fields(kind: np.dtype) -> list[tuple[str, tuple[np.dtype, int]]]:
    return [(name, (field[0], field[1])) for name, field in kind.fields.items()]
