"""Premier and government: how one is formed, what pulls the premier, what he does about the presence."""

from sim.names.actions import (
    GOV_DEMAND,
    GOV_IGNORE,
    GOV_LET_REST,
    GOV_LIMIT,
    GOV_NEGOTIATE,
    GOV_PROTEST,
    GOV_RESUME_TALKS,
    GOV_SUSPEND_TALKS,
    LANE_STANCE,
    LANE_TALKS_BAGHDAD,
    LANE_VOICE,
)
from sim.names.actors import (
    BAGHDAD,
    BALANCING,
    BY_AGREEMENT,
    FULL,
    GOVERNMENT,
    LIMITED,
    NATIONALIST,
    NOWHERE,
    PREMIER,
    PRO_IRAN,
    REFORMIST,
    SEAT_GOVERNMENT,
    TRANSITION,
    US,
)
from sim.names.events import (
    CAUSE_AGREED,
    DEMAND_WITHDRAWN,
    DEMANDED,
    FRAMEWORK_SIGNED,
    GOVERNMENT_FELL,
    GOVERNMENT_FORMED,
    GOVERNMENT_PROTESTED,
    LIMITS_LIFTED,
    NOMINEE_CHARGED,
    NOMINEE_FAILED,
    OPERATIONS_LIMITED,
    TALKS_OPENED,
    TALKS_RESUMED,
    TALKS_SUSPENDED,
    TROOPS_LEFT,
)
from sim.names.mechanisms import M13, M16, M18, M19, M20, M22, M42, M49
from sim.names.script import SCRIPT_FRAMEWORK, SCRIPT_PREMIER
from sim.names.streams import U_CHARGE, U_CONFIDENCE, U_FALLS, U_GIVES_UP, U_LEANING, U_TALKS
from sim.world.acts import decide_exit
from sim.world.compiled import rule
from sim.world.decide import action_of, choose, name_of
from sim.world.draws import logistic
from sim.world.events import by, clamp, happen, happen_detail, nudge, reads
from sim.world.shape import World


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
    elif w.caretaker_pinned == 0:
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
    """Return the leaning of the next nominee: by the weight of camps, the factions' pressing (M49) and the street."""
    pro_iran = w.p.nominee_pro_iran * (1.0 + by(w, M49, w.p.vacuum_press * w.iran.courting))
    reformist = w.p.nominee_reformist * (0.5 + w.mood_government)
    total = pro_iran + w.p.nominee_balancing + w.p.nominee_nationalist + reformist
    mark = u * total
    if mark < pro_iran:
        return PRO_IRAN
    if mark < pro_iran + w.p.nominee_balancing:
        return BALANCING
    if mark < pro_iran + w.p.nominee_balancing + w.p.nominee_nationalist:
        return NATIONALIST
    return REFORMIST


@rule
def confidence_due(w: World) -> bool:
    """Return whether the nominee puts his cabinet to a vote of confidence today."""
    gov = w.government
    if gov.in_office or gov.nominee == 0 or w.caretaker_pinned:
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
    gov.nominee = 0
    gov.nominee_day = w.day
    gov.nominees_failed += 1


@rule
def _install(w: World, leaning: int) -> None:
    gov = w.government
    gov.in_office = 1
    gov.leaning = leaning
    gov.nominee = 0
    gov.formed_day = w.day
    gov.legitimacy = w.p.new_legitimacy
    gov.debt = w.p.debt_pro_iran if leaning == PRO_IRAN else w.p.debt_others
    happen_detail(w, GOVERNMENT_FORMED, GOVERNMENT, BAGHDAD, 1.0, float(leaning), 0)


@rule
def _may_fall(w: World) -> None:
    """Let a government fall to the street: the angrier and the less legitimate, the likelier."""
    gov = w.government
    gov.legitimacy += (1.0 - w.mood_government - gov.legitimacy) * w.p.legitimacy_drift
    if w.u[U_FALLS] < w.p.fall_rate * w.mood_government * (1.0 - gov.legitimacy):
        gov.in_office = 0
        gov.caretaker_since = w.day
        gov.nominee = 0
        gov.nominee_day = w.day
        happen(w, GOVERNMENT_FELL, PREMIER, BAGHDAD, 1.0, 0)


