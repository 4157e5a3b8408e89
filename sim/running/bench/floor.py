"""The model itself, one thread, and its floor: a world's own random numbers and exponentials, and nothing else."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numba
import numpy as np

from sim.experiments.request import Request, variants_of
from sim.experiments.variants import Variant
from sim.names.actors import N_FACTIONS
from sim.names.streams import CELL_KEYS, N_DAILY
from sim.names.tables import MAX_CELLS, MAX_MEMBERS
from sim.running.ensemble import run_worlds
from sim.world.compiled import PLAIN
from sim.world.draws import GOLDEN, mix, unit

SCENARIO, DAYS = "2020-soleimani", 730
#: Exponentials that a day cannot do without: a faction's drive, its Poisson number when that is large, and its
#: comparison of motives (some on some days: two a faction on average), the hazards of conceding and of leaving, and
#: the evidence in an open case. Worlds take half as many again.
EXPONENTIALS_A_DAY = 2 * N_FACTIONS + 3
#: By the week: the season, the fading of anger, and a Poisson number of every fourth cell.
EXPONENTIALS_A_WEEK, CELLS_AN_EXPONENTIAL = 2, 4


@cache
def measured_variant() -> Variant:
    """Return what all speeds are measured of."""
    [variant] = variants_of(Request((SCENARIO,)))
    return replace(variant, inputs=replace(variant.inputs, days=DAYS))


def model_seconds(worlds: int) -> float:
    """Return the processor's seconds that a world of the model takes, on one thread."""
    began = time.process_time()
    live(worlds, 1)
    return (time.process_time() - began) / worlds


def live(worlds: int, threads: int) -> float:
    """Live so many worlds; return the seconds by the clock."""
    began = time.perf_counter()
    for _ in run_worlds([measured_variant()], worlds, 1, threads=threads):
        pass
    return time.perf_counter() - began


def plain_or_compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function compiled, or as it is where rules are."""
    return function if PLAIN else numba.njit(nogil=True, error_model="numpy")(function)


@plain_or_compiled
def _chance_alone(worlds: int, days: int, members: int, cells: int, daily: Any, weekly: Any, keys: Any) -> float:
    """Draw what worlds draw, and take the exponentials that they take; return a sum, so that nothing is left out."""
    total = 0.0
    for i in range(worlds):
        for day in range(days):
            key = mix(keys[i % len(keys)] + np.uint64(day) * GOLDEN)
            for k in range(N_DAILY):
                daily[k] = unit(mix(key ^ keys[k % len(keys)]))
            for k in range(EXPONENTIALS_A_DAY):
                total += math.exp(-daily[k])
            if day % 7 == 0:
                for k in range(members + len(CELL_KEYS) * cells):
                    weekly[k] = unit(mix(key + np.uint64(k) * GOLDEN))
                for k in range(EXPONENTIALS_A_WEEK + cells // CELLS_AN_EXPONENTIAL):
                    total += math.exp(-weekly[k])
    return total


def floor_seconds(worlds: int, cells: int) -> float:
    """Return the processor's seconds that a world would take if it were its chance alone."""
    members = int(measured_variant().inputs.house.members)
    daily, weekly = np.zeros(N_DAILY), np.zeros(MAX_MEMBERS + len(CELL_KEYS) * MAX_CELLS)
    keys = np.arange(1, 65, dtype=np.uint64) * GOLDEN
    began = time.process_time()
    _chance_alone(worlds, DAYS, members, cells, daily, weekly, keys)
    return (time.process_time() - began) / worlds
