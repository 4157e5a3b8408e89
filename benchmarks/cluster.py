"""Print how long units of worlds take on a cluster of two workers on this machine, against two threads, turn by turn.

``python benchmarks/cluster.py [UNITS [TURNS [SERIES]]]``: so many units, so many turns, and the weekly series of so
many worlds (all by default; a run of more than 5,000 worlds keeps those of 1,000). Seconds of the clock mean something
on a machine with two free processors only; seconds of the processors, of all processes together, on any. That both ways
come to the same numbers is looked at as well.
"""

import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import psutil

from sim.experiments.request import Request, variants_of
from sim.running.cluster import cluster_runner
from sim.running.compiling import prepare_rules
from sim.running.ensemble import run_units, units_of
from sim.running.run import Runner


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Provide the address of a scheduler with so many workers of one thread, and their processes on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-m", "dask"]
    commands = [[*dask, "scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"]]
    one = [*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0"]
    commands += [one] * workers
    with tempfile.TemporaryDirectory() as folder:
        here = {"env": os.environ | {"DASK_TEMPORARY_DIRECTORY": folder}, "stderr": subprocess.DEVNULL}
        processes = [subprocess.Popen(command, **here) for command in commands]
        try:
            time.sleep(4)  # the scheduler must be there for the runner to answer
            yield address, [psutil.Process(process.pid) for process in processes]
        finally:
            for process in reversed(processes):
                process.kill()
                process.wait()


def timed(
    runner: Runner, variants: list, units: int, processes: list[psutil.Process], series: int | None
) -> tuple[float, float, str]:
    """Return the seconds that so many units take, of the clock and of the processors, and a digest of all numbers."""
    begun, used = time.perf_counter(), processor_seconds(processes)
    digests = {}
    for result in runner(variants, units_of(1, 500 * units), 1, threads=2, series_worlds=series, ran=None):
        digests[result.unit] = digest(result.outcomes) + digest(result.series)
    seconds, used = time.perf_counter() - begun, processor_seconds(processes) - used
    return seconds, used, "".join(digests[unit] for unit in sorted(digests))


def digest(table: np.ndarray) -> str:
    """Return a digest of a table."""
    return hashlib.blake2b(np.ascontiguousarray(table)).hexdigest()


def processor_seconds(processes: list[psutil.Process]) -> float:
    """Return the seconds that this process and others have kept processors busy."""
    return sum(sum(process.cpu_times()[:2]) for process in (psutil.Process(), *processes))


def main(units: int = 20, turns: int = 3, series: int | None = None) -> None:
    """Run both ways in turn, and print the ratios of their times."""
    variants = variants_of(Request(("2020-soleimani",), worlds=500 * units))
    prepare_rules(variants[0])
    ratios = []
    with cluster(2) as (address, processes):
        on_cluster = cluster_runner(address)
        timed(on_cluster, variants, 2, processes, series)  # loads the rules over there
        for _ in range(turns):
            here = timed(run_units, variants, units, [], series)
            there = timed(on_cluster, variants, units, processes, series)
            if here[2] != there[2]:
                sys.exit("the numbers differ")
            ratios.append([there[k] / here[k] for k in range(2)])
            print(
                f"{units} units: two threads {here[0]:.2f} s (processors {here[1]:.2f} s), two workers {there[0]:.2f} s"
                f" (processors {there[1]:.2f} s): ratio {ratios[-1][0]:.3f} ({ratios[-1][1]:.3f})"
            )
    clock, processors = np.median(ratios, axis=0)
    print(f"ratio in the median {clock:.3f}, of the processors' time {processors:.3f}; the numbers are the same")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
