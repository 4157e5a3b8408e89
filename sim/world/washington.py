"""Washington: what it believes about who attacked, what it feels, and what it decides lane by lane."""

from sim.names.actions import (
    LANE_MONEY,
    LANE_OPERATIONS,
    LANE_POSTURE,
    LANE_PRESENCE,
    LANE_RESPONSE,
    LANE_TALKS,
    LANE_US_POLITICS,
    US_ACCEPT_DEMAND,
    US_AIR_DEFENCE,
    US_BACK_POLITICIANS,
    US_BACK_PROTESTERS,
    US_CONSOLIDATE,
    US_DECLARE_AIMS,
    US_DRAW_DOWN,
    US_HOLD,
    US_LEADERSHIP_STRIKE,
    US_OFFER_TALKS,
    US_PROTEST,
    US_QUIET_LEVERAGE,
    US_REFUSE,
    US_REINFORCE,
    US_RELOCATE_NORTH,
    US_RESUME,
    US_SPREAD,
    US_STRIKE,
    US_STRIKE_IRAN,
    US_SUSPEND,
    US_SUSPEND_TALKS,
    US_THREATEN,
    US_USE_MEASURES,
    US_WAIVE,
    US_WITHDRAW,
    US_WITHDRAW_THREAT,
)
from sim.names.actors import (
    BY_DEMAND,
    BY_OWN_CHOICE,
    DRAWN_DOWN,
    FULL,
    GOVERNMENT,
    IRAN,
    MISSILES,
    N_FACTIONS,
    NOWHERE,
    SEAT_US,
    US,
)
from sim.names.events import (
    AIMS_DECLARED,
    AIR_DEFENCE,
    BACKED_POLITICIANS,
    BACKED_PROTESTERS,
    CAUSE_ACCEPTED,
    CAUSE_POLICY,
    CONSENT,
    CONSENT_REFUSED,
    DEMAND_ACCEPTED,
    DEMAND_REFUSED,
    DRAWN_DOWN_EVENT,
    DREW_TOGETHER,
    HELD,
    LEADERSHIP,
    LEVERAGE_USED,
    MEASURES_LIFTED,
    MEASURES_USED,
    OPERATIONS_RESUMED,
    OPERATIONS_SUSPENDED,
    REINFORCED,
    SPREAD_OUT,
    TALKS_SUSPENDED,
    THREAT_WITHDRAWN,
    THREATENED,
    US_PROTESTED,
    US_STRUCK_IRAN,
)
from sim.names.mechanisms import M09, M22, M38, M46, M47
from sim.world.acts import cut, decide_exit, order_strike, suspend_talks
from sim.world.attribution import suspect
from sim.world.coercion import alarm
from sim.world.compiled import rule
from sim.world.decide import action_of, choose, name_of, option_of
from sim.world.draws import logistic
from sim.world.elementary import log
from sim.world.events import by, climb, happen, happen_at, happen_detail, nudge, reads
from sim.world.review import start_reviews
from sim.world.shape import World

#: Days without backing after which it is told to have begun again.
BACKING_REST = 60


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_washington(w: World) -> None:
    """Set Washington's will, costs and beliefs at the start."""
    us = w.us
    us.resolve = w.s.resolve
    us.cost = w.s.cost_at_home
    us.worth = w.p.worth_base
    start_reviews(w)
    us.suspended = 1 if w.s.operations_suspended > 0.0 else 0
    us.case_event = 0
    us.consolidated = int(w.s.consolidated)
    us.faith = w.s.faith_in_protection
    for f in range(N_FACTIONS):
        us.prior[f] = log(0.01 + w.faction_in[f].appetite)
    us.aims = int(w.s.aims)
    us.told_members = us.told_street = -BACKING_REST - 1


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def _provocation(w: World) -> int:
    """Return what a strike answers when no case is open: a siege of late, or the last deadly attack."""
    if w.siege or w.humiliation > 0.2:
        return w.siege_event
    return w.last_deadly_event


@rule
def _alarm(w: World) -> int:
    """Return what made the force look to its own protection: the later of the last strike and the attack at hand."""
    if w.us.case_open and w.us.case_day > w.last_strike:
        return w.us.case_event
    return w.us.last_strike_event


