"""Rare ends: worlds that are split and told again, what is said of chances, and the command line's --rare."""

import json
import warnings
from itertools import pairwise

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import cli, stats
from sim.errors import InputError
from sim.experiments.request import Request, variants_of
from sim.names.actions import IRAN_FIRE_MISSILES
from sim.names.actors import SEAT_IRAN
from sim.names.events import EVENT_KINDS, WINDOWED_KINDS, WINDOWS
from sim.names.measures import OUTCOMES
from sim.running.one_world import OneWorld
from sim.running.progress import Progress
from sim.running.rare import warning_signs
from sim.running.rare.ends import end_of, ends
from sim.running.rare.finding import find, lived_again
from sim.running.rare.judgement import judgement_of
from sim.running.rare.pilot import HEAVIEST, levels_for, log_odds
from sim.running.rare.splitting import Levels
from sim.running.rare.trees import Plan, grow
from sim.running.rare.warning_signs import SignReader, drawn_signs, in_window, thresholds
from sim.stats.logistic import logistic
from sim.world.record import WORLD, as_numbers, new_worlds, offset
from tests.worlds import batch, variant

#: Every world has a score of 0 as long as nobody has taught anything: so each is split on the first day, into four.
INTO_FOUR = Plan(levels=Levels((-1.0,), (1.0, 0.25)))


def over_days(*settings, days=20):
    """Return the variant of the reference scenario over a few days."""
    [one] = variants_of(Request(("2020-soleimani",), days=days, settings=settings))
    return one


# Worlds ----------------------------------------------------------------------------------------------------------


def test_a_branch_of_a_split_world_is_lived_again_to_the_bit():
    """Each world that reached the end reaches it again by its number and branches alone, and by then not before."""
    one, end = over_days(days=25), end_of("vote_passed")
    grown = grow(one, end, INTO_FOUR, range(12), 3, threads=1)
    rare = [found for part in grown for found in part.ends]
    assert any(found.branches for found in rare)
    for found in rare:
        world = lived_again(one, found, 3)
        assert world.day == found.day
        assert {name: found.outcomes[name] for name in found.outcomes.dtype.names} == pytest.approx(
            world.outcomes(), nan_ok=True
        )


def test_branches_share_what_was_and_part_in_what_comes():
    """Up to the day of its branch a world is the unbroken one; a week later it is not, nor the same as its sibling."""
    one = variant("2020-soleimani", "days=30")
    worlds = [OneWorld(one, 5, branches=branches) for branches in ((), ((10, 1),), ((10, 2),))]
    assert len({world.run_to(10).digest() for world in worlds}) == 1
    assert len({world.run_to(17).digest() for world in worlds}) == 3


def test_a_branch_of_a_branch_has_luck_of_its_own():
    """The first branch of a later day is another one on the branch than on the unbroken world."""
    one = variant("2020-soleimani", "days=30")
    lucks = [
        int(OneWorld(one, 5, branches=branches).run_to(21).worlds["luck"][0])
        for branches in ((), ((10, 1),), ((20, 1),), ((10, 1), (20, 1)))
    ]
    assert len(set(lucks)) == 4


def test_the_unbroken_branch_is_the_plain_world():
    """Without branches, the worlds found are those of a plain run in which the end came, each of weight 1."""
    one, end = over_days(days=25), end_of("vote_passed")
    grown = grow(one, end, Plan(), range(16), 1, threads=2)
    [block] = batch([one], 16)
    came = np.flatnonzero(block.outcomes["vote_passed"] == 1)
    assert [found.root for part in grown for found in part.ends] == came.tolist()
    assert np.concatenate([part.totals for part in grown]).tolist() == (block.outcomes["vote_passed"] == 1).tolist()


def test_threads_change_nothing():
    """The same trees come of one thread and of three."""
    one, end = over_days(days=15), end_of("vote_passed")
    totals = [
        np.concatenate([part.totals for part in grow(one, end, INTO_FOUR, range(120), 1, threads=n)]).tolist()
        for n in (1, 3)
    ]
    assert totals[0] == totals[1]


