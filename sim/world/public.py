"""The public, by governorate and community: what it feels, near more than far, and how slowly it forgets."""

import math

from sim.names.actors import BAGHDAD, KURD, N_COMMUNITIES, N_GOVERNORATES, PUBLIC, SHIA, SUNNI
from sim.names.events import (
    CIVILIANS_KILLED_BY_US,
    CIVILIANS_KILLED_FIGHTING_ISIS,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    RALLY,
)
from sim.names.mechanisms import M08, M31, M34, M41, M46, M58, M61
from sim.world.compiled import rule
from sim.world.elementary import exp_within
from sim.world.events import by, clamp, happen, nudge
from sim.world.shape import World

# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_public(w: World) -> None:
    """Set the moods of every governorate and community at the start."""
    _scale_shares(w)
    all_of_isis = 0.0
    for g in range(N_GOVERNORATES):
        all_of_isis += w.place_in[g].isis_share
    for g in range(N_GOVERNORATES):
        w.hardship[g] = clamp(w.p.hardship_base, 0.0, 1.0)
        w.fear_isis[g] = _fear(w, g, w.s.isis_attacks_quarter * w.place_in[g].isis_share / max(1e-9, all_of_isis))
        for c in range(N_COMMUNITIES):
            w.anger_us[g, c] = clamp(w.s.anger_at_us * _share_us(w, c), 0.0, 1.0)
            w.anger_iran[g, c] = clamp(w.s.anger_at_iran * _share_iran(c), 0.0, 1.0)
            w.anger_militia[g, c] = clamp(w.s.anger_at_militias * _share_iran(c), 0.0, 1.0)
            w.anger_government[g, c] = w.s.anger_at_government
    take_mood(w)


@rule
def _scale_shares(w: World) -> None:
    """Make the communities of every governorate add up to its people: each share was drawn from a range of its own."""
    for g in range(N_GOVERNORATES):
        t = w.place_in[g]
        total = t.sunni_arab + t.shia + t.kurd + t.other
        if total > 0.0:
            t.sunni_arab /= total
            t.shia /= total
            t.kurd /= total
            t.other /= total


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def feel_public(w: World) -> None:
    """Let a day's exchanges weary Iraqis of being a battlefield, whoever fires (M58)."""
    exchanges = float(w.n_strikes)
    for k in range(w.n_attacks):
        exchanges += 0.2 if w.attacks[k].site >= 0 else 0.0
    wearied = by(w, M58, w.p.battlefield_weariness * exchanges)
    w.pending_us_all += wearied
    w.pending_iran_all += 0.5 * wearied


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
def _count_the_dead(w: World) -> None:
    """Lay the week's Iraqi dead at the door of those who killed them."""
    by_us = w.total[IRAQI_KILLED_BY_US] + w.total[CIVILIANS_KILLED_BY_US]
    by_militia = w.total[IRAQI_KILLED_BY_MILITIA] + w.total[CIVILIANS_KILLED_FIGHTING_ISIS]
    w.pending_us_all += w.p.anger_per_iraqi_dead * (by_us - w.mourned_us)
    w.pending_iran_all += w.p.anger_per_iraqi_dead * (by_militia - w.mourned_militia)
    w.mourned_us, w.mourned_militia = by_us, by_militia


@rule
def _standing_offences(w: World) -> None:
    """Let what Washington says it is there for (M46), and what it withholds, go on offending."""
    if w.us.aims > 0:
        w.pending_us_all += by(w, M46, w.p.aims_anger_weekly)
    w.pending_us_all += w.p.sanctions_anger * (w.us.sanctions + 0.3 * w.us.measures)


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def public_week(w: World) -> None:
    """Let the week's events settle into feelings, by place and community, and old ones fade to their resting level."""
    _count_the_dead(w)
    _standing_offences(w)
    relief, won, diverted = _relief(w), _won(w), _diverted(w)
    for g in range(N_GOVERNORATES):
        _feel_us(w, g, relief, won)
        _feel_iran_and_militias(w, g, diverted)
        _feel_government(w, g)
        _feel_isis(w, g)
    _rally(w)
    w.pending_us_all = 0.0
    w.pending_iran_all = 0.0
    take_mood(w)


@rule
def _relief(w: World) -> float:
    """Return what a framework takes from anger at the US everywhere (M61)."""
    return by(w, M61, w.p.relief_goodwill) if w.government.framework else 0.0


