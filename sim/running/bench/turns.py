"""Measuring by turns: A, B, A, B, ..., so that whatever else a machine does falls on both."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: One turn of a part: it measures what belongs together, one after the other, and returns values by figures' names.
Turn = Callable[[], Mapping[str, float]]
#: Told what is measured, the share done, and the seconds left.
Telling = Callable[[str, float, float], None]


@dataclass(frozen=True)
class Figure:
    """One figure: its name, what it is in words, its unit, and its value in every turn."""

    name: str
    words: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the value in the middle."""
        return statistics.median(self.values)

    def plain(self) -> dict[str, Any]:
        """Return plain values: median, least, most, and of how many turns."""
        least, most = min(self.values), max(self.values)
        return {
            "words": self.words, "unit": self.unit, "median": rounded(self.median), "least": rounded(least),
            "most": rounded(most), "turns": len(self.values),
        }  # fmt: skip

    def said(self) -> tuple[str, str, str]:
        """Return what it is, the median with its unit, and from where to where it went, in words."""
        least, most = min(self.values), max(self.values)
        spread = f"{shown(least)} to {shown(most)}, {len(self.values)} turns" if len(self.values) > 1 else "one turn"
        return self.words, f"{shown(self.median)} {self.unit}", spread


@dataclass(frozen=True)
class Measurement:
    """What is measured together: in words, its turn, how many, and about how many seconds one takes."""

    words: str
    turn: Turn
    turns: int
    seconds: float


def rounded(value: float) -> float:
    """Return a value to four digits: no measurement of time is worth more."""
    return float(f"{value:.4g}")


def shown(value: float) -> str:
    """Return a value in three digits or so, as people write it."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def take_turns(parts: Sequence[Measurement], telling: Telling | None = None) -> dict[str, tuple[float, ...]]:
    """Return the values of all parts' figures, by name, in the order of turns."""
    found: dict[str, list[float]] = {}
    began, done, whole = time.perf_counter(), 0.0, sum(part.turns * part.seconds for part in parts)
    for part in parts:
        for k in range(part.turns):
            if telling:
                # Before anything is done, what turns were found to take elsewhere; then how long they take here.
                pace = (time.perf_counter() - began) / done if done else 1.0
                telling(f"{part.words}, turn {k + 1} of {part.turns}", done / whole, pace * (whole - done))
            for name, value in part.turn().items():
                found.setdefault(name, []).append(value)
            done += part.seconds
    return {name: tuple(values) for name, values in found.items()}
