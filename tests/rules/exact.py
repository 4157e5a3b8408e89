"""Blank worlds for exact moves: all is zero but what a test writes, every mechanism is at full strength."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.world.record import OUTCOME, WEEK, new_worlds
from tests.rules.situations import parts
from tests.rules.views import swift_view

#: What a draw comes to: one number for every entity, a number for each (all others: no chance), or in their order.
Luck = float | Mapping[int, float] | Sequence[float]


class Told(NamedTuple):
    """What an event of the log says, but its number and day."""

    kind: int
    actor: int
    place: int
    size: float = 1.0
    cause: int = 0
    target: int = 0
    site: int = -1
    detail: float = 0.0
    rule: int = 0
    claim: int = 0
    also: int = 0


def blank(values: Mapping[str, Any] | None = None) -> Any:
    """Return a world of zeros in which nothing has happened yet, ``values`` written into it, its events told."""
    w = swift_view(new_worlds(1))
    w.strength[:] = 1.0
    w.mattered[:] = -1
    w.recording = 1
    w.u[:] = 0.999
    for day in ("decided_day", "exit_day", "left_all_day"):
        setattr(w.presence, day, -1)
    w.last_attack = w.last_deadly = w.last_strike = w.first_strike = w.last_leader = -1
    return put(w, values or {})


def put(w: Any, values: Mapping[str, Any]) -> Any:
    """Write values by their dotted paths (``us.cost``, ``allies.3.there``, ``anger_us.4.1``) and return the world."""
    for path, value in values.items():
        *above, last = path.split(".")
        part = w
        for name in above:
            part = part[int(name)] if name.isdigit() else getattr(part, name)
        if last.isdigit():
            part[int(last)] = value
        else:
            setattr(part, last, value)
    return w


def got(w: Any, *paths: str) -> Any:
    """Return the number at a dotted path, or a tuple of the numbers at several."""
    found = []
    for path in paths:
        part = w
        for name in path.split("."):
            part = part[int(name)] if name.isdigit() else getattr(part, name)
        found.append(part.item() if hasattr(part, "item") and np.ndim(part) == 0 else part)
    return found[0] if len(paths) == 1 else tuple(found)


def told(w: Any) -> list[Told]:
    """Return what the log says, in its order."""
    names = ("kind", "actor", "place", "size", "cause", "target", "site", "detail", "rule", "claim", "also")
    return [Told(*(w.log[i][name].item() for name in names)) for i in range(int(w.n_events))]


def moved(w: Any, rule: Any, *args: Any) -> set[str]:
    """Let a rule act; return the parts of the state that it has moved."""
    before = parts(w)
    rule(w, *args)
    return {name for name, value in parts(w).items() if before[name] != value}


def dice(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, lucks: Mapping[Any, Luck], draws: str = "draw"
) -> list[tuple[Any, int]]:
    """Let a module's draws come to what is said, by stream and entity; no other may be drawn. Return those drawn."""
    drawn: list[tuple[Any, int]] = []

    def draw(_: Any, name: Any, entity: int) -> float:
        drawn.append((name, int(entity)))
        luck = lucks[name]
        if isinstance(luck, int | float):
            return luck
        return luck[int(entity)]

    monkeypatch.setattr(module, draws, draw, raising=False)
    if draws == "draw":
        monkeypatch.setattr(module, "draws_of", lambda _, name: name, raising=False)
        monkeypatch.setattr(module, "drawn", lambda name, entity: draw(None, name, entity), raising=False)
    return drawn


def scrambled(z: int) -> int:
    """Return a whole number through the finaliser of SplitMix64 (doi:10.1145/2714064.2660195, variant 13)."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return z ^ (z >> 31)


def outcome() -> Any:
    """Return an empty record of outcomes."""
    return np.zeros(1, OUTCOME).view(np.recarray)[0]


def week() -> Any:
    """Return an empty record of a week."""
    return np.zeros(1, WEEK).view(np.recarray)[0]
