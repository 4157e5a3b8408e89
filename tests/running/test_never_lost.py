"""No world is ever lost: whatever stops a run, and whenever, it ends with the bytes of one that was never stopped."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import results
from sim.experiments.request import Request, variants_of
from sim.results import Results, StoreError, unwritten_parts
from sim.results.files import Journal, JournalLines
from sim.running import ensemble
from sim.running.api import run
from sim.running.execute import execute
from sim.running.resume import extend, resume
from sim.running.run import Interrupted
from tests.running.small_runs import ROOT, SCENARIO, TABLES, TWO, broken_off, bytes_of

pytestmark = pytest.mark.usefixtures("units_of_four")

# Stopped and gone on with -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["the same command", "resume"])
def test_a_run_that_broke_off_ends_with_the_bytes_of_one_that_did_not(monkeypatch, whole, way):
    """By the same command, or by the folder alone."""
    folder = broken_off(monkeypatch)
    assert Results(folder).status == "interrupted"
    assert not Results(folder).names("inputs")
    done = resume(folder) if way == "resume" else execute(TWO, variants_of(TWO), out=folder, resume=True)
    assert not done.already_there
    assert bytes_of(folder) == whole
    assert sorted(path.name for path in folder.iterdir()) == sorted([*TABLES, "manifest.json"])
    assert resume(folder).already_there


def test_a_run_broken_off_in_its_first_seconds_keeps_what_was_in_memory_alone(monkeypatch, whole):
    """Its parts are written at the interruption, and the same command goes on from them."""
    monkeypatch.setattr(unwritten_parts, "SECONDS", 60.0)
    folder = broken_off(monkeypatch)
    assert sum(part["n"] for part in Results(folder).manifest["parts"]) >= 10
    assert not Results(folder).verify()[1:]  # the first says that it was interrupted
    execute(TWO, variants_of(TWO), out=folder, resume=True)
    assert bytes_of(folder) == whole


def test_a_run_of_a_few_seconds_writes_no_part(monkeypatch, whole):
    """Its tables are written once, with the bytes of tables put together from parts."""
    monkeypatch.setattr(unwritten_parts, "SECONDS", 60.0)
    monkeypatch.setattr(results.Store, "_write_part", lambda *_: pytest.fail("a part was written"))
    execute(TWO, variants_of(TWO), out="r")
    assert bytes_of("r") == whole


def test_what_takes_much_memory_is_written_however_short_the_run(monkeypatch, whole):
    """Held in memory are so many bytes at most, then all parts go to the disk."""
    monkeypatch.setattr(unwritten_parts, "SECONDS", 60.0)
    monkeypatch.setattr(unwritten_parts, "BYTES", 30_000)
    noted = []
    monkeypatch.setattr(Journal, "add", lambda self, part: noted.append(part["first"]))
    execute(TWO, variants_of(TWO), out="r")
    assert noted
    assert bytes_of("r") == whole


@pytest.mark.parametrize("harm", ["removed", "flipped", "cut short"])
def test_a_damaged_part_is_run_again(monkeypatch, whole, harm):
    """A part that is gone, or of which one bit is another, does not count as there."""
    folder = broken_off(monkeypatch)
    part = sorted((folder / "parts").glob("outcomes-*"))[1]
    raw = bytearray(part.read_bytes())
    raw[len(raw) // 2] ^= 1
    part.unlink()
    if harm != "removed":
        part.write_bytes(raw if harm == "flipped" else raw[: len(raw) // 2])
    assert any(part.name in problem for problem in Results(folder).verify())
    resume(folder)
    assert bytes_of(folder) == whole


@pytest.mark.parametrize("table", ["outcomes", "series", "inputs"])
def test_a_damaged_table_of_finished_results_is_made_again(whole, table):
    """Verify names it, reading it says what to do, resume mends it."""
    folder = Path("r")
    execute(TWO, variants_of(TWO), out=folder)
    path = folder / f"{table}.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    assert Results(folder).verify() == [f"{path}: not what was written"]
    if table == "outcomes":
        with pytest.raises(StoreError, match="crossfire resume"):
            _ = Results(folder).outcomes
    resume(folder)
    assert bytes_of(folder) == whole
    assert Results(folder).verify() == []
    assert "extended" not in Results(folder).manifest


def test_a_journal_cut_short_loses_its_last_line_alone(monkeypatch, whole):
    """What a crash left of a line counts as not there, and is not taken for another's beginning."""
    folder = broken_off(monkeypatch)
    journal = folder / "parts.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]) + lines[-1][:20])
    assert len(Results(folder).manifest["parts"]) == len(lines) - 1
    resume(folder)
    assert bytes_of(folder) == whole


