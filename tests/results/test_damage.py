"""Whatever is changed in a folder of results: the same numbers, or words that say what is wrong."""

import copy
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim import results as store
from sim.cli import app
from sim.experiments.request import Request, variants_of
from sim.results.files import sealed
from sim.results.parquet import write_table
from sim.running import ensemble
from sim.running.execute import execute
from sim.running.resume import extend, resume
from sim.running.run import Interrupted
from tests.results.damaged_folders import TWO, files_of, numbers, same_or_said

KINDS = ("finished", "interrupted", "shard")
#: What may stand in the place of a value.
ODD = [
    None, True, False, 0, -1, 7, 10**30, 1.5, "", "x", "../x", "9/0", "\ud800", [], {}, [[]], [None], [{}], {"a": {}},
    {"variant": 99},
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_never_comes_to_other_numbers(folders, tmp_path, kind):
    """Some hundred places in every file; whoever reads the tables says so, as verify does."""
    expected, healthy = numbers(folders / kind), store.Results(folders / kind).verify()
    shutil.copytree(folders / kind, tmp_path / "r")

    @settings(max_examples=60)
    @given(st.sampled_from(files_of(folders / kind)), st.floats(0, 1, exclude_max=True), st.integers(0, 7))
    def flipped(name, where, bit):
        path = tmp_path / "r" / name
        raw = path.read_bytes()
        changed = bytearray(raw)
        changed[int(where * len(raw))] ^= 1 << bit
        path.write_bytes(changed)
        try:
            assert same_or_said(tmp_path / "r", expected), (name, int(where * len(raw)), bit)
            try:
                found = store.Results(tmp_path / "r").verify()
            except store.StoreError as error:
                found = [str(error)]
            assert found != healthy, (name, int(where * len(raw)), bit)
        finally:
            path.write_bytes(raw)

    flipped()


def places_of(value, at=()):
    """Yield the way to each value within a JSON value."""
    yield at
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places_of(value[key], (*at, key))


def changed(value, place, odd):
    """Return a JSON value with another in one place; ``...`` takes it away."""
    if not place:
        return None if odd is ... else odd
    value = copy.deepcopy(value)
    at = value
    for step in place[:-1]:
        at = at[step]
    if odd is ...:
        del at[place[-1]]
    else:
        at[place[-1]] = odd
    return value


COMMANDS = (
    ["show", "r", "--json"], ["verify", "r"], ["extend", "r", "--worlds", "5"], ["merge", "r", "--out", "m"],
    ["story", "r", "--world", "99"], ["reweigh", "r"],
)  # fmt: skip


@pytest.mark.parametrize("checksum", [True, False], ids=["this version", "an older one"])
def test_an_odd_manifest_is_told_in_words(folders, tmp_path, monkeypatch, checksum):
    """Anything gone, of another kind or another value, at any depth: code 2 and a line, or what it was before."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(folders / "finished", "r")
    said = json.loads(Path("r/manifest.json").read_text())
    if not checksum:
        said = {key: one for key, one in said.items() if key != "checksum"} | {"schema_version": 2}
    places = [place for place in places_of(said) if len(place) < 6]
    expected = numbers("r")

    @settings(max_examples=60)
    @given(st.sampled_from(places), st.sampled_from([..., *ODD]), st.sampled_from(COMMANDS))
    def odd(place, value, command):
        Path("r/manifest.json").write_text(json.dumps(changed(said, place, value)))
        assert not checksum or same_or_said("r", expected)
        came = CliRunner().invoke(app, command)
        assert came.exception is None or isinstance(came.exception, SystemExit), (place, value, command)
        assert came.exit_code in (0, 1, 2)

    odd()


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, '{"a":' * 5000 + "1" + "}" * 5000, '{"schema_version": NaN}', "9" * 5000, "[" * 150 + "]" * 150],
)
def test_a_manifest_that_is_too_much_is_told_in_words(tmp_path, text):
    """Nested without end, or numbers that are none."""
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(store.StoreError, match=r"manifest\.json: not a manifest"):
        store.Results(tmp_path)


def test_what_a_manifest_says_of_seed_and_worlds_is_that_of_its_inputs(folders, tmp_path):
    """Even without a checksum: the inputs have had a hash from the first version on."""
    shutil.copytree(folders / "finished", tmp_path / "r")
    path = tmp_path / "r/manifest.json"
    said = json.loads(path.read_text()) | {"schema_version": 2}
    del said["checksum"]
    labels = [{**one, "label": label} for one, label in zip(said["variants"], ("a", "b"), strict=True)]
    for other in ({"seed": 2}, {"worlds": 8}, {"worlds": 10}, {"variants": labels}):
        path.write_text(json.dumps(said | other))
        with pytest.raises(store.StoreError, match="asked for"):
            store.Results(tmp_path / "r")


# What is there is checked before it is shown ----------------------------------------------------------------------


def harmed(folder, name="outcomes.parquet"):
    """Flip a bit in the middle of a file."""
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 4
    (folder / name).write_bytes(raw)


@pytest.mark.parametrize(
    "name", ["outcomes.parquet", "series.parquet", "inputs.parquet", "design.parquet", "pairing.json"]
)
def test_damaged_results_are_not_said_to_be_there_already(folders, tmp_path, name):
    """The same run again refuses, with the command that mends them; that one does."""
    shutil.copytree(folders / "finished", tmp_path / "r")
    harmed(tmp_path / "r", name)
    with pytest.raises(store.StoreError, match=rf"{name}: not what was written; crossfire resume"):
        execute(TWO, variants_of(TWO), out=tmp_path / "r")
    resume(tmp_path / "r")
    assert same_or_said(tmp_path / "r", numbers(folders / "finished"))
    assert execute(TWO, variants_of(TWO), out=tmp_path / "r").already_there


@pytest.mark.parametrize(
    "name, command", [("pairing.json", "show"), ("outcomes.parquet", "show"), ("series.parquet", "plot")]
)
def test_a_command_shows_nothing_of_a_damaged_file(folders, tmp_path, name, command):
    """Code 2, and the file's name."""
    shutil.copytree(folders / "finished", tmp_path / "r")
    harmed(tmp_path / "r", name)
    came = CliRunner().invoke(app, [command, str(tmp_path / "r")])
    assert came.exit_code == 2
    assert name in came.output


def test_verify_of_a_comparison_names_all_files(folders):
    """Those that are no tables, too."""
    came = CliRunner().invoke(app, ["verify", str(folders / "finished")])
    assert came.exit_code == 0
    assert "outcomes.parquet 18 rows" in came.output
    assert "pairing.json" in came.output
    shard = CliRunner().invoke(app, ["verify", str(folders / "shard")])
    assert shard.exit_code == 0
    assert "parts of" in shard.output


@pytest.mark.parametrize("table", ["outcomes", "series", "inputs"])
@pytest.mark.parametrize("how", ["twice", "short", "disordered"])
def test_rows_are_held_against_what_the_manifest_says(folders, tmp_path, table, how):
    """A table whose hash is right, but that holds a world twice, or not at all, is found."""
    folder = tmp_path / "r"
    shutil.copytree(folders / "finished", folder)
    path = folder / f"{table}.parquet"
    whole = pq.read_table(path)
    rows = {
        "twice": [*range(len(whole)), 0],
        "short": range(len(whole) - 1),
        "disordered": [1, 0, *range(2, len(whole))],
    }
    digest = write_table(path, whole.schema, [whole.take(list(rows[how]))])
    said = json.loads((folder / "manifest.json").read_text())
    for entry in said["files"]:
        entry["sha256"] = digest if entry["file"] == path.name else entry["sha256"]
    (folder / "manifest.json").write_text(json.dumps(sealed(said)))
    [problem] = store.Results(folder).verify()
    assert problem.startswith(f"{path}: ")


def test_tables_that_hold_a_world_twice_are_made_again(folders, tmp_path):
    """As an older version may have left them, every hash in order."""
    test_rows_are_held_against_what_the_manifest_says(folders, tmp_path, "outcomes", "twice")
    assert not resume(tmp_path / "r").already_there
    assert store.Results(tmp_path / "r").verify() == []
    assert same_or_said(tmp_path / "r", numbers(folders / "finished"))


@pytest.mark.parametrize("kind", ["interrupted", "shard"])
def test_a_damaged_line_of_the_journal_is_said_and_its_worlds_run_again(folders, tmp_path, monkeypatch, kind):
    """No number is shown while it is damaged, and none is doubled after."""
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 4)
    folder = tmp_path / "r"
    shutil.copytree(folders / kind, folder)
    journal = folder / "parts.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0].replace(b'"n": 4', b'"n": 5'), *lines[1:]]))
    with pytest.raises(store.StoreError, match=r"parts\.jsonl: 1 line damaged; crossfire resume"):
        _ = store.Results(folder).outcomes
    assert any("1 line damaged" in problem for problem in store.Results(folder).verify())
    resume(folder)
    assert same_or_said(folder, numbers(folders / ("finished" if kind == "interrupted" else "shard")))
    assert store.Results(folder).verify() == []


def test_parts_of_another_cut_are_run_again(folders, tmp_path, monkeypatch):
    """A journal whose units are not those of this run: no world comes to be there twice."""
    folder = tmp_path / "r"
    shutil.copytree(folders / "interrupted", folder)
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 3)
    resume(folder)
    assert store.Results(folder).verify() == []
    assert same_or_said(folder, numbers(folders / "finished"))


def test_an_extension_on_damaged_tables_begins_them_anew(folders, tmp_path, monkeypatch):
    """Worlds of a file that is not what was written never come into the longer run."""
    folder, run_units = tmp_path / "r", ensemble.run_units
    shutil.copytree(folders / "finished", folder)

    def broken(variants, *args, **options):
        for result in run_units(variants, *args, **options):
            yield result
            if len(variants) > 1:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", broken)
        extend(folder, 12)
    harmed(folder)
    resume(folder)
    longer = Request(TWO.scenarios, 12, days=TWO.days, vary=TWO.vary)
    execute(longer, variants_of(longer), out=tmp_path / "whole")
    assert same_or_said(folder, numbers(tmp_path / "whole"))
