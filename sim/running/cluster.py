"""Run units of worlds on a dask.distributed cluster.

A task is one unit; it carries all that a worker needs, so nothing is lost with a worker. Before a worker runs anything
it must have the versions that this process has, and live a few worlds to the very same numbers; so whoever ran what,
the results are the same bytes. Only so many tasks are on their way at a time as keep the workers busy: memory does not
grow with the number of worlds, here, on the scheduler or on the workers.

No other module knows of Dask.
"""

import hashlib
import logging
import pickle
import platform
import time
import warnings
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import CrossfireError, Unrunnable
from sim.experiments.variants import Variant
from sim.results.arithmetic import arithmetic
from sim.results.manifest import version
from sim.running.compiling import prepare_rules
from sim.running.job import Runner
from sim.world.compiled import PLAIN
from sim.world.meaning import meaning_of, rule_hash

if TYPE_CHECKING:
    import threading

    from sim.running.ensemble import Block, Unit

#: Tasks on their way for each thread of the workers: one runs, one waits there, one is on the road.
AHEAD = 3
#: Seconds within which a scheduler must answer, at first and when the line to it broke.
PATIENCE = 10
#: Seconds between two looks at whether the scheduler still answers, and which workers there are.
LOOK = 5
#: Worlds that a worker lives on trial.
TRIED = 3
#: What makes numbers beside the rules and the libraries.
_DRAWING = (
    "experiments/sampling", "experiments/variants", "inputs/distributions/beta", "inputs/distributions/elementary",
    "inputs/distributions/normal", "inputs/distributions/quantities", "inputs/policies/conditions",
    "inputs/policies/means", "inputs/policies/policy", "inputs/scenario", "inputs/theory", "running/ensemble",
)  # fmt: skip


class ClusterError(CrossfireError):
    """The cluster cannot be reached, does not answer any more, or would come to other numbers."""


def cluster_runner(address: str, says: Callable[[str], None] | None = None) -> Runner:
    """Return what runs units of worlds on the cluster at ``address``, once that answers.

    Parameters
    ----------
    address : str
        Of the scheduler, like ``tcp://host:8786``.
    says : function, optional
        Is told in words what happens on the way: workers found, rules being loaded, units that could not be run.

    Raises
    ------
    ClusterError
        If nothing answers there within ``PATIENCE`` seconds, or Dask is not installed.
    """
    with _connected(address):
        pass
    return _OnCluster(address, says or (lambda words: None))


# On this side -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _OnCluster:
    """Runs units on the cluster at an address."""

    address: str
    says: Callable[[str], None]

    def __call__(
        self, variants: Sequence[Variant], units: "Iterable[Unit]", seed: int, *, threads: int,
        series_worlds: int | None, ran: Callable[[int], None] | None, stop: "threading.Event | None" = None,
    ) -> "Generator[Block, None, None]":  # fmt: skip
        """Yield the block of each unit as it comes, in any order; ``threads`` of this machine play no part."""
        waiting = iter(units)
        first = next(waiting, None)
        if first is None:
            return
        with _connected(self.address) as client:
            line = _Line(client, self.address, self.says)
            trial = Trial.of(variants[first.variant], seed)
            line.admit(trial)
            sweep = _Sweep(line, trial, variants, seed, series_worlds)
            try:
                for block in sweep.blocks(first, waiting, stop):
                    if ran:
                        ran(block.unit.n)
                    yield block
            finally:  # an interruption, or a caller who wants no more: what is under way is wanted by nobody
                sweep.cancel()


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Provide a client of the cluster at ``address``."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "a cluster needs Dask, which is not installed here: pip install 'crossfire-sim[cluster]'"
        ) from error
    for name in ("distributed", "distributed.client"):  # what they log is said here in words, once
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # differing versions are looked at more closely, and refused
            client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise ClusterError(
            f"no cluster answers at {address} ({_in_a_line(error)}); is its scheduler running, and can this machine"
            " reach it?"
        ) from error
    try:
        yield client
    finally:
        with suppress(Exception):  # of a cluster that is gone no leave can be taken
            client.close(timeout=2)


