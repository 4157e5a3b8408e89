"""What is read off a world: each outcome and each number of a week, from the fields that it is of."""

import math
from typing import Any

import pytest

from sim.names.actors import GONE_DEMAND, N_FACTIONS, NORTH_ONLY
from sim.names.events import (
    ATTACK,
    ATTACK_OUTSIDE,
    CIVILIANS_KILLED_BY_US,
    CIVILIANS_KILLED_FIGHTING_ISIS,
    COALITION_KILLED,
    IRAN_MISSILES,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
    MILITIA_KILLED,
    PROTESTERS_KILLED_BY_FACTIONS,
    PROTESTERS_KILLED_BY_FORCES,
    SANCTIONS,
    STRIKE,
    US_KILLED,
    US_STRUCK_IRAN,
    US_WOUNDED,
    WRONG_TARGET,
)
from sim.world import measures
from sim.world.field import HARM_BINS
from tests.rules.exact import blank, outcome, put, week

NULL = math.nan
#: A world that has been left, with a number of its own in every field that says how.
LEFT: dict[str, Any] = {
    "day": 900, "presence.exit_day": 310, "presence.decided_day": 230, "presence.exit_kind": 2, "presence.ugly": 1,
    "presence.exit_cause": 3, "presence.left_all_day": 420,
}  # fmt: skip
HOUSE: dict[str, Any] = {"parliament.first_for": 166, "parliament.first_present": 203, "n_members": 329}


def _read(values: dict[str, Any], name: str) -> float:
    """Return an outcome of a blank world with these values in it, in which no vote and no demand has been."""
    days = ("government.formed_day", "government.first_demand_day", "government.framework_day")
    never = dict.fromkeys((*days, "parliament.first_for", "parliament.first_present", "parliament.passed_day"), -1)
    o = outcome()
    measures.read_outcomes(blank(never | values), o)
    return float(o[name])


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({}, "exited", 0.0),
        ({"presence.exit_day": 0}, "exited", 1.0),
        (LEFT, "exited", 1.0),
        ({}, "exit_decided_day", NULL),
        ({"presence.decided_day": 0}, "exit_decided_day", 0.0),
        (LEFT, "exit_decided_day", 230.0),
        ({}, "exit_day", NULL),
        (LEFT, "exit_day", 310.0),
        ({"presence.exit_kind": 2}, "exit_kind", 0.0),
        (LEFT, "exit_kind", 2.0),
        ({"presence.ugly": 1}, "exit_ugly", NULL),
        (LEFT, "exit_ugly", 1.0),
        (LEFT | {"presence.ugly": 0}, "exit_ugly", 0.0),
        ({"presence.exit_cause": 3}, "exit_cause", 0.0),
        (LEFT, "exit_cause", 4.0),
        ({}, "left_all_day", NULL),
        (LEFT, "left_all_day", 420.0),
        ({"outside_troops": 870.0}, "syria_troops_end", 870.0),
        ({"coalition_members": 11.0}, "coalition_members_end", 11.0),
        ({"coalition_troops": 1310.0}, "coalition_troops_end", 1310.0),
        ({"presence.state": NORTH_ONLY}, "north_kept", 1.0),
        ({"presence.state": GONE_DEMAND}, "north_kept", 0.0),
        ({"presence.state": GONE_DEMAND}, "presence_end", 7.0),
        ({"presence.days": 77}, "presence_days", 77.0),
        ({"presence.troops": 300.0, "presence.troops_north": 1200.0}, "us_troops_end", 1500.0),
        ({"beyond_room": 5.0}, "beyond_room", 5.0),
    ],
)
def test_what_became_of_the_presence_is_read_off_its_fields(values: dict[str, Any], name: str, expected: float) -> None:
    """Days that never came, and how an exit went where there was none, are null; kinds and causes are none."""
    assert _read(values, name) == pytest.approx(expected, nan_ok=True)


