"""Run many worlds on threads.

A task is a few dozen consecutive worlds; threads take tasks as they come, each with one record that it uses again and
again. The compiled day holds no lock, so threads run truly side by side, and no result depends on who ran what.
"""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.errors import CrossfireError, Unrunnable
from sim.experiments.variants import Drawing, Drawn, Variant
from sim.names.measures import OUTCOMES
from sim.running.perception_log import PerceptionColumns, PerceptionLog, joined, squeezed_log
from sim.world import kernel
from sim.world.compiled import have_kernels
from sim.world.laws import broken_law, lawful
from sim.world.living import beyond_limits, compiled_view
from sim.world.record import BLOCKS, OUTCOME, WEEK, WORLD, as_numbers, new_worlds

#: Worlds in a task, and in a part of the results.
TASK_WORLDS, UNIT_WORLDS = 25, 500
#: Tasks of later units that wait for each thread while the caller is busy with an earlier unit.
AHEAD = 6
_ALWAYS = tuple(m.name for m in OUTCOMES if not m.among)


class Unit(NamedTuple):
    """Consecutive worlds of one variant, by its place: what is run at a time, and kept as one part."""

    variant: int
    first: int
    n: int


@dataclass(frozen=True)
class Failure:
    """A world that could not be run: which, at which stage, and why."""

    world: int
    stage: str
    cause: str


@dataclass(frozen=True)
class UnitResult:
    """What came of a unit: outcomes (n,), weekly series (k, weeks) of its first k worlds, theories, failures."""

    unit: Unit
    outcomes: np.ndarray
    series: np.ndarray
    theories: list[str]
    failed: tuple[Failure, ...]
    digests: np.ndarray


def weeks_of(days: int) -> int:
    """Return how many weekly records a run of ``days`` has (days 0, 7, 14, ...)."""
    return (days + 6) // 7


class _Scratch(threading.local):
    """One record a thread, used for one world after another."""

    def __init__(self) -> None:
        self.worlds = new_worlds(1)
        self.numbers = as_numbers(self.worlds)[0]
        self._daily = np.zeros(0)

    def daily(self, columns: int, n: int, days: int) -> np.ndarray:
        """Return room for what is kept of ``n`` worlds on each day, (columns, n, days), whatever stands there."""
        numbers = columns * n * days
        if len(self._daily) < numbers:
            self._daily = np.empty(numbers)
        return self._daily[:numbers].reshape(columns, n, days)


def units_of(variants: int, worlds: int, first: int = 0) -> Iterator[Unit]:
    """Yield the units of worlds ``first`` up to ``worlds``, which end at multiples of ``UNIT_WORLDS``.

    The same worlds of every variant come together: what is broken off can be compared as far as it got.
    """
    while first < worlds:
        n = min(UNIT_WORLDS - first % UNIT_WORLDS, worlds - first)
        yield from (Unit(variant, first, n) for variant in range(variants))
        first += n


def run_worlds(
    variants: Sequence[Variant], worlds: int, seed: int, *, threads: int, first: int = 0,
    series_worlds: int | None = None, digests: bool = False,
) -> Iterator[UnitResult]:  # fmt: skip
    """Yield results of worlds ``first`` up to ``first + worlds`` of every variant, in order (see ``run_units``)."""
    units = units_of(len(variants), first + worlds, first)
    yield from run_units(variants, units, seed, threads=threads, series_worlds=series_worlds, digests=digests)


