"""Kernels as machine code, called without Numba.

A kernel takes arrays and whole numbers, gives at most a whole number back, keeps no memory and calls nothing of Python,
so that its code is a processor's and a system's, whatever the versions of Python, NumPy and Numba. It is handed one
list of 64-bit words: first the place of what comes back, then what Numba's convention wants of each argument (of an
array: nobody who owns it, nobody who made it, how many items, their size, where they begin, its shape, its strides).
"""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.world.record import OUTCOME, WEEK, WORLD

#: What symbols of the object file begin with.
PREFIX = "crossfire_"
#: All that the code may call of a system: LLVM writes loops as these.
CALLED = frozenset({"memcpy", "memset", "memmove"})


class Array(NamedTuple):
    """What a kernel expects of an argument that is an array: of C's order, aligned."""

    dtype: np.dtype
    dimensions: int = 1


_WORLDS, _KEYS, _PLACES = Array(WORLD), Array(np.dtype("u8")), Array(np.dtype("i8"))
_NUMBERS, _TABLE = Array(np.dtype("f8")), Array(np.dtype("f8"), 2)
_KEPT = Array(np.dtype("f8"), 3)
_GIVEN = (_WORLDS, _NUMBERS, _NUMBERS, _PLACES)
#: The functions that programs call, all else being inside of them, and what each takes: arrays and kinds of numbers.
KERNELS: dict[str, tuple[Array | type, ...]] = {
    "digest": (_NUMBERS,),
    "prepare": (*_GIVEN, _NUMBERS, np.uint64),
    "run_block": (
        *_GIVEN, _TABLE, _KEYS, _KEYS, bool, int, int, Array(OUTCOME), Array(WEEK, 2), Array(np.dtype("u8"), 2),
        _PLACES, _NUMBERS, _NUMBERS, _PLACES, _NUMBERS, _PLACES, _PLACES, _KEPT,
    ),
    "squeeze": (_KEPT, _NUMBERS, int, Array(np.dtype("u1"), 3), Array(np.dtype("i8"), 2)),
}  # fmt: skip
#: Those that give a whole number back.
GIVING = frozenset({"digest", "squeeze"})


def fits(expected: tuple[Array | type, ...], given: tuple[Any, ...]) -> bool:
    """Return whether arguments are what a kernel's code takes them for: it looks no more."""
    return len(expected) == len(given) and all(map(_fits, expected, given))


def _fits(expected: Array | type, given: Any) -> bool:
    if not isinstance(expected, Array):
        return isinstance(given, int | np.integer | np.bool_)
    return (
        isinstance(given, np.ndarray)
        and given.ndim == expected.dimensions
        and (given.dtype is expected.dtype or given.dtype == expected.dtype)
        and bool(given.flags.carray)
    )


def _words(given: tuple[Any, ...]) -> Iterator[int]:
    """Yield the words that stand for arguments."""
    for one in given:
        if isinstance(one, np.ndarray):
            yield from (0, 0, one.size, one.itemsize, one.ctypes.data, *one.shape, *one.strides)
        else:
            yield int(one)


class Code:
    """Machine code at hand, by the names of kernels."""

    def __init__(self, content: bytes) -> None:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_default_triple().create_target_machine()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)  # it holds what it has loaded
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(content))
        self._engine.finalize_object()
        called = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)  # others run while it runs
        self._called: dict[str, Callable[..., int]] = {
            name: called(self._engine.get_function_address(PREFIX + name)) for name in KERNELS
        }

    def call(self, name: str, given: tuple[Any, ...]) -> int | None:
        """Call a kernel with arguments that fit it; return what it gives back."""
        words = [0, *_words(given)]
        memory = (ctypes.c_uint64 * len(words))(*words)
        if status := self._called[name](ctypes.addressof(memory)):
            raise RuntimeError(f"{name} ended with status {status}")
        return int(memory[0]) if name in GIVING else None
