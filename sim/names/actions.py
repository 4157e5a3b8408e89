"""What each seat can do: lanes, actions, and the options of each action.

The first matching rule of a lane acts. Actions are numbered through a seat's list; the record holds that number.
Options are numbers or one of a few words (held as the word's place in the list).
"""

from typing import NamedTuple

from sim.names.actors import AIMS, FACTIONS


class Option(NamedTuple):
    """One option of an action: a number in a range, or one of ``choices``."""

    name: str
    meaning: str
    default: float
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    choices: tuple[str, ...] = ()


class Action(NamedTuple):
    """One thing a seat can do: its name, lane, meaning and options."""

    name: str
    lane: str
    meaning: str
    options: tuple[Option, ...] = ()


#: At most this many options an action.
MAX_OPTIONS = 4

_TARGET = Option("target", "whom to strike: the likeliest perpetrator, or a faction by name", 0.0,
                 choices=("suspect", *FACTIONS))  # fmt: skip
_CONSENT = Option(
    "baghdad",
    "what Baghdad is told or asked beforehand (it may refuse its consent)",
    0.0,
    choices=("nothing", "notice", "consent"),
)
_PLACE = Option("place", "where it falls", 0.0, choices=("desert", "town", "capital"))

US_ACTIONS = (
    Action("hold", "response", "hold fire for today; the attack stays unanswered until it is too old"),
    Action("protest", "response", "protest to Baghdad instead of striking"),
    Action("strike", "response", "strike a faction",
           (_TARGET, Option("weight", "how heavy", 0.0, choices=("proportionate", "heavy")), _CONSENT, _PLACE)),
    Action("leadership_strike", "response", "kill a leader of a faction (and whoever is with him)",
           (_TARGET, _CONSENT, _PLACE)),
    Action("strike_iran", "response", "answer a blow of Iran's own on its soil",
           (Option("weight", "share of a full blow", 0.3, "share", 0.0, 1.0),)),
    Action("consolidate", "posture", "draw troops together in fewer, better defended bases"),
    Action("spread", "posture", "return to the bases that were left"),
    Action("air_defence", "posture", "bring in air defences"),
    Action("reinforce", "posture", "send more troops",
           (Option("troops", "how many", 750.0, "people", 0.0, 20000.0),)),
    Action("suspend", "operations", "suspend counter-ISIS work to protect the force"),
    Action("resume", "operations", "resume counter-ISIS work"),
    Action("offer_talks", "talks", "offer talks on a framework for the presence"),
    Action("refuse", "talks", "refuse to discuss a withdrawal"),
    Action("accept_demand", "talks", "accept Baghdad's demand and leave"),
    Action("suspend_talks", "talks", "suspend the talks"),
    Action("quiet_leverage", "money", "press Baghdad quietly over its reserves"),
    Action("threaten", "money", "threaten sanctions in the open"),
    Action("withdraw_threat", "money", "take an open threat back"),
    Action("use_measures", "money", "bar Baghdad from a part of its dollars"),
    Action("waive", "money", "lift financial measures, and renew waivers"),
    Action("back_politicians", "politics", "stand by politicians who want the presence",
           (Option("effort", "share of the means", 0.5, "share", 0.0, 1.0),
            Option("how", "so that everybody sees it, or not", 0.0, choices=("quietly", "openly")))),
    Action("back_protesters", "politics", "stand by protesters' rights",
           (Option("effort", "share of the means", 0.5, "share", 0.0, 1.0),
            Option("how", "so that everybody sees it, or not", 0.0, choices=("quietly", "openly")))),
    Action("declare_aims", "politics", "say aloud what the forces are in Iraq for",
           (Option("aims", "what for", 0.0, choices=AIMS),)),
    Action("withdraw", "presence", "leave Iraq",
           (Option("days", "how many days it takes", 180.0, "days", 14.0, 1000.0),)),
    Action("relocate_north", "presence", "leave federal Iraq for the Kurdistan Region",
           (Option("days", "how many days it takes", 150.0, "days", 14.0, 1000.0),)),
    Action("draw_down", "presence", "cut the force without leaving",
           (Option("share", "share of the troops that stays", 0.5, "share", 0.05, 1.0),)),
)  # fmt: skip
IRAN_ACTIONS = (
    Action("order", "proxies", "tell the factions how hard to press",
           (Option("push", "from -1 (stand down) to 1 (all out)", 0.0, "level", -1.0, 1.0),)),
    Action("missiles", "direct", "fire ballistic missiles at a US base",
           (Option("weight", "share of a full salvo, aimed to hurt", 0.3, "share", 0.0, 1.0),)),
    Action("court", "politics", "spend money and pressure on members and the choice of a premier",
           (Option("effort", "share of the means", 0.5, "share", 0.0, 1.0),)),
)  # fmt: skip
FACTION_ACTIONS = (
    Action("hold", "fire", "promise to hold fire",
           (Option("days", "for how long", 60.0, "days", 1.0, 1000.0),)),
    Action("break_promise", "fire", "end a promise to hold fire"),
    Action("harass", "fire", "rockets now and then, meant to be felt",
           (Option("effort", "how often, over the faction's usual", 1.0, "ratio", 0.0, 10.0),)),
    Action("press", "fire", "attack often, with heavier weapons",
           (Option("effort", "how often, over the faction's usual", 2.0, "ratio", 0.0, 10.0),
            Option("heavy", "share of heavy weapons among attacks", 0.4, "share", 0.0, 1.0))),
    Action("besiege_embassy", "street", "lead a crowd to the US embassy"),
    Action("call_off", "street", "send the crowd home"),
    Action("table_motion", "parliament", "have allied members table a motion to expel"),
    Action("repress", "protest", "send men to clear the protests",
           (Option("weight", "how roughly", 0.5, "share", 0.0, 1.0),)),
    Action("fight_isis", "isis", "send men against ISIS",
           (Option("effort", "share of the men", 0.5, "share", 0.0, 1.0),)),
)  # fmt: skip
GOVERNMENT_ACTIONS = (
    Action("ignore", "presence", "leave the question of the presence alone"),
    Action("limit", "presence", "limit what US forces may do"),
    Action("negotiate", "presence", "seek talks on a framework"),
    Action("demand", "presence", "demand that US forces leave"),
    Action("let_rest", "presence", "let a demand rest, lift limits"),
    Action("protest", "voice", "protest a US strike"),
    Action("suspend_talks", "talks", "suspend the talks"),
    Action("resume_talks", "talks", "resume suspended talks"),
    Action("cooperate_on_finance", "money", "work with Washington on banks and dollars, without saying so"),
    Action("guard_protests", "forces", "have the forces shield the protests"),
    Action("clear_protests", "forces", "have the forces clear the protests"),
    Action("confront_factions", "forces", "order the forces against factions that fire"),
)  # fmt: skip

