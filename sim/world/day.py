"""The order of a day, and of a week.

A day, in the order of causes (each decision reads only what its actor saw at dawn):

1.  dawn: chance is drawn; yesterday is counted; Washington weighs evidence; everybody's perceptions are set
2.  outside: scripted acts, a war in the region, an epidemic breaks out
3.  Iran decides; an open war goes on
4.  factions decide, keep or break promises, fire, call crowds, table motions
5.  attacks and salvoes fall on the sites; losses are counted
6.  Washington decides; strikes fall; factions, Iran and Washington take them in
7.  parliament: sessions; Baghdad: a government forms, the premier weighs and decides, talks go on; Sadr, the
    president, the Kurdistan Region
8.  the public and the protesters take the day in
9.  the question of staying; troops are laid out
10. every seventh day: oil, epidemic, economy; members' views; protest; moods; pressure on ISIS; the cells; Syria;
    coalition members; Iran's influence; then the record
"""

from sim.names.actors import N_FACTIONS, N_SEATS
from sim.names.mechanisms import N_MECHANISMS
from sim.names.tables import MAX_RULES
from sim.world.army import army_week
from sim.world.attribution import learn
from sim.world.bases import lay_out_troops, settle_attacks, settle_missiles, start_sites, troops_moved
from sim.world.coalition import coalition_week, start_coalition
from sim.world.compiled import rule
from sim.world.demand import demand_ages
from sim.world.draws import new_day
from sim.world.events import come_down, left
from sim.world.government import (
    confidence_due,
    decide_government,
    form_government,
    start_government,
    weigh,
    words_and_acts,
)
from sim.world.influence import influence_week
from sim.world.iran import decide_iran, feel_iran, may_go_to_war, start_iran, war_day
from sim.world.iraqi_forces import press, start_forces
from sim.world.isis import cells_week, start_cells
from sim.world.militias import (
    decide_factions,
    feelings,
    fire,
    keep_promise,
    start_factions,
    stir,
    suffer_strikes,
    table_motions,
)
from sim.world.north import friends_day, start_north
from sim.world.outside import outside_events, outside_week, start_outside
from sim.world.parliament import confidence, members_week, ratify, sessions, start_parliament
from sim.world.perceive import count_windows, see_own, see_public
from sim.world.presence import start_presence, stay_or_leave
from sim.world.protest import feel_protest, protest_week, start_protest
from sim.world.public import feel_public, public_week, start_public
from sim.world.regimes import count_quiet, turn_season
from sim.world.review import change_office
from sim.world.sadr import sadr_day, start_sadr
from sim.world.shape import World
from sim.world.siege import crowds
from sim.world.strikes import settle_strikes
from sim.world.syria import start_syria, syria_week
from sim.world.talks import sign_scripted, signing_due, talk, trust_recovers
from sim.world.washington import decide_washington, start_washington, weigh_iran
from sim.world.will import feel_washington


@rule
def start(w: World) -> None:
    """Set a world whose state is all zero, and whose inputs are in place, to the morning of day 0."""
    w.luck = w.key
    w.last_attack = w.last_deadly = w.last_strike = w.first_strike = w.last_leader = -1
    for m in range(N_MECHANISMS + 1):
        w.mattered[m] = -1
    for seat in range(N_SEATS):
        for r in range(MAX_RULES):
            w.fired_day[seat, r] = -1
    _work_out_fading(w)
    start_outside(w)
    start_coalition(w)
    start_syria(w)
    start_presence(w)
    start_sites(w)
    start_factions(w)
    start_washington(w)
    start_iran(w)
    start_parliament(w)
    start_government(w)
    start_sadr(w)
    start_north(w)
    start_public(w)
    start_protest(w)
    start_forces(w)
    start_cells(w)
    influence_week(w)


