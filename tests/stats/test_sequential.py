"""A precision instead of a number of worlds: what it may say, when it looks, and how often its intervals hold."""

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import optimize
from scipy import stats as reference

from sim import stats
from sim.stats import Look, Precision, standing_of
from sim.stats.sequential import FIRST, STEP, level_of, tango_high
from sim.stats.summaries import Z95

#: The normal quantile of the first look that may stop.
Z = float(reference.norm.isf(0.02))


def of(values: Any) -> Callable[[str, str | None], np.ndarray]:
    """Return a reader of one variant's values, or of several by label."""
    return lambda measure, variant: values[variant] if isinstance(values, dict) else values


# Intervals


def test_levels_of_all_looks_together_are_five_in_a_hundred():
    """0.04, 0.008, 0.0016 and so on."""
    assert [level_of(k) for k in range(3)] == pytest.approx([0.04, 0.008, 0.0016])
    assert sum(level_of(k) for k in range(60)) == pytest.approx(0.05)


@pytest.mark.parametrize(("more", "less", "n"), [(30, 10, 400), (0, 5, 60), (7, 0, 100), (1, 1, 30)])
def test_tangos_limit_is_where_the_score_is_the_quantile(more, less, n):
    """The pairs unlike the rarer way, given the difference, by maximising their likelihood."""
    limit = tango_high(more, less, n)

    def unlikely(rarer):
        shares = np.array([rarer + limit, rarer, 1 - 2 * rarer - limit])
        return -np.array([more, less, n - more - less]) @ np.log(np.maximum(shares, 1e-300))

    low, high = max(0.0, -limit), (1 - limit) / 2
    rarer = optimize.minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
    score = (more - less - n * limit) / sqrt(n * (2 * rarer + limit * (1 - limit)))
    assert score == pytest.approx(-Z95, abs=1e-4)


def test_pairs_that_never_differed_leave_room_for_some_that_will():
    """Tango's limit is then Wilson's of nothing in n, twice Newcombe's where the share is a half."""
    assert tango_high(0, 0, 500) == pytest.approx(stats.wilson_interval(0, 500)[1])
    assert stats.newcombe_paired(250, 0, 0, 250)[1] < 0.6 * tango_high(0, 0, 500)


def test_a_share_is_told_by_wilson_at_its_level():
    """Every fourth world; the first look that may stop has 0.04."""
    flags = (np.arange(5000) % 4 == 0).astype(float)
    found = standing_of([Precision("exited", 0.02)], of(flags), 5000, 5000)
    [said] = found.statements
    low, high = stats.wilson_interval(flags[: said.worlds].sum(), said.worlds, Z)
    assert (said.low, said.high, said.level) == (pytest.approx(low), pytest.approx(high), level_of(0))
    assert said.half_width == max(said.high - said.estimate, said.estimate - said.low) <= 0.02
    assert 1900 < said.worlds < 2250  # 1,979 by hand


def test_a_mean_is_told_by_students_t():
    """Symmetrical numbers, so that nothing moves the interval."""
    values = np.tile([-1.0, 1.0], 2000) * np.repeat([1.0, 3.0], 2000)[np.random.default_rng(1).permutation(4000)]
    values -= values.mean()
    [said] = standing_of([Precision("us_killed", 0.15)], of(values), 4000, 4000).statements
    used = values[: said.worlds]
    known = reference.t.interval(0.96, said.worlds - 1, used.mean(), reference.sem(used))
    assert (said.low, said.high) == pytest.approx(known, rel=0.02)


def test_a_skewed_mean_reaches_farther_on_its_long_side():
    """Johnson's interval above, t's below."""
    values = np.random.default_rng(2).lognormal(0, 1, 20_000)
    [said] = standing_of([Precision("us_killed", 0.1)], of(values), 20_000, 20_000).statements
    assert said.reached
    assert said.high - said.estimate > 1.05 * (said.estimate - said.low)


