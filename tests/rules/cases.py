"""Each mechanism in a prepared situation: one world, one rule that acts, one number read off it.

A step prepares a world, lets rules act, and returns the number that shows the mechanism: the signal that the ledger
(``configs/claims.yaml``) names for it. ``moves`` lists the parts of the state that the mechanism reaches in that step.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sim.names.actions import US_QUIET_LEVERAGE, US_THREATEN
from sim.names.actors import (
    BALANCING,
    BY_DEMAND,
    FIRST_FACTION,
    GOVERNORATES,
    KURD,
    N_ALLIES,
    N_FACTIONS,
    PRO_IRAN,
    SHIA,
    SUNNI,
)
from sim.names.events import CAMPAIGN, CONSENT, HEAVY, LEADERSHIP, LULL, UNANNOUNCED, US_KILLED
from sim.names.mechanisms import M01, M36, M62, M64, M65
from sim.world import (
    army,
    attribution,
    bargain,
    bases,
    coalition,
    draws,
    government,
    iran,
    iraqi_forces,
    isis,
    militias,
    north,
    outside,
    parliament,
    presence,
    protest,
    public,
    review,
    sadr,
    strikes,
    syria,
    washington,
    wear,
    will,
)
from sim.world import demand as demand_
from sim.world import siege as siege_
from sim.world import talks as talks_
from sim.world.acts import begin_siege, decide_exit, order_attack, order_strike

UP, DOWN = 1, -1
DESERT = 0
KIRKUK, DHI_QAR = GOVERNORATES.index("Kirkuk"), GOVERNORATES.index("Dhi Qar")
#: A bloc tied to factions, the bloc that follows Sadr, one open to US money (of the house of 2018).
TIED, SADRISTS, OPEN_TO_US = 0, 5, 15
#: What moves with any event.
EVENT = ("n_events", "total")
#: What moves with the public's anger, by whom it is at.
AT_US = ("anger_us", "mood_us")
AT_IRAN = ("anger_iran", "mood_iran", "anger_militia", "mood_militia")


class Case(NamedTuple):
    """A mechanism, the step that shows it, which way it moves, what it reaches, and whether it only is on or off."""

    id: str
    step: Callable[[Any], float]
    direction: int
    moves: tuple[str, ...] = ()
    structural: bool = False
    settings: tuple[str, ...] = ()


def struck(w: Any, weight: int = HEAVY, consent: int = UNANNOUNCED, place: int = DESERT) -> None:
    """Let a strike fall on the first faction."""
    order_strike(w, 0, weight, consent, place, 0, 0)
    strikes.settle_strikes(w)


def fired(w: Any, f: int = 0) -> float:
    """Return the attack rate of a faction at its usual effort, on a day on which luck lets it fire nothing."""
    w.factions[f].effort = 1.0
    w.u[:] = 0.5
    militias.stir(w)
    militias.fire(w, f)
    return w.factions[f].rate


def weeks(w: Any, n: int, *rules: Callable[[Any], None]) -> None:
    """Let weekly rules act for ``n`` weeks, each with its own luck."""
    for week in range(n):
        w.day = 7 * week
        draws.new_day(w)
        for rule in rules:
            rule(w)


# Factions and Iran


def revenge(w: Any) -> float:
    """Return the wish of a faction to answer, three weeks after a heavy strike on it."""
    struck(w)
    militias.suffer_strikes(w)
    for _ in range(21):
        militias.feelings(w, 0)
    return w.factions[0].revenge


def unpushed(w: Any) -> float:
    """Return the rate of a faction that Iran gives no push: its own doing, where factions act on their own."""
    w.iran.push, w.factions[0].effort = 0.0, 1.0
    militias.stir(w)
    w.factions[0].rate = militias.attack_rate(w, 0)
    return w.factions[0].rate


def switched(w: Any) -> float:
    """Return the attack rate of a faction on whom Iran's order is the switch, when Iran pushes."""
    w.iran.push = 0.5
    return fired(w)


def push(w: Any) -> float:
    """Return the push that reaches the factions from an Iran under pressure."""
    w.iran.pressure = 0.9
    iran.decide_iran(w)
    return w.iran.push


def aggrieved(w: Any) -> float:
    """Return Iran's grievance after a leader was killed."""
    struck(w, LEADERSHIP)
    iran.feel_iran(w)
    return w.iran.grievance


