"""Talks between Baghdad and Washington: suspended and resumed, their progress and their price, and what is signed."""

from sim.names.actions import (
    GOV_SUSPEND_TALKS,
)
from sim.names.actors import (
    BAGHDAD,
    BY_AGREEMENT,
    FULL,
    GOVERNMENT,
    LIMITED,
    PARLIAMENT,
    PREMIER,
    TRANSITION,
)
from sim.names.events import (
    CAUSE_AGREED,
    FRAMEWORK_RATIFIED,
    FRAMEWORK_RENEWED,
    FRAMEWORK_SIGNED,
    FRAMEWORK_UNRATIFIED,
    TALKS_OPENED,
    TALKS_RESUMED,
    TALKS_STUCK,
    TALKS_SUSPENDED,
)
from sim.names.mechanisms import M16, M18, M57, M59
from sim.names.script import SCRIPT_FRAMEWORK
from sim.names.streams import U_STUCK
from sim.world.acts import cut, decide_exit, suspend_talks
from sim.world.bargain import DATE, ITEMS, date_wanted, hold_round, may_lapse
from sim.world.compiled import rule
from sim.world.demand import REPLACED, drop_demand
from sim.world.draws import FRAMEWORK_RENEWED_DRAW, PUT_TO_VOTE_DRAW, TALKS_SUSPENDED_DRAW, draw
from sim.world.events import by, clamp, happen, happen_detail, nudge, reads
from sim.world.shape import World


@rule
def halt_or_resume(w: World, action: int) -> None:
    """Suspend talks, or resume them, as the premier decided."""
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
    close = gov.talks_open == 1 and gov.agreed >= DATE and w.day >= gov.round_day
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
            gov.round_day = w.day + int(w.p.round_days)
    gov.talks_price = 0.0
    if gov.talks_open:
        _price_talks(w)
        _make_progress(w)
    if gov.framework and gov.dated and w.day >= gov.end_day:
        _date_comes(w)
    elif gov.framework:
        may_lapse(w)


@rule
def _price_talks(w: World) -> None:
    """Price open talks at home: each side reads them its own way at no cost, until a date must be fixed (M57)."""
    gov = w.government
    vague = 1.0 if gov.agreed < DATE else 0.0
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
        happen_detail(w, TALKS_STUCK, GOVERNMENT, BAGHDAD, 1.0, float(DATE), gov.talks_event)
        return
    hold_round(w)
    gov.talks_progress = gov.agreed / ITEMS
    if gov.agreed >= ITEMS:
        _sign(w)


@rule
def _sign(w: World) -> None:
    """Sign a framework: a legal basis for a smaller presence, with a date for its end where Baghdad is pulled to that.

    Where talks are a timetable (the rival reading of M16) there is a date in any case. Parliament is seldom asked;
    without its vote the framework rests on letters between governments.
    """
    gov = w.government
    if gov.framework or w.presence.decided_day >= 0:
        return
    gov.framework = 1
    gov.framework_day = w.day
    gov.talks_open = 0
    gov.talks_suspended = 0
    if gov.demand > 0.0:
        drop_demand(w, REPLACED)
    gov.dated = 1 if date_wanted(w) else 0
    gov.end_day = w.day + int(w.p.transition_days) if gov.dated else -1
    w.acting_claim = M16
    w.acting_also = gov.trust_event
    event = happen_detail(w, FRAMEWORK_SIGNED, GOVERNMENT, BAGHDAD, 1.0, float(gov.dated), gov.talks_event)
    gov.framework_event = event
    put = draw(w, PUT_TO_VOTE_DRAW, 0) < w.p.put_to_vote
    gov.ratified = 1 if put and 2 * w.ratifying > w.n_members else 0
    happen(w, FRAMEWORK_RATIFIED if gov.ratified else FRAMEWORK_UNRATIFIED, PARLIAMENT, BAGHDAD, w.ratifying, event)
    if w.presence.state == FULL:
        cut(w, w.presence.troops * (1.0 - w.p.framework_footprint), event)
    w.presence.state = TRANSITION if gov.dated else LIMITED
    if gov.ratified and reads(w, M16, 0):
        w.parliament.passed = 0 if w.strength[M16] > 0.0 else w.parliament.passed


@rule
def trust_recovers(w: World) -> None:
    """Let Baghdad's trust in US restraint come back with time; Washington's doubt feeds its own (M59)."""
    gov = w.government
    gov.trust += (w.p.trust_rest - gov.trust) * (1.0 - w.kept.trust)
    gov.trust = clamp(gov.trust - by(w, M59, w.p.doubts_feed * max(0.0, 0.5 - w.us.faith)), 0.0, 1.0)
