"""What Washington believes about who attacked: evidence gathered, weighed, and traced to Iran."""

from sim.names.actors import (
    N_FACTIONS,
)
from sim.names.mechanisms import M06
from sim.world.compiled import rule
from sim.world.draws import EVIDENCE_DRAW, drawn, draws_of, normal
from sim.world.elementary import exp_within
from sim.world.events import by, clamp
from sim.world.shape import World

#: Evidence that leaves no doubt, in log odds.
CERTAIN = 50.0


@rule
def learn(w: World) -> None:
    """At dawn: take in yesterday's attacks, open a case for the gravest, and weigh the evidence of another day."""
    us = w.us
    for k in range(w.n_attacks):
        if w.attacks[k].site >= 0:
            _weigh_attack(w, k)
    if not us.case_open:
        return
    if w.day - us.case_day > w.p.case_days:
        us.case_open = 0
        return
    _gather_evidence(w)


@rule
def _weigh_attack(w: World, k: int) -> None:
    us, a = w.us, w.attacks[k]
    us.killed_since_strike += a.us_killed
    stale = not us.case_open or us.case_held
    graver = a.us_killed > us.case_killed or (a.us_killed == us.case_killed and a.us_wounded > us.case_wounded)
    if not (stale or graver):
        return
    us.case_open = 1
    us.case_held = 0
    us.case_day = w.day - 1
    us.case_killed = a.us_killed
    us.case_wounded = a.us_wounded
    us.case_faction = a.faction
    us.case_event = a.event
    us.case_front = a.front
    for f in range(N_FACTIONS):
        us.evidence[f] = us.prior[f]


@rule
def _gather_evidence(w: World) -> None:
    """Add a day's evidence: it points to the true perpetrator, through noise (M06: nobody claims the attack)."""
    us, noises = w.us, draws_of(w, EVIDENCE_DRAW)
    doubt = by(w, M06, 1.0)
    for f in range(N_FACTIONS):
        noise = normal(drawn(noises, f)) * w.p.attribution_noise * doubt
        us.evidence[f] += noise + (_trace(w, f, doubt) if f == us.case_faction else 0.0)


@rule
def _trace(w: World, f: int, doubt: float) -> float:
    """Return what a day's inquiry finds against who did it: less of a discreet faction, all where none doubt."""
    if doubt <= 0.0:
        return CERTAIN
    fog = clamp(1.0 - by(w, M06, w.p.front_fog), 0.0, 1.0) if w.us.case_front else 1.0
    return w.p.attribution_rate * (1.0 - w.faction_in[f].discretion) * fog


@rule
def suspect(w: World) -> int:
    """Return the likeliest perpetrator of the open case."""
    best = 0
    for f in range(1, N_FACTIONS):
        if w.us.evidence[f] > w.us.evidence[best]:
            best = f
    return best


@rule
def attribution(w: World, whom: int) -> float:
    """Return Washington's belief (0 to 1) in the likeliest perpetrator, who is ``whom``."""
    top = w.us.evidence[whom]
    total = 0.0
    for f in range(N_FACTIONS):
        total += exp_within(w.us.evidence[f] - top)
    return 1.0 / total
