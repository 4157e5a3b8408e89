"""How force can pay: fear of the next blow (M62), broken command (M64), lost stocks (M65), Baghdad's reins (M66)."""

from sim.names.actors import N_FACTIONS
from sim.names.events import HEAVY, LEADERSHIP
from sim.names.mechanisms import M62, M64, M65, M66
from sim.world.compiled import rule
from sim.world.events import by, clamp, left, nudge, reads
from sim.world.shape import World


@rule
def fear_blow(w: World, k: int, f: int, share: float) -> None:
    """Let leaders of a faction fear the next blow after a heavy one, or one at leaders, by how near it fell (M62)."""
    s, me, p = w.strikes[k], w.factions[f], w.p
    if s.weight != HEAVY and s.weight != LEADERSHIP:
        return
    me.fear = nudge(me.fear, by(w, M62, p.fear_per_blow * share))
    if s.weight == LEADERSHIP and f == s.target:
        me.command_lost = nudge(me.command_lost, by(w, M64, p.command_per_leader))


@rule
def fear_in_tehran(w: World, k: int) -> None:
    """Let Iran fear a direct war after heavy blows at its friends, more where one of its own died with them (M62)."""
    s, iran = w.strikes[k], w.iran
    near = 1.0 if s.weight == LEADERSHIP and s.guest == 1 else w.p.fear_for_friends if s.weight >= HEAVY else 0.0
    iran.fear = nudge(iran.fear, by(w, M62, w.p.iran_fear_per_blow * near))


@rule
def alarm(w: World) -> None:
    """Let reinforcements make all who decide fear what they are for (M62)."""
    for f in range(N_FACTIONS):
        w.factions[f].fear = nudge(w.factions[f].fear, by(w, M62, w.p.fear_per_reinforcement))
    w.iran.fear = nudge(w.iran.fear, by(w, M62, w.p.fear_per_reinforcement))


@rule
def recover(w: World, f: int) -> None:
    """Let fear fade and command be rebuilt; where a leader is replaced at once (M64's rival), within days."""
    me, p = w.factions[f], w.p
    me.fear *= left(1.0, p.dread_days)
    me.command_lost *= left(1.0, p.replaced_days if reads(w, M64, 1) else p.command_rebuilt)


@rule
def dread(w: World, f: int) -> float:
    """Return what fear takes from a faction's drive, as a log ratio; it adds as much where blows harden (M62)."""
    held = by(w, M62, w.p.fear_drive * w.factions[f].fear)
    return held if reads(w, M62, 0) else -held


@rule
def held_by_fear(w: World) -> float:
    """Return what fear above that of quiet times takes from Iran's push, or adds to it where blows harden (M62)."""
    more = max(0.0, w.iran.fear - w.p.fear_base)
    held = by(w, M62, w.p.fear_restrains * more)
    return held if reads(w, M62, 0) else -held


@rule
def able(w: World, f: int) -> float:
    """Return how much of its fire a faction can still bring to bear: by its command (M64) and its stocks (M65)."""
    me, p = w.factions[f], w.p
    led = clamp(1.0 - by(w, M64, p.command_worth * me.command_lost), 0.0, 1.0)
    if reads(w, M65, 1):  # stocks are plentiful: what a strike takes is not missed
        return led
    return led * clamp(1.0 - by(w, M65, p.stock_worth * (1.0 - me.arsenal)), 0.0, 1.0)


@rule
def reins(w: World, f: int) -> float:
    """Return what a government that wants Washington's money or mercy takes from a faction with a stake (M66)."""
    gov = w.government
    if not gov.in_office or reads(w, M66, 1):
        return 0.0
    asked = clamp(w.us.leverage + w.p.threat_counts * w.us.threat, 0.0, 1.0)
    return by(w, M66, w.p.reins_drive * w.faction_in[f].stake * asked * (1.0 - gov.debt))
