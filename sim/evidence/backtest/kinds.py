"""What a row of observations can be: a count, a level, days until something, and how each is read off worlds.

A world's record of events says on which day what happened, so that every span is counted to the day; levels are those
of the week's record that follows the date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.names.actors import GOVERNORATES
from sim.names.events import (
    ATTACK,
    ATTACK_OUTSIDE,
    CIVILIANS_KILLED_BY_US,
    COALITION_KILLED,
    EVENT_KINDS,
    IRAN_MISSILES,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
    LEADER_KILLED,
    MILITIA_KILLED,
    MOTION_TABLED,
    RALLY,
    SIEGE_BEGAN,
    STRIKE,
    US_KILLED,
    US_STRUCK_IRAN,
    US_WOUNDED,
)
from sim.names.measures import OUTCOMES, SERIES

#: What can be counted over a span of days: the kinds of events, and what one counts.
COUNTED: Mapping[str, tuple[tuple[int, ...], str]] = {
    "attacks": ((ATTACK,), "attacks on US sites in Iraq"),
    "attacks_outside": ((ATTACK_OUTSIDE,), "attacks on US sites in Syria and Jordan"),
    "attacks_theatre": ((ATTACK, ATTACK_OUTSIDE), "attacks on US sites in Iraq, Syria and Jordan"),
    "us_killed": ((US_KILLED,), "US personnel killed"),
    "us_wounded": ((US_WOUNDED,), "US personnel wounded, brain injuries included"),
    "coalition_killed": ((COALITION_KILLED,), "coalition soldiers killed"),
    "iraqi_forces_killed": ((IRAQI_KILLED_BY_MILITIA, IRAQI_KILLED_BY_US), "Iraqi soldiers and police killed"),
    "civilians_killed_by_us": ((CIVILIANS_KILLED_BY_US,), "civilians killed by US strikes"),
    "militia_killed": ((MILITIA_KILLED,), "faction fighters killed"),
    "leaders_killed": ((LEADER_KILLED,), "leaders of factions killed"),
    "us_strikes": ((STRIKE,), "US strikes in Iraq"),
    "us_strikes_on_iran": ((US_STRUCK_IRAN,), "US strikes on Iranian soil"),
    "iran_direct_strikes": ((IRAN_MISSILES,), "missile salvoes from Iran"),
    "sieges": ((SIEGE_BEGAN,), "sieges of the embassy"),
    "motions": ((MOTION_TABLED,), "motions to expel, tabled"),
    "rallied": ((RALLY,), "people at rallies against the US"),
    "isis_attacks": ((ISIS_ATTACKS,), "ISIS attacks on the Pentagon's counting base"),
    "killed_by_isis": ((ISIS_KILLED_PEOPLE,), "people killed by ISIS"),
}
#: Kinds of events by name, whose first day or absence can be forecast.
EVENTS = {kind.name: k for k, kind in enumerate(EVENT_KINDS) if k}
LEVELS = {m.name: m for m in SERIES if m.kind != "category"}
WHOLE = {m.name: m for m in OUTCOMES if m.kind != "category"}


class Kind(NamedTuple):
    """One kind of row: what its value says, which measures it takes, the most that the value can be."""

    meaning: str
    measures: tuple[str, ...]
    most: float


KINDS = {
    "count": Kind("how many in the days from start to end, both included", tuple(COUNTED), 1e9),
    "level": Kind("the level on the day of end, of the week's record that follows it", tuple(LEVELS), 1e9),
    "days_until": Kind("days from start until the first such event, the day of start being 0", tuple(EVENTS), 3650.0),
    "happened": Kind("1 if such an event fell in the days from start to end, else 0", tuple(EVENTS), 1.0),
    "share": Kind("the share of the count that fell in the governorate of `place`", tuple(COUNTED), 1.0),
    "ratio": Kind("the count from start to end over that from of_start to of_end", tuple(COUNTED), 1e6),
    "longest_quiet": Kind("the most days in a row without one, from start to end", tuple(COUNTED), 3650.0),
    "joint_days": Kind("days on which two factions or more attacked", ("attacks", "attacks_theatre"), 3650.0),
    "outcome": Kind("a measure of the whole world, from the scenario's start to end", tuple(WHOLE), 1e9),
}


@dataclass(frozen=True)
class Span:
    """Days of a world, from the first to the last, both included."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Recorded:
    """What worlds of one scenario lived through: their events in one table, and their weekly series.

    ``events`` has the fields ``world day kind place actor size``, in the order of worlds; ``weekly`` is (worlds,
    weeks); ``outcomes`` is (worlds,) by the day on which the worlds end.
    """

    worlds: int
    events: np.ndarray
    weekly: np.ndarray
    outcomes: Mapping[int, np.ndarray]

    def counted(self, measure: str, span: Span, place: int | None = None) -> np.ndarray:
        """Return how many of a measure fell in a span (worlds,), of one governorate if so asked."""
        found = self._within(measure, span)
        found = found if place is None else found[found["place"] == place]
        return np.bincount(found["world"], weights=found["size"], minlength=self.worlds)

    def first_day(self, event: str, span: Span) -> np.ndarray:
        """Return the first day of an event, counted from the span's first (worlds,); NaN without one."""
        found = self._of((EVENTS[event],), span)
        worlds, at = np.unique(found["world"], return_index=True)
        days = np.full(self.worlds, np.nan)
        days[worlds] = found["day"][at] - span.first
        return days

    def longest_quiet(self, measure: str, span: Span) -> np.ndarray:
        """Return the most days in a row without one in a span (worlds,)."""
        found = self._within(measure, span)
        busy = np.zeros((self.worlds, span.days + 2), dtype=bool)
        busy[:, [0, -1]] = True  # quiet begins and ends with the span at the latest
        busy[found["world"], found["day"] - span.first + 1] = True
        return np.array([np.diff(np.flatnonzero(one)).max() - 1 for one in busy], dtype=float)

    def joint_days(self, measure: str, span: Span) -> np.ndarray:
        """Return on how many days of a span two factions or more attacked (worlds,)."""
        found = self._within(measure, span)
        one = np.unique(found[["world", "day", "actor"]])[["world", "day"]]
        days, by = np.unique(one, return_counts=True)
        return np.bincount(days["world"][by > 1], minlength=self.worlds).astype(float)

    def level(self, measure: str, day: int) -> np.ndarray:
        """Return a weekly measure as it stood in the week of a day (worlds,)."""
        return self.weekly[measure][:, min(day // 7, self.weekly.shape[1] - 1)].astype(float)

    def _within(self, measure: str, span: Span) -> np.ndarray:
        return self._of(COUNTED[measure][0], span)

    def _of(self, kinds: tuple[int, ...], span: Span) -> np.ndarray:
        events = self.events
        wanted = np.isin(events["kind"], kinds) & (events["size"] > 0)
        return events[wanted & (events["day"] >= span.first) & (events["day"] <= span.last)]


def read_off(kind: str, measure: str, worlds: Recorded, span: Span, of: Span | None, place: str) -> np.ndarray:
    """Return what each world shows in place of a row (worlds,); NaN where it shows nothing of the kind."""
    if kind == "count":
        return worlds.counted(measure, span, GOVERNORATES.index(place) if place else None)
    if kind == "level":
        return worlds.level(measure, span.last)
    if kind == "days_until":
        return worlds.first_day(measure, span)
    if kind == "happened":
        return (~np.isnan(worlds.first_day(measure, span))).astype(float)
    if kind == "longest_quiet":
        return worlds.longest_quiet(measure, span)
    if kind == "joint_days":
        return worlds.joint_days(measure, span)
    if kind == "outcome":
        return worlds.outcomes[span.last][measure].astype(float)
    return _shares(measure, worlds, span, of, place)


def _shares(measure: str, worlds: Recorded, span: Span, of: Span | None, place: str) -> np.ndarray:
    """Return a count over that of another span, or of all places (worlds,)."""
    if of is not None:
        return _over(worlds.counted(measure, span), worlds.counted(measure, of))
    return _over(worlds.counted(measure, span, GOVERNORATES.index(place)), worlds.counted(measure, span))


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part over whole (worlds,); NaN of nothing."""
    found = np.full(len(part), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found
