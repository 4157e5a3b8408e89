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
    north_agrees: float
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
    transition_days: float
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
    war_begins: float
    war_ends: float
    war_level: float
    epidemic_rate: float
    epidemic_spread: float
    epidemic_recovery: float
    epidemic_toll: float
    immunity_loss: float
    epidemic_burden: float
    oil_volatility: float
    oil_return_days: float
    oil_weight: float
    economy_days: float
    sanctions_burden: float
    measures_burden: float
    agenda_turn: float
    agenda_half_life: float
    sovereignty_stirs: float
    spark_rate: float
    protest_threshold: float
    protest_fade: float
    fright_fade: float
    guard_effect: float
    clear_rate: float
    fright_step: float
    embitter: float
    repression_cost: float
    repression_deadly: float
    repression_most: float
    diversion: float
    hardship_base: float
    hardship_anger: float
    fear_scale: float
    need_forgives: float
    dominance_anger: float
    aims_anger: float
    aims_anger_weekly: float
    sanctions_anger: float
    backing_mood: float
    ally_leaves: float
    ally_lift: float
    ally_danger: float
    unease_per_dead: float
    replacing_days: float
    epidemic_pause: float
    trainers_move: float
    broker_confidence: float
    broker_calm: float
    syria_leave_days: float
    syria_growth: float
    syria_limit: float
    syria_return: float
    syria_inflow: float
    sadr_days: float
    sadr_gain: float
    sadr_calls: float
    sadr_resolve: float
    sadr_gathers: float
    sadr_stays: float
    sadr_rest: float
    sadr_crowd: float
    sadr_stirs: float
    sadr_momentum: float
    lean_sadr: float
    president_offence: float
    president_days: float
    president_brake: float
    north_offers: float
    lean_isis: float
    lean_cover: float
    backing_view: float
    view_shift: float
    need_view: float
    uncovered_view: float
    money_view: float
    street_view: float
    sectarian_moves: float
    sectarian_split: float
    sectarian_grievance: float
    confirm_cover: float
    ratify_base: float
    need_posts: float
    letters_weight: float
    words_relief: float
    words_cost: float
    words_half_life: float
    pull_cover: float
    pull_isis: float
    cooperation_step: float
    talks_price: float
    talks_break: float
    date_point: float
    date_base: float
    date_pull: float
    date_resolution: float
    renewal: float
    doubts_feed: float
    influence_premier: float
    influence_members: float
    influence_posts: float
    influence_laws: float
    grievance_struck: float
    iran_case_days: float
    answer_base: float
    answer_resolve: float
    answer_dead: float
    answer_no_dead: float
    answer_pride: float
    war_push: float
    war_salvo: float
    war_weight: float
    war_stops: float
    worry_softens: float
    funds_pressure: float
    finance_squeeze: float
    confront_drive: float
    forces_shun: float
    front_claims: float
    front_fog: float
    open_backing: float
    backing_days: float
    faith_per_attack: float
    faith_days: float
    cooperation_faith: float
    cut_rate: float
    cut_share: float
    sanctions_follow: float
    north_accepted: float
    fire_hurries: float
    isis_slows: float
    north_left: float
    cts_weight: float
    limits_keep_training: float
    training_us: float
    isis_work: float
    need_work: float
    rough_methods: float
    grievance_per_dead: float
    grievance_fade: float
    grievance_recruits: float
    hidden_fighters: float
    people_held: float
    trust_per_hold: float
    war_chance: float
    pull_consent: float
    peshmerga_pressure: float
    place_limit: float
    order_days: float
    cost_per_wounded: float
    weary_days: float
    missile_stock: float
    missile_refill: float
    dispersal: float
    dispersal_days: float
    war_rest: float
    guest_chance: float
    grievance_per_friend: float
    promise_rest: float
    demand_ages: float
    talks_rest: float
    cut_days: float


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
    anger_at_militias: float
    protest: float
    reform_agenda: float
    epidemic: float
    iraqi_cts: float
    coalition_scale: float
    syria_isis: float
    president_backs: float
    north_willing: float
    sadr_stance: float
    faith_in_protection: float
    sectarian: float
    aims: float
    demand_standing: float
    demand_refused: float
    consolidated: float
    leaving_days: float


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


class AllyIn(Protocol):
    """Fields of AllyIn."""

    troops: float
    tolerance: float
    trainers: float
    standing: float


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
    words: float
    faith: float
    agenda: float
    anger_week: float
    cost: float
    fear: float
    pressure: float
    sting: float
    weary: float
    dispersed: float
    air_defence: float
    backing: float
    president: float
    stance: float
    economy_week: float
    oil_week: float
    syria_week: float


