"""What comes from outside the actors: the scenario's scripted acts."""

from sim.names.events import LEADERSHIP
from sim.names.script import (
    SCRIPT_ATTACK,
    SCRIPT_END_OF_WAR,
    SCRIPT_LEADERSHIP,
    SCRIPT_MISSILES,
    SCRIPT_SIEGE,
    SCRIPT_STRIKE,
)
from sim.world.acts import begin_siege, order_attack, order_strike
from sim.world.compiled import rule
from sim.world.shape import World

#: Ordinals from here on belong to scripted attacks, so that they share no luck with a faction's own.
SCRIPTED_ORDINAL = 1_000_000


@rule
def outside_events(w: World) -> None:
    """Bring about what the scenario has scripted for today (parliament and government see to their own parts)."""
    for k in range(w.n_script):
        if w.script[k].day == w.day:
            _bring_about(w, k)


@rule
def _bring_about(w: World, k: int) -> None:
    act = w.script[k]
    o = act.options
    if act.kind == SCRIPT_STRIKE:
        order_strike(w, int(o[0]), 1 + int(o[1]), int(o[2]), int(o[3]), 0, 0)
    elif act.kind == SCRIPT_LEADERSHIP:
        order_strike(w, int(o[0]), LEADERSHIP, int(o[1]), int(o[2]), 0, 0)
    elif act.kind == SCRIPT_ATTACK:
        _scripted_attack(w, int(o[0]), int(o[1]), int(o[2]), SCRIPTED_ORDINAL + act.name)
    elif act.kind == SCRIPT_MISSILES:
        w.iran.missiles_today = 1
        w.iran.missile_weight = o[0]
    elif act.kind == SCRIPT_END_OF_WAR:
        w.war = 0.0
    elif act.kind == SCRIPT_SIEGE:
        begin_siege(w, int(o[0]), 0)


@rule
def _scripted_attack(w: World, faction: int, dead: int, outside: int, ordinal: int) -> None:
    if w.presence.exit_day >= 0 and outside == 0:
        return
    order_attack(w, faction, ordinal, 0, 0, 0)
    w.attacks[w.n_attacks - 1].fixed_dead = dead
    w.attacks[w.n_attacks - 1].outside = outside
