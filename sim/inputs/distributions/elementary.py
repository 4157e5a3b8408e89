"""Elementary functions of arrays, with the same bits on every processor: for what worlds draw.

NumPy picks its versions of ``exp`` and ``log`` by what the processor can do. Here are the functions of
``sim.world.elementary`` with the same operations in the same order, each of which NumPy rounds as IEEE 754 says. A
number's result depends on that number alone, not on what else is in the array.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ROUNDS, SPLITS = 6755399441055744.0, 134217729.0
LOG2_E, LN2, LN2_REST = 1.4426950408889634, 0.6931471805582987, 1.6465949582897082e-12
EXP_MOST, EXP_LEAST, EXP_INNER = 709.782712893384, -745.1332191019412, 708.0
_LEAST_NORMAL, _TO_NORMAL = 2.2250738585072014e-308, 18014398509481984.0
_BITS_OF_ROOT_OF_HALF = 4604544271217802189


def exp(x: ArrayLike) -> Floats:
    """Return e to the power ``x`` (any shape)."""
    x = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        inner = np.clip(np.where(np.isnan(x), 0.0, x), EXP_LEAST, EXP_MOST)
        small, large = inner <= -EXP_INNER, inner >= EXP_INNER
        more = np.where(small, 64, np.where(large, -64, 0))
        y = _exp(inner, more) * np.where(small, 2.0**-64, np.where(large, 2.0**64, 1.0))
        y = np.where(x > EXP_MOST, math.inf, np.where(x < EXP_LEAST, 0.0, y))
        return np.where(np.isnan(x), math.nan, y)


def _exp(x: Floats, more: NDArray[np.int64]) -> Floats:
    scaled = x * LOG2_E + ROUNDS
    k = scaled - ROUNDS
    high, low = x - k * LN2, k * LN2_REST
    r = high - low
    one = 1.0 + r
    y = one + (((1.0 - one) + r) + (((high - r) - low) + _exp_curve(r)))
    bits = y.view(np.int64) + ((scaled.view(np.int64) + more) << 52)
    return bits.view(np.float64)


def _exp_curve(r: Floats) -> Floats:
    s = r * r
    last = s * (2.5112167832971423e-08 + r * 2.092567288684877e-09)
    later = (0.00019841269896787883 + r * 2.4801587365068748e-05) + s * (
        (2.7557234470049473e-06 + r * 2.755723870085455e-07) + last
    )
    p = (0.16666666666666682 + r * 0.0416666666666667) + s * (
        (0.00833333333331687 + r * 0.0013888888888865187) + s * later
    )
    return 0.5 * s + (s * r) * p


def log(x: ArrayLike) -> Floats:
    """Return the natural logarithm of ``x`` (any shape)."""
    x = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        positive = np.where((x > 0.0) & (x < math.inf), x, 1.0)
        tiny = positive < _LEAST_NORMAL
        bits = (positive * np.where(tiny, _TO_NORMAL, 1.0)).view(np.int64)
        shift = (bits - _BITS_OF_ROOT_OF_HALF) >> 52
        k = np.where(tiny, -54.0, 0.0) + shift
        y = _log_of_both(k, (bits - (shift << 52)).view(np.float64) - 1.0)
        y = np.where(x == math.inf, math.inf, np.where(x == 0.0, -math.inf, y))
        return np.where(x >= 0.0, y, math.nan)


def _log_of_both(k: Floats, f: Floats) -> Floats:
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    more = (0.18183890817604267 + z * 0.15306341257156486) + w * 0.14867981646239586
    series = z * (
        (0.666666666666681 + z * 0.3999999999901476) + w * ((0.2857142881839384 + z * 0.2222219165531797) + w * more)
    )
    spread = SPLITS * f
    first = spread - (spread - f)
    square = 0.5 * first * first
    rest = 0.5 * (f - first) * (f + first)
    whole = k * LN2
    both = whole + f
    less = both - square
    lost = ((whole - both) + f) + ((both - less) - square)
    return less + (lost + ((s * ((square + rest) + series) - rest) + k * LN2_REST))


def log1p(x: ArrayLike) -> Floats:
    """Return log(1 + x) (any shape), exact to the last places for small ``x`` too."""
    x = np.asarray(x, np.float64)
    near = np.abs(x) < 0.25
    if near.all():
        return _log_of_both(np.zeros_like(x), x)
    with np.errstate(all="ignore"):
        one = 1.0 + x
        rest = np.where(np.abs(x) < 1e16, (x - (one - 1.0)) / one, 0.0)
        far = log(one) + np.where(np.isfinite(rest), rest, 0.0)
        return np.where(near, log1p(np.where(near, x, 0.0)), far)
