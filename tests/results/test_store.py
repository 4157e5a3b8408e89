"""Results on disk are whole, told apart, taken up again, verified, and small in memory."""

import hashlib
import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim import results as store
from sim.names.actors import EXIT_KINDS
from sim.names.measures import OUTCOMES, SERIES
from sim.results import arrays, tables, unwritten_parts

VARIANTS = [{"label": "us=restraint", "inputs": {"us": "restraint"}}, {"label": "us=in-kind", "inputs": {"us": "in"}}]
WEEKS = 4


@pytest.fixture(autouse=True)
def _at_once_on_the_disk(monkeypatch):
    """Parts are written as they come, as in a run that has gone on for a while."""
    monkeypatch.setattr(unwritten_parts, "SECONDS", 0.0)


def new(folder, inputs=None, worlds=10, **options):
    """Return a store of a small comparison."""
    given = {"label": "2020-soleimani", "seed": 1, "worlds": worlds, "variants": VARIANTS, "rules_hash": "ab"}
    return store.create(folder, inputs or {"scenario": "2020-soleimani"}, **(given | options))


def outcome(measure, worlds):
    """Return plausible values of one measure in the worlds numbered ``worlds``."""
    u = np.array([np.random.default_rng([w, len(measure.name)]).random() for w in worlds])
    if measure.kind == "category":
        return np.floor(u * len(measure.categories))
    values = (u < 0.5).astype(float) if measure.kind == "flag" else np.floor(100 * u)
    return np.where(u < 0.2, np.nan, values) if measure.among else values


def fill(results, worlds=10, step=4, kept=10):
    """Add all worlds of both variants in parts of ``step``, the last part first."""
    for variant in range(2):
        for first in reversed(range(0, worlds, step)):
            numbers = range(first, min(first + step, worlds))
            outcomes = {m.name: outcome(m, numbers) for m in OUTCOMES} | {"theory_weight": np.array(numbers) / 10}
            series = {m.name: np.full((len(numbers), WEEKS), variant) + np.arange(WEEKS) for m in SERIES}
            results.add(variant, first, outcomes, series if first < kept else None)


def finished(folder, step=4):
    """Return finished results of ten worlds a variant."""
    results = new(folder)
    fill(results, step=step)
    return results.finish()


def test_finished_results_hold_every_world_of_every_variant_in_order(tmp_path):
    """Parts that came in any order are merged by variant and world, and removed."""
    results = finished(tmp_path / "r")
    assert results.outcomes["world"].tolist() == [*range(10), *range(10)]
    assert results.outcomes["variant"].tolist() == ["us=restraint"] * 10 + ["us=in-kind"] * 10
    assert results.series["week"].tolist() == [*range(WEEKS)] * 20
    assert sorted(p.name for p in (tmp_path / "r").iterdir()) == ["manifest.json", "outcomes.parquet", "series.parquet"]


def test_values_come_back_as_they_went_in(tmp_path):
    """Numbers, flags, conditional flags and categories survive the way to the disk; inputs follow the measures."""
    frame = finished(tmp_path / "r").outcomes_columns(None, "us=restraint")
    for measure in OUTCOMES:
        expected = outcome(measure, range(10))
        column = frame[measure.name]
        got = column.cat.codes if measure.kind == "category" else column.astype(float)
        np.testing.assert_array_equal(got.to_numpy(), expected, err_msg=measure.name)
    assert frame["exited"].dtype == bool
    assert tuple(frame["exit_kind"].cat.categories) == EXIT_KINDS
    assert list(frame.columns) == ["variant", "world", *(m.name for m in OUTCOMES), "theory_weight"]


def test_bytes_do_not_depend_on_how_parts_were_cut(tmp_path):
    """The same worlds in parts of 3 and of 10 give the same files."""
    digests = []
    for step in (3, 10):
        folder = finished(tmp_path / str(step), step).folder
        digests.append([hashlib.sha256((folder / f).read_bytes()).hexdigest() for f in _tables(folder)])
    assert digests[0] == digests[1]


def _tables(folder):
    return sorted(p.name for p in folder.glob("*.parquet"))


def test_tables_explain_themselves(tmp_path):
    """Each column of the files carries its label and unit."""
    folder = finished(tmp_path / "r").folder
    described = pq.read_schema(folder / "outcomes.parquet").field("us_killed").metadata
    assert described == {b"label": b"US personnel killed", b"unit": b"people"}


