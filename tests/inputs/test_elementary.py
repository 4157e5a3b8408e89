"""Elementary functions: as exact as they say, and the same bits compiled, plain, in arrays and on every processor."""

import ast
import hashlib
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.inputs.distributions import beta, elementary, normal
from sim.results.arithmetic import arithmetic
from sim.world import elementary as rules
from sim.world.compiled import PLAIN
from tests.minimax import polynomials

ROOT = Path(__file__).parent.parent.parent
DIGITS = mpmath.workprec(200)
LN2 = math.log(2.0)
Exact = Callable[[Any], Any]


def spread(low: float, high: float, n: int, seed: int = 1) -> list[float]:
    """Return numbers evenly at random between two."""
    return np.random.default_rng(seed).uniform(low, high, n).tolist()


def magnitudes(low: float, high: float, n: int, seed: int = 1) -> list[float]:
    """Return numbers of all magnitudes, given as powers of ten."""
    return [10.0**x for x in spread(low, high, n, seed)]


def around(x: float, steps: int = 3) -> list[float]:
    """Return a number and its neighbours."""
    below, above = [x], [x]
    for _ in range(steps):
        below.append(math.nextafter(below[-1], -math.inf))
        above.append(math.nextafter(above[-1], math.inf))
    return [*below[:0:-1], *above]


def both_signs(numbers: list[float]) -> list[float]:
    """Return numbers and their opposites."""
    return [*numbers, *(-x for x in numbers)]


#: Where the exponential turns from one whole number of halvings to the next.
TURNS = [y for k in range(-40, 41) for y in around((k + 0.5) * LN2, 1)]
EXP = [
    *spread(-1, 1, 2000),
    *spread(-708, 709, 1500),
    *TURNS,
    *magnitudes(-20, 0, 200),
    *around(-708.0),
    *around(708.0),
]
ARGUMENTS: dict[str, list[float]] = {
    "exp": EXP,
    "expm1": [*both_signs(magnitudes(-18, 0, 500)), *spread(-38, 41, 2000), *TURNS, *around(40.0), *around(-37.5)],
    "log": [
        *spread(0.5, 2, 2000), *magnitudes(-308, 308, 1000), *(1.0 + x for x in both_signs(magnitudes(-15, -1, 300))),
        *around(1.0), *around(math.sqrt(0.5)), *around(math.sqrt(2.0)), *(5e-324 * k for k in (1, 2, 3, 1000, 2**40)),
    ],
    "cosine_of_turns": [
        *spread(-0.5, 0.5, 1500), *spread(-3000, 3000, 800), *(k / 8 for k in range(-8, 9)), *magnitudes(-12, 12, 300),
        *(y for k in range(1, 8) for y in around(k / 8)), 2.0**51 + 0.25, 2.0**52 - 0.5,
    ],
}  # fmt: skip
EXACT: dict[str, Exact] = {
    "exp": mpmath.exp, "expm1": mpmath.expm1, "log": mpmath.log,
    "cosine_of_turns": lambda turns: mpmath.cospi(2 * turns),
}  # fmt: skip
#: Errors stay below so many units in the last place, as the functions' module says.
BOUNDS = {"exp": 0.65, "log": 0.65, "expm1": 0.9, "cosine_of_turns": 0.9}
INF, NAN = math.inf, math.nan
SPECIAL = {
    "exp": [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (709.782712893384, 1.797693134862273e308),
            (709.7827128933841, INF), (1e300, INF), (-745.1332191019411, 5e-324), (-745.14, 0.0), (-1e300, 0.0)],
    "expm1": [(0.0, 0.0), (-0.0, -0.0), (5e-324, 5e-324), (-5e-324, -5e-324), (INF, INF), (-INF, -1.0), (NAN, NAN)],
    "log": [(1.0, 0.0), (0.0, -INF), (-0.0, -INF), (-1.0, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)],
    "cosine_of_turns": [(0.0, 1.0), (-0.0, 1.0), (0.25, 0.0), (0.5, -1.0), (0.75, 0.0), (1.0, 1.0), (1e300, 1.0),
                        (1 / 6, 0.5), (INF, NAN), (-INF, NAN), (NAN, NAN)],
}  # fmt: skip
NAMES = sorted(ARGUMENTS)
ALL = {name: [*ARGUMENTS[name], *(x for x, _ in SPECIAL[name])] for name in NAMES}
IN_ARRAYS = {"exp": elementary.exp, "log": elementary.log}


