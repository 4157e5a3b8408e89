"""Where the polynomials of ``sim.world.elementary`` come from: ``python -m tests.minimax`` prints their coefficients.

Remez's algorithm in 300 bits: a polynomial whose weighted error alternates between equal extremes has the least.
"""

import math
import sys
from collections.abc import Callable
from functools import reduce
from typing import Any

import mpmath
from mpmath import mpf

Function = Callable[[Any], Any]
#: Intervals are so much wider than arguments get, for these are rounded.
_MARGIN = mpf(10) ** -6
_POINTS, _ROUNDS = 60, 12


def minimax(f: Function, weight: Function, n: int, low: Any, high: Any) -> tuple[list[Any], Any]:
    """Return the ``n`` coefficients (constant first) of least weighted error over an interval, and that error."""
    middle, half = (low + high) / 2, (high - low) / 2
    places = sorted(middle + half * mpmath.cos(mpmath.pi * (2 * k + 1) / (2 * n + 2)) for k in range(n + 1))
    grid = [low + (high - low) * k / (_POINTS * (n + 1)) for k in range(_POINTS * (n + 1) + 1)]
    for _ in range(_ROUNDS):
        found = _level(f, weight, places)
        errors = [(_value(found, x) - f(x)) * weight(x) for x in grid]
        extremes = _alternating(errors, n + 1)
        if len(extremes) < n + 1:
            break
        places = [grid[k] for k in extremes]
    return found, max(map(abs, errors))


def _value(coefficients: list[Any], x: Any) -> Any:
    return reduce(lambda value, one: value * x + one, reversed(coefficients))


def _level(f: Function, weight: Function, places: list[Any]) -> list[Any]:
    """Return the polynomial whose weighted errors at the places are equal, with alternating signs."""
    n = len(places)
    equations, values = mpmath.matrix(n, n), mpmath.matrix(n, 1)
    for row, x in enumerate(places):
        for column in range(n - 1):
            equations[row, column] = x**column
        equations[row, n - 1] = (-1) ** row / weight(x)
        values[row] = f(x)
    solved = mpmath.lu_solve(equations, values)
    return [solved[k] for k in range(n - 1)]


def _alternating(errors: list[Any], wanted: int) -> list[int]:
    """Return where the errors have extremes of alternating signs, the largest ones, no more than wanted."""
    found: list[int] = []
    last = len(errors) - 1
    for k, error in enumerate(errors):
        if abs(error) < max(abs(errors[max(k - 1, 0)]), abs(errors[min(k + 1, last)])):
            continue
        if not found or mpmath.sign(errors[found[-1]]) != mpmath.sign(error):
            found.append(k)
        elif abs(error) > abs(errors[found[-1]]):
            found[-1] = k
    while len(found) > wanted:
        found.pop(0 if abs(errors[found[0]]) < abs(errors[found[-1]]) else -1)
    return found


def _exponential(r: Any) -> Any:
    return (mpmath.expm1(r) - r - r * r / 2) / r**3 if abs(r) > 1e-20 else mpf(1) / 6


def _logarithm(z: Any) -> Any:
    s = mpmath.sqrt(z)
    return ((mpmath.log1p(s) - mpmath.log1p(-s)) / s - 2) / z if z > 1e-30 else mpf(2) / 3


def _sine(z: Any) -> Any:
    y = mpmath.sqrt(z)
    return (mpmath.sin(y) / y - 1) / z if z > 1e-25 else mpf(-1) / 6


def _cosine(z: Any) -> Any:
    return (mpmath.cos(mpmath.sqrt(z)) - 1 + z / 2) / z**2 if z > 1e-20 else mpf(1) / 24


def polynomials() -> dict[str, tuple[list[float], float]]:
    """Return the coefficients of each polynomial, constant first, and 2 to which power its error in the whole is."""
    with mpmath.workprec(300):
        r, s = mpmath.log(2) / 2 * (1 + _MARGIN), (mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)
        eighth, tiny = (mpmath.pi / 4) ** 2 * (1 + _MARGIN), mpf(10) ** -12
        asked: dict[str, tuple[Function, Function, int, Any, Any]] = {
            "exp": (_exponential, lambda x: abs(x) ** 3 + tiny, 10, -r, r),
            "log": (_logarithm, lambda z: z * mpmath.sqrt(z) + tiny, 7, mpf(0), s * s * (1 + _MARGIN)),
            "sine": (_sine, lambda z: z + tiny, 7, mpf(0), eighth),
            "cosine": (_cosine, lambda z: z * z + tiny, 6, mpf(0), eighth),
        }
        found = {name: minimax(*one) for name, one in asked.items()}
        return {name: ([float(c) for c in one], float(mpmath.log(error, 2))) for name, (one, error) in found.items()}


if __name__ == "__main__":
    for name, (coefficients, power) in polynomials().items():
        sys.stdout.write(f"{name}: error 2^{math.ceil(power)}, {coefficients}\n")