@pytest.mark.parametrize("name", ["open_war", "exited", "vote_passed", "framework_signed", "sanctions_imposed"])
def test_ends_that_stay_are_never_taken_back(name):
    """Of worlds looked at by the month, none has an end that stays and loses it again."""
    end = end_of(name)
    one = variant("2020-soleimani", "days=500", "policies.us=maximum-pressure")
    for number in range(6):
        world, before = OneWorld(one, number, record=False), False
        for day in range(20, 501, 30):
            row = world.run_to(day).lived(day)[0]
            assert end.stays and (end.came(row) or not before)
            before = end.came(row)


# Ends and levels -------------------------------------------------------------------------------------------------


def test_every_flag_and_every_kind_of_an_outcome_can_be_asked_for():
    """Each is found by its name, and says it again."""
    kinds = [f"{m.name}={kind}" for m in OUTCOMES for kind in m.categories]
    for name in [*ends(), *kinds]:
        assert end_of(name).name == name


@pytest.mark.parametrize("text", ["open-war", "", "us_killed", "exit_kind", "exit_kind=", "open_war=1", "exit_kind=x"])
def test_what_is_no_end_is_told_with_those_that_are(text):
    """A count, a kind that there is not, a flag with a value: all are refused with names that would do."""
    with pytest.raises(InputError, match="an outcome that a world has or has not"):
        end_of(text)


def test_levels_halve_the_weight_and_a_usual_world_weighs_one():
    """Below all levels worlds weigh the most; at the usual chance, one; each level up to the even ones halves it."""
    levels = levels_for(0.002)
    assert levels.weights[0] == HEAVIEST
    up = levels.weights[: levels.sure]
    assert all(a / b == pytest.approx(2) for a, b in pairwise(up))
    assert 0.5 <= levels.weights[levels.of(log_odds(0.002))] <= 2
    assert list(levels.bounds) == sorted(levels.bounds)
    assert len(levels_for(0.002, 4).bounds) - len(levels_for(0.002, 3).bounds) == 1


def test_draws_as_signs_are_standard_normal():
    """Over many worlds each has mean 0 and variance 1, whatever the distribution of what is drawn."""
    signs = drawn_signs(variant(), 1, np.arange(2000))
    assert np.abs(signs.mean(axis=0)).max() < 0.12
    assert np.abs(signs.std(axis=0) - 1).max() < 0.12


@pytest.mark.parametrize("ladder", [True, False])
def test_signs_are_finite_whatever_happens(ladder):
    """Numbers of a world at all times, with war, exits and the north in it, make finite signs, as many each day."""
    one, lengths = variant("2020-soleimani", "days=400", "policies.us=maximum-pressure"), set()
    for number in range(8):
        world = OneWorld(one, number, record=False)
        reader = SignReader(world.numbers, one, ladder)
        for day in range(0, 400, 40):
            world.run_to(day)
            signs = reader.signs()
            assert np.isfinite(signs).all()
            lengths.add(len(signs))
    assert len(lengths) == 1


def test_what_a_policy_waits_for_is_read_off_its_rules():
    """Calibrated Iran answers a blow at home up to a fear that each world draws; one that stands down never does."""
    one = variant("2020-soleimani", "policies.iran=calibrated")
    [at] = thresholds(one, SEAT_IRAN, IRAN_FIRE_MISSILES, "iran", "fear_of_war")
    drawn = one.values(1, [4])["threshold:iran:calibrated:bearable"][0]
    assert OneWorld(one, 4).numbers[at] == drawn
    other = variant("2020-soleimani", "policies.iran=stand-down")
    assert not len(thresholds(other, SEAT_IRAN, IRAN_FIRE_MISSILES, "iran", "fear_of_war"))


# Statistics ------------------------------------------------------------------------------------------------------


def test_an_end_that_was_not_reached_has_a_bound_and_no_chance():
    """Nothing in 1,000 plain roots says a chance below 0.369% (Poisson's exact 97.5% limit, 3.689 in n)."""
    found = stats.chance_of_end(np.zeros(1000), 1.0)
    assert found.p is None
    assert found.high == pytest.approx(0.003689, rel=1e-3)
    assert stats.chance_of_end(np.zeros(1000), 10.0).high == pytest.approx(0.03689, rel=1e-3)


