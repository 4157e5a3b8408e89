"""The president and the Kurdistan Region: friends of the presence, who pay for it when Iraqis die of it."""

from sim.names.actors import BAGHDAD, GOVERNORATES, KURDISTAN_REGION, PRESIDENT
from sim.names.events import NORTH_OFFERED, PRESIDENT_CONDEMNED
from sim.names.mechanisms import M38
from sim.names.streams import U_OFFERS
from sim.world.compiled import rule
from sim.world.events import by, clamp, happen
from sim.world.shape import World

_ERBIL = GOVERNORATES.index("Erbil")


@rule
def start_north(w: World) -> None:
    """Set what president and Region think of the presence at the start."""
    w.president_backs = w.s.president_backs
    w.north_willing = w.s.north_willing


@rule
def friends_day(w: World) -> None:
    """Let the president condemn a strike that killed Iraqis, come round again; let the Region weigh an offer."""
    for k in range(w.n_strikes):
        s = w.strikes[k]
        if s.iraqis + s.civilians > 0.0:
            w.president_backs *= 1.0 - w.p.president_offence
            happen(w, PRESIDENT_CONDEMNED, PRESIDENT, BAGHDAD, 1.0, s.event)
    w.president_backs = w.s.president_backs + (w.president_backs - w.s.president_backs) * w.kept.president
    _may_offer(w)


@rule
def _may_offer(w: World) -> None:
    """Let the Region offer to host the US: likelier the nearer an exit and the worse ISIS, less when pressed (M38)."""
    if w.north_offered or w.presence.exit_day >= 0:
        return
    near = 1.0 if w.presence.decided_day >= 0 else w.government.demand
    if near <= 0.0:
        return
    isis = clamp(w.sees.public.isis_trend - 1.0, -0.5, 1.0)
    pressed = 0.5 * max(0.0, w.iran.push)
    chance = by(w, M38, w.p.north_offers * near * clamp(w.north_willing + 0.3 * isis - pressed, 0.0, 1.0))
    if w.u[U_OFFERS] < chance:
        w.north_offered = 1
        w.acting_claim = M38
        why = w.presence.exit_event if w.presence.decided_day >= 0 else w.government.demand_event
        happen(w, NORTH_OFFERED, KURDISTAN_REGION, _ERBIL, 1.0, why)
