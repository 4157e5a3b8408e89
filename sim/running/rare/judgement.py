"""The judgement how likely an end is from what a world shows: learned from a pilot, whose worlds count no more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.stats.logistic import Logistic, logistic

#: Penalties of a standardised sign's coefficient that are tried, each on worlds that it was not learned from.
PENALTIES = (1.0, 8.0, 50.0)
#: Of the slope by which judgements are flattened: without any, one that tells all apart would have no finite one.
LEAST = 1e-3
#: Draws are looked at that go with what came by so many standard errors of nothing, at most so many of them.
TELLING, MOST = 3.7, 12
#: Rows that are learned from: of what something came of, and of others, at most so many each.
ROWS = 2_500


@dataclass(frozen=True)
class LogisticPart:
    """Log odds from some of many signs."""

    places: np.ndarray
    judged: Logistic

    def of(self, signs: np.ndarray) -> np.ndarray:
        """Return the log odds of rows of signs (n, k), or of one row (k,)."""
        return self.judged.log_odds(signs[..., self.places])


@dataclass(frozen=True)
class Judgement:
    """Log odds of an end: a part for the state as it stands, and one for what was drawn, which never changes."""

    state: LogisticPart | None = None
    drawn: LogisticPart | None = None

    def of_state(self, signs: np.ndarray) -> float:
        """Return what the state adds to the log odds, of its signs (n,)."""
        return float(self.state.of(signs)) if self.state else 0.0

    def of_drawn(self, signs: np.ndarray) -> np.ndarray:
        """Return what the draws of worlds add to their log odds (n,), of their signs (n, quantities)."""
        return self.drawn.of(signs) if self.drawn else np.zeros(len(signs))


def judgement_of(
    state: np.ndarray, drawn: np.ndarray, came: np.ndarray, weights: np.ndarray, roots: np.ndarray,
    always: Sequence[int] = (),
) -> Judgement:  # fmt: skip
    """Return the judgement that rows of signs teach.

    Parameters
    ----------
    state, drawn : arrays, shapes (n, k) and (n, m)
        Signs of the state, and of what was drawn for the world.
    came : array, shape (n,)
        Of what share of the world's future the end came: 0 to 1, and above where chance has it.
    weights : array, shape (n,)
        What a row counts for, in worlds.
    roots : array, shape (n,)
        Of which root a row is: what comes of one root is one observation.
    always : sequence of int
        Draws that are looked at whether they tell or not.
    """
    came = np.clip(came, 0.0, 1.0)
    in_drawn = np.union1d(np.array(always, np.int64), _telling(drawn, came, weights, roots))
    rng = np.random.default_rng(0)
    some = came > 0
    chance = np.where(some, ROWS / max(ROWS, some.sum()), ROWS / max(ROWS, (~some).sum()))
    taken = rng.random(len(came)) < chance
    x, k = np.column_stack([state[taken], drawn[taken][:, in_drawn]]), state.shape[1]
    one = _fitting(x, came[taken], weights[taken] / chance[taken], roots[taken])
    return Judgement(
        LogisticPart(np.arange(k), Logistic(one.intercept, one.coefficients[:k], one.middle[:k], one.scale[:k])),
        LogisticPart(in_drawn, Logistic(0.0, one.coefficients[k:], one.middle[k:], one.scale[k:])),
    )


def _fitting(x: np.ndarray, came: np.ndarray, weights: np.ndarray, roots: np.ndarray) -> Logistic:
    """Return the regression whose penalty judges other worlds best, flattened by as much as it is too sure of them."""
    half = _halves(came, roots)
    tried = []
    for penalty in PENALTIES:
        judged = np.zeros(len(x))
        for fold in (0, 1):
            learn = half != fold
            one = logistic(x[learn], came[learn], weights[learn], np.full(x.shape[1], penalty))
            judged[~learn] = one.log_odds(x[~learn])
        slope = logistic(judged[:, None], came, weights, np.full(1, LEAST))
        tried.append((_surprise(slope.log_odds(judged[:, None]), came, weights), penalty, slope))
    _, penalty, slope = min(tried, key=lambda one: one[0])
    one = logistic(x, came, weights, np.full(x.shape[1], penalty))
    by = float(np.clip(slope.coefficients[0] / slope.scale[0], 0.0, 1.0))
    return Logistic(one.intercept * by + (1 - by) * _usual(came, weights), one.coefficients * by, one.middle, one.scale)


def _halves(came: np.ndarray, roots: np.ndarray) -> np.ndarray:
    """Return which half each row belongs to, 0 or 1: a root's rows to one, and of roots with something every other."""
    names, place = np.unique(roots, return_inverse=True)
    some = np.bincount(place, weights=came) > 0
    half = np.zeros(len(names), np.int64)
    for kind in (some, ~some):
        half[kind] = np.arange(kind.sum()) % 2
    return np.asarray(half[place])


def _surprise(log_odds: np.ndarray, came: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ (np.logaddexp(0, log_odds) - came * log_odds))


def _usual(came: np.ndarray, weights: np.ndarray) -> float:
    share = float(np.clip(weights @ came / weights.sum(), 1e-6, 1 - 1e-6))
    return float(np.log(share / (1 - share)))


def _telling(drawn: np.ndarray, came: np.ndarray, weights: np.ndarray, roots: np.ndarray) -> np.ndarray:
    """Return which draws go with what came by more than chance has it, by one observation a root."""
    _, first, place = np.unique(roots, return_index=True, return_inverse=True)
    share = np.bincount(place, weights=weights * came) / np.bincount(place, weights=weights)
    x = drawn[first]
    errors = np.abs((share - share.mean()) @ (x - x.mean(axis=0)))
    errors /= np.maximum(x.std(axis=0) * np.sqrt(((share - share.mean()) ** 2).sum()), 1e-12)
    best = np.argsort(-errors)[:MOST]
    return np.asarray(best[errors[best] > TELLING])
