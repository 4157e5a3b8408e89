"""Run many worlds on threads, and one world by itself.

A task is a few dozen consecutive worlds; threads take tasks as they come, each with one record that it uses again and
again. The compiled day holds no lock, so threads run truly side by side, and no result depends on who ran what.
"""

import threading
from collections.abc import Callable, Iterator
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
    scratch, stop = _Scratch(), stop or threading.Event()
    with ThreadPoolExecutor(max_workers=threads) as pool:
        for number, variant in enumerate(variants):
            for start in range(first, first + worlds, BLOCK):
                n = min(BLOCK, first + worlds - start)
                if skip and skip(number, start, n):
                    if ran:
                        ran(n)
                    continue
                kept = n if series_worlds is None else max(0, min(n, first + series_worlds - start))
                block = _block(pool, scratch, variant, number, start, n, kept, seed, digests, ran, stop)
                if block is None:
                    return
                yield block


def _block(
    pool: ThreadPoolExecutor, scratch: _Scratch, variant: Variant, number: int, start: int, n: int, kept: int,
    seed: int, digests: bool, ran: Callable[[int], None] | None, stop: threading.Event,
) -> Block | None:  # fmt: skip
    days = variant.inputs.days
    keys = world_keys(seed, np.arange(start, start + n))
    values = variant.values(keys)
    pokes = variant.pokes(values) if variant.columns else np.zeros((n, 0))
    outcomes = np.zeros(n, OUTCOME)
    series = np.zeros((n if kept else 0, weeks_of(days)), WEEK)
    marks = np.zeros((n if digests else 0, weeks_of(days)), np.uint64)

    def task(a: int, b: int) -> int:
        if stop.is_set():
            return 0
        rows = series[a:b] if kept else np.zeros((1, weeks_of(days)), WEEK)
        kernel.run_block(
            compiled_view(scratch.worlds), scratch.numbers, variant.template, variant.places, pokes[a:b], keys[a:b],
            days, compiled_view(outcomes[a:b]), compiled_view(rows), marks[a:b],
        )  # fmt: skip
        return b - a

    _wait_for([pool.submit(task, a, min(a + TASK, n)) for a in range(0, n, TASK)], ran, stop)
    if stop.is_set():
        return None
    return Block(number, start, outcomes, series[:kept], values, _failed(outcomes, start), marks)


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
    """

    def __init__(self, variant: Variant, number: int, seed: int = 1, record: bool = True) -> None:
        self.variant, self.number, self.seed = variant, number, seed
        self.worlds = new_worlds(1)
        self.numbers: np.ndarray = as_numbers(self.worlds)[0]
        self.series = np.zeros((1, weeks_of(variant.inputs.days)), WEEK)
        self.worlds["recording"] = int(record)
        keys = world_keys(seed, np.array([number]))
        pokes = variant.pokes(variant.values(keys)) if variant.columns else np.zeros((1, 0))
        view = compiled_view(self.worlds)
        kernel.prepare(view, self.numbers, variant.template, variant.places, pokes[0], keys[0])

    @property
    def day(self) -> int:
        """Return the day that comes next."""
        return int(self.worlds["day"][0])

    def run_to(self, day: int | None = None) -> "OneWorld":
        """Live on to the morning of ``day`` (the end by default); return itself."""
        last = self.variant.inputs.days if day is None else day
        marks = np.zeros((0, self.series.shape[1]), np.uint64)
        view, series = compiled_view(self.worlds), compiled_view(self.series)
        kernel.advance(view, self.numbers, self.day, last, series, marks)
        return self

    def outcomes(self) -> dict[str, float]:
        """Return the outcomes of the world as it stands."""
        row = np.zeros(1, OUTCOME)
        kernel.finish(compiled_view(self.worlds), compiled_view(row))
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


#: Numbers of a record, and of the part that a run works on.
RECORD_BYTES = WORLD.itemsize
WORKING_BYTES = 8 * BLOCKS["scratch"][1]
