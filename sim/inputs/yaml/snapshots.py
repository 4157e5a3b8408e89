"""Files as they stand at one moment: read once, however many ask for them, and kept for as long as they stay so.

A ``Shelf`` keeps what was made of files from one moment to the next. It knows which files were looked at on the way,
those that are not there among them: what was made is made anew as soon as one of them is another. Texts can stand in
for files, so that what somebody is writing can be tried before it is saved.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

Value = TypeVar("Value")
#: What a shelf keeps: documents, and what was made of them, by the first word of its key.
_KEPT = ("file", "policy")
#: A shelf that holds more is cleared: of files that have been edited a thousand times the last text is enough.
_MOST = 2_000


class Stamp(NamedTuple):
    """A file as it stands: a reader keeps what it made of one until the stamp changes."""

    path: Path
    changed: int
    size: int


class Shelf:
    """What was made of files, for as long as these stay as they are; and which files that rests on.

    Parameters
    ----------
    texts : mapping, optional
        Texts that stand in for files, by path: what is read there instead, whether there is a file or not.
    """

    def __init__(self, texts: Mapping[Path | str, str] | None = None) -> None:
        self.texts: dict[Path, str] = {}
        self.write(texts or {})
        #: The files that were looked at in the last moment, as they stood; with those that were not there.
        self.looked_at: dict[Path, Stamp] = {}
        self._kept: dict[Any, tuple[Any, frozenset[Stamp]]] = {}

    def write(self, texts: Mapping[Path | str, str]) -> None:
        """Have texts stand in for files, in place of those that did."""
        self.texts = {Path(os.path.abspath(path)): text for path, text in texts.items()}

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Have files read once from here on, and what was made of those that are unchanged taken from the shelf."""
        if len(self._kept) > _MOST:
            self._kept.clear()
        self.looked_at = {}
        token = _MOMENT.set(_Moment(self))
        try:
            yield
        finally:
            _MOMENT.reset(token)


class _Moment:
    """What has been read since a moment began, and which files were looked at for what is being made."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self.shelf = shelf or Shelf()
        self.made: dict[Any, Any] = {}
        self.under_way: list[set[Stamp]] = []

    def look(self, path: Path) -> Stamp:
        """Return the stamp of a file, the same one all through the moment, and note that it was looked at."""
        found = self.shelf.looked_at.get(path) or _stamp(path, self.shelf.texts)
        self.note([found])
        return found

    def note(self, stamps: "Iterator[Stamp] | list[Stamp] | frozenset[Stamp]") -> None:
        for one in stamps:
            self.shelf.looked_at.setdefault(one.path, one)
            for resting in self.under_way:
                resting.add(one)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what is made for a key: once in a moment, and not at all where the shelf has it still."""
        if key not in self.made:
            self.made[key] = self._from_shelf(key, make) if key[0] in _KEPT else (make(), frozenset())
        made, rests_on = self.made[key]
        self.note(rests_on)
        return made

    def _from_shelf(self, key: Any, make: Callable[[], Any]) -> tuple[Any, frozenset[Stamp]]:
        kept = self.shelf._kept
        if key in kept and all(self.look(one.path) == one for one in kept[key][1]):
            return kept[key]
        self.under_way.append(set())
        try:
            made = make()
        finally:
            rests_on = frozenset(self.under_way.pop())
        kept[key] = made, rests_on
        return kept[key]


#: What has been read since ``at_one_moment`` began; nothing is kept outside of it.
_MOMENT: ContextVar[_Moment | None] = ContextVar("moment", default=None)


def _stamp(path: Path, texts: Mapping[Path, str]) -> Stamp:
    if texts and (text := texts.get(Path(os.path.abspath(path)))) is not None:
        return Stamp(path, hash(text), -1 - len(text))  # no file has less than nothing in it
    try:
        status = path.stat()
    except (OSError, ValueError):
        return Stamp(path, 0, 0)
    return Stamp(path, status.st_mtime_ns, status.st_size)


def stamp(path: Path) -> Stamp:
    """Return the stamp of a file (of nothing, where there is none)."""
    moment = _MOMENT.get()
    return moment.look(path) if moment else _stamp(path, {})


def text_instead(path: Path) -> str | None:
    """Return the text that stands in for a file; None where there is none."""
    moment = _MOMENT.get()
    texts = moment.shelf.texts if moment else {}
    return texts.get(Path(os.path.abspath(path))) if texts else None


def is_there(path: Path) -> bool:
    """Return whether there is a file at a path, or a text that stands in for one."""
    stamp(path)  # one that is not there yet is looked at too: it may come
    return text_instead(path) is not None or path.is_file()


@contextmanager
def at_one_moment() -> Iterator[None]:
    """Have files read once, however many variants name them: all of them see what stood there at one moment."""
    token = _MOMENT.set(_Moment()) if _MOMENT.get() is None else None
    try:
        yield
    finally:
        if token:
            _MOMENT.reset(token)


def once(key: Any, make: Callable[[], Value]) -> Value:
    """Return what ``make`` returns, made once for ``key`` within ``at_one_moment``."""
    moment = _MOMENT.get()
    if moment is None:
        return make()
    found: Value = moment.once(key, make)
    return found
