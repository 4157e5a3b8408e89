"""Values as they are meant: numbers by their size, dates by their day, words by their letters, however written.

Whatever compares what was set, or names a variant by it, asks here whether two values are the same.
"""

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import PurePath
from typing import Any

#: Numbers that agree in so many digits are the same: a tenth times three is three tenths.
DIGITS = 12
#: Longer numbers are none that anybody means; Python makes no text of them.
DIGITS_READ = 400
_TOO_LONG = 10**DIGITS_READ
_NUMBER = r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_ONE_NUMBER = re.compile(_NUMBER)
_NUMBERS_INSIDE = re.compile(rf"(?<=[\[{{,:])({_NUMBER})(?=[\]}},:])")


def plain(value: Any) -> Any:
    """Return a value of Python, NumPy or pandas as nothing, a truth, a number, text, a list or a map; dates as text.

    Raises
    ------
    TypeError
        If it is nothing of the kind.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str | PurePath):
        return str(value)
    if isinstance(value, datetime.date):
        return _day(value)
    if getattr(value, "shape", None) == () and hasattr(value, "dtype"):
        return _scalar(value)
    if isinstance(value, Integral):
        if abs(int(value)) >= _TOO_LONG:
            raise TypeError("a number of hundreds of digits")
        return int(value)
    if isinstance(value, Real) or hasattr(value, "as_tuple"):  # a Decimal is no Real
        return float(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [plain(one) for one in in_a_row(value)]
    raise TypeError(f"neither a number, a word, a date, a list nor a map: {type(value).__name__}")


def in_a_row(values: Iterable[Any]) -> Iterable[Any]:
    """Return values in their own order; those of a set, which has none that lasts, by their size and their letters."""
    return sorted(values, key=lambda one: _order(spelling(one))) if isinstance(values, set | frozenset) else values


def _day(value: datetime.date) -> str:
    """Return a date as text; a moment at midnight is its day."""
    if isinstance(value, datetime.datetime) and str(value) != "NaT" and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat()


def _scalar(value: Any) -> Any:
    """Return a scalar of NumPy, or an array of no dimension, as plain Python."""
    kind, size = value.dtype.kind, value.dtype.itemsize
    if kind == "M":
        return plain(value.astype("datetime64[us]").item())
    # A short float is meant as it is written: 0.1, not the nearest double of it.
    return float(str(value[()])) if kind == "f" and size < 8 else plain(value.item())


def text_of(value: Any) -> str:
    """Return a value as the text of a setting: words and dates as they are, everything else as JSON, which is YAML."""
    made = plain(value)
    return made if isinstance(made, str) else json.dumps(made)


def listed(values: Any) -> list[Any]:
    """Return several values, or one alone, as a list of plain values."""
    made = plain(values)
    return made if isinstance(made, list) else [made]


def spelling(value: Any) -> str:
    """Return the one way of writing a value, without spaces: ``5200`` for 5.2e3, ``0.3`` for 0.1 * 3.

    Text is taken as what it stands for in YAML. Values with the same spelling are the same.
    """
    made = plain(value)
    text = "".join((made if isinstance(made, str) else json.dumps(made)).split())
    if _ONE_NUMBER.fullmatch(text):
        return _spelled(text)
    if text[:1] in ("[", "{"):
        bare = text.replace('"', "").replace("'", "")
        return _NUMBERS_INSIDE.sub(lambda found: _spelled(found[1]), bare)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def same(one: Any, other: Any) -> bool:
    """Return whether two values are meant to be the same, however they are written."""
    return spelling(one) == spelling(other)


def same_numbers(one: Any, other: Any) -> Any:
    """Return whether numbers, or arrays of them, are the same but for what is left by rounding."""
    return abs(one - other) <= 10.0 ** (1 - DIGITS) * abs(other)


def in_order(spellings: Iterable[str]) -> list[str]:
    """Return spelled values in order: numbers by their size, then words."""
    return sorted(set(spellings), key=_order)


def _order(spelled: str) -> tuple[int, float, str]:
    return (0, float(spelled), spelled) if _ONE_NUMBER.fullmatch(spelled) else (1, 0.0, spelled)


def _spelled(number: str) -> str:
    """Return a number in the digits that count, whole numbers without a point."""
    exact = re.fullmatch(r"[-+]?[0-9]+", number)
    if exact:
        return str(int(number)) if len(number) < DIGITS_READ else number
    value = float(f"{float(number):.{DIGITS}g}")
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
