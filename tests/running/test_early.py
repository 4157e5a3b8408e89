"""A short run is shown before its files are written, from memory, and says the same as its files do afterwards."""

import io
import json
import time
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from sim.cli.result_tables import results_tables
from sim.experiments.request import Request, variants_of
from sim.names.measures import SERIES
from sim.results import Results, StoreError, as_json, run_facts, series_table, unwritten_parts
from sim.running.execute import execute
from sim.running.run import ExecutorOptions
from sim.world.record import WEEK

TWO = Request(("2020-soleimani",), worlds=12, days=60, vary=("us=restraint,in-kind",))


def test_what_is_shown_early_is_what_files_say_later(tmp_path):
    """Every number of the comparison, its pairing, and the table as it is printed."""
    seen = {}

    def early(results):
        seen.update(json=as_json.compare_json(results), pairing=run_facts.pairing_of(results), there=results)
        seen["files"] = sorted(path.name for path in results.folder.glob("*.parquet"))

    done = execute(TWO, variants_of(TWO), out=tmp_path / "r", options=ExecutorOptions(early=early)).results
    assert json.dumps(seen["json"]) == json.dumps(as_json.compare_json(done))
    assert len(seen["pairing"]) == 1
    assert seen["pairing"] == run_facts.pairing_of(done)
    assert seen["there"].outcomes.equals(done.outcomes)
    assert seen["there"].series_columns(["us_troops"]).equals(done.series_columns(["us_troops"]))
    assert seen["there"].only([done.variants[1]]).outcomes.equals(done.only([done.variants[1]]).outcomes)
    assert str(results_tables(seen["there"])) is not None


def test_a_longer_run_is_shown_from_its_files(tmp_path, monkeypatch):
    """Parts that went to the disk are put together first: nothing is shown early."""
    monkeypatch.setattr(unwritten_parts, "SECONDS", 0.0)
    execute(
        TWO,
        variants_of(TWO),
        out=tmp_path / "r",
        options=ExecutorOptions(early=lambda results: pytest.fail("shown early")),
    )
    assert Results(tmp_path / "r").status == "finished"


def test_writing_goes_to_its_end_whatever_becomes_of_the_showing(tmp_path):
    """An interruption, or an output that is closed, costs no results."""

    def early(results):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        execute(TWO, variants_of(TWO), out=tmp_path / "r", options=ExecutorOptions(early=early))
    there = Results(tmp_path / "r")
    assert there.status == "finished"
    assert not there.verify()


def test_what_cannot_be_written_is_told_after_it_was_shown(tmp_path, monkeypatch):
    """A full disk is an error, and not one of a run that lost nothing."""
    shown = []

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.results.writing._drawn", full)
    with pytest.raises(StoreError, match="No space left"):
        execute(TWO, variants_of(TWO), out=tmp_path / "r", options=ExecutorOptions(early=shown.append))
    assert shown
    monkeypatch.undo()
    execute(replace(TWO), variants_of(TWO), out=tmp_path / "r")
    assert Results(tmp_path / "r").status == "finished"


def test_files_wait_for_the_table_but_not_for_a_slow_reader(tmp_path, monkeypatch):
    """Nothing is written before the table is shown; whoever holds it up does so for a moment only."""
    monkeypatch.setattr("sim.running.execute.SHOWN_WITHIN", 0.2)
    seen = []

    def early(results):
        seen.append((results.folder / "outcomes.parquet").exists())
        for _ in range(600):
            if Results(results.folder).status == "finished":
                seen.append("finished meanwhile")
                return
            time.sleep(0.05)

    execute(TWO, variants_of(TWO), out=tmp_path / "r", options=ExecutorOptions(early=early))
    assert seen == [False, "finished meanwhile"]


def test_of_very_many_variants_the_first_are_shown_and_it_is_said_how_to_see_all(tmp_path):
    """A table of hundreds of rows takes longer than their worlds; the correction stays that of all of them."""
    asked = replace(TWO, worlds=4, days=5, vary=("us_troops=" + ",".join(str(2_000 + k) for k in range(9)),))
    results = execute(asked, variants_of(asked), out=tmp_path / "r").results
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(results_tables(results, most=7))
    told = console.export_text()
    assert "us_troops=2006" in told or "2006" in told
    assert "2007" not in told and "2008" not in told
    assert "The first 7 of 9 variants. For all: crossfire show" in told
    assert f"for {8 * 8} comparisons" in told
    console.print(results_tables(results))
    assert "2008" in console.export_text()


def test_weekly_series_are_held_as_they_came_and_read_alike(tmp_path):
    """A table made of records late is the table that is made of columns at once."""
    rows = np.zeros((3, 2), WEEK)
    rows["us_troops"] = np.arange(6).reshape(3, 2)
    rows["anti_us"] = np.nan
    late = unwritten_parts.WeeklyTable("one", 5, rows)
    at_once = series_table("one", 5, {m.name: rows[m.name] for m in SERIES})
    assert late.table().equals(at_once)
    assert late.schema.equals(at_once.schema, check_metadata=True)
    assert late.nbytes == rows.nbytes