#: Totals of kinds of events, each a power of two: any sum of them tells which are in it.
TOTALS = {
    US_KILLED: 1.0, US_WOUNDED: 2.0, COALITION_KILLED: 4.0, IRAQI_KILLED_BY_MILITIA: 8.0, IRAQI_KILLED_BY_US: 16.0,
    CIVILIANS_KILLED_BY_US: 32.0, PROTESTERS_KILLED_BY_FACTIONS: 64.0, CIVILIANS_KILLED_FIGHTING_ISIS: 128.0,
    PROTESTERS_KILLED_BY_FORCES: 256.0, ISIS_KILLED_PEOPLE: 512.0, MILITIA_KILLED: 1024.0, ATTACK: 2048.0,
    ATTACK_OUTSIDE: 4096.0, US_STRUCK_IRAN: 8192.0, STRIKE: 16384.0, WRONG_TARGET: 32768.0, IRAN_MISSILES: 65536.0,
    ISIS_ATTACKS: 131072.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("us_killed", 1.0),
        ("us_wounded", 2.0),
        ("coalition_killed", 4.0),
        ("iraqi_forces_killed", 24.0),
        ("iraqi_forces_killed_by_us", 16.0),
        ("iraqi_forces_killed_by_militias", 8.0),
        ("civilians_killed", 32.0 + 192.0 + 256.0),
        ("civilians_killed_by_us", 32.0),
        ("civilians_killed_by_militias", 192.0),
        ("civilians_killed_by_forces", 256.0),
        ("killed_by_isis", 512.0),
        ("militia_killed", 1024.0),
        ("militia_attacks", 2048.0),
        ("militia_attacks_outside", 4096.0),
        ("us_strikes_on_iran", 8192.0),
        ("us_strikes", 16384.0),
        ("wrong_target_strikes", 32768.0),
        ("iran_direct_strikes", 65536.0),
        ("isis_attacks", 131072.0),
        ("attack_harmless_share", 1536.0 / 6144.0),
    ],
)
def test_harm_and_exchanges_are_the_totals_of_their_kinds(name: str, expected: float) -> None:
    """Who was killed by whom, and how often each side fired, are sums of the totals that belong to it."""
    values = {f"total.{kind}": size for kind, size in TOTALS.items()} | {"harmless": 1536.0}
    assert _read(values, name) == expected


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({"harmless": 3.0}, "attack_harmless_share", NULL),
        ({f"total.{ATTACK}": 1.0, "harmless": 1.0}, "attack_harmless_share", 1.0),
        ({"had_open_war": 1}, "open_war", 1.0),
        ({"first_strike": 0}, "first_us_strike_day", 0.0),
        ({"first_strike": -1}, "first_us_strike_day", NULL),
        ({"first_strike": 33}, "first_us_strike_day", 33.0),
        ({"highest_rung": 6}, "highest_rung", 6.0),
        # Weeks of 1, 3 and 8 attacks: a mean of 4, a variance of (9 + 1 + 16) / 2 = 13.
        ({"attacks_sum": 12.0, "attacks_squares": 74.0, "weeks": 3}, "attack_dispersion", 13.0 / 4.0),
        # Weeks of no attack and of one: a mean of 1/2, a variance of 1/2.
        ({"attacks_sum": 1.0, "attacks_squares": 1.0, "weeks": 2}, "attack_dispersion", 1.0),
        ({"attacks_sum": 5.0, "attacks_squares": 25.0, "weeks": 1}, "attack_dispersion", NULL),
        ({"attacks_sum": 0.0, "attacks_squares": 0.0, "weeks": 9}, "attack_dispersion", NULL),
    ],
)
def test_attacks_and_their_spread_are_null_where_there_were_none(
    values: dict[str, Any], name: str, expected: float
) -> None:
    """Shares and spread of attacks need attacks, and a spread needs two weeks."""
    assert _read(values, name) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("attacks", "outside", "bins", "expected"),
    [
        # Ten attacks hurt 100: the gravest one hurt 40.
        (10.0, 0.0, {40: (1.0, 40.0), 30: (2.0, 60.0)}, 0.4),
        # Twenty, half of them abroad: the gravest two are one of 40 and one of the two of 30.
        (10.0, 10.0, {40: (1.0, 40.0), 30: (2.0, 60.0)}, 0.7),
        # Five: half of the gravest.
        (5.0, 0.0, {40: (1.0, 60.0), 1: (3.0, 3.0), 0: (1.0, 0.0)}, 30.0 / 63.0),
        # One attack that hurt one, and one that is too many to be counted singly: bins from first to last.
        (20.0, 0.0, {1: (1.0, 1.0), 40: (1.0, 99.0)}, 1.0),
        (300.0, 0.0, {0: (5.0, 0.0), 2: (1.0, 2.0)}, 1.0),
        (300.0, 0.0, {40: (1.0, 99.0)}, 1.0),
        (10.0, 0.0, {1: (1.0, 1.0)}, 1.0),
        (10.0, 0.0, {0: (7.0, 0.0)}, NULL),
        (0.0, 0.0, {}, NULL),
    ],
)
def test_the_gravest_tenth_of_attacks_is_counted_from_the_gravest_down(
    attacks: float, outside: float, bins: dict[int, tuple[float, float]], expected: float
) -> None:
    """A tenth of all attacks, harmless ones too, taken from the gravest; the last of them in part."""
    values: dict[str, Any] = {f"total.{ATTACK}": attacks, f"total.{ATTACK_OUTSIDE}": outside}
    for k, (count, hurt) in bins.items():
        values |= {f"harm_count.{k}": count, f"harm_sum.{k}": hurt}
    assert HARM_BINS == 41
    assert _read(values, "attack_top_decile_share") == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({}, "government_day", NULL),
        ({"government.formed_day": 0}, "government_day", 0.0),
        ({"government.formed_day": 55}, "government_day", 55.0),
        ({"government.leaning": 3}, "government_leaning", 0.0),
        ({"government.leaning": 3, "government.in_office": 1}, "government_leaning", 3.0),
        ({}, "vote_held", 0.0),
        (HOUSE, "vote_held", 1.0),
        (HOUSE | {"parliament.first_for": 0}, "vote_held", 1.0),
        ({}, "vote_passed", 0.0),
        (HOUSE | {"parliament.passed_day": 0}, "vote_passed", 1.0),
        (HOUSE | {"parliament.passed_day": 0, "s.resolution_passed": 0.5}, "vote_passed", 0.0),
        (HOUSE, "vote_passed", 0.0),
        ({}, "votes_for", NULL),
        (HOUSE, "votes_for", 166.0),
        ({}, "votes_present", NULL),
        (HOUSE, "votes_present", 203.0),
        ({"n_members": 329}, "votes_absent", NULL),
        (HOUSE, "votes_absent", 126.0),
        ({}, "demand_day", NULL),
        ({"government.first_demand_day": 41}, "demand_day", 41.0),
        ({"government.first_demand_in_office": 1}, "first_demand_in_office", NULL),
        ({"government.first_demand_in_office": 1, "government.first_demand_day": 0}, "first_demand_in_office", 1.0),
        ({"government.first_demand_in_office": 0, "government.first_demand_day": 9}, "first_demand_in_office", 0.0),
        ({}, "framework_signed", 0.0),
        ({"government.framework_day": 0}, "framework_signed", 1.0),
        ({}, "framework_day", NULL),
        ({"government.framework_day": 88}, "framework_day", 88.0),
        ({"parliament.between": 0.31}, "balancing_share_end", 0.31),
        ({"influence": 0.43}, "iran_influence_end", 0.43),
        ({}, "sanctions_imposed", 0.0),
        ({f"total.{SANCTIONS}": 0.5}, "sanctions_imposed", 1.0),
        ({"economy": 0.87}, "economy_end", 0.87),
        ({"mood_us": 0.21}, "anti_us_end", 0.21),
        ({"mood_iran": 0.22}, "anti_iran_end", 0.22),
        ({"mood_militia": 0.23}, "anti_militia_end", 0.23),
        ({"mood_government": 0.24}, "reform_anger_end", 0.24),
        ({"parliament.polarisation": 0.51}, "polarisation_end", 0.51),
        ({"parliament.sectarian": 0.52}, "sectarian_end", 0.52),
        ({"government.trust": 0.53}, "baghdad_trust_end", 0.53),
        ({"fighters": 7100.0}, "isis_fighters_end", 7100.0),
        ({"n_cells": 143}, "isis_cells_end", 143.0),
        ({"fighters": 7100.0, "fighters_start": 5000.0}, "isis_regrowth", 1.42),
        ({"fighters": 0.0, "fighters_start": 0.0}, "isis_regrowth", 0.0),
        ({"fighters": 2.0, "fighters_start": 0.5}, "isis_regrowth", 4.0),
        ({"control_max": 0.012}, "isis_control_max", 0.012),
    ],
)
def test_politics_and_isis_are_read_off_their_fields(values: dict[str, Any], name: str, expected: float) -> None:
    """Each is read off the field that it is of; what never came is null, what did not happen is none."""
    assert _read(values, name) == pytest.approx(expected, nan_ok=True)


