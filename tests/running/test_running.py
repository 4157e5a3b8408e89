"""Units of worlds, the points of a design, lives of a world several times over; what a run will take."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.experiments.request import Request, variants_of
from sim.experiments.sampling import Sampling
from sim.names.measures import OUTCOMES
from sim.results import Results, StoreError
from sim.results.run_facts import drawn_by_design
from sim.running import ensemble
from sim.running.drawn_inputs import DrawnInputs
from sim.running.ensemble import Unit, run_units, run_worlds, units_of
from sim.running.estimate import estimate_of
from sim.running.execute import execute
from sim.running.one_world import OneWorld
from sim.running.resume import extend
from sim.running.run import Run
from tests.running.small_runs import SCENARIO, designed
from tests.worlds import variant

pytestmark = pytest.mark.usefixtures("elsewhere")
NUMBERS = [m.name for m in OUTCOMES if not m.categories]


def sobol(*names: str, points: int = 16) -> Sampling:
    """Return a Sobol design over some quantities."""
    return Sampling("sobol", tuple(sorted(names)), points, 3)


# Units ------------------------------------------------------------------------------------------------------------


def test_units_end_at_multiples_and_give_all_variants_the_same_worlds():
    """Whatever the first world: parts of an extended run lie where those of a longer one would."""
    assert list(units_of(2, 1200)) == [
        Unit(0, 0, 500), Unit(1, 0, 500), Unit(0, 500, 500), Unit(1, 500, 500), Unit(0, 1000, 200), Unit(1, 1000, 200),
    ]  # fmt: skip
    assert list(units_of(1, 1200, first=650)) == [Unit(0, 650, 350), Unit(0, 1000, 200)]
    assert list(units_of(3, 7, first=7)) == []


def test_units_in_any_order_are_the_same_worlds():
    """A unit needs nothing of what was run before it."""
    variants = [variant(SCENARIO, f"us={us}", "days=40") for us in ("restraint", "in-kind")]
    units = [Unit(v, first, 3) for v in (0, 1) for first in (0, 3, 6)]
    results = [list(run_units(variants, order, 1, threads=2)) for order in (units, units[::-1])]
    by_unit = [{result.unit: result.outcomes for result in some} for some in results]
    for unit in units:
        assert by_unit[0][unit].tobytes() == by_unit[1][unit].tobytes()


def test_a_world_that_breaks_takes_no_other_with_it(monkeypatch):
    """It is null in the tables, and noted; its neighbours in the same task live on."""
    run_block = ensemble.kernel.run_block
    one = variant(SCENARIO, "days=40")
    bad = one.keys(1, [2])[0]

    def breaking(*args):
        if bad in args[5]:
            raise FloatingPointError("a number out of hand")
        return run_block(*args)

    [usual] = run_worlds([one], 5, 1, threads=1)
    monkeypatch.setattr(ensemble.kernel, "run_block", breaking)
    [result] = run_worlds([one], 5, 1, threads=1)
    assert [(f.world, f.stage, f.cause) for f in result.failed] == [
        (2, "running", "FloatingPointError: a number out of hand")
    ]
    assert np.isnan(result.outcomes["us_killed"][2])
    assert np.isnan(result.series["attacks"][2]).all()
    for name in NUMBERS:
        np.testing.assert_array_equal(np.delete(result.outcomes[name], 2), np.delete(usual.outcomes[name], 2))


@pytest.mark.parametrize(
    "error", [MemoryError("no room"), OSError(28, "No space left on device"), EOFError("Ran out"), KeyError("x")],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_what_is_no_fault_of_a_world_stops_the_run(monkeypatch, error):
    """It is told as what it is, in a line; no world is noted as failed, and the same command goes on."""
    asked = Request((SCENARIO,), worlds=60, days=20)
    bad, run_block = variants_of(asked)[0].keys(1, [40])[0], ensemble.kernel.run_block

    def breaking(*args):
        if bad in args[5]:
            raise error
        return run_block(*args)

    with monkeypatch.context() as patch, pytest.raises(StoreError) as stopped:
        patch.setattr(ensemble.kernel, "run_block", breaking)
        execute(asked, variants_of(asked), out="r")
    words = {"MemoryError": "out of memory", "OSError": "No space left"}.get(type(error).__name__, type(error).__name__)
    assert words in str(stopped.value)
    assert "crossfire resume r, goes on from there" in str(stopped.value)
    assert "\n" not in str(stopped.value)
    there = Results("r")
    assert (there.status, there.failures) == ("interrupted", [])
    assert execute(asked, variants_of(asked), out="r").results.failures == []


# Designs and replicates -------------------------------------------------------------------------------------------


def test_a_design_gives_a_quantity_its_quantile_and_leaves_all_others():
    """World 5 stands at point 5: the quantile of the quantity's own distribution; the rest is drawn as ever."""
    usual = variant(SCENARIO)
    design = sobol("parameter:attack_tempo", "parameter:branching")
    values, before = designed(usual, design).values(1, range(8)), usual.values(1, range(8))
    for name in design.over:
        distribution = usual.inputs.quantities[name]
        expected = distribution.quantile(design.quantiles(name, np.arange(8)))
        np.testing.assert_array_equal(values[name], expected)
    assert all(np.array_equal(values[name], before[name]) for name in values if name not in design.over)