def bits(numbers: Any) -> list[int]:
    """Return the bits of numbers, each as a whole number."""
    return np.asarray(numbers, np.float64).view(np.int64).tolist()


def in_rules(name: str, arguments: list[float]) -> np.ndarray:
    """Return what rules get, compiled where rules are."""
    function = getattr(rules, name)
    found = np.empty(len(arguments))

    def fill(x: np.ndarray, found: np.ndarray) -> None:
        for i in range(len(x)):
            found[i] = function(x[i])

    if not PLAIN:
        import numba

        fill = numba.njit(error_model="numpy")(fill)
    fill(np.array(arguments), found)
    return found


def units_off(found: float, exact: Any) -> float:
    """Return how far a number is from an exact one, in units in the last place of the latter."""
    return float(abs(mpmath.mpf(found) - exact) / mpmath.mpf(math.ulp(float(exact))))


def worst(found: np.ndarray, arguments: list[float], exact: Exact) -> float:
    """Return the largest error of values, in units in the last place."""
    with DIGITS:
        return max(units_off(float(y), exact(mpmath.mpf(x))) for x, y in zip(arguments, found, strict=True))


# How exact they are ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_errors_stay_below_a_unit_in_the_last_place(name: str) -> None:
    """Against 60 digits, over random arguments and those at which a function turns from one way to another."""
    assert worst(in_rules(name, ARGUMENTS[name]), ARGUMENTS[name], EXACT[name]) < BOUNDS[name]


def test_polynomials_are_those_that_the_fit_gives() -> None:
    """Every coefficient in the source comes out of Remez's algorithm again, with the error that the module tells."""
    tree = ast.parse(Path(str(rules.__file__)).read_text(encoding="utf-8"))
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    numbers = {abs(one) for one in constants if isinstance(one, float)}
    for coefficients, power in polynomials().values():
        assert power < -61
        assert {abs(one) for one in coefficients} <= numbers


def test_the_smallest_exponentials_are_within_a_unit_too() -> None:
    """Below the least normal number there are fewer digits, and the last of them is right or next to it."""
    arguments = spread(-745.1, -708.0, 1500)
    assert worst(in_rules("exp", arguments), arguments, mpmath.exp) < 0.8


@pytest.mark.parametrize("name", NAMES)
def test_special_arguments_have_their_values(name: str) -> None:
    """Nothing, infinity, no number, the ends of what can be told: as the mathematical library has them."""
    arguments, values = zip(*SPECIAL[name], strict=True)
    found = in_rules(name, list(arguments))
    assert found == pytest.approx(values, rel=4e-16, abs=0, nan_ok=True)
    assert [math.copysign(1, y) for y in found if y == 0] == [math.copysign(1, y) for y in values if y == 0]


@pytest.mark.parametrize("name", ["exp", "expm1", "log"])
def test_larger_arguments_have_no_smaller_values(name: str) -> None:
    """Next to one another, wherever a function turns from one way to another, and where numbers crowd."""
    ends = [0.5, 0.75, 1.0, math.sqrt(0.5), math.sqrt(2.0), 1e-8, 20.0, 38.0, 700.0, 708.0, 1e-300, 2.3e-308]
    ends += TURNS[120:]
    places = ends if name == "log" else both_signs(ends)
    arguments = sorted(y for x in places for y in around(x, 20))
    assert (np.diff(in_rules(name, arguments)) >= 0).all()


def test_log_of_one_plus_is_exact_near_nothing() -> None:
    """In arrays, for the beta distribution."""
    arguments = [*both_signs(magnitudes(-300, -0.61, 800)), *spread(-0.99, 3, 1000), *magnitudes(0, 300, 200)]
    assert worst(elementary.log1p(arguments), arguments, mpmath.log1p) < 1.2
    special = elementary.log1p([0.0, -1.0, -2.0, INF, NAN])
    assert special == pytest.approx([0.0, -INF, NAN, INF, NAN], nan_ok=True)


# The same bits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_known_answers_stay(name: str) -> None:
    """A few dozen values, frozen when they were found right against 60 digits: no machine may come to others."""
    known = json.loads((ROOT / "tests" / "known_answers.json").read_text())[name]
    arguments, values = ([float.fromhex(pair[k]) for pair in known] for k in (0, 1))
    assert len(known) >= 30
    assert bits(in_rules(name, arguments)) == bits(values)
    if name in IN_ARRAYS:
        assert bits(IN_ARRAYS[name](arguments)) == bits(values)


