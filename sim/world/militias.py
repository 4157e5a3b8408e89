"""The factions: what each wants, whether it fires today, and what a blow does to it."""

from sim.names.actions import (
    FACTION_BESIEGE,
    FACTION_BREAK,
    FACTION_CALL_OFF,
    FACTION_FIGHT_ISIS,
    FACTION_HARASS,
    FACTION_HOLD,
    FACTION_PRESS,
    FACTION_REPRESS,
    FACTION_TABLE,
    LANE_FIRE,
    LANE_ISIS,
    LANE_PARLIAMENT,
    LANE_PROTEST,
    LANE_STREET,
)
from sim.names.actors import (
    BAGHDAD,
    EVERY_FACTION,
    FIRST_FACTION,
    N_FACTIONS,
    NOWHERE,
    PARLIAMENT,
    SEAT_FIRST_FACTION,
)
from sim.names.events import LEADERSHIP, MOTION_TABLED, TRUCE_BEGAN, TRUCE_ENDED
from sim.names.mechanisms import M01, M02, M03, M05, M15, M17, M36, M37, M39, M43, M44, M55
from sim.names.streams import U_ATTACKS, U_TRUCE
from sim.names.tables import MAX_ATTACKS
from sim.world.acts import order_attack
from sim.world.coercion import able, dread, fear_blow, recover, reins
from sim.world.compiled import rule
from sim.world.decide import action_of, ally, choose_together, name_of, option_of
from sim.world.draws import poisson
from sim.world.elementary import exp_within
from sim.world.events import by, clamp, happen, happen_detail, nudge, reads
from sim.world.regimes import seasonal, start_season
from sim.world.shape import World

TIME_UP, STALLED, OWN_KILLED, BLOODY = 0.0, 1.0, 2.0, 3.0
CALLED_OFF, CLEARED = 0.0, 1.0
#: Days for which a strike is what a crowd comes for.
FRESH = 14
#: Days for which it is what a motion answers.
LATELY = 120
#: A motive that adds less than this log ratio to the drive is not told as the reason of an attack.
FAINT = 0.1


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_factions(w: World) -> None:
    """Set every faction at the start: whole, armed, unaroused, its memory of the dead as the scenario has it."""
    start_season(w)
    for f in range(N_FACTIONS):
        me = w.factions[f]
        me.strength = 1.0
        me.arsenal = w.s.arsenal
        me.memory = w.s.memory_of_leaders * w.faction_in[f].closeness
        me.revenge = w.s.revenge
        me.last_struck = -1
        me.hold_since = -1
        me.broken_day = -1
        if w.s.truce > 0.0 and f != N_FACTIONS - 1:
            me.holding = 1
            me.hold_since = 0
            me.hold_until = int(w.s.truce)


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def feelings(w: World, f: int) -> None:
    """Let a fresh blow ripen into a motive; let motives and fear fade; arms (M55) and men come back cheaply (M39)."""
    me, p = w.factions[f], w.p
    if me.killed_today and me.holding:
        _end_truce(w, f, BLOODY, me.last_attack_event)
    me.killed_today = 0
    ripe = me.sting * (1.0 - w.kept.sting)
    me.sting -= ripe
    me.revenge = nudge(me.revenge, ripe) * w.kept.revenge
    me.deterred *= w.kept.deterrence
    recover(w, f)
    me.memory *= w.kept.memory
    me.confronted *= w.kept.deterrence
    full = clamp(1.0 - by(w, M55, p.supply_dependence * (1.0 - w.iran.network)), 0.0, 1.0)
    cheap = by(w, M39, 1.0)
    me.arsenal += (full - me.arsenal) * min(1.0, p.arsenal_refill * cheap)
    come = (1.0 - me.strength) * min(1.0, p.recruit_rate * cheap)
    me.strength += come
    me.came_back += come * w.faction_in[f].fighters


@rule
def suffer_strikes(w: World) -> None:
    """Let every strike of today do to the factions what a strike does: to men and arms, and to their motives."""
    for k in range(w.n_strikes):
        for f in range(N_FACTIONS):
            _suffer(w, k, f)


