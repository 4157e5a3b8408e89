"""What an outcome rests on: the rules, mechanisms and sources among the causes of an event, counted over worlds.

The causes of an event are followed back to the start through the record of a world: what it answers, and what else had
a part in it. An outcome that names a mechanism in every world falls with it; `crossfire story` shows any such world.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.variants import Variant
from sim.inputs.claims import load_claims
from sim.names.events import EXIT_DECIDED, EXITED
from sim.names.mechanisms import MECHANISMS
from sim.running.one_world import OneWorld
from sim.stories.events import cited_rule

#: Events whose causes are followed, the first that a world has.
ENDS = (EXIT_DECIDED, EXITED)


@dataclass(frozen=True)
class Ground:
    """One thing that an outcome rests on: a mechanism or a rule, its title or what it cites, its documents.

    ``share`` is the share of the worlds looked at in which it is among the causes.
    """

    name: str
    title: str
    sources: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Grounds:
    """What the exits of a variant's worlds rest on, the commonest first; from ``worlds`` worlds."""

    worlds: int
    mechanisms: tuple[Ground, ...]
    rules: tuple[Ground, ...]


def grounds_of_exits(variant: Variant, worlds: Sequence[int], seed: int) -> Grounds:
    """Return what the exits of these worlds rest on; worlds without one are left out."""
    mechanisms: Counter[str] = Counter()
    rules: Counter[tuple[str, tuple[str, ...]]] = Counter()
    n = 0
    drawn = variant.drawn(seed, worlds)  # for all at once, which is far quicker than one by one
    for number, own in zip(worlds, drawn, strict=True):
        log = OneWorld(variant, number, seed, record=True, drawn=own).run_to().events()
        causes = ancestors(log, ENDS)
        n += bool(len(causes))
        mechanisms.update({MECHANISMS[int(c) - 1].id for c in causes["claim"] if c})
        cited = (cited_rule(variant.inputs, int(rule)) for rule in causes["rule"])
        rules.update({(f"{one.actor} {one.policy}: {one.rule}", one.claims) for one in cited if one})
    return Grounds(n, tuple(_of_mechanisms(mechanisms, n)), tuple(_of_rules(rules, n)))


def ancestors(log: np.ndarray, kinds: Sequence[int]) -> np.ndarray:
    """Return the last event of the first of ``kinds`` that a world has, and all its causes; nothing without one."""
    last = next((int(np.flatnonzero(log["kind"] == kind)[-1]) for kind in kinds if (log["kind"] == kind).any()), -1)
    if last < 0:
        return log[:0]
    place_of = {int(event): k for k, event in enumerate(log["id"])}
    found, todo = {last}, [last]
    while todo:
        row = log[todo.pop()]
        for cause in (int(row["cause"]), int(row["also"])):
            place = place_of.get(cause, -1)
            if place >= 0 and place not in found:
                found.add(place)
                todo.append(place)
    return log[sorted(found)]


def _of_mechanisms(counts: Counter[str], worlds: int) -> Iterable[Ground]:
    ledger = load_claims()
    for name, n in sorted(counts.items(), key=_commonest_first):
        yield Ground(name, ledger[name].title, ledger[name].sources, n / worlds)


def _of_rules(counts: Counter[tuple[str, tuple[str, ...]]], worlds: int) -> Iterable[Ground]:
    for (name, claims), n in sorted(counts.items(), key=_commonest_first):
        yield Ground(name, "", claims, n / worlds)


def _commonest_first(counted: tuple[Any, int]) -> tuple[int, Any]:
    """Return by what causes are put in order; what is as common goes by name, not by how a set had it."""
    name, n = counted
    return -n, name
