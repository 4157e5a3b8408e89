"""A real cluster on this machine: a scheduler and two workers, each a process of its own."""

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
import pytest

from sim.errors import Unrunnable
from sim.experiments.request import Request, variants_of
from sim.results import Results, unwritten_parts
from sim.running import cluster, cluster_worker, ensemble
from sim.running.cluster import ClusterError, cluster_runner
from sim.running.cluster_worker import Task, Trial
from sim.running.ensemble import Unit, run_units, units_of
from sim.running.execute import execute
from sim.running.resume import resume
from sim.running.run import ExecutorOptions
from sim.world.compiled import PLAIN

ROOT = Path(__file__).parent.parent.parent
SCENARIO = "2020-soleimani"
TWO = Request((SCENARIO,), vary=("us=restraint,in-kind",), worlds=40, days=60)
#: Five seconds of work for two workers.
LONGER = Request((SCENARIO,), vary=("us=restraint,in-kind",), worlds=1_600, days=365, series="100")

pytestmark = [
    # Both are about connections that end with a process which was killed.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass
class Cluster:
    """A scheduler and its workers."""

    address: str
    folder: Path
    scheduler: subprocess.Popen
    workers: list = field(default_factory=list)

    def add_worker(self, **environment):
        """Start one more worker of one thread."""
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0", "--death-timeout", "60"]
        self.workers.append(started("worker", self.address, *options, folder=self.folder, **environment))

    def end(self):
        """End what is still there."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def started(*words, folder, **environment):
    """Return a process of Dask's command line, which sees this checkout's Crossfire."""
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    here = {"PYTHONPATH": paths, "DASK_TEMPORARY_DIRECTORY": str(folder)} | environment
    with (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words], env=os.environ | here, stdout=log, stderr=log, cwd=folder
        )


def free_port():
    """Return a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def listens(port):
    """Return whether somebody listens at a port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def eventually(true, seconds=60.0):
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path):
    """Provide a function that starts a cluster with so many workers, all of which end with the test."""
    begun = []

    def start(workers=2):
        port = free_port()
        scheduler = started(
            "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", folder=tmp_path
        )  # fmt: skip
        begun.append(Cluster(f"tcp://127.0.0.1:{port}", tmp_path, scheduler))
        eventually(lambda: listens(port))
        for _ in range(workers):
            begun[-1].add_worker()
        return begun[-1]

    yield start
    for one in begun:
        one.end()


@pytest.fixture
def small_units(monkeypatch):
    """Run in units of ten worlds."""
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 10)


def tables(folder):
    """Return the bytes of every table of results."""
    return {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.parquet"))}


def parts(folder):
    """Return how many units are kept."""
    journal = Path(folder) / "parts.jsonl"
    return len(journal.read_bytes().splitlines()) if journal.exists() else 0


def first_variant(asked=TWO):
    """Return a variant."""
    return variants_of(asked)[0]


def task(trial, unit=Unit(0, 3, 5), series_worlds=None):  # noqa: B008
    """Return a unit as it is sent to a worker."""
    return Task(trial, cluster_worker.packed(first_variant()), 1, unit.first, unit.n, series_worlds)


def same(one, other):
    """Return whether two results hold the same."""
    return (
        (one.unit, one.theories, one.failed) == (other.unit, other.theories, other.failed)
        and one.outcomes.dtype == other.outcomes.dtype
        and one.series.shape == other.series.shape
        and one.outcomes.tobytes() == other.outcomes.tobytes()
        and np.ascontiguousarray(one.series).tobytes() == np.ascontiguousarray(other.series).tobytes()
    )


# One task, without a cluster


@pytest.mark.parametrize("series_worlds", [None, 5, 2])
def test_a_result_comes_back_as_it_left(series_worlds):
    """Outcomes, series of as many worlds as are kept, theories and failures: the bytes of a unit run here."""
    unit = Unit(0, 3, 5)
    [here] = run_units([first_variant()], [unit], 1, threads=1, series_worlds=series_worlds)
    answer = cluster_worker.run_there(task(Trial.of(first_variant(), 1), unit, series_worlds))
    assert same(cluster_worker.unpacked(unit, answer), here)


def test_a_worker_with_other_versions_refuses():
    """It names what differs, on both sides, and what to do."""
    good = Trial.of(first_variant(), 1)
    other = tuple((name, "1.0" if name in ("numpy", "rules") else value) for name, value in good.versions)
    refused = cluster_worker.run_there(task(replace(good, versions=other)))["refused"]
    [numpy_here] = [value for name, value in good.versions if name == "numpy"]
    assert f"numpy {numpy_here} there, 1.0 here" in refused
    assert "rules" in refused
    assert "numba" not in refused
    assert "install the same versions" in refused


def test_a_worker_that_comes_to_other_numbers_refuses():
    """The same versions on a processor that rounds differently would not do."""
    good = Trial.of(first_variant(), 1)
    assert "comes to other numbers" in cluster_worker.run_there(task(replace(good, digest="0" * 16)))["refused"]
    assert not cluster_worker.tried(good)


def test_a_unit_that_breaks_says_so(monkeypatch):
    """What goes wrong on the worker is sent back in words."""
    trial = Trial.of(first_variant(), 1)
    assert not cluster_worker.tried(trial)

    def broken(*args, **options):
        raise MemoryError("no room")

    monkeypatch.setattr(ensemble, "run_units", broken)
    assert cluster_worker.run_there(task(trial)) == {"failed": "MemoryError: no room"}


# At the start


def test_an_address_where_nobody_answers_is_an_error(monkeypatch):
    """In little time, and in words."""
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(ClusterError, match=f"no cluster answers at {address}"):
        cluster_runner(address)


def test_an_address_that_is_none_is_an_error(monkeypatch):
    """A misspelled address is no traceback."""
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(ClusterError, match="no cluster answers at here:there"):
        cluster_runner("here:there")


def test_a_variant_travels_as_the_same_bytes_whatever_it_has_worked_out():
    """Another thread may work it out meanwhile, and a hash of this process means nothing in another."""
    variant = first_variant()
    before = cluster_worker.packed(variant)
    variant.drawn(1, range(3))
    worked_out = {name for policy in variant.inputs.policies for name in vars(policy)}
    assert "all_rules" in worked_out
    assert cluster_worker.packed(variant) == before
    there = pickle.loads(zlib.decompress(before))
    assert {name for policy in there.inputs.policies for name in vars(policy)} == {
        one.name for one in fields(there.inputs.policies[0])
    }
    assert there.inputs.plain() == variant.inputs.plain()


# A real cluster


@pytest.mark.usefixtures("small_units")
def test_a_cluster_makes_the_bytes_of_one_machine(start, tmp_path):
    """Two variants in units of ten worlds, over two workers: every table is the same."""
    here = execute(TWO, variants_of(TWO), out=tmp_path / "here").results
    said = []
    runner = cluster_runner(start().address, said.append)
    there = execute(TWO, variants_of(TWO), out=tmp_path / "there", options=ExecutorOptions(runner=runner)).results
    assert tables(there.folder) == tables(here.folder)
    assert set(tables(here.folder)) == {"outcomes.parquet", "series.parquet", "inputs.parquet", "design.parquet"}
    assert any("each loads the rules first" in words for words in said)


def test_a_unit_that_cannot_be_run_stops_the_run(start, monkeypatch):
    """It is told as what it is, and nothing is noted against its worlds; nothing comes of a run that is stopped."""
    variants, units = [first_variant()], [Unit(0, 0, 5), Unit(0, 5, 5), Unit(0, 10, 5)]
    runner = cluster_runner(start(1).address)
    counted = []

    def run(stop=None):
        return runner(variants, units, 1, threads=1, series_worlds=8, ran=counted.append, stop=stop)

    monkeypatch.setattr(
        cluster._Dispatch, "_result", lambda dispatch, future: {"failed": "broken"} if counted else future.result()
    )
    came = run()
    assert not next(came).failed
    with pytest.raises(Unrunnable, match=r"worlds \d+ to \d+ of .* could not be run: broken"):
        next(came)
    monkeypatch.undo()
    assert counted == [5]

    stop = threading.Event()
    stop.set()
    assert not list(run(stop))


def test_a_worker_that_would_come_to_other_numbers_ends_the_run_in_words(start, tmp_path):
    """One that runs its rules uncompiled, and one whose Crossfire knows no cluster."""
    variants, units = [first_variant()], [Unit(0, 0, 5)]
    one = start(0)
    runner = cluster_runner(one.address)
    one.add_worker(CROSSFIRE_RULES="compiled" if PLAIN else "python")
    with pytest.raises(
        ClusterError, match=r"the worker tcp://127.* another CROSSFIRE_RULES python there, compiled here"
    ):
        list(runner(variants, units, 1, threads=1, series_worlds=None, ran=None))
    one.workers[0].kill()
    (tmp_path / "old/sim").mkdir(parents=True)
    (tmp_path / "old/sim/__init__.py").touch()
    one.add_worker(PYTHONPATH=str(tmp_path / "old"))
    with pytest.raises(ClusterError, match=r"cannot run worlds: ModuleNotFoundError.*install this version"):
        list(runner(variants, units, 1, threads=1, series_worlds=None, ran=None))


class Future:
    """A task that ended with an error."""

    key = "a task"

    def __init__(self, error):
        self.error = error

    def result(self, timeout):
        """Raise the error."""
        raise self.error


def test_a_unit_that_kills_its_workers_is_told(monkeypatch):
    """It is tried on a few, and then said; a worker that could not even begin is an error."""
    from distributed import KilledWorker

    dispatch = cluster._Dispatch(None, None, [], 1, None)
    assert dispatch._result(Future(KilledWorker("a task", None, 3))) == {"failed": "all 4 workers that ran it died"}
    assert dispatch._result(Future(CancelledError())) is None
    with pytest.raises(ClusterError, match="a worker cannot run worlds: ModuleNotFoundError: no sim"):
        dispatch._result(Future(ModuleNotFoundError("no sim")))


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(start, tmp_path, monkeypatch):
    """SIGKILL in the middle of a task: its units run on the other worker, and every table is the same."""
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 100)
    monkeypatch.setattr(unwritten_parts, "SECONDS", 0.0)
    here = execute(LONGER, variants_of(LONGER), out=tmp_path / "here").results
    two = start()
    folder = tmp_path / "there"

    def kill():
        eventually(lambda: parts(folder) >= 6)
        two.workers[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    there = execute(
        LONGER, variants_of(LONGER), out=folder, options=ExecutorOptions(runner=cluster_runner(two.address))
    ).results
    killer.join()
    assert two.workers[0].wait() == -signal.SIGKILL
    assert tables(there.folder) == tables(here.folder)
    assert not there.failures


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_that_is_gone_is_an_error_and_the_run_goes_on_from_there(start, tmp_path, monkeypatch, how):
    """Dead or deaf: said within half a minute; what was finished is kept, and resuming makes the same bytes."""
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 100)
    monkeypatch.setattr(unwritten_parts, "SECONDS", 0.0)  # a quick machine would be done before any part is written
    here = execute(LONGER, variants_of(LONGER), out=tmp_path / "here").results
    two = start()
    folder = tmp_path / "there"
    ended = []

    def end():
        eventually(lambda: parts(folder) >= 6)
        two.scheduler.send_signal(how)
        ended.append(time.monotonic())

    threading.Thread(target=end).start()
    runner = cluster_runner(two.address)
    with pytest.raises(ClusterError, match=f"{two.address} does not answer any more; finished parts are kept"):
        execute(LONGER, variants_of(LONGER), out=folder, options=ExecutorOptions(runner=runner))
    assert time.monotonic() - ended[0] < 30
    kept = parts(folder)
    assert kept >= 6
    assert json.loads((folder / "manifest.json").read_text())["status"] == "interrupted"
    two.end()
    there = resume(folder, options=ExecutorOptions(runner=cluster_runner(start().address))).results
    assert tables(there.folder) == tables(here.folder)
    assert Results(folder).status == "finished"


@pytest.mark.slow
def test_what_is_broken_off_is_dropped_on_the_cluster(start):
    """A caller who wants no more leaves the scheduler without tasks, and only a few were ever there."""
    from distributed import Client

    two = start()
    runner = cluster_runner(two.address)
    results = runner([first_variant()], units_of(1, 100_000), 1, threads=1, series_worlds=0, ran=None)
    next(results)
    with Client(two.address, set_as_default=False) as client:

        def tasks():
            return client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))

        assert 0 < tasks() <= 2 * cluster.AHEAD
        results.close()
        eventually(lambda: tasks() == 0, 10)


@pytest.mark.slow
def test_a_worker_that_comes_late_takes_the_trial_and_a_share(start, monkeypatch):
    """The dispatch begins with one worker; a second one joins and runs units, too; a third one is refused."""
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 100)
    monkeypatch.setattr(cluster, "LOOK", 0.2)
    one = start(1)
    said = []
    runner = cluster_runner(one.address, said.append)
    results = runner([first_variant(LONGER)], units_of(1, 20_000), 1, threads=1, series_worlds=0, ran=None)
    next(results)
    one.add_worker()
    seen = set()
    from distributed import Client

    with Client(one.address, set_as_default=False) as client:
        for _ in results:
            seen |= {worker for worker, keys in client.processing().items() if keys}
            if len(seen) == 2:
                break
    assert len(seen) == 2
    one.add_worker(CROSSFIRE_RULES="compiled" if PLAIN else "python")
    with pytest.raises(ClusterError, match="another CROSSFIRE_RULES"):
        list(results)
