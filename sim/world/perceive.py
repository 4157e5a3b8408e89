"""Dawn: what each actor can see is copied into its perceptions; decisions read nothing else of the others."""

from sim.names.actors import N_FACTIONS
from sim.names.events import WINDOWED_KINDS, WINDOWS
from sim.names.perceptions import NEVER
from sim.world.attribution import attribution, suspect
from sim.world.compiled import rule
from sim.world.field import N_WINDOWED, N_WINDOWS, RING_DAYS
from sim.world.shape import World


@rule
def count_windows(w: World) -> None:
    """Push yesterday's totals of the counted kinds into their rings, and move the sums over 1, 7, 30 and 90 days."""
    today = w.day % RING_DAYS
    for k in range(N_WINDOWED):
        kind = WINDOWED_KINDS[k]
        w.ring[today, k] = w.total[kind] - w.total_dawn[kind]
        w.total_dawn[kind] = w.total[kind]
    for j in range(N_WINDOWS):
        _move_window(w, j, today)


@rule
def _move_window(w: World, j: int, today: int) -> None:
    """Add today's totals to the sums over one window, and take away those that have fallen out of it."""
    gone = today - WINDOWS[j]
    if gone < 0:
        gone += RING_DAYS
    for k in range(N_WINDOWED):
        w.window[j, k] += w.ring[today, k]
    if w.day >= WINDOWS[j]:
        for k in range(N_WINDOWED):
            w.window[j, k] -= w.ring[gone, k]


@rule
def since(w: World, day: int) -> float:
    """Return days since ``day``; NEVER when it lies before the start (-1)."""
    return NEVER if day < 0 else float(w.day - day)


@rule
def see_public(w: World) -> None:
    """Set what everybody sees."""
    see, gov, house, there = w.sees.public, w.government, w.parliament, w.presence
    for k in range(N_WINDOWED):
        for j in range(N_WINDOWS):
            w.sees_all[0, k * N_WINDOWS + j] = w.window[j, k]
    see.day = float(w.day)
    see.days_since_attack = since(w, w.last_attack)
    see.days_since_deadly_attack = since(w, w.last_deadly)
    see.days_since_strike = since(w, w.last_strike)
    see.days_since_leader_killed = since(w, w.last_leader)
    see.government_in_office = gov.in_office
    see.government_leaning = gov.leaning
    see.days_without_government = 0.0 if gov.in_office else float(w.day - gov.caretaker_since)
    see.resolution_passed = house.passed
    see.motion_tabled = house.tabled
    see.days_since_resolution = since(w, house.passed_day)
    see.demand_made = 1.0 if gov.demand > 0.0 else 0.0
    see.demand_weight = gov.demand
    see.demand_refused = gov.refused
    see.talks_open = gov.talks_open
    see.talks_suspended = gov.talks_suspended
    see.framework_signed = gov.framework
    see.operations_suspended = w.us.suspended
    see.operations_limited = gov.limited
    see.threat_made = w.us.threat
    see.embassy_besieged = w.siege
    see.exit_decided = 1.0 if there.decided_day >= 0 else 0.0
    see.presence = there.state
    see.us_troops = there.troops + there.troops_north
    see.rung = w.rung
    see.highest_rung = w.highest_rung
    see.anger_at_us = w.mood_us
    see.anger_at_iran = w.mood_iran
    see.anger_at_government = w.mood_government
    see.breach_felt = house.outrage
    see.political_route = house.momentum
    see.isis_trend = w.isis_trend
    see.regional_war = w.war
    _see_society(w)


@rule
def _see_society(w: World) -> None:
    """Set what everybody sees of war, society, economy, and of those who play a part without a policy."""
    see, gov = w.sees.public, w.government
    see.open_war = w.open_war
    see.anger_at_militias = w.mood_militia
    see.fear_of_isis = w.mood_fear
    see.us_cover = w.cover
    see.region_willing = w.north_willing
    see.protest = w.protest_all
    see.reform_agenda = w.agenda
    see.iran_influence = w.influence
    see.sadr_stance = 0.5 + 0.5 * w.sadr.stance
    see.coalition_members = w.coalition_members
    see.economy = w.economy
    see.epidemic = w.epidemic
    see.sanctions_imposed = w.us.sanctions
    see.measures_in_force = w.us.measures
    see.north_offered = w.north_offered
    see.aims_declared = w.us.aims
    see.framework_dated = gov.dated


@rule
def see_own(w: World) -> None:
    """Set what each seat alone sees: its own state and its beliefs."""
    _see_washington(w)
    _see_iran(w)
    _see_government(w)
    for f in range(N_FACTIONS):
        _see_faction(w, f)


@rule
def _see_washington(w: World) -> None:
    see, us = w.sees.us, w.us
    is_open = us.case_open == 1
    see.attack_unanswered = 1.0 if is_open else 0.0
    see.case_killed = us.case_killed if is_open else 0.0
    see.case_wounded = us.case_wounded if is_open else 0.0
    see.case_days = float(w.day - us.case_day) if is_open else NEVER
    whom = suspect(w)
    see.suspect = whom
    see.attribution = attribution(w, whom) if us.case_open else 0.0
    see.killed_since_strike = us.killed_since_strike
    see.resolve = us.resolve
    see.cost_at_home = us.cost
    see.worth = us.worth
    see.humiliation = w.humiliation
    see.consolidated = us.consolidated
    see.baghdad_trust = w.government.trust
    see.trust_in_protection = us.faith
    see.iran_blow_unanswered = us.iran_case
    see.iran_blow_killed = us.iran_case_killed if us.iran_case else 0.0
    see.pull_to_answer_iran = us.pull_answer


@rule
def _see_iran(w: World) -> None:
    see, iran = w.sees.iran, w.iran
    see.pressure_felt = iran.pressure
    see.grievance = iran.grievance
    see.fear_of_war = iran.fear
    see.leader_unavenged = iran.unavenged
    see.network = iran.network
    see.struck_at_home = iran.struck
    see.funds = iran.funds
    see.isis_worry = iran.worry


@rule
def _see_government(w: World) -> None:
    see, gov = w.sees.government, w.government
    see.pull_to_demand = gov.pull_demand
    see.pull_to_limit = gov.pull_limit
    see.pull_to_negotiate = gov.pull_negotiate
    see.legitimacy = gov.legitimacy
    see.debt_to_factions = gov.debt
    see.leverage_felt = w.us.leverage
    see.cooperation = gov.cooperation
    see.price_of_talks = gov.talks_price
    see.strike_unprotested = gov.unprotested


@rule
def _see_faction(w: World, f: int) -> None:
    see, me = w.sees.factions[f], w.factions[f]
    see.revenge = me.revenge
    see.memory = me.memory
    see.strength = me.strength
    see.arsenal = me.arsenal
    see.iran_push = w.iran.push
    see.holding = me.holding
    see.days_holding = float(w.day - me.hold_since) if me.holding else 0.0
    see.stake = w.faction_in[f].stake
    see.needed = min(1.0, w.need)
    see.days_since_struck = since(w, me.last_struck)
