"""Elementary functions for rules, with the same bits on every processor.

A processor's mathematical library picks its versions of ``exp`` and ``log`` by what the processor can do, and they
differ in the last bit. These are made of additions, multiplications, divisions and square roots in a fixed order, each
of which IEEE 754 rounds in one way only. Errors stay below 0.65 units in the last place for ``exp`` and ``log``, below
0.9 for the others. ``sim.inputs.distributions.elementary`` does the same with arrays, for what worlds draw.

Polynomials are minimax ones (``tests/minimax.py`` fits them), with the relative error of the whole function below
2 to the -61. Where a sum would lose bits that count, what it loses is worked out and added last (Dekker 1971,
doi:10.1007/BF01397083).
"""

import math

import numpy as np

from sim.world.compiled import rule

INF, NAN = math.inf, math.nan
#: Added and taken away again, it rounds to a whole number, which stands in the sum's last bits.
ROUNDS = 6755399441055744.0  # 1.5 times 2 to the 52
#: Times this, a number falls into two halves with exact products (2 to the 27, and 1).
SPLITS = 134217729.0
LOG2_E = 1.4426950408889634
#: The logarithm of 2 in two parts; a whole number of up to 11 bits times the first is exact.
LN2, LN2_REST = 0.6931471805582987, 1.6465949582897082e-12
TAU, TAU_REST = 6.283185307179586, 2.4492935982947064e-16
#: Beyond these the exponential is infinite or nothing; within the inner one it and its scale are normal numbers.
EXP_MOST, EXP_LEAST, EXP_INNER = 709.782712893384, -745.1332191019412, 708.0


# Exponentials ------------------------------------------------------------------------------------------------------


@rule
def exp(x: float) -> float:
    """Return e to the power ``x``: infinite above 709.78, nothing below -745.13."""
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
def exp_within(x: float) -> float:
    """Return e to the power ``x`` held between -700 and 700: without a branch, so loops over it run side by side."""
    return _exp(min(max(x, -700.0), 700.0), 0)


@rule
def _exp(x: float, more: int) -> float:
    """Return exp(x), times 2 to the power ``more``, where that is a normal number."""
    scaled = x * LOG2_E + ROUNDS
    k = scaled - ROUNDS
    high, low = x - k * LN2, k * LN2_REST
    r = high - low
    one = 1.0 + r
    y = one + (((1.0 - one) + r) + (((high - r) - low) + _exp_curve(r)))
    # The whole number in the last bits of ``scaled`` goes to the exponent of y.
    bits = np.float64(y).view(np.int64) + ((np.float64(scaled).view(np.int64) + more) << 52)
    return float(np.int64(bits).view(np.float64))


@rule
def _exp_curve(r: float) -> float:
    """Return exp(r) - 1 - r, for ``r`` no larger than half the logarithm of 2."""
    s = r * r
    last = s * (2.5112167832971423e-08 + r * 2.092567288684877e-09)
    later = (0.00019841269896787883 + r * 2.4801587365068748e-05) + s * (
        (2.7557234470049473e-06 + r * 2.755723870085455e-07) + last
    )
    p = (0.16666666666666682 + r * 0.0416666666666667) + s * (
        (0.00833333333331687 + r * 0.0013888888888865187) + s * later
    )
    return 0.5 * s + (s * r) * p


@rule
def expm1(x: float) -> float:
    """Return exp(x) - 1, exact to the last places for small ``x`` too."""
    if abs(x) < 1e-17:
        return x
    if x < -37.5:
        return -1.0
    if not x < 40.0:
        return exp(x) - 1.0
    whole, rest = _expm1_in_parts(x)
    return whole + rest


@rule
def _expm1_in_parts(x: float) -> tuple[float, float]:
    """Return exp(x) - 1 as a sum of two numbers, the second small, for ``x`` from -37.5 to 50."""
    scaled = x * LOG2_E + ROUNDS
    k = scaled - ROUNDS
    high, low = x - k * LN2, k * LN2_REST
    r = high - low
    curve = ((high - r) - low) + _exp_curve(r)
    part = r + curve
    scale = float(np.int64((np.float64(scaled).view(np.int64) + 1023) << 52).view(np.float64))
    less = scale - 1.0
    lost = (scale - less) - 1.0 if k > 0.0 else scale - (less + 1.0)
    whole = less + scale * part
    return whole, ((less - whole) + scale * part) + (scale * ((r - part) + curve) + lost)


@rule
def _product(a: float, b: float) -> tuple[float, float]:
    """Return the product of two numbers of moderate size, and what rounding takes from it."""
    spread = SPLITS * a
    first = spread - (spread - a)
    spread = SPLITS * b
    second = spread - (spread - b)
    product = a * b
    rest = ((first * second - product) + first * (b - second)) + (a - first) * second
    return product, rest + (a - first) * (b - second)


# Logarithm ---------------------------------------------------------------------------------------------------------


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
    spread = SPLITS * f
    first = spread - (spread - f)
    square = 0.5 * first * first
    rest = 0.5 * (f - first) * (f + first)
    whole = k * LN2
    both = whole + f
    less = both - square
    lost = ((whole - both) + f) + ((both - less) - square)
    return less + (lost + ((s * ((square + rest) + series) - rest) + k * LN2_REST))


# Cosine ------------------------------------------------------------------------------------------------------------


@rule
def cosine_of_turns(turns: float) -> float:
    """Return the cosine of an angle that is given in whole turns, so that nothing is lost in large ones."""
    a = abs(turns)
    if not a < 4503599627370496.0:  # from here on all numbers are whole, or none
        return 1.0 if a < INF else NAN
    a -= float(int(a))
    a = min(a, 1.0 - a)
    sign = 1.0
    if a > 0.25:
        a, sign = 0.5 - a, -1.0
    return sign * (_cosine(a) if a <= 0.125 else _sine(0.25 - a))


@rule
def _cosine(a: float) -> float:
    """Return the cosine of up to an eighth of a turn."""
    y, lost = _product(a, TAU)
    lost += a * TAU_REST
    z = y * y
    p = (0.0416666666666666 + z * -0.0013888888888874138) + (z * z) * (
        (2.480158728949181e-05 + z * -2.755731435523552e-07)
        + (z * z) * (2.087572368349067e-09 + z * -1.1359669816173074e-11)
    )
    square, less = _product(y, y)
    one = 1.0 - 0.5 * square
    return one + (((1.0 - one) - 0.5 * square) + ((z * z) * p - (y * lost + 0.5 * less)))


@rule
def _sine(a: float) -> float:
    """Return the sine of up to an eighth of a turn."""
    y, lost = _product(a, TAU)
    lost += a * TAU_REST
    z = y * y
    p = (-0.16666666666666666 + z * 0.008333333333333323) + (z * z) * (
        (-0.00019841269841255137 + z * 2.755731921422726e-06)
        + (z * z) * ((-2.5052104921388972e-08 + z * 1.6058367901170726e-10) + (z * z) * -7.578762189302005e-13)
    )
    return y + ((z * y) * p + lost * (1.0 - 0.5 * z))
