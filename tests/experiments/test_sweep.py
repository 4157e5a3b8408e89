"""Sweeps: exactly the variants, points and worlds that a file asks for, and all that is wrong with one at its place."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.errors import InputError, Mistake, Rejected
from sim.experiments.check import checked
from sim.experiments.constraints import Factor, parse_constraint, spelled
from sim.experiments.sampling import HYPERCUBE, RANDOM, SOBOL
from sim.experiments.sweep import Sweep
from sim.experiments.sweep_reader import load_sweep
from sim.inputs.authoring import lists
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.inputs.yaml.files import names_of
from sim.names.mechanisms import MECHANISMS

BROKEN = sorted((Path(__file__).parent.parent / "broken").glob("sweep-*.yaml"))
HEAD: dict[str, Any] = {"sweep": "mine", "title": "Mine", "purpose": "to test", "scenario": "2020-soleimani"}
US = {"grid": {"us": ["restraint", "in-kind"]}}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def sweep(*vary: dict[str, Any], **more: Any) -> Sweep:
    """Return the sweep of a file with these blocks and keys."""
    Path("mine.yaml").write_text(yaml.safe_dump(HEAD | {"vary": list(vary)} | more, sort_keys=False))
    return load_sweep("mine")


def labels(one: Sweep) -> list[str]:
    """Return the labels of a sweep's variants, without the scenario."""
    return [variant.label.removeprefix("2020-soleimani").strip() for variant in one.variants]


def wrong(*vary: dict[str, Any], **more: Any) -> str:
    """Return all that is wrong with a sweep, as text."""
    with pytest.raises(InputError) as told:
        sweep(*vary, **more)
    return str(told.value)


# Variants


def test_a_grid_is_every_combination_in_order() -> None:
    """The first factor turns slowest, as with --vary."""
    one = sweep({"grid": {"us": ["restraint", "in-kind"], "theory": ["documents", "deterrence"]}})
    assert labels(one) == [
        "us=restraint theory=documents", "us=restraint theory=deterrence",
        "us=in-kind theory=documents", "us=in-kind theory=deterrence",
    ]  # fmt: skip
    assert [s.path for s in one.variants[0].settings] == ["policies.us", "theory"]
    assert one.worlds == 1000
    assert one.sampling.kind == RANDOM


def test_blocks_multiply_in_their_order() -> None:
    """A grid, a list with an empty row, and one factor at a time with the unchanged case first."""
    rows = {"list": [{}, {"M01": 0, "situation.us_troops": 2500}]}
    one = sweep(US, rows, {"one-at-a-time": {"M05": [0, 2], "M08": [0]}})
    ends = ["", " M05=0", " M05=2", " M08=0"]
    assert labels(one) == [
        f"us={us}{row}{end}" for us in ("restraint", "in-kind") for row in ("", " M01=0 us_troops=2500") for end in ends
    ]
    assert one.variants[0].inputs.hash8 != one.variants[-1].inputs.hash8


def test_a_variant_is_what_its_settings_make_of_the_scenario() -> None:
    """As ``--set`` would."""
    one = sweep(US, set={"theory": "deterrence", "us_troops": {"uniform": [2500, 3000]}}, days=30)
    base = load_scenario("2020-soleimani")
    for setting in ("theory=deterrence", "us_troops={uniform: [2500, 3000]}", "days=30", "us=in-kind"):
        base = override(base, setting)
    assert one.variants[1].inputs.hash8 == resolve(base).hash8
    assert labels(one)[1] == "theory=deterrence us_troops={uniform:[2500,3000]} days=30 us=in-kind"


