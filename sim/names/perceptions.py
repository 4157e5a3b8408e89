"""What each seat can see at dawn: yesterday's public facts, its own secrets, its beliefs.

A perception is a number. Public ones stand in row 0 of the world's perceptions and mean the same to all; the rest are
one seat's own. ``low`` and ``high`` are the range it can have (``None``: open), ``categories`` names its values.
"""

from typing import NamedTuple

from sim.names.actors import AIMS, FACTIONS, LEANINGS, PRESENCES, RUNGS
from sim.names.events import WINDOWED, WINDOWS

#: Columns in a row of perceptions; a seat's own perception k is addressed as ROW + k in a decision table.
ROW = 112


class Perception(NamedTuple):
    """One thing that can be seen: its name, unit, meaning and range."""

    name: str
    unit: str
    meaning: str
    low: float | None = 0.0
    high: float | None = None
    categories: tuple[str, ...] = ()


def _flag(name: str, meaning: str) -> Perception:
    return Perception(name, "0 or 1", meaning, 0.0, 1.0)


def _share(name: str, meaning: str) -> Perception:
    return Perception(name, "share", meaning, 0.0, 1.0)


_COUNTED = {
    "attack": ("attacks", "attacks by factions on US sites in Iraq"),
    "attack_outside": ("attacks_outside", "attacks by factions on US sites in Syria and Jordan"),
    "us_killed": ("us_killed", "US personnel killed by hostile action, all sites"),
    "us_wounded": ("us_wounded", "US personnel wounded by hostile action, all sites"),
    "coalition_killed": ("coalition_killed", "coalition soldiers killed by hostile action"),
    "iraqi_forces_killed_by_us": ("iraqi_forces_killed_by_us", "Iraqi soldiers and police killed by US strikes"),
    "civilians_killed_by_us": ("civilians_killed_by_us", "civilians killed by US strikes"),
    "strike": ("us_strikes", "US strikes on factions"),
    "iran_missiles": ("iran_missiles", "missile salvoes fired from Iran"),
    "isis_attacks": ("isis_attacks", "attacks by ISIS (the Pentagon's counting base)"),
}
COUNTED = tuple(
    Perception(f"{_COUNTED[kind][0]}_{days}d", "count", f"{_COUNTED[kind][1]} in the last {days} days")
    for kind in WINDOWED
    for days in WINDOWS
)

PUBLIC_PERCEPTIONS = (
    *COUNTED,
    Perception("day", "days", "days since the scenario's start"),
    Perception("days_since_attack", "days", "days since a faction's last attack (9999: never)"),
    Perception("days_since_deadly_attack", "days", "days since an attack last killed a US soldier (9999: never)"),
    Perception("days_since_strike", "days", "days since the last US strike (9999: never)"),
    Perception("days_since_leader_killed", "days", "days since a strike last killed a leader (9999: never)"),
    _flag("government_in_office", "a confirmed government is in office (0: a caretaker)"),
    Perception("government_leaning", "category", "what the premier leans to", 0.0, None, LEANINGS),
    Perception("days_without_government", "days", "days that a caretaker has governed"),
    _flag("resolution_passed", "parliament has voted to end the foreign presence"),
    Perception("days_since_resolution", "days", "days since a resolution to expel was last passed (9999: never)"),
    _flag("motion_tabled", "a motion to expel is before parliament"),
    _flag("demand_made", "Baghdad has demanded that US forces leave, and the demand stands"),
    _share("demand_weight", "the standing of who demanded it (M13)"),
    _flag("demand_refused", "Washington has refused the standing demand"),
    _flag("talks_open", "talks on the presence are open"),
    _flag("talks_suspended", "talks had opened and are suspended"),
    _flag("framework_signed", "a framework for the presence is in force"),
    _flag("operations_suspended", "counter-ISIS operations are suspended"),
    _flag("operations_limited", "Baghdad has limited what US forces may do"),
    _flag("threat_made", "an open US threat of sanctions stands"),
    _flag("embassy_besieged", "a crowd besieges the US embassy"),
    _flag("exit_decided", "the US has decided to leave Iraq"),
    Perception("presence", "category", "state of the US presence", 0.0, None, PRESENCES),
    Perception("us_troops", "people", "US troops in Iraq"),
    Perception("rung", "rung", "where the ladder stands, from recent exchanges", 0.0, 8.0, RUNGS),
    Perception("highest_rung", "rung", "the highest rung reached so far", 0.0, 8.0, RUNGS),
    _share("anger_at_us", "people angry at the US, as polls and streets show"),
    _share("anger_at_iran", "people angry at Iran"),
    _share("anger_at_government", "people angry at their own government"),
    _share("breach_felt", "breach of sovereignty as the house feels it"),
    _share("political_route", "how far the political route to an exit has come: motion, resolution, demand, talks"),
    Perception("isis_trend", "ratio", "ISIS attacks of the last 90 days over those expected at the start"),
    _share("regional_war", "level of a war in the region"),
    _flag("open_war", "the United States and Iran are at war"),
    _share("anger_at_militias", "people angry at the armed factions"),
    _share("fear_of_isis", "people in fear of ISIS"),
    _share("us_cover", "cover and money that friends of the US can count on, over those at the start"),
    _share("region_willing", "how willing the Kurdistan Region is to host US forces"),
    _share("protest", "strength of the protests for reform"),
    _share("reform_agenda", "weight of reform, against sovereignty, in what the protests ask for"),
    _share("iran_influence", "Iran's influence in Baghdad: premier, posts, members, resolutions"),
    _share("sadr_stance", "Sadr's crowds: 0 all against Iran's hold, 1 all against the US presence"),
    Perception("coalition_members", "members", "coalition members with soldiers in Iraq"),
    Perception("economy", "ratio", "the economy, over its level at the start"),
    _share("epidemic", "how much an epidemic weighs on daily life"),
    _flag("sanctions_imposed", "US sanctions on Iraq are in force"),
    _flag("measures_in_force", "US financial measures short of sanctions are in force"),
    _flag("north_offered", "the Kurdistan Region has offered to host US forces"),
    Perception("aims_declared", "category", "what Washington says its forces are in Iraq for", 0.0, None, AIMS),
    _flag("framework_dated", "the framework in force names a date for its end"),
)

