"""Paired comparisons: intervals against SciPy, verdicts, Holm's correction, and how often they err."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats as reference

from sim import stats
from sim.names.measures import OUTCOMES
from sim.stats import bootstrap, verdicts

MEASURES = {m.name: m for m in OUTCOMES}
HEADLINE = [m for m in OUTCOMES if m.headline]
KILLED, EXITED = MEASURES["us_killed"], MEASURES["exited"]


# Intervals


def test_bca_interval_of_a_skewed_mean_agrees_with_scipy():
    """Eighty lognormal numbers; both intervals lie well to the right of the mean's own."""
    values = np.random.default_rng(1).lognormal(0, 1.5, 80)
    known = reference.bootstrap((values,), np.mean, n_resamples=9_999, rng=2).confidence_interval
    low, high = bootstrap.resampled_mean(values, 20_000).interval()
    assert (low, high) == pytest.approx((known.low, known.high), rel=0.02)
    assert high - values.mean() > 1.5 * (values.mean() - low)
    assert list(stats.bca_interval(values).as_plain().values()) == pytest.approx([values.mean(), low, high], rel=0.05)


def test_bootstrap_interval_of_a_median_agrees_with_scipy():
    """The same numbers' median, by the bias-corrected percentiles of resampled medians."""
    values = np.random.default_rng(1).lognormal(0, 1.5, 81)
    found = stats.bca_interval(values, "median")
    known = reference.bootstrap((values,), np.median, n_resamples=9_999, rng=2, method="percentile").confidence_interval
    assert found.value == np.median(values)
    assert (found.low, found.high) == pytest.approx((known.low, known.high), rel=0.1)


def test_few_distinct_values_and_many_give_the_same_bootstrap():
    """How often each of few values is drawn is the same as drawing worlds one by one."""
    counts = np.random.default_rng(3).negative_binomial(1, 0.2, 400).astype(float)
    nudged = counts + np.arange(400) * 1e-9
    few, many = (bootstrap.resampled_mean(values, 20_000).interval() for values in (counts, nudged))
    assert few == pytest.approx(many, rel=0.01)


def test_acceleration_by_jackknife_is_that_of_the_formula():
    """For a mean the jackknife's acceleration is the skewness over 6 sqrt(n)."""
    values = np.random.default_rng(4).exponential(1, 150)
    [found] = bootstrap.resampled(lambda rows: rows.mean(axis=-2), values[:, None], 100)
    assert found.acceleration == pytest.approx(bootstrap.resampled_mean(values, 100).acceleration)


def test_t_is_left_for_the_bootstrap_where_the_differences_are_skewed():
    """Cochran's rule: a skewness of 4 wants 400 worlds; one so large that it hangs on few worlds is another matter."""
    rng = np.random.default_rng(5)
    even = stats.paired_difference(np.zeros(200), rng.normal(0.5, 1, 200), KILLED)
    skewed = stats.paired_difference(np.zeros(200), rng.lognormal(0, 1.2, 200), KILLED)
    assert (even.method, skewed.method) == ("t", "bca")
    other = stats.paired_difference(np.zeros(200), rng.lognormal(0, 1.2, 200), MEASURES["us_wounded"])
    assert other.method == "t"
    assert stats.paired_difference(np.zeros(200), rng.lognormal(0, 2.5, 200), KILLED).method == "few"


def test_shift_finds_each_quantiles_own_difference():
    """Ten more in the upper half only: nothing at 5% and 25%, ten at 75% and 95%."""
    first = np.arange(1000.0)
    second = np.where(first >= 500, first + 10, first)
    found = {row.quantile: row for row in stats.shift(first, second)}
    assert list(found) == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert [found[q].difference for q in (0.05, 0.25, 0.75, 0.95)] == pytest.approx([0, 0, 10, 10])
    assert found[0.95].low <= 10 <= found[0.95].high
    assert found[0.05].low == found[0.05].high == 0


# Effect sizes


