"""Run many worlds on threads, and one world by itself.

A task is a few dozen consecutive worlds; threads take tasks as they come, each with one record that it uses again and
again. The compiled day holds no lock, so threads run truly side by side, and no result depends on who ran what.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.design import Variant
from sim.names.measures import OUTCOMES
from sim.world import kernel
from sim.world.compiled import PLAIN
from sim.world.draws import mix, world_keys
from sim.world.record import BLOCKS, OUTCOME, WEEK, WORLD, as_numbers, new_worlds

#: Worlds in a task, and in a part of the results.
TASK, BLOCK = 25, 500
#: Blocks that run while the caller is busy with an earlier one.
AHEAD = 1
_ALWAYS = tuple(m.name for m in OUTCOMES if not m.among)


@dataclass(frozen=True)
class Block:
    """What came of consecutive worlds of one variant: outcomes (n,), weekly series (k, weeks), inputs, failures."""

    variant: int
    first: int
    outcomes: np.ndarray
    series: np.ndarray
    inputs: dict[str, np.ndarray]
    failed: tuple[int, ...]
    digests: np.ndarray


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def weeks_of(days: int) -> int:
    """Return how many weekly records a run of ``days`` has (days 0, 7, 14, ...)."""
    return (days + 6) // 7


def compiled_view(worlds: np.ndarray) -> Any:
    """Return ``worlds`` as rules take them: the array itself, or in plain mode records with attributes."""
    return worlds.view(np.recarray) if PLAIN else worlds


class _Scratch(threading.local):
    """One record a thread, used for one world after another."""

    def __init__(self) -> None:
        self.worlds = new_worlds(1)
        self.numbers = as_numbers(self.worlds)[0]


def run_worlds(
    variants: list[Variant],
    worlds: int,
    seed: int,
    *,
    threads: int,
    first: int = 0,
    series_worlds: int | None = None,
    digests: bool = False,
    skip: Callable[[int, int, int], bool] | None = None,
    ran: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Block]:
    """Yield blocks of worlds ``first`` to ``first + worlds`` of every variant, in order, each as soon as it is whole.

    Parameters
    ----------
    series_worlds : int, optional
        Keep the weekly series of this many worlds of each variant (all by default).
    skip : function, optional
        ``skip(variant, first, n)`` says that a block is already there.
    ran : function, optional
        Called with the number of worlds that have just finished.
    stop : Event, optional
        Set it to break off: the block under way is dropped, and no further one comes.
    """
    stop = stop or threading.Event()
    whole = _Whole(worlds, seed, first, worlds if series_worlds is None else series_worlds, digests)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        waiting: deque[_Job] = deque()
        try:
            for job in _jobs(variants, whole, skip, ran):
                waiting.append(job.begin(pool, stop))
                if len(waiting) > AHEAD:
                    yield from waiting.popleft().block(ran)
            while waiting:
                yield from waiting.popleft().block(ran)
        finally:  # an interruption, or a caller who wants no more, stops what is still under way
            if waiting:
                stop.set()


@dataclass(frozen=True)
class _Whole:
    """What is asked of every variant."""

    worlds: int
    seed: int
    first: int
    series_worlds: int
    digests: bool


def _jobs(
    variants: list[Variant], whole: _Whole, skip: Callable[[int, int, int], bool] | None,
    ran: Callable[[int], None] | None,
) -> "Iterator[_Job]":  # fmt: skip
    scratch = _Scratch()
    # The same worlds of every variant, then the next ones: what is broken off can be compared as far as it got.
    for start in range(whole.first, whole.first + whole.worlds, BLOCK):
        n = min(BLOCK, whole.first + whole.worlds - start)
        for number, variant in enumerate(variants):
            if not (skip and skip(number, start, n)):
                yield _Job(variant, number, start, n, whole, scratch)
            elif ran:
                ran(n)


class _Job:
    """A block of worlds on its way: its tables, and the tasks that fill them."""

    def __init__(self, variant: Variant, number: int, start: int, n: int, whole: _Whole, scratch: _Scratch) -> None:
        self.variant, self.number, self.start, self.n, self.scratch = variant, number, start, n, scratch
        weeks = weeks_of(variant.inputs.days)
        self.keys = world_keys(whole.seed, np.arange(start, start + n))
        self.values = variant.values(self.keys)
        self.pokes = variant.pokes(self.values) if variant.columns else np.zeros((n, 0))
        self.outcomes = np.zeros(n, OUTCOME)
        self.kept = max(0, min(n, whole.first + whole.series_worlds - start))
        self.series = np.zeros((n if self.kept else 0, weeks), WEEK)
        self.marks = np.zeros((n if whole.digests else 0, weeks), np.uint64)

    def begin(self, pool: ThreadPoolExecutor, stop: threading.Event) -> "_Job":
        """Hand the block's tasks to the threads; return itself."""
        self.stop = stop
        self.futures = [pool.submit(self.task, a, min(a + TASK, self.n)) for a in range(0, self.n, TASK)]
        return self

    def task(self, a: int, b: int) -> int:
        """Run worlds ``a`` to ``b`` of the block; return how many ran."""
        if self.stop.is_set():
            return 0
        days, variant = self.variant.inputs.days, self.variant
        rows = self.series[a:b] if self.kept else np.zeros((1, weeks_of(days)), WEEK)
        kernel.run_block(
            compiled_view(self.scratch.worlds), self.scratch.numbers, variant.template, variant.places,
            self.pokes[a:b], self.keys[a:b], True, 0, days, compiled_view(self.outcomes[a:b]), compiled_view(rows),
            self.marks[a:b],
        )  # fmt: skip
        return b - a

    def block(self, ran: Callable[[int], None] | None) -> Iterator[Block]:
        """Yield the block when all its tasks are done; nothing when the run was stopped."""
        _wait_for(self.futures, ran, self.stop)
        if not self.stop.is_set():
            yield Block(self.number, self.start, self.outcomes, self.series[: self.kept], self.values,
                        _failed(self.outcomes, self.start), self.marks)  # fmt: skip


