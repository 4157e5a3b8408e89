"""What is read off a finished world, and off each of its weeks (names, labels and units in sim.names.measures)."""

import math

from sim.names.actors import N_FACTIONS, N_GOVERNORATES, NORTH_ONLY
from sim.names.events import (
    ATTACK,
    ATTACK_OUTSIDE,
    CIVILIANS_KILLED_BY_US,
    COALITION_KILLED,
    IRAN_MISSILES,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    ISIS_ATTACKS,
    MILITIA_KILLED,
    STRIKE,
    US_KILLED,
    US_WOUNDED,
    WRONG_TARGET,
)
from sim.world.compiled import rule
from sim.world.shape import Outcome, Week, World

NULL = math.nan


@rule
def day_or_null(day: int) -> float:
    """Return a day, null (NaN) when it never came."""
    return NULL if day < 0 else float(day)


@rule
def read_outcomes(w: World, o: Outcome) -> None:
    """Read a finished world's outcomes into ``o``."""
    _read_presence(w, o)
    _read_harm(w, o)
    _read_exchanges(w, o)
    _read_politics(w, o)
    _read_isis(w, o)


@rule
def _read_presence(w: World, o: Outcome) -> None:
    there = w.presence
    gone = there.exit_day >= 0
    o.exited = 1.0 if gone else 0.0
    o.exit_decided_day = day_or_null(there.decided_day)
    o.exit_day = day_or_null(there.exit_day)
    o.exit_kind = float(there.exit_kind) if gone else 0.0
    o.exit_ugly = float(there.ugly) if gone else NULL
    o.north_kept = 1.0 if there.state == NORTH_ONLY else 0.0
    o.presence_end = float(there.state)
    o.presence_days = float(there.days)
    o.us_troops_end = there.troops + there.troops_north


@rule
def _read_harm(w: World, o: Outcome) -> None:
    o.us_killed = w.total[US_KILLED]
    o.us_wounded = w.total[US_WOUNDED]
    o.coalition_killed = w.total[COALITION_KILLED]
    o.iraqi_forces_killed = w.total[IRAQI_KILLED_BY_MILITIA] + w.total[IRAQI_KILLED_BY_US]
    o.civilians_killed = w.total[CIVILIANS_KILLED_BY_US]
    o.militia_killed = w.total[MILITIA_KILLED]


@rule
def _read_exchanges(w: World, o: Outcome) -> None:
    attacks = w.total[ATTACK] + w.total[ATTACK_OUTSIDE]
    o.militia_attacks = w.total[ATTACK]
    o.militia_attacks_outside = w.total[ATTACK_OUTSIDE]
    o.attack_harmless_share = w.harmless / attacks if attacks > 0.0 else NULL
    o.attack_dispersion = _dispersion(w)
    o.us_strikes = w.total[STRIKE]
    o.wrong_target_strikes = w.total[WRONG_TARGET]
    o.first_us_strike_day = day_or_null(w.first_strike)
    o.iran_direct_strikes = w.total[IRAN_MISSILES]
    o.highest_rung = float(w.highest_rung)


@rule
def _dispersion(w: World) -> float:
    if w.attacks_sum <= 0.0 or w.weeks < 2:
        return NULL
    mean = w.attacks_sum / w.weeks
    return (w.attacks_squares / w.weeks - mean * mean) * w.weeks / (w.weeks - 1.0) / mean


@rule
def _read_politics(w: World, o: Outcome) -> None:
    gov, house = w.government, w.parliament
    voted = house.first_for >= 0
    o.government_day = day_or_null(gov.formed_day)
    o.government_leaning = float(gov.leaning) if gov.in_office else 0.0
    o.vote_held = 1.0 if voted else 0.0
    o.vote_passed = 1.0 if house.passed_day >= 0 and w.s.resolution_passed <= 0.0 else 0.0
    o.votes_for = day_or_null(house.first_for)
    o.votes_present = day_or_null(house.first_present)
    o.votes_absent = float(w.n_members - house.first_present) if voted else NULL
    o.demand_day = day_or_null(gov.first_demand_day)
    o.framework_signed = 1.0 if gov.framework_day >= 0 else 0.0
    o.anger_at_us_end = w.mood_us
    o.anger_at_iran_end = w.mood_iran
    o.polarisation_end = house.polarisation
    o.baghdad_trust_end = gov.trust


@rule
def _read_isis(w: World, o: Outcome) -> None:
    recent, places = 0.0, 0.0
    for g in range(N_GOVERNORATES):
        here = 0.0
        for k in range(13):
            here += w.isis_quarter[g, k]
        recent += here
        places += 1.0 if here > 0.0 else 0.0
    o.isis_attacks = w.total[ISIS_ATTACKS]
    o.isis_attacks_last_quarter = recent
    o.isis_fighters_end = w.fighters
    o.isis_cells_end = float(w.n_cells)
    o.isis_governorates_end = places
    o.isis_regrowth = w.fighters / max(1e-9, w.fighters_start)


@rule
def read_week(w: World, t: Week) -> None:
    """Read the week's record into ``t`` (the presence, the exchanges, ISIS, moods and politics)."""
    t.us_troops = w.presence.troops + w.presence.troops_north
    t.presence = w.presence.state
    t.rung = w.rung
    t.isis_fighters = w.fighters
    t.isis_cells = w.n_cells
    t.anger_at_us = w.mood_us
    t.anger_at_iran = w.mood_iran
    t.anger_at_government = w.mood_government
    t.support_for_expulsion = w.parliament.for_expulsion
    t.polarisation = w.parliament.polarisation
    t.government_in_office = w.government.in_office
    t.demand_made = 1.0 if w.government.demand > 0.0 else 0.0
    t.talks_open = w.government.talks_open
    t.framework_signed = w.government.framework
    t.resolve = w.us.resolve
    t.cost_at_home = w.us.cost
    t.bases_open = _bases_open(w)
    t.factions_holding = _holding(w)
    t.enablers = _mean_enablers(w)
    _read_flows(w, t)


@rule
def _read_flows(w: World, t: Week) -> None:
    """Read what happened since the last record, and keep the sums that dispersion needs."""
    attacks = w.total[ATTACK] - w.attacks_week
    t.attacks = attacks
    t.us_strikes = w.total[STRIKE] - w.strikes_week
    t.us_killed = w.total[US_KILLED] - w.killed_week
    t.isis_attacks = w.total[ISIS_ATTACKS] - w.isis_week
    w.attacks_week = w.total[ATTACK]
    w.strikes_week = w.total[STRIKE]
    w.killed_week = w.total[US_KILLED]
    w.isis_week = w.total[ISIS_ATTACKS]
    w.attacks_sum += attacks
    w.attacks_squares += attacks * attacks
    w.weeks += 1


@rule
def _bases_open(w: World) -> float:
    n = 0.0
    for b in range(w.n_sites):
        is_base = w.site_in[b].outside == 0.0 and w.site_in[b].is_embassy == 0.0
        n += 1.0 if is_base and w.sites[b].troops > 0.0 else 0.0
    return n


@rule
def _holding(w: World) -> float:
    n = 0.0
    for f in range(N_FACTIONS):
        n += w.factions[f].holding
    return n


@rule
def _mean_enablers(w: World) -> float:
    total, weights = 0.0, 0.0
    for g in range(N_GOVERNORATES):
        total += w.enablers[g] * w.place_in[g].haven
        weights += w.place_in[g].haven
    return total / max(1e-9, weights)
