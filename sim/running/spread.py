"""The spread of a scenario's worlds taken apart, by living each world several times with other luck.

For every headline measure, of each variant and of its difference from the baseline: how much of the variance over
worlds is chance, how much parameters, how much theory, and whether more worlds would help.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import stats
from sim.experiments.variants import Variant
from sim.inputs.labels import short_labels
from sim.names.measures import OUTCOMES
from sim.stats.few_worlds import limits_of
from sim.world.aside import processors

MEASURES = tuple(m for m in OUTCOMES if m.headline and m.kind != "category")


@dataclass(frozen=True)
class Spread:
    """One variant's spread taken apart, or (with ``against``, the baseline's label) that of a difference."""

    variant: str
    against: str
    found: dict[str, stats.VarianceComponents]

    @property
    def heading(self) -> str:
        """Return whose spread it is, in words."""
        return f"{self.variant}, less {self.against}" if self.against else self.variant

    def plain(self) -> dict[str, Any]:
        """Return plain values, by measure."""
        measures = {name: one.as_plain() for name, one in self.found.items()}
        return {"variant": self.variant, "against": self.against or None, "measures": measures}


def spreads(
    variants: Sequence[Variant], worlds: int, seed: int, replicates: int, *, threads: int | None = None,
    ran: Callable[[int], None] | None = None,
) -> list[Spread]:  # fmt: skip
    """Return the spread of each variant, then of each difference from the first, over worlds lived several times.

    Parameters
    ----------
    replicates : int
        How often each world is lived: with its parameters, traits and start, and other luck from day 0.
    """
    from sim.running.replicates import run_replicates

    lives = run_replicates(variants, worlds, seed, replicates, threads=threads or processors(), ran=ran)
    theories = _theories(variants, worlds, seed)
    names = short_labels([variant.label for variant in variants]) if len(variants) > 1 else [variants[0].label]
    days = variants[0].inputs.days
    alone = [Spread(name, "", _taken(_values(one), theories, days)) for name, one in zip(names, lives, strict=True)]
    first = _values(lives[0])
    apart = [
        Spread(name, names[0], _taken(_less(_values(one), first), theories, days, apart=True))
        for name, one in zip(names[1:], lives[1:], strict=True)
    ]
    return alone + apart


def _values(lives: np.ndarray) -> dict[str, np.ndarray]:
    return {m.name: lives[m.name] for m in MEASURES}


def _less(values: dict[str, np.ndarray], first: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: lives - first[name] for name, lives in values.items()}


def _taken(
    values: dict[str, np.ndarray], theories: list[str] | None, days: int, *, apart: bool = False
) -> dict[str, stats.VarianceComponents]:
    limits = {m.name: limits_of(m, days, apart=apart) for m in MEASURES}
    return {name: stats.taken_apart(lives, theories, limits[name]) for name, lives in values.items()}


def _theories(variants: Sequence[Variant], worlds: int, seed: int) -> list[str] | None:
    """Return the theory of each world where worlds draw theirs, the same for all variants; None where they do not."""
    numbers = np.arange(worlds)
    drawn = [variant.theories(variant.values(seed, numbers)) for variant in variants if variant.inputs.mixture]
    return drawn[0] if drawn and all(one == drawn[0] for one in drawn) and len(drawn) == len(variants) else None