def held_back(w: Any) -> float:
    """Return the attack rate of a faction that has promised to hold fire."""
    w.factions[0].holding = 1
    return fired(w)


def lapsed(w: Any) -> float:
    """Return how many of many promises lapse while the political route stands still."""
    broken = 0
    for k in range(50):
        w.factions[0].holding, w.factions[0].hold_until, w.u[:] = 1, 100, (k + 0.5) / 50
        militias.keep_promise(w, 0)
        broken += 1 - w.factions[0].holding
    return broken


def believed(w: Any) -> float:
    """Return Washington's belief in the perpetrator three days after an attack."""
    order_attack(w, 2, 0, 0, 0, 0)
    bases.settle_attacks(w)
    for d in range(1, 4):
        w.day = d
        draws.new_day(w)
        attribution.learn(w)
        w.n_attacks = 0
    return attribution.attribution(w, attribution.suspect(w))


def near_heavy_attacks(w: Any) -> float:
    """Return how often Iraqi forces are near a heavy attack, over many attacks."""
    near = 0.0
    for k in range(60):
        w.n_attacks = 0
        order_attack(w, 0, k, 0, 0, 0)
        w.attacks[0].weapon, w.attacks[0].site = 1, 0
        near += bases._iraqis_near(w, 0, k)
    return near


def without_government(w: Any) -> float:
    """Return the attack rate while only a caretaker governs."""
    w.government.in_office = 0
    return fired(w)


def at_a_price(w: Any) -> float:
    """Return the attack rate of a faction with a stake, against a government that talks."""
    w.government.in_office = w.government.talks_open = 1
    return fired(w, 1)


def remembered(w: Any) -> float:
    """Return a faction's memory after its leader was killed."""
    struck(w, LEADERSHIP)
    militias.suffer_strikes(w)
    return w.factions[0].memory


def in_a_war(w: Any) -> float:
    """Return the attack rate during a regional war."""
    w.war = 0.8
    return fired(w)


def worn_out(w: Any) -> float:
    """Return the attack rate of a faction a month after it had spent half its men and all its arms."""
    w.factions[0].strength, w.factions[0].arsenal = 0.5, 0.0
    for _ in range(30):
        militias.feelings(w, 0)
    return fired(w)


def provoked(w: Any) -> float:
    """Return the attack rate when every harmful attack has lately been answered."""
    w.sees.public.us_strikes_90d, w.sees.public.us_killed_90d = 3.0, 3.0
    return fired(w)


def in_the_nations_name(w: Any) -> float:
    """Return the attack rate once a resolution stands."""
    w.parliament.passed = 1
    return fired(w)


def eased(w: Any) -> float:
    """Return the push of an Iran that sees a stronger ISIS."""
    w.sees.public.isis_trend = 1.8
    iran.feel_iran(w)
    iran.decide_iran(w)
    return w.iran.push


def supplied(w: Any) -> float:
    """Return a faction's heavy weapons in the long run, with Iran's network broken."""
    w.iran.network, w.factions[0].arsenal = 0.5, 0.0
    for _ in range(300):
        militias.feelings(w, 0)
    return w.factions[0].arsenal


def siege_over(w: Any) -> float:
    """Return whether a siege is over on the day on which its leaders say so."""
    begin_siege(w, 0, 0)
    w.factions[0].calls_off, w.u[:] = 1, 0.99
    siege_._siege_day(w)
    return 1 - w.siege


# Parliament and Baghdad


def offended(w: Any) -> float:
    """Return anger at the US in the week after a strike in the desert."""
    struck(w)
    public.public_week(w)
    return w.mood_us


def offended_less(w: Any) -> float:
    """Return anger at the US in the week after a strike to which Baghdad had agreed."""
    struck(w, consent=CONSENT)
    public.public_week(w)
    return w.mood_us


def outraged(w: Any) -> float:
    """Return how the house leans to expel after a strike."""
    struck(w)
    return _lean_of(w, SHIA)


def _lean_of(w: Any, *communities: int) -> float:
    parliament.lean_all(w)
    blocs = [b for b in range(w.n_blocs) if w.bloc_community[b] in communities]
    return sum(float(w.bloc_line[b]) for b in blocs) / len(blocs)


