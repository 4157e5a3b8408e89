"""Run all worlds of a run that are not there yet into its folder, and put together what came."""

import io
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.errors import InputError, Problem, Unrunnable, option_problem
from sim.experiments.request import Request, shard_of
from sim.experiments.variants import Variant
from sim.inputs.arguments import folder_of
from sim.results import FINISHED, Results, Store, StoreError, create, differences_told, suggested, texts
from sim.results.layout import DESIGN, PAIRING
from sim.running import interruption
from sim.running.compiling import load_numba_lightly, prepare_rules
from sim.running.interruption import heeded
from sim.running.progress import Progress
from sim.running.run import ExecutorOptions, FinishedRun, Interrupted, Run
from sim.running.stopping_rule import StoppingRule, conditions_of
from sim.world.aside import processors
from sim.world.meaning import rule_hash

if TYPE_CHECKING:
    from sim.running.ensemble import Failure, Unit, UnitResult

#: Files wait so long (seconds) for the table to be shown first; whoever reads it slowly does not hold them up.
SHOWN_WITHIN = 0.5


def execute(
    asked: Request, variants: Sequence[Variant], *, out: Path | str | None = None, force: bool = False,
    resume: bool = False,
    options: ExecutorOptions | None = None,
) -> FinishedRun:  # fmt: skip
    """Return the results of running all variants, taken up where the same run broke off, or shown if it is there.

    Parameters
    ----------
    out : path, optional
        The folder for the results; ``results/NAME`` with a name made of what was asked by default.
    force : bool
        Replace the results of an earlier run.
    resume : bool
        Go on with a run that broke off, and do not begin one.
    options : ExecutorOptions, optional
        On how many threads, or where else, and who is told.

    Raises
    ------
    Interrupted
        If it is broken off by Ctrl-C; what was run is kept.
    StoreError
        If results cannot be written, or the folder holds those of another run.
    """
    _refuse_wrong(asked, variants)
    k_of_n = "/".join(map(str, shard_of(asked.shard))) if asked.shard else ""
    run = Run(replace(asked, shard=k_of_n), tuple(variants))
    folder = folder_of(out) if out is not None else run.folder
    if resume:
        _refuse_to_begin(run, folder)
    _warn_of_partitions(folder, options or ExecutorOptions())
    store = create(
        folder, run.inputs, label=run.label, seed=asked.seed, worlds=asked.worlds,
        variants=[{"label": one.label, "inputs": one.plain()} for one in run.variants], rules_hash=rule_hash(),
        more=run.more, force=force,
    )  # fmt: skip
    if store.finished:
        return already_there(store)
    return carried_out(run, store, options or ExecutorOptions())


def already_there(store: Store) -> FinishedRun:
    """Return finished results that lie there, once every file of them is found to be what was written."""
    there = Results(store.folder, store.manifest)
    there.refuse_damaged()
    return FinishedRun(there, already_there=True)


def _warn_of_partitions(folder: Path, options: ExecutorOptions) -> None:
    """Say it where other programs would read a column out of the path of results."""
    read = [step for step in folder.absolute().parts if "=" in step.strip("=")]
    if read:
        options.progress.says(
            f"warning: {folder}: DuckDB, Arrow and Spark may read {read[-1]!r} in a path as a partition, a column that"
            " takes the place of the tables' own; choose a name without '='"
        )


def _refuse_wrong(asked: Request, variants: Sequence[Variant]) -> None:
    """Refuse, before anything is run, a precision or a share of the work that cannot be meant."""
    problems: list[Problem] = []
    for text in asked.until:
        try:
            conditions_of([text], [variant.label for variant in variants])
        except InputError as wrong:
            problems += wrong.problems
    try:
        shard_of(asked.shard or "1/1")
    except InputError as wrong:
        problems += wrong.problems
    drawing = variants[0].drawing
    if asked.until and drawing.plain():
        expected = "worlds drawn at random, each lived once, with --until: intervals take them as independent"
        problems.append(option_problem("--until", expected, "a design, or replicates"))
    if asked.shard and asked.until:
        expected = "a number of worlds with --shard: how many are enough is seen only when all shards are together"
        problems.append(option_problem("--until", expected, "--until"))
    if problems:
        raise InputError(problems)


