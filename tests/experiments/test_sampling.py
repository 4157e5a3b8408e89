"""Designs: equal to SciPy's, the same however they are cut, one point in each stratum, kept by constraints."""

import pickle
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.qmc import Sobol

from sim.errors import Rejected
from sim.experiments.sampling import HYPERCUBE, KINDS, RANDOM, SOBOL, Sampling, _in_ranges, _out_of_ranges

NAMES = tuple(sorted(f"parameter:q{k}" for k in range(12)))


def numbers(sampling: Sampling, points: np.ndarray) -> np.ndarray:
    """Return the numbers (quantities, points) of a design."""
    return np.array([sampling.quantiles(name, points) for name in sampling.over])


@pytest.mark.parametrize("points", [1, 2, 37, 1024])
def test_a_sobol_design_is_scipys(points: int) -> None:
    """A dimension for each name, in alphabetical order."""
    found = numbers(Sampling(SOBOL, NAMES, points, 5), np.arange(points))
    whole = Sobol(12, scramble=True, rng=5).random(2 ** int(np.ceil(np.log2(points))))
    assert np.array_equal(found.T, whole[:points])


def test_a_sobol_design_can_be_extended() -> None:
    """More points have the fewer as their beginning, and so have points beyond what was asked for."""
    few, many = Sampling(SOBOL, NAMES, 64, 2), Sampling(SOBOL, NAMES, 4096, 2)
    assert np.array_equal(numbers(few, np.arange(64)), numbers(many, np.arange(64)))
    assert np.array_equal(numbers(few, np.arange(4000, 4096)), numbers(many, np.arange(4000, 4096)))


@given(st.sampled_from((SOBOL, HYPERCUBE)), st.lists(st.integers(0, 299), min_size=1, max_size=20))
def test_any_cut_equals_the_whole(kind: str, cut: list[int]) -> None:
    """A point depends on its number alone: in any order, any block, repeated."""
    sampling = Sampling(kind, NAMES, 300, 3)
    whole = numbers(sampling, np.arange(300))
    assert np.array_equal(numbers(Sampling(kind, NAMES, 300, 3), np.array(cut)), whole[:, cut])


def test_a_latin_hypercube_has_one_point_in_each_stratum() -> None:
    """Of each quantity; and the quantities are shuffled apart."""
    found = numbers(Sampling(HYPERCUBE, NAMES, 1000, 4), np.arange(1000))
    assert np.array_equal(np.sort((found * 1000).astype(int), axis=1), np.tile(np.arange(1000), (12, 1)))
    between = np.corrcoef(found)
    assert np.abs(between - np.eye(12)).max() < 0.12
    within = found * 1000 % 1
    assert abs(within.mean() - 0.5) < 0.02


def test_another_quantity_moves_no_other_of_a_latin_hypercube() -> None:
    """Each is shuffled by its own name; another seed moves all."""
    few, points = Sampling(HYPERCUBE, NAMES[3:5], 100, 4), np.arange(100)
    many = Sampling(HYPERCUBE, NAMES, 100, 4)
    assert np.array_equal(few.quantiles(NAMES[3], points), many.quantiles(NAMES[3], points))
    other = Sampling(HYPERCUBE, NAMES, 100, 5)
    assert not np.array_equal(other.quantiles(NAMES[3], points), many.quantiles(NAMES[3], points))


def test_a_latin_hypercube_cannot_be_extended_and_says_why() -> None:
    """There are as many strata as points."""
    with pytest.raises(Rejected, match=r"a point from 0 to 99, got 100; a Latin hypercube cannot be extended"):
        Sampling(HYPERCUBE, NAMES, 100, 4).quantiles(NAMES[0], np.array([99, 100]))


@pytest.mark.parametrize("kind", [SOBOL, HYPERCUBE])
def test_numbers_are_never_0_or_1(kind: str) -> None:
    """Not even where the scrambling would have it so."""
    found = numbers(Sampling(kind, NAMES, 2**14, 1), np.arange(2**14))
    assert found.min() > 0
    assert found.max() < 1


def test_what_is_not_in_the_design_is_drawn_by_worlds() -> None:
    """As is everything where points are random."""
    points = np.arange(5)
    assert Sampling(SOBOL, NAMES, 8, 1).quantiles("parameter:other", points) is None
    assert Sampling().quantiles(NAMES[0], points) is None
    assert Sampling(RANDOM, NAMES, 8, 1).quantiles(NAMES[0], points) is None


