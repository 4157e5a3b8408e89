"""Plain values that remember file, line and column, and what was found wrong with them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import Mistake, Problem

#: Where a value stands inside a document: keys and places in lists, from the top.
Where = tuple[str | int, ...]


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
