"""Washington's reviews: strain mounts up day by day, and is weighed on a date or after a blow: stay, cut, or leave.

Administrations change on a known calendar; what a new one thinks a presence is worth nobody knows beforehand (M67).
"""

from sim.names.actors import BY_DEMAND, BY_OWN_CHOICE, DRAWN_DOWN, FULL, NOWHERE, US
from sim.names.events import (
    CAUSE_COST,
    CAUSE_UNTENABLE,
    DRAWN_DOWN_EVENT,
    OFFICE_TAKEN,
    REVIEWED,
    US_KILLED,
    WHY_CALENDAR,
    WHY_DEAD,
    WHY_DEMAND,
    WHY_OFFICE,
    WHY_SIEGE,
    WHY_VOTE,
)
from sim.names.mechanisms import M13, M21, M67
from sim.names.streams import U_CONCEDES, U_COST, U_CUT, U_HOSTS
from sim.world.acts import cut, decide_exit
from sim.world.compiled import rule
from sim.world.draws import OFFICE_DRAW, REVIEW_DRAW, draw, draw_at_start, normal
from sim.world.elementary import exp, expm1
from sim.world.events import by, clamp, happen_detail, left, reads
from sim.world.field import N_OFFICES
from sim.world.shape import World

#: Days between two reviews that nothing calls for, and the least before the first of a world.
QUARTER = 91
FIRST_REVIEW = 14
#: How far below worth a cost is that makes Washington think of a smaller force.
NEARLY = 0.15
#: A force of less than this share of the first is cut no further: it is let go or kept.
SMALLEST = 0.4


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_reviews(w: World) -> None:
    """Set the day of the first review: nobody knows where in the quarter a world begins."""
    w.us.review_day = FIRST_REVIEW + int(QUARTER * draw_at_start(w, REVIEW_DRAW, 0))
    w.us.review_why = WHY_CALENDAR


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def change_office(w: World) -> None:
    """Let an elected administration take office: the same again, or one that thinks otherwise of the presence (M67)."""
    us = w.us
    if reads(w, M67, 1):  # the presence outlives them all
        us.office_worth *= left(1.0, w.p.office_settles)
    for k in range(N_OFFICES):
        if w.office_day[k] == w.day and w.day > 0:
            _take_office(w)


@rule
def _take_office(w: World) -> None:
    us = w.us
    is_new = draw(w, OFFICE_DRAW, 0) < w.p.office_changes
    event = happen_detail(w, OFFICE_TAKEN, US, NOWHERE, 1.0, 1.0 if is_new else 0.0, 0)
    if is_new:
        before = us.office_worth
        us.office_worth = by(w, M67, w.p.office_worth * normal(draw(w, OFFICE_DRAW, 1)))
        us.office_shift = abs(us.office_worth - before)
        us.resolve = clamp(us.resolve + by(w, M67, w.p.office_resolve * normal(draw(w, OFFICE_DRAW, 2))), 0.05, 1.0)
    _call_review(w, WHY_OFFICE, event)


@rule
def strain(w: World) -> float:
    """Return the strain of staying: what it costs at home, less the will not to be seen leaving under fire (M21)."""
    if reads(w, M21, 1):
        return w.us.cost
    under_fire = max(w.us.surge, w.under_fire) * (1.0 - w.us.weary)
    return w.us.cost - by(w, M21, w.p.face * under_fire)


@rule
def untenable(w: World) -> float:
    """Return what a day adds to the chance of giving in to a defied demand, by the standing of who makes it (M13)."""
    gov = w.government
    if gov.demand <= 0.0:
        return 0.0
    standing = gov.demand if w.strength[M13] > 0.0 else 1.0
    return max(0.0, w.p.concede_rate * standing * exp(w.p.concede_gain * (strain(w) - w.p.strain_usual)))


@rule
def not_worth_it(w: World) -> float:
    """Return what a day adds to the chance of leaving by choice: the more cost exceeds what staying is worth."""
    gap = strain(w) - w.us.worth * w.us.resolve
    return max(0.0, w.p.own_exit_rate * expm1(w.p.own_exit_gain * gap))


