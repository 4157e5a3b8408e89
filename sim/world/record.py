"""The record of a world: every quantity of one simulated Iraq, declared once.

A world is one NumPy structured record of eight-byte fields in four blocks: ``inputs`` (policies, parameters, readings,
starting position), ``state``, ``scratch`` (what a day works with) and ``log`` (the record of events, at the tail).
Rules read ``w.factions[f].revenge``; the same memory as an array of numbers carries inputs in and digests out.

``seen`` says who may use a field when deciding: ``own`` the actor whose block it is, ``all`` everybody through
perceptions, ``model`` nobody (mechanics only: what is hidden, or what nature settles).
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from sim.names.actions import MAX_ACTIONS
from sim.names.actors import N_ALLIES, N_COMMUNITIES, N_FACTIONS, N_GOVERNORATES, N_SEATS
from sim.names.events import N_KINDS, WINDOWED_KINDS, WINDOWS
from sim.names.measures import BY_PLACE, OUTCOMES, READINGS_AFTER, SERIES, places_of
from sim.names.mechanisms import N_MECHANISMS
from sim.names.perceptions import (
    FACTION_PERCEPTIONS,
    GOVERNMENT_PERCEPTIONS,
    IRAN_PERCEPTIONS,
    PUBLIC_PERCEPTIONS,
    ROW,
    US_PERCEPTIONS,
    Perception,
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

RING_DAYS = 92
MAX_EVENTS = 20_000
N_WINDOWED, N_WINDOWS = len(WINDOWED_KINDS), len(WINDOWS)
#: Attacks are counted by the people they hurt, one by one up to the last bin, which holds all beyond.
HARM_BINS = 41
N_READINGS = len(READINGS_AFTER)


class Field(NamedTuple):
    """One field: name, type ('f8', 'i8', 'u8' or a block), shape, unit, meaning, who may use it when deciding."""

    name: str
    type: "str | np.dtype | tuple[Field, ...]"
    shape: tuple[int, ...] = ()
    unit: str = ""
    meaning: str = ""
    seen: str = "model"


def _numbers(names: tuple[str, ...], seen: str = "model") -> tuple[Field, ...]:
    return tuple(Field(name, "f8", seen=seen) for name in names)


def _row(perceptions: tuple[Perception, ...]) -> tuple[Field, ...]:
    """Return the fields of one row of perceptions, filled up to its full length."""
    fields = tuple(Field(p.name, "f8", (), p.unit, p.meaning, "all") for p in perceptions)
    return (*fields, Field("spare", "f8", (ROW - len(fields),), "", "room for more perceptions"))


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
    Field("p", _numbers(PARAMETERS, "all"), (), "", "parameters (configs/parameters.yaml)", "all"),
    Field("s", _numbers(SITUATION), (), "", "starting position (configs/situation.yaml)"),
    Field("faction_in", _numbers(FACTION_TRAITS, "own"), (N_FACTIONS,), "", "traits of each faction", "own"),
    Field("place_in", _numbers(PLACE_TRAITS), (N_GOVERNORATES,), "", "traits of each governorate", "all"),
    Field("n_neighbours", "i8", (N_GOVERNORATES,), "", "how many neighbours", "all"),
    Field("neighbours", "i8", (N_GOVERNORATES, MAX_NEIGHBOURS), "", "neighbouring governorates", "all"),
    Field("n_sites", "i8", (), "", "sites that house US personnel", "all"),
    Field("site_in", _numbers(SITE_TRAITS), (MAX_SITES,), "", "traits of each site", "all"),
    Field("site_place", "i8", (MAX_SITES,), "", "where each site lies", "all"),
    Field("n_blocs", "i8", (), "", "blocs in the house", "all"),
    Field("n_members", "i8", (), "", "members of the house", "all"),
    Field("quorum", "i8", (), "", "members needed for a session", "all"),
    Field("ally_in", _numbers(ALLY_TRAITS), (N_ALLIES,), "", "traits of each coalition member", "all"),
    Field("bloc_in", _numbers(BLOC_TRAITS), (MAX_BLOCS,), "", "traits of each bloc"),
    Field("bloc_community", "i8", (MAX_BLOCS,), "", "community of each bloc", "all"),
)

US_STATE = (
    Field("resolve", "f8", (), "share", "lasting will to stay", "own"),
    Field("surge", "f8", (), "share", "resolve lent for a while by being under fire", "own"),
    Field("cost", "f8", (), "share", "cost of the presence as felt at home", "own"),
    Field("cost_event", "i8", (), "event", "what moved that cost most", "own"),
    Field("worth", "f8", (), "share", "what the presence is worth to Washington", "own"),
    Field("case_open", "i8", (), "0 or 1", "an attack awaits an answer", "own"),
    Field("case_day", "i8", (), "day", "day of that attack", "own"),
    Field("case_killed", "f8", (), "people", "its US dead", "own"),
    Field("case_wounded", "f8", (), "people", "its US wounded", "own"),
    Field("case_faction", "i8", (), "faction", "who truly did it", "model"),
    Field("case_event", "i8", (), "event", "the attack's event", "own"),
    Field("case_held", "i8", (), "0 or 1", "it was decided not to strike for now, and said so", "own"),
    Field("case_front", "i8", (), "0 or 1", "a front name has claimed it", "own"),
    Field("evidence", "f8", (N_FACTIONS,), "log odds", "evidence against each faction in the open case", "own"),
    Field(
        "prior",
        "f8",
        (N_FACTIONS,),
        "log odds",
        "evidence against each faction before any is found: its appetite",
        "own",
    ),
    Field("killed_since_strike", "f8", (), "people", "US dead since the last strike", "own"),
    Field("dispersed", "f8", (), "share", "harm of a salvo that dispersal averts", "own"),
    Field("weary", "f8", (), "share", "how long it has been under fire", "own"),
    Field("consolidated", "i8", (), "0 or 1", "troops drawn together", "own"),
    Field("air_defence", "f8", (), "share", "added protection of air defences", "own"),
    Field("air_defence_ordered", "i8", (), "0 or 1", "air defences are on their way or there", "own"),
    Field("suspended", "i8", (), "0 or 1", "counter-ISIS operations are suspended", "own"),
    Field("threat", "i8", (), "0 or 1", "an open threat of sanctions stands", "own"),
    Field("leverage", "f8", (), "share", "quiet financial pressure", "own"),
    Field("talks_refused", "i8", (), "0 or 1", "it refuses to discuss leaving", "own"),
    Field("talks_offered", "i8", (), "0 or 1", "it offers talks", "own"),
    Field("measures", "i8", (), "0 or 1", "financial measures short of sanctions are in force", "own"),
    Field("sanctions", "i8", (), "0 or 1", "sanctions on Iraq are in force", "own"),
    Field("faith", "f8", (), "share", "trust that Iraqi forces shield its soldiers", "own"),
    Field("aims", "i8", (), "aims", "what it says its forces are in Iraq for", "own"),
    Field("backs_members", "f8", (), "share", "effort spent on friendly politicians today, less when open", "own"),
    Field("backs_street", "f8", (), "share", "effort spent on protesters' rights today, less when open", "own"),
    Field("told_members", "i8", (), "day", "day it was last said to back politicians", "own"),
    Field("told_street", "i8", (), "day", "day it was last said to back protesters", "own"),
    Field("backing_members", "f8", (), "share", "what standing by politicians has built up", "own"),
    Field("backing_street", "f8", (), "share", "what standing by protesters has built up", "own"),
    Field("iran_case", "i8", (), "0 or 1", "a blow of Iran's own awaits an answer", "own"),
    Field("iran_case_day", "i8", (), "day", "day of that blow", "own"),
    Field("iran_case_killed", "f8", (), "people", "its US dead", "own"),
    Field("iran_case_event", "i8", (), "event", "that blow", "own"),
    Field("pull_answer", "f8", (), "share", "what pulls to answer it, weighed up", "own"),
    Field("last_strike_event", "i8", (), "event", "the last strike's event", "own"),
)

IRAN_STATE = (
    Field("pressure", "f8", (), "share", "pressure from Washington as felt", "own"),
    Field("grievance", "f8", (), "share", "unavenged grievance", "own"),
    Field("grievance_event", "i8", (), "event", "what moved the grievance most", "own"),
    Field("fear", "f8", (), "share", "fear of a direct war", "own"),
    Field("network", "f8", (), "share", "strength of its network in Iraq", "own"),
    Field("unavenged", "i8", (), "0 or 1", "a leader killed and not answered directly", "own"),
    Field("order_day", "i8", (), "day", "day of the last change of its order", "own"),
    Field("order_event", "i8", (), "event", "the last change of its order", "own"),
    Field("order", "f8", (), "level", "how hard factions are told to press, -1 to 1", "own"),
    Field("push", "f8", (), "level", "the order as it reaches them", "own"),
    Field("courting", "f8", (), "share", "effort spent on members and a premier", "own"),
    Field("funds", "f8", (), "share", "money at hand for friends in Iraq, over that of quiet times", "own"),
    Field("worry", "f8", (), "share", "worry over ISIS", "own"),
    Field("stock", "f8", (), "ratio", "full salvoes that it can spare", "own"),
    Field("struck", "i8", (), "0 or 1", "a strike on its own soil is not answered", "own"),
    Field("struck_day", "i8", (), "day", "day of that strike", "own"),
    Field("struck_event", "i8", (), "event", "that strike", "own"),
    Field("missiles_today", "i8", (), "0 or 1", "a salvo leaves today", "own"),
    Field("missile_weight", "f8", (), "share", "weight of that salvo", "own"),
)

FACTION_STATE = (
    Field("strength", "f8", (), "ratio", "men over their number at the start", "own"),
    Field("arsenal", "f8", (), "share", "heavy weapons over a full store", "own"),
    Field("sting", "f8", (), "level", "fresh blow, not yet a motive", "own"),
    Field("revenge", "f8", (), "share", "motive to answer strikes", "own"),
    Field("revenge_event", "i8", (), "event", "the strike that moved it most", "own"),
    Field("memory", "f8", (), "share", "memory of a killed leader", "own"),
    Field("memory_event", "i8", (), "event", "that killing", "own"),
    Field("deterred", "f8", (), "share", "drive lost to fear of another strike", "own"),
    Field("holding", "i8", (), "0 or 1", "it has promised to hold fire", "own"),
    Field("hold_since", "i8", (), "day", "since when", "own"),
    Field("broken_day", "i8", (), "day", "day its last promise was broken, -1 for never", "own"),
    Field("hold_until", "i8", (), "day", "until when", "own"),
    Field("promises", "i8", (), "days", "for how long it promises to hold fire today", "own"),
    Field("breaks", "i8", (), "0 or 1", "it ends its promise today", "own"),
    Field("effort", "f8", (), "ratio", "how often it wants to attack, over its usual", "own"),
    Field("heavy", "f8", (), "share", "share of heavy weapons it wants to use", "own"),
    Field("excitation", "f8", (), "attacks per day", "attacks that its recent attacks call forth", "own"),
    Field("rate", "f8", (), "attacks per day", "today's intensity", "own"),
    Field("last_attack_event", "i8", (), "event", "its last attack", "own"),
    Field("last_struck", "i8", (), "day", "day of the last strike on it", "own"),
    Field("killed_today", "i8", (), "0 or 1", "its men have killed Americans today", "own"),
    Field("besieging", "i8", (), "0 or 1", "it leads the crowd at the embassy", "own"),
    Field("wants_crowd", "i8", (), "0 or 1", "it calls for a crowd today", "own"),
    Field("calls_off", "i8", (), "0 or 1", "it sends the crowd home today", "own"),
    Field("tables", "i8", (), "0 or 1", "it has allies table a motion today", "own"),
    Field("represses", "f8", (), "share", "how roughly it moves against protests today", "own"),
    Field("fights_isis", "f8", (), "share", "share of its men that it sends against ISIS", "own"),
    Field("confronted", "f8", (), "share", "drive lost to Iraqi forces that moved against it", "own"),
    Field("killed", "f8", (), "people", "its men killed so far"),
    Field("came_back", "f8", (), "people", "men who have come in their place so far"),
)

SITE_STATE = (
    Field("open", "i8", (), "0 or 1", "US troops are there", "all"),
    Field("troops", "f8", (), "people", "US personnel", "all"),
    Field("protection", "f8", (), "share", "share of harm that shelter and defences avert", "all"),
    Field("attacks", "f8", (), "attacks", "attacks so far", "all"),
)

GOVERNMENT_STATE = (
    Field("in_office", "i8", (), "0 or 1", "confirmed by parliament", "own"),
    Field("leaning", "i8", (), "leaning", "what the premier leans to", "own"),
    Field("legitimacy", "f8", (), "share", "standing with the public", "own"),
    Field("debt", "f8", (), "share", "debt to blocs with armed factions", "own"),
    Field("caretaker_since", "i8", (), "day", "since when a caretaker governs", "own"),
    Field("nominee", "i8", (), "leaning", "leaning of the nominee, 0 for none", "all"),
    Field("nominee_day", "i8", (), "day", "day of his charge, or of the last failure", "all"),
    Field("nominees_failed", "i8", (), "", "nominees who gave up", "all"),
    Field("formed_day", "i8", (), "day", "day a new government was confirmed, -1 for none", "all"),
    Field("demand", "f8", (), "share", "standing of the demand to leave, 0 for none", "own"),
    Field("demand_day", "i8", (), "day", "day of the standing demand", "own"),
    Field("first_demand_day", "i8", (), "day", "day of the first demand, -1 for none", "own"),
    Field("first_demand_in_office", "i8", (), "0 or 1", "a government in office made it", "all"),
    Field("demand_event", "i8", (), "event", "the demand", "own"),
    Field("refused", "i8", (), "0 or 1", "Washington has refused it", "all"),
    Field("limited", "i8", (), "0 or 1", "it limits US operations", "own"),
    Field("seeks_talks", "i8", (), "0 or 1", "it seeks talks", "own"),
    Field("talks_open", "i8", (), "0 or 1", "talks are open", "all"),
    Field("talks_suspended", "i8", (), "0 or 1", "talks are suspended", "all"),
    Field("suspended_day", "i8", (), "day", "since when", "all"),
    Field("last_failed", "i8", (), "leaning", "leaning of the last nominee who failed", "all"),
    Field("talks_progress", "f8", (), "share", "how far the talks have come", "own"),
    Field("talks_price", "f8", (), "share", "what open talks cost it at home", "own"),
    Field("words", "f8", (), "share", "how loud its protests still ring", "own"),
    Field("cooperation", "f8", (), "share", "how far it works with Washington, whatever it says", "own"),
    Field("cooperates", "f8", (), "share", "how lately it worked with Washington on dollars", "own"),
    Field("forces_order", "i8", (), "order", "what its forces are told to do about protests and factions", "own"),
    Field("forces_rule", "i8", (), "rule", "the rule behind that order", "own"),
    Field("ratified", "i8", (), "0 or 1", "parliament has voted for the framework", "all"),
    Field("dated", "i8", (), "0 or 1", "the framework names a date for its end", "all"),
    Field("end_day", "i8", (), "day", "that date, as a day from the start", "all"),
    Field("framework", "i8", (), "0 or 1", "a framework is in force", "all"),
    Field("framework_day", "i8", (), "day", "day it was signed, -1 for none", "all"),
    Field("framework_event", "i8", (), "event", "the framework", "all"),
    Field("unprotested", "i8", (), "0 or 1", "a strike not yet protested", "own"),
    Field("unprotested_event", "i8", (), "event", "that strike", "own"),
    Field("trust", "f8", (), "share", "trust in US restraint", "own"),
    Field("trust_event", "i8", (), "event", "what last moved that trust: a strike, or fire held", "own"),
    Field("talks_event", "i8", (), "event", "the last opening of talks", "own"),
    Field("formed_event", "i8", (), "event", "the confirmation of the government", "own"),
    Field("pull_demand", "f8", (), "share", "what pulls to demand an exit", "own"),
    Field("pull_limit", "f8", (), "share", "what pulls to limit operations", "own"),
    Field("pull_negotiate", "f8", (), "share", "what pulls to negotiate", "own"),
)

PARLIAMENT_STATE = (
    Field("outrage", "f8", (), "share", "breach of sovereignty as felt in the house", "all"),
    Field("outrage_event", "i8", (), "event", "the strike that moved it most", "all"),
    Field("tabled", "i8", (), "0 or 1", "a motion to expel is before the house", "all"),
    Field("tabled_day", "i8", (), "day", "since when", "all"),
    Field("tabled_event", "i8", (), "event", "its tabling", "all"),
    Field("vote_day", "i8", (), "day", "day fixed for the vote, -1 for none", "all"),
    Field("motions", "i8", (), "motions", "motions that came to a session", "all"),
    Field("last_motion_day", "i8", (), "day", "day of the last session on a motion", "all"),
    Field("passed", "i8", (), "0 or 1", "a resolution to expel stands", "all"),
    Field("passed_day", "i8", (), "day", "since when, -1 for never", "all"),
    Field("passed_event", "i8", (), "event", "the vote", "all"),
    Field("first_for", "i8", (), "members", "votes for the first motion, -1 for none", "all"),
    Field("first_present", "i8", (), "members", "members present at the first motion", "all"),
    Field("momentum", "f8", (), "share", "how far and how lately the political route has moved", "all"),
    Field("polarisation", "f8", (), "share", "split of the house over the presence", "all"),
    Field("for_expulsion", "f8", (), "share", "share of members for expulsion", "all"),
    Field("sectarian", "f8", (), "share", "how far politics has split by community", "all"),
    Field("iran_camp", "f8", (), "share", "share of members who lean to Iran's camp", "all"),
    Field("between", "f8", (), "share", "share of members between the camps", "all"),
)

SADR_STATE = (
    Field("stance", "f8", (), "level", "-1 all against Iran's hold, 1 all against the US presence", "all"),
    Field("marching", "i8", (), "0, 1 or 2", "his crowds are out: against the US (1), against Iran's hold (2)", "all"),
    Field("since", "i8", (), "day", "since when they are, or were last", "all"),
    Field("event", "i8", (), "event", "the call", "all"),
)

ALLY_STATE = (
    Field("there", "i8", (), "0 or 1", "it has soldiers in Iraq", "all"),
    Field("troops", "f8", (), "people", "its soldiers", "all"),
    Field("trainers", "f8", (), "share", "share of its trainers at work", "all"),
    Field("unease", "f8", (), "share", "unease at home over its own and others' dead", "all"),
)

#: What is read again some time after an exit.
AFTER = ("fighters", "attacks", "influence", "members", "mood_us", "economy")

PRESENCE_STATE = (
    Field("state", "i8", (), "presence", "state of the presence", "all"),
    Field("troops", "f8", (), "people", "US troops in federal Iraq", "all"),
    Field("troops_north", "f8", (), "people", "US troops in the Kurdistan Region", "all"),
    Field("troops_start", "f8", (), "people", "US troops in Iraq at the start", "all"),
    Field("ever", "f8", (), "people", "those, and all who were sent since"),
    Field("decided_day", "i8", (), "day", "day leaving was decided, -1 for never", "all"),
    Field("to_cut", "f8", (), "people", "troops of a smaller footprint who are still to go", "all"),
    Field("cut_a_day", "f8", (), "people", "how many of them go in a day", "all"),
    Field("cut_event", "i8", (), "event", "the decision on that footprint", "all"),
    Field("exit_kind", "i8", (), "kind", "kind of the exit under way or done", "all"),
    Field("exit_cause", "i8", (), "cause", "what brought it about", "all"),
    Field("exit_event", "i8", (), "event", "the decision's event", "all"),
    Field("exit_days", "f8", (), "days", "how long leaving takes", "all"),
    Field("leaving_from", "f8", (), "people", "troops when leaving began", "all"),
    Field("north", "i8", (), "0 or 1", "they go to the Kurdistan Region", "all"),
    Field("exit_day", "i8", (), "day", "day of the last soldier in federal Iraq, -1 for never", "all"),
    Field("ugly", "i8", (), "0 or 1", "the exit was ugly", "all"),
    Field("resented", "f8", (), "share", "how far Washington resents how it came to leave", "own"),
    Field("left_all_day", "i8", (), "day", "day of the last soldier in all of Iraq, -1 for never", "all"),
    Field("pace", "f8", (), "ratio", "pace of leaving over the one planned", "own"),
    Field("pace_day", "i8", (), "day", "day on which that was said", "own"),
    Field("pace_told", "i8", (), "-1, 0 or 1", "whether it was last said to be slowed or hurried", "own"),
    Field("days", "i8", (), "days", "days of presence in federal Iraq so far", "all"),
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
    Field("kept", _numbers(KEPT), (), "share", "what a day leaves of each feeling"),
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
    Field("after", _numbers(AFTER), (N_READINGS,), "", "readings some time after an exit"),
    Field("at_exit", _numbers(AFTER), (), "", "the same on the day of the exit"),
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
    Field("public", _row(PUBLIC_PERCEPTIONS), (), "", "what everybody sees", "all"),
    Field("us", _row(US_PERCEPTIONS), (), "", "what Washington sees", "all"),
    Field("iran", _row(IRAN_PERCEPTIONS), (), "", "what Iran sees", "all"),
    Field("government", _row(GOVERNMENT_PERCEPTIONS), (), "", "what Baghdad sees", "all"),
    Field("factions", _row(FACTION_PERCEPTIONS), (N_FACTIONS,), "", "what each faction sees", "all"),
)


def _dtype(fields: tuple[Field, ...]) -> np.dtype:
    return np.dtype([(f.name, _type(f), f.shape) for f in fields])


def _type(field: Field) -> "str | np.dtype":
    return _dtype(field.type) if isinstance(field.type, tuple) else field.type


_BLOCKS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("inputs", INPUTS), ("memory", MEMORY), ("state", STATE), ("sees", ()), ("scratch", SCRATCH), ("log", LOG),
)  # fmt: skip


def _lay_out() -> tuple[np.dtype, dict[str, tuple[int, int]]]:
    """Return the record's type and each block's first and last place, counted in eight-byte numbers.

    ``sees_all`` lies over ``sees``: a decision table reads by column what rules read by name.
    """
    names, formats, offsets, blocks = [], [], [], {}
    at = 0
    for block, fields in _BLOCKS:
        first = at
        if block == "sees":
            names += ["sees", "sees_all"]
            formats += [_dtype(SEES), np.dtype(("f8", (1 + N_SEATS, ROW)))]
            offsets += [at, at]
            at += formats[-1].itemsize
        for field in fields:
            kind = np.dtype((_type(field), field.shape))
            names.append(field.name)
            formats.append(kind)
            offsets.append(at)
            at += kind.itemsize
        blocks[block] = (first // 8, at // 8)
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": at}), blocks


def _week() -> np.dtype:
    """Return the type of a week's record; ``attacks_place`` lies over the attacks of all governorates, and so on."""
    names = [measure.name for measure in SERIES]
    over = {f"{series}_place": 4 * names.index(places_of(series)[0]) for series in BY_PLACE}
    formats: list[object] = ["f4"] * len(names) + [("f4", (N_GOVERNORATES,))] * len(over)
    offsets = [4 * k for k in range(len(names))] + list(over.values())
    return np.dtype({"names": [*names, *over], "formats": formats, "offsets": offsets, "itemsize": 4 * len(names)})


