"""Iran: how hard it pushes the factions, whether it strikes itself, and what it spends in Baghdad's politics."""

from sim.names.actions import (
    IRAN_COURT,
    IRAN_FIRE_MISSILES,
    IRAN_ORDER,
    LANE_DIRECT,
    LANE_POLITICS,
    LANE_PROXIES,
)
from sim.names.actors import IRAN, NOWHERE, SEAT_IRAN
from sim.names.events import HEAVY, IRAN_ORDERED, LEADERSHIP
from sim.names.mechanisms import M03, M04
from sim.world.compiled import rule
from sim.world.decide import choose, name_of, option_of
from sim.world.events import by, clamp, happen_detail, nudge
from sim.world.shape import World


@rule
def start_iran(w: World) -> None:
    """Set Iran's pressure, fear and network at the start."""
    w.iran.pressure = w.s.pressure_on_iran
    w.iran.fear = w.p.fear_base
    w.iran.network = w.s.iran_network


@rule
def decide_iran(w: World) -> None:
    """Choose by policy: the order to the factions, a blow of its own, means spent on Baghdad's politics."""
    iran, can = w.iran, w.can
    can[SEAT_IRAN, IRAN_ORDER] = 1
    can[SEAT_IRAN, IRAN_FIRE_MISSILES] = 1 if w.sees.public.us_troops > 0.0 else 0
    can[SEAT_IRAN, IRAN_COURT] = 1
    iran.courting = 0.0
    r = choose(w, SEAT_IRAN, LANE_PROXIES)
    _order(w, option_of(w, SEAT_IRAN, r, 0) if r >= 0 else 0.0, name_of(SEAT_IRAN, r) if r >= 0 else 0)
    r = choose(w, SEAT_IRAN, LANE_DIRECT)
    if r >= 0:
        iran.missiles_today = 1
        iran.missile_weight = option_of(w, SEAT_IRAN, r, 0)
        w.missile_rule = name_of(SEAT_IRAN, r)
    r = choose(w, SEAT_IRAN, LANE_POLITICS)
    if r >= 0:
        iran.courting = option_of(w, SEAT_IRAN, r, 0)
    iran.push = _push(w)


@rule
def _order(w: World, order: float, by_rule: int) -> None:
    step = _step(order)
    if step != _step(w.iran.order):
        w.acting_rule = by_rule
        happen_detail(w, IRAN_ORDERED, IRAN, NOWHERE, 1.0, float(step), w.iran.grievance_event)
        w.acting_rule = 0
    w.iran.order = order


@rule
def _step(order: float) -> int:
    """Return the order in words' place: stand down, restrain, carry on, push, all out."""
    if order <= -0.75:
        return 0
    if order < -0.1:
        return 1
    if order <= 0.1:
        return 2
    return 3 if order < 0.75 else 4


@rule
def _push(w: World) -> float:
    """Return the order as it reaches the factions: by the network, and harder under pressure (M03)."""
    harder = by(w, M03, w.p.pressure_push * w.iran.pressure)
    return clamp(w.iran.order * w.iran.network + harder, -1.0, 1.0)


@rule
def feel_iran(w: World) -> None:
    """Let strikes raise Iran's pressure and, for a leader, its grievance (M04); let missiles satisfy it, all fade."""
    iran, p = w.iran, w.p
    for k in range(w.n_strikes):
        _take_blow(w, k)
    if iran.missiles_today:
        iran.unavenged = 0
        iran.grievance *= p.grievance_after_answer
        iran.fear = nudge(iran.fear, p.fear_per_salvo)
        iran.missiles_today = 0
        w.missile_rule = 0
    iran.grievance *= w.kept.grievance
    iran.fear += (p.fear_base - iran.fear) / p.fear_days
    iran.pressure += (w.s.pressure_on_iran - iran.pressure) / p.pressure_days
    iran.network += (1.0 - iran.network) * p.network_repair


@rule
def _take_blow(w: World, k: int) -> None:
    iran, p, s = w.iran, w.p, w.strikes[k]
    iran.pressure = nudge(iran.pressure, p.pressure_per_strike * (2.0 if s.weight == HEAVY else 1.0))
    if s.weight != LEADERSHIP:
        return
    iran.grievance = nudge(iran.grievance, by(w, M04, p.grievance_per_leader))
    iran.grievance_event = s.event
    iran.unavenged = 1 if w.strength[M04] > 0.0 else 0
    iran.network *= 1.0 - p.network_per_leader
