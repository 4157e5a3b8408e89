"""Compile the kernels (``python -m sim.world.whole FOLDER``): each rule typed and lowered once, LLVM sees all together.

By itself Numba optimises every function, makes machine code of it and of a wrapper for Python, and does so again for
each caller. A run needs one function, ``run_block``, a story two more. So here rules are left as LLVM's intermediate
code, linked into one module, all but the kernels hidden, and optimised there together. Indices are taken as they are:
no rule counts from the end. What comes out is machine code that calls nothing but the system's copying of memory, or
none is kept. The process is a child's own: what it does to Numba ends with it, and what it leaves are files.
With ``--shipped`` the file is named as a wheel carries it; with ``--by-itself`` Numba goes its own way, four times
slower, to the same worlds.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
from numba.core import codegen as numbas_codegen
from numba.core import cpu as numbas_cpu
from numba.core import event, types
from numba.core.caching import NullCache
from numba.core.registry import cpu_target
from numba.np import arrayobj

from sim.world import kernel
from sim.world.kept import cache_root, keep
from sim.world.kernels import kernel_file, packed, shipped_file
from sim.world.native import CALLED, KERNELS, PREFIX, Array, Code
from sim.world.parts import keep_parts, note_last, rules, to_compile

#: What is done after rules are compiled, in units of a rule compiled, as measured.
LINKING, OPTIMISING, WRITING = 25, 75, 20
# What is changed of Numba has types that forbid it.
codegen: Any = numbas_codegen
cpu: Any = numbas_cpu
#: The words of a call: an integer each, in memory (see sim.world.native).
_DOOR = """
declare {returned} @"{name}"({types})
define i32 @"{door}"(ptr %words) {{
  %raised = alloca ptr
  {loads}
  %status = call {returned} @"{name}"({values})
  ret i32 %status
}}
"""
#: What rules call that is no rule. A kernel makes no array, so no array of its own ever has to go; a processor's square
#: root is rounded as IEEE 754 has it, and the library's is the same one behind a question about negative numbers.
_BESIDE = """
define void @NRT_MemInfo_call_dtor(ptr %array) {
  ret void
}
declare double @llvm.sqrt.f64(double)
define double @sqrt(double %x) {
  %root = call double @llvm.sqrt.f64(double %x)
  ret double %root
}
"""


# Rules are left as they are lowered --------------------------------------------------------------------------------


def _finalize(self: Any) -> None:
    self._raise_if_finalized()
    self._finalized = True


def _lay_out(self: Any, module: Any) -> None:
    module.data_layout = self._codegen._data_layout


def _nowhere(self: Any, name: str) -> int:
    return 0


def _nothing(self: Any, *given: Any, **more: Any) -> None:
    """Make nothing."""


def _index(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)


def _leave_rules_as_they_are() -> None:
    numba.njit(lambda x: x + 1.0)(1.0)  # what Numba makes for itself it makes before
    codegen.CPUCodeLibrary.finalize = _finalize
    codegen.CPUCodeLibrary._optimize_functions = _lay_out
    codegen.JITCodeLibrary.get_pointer_to_function = _nowhere
    codegen.JITCPUCodegen.set_env = _nothing
    cpu.CPUContext.create_cpython_wrapper = _nothing
    cpu.CPUContext.create_cfunc_wrapper = _nothing
    arrayobj.fix_integer_index = _index


# Linked into one ---------------------------------------------------------------------------------------------------


def _linked(library: Any, seen: set[int]) -> Iterator[Any]:
    """Yield all libraries that a library rests on, and itself, those first that rest on nothing else."""
    if id(library) not in seen:
        seen.add(id(library))
        for one in library._linking_libraries:
            yield from _linked(one, seen)
        yield library


def _door(name: str, function: Any) -> str:
    """Return LLVM's code of the function that takes a kernel's arguments from a list of words."""
    kinds = [str(argument.type) for argument in function.arguments]
    loads, values = [], ["ptr %words", "ptr %raised"]
    for k, kind in enumerate(kinds[2:], 1):
        loads.append(f"%at{k} = getelementptr i64, ptr %words, i64 {k}")
        loads.append(f"%word{k} = load i64, ptr %at{k}")
        if kind != "i64":
            loads.append(f"%as{k} = {'inttoptr' if kind == 'ptr' else 'trunc'} i64 %word{k} to {kind}")
        values.append(f"{kind} %{'word' if kind == 'i64' else 'as'}{k}")
    return _DOOR.format(
        returned="i32", name=function.name, types=", ".join(kinds), door=PREFIX + name, loads="\n  ".join(loads),
        values=", ".join(values),
    )  # fmt: skip


def _all_of(module: Any) -> list[Any]:
    return [*module.functions, *module.global_variables]


def _as_one(made: dict[str, Any], told: "_Told") -> Any:
    """Return one optimised module of all kernels, in which nothing but their doors can be seen."""
    whole = cpu_target.target_context.codegen().create_library("kernels")
    doors = {name: one.library.get_function(one.fndesc.llvm_func_name) for name, one in made.items()}
    whole._final_module.link_in(llvm.parse_assembly(_BESIDE + "".join(_door(*door) for door in doors.items())))
    libraries: list[Any] = []
    seen: set[int] = set()
    for one in made.values():
        libraries += _linked(one.library, seen)
    for library in reversed(libraries):  # callers before what they call, or the linker drops it
        whole._final_module.link_in(library._get_module_for_linking(), preserve=True)
        told.more(LINKING / len(libraries))
    for one in _all_of(whole._final_module):
        if not one.is_declaration and not one.name.startswith(PREFIX):
            one.linkage = "internal"
    _optimize(whole._final_module)
    told.more(OPTIMISING)
    whole._final_module.verify()
    for k, one in enumerate(_all_of(whole._final_module)):
        if not one.is_declaration and not one.name.startswith(PREFIX):
            one.name = f"part{k}"  # shorter, and the same file from the same rules, whatever was compiled before
    return whole._final_module


def _optimize(module: Any) -> None:
    """Optimise a module once: a cheap round before, which Numba needs for arrays that come and go, brings nothing."""
    passes, builder = cpu_target.target_context.codegen()._module_pass_manager()
    passes.run(module, builder)


def _machine_code(module: Any) -> bytes:
    """Return a module's machine code; RuntimeError where it would call what a kernel must not call."""
    called = {one.name for one in _all_of(module) if one.is_declaration}
    if strange := {name for name in called - CALLED if not name.startswith("llvm.")}:
        raise RuntimeError(f"the kernels would need {', '.join(sorted(strange))}")
    code: bytes = cpu_target.target_context.codegen()._tm.emit_object(module)
    return code


