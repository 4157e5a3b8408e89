"""The question of staying: competing causes of an exit, and the months in which it happens."""

import math

from sim.names.actors import (
    BY_AGREEMENT,
    BY_DEMAND,
    BY_OWN_CHOICE,
    GONE_AGREEMENT,
    GONE_DEMAND,
    GONE_OWN_CHOICE,
    LEAVING,
    NORTH_ONLY,
    NOWHERE,
    US,
)
from sim.names.events import (
    CAUSE_COST,
    CAUSE_UNTENABLE,
    EXITED,
    MOVED_NORTH,
    TROOPS_LEFT,
)
from sim.names.mechanisms import M13, M21, M38
from sim.names.streams import U_CONCEDES, U_COST, U_HOSTS
from sim.world.acts import decide_exit
from sim.world.compiled import rule
from sim.world.events import by, clamp, happen
from sim.world.shape import World


@rule
def start_presence(w: World) -> None:
    """Set troops and state of the presence at the start."""
    there = w.presence
    there.troops = w.s.us_troops
    there.troops_start = w.s.us_troops
    there.decided_day = -1
    there.exit_day = -1


@rule
def stay_or_leave(w: World) -> None:
    """Weigh whether the US stays: a defied demand may become untenable, cost may exceed worth; then wind down."""
    there = w.presence
    if there.decided_day < 0 and not w.presence_pinned:
        _untenable(w)
        _not_worth_it(w)
    if there.state == LEAVING:
        _wind_down(w)
    if there.exit_day < 0:
        there.days += 1


@rule
def strain(w: World) -> float:
    """Return the strain of staying: what it costs at home, less the will not to be driven out (M21)."""
    return w.us.cost - by(w, M21, w.p.face * w.us.surge)


@rule
def _untenable(w: World) -> None:
    """A demand that stands wears down a presence that defies it, by the standing of who makes it (M13)."""
    gov = w.government
    if gov.demand <= 0.0:
        return
    standing = gov.demand if w.strength[M13] > 0.0 else 1.0
    hazard = w.p.concede_rate * standing * math.exp(w.p.concede_gain * (strain(w) - w.p.strain_usual))
    if w.u[U_CONCEDES] < clamp(hazard, 0.0, 1.0):
        w.acting_claim = M13
        decide_exit(w, BY_DEMAND, CAUSE_UNTENABLE, w.p.exit_days, _hosted(w), gov.demand_event)


@rule
def _not_worth_it(w: World) -> None:
    """Washington leaves by its own choice, the likelier the more the cost exceeds what staying is worth."""
    gap = strain(w) - w.us.worth * w.us.resolve
    hazard = w.p.own_exit_rate * math.exp(w.p.own_exit_gain * gap)
    if w.u[U_COST] < clamp(hazard, 0.0, 1.0):
        w.acting_claim = M21
        decide_exit(w, BY_OWN_CHOICE, CAUSE_COST, w.p.exit_days, _hosted(w), w.last_deadly_event)


@rule
def _hosted(w: World) -> int:
    """Return 1 when the Kurdistan Region hosts what leaves federal Iraq (M38)."""
    return 1 if w.u[U_HOSTS] < by(w, M38, w.p.north_hosts) else 0


@rule
def _wind_down(w: World) -> None:
    there = w.presence
    go = min(there.troops, there.leaving_from / there.exit_days)
    there.troops -= go
    if there.north:
        if there.troops_north == 0.0:
            w.acting_claim = M38
            happen(w, MOVED_NORTH, US, NOWHERE, 1.0, there.exit_event)
        there.troops_north += go * w.p.north_share
        go -= go * w.p.north_share
    happen(w, TROOPS_LEFT, US, NOWHERE, go, there.exit_event)
    if there.troops <= 1e-6:
        _gone(w)


@rule
def _gone(w: World) -> None:
    there = w.presence
    there.troops = 0.0
    there.exit_day = w.day
    under_fire = w.last_deadly >= 0 and w.day - w.last_deadly <= w.p.ugly_days
    if under_fire:
        there.ugly = 1
    happen(w, EXITED, US, NOWHERE, 1.0, there.exit_event)
    if there.north:
        there.state = NORTH_ONLY
    elif there.exit_kind == BY_AGREEMENT:
        there.state = GONE_AGREEMENT
    elif there.exit_kind == BY_DEMAND:
        there.state = GONE_DEMAND
    else:
        there.state = GONE_OWN_CHOICE