class _Line:
    """The line to the scheduler: which workers there are, and whether anybody answers."""

    def __init__(self, client: Any, address: str, says: Callable[[str], None]) -> None:
        self.client, self.address, self.says = client, address, says
        self._threads: dict[str, int] = {}
        self._looked = -float("inf")
        self._said_empty = False

    def workers(self, at_most_old: float = LOOK) -> dict[str, int]:
        """Return the number of threads of each worker, by address, as it was ``at_most_old`` seconds ago at most."""
        if time.monotonic() - self._looked >= at_most_old:
            self.hold()
            try:
                self._threads = dict(self.client.sync(self.client.scheduler.ncores, callback_timeout=PATIENCE))
            except (OSError, TimeoutError, ValueError, RuntimeError) as error:
                raise self.gone() from error
            self._looked = time.monotonic()
            self._say_if_empty()
        return self._threads

    def hold(self) -> None:
        """Return when the line is up; a line that broke is up again within ``PATIENCE`` seconds, or never."""
        deadline = time.monotonic() + PATIENCE + 1
        while self.client.status == "connecting" and time.monotonic() < deadline:
            time.sleep(0.1)
        if self.client.status != "running":
            raise self.gone()

    def gone(self) -> ClusterError:
        """Return what is said when nobody answers any more."""
        return ClusterError(
            f"the cluster at {self.address} does not answer any more; finished parts are kept; start it again, and the"
            " same command goes on from there"
        )

    def _say_if_empty(self) -> None:
        if not self._threads and not self._said_empty:
            self.says(f"the cluster at {self.address} has no workers; waiting for one (Ctrl-C ends it)")
        self._said_empty = not self._threads

    def admit(self, trial: "Trial") -> None:
        """Return when every worker has the rules loaded and has passed the trial.

        Workers that come later take it before the first worlds they run.

        Raises
        ------
        ClusterError
            If one would come to other numbers, with what differs.
        """
        while not self.workers(at_most_old=0):
            time.sleep(1)
        there = self.workers()
        self.says(
            f"{len(there)} workers with {sum(there.values())} threads; each loads the rules first"
            " (where they were never loaded before, compiling takes minutes)"
        )
        begun = time.monotonic()
        call = called(tried, trial)
        trials = {worker: self.client.submit(pickle.loads, call, workers=[worker], pure=False) for worker in there}
        while trials:
            for worker in [worker for worker, future in trials.items() if future.done()]:
                _judge(trials.pop(worker), worker)
            for worker in trials.keys() - self.workers(at_most_old=1):
                self.says(f"the worker {worker} ended before it had loaded the rules")
                del trials[worker]
            time.sleep(0.05)
        self.says(f"rules loaded, and {TRIED} worlds on trial equal, after {time.monotonic() - begun:.0f} s")


def _judge(future: Any, worker: str) -> None:
    """Raise an error if a worker did not pass its trial; one that is gone meanwhile may."""
    if future.status == "error":
        raise _cannot(worker, future.exception(timeout=PATIENCE))
    if future.status == "finished" and (refused := future.result(timeout=PATIENCE)):
        raise ClusterError(refused)


def _cannot(worker: str, error: BaseException) -> ClusterError:
    return ClusterError(
        f"{worker} cannot run worlds: {_in_a_line(error)}; install this version of Crossfire on it, or take it off the"
        " cluster"
    )


def _in_a_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