@rule
def _suffer(w: World, k: int, f: int) -> None:
    s, me = w.strikes[k], w.factions[f]
    own = f == s.target
    share = 1.0 if own else w.p.solidarity * w.faction_in[f].closeness
    weight = _blow(w, s.weight)
    if own:
        me.last_struck = w.day
        me.strength = max(0.05, me.strength - s.killed / max(1.0, w.faction_in[f].fighters))
        me.arsenal *= 1.0 - min(0.9, w.p.arsenal_loss * weight)
    blow = by(w, M01, w.p.revenge_per_strike * weight * share)
    if reads(w, M01, 0):
        me.sting += blow
        if blow > 0.3 * me.revenge:
            me.revenge_event = s.event
    else:
        me.deterred = nudge(me.deterred, blow)
    fear_blow(w, k, f, share)
    if s.weight == LEADERSHIP:
        _mourn(w, f, share, s.event)


@rule
def _blow(w: World, weight: int) -> float:
    if weight == LEADERSHIP:
        return w.p.blow_leadership
    return w.p.blow_heavy if weight == 2 else 1.0


@rule
def _mourn(w: World, f: int, share: float, event: int) -> None:
    """Remember a killed leader (M36: for years); a promise to hold fire may not outlive one's own."""
    me = w.factions[f]
    me.memory = nudge(me.memory, by(w, M36, w.p.memory_per_leader * share))
    me.memory_event = event
    if me.holding and share == 1.0 and w.p.truce_survives < 0.5:
        _end_truce(w, f, OWN_KILLED, event)


@rule
def rote_response(w: World) -> float:
    """Return how surely a harmful attack has lately been answered by a strike (0 to 1), as anybody can see."""
    see = w.sees.public
    return min(1.0, see.us_strikes_90d / max(1.0, see.us_killed_90d + 0.2 * see.us_wounded_90d))


@rule
def _line_defied(w: World) -> float:
    """Return how far attacks would defy a government's line: it governs, and it talks or has agreed (0 to 1)."""
    if w.government.in_office == 0:
        return 0.0
    if w.government.framework or w.government.talks_open:
        return 1.0
    return 0.3


@rule
def _reach(w: World, f: int) -> float:
    """Return how much of its usual fire a faction still has targets for: all, those up north, those abroad."""
    abroad = w.faction_in[f].outside_share * min(1.0, w.outside_troops / max(1.0, w.s.troops_outside))
    if w.presence.exit_day < 0:
        return 1.0 - w.faction_in[f].outside_share + abroad
    north = (1.0 - w.faction_in[f].outside_share) * w.p.north_reach if w.presence.troops_north > 0.0 else 0.0
    return abroad + north


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def decide_factions(w: World) -> None:
    """Choose today's postures of all factions by their policies."""
    _decide(w, EVERY_FACTION)


@rule
def decide_faction(w: World, f: int) -> None:
    """Choose today's posture of faction ``f`` by its policy, as if it were alone."""
    _decide(w, 1 << f)


@rule
def _decide(w: World, those: int) -> None:
    """Choose the postures of ``those`` factions (bits): fire, the street, parliament, the squares, ISIS."""
    ally(w)
    for f in range(N_FACTIONS):
        if those >> f & 1:
            _means(w, f, SEAT_FIRST_FACTION + f)
            _want_nothing(w, f)
    for lane in range(LANE_ISIS + 1):
        choose_together(w, lane, those)
        for f in range(N_FACTIONS):
            if w.chosen[f] >= 0:
                _take_up(w, f, SEAT_FIRST_FACTION + f, lane, w.chosen[f])


@rule
def _want_nothing(w: World, f: int) -> None:
    """Lay down what a faction wanted yesterday; what it does to protesters and ISIS it goes on doing."""
    me = w.factions[f]
    me.effort = 0.0
    me.heavy = 0.0
    me.promises = 0
    me.breaks = 0
    me.wants_crowd = 0
    me.calls_off = 0
    me.tables = 0
    w.faction_rule[f] = 0


@rule
def _means(w: World, f: int, seat: int) -> None:
    me, see, can = w.factions[f], w.sees.public, w.can
    embassy_there = see.us_troops > 0.0 or see.exit_decided == 0.0
    can[seat, FACTION_HOLD] = 1
    can[seat, FACTION_BREAK] = me.holding
    can[seat, FACTION_HARASS] = 1
    can[seat, FACTION_PRESS] = 1
    can[seat, FACTION_BESIEGE] = 1 if embassy_there and see.embassy_besieged == 0.0 else 0
    can[seat, FACTION_CALL_OFF] = me.besieging
    again = see.resolution_passed == 0.0 or see.days_since_strike < see.days_since_resolution
    free = see.motion_tabled == 0.0 and again and see.exit_decided == 0.0
    can[seat, FACTION_TABLE] = 1 if free and w.faction_in[f].stake > 0.0 else 0
    can[seat, FACTION_REPRESS] = 1 if see.protest > 0.0 else 0
    can[seat, FACTION_FIGHT_ISIS] = 1


