"""The record's fields: every quantity of a world with its unit, its meaning, and who may use it when deciding."""

from sim.names.actions import MAX_ACTIONS
from sim.names.actors import N_ALLIES, N_COMMUNITIES, N_FACTIONS, N_GOVERNORATES, N_SEATS
from sim.names.events import N_KINDS
from sim.names.mechanisms import N_MECHANISMS
from sim.names.perceptions import (
    FACTION_PERCEPTIONS,
    GOVERNMENT_PERCEPTIONS,
    IRAN_PERCEPTIONS,
    PUBLIC_PERCEPTIONS,
    US_PERCEPTIONS,
)
from sim.names.quantities import PARAMETERS, SITUATION
from sim.names.script import MAX_SCRIPT
from sim.names.streams import N_CELL_DRAWS, N_DAILY
from sim.names.tables import (
    MAX_ATTACKS,
    MAX_BLOCS,
    MAX_CELLS,
    MAX_MEMBERS,
    MAX_NEIGHBOURS,
    MAX_POLICIES,
    MAX_RULES,
    MAX_SITES,
    MAX_STRIKES,
    POLICY,
)
from sim.names.traits import ALLY_TRAITS, BLOC_TRAITS, FACTION_TRAITS, PLACE_TRAITS, SITE_TRAITS
from sim.world.actor_fields import (
    AFTER,
    ALLY_STATE,
    FACTION_STATE,
    GOVERNMENT_STATE,
    IRAN_STATE,
    PARLIAMENT_STATE,
    PRESENCE_STATE,
    SADR_STATE,
    SITE_STATE,
    US_STATE,
)
from sim.world.field import HARM_BINS, MAX_EVENTS, N_READINGS, N_WINDOWED, N_WINDOWS, RING_DAYS, Field, numbers, row

SCRIPTED_ACT = (
    Field("day", "i8", (), "days", "day from the start on which it happens"),
    Field("kind", "i8", (), "", "what happens (sim.names.script)"),
    Field("name", "i8", (), "", "a number for its name: a scripted attack's luck is found by it"),
    Field("options", "f8", (6,), "", "its options in order"),
)


INPUTS = (
    Field("policies", POLICY, (MAX_POLICIES,), "", "decision tables", "own"),
    Field("policy_of", "i8", (N_SEATS,), "", "which table a seat decides by", "own"),
    Field("key", "u8", (), "", "the world's own random key"),
    Field("start_ordinal", "i8", (), "days", "calendar day of day 0"),
    Field("strength", "f8", (N_MECHANISMS + 1,), "", "strength of each mechanism, 0 (off) to 2"),
    Field("reading", "f8", (N_MECHANISMS + 1,), "", "which reading of each mechanism holds"),
    Field("presence_pinned", "i8", (), "0 or 1", "no exit can be decided"),
    Field("caretaker_pinned", "i8", (), "0 or 1", "no government can be formed"),
    Field("n_script", "i8", (), "", "scripted acts"),
    Field("script", SCRIPTED_ACT, (MAX_SCRIPT,), "", "scripted acts"),
    Field("p", numbers(PARAMETERS, "all"), (), "", "parameters (configs/parameters.yaml)", "all"),
    Field("s", numbers(SITUATION), (), "", "starting position (configs/situation.yaml)"),
    Field("faction_in", numbers(FACTION_TRAITS, "own"), (N_FACTIONS,), "", "traits of each faction", "own"),
    Field("place_in", numbers(PLACE_TRAITS), (N_GOVERNORATES,), "", "traits of each governorate", "all"),
    Field("n_neighbours", "i8", (N_GOVERNORATES,), "", "how many neighbours", "all"),
    Field("neighbours", "i8", (N_GOVERNORATES, MAX_NEIGHBOURS), "", "neighbouring governorates", "all"),
    Field("n_sites", "i8", (), "", "sites that house US personnel", "all"),
    Field("site_in", numbers(SITE_TRAITS), (MAX_SITES,), "", "traits of each site", "all"),
    Field("site_place", "i8", (MAX_SITES,), "", "where each site lies", "all"),
    Field("n_blocs", "i8", (), "", "blocs in the house", "all"),
    Field("n_members", "i8", (), "", "members of the house", "all"),
    Field("quorum", "i8", (), "", "members needed for a session", "all"),
    Field("ally_in", numbers(ALLY_TRAITS), (N_ALLIES,), "", "traits of each coalition member", "all"),
    Field("bloc_in", numbers(BLOC_TRAITS), (MAX_BLOCS,), "", "traits of each bloc"),
    Field("bloc_community", "i8", (MAX_BLOCS,), "", "community of each bloc", "all"),
)


