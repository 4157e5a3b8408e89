"""What is read off a finished world, and off each of its weeks.

``kind`` says how it is summed up and shown: a ``count``, a ``share`` (0 to 1), a ``level``, a ``flag`` (happened or
not), a ``day`` (days from the start, null if never), a ``category``. ``among`` names the worlds of a conditional one.
"""

from typing import NamedTuple

from sim.names.actors import EXIT_KINDS, GOVERNORATES, LEANINGS, PRESENCES, RUNGS
from sim.names.events import CAUSES, SEASONS


class Measure(NamedTuple):
    """One measure: name, label for a figure, unit, kind, names of its categories, condition of its being defined."""

    name: str
    label: str
    unit: str
    kind: str
    categories: tuple[str, ...] = ()
    among: str = ""
    headline: bool = False


#: Days after an exit on which some measures are read again.
READINGS_AFTER = (180, 365)

OUTCOMES = (
    Measure("exited", "US forces left federal Iraq", "share of worlds", "flag", headline=True),
    Measure("exit_decided_day", "day on which leaving was decided", "days from start", "day", (),
            "worlds in which the US decided to leave"),
    Measure("exit_day", "day of the last US soldier in federal Iraq", "days from start", "day", (),
            "worlds with an exit"),
    Measure("exit_kind", "kind of exit", "share of worlds", "category", EXIT_KINDS),
    Measure("exit_ugly", "an ugly exit", "share of worlds with an exit", "flag", (), "worlds with an exit"),
    Measure("exit_cause", "what brought the exit about", "share of worlds", "category", ("no exit", *CAUSES)),
    Measure("north_kept", "US forces left in the Kurdistan Region only", "share of worlds", "flag"),
    Measure("left_all_day", "day of the last US soldier in Iraq, the north included", "days from start", "day", (),
            "worlds in which all of Iraq was left"),
    Measure("presence_end", "state of the presence at the end", "share of worlds", "category", PRESENCES),
    Measure("on_the_way_out", "US forces gone, leaving, or bound by a date", "share of worlds", "flag"),
    Measure("troops_low", "fewest US troops in Iraq at any time", "people", "count"),
    Measure("bases_handed_over", "bases handed over to Iraq", "bases", "count"),
    Measure("presence_days", "days of US presence in federal Iraq", "days", "count", headline=True),
    Measure("us_troops_end", "US troops in Iraq at the end", "people", "count"),
    Measure("syria_troops_end", "US troops in Syria and Jordan at the end", "people", "count"),
    Measure("coalition_members_end", "coalition members with soldiers in Iraq at the end", "members", "count"),
    Measure("coalition_troops_end", "coalition soldiers in Iraq at the end, without the US", "people", "count"),
    Measure("us_killed", "US personnel killed", "people", "count", headline=True),
    Measure("us_wounded", "US personnel wounded", "people", "count"),
    Measure("coalition_killed", "coalition soldiers killed", "people", "count"),
    Measure("iraqi_forces_killed", "Iraqi soldiers and police killed in the contest", "people", "count"),
    Measure("iraqi_forces_killed_by_us", "Iraqi soldiers and police killed by US strikes", "people", "count"),
    Measure("iraqi_forces_killed_by_militias", "Iraqi soldiers and police killed by factions", "people", "count"),
    Measure("civilians_killed", "civilians killed in the contest", "people", "count"),
    Measure("civilians_killed_by_us", "civilians killed by US strikes", "people", "count"),
    Measure("civilians_killed_by_militias", "protesters and civilians killed by factions", "people", "count"),
    Measure("civilians_killed_by_forces", "protesters killed by Iraqi forces", "people", "count"),
    Measure("killed_by_isis", "people killed by ISIS", "people", "count"),
    Measure("militia_killed", "faction fighters killed", "people", "count"),
    Measure("militia_attacks", "attacks on US sites in Iraq", "attacks", "count", headline=True),
    Measure("militia_attacks_outside", "attacks on US sites in Syria and Jordan", "attacks", "count"),
    Measure("longest_quiet", "most days in a row without an attack on US sites", "days", "count"),
    Measure("busiest_week", "most attacks on US sites in a week", "attacks", "count"),
    Measure("attack_harmless_share", "attacks that hurt nobody", "share of attacks", "share", (),
            "worlds with an attack"),
    Measure("attack_top_decile_share", "share of the harm done by the gravest tenth of attacks", "share of the hurt",
            "share", (), "worlds in which an attack hurt somebody"),
    Measure("attack_dispersion", "variance over mean of weekly attacks", "ratio", "level", (), "worlds with an attack"),
    Measure("us_strikes", "US strikes", "strikes", "count", headline=True),
    Measure("wrong_target_strikes", "strikes on a faction that had not fired", "strikes", "count"),
    Measure("first_us_strike_day", "day of the first US strike", "days from start", "day", (), "worlds with a strike"),
    Measure("iran_direct_strikes", "missile salvoes from Iran", "salvoes", "count"),
    Measure("iran_restrained_days", "days on which Iran told the factions to restrain themselves", "days", "count"),
    Measure("iran_pushing_days", "days on which Iran told the factions to push", "days", "count"),
    Measure("us_strikes_on_iran", "US strikes on Iranian soil", "strikes", "count"),
    Measure("open_war", "open war between the US and Iran", "share of worlds", "flag"),
    Measure("highest_rung", "highest rung of the ladder", "share of worlds", "category", RUNGS),
    Measure("government_day", "day on which a government was confirmed", "days from start", "day", (),
            "worlds in which a new government was confirmed"),
    Measure("government_leaning", "leaning of the premier at the end", "share of worlds", "category", LEANINGS),
    Measure("vote_held", "a motion to expel reached a vote or a failed quorum", "share of worlds", "flag"),
    Measure("vote_passed", "a motion to expel passed", "share of worlds", "flag"),
    Measure("votes_for", "votes for the first motion", "members", "count", (), "worlds with a vote"),
    Measure("votes_present", "members present at the first motion", "members", "count", (), "worlds with a vote"),
    Measure("votes_absent", "members absent from the first motion", "members", "count", (), "worlds with a vote"),
    Measure("demand_day", "day of the first demand to leave", "days from start", "day", (), "worlds with a demand"),
    Measure("first_demand_in_office", "the first demand was made by a government in office",
            "share of worlds with a demand", "flag", (), "worlds with a demand"),
    Measure("framework_signed", "a framework agreement was signed", "share of worlds", "flag", headline=True),
    Measure("steps_agreed", "steps agreed in talks on the presence", "steps", "count"),
    Measure("framework_day", "day on which a framework agreement was signed", "days from start", "day", (),
            "worlds with a framework"),
    Measure("balancing_share_end", "members between the camps at the end", "share of members", "share"),
    Measure("iran_influence_end", "Iran's influence in Baghdad at the end", "share", "share", headline=True),
    Measure("sanctions_imposed", "US sanctions on Iraq", "share of worlds", "flag"),
    Measure("economy_end", "the economy at the end, over its level at the start", "ratio", "level"),
    Measure("isis_attacks", "ISIS attacks (Pentagon's base)", "attacks", "count"),
    Measure("isis_attacks_last_quarter", "ISIS attacks in the last 91 days", "attacks", "count"),
    Measure("isis_fighters_end", "ISIS fighters at the end", "people", "count"),
    Measure("isis_cells_end", "ISIS cells at the end", "cells", "count"),
    Measure("isis_governorates_end", "governorates with ISIS attacks in the last 91 days", "governorates", "count"),
    Measure("isis_regrowth", "ISIS fighters at the end over the start", "ratio", "level", headline=True),
    Measure("isis_control_max", "most people under ISIS control at any time", "share of people", "share"),
    Measure("anti_us_end", "people angry at the US at the end", "share of people", "share"),
    Measure("anti_iran_end", "people angry at Iran at the end", "share of people", "share"),
    Measure("anti_militia_end", "people angry at the armed factions at the end", "share of people", "share"),
    Measure("reform_anger_end", "people angry at their own government at the end", "share of people", "share"),
    Measure("polarisation_end", "polarisation of parliament over the presence", "share", "share"),
    Measure("sectarian_end", "sectarian split of politics at the end", "share", "share"),
    Measure("baghdad_trust_end", "Baghdad's trust in US restraint at the end", "share", "share"),
    Measure("beyond_room", "cells, attacks and strikes that a world had no room for", "events", "count"),
    *(
        Measure(f"{name}_{days}", f"{label} {days} days after the exit", unit, kind, (),
                f"worlds with an exit at least {days} days before the end")
        for days in READINGS_AFTER
        for name, label, unit, kind in (
            ("isis_growth", "ISIS fighters over those on the day of the exit,", "ratio", "level"),
            ("isis_attacks", "ISIS attacks in the 91 days up to", "attacks", "count"),
            ("iran_influence", "Iran's influence in Baghdad", "share", "share"),
            ("coalition_members", "coalition members with soldiers in Iraq", "members", "count"),
            ("anti_us", "people angry at the US", "share of people", "share"),
            ("economy", "the economy, over its level at the start,", "ratio", "level"),
        )
    ),
)  # fmt: skip


