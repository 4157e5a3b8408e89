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
    BY_AGREEMENT,
    CLEAR_PROTESTS,
    CONFRONT_FACTIONS,
    FULL,
    GOVERNMENT,
    GUARD_PROTESTS,
    LIMITED,
    NATIONALIST,
    PARLIAMENT,
    PREMIER,
    PRO_IRAN,
    REFORMIST,
    SEAT_GOVERNMENT,
    TRANSITION,
)
from sim.names.events import (
    CAUSE_AGREED,
    COOPERATED,
    DEMAND_RENEWED,
    DEMAND_WITHDRAWN,
    DEMANDED,
    FRAMEWORK_RATIFIED,
    FRAMEWORK_RENEWED,
    FRAMEWORK_SIGNED,
    FRAMEWORK_UNRATIFIED,
    GOVERNMENT_FELL,
    GOVERNMENT_FORMED,
    GOVERNMENT_PROTESTED,
    LIMITS_LIFTED,
    NOMINEE_CHARGED,
    NOMINEE_FAILED,
    OPERATIONS_LIMITED,
    TALKS_OPENED,
    TALKS_RESUMED,
    TALKS_STUCK,
    TALKS_SUSPENDED,
)
from sim.names.mechanisms import M13, M16, M18, M19, M20, M22, M31, M42, M49, M56, M57, M59
from sim.names.script import SCRIPT_FRAMEWORK, SCRIPT_PREMIER
from sim.names.streams import U_CHARGE, U_CONFIDENCE, U_FALLS, U_GIVES_UP, U_LEANING, U_STUCK, U_TALKS
from sim.world.acts import cut, decide_exit, suspend_talks
from sim.world.compiled import rule
from sim.world.decide import action_of, choose, name_of
from sim.world.draws import FRAMEWORK_DATED_DRAW, FRAMEWORK_RENEWED_DRAW, TALKS_SUSPENDED_DRAW, draw, logistic
from sim.world.events import by, clamp, happen, happen_detail, nudge, reads
from sim.world.shape import World

#: Why a demand goes.
LET_REST, LAPSED, REPLACED, AGED = 0.0, 1.0, 2.0, 3.0
#: How readily the president charges another of the leaning that has just failed, over the usual.
JUST_FAILED = 0.3
#: Days for which a resolution is the occasion of what a premier does.
VOTE_RINGS = 120


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
        gov.demand = _standing(w)
        gov.demand_day = 0
        gov.first_demand_day = 0
        gov.first_demand_in_office = gov.in_office
        gov.refused = int(w.s.demand_refused)
    if w.s.talks_open > 0.0:
        gov.talks_open = 1
        gov.seeks_talks = 1
        w.us.talks_offered = 1


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
    if w.day - gov.nominee_day < w.p.charge_pause or w.u[U_CHARGE] >= w.p.charge_rate:
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
        _drop_demand(w, LAPSED)  # a caretaker's demand goes with him: whether to act on it is his successor's choice
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
    basis = 1.0 if gov.ratified else p.letters_weight
    legal = by(w, M16, p.pull_legal * basis) if gov.framework and reads(w, M16, 0) else 0.0
    limits = by(w, M19, p.limits_preference)
    called = by(w, M13, p.pull_resolution) if see.resolution_passed > 0.0 else 0.0
    said = by(w, M56, p.words_relief * gov.words)
    common = p.pull_street * street + breach + called - lever - legal
    common -= p.pull_cover * see.us_cover + p.pull_isis * see.fear_of_isis
    common += p.pull_consent * 2.0 * max(0.0, 0.5 - gov.trust)
    common += said if reads(w, M56, 1) else -said
    x = p.demand_base + by(w, M42, p.taste * _taste_to_demand(gov.leaning)) + p.pull_debt * gov.debt
    gov.pull_demand = logistic(x + common - fear - limits)
    gov.pull_limit = logistic(p.limit_base + 0.5 * common + limits + 0.5 * p.pull_debt * gov.debt)
    n = p.negotiate_base + by(w, M42, p.taste * _taste_to_negotiate(gov.leaning))
    n += 0.5 * limits + 0.5 * lever + p.pull_trust * (gov.trust - 0.5)
    gov.pull_negotiate = logistic(n - gov.talks_price)


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
        _halt_or_resume(w, action_of(w, SEAT_GOVERNMENT, r))
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


@rule
def words_and_acts(w: World) -> None:
    """Let loud words fade, and settle how far Baghdad works with Washington, whatever it has said (M56)."""
    gov = w.government
    gov.words *= w.kept.words
    gov.cooperates *= w.kept.leverage
    apart = clamp(by(w, M56, 1.0), 0.0, 1.0) if reads(w, M56, 0) and gov.words > 0.0 else 0.0
    gov.cooperation = clamp(1.0 - w.p.words_cost * gov.words * (1.0 - apart), 0.0, 1.0)


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
        voted = _lately_voted(w)
        why = voted if voted > 0 else w.parliament.outrage_event
        happen(w, OPERATIONS_LIMITED, PREMIER, BAGHDAD, 1.0, why)
    elif action == GOV_NEGOTIATE:
        gov.seeks_talks = 1
    elif action == GOV_DEMAND:
        _demand(w)
    elif action == GOV_LET_REST:
        _let_rest(w)