class Us(Protocol):
    """Fields of Us."""

    resolve: float
    surge: float
    cost: float
    cost_event: int
    worth: float
    case_open: int
    case_day: int
    case_killed: float
    case_wounded: float
    case_faction: int
    case_event: int
    case_held: int
    case_front: int
    evidence: Numbers
    prior: Numbers
    killed_since_strike: float
    dispersed: float
    weary: float
    consolidated: int
    air_defence: float
    air_defence_ordered: int
    suspended: int
    threat: int
    leverage: float
    talks_refused: int
    talks_offered: int
    measures: int
    sanctions: int
    faith: float
    aims: int
    backs_members: float
    backs_street: float
    told_members: int
    told_street: int
    backing_members: float
    backing_street: float
    iran_case: int
    iran_case_day: int
    iran_case_killed: float
    iran_case_event: int
    pull_answer: float
    last_strike_event: int


class Iran(Protocol):
    """Fields of Iran."""

    pressure: float
    grievance: float
    grievance_event: int
    fear: float
    network: float
    unavenged: int
    order_day: int
    order_event: int
    order: float
    push: float
    courting: float
    funds: float
    worry: float
    stock: float
    struck: int
    struck_day: int
    struck_event: int
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
    broken_day: int
    hold_until: int
    promises: int
    breaks: int
    effort: float
    heavy: float
    excitation: float
    rate: float
    last_attack_event: int
    last_struck: int
    killed_today: int
    besieging: int
    wants_crowd: int
    calls_off: int
    tables: int
    represses: float
    fights_isis: float
    confronted: float
    killed: float
    came_back: float


class Sadr(Protocol):
    """Fields of Sadr."""

    stance: float
    marching: int
    since: int
    event: int


class Allies(Protocol):
    """Fields of Allies."""

    there: int
    troops: float
    trainers: float
    unease: float


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
    first_demand_in_office: int
    demand_event: int
    refused: int
    limited: int
    seeks_talks: int
    talks_open: int
    talks_suspended: int
    suspended_day: int
    last_failed: int
    talks_progress: float
    talks_price: float
    words: float
    cooperation: float
    cooperates: float
    forces_order: int
    forces_rule: int
    ratified: int
    dated: int
    end_day: int
    framework: int
    framework_day: int
    framework_event: int
    unprotested: int
    unprotested_event: int
    trust: float
    trust_event: int
    talks_event: int
    formed_event: int
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
    sectarian: float
    iran_camp: float
    between: float


class Presence(Protocol):
    """Fields of Presence."""

    state: int
    troops: float
    troops_north: float
    troops_start: float
    ever: float
    decided_day: int
    to_cut: float
    cut_a_day: float
    cut_event: int
    exit_kind: int
    exit_cause: int
    exit_event: int
    exit_days: float
    leaving_from: float
    north: int
    exit_day: int
    ugly: int
    resented: float
    left_all_day: int
    pace: float
    pace_day: int
    pace_told: int
    days: int


class After(Protocol):
    """Fields of After."""

    fighters: float
    attacks: float
    influence: float
    members: float
    mood_us: float
    economy: float


class AtExit(Protocol):
    """Fields of AtExit."""

    fighters: float
    attacks: float
    influence: float
    members: float
    mood_us: float
    economy: float


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
    coalition_killed_1d: float
    coalition_killed_7d: float
    coalition_killed_30d: float
    coalition_killed_90d: float
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
    days_since_resolution: float
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
    open_war: float
    anger_at_militias: float
    fear_of_isis: float
    us_cover: float
    region_willing: float
    protest: float
    reform_agenda: float
    iran_influence: float
    sadr_stance: float
    coalition_members: float
    economy: float
    epidemic: float
    sanctions_imposed: float
    measures_in_force: float
    north_offered: float
    aims_declared: float
    framework_dated: float
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
    trust_in_protection: float
    iran_blow_unanswered: float
    iran_blow_killed: float
    pull_to_answer_iran: float
    spare: Numbers


class SeesIran(Protocol):
    """Fields of SeesIran."""

    pressure_felt: float
    grievance: float
    fear_of_war: float
    leader_unavenged: float
    network: float
    struck_at_home: float
    funds: float
    isis_worry: float
    spare: Numbers


