"""Small worlds for tests: variants from settings, batches, and the state of a world as numbers."""

from functools import cache

import numpy as np

from sim.experiments.variants import Variant
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.running.ensemble import UnitResult, run_worlds
from sim.running.one_world import OneWorld
from sim.world.record import BLOCKS


@cache
def variant(scenario: str = "2020-soleimani", *settings: str) -> Variant:
    """Return a variant of a shipped scenario with settings such as ``us=restraint`` and ``days=60``."""
    chosen = load_scenario(scenario)
    for setting in settings:
        chosen = override(chosen, setting)
    return Variant(" ".join((scenario, *settings)), resolve(chosen))


def batch(variants: list[Variant], worlds: int = 8, seed: int = 1, **options: object) -> list[UnitResult]:
    """Return the results of a small run with digests."""
    options = {"threads": 1, "digests": True} | options
    return list(run_worlds(variants, worlds, seed, **options))  # type: ignore[arg-type]


def state(world: OneWorld) -> np.ndarray:
    """Return the state of a world (and what its actors see) as whole numbers, bit for bit."""
    first, last = BLOCKS["state"][0], BLOCKS["sees"][1]
    return world.numbers[first:last].view(np.uint64).copy()
