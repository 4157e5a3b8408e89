"""The sites that house US personnel: how troops lie among them, and what an attack does."""

import math

from sim.names.actors import (
    COALITION,
    DEADLY_ATTACK,
    FIRST_FACTION,
    IRAN,
    IRAQI_FORCES,
    MISSILES,
    REGION_PLACES,
    ROCKETS,
    US,
)
from sim.names.events import (
    ATTACK,
    ATTACK_OUTSIDE,
    BARRAGE,
    CLAIMED_BY_FRONT,
    COALITION_KILLED,
    CONVOY_BOMB,
    DRONES,
    IRAN_MISSILES,
    IRAQI_KILLED_BY_MILITIA,
    N_WEAPONS,
    ROCKET_FIRE,
    US_KILLED,
    US_WOUNDED,
    WARNED,
)
from sim.names.mechanisms import M06, M07, M24
from sim.names.streams import U_MISSILES_HURT, U_MISSILES_KILL
from sim.world.acts import outlasts_consolidation
from sim.world.compiled import rule
from sim.world.draws import (
    ATTACK_CLAIMED_DRAW,
    ATTACK_DEAD_DRAW,
    ATTACK_HURTS_DRAW,
    ATTACK_KILLS_DRAW,
    ATTACK_OUTSIDE_DRAW,
    ATTACK_SITE_DRAW,
    ATTACK_VICTIMS_DRAW,
    ATTACK_WARNED_DRAW,
    ATTACK_WEAPON_DRAW,
    ATTACK_WOUNDED_DRAW,
    draw,
    heavy_tail,
)
from sim.world.events import by, clamp, climb, happen_at, nudge
from sim.world.field import HARM_BINS
from sim.world.laws import ALLIED_DEAD, US_DEAD, US_HURT, left
from sim.world.shape import World

#: No single attack hurts more people than that, however many are there.
MOST_HURT = 5_000.0
#: Room for the ordinals of one faction's attacks on a day, so that each attack has an address of its own.
ORDINALS = 256
#: Beyond all addresses: so are those of victims of whom there are more than ordinals.
MANY = 2**40


@rule
def start_sites(w: World) -> None:
    """Open every site, or the hardened ones where troops are drawn together, and lay the troops out."""
    for b in range(w.n_sites):
        w.sites[b].open = 1 if outlasts_consolidation(w, b) or w.s.consolidated <= 0.0 else 0
    lay_out_troops(w)


@rule
def troops_moved(w: World) -> bool:
    """Return whether troops, bases or defences have changed since the troops were last laid out, or a week is over."""
    return w.day % 7 == 0 or w.laid_out != _to_lay_out(w)


@rule
def _to_lay_out(w: World) -> float:
    return w.presence.troops + 1e6 * w.presence.troops_north + 1e-3 * w.presence.next_base


@rule
def lay_out_troops(w: World) -> None:
    """Spread the troops over the open sites; protection rises with troops and defences at each (M24)."""
    w.laid_out = _to_lay_out(w)
    shares, in_north = 0.0, 0.0
    for b in range(w.n_sites):
        if w.site_in[b].outside == 0.0 and w.sites[b].open:
            shares += w.site_in[b].personnel_share
            in_north += w.site_in[b].personnel_share if _is_north(w, b) else 0.0
    for b in range(w.n_sites):
        s, t = w.sites[b], w.site_in[b]
        s.troops = 0.0
        if t.outside > 0.0:
            s.troops = w.outside_troops * t.personnel_share
        elif s.open and shares > 0.0:
            s.troops = w.presence.troops * t.personnel_share / shares
            if in_north > 0.0 and _is_north(w, b):
                s.troops += w.presence.troops_north * t.personnel_share / in_north
        s.protection = _protection(w, s.troops, t.protection)


@rule
def _is_north(w: World, b: int) -> bool:
    """Return whether a site lies in the Kurdistan Region."""
    return w.site_in[b].outside == 0.0 and w.site_place[b] in REGION_PLACES


@rule
def _protection(w: World, troops: float, shelter: float) -> float:
    crowd = min(1.0, troops / w.p.well_defended_troops)
    bare = (
        (1.0 - shelter) * (1.0 - w.us.air_defence) * (1.0 - clamp(by(w, M24, w.p.defence_of_troops * crowd), 0.0, 0.95))
    )
    return clamp(1.0 - bare, 0.0, 0.98)


@rule
def settle_attacks(w: World) -> None:
    """Settle today's attacks: where each fell, with what, and whom it hurt."""
    for k in range(w.n_attacks):
        _settle(w, k)