class SeesGovernment(Protocol):
    """Fields of SeesGovernment."""

    pull_to_demand: float
    pull_to_limit: float
    pull_to_negotiate: float
    legitimacy: float
    debt_to_factions: float
    leverage_felt: float
    cooperation: float
    price_of_talks: float
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
    needed: float
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
    front: int
    fixed_site: int
    fixed_weapon: int
    fixed_allied: int


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
    breach: float
    guest: int


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
    also: int


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
    ally_in: list[AllyIn]
    bloc_in: list[BlocIn]
    bloc_community: Whole
    fired_day: Whole
    fired: Whole
    wanted: Whole
    faction_rule: Whole
    faction_rule_protest: Whole
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
    sadr: Sadr
    president_backs: float
    north_willing: float
    north_offered: int
    allies: list[Allies]
    coalition_troops: float
    coalition_troops_start: float
    coalition_members: float
    trainers: float
    broker: float
    outside_troops: float
    syria_isis: float
    crossing: Numbers
    crossed: int
    oil: float
    oil_past: Numbers
    oil_told: int
    economy: float
    epidemic: float
    immune: float
    open_war: int
    war_event: int
    war_over: int
    had_open_war: int
    influence: float
    cover: float
    need: float
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
    shift_us: Numbers
    shift_iran: Numbers
    anger_us: Numbers
    anger_iran: Numbers
    anger_militia: Numbers
    fear_isis: Numbers
    hardship: Numbers
    grievance: Numbers
    anger_government: Numbers
    mood_us: float
    mood_iran: float
    mood_militia: float
    mood_fear: float
    mood_government: float
    pending_us: Numbers
    pending_us_all: float
    pending_militia: Numbers
    pending_iran_all: float
    protest: Numbers
    protest_all: float
    protest_event: int
    surge_event: Whole
    surge_day: Whole
    agenda: float
    fright: Numbers
    mourned_us: float
    mourned_militia: float
    skill: float
    cts: float
    training: float
    refused_day: int
    militia_work: float
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
    ease_start: float
    place_fighters: Numbers
    border_start: float
    control: float
    control_max: float
    harm_count: Numbers
    harm_sum: Numbers
    after: list[After]
    at_exit: AtExit
    fighters_in: float
    fighters_out: float
    attacks_sum: float
    attacks_squares: float
    weeks: int
    attacks_week: float
    strikes_week: float
    killed_week: float
    outside_week: float
    place_week: Numbers
    hit_week: Numbers
    isis_week: float
    beyond_room: float
    harmless: float
    isis_quarter: Numbers
    ring_isis: int
    sees: Sees
    sees_all: Numbers
    u: Numbers
    day_key: np.uint64
    member_z: Numbers
    cell_u: Numbers
    member_x: Numbers
    member_comes: Numbers
    member_agrees: Numbers
    member_vote: Whole
    can: Whole
    stirring: float
    allied: Whole
    chosen: Whole
    acting_rule: int
    acting_claim: int
    acting_also: int
    n_attacks: int
    attacks: list[Attacks]
    n_strikes: int
    strikes: list[Strikes]
    confirming: int
    ratifying: float
    n_dead: int
    dead: Whole
    n_large: int
    large: Whole
    place_room: Numbers
    place_crowd: Numbers
    place_ease: Numbers
    place_loss: Numbers
    place_growth: Numbers
    place_supplies: Numbers
    place_tempo: Numbers
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
    exit_cause: float
    north_kept: float
    left_all_day: float
    presence_end: float
    presence_days: float
    us_troops_end: float
    syria_troops_end: float
    coalition_members_end: float
    coalition_troops_end: float
    us_killed: float
    us_wounded: float
    coalition_killed: float
    iraqi_forces_killed: float
    iraqi_forces_killed_by_us: float
    iraqi_forces_killed_by_militias: float
    civilians_killed: float
    civilians_killed_by_us: float
    civilians_killed_by_militias: float
    civilians_killed_by_forces: float
    killed_by_isis: float
    militia_killed: float
    militia_attacks: float
    militia_attacks_outside: float
    attack_harmless_share: float
    attack_top_decile_share: float
    attack_dispersion: float
    us_strikes: float
    wrong_target_strikes: float
    first_us_strike_day: float
    iran_direct_strikes: float
    us_strikes_on_iran: float
    open_war: float
    highest_rung: float
    government_day: float
    government_leaning: float
    vote_held: float
    vote_passed: float
    votes_for: float
    votes_present: float
    votes_absent: float
    demand_day: float
    first_demand_in_office: float
    framework_signed: float
    framework_day: float
    balancing_share_end: float
    iran_influence_end: float
    sanctions_imposed: float
    economy_end: float
    isis_attacks: float
    isis_attacks_last_quarter: float
    isis_fighters_end: float
    isis_cells_end: float
    isis_governorates_end: float
    isis_regrowth: float
    isis_control_max: float
    anti_us_end: float
    anti_iran_end: float
    anti_militia_end: float
    reform_anger_end: float
    polarisation_end: float
    sectarian_end: float
    baghdad_trust_end: float
    beyond_room: float
    isis_growth_180: float
    isis_attacks_180: float
    iran_influence_180: float
    coalition_members_180: float
    anti_us_180: float
    economy_180: float
    isis_growth_365: float
    isis_attacks_365: float
    iran_influence_365: float
    coalition_members_365: float
    anti_us_365: float
    economy_365: float


