"""A folder of results may come from anybody: nothing outside of it is read, written or removed by what lies in it."""

import errno
import fcntl
import json
import os
import stat
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import results as store
from sim.cli import app
from sim.plots import draw_all
from sim.results import unwritten_parts
from sim.results.files import digest_of, known_digest_of, suggested, write_whole
from tests.results.test_store import fill, finished, new

OWN = ["manifest.json", "outcomes.parquet", "series.parquet"]
TEMPORARY = ["manifest.json.partial", "outcomes.parquet.partial", "outcomes.parquet.new", "parts.jsonl.partial"]


@pytest.fixture
def victim(tmp_path):
    """Return a folder of somebody else's, with files of the names that a run gives."""
    folder = tmp_path / "victim"
    folder.mkdir()
    for name in (*OWN, "parts.jsonl", "outcomes-000-0000000.parquet", "distributions.svg", "report.html"):
        (folder / name).write_text("precious")
    return folder


def untouched(victim):
    """Return whether all of somebody else's files are as they were."""
    return len(list(victim.iterdir())) == 7 and all(one.read_text() == "precious" for one in victim.iterdir())


def broken_off(folder):
    """Return the folder of a run that broke off after a part."""
    results = new(folder)
    results.add(0, 0, {"us_killed": np.arange(4.0)})
    results.interrupt()
    return folder


def ways(folder):
    """Return what may be done with a folder of results that writes, or removes."""
    return (
        lambda: fill(new(folder)),
        lambda: new(folder, seed=2, force=True),
        lambda: store.reopen(folder),
        lambda: store.drop_tables(store.reopen(folder)),
    )


@pytest.mark.parametrize("name", ["parts", "parts.jsonl", *OWN, *TEMPORARY])
def test_a_link_in_the_place_of_a_runs_own_file_is_refused(tmp_path, victim, name):
    """By whatever may write or remove there; what it leads to stays, and so does the link."""
    folder = broken_off(tmp_path / "r")
    path = folder / name
    if path.is_dir():
        path.rename(tmp_path / "away")
    path.unlink(missing_ok=True)
    path.symlink_to(victim if name == "parts" else victim / name.removesuffix(".partial").removesuffix(".new"))
    for way in ways(folder):
        with pytest.raises(store.StoreError, match="a link"):
            way().close()
    assert untouched(victim)
    assert path.is_symlink()


@pytest.mark.parametrize("name", ["parts", *OWN])
def test_finished_results_are_not_read_or_cleared_through_links(tmp_path, victim, name):
    """A crash may leave parts beside finished tables; links there are no parts."""
    folder = finished(tmp_path / "r").folder
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(victim if name == "parts" else victim / name)
    for read in (lambda: store.Results(folder).outcomes, lambda: store.Results(folder).verify()):
        if name != "series.parquet" or read != store.Results:
            try:
                read()
            except store.StoreError as error:
                assert "a link" in str(error)
            else:
                assert name == "series.parquet"  # not asked for
    assert untouched(victim)


def test_what_is_no_file_is_not_waited_for(tmp_path):
    """A pipe in the place of a table would be read without end."""
    folder = finished(tmp_path / "r").folder
    (folder / "outcomes.parquet").unlink()
    os.mkfifo(folder / "outcomes.parquet")
    with pytest.raises(store.StoreError, match="not a file"):
        _ = store.Results(folder).outcomes


def test_only_files_that_a_run_named_are_removed(tmp_path):
    """Others in the same folders stay, whatever is done."""
    folder = broken_off(tmp_path / "r")
    kept = [
        folder / "parts/data.parquet",
        folder / "notes.partial",
        folder / "inputs.parquet",
        folder / "parts/x.partial",
    ]
    for path in kept:
        path.write_text("mine")
    results = new(folder)
    fill(results)
    results.finish()
    new(folder, seed=2, force=True).interrupt()
    assert [path.read_text() for path in kept] == ["mine"] * 4


