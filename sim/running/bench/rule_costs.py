"""What each kind of actor costs: nanoseconds of the compiled rules, on worlds in the middle of their run.

Being run again and again moves these worlds on, so unit costs are rough.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sim.names.actors import N_FACTIONS
from sim.running.bench.floor import DAYS, measured_variant, plain_or_compiled
from sim.running.one_world import OneWorld
from sim.world.attribution import learn
from sim.world.bases import lay_out_troops
from sim.world.draws import new_day
from sim.world.government import decide_government, weigh
from sim.world.iran import decide_iran
from sim.world.iraqi_forces import press
from sim.world.isis import cells_week
from sim.world.living import compiled_view
from sim.world.militias import decide_factions, feelings, fire
from sim.world.parliament import members_week
from sim.world.perceive import count_windows, see_own, see_public
from sim.world.public import public_week
from sim.world.record import as_numbers, new_worlds
from sim.world.shape import World
from sim.world.washington import decide_washington
from sim.world.will import feel_washington

WEEKS = DAYS / 7
SAMPLE = 16


class TimedRule(NamedTuple):
    """One thing to time: its name, the rule, how many entities a call serves, and how often a world calls it."""

    name: str
    each: str
    rule: Callable[..., Any]
    entities: float
    calls: float


@cache
def middle(n: int = SAMPLE) -> np.ndarray:
    """Return ``n`` worlds in the middle of their run."""
    variant, worlds = measured_variant(), new_worlds(n)
    for k, row in enumerate(as_numbers(worlds)):
        row[:] = OneWorld(variant, k, record=False).run_to(variant.inputs.days // 2).numbers
    return worlds


def living_cells() -> int:
    """Return how many cells a world has in the middle of its run, on average over a few."""
    return max(1, round(float(middle()["n_cells"].mean())))


@plain_or_compiled
def _all_decide(w: World) -> None:
    decide_factions(w)


@plain_or_compiled
def _all_fire(w: World) -> None:
    for f in range(N_FACTIONS):
        fire(w, f)


@plain_or_compiled
def _all_feel(w: World) -> None:
    for f in range(N_FACTIONS):
        feelings(w, f)


@plain_or_compiled
def _perceive(w: World) -> None:
    count_windows(w)
    see_public(w)
    see_own(w)


@plain_or_compiled
def _washington(w: World) -> None:
    learn(w)
    decide_washington(w)
    feel_washington(w)


@plain_or_compiled
def _baghdad(w: World) -> None:
    weigh(w)
    decide_government(w)


def timed_rules() -> list[TimedRule]:
    """Return what is timed, the daily rules first."""
    members, cells = int(measured_variant().inputs.house.members), living_cells()
    return [
        TimedRule("chance", "a day's draws", new_day, 1, DAYS),
        TimedRule("perceptions", "a day, all actors", _perceive, 1, DAYS),
        TimedRule("militias decide", "a faction and day", _all_decide, N_FACTIONS, DAYS),
        TimedRule("militias fire", "a faction and day", _all_fire, N_FACTIONS, DAYS),
        TimedRule("militias feel", "a faction and day", _all_feel, N_FACTIONS, DAYS),
        TimedRule("washington", "a day", _washington, 1, DAYS),
        TimedRule("iran", "a day", decide_iran, 1, DAYS),
        TimedRule("baghdad", "a day", _baghdad, 1, DAYS),
        TimedRule("troops", "laid out, a day", lay_out_troops, 1, DAYS),
        TimedRule("parliament", "a member and week", members_week, members, WEEKS),
        TimedRule("public", "a week", public_week, 1, WEEKS),
        TimedRule("iraqi forces", "a week", press, 1, WEEKS),
        TimedRule("isis", "a living cell and week", cells_week, cells, WEEKS),
    ]


def cost_of(one: TimedRule, sample: np.ndarray, repeats: int) -> float:
    """Return the nanoseconds of one rule for one entity: the best of three, on copies of the sample."""
    rule = one.rule

    def again(worlds: Any, n: int) -> None:
        for _ in range(n):
            for i in range(len(worlds)):
                w = worlds[i]
                w.n_attacks = 0
                w.n_strikes = 0
                rule(w)

    loop = plain_or_compiled(again)
    loop(compiled_view(sample.copy()), 1)
    times = []
    for _ in range(3):
        worlds = compiled_view(sample.copy())
        began = time.perf_counter_ns()
        loop(worlds, repeats)
        times.append(time.perf_counter_ns() - began)
    return min(times) / (repeats * len(sample) * one.entities)
