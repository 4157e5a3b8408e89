"""What presses on ISIS where it hides: Iraqi skill, coalition means within reach, militias not busy elsewhere.

Each part can fail by itself. Militias that fight without precise means do it roughly, and leave grievance behind.
"""

from sim.names.actors import (
    BAGHDAD,
    CONFRONT_FACTIONS,
    FIRST_FACTION,
    IRAQI_FORCES,
    N_FACTIONS,
    N_GOVERNORATES,
    NO_ORDER,
    PUBLIC,
    REGION_PLACES,
)
from sim.names.events import CIVILIANS_KILLED_FIGHTING_ISIS, FORCES_CONFRONTED, FORCES_REFUSED
from sim.names.mechanisms import M23, M24, M25, M26, M31, M39, M51, M52, M53, M71
from sim.world.compiled import rule
from sim.world.draws import FORCES_OBEY_DRAW, ROUGH_DRAW, draw, poisson
from sim.world.events import by, clamp, happen, happen_at, nudge, reads
from sim.world.shape import World

#: Days before a refusal to move against the factions is told again.
REFUSAL_REST = 60


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_forces(w: World) -> None:
    """Set Iraqi skill, and the coalition means that every place has at the start (1 on average where cells hide)."""
    w.skill = w.s.iraqi_skill
    w.cts = w.s.iraqi_cts
    w.training = 1.0
    w.refused_day = -REFUSAL_REST - 1
    for b in range(w.n_sites):
        for g in range(N_GOVERNORATES):
            w.reach[b, g] = _reach(w, b, g)
    total = 0.0
    weights = 0.0
    _sum_reach(w)
    for g in range(N_GOVERNORATES):
        w.reach_start[g] = w.place_sum[g]
        total += _saturated(w, w.place_sum[g]) * w.place_in[g].haven
        weights += w.place_in[g].haven
    w.enablers_start = max(1e-9, total / max(1e-9, weights))
    working = _coalition_effort(w, 0)
    for g in range(N_GOVERNORATES):  # a suspension at the start is news: what was counted came about without it
        w.enablers[g] = working * _means(w, g)
        w.pressure_usual[g] = _pressure(w, g, 1.0)


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def _means(w: World, g: int) -> float:
    """Return coalition means that reach a place, 1 where cells hid at the start: fewer bases reach less far (M24)."""
    there = w.presence
    spread = w.reach_start[g] * (there.troops + there.troops_north) / max(1.0, there.troops_start)
    reached = max(0.0, spread + by(w, M24, w.place_sum[g] - spread))
    return _saturated(w, reached) / w.enablers_start


@rule
def _saturated(w: World, thousands: float) -> float:
    """Return what troops within reach bring: aircraft and eyes come first, numbers add ever less."""
    return thousands / max(1e-9, thousands + w.p.means_half)


@rule
def _coalition_effort(w: World, suspended: float) -> float:
    """Return how much of the coalition's means goes to the fight: less when suspended, limited, or distrusted (M23)."""
    effort = 1.0 if suspended == 0.0 else clamp(1.0 - by(w, M23, w.p.suspension_loss), 0.0, 1.0)
    if w.government.limited:
        effort *= w.p.limited_effort
    doubt = 1.0 - 0.5 * (w.government.trust + w.us.faith)
    return effort * w.government.cooperation * clamp(1.0 - by(w, M23, w.p.distrust_loss * doubt), 0.0, 1.0)


@rule
def _sum_reach(w: World) -> None:
    """Sum for every place what reaches it from the bases with troops: whole where they stand, little from afar."""
    for g in range(N_GOVERNORATES):
        w.place_sum[g] = 0.0
    for b in range(w.n_sites):
        troops = w.sites[b].troops
        if troops > 0.0:
            for g in range(N_GOVERNORATES):
                w.place_sum[g] += troops * w.reach[b, g]
    for g in range(N_GOVERNORATES):
        w.place_sum[g] /= 1000.0


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
def _militias_sent(w: World) -> float:
    """Return what factions bring to the fight against ISIS: the usual, men sent on purpose, more where needed (M31)."""
    sent = 0.0
    for f in range(N_FACTIONS):
        sent += w.factions[f].fights_isis / N_FACTIONS
    return 1.0 + w.p.isis_work * sent + by(w, M31, w.p.need_work * w.need)


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def press(w: World) -> None:
    """Set coalition means and pressure on cells in every place for the week; training keeps skill up (M52)."""
    working = _coalition_effort(w, w.us.suspended)
    w.need = clamp(w.sees.public.isis_trend - 1.0, 0.0, 2.0)
    w.militia_work = _militias_free(w) * _militias_sent(w)
    mean = 0.0
    _sum_reach(w)
    for g in range(N_GOVERNORATES):
        w.enablers[g] = working * _means(w, g)
        mean += w.enablers[g] / N_GOVERNORATES
        w.pressure[g] = _pressure(w, g, w.militia_work)
        _fight_roughly(w, g)
    train(w, 1.0 if mean > 0.2 else mean / 0.2)
    if w.government.forces_order == CONFRONT_FACTIONS:
        w.acting_rule = w.government.forces_rule
        _confront(w)
        w.acting_rule = 0
    for f in range(N_FACTIONS):
        w.factions[f].fights_isis = 0.0  # an order holds for the week in which it was given
    w.government.forces_order = NO_ORDER