def swung(w: Any) -> float:
    """Return the line of Sadr's members a fortnight after a breach of sovereignty."""
    w.parliament.outrage, w.u[:] = 0.8, 0.999
    for _ in range(14):
        sadr.sadr_day(w)
    parliament.lean_all(w)
    return w.bloc_line[SADRISTS]


def counterweight(w: Any) -> float:
    """Return how Sunni and Kurdish blocs lean to expel while Iran's camp is strong."""
    w.parliament.iran_camp = 0.6
    return _lean_of(w, SUNNI, KURD)


def pressed_and_paid(w: Any) -> float:
    """Return how a bloc tied to factions leans to expel while Iran courts it."""
    w.iran.courting = 1.0
    parliament.lean_all(w)
    return w.bloc_line[TIED]


def demanded(w: Any) -> float:
    """Return the weight of a caretaker's demand."""
    demand_.make_demand(w)
    return w.government.demand


def split_house(w: Any) -> float:
    """Return how many would confirm a balancing premier in a split house."""
    w.parliament.polarisation = 0.7
    return parliament.confidence(w, BALANCING)


def legal_basis(w: Any) -> float:
    """Return the pull to demand an exit under a framework."""
    w.government.framework = 1
    government.weigh(w)
    return w.government.pull_demand


def suspended(w: Any) -> float:
    """Return how often talks are suspended after a deadly attack, over many days."""
    times = 0
    for k in range(50):
        w.day = w.last_deadly = 5 + k
        draws.new_day(w)
        w.government.talks_open, w.government.talks_suspended, w.government.round_day = 1, 0, w.day + 1
        talks_._make_progress(w)
        times += w.government.talks_suspended
    return times


def half_way(w: Any) -> float:
    """Return the pull to limit operations against the pull to demand an exit."""
    government.weigh(w)
    return w.government.pull_limit - w.government.pull_demand


def hesitation(w: Any) -> float:
    """Return how members between the camps lean to expel once a demand is made."""
    w.government.demand = 0.8
    parliament.lean_all(w)
    middle = [i for i in range(w.n_members) if abs(w.member_iran[i]) < 0.2]
    return sum(float(w.member_x[i]) for i in middle) / len(middle)


def leverage(w: Any) -> float:
    """Return the pull to demand an exit after a month of quiet leverage."""
    for _ in range(30):
        washington._use_money(w, US_QUIET_LEVERAGE)
    w.sees.government.leverage_felt = w.us.leverage
    government.weigh(w)
    return w.government.pull_demand


def threatened(w: Any) -> float:
    """Return anger at the US in the week after an open threat."""
    washington._use_money(w, US_THREATEN)
    public.public_week(w)
    return w.mood_us


def uncovered(w: Any) -> float:
    """Return what US cover and money weigh once the troops have gone."""
    w.presence.troops, w.presence_pinned = 0.0, 1
    presence.stay_or_leave(w)
    return w.cover


def posts(w: Any) -> float:
    """Return a government's debt to armed blocs while a worse ISIS makes militias needed."""
    w.government.in_office, w.need, w.u[:] = 1, 1.0, 0.99
    for _ in range(30):
        government._may_fall(w)
    return w.government.debt


def needed(w: Any) -> float:
    """Return how far a bloc tied to factions moves to Iran's camp in two months of need for militias."""
    w.need = 2.0
    weeks(w, 8, parliament.members_week)
    return w.shift_iran[TIED]


def taste(w: Any) -> float:
    """Return the pull of a pro-Iran premier to demand an exit."""
    w.government.leaning, w.government.in_office = PRO_IRAN, 1
    government.weigh(w)
    return w.government.pull_demand


def terms(w: Any) -> float:
    """Return Baghdad's trust after a strike in the desert that killed no Iraqi."""
    w.p.bystander_iraqis = w.p.bystander_civilians = 0.0
    struck(w)
    return w.government.trust


def street(w: Any) -> float:
    """Return how many would confirm a pro-Iran premier while the street is angry."""
    w.mood_government, w.mood_iran = 0.9, 0.8
    return parliament.confidence(w, PRO_IRAN)


def pressed_for(w: Any) -> float:
    """Return how often a pro-Iran nominee is charged while Iran's friends press, over many luck draws."""
    w.iran.courting = 1.0
    return sum(government._pick_leaning(w, (k + 0.5) / 200) == PRO_IRAN for k in range(200))


