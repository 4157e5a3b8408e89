"""What becomes of a presence: the months in which it is cut or leaves, bases handed over, what stays in the north."""

from sim.names.actors import (
    BY_AGREEMENT,
    BY_DEMAND,
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
    BASE_HANDED_OVER,
    BASE_REOPENED,
    CAUSE_AGREED,
    CAUSE_POLICY,
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
from sim.names.mechanisms import M30, M32, M38
from sim.names.streams import U_HOSTS
from sim.world.acts import decide_exit, outlasts_consolidation
from sim.world.compiled import rule
from sim.world.draws import NORTH_LEFT_DRAW, SANCTIONS_DRAW, draw
from sim.world.elementary import exp
from sim.world.events import by, clamp, happen, happen_at
from sim.world.field import N_READINGS
from sim.world.review import review_presence
from sim.world.shape import World

#: What must be left of a force on its way out, over that with which leaving began, to turn to the north.
MUCH = 0.3
#: Days before a change of pace shows, and before another is told.
PACE_REST = 20


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_presence(w: World) -> None:
    """Set troops and state of the presence at the start."""
    there = w.presence
    there.troops = w.s.us_troops
    there.troops_start = w.s.us_troops
    there.ever = w.s.us_troops
    there.low = w.s.us_troops
    there.decided_day = -1
    there.exit_day = -1
    there.left_all_day = -1
    if w.s.leaving_days > 0.0:
        decide_exit(w, BY_AGREEMENT, CAUSE_AGREED, w.s.leaving_days, 0, 0)
    w.cover = 1.0


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def _can_be_left(w: World, b: int) -> bool:
    """Return whether a site is a base in Iraq: not the embassy, nor one outside."""
    return w.site_in[b].is_embassy == 0.0 and w.site_in[b].outside == 0.0


@rule
def _bases_wanted(w: World) -> int:
    """Return how many bases a force of this size holds: as many as at the start for each soldier; one at least."""
    there = w.presence
    n, kept = 0, 0
    for b in range(w.n_sites):
        if _can_be_left(w, b):
            n += 1
            kept += 1 if outlasts_consolidation(w, b) else 0
    most = kept if w.us.consolidated else n
    there_now = (there.troops + there.troops_north) / max(1.0, there.troops_start)
    return max(1, min(most, int(n * there_now + 0.999)))


@rule
def _least_sheltered(w: World, is_open: int) -> int:
    """Return the base, open or left, that is the first to be handed over, or the last to be returned to."""
    found = -1
    for b in range(w.n_sites):
        if not _can_be_left(w, b) or w.sites[b].open != is_open:
            continue
        firmer = found >= 0 and _firmness(w, b) > _firmness(w, found)
        if found < 0 or firmer != (is_open == 1):
            found = b
    return found


@rule
def _firmness(w: World, b: int) -> float:
    return w.site_in[b].protection + w.site_in[b].hardened


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def stay_or_leave(w: World) -> None:
    """Review whether the US stays, and how many; wind down what is to go, and hand over bases that are left."""
    there = w.presence
    if there.decided_day < 0 and not w.presence_pinned:
        review_presence(w)
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
    there.low = min(there.low, there.troops + there.troops_north)
    hand_over(w)
    gone = 1.0 - clamp((there.troops + 0.5 * there.troops_north) / max(1.0, 0.3 * there.troops_start), 0.0, 1.0)
    w.cover = clamp(1.0 - by(w, M30, gone), 0.0, 1.0)
    _read_again(w)


@rule
def _may_turn_north(w: World) -> None:
    """Take up the Region's offer, or not, once it is made: while much of the force is there, unless policy says go."""
    there = w.presence
    if there.north_asked or not w.north_offered or there.exit_cause == CAUSE_POLICY:
        return
    there.north_asked = 1
    if w.u[U_HOSTS] < w.p.north_accepted and there.troops >= MUCH * there.leaving_from:
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
def hand_over(w: World) -> None:
    """Hand bases over one by one as the force shrinks or draws together, or return to one as it spreads (M24)."""
    there = w.presence
    if w.day < there.next_base or there.exit_day >= 0:
        return
    n_open = 0
    for b in range(w.n_sites):
        n_open += 1 if w.sites[b].open and _can_be_left(w, b) else 0
    if n_open > _bases_wanted(w):
        _give_base(w, _least_sheltered(w, 1), 0)
    elif n_open < _bases_wanted(w) and there.state != LEAVING:
        _give_base(w, _least_sheltered(w, 0), 1)


# What comes of it ---------------------------------------------------------------------------------------------------


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
def _give_base(w: World, b: int, is_open: int) -> None:
    if b < 0:
        return
    there = w.presence
    there.next_base = w.day + int(w.p.handover_days)
    w.sites[b].open = is_open
    why = there.exit_event if there.state == LEAVING else there.cut_event if there.to_cut > 0.0 else w.us.posture_event
    happen_at(w, BASE_REOPENED if is_open else BASE_HANDED_OVER, US, 0, w.site_place[b], b, 1.0, 0.0, why)


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
def _left_all(w: World) -> None:
    w.presence.left_all_day = w.day
    w.presence.north = 0


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
def _resent(w: World) -> None:
    """Let a Washington that feels thrown out punish (M32): by sanctions, the likelier the more it resents leaving."""
    chance = by(w, M32, w.p.sanctions_follow * w.presence.resented)
    if not w.us.sanctions and draw(w, SANCTIONS_DRAW, 0) < chance:
        w.us.sanctions = 1
        w.acting_claim = M32
        happen(w, SANCTIONS, US, NOWHERE, 1.0, w.presence.exit_event)


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
