"""The normal distribution, with the same bits on every processor: its quantiles, and the share below a score."""

import math

import numpy as np
from numpy.typing import ArrayLike

from sim.inputs.distributions.elementary import Floats, exp, log

# Wichura (1988), algorithm AS 241, doi:10.2307/2347330: relative error about 1e-16. Constant term last.
_MIDDLE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)  # fmt: skip
_SIDES = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0),
)  # fmt: skip
_TAILS = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)  # fmt: skip
#: From this score on, the share beyond is a continued fraction, of so many terms.
_FAR, _TERMS = 1.25, 400
_ROOT_OF_TAU = 2.5066282746310002


def quantile(u: ArrayLike) -> Floats:
    """Return the standard normal quantiles at ``u`` (any shape, 0 < u < 1)."""
    u = np.asarray(u, np.float64)
    q = u - 0.5
    r = np.sqrt(-log(np.minimum(u, 1.0 - u)))
    outer = np.where(r <= 5.0, _ratio(_SIDES, r - 1.6), _ratio(_TAILS, r - 5.0))
    middle = np.abs(q) <= 0.425
    near = np.where(middle, q, 0.0)
    return np.where(middle, near * _ratio(_MIDDLE, 0.180625 - near * near), np.where(q < 0.0, -outer, outer))


def _ratio(terms: tuple[tuple[float, ...], tuple[float, ...]], r: Floats) -> Floats:
    above, below = (np.full_like(r, first[0]) for first in terms)
    for one, other in zip(terms[0][1:], terms[1][1:], strict=True):
        above = above * r + one
        below = below * r + other
    return above / below


def share_below(score: float) -> float:
    """Return the share of a standard normal distribution below ``score``; relative error about 1e-15."""
    if math.isnan(score) or math.isinf(score):
        return score if math.isnan(score) else float(score > 0.0)
    z = abs(score)
    density = _density(z)
    beyond = 0.5 - density * _series(z) if z < _FAR else density / _fraction(z)
    return beyond if score < 0.0 else 1.0 - beyond


def _density(z: float) -> float:
    """Return the density at ``z``; its square is taken in two parts, for the exponential makes much of a little."""
    first = math.floor(min(z, 64.0) * 16.0) / 16.0
    powers = exp([-0.5 * first * first, -0.5 * (z - first) * (z + first)])
    return float(powers[0] * powers[1]) / _ROOT_OF_TAU


def _series(z: float) -> float:
    """Return z + z^3/3 + z^5/(3 5) + ..., of which no term is negative."""
    term, total, k = z, z, 1
    while total + term != total:
        k += 2
        term *= z * z / k
        total += term
    return total


def _fraction(z: float) -> float:
    """Return z + 1/(z + 2/(z + 3/(z + ...)))."""
    value = z
    for k in range(_TERMS, 0, -1):
        value = z + k / value
    return value
