"""YAML text to plain values that remember file, line and column.

A stricter YAML than PyYAML's: no anchors, aliases, tags or second documents, no key twice, and nothing that the
standard of 2005 would read as something else than it looks (``no`` as false, ``12:30`` as 750, ``010`` as 8).
"""

import datetime
import math
import os
import re
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputError, Mistake, Problem, Rejected, quoted, shown
from sim.inputs.allowed_names import controls
from sim.inputs.yaml.document import Document, Mark, Where, dotted
from sim.inputs.yaml.snapshots import once, stamp, text_instead

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
#: Keys and values in a file; the largest table that comes along has two fifths of them.
MAX_VALUES = 20_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_STRING = "tag:yaml.org,2002:str"
_BEGINNINGS: tuple[type, ...] = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS: tuple[type, ...] = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_CONTENT: tuple[type, ...] = (yaml.ScalarEvent, *_BEGINNINGS, *_ENDS)


def read(path: Path | str) -> Document:
    """Return the document in the file at ``path``; a file too large, not text, or not YAML raises InputError."""
    file = Path(path)

    def parsed() -> Document:
        stamp(file)
        instead = text_instead(file)
        return parse(text_of(file) if instead is None else instead, shown(file), file)

    return once(("file", file), parsed)


def parse(text: str, file: str = "text", path: Path | None = None) -> Document:
    """Return the document that ``text`` holds; ``file`` is the name to show in problems."""
    events = _events(text, file)
    if not events:
        raise InputError([Problem(file, 1, 1, "", "a map of keys and values", "an empty file")])
    reader = _YamlReader(file, iter(events), text)
    values = reader.value(next(reader.events), (), None)
    folders = {file: path.parent} if path else {}
    return Document(file, values, reader.marks, tuple(reader.problems), path, folders)


def text_of(file: Path) -> str:
    """Return a file's text; InputError for one that is no file, too large, cannot be read, or is not UTF-8.

    It is refused by its kind and size before it is opened: a pipe would never end, nor would a device.
    """
    name = shown(file)
    try:
        status = os.stat(file)
        if not stat.S_ISREG(status.st_mode):
            raise InputError([Problem(name, 1, 1, "", "a file", "a folder, a pipe or a device")])
        raw = _bytes_of(file) if status.st_size <= MAX_BYTES else b""
        size = max(status.st_size, len(raw))  # some files do not know their size
        if size > MAX_BYTES:
            raise InputError([Problem(name, 1, 1, "", "a file of at most 1 MB", f"{size / 1e6:,.1f} MB")])
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Problem(name, 1, 1, "", "a file that can be read", reason.lower())]) from None
    return _decoded(raw, name)


def _bytes_of(file: Path) -> bytes:
    """Return what a file holds, up to more than it may; one that has nothing to give is not waited for."""
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    raw = b""
    try:
        while len(raw) <= MAX_BYTES and (piece := os.read(handle, MAX_BYTES + 1 - len(raw))):
            raw += piece
    finally:
        os.close(handle)
    return raw


