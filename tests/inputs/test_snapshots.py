"""A shelf: what was made of files is kept as long as they, and all that was looked for, stay as they are."""

import os
from pathlib import Path

import pytest

from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.yaml.snapshots import Shelf, at_one_moment, is_there, once, stamp
from sim.inputs.yaml.text import read

SCENARIO = "scenario: s\ntitle: S\npurpose: To test.\nextends: 2020-soleimani\n"
MINE = """policy: mine
actor: us
purpose: To be edited.
extends: in-kind
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test lie in its own folder."""
    monkeypatch.chdir(tmp_path)


def write(path: Path, text: str) -> None:
    """Write a file with a time of its own: file systems tell the time in coarse steps."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    now = max(path.stat().st_mtime_ns, before + 1_000_000)
    os.utime(path, ns=(now, now))


def test_what_was_made_of_a_file_is_kept_until_the_file_changes() -> None:
    """From one moment to the next it is the very same thing; after a save, another."""
    shelf, path = Shelf(), Path("a.yaml")
    write(path, "a: 1\n")
    found = []
    for text in (None, None, "a: 2\n", None):
        if text:
            write(path, text)
        with shelf.at_one_moment():
            found.append(read(path))
    assert found[0] is found[1]
    assert found[2] is found[3]
    assert [one.values["a"] for one in found] == [1, 1, 2, 2]


def test_all_see_what_stood_there_at_one_moment() -> None:
    """A file that is saved while it is read is read once, however many ask."""
    path = Path("a.yaml")
    write(path, "a: 1\n")
    for moment in (Shelf().at_one_moment, at_one_moment):
        with moment():
            first = read(path)
            write(path, f"a: {first.values['a'] + 1}\n")
            assert read(path) is first
            assert stamp(path) == stamp(path)


def test_what_rests_on_another_file_is_made_anew_when_that_changes() -> None:
    """A policy knows what it extends: an edit of the base is an edit of it, and nothing else is made anew."""
    shelf = Shelf()
    write(Path("base.yaml"), MINE.replace("policy: mine", "policy: base"))
    write(Path("mine.yaml"), MINE.replace("in-kind", "base"))
    write(Path("s.yaml"), SCENARIO + "policies: {us: mine}\n")

    def policies() -> list[object]:
        with shelf.at_one_moment():
            return list(resolve(load_scenario("s.yaml")).policies)

    before, again = policies(), policies()
    assert [one is other for one, other in zip(before, again, strict=True)] == [True] * 4
    write(Path("base.yaml"), MINE.replace("policy: mine", "policy: base") + "thresholds: {deaths: 3}\n")
    assert [one is other for one, other in zip(before, policies(), strict=True)] == [False, True, True, True]


def test_a_file_that_comes_takes_the_place_of_a_shipped_one() -> None:
    """What was looked for and not found is looked at too: a policy beside the scenario goes before the shipped one."""
    shelf = Shelf()
    write(Path("s.yaml"), SCENARIO + "policies: {us: in-kind}\n")
    with shelf.at_one_moment():
        shipped = resolve(load_scenario("s.yaml")).policies[0]
    assert Path("in-kind.yaml") in {path for path, one in shelf.looked_at.items() if not one.changed}
    write(Path("in-kind.yaml"), "policy: in-kind\nactor: us\npurpose: Mine.\nrules: []\n")
    with shelf.at_one_moment():
        own = resolve(load_scenario("s.yaml")).policies[0]
    assert (len(shipped.rules) > 0, len(own.rules)) == (True, 0)


def test_what_fails_is_tried_again() -> None:
    """Nothing is kept of what could not be made."""
    shelf, tried = Shelf(), []

    def make() -> int:
        tried.append(1)
        if len(tried) == 1:
            raise ValueError
        return 7

    with shelf.at_one_moment():
        with pytest.raises(ValueError):
            once(("file", Path("x")), make)
        assert once(("file", Path("x")), make) == 7
    with shelf.at_one_moment():
        assert once(("file", Path("x")), make) == 7
    assert len(tried) == 2


def test_a_text_stands_in_for_a_file_that_is_there_or_not() -> None:
    """By whatever path it is asked for; when it changes it is read anew, and without it the file counts again."""
    write(Path("a.yaml"), "a: 1\n")
    shelf = Shelf({"a.yaml": "a: 2\n", "b.yaml": "b: 3\n"})
    with shelf.at_one_moment():
        assert (read(Path("a.yaml").absolute()).values, read("b.yaml").values) == ({"a": 2}, {"b": 3})
        assert is_there(Path("b.yaml"))
    shelf.write({"a.yaml": "a: 4\n"})
    with shelf.at_one_moment():
        assert read(Path("a.yaml").absolute()).values == {"a": 4}
        assert not is_there(Path("b.yaml"))
    shelf.write({})
    with shelf.at_one_moment():
        assert read("a.yaml").values == {"a": 1}