@pytest.mark.parametrize("name", sorted(IN_ARRAYS))
def test_arrays_and_rules_give_the_same_bits(name: str) -> None:
    """A million numbers, and all special ones: what worlds draw and what rules work out are of one arithmetic."""
    wide = spread(-760, 720, 500_000) if name == "exp" else magnitudes(-330, 308, 500_000)
    arguments = [*wide, *spread(-3, 8, 500_000, 2), *ALL[name]]
    assert bits(in_rules(name, arguments)) == bits(IN_ARRAYS[name](arguments))


@pytest.mark.parametrize("name", sorted(IN_ARRAYS))
def test_a_number_has_its_value_in_whatever_array(name: str) -> None:
    """Alone, in an array of two dimensions, beside others: so no world depends on which others are drawn with it."""
    arguments = [*ARGUMENTS[name][:500], *(x for x, _ in SPECIAL[name])]
    at_once = IN_ARRAYS[name](arguments)
    assert bits(at_once) == [bits(IN_ARRAYS[name](x)) for x in arguments]
    assert bits(IN_ARRAYS[name](np.array([arguments, arguments]).T)[:, 1].copy()) == bits(at_once)


def child(script: str, **environment: str) -> str:
    """Return what a script prints in a process of its own."""
    known = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run([sys.executable, "-c", script], env=known, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_plain_rules_give_the_compiled_bits() -> None:
    """The very source, run by Python, comes to what machine code comes to."""
    script = (
        "import hashlib, numpy as np; from tests.inputs.test_elementary import *\n"
        "for name in NAMES: print(hashlib.sha256(in_rules(name, ALL[name]).tobytes()).hexdigest())"
    )
    here = [hashlib.sha256(in_rules(name, ALL[name]).tobytes()).hexdigest() for name in NAMES]
    assert child(script, CROSSFIRE_RULES="python").split() == here


def test_machine_code_fuses_nothing_and_calls_no_library() -> None:
    """A multiplication and an addition are rounded each, on processors too that could do both in one."""
    if PLAIN:
        pytest.skip("rules are plain")
    import numba

    def fill(x: np.ndarray, found: np.ndarray) -> None:
        for i in range(len(x)):
            a = rules.exp(x[i]) + rules.expm1(x[i]) * rules.exp_within(x[i])
            found[i] = a * rules.log(x[i]) + rules.cosine_of_turns(x[i])

    compiled = numba.njit(error_model="numpy")(fill)
    compiled(np.ones(3), np.ones(3))
    [code] = compiled.inspect_asm().values()
    assert "mulsd" in code or "mulpd" in code or "fmul" in code
    assert not re.search(r"\bv?fn?m(add|sub)|\bfml[as]\b", code)
    assert not re.search(r"\$?\b(exp|expm1|log|log1p|tanh|cos|sin|pow|fma|ldexp|frexp)\b", code)


#: What a processor of before 2013 has: no fused multiply-add, no wide registers.
WITHOUT = "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-AVX2_Usable,-FMA_Usable,-FMA4"
TOLD = """
import hashlib, math
import numpy as np
from sim.results.arithmetic import arithmetic
from sim.inputs.distributions.quantities import read_quantity
from tests.inputs.test_quantities import KNOWN
from tests.worlds import batch, variant

def told(*arrays):
    print(hashlib.sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)).hexdigest())

x = np.random.default_rng(1).uniform(0.1, 9, 20000)
told(np.exp(x), np.log(x), np.array([math.exp(y) for y in x]))
one = variant("2020-soleimani", "us=maximum-pressure", "days=120")
"""
DRAWN = """
u = (np.arange(2000) + 0.5) / 2000
told(one.drawn(1, np.arange(2000)))
told(*(read_quantity(plain).quantile(u) for plain, _ in KNOWN))
print(arithmetic())
"""
LIVED = """
[block] = batch([one], 60)
told(block.outcomes, block.series, block.digests)
"""


def old_processor() -> dict[str, str]:
    """Return an environment in which the libraries make do with what an old processor has."""
    from numpy._core import _multiarray_umath as numpys

    there = [name for name in numpys.__cpu_dispatch__ if numpys.__cpu_features__.get(name)]
    return {"GLIBC_TUNABLES": WITHOUT, "NPY_DISABLE_CPU_FEATURES": " ".join(there)}


@pytest.mark.parametrize("script", [DRAWN, pytest.param(LIVED, marks=pytest.mark.slow)], ids=["drawn", "lived"])
def test_worlds_are_the_same_on_a_processor_without_fused_multiplication(script: str) -> None:
    """What 2,000 worlds draw, and how 60 go, byte for byte, while the libraries' own functions come out otherwise."""
    library, *here = child(TOLD + script).split()
    other_library, *there = child(TOLD + script, **old_processor()).split()
    assert there == here
    if library == other_library:
        pytest.skip("this machine's libraries have one version of each function: nothing differed that could")


def test_arithmetic_is_the_known_one() -> None:
    """The hash that results carry is the same wherever arithmetic follows IEEE 754."""
    assert arithmetic() == "b0c374187e765e9c"


# Distributions -----------------------------------------------------------------------------------------------------


def test_normal_quantiles_are_right_to_fifteen_digits() -> None:
    """Put into the normal distribution, they give back the share, in both tails too."""
    shares = [*spread(0, 1, 600), *magnitudes(-16, -1, 300), *(1.0 - x for x in magnitudes(-15, -1, 100)), 0.075, 0.925]
    found = normal.quantile(shares)
    with DIGITS:
        for u, z in zip(shares, found.tolist(), strict=True):
            off = (mpmath.ncdf(mpmath.mpf(z)) - mpmath.mpf(u)) / mpmath.npdf(mpmath.mpf(z))
            assert abs(off) < 2e-15 * max(1.0, abs(z))
    assert normal.quantile(0.5) == 0.0


def test_shares_below_a_score_are_right_to_fourteen_digits() -> None:
    """Far below the mean too, where they are very small."""
    scores = [*spread(-37, 9, 400), *spread(-3, 3, 300), *around(-1.25), *around(1.25), 0.0, 1e-300]
    with DIGITS:
        off = [abs(normal.share_below(z) / mpmath.ncdf(mpmath.mpf(z)) - 1) for z in scores]
    assert max(off) < 1e-14
    assert [normal.share_below(z) for z in (-INF, -40.0, 0.0, 40.0, INF)] == [0.0, normal.share_below(-40.0), 0.5, 1, 1]
    assert math.isnan(normal.share_below(NAN))


SHAPES = [(1, 1), (0.5, 0.5), (2, 5), (0.05, 0.1), (0.05, 20), (30, 70), (200, 0.3), (1000, 1000), (1, 1e6), (3e5, 40)]


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_beta_quantiles_are_those_of_a_library(a: float, b: float) -> None:
    """To 1e-12 of each, in both tails, for flat, narrow, one-sided and horned ones."""
    from scipy.special import betaincinv

    shares = np.array([1e-9, 1e-4, *spread(0, 1, 100), 1 - 1e-4, 1 - 1e-9])
    assert beta.quantile(a, b, shares) == pytest.approx(betaincinv(a, b, shares), rel=1e-12, abs=1e-300)


def test_beta_quantiles_known_in_closed_form() -> None:
    """Roots for one shape of 1, a sine for two of a half, worked out in 60 digits."""
    shares = [0.0, 2.0**-53, *spread(0, 1, 60), 1 - 2.0**-53]
    with DIGITS:
        exact = {
            (0.01, 1): [mpmath.mpf(u) ** 100 for u in shares],
            (1, 250): [-mpmath.expm1(mpmath.log1p(-mpmath.mpf(u)) / 250) for u in shares],
            (0.5, 0.5): [mpmath.sin(mpmath.pi * mpmath.mpf(u) / 2) ** 2 for u in shares],
        }
        for (a, b), values in exact.items():
            found = beta.quantile(a, b, shares)
            assert found.tolist() == pytest.approx([float(x) for x in values], rel=1e-12, abs=1e-300)


@settings(max_examples=30)
@given(st.sampled_from(SHAPES), st.floats(0, 1, exclude_max=True), st.integers(1, 50))
def test_beta_quantiles_never_fall(shapes: tuple[float, float], u: float, steps: int) -> None:
    """Between neighbours too, where the rounding of the fraction is larger than what lies between them."""
    shares = np.array([x for x in around(u, steps) if 0.0 <= x < 1.0])
    found = beta.quantile(*shapes, shares)
    assert (np.diff(found) >= 0).all()
    assert 0.0 <= found[0] <= found[-1] <= 1.0
    assert bits(found[-1]) == bits(beta.quantile(*shapes, shares[-1]))


# Nothing else ------------------------------------------------------------------------------------------------------

#: Of what makes worlds: rules, and modules of arrays that draw and hand over inputs.
DRAWING = (
    "results/arithmetic", "experiments/variants", "experiments/sampling", "inputs/distributions/beta",
    "inputs/distributions/elementary", "inputs/distributions/normal", "inputs/distributions/quantities",
)  # fmt: skip
SOURCES = [*sorted((ROOT / "sim" / "world").glob("*.py")), *(ROOT / "sim" / f"{name}.py" for name in DRAWING)]
#: Each of these is exact, or rounded as IEEE 754 says; of all else in ``math`` nothing is known.
OF_MATH = {"ceil", "copysign", "floor", "fsum", "inf", "isfinite", "isinf", "isnan", "nan", "prod", "sqrt"}
#: NumPy's functions of which one version or another is run, as the processor has it, or in an order of its own.
NOT_OF_NUMPY = {
    "arccos", "arcsin", "arctan", "arctan2", "average", "cbrt", "convolve", "corrcoef", "cos", "cosh", "cov", "dot",
    "einsum", "exp", "exp2", "expm1", "float_power", "geomspace", "gradient", "hypot", "inner", "interp", "linalg",
    "linspace", "log", "log10", "log1p", "log2", "logaddexp", "logspace", "matmul", "mean", "percentile", "polyval",
    "power", "quantile", "sin", "sinh", "std", "sum", "tan", "tanh", "tensordot", "trapezoid", "vdot",
}  # fmt: skip
OF_ARRAYS = {"dot", "mean", "std", "sum", "var"}
OUTSIDE = ("cmath", "random", "scipy", "statistics")
#: Its Sobol numbers are whole until they are scaled by a power of two.
ALLOWED = {("sampling", "scipy.stats.qmc")}


def _strange(module: str, node: ast.AST) -> bool:
    """Return whether a piece of code calls what may come out otherwise elsewhere."""
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id in ("math", "np"):
            return node.attr not in OF_MATH if node.value.id == "math" else node.attr in NOT_OF_NUMPY
        return node.attr in OF_ARRAYS
    if isinstance(node, ast.BinOp):
        two = isinstance(node.left, ast.Constant) and node.left.value in (2, 2.0)
        return isinstance(node.op, ast.MatMult) or (isinstance(node.op, ast.Pow) and not two)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id == "pow" or (node.func.id == "sum" and not _counts(node.args[0]))
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in OUTSIDE for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        whole = (node.module or "").split(".")[0]
        return whole in (*OUTSIDE, "math") and (module, node.module) not in ALLOWED
    return False


def _counts(node: ast.AST) -> bool:
    """Return whether what is summed is whole numbers: of others, Python's sum depends on its version."""
    whole = node.elt if isinstance(node, ast.GeneratorExp) else None
    return isinstance(whole, ast.Call) and isinstance(whole.func, ast.Name) and whole.func.id in ("int", "len")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "-".join(path.parts[-2:]))
