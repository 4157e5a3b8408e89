"""Rules as they are lowered, each kept by its key, so that an edit costs the typing of what it touches and no more.

A part is LLVM's intermediate code of one rule for arguments of certain types, with what it needs of Numba inside and
hidden, and the names and types of the rules that it calls. Names are made of rules and types alone, so that parts of
different times can be linked. What cannot be told so (a type that is no number, record or array) is not kept.
"""

import copy
import hashlib
import io
import json
import pickle
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
from numba.core import funcdesc, itanium_mangler, types
from numba.core.compiler import compile_result
from numba.core.environment import Environment
from numba.core.typing import templates

from sim.world.compiled import Compiled
from sim.world.kept import content_of, keep_if_possible, prune
from sim.world.keys import key_of, name_of, own_of
from sim.world.record import OUTCOME, WEEK, WORLD

#: What tells that a name is a rule's.
_RULES = "sim.world."
#: The file that tells what was compiled last, and how many parts stay: those of some ten versions of the rules.
_LAST, _KEPT = "last.json", 3000
#: Libraries of rules that are at hand, by identity: the rule and the types of its arguments.
_made: dict[int, tuple[str, tuple[Any, ...]]] = {}


class Untold(Exception):
    """A type or a function of which it cannot be said what it is in another process."""


# Types -------------------------------------------------------------------------------------------------------------


@cache
def _records() -> dict[Any, str]:
    """Return all types of records that rules work on, by names that are the same in every process."""
    named: dict[Any, str] = {}

    def name(kind: Any, path: str) -> None:
        if isinstance(kind, types.Array):  # a nested array too
            name(kind.dtype, path)
        elif isinstance(kind, types.Record) and kind not in named:
            named[kind] = path
            for field in kind.fields:
                name(kind.typeof(field), f"{path}.{field}")

    for path, dtype in (("WORLD", WORLD), ("OUTCOME", OUTCOME), ("WEEK", WEEK)):
        name(numba.typeof(np.zeros(1, dtype)), path)
    return named


def told(kind: Any) -> str:
    """Return a type in words that are the same in every process; Untold where there are none."""
    if type(kind) is types.Record and kind in _records():
        return _records()[kind]
    if type(kind) is types.NestedArray:
        return f"nested({told(kind.dtype)},{kind.shape},{kind.strides})"
    if type(kind) is types.Array:
        return f"array({told(kind.dtype)},{kind.ndim},{kind.layout},{kind.mutable},{kind.aligned})"
    if type(kind) is types.UniTuple:
        return f"({told(kind.dtype)},)*{kind.count}"
    if type(kind) in (types.Integer, types.Float, types.Boolean, types.NoneType):
        return str(kind)
    raise Untold(str(kind))


def name_by_meaning() -> None:
    """Have Numba name rules by themselves and by types alone, not by how many it has named before."""
    usual = funcdesc.default_mangler

    def mangled(name: str, given: Any, *, abi_tags: Any = (), uid: Any = None) -> str:
        if name.removeprefix(".NumbaEnv.").startswith(_RULES):
            try:
                tag = hashlib.sha256(",".join(map(told, given)).encode()).hexdigest()[:16]
                return str(itanium_mangler.mangle(name, (), abi_tags=(tag,)))
            except Untold:
                pass
        return str(usual(name, given, abi_tags=abi_tags, uid=uid))

    funcdesc.default_mangler = mangled


class _Pickler(pickle.Pickler):
    def persistent_id(self, thing: Any) -> str | None:
        """Name a record: written out, it would be longer than all the rest."""
        return told(thing) if isinstance(thing, types.Record) else None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, name: str) -> Any:
        """Return the record of a name."""
        return next(kind for kind, known in _records().items() if known == name)


# Parts -------------------------------------------------------------------------------------------------------------