def _refuse_to_begin(run: Run, folder: Path) -> None:
    """Refuse to go on where nothing was begun; say in what a run of the same name differs, if one broke off."""
    if (folder / "manifest.json").exists():
        return
    asked = {"inputs": run.inputs}
    for other in run.earlier() if folder == run.folder else ():
        there = Results(other)
        if there.status != FINISHED:
            told = differences_told(there.manifest, asked) or " (its rules are others: the model was changed since)"
            raise StoreError(f"{there.folder}: broke off, but what is asked for now is another run{told}")
    raise StoreError(f"{folder}: nothing here to go on with; leave --resume out to begin")


@heeded()
def carried_out(run: Run, store: Store, options: ExecutorOptions) -> FinishedRun:
    """Return the results of a run once all of its worlds are there."""
    early = _EarlyView(options.early)
    with kept_whatever_comes(store, lambda: interrupted(store)), store:
        small = _run_all(run, store, options)
        results = finished(run, store, early, small)
    if early.error:  # of the showing: the results are whole
        raise early.error
    return FinishedRun(results)


class RunFolder(Protocol):
    """A folder into which a run writes, and how many worlds of it are there."""

    @property
    def folder(self) -> Path:
        """Return the folder."""

    @property
    def kept(self) -> int:
        """Return how many worlds are there."""


@contextmanager
def kept_whatever_comes(there: RunFolder, broken_off: Callable[[], Interrupted]) -> Iterator[None]:
    """Say of a run that is broken off, or that something stops, what of it is kept and how to go on.

    Raises
    ------
    Interrupted
        What ``broken_off`` returns, at Ctrl-C.
    StoreError
        If the disk, the memory, or what the run is made of stops it.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise broken_off() from None
    except OSError as error:
        raise _stopped(f"{error.filename or there.folder}: {error.strerror or error}", there) from error
    except MemoryError as error:
        raise _stopped("out of memory (fewer --threads need less)", there) from error
    except Unrunnable as error:
        raise _stopped(str(error), there) from error


@dataclass
class _EarlyView:
    """What shows results before they are written, and what went wrong in it, which is no error of the run."""

    show: Callable[[Results], None] | None = None
    error: BaseException | None = None

    def __call__(self, results: Results) -> None:
        if self.show:
            try:
                self.show(results)
            except BaseException as error:
                if interruption.is_one(error):
                    interruption.taken()
                self.error = error


def interrupted(store: Store) -> Interrupted:
    """Return what says that a run was broken off by hand, and what of it is there."""
    asked = len(store.manifest["variants"]) * store.worlds
    return Interrupted(Results(store.folder), store.kept, asked)


def _stopped(why: str, store: RunFolder) -> StoreError:
    return StoreError(
        f"{why}; {store.kept:,} worlds are kept in {store.folder}, and the same command, or"
        f" {suggested('resume', store.folder)}, goes on from there"
    )


class _BackgroundTask:
    """What another thread makes while worlds run; who is interrupted does not wait for it."""

    def __init__(self, make: Callable[[], dict[str, bytes]]) -> None:
        self._made: Future[dict[str, bytes]] = Future()
        threading.Thread(target=self._run, args=(make,), daemon=True).start()

    def _run(self, make: Callable[[], dict[str, bytes]]) -> None:
        try:
            self._made.set_result(make())
        except BaseException as error:
            self._made.set_exception(error)

    def result(self) -> dict[str, bytes]:
        """Return what was made, once it is."""
        return self._made.result()


def _run_all(run: Run, store: Store, options: ExecutorOptions) -> _BackgroundTask | None:
    """Run all worlds that are not there yet, and keep them part by part; return what was made meanwhile."""
    with options.progress.preparing():
        load_numba_lightly()
        from sim.running import ensemble

        prepare_rules(run.variants[0])
    runner = options.runner or ensemble.run_units
    threads = options.threads or processors()
    small = None
    if not run.asked.until and not run.asked.shard:
        small = _BackgroundTask(lambda: _small_files(run, store.worlds))
    first = 0
    for worlds in _targets(run, store):
        units = _missing(run, store, options.progress, ensemble.units_of(len(run.variants), worlds, first))
        with options.progress.running((worlds - first) * len(run.variants)):
            results = runner(
                run.variants, units, run.asked.seed, threads=threads, series_worlds=run.asked.kept_series,
                ran=options.progress.ran,
            )  # fmt: skip
            with closing(results):  # at an interruption, what is under way elsewhere is dropped at once
                for result in results:
                    # Written while the next worlds run, as is all that follows: the threads are not waiting for it.
                    _keep(run, store, result)
        first = worlds
    return small


def _targets(run: Run, store: Store) -> Iterator[int]:
    """Yield up to how many worlds of each variant to run: as many as were asked for, or on until it is enough."""
    if run.asked.until:
        yield from StoppingRule(run.asked, [variant.label for variant in run.variants], store).targets()
    else:
        yield store.worlds


def _missing(run: Run, store: Store, progress: Progress, units: "Iterable[Unit]") -> "Iterator[Unit]":
    """Yield the units that are a shard's (or all), and not there yet."""
    for k, unit in enumerate(units):
        if not _is_ours(k, run.asked.shard):
            continue
        part = _beyond(unit, store.manifest.get("base_worlds", 0))
        if part.n and not store.has(*part):
            store.make_way_for(*part)
            progress.ran(unit.n - part.n)
            yield part
        else:
            progress.ran(unit.n)