@rule
def _settle(w: World, k: int) -> None:
    a = w.attacks[k]
    address = a.faction * ORDINALS + a.ordinal
    if a.fixed_dead < 0:
        outside = w.faction_in[a.faction].outside_share
        away = w.presence.exit_day >= 0 and w.presence.troops_north <= 0.0
        a.outside = 1 if away or draw(w, ATTACK_OUTSIDE_DRAW, address) < outside else 0
    a.site = a.fixed_site
    if a.site < 0 or w.sites[a.site].troops <= 0.0:
        a.site = _pick_site(w, a.outside, draw(w, ATTACK_SITE_DRAW, address))
    if a.site < 0:
        return
    a.weapon = a.fixed_weapon
    if a.weapon < 0:
        a.weapon = _pick_weapon(w, a.faction, draw(w, ATTACK_WEAPON_DRAW, address))
    if a.weapon == CONVOY_BOMB and (a.outside or w.site_in[a.site].is_embassy > 0.0 or _is_north(w, a.site)):
        a.weapon = ROCKET_FIRE  # an embassy, the north, or a site abroad, is reached by air and not by road
    place = w.site_place[a.site]
    w.sites[a.site].attacks += 1.0
    w.acting_rule = a.rule
    kind = ATTACK_OUTSIDE if a.outside else ATTACK
    kept = N_WEAPONS if w.factions[a.faction].holding else 0
    w.acting_claim = a.claim
    w.acting_also = w.factions[a.faction].last_attack_event
    a.event = happen_at(w, kind, FIRST_FACTION + a.faction, US, place, a.site, 1.0, float(a.weapon + kept), a.cause)
    w.last_attack = w.day
    w.factions[a.faction].last_attack_event = a.event
    climb(w, ROCKETS, FIRST_FACTION + a.faction, place, a.event)
    if a.fixed_dead >= 0:
        if a.fixed_dead + a.fixed_allied > 0:  # a scripted attack that kills nobody is a harmless one
            _casualties(w, k, a.fixed_dead, address)
    elif draw(w, ATTACK_HURTS_DRAW, address) < _chance_of_harm(w, a.site, a.weapon):
        _casualties(w, k, -1, address)
    if not a.hurt:
        w.harmless += 1.0
    else:
        _may_be_claimed(w, k, address)
    w.acting_rule = 0


@rule
def _may_be_claimed(w: World, k: int, address: int) -> None:
    """Let a name that nobody had heard of claim a harmful attack, and so cover who did it (M06)."""
    a = w.attacks[k]
    chance = by(w, M06, w.p.front_claims * w.faction_in[a.faction].discretion)
    if draw(w, ATTACK_CLAIMED_DRAW, address) < chance:
        a.front = 1
        w.acting_claim = M06
        happen_at(w, CLAIMED_BY_FRONT, FIRST_FACTION + a.faction, US, w.site_place[a.site], a.site, 1.0, 0.0, a.event)


@rule
def _pick_site(w: World, outside: int, u: float) -> int:
    """Return a site with US personnel, the likelier the more are there and the nearer it lies to the factions."""
    total = 0.0
    for b in range(w.n_sites):
        total += _pull(w, b, outside)
    if total <= 0.0:
        return -1
    mark = u * total
    for b in range(w.n_sites):
        mark -= _pull(w, b, outside)
        if mark < 0.0:
            return b
    return -1


@rule
def _pull(w: World, b: int, outside: int) -> float:
    if (w.site_in[b].outside > 0.0) != (outside == 1) or w.sites[b].troops <= 0.0:
        return 0.0
    return (w.sites[b].troops + w.p.site_visibility) * (w.p.north_reach if _is_north(w, b) else 1.0)


@rule
def _pick_weapon(w: World, f: int, u: float) -> int:
    heavy = w.factions[f].heavy * w.factions[f].arsenal
    if u < heavy:
        w.factions[f].arsenal *= 1.0 - w.p.arsenal_use
        return DRONES if u < heavy * w.p.drone_share else BARRAGE
    return CONVOY_BOMB if u > 1.0 - w.p.convoy_share * (1.0 - heavy) else ROCKET_FIRE


@rule
def _chance_of_harm(w: World, site: int, weapon: int) -> float:
    chance = w.p.harm_light if weapon in (ROCKET_FIRE, CONVOY_BOMB) else w.p.harm_heavy
    return chance * (1.0 - w.sites[site].protection)


@rule
def _casualties(w: World, k: int, fixed: int, address: int) -> None:
    """Draw who was hurt in attack ``k``: mostly wounded, seldom dead, rarely many (a tail cut by who is there)."""
    a = w.attacks[k]
    most = min(MOST_HURT, w.sites[a.site].troops * w.p.harm_most)
    wounded = heavy_tail(draw(w, ATTACK_WOUNDED_DRAW, address), w.p.harm_exponent, most)
    wounded = min(wounded, left(w, US_HURT))
    dead = min(fixed, math.ceil(w.sites[a.site].troops), left(w, US_DEAD))
    a.fixed_allied = min(a.fixed_allied, math.ceil(w.coalition_troops))
    if fixed < 0:
        dead = 0
        if draw(w, ATTACK_KILLS_DRAW, address) < w.p.deadly_share:
            dead = min(heavy_tail(draw(w, ATTACK_DEAD_DRAW, address), w.p.harm_exponent, most), left(w, US_DEAD))
    _share_out(w, k, dead, wounded, fixed >= 0, address)