@rule
def weigh_iran(w: World) -> None:
    """At dawn: weigh whether to answer a blow of Iran's own; whether it killed Americans weighs in (M47)."""
    us, p = w.us, w.p
    if not us.iran_case:
        us.pull_answer = 0.0
        return
    if w.day - us.iran_case_day > p.iran_case_days:
        us.iran_case = 0
        us.pull_answer = 0.0
        return
    x = p.answer_base + p.answer_resolve * (us.resolve + us.surge + w.humiliation - us.cost)
    if reads(w, M47, 1):
        x += by(w, M47, p.answer_pride)
    elif us.iran_case_killed > 0.0:
        x += by(w, M47, p.answer_dead * min(1.0, us.iran_case_killed / 5.0))
    else:
        x -= by(w, M47, p.answer_no_dead)
    us.pull_answer = logistic(x)


@rule
def region_hosts(w: World) -> bool:
    """Return whether the Kurdistan Region hosts US forces when it is asked (M38)."""
    see = w.sees.public
    return see.north_offered > 0.0 or by(w, M38, see.region_willing) >= w.p.north_agrees


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def decide_washington(w: World) -> None:
    """Choose by policy in every lane: response, posture, operations, talks, money, politics, presence."""
    _means(w)
    w.us.talks_offered = 0  # an offer stands as long as it is made
    w.us.backs_members = 0.0
    w.us.backs_street = 0.0
    for lane in range(LANE_PRESENCE + 1):
        r = choose(w, SEAT_US, lane)
        if r >= 0:
            _carry_out(w, lane, r)
    w.acting_rule = 0


@rule
def _means(w: World) -> None:
    """Say what Washington has the means for today."""
    can, see, us = w.can, w.sees.public, w.us
    armed = w.presence.troops + w.presence.troops_north > 0.0
    leaving = w.presence.decided_day >= 0
    can[SEAT_US, US_HOLD] = us.case_open
    can[SEAT_US, US_PROTEST] = us.case_open
    can[SEAT_US, US_STRIKE] = 1 if armed else 0
    can[SEAT_US, US_LEADERSHIP_STRIKE] = 1 if armed else 0
    can[SEAT_US, US_STRIKE_IRAN] = us.iran_case
    can[SEAT_US, US_USE_MEASURES] = 1 - us.measures
    can[SEAT_US, US_WAIVE] = 1 if us.measures or us.sanctions else 0
    can[SEAT_US, US_BACK_POLITICIANS] = 1
    can[SEAT_US, US_BACK_PROTESTERS] = 1 if see.protest > 0.02 else 0
    can[SEAT_US, US_DECLARE_AIMS] = 0 if leaving else 1
    can[SEAT_US, US_CONSOLIDATE] = 1 if armed and not us.consolidated else 0
    can[SEAT_US, US_SPREAD] = us.consolidated if not leaving else 0
    can[SEAT_US, US_AIR_DEFENCE] = 1 - us.air_defence_ordered
    can[SEAT_US, US_REINFORCE] = 0 if leaving else 1
    can[SEAT_US, US_SUSPEND] = 1 - us.suspended if armed else 0
    can[SEAT_US, US_RESUME] = us.suspended if armed else 0
    can[SEAT_US, US_OFFER_TALKS] = 0 if leaving else 1
    can[SEAT_US, US_REFUSE] = 1
    stays = w.presence_pinned == 0 and not leaving
    can[SEAT_US, US_ACCEPT_DEMAND] = 1 if see.demand_made > 0.0 and stays else 0
    can[SEAT_US, US_SUSPEND_TALKS] = 1 if see.talks_open > 0.0 else 0
    can[SEAT_US, US_QUIET_LEVERAGE] = 1
    can[SEAT_US, US_THREATEN] = 1 - us.threat
    can[SEAT_US, US_WITHDRAW_THREAT] = us.threat
    can[SEAT_US, US_WITHDRAW] = 1 if stays else 0
    can[SEAT_US, US_RELOCATE_NORTH] = 1 if stays and region_hosts(w) else 0
    can[SEAT_US, US_DRAW_DOWN] = 1 if stays and w.presence.state == FULL else 0


