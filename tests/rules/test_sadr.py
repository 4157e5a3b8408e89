"""Sadr's movement: where it is pulled, when it is called out, what its crowd moves, when it goes home."""

import math
from typing import Any

import pytest

from sim.names.actors import SADR
from sim.names.events import SADR_CALLED, SADR_CALLED_OFF, SADR_RALLIED
from sim.names.mechanisms import M10
from sim.names.streams import U_SADR
from sim.world import sadr
from sim.world.draws import SADRS_CROWD_DRAW
from tests.rules.bare import Told, bare, expect, lucky

#: A force that is not leaving; moods and influence that differ from each other.
PULLS = {
    "presence.troops": 70.0, "presence.decided_day": -1, "p.sadr_gain": 1.7, "influence": 0.23,
    "parliament.outrage": 0.41, "mood_us": 0.6, "mood_iran": 0.8,
}  # fmt: skip
LEANS = math.tanh(1.7 * ((0.3 + 0.41 + 0.05) - (0.23 + 0.15)))
#: On day 50 nobody marches and nobody is called.
RESTS = {"p.sadr_rest": 10, "sadr.since": 45, "day": 50}


def test_sadr_starts_with_the_stance_of_the_scenario_and_no_march() -> None:
    """His crowd has never been out."""
    w = bare({"s.sadr_stance": -0.37})
    expect(w, sadr.start_sadr, (), {"sadr.stance": -0.37, "sadr.since": -1})


@pytest.mark.parametrize(
    ("change", "leans"),
    [
        ({}, 1.7 * (0.76 - 0.38)),
        ({"presence.troops": 0.5}, 1.7 * (0.76 - 0.38)),
        ({"presence.troops": 0.0}, 1.7 * -0.38),
        ({"presence.decided_day": 0}, 1.7 * (0.76 - 0.58)),
        ({"presence.decided_day": 3}, 1.7 * (0.76 - 0.58)),
        ({"parliament.outrage": 0.71}, 1.7 * (1.06 - 0.38)),
        ({"mood_us": 0.3}, 1.7 * (0.61 - 0.38)),
        ({"mood_iran": 0.1}, 1.7 * (0.76 - 0.03)),
        ({"influence": 0.63}, 1.7 * (0.76 - 0.78)),
        ({"p.sadr_gain": 0.4}, 0.4 * (0.76 - 0.38)),
    ],
)
def test_sadr_leans_against_the_greater_master(change: dict[str, Any], leans: float) -> None:
    """The US while it has troops, by breach and anger; Iran by its influence and anger at it, more once the US goes."""
    assert sadr._leaning(bare(PULLS, change)) == pytest.approx(math.tanh(leans))


@pytest.mark.parametrize(
    ("strength", "change", "stance"),
    [
        (1.0, {}, 0.2 + (LEANS - 0.2) * 0.1),
        (0.0, {}, 0.2),
        (2.0, {}, 0.2 + (LEANS - 0.2) * 0.2),
        (1.0, {"kept.stance": 1.0}, 0.2),
        (2.0, {"kept.stance": 0.0, "sadr.stance": -0.9}, 1.0),
        (2.0, {"kept.stance": 0.0, "sadr.stance": 0.99, "presence.troops": 0.0}, -1.0),
    ],
)
def test_his_stance_moves_to_where_he_leans(strength: float, change: dict[str, Any], stance: float) -> None:
    """By what a day does not keep of it, at the strength of M10, never beyond -1 or 1."""
    w = bare(PULLS, RESTS, {"sadr.stance": 0.2, "kept.stance": 0.9, f"strength.{M10}": strength}, change)
    expect(w, sadr.sadr_day, (), {"sadr.stance": stance})


#: He would call today, whatever his luck.
READY = {
    **PULLS, "kept.stance": 1.0, "p.sadr_rest": 10, "p.sadr_calls": 40.0, "p.sadr_resolve": 0.5, "sadr.stance": 0.6,
    "parliament.outrage_event": 6, "protest_event": 8, "influence": 0.5, "protest_all": 0.5,
}  # fmt: skip


@pytest.mark.parametrize(("since", "day", "calls"), [(-1, 3, True), (0, 10, False), (0, 11, True), (45, 55, False)])
def test_he_calls_again_only_after_a_rest(since: int, day: int, calls: bool) -> None:
    """At once when he never has, else on the day after so many days of rest."""
    w = bare(READY, {"sadr.since": since, "day": day})
    sadr.sadr_day(w)
    assert w.sadr.marching == calls


