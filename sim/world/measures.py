"""What is read off a finished world, and off each of its weeks (names, labels and units in sim.names.measures)."""

import math

from sim.names.actors import N_COMMUNITIES, N_FACTIONS, N_GOVERNORATES, NORTH_ONLY
from sim.names.events import (
    ATTACK,
    ATTACK_OUTSIDE,
    BASE_HANDED_OVER,
    CIVILIANS_KILLED_BY_US,
    CIVILIANS_KILLED_FIGHTING_ISIS,
    COALITION_KILLED,
    IRAN_MISSILES,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
    MILITIA_KILLED,
    PROTESTERS_KILLED_BY_FACTIONS,
    PROTESTERS_KILLED_BY_FORCES,
    SANCTIONS,
    STEP_AGREED,
    STRIKE,
    US_KILLED,
    US_STRUCK_IRAN,
    US_WOUNDED,
    WRONG_TARGET,
)
from sim.names.measures import READINGS_AFTER
from sim.world.compiled import rule
from sim.world.field import HARM_BINS
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
    _read_after(w, o)
    o.beyond_room = w.beyond_room


@rule
def _read_presence(w: World, o: Outcome) -> None:
    there = w.presence
    gone = there.exit_day >= 0
    o.exited = 1.0 if gone else 0.0
    o.exit_decided_day = day_or_null(there.decided_day)
    o.exit_day = day_or_null(there.exit_day)
    o.exit_kind = float(there.exit_kind) if gone else 0.0
    o.exit_ugly = float(there.ugly) if gone else NULL
    o.exit_cause = float(there.exit_cause + 1) if gone else 0.0
    o.left_all_day = day_or_null(there.left_all_day)
    o.syria_troops_end = w.outside_troops
    o.coalition_members_end = w.coalition_members
    o.coalition_troops_end = w.coalition_troops
    o.north_kept = 1.0 if there.state == NORTH_ONLY else 0.0
    o.presence_end = float(there.state)
    o.on_the_way_out = 1.0 if there.decided_day >= 0 or w.government.dated else 0.0
    o.troops_low = there.low
    o.bases_handed_over = w.total[BASE_HANDED_OVER]
    o.presence_days = float(there.days)
    o.us_troops_end = there.troops + there.troops_north


@rule
def _read_harm(w: World, o: Outcome) -> None:
    o.us_killed = w.total[US_KILLED]
    o.us_wounded = w.total[US_WOUNDED]
    o.coalition_killed = w.total[COALITION_KILLED]
    o.iraqi_forces_killed = w.total[IRAQI_KILLED_BY_MILITIA] + w.total[IRAQI_KILLED_BY_US]
    o.iraqi_forces_killed_by_us = w.total[IRAQI_KILLED_BY_US]
    o.iraqi_forces_killed_by_militias = w.total[IRAQI_KILLED_BY_MILITIA]
    o.civilians_killed_by_us = w.total[CIVILIANS_KILLED_BY_US]
    o.civilians_killed_by_militias = w.total[PROTESTERS_KILLED_BY_FACTIONS] + w.total[CIVILIANS_KILLED_FIGHTING_ISIS]
    o.civilians_killed_by_forces = w.total[PROTESTERS_KILLED_BY_FORCES]
    o.civilians_killed = o.civilians_killed_by_us + o.civilians_killed_by_militias + o.civilians_killed_by_forces
    o.killed_by_isis = w.total[ISIS_KILLED_PEOPLE]
    o.militia_killed = w.total[MILITIA_KILLED]


@rule
def _read_exchanges(w: World, o: Outcome) -> None:
    attacks = w.total[ATTACK] + w.total[ATTACK_OUTSIDE]
    o.militia_attacks = w.total[ATTACK]
    o.militia_attacks_outside = w.total[ATTACK_OUTSIDE]
    o.longest_quiet = float(w.quiet_most)
    o.busiest_week = w.busiest
    o.attack_harmless_share = w.harmless / attacks if attacks > 0.0 else NULL
    o.attack_dispersion = _dispersion(w)
    o.attack_top_decile_share = _top_decile(w)
    o.iran_restrained_days = float(w.iran.restrained)
    o.iran_pushing_days = float(w.iran.pushed)
    o.us_strikes_on_iran = w.total[US_STRUCK_IRAN]
    o.open_war = float(w.had_open_war)
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
    o.first_demand_in_office = float(gov.first_demand_in_office) if gov.first_demand_day >= 0 else NULL
    o.framework_signed = 1.0 if gov.framework_day >= 0 else 0.0
    o.framework_day = day_or_null(gov.framework_day)
    o.steps_agreed = w.total[STEP_AGREED]
    o.balancing_share_end = house.between
    o.iran_influence_end = w.influence
    o.sanctions_imposed = 1.0 if w.total[SANCTIONS] > 0.0 else 0.0
    o.economy_end = w.economy
    o.anti_us_end = w.mood_us
    o.anti_iran_end = w.mood_iran
    o.anti_militia_end = w.mood_militia
    o.reform_anger_end = w.mood_government
    o.polarisation_end = house.polarisation
    o.sectarian_end = house.sectarian
    o.baghdad_trust_end = gov.trust


@rule
def _read_isis(w: World, o: Outcome) -> None:
    recent, places = 0.0, 0.0
    for g in range(N_GOVERNORATES):
        here = 0.0
        for k in range(13):
            here += w.isis_quarter[g, k]
        recent += here
        places += 1.0 if here >= 1.0 else 0.0
    o.isis_attacks = w.total[ISIS_ATTACKS]
    o.isis_attacks_last_quarter = recent
    o.isis_fighters_end = w.fighters
    o.isis_cells_end = float(w.n_cells)
    o.isis_governorates_end = places
    o.isis_regrowth = w.fighters / max(1e-9, w.fighters_start)
    o.isis_control_max = w.control_max


