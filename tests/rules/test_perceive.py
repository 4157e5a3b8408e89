"""Dawn: what is counted, and what every seat sees of it: exact numbers."""

from typing import Any

import pytest

from sim.names.actors import N_FACTIONS
from sim.names.events import WINDOWED_KINDS, WINDOWS
from sim.names.perceptions import NEVER, OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS
from sim.world import perceive
from sim.world.field import N_WINDOWED, N_WINDOWS, RING_DAYS
from tests.rules.moves import stage

#: What no perception is: it shows which are not set.
UNSET = 777.0


# Windows


def _counted(day: int) -> Any:
    """Return a world after a day of 3 of the first kind, 4 of the second; older counts are 100 a kind, and the slot."""
    w = stage({"day": day})
    for k, kind in enumerate(WINDOWED_KINDS):
        w.total[kind], w.total_dawn[kind] = 23 + k, 20
        w.ring[:, k] = [100 * (k + 1) + d for d in range(RING_DAYS)]
        w.window[:, k] = [5000, 6000, 7000, 8000]
    return w


@pytest.mark.parametrize(
    ("day", "slot", "gone"),
    [
        (0, 0, (None, None, None, None)),
        (1, 1, (0, None, None, None)),
        (6, 6, (5, None, None, None)),
        (7, 7, (6, 0, None, None)),
        (29, 29, (28, 22, None, None)),
        (30, 30, (29, 23, 0, None)),
        (89, 89, (88, 82, 59, None)),
        (90, 90, (89, 83, 60, 0)),
        (92, 0, (91, 85, 62, 2)),
        (100, 8, (7, 1, 70, 10)),
    ],
)
def test_windows_move_by_a_day(day: int, slot: int, gone: tuple[int | None, ...]) -> None:
    """Yesterday's count comes in, that of 1, 7, 30 or 90 days before goes out, as soon as there is one; dawn is now."""
    w = _counted(day)
    perceive.count_windows(w)
    for k, kind in enumerate(WINDOWED_KINDS):
        assert w.ring[slot, k] == 3 + k
        assert w.total_dawn[kind] == 23 + k
        old = [0 if d is None else 100 * (k + 1) + d for d in gone]
        assert list(w.window[:, k]) == [5003 + k - old[0], 6003 + k - old[1], 7003 + k - old[2], 8003 + k - old[3]]


@pytest.mark.parametrize(("day", "days"), [(-1, NEVER), (0, 100), (97, 3)])
def test_days_since(day: int, days: float) -> None:
    """Counted from the day; never where there was none."""
    assert perceive.since(stage(), day) == days


# What everybody sees

#: Where a perception that is simply shown comes from.
SHOWN = {
    "government_in_office": "government.in_office", "government_leaning": "government.leaning",
    "resolution_passed": "parliament.passed", "motion_tabled": "parliament.tabled",
    "demand_weight": "government.demand",
    "demand_refused": "government.refused", "talks_open": "government.talks_open",
    "talks_suspended": "government.talks_suspended", "framework_signed": "government.framework",
    "operations_suspended": "us.suspended", "operations_limited": "government.limited", "threat_made": "us.threat",
    "embassy_besieged": "siege", "presence": "presence.state", "rung": "rung", "highest_rung": "highest_rung",
    "anger_at_us": "mood_us", "anger_at_iran": "mood_iran", "anger_at_government": "mood_government",
    "breach_felt": "parliament.outrage", "political_route": "parliament.momentum", "regional_war": "war",
    "open_war": "open_war", "anger_at_militias": "mood_militia", "fear_of_isis": "mood_fear",
    "isis_trend": "isis_trend", "us_cover": "cover",
    "region_willing": "north_willing", "protest": "protest_all", "reform_agenda": "agenda",
    "iran_influence": "influence",
    "coalition_members": "coalition_members", "economy": "economy", "epidemic": "epidemic",
    "sanctions_imposed": "us.sanctions", "measures_in_force": "us.measures", "north_offered": "north_offered",
    "aims_declared": "us.aims", "framework_dated": "government.dated",
}  # fmt: skip
#: How the rest stands, and what is seen of it.
STANDS = {"last_attack": 97, "last_deadly": 93, "last_strike": 88, "last_leader": -1, "parliament.passed_day": 71,
          "government.caretaker_since": 64, "presence.decided_day": 0, "presence.troops": 3000,
          "presence.troops_north": 1500, "sadr.stance": 0.5, "day": 100}  # fmt: skip
