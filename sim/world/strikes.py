"""What a US strike does where it falls: to those aimed at, to those near, to sovereignty, trust and the ladder."""

import math

import numpy as np

from sim.names.actors import (
    BAGHDAD,
    FIRST_FACTION,
    GOVERNORATES,
    HEAVY_STRIKE,
    IRAQI_FORCES,
    LEADERSHIP_KILLING,
    PUBLIC,
    STRIKE_IN_KIND,
    US,
)
from sim.names.events import (
    CIVILIANS_KILLED_BY_US,
    CONSENT,
    HEAVY,
    IRAQI_KILLED_BY_US,
    LEADER_KILLED,
    LEADERSHIP,
    MILITIA_KILLED,
    STRIKE,
    WRONG_TARGET,
)
from sim.names.mechanisms import M08, M09, M45
from sim.world.compiled import rule
from sim.world.draws import (
    GUEST_DRAW,
    STRIKE_CIVILIAN_DEAD_DRAW,
    STRIKE_CIVILIANS_DRAW,
    STRIKE_IRAQI_DEAD_DRAW,
    STRIKE_IRAQIS_DRAW,
    STRIKE_KILLED_DRAW,
    draw,
    heavy_tail,
    normal,
)
from sim.world.elementary import exp
from sim.world.events import by, clamp, climb, happen_at, nudge, reads
from sim.world.shape import World

#: Where strikes of each kind of place fall: a desert depot in Anbar, a town in Babil, the capital.
_PLACES = (GOVERNORATES.index("Anbar"), GOVERNORATES.index("Babil"), BAGHDAD)
DESERT, TOWN, CAPITAL = range(3)


@rule
def settle_strikes(w: World) -> None:
    """Settle today's strikes: the dead, the ladder, and what they mean to Baghdad and the public."""
    for k in range(w.n_strikes):
        _settle(w, k)
        _breach(w, k)


@rule
def _settle(w: World, k: int) -> None:
    s = w.strikes[k]
    s.governorate = _PLACES[s.place]
    w.acting_rule = s.rule
    s.event = happen_at(w, STRIKE, US, FIRST_FACTION + s.target, s.governorate, -1, 1.0, float(s.consent), s.cause)
    w.last_strike = w.day
    w.us.last_strike_event = s.event
    if w.first_strike < 0:
        w.first_strike = w.day
    if s.answers_case and s.target != w.us.case_faction:
        happen_at(w, WRONG_TARGET, US, FIRST_FACTION + s.target, s.governorate, -1, 1.0, 0.0, s.event)
    spread = exp(w.p.strike_spread * normal(draw(w, STRIKE_KILLED_DRAW, k)))
    me = w.factions[s.target]
    men = w.faction_in[s.target].fighters + me.came_back - me.killed
    s.killed = math.floor(max(0.0, min(_median_dead(w, s.weight) * spread, men)))
    me.killed += s.killed
    s.iraqis = _bystanders(w, k, STRIKE_IRAQIS_DRAW, STRIKE_IRAQI_DEAD_DRAW, _chance_iraqis(w, k))
    s.civilians = _bystanders(w, k, STRIKE_CIVILIANS_DRAW, STRIKE_CIVILIAN_DEAD_DRAW, _chance_civilians(w, k))
    _count_dead(w, k)
    rung = HEAVY_STRIKE if s.weight == HEAVY else STRIKE_IN_KIND
    if s.weight == LEADERSHIP:
        s.leader = 1
        rung = LEADERSHIP_KILLING
        w.last_leader = w.day
        if s.guest < 0:
            s.guest = 1 if draw(w, GUEST_DRAW, k) < w.p.guest_chance else 0
        who = float(s.guest)
        happen_at(w, LEADER_KILLED, US, FIRST_FACTION + s.target, s.governorate, -1, 1.0, who, s.event)
    climb(w, rung, US, s.governorate, s.event)
    w.acting_rule = 0


@rule
def _median_dead(w: World, weight: int) -> float:
    if weight == LEADERSHIP:
        return w.p.leadership_strike_dead
    return w.p.heavy_strike_dead if weight == HEAVY else w.p.strike_dead


@rule
def _chance_iraqis(w: World, k: int) -> float:
    """Return the chance that Iraqi soldiers or police are hit; asked beforehand, they can move away (M09)."""
    s = w.strikes[k]
    chance = w.p.bystander_iraqis * (1.5 if s.weight == HEAVY else 1.0)
    if s.consent == CONSENT:
        chance *= clamp(1.0 - by(w, M09, w.p.consent_moves_away), 0.0, 1.0)
    return chance


@rule
def _chance_civilians(w: World, k: int) -> float:
    s = w.strikes[k]
    near = (0.5, 2.0, 2.0)[s.place]
    return min(0.9, w.p.bystander_civilians * near * (1.5 if s.weight == HEAVY else 1.0))


@rule
def _bystanders(w: World, k: int, whether: np.uint64, how_many: np.uint64, chance: float) -> float:
    if draw(w, whether, k) >= chance:
        return 0.0
    return float(heavy_tail(draw(w, how_many, k), w.p.harm_exponent, w.p.bystanders_most))


@rule
def _count_dead(w: World, k: int) -> None:
    s = w.strikes[k]
    if s.killed > 0.0:
        happen_at(w, MILITIA_KILLED, US, FIRST_FACTION + s.target, s.governorate, -1, s.killed, 0.0, s.event)
    if s.iraqis > 0.0:
        happen_at(w, IRAQI_KILLED_BY_US, US, IRAQI_FORCES, s.governorate, -1, s.iraqis, 0.0, s.event)
    if s.civilians > 0.0:
        happen_at(w, CIVILIANS_KILLED_BY_US, US, PUBLIC, s.governorate, -1, s.civilians, 0.0, s.event)


@rule
def _breach(w: World, k: int) -> None:
    """Let the strike read as a breach of sovereignty (M08), its blame shared by consent (M09), the terms worn (M45)."""
    s, p, gov = w.strikes[k], w.p, w.government
    dead = min(1.0, (s.iraqis + s.civilians) / 6.0)
    weight = 1.0 + p.breach_city * (s.place == CAPITAL) + p.breach_leader * s.leader + p.breach_dead * dead
    alone = 1.0
    if s.consent == CONSENT:
        alone = clamp(1.0 - by(w, M09, p.consent_shares), 0.0, 1.0)
    outrage = by(w, M08, p.outrage_per_strike * weight * alone)
    if outrage > 0.3 * w.parliament.outrage:
        w.parliament.outrage_event = s.event
    w.parliament.outrage = nudge(w.parliament.outrage, outrage)
    w.pending_us_all += by(w, M08, p.anger_per_strike * weight * alone)
    w.pending_us[s.governorate] += by(w, M08, p.anger_per_strike_near * weight * alone)
    terms = 1.0 if reads(w, M45, 0) else dead + (s.place != DESERT)
    gov.trust_event = s.event
    gov.trust *= 1.0 - clamp(by(w, M45, p.trust_per_strike * terms * alone), 0.0, 1.0)
    s.breach = weight * alone
    if s.consent != CONSENT:
        gov.unprotested = 1
        gov.unprotested_event = s.event