ACTIONS = {
    "us": US_ACTIONS,
    "iran": IRAN_ACTIONS,
    "government": GOVERNMENT_ACTIONS,
    "factions": FACTION_ACTIONS,
}
(
    US_HOLD, US_PROTEST, US_STRIKE, US_LEADERSHIP_STRIKE, US_STRIKE_IRAN, US_CONSOLIDATE, US_SPREAD, US_AIR_DEFENCE,
    US_REINFORCE, US_SUSPEND, US_RESUME, US_OFFER_TALKS, US_REFUSE, US_ACCEPT_DEMAND, US_SUSPEND_TALKS,
    US_QUIET_LEVERAGE, US_THREATEN, US_WITHDRAW_THREAT, US_USE_MEASURES, US_WAIVE, US_BACK_POLITICIANS,
    US_BACK_PROTESTERS, US_DECLARE_AIMS, US_WITHDRAW, US_RELOCATE_NORTH, US_DRAW_DOWN,
) = range(len(US_ACTIONS))  # fmt: skip
IRAN_ORDER, IRAN_FIRE_MISSILES, IRAN_COURT = range(len(IRAN_ACTIONS))
(
    FACTION_HOLD, FACTION_BREAK, FACTION_HARASS, FACTION_PRESS, FACTION_BESIEGE, FACTION_CALL_OFF, FACTION_TABLE,
    FACTION_REPRESS, FACTION_FIGHT_ISIS,
) = range(len(FACTION_ACTIONS))  # fmt: skip
(
    GOV_IGNORE, GOV_LIMIT, GOV_NEGOTIATE, GOV_DEMAND, GOV_LET_REST, GOV_PROTEST, GOV_SUSPEND_TALKS, GOV_RESUME_TALKS,
    GOV_COOPERATE, GOV_GUARD_PROTESTS, GOV_CLEAR_PROTESTS, GOV_CONFRONT,
) = range(len(GOVERNMENT_ACTIONS))  # fmt: skip

MAX_ACTIONS = max(len(actions) for actions in ACTIONS.values())


def lanes_of(policy_key: str) -> tuple[str, ...]:
    """Return the lanes of the seats under ``policy_key``, in the order in which they are decided."""
    return tuple(dict.fromkeys(action.lane for action in ACTIONS[policy_key]))


LANES = {key: lanes_of(key) for key in ACTIONS}
(
    LANE_RESPONSE, LANE_POSTURE, LANE_OPERATIONS, LANE_TALKS, LANE_MONEY, LANE_US_POLITICS, LANE_PRESENCE,
) = range(len(LANES["us"]))  # fmt: skip
(LANE_PROXIES, LANE_DIRECT, LANE_POLITICS) = range(len(LANES["iran"]))
(LANE_FIRE, LANE_STREET, LANE_PARLIAMENT, LANE_PROTEST, LANE_ISIS) = range(len(LANES["factions"]))
(LANE_STANCE, LANE_VOICE, LANE_TALKS_BAGHDAD, LANE_FINANCE, LANE_FORCES) = range(len(LANES["government"]))
MAX_LANES = max(len(lanes) for lanes in LANES.values())