@rule
def _demand(w: World) -> None:
    """Demand that US forces leave: it weighs by the standing of who makes it (M13); a caretaker's is disputed."""
    gov = w.government
    gov.demand = _standing(w)
    gov.demand_day = w.day
    gov.seeks_talks = 0
    gov.refused = 0
    if gov.first_demand_day < 0:
        gov.first_demand_day = w.day
        gov.first_demand_in_office = gov.in_office
    w.parliament.momentum = nudge(w.parliament.momentum, w.p.momentum_demand * gov.demand)
    breach = w.p.pull_outrage * w.sees.public.breach_felt > w.p.pull_resolution * w.parliament.passed
    voted = _lately_voted(w)
    w.acting_also = voted if breach else w.parliament.outrage_event
    why = w.parliament.outrage_event if breach or voted == 0 else voted
    gov.demand_event = happen_detail(w, DEMANDED, PREMIER, BAGHDAD, 1.0, float(gov.in_office), why)


@rule
def _standing(w: World) -> float:
    """Return how much a demand of whoever governs weighs (M13): a caretaker's is disputed."""
    doubted = 1.0 - w.p.standing_in_office if w.government.in_office else 1.0 - w.p.standing_caretaker
    return clamp(1.0 - by(w, M13, doubted), 0.05, 1.0)


@rule
def _lately_voted(w: World) -> int:
    """Return the resolution that was passed of late, 0 for none: an old one is law, and no occasion."""
    house = w.parliament
    return house.passed_event if house.passed_day >= 0 and w.day - house.passed_day <= VOTE_RINGS else 0


@rule
def _let_rest(w: World) -> None:
    gov = w.government
    if gov.demand > 0.0:
        _drop_demand(w, LET_REST)
    if gov.limited:
        gov.limited = 0
        happen(w, LIMITS_LIFTED, PREMIER, BAGHDAD, 1.0, 0)


@rule
def _drop_demand(w: World, why: float) -> None:
    gov = w.government
    gov.demand = 0.0
    gov.refused = 0
    if w.presence.decided_day < 0:
        happen_detail(w, DEMAND_WITHDRAWN, PREMIER, BAGHDAD, 1.0, why, gov.demand_event)


@rule
def demand_ages(w: World) -> None:
    """Let a demand that nothing has followed be renewed by a premier who is still pulled to it, or rest."""
    gov = w.government
    if gov.demand <= 0.0 or w.presence.decided_day >= 0 or w.day - gov.demand_day < w.p.demand_ages:
        return
    if gov.pull_demand >= 0.5:
        gov.demand_day = w.day
        gov.refused = 0
        gov.demand_event = happen(w, DEMAND_RENEWED, PREMIER, BAGHDAD, 1.0, gov.demand_event)
    else:
        _drop_demand(w, AGED)


@rule
def _halt_or_resume(w: World, action: int) -> None:
    gov = w.government
    if action == GOV_SUSPEND_TALKS:
        suspend_talks(w)
        happen(w, TALKS_SUSPENDED, PREMIER, BAGHDAD, 1.0, w.last_deadly_event)
    elif not w.us.talks_refused:
        gov.talks_open = 1
        gov.talks_suspended = 0
        happen(w, TALKS_RESUMED, PREMIER, BAGHDAD, 1.0, gov.talks_event)


@rule
def _scripted_today(w: World) -> bool:
    found = False
    for k in range(w.n_script):
        found = found or (w.script[k].kind == SCRIPT_FRAMEWORK and w.script[k].day == w.day)
    return found


@rule
def signing_due(w: World) -> bool:
    """Return whether a framework may be signed today, so that members must be asked."""
    gov = w.government
    close = gov.talks_open == 1 and gov.talks_progress + 3.0 * 2.0 * w.p.talks_speed >= 1.0
    return (close or _scripted_today(w)) and not gov.framework


@rule
def sign_scripted(w: World) -> None:
    """Sign a framework on the day on which the scenario has it signed."""
    if _scripted_today(w):
        _sign(w)


@rule
def talk(w: World) -> None:
    """Open talks where both sides want them; a deadly attack suspends them (M18); they end in a framework (M16)."""
    gov = w.government
    if w.presence.decided_day >= 0:
        gov.talks_open = 0
        return
    if not gov.talks_open and not gov.talks_suspended and not gov.framework:
        if gov.in_office and gov.seeks_talks and w.us.talks_offered:
            gov.talks_open = 1
            w.parliament.momentum = nudge(w.parliament.momentum, w.p.momentum_talks)
            w.acting_also = gov.formed_event
            gov.talks_event = happen(w, TALKS_OPENED, GOVERNMENT, BAGHDAD, 1.0, gov.trust_event)
    gov.talks_price = 0.0
    if gov.talks_open:
        _price_talks(w)
        _make_progress(w)
    if gov.framework and gov.dated and w.day >= gov.end_day:
        _date_comes(w)


