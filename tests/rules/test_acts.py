"""What several modules bring about alike: each act moves its fields, tells its event, and leaves all else alone."""

import pytest

from sim.names.actors import (
    BY_AGREEMENT,
    BY_DEMAND,
    BY_OWN_CHOICE,
    FIRST_FACTION,
    LEAVING,
    NOWHERE,
    PROTESTERS,
    SIEGE,
    US,
)
from sim.names.events import EXIT_DECIDED, PROTEST_SURGED, RUNG_CLIMBED, SIEGE_BEGAN
from sim.names.mechanisms import M35, M40
from sim.names.tables import MAX_ATTACKS, MAX_STRIKES
from sim.world import acts
from tests.rules.bare import Told, bare, expect, of

#: What an order of yesterday left in its place of the day's table.
STRIKE_LEFT = dict.fromkeys(
    ("event", "killed", "iraqis", "civilians", "leader", "answers_case", "breach", "guest", "governorate"), 9
)
ATTACK_LEFT = dict.fromkeys(
    (
        "site", "weapon", "outside", "fixed_dead", "fixed_site", "fixed_weapon", "fixed_allied", "event", "us_killed",
        "us_wounded", "hurt", "front",
    ),
    9,
)  # fmt: skip


@pytest.mark.parametrize("before", [0, 3, MAX_STRIKES - 1])
def test_a_strike_that_is_ordered_stands_next_in_the_days_table(before: int) -> None:
    """With its orders, and nothing of what stood there: no event, nobody dead, no guest."""
    w = bare(of(f"strikes.{before}", **STRIKE_LEFT), {"n_strikes": before})
    orders = {"target": 4, "weight": 3, "consent": 2, "place": 1, "cause": 17, "rule": 23}
    fresh = {name: -1 if name == "guest" else 0 for name in STRIKE_LEFT if name != "governorate"}
    moves = {**of(f"strikes.{before}", **{**orders, **fresh}), "n_strikes": before + 1}
    expect(w, acts.order_strike, (4, 3, 2, 1, 17, 23), moves)


def test_a_strike_for_which_there_is_no_room_is_counted_as_such() -> None:
    """The last place is taken: nothing is ordered."""
    w = bare({"n_strikes": MAX_STRIKES, "beyond_room": 2.0})
    expect(w, acts.order_strike, (4, 3, 2, 1, 17, 23), {"beyond_room": 3.0})


@pytest.mark.parametrize("before", [0, 3, MAX_ATTACKS - 1])
def test_an_attack_that_is_ordered_stands_next_in_the_days_table(before: int) -> None:
    """With its orders, and nothing of what stood there: where and how is open, nobody is hurt."""
    w = bare(of(f"attacks.{before}", **ATTACK_LEFT), {"n_attacks": before})
    orders = {"faction": 4, "ordinal": 3, "cause": 17, "rule": 23, "claim": 29}
    open_yet = {"site", "weapon", "fixed_dead", "fixed_site", "fixed_weapon"}
    fresh = {name: -1 if name in open_yet else 0 for name in ATTACK_LEFT}
    moves = {**of(f"attacks.{before}", **{**orders, **fresh}), "n_attacks": before + 1}
    expect(w, acts.order_attack, (4, 3, 17, 23, 29), moves)


def test_an_attack_for_which_there_is_no_room_is_counted_as_such() -> None:
    """The last place is taken: nothing is ordered."""
    w = bare({"n_attacks": MAX_ATTACKS, "beyond_room": 2.0})
    expect(w, acts.order_attack, (4, 3, 17, 23, 29), {"beyond_room": 3.0})


@pytest.mark.parametrize(("strength", "pride"), [(0.0, 0.2), (1.0, 0.2 + 0.37 * 0.8), (2.0, 0.2 + 0.74 * 0.8)])
def test_a_siege_is_led_by_a_faction_and_hurts_washingtons_pride(strength: float, pride: float) -> None:
    """The ladder climbs to it over the siege's own event; pride moves by the strength of M35."""
    w = bare({"day": 41, "humiliation": 0.2, "p.siege_humiliation": 0.37, f"strength.{M35}": strength})
    moves = {"siege": 1, "siege_day": 41, "siege_event": 1, "factions.2.besieging": 1, "humiliation": pride}
    ladder = {"rung": SIEGE, "rung_day": 41, "highest_rung": SIEGE, "under_fire": SIEGE / 7}
    leader = FIRST_FACTION + 2
    began = Told(SIEGE_BEGAN, leader, 17)
    expect(w, acts.begin_siege, (2, 17), {**moves, **ladder}, began, Told(RUNG_CLIMBED, leader, 1, detail=SIEGE))


def test_talks_that_are_suspended_are_no_longer_open() -> None:
    """From that day on."""
    w = bare({"day": 41, "government.talks_open": 1})
    moves = {"government.talks_open": 0, "government.talks_suspended": 1, "government.suspended_day": 41}
    expect(w, acts.suspend_talks, (), moves)


@pytest.mark.parametrize(
    ("site", "kept"), [({}, False), ({"hardened": 0.1}, True), ({"is_embassy": 1.0}, True), ({"outside": 1.0}, True)]
)
def test_which_sites_are_kept_when_troops_are_drawn_together(site: dict[str, float], kept: bool) -> None:
    """Hardened ones, the embassy, those outside Iraq; no other, whatever its neighbours in the list are."""
    w = bare(of("site_in.3", **site), of("site_in.2", hardened=1.0), of("site_in.4", outside=1.0))
    assert acts.outlasts_consolidation(w, 3) == kept