ATTACK_TODAY = (
    Field("faction", "i8"), Field("site", "i8"), Field("weapon", "i8"), Field("outside", "i8"), Field("event", "i8"),
    Field("cause", "i8"), Field("rule", "i8"), Field("claim", "i8"), Field("fixed_dead", "i8"),
    Field("us_killed", "f8"), Field("us_wounded", "f8"), Field("hurt", "i8"), Field("ordinal", "i8"),
    Field("front", "i8"), Field("fixed_site", "i8"), Field("fixed_weapon", "i8"), Field("fixed_allied", "i8"),
)  # fmt: skip


STRIKE_TODAY = (
    Field("target", "i8"), Field("weight", "i8"), Field("consent", "i8"), Field("place", "i8"), Field("event", "i8"),
    Field("cause", "i8"), Field("rule", "i8"), Field("governorate", "i8"), Field("killed", "f8"),
    Field("iraqis", "f8"), Field("civilians", "f8"), Field("leader", "i8"), Field("answers_case", "i8"),
    Field("breach", "f8"), Field("guest", "i8"),
)  # fmt: skip


#: What is left of each feeling after a day, or a week (worked out once, from the times among the parameters).
KEPT = (
    "excitation", "revenge", "deterrence", "memory", "grievance", "surge", "leverage", "outrage", "momentum", "trust",
    "words", "faith", "agenda", "anger_week", "cost", "fear", "pressure", "sting", "weary", "dispersed", "air_defence",
    "backing", "president", "stance", "economy_week", "oil_week", "syria_week",
)  # fmt: skip


_PUBLIC = (N_GOVERNORATES, N_COMMUNITIES)
#: What seats remember of their own rules: apart from the state, because another policy numbers its rules otherwise.
MEMORY = (
    Field("fired_day", "i8", (N_SEATS, MAX_RULES), "day", "day a rule last fired, -1 for never", "own"),
    Field("fired", "i8", (N_SEATS, MAX_RULES), "times", "how often a rule fired", "own"),
    Field(
        "wanted",
        "i8",
        (N_SEATS, MAX_RULES),
        "times",
        "how often a rule wanted to fire but lacked its means (of a recorded world)",
        "own",
    ),
    Field("faction_rule", "i8", (N_FACTIONS,), "rule", "the rule behind what each faction does today", "own"),
    Field("faction_rule_protest", "i8", (N_FACTIONS,), "rule", "the rule behind its move against protests", "own"),
    Field("missile_rule", "i8", (), "rule", "the rule behind a salvo today", "own"),
)


