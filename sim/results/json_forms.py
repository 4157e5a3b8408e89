"""The form of JSON: what a value, a list or a map must be, checked before anybody relies on it.

A form is held against a value by ``misfits``, which names each place that does not fit, what was expected there, and
what came. Keys that no form knows are left alone: a later version may have more to say.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sim.errors import described, quoted
from sim.names.measures import OUTCOMES

#: Most worlds and days that any command takes, and the largest seed.
MOST_WORLDS, MOST_DAYS, LARGEST_SEED = 100_000_000, 3650, 2**63 - 1
_K_OF_N = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")
_MEASURES = {measure.name for measure in OUTCOMES}


@dataclass(frozen=True)
class Value:
    """A value of a kind: in words, and how it is known."""

    words: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True)
class Maybe:
    """A form, or nothing."""

    form: "Form"


@dataclass(frozen=True)
class ListOf:
    """A list whose entries all have a form; at least so many."""

    form: "Form"
    fewest: int = 0


@dataclass(frozen=True)
class MapOf:
    """A map of any keys whose values all have a form."""

    form: "Form"


@dataclass(frozen=True)
class Fields:
    """A map in which some keys must stand, and others may."""

    needed: Mapping[str, "Form"]
    other: Mapping[str, "Form"] = field(default_factory=dict)


Form = Value | Maybe | ListOf | MapOf | Fields


def misfits(value: Any, form: Form, at: str = "") -> Iterator[str]:
    """Yield each place where a value has not its form: ``variants[0].label: expected text, got 3``."""
    if isinstance(form, Value):
        if not form.fits(value):
            yield _said(at, form.words, value)
    elif isinstance(form, Maybe):
        yield from misfits(value, form.form, at) if value is not None else ()
    elif isinstance(form, ListOf):
        yield from _of_list(value, form, at)
    elif not isinstance(value, dict):
        yield _said(at, "a map", value)
    elif isinstance(form, MapOf):
        for key, one in value.items():
            yield from misfits(one, form.form, f"{at}.{quoted(key)}")
    else:
        yield from _of_fields(value, form, at)


def _of_list(value: Any, form: ListOf, at: str) -> Iterator[str]:
    if not isinstance(value, list) or len(value) < form.fewest:
        yield _said(at, f"a list of {form.fewest} or more" if form.fewest else "a list", value)
        return
    for k, one in enumerate(value):
        yield from misfits(one, form.form, f"{at}[{k}]")


def _of_fields(value: dict[str, Any], form: Fields, at: str) -> Iterator[str]:
    lacking = [key for key in form.needed if key not in value]
    if lacking:
        yield f"{at}: lacks {', '.join(lacking)}" if at else f"lacks {', '.join(lacking)}"
    for key, one in {**form.needed, **form.other}.items():
        if key in value:
            yield from misfits(value[key], one, f"{at}.{key}" if at else key)


def _said(at: str, expected: str, value: Any) -> str:
    came = "a map" if isinstance(value, dict) else described(value)
    return f"{at or 'all of it'}: expected {expected}, got {came}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    try:
        date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        return False
    return isinstance(value, str)


def _is_shard(value: Any) -> bool:
    found = _K_OF_N.fullmatch(value) if isinstance(value, str) else None
    return found is not None and 1 <= int(found[1]) <= int(found[2])


def whole(words: str, least: int, most: int) -> Value:
    """Return the form of a whole number within bounds."""
    return Value(words, lambda value: type(value) is int and least <= value <= most)


def matching(words: str, pattern: str) -> Value:
    """Return the form of text that a pattern matches from end to end."""
    whole = re.compile(pattern)
    return Value(words, lambda value: isinstance(value, str) and whole.fullmatch(value) is not None)


def one_of(*words: str) -> Value:
    """Return the form of one of these words."""
    return Value(" or ".join(words), lambda value: isinstance(value, str) and value in words)


TEXT = Value("text", lambda value: isinstance(value, str))
NAME = Value("a name", lambda value: isinstance(value, str) and bool(value.strip()))
NUMBER = Value("a number", _is_number)
ANY = Value("anything", lambda value: True)
FLAG = Value("true or false", lambda value: isinstance(value, bool))
DATE = Value("a date", _is_date)
SHA256 = matching("64 hex digits", r"[0-9a-f]{64}")
COUNT = whole("a whole number from 0", 0, MOST_WORLDS)
WORLDS = whole(f"a number of worlds from 1 to {MOST_WORLDS:,}", 1, MOST_WORLDS)
DAYS = whole(f"a number of days from 1 to {MOST_DAYS:,}", 1, MOST_DAYS)
SEED = whole("a seed, a whole number from 0", 0, LARGEST_SEED)
MEASURE = Value("a measure", lambda value: isinstance(value, str) and value in _MEASURES)

SHARD = Value("a shard such as 3/16", _is_shard)