SEEN = {"day": 100, "days_since_attack": 3, "days_since_deadly_attack": 7, "days_since_strike": 12,
        "days_since_leader_killed": NEVER, "days_since_resolution": 29, "days_without_government": 0, "demand_made": 1,
        "exit_decided": 1, "us_troops": 4500, "sadr_stance": 0.75}  # fmt: skip
COUNTED = [f"{k}.{j}" for k in range(N_WINDOWED) for j in range(N_WINDOWS)]


def _public(given: dict[str, float]) -> dict[str, float]:
    """Return what everybody sees: every place that is shown holds a number of its own, from 11 on."""
    places = {place: 11 + k for k, place in enumerate(SHOWN.values())}
    w = stage({**STANDS, **places, **given})
    for k in range(N_WINDOWED):
        w.window[:, k] = [1000 + 10 * k + j for j in range(N_WINDOWS)]
    w.sees_all[:] = UNSET
    perceive.see_public(w)
    assert (w.sees_all[1:] == UNSET).all()
    return {p.name: float(w.sees_all[0, k]) for k, p in enumerate(PUBLIC_PERCEPTIONS)}


def test_everybody_sees_each_public_fact() -> None:
    """Counts by kind and window, days since, states and moods: each from its own place, and none is left out."""
    sees = _public({})
    counts = {p.name: sees.pop(p.name) for p in PUBLIC_PERCEPTIONS[: len(COUNTED)]}
    expected = [1000.0 + 10 * k + j for k in range(N_WINDOWED) for j in range(N_WINDOWS)]
    assert list(counts.values()) == [*expected]
    assert sees == {**{name: 11 + k for k, name in enumerate(SHOWN)}, **SEEN}


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"government.in_office": 0}, "days_without_government", 36),
        ({"government.in_office": 1}, "days_without_government", 0),
        ({"government.demand": 0}, "demand_made", 0),
        ({"government.demand": 0.2}, "demand_made", 1),
        ({"presence.decided_day": -1}, "exit_decided", 0),
        ({"presence.decided_day": 40}, "exit_decided", 1),
        ({"parliament.passed_day": -1}, "days_since_resolution", NEVER),
        ({"sadr.stance": -0.5}, "sadr_stance", 0.25),
        ({"last_leader": 0}, "days_since_leader_killed", 100),
    ],
)
def test_public_facts_that_are_worked_out(given: dict[str, float], name: str, value: float) -> None:
    """A caretaker's days, a demand that stands, an exit decided, Sadr's crowds between the two camps."""
    assert _public(given)[name] == value


# What each sees alone

OWN = {
    "us": {
        "killed_since_strike": "us.killed_since_strike", "resolve": "us.resolve", "cost_at_home": "us.cost",
        "worth": "us.worth", "humiliation": "humiliation", "consolidated": "us.consolidated",
        "baghdad_trust": "government.trust", "trust_in_protection": "us.faith", "pull_to_answer_iran": "us.pull_answer",
    },
    "iran": {
        "pressure_felt": "iran.pressure", "grievance": "iran.grievance", "fear_of_war": "iran.fear",
        "leader_unavenged": "iran.unavenged", "network": "iran.network", "struck_at_home": "iran.struck",
        "funds": "iran.funds", "isis_worry": "iran.worry",
    },
    "government": {
        "pull_to_demand": "government.pull_demand", "pull_to_limit": "government.pull_limit",
        "pull_to_negotiate": "government.pull_negotiate", "legitimacy": "government.legitimacy",
        "debt_to_factions": "government.debt", "leverage_felt": "us.leverage", "cooperation": "government.cooperation",
        "price_of_talks": "government.talks_price", "strike_unprotested": "government.unprotested",
    },
}  # fmt: skip
#: Washington's open case, three days old: two hurt it more than anybody, and it believes in the third faction by half.
CASE = {"us.case_open": 1, "us.case_day": 97, "us.case_killed": 2, "us.case_wounded": 5, "us.iran_case": 1,
        "us.iran_case_killed": 4, **{f"us.evidence.{f}": 0 for f in range(N_FACTIONS)},
        "us.evidence.2": 1.6094379124341003}  # fmt: skip
