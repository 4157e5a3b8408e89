"""Documents laid on others: what a file rests on through ``extends``, and how maps merge."""

from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from sim.errors import InputError, Mistake, Rejected, described
from sim.inputs.yaml.document import Document, Mark, Where, value_at
from sim.inputs.yaml.files import find
from sim.inputs.yaml.text import read

#: Says of a map that it is replaced as a whole, like a single value.
Leaf = Callable[[dict[str, Any]], bool]


def _no_leaf(value: dict[str, Any]) -> bool:
    return False


def merge(base: Document, over: Document, leaf: Leaf = _no_leaf) -> Document:
    """Return ``over`` laid on ``base``: maps merge, lists, single values and leaves replace, null deletes."""
    marks = dict(base.marks)
    values = _laid(base.values, over, (), marks, leaf)
    return Document(
        over.file, values, marks, base.problems + over.problems, over.path or base.path, base.folders | over.folders
    )


def _laid(below: Any, over: Document, where: Where, marks: dict[Where, Mark], leaf: Leaf) -> Any:
    above = value_at(over.values, where)
    if not (isinstance(above, dict) and isinstance(below, dict)) or (where and (leaf(above) or leaf(below))):
        _replace_marks(marks, over, where)
        return _without_nulls(above)
    both = dict(below)
    marks[where] = over.marks[where]
    for key, value in above.items():
        spot = (*where, key)
        if value is None:
            both.pop(key, None)
            _drop_marks(marks, spot)
        else:
            both[key] = _laid(below.get(key), over, spot, marks, leaf)
    return both


def _without_nulls(value: Any) -> Any:
    """Return a new map without its deletions: there was nothing below to delete from."""
    if not isinstance(value, dict):
        return value
    return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}


def _drop_marks(marks: dict[Where, Mark], where: Where) -> None:
    for spot in [spot for spot in marks if spot[: len(where)] == where]:
        del marks[spot]


def _replace_marks(marks: dict[Where, Mark], over: Document, where: Where) -> None:
    _drop_marks(marks, where)
    marks.update({spot: mark for spot, mark in over.marks.items() if spot[: len(where)] == where})


def extended(document: Document, kind: str) -> tuple[Document, ...]:
    """Return the documents that ``document`` rests on through ``extends``, the lowest first, itself last."""
    chain = [document]
    while isinstance(document.values, dict) and document.values.get("extends") is not None:
        document = _base_of(document, kind, [d.path for d in chain])
        chain.append(document)
    return tuple(reversed(chain))


def _base_of(document: Document, kind: str, seen: list[Path | None]) -> Document:
    try:
        return read(_base_file(document, kind, seen))
    except Rejected as wrong:
        found = [document.problem(("extends",), mistake) for mistake in wrong.mistakes]
        raise InputError([*document.problems, *found]) from None


def _base_file(document: Document, kind: str, seen: list[Path | None]) -> Path:
    """Return the file that ``document`` extends, which must not be among those ``seen``."""
    name = document.values["extends"]
    if not isinstance(name, str):
        raise Rejected(Mistake("the name of a file", described(name)))
    path = find(kind, name, document.path.parent if document.path else None)
    if any(one is not None and one.resolve() == path.resolve() for one in seen):
        raise Rejected(Mistake("a file that does not rest on this one", f"a circle through '{name}'"))
    return path


def merged(chain: Sequence[Document], leaf: Leaf = _no_leaf) -> Document:
    """Return the last document of a chain laid on the others in turn."""
    return reduce(lambda base, over: merge(base, over, leaf), chain)
