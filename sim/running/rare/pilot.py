"""A pilot: worlds that teach how near to an end others are, and at which levels to split them. They count for no more.

The first are plain ones. The second are split already, as the first have taught, and so show more of the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from sim.experiments.variants import Variant
from sim.running.rare.ends import End
from sim.running.rare.judgement import judgement_of
from sim.running.rare.splitting import Levels
from sim.running.rare.trees import NOWHERE, GrownTrees, LearnedPlan, Plan, TreeStore, grow
from sim.running.rare.warning_signs import looked_at

#: The seed of a pilot is another than that of the worlds that count.
_OTHER_SEED = 0x5EED_0F_A_9107
#: Roots in which something must have come to learn from it, and the end itself where something frequent leads to it.
ENOUGH, PLENTY = 5, 20
#: The most that a world weighs: what nobody thought likely still counts, for so much at most.
HEAVIEST = 3.0
#: A world's weight falls with its chance to this power, and by half from level to level.
POWER, HALF = 0.5, 2.0
#: From this chance on a world weighs more again, up to where it is as good as sure; and the least that is looked for.
EVEN, LEAST = 0.4, 1e-5
_SURER = (0.8, 0.9, 0.95)
#: How far above the usual a chance must be for a world to be looked at each day.
NEAR = 2.0


@dataclass(frozen=True)
class Pilot:
    """What a pilot found: how to split; days lived, roots, those with the end, what was learned from, days a root."""

    plan: Plan
    days: int
    roots: int
    ends: int
    learned_from: str
    days_a_root: float


def pilot(
    variant: Variant, end: End, seed: int, worlds: int, levels: int | None, *, threads: int,
    ran: Callable[[int], None] | None = None, keep: TreeStore = NOWHERE,
) -> Pilot:  # fmt: skip
    """Return what a pilot of about ``worlds`` whole worlds teaches.

    Parameters
    ----------
    levels : int, optional
        How many levels there are to be; as many as halve the weight all the way, by default.
    """
    other = other_seed(seed)

    def grown(stage: str, plan: Plan, roots: range) -> list[GrownTrees]:
        return grow(
            variant, end, plan, roots, other, threads=threads, learn=True, ran=ran, stage=stage, keep=keep
        )  # fmt: skip

    first = max(2, worlds * 2 // 3)
    plain = grown("plain", Plan(), range(first))
    taught = keep.taught("plain taught", lambda: _taught(variant, end, plain, levels))
    second = range(first, first + max(2, worlds - first))
    more = grown("split", taught.plan, second)
    days_a_root = sum(one.days for one in more) / len(second)
    everything = [*plain, *more]
    taught = keep.taught("split taught", lambda: _taught(variant, end, everything, levels))
    ends = len({rare.root for one in everything for rare in one.ends})
    days = sum(one.days for one in everything)
    return Pilot(taught.plan, days, second.stop, ends, taught.learned_from, days_a_root)


def other_seed(seed: int) -> int:
    """Return the seed of the pilot's worlds."""
    return (seed ^ _OTHER_SEED) % 2**63


def _taught(variant: Variant, end: End, grown: Sequence[GrownTrees], levels: int | None) -> LearnedPlan:
    """Return how to split by what was learned, and what it was learned from."""
    lessons = [one for one in grown if one.lesson.signs]
    if not lessons:
        return LearnedPlan(Plan(), "nothing")
    kinds = 1 + len(end.milestones)
    came = np.concatenate([_padded(one.lesson.came, kinds) for one in lessons])
    roots = np.concatenate([one.first + np.array(one.lesson.roots) for one in lessons])
    weights = np.concatenate([one.lesson.weights for one in lessons])
    hits = [len(np.unique(roots[came[:, k] > 0])) for k in range(kinds)]
    k = _label(hits)
    if not hits[k]:
        return LearnedPlan(Plan(), "nothing")
    state = np.concatenate([np.array(one.lesson.signs) for one in lessons])
    drawn = np.concatenate([one.drawn[one.lesson.roots] for one in lessons])
    judgement = judgement_of(state, drawn, came[:, k], weights, roots, looked_at(variant, end.on_the_ladder))
    # How often it comes is read off the plain worlds, which stand first.
    usual = sum(_came_of(one, k) for one in lessons if one.plain) / sum(len(one.totals) for one in lessons if one.plain)
    chosen = levels_for(max(usual, LEAST), levels)
    near = log_odds(min(0.5, NEAR * max(usual, LEAST)))
    return LearnedPlan(Plan(judgement, chosen, near), end.name if k == 0 else end.milestones[k - 1].said)


def _padded(came: Sequence[np.ndarray], kinds: int) -> np.ndarray:
    return np.array([one if len(one) == kinds else np.zeros(kinds) for one in came]).reshape(-1, kinds)


def _came_of(grown: GrownTrees, k: int) -> int:
    came = _padded(grown.lesson.came, k + 1 if not grown.lesson.came else len(max(grown.lesson.came, key=len)))
    return len({root for root, row in zip(grown.lesson.roots, came, strict=True) if k < len(row) and row[k] > 0})


def _label(hits: Sequence[int]) -> int:
    """Return what to learn from: the end if it came often enough, else the rarest on the way to it that did."""
    if hits[0] >= PLENTY:
        return 0
    enough = [k for k in range(1, len(hits)) if hits[k] >= ENOUGH]
    return enough[0] if enough else int(np.argmax(hits))


def levels_for(usual: float, levels: int | None = None) -> Levels:
    """Return the levels of log odds for an end that usually comes with this chance, and what worlds weigh between them.

    A world with the usual chance weighs 1, one with more of it less; below the first level, worlds weigh the most.
    """
    lowest = log(usual) - log(HEAVIEST) / POWER
    step = log(HALF) / POWER
    n = max(1, int((log(EVEN) - lowest) / step) + 1)
    if levels is not None:
        n, step = levels, (log(EVEN) - lowest) / max(levels, 1)
    chances = [exp(lowest + k * step) for k in range(n)]
    weights = [HEAVIEST * exp(-POWER * k * step) for k in range(n + 1)]
    # Where the end is nearly sure, little chance is left to be averaged over: what is spread goes with h (1 - h).
    back = [weights[-1] * min(EVEN / (1 - h), 1 / weights[-1]) ** POWER for h in _SURER]
    return Levels(tuple(map(log_odds, [*chances, *_SURER])), (*weights, *back), n + 1)


def log_odds(chance: float) -> float:
    """Return the log odds of a chance."""
    return log(chance / (1 - chance))
