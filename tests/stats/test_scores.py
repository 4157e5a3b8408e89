"""Scores of forecasts: known values, propriety, and the histogram of places."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.stats import scores

RNG = np.random.default_rng(3)


def test_the_score_of_a_number_is_its_distance() -> None:
    """And of a sample of two the mean distance, less half of the mean distance of two drawn from it."""
    assert scores.crps(np.array([3.0]), 5.0) == 2.0
    assert scores.crps(np.array([0.0, 4.0]), 1.0) == pytest.approx((1 + 3) / 2 - 4 * 2 / 4 / 2)


@pytest.mark.parametrize("value", [-1.3, 0.0, 2.2])
def test_the_score_of_a_normal_forecast_is_the_closed_form(value: float) -> None:
    """Gneiting and others 2005: z (2 F(z) - 1) + 2 f(z) - 1 / sqrt(pi)."""
    closed = value * (2 * norm.cdf(value) - 1) + 2 * norm.pdf(value) - 1 / np.sqrt(np.pi)
    grid = norm.ppf((np.arange(4000) + 0.5) / 4000)
    assert scores.crps(grid, value) == pytest.approx(closed, abs=2e-3)


def test_the_truth_scores_best_on_the_mean() -> None:
    """Narrower, wider and shifted forecasts are worse, by each score."""
    values = RNG.normal(0, 1, 2000)
    grid = norm.ppf((np.arange(500) + 0.5) / 500)
    for score in (scores.crps, lambda sample, x: scores.interval_score(sample, x, 0.9)):
        means = {name: np.mean([score(a * grid + b, x) for x in values]) for name, a, b in
                 (("truth", 1, 0), ("narrow", 0.5, 0), ("wide", 2, 0), ("shifted", 1, 0.7))}  # fmt: skip
        assert min(means, key=means.__getitem__) == "truth"


def test_logs_weigh_a_miss_by_half_alike() -> None:
    """For few and for many, once there are some."""
    few, many = scores.crps_of_logs(np.array([100.0]), 50.0), scores.crps_of_logs(np.array([10_000.0]), 5_000.0)
    assert few == pytest.approx(many, rel=0.02)


def test_an_interval_costs_its_width_and_what_it_misses() -> None:
    """Of 0 to 100: 90 wide; two tenths of a miss of 5 on either side."""
    grid = np.linspace(0, 100, 1001)
    assert scores.interval_score(grid, 50.0, 0.9) == pytest.approx(90.0)
    assert scores.interval_score(grid, 100.0, 0.9) == pytest.approx(90 + 20 * 5)


def test_a_chance_is_scored_by_its_square() -> None:
    """Of what happened and of what did not."""
    assert (scores.brier(0.2, True), scores.brier(0.2, False)) == pytest.approx((0.64, 0.04))


def test_rows_together_are_scored_in_units_of_their_spread() -> None:
    """A row in thousands counts no more than one in ones; the truth is better than a forecast of the wrong tie."""
    z = RNG.normal(size=(400, 2))
    tied = np.column_stack([z[:, 0], 1000 * z[:, 0]])
    loose = np.column_stack([z[:, 0], 1000 * z[:, 1]])
    values = RNG.normal(size=200)
    truth = np.mean([scores.energy_score(tied, np.array([x, 1000 * x])) for x in values])
    wrong = np.mean([scores.energy_score(loose, np.array([x, 1000 * x])) for x in values])
    assert truth < wrong


def test_places_of_ties_are_shared_out_and_honest_forecasts_stay_in_the_band() -> None:
    """A value that half of the sample equals lies between 0.25 and 0.75 of it."""
    assert scores.pit(np.array([1, 2, 2, 3]), 2) == (0.25, 0.75)
    assert scores.pit_histogram([(0.25, 0.75)], 4) == pytest.approx([0, 0.5, 0.5, 0])
    assert scores.pit_histogram([(1.0, 1.0), (0.0, 0.0)], 4) == pytest.approx([1, 0, 0, 1])
    low, high = scores.pit_band(100, 10, 0.9)
    inside = 0
    for _ in range(300):
        counts = np.bincount(RNG.integers(0, 10, 100), minlength=10)
        inside += bool((counts >= low).all() and (counts <= high).all())
    assert inside / 300 > 0.87