@rule
def _confront(w: World) -> None:
    """Order the forces against the faction that fires most: they will hardly move (M39)."""
    worst = 0
    for f in range(1, N_FACTIONS):
        if w.factions[f].excitation + w.factions[f].rate > w.factions[worst].excitation + w.factions[worst].rate:
            worst = f
    obey = clamp(1.0 - by(w, M39, w.p.forces_shun), 0.0, 1.0)
    if draw(w, FORCES_OBEY_DRAW, 0) < obey:
        w.factions[worst].confronted = nudge(w.factions[worst].confronted, 0.5)
        happen_at(w, FORCES_CONFRONTED, IRAQI_FORCES, FIRST_FACTION + worst, BAGHDAD, -1, 1.0, 0.0, 0)
    elif w.day - w.refused_day > REFUSAL_REST:
        w.refused_day = w.day
        happen(w, FORCES_REFUSED, IRAQI_FORCES, BAGHDAD, 1.0, 0)


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def _pressure(w: World, g: int, free: float) -> float:
    """Return pressure on cells in a place: on ground that forces hold, on rough ground with coalition means (M26)."""
    rough = w.place_in[g].haven
    held = w.skill * (1.0 - rough)
    hunters = w.p.cts_weight * w.cts + (1.0 - w.p.cts_weight) * w.skill
    reached = hunters * rough * clamp(by(w, M26, w.enablers[g]), 0.0, 1.5)
    at_home = w.place_in[g].shia
    helped = w.p.militia_pressure * free * (at_home + w.p.militia_beyond * (1.0 - at_home))
    if g in REGION_PLACES:
        helped += w.p.peshmerga_pressure
    return clamp(w.p.pressure_held * held + w.p.pressure_reached * reached + helped, 0.0, 1.0)


@rule
def train(w: World, means: float) -> None:
    """Let training keep up the skill of army and counter-terrorism service (M52); an epidemic pauses it (M53)."""
    courses = w.p.training_us * min(1.0, means) + (1.0 - w.p.training_us) * w.trainers
    reason = w.epidemic if reads(w, M53, 0) else clamp(w.rung / 6.0, 0.0, 1.0)
    held = courses * clamp(1.0 - by(w, M53, w.p.epidemic_pause * reason), 0.0, 1.0)
    w.training = held * (w.p.limited_effort if w.government.limited else 1.0)
    skill = w.p.skill_gain * w.training * (1.0 - w.skill) - w.p.skill_loss * (1.0 - w.training) * w.skill
    w.skill += by(w, M52, skill) + _learn(w)
    # The service's courses go on under Baghdad's limits: it is what Iraqi leaders would keep of the presence.
    spared = w.training + w.p.limits_keep_training * (held - w.training)
    w.cts += by(w, M52, w.p.skill_gain * spared * (1.0 - w.cts) - w.p.skill_loss * (1.0 - spared) * w.cts)


@rule
def _learn(w: World) -> float:
    """Return what a week's fighting teaches (M71); or what training would have to, if nothing else does (its rival)."""
    if reads(w, M71, 0):
        return by(w, M71, w.p.fight_learning * min(2.0, w.isis_trend) * (1.0 - w.skill))
    return by(w, M71, w.p.skill_gain * w.p.training_alone * w.training * (1.0 - w.skill))


@rule
def _fight_roughly(w: World, g: int) -> None:
    """Let factions that fight ISIS in Sunni places do it bluntly where precise means are missing (M31); M51 adds."""
    blunt = w.place_in[g].sunni_arab * w.militia_work * clamp(1.0 - w.enablers[g], 0.0, 1.0)
    mean = by(w, M31, w.p.rough_methods * w.need * blunt)
    dead = 0.0 if mean <= 0.0 else float(poisson(draw(w, ROUGH_DRAW, g), mean))
    if dead > 0.0:
        w.acting_claim = M31
        happen_at(w, CIVILIANS_KILLED_FIGHTING_ISIS, FIRST_FACTION, PUBLIC, g, -1, dead, 0.0, 0)
        w.grievance[g] = nudge(w.grievance[g], w.p.grievance_per_dead * dead)
    split = by(w, M51, w.p.sectarian_grievance * w.parliament.sectarian * w.place_in[g].sunni_arab)
    w.grievance[g] += w.p.grievance_fade * (min(1.0, split) - w.grievance[g])
