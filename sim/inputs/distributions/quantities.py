"""Quantities: a number, or a distribution that says how little is known of it.

In YAML a quantity is a number, or a map with one of the kinds below and, where it helps, ``source`` and ``note``::

    fixed: x        uniform: [low, high]      triangular: [low, mode, high]     normal: [mean, sd]
    chance: p       loguniform: [low, high]   beta: [a, b]                      lognormal: [median, sigma]
    choice: {values: [...], weights: [...]}     deciles: [least, 10%, 20%, ... 90%, most]

``within: [low, high]`` cuts a normal or a lognormal. A world takes the quantile at its own ``u``, so that two scenarios
that differ in a distribution alone draw the same luck.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from itertools import pairwise
from operator import add
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import PlainValidator, WithJsonSchema

from sim.errors import Mistake, Rejected, described, unknown
from sim.inputs.distributions import beta, normal
from sim.inputs.distributions.elementary import Floats, exp, log

#: How many numbers each kind takes, with their names for an error.
KINDS = {
    "fixed": ("value",), "uniform": ("low", "high"), "loguniform": ("low", "high"),
    "triangular": ("low", "mode", "high"), "normal": ("mean", "sd"), "lognormal": ("median", "sigma"),
    "beta": ("a", "b"), "choice": (), "chance": ("p",),
    "deciles": ("least", *(f"{k}0%" for k in range(1, 10)), "most"),
}  # fmt: skip
#: Beyond, sums and products of numbers lose what was added, or overflow.
_LARGEST = 1e12
_CUT = ("normal", "lognormal")
#: What a cut must leave: with less, the quantile of what is left is lost in rounding.
_LEAST_LEFT = 1e-9
_BELOW_ONE = 1.0 - 2.0**-53
_ABOVE_ZERO = 2.0**-54


@dataclass(frozen=True)
class Distribution:
    """What is known of one quantity: the kind, its numbers, a cut, weights of a choice, and where it comes from."""

    kind: str
    numbers: tuple[float, ...]
    within: tuple[float, float] | None = None
    weights: tuple[float, ...] = ()
    source: str = ""
    note: str = ""

    @cached_property
    def _hash(self) -> int:
        return hash((self.kind, self.numbers, self.within, self.weights))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def is_fixed(self) -> bool:
        """Return whether every world draws the same number."""
        low, high = self.bounds()
        return low == high

    @cached_property
    def meant(self) -> tuple[object, ...]:
        """Return what tells it from others, however it is written: weights as shares, what is sure as a number."""
        if self.is_fixed:
            return "fixed", self.bounds()[0]
        if self.kind != "choice":
            return self.kind, self.numbers, self.within
        shares: dict[float, Fraction] = {}
        for value, weight in zip(self.numbers, self.weights, strict=True):
            shares[value] = shares.get(value, Fraction(0)) + Fraction(weight)
        total = reduce(add, shares.values(), Fraction(0))
        return "choice", tuple((value, share / total) for value, share in shares.items() if share)

    def quantile(self, u: ArrayLike) -> Floats:
        """Return the quantiles at ``u`` (any shape, 0 <= u < 1); never falling in ``u``."""
        values: Floats = _QUANTILES[self.kind](self, np.asarray(u, dtype=np.float64))
        return values

    def bounds(self) -> tuple[float, float]:
        """Return the lowest and the highest number that can come; infinite where a tail is open."""
        if self.within:
            return self.within
        if self.kind in ("uniform", "loguniform", "triangular", "fixed", "deciles"):
            return self.numbers[0], self.numbers[-1]
        if self.kind == "choice":
            possible = [v for v, weight in zip(self.numbers, self.weights, strict=True) if weight > 0]
            return possible[0], possible[-1]
        if self.kind == "chance":
            return float(self.numbers[0] == 1.0), float(self.numbers[0] > 0.0)
        return (-math.inf, math.inf) if self.kind == "normal" else (0.0, 1.0 if self.kind == "beta" else math.inf)

    def text(self) -> str:
        """Return the distribution in plain English."""
        if self.kind == "choice":
            return "one of " + ", ".join(
                f"{_say(v)} (weight {_say(w)})" for v, w in zip(self.numbers, self.weights, strict=True)
            )
        said = _TEXTS[self.kind].format(*map(_say, self.numbers))
        return said + (f", kept within {_say(self.within[0])} and {_say(self.within[1])}" if self.within else "")

    def as_plain(self, sources: bool = True) -> Any:
        """Return plain values that ``read_quantity`` turns into an equal distribution, without sources if so asked.

        They are the same ones each time, and not to be changed.
        """
        return self._plain_with_sources if sources else self._plain

    @cached_property
    def _plain_with_sources(self) -> Any:
        return self._as_plain(True)

    @cached_property
    def _plain(self) -> Any:
        return self._as_plain(False)

    def _as_plain(self, sources: bool) -> Any:
        plain: dict[str, Any] = {self.kind: list(self.numbers)}
        if len(KINDS[self.kind]) == 1:
            plain = {self.kind: self.numbers[0]}
        elif self.kind == "choice":
            plain = {"choice": {"values": list(self.numbers), "weights": list(self.weights)}}
        if self.within:
            plain["within"] = list(self.within)
        if sources:
            plain |= {key: text for key, text in (("source", self.source), ("note", self.note)) if text}
        return plain["fixed"] if list(plain) == ["fixed"] else plain


def fixed(value: float) -> Distribution:
    """Return the distribution of a number that is known."""
    return Distribution("fixed", (float(value),))


def is_distribution(value: dict[str, Any]) -> bool:
    """Return whether a map of plain values means a distribution."""
    return any(kind in value for kind in KINDS)


# Reading ---------------------------------------------------------------------------------------------------------


def read_quantity(value: Any) -> Distribution:
    """Return the distribution that plain values describe; what does not fit raises Rejected."""
    if isinstance(value, Distribution):
        return value
    if not isinstance(value, dict):
        return fixed(_number(value, (), "a number, or a map such as {uniform: [1, 5]}"))
    kind = _kind_of(value)
    for key in ("source", "note"):
        if not isinstance(value.get(key, ""), str):
            raise Rejected(Mistake("text", described(value[key]), at=(key,)))
    numbers, weights = _choice(value[kind]) if kind == "choice" else (_numbers(kind, value[kind]), ())
    cut = _within(kind, numbers, value["within"]) if "within" in value else None
    return Distribution(kind, numbers, cut, weights, value.get("source", ""), value.get("note", ""))


Quantity = Annotated[
    Distribution,
    PlainValidator(read_quantity),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number"},
                {
                    "type": "object",
                    "properties": {key: {} for key in (*KINDS, "within", "source", "note")},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


def _kind_of(value: dict[str, Any]) -> str:
    known = (*KINDS, "within", "source", "note")
    for key in value:
        if key not in known:
            raise Rejected(unknown(key, known, "a kind of distribution", ()))
    kinds = [key for key in value if key in KINDS]
    if len(kinds) != 1:
        raise Rejected(Mistake("one kind of distribution", " and ".join(kinds) or "none"))
    if "within" in value and kinds[0] not in _CUT:
        raise Rejected(Mistake("'within' with a normal or a lognormal only", f"it with {kinds[0]}", at=("within",)))
    return kinds[0]


def _number(value: Any, at: tuple[str | int, ...], expected: str = "a number") -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Rejected(Mistake(expected, described(value), at=at))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not abs(number) <= _LARGEST:
        raise Rejected(Mistake("a finite number, at most 1e12 in size", described(value), at=at))
    return number


def _list(value: Any, names: tuple[str, ...], at: tuple[str | int, ...]) -> tuple[float, ...]:
    expected = f"a list [{', '.join(names)}]"
    if not isinstance(value, list) or len(value) != len(names):
        raise Rejected(Mistake(expected, described(value), at=at))
    return tuple(_number(one, (*at, k)) for k, one in enumerate(value))


def _numbers(kind: str, value: Any) -> tuple[float, ...]:
    """Return the numbers of a kind, which must describe a distribution that exists."""
    names = KINDS[kind]
    numbers = (_number(value, (kind,)),) if len(names) == 1 else _list(value, names, (kind,))
    problem = _wrong_with(kind, numbers)
    if problem:
        raise Rejected(Mistake(problem, described_numbers(numbers), at=(kind,)))
    return numbers


def _wrong_with(kind: str, numbers: tuple[float, ...]) -> str:
    """Return what should hold of the numbers of a kind and does not, or nothing."""
    rising = all(a <= b for a, b in pairwise(numbers))
    if kind in ("uniform", "loguniform", "triangular", "deciles") and not rising:
        return "numbers that rise"
    if kind == "loguniform" and numbers[0] <= 0:
        return "numbers above 0"
    if kind in ("normal", "lognormal") and numbers[1] < 0:
        return "a spread of at least 0"
    if kind == "lognormal" and numbers[0] <= 0:
        return "a median above 0"
    if kind == "beta" and min(numbers) <= 0:
        return "shapes above 0"
    return "a chance from 0 to 1" if kind == "chance" and not 0 <= numbers[0] <= 1 else ""


def _choice(value: Any) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return values in rising order, and their weights (equal ones when none are given)."""
    if not isinstance(value, dict) or not {"values"} <= set(value) <= {"values", "weights"}:
        raise Rejected(Mistake("{values: [...], weights: [...]}", described(value), at=("choice",)))
    values = _many(value["values"], "values")
    weights = _many(value.get("weights", [1] * len(values)), "weights")
    if len(weights) != len(values):
        raise Rejected(
            Mistake(f"{len(values)} weights, as many as values", str(len(weights)), at=("choice", "weights"))
        )
    if min(weights) < 0 or max(weights) <= 0:
        raise Rejected(
            Mistake("weights of at least 0, not all 0", described_numbers(weights), at=("choice", "weights"))
        )
    pairs = sorted(zip(values, weights, strict=True))
    return tuple(v for v, _ in pairs), tuple(w for _, w in pairs)