@rule
def _carry_out(w: World, lane: int, r: int) -> None:
    w.acting_rule = name_of(SEAT_US, r)
    action = action_of(w, SEAT_US, r)
    if lane == LANE_RESPONSE:
        _respond(w, action, r)
    elif lane == LANE_POSTURE:
        _set_posture(w, action, r)
    elif lane == LANE_OPERATIONS:
        _set_operations(w, action)
    elif lane == LANE_TALKS:
        _take_stand(w, action)
    elif lane == LANE_MONEY:
        _use_money(w, action)
    elif lane == LANE_US_POLITICS:
        _take_part(w, action, r)
    else:
        _decide_presence(w, action, r)


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def _respond(w: World, action: int, r: int) -> None:
    us = w.us
    if action == US_HOLD or action == US_PROTEST:
        if not us.case_held and us.case_killed + us.case_wounded > 0.0:
            gov = w.government
            event = happen(w, HELD if action == US_HOLD else US_PROTESTED, US, NOWHERE, 1.0, us.case_event)
            gov.trust = nudge(gov.trust, w.p.trust_per_hold)
            gov.trust_event = event
        us.case_held = 1
        return
    if action == US_STRIKE_IRAN:
        strike_iran(w, option_of(w, SEAT_US, r, 0))
        return
    leader = action == US_LEADERSHIP_STRIKE
    whom = int(option_of(w, SEAT_US, r, 0))
    target = suspect(w) if whom == 0 else whom - 1
    weight = LEADERSHIP if leader else 1 + int(option_of(w, SEAT_US, r, 1))
    told = int(option_of(w, SEAT_US, r, 1 if leader else 2))
    place = int(option_of(w, SEAT_US, r, 2 if leader else 3))
    cause = us.case_event if us.case_open else _provocation(w)
    if told == CONSENT and w.government.trust < w.p.consent_trust:
        w.acting_claim = M09
        happen(w, CONSENT_REFUSED, GOVERNMENT, NOWHERE, 1.0, cause)
        return
    order_strike(w, target, weight, told, place, cause, w.acting_rule)
    if w.n_strikes > 0:
        w.strikes[w.n_strikes - 1].answers_case = us.case_open if whom == 0 else 0
    us.case_open = 0
    us.killed_since_strike = 0.0


@rule
def _set_posture(w: World, action: int, r: int) -> None:
    us = w.us
    if action == US_CONSOLIDATE:
        us.consolidated = 1
        us.posture_event = happen(w, DREW_TOGETHER, US, NOWHERE, 1.0, w.last_deadly_event)
    elif action == US_SPREAD:
        us.consolidated = 0
        us.posture_event = happen(w, SPREAD_OUT, US, NOWHERE, 1.0, 0)
    elif action == US_AIR_DEFENCE:
        us.air_defence_ordered = 1
        happen(w, AIR_DEFENCE, US, NOWHERE, 1.0, w.last_deadly_event)
    else:
        more = option_of(w, SEAT_US, r, 0)
        w.presence.troops += more
        w.presence.ever += more
        alarm(w)
        happen(w, REINFORCED, US, NOWHERE, more, w.last_deadly_event)


@rule
def _set_operations(w: World, action: int) -> None:
    w.us.suspended = 1 if action == US_SUSPEND else 0
    if action == US_SUSPEND:
        happen(w, OPERATIONS_SUSPENDED, US, NOWHERE, 1.0, _alarm(w))
    else:
        happen(w, OPERATIONS_RESUMED, US, NOWHERE, 1.0, 0)


@rule
def _take_stand(w: World, action: int) -> None:
    us, gov = w.us, w.government
    us.talks_offered = 1 if action == US_OFFER_TALKS else 0
    us.talks_refused = 1 if action == US_REFUSE else 0
    if action == US_REFUSE and gov.talks_open:
        _break_off(w, gov.talks_event)
    stays = w.presence.decided_day < 0
    if action == US_REFUSE and stays and gov.demand > 0.0 and not gov.refused:
        gov.refused = 1
        w.parliament.momentum *= 1.0 - w.p.momentum_refusal
        happen(w, DEMAND_REFUSED, US, NOWHERE, 1.0, gov.demand_event)
    elif action == US_ACCEPT_DEMAND:
        event = happen(w, DEMAND_ACCEPTED, US, NOWHERE, 1.0, gov.demand_event)
        decide_exit(w, BY_DEMAND, CAUSE_ACCEPTED, w.p.exit_days, 0, event)
    elif action == US_SUSPEND_TALKS:
        _break_off(w, w.last_deadly_event)


