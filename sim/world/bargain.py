"""Bargaining over a framework, item by item: a legal basis, numbers, limits, a date; and who spoils it (M68)."""

from sim.names.actors import BAGHDAD, FIRST_FACTION, GOVERNMENT, IRAN, N_FACTIONS, SADR
from sim.names.events import CONSENT, FRAMEWORK_LAPSED, ROUND_SPOILED, STEP_AGREED, TALKS_STUCK
from sim.names.mechanisms import M16, M68
from sim.world.acts import suspend_talks
from sim.world.compiled import rule
from sim.world.draws import FRAMEWORK_DATED_DRAW, LAPSE_DRAW, ROUND_DRAW, draw, logistic
from sim.world.events import by, clamp, happen_detail, nudge, reads
from sim.world.shape import World

#: What is bargained over, in order; all agreed, a framework is signed.
BASIS, NUMBERS, LIMITS, DATE, ITEMS = range(5)
#: Nobody spoils a round.
NOBODY = -1
REPUDIATED, BROKEN = 0.0, 1.0


@rule
def hold_round(w: World) -> None:
    """Hold the round that is due: the item at hand is spoiled, agreed, or refused by one of the two sides (M68)."""
    gov = w.government
    if w.day < gov.round_day:
        return
    gov.round_day = w.day + int(w.p.round_days * (0.5 + draw(w, ROUND_DRAW, 0)))
    who = spoiler(w)
    if who != NOBODY:
        _spoil(w, who)
    elif draw(w, ROUND_DRAW, 1) < washington_accepts(w) and draw(w, ROUND_DRAW, 2) < baghdad_accepts(w):
        _agree(w)
    else:
        _lose_round(w)


@rule
def washington_accepts(w: World) -> float:
    """Return how readily Washington grants what Baghdad asks for: the less staying is worth to it, the readier."""
    us, item = w.us, w.government.agreed
    if item == BASIS or (item == DATE and not date_wanted(w)):
        return 1.0
    if reads(w, M68, 1):  # talks are theatre: nothing is settled before troops fall
        there = w.presence
        return 1.0 if there.troops <= w.p.theatre_share * there.troops_start else 0.0
    stake = w.p.limits_stake if item == LIMITS else 1.0
    return logistic(w.p.us_yields + w.p.us_price * stake * (us.cost - us.worth * us.resolve))


@rule
def baghdad_accepts(w: World) -> float:
    """Return how readily Baghdad agrees: a legal basis is what it gives, the other items are what it gets."""
    gov = w.government
    faces = 0.5 * min(1.0, w.coalition_members / 10.0)  # others in front make it easier to sign
    gets = 0.0 if gov.agreed == BASIS else w.p.baghdad_gets
    wish = gov.pull_negotiate - gov.pull_demand + gov.trust - 0.5
    return logistic(w.p.baghdad_yields + w.p.baghdad_price * wish + faces + gets)


@rule
def date_wanted(w: World) -> bool:
    """Return whether Baghdad wants a date for the end: the more it is pulled to an exit; a timetable always has one."""
    gov = w.government
    pull = w.p.date_base + w.p.date_pull * gov.pull_demand + w.p.date_resolution * w.parliament.passed
    return reads(w, M16, 1) or draw(w, FRAMEWORK_DATED_DRAW, 0) < logistic(pull)


@rule
def spoiler(w: World) -> int:
    """Return who spoils this round, by what he has against it: Iran, the factions by what they are owed, Sadr."""
    tehran, chiefs, sadr = max(0.0, w.iran.push), _factions_against(w), max(0.0, w.sadr.stance)
    chance = by(w, M68, w.p.spoil * (tehran + chiefs + sadr))
    if draw(w, ROUND_DRAW, 3) >= chance:
        return NOBODY
    if tehran >= chiefs and tehran >= sadr:
        return IRAN
    return FIRST_FACTION if chiefs >= sadr else SADR


@rule
def _factions_against(w: World) -> float:
    """Return what factions that hold no fire can call in of what the premier owes them."""
    firing = 0.0
    for f in range(N_FACTIONS):
        firing += (1.0 - w.factions[f].holding) / N_FACTIONS
    return w.government.debt * firing


@rule
def _spoil(w: World, who: int) -> None:
    """Let a round come to nothing at a price: whoever spoils it spends what he did it with."""
    spent = 1.0 - w.p.spoil_cost
    if who == IRAN:
        w.parliament.momentum *= spent
    elif who == SADR:
        w.sadr.stance *= spent
    else:
        w.government.debt *= spent
    w.acting_claim = M68
    happen_detail(w, ROUND_SPOILED, who, BAGHDAD, 1.0, float(w.government.agreed), w.government.talks_event)
    _lose_round(w)


@rule
def _agree(w: World) -> None:
    """Note a step short of a framework; those who could spoil the next are paid for bearing it."""
    gov = w.government
    gov.debt = nudge(gov.debt, by(w, M68, w.p.bought))
    gov.rounds_lost = 0
    w.acting_claim = M68
    gov.step_event = happen_detail(w, STEP_AGREED, GOVERNMENT, BAGHDAD, 1.0, float(gov.agreed), gov.talks_event)
    gov.agreed += 1


@rule
def _lose_round(w: World) -> None:
    """Count a round that came to nothing; after some in a row the talks break off over the item at hand."""
    gov = w.government
    gov.rounds_lost += 1
    if gov.rounds_lost >= w.p.rounds_borne:
        gov.rounds_lost = 0
        suspend_talks(w)
        w.acting_claim = M68
        happen_detail(w, TALKS_STUCK, GOVERNMENT, BAGHDAD, 1.0, float(gov.agreed), gov.talks_event)


@rule
def may_lapse(w: World) -> None:
    """Let a framework end: repudiated by a new government, or void after a strike against its terms."""
    gov = w.government
    bound = 1.0 - w.p.letters_weight if gov.ratified else 1.0
    if gov.formed_day == w.day and draw(w, LAPSE_DRAW, 0) < w.p.repudiates * gov.pull_demand * bound:
        _lapse(w, REPUDIATED, gov.formed_event)
    elif _struck_alone(w) and draw(w, LAPSE_DRAW, 1) < w.p.breach_voids * bound:
        _lapse(w, BROKEN, w.us.last_strike_event)


@rule
def _struck_alone(w: World) -> bool:
    """Return whether Washington has struck in Iraq today without Baghdad's consent."""
    alone = False
    for k in range(w.n_strikes):
        alone = alone or w.strikes[k].consent != CONSENT
    return alone


@rule
def _lapse(w: World, how: float, why: int) -> None:
    gov = w.government
    gov.framework = gov.dated = gov.ratified = gov.agreed = 0
    w.acting_claim = M16
    happen_detail(w, FRAMEWORK_LAPSED, GOVERNMENT, BAGHDAD, 1.0, how, why)


@rule
def settled(w: World) -> float:
    """Return how far the presence has a legal basis: by a framework, less by letters, a little by steps agreed."""
    gov = w.government
    if gov.framework:
        return 1.0 if gov.ratified else w.p.letters_weight
    return clamp(w.p.step_relief * gov.agreed / ITEMS, 0.0, 1.0)