def test_the_last_quarter_of_isis_is_thirteen_weeks_of_all_governorates() -> None:
    """Weeks are summed from the first to the thirteenth; a governorate counts with an attack, with less it does not."""
    values = {"isis_quarter.0.0": 0.5, "isis_quarter.0.12": 0.5, "isis_quarter.4.5": 0.75, "isis_quarter.17.6": 3.0,
              "isis_quarter.9.13": 100.0}  # fmt: skip
    assert _read(values, "isis_attacks_last_quarter") == 4.75
    assert _read(values, "isis_governorates_end") == 2.0


#: What was read on the day of an exit, a half-year and a year later.
AFTER: dict[str, Any] = {
    "at_exit.fighters": 8000.0,
    "after.0.fighters": 10_000.0, "after.0.attacks": 61.0, "after.0.influence": 0.41, "after.0.members": 7.0,
    "after.0.mood_us": 0.31, "after.0.economy": 0.91,
    "after.1.fighters": 12_000.0, "after.1.attacks": 62.0, "after.1.influence": 0.42, "after.1.members": 5.0,
    "after.1.mood_us": 0.32, "after.1.economy": 0.92,
}  # fmt: skip
READ_AGAIN = [
    ("isis_growth", 1.25, 1.5),
    ("isis_attacks", 61.0, 62.0),
    ("iran_influence", 0.41, 0.42),
    ("coalition_members", 7.0, 5.0),
    ("anti_us", 0.31, 0.32),
    ("economy", 0.91, 0.92),
]