def test_lives_of_a_point_share_inputs_and_differ_in_luck():
    """World 2p + r is life r of point p: life 0 is world p itself, life 1 its branch."""
    one = variant(SCENARIO, "days=200")
    lived = designed(one, replicates=2)
    values, usual = lived.values(1, range(6)), one.values(1, range(3))
    for name, column in values.items():
        np.testing.assert_array_equal(column[0::2], usual[name])
        np.testing.assert_array_equal(column[1::2], usual[name])
    [result], [plain] = run_worlds([lived], 6, 1, threads=1), run_worlds([one], 3, 1, threads=1)
    assert result.outcomes[0::2].tobytes() == plain.outcomes.tobytes()
    for p in range(3):
        branch = OneWorld(one, p).branch(1).lived(200)
        assert result.outcomes[2 * p + 1].tobytes() == branch[0].tobytes()
        assert OneWorld(lived, 2 * p + 1).lived(200).tobytes() == branch.tobytes()
    assert len({row.tobytes() for row in result.outcomes}) > 3


def test_variants_share_the_points_of_a_design():
    """They are paired over everything that the design spreads."""
    design = sobol("parameter:attack_tempo")
    pair = [designed(variant(SCENARIO, f"us={us}"), design, 2) for us in ("restraint", "in-kind")]
    first, second = (one.values(1, range(8))["parameter:attack_tempo"] for one in pair)
    np.testing.assert_array_equal(first, second)


def test_a_latin_hypercube_says_why_it_cannot_be_extended():
    """A Sobol sequence goes on where it ended, with the bytes of a longer run."""
    Path("mine.yaml").write_text(
        "sweep: mine\ntitle: x\npurpose: x\nscenario: 2020-soleimani\ndays: 30\n"
        "vary:\n  - grid: {us: [restraint, in-kind]}\n  - KIND: {points: 8, over: [attack_tempo, branching]}\n"
    )
    text = Path("mine.yaml").read_text()
    for kind in ("sobol", "latin-hypercube"):
        Path("mine.yaml").write_text(text.replace("KIND", kind))
        _swept(kind)
    with pytest.raises(InputError, match="a Latin hypercube cannot be extended"):
        extend("latin-hypercube", 16)
    assert Results("latin-hypercube").status == "finished"
    longer = extend("sobol", 16).results
    Path("mine.yaml").write_text(text.replace("KIND", "sobol").replace("points: 8", "points: 16"))
    whole = _swept("whole")
    for name in ("outcomes", "series", "inputs"):
        assert (longer.folder / f"{name}.parquet").read_bytes() == (whole.folder / f"{name}.parquet").read_bytes()


def _swept(out):
    from sim.experiments.sweep_reader import load_sweep

    sweep = load_sweep("mine.yaml")
    return execute(sweep.request(), list(sweep.variants), out=out).results


def test_results_say_how_their_worlds_were_drawn():
    """Under every table, with what it does to the intervals; plain runs say nothing."""
    asked = Request((SCENARIO,), worlds=8, days=20)
    plain = execute(asked, variants_of(asked), out="plain").results
    assert drawn_by_design(plain) == ""
    [variant] = variants_of(asked)
    variant = designed(variant, sobol("parameter:attack_tempo"), 2)
    said = drawn_by_design(execute(asked, [variant], out="designed").results)
    assert "points of a Sobol sequence over 1 quantities, each point lived 2 times" in said
    assert said.endswith("are too narrow.")
    inputs = Results("designed").inputs
    np.testing.assert_array_equal(inputs.iloc[0::2].to_numpy(), inputs.iloc[1::2].to_numpy())