def test_a_difference_is_the_first_less_the_second():
    """It happened in every third world under one, in every sixth under the other."""
    worlds = np.arange(6000)
    values = {"a": (worlds % 3 == 0).astype(float), "b": (worlds % 6 == 0).astype(float)}
    [said] = standing_of([Precision("exited", 0.02, "a", "b")], of(values), 6000, 6000).statements
    assert said.reached
    assert said.estimate == pytest.approx(1 / 6, abs=0.001)
    [other] = standing_of([Precision("exited", 0.02, "b", "a")], of(values), 6000, 6000).statements
    assert (other.low, other.high) == pytest.approx((-said.high, -said.low))


# Looks


def test_nothing_is_said_before_the_start_nor_at_the_first_look():
    """However wide it may be: the first look only plans."""
    condition, flags = Precision("exited", 0.9), np.zeros(1000)
    start = standing_of([condition], of(flags), 0, 1000)
    assert (start.looks, start.next) == ((), Look(FIRST, False))
    pilot = standing_of([condition], of(flags), FIRST, 1000)
    assert (pilot.statements, pilot.next, pilot.reached) == ((), Look(FIRST + STEP, True), False)
    done = standing_of([condition], of(flags), FIRST + STEP, 1000)
    assert (done.next, done.reached) == (None, True)


def test_something_that_never_happened_is_not_certain_never_to():
    """Within half a percentage point: 840 worlds without it, and Wilson's interval reaches 0.005."""
    found = standing_of([Precision("exited", 0.005)], of(np.zeros(9000)), 9000, 9000)
    assert 840 <= found.looks[-1].worlds <= 1100
    assert found.statements[0].low == 0.0
    assert 0 < found.statements[0].high <= 0.005


def test_numbers_that_never_varied_go_on_to_the_maximum():
    """Nobody knows how far the first that differs will lie; of a share it is known to be at most 1."""
    found = standing_of([Precision("us_killed", 5)], of(np.zeros(3000)), 3000, 3000)
    assert (found.looks[-1], found.next, found.reached) == (Look(3000, True), None, False)
    assert found.statements[0].why == "the same in all worlds so far"
    share = standing_of([Precision("iran_influence_end", 0.005)], of(np.full(3000, 0.4)), 3000, 3000)
    assert share.reached
    assert share.looks[-1].worlds < 1200


def test_a_mean_that_one_world_decides_is_not_believed():
    """One world in a thousand with a hundred dead: the interval is narrow enough, but it hangs on a handful."""
    values = (np.arange(3000) % 1000 == 0) * 100.0
    [said] = standing_of([Precision("us_killed", 1)], of(values), 3000, 3000).statements
    assert said.half_width < 1
    assert said.why == "decided by a few worlds"


@pytest.mark.parametrize("most", [37, 200, 333])
def test_the_maximum_is_told_as_not_reached(most):
    """Also one below the first look, or no multiple of fifty."""
    flags = np.random.default_rng(3).integers(0, 2, 400).astype(float)
    found = standing_of([Precision("exited", 0.01)], of(flags), most, most)
    assert (found.looks[-1], found.next, found.reached) == (Look(most, True), None, False)
    assert found.statements[0].why == "wider than asked"
    assert found.statements[0].worlds == most


def test_worlds_in_which_a_measure_is_not_defined_do_not_count():
    """Defined in every fifth world: five times the worlds."""
    flags = np.random.default_rng(4).integers(0, 2, 20_000).astype(float)
    sparse = np.where(np.arange(20_000) % 5 == 0, flags, np.nan)
    [all_worlds] = standing_of([Precision("exit_ugly", 0.05)], of(flags), 20_000, 20_000).statements
    [some] = standing_of([Precision("exit_ugly", 0.05)], of(sparse), 20_000, 20_000).statements
    assert some.defined == some.worlds // 5
    assert some.worlds == pytest.approx(5 * all_worlds.worlds, rel=0.15)
    nowhere = standing_of([Precision("exit_ugly", 0.05)], of(np.full(900, np.nan)), 900, 900)
    assert (nowhere.reached, nowhere.statements[0].why) == (False, "defined in 0 worlds")
    assert nowhere.statements[0].estimate is None