@rule
def _price_talks(w: World) -> None:
    """Price open talks at home: each side reads them its own way at no cost, until a date must be fixed (M57)."""
    gov = w.government
    vague = 1.0 if gov.talks_progress < w.p.date_point else 0.0
    gov.talks_price = w.p.talks_price * clamp(1.0 - by(w, M57, vague), 0.0, 1.0)


@rule
def _date_comes(w: World) -> None:
    """Let the date of a transition come: put off, where both want it, or (a timetable is a timetable) kept."""
    gov = w.government
    wish = gov.pull_negotiate * clamp(w.sees.public.isis_trend, 0.5, 1.5) * (1.0 - w.us.cost)
    if reads(w, M16, 0) and draw(w, FRAMEWORK_RENEWED_DRAW, 0) < w.p.renewal * wish:
        gov.end_day = w.day + int(w.p.transition_days)
        happen(w, FRAMEWORK_RENEWED, GOVERNMENT, BAGHDAD, 1.0, gov.framework_event)
    else:
        decide_exit(w, BY_AGREEMENT, CAUSE_AGREED, w.p.exit_days, 0, gov.framework_event)


@rule
def _make_progress(w: World) -> None:
    gov = w.government
    shaken = w.last_deadly == w.day
    if shaken and draw(w, TALKS_SUSPENDED_DRAW, 0) < by(w, M18, w.p.suspension_chance):
        suspend_talks(w)
        w.acting_claim = M18
        happen(w, TALKS_SUSPENDED, GOVERNMENT, BAGHDAD, 1.0, w.last_deadly_event)
        return
    if w.u[U_STUCK] < w.p.talks_break * gov.talks_price:
        suspend_talks(w)
        w.acting_claim = M57
        happen(w, TALKS_STUCK, GOVERNMENT, BAGHDAD, 1.0, gov.talks_event)
        return
    faces = 1.0 + 0.5 * min(1.0, w.coalition_members / 10.0)  # others in front make it easier to sign
    step = w.p.talks_speed * (0.5 + gov.trust) * faces * 2.0 * w.u[U_TALKS]
    gov.talks_progress = min(1.0, gov.talks_progress + step)
    if gov.talks_progress >= 1.0:
        _sign(w)


@rule
def _sign(w: World) -> None:
    """Sign a framework: a legal basis for a smaller presence, with a date for its end where Baghdad is pulled to that.

    Where talks are a timetable (the rival reading of M16) there is a date in any case. Parliament is asked; without its
    vote the framework rests on letters between governments.
    """
    gov = w.government
    if gov.framework or w.presence.decided_day >= 0:
        return
    gov.framework = 1
    gov.framework_day = w.day
    gov.talks_open = 0
    gov.talks_suspended = 0
    if gov.demand > 0.0:
        _drop_demand(w, REPLACED)
    _agree_on_a_date(w)
    w.acting_claim = M16
    w.acting_also = gov.trust_event
    event = happen_detail(w, FRAMEWORK_SIGNED, GOVERNMENT, BAGHDAD, 1.0, float(gov.dated), gov.talks_event)
    gov.framework_event = event
    gov.ratified = 1 if 2 * w.ratifying > w.n_members else 0
    happen(w, FRAMEWORK_RATIFIED if gov.ratified else FRAMEWORK_UNRATIFIED, PARLIAMENT, BAGHDAD, w.ratifying, event)
    if w.presence.state == FULL:
        cut(w, w.presence.troops * (1.0 - w.p.framework_footprint), event)
    w.presence.state = TRANSITION if gov.dated else LIMITED
    if gov.ratified and reads(w, M16, 0):
        w.parliament.passed = 0 if w.strength[M16] > 0.0 else w.parliament.passed


@rule
def _agree_on_a_date(w: World) -> None:
    """Settle whether the framework names the date of its end: the more Baghdad is pulled to an exit, the likelier."""
    gov = w.government
    pull = w.p.date_base + w.p.date_pull * gov.pull_demand + w.p.date_resolution * w.parliament.passed
    gov.dated = 1 if reads(w, M16, 1) or draw(w, FRAMEWORK_DATED_DRAW, 0) < logistic(pull) else 0
    gov.end_day = w.day + int(w.p.transition_days) if gov.dated else -1


@rule
def trust_recovers(w: World) -> None:
    """Let Baghdad's trust in US restraint come back with time; Washington's doubt feeds its own (M59)."""
    gov = w.government
    gov.trust += (w.p.trust_rest - gov.trust) * (1.0 - w.kept.trust)
    gov.trust = clamp(gov.trust - by(w, M59, w.p.doubts_feed * max(0.0, 0.5 - w.us.faith)), 0.0, 1.0)
