"""What presses on ISIS where it hides: Iraqi skill, coalition means within reach, militias not busy elsewhere."""

from sim.names.actors import N_FACTIONS, N_GOVERNORATES
from sim.names.mechanisms import M23, M25, M26, M52
from sim.world.compiled import rule
from sim.world.events import by, clamp
from sim.world.shape import World


@rule
def start_forces(w: World) -> None:
    """Set Iraqi skill, and the coalition means that every place has at the start (1 on average where cells hide)."""
    w.skill = w.s.iraqi_skill
    for b in range(w.n_sites):
        for g in range(N_GOVERNORATES):
            w.reach[b, g] = _reach(w, b, g)
    w.enablers_start = 1.0
    total = 0.0
    weights = 0.0
    for g in range(N_GOVERNORATES):
        total += _reach_of_bases(w, g) * w.place_in[g].haven
        weights += w.place_in[g].haven
    w.enablers_start = max(1e-9, total / max(1e-9, weights))


@rule
def press(w: World) -> None:
    """Set coalition means and pressure on cells in every place for the week; training keeps skill up (M52)."""
    working = _coalition_effort(w)
    free = _militias_free(w)
    mean = 0.0
    for g in range(N_GOVERNORATES):
        w.enablers[g] = working * _reach_of_bases(w, g) / w.enablers_start
        mean += w.enablers[g] / N_GOVERNORATES
        w.pressure[g] = _pressure(w, g, free)
    kept = 1.0 if mean > 0.2 else mean / 0.2
    w.skill += by(w, M52, w.p.skill_gain * kept * (1.0 - w.skill) - w.p.skill_loss * (1.0 - kept) * w.skill)


@rule
def _coalition_effort(w: World) -> float:
    """Return how much of the coalition's means goes to the fight: less when suspended, limited, or distrusted (M23)."""
    effort = 1.0 if w.us.suspended == 0 else clamp(1.0 - by(w, M23, w.p.suspension_loss), 0.0, 1.0)
    if w.government.limited:
        effort *= w.p.limited_effort
    return effort * clamp(1.0 - by(w, M23, w.p.distrust_loss * (1.0 - w.government.trust)), 0.0, 1.0)


@rule
def _reach_of_bases(w: World, g: int) -> float:
    """Return what reaches a place from the bases with troops: whole where they stand, less next door, little beyond."""
    total = 0.0
    for b in range(w.n_sites):
        total += w.sites[b].troops * w.reach[b, g]
    return total / 1000.0


@rule
def _reach(w: World, b: int, there: int) -> float:
    """Return what of a base's means reaches a place; an embassy and sites outside Iraq have none."""
    if w.site_in[b].outside > 0.0 or w.site_in[b].is_embassy > 0.0:
        return 0.0
    here = w.site_place[b]
    if here == there:
        return 1.0
    for k in range(w.n_neighbours[here]):
        if w.neighbours[here, k] == there:
            return w.p.reach_neighbour
    return w.p.reach_far


@rule
def _militias_free(w: World) -> float:
    """Return how much the factions have left for ISIS: those busy with the US have less (M25)."""
    busy = 0.0
    for f in range(N_FACTIONS):
        busy += clamp(w.factions[f].effort / w.p.busy_effort, 0.0, 1.0) / N_FACTIONS
    return clamp(1.0 - by(w, M25, w.p.busy_loss * busy), 0.0, 1.0)


@rule
def _pressure(w: World, g: int, free: float) -> float:
    """Return pressure on cells in a place: on ground that forces hold, on rough ground with coalition means (M26)."""
    rough = w.place_in[g].haven
    held = w.skill * (1.0 - rough)
    reached = w.skill * rough * clamp(by(w, M26, w.enablers[g]), 0.0, 1.5)
    helped = w.p.militia_pressure * free * w.place_in[g].shia
    return clamp(w.p.pressure_held * held + w.p.pressure_reached * reached + helped, 0.0, 1.0)
