"""Baghdad's demand that US forces leave: made, renewed, let rest, and how it ages."""

from sim.names.actors import (
    BAGHDAD,
    PREMIER,
)
from sim.names.events import (
    DEMAND_RENEWED,
    DEMAND_WITHDRAWN,
    DEMANDED,
    LIMITS_LIFTED,
)
from sim.names.mechanisms import M13
from sim.world.compiled import rule
from sim.world.events import by, clamp, happen, happen_detail, nudge
from sim.world.shape import World

#: Why a demand goes.
LET_REST, LAPSED, REPLACED, AGED = 0.0, 1.0, 2.0, 3.0
#: Days for which a resolution is the occasion of what a premier does.
VOTE_RINGS = 120


@rule
def make_demand(w: World) -> None:
    """Demand that US forces leave: it weighs by the standing of who makes it (M13); a caretaker's is disputed."""
    gov = w.government
    gov.demand = standing(w)
    gov.demand_day = w.day
    gov.seeks_talks = 0
    gov.refused = 0
    if gov.first_demand_day < 0:
        gov.first_demand_day = w.day
        gov.first_demand_in_office = gov.in_office
    w.parliament.momentum = nudge(w.parliament.momentum, w.p.momentum_demand * gov.demand)
    breach = w.p.pull_outrage * w.sees.public.breach_felt > w.p.pull_resolution * w.parliament.passed
    voted = lately_voted(w)
    w.acting_also = voted if breach else w.parliament.outrage_event
    why = w.parliament.outrage_event if breach or voted == 0 else voted
    gov.demand_event = happen_detail(w, DEMANDED, PREMIER, BAGHDAD, 1.0, float(gov.in_office), why)


@rule
def standing(w: World) -> float:
    """Return how much a demand of whoever governs weighs (M13): a caretaker's is disputed."""
    doubted = 1.0 - w.p.standing_in_office if w.government.in_office else 1.0 - w.p.standing_caretaker
    return clamp(1.0 - by(w, M13, doubted), 0.05, 1.0)


@rule
def lately_voted(w: World) -> int:
    """Return the resolution that was passed of late, 0 for none: an old one is law, and no occasion."""
    house = w.parliament
    return house.passed_event if house.passed_day >= 0 and w.day - house.passed_day <= VOTE_RINGS else 0


@rule
def let_rest(w: World) -> None:
    """Let a demand rest, and lift what limited US operations."""
    gov = w.government
    if gov.demand > 0.0:
        drop_demand(w, LET_REST)
    if gov.limited:
        gov.limited = 0
        happen(w, LIMITS_LIFTED, PREMIER, BAGHDAD, 1.0, 0)


@rule
def drop_demand(w: World, why: float) -> None:
    """Drop a demand, for one of the reasons above."""
    gov = w.government
    gov.demand = 0.0
    gov.refused = 0
    if w.presence.decided_day < 0:
        happen_detail(w, DEMAND_WITHDRAWN, PREMIER, BAGHDAD, 1.0, why, gov.demand_event)


@rule
def demand_ages(w: World) -> None:
    """Let a demand that nothing has followed be renewed by a premier who is still pulled to it, or rest."""
    gov = w.government
    if gov.demand <= 0.0 or w.presence.decided_day >= 0 or w.day - gov.demand_day < w.p.demand_ages:
        return
    if gov.pull_demand >= 0.5:
        gov.demand_day = w.day
        gov.refused = 0
        gov.demand_event = happen(w, DEMAND_RENEWED, PREMIER, BAGHDAD, 1.0, gov.demand_event)
    else:
        drop_demand(w, AGED)