def _beyond(unit: "Unit", base: int) -> "Unit":
    """Return what of a unit lies beyond the worlds of finished results that are extended."""
    first, last = max(unit.first, base), unit.first + unit.n
    return unit._replace(first=first, n=max(0, last - first))


def _is_ours(number: int, shard: str) -> bool:
    """Return whether a unit belongs to shard ``k/n``: every n-th does."""
    k, _, n = shard.partition("/")
    return not shard or number % int(n) == int(k) - 1


def _keep(run: Run, store: Store, result: "UnitResult") -> None:
    """Keep the worlds of a unit, with those among them that failed."""
    columns: dict[str, Any] = {name: result.outcomes[name] for name in result.outcomes.dtype.names or ()}
    if any(variant.inputs.mixture for variant in run.variants):
        theory = run.variants[result.unit.variant].inputs.theory
        columns["theory"] = np.array(result.theories or [theory] * result.unit.n, dtype=object)
    failures = [_failure(run, result.unit.variant, failure) for failure in result.failed]
    store.add(result.unit.variant, result.unit.first, columns, result.series, failures)


def _failure(run: Run, variant: int, failure: "Failure") -> dict[str, Any]:
    """Return the record of a failure: which world, at which stage, with what cause, and how to see it again."""
    return {
        "world": failure.world, "label": run.variants[variant].label, "stage": failure.stage, "cause": failure.cause,
        "repeat": run.command(variant, failure.world),
    }  # fmt: skip


def finished(run: Run, store: Store, early: _EarlyView | None = None, small: _BackgroundTask | None = None) -> Results:
    """Return the results: tables of the design, the pairing and the inputs written, and parts merged.

    Where all worlds are in memory they are shown early, while their files are written. The ``small`` files may have
    been made already.
    """
    if run.asked.shard:
        return store.leave_parts()
    store.refuse_gaps()
    beside = small.result() if small else _small_files(run, store.worlds)
    inputs = run.drawn.tables(run.asked.seed, store.worlds)
    there = store.in_memory(beside) if early and early.show else None
    if not early or not there:
        return store.finish(inputs, beside)
    shown = threading.Event()

    def write() -> Results:
        shown.wait(SHOWN_WITHIN)
        return store.finish(inputs, beside)

    with ThreadPoolExecutor(1) as pool:  # packing tables holds no lock
        written = pool.submit(write)
        try:
            early(there)
        finally:
            shown.set()
        results = written.result()
    results.comparisons.extend(there.comparisons)  # figures and the report need not work it out again
    return results


def _small_files(run: Run, worlds: int) -> dict[str, bytes]:
    """Return what stands beside the tables of several variants, by its name."""
    return {DESIGN: _design(run.variants), PAIRING: _pairing(run, worlds)} if len(run.variants) > 1 else {}


def _pairing(run: Run, worlds: int) -> bytes:
    """Return how a few worlds of every variant part from the baseline's, and whether for a reason."""
    from sim.running.pairing import audit_pairing

    found = [audit.as_plain() for audit in audit_pairing(run.variants, worlds, run.asked.seed)]
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _design(variants: Sequence[Variant]) -> bytes:
    """Return a table of the variants: label, scenario, and the value of each path that was set, as text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paths = dict.fromkeys(setting.path for variant in variants for setting in variant.settings)
    given = [{setting.path: setting.value for setting in variant.settings} for variant in variants]
    columns: dict[str, list[str | None]] = {
        "variant": [variant.label for variant in variants],
        "scenario": [variant.inputs.name for variant in variants],
    }
    columns |= {path: [settings.get(path) for settings in given] for path in paths}
    written = io.BytesIO()
    pq.write_table(pa.table({name: texts(values) for name, values in columns.items()}), written)
    return written.getvalue()