def test_lines_of_a_journal_that_are_no_entries_are_passed_over(tmp_path):
    """A torn or foreign line stops nothing, and is counted; those of older versions needed no checksum."""
    journal = Journal(tmp_path / "parts.jsonl")
    journal.path.write_bytes(b'{"a": 1}\n{"b": \n[1]\n{"c": 3}\n{"d": 4}')
    assert journal.read(with_checksums=False) == JournalLines(({"a": 1}, {"c": 3}), 2)
    assert journal.read() == JournalLines((), 4)
    journal.path.unlink()
    journal.add({"a": 1})
    journal.add({"b": 2})
    assert journal.read() == JournalLines(({"a": 1}, {"b": 2}))
    journal.path.write_bytes(journal.path.read_bytes().replace(b'"b": 2', b'"b": 3'))
    assert journal.read() == JournalLines(({"a": 1},), 1)


# A full disk ------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_said_and_loses_nothing(monkeypatch, whole):
    """What was run is kept; with room again the run goes on."""
    fsync, count = os.fsync, iter(range(10_000))

    def full(handle):
        if next(count) >= 12:
            raise OSError(errno.ENOSPC, "No space left on device")
        return fsync(handle)

    with monkeypatch.context() as patch, pytest.raises(StoreError, match=r"No space left.*worlds are kept.*resume"):
        patch.setattr(os, "fsync", full)
        execute(TWO, variants_of(TWO), out="r")
    assert not list(Path("r").rglob("*.partial"))
    resume("r")
    assert bytes_of("r") == whole


