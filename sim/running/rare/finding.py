"""The chance of a rare end under each variant: a pilot, then trees of worlds, and what can be said of the rare ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import stats
from sim.experiments.variants import Variant
from sim.names.events import EVENT_KINDS
from sim.running.one_world import OneWorld
from sim.running.progress import Progress
from sim.running.rare.ends import End
from sim.running.rare.pilot import Pilot, pilot
from sim.running.rare.trees import NOWHERE, GrownTrees, RareWorld, TreeStore, grow
from sim.wording import in_shell
from sim.world.aside import processors

#: The part of the effort that the pilot takes and the most worlds of it, and the most roots for each world's worth.
PILOT_SHARE, PILOT_MOST, MOST_ROOTS = 0.25, 1500, 50
#: Rare worlds that are kept by name, and those that are lived again for how they came to it.
KEPT, TRACED = 200, 60
#: Links of a chain of causes that are told.
LINKS = 4
_KINDS = tuple(kind.name for kind in EVENT_KINDS)
#: The event by which an end comes, of which the causes are followed.
_EVENTS = {
    "open_war": "war_began", "highest_rung": "war_began", "sanctions_imposed": "sanctions",
    "framework_signed": "framework_signed", "vote_passed": "vote_passed", "vote_held": "vote_passed",
    "first_demand_in_office": "demanded",
    "exited": "exit_decided", "exit_ugly": "exit_decided", "exit_kind": "exit_decided", "exit_cause": "exit_decided",
    "presence_end": "exit_decided", "north_kept": "exit_decided",
}  # fmt: skip


@dataclass(frozen=True)
class RareFinding:
    """What was found of one variant: the chance, what it took, and the worlds in which the end came."""

    variant: Variant
    end: End
    seed: int
    effort: int
    pilot: Pilot
    grown: Sequence[GrownTrees]

    @property
    def days(self) -> int:
        """Return the days that a plain world lives."""
        return self.variant.inputs.days

    @property
    def rare(self) -> list[RareWorld]:
        """Return the worlds in which the end came."""
        return [one for grown in self.grown for one in grown.ends]

    def plain(self) -> dict[str, Any]:
        """Return plain values."""
        totals = np.concatenate([grown.totals for grown in self.grown])
        chance = stats.chance_of_end(totals, max((1.0, *self.pilot.plan.levels.weights)))
        lived = sum(grown.days for grown in self.grown)
        world_days = lived + self.pilot.days
        alike, gain = None, None
        if chance.p:
            alike = stats.plain_worlds(chance.p, chance.low, chance.high)
            gain = alike * self.days / world_days
        return {
            "label": self.variant.label, "inputs": self.variant.plain(), "end": self.end.name, "said": self.end.said,
            "seed": self.seed, "effort": self.effort, "days": self.days, **chance.as_plain(), "world_days": world_days,
            "plain_worlds": alike, "gain": gain,
            "pilot": {
                "roots": self.pilot.roots, "world_days": self.pilot.days, "reached": self.pilot.ends,
                "learned_from": self.pilot.learned_from,
            },
            "levels": self._levels(len(totals)), "failed": len({r for grown in self.grown for r in grown.broken}),
            "ends": len(self.rare), "paths": self._paths(), "worlds": [self._world(one) for one in self._told()],
        }  # fmt: skip

    def _levels(self, roots: int) -> list[dict[str, Any]]:
        """Return the levels: the chance judged there, the weight above, the share of worlds that reached it."""
        levels = self.pilot.plan.levels
        passed, lives = (np.sum([getattr(g, name) for g in self.grown], axis=0) for name in ("passed", "lives"))
        return [
            {
                "judged": float(1 / (1 + np.exp(-bound))), "weight": weight, "passed": float(passed[k] / roots),
                "lives": int(lives[k]),
            }
            for k, (bound, weight) in enumerate(zip(levels.bounds, levels.weights[1:], strict=True))
        ]  # fmt: skip

    def _told(self) -> list[RareWorld]:
        """Return the worlds that are kept by name: those that stand for most."""
        return sorted(self.rare, key=lambda one: (-one.weight, one.root, one.branches))[:KEPT]

    def _world(self, one: RareWorld) -> dict[str, Any]:
        branches = [f"{day}.{number}" for day, number in one.branches]
        words = [word for text in branches for word in ("--branch", text)]
        command = " ".join([self.variant.command(one.root, self.seed), in_shell(words)]).strip()
        return {"world": one.root, "weight": one.weight, "day": one.day, "branches": branches, "command": command}

    def _paths(self) -> list[dict[str, Any]]:
        """Return chains of causes that led to the end, and the share of rare worlds of each, most frequent first."""
        rare = self.rare
        event = _EVENTS.get(self.end.measure.name)
        if not rare or event is None:
            return []
        weights = np.array([one.weight for one in rare])
        # Evenly along the weights: each world taken stands for as much as any other.
        at = (np.arange(TRACED) + 0.5) / TRACED * weights.sum()
        taken = np.minimum(np.searchsorted(np.cumsum(weights), at), len(rare) - 1)
        chains: dict[str, int] = {}
        known: dict[int, str] = {}
        for k in taken.tolist():
            if k not in known:
                known[k] = chain_of_causes(lived_again(self.variant, rare[k], self.seed), event)
            chains[known[k]] = chains.get(known[k], 0) + 1
        ranked = sorted(chains.items(), key=lambda item: (-item[1], item[0]))
        return [{"path": path, "share": n / TRACED} for path, n in ranked]


def lived_again(variant: Variant, one: RareWorld, seed: int) -> OneWorld:
    """Return a rare world lived again up to the day on which the end had come, its events written down."""
    return OneWorld(variant, one.root, seed, record=True, branches=one.branches).run_to(one.day)


def chain_of_causes(world: OneWorld, event: str) -> str:
    """Return what led to the last event of a kind: causes of causes, the earliest first; in words."""
    log = world.events()
    mine = np.flatnonzero(log["kind"] == _KINDS.index(event))
    if not len(mine):
        return "otherwise"
    place = {int(number): k for k, number in enumerate(log["id"])}
    chain: list[str] = []
    k: int | None = int(mine[-1])
    while k is not None and len(chain) <= LINKS:
        chain.append(_KINDS[int(log["kind"][k])].replace("_", " "))
        k = place.get(int(log["cause"][k]))
    return " > ".join(reversed(chain))


def find(
    variants: Sequence[Variant],
    end: End,
    seed: int,
    effort: int,
    levels: int | None,
    *,
    threads: int | None,
    progress: Progress,
) -> list[RareFinding]:
    """Return what was found of each variant, each by itself, with the days of about ``effort`` plain worlds."""
    return [find_one(variant, end, seed, effort, levels, threads=threads, progress=progress) for variant in variants]


def find_one(
    variant: Variant, end: End, seed: int, effort: int, levels: int | None, *, threads: int | None, progress: Progress,
    keep: TreeStore = NOWHERE,
) -> RareFinding:  # fmt: skip
    """Return what was found of a variant; ``keep`` has what is there of its worlds, and takes what is new."""
    threads = threads or processors()
    learning = max(4, min(PILOT_MOST, int(PILOT_SHARE * effort)))
    with progress.running(learning):
        before = pilot(variant, end, seed, learning, levels, threads=threads, ran=progress.ran, keep=keep)
    days = variant.inputs.days
    left = max(0.0, effort * days - before.days)
    roots = int(min(max(left / max(before.days_a_root, 1.0), 2), MOST_ROOTS * effort))
    with progress.running(roots):
        grown = grow(variant, end, before.plan, range(roots), seed, threads=threads, ran=progress.ran, keep=keep)
    return RareFinding(variant, end, seed, effort, before, grown)
