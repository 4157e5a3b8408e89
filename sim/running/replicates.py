"""Worlds lived several times over, each time with other luck."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.experiments.variants import Variant
from sim.running.ensemble import UNIT_WORLDS, wait_for
from sim.running.one_world import one_by_one
from sim.world.compiled import have_kernels
from sim.world.record import OUTCOME


def run_replicates(
    variants: Sequence[Variant], worlds: int, seed: int, replicates: int, *, threads: int,
    ran: Callable[[int], None] | None = None,
) -> np.ndarray:  # fmt: skip
    """Return the outcomes of worlds lived several times over, (variants, worlds, replicates) of type OUTCOME.

    Lives of a world have its parameters, traits and start in common, and other luck from day 0: replicate r is its
    branch r (``OneWorld.branch``), so 0 is the world of an ordinary run. All variants meet the same luck in it.
    """
    have_kernels()
    outcomes = np.zeros((len(variants), worlds, replicates), OUTCOME)
    stop = threading.Event()

    def task(v: int, first: int, last: int) -> int:
        variant = variants[v]
        for i, begin in zip(range(first, last), one_by_one(variant, range(first, last), seed), strict=True):
            for r in range(0 if stop.is_set() else replicates):
                outcomes[v, i, r] = begin().branch(r).lived(variant.inputs.days)[0]
        return (last - first) * replicates

    with ThreadPoolExecutor(max_workers=threads) as pool:
        tasks = [
            (v, a, min(a + UNIT_WORLDS // 10, worlds))
            for v in range(len(variants))
            for a in range(0, worlds, UNIT_WORLDS // 10)
        ]
        wait_for([pool.submit(task, *one) for one in tasks], ran, stop.set)
    return outcomes
