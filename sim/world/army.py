"""The army's cohesion: an army hollowed out can lose cities in weeks, and takes months to win them back (M73)."""

from sim.names.actors import IRAQI_FORCES, ISIS, N_GOVERNORATES
from sim.names.events import ARMY_BROKE, CITIES_RETAKEN
from sim.names.mechanisms import M73
from sim.world.compiled import rule
from sim.world.draws import ARMY_BREAKS_DRAW, TOWNS_FALL_DRAW, draw
from sim.world.events import by, clamp, happen, left, nudge
from sim.world.shape import World

#: Of a place's people: what is left of lost towns below which they count as retaken.
RETAKEN = 0.02


@rule
def army_week(w: World) -> None:
    """Let split politics hollow the army out and training mend it; where it is outweighed it may break (M73)."""
    emptied = by(w, M73, w.p.hollowed_by_split * w.parliament.sectarian * clamp(1.0 - w.training, 0.0, 1.0))
    goal = clamp(emptied, 0.0, 0.95)
    w.hollow = goal + (w.hollow - goal) * left(7.0, w.p.rally_days)
    for g in range(N_GOVERNORATES):
        if w.towns_lost[g] > 0.0:
            _retake(w, g)
        elif draw(w, ARMY_BREAKS_DRAW, g) < by(w, M73, w.p.break_rate * max(0.0, _odds(w, g) - 1.0)):
            _break(w, g)


@rule
def _odds(w: World, g: int) -> float:
    """Return the weight of ISIS in a Sunni place over that of the army there."""
    isis = w.place_fighters[g] * w.place_in[g].sunni_arab * (1.0 + w.grievance[g])
    army = w.p.break_fighters * w.skill * (1.0 - w.hollow) * (0.5 + 0.5 * min(1.0, w.enablers[g]))
    return isis / max(1e-9, army)


@rule
def _break(w: World, g: int) -> None:
    """Let the towns of a place fall; the rout shakes the army elsewhere, and victory brings ISIS men and arms."""
    fallen = min(1.0, w.p.break_share * (0.5 + draw(w, TOWNS_FALL_DRAW, g)))
    w.towns_lost[g] = fallen * w.place_in[g].sunni_arab
    w.hollow = nudge(w.hollow, w.p.rout)
    w.recruits_spent *= 1.0 - w.p.victory_recruits
    w.leaders_lost *= 1.0 - w.p.victory_recruits
    w.acting_claim = M73
    happen(w, ARMY_BROKE, ISIS, g, 1.0, 0)


@rule
def _retake(w: World, g: int) -> None:
    """Win lost towns back, as fast as skill, cohesion and coalition means allow."""
    w.towns_lost[g] -= w.p.retake * w.skill * (1.0 - w.hollow) * (0.3 + min(1.0, w.enablers[g])) * w.towns_lost[g]
    if w.towns_lost[g] < RETAKEN:
        w.towns_lost[g] = 0.0
        happen(w, CITIES_RETAKEN, IRAQI_FORCES, g, 1.0, 0)
