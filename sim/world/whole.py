"""Compile the kernels (``python -m sim.world.whole FOLDER``): each rule typed and lowered once, LLVM sees all together.

By itself Numba optimises every function, makes machine code of it and of a wrapper for Python, and does so again for
each caller. A run needs one function, ``run_block``, others a few more. So here rules are left as LLVM's intermediate
code, linked into each of them, hidden from all else, and optimised there. Indices are taken as they are: no rule
counts from the end. The process is a child's own: what it does to Numba ends with it, and what it leaves are files.
With ``--by-itself`` Numba goes its own way, four times slower, to the same worlds.
"""

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import codegen as numbas_codegen
from numba.core import cpu as numbas_cpu
from numba.core import event, types
from numba.core.caching import NullCache
from numba.core.dispatcher import Dispatcher
from numba.np import arrayobj

from sim.world import kernel
from sim.world.kernels import KERNELS, keep, packed
from sim.world.record import OUTCOME, WEEK, as_numbers, new_worlds

# What is changed of Numba has types that forbid it.
codegen: Any = numbas_codegen
cpu: Any = numbas_cpu
#: The kernel that is being linked; nothing where Numba goes its own way.
_root = ""


def _is_part(library: Any) -> bool:
    return bool(_root) and library.name != _root


def _linked(library: Any, seen: set[int]) -> Iterator[Any]:
    """Yield all libraries that a library rests on, those first that rest on nothing else."""
    for one in library._linking_libraries:
        if id(one) not in seen:
            seen.add(id(one))
            yield from _linked(one, seen)
            yield one


class _Numbas:
    """Numba's own methods, in whose place others are put."""

    finalize = codegen.CPUCodeLibrary.finalize
    optimize = codegen.CPUCodeLibrary._optimize_functions
    pointer = codegen.JITCodeLibrary.get_pointer_to_function
    wrapper = cpu.CPUContext.create_cpython_wrapper
    cfunc = cpu.CPUContext.create_cfunc_wrapper


def _finalize(self: Any) -> None:
    if not _root:
        _Numbas.finalize(self)
        return
    self._raise_if_finalized()
    if _is_part(self):
        self._finalized = True
        return
    for one in reversed(list(_linked(self, set()))):  # callers before what they call, or the linker drops it
        self._reload_init.update(one._reload_init)
        self._final_module.link_in(one._get_module_for_linking(), preserve=True)
    for function in self._final_module.functions:
        if function.linkage == codegen.ll.Linkage.linkonce_odr and not function.name.startswith("NRT"):
            function.linkage = "internal"
    self._optimize_final_module()
    self._final_module.verify()
    self._finalize_final_module()


def _optimize(self: Any, module: Any) -> None:
    module.data_layout = self._codegen._data_layout
    if not _is_part(self):
        _Numbas.optimize(self, module)


def _pointer(self: Any, name: str) -> int:
    return 0 if _is_part(self) else int(_Numbas.pointer(self, name))


def _set_env(self: Any, name: str, env: Any) -> None:
    if at := self._engine.get_global_value_address(name):
        ctypes.c_void_p.from_address(at).value = id(env)


def _wrapper(self: Any, library: Any, *rest: Any, **more: Any) -> None:
    if not _is_part(library):
        _Numbas.wrapper(self, library, *rest, **more)


def _cfunc(self: Any, library: Any, *rest: Any, **more: Any) -> None:
    if not _is_part(library):
        _Numbas.cfunc(self, library, *rest, **more)


def _index(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)


def _link_as_one() -> None:
    numba.njit(lambda x: x + 1.0)(1.0)  # what Numba makes for itself it makes before
    codegen.CPUCodeLibrary.finalize = _finalize
    codegen.CPUCodeLibrary._optimize_functions = _optimize
    codegen.JITCodeLibrary.get_pointer_to_function = _pointer
    codegen.JITCPUCodegen.set_env = _set_env
    cpu.CPUContext.create_cpython_wrapper = _wrapper
    cpu.CPUContext.create_cfunc_wrapper = _cfunc
    arrayobj.fix_integer_index = _index


def _calls() -> dict[str, tuple[Any, ...]]:
    """Return an example of a call of each kernel."""
    worlds, keys, row = new_worlds(1), np.zeros(1, np.uint64), np.zeros((1, 1))
    numbers, places = as_numbers(worlds)[0], np.zeros(1, np.int64)
    given = worlds, numbers, numbers, places
    marks, wholes, cube = np.zeros((1, 1), np.uint64), np.zeros(1, np.int64), np.zeros((1, 1, 1))
    return {
        "digest": (numbers,),
        "prepare": (*given, row[0], keys[0]),
        "run_block": (
            *given, row, keys, keys, True, 0, 1, np.zeros(1, OUTCOME), np.zeros((1, 1), WEEK), marks, wholes, row[0],
            row[0], wholes, row[0], wholes, wholes, cube,
        ),
        "squeeze": (cube, 1, np.zeros((1, 1, 1), np.uint8), np.zeros((1, 1), np.int64)),
    }  # fmt: skip


class _Count(event.Listener):
    """Reports how many functions are compiled, of how many: a line of two numbers each."""

    def __init__(self, total: int) -> None:
        self.done, self.total = 0, total

    def on_start(self, event: Any) -> None:
        """Do nothing: what counts is what is done."""

    def on_end(self, event: Any) -> None:
        """Report one more."""
        self.done += 1
        sys.stdout.write(f"{self.done} {max(self.total, self.done)}\n")
        sys.stdout.flush()


def _rules() -> int:
    """Return how many rules there are."""
    modules = [module for name, module in sys.modules.items() if name.startswith("sim.world.")]
    return len({id(one) for module in modules for one in vars(module).values() if isinstance(one, Dispatcher)})


def compile_into(folder: Path, as_one: bool = True) -> None:
    """Compile the kernels and leave them in a folder."""
    global _root  # noqa: PLW0603 - what Numba's methods are told, they can be told in no other way
    parts: list[Any] = [part for part in vars(kernel).values() if isinstance(part, Dispatcher)]
    for part in parts:
        part._cache = NullCache()
    if as_one:
        _link_as_one()
    # Linking what is compiled takes about a sixth as long as compiling it.
    with event.install_listener("numba:compile", _Count(_rules() * 7 // 6)):
        for name in KERNELS:
            _root = name if as_one else ""
            root = numba.njit(nogil=True, error_model="numpy", fastmath=False)(getattr(kernel, name).py_func)
            root.compile(tuple(numba.typeof(x) for x in _calls()[name]))
            [(signature, made)] = root.overloads.items()
            keep(name, packed(signature, made), folder)
            _root = ""


if __name__ == "__main__":
    compile_into(Path(sys.argv[1]), "--by-itself" not in sys.argv)