def _wait_for(futures: list[Future[int]], ran: Callable[[int], None] | None, stop: threading.Event) -> None:
    """Wait for all tasks, telling ``ran`` of each; an interruption sets ``stop`` and waits for what is under way."""
    waiting = set(futures)
    try:
        while waiting:
            done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                n = future.result()
                if ran:
                    ran(n)
    except BaseException:
        stop.set()
        for future in waiting:
            future.cancel()
        raise


def _failed(outcomes: np.ndarray, start: int) -> tuple[int, ...]:
    """Return the worlds whose outcomes make no sense: a number that is always defined is not."""
    bad = np.zeros(len(outcomes), bool)
    for name in _ALWAYS:
        bad |= ~np.isfinite(outcomes[name])
    return tuple(int(start + i) for i in np.flatnonzero(bad))


def draws_of(variant: Variant, keys: np.ndarray) -> np.ndarray:
    """Return what worlds with these keys draw, as rows of what goes to ``variant.places``: (worlds, places)."""
    return variant.pokes(variant.values(keys)) if variant.columns else np.zeros((len(keys), 0))


class OneWorld:
    """One world, followed day by day: the same world as in a batch, which can be recorded, kept and branched.

    Parameters
    ----------
    variant : Variant
        What the world is made of.
    number, seed : int
        Which world.
    record : bool
        Whether its events are written down.
    drawn : array, optional
        Its row of ``variant.pokes``, where many worlds have been drawn at once.
    """

    def __init__(
        self, variant: Variant, number: int, seed: int = 1, record: bool = True, drawn: np.ndarray | None = None
    ) -> None:
        self.variant, self.number, self.seed = variant, number, seed
        self.worlds = new_worlds(1)
        self.numbers: np.ndarray = as_numbers(self.worlds)[0]
        self.series = np.zeros((1, weeks_of(variant.inputs.days)), WEEK)
        self.worlds["recording"] = int(record)
        keys = world_keys(seed, np.array([number]))
        self._begin(number, keys[0], draws_of(variant, keys)[0] if drawn is None else drawn)

    def _begin(self, number: int, key: np.uint64, pokes: np.ndarray) -> None:
        """Become world ``number`` on the morning of day 0."""
        self.number = number
        variant = self.variant
        kernel.prepare(compiled_view(self.worlds), self.numbers, variant.template, variant.places, pokes, key)

    @property
    def day(self) -> int:
        """Return the day that comes next."""
        return int(self.worlds["day"][0])

    def run_to(self, day: int | None = None) -> "OneWorld":
        """Live on to the morning of ``day`` (the end by default); return itself."""
        last = self.variant.inputs.days if day is None else day
        self.lived(last)
        return self

    def lived(self, last: int) -> np.ndarray:
        """Live on to the morning of day ``last``; return the outcomes as they stand then (1,)."""
        row, marks = np.zeros(1, OUTCOME), np.zeros((0, self.series.shape[1]), np.uint64)
        kernel.run_block(
            compiled_view(self.worlds), self.numbers, self.variant.template, self.variant.places, np.zeros((1, 0)),
            self.worlds["key"][:1], False, self.day, last, compiled_view(row), compiled_view(self.series), marks,
        )  # fmt: skip
        return row

    def outcomes(self) -> dict[str, float]:
        """Return the outcomes of the world as it stands."""
        row = self.lived(self.day)
        return {name: float(row[name][0]) for name in OUTCOME.names or ()}

    def digest(self) -> int:
        """Return a digest of the world's state: equal worlds have equal ones."""
        return int(kernel.digest(self.numbers))

    def snapshot(self) -> np.ndarray:
        """Return the whole world as numbers, to ``restore`` later."""
        return self.numbers.copy()

    def restore(self, snapshot: np.ndarray) -> "OneWorld":
        """Take the world back to a snapshot; return itself."""
        self.numbers[:] = snapshot
        return self

    def branch(self, number: int) -> "OneWorld":
        """Let the world meet other luck from the coming day on: branch 0 is the unbroken world; return itself."""
        if number:
            key = self.worlds["key"][0]
            with np.errstate(over="ignore"):
                self.worlds["luck"] = mix(np.uint64(key ^ mix(np.uint64(number))))
        return self

    def events(self) -> np.ndarray:
        """Return the events written down so far, in order (n,)."""
        n = int(self.worlds["n_events"][0]) - int(self.worlds["log_full"][0])
        return np.array(self.worlds["log"][0][:n])