class Week(Protocol):
    """Fields of Week."""

    us_troops: float
    us_troops_baghdad: float
    us_troops_ninewa: float
    us_troops_basra: float
    us_troops_sulaymaniyah: float
    us_troops_dhi_qar: float
    us_troops_babil: float
    us_troops_erbil: float
    us_troops_anbar: float
    us_troops_diyala: float
    us_troops_kirkuk: float
    us_troops_salah_al_din: float
    us_troops_najaf: float
    us_troops_wasit: float
    us_troops_duhok: float
    us_troops_qadisiyah: float
    us_troops_karbala: float
    us_troops_maysan: float
    us_troops_muthanna: float
    presence: float
    bases_open: float
    attacks: float
    attacks_baghdad: float
    attacks_ninewa: float
    attacks_basra: float
    attacks_sulaymaniyah: float
    attacks_dhi_qar: float
    attacks_babil: float
    attacks_erbil: float
    attacks_anbar: float
    attacks_diyala: float
    attacks_kirkuk: float
    attacks_salah_al_din: float
    attacks_najaf: float
    attacks_wasit: float
    attacks_duhok: float
    attacks_qadisiyah: float
    attacks_karbala: float
    attacks_maysan: float
    attacks_muthanna: float
    us_strikes: float
    us_killed: float
    rung: float
    factions_holding: float
    enablers: float
    isis_fighters: float
    isis_cells: float
    isis_attacks: float
    isis_attacks_baghdad: float
    isis_attacks_ninewa: float
    isis_attacks_basra: float
    isis_attacks_sulaymaniyah: float
    isis_attacks_dhi_qar: float
    isis_attacks_babil: float
    isis_attacks_erbil: float
    isis_attacks_anbar: float
    isis_attacks_diyala: float
    isis_attacks_kirkuk: float
    isis_attacks_salah_al_din: float
    isis_attacks_najaf: float
    isis_attacks_wasit: float
    isis_attacks_duhok: float
    isis_attacks_qadisiyah: float
    isis_attacks_karbala: float
    isis_attacks_maysan: float
    isis_attacks_muthanna: float
    isis_control: float
    anti_us: float
    anti_us_baghdad: float
    anti_us_ninewa: float
    anti_us_basra: float
    anti_us_sulaymaniyah: float
    anti_us_dhi_qar: float
    anti_us_babil: float
    anti_us_erbil: float
    anti_us_anbar: float
    anti_us_diyala: float
    anti_us_kirkuk: float
    anti_us_salah_al_din: float
    anti_us_najaf: float
    anti_us_wasit: float
    anti_us_duhok: float
    anti_us_qadisiyah: float
    anti_us_karbala: float
    anti_us_maysan: float
    anti_us_muthanna: float
    anti_iran: float
    anti_militia: float
    reform_anger: float
    isis_fear: float
    protest: float
    reform_agenda: float
    iran_influence: float
    sadr_stance: float
    sectarian: float
    economy: float
    oil_price: float
    epidemic: float
    regional_war: float
    attacks_outside: float
    coalition_members: float
    coalition_troops: float
    syria_troops: float
    iraqi_skill: float
    baghdad_trust: float
    support_for_expulsion: float
    polarisation: float
    government_in_office: float
    demand_made: float
    talks_open: float
    framework_signed: float
    resolve: float
    cost_at_home: float
    isis_attacks_place: Numbers
    attacks_place: Numbers
    us_troops_place: Numbers
    anti_us_place: Numbers
