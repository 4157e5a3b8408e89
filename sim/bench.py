"""How fast the model is on this machine, what each kind of actor costs, and what chance alone would cost.

The floor is measured in the same process: the world's own random numbers and exponentials, and nothing else. Unit costs
are those of the compiled rules on worlds in the middle of their run; being run again and again moves these worlds on,
so they are rough.
"""

import math
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numba
import numpy as np

from sim.aside import processors
from sim.design import Variant
from sim.ensemble import RECORD_BYTES, WORKING_BYTES, OneWorld, compiled_view, run_worlds
from sim.names.actors import N_FACTIONS
from sim.names.streams import CELL_KEYS, N_DAILY
from sim.names.tables import MAX_CELLS, MAX_MEMBERS
from sim.running import prepare_rules
from sim.runs import Asked, arms_of
from sim.world.bases import lay_out_troops
from sim.world.compiled import PLAIN
from sim.world.draws import GOLDEN, mix, new_day, unit
from sim.world.government import decide_government, weigh
from sim.world.iran import decide_iran
from sim.world.iraqi_forces import press
from sim.world.isis import cells_week
from sim.world.militias import decide_factions, feelings, fire
from sim.world.parliament import members_week
from sim.world.perceive import count_windows, see_own, see_public
from sim.world.public import public_week
from sim.world.record import as_numbers, new_worlds
from sim.world.shape import World
from sim.world.washington import decide_washington, feel_washington, learn

SCENARIO, DAYS = "2020-soleimani", 730
WEEKS = DAYS / 7
SAMPLE = 16
#: Exponentials that a day cannot do without: a faction's drive, its Poisson number when that is large, and its
#: comparison of motives (some on some days: two a faction on average), the hazards of conceding and of leaving, and
#: the evidence in an open case.
EXPONENTIALS_A_DAY = 2 * N_FACTIONS + 3
#: By the week: the season, the fading of anger, and a Poisson number of every fourth cell.
EXPONENTIALS_A_WEEK, CELLS_AN_EXPONENTIAL = 2, 4


class Unit(NamedTuple):
    """One thing to time: its name, the rule, how many entities a call serves, and how often a world calls it."""

    name: str
    each: str
    rule: Callable[..., Any]
    entities: float
    calls: float