def test_constraints_keep_the_points_that_satisfy_them() -> None:
    """In the sequence's order, as many as were asked for."""
    sampling = Sampling(SOBOL, NAMES, 100, 1)
    chosen = sampling.restricted(NAMES[:2], lambda q: q[NAMES[0]] + q[NAMES[1]] < 0.5)
    whole = numbers(sampling, np.arange(2000))
    expected = np.flatnonzero(whole[0] + whole[1] < 0.5)[:100]
    assert chosen.kept == tuple(expected)
    assert chosen.count == 100
    assert np.array_equal(numbers(chosen, np.arange(100)), whole[:, expected])
    more = Sampling(SOBOL, NAMES, 200, 1).restricted(NAMES[:2], lambda q: q[NAMES[0]] + q[NAMES[1]] < 0.5)
    assert more.kept[:100] == chosen.kept
    with pytest.raises(Rejected, match="ask for more, in a new run"):
        chosen.quantiles(NAMES[0], np.array([100]))


def test_constraints_leave_a_latin_hypercube_fewer_points() -> None:
    """Those that satisfy them."""
    sampling = Sampling(HYPERCUBE, NAMES, 100, 1)
    chosen = sampling.restricted(NAMES[:1], lambda q: q[NAMES[0]] < 0.25)
    assert chosen.count == 25
    assert numbers(chosen, np.arange(25))[0].max() < 0.25
    with pytest.raises(Rejected, match="from 0 to 24"):
        chosen.quantiles(NAMES[0], np.array([25]))


@pytest.mark.parametrize("kind", [SOBOL, HYPERCUBE])
def test_constraints_that_hardly_leave_a_point_are_refused(kind: str) -> None:
    """Less than one in a hundred."""
    with pytest.raises(Rejected, match="at least 1% of the points, got "):
        Sampling(kind, NAMES, 1000, 1).restricted(NAMES[:1], lambda q: q[NAMES[0]] < 0.001)


@pytest.mark.parametrize("kind", KINDS)
def test_a_design_comes_back_from_plain_values_and_from_a_pickle(kind: str) -> None:
    """Kept points too; after use as before."""
    sampling = Sampling(kind, NAMES, 50, 9)
    if kind != RANDOM:
        sampling = sampling.restricted(NAMES[:1], lambda q: q[NAMES[0]] > 0.5)
        sampling.quantiles(NAMES[0], np.arange(3))
    assert Sampling.from_plain(sampling.plain()) == sampling
    assert pickle.loads(pickle.dumps(sampling)) == sampling


@given(st.sets(st.integers(0, 60)))
def test_numbers_of_points_come_back_from_ranges(points: set[int]) -> None:
    """0-3 5 7-9."""
    assert _out_of_ranges(_in_ranges(sorted(points))) == tuple(sorted(points))
    assert _in_ranges((0, 1, 2, 3, 5, 7, 8, 9)) == "0-3 5 7-9"


@pytest.mark.parametrize("kind", [SOBOL, HYPERCUBE])
def test_threads_get_their_own_blocks(kind: str) -> None:
    """Each asks for other points at the same time."""
    sampling = Sampling(kind, NAMES, 800, 7)
    whole = numbers(Sampling(kind, NAMES, 800, 7), np.arange(800))
    wrong: list[int] = []

    def look(first: int) -> None:
        for _ in range(20):
            for start in range(first, 800, 200):
                block = np.arange(start, start + 50)
                if not np.array_equal(numbers(sampling, block), whole[:, block]):
                    wrong.append(start)

    threads = [threading.Thread(target=look, args=(50 * k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("kind", [SOBOL, HYPERCUBE])
def test_a_block_of_700_quantities_takes_no_time(kind: str) -> None:
    """Less than the worlds that live there."""
    names = tuple(f"q{k:03}" for k in range(700))
    sampling = Sampling(kind, names, 4096, 1)
    numbers(sampling, np.arange(10))
    begun = time.process_time()
    numbers(sampling, np.arange(2000, 2500))
    assert time.process_time() - begun < 0.2  # a twentieth of a second on a machine at rest