@rule
def _take_up(w: World, f: int, seat: int, lane: int, r: int) -> None:
    me = w.factions[f]
    if lane == LANE_FIRE:
        _order_fire(w, f, seat, r)
    elif lane == LANE_STREET:
        me.wants_crowd = 1 if action_of(w, seat, r) == FACTION_BESIEGE else 0
        me.calls_off = 1 - me.wants_crowd
    elif lane == LANE_PARLIAMENT:
        me.tables = 1
    elif lane == LANE_PROTEST:
        me.represses = option_of(w, seat, r, 0)
        w.faction_rule_protest[f] = name_of(seat, r)
    else:
        me.fights_isis = option_of(w, seat, r, 0)


@rule
def _order_fire(w: World, f: int, seat: int, r: int) -> None:
    me = w.factions[f]
    action = action_of(w, seat, r)
    w.faction_rule[f] = name_of(seat, r)
    if action == FACTION_HOLD:
        me.effort = 1.0  # what its men would do unheld; the promise lets a part of it through
        me.promises = int(option_of(w, seat, r, 0))
    elif action == FACTION_BREAK:
        me.breaks = 1
        me.effort = 1.0
    elif action == FACTION_HARASS:
        me.effort = option_of(w, seat, r, 0)
    else:
        me.effort = option_of(w, seat, r, 0)
        me.heavy = option_of(w, seat, r, 1)


@rule
def keep_promise(w: World, f: int) -> None:
    """Give a promise to hold fire, let it run out, or break when the political route stalls (M05)."""
    me = w.factions[f]
    if not me.holding:
        if me.promises > 0 and (me.broken_day < 0 or w.day - me.broken_day > w.p.promise_rest):
            _promise(w, f)
        return
    if me.breaks:
        _end_truce(w, f, STALLED, 0)
        return
    if w.day >= me.hold_until:
        _end_truce(w, f, TIME_UP, 0)
        return
    moving = w.parliament.tabled == 1 or w.government.talks_open == 1
    stall = 0.0 if moving else max(0.0, w.p.truce_patience - w.parliament.momentum)
    if reads(w, M05, 0) and w.u[U_TRUCE + f] < by(w, M05, w.p.truce_break_rate * stall):
        _end_truce(w, f, STALLED, 0)


@rule
def _promise(w: World, f: int) -> None:
    me = w.factions[f]
    me.holding = 1
    me.hold_since = w.day
    me.hold_until = w.day + me.promises
    w.acting_rule = w.faction_rule[f]
    house = w.parliament
    lately = house.passed_day >= 0 and w.day - house.passed_day <= LATELY
    happen(w, TRUCE_BEGAN, FIRST_FACTION + f, NOWHERE, 1.0, house.passed_event if lately else 0)
    w.acting_rule = 0


@rule
def _end_truce(w: World, f: int, why: float, cause: int) -> None:
    w.factions[f].holding = 0
    if why != TIME_UP:
        w.factions[f].broken_day = w.day
    w.acting_claim = M05 if why == STALLED else 0
    happen_detail(w, TRUCE_ENDED, FIRST_FACTION + f, NOWHERE, 1.0, why, cause)


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def stir(w: World) -> None:
    """Let the day stir all factions alike, unless Iran alone moves them (M02)."""
    w.stirring = 0.0 if reads(w, M02, 1) else stirring(w)


@rule
def stirring(w: World) -> float:
    """Return what raises and lowers the rates of all factions alike today, as a log ratio."""
    p = w.p
    x = by(w, M37, p.war_drive * w.war)
    if w.government.in_office == 0:
        x += by(w, M15, p.impunity_drive)
    if reads(w, M05, 1):
        x += by(w, M05, p.complement_drive * w.parliament.momentum)
    if w.parliament.passed:
        colour = by(w, M44, p.colour_drive)
        x += colour if reads(w, M44, 0) else -colour
    rote = by(w, M43, p.rote_drive * rote_response(w))
    x += rote if reads(w, M43, 0) else -rote
    return x - p.broker_calm * w.broker