def test_plain_worlds_for_an_interval_are_those_that_gave_it():
    """Wilson's interval of 20 in 5,000 is as wide as 5,000 plain worlds make it."""
    low, high = stats.wilson_interval(20, 5000)
    assert stats.plain_worlds(20 / 5000, low, high) == pytest.approx(5000, rel=1e-6)


@pytest.mark.parametrize(("n", "weights"), [(3000, (0.05,)), (3000, (0.02, 0.5))])
def test_intervals_of_trees_hold_as_often_as_they_say(n, weights):
    """Of 400 runs whose roots end rarely, with like or unlike weights, at least 93% of intervals hold the chance."""
    rng, held = np.random.default_rng(1), 0
    chances = np.array([0.01] * len(weights))
    p = float(chances @ weights)
    for _ in range(400):
        totals = (rng.random((n, len(weights))) < chances) @ np.array(weights)
        found = stats.chance_of_end(totals, 1.0)
        held += found.low <= p <= found.high
    assert held >= 372


def test_the_regression_of_one_sign_without_penalty_is_the_log_odds_ratio():
    """Of 100 with the sign 30 came, of 100 without it 10: ln(30/70) against ln(10/90)."""
    sign = np.repeat([[1.0], [0.0]], 100, axis=0)
    came = np.concatenate([np.arange(100) < 30, np.arange(100) < 10]).astype(float)
    found = logistic(sign, came, np.ones(200), np.array([0.0]))
    assert found.log_odds(np.array([1.0])) == pytest.approx(np.log(30 / 70), abs=1e-4)
    assert found.log_odds(np.array([0.0])) == pytest.approx(np.log(10 / 90), abs=1e-4)


@pytest.mark.slow
def test_the_chance_is_that_of_plain_worlds():
    """Over a year and a half, the share of 8,000 plain worlds and the chance by splitting lie within four errors."""
    one, end = over_days(days=540), end_of("exit_kind=own_choice")
    [found] = find([one], end, 1, 3000, None, threads=2, progress=Progress())
    split = found.plain()
    kinds = np.concatenate([block.outcomes["exit_kind"] for block in batch([one], 8000, seed=2, threads=2)])
    share = float((kinds == end.category).mean())
    error = np.hypot(split["error"], np.sqrt(share * (1 - share) / 8000))
    assert abs(split["p"] - share) < 4 * error


# Command line ----------------------------------------------------------------------------------------------------


def crossfire(*words):
    """Return what a command gives."""
    return CliRunner().invoke(cli.app, list(words))


def test_run_rare_keeps_what_it_found_and_shows_it_again(tmp_path):
    """JSON has the chance with its interval, levels, paths and stories; the same inputs are not run twice."""
    words = ["run", "2020-soleimani", "--days", "25", "--rare", "vote_passed", "--effort", "60", "--json"]
    done = crossfire(*words, "--out", str(tmp_path / "r"))
    assert done.exit_code == 0, done.output
    [one] = json.loads(done.stdout)["variants"]
    assert 0 < one["low"] < one["p"] < one["high"] <= 1
    assert one["world_days"] <= 60 * 25 * 2
    assert one["paths"][0]["path"].endswith("vote passed")
    kept = json.loads((tmp_path / "r" / "rare.json").read_text())
    assert kept["manifest"]["inputs"]["rare"] == "vote_passed"
    again = crossfire(*words, "--out", str(tmp_path / "r"))
    assert "already there" in again.stderr
    assert again.stdout == done.stdout
    assert crossfire("show", str(tmp_path / "r"), "--json").stdout == done.stdout
    assert "95% interval" in crossfire("show", str(tmp_path / "r")).stdout


def test_a_story_of_a_rare_world_is_told_by_its_branches():
    """A branch on a day changes what comes after it, and none leaves the story as it is."""
    words = ["story", "2020-soleimani", "--world", "3", "--days", "60", "--json"]
    plain, other = crossfire(*words), crossfire(*words, "--branch", "5.1", "--branch", "12.2")
    assert plain.exit_code == other.exit_code == 0
    assert json.loads(plain.stdout)["sentences"] != json.loads(other.stdout)["sentences"]


