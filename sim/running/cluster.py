"""Run units of worlds on a dask.distributed cluster.

A task is one unit; it carries all that a worker needs, so nothing is lost with a worker. Before a worker runs anything
it must have the versions that this process has, and live a few worlds to the very same numbers; so whoever ran what,
the results are the same bytes. Only so many tasks are on their way at a time as keep the workers busy: memory does not
grow with the number of worlds, here, on the scheduler or on the workers.

No other module than this one and its worker knows of Dask.
"""

import logging
import pickle
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from sim.errors import CrossfireError, Unrunnable
from sim.experiments.variants import Variant
from sim.running.cluster_worker import TRIED, Task, Trial, called, in_a_line, packed, run_there, tried, unpacked
from sim.running.run import Runner

if TYPE_CHECKING:
    import threading

    from sim.running.ensemble import Unit, UnitResult

#: Tasks on their way for each thread of the workers: one runs, one waits there, one is on the road.
AHEAD = 3
#: Seconds within which a scheduler must answer, at first and when the link to it broke.
PATIENCE = 10
#: Seconds between two looks at whether the scheduler still answers, and which workers there are.
LOOK = 5


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
    return _ClusterRunner(address, says or (lambda words: None))


@dataclass(frozen=True)
class _ClusterRunner:
    """Runs units on the cluster at an address."""

    address: str
    says: Callable[[str], None]

    def __call__(
        self, variants: Sequence[Variant], units: "Iterable[Unit]", seed: int, *, threads: int,
        series_worlds: int | None, ran: Callable[[int], None] | None, stop: "threading.Event | None" = None,
    ) -> "Generator[UnitResult, None, None]":  # fmt: skip
        """Yield the result of each unit as it comes, in any order; ``threads`` of this machine play no part."""
        waiting = iter(units)
        first = next(waiting, None)
        if first is None:
            return
        with _connected(self.address) as client:
            link = _SchedulerLink(client, self.address, self.says)
            trial = Trial.of(variants[first.variant], seed)
            link.admit(trial)
            dispatch = _Dispatch(link, trial, variants, seed, series_worlds)
            try:
                for result in dispatch.results(first, waiting, stop):
                    if ran:
                        ran(result.unit.n)
                    yield result
            finally:  # an interruption, or a caller who wants no more: what is under way is wanted by nobody
                dispatch.cancel()


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
            f"no cluster answers at {address} ({in_a_line(error)}); is its scheduler running, and can this machine"
            " reach it?"
        ) from error
    try:
        yield client
    finally:
        with suppress(Exception):  # of a cluster that is gone no leave can be taken
            client.close(timeout=2)


class _SchedulerLink:
    """The link to the scheduler: which workers there are, and whether anybody answers."""

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
        """Return when the link is up; a link that broke is up again within ``PATIENCE`` seconds, or never."""
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
        f"{worker} cannot run worlds: {in_a_line(error)}; install this version of Crossfire on it, or take it off the"
        " cluster"
    )


class _Dispatch:
    """Units on their way to the workers and back."""

    def __init__(
        self, link: _SchedulerLink, trial: "Trial", variants: Sequence[Variant], seed: int, series_worlds: int | None
    ) -> None:
        self.link, self.trial, self.variants = link, trial, variants
        self.seed, self.series_worlds = seed, series_worlds
        self.under_way: dict[str, tuple[Any, Unit]] = {}
        self.again: deque[Unit] = deque()
        self.done: SimpleQueue[Any] = SimpleQueue()
        self._sent = 0
        self._pack = lru_cache(maxsize=256)(lambda k: packed(self.variants[k]))

    def results(self, first: "Unit", rest: "Iterator[Unit]", stop: "threading.Event | None") -> "Iterator[UnitResult]":
        """Yield the result of each unit as it comes, until there are no more, or ``stop`` is set."""
        self.again.append(first)
        while not (stop and stop.is_set()):
            self._send(rest)
            if not self.under_way:
                return
            try:
                future = self.done.get(timeout=0.5)
            except Empty:
                continue
            if (result := self._taken(future)) is not None:
                yield result

    def _send(self, rest: "Iterator[Unit]") -> None:
        """Send so many units that no thread will wait for one."""
        room = max(1, AHEAD * sum(self.link.workers().values())) - len(self.under_way)
        for _ in range(room):
            unit = self.again.popleft() if self.again else next(rest, None)
            if unit is None:
                return
            task = Task(self.trial, self._pack(unit.variant), self.seed, *unit[1:], self.series_worlds)
            future = self.link.client.submit(pickle.loads, called(run_there, task), pure=False, priority=-self._sent)
            self._sent += 1
            self.under_way[future.key] = future, unit
            future.add_done_callback(self.done.put)

    def _taken(self, future: Any) -> "UnitResult | None":
        """Return the result of a task; None if none came, and the unit is sent again or still awaited."""
        _, unit = self.under_way[future.key]
        try:
            sent = self._result(future)
        except TimeoutError:
            # The worker died with the result in its hands: it is on its way again, by the scheduler's own doing.
            self.link.workers(at_most_old=0)
            future.add_done_callback(self.done.put)
            return None
        del self.under_way[future.key]
        if sent is None:
            self.link.hold()
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
        """Return what a task sent; None if it was dropped with the link to the scheduler."""
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
        if self.under_way and self.link.client.status == "running":
            with suppress(Exception):  # the link may break just now, which drops them as well
                self.link.client.cancel([future for future, _ in self.under_way.values()], force=True)
        self.under_way.clear()
