"""One world in pictures: the house at a vote as a hemicycle, and the main events as a timeline in lanes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Patch
from matplotlib.textpath import TextPath
from matplotlib.ticker import MaxNLocator

from sim.plots.frame import BLUE, FONT, GREY, INK, LIGHT_BLUE, VERMILION, footed, framed, key_line, said_day, wrapped
from sim.wording import headed

#: What members do at a session: words, fill, edge, hatch; those who stay away have smaller seats.
VOTE_LOOKS = {
    "for": ("for the motion", VERMILION, INK, ""),
    "against": ("present, not for it", LIGHT_BLUE, BLUE, "||||||"),
    "absent": ("absent", "white", "#999999", ""),
}
_ROWS, _INNER = 9, 0.42
#: Least angle between the numbers of two blocs (radians).
_APART = 0.062
_LIST_COLUMNS = 2


class Bloc(NamedTuple):
    """How a bloc voted: its name, and its members by what they did (the names of ``VOTE_LOOKS``)."""

    name: str
    votes: Mapping[str, int]

    @property
    def seats(self) -> int:
        """Return how many members it has."""
        return sum(self.votes.values())


class House(NamedTuple):
    """A session: its day, in words what was decided, the blocs from left to right, how many make a quorum."""

    day: date
    verdict: str
    blocs: tuple[Bloc, ...]
    quorum: int

    @property
    def present(self) -> int:
        """Return how many members came."""
        return self.count("for") + self.count("against")

    def count(self, vote: str) -> int:
        """Return how many members did so."""
        return sum(bloc.votes[vote] for bloc in self.blocs)


class Mark(NamedTuple):
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
    lanes: Mapping[str, Sequence[Mark]]
    weekly: Mapping[str, np.ndarray]


# -------------------------------------------------------------------------------------------------------------- figures


def hemicycle(house: House, facts: Sequence[str]) -> Figure:
    """Return a figure of the house at a vote: every seat, the count against the quorum, and a list of the blocs."""
    lines = -(-len(house.blocs) // _LIST_COLUMNS)
    height = 7.1 + 0.21 * lines
    figure = framed(10.5, height, f"Parliament on {said_day(house.day)}: {house.verdict}")
    key_line(figure, *_vote_key())
    seats, count, names = figure.subplots(3, 1, height_ratios=[4.6, 0.75, 0.25 + 0.21 * lines])
    draw_house(house, seats)
    draw_count(house, count)
    draw_blocs(house, names)
    meaning = (
        "Blocs stand by the share of their members who came and were for the motion, the most on the left. A motion "
        "passes when a quorum is there and more than half of those present are for it."
    )
    if house.present < house.quorum:
        meaning += " Without a quorum no vote was taken: shown is how those who came would have voted."
    return footed(figure, meaning, facts)


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


def _vote_key() -> tuple[list[Patch], list[str]]:
    looks = VOTE_LOOKS.values()
    return [Patch(fc=fill, ec=edge, hatch=hatch) for _, fill, edge, hatch in looks], [words for words, *_ in looks]


# ---------------------------------------------------------------------------------------------------------------- house


def draw_house(house: House, axes: Axes) -> Axes:
    """Draw every seat of the house in a half circle, bloc by bloc from the left, each bloc's number at its rim."""
    n = sum(bloc.seats for bloc in house.blocs)
    angles, places = _seats(n)
    first, middles = 0, []
    for bloc in house.blocs:
        for seat, vote in zip(range(first, first + bloc.seats), _votes(bloc), strict=True):
            _, fill, edge, hatch = VOTE_LOOKS[vote]
            axes.add_patch(
                Circle(places[seat], 0.021 if vote != "absent" else 0.014, fc=fill, ec=edge, hatch=hatch, lw=0.8)
            )
        middles.append(float(np.mean(angles[first : first + bloc.seats])))
        first += bloc.seats
        if first < n:
            between = (angles[first - 1] + angles[first]) / 2
            ends = np.array([_INNER - 0.05, 1.035])
            axes.plot(ends * np.cos(between), ends * np.sin(between), color="#BBBBBB", lw=0.6, zorder=0.5)
    for k, angle in enumerate(_spread_out(middles), start=1):
        axes.text(1.07 * np.cos(angle), 1.07 * np.sin(angle), str(k), ha="center", va="center", fontsize=8.5)
    voted = house.present >= house.quorum
    head = f"{house.count('for')} for" if voted else "no vote"
    axes.text(0, 0.16, head, ha="center", fontsize=17, fontweight="bold")
    axes.text(0, 0.05, f"{house.present} of {n} present", ha="center", fontsize=11)
    axes.set(xlim=(-1.15, 1.15), ylim=(-0.03, 1.14))
    axes.set_aspect("equal")
    axes.set_axis_off()
    return axes


def _votes(bloc: Bloc) -> Iterator[str]:
    for vote in VOTE_LOOKS:
        yield from [vote] * bloc.votes[vote]


