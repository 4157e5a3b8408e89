"""The fit moves what the observations speak of, leaves the rest, and is the default until a scenario says otherwise."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.errors import CrossfireError, InputError
from sim.evidence import fit as fitting
from sim.evidence.observations import Observation, load_observations
from sim.inputs import theory
from sim.inputs.distributions.quantities import read_quantity
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.inputs.yaml.files import home


def _figure(value: float = math.nan, low: float = math.nan, high: float = math.nan, unit: str = "days") -> Observation:
    day = date(2020, 1, 3)
    return Observation("2020-soleimani", "attacks", day, day, value, low, high, unit, "ctg-2020 [7]", "")


def test_distance_is_taken_in_spreads_and_is_nothing_within_bounds() -> None:
    """Five worlds around a figure of 10; a bound is met by all above it; what is not defined speaks for nothing."""
    values = np.array([8.0, 9.0, 10.0, 11.0, 12.0])
    spread = values.std()
    assert fitting.distance(_figure(10), values) == pytest.approx(np.abs(values - 10) / spread)
    assert fitting.distance(_figure(10, low=9, high=11), values) == pytest.approx(np.array([1, 0, 0, 0, 1]) / spread)
    assert fitting.distance(_figure(low=11), values) == pytest.approx(np.array([3, 2, 1, 0, 0]) / spread)
    some = np.append(values, np.nan)
    far = fitting.distance(_figure(10), some)
    assert far[-1] == pytest.approx(math.sqrt(np.mean(far[:-1] ** 2)))


def test_ratios_count_for_counts() -> None:
    """Half and double are equally far."""
    far = fitting.distance(_figure(99, unit="attacks"), np.array([49.0, 99.0, 199.0]))
    assert far[0] == pytest.approx(far[2])
    assert far[1] == 0.0


def test_a_parameter_that_decides_a_figure_moves_and_one_that_does_not_stays() -> None:
    """Twelve times as many worlds with the top half of one parameter than the bottom one: its deciles show it."""
    table = {name: theory.load_parameters()[name] for name in ("attack_tempo", "harm_light")}
    rng = np.random.default_rng(1)
    ranks = {"attack_tempo": rng.beta(4, 1.5, 400), "harm_light": rng.random(400)}
    [moved] = fitting._moved(table, ranks)
    assert moved.name == "attack_tempo"
    median = float(moved.after.quantile(0.5))
    assert median == pytest.approx(float(moved.before.quantile(np.median(ranks["attack_tempo"]))), rel=1e-3)
    assert moved.after.numbers == tuple(sorted(moved.after.numbers))


def test_a_fit_of_few_worlds_is_the_same_twice_and_is_written_so_that_it_can_be_read(tmp_path: Path) -> None:
    """What was found goes to a file whose distributions are those that were found."""
    found, again = (fitting.fit(200, 0.2, seed=3) for _ in range(2))
    assert repr(found) == repr(again)  # an unknown number is unlike itself
    assert found.kept == 40
    path = fitting.write_fit(found, tmp_path / "fit.yaml")
    plain = yaml.safe_load(path.read_text())
    assert plain["fit"]["worlds"] == 200
    assert {name: read_quantity(one).numbers for name, one in plain["parameters"].items()} == {
        m.name: m.after.numbers for m in found.moved
    }
    assert not path.with_suffix(".part").exists()


def test_too_few_worlds_to_keep_a_share_of_are_refused() -> None:
    """Twenty are kept at least."""
    with pytest.raises(CrossfireError, match="expected at least 40 worlds"):
        fitting.fit(20, 0.5)


def test_predictions_are_no_observations() -> None:
    """Nothing that a prediction is about is fitted to: no exit, no influence, no opinion, no regrowth."""
    measures = {one.measure for one in load_observations()}
    for word in ("exit", "presence", "influence", "anti_", "regrowth", "framework", "demand"):
        assert not [measure for measure in measures if word in measure]


def test_the_fit_is_the_default_and_a_scenario_can_do_without() -> None:
    """What configs/fit.yaml holds is what worlds draw from; ``fitted: false`` gives what was known before."""
    fitted = {name: one.fitted for name, one in theory.load_parameters().items() if one.fitted}
    assert fitted
    with_it = resolve(load_scenario("2020-soleimani")).quantities
    without = resolve(override(load_scenario("2020-soleimani"), "fitted=false")).quantities
    for name, one in theory.load_parameters().items():
        assert with_it[f"parameter:{name}"] == (fitted.get(name) or one.value)
        assert without[f"parameter:{name}"] == one.value


def test_a_scenarios_own_parameter_goes_before_the_fit() -> None:
    """What an analyst sets holds."""
    name = next(name for name, one in theory.load_parameters().items() if one.fitted)
    own = resolve(override(load_scenario("2020-soleimani"), f"parameters.{name}=0.3")).quantities
    assert own[f"parameter:{name}"].numbers == (0.3,)


def test_the_shipped_fit_is_of_the_shipped_observations() -> None:
    """A figure that was changed asks for `make fit`."""
    shipped = yaml.safe_load((home() / "configs" / "fit.yaml").read_text())["fit"]
    assert shipped["observations"] == fitting._hash_of_observations()


def test_a_fit_of_a_parameter_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file, the line and the word are told."""
    wrong = tmp_path / "fit.yaml"
    wrong.write_text("fit: {worlds: 1}\nparameters:\n  attack_temp: {fixed: 1}\n")
    monkeypatch.setattr(theory, "fit_file", lambda: wrong)
    with pytest.raises(InputError, match="did you mean 'attack_tempo'"):
        theory.load_parameters()