def test_manifest_says_what_was_asked_and_with_what(tmp_path):
    """Inputs whole with their hash, seed, worlds, variants, versions and times."""
    manifest = finished(tmp_path / "r").manifest
    assert manifest["inputs"] == {"scenario": "2020-soleimani"}
    assert manifest["inputs_sha256"] == store.inputs_hash({"scenario": "2020-soleimani"})
    assert (manifest["seed"], manifest["worlds"], manifest["status"]) == (1, 10, "finished")
    assert [v["label"] for v in manifest["variants"]] == ["us=restraint", "us=in-kind"]
    assert manifest["numpy"] == np.__version__
    assert manifest["started"].endswith("+00:00")


def test_inputs_hash_is_a_known_answer_and_knows_no_order_of_keys():
    """Compact JSON with sorted keys, SHA-256."""
    expected = hashlib.sha256(b'{"a":[1,2.5],"b":null}').hexdigest()
    assert store.inputs_hash({"b": None, "a": [1, 2.5]}) == store.inputs_hash({"a": [1, 2.5], "b": None}) == expected


def test_folder_names_are_safe_and_end_with_eight_hex():
    """A label with spaces, slashes and dots cannot leave the results folder."""
    name = store.folder_name("../2020 soleimani us=in-kind", {"a": 1})
    assert name == f"2020-soleimani-us-in-kind-{store.inputs_hash({'a': 1})[:8]}"


def test_the_same_run_finished_is_already_there(tmp_path):
    """It comes back finished, untouched, and takes nothing more."""
    finished(tmp_path / "r")
    again = new(tmp_path / "r")
    assert again.finished
    with pytest.raises(store.StoreError, match="finished"):
        fill(again)
    assert len(store.Results(tmp_path / "r").outcomes) == 20


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"more": {"shard": "1/2"}}, {"rules_hash": "cd"}, {"inputs": {"other": 1}}]
)
def test_another_run_in_the_folder_is_refused_and_named(tmp_path, change):
    """Another seed, number of worlds, set of rules or input is another run."""
    finished(tmp_path / "r")
    with pytest.raises(store.StoreError, match=r"another run \(other .*--force"):
        new(tmp_path / "r", **change)
    assert store.Results(tmp_path / "r").verify() == []


def test_force_replaces_a_run_and_leaves_other_files_alone(tmp_path):
    """Only what a run writes is removed."""
    finished(tmp_path / "r")
    (tmp_path / "r" / "notes.txt").write_text("mine")
    results = new(tmp_path / "r", seed=2, force=True)
    fill(results)
    assert results.finish().manifest["seed"] == 2
    assert (tmp_path / "r" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_of_other_things_is_refused_even_by_force(tmp_path, force):
    """Nobody's files are ever mixed with results."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(store.StoreError, match="not results"):
        new(tmp_path, force=force)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_run_that_broke_off_is_taken_up_again_with_what_is_whole(tmp_path):
    """Parts on disk are kept, a damaged one is not; the end is the same as of an unbroken run."""
    whole = finished(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt), new(tmp_path / "r") as results:
        fill(results)
        raise KeyboardInterrupt
    assert store.Results(tmp_path / "r").status == "interrupted"
    (tmp_path / "r/parts/outcomes-000-0000004.parquet").write_bytes(b"torn")
    again = new(tmp_path / "r")
    assert again.has(0, 0, 4)
    assert not again.has(0, 4, 4)
    fill(again)
    again.finish()
    for name in _tables(whole.folder):
        assert (tmp_path / "r" / name).read_bytes() == (whole.folder / name).read_bytes()


def test_results_of_a_run_that_broke_off_can_be_read_as_far_as_they_got(tmp_path):
    """What is there is shown, and verify says that it is not all."""
    results = new(tmp_path / "r")
    results.add(0, 0, {"us_killed": np.arange(4.0)})
    results.interrupt()
    opened = store.Results(tmp_path / "r")
    assert opened.outcomes["us_killed"].tolist() == [0, 1, 2, 3]
    assert opened.series.empty
    assert opened.verify() == [f"{tmp_path / 'r'}: the run is interrupted"]


def test_a_second_writer_is_turned_away(tmp_path):
    """Two processes in one folder would spoil both."""
    results = new(tmp_path / "r")
    with pytest.raises(store.StoreError, match="another process"):
        new(tmp_path / "r")
    results.interrupt()
    new(tmp_path / "r").interrupt()


def rewritten(folder, **said):
    """Write a manifest as an older version did, without a checksum, saying these things otherwise."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text()) | {"schema_version": 2} | said
    path.write_text(json.dumps({key: value for key, value in manifest.items() if key != "checksum"}))


def test_verify_finds_a_changed_byte_and_a_missing_file(tmp_path):
    """Each problem is named with its file."""
    folder = finished(tmp_path / "r").folder
    damaged = bytearray((folder / "outcomes.parquet").read_bytes())
    damaged[100] ^= 1
    (folder / "outcomes.parquet").write_bytes(damaged)
    (folder / "series.parquet").unlink()
    problems = "\n".join(store.Results(folder).verify())
    assert "outcomes.parquet: not what was written" in problems
    assert "series.parquet: missing" in problems


def test_changed_inputs_are_refused_in_manifests_without_a_checksum_too(tmp_path):
    """Their own hash stood in the manifest from the first version on."""
    folder = finished(tmp_path / "r").folder
    rewritten(folder, inputs={"scenario": "another"})
    with pytest.raises(store.StoreError, match="inputs are not those"):
        store.Results(folder)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"schema_version": 99}', '{"schema_version": 1}'],
    ids=["empty", "torn", "list", "newer", "bare"],
)
def test_a_bad_manifest_is_an_error_in_words(tmp_path, text):
    """Not a traceback from deep inside."""
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(store.StoreError, match=r"manifest\.json"):
        store.Results(tmp_path)


