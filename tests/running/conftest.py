"""What tests of running share."""

import shutil
from pathlib import Path

import pytest

from sim.experiments.request import variants_of
from sim.results import unwritten_parts
from sim.running import ensemble
from sim.running.execute import execute
from sim.running.rare import trees
from sim.running.rare.execute import find_rare_end
from sim.running.rare.store import RareStore
from sim.running.run import ExecutorOptions
from tests.running.rare_runs import rare_run
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
    execute(TWO, variants_of(TWO), out=folder)
    return bytes_of(folder)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Results of other tests are out of the way."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def few_roots(tmp_path, monkeypatch):
    """Few roots at a time, so that little runs make many lines; each test in a folder of its own."""
    monkeypatch.setattr(trees, "ROOTS", 8)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def rare_whole(tmp_path_factory):
    """Return what a run that was never stopped has found, and how many lines its journal had."""
    lines, add = [], RareStore.add

    def noted(self, *words):
        lines.append(words[:2])
        add(self, *words)

    folder = tmp_path_factory.mktemp("whole") / "r"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "ROOTS", 8)
        patch.setattr(RareStore, "add", noted)
        found = find_rare_end(rare_run(), out=folder, options=ExecutorOptions(2)).results.found
    return found, lines, folder


@pytest.fixture
def there(rare_whole, few_roots):
    """Return a copy of a folder of finished results."""
    return Path(shutil.copytree(rare_whole[2], "there"))