def _decoded(raw: bytes, name: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(raw[: error.start].decode("utf-8", "replace"))
        raise InputError([Problem(name, line, column, "", "text in UTF-8", "bytes that are not text")]) from None
    if "\0" in text:
        line, column = _line_and_column(text[: text.index("\0")])
        raise InputError([Problem(name, line, column, "", "text in UTF-8", "a null byte: a binary file")])
    return text


def _line_and_column(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _events(text: str, file: str) -> list[Any]:
    """Return the content events of one document, refusing what could harm before anything is built from it."""
    kept: list[Any] = []
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            kind = type(event)
            if kind is yaml.DocumentStartEvent:
                documents += 1
            depth += (kind in _BEGINNINGS) - (kind in _ENDS)
            if depth > MAX_DEPTH or documents > 1 or kind is yaml.AliasEvent or _is_marked(event, kind):
                raise InputError([_refused(event, depth, documents, file)])
            if kind in _CONTENT:
                kept.append(event)
                if len(kept) > MAX_VALUES:
                    expected = f"at most {MAX_VALUES:,} keys and values"
                    mark: Any = event.start_mark
                    raise InputError([Problem(file, mark.line + 1, mark.column + 1, "", expected, "more")])
    except (yaml.YAMLError, UnicodeError) as error:
        raise InputError([_broken(error, text, file)]) from None
    return kept


def _is_marked(event: Any, kind: type) -> bool:
    """Return whether an event has an anchor or a tag."""
    return (kind is yaml.ScalarEvent or kind in _BEGINNINGS) and bool(event.anchor or event.tag)


def _refused(event: Any, depth: int, documents: int, file: str) -> Problem:
    """Return the problem of nesting too deep, a second document, an alias, an anchor, or a tag."""
    if depth > MAX_DEPTH:
        fault = (f"at most {MAX_DEPTH} levels", "deeper nesting")
    elif documents > 1:
        fault = ("one document", "a second one after '---'")
    elif isinstance(event, yaml.AliasEvent):
        fault = ("a value written out", f"the alias '*{event.anchor}'")
    elif event.anchor:
        fault = ("a plain value", f"the anchor '&{event.anchor}'")
    else:
        fault = ("a plain value", f"the tag {quoted(event.tag)}")
    mark = event.start_mark
    return Problem(file, mark.line + 1, mark.column + 1, "", *fault)


def _broken(error: Exception, text: str, file: str) -> Problem:
    """Return the problem behind PyYAML's own error."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    else:
        line, column = _line_and_column(text[: getattr(error, "position", 0) or 0])
    found = str(getattr(error, "problem", None) or "a character that may not stand in a text file").removeprefix(
        "found "
    )
    return Problem(file, line, column, "", "well-formed YAML", " ".join(found.split()), _yaml_hint(text, line))


def _yaml_hint(text: str, line: int) -> str:
    lines = text.splitlines()
    at_fault = lines[line - 1] if 0 < line <= len(lines) else ""
    if at_fault.lstrip(" ").startswith("\t"):
        return "indent with spaces, not with tabs"
    if at_fault.count(": ") > 1 and "{" not in at_fault:
        return "put text that holds ': ' in quotes"
    return ""


class _YamlReader:
    """Builds plain values from events, noting where each stands and what looks like something else than it is."""

    def __init__(self, file: str, events: Iterator[Any], text: str) -> None:
        self.file = file
        self.events = events
        self.lines = text.splitlines()
        self.marks: dict[Where, Mark] = {}
        self.problems: list[Problem] = []

    def value(self, event: Any, where: Where, key: Any) -> Any:
        """Return the value that starts with ``event``; ``key`` is the mark of its key, if it has one."""
        start, at, kind = event.start_mark, key or event.start_mark, type(event)
        lines = _lines_of_text(event, start, self.lines) if kind is yaml.ScalarEvent else ()
        self.marks[where] = Mark(self.file, start.line + 1, start.column + 1, at.line + 1, at.column + 1, lines)
        if kind is yaml.MappingStartEvent:
            return self._mapping(where)
        if kind is yaml.SequenceStartEvent:
            return self._sequence(where)
        return self._scalar(event, where)

    def _mapping(self, where: Where) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while type(event := next(self.events)) is not yaml.MappingEndEvent:
            key = self._key(event, where)
            if key in values:
                first = self.marks[(*where, key)]
                expected = f"each key once ({quoted(key)} stands in line {first.key_line})"
                self._note(event, (*where, key), expected, "it again")
            value = self.value(next(self.events), (*where, key), event.start_mark)
            values[key] = value
        return values

    def _sequence(self, where: Where) -> list[Any]:
        values: list[Any] = []
        while type(event := next(self.events)) is not yaml.SequenceEndEvent:
            values.append(self.value(event, (*where, len(values)), None))
        return values

    def _key(self, event: Any, where: Where) -> str:
        """Return a key as text, noting one that YAML would not read as text."""
        if not isinstance(event, yaml.ScalarEvent):
            self._note(event, where, "a name as key", "a map or a list")
            self._skip(event)
            return "?"
        if event.implicit[0] and _tag(event.value) != _STRING:
            self._note(event, (*where, event.value), "a name as key, in quotes", event.value or "nothing")
        if controls(event.value):
            self._note_controls(event, (*where, event.value))
        return str(event.value)

    def _skip(self, event: Any) -> None:
        depth = 1
        while depth:
            event = next(self.events)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)

    def _scalar(self, event: Any, where: Where) -> Any:
        if not event.implicit[0]:
            if controls(event.value):
                self._note_controls(event, where)
            return event.value
        try:
            return plain_value(event.value)
        except Rejected as wrong:
            mistake = wrong.mistakes[0]
            self._note(event, where, mistake.expected, mistake.got, mistake.hint)
            return event.value

    def _note_controls(self, event: Any, where: Where) -> None:
        """Note a control character, which no text in a file has a use for: written as it is, or as an escape."""
        self._note(event, where, "text without control characters", quoted(event.value))

    def _note(self, event: Any, where: Where, expected: str, got: str, hint: str = "") -> None:
        mark = event.start_mark
        self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, dotted(where), expected, got, hint))


def _lines_of_text(event: Any, start: Any, lines: list[str]) -> tuple[tuple[int, int, int], ...]:
    """Return offset, line and column of each line of a text: folded over several lines, or in one."""
    end: Any = event.end_mark
    if start.line == end.line:
        return ((0, start.line + 1, start.column + (1 if event.implicit[0] else 2)),)
    found: list[tuple[int, int, int]] = []
    after = 0
    for number in range(start.line, min(end.line + 1, len(lines))):
        line = lines[number]
        words = line[start.column :].lstrip(" >|'\"") if number == start.line else line.strip()
        at = event.value.find(words.rstrip(" '\""), after) if words.strip(" '\"-+0123456789") else -1
        if at >= 0:
            found.append((at, number + 1, line.index(words) + 1))
            after = at + 1
    return tuple(found)


class _OldYaml(yaml.SafeLoader):
    """YAML 1.1, the standard of 2005 that PyYAML follows, asked what it takes an unquoted word for."""

    def __init__(self) -> None:
        super().__init__("")

    def tag(self, word: str) -> str:
        """Return the tag that YAML 1.1 gives to an unquoted ``word``."""
        return str(self.resolve(yaml.ScalarNode, word, (True, False)))


_OLD_YAML = _OldYaml()


@lru_cache(maxsize=4096)
def _tag(word: str) -> str:
    """Return the tag that YAML 1.1 gives to an unquoted word; the same keys stand in each entry of a table."""
    return _OLD_YAML.tag(word)


def plain_value(word: str) -> Any:
    """Return what an unquoted word stands for: true, false, nothing, a number, a date, or text.

    A word that YAML 1.1 reads as anything else than it looks raises Rejected.
    """
    if word in _WORDS:
        return _WORDS[word]
    if _NUMBER.fullmatch(word):
        return _number(word)
    if _DATE.fullmatch(word):
        return _date(word)
    tag = _tag(word)
    if tag == _STRING:
        return word
    raise Rejected(Mistake(_READ_OTHERWISE.get(tag, "text in quotes or a number"), word, f"for text write '{word}'"))


_READ_OTHERWISE = {
    "tag:yaml.org,2002:bool": "true, false, or text in quotes",
    "tag:yaml.org,2002:null": "null, or text in quotes",
    "tag:yaml.org,2002:timestamp": "a date such as 2020-01-03, or text in quotes",
}


def _number(word: str) -> int | float:
    if len(word) > 40:
        raise Rejected(Mistake("a number of at most 40 characters", quoted(word)))
    number = int(word) if _INTEGER.fullmatch(word) else float(word)
    if isinstance(number, int) and abs(number) >= 10**18:
        raise Rejected(Mistake("a number of at most 18 digits", word))
    if not math.isfinite(number):
        raise Rejected(Mistake("a finite number", word))
    return number


def _date(word: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(word)
    except ValueError:
        raise Rejected(Mistake("a date of the calendar, such as 2020-01-03", word)) from None