WORLD, BLOCKS = _lay_out()
#: The first place behind a record.
BEHIND = WORLD.itemsize // 8
#: One row of outcomes, and one week's record.
OUTCOME = np.dtype([(m.name, "f8") for m in OUTCOMES])
WEEK = _week()
#: What a snapshot holds and a digest covers: all that the next day depends on.
STATE_BLOCK = slice(BLOCKS["state"][0], BLOCKS["sees"][1])


#: What cannot be in any world, by unit: shares beyond 0 and 1, people, attacks and the like below none.
_LAWS = {
    "share": (0.0, 1.0), "share of people": (0.0, 1.0), "people": (0.0, np.inf), "attacks": (0.0, np.inf),
    "attacks per day": (0.0, np.inf), "strikes": (0.0, np.inf), "members": (0.0, np.inf), "ratio": (0.0, np.inf),
    "events": (0.0, np.inf),
}  # fmt: skip
#: Of each law on several of them what is counted, and what it cannot be more than (``sim.world.laws``).
SUMS = (
    ("the fighters of factions that were killed", "the fighters that they ever had"),
    ("the people killed by anyone", "the people of the country"),
    ("the fighters of ISIS", "the country's men of fighting age"),
    ("US personnel killed", "those who can have been there"),
    ("US personnel wounded", "those who can have been there"),
    ("coalition soldiers killed", "those who can have been there"),
    ("US troops in Iraq", "those who ever came"),
)
#: Rounding may leave so much beyond a bound.
ROUNDING = 1e-6


