"""YAML text to plain values that remember file, line and column; checks against a form; files found by name.

A stricter YAML than PyYAML's: no anchors, aliases, tags or second documents, no key twice, and nothing that the
standard of 2005 would read as something else than it looks (``no`` as false, ``12:30`` as 750, ``010`` as 8).
"""

import datetime
import math
import os
import re
import stat
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails

from sim.errors import (
    CrossfireError,
    InputError,
    Mistake,
    Problem,
    Rejected,
    described,
    nearest,
    one_of,
    quoted,
    shown,
    unknown,
)
from sim.inputs.naming import as_name, as_text, as_title, controls
from sim.inputs.yaml.snapshots import is_there, once, stamp, text_instead
from sim.names.actors import POLICY_KEYS

#: Where a value stands inside a document: keys and places in lists, from the top.
Where = tuple[str | int, ...]
Form = TypeVar("Form", bound=BaseModel)

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
#: Keys and values in a file; the largest table that comes along has two fifths of them.
MAX_VALUES = 20_000
#: Problems told of one file: whoever has more will see the rest after mending these.
_MOST_PROBLEMS = 200

#: Folders that hold shipped files of each kind, below ``home()``.
FOLDERS = {
    "scenario": "scenarios",
    "sweep": "scenarios/sweeps",
    "theory": "configs/theories",
    "parliament": "configs/parliaments",
    "us policy": "configs/policies/us",
    "iran policy": "configs/policies/iran",
    "government policy": "configs/policies/government",
    "factions policy": "configs/policies/factions",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_STRING = "tag:yaml.org,2002:str"
_BEGINNINGS: tuple[type, ...] = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS: tuple[type, ...] = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_CONTENT: tuple[type, ...] = (yaml.ScalarEvent, *_BEGINNINGS, *_ENDS)


class Mark(NamedTuple):
    """Where a value and its key stand; ``text`` has offset, line and column of each line of text, nothing else has."""

    file: str
    line: int
    column: int
    key_line: int
    key_column: int
    text: tuple[tuple[int, int, int], ...] = ()

    def inside(self, offset: int | None) -> tuple[int, int]:
        """Return line and column of a letter of the text; of the value itself where there is none."""
        begun = [one for one in self.text if offset is not None and one[0] <= offset]
        if not begun or offset is None:
            return self.line, self.column
        first, line, column = begun[-1]
        return line, column + offset - first


@dataclass(frozen=True)
class Document:
    """One file's plain values, the mark of each, and what was already found wrong while reading."""

    file: str
    values: Any
    marks: dict[Where, Mark]
    problems: tuple[Problem, ...] = ()
    path: Path | None = None
    folders: dict[str, Path] = field(default_factory=dict)

    def folder(self, where: Where) -> Path | None:
        """Return the folder of the file that says what stands at ``where``: names are looked for there first."""
        own = self.path.parent if self.path else None
        return self.folders.get(self.mark(where).file, own)

    def mark(self, where: Where) -> Mark:
        """Return the mark of ``where``, or of the nearest thing above it that is there."""
        while where and where not in self.marks:
            where = where[:-1]
        return self.marks.get(where, Mark(self.file, 1, 1, 1, 1))

    def problem(self, where: Where, mistake: Mistake) -> Problem:
        """Return the problem that ``mistake``, found in the value at ``where``, makes in this document."""
        spot = (*where, *mistake.at)
        mark = self.mark(spot)
        if mistake.of_key:
            return self._key_problem(spot, mistake)
        line, column = mark.inside(mistake.offset)
        return Problem(mark.file, line, column, dotted(spot), mistake.expected, mistake.got, mistake.hint)

    def _key_problem(self, where: Where, mistake: Mistake) -> Problem:
        """Return the problem of a key that should not be there, or should be another."""
        mark = self.mark(where)
        return Problem(
            mark.file, mark.key_line, mark.key_column, dotted(where), mistake.expected, mistake.got, mistake.hint
        )


def dotted(where: Where) -> str:
    """Return a place in words: ``rules.0.do``."""
    return ".".join(str(step) for step in where)


# Reading ---------------------------------------------------------------------------------------------------------


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
    reader = _Reader(file, iter(events), text)
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


class _Reader:
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


# Merging ---------------------------------------------------------------------------------------------------------


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


def value_at(values: Any, where: Where) -> Any:
    """Return the value at ``where``, None when there is nothing."""
    for step in where:
        if isinstance(values, dict):
            values = values.get(str(step))
        elif isinstance(values, list) and isinstance(step, int) and step < len(values):
            values = values[step]
        else:
            return None
    return values


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


# Checking against a form -----------------------------------------------------------------------------------------


def validate(document: Document, model: type[Form], context: dict[str, Any] | None = None) -> Form:
    """Return the values of ``document`` as a ``model``; InputError with every problem of reading and of form."""
    found: Form | None = None
    problems = list(document.problems)
    try:
        found = model.model_validate(document.values, context=context)
    except ValidationError as error:
        for detail in error.errors(include_url=False)[:_MOST_PROBLEMS]:
            problems += _problems_of(document, model, detail)
    if problems or found is None:
        raise InputError(one_a_place(problems))
    return found


def one_a_place(problems: list[Problem]) -> list[Problem]:
    """Return the first problem of each place, in the order of the file: the second is mostly an echo of it."""
    first: dict[tuple[str, int, int], Problem] = {}
    for problem in problems:
        first.setdefault((problem.file, problem.line, problem.column), problem)
    return sorted(first.values(), key=lambda p: (p.file, p.line, p.column))


def _problems_of(document: Document, model: type[BaseModel], detail: ErrorDetails) -> list[Problem]:
    """Return what one error of pydantic means in the file."""
    where: Where = tuple(step for step in detail["loc"] if step != "[key]")
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, Rejected) and "[key]" not in detail["loc"]:
        return [document.problem(where, mistake) for mistake in cause.mistakes]
    mistake = _mistake_of(model, detail, where)
    if detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]:
        return [document.problem(where, replace(mistake, of_key=True))]
    if detail["type"] == "missing":
        mark = document.mark(where[:-1])
        return [Problem(mark.file, mark.key_line, mark.key_column, dotted(where[:-1]), mistake.expected, mistake.got)]
    return [document.problem(where, mistake)]


