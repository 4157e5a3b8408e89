"""What comes from outside the actors: scripted acts, a war in the region, the oil price, an epidemic, the economy."""

from sim.names.actors import NOWHERE, SCENARIO
from sim.names.events import (
    EPIDEMIC_BROKE_OUT,
    LEADERSHIP,
    OIL_FELL,
    REGIONAL_WAR_BEGAN,
    REGIONAL_WAR_ENDED,
)
from sim.names.mechanisms import M32
from sim.names.script import (
    SCRIPT_ATTACK,
    SCRIPT_END_OF_WAR,
    SCRIPT_EPIDEMIC,
    SCRIPT_LEADERSHIP,
    SCRIPT_MISSILES,
    SCRIPT_OIL,
    SCRIPT_PROTEST,
    SCRIPT_REGIONAL_WAR,
    SCRIPT_SIEGE,
    SCRIPT_STRIKE,
)
from sim.names.streams import U_EPIDEMIC, U_WAR
from sim.names.tables import MAX_ATTACKS
from sim.world.acts import begin_siege, begin_surge, order_attack, order_strike
from sim.world.compiled import rule
from sim.world.draws import OIL_DRAW, draw, normal
from sim.world.elementary import exp, log
from sim.world.events import by, clamp, happen
from sim.world.shape import World

#: Ordinals from here on belong to scripted attacks, so that they share no luck with a faction's own.
SCRIPTED_ORDINAL = 1_000_000
#: A fall of the oil price by this share within a quarter is told.
OIL_SHOCK = 2.0 / 3.0
#: Days before another fall is told.
OIL_REST = 180
#: An epidemic weaker than this is over.
NOBODY_ILL = 0.0005


@rule
def start_outside(w: World) -> None:
    """Set oil, economy, epidemic and regional war at the start."""
    w.oil = 1.0
    w.oil_told = -OIL_REST - 1
    for k in range(13):
        w.oil_past[k] = 1.0
    w.economy = 1.0
    w.epidemic = w.s.epidemic
    w.war = w.s.regional_war


@rule
def outside_events(w: World) -> None:
    """Bring about what the scenario has scripted for today (parliament and government see to their own parts)."""
    for k in range(w.n_script):
        if w.script[k].day == w.day:
            _bring_about(w, k)
    _war_turns(w)
    if w.epidemic == 0.0 and w.immune == 0.0 and w.u[U_EPIDEMIC] < w.p.epidemic_rate:
        _break_out(w)


@rule
def _bring_about(w: World, k: int) -> None:
    act = w.script[k]
    o = act.options
    if act.kind == SCRIPT_STRIKE:
        order_strike(w, int(o[0]), 1 + int(o[1]), int(o[2]), int(o[3]), 0, 0)
    elif act.kind == SCRIPT_LEADERSHIP:
        order_strike(w, int(o[0]), LEADERSHIP, int(o[1]), int(o[2]), 0, 0)
        w.strikes[w.n_strikes - 1].guest = int(o[3])
    elif act.kind == SCRIPT_ATTACK:
        _scripted_attack(w, k)
    elif act.kind == SCRIPT_MISSILES:
        w.iran.missiles_today = 1
        w.iran.missile_weight = o[0]
    elif act.kind == SCRIPT_SIEGE:
        begin_siege(w, int(o[0]), 0)
    elif act.kind == SCRIPT_PROTEST:
        w.agenda = max(w.agenda, 0.9)
        for g in range(len(w.protest)):
            begin_surge(w, g, o[0] * (1.0 - w.place_in[g].kurd))
    else:
        _script_of_nature(w, act.kind, o[0])


@rule
def _script_of_nature(w: World, kind: int, level: float) -> None:
    if kind == SCRIPT_END_OF_WAR:
        _end_war(w)
    elif kind == SCRIPT_REGIONAL_WAR:
        _begin_war(w, level)
    elif kind == SCRIPT_EPIDEMIC:
        _break_out(w)
    elif kind == SCRIPT_OIL:
        w.oil *= level


