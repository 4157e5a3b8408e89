"""Means adjusted for luck in the draw of inputs: against closed forms, and over the worlds of small runs."""

import json
from dataclasses import replace
from math import e

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import stats
from sim.cli import app
from sim.errors import InputError
from sim.experiments import adjusted as of_results
from sim.experiments.request import Request, variants_of
from sim.experiments.sweep_reader import load_sweep
from sim.inputs.distributions.quantities import fixed
from sim.names.measures import OUTCOMES, Measure
from sim.results import Results, StoreError
from sim.running.api import compare, run
from sim.running.execute import execute
from sim.stats import Drawn, adjusted_difference, adjusted_mean
from sim.stats.adjusted import ALL_THE_SAME, FEW_WORLDS, HANGS_ON_FEW, NO_INPUTS, Feature

FLAG = Measure("came", "it came", "share of worlds", "flag")
KIND = Measure("kind", "its kind", "share of worlds", "category", ("one", "other"))


def tried(made, true, *, repeats=300, worlds=200, inputs=12, measure=None, seed=1):
    """Return coverage, bias in standard errors, the mean gain and the true one, over samples of a made-up model."""
    rng = np.random.default_rng(seed)
    plain, found = [], []
    for _ in range(repeats):
        u = rng.random((worlds, inputs))
        values = made(u, rng)
        plain.append(np.nanmean(values))
        found.append(adjusted_mean(values, Drawn(u), measure))
    means = np.array([one.value for one in found])
    inside = np.mean([one.low <= true <= one.high for one in found])
    return (
        float(inside), float((means.mean() - true) / means.std()), float(np.mean([one.gain for one in found])),
        float(np.var(plain) / means.var()),
    )  # fmt: skip


def curved(u, rng):
    """Return 3 (a - 1/2) + 2 (b - 1/2)^2 + e^(2c), a and c at work on each other, and noise; the mean is known."""
    together = 2 * (u[:, 0] - 0.5) * (u[:, 2] - 0.5)
    return 3 * (u[:, 0] - 0.5) + 2 * (u[:, 1] - 0.5) ** 2 + np.exp(2 * u[:, 2]) + together + rng.normal(0, 0.5, len(u))


MEAN_OF_CURVED = 2 / 12 + (e**2 - 1) / 2


def test_the_adjusted_mean_is_unbiased_and_its_interval_holds():
    """Over 400 samples of a curved function whose mean is known: within three errors of it, 95% intervals hold."""
    covered, bias, told, true = tried(curved, MEAN_OF_CURVED, repeats=400)
    assert 0.93 <= covered <= 0.975
    assert abs(bias) < 3 / 400**0.5
    assert told > 10
    assert true == pytest.approx(told, rel=0.3)


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_the_gain_of_a_linear_function_is_that_of_what_inputs_explain(share):
    """Three inputs that explain a share R2 of the variance, among 30: the gain is 1 / (1 - R2)."""
    rng = np.random.default_rng(3)
    u = rng.random((4_000, 30))
    told = (u[:, :3] - 0.5).sum(axis=1) / np.sqrt(3 / 12)
    values = np.sqrt(share) * told + np.sqrt(1 - share) * rng.normal(size=len(u))
    found = adjusted_mean(values, Drawn(u))
    assert found.gain == pytest.approx(1 / (1 - share), rel=0.08)
    assert found.as_good_as == round(found.gain * 4_000)
    assert found.inputs >= 3


def test_several_hundred_inputs_that_do_nothing_cost_next_to_nothing():
    """With 300 of them and 200 worlds the interval holds as often, and is at most 3% wider on average."""
    covered, bias, told, _ = tried(lambda u, rng: rng.exponential(size=len(u)), 1.0, repeats=120, inputs=300)
    assert covered >= 0.90
    assert abs(bias) < 3.5 / 120**0.5
    assert told > 1 / 1.03**2


def test_one_input_among_several_hundred_is_found():
    """With 299 useless ones and 200 worlds most of the gain of the one that counts is had."""
    u = np.random.default_rng(4).random((200, 300))
    values = 4 * u[:, 123] + np.random.default_rng(5).normal(0, 0.3, 200)
    found = adjusted_mean(values, Drawn(u))
    assert found.gain > 8
    assert found.low < 2 < found.high