@rule
def _break_off(w: World, why: int) -> None:
    suspend_talks(w)
    happen(w, TALKS_SUSPENDED, US, NOWHERE, 1.0, why)


@rule
def _use_money(w: World, action: int) -> None:
    us = w.us
    if action == US_QUIET_LEVERAGE:
        if us.leverage < 0.05 and w.strength[M22] > 0.0:
            happen(w, LEVERAGE_USED, US, NOWHERE, 1.0, w.government.demand_event)
        us.leverage = nudge(us.leverage, by(w, M22, w.p.leverage_step))
        return
    if action == US_USE_MEASURES:
        us.measures = 1
        happen(w, MEASURES_USED, US, NOWHERE, 1.0, w.government.demand_event)
        return
    if action == US_WAIVE:
        us.measures = 0
        us.sanctions = 0
        happen(w, MEASURES_LIFTED, US, NOWHERE, 1.0, 0)
        return
    us.threat = 1 if action == US_THREATEN else 0
    happen(w, THREATENED if us.threat else THREAT_WITHDRAWN, US, NOWHERE, 1.0, w.parliament.passed_event)
    if us.threat:
        w.pending_us_all += by(w, M22, w.p.threat_anger)


@rule
def strike_iran(w: World, weight: float) -> None:
    """Strike on Iranian soil: Iran's pressure, grievance and fear rise, and its blow is answered."""
    us, iran = w.us, w.iran
    us.iran_case = 0
    iran.struck = 1
    iran.struck_day = w.day
    iran.pressure = nudge(iran.pressure, w.p.pressure_per_strike * 2.0)
    iran.grievance = nudge(iran.grievance, w.p.grievance_struck * weight)
    iran.fear = nudge(iran.fear, w.p.fear_per_salvo)
    iran.struck_event = happen_at(w, US_STRUCK_IRAN, US, IRAN, NOWHERE, -1, 1.0, weight, us.iran_case_event)
    iran.grievance_event = iran.struck_event
    climb(w, MISSILES, US, NOWHERE, iran.struck_event)


@rule
def _take_part(w: World, action: int, r: int) -> None:
    """Take part in Iraq's politics: stand by friends (M41; in the open less comes of it), or declare aims."""
    us = w.us
    if action == US_DECLARE_AIMS:
        _declare(w, int(option_of(w, SEAT_US, r, 0)))
        return
    in_the_open = option_of(w, SEAT_US, r, 1) > 0.0
    effort = option_of(w, SEAT_US, r, 0) * (w.p.open_backing if in_the_open else 1.0)
    if action == US_BACK_POLITICIANS:
        if w.day - us.told_members > BACKING_REST:
            happen(w, BACKED_POLITICIANS, US, NOWHERE, 1.0, 0)
        us.told_members = w.day
        us.backs_members = effort
    else:
        if w.day - us.told_street > BACKING_REST:
            happen(w, BACKED_PROTESTERS, US, NOWHERE, 1.0, 0)
        us.told_street = w.day
        us.backs_street = effort


@rule
def _declare(w: World, aims: int) -> None:
    """Declare what the forces are there for: other aims than ISIS anger without a shot (M46)."""
    if aims == w.us.aims:
        return
    w.us.aims = aims
    w.acting_claim = M46
    happen_detail(w, AIMS_DECLARED, US, NOWHERE, 1.0, float(aims), 0)
    if aims > 0:
        w.pending_us_all += by(w, M46, w.p.aims_anger)


@rule
def _decide_presence(w: World, action: int, r: int) -> None:
    if w.presence.decided_day >= 0:
        return  # a demand accepted earlier today has settled it
    if action == US_DRAW_DOWN:
        stay = w.presence.troops * option_of(w, SEAT_US, r, 0)
        w.presence.state = DRAWN_DOWN
        event = happen_detail(w, DRAWN_DOWN_EVENT, US, NOWHERE, 1.0, stay, w.us.cost_event)
        cut(w, w.presence.troops - stay, event)
        return
    north = 1 if action == US_RELOCATE_NORTH else 0
    decide_exit(w, BY_OWN_CHOICE, CAUSE_POLICY, option_of(w, SEAT_US, r, 0), north, w.government.demand_event)