# What was drawn ---------------------------------------------------------------------------------------------------


def test_inputs_are_written_once_and_read_for_each_variant():
    """One that a variant holds fixed comes with that value, another distribution from its own column."""
    asked = Request((SCENARIO,), worlds=6, days=20, vary=("attack_tempo={uniform: [0.5, 0.6]},0.25,{uniform: [2, 3]}",))
    results = execute(asked, variants_of(asked), out="r").results
    drawn = [results.inputs_of(label)["parameter:attack_tempo"] for label in results.variants]
    assert drawn[0].between(0.5, 0.6).all()
    assert (drawn[1] == 0.25).all()
    assert drawn[2].between(2, 3).all()
    assert {"parameter:attack_tempo", "parameter:attack_tempo#2"} <= set(results.names("inputs"))
    for label, one in zip(results.variants, variants_of(asked), strict=True):
        values = one.values(1, range(6))
        for name, column in results.inputs_of(label).items():
            if name in values:
                np.testing.assert_array_equal(column, values[name].astype(np.float32))
    assert results.column("parameter:branching", results.variants[0]).index.tolist() == list(range(6))


def test_an_input_that_is_not_there_is_named():
    """A misspelt quantity does not come back empty."""
    asked = Request((SCENARIO,), worlds=3, days=20)
    results = execute(asked, variants_of(asked), out="r").results
    with pytest.raises(StoreError, match="parameter:tempo"):
        results.inputs_of(results.variants[0], ["parameter:tempo"])


def test_a_run_without_uncertainty_has_no_inputs():
    """Nothing varies, nothing is written."""
    fixed = variant(SCENARIO, "days=20")
    bare = replace(fixed, inputs=replace(fixed.inputs, quantities={
        name: replace(q, kind="fixed", numbers=(float(q.quantile(np.full(1, 0.5))[0]),), weights=(), within=None)
        for name, q in fixed.inputs.quantities.items()
    }))  # fmt: skip
    assert list(DrawnInputs([bare]).tables(1, 10)) == []


# Variants chosen --------------------------------------------------------------------------------------------------


def test_results_are_narrowed_by_what_was_varied():
    """By the end of a path, one value or several; every table follows."""
    results = sim.compare(
        SCENARIO, vary={"us": ["restraint", "in-kind"], "M08": [0, 1]}, worlds=4, days=20, out="r"
    )  # fmt: skip
    some = results.where(us="in-kind")
    assert some.variants == [f"{SCENARIO} days=20 us=in-kind M08={k}" for k in (0, 1)]
    assert results.where(us=["in-kind"], M08=1).variants == [f"{SCENARIO} days=20 us=in-kind M08=1"]
    assert set(some.outcomes["variant"]) == set(some.variants)
    assert len(some.series) == 2 * 4 * 3
    assert some.design["policies.us"].tolist() == ["in-kind"] * 2
    assert results.where(M08=0).inputs_of(f"{SCENARIO} days=20 us=in-kind M08=0").shape[0] == 4
    with pytest.raises(StoreError, match="its values: in-kind, restraint"):
        results.where(us="restrant")
    with pytest.raises(StoreError, match=r"no variant has a factor 'uss'; those here: .*policies.us"):
        results.where(uss="restraint")
    with pytest.raises(StoreError, match="no variant has all of"):
        results.only([results.variants[0], results.variants[3]]).where(us="restraint", M08=1)


def test_narrowed_results_know_how_long_each_variant_was():
    """By the variant, not by its place among those that are left."""
    results = sim.compare(SCENARIO, vary={"days": [20, 30]}, worlds=3, out="r")
    assert [results.days_of(label) for label in results.variants] == [20, 30]
    assert results.only(results.variants[1:]).days_of(results.variants[1]) == 30


def test_variants_are_named_by_enough_words():
    """As on the command line; a label that is none is an error, never an empty table."""
    results = sim.compare(SCENARIO, vary={"us": ["restraint", "in-kind"]}, worlds=4, days=20, out="r")
    label = results.variants[1]
    assert results.label_of("in-kind") == results.label_of("us=in-kind") == results.label_of(label) == label
    assert len(results.pair("us_killed", "restraint", "us=in-kind")[0]) == 4
    for words in ("nope", SCENARIO):
        with pytest.raises(StoreError, match="they are 2020-soleimani days=20 us=restraint; "):
            results.pair("us_killed", "restraint", words)


