"""Quantiles of the beta distribution, with the same bits on every processor, and never falling.

The share below x is a continued fraction (Didonato & Morris 1992, doi:10.1145/131766.131776) of a number of terms that
the two shapes alone decide. A quantile is found by halving the bits of x, always in the same places: so a larger share
never has the smaller quantile, however the last places of the fraction are rounded.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.inputs.distributions.elementary import Floats, exp, log, log1p

_TAU = 6.283185307179586
#: Between 0 and 1 there are fewer than 2 to this power of numbers.
_BITS_OF_ONE, _HALVINGS = 4607182418800017408, 62
#: Stirling's series of the logarithm of the gamma function, from the term in 1/z on; it is used from 16 on.
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_STIRLING_FROM = 16.0
#: A fraction of so many terms, and one half as long, agree to the last places; no fraction is longer.
_FIRST_TERMS, _MOST_TERMS, _AGREES = 8, 2**12, 2.0**-53


def quantile(a: float, b: float, u: ArrayLike) -> Floats:
    """Return the quantiles at ``u`` (any shape, 0 <= u < 1) of the distribution with shapes ``a`` and ``b``."""
    u = np.asarray(u, np.float64)
    below, beyond = _sides(a, b)
    low, high = np.zeros(u.shape, np.int64), np.full(u.shape, _BITS_OF_ONE)
    for _ in range(_HALVINGS):
        middle = (low + high) >> 1
        reached = _reached(middle.view(np.float64), u, below, beyond)
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(u > 0.0, high.view(np.float64), 0.0)


def _reached(x: Floats, u: Floats, below: "_Side", beyond: "_Side") -> NDArray[np.bool_]:
    """Return where the share below ``x`` is ``u`` at least; the end is asked that is nearer than the mean."""
    y = 1.0 - x
    short = np.where(x <= 0.5, below.a - below.whole * x, below.whole * y - below.b)
    first = short >= 0.0
    reached = np.empty(x.shape, bool)
    reached[first] = below.share(x[first], y[first], short[first]) >= u[first]
    reached[~first] = beyond.share(y[~first], x[~first], -short[~first]) <= 1.0 - u[~first]
    return reached


#: What of each term of a fraction stands with 1, x, y, the distance from the mean, and x squared; the last comes first.
Terms = tuple[tuple[float, float, float, float, float], ...]


@dataclass(frozen=True)
class _Side:
    """One end of a distribution: its shapes, what does not depend on x, and the fraction's terms, last first."""

    a: float
    b: float
    scale: float
    terms: Terms

    @property
    def whole(self) -> float:
        """Return the sum of the shapes."""
        return self.a + self.b

    def share(self, x: Floats, y: Floats, short: Floats) -> Floats:
        """Return the share from this end to ``x``, which leaves ``y`` and is ``short`` of the mean (times a + b)."""
        return self.scale * self._density(x, y, short) / _fraction(self.terms, x, y, short)

    def _density(self, x: Floats, y: Floats, short: Floats) -> Floats:
        """Return what the density times x y is to what it is at the mean."""
        near_x, near_y = _log_of_ratio(x, -short, self.a, self.whole), _log_of_ratio(y, short, self.b, self.whole)
        return exp(self.a * near_x + self.b * near_y)


def _log_of_ratio(x: Floats, away: Floats, mean: float, whole: float) -> Floats:
    """Return the logarithm of ``x`` in terms of the mean, from which it is ``away`` (both times ``whole``)."""
    share = away / mean
    near = np.abs(share) < 0.25
    beside = log1p(np.where(near, share, 0.0))
    return beside if near.all() else np.where(near, beside, log(x * (whole / mean)))


@lru_cache(maxsize=256)
def _sides(a: float, b: float) -> tuple[_Side, _Side]:
    """Return both ends of a distribution."""
    logs = _beyond_stirling(a + b) - _beyond_stirling(a) - _beyond_stirling(b)
    scale = float(np.sqrt(a / (a + b) * b / _TAU) * exp(logs))
    return _Side(a, b, scale, _terms(a, b)), _Side(b, a, scale, _terms(b, a))


def _terms(a: float, b: float) -> Terms:
    """Return the terms of the fraction, last first: as many as the mean needs, to which they are the most."""
    count, x, y = _FIRST_TERMS, a / (a + b), b / (a + b)
    while count < _MOST_TERMS:
        short, long = (_fraction(_some_terms(a, b, n), x, y, 0.0) for n in (count, 2 * count))
        if abs(short / long - 1.0) <= _AGREES:
            break
        count *= 2
    return _some_terms(a, b, count)


def _some_terms(a: float, b: float, count: int) -> Terms:
    terms = []
    for k in range(count, -1, -1):
        n, odd = float(k), a + 2.0 * k - 1.0
        share = (a + n) / (odd + 2.0)
        above = (a + n) * (a + b + n) * (n + 1.0) * (b - n - 1.0) / ((odd + 2.0) * (odd + 2.0))
        terms.append((n + share * (n + 1.0), n * (b - n) / odd if k else 0.0, share * n, share, above))
    return tuple(terms)


def _fraction(terms: Terms, x: Any, y: Any, short: Any) -> Any:
    square, value = x * x, np.inf
    for plain, with_x, with_y, share, above in terms:
        value = ((plain + with_x * x) + (with_y * y + share * short)) + above * square / value
    return value


def _beyond_stirling(z: float) -> float:
    """Return by how much log gamma(z) exceeds (z - 1/2) log z - z + log(2 pi)/2, for ``z`` above 0."""
    total = 0.0
    while z < _STIRLING_FROM:
        total += (z + 0.5) * float(log1p(1.0 / z)) - 1.0
        z += 1.0
    power = 1.0 / z
    for term in _STIRLING:
        total += term * power
        power /= z * z
    return total
