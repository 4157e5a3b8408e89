"""Splitting by weight: unbiased for any score, on walks whose chance of the end is known in closed form."""

import numpy as np
import pytest

from sim.running.rare.splitting import MOST_BRANCHES, Levels, tree

#: A walk from 1, up with this chance and down otherwise, ends at 0 (ruin) or at TOP.
UP, TOP = 0.35, 10


def chance_of_top(start=1, top=TOP, up=UP):
    """Return the gambler's chance: (1 - r^start) / (1 - r^top), r = down / up (Feller 1968, XIV.2)."""
    r = (1 - up) / up
    return (1 - r**start) / (1 - r**top)


class Walk:
    """A walk as a life; what it keeps is where it stands, and chance is drawn anew at each step."""

    def __init__(self, rng, score=float, start=1):
        self.rng, self.at, self.how, self.steps = rng, start, score, 0

    def advance(self):
        """Go a step; return whether the walk is over."""
        self.at += 1 if self.rng.random() < UP else -1
        self.steps += 1
        return self.at in (0, TOP)

    def score(self):
        """Return where it stands, by the score that was given."""
        return self.how(self.at)

    def came(self):
        """Return whether it is at the top."""
        return self.at == TOP

    def keep(self):
        """Return where it stands."""
        return self.at

    def back(self, kept):
        """Stand there again."""
        self.at = kept

    def branch(self, number):
        """Return steps and number; chance is new at each step anyway."""
        return self.steps, number

    def stake(self):
        """Return a uniform number."""
        return self.rng.random()


#: Weights that fall as the chance of the top rises by a step.
BY_STEPS = Levels(tuple(k + 0.5 for k in range(1, TOP - 1)), tuple(0.55**k for k in range(TOP - 1)))


def totals(levels, roots, seed, score=float):
    """Return the weights of ends of independent trees, and the steps that all of them took."""
    rng = np.random.default_rng(seed)
    found, steps = [], 0
    for _ in range(roots):
        walk = Walk(rng, score)
        found.append(tree(walk, levels).total)
        steps += walk.steps
    return np.array(found), steps


def test_the_mean_is_the_chance_in_closed_form():
    """A chance of 1 in 570 comes out within four standard errors, which are under a twelfth of it."""
    sums, _ = totals(BY_STEPS, 4000, seed=1)
    error = sums.std(ddof=1) / np.sqrt(len(sums))
    assert chance_of_top() == pytest.approx(0.00175, rel=0.01)
    assert abs(sums.mean() - chance_of_top()) < 4 * error
    assert error < chance_of_top() / 12


@pytest.mark.parametrize(
    ("score", "weights"),
    [
        (lambda at: -at, (0.5, 1.0, 2.0, 4.0)),  # the wrong way round
        (lambda at: (7 * at) % 5, (4.0, 0.25, 3.0, 0.5)),  # no sense at all, roots at stake too
        (lambda at: at, (3.0, 0.6, 0.2, 0.05)),
    ],
)
def test_any_score_leaves_the_mean_as_it_is(score, weights):
    """A likelier end (start near the top) has its chance within four errors, however silly score and weights are."""
    rng = np.random.default_rng(2)
    levels = Levels((-6.5, 1.5, 3.5), weights)
    sums = np.array([tree(Walk(rng, score, start=7), levels).total for _ in range(6000)])
    error = sums.std(ddof=1) / np.sqrt(len(sums))
    assert abs(sums.mean() - chance_of_top(7)) < 4 * error


def test_splitting_takes_fewer_steps_than_plain_walks_for_the_same_error():
    """Steps times variance is less than a third of what plain walks come to, of 1 in 570."""
    sums, steps = totals(BY_STEPS, 3000, seed=3)
    _, plain_steps = totals(Levels((), (1.0,)), 3000, seed=4)
    p = chance_of_top()
    assert sums.var(ddof=1) * steps < p * (1 - p) * plain_steps / 3


def test_shares_that_reach_a_level_are_chances_too():
    """The weight that first reaches a level is, in the mean, the chance of reaching it: the gambler's with that top."""
    rng = np.random.default_rng(5)
    passed = np.array([tree(Walk(rng), BY_STEPS).passed for _ in range(4000)])
    for k, bound in enumerate(BY_STEPS.bounds):
        column = passed[:, k]
        expected = chance_of_top(top=round(bound + 0.5))
        assert abs(column.mean() - expected) < 4 * column.std(ddof=1) / np.sqrt(len(column))


def test_without_levels_a_tree_is_one_plain_life():
    """Nothing is split or at stake: totals are 0 or 1, and the one branch is the root's own."""
    rng = np.random.default_rng(6)
    trees = [tree(Walk(rng, start=8), Levels((), (1.0,))) for _ in range(200)]
    assert {one.total for one in trees} == {0.0, 1.0}
    assert all(one.branches == 1 and all(not end.branches for end in one.ends) for one in trees)


def test_the_end_counts_as_above_every_level():
    """A life that ends without a look in between has passed all levels, with its weight then."""

    class Sudden(Walk):
        def advance(self):
            self.at = TOP
            return True

    found = tree(Sudden(np.random.default_rng(7)), BY_STEPS)
    assert found.total == 1.0
    assert found.passed == [1.0] * len(BY_STEPS.bounds)


def test_a_tree_that_would_never_stop_growing_is_held():
    """Weights that ask for ever more branches are not followed beyond a limit, and no weight is lost."""

    class Doubling(Walk):
        def advance(self):
            self.steps += 1
            return self.at == 30 or self._up()

        def _up(self):
            self.at += 1
            return False

        def came(self):
            return True

    levels = Levels(tuple(k + 0.5 for k in range(1, 30)), tuple(4.0**-k for k in range(30)))
    found = tree(Doubling(np.random.default_rng(8)), levels)
    assert found.branches < 40 * MOST_BRANCHES
    assert found.total == pytest.approx(1.0)
