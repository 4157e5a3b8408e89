"""Compile a rule, or leave it as plain Python.

A rule is a plain function of a world. ``@rule`` compiles it with Numba; with ``CROSSFIRE_RULES=python`` in the
environment it stays as it is, for the debugger, for coverage and as an oracle. Compiled code is cached on disk in a
folder named after a hash of the sources that it rests on, because Numba's own cache does not see edits elsewhere.
"""

import hashlib
import os
import shutil
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

PLAIN = os.environ.get("CROSSFIRE_RULES") == "python"
_HERE = Path(__file__).parent
_NAMES = _HERE.parent / "names"
#: Modules that every other rule may call: an edit here compiles everything again.
_SHARED = ("compiled", "record", "draws", "events", "acts", "decide")
#: Modules that call rules of many others.
_CALLERS = ("day", "kernel")

Rule = TypeVar("Rule", bound=Callable[..., object])


def _digest(paths: list[Path]) -> str:
    text = hashlib.sha256()
    for path in sorted(paths):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()[:16]


def rule_hash() -> str:
    """Return the hash of all rule sources; it belongs in the record of every result."""
    return _digest([*_HERE.glob("*.py"), *_NAMES.glob("*.py")])


def _hash_of(module: str) -> str:
    if module in _CALLERS:
        return rule_hash()
    names = {*_SHARED, module}
    return _digest([*(_HERE / f"{name}.py" for name in names), *_NAMES.glob("*.py")])


def cache_root() -> Path:
    """Return the folder that holds compiled rules (``CROSSFIRE_CACHE``, else the user's cache folder)."""
    if given := os.environ.get("CROSSFIRE_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "crossfire"


_folders: dict[str, str] = {}


def _cache_folder(module: str) -> str:
    if module not in _folders:
        _folders[module] = str(cache_root() / f"{module}-{_hash_of(module)}")
    return _folders[module]


def prune(keep: int = 3) -> None:
    """Remove compiled rules of older sources: of each module the newest few folders stay."""
    folders: dict[str, list[Path]] = {}
    for folder in cache_root().glob("*-" + "?" * 16):
        folders.setdefault(folder.name[:-17], []).append(folder)
    for found in folders.values():
        for old in sorted(found, key=lambda folder: folder.stat().st_mtime, reverse=True)[keep:]:
            shutil.rmtree(old, ignore_errors=True)


def is_compiled() -> bool:
    """Return whether the compiled rules of this very source are on disk already."""
    return PLAIN or _kernel_is_cached()


def rule(function: Rule) -> Rule:
    """Return ``function`` compiled (or itself in plain mode).

    What a kernel calls is in the kernel's own cache; once that is there, the rules themselves need none, and starting
    up is faster without. ``CROSSFIRE_KEEP_RULES`` keeps theirs too, for those who call rules one by one.
    """
    if PLAIN:
        return function
    import numba

    module = function.__module__.rpartition(".")[2]
    compiled = numba.njit(nogil=True, error_model="numpy", fastmath=False)(function)
    if module in _CALLERS or not _kernel_is_cached() or os.environ.get("CROSSFIRE_KEEP_RULES"):
        numba.config.CACHE_DIR = _cache_folder(module)  # type: ignore[attr-defined]
        compiled.enable_caching()
    return cast(Rule, compiled)


@cache
def _kernel_is_cached() -> bool:
    return any(Path(_cache_folder("kernel")).rglob("*.nbi"))


if PLAIN:
    # Keys are 64-bit and wrap around on purpose.
    np.seterr(over="ignore")
    warnings.filterwarnings("ignore", message="overflow encountered", category=RuntimeWarning)