@pytest.mark.parametrize(("name", "half", "year"), READ_AGAIN)
def test_what_was_read_after_an_exit_is_null_until_its_day_is_over(name: str, half: float, year: float) -> None:
    """On the day itself it is not read yet; without an exit it never is, however many days have passed."""
    for exit_day in (0, 40):
        for since, expected in ((180, (NULL, NULL)), (181, (half, NULL)), (365, (half, NULL)), (366, (half, year))):
            world = AFTER | {"presence.exit_day": exit_day, "day": exit_day + since}
            read = _read(world, f"{name}_180"), _read(world, f"{name}_365")
            assert read == pytest.approx(expected, nan_ok=True)
    never = AFTER | {"presence.exit_day": -1, "day": 4000}
    assert math.isnan(_read(never, f"{name}_180"))
    assert math.isnan(_read(never, f"{name}_365"))


def test_growth_from_few_fighters_or_none_is_a_number() -> None:
    """Half a fighter can become two, and none on the day of the exit divides nothing."""
    for then, now, growth in ((0.5, 2.0, 4.0), (0.0, 0.0, 0.0)):
        world = AFTER | {"at_exit.fighters": then, "after.0.fighters": now, "presence.exit_day": 5, "day": 300}
        assert _read(world, "isis_growth_180") == growth