STATE = (
    Field("luck", "u8", (), "", "random key in force (the branch's, from a branch on)"),
    Field("day", "i8", (), "days", "days since the start", "all"),
    Field("n_events", "i8", (), "events", "events so far"),
    Field("total", "f8", (N_KINDS,), "", "cumulative total of each kind of event; written by happen alone"),
    Field("total_dawn", "f8", (N_KINDS,), "", "the totals at dawn, of the kinds that everybody counts"),
    Field("ring", "f8", (RING_DAYS, N_WINDOWED), "", "daily totals of the counted kinds"),
    Field("window", "f8", (N_WINDOWS, N_WINDOWED), "", "their sums over the last 1, 7, 30 and 90 days"),
    Field("mattered", "i8", (N_MECHANISMS + 1,), "day", "day on which a mechanism first mattered, -1 for never"),
    Field("last_attack", "i8", (), "day", "day of the last attack, -1 for never", "all"),
    Field("last_deadly", "i8", (), "day", "day an attack last killed a US soldier", "all"),
    Field("last_deadly_event", "i8", (), "event", "that attack", "all"),
    Field("last_strike", "i8", (), "day", "day of the last strike", "all"),
    Field("first_strike", "i8", (), "day", "day of the first strike, -1 for never", "all"),
    Field("last_leader", "i8", (), "day", "day a leader was last killed", "all"),
    Field("rung", "i8", (), "rung", "where the ladder stands", "all"),
    Field("rung_day", "i8", (), "day", "when that rung was last touched", "all"),
    Field("highest_rung", "i8", (), "rung", "highest rung so far", "all"),
    Field("siege", "i8", (), "0 or 1", "the embassy is besieged", "all"),
    Field("siege_day", "i8", (), "day", "since when", "all"),
    Field("siege_event", "i8", (), "event", "its beginning", "all"),
    Field("humiliation", "f8", (), "share", "what a siege did to Washington's pride", "own"),
    Field("war", "f8", (), "share", "level of the regional war", "all"),
    Field("kept", numbers(KEPT), (), "share", "what a day leaves of each feeling"),
    Field("us", US_STATE, (), "", "Washington", "own"),
    Field("iran", IRAN_STATE, (), "", "Iran", "own"),
    Field("factions", FACTION_STATE, (N_FACTIONS,), "", "the factions", "own"),
    Field("sadr", SADR_STATE, (), "", "Sadr's movement", "all"),
    Field("president_backs", "f8", (), "share", "how far the president backs the presence", "all"),
    Field("north_willing", "f8", (), "share", "how willing the Kurdistan Region is to host US forces", "all"),
    Field("north_offered", "i8", (), "0 or 1", "it has offered to host them", "all"),
    Field("allies", ALLY_STATE, (N_ALLIES,), "", "coalition members", "all"),
    Field("coalition_troops", "f8", (), "people", "coalition soldiers in Iraq, without the US", "all"),
    Field("coalition_troops_start", "f8", (), "people", "the same at the start", "all"),
    Field("coalition_members", "f8", (), "members", "coalition members with soldiers in Iraq", "all"),
    Field("trainers", "f8", (), "share", "coalition trainers at work, over those at the start", "all"),
    Field("broker", "f8", (), "share", "how much partners broker in Baghdad this week", "all"),
    Field("outside_troops", "f8", (), "people", "US troops in Syria and Jordan", "all"),
    Field("syria_isis", "f8", (), "ratio", "ISIS in Syria, over its strength at the start", "all"),
    Field("crossing", "f8", (N_GOVERNORATES,), "people", "fighters on their way from Syria, by place"),
    Field("crossed", "i8", (), "cells", "cells that have come from Syria so far"),
    Field("oil", "f8", (), "ratio", "oil price over that at the start", "all"),
    Field("oil_past", "f8", (13,), "ratio", "the same in each of the last 13 weeks", "all"),
    Field("oil_told", "i8", (), "day", "day its fall was last told", "all"),
    Field("economy", "f8", (), "ratio", "the economy over its level at the start", "all"),
    Field("epidemic", "f8", (), "share", "people ill, over the worst that could be", "all"),
    Field("immune", "f8", (), "share", "people who have had it", "all"),
    Field("open_war", "i8", (), "0 or 1", "the US and Iran are at war", "all"),
    Field("war_event", "i8", (), "event", "the beginning of that war", "all"),
    Field("war_over", "i8", (), "day", "day the last open war ended, -1 for never", "all"),
    Field("had_open_war", "i8", (), "0 or 1", "they have been", "all"),
    Field("influence", "f8", (), "share", "Iran's influence in Baghdad", "all"),
    Field("cover", "f8", (), "share", "US cover and money at hand for friends, over those at the start", "all"),
    Field("need", "f8", (), "ratio", "how much a worse ISIS makes militias needed", "all"),
    Field("sites", SITE_STATE, (MAX_SITES,), "", "sites that house US personnel", "all"),
    Field(
        "laid_out", "f8", (), "people", "troops when they were last laid out among the sites (plus 1 when consolidated)"
    ),
    Field("government", GOVERNMENT_STATE, (), "", "premier and government", "own"),
    Field("parliament", PARLIAMENT_STATE, (), "", "the house", "all"),
    Field("presence", PRESENCE_STATE, (), "", "the US presence", "all"),
    Field("member_bloc", "i8", (MAX_MEMBERS,), "bloc", "bloc of each member", "all"),
    Field("bloc_first", "i8", (MAX_BLOCS + 1,), "member", "first member of each bloc: members sit bloc by bloc", "all"),
    Field("member_us", "f8", (MAX_MEMBERS,), "view", "view of the US presence, -1 against to 1 for", "model"),
    Field("member_iran", "f8", (MAX_MEMBERS,), "view", "view of Iran's camp, -1 to 1", "model"),
    Field("bloc_line", "f8", (MAX_BLOCS,), "view", "each bloc's line on the presence", "all"),
    Field("shift_us", "f8", (MAX_BLOCS,), "view", "how far a bloc's views of the US have moved", "model"),
    Field("shift_iran", "f8", (MAX_BLOCS,), "view", "how far a bloc's views of Iran's camp have moved", "model"),
    Field("anger_us", "f8", _PUBLIC, "share", "anger at the US by governorate and community"),
    Field("anger_iran", "f8", _PUBLIC, "share", "anger at Iran"),
    Field("anger_militia", "f8", _PUBLIC, "share", "anger at the armed factions"),
    Field("fear_isis", "f8", (N_GOVERNORATES,), "share", "fear of ISIS"),
    Field("hardship", "f8", (N_GOVERNORATES,), "share", "hardship"),
    Field("grievance", "f8", (N_GOVERNORATES,), "share", "Sunni grievance that gives ISIS room"),
    Field("anger_government", "f8", _PUBLIC, "share", "anger at the government"),
    Field("mood_us", "f8", (), "share", "anger at the US, over all people", "all"),
    Field("mood_iran", "f8", (), "share", "anger at Iran, over all people", "all"),
    Field("mood_militia", "f8", (), "share", "anger at the armed factions, over all people", "all"),
    Field("mood_fear", "f8", (), "share", "fear of ISIS, over all people", "all"),
    Field("mood_government", "f8", (), "share", "anger at the government, over all people", "all"),
    Field("pending_us", "f8", (N_GOVERNORATES,), "level", "anger at the US stirred since the last week, by place"),
    Field("pending_us_all", "f8", (), "level", "the same, everywhere"),
    Field("pending_militia", "f8", (N_GOVERNORATES,), "level", "anger at the factions stirred since, by place"),
    Field("pending_iran_all", "f8", (), "level", "anger at Iran and its factions stirred since, everywhere"),
    Field("protest", "f8", (N_GOVERNORATES,), "share", "strength of protest, by place"),
    Field("protest_all", "f8", (), "share", "strength of protest, over all people", "all"),
    Field("protest_event", "i8", (), "event", "the last surge of protest"),
    Field("surge_event", "i8", (N_GOVERNORATES,), "event", "the last surge in each place"),
    Field("surge_day", "i8", (N_GOVERNORATES,), "day", "its day"),
    Field("agenda", "f8", (), "share", "weight of reform, against sovereignty, in what protesters ask for", "all"),
    Field("fright", "f8", (N_GOVERNORATES,), "share", "fear of repression"),
    Field("mourned_us", "f8", (), "people", "Iraqis killed by the US that the public has taken in"),
    Field("mourned_militia", "f8", (), "people", "Iraqis killed by factions that the public has taken in"),
    Field("skill", "f8", (), "share", "skill of Iraqi forces", "all"),
    Field("cts", "f8", (), "share", "skill of the counter-terrorism service", "all"),
    Field("training", "f8", (), "share", "training done in the week, over the usual"),
    Field("refused_day", "i8", (), "day", "day Iraqi forces last refused to move against factions", "all"),
    Field("militia_work", "f8", (), "ratio", "what free militias bring to the fight against ISIS, over the usual"),
    Field("enablers", "f8", (N_GOVERNORATES,), "ratio", "coalition air, intelligence and advice that reach a place"),
    Field("reach", "f8", (MAX_SITES, N_GOVERNORATES), "share", "what of a site's coalition means reaches a place"),
    Field("pressure", "f8", (N_GOVERNORATES,), "share", "pressure on cells in a place"),
    Field("enablers_start", "f8", (), "", "enablers over all places at the start"),
    Field("isis_attacks_place", "f8", (N_GOVERNORATES,), "attacks", "ISIS attacks so far, by place"),
    Field("n_cells", "i8", (), "cells", "living cells; they stand in front"),
    Field("cell_key", "u8", (MAX_CELLS,), "", "each cell's own key"),
    Field("cell_place", "i8", (MAX_CELLS,), "governorate", "where it is"),
    Field("cell_fighters", "f8", (MAX_CELLS,), "people", "its fighters"),
    Field("cell_skill", "f8", (MAX_CELLS,), "share", "its experience"),
    Field("cell_heat", "f8", (MAX_CELLS,), "share", "how exposed its recent activity leaves it"),
    Field("cell_supplies", "f8", (MAX_CELLS,), "share", "its supplies"),
    Field("cell_children", "i8", (MAX_CELLS,), "", "cells that have split from it"),
    Field("fighters", "f8", (), "people", "ISIS fighters in all"),
    Field("fighters_start", "f8", (), "people", "ISIS fighters at the start"),
    Field("ease_start", "f8", (), "ratio", "attacks of a fighter in the first week, over those under usual pressure"),
    Field("place_fighters", "f8", (N_GOVERNORATES,), "people", "ISIS fighters by place at the last week"),
    Field("border_start", "f8", (), "people", "those near Iran's border at the start"),
    Field("control", "f8", (), "share", "people under ISIS control"),
    Field("control_max", "f8", (), "share", "most people under ISIS control so far"),
    Field("harm_count", "f8", (HARM_BINS,), "attacks", "attacks by the people they hurt"),
    Field("harm_sum", "f8", (HARM_BINS,), "people", "people hurt, by the same"),
    Field("after", numbers(AFTER), (N_READINGS,), "", "readings some time after an exit"),
    Field("at_exit", numbers(AFTER), (), "", "the same on the day of the exit"),
    Field("fighters_in", "f8", (), "people", "fighters gained so far"),
    Field("fighters_out", "f8", (), "people", "fighters lost so far"),
    Field("attacks_sum", "f8", (), "", "attacks of past weeks"),
    Field("attacks_squares", "f8", (), "", "their squares by week"),
    Field("weeks", "i8", (), "weeks", "weeks gone by"),
    Field("attacks_week", "f8", (), "attacks", "attacks at the last week's record"),
    Field("strikes_week", "f8", (), "strikes", "strikes at the last week's record"),
    Field("killed_week", "f8", (), "people", "US dead at the last week's record"),
    Field("outside_week", "f8", (), "attacks", "attacks outside Iraq at the last week's record"),
    Field("place_week", "f8", (N_GOVERNORATES,), "attacks", "ISIS attacks by place at the last week's record"),
    Field("hit_week", "f8", (N_GOVERNORATES,), "attacks", "attacks on US sites by place at the last week's record"),
    Field("isis_week", "f8", (), "attacks", "ISIS attacks at the last week's record"),
    Field("beyond_room", "f8", (), "events", "cells, attacks and strikes that found no room"),
    Field("harmless", "f8", (), "attacks", "attacks that hurt nobody"),
    Field("isis_quarter", "f8", (N_GOVERNORATES, 14), "attacks", "ISIS attacks of the last 13 weeks, by place"),
    Field("ring_isis", "i8", (), "", "place in that ring"),
)


