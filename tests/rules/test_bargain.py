"""Rounds of talks: who accepts what, who spoils, what is agreed, when talks break off and frameworks lapse."""

import math
from typing import Any

import pytest

from sim.names.actors import BAGHDAD, FIRST_FACTION, GOVERNMENT, IRAN, N_FACTIONS, SADR
from sim.names.events import CONSENT, FRAMEWORK_LAPSED, NOTICE, ROUND_SPOILED, STEP_AGREED, TALKS_STUCK
from sim.names.mechanisms import M16, M68
from sim.world import bargain
from sim.world.bargain import BASIS, DATE, LIMITS, NUMBERS
from sim.world.draws import LAPSE_DRAW, ROUND_DRAW
from tests.rules.exact import Told, blank, dice, got, told


def _told(kind: int, actor: int = GOVERNMENT, **more: Any) -> Told:
    return Told(kind, actor, BAGHDAD, **more)


#: A round of day 30 over numbers, in talks since event 3; the next comes 40 days later, at the middle of the luck.
ROUND: dict[str, Any] = {
    "day": 30, "government.round_day": 30, "government.agreed": NUMBERS, "government.talks_event": 3,
    "government.talks_open": 1, "government.rounds_lost": 1, "p.round_days": 40.5, "p.rounds_borne": 3.0,
    "government.debt": 0.4, "p.bought": 0.1, "p.spoil": 0.0, "p.spoil_cost": 0.25,
}  # fmt: skip


def _held(monkeypatch: pytest.MonkeyPatch, luck: tuple[float, ...], values: dict[str, Any] | None = None) -> Any:
    """Return a world in which a round was held; either side accepts at a half."""
    dice(monkeypatch, bargain, {ROUND_DRAW: dict(enumerate(luck))})
    monkeypatch.setattr(bargain, "washington_accepts", lambda _: 0.5)
    monkeypatch.setattr(bargain, "baghdad_accepts", lambda _: 0.5)
    w = blank(ROUND | (values or {}))
    bargain.hold_round(w)
    return w


@pytest.mark.parametrize(
    ("washington", "baghdad", "agreed"), [(0.49, 0.49, True), (0.5, 0.0, False), (0.0, 0.5, False)]
)
def test_an_item_is_agreed_where_both_accept(
    monkeypatch: pytest.MonkeyPatch, washington: float, baghdad: float, agreed: bool
) -> None:
    """A step is told, and those who could spoil the next are paid; else a round more has come to nothing."""
    w = _held(monkeypatch, (0.5, washington, baghdad, 0.0))
    assert w.government.round_day == 70
    assert got(w, "government.agreed", "government.rounds_lost") == ((LIMITS, 0) if agreed else (NUMBERS, 2))
    assert w.government.debt == pytest.approx(0.46 if agreed else 0.4)
    assert told(w) == ([_told(STEP_AGREED, detail=float(NUMBERS), cause=3, claim=M68)] if agreed else [])


def test_there_is_no_round_before_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn."""
    w = _held(monkeypatch, (), {"government.round_day": 31})
    assert (w.government.round_day, told(w)) == (31, [])


def test_after_some_rounds_in_vain_talks_break_off_over_the_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third in a row here."""
    w = _held(monkeypatch, (0.0, 0.9, 0.9, 0.0), {"government.rounds_lost": 2})
    assert told(w) == [_told(TALKS_STUCK, detail=float(NUMBERS), cause=3, claim=M68)]
    assert got(w, "government.talks_open", "government.talks_suspended", "government.rounds_lost") == (0, 1, 0)


# Who spoils

#: Iran pushes by 0.6, Sadr stands at 0.3, half the factions fire, to whom 0.4 is owed: 0.5 * (0.6 + 0.2 + 0.3) = 0.55.
AGAINST = {"iran.push": 0.6, "sadr.stance": 0.3, "p.spoil": 0.5, "parliament.momentum": 0.8,
           **{f"factions.{f}.holding": int(f >= N_FACTIONS / 2) for f in range(N_FACTIONS)}}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "luck", "who", "moves"),
    [
        ({}, 0.549, IRAN, {"parliament.momentum": 0.6}),
        ({}, 0.551, None, {}),
        ({"iran.push": -0.5}, 0.249, SADR, {"sadr.stance": 0.225}),
        ({"iran.push": 0.0, "sadr.stance": -1.0}, 0.099, FIRST_FACTION, {"government.debt": 0.3}),
        ({f"strength.{M68}": 0.5}, 0.276, None, {}),
        ({f"strength.{M68}": 0.0}, 0.0, None, {}),
    ],
)
def test_those_against_it_spoil_a_round_at_a_price(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], luck: float, who: int | None, moves: dict[str, float]
) -> None:
    """M68: by the weight of all three; the weightiest does it, and spends a quarter of what he did it with."""
    w = _held(monkeypatch, (0.0, 0.9, 0.9, luck), AGAINST | values)
    spoiled = [] if who is None else [_told(ROUND_SPOILED, who, detail=float(NUMBERS), cause=3, claim=M68)]
    assert told(w) == spoiled
    for path, value in moves.items():
        assert got(w, path) == pytest.approx(value)
    assert w.government.rounds_lost == 2


# Who accepts

