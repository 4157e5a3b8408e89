"""A run that is killed, at every step on the disk or at any moment, and taken up ends with the same bytes."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from sim import results
from sim.experiments.request import Request, variants_of
from sim.names.measures import OUTCOMES, SERIES
from sim.results import Results
from sim.running.execute import execute
from sim.running.resume import extend, resume
from tests.running.small_runs import ROOT, SCENARIO, bytes_of

pytestmark = pytest.mark.usefixtures("units_of_four")


def _written(folder, step=4, worlds=10):
    """Write small results as a run does, from where an earlier one broke off, to the end."""
    variants = [{"label": "a", "inputs": {}}, {"label": "b", "inputs": {}}]
    held = results.create(folder, {}, label="x", seed=1, worlds=worlds, variants=variants, rules_hash="ab")
    if held.finished:
        return
    with held:
        for variant in range(2):
            for first in range(0, worlds, step):
                n = min(step, worlds - first)
                if not held.has(variant, first, n):
                    outcomes = {m.name: np.arange(first, first + n) + variant for m in OUTCOMES[:3]}
                    series = {m.name: np.full((n, 3), first) for m in SERIES[:2]}
                    held.add(variant, first, outcomes, series, [{"world": first}] if variant and first == 4 else [])
        numbers = np.arange(worlds)
        held.finish([results.inputs_table(numbers, {"parameter:x": numbers / 3})])


class Killed(BaseException):
    """Stands for a process that is no more."""


@contextmanager
def death_at(step):
    """Let a process die as it is about to take the n-th step on the disk; the dead take no step after that."""
    count, dead = iter(range(10_000)), []

    def dying(call):
        def one(*args, **options):
            if dead or next(count) == step:
                dead.append(True)
                raise Killed
            return call(*args, **options)

        return one

    with pytest.MonkeyPatch.context() as patch:
        for where, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink")):
            patch.setattr(where, name, dying(getattr(where, name)))
        with suppress(Killed):
            yield dead


def test_killed_at_any_step_on_the_disk_results_end_the_same(tmp_path):
    """At each fsync, each file that gets its name and each that is removed: taken up, the bytes are the same."""
    _written(tmp_path / "whole")
    wanted = bytes_of(tmp_path / "whole")
    failures = Results(tmp_path / "whole").manifest["failures"]
    step, died = 0, [True]
    while died:
        folder = tmp_path / str(step)
        with death_at(step) as died:
            _written(folder)
        _written(folder)
        assert bytes_of(folder) == wanted, step
        assert Results(folder).verify() == []
        assert Results(folder).manifest["failures"] == failures
        assert not list(folder.rglob("*.partial"))
        step += 1
    assert step > 60


def test_killed_again_and_again_it_still_ends_the_same(tmp_path):
    """Each time a few steps further, from what the last one left."""
    _written(tmp_path / "whole")
    luck, died, deaths = random.Random(7), [True], 0
    while died:
        with death_at(luck.randrange(9, 40)) as died:
            _written(tmp_path / "r")
        deaths += bool(died)
    assert deaths > 2
    assert bytes_of(tmp_path / "r") == bytes_of(tmp_path / "whole")


def test_an_extension_killed_at_any_step_ends_the_same(whole):
    """Finished results that are given more worlds are never less than they were."""
    smaller = Request((SCENARIO,), worlds=6, days=60, vary=("us=restraint,in-kind",))
    execute(smaller, variants_of(smaller), out="small")
    step, died = 0, [True]
    while died:
        folder = f"r{step}"
        shutil.copytree("small", folder)
        with death_at(step) as died:
            extend(folder, 10)
        resume(folder)
        if Results(folder).manifest["worlds"] < 10:
            extend(folder, 10)
        assert bytes_of(folder) == whole, step
        step += 3  # each takes a second
    assert step > 30


@pytest.mark.slow
def test_killed_at_twenty_random_moments_a_run_ends_the_same(tmp_path):
    """SIGKILL from outside, at any moment from the start of the process to the last write; taken up each time."""
    command = [sys.executable, "-m", "sim.cli", "compare", SCENARIO, "--vary", "us=restraint,in-kind,do-nothing",
               "--worlds", "9000", "--days", "60", "--series", "300"]  # fmt: skip
    subprocess.run([*command, "--out", tmp_path / "whole"], cwd=ROOT, check=True, capture_output=True)
    luck, kills = random.Random(11), 0
    while kills < 20:
        running_ = subprocess.Popen([*command, "--out", tmp_path / "r"], cwd=ROOT, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(luck.uniform(0.3, 4.0))
        if running_.poll() is not None:  # done before the blow fell: begin again
            assert running_.returncode == 0
            assert bytes_of(tmp_path / "r") == bytes_of(tmp_path / "whole")
            shutil.rmtree(tmp_path / "r")
            continue
        running_.send_signal(signal.SIGKILL)
        running_.wait()
        kills += 1
    subprocess.run([*command, "--out", tmp_path / "r"], cwd=ROOT, check=True, capture_output=True)
    assert bytes_of(tmp_path / "r") == bytes_of(tmp_path / "whole")
    assert Results(tmp_path / "r").verify() == []