SCRATCH = (
    Field("u", "f8", (N_DAILY,), "", "today's draws"),
    Field("day_key", "u8", (), "", "today's random key"),
    Field("member_z", "f8", (MAX_MEMBERS,), "", "this week's draw of each member"),
    Field("cell_u", "f8", (N_CELL_DRAWS, MAX_CELLS), "", "this week's draws of each cell"),
    Field("member_x", "f8", (MAX_MEMBERS,), "", "each member's leaning in the session at hand"),
    Field("member_comes", "f8", (MAX_MEMBERS,), "chance", "how likely each member comes to the session at hand"),
    Field("member_agrees", "f8", (MAX_MEMBERS,), "chance", "how likely each member agrees, or how far (-1 to 1)"),
    Field("member_vote", "i8", (MAX_MEMBERS,), "", "at the last session: 0 absent, 1 against the motion, 2 for it"),
    Field("can", "i8", (N_SEATS, MAX_ACTIONS), "0 or 1", "which actions a seat has the means for", "own"),
    Field("stirring", "f8", (), "log ratio", "what moves all factions alike today"),
    Field("allied", "i8", (N_FACTIONS,), "factions", "those of one policy, with the first of them (bits)", "own"),
    Field("chosen", "i8", (N_FACTIONS,), "rule", "what each faction chooses in the lane at hand, -1 for none", "own"),
    Field("acting_rule", "i8", (), "rule", "rule behind the act at hand: 1 + seat * rules + rule, 0 for none"),
    Field("acting_claim", "i8", (), "mechanism", "mechanism behind the event at hand, 0 for none"),
    Field("acting_also", "i8", (), "event", "what the event at hand answers besides its cause, 0 for nothing"),
    Field("n_attacks", "i8", (), "", "attacks today"),
    Field("attacks", ATTACK_TODAY, (MAX_ATTACKS,), "", "attacks today"),
    Field("n_strikes", "i8", (), "", "strikes today"),
    Field("strikes", STRIKE_TODAY, (MAX_STRIKES,), "", "strikes today"),
    Field("confirming", "i8", (), "members", "members who would confirm the nominee, counted when it is put to them"),
    Field("ratifying", "f8", (), "members", "members who would ratify a framework, counted when one is signed"),
    Field("n_dead", "i8", (), "cells", "cells destroyed this week"),
    Field("dead", "i8", (MAX_CELLS,), "cell", "which"),
    Field("n_large", "i8", (), "cells", "cells that split this week"),
    Field("large", "i8", (MAX_CELLS,), "cell", "which"),
    Field("place_room", "f8", (N_GOVERNORATES,), "", "what cells make of grievance in a place"),
    Field("place_crowd", "f8", (N_GOVERNORATES,), "", "room for more fighters in a place"),
    Field("place_ease", "f8", (N_GOVERNORATES,), "", "what cells make of the pressure in a place"),
    Field("place_loss", "f8", (N_GOVERNORATES,), "", "what pressure in a place makes of a cell's end"),
    Field("place_growth", "f8", (N_GOVERNORATES,), "", "growth of a well-fed cell in a place"),
    Field("place_supplies", "f8", (N_GOVERNORATES,), "", "supplies that cells in a place come to"),
    Field(
        "place_tempo", "f8", (N_GOVERNORATES,), "", "attacks of a fighter in a place, over those under usual pressure"
    ),
    Field("place_sum", "f8", (N_GOVERNORATES,), "", "a sum by place"),
    Field("place_more", "f8", (N_GOVERNORATES,), "", "another sum by place"),
)


LOG = (
    Field("recording", "i8", (), "0 or 1", "events are written down"),
    Field("log_full", "i8", (), "events", "events that found no room"),
    Field(
        "log",
        (
            Field("id", "i8"), Field("day", "i8"), Field("kind", "i8"), Field("actor", "i8"), Field("target", "i8"),
            Field("place", "i8"), Field("size", "f8"), Field("detail", "f8"), Field("cause", "i8"),
            Field("rule", "i8"), Field("claim", "i8"), Field("site", "i8"), Field("also", "i8"),
        ),
        (MAX_EVENTS,),
        "",
        "the record of events",
    ),
)  # fmt: skip


SEES = (
    Field("public", row(PUBLIC_PERCEPTIONS), (), "", "what everybody sees", "all"),
    Field("us", row(US_PERCEPTIONS), (), "", "what Washington sees", "all"),
    Field("iran", row(IRAN_PERCEPTIONS), (), "", "what Iran sees", "all"),
    Field("government", row(GOVERNMENT_PERCEPTIONS), (), "", "what Baghdad sees", "all"),
    Field("factions", row(FACTION_PERCEPTIONS), (N_FACTIONS,), "", "what each faction sees", "all"),
)
