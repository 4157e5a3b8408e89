"""What several modules bring about alike: attacks and strikes ordered, a siege, a surge of protest, an exit decided."""

from sim.names.actors import BY_DEMAND, FIRST_FACTION, LEAVING, NOWHERE, PROTESTERS, SIEGE, US
from sim.names.events import EXIT_DECIDED, PROTEST_SURGED, SIEGE_BEGAN
from sim.names.mechanisms import M35, M40
from sim.names.tables import MAX_ATTACKS, MAX_STRIKES
from sim.world.compiled import rule
from sim.world.events import by, clamp, climb, happen, happen_detail, nudge
from sim.world.shape import World

#: A rise of protest by more than this is told.
SURGE = 0.25


@rule
def order_strike(w: World, target: int, weight: int, consent: int, place: int, cause: int, by_rule: int) -> None:
    """Order a US strike on faction ``target``; it falls today."""
    if w.n_strikes >= MAX_STRIKES:
        w.beyond_room += 1.0
        return
    s = w.strikes[w.n_strikes]
    s.target = target
    s.weight = weight
    s.consent = consent
    s.place = place
    s.cause = cause
    s.rule = by_rule
    s.event = 0
    s.killed = 0.0
    s.iraqis = 0.0
    s.civilians = 0.0
    s.leader = 0
    s.answers_case = 0
    s.breach = 0.0
    s.guest = -1
    w.n_strikes += 1


@rule
def order_attack(w: World, faction: int, ordinal: int, cause: int, by_rule: int, claim: int) -> None:
    """Order an attack by ``faction``, its ``ordinal``-th today; where and how is settled with it."""
    if w.n_attacks >= MAX_ATTACKS:
        w.beyond_room += 1.0
        return
    a = w.attacks[w.n_attacks]
    a.faction = faction
    a.ordinal = ordinal
    a.cause = cause
    a.rule = by_rule
    a.claim = claim
    a.site = -1
    a.weapon = -1
    a.outside = 0
    a.fixed_dead = -1
    a.fixed_site = -1
    a.fixed_weapon = -1
    a.fixed_allied = 0
    a.event = 0
    a.us_killed = 0.0
    a.us_wounded = 0.0
    a.hurt = 0
    a.front = 0
    w.n_attacks += 1


@rule
def begin_siege(w: World, faction: int, cause: int) -> None:
    """Let a crowd led by ``faction`` besiege the embassy (M35: what it does to pride is out of proportion)."""
    w.siege = 1
    w.siege_day = w.day
    w.factions[faction].besieging = 1
    w.siege_event = happen(w, SIEGE_BEGAN, FIRST_FACTION + faction, 0, 1.0, cause)
    climb(w, SIEGE, FIRST_FACTION + faction, 0, w.siege_event)
    w.humiliation = nudge(w.humiliation, by(w, M35, w.p.siege_humiliation))


@rule
def suspend_talks(w: World) -> None:
    """Suspend the talks, whoever breaks them off and why."""
    gov = w.government
    gov.talks_open = 0
    gov.talks_suspended = 1
    gov.suspended_day = w.day


@rule
def outlasts_consolidation(w: World, b: int) -> bool:
    """Return whether a site is kept when troops are drawn together: hardened ones, the embassy, those outside Iraq."""
    t = w.site_in[b]
    return t.hardened > 0.0 or t.is_embassy > 0.0 or t.outside > 0.0


@rule
def begin_surge(w: World, g: int, strength: float) -> None:
    """Let protest in a place rise to ``strength``, if it is not that strong already; a great leap is an event."""
    if strength <= w.protest[g]:
        return
    if strength - w.protest[g] > SURGE:
        w.protest_event = happen(w, PROTEST_SURGED, PROTESTERS, g, 1.0, 0)
        w.surge_event[g] = w.protest_event
        w.surge_day[g] = w.day
    w.protest[g] = strength


@rule
def cut(w: World, troops: float, event: int) -> None:
    """Let this many troops go home over the months that a smaller footprint takes."""
    w.presence.to_cut = troops
    w.presence.cut_a_day = troops / max(1.0, w.p.cut_days)
    w.presence.cut_event = event


@rule
def decide_exit(w: World, kind: int, cause: int, days: float, north: int, why: int) -> None:
    """Decide that US forces leave: from now on the presence winds down over ``days`` (M40: months, not hours)."""
    there = w.presence
    if w.presence_pinned or there.decided_day >= 0:
        return
    there.decided_day = w.day
    there.exit_kind = kind
    there.exit_cause = cause
    there.exit_days = max(14.0, by(w, M40, days))
    there.leaving_from = there.troops
    there.north = north
    there.state = LEAVING
    w.parliament.tabled = 0  # nothing is left to resolve
    if north:
        w.north_offered = 1
    there.exit_event = happen_detail(w, EXIT_DECIDED, US, NOWHERE, 1.0, float(cause), why)
    there.ugly = 1 if kind == BY_DEMAND and w.government.refused else 0
    there.resented = _resentment(w, kind)
    there.pace = 1.0


@rule
def _resentment(w: World, kind: int) -> float:
    """Return how far Washington resents how it came to leave (0 to 1): least by agreement, most when driven out."""
    driven = 0.4 if kind == BY_DEMAND else 0.0
    defied = 0.3 if w.government.refused else 0.0
    return clamp(driven + defied + 0.3 * w.us.threat + 0.3 * w.humiliation, 0.0, 1.0)
