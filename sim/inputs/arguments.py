"""What may be asked for, in whole numbers: the same bounds on the command line and from Python."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from sim.errors import InputError, described, option_problem
from sim.inputs.allowed_names import folder_fault
from sim.inputs.values import plain, text_of


class Bounds(NamedTuple):
    """The option that asks for a whole number, with the least and the most."""

    option: str
    least: int
    most: int


WORLDS = Bounds("--worlds", 1, 10_000_000)
SEED = Bounds("--seed", 0, 2**63 - 1)
DAYS = Bounds("--days", 1, 3650)
THREADS = Bounds("--threads", 1, 1024)
WORLD = Bounds("--world", 0, 2**31)


def whole(value: Any, bounds: Bounds) -> int:
    """Return a whole number of Python or NumPy that was asked for; InputError for anything else, or out of bounds."""
    try:
        number = plain(value)
    except TypeError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int) or not bounds.least <= number <= bounds.most:
        expected = f"a whole number from {bounds.least:,} to {bounds.most:,}"
        raise InputError([option_problem(bounds.option, expected, described(value))])
    return number


def whole_or_none(value: Any, bounds: Bounds) -> int | None:
    """Return ``whole``, or None where nothing is asked for."""
    return None if value is None else whole(value, bounds)


def folder_at(value: Any, option: str) -> Path:
    """Return the folder, or file, that text or a path names; InputError for anything else."""
    named = isinstance(value, str | PurePath) or hasattr(value, "__fspath__")
    text = os.fspath(value) if named else None
    if not isinstance(text, str) or "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise InputError([option_problem(option, "the name of a folder, as text or as a path", described(value))])
    return Path(text)


def folder_of(given: Any, option: str = "--out") -> Path:
    """Return the folder to write into; InputError where none can be called so."""
    path = folder_at(given, option)
    if expected := folder_fault(str(given)):
        raise InputError([option_problem(option, expected, described(given))])
    return path


def settings_of(given: Any, option: str, example: str) -> tuple[str, ...]:
    """Return ``PATH=VALUE`` for each entry of a map of values by path, or texts of that form as they are."""
    if isinstance(given, Mapping):
        return tuple(f"{path}={value_text(value, str(path))}" for path, value in given.items())
    if isinstance(given, Sequence) and not isinstance(given, str) and all(isinstance(one, str) for one in given):
        return tuple(map(str, given))
    if given is None:
        return ()
    raise InputError([option_problem(option, f"a map such as {example}", described(given))])


def value_text(value: Any, path: str) -> str:
    """Return a value from Python as the text of a setting of ``path``; InputError for what is none."""
    try:
        return text_of(value)
    except TypeError:
        expected = "a number, a word, a date, a list or a map"
        raise InputError([option_problem(path, expected, f"a {type(value).__name__}")]) from None


def branches_of(texts: Sequence[str], days: int) -> tuple[tuple[int, int], ...]:
    """Return the branches that a world takes, by day and number; InputError for what is none, or none in order."""
    found: list[tuple[int, int]] = []
    for text in texts:
        day, dot, number = text.partition(".")
        fits = dot and all(one.isascii() and one.isdecimal() and len(one) < 8 for one in (day, number))
        if not fits or not (found[-1][0] if found else -1) < int(day) < days or not 0 < int(number) < 2**20:
            expected = f"DAY.N such as 12.3: a day from 0 to {days - 1}, later than the one before, and a number from 1"
            raise InputError([option_problem("--branch", expected, described(text))])
        found.append((int(day), int(number)))
    return tuple(found)
