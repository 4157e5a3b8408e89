"""Predictions: what is read of worlds, how arms are compared, and made-up predictions whose truth is known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.errors import InputError
from sim.evidence.arms import ArmWorlds, read_part, run_arm, variant_of
from sim.evidence.part_results import CLOSE, FAILS, HOLDS, judge, ratio, try_part
from sim.evidence.predictions import DEPENDS, PredictionTrial
from sim.inputs.claims import Claim, Part, PredictionTest, is_assumption, load_claims, resting_on
from sim.world.record import OUTCOME

REFERENCE = {"scenario": "2020-soleimani", "set": ["us=restraint"]}
GOING = {"scenario": "2020-soleimani", "set": ["us=prompt-withdrawal"]}


def made_up(**fields: Any) -> PredictionTest:
    """Return a test with the given fields, over 200 days."""
    plain = {"path": "a -> b -> c", "days": 200, "arms": {"A": GOING, "B": REFERENCE}} | fields
    return PredictionTest.model_validate(plain)


def worlds(days: int = 365, weekly: Any = None, **outcomes: Any) -> ArmWorlds:
    """Return made-up worlds with a weekly series of attacks, and outcomes."""
    series = np.atleast_2d(np.asarray([[0.0]] if weekly is None else weekly, float))
    n = max([len(series), *(len(values) for values in outcomes.values())])
    rows = np.zeros(n, OUTCOME)
    rows["exit_day"] = np.nan
    for name, values in outcomes.items():
        rows[name] = values
    return ArmWorlds(days, rows, {"attacks": series}, {})


def verdicts(test: PredictionTest, n: int = 24) -> list[str]:
    """Return the verdict of each part of a test, in a few worlds."""
    arms = {
        name: run_arm(variant_of(arm, test.days, "documents"), n, 1, ["attacks"]) for name, arm in test.arms.items()
    }
    return [try_part(test, part, arms).verdict for part in test.parts]


def part(**fields: Any) -> Part:
    """Return a part of a test."""
    return Part.model_validate({"tie": 0.0} | fields)


def tried(claim: str, **by_theory: list[str]) -> PredictionTrial:
    """Return a prediction tried with these verdicts of its parts."""
    simple = made_up(parts=[{"reads": "exited", "goes": "lower", "tie": 0.02}])
    found = try_part(simple, simple.parts[0], dict.fromkeys("AB", worlds(exited=[0.0, 1.0])))
    made = {theory: tuple(replace(found, verdict=word) for word in words) for theory, words in by_theory.items()}
    return PredictionTrial(load_claims()[claim], made)


# Whose truth is known ---------------------------------------------------------------------------------------------


def test_an_arm_against_itself_is_too_close_to_call() -> None:
    """Nothing differs, whatever is predicted."""
    test = made_up(
        arms={"A": REFERENCE, "B": REFERENCE},
        parts=[
            {"reads": "exited", "goes": "higher", "tie": 0.0},
            {"reads": "presence_days", "goes": "lower", "tie": 0.0},
            {"reads": "attacks", "days": [0, 91], "take": "sum", "goes": "higher", "tie": 0.0},
        ],
    )
    assert verdicts(test) == [CLOSE] * 3


def test_a_scripted_exit_holds_for_higher_and_fails_for_lower() -> None:
    """All of A leave, and nearly nobody else does within 200 days."""
    parts = [{"reads": "exited", "goes": goes, "tie": 0.02} for goes in ("higher", "lower")]
    assert verdicts(made_up(parts=parts)) == [HOLDS, FAILS]


def test_a_share_of_worlds_is_held_against_its_bounds() -> None:
    """All of A have gone: a share above one half, and one that is not between 20% and 80%."""
    parts = [
        {"reads": "exited", "of": ["A"], "kind": "share", "above": 0.5, "tie": 0.02},
        {"reads": "exited", "of": ["A"], "kind": "share", "above": 0.2, "below": 0.8, "tie": 0.02},
    ]
    assert verdicts(made_up(parts=parts)) == [HOLDS, FAILS]


def test_events_can_be_scripted_in_an_arm() -> None:
    """An attack that the arm adds kills whom it says; one that does not fit names the claims."""
    attack = {"day": 5, "do": "attack", "with": {"by": "badr", "deadly": 7}}
    test = made_up(
        days=6,
        arms={"A": REFERENCE | {"events": {"more": attack}}, "B": REFERENCE},
        parts=[{"reads": "us_killed", "goes": "higher", "tie": 5}],
    )
    assert verdicts(test) == [HOLDS]
    wrong = test.arms["A"].model_copy(update={"events": {"x": {"do": "attack"}}})
    with pytest.raises(InputError, match="my claims"):
        variant_of(wrong, 6, "documents", where="my claims")


def test_a_mechanism_can_be_off_in_every_arm() -> None:
    """As when a document is left out."""
    arm = made_up(parts=[{"reads": "exited", "goes": "lower", "tie": 0}]).arms["A"]
    inputs = variant_of(arm, 9, "proxies", ["M08"]).inputs
    assert inputs.quantities["mechanism:M08"].bounds() == (0.0, 0.0)
    assert inputs.theory == "proxies"


# Reading ----------------------------------------------------------------------------------------------------------


def test_a_window_takes_the_weeks_whose_records_lie_in_it() -> None:
    """The record of week 1 covers days 1 to 7; from the start on, the record of day 0 counts too."""
    one = worlds(weekly=[[1, 2, 4, 8, 16]])
    assert read_part(part(reads="attacks", days=[0, 14], take="sum", goes="lower"), one, one) == [7]
    assert read_part(part(reads="attacks", days=[7, 21], take="sum", goes="lower"), one, one) == [12]
    assert read_part(part(reads="attacks", days=[7, 28], take="last", goes="lower"), one, one) == [16]
    assert read_part(part(reads="attacks", days=[7, 28], take="growth", goes="lower"), one, one) == [8]
    assert read_part(part(reads="attacks", days=[7, 28], take="of_start", goes="lower"), one, one) == [16]


def test_days_from_the_exit_are_those_of_the_first_arm_world_by_world() -> None:
    """A world without an exit, or with one so late that the window runs over the end, has no value."""
    weekly = [[1, 2, 4, 8, 16]] * 3
    gone, other = worlds(28, weekly, exit_day=[7.0, 20.0, np.nan]), worlds(28, weekly)
    values = read_part(part(reads="attacks", since="exit", days=[0, 14], take="sum", goes="lower"), other, gone)
    assert values[0] == 12
    assert np.isnan(values[1:]).all()


def test_what_never_came_counts_as_the_end_where_the_test_says_so() -> None:
    """A time to an event is cut off at the horizon."""
    one = worlds(730, demand_day=[10.0, np.nan])
    assert read_part(part(reads="demand_day", missing="end", goes="lower"), one, one).tolist() == [10, 730]


def test_exits_of_one_kind_can_be_left_out() -> None:
    """As for the second reading of P09."""
    one = worlds(exited=[1.0, 1.0, 0.0], exit_kind=[1.0, 2.0, 0.0])
    left = read_part(part(reads="exited", but_not={"exit_kind": "agreement"}, goes="lower"), one, one)
    assert sorted(left.tolist()) == [0, 0, 1]


def test_bunching_shows_against_shuffled_weeks() -> None:
    """Weeks in one bout follow each other; alternating ones do not."""
    bout, jumpy = [0] * 15 + [5] * 10 + [0] * 15, [0, 5] * 20
    one = worlds(weekly=[bout, jumpy])
    wanted = part(reads="attacks", days=[0, 300], take="over_shuffled", kind="mean", above=0)
    first, second = read_part(wanted, one, one)
    assert first > 0.5 and second < -0.5


# Comparing --------------------------------------------------------------------------------------------------------


def test_a_verdict_needs_the_tie_zone_and_the_interval() -> None:
    """Beyond the tie zone, with an interval on that side; else it is too close to call."""
    above = (0.0, None)
    assert judge(0.10, 0.05, 0.15, above, 0.02) == HOLDS
    assert judge(-0.10, -0.15, -0.05, above, 0.02) == FAILS
    assert judge(0.10, -0.05, 0.25, above, 0.02) == CLOSE
    assert judge(0.01, 0.005, 0.015, above, 0.02) == CLOSE
    assert judge(None, None, None, above, 0.02) == CLOSE
    assert judge(0.0, -0.01, 0.01, (-0.03, 0.03), 0.005) == HOLDS
    assert judge(0.1, 0.08, 0.12, (-0.03, 0.03), 0.005) == FAILS


def test_a_ratio_of_sums_has_an_interval_from_resampled_worlds() -> None:
    """It holds the true ratio, and is the same each time; one that is the same in all worlds is not certain."""
    rng = np.random.default_rng(1)
    below = rng.poisson(10, 400).astype(float)
    above = 0.9 * below
    value, low, high = ratio(above, below)
    assert low is not None and high is not None and value == pytest.approx(0.9) and 0.85 < low < 0.9 < high < 0.95
    noisy = above + rng.normal(0, 1, 400)
    value, low, high = ratio(noisy, below)
    assert low is not None and high is not None and low < 0.9 < high
    assert (value, low, high) == ratio(noisy, below)
    assert ratio(above, np.zeros(400)) == (None, None, None)


def test_shares_count_worlds_that_differ() -> None:
    """Of three worlds two differ, and one of them lies on the predicted side."""
    test = made_up(parts=[{"reads": "us_killed", "goes": "lower", "tie": 0}])
    found = try_part(
        test, test.parts[0], {"A": worlds(us_killed=[1.0, 5.0, 2.0]), "B": worlds(us_killed=[1.0, 4.0, 9.0])}
    )
    assert (found.share, found.differ, found.n) == (0.5, 2, 3)


def test_a_prediction_holds_when_all_its_parts_do_in_every_theory() -> None:
    """One that fails fails it; one that is close leaves it open; theories that differ make it depend on them."""
    assert tried("P01", documents=[HOLDS, HOLDS], proxies=[HOLDS, HOLDS]).verdict == HOLDS
    assert tried("P01", documents=[HOLDS, CLOSE]).verdict == CLOSE
    assert tried("P01", documents=[HOLDS, FAILS]).verdict == FAILS
    assert tried("P01", documents=[HOLDS], proxies=[FAILS]).verdict == DEPENDS


def test_none_against_and_one_for_is_enough_where_the_ledger_says_so() -> None:
    """P03: no better in anything, and worse in one thing."""
    assert tried("P03", documents=[CLOSE, HOLDS, CLOSE]).verdict == HOLDS
    assert tried("P03", documents=[CLOSE, CLOSE, CLOSE]).verdict == CLOSE
    assert tried("P03", documents=[HOLDS, FAILS, CLOSE]).verdict == FAILS


def test_some_predictions_ask_for_a_number_of_theories() -> None:
    """P20 in three of five; what is too close to call may still come to that."""
    theories = ["a", "b", "c", "d", "e"]
    for words, verdict in (("HHHFF", HOLDS), ("FFFHH", FAILS), ("HHCFF", CLOSE)):
        long = {"H": HOLDS, "F": FAILS, "C": CLOSE}
        assert tried("P20", **{t: [long[w]] for t, w in zip(theories, words, strict=True)}).verdict == verdict


def test_one_rule_away_is_an_assumption() -> None:
    """As is what a mechanism says in other words."""
    assert is_assumption("consent -> anger (M09)")
    assert not is_assumption("strike -> outrage -> vote")
    assert tried("P19", documents=[HOLDS]).assumption


# The form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"reads": "exiled", "goes": "lower"},
        {"reads": "exited", "goes": "lower", "above": 1.0},
        {"reads": "exited"},
        {"reads": "attacks", "take": "sum", "goes": "lower"},
        {"reads": "attacks", "take": "sum", "days": [0, 7], "during": "talking", "goes": "lower"},
        {"reads": "government_leaning", "category": "neutralist", "goes": "lower"},
    ],
)
def test_a_part_that_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    """A measure, series or category that is none, a bound twice or never, a series without days."""
    with pytest.raises(ValidationError):
        part(**fields)


def test_arms_of_a_part_must_be_there() -> None:
    """Two for a difference, one for a share, each by its name."""
    for of in (["A", "nobody"], ["A"]):
        with pytest.raises(ValidationError):
            made_up(parts=[{"reads": "exited", "of": of, "goes": "lower", "tie": 0}])


def test_what_rests_on_one_document_cites_no_other() -> None:
    """Inference and judgement are no documents; a document that is none is an error."""
    claims: dict[str, Claim] = load_claims()
    alone = resting_on("restraint-2020")
    assert "M05" in alone and "M01" not in alone
    assert all(claims[one].documents == {"restraint-2020"} for one in alone)
    with pytest.raises(InputError, match="a document of the ledger"):
        resting_on("nobody-2020")