#: Cost 0.3 against a worth of 0.5 * 0.8: readiness of 0.2 - 2 * 0.1 for a whole stake.
SIDES: dict[str, Any] = {
    "us.cost": 0.3, "us.worth": 0.5, "us.resolve": 0.8, "p.us_yields": 0.4, "p.us_price": 2.0, "p.limits_stake": 0.5,
    "presence.troops": 3000.0, "presence.troops_start": 5000.0, "p.theatre_share": 0.6,
}  # fmt: skip


def _odds(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize(
    ("values", "wanted", "accepts"),
    [
        ({"government.agreed": BASIS}, True, 1.0),
        ({"government.agreed": NUMBERS}, True, _odds(0.4 - 0.2)),
        ({"government.agreed": LIMITS}, True, _odds(0.4 - 0.1)),
        ({"government.agreed": DATE}, True, _odds(0.4 - 0.2)),
        ({"government.agreed": DATE}, False, 1.0),
        ({"government.agreed": NUMBERS, "us.cost": 0.9}, True, _odds(0.4 + 1.0)),
        ({"government.agreed": NUMBERS, f"reading.{M68}": 1.0}, True, 1.0),
        ({"government.agreed": NUMBERS, f"reading.{M68}": 1.0, "presence.troops": 3001.0}, True, 0.0),
    ],
)
def test_washington_grants_the_readier_the_less_staying_is_worth(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], wanted: bool, accepts: float
) -> None:
    """A legal basis is what it came for; M68's rival lets nothing be settled before troops have fallen."""
    monkeypatch.setattr(bargain, "date_wanted", lambda _: wanted)
    assert bargain.washington_accepts(blank(SIDES | values)) == pytest.approx(accepts)


@pytest.mark.parametrize(
    ("values", "x"),
    [
        ({}, -0.3 + 2 * (0.6 - 0.2 + 0.8 - 0.5)),
        ({"government.agreed": NUMBERS}, -0.3 + 1.4 + 1.5),
        ({"coalition_members": 4.0}, -0.3 + 1.4 + 0.2),
        ({"coalition_members": 18.0}, -0.3 + 1.4 + 0.5),
        ({"government.pull_demand": 0.9}, -0.3 + 2 * (0.6 - 0.9 + 0.3)),
    ],
)
def test_baghdad_agrees_by_what_it_wishes_and_gets(values: dict[str, Any], x: float) -> None:
    """A legal basis is what it gives; others in front make it easier."""
    w = blank({"p.baghdad_yields": -0.3, "p.baghdad_price": 2.0, "p.baghdad_gets": 1.5,
               "government.pull_negotiate": 0.6, "government.pull_demand": 0.2, "government.trust": 0.8}
              | values)  # fmt: skip
    assert bargain.baghdad_accepts(w) == pytest.approx(_odds(x))


# What it is worth, and how it ends

IN_FORCE = {"day": 50, "government.framework": 1, "government.dated": 1, "government.agreed": 4,
            "government.pull_demand": 0.5, "p.repudiates": 0.8, "p.breach_voids": 0.3, "p.letters_weight": 0.6,
            "government.formed_day": 20, "government.formed_event": 11, "us.last_strike_event": 12}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "luck", "how", "cause"),
    [
        ({"government.formed_day": 50}, (0.39, 0.9), 0.0, 11),
        ({"government.formed_day": 50}, (0.41, 0.9), None, 0),
        ({"government.formed_day": 50, "government.ratified": 1}, (0.159, 0.9), 0.0, 11),
        ({"government.formed_day": 50, "government.ratified": 1}, (0.161, 0.9), None, 0),
        ({"n_strikes": 1}, (0.0, 0.29), 1.0, 12),
        ({"n_strikes": 1}, (0.0, 0.31), None, 0),
        ({"n_strikes": 1, "strikes.0.consent": CONSENT}, (0.0, 0.0), None, 0),
        ({"n_strikes": 2, "strikes.0.consent": CONSENT, "strikes.1.consent": NOTICE}, (0.0, 0.0), 1.0, 12),
        ({}, (0.0, 0.0), None, 0),
    ],
)
def test_a_framework_may_be_repudiated_or_broken(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], luck: tuple[float, float], how: float | None, cause: int
) -> None:
    """By a government formed since, the more it is pulled to an exit; by a strike alone; less readily if ratified."""
    dice(monkeypatch, bargain, {LAPSE_DRAW: dict(enumerate(luck))})
    w = blank(IN_FORCE | values)
    bargain.may_lapse(w)
    if how is None:
        assert (told(w), w.government.framework) == ([], 1)
    else:
        assert told(w) == [_told(FRAMEWORK_LAPSED, detail=how, cause=cause, claim=M16)]
        assert got(w, "government.framework", "government.dated", "government.agreed") == (0, 0, 0)


@pytest.mark.parametrize(("values", "share"), [
    ({"government.framework": 1, "government.ratified": 1}, 1.0), ({"government.framework": 1}, 0.6),
    ({"government.agreed": 2}, 0.2), ({}, 0.0),
])  # fmt: skip
def test_what_the_presence_rests_on(values: dict[str, Any], share: float) -> None:
    """A framework, letters, or a few steps."""
    w = blank({"p.letters_weight": 0.6, "p.step_relief": 0.4} | values)
    assert bargain.settled(w) == pytest.approx(share)
