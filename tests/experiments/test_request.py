"""Runs: variants from what is asked, worlds into a folder, summaries out of it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import sim
from sim import stats
from sim.errors import InputError
from sim.experiments import request
from sim.experiments.request import Request, variants_of
from sim.names.measures import OUTCOMES
from sim.results import StoreError, as_json
from sim.results.exits import incidence
from sim.running import ensemble
from sim.running.execute import execute
from sim.running.run import ExecutorOptions, Interrupted, Run

SCENARIO = "2020-soleimani"
SMALL = {"worlds": 8, "days": 60}
TWO = Request((SCENARIO,), vary=("us=restraint,in-kind",), **SMALL)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    """Run in a folder of its own, with results in parts of four worlds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 4)


def labels(**asked):
    """Return the labels of the variants that are asked for."""
    return [variant.label for variant in variants_of(Request(**{"scenarios": (SCENARIO,)} | asked))]


def problems(**asked):
    """Return what is wrong with what is asked for, in lines."""
    with pytest.raises(InputError) as wrong:
        labels(**asked)
    return [str(problem) for problem in wrong.value.problems]


def bytes_of(results):
    """Return the bytes of the tables of results."""
    return [(results.folder / name).read_bytes() for name in ("outcomes.parquet", "series.parquet")]


def broken_off_after(blocks, monkeypatch):
    """Let Ctrl-C fall after so many blocks of worlds."""
    whole = ensemble.run_units

    def broken(variants, *args, **options):
        for k, block in enumerate(whole(variants, *args, **options)):
            if k == blocks and len(variants) > 1:
                raise KeyboardInterrupt
            yield block

    monkeypatch.setattr(ensemble, "run_units", broken)


# Variants


def test_varied_paths_make_every_combination_the_first_path_slowest():
    """Two paths of two values make four variants, labelled by the shortest words that still tell the path."""
    assert labels(vary=("policies.us=restraint,in-kind", "mechanisms.M08=0,1")) == [
        f"{SCENARIO} us={us} M08={strength}" for us in ("restraint", "in-kind") for strength in (0, 1)
    ]


def test_settings_common_to_all_stand_in_every_label():
    """A label says all that was changed, in the order in which it was laid on the scenario."""
    assert labels(theory="proxies", policies=("us=restraint",), settings=("situation.us_troops=2500",), days=60) == [
        f"{SCENARIO} theory=proxies us=restraint us_troops=2500 days=60"
    ]


def test_values_part_at_commas_outside_of_brackets():
    """A distribution among the values keeps its own commas."""
    assert request.values_of("us_troops=2500,{uniform: [5000, 6000]}") == [
        "us_troops=2500",
        "us_troops={uniform: [5000, 6000]}",
    ]


def test_one_faction_can_have_a_policy_of_its_own():
    """--policy takes a faction's name for its place among the factions."""
    [variant] = variants_of(Request((SCENARIO,), policies=("badr=resistance",)))
    assert variant.settings[0].path == "policies.factions.badr"


def test_two_options_on_one_path_are_refused():
    """Nobody should have to know which of the two would win."""
    [line] = problems(policies=("us=in-kind",), settings=("policies.us=restraint",))
    assert "expected one setting of 'policies.us'" in line
    assert "--policy policies.us=in-kind and --set policies.us=restraint" in line
    assert problems(days=60, settings=("days=90",))
    assert problems(vary=("us=restraint,in-kind",), policies=("us=in-kind",))


def test_all_that_is_wrong_is_said_at_once():
    """An unknown policy, an unknown path and an unknown value of a varied one come together."""
    lines = problems(policies=("us=retraint",), settings=("us_trops=2",), vary=("iran=calibrated,calm",))
    assert any("did you mean 'restraint'?" in line for line in lines)
    assert any("did you mean 'us_troops'?" in line for line in lines)
    assert any("--vary iran=calm" in line for line in lines)


def test_the_baseline_is_found_by_enough_of_its_words_and_stands_first():
    """A baseline need not be spelled whole; one that fits several variants, or none, is refused."""
    assert labels(vary=("us=restraint,in-kind",), baseline="us=in-kind")[0] == f"{SCENARIO} us=in-kind"
    assert problems(vary=("us=restraint,in-kind",), baseline=SCENARIO)
    assert problems(vary=("us=restraint,in-kind",), baseline="us=inkind")


def test_the_same_variant_twice_is_refused():
    """Two variants of one label could not be told apart in the results."""
    assert "expected every variant once" in problems(scenarios=(SCENARIO, SCENARIO))[0]


