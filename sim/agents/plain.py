"""The rules of a world as plain Python beside the compiled ones, over rows that read and write its record.

A compiled rule cannot be called by itself from Python: the type of a world is known inside compiled code only. So each
rule gets a twin, made of the function that was compiled, which calls the twins of other rules. Twins compile nothing,
can be stepped through with a debugger, give the same bits, and any of them can be put through other hands.
"""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

from sim.world import kernel  # noqa: F401  -- loads every module with rules
from sim.world.record import WORLD

_WORLD = "sim.world."
NUMBER = 8  # bytes


class Rules:
    """A set of twins of all rules, by names such as ``washington.decide_washington``."""

    def __init__(self) -> None:
        modules = {name: module for name, module in sys.modules.items() if name.startswith(_WORLD)}
        self._spaces = {name: dict(vars(module)) for name, module in modules.items()}
        self._twins: dict[FunctionType, FunctionType] = {}
        for space in self._spaces.values():
            for name, value in space.items():
                if function := self._rule(value):
                    space[name] = self._twin(function)

    def _rule(self, value: object) -> FunctionType | None:
        """Return the plain function behind what a module holds; None for what is no function of the world's."""
        function = getattr(value, "py_func", value)
        return function if isinstance(function, FunctionType) and function.__module__ in self._spaces else None

    def _twin(self, function: FunctionType) -> FunctionType:
        if function not in self._twins:
            space = self._spaces[function.__module__]
            defaults, closure = function.__defaults__, function.__closure__
            twin = FunctionType(function.__code__, space, function.__name__, defaults, closure)
            twin.__doc__ = function.__doc__
            self._twins[function] = twin
        return self._twins[function]

    def __getitem__(self, name: str) -> Callable[..., Any]:
        """Return the twin of a rule; KeyError for a name that is none."""
        module, _, rule = name.partition(".")
        space = sys.modules.get(_WORLD + module)
        function = self._rule(getattr(space, rule, None))
        if function is None or function.__module__ != _WORLD + module:
            raise KeyError(f"'{name}' is no rule of sim.world")
        return self._twins[function]

    def put_through(self, name: str, hands: Callable[..., Any]) -> None:
        """Have ``hands`` called wherever another rule calls the rule ``name``; the rule itself stays as it is."""
        twin = self[name]
        for space in self._spaces.values():
            for word, value in space.items():
                if value is twin:
                    space[word] = hands


class Row:
    """One record inside a world's memory: its numbers as attributes, its arrays as views, records within as rows."""

    __slots__ = ("_at", "_floats", "_keys", "_whole")
    names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        if len(self.names) > 100:
            return f"<a row of {len(self.names)} quantities>"
        return "(" + ", ".join(f"{name}={getattr(self, name)!r}" for name in self.names) + ")"


class Rows:
    """Records of one kind in a row; each is made when first asked for."""

    def __init__(
        self, kind: "Callable[[np.ndarray, int], Row]", memory: np.ndarray, at: int, n: int, step: int
    ) -> None:
        self._kind, self._memory, self._at, self._n, self._step = kind, memory, at, n, step
        self._made: dict[int, Row] = {}

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, k: int) -> Row:
        row = self._made.get(k)
        if row is None:
            if not -self._n <= k < self._n:
                raise IndexError(f"{k} of {self._n}")
            row = self._made[k] = self._kind(self._memory, self._at + (int(k) % self._n) * self._step)
        return row

    def __iter__(self) -> Iterator[Row]:
        return (self[k] for k in range(self._n))


def row_of(worlds: np.ndarray) -> Any:
    """Return the first of ``worlds`` (of type WORLD) as a row that plain rules take for a world."""
    return _kind_of(WORLD)(worlds.base if worlds.base is not None else worlds, 0)


@cache
def _kind_of(dtype: np.dtype) -> Callable[[np.ndarray, int], Row]:
    """Return what makes rows of a record type out of memory (bytes) and a place in it (in bytes)."""
    inner: list[tuple[str, np.dtype, int]] = []
    body: dict[str, Any] = {"names": dtype.names}
    for name, (kind, at, *_) in (dtype.fields or {}).items():
        if kind.subdtype is None and kind.fields is None:
            body[name] = _number(kind.kind, at // NUMBER)
        else:
            inner.append((name, kind, at))
    body["__slots__"] = tuple(name for name, *_ in inner)
    made: Any = type("Row", (Row,), body)

    def make(memory: np.ndarray, at: int) -> Row:
        row = made()
        view = memoryview(memory)  # type: ignore[arg-type]
        row._floats, row._whole, row._keys = view.cast("d"), view.cast("q"), view.cast("Q")
        row._at = at // NUMBER
        for name, kind, step in inner:
            setattr(row, name, _within(memory, kind, at + step))
        return row

    return make


def _within(memory: np.ndarray, kind: np.dtype, at: int) -> Any:
    """Return an array of numbers, a record or records that stand inside a record."""
    base, shape = kind.subdtype or (kind, ())
    if base.fields is None:
        return np.ndarray(shape, base, memory, at)
    if not shape:
        return _kind_of(base)(memory, at)
    return Rows(_kind_of(base), memory, at, shape[0], base.itemsize)


def _number(kind: str, k: int) -> property:
    """Return a property for one number: floats and whole numbers are Python's, keys are 64-bit and wrap around."""
    if kind == "f":

        def get_float(row: Any) -> float:
            return row._floats[row._at + k]

        def set_float(row: Any, value: float) -> None:
            row._floats[row._at + k] = value

        return property(get_float, set_float)
    if kind == "i":

        def get_whole(row: Any) -> int:
            return row._whole[row._at + k]

        def set_whole(row: Any, value: float) -> None:
            row._whole[row._at + k] = int(value)

        return property(get_whole, set_whole)

    def get_key(row: Any) -> np.uint64:
        return np.uint64(row._keys[row._at + k])

    def set_key(row: Any, value: int) -> None:
        row._keys[row._at + k] = int(value)

    return property(get_key, set_key)