def _many(value: Any, key: str) -> tuple[float, ...]:
    if not isinstance(value, list) or not value:
        raise Rejected(Mistake("a list of numbers", described(value), at=("choice", key)))
    return tuple(_number(one, ("choice", key, k)) for k, one in enumerate(value))


def _within(kind: str, numbers: tuple[float, ...], value: Any) -> tuple[float, float]:
    low, high = _list(value, ("low", "high"), ("within",))
    below, above = (normal.share_below(_score(kind, numbers, x)) for x in (low, high))
    if low > high or above - below < _LEAST_LEFT:
        got = described_numbers((low, high))
        raise Rejected(Mistake("limits that rise and leave some of the distribution", got, at=("within",)))
    return low, high


def described_numbers(numbers: tuple[float, ...]) -> str:
    """Return numbers as a list in YAML."""
    return f"[{', '.join(_say(x) for x in numbers)}]"


def _say(number: float) -> str:
    """Return a number for reading: 5,200 or 0.25, never 5200.0."""
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e15 else f"{number:,.6g}"


# Quantiles -------------------------------------------------------------------------------------------------------


def _score(kind: str, numbers: tuple[float, ...], x: float) -> float:
    """Return how many standard deviations ``x`` lies above the mean (of the logarithms, for a lognormal)."""
    if kind == "lognormal":
        distance = float(log(x / numbers[0])) if x > 0 else -math.inf
    else:
        distance = x - numbers[0]
    if numbers[1] > 0:
        return distance / numbers[1]
    return math.copysign(math.inf, distance) if distance else 0.0