_EXPECTED = {
    "int_type": "a whole number", "int_from_float": "a whole number", "float_type": "a number",
    "string_type": "text", "bool_type": "true or false", "date_type": "a date such as 2020-01-03",
    "dict_type": "a map", "model_type": "a map", "model_attributes_type": "a map", "list_type": "a list",
    "string_too_short": "some text", "finite_number": "a finite number",
    "greater_than_equal": "a number of at least {ge:g}", "greater_than": "a number above {gt:g}",
    "less_than_equal": "a number of at most {le:g}", "less_than": "a number below {lt:g}",
    "too_short": "at least {min_length}", "too_long": "at most {max_length}",
}  # fmt: skip


def _mistake_of(model: type[BaseModel], detail: ErrorDetails, where: Where) -> Mistake:
    """Return expected, got and hint for one error of pydantic."""
    kind, context, got = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "extra_forbidden":
        return unknown(where[-1], _keys_at(model, where[:-1]), "a known key")
    if kind == "missing":
        return Mistake(f"the key '{where[-1]}'", "nothing")
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return Mistake(one_of(words), described(got), nearest(got, words) if isinstance(got, str) else "")
    cause = context.get("error")
    if isinstance(cause, Rejected):
        return cause.mistakes[0]
    template = _EXPECTED.get(kind)
    return Mistake(template.format(**context) if template else detail["msg"], described(got))


def _keys_at(model: type[BaseModel], where: Where) -> list[str]:
    """Return the keys that the form allows at ``where``."""
    here: Any = model
    if issubclass(model, RootModel):
        here = _inner_model(model.model_fields["root"].annotation)
    for step in where:
        fields = here.model_fields if _is_model(here) else {}
        by_key = {info.alias or name: info.annotation for name, info in fields.items()}
        here = _inner_model(by_key.get(str(step), here))
    return [info.alias or name for name, info in here.model_fields.items()] if _is_model(here) else []


def _inner_model(annotation: Any) -> Any:
    """Return the form that an annotation such as ``list[Rule]`` or ``Rule | None`` is about."""
    if _is_model(annotation) or (get_origin(annotation) is None and not isinstance(annotation, types.UnionType)):
        return annotation
    return next((one for one in map(_inner_model, reversed(get_args(annotation))) if _is_model(one)), None)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