def _seats(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return angles (n,) and places (n, 2) of the seats of a half circle in rows, ordered from the left."""
    radii = np.linspace(_INNER, 1.0, _ROWS)
    exact = n * radii / radii.sum()
    counts = np.floor(exact).astype(int)
    for k in np.argsort(counts - exact, kind="stable")[: n - counts.sum()]:
        counts[k] += 1
    angle = np.concatenate([np.linspace(np.pi - 0.02, 0.02, c) if c > 1 else np.full(c, np.pi / 2) for c in counts])
    radius = np.repeat(radii, counts)
    order = np.lexsort((radius, np.round(-angle, 9)))
    angle, radius = angle[order], radius[order]
    return angle, np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _spread_out(middles: Sequence[float]) -> np.ndarray:
    """Return falling angles moved apart where they stand too near to each other, and kept in the half circle."""
    apart = min(_APART, np.pi / max(1, len(middles)))
    steps = apart * np.arange(len(middles))
    # With the least steps taken out, the angles have only to fall: the means of a falling fit from either side.
    level = np.asarray(middles) + steps
    fallen = (np.minimum.accumulate(level) + np.maximum.accumulate(level[::-1])[::-1]) / 2
    return np.clip(fallen, 0.02 + steps[-1:].sum(), np.pi - 0.02) - steps


def draw_count(house: House, axes: Axes) -> Axes:
    """Draw members for, against and absent as one bar, with the quorum named."""
    first = 0
    for vote, (_, fill, edge, hatch) in VOTE_LOOKS.items():
        n = house.count(vote)
        axes.barh(0, n, left=first, height=0.8, fc=fill, ec=edge, hatch=hatch, lw=0.8)
        first += n
    reached = "reached" if house.present >= house.quorum else "not reached"
    axes.plot([house.quorum] * 2, [-0.6, 0.75], color=INK, lw=2.2)
    axes.text(house.quorum, 0.9, f"quorum {house.quorum}: {reached}", ha="center", va="bottom", fontsize=9.5)
    axes.set(xlim=(0, first), ylim=(-0.6, 1.6), yticks=[], xlabel="members")
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    return axes


def draw_blocs(house: House, axes: Axes) -> Axes:
    """Write each bloc's number, name, and its members by what they did, in columns."""
    lines = -(-len(house.blocs) // _LIST_COLUMNS)
    for k, bloc in enumerate(house.blocs):
        column, line = divmod(k, lines)
        x = 0.01 + column / _LIST_COLUMNS
        y = 1 - (line + 1.5) / (lines + 1)
        axes.text(x + 0.02, y, str(k + 1), fontsize=9, ha="right", va="center")
        axes.text(x + 0.035, y, bloc.name, fontsize=9, va="center")
        for place, vote in enumerate(VOTE_LOOKS):
            axes.text(x + 0.35 + 0.05 * place, y, str(bloc.votes[vote]), fontsize=9, ha="right", va="center")
    for column in range(_LIST_COLUMNS):
        for place, word in enumerate(("for", "not for", "absent")):
            axes.text(column / _LIST_COLUMNS + 0.36 + 0.05 * place, 1 - 0.4 / (lines + 1), word, fontsize=7.5,
                      ha="right", va="center", color=GREY)  # fmt: skip
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    return axes


# ------------------------------------------------------------------------------------------------------------- timeline

#: The lanes from the top.
LANES = ("politics", "presence", "attacks on US sites", "US strikes")
#: Lines of words above a lane at most, marks that are thought of, and size of the words in points.
_MOST_ROWS, _MOST_NAMED, _SIZE = 6, 45, 8.0


class Placed(NamedTuple):
    """Where a mark's words stand: their row (from 1), and the days where they begin and end."""

    mark: Mark
    row: int
    start: float
    end: float


def place_words(marks: Sequence[Mark], days: int, inches: float) -> list[Placed]:
    """Return where words stand above a lane so wide: of as many marks as have room, those that matter most first."""
    named: list[Mark] = []
    placed: list[Placed] = []
    for mark in sorted((m for m in marks if m.weight), key=lambda one: (-one.weight, one.day))[:_MOST_NAMED]:
        tried = _laid_out([*named, mark], days, days / inches)
        if tried is not None:
            named, placed = [*named, mark], tried
    return placed


def _laid_out(marks: Sequence[Mark], days: int, day: float) -> list[Placed] | None:
    """Return where the words of all these marks stand (``day``: the days in an inch); None if they have no room.

    From the last to the first, words take the lowest row in which they meet no others, no leader passes through them,
    and their own leader passes through none: what comes shortly before stands above.
    """
    placed: list[Placed] = []
    for mark in sorted(marks, key=lambda one: -one.day):
        wide = day * (_inches_of(mark.words) + 0.1)
        start = min(max(0.0, mark.day - 0.03 * day), max(0.0, days - wide))
        end = start + wide
        for row in range(1, _MOST_ROWS + 1):
            if not any(_disturbs(other, mark, row, start, end, 0.05 * day) for other in placed):
                placed.append(Placed(mark, row, start, end))
                break
        else:
            return None
    return placed


@cache
def _inches_of(words: str) -> float:
    return float(TextPath((0, 0), words, prop=FontProperties(family=FONT, size=_SIZE)).get_extents().width / 72)


def _disturbs(other: Placed, mark: Mark, row: int, start: float, end: float, near: float) -> bool:
    if other.row == row:
        return other.start < end and start < other.end
    if other.row > row:
        return start - near <= other.mark.day <= end
    return other.start - near <= mark.day <= other.end


def draw_lane(marks: Sequence[Mark], words: Sequence[Placed], axes: Axes) -> Axes:
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
