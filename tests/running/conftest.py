"""What tests of running share."""

import pytest

from sim.experiments.request import arms_of
from sim.results import unwritten_parts
from sim.running import ensemble
from sim.running.execute import execute
from tests.running.small_runs import TWO, bytes_of


@pytest.fixture
def units_of_four(tmp_path, monkeypatch):
    """Small units, at once on the disk, so that little worlds make many parts; other tests' results out of the way."""
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 4)
    monkeypatch.setattr(unwritten_parts, "SECONDS", 0.0)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the tables of a run that was never stopped."""
    folder = tmp_path_factory.mktemp("whole") / "r"
    execute(TWO, arms_of(TWO), out=folder)
    return bytes_of(folder)
