"""Sadr's movement: against the US presence and against Iran's hold; whichever seems the greater master moves it."""

import math

from sim.names.actors import BAGHDAD, SADR
from sim.names.events import SADR_CALLED, SADR_CALLED_OFF, SADR_RALLIED
from sim.names.mechanisms import M10
from sim.names.streams import U_SADR
from sim.world.compiled import rule
from sim.world.draws import SADRS_CROWD_DRAW, draw, logistic
from sim.world.events import by, clamp, happen, happen_detail, nudge
from sim.world.shape import World

RESTING, AGAINST_US, AGAINST_IRAN = 0, 1, 2


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_sadr(w: World) -> None:
    """Set Sadr's stance at the start."""
    w.sadr.stance = w.s.sadr_stance
    w.sadr.since = -1


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def _leaning(w: World) -> float:
    """Return where the greater master pulls him: the US that breaches sovereignty, or Iran that rules Baghdad."""
    there = 1.0 if w.presence.troops > 0.0 else 0.0
    leaving = 1.0 if w.presence.decided_day >= 0 else 0.0
    us = there * (0.3 + w.parliament.outrage + 0.5 * (w.mood_us - 0.5))
    iran = w.influence + 0.2 * leaving + 0.5 * (w.mood_iran - 0.5)
    return 2.0 * logistic(2.0 * w.p.sadr_gain * (us - iran)) - 1.0  # the hyperbolic tangent


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def sadr_day(w: World) -> None:
    """Let Sadr take in the day, call his followers out, or call them off (M10)."""
    s = w.sadr
    s.stance = clamp(s.stance + by(w, M10, (_leaning(w) - s.stance) * (1.0 - w.kept.stance)), -1.0, 1.0)
    if s.marching:
        _march(w)
    elif s.since < 0 or w.day - s.since > w.p.sadr_rest:
        _may_call(w)


@rule
def _may_call(w: World) -> None:
    s = w.sadr
    if s.stance > 0.0 and w.presence.decided_day >= 0:
        return  # those he would march against are going
    provoked = w.parliament.outrage if s.stance > 0.0 else w.influence * w.protest_all
    chance = by(w, M10, w.p.sadr_calls * abs(s.stance) * provoked)
    if abs(s.stance) < w.p.sadr_resolve or w.u[U_SADR] >= chance:
        return
    s.marching = AGAINST_US if s.stance > 0.0 else AGAINST_IRAN
    s.since = w.day
    why = w.parliament.outrage_event if s.marching == AGAINST_US else w.protest_event
    w.acting_claim = M10
    s.event = happen_detail(w, SADR_CALLED, SADR, BAGHDAD, 1.0, float(s.marching - 1), why)


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def _march(w: World) -> None:
    """Let the crowd come out a few days after the call; he sends it home when his mind has changed, or it is done."""
    s = w.sadr
    out = w.day - s.since
    if out == int(w.p.sadr_gathers):
        _rally(w)
    against_us = s.stance > 0.0
    turned = against_us != (s.marching == AGAINST_US) or abs(s.stance) < 0.5 * w.p.sadr_resolve
    if turned or out > w.p.sadr_stays:
        s.marching = RESTING
        s.since = w.day
        happen(w, SADR_CALLED_OFF, SADR, BAGHDAD, 1.0, s.event)


@rule
def _rally(w: World) -> None:
    s = w.sadr
    size = w.p.sadr_crowd * (0.5 + draw(w, SADRS_CROWD_DRAW, 0)) * (0.5 + abs(s.stance))
    w.acting_claim = M10
    happen_detail(w, SADR_RALLIED, SADR, BAGHDAD, math.floor(size / 1000.0) * 1000.0, float(s.marching - 1), s.event)
    if s.marching == AGAINST_US:
        w.pending_us_all += w.p.sadr_stirs
        w.parliament.momentum = nudge(w.parliament.momentum, w.p.sadr_momentum)
    else:
        w.pending_iran_all += w.p.sadr_stirs
        w.agenda = nudge(w.agenda, w.p.sadr_stirs)