def one_by_one(variant: Variant, numbers: Sequence[int], seed: int = 1) -> Iterator[Callable[[], OneWorld]]:
    """Yield for each world in turn a function that begins it, as often as called: always in the same record.

    So the world begun before is gone. What is drawn is drawn for all at once, which is far quicker than one by one.
    """
    if not len(numbers):
        return
    world = OneWorld(variant, int(numbers[0]), seed, record=False)
    keys = world_keys(seed, np.asarray(numbers))
    pokes = draws_of(variant, keys)
    for k, number in enumerate(numbers):

        def begin(k: int = k, number: int = int(number)) -> OneWorld:
            world._begin(number, keys[k], pokes[k])
            return world

        yield begin


def run_replicates(
    variants: Sequence[Variant], worlds: int, seed: int, replicates: int, *, threads: int,
    ran: Callable[[int], None] | None = None,
) -> np.ndarray:  # fmt: skip
    """Return the outcomes of worlds lived several times over, (variants, worlds, replicates) of type OUTCOME.

    Lives of a world have its parameters, traits and start in common, and other luck from day 0: replicate r is its
    branch r (``OneWorld.branch``), so 0 is the world of an ordinary run. All variants meet the same luck in it.
    """
    outcomes = np.zeros((len(variants), worlds, replicates), OUTCOME)

    def task(v: int, first: int, last: int) -> int:
        variant = variants[v]
        for i, begin in zip(range(first, last), one_by_one(variant, range(first, last), seed), strict=True):
            for r in range(replicates):
                outcomes[v, i, r] = begin().branch(r).lived(variant.inputs.days)[0]
        return (last - first) * replicates

    with ThreadPoolExecutor(max_workers=threads) as pool:
        tasks = [
            (v, a, min(a + BLOCK // 10, worlds)) for v in range(len(variants)) for a in range(0, worlds, BLOCK // 10)
        ]
        _wait_for([pool.submit(task, *one) for one in tasks], ran, threading.Event())
    return outcomes


#: Numbers of a record, and of the part that a run works on.
RECORD_BYTES = WORLD.itemsize
WORKING_BYTES = 8 * BLOCKS["scratch"][1]
