"""Run worlds: the compiled loop over a block of them, and one world at a time.

``numbers`` is a world's memory as float64. The template holds everything that all worlds of a variant share; a column
of the worlds table is poked in at its place. A record is used again for the next world after its state is cleared.
"""

import numpy as np

from sim.names.perceptions import NEVER
from sim.world.compiled import rule
from sim.world.day import one_day, start
from sim.world.laws import broken_sum, counted
from sim.world.measures import read_outcomes, read_week
from sim.world.record import BEHIND, BLOCKS

_SEED, _TIMES, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(29)
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
_INPUTS_END = BLOCKS["inputs"][1]
_STATE_FIRST, _STATE_END = BLOCKS["memory"][0], BLOCKS["scratch"][1]
_DIGEST_FIRST, _DIGEST_END = BLOCKS["state"][0], BLOCKS["sees"][1]
#: What ``run_block`` is given where nothing of a world is kept but what it comes to.
NOTHING_KEPT = np.zeros(0, np.int64), np.zeros((0, 1, 0))


@rule
def prepare(worlds, numbers, template, places, values, key):  # type: ignore[no-untyped-def]
    """Set ``worlds[0]`` to the morning of day 0: inputs from the template and one row of values, state clear."""
    for k in range(_INPUTS_END):  # slices would be compared in length, and an error about them made up at run time
        numbers[k] = template[k]
    for k in range(len(places)):
        numbers[places[k]] = values[k]
    numbers[_STATE_FIRST:_STATE_END] = 0.0
    worlds[0].key = key
    worlds[0].log_full = 0
    start(worlds[0])


@rule
def digest(numbers):  # type: ignore[no-untyped-def]
    """Return a 64-bit digest of a world's state: equal worlds have equal ones."""
    bits = numbers.view(np.uint64)
    a, b, c, d = _SEED, _SEED + _ONE, _SEED + _TWO, _SEED + _THREE  # four strands: none waits for another
    k = _DIGEST_FIRST
    while k + 4 <= _DIGEST_END:
        a, b = stirred(a, bits[k]), stirred(b, bits[k + 1])
        c, d = stirred(c, bits[k + 2]), stirred(d, bits[k + 3])
        k += 4
    while k < _DIGEST_END:
        a = stirred(a, bits[k])
        k += 1
    return stirred(stirred(stirred(a, b), c), d)


@rule
def stirred(a, bits):  # type: ignore[no-untyped-def]
    """Return a digest into which 64 more bits have gone."""
    a = (a ^ bits) * _TIMES
    return a ^ (a >> _SHIFT)


@rule
def lawless(numbers, lawful, least, most):  # type: ignore[no-untyped-def]
    """Return which of the ``lawful`` places holds less or more than it may, or no number at all; -1 for none."""
    for k in range(len(lawful)):
        if not least[k] <= numbers[lawful[k]] <= most[k]:
            return k
    return -1


@rule
def run_block(  # type: ignore[no-untyped-def]
    worlds, numbers, template, places, values, keys, lucks, fresh, first, last, outcomes, series, digests, lawful,
    least, most, broken, found, stop, watched, kept,
):  # fmt: skip
    """Run worlds from day ``first`` to ``last``; fill ``outcomes`` (n,), ``series`` and ``digests`` (n or 0, weeks).

    ``broken`` (n,) takes the place in the record where a world breaks a law in the end, -1 where none (of a sum it is
    the law's number, counted on from the record's end), and ``found`` (n,) what stands there. Where ``stop`` (1,) turns
    from 0, which other threads may do, the block is broken off.

    What stands in the ``watched`` (k,) places of the record in the evening of each day goes into ``kept`` (k, n, days).

    ``fresh`` worlds are prepared first, and meet the luck of their own key in ``lucks``; otherwise the block is the one
    world at hand, which lives on. All that runs worlds goes through here: what calls every rule is compiled once.
    """
    w = worlds[0]
    for i in range(len(keys)):
        if fresh:
            prepare(worlds, numbers, template, places, values[i], keys[i])
            w.luck = lucks[i]
        for day in range(first, last):
            if stop[0] != 0:
                return
            one_day(w)
            for k in range(len(watched)):
                kept[k, i, day] = numbers[watched[k]]
            if day % 7 == 0:
                _record(w, numbers, i, day // 7, series, digests)
        read_outcomes(w, outcomes[i])
        k, law = lawless(numbers, lawful, least, most), broken_sum(w)
        broken[i] = lawful[k] if k >= 0 else BEHIND + law if law >= 0 else -1
        found[i] = numbers[lawful[k]] if k >= 0 else counted(w, law) if law >= 0 else 0.0


@rule
def squeeze(kept, flat, aging, marks, counts):  # type: ignore[no-untyped-def]
    """Write what was kept daily (k, n, days) anew, as what it was on the days on which it changed; return how many.

    They take the first places of ``kept``, which ``flat`` shows in one row, one column and world after another:
    ``counts`` (k, n) says how many each has, and the bits of ``marks`` (k, n, bytes) on which days. The first
    ``aging`` columns count days, which grow by one a day: they are written less the day, and half a day to tell them
    by, unless they are 0 or for never.
    """
    total, bits = 0, kept.view(np.uint64)
    for k in range(kept.shape[0]):
        for i in range(kept.shape[1]):
            first = total
            for day in range(kept.shape[2]):
                x = kept[k, i, day]
                if k < aging and x != 0.0 and x != NEVER:
                    kept[k, i, day] = x - day - 0.5
                if day == 0 or bits[k, i, day] != bits[k, i, day - 1]:
                    marks[k, i, day // 8] |= 1 << day % 8
                    flat[total] = kept[k, i, day]
                    total += 1
            counts[k, i] = total - first
    return total


@rule
def _record(w, numbers, i, week, series, digests):  # type: ignore[no-untyped-def]
    read_week(w, series[min(i, series.shape[0] - 1), week])
    if digests.shape[0] > 0:
        digests[i, week] = digest(numbers)
