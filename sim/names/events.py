"""What can happen, in words. The index of a kind is what the record of events and the totals hold.

``text`` is the sentence that a story tells; it may name ``{actor} {target} {place} {site} {size} {detail}``, and end
words in ``{s}`` or ``{were}`` that agree with the size. A detail's words may name the site.
``weekly`` kinds are settled with the week's population step.
"""

from typing import NamedTuple

from sim.names.actors import ALLIES


class EventKind(NamedTuple):
    """One kind of event: its name, what its size counts, the sentence for a story, and the words of its detail."""

    name: str
    unit: str
    text: str
    details: tuple[str, ...] = ()
    windowed: bool = False
    hidden: bool = False


WEAPONS = (
    "attacked {site} with rockets", "attacked {site} with a rocket barrage", "attacked {site} with armed drones",
    "bombed a supply convoy for {site}",
)  # fmt: skip
(ROCKET_FIRE, BARRAGE, DRONES, CONVOY_BOMB) = range(4)
N_WEAPONS = len(WEAPONS)
#: The same when the faction had promised to hold fire: not all of its men keep a promise.
FIRED = (*WEAPONS, *(f"{blow}, in spite of its promise to hold fire" for blow in WEAPONS))
WEIGHTS = ("light", "proportionate", "heavy", "leadership")
LIGHT, PROPORTIONATE, HEAVY, LEADERSHIP = range(4)
CONSENTS = ("without a word to Baghdad", "after giving Baghdad notice", "with Baghdad's consent")
UNANNOUNCED, NOTICE, CONSENT = range(3)
#: Seasons of violence.
SEASONS = ("lull", "harassment", "campaign")
LULL, HARASSMENT, CAMPAIGN = range(len(SEASONS))
#: What a review of the presence was called for by.
WHY_CALENDAR, WHY_DEAD, WHY_DEMAND, WHY_VOTE, WHY_SIEGE, WHY_OFFICE = range(6)
CAUSES = ("policy", "demand accepted", "demand defied until untenable", "agreed date", "cost above worth")
CAUSE_POLICY, CAUSE_ACCEPTED, CAUSE_UNTENABLE, CAUSE_AGREED, CAUSE_COST = range(5)
_EXIT_DECIDED_AS = (
    "as its policy has it", "as Baghdad had demanded", "as it could defy the demand no longer",
    "as the agreed date had come", "as staying cost more than it was worth",
)  # fmt: skip
_ITEMS = (
    "a legal basis for the presence", "its numbers and bases", "limits on what it may do",
    "a date for the end of the presence",
)  # fmt: skip
_LEANINGS = ("neutral", "pro-Iran", "balancing", "nationalist", "reformist")
#: Members of the coalition as a sentence names them.
MEMBERS = tuple(
    f"the {name}" if name in ("United Kingdom", "Netherlands", "Czech Republic", "NATO mission") else name
    for name in ALLIES
)

