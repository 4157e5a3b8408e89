"""The house at a vote as a hemicycle: every seat, the count against the quorum, and the blocs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Patch

from sim.plots.frame import BLUE, GREY, INK, LIGHT_BLUE, VERMILION, footed, framed, key_line
from sim.wording import date_in_words

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


class ParliamentSession(NamedTuple):
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


# -------------------------------------------------------------------------------------------------------------- figures


def hemicycle(house: ParliamentSession, facts: Sequence[str]) -> Figure:
    """Return a figure of the house at a vote: every seat, the count against the quorum, and a list of the blocs."""
    lines = -(-len(house.blocs) // _LIST_COLUMNS)
    height = 7.1 + 0.21 * lines
    figure = framed(10.5, height, f"Parliament on {date_in_words(house.day)}: {house.verdict}")
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


def _vote_key() -> tuple[list[Patch], list[str]]:
    looks = VOTE_LOOKS.values()
    return [Patch(fc=fill, ec=edge, hatch=hatch) for _, fill, edge, hatch in looks], [words for words, *_ in looks]


# ---------------------------------------------------------------------------------------------------------------- house


def draw_house(house: ParliamentSession, axes: Axes) -> Axes:
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


def draw_count(house: ParliamentSession, axes: Axes) -> Axes:
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


def draw_blocs(house: ParliamentSession, axes: Axes) -> Axes:
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