@rule
def weigh(w: World) -> None:
    """Weigh what pulls the premier: taste (M42), debts, street, resolution (M13), leverage (M22), fears (M20, M19)."""
    gov, p, see = w.government, w.p, w.sees.public
    street = see.anger_at_us - 0.5
    breach = p.pull_outrage * see.breach_felt
    lever = by(w, M22, p.pull_leverage * w.sees.government.leverage_felt - p.pull_threat * see.threat_made)
    fear = by(w, M20, p.pull_fear * (0.2 if gov.leaning == PRO_IRAN else 1.0) * max(gov.demand, 0.5))
    legal = by(w, M16, p.pull_legal) if gov.framework and reads(w, M16, 0) else 0.0
    limits = by(w, M19, p.limits_preference)
    called = by(w, M13, p.pull_resolution) if see.resolution_passed > 0.0 else 0.0
    common = p.pull_street * street + breach + called - lever - legal
    x = p.demand_base + by(w, M42, p.taste * _taste_to_demand(gov.leaning)) + p.pull_debt * gov.debt
    gov.pull_demand = logistic(x + common - fear - limits)
    gov.pull_limit = logistic(p.limit_base + 0.5 * common + limits + 0.5 * p.pull_debt * gov.debt)
    n = p.negotiate_base + by(w, M42, p.taste * _taste_to_negotiate(gov.leaning))
    gov.pull_negotiate = logistic(n + 0.5 * limits + 0.5 * lever + p.pull_trust * (gov.trust - 0.5))


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
        w.government.unprotested = 0
        happen(w, GOVERNMENT_PROTESTED, PREMIER, BAGHDAD, 1.0, w.government.unprotested_event)
    r = choose(w, SEAT_GOVERNMENT, LANE_TALKS_BAGHDAD)
    if r >= 0:
        w.acting_rule = name_of(SEAT_GOVERNMENT, r)
        _halt_or_resume(w, action_of(w, SEAT_GOVERNMENT, r))
    w.acting_rule = 0


@rule
def _means(w: World) -> None:
    gov, can = w.government, w.can
    present = w.sees.public.exit_decided == 0.0
    can[SEAT_GOVERNMENT, GOV_IGNORE] = 1
    can[SEAT_GOVERNMENT, GOV_LIMIT] = 1 if present and not gov.limited else 0
    can[SEAT_GOVERNMENT, GOV_NEGOTIATE] = 1 if present and gov.in_office and not gov.framework else 0
    can[SEAT_GOVERNMENT, GOV_DEMAND] = 1 if present and gov.demand == 0.0 else 0
    can[SEAT_GOVERNMENT, GOV_LET_REST] = 1 if gov.demand > 0.0 or gov.limited else 0
    can[SEAT_GOVERNMENT, GOV_PROTEST] = gov.unprotested
    can[SEAT_GOVERNMENT, GOV_SUSPEND_TALKS] = gov.talks_open
    can[SEAT_GOVERNMENT, GOV_RESUME_TALKS] = gov.talks_suspended if gov.in_office else 0


@rule
def _take_stance(w: World, action: int) -> None:
    gov = w.government
    if action == GOV_LIMIT:
        gov.limited = 1
        happen(w, OPERATIONS_LIMITED, PREMIER, BAGHDAD, 1.0, w.parliament.passed_event)
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
    doubted = 1.0 - w.p.standing_in_office if gov.in_office else 1.0 - w.p.standing_caretaker
    gov.demand = clamp(1.0 - by(w, M13, doubted), 0.05, 1.0)
    gov.demand_day = w.day
    gov.seeks_talks = 0
    gov.refused = 0
    if gov.first_demand_day < 0:
        gov.first_demand_day = w.day
    w.parliament.momentum = nudge(w.parliament.momentum, w.p.momentum_demand * gov.demand)
    gov.demand_event = happen_detail(
        w, DEMANDED, PREMIER, BAGHDAD, 1.0, float(gov.in_office), w.parliament.passed_event
    )