@rule
def _scripted_attack(w: World, k: int) -> None:
    """Order the attack that the scenario has scripted; a site that it names decides where."""
    o = w.script[k].options
    site, outside = int(o[3]) - 1, int(o[2])
    if site >= 0:
        outside = int(w.site_in[site].outside)
    if w.presence.exit_day >= 0 and outside == 0:
        return
    if w.n_attacks >= MAX_ATTACKS:
        w.beyond_room += 1.0
        return
    order_attack(w, int(o[0]), SCRIPTED_ORDINAL + w.script[k].name, 0, 0, 0)
    a = w.attacks[w.n_attacks - 1]
    a.fixed_dead, a.outside = int(o[1]), outside
    a.fixed_site, a.fixed_weapon, a.fixed_allied = site, int(o[4]) - 1, int(o[5])


@rule
def _war_turns(w: World) -> None:
    """Let a war in the region begin or end: nobody in Iraq decides that."""
    if w.war > 0.0:
        if w.u[U_WAR] < w.p.war_ends:
            _end_war(w)
    elif w.u[U_WAR] < w.p.war_begins:
        _begin_war(w, w.p.war_level)


@rule
def _begin_war(w: World, level: float) -> None:
    if w.war == 0.0 and level > 0.0:
        happen(w, REGIONAL_WAR_BEGAN, SCENARIO, NOWHERE, 1.0, 0)
    w.war = level


@rule
def _end_war(w: World) -> None:
    if w.war > 0.0:
        happen(w, REGIONAL_WAR_ENDED, SCENARIO, NOWHERE, 1.0, 0)
    w.war = 0.0


@rule
def _break_out(w: World) -> None:
    if w.epidemic == 0.0:
        happen(w, EPIDEMIC_BROKE_OUT, SCENARIO, NOWHERE, 1.0, 0)
    w.epidemic = max(w.epidemic, 0.01)


@rule
def outside_week(w: World) -> None:
    """Let the oil price wander, the epidemic run its course, and the economy follow both, and any sanctions (M32)."""
    _oil_week(w)
    _epidemic_week(w)
    burden = by(w, M32, w.p.sanctions_burden * w.us.sanctions) + w.p.measures_burden * w.us.measures
    level = 1.0 + w.p.oil_weight * log(w.oil) - w.p.epidemic_burden * w.epidemic - burden
    goal = clamp(level, 0.1, 2.0)
    w.economy = goal + (w.economy - goal) * w.kept.economy_week


@rule
def _oil_week(w: World) -> None:
    """Let the logarithm of the price take a week's random step, drawn back a little to where it began."""
    step = w.p.oil_volatility * normal(draw(w, OIL_DRAW, 0)) * 0.1386750490563073  # a week's share of a year's spread
    w.oil = clamp(exp(step + log(w.oil) * w.kept.oil_week), 0.1, 5.0)
    week = (w.day // 7) % 13
    fell = w.oil < OIL_SHOCK * w.oil_past[week]
    w.oil_past[week] = w.oil
    if fell and w.day - w.oil_told > OIL_REST:
        happen(w, OIL_FELL, SCENARIO, NOWHERE, 1.0, 0)
        w.oil_told = w.day


@rule
def _epidemic_week(w: World) -> None:
    """Let those who can still fall ill do so, and those who are ill recover (a susceptible-infected-recovered step)."""
    if w.epidemic <= 0.0:
        return
    new = w.p.epidemic_spread * w.epidemic * (1.0 - w.immune)
    over = w.p.epidemic_recovery * w.epidemic
    w.immune = clamp(w.immune + w.p.epidemic_toll * new - w.p.immunity_loss * w.immune, 0.0, 1.0)
    w.epidemic = clamp(w.epidemic + new - over, 0.0, 1.0)
    if w.epidemic < NOBODY_ILL:
        w.epidemic = 0.0
