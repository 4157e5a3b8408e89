"""What the compiled code of a single rule depends on, as a key: a rule whose key is known needs no compiling again.

A key is of the rule's own bytecode, of the values of all names outside of it that it reads, and of the same of all
rules that it calls, however far; of the layout of records; of what compiles. It may change without need (a value that
the compiler does not look at), never stay the same where the code could come out otherwise: a rule that reads something
of which that cannot be said has the hash of all rules in its key.
"""

import dis
import hashlib
import types
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.world.compiled import Compiled
from sim.world.kernels import maker
from sim.world.meaning import rule_hash
from sim.world.record import OUTCOME, WEEK, WORLD

#: Modules that decide what becomes of a rule's bytecode.
_MACHINERY = ("compiled", "keys", "parts", "whole")
#: Modules whose functions and types are what the versions of Python, NumPy and Numba say.
_OUTSIDE = frozenset({"builtins", "math", "numpy"})


class Unknowable(Exception):
    """It cannot be said what a value means to the compiler."""


def name_of(rule: Compiled) -> str:
    """Return a rule's name: its module's and its own."""
    return f"{rule.py_func.__module__}.{rule.py_func.__qualname__}"


def key_of(rule: Compiled) -> str:
    """Return the key of a rule: of itself and of all rules that it calls, however far."""
    reached: dict[str, str] = {}
    waiting = [rule]
    while waiting:
        one = waiting.pop()
        if name_of(one) not in reached:
            reached[name_of(one)], called = own_of(one)
            waiting += called
    return _hash([name_of(rule), _common(), *(f"{name}={own}" for name, own in sorted(reached.items()))])


@cache
def own_of(rule: Compiled) -> tuple[str, tuple[Compiled, ...]]:
    """Return a hash of a rule by itself, and the rules that it calls."""
    function: Any = rule.py_func
    named = {name: function.__globals__[name] for name in _read(function.__code__) if name in function.__globals__}
    closed = dict(
        zip(function.__code__.co_freevars, (cell.cell_contents for cell in function.__closure__ or ()), strict=True)
    )
    outside = named | closed
    called = tuple(value for value in outside.values() if isinstance(value, Compiled))
    try:
        words = [
            f"{name}:" + (f"rule {name_of(value)}" if isinstance(value, Compiled) else _value(value))
            for name, value in sorted(outside.items())
        ]
        defaults = _value((*(function.__defaults__ or ()), *sorted((function.__kwdefaults__ or {}).items())))
    except Unknowable:
        words, defaults = [rule_hash()], ""
    return _hash([*_code(function.__code__, function.__doc__), defaults, *words]), called


@cache
def _common() -> str:
    """Return a hash of what is the same for all rules: what compiles them, and how records are laid out."""
    here = Path(__file__).parent
    sources = [(here / f"{name}.py").read_text(encoding="utf-8") for name in _MACHINERY]
    return _hash([maker(), *sources, *(repr(dtype) for dtype in (WORLD, OUTCOME, WEEK))])


def _hash(words: Iterable[str]) -> str:
    told = hashlib.sha256()
    for word in words:
        told.update(f"{len(word)}:{word}".encode())
    return told.hexdigest()[:32]


# Code and values ---------------------------------------------------------------------------------------------------


def _read(code: types.CodeType) -> Iterator[str]:
    """Yield the names outside of it that a piece of code reads, by the functions within it too."""
    yield from (one.argval for one in dis.get_instructions(code) if one.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _read(constant)


def _code(code: types.CodeType, told: str | None = None) -> Iterator[str]:
    """Yield what a piece of code is, without what is told to readers and where it stands."""
    yield from (code.co_code.hex(), code.co_exceptiontable.hex(), f"{code.co_flags}")
    yield f"{code.co_argcount} {code.co_posonlyargcount} {code.co_kwonlyargcount}"
    yield f"{code.co_names} {code.co_varnames} {code.co_freevars} {code.co_cellvars}"
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _code(constant)
        else:
            yield "" if told is not None and constant == told else f"{type(constant).__name__} {constant!r}"


def _value(value: Any) -> str:
    """Return a text of a value that a rule reads; Unknowable where none says all about it, as of a rule in a tuple."""
    if value is None or type(value) in (bool, int, float, str):
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return f"{value.dtype.str} {value.tobytes().hex()}"
    if type(value) is np.ndarray and value.dtype.kind in "biuf":
        content = hashlib.sha256(value.tobytes()).hexdigest()
        return f"array {value.dtype.str} {value.shape} {value.strides} {value.flags.num} {content}"
    if type(value) is tuple:
        return f"({','.join(map(_value, value))})"
    if isinstance(value, types.ModuleType) and value.__name__ in _OUTSIDE:
        return f"module {value.__name__}"
    if isinstance(value, type | types.BuiltinFunctionType | np.ufunc):
        module = getattr(value, "__module__", None) or "numpy"
        if module.partition(".")[0] in _OUTSIDE:
            return f"{module}.{value.__name__}"
    raise Unknowable(repr(value))