@pytest.mark.parametrize("worlds, series, kept", [(8, "", 8), (6_000, "", 1_000), (6_000, "all", 6_000), (8, "3", 3)])
def test_weekly_series_are_kept_of_all_worlds_unless_there_are_many(worlds, series, kept):
    """All up to 5,000 worlds a variant, else the first 1,000; --series says otherwise."""
    assert Request((SCENARIO,), worlds=worlds, series=series).kept_series == kept


# Running


def test_an_interrupted_run_taken_up_again_equals_an_unbroken_one(monkeypatch):
    """Broken off after three parts of four and run again, the tables are the same bytes."""
    whole = execute(TWO, variants_of(TWO), out="whole").results
    with monkeypatch.context() as patch:
        broken_off_after(3, patch)
        with pytest.raises(Interrupted) as broken:
            execute(TWO, variants_of(TWO), out="broken")
    assert (broken.value.kept, broken.value.asked) == (12, 16)
    assert json.loads(Path("broken/manifest.json").read_text())["status"] == "interrupted"
    assert bytes_of(execute(TWO, variants_of(TWO), out="broken").results) == bytes_of(whole)


def test_the_number_of_threads_changes_nothing():
    """One thread and three give the same bytes."""
    one, three = (execute(TWO, variants_of(TWO), out=f"on-{n}", options=ExecutorOptions(n)).results for n in (1, 3))
    assert bytes_of(one) == bytes_of(three)


def test_a_finished_run_is_shown_again_and_run_again_by_force():
    """The same inputs find the results of before; a folder with other results is left alone."""
    first = execute(TWO, variants_of(TWO))
    again = execute(TWO, variants_of(TWO))
    assert not first.already_there
    assert again.already_there
    assert again.results.folder == first.results.folder
    assert not execute(TWO, variants_of(TWO), force=True).already_there
    other = Request((SCENARIO,), **SMALL)
    with pytest.raises(StoreError):
        execute(other, variants_of(other), out=first.results.folder)


def test_results_are_named_after_label_inputs_and_rules(monkeypatch):
    """Other rules, another seed or another policy never land in the same folder."""

    def folder(**asked):
        one = Request((SCENARIO,), **SMALL | asked)
        return Run(one, tuple(variants_of(one))).folder

    names = {folder(), folder(seed=2), folder(policies=("us=restraint",)), folder(worlds=9)}
    monkeypatch.setattr("sim.running.run.rule_hash", lambda: "other rules")
    names.add(folder())
    assert len(names) == 5
    assert all(name.parent == Path("results") and name.name.startswith(SCENARIO) for name in names)


def test_the_manifest_holds_the_inputs_whole_and_what_tells_variants_apart():
    """The first variant's inputs stand there whole, the second's as far as they differ."""
    manifest = execute(TWO, variants_of(TWO)).results.manifest
    first, second = manifest["inputs"]["variants"]
    assert len(first["quantities"]) > 500
    assert second["policies"][0]["policy"] == "in-kind"
    assert "start" not in second
    assert [v["inputs"]["settings"]["policies.us"] for v in manifest["variants"]] == ["restraint", "in-kind"]


def test_every_uncertain_input_stands_beside_the_outcomes_and_is_the_same_for_both_variants():
    """World 3 draws the same parameters whatever the policy; a threshold that a policy lacks is null."""
    results = execute(TWO, variants_of(TWO)).results
    restraint, in_kind = results.variants
    a, b = results.pair("parameter:attack_tempo", restraint, in_kind)
    assert len(set(a)) == TWO.worlds
    assert np.array_equal(a, b)
    assert results.column("threshold:us:in-kind:sure", restraint).isna().all()
    assert results.column("threshold:us:in-kind:sure", in_kind).between(0, 1).all()


def test_a_comparison_has_a_table_of_its_design():
    """design.parquet has a row for each variant and a column for each path that was set."""
    results = execute(TWO, variants_of(TWO)).results
    table = pq.read_table(results.folder / "design.parquet").to_pydict()
    assert table["variant"] == results.variants
    assert table["policies.us"] == ["restraint", "in-kind"]
    assert table["days"] == ["60", "60"]


def test_series_are_left_out_when_asked():
    """--series none keeps no weekly table."""
    asked = Request((SCENARIO,), series="none", **SMALL)
    results = execute(asked, variants_of(asked)).results
    assert results.names("series") == []
    assert results.names()