def test_a_quantile_is_of_the_quantitys_own_distribution() -> None:
    """As the scenario has it, each its own; six digits are kept."""
    Path("more.yaml").write_text("scenario: more\ntitle: x\npurpose: x\nextends: 2020-soleimani\n"
                                 "situation: {us_troops: {uniform: [1000, 3000]}}\n")  # fmt: skip
    one = sweep(
        {"one-at-a-time": {"us_troops": ["p05", "p97.5"]}}, {"grid": {"attack_tempo": ["p50"]}}, scenario="more"
    )
    tempo = float(resolve(load_scenario("more")).quantities["parameter:attack_tempo"].quantile(0.5))
    assert [variant.label for variant in one.variants] == [
        f"more{troops} attack_tempo={tempo:.6g}" for troops in ("", " us_troops=1100", " us_troops=2950")
    ]
    assert [row["us_troops"] for row in one.design_rows()] == [None, 1100, 2950]


def test_mechanisms_one_at_a_time() -> None:
    """Each of them, off and doubled."""
    one = sweep({"one-at-a-time": {"mechanisms": [0, 2]}})
    assert len(one.variants) == 1 + 2 * len(MECHANISMS)
    assert labels(one)[:4] == ["", "M01=0", "M01=2", "M02=0"]


def test_thresholds_one_at_a_time() -> None:
    """Each that varies, at quantiles of its own."""
    one = sweep({"one-at-a-time": {"thresholds": ["p50"]}}, set={"us": "consult-first"})
    assert labels(one)[1] == "us=consult-first thresholds.us.sure=0.75"
    assert all(variant.settings[-1].path.startswith("thresholds.") for variant in one.variants[1:])


def test_several_scenarios_and_the_baseline_first() -> None:
    """The baseline is told by its words."""
    one = sweep(US, scenario=["2020-soleimani", "2020-no-strike"], baseline="2020-no-strike us=in-kind")
    assert [variant.label for variant in one.variants] == [
        "2020-no-strike us=in-kind", "2020-soleimani us=restraint", "2020-soleimani us=in-kind",
        "2020-no-strike us=restraint",
    ]  # fmt: skip
    assert [row["us"] for row in one.design_rows()] == ["in-kind", "restraint", "in-kind", "restraint"]


def test_what_a_command_would_ask_for() -> None:
    """Settings as text, series as --series."""
    one = sweep(US, set={"M01": 0}, worlds=200, seed=7, series=50, until="exited +- 0.01")
    asked = one.request()
    assert (asked.worlds, asked.seed, asked.kept_series, asked.settings) == (200, 7, 50, ("M01=0",))
    assert (asked.until, one.replicates) == (("exited +- 0.01",), 1)
    assert (asked.name, asked.title, asked.purpose) == (one.name, one.form.title, one.form.purpose)
    assert json.loads(json.dumps(one.plain()))["sampling"]["kind"] == "random"
    assert one.with_worlds(300).request().worlds == 300


def test_what_until_asks_is_looked_at_before_anything_is_run() -> None:
    """Measures, variants and widths that cannot be meant, at their place in the file; and designs beside them."""
    said = wrong(US, until=["exitd +- 1%", "exited: in-kind - hope +- 1%", "us_killed +- 0"])
    assert "did you mean 'exited'" in said
    assert "hope" in said
    assert said.count("until") >= 3
    assert "drawn at random" in wrong(US, until="exited +- 1%", replicates=2)


# Constraints


