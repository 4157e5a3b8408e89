"""Compile a rule, or leave it as plain Python.

A rule is a plain function of a world. ``@rule`` compiles it with Numba; with ``CROSSFIRE_RULES=python`` in the
environment it stays as it is, for the debugger, for coverage and as an oracle. Programs call a few kernels, which hold
all rules that they need and are kept on disk (``sim.world.kernels``).
"""

import os
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import numpy as np

from sim.world.kernels import KERNELS, KernelCache, cache_root, compile_kernels
from sim.world.meaning import rule_hash

PLAIN = os.environ.get("CROSSFIRE_RULES") == "python"
_OF_KERNELS = "sim.world.kernel"

Rule = TypeVar("Rule", bound=Callable[..., object])


def rule(function: Rule) -> Rule:
    """Return ``function`` compiled (or itself in plain mode).

    ``CROSSFIRE_KEEP_RULES`` keeps each rule's own code too, for those who call rules one by one.
    """
    if PLAIN:
        return function
    import numba

    _name_records_in_short()
    compiled: Any = numba.njit(nogil=True, error_model="numpy", fastmath=False)(function)
    _for_any_constant(compiled)
    if function.__module__ == _OF_KERNELS and function.__name__ in KERNELS:
        compiled._cache = KernelCache(function.__name__)
    elif os.environ.get("CROSSFIRE_KEEP_RULES"):
        numba.config.CACHE_DIR = str(cache_root() / f"each-{rule_hash()}")  # type: ignore[attr-defined]
        compiled.enable_caching()
    return cast(Rule, compiled)


@cache
def have_kernels() -> None:
    """Make the kernels where they are not there, before threads ask: an interruption reaches the main one alone."""
    if not PLAIN:
        compile_kernels()


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
