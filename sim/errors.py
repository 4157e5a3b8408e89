"""One small tree of errors: what was expected, what came, where, and what to do; all problems at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.wording import lines, visible


class CrossfireError(Exception):
    """Anything that Crossfire itself has to say is wrong; said in one line, whatever names and values it holds."""

    def __str__(self) -> str:
        """Return it in one line."""
        return visible(super().__str__())


class Lawless(CrossfireError):
    """A world has come to what cannot be: it is told, and nothing of it shown."""


class Unrunnable(CrossfireError):
    """Worlds could not be run, and not by their own doing: the run stops, and nothing is noted against them."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a value, said by somebody who does not know in which file the value stands.

    ``at`` leads from that value down to the one at fault; ``offset`` counts characters into its text; ``of_key`` says
    that not the value but its key is wrong.
    """

    expected: str
    got: str
    hint: str = ""
    at: tuple[str | int, ...] = ()
    offset: int | None = None
    of_key: bool = False


class Rejected(CrossfireError, ValueError):
    """One value or more cannot be used; holds the mistakes."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(_said(m.expected, m.got, m.hint) for m in mistakes))

    def named(self, name: str) -> "InputError":
        """Return the error of what was asked for by a name or an option, which stands in no file."""
        return InputError(option_problem(name, m.expected, m.got, m.hint) for m in self.mistakes)


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place of a file; lines and columns count from 1."""

    file: str
    line: int
    column: int
    path: str
    expected: str
    got: str
    hint: str = ""
    is_warning: bool = False

    def __str__(self) -> str:
        """Return ``file:line:column: PATH: expected X, got Y; did you mean Z?`` in one line."""
        where = (
            "warning: " * self.is_warning
            + f"{self.file}:{self.line}:{self.column}: "
            + (f"{_cut(self.path)}: " if self.path else "")
        )
        return visible(where + _said(self.expected, _cut(self.got), _cut(self.hint)))


def option_problem(option: str, expected: str, got: str, hint: str = "", *, path: str = "") -> Problem:
    """Return the problem of an option, an argument or a name: it stands in no file, and so in its first place.

    ``path`` leads to what is wrong within it.
    """
    return Problem(option, 1, 1, path, expected, got, hint)


class InputError(CrossfireError):
    """The input cannot be used; holds every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __str__(self) -> str:
        """Return the problems, a line each."""
        return lines(Exception.__str__(self))

    def json(self) -> dict[str, list[dict[str, Any]]]:
        """Return the problems as plain values: ``{"error": [{"file", "line", "column", "expected", "got"}]}``."""
        keys = ("file", "line", "column", "expected", "got")
        return {"error": [{key: getattr(problem, key) for key in keys} for problem in self.problems]}


def shown(file: Path | str) -> str:
    """Return how a file is named to a reader: relative to the current folder when it lies below it."""
    path = Path(file)
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def described(value: object) -> str:
    """Return a value in a few words, for the ``got`` of an error: text in quotes, a map, a list, nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return f"a map of {', '.join(map(str, value))}"[:60] if value else "an empty map"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    return str(value)[:40]


def quoted(text: str) -> str:
    """Return text in single quotes, on one line and not too long."""
    line = visible(text[:44])
    return f"'{visible(text[:40])}...'" if len(text) > 43 else f"'{line}'"


def nearest(word: object, names: Iterable[str]) -> str:
    """Return ``did you mean 'NAME'?`` for the name closest to ``word``, or nothing when none is close."""
    known = {name.lower().replace("_", "-"): name for name in names}
    close = difflib.get_close_matches(str(word)[:100].lower().replace("_", "-"), known, n=1, cutoff=0.6)
    return f"did you mean '{known[close[0]]}'?" if close else ""


def one_of(names: Iterable[str], limit: int = 12) -> str:
    """Return the names that would do, in words: ``'a', 'b' or 'c'``, cut short after ``limit`` of them."""
    words = [f"'{name}'" for name in names]
    if len(words) > limit:
        return f"{', '.join(words[:limit])} or one of {len(words) - limit} more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else "nothing"


def unknown(word: object, names: Iterable[str], what: str = "", key_at: tuple[str | int, ...] | None = None) -> Mistake:
    """Return the mistake of a name that is not among ``names``.

    ``what`` says what was to be named. For a key, ``key_at`` leads to the map that it stands in.
    """
    known = list(names)
    listed = one_of(known)
    expected = listed if not what else what if len(known) > 40 else f"{what} ({listed})"
    at = () if key_at is None else (*key_at, str(word))
    return Mistake(expected, described(word), nearest(word, known), at, None, key_at is not None)


def _cut(text: str, most: int = 300) -> str:
    return text if len(text) <= most else f"{text[:most]}..."


def _said(expected: str, got: str, hint: str) -> str:
    return f"expected {expected}, got {got}" + (f"; {hint}" if hint else "")
