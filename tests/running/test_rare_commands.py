"""Every command knows its way about a folder of a rare end."""

import json
from pathlib import Path

import pytest

from sim.results import StoreError
from sim.running.rare.execute import find_rare_end
from tests.running.rare_runs import WORDS, broken_off, crossfire, rare_run

pytestmark = pytest.mark.usefixtures("few_roots")


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


def test_a_story_is_told_of_a_world_of_the_folder(there, rare_whole):
    """With its variant's settings and seed; a world beyond the roots, and options that change it, are refused."""
    label = rare_whole[0][1]["label"]
    told = crossfire("story", there, "--variant", label, "--world", "3", "--branch", "2.1", "--json")
    settings = ["--days", "12", "--set", "policies.us=restraint"]
    same = crossfire("story", "2020-soleimani", "--world", "3", "--branch", "2.1", *settings, "--json")
    assert told.exit_code == same.exit_code == 0
    assert json.loads(told.stdout)["sentences"] == json.loads(same.stdout)["sentences"]
    assert "a world from 0 to" in crossfire("story", there, "--world", "99999").stderr
    assert crossfire("story", there, "--seed", "3").exit_code == 2


def test_resume_of_the_command_line_goes_on(monkeypatch, rare_whole):
    """By the folder alone, with the output of the unbroken run; --resume never begins one."""
    folder, _ = broken_off(monkeypatch, len(rare_whole[1]) // 3)
    done = crossfire("resume", folder, "--json")
    assert json.loads(done.stdout)["variants"] == rare_whole[0]
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
            find_rare_end(rare_run(), out=Path("mine"), force=True)
    with pytest.raises(StoreError, match="holds something else"):
        find_rare_end(rare_run(), out=Path("mine/notes.txt"))
    assert sorted(path.name for path in Path("mine").iterdir()) == ["manifest.json", "notes.txt"]
