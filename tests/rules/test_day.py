"""The order of a day, and what is worked out before the first."""

import math
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import pytest

from sim.names.actors import N_FACTIONS
from sim.world import day
from sim.world.fields import KEPT
from tests.rules.moves import stage

#: Called, and asked: what a function answers that is not asked about is nothing.
Calls = list[tuple[Any, ...]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    """Let every function that a day is made of note that it is called, with what but the world, and do nothing."""
    noted: Calls = []
    stage()  # a world is prepared by the functions as they are
    for name, function in list(vars(day).items()):
        if isinstance(function, FunctionType) and name not in ("rule", "half_left", "left"):
            monkeypatch.setattr(day, name, _noting(noted, name))
    yield noted


def _noting(noted: Calls, name: str) -> Any:
    def note(_w: Any, *args: Any) -> Any:
        noted.append((name, *(int(arg) for arg in args)))
        return ANSWERS.get(name)

    return note


#: What those answer that are asked: how many would confirm, how many would ratify.
ANSWERS: dict[str, Any] = {"confidence": 170, "ratify": 171, "troops_moved": False, "confidence_due": False,
                           "signing_due": False}  # fmt: skip
REAL = {
    name: getattr(day, name)
    for name in ("one_day", "dawn", "factions_act", "aftermath", "baghdad", "one_week", "start")
}
DAY = [
    "dawn", "outside_events", "decide_iran", "war_day", "may_go_to_war", "factions_act", "settle_attacks",
    "settle_missiles", "decide_washington", "settle_strikes", "suffer_strikes", "aftermath", "baghdad", "sadr_day",
    "friends_day", "feel_public", "feel_protest", "change_office", "stay_or_leave", "troops_moved",
]  # fmt: skip


@pytest.mark.parametrize(
    ("today", "moved", "more"),
    [
        (1, False, []),
        (6, False, []),
        (0, False, ["one_week"]),
        (7, False, ["one_week"]),
        (99, True, ["lay_out_troops"]),
        (98, True, ["lay_out_troops", "one_week"]),
    ],
)
def test_a_day_has_its_order(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, today: int, moved: bool, more: list[str]
) -> None:
    """From dawn to the question of staying; troops are laid out where they moved; every seventh day a week is lived."""
    monkeypatch.setitem(ANSWERS, "troops_moved", moved)
    w = stage({"day": today})
    REAL["one_day"](w)
    assert calls == [(name,) for name in DAY + more]
    assert w.day == today + 1


def test_dawn_has_its_order(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    """Yesterday's attacks are taken in before their table is cleared; perceptions come last."""
    w = stage({"n_attacks": 3, "n_strikes": 2})
    tables = []
    monkeypatch.setattr(day, "weigh_iran", lambda w: tables.append((int(w.n_attacks), int(w.n_strikes))))
    monkeypatch.setattr(day, "see_public", lambda w: tables.append((int(w.n_attacks), int(w.n_strikes))))
    REAL["dawn"](w)
    assert calls == [("new_day",), ("count_windows",), ("learn",), ("see_own",)]
    assert tables == [(3, 2), (0, 0)]


def test_factions_decide_before_any_acts(calls: Calls) -> None:
    """All decide; then each keeps its promise and fires; then crowds and motions."""
    REAL["factions_act"](stage())
    acts = [(name, f) for f in range(N_FACTIONS) for name in ("keep_promise", "fire")]
    assert calls == [("decide_factions",), ("stir",), ("turn_season",), *acts, ("crowds",), ("table_motions",)]


def test_the_aftermath_has_its_order(calls: Calls) -> None:
    """Factions feel, Iran, Washington; the ladder rests."""
    REAL["aftermath"](stage())
    feel = [("feelings", f) for f in range(N_FACTIONS)]
    assert calls == [*feel, ("feel_iran",), ("feel_washington",), ("count_quiet",), ("come_down",)]


@pytest.mark.parametrize("confidence", [False, True])
@pytest.mark.parametrize("signing", [False, True])
def test_baghdads_day_has_its_order(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, confidence: bool, signing: bool
) -> None:
    """Sessions, a government, the premier, talks; members are counted where a vote is due, and only there."""
    monkeypatch.setitem(ANSWERS, "confidence_due", confidence)
    monkeypatch.setitem(ANSWERS, "signing_due", signing)
    w = stage({"government.nominee": 3, "confirming": 11, "ratifying": 12})
    REAL["baghdad"](w)
    assert calls == [
        ("sessions",), ("confidence_due",), *([("confidence", 3)] if confidence else []), ("form_government",),
        ("weigh",),
        ("decide_government",), ("signing_due",), *([("ratify",)] if signing else []), ("sign_scripted",), ("talk",),
        ("words_and_acts",), ("demand_ages",), ("trust_recovers",),
    ]  # fmt: skip
    assert (w.confirming, w.ratifying) == (170 if confidence else 11, 171 if signing else 12)


def test_a_week_has_its_order(calls: Calls) -> None:
    """Oil and economy, members, protest, moods, pressure, cells, Syria, the coalition, Iran's influence."""
    REAL["one_week"](stage())
    assert calls == [
        ("outside_week",), ("members_week",), ("protest_week",), ("public_week",), ("press",), ("cells_week",),
        ("army_week",), ("syria_week",), ("coalition_week",), ("influence_week",),
    ]  # fmt: skip


def test_a_world_starts_in_order_with_nothing_remembered(calls: Calls) -> None:
    """Luck is the world's own; no attack, no strike, no mechanism, no rule has been; then each part begins."""
    w = stage({"luck": 1, "key": 987654321, "last_attack": 1, "last_deadly": 2, "last_strike": 3, "first_strike": 4,
               "last_leader": 5})  # fmt: skip
    w.mattered[:], w.fired_day[:] = 7, 7
    REAL["start"](w)
    assert w.luck == 987654321
    assert (w.last_attack, w.last_deadly, w.last_strike, w.first_strike, w.last_leader) == (-1, -1, -1, -1, -1)
    assert (w.mattered == -1).all() and (w.fired_day == -1).all()
    assert calls == [
        ("_work_out_fading",), ("start_outside",), ("start_coalition",), ("start_syria",), ("start_presence",),
        ("start_sites",), ("start_factions",), ("start_washington",), ("start_iran",), ("start_parliament",),
        ("start_government",), ("start_sadr",), ("start_north",), ("start_public",), ("start_protest",),
        ("start_forces",), ("start_cells",), ("influence_week",),
    ]  # fmt: skip


# Fading: what is left after a day, or a week, by the parameter that says how long

TIMES = {"excitation": "excitation_days", "trust": "trust_days", "faith": "faith_days", "fear": "fear_days",
         "pressure": "pressure_days", "sting": "revenge_lull", "weary": "weary_days", "dispersed": "dispersal_days",
         "air_defence": "air_defence_days", "backing": "backing_days", "president": "president_days",
         "stance": "sadr_days"}  # fmt: skip
HALF_LIVES = {"revenge": "revenge_half_life", "deterrence": "deterrence_half_life", "memory": "memory_half_life",
              "grievance": "grievance_half_life", "surge": "surge_half_life", "leverage": "leverage_half_life",
              "outrage": "outrage_half_life", "momentum": "momentum_half_life", "words": "words_half_life",
              "agenda": "agenda_half_life", "cost": "cost_half_life"}  # fmt: skip
WEEKLY = {"economy_week": "economy_days", "oil_week": "oil_return_days", "syria_week": "syria_leave_days"}


def test_all_that_fades_is_worked_out_from_its_own_time() -> None:
    """By a time constant, by a half-life, or over a week; each parameter is another number of days."""
    days = {name: 10.0 + k for k, name in enumerate([*TIMES.values(), *HALF_LIVES.values(), *WEEKLY.values()])}
    w = stage({"p.anger_half_life": 70, **{f"p.{name}": value for name, value in days.items()}})
    for what in KEPT:
        setattr(w.kept, what, 0.0)
    day._work_out_fading(w)
    expected = {what: math.exp(-1 / days[name]) for what, name in TIMES.items()}
    expected |= {what: 0.5 ** (1 / days[name]) for what, name in HALF_LIVES.items()}
    expected |= {what: math.exp(-7 / days[name]) for what, name in WEEKLY.items()}
    expected |= {"anger_week": 0.5**0.1}
    assert {what: float(w.kept[what]) for what in KEPT} == pytest.approx(expected)


@pytest.mark.parametrize(("days", "left"), [(1, 0.5), (2, 0.5**0.5), (0.5, 0.25), (0, 0)])
def test_a_half_life(days: float, left: float) -> None:
    """Half is left after it; nothing where there is none."""
    assert day.half_left(days) == pytest.approx(left)