def test_a_file_with_two_names_keeps_its_other_one(tmp_path, victim):
    """A hard link cannot be seen; what has another name elsewhere is replaced, never written into."""
    folder = broken_off(tmp_path / "r")
    for name in ("parts.jsonl", "manifest.json.partial"):
        (folder / name).unlink(missing_ok=True)
        os.link(victim / name.removesuffix(".partial"), folder / name)
    results = new(folder)
    fill(results)
    results.finish()
    assert untouched(victim)


def test_figures_and_reports_come_through_no_link(tmp_path, victim):
    """Neither the folder of figures nor a figure may lead elsewhere."""
    results = finished(tmp_path / "r")
    (results.folder / "figures").symlink_to(victim)
    with pytest.raises(store.StoreError, match="a link"):
        draw_all(results, results.folder / "figures", ["distributions"])
    out = tmp_path / "out"
    out.mkdir()
    (out / "distributions.svg").symlink_to(victim / "distributions.svg")
    with pytest.raises(store.StoreError, match="a link"):
        draw_all(results, out, ["distributions"])
    (results.folder / "report.html").symlink_to(victim / "report.html")
    with pytest.raises(store.StoreError, match="a link"):
        store.write_derived(results.folder, results.folder / "report.html", b"x")
    assert untouched(victim)


@pytest.mark.parametrize("name", [*OWN, "pairing.json", "derived.json"])
def test_a_report_never_takes_the_place_of_results(tmp_path, name):
    """``--out`` may name any file but those of a run, of these results or of others."""
    results = finished(tmp_path / "r")
    with pytest.raises(store.StoreError, match="a file of results"):
        store.write_derived(tmp_path / "elsewhere", results.folder / name, b"x")
    assert results.verify() == []


# Where nothing can be written, or locked --------------------------------------------------------------------------


def test_finished_results_are_read_where_nothing_can_be_written(tmp_path, monkeypatch):
    """Shown, verified, found to be there already and drawn elsewhere; nothing asks the disk for more."""
    folder = finished(tmp_path / "r").folder

    def refused(*args, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    opened = os.open

    def reading(path, flags, *args, **options):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(path).startswith(str(folder)):
            refused()
        return opened(path, flags, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", reading)
        for where, name in ((Path, "unlink"), (Path, "replace"), (Path, "rmdir"), (os, "fsync")):
            patch.setattr(where, name, refused)
        assert len(store.Results(folder).outcomes) == 20
        assert store.Results(folder).verify() == []
        assert new(folder).finished
    before = {path: digest_of(path) for path in folder.iterdir()}
    assert draw_all(store.Results(folder), tmp_path / "figures", ["distributions"])
    assert {path: digest_of(path) for path in folder.iterdir()} == before


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL])
def test_results_are_written_where_there_are_no_locks(tmp_path, monkeypatch, code):
    """Lustre, some network disks: whoever cannot lock is not told that somebody else writes."""

    def none(*_):
        raise OSError(code, "no locks here")

    monkeypatch.setattr(fcntl, "flock", none)
    assert finished(tmp_path / "r").verify() == []
    assert store.Results(tmp_path / "r").status == "finished"


# Hashes -----------------------------------------------------------------------------------------------------------


def test_a_file_that_changes_is_hashed_again(tmp_path):
    """By time and length; and one that does not is read once."""
    path = tmp_path / "x"
    path.write_bytes(b"one")
    first = known_digest_of(path)
    assert known_digest_of(path) == first == digest_of(path)
    write_whole(path, b"two")
    assert known_digest_of(path) != first
    path.unlink()
    assert known_digest_of(path) == ""


def test_files_get_the_rights_that_the_user_gives_to_new_files(tmp_path):
    """Not those of a temporary file that nobody else may read."""
    before = os.umask(0o022)
    try:
        write_whole(tmp_path / "x", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["my results", "it's", "$HOME", "-rf", "a;b", "ü"])
def test_suggested_commands_name_one_folder(name):
    """Whatever a shell would make of its name."""
    import shlex

    words = shlex.split(suggested("resume", name))
    assert words[:2] == ["crossfire", "resume"]
    assert [Path(word) for word in words[2:]] == [Path(name)]
    assert not words[2].startswith("-")


