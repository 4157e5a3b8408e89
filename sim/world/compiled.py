"""Compile a rule, or leave it as plain Python.

A rule is a plain function of a world. ``@rule`` has Numba compile it when it is first asked for; with
``CROSSFIRE_RULES=python`` in the environment it stays as it is, for the debugger, for coverage and as an oracle.
Programs call a few kernels, which hold all rules that they need and are kept on disk (``sim.world.kernels``) as machine
code that asks for no Numba (``sim.world.native``).
"""

import os
import warnings
from collections.abc import Callable
from functools import cache, cached_property, update_wrapper
from typing import Any, TypeVar, cast

import numpy as np

from sim.world.kept import cache_root
from sim.world.kernels import KernelCache, native_code
from sim.world.meaning import rule_hash
from sim.world.native import KERNELS, fits

PLAIN = os.environ.get("CROSSFIRE_RULES") == "python"
_OF_KERNELS = "sim.world.kernel"

Rule = TypeVar("Rule", bound=Callable[..., object])


class Compiled:
    """A rule that Numba takes note of when it is called, or when a function that calls it is compiled.

    Programs call kernels alone: none of them waits until Numba has been loaded and has taken note of all rules.
    """

    def __init__(self, function: Callable[..., object]) -> None:
        self.py_func = function
        update_wrapper(self, function)

    @cached_property
    def dispatcher(self) -> Any:
        """Return Numba's own object for the rule."""
        import numba

        _name_records_in_short()
        made: Any = numba.njit(nogil=True, error_model="numpy", fastmath=False)(self.py_func)
        _for_any_constant(made)
        if os.environ.get("CROSSFIRE_KEEP_RULES"):
            numba.config.CACHE_DIR = str(cache_root() / f"each-{rule_hash()}")  # type: ignore[attr-defined]
            made.enable_caching()
        return made

    @property
    def _numba_type_(self) -> Any:
        """Return what compiled functions take the rule for, as Numba asks for it."""
        return self.dispatcher._numba_type_

    def __call__(self, *given: Any) -> Any:
        """Call the compiled rule."""
        return self.dispatcher(*given)


class Kernel(Compiled):
    """A kernel: called as machine code where that is at hand and takes such arguments, else as any rule."""

    @cached_property
    def dispatcher(self) -> Any:
        """Return Numba's own object for the kernel, which looks on disk for what Numba has compiled."""
        made = Compiled.dispatcher.func(self)  # type: ignore[attr-defined]
        made._cache = KernelCache(self.py_func.__name__)
        return made

    def __call__(self, *given: Any) -> Any:
        """Call the compiled kernel."""
        name, code = self.py_func.__name__, native_code()
        if code is None or not fits(KERNELS[name], given):
            return self.dispatcher(*given)
        return code.call(name, given)


def rule(function: Rule) -> Rule:
    """Return ``function`` compiled (or itself in plain mode).

    ``CROSSFIRE_KEEP_RULES`` keeps each rule's own code too, for those who call rules one by one.
    """
    if PLAIN:
        return function
    is_kernel = function.__module__ == _OF_KERNELS and function.__name__ in KERNELS
    return cast(Rule, (Kernel if is_kernel else Compiled)(function))


@cache
def have_kernels() -> None:
    """Make the kernels where they are not there, before threads ask: an interruption reaches the main one alone."""
    if not PLAIN:
        native_code()


@cache
def _name_records_in_short() -> None:
    """Let Numba say a record's type in short: it writes it out at each of thirty passes, a quarter of compiling."""
    from numba.core import types

    record: Any = types.Record
    record.__repr__ = lambda self: f"Record({len(self.fields)} fields, {self.size} bytes)"


def _for_any_constant(compiled: Any) -> None:
    """Let a rule be compiled once for all whole numbers, not for each constant that it is called with."""
    from numba.core import types

    template = compiled.get_call_template

    def for_any(args: Any, named: Any) -> Any:
        return template(tuple(map(types.unliteral, args)), {name: types.unliteral(named[name]) for name in named})

    compiled.get_call_template = for_any


if PLAIN:
    # Keys are 64-bit and wrap around on purpose.
    np.seterr(over="ignore")
    warnings.filterwarnings("ignore", message="overflow encountered", category=RuntimeWarning)
