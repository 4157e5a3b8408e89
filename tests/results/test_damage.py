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
from sim.cli.result_tables import results_tables
from sim.errors import InputError
from sim.experiments.request import Asked, arms_of, compare_json, failures, pairing_of, run_json
from sim.plots import draw_all
from sim.report import build
from sim.results.files import sealed
from sim.results.tables import write_table
from sim.running import ensemble
from sim.running.execute import execute
from sim.running.job import Interrupted
from sim.running.resume import extend, resume

TWO = Asked(("2021-quiet",), worlds=9, days=20, vary=("us=restraint,in-kind",))
KINDS = ("finished", "interrupted", "shard")
#: What may stand in the place of a value.
ODD = [
    None, True, False, 0, -1, 7, 10**30, 1.5, "", "x", "../x", "9/0", "\ud800", [], {}, [[]], [None], [{}], {"a": {}},
    {"variant": 99},
]  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return a folder of finished results, one of a run that broke off, and one of a shard, by name."""
    top = tmp_path_factory.mktemp("damage")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ensemble, "BLOCK", 4)
        run_units = ensemble.run_units

        def broken(variants, *args, **options):
            for k, block in enumerate(run_units(variants, *args, **options)):
                if k == 4 and len(variants) > 1:
                    raise KeyboardInterrupt
                yield block

        execute(TWO, arms_of(TWO), out=top / "finished")
        shard = Asked(TWO.scenarios, TWO.worlds, days=TWO.days, vary=TWO.vary, shard="1/2")
        execute(shard, arms_of(shard), out=top / "shard")
        patch.setattr(ensemble, "run_units", broken)
        with pytest.raises(Interrupted):
            execute(TWO, arms_of(TWO), out=top / "interrupted")
    return top


def numbers(folder):
    """Return all that results say in numbers: tables, and what else is told."""
    results = store.open_results(folder)
    labels = results.variants
    tables = [results.outcomes, results.series]
    tables += [results.inputs_of(label) for label in labels] if results.names("inputs") else []
    failed = [failures(results, label) for label in labels]
    said = [results.manifest[key] for key in ("seed", "worlds", "label", "days", "start", "shard")]
    return tables, [labels, failed, pairing_of(results), said]


def same_or_said(folder, expected):
    """Return whether results say the same numbers, or that they cannot be read, in a line."""
    try:
        tables, said = numbers(folder)
    except store.StoreError as error:
        return "\n" not in str(error)
    alike = [one.equals(other) for one, other in zip(tables, expected[0], strict=True)]
    return all(alike) and said == expected[1]


def files_of(folder):
    """Return the files of results from their folder, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_never_comes_to_other_numbers(folders, tmp_path, kind):
    """Some hundred places in every file; whoever reads the tables says so, as verify does."""
    expected, healthy = numbers(folders / kind), store.open_results(folders / kind).verify()
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
                found = store.open_results(tmp_path / "r").verify()
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
        store.open_results(tmp_path)


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
            store.open_results(tmp_path / "r")


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
        execute(TWO, arms_of(TWO), out=tmp_path / "r")
    resume(tmp_path / "r")
    assert same_or_said(tmp_path / "r", numbers(folders / "finished"))
    assert execute(TWO, arms_of(TWO), out=tmp_path / "r").already_there


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
    [problem] = store.open_results(folder).verify()
    assert problem.startswith(f"{path}: ")


def test_tables_that_hold_a_world_twice_are_made_again(folders, tmp_path):
    """As an older version may have left them, every hash in order."""
    test_rows_are_held_against_what_the_manifest_says(folders, tmp_path, "outcomes", "twice")
    assert not resume(tmp_path / "r").already_there
    assert store.open_results(tmp_path / "r").verify() == []
    assert same_or_said(tmp_path / "r", numbers(folders / "finished"))