def test_a_failed_world_is_named_with_its_stage_its_cause_and_how_to_repeat_it(monkeypatch):
    """A world without finite outcomes stops nothing; it is left out of the means and counted."""
    whole = ensemble.run_units

    def failing(*args, **options):
        for block in whole(*args, **options):
            if block.unit.first == 4 and len(block.outcomes) > 1:
                block.outcomes["us_killed"][1] = np.nan
                failed = ensemble.Failure(5, "outcomes", "no finite number for us_killed")
                yield replace(block, failed=(failed,))
            else:
                yield block

    monkeypatch.setattr(ensemble, "run_units", failing)
    asked = Request((SCENARIO,), policies=("us=restraint",), **SMALL)
    results = execute(asked, variants_of(asked)).results
    [failure] = results.failures
    assert failure["world"] == 5
    assert (failure["stage"], failure["cause"]) == ("outcomes", "no finite number for us_killed")
    assert (
        failure["repeat"]
        == "crossfire story 2020-soleimani --world 5 --seed 1 --set policies.us=restraint --set days=60"
    )
    assert as_json.run_json(results)["failed"] == 1


# Summing up


def test_json_of_a_run_has_every_outcome_and_never_a_number_that_is_none():
    """Counts carry mean, interval and spread; categories shares; conditional ones how many worlds define them."""
    asked = Request((SCENARIO,), **SMALL)
    plain = as_json.run_json(execute(asked, variants_of(asked)).results)
    assert list(plain) == ["scenario", "worlds", "seed", "outcomes"]
    assert list(plain["outcomes"]) == [m.name for m in OUTCOMES]
    assert list(plain["outcomes"]["us_killed"]) == ["mean", "low", "high", "p05", "p50", "p95"]
    assert set(plain["outcomes"]["exit_kind"]["shares"]["none"]) == {"mean", "low", "high"}
    assert plain["outcomes"]["exit_day"] == {"n": 0} | dict.fromkeys(("mean", "low", "high", "p05", "p50", "p95"))
    json.dumps(plain, allow_nan=False)


def test_json_of_a_comparison_has_paired_differences_to_the_baseline():
    """Each measure of each other variant has a difference, its interval, discordant counts and a verdict."""
    plain = as_json.compare_json(execute(TWO, variants_of(TWO)).results)
    assert list(plain) == ["baseline", "worlds", "seed", "variants", "differences", "pairing"]
    assert plain["baseline"] == f"{SCENARIO} days=60 us=restraint"
    assert [list(v) for v in plain["variants"]] == [["label", "inputs", "outcomes"]] * 2
    rows = {(row["measure"], row.get("category")): row for row in plain["differences"]}
    row = rows["exited", None]
    keys = ["variant", "measure", "difference", "low", "high", "only_first", "only_second", "verdict"]
    assert list(row)[: len(keys)] == keys
    assert row["corrected"]
    assert not rows["us_wounded", None]["corrected"]
    assert row["verdict"] in ("higher", "lower", "tie", "cannot tell yet")
    assert row["difference"] == (row["only_second"] - row["only_first"]) / plain["worlds"]
    assert {measure for measure, _ in rows} == {m.name for m in OUTCOMES}
    json.dumps(plain, allow_nan=False)


def test_exits_over_time_end_at_the_share_of_worlds_that_exited():
    """Weekly, with bands; at the last day all ends but 'none' add up to the share gone."""
    results = sim.compare(SCENARIO, vary={"us": ["prompt-withdrawal", "in-kind"], "days": [200, 100]}, worlds=30)
    for variant in results.variants:
        found = incidence(results, variant)
        gone = results.column("exited", variant).mean()
        assert found.day[-1] == (200 if "days=200" in variant else 100)
        assert sum(found.ends[name].share[-1] for name in stats.ENDS[1:]) == pytest.approx(gone)
        assert found.ends["none"].share[-1] == pytest.approx(1 - gone)


# From Python


def test_run_in_python_gives_the_outcomes_of_the_same_run_on_the_command_line():
    """sim.run takes mappings and returns results with their outcomes as a table."""
    results = sim.run(SCENARIO, 8, days=60, policies={"us": "restraint"}, settings={"situation.us_troops": 2500})
    assert len(results.outcomes) == 8
    asked = Request((SCENARIO,), 8, 1, 60, "", ("us=restraint",), ("situation.us_troops=2500",))
    assert execute(asked, variants_of(asked)).already_there


def test_compare_in_python_varies_by_mapping():
    """sim.compare takes values by path, and sim.Results opens what it wrote."""
    results = sim.compare(SCENARIO, vary={"us": ["restraint", "in-kind"], "M08": [0, 1]}, worlds=4, days=30)
    assert len(results.variants) == 4
    assert sim.Results(results.folder).variants == results.variants
    with pytest.raises(InputError):
        sim.compare(SCENARIO, worlds=4)


def test_importing_sim_is_light():
    """The package's names are looked up when first used; an unknown one is an AttributeError."""
    assert sim.__version__
    with pytest.raises(AttributeError):
        sim.nothing  # noqa: B018