@rule
def drive(w: World, f: int) -> float:
    """Return what raises and lowers the faction's rate today, as a log ratio."""
    me, p, t = w.factions[f], w.p, w.faction_in[f]
    x = by(w, M36, p.memory_drive * me.memory)
    if reads(w, M01, 0):
        x += by(w, M01, p.revenge_drive * me.revenge)
    else:
        x -= by(w, M01, p.deterrence_drive * me.deterred)
    x += by(w, M03, p.push_drive * t.closeness * w.iran.push)
    x -= p.confront_drive * me.confronted + dread(w, f) + reins(w, f)
    x = min(x, p.drive_most)  # a faction can be no more than aroused, however many motives it has
    return w.stirring + x - by(w, M17, p.price_drive * t.stake * _line_defied(w))


@rule
def attack_rate(w: World, f: int) -> float:
    """Return the intensity of faction ``f`` (attacks a day): appetite, effort and drive, and what calls forth more."""
    me = w.factions[f]
    reach = _reach(w, f)
    rate = w.faction_in[f].appetite * w.p.attack_tempo * reach * me.strength * able(w, f)
    if reads(w, M02, 1):
        rate *= max(0.0, 1.0 + by(w, M02, w.p.proxy_gain * w.iran.push))
    else:
        alone = clamp(by(w, M02, 1.0), 0.0, 1.0)
        rate *= me.effort * exp_within(clamp(drive(w, f), -4.0, 4.0)) * (alone + (1.0 - alone) * max(0.0, w.iran.push))
    rate = rate * seasonal(w) + me.excitation * reach * min(1.0, seasonal(w))  # what calls forth more never runs away
    if me.holding and reads(w, M05, 0):
        rate *= clamp(1.0 - by(w, M05, 1.0 - w.p.truce_leak), 0.0, 1.0)
    return rate


@rule
def fire(w: World, f: int) -> None:
    """Draw how often faction ``f`` attacks today, and order the attacks."""
    me = w.factions[f]
    me.rate = attack_rate(w, f)
    wanted = poisson(w.u[U_ATTACKS + f], me.rate)
    n = min(wanted, MAX_ATTACKS)
    w.beyond_room += wanted - n
    if n > 0:
        motive = _motive(w, f)
        for k in range(n):
            order_attack(w, f, k, _motive_event(w, f, motive), w.faction_rule[f], motive)
    # What one attack adds over all days to come, the next one the first, sums to `branching`.
    me.excitation = me.excitation * w.kept.excitation + n * w.p.branching * (1.0 - w.kept.excitation)


@rule
def _motive(w: World, f: int) -> int:
    """Return the mechanism that moves the faction most to attack today (M43 is a response that comes by rote), or 0."""
    me, p = w.factions[f], w.p
    best, most = 0, FAINT
    avenges = w.strength[M01] * p.revenge_drive * me.revenge if reads(w, M01, 0) else 0.0
    if avenges > most:
        best, most = M01, avenges
    remembers = w.strength[M36] * p.memory_drive * me.memory
    if remembers > most:
        best, most = M36, remembers
    provokes = w.strength[M43] * p.rote_drive * rote_response(w) if reads(w, M43, 0) else 0.0
    if provokes > most:
        best, most = M43, provokes
    pushed = w.strength[M03] * p.push_drive * w.faction_in[f].closeness * w.iran.push
    if pushed > most:
        best = M03
    return best


@rule
def _motive_event(w: World, f: int, motive: int) -> int:
    """Return the event behind a motive; without one, the attack of its own that called forth more."""
    me = w.factions[f]
    if motive == M01:
        return me.revenge_event
    if motive == M36:
        return me.memory_event
    if motive == M43:
        return w.us.last_strike_event
    if motive == M03:
        return w.iran.order_event
    return me.last_attack_event if 2.0 * me.excitation > me.rate else 0


@rule
def table_motions(w: World) -> None:
    """Let the first faction that asks for it have its allies table a motion to expel."""
    house = w.parliament
    if house.tabled or (house.passed and w.last_strike <= house.passed_day):
        return
    if w.parliament.last_motion_day >= 0 and w.day - w.parliament.last_motion_day < w.p.motion_rest:
        return
    lately = w.last_strike >= 0 and w.day - w.last_strike <= LATELY
    for f in range(N_FACTIONS):
        if w.factions[f].tables:
            w.parliament.tabled = 1
            w.parliament.tabled_day = w.day
            w.parliament.vote_day = -1
            w.parliament.momentum = nudge(w.parliament.momentum, w.p.momentum_motion)
            w.parliament.tabled_event = happen_detail(
                w, MOTION_TABLED, PARLIAMENT, BAGHDAD, 1.0, float(f), w.parliament.outrage_event if lately else 0
            )
            return