def test_effect_sizes_of_a_worked_example():
    """Differences 0, 1, 2, 3, -1: mean 1, sd 1.58; three of the four that differ are higher."""
    first, second = np.array([4.0, 4, 4, 6, 7]), np.array([4.0, 5, 6, 9, 6])
    found = stats.effect_sizes(first, second)
    assert found.standardised == pytest.approx(1 / np.sqrt(2.5))
    assert found.superiority == 0.75
    assert (found.superiority_low, found.superiority_high) == stats.wilson_interval(3, 4)
    assert found.pairing_saves == pytest.approx((2.0 + 3.5) / 2.5)


def test_pairing_saves_as_much_as_the_correlation_says():
    """With equal variances and correlation 0.9, a paired world is worth ten independent ones."""
    rng = np.random.default_rng(6)
    shared = rng.normal(0, 3, 20_000)
    first, second = shared + rng.normal(0, 1, 20_000), shared + rng.normal(0, 1, 20_000)
    assert stats.effect_sizes(first, second).pairing_saves == pytest.approx(10, rel=0.05)


@pytest.mark.parametrize("values", [[], [1.0], [np.nan, np.nan], [2.0, 2.0], [np.nan, 1.0, 1.0]])
@pytest.mark.parametrize("measure", [KILLED, EXITED, MEASURES["exit_day"], MEASURES["exit_kind"]], ids=lambda m: m.name)
def test_nothing_is_ever_nan(values, measure):
    """No world, one, none defined, none that differs: None, and the JSON is valid."""
    found = {"x": {measure.name: stats.paired_difference(values, values, measure)}}
    one = stats.correct(found, [measure])["x"][measure.name]
    records = [one, *stats.shift(values, values), stats.bca_interval(values)]
    json.dumps([record.as_plain() for record in records], allow_nan=False)


def test_differences_that_do_not_vary_have_no_effect_size():
    """All three differences are 1: no variance to divide by."""
    found = stats.effect_sizes(np.zeros(3), np.ones(3))
    assert (found.standardised, found.pairing_saves, found.superiority) == (None, None, 1.0)


# Verdicts


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.5, 3, "higher"), (-3, -1.5, "lower"), (-0.5, 0.5, "tie"), (0.2, 0.8, "tie"), (-1, 1, "tie"),
        (0.5, 3, "cannot tell yet"), (-3, 3, "cannot tell yet"), (None, None, "cannot tell yet"),
    ],
)  # fmt: skip
def test_verdicts_by_where_the_interval_lies(low, high, said):
    """Against a tie zone from -1 to 1."""
    assert stats.verdict_of(low, high, 1.0) == said


def test_p_values_are_the_levels_at_which_the_interval_touches_the_zone():
    """For a normal interval: two-sided p of the distance to the zone; of a tie, of the distance to its farther edge."""

    def interval(z):
        return 3 - z, 3 + z

    beyond, within = stats.p_values(interval, 1.0)
    assert beyond == pytest.approx(2 * reference.norm.sf(2), rel=1e-5)
    assert within == 1.0
    beyond, within = stats.p_values(lambda z: (-0.5 - z, -0.5 + z), 3.0)
    assert beyond == 1.0
    assert within == pytest.approx(2 * reference.norm.sf(2.5), rel=1e-5)


def test_p_value_without_a_tie_zone_is_that_of_the_paired_t_test():
    """As scipy has it, for few worlds and for many."""
    rng = np.random.default_rng(7)
    for n, tolerance in ((12, 1e-4), (300, 1e-3)):
        first, second = rng.normal(10, 2, n), rng.normal(10.8, 2, n)
        preferences = stats.Preferences({"count": stats.Tie(0.0)})
        found = stats.paired_difference(first, second, KILLED, preferences)
        assert found.p_beyond == pytest.approx(reference.ttest_rel(first, second).pvalue, rel=tolerance)


def test_tie_zones_are_points_for_shares_and_a_share_of_the_baseline_for_counts():
    """A percentage point; 2% of a baseline of 50; a week."""
    first = np.full(40, 50.0)
    assert stats.paired_difference(first, first, KILLED).tie == pytest.approx(1.0)
    assert stats.paired_difference(first > 0, first > 0, EXITED).tie == 0.01
    assert stats.paired_difference(first, first, MEASURES["exit_day"]).tie == 7


