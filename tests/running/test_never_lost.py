"""No world is ever lost: whatever stops a run, and whenever, it ends with the bytes of one that was never stopped."""

import errno
import json
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
from sim.results import Results, StoreError, held
from sim.results.files import Journal, Lines, sealed
from sim.running import ensemble
from sim.running.api import run
from sim.running.execute import execute
from sim.running.job import Interrupted
from sim.running.merge import merge
from sim.running.resume import extend, resume

SCENARIO = "2020-soleimani"
ROOT = Path(__file__).parents[2]
TWO = Request((SCENARIO,), worlds=10, days=60, vary=("us=restraint,in-kind",))
TABLES = ("outcomes.parquet", "series.parquet", "inputs.parquet", "design.parquet", "pairing.json")


@pytest.fixture(autouse=True)
def _blocks_of_four(tmp_path, monkeypatch):
    """Small blocks, at once on the disk, so that little worlds make many parts; other tests' results out of the way."""
    monkeypatch.setattr(ensemble, "BLOCK", 4)
    monkeypatch.setattr(held, "SECONDS", 0.0)
    monkeypatch.chdir(tmp_path)


def bytes_of(folder):
    """Return the bytes of all tables of results."""
    return {name: (Path(folder) / name).read_bytes() for name in TABLES if (Path(folder) / name).exists()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the tables of a run that was never stopped."""
    folder = tmp_path_factory.mktemp("whole") / "r"
    execute(TWO, variants_of(TWO), out=folder)
    return bytes_of(folder)


def broken_off(monkeypatch, out="r", after=3, asked=TWO):
    """Let Ctrl-C fall after so many parts; return the folder."""
    run_units = ensemble.run_units

    def broken(variants, *args, **options):
        for k, block in enumerate(run_units(variants, *args, **options)):
            if k == after and len(variants) > 1:
                raise KeyboardInterrupt
            yield block

    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", broken)
        execute(asked, variants_of(asked), out=out)
    return Path(out)


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
    monkeypatch.setattr(held, "SECONDS", 60.0)
    folder = broken_off(monkeypatch)
    assert sum(part["n"] for part in Results(folder).manifest["parts"]) >= 10
    assert not Results(folder).verify()[1:]  # the first says that it was interrupted
    execute(TWO, variants_of(TWO), out=folder, resume=True)
    assert bytes_of(folder) == whole


def test_a_run_of_a_few_seconds_writes_no_part(monkeypatch, whole):
    """Its tables are written once, with the bytes of tables put together from parts."""
    monkeypatch.setattr(held, "SECONDS", 60.0)
    monkeypatch.setattr(results.Store, "_write_part", lambda *_: pytest.fail("a part was written"))
    execute(TWO, variants_of(TWO), out="r")
    assert bytes_of("r") == whole


def test_what_takes_much_memory_is_written_however_short_the_run(monkeypatch, whole):
    """Held in memory are so many bytes at most, then all parts go to the disk."""
    monkeypatch.setattr(held, "SECONDS", 60.0)
    monkeypatch.setattr(held, "BYTES", 30_000)
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
    assert journal.read(with_checksums=False) == Lines(({"a": 1}, {"c": 3}), 2)
    assert journal.read() == Lines((), 4)
    journal.path.unlink()
    journal.add({"a": 1})
    journal.add({"b": 2})
    assert journal.read() == Lines(({"a": 1}, {"b": 2}))
    journal.path.write_bytes(journal.path.read_bytes().replace(b'"b": 2', b'"b": 3'))
    assert journal.read() == Lines(({"a": 1},), 1)


# Killed at every step ---------------------------------------------------------------------------------------------


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


# Shards -----------------------------------------------------------------------------------------------------------


def _shard(k, n, **asked):
    one = Request(
        (SCENARIO,), **({"worlds": 34, "days": 60, "vary": ("us=restraint,in-kind",)} | asked), shard=f"{k}/{n}"
    )
    return execute(one, variants_of(one), out=f"s{k}").results


def test_sixteen_shards_merged_equal_one_run():
    """In whatever order they come; what they have no part of is nobody's."""
    one = Request((SCENARIO,), worlds=34, days=60, vary=("us=restraint,in-kind",))
    execute(one, variants_of(one), out="one")
    shards = [_shard(k, 16) for k in range(1, 17)]
    assert {shard.status for shard in shards} == {"shard"}
    done = merge([shard.folder for shard in reversed(shards)], "merged")
    assert bytes_of("merged") == bytes_of("one")
    assert done.results.verify() == []


def test_shards_may_come_one_after_the_other():
    """What is missing is said, and what is there is kept."""
    first, second = _shard(1, 2), _shard(2, 2)
    with pytest.raises(StoreError, match=r"9 of 18 parts are missing.*crossfire resume"):
        merge([first.folder], "merged")
    assert merge([second.folder], "merged").results.status == "finished"
    assert merge([first.folder, second.folder], "merged").already_there


def test_what_is_missing_from_a_merge_can_be_run_here():
    """A shard that never comes is no loss."""
    first = _shard(1, 2)
    with pytest.raises(StoreError, match="are missing"):
        merge([first.folder], "merged")
    resume("merged")
    one = Request((SCENARIO,), worlds=34, days=60, vary=("us=restraint,in-kind",))
    execute(one, variants_of(one), out="one")
    assert bytes_of("merged") == bytes_of("one")


def test_strangers_are_not_merged():
    """Shards of another seed, or of other inputs, are named with the difference; nothing is written."""
    first, other = _shard(1, 2), _shard(2, 2, seed=2)
    with pytest.raises(StoreError, match=r"(?s)does not belong with.*seed"):
        merge([first.folder, other.folder], "merged")
    assert not Path("merged").exists()
    manifest = json.loads((first.folder / "manifest.json").read_text()) | {"rules_hash": "other"}
    shutil.copytree(first.folder, "strange")
    Path("strange/manifest.json").write_text(json.dumps(sealed(manifest)))
    with pytest.raises(StoreError, match="other rules"):
        merge([first.folder, "strange"], "merged")


@pytest.mark.parametrize(
    "other, words",
    [
        ({"arithmetic": "b"}, "arithmetic"), ({"arithmetic": None}, "arithmetic"), ({"numba": "0"}, "Numba"),
        ({"numpy": "0"}, "NumPy"), ({"crossfire": "9"}, "version"), ({"start": "2019-01-01"}, "start"),
        ({"drawn": [{"fixed": {"x": 1}}, {}]}, "draws"),
    ],
)  # fmt: skip
def test_shards_share_all_that_numbers_hang_on(tmp_path, other, words):
    """Machines, libraries, draws: what may come to other numbers is refused and named, and nothing is written."""
    for k in (1, 2):
        _shard(k, 2)
        _says(f"s{k}", {"arithmetic": "a"} | (other if k == 2 else {}))
    with pytest.raises(StoreError, match=rf"does not belong with.*{words}.*nothing merged"):
        merge(["s1", "s2"], "merged")
    assert not Path("merged").exists()


def _says(folder, said):
    """Let a manifest say other things, as a run elsewhere would have."""
    path = Path(folder) / "manifest.json"
    path.write_text(json.dumps(sealed(json.loads(path.read_text()) | said)))


def test_another_python_is_taken_where_the_arithmetic_is_known_to_agree():
    """Its minor version alone says nothing; without a word about arithmetic it might."""
    known = _shard(1, 2).manifest["arithmetic"]
    assert known == _shard(2, 2).manifest["arithmetic"]
    for k in (1, 2):
        _says(f"s{k}", {"arithmetic": None})
    _says("s2", {"python": "3.99.1"})
    with pytest.raises(StoreError, match="other Python"):
        merge(["s1", "s2"], "merged")
    for k in (1, 2):
        _says(f"s{k}", {"arithmetic": known})
    assert merge(["s1", "s2"], "merged").results.manifest["arithmetic"] == known


def test_a_run_is_gone_on_with_only_by_the_same_arithmetic(monkeypatch):
    """By resume or by the same command: a machine that comes to other last digits is refused."""
    folder = broken_off(monkeypatch)
    known = Results(folder).manifest["arithmetic"]
    _says(folder, {"arithmetic": "other"})
    for go_on in (lambda: resume(folder), lambda: execute(TWO, variants_of(TWO), out=folder)):
        with pytest.raises(StoreError, match=r"last digits|arithmetic of the machine"):
            go_on()
    _says(folder, {"arithmetic": known})
    assert resume(folder).results.status == "finished"


def test_shards_that_hold_other_numbers_for_the_same_worlds_are_refused():
    """Whichever of the two is right."""
    for k in (1, 2):
        _shard(k, 2)
    shutil.copytree("s1", "again")
    journal = Journal(Path("again/parts.jsonl"))
    first, *rest = journal.read().entries
    part = Path("again") / first["files"][0]["file"]
    other = Path("again") / rest[0]["files"][0]["file"]
    part.write_bytes(other.read_bytes())
    first["files"][0]["sha256"] = rest[0]["files"][0]["sha256"]
    journal.rewrite([first, *rest])
    with pytest.raises(StoreError, match="has other numbers for worlds"):
        merge(["s1", "again", "s2"], "merged")


def test_finished_results_are_no_shard(whole):
    """Nothing of them could be put together with anything."""
    execute(TWO, variants_of(TWO), out="r")
    with pytest.raises(StoreError, match="finished results, and no shard"):
        merge(["r"], "merged")


def test_a_damaged_shard_is_named():
    """Not one of its numbers comes into the whole."""
    first, second = _shard(1, 2), _shard(2, 2)
    part = next((second.folder / "parts").glob("outcomes-*"))
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(StoreError, match=r"not what was written; run its shard again"):
        merge([first.folder, second.folder], "merged")


# Really killed ----------------------------------------------------------------------------------------------------


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