def brokered(w: Any) -> float:
    """Return how many would confirm a premier in a calm week, when partners are free to broker."""
    coalition.coalition_week(w)
    return parliament.confidence(w, BALANCING)


def calmed(w: Any) -> float:
    """Return the attack rate in a calm week, when partners are free to broker."""
    coalition.coalition_week(w)
    return fired(w)


def apart(w: Any) -> float:
    """Return how many would confirm a premier when politics has split by community."""
    w.parliament.sectarian = 0.8
    return parliament.confidence(w, BALANCING)


def worked_together(w: Any) -> float:
    """Return how far Baghdad works with Washington on the day after it protested."""
    government._protest(w)
    government.words_and_acts(w)
    government.words_and_acts(w)
    return w.government.cooperation


def vague_talks(w: Any) -> float:
    """Return the price of keeping talks open before a date is due."""
    w.government.talks_open, w.u[:] = 1, 0.5
    talks_.talk(w)
    return w.government.talks_price


def baghdads_doubt(w: Any) -> float:
    """Return Baghdad's trust while Washington doubts Iraqi protection."""
    w.us.faith = 0.1
    talks_.trust_recovers(w)
    return w.government.trust


def washingtons_doubt(w: Any) -> float:
    """Return Washington's trust in Iraqi protection while Baghdad doubts US restraint."""
    w.government.trust = 0.1
    will.feel_washington(w)
    return w.us.faith


# Washington and the presence


def under_fire(w: Any) -> float:
    """Return the resolve that three US dead lend."""
    w.total[US_KILLED] += 3.0
    will.feel_washington(w)
    return w.us.surge


def cost(w: Any) -> float:
    """Return the cost at home after three US dead."""
    under_fire(w)
    return w.us.cost


def humiliated(w: Any) -> float:
    """Return Washington's wounded pride when a crowd has come to the embassy."""
    w.factions[0].wants_crowd, w.u[:] = 1, 0.0001
    siege_.crowds(w)
    return w.humiliation


def hosted(w: Any) -> float:
    """Return how often the Kurdistan Region offers to host, once leaving is decided, over many luck draws."""
    offers, w.presence.decided_day = 0.0, 3
    for k in range(400):
        w.u[:], w.north_offered = (k + 0.5) / 400, 0
        north.friends_day(w)
        offers += w.north_offered
    return offers


def months(w: Any) -> float:
    """Return how long an exit takes once decided."""
    decide_exit(w, BY_DEMAND, 0, 100.0, 0, 0)
    return w.presence.exit_days


def unanswered(w: Any) -> float:
    """Return what pulls Washington to answer a salvo that killed no American."""
    w.us.iran_case, w.day = 1, 1
    washington.weigh_iran(w)
    return w.us.pull_answer


def backed(w: Any) -> float:
    """Return the view of the US among members open to its backing, a month into it."""
    w.us.backs_members = 1.0
    for _ in range(28):
        will.feel_washington(w)
    weeks(w, 4, parliament.members_week)
    seats = range(w.bloc_first[OPEN_TO_US], w.bloc_first[OPEN_TO_US + 1])
    return sum(float(w.member_us[i]) for i in seats) / len(seats)


def stood_by(w: Any) -> float:
    """Return anger at the US where it has stood by protesters."""
    w.us.backing_street = 1.0
    public.public_week(w)
    return w.mood_us


# The fight against ISIS


def at_work(w: Any) -> float:
    """Return coalition means at work while operations are suspended."""
    w.us.suspended = 1
    iraqi_forces.press(w)
    return sum(float(x) for x in w.enablers)


def defended(w: Any) -> float:
    """Return the protection of the largest base."""
    bases.lay_out_troops(w)
    return w.sites[bases._largest_site(w)].protection


def busy(w: Any) -> float:
    """Return what factions busy with the US bring to the fight against ISIS."""
    for f in range(N_FACTIONS):
        w.factions[f].effort = 2.0
    iraqi_forces.press(w)
    return w.militia_work


def reached(w: Any) -> float:
    """Return pressure on cells on rough ground within reach of bases."""
    iraqi_forces.press(w)
    return w.pressure[KIRKUK]


def rebuilt(w: Any) -> float:
    """Return what cells gain in a week when nothing presses on them."""
    w.day = 7  # in the first week cells do what was counted at the start
    w.growth_even = 0.01
    draws.new_day(w)
    w.pressure[:], w.pressure_usual[:] = 0.05, 0.4
    before = float(w.fighters_in)
    isis.cells_week(w)
    return float(w.fighters_in) - before


