"""The siege of an embassy: crowds that gather, the days that it lasts, and how it ends."""

from sim.names.actors import (
    BAGHDAD,
    FIRST_FACTION,
    N_FACTIONS,
)
from sim.names.events import SIEGE_ENDED
from sim.names.mechanisms import M60
from sim.names.streams import U_CLEARED, U_CROWD
from sim.world.acts import begin_siege
from sim.world.compiled import rule
from sim.world.events import by, happen_detail
from sim.world.militias import CALLED_OFF, CLEARED, FRESH
from sim.world.shape import World


@rule
def crowds(w: World) -> None:
    """Let crowds follow factions that call them, and go home by a word (M60) or when they are cleared."""
    for f in range(N_FACTIONS):
        chance = w.faction_in[f].embassy_crowds * w.p.crowd_chance
        if w.factions[f].wants_crowd and w.siege == 0 and w.u[U_CROWD + f] < chance:
            fresh = w.last_strike >= 0 and w.day - w.last_strike <= FRESH
            begin_siege(w, f, w.us.last_strike_event if fresh else 0)
    if w.siege:
        _siege_day(w)


@rule
def _siege_day(w: World) -> None:
    for f in range(N_FACTIONS):
        if w.factions[f].besieging and w.factions[f].calls_off and w.strength[M60] > 0.0:
            _end_siege(w, f, CALLED_OFF)
            return
    if w.day > w.siege_day and w.u[U_CLEARED] < w.p.siege_clear_rate:
        _end_siege(w, 0, CLEARED)


@rule
def _end_siege(w: World, f: int, how: float) -> None:
    if how == CALLED_OFF:
        by(w, M60, 1.0)
        w.acting_claim = M60
    w.siege = 0
    for g in range(N_FACTIONS):
        w.factions[g].besieging = 0
    happen_detail(w, SIEGE_ENDED, FIRST_FACTION + f, BAGHDAD, 1.0, how, w.siege_event)