def test_shares_of_worlds_have_intervals_that_hold_and_stay_within_0_and_1():
    """Whether a sum of two inputs and noise is above its mean: in half of all worlds, by symmetry."""

    def came(u, rng):
        return (u[:, 0] + 0.5 * u[:, 1] + 0.2 * rng.random(len(u)) > 0.85).astype(float)

    covered, bias, told, _ = tried(came, 0.5, repeats=300, inputs=40, measure=FLAG)
    assert 0.91 <= covered <= 0.985
    assert abs(bias) < 3 / 300**0.5
    assert told > 1.5


@pytest.mark.parametrize("share", [0.12, 0.88])
def test_the_interval_of_a_share_ends_within_what_shares_can_be(share):
    """Near either end of the scale, and all but wholly explained by an input."""
    u = np.random.default_rng(6).random((300, 5))
    found = adjusted_mean((u[:, 0] < share).astype(float), Drawn(u), FLAG)
    assert 0 <= found.low < found.value < found.high <= 1


def test_without_an_input_that_counts_a_share_and_a_mean_are_the_plain_ones():
    """Nothing taken up: mean and interval are those of the plain statistics, the gain 1."""
    rng = np.random.default_rng(8)
    u, values = rng.random((200, 3)), rng.random(200)
    flags = np.arange(200) % 4 == 0
    for found, plain in (
        (adjusted_mean(flags, Drawn(u), FLAG), stats.wilson(flags)),
        (adjusted_mean(values, Drawn(u)), stats.mean_interval(values)),
    ):
        assert found.inputs == 0
        assert found.gain == 1
        assert (found.value, found.low, found.high) == pytest.approx(plain)


def test_what_is_not_defined_in_every_world_is_adjusted_as_a_ratio():
    """Worlds with a high input are defined more often, so among those defined its mean is not 1/2.

    With y = 2u + noise, defined with chance 0.2 + 0.6u, the mean is (0.2 + 0.4) / 0.5; who took the input to be even
    among the worlds defined would come to 1, far outside of every interval.
    """

    def seldom(u, rng):
        return np.where(
            rng.random(len(u)) < 0.2 + 0.6 * u[:, 0], 2 * u[:, 0] + u[:, 1] + rng.normal(0, 0.3, len(u)), np.nan
        )

    covered, bias, told, _ = tried(seldom, 1.2 + 0.5, repeats=250, worlds=300)
    assert 0.91 <= covered <= 0.985
    assert abs(bias) < 3.5 / 250**0.5
    assert told > 1.3


def test_lives_of_a_point_count_as_one():
    """Each point lived three times the same tells no more than once: the same interval, not one narrower by 3^0.5."""
    rng = np.random.default_rng(9)
    u = rng.random((200, 6))
    values = u[:, 0] + rng.normal(0, 0.2, 200)
    once, thrice = adjusted_mean(values, Drawn(u)), adjusted_mean(np.repeat(values[:, None], 3, axis=1), Drawn(u))
    for name in ("value", "low", "high", "gain"):
        assert getattr(thrice, name) == pytest.approx(getattr(once, name))
    assert thrice.as_good_as == pytest.approx(3 * once.as_good_as, abs=2)


def test_intervals_over_points_lived_twice_hold():
    """With chance within points, and what inputs do between them."""

    def lives(u, rng):
        return u[:, :1] * 2 + rng.normal(0, 0.4, (len(u), 2)) + rng.normal(0, 0.3, (len(u), 1))

    covered, _, told, _ = tried(lives, 1.0, repeats=250)
    assert 0.91 <= covered <= 0.985
    assert told > 2


def test_an_input_that_goes_in_steps_is_taken_in_steps():
    """A switch that is on in three worlds of ten explains all but noise once it is known where it goes on."""
    rng = np.random.default_rng(10)
    u = rng.random((500, 4))
    values = (u[:, 2] >= 0.7) + rng.normal(0, 0.1, 500)
    smooth, stepped = adjusted_mean(values, Drawn(u)), adjusted_mean(values, Drawn(u, ((2, 0.7),)))
    assert stepped.gain > 15
    assert stepped.gain > 2 * smooth.gain
    assert stepped.low < 0.3 < stepped.high


