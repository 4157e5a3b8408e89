"""What each action needs: on a day without these means its rule counts as not matched, and the next has its turn.

The rules themselves decide it (``can`` in ``sim/world``); here it is said in words, for pages, schemas and warnings.
"""

from sim.names.actions import ACTIONS

_CASE = "an attack awaits an answer"
_TROOPS = "US troops in Iraq, the north included"
_STAYS = "leaving is not decided, nor the presence pinned"
_NOT_LEAVING = "leaving is not decided"
_DEMAND = "a demand or limits in force, leaving is not decided"

#: The means of each action that may lack them; one that is not named here can be had on any day.
MEANS: dict[str, dict[str, str]] = {
    "us": {
        "hold": _CASE, "protest": _CASE, "strike": _TROOPS, "leadership_strike": _TROOPS,
        "strike_iran": "a blow of Iran's own awaits an answer",
        "consolidate": "US troops, not yet drawn together", "spread": "troops drawn together, leaving is not decided",
        "air_defence": "not ordered before", "reinforce": _NOT_LEAVING,
        "suspend": "US troops, work not suspended", "resume": "US troops, work suspended",
        "offer_talks": _NOT_LEAVING,
        "accept_demand": "a demand stands, leaving is not decided, nor the presence pinned",
        "suspend_talks": "talks are open", "threaten": "no open threat stands",
        "withdraw_threat": "an open threat stands", "use_measures": "no measures in force",
        "waive": "measures or sanctions in force", "back_protesters": "protests",
        "declare_aims": _NOT_LEAVING, "withdraw": _STAYS,
        "relocate_north": f"{_STAYS}, and the Kurdistan Region would host",
        "draw_down": f"{_STAYS}, the presence is full",
    },
    "iran": {"missiles": "US troops in Iraq, and a salvo in stock"},
    "government": {
        "limit": "no limits in force, leaving is not decided",
        "negotiate": "a confirmed government, no framework in force, leaving is not decided",
        "demand": "no demand stands, leaving is not decided", "let_rest": _DEMAND,
        "protest": "a US strike not yet protested", "suspend_talks": "talks are open",
        "resume_talks": "talks suspended for a while, a confirmed government",
        "cooperate_on_finance": "US leverage that is felt, or measures in force",
        "confront_factions": "a confirmed government",
    },
    "factions": {
        "break_promise": "it has promised to hold fire", "besiege_embassy": "US forces there, no siege yet",
        "call_off": "it leads a siege",
        "table_motion": "a stake in politics, no motion tabled, none passed since the last US strike, "
        "leaving is not decided",
        "repress": "protests",
    },
}  # fmt: skip

_STILL = "not exit_decided"
#: What of an action's means can be told from what the actor sees at dawn, as conditions that must all be able to hold.
SEEN_MEANS: dict[str, dict[str, tuple[str, ...]]] = {
    "us": {
        "hold": ("attack_unanswered",), "protest": ("attack_unanswered",),
        "strike": ("us_troops > 0",), "leadership_strike": ("us_troops > 0",),
        "consolidate": ("us_troops > 0", "not consolidated"), "spread": ("consolidated", _STILL),
        "reinforce": (_STILL,), "suspend": ("us_troops > 0", "not operations_suspended"),
        "resume": ("us_troops > 0", "operations_suspended"), "offer_talks": (_STILL,),
        "accept_demand": ("demand_made", _STILL), "suspend_talks": ("talks_open",), "threaten": ("not threat_made",),
        "withdraw_threat": ("threat_made",), "use_measures": ("not measures_in_force",),
        "waive": ("measures_in_force or sanctions_imposed",), "back_protesters": ("protest > 0",),
        "declare_aims": (_STILL,), "withdraw": (_STILL,), "relocate_north": (_STILL,), "draw_down": (_STILL,),
    },
    "iran": {"missiles": ("us_troops > 0",)},
    "government": {
        "limit": ("not operations_limited", _STILL),
        "negotiate": ("government_in_office", "not framework_signed", _STILL), "demand": ("not demand_made", _STILL),
        "let_rest": ("demand_made or operations_limited", _STILL), "suspend_talks": ("talks_open",),
        "resume_talks": ("talks_suspended", "government_in_office"),
        "cooperate_on_finance": ("leverage_felt > 0 or measures_in_force",),
        "confront_factions": ("government_in_office",),
    },
    "factions": {
        "break_promise": ("holding",), "besiege_embassy": ("not embassy_besieged",),
        "table_motion": ("not motion_tabled", "stake > 0", _STILL), "repress": ("protest > 0",),
    },
}  # fmt: skip
#: Actions that can be had on days on which they change nothing: when they change something.
CHANGES = {
    "us": {"offer_talks": "not talks_open"},
    "government": {"negotiate": "not talks_open"},
}


def means_of(actor: str, action: str) -> str:
    """Return in words what an action needs, nothing when it can be had on any day."""
    if action not in [one.name for one in ACTIONS[actor]]:
        raise KeyError(action)
    return MEANS[actor].get(action, "")


def as_readily(actor: str, first: str, second: str) -> bool:
    """Return whether it is certain that ``first`` has its means whenever ``second`` has."""
    needed = means_of(actor, first)
    return not needed or needed == means_of(actor, second)