US_PERCEPTIONS = (
    _flag("attack_unanswered", "an attack on a US site, harmless or not, awaits an answer (the gravest of late)"),
    Perception("case_killed", "people", "US dead in the attack that awaits an answer"),
    Perception("case_wounded", "people", "US wounded in the attack that awaits an answer"),
    Perception("case_days", "days", "days since the attack that awaits an answer"),
    _share("attribution", "belief in the likeliest perpetrator of that attack"),
    Perception("suspect", "category", "the likeliest perpetrator", 0.0, None, FACTIONS),
    Perception("killed_since_strike", "people", "US dead at factions' hands since the last US strike"),
    _share("resolve", "Washington's will to stay"),
    _share("cost_at_home", "cost of the presence as felt at home"),
    _share("worth", "what the presence is still worth to Washington"),
    _flag("consolidated", "troops have been drawn together in fewer bases"),
    _share("humiliation", "wounded pride after a siege of the embassy"),
    _share("baghdad_trust", "Baghdad's trust in US restraint, as Washington feels it"),
    _share("trust_in_protection", "Washington's trust that Iraqi forces shield its soldiers"),
    _flag("iran_blow_unanswered", "a blow of Iran's own awaits an answer"),
    Perception("iran_blow_killed", "people", "US dead of that blow"),
    _share("pull_to_answer_iran", "what pulls Washington to answer it, weighed up"),
)
IRAN_PERCEPTIONS = (
    _share("pressure_felt", "pressure from Washington, as Tehran feels it"),
    _share("grievance", "unavenged grievance against the US"),
    _share("fear_of_war", "fear of a direct war with the US"),
    _flag("leader_unavenged", "a leader killed and not yet answered directly"),
    _share("network", "strength of the Quds Force's network in Iraq"),
    _flag("struck_at_home", "a US strike on Iranian soil has not been answered"),
    _share("funds", "money at hand for friends in Iraq, over that of quiet times"),
    _share("isis_worry", "worry over ISIS, near its own border above all"),
)
FACTION_PERCEPTIONS = (
    _share("revenge", "motive to answer strikes on itself"),
    _share("memory", "memory of a killed leader"),
    _share("strength", "own men, over their number at the start"),
    _share("arsenal", "own heavy weapons, over a full store"),
    Perception("iran_push", "level", "Iran's order, from -1 (stand down) to 1 (all out)", -1.0, 1.0),
    _flag("holding", "it has promised to hold fire"),
    Perception("days_holding", "days", "days since it promised to hold fire"),
    _share("stake", "its stake in politics"),
    _share("needed", "how much a worse ISIS makes its men needed"),
    Perception("days_since_struck", "days", "days since a strike on itself (9999: never)"),
)
GOVERNMENT_PERCEPTIONS = (
    _share("pull_to_demand", "what pulls the premier to demand an exit, weighed up"),
    _share("pull_to_limit", "what pulls the premier to limit operations, weighed up"),
    _share("pull_to_negotiate", "what pulls the premier to negotiate, weighed up"),
    _share("legitimacy", "the government's standing with the public"),
    _share("debt_to_factions", "what the premier owes to blocs with armed factions"),
    _share("leverage_felt", "US financial leverage, as Baghdad feels it"),
    _share("cooperation", "how far it works with Washington, whatever it says"),
    _share("price_of_talks", "what open talks cost it at home"),
    _flag("strike_unprotested", "a US strike that Baghdad has not yet protested"),
)

OWN_PERCEPTIONS = {
    "us": US_PERCEPTIONS,
    "iran": IRAN_PERCEPTIONS,
    "government": GOVERNMENT_PERCEPTIONS,
    "factions": FACTION_PERCEPTIONS,
}
#: Days since something that never happened.
NEVER = 9999.0


def perceptions_of(policy_key: str) -> dict[str, tuple[int, Perception]]:
    """Return the perceptions that a policy under ``policy_key`` may name, with their column in a decision table."""
    public = {p.name: (k, p) for k, p in enumerate(PUBLIC_PERCEPTIONS)}
    own = {p.name: (ROW + k, p) for k, p in enumerate(OWN_PERCEPTIONS[policy_key])}
    return public | own
