"""What must be possible is counted rightly, and told with what was asked for."""

import math

import numpy as np
import pytest

from sim.evidence import shapes
from sim.evidence.shapes import Lives
from sim.names.events import DRAWN_DOWN_EVENT, EXIT_DECIDED, FRAMEWORK_SIGNED, REVIEWED, US_KILLED

WEEKLY = [("attacks", "f4"), ("attacks_outside", "f4"), ("isis_attacks", "f4"), ("us_troops", "f4"),
          ("factions_holding", "f4")]  # fmt: skip
OUTCOMES = [("exit_decided_day", "f8"), ("troops_low", "f8"), ("militia_attacks", "f8"), ("exited", "f8")]


def _lives(attacks: list[list[float]], **more: list[float]) -> Lives:
    weekly = np.zeros((len(attacks), len(attacks[0])), WEEKLY)
    weekly["attacks"] = attacks
    weekly["us_troops"] = 5000.0
    outcomes = np.zeros(len(attacks), OUTCOMES)
    outcomes["exit_decided_day"] = np.nan
    for name, values in more.items():
        outcomes[name] = values
    return Lives(outcomes, weekly, 737_000)


def test_silence_counts_after_fire_alone() -> None:
    """Of three worlds with eight busy weeks one falls silent for eight; one that is always silent has no occasion."""
    busy, calm = [2.0] * 8, [0.0] * 8
    worlds = [busy + calm + [1.0] * 8, busy + [1.0] * 16, calm + [0.0] * 8 + busy, calm * 3]
    assert shapes._silence_after_fire(_lives(worlds)) == pytest.approx(1 / 3)
    assert math.isnan(shapes._silence_after_fire(_lives([[0.0] * 24])))


def test_a_fortnight_of_daily_fire_is_two_weeks_beside_each_other() -> None:
    """Fourteen in two weeks, not in one and another."""
    assert shapes._daily_fire(_lives([[7.0, 7.0, 0.0], [13.0, 0.0, 13.0], [0.0, 14.0, 0.0]])) == pytest.approx(2 / 3)


def test_a_cut_is_one_without_an_exit() -> None:
    """Three fifths left at most, and nobody has decided to leave."""
    lives = _lives([[0.0]] * 3, troops_low=[3000.0, 3001.0, 0.0], exit_decided_day=[np.nan, np.nan, 40.0])
    assert shapes._cut(lives) == pytest.approx(1 / 3)


def test_a_season_is_no_trend() -> None:
    """Attacks that follow the usual year alone come to the same in both half-years."""
    lives = _lives([[0.0] * 104])
    days = lives.start + 7 * np.arange(104) + 3
    lives.weekly["isis_attacks"][0] = 20 * (1 + 0.25 * np.cos(2 * np.pi * (days - 737_556) / 365.25))
    assert shapes._halves(lives)[0] == pytest.approx(1.0, abs=1e-4)


def test_a_decision_has_a_reason_that_is_a_review_an_agreement_a_rule_or_of_late() -> None:
    """Anything else was long ago, or nothing at all."""
    kinds = [REVIEWED, FRAMEWORK_SIGNED, US_KILLED, EXIT_DECIDED, EXIT_DECIDED, DRAWN_DOWN_EVENT, DRAWN_DOWN_EVENT,
             EXIT_DECIDED]  # fmt: skip
    log = np.zeros(8, [(name, "i8") for name in ("id", "day", "kind", "cause", "rule")])
    log["id"], log["kind"] = np.arange(1, 9), kinds
    log["day"] = [10, 20, 30, 100, 500, 40, 60, 70]
    log["cause"] = [0, 0, 0, 1, 2, 3, 3, 0]
    log["rule"][-1] = 9
    assert list(shapes._has_reason(log)) == [True, True, True, False, True]


def test_the_better_one_is_counted_among_worlds_that_differ() -> None:
    """Three of four that differ by more than the tie have less; of too few nothing is said."""
    first, second = np.tile([1.0, 1.0, 1.0, 5.0, 2.0], 4), np.tile([2.0, 2.0, 2.0, 4.0, 2.1], 4)
    assert shapes._better(first, second, 0.5) == pytest.approx(0.75)
    assert math.isnan(shapes._better(first[:9], second[:9], 0.5))


def test_a_share_beyond_what_was_asked_for_fails_and_is_told() -> None:
    """A family without the occasion says so, and fails nothing."""
    shape = shapes.Shape("a thing", shapes._tail, 0.1, 0.6)
    good = shapes._checked(shape, {"one": 0.2, "two": float("nan")})
    bad = shapes._checked(shape, {"one": 0.2, "two": 0.61})
    assert (good.holds, bad.holds) == (True, False)
    assert (good.came, good.wanted) == ("one 0.20, two no occasion", "0.1 to 0.6")


def test_every_shape_is_read_off_real_worlds() -> None:
    """A handful of worlds of each family come to a share, or to no occasion, for each."""
    found = shapes.shapes(12)
    assert len(found) == len(shapes.SHAPES) + 3
    assert all(one.came and one.wanted for one in found)