def reached_less(w: Any) -> float:
    """Return what reaches all places when the troops of all bases stand in one."""
    w.presence.troops = w.presence.troops_start
    for b in range(1, w.n_sites):
        w.sites[b].troops = 0.0
    w.sites[0].troops = w.presence.troops_start
    iraqi_forces.press(w)
    return float(w.enablers.sum())


def elected(w: Any) -> float:
    """Return by how much an administration that has taken office moves what the presence is worth."""
    w.day = 383
    w.office_day[0] = w.day
    w.p.office_changes = 1.0
    draws.new_day(w)
    review.change_office(w)
    return w.us.office_shift


def against(w: Any) -> float:
    """Return how many rounds of talks are spoiled where Iran, chiefs and Sadr are against them."""
    w.iran.push, w.sadr.stance, w.government.debt, w.p.spoil = 0.5, 0.3, 0.5, 0.3
    spoiled = 0
    for _ in range(60):
        w.day += 1
        draws.new_day(w)
        spoiled += bargain.spoiler(w) != bargain.NOBODY
    return spoiled


def paid(w: Any) -> float:
    """Return what a premier owes the factions after a step that they have borne."""
    bargain._agree(w)
    return w.government.debt


def rebuffed(w: Any) -> float:
    """Return the pull to demand an exit under a demand that Washington has refused."""
    w.sees.public.demand_refused = 1.0
    government.weigh(w)
    return w.government.pull_demand


def frightened(w: Any) -> float:
    """Return the attack rate of a faction that has just been hit hard, its motives aside."""
    w.strength[M01] = w.strength[M64] = w.strength[M65] = 0.0
    struck(w, weight=HEAVY)
    militias.suffer_strikes(w)
    return fired(w)


def tehran_afraid(w: Any) -> float:
    """Return Iran's push after a fright."""
    w.iran.fear = 1.0
    return iran._push(w)


def leaderless(w: Any) -> float:
    """Return the attack rate of a faction that has lost a leader, its motives and fears aside."""
    w.strength[M01] = w.strength[M36] = w.strength[M62] = w.strength[M65] = 0.0
    struck(w, weight=LEADERSHIP)
    militias.suffer_strikes(w)
    return fired(w)


def empty_handed(w: Any) -> float:
    """Return the attack rate of a faction with an empty store."""
    w.factions[0].arsenal = 0.0
    return fired(w)


def reined_in(w: Any) -> float:
    """Return the attack rate of a faction with a stake under a government that Washington presses."""
    w.government.in_office, w.government.debt, w.us.leverage = 1, 0.1, 0.8
    return fired(w)


def on_campaign(w: Any) -> float:
    """Return the attack rate of a faction in a campaign."""
    w.season = CAMPAIGN
    return fired(w)


def in_a_lull(w: Any) -> float:
    """Return the same in a lull."""
    w.season = LULL
    return fired(w)


def wants_dollars(w: Any) -> float:
    """Return the pull to demand an exit in a premier of Iran's camp in hard times."""
    w.government.in_office, w.government.leaning, w.economy = 1, PRO_IRAN, 0.8
    government.weigh(w)
    return w.government.pull_demand


def amid_a_breach(w: Any) -> float:
    """Return how many would confirm a balancing premier after a breach of sovereignty."""
    w.parliament.outrage = 0.8
    return parliament.confidence(w, BALANCING)


def with_friends(w: Any) -> float:
    """Return the same where Washington stands by its friends."""
    w.parliament.outrage, w.us.backing_members = 0.0, 1.0
    return parliament.confidence(w, BALANCING)


def worn(w: Any) -> float:
    """Return the growth of cells, over that of the start, after a year in which leaders were lost and men joined."""
    w.p.leader_taken = 1.0
    w.enablers[:], w.cts = 1.0, 1.0
    for _ in range(52):
        w.day += 7
        draws.new_day(w)
        wear.take_leaders(w)
        wear.spend_recruits(w, 30.0)
    return wear.recruiting(w)


def regrown(w: Any) -> float:
    """Return the same of what is left of an ISIS that has lost half its men."""
    w.fighters = 0.5 * w.fighters_start
    return wear.recruiting(w)


