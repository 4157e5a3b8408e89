"""Worlds lived several times over, each time with other luck."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.experiments.variants import Variant
from sim.running.ensemble import UNIT_WORLDS, wait_for
from sim.running.one_world import OneWorld, one_by_one
from sim.world.compiled import have_kernels
from sim.world.living import Lived, beyond_limits
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
                outcomes[v, i, r] = _life(begin().branch(r))
        if not stop.is_set():
            _obey(variant, first, outcomes[v, first:last])
        return (last - first) * replicates

    with ThreadPoolExecutor(max_workers=threads) as pool:
        tasks = [
            (v, a, min(a + UNIT_WORLDS // 10, worlds))
            for v in range(len(variants))
            for a in range(0, worlds, UNIT_WORLDS // 10)
        ]
        wait_for([pool.submit(task, *one) for one in tasks], ran, stop.set)
    return outcomes


def _life(world: OneWorld) -> np.void:
    """Return the outcomes of a world lived to its end; Lawless where it breaks a law on the way."""
    days = world.variant.inputs.days
    lived = world.live_to(days)
    if lived.broken >= 0:
        lived.obey(days, world.name)
    row: np.void = lived.row[0]
    return row


def _obey(variant: Variant, first: int, lives: np.ndarray) -> None:
    """Raise Lawless for a life that came to what no world can come to; of many at once, which is far quicker.

    ``lives`` are the outcomes of worlds from ``first`` on, (worlds, replicates).
    """
    days, rows = variant.inputs.days, lives.ravel()
    for k in sorted(beyond_limits(rows, days)):
        named = f"world {first + k // lives.shape[1]} of {variant.label}"
        Lived(rows[k : k + 1], -1, 0.0).obey(days, named)
