"""Prepared situations: a world at the start with every parameter at its median, to be set as a test wants."""

from functools import cache
from typing import Any

import numpy as np

from sim.world import kernel
from sim.world.fields import STATE
from sim.world.record import BLOCKS, as_numbers, new_worlds
from tests.rules.views import swift_view
from tests.worlds import variant

_LOG = BLOCKS["log"][0]


def situation(*settings: str, scenario: str = "2020-no-strike", number: int = 0, **chosen: float) -> Any:
    """Return a world on the morning of day 0, all quantities at their medians but those chosen (``p__`` as ``p.``).

    ``situation(p__branching=0.3, s__truce=20)`` sets a parameter and a quantity of the starting position.
    """
    worlds = new_worlds(1)
    as_numbers(worlds)[0].view(np.uint64)[:_LOG] = prepared(scenario, number, settings, tuple(chosen.items()))
    w = swift_view(worlds)
    w.recording = 1
    return w


@cache
def prepared(scenario: str, number: int, settings: tuple[str, ...], chosen: tuple[tuple[str, float], ...]) -> Any:
    """Return the memory of a prepared world but its empty log, bit for bit: many tests begin with the same one."""
    made = variant(scenario, *settings)
    worlds, [key] = new_worlds(1), made.keys(1, [number])
    numbers = as_numbers(worlds)[0]
    medians = {c.name: c.distribution.quantile(np.full(1, 0.5)) for c in made.columns}
    for path, value in chosen:
        block, _, name = path.partition("__")
        medians[{"p": "parameter", "s": "situation"}[block] + ":" + name] = np.array([float(value)])
    kernel.prepare([swift_view(worlds)], numbers, made.template, made.places, made.pokes(medians)[0], key)
    return numbers.view(np.uint64)[:_LOG].copy()


def events(w: Any, kind: int) -> list[Any]:
    """Return the recorded events of one kind."""
    return [w.log[i] for i in range(int(w.n_events)) if w.log[i].kind == kind]


def parts(w: Any) -> dict[str, bytes]:
    """Return every field of the state block under its dotted name (``factions.revenge``), all indices together."""
    found: dict[str, bytes] = {}
    for field in STATE:
        _walk(np.asarray(w[field.name]), field.name, found)
    return found


def _walk(part: Any, path: str, found: dict[str, bytes]) -> None:
    if part.dtype.names is None:
        found[path] = np.ascontiguousarray(part).tobytes()
        return
    for name in part.dtype.names:
        _walk(part[name], f"{path}.{name}", found)
