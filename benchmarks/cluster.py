"""Print how long units of worlds take on a cluster of two workers on this machine, against two threads, turn by turn.

``python benchmarks/cluster.py [UNITS [TURNS]]``, on a machine with two processors or more and nothing else to do. The
results come to the same numbers; that is looked at as well.
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

from sim.cluster import cluster_runner
from sim.ensemble import run_units, units_of
from sim.running import Runner, prepare_rules
from sim.runs import Asked, arms_of


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Provide the address of a scheduler with so many workers of one thread, each a process of this machine."""
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
            yield address
        finally:
            for process in reversed(processes):
                process.kill()
                process.wait()


def timed(runner: Runner, variants: list, units: int) -> tuple[float, float, str]:
    """Return the seconds until the first block and from then to the last, and a digest of all numbers."""
    begun = first = time.perf_counter()
    digests = {}
    for block in runner(variants, units_of(1, 500 * units), 1, threads=2, series_worlds=None, ran=None):
        first = first if digests else time.perf_counter()
        text = hashlib.sha256(np.ascontiguousarray(block.outcomes).tobytes())
        text.update(np.ascontiguousarray(block.series).tobytes())
        digests[block.unit] = text.hexdigest()
    return first - begun, time.perf_counter() - begun, "".join(digests[unit] for unit in sorted(digests))


def main(units: int, turns: int) -> None:
    """Run both ways in turn, and print the ratio of their times."""
    variants = [arm.variant for arm in arms_of(Asked(("2020-soleimani",), worlds=500 * units))]
    prepare_rules(variants[0])
    with cluster(2) as address:
        on_cluster = cluster_runner(address)
        timed(on_cluster, variants, 2)  # loads the rules over there
        ratios = []
        for _ in range(turns):
            here, there = timed(run_units, variants, units), timed(on_cluster, variants, units)
            if here[2] != there[2]:
                sys.exit("the numbers differ")
            ratios.append(there[1] / here[1])
            print(f"{units} units of 500 worlds: two threads {here[1]:.2f} s, two workers {there[1]:.2f} s"
                  f" (the first unit after {there[0]:.2f} s), ratio {ratios[-1]:.3f}")  # fmt: skip
    print(f"ratio {np.median(ratios):.3f} in the median; per unit and thread"
          f" {(np.median(ratios) - 1) * 100:+.1f}%; the numbers are the same")  # fmt: skip


if __name__ == "__main__":
    main(*([int(n) for n in sys.argv[1:]] + [20, 3][len(sys.argv) - 1 :]))