def test_the_adjusted_difference_regresses_what_differs_world_by_world():
    """Second less first is u / 2 - 1/8 and noise, whatever both have in common: its mean is 1/8."""
    rng, inside, gains = np.random.default_rng(11), [], []
    for _ in range(200):
        u = rng.random((200, 20))
        common = 10 * u[:, 5] + rng.normal(0, 3, 200)
        apart = u[:, 0] / 2 - 1 / 8 + rng.normal(0, 0.05, 200)
        found = adjusted_difference(common, common + apart, Drawn(u))
        inside.append(found.low <= 1 / 8 <= found.high)
        gains.append(found.gain)
    assert 0.91 <= np.mean(inside) <= 0.985
    assert np.mean(gains) > 6


def test_differences_of_flags_and_of_categories_are_those_of_shares():
    """Of two categories, what one gains the other loses, adjusted too."""
    rng = np.random.default_rng(12)
    u = rng.random((400, 8))
    first, second = u[:, 0] + rng.random(400) > 1, u[:, 0] + 0.5 * u[:, 1] + rng.random(400) > 1
    flags = adjusted_difference(first, second, Drawn(u), FLAG)
    names = [np.where(one, "one", "other").astype(object) for one in (first, second)]
    shares = adjusted_difference(*names, Drawn(u), KIND).shares
    assert shares["one"].value == pytest.approx(flags.value)
    assert shares["other"].value == pytest.approx(-flags.value)
    alone = adjusted_mean(names[0], Drawn(u), KIND).shares
    assert alone["one"].value + alone["other"].value == pytest.approx(1)
    assert alone["one"].gain > 1.3


@pytest.mark.parametrize(
    ("values", "inputs", "why_not"),
    [
        (np.arange(80.0), 3, FEW_WORLDS), (np.where(np.arange(300) < 220, np.nan, np.arange(300.0)), 3, FEW_WORLDS),
        (np.full(200, 4.0), 3, ALL_THE_SAME), ((np.arange(300) < 4).astype(float), 3, HANGS_ON_FEW),
        (np.arange(200.0), 0, NO_INPUTS), (np.full(200, np.nan), 3, FEW_WORLDS),
    ],
)  # fmt: skip
def test_where_it_cannot_be_adjusted_it_says_why(values, inputs, why_not):
    """Then there is no number at all."""
    drawn = Drawn(np.random.default_rng(0).random((len(values), inputs)))
    for found in (adjusted_mean(values, drawn), adjusted_difference(np.zeros(len(values)), values, drawn)):
        plain = found.as_plain("mean")
        assert plain.pop("why_not") == why_not
        assert set(plain.values()) == {None}


def test_a_constant_column_teaches_nothing_and_harms_nothing():
    """An input that stood at one quantile in all worlds is never used."""
    rng = np.random.default_rng(13)
    u = rng.random((300, 3))
    u[:, 1] = 0.25
    values = u[:, 0] + rng.normal(0, 0.2, 300)
    found = adjusted_mean(values, Drawn(u, ((1, 0.2),)))
    assert found.inputs <= 2
    assert found.gain > 2
    assert np.isfinite([found.value, found.low, found.high]).all()


def test_an_input_given_twice_counts_once():
    """Columns that are the same leave nothing to be taken up twice."""
    rng = np.random.default_rng(14)
    u = rng.random((300, 1))
    values = u[:, 0] + rng.normal(0, 0.2, 300)
    one, two = adjusted_mean(values, Drawn(u)), adjusted_mean(values, Drawn(np.hstack([u, u])))
    assert two.value == pytest.approx(one.value, abs=0.01)
    assert np.isfinite(two.high)


def test_values_of_other_points_are_refused():
    """Rows that do not belong together are a mistake of whoever calls."""
    with pytest.raises(ValueError, match="values of 100 points, and draws of 200"):
        adjusted_mean(np.arange(100.0), Drawn(np.zeros((200, 2))))


def test_features_have_mean_0_and_variance_1_over_all_that_may_be_drawn():
    """On a fine grid of quantiles: slopes, bends, steps, and products of two inputs."""
    line = (np.arange(1_000) + 0.5) / 1_000
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    alone = [Feature(((0, degree, 0.0),)) for degree in (1, 2, 3)] + [Feature(((0, 0, 0.3),))]
    products = [Feature((*one.parts, (1, degree, 0.0))) for one in alone for degree in (1, 2)]
    for feature in alone + products:
        values = feature.of(grid)
        assert values.mean() == pytest.approx(0, abs=1e-4)
        assert values.var() == pytest.approx(1, abs=1e-3)
    assert np.mean(alone[0].of(grid) * alone[2].of(grid)) == pytest.approx(0, abs=1e-4)


