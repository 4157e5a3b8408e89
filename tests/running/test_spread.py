"""The spread taken apart: estimators against known components, and worlds lived again with other luck."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import cli, stats
from sim.errors import Lawless
from sim.experiments.variants import luck_of
from sim.plots.frame import style
from sim.plots.spreads import LOOKS, spread_bars
from sim.running.one_world import OneWorld
from sim.running.replicates import run_replicates
from sim.running.spread import MEASURES, spreads
from sim.stats.spread import MOST_KEPT, RESAMPLES, _resamples
from tests.worlds import batch, variant

DAYS = "days=90"


def simulated(rng, worlds=300, replicates=4, chance=4.0, parameters=1.0, theory=0.0):
    """Return values (worlds, replicates) and theories with these components of variance."""
    theories = rng.integers(0, 2, worlds)
    between = rng.normal(0, np.sqrt(parameters), worlds) + np.where(theories == 1, 1, -1) * np.sqrt(theory)
    return between[:, None] + rng.normal(0, np.sqrt(chance), (worlds, replicates)), theories.astype(str)


def test_components_of_a_worked_example():
    """Two lives of three worlds: 1 3, 4 4, 9 9: within 2/3; means 2 4 9 have variance 13, less 1/3."""
    found = stats.taken_apart([[1, 3], [4, 4], [9, 9]])
    assert found.components["chance"].variance == pytest.approx(2 / 3)
    assert found.components["parameters"].variance == pytest.approx(13 - 1 / 3)
    assert "theory" not in found.components
    assert found.error == pytest.approx(np.sqrt(13 / 3))
    assert found.mean == 5


def test_components_agree_with_the_mean_squares_of_an_analysis_of_variance():
    """F of scipy's one-way analysis is 1 + R times the ratio of the two estimates."""
    from scipy.stats import f_oneway

    values, _ = simulated(np.random.default_rng(1), worlds=40)
    parts = stats.taken_apart(values).components
    ratio = parts["parameters"].variance / parts["chance"].variance
    assert 1 + 4 * ratio == pytest.approx(f_oneway(*values).statistic)


def test_components_are_unbiased_with_theories_too():
    """The mean of 400 estimates is within three standard errors of what was put in, where one is nothing too."""
    rng = np.random.default_rng(2)
    for true in ({"chance": 4.0, "parameters": 1.0, "theory": 0.5}, {"chance": 2.0, "parameters": 0.0, "theory": 0.0}):
        found = [stats.taken_apart(*simulated(rng, 60, 3, **true)).components for _ in range(400)]
        for name, value in true.items():
            estimates = np.array([one[name].variance for one in found])
            assert abs(estimates.mean() - value) < 3 * estimates.std() / 20 + 0.02 * value


def test_more_worlds_will_not_help_once_the_mean_is_known_well_against_ignorance():
    """Where all is parameters a few hundred worlds do; where all is chance, more worlds always help to know a mean."""
    rng = np.random.default_rng(3)
    parameters = stats.taken_apart(simulated(rng, chance=1.0, parameters=9.0)[0])
    chance = stats.taken_apart(simulated(rng, chance=9.0, parameters=0.0)[0])
    assert (parameters.enough, parameters.verdict) == (True, "more worlds will not help")
    assert chance.enough is False


@pytest.mark.parametrize("values", [[], [[1, 2]], [[1], [2]], [[np.nan, 1], [np.nan, 2]], [[3, 3], [3, 3]]])
def test_nothing_is_made_of_too_little(values):
    """One world, one life, nothing defined, nothing that varies: None, and valid JSON."""
    found = stats.taken_apart(values)
    assert found.components is None
    assert not found.enough
    json.dumps(found.as_plain(), allow_nan=False)


@pytest.mark.slow
@pytest.mark.parametrize("true", [{"parameters": 1.0, "theory": 0.6}, {"parameters": 1.0, "theory": 0.0}])
def test_intervals_of_shares_cover(true):
    """600 cases of 300 worlds: at least 90% (a bootstrap of variances is a little short), and the edge is held."""
    rng = np.random.default_rng(4)
    whole = 4.0 + sum(true.values())
    covered = dict.fromkeys(stats.PARTS, 0)
    for _ in range(600):
        parts = stats.taken_apart(*simulated(rng, **true)).components
        for name, value in {"chance": 4.0, **true}.items():
            covered[name] += parts[name].low <= value / whole <= parts[name].high
    assert all(count / 600 >= 0.90 for count in covered.values()), covered


# Worlds lived again


def test_the_first_life_is_the_world_of_an_ordinary_run():
    """Replicate 0 of every world equals the batch to the bit; the others meet other luck."""
    one = variant("2020-soleimani", DAYS)
    lives = run_replicates([one], 6, 1, 3, threads=2)
    assert lives.shape == (1, 6, 3)
    [block] = batch([one], 6)
    assert lives[0, :, 0].copy().tobytes() == block.outcomes.tobytes()
    assert (lives["militia_attacks"][0, :, 0] != lives["militia_attacks"][0, :, 1]).any()


