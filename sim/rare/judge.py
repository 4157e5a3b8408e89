"""Judging how likely an end is from what a world shows: learned from worlds of a pilot, which count for nothing else."""

from dataclasses import dataclass

import numpy as np

from sim.stats.logistic import Logistic, logistic

#: Penalties of a standardised sign: a state's, and a draw's. Of hundreds of draws, few matter.
STATE_PENALTY, DRAWN_PENALTY = 4.0, 8.0
#: So many draws, those that go most with what came, are looked at.
DRAWS = 60
#: Rows that are learned from: of what something came of, and of others, at most so many each.
ROWS = 5_000


@dataclass(frozen=True)
class Judge:
    """Log odds of an end: a part for the state as it stands, and one for what was drawn, which never changes."""

    state: Logistic | None = None
    drawn: Logistic | None = None

    def of_state(self, signs: np.ndarray) -> float:
        """Return what the state adds to the log odds, of its signs (n,)."""
        return float(self.state.log_odds(signs)) if self.state else 0.0

    def of_drawn(self, signs: np.ndarray) -> np.ndarray:
        """Return what the draws of worlds add to their log odds (n,), of their signs (n, quantities)."""
        return self.drawn.log_odds(signs) if self.drawn else np.zeros(len(signs))


def judge_of(state: np.ndarray, drawn: np.ndarray, came: np.ndarray, weights: np.ndarray) -> Judge:
    """Return the judge that rows of signs teach.

    Parameters
    ----------
    state, drawn : arrays, shapes (n, k) and (n, m)
        Signs of the state, and of what was drawn for the world.
    came : array, shape (n,)
        Of what share of the world's future the end came: 0 to 1, and above where chance has it.
    weights : array, shape (n,)
        What a row counts for, in worlds.
    """
    rng = np.random.default_rng(0)
    some = came > 0
    chance = np.where(some, ROWS / max(ROWS, some.sum()), ROWS / max(ROWS, (~some).sum()))
    taken = rng.random(len(came)) < chance
    state, drawn, weights = state[taken].astype(float), drawn[taken], weights[taken] / chance[taken]
    came = np.clip(came[taken], 0.0, 1.0)
    telling = _telling(drawn, came, weights)
    k = state.shape[1]
    penalty = np.concatenate([np.full(k, STATE_PENALTY), np.full(len(telling), DRAWN_PENALTY)])
    one = logistic(np.column_stack([state, drawn[:, telling]]), came, weights, penalty)
    of_drawn = np.zeros((3, drawn.shape[1])) + np.array([[0.0], [0.0], [1.0]])
    of_drawn[:, telling] = one.coefficients[k:], one.middle[k:], one.scale[k:]
    return Judge(
        Logistic(one.intercept, one.coefficients[:k], one.middle[:k], one.scale[:k]), Logistic(0.0, *of_drawn)
    )


def _telling(drawn: np.ndarray, came: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return which draws go most with what came (at most DRAWS of them)."""
    share = weights @ came / weights.sum()
    goes_with = np.abs((weights * (came - share)) @ (drawn - drawn.mean(axis=0)))
    return np.sort(np.argsort(-goes_with)[:DRAWS])