# A week


def _week(values: dict[str, Any]) -> Any:
    t = week()
    measures.read_week(blank(values), t)
    return t


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({"presence.troops": 300.0, "presence.troops_north": 1200.0}, "us_troops", 1500.0),
        ({"presence.state": 3}, "presence", 3),
        ({"rung": 4}, "rung", 4),
        ({"fighters": 7100.0}, "isis_fighters", 7100.0),
        ({"n_cells": 143}, "isis_cells", 143),
        ({"parliament.for_expulsion": 0.37}, "support_for_expulsion", 0.37),
        ({"parliament.polarisation": 0.51}, "polarisation", 0.51),
        ({"government.in_office": 1}, "government_in_office", 1),
        ({"government.demand": 0.2}, "demand_made", 1.0),
        ({}, "demand_made", 0.0),
        ({"government.talks_open": 1}, "talks_open", 1),
        ({"government.framework": 1}, "framework_signed", 1),
        ({"us.resolve": 0.61}, "resolve", 0.61),
        ({"us.cost": 0.62}, "cost_at_home", 0.62),
        ({"coalition_members": 11.0}, "coalition_members", 11.0),
        ({"coalition_troops": 1310.0}, "coalition_troops", 1310.0),
        ({"outside_troops": 870.0}, "syria_troops", 870.0),
        ({"skill": 0.63}, "iraqi_skill", 0.63),
        ({"government.trust": 0.64}, "baghdad_trust", 0.64),
        ({"control": 0.011}, "isis_control", 0.011),
        ({"mood_us": 0.21}, "anti_us", 0.21),
        ({"mood_iran": 0.22}, "anti_iran", 0.22),
        ({"mood_militia": 0.23}, "anti_militia", 0.23),
        ({"mood_government": 0.24}, "reform_anger", 0.24),
        ({"mood_fear": 0.25}, "isis_fear", 0.25),
        ({"protest_all": 0.26}, "protest", 0.26),
        ({"agenda": 0.27}, "reform_agenda", 0.27),
        ({"influence": 0.28}, "iran_influence", 0.28),
        ({"sadr.stance": -0.4}, "sadr_stance", 0.3),
        ({"sadr.stance": 1.0}, "sadr_stance", 1.0),
        ({"parliament.sectarian": 0.29}, "sectarian", 0.29),
        ({"economy": 0.87}, "economy", 0.87),
        ({"oil": 1.31}, "oil_price", 1.31),
        ({"epidemic": 0.19}, "epidemic", 0.19),
        ({"war": 0.18}, "regional_war", 0.18),
        ({"factions.0.holding": 1, f"factions.{N_FACTIONS - 1}.holding": 1}, "factions_holding", 2.0),
        # Means weigh by the haven that a place is: (0.9 * 0.5 + 0.3 * 0.25) / 0.75.
        (
            {
                "enablers.0": 0.9,
                "place_in.0.haven": 0.5,
                "enablers.17": 0.3,
                "place_in.17.haven": 0.25,
                "enablers.4": 7.0,
            },
            "enablers",
            0.7,
        ),
        ({"enablers.0": 0.9}, "enablers", 0.0),
    ],
)
def test_a_week_is_read_off_the_fields_of_the_world(values: dict[str, Any], name: str, expected: float) -> None:
    """Each number of a week stands in the field that it is of."""
    assert float(_week(values)[name]) == pytest.approx(expected)


def test_a_base_is_open_while_it_holds_troops() -> None:
    """Neither an embassy, nor a site abroad, nor an empty base is an open base."""
    values: dict[str, Any] = {"n_sites": 6} | {f"sites.{b}.troops": 10.0 for b in (0, 2, 3, 5)}
    values |= {"sites.1.troops": 0.0, "site_in.2.outside": 1.0, "site_in.3.is_embassy": 1.0, "sites.5.troops": 0.5}
    assert _week(values).bases_open == 2.0