def test_constraints_leave_combinations_out_and_say_which() -> None:
    """The first that is broken; a factor that a row does not set has its unchanged value."""
    one = sweep(
        {"grid": {"us": ["restraint", "in-kind"], "us_troops": [2500, 5000]}},
        {"list": [{}, {"M01": 0}]},
        where=["us == restraint or us_troops < 5000", "not (M01 == 0 and us != in-kind)"],
    )
    assert labels(one) == [
        "us=restraint us_troops=2500", "us=restraint us_troops=5000",
        "us=in-kind us_troops=2500", "us=in-kind us_troops=2500 M01=0",
    ]  # fmt: skip
    out = [row for row in one.design_rows() if row["left_out_by"]]
    assert [(row["us"], row["us_troops"], row["M01"], row["left_out_by"].split()[0]) for row in out] == [
        ("restraint", 2500, 0, "not"), ("restraint", 5000, 0, "not"), ("in-kind", 5000, 1.0, "us"),
        ("in-kind", 5000, 0, "us"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("us == in-kind", True), ("us != 'in-kind'", False), ("us == restraint", False), ("5 < n <= 7", True),
        ("not n > 6 and m >= -1", False), ("n == 7 or us == restraint", True), ("n > m", True),
        ("restraint == us", False),
        ("(m < 0 or n < 0) and us == in-kind", False), ("m", None), ("n + 1 > 2", None), ("us < in-kind", None),
        ("us == n", None), ("n == in-kind", None), ("x > 1", None), ("n > (", None), ("f(n) > 1", None),
        ("n is 7", None), ("1 < 2", None), ("n = 7", None), ("n > 1e999", None), ("", None), ("(" * 500 + "n", None),
        ("us == 2020-soleimani", None), ("n.__class__ > 1", None), ("n > 1; n", None), ("n in m", None),
    ],
)  # fmt: skip
def test_what_a_constraint_may_say(text: str, holds: bool | None) -> None:
    """Comparisons of numbers and words; anything else is refused with its place."""
    factors = {"us": Factor("us", ("restraint", "in-kind")), "n": Factor("n"), "m": Factor("m")}

    def factor(name: str) -> Factor:
        if name not in factors:
            raise Rejected(Mistake("a factor", name))
        return factors[name]

    if holds is None:
        with pytest.raises(Rejected) as told:
            parse_constraint(text, factor)
        assert all(0 <= (mistake.offset or 0) <= len(text) for mistake in told.value.mistakes)
    else:
        assert bool(parse_constraint(text, factor).holds({"us": spelled("in-kind"), "n": 7.0, "m": 1.0})) is holds


# Sampled blocks


def test_uncertain_is_what_varies_in_any_variant() -> None:
    """Thresholds of both policies, by the name that holds for the actor; all variants share the points."""
    one = sweep(US, {"sobol": {"points": 64, "over": "uncertain"}}, replicates=3)
    columns = {column.drawn_by for variant in one.variants for column in variant.columns}
    assert one.sampling.over == tuple(sorted(columns))
    assert (one.sampling.kind, one.sampling.points, one.worlds) == (SOBOL, 64, 192)
    assert labels(one) == ["us=restraint", "us=in-kind"]
    assert [row["points"] for row in one.design_rows()] == [64, 64]
    assert one.warnings == ()


def test_names_and_groups_of_quantities() -> None:
    """A group, a short path, a whole one, a quantity that no path sets."""
    over = ["situation", "attack_tempo", "thresholds.iran.bearable", "ally:united_kingdom:will"]
    base = resolve(load_scenario("2020-soleimani"))
    ally = next(name for name, one in base.quantities.items() if name.startswith("ally:") and not one.is_fixed)
    one = sweep({"random": {"points": 10, "over": [*over[:3], ally]}})
    situation = {n for n, d in base.quantities.items() if n.startswith("situation:") and not d.is_fixed}
    assert set(one.sampling.over) == {*situation, "parameter:attack_tempo", "threshold:iran:bearable", ally}


def test_ranges_make_fixed_quantities_vary_in_every_variant() -> None:
    """As common settings, which no label names; own keeps a distribution as it is."""
    over = {"M05": [0, 2], "us_troops": {"triangular": [2000, 2500, 6000]}, "attack_tempo": "own"}
    one = sweep(US, {"latin-hypercube": {"points": 20, "over": over}})
    assert one.sampling.over == ("mechanism:M05", "parameter:attack_tempo", "situation:us_troops")
    assert labels(one) == ["us=restraint", "us=in-kind"]
    for variant in one.variants:
        assert variant.inputs.quantities["mechanism:M05"].numbers == (0, 2)
        assert variant.inputs.quantities["situation:us_troops"].kind == "triangular"
        assert {"mechanisms.M05", "situation.us_troops"} <= {setting.path for setting in variant.settings}


