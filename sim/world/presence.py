"""The question of staying: competing causes of an exit, and the months in which it happens."""

from sim.names.actors import (
    BY_AGREEMENT,
    BY_DEMAND,
    BY_OWN_CHOICE,
    DRAWN_DOWN,
    FULL,
    GONE_AGREEMENT,
    GONE_DEMAND,
    GONE_OWN_CHOICE,
    LEAVING,
    N_GOVERNORATES,
    NORTH_ONLY,
    NOWHERE,
    US,
)
from sim.names.events import (
    CAUSE_AGREED,
    CAUSE_COST,
    CAUSE_UNTENABLE,
    DRAWN_DOWN_EVENT,
    EXITED,
    LEAVING_HURRIED,
    LEAVING_SLOWED,
    MOVED_NORTH,
    NORTH_LEFT,
    SANCTIONS,
    TROOPS_LEFT,
    TURNED_NORTH,
)
from sim.names.measures import READINGS_AFTER
from sim.names.mechanisms import M13, M21, M30, M32, M38
from sim.names.streams import U_CONCEDES, U_COST, U_CUT, U_HOSTS
from sim.world.acts import cut, decide_exit
from sim.world.compiled import rule
from sim.world.draws import NORTH_LEFT_DRAW, SANCTIONS_DRAW, draw
from sim.world.elementary import exp, expm1
from sim.world.events import by, clamp, happen, reads
from sim.world.field import N_READINGS
from sim.world.shape import World

#: The rung of the ladder at which leaving would be leaving under fire altogether.
TOP_RUNG = 7.0
#: Days before a change of pace shows, and before another is told.
PACE_REST = 20
#: How far below worth a cost is that makes Washington think of a smaller force.
NEARLY = 0.15


@rule
def start_presence(w: World) -> None:
    """Set troops and state of the presence at the start."""
    there = w.presence
    there.troops = w.s.us_troops
    there.troops_start = w.s.us_troops
    there.ever = w.s.us_troops
    there.decided_day = -1
    there.exit_day = -1
    there.left_all_day = -1
    if w.s.leaving_days > 0.0:
        decide_exit(w, BY_AGREEMENT, CAUSE_AGREED, w.s.leaving_days, 0, 0)
    w.cover = 1.0


@rule
def stay_or_leave(w: World) -> None:
    """Weigh whether the US stays: a defied demand may become untenable, cost may exceed worth; then wind down."""
    there = w.presence
    if there.decided_day < 0 and not w.presence_pinned:
        _untenable(w)
        _not_worth_it(w)
        _less_worth_it(w)
    if there.decided_day == w.day:
        _resent(w)
    if there.state == LEAVING:
        there.to_cut = 0.0
        _may_turn_north(w)
        _set_pace(w)
        _wind_down(w)
    elif there.state == NORTH_ONLY:
        _stay_north(w)
    elif there.to_cut > 0.0:
        _cut_down(w)
    if there.exit_day < 0:
        there.days += 1
    gone = 1.0 - clamp((there.troops + 0.5 * there.troops_north) / max(1.0, 0.3 * there.troops_start), 0.0, 1.0)
    w.cover = clamp(1.0 - by(w, M30, gone), 0.0, 1.0)
    _read_again(w)


@rule
def strain(w: World) -> float:
    """Return the strain of staying: what it costs at home, less the will not to be seen leaving under fire (M21)."""
    if reads(w, M21, 1):
        return w.us.cost
    under_fire = max(w.us.surge, w.rung / TOP_RUNG) * (1.0 - w.us.weary)
    return w.us.cost - by(w, M21, w.p.face * under_fire)


@rule
def _untenable(w: World) -> None:
    """A demand that stands wears down a presence that defies it, by the standing of who makes it (M13)."""
    gov = w.government
    if gov.demand <= 0.0:
        return
    standing = gov.demand if w.strength[M13] > 0.0 else 1.0
    hazard = w.p.concede_rate * standing * exp(w.p.concede_gain * (strain(w) - w.p.strain_usual))
    if w.u[U_CONCEDES] < clamp(hazard, 0.0, 1.0):
        w.acting_claim = M13
        w.acting_also = w.us.cost_event
        decide_exit(w, BY_DEMAND, CAUSE_UNTENABLE, w.p.exit_days, _hosted(w), gov.demand_event)


@rule
def _not_worth_it(w: World) -> None:
    """Washington leaves by its own choice, the likelier the more the cost exceeds what staying is worth."""
    gap = strain(w) - w.us.worth * w.us.resolve
    if gap <= 0.0:
        return
    hazard = w.p.own_exit_rate * expm1(w.p.own_exit_gain * gap)
    if w.u[U_COST] < clamp(hazard, 0.0, 1.0):
        w.acting_claim = M21
        w.acting_also = w.us.last_strike_event
        decide_exit(w, BY_OWN_CHOICE, CAUSE_COST, w.p.exit_days, _hosted(w), w.us.cost_event)


@rule
def _less_worth_it(w: World) -> None:
    """Washington cuts the force without leaving, as cost nears worth: half a presence costs half."""
    there = w.presence
    if there.decided_day >= 0 or there.troops < 0.4 * there.troops_start:
        return
    near = strain(w) - w.us.worth * w.us.resolve + NEARLY
    if near <= 0.0 or there.to_cut > 0.0:
        return
    if w.u[U_CUT] < clamp(w.p.cut_rate * expm1(w.p.own_exit_gain * near), 0.0, 1.0):
        if there.state == FULL:
            there.state = DRAWN_DOWN
        w.us.cost *= w.p.cut_share
        event = happen(w, DRAWN_DOWN_EVENT, US, NOWHERE, 1.0, w.us.cost_event)
        cut(w, there.troops * (1.0 - w.p.cut_share), event)


