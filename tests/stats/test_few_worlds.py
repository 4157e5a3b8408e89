"""No spread seen is not no spread: means that hang on few worlds, or on none that differs."""

import json

import numpy as np
import pytest
from scipy import stats as reference

from sim import stats
from sim.names import limits
from sim.names.measures import OUTCOMES, SERIES
from sim.stats import Look, Precision
from sim.stats import few_worlds as few

MEASURES = {m.name: m for m in OUTCOMES}
KILLED, EXITED, SHARE = MEASURES["us_killed"], MEASURES["exited"], MEASURES["iran_influence_end"]
DAY, DAYS_THERE = MEASURES["exit_day"], MEASURES["presence_days"]


# Nothing differs


@pytest.mark.parametrize(
    ("measure", "values"),
    [
        (KILLED, np.zeros(60)), (KILLED, np.arange(60.0)), (EXITED, np.zeros(60)), (EXITED, np.arange(60) % 2),
        (SHARE, np.full(60, 0.4)), (DAY, np.arange(60.0)), (DAYS_THERE, np.full(60, 300.0)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)  # fmt: skip
def test_sixty_equal_pairs_are_no_tie_whatever_the_measure(measure, values):
    """One world in twenty may differ, and by as much as it can: the interval says so, and so do the levels."""
    found = stats.paired_difference(values, values, measure, days=365)
    assert (found.verdict, found.differ) == ("cannot tell yet", 0)
    assert found.low == -found.high < -found.tie
    if measure.headline:
        assert (found.p_beyond, found.p_within) == (
            1.0,
            pytest.approx(1.0) if not found.tie else found.p_within,
        )
        assert found.p_within > 0.05
    assert found.more_worlds == "more than 10^6" or found.more_worlds > 60


@pytest.mark.parametrize("measure", [EXITED, SHARE], ids=lambda m: m.name)
def test_equal_shares_are_a_tie_once_the_worlds_bound_what_may_differ(measure):
    """A point is more than can be in 370 worlds, of which by Clopper and Pearson less than 1% may differ."""
    worlds = [300, 370 if measure is SHARE else 600]
    few_worlds, enough = (stats.paired_difference(np.zeros(n), np.zeros(n), measure) for n in worlds)
    assert (few_worlds.verdict, enough.verdict) == ("cannot tell yet", "tie")
    exact = reference.binomtest(0, worlds[1]).proportion_ci(0.95, "exact").high
    assert enough.high >= 0.99 * exact


def test_the_bound_knows_the_number_of_worlds():
    """Ten times the worlds, a tenth of the width."""
    widths = [stats.paired_difference(np.zeros(n), np.zeros(n), KILLED).high for n in (60, 600, 6000)]
    assert widths[0] == pytest.approx(10 * widths[1]) == pytest.approx(100 * widths[2])


def test_flags_in_the_middle_that_never_differed_are_no_surer_than_rare_ones():
    """Newcombe's interval alone would call 200 equal pairs at one half a tie."""
    half = np.arange(200) % 2
    assert stats.newcombe_paired(100, 0, 0, 100)[1] < 0.01
    assert stats.paired_difference(half, half, EXITED).verdict == "cannot tell yet"


def test_holm_corrects_what_few_worlds_say():
    """A share that is a tie alone in 400 equal worlds is not one among eight such measures."""
    measures = [SHARE._replace(name=f"m{k}") for k in range(8)]
    found = {"x": {m.name: stats.paired_difference(np.zeros(400), np.zeros(400), m) for m in measures}}
    for one in stats.correct(found, measures)["x"].values():
        assert (one.uncorrected, one.verdict) == ("tie", "cannot tell yet")
        assert 100 <= one.more_worlds <= 2000


def test_how_many_more_worlds_tell_of_equal_ones():
    """So many more without a difference are a tie."""
    found = stats.paired_difference(np.zeros(60), np.zeros(60), SHARE)
    worlds = 60 + found.more_worlds
    assert stats.paired_difference(np.zeros(worlds), np.zeros(worlds), SHARE).verdict == "tie"
    assert worlds < 1000


# Few differ


def test_limits_of_few_equal_events_are_poissons_exact_ones():
    """Five worlds of a thousand with one dead each: Garwood's limits of five, by chi square."""
    values = (np.arange(1000) % 200 == 0).astype(float)
    _, low, high = stats.mean_interval(values, SHARE)
    assert low * 1000 == pytest.approx(reference.chi2.ppf(0.025, 10) / 2, rel=0.02)
    assert high * 1000 == pytest.approx(reference.chi2.ppf(0.975, 12) / 2, rel=0.01)


def test_differences_one_way_and_the_other_do_not_make_each_other_surer():
    """One world up and one down in 300: the skewness is none, and t's interval a third of what may be."""
    second = np.zeros(300)
    second[[3, 250]] = 0.5, -0.5
    found = stats.paired_difference(np.full(300, 0.5), 0.5 + second, SHARE)
    assert found.method == "few"
    assert found.high == pytest.approx(-found.low) and found.high > 0.01
    assert found.verdict == "cannot tell yet"


def test_traces_of_rounding_are_no_differences():
    """A tenth times three and three tenths: as if nothing differed."""
    first, second = np.full(60, 0.1 * 3), np.where(np.arange(60) % 2, 0.1 * 3, 0.3)
    assert first[0] != second[0]
    found = stats.paired_difference(first, second, SHARE)
    assert (found.method, found.differ, found.verdict) == ("few", 0, "cannot tell yet")
    assert (found.higher, found.lower) == (0.0, 0.0)


def test_many_worlds_that_differ_are_told_by_t():
    """Half of sixty worlds differ: t as ever."""
    second = np.arange(60) % 2 * 1.0
    assert stats.paired_difference(np.zeros(60), second, KILLED).method == "t"


@pytest.mark.parametrize("n", [2, 3, 10, 500])
@pytest.mark.parametrize("measure", [SHARE, KILLED, DAYS_THERE], ids=lambda m: m.name)
def test_no_interval_holds_what_cannot_be(measure, n):
    """A mean of shares lies within 0 and 1, of counts at or above 0, of days within the horizon; all equal or not."""
    most = {"share": 1.0, "people": np.inf, "days": 30.0}[measure.unit]
    top = min(most, 5.0)
    for values in (np.zeros(n), np.full(n, top), np.r_[np.zeros(n - 1), top], np.r_[np.full(n - 1, top), 0.0]):
        found = stats.summarise(values, measure, days=30)
        assert 0 <= found.low <= found.mean <= found.high <= most
        assert found.low < found.high
        apart = stats.paired_difference(np.zeros(n), values, measure, days=30)
        assert -most <= apart.low <= apart.difference <= apart.high <= most
        json.dumps([found.as_plain(), apart.as_plain()], allow_nan=False)


def test_one_world_has_no_interval():
    """Nothing is known of how another would differ."""
    assert stats.mean_interval(np.ones(1), KILLED) == (1.0, None, None)
    assert stats.paired_difference(np.ones(1), np.ones(1), KILLED).verdict == "cannot tell yet"


def test_weighted_worlds_that_are_all_the_same_are_not_certain():
    """None of sixty left, weighed or not; a world that weighs more may hide more."""
    even = stats.weighted_interval(np.zeros(60), np.ones(60), EXITED)
    uneven = stats.weighted_interval(np.zeros(60), np.r_[np.full(30, 3.0), np.ones(30)], EXITED)
    assert 0 == even.low < 0.05 < even.high < uneven.high < 1


def test_numbers_of_worlds_that_are_never_few():
    """Values that all differ are as many as they are, but for the shape of their spread."""
    assert not few.is_few(np.random.default_rng(1).normal(0, 1, 30))
    assert few.is_few(np.zeros(2))
    assert not few.is_few(np.ones(1))


# Stopping


def test_a_few_worlds_that_differ_both_ways_do_not_stop_a_run():
    """One world up and one down among the first 250: skewness is none, the interval by t narrow enough."""
    values = np.zeros(3000)
    values[[10, 200]] = 1.0, -1.0
    read = {"a": values, "b": np.zeros(3000)}
    found = stats.standing_of(
        [Precision("us_killed", 0.02, "a", "b")], lambda m, v: read[v], 250, 250, looks=[Look(200, False)]
    )
    assert not found.reached
    assert found.statements[0].half_width > 0.02


def test_shares_that_never_differed_stop_at_no_fewer_worlds_than_a_tie_takes():
    """The same rule as for verdicts, at the level of the look."""
    values = np.zeros(3000)
    found = stats.standing_of([Precision("iran_influence_end", 0.01)], lambda m, v: values, 3000, 3000)
    [said] = found.statements
    assert 350 < said.worlds <= 600
    assert 0.006 < said.half_width <= 0.01


# How often they err


def sizes(kind, rng, n):
    """Return sizes of rare events: one each, or with tails of several kinds."""
    made = {"one": np.ones, "geometric": lambda k: rng.geometric(0.2, k), "pareto": lambda k: np.ceil(rng.pareto(2, k)),
            "lognormal": lambda k: np.ceil(rng.lognormal(0.5, 1, k))}  # fmt: skip
    return made[kind](n).astype(float)


MEANS = {"one": 1.0, "geometric": 5.0, "pareto": np.pi**2 / 6, "lognormal": 3.2}


def rare(kind, rate, rng, n):
    """Return counts that are nothing but in a few worlds."""
    return np.where(rng.random(n) < rate, sizes(kind, rng, n), 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", MEANS)
@pytest.mark.parametrize("n", [30, 60, 200])
@pytest.mark.parametrize("rate", [0.001, 0.005, 0.02])
def test_rare_events_are_seldom_called_wrongly(kind, n, rate):
    """Equal variants are hardly ever told apart; one with twice its zone of dead is hardly ever a tie."""
    rng, runs = np.random.default_rng(1), 1000
    apart = same = 0
    zone = stats.Preferences({"count": stats.Tie(0.5 * rate * MEANS[kind])})
    for _ in range(runs):
        first, second, none = rare(kind, rate, rng, n), rare(kind, rate, rng, n), np.zeros(n)
        equal = stats.paired_difference(first, second, KILLED, stats.Preferences({"count": stats.Tie(0.0)}))
        apart += equal.verdict in ("higher", "lower")
        assert equal.verdict != "tie"
        same += stats.paired_difference(none, second, KILLED, zone).verdict in ("tie", "lower")
    assert apart / runs <= 0.05
    assert same / runs <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("n", [30, 60, 200, 500])
@pytest.mark.parametrize("rate", [0.011, 0.02])
@pytest.mark.parametrize("measure", [EXITED, SHARE], ids=lambda m: m.name)
def test_rare_differences_of_shares_are_seldom_called_a_tie(measure, n, rate):
    """A flag, or a share that changes wholly, in a few worlds: more than the zone of a point."""
    rng, runs, tied = np.random.default_rng(2), 2000, 0
    base = (np.arange(n) % 2).astype(float)
    for _ in range(runs):
        hit = rng.random(n) < rate
        first, second = np.where(hit, 0.0, base), np.where(hit, 1.0, base)
        tied += stats.paired_difference(first, second, measure).verdict in ("tie", "lower")
    assert tied / runs <= 0.05


# No interval reaches where no world can be


@pytest.mark.parametrize(
    ("name", "days", "most"),
    [
        ("coalition_members_end", None, 18), ("coalition_members_180", 730, 18), ("votes_present", 365, 329),
        ("isis_governorates_end", 90, 18), ("isis_cells_end", 90, 600), ("presence_days", 365, 365),
        ("us_strikes", 100, 800), ("militia_attacks", 100, 2400), ("iran_direct_strikes", 30, 30),
        ("exited", None, 1), ("iran_influence_end", None, 1), ("economy_end", None, 2), ("us_troops_end", 365, np.inf),
    ],
)  # fmt: skip
def test_what_a_measure_can_be_at_most(name, days, most):
    """Members, votes, places, cells, days, what a day has room for; of troops nobody can say."""
    assert few.limits_of(MEASURES[name], days)[1] == most
    assert few.limits_of(MEASURES[name], days, apart=True)[1] in (most, most - 0.1)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("coalition_members_end", [18, 18, 15]),
        ("votes_present", [329, 329, 170]),
        ("economy_end", [1.9, 0.1, 2.0]),
        ("isis_governorates_end", [18, 2, 18]),
        ("presence_days", [365, 365, 20]),
        ("iran_influence_end", [1, 1, 0.2]),
    ],
)
def test_an_interval_of_three_worlds_stays_within_what_can_be(name, values):
    """Of means, of differences, of lives and of weighted worlds."""
    measure, x = MEASURES[name], np.array(values, float)
    least, most = few.limits_of(measure, 365)
    summary = stats.summarise(x, measure, 365)
    weighted = stats.weighted_interval(x, np.ones(3), measure)
    lives = stats.taken_apart(np.column_stack([x, x]), None, (least, most))
    for found in (summary, lives, *([weighted] if name != "presence_days" else [])):
        assert least <= found.low < found.mean < found.high <= most
    apart = stats.paired_difference(x, x[::-1].copy(), measure, days=365)
    assert least - most <= apart.low < apart.high <= most - least


def test_each_measure_has_limits_that_its_kind_allows():
    """The least is no more than the most, and of shares and flags both are known."""
    for measure in (*OUTCOMES, *SERIES):
        least, most = limits.limits_of(measure, 365)
        assert 0 <= least < most
        if measure.kind in ("share", "flag"):
            assert (least, most) == (0, 1)


def test_of_a_week_and_of_a_whole_run_there_is_room_for_as_many_days():
    """The series of the same name as an outcome is of seven days."""
    weekly = {m.name: m for m in SERIES}["us_strikes"]
    assert limits.limits_of(weekly, 365)[1] == 7 * 8
    assert limits.limits_of(MEASURES["us_strikes"], 365)[1] == 365 * 8
