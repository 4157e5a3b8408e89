"""Washington's will to stay: what it feels of losses, costs and success, and its faith in Baghdad."""

from sim.names.actors import (
    DEADLY_ATTACK,
)
from sim.names.events import (
    US_KILLED,
    US_WOUNDED,
)
from sim.names.mechanisms import M21, M41, M59
from sim.world.compiled import rule
from sim.world.events import by, clamp, nudge, reads
from sim.world.shape import World

#: Days after which the dead of the last deadly attack no longer stand before the daily cost of being fired at.
LONG_AGO = 30


@rule
def feel_washington(w: World) -> None:
    """Let the day's dead raise the cost at home, and, for a while, the resolve (M21); let both fade."""
    us, p = w.us, w.p
    killed = w.total[US_KILLED] - w.total_dawn[US_KILLED]
    attacks = 0.0
    for k in range(w.n_attacks):
        attacks += 1.0 if w.attacks[k].site >= 0 else 0.0
    wounded = w.total[US_WOUNDED] - w.total_dawn[US_WOUNDED]
    felt = by(
        w,
        M21,
        p.cost_per_wounded * wounded + p.cost_per_death * killed + p.cost_per_attack * attacks * (1.5 - us.faith),
    )
    us.cost = nudge(us.cost, felt)
    if killed > 0.0:
        us.cost_event = w.last_deadly_event
    elif felt > 0.0 and (w.last_deadly < 0 or w.day - w.last_deadly > LONG_AGO):
        us.cost_event = _attack_of_today(w)
    if us.cost > p.cost_floor:
        us.cost = p.cost_floor + (us.cost - p.cost_floor) * w.kept.cost
    if reads(w, M21, 0):
        us.surge = nudge(us.surge, by(w, M21, p.surge_per_death * killed + p.surge_per_attack * attacks))
    us.surge *= w.kept.surge
    us.leverage *= w.kept.leverage
    w.humiliation *= w.kept.surge
    under_fire = 1.0 if w.rung >= DEADLY_ATTACK else 0.0
    us.weary = under_fire + (us.weary - under_fire) * w.kept.weary
    us.dispersed *= w.kept.dispersed
    ordered = p.air_defence_share * us.air_defence_ordered
    us.air_defence = ordered + (us.air_defence - ordered) * w.kept.air_defence
    us.backing_members = _built_up(w, us.backing_members, us.backs_members)
    us.backing_street = _built_up(w, us.backing_street, us.backs_street)
    _feel_faith(w)
    us.worth = clamp(p.worth_base + us.office_worth + p.worth_of_isis * (w.sees.public.isis_trend - 1.0), 0.0, 1.0)


@rule
def _attack_of_today(w: World) -> int:
    """Return the first attack of today that found a site; what had moved the cost before where there is none."""
    for k in range(w.n_attacks):
        if w.attacks[k].site >= 0:
            return w.attacks[k].event
    return w.us.cost_event


@rule
def _built_up(w: World, backing: float, effort: float) -> float:
    """Return what standing by friends has built up, a day of this effort later (M41)."""
    return clamp(backing + by(w, M41, (effort - backing) * (1.0 - w.kept.backing)), 0.0, 1.0)


@rule
def _feel_faith(w: World) -> None:
    """Let trust in Iraqi protection fall with harmful attacks and come back; Baghdad's doubt feeds its own (M59)."""
    us, p = w.us, w.p
    for k in range(w.n_attacks):
        if w.attacks[k].hurt and not w.attacks[k].outside:
            us.faith *= 1.0 - p.faith_per_attack
    rest = clamp(w.s.faith_in_protection + p.cooperation_faith * w.government.cooperates, 0.0, 1.0)
    us.faith += (rest - us.faith) * (1.0 - w.kept.faith)
    us.faith = clamp(us.faith - by(w, M59, p.doubts_feed * max(0.0, 0.5 - w.government.trust)), 0.0, 1.0)
