"""The army's cohesion, towns lost and retaken; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import IRAQI_FORCES, ISIS, N_GOVERNORATES
from sim.names.events import ARMY_BROKE, CITIES_RETAKEN
from sim.names.mechanisms import M73
from sim.world import army
from sim.world.draws import ARMY_BREAKS_DRAW, TOWNS_FALL_DRAW
from tests.rules.exact import Told, blank, dice, got, told

#: In place 4 900 fighters, half of whose neighbours are Sunni, with a grievance of 0.5: 675 against 400 * 0.6 * 0.75 of
#: an army with means of 0.5, a fifth hollow.
FRONT: dict[str, Any] = {
    "place_fighters.4": 900.0, "place_in.4.sunni_arab": 0.5, "grievance.4": 0.5, "skill": 0.6, "hollow": 0.2,
    "enablers.4": 0.5, "p.break_fighters": 400.0, "p.rally_days": 1e12, "p.break_rate": 0.1, "p.break_share": 0.6,
    "p.rout": 0.25, "p.victory_recruits": 0.5, "recruits_spent": 0.4, "leaders_lost": 0.6, "p.retake": 0.2,
}  # fmt: skip
ODDS = 675 / (400 * 0.6 * 0.8 * 0.75)


@pytest.mark.parametrize(
    ("values", "goal"),
    [({}, 0.8 * 0.5 * 0.6), ({"training": 1.5}, 0.0), ({f"strength.{M73}": 2.0}, 0.48), ({f"strength.{M73}": 0.0}, 0.0),
     ({"p.hollowed_by_split": 9.0}, 0.95)],
)  # fmt: skip
def test_split_politics_hollows_out_an_army_that_nobody_trains(values: dict[str, Any], goal: float) -> None:
    """M73: towards what both leave of it, by a week of the days that it takes."""
    w = blank({"p.hollowed_by_split": 0.8, "parliament.sectarian": 0.5, "training": 0.4, "hollow": 0.1,
               "p.rally_days": 70.0, "p.break_fighters": 1.0} | values)  # fmt: skip
    army.army_week(w)
    assert w.hollow == pytest.approx(goal + (0.1 - goal) * math.exp(-0.1))


def test_an_army_is_outweighed_by_fighters_among_sunnis_where_it_is_weak() -> None:
    """By grievance, skill, cohesion and means; elsewhere nothing weighs."""
    w = blank(FRONT)
    assert army._odds(w, 4) == pytest.approx(ODDS)
    assert army._odds(w, 5) == 0.0


@pytest.mark.parametrize(
    ("values", "u", "breaks"),
    [({}, 0.1 * (ODDS - 1) - 1e-6, True), ({}, 0.1 * (ODDS - 1) + 1e-6, False), ({"skill": 6.0}, 0.0, False),
     ({f"strength.{M73}": 0.0}, 0.0, False), ({f"strength.{M73}": 2.0}, 0.2 * (ODDS - 1) - 1e-6, True)],
)  # fmt: skip
def test_an_outweighed_army_may_break_and_towns_fall(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], u: float, breaks: bool
) -> None:
    """Of a place half Sunni 0.6 times 0.7 falls; the rout takes cohesion elsewhere, victory brings men and leaders."""
    elsewhere = dict.fromkeys(range(N_GOVERNORATES), 0.999)
    dice(monkeypatch, army, {ARMY_BREAKS_DRAW: elsewhere | {4: u}, TOWNS_FALL_DRAW: {4: 0.2}})
    w = blank(FRONT | values)
    army.army_week(w)
    if breaks:
        assert got(w, "towns_lost.4", "recruits_spent", "leaders_lost") == pytest.approx((0.21, 0.2, 0.3))
        assert w.hollow == pytest.approx(0.2 + 0.25 * 0.8)
        assert told(w) == [Told(ARMY_BROKE, ISIS, 4, claim=M73)]
    else:
        assert got(w, "towns_lost.4", "hollow", "recruits_spent") == pytest.approx((0.0, 0.2, 0.4))
        assert told(w) == []


@pytest.mark.parametrize(("lost", "left", "events"), [(0.3, 0.3 * (1 - 0.2 * 0.48 * 0.8), 0), (0.0202, 0.0, 1)])
def test_lost_towns_are_retaken_by_skill_cohesion_and_means(lost: float, left: float, events: int) -> None:
    """The last of them as a whole; a place that is lost cannot break again."""
    w = blank(FRONT | {"towns_lost.4": lost, "p.break_rate": 1.0})
    army._retake(w, 4)
    assert w.towns_lost[4] == pytest.approx(left)
    assert told(w) == [Told(CITIES_RETAKEN, IRAQI_FORCES, 4)] * events
