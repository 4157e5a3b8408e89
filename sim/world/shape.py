"""How a type checker sees a world: made from the record by ``python -m sim.world.make_shape``."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Keys = NDArray[np.uint64]


class PoliciesRules(Protocol):
    """Fields of PoliciesRules."""

    limited: int
    lane: int
    action: int
    first: int
    length: int
    key: np.uint64
    probability: float
    cooldown: int
    after: int
    until: int
    once: int
    claim: int
    options: Numbers


class PoliciesCode(Protocol):
    """Fields of PoliciesCode."""

    column: int
    relation: int
    value: float
    yes: int
    no: int


class Policies(Protocol):
    """Fields of Policies."""

    lane_first: Whole
    n_rules: int
    rules: list[PoliciesRules]
    code: list[PoliciesCode]


class Script(Protocol):
    """Fields of Script."""

    day: int
    kind: int
    name: int
    options: Numbers


class P(Protocol):
    """Fields of P."""

    attack_tempo: float
    branching: float
    excitation_days: float
    truce_leak: float
    truce_break_rate: float
    truce_patience: float
    truce_survives: float
    complement_drive: float
    proxy_gain: float
    revenge_per_strike: float
    blow_heavy: float
    blow_leadership: float
    solidarity: float
    revenge_lull: float
    revenge_half_life: float
    revenge_drive: float
    deterrence_half_life: float
    deterrence_drive: float
    memory_per_leader: float
    memory_half_life: float
    memory_drive: float
    push_drive: float
    pressure_push: float
    impunity_drive: float
    war_drive: float
    price_drive: float
    arsenal_loss: float
    arsenal_refill: float
    arsenal_use: float
    recruit_rate: float
    crowd_chance: float
    siege_humiliation: float
    siege_clear_rate: float
    colour_drive: float
    rote_drive: float
    supply_dependence: float
    warning_chance: float
    site_visibility: float
    north_reach: float
    drone_share: float
    convoy_share: float
    harm_light: float
    harm_heavy: float
    deadly_share: float
    harm_exponent: float
    harm_most: float
    victim_us: float
    victim_coalition: float
    well_defended_troops: float
    defence_of_troops: float
    missile_harm: float
    missile_deadly: float
    strike_dead: float
    heavy_strike_dead: float
    leadership_strike_dead: float
    strike_spread: float
    bystander_iraqis: float
    bystander_civilians: float
    bystanders_most: float
    consent_moves_away: float
    consent_shares: float
    breach_city: float
    breach_leader: float
    breach_dead: float
    outrage_per_strike: float
    outrage_half_life: float
    anger_per_strike: float
    anger_per_strike_near: float
    trust_per_strike: float
    trust_rest: float
    trust_days: float
    rung_rest: float
    consent_trust: float
    case_days: float
    attribution_rate: float
    attribution_noise: float
    cost_floor: float
    cost_per_death: float
    cost_per_attack: float
    cost_half_life: float
    surge_per_death: float
    surge_per_attack: float
    surge_half_life: float
    face: float
    worth_base: float
    worth_of_isis: float
    air_defence_share: float
    air_defence_days: float
    leverage_step: float
    leverage_half_life: float
    threat_anger: float
    own_exit_rate: float
    own_exit_gain: float
    concede_rate: float
    concede_gain: float
    strain_usual: float
    exit_days: float
    ugly_days: float
    north_hosts: float
    north_share: float
    fear_base: float
    fear_per_salvo: float
    fear_days: float
    grievance_per_leader: float
    grievance_after_answer: float
    grievance_half_life: float
    pressure_per_strike: float
    pressure_days: float
    network_per_leader: float
    network_repair: float
    momentum_motion: float
    momentum_vote: float
    momentum_demand: float
    momentum_talks: float
    momentum_refusal: float
    momentum_half_life: float
    view_pull: float
    view_street: float
    view_drift: float
    lean_base: float
    lean_view: float
    lean_outrage: float
    lean_street: float
    lean_fear: float
    lean_money: float
    lean_counterweight: float
    lean_hesitation: float
    lean_line: float
    outrage_sunni: float
    outrage_kurd: float
    come_base: float
    come_lean: float
    boycott: float
    boycott_width: float
    vote_sharpness: float
    speaker_base: float
    speaker_outrage: float
    vote_delay: float
    motion_life: float
    motion_rest: float
    charge_pause: float
    charge_rate: float
    nominee_gives_up: float
    cabinet_days: float
    confidence_rate: float
    nominee_pro_iran: float
    nominee_balancing: float
    nominee_nationalist: float
    nominee_reformist: float
    vacuum_press: float
    confirm_base: float
    confirm_fit: float
    polarisation_cost: float
    street_on_premier: float
    new_legitimacy: float
    legitimacy_drift: float
    fall_rate: float
    debt_pro_iran: float
    debt_others: float
    standing_in_office: float
    standing_caretaker: float
    demand_base: float
    limit_base: float
    negotiate_base: float
    taste: float
    pull_debt: float
    pull_street: float
    pull_outrage: float
    pull_resolution: float
    pull_leverage: float
    pull_threat: float
    pull_fear: float
    pull_legal: float
    pull_trust: float
    limits_preference: float
    talks_speed: float
    suspension_chance: float
    framework_footprint: float
    timetable_days: float
    vacuum_urgency: float
    offence_sunni: float
    offence_kurd: float
    battlefield_weariness: float
    anger_per_iraqi_dead: float
    anger_half_life: float
    anger_without_government: float
    rally_threshold: float
    rally_size: float
    relief_goodwill: float
    suspension_loss: float
    distrust_loss: float
    limited_effort: float
    reach_neighbour: float
    reach_far: float
    busy_effort: float
    busy_loss: float
    militia_pressure: float
    pressure_held: float
    pressure_reached: float
    pressure_usual: float
    ease: float
    skill_gain: float
    skill_loss: float
    cell_fighters: float
    fighters_limit: float
    cell_loss: float
    cell_growth: float
    cell_learning: float
    cell_moves: float
    isis_tempo: float
    season_swing: float
    season_peak: float
    isis_deadly_share: float
    isis_exponent: float
    isis_most_dead: float
    split_size: float
    split_rate: float


class S(Protocol):
    """Fields of S."""

    us_troops: float
    troops_outside: float
    government_in_office: float
    government_leaning: float
    caretaker_days: float
    legitimacy: float
    debt_to_factions: float
    baghdad_trust: float
    talks_open: float
    resolution_passed: float
    momentum: float
    outrage: float
    truce: float
    revenge: float
    memory_of_leaders: float
    arsenal: float
    resolve: float
    cost_at_home: float
    operations_suspended: float
    pressure_on_iran: float
    iran_network: float
    regional_war: float
    anger_at_us: float
    anger_at_iran: float
    anger_at_government: float
    iraqi_skill: float
    isis_fighters: float
    isis_attacks_quarter: float


class FactionIn(Protocol):
    """Fields of FactionIn."""

    appetite: float
    closeness: float
    stake: float
    heavy: float
    fighters: float
    discretion: float
    embassy_crowds: float
    outside_share: float


class PlaceIn(Protocol):
    """Fields of PlaceIn."""

    population: float
    sunni_arab: float
    shia: float
    kurd: float
    other: float
    roughness: float
    haven: float
    syria_border: float
    iran_border: float
    isis_share: float


class SiteIn(Protocol):
    """Fields of SiteIn."""

    personnel_share: float
    protection: float
    hardened: float
    is_embassy: float
    outside: float


class BlocIn(Protocol):
    """Fields of BlocIn."""

    seats: float
    view_us: float
    view_us_spread: float
    view_iran: float
    view_iran_spread: float
    discipline: float
    faction_tie: float
    iran_money: float
    sadrist: float
    street: float
    us_money: float


class Kept(Protocol):
    """Fields of Kept."""

    excitation: float
    revenge: float
    deterrence: float
    memory: float
    grievance: float
    surge: float
    leverage: float
    outrage: float
    momentum: float
    trust: float


class Us(Protocol):
    """Fields of Us."""

    resolve: float
    surge: float
    cost: float
    worth: float
    case_open: int
    case_day: int
    case_killed: float
    case_wounded: float
    case_faction: int
    case_event: int
    case_held: int
    evidence: Numbers
    reputation: Numbers
    killed_since_strike: float
    consolidated: int
    air_defence: float
    air_defence_ordered: int
    suspended: int
    threat: int
    leverage: float
    talks_refused: int
    talks_offered: int
    last_strike_event: int


class Iran(Protocol):
    """Fields of Iran."""

    pressure: float
    grievance: float
    grievance_event: int
    fear: float
    network: float
    unavenged: int
    order: float
    push: float
    courting: float
    missiles_today: int
    missile_weight: float


class Factions(Protocol):
    """Fields of Factions."""

    strength: float
    arsenal: float
    sting: float
    revenge: float
    revenge_event: int
    memory: float
    memory_event: int
    deterred: float
    holding: int
    hold_since: int
    hold_until: int
    promises: int
    breaks: int
    effort: float
    heavy: float
    excitation: float
    rate: float
    last_struck: int
    besieging: int
    wants_crowd: int
    calls_off: int
    tables: int


class Sites(Protocol):
    """Fields of Sites."""

    open: int
    troops: float
    protection: float
    attacks: float


class Government(Protocol):
    """Fields of Government."""

    in_office: int
    leaning: int
    legitimacy: float
    debt: float
    caretaker_since: int
    nominee: int
    nominee_day: int
    nominees_failed: int
    formed_day: int
    demand: float
    demand_day: int
    first_demand_day: int
    demand_event: int
    refused: int
    limited: int
    seeks_talks: int
    talks_open: int
    talks_suspended: int
    talks_progress: float
    framework: int
    framework_day: int
    unprotested: int
    unprotested_event: int
    trust: float
    pull_demand: float
    pull_limit: float
    pull_negotiate: float


class Parliament(Protocol):
    """Fields of Parliament."""

    outrage: float
    outrage_event: int
    tabled: int
    tabled_day: int
    tabled_event: int
    vote_day: int
    motions: int
    last_motion_day: int
    passed: int
    passed_day: int
    passed_event: int
    first_for: int
    first_present: int
    momentum: float
    polarisation: float
    for_expulsion: float


class Presence(Protocol):
    """Fields of Presence."""

    state: int
    troops: float
    troops_north: float
    troops_start: float
    decided_day: int
    exit_kind: int
    exit_cause: int
    exit_event: int
    exit_days: float
    leaving_from: float
    north: int
    exit_day: int
    ugly: int
    days: int


class SeesPublic(Protocol):
    """Fields of SeesPublic."""

    attacks_1d: float
    attacks_7d: float
    attacks_30d: float
    attacks_90d: float
    attacks_outside_1d: float
    attacks_outside_7d: float
    attacks_outside_30d: float
    attacks_outside_90d: float
    us_killed_1d: float
    us_killed_7d: float
    us_killed_30d: float
    us_killed_90d: float
    us_wounded_1d: float
    us_wounded_7d: float
    us_wounded_30d: float
    us_wounded_90d: float
    iraqi_forces_killed_by_us_1d: float
    iraqi_forces_killed_by_us_7d: float
    iraqi_forces_killed_by_us_30d: float
    iraqi_forces_killed_by_us_90d: float
    civilians_killed_by_us_1d: float
    civilians_killed_by_us_7d: float
    civilians_killed_by_us_30d: float
    civilians_killed_by_us_90d: float
    us_strikes_1d: float
    us_strikes_7d: float
    us_strikes_30d: float
    us_strikes_90d: float
    iran_missiles_1d: float
    iran_missiles_7d: float
    iran_missiles_30d: float
    iran_missiles_90d: float
    isis_attacks_1d: float
    isis_attacks_7d: float
    isis_attacks_30d: float
    isis_attacks_90d: float
    day: float
    days_since_attack: float
    days_since_deadly_attack: float
    days_since_strike: float
    days_since_leader_killed: float
    government_in_office: float
    government_leaning: float
    days_without_government: float
    resolution_passed: float
    motion_tabled: float
    demand_made: float
    demand_weight: float
    demand_refused: float
    talks_open: float
    talks_suspended: float
    framework_signed: float
    operations_suspended: float
    operations_limited: float
    threat_made: float
    embassy_besieged: float
    exit_decided: float
    presence: float
    us_troops: float
    rung: float
    highest_rung: float
    anger_at_us: float
    anger_at_iran: float
    anger_at_government: float
    breach_felt: float
    political_route: float
    isis_trend: float
    regional_war: float
    spare: Numbers


class SeesUs(Protocol):
    """Fields of SeesUs."""

    attack_unanswered: float
    case_killed: float
    case_wounded: float
    case_days: float
    attribution: float
    suspect: float
    killed_since_strike: float
    resolve: float
    cost_at_home: float
    worth: float
    consolidated: float
    humiliation: float
    baghdad_trust: float
    spare: Numbers


class SeesIran(Protocol):
    """Fields of SeesIran."""

    pressure_felt: float
    grievance: float
    fear_of_war: float
    leader_unavenged: float
    network: float
    spare: Numbers


class SeesGovernment(Protocol):
    """Fields of SeesGovernment."""

    pull_to_demand: float
    pull_to_limit: float
    pull_to_negotiate: float
    legitimacy: float
    debt_to_factions: float
    leverage_felt: float
    strike_unprotested: float
    spare: Numbers


class SeesFactions(Protocol):
    """Fields of SeesFactions."""

    revenge: float
    memory: float
    strength: float
    arsenal: float
    iran_push: float
    holding: float
    days_holding: float
    stake: float
    days_since_struck: float
    spare: Numbers


class Sees(Protocol):
    """Fields of Sees."""

    public: SeesPublic
    us: SeesUs
    iran: SeesIran
    government: SeesGovernment
    factions: list[SeesFactions]


class Attacks(Protocol):
    """Fields of Attacks."""

    faction: int
    site: int
    weapon: int
    outside: int
    event: int
    cause: int
    rule: int
    claim: int
    fixed_dead: int
    us_killed: float
    us_wounded: float
    hurt: int
    ordinal: int


class Strikes(Protocol):
    """Fields of Strikes."""

    target: int
    weight: int
    consent: int
    place: int
    event: int
    cause: int
    rule: int
    governorate: int
    killed: float
    iraqis: float
    civilians: float
    leader: int
    answers_case: int


class Log(Protocol):
    """Fields of Log."""

    id: int
    day: int
    kind: int
    actor: int
    target: int
    place: int
    size: float
    detail: float
    cause: int
    rule: int
    claim: int
    site: int


class World(Protocol):
    """Fields of World."""

    policies: list[Policies]
    policy_of: Whole
    key: np.uint64
    start_ordinal: int
    strength: Numbers
    reading: Numbers
    presence_pinned: int
    caretaker_pinned: int
    n_script: int
    script: list[Script]
    p: P
    s: S
    faction_in: list[FactionIn]
    place_in: list[PlaceIn]
    n_neighbours: Whole
    neighbours: Whole
    n_sites: int
    site_in: list[SiteIn]
    site_place: Whole
    n_blocs: int
    n_members: int
    quorum: int
    bloc_in: list[BlocIn]
    bloc_community: Whole
    fired_day: Whole
    fired: Whole
    wanted: Whole
    faction_rule: Whole
    missile_rule: int
    luck: np.uint64
    day: int
    n_events: int
    total: Numbers
    total_dawn: Numbers
    ring: Numbers
    window: Numbers
    mattered: Whole
    last_attack: int
    last_deadly: int
    last_deadly_event: int
    last_strike: int
    first_strike: int
    last_leader: int
    rung: int
    rung_day: int
    highest_rung: int
    siege: int
    siege_day: int
    siege_event: int
    humiliation: float
    war: float
    kept: Kept
    us: Us
    iran: Iran
    factions: list[Factions]
    sites: list[Sites]
    laid_out: float
    government: Government
    parliament: Parliament
    presence: Presence
    member_bloc: Whole
    bloc_first: Whole
    member_us: Numbers
    member_iran: Numbers
    bloc_line: Numbers
    anger_us: Numbers
    anger_iran: Numbers
    anger_government: Numbers
    mood_us: float
    mood_iran: float
    mood_government: float
    pending_us: Numbers
    pending_us_all: float
    mourned_us: float
    mourned_militia: float
    skill: float
    enablers: Numbers
    reach: Numbers
    pressure: Numbers
    enablers_start: float
    isis_attacks_place: Numbers
    n_cells: int
    cell_key: Keys
    cell_place: Whole
    cell_fighters: Numbers
    cell_skill: Numbers
    cell_heat: Numbers
    cell_supplies: Numbers
    cell_children: Whole
    fighters: float
    fighters_start: float
    fighters_in: float
    fighters_out: float
    attacks_sum: float
    attacks_squares: float
    weeks: int
    attacks_week: float
    strikes_week: float
    killed_week: float
    isis_week: float
    harmless: float
    isis_quarter: Numbers
    ring_isis: int
    sees: Sees
    sees_all: Numbers
    u: Numbers
    day_key: np.uint64
    member_z: Numbers
    member_x: Numbers
    cell_u: Numbers
    can: Whole
    acting_rule: int
    acting_claim: int
    n_attacks: int
    attacks: list[Attacks]
    n_strikes: int
    strikes: list[Strikes]
    confirming: int
    n_dead: int
    dead: Whole
    n_large: int
    large: Whole
    place_ease: Numbers
    place_sum: Numbers
    place_more: Numbers
    recording: int
    log_full: int
    log: list[Log]


class Outcome(Protocol):
    """Fields of Outcome."""

    exited: float
    exit_decided_day: float
    exit_day: float
    exit_kind: float
    exit_ugly: float
    north_kept: float
    presence_end: float
    presence_days: float
    us_troops_end: float
    us_killed: float
    us_wounded: float
    coalition_killed: float
    iraqi_forces_killed: float
    civilians_killed: float
    militia_killed: float
    militia_attacks: float
    militia_attacks_outside: float
    attack_harmless_share: float
    attack_dispersion: float
    us_strikes: float
    wrong_target_strikes: float
    first_us_strike_day: float
    iran_direct_strikes: float
    highest_rung: float
    government_day: float
    government_leaning: float
    vote_held: float
    vote_passed: float
    votes_for: float
    votes_present: float
    votes_absent: float
    demand_day: float
    framework_signed: float
    isis_attacks: float
    isis_attacks_last_quarter: float
    isis_fighters_end: float
    isis_cells_end: float
    isis_governorates_end: float
    isis_regrowth: float
    anger_at_us_end: float
    anger_at_iran_end: float
    polarisation_end: float
    baghdad_trust_end: float


class Week(Protocol):
    """Fields of Week."""

    us_troops: float
    presence: float
    bases_open: float
    attacks: float
    us_strikes: float
    us_killed: float
    rung: float
    factions_holding: float
    enablers: float
    isis_fighters: float
    isis_cells: float
    isis_attacks: float
    anger_at_us: float
    anger_at_iran: float
    anger_at_government: float
    support_for_expulsion: float
    polarisation: float
    government_in_office: float
    demand_made: float
    talks_open: float
    framework_signed: float
    resolve: float
    cost_at_home: float