@rule
def _cut_down(w: World) -> None:
    """Send home a day's part of those whom a smaller footprint can spare."""
    there = w.presence
    go = min(there.to_cut, there.cut_a_day, there.troops)
    there.to_cut = max(0.0, there.to_cut - there.cut_a_day)
    if go > 0.0:
        there.troops -= go
        happen(w, TROOPS_LEFT, US, NOWHERE, go, there.cut_event)


@rule
def _resent(w: World) -> None:
    """Let a Washington that feels thrown out punish (M32): by sanctions, the likelier the more it resents leaving."""
    chance = by(w, M32, w.p.sanctions_follow * w.presence.resented)
    if not w.us.sanctions and draw(w, SANCTIONS_DRAW, 0) < chance:
        w.us.sanctions = 1
        w.acting_claim = M32
        happen(w, SANCTIONS, US, NOWHERE, 1.0, w.presence.exit_event)


@rule
def _hosted(w: World) -> int:
    """Return 1 when what leaves federal Iraq goes to the Kurdistan Region, which has offered to host it (M38)."""
    return 1 if w.north_offered and w.u[U_HOSTS] < w.p.north_accepted else 0


@rule
def _may_turn_north(w: World) -> None:
    """Turn a withdrawal to the north when the Region offers after all, and much of the force is still there."""
    there = w.presence
    if there.north or not w.north_offered or there.troops < 0.3 * there.leaving_from:
        return
    if w.u[U_HOSTS] < w.p.north_accepted / 30.0:
        there.north = 1
        w.acting_claim = M38
        happen(w, TURNED_NORTH, US, NOWHERE, 1.0, there.exit_event)


@rule
def _set_pace(w: World) -> None:
    """Let deadly fire hurry a withdrawal, and a rise of ISIS slow it."""
    there = w.presence
    fire = 1.0 if w.last_deadly > there.decided_day and w.day - w.last_deadly <= 30 else 0.0
    isis = clamp(w.sees.public.isis_trend - 1.0, 0.0, 1.0)
    there.pace = 1.0 + w.p.fire_hurries * fire - w.p.isis_slows * isis
    if w.day - max(there.decided_day, there.pace_day) < PACE_REST:
        return
    if there.pace > 1.15 and there.pace_told <= 0:
        there.pace_told = 1
        there.pace_day = w.day
        happen(w, LEAVING_HURRIED, US, NOWHERE, 1.0, w.last_deadly_event)
    elif there.pace < 0.85 and there.pace_told >= 0:
        there.pace_told = -1
        there.pace_day = w.day
        happen(w, LEAVING_SLOWED, US, NOWHERE, 1.0, there.exit_event)


@rule
def _stay_north(w: World) -> None:
    """Let the remnant in the north leave too, the likelier the more is fired at it and the less Washington wants."""
    there = w.presence
    pressed = max(0.0, w.iran.push) + min(1.0, w.sees.public.attacks_90d / 10.0)
    wanted = w.us.worth * w.us.resolve
    if draw(w, NORTH_LEFT_DRAW, 0) < w.p.north_left * exp(pressed - wanted):
        happen(w, TROOPS_LEFT, US, NOWHERE, there.troops_north, there.exit_event)
        there.troops_north = 0.0
        _left_all(w)
        _settle_state(w)
        happen(w, NORTH_LEFT, US, NOWHERE, 1.0, w.us.cost_event)


@rule
def _left_all(w: World) -> None:
    w.presence.left_all_day = w.day
    w.presence.north = 0


@rule
def _wind_down(w: World) -> None:
    there = w.presence
    go = min(there.troops, there.pace * there.leaving_from / there.exit_days)
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
    if not there.north:
        _left_all(w)
    _take_reading(w, N_READINGS)
    _settle_state(w)


@rule
def _settle_state(w: World) -> None:
    there = w.presence
    if there.north:
        there.state = NORTH_ONLY
    elif there.exit_kind == BY_AGREEMENT:
        there.state = GONE_AGREEMENT
    elif there.exit_kind == BY_DEMAND:
        there.state = GONE_DEMAND
    else:
        there.state = GONE_OWN_CHOICE


@rule
def _read_again(w: World) -> None:
    """Read some quantities again a half-year and a year after an exit."""
    if w.presence.exit_day >= 0:
        for k in range(N_READINGS):
            if w.day - w.presence.exit_day == READINGS_AFTER[k]:
                _take_reading(w, k)


@rule
def _take_reading(w: World, k: int) -> None:
    """Take reading ``k`` of the time after an exit; N_READINGS is that of the day itself."""
    if k == N_READINGS:
        r = w.at_exit
        r.fighters, r.influence, r.members = w.fighters, w.influence, w.coalition_members
        r.mood_us, r.economy = w.mood_us, w.economy
        return
    a = w.after[k]
    a.fighters, a.influence, a.members = w.fighters, w.influence, w.coalition_members
    a.mood_us, a.economy = w.mood_us, w.economy
    a.attacks = 0.0
    for g in range(N_GOVERNORATES):
        for j in range(13):
            a.attacks += w.isis_quarter[g, j]
