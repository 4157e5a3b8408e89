"""Sums over worlds agree with published numbers and with what is plain by hand."""

import json
import math

import numpy as np
import pandas as pd
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from sim import stats
from sim.names.actors import EXIT_KINDS
from sim.names.measures import OUTCOMES

MEASURES = {m.name: m for m in OUTCOMES}
counts = st.integers(0, 40)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_newcombes_table(k, n, low, high):
    """Table I of Newcombe, Statistics in Medicine 17 (1998) 857-872, method 3."""
    assert stats.wilson_interval(k, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ((36, 12, 2, 0), 0.0569, 0.3404),  # Newcombe 1998, table II, method 10
        ((20, 12, 2, 16), 0.056156, 0.329207),  # Armitage and Berry's two media, as StatsDirect prints it
        ((1, 1, 7, 12), -0.507, -0.026),  # Bentur's stem cells, in Fagerland, Lydersen and Laake 2014
    ],
)
def test_paired_interval_agrees_with_published_examples(table, low, high):
    """Newcombe's method 10 for paired shares gives the printed limits."""
    assert stats.newcombe_paired(*table) == pytest.approx((low, high), abs=6e-4 if abs(low) == 0.507 else 6e-5)


@given(counts, counts, counts, counts)
def test_paired_interval_turns_round_with_its_arguments(both, only_a, only_b, neither):
    """Exchanging the two variants exchanges and negates the limits, and the limits hold the difference."""
    if both + only_a + only_b + neither == 0:
        return
    low, high = stats.newcombe_paired(both, only_a, only_b, neither)
    back_low, back_high = stats.newcombe_paired(both, only_b, only_a, neither)
    difference = (only_a - only_b) / (both + only_a + only_b + neither)
    assert (low, high) == pytest.approx((-back_high, -back_low))
    assert -1 - 1e-12 <= low <= difference + 1e-12
    assert difference - 1e-12 <= high <= 1 + 1e-12


def test_mean_interval_is_the_t_interval():
    """Six numbers by scipy's own t distribution."""
    values = np.array([3.0, 4.0, 4.0, 5.0, 9.0, 11.0])
    low, high = reference.t.interval(0.95, 5, loc=6.0, scale=reference.sem(values))
    assert stats.mean_interval(values) == pytest.approx((6.0, low, high))


def test_number_summary_keeps_spread_and_interval_apart():
    """Of 0..100, the spread is 5 to 95 while the mean is known to within six."""
    summary = stats.summarise(np.arange(101), MEASURES["us_killed"])
    assert (summary.p05, summary.p50, summary.p95) == (5, 50, 95)
    assert summary.mean == 50
    assert 44 < summary.low < 50 < summary.high < 56
    assert summary.n is None
    assert "n" not in summary.as_plain()


def test_flag_summary_is_a_share_with_wilsons_interval():
    """81 of 263 is Newcombe's first example."""
    flags = np.arange(263) < 81
    summary = stats.summarise(flags, MEASURES["exited"])
    assert (summary.mean, summary.low, summary.high) == pytest.approx((81 / 263, 0.2553, 0.3662), abs=5e-5)


def test_conditional_summary_counts_the_worlds_in_which_it_is_defined():
    """Nulls are left out and n says how many are left."""
    summary = stats.summarise(np.array([10.0, np.nan, 30.0, np.nan]), MEASURES["exit_day"])
    assert (summary.n, summary.mean) == (2, 20)


@pytest.mark.parametrize("measure", OUTCOMES, ids=lambda m: m.name)
@pytest.mark.parametrize("worlds", [0, 1, 2])
def test_every_measure_of_few_worlds_is_null_never_nan(measure, worlds):
    """No worlds, one or two, with nothing defined or all: valid JSON without NaN."""
    for value in (np.nan, 1.0):
        values = np.full(worlds, value)
        summary = stats.summarise(values, measure)
        compared = stats.paired_difference(values, values, measure)
        json.dumps([summary.as_plain(), compared.as_plain()], allow_nan=False)


def test_category_shares_are_the_same_for_names_places_and_pandas():
    """A category may come as its name, its place in the list, or a pandas category."""
    names = np.array(["none", "agreement", "demand", "none"], dtype=object)
    places = np.array([0, 1, 2, 0])
    column = pd.Series(pd.Categorical(names, categories=EXIT_KINDS))
    shares = [stats.summarise(v, MEASURES["exit_kind"]) for v in (names, places, column, pd.Categorical(column))]
    assert all(other == shares[0] for other in shares)
    assert {k: v.value for k, v in shares[0].shares.items()} == {
        "none": 0.5,
        "agreement": 0.25,
        "demand": 0.25,
        "own_choice": 0.0,
    }


