"""A short run is shown before its files are written, from memory, and says the same as its files do afterwards."""

import json
from dataclasses import replace

import pytest

from sim.cli.tables import results_shown
from sim.experiments import request
from sim.experiments.request import Asked, arms_of
from sim.results import StoreError, held, open_results
from sim.running.execute import execute
from sim.running.job import How

TWO = Asked(("2020-soleimani",), worlds=12, days=60, vary=("us=restraint,in-kind",))


def test_what_is_shown_early_is_what_files_say_later(tmp_path):
    """Every number of the comparison, its pairing, and the table as it is printed."""
    seen = {}

    def early(results):
        seen.update(json=request.compare_json(results), pairing=request.pairing_of(results), there=results)
        seen["files"] = sorted(path.name for path in results.folder.glob("*.parquet"))

    done = execute(TWO, arms_of(TWO), out=tmp_path / "r", how=How(early=early)).results
    assert json.dumps(seen["json"]) == json.dumps(request.compare_json(done))
    assert len(seen["pairing"]) == 1
    assert seen["pairing"] == request.pairing_of(done)
    assert seen["there"].outcomes.equals(done.outcomes)
    assert seen["there"].series_columns(["us_troops"]).equals(done.series_columns(["us_troops"]))
    assert seen["there"].only([done.variants[1]]).outcomes.equals(done.only([done.variants[1]]).outcomes)
    assert str(results_shown(seen["there"])) is not None


def test_a_longer_run_is_shown_from_its_files(tmp_path, monkeypatch):
    """Parts that went to the disk are put together first: nothing is shown early."""
    monkeypatch.setattr(held, "SECONDS", 0.0)
    execute(TWO, arms_of(TWO), out=tmp_path / "r", how=How(early=lambda results: pytest.fail("shown early")))
    assert open_results(tmp_path / "r").status == "finished"


def test_writing_goes_to_its_end_whatever_becomes_of_the_showing(tmp_path):
    """An interruption, or an output that is closed, costs no results."""

    def early(results):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        execute(TWO, arms_of(TWO), out=tmp_path / "r", how=How(early=early))
    there = open_results(tmp_path / "r")
    assert there.status == "finished"
    assert not there.verify()


def test_what_cannot_be_written_is_told_after_it_was_shown(tmp_path, monkeypatch):
    """A full disk is an error, and not one of a run that lost nothing."""
    shown = []

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.results.writing._drawn", full)
    with pytest.raises(StoreError, match="No space left"):
        execute(TWO, arms_of(TWO), out=tmp_path / "r", how=How(early=shown.append))
    assert shown
    monkeypatch.undo()
    execute(replace(TWO), arms_of(TWO), out=tmp_path / "r")
    assert open_results(tmp_path / "r").status == "finished"