def conditions_and_worlds(seed: int, worlds: int = 30_000) -> tuple[list[Precision], Any]:
    """Return three conditions of different needs, and two variants' worlds."""
    rng = np.random.default_rng(seed)
    shared, tables = rng.random(worlds), {}
    for label, share in (("a", 0.3), ("b", 0.25)):
        tables[label] = {"exited": (shared < share).astype(float), "us_killed": rng.poisson(3, worlds).astype(float)}
    asked = [Precision("exited", 0.02, "a"), Precision("us_killed", 0.1, "b"), Precision("exited", 0.01, "a", "b")]
    return asked, lambda measure, variant: tables[variant][measure]


@pytest.mark.parametrize("seed", range(5))
def test_a_run_taken_up_again_looks_as_it_would_have(seed):
    """From look to look with what was kept, from look to look without, and all at once."""
    asked, read = conditions_and_worlds(seed)
    kept = fresh = standing_of(asked, read, 0, 30_000)
    while kept.next is not None:
        assert kept.next.worlds % STEP == 0
        kept = standing_of(asked, read, kept.next.worlds, 30_000, looks=kept.looks)
        fresh = standing_of(asked, read, kept.looks[-1].worlds, 30_000)
        assert kept == fresh
    assert kept.reached
    assert kept == standing_of(asked, read, 30_000, 30_000)


def test_a_run_that_ended_at_its_maximum_can_be_extended():
    """Its last look might have stopped, so it has had its level."""
    asked, read = conditions_and_worlds(6)
    short = standing_of(asked, read, 700, 700)
    assert (short.next, short.reached) == (None, False)
    longer = standing_of(asked, read, 700, 30_000, looks=short.looks)
    assert longer.next.worlds > 700
    done = standing_of(asked, read, 30_000, 30_000, looks=short.looks)
    assert done.reached
    assert done.looks[: len(short.looks)] == short.looks
    assert done.statements[-1].level <= level_of(1)


def test_a_condition_once_reached_stays_so():
    """At the next look its level is lower and its interval wider than asked: then the earlier statement stands."""
    flags, counts = (np.arange(1050) % 2).astype(float), np.arange(1050) % 7 * 1.0
    looks = (Look(200, False), Look(1000, True), Look(1050, True))
    asked = [Precision("exited", 0.0325), Precision("us_killed", 0.001)]
    found = standing_of(asked, lambda m, v: flags if m == "exited" else counts, 1050, 1050, looks=looks)
    first, second = found.statements
    assert (first.reached, first.worlds, first.level) == (True, 1000, level_of(0))
    assert (second.reached, second.worlds, second.level) == (False, 1050, level_of(1))
    assert not found.reached


def test_the_widest_precision_does_not_overflow():
    """A half width that no number of worlds will reach."""
    counts = np.random.default_rng(7).poisson(3, 900).astype(float)
    assert not standing_of([Precision("us_killed", 1e-300)], of(counts), 900, 900).reached
    assert standing_of([Precision("us_killed", 1e300)], of(counts), 900, 900).reached


# How often the intervals hold, and what they cost


class Case(NamedTuple):
    """Made-up worlds: a measure, its true mean, how to draw them, and their half width at 95% after n worlds."""

    name: str
    measure: str
    truth: float
    draw: Callable[[np.random.Generator, int], Any]
    half: Callable[[int], float]


def share(p: float) -> Case:
    """Return flags."""

    def half(n: int) -> float:
        low, high = stats.wilson_interval(p * n, n)
        return max(p - low, high - p)

    return Case(f"share {p}", "exited", p, lambda rng, n: (rng.random(n) < p).astype(float), half)


