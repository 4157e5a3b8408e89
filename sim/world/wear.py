"""What wears ISIS down besides lost cells: leaders and money, men who would join, people who tell on it (M70)."""

from sim.names.actors import ISIS, N_GOVERNORATES, NOWHERE
from sim.names.events import ISIS_LEADER_TAKEN
from sim.names.mechanisms import M70
from sim.world.compiled import rule
from sim.world.draws import LEADER_TAKEN_DRAW, draw
from sim.world.events import by, clamp, happen, left, nudge, reads
from sim.world.shape import World


@rule
def take_leaders(w: World) -> None:
    """Let a leader be taken where the parts of the pressure work together; others replace him in time (M70)."""
    if reads(w, M70, 0) and draw(w, LEADER_TAKEN_DRAW, 0) < by(w, M70, w.p.leader_taken * _together(w)):
        w.leaders_lost = nudge(w.leaders_lost, w.p.leader_worth)
        w.acting_claim = M70
        happen(w, ISIS_LEADER_TAKEN, ISIS, NOWHERE, 1.0, 0)
    w.leaders_lost *= left(7.0, w.p.leaders_rebuilt)


@rule
def _together(w: World) -> float:
    """Return how well eyes and hunters work together where fighters are: one without the other finds nobody."""
    found = 0.0
    for g in range(N_GOVERNORATES):
        found += w.place_fighters[g] * min(w.enablers[g], 1.5) * w.cts
    return found / max(1.0, w.fighters)


@rule
def spend_recruits(w: World, gained: float) -> None:
    """Let those who have joined be missing among those who would; others grow up in their place (M70)."""
    if reads(w, M70, 0):
        w.recruits_spent = min(1.0, w.recruits_spent + by(w, M70, max(0.0, gained) / max(1.0, w.p.willing_men)))
    w.recruits_spent *= left(7.0, w.p.generation_days)


@rule
def recruiting(w: World) -> float:
    """Return growth over that of the start: less without leaders and men; or more, the more was lost (M70's rival)."""
    if reads(w, M70, 0):
        return (1.0 - w.leaders_lost) * (1.0 - w.recruits_spent)
    missing = clamp(1.0 - w.fighters / max(1.0, w.fighters_start), 0.0, 1.0)
    return 1.0 + by(w, M70, w.p.remnant_growth * missing)


@rule
def turn_on(w: World, g: int, dead: float) -> None:
    """Let people turn on those who hide among them for each whom they kill; it fades (M70)."""
    if reads(w, M70, 0):
        w.tips[g] = nudge(w.tips[g], by(w, M70, w.p.tips_per_dead * dead))
    w.tips[g] -= w.p.tips_fade * w.tips[g]


@rule
def told_on(w: World, g: int) -> float:
    """Return how much oftener cells are found where people tell on them."""
    return 1.0 + w.p.tips_worth * w.tips[g]
