"""The movement in the squares: what it asks for, when it surges, and what becomes of it when it is repressed."""

from sim.names.actors import (
    CLEAR_PROTESTS,
    FIRST_FACTION,
    GUARD_PROTESTS,
    IRAQI_FORCES,
    N_COMMUNITIES,
    N_FACTIONS,
    N_GOVERNORATES,
    PROTESTERS,
)
from sim.names.events import PROTEST_REPRESSED, PROTESTERS_KILLED_BY_FACTIONS, PROTESTERS_KILLED_BY_FORCES
from sim.names.mechanisms import M33, M34
from sim.world.acts import begin_surge
from sim.world.compiled import rule
from sim.world.draws import (
    CLEARS_DRAW,
    REPRESSION_DEAD_DRAW,
    REPRESSION_DRAW,
    SPARK_DRAW,
    draw,
    drawn,
    draws_of,
    heavy_tail,
)
from sim.world.events import by, clamp, happen, happen_at, nudge
from sim.world.shape import World

#: Protest weaker than this is nothing that anybody would clear.
FAINT_PROTEST = 0.05
#: Days for which a surge is what a clearing answers.
SURGE_LASTS = 60


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_protest(w: World) -> None:
    """Set protest as the scenario has it: where Shia live, who are its people, and what it asks for."""
    for g in range(N_GOVERNORATES):
        w.protest[g] = w.s.protest * w.place_in[g].shia
    w.agenda = w.s.reform_agenda
    _take_sum(w)


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def feel_protest(w: World) -> None:
    """Let a strike move the movement from reform to sovereignty (M33); with time it comes back to reform."""
    for k in range(w.n_strikes):
        w.agenda *= 1.0 - clamp(by(w, M33, w.p.agenda_turn * w.strikes[k].breach), 0.0, 0.95)
    w.agenda += (1.0 - w.agenda) * (1.0 - w.kept.agenda)


@rule
def _readiness(w: World, g: int) -> float:
    """Return how strong protest could be in a place: angry people not frightened off, kept home by an epidemic."""
    anger = 0.0
    t = w.place_in[g]
    shares = (t.sunni_arab, t.shia, t.kurd, t.other)
    for c in range(N_COMMUNITIES):
        anger += shares[c] * w.anger_government[g, c]
    ripe = max(0.0, anger - w.p.protest_threshold) / (1.0 - w.p.protest_threshold)
    # The movement is one of the Shia south and the capital (its own people against its own parties).
    return clamp(2.0 * ripe, 0.0, 1.0) * t.shia * (1.0 - w.fright[g]) * (1.0 - 0.6 * w.epidemic)


@rule
def _take_sum(w: World) -> None:
    people, total = 0.0, 0.0
    for g in range(N_GOVERNORATES):
        people += w.place_in[g].population
        total += w.place_in[g].population * w.protest[g]
    w.protest_all = total / max(1.0, people)


@rule
def _hottest(w: World) -> int:
    """Return where most people protest."""
    best, most = 0, 0.0
    for g in range(N_GOVERNORATES):
        people = w.place_in[g].population * w.protest[g]
        if people > most:
            best, most = g, people
    return best


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def protest_week(w: World) -> None:
    """Let protest catch fire where anger, numbers and a spark meet, tire, and be repressed; then stir the country."""
    sparks = draws_of(w, SPARK_DRAW)
    for g in range(N_GOVERNORATES):
        ready = _readiness(w, g)
        if drawn(sparks, g) < w.p.spark_rate * ready:
            begin_surge(w, g, ready)
        w.protest[g] *= 1.0 - w.p.protest_fade
        w.fright[g] *= 1.0 - w.p.fright_fade
    _factions_clear(w)
    if w.government.forces_order == CLEAR_PROTESTS:
        _forces_clear(w)
    for f in range(N_FACTIONS):
        w.factions[f].represses = 0.0  # an order holds for the week in which it was given
    _take_sum(w)
    w.pending_us_all += w.p.sovereignty_stirs * w.protest_all * (1.0 - w.agenda)


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def _factions_clear(w: World) -> None:
    """Let factions that mean to clear the squares do so, unless Iraqi forces shield them."""
    shielded = w.p.guard_effect if w.government.forces_order == GUARD_PROTESTS else 0.0
    for f in range(N_FACTIONS):
        rough = w.factions[f].represses
        g = _hottest(w)
        if rough <= 0.0 or w.protest[g] < FAINT_PROTEST:
            continue
        if draw(w, CLEARS_DRAW, f) < w.p.clear_rate * rough * (1.0 - shielded):
            w.acting_rule = w.faction_rule_protest[f]
            _clear(w, g, FIRST_FACTION + f, rough)
            w.acting_rule = 0


@rule
def _forces_clear(w: World) -> None:
    g = _hottest(w)
    if w.protest[g] >= FAINT_PROTEST and draw(w, CLEARS_DRAW, N_FACTIONS) < w.p.clear_rate:
        w.acting_rule = w.government.forces_rule
        _clear(w, g, IRAQI_FORCES, 0.5)
        w.acting_rule = 0


@rule
def _clear(w: World, g: int, actor: int, rough: float) -> None:
    """Clear protest in a place: it frightens, it embitters, it may kill, and it costs those who do it friends (M34)."""
    by_forces = actor == IRAQI_FORCES
    lately = w.day - w.surge_day[g] <= SURGE_LASTS
    event = happen(w, PROTEST_REPRESSED, actor, g, 1.0, w.surge_event[g] if lately else 0)
    w.protest[g] *= 1.0 - w.p.fright_step * rough
    w.fright[g] = nudge(w.fright[g], w.p.fright_step * rough)
    for c in range(N_COMMUNITIES):
        w.anger_government[g, c] = nudge(w.anger_government[g, c], w.p.embitter * rough)
    if not by_forces:
        cost = by(w, M34, w.p.repression_cost * rough)
        w.pending_militia[g] += 3.0 * cost
        w.pending_iran_all += cost
    if draw(w, REPRESSION_DRAW, actor) < w.p.repression_deadly * rough:
        dead = heavy_tail(draw(w, REPRESSION_DEAD_DRAW, actor), w.p.harm_exponent, w.p.repression_most)
        kind = PROTESTERS_KILLED_BY_FORCES if by_forces else PROTESTERS_KILLED_BY_FACTIONS
        happen_at(w, kind, actor, PROTESTERS, g, -1, float(dead), 0.0, event)
