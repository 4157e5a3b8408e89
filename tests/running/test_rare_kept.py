"""Rare ends in folders: nothing finished is lost or lived twice, and damage is named."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sim.errors import CrossfireError
from sim.experiments.request import Request
from sim.results import StoreError
from sim.results.files import inputs_hash, sealed
from sim.running.rare import store as rare_store
from sim.running.rare.execute import find_rare_end, resume, run_of_rare_results
from sim.running.rare.results import read
from sim.running.rare.store import RareStore, entries_of
from sim.running.run import ExecutorOptions, Interrupted
from tests.running.rare_runs import ROOT, WORDS, broken_off, crossfire, rare_run

pytestmark = pytest.mark.usefixtures("few_roots")

# Stopped and gone on with -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "way"),
    [(0.0, "resume"), (0.2, "the same command"), (0.4, "resume"), (0.7, "the same command"), (0.99, "resume")],
)
def test_a_rare_end_that_broke_off_comes_to_the_same_bits(monkeypatch, rare_whole, share, way):
    """At any stage of the pilot or of the trees: what was found is what an unbroken run finds, to the last digit."""
    found, lines, _ = rare_whole
    folder, _ = broken_off(monkeypatch, int(share * len(lines)))
    assert read(folder).status == "interrupted"
    done = resume(folder) if way == "resume" else find_rare_end(rare_run(), out=folder, resume=True)
    assert not done.already_there
    assert json.dumps(done.results.found) == json.dumps(found)
    assert [path.name for path in folder.iterdir()] == ["rare.json"]
    assert resume(folder).already_there


def test_nothing_that_is_finished_is_lived_again(monkeypatch, rare_whole):
    """Going on adds just the lines that the journal lacks, each once."""
    _, lines, _ = rare_whole
    folder, _ = broken_off(monkeypatch, len(lines) // 2)
    before, _ = entries_of(folder, 2)
    added, add = [], RareStore.add
    monkeypatch.setattr(RareStore, "add", lambda self, *words: (added.append(words), add(self, *words))[1])
    resume(folder)
    assert len(before) == len(lines) // 2
    assert len(added) == len(lines) - len(before)
    assert not {rare_store._place({"variant": v, "stage": s, "holds": h}) for v, s, h in added} & set(before)


def test_a_full_disk_stops_it_with_what_is_kept_and_it_goes_on(monkeypatch, rare_whole):
    """The reason is told, with how much is there, and then it comes to the same bits."""
    found, lines, _ = rare_whole
    full = OSError(errno.ENOSPC, "No space left on device")
    folder, told = broken_off(monkeypatch, len(lines) // 2, full)
    assert "No space left on device" in str(told)
    assert "worlds are kept in r" in str(told)
    assert "crossfire resume r" in str(told)
    assert resume(folder).results.found == found


def test_a_line_that_was_cut_short_is_followed_by_none(monkeypatch):
    """Once the journal could not be written nothing more is added to it, by no thread."""
    folder, _ = broken_off(monkeypatch, 2)
    store = rare_store.reopen(folder)
    with store:
        with monkeypatch.context() as patch:
            patch.setattr(
                rare_store.Journal, "add", lambda self, line: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full"))
            )
            with pytest.raises(OSError, match="full"):
                store.add(0, "found", {})
        with pytest.raises(OSError, match="full"):
            store.add(0, "found", {})
    assert len(entries_of(folder, 2)[0]) == 2


@pytest.mark.parametrize("harm", ["a line flipped", "cut short", "missing", "a stranger's line"])
def test_a_damaged_journal_is_named_and_only_what_it_lacks_runs_again(monkeypatch, rare_whole, harm):
    """Verify says what is wrong with it, and resume comes to the same bits all the same."""
    folder, _ = broken_off(monkeypatch, len(rare_whole[1]) // 2)
    journal = folder / "parts.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    if harm == "a line flipped":
        lines[1] = lines[1].replace(b'"variant"', b'"variamt"')
    elif harm == "a stranger's line":
        lines[1] = json.dumps(sealed({"variant": 7, "stage": "trees", "holds": {}})).encode() + b"\n"
    journal.write_bytes(b"".join(lines)[: -5 if harm == "cut short" else None])
    if harm == "missing":
        journal.unlink()
    told = read(folder).verify()
    assert told[0] == "r: the run is interrupted"
    assert told[1].startswith("r/parts.jsonl: ")
    assert resume(folder).results.found == rare_whole[0]


def test_variants_that_are_finished_are_shown_of_a_run_that_broke_off(monkeypatch, rare_whole):
    """Of two, the first: with how to go on; and before there is one, that is said, with code 2."""
    last_of_first = max(k for k, (variant, _) in enumerate(rare_whole[1]) if variant == 0)
    folder, _ = broken_off(monkeypatch, last_of_first + 1)
    shown = crossfire("show", folder, "--json")
    assert json.loads(shown.stdout)["variants"] == rare_whole[0][:1]
    assert json.loads(shown.stdout)["status"] == "interrupted"
    assert "1 of 2 variants; crossfire resume r goes on" in shown.stderr
    nothing, _ = broken_off(monkeypatch, 1, out="n")
    shown = crossfire("show", nothing)
    assert shown.exit_code == 2
    assert "nothing is found yet of any variant" in shown.stderr


def test_another_process_is_refused(monkeypatch):
    """While one writes, another is told to wait; results are then called running."""
    folder, _ = broken_off(monkeypatch, 2)
    held = rare_store.reopen(folder)
    try:
        assert read(folder).status == "running"
        where = str(folder.absolute())
        code = f"from pathlib import Path\nfrom sim.running.rare.execute import resume\nresume(Path({where!r}))"
        second = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=ROOT)
        assert "another process is writing here" in second.stderr
    finally:
        held.close()


@pytest.mark.parametrize("what", ["rules", "a scenario", "arithmetic"])
def test_what_would_be_another_run_is_refused_and_changes_nothing(monkeypatch, what):
    """Other rules, a changed scenario, another machine's last digits: resume names it, and touches no file."""
    Path("mine.yaml").write_text("scenario: mine\ntitle: M\npurpose: m\nextends: 2020-soleimani\ndays: 12\n")
    asked = Request(("mine.yaml",))
    folder = Path("r")
    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(RareStore, "add", lambda *words: (_ for _ in ()).throw(KeyboardInterrupt))
        find_rare_end(rare_run(asked), out=folder, options=ExecutorOptions(1))
    if what == "rules":
        monkeypatch.setattr("sim.running.resume.rule_hash", lambda: "other")
    elif what == "a scenario":
        Path("mine.yaml").write_text(Path("mine.yaml").read_text().replace("days: 12", "days: 13"))
    else:
        monkeypatch.setattr("sim.results.arithmetic.arithmetic", lambda: "other")
    before = (folder / "rare.json").read_bytes()
    with pytest.raises(StoreError, match=r"other rules|days: 12, now 13|last digits"):
        resume(folder)
    assert (folder / "rare.json").read_bytes() == before