#: How every form is checked: no other keys, no number for a word and no truth for a number. What checks it is put
#: together when it is first used: a command uses few of all forms.
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


def _is_stem(value: str, info: ValidationInfo) -> str:
    stem = (info.context or {}).get("stem")
    if stem and value != stem:
        raise Rejected(Mistake(f"the file's own name, '{stem}'", described(value)))
    return value


#: A name that must equal the file's stem, which ``validate`` is given as ``context["stem"]``.
OwnName = Annotated[str, AfterValidator(_is_stem), AfterValidator(as_name)]
#: A line to read, and one text or more: neither is blank.
Title = Annotated[str, Field(min_length=1), AfterValidator(as_title)]
Text = Annotated[str, Field(min_length=1), AfterValidator(as_text)]


# Files by name ---------------------------------------------------------------------------------------------------


def home() -> Path:
    """Return the folder with the shipped ``configs/`` and ``scenarios/``: CROSSFIRE_HOME, the checkout, the package."""
    override = os.environ.get("CROSSFIRE_HOME")
    if override:
        return Path(override)
    package = Path(__file__).resolve().parents[2]
    return package.parent if (package.parent / "configs").is_dir() else package / "_shipped"


def home_to_write(what: str, instead: str = "") -> Path:
    """Return ``home()`` for something that is to be written there; CrossfireError in an installed copy.

    What is installed is the installer's, and shared by all who use it.
    """
    folder = home()
    if folder == Path(__file__).resolve().parents[2] / "_shipped":
        words = instead or "copy the folders that lie there to one of your own, and name it in CROSSFIRE_HOME"
        raise CrossfireError(f"{folder}: {what} is not written into an installed Crossfire; {words}")
    return folder


def shown_path(file: str) -> str:
    """Return how a shipped file is named to a reader: from the folder that ships it, wherever that lies."""
    path, root = Path(file).absolute(), home().absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


def refuse_no_name(name: str, what: str) -> None:
    """Raise InputError unless a file can be called ``name``: no folders, no blanks."""
    if not _NAME.fullmatch(name) or ".." in name:
        expected = f"a name for {what} in letters, digits, dots and hyphens"
        raise InputError([Problem("NAME", 1, 1, "", expected, quoted(name))])


def find(kind: str, name: str, beside: Path | None = None) -> Path:
    """Return the file of a name, first beside the file that names it, then among the shipped ones.

    ``kind`` is a key of FOLDERS. A name that is a path, or is unknown, raises Rejected; a link is a file
    like any other, wherever it leads.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        hint = "give a name without folders; the file is looked for beside this one, then among the shipped ones"
        raise Rejected(Mistake(f"the name of a {kind}", quoted(name), hint))
    for folder in _folders(kind, beside):
        path = folder / f"{name}.yaml"
        if is_there(path):
            return path
    raise Rejected(unknown(name, names_of(kind, beside), f"a {kind}"))


def here(kind: str, name: str) -> Path | None:
    """Return the file of a name in the current folder, if there is one and it is not plainly of another kind."""
    path = Path(f"{name}.yaml")
    if not _NAME.fullmatch(name) or ".." in name or not is_there(path):
        return None
    try:
        values = read(path).values
    except InputError:
        return path  # what is wrong with it will be told
    head = kind.rpartition(" ")[2]
    words = ("sweep", "scenario", "theory", "policy", "house")  # a sweep names its scenario by the same word
    kinds = [word for word in words if isinstance(values, dict) and word in values]
    actor = values.get("actor") if kinds == ["policy"] else None
    other = kinds and kinds[0] != head.replace("parliament", "house")
    return None if other or (kind != head and actor in POLICY_KEYS and kind != f"{actor} policy") else path


def names_of(kind: str, beside: Path | None = None) -> list[str]:
    """Return the names that ``find`` would find, in alphabetical order."""
    return sorted({path.stem for folder in _folders(kind, beside) for path in folder.glob("*.yaml")})


def _folders(kind: str, beside: Path | None) -> list[Path]:
    root = home()
    shipped = root / FOLDERS[kind]
    if beside is None or beside.resolve() in [(root / folder).resolve() for folder in FOLDERS.values()]:
        return [shipped]
    return [beside, shipped]