@rule
def _share_out(w: World, k: int, dead: int, wounded: int, all_us: bool, address: int) -> None:
    a = w.attacks[k]
    us, coalition, iraqis = 0, 0, 0
    allied = w.p.victim_coalition * min(1.0, w.coalition_troops / max(1.0, w.coalition_troops_start))
    near = _iraqis_near(w, k, address)
    for j in range(dead):
        u = draw(w, ATTACK_VICTIMS_DRAW, (address + j // ORDINALS * MANY) * ORDINALS + j % ORDINALS)
        if all_us or u < w.p.victim_us:
            us += 1
        elif u < w.p.victim_us + allied:
            coalition += 1
        elif u < w.p.victim_us + allied + near * (1.0 - w.p.victim_us - allied):
            iraqis += 1
    coalition = min(coalition + a.fixed_allied, left(w, ALLIED_DEAD))
    a.hurt = 1
    _book_harm(w, us + coalition + iraqis + wounded)
    a.us_killed = us
    a.us_wounded = wounded
    _report(w, k, US_KILLED, US, us)
    _report(w, k, COALITION_KILLED, COALITION, coalition)
    _report(w, k, IRAQI_KILLED_BY_MILITIA, IRAQI_FORCES, iraqis)
    _report(w, k, US_WOUNDED, US, wounded)
    if us > 0:
        w.last_deadly = w.day
        w.last_deadly_event = a.event
        w.factions[a.faction].killed_today = 1
    if dead > 0:
        climb(w, DEADLY_ATTACK, FIRST_FACTION + a.faction, w.site_place[a.site], a.event)


@rule
def _book_harm(w: World, hurt: int) -> None:
    """Count an attack by how many people it hurt."""
    k = min(hurt, HARM_BINS - 1)
    w.harm_count[k] += 1.0
    w.harm_sum[k] += hurt


@rule
def _iraqis_near(w: World, k: int, address: int) -> float:
    """Return the share of the usual Iraqi forces that are near: warned before a heavy attack, they keep away (M07)."""
    a = w.attacks[k]
    if a.outside:
        return 0.0
    heavy = a.weapon in (BARRAGE, DRONES)
    if not heavy or draw(w, ATTACK_WARNED_DRAW, address) >= by(w, M07, w.p.warning_chance):
        return 1.0
    w.acting_claim = M07
    happen_at(w, WARNED, FIRST_FACTION + a.faction, IRAQI_FORCES, w.site_place[a.site], a.site, 1.0, 0.0, a.event)
    return 0.0


@rule
def _report(w: World, k: int, kind: int, whose: int, people: int) -> None:
    a = w.attacks[k]
    if people > 0:
        place = w.site_place[a.site]
        happen_at(w, kind, FIRST_FACTION + a.faction, whose, place, a.site, float(people), 0.0, a.event)


@rule
def settle_missiles(w: World) -> None:
    """Let a salvo from Iran fall on the largest base in Iraq: hurt by its weight, luck and warning decide the dead."""
    if not w.iran.missiles_today:
        return
    site = _largest_site(w)
    if site < 0:
        w.iran.missiles_today = 0  # nobody there to be hit: nothing was answered
        return
    place, troops = w.site_place[site], w.sites[site].troops
    w.acting_rule = w.missile_rule
    event = happen_at(w, IRAN_MISSILES, IRAN, US, place, site, 1.0, w.iran.missile_weight, w.iran.grievance_event)
    climb(w, MISSILES, IRAN, place, event)
    exposed = 1.0 - w.us.dispersed  # a force that has been hit has spread out and dug in
    weight = w.iran.missile_weight * exposed
    hurt = int(troops * w.p.missile_harm * weight * w.u[U_MISSILES_HURT])
    dead = 0
    if w.u[U_MISSILES_KILL] < w.p.missile_deadly * weight:
        dead = heavy_tail(w.u[U_MISSILES_KILL] / max(1e-9, w.p.missile_deadly * weight),
                          w.p.harm_exponent, min(MOST_HURT, troops * w.p.harm_most))  # fmt: skip
    hurt, dead = min(hurt, left(w, US_HURT)), min(dead, left(w, US_DEAD))
    w.us.dispersed = nudge(w.us.dispersed, w.p.dispersal)
    w.iran.stock = max(0.0, w.iran.stock - w.iran.missile_weight)
    if hurt > 0:
        happen_at(w, US_WOUNDED, IRAN, US, place, site, float(hurt), 0.0, event)
    if dead > 0:
        happen_at(w, US_KILLED, IRAN, US, place, site, float(dead), 0.0, event)
        w.last_deadly = w.day
        w.last_deadly_event = event
    _open_iran_case(w, dead, event)
    w.acting_rule = 0


@rule
def _open_iran_case(w: World, dead: int, event: int) -> None:
    """Let a blow of Iran's own await Washington's answer from tomorrow on."""
    us = w.us
    us.iran_case_killed = dead + (us.iran_case_killed if us.iran_case else 0.0)
    us.iran_case = 1
    us.iran_case_day = w.day
    us.iran_case_event = event


@rule
def _largest_site(w: World) -> int:
    best, most = -1, 0.0
    for b in range(w.n_sites):
        if w.site_in[b].outside == 0.0 and w.site_in[b].is_embassy == 0.0 and w.sites[b].troops > most:
            best, most = b, w.sites[b].troops
    return best
