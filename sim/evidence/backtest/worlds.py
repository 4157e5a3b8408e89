"""Worlds lived from a scenario's start with their events written down, over the policies asked for."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np

from sim.errors import CrossfireError
from sim.evidence.backtest.kinds import Recorded
from sim.experiments.variants import Variant, shipped_variant
from sim.inputs.scenario import MECHANISM_IDS
from sim.running.ensemble import run_worlds
from sim.running.one_world import OneWorld

_KEPT = np.dtype([("world", "i4"), ("day", "i4"), ("kind", "i2"), ("place", "i2"), ("actor", "i2"), ("size", "f8")])
#: Worlds that are recorded before somebody is told how far it is.
AT_A_TIME = 50


@dataclass(frozen=True)
class Mixture:
    """Policies that a seat may follow, each with its share of worlds."""

    seat: str
    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Version:
    """The model as it is, or a rival of it made of the same parts: without its mechanisms, or without the data."""

    name: str
    settings: tuple[str, ...] = ()


MODEL = Version("model")
WITHOUT_MECHANISMS = Version("no_mechanisms", tuple(f"{name}=0" for name in MECHANISM_IDS))
BEFORE_THE_FIT = Version("prior", ("fitted=false",))

Shares = Sequence[tuple[Variant, range]]


def variants_of(
    scenario: str, days: int, worlds: int, mixtures: Sequence[Mixture] = (), version: Version = MODEL
) -> Shares:
    """Return each combination of policies with the numbers of the worlds that it has, by its share of them.

    World numbers run through all combinations, so that none meets the luck of another.
    """
    found, done = [], 0.0
    for one in product(*(mixture.shares for mixture in mixtures)):
        policies = tuple(f"{m.seat}={name}" for m, (name, _) in zip(mixtures, one, strict=True))
        first = round(done * worlds)
        done += float(np.prod([share for _, share in one]))
        variant = shipped_variant(scenario, (f"days={days}", *policies, *version.settings), label=scenario)
        found.append((variant, range(first, round(done * worlds))))
    return found


def recorded(
    lived: Shares, shorter: Callable[[int], Shares], ends: Sequence[int], seed: int, say: Callable[[str], None]
) -> Recorded:
    """Return what worlds live through, and their outcomes as they stand at the end of each of the days ``ends``.

    Parameters
    ----------
    lived : variants with the numbers of their worlds
        Over the longest span that is asked for.
    shorter : function
        The same for fewer days: the same worlds, which end earlier.
    """
    total = sum(len(numbers) for _, numbers in lived)
    logs: list[np.ndarray] = []
    weekly: list[np.ndarray] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for variant, numbers in lived:
            for some in _parted(numbers):
                for log, weeks in pool.map(lambda i, v=variant: _lived(v, i, seed), some):
                    logs.append(log)
                    weekly.append(weeks)
                say(f"{variant.label}: {len(logs):,} of {total:,} worlds")
    for world, log in enumerate(logs):
        log["world"] = world
    outcomes = {day: _outcomes(shorter(day + 1), seed) for day in set(ends)}
    return Recorded(total, np.concatenate(logs), np.stack(weekly), outcomes)


def _parted(numbers: range) -> Iterator[range]:
    return (numbers[at : at + AT_A_TIME] for at in range(0, len(numbers), AT_A_TIME))


def _lived(variant: Variant, number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a world's events and weeks; one that had more events than a record holds is refused, never cut short."""
    world = OneWorld(variant, number, seed, record=True).run_to()
    if world.worlds["log_full"][0]:
        raise CrossfireError(f"{world.name} has more events than its record holds: a shorter span is needed")
    events = world.events()
    found = np.empty(len(events), _KEPT)
    for name in ("day", "kind", "place", "actor", "size"):
        found[name] = events[name]
    found["world"] = 0
    return found, world.series[0].copy()


def _outcomes(shares: Shares, seed: int) -> np.ndarray:
    """Return the outcomes of worlds, in their order."""
    found = []
    for variant, numbers in shares:
        blocks = run_worlds([variant], len(numbers), seed, threads=os.cpu_count() or 1, first=numbers.start)
        found += [block.outcomes for block in blocks]
    return np.concatenate(found)