def test_lives_of_a_world_share_parameters_and_start():
    """On the morning of day 0 all that a world's life will draw differently is still to come."""
    worlds = [OneWorld(variant("2020-soleimani", DAYS), 3).branch(r) for r in (0, 1)]
    first, other = (world.worlds[0] for world in worlds)
    assert first["luck"] != other["luck"]
    for name in ("p", "s", "member_lean", "cell_place", "cell_fighters"):
        if name in (first.dtype.names or ()):
            assert first[name].tobytes() == other[name].tobytes()


def test_lives_do_not_depend_on_threads_or_on_how_many_there_are():
    """Replicate 1 of world 4 is the same alone and among others."""
    one = variant("2020-soleimani", DAYS)
    few, many = run_replicates([one], 5, 1, 2, threads=1), run_replicates([one], 8, 1, 3, threads=2)
    assert few[0].tobytes() == many[0, :5, :2].copy().tobytes()


def test_a_life_that_came_to_what_no_world_can_is_told_with_its_world(monkeypatch):
    """Lives are looked at together once all of a batch are lived: the first beyond a limit is named."""
    one = variant("2020-soleimani", DAYS)
    usual = OneWorld.live_to

    def beyond(world, last):
        lived = usual(world, last)
        if world.number >= 3 and world.worlds["luck"][0] != luck_of(world.worlds["key"][0], 0):
            lived.row["exited"] = 2.0 + world.number
        return lived

    monkeypatch.setattr(OneWorld, "live_to", beyond)
    run_replicates([one], 3, 1, 2, threads=1)
    run_replicates([one], 5, 1, 1, threads=1)  # the first lives are as they were
    with pytest.raises(Lawless, match=r"^world 3 of .* is no possible one: exited is 5, not from 0 to 1$"):
        run_replicates([one], 5, 1, 2, threads=1)


@pytest.mark.parametrize("worlds", [5, 40, MOST_KEPT + 1])
def test_resamples_of_worlds_are_the_same_for_each_measure_in_any_order(worlds):
    """However many worlds there were before: intervals are those of the first call, and no one can change them."""
    values = simulated(np.random.default_rng(5), worlds)[0]
    first = stats.taken_apart(values)
    stats.taken_apart(simulated(np.random.default_rng(6), worlds + 1)[0])
    assert stats.taken_apart(values) == first
    drawn = _resamples(worlds)
    assert (drawn.sum(axis=1) == worlds).all()
    assert len(drawn) == RESAMPLES
    with pytest.raises(ValueError, match="read-only"):
        drawn[0, 0] = 0.0


def test_spreads_of_variants_and_of_their_difference():
    """Each variant, then the difference; with theories drawn, a part of its own."""
    variants = [variant("2020-soleimani", DAYS, f"us={us}", "theories={documents: 1, deterrence: 1}")
                for us in ("in-kind", "restraint")]  # fmt: skip
    found = spreads(variants, 20, 1, 2, threads=2)
    assert [bool(one.against) for one in found] == [False, False, True]
    name = "militia_attacks"
    assert found[2].found[name].mean == pytest.approx(found[1].found[name].mean - found[0].found[name].mean)
    assert list(found[0].found[name].components) == ["chance", "parameters", "theory"]


def test_the_command_prints_and_writes_spreads(tmp_path):
    """A table with the sentence, JSON, and a figure."""
    words = ["spread", "2020-soleimani", "--vary", "us=in-kind,restraint", "--days", "60", "--worlds", "20"]
    result = CliRunner().invoke(cli.app, [*words, "--replicates", "2", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "more worlds will" in " ".join(result.stdout.split())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spread.json", "spread.png", "spread.svg"]
    plain = json.loads((tmp_path / "spread.json").read_text())
    assert [one["against"] for one in plain["spreads"]] == [None, None, "us=in-kind"]
    assert list(plain["spreads"][0]["measures"]) == [m.name for m in MEASURES]


def test_the_figure_stacks_shares_to_the_whole_and_shows_no_interval_of_a_mean():
    """Bars add up to one, parts differ in hatch, and the foot says what is not drawn."""
    values, theories = simulated(np.random.default_rng(5), theory=0.5)
    table = {"x": {"us_killed": stats.taken_apart(values, theories), "exited": stats.taken_apart(np.ones((5, 2)))}}
    with style():
        figure = spread_bars(table, {"us_killed": "killed", "exited": "left"}, ["Scenario x"])
    bars = [bar for bar in figure.axes[0].patches if bar.get_fill()]
    assert sum(bar.get_width() for bar in bars) == pytest.approx(1)
    assert len({bar.get_hatch() for bar in bars}) == len(LOOKS)
    words = " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))
    assert "nothing varies" in words
    assert "How well the mean is known is another matter" in words.replace("\n", " ")