def test_flag_difference_counts_worlds_that_differ():
    """Second less first, with the worlds where it happened in one alone."""
    first = np.repeat([1, 1, 0, 0], [20, 2, 12, 16])
    second = np.repeat([1, 0, 1, 0], [20, 2, 12, 16])
    found = stats.paired_difference(first, second, MEASURES["exited"])
    assert (found.only_first, found.only_second, found.n) == (2, 12, 50)
    assert (found.difference, found.low, found.high) == pytest.approx((0.2, 0.056156, 0.329207), abs=1e-6)
    assert found.verdict == "higher"


def test_number_difference_is_the_t_interval_of_differences():
    """As scipy's paired t test has it."""
    first, second = np.array([5.0, 7.0, 1.0, 4.0]), np.array([2.0, 5.0, 0.0, 2.0])
    found = stats.paired_difference(first, second, MEASURES["us_killed"])
    interval = reference.ttest_rel(second, first).confidence_interval(0.95)
    assert (found.difference, found.low, found.high) == pytest.approx((-2, interval.low, interval.high))
    assert found.verdict == "lower"


def test_conditional_difference_uses_worlds_where_both_are_defined():
    """A day known in one variant alone says nothing about the difference of days."""
    first, second = np.array([10.0, np.nan, 30.0, 8.0]), np.array([12.0, 5.0, np.nan, 10.0])
    found = stats.paired_difference(first, second, MEASURES["exit_day"])
    assert (found.n, found.difference) == (2, 2.0)


def test_equal_variants_show_no_difference():
    """The same numbers twice: zero, and a tie once there are enough worlds to say how rare a difference may be."""
    for worlds, verdict in ((50, "cannot tell yet"), (2000, "tie")):
        values = np.arange(worlds) % 50
        found = stats.paired_difference(values, values, MEASURES["us_killed"])
        assert (found.difference, found.verdict) == (0, verdict)
        assert found.low == -found.high < 0


def test_differences_of_categories_are_given_by_category():
    """Each kind of exit is compared as a flag of its own."""
    found = stats.paired_difference(np.array([0, 0, 1]), np.array([0, 2, 2]), MEASURES["exit_kind"]).shares
    assert {k: v.difference for k, v in found.items()} == pytest.approx(
        {"none": -1 / 3, "agreement": -1 / 3, "demand": 2 / 3, "own_choice": 0}
    )


def test_worlds_that_do_not_pair_are_refused():
    """Two lengths cannot be the same worlds."""
    with pytest.raises(ValueError, match="same worlds"):
        stats.paired_difference(np.zeros(3), np.zeros(4), MEASURES["us_killed"])


def test_fan_gives_each_weeks_quantiles_in_any_order_of_rows():
    """Two weeks of 0..100, rows shuffled: the second week is ten times the first."""
    table = pd.DataFrame({"week": np.repeat([0, 1], 101), "attacks": np.r_[np.arange(101), 10 * np.arange(101)]})
    table = table.sample(frac=1, random_state=1)
    quantiles = stats.fan(table, "attacks")
    assert quantiles.week.tolist() == [0, 1]
    assert quantiles.p05.tolist() == [5, 50]
    assert quantiles.p95.tolist() == [95, 950]
    assert quantiles.mean.tolist() == [50, 500]


def test_fan_adds_counts_up_over_blocks_of_weeks():
    """Two worlds with 1 and 3 a week for nine weeks: 4 and 12 in each of two blocks, the ninth week left out."""
    weeks = np.tile(np.arange(9), 2)
    table = {"world": np.repeat([7, 8], 9), "week": weeks, "attacks": np.repeat([1.0, 3.0], 9)}
    quantiles = stats.fan(table, "attacks", weeks=4)
    assert quantiles.week.tolist() == [0, 4]
    assert quantiles.mean.tolist() == quantiles.p50.tolist() == [8, 8]
    assert quantiles.p05.tolist() == pytest.approx([4.4, 4.4])


def test_summaries_read_one_column_at_a_time():
    """Each measure is asked for once, by name."""
    asked = []
    found = stats.summaries(lambda name: asked.append(name) or np.ones(3), OUTCOMES)
    assert asked == list(found) == [m.name for m in OUTCOMES]
    assert math.isclose(found["us_killed"].mean, 1)


@pytest.mark.parametrize("freedom", [*range(1, 60), 1000])
def test_students_t_is_that_of_scipy(freedom: int) -> None:
    """From the table, and from the expansion above it."""
    assert stats.t_quantile(freedom) == pytest.approx(float(scipy.special.stdtrit(freedom, 0.975)), rel=1e-6)