@pytest.mark.parametrize(
    ("change", "chance"),
    [
        ({}, 0.07 * 0.6 * 0.41),
        ({"sadr.stance": -0.7}, 0.07 * 0.7 * 0.23 * 0.31),
        ({"sadr.stance": 0.5}, 0.07 * 0.5 * 0.41),
        ({"sadr.stance": -0.5}, 0.07 * 0.5 * 0.23 * 0.31),
        ({f"strength.{M10}": 2.0}, 2 * 0.07 * 0.6 * 0.41),
        ({f"strength.{M10}": 0.0}, 0.0),
        ({"sadr.stance": 0.49}, 0.0),
        ({"sadr.stance": -0.49}, 0.0),
        ({"presence.decided_day": 0}, 0.0),
        ({"presence.decided_day": 0, "sadr.stance": -0.7}, 0.07 * 0.7 * 0.23 * 0.31),
        ({"sadr.stance": 0.0, "p.sadr_resolve": 0.0}, 0.0),
    ],
)
def test_the_chance_of_a_call(change: dict[str, Any], chance: float) -> None:
    """By his stance and what provokes it: a breach, or Iran's hold while the street is up; never against who leaves."""
    for luck, calls in ((chance * 0.999, chance > 0.0), (chance, False), (chance * 1.001 + 1e-6, False)):
        w = bare(READY, {"p.sadr_calls": 0.07, "influence": 0.23, "protest_all": 0.31}, change, {f"u.{U_SADR}": luck})
        sadr._may_call(w)
        assert bool(w.sadr.marching) == calls


@pytest.mark.parametrize(
    ("stance", "moves", "cause"),
    [(0.6, {"sadr.marching": 1}, 6), (-0.6, {"sadr.marching": 2}, 8)],
)
def test_a_call_answers_the_breach_or_the_protest(stance: float, moves: dict[str, Any], cause: int) -> None:
    """Who is against the US marches over a strike, who is against Iran's hold with the protesters."""
    w = bare(READY, {"day": 33, "sadr.since": -1, "sadr.stance": stance})
    call = Told(SADR_CALLED, SADR, cause, detail=moves["sadr.marching"] - 1, claim=M10)
    expect(w, sadr._may_call, (), {**moves, "sadr.since": 33, "sadr.event": 1}, call)


#: His crowd was called against the US by event 4 on day 20; it comes out on day 23 and stays to day 27.
MARCH = {
    **PULLS, "kept.stance": 1.0, "p.sadr_resolve": 0.5, "p.sadr_gathers": 3.9, "p.sadr_stays": 7, "sadr.since": 20,
    "sadr.marching": 1, "sadr.event": 4, "sadr.stance": 0.6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "goes_on"),
    [
        ({"day": 22}, True),
        ({"day": 27}, True),
        ({"day": 28}, False),
        ({"day": 25, "sadr.stance": 0.25}, True),
        ({"day": 25, "sadr.stance": 0.24}, False),
        ({"day": 25, "sadr.stance": -0.6}, False),
        ({"day": 25, "sadr.stance": -0.6, "sadr.marching": 2}, True),
        ({"day": 25, "sadr.stance": -0.25, "sadr.marching": 2}, True),
        ({"day": 25, "sadr.stance": -0.24, "sadr.marching": 2}, False),
        ({"day": 25, "sadr.stance": 0.6, "sadr.marching": 2}, False),
        ({"day": 25, "sadr.stance": 0.0, "p.sadr_resolve": 0.0, "sadr.marching": 2}, True),
    ],
)
def test_the_crowd_goes_home_when_it_is_done_or_his_mind_has_changed(change: dict[str, Any], goes_on: bool) -> None:
    """After so many days, or once his stance has turned, or is below half of what resolves him."""
    w = bare(MARCH, change)
    home = {"sadr.marching": 0, "sadr.since": change["day"]}
    tells = [] if goes_on else [Told(SADR_CALLED_OFF, SADR, 4)]
    expect(w, sadr.sadr_day, (), {} if goes_on else home, *tells)


@pytest.mark.parametrize(("day", "rallies"), [(22, 0), (23, 1), (24, 0)])
def test_the_crowd_rallies_once_when_it_has_gathered(day: int, rallies: int) -> None:
    """On one day alone, whole days after the call."""
    w = bare(MARCH, {"day": day})
    sadr.sadr_day(w)
    assert w.total[SADR_RALLIED] == 0.0  # a crowd of none
    assert w.n_events == rallies


#: What a rally is made of and what it moves.
RALLY = {
    "p.sadr_crowd": 169_100.0, "p.sadr_stirs": 0.07, "p.sadr_momentum": 0.3, "sadr.event": 4, "pending_us_all": 0.4,
    "pending_iran_all": 0.6, "parliament.momentum": 0.2, "agenda": 0.1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("marching", "stance", "luck", "size", "moves"),
    [
        (1, 0.37, 0.81, 192_000.0, {"pending_us_all": 0.47, "parliament.momentum": 0.2 + 0.3 * 0.8}),
        (2, -0.2, 0.1, 71_000.0, {"pending_iran_all": 0.67, "agenda": 0.1 + 0.07 * 0.9}),
    ],
)
def test_a_rally_stirs_anger_and_moves_the_house_or_the_street(
    monkeypatch: pytest.MonkeyPatch, marching: int, stance: float, luck: float, size: float, moves: dict[str, float]
) -> None:
    """169,100 times 1.31 times 0.87 come out, or times 0.6 times 0.7, told in whole thousands."""
    lucky(monkeypatch, sadr, {SADRS_CROWD_DRAW: [luck]})
    w = bare(RALLY, {"sadr.marching": marching, "sadr.stance": stance})
    rally = Told(SADR_RALLIED, SADR, 4, size=size, detail=marching - 1, claim=M10)
    expect(w, sadr._rally, (), moves, rally)