@pytest.mark.slow
def test_killed_again_and_again_it_ends_the_same(tmp_path):
    """SIGKILL at moments of a real process, and at last an interruption that says what is kept."""
    command = [sys.executable, "-m", "sim.cli", *WORDS[:4], "--days", "200", "--rare", "open_war", "--effort", "600"]
    subprocess.run([*command, "--out", tmp_path / "whole"], cwd=ROOT, check=True, capture_output=True)
    journal = tmp_path / "r" / "parts.jsonl"
    for k in range(8):
        began = time.time()
        one = subprocess.Popen([*command, "--out", tmp_path / "r"], cwd=ROOT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
        time.sleep(1.5 + 0.5 * k)
        while k == 7 and one.poll() is None and not (journal.exists() and journal.stat().st_mtime > began):
            time.sleep(0.2)  # where starting takes longer: nothing is kept of a run that has not begun
        one.send_signal(signal.SIGINT if k == 7 else signal.SIGKILL)
        _, told = one.communicate()
        if one.returncode == 0:
            break
        assert k < 7 or (one.returncode == 130 and "are kept in" in told)
    subprocess.run([*command, "--out", tmp_path / "r"], cwd=ROOT, check=True, capture_output=True)
    assert read(tmp_path / "r").found == read(tmp_path / "whole").found


# Checked ----------------------------------------------------------------------------------------------------------


def test_verify_finds_finished_results_as_they_were_written(there):
    """Code 0, in a line and as JSON."""
    done = crossfire("verify", there)
    assert done.exit_code == 0
    assert "as it was written" in done.stdout
    plain = json.loads(crossfire("verify", there, "--json").stdout)
    assert plain == {"folder": "there", "status": "finished", "problems": []}


def test_what_was_found_and_then_edited_is_named_and_run_again(there, rare_whole):
    """Verify ends with 1, show refuses, the same command refuses, and resume finds it anew."""
    path = there / "rare.json"
    plain = json.loads(path.read_text())
    plain["variants"][1]["high"] = 0.987
    path.write_text(json.dumps(plain))
    done = crossfire("verify", there)
    assert done.exit_code == 1
    assert "there/rare.json: not what was written" in done.stdout
    assert "crossfire resume there" in done.stderr
    for words in (["show", there], [*WORDS, "--out", there]):
        refused = crossfire(*words)
        assert refused.exit_code == 2
        assert "changed, or damaged" in refused.stderr
    assert resume(there).results.found == rare_whole[0]
    assert crossfire("verify", there).exit_code == 0


def _without(path):
    path.unlink()


def _cut(path):
    path.write_bytes(path.read_bytes()[:-9])


def _other_seed(path):
    plain = json.loads(path.read_text())
    plain["manifest"]["seed"] = 2
    path.write_text(json.dumps(plain))


def _link(path):
    path.rename("elsewhere")
    path.symlink_to(Path("elsewhere").absolute())


def _pipe(path):
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("verb", ["verify", "show", "resume", "story"])
@pytest.mark.parametrize("harm", [_cut, _other_seed, _link, _pipe])
def test_a_file_that_cannot_be_trusted_is_refused_by_name(there, harm, verb):
    """As a manifest is: code 2, the file, what is wrong with it, and nothing changed."""
    harm(there / "rare.json")
    done = crossfire(verb, there)
    assert done.exit_code == 2
    assert "rare.json" in done.stderr
    assert "Traceback" not in done.output
    assert not isinstance(done.exception, ValueError | KeyError | TypeError)


def test_force_replaces_what_cannot_be_read(there, rare_whole):
    """A file of which nothing is left to trust is no reason to choose another folder."""
    _cut(there / "rare.json")
    refused = crossfire(*WORDS, "--out", there)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert find_rare_end(rare_run(), out=there, force=True).results.found == rare_whole[0]


def test_a_file_that_is_gone_is_no_results(there):
    """As anywhere that nothing lies."""
    _without(there / "rare.json")
    done = crossfire("verify", there)
    assert done.exit_code == 2
    assert "no results here" in done.stderr


ODD = (None, [], "odd", -1, 1e300, 2**70, [None], {"a": 1}, "\x1b[2J")


def _places(value, at=()):
    """Yield where every value of a JSON value stands; of long lists, those of the first entry."""
    yield at
    if isinstance(value, dict):
        for key in value:
            yield from _places(value[key], (*at, key))
    elif isinstance(value, list) and value:
        yield from _places(value[0], (*at, 0))


def _with(value, at, odd):
    if not at:
        return odd
    copy = value.copy()
    copy[at[0]] = _with(value[at[0]], at[1:], odd)
    return copy


def _sealed_anew(plain):
    """Return a file whose hashes are right again, whatever it says."""
    manifest = plain["manifest"]
    if not isinstance(manifest, dict):
        return plain
    manifest = manifest | {"variants_sha256": inputs_hash(plain["variants"])}
    if isinstance(manifest.get("inputs"), dict):
        manifest["inputs_sha256"] = inputs_hash(manifest["inputs"])
    return plain | {"manifest": sealed(manifest)}


@pytest.mark.parametrize("part", ["manifest", "variants"])
def test_odd_files_are_read_or_refused_where_they_are_odd(there, part):
    """Each value in turn is something else, with right hashes: it is refused or shown, and never a traceback."""
    path = there / "rare.json"
    plain = json.loads(path.read_text())
    refused = 0
    plain["manifest"]["inputs"]["variants"] = [
        {key: one[key] for key in ("label", "days") if key in one} for one in plain["manifest"]["inputs"]["variants"]
    ]
    for at in [at for at in _places(plain) if at[:1] == (part,)]:
        for odd in ODD:
            path.write_text(json.dumps(_sealed_anew(_with(plain, at, odd))))
            try:
                results = read(there)
                results.verify()
            except StoreError as error:
                assert str(error).startswith("there/rare.json: ")
                refused += 1
                continue
            if part == "variants":
                assert crossfire("show", there).exit_code in (0, 1, 2), (at, odd)
            else:
                with suppress(CrossfireError):
                    run_of_rare_results(results)
    assert refused > 150


def test_where_it_is_odd_is_said(there):
    """The place within the file, what belongs there, and what came."""
    path = there / "rare.json"
    plain = json.loads(path.read_text())
    for at, told in [
        (("variants", 0, "p"), r"variants\[0\].p: expected a share from 0 to 1"),
        (("variants", 1, "levels", 0, "lives"), r"variants\[1\].levels\[0\].lives: expected a whole number"),
        (("manifest", "inputs", "rare"), r"manifest.inputs.rare: expected an end such as open_war"),
        (("manifest", "status"), "manifest.status: expected running or finished or interrupted"),
        (("manifest", "variants", 0, "label"), r"manifest.variants\[0\].label: expected a name"),
    ]:
        path.write_text(json.dumps(_sealed_anew(_with(plain, at, -3))))
        with pytest.raises(StoreError, match=told):
            read(there)