def told(w: Any) -> float:
    """Return how much oftener cells are found in a place in which they have killed twenty."""
    wear.turn_on(w, KIRKUK, 20.0)
    return wear.told_on(w, KIRKUK)


def hardened(w: Any) -> float:
    """Return Iraqi skill after half a year of fighting without trainers."""
    for _ in range(26):
        iraqi_forces.train(w, 0.0)
    return w.skill


def schooled(w: Any) -> float:
    """Return Iraqi skill after half a year of training."""
    for _ in range(26):
        iraqi_forces.train(w, 1.0)
    return w.skill


def resented(w: Any) -> float:
    """Return what cells gain in a week with many angry at the troops who are there."""
    w.day, w.growth_even, w.mood_us = 7, 0.01, 0.6
    draws.new_day(w)
    w.pressure[:] = w.pressure_usual[:] = 0.4
    before = float(w.fighters_in)
    isis.cells_week(w)
    return float(w.fighters_in) - before


def overrun(w: Any) -> float:
    """Return what is lost of towns within a year by a split, untrained army before an ISIS that outweighs it."""
    w.parliament.sectarian, w.training, w.p.break_rate = 0.8, 0.0, 0.05
    w.place_fighters[:] = 5000.0
    most = 0.0
    for _ in range(52):
        w.day += 7
        draws.new_day(w)
        army.army_week(w)
        most = max(most, float(w.towns_lost.sum()))
    return most


def roughly(w: Any) -> float:
    """Return grievance after half a year in which needed militias fought ISIS without precise means."""
    w.sees.public.isis_trend = 3.0
    for b in range(w.n_sites):
        w.sites[b].troops = 0.0
    weeks(w, 26, iraqi_forces.press)
    return sum(float(x) for x in w.grievance)


def shut_out(w: Any) -> float:
    """Return Sunni grievance after half a year of politics split by community."""
    w.parliament.sectarian = 0.8
    weeks(w, 26, iraqi_forces.press)
    return sum(float(x) for x in w.grievance)


def crossed(w: Any) -> float:
    """Return how many fighters come from Syria in the months after support from Iraq has ended."""
    w.presence.troops = 0.0
    weeks(w, 8, syria.syria_week)
    return sum(float(x) for x in w.crossing)


def trained(w: Any) -> float:
    """Return Iraqi skill after a week with trainers at work."""
    iraqi_forces.press(w)
    return w.skill


def classrooms(w: Any) -> float:
    """Return the training done in a week of epidemic."""
    w.epidemic = 0.2
    coalition.coalition_week(w)
    iraqi_forces.press(w)
    return w.training


def departed(w: Any) -> float:
    """Return how many members leave within two months once US support has fallen away."""
    w.presence.troops, w.presence.decided_day = 0.0, 0
    weeks(w, 8, coalition.coalition_week)
    return N_ALLIES - w.coalition_members


# The public and the squares


def forgiven(w: Any) -> float:
    """Return the militias' standing while a worse ISIS makes them needed."""
    w.need = 1.0
    public.public_week(w)
    return 1.0 - w.mood_militia


def punished(w: Any) -> float:
    """Return hardship half a year after an exit that Washington resented."""
    w.p.sanctions_follow, w.presence.resented, w.presence_pinned = 1.0, 1.0, 1
    w.presence.decided_day = 0
    draws.new_day(w)
    presence.stay_or_leave(w)
    weeks(w, 26, outside.outside_week, public.public_week)
    return w.hardship[0]


def changed_subject(w: Any) -> float:
    """Return the weight of reform in what protesters ask for after a strike."""
    struck(w)
    protest.feel_protest(w)
    return w.agenda


def cleared(w: Any) -> float:
    """Return anger at Iran in the week after a faction has cleared a square."""
    w.parliament.outrage = 0.0
    protest._clear(w, DHI_QAR, FIRST_FACTION, 1.0)
    public.public_week(w)
    return w.mood_iran


def diverted(w: Any) -> float:
    """Return anger at Iran that a week stirs while a quarrel over the presence draws eyes from it."""
    w.parliament.outrage, w.pending_iran_all = 0.8, 0.2
    public.public_week(w)
    return w.mood_iran


def declared(w: Any) -> float:
    """Return anger at the US in the week after it declared that it watches Iran from Iraq."""
    washington._declare(w, 1)
    public.public_week(w)
    return w.mood_us