@rule
def less_worth_it(w: World) -> float:
    """Return what a day adds to the chance of a smaller force, as cost nears worth."""
    there = w.presence
    if there.troops < SMALLEST * there.troops_start or there.to_cut > 0.0:
        return 0.0
    near = strain(w) - w.us.worth * w.us.resolve + NEARLY
    return max(0.0, w.p.cut_rate * expm1(w.p.own_exit_gain * near))


@rule
def _look_for_blows(w: World) -> None:
    """Call a review over today's dead, a demand or vote of today, or a siege."""
    if w.total[US_KILLED] > w.total_dawn[US_KILLED]:
        _call_review(w, WHY_DEAD, w.last_deadly_event)
    elif w.government.demand > 0.0 and w.government.demand_day == w.day:
        _call_review(w, WHY_DEMAND, w.government.demand_event)
    elif w.parliament.passed_day == w.day:
        _call_review(w, WHY_VOTE, w.parliament.passed_event)
    elif w.siege and w.siege_day == w.day:
        _call_review(w, WHY_SIEGE, w.siege_event)


@rule
def _call_review(w: World, why: int, event: int) -> None:
    """Have the presence reviewed within weeks, unless a review is due before."""
    us = w.us
    day = w.day + int(w.p.review_takes)
    if day < us.review_day:
        us.review_day, us.review_why, us.review_event = day, why, event


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def review_presence(w: World) -> None:
    """Let strain mount up, call a review after a blow, and hold the one that is due."""
    us = w.us
    us.due_demand += untenable(w)
    us.due_own += not_worth_it(w)
    us.due_cut += less_worth_it(w)
    _look_for_blows(w)
    if w.day >= us.review_day:
        _review(w)


@rule
def _review(w: World) -> None:
    """Weigh what has mounted up since the last review: give in, leave, cut, or stay; and set the next."""
    us = w.us
    if w.u[U_CONCEDES] < -expm1(-us.due_demand):
        _give_in(w)
    elif w.u[U_COST] < -expm1(-us.due_own):
        _leave(w)
    elif w.u[U_CUT] < -expm1(-us.due_cut):
        _smaller_force(w)
    us.due_demand = us.due_own = us.due_cut = 0.0
    us.review_day, us.review_why, us.review_event = w.day + QUARTER, WHY_CALENDAR, 0


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def _reviewed(w: World, also: int) -> int:
    """Tell of a review that comes to something, and what called for it; return its event."""
    w.acting_also = also
    return happen_detail(w, REVIEWED, US, NOWHERE, 1.0, float(w.us.review_why), w.us.review_event)


@rule
def _give_in(w: World) -> None:
    """Leave, since a demand that stands wears down a presence that defies it (M13)."""
    event = _reviewed(w, w.us.cost_event)
    w.acting_claim = M13
    w.acting_also = w.government.demand_event
    decide_exit(w, BY_DEMAND, CAUSE_UNTENABLE, w.p.exit_days, _hosted(w), event)


@rule
def _leave(w: World) -> None:
    """Leave by choice, since staying costs more than it is worth (M21)."""
    event = _reviewed(w, w.us.cost_event)
    w.acting_claim = M21
    w.acting_also = w.us.last_strike_event
    decide_exit(w, BY_OWN_CHOICE, CAUSE_COST, w.p.exit_days, _hosted(w), event)


@rule
def _smaller_force(w: World) -> None:
    """Cut the force without leaving: half a presence costs half."""
    there = w.presence
    event = _reviewed(w, w.us.cost_event)
    if there.state == FULL:
        there.state = DRAWN_DOWN
    w.us.cost *= w.p.cut_share
    event = happen_detail(w, DRAWN_DOWN_EVENT, US, NOWHERE, 1.0, there.troops * w.p.cut_share, event)
    cut(w, there.troops * (1.0 - w.p.cut_share), event)


@rule
def _hosted(w: World) -> int:
    """Return 1 when what leaves federal Iraq goes to the Kurdistan Region, which has offered to host it (M38)."""
    if not w.north_offered:
        return 0
    w.presence.north_asked = 1
    return 1 if w.u[U_HOSTS] < w.p.north_accepted else 0
