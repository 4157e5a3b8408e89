"""Rare ends in folders: nothing finished is lost or lived twice, damage is named, and every command knows its way."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import cli
from sim.errors import CrossfireError
from sim.experiments.request import Request, variants_of
from sim.results import StoreError
from sim.results.files import inputs_hash, sealed
from sim.running.job import How, Interrupted, Job
from sim.running.rare import growing, keeping
from sim.running.rare.ends import end_of
from sim.running.rare.keeping import RareStore, entries_of
from sim.running.rare.results import read
from sim.running.rare.resume import Sought, resume, seek, sought_again

ROOT = Path(__file__).parents[2]
WORDS = ["compare", "2020-soleimani", "--vary", "us=in-kind,restraint", "--days", "12", "--rare", "vote_passed",
         "--effort", "40"]  # fmt: skip
TWO = Request(("2020-soleimani",), days=12, vary=("us=in-kind,restraint",))


def sought(asked=TWO, effort=40):
    """Return a rare end of two variants over a few days."""
    return Sought(Job(asked, tuple(variants_of(asked))), end_of("vote_passed"), effort)


def crossfire(*words):
    """Return what a command gives."""
    return CliRunner().invoke(cli.app, [*map(str, words)])


@pytest.fixture(autouse=True)
def _few_roots(tmp_path, monkeypatch):
    """Few roots at a time, so that little runs make many lines; each test in a folder of its own."""
    monkeypatch.setattr(growing, "ROOTS", 8)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return what a run that was never stopped has found, and how many lines its journal had."""
    lines, add = [], RareStore.add

    def noted(self, *words):
        lines.append(words[:2])
        add(self, *words)

    folder = tmp_path_factory.mktemp("whole") / "r"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "ROOTS", 8)
        patch.setattr(RareStore, "add", noted)
        found = seek(sought(), out=folder, how=How(2)).results.found
    return found, lines, folder


@pytest.fixture
def there(whole):
    """Return a copy of a folder of finished results."""
    return Path(shutil.copytree(whole[2], "there"))


def broken_off(monkeypatch, after, error=KeyboardInterrupt, out="r"):
    """Let a run break off when so many lines are in its journal; return the folder."""
    add, lines = RareStore.add, []

    def breaking(self, *words):
        if len(lines) == after:
            raise error
        add(self, *words)
        lines.append(words)

    with monkeypatch.context() as patch:
        patch.setattr(RareStore, "add", breaking)
        with pytest.raises((Interrupted, StoreError)) as stopped:
            seek(sought(), out=Path(out), how=How(1))
    return Path(out), stopped.value


# Stopped and gone on with -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "way"),
    [(0.0, "resume"), (0.2, "the same command"), (0.4, "resume"), (0.7, "the same command"), (0.99, "resume")],
)
def test_a_rare_end_that_broke_off_comes_to_the_same_bits(monkeypatch, whole, share, way):
    """At any stage of the pilot or of the trees: what was found is what an unbroken run finds, to the last digit."""
    found, lines, _ = whole
    folder, _ = broken_off(monkeypatch, int(share * len(lines)))
    assert read(folder).status == "interrupted"
    done = resume(folder) if way == "resume" else seek(sought(), out=folder, resume=True)
    assert not done.already_there
    assert json.dumps(done.results.found) == json.dumps(found)
    assert [path.name for path in folder.iterdir()] == ["rare.json"]
    assert resume(folder).already_there


