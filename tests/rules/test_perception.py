"""Decisions read what their actor saw at dawn, its own state and its policy, and nothing else."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.names.actions import LANES
from sim.names.actors import SEAT_GOVERNMENT, SEAT_US
from sim.world import attribution, day, decide, government, iran, militias, washington
from sim.world.field import Field
from sim.world.fields import INPUTS, MEMORY, SCRATCH, STATE
from tests.rules.situations import situation

#: Whose block a part of the state is; the presence is Washington's own.
OWNERS = {"us": "us", "presence": "us", "humiliation": "us", "iran": "iran", "factions": "faction",
          "government": "government"}  # fmt: skip
#: What any decision may read besides: its perceptions, its policy's memory and means, the calendar, today's luck.
OPEN = {"sees", "sees_all", "day", "day_key", "u", "acting_rule"} | {f.name for f in MEMORY}
#: What the model itself is made of: which mechanisms hold, and what a scenario has pinned.
OPEN |= {"strength", "reading", "mattered", "presence_pinned", "caretaker_pinned", "recording"}
FIELDS = {f.name: f for f in (*INPUTS, *STATE, *SCRATCH)}


class Watched:
    """A world, or a part of one, that notes which fields are read."""

    def __init__(self, part: Any, path: tuple[str, ...], read: set[tuple[str, ...]]) -> None:
        object.__setattr__(self, "_watch", (part, path, read))

    def __getattr__(self, name: str) -> Any:
        part, path, read = self._watch
        read.add((*path, name))
        return _watched(getattr(part, name), (*path, name), read)

    def __getitem__(self, index: Any) -> Any:
        part, path, read = self._watch
        return _watched(part[index], path, read)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._watch[0], name, value)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._watch[0][index] = value

    def __len__(self) -> int:
        return len(self._watch[0])


def _watched(value: Any, path: tuple[str, ...], read: set[tuple[str, ...]]) -> Any:
    return Watched(value, path, read) if isinstance(value, np.record | np.ndarray) else value


def _may_read(actor: str, path: tuple[str, ...]) -> bool:
    top = path[0]
    if top in OPEN:
        return True
    field = FIELDS[top]
    if top in OWNERS:
        return OWNERS[top] == actor and (len(path) == 1 or _inner(field, path[1]).seen in ("own", "all"))
    is_input = field in INPUTS or field in SCRATCH
    return is_input and field.seen in ("own", "all")


def _inner(field: Field, name: str) -> Field:
    assert isinstance(field.type, tuple)
    return next(f for f in field.type if f.name == name)


def _washington(w: Any) -> None:
    washington._means(w)
    for lane in range(len(LANES["us"])):
        decide.choose(w, SEAT_US, lane)
    attribution.suspect(w)


def _baghdad(w: Any) -> None:
    government.weigh(w)
    government._means(w)
    for lane in range(len(LANES["government"])):
        decide.choose(w, SEAT_GOVERNMENT, lane)


DECISIONS: dict[str, tuple[str, Callable[[Any], None]]] = {
    "Iran": ("iran", iran.decide_iran),
    "a faction": ("faction", lambda w: militias.decide_faction(w, 0)),
    "Washington": ("us", _washington),
    "Baghdad": ("government", _baghdad),
}


@pytest.mark.parametrize("who", DECISIONS)
def test_a_decision_reads_nothing_that_its_actor_cannot_see(who: str) -> None:
    """Every field touched is a perception, the actor's own, its policy, or nature's constants."""
    actor, decision = DECISIONS[who]
    w = situation(scenario="2020-soleimani")
    for _ in range(12):
        day.one_day(w)
    day.dawn(w)
    read: set[tuple[str, ...]] = set()
    decision(Watched(w, (), read))
    assert read
    assert {path for path in read if not _may_read(actor, path)} == set()


def test_an_attack_is_answered_on_the_next_day_at_the_earliest() -> None:
    """Washington does not see today's attack today."""
    w = situation("us=maximum-pressure", p__attribution_rate=50.0)
    day.dawn(w)
    from sim.world.acts import order_attack

    order_attack(w, 0, 0, 0, 0, 0)
    w.attacks[0].fixed_dead = 2
    from sim.world import bases

    bases.settle_attacks(w)
    washington.decide_washington(w)
    assert w.n_strikes == 0
    w.day += 1
    day.dawn(w)
    washington.decide_washington(w)
    assert w.n_strikes == 1
    assert w.strikes[0].target == 0