def test_a_manifest_cannot_point_outside_its_folder(tmp_path):
    """A crafted manifest must not lead to another file."""
    folder = finished(tmp_path / "r").folder
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][0]["file"] = "../secret.parquet"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(store.StoreError, match="not a run's"):
        store.Results(folder)


def test_a_folder_without_results_is_an_error_in_words(tmp_path):
    """A wrong path says so."""
    with pytest.raises(store.StoreError, match="no results here"):
        store.Results(tmp_path / "nowhere")


def test_unreadable_tables_are_an_error_in_words(tmp_path):
    """A torn table is named."""
    folder = finished(tmp_path / "r").folder
    (folder / "outcomes.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(store.StoreError, match="cannot be read"):
        _ = store.Results(folder).outcomes


def test_weekly_shares_come_back_bit_for_bit_in_less_room(tmp_path):
    """Numbers that never repeat, written byte by byte: a slow walk takes less than the three bytes and more of each."""
    walk = np.float32(0.4 + np.cumsum(np.random.default_rng(1).normal(0, 0.002, (50, 200)), axis=1))
    results = new(tmp_path / "r")
    results.add(0, 0, {"us_killed": np.arange(50.0)}, {"anti_us": walk})
    folder = results.finish().folder
    assert np.array_equal(store.Results(folder).series["anti_us"].to_numpy(np.float32), walk.ravel())
    column = pq.ParquetFile(folder / "series.parquet").metadata.row_group(0).column(3)
    assert column.path_in_schema == "anti_us"
    assert column.total_compressed_size < 0.8 * walk.nbytes


def test_an_unknown_column_is_named(tmp_path):
    """A misspelt measure does not come back empty."""
    with pytest.raises(store.StoreError, match="us_kiled"):
        finished(tmp_path / "r").outcomes_columns(["us_kiled"])


def test_columns_and_variants_are_read_alone(tmp_path):
    """Only what is asked for, in the order asked for."""
    frame = finished(tmp_path / "r").outcomes_columns(["us_killed", "exited"], "us=in-kind")
    assert list(frame.columns) == ["variant", "world", "us_killed", "exited"]
    assert set(frame["variant"]) == {"us=in-kind"}
    assert len(frame) == 10


def test_pairs_are_of_worlds_that_both_variants_have(tmp_path):
    """A variant that stopped at world 4 is compared over worlds 0 to 3."""
    results = new(tmp_path / "r")
    results.add(0, 0, {"us_killed": np.arange(10.0)})
    results.add(1, 0, {"us_killed": np.arange(4.0) * 2})
    results.interrupt()
    first, second = store.Results(tmp_path / "r").pair("us_killed", "us=restraint", "us=in-kind")
    assert first.tolist() == [0, 1, 2, 3]
    assert second.tolist() == [0, 2, 4, 6]


def test_failed_worlds_are_noted(tmp_path):
    """Which, and why, for the report and the exit code."""
    results = new(tmp_path / "r", worlds=12)
    fill(results)
    results.add(1, 10, {"us_killed": np.arange(2.0)}, None, [{"world": 11, "stage": "running", "cause": "no premier"}])
    noted = [{"variant": 1, "world": 11, "stage": "running", "cause": "no premier"}]
    assert store.Results(tmp_path / "r").manifest["failures"] == noted
    results.interrupt()
    again = new(tmp_path / "r", worlds=12)
    assert again.manifest["failures"] == noted


_MANY_WORLDS = """
import resource, sys
import numpy as np
from sim import results as store
from sim import stats
from sim.names.measures import OUTCOMES, SERIES
folder, worlds = sys.argv[1], int(sys.argv[2])
results = store.create(folder, {}, label="x", seed=1, worlds=worlds, variants=[{"label": "a"}], rules_hash="")
for first in range(0, worlds, 1000):
    u = np.random.default_rng(first).random(1000)
    outcomes = {m.name: np.floor(u * max(len(m.categories), 2)) for m in OUTCOMES}
    results.add(0, first, outcomes, {m.name: np.zeros((1000, 105)) for m in SERIES} if first == 0 else None)
done = results.finish()
stats.summaries(lambda name: done.column(name, "a"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_worlds(tmp_path):
    """100,000 worlds are written and summed up within 40 MB of 50,000."""
    peaks = []
    for worlds in ("50000", "100000"):
        command = [sys.executable, "-c", _MANY_WORLDS, tmp_path / worlds, worlds]
        peaks.append(int(subprocess.run(command, capture_output=True, check=True).stdout))
    assert peaks[1] - peaks[0] < 40 * 1024


@pytest.mark.parametrize(
    "values", [[], [1.5, np.nan, 0.0, -2.0], [np.nan] * 9, list(range(17)), [0.0, 1.0] * 20 + [np.nan]]
)
def test_columns_made_of_memory_are_those_that_pyarrow_makes(values):
    """Numbers, flags and words, with nulls where nothing is known; and back again."""
    numbers = np.array(values, dtype=float)
    assert tables.numbers_column(numbers).equals(pa.array(numbers, pa.float64(), from_pandas=True))
    assert tables.flags_column(numbers).equals(pa.array(numbers > 0, pa.bool_(), mask=np.isnan(numbers)))
    words = [None if np.isnan(one) else f"wörd {one}" for one in values]
    assert store.texts(words).equals(pa.array(words, pa.string()))
    for column in (tables.numbers_column(numbers), tables.flags_column(numbers)):
        back = arrays.as_array(pa.chunked_array([column[:3], column[3:]]))
        wanted = numbers if column.type == pa.float64() else np.where(np.isnan(numbers), np.nan, numbers > 0)
        assert np.array_equal(back, wanted, equal_nan=True)


def test_results_that_broke_off_are_those_of_the_variants_that_have_worlds(tmp_path):
    """A comparison can be drawn and told as far as it got."""
    results = new(tmp_path / "r", worlds=4)
    labels = [variant["label"] for variant in results.manifest["variants"]]
    assert len(labels) == 2
    results.add(0, 0, {"exited": np.zeros(4)})
    there = store.Results(results.folder, results.manifest)
    assert there.variants == labels
    assert there.begun().variants == labels[:1]
    results.add(1, 0, {"exited": np.zeros(4)})
    assert store.Results(results.folder, results.manifest).begun().variants == labels


def test_folders_of_the_first_version_are_read_as_they_are(tmp_path):
    """Finished ones, and those that broke off, whose manifest named each file of a part alone."""
    folder = finished(tmp_path / "r").folder
    rewritten(folder, schema_version=1)
    assert len(store.Results(folder).outcomes) == 20
    assert store.Results(folder).verify() == []
    broken = new(tmp_path / "b")
    fill(broken)
    broken.interrupt()
    parts = [
        {"variant": part["variant"], "first": part["first"], "n": part["n"], **file}
        for part in store.Results(tmp_path / "b").manifest["parts"] for file in part["files"]
    ]  # fmt: skip
    (tmp_path / "b/parts.jsonl").unlink()
    rewritten(tmp_path / "b", schema_version=1, parts=parts)
    opened = store.Results(tmp_path / "b")
    assert sorted(opened.outcomes["world"].tolist()) == sorted([*range(10), *range(10)])
    assert len(opened.series) == 20 * WEEKS
