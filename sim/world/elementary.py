"""Elementary functions that give the same bits on every processor.

A processor's mathematical library picks its versions of ``exp`` and ``log`` by what the processor can do, and they
differ in the last bit. These are made of additions, multiplications, divisions and square roots in a fixed order, each
of which IEEE 754 rounds in one way only. Errors are below 0.65 units in the last place (0.75 of numbers
below the least normal one).
"""

import math

import numpy as np

from sim.world.compiled import rule

INF, NAN = math.inf, math.nan
#: Added and taken away again, it rounds to a whole number, which stands in the sum's last bits.
ROUNDS = 6755399441055744.0  # 1.5 times 2 to the 52
LOG2_E = 1.4426950408889634
#: The logarithm of 2 in two parts; a whole number of up to 11 bits times the first is exact.
LN2, LN2_REST = 0.6931471805582987, 1.6465949582897082e-12
#: Beyond these the exponential is infinite or nothing; within the inner ones it and its scale are normal numbers.
EXP_MOST, EXP_LEAST, EXP_INNER = 709.782712893384, -745.1332191019412, 708.0


@rule
def exp(x: float) -> float:
    """Return e to the power ``x``: infinite from 709.79 on, nothing below -745.14, as libraries have it."""
    if -EXP_INNER < x < EXP_INNER:
        return _exp(x, 0)
    if x > EXP_MOST:
        return INF
    if x < EXP_LEAST:
        return 0.0
    if math.isnan(x):
        return NAN
    # The last steps to very large and very small numbers are taken apart: the scale alone were no normal number.
    return _exp(x, 64) * 5.421010862427522e-20 if x < 0.0 else _exp(x, -64) * 18446744073709551616.0


@rule
def _exp(x: float, more: int) -> float:
    """Return exp(x), times 2 to the power ``more``, where that is a normal number."""
    scaled = x * LOG2_E + ROUNDS
    y = _exp_left(x, scaled - ROUNDS)
    # The whole number in the last bits of ``scaled`` goes to the exponent of y.
    bits = np.float64(y).view(np.int64) + ((np.float64(scaled).view(np.int64) + more) << 52)
    return float(np.int64(bits).view(np.float64))


@rule
def _exp_left(x: float, k: float) -> float:
    """Return exp(x - k ln 2), for a whole ``k`` that leaves no more than half of ln 2."""
    high = x - k * LN2
    low = k * LN2_REST
    r = high - low
    lost = (high - r) - low
    s = r * r
    p = (((0.16666666666666682 + r * 0.0416666666666667) + s * (0.00833333333331687 + r * 0.0013888888888865187))
         + (s * s) * (((0.00019841269896787883 + r * 2.4801587365068748e-05)
                       + s * (2.7557234470049473e-06 + r * 2.755723870085455e-07))
                      + (s * s) * (2.5112167832971423e-08 + r * 2.092567288684877e-09)))  # fmt: skip
    one = 1.0 + r
    return one + (((1.0 - one) + r) + (lost + (0.5 * s + (s * r) * p)))


@rule
def log(x: float) -> float:
    """Return the natural logarithm of ``x``: minus infinity at 0, no number below."""
    k = 0.0
    if not x >= 2.2250738585072014e-308:
        if x == 0.0:
            return -INF
        if not x > 0.0:
            return NAN
        x *= 18014398509481984.0  # 2 to the 54, so that it is a normal number
        k = -54.0
    if x > 1.7976931348623157e308:
        return x
    bits = np.float64(x).view(np.int64)
    shift = (bits - 4604544271217802189) >> 52  # the bits of the square root of a half
    k += float(shift)
    return _log_of_both(k, float(np.int64(bits - (shift << 52)).view(np.float64)) - 1.0)


@rule
def _log_of_both(k: float, f: float) -> float:
    """Return k ln 2 + log(1 + f), for a whole ``k`` and 1 + f between the square roots of a half and of 2."""
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    more = (0.18183890817604267 + z * 0.15306341257156486) + w * 0.14867981646239586
    series = z * (
        (0.666666666666681 + z * 0.3999999999901476) + w * ((0.2857142881839384 + z * 0.2222219165531797) + w * more)
    )
    spread = 134217729.0 * f  # f in two halves, so that the square of the first is exact
    first = spread - (spread - f)
    square = 0.5 * first * first
    rest = 0.5 * (f - first) * (f + first)
    whole = k * LN2
    both = whole + f
    less = both - square
    lost = ((whole - both) + f) + ((both - less) - square)
    return less + (lost + ((s * ((square + rest) + series) - rest) + k * LN2_REST))