@rule
def read_week(w: World, t: Week) -> None:
    """Read the week's record into ``t`` (the presence, the exchanges, ISIS, moods and politics)."""
    t.us_troops = w.presence.troops + w.presence.troops_north
    t.presence = w.presence.state
    t.season = w.season
    t.rung = w.rung
    t.isis_fighters = w.fighters
    t.isis_cells = w.n_cells
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
    t.coalition_members = w.coalition_members
    t.coalition_troops = w.coalition_troops
    t.syria_troops = w.outside_troops
    t.iraqi_skill = w.skill
    t.baghdad_trust = w.government.trust
    t.isis_control = w.control
    _read_feelings(w, t)
    _read_flows(w, t)


@rule
def _read_flows(w: World, t: Week) -> None:
    """Read what happened since the last record, and keep the sums that dispersion needs."""
    attacks = w.total[ATTACK] - w.attacks_week
    t.attacks = attacks
    t.us_strikes = w.total[STRIKE] - w.strikes_week
    t.us_killed = w.total[US_KILLED] - w.killed_week
    t.isis_attacks = w.total[ISIS_ATTACKS] - w.isis_week
    t.attacks_outside = w.total[ATTACK_OUTSIDE] - w.outside_week
    w.outside_week = w.total[ATTACK_OUTSIDE]
    w.attacks_week = w.total[ATTACK]
    w.strikes_week = w.total[STRIKE]
    w.killed_week = w.total[US_KILLED]
    w.isis_week = w.total[ISIS_ATTACKS]
    w.attacks_sum += attacks
    w.busiest = max(w.busiest, attacks + t.attacks_outside)
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


@rule
def _top_decile(w: World) -> float:
    """Return the share of all the hurt that the gravest tenth of attacks hurt; null where nobody was hurt."""
    attacks, hurt = w.total[ATTACK] + w.total[ATTACK_OUTSIDE], 0.0
    for k in range(HARM_BINS):
        hurt += w.harm_sum[k]
    if hurt <= 0.0:
        return NULL
    left, top = 0.1 * attacks, 0.0
    for j in range(HARM_BINS):
        k = HARM_BINS - 1 - j
        if w.harm_count[k] > 0.0 and left > 0.0:
            taken = min(left, w.harm_count[k])
            top += taken * w.harm_sum[k] / w.harm_count[k]
            left -= taken
    return top / hurt


@rule
def _read_feelings(w: World, t: Week) -> None:
    """Read moods, movements and what comes from outside."""
    t.anti_us = w.mood_us
    t.anti_iran = w.mood_iran
    t.anti_militia = w.mood_militia
    t.reform_anger = w.mood_government
    t.isis_fear = w.mood_fear
    t.protest = w.protest_all
    t.reform_agenda = w.agenda
    t.iran_influence = w.influence
    t.sadr_stance = 0.5 + 0.5 * w.sadr.stance
    t.sectarian = w.parliament.sectarian
    t.economy = w.economy
    t.oil_price = w.oil
    t.epidemic = w.epidemic
    t.regional_war = w.war
    _read_places(w, t)


@rule
def _read_places(w: World, t: Week) -> None:
    """Read ISIS attacks, attacks on US sites, US troops and anger at the US by governorate."""
    for g in range(N_GOVERNORATES):
        w.place_sum[g] = 0.0
        w.place_more[g] = 0.0
    for b in range(w.n_sites):
        if w.site_in[b].outside == 0.0:
            w.place_sum[w.site_place[b]] += w.sites[b].attacks
            w.place_more[w.site_place[b]] += w.sites[b].troops
    for g in range(N_GOVERNORATES):
        t.isis_attacks_place[g] = w.isis_attacks_place[g] - w.place_week[g]
        t.attacks_place[g] = w.place_sum[g] - w.hit_week[g]
        t.us_troops_place[g] = w.place_more[g]
        t.anti_us_place[g] = _anger_at_us(w, g)
        w.place_week[g] = w.isis_attacks_place[g]
        w.hit_week[g] = w.place_sum[g]


@rule
def _anger_at_us(w: World, g: int) -> float:
    """Return anger at the US over all people of a governorate."""
    t = w.place_in[g]
    shares = (t.sunni_arab, t.shia, t.kurd, t.other)
    people, angry = 0.0, 0.0
    for c in range(N_COMMUNITIES):
        people += shares[c]
        angry += shares[c] * w.anger_us[g, c]
    return angry / max(1e-9, people)


@rule
def _read_after(w: World, o: Outcome) -> None:
    """Read what was read again some time after an exit; null where there was none, or not so long ago."""
    since = w.day - w.presence.exit_day if w.presence.exit_day >= 0 else -1
    start = max(1e-9, w.at_exit.fighters)
    a = w.after[0]
    there = since > READINGS_AFTER[0]
    o.isis_growth_180 = a.fighters / start if there else NULL
    o.isis_attacks_180 = a.attacks if there else NULL
    o.iran_influence_180 = a.influence if there else NULL
    o.coalition_members_180 = a.members if there else NULL
    o.anti_us_180 = a.mood_us if there else NULL
    o.economy_180 = a.economy if there else NULL
    a = w.after[1]
    there = since > READINGS_AFTER[1]
    o.isis_growth_365 = a.fighters / start if there else NULL
    o.isis_attacks_365 = a.attacks if there else NULL
    o.iran_influence_365 = a.influence if there else NULL
    o.coalition_members_365 = a.members if there else NULL
    o.anti_us_365 = a.mood_us if there else NULL
    o.economy_365 = a.economy if there else NULL
