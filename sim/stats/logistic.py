"""Chances judged from signs: logistic regression with a penalty, for numbers of signs near those of what was seen."""

from dataclasses import dataclass

import numpy as np

#: Steps of Newton's method at most, and the change of a coefficient that counts as none.
STEPS, STILL = 30, 1e-4
#: Standardised signs are cut off here: what lies farther says no more.
FAR = 6.0
#: Penalty of the intercept, so that what never came has a chance all the same.
_HARDLY = 1e-3


@dataclass(frozen=True)
class Logistic:
    """Log odds as a sum over signs: each less its middle, over its scale, cut off, times its coefficient."""

    intercept: float
    coefficients: np.ndarray
    middle: np.ndarray
    scale: np.ndarray

    def log_odds(self, signs: np.ndarray) -> np.ndarray:
        """Return the log odds of rows of signs (n, k), or of one row (k,)."""
        return self.intercept + standardised(signs, self.middle, self.scale) @ self.coefficients


def standardised(signs: np.ndarray, middle: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return signs less their middle, over their scale, cut off far from it."""
    return np.clip((signs - middle) / scale, -FAR, FAR)


def logistic(signs: np.ndarray, came: np.ndarray, weights: np.ndarray, penalty: np.ndarray) -> Logistic:
    """Return the logistic regression of shares ``came`` (n,), 0 to 1, on ``signs`` (n, k).

    Parameters
    ----------
    weights : array, shape (n,)
        What each row counts for, in independent observations.
    penalty : array, shape (k,)
        Of the square of each standardised sign's coefficient, halved: one over the variance that it is expected to
        have (a normal prior).
    """
    middle, scale = signs.mean(axis=0), signs.std(axis=0)
    varies = scale > 1e-9
    scale = np.where(varies, scale, 1.0)
    x = standardised(signs, middle, scale)
    x = np.column_stack([np.ones(len(x)), np.where(varies, x, 0.0)])
    ridge = np.concatenate([[_HARDLY], np.where(varies, penalty, 1.0)])
    share = float(np.clip(weights @ came / weights.sum(), 1e-6, 1 - 1e-6))
    found = _newton(x, came, weights, ridge, np.log(share / (1 - share)))
    return Logistic(float(found[0]), found[1:], middle, scale)


def _newton(x: np.ndarray, came: np.ndarray, weights: np.ndarray, ridge: np.ndarray, start: float) -> np.ndarray:
    """Return the coefficients (1 + k,) at which the penalised likelihood is highest, by Newton's method."""
    b = np.zeros(x.shape[1])
    b[0] = start
    value = _loss(x, came, weights, ridge, b)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(x @ b, -30, 30)))
        slope = x.T @ (weights * (chance - came)) + ridge * b
        curve = (x * (weights * chance * (1 - chance))[:, None]).T @ x
        curve[np.diag_indices_from(curve)] += ridge
        step = np.linalg.solve(curve, slope)
        size = 1.0
        while size > 1e-4 and (lower := _loss(x, came, weights, ridge, b - size * step)) > value:
            size /= 2
        b, value = b - size * step, lower
        if np.abs(size * step).max() < STILL:
            break
    return b


def _loss(x: np.ndarray, came: np.ndarray, weights: np.ndarray, ridge: np.ndarray, b: np.ndarray) -> float:
    z = np.clip(x @ b, -500, 500)
    return float(weights @ (np.logaddexp(0, z) - came * z) + 0.5 * ridge @ (b * b))