def test_how_many_more_worlds_would_tell_follows_from_the_width():
    """Half width 2, a gap of 1 to the zone's edge: (2 x 2.8 / 1.96) squared times the worlds, 8.2 thousand."""
    found = stats.Difference(3.0, 1.0, 5.0, "cannot tell yet", n=1000, differ=900, tie=2.0)
    assert stats.worlds_needed(found) == 8000
    assert stats.worlds_needed(replace(found, tie=2.99)) == "more than 10^6"
    assert stats.worlds_needed(replace(found, tie=3.0)) == "more than 10^6"
    assert [stats.round_up(x) for x in (1.0, 9.5, 1234, 90_001)] == [1, 10, 2000, 100_000]


def test_that_many_more_worlds_do_tell():
    """With the worlds that were asked for, in new draws, four of five comparisons of the same difference are told."""
    rng = np.random.default_rng(8)
    found = stats.Difference(0.3, 0.3 - 0.5, 0.3 + 0.5, "cannot tell yet", n=100, differ=100, tie=0.05)
    n = 100 + stats.worlds_needed(found)
    sd = 0.5 / 1.96 * 10
    told = [
        stats.paired_difference(
            np.zeros(n), rng.normal(0.3, sd, n), KILLED, stats.Preferences({"count": stats.Tie(0.05)})
        )
        for _ in range(400)
    ]
    assert np.mean([one.verdict == "higher" for one in told]) == pytest.approx(0.8, abs=0.08)


def test_better_and_worse_are_said_only_where_the_analyst_wants_a_way():
    """Fewer dead are better if that is said, and lower otherwise."""
    first, second = np.full(50, 10.0) + np.arange(50) % 3, np.full(50, 5.0)
    assert stats.paired_difference(first, second, KILLED).verdict == "lower"
    assert (
        stats.paired_difference(first, second, KILLED, stats.Preferences(wants={"us_killed": "lower"})).verdict
        == "better"
    )
    assert (
        stats.paired_difference(first, second, KILLED, stats.Preferences(wants={"us_killed": "higher"})).verdict
        == "worse"
    )


# Many comparisons


def test_holm_corrects_as_in_a_worked_example():
    """Of 0.01, 0.02, 0.03, 0.04: times 4, 3, 2, 1, never falling."""
    found = stats.holm({"a": 0.01, "d": 0.04, "c": 0.03, "b": 0.02})
    assert found == pytest.approx({"a": 0.04, "b": 0.06, "c": 0.06, "d": 0.06})


def test_quantiles_for_a_level_are_the_normals():
    """By bisection, as scipy has them."""
    for level in (0.05, 0.05 / 7, 0.3):
        assert verdicts.quantile_at(level) == pytest.approx(reference.norm.isf(level / 2), abs=1e-7)


def test_corrected_verdicts_decide_and_the_plain_ones_stand_beside_them():
    """A difference of p = 0.03 alone is higher; among eight comparisons it cannot be told yet."""
    rng = np.random.default_rng(9)
    values = {m.name: rng.normal(100, 20, 100) for m in HEADLINE}
    apart = rng.normal(0, 1, 100)
    apart = 2.2 * 0.1 * np.sqrt(100) / 10 + (apart - apart.mean()) / apart.std(ddof=1)
    preferences = stats.Preferences({m.name: stats.Tie(0.0) for m in HEADLINE})
    measures = [m._replace(kind="count") for m in HEADLINE]
    found = {
        "x": {m.name: stats.paired_difference(values[m.name], values[m.name] + apart, m, preferences) for m in measures}
    }
    for one in stats.correct(found, measures, preferences)["x"].values():
        assert one.uncorrected == "higher"
        assert one.verdict == "cannot tell yet"
        assert one.p_corrected == pytest.approx(8 * one.p)
        assert one.more_worlds > 0


# Error rates, by many made-up comparisons


