"""Trees of worlds, grown from many roots on threads: each root is an ordinary world, and the trees are independent."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from sim.experiments.variants import Variant
from sim.running.ensemble import wait_for
from sim.running.rare.ends import End
from sim.running.rare.judgement import Judgement
from sim.running.rare.split_world import RunStopped, SplitWorld
from sim.running.rare.splitting import EndedLife, Levels, Life, Stretch, tree
from sim.running.rare.warning_signs import drawn_signs
from sim.world.compiled import have_kernels

#: Roots that a thread takes at a time.
ROOTS = 50
#: One look in so many is kept to learn from.
KEPT = 5
#: Lives that a tree counts for at most, where it teaches.
MOST_ALIKE = 20.0


@dataclass(frozen=True)
class Plan:
    """How worlds are split: by what judgement, at which levels; from which log odds on they are watched closely."""

    judgement: Judgement = field(default_factory=Judgement)
    levels: Levels = field(default_factory=lambda: Levels((), (1.0,)))
    near: float = np.inf


@dataclass(frozen=True)
class LearnedPlan:
    """What a pilot has taught so far: how to split, and from what that was learned."""

    plan: Plan
    learned_from: str


@dataclass(frozen=True)
class RareWorld:
    """A world that reached the end: its root, weight, branches, the day on which it was over, its outcomes then."""

    root: int
    weight: float
    branches: tuple[tuple[int, int], ...]
    day: int
    outcomes: np.void


@dataclass
class Lesson:
    """What a pilot teaches: signs at looks (n, k), of which root each is (n,), of what share each end came (n, m)."""

    signs: list[np.ndarray] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    came: list[np.ndarray] = field(default_factory=list)


@dataclass
class GrownTrees:
    """Trees of consecutive roots: the weight of ends of each (n,), sums over levels, what was lived, what was learned.

    ``days`` counts the days that all worlds lived, ``ends`` the worlds that reached the end; ``passed`` is the weight,
    and ``lives`` the number, of worlds that first reached each level. ``broken`` are roots with a world in which a law
    of the model did not hold.
    """

    first: int
    totals: np.ndarray
    passed: np.ndarray
    lives: np.ndarray
    days: int = 0
    ends: list[RareWorld] = field(default_factory=list)
    branches: int = 0
    broken: list[int] = field(default_factory=list)
    plain: bool = True
    lesson: Lesson = field(default_factory=Lesson)
    drawn: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))


class TreeStore:
    """What is there already of a variant's worlds, from a run that broke off, and where more is kept.

    This one has nothing, and keeps nothing.
    """

    def there(self, stage: str, roots: range) -> GrownTrees | None:
        """Return the trees of some roots that were grown at a stage before, if they were."""
        return None

    def add(self, stage: str, grown: GrownTrees) -> None:
        """Keep trees that were grown; called from several threads."""

    def taught(self, stage: str, teach: Callable[[], LearnedPlan]) -> LearnedPlan:
        """Return what was learned at a stage, here or before."""
        return teach()


#: Keeps nothing.
NOWHERE = TreeStore()


def grow(
    variant: Variant, end: End, plan: Plan, roots: range, seed: int, *, threads: int, learn: bool = False,
    ran: Callable[[int], None] | None = None, stage: str = "trees", keep: TreeStore = NOWHERE,
) -> list[GrownTrees]:  # fmt: skip
    """Return the trees of ``roots``, worlds of ``seed``, in their order, whoever grew them.

    ``ran`` is called with numbers of roots that are done. An interruption breaks off what is under way; trees that are
    done are in ``keep``, and those that were there before are not grown again.
    """
    have_kernels()
    flag, lives = np.zeros(1, np.int64), threading.local()

    def task(first: int, last: int) -> int:
        if not hasattr(lives, "life"):
            lives.life = SplitWorld(variant, end, plan.judgement, flag, plan.near)
        try:
            one = _grown(lives.life, plan.levels, range(first, last), seed, learn)
        except RunStopped:
            return 0
        keep.add(stage, one)
        found[first] = one
        return last - first

    def stop() -> None:
        flag[0] = 1

    parts = [range(a, min(a + ROOTS, roots.stop)) for a in range(roots.start, roots.stop, ROOTS)]
    found: dict[int, GrownTrees] = {}
    for part in parts:
        there = keep.there(stage, part)
        if there and len(there.passed) == len(plan.levels.bounds) and (there.lesson.signs or not learn):
            there.drawn = drawn_signs(variant, seed, np.arange(part.start, part.stop)) if learn else there.drawn
            found[part.start] = there
    if ran and found:
        ran(sum(len(one.totals) for one in found.values()))
    with ThreadPoolExecutor(max_workers=threads) as pool:
        missing = [part for part in parts if part.start not in found]
        wait_for([pool.submit(task, part.start, part.stop) for part in missing], ran, stop)
    return [found[part.start] for part in parts]


def _grown(life: SplitWorld, levels: Levels, roots: range, seed: int, learn: bool) -> GrownTrees:
    variant, numbers = life.variant, np.arange(roots.start, roots.stop)
    keys, values = variant.keys(seed, numbers), variant.drawn(seed, numbers)
    drawn = drawn_signs(variant, seed, numbers)
    scores = life.judgement.of_drawn(drawn)
    n = len(levels.bounds)
    grown = GrownTrees(roots.start, np.zeros(len(numbers)), np.zeros(n), np.zeros(n, np.int64), plain=n == 0)
    grown.drawn = drawn if learn else drawn[:0]
    before, life.broken = life.lived, []
    rng = np.random.default_rng([seed, roots.start])
    for k, number in enumerate(numbers.tolist()):
        life.begin(number, keys[k], values[k], float(scores[k]))
        taught = _TreeLesson(rng) if learn else None
        over = _noting(grown.ends, taught)
        found = tree(life, levels, over=over, looked=taught.looked if taught else None)
        grown.totals[k] = found.total
        grown.passed += found.passed
        grown.lives += np.array(found.lives, np.int64)
        grown.branches += found.branches
        if taught:
            taught.into(grown.lesson, k)
    grown.days, grown.broken = life.lived - before, sorted(set(life.broken))
    return grown


def _noting(ends: list[RareWorld], taught: "_TreeLesson | None") -> Callable[[Life, Stretch, EndedLife | None], None]:
    """Return what notes lives that are over: how they reached the end, and what they teach."""

    def over(life: Life, stretch: Stretch, ended: EndedLife | None) -> None:
        assert isinstance(life, SplitWorld)
        if ended:
            ends.append(RareWorld(life.number, ended.weight, ended.branches, life.world.day, life.stands.row[0]))
        if taught:
            taught.over(life, stretch)

    return over


class _TreeLesson:
    """What one tree teaches: looks, and what came of the stretches that they fall into."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.looks = rng, list[tuple[np.ndarray, Stretch]]()
        self.came: dict[Stretch, np.ndarray] = {}
        self.lives: dict[Stretch, int] = {}

    def looked(self, life: Life, stretch: Stretch) -> None:
        assert isinstance(life, SplitWorld)
        if self.rng.random() * KEPT < 1 or life.world.day == 0:
            self.looks.append((life.signs(), stretch))

    def over(self, life: SplitWorld, stretch: Stretch) -> None:
        came = stretch.weight * np.array(life.passed(), dtype=float)
        before: Stretch | None = stretch
        while before is not None:
            self.came[before] = self.came.get(before, 0.0) + came
            self.lives[before] = self.lives.get(before, 0) + 1
            before = before.before

    def into(self, lesson: Lesson, root: int) -> None:
        """Add what was learned to a lesson, of which it is the root so numbered.

        A look counts for the lives that it stands at the beginning of; a tree, for some of its lives at most: they are
        alike.
        """
        lives = np.array([self.lives.get(stretch, 1) for _, stretch in self.looks], dtype=float)
        counted = min(lives.max(initial=1.0), MOST_ALIKE) / max(lives.sum(), 1.0)
        for (signs, stretch), n in zip(self.looks, lives, strict=True):
            lesson.signs.append(signs)
            lesson.roots.append(root)
            lesson.weights.append(n * counted)
            lesson.came.append(np.asarray(self.came.get(stretch, np.zeros(1)) / stretch.weight))