def wearied(w: Any) -> float:
    """Return anger at the US after a week of exchanges, whoever fired."""
    w.n_strikes = 3
    public.feel_public(w)
    public.public_week(w)
    return w.mood_us


def helped(w: Any) -> float:
    """Return anger at the US after a week of help under a framework."""
    w.government.framework = 1
    public.public_week(w)
    return w.mood_us


RATE = ("factions.rate",)
#: What moves with members' views.
HOUSE = ("bloc_line", "parliament.sectarian", "parliament.polarisation")
#: What moves with a strike as felt in the house, with a suspension of talks, a member's leaving, sanctions.
OUTRAGE = ("parliament.outrage", "parliament.outrage_event")
TALKS = (
    "government.talks_open", "government.talks_suspended", "government.talks_progress", "government.suspended_day",
)  # fmt: skip
MEMBERS = ("allies.there", "allies.troops", "coalition_troops", "coalition_members", "trainers", "broker")
HARD_TIMES = ("us.sanctions", "economy", "hardship", "anger_government", "mood_government")
CELLS = (
    "cell_fighters", "cell_heat", "cell_supplies", "fighters", "fighters_in", "place_fighters", "control",
    "isis_attacks_place", "isis_quarter",
)  # fmt: skip
PULLS = ("government.pull_demand", "government.pull_limit", "government.pull_negotiate")