def test_a_small_design_can_be_announced():
    """A trial of speed wants no points that the design has not."""
    asked = Request((SCENARIO,), worlds=4, days=20)
    [variant] = variants_of(asked)
    variant = designed(variant, Sampling("latin-hypercube", ("parameter:attack_tempo",), 4, 1))
    assert estimate_of(Run(asked, (variant,))).worlds == 4


def test_lives_of_a_point_stay_together():
    """An extension ends where the last point has had all of its lives."""
    asked = Request((SCENARIO,), worlds=6, days=20)
    [variant] = variants_of(asked)
    execute(asked, [designed(variant, replicates=3)], out="r")
    with pytest.raises(InputError, match="a multiple of 3"):
        extend("r", 10)
    assert extend("r", 9).results.worlds == 9


def test_a_share_by_other_digits_is_the_same_share():
    """Zeros before a number say nothing: the folder, the worlds and the manifest are those of 1/2."""
    for shard, out in (("1/2", "plain"), ("01/002", "zeros")):
        one = Request((SCENARIO,), worlds=3, days=20, shard=shard)
        execute(one, variants_of(one), out=out)
    assert Results("zeros").manifest["shard"] == "1/2"
    again = Request((SCENARIO,), worlds=3, days=20, shard="0001/02")
    assert execute(again, variants_of(again), out="plain").results.status == "shard"


@pytest.mark.parametrize(
    "wrong", [{"worlds": 0}, {"worlds": -3}, {"worlds": True}, {"worlds": 2.0}, {"worlds": "2"}, {"seed": -7},
              {"seed": 1.5},
              {"seed": 2**63}, {"days": 0}, {"threads": 0}, {"threads": 2000}],
)  # fmt: skip
def test_numbers_from_python_have_the_bounds_of_the_command_line(wrong):
    """Named, with what was expected; nothing is written."""
    [name] = wrong
    with pytest.raises(InputError, match=f"{name}.*expected a whole number"):
        sim.run(SCENARIO, **({"worlds": 2, "days": 5, "out": "r"} | wrong))
    assert not Path("r").exists()


def test_whole_numbers_of_numpy_are_numbers():
    """As every analysis has them."""
    results = sim.run(SCENARIO, worlds=np.int64(2), seed=np.uint8(3), days=np.int32(5), out="r")
    assert (results.seed, results.worlds, results.manifest["days"]) == (3, 2, 5)


def test_results_are_gone_on_with_from_any_folder(tmp_path, monkeypatch):
    """By the files beside which they were run; and where those moved, by those of the current folder."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir("a")
    Path("mine.yaml").write_text(
        "scenario: mine\nextends: 2021-quiet\ntitle: t\npurpose: p\ndays: 20\npolicies: {us: own}\n"
    )
    Path("own.yaml").write_text("policy: own\nactor: us\nextends: in-kind\npurpose: p\n")
    sim.run("mine.yaml", worlds=3, out="../b/r")
    monkeypatch.chdir("../b")
    assert extend("r", 5).results.worlds == 5
    assert Path.cwd() == tmp_path / "b"
    for name in ("mine.yaml", "own.yaml"):
        (tmp_path / "a" / name).rename(tmp_path / "c" / name)
    with pytest.raises(InputError, match="mine"):
        extend("r", 7)
    monkeypatch.chdir("../c")
    assert extend("../b/r", 7).results.worlds == 7


# What it will take ------------------------------------------------------------------------------------------------


def test_what_a_run_will_take_is_foreseen():
    """Worlds exactly; the disk within a third; time above nothing."""
    asked = Request((SCENARIO,), worlds=500, days=200, vary=("us=restraint,in-kind",))
    arms = variants_of(asked)
    estimate = estimate_of(Run(asked, tuple(arms)))
    results = execute(asked, arms, out="r").results
    there = sum((results.folder / f"{name}.parquet").stat().st_size for name in ("outcomes", "series", "inputs"))
    assert estimate.worlds == 1000
    assert 0.67 < estimate.at_end / there < 1.5
    assert estimate.on_the_way > estimate.at_end
    assert estimate.seconds > 0
    assert "1,000 worlds in all" in estimate.said()
