"""What holds of a world's counts together: nobody dies twice, and no army is larger than the people it comes from.

What holds of single numbers follows from their units (``sim.world.record.laws``), and of measures from their limits
(``sim.names.limits``). These laws are certain, not likely: a world that breaks one is none.
"""

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
from sim.world.record import ROUNDING, SUMS
from sim.world.shape import World

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
