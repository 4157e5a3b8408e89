"""Iran's influence in Baghdad, measured: by premier, members, posts and resolutions.

There is no term for the US presence in it: what an exit does to influence must come about by way of these.
"""

from sim.names.actors import BALANCING, NATIONALIST, PRO_IRAN, REFORMIST
from sim.world.compiled import rule
from sim.world.events import clamp
from sim.world.shape import World


@rule
def influence_week(w: World) -> None:
    """Measure Iran's influence (0 to 1), as a weighted mean of its four parts."""
    p, gov = w.p, w.government
    laws = 0.5 * w.parliament.passed + 0.5 * (1.0 if gov.demand > 0.0 else 0.0)
    total = p.influence_premier + p.influence_members + p.influence_posts + p.influence_laws
    sum_ = p.influence_premier * _of_premier(w) + p.influence_members * w.parliament.iran_camp
    sum_ += p.influence_posts * gov.debt + p.influence_laws * laws
    w.influence = clamp(sum_ / max(1e-9, total), 0.0, 1.0)


@rule
def _of_premier(w: World) -> float:
    """Return how near the premier stands to Iran (0 to 1); a caretaker stands in the middle."""
    leaning = w.government.leaning if w.government.in_office else 0
    if leaning == PRO_IRAN:
        return 1.0
    if leaning == BALANCING:
        return 0.4
    if leaning == NATIONALIST:
        return 0.3
    return 0.1 if leaning == REFORMIST else 0.5
