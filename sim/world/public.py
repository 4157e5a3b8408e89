"""The public, by governorate and community: what angers it, near more than far, and how slowly it forgets."""

import math

from sim.names.actors import BAGHDAD, KURD, N_COMMUNITIES, N_GOVERNORATES, PUBLIC, SHIA, SUNNI
from sim.names.events import CIVILIANS_KILLED_BY_US, IRAQI_KILLED_BY_MILITIA, IRAQI_KILLED_BY_US, RALLY
from sim.names.mechanisms import M08, M58, M61
from sim.world.compiled import rule
from sim.world.events import by, clamp, happen, nudge
from sim.world.shape import World


@rule
def start_public(w: World) -> None:
    """Set the moods of every governorate and community at the start."""
    for g in range(N_GOVERNORATES):
        for c in range(N_COMMUNITIES):
            w.anger_us[g, c] = clamp(w.s.anger_at_us * _share_us(w, c), 0.0, 1.0)
            w.anger_iran[g, c] = clamp(w.s.anger_at_iran * _share_iran(c), 0.0, 1.0)
            w.anger_government[g, c] = w.s.anger_at_government
    take_mood(w)


@rule
def _share_us(w: World, community: int) -> float:
    """Return how strongly a community takes offence at the US, over the Shia's."""
    if community == SHIA:
        return 1.0
    return w.p.offence_kurd if community == KURD else w.p.offence_sunni


@rule
def _share_iran(community: int) -> float:
    return 1.3 if community == SUNNI or community == KURD else 1.0


@rule
def feel_public(w: World) -> None:
    """Let a day's exchanges weary Iraqis of being a battlefield, whoever fires (M58)."""
    exchanges = float(w.n_strikes)
    for k in range(w.n_attacks):
        exchanges += 0.2 if w.attacks[k].site >= 0 else 0.0
    w.pending_us_all += by(w, M58, w.p.battlefield_weariness * exchanges)


@rule
def public_week(w: World) -> None:
    """Let the week's anger settle, by place and community, and old anger fade to its resting level."""
    p = w.p
    killed_by_us = w.total[IRAQI_KILLED_BY_US] + w.total[CIVILIANS_KILLED_BY_US]
    by_militia = w.total[IRAQI_KILLED_BY_MILITIA]
    grief = p.anger_per_iraqi_dead * (killed_by_us - w.mourned_us)
    blame = p.anger_per_iraqi_dead * (by_militia - w.mourned_militia)
    w.mourned_us, w.mourned_militia = killed_by_us, by_militia
    fade = 1.0 - math.exp(-7.0 * 0.6931471805599453 / p.anger_half_life)
    relief = by(w, M61, p.relief_goodwill) if w.government.framework else 0.0
    for g in range(N_GOVERNORATES):
        shock = w.pending_us_all + w.pending_us[g] + grief
        for c in range(N_COMMUNITIES):
            rest = clamp(w.s.anger_at_us * _share_us(w, c), 0.0, 1.0)
            w.anger_us[g, c] += fade * (rest - w.anger_us[g, c])
            w.anger_us[g, c] = nudge(w.anger_us[g, c], min(0.9, shock * _share_us(w, c)) - relief)
            w.anger_iran[g, c] += fade * (w.s.anger_at_iran * _share_iran(c) - w.anger_iran[g, c])
            w.anger_iran[g, c] = clamp(nudge(w.anger_iran[g, c], min(0.9, blame)), 0.0, 1.0)
            w.anger_government[g, c] += fade * (_government_rest(w) - w.anger_government[g, c])
        w.pending_us[g] = 0.0
    _rally(w)
    w.pending_us_all = 0.0
    take_mood(w)


@rule
def _government_rest(w: World) -> float:
    return min(1.0, w.s.anger_at_government * (w.p.anger_without_government if w.government.in_office == 0 else 1.0))


@rule
def _rally(w: World) -> None:
    """Let a week of great offence bring people into the streets of Baghdad."""
    if w.pending_us_all > w.p.rally_threshold:
        size = w.p.rally_size * w.anger_us[BAGHDAD, SHIA] * min(1.0, w.pending_us_all)
        w.acting_claim = M08
        happen(w, RALLY, PUBLIC, BAGHDAD, math.floor(size / 1000.0) * 1000.0, w.us.last_strike_event)


@rule
def take_mood(w: World) -> None:
    """Take the mood of the country: means over all people, by population and community."""
    people, us, iran, government = 0.0, 0.0, 0.0, 0.0
    for g in range(N_GOVERNORATES):
        t = w.place_in[g]
        for c in range(N_COMMUNITIES):
            n = t.population * _share_of(w, g, c)
            people += n
            us += n * w.anger_us[g, c]
            iran += n * w.anger_iran[g, c]
            government += n * w.anger_government[g, c]
    w.mood_us = us / max(1.0, people)
    w.mood_iran = iran / max(1.0, people)
    w.mood_government = government / max(1.0, people)


@rule
def _share_of(w: World, g: int, c: int) -> float:
    t = w.place_in[g]
    if c == SUNNI:
        return t.sunni_arab
    if c == SHIA:
        return t.shia
    return t.kurd if c == KURD else t.other