def test_nothing_that_is_finished_is_lived_again(monkeypatch, whole):
    """Going on adds just the lines that the journal lacks, each once."""
    _, lines, _ = whole
    folder, _ = broken_off(monkeypatch, len(lines) // 2)
    before, _ = entries_of(folder, 2)
    added, add = [], RareStore.add
    monkeypatch.setattr(RareStore, "add", lambda self, *words: (added.append(words), add(self, *words))[1])
    resume(folder)
    assert len(before) == len(lines) // 2
    assert len(added) == len(lines) - len(before)
    assert not {keeping._place({"variant": v, "stage": s, "holds": h}) for v, s, h in added} & set(before)


def test_a_full_disk_stops_it_with_what_is_kept_and_it_goes_on(monkeypatch, whole):
    """The reason is told, with how much is there, and then it comes to the same bits."""
    found, lines, _ = whole
    full = OSError(errno.ENOSPC, "No space left on device")
    folder, told = broken_off(monkeypatch, len(lines) // 2, full)
    assert "No space left on device" in str(told)
    assert "worlds are kept in r" in str(told)
    assert "crossfire resume r" in str(told)
    assert resume(folder).results.found == found


def test_a_line_that_was_cut_short_is_followed_by_none(monkeypatch):
    """Once the journal could not be written nothing more is added to it, by no thread."""
    folder, _ = broken_off(monkeypatch, 2)
    store = keeping.reopen(folder)
    with store:
        with monkeypatch.context() as patch:
            patch.setattr(
                keeping.Journal, "add", lambda self, line: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full"))
            )
            with pytest.raises(OSError, match="full"):
                store.add(0, "found", {})
        with pytest.raises(OSError, match="full"):
            store.add(0, "found", {})
    assert len(entries_of(folder, 2)[0]) == 2


@pytest.mark.parametrize("harm", ["a line flipped", "cut short", "missing", "a stranger's line"])
def test_a_damaged_journal_is_named_and_only_what_it_lacks_runs_again(monkeypatch, whole, harm):
    """Verify says what is wrong with it, and resume comes to the same bits all the same."""
    folder, _ = broken_off(monkeypatch, len(whole[1]) // 2)
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
    assert resume(folder).results.found == whole[0]


def test_variants_that_are_finished_are_shown_of_a_run_that_broke_off(monkeypatch, whole):
    """Of two, the first: with how to go on; and before there is one, that is said, with code 2."""
    last_of_first = max(k for k, (variant, _) in enumerate(whole[1]) if variant == 0)
    folder, _ = broken_off(monkeypatch, last_of_first + 1)
    shown = crossfire("show", folder, "--json")
    assert json.loads(shown.stdout)["variants"] == whole[0][:1]
    assert json.loads(shown.stdout)["status"] == "interrupted"
    assert "1 of 2 variants; crossfire resume r goes on" in shown.stderr
    nothing, _ = broken_off(monkeypatch, 1, out="n")
    shown = crossfire("show", nothing)
    assert shown.exit_code == 2
    assert "nothing is found yet of any variant" in shown.stderr


def test_another_process_is_refused(monkeypatch):
    """While one writes, another is told to wait; results are then called running."""
    folder, _ = broken_off(monkeypatch, 2)
    held = keeping.reopen(folder)
    try:
        assert read(folder).status == "running"
        where = str(folder.absolute())
        code = f"from pathlib import Path\nfrom sim.running.rare.resume import resume\nresume(Path({where!r}))"
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
        seek(sought(asked), out=folder, how=How(1))
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
    for k in range(8):
        one = subprocess.Popen([*command, "--out", tmp_path / "r"], cwd=ROOT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
        time.sleep(1.5 + 0.5 * k)
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


def test_what_was_found_and_then_edited_is_named_and_run_again(there, whole):
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
    assert resume(there).results.found == whole[0]
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


def test_force_replaces_what_cannot_be_read(there, whole):
    """A file of which nothing is left to trust is no reason to choose another folder."""
    _cut(there / "rare.json")
    refused = crossfire(*WORDS, "--out", there)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert seek(sought(), out=there, force=True).results.found == whole[0]


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
                    sought_again(results)
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


# Every command ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["report", "there"], ["plot", "there"], ["reweigh", "there"], ["extend", "there", "--worlds", "99"],
        ["merge", "there", "--out", "w"], ["run", "2020-soleimani", "--worlds", "2", "--days", "5", "--out", "there"],
        ["run", "2020-soleimani", "--worlds", "2", "--days", "5", "--out", "there", "--force"],
    ],
)  # fmt: skip
def test_commands_that_need_tables_say_that_there_are_none(there, words):
    """Code 2, a sentence that says what lies there, and nothing is written or changed."""
    before = (there / "rare.json").read_bytes()
    done = crossfire(*words)
    assert done.exit_code == 2
    assert "there: the chance of a rare end (--rare) lies here" in done.stderr
    assert [path.name for path in there.iterdir()] == ["rare.json"]
    assert (there / "rare.json").read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ["show", "--tie", "us_killed=1"], ["show", "--want", "exited lower"], ["show", "--policy", "us=restraint"],
        ["resume", "--figures"], ["resume", "--report"], ["resume", "--cluster", "tcp://127.0.0.1:1"],
    ],
)  # fmt: skip
def test_options_that_mean_nothing_of_a_rare_end_are_refused(there, words):
    """They would be passed over in silence: code 2, and the option's name."""
    done = crossfire(words[0], there, *words[1:])
    assert done.exit_code == 2
    assert f"no {words[1]}" in done.stderr