def _made_up(rng, n, effect):
    """Return one made-up pair of policies for every headline measure: counts, shares, flags, skewed all."""
    shared = rng.normal(0, 1, n)
    first, second = {}, {}
    for m in HEADLINE:
        luck = [shared + rng.normal(0, 0.7, n) for _ in range(2)]
        if m.kind == "flag":
            first[m.name], second[m.name] = luck[0] > 1, luck[1] > 1 - effect
        elif m.kind == "share":
            first[m.name], second[m.name] = (1 / (1 + np.exp(-x)) for x in (luck[0], luck[1] + effect))
        else:
            first[m.name], second[m.name] = (np.floor(20 * np.exp(x)) for x in (luck[0], luck[1] + effect))
    return first, second


def _family(rng, n, effect, variants=3):
    found = {}
    for k in range(variants):
        first, second = _made_up(rng, n, effect)
        found[str(k)] = {m.name: stats.paired_difference(first[m.name], second[m.name], m, NO_ZONES) for m in HEADLINE}
    return [one for rows in stats.correct(found, HEADLINE).values() for one in rows.values()]


NO_ZONES = stats.Preferences({kind: stats.Tie(0.0) for kind in stats.TIES})


@pytest.mark.slow
def test_intervals_of_differences_cover_in_95_of_100_cases():
    """2,000 cases each of a skewed count, and of a share: within 93 to 97%."""
    rng, n = np.random.default_rng(10), 200
    true_share = 0.15 - 0.10
    covered = np.zeros(2)
    for _ in range(2000):
        count = stats.paired_difference(rng.negative_binomial(1, 0.15, n), rng.negative_binomial(1, 0.1, n), KILLED)
        u, own = rng.random(n), rng.random(n)
        flag = stats.paired_difference(u < 0.1, np.where(own < 0.5, u, rng.random(n)) < 0.15, EXITED)
        truths = 0.9 / 0.1 - 0.85 / 0.15, true_share
        covered += [one.low <= truth <= one.high for one, truth in zip((count, flag), truths, strict=True)]
    assert ((covered / 2000 >= 0.93) & (covered / 2000 <= 0.97)).all(), covered / 2000


@pytest.mark.slow
def test_bootstrap_intervals_of_skewed_means_cover():
    """2,000 cases of 300 differences of skewness about 3, all by the bootstrap: 93 to 97%."""
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(2000):
        low, high = bootstrap.resampled_mean(rng.gamma(0.4, 1.0, 300)).interval()
        covered += low <= 0.4 <= high
    assert 0.93 <= covered / 2000 <= 0.97, covered / 2000


@pytest.mark.slow
def test_intervals_of_shifts_cover():
    """2,000 cases, the quantiles at 25%, 50% and 75% of correlated worlds: 93 to 97% each."""
    rng = np.random.default_rng(12)
    covered = np.zeros(3)
    for _ in range(2000):
        shared = rng.normal(0, 1, 300)
        first, second = shared + rng.normal(0, 1, 300), 0.5 + shared + rng.normal(0, 1, 300)
        covered += [row.low <= 0.5 <= row.high for row in stats.shift(first, second, (0.25, 0.5, 0.75))]
    assert ((covered / 2000 >= 0.93) & (covered / 2000 <= 0.975)).all(), covered / 2000


@pytest.mark.slow
def test_no_more_than_one_family_in_twenty_holds_a_false_difference():
    """Three policies that differ in nothing, eight measures each: wrongly higher or lower in at most 5% of families."""
    rng, families = np.random.default_rng(13), 500
    wrong = [{one.verdict for one in _family(rng, 150, 0.0)} & {"higher", "lower"} for _ in range(families)]
    assert np.mean([bool(one) for one in wrong]) <= 0.05


@pytest.mark.slow
def test_differences_of_known_size_are_found():
    """Differences of 0.25 to 0.6 of their standard deviation are found in 400 worlds, four of five at least."""
    rng = np.random.default_rng(14)
    said = [one.verdict for _ in range(40) for one in _family(rng, 400, 0.6)]
    assert np.mean([verdict == "higher" for verdict in said]) > 0.8
    assert "lower" not in said