def test_what_makes_worlds_calls_no_function_that_differs(path: Path) -> None:
    """No rule and no module that draws has an exponential, a power or a sum other than the project's own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [ast.unparse(node) for node in ast.walk(tree) if _strange(path.stem, node)] == []


@pytest.mark.parametrize(
    "line",
    ["math.exp(x)", "math.pow(2, x)", "np.log(x)", "np.mean(x)", "x.sum()", "a @ b", "x ** 2", "sum(x)", "import scipy",
     "from math import exp", "from scipy.special import ndtri", "from statistics import NormalDist",
     "np.interp(u, a, b)"],
)  # fmt: skip
def test_such_functions_are_noticed(line: str) -> None:
    """The walk over sources finds each kind."""
    assert any(_strange("day", node) for node in ast.walk(ast.parse(line)))


def test_rules_and_arrays_share_their_operations() -> None:
    """The hearts of both are the same source, line by line: who mends one must mend the other."""
    ours, theirs = (
        _bodies(ROOT / "sim" / where) for where in ("inputs/distributions/elementary.py", "world/elementary.py")
    )
    assert all(ours[name] == theirs[name] for name in ("_exp_curve", "_log_of_both"))


def _bodies(path: Path) -> dict[str, list[str]]:
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    said = ast.Expr
    return {one.name: [ast.unparse(line) for line in one.body if not isinstance(line, said)] for one in functions}