@rule
def _let_rest(w: World) -> None:
    gov = w.government
    if gov.demand > 0.0:
        gov.demand = 0.0
        gov.refused = 0
        happen(w, DEMAND_WITHDRAWN, PREMIER, BAGHDAD, 1.0, gov.demand_event)
    if gov.limited:
        gov.limited = 0
        happen(w, LIMITS_LIFTED, PREMIER, BAGHDAD, 1.0, 0)


@rule
def _halt_or_resume(w: World, action: int) -> None:
    gov = w.government
    if action == GOV_SUSPEND_TALKS:
        gov.talks_open = 0
        gov.talks_suspended = 1
        happen(w, TALKS_SUSPENDED, PREMIER, BAGHDAD, 1.0, w.last_deadly_event)
    elif not w.us.talks_refused:
        gov.talks_open = 1
        gov.talks_suspended = 0
        happen(w, TALKS_RESUMED, PREMIER, BAGHDAD, 1.0, 0)


@rule
def talk(w: World) -> None:
    """Open talks where both sides want them; a deadly attack suspends them (M18); they end in a framework (M16)."""
    gov = w.government
    for k in range(w.n_script):
        if w.script[k].kind == SCRIPT_FRAMEWORK and w.script[k].day == w.day:
            _sign(w)
    if w.presence.decided_day >= 0:
        gov.talks_open = 0
        return
    if not gov.talks_open and not gov.talks_suspended and not gov.framework:
        if gov.in_office and gov.seeks_talks and w.us.talks_offered:
            gov.talks_open = 1
            w.parliament.momentum = nudge(w.parliament.momentum, w.p.momentum_talks)
            happen(w, TALKS_OPENED, GOVERNMENT, BAGHDAD, 1.0, gov.demand_event)
    if gov.talks_open:
        _make_progress(w)
    if gov.framework and reads(w, M16, 1) and w.day - gov.framework_day > w.p.timetable_days:
        decide_exit(w, BY_AGREEMENT, CAUSE_AGREED, w.p.exit_days, 0, 0)


@rule
def _make_progress(w: World) -> None:
    gov = w.government
    shaken = w.last_deadly == w.day and w.day > 0
    if shaken and w.u[U_TALKS] < by(w, M18, w.p.suspension_chance):
        gov.talks_open = 0
        gov.talks_suspended = 1
        w.acting_claim = M18
        happen(w, TALKS_SUSPENDED, GOVERNMENT, BAGHDAD, 1.0, w.last_deadly_event)
        return
    step = w.p.talks_speed * (0.5 + gov.trust) * 2.0 * w.u[U_TALKS]
    gov.talks_progress = min(1.0, gov.talks_progress + step)
    if gov.talks_progress >= 1.0:
        _sign(w)


@rule
def _sign(w: World) -> None:
    """Sign a framework: a legal basis for a smaller presence, or (the rival reading of M16) a dated transition."""
    gov = w.government
    if gov.framework or w.presence.decided_day >= 0:
        return
    gov.framework = 1
    gov.framework_day = w.day
    gov.talks_open = 0
    gov.talks_suspended = 0
    gov.demand = 0.0
    gov.refused = 0
    dated = 1 if reads(w, M16, 1) else 0
    w.acting_claim = M16
    event = happen_detail(w, FRAMEWORK_SIGNED, GOVERNMENT, BAGHDAD, 1.0, float(dated), 0)
    if w.presence.state == FULL:
        gone = w.presence.troops * (1.0 - w.p.framework_footprint)
        w.presence.troops -= gone
        happen(w, TROOPS_LEFT, US, NOWHERE, gone, event)
    w.presence.state = TRANSITION if dated else LIMITED
    if reads(w, M16, 0):
        w.parliament.passed = 0 if w.strength[M16] > 0.0 else w.parliament.passed


@rule
def trust_recovers(w: World) -> None:
    """Let Baghdad's trust in US restraint come back with time without a strike."""
    gov = w.government
    gov.trust += (w.p.trust_rest - gov.trust) * (1.0 - w.kept.trust)
