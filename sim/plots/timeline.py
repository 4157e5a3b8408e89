"""The main events of one world as a timeline in lanes, with words above and weekly numbers below."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from matplotlib.ticker import MaxNLocator

from sim.plots.frame import BLUE, FONT, GREY, INK, VERMILION, footed, framed, wrapped
from sim.wording import headed


class TimelineMark(NamedTuple):
    """Something that happened: its day, a few words, how much they matter (0: no words), whether it hurt anybody."""

    day: int
    words: str = ""
    weight: float = 0.0
    harm: bool = False


class Timeline(NamedTuple):
    """One world: start, days, how it ends in words, marks by lane, and weekly numbers by name, from day 0 on."""

    start: date
    days: int
    ending: str
    lanes: Mapping[str, Sequence[TimelineMark]]
    weekly: Mapping[str, np.ndarray]


def timeline(table: Timeline, facts: Sequence[str]) -> Figure:
    """Return a figure of one world's main events in lanes over its days, with weekly numbers as steps beneath."""
    width, head, foot, left, right, gap = 14.0, 0.75, 0.95, 1.75, 0.5, 0.18
    inches = width - left - right
    placed = {lane: place_words(table.lanes.get(lane, ()), table.days, inches) for lane in LANES}
    heights = {lane: 0.42 + 0.2 * max((one.row for one in words), default=0) for lane, words in placed.items()}
    heights |= dict.fromkeys(table.weekly, 0.95)
    height = head + foot + sum(heights.values()) + gap * (len(heights) - 1)
    figure = framed(width, height, f"One world, day by day: {table.ending}")
    figure.set_layout_engine("none")
    top = height - head
    for name, tall in heights.items():
        top -= tall
        axes = figure.add_axes((left / width, top / height, inches / width, tall / height))
        if name in placed:
            draw_lane(table.lanes.get(name, ()), placed[name], axes)
        else:
            draw_steps(table.weekly[name], axes)
        figure.text(0.15 / width, (top + tall / 2) / height, wrapped(headed(name), 16), va="center", fontweight="bold")
        _in_dates(axes, table.start, table.days, last=name == list(heights)[-1])
        top -= gap
    meaning = (
        "Each mark is an event; a long thick (red) one hurt or killed somebody. What matters most and has room is "
        "named; the story in words tells the rest."
    )
    return footed(figure, meaning, facts)


#: The lanes from the top.
LANES = ("politics", "presence", "attacks on US sites", "US strikes")
#: Lines of words above a lane at most, marks that are thought of, and size of the words in points.
_MOST_ROWS, _MOST_NAMED, _SIZE = 6, 45, 8.0


class WordPlace(NamedTuple):
    """Where a mark's words stand: their row (from 1), and the days where they begin and end."""

    mark: TimelineMark
    row: int
    start: float
    end: float


def place_words(marks: Sequence[TimelineMark], days: int, inches: float) -> list[WordPlace]:
    """Return where words stand above a lane so wide: of as many marks as have room, those that matter most first."""
    named: list[TimelineMark] = []
    placed: list[WordPlace] = []
    for mark in sorted((m for m in marks if m.weight), key=lambda one: (-one.weight, one.day))[:_MOST_NAMED]:
        tried = _laid_out([*named, mark], days, days / inches)
        if tried is not None:
            named, placed = [*named, mark], tried
    return placed


def _laid_out(marks: Sequence[TimelineMark], days: int, day: float) -> list[WordPlace] | None:
    """Return where the words of all these marks stand (``day``: the days in an inch); None if they have no room.

    From the last to the first, words take the lowest row in which they meet no others, no leader passes through them,
    and their own leader passes through none: what comes shortly before stands above.
    """
    placed: list[WordPlace] = []
    for mark in sorted(marks, key=lambda one: -one.day):
        wide = day * (_inches_of(mark.words) + 0.1)
        start = min(max(0.0, mark.day - 0.03 * day), max(0.0, days - wide))
        end = start + wide
        for row in range(1, _MOST_ROWS + 1):
            if not any(_disturbs(other, mark, row, start, end, 0.05 * day) for other in placed):
                placed.append(WordPlace(mark, row, start, end))
                break
        else:
            return None
    return placed


@cache
def _inches_of(words: str) -> float:
    return float(TextPath((0, 0), words, prop=FontProperties(family=FONT, size=_SIZE)).get_extents().width / 72)


def _disturbs(other: WordPlace, mark: TimelineMark, row: int, start: float, end: float, near: float) -> bool:
    if other.row == row:
        return other.start < end and start < other.end
    if other.row > row:
        return start - near <= other.mark.day <= end
    return other.start - near <= mark.day <= other.end


def draw_lane(marks: Sequence[TimelineMark], words: Sequence[WordPlace], axes: Axes) -> Axes:
    """Draw marks along a lane, and words above them."""
    axes.axhline(0, color=GREY, lw=0.8)
    for mark in marks:
        tall, colour, thick = (0.9, VERMILION, 1.6) if mark.harm else (0.5, INK, 0.8)
        axes.plot([mark.day, mark.day], [0, tall], color=colour, lw=thick, solid_capstyle="butt")
    for mark, row, start, _ in words:
        axes.plot([mark.day] * 2, [0, row + 0.75], color="#AAAAAA", lw=0.6, zorder=0.5)
        behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
        axes.text(start, row + 0.75, mark.words, fontsize=_SIZE, ha="left", va="center_baseline", bbox=behind)
    axes.set(ylim=(0, 2.1 + max((one.row for one in words), default=0)), yticks=[])
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    return axes


def draw_steps(weekly: np.ndarray, axes: Axes) -> Axes:
    """Draw a weekly number as steps from zero, the first at day 0."""
    axes.step(7 * np.arange(len(weekly)), weekly, where="post", color=BLUE, lw=1.6)
    axes.fill_between(7 * np.arange(len(weekly)), weekly, step="post", color="#CFE5F3", lw=0)
    axes.set_ylim(0, max(1.0, 1.15 * float(np.max(weekly, initial=0.0))))
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], integer=True))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    return axes


def _in_dates(axes: Axes, start: date, days: int, last: bool) -> None:
    """Lay the horizontal axis out in days, with the first days of months as ticks, named under the last lane."""
    firsts = [date(start.year + k // 12, k % 12 + 1, 1) for k in range(start.month, start.month + days // 28 + 2)]
    firsts = [first for first in firsts if (first - start).days <= days]
    step = next((s for s in (1, 2, 3, 6, 12) if len(firsts) / s <= 13), 24)
    firsts = [first for first in firsts if (first.month - 1) % min(step, 12) == 0 or step == 1]
    ticks = {0: start, **{(first - start).days: first for first in firsts}}
    if len(ticks) < 3:
        ticks = {day: start + timedelta(days=day) for day in range(0, days + 1, 7)}
    near = 0.04 * days  # the first day of all gives way to a month's that is near
    kept = [day for day in ticks if day or not any(0 < other < near for other in ticks)]
    axes.set_xlim(0, days)
    axes.set_xticks(kept, [f"{ticks[day].day} {ticks[day]:%b %Y}" for day in kept] if last else [""] * len(kept))
    axes.tick_params(axis="x", length=3 if last else 0)