@rule
def _won(w: World) -> float:
    """Return what US backing of the street takes from it everywhere (M41)."""
    return by(w, M41, w.p.backing_mood * w.us.backing_street)


@rule
def _feel_us(w: World, g: int, relief: float, won: float) -> None:
    fade = 1.0 - w.kept.anger_week
    shock = w.pending_us_all + w.pending_us[g]
    for c in range(N_COMMUNITIES):
        share = _share_us(w, c)
        rest = clamp(w.s.anger_at_us * share, 0.0, 1.0)
        faded = w.anger_us[g, c] + fade * (rest - w.anger_us[g, c])
        w.anger_us[g, c] = nudge(faded, min(0.9, shock * share) - relief - won)
    w.pending_us[g] = 0.0


@rule
def _diverted(w: World) -> float:
    """Return what is left of the anger at Iran: a quarrel over the presence draws eyes from it (M34)."""
    there = 1.0 if w.presence.troops > 0.0 else 0.0
    return 1.0 - clamp(by(w, M34, w.p.diversion * there * min(1.0, w.parliament.outrage)), 0.0, 1.0)


@rule
def _feel_iran_and_militias(w: World, g: int, diverted: float) -> None:
    """Let anger at Iran and its factions take in the week; they are forgiven much where they are needed (M31)."""
    fade = 1.0 - w.kept.anger_week
    needed = 1.0 - clamp(by(w, M31, w.p.need_forgives * w.need * w.place_in[g].shia), 0.0, 0.9)
    dominance = 1.0 + w.p.dominance_anger * (w.influence - 0.5)
    everywhere, here = w.pending_iran_all * diverted, w.pending_militia[g] * diverted
    for c in range(N_COMMUNITIES):
        iran = clamp(w.s.anger_at_iran * _share_iran(c) * dominance, 0.0, 1.0)
        faded = w.anger_iran[g, c] + fade * (iran - w.anger_iran[g, c])
        w.anger_iran[g, c] = nudge(faded, min(0.9, everywhere))
        militia = clamp(w.s.anger_at_militias * _share_iran(c) * needed, 0.0, 1.0)
        faded = w.anger_militia[g, c] + fade * (militia - w.anger_militia[g, c])
        w.anger_militia[g, c] = nudge(faded, min(0.9, everywhere + here))
    w.pending_militia[g] = 0.0


@rule
def _feel_government(w: World, g: int) -> None:
    fade = 1.0 - w.kept.anger_week
    w.hardship[g] += fade * (clamp(w.p.hardship_base + 1.0 - w.economy, 0.0, 1.0) - w.hardship[g])
    rest = w.s.anger_at_government * (w.p.anger_without_government if w.government.in_office == 0 else 1.0)
    rest = clamp(rest + w.p.hardship_anger * (w.hardship[g] - w.p.hardship_base), 0.0, 1.0)
    for c in range(N_COMMUNITIES):
        w.anger_government[g, c] += fade * (rest - w.anger_government[g, c])


@rule
def _feel_isis(w: World, g: int) -> None:
    """Let fear of ISIS follow what its cells did in the place in the last quarter."""
    quarter = 0.0
    for k in range(13):
        quarter += w.isis_quarter[g, k]
    w.fear_isis[g] += 0.2 * (_fear(w, g, quarter) - w.fear_isis[g])


@rule
def _fear(w: World, g: int, quarter: float) -> float:
    """Return the share of a place's people whom so many ISIS attacks in a quarter put in fear."""
    people = w.place_in[g].population / 1_000_000.0
    return 1.0 - exp_within(-quarter / max(0.1, w.p.fear_scale * people))


# What comes of it ---------------------------------------------------------------------------------------------------


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
    people, us, iran, militia, government, fear = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for g in range(N_GOVERNORATES):
        t = w.place_in[g]
        shares = (t.sunni_arab, t.shia, t.kurd, t.other)
        for c in range(N_COMMUNITIES):
            n = t.population * shares[c]
            people += n
            us += n * w.anger_us[g, c]
            iran += n * w.anger_iran[g, c]
            militia += n * w.anger_militia[g, c]
            government += n * w.anger_government[g, c]
            fear += n * w.fear_isis[g]
    people = max(1.0, people)
    w.mood_us = us / people
    w.mood_iran = iran / people
    w.mood_militia = militia / people
    w.mood_government = government / people
    w.mood_fear = fear / people
