"""How one world ends, in a paragraph: the presence, Baghdad, the fight, the dead and who killed them, ISIS."""

from collections.abc import Iterable
from datetime import date, timedelta

from sim.experiments.variants import Variant
from sim.names.actors import LEANINGS, PRESENCES, RUNGS
from sim.names.events import CAUSES
from sim.stories.clauses import counted, in_words, soldiers_or_police, times, were_people
from sim.wording import date_in_words, headed, listed

_STAYING = {
    "full": "on the old terms", "limited": "limited by a framework", "transition": "in an agreed transition",
    "drawn_down": "cut down", "leaving": "on their way out", "north_only": "in the north only",
}  # fmt: skip
_LEAVING_BY = dict(zip(CAUSES, (
    "by Washington's own choice, as its policy had it",
    "on Baghdad's demand, which Washington had accepted",
    "on Baghdad's demand, which Washington could defy no longer",
    "by agreement, as its date had come",
    "by Washington's own choice, as staying cost more than it was worth",
), strict=True))  # fmt: skip
#: What makes an exit ugly.
UGLY = "under deadly fire, or on a demand that Washington had refused"
#: Iran's influence (a share) in words, each up to a bound.
_INFLUENCE = ((0.2, "slight"), (0.4, "limited"), (0.6, "considerable"), (0.8, "strong"), (1.0, "dominant"))
_PREMIERS = {
    "pro_iran": "a pro-Iran",
    "balancing": "a balancing",
    "nationalist": "a nationalist",
    "reformist": "a reformist",
}


def ending(variant: Variant, outcomes: dict[str, float | None]) -> str:
    """Return how a world ends, in a paragraph: the presence, Baghdad, the dead and who killed them, ISIS."""
    o = {name: value if value is not None else 0.0 for name, value in outcomes.items()}
    days = {name: variant.inputs.start + timedelta(days=int(o[name])) for name in o if name.endswith("_day")}
    last = variant.inputs.start + timedelta(days=variant.inputs.days - 1)
    told = [_presence_told(o, days, last), _politics_told(o, days), _fight_told(o), _toll_told(o), _isis_end_told(o)]
    return " ".join([*told, *_beyond_room_told(o)])


def _beyond_room_told(o: dict[str, float]) -> list[str]:
    """Return what a world had no room for, where there was any: its numbers are too low from there on."""
    beyond = o.get("beyond_room", 0.0)
    told = f"{beyond:,.0f} cells, attacks or strikes found no room in this world and did not come about."
    return [told] if beyond > 0 else []


def _presence_told(o: dict[str, float], days: dict[str, date], last: date) -> str:
    if not o["exited"]:
        state = PRESENCES[int(o["presence_end"])]
        since = f" since {date_in_words(days['exit_decided_day'])}" if state == "leaving" else ""
        troops = f"{o['us_troops_end']:,.0f} troops, {_STAYING.get(state, state)}{since}"
        return f"On {date_in_words(last)} US forces were still in Iraq: {troops}."
    cause = _LEAVING_BY.get(("no exit", *CAUSES)[int(o["exit_cause"])], "")
    ugly = f"; it was an ugly exit ({UGLY})" if o["exit_ugly"] else ""
    text = f"US forces left federal Iraq on {date_in_words(days['exit_day'])} {cause}{ugly}"
    if o["north_kept"]:
        return f"{text}; {o['us_troops_end']:,.0f} troops stayed in the Kurdistan Region."
    gone = days["left_all_day"]
    return (
        f"{text}{f'; they left the Kurdistan Region too on {date_in_words(gone)}' if gone > days['exit_day'] else ''}."
    )


def _politics_told(o: dict[str, float], days: dict[str, date]) -> str:
    """Return who governed at the end, what had been agreed, who else had stayed, and how much Iran counted."""
    premier = _PREMIERS.get(LEANINGS[int(o["government_leaning"])])
    clauses = [f"{premier} prime minister governed" if premier else "a caretaker governed"]
    clauses += (
        [f"a framework had been signed on {date_in_words(days['framework_day'])}"] if o["framework_signed"] else []
    )
    clauses += ["Washington had imposed sanctions"] if o["sanctions_imposed"] else []
    members = o["coalition_members_end"]
    still = f"{counted(members, 'coalition member')} still had soldiers in Iraq"
    clauses += [still if members else "no coalition member had soldiers in Iraq any more"]
    share = o["iran_influence_end"]
    word = next((word for bound, word in _INFLUENCE if share <= bound), "dominant")
    return f"At the end {listed(clauses)}; Iran's influence in Baghdad was {word} ({share:.0%})."


def _fight_told(o: dict[str, float]) -> str:
    abroad = o["militia_attacks_outside"]
    outside = f" ({in_words(abroad)} of them outside Iraq)" if abroad else ""
    salvoes = f", {counted(o['iran_direct_strikes'], 'salvo', 'salvoes')} from Iran" if o["iran_direct_strikes"] else ""
    wrong = o["wrong_target_strikes"]
    missed = f" ({in_words(wrong)} on a faction that had not fired)" if wrong else ""
    n = o["militia_attacks"] + abroad
    struck = f"{counted(o['us_strikes'], 'US strike')}{missed}"
    fought = (
        f"There {'was' if n == 1 else 'were'} {counted(n, 'attack')} by the factions{outside}{salvoes} and {struck}"
    )
    on_iran = f"; Washington struck Iranian soil {times(o['us_strikes_on_iran'])}" if o["us_strikes_on_iran"] else ""
    return f"{fought}{on_iran}; the ladder's highest rung was: {RUNGS[int(o['highest_rung'])]}."


def _toll_told(o: dict[str, float]) -> str:
    """Return the dead, by who killed them."""
    americans = were_people(o["us_killed"], "US soldier or contractor", "US personnel")
    lost = f"{americans} killed and {in_words(o['us_wounded']) if o['us_wounded'] else 'none'} wounded"
    allies = f"; {were_people(o['coalition_killed'], 'coalition soldier')} killed" if o["coalition_killed"] else ""
    civilians = ("civilian or protester", "civilians and protesters")
    soldiers = {who: o[f"iraqi_forces_killed_by_{who}"] for who in ("us", "militias")}
    killed = {
        "US strikes": [
            (o["militia_killed"], "fighter of the factions", "fighters of the factions"),
            (soldiers["us"], f"Iraqi {soldiers_or_police(soldiers['us'])}", ""),
            (o["civilians_killed_by_us"], "civilian", ""),
        ],
        "factions": [
            (soldiers["militias"], f"Iraqi {soldiers_or_police(soldiers['militias'])}", ""),
            (o["civilians_killed_by_militias"], *civilians),
        ],
        "Iraqi forces": [(o["civilians_killed_by_forces"], "protester", "")],
        "ISIS": [(o["killed_by_isis"], "person", "people")],
    }
    told = [f"{who} killed {listed(dead)}" for who, tolls in killed.items() if (dead := _dead_told(tolls))]
    return f"{headed(lost)}{allies}. {headed('; '.join(told))}." if told else f"{headed(lost)}{allies}."


def _dead_told(tolls: Iterable[tuple[float, str, str]]) -> list[str]:
    """Return the dead of each sort, where there are any."""
    return [counted(n, one, many or (one if "soldier" in one else "")) for n, one, many in tolls if n]


def _isis_end_told(o: dict[str, float]) -> str:
    return (
        f"ISIS ended with {o['isis_fighters_end']:,.0f} fighters, {o['isis_regrowth']:.2f} times those at the start, "
        f"in {counted(o['isis_governorates_end'], 'governorate')}."
    )