def test_verify_proposes_a_command_that_runs_as_it_stands(tmp_path):
    """The folder of a name with blanks is quoted."""
    folder = finished(tmp_path / "my results").folder
    (folder / "series.parquet").unlink()
    said = CliRunner().invoke(app, ["verify", str(folder)])
    assert said.exit_code == 1
    assert f"crossfire resume '{folder}'" in said.output


def test_names_of_folders_hold_no_partitions():
    """``us=in-kind`` in a path would be read as a column ``us`` by whoever reads Parquet with partitions."""
    assert "=" not in store.folder_name("2020 us=in-kind", {})


# Derived ----------------------------------------------------------------------------------------------------------


def with_report(folder):
    """Return finished results with a report and a figure beside them."""
    results = finished(folder)
    paths = [folder / "report.html", folder / "figures/one.svg"]
    paths[1].parent.mkdir()
    for path in paths:
        store.write_derived(folder, path, b"of these")
    store.note_derived(results, paths)
    return results


def test_what_was_made_of_replaced_tables_goes_with_them(tmp_path):
    """Report and figures; other files of the same folder stay."""
    folder = with_report(tmp_path / "r").folder
    (folder / "figures/mine.svg").write_text("mine")
    assert store.Results(folder).verify() == []
    results = new(folder, seed=2, force=True)
    fill(results)
    results.finish()
    assert not (folder / "report.html").exists()
    assert [path.name for path in (folder / "figures").iterdir()] == ["mine.svg"]
    assert store.Results(folder).verify() == []


def test_what_was_made_of_fewer_worlds_goes_when_more_come(tmp_path, monkeypatch):
    """While they come verify says so; when they are there it is gone."""
    monkeypatch.setattr(unwritten_parts, "SECONDS", 0.0)
    folder = with_report(tmp_path / "r").folder
    longer = store.reopen(folder)
    store.begin_again(longer, 12)
    outcomes = {name: np.zeros(2) for name in longer_names(folder)}
    longer.add(0, 10, outcomes)
    assert f"{folder / 'report.html'}: made of other tables than those that are here now" in (
        store.Results(folder, longer.manifest).verify()
    )
    longer.add(1, 10, outcomes)
    longer.finish()
    assert not (folder / "report.html").exists()
    assert not (folder / "figures").exists()


def longer_names(folder):
    """Return the outcomes that results hold."""
    return store.Results(folder).names()


def test_the_same_tables_made_again_keep_their_report(tmp_path):
    """It is of their bytes, which are the same."""
    folder = with_report(tmp_path / "r").folder
    again = store.reopen(folder)
    store.drop_tables(again)
    fill(again)
    again.finish()
    assert (folder / "report.html").read_bytes() == b"of these"
    assert store.Results(folder).verify() == []


def test_a_report_that_nothing_vouches_for_is_said(tmp_path):
    """One that was changed, or put there; neither is removed."""
    folder = with_report(tmp_path / "r").folder
    (folder / "report.html").write_text("mine own words")
    (folder / "report.md").write_text("from elsewhere")
    assert store.Results(folder).verify() == [
        f"{folder / 'report.html'}: not what was written",
        f"{folder / 'report.md'}: nothing says of which tables it was made",
    ]
    new(folder, seed=2, force=True).interrupt()
    assert (folder / "report.html").read_text() == "mine own words"


@pytest.mark.parametrize("name", ["../notes.html", "/etc/x.html", "a/../../notes.html", "notes.txt", "pairing.json"])
def test_a_list_of_figures_cannot_lead_elsewhere(tmp_path, name):
    """Nothing is removed by the word of a list that names what is no figure of this folder."""
    folder = with_report(tmp_path / "r").folder
    (tmp_path / "notes.html").write_text("of these")
    (folder / "notes.txt").write_text("of these")
    noted = json.loads((folder / "derived.json").read_text())
    noted["files"][0]["file"] = name
    from sim.results.files import sealed

    (folder / "derived.json").write_text(json.dumps(sealed(noted)))
    new(folder, seed=2, force=True).interrupt()
    assert (tmp_path / "notes.html").exists()
    assert (folder / "notes.txt").exists()
