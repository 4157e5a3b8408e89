"""A table of comma-separated values that people write: read row by row, with the place of every fault in it."""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date

from sim.errors import Problem, quoted, unknown

_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{0,15})?([eE][-+]?[0-9]{1,2})?")


class CsvTable:
    """Reads one table, noting what is wrong where.

    Parameters
    ----------
    file : str
        How the file is named to a reader.
    text : str
        What it holds.
    needed, allowed : sequences of str
        Columns that must be there, and those that may be (None: any).
    """

    def __init__(self, file: str, text: str, needed: Iterable[str], allowed: Iterable[str] | None = None) -> None:
        self.file, self.problems = file, list[Problem]()
        self.text = io.StringIO(text, newline="").readlines()
        self.reader = csv.reader(self.text, strict=True)
        self.head = next(self._lines(), [])
        needed = tuple(needed)
        known: tuple[str, ...] = (*needed, *(allowed or self.head))
        for name in needed:
            if name not in self.head:
                self.note(1, "", f"a column '{name}'", "none")
        for name in {name for name in self.head if self.head.count(name) > 1 and name in known}:
            self.note(1, "", f"one column '{name}'", "two")
        for name in self.head:
            if name not in known:
                mistake = unknown(name, known, "a column")
                self.note(1, name, mistake.expected, mistake.got, mistake.hint)

    def _lines(self) -> Iterator[list[str]]:
        """Yield the rows, up to one that is none."""
        try:
            yield from self.reader
        except csv.Error as error:
            self.note(self.reader.line_num, "", "a row of comma-separated values", str(error))

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row by column, with the line in which it ends."""
        for values in [] if self.problems else self._lines():
            if values and len(values) != len(self.head):
                self.note(self.reader.line_num, "", f"{len(self.head)} values", str(len(values)))
            elif values:
                yield self.reader.line_num, dict(zip(self.head, values, strict=True))

    def number(self, line: int, key: str, text: str, most: float) -> float:
        """Return a number from 0 to ``most``, NaN of an empty cell, or of one that is none, noted."""
        if not text:
            return math.nan
        number = float(text) if _NUMBER.fullmatch(text) else math.inf
        if not 0 <= number <= most:
            self.note(line, key, f"a number from 0 to {most:,.0f}, or nothing", quoted(text))
            return math.nan
        return number

    def date(self, line: int, key: str, text: str) -> date | None:
        """Return a date, or None of a text that is none, noted."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.note(line, key, "a date such as 2020-01-03", quoted(text))
            return None

    def known(self, line: int, key: str, word: str, names: Iterable[str]) -> bool:
        """Return whether a word is among the names; the nearest is noted of one that is not."""
        known = list(names)
        if word not in known:
            mistake = unknown(word, known, f"a {key}")
            self.note(line, key, mistake.expected, mistake.got, mistake.hint)
        return word in known

    def note(self, line: int, key: str, expected: str, got: str, hint: str = "") -> None:
        """Note what is wrong in a line, at the value of a column."""
        column = self._column(line, self.head.index(key)) if key else 1
        self.problems.append(Problem(self.file, max(1, line), column, key, expected, got, hint))

    def _column(self, line: int, number: int) -> int:
        """Return where in a line the value of this number begins; 1 where quotes span lines."""
        inside = False
        for at, letter in enumerate(self.text[line - 1]):
            if not number:
                return at + 1
            inside ^= letter == '"'
            number -= letter == "," and not inside
        return 1