#: The first case of a mechanism shows the signal of the ledger; the others what else it does.
CASES = (
    Case("M01", revenge, UP, ("factions.sting", "factions.revenge", "factions.revenge_event")),
    Case("M02", unpushed, UP, RATE),
    Case("M02", switched, UP, RATE, settings=("theory={M02: proxies}",)),
    Case("M03", push, UP, ("iran.push",)),
    Case("M04", aggrieved, UP, ("iran.grievance", "iran.unavenged")),
    Case("M05", held_back, DOWN, RATE),
    Case("M05", lapsed, UP, (*EVENT, "factions.holding", "factions.broken_day")),
    Case("M06", believed, DOWN, ("us.evidence",)),
    Case("M07", near_heavy_attacks, DOWN, EVENT),
    Case("M08", offended, UP, (*AT_US, *OUTRAGE)),
    Case("M08", outraged, UP, (*OUTRAGE, "bloc_line", "pending_us", "pending_us_all")),
    Case("M09", offended_less, DOWN, (*AT_US, "government.trust", "parliament.outrage")),
    Case("M10", swung, UP, ("sadr.stance", "bloc_line")),
    Case("M11", counterweight, DOWN, ("bloc_line",)),
    Case("M12", pressed_and_paid, UP, ("bloc_line",)),
    Case("M13", demanded, DOWN, ("government.demand", "parliament.momentum")),
    Case("M14", split_house, DOWN),
    Case("M15", without_government, UP, RATE),
    Case("M16", legal_basis, DOWN, ("government.pull_demand", "government.pull_limit")),
    Case("M17", at_a_price, DOWN, RATE),
    Case("M18", suspended, UP, (*EVENT, *TALKS)),
    Case("M19", half_way, UP, PULLS),
    Case("M20", hesitation, DOWN, ("bloc_line",)),
    Case("M21", under_fire, UP, ("us.surge", "us.cost")),
    Case("M21", cost, UP, ("us.surge", "us.cost")),
    Case("M22", threatened, UP, AT_US),
    Case("M22", leverage, DOWN, (*EVENT, *PULLS, "us.leverage")),
    Case("M23", at_work, DOWN, ("skill", "cts", "training", "enablers", "pressure")),
    Case("M24", defended, UP, ("sites.protection",)),
    Case("M24", reached_less, DOWN, ("enablers", "pressure", "skill", "cts", "training")),
    Case("M25", busy, DOWN, ("militia_work", "pressure")),
    Case("M26", reached, UP, ("pressure",)),
    Case("M27", rebuilt, UP, (*EVENT, *CELLS, "cell_skill", "recruits_spent", "isis_trend", "tips")),
    Case("M28", departed, UP, (*EVENT, *MEMBERS)),
    Case("M29", crossed, UP, (*EVENT, "outside_troops", "syria_isis", "crossing")),
    Case("M30", uncovered, DOWN, ("cover",)),
    Case("M31", forgiven, UP, ("anger_militia", "mood_militia")),
    Case("M31", posts, UP, ("government.debt",)),
    Case("M31", needed, UP, (*HOUSE, "parliament.iran_camp", "parliament.between", "shift_iran")),
    Case("M31", roughly, UP, (*EVENT, "grievance", "militia_work", "pressure")),
    Case("M32", punished, UP, (*EVENT, *AT_US, *HARD_TIMES)),
    Case("M33", changed_subject, DOWN, ("agenda",)),
    Case("M34", cleared, UP, AT_IRAN),
    Case("M34", diverted, DOWN, AT_IRAN),
    Case("M35", humiliated, UP, ("humiliation",)),
    Case("M36", remembered, UP, ("factions.memory",)),
    Case("M37", in_a_war, UP, RATE),
    Case("M38", hosted, UP, (*EVENT, "north_offered")),
    Case("M39", worn_out, UP, (*RATE, "factions.strength", "factions.came_back", "factions.arsenal")),
    Case("M40", months, UP, ("presence.exit_days",)),
    Case("M41", backed, UP, (*HOUSE, "us.backing_members", "member_us", "shift_us")),
    Case("M41", stood_by, DOWN, AT_US),
    Case("M42", taste, UP, ("government.pull_demand", "government.pull_negotiate")),
    Case("M43", provoked, UP, RATE),
    Case("M44", in_the_nations_name, UP, RATE),
    Case("M45", terms, DOWN, ("government.trust",)),
    Case("M46", declared, UP, AT_US),
    Case("M47", unanswered, DOWN, ("us.pull_answer",)),
    Case("M48", street, DOWN),
    Case("M49", pressed_for, UP),
    Case("M50", brokered, UP, ("broker",)),
    Case("M50", calmed, DOWN, (*RATE, "broker")),
    Case("M51", apart, DOWN),
    Case("M51", shut_out, UP, ("grievance",)),
    Case("M52", trained, UP, ("skill", "cts")),
    Case("M53", classrooms, DOWN, ("allies.trainers", "trainers", "skill", "cts", "training")),
    Case("M54", eased, UP, ("iran.push",)),
    Case("M55", supplied, DOWN, ("factions.arsenal",)),
    Case("M56", worked_together, UP, ("government.cooperation",)),
    Case("M57", vague_talks, DOWN, ("government.talks_price",)),
    Case("M58", wearied, UP, (*AT_US, *AT_IRAN)),
    Case("M59", baghdads_doubt, DOWN, ("government.trust",)),
    Case("M59", washingtons_doubt, DOWN, ("us.faith",)),
    Case("M60", siege_over, UP, (*EVENT, "siege", "factions.besieging"), structural=True),
    Case("M61", helped, DOWN, AT_US),
    Case("M62", frightened, DOWN, ("factions.fear", *RATE)),
    Case("M62", tehran_afraid, DOWN),
    Case("M62", tehran_afraid, UP, settings=("theory={M62: hardens}",)),
    Case("M64", leaderless, DOWN, ("factions.command_lost", *RATE)),
    Case("M65", empty_handed, DOWN, RATE),
    Case("M66", reined_in, DOWN, RATE),
    Case("M74", wants_dollars, DOWN, PULLS),
    Case("M78", amid_a_breach, DOWN),
    Case("M78", with_friends, UP),
    Case("M77", on_campaign, UP, RATE),
    Case("M77", in_a_lull, DOWN, RATE),
    Case("M67", elected, UP, (*EVENT, "us.office_worth", "us.office_shift", "us.resolve")),
    Case("M68", against, UP),
    Case("M68", paid, UP, (*EVENT, "government.debt", "government.agreed", "government.step_event")),
    Case("M68", rebuffed, UP, PULLS),
    Case("M70", worn, DOWN, (*EVENT, "leaders_lost", "recruits_spent")),
    Case("M70", regrown, UP, settings=("theory={M70: regrows}",)),
    Case("M70", told, UP, ("tips",)),
    Case("M71", hardened, UP, ("skill",)),
    Case("M71", schooled, UP, ("skill",), settings=("theory={M71: by_training}",)),
    Case("M72", resented, UP, (*EVENT, *CELLS, "recruits_spent", "cell_skill")),
    Case("M73", overrun, UP, (*EVENT, "towns_lost", "hollow", "recruits_spent", "leaders_lost")),
)
