"""Files that a manifest must name, and worlds that are not there yet."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from sim import results as store
from sim.cli import app
from sim.cli.result_tables import results_tables
from sim.errors import InputError
from sim.experiments.request import Request, variants_of
from sim.plots import draw_all
from sim.report import build
from sim.results.as_json import compare_json, run_json
from sim.results.files import sealed
from sim.running import ensemble
from sim.running.execute import execute
from sim.running.resume import resume
from sim.running.run import Interrupted
from tests.results.damaged_folders import TWO, files_of, numbers, same_or_said

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
    there = store.Results(folder)
    assert [problem.startswith(f"{folder / file}: not among the files") for problem in there.verify()] == [True]
    with pytest.raises(store.StoreError, match=f"{file}: not among the files.*crossfire resume"):
        execute(TWO, variants_of(TWO), out=folder)
    assert not resume(folder).already_there
    assert store.Results(folder).verify() == []
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
    asked = Request(("2021-quiet",), worlds=3, days=10, series="none")
    there = execute(asked, variants_of(asked), out=tmp_path / "r").results
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
        execute(TWO, variants_of(TWO), out=folder)
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
    there = store.Results(without_baseline)
    assert set(there.outcomes["variant"]) == {"2021-quiet days=20 us=in-kind"}
    for compared in (compare_json, run_json, results_tables, build, lambda there: draw_all(there, tmp_path / "f")):
        with pytest.raises(store.StoreError, match="no worlds of the baseline"):
            compared(there)
    assert not (tmp_path / "f").exists()


def test_worlds_of_other_variants_are_shown_and_their_number_said(tmp_path):
    """One variant between two others has none yet: the two are compared, and it is said that there are three."""
    three = Request(("2021-quiet",), worlds=3, days=10, vary=("us=restraint,in-kind,maximum-pressure",))
    run_units = ensemble.run_units

    def some(variants, units, *args, **options):
        yield from run_units(variants, [unit for unit in units if unit.variant != 1], *args, **options)
        if len(variants) > 1:  # one alone is run to warm up
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", some)
        execute(three, variants_of(three), out=tmp_path / "r")
    came = CliRunner().invoke(app, ["show", str(tmp_path / "r")])
    assert came.exit_code == 0
    assert "2 of 3 variants" in " ".join(came.stdout.split())
    told = CliRunner().invoke(app, ["story", str(tmp_path / "r"), "--variant", "in-kind"])
    assert (told.exit_code, "us=in-kind" in told.stdout) == (0, True)


@pytest.mark.parametrize("place", [5, 2.5, None, b"r", ["r"], "a\0b"])
def test_what_is_no_folder_is_refused_in_words(place):
    """From Python anything may come where a folder is expected."""
    with pytest.raises(InputError, match="the name of a folder"):
        store.Results(place)
    if place is not None:
        with pytest.raises(InputError, match="the name of a folder"):
            execute(TWO, variants_of(TWO), out=place)


def test_variants_that_are_none_are_refused_in_words(folders):
    """Never an empty array, or results of nothing."""
    there = store.Results(folders / "finished")
    for wrong in (lambda: there.arrays(["exited"], "nobody"), lambda: there.only(["nobody"]), lambda: there.only([])):
        with pytest.raises(store.StoreError, match="they are 2021-quiet"):
            wrong()
    assert there.only("in-kind").variants == ["2021-quiet days=20 us=in-kind"]