@pytest.mark.slow
def test_a_really_full_disk(whole, tmp_path):
    """On a file system of one megabyte, where this process may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=150k", "tmpfs", disk]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount; the same with a disk that only says that it is full is tested above")
    try:
        with pytest.raises(StoreError, match="No space left"):
            execute(TWO, variants_of(TWO), out=disk / "r")
        subprocess.run(["mount", "-o", "remount,size=100M", disk], check=True)
        resume(disk / "r")
        assert bytes_of(disk / "r") == whole
    finally:
        subprocess.run(["umount", disk], check=True)


# What does not belong ---------------------------------------------------------------------------------------------


def test_a_changed_scenario_is_refused_with_the_difference(monkeypatch):
    """Worlds of two scenarios never come into one folder."""
    mine = Path("mine.yaml")
    text = (
        f"scenario: mine\ntitle: Mine\npurpose: To try.\nextends: {SCENARIO}\ndays: 60\nsituation: {{us_troops: %d}}\n"
    )
    mine.write_text(text % 5200)
    asked = Request(("mine.yaml",), worlds=10, vary=("us=restraint,in-kind",))
    folder = broken_off(monkeypatch, asked=asked)
    mine.write_text(text % 2500)
    for going_on in (lambda: resume(folder), lambda: execute(asked, variants_of(asked), out=folder)):
        with pytest.raises(StoreError) as refused:
            going_on()
        assert "us_troops" in str(refused.value)
        assert "5200" in str(refused.value)
        assert "now" in str(refused.value)
        assert "2500" in str(refused.value)
    mine.write_text(text % 5200)
    assert resume(folder).results.status == "finished"


def test_resume_finds_the_run_of_this_name_that_broke_off(monkeypatch):
    """Folders are named by what was asked; with another scenario the name is another, and nothing would go on."""
    run_units = ensemble.run_units

    def broken(variants, *args, **options):
        yield next(iter(run_units(variants, *args, **options)))
        if len(variants) > 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", broken)
        execute(TWO, variants_of(TWO))
    with pytest.raises(StoreError, match="nothing here to go on with"):
        execute(Request(("2020-taji",), worlds=4), variants_of(Request(("2020-taji",), worlds=4)), resume=True)
    other = Request((SCENARIO,), worlds=10, days=60, seed=2, vary=("us=restraint,in-kind",))
    with pytest.raises(StoreError, match=r"(?s)broke off, but.*seed: 1, now 2"):
        execute(other, variants_of(other), resume=True)
    assert len(list(Path("results").iterdir())) == 1
    assert execute(TWO, variants_of(TWO), resume=True).results.status == "finished"


def test_rules_changed_since_are_refused(monkeypatch):
    """New worlds of another model do not belong."""
    folder = broken_off(monkeypatch)
    monkeypatch.setattr("sim.running.resume.rule_hash", lambda: "other")
    with pytest.raises(StoreError, match="other rules"):
        resume(folder)


def test_a_second_process_is_refused(monkeypatch):
    """While one writes, another one is told to wait."""
    folder = broken_off(monkeypatch)
    held = results.reopen(folder)
    try:
        code = f"from sim.running.resume import resume\nresume({str(folder.absolute())!r})"
        second = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=ROOT)
        assert "another process is writing here" in second.stderr
    finally:
        held.interrupt()


def test_what_is_refused_changes_nothing(monkeypatch):
    """A command that may not go on leaves the state that it found."""
    folder = broken_off(monkeypatch)
    before = (folder / "manifest.json").read_text()
    with pytest.raises(StoreError, match="interrupted; crossfire resume"):
        extend(folder, 40)
    assert (folder / "manifest.json").read_text() == before
    monkeypatch.setattr("sim.running.resume.rule_hash", lambda: "other")
    with pytest.raises(StoreError, match="other rules"):
        resume(folder)
    assert Results(folder).status == "interrupted"
    assert (folder / "manifest.json").read_text() == before


def test_a_run_that_was_killed_is_not_called_running(monkeypatch):
    """Nobody holds its lock; while somebody does, it is."""
    folder = broken_off(monkeypatch)
    held = results.reopen(folder)
    assert Results(folder).status == "running"
    held.close()
    assert json.loads((folder / "manifest.json").read_text())["status"] == "running"
    assert Results(folder).status == "interrupted"


@pytest.mark.parametrize("name", ["design.parquet", "pairing.json"])
def test_every_file_of_a_run_is_vouched_for(whole, name):
    """Gone or changed, verify says so, and resume makes it again."""
    execute(TWO, variants_of(TWO), out="r")
    path = Path("r") / name
    path.write_bytes(path.read_bytes() + b" ")
    assert Results("r").verify() == [f"{path}: not what was written"]
    path.unlink()
    assert Results("r").verify() == [f"{path}: missing"]
    resume("r")
    assert bytes_of("r") == whole


# Further ----------------------------------------------------------------------------------------------------------


def test_other_words_are_the_same_inputs(tmp_path, monkeypatch):
    """A comment, a title, a purpose, a note may change between a run and its extension: none of them moves a result."""
    monkeypatch.chdir(tmp_path)
    text = "scenario: mine\nextends: 2021-quiet\ntitle: Mine\npurpose: mine\ndays: 10\nsituation:\n  us_troops: {}\n"
    Path("mine.yaml").write_text(text.format("{fixed: 2600, note: a count}"))
    run("mine.yaml", worlds=2, out="r")
    other = "# said better\n" + text.replace("Mine", "In other words").replace(": mine\ndays", ": told\ndays")
    Path("mine.yaml").write_text(other.format("{fixed: 2600, source: a better count}"))
    longer = extend("r", 3).results
    assert len(longer.outcomes) == 3
    Path("mine.yaml").write_text(other.format("2700"))
    with pytest.raises(StoreError, match="us_troops"):
        extend("r", 4)


def test_extended_results_are_those_of_a_longer_run(whole):
    """The first worlds are unchanged to the bit, and all together are what a run of so many would have been."""
    smaller = Request((SCENARIO,), worlds=7, days=60, vary=("us=restraint,in-kind",))
    execute(smaller, variants_of(smaller), out="r")
    before = Results("r").outcomes
    done = extend("r", 10)
    after = done.results.outcomes
    assert after[after["world"] < 7].reset_index(drop=True).equals(before)
    assert bytes_of("r") == whole
    assert done.results.manifest["extended"][0]["from"] == 7
    assert done.results.verify() == []
    with pytest.raises(StoreError, match="10 worlds of each variant already"):
        extend("r", 10)


def test_what_is_not_finished_is_finished_before_it_grows(monkeypatch):
    """Extending begins where something whole lies."""
    folder = broken_off(monkeypatch)
    with pytest.raises(StoreError, match="crossfire resume"):
        extend(folder, 20)