def run_units(
    variants: Sequence[Variant],
    units: Iterable[Unit],
    seed: int,
    *,
    threads: int,
    series_worlds: int | None = None,
    digests: bool = False,
    ran: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Generator[UnitResult, None, None]:
    """Yield the result of each unit, in order, each as soon as it is whole.

    Parameters
    ----------
    series_worlds : int, optional
        Keep the weekly series of the first so many worlds of each variant (of all by default).
    ran : function, optional
        Called with the number of worlds that have just finished.
    stop : Event, optional
        Set it to break off: the unit under way is dropped, and no further one comes.
    """
    have_kernels()
    stop = stop or threading.Event()
    common = _SharedState(variants, seed, series_worlds, digests, stop)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        waiting: deque[_UnitRun] = deque()
        try:
            for unit in units:
                waiting.append(_UnitRun(unit, common).begin(pool))
                # Small units (the few worlds of each of many variants) run many at a time, or threads would idle.
                while sum(len(one.futures) for one in waiting) - len(waiting[-1].futures) > AHEAD * threads:
                    yield from waiting.popleft().result(ran)
            while waiting:
                yield from waiting.popleft().result(ran)
        finally:  # an interruption, or a caller who wants no more, stops what is still under way
            if waiting:
                common.break_off()


class _SharedState:
    """What all units of a run have in common."""

    def __init__(
        self, variants: Sequence[Variant], seed: int, series_worlds: int | None, digests: bool, stop: threading.Event
    ) -> None:
        self.variants, self.seed, self.series_worlds, self.digests = variants, seed, series_worlds, digests
        self.stop, self.scratch = stop, _Scratch()
        #: Which columns of what seats see are kept; none of an ordinary run.
        self.columns: PerceptionColumns | None = None
        #: What compiled rules see of ``stop``: a world may take long.
        self.flag = np.zeros(1, np.int64)
        self._drawn: tuple[tuple[Drawing, int, int] | None, Drawn] = (None, {})

    def break_off(self) -> None:
        """Break off what is under way."""
        self.stop.set()
        self.flag[0] = 1

    def drawn(self, unit: Unit) -> Drawn:
        """Return what other variants have drawn for the worlds of a unit: they follow on each other."""
        what = self.variants[unit.variant].drawing, unit.first, unit.n
        if self._drawn[0] != what:
            self._drawn = what, {}
        return self._drawn[1]


class _UnitRun:
    """A unit on its way: its tables, and the tasks that fill them."""

    def __init__(
        self, unit: Unit, common: _SharedState, numbers: np.ndarray | None = None, known: Drawn | None = None
    ) -> None:
        self.unit, self.common, self.variant = unit, common, common.variants[unit.variant]
        n, weeks = unit.n, weeks_of(self.variant.inputs.days)
        numbers = np.arange(unit.first, unit.first + n) if numbers is None else numbers
        self.numbers, self.kept_of = numbers, dict[int, PerceptionLog]()
        values = self.variant.values(common.seed, numbers, common.drawn(unit) if known is None else known)
        self.pokes = self.variant.drawn(common.seed, numbers, values)
        self.keys = self.variant.keys(common.seed, numbers)
        self.lucks = self.variant.drawing.lucks(common.seed, numbers)
        self.theories = self.variant.theories(values)
        self.outcomes = np.zeros(n, OUTCOME)
        kept = n if common.series_worlds is None else max(0, min(n, common.series_worlds - unit.first))
        self.kept, self.series = kept, np.zeros((n if kept else 0, weeks), WEEK)
        self.marks = np.zeros((n if common.digests else 0, weeks), np.uint64)
        self.lawless, self.found = np.full(n, -1), np.zeros(n)
        self.broken: dict[int, str] = {}

    def begin(self, pool: ThreadPoolExecutor) -> "_UnitRun":
        """Hand the unit's tasks to the threads; return itself."""
        self.futures = [
            pool.submit(self.task, a, min(a + TASK_WORLDS, self.unit.n)) for a in range(0, self.unit.n, TASK_WORLDS)
        ]
        return self

    def task(self, a: int, b: int) -> int:
        """Run worlds ``a`` to ``b`` of the unit; return how many ran. One that breaks takes none with it."""
        if self.common.stop.is_set():
            return 0
        try:
            self._run(a, b)
        except Exception as error:
            if not _is_its_own(error):
                raise self._unrunnable(a, b, error) from error
            if b - a == 1:
                self.broken[a] = f"{type(error).__name__}: {error}"
                self._blank(a)
            else:
                for i in range(a, b):
                    self.task(i, i + 1)
        return b - a

    def _unrunnable(self, a: int, b: int, error: Exception) -> Exception:
        """Return the error of worlds that could not be run: a full disk and the like are told as what they are."""
        if isinstance(error, CrossfireError | OSError | MemoryError):
            return error
        first, last = self.numbers[a], self.numbers[b - 1]
        which = f"world {first}" if first == last else f"worlds {first} to {last}"
        return Unrunnable(f"{which} of {self.variant.label} could not be run: {type(error).__name__}: {error}")

    def _run(self, a: int, b: int) -> None:
        days, variant, scratch = self.variant.inputs.days, self.variant, self.common.scratch
        rows = self.series[a:b] if self.kept else np.zeros((1, weeks_of(days)), WEEK)
        columns, nothing = self.common.columns, kernel.NOTHING_KEPT
        daily = scratch.daily(len(columns.places), b - a, days) if columns else nothing[1]
        kernel.run_block(
            compiled_view(scratch.worlds), scratch.numbers, variant.template, variant.places, self.pokes[a:b],
            self.keys[a:b], self.lucks[a:b], True, 0, days, compiled_view(self.outcomes[a:b]), compiled_view(rows),
            self.marks[a:b], *lawful(), self.lawless[a:b], self.found[a:b], self.common.flag,
            columns.places if columns else nothing[0], daily,
        )  # fmt: skip
        if columns and not self.common.stop.is_set():
            self.kept_of[a] = squeezed_log(columns, self.numbers[a:b], daily)

    def _blank(self, i: int) -> None:
        """Leave nothing of a world that broke: numbers of half a world would pass for a whole one's."""
        for name in OUTCOME.names or ():
            self.outcomes[name][i] = np.nan
        for name in (WEEK.names or ()) if len(self.series) else ():
            self.series[name][i] = np.nan

    def result(self, ran: Callable[[int], None] | None) -> Iterator[UnitResult]:
        """Yield the result when all its tasks are done; nothing when the run was stopped."""
        wait_for(self.futures, ran, self.common.break_off)
        if not self.common.stop.is_set():
            yield UnitResult(
                self.unit, self.outcomes, self.series[: self.kept], self.theories, self._failed(), self.marks
            )

    def _failed(self) -> tuple[Failure, ...]:
        """Return the worlds that broke, or broke a law, and those in which an outcome is none that always is one."""
        bad = {int(i) for name in _ALWAYS for i in np.flatnonzero(~np.isfinite(self.outcomes[name]))}
        lawless = set(np.flatnonzero(self.lawless >= 0).tolist())
        self.beyond = beyond_limits(self.outcomes, self.variant.inputs.days)
        return tuple(self._failure(i) for i in sorted(bad | lawless | self.broken.keys() | self.beyond.keys()))

    def _failure(self, i: int) -> Failure:
        world = int(self.numbers[i])
        if i in self.broken:
            return Failure(world, "running", self.broken[i])
        if self.lawless[i] >= 0:
            self._blank(i)
            return Failure(world, "laws", broken_law(int(self.lawless[i]), float(self.found[i])))
        if i in self.beyond:
            self._blank(i)
            return Failure(world, "laws", self.beyond[i])
        names = [name for name in _ALWAYS if not np.isfinite(self.outcomes[name][i])]
        self._blank(i)
        return Failure(world, "outcomes", f"no finite number for {', '.join(names)}")


class Batch:
    """Some worlds of a variant, whatever their numbers, on their way on a pool of threads; weekly series are not kept.

    Parameters
    ----------
    numbers : array of int, shape (n,)
        Which worlds.
    columns : PerceptionColumns, optional
        Keep what seats see, and can do, of these columns.
    known : mapping, optional
        What other variants have drawn for these very worlds; takes up what is drawn here.
    """

    def __init__(
        self, variant: Variant, numbers: np.ndarray, seed: int, pool: ThreadPoolExecutor,
        columns: PerceptionColumns | None = None, known: Drawn | None = None,
    ) -> None:  # fmt: skip
        self._common = _SharedState([variant], seed, 0, False, threading.Event())
        self._common.columns = columns
        self._unit_run = _UnitRun(
            Unit(0, 0, len(numbers)), self._common, np.asarray(numbers), {} if known is None else known
        )
        self._unit_run.begin(pool)

    def break_off(self) -> None:
        """Break off what is under way, from whatever thread: within a day of a world."""
        self._common.break_off()

    def lived(self, ran: Callable[[int], None] | None = None) -> "BatchResult | None":
        """Return what came of the worlds once all are lived; None where they were broken off."""
        for result in self._unit_run.result(ran):
            kept = [self._unit_run.kept_of[a] for a in sorted(self._unit_run.kept_of)]
            return BatchResult(self._unit_run.numbers, result.outcomes, result.failed, joined(kept))
        return None


@dataclass(frozen=True)
class BatchResult:
    """What came of some worlds: their numbers (n,), outcomes (n,) of type OUTCOME, failures, and what was kept."""

    numbers: np.ndarray
    outcomes: np.ndarray
    failed: tuple[Failure, ...]
    kept: PerceptionLog | None


def _is_its_own(error: Exception) -> bool:
    """Return whether a world broke by what happened in it, and would again: its numbers ran out of hand.

    Anything else (memory, a disk, damaged rules, a mistake in the program) says nothing about the world.
    """
    return isinstance(error, ArithmeticError) or (isinstance(error, ValueError) and str(error).startswith("math "))


def wait_for(futures: list[Future[int]], ran: Callable[[int], None] | None, stop: Callable[[], None]) -> None:
    """Wait for all tasks, telling ``ran`` of each; an interruption calls ``stop`` and waits for what is under way."""
    waiting = set(futures)
    try:
        while waiting:
            done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                n = future.result()
                if ran:
                    ran(n)
    except BaseException:
        stop()
        for future in waiting:
            future.cancel()
        raise


#: Numbers of a record, and of the part that a run works on.
RECORD_BYTES = WORLD.itemsize
WORKING_BYTES = 8 * BLOCKS["scratch"][1]
