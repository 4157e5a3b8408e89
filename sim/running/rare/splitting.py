"""Splitting: many more chances for lives that come near to a rare end, by weights that keep every mean as it is.

A life has a weight. Where it stands by its score says which weight it ought to have: the nearer to the end, the less.
One that weighs too much is split into several of equal weight, each with other chance from there on; one that weighs
too little lives on with the chance of its weight over the one it ought to have, and then has that weight. Neither moves
the expected weight of anything that may come of it, whatever the score is worth: the sum of the weights of the lives
that reach the end is, in the mean over independent trees, exactly the chance of the end. A poor score costs worlds,
never truth. Trees of different roots are independent, so their sums are a plain sample. (RESTART, of
Villén-Altamirano & Villén-Altamirano 1991, with the weight windows of Booth & Hendricks 1984.)
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

#: A life is split once it weighs so many times what it ought to, and at stake once it weighs so much less.
TOO_HEAVY, TOO_LIGHT = 1.5, 0.4
#: Lives that one split makes at most, and branches of a tree from which on none is split any more.
AT_ONCE, MOST_BRANCHES = 64, 20_000


class Life(Protocol):
    """What is split: a course of events that can be kept, taken back, and given other chance from a moment on."""

    def advance(self) -> bool:
        """Live on to the next look; return whether that was the last."""

    def score(self) -> float:
        """Return how near to the end it stands: any number, the nearer the higher."""

    def came(self) -> bool:
        """Return, of a life that is over, whether the end came."""

    def keep(self) -> Any:
        """Return all that its future depends on."""

    def back(self, kept: Any) -> None:
        """Go back to what was kept."""

    def branch(self, number: int) -> tuple[int, int]:
        """Meet other chance from here on, for each number from 1 its own; return when, and what makes it again."""

    def stake(self) -> float:
        """Return a uniform number that nothing else depends on, for whether a light life lives on."""


@dataclass(frozen=True)
class Levels:
    """What a life ought to weigh: by how many ``bounds`` (ascending) its score has reached, one more weight.

    From ``sure`` bounds on (none by default) no life is at stake: the end is so likely that nothing is gained by many.
    """

    bounds: tuple[float, ...]
    weights: tuple[float, ...]
    sure: int = 1_000_000

    def of(self, score: float) -> int:
        """Return how many bounds a score has reached."""
        return bisect_right(self.bounds, score)


@dataclass(eq=False)
class Stretch:
    """A life between two splits: the stretch that it came of, and its weight."""

    before: "Stretch | None"
    weight: float


@dataclass(frozen=True)
class EndedLife:
    """A life that reached the end: its weight, and the branches that it took, by what ``Life.branch`` returned."""

    weight: float
    branches: tuple[tuple[int, int], ...]


@dataclass
class Tree:
    """What came of one root: ends, and for each level the weight of lives that first reached it, and their number."""

    levels: Levels
    total: float = 0.0
    ends: list[EndedLife] = field(default_factory=list)
    passed: list[float] = field(default_factory=list)
    lives: list[int] = field(default_factory=list)
    branches: int = 0

    def __post_init__(self) -> None:
        """Begin to count."""
        self.passed, self.lives = [0.0] * len(self.levels.bounds), [0] * len(self.levels.bounds)


@dataclass(frozen=True)
class _WaitingLife:
    """A branch that is to be lived yet."""

    kept: Any
    number: int
    weight: float
    highest: int
    branches: tuple[tuple[int, int], ...]
    before: Stretch | None


def tree(
    life: Life, levels: Levels, *, over: Callable[[Life, Stretch, EndedLife | None], None] | None = None,
    looked: Callable[[Life, Stretch], None] | None = None,
) -> Tree:  # fmt: skip
    """Return what came of a life at its beginning, lived to the end with all its branches, one after another.

    Parameters
    ----------
    over : function, optional
        Is called with each life that is over, its last stretch, and how it reached the end, if it did.
    looked : function, optional
        Is called at every look but the last, with the stretch that the life is in.
    """
    found = Tree(levels)
    waiting = [_WaitingLife(None, 0, 1.0, 0, (), None)]
    while waiting:
        one = waiting.pop()
        branches = one.branches
        if one.number:
            life.back(one.kept)
            branches = (*branches, life.branch(one.number))
        _live(life, found, one, branches, waiting, over, looked)
    return found


def _live(
    life: Life, found: Tree, one: _WaitingLife, branches: tuple[tuple[int, int], ...], waiting: list[_WaitingLife],
    over: Callable[[Life, Stretch, EndedLife | None], None] | None, looked: Callable[[Life, Stretch], None] | None,
) -> None:  # fmt: skip
    """Live one branch to its end, leaving others that it splits into for later."""
    stretch, highest = Stretch(one.before, one.weight), one.highest
    found.branches += 1
    fresh = begun = one.number > 0  # it was weighed where it branched off
    while True:
        score = life.score()
        level = found.levels.of(score)
        for k in range(highest, level):
            found.passed[k] += stretch.weight
            found.lives[k] += 1
        highest = max(highest, level)
        if not fresh:
            n, weight = _weighed(stretch.weight, found, level, life, TOO_LIGHT if begun else 1.0)
            if n == 0:
                return
            if n > 1 or weight != stretch.weight:
                stretch = Stretch(stretch, weight)
            kept = life.keep() if n > 1 else None
            waiting.extend(_WaitingLife(kept, k, weight, highest, branches, stretch.before) for k in range(1, n))
        fresh, begun = False, True
        if looked:
            looked(life, stretch)
        if life.advance():
            break
    ended = _ended(life, found, stretch, highest, branches)
    if over:
        over(life, stretch, ended)


def _weighed(weight: float, found: Tree, level: int, life: Life, too_light: float) -> tuple[int, float]:
    """Return into how many lives one of this weight is split, 0 if it ends here, and the weight of each.

    A root that is too light at all is at stake: to end there costs nothing yet.
    """
    ought = found.levels.weights[level]
    if weight >= TOO_HEAVY * ought and found.branches < MOST_BRANCHES:
        n = min(AT_ONCE, int(weight / ought + 0.5))
        return n, weight / n
    if weight < too_light * ought and level < found.levels.sure:
        return (1, ought) if life.stake() * ought < weight else (0, 0.0)
    return 1, weight


def _ended(
    life: Life, found: Tree, stretch: Stretch, highest: int, branches: tuple[tuple[int, int], ...]
) -> EndedLife | None:
    """Count a life that is over; return how it reached the end, if it did."""
    if not life.came():
        return None
    for k in range(highest, len(found.passed)):  # the end lies above every level
        found.passed[k] += stretch.weight
        found.lives[k] += 1
    one = EndedLife(stretch.weight, branches)
    found.total += one.weight
    found.ends.append(one)
    return one
