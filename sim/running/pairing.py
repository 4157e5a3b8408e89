"""The audit of pairing: two variants' worlds are equal to the bit until a first decision differs, which is named.

A few worlds of both variants are lived side by side, week by week until their states differ, then again day by day
to the first day that parts them. On that day some seat must have decided differently, or an input that the variants do
not share must have told. Else the same past has parted by itself: an error, and its place is said.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sim.experiments.variants import Drawn, Variant
from sim.names.actors import SEATS
from sim.results.pairing import (
    DECISION,
    ERROR,
    FROM_THE_START,
    INPUT,
    NEVER,
    NOTHING,
    PairingAudit,
    Parting,
)
from sim.running.one_world import OneWorld, one_by_one
from sim.world.record import BLOCKS, STATE_BLOCK, WORLD

#: Worlds that are looked at, of a thousand or more; of fewer, a fiftieth, but at least so many. Many variants share
#: so many pairs out among them.
SAMPLE, FEWEST, MOST_PAIRS = 20, 3, 600
WEEK = 7
#: Inputs that a policy is written in: they may differ where policies do.
_OF_POLICIES = ("policies", "policy_of")


def audit_pairing(variants: Sequence[Variant], worlds: int, seed: int, sample: int = SAMPLE) -> list[PairingAudit]:
    """Return for each variant after the first how worlds of it part from the first's.

    Parameters
    ----------
    variants : sequence of Variant
        The baseline first.
    worlds, seed : int
        Those of the run; the sampled worlds lie evenly among them.
    sample : int
        How many to look at, of a thousand worlds or more; of fewer, a fiftieth.
    """
    few = min(worlds, sample, max(FEWEST, min(worlds // 50, MOST_PAIRS // len(variants))))
    numbers = sorted({int(number) for number in np.linspace(0, worlds - 1, few).round()})
    known: Drawn = {}
    return [
        PairingAudit(other.label, tuple(_partings(variants[0], other, numbers, seed, known))) for other in variants[1:]
    ]


def _partings(first: Variant, second: Variant, numbers: list[int], seed: int, known: Drawn) -> Iterator[Parting]:
    days = min(first.inputs.days, second.inputs.days)
    pairs = zip(one_by_one(first, numbers, seed, known), one_by_one(second, numbers, seed, known), strict=True)
    for number, (begin_first, begin_second) in zip(numbers, pairs, strict=True):
        pair = begin_first(), begin_second()
        shared = _share_inputs(*pair)
        if _place(*pair):
            yield Parting(number, ERROR if shared else FROM_THE_START, 0, place=_place(*pair))
            continue
        week = _first_day(pair, 0, days, WEEK)
        if week is None:
            yield Parting(number, NEVER)
            continue
        pair = begin_first().run_to(week), begin_second().run_to(week)
        day = _first_day(pair, week, min(week + WEEK, days), 1)
        yield _explained(pair, number, week if day is None else day, shared)


def _first_day(pair: tuple[OneWorld, OneWorld], first: int, last: int, step: int) -> int | None:
    """Return the first of the mornings ``step`` days apart after which the worlds part, living both on to the next."""
    for day in range(first, last, step):
        for world in pair:
            world.run_to(min(day + step, last))
        if _place(*pair):
            return day
    return None


def _explained(pair: tuple[OneWorld, OneWorld], number: int, day: int, shared: bool) -> Parting:
    """Return what parted two worlds that were equal on the morning of ``day``, and have lived it."""
    first, second = (_decided(world, day) for world in pair)
    for seat in SEATS:
        apart = [{deed: rule for deed, rule in one.items() if deed[0] == seat and deed not in other}
                 for one, other in ((first, second), (second, first))]  # fmt: skip
        if apart[0] or apart[1]:
            said = [", ".join(dict.fromkeys(rules.values())) or NOTHING for rules in apart]
            return Parting(number, DECISION, day, seat, *said)
    return Parting(number, ERROR if shared else INPUT, day, place=_place(*pair))


def _decided(world: OneWorld, day: int) -> dict[tuple[str, str, tuple], str]:
    """Return what every seat did on a day, (seat, action, options), with the rule and action in words."""
    inputs, fired = world.variant.inputs, world.worlds[0]["fired_day"]
    deeds = {}
    for seat, k in enumerate(inputs.policy_of):
        for r, rule in enumerate(inputs.policies[k].all_rules):
            if fired[seat, r] == day:
                name = rule.deed.action.name
                deeds[SEATS[seat], name, rule.deed.options] = f"{rule.name} ({name.replace('_', ' ')})"
    return deeds


def _share_inputs(first: OneWorld, second: OneWorld) -> bool:
    """Return whether two worlds have the same inputs but for their policies, so that they should share a past."""
    a, b = (world.numbers[_INPUTS].view(np.uint64) for world in (first, second))
    return np.array_equal(a, b)


def _place(first: OneWorld, second: OneWorld) -> str:
    """Return the first field of the state that differs, by its path; nothing if the states are equal to the bit."""
    a, b = (world.numbers[STATE_BLOCK].view(np.uint64) for world in (first, second))
    if np.array_equal(a, b):
        return ""
    return _path(8 * (STATE_BLOCK.start + int(np.argmax(a != b))))


def _path(at: int, dtype: Any = WORLD) -> str:
    """Return the path of the field at this byte, as ``offset`` takes it."""
    base, shape = dtype.subdtype or (dtype, ())
    if shape:
        entry, rest = divmod(at, base.itemsize)
        path = ".".join(str(k) for k in np.unravel_index(entry, shape))
        return ".".join([path, *filter(None, [_path(rest, base)])])
    for name in base.names or ():
        kind, start = base.fields[name][:2]
        if start <= at < start + kind.itemsize:
            return ".".join([name, *filter(None, [_path(at - start, kind)])])
    return ""


_FIELDS: Any = WORLD.fields


def _end_of(name: str) -> int:
    """Return the place after a field of the record, in numbers."""
    kind, start = _FIELDS[name][:2]
    return int(start + kind.itemsize) // 8


#: Where inputs stand that are no policies: these come first in a record.
_INPUTS = slice(max(_end_of(name) for name in _OF_POLICIES), BLOCKS["inputs"][1])
