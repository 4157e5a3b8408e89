"""Designs over quantities: at which quantile of its own distribution each quantity stands, at each point of a design.

Nothing here knows what a quantity is: a design knows names, numbers of points and numbers between 0 and 1. A point of
a Sobol sequence or a Latin hypercube depends on its number alone, so worlds may be lived in any order and in any cut.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.errors import Mistake, Rejected
from sim.names.address import address

Floats = NDArray[np.float64]
#: Whether a constraint holds, (points,), of numbers (points,) by name.
Holds = Callable[[Mapping[str, Floats]], NDArray[np.bool_]]

RANDOM, SOBOL, HYPERCUBE = "random", "sobol", "latin-hypercube"
KINDS = (RANDOM, SOBOL, HYPERCUBE)
#: Bits of a Sobol number: so many points has the whole sequence, two to this power.
BITS = 30
#: Places of a Latin hypercube, points times quantities, that are kept in mind at once: 400 MB.
MOST_PLACES = 100_000_000
#: Of the points looked at at least this share must satisfy the constraints.
LEAST_KEPT = 0.01
_AT_A_TIME = 8_192


@dataclass(frozen=True)
class Sampling:
    """A design: its kind, the names of its quantities, how many points it has, and where its chance begins.

    Parameters
    ----------
    kind : str
        ``random`` (no design: every world draws for itself), ``sobol`` or ``latin-hypercube``.
    over : tuple of str
        Names of the quantities, in alphabetical order.
    points : int
        How many points were asked for; a Latin hypercube has as many strata.
    seed : int
        Where the scrambling or the shuffling begins.
    kept : tuple of int, optional
        Numbers of the points of the whole sequence that satisfy the constraints: point *k* of the design is the one
        with the *k*-th of these numbers. All of them, when none is given.
    """

    kind: str = RANDOM
    over: tuple[str, ...] = ()
    points: int = 0
    seed: int = 1
    kept: tuple[int, ...] | None = None

    @property
    def count(self) -> int:
        """Return how many points there are; constraints may leave a Latin hypercube fewer than were asked for."""
        return self.points if self.kept is None else len(self.kept)

    def quantiles(self, name: str, points: np.ndarray) -> Floats | None:
        """Return the numbers (points,) above 0 and below 1 of a quantity at these points.

        None for a quantity that is not in the design: worlds draw it for themselves. The array is not to be written
        to. Points that the design does not have raise Rejected.
        """
        row = None if self.kind == RANDOM else self._rows.get(name)
        return None if row is None else self._block(np.asarray(points))[row]

    def restricted(self, names: Sequence[str], holds: Holds) -> "Sampling":
        """Return the design of the points at which ``holds`` is true of the numbers of ``names``.

        A sequence goes on until it has as many as were asked for; of a Latin hypercube fewer are left. Rejected where
        fewer than one point in a hundred is.
        """
        rows = np.array([self._rows[name] for name in names])

        def kept_of(first: int, last: int) -> NDArray[np.int64]:
            numbers = np.arange(first, last)
            values = self._design.at(numbers, rows)
            return numbers[holds(dict(zip(names, values, strict=True)))]

        kept, looked_at = np.empty(0, np.int64), 0
        most = self.points if self.kind == HYPERCUBE else min(round(self.points / LEAST_KEPT), 2**BITS)
        while looked_at < most and len(kept) < self.points:
            until = min(looked_at + _AT_A_TIME, most)
            kept = np.append(kept, kept_of(looked_at, until))
            looked_at = until
        if len(kept) < (LEAST_KEPT * most if self.kind == HYPERCUBE else self.points) or not len(kept):
            got = f"{len(kept):,} of the {looked_at:,} points looked at"
            raise Rejected(Mistake("constraints that leave at least 1% of the points", got))
        numbers = tuple(kept[: self.points].tolist())
        return Sampling(self.kind, self.over, self.points, self.seed, numbers)

    def plain(self) -> dict[str, Any]:
        """Return plain values of which ``from_plain`` makes an equal design."""
        kept = {} if self.kept is None else {"kept": _in_ranges(self.kept)}
        return {"kind": self.kind, "over": list(self.over), "points": self.points, "seed": self.seed} | kept

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> "Sampling":
        """Return the design that plain values describe."""
        kept = None if plain.get("kept") is None else _out_of_ranges(plain["kept"])
        return Sampling(plain["kind"], tuple(plain["over"]), plain["points"], plain["seed"], kept)

    def __reduce__(self) -> tuple[Any, ...]:
        # What was computed on the way stays behind: locks do not travel between processes.
        return Sampling.from_plain, (self.plain(),)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: k for k, name in enumerate(self.over)}

    @cached_property
    def _design(self) -> "_Design":
        if self.kind == SOBOL:
            return _Sobol(len(self.over), self.seed)
        return _Hypercube(self.over, self.points, self.seed)

    @cached_property
    def _numbers(self) -> NDArray[np.int64] | None:
        return None if self.kept is None else np.array(self.kept, np.int64)

    @cached_property
    def _last(self) -> threading.local:
        return threading.local()

    def _block(self, points: np.ndarray) -> Floats:
        """Return the numbers of all quantities at these points (quantities, points); each thread keeps its last."""
        last = self._last
        if getattr(last, "points", None) is None or not np.array_equal(last.points, points):
            block = self._design.at(self._of_sequence(points))
            block.setflags(write=False)
            last.points, last.block = points.copy(), block
        return last.block

    def _of_sequence(self, points: np.ndarray) -> NDArray[np.int64]:
        """Return the numbers in the whole sequence of points of the design."""
        most = 2**BITS if self.kind == SOBOL and self.kept is None else self.count
        beyond = points[(points < 0) | (points >= most)]
        if len(beyond):
            raise Rejected(Mistake(f"a point from 0 to {most - 1}", str(int(beyond[0])), self._why_not()))
        numbers: NDArray[np.int64] = points.astype(np.int64) if self._numbers is None else self._numbers[points]
        return numbers

    def _why_not(self) -> str:
        if self.kind == HYPERCUBE:
            return ("a Latin hypercube cannot be extended: it has one point in each of as many strata as points; "
                    "a Sobol sequence can")  # fmt: skip
        return "points that meet constraints were looked for up to the number asked for: ask for more, in a new run"


class _Design(Protocol):
    """Numbers between 0 and 1 by number of the point."""

    def at(self, numbers: NDArray[np.int64], rows: NDArray[np.int64] | slice = ...) -> Floats:
        """Return the numbers (rows, points) of some quantities, all by default, at points of the sequence."""
        ...


# Sobol sequences -------------------------------------------------------------------------------------------------


class _Sobol:
    """A scrambled Sobol sequence by the number of the point.

    In Gray code, point *i* is the first point with one direction after the other laid on it by exclusive or, one for
    each bit of ``i ^ (i >> 1)``. SciPy scrambles and draws; the directions are read off its points 1, 2, 4, 8 ...
    """

    def __init__(self, dimensions: int, seed: int) -> None:
        self.dimensions, self.seed = dimensions, seed
        self.lock = threading.Lock()
        self.first = np.zeros(dimensions, np.uint32)
        self.directions = np.zeros((0, dimensions), np.uint32)

    def at(self, numbers: NDArray[np.int64], rows: NDArray[np.int64] | slice = slice(None)) -> Floats:
        """Return the numbers (rows, points) at points of the sequence."""
        bits = int(numbers.max()).bit_length() if len(numbers) else 0
        directions = self._directions(bits)
        codes = numbers ^ (numbers >> 1)
        found = np.repeat(self.first[rows][:, None], len(numbers), axis=1)
        for bit in range(bits):
            laid_on = (codes >> bit & 1).astype(bool)
            np.bitwise_xor(found, directions[bit][rows][:, None], out=found, where=laid_on)
        # Scrambled numbers may be 0, one in 2^30: then half of the least step.
        return np.maximum(found * 2.0**-BITS, 2.0 ** -(BITS + 1))

    def _directions(self, bits: int) -> NDArray[np.uint32]:
        """Return the directions (bits or more, quantities) of points with numbers of so many bits."""
        with self.lock:
            if len(self.directions) < max(bits, 1):
                self._read_off(max(bits, 10))
            return self.directions

    def _read_off(self, bits: int) -> None:
        from scipy.stats.qmc import Sobol

        engine = Sobol(self.dimensions, scramble=True, bits=BITS, rng=self.seed)
        self.first = self._next(engine)
        before, directions = np.zeros(self.dimensions, np.uint32), []
        for bit in range(bits):
            if 2**bit > engine.num_generated:
                engine.fast_forward(2**bit - engine.num_generated)
            # The Gray code of 2^k has the bits k and k - 1.
            directions.append(self._next(engine) ^ self.first ^ before)
            before = directions[-1]
        self.directions = np.array(directions)

    @staticmethod
    def _next(engine: Any) -> NDArray[np.uint32]:
        return (engine.random(1)[0] * 2.0**BITS).astype(np.uint32)


# Latin hypercubes ------------------------------------------------------------------------------------------------

_GOLDEN, _FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class _Hypercube:
    """A Latin hypercube: of each quantity, one point in each of as many strata as points, shuffled by its own name."""

    def __init__(self, names: Sequence[str], points: int, seed: int) -> None:
        self.names, self.points, self.seed = names, points, seed
        self.lock = threading.Lock()
        self.strata: NDArray[np.uint32] | None = None
        self.keys = np.array([address("latin hypercube", str(seed), name) for name in names], np.uint64)

    def at(self, numbers: NDArray[np.int64], rows: NDArray[np.int64] | slice = slice(None)) -> Floats:
        """Return the numbers (rows, points) at points of the hypercube."""
        with self.lock:
            if self.strata is None:
                self.strata = self._shuffled()
        strata = self.strata[rows][:, numbers]
        # Of 32 bits and half a step, so that no sum is rounded into the next stratum.
        within = ((_mixed(~self.keys[rows], numbers) >> np.uint64(32)) + 0.5) * 2.0**-32
        inside: Floats = (strata + within) / self.points
        return inside

    def _shuffled(self) -> NDArray[np.uint32]:
        numbers = np.arange(self.points)
        strata = np.empty((len(self.names), self.points), np.uint32)
        for k in range(len(self.names)):
            strata[k] = np.argsort(_mixed(self.keys[k : k + 1], numbers)[0], kind="stable")
        return strata


def _mixed(keys: NDArray[np.uint64], numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return 64 random bits (keys, numbers) for each number under each key, by SplitMix64."""
    with np.errstate(over="ignore"):
        z = keys[:, None] + (numbers.astype(np.uint64) + np.uint64(1)) * _GOLDEN
        z = (z ^ (z >> np.uint64(30))) * _FIRST
        z = (z ^ (z >> np.uint64(27))) * _SECOND
        return z ^ (z >> np.uint64(31))


# Numbers of points as text ---------------------------------------------------------------------------------------


def _in_ranges(numbers: Sequence[int]) -> str:
    """Return rising numbers as ``0-3 5 7-9``."""
    if not numbers:
        return ""
    whole = np.array(numbers)
    cuts = np.flatnonzero(np.diff(whole) != 1) + 1
    parts = [(int(part[0]), int(part[-1])) for part in np.split(whole, cuts)]
    return " ".join(f"{first}-{last}" if last > first else str(first) for first, last in parts)


def _out_of_ranges(text: str) -> tuple[int, ...]:
    """Return the numbers that ``_in_ranges`` has written."""
    ends = [[int(end) for end in word.split("-")] for word in text.split()]
    return tuple(number for one in ends for number in range(one[0], one[-1] + 1))