class Parts:
    """A rule's kept parts, as a dispatcher of Numba wants a cache."""

    cache_path = ""

    def __init__(self, rule: Compiled, folder: Path) -> None:
        self.rule, self.folder = rule, folder

    def _file(self, given: tuple[Any, ...]) -> Path:
        types_told = hashlib.sha256(",".join(map(told, given)).encode()).hexdigest()[:16]
        return self.folder / f"{key_of(self.rule)}-{types_told}.part"

    def load_overload(self, given: tuple[Any, ...], target: Any) -> Any:
        """Return a compiled rule that is linked with nothing yet; None if it is not kept."""
        try:
            path = self._file(given)
        except Untold:
            return None
        content = content_of(path)
        if content is None:
            return None
        path.touch()  # what is used stays longest
        descriptor, called, bitcode = _Unpickler(io.BytesIO(content)).load()
        library = target.codegen().create_library(descriptor.qualname)
        library._final_module = llvm.parse_bitcode(bitcode)
        library._linking_libraries = [_library(*one) for one in called]
        library._finalized = True
        self._note(library, given)
        environment = Environment.from_fndesc(descriptor)
        return compile_result(
            typing_context=target.typing_context, target_context=target, library=library, environment=environment,
            entry_point=target.get_executable(library, descriptor, environment), fndesc=descriptor, lifted=(),
            signature=templates.signature(descriptor.restype, *descriptor.argtypes), objectmode=False, reload_init=[],
            referenced_envs=[],
        )  # fmt: skip

    def save_overload(self, given: tuple[Any, ...], compiled: Any) -> None:
        """Keep a rule that has been compiled, if all about it can be told."""
        library = compiled.library
        try:
            path, called = self._file(given), list(dict.fromkeys(_called(library, set())))
            descriptor = copy.copy(compiled.fndesc)
            descriptor.typemap = descriptor.calltypes = None
            _enclose(library, called)
            content = io.BytesIO()
            _Pickler(content).dump((descriptor, called, library._final_module.as_bitcode()))
        except Untold:
            return
        self._note(library, given)
        keep_if_possible(path, content.getvalue())

    def _note(self, library: Any, given: tuple[Any, ...]) -> None:
        _made[id(library)] = name_of(self.rule), given

    def enable(self) -> None:
        """Do nothing: it is always on."""

    def disable(self) -> None:
        """Do nothing: it is always on."""

    def flush(self) -> None:
        """Do nothing: what is kept stays good."""


@cache
def rules() -> dict[str, Compiled]:
    """Return all rules by their names, once all of them are loaded."""
    modules = [module for name, module in sys.modules.items() if name.startswith(_RULES)]
    found = (one for module in modules for one in vars(module).values())
    return {name_of(one): one for one in found if isinstance(one, Compiled)}


def keep_parts(folder: Path) -> None:
    """Have each rule's part looked for in a folder before it is compiled, and kept there after."""
    name_by_meaning()
    for one in rules().values():
        one.dispatcher._cache = Parts(one, folder)


# What an edit touches ----------------------------------------------------------------------------------------------


def to_compile(folder: Path) -> tuple[int, str]:
    """Return how many rules have no part in a folder, and in words what was edited since the last time, if anything."""
    there = {path.name.partition("-")[0] for path in folder.glob("*.part")}
    before = json.loads(content_of(folder / _LAST) or b"{}")
    asked = {name: one for name, one in rules().items() if not before or before.get(name, True)}
    missing = {name for name, one in asked.items() if key_of(one) not in there}
    edited = sorted(name for name in missing if before and before.get(name) != own_of(rules()[name])[0])
    return len(missing), _in_words(edited, len(missing) - len(edited))


def _in_words(edited: list[str], callers: int) -> str:
    """Return ``sadr.rally and 3 rules that call it``."""
    if not edited:
        return ""
    named = [name.removeprefix(_RULES) for name in edited[:3]]
    others = len(edited) - len(named)
    words = ", ".join(named) + (f" and {others} more" if others else "")
    them = "it" if len(edited) == 1 else "them"
    if not callers:
        return words
    return f"{words} and {callers} rule{'s that call' if callers > 1 else ' that calls'} {them}"


def note_last(folder: Path) -> None:
    """Keep note of what rules there are and which of them were compiled; the oldest parts go."""
    used = {name for name, _ in _made.values()}
    last = {name: own_of(one)[0] if name in used else "" for name, one in rules().items()}
    keep_if_possible(folder / _LAST, json.dumps(last).encode())
    prune(folder.glob("*.part*"), _KEPT)


# Rules within rules ------------------------------------------------------------------------------------------------


def _library(name: str, given: tuple[Any, ...]) -> Any:
    dispatcher = rules()[name].dispatcher
    dispatcher.compile(given)
    return dispatcher.overloads[given].library


def _called(library: Any, seen: set[int]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the rules that a library calls, itself or through what is Numba's own."""
    for one in library._linking_libraries:
        if id(one) in _made:
            yield _made[id(one)]
        elif id(one) not in seen:
            seen.add(id(one))
            yield from _called(one, seen)


def _enclose(library: Any, called: list[tuple[str, tuple[Any, ...]]]) -> None:
    """Put what a rule needs of Numba into its own module, hidden there, so that it rests on other rules alone."""
    module = library._final_module
    own = {function.name for function in module.functions if not function.is_declaration}
    inner = list(_of_numba(library, set()))
    if any(one.name.startswith(_RULES) for one in inner):
        raise Untold(library.name)
    for one in reversed(inner):
        module.link_in(one._get_module_for_linking(), preserve=True)
    for function in module.functions:
        if not (function.is_declaration or function.name in own or function.name.startswith("NRT")):
            function.linkage = "internal"
    library._linking_libraries = [_library(*one) for one in called]


def _of_numba(library: Any, seen: set[int]) -> Iterator[Any]:
    for one in library._linking_libraries:
        if id(one) not in _made and id(one) not in seen:
            seen.add(id(one))
            yield from _of_numba(one, seen)
            yield one
