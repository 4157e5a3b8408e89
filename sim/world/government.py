"""Premier and government: how one is formed, what pulls the premier, what he does about the presence."""

from sim.names.actions import (
    GOV_CLEAR_PROTESTS,
    GOV_CONFRONT,
    GOV_COOPERATE,
    GOV_DEMAND,
    GOV_GUARD_PROTESTS,
    GOV_IGNORE,
    GOV_LET_REST,
    GOV_LIMIT,
    GOV_NEGOTIATE,
    GOV_PROTEST,
    GOV_RESUME_TALKS,
    GOV_SUSPEND_TALKS,
    LANE_FINANCE,
    LANE_FORCES,
    LANE_STANCE,
    LANE_TALKS_BAGHDAD,
    LANE_VOICE,
)
from sim.names.actors import (
    BAGHDAD,
    BALANCING,
    CLEAR_PROTESTS,
    CONFRONT_FACTIONS,
    GOVERNMENT,
    GUARD_PROTESTS,
    NATIONALIST,
    PREMIER,
    PRO_IRAN,
    REFORMIST,
    SEAT_GOVERNMENT,
)
from sim.names.events import (
    COOPERATED,
    GOVERNMENT_FELL,
    GOVERNMENT_FORMED,
    GOVERNMENT_PROTESTED,
    NOMINEE_CHARGED,
    NOMINEE_FAILED,
    OPERATIONS_LIMITED,
)
from sim.names.mechanisms import M13, M16, M19, M20, M22, M31, M42, M49, M56, M68, M74, M78
from sim.names.script import SCRIPT_PREMIER
from sim.names.streams import U_CHARGE, U_CONFIDENCE, U_FALLS, U_GIVES_UP, U_LEANING
from sim.world.bargain import settled
from sim.world.compiled import rule
from sim.world.decide import action_of, choose, name_of
from sim.world.demand import LAPSED, drop_demand, lately_voted, let_rest, make_demand, standing
from sim.world.draws import logistic
from sim.world.events import by, clamp, happen, happen_detail, nudge, reads
from sim.world.shape import World
from sim.world.talks import halt_or_resume

#: How readily the president charges another of the leaning that has just failed, over the usual.
JUST_FAILED = 0.3


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_government(w: World) -> None:
    """Set premier, trust and talks as the scenario has them."""
    gov = w.government
    gov.in_office = 1 if w.s.government_in_office > 0.0 else 0
    gov.leaning = int(w.s.government_leaning)
    gov.legitimacy = w.s.legitimacy
    gov.debt = w.s.debt_to_factions
    gov.trust = w.s.baghdad_trust
    gov.caretaker_since = -int(w.s.caretaker_days)
    gov.formed_day = -1
    gov.demand_day = -1
    gov.first_demand_day = -1
    gov.framework_day = -1
    gov.nominee_day = 0
    gov.cooperation = 1.0
    gov.end_day = -1
    if w.s.demand_standing > 0.0:
        gov.demand = standing(w)
        gov.demand_day = 0
        gov.first_demand_day = 0
        gov.first_demand_in_office = gov.in_office
        gov.refused = int(w.s.demand_refused)
    if w.s.talks_open > 0.0:
        gov.talks_open = 1
        gov.seeks_talks = 1
        w.us.talks_offered = 1


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def weigh(w: World) -> None:
    """Weigh what pulls the premier: taste (M42), debts, street, resolution (M13), leverage (M22), fears (M20, M19).

    US cover (it goes with the troops, M30), fear of ISIS, and what he has said in public (M56) weigh in as well.
    """
    gov, p, see = w.government, w.p, w.sees.public
    street = see.anger_at_us - 0.5
    breach = p.pull_outrage * see.breach_felt
    lever = by(w, M22, p.pull_leverage * w.sees.government.leverage_felt - p.pull_threat * see.threat_made)
    fear = by(w, M20, p.pull_fear * (0.2 if gov.leaning == PRO_IRAN else 1.0) * max(gov.demand, 0.5))
    legal = by(w, M16, p.pull_legal * settled(w)) if reads(w, M16, 0) else 0.0
    legal -= by(w, M68, p.pull_refused * see.demand_refused)
    limits = by(w, M19, p.limits_preference)
    called = by(w, M13, p.pull_resolution) if see.resolution_passed > 0.0 else 0.0
    said = by(w, M56, p.words_relief * gov.words)
    common = p.pull_street * street + breach + called - lever - legal
    common -= p.pull_cover * see.us_cover + p.pull_isis * see.fear_of_isis
    common += p.pull_consent * 2.0 * max(0.0, 0.5 - gov.trust)
    common += said if reads(w, M56, 1) else -said
    x = p.demand_base + by(w, M42, p.taste * _taste_to_demand(gov.leaning)) + p.pull_debt * gov.debt
    between = _needs_a_friend(w)
    x -= between
    gov.pull_demand = logistic(x + common - fear - limits)
    gov.pull_limit = logistic(p.limit_base + 0.5 * common + limits + 0.5 * p.pull_debt * gov.debt)
    n = p.negotiate_base + by(w, M42, p.taste * _taste_to_negotiate(gov.leaning))
    n += 0.5 * limits + 0.5 * lever + p.pull_trust * (gov.trust - 0.5) + between
    gov.pull_negotiate = logistic(n - gov.talks_price)