class Law(NamedTuple):
    """What holds of one field of numbers: its path, first place and number of places, the least and the most."""

    path: str
    first: int
    n: int
    least: float
    most: float


def _laws_of(fields: tuple[Field, ...], kind: np.dtype, at: int = 0, path: str = "") -> Iterator[Law]:
    """Yield the law of each field of numbers of a block that begins at byte ``at``, blocks in it looked into."""
    for field in fields:
        assert kind.fields is not None
        inner, step = kind.fields[field.name][:2]
        base, shape = inner.subdtype or (inner, ())
        n, name = int(np.prod(shape, dtype=int)), f"{path}{field.name}"
        if isinstance(field.type, tuple):
            for k in range(n):
                here = f"{name}.{k}." if shape else f"{name}."
                yield from _laws_of(field.type, base, at + step + k * base.itemsize, here)
        elif field.type == "f8":
            yield Law(name, (at + step) // 8, n, *_LAWS.get(field.unit, (-np.inf, np.inf)))


@cache
def laws() -> tuple[Law, ...]:
    """Return the laws of a world's state, from the units of its fields: finite numbers, shares from 0 to 1."""
    return tuple(_laws_of(STATE, WORLD))


@cache
def lawful() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places in the record that hold numbers (n,), and the least and the most that may stand there."""
    biggest, sizes = np.finfo(float).max, [law.n for law in laws()]
    places = np.concatenate([np.arange(law.first, law.first + law.n) for law in laws()])
    least = np.repeat([max(law.least - ROUNDING, -biggest) for law in laws()], sizes)
    most = np.repeat([min(law.most + ROUNDING, biggest) for law in laws()], sizes)
    return places, least, most


def broken_law(place: int, value: float) -> str:
    """Return in words which law does not hold: of the number that stands at a place of the record, or of a sum."""
    if place >= BEHIND:
        counted, possible = SUMS[place - BEHIND]
        return f"{counted} are {value:,.0f}, more than {possible}"
    [law] = [law for law in laws() if law.first <= place < law.first + law.n]
    name = f"{law.path}[{place - law.first}]" if law.n > 1 else law.path
    bounds = f"from {law.least:g} to {law.most:g}" if law.most < np.inf else f"{law.least:g} or more"
    return f"{name} is {value:g}, not {'a finite number' if law.least == -np.inf else bounds}"


@lru_cache(maxsize=20_000)
def offset(path: str) -> int:
    """Return where a field stands, in eight-byte numbers: ``offset("p.truce_leak")``, ``offset("site_in.3.open")``."""
    dtype, at = WORLD, 0
    for word in path.split("."):
        if word.isdigit():
            dtype, shape = dtype.subdtype or (dtype, ())
            stride = dtype.itemsize * int(np.prod(shape[1:], dtype=int))
            at += int(word) * stride
            dtype = np.dtype((dtype, shape[1:])) if shape[1:] else dtype
        else:
            dtype, step = dtype.fields[word][:2]  # type: ignore[index]
            at += step
    return at // 8


def new_worlds(n: int = 1) -> np.ndarray:
    """Return ``n`` empty worlds (n,) of type WORLD, whose memory ``as_numbers`` can show as numbers."""
    return np.zeros(n * WORLD.itemsize, np.uint8).view(WORLD)


def as_numbers(worlds: np.ndarray) -> np.ndarray:
    """Return the memory of ``worlds`` as float64 (n, numbers a world), sharing it."""
    base = worlds.base if worlds.base is not None else worlds
    return np.frombuffer(base.data, np.float64).reshape(len(worlds), -1)