def place_series(series: str, governorate: str) -> str:
    """Return the name of a weekly series in one governorate: ``isis_attacks_salah_al_din``."""
    return f"{series}_{governorate.lower().replace(' ', '_').replace('-', '_')}"


def places_of(series: str) -> list[str]:
    """Return the names of a weekly series in the governorates, in their order."""
    return [place_series(series, governorate) for governorate in GOVERNORATES]


def _by_place(series: str, label: str, unit: str, kind: str) -> tuple[Measure, ...]:
    return tuple(Measure(place_series(series, g), label.format(place=g), unit, kind) for g in GOVERNORATES)


#: Series that are kept of each governorate too. Of the bases it is the troops at them: their number shows a cut and a
#: move to the north, which the number of bases does not.
BY_PLACE = ("isis_attacks", "attacks", "us_troops", "anti_us")

SERIES = (
    Measure("us_troops", "US troops in Iraq", "people", "level", headline=True),
    *_by_place("us_troops", "US troops in {place}", "people", "level"),
    Measure("presence", "state of the presence", "state", "category", PRESENCES),
    Measure("bases_open", "bases with US troops in Iraq", "bases", "level"),
    Measure("attacks", "attacks on US sites in Iraq in the week", "attacks", "count", headline=True),
    *_by_place("attacks", "attacks on US sites in {place} in the week", "attacks", "count"),
    Measure("us_strikes", "US strikes in the week", "strikes", "count", headline=True),
    Measure("us_killed", "US personnel killed in the week", "people", "count"),
    Measure("season", "season of violence", "season", "category", SEASONS),
    Measure("rung", "rung of the ladder", "rung", "level"),
    Measure("factions_holding", "factions that have promised to hold fire", "factions", "level"),
    Measure("enablers", "coalition enablers over those at the start", "ratio", "level"),
    Measure("isis_fighters", "ISIS fighters", "people", "level", headline=True),
    Measure("isis_cells", "ISIS cells", "cells", "level"),
    Measure("isis_attacks", "ISIS attacks in the week", "attacks", "count", headline=True),
    *_by_place("isis_attacks", "ISIS attacks in {place} in the week", "attacks", "count"),
    Measure("isis_control", "people under ISIS control", "share of people", "share"),
    Measure("anti_us", "people angry at the US", "share of people", "share", headline=True),
    *_by_place("anti_us", "people of {place} angry at the US", "share of people", "share"),
    Measure("anti_iran", "people angry at Iran", "share of people", "share"),
    Measure("anti_militia", "people angry at the armed factions", "share of people", "share"),
    Measure("reform_anger", "people angry at their government", "share of people", "share"),
    Measure("isis_fear", "people in fear of ISIS", "share of people", "share"),
    Measure("protest", "strength of the protests", "share", "share"),
    Measure("reform_agenda", "weight of reform in what the protests ask for", "share", "share"),
    Measure("iran_influence", "Iran's influence in Baghdad", "share", "share"),
    Measure("sadr_stance", "Sadr's stance, 0 against Iran's hold to 1 against the US", "share", "share"),
    Measure("sectarian", "sectarian split of politics", "share", "share"),
    Measure("economy", "the economy over its level at the start", "ratio", "level"),
    Measure("oil_price", "oil price over that at the start", "ratio", "level"),
    Measure("epidemic", "weight of an epidemic on daily life", "share", "share"),
    Measure("regional_war", "level of a war in the region", "share", "share"),
    Measure("attacks_outside", "attacks on US sites in Syria and Jordan in the week", "attacks", "count"),
    Measure("coalition_members", "coalition members with soldiers in Iraq", "members", "level"),
    Measure("coalition_troops", "coalition soldiers in Iraq, without the US", "people", "level"),
    Measure("syria_troops", "US troops in Syria and Jordan", "people", "level"),
    Measure("iraqi_skill", "skill of Iraqi forces", "share", "share"),
    Measure("baghdad_trust", "Baghdad's trust in US restraint", "share", "share"),
    Measure("support_for_expulsion", "members for expulsion", "share of members", "share"),
    Measure("polarisation", "polarisation of parliament", "share", "share"),
    Measure("government_in_office", "a government in office", "share of worlds", "flag"),
    Measure("demand_made", "a demand to leave stands", "share of worlds", "flag"),
    Measure("talks_open", "talks open", "share of worlds", "flag"),
    Measure("framework_signed", "a framework in force", "share of worlds", "flag"),
    Measure("resolve", "Washington's resolve", "share", "share"),
    Measure("cost_at_home", "cost felt in Washington", "share", "share"),
)  # fmt: skip
