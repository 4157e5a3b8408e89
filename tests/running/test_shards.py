"""Shards that are run apart and merged are one run to the byte, and strangers are not merged."""

import json
import shutil
from pathlib import Path

import pytest

from sim.experiments.request import Request, variants_of
from sim.results import Results, StoreError
from sim.results.files import Journal, sealed
from sim.running.execute import execute
from sim.running.merge import merge
from sim.running.resume import resume
from tests.running.small_runs import SCENARIO, TWO, broken_off, bytes_of

pytestmark = pytest.mark.usefixtures("units_of_four")


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