def test_flows_are_what_happened_since_the_last_record() -> None:
    """What the last record had counted is taken off; what this one counts is kept for the next."""
    so_far = {ATTACK: 12.0, STRIKE: 5.0, US_KILLED: 9.0, ISIS_ATTACKS: 80.0, ATTACK_OUTSIDE: 6.0}
    w = blank({"attacks_week": 5.0, "strikes_week": 2.0, "killed_week": 8.0, "isis_week": 70.0, "outside_week": 4.0,
               "attacks_sum": 5.0, "attacks_squares": 13.0, "weeks": 2})  # fmt: skip
    put(w, {f"total.{kind}": size for kind, size in so_far.items()})
    names = ("attacks", "us_strikes", "us_killed", "isis_attacks", "attacks_outside")
    t = week()
    measures.read_week(w, t)
    assert [float(t[name]) for name in names] == [7.0, 3.0, 1.0, 10.0, 2.0]
    assert (w.attacks_sum, w.attacks_squares, w.weeks) == (12.0, 62.0, 3)
    put(w, {f"total.{ATTACK}": 14.0})
    measures.read_week(w, t)
    assert [float(t[name]) for name in names] == [2.0, 0.0, 0.0, 0.0, 0.0]
    assert (w.attacks_sum, w.attacks_squares, w.weeks) == (14.0, 66.0, 4)


def test_a_week_by_governorate_counts_the_sites_that_lie_there() -> None:
    """Attacks and troops of two sites of a place add up, those abroad are of none; the last record is counted off."""
    sites = {"site_place.0": 7, "sites.0.attacks": 4.0, "sites.0.troops": 100.0,
             "site_place.1": 7, "sites.1.attacks": 2.0, "sites.1.troops": 50.0,
             "site_place.3": 17, "sites.3.attacks": 3.0, "sites.3.troops": 30.0,
             "site_place.2": 17, "site_in.2.outside": 1.0, "sites.2.attacks": 9.0, "sites.2.troops": 900.0}  # fmt: skip
    w = blank({"n_sites": 4, "hit_week.7": 1.0, "isis_attacks_place.0": 11.0, "isis_attacks_place.17": 8.0,
               "place_week.17": 5.0, "place_sum.17": 50.0, "place_more.17": 60.0} | sites)  # fmt: skip
    t = week()
    measures.read_week(w, t)
    assert [t.attacks_place[g] for g in (0, 7, 17)] == [0.0, 5.0, 3.0]
    assert [t.us_troops_place[g] for g in (0, 7, 17)] == [0.0, 150.0, 30.0]
    assert [t.isis_attacks_place[g] for g in (0, 7, 17)] == [11.0, 0.0, 3.0]
    measures.read_week(w, t)
    assert t.attacks_place.sum() == t.isis_attacks_place.sum() == 0.0
    assert t.us_troops_place.sum() == 180.0


@pytest.mark.parametrize("g", [0, 17])
def test_anger_at_the_us_in_a_governorate_is_the_mean_over_its_people(g: int) -> None:
    """Each community counts by its share, over all shares."""
    w = blank({f"place_in.{g}.sunni_arab": 0.1, f"place_in.{g}.shia": 0.2, f"place_in.{g}.kurd": 0.4,
               f"place_in.{g}.other": 0.1, f"anger_us.{g}.0": 0.8, f"anger_us.{g}.1": 0.6, f"anger_us.{g}.2": 0.3,
               f"anger_us.{g}.3": 0.5})  # fmt: skip
    t = week()
    measures.read_week(w, t)
    assert t.anti_us_place[g] == pytest.approx((0.08 + 0.12 + 0.12 + 0.05) / 0.8)
    assert t.anti_us_place[9] == 0.0