@pytest.mark.parametrize("kind", ["interrupted", "shard"])
def test_a_damaged_line_of_the_journal_is_said_and_its_worlds_run_again(folders, tmp_path, monkeypatch, kind):
    """No number is shown while it is damaged, and none is doubled after."""
    monkeypatch.setattr(ensemble, "BLOCK", 4)
    folder = tmp_path / "r"
    shutil.copytree(folders / kind, folder)
    journal = folder / "parts.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0].replace(b'"n": 4', b'"n": 5'), *lines[1:]]))
    with pytest.raises(store.StoreError, match=r"parts\.jsonl: 1 line damaged; crossfire resume"):
        _ = store.open_results(folder).outcomes
    assert any("1 line damaged" in problem for problem in store.open_results(folder).verify())
    resume(folder)
    assert same_or_said(folder, numbers(folders / ("finished" if kind == "interrupted" else "shard")))
    assert store.open_results(folder).verify() == []


def test_parts_of_another_cut_are_run_again(folders, tmp_path, monkeypatch):
    """A journal whose units are not those of this run: no world comes to be there twice."""
    folder = tmp_path / "r"
    shutil.copytree(folders / "interrupted", folder)
    monkeypatch.setattr(ensemble, "BLOCK", 3)
    resume(folder)
    assert store.open_results(folder).verify() == []
    assert same_or_said(folder, numbers(folders / "finished"))


def test_an_extension_on_damaged_tables_begins_them_anew(folders, tmp_path, monkeypatch):
    """Worlds of a file that is not what was written never come into the longer run."""
    folder, run_units = tmp_path / "r", ensemble.run_units
    shutil.copytree(folders / "finished", folder)

    def broken(variants, *args, **options):
        for block in run_units(variants, *args, **options):
            yield block
            if len(variants) > 1:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", broken)
        extend(folder, 12)
    harmed(folder)
    resume(folder)
    longer = Asked(TWO.scenarios, 12, days=TWO.days, vary=TWO.vary)
    execute(longer, arms_of(longer), out=tmp_path / "whole")
    assert same_or_said(folder, numbers(tmp_path / "whole"))


# What must be named, and what is not there yet ---------------------------------------------------------------------

WRITTEN = ("outcomes.parquet", "series.parquet", "inputs.parquet", "design.parquet", "pairing.json")


def unnamed(folder, file):
    """Reseal a manifest that no longer names a file."""
    said = json.loads((folder / "manifest.json").read_text())
    assert file in [entry["file"] for entry in said["files"]]
    said["files"] = [entry for entry in said["files"] if entry["file"] != file]
    (folder / "manifest.json").write_text(json.dumps(sealed(said)))


@pytest.mark.parametrize("file", WRITTEN)
def test_a_file_that_was_asked_for_and_is_not_named_is_told_refused_and_made_again(folders, tmp_path, file):
    """Whatever the manifest vouches for: what it must name follows from what the run was asked to write."""
    folder = tmp_path / "r"
    shutil.copytree(folders / "finished", folder)
    unnamed(folder, file)
    there = store.open_results(folder)
    assert [problem.startswith(f"{folder / file}: not among the files") for problem in there.verify()] == [True]
    with pytest.raises(store.StoreError, match=f"{file}: not among the files.*crossfire resume"):
        execute(TWO, arms_of(TWO), out=folder)
    assert not resume(folder).already_there
    assert store.open_results(folder).verify() == []
    assert same_or_said(folder, numbers(folders / "finished"))


@pytest.mark.parametrize(
    ("file", "commands"),
    [("outcomes.parquet", ["show", "plot", "report", "reweigh"]), ("series.parquet", ["plot", "report"]),
     ("pairing.json", ["show", "report"])],
)  # fmt: skip
def test_commands_refuse_results_that_do_not_name_what_they_need(folders, tmp_path, file, commands):
    """Code 2 and a sentence, never no worlds or a figure less; nothing is written."""
    folder = tmp_path / "r"
    shutil.copytree(folders / "finished", folder)
    unnamed(folder, file)
    before = files_of(folder)
    for command in commands:
        came = CliRunner().invoke(app, [command, str(folder)])
        assert (came.exit_code, f"{file}: not among the files" in came.output) == (2, True), command
    assert files_of(folder) == before


def test_a_manifest_that_is_about_to_end_without_its_tables_is_refused_and_parts_stay(folders, tmp_path):
    """Parts are removed at the end of a merge: never before what holds their worlds is named."""
    folder = tmp_path / "r"
    shutil.copytree(folders / "interrupted", folder)
    said = json.loads((folder / "manifest.json").read_text())
    said |= {"status": "merging", "files": []}
    (folder / "manifest.json").write_text(json.dumps(sealed(said)))
    before = files_of(folder)
    with pytest.raises(store.StoreError, match=r"outcomes\.parquet, .* not among them"):
        resume(folder)
    assert files_of(folder) == before