def test_all_mechanisms_can_be_given_a_range() -> None:
    """They have one unit."""
    one = sweep({"sobol": {"points": 8, "over": {"mechanisms": [0, 2]}}})
    assert one.sampling.over == tuple(f"mechanism:{mechanism.id}" for mechanism in MECHANISMS)


def test_constraints_among_sampled_quantities_choose_points() -> None:
    """By the values of their distributions."""
    over = {"M05": [0, 2], "M06": [0, 2]}
    one = sweep(US, {"sobol": {"points": 32, "over": over}}, where="M05 < M06")
    points = np.arange(32)
    assert one.sampling.count == 32
    assert (one.sampling.quantiles("mechanism:M05", points) < one.sampling.quantiles("mechanism:M06", points)).all()
    few = sweep(US, {"latin-hypercube": {"points": 32, "over": over}}, where="M05 < M06", replicates=2)
    assert few.sampling.kind == HYPERCUBE
    assert few.worlds == 2 * few.sampling.count < 64


def test_a_sobol_design_of_no_power_of_two_is_warned_of() -> None:
    """At its place."""
    one = sweep({"sobol": {"points": 1000, "over": ["attack_tempo"]}})
    assert ["power of two" in str(one) for one in one.warnings] == [True]
    assert str(one.warnings[0]).startswith("mine.yaml:7:")
    assert [str(one) for one in checked(["mine.yaml"]).warnings] == [str(one.warnings[0])]


def test_worlds_may_be_said_if_they_are_the_points() -> None:
    """Times replicates."""
    assert sweep({"sobol": {"points": 64, "over": "uncertain"}}, worlds=128, replicates=2).worlds == 128


# What is wrong


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_fault_is_told_at_its_place(path: Path) -> None:
    """In the file, below its head, with what was expected and what came."""
    with pytest.raises(InputError) as told:
        load_sweep(path)
    (problem,) = told.value.problems
    assert problem.file.endswith(path.name)
    assert problem.line >= 4
    assert problem.column > 1
    assert problem.expected
    assert problem.got


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Paths, values, names, constraints and what is sampled."""
    Path("mine.yaml").write_text("""\
sweep: mine
title: Mine
purpose: to test
scenario: 2020-soleimani
set: {situation.us_trops: 2500, M01: high}
vary:
  - grid: {us: [restrain, in-kind], M99: [0]}
  - sobol: {points: 64, over: [attack_tempo, iran]}