OPEN = {"attack_unanswered": 1, "case_killed": 2, "case_wounded": 5, "case_days": 3, "attribution": 0.5, "suspect": 2,
        "iran_blow_unanswered": 1, "iran_blow_killed": 4}  # fmt: skip
CLOSED = {"attack_unanswered": 0, "case_killed": 0, "case_wounded": 0, "case_days": NEVER, "attribution": 0}
FACTION = {"revenge": 0.1, "memory": 0.2, "strength": 0.3, "arsenal": 0.4, "holding": 1, "hold_since": 80,
           "last_struck": 91}  # fmt: skip


def _alone(given: dict[str, float]) -> Any:
    places = [place for block in OWN.values() for place in block.values()]
    factions = {f"factions.{f}.{name}": value + f * (name in ("revenge", "memory", "strength", "arsenal"))
                for f in range(N_FACTIONS) for name, value in FACTION.items()}  # fmt: skip
    stakes = {f"faction_in.{f}.stake": 0.05 * f for f in range(N_FACTIONS)}
    numbers = {place: 11 + k for k, place in enumerate(places)}
    w = stage({**numbers, **CASE, **factions, **stakes, "iran.push": -0.4, "need": 0.6, **given})
    w.sees_all[:] = UNSET
    perceive.see_own(w)
    assert (w.sees_all[0] == UNSET).all()
    return w


def _row(w: Any, seat: str, number: int) -> dict[str, float]:
    return {p.name: float(w.sees_all[number, k]) for k, p in enumerate(OWN_PERCEPTIONS[seat])}


@pytest.mark.parametrize(
    ("given", "case"),
    [
        ({}, OPEN),
        ({"us.case_open": 0}, OPEN | CLOSED),
        ({"us.iran_case": 0}, {**OPEN, "iran_blow_unanswered": 0, "iran_blow_killed": 0}),
    ],
)
def test_each_capital_sees_its_own_state(given: dict[str, float], case: dict[str, float]) -> None:
    """Every perception of Washington, Tehran and Baghdad comes from its own place; a closed case shows nothing."""
    w, first = _alone(given), 11
    for number, (seat, places) in enumerate(OWN.items()):
        expected = {name: float(first + k) for k, name in enumerate(places)}
        assert _row(w, seat, 1 + number) == pytest.approx(expected | (case if seat == "us" else {}))
        first += len(places)


def test_each_faction_sees_itself() -> None:
    """Its motives, men, arms and promise, Iran's push, its stake, and how much its men are needed."""
    w = _alone({"factions.1.holding": 0, "factions.3.last_struck": -1})
    for f in range(N_FACTIONS):
        assert _row(w, "factions", 4 + f) == pytest.approx({
            "revenge": 0.1 + f, "memory": 0.2 + f, "strength": 0.3 + f, "arsenal": 0.4 + f, "iran_push": -0.4,
            "holding": float(f != 1), "days_holding": 0 if f == 1 else 20, "stake": 0.05 * f, "needed": 0.6,
            "days_since_struck": NEVER if f == 3 else 9,
        })  # fmt: skip


def test_men_are_needed_at_most_altogether() -> None:
    """A need beyond 1 is seen as 1."""
    assert _row(_alone({"need": 1.4}), "factions", 9)["needed"] == 1


def test_windows_are_as_policies_name_them() -> None:
    """One day, a week, a month, a quarter."""
    assert tuple(WINDOWS) == (1, 7, 30, 90)