@rule
def _work_out_fading(w: World) -> None:
    """Work out once what a day leaves of each feeling."""
    kept, p = w.kept, w.p
    kept.excitation = left(1.0, p.excitation_days)
    kept.trust = left(1.0, p.trust_days)
    kept.revenge = half_left(p.revenge_half_life)
    kept.deterrence = half_left(p.deterrence_half_life)
    kept.memory = half_left(p.memory_half_life)
    kept.grievance = half_left(p.grievance_half_life)
    kept.surge = half_left(p.surge_half_life)
    kept.leverage = half_left(p.leverage_half_life)
    kept.outrage = half_left(p.outrage_half_life)
    kept.momentum = half_left(p.momentum_half_life)
    kept.words = half_left(p.words_half_life)
    kept.agenda = half_left(p.agenda_half_life)
    kept.faith = left(1.0, p.faith_days)
    kept.anger_week = half_left(p.anger_half_life / 7.0)
    kept.cost = half_left(p.cost_half_life)
    kept.fear = left(1.0, p.fear_days)
    kept.pressure = left(1.0, p.pressure_days)
    kept.sting = left(1.0, p.revenge_lull)
    kept.weary = left(1.0, p.weary_days)
    kept.dispersed = left(1.0, p.dispersal_days)
    kept.air_defence = left(1.0, p.air_defence_days)
    kept.backing = left(1.0, p.backing_days)
    kept.president = left(1.0, p.president_days)
    kept.stance = left(1.0, p.sadr_days)
    kept.economy_week = left(7.0, p.economy_days)
    kept.oil_week = left(7.0, p.oil_return_days)
    kept.syria_week = left(7.0, p.syria_leave_days)


@rule
def half_left(days: float) -> float:
    """Return what one day leaves of something that halves in this many days."""
    return left(0.6931471805599453, days)


@rule
def one_day(w: World) -> None:
    """Live through one day (see the timetable above); the week's record is read by the caller."""
    dawn(w)
    outside_events(w)
    decide_iran(w)
    war_day(w)
    may_go_to_war(w)
    factions_act(w)
    settle_attacks(w)
    settle_missiles(w)
    decide_washington(w)
    settle_strikes(w)
    suffer_strikes(w)
    aftermath(w)
    baghdad(w)
    sadr_day(w)
    friends_day(w)
    feel_public(w)
    feel_protest(w)
    change_office(w)
    stay_or_leave(w)
    if troops_moved(w):
        lay_out_troops(w)
    if w.day % 7 == 0:
        one_week(w)
    w.day += 1


@rule
def dawn(w: World) -> None:
    """Draw the day's chance, count yesterday, and let everybody perceive; then clear yesterday's table."""
    new_day(w)
    count_windows(w)
    learn(w)
    weigh_iran(w)
    w.n_attacks = 0
    w.n_strikes = 0
    see_public(w)
    see_own(w)


@rule
def factions_act(w: World) -> None:
    """Let every faction decide and act."""
    decide_factions(w)
    stir(w)
    turn_season(w)
    for f in range(N_FACTIONS):
        keep_promise(w, f)
        fire(w, f)
    crowds(w)
    table_motions(w)


@rule
def aftermath(w: World) -> None:
    """Let feelings take in what fell today, and fade; let the ladder rest."""
    for f in range(N_FACTIONS):
        feelings(w, f)
    feel_iran(w)
    feel_washington(w)
    count_quiet(w)
    come_down(w)


@rule
def baghdad(w: World) -> None:
    """Let parliament sit, a government form, and the premier decide."""
    sessions(w)
    if confidence_due(w):
        w.confirming = confidence(w, w.government.nominee)
    form_government(w)
    weigh(w)
    decide_government(w)
    if signing_due(w):
        w.ratifying = float(ratify(w))
    sign_scripted(w)
    talk(w)
    words_and_acts(w)
    demand_ages(w)
    trust_recovers(w)


@rule
def one_week(w: World) -> None:
    """Let the slow populations live through a week."""
    outside_week(w)
    members_week(w)
    protest_week(w)
    public_week(w)
    press(w)
    cells_week(w)
    army_week(w)
    syria_week(w)
    coalition_week(w)
    influence_week(w)
