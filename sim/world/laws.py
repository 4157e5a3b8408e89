"""What holds of a world's counts together: nobody dies twice, and no army is larger than the people it comes from.

What holds of single numbers follows from their units (``laws``), and of measures from their limits
(``sim.names.limits``). These laws are certain, not likely: a world that breaks one is none.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from sim.names.actors import N_FACTIONS, N_GOVERNORATES
from sim.names.events import (
    CIVILIANS_KILLED_BY_US,
    CIVILIANS_KILLED_FIGHTING_ISIS,
    COALITION_KILLED,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    ISIS_KILLED_PEOPLE,
    MILITIA_KILLED,
    PROTESTERS_KILLED_BY_FACTIONS,
    PROTESTERS_KILLED_BY_FORCES,
    US_KILLED,
    US_WOUNDED,
)
from sim.world.compiled import rule
from sim.world.field import Field
from sim.world.fields import STATE
from sim.world.record import BEHIND, WORLD
from sim.world.shape import World

#: What cannot be in any world, by unit: shares beyond 0 and 1, people, attacks and the like below none.
_LAWS = {
    "share": (0.0, 1.0), "share of people": (0.0, 1.0), "people": (0.0, np.inf), "attacks": (0.0, np.inf),
    "attacks per day": (0.0, np.inf), "strikes": (0.0, np.inf), "members": (0.0, np.inf), "ratio": (0.0, np.inf),
    "events": (0.0, np.inf),
}  # fmt: skip
#: Rounding may leave so much beyond a bound.
ROUNDING = 1e-6
#: Of each law on several of them what is counted, and what it cannot be more than.
SUMS = (
    ("the fighters of factions that were killed", "the fighters that they ever had"),
    ("the people killed by anyone", "the people of the country"),
    ("the fighters of ISIS", "the country's men of fighting age"),
    ("US personnel killed", "those who can have been there"),
    ("US personnel wounded", "those who can have been there"),
    ("coalition soldiers killed", "those who can have been there"),
    ("US troops in Iraq", "those who ever came"),
)
N_SUMS = len(SUMS)
MEN, PEOPLE, ISIS_MEN, US_DEAD, US_HURT, ALLIED_DEAD, US_THERE = range(N_SUMS)
#: Of all people a quarter are men from 15 to 49 (as in any young country; in Iraq by the UN's World Population
#: Prospects).
FIGHTING_AGE = 0.25
#: A force that loses men is made up again, but no faster than as a whole once in so many days.
MADE_UP = 30.0


@rule
def broken_sum(w: World) -> int:
    """Return the first of ``SUMS`` of which there are more than there can be; -1 if none."""
    for k in range(N_SUMS):
        if not counted(w, k) <= possible(w, k) * (1.0 + ROUNDING) + ROUNDING:
            return k
    return -1


@rule
def counted(w: World, law: int) -> float:
    """Return what a law of ``SUMS`` counts."""
    t = w.total
    if law == MEN:
        return t[MILITIA_KILLED]
    if law == PEOPLE:
        ours = t[IRAQI_KILLED_BY_MILITIA] + t[IRAQI_KILLED_BY_US] + t[ISIS_KILLED_PEOPLE]
        protesters = t[PROTESTERS_KILLED_BY_FACTIONS] + t[PROTESTERS_KILLED_BY_FORCES]
        return ours + protesters + t[CIVILIANS_KILLED_BY_US] + t[CIVILIANS_KILLED_FIGHTING_ISIS] + t[MILITIA_KILLED]
    if law == ISIS_MEN:
        return w.fighters
    if law == US_DEAD:
        return t[US_KILLED]
    if law == US_HURT:
        return t[US_WOUNDED]
    return t[COALITION_KILLED] if law == ALLIED_DEAD else w.presence.troops + w.presence.troops_north


@rule
def possible(w: World, law: int) -> float:
    """Return how many there can be of what a law of ``SUMS`` counts."""
    made_up = 1.0 + w.day / MADE_UP
    if law == MEN:
        men = 0.0
        for f in range(N_FACTIONS):
            men += w.faction_in[f].fighters + w.factions[f].came_back
        return men
    if law in (PEOPLE, ISIS_MEN):
        people = 0.0
        for g in range(N_GOVERNORATES):
            people += w.place_in[g].population
        return people if law == PEOPLE else FIGHTING_AGE * people
    if law in (US_DEAD, US_HURT):
        return made_up * (w.presence.ever + w.s.troops_outside)
    return made_up * w.coalition_troops_start if law == ALLIED_DEAD else w.presence.ever


@rule
def left(w: World, law: int) -> int:
    """Return how many more there can be of what a law of ``SUMS`` counts, in whole numbers."""
    return int(max(0.0, possible(w, law) - counted(w, law)))


class Law(NamedTuple):
    """What holds of one field of numbers: its path, first place and number of places, the least and the most."""

    path: str
    first: int
    n: int
    least: float
    most: float


def _laws_of(fields: tuple[Field, ...], kind: np.dtype, at: int = 0, path: str = "") -> Iterator[Law]:
    """Yield the law of each field of numbers of a block that begins at byte ``at``, blocks in it looked into."""
    for field in fields:
        assert kind.fields is not None
        inner, step = kind.fields[field.name][:2]
        base, shape = inner.subdtype or (inner, ())
        n, name = int(np.prod(shape, dtype=int)), f"{path}{field.name}"
        if isinstance(field.type, tuple):
            for k in range(n):
                here = f"{name}.{k}." if shape else f"{name}."
                yield from _laws_of(field.type, base, at + step + k * base.itemsize, here)
        elif field.type == "f8":
            yield Law(name, (at + step) // 8, n, *_LAWS.get(field.unit, (-np.inf, np.inf)))


@cache
def laws() -> tuple[Law, ...]:
    """Return the laws of a world's state, from the units of its fields: finite numbers, shares from 0 to 1."""
    return tuple(_laws_of(STATE, WORLD))


@cache
def lawful() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places in the record that hold numbers (n,), and the least and the most that may stand there."""
    biggest, sizes = np.finfo(float).max, [law.n for law in laws()]
    places = np.concatenate([np.arange(law.first, law.first + law.n) for law in laws()])
    least = np.repeat([max(law.least - ROUNDING, -biggest) for law in laws()], sizes)
    most = np.repeat([min(law.most + ROUNDING, biggest) for law in laws()], sizes)
    return places, least, most


def broken_law(place: int, value: float) -> str:
    """Return in words which law does not hold: of the number that stands at a place of the record, or of a sum."""
    if place >= BEHIND:
        counted, possible = SUMS[place - BEHIND]
        return f"{counted} are {value:,.0f}, more than {possible}"
    [law] = [law for law in laws() if law.first <= place < law.first + law.n]
    name = f"{law.path}[{place - law.first}]" if law.n > 1 else law.path
    bounds = f"from {law.least:g} to {law.most:g}" if law.most < np.inf else f"{law.least:g} or more"
    return f"{name} is {value:g}, not {'a finite number' if law.least == -np.inf else bounds}"
