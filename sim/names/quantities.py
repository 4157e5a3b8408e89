"""The names of all parameters and of all quantities of the starting position (configs/*.yaml say what they mean)."""

PARAMETERS = (
    "attack_tempo", "branching", "excitation_days", "truce_leak", "truce_break_rate", "truce_patience",
    "truce_survives", "complement_drive", "proxy_gain", "revenge_per_strike", "blow_heavy", "blow_leadership",
    "solidarity", "revenge_lull", "revenge_half_life", "revenge_drive", "deterrence_half_life", "deterrence_drive",
    "memory_per_leader", "memory_half_life", "memory_drive", "push_drive", "pressure_push", "impunity_drive",
    "war_drive", "price_drive", "arsenal_loss", "arsenal_refill", "arsenal_use", "recruit_rate", "crowd_chance",
    "siege_humiliation", "siege_clear_rate", "colour_drive", "rote_drive", "supply_dependence", "warning_chance",
    "site_visibility", "north_reach", "drone_share", "convoy_share", "harm_light", "harm_heavy", "deadly_share",
    "harm_exponent", "harm_most", "victim_us", "victim_coalition", "well_defended_troops", "defence_of_troops",
    "missile_harm", "missile_deadly", "strike_dead", "heavy_strike_dead", "leadership_strike_dead", "strike_spread",
    "bystander_iraqis", "bystander_civilians", "bystanders_most", "consent_moves_away", "consent_shares",
    "breach_city", "breach_leader", "breach_dead", "outrage_per_strike", "outrage_half_life", "anger_per_strike",
    "anger_per_strike_near", "trust_per_strike", "trust_rest", "trust_days", "rung_rest", "consent_trust",
    "case_days", "attribution_rate", "attribution_noise", "cost_floor", "cost_per_death", "cost_per_attack",
    "cost_half_life", "surge_per_death", "surge_per_attack", "surge_half_life", "face", "worth_base",
    "worth_of_isis", "air_defence_share", "air_defence_days", "leverage_step", "leverage_half_life", "threat_anger",
    "own_exit_rate", "own_exit_gain", "concede_rate", "concede_gain", "strain_usual", "exit_days", "ugly_days",
    "north_agrees", "north_share", "fear_base", "fear_per_salvo", "fear_days", "grievance_per_leader",
    "grievance_after_answer", "grievance_half_life", "pressure_per_strike", "pressure_days", "network_per_leader",
    "network_repair", "momentum_motion", "momentum_vote", "momentum_demand", "momentum_talks", "momentum_refusal",
    "momentum_half_life", "view_pull", "view_street", "view_drift", "lean_base", "lean_view", "lean_outrage",
    "lean_street", "lean_fear", "lean_money", "lean_counterweight", "lean_hesitation", "lean_line", "outrage_sunni",
    "outrage_kurd", "come_base", "come_lean", "boycott", "boycott_width", "vote_sharpness", "speaker_base",
    "speaker_outrage", "vote_delay", "motion_life", "motion_rest", "charge_pause", "charge_rate",
    "nominee_gives_up", "cabinet_days", "confidence_rate", "nominee_pro_iran", "nominee_balancing",
    "nominee_nationalist", "nominee_reformist", "vacuum_press", "confirm_base", "confirm_fit", "polarisation_cost",
    "street_on_premier", "new_legitimacy", "legitimacy_drift", "fall_rate", "debt_pro_iran", "debt_others",
    "standing_in_office", "standing_caretaker", "demand_base", "limit_base", "negotiate_base", "taste", "pull_debt",
    "pull_street", "pull_outrage", "pull_resolution", "pull_leverage", "pull_threat", "pull_fear", "pull_legal",
    "pull_trust", "limits_preference", "suspension_chance", "framework_footprint", "transition_days",
    "vacuum_urgency", "offence_sunni", "offence_kurd", "battlefield_weariness", "anger_per_iraqi_dead",
    "anger_half_life", "anger_without_government", "rally_threshold", "rally_size", "relief_goodwill",
    "suspension_loss", "distrust_loss", "limited_effort", "reach_neighbour", "reach_far", "busy_effort",
    "busy_loss", "militia_pressure", "pressure_held", "pressure_reached", "ease", "skill_gain",
    "skill_loss", "cell_fighters", "fighters_limit", "cell_loss", "cell_learning", "cell_moves",
    "isis_tempo", "season_swing", "season_peak", "isis_deadly_share", "isis_exponent", "isis_most_dead",
    "split_size", "split_rate", "war_begins", "war_ends", "war_level", "epidemic_rate", "epidemic_spread",
    "epidemic_recovery", "epidemic_toll", "immunity_loss", "epidemic_burden", "oil_volatility", "oil_return_days",
    "oil_weight", "economy_days", "sanctions_burden", "measures_burden", "agenda_turn", "agenda_half_life",
    "sovereignty_stirs", "spark_rate", "protest_threshold", "protest_fade", "fright_fade", "guard_effect",
    "clear_rate", "fright_step", "embitter", "repression_cost", "repression_deadly", "repression_most", "diversion",
    "hardship_base", "hardship_anger", "fear_scale", "need_forgives", "dominance_anger", "aims_anger",
    "aims_anger_weekly", "sanctions_anger", "backing_mood", "ally_leaves", "ally_lift", "ally_danger",
    "unease_per_dead", "replacing_days", "epidemic_pause", "trainers_move", "broker_confidence", "broker_calm",
    "syria_leave_days", "syria_growth", "syria_limit", "syria_return", "syria_inflow", "sadr_days", "sadr_gain",
    "sadr_calls", "sadr_resolve", "sadr_gathers", "sadr_stays", "sadr_rest", "sadr_crowd", "sadr_stirs",
    "sadr_momentum", "lean_sadr", "president_offence", "president_days", "president_brake", "north_offers",
    "lean_isis", "lean_cover", "backing_view", "view_shift", "need_view", "uncovered_view", "money_view",
    "street_view", "sectarian_moves", "sectarian_split", "sectarian_grievance", "confirm_cover", "ratify_base",
    "need_posts", "letters_weight", "words_relief", "words_cost", "words_half_life", "pull_cover", "pull_isis",
    "cooperation_step", "talks_price", "talks_break", "date_base", "date_pull", "date_resolution",
    "renewal", "doubts_feed", "influence_premier", "influence_members", "influence_posts", "influence_laws",
    "grievance_struck", "iran_case_days", "answer_base", "answer_resolve", "answer_dead", "answer_no_dead",
    "answer_pride", "war_push", "war_salvo", "war_weight", "war_stops", "worry_softens", "funds_pressure",
    "finance_squeeze", "confront_drive", "forces_shun", "front_claims", "front_fog", "open_backing", "backing_days",
    "faith_per_attack", "faith_days", "cooperation_faith", "cut_rate", "cut_share", "sanctions_follow",
    "north_accepted", "fire_hurries", "isis_slows", "north_left", "cts_weight", "limits_keep_training",
    "training_us", "isis_work", "need_work", "rough_methods", "grievance_per_dead", "grievance_fade",
    "grievance_recruits", "hidden_fighters", "people_held", "trust_per_hold", "war_chance", "pull_consent",
    "peshmerga_pressure", "place_limit", "order_days", "cost_per_wounded", "weary_days", "missile_stock",
    "missile_refill", "dispersal", "dispersal_days", "war_rest", "guest_chance", "grievance_per_friend",
    "promise_rest", "demand_ages", "talks_rest", "cut_days", "means_half", "militia_beyond", "recruit_skill",
    "leader_taken", "leader_worth", "leaders_rebuilt", "willing_men", "generation_days", "tips_per_dead", "tips_fade",
    "tips_worth", "remnant_growth", "fight_learning", "training_alone", "presence_recruits", "presence_felt",
    "hollowed_by_split", "break_fighters", "break_rate", "break_share", "rout", "victory_recruits", "retake",
    "rally_days", "review_takes", "office_changes", "office_worth", "office_resolve", "office_settles",
    "handover_days", "round_days", "rounds_borne", "us_yields", "us_price", "limits_stake", "baghdad_yields",
    "baghdad_price", "baghdad_gets", "spoil", "spoil_cost", "bought", "theatre_share", "put_to_vote", "repudiates",
    "breach_voids", "step_relief", "pull_refused", "fear_per_blow", "fear_per_reinforcement", "dread_days",
    "fear_drive", "iran_fear_per_blow", "fear_for_friends", "fear_restrains", "command_per_leader", "command_rebuilt",
    "replaced_days", "command_worth", "hold_by_network", "stock_worth", "threat_counts", "reins_drive", "drive_most",
    "season_days", "lull_weight", "campaign_weight", "season_push", "season_war", "exhaustion", "lull_share",
    "campaign_gain", "friends_confirm", "breach_confirms", "tension_slows", "dollars_hold", "hard_times_hold",
)  # fmt: skip
SITUATION = (
    "us_troops", "troops_outside", "government_in_office", "government_leaning", "caretaker_days", "legitimacy",
    "debt_to_factions", "baghdad_trust", "talks_open", "resolution_passed", "momentum", "outrage", "truce",
    "revenge", "memory_of_leaders", "arsenal", "resolve", "cost_at_home", "operations_suspended",
    "pressure_on_iran", "iran_network", "regional_war", "anger_at_us", "anger_at_iran", "anger_at_government",
    "iraqi_skill", "isis_fighters", "isis_attacks_quarter", "anger_at_militias", "protest", "reform_agenda",
    "epidemic", "iraqi_cts", "coalition_scale", "syria_isis", "president_backs", "north_willing", "sadr_stance",
    "faith_in_protection", "sectarian", "aims", "demand_standing", "demand_refused", "consolidated", "leaving_days",
    "isis_drift",
)  # fmt: skip

