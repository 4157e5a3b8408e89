"""Iran: how hard it pushes the factions, whether it strikes itself, and what it spends in Baghdad's politics."""

from sim.names.actions import (
    IRAN_COURT,
    IRAN_FIRE_MISSILES,
    IRAN_ORDER,
    LANE_DIRECT,
    LANE_POLITICS,
    LANE_PROXIES,
)
from sim.names.actors import IRAN, N_GOVERNORATES, NOWHERE, OPEN_WAR, SEAT_IRAN, US
from sim.names.events import HEAVY, IRAN_ORDERED, LEADERSHIP, US_STRUCK_IRAN, WAR_BEGAN, WAR_ENDED
from sim.names.mechanisms import M03, M04, M54, M64
from sim.world.coercion import fear_in_tehran, held_by_fear
from sim.world.compiled import rule
from sim.world.decide import choose, name_of, option_of
from sim.world.draws import WAR_SALVO_DRAW, draw
from sim.world.events import by, clamp, climb, happen, happen_at, happen_detail, nudge, reads
from sim.world.shape import World

#: The order that asks for nothing more and nothing less.
CARRY_ON = 2


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_iran(w: World) -> None:
    """Set Iran's pressure, fear and network at the start."""
    w.iran.pressure = w.s.pressure_on_iran
    w.iran.fear = w.p.fear_base
    w.iran.network = w.s.iran_network
    w.iran.funds = _means(w)
    w.iran.order_day = -1
    w.iran.stock = w.p.missile_stock
    w.war_over = -1


# What it sees and feels ---------------------------------------------------------------------------------------------


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
        iran.struck = 0
        w.missile_rule = 0
    iran.stock += min(p.missile_refill, max(0.0, p.missile_stock - iran.stock))
    iran.grievance *= w.kept.grievance
    iran.fear = p.fear_base + (iran.fear - p.fear_base) * w.kept.fear
    iran.pressure = w.s.pressure_on_iran + (iran.pressure - w.s.pressure_on_iran) * w.kept.pressure
    iran.network += (1.0 - iran.network) * p.network_repair
    iran.funds = _means(w)
    iran.worry = worry(w)


@rule
def _take_blow(w: World, k: int) -> None:
    iran, p, s = w.iran, w.p, w.strikes[k]
    iran.pressure = nudge(iran.pressure, p.pressure_per_strike * (2.0 if s.weight == HEAVY else 1.0))
    fear_in_tehran(w, k)
    if s.weight != LEADERSHIP:
        return
    if s.guest == 1:
        iran.grievance = nudge(iran.grievance, by(w, M04, p.grievance_per_leader))
        iran.grievance_event = s.event
        iran.unavenged = 1 if w.strength[M04] > 0.0 else 0
        iran.network *= 1.0 - p.network_per_leader
        return
    iran.grievance = nudge(iran.grievance, by(w, M04, p.grievance_per_leader * p.grievance_per_friend))
    if not iran.unavenged:
        iran.grievance_event = s.event


@rule
def worry(w: World) -> float:
    """Return Iran's worry over ISIS (0 to 1): as it grows in Iraq, or, where that alone moves it, near the border."""
    if reads(w, M54, 1):
        near = 0.0
        for g in range(N_GOVERNORATES):
            near += w.place_fighters[g] * w.place_in[g].iran_border
        return clamp(near / max(1.0, w.border_start) - 1.0, 0.0, 1.0)
    return clamp(w.sees.public.isis_trend - 1.0, 0.0, 1.0)


@rule
def softened(w: World) -> float:
    """Return how far worry over ISIS softens the push: not where Iran takes it as the price of the exit (M54)."""
    full = w.p.worry_softens * w.iran.worry
    if reads(w, M54, 1):
        return by(w, M54, full)
    return full * clamp(1.0 - (by(w, M54, 1.0) if full > 0.0 else 0.0), 0.0, 1.0)


