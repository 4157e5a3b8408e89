"""Numbers as they are shown to a reader, in tables and sentences alike."""

from collections.abc import Mapping
from typing import Any

from sim.names.measures import Measure

NOTHING = "–"


_LETTERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def in_letters(count: int) -> str:
    """Return a small number in letters, a larger one in digits."""
    return _LETTERS[count] if count < len(_LETTERS) else f"{count:,}"


def number(value: float | None, measure: Measure) -> str:
    """Return a value of a measure as it is shown: 31.5%, 1,240, 3.2, 0.96."""
    if value is None:
        return NOTHING
    if measure.unit.startswith("share"):
        return f"{100 * value:.1f}%"
    if measure.unit == "ratio":
        return f"{value:,.2f}"
    return f"{value:,.0f}" if abs(value) >= 100 or measure.kind == "day" else f"{value:,.1f}"


def interval(summary: Mapping[str, Any], measure: Measure) -> str:
    """Return the 95% interval of a mean."""
    if summary["low"] is None:
        return NOTHING
    return f"{number(summary['low'], measure)} to {number(summary['high'], measure)}"


def difference(found: Mapping[str, Any], measure: Measure) -> tuple[str, str]:
    """Return a difference, and its interval: ``+3.1 points`` and ``+0.2 to +6.0``."""
    if found["difference"] is None:
        return NOTHING, ""
    first, low, high = (signed(found[key], measure) for key in ("difference", "low", "high"))
    return first + " points" * measure.unit.startswith("share"), f"{low} to {high}"


def signed(value: float | None, measure: Measure) -> str:
    """Return a difference with its sign; shares in points."""
    if value is None:
        return NOTHING
    if measure.unit.startswith("share"):
        said = f"{100 * value:+.1f}"
    else:
        said = f"{value:+,.2f}" if measure.unit == "ratio" else f"{value:+,.1f}"
    return said if said.strip("+-0.") else said[1:]  # nothing has no sign


def amount(value: float, measure: Measure) -> str:
    """Return an error or a spread, without a sign: shares in points."""
    if measure.unit.startswith("share"):
        return f"{100 * value:.2g} points"
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