def test_an_end_that_cannot_come_is_said_to_be_not_reached(tmp_path):
    """Within a day no war comes: no chance is given, but a bound, in JSON and in a sentence."""
    words = [
        "run",
        "2020-soleimani",
        "--days",
        "1",
        "--rare",
        "open_war",
        "--effort",
        "40",
        "--out",
        str(tmp_path / "r"),
    ]
    done = crossfire(*words)
    assert done.exit_code == 0, done.output
    assert "not reached" in done.stdout
    assert "at most" in done.stdout
    [one] = json.loads(crossfire("show", str(tmp_path / "r"), "--json").stdout)["variants"]
    assert one["p"] is None and one["gain"] is None
    # Nothing was learned, so all worlds were plain ones, and weighed 1.
    assert one["high"] == pytest.approx(min(1.0, 3.69 / one["roots"]))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--rare", "open_wra"], "open_war"),
        (["--rare", "open_war", "--worlds", "100"], "--worlds"),
        (["--rare", "open_war", "--figures"], "--figures"),
        (["--effort", "100"], "--rare"),
        (["--levels", "3"], "--rare"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words, told):
    """An end that there is not, and options that mean nothing with --rare or without it: code 2, in a line."""
    done = crossfire("run", "2020-soleimani", *words)
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize("text", ["5", "5.0", "x.1", "5.-1", "60.1", "5.1.1", "-1.1"])
def test_a_branch_that_is_none_is_refused(text):
    """A day beyond the horizon, no number, a number of none: code 2."""
    done = crossfire("story", "2020-soleimani", "--days", "60", f"--branch={text}")
    assert done.exit_code == 2
    assert "DAY.N" in done.stderr


def test_a_changed_file_is_not_shown(tmp_path):
    """A chance that was changed by hand is refused."""
    folder = tmp_path / "r"
    crossfire("run", "2020-soleimani", "--days", "1", "--rare", "vote_held", "--effort", "20", "--out", str(folder))
    plain = json.loads((folder / "rare.json").read_text())
    plain["variants"][0]["high"] = 0.5
    (folder / "rare.json").write_text(json.dumps(plain))
    done = crossfire("show", str(folder))
    assert done.exit_code == 2
    assert "changed, or damaged" in done.stderr


def test_signs_that_tell_all_apart_are_judged_in_finite_numbers() -> None:
    """One sign by which an end and none differ without fail: odds grow, and stay numbers."""
    rng = np.random.default_rng(1)
    came = np.repeat([0.0, 1.0], [380, 20])
    state, drawn = np.column_stack([came * 9.0, rng.random(400)]), rng.random((400, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judgement = judgement_of(state, drawn, came, np.ones(400), np.arange(400))
    odds = np.array([judgement.of_state(row) for row in state])
    assert np.isfinite(odds).all()
    assert odds[came == 1].min() > odds[came == 0].max()


def test_signs_read_what_they_are_called_after() -> None:
    """Every number that signs are made of lies where the record has it; counts over windows by kind and span."""
    worlds = new_worlds(1)
    for k, (kind, days) in enumerate([("attack", 30), ("us_killed", 90), ("strike", 30)], start=1):
        place = WINDOWED_KINDS.index(next(i for i, one in enumerate(EVENT_KINDS) if one.name == kind))
        worlds["window"][0, WINDOWS.index(days), place] = 10.0 * k
        assert as_numbers(worlds)[0, offset(in_window(kind, days))] == 10.0 * k


@pytest.mark.parametrize("path", [*warning_signs._NUMBERS.values(), *warning_signs._WHOLE.values()])
def test_no_sign_is_read_beyond_a_field(path: str) -> None:
    """A place beyond a field's would show another field, and nothing would say so."""
    there = WORLD
    for word in path.split("."):
        if word.isdigit():
            there, shape = there.subdtype
            assert int(word) < shape[0]
            there = np.dtype((there, shape[1:])) if shape[1:] else there
        else:
            there = there.fields[word][0]
    assert there.itemsize == 8
    assert (there.kind == "f") == (path in warning_signs._NUMBERS.values())