where: ["us = in-kind", "M02 < attack_tempo"]
""")
    with pytest.raises(InputError) as told:
        load_sweep("mine")
    assert [(p.line, p.column) for p in told.value.problems] == [(5, 7), (5, 38), (7, 17), (7, 37), (8, 46), (9, 13)]


def test_a_path_in_two_blocks_is_refused() -> None:
    """What all share, what is sampled and what varies are three things."""
    assert "one setting of 'mechanisms.M05'" in wrong({"grid": {"M05": [0, 1]}}, {"one-at-a-time": {"M05": [2]}})
    assert "one setting" in wrong({"grid": {"M05": [0, 1]}}, {"sobol": {"points": 8, "over": {"M05": [0, 2]}}})
    assert "one setting" in wrong({"list": [{"M05": 0, "mechanisms.M05": 1}]})


def test_a_constraint_needs_a_value_in_every_variant() -> None:
    """A quantity that is uncertain where a row does not set it has none."""
    assert "for 'parameters.attack_tempo' in every variant, got none in some" in wrong(
        {"list": [{}, {"attack_tempo": 0.5}]}, where="attack_tempo < 1"
    )


def test_a_constraint_on_a_quantity_that_differs_between_variants_is_refused() -> None:
    """Points are shared by all."""
    Path("more.yaml").write_text("scenario: more\ntitle: x\npurpose: x\nextends: 2020-soleimani\n"
                                 "parameters: {attack_tempo: {uniform: [1, 2]}}\n")  # fmt: skip
    block = {"sobol": {"points": 8, "over": ["attack_tempo"]}}
    told = wrong(block, scenario=["2020-soleimani", "more"], where="attack_tempo < 1")
    assert "the same distribution in every variant" in told


def test_an_unknown_sweep_is_told_with_the_nearest() -> None:
    """As a scenario is."""
    with pytest.raises(InputError, match="did you mean 'all-uncertain'"):
        load_sweep("all-uncertian")


# Files


@pytest.mark.parametrize("name", names_of("sweep"))
def test_shipped_sweeps_are_in_order(name: str) -> None:
    """And none is taken for a scenario."""
    found = checked([name])
    assert (found.errors, found.warnings, found.files) == ([], [], 1)
    assert name not in names_of("scenario")


def test_the_shipped_sweeps_are_these() -> None:
    """Forty variants; two policies at a power of two points."""
    policies, uncertain = load_sweep("policies-by-theories"), load_sweep("all-uncertain")
    assert len(policies.variants) == 8 * 5
    assert policies.variants[0].label == "2020-soleimani us=in-kind theory=documents"
    assert [variant.label.split()[-1] for variant in uncertain.variants] == ["us=in-kind", "us=restraint"]
    assert uncertain.sampling.points == 4096
    assert {row["name"] for row in lists.rows_of("sweeps")[0]} == {"policies-by-theories", "all-uncertain"}


def test_a_sweep_in_the_current_folder_is_no_scenario_of_its_name() -> None:
    """And a scenario is no sweep."""
    Path("2020-soleimani.yaml").write_text(yaml.safe_dump(HEAD | {"sweep": "2020-soleimani"}))
    assert load_scenario("2020-soleimani").form.days == 730
    assert [variant.label for variant in load_sweep("2020-soleimani").variants] == ["2020-soleimani"]
    Path("all-uncertain.yaml").write_text("scenario: all-uncertain\ntitle: x\npurpose: x\nextends: 2020-taji\n")
    assert load_sweep("all-uncertain").sampling.kind == SOBOL


@pytest.mark.parametrize(
    "text",
    ["vary: 3", "vary: [3]", "vary: [{}]", "vary: [{grid: []}]", "vary: [{grid: {}}]", "vary: [{list: [3]}]",
     "vary: [{sobol: 3}]", "vary: [{sobol: {points: true, over: 3, more: 1}}]", "scenario: []", "where: [3]",
     "vary: [{grid: {us: [null, {a: {b: c}}, [1], 2020-01-01, '', true]}}]", "set: 3", "series: some", "worlds: 0",
     "vary: [{sobol: {points: 8, over: {M01: {uniform: [3, 1]}, M02: 3, M03: [a, b], '': [1, 2]}}}]", "until: {}",
     "vary: [{one-at-a-time: {uncertain: [p00, p5], '': [1], M01: [p50]}}]", "replicates: 1.5",
     "vary: [{list: [{'': 1}]}]",
     "vary: [{sobol: {points: 8, over: [place:x, 'a:b']}}]", "where: ['scenario == us']", "set: {'': 1, us: null}"],
)  # fmt: skip
def test_hostile_sweeps_are_told_in_problems(text: str) -> None:
    """Never a traceback; always with a line."""
    key = text.partition(":")[0]
    head = "".join(f"{k}: {v}\n" for k, v in HEAD.items() if k != key)
    Path("mine.yaml").write_text(head + text + "\n")
    with pytest.raises(InputError) as told:
        load_sweep("mine")
    assert all(p.line >= 1 and p.column >= 1 and p.expected and p.got for p in told.value.problems)
    assert {p.file for p in told.value.problems} == {"mine.yaml"}