@rule
def _needs_a_friend(w: World) -> float:
    """Return what holds a premier of Iran's camp back: dollars, reserves, somebody between Iran and himself (M74).

    The harder the times, the more; others have that in their taste already.
    """
    gov = w.government
    if gov.leaning != PRO_IRAN or not gov.in_office:
        return 0.0
    return by(w, M74, w.p.dollars_hold + w.p.hard_times_hold * max(0.0, 1.0 - w.economy))


@rule
def _taste_to_demand(leaning: int) -> float:
    if leaning == PRO_IRAN:
        return 1.0
    if leaning == NATIONALIST:
        return 0.3
    return -0.5 if leaning == BALANCING or leaning == REFORMIST else 0.2


@rule
def _taste_to_negotiate(leaning: int) -> float:
    if leaning == PRO_IRAN:
        return -0.7
    if leaning == BALANCING:
        return 0.8
    return 0.5 if leaning == REFORMIST else 0.2


@rule
def words_and_acts(w: World) -> None:
    """Let loud words fade, and settle how far Baghdad works with Washington, whatever it has said (M56)."""
    gov = w.government
    gov.words *= w.kept.words
    gov.cooperates *= w.kept.leverage
    apart = clamp(by(w, M56, 1.0), 0.0, 1.0) if reads(w, M56, 0) and gov.words > 0.0 else 0.0
    gov.cooperation = clamp(1.0 - w.p.words_cost * gov.words * (1.0 - apart), 0.0, 1.0)


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def decide_government(w: World) -> None:
    """Choose by policy: the stance on the presence, a voice on a strike, the talks."""
    _means(w)
    r = choose(w, SEAT_GOVERNMENT, LANE_STANCE)
    if r >= 0:
        w.acting_rule = name_of(SEAT_GOVERNMENT, r)
        _take_stance(w, action_of(w, SEAT_GOVERNMENT, r))
    r = choose(w, SEAT_GOVERNMENT, LANE_VOICE)
    if r >= 0:
        w.acting_rule = name_of(SEAT_GOVERNMENT, r)
        _protest(w)
    r = choose(w, SEAT_GOVERNMENT, LANE_TALKS_BAGHDAD)
    if r >= 0:
        w.acting_rule = name_of(SEAT_GOVERNMENT, r)
        halt_or_resume(w, action_of(w, SEAT_GOVERNMENT, r))
    r = choose(w, SEAT_GOVERNMENT, LANE_FINANCE)
    if r >= 0:
        w.acting_rule = name_of(SEAT_GOVERNMENT, r)
        _cooperate(w)
    r = choose(w, SEAT_GOVERNMENT, LANE_FORCES)
    if r >= 0:
        w.government.forces_rule = name_of(SEAT_GOVERNMENT, r)
        _order_forces(w, action_of(w, SEAT_GOVERNMENT, r))
    w.acting_rule = 0


