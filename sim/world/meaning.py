"""What the rules mean, as a hash: of their parsed code and of the words that they import, however far; no prose in it.

A comment, a docstring, an annotation, a unit or a sentence of a story moves no result, so it does not move the hash;
and the same rules in another checkout have the same one.
"""

import ast
import hashlib
import importlib
import inspect
import sys
import types
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.world.kept import cache_root, content_of, keep_if_possible, prune

_HERE = Path(__file__).parent
_NAMES, _WORDS = "sim.names", Path(__file__).parent.parent / "names"
#: Hashes of so many versions of the files are kept.
_KEPT = 50
#: Modules of this folder that hold no rule: how rules are compiled, hashed, and shown to a type checker.
_NO_RULES = frozenset(
    {
        "__init__",
        "aside",
        "compiled",
        "kept",
        "kernels",
        "keys",
        "living",
        "make_shape",
        "meaning",
        "native",
        "parts",
        "shape",
        "whole",
    }
)
#: What of an entry of the vocabulary a rule can depend on; the rest is said to people.
_READ_OF = {
    "EventKind": ("name", "windowed"), "Measure": ("name", "kind", "categories"), "Mechanism": ("id",),
    "Perception": ("name",), "Action": ("name",), "Option": ("name",), "Lane": ("name",),
}  # fmt: skip
#: Calls of which only the first arguments are more than words: the record's fields have a unit and a meaning.
_TOLD_FROM = {"Field": 3}
_TYPES = frozenset({"collections.abc", "numpy.typing", "sim.world.shape", "typing"})
_NOT_MEANT = frozenset({"annotation", "returns", "type_comment", "type_params", "kind", "ctx"})


@cache
def rule_hash() -> str:
    """Return the hash of what all rules mean; it belongs in the record of every result.

    It takes longer to work out than a world to run, so it is kept for the very bytes of all files that it rests on.
    """
    path = cache_root() / "meanings" / _hash_of_files()
    known = content_of(path)
    if known is not None:
        return known.decode()
    found = _worked_out()
    keep_if_possible(path, found.encode())
    prune(path.parent.glob("*"), _KEPT)
    return found


def _hash_of_files() -> str:
    """Return a hash of the bytes of all rules and all words, and of what reads them."""
    told = hashlib.sha256(f"{sys.version} {np.__version__}".encode())
    for path in (*sorted(_HERE.glob("*.py")), *sorted(_WORDS.rglob("*.py"))):
        content = path.read_bytes()
        told.update(f"\n{path.parent.name}/{path.name} {len(content)}\n".encode() + content)
    return told.hexdigest()


def _worked_out() -> str:
    text = hashlib.sha256()
    for path in sorted(_HERE.glob("*.py")):
        if path.stem not in _NO_RULES:
            text.update(meaning_of(path.stem, path.read_text(encoding="utf-8")).encode())
    return text.hexdigest()[:16]


def meaning_of(module: str, source: str, value_of: "Callable[[str, str], Any] | None" = None) -> str:
    """Return a text of what a module's source means: its code without prose, and the words that it imports.

    ``value_of`` gives the value of a name in a module of the vocabulary, as they stand by default.
    """
    tree = ast.parse(source)
    words = "".join(f"{name}={_plain(value)};" for name, value in _imported(tree, value_of or _value_of))
    return f"{module}[{words}]{' '.join(_told(tree, []))}"


def _value_of(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def _imported(tree: ast.Module, value_of: Callable[[str, str], Any]) -> Iterator[tuple[str, Any]]:
    """Yield the names that a module imports from the vocabulary, with their values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_NAMES):
            yield from ((alias.asname or alias.name, value_of(node.module or "", alias.name)) for alias in node.names)


# Code --------------------------------------------------------------------------------------------------------------


def _told(node: ast.AST, parts: list[str]) -> list[str]:
    """Add the parts of a piece of code that mean something, alike under every version of Python; return them."""
    parts.append(type(node).__name__)
    parts.append("(")
    for name in node._fields:
        value = None if name in _NOT_MEANT else getattr(node, name, None)
        if isinstance(value, ast.AST):
            parts.append(name)
            _told(value, parts)
        elif isinstance(value, list):
            for one in _told_off(node, name, value):
                _told(one, parts) if isinstance(one, ast.AST) else parts.append(repr(one))
        elif value is not None:
            parts.append(f"{name}={value!r}")
    parts.append(")")
    return parts


def _told_off(node: ast.AST, name: str, values: list[Any]) -> list[Any]:
    """Return a list of code without what is said to readers: docstrings, units and meanings, imports of types."""
    if name == "body":
        return [one for one in values if not (_is_text(one) or _is_told_elsewhere(one))]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and name in ("args", "keywords"):
        return values[: _TOLD_FROM.get(node.func.id, len(values))]
    return values


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_told_elsewhere(node: ast.AST) -> bool:
    """Return whether a line imports types only, or words whose values are told in its place."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "") in _TYPES or (node.module or "").startswith(_NAMES)
    return False


# Values ------------------------------------------------------------------------------------------------------------


def _plain(value: Any) -> str:
    """Return a text of a value of the vocabulary, without what no rule depends on."""
    value = inspect.unwrap(value) if hasattr(value, "__wrapped__") else value  # a function that remembers
    if isinstance(value, types.FunctionType):
        return " ".join(_told(ast.parse(inspect.getsource(value)), []))
    if isinstance(value, np.dtype):
        return repr(value.descr)
    if isinstance(value, np.ndarray | np.generic):
        return f"{value.dtype.str}{value.tolist()!r}"
    if isinstance(value, dict):
        return "{" + ",".join(f"{_plain(key)}:{_plain(one)}" for key, one in value.items()) + "}"
    if hasattr(value, "_fields"):
        names = _READ_OF.get(type(value).__name__, value._fields)
        return f"{type(value).__name__}({','.join(_plain(getattr(value, name)) for name in names)})"
    if isinstance(value, set | frozenset):  # in no order of their own, or another in each process
        return "{" + ",".join(sorted(map(_plain, value))) + "}"
    if isinstance(value, tuple | list):
        return "(" + ",".join(map(_plain, value)) + ")"
    told = repr(value)
    if " at 0x" in told:
        raise TypeError(f"nothing is told of what {told} means")
    return told