@pytest.mark.parametrize(
        "words",
    [
        ["--worlds", "5"], ["--tie", "us_killed=1"], ["--quick"], ["--series", "all"], ["--until", "exited +- 1%"],
        ["--cluster", "tcp://127.0.0.1:1"], ["--shard", "1/2"], ["--figures"], ["--report"],
    ],
)  # fmt: skip
def test_options_of_plain_worlds_are_refused_with_rare(words):
    """Whatever is not known to go with it: code 2, the option's name, and no folder."""
    done = crossfire(*WORDS, *words)
    assert done.exit_code == 2
    assert f"no {words[0]} with --rare" in done.stderr
    assert not Path("results").exists()


def test_a_story_is_told_of_a_world_of_the_folder(there, whole):
    """With its variant's settings and seed; a world beyond the roots, and options that change it, are refused."""
    label = whole[0][1]["label"]
    told = crossfire("story", there, "--variant", label, "--world", "3", "--branch", "2.1", "--json")
    settings = ["--days", "12", "--set", "policies.us=restraint"]
    same = crossfire("story", "2020-soleimani", "--world", "3", "--branch", "2.1", *settings, "--json")
    assert told.exit_code == same.exit_code == 0
    assert json.loads(told.stdout)["sentences"] == json.loads(same.stdout)["sentences"]
    assert "a world from 0 to" in crossfire("story", there, "--world", "99999").stderr
    assert crossfire("story", there, "--seed", "3").exit_code == 2


def test_resume_of_the_command_line_goes_on(monkeypatch, whole):
    """By the folder alone, with the output of the unbroken run; --resume never begins one."""
    folder, _ = broken_off(monkeypatch, len(whole[1]) // 3)
    done = crossfire("resume", folder, "--json")
    assert json.loads(done.stdout)["variants"] == whole[0]
    assert "nothing is missing: r" in crossfire("resume", folder).stderr
    begun = crossfire(*WORDS, "--resume", "--out", "new")
    assert begun.exit_code == 2
    assert "leave --resume out to begin" in begun.stderr


def test_a_folder_of_anything_else_is_left_alone():
    """Files of one's own, results with tables, a file in place of a folder: nothing is begun there."""
    for name in ("notes.txt", "manifest.json"):
        Path("mine").mkdir(exist_ok=True)
        (Path("mine") / name).write_text("mine")
        with pytest.raises(StoreError, match="holds something else"):
            seek(sought(), out=Path("mine"), force=True)
    with pytest.raises(StoreError, match="holds something else"):
        seek(sought(), out=Path("mine/notes.txt"))
    assert sorted(path.name for path in Path("mine").iterdir()) == ["manifest.json", "notes.txt"]