@rule
def _means(w: World) -> None:
    gov, can = w.government, w.can
    present = w.sees.public.exit_decided == 0.0
    can[SEAT_GOVERNMENT, GOV_IGNORE] = 1
    can[SEAT_GOVERNMENT, GOV_LIMIT] = 1 if present and not gov.limited else 0
    can[SEAT_GOVERNMENT, GOV_NEGOTIATE] = 1 if present and gov.in_office and not gov.framework else 0
    can[SEAT_GOVERNMENT, GOV_DEMAND] = 1 if present and gov.demand == 0.0 else 0
    can[SEAT_GOVERNMENT, GOV_LET_REST] = 1 if present and (gov.demand > 0.0 or gov.limited) else 0
    can[SEAT_GOVERNMENT, GOV_PROTEST] = gov.unprotested
    can[SEAT_GOVERNMENT, GOV_SUSPEND_TALKS] = gov.talks_open
    rested = w.day - gov.suspended_day >= w.p.talks_rest
    can[SEAT_GOVERNMENT, GOV_RESUME_TALKS] = gov.talks_suspended if gov.in_office and rested else 0
    pressed = w.sees.government.leverage_felt > 0.05 or w.sees.public.measures_in_force > 0.0
    can[SEAT_GOVERNMENT, GOV_COOPERATE] = 1 if pressed else 0
    can[SEAT_GOVERNMENT, GOV_GUARD_PROTESTS] = 1
    can[SEAT_GOVERNMENT, GOV_CLEAR_PROTESTS] = 1
    can[SEAT_GOVERNMENT, GOV_CONFRONT] = gov.in_office


@rule
def _take_stance(w: World, action: int) -> None:
    gov = w.government
    if action == GOV_LIMIT:
        gov.limited = 1
        voted = lately_voted(w)
        why = voted if voted > 0 else w.parliament.outrage_event
        happen(w, OPERATIONS_LIMITED, PREMIER, BAGHDAD, 1.0, why)
    elif action == GOV_NEGOTIATE:
        gov.seeks_talks = 1
    elif action == GOV_DEMAND:
        make_demand(w)
    elif action == GOV_LET_REST:
        let_rest(w)


@rule
def _protest(w: World) -> None:
    """Condemn a strike: loud words, which cost cooperation only as far as words and acts go together (M56)."""
    gov = w.government
    gov.unprotested = 0
    gov.words = nudge(gov.words, 0.5)
    happen(w, GOVERNMENT_PROTESTED, PREMIER, BAGHDAD, 1.0, gov.unprotested_event)


@rule
def _cooperate(w: World) -> None:
    """Work with Washington on dollars (M22): it costs Iran's friends funds, and wins trust in Washington."""
    gov = w.government
    if gov.cooperates < 0.05 and w.strength[M22] > 0.0:
        happen(w, COOPERATED, GOVERNMENT, BAGHDAD, 1.0, 0)
    gov.cooperates = nudge(gov.cooperates, by(w, M22, w.p.cooperation_step))


@rule
def _order_forces(w: World, action: int) -> None:
    order = w.government.forces_order
    if action == GOV_GUARD_PROTESTS:
        order = GUARD_PROTESTS
    elif action == GOV_CLEAR_PROTESTS:
        order = CLEAR_PROTESTS
    elif action == GOV_CONFRONT:
        order = CONFRONT_FACTIONS
    w.government.forces_order = order


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def form_government(w: World) -> None:
    """Work through the rounds of article 76: a charge, thirty days to find a majority, else the next."""
    gov = w.government
    for k in range(w.n_script):
        if w.script[k].kind == SCRIPT_PREMIER and w.script[k].day == w.day:
            _install(w, int(w.script[k].options[0]))
    if gov.in_office:
        _may_fall(w)
    elif w.caretaker_pinned == 0 and w.open_war == 0:
        if gov.nominee == 0:
            _charge(w)
        else:
            _seek_majority(w)


@rule
def _charge(w: World) -> None:
    gov = w.government
    tension = clamp(1.0 - by(w, M78, w.p.tension_slows * w.parliament.outrage), 0.0, 1.0)
    if w.day - gov.nominee_day < w.p.charge_pause or w.u[U_CHARGE] >= w.p.charge_rate * tension:
        return
    gov.nominee = _pick_leaning(w, w.u[U_LEANING])
    gov.nominee_day = w.day
    happen_detail(w, NOMINEE_CHARGED, GOVERNMENT, BAGHDAD, 1.0, float(gov.nominee), 0)