#: In what rules count each of them: by unit, what is counted in it. All others are shares.
_COUNTED_IN = {
    "ratio": """
        attack_tempo proxy_gain blow_heavy blow_leadership breach_city breach_leader breach_dead face own_exit_gain
        concede_gain vote_sharpness vacuum_press anger_without_government busy_effort pressure_reached ease isis_tempo
        epidemic_burden oil_weight sanctions_burden measures_burden dominance_anger epidemic_pause syria_limit
        sadr_gain fire_hurries isis_slows grievance_recruits presence_recruits remnant_growth tips_worth training_alone
        lull_weight campaign_weight season_war exhaustion campaign_gain
        war_chance missile_stock coalition_scale syria_isis
    """,
    "attacks": "branching fear_scale isis_attacks_quarter",
    "days": """
        excitation_days revenge_lull revenge_half_life deterrence_half_life memory_half_life outrage_half_life
        trust_days rung_rest case_days cost_half_life surge_half_life air_defence_days leverage_half_life exit_days
        ugly_days fear_days grievance_half_life pressure_days momentum_half_life vote_delay motion_life motion_rest
        charge_pause cabinet_days transition_days anger_half_life oil_return_days economy_days agenda_half_life
        replacing_days syria_leave_days sadr_days sadr_gathers sadr_stays sadr_rest president_days words_half_life
        iran_case_days backing_days faith_days order_days weary_days dispersal_days war_rest promise_rest demand_ages
        talks_rest cut_days leaders_rebuilt generation_days rally_days review_takes
        office_settles handover_days round_days dread_days command_rebuilt
        replaced_days season_days caretaker_days truce leaving_days
    """,
    "per day": """
        truce_break_rate arsenal_refill recruit_rate siege_clear_rate own_exit_rate concede_rate network_repair
        speaker_base speaker_outrage charge_rate nominee_gives_up confidence_rate legitimacy_drift fall_rate
         war_begins war_ends epidemic_rate sadr_calls north_offers need_posts talks_break doubts_feed
        war_salvo war_stops cut_rate north_left missile_refill
    """,
    "log ratio": """
        complement_drive revenge_drive deterrence_drive memory_drive push_drive impunity_drive war_drive price_drive
        colour_drive rote_drive strike_spread oil_volatility ally_lift ally_danger broker_calm confront_drive
        fear_drive reins_drive drive_most season_push
    """,
    "level": "fear_restrains pressure_push war_push worry_softens sadr_stance",
    "people": """
        site_visibility well_defended_troops strike_dead heavy_strike_dead leadership_strike_dead bystanders_most
        rally_size cell_fighters fighters_limit isis_most_dead split_size repression_most syria_inflow sadr_crowd
        rough_methods hidden_fighters people_held willing_men presence_felt break_fighters
        us_troops troops_outside isis_fighters
    """,
    "exponent": "harm_exponent isis_exponent",
    "log odds": """
        attribution_rate attribution_noise lean_base lean_view lean_outrage lean_street lean_fear lean_money
        lean_counterweight lean_hesitation come_base come_lean boycott confirm_base confirm_fit polarisation_cost
        street_on_premier demand_base limit_base negotiate_base taste pull_debt pull_street pull_outrage
        pull_resolution pull_leverage pull_threat pull_fear pull_legal pull_trust limits_preference vacuum_urgency
        broker_confidence lean_sadr lean_isis lean_cover sectarian_split confirm_cover ratify_base words_relief
        pull_cover pull_isis talks_price date_base date_pull date_resolution answer_base answer_resolve answer_dead
        answer_no_dead answer_pride pull_consent us_yields us_price baghdad_yields
        baghdad_price baghdad_gets pull_refused friends_confirm
        breach_confirms dollars_hold hard_times_hold
    """,
    "per week": """
        view_pull view_street view_drift skill_gain skill_loss cell_loss cell_learning leader_taken fight_learning
        break_rate retake tips_fade cell_moves
        split_rate epidemic_spread epidemic_recovery immunity_loss spark_rate protest_fade fright_fade clear_rate
        ally_leaves trainers_move syria_growth syria_return view_shift sectarian_moves grievance_fade
    """,
    "members": "boycott_width",
    "thousand people": "means_half",
    "rounds": "rounds_borne",
    "per year": "isis_drift",
    "weight": """
        nominee_pro_iran nominee_balancing nominee_nationalist nominee_reformist influence_premier influence_members
        influence_posts influence_laws
    """,
    "day of the calendar": "season_peak",
    "view": "backing_view need_view uncovered_view money_view street_view",
    "0 or 1": """
        government_in_office talks_open resolution_passed operations_suspended demand_standing demand_refused
        consolidated
    """,
    "leaning": "government_leaning",
    "aims": "aims",
}
UNITS = ("share", *_COUNTED_IN)
_UNIT = {name: unit for unit, names in _COUNTED_IN.items() for name in names.split()}


def unit_of(name: str) -> str:
    """Return in what rules count a parameter, or a quantity of the starting position."""
    return _UNIT.get(name, "share")