EVENT_KINDS = (
    EventKind("none", "events", "nothing happened"),
    EventKind("attack", "attacks", "{actor} {detail}.", FIRED, windowed=True),
    EventKind("attack_outside", "attacks", "{actor} {detail}.", FIRED, windowed=True),
    EventKind("us_killed", "people", "{size} US personnel were killed.", windowed=True),
    EventKind("us_wounded", "people", "{size} US personnel were wounded.", windowed=True),
    EventKind("coalition_killed", "people", "{size} coalition soldier{s} {were} killed.", windowed=True),
    EventKind("iraqi_forces_killed_by_militia", "people", "{size} Iraqi soldiers or police died in the attack."),
    EventKind("iraqi_forces_killed_by_us", "people", "{size} Iraqi soldiers or police died in the strike.",
              windowed=True),
    EventKind("civilians_killed_by_us", "people", "{size} civilian{s} died in the strike.", windowed=True),
    EventKind("militia_killed", "people", "{size} fighter{s} of {target} {were} killed."),
    EventKind("strike", "strikes", "Washington struck {target} in {place}, {detail}.", CONSENTS, windowed=True),
    EventKind("wrong_target", "strikes", "The strike had hit {target}, who had not fired.", hidden=True),
    EventKind("leader_killed", "leaders", "A leader of {target} was killed{detail}.",
              ("", ", an Iranian commander with him")),
    EventKind("iran_missiles", "salvoes", "Iran fired ballistic missiles at {site}.", windowed=True),
    EventKind("siege_began", "sieges", "A crowd led by {actor} besieged the US embassy."),
    EventKind("siege_ended", "sieges", "The crowd at the embassy was {detail}.",
              ("called off", "cleared away")),
    EventKind("truce_began", "truces", "{actor} promised to hold fire."),
    EventKind("truce_ended", "truces", "{actor}'s promise to hold fire ended: {detail}.",
              ("the time was up", "the political route had stalled", "one of its own had been killed",
               "its own men had killed Americans")),
    EventKind("iran_ordered", "orders", "Iran told the factions to {detail}.",
              ("stand down", "restrain themselves", "carry on", "push", "go all out")),
    EventKind("held", "decisions", "Washington held its fire."),
    EventKind("us_protested", "notes", "Washington protested to Baghdad."),
    EventKind("government_protested", "notes", "{actor} condemned the strike as a breach of sovereignty."),
    EventKind("operations_suspended", "decisions", "Counter-ISIS operations were suspended to protect the force."),
    EventKind("operations_resumed", "decisions", "Counter-ISIS operations were resumed."),
    EventKind("base_handed_over", "bases", "US troops handed {site} over to Iraq."),
    EventKind("base_reopened", "bases", "US troops returned to {site}."),
    EventKind("air_defence", "decisions", "Washington brought in air defences."),
    EventKind("reinforced", "people", "Washington sent {size} more troops."),
    EventKind("motion_tabled", "motions", "A motion to expel foreign forces was tabled in parliament."),
    EventKind("vote_passed", "votes", "Parliament voted to end the foreign presence: {size} for, {detail} present."),
    EventKind("vote_failed", "votes", "The motion to end the foreign presence failed: {size} for, {detail} present."),
    EventKind("quorum_failed", "sessions", "No quorum for the motion: only {detail} members came."),
    EventKind("nominee_charged", "nominees", "The president charged a {detail} nominee with forming a government.",
              _LEANINGS),
    EventKind("nominee_failed", "nominees", "The {detail} nominee gave up.",
              _LEANINGS),
    EventKind("government_formed", "governments", "Parliament confirmed a {detail} prime minister.",
              _LEANINGS),
    EventKind("government_fell", "governments", "The prime minister resigned and stayed on as caretaker."),
    EventKind("demanded", "demands", "{detail} demanded that US forces leave.",
              ("the caretaker prime minister", "the prime minister, in office,")),
    EventKind("demand_withdrawn", "demands", "{detail}.",
              ("Baghdad let rest the demand that US forces leave",
               "The caretaker's demand that US forces leave lapsed with his government",
               "The framework took the place of the demand that US forces leave",
               "The demand that US forces leave had led to nothing, and Baghdad let it rest")),
    EventKind("demand_refused", "decisions", "Washington refused to discuss a withdrawal."),
    EventKind("demand_accepted", "decisions", "Washington accepted the demand that its forces leave."),
    EventKind("operations_limited", "decisions", "Baghdad limited what US forces may do."),
    EventKind("limits_lifted", "decisions", "Baghdad lifted its limits on US operations."),
    EventKind("talks_opened", "talks", "Baghdad and Washington opened talks on the presence."),
    EventKind("talks_suspended", "talks", "The talks were suspended."),
    EventKind("talks_resumed", "talks", "The talks were resumed."),
    EventKind("framework_signed", "agreements", "A framework was signed: {detail}.",
              ("a smaller footprint under Iraqi authority", "a dated transition")),
    EventKind("threatened", "threats", "Washington openly threatened sanctions."),
    EventKind("threat_withdrawn", "decisions", "Washington withdrew its open threat."),
    EventKind("leverage_used", "decisions", "Washington pressed Baghdad quietly over its reserves."),
    EventKind("exit_decided", "decisions", "Washington decided to leave federal Iraq, {detail}.",
              _EXIT_DECIDED_AS),
    EventKind("moved_north", "decisions", "US forces began to move into the Kurdistan Region."),
    EventKind("troops_left", "people", "{size} US soldier{s} left Iraq.", hidden=True),
    EventKind("exited", "exits", "The last US soldier left federal Iraq."),
    EventKind("drawn_down", "decisions", "Washington decided to cut its force to {detail}, without leaving."),
    EventKind("rung_climbed", "steps", "The ladder reached a new rung: {detail}.",
              ("quiet", "unclaimed rockets", "deadly attack", "strike in kind", "heavy strike",
               "siege of the embassy", "leadership killing", "missiles from Iran", "open war")),
    EventKind("rally", "people", "About {size} people rallied against the US in {place}."),
    EventKind("isis_attacks", "attacks", "ISIS cells carried out {size} attack{s} in {place}.", windowed=True,
              hidden=True),
    EventKind("isis_killed_people", "people", "{size} people were killed by ISIS in {place}.", hidden=True),
    EventKind("cell_destroyed", "cells", "{size} ISIS cell{s} {were} destroyed in {place}.", hidden=True),
    EventKind("cell_split", "cells", "{size} new ISIS cell{s} split off in {place}.", hidden=True),
    EventKind("warned", "warnings", "{actor} had warned Iraqi forces to keep away from {site}."),
    EventKind("consent_refused", "refusals", "Baghdad refused its consent to a strike, and none was made."),
    EventKind("fighters_lost", "fighters", "{size} ISIS fighter{s} {were} lost.", hidden=True),
    EventKind("fighters_recruited", "fighters", "{size} ISIS fighter{s} {were} recruited.", hidden=True),
    EventKind("claimed_by_front", "claims", "A name that nobody had heard of claimed the attack."),
    EventKind("us_struck_iran", "strikes", "Washington struck targets on Iranian soil."),
    EventKind("war_began", "wars", "Open war began between the United States and Iran."),
    EventKind("war_ended", "wars", "The United States and Iran stopped the war."),
    EventKind("regional_war_began", "wars", "A war broke out in the region."),
    EventKind("regional_war_ended", "wars", "The war in the region ended."),
    EventKind("sadr_called", "rallies", "Sadr called his followers out {detail}.",
              ("against the US presence", "against Iran's hold on Baghdad")),
    EventKind("sadr_rallied", "people", "About {size} people followed Sadr's call {detail}.",
              ("against the US presence", "against Iran's hold on Baghdad")),
    EventKind("sadr_called_off", "rallies", "Sadr called his followers off."),
    EventKind("president_condemned", "notes", "The president, a friend of the presence, condemned the strike."),
    EventKind("north_offered", "offers", "The Kurdistan Region offered to host US forces."),
    EventKind("north_left", "exits", "The last US soldier left the Kurdistan Region as well."),
    EventKind("turned_north", "decisions", "Part of the force on its way out turned to the Kurdistan Region instead."),
    EventKind("ally_left", "members", "{detail} withdrew from Iraq.", MEMBERS),
    EventKind("trainers_home", "members", "{detail} took its trainers home.", MEMBERS),
    EventKind("epidemic_broke_out", "epidemics", "An epidemic broke out."),
    EventKind("oil_fell", "shocks", "The oil price had fallen by a third within three months."),
    EventKind("sanctions", "measures", "Washington let Iraq's waivers lapse and imposed sanctions."),
    EventKind("measures_used", "measures", "Washington barred Baghdad from a part of its dollars."),
    EventKind("measures_lifted", "measures", "Washington lifted its financial measures."),
    EventKind("cooperated", "steps", "Baghdad quietly tightened its rules on dollars, as Washington had asked."),
    EventKind("aims_declared", "declarations", "Washington said what its forces were in Iraq for: {detail}.",
              ("to fight ISIS and nothing else", "to watch Iran as well", "and that Baghdad owed it for its bases")),
    EventKind("backed_politicians", "efforts", "Washington began to stand by politicians who want it to stay."),
    EventKind("backed_protesters", "efforts", "Washington began to stand by the protesters' rights."),
    EventKind("protest_surged", "surges", "Protest surged in {place}."),
    EventKind("protest_repressed", "crackdowns", "{actor} cracked down on the protests in {place}."),
    EventKind("protesters_killed_by_factions", "people", "{size} protester{s} {were} killed by {actor}."),
    EventKind("protesters_killed_by_forces", "people", "{size} protester{s} {were} killed by Iraqi forces."),
    EventKind("civilians_killed_fighting_isis", "people", "{size} civilian{s} died where factions fought ISIS."),
    EventKind("framework_ratified", "votes", "Parliament ratified the framework with {size} votes."),
    EventKind("framework_unratified", "votes",
              "Parliament withheld its vote from the framework; it rests on letters between the governments."),
    EventKind("framework_renewed", "agreements", "Baghdad and Washington put off the date of the transition."),
    EventKind("talks_stuck", "talks", "The talks broke off over {detail}.", _ITEMS),
    EventKind("forces_refused", "refusals", "Iraqi forces would not move against the factions."),
    EventKind("forces_confronted", "steps", "Iraqi forces moved against men of {target} who were about to fire."),
    EventKind("cell_crossed", "cells", "{size} ISIS cell{s} crossed from Syria into {place}.", hidden=True),
    EventKind("left_syria", "people", "{size} US soldier{s} left Syria and Jordan.", hidden=True),
    EventKind("leaving_hurried", "decisions", "Under fire, the withdrawal was hurried."),
    EventKind("motion_lapsed", "motions", "The motion to expel lapsed without a session."),
    EventKind("demand_renewed", "demands", "Baghdad renewed the demand that US forces leave."),
    EventKind("leaving_slowed", "decisions", "With ISIS on the rise, the withdrawal was slowed."),
    EventKind("isis_leader_taken", "leaders", "A leader of ISIS was killed or caught."),
    EventKind("army_broke", "routs", "The army broke in {place}, and ISIS took its towns."),
    EventKind("drew_together", "decisions", "Washington ordered its troops into fewer, better defended bases."),
    EventKind("spread_out", "decisions", "Washington ordered its troops back to the bases that it had left."),
    EventKind("reviewed", "reviews", "Washington reviewed its presence, {detail}.",
              ("as it does every quarter", "after the dead", "after the demand that it leave",
               "after the vote to expel", "after the siege of its embassy", "as the administration took office")),
    EventKind("office_taken", "administrations", "{detail}.",
              ("The administration in Washington began another term",
               "A new administration took office in Washington")),
    EventKind("step_agreed", "steps", "In the talks Baghdad and Washington agreed on {detail}.", _ITEMS),
    EventKind("round_spoiled", "rounds", "{actor} spoiled a round of the talks, which was to settle {detail}.", _ITEMS),
    EventKind("framework_lapsed", "agreements", "{detail}.",
              ("The new government repudiated the framework", "Baghdad declared the framework void over the strike")),
    EventKind("season_turned", "seasons", "{detail}.",
              ("The factions' fire all but ceased", "The factions went over to rockets now and then",
               "The factions began a campaign")),
    EventKind("cities_retaken", "sieges", "Iraqi forces retook the towns of {place} from ISIS."),
)  # fmt: skip
(
    NOTHING, ATTACK, ATTACK_OUTSIDE, US_KILLED, US_WOUNDED, COALITION_KILLED, IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US, CIVILIANS_KILLED_BY_US, MILITIA_KILLED, STRIKE, WRONG_TARGET, LEADER_KILLED, IRAN_MISSILES,
    SIEGE_BEGAN, SIEGE_ENDED, TRUCE_BEGAN, TRUCE_ENDED, IRAN_ORDERED, HELD, US_PROTESTED, GOVERNMENT_PROTESTED,
    OPERATIONS_SUSPENDED, OPERATIONS_RESUMED, BASE_HANDED_OVER, BASE_REOPENED, AIR_DEFENCE, REINFORCED, MOTION_TABLED,
    VOTE_PASSED, VOTE_FAILED, QUORUM_FAILED, NOMINEE_CHARGED, NOMINEE_FAILED, GOVERNMENT_FORMED, GOVERNMENT_FELL,
    DEMANDED, DEMAND_WITHDRAWN, DEMAND_REFUSED, DEMAND_ACCEPTED, OPERATIONS_LIMITED, LIMITS_LIFTED, TALKS_OPENED,
    TALKS_SUSPENDED, TALKS_RESUMED, FRAMEWORK_SIGNED, THREATENED, THREAT_WITHDRAWN, LEVERAGE_USED, EXIT_DECIDED,
    MOVED_NORTH, TROOPS_LEFT, EXITED, DRAWN_DOWN_EVENT, RUNG_CLIMBED, RALLY, ISIS_ATTACKS, ISIS_KILLED_PEOPLE,
    CELL_DESTROYED, CELL_SPLIT, WARNED, CONSENT_REFUSED, FIGHTERS_LOST, FIGHTERS_RECRUITED, CLAIMED_BY_FRONT,
    US_STRUCK_IRAN, WAR_BEGAN, WAR_ENDED, REGIONAL_WAR_BEGAN, REGIONAL_WAR_ENDED, SADR_CALLED, SADR_RALLIED,
    SADR_CALLED_OFF, PRESIDENT_CONDEMNED, NORTH_OFFERED, NORTH_LEFT, TURNED_NORTH, ALLY_LEFT, TRAINERS_HOME,
    EPIDEMIC_BROKE_OUT, OIL_FELL, SANCTIONS, MEASURES_USED, MEASURES_LIFTED, COOPERATED, AIMS_DECLARED,
    BACKED_POLITICIANS, BACKED_PROTESTERS, PROTEST_SURGED, PROTEST_REPRESSED, PROTESTERS_KILLED_BY_FACTIONS,
    PROTESTERS_KILLED_BY_FORCES, CIVILIANS_KILLED_FIGHTING_ISIS, FRAMEWORK_RATIFIED, FRAMEWORK_UNRATIFIED,
    FRAMEWORK_RENEWED, TALKS_STUCK, FORCES_REFUSED, FORCES_CONFRONTED, CELL_CROSSED, LEFT_SYRIA, LEAVING_HURRIED,
    MOTION_LAPSED, DEMAND_RENEWED, LEAVING_SLOWED, ISIS_LEADER_TAKEN, ARMY_BROKE, DREW_TOGETHER, SPREAD_OUT,
    REVIEWED, OFFICE_TAKEN, STEP_AGREED, ROUND_SPOILED, FRAMEWORK_LAPSED, SEASON_TURNED, CITIES_RETAKEN,
) = range(len(EVENT_KINDS))  # fmt: skip
N_KINDS = len(EVENT_KINDS)

#: Kinds whose daily totals every actor can count over the last 1, 7, 30 and 90 days.
WINDOWED = tuple(kind.name for kind in EVENT_KINDS if kind.windowed)
WINDOWED_KINDS = tuple(i for i, kind in enumerate(EVENT_KINDS) if kind.windowed)
WINDOWS = (1, 7, 30, 90)