# All of it ---------------------------------------------------------------------------------------------------------


def _signature(expected: tuple[Array | type, ...]) -> tuple[Any, ...]:
    return tuple(
        numba.typeof(np.zeros((1,) * one.dimensions, one.dtype) if isinstance(one, Array) else one(0))
        for one in expected
    )


class _Told(event.Listener):
    """Reports how much is done, of how much: a line of two numbers each, in units of a rule compiled."""

    def __init__(self, rules: int) -> None:
        self.done, self.total = 0.0, rules + LINKING + OPTIMISING + WRITING

    def on_start(self, event: Any) -> None:
        """Do nothing: what counts is what is done."""

    def on_end(self, event: Any) -> None:
        """Report one more rule; what Numba compiles of its own comes on top."""
        self.more(min(1, self.total - LINKING - OPTIMISING - WRITING - self.done))

    def more(self, units: float) -> None:
        """Report what has been done."""
        self.done += units
        _tell(f"{self.done:.2f} {self.total}")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _compiled(name: str) -> Any:
    """Return a kernel, compiled with all that it calls."""
    root: Any = getattr(kernel, name).dispatcher
    root.compile(_signature(KERNELS[name]))
    [made] = root.overloads.values()
    return made


def compile_into(folder: Path, shipped: bool = False) -> None:
    """Compile the kernels and leave them in a folder, under the name by which a cache or a wheel has them."""
    parts = cache_root() / "parts"
    _leave_rules_as_they_are()
    keep_parts(parts)
    rules, edited = to_compile(parts)
    if edited:
        _tell(f"# {edited}")
    told = _Told(rules)
    with event.install_listener("numba:compile", told):
        made = {name: _compiled(name) for name in KERNELS}
    note_last(parts)
    code = _machine_code(_as_one(made, told))
    Code(code)  # what cannot be loaded is not kept
    keep(shipped_file(folder) if shipped else folder / kernel_file().name, code)


def compile_by_itself(folder: Path) -> None:
    """Have Numba compile the kernels in its own way."""
    for name in KERNELS:
        getattr(kernel, name).dispatcher._cache = NullCache()
    with event.install_listener("numba:compile", _Told(len(rules()))):
        for name in KERNELS:
            one = _compiled(name)
            keep(folder / kernel_file(name).name, packed(one.signature, one))


if __name__ == "__main__":
    if "--by-itself" in sys.argv:
        compile_by_itself(Path(sys.argv[1]))
    else:
        compile_into(Path(sys.argv[1]), "--shipped" in sys.argv)
