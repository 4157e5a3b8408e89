"""What wears ISIS down: leaders, men who would join, people who tell on it; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import ISIS, NOWHERE
from sim.names.events import ISIS_LEADER_TAKEN
from sim.names.mechanisms import M70
from sim.world import wear
from sim.world.draws import LEADER_TAKEN_DRAW
from tests.rules.exact import Told, blank, dice, got, told

#: 30 fighters under means of 0.5, 10 under more than count, whom a service of 0.8 hunts: 0.8 * (15 + 15) / 40 = 0.6.
HUNTED: dict[str, Any] = {
    "fighters": 40.0, "place_fighters.4": 30.0, "place_fighters.17": 10.0, "enablers.4": 0.5, "enablers.17": 9.0,
    "cts": 0.8, "p.leader_taken": 0.5, "p.leader_worth": 0.4, "p.leaders_rebuilt": 70.0, "leaders_lost": 0.25,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "u", "taken"),
    [({}, 0.299, True), ({}, 0.301, False), ({"cts": 0.0}, 0.0, False), ({f"strength.{M70}": 2.0}, 0.599, True),
     ({f"strength.{M70}": 0.0}, 0.0, False), ({f"reading.{M70}": 1.0}, 0.0, False),
     ({"enablers.4": 0.0}, 0.151, False)],
)  # fmt: skip
def test_leaders_are_taken_where_eyes_and_hunters_work_together(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], u: float, taken: bool
) -> None:
    """M70: by means where fighters are times the skill of the service; a leader is a share of all that is left."""
    dice(monkeypatch, wear, {LEADER_TAKEN_DRAW: u}, "draw")
    w = blank(HUNTED | values)
    wear.take_leaders(w)
    lost = 0.25 + 0.4 * 0.75 if taken else 0.25
    assert w.leaders_lost == pytest.approx(lost * math.exp(-0.1))
    assert told(w) == ([Told(ISIS_LEADER_TAKEN, ISIS, NOWHERE, claim=M70)] if taken else [])


@pytest.mark.parametrize(
    ("values", "gained", "spent"),
    [({}, 30.0, 0.3), ({}, -30.0, 0.2), ({}, 9e9, 1.0), ({f"strength.{M70}": 2.0}, 30.0, 0.4),
     ({f"strength.{M70}": 0.0}, 30.0, 0.2), ({f"reading.{M70}": 1.0}, 30.0, 0.2), ({"p.willing_men": 0.0}, 0.5, 0.7)],
)  # fmt: skip
def test_those_who_have_joined_are_missing_until_others_grow_up(
    values: dict[str, Any], gained: float, spent: float
) -> None:
    """Thirty of 300 are a tenth; after a week of 700 days a hundredth has grown up."""
    w = blank({"p.willing_men": 300.0, "p.generation_days": 700.0, "recruits_spent": 0.2} | values)
    wear.spend_recruits(w, gained)
    assert w.recruits_spent == pytest.approx(spent * math.exp(-0.01))


@pytest.mark.parametrize(
    ("values", "growth"),
    [({}, 0.75 * 0.9), ({f"strength.{M70}": 0.0, "leaders_lost": 0.0, "recruits_spent": 0.0}, 1.0),
     ({f"reading.{M70}": 1.0}, 1.0 + 2.0 * 0.25), ({f"reading.{M70}": 1.0, f"strength.{M70}": 2.0}, 2.0),
     ({f"reading.{M70}": 1.0, "fighters": 150.0}, 1.0), ({f"reading.{M70}": 1.0, "fighters": 0.0}, 3.0)],
)  # fmt: skip
def test_growth_lacks_leaders_and_men_or_is_the_faster_the_more_is_lost(values: dict[str, Any], growth: float) -> None:
    """A quarter of leaders and a tenth of men missing; its rival lets what is left regrow."""
    w = blank({"leaders_lost": 0.25, "recruits_spent": 0.1, "fighters": 75.0, "fighters_start": 100.0,
               "p.remnant_growth": 2.0} | values)  # fmt: skip
    assert wear.recruiting(w) == pytest.approx(growth)


def test_people_turn_on_those_who_kill_among_them_and_forget() -> None:
    """Five dead at 0.02 are a tenth of those who had not turned, and a twentieth of all forgets; off, only that."""
    given = {"tips.4": 0.5, "p.tips_per_dead": 0.02, "p.tips_fade": 0.05, "p.tips_worth": 2.0}
    w = blank(given)
    wear.turn_on(w, 4, 5.0)
    assert got(w, "tips.4", "tips.5") == pytest.approx((0.55 * 0.95, 0.0))
    assert wear.told_on(w, 4) == pytest.approx(1.0 + 2.0 * 0.55 * 0.95)
    for off in ({f"strength.{M70}": 0.0}, {f"reading.{M70}": 1.0}):
        w = blank(given | off)
        wear.turn_on(w, 4, 5.0)
        assert w.tips[4] == pytest.approx(0.475)