@dataclass(frozen=True)
class Speeds:
    """What was measured: worlds a second, the floor, and nanoseconds by kind of actor."""

    worlds_per_second_1: float
    worlds_per_second_2: float
    floor_worlds_per_second_1: float
    unit_costs: tuple[tuple[Unit, float], ...]
    worlds: int

    def plain(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {
            "scenario": SCENARIO,
            "days": DAYS,
            "worlds": self.worlds,
            "worlds_per_second_1": round(self.worlds_per_second_1, 1),
            "worlds_per_second_2": round(self.worlds_per_second_2, 1),
            "floor_worlds_per_second_1": round(self.floor_worlds_per_second_1, 1),
            "record_bytes": RECORD_BYTES,
            "working_bytes": WORKING_BYTES,
            "unit_costs_ns": {one.name: round(cost, 1) for one, cost in self.unit_costs},
            "processors": processors(),
            "python": platform.python_version(),
            "numba": numba.__version__,
            "compiled": not PLAIN,
        }

    def head(self) -> dict[str, str]:
        """Return the chief figures in words."""
        times = self.floor_worlds_per_second_1 / self.worlds_per_second_1
        return {
            f"{SCENARIO}, {DAYS} days, one thread": f"{self.worlds_per_second_1:,.0f} worlds a second",
            "two threads": f"{self.worlds_per_second_2:,.0f} worlds a second",
            "the floor, one thread": f"{self.floor_worlds_per_second_1:,.0f} worlds a second ({times:.1f} times)",
            "record": f"{RECORD_BYTES:,} bytes, of which a day works on {WORKING_BYTES:,}",
        }

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield what each kind of actor costs: each time, and over a whole world."""
        world = 1e6 / self.worlds_per_second_1
        for one, cost in self.unit_costs:
            whole = cost * one.entities * one.calls / 1000
            yield f"{one.name} ({one.each})", f"{cost:,.1f} ns", f"{whole:,.0f} µs ({whole / world:.0%})"


def measure(quick: bool = False, preparing: AbstractContextManager[Any] | None = None) -> Speeds:
    """Return the speeds of the model on this machine; ``quick`` only shows that measuring works.

    ``preparing`` surrounds the loading or compiling of the rules.
    """
    [arm] = arms_of(Asked((SCENARIO,)))
    variant = replace(arm.variant, inputs=replace(arm.variant.inputs, days=DAYS))
    worlds = 10 if quick else 400
    with preparing or nullcontext():
        prepare_rules(variant)
    one, two = (_worlds_per_second(variant, worlds * threads, threads) for threads in (1, 2))
    sample, cells = _middle(variant, 2 if quick else SAMPLE)
    floor = _floor_per_second(int(variant.inputs.house.members), cells, 2 if quick else 100)
    repeats = 2 if quick else 20
    costs = tuple((one, _cost(one, sample, repeats)) for one in _units(variant.inputs.house.members, cells))
    return Speeds(one, two, floor, costs, worlds)


def _worlds_per_second(variant: Variant, worlds: int, threads: int) -> float:
    began = time.perf_counter()
    for _ in run_worlds([variant], worlds, 1, threads=threads):
        pass
    return worlds / (time.perf_counter() - began)


def _middle(variant: Variant, n: int) -> tuple[np.ndarray, int]:
    """Return ``n`` worlds in the middle of their run, and how many cells live in one on average."""
    worlds = new_worlds(n)
    for k, row in enumerate(as_numbers(worlds)):
        row[:] = OneWorld(variant, k, record=False).run_to(variant.inputs.days // 2).numbers
    return worlds, max(1, round(float(worlds["n_cells"].mean())))


# Unit costs ------------------------------------------------------------------------------------------------------


def _plain_or_compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    return function if PLAIN else numba.njit(nogil=True, error_model="numpy")(function)


@_plain_or_compiled
def _all_decide(w: World) -> None:
    decide_factions(w)


@_plain_or_compiled
def _all_fire(w: World) -> None:
    for f in range(N_FACTIONS):
        fire(w, f)


@_plain_or_compiled
def _all_feel(w: World) -> None:
    for f in range(N_FACTIONS):
        feelings(w, f)


@_plain_or_compiled
def _perceive(w: World) -> None:
    count_windows(w)
    see_public(w)
    see_own(w)


@_plain_or_compiled
def _washington(w: World) -> None:
    learn(w)
    decide_washington(w)
    feel_washington(w)


@_plain_or_compiled
def _baghdad(w: World) -> None:
    weigh(w)
    decide_government(w)


def _units(members: int, cells: int) -> list[Unit]:
    """Return what is timed, the daily rules first."""
    return [
        Unit("chance", "a day's draws", new_day, 1, DAYS),
        Unit("perceptions", "a day, all actors", _perceive, 1, DAYS),
        Unit("militias decide", "a faction and day", _all_decide, N_FACTIONS, DAYS),
        Unit("militias fire", "a faction and day", _all_fire, N_FACTIONS, DAYS),
        Unit("militias feel", "a faction and day", _all_feel, N_FACTIONS, DAYS),
        Unit("washington", "a day", _washington, 1, DAYS),
        Unit("iran", "a day", decide_iran, 1, DAYS),
        Unit("baghdad", "a day", _baghdad, 1, DAYS),
        Unit("troops", "laid out, a day", lay_out_troops, 1, DAYS),
        Unit("parliament", "a member and week", members_week, members, WEEKS),
        Unit("public", "a week", public_week, 1, WEEKS),
        Unit("iraqi forces", "a week", press, 1, WEEKS),
        Unit("isis", "a living cell and week", cells_week, cells, WEEKS),
    ]


def _cost(one: Unit, sample: np.ndarray, repeats: int) -> float:
    """Return the nanoseconds of one rule for one entity: the best of three, on copies of the sample."""
    rule = one.rule

    def again(worlds: Any, n: int) -> None:
        for _ in range(n):
            for i in range(len(worlds)):
                w = worlds[i]
                w.n_attacks = 0
                w.n_strikes = 0
                rule(w)

    loop = _plain_or_compiled(again)
    loop(compiled_view(sample.copy()), 1)
    times = []
    for _ in range(3):
        worlds = compiled_view(sample.copy())
        began = time.perf_counter_ns()
        loop(worlds, repeats)
        times.append(time.perf_counter_ns() - began)
    return min(times) / (repeats * len(sample) * one.entities)


# The floor -------------------------------------------------------------------------------------------------------


@_plain_or_compiled
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


def _floor_per_second(members: int, cells: int, worlds: int) -> float:
    """Return how many worlds a second there would be if a world were its chance alone."""
    daily, weekly = np.zeros(N_DAILY), np.zeros(MAX_MEMBERS + len(CELL_KEYS) * MAX_CELLS)
    keys = np.arange(1, 65, dtype=np.uint64) * GOLDEN
    _chance_alone(1, 7, members, cells, daily, weekly, keys)
    times = []
    for _ in range(3):
        began = time.perf_counter()
        _chance_alone(worlds, DAYS, members, cells, daily, weekly, keys)
        times.append(time.perf_counter() - began)
    return worlds / min(times)