@rule
def _pick_leaning(w: World, u: float) -> int:
    """Return whom the president charges: by weight of camps, the factions' pressing (M49), the street, and himself."""
    pressed = 1.0 + by(w, M49, w.p.vacuum_press * w.iran.courting * w.iran.funds)
    braked = 1.0 - w.p.president_brake * w.president_backs
    pro_iran = w.p.nominee_pro_iran * (0.5 + w.parliament.iran_camp) * pressed * braked
    reformist = w.p.nominee_reformist * (0.5 + w.mood_government + w.protest_all * w.agenda)
    balancing, nationalist = w.p.nominee_balancing, w.p.nominee_nationalist
    failed = w.government.last_failed  # whom the house would not have is seldom charged again at once
    pro_iran *= JUST_FAILED if failed == PRO_IRAN else 1.0
    balancing *= JUST_FAILED if failed == BALANCING else 1.0
    nationalist *= JUST_FAILED if failed == NATIONALIST else 1.0
    reformist *= JUST_FAILED if failed == REFORMIST else 1.0
    mark = u * (pro_iran + balancing + nationalist + reformist)
    if mark < pro_iran:
        return PRO_IRAN
    if mark < pro_iran + balancing:
        return BALANCING
    return NATIONALIST if mark < pro_iran + balancing + nationalist else REFORMIST


@rule
def confidence_due(w: World) -> bool:
    """Return whether the nominee puts his cabinet to a vote of confidence today."""
    gov = w.government
    if gov.in_office or gov.nominee == 0 or w.caretaker_pinned or w.open_war:
        return False
    return w.day - gov.nominee_day >= w.p.cabinet_days and w.u[U_CONFIDENCE] < w.p.confidence_rate


@rule
def _seek_majority(w: World) -> None:
    gov = w.government
    tried = w.day - gov.nominee_day
    if w.u[U_GIVES_UP] < w.p.nominee_gives_up or tried > 30:
        _fail(w)
    elif confidence_due(w):
        if 2 * w.confirming > w.n_members:
            _install(w, gov.nominee)
        else:
            _fail(w)


@rule
def _fail(w: World) -> None:
    gov = w.government
    happen_detail(w, NOMINEE_FAILED, GOVERNMENT, BAGHDAD, 1.0, float(gov.nominee), 0)
    gov.last_failed = gov.nominee
    gov.nominee = 0
    gov.nominee_day = w.day
    gov.nominees_failed += 1


@rule
def _install(w: World, leaning: int) -> None:
    gov = w.government
    if gov.demand > 0.0 and not gov.in_office:
        drop_demand(w, LAPSED)  # a caretaker's demand goes with him: whether to act on it is his successor's choice
    gov.in_office = 1
    gov.leaning = leaning
    gov.nominee = 0
    gov.last_failed = 0
    gov.formed_day = w.day
    gov.legitimacy = w.p.new_legitimacy
    gov.debt = w.p.debt_pro_iran if leaning == PRO_IRAN else w.p.debt_others
    gov.formed_event = happen_detail(w, GOVERNMENT_FORMED, GOVERNMENT, BAGHDAD, 1.0, float(leaning), 0)


@rule
def _may_fall(w: World) -> None:
    """Let a government fall to the street: the angrier and the less legitimate, the likelier."""
    gov = w.government
    gov.legitimacy += (1.0 - w.mood_government - gov.legitimacy) * w.p.legitimacy_drift
    gov.debt = nudge(gov.debt, by(w, M31, w.p.need_posts * w.need))
    street = 0.5 + w.protest_all * w.agenda
    if w.u[U_FALLS] < w.p.fall_rate * w.mood_government * street * (1.0 - gov.legitimacy):
        gov.in_office = 0
        gov.caretaker_since = w.day
        gov.nominee = 0
        gov.nominee_day = w.day
        happen(w, GOVERNMENT_FELL, PREMIER, BAGHDAD, 1.0, 0)