def mean(name: str, truth: float, variance: float, draw: Callable[[np.random.Generator, int], Any]) -> Case:
    """Return numbers."""
    return Case(name, "us_killed", truth, draw, lambda n: stats.t_quantile(n - 1) * sqrt(variance / n))


def lognormal(s: float) -> Case:
    """Return numbers with a long tail: a skewness of 6 for 1, of 33 for 1.5."""
    square = float(np.exp(s * s))
    return mean(f"lognormal {s}", sqrt(square), square * (square - 1), lambda rng, n: rng.lognormal(0, s, n))


def scarce(p: float, size: float) -> Case:
    """Return noughts but in few worlds."""
    return mean(f"{size:g} dead in {p} of worlds", p * size, 2 * p * size**2 - (p * size) ** 2,
                lambda rng, n: np.where(rng.random(n) < p, rng.exponential(size, n), 0.0))  # fmt: skip


def paired_shares(both: float, only_a: float, only_b: float) -> Case:
    """Return two variants' flags."""
    truth = only_a - only_b

    def draw(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
        u = rng.random(n)
        b = (u < both) | ((u >= both + only_a) & (u < both + only_a + only_b))
        return {"a": (u < both + only_a).astype(float), "b": b.astype(float)}

    def half(n: int) -> float:
        above, below = tango_high(only_a * n, only_b * n, n), tango_high(only_b * n, only_a * n, n)
        return max(above - truth, below + truth)

    return Case(f"pairs {both} {only_a} {only_b}", "exited", truth, draw, half)


def paired_normal(correlation: float) -> Case:
    """Return two variants' numbers, normal, of standard deviation 2."""

    def draw(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
        x, y = rng.standard_normal((2, n))
        return {"a": 10.5 + 2 * x, "b": 10 + 2 * (correlation * x + sqrt(1 - correlation**2) * y)}

    return mean(f"paired normal {correlation}", 0.5, 8 * (1 - correlation), draw)


def paired_counts() -> Case:
    """Return two variants' counts, which share what the world is like."""

    def draw(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
        world = rng.gamma(1.0, 3.0, n)
        return {"a": rng.poisson(world).astype(float), "b": rng.poisson(0.9 * world).astype(float)}

    return mean("paired counts", 0.3, 3 * 1.9 + 0.01 * 9, draw)


POISSON = mean("Poisson 3", 3.0, 3.0, lambda rng, n: rng.poisson(3, n).astype(float))
NEGATIVE = mean("negative binomial", 3.0, 21.0, lambda rng, n: rng.negative_binomial(0.5, 1 / 7, n).astype(float))

#: Half widths that take some hundreds of worlds or more.
USUAL = [
    (share(0.5), 0.03), (share(0.5), 0.015), (share(0.1), 0.02), (share(0.1), 0.01), (share(0.02), 0.01),
    (share(0.02), 0.005), (share(0.002), 0.002), (POISSON, 0.15), (POISSON, 0.08), (NEGATIVE, 0.4), (NEGATIVE, 0.2),
    (lognormal(1), 0.1), (paired_shares(0.4, 0.1, 0.05), 0.03), (paired_shares(0.4, 0.1, 0.05), 0.015),
    (paired_shares(0.2, 0.02, 0.01), 0.01), (paired_shares(0.3, 0.01, 0.0), 0.008), (paired_normal(0.8), 0.1),
    (paired_normal(0.8), 0.05), (paired_counts(), 0.15),
]  # fmt: skip
#: Half widths that take few worlds, of which the least number is more than enough, or tails that make it cautious.
DEARER = [
    (share(0.5), 0.1), (share(0.1), 0.05), (share(0.02), 0.02), (share(0.002), 0.004), (POISSON, 0.3),
    (lognormal(1), 0.3), (lognormal(1), 0.15), (scarce(0.02, 10), 0.08), (scarce(0.02, 10), 0.05),
    (paired_counts(), 0.3),
]  # fmt: skip
#: Tails so long that t's interval of a fixed number of worlds holds in 91 and 93%.
HARDEST = [(lognormal(1.5), 0.5), (lognormal(1.5), 0.3)]


def fixed(case: Case, half_width: float) -> int:
    """Return the number of worlds that would do if the variance were known, and one looked once."""
    n = STEP
    while case.half(n) > half_width:
        n += STEP
    return n


def tried(case: Case, half_width: float, runs: int = 1000) -> tuple[float, float, float]:
    """Return coverage, the mean number of worlds over the fixed number, and the share of runs at the maximum."""
    rng, needed, held, used, ended = np.random.default_rng(7), fixed(case, half_width), 0, 0, 0
    most = 8 * needed + 1000
    for _ in range(runs):
        values = case.draw(rng, most)
        two = ("a", "b") if isinstance(values, dict) else (None, None)
        [said] = standing_of([Precision(case.measure, half_width, *two)], of(values), most, most).statements
        held += said.low <= case.truth <= said.high
        used += said.worlds
        ended += not said.reached
    return held / runs, used / runs / needed, ended / runs


def named(value: Any) -> str:
    """Return a case's name for the test's."""
    return value.name if isinstance(value, Case) else str(value)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "half_width"), USUAL, ids=named)
def test_intervals_hold_and_cost_little(case, half_width):
    """In at least 94% of a thousand runs, for at most 1.6 times the worlds."""
    held, cost, ended = tried(case, half_width)
    assert held >= 0.94
    assert cost <= 1.6
    assert ended == 0


@pytest.mark.slow
@pytest.mark.parametrize(("case", "half_width"), DEARER, ids=named)
def test_intervals_hold_where_they_cost_more(case, half_width):
    """The least number of worlds is 250; of numbers with long tails more are asked than t would."""
    held, cost, _ = tried(case, half_width)
    assert held >= 0.94
    assert cost <= 2.5


@pytest.mark.slow
@pytest.mark.parametrize(("case", "half_width"), HARDEST, ids=named)
def test_the_longest_tails_are_missed_a_little_more_often(case, half_width):
    """Still better than t's interval of a fixed number."""
    assert tried(case, half_width)[0] >= 0.92


@pytest.mark.slow
def test_each_of_several_conditions_holds_by_itself():
    """Also those that were reached while the others went on, and runs that ended and were extended."""
    held, extended, runs = np.zeros(3), np.zeros(3), 1000
    for seed in range(runs):
        asked, read = conditions_and_worlds(seed, 12_000)
        for count, looks in ((held, ()), (extended, standing_of(asked, read, 900, 900).looks)):
            said = standing_of(asked, read, 12_000, 12_000, looks=looks).statements
            count += [one.low <= truth <= one.high for one, truth in zip(said, (0.3, 3.0, 0.05), strict=True)]
    assert (held / runs).min() >= 0.94
    assert (extended / runs).min() >= 0.94


@pytest.mark.slow
@pytest.mark.parametrize(
    ("case", "half_width", "at_most"), [(share(0.02), 0.01, 0.9), (scarce(0.02, 10), 0.08, 0.7)], ids=named
)
def test_looking_without_care_misses(case, half_width, at_most):
    """Every fifty worlds the usual interval by the normal distribution, until it is narrow (Chow and Robbins 1965)."""
    rng, most, held = np.random.default_rng(7), 6 * fixed(case, half_width) + 1000, 0
    n = np.arange(STEP, most + 1, STEP)
    for _ in range(1000):
        values = case.draw(rng, most)
        means = np.cumsum(values)[n - 1] / n
        half = Z95 * np.sqrt(np.maximum(np.cumsum(values**2)[n - 1] / n - means**2, 0) / (n - 1))
        stop = np.argmax((half > 0) & (half <= half_width))
        held += abs(means[stop] - case.truth) <= half[stop]
    assert held / 1000 < at_most
