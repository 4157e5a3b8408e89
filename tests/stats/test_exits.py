"""Exits over time: shares by competing ends against what is plain by hand, with and without censoring."""

import json

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim import stats
from sim.stats import exits

TWO = ("none", "a", "b")


def test_without_censoring_it_is_the_plain_share():
    """Six worlds, four gone by two ends: counted by hand."""
    found = stats.cumulative_incidence([2, 5, 5, 9, np.nan, np.nan], [1, 2, 1, 1, 0, 0], 10, 10, TWO)
    assert found.ends["a"].share * 6 == pytest.approx([0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3])
    assert found.ends["b"].share * 6 == pytest.approx([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    assert found.ends["none"].share * 6 == pytest.approx([6, 6, 5, 5, 5, 3, 3, 3, 3, 2, 2])


def test_with_censoring_it_is_the_worked_example():
    """Five worlds: a at 1, censored at 2, b at 3, a at 4, censored at 5.

    By hand: S falls 4/5 after day 1; three at risk on day 3: b gets 4/5 * 1/3, S is 8/15; two on day 4: a gets 4/15.
    """
    found = stats.cumulative_incidence([1, np.nan, 3, 4, np.nan], [1, 0, 2, 1, 0], [9, 2, 9, 9, 5], 5, TWO)
    assert found.ends["a"].share == pytest.approx([0, 1 / 5, 1 / 5, 1 / 5, 1 / 5 + 4 / 15, 1 / 5 + 4 / 15])
    assert found.ends["b"].share == pytest.approx([0, 0, 0, 4 / 15, 4 / 15, 4 / 15])
    assert found.ends["none"].share[-1] == pytest.approx(4 / 15)


def test_one_end_alone_is_kaplan_and_meiers():
    """The remission times of the 6-MP group of Freireich et al. 1963, as printed: S(10) = 0.753, S(23) = 0.448."""
    gone = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    seen = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    time = np.array(gone + [np.nan] * len(seen), dtype=float)
    until = np.array([99] * len(gone) + seen)
    found = stats.cumulative_incidence(
        time, np.isfinite(time).astype(int), until, np.array([6, 10, 16, 23]), ("none", "a")
    )
    assert found.ends["none"].share == pytest.approx([0.857, 0.753, 0.627, 0.448], abs=5e-4)
    # Greenwood's standard errors, as printed with them.
    groups, counts = exits._groups(time, np.isfinite(time).astype(int), until)
    _, influence = exits._aalen_johansen(groups, counts, np.array([6, 10, 16, 23]), 2)
    assert np.sqrt(counts @ influence[0] ** 2) == pytest.approx([0.0764, 0.0963, 0.1141, 0.1346], abs=5e-5)


def test_pointwise_limits_without_censoring_are_wilsons():
    """20 of 80 worlds gone by day 3."""
    time = np.where(np.arange(80) < 20, 3.0, np.nan)
    found = stats.cumulative_incidence(time, np.isfinite(time).astype(int), 10, 10, ("none", "a")).ends["a"]
    assert (found.low[5], found.high[5]) == pytest.approx(stats.wilson_interval(20, 80))


@example([(0, 0, 0)] * 10 + [(0, 0, 1)] * 7 + [(0, 1, 0), (1, 1, 1), (2, 1, 2)])
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2), st.integers(0, 30)), max_size=40))
def test_shares_always_add_up_and_bands_hold_them(worlds):
    """Whatever comes: shares of all worlds, never falling, within their bands, bands within 0 and 1."""
    time, end, until = (np.array([w[k] for w in worlds], dtype=float) for k in range(3))
    found = stats.cumulative_incidence(time, end.astype(int), until, 30, TWO)
    known = ~np.isnan(found.ends["none"].share)
    total = sum(found.ends[name].share[known] for name in TWO)
    assert total == pytest.approx(np.ones(known.sum()))
    for name in TWO:
        one = exits.IncidenceCurve(*(getattr(found.ends[name], key)[known] for key in exits.IncidenceCurve.__slots__))
        assert (np.diff(one.share) * (-1 if name == "none" else 1) >= -1e-12).all()
        assert (one.band_low <= one.low + 1e-12).all()
        assert (one.low <= one.share + 1e-9).all()
        assert (one.share <= one.high + 1e-9).all()
        assert ((one.band_low >= 0) & (one.band_high <= 1 + 1e-12)).all()


def test_all_ends_together_are_what_the_share_still_there_leaves():
    """Three of six worlds gone at last: the rest, with limits and bands turned round; plain values are lists."""
    found = stats.cumulative_incidence([2, 5, 5, np.nan, np.nan, np.nan], [1, 2, 1, 0, 0, 0], 10, [4, 10], TWO)
    still, gone = found.ends["none"], found.gone
    assert gone.share == pytest.approx([1 / 6, 1 / 2])
    assert (gone.low, gone.high) == (pytest.approx(1 - still.high), pytest.approx(1 - still.low))
    assert (gone.band_low, gone.band_high) == (pytest.approx(1 - still.band_high), pytest.approx(1 - still.band_low))
    plain = json.loads(json.dumps(found.as_plain()))
    assert list(plain) == ["day", *TWO]
    assert list(plain["b"]) == ["share", "low", "high", "band_low", "band_high"]
    assert (plain["day"], plain["b"]["share"]) == ([4, 10], pytest.approx([0, 1 / 6]))


def test_ends_tell_the_kurdistan_region_from_the_rest():
    """An exit after which the north is kept is an end of its own, whatever brought it about."""
    kind = np.array(["none", "agreement", "demand", "demand", "own_choice"], dtype=object)
    ends = stats.ends_of(kind, np.array([0, 0, 1, 0, 0]))
    assert [stats.ENDS[k] for k in ends] == ["none", "agreement", "north_only", "demand", "own_choice"]


@pytest.mark.slow
@pytest.mark.parametrize("censored", [False, True])
def test_bands_hold_the_whole_curve_in_95_of_100_cases(censored):
    """1,000 cases of 300 worlds: pointwise and simultaneous between 93 and 97.5%."""
    rng, days = np.random.default_rng(2), np.arange(30, 700, 14)
    truth = 0.6 * (1 - np.exp(-(days + 1) / 900))
    point = band = 0.0
    for _ in range(1000):
        time, end = np.floor(rng.exponential(900, 300)), 1 + (rng.random(300) < 0.4)
        until = rng.integers(200, 1400, 300) if censored else 730
        found = stats.cumulative_incidence(np.where(time <= until, time, np.nan), end, until, days, TWO).ends["a"]
        point += ((found.low <= truth) & (truth <= found.high)).mean() / 1000
        band += bool(((found.band_low <= truth) & (truth <= found.band_high)).all()) / 1000
    assert 0.93 <= point <= 0.97, point
    assert 0.925 <= band <= 0.98, band