# Results ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return two variants of 400 worlds over a year."""
    folder = tmp_path_factory.mktemp("adjusted") / "r"
    return compare("2020-soleimani", vary={"us": ["in-kind", "restraint"]}, worlds=400, days=365, out=folder)


def said(*words):
    """Return what a command comes to."""
    return CliRunner().invoke(app, ["show", *map(str, words)])


def test_worlds_of_a_run_are_adjusted_beside_their_plain_means(compared):
    """The plain numbers are those of ``show`` as it is; what ISIS comes to hangs on inputs, and gains."""
    without, came = said(compared.folder, "--json"), said(compared.folder, "--adjusted", "--json")
    assert came.exit_code == 0
    plain, whole = json.loads(without.stdout), json.loads(came.stdout)
    rows = whole.pop("adjusted")
    assert whole == plain
    assert len(rows) == 3 * sum(measure.headline for measure in OUTCOMES)
    outcomes = {one["label"]: one["outcomes"] for one in plain["variants"]}
    for row in rows:
        if row["against"] is None:
            assert row["plain"]["mean"] == outcomes[row["variant"]][row["measure"]]["mean"]
    regrowth = [one["adjusted"] for one in rows if one["measure"] == "isis_regrowth" and one["against"] is None]
    assert all(one["gain"] > 2 for one in regrowth)
    assert all(one["low"] < one["mean"] < one["high"] for one in regrowth)


def test_adjusted_means_lie_nearer_to_what_more_worlds_come_to(compared, tmp_path):
    """Four shares of 400 worlds each, plain and adjusted, against the adjusted mean of 1,600."""
    label, measure = compared.variants[0], next(one for one in OUTCOMES if one.name == "isis_regrowth")
    whole = run("2020-soleimani", worlds=1_600, days=365, policies={"us": "in-kind"}, out=tmp_path / "r")
    drawn, values = of_results._drawn(whole), whole.arrays([measure.name], label.split()[0])[measure.name]
    truth = adjusted_mean(values, drawn, measure).value
    plain, found = [], []
    for k in range(4):
        some = slice(400 * k, 400 * (k + 1))
        plain.append(values[some].mean() - truth)
        found.append(adjusted_mean(values[some], Drawn(drawn.quantiles[some]), measure).value - truth)
    assert np.square(found).mean() < np.square(plain).mean()


def test_the_table_shows_both_and_says_what_was_done(compared):
    """A table for each variant and for the difference, with a sentence on what it does."""
    came = said(compared.folder, "--adjusted")
    assert came.exit_code == 0
    assert "Adjusted for luck in the draw of inputs" in came.output
    assert "restraint, less" in " ".join(came.output.split())
    assert "as good as" in came.output
    assert "Both means are of the same thing" in " ".join(came.output.split())


def test_all_measures_are_adjusted_if_so_asked(compared):
    """Categories by their shares, and those that few worlds have with the reason why not."""
    came = said(compared.folder, "--adjusted", "--all", "--json")
    rows = json.loads(came.stdout)["adjusted"]
    assert {row["measure"] for row in rows} == set(compared.names()) & {measure.name for measure in OUTCOMES}
    kinds = [row for row in rows if row["measure"] == "exit_kind" and row["against"] is None]
    assert {"category"} <= set(kinds[0])
    assert any(row["adjusted"]["why_not"] == HANGS_ON_FEW for row in rows)


def test_inputs_of_another_seed_are_not_taken_for_those_of_the_worlds(compared):
    """Stored inputs that do not rise with the quantiles were drawn otherwise: nothing is adjusted by them."""
    other = replace(compared, manifest=compared.manifest | {"seed": 2})
    with pytest.raises(StoreError, match="is not what worlds of seed 2 draw by that name"):
        of_results.adjusted(other)