class _Sweep:
    """Units on their way to the workers and back."""

    def __init__(
        self, line: _Line, trial: "Trial", variants: Sequence[Variant], seed: int, series_worlds: int | None
    ) -> None:
        self.line, self.trial, self.variants = line, trial, variants
        self.seed, self.series_worlds = seed, series_worlds
        self.under_way: dict[str, tuple[Any, Unit]] = {}
        self.again: deque[Unit] = deque()
        self.done: SimpleQueue[Any] = SimpleQueue()
        self._sent = 0
        self._pack = lru_cache(maxsize=256)(lambda k: packed(self.variants[k]))

    def blocks(self, first: "Unit", rest: "Iterator[Unit]", stop: "threading.Event | None") -> "Iterator[Block]":
        """Yield the block of each unit as it comes, until there are no more, or ``stop`` is set."""
        self.again.append(first)
        while not (stop and stop.is_set()):
            self._send(rest)
            if not self.under_way:
                return
            try:
                future = self.done.get(timeout=0.5)
            except Empty:
                continue
            if (block := self._taken(future)) is not None:
                yield block

    def _send(self, rest: "Iterator[Unit]") -> None:
        """Send so many units that no thread will wait for one."""
        room = max(1, AHEAD * sum(self.line.workers().values())) - len(self.under_way)
        for _ in range(room):
            unit = self.again.popleft() if self.again else next(rest, None)
            if unit is None:
                return
            task = Task(self.trial, self._pack(unit.variant), self.seed, *unit[1:], self.series_worlds)
            future = self.line.client.submit(pickle.loads, called(run_there, task), pure=False, priority=-self._sent)
            self._sent += 1
            self.under_way[future.key] = future, unit
            future.add_done_callback(self.done.put)

    def _taken(self, future: Any) -> "Block | None":
        """Return the block that came of a task; None if none came, and the unit is sent again or still awaited."""
        _, unit = self.under_way[future.key]
        try:
            sent = self._result(future)
        except TimeoutError:
            # The worker died with the result in its hands: it is on its way again, by the scheduler's own doing.
            self.line.workers(at_most_old=0)
            future.add_done_callback(self.done.put)
            return None
        del self.under_way[future.key]
        if sent is None:
            self.line.hold()
            self.again.append(unit)
            return None
        if "refused" in sent:
            raise ClusterError(sent["refused"])
        if "failed" in sent:
            raise Unrunnable(
                f"worlds {unit.first} to {unit.first + unit.n - 1} of {self.variants[unit.variant].label} could not be"
                f" run: {sent['failed']}"
            )
        return unpacked(unit, sent)

    def _result(self, future: Any) -> dict[str, Any] | None:
        """Return what a task sent; None if it was dropped with the line to the scheduler."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            answer: dict[str, Any] = future.result(timeout=PATIENCE)
        except KilledWorker as error:
            return {"failed": f"all {error.allowed_failures + 1} workers that ran it died"}
        except TimeoutError:
            raise
        except (CancelledError, OSError):
            return None
        except Exception as error:
            # What goes wrong with the worlds is caught over there: this is a worker that could not even begin.
            raise _cannot("a worker", error) from error
        return answer

    def cancel(self) -> None:
        """Let the cluster drop what it still has to do for us."""
        if self.under_way and self.line.client.status == "running":
            with suppress(Exception):  # the line may break just now, which drops them as well
                self.line.client.cancel([future for future, _ in self.under_way.values()], force=True)
        self.under_way.clear()


# On either side ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """What a worker must have, and a few worlds of a variant that must come to the same numbers there."""

    versions: tuple[tuple[str, str], ...]
    packed: bytes
    seed: int
    digest: str

    @staticmethod
    def of(variant: Variant, seed: int) -> "Trial":
        """Return the trial that this process passes."""
        return Trial(VERSIONS, packed(variant), seed, digest_of(variant, seed))


@dataclass(frozen=True)
class Task:
    """A unit for a worker, with all that it needs."""

    trial: Trial
    packed: bytes
    seed: int
    first: int
    n: int
    series_worlds: int | None


def versions() -> tuple[tuple[str, str], ...]:
    """Return what must be the same on both sides, by name."""
    drawing = hashlib.sha256()
    for name in _DRAWING:
        source = (Path(__file__).parents[1] / f"{name}.py").read_text(encoding="utf-8")
        drawing.update(meaning_of(name, source).encode())
    return (
        ("Crossfire", version("crossfire-sim")),
        ("rules", rule_hash()),
        ("drawing of worlds", drawing.hexdigest()[:16]),
        ("Python", ".".join(platform.python_version_tuple()[:2])),
        *((name, version(name)) for name in ("numpy", "numba", "scipy")),
        ("CROSSFIRE_RULES", "python" if PLAIN else "compiled"),
        ("machine", platform.machine()),
        ("arithmetic", arithmetic()),
    )


#: As they are loaded: a file may be edited under a worker that lives for weeks.
VERSIONS = versions()


def differences(ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]) -> list[str]:
    """Return in what a worker (``ours``) differs from who asks it (``theirs``), in words."""
    here, there = dict(ours), dict(theirs)
    names = dict.fromkeys([*there, *here])
    return [
        f"{name} {here.get(name, 'unknown')} there, {there.get(name, 'unknown')} here"
        for name in names
        if here.get(name) != there.get(name)
    ]


def packed(variant: Variant) -> bytes:
    """Return a variant as it travels, without what it works out of its inputs by itself."""
    return zlib.compress(pickle.dumps(Variant(variant.label, replace(variant.inputs), variant.drawing), protocol=5))


def digest_of(variant: Variant, seed: int) -> str:
    """Return a digest (hex) of a few worlds: what they draw, their state week by week, their outcomes and series."""
    from sim.running.ensemble import run_worlds

    [block] = run_worlds([variant], TRIED, seed, threads=1, digests=True)
    text = hashlib.sha256(variant.drawn(seed, range(TRIED)).tobytes())
    for table in (block.outcomes, block.series, block.digests):
        text.update(np.ascontiguousarray(table).tobytes())
    return text.hexdigest()[:16]


def called(function: Callable[..., Any], *arguments: Any) -> bytes:
    """Return a call, pickled: whoever unpickles it makes the call, and has what it returns.

    A worker dies of a task that names what it does not know. Of these it knows ``pickle.loads`` and bytes, so one
    without Crossfire, or with another, lives to say so.
    """
    return pickle.dumps(_Call(function, arguments), protocol=5)


@dataclass(frozen=True)
class _Call:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.function, self.arguments


def sent(block: "Block") -> dict[str, Any]:
    """Return a block as it travels, in plain values: a process with another Crossfire can at least say what it got."""
    import pyarrow as pa

    # Hardly slower than copying it, and less than half the size: the network is slower than any of this.
    codec = pa.Codec("zstd", compression_level=-5)
    return {
        "outcomes": codec.compress(np.ascontiguousarray(block.outcomes), asbytes=True),
        "series": codec.compress(np.ascontiguousarray(block.series), asbytes=True) if block.series.size else b"",
        "shape": block.series.shape,
        "theories": block.theories,
        "failures": [(one.world, one.stage, one.cause) for one in block.failed],
    }


def unpacked(unit: "Unit", sent: Mapping[str, Any]) -> "Block":
    """Return the block of a unit from what a worker sent."""
    from sim.running.ensemble import Block, Failure
    from sim.world.record import OUTCOME, WEEK

    outcomes, series = _array(sent["outcomes"], (unit.n,), OUTCOME), _array(sent["series"], sent["shape"], WEEK)
    failed: tuple[Failure, ...] = tuple(Failure(*one) for one in sent["failures"])
    return Block(unit, outcomes, series, sent["theories"], failed, np.zeros((0, series.shape[1]), np.uint64))


def _array(compressed: bytes, shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    import pyarrow as pa

    if not compressed:
        return np.zeros(shape, kind)
    size = int(np.prod(shape)) * kind.itemsize
    return np.frombuffer(pa.Codec("zstd").decompress(compressed, size), kind).reshape(shape)


# On a worker ------------------------------------------------------------------------------------------------------


def run_there(task: Task) -> dict[str, Any]:
    """Return what came of a unit: the block as it travels, or why this worker refuses it, or why it failed."""
    from sim.running.ensemble import Unit, run_units

    if refused := tried(task.trial):
        return {"refused": refused}
    try:
        [block] = run_units(
            [_variant(task.packed)], [Unit(0, task.first, task.n)], task.seed, threads=1,
            series_worlds=task.series_worlds,
        )  # fmt: skip
        return sent(block)
    except Exception as error:
        return {"failed": _in_a_line(error)}


@lru_cache(maxsize=64)
def _variant(packed: bytes) -> Variant:
    """Return a variant from how it travels; unpacked and prepared once."""
    variant: Variant = pickle.loads(zlib.decompress(packed))
    return variant


@lru_cache(maxsize=16)
def tried(trial: Trial) -> str:
    """Return why this worker must not run worlds, in words; nothing when it may. Loads the rules, or compiles them."""
    if differing := differences(VERSIONS, trial.versions):
        return _refusal(
            f"has another {'; '.join(differing)}",
            "install the same versions on both (constraints-*.txt pins them) and start the worker again",
        )
    variant = _variant(trial.packed)
    prepare_rules(variant)
    if digest_of(variant, trial.seed) != trial.digest:
        return _refusal(
            "has all the same versions, but comes to other numbers in the same worlds",
            "its processor or C library rounds differently; run on machines of one kind",
        )
    return ""


def _refusal(differs: str, advice: str) -> str:
    from distributed import get_worker

    try:
        worker = get_worker().address
    except ValueError:  # not on a worker
        worker = "this process"
    return f"the worker {worker} on {platform.node()} {differs}; {advice}, or take it off the cluster"