@rule
def _means(w: World) -> float:
    """Return the money at hand for friends in Iraq: less under pressure, by a broken network, past a wary Baghdad."""
    carried = clamp(1.0 - by(w, M64, w.p.hold_by_network * (1.0 - w.iran.network)), 0.0, 1.0)
    spared = 1.0 - w.p.funds_pressure * w.iran.pressure
    return spared * carried * (1.0 - w.p.finance_squeeze * w.government.cooperates)


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def decide_iran(w: World) -> None:
    """Choose by policy: the order to the factions, a blow of its own, means spent on Baghdad's politics."""
    iran, can = w.iran, w.can
    can[SEAT_IRAN, IRAN_ORDER] = 1
    can[SEAT_IRAN, IRAN_FIRE_MISSILES] = 1 if w.sees.public.us_troops > 0.0 and iran.stock >= 1.0 else 0
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
    iran.restrained += 1 if _step(iran.order) < CARRY_ON else 0
    iran.pushed += 1 if _step(iran.order) > CARRY_ON else 0


@rule
def _order(w: World, order: float, by_rule: int) -> None:
    step = _step(order)
    if step == _step(w.iran.order) or w.day == 0:
        w.iran.order = order  # the order of day 0 is the one that stood
        return
    if w.iran.order_day >= 0 and w.day - w.iran.order_day < w.p.order_days:
        return  # a network is not turned in a day
    w.acting_rule = by_rule
    why = w.iran.grievance_event if order > w.iran.order or w.iran.unavenged else w.parliament.passed_event
    w.iran.order_event = happen_detail(w, IRAN_ORDERED, IRAN, NOWHERE, 1.0, float(step), why)
    w.acting_rule = 0
    w.iran.order_day = w.day
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
    """Return the order as it reaches the factions: by the network, harder under pressure (M03), softer for worry."""
    harder = by(w, M03, w.p.pressure_push * w.iran.pressure)
    loose = w.p.war_push * w.sees.public.open_war
    return clamp(w.iran.order * w.iran.network + harder + loose - softened(w) - held_by_fear(w), -1.0, 1.0)


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def may_go_to_war(w: World) -> None:
    """Begin open war when Iran answers a strike on its own soil with a salvo that is more than a token."""
    iran = w.iran
    if iran.struck and w.day - iran.struck_day > w.p.iran_case_days:
        iran.struck = 0
    resting = w.war_over >= 0 and w.day - w.war_over < w.p.war_rest
    if not iran.missiles_today or not iran.struck or w.open_war or resting:
        return
    if draw(w, WAR_SALVO_DRAW, 3) < w.p.war_chance * iran.missile_weight:
        w.open_war = 1
        w.had_open_war = 1
        w.war_event = happen(w, WAR_BEGAN, IRAN, NOWHERE, 1.0, w.iran.struck_event)
        climb(w, OPEN_WAR, IRAN, NOWHERE, w.war_event)


@rule
def war_day(w: World) -> None:
    """Let an open war with the US go on by salvoes and strikes of its own momentum, until both stop it."""
    if not w.open_war:
        return
    if draw(w, WAR_SALVO_DRAW, 2) < w.p.war_stops:
        w.open_war = 0
        w.iran.struck = 0
        w.us.iran_case = 0
        w.war_over = w.day
        happen(w, WAR_ENDED, IRAN, NOWHERE, 1.0, w.war_event)
        return
    if draw(w, WAR_SALVO_DRAW, 0) < w.p.war_salvo and w.presence.troops > 0.0 and w.iran.stock >= w.p.war_weight:
        w.iran.missiles_today = 1
        w.iran.missile_weight = w.p.war_weight
    if draw(w, WAR_SALVO_DRAW, 1) < w.p.war_salvo:
        event = happen_at(w, US_STRUCK_IRAN, US, IRAN, NOWHERE, -1, 1.0, w.p.war_weight, w.war_event)
        climb(w, OPEN_WAR, US, NOWHERE, event)