def test_theories_that_worlds_drew_are_inputs_too(tmp_path):
    """They go in steps, at the shares that were asked for."""
    results = run("2021-quiet", worlds=300, days=20, theory="documents:3,deterrence:1", out=tmp_path / "r")
    drawn = of_results._drawn(results)
    [(column, cut)] = [step for step in drawn.steps if step[0] == drawn.quantiles.shape[1] - 1]
    names = results.arrays(["theory"], results.variants[0])["theory"]
    for name in set(names):
        assert len(set((drawn.quantiles[names == name, column] >= cut).tolist())) == 1
    assert min(abs(cut - 0.75), abs(cut - 0.25)) < 0.02


def test_points_lived_twice_are_read_as_points(tmp_path):
    """Of a sweep with two lives of each point there are half as many draws as worlds."""
    text = "sweep: twice\ntitle: Twice\npurpose: To try it.\nscenario: 2021-quiet\ndays: 20\nworlds: 240\n"
    (tmp_path / "twice.yaml").write_text(text + "replicates: 2\n")
    sweep = load_sweep(tmp_path / "twice.yaml")
    results = execute(sweep.request(), sweep.variants, out=tmp_path / "r").results
    drawn = of_results._drawn(results)
    assert len(drawn.quantiles) == 120
    found = of_results.adjusted(results)
    assert any(one.found.gain for one in found)


def _fixed(tmp_path):
    asked = Request(("2021-quiet",), worlds=4, days=10)
    [variant] = variants_of(asked)
    sure = {name: fixed(one.quantile(np.full(1, 0.5))[0]) for name, one in variant.inputs.quantities.items()}
    variant = replace(variant, inputs=replace(variant.inputs, quantities=sure))
    return execute(asked, [variant], out=tmp_path / "r").results


def test_worlds_that_draw_nothing_cannot_be_adjusted(tmp_path):
    """Every quantity is known: code 2, and the folder is named."""
    folder = _fixed(tmp_path).folder
    came = said(folder, "--adjusted")
    assert came.exit_code == 2
    assert f"{folder}:1:1" in came.output
    assert "results whose worlds drew uncertain inputs" in came.output
    assert said(folder).exit_code == 0


def test_a_run_that_stops_at_a_precision_cannot_be_adjusted(tmp_path):
    """Its number of worlds hangs on what came, so plain intervals of a fixed number do not hold."""
    asked = Request(("2021-quiet",), worlds=400, days=20, until=("us_killed +- 0.5",))
    results = execute(asked, variants_of(asked), out=tmp_path / "r").results
    with pytest.raises(InputError, match="a run of a fixed number of worlds, got one that stopped at a precision"):
        of_results.adjusted(results)


@pytest.mark.parametrize("kind", ["sobol", "latin-hypercube"])
def test_points_of_a_design_cannot_be_adjusted(compared, kind):
    """They are even already, and not independent."""
    design = {"design": {"kind": kind, "over": ["parameter:attack_tempo"], "points": 400, "seed": 1}}
    inputs = compared.manifest["inputs"] | {"drawing": design}
    with pytest.raises(InputError, match="worlds that each draw their inputs at random"):
        of_results.adjusted(replace(compared, manifest=compared.manifest | {"inputs": inputs}))


def test_a_run_that_broke_off_is_told_to_be_finished_first(compared):
    """What worlds drew is written when a run is finished."""
    files = [one for one in compared.manifest["files"] if one["file"] != "inputs.parquet"]
    with pytest.raises(InputError, match="a finished run"):
        of_results.adjusted(replace(compared, manifest=compared.manifest | {"status": "interrupted", "files": files}))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--all"], "--all with --adjusted only"), (["scenario", "2020-taji", "--adjusted"], "--adjusted with results"),
        (["policy", "in-kind", "--adjusted"], "--adjusted with results"),
    ],
)  # fmt: skip
def test_options_that_mean_nothing_together_are_refused(compared, words, expected):
    """Code 2, and what would do."""
    came = said(*words) if len(words) > 1 else said(compared.folder, *words)
    assert came.exit_code == 2
    assert expected in came.output


def test_results_read_again_from_the_folder_are_adjusted_alike(compared):
    """The folder holds all that it takes."""
    one, two = of_results.adjusted(compared), of_results.adjusted(Results(compared.folder))
    assert [row.as_plain() for row in one] == [row.as_plain() for row in two]