def _standard_normal(d: Distribution, u: Floats) -> Floats:
    """Return standard normal quantiles, of what ``within`` leaves if there is a cut."""
    if d.within:
        low, high = (normal.share_below(_score(d.kind, d.numbers, x)) for x in d.within)
        u = low + u * (high - low)
    return normal.quantile(np.clip(u, _ABOVE_ZERO, _BELOW_ONE))


def _normal(d: Distribution, u: Floats) -> Floats:
    mean, sd = d.numbers
    return np.clip(mean + sd * _standard_normal(d, u), *d.bounds())


def _lognormal(d: Distribution, u: Floats) -> Floats:
    median, sigma = d.numbers
    return np.clip(median * exp(sigma * _standard_normal(d, u)), *d.bounds())


def _uniform(d: Distribution, u: Floats) -> Floats:
    low, high = d.numbers
    return np.clip(low + (high - low) * u, low, high)


def _loguniform(d: Distribution, u: Floats) -> Floats:
    low, high = d.numbers
    return np.clip(low * exp(log(high / low) * u), low, high)


def _triangular(d: Distribution, u: Floats) -> Floats:
    low, mode, high = d.numbers
    if low == high:
        return np.full_like(u, low)
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.clip(np.where(u < turn, np.minimum(rising, mode), np.maximum(falling, mode)), low, high)


def _beta(d: Distribution, u: Floats) -> Floats:
    a, b = d.numbers
    return beta.quantile(a, b, u)


def _choose(d: Distribution, u: Floats) -> Floats:
    steps = np.cumsum(d.weights)
    places = np.searchsorted(steps / steps[-1], u, side="right")
    possible = np.flatnonzero(d.weights)
    return np.asarray(d.numbers)[np.minimum(places, possible[-1])]


def _deciles(d: Distribution, u: Floats) -> Floats:
    numbers = np.array(d.numbers)
    place = u * (len(numbers) - 1)
    whole = np.minimum(place.astype(np.int64), len(numbers) - 2)
    low, high = numbers[whole], numbers[whole + 1]
    return np.minimum(low + (high - low) * (place - whole), high)


def _fixed(d: Distribution, u: Floats) -> Floats:
    return np.full_like(u, d.numbers[0])


def _chance(d: Distribution, u: Floats) -> Floats:
    return (u >= 1.0 - d.numbers[0]).astype(np.float64)


_QUANTILES: dict[str, Callable[[Distribution, Floats], Floats]] = {
    "fixed": _fixed, "uniform": _uniform, "loguniform": _loguniform, "triangular": _triangular, "normal": _normal,
    "lognormal": _lognormal, "beta": _beta, "choice": _choose, "chance": _chance,
    "deciles": _deciles,
}  # fmt: skip

_TEXTS = {
    "fixed": "{}", "uniform": "uniform from {} to {}", "loguniform": "log-uniform from {} to {}",
    "triangular": "triangular from {0} to {2}, likeliest {1}", "normal": "normal around {} with spread {}",
    "lognormal": "log-normal around {} with spread {} of the logarithm", "beta": "beta with shapes {} and {}",
    "chance": "1 with a chance of {}, else 0",
    "deciles": "from {0} to {10}, the median {5}, the middle 80% from {1} to {9}",
}  # fmt: skip