def test_results_without_weekly_series_need_not_name_them(tmp_path):
    """Nothing is missed that nobody asked for: no series, nothing that varies beside one variant."""
    asked = Asked(("2021-quiet",), worlds=3, days=10, series="none")
    there = execute(asked, arms_of(asked), out=tmp_path / "r").results
    assert there.verify() == []
    assert there.series.empty


@pytest.fixture(scope="module")
def without_baseline(tmp_path_factory):
    """Return an unfinished comparison that has worlds of its second variant alone."""
    folder = tmp_path_factory.mktemp("partial") / "r"
    run_units = ensemble.run_units

    def other_first(variants, units, *args, **options):
        several = len(variants) > 1  # one alone is run to warm up
        yield from run_units(variants, [u for u in units if u.variant or not several], *args, **options)
        if several:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", other_first)
        execute(TWO, arms_of(TWO), out=folder)
    return folder


@pytest.mark.parametrize("words", [["show"], ["show", "--json"], ["plot"], ["report"], ["reweigh"]])
def test_a_comparison_without_its_baseline_yet_says_so(without_baseline, words):
    """Code 2, what is missing, and what to do; nothing is written."""
    before = files_of(without_baseline)
    came = CliRunner().invoke(app, [words[0], str(without_baseline), *words[1:]])
    assert came.exit_code == 2
    assert "no worlds of the baseline, 2021-quiet days=20 us=restraint, yet (interrupted)" in came.output
    assert "crossfire resume" in came.output
    assert files_of(without_baseline) == before


def test_from_python_a_comparison_without_its_baseline_says_so_or_gives_what_is_there(without_baseline, tmp_path):
    """Tables hold the worlds that are there; what compares says what is missing."""
    there = store.open_results(without_baseline)
    assert set(there.outcomes["variant"]) == {"2021-quiet days=20 us=in-kind"}
    for compared in (compare_json, run_json, results_tables, build, lambda there: draw_all(there, tmp_path / "f")):
        with pytest.raises(store.StoreError, match="no worlds of the baseline"):
            compared(there)
    assert not (tmp_path / "f").exists()


def test_worlds_of_other_variants_are_shown_and_their_number_said(tmp_path):
    """One variant between two others has none yet: the two are compared, and it is said that there are three."""
    three = Asked(("2021-quiet",), worlds=3, days=10, vary=("us=restraint,in-kind,maximum-pressure",))
    run_units = ensemble.run_units

    def some(variants, units, *args, **options):
        yield from run_units(variants, [unit for unit in units if unit.variant != 1], *args, **options)
        if len(variants) > 1:  # one alone is run to warm up
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", some)
        execute(three, arms_of(three), out=tmp_path / "r")
    came = CliRunner().invoke(app, ["show", str(tmp_path / "r")])
    assert came.exit_code == 0
    assert "2 of 3 variants" in " ".join(came.stdout.split())
    told = CliRunner().invoke(app, ["story", str(tmp_path / "r"), "--variant", "in-kind"])
    assert (told.exit_code, "us=in-kind" in told.stdout) == (0, True)


@pytest.mark.parametrize("place", [5, 2.5, None, b"r", ["r"], "a\0b"])
def test_what_is_no_folder_is_refused_in_words(place):
    """From Python anything may come where a folder is expected."""
    with pytest.raises(InputError, match="the name of a folder"):
        store.open_results(place)
    if place is not None:
        with pytest.raises(InputError, match="the name of a folder"):
            execute(TWO, arms_of(TWO), out=place)


def test_variants_that_are_none_are_refused_in_words(folders):
    """Never an empty array, or results of nothing."""
    there = store.open_results(folders / "finished")
    for wrong in (lambda: there.arrays(["exited"], "nobody"), lambda: there.only(["nobody"]), lambda: there.only([])):
        with pytest.raises(store.StoreError, match="they are 2021-quiet"):
            wrong()
    assert there.only("in-kind").variants == ["2021-quiet days=20 us=in-kind"]