@pytest.mark.parametrize(("there", "strength", "rises"), [(0.5, 0.5, False), (0.5, 0.4, False), (0.5, 0.75, True)])
def test_a_small_rise_of_protest_is_not_told(there: float, strength: float, rises: bool) -> None:
    """Protest never falls by a surge, and a rise by a quarter is not yet a great leap."""
    w = bare({"protest.3": there, "day": 41})
    expect(w, acts.begin_surge, (3, strength), {"protest.3": strength} if rises else {})


def test_a_great_leap_of_protest_is_an_event_of_its_place() -> None:
    """By more than a quarter."""
    w = bare({"protest": [0.9, 0.9, 0.9, 0.2, 0.9], "day": 41})
    moves = {"protest.3": 0.46, "protest_event": 1, "surge_event.3": 1, "surge_day.3": 41}
    expect(w, acts.begin_surge, (3, 0.46), moves, Told(PROTEST_SURGED, PROTESTERS, place=3))


@pytest.mark.parametrize(("days", "a_day"), [(40.0, 30.0), (1.0, 1200.0), (0.5, 1200.0), (1.5, 800.0)])
def test_a_cut_takes_as_many_days_as_it_takes(days: float, a_day: float) -> None:
    """At least one."""
    w = bare({"p.cut_days": days})
    moves = {"presence.to_cut": 1200.0, "presence.cut_a_day": a_day, "presence.cut_event": 17}
    expect(w, acts.cut, (1200.0, 17), moves)


#: 5,000 soldiers, nothing decided; a motion is tabled.
STAYS = {
    "presence.decided_day": -1, "presence.troops": 5000.0, "presence.troops_north": 700.0, "day": 41,
    "parliament.tabled": 1,
}  # fmt: skip
LEAVES = {
    "presence.decided_day": 41, "presence.exit_kind": BY_DEMAND, "presence.exit_cause": 6, "presence.exit_days": 90.0,
    "presence.leaving_from": 5000.0, "presence.state": LEAVING, "parliament.tabled": 0, "presence.exit_event": 1,
    "presence.resented": 0.4, "presence.pace": 1.0,
}  # fmt: skip
DECIDED = Told(EXIT_DECIDED, US, 17, place=NOWHERE, detail=6.0)


def test_an_exit_that_is_decided_winds_the_presence_down() -> None:
    """Over the days that were said; a motion has nothing left to resolve."""
    expect(bare(STAYS), acts.decide_exit, (BY_DEMAND, 6, 90.0, 0, 17), LEAVES, DECIDED)


def test_an_exit_to_the_north_rests_on_an_offer() -> None:
    """Whether it had been made or not."""
    moves = {**LEAVES, "presence.north": 1, "north_offered": 1}
    expect(bare(STAYS), acts.decide_exit, (BY_DEMAND, 6, 90.0, 1, 17), moves, DECIDED)


@pytest.mark.parametrize("change", [{"presence_pinned": 1}, {"presence.decided_day": 0}, {"presence.decided_day": 7}])
def test_no_exit_is_decided_twice_or_where_the_presence_is_pinned(change: dict[str, int]) -> None:
    """Nothing moves, and the motion stays tabled."""
    expect(bare(STAYS, change), acts.decide_exit, (BY_DEMAND, 6, 90.0, 1, 17), {})


@pytest.mark.parametrize(
    ("strength", "days", "takes"), [(1.0, 14.5, 14.5), (1.0, 3.0, 14.0), (0.0, 90.0, 14.0), (2.0, 45.0, 90.0)]
)
def test_leaving_takes_months_by_m40_and_a_fortnight_at_least(strength: float, days: float, takes: float) -> None:
    """Without the mechanism the least time holds."""
    w = bare(STAYS, {f"strength.{M40}": strength})
    expect(w, acts.decide_exit, (BY_DEMAND, 6, days, 0, 17), {**LEAVES, "presence.exit_days": takes}, DECIDED)


@pytest.mark.parametrize(
    ("kind", "refused", "ugly", "resented"),
    [
        (BY_DEMAND, 1, 1, 0.7),
        (BY_DEMAND, 0, 0, 0.4),
        (BY_AGREEMENT, 1, 0, 0.3),
        (BY_AGREEMENT, 0, 0, 0.0),
        (BY_OWN_CHOICE, 1, 0, 0.3),
    ],
)
def test_an_exit_is_ugly_when_a_demand_was_refused_first(kind: int, refused: int, ugly: int, resented: float) -> None:
    """And resented by who drove Washington out (0.4) and defied it (0.3)."""
    w = bare(STAYS, {"government.refused": refused})
    fields = {"presence.exit_kind": kind, "presence.resented": resented, "presence.ugly": ugly}
    expect(w, acts.decide_exit, (kind, 6, 90.0, 0, 17), {**LEAVES, **fields}, DECIDED)


@pytest.mark.parametrize(
    ("threat", "humiliation", "refused", "resented"),
    [(1, 0.0, 0, 0.7), (0, 0.5, 0, 0.55), (1, 0.1, 0, 0.73), (1, 0.1, 1, 1.0)],
)
def test_threats_and_a_humbled_pride_add_to_what_is_resented(
    threat: int, humiliation: float, refused: int, resented: float
) -> None:
    """Three tenths each, on the four of a demand; never more than 1."""
    w = bare({"us.threat": threat, "humiliation": humiliation, "government.refused": refused})
    assert acts._resentment(w, BY_DEMAND) == pytest.approx(resented)
