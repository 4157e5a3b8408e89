"""Figures are drawn from results alone, the same each time, in words."""

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim import plots, store
from sim.names.actors import EXIT_KINDS
from sim.names.measures import OUTCOMES, SERIES

POLICIES = ("restraint", "in-kind", "maximum-pressure", "prompt-withdrawal")
WEEKS = 105


def made_up(folder, policies=POLICIES, worlds=60, finish=True, **options):
    """Return results of made-up worlds in which harsher policies see more of everything."""
    variants = [{"label": f"2020-soleimani us={p}" if len(policies) > 1 else "2020-soleimani"} for p in policies]
    about = {"start": "2020-01-03", "days": 730} | options
    results = store.create(
        folder, {}, label="2020-soleimani", seed=1, worlds=worlds, variants=variants, rules_hash="", **about
    )
    for place in range(len(policies)):
        rng = np.random.default_rng(place)
        results.add(place, 0, outcomes(rng, worlds, place), series(rng, worlds, place))
    if finish:
        return results.finish()
    results.interrupt()
    return store.open_results(folder)


def outcomes(rng, worlds, harshness):
    """Return made-up outcomes."""
    table = {m.name: rng.poisson(5 + 5 * harshness, worlds).astype(float) for m in OUTCOMES if m.kind == "count"}
    table |= {m.name: rng.random(worlds) < 0.1 + 0.2 * harshness for m in OUTCOMES if m.kind == "flag"}
    table |= {m.name: rng.random(worlds) for m in OUTCOMES if m.kind == "share"}
    day = np.where(rng.random(worlds) < 0.2 + 0.1 * harshness, rng.integers(40, 730, worlds), np.nan)
    kind = np.where(np.isnan(day), 0, 1 + rng.integers(0, len(EXIT_KINDS) - 1, worlds))
    days = np.where(np.isnan(day), 730, day)
    killed, regrowth = rng.negative_binomial(1, 0.12 / (1 + 0.2 * harshness), worlds), rng.lognormal(0.1, 0.5, worlds)
    return table | {
        "exit_day": day, "exit_kind": kind, "exited": ~np.isnan(day), "presence_days": days,
        "us_killed": killed, "isis_regrowth": regrowth, "militia_attacks": 40 + 30 * harshness + 6 * killed,
    }  # fmt: skip


def series(rng, worlds, harshness):
    """Return made-up weekly series."""
    table = {}
    for m in SERIES:
        top = {"share": 1, "flag": 1}.get(m.kind, 3000 if m.unit == "people" else 5)
        walk = 0.5 + np.cumsum(rng.normal(0.002 * harshness, 0.03, (worlds, WEEKS)), axis=1)
        table[m.name] = np.clip(walk, 0, 1) * top
    table["isis_attacks"] = rng.poisson(10 * table["isis_attacks"] / 5)
    table["attacks"] = rng.poisson(0.7 + 0.3 * harshness, (worlds, WEEKS))
    table["us_strikes"] = rng.poisson(0.03 + 0.05 * harshness, (worlds, WEEKS))
    table["us_troops"] = np.round(table["us_troops"] + 2000)
    return table


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return made-up results of four policies."""
    return made_up(tmp_path_factory.mktemp("made-up"))


def words_of(figure):
    """Return all text that a figure shows."""
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def drawn(results):
    """Return the three figures."""
    with plots._style():
        return [draw(results) for draw in (plots.distributions, plots.exit_over_time, plots.fans)]


@pytest.fixture(scope="module")
def twice(results, tmp_path_factory):
    """Return the paths of the figures drawn twice, the second time under a user's own settings of matplotlib."""
    first = plots.draw_all(results, tmp_path_factory.mktemp("first"))
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "black"}):
        return first, plots.draw_all(results, tmp_path_factory.mktemp("second"))


def test_each_figure_is_written_as_svg_and_png(twice):
    """Three figures, two files each, named for what they show."""
    stems = ("distributions", "exit_over_time", "fans")
    assert [p.name for p in twice[0]] == [f"{stem}.{end}" for stem in stems for end in ("svg", "png")]


def test_figures_are_the_same_bytes_each_time_whatever_the_users_settings(twice):
    """Drawn twice: not a byte differs."""
    first, second = twice
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_files_name_no_date_and_no_maker(twice):
    """What would differ from day to day or machine to machine is left out."""
    for path in twice[0]:
        content = path.read_bytes()
        assert b"<dc:date>" not in content
        assert b"Matplotlib v" not in content


def test_every_figure_says_scenario_worlds_and_seed(results):
    """A figure that is cut out of a report still says where it comes from."""
    for figure in drawn(results):
        assert "Scenario 2020-soleimani; 60 worlds; seed 1." in words_of(figure)


def test_figures_speak_in_words_not_codes(results):
    """Policies and measures by their labels."""
    for figure in drawn(results):
        words = words_of(figure)
        assert "US: maximum pressure" in words
        assert not any(code in words for code in ("us_killed", "isis_regrowth", "own_choice", "us="))


def test_every_headline_measure_has_its_panel(results):
    """What the vocabulary calls a headline is shown."""
    distributions, _, fans = drawn(results)
    shown = words_of(distributions).replace("\n", " ").lower()
    assert all(m.label.lower() in shown for m in OUTCOMES if m.headline)
    assert len(fans.axes) == len(POLICIES) * sum(m.headline for m in SERIES)


def test_no_words_overlap_or_leave_the_figure(results):
    """Every text has its place, on the page and to itself."""
    for figure in drawn(results):
        FigureCanvasAgg(figure)
        figure.draw_without_rendering()
        boxes = [(t.get_text(), t.get_window_extent()) for t in _texts_on_the_page(figure)]
        page = figure.bbox
        for words, box in boxes:
            assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1, words
        for k, (words, box) in enumerate(boxes):
            assert not any(box.overlaps(other) for _, other in boxes[k + 1 :]), words


def _texts_on_the_page(figure):
    """Return the texts really drawn: labels of ticks out of view, and of panels switched off, are not."""
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not (axes.axison and low <= tick.get_loc() <= high):
                    hidden |= {tick.label1, tick.label2}
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return [t for t in texts if t not in hidden]


def test_interval_of_the_mean_looks_unlike_the_spread(results):
    """The spread is a bar in blue, the mean's interval a dark line with a diamond below it."""
    with plots._style():
        axes = Figure().subplots()
        plots.draw_spreads([{"mean": 12, "low": 11, "high": 13, "p05": 2, "p50": 10, "p95": 30}], axes)
    (bar,) = axes.patches
    assert (bar.get_x(), bar.get_width()) == (2, 28)
    interval = next(line for line in axes.lines if list(line.get_xdata()) == [11, 13])
    assert interval.get_ydata()[0] > bar.get_y() + bar.get_height()


def test_variant_names_leave_out_what_all_share():
    """A label becomes words, shorter by what is common."""
    labels = ["2020-soleimani us=in-kind iran=restraint", "2020-soleimani us=restraint iran=restraint"]
    assert plots.variant_names(labels) == ["US: in kind", "US: restraint"]
    assert plots.variant_names(["2020-soleimani"]) == ["2020-soleimani"]
    assert plots.variant_names(["a", "a policies.us=x_y"]) == ["baseline", "US: x y"]


def test_one_variant_short_horizon_and_no_exit_are_drawn(tmp_path):
    """The smallest run has its figures too."""
    small = store.create(
        tmp_path, {}, label="x", seed=0, worlds=2, variants=[{"label": "x"}], rules_hash="", start=None, days=21
    )
    nothing = {"exit_day": [np.nan, np.nan], "exit_kind": [0, 0], "us_killed": [0, 0], "exited": [0, 0]}
    small.add(0, 0, nothing, {"attacks": np.zeros((2, 3)), "us_troops": np.full((2, 3), 5200.0)})
    assert len(plots.draw_all(small.finish(), tmp_path / "figures")) == 6


def test_figures_without_their_data_are_left_out(tmp_path):
    """No series kept, no fans; nothing fails."""
    small = store.create(tmp_path, {}, label="x", seed=0, worlds=2, variants=[{"label": "x"}], rules_hash="")
    small.add(0, 0, {"us_killed": [1, 2]})
    assert [p.name for p in plots.draw_all(small.finish(), tmp_path / "f")] == [
        "distributions.svg",
        "distributions.png",
    ]


def test_figures_of_a_run_that_broke_off_say_so(tmp_path):
    """Nobody takes half a run for a whole one."""
    half = made_up(tmp_path, POLICIES[:1], finish=False)
    assert all("not finished" in words_of(figure) for figure in drawn(half))


def test_too_many_variants_are_cut_short_and_said(tmp_path):
    """Ten variants: eight are shown, and the foot says so."""
    many = made_up(tmp_path, [f"p{k}" for k in range(10)], worlds=5)
    figures = drawn(many)
    assert all("the first 8 of 10 variants" in words_of(figure) for figure in figures)
    assert len(figures[1].axes) == 8


def test_fans_say_from_how_many_worlds_they_are_drawn(tmp_path):
    """Series kept of the first worlds only are not taken for all."""
    few = store.create(tmp_path, {}, label="x", seed=0, worlds=50, variants=[{"label": "x"}], rules_hash="", days=70)
    few.add(0, 0, {"us_killed": np.arange(50)}, {"attacks": np.ones((20, 10))})
    with plots._style():
        assert "from the first 20 worlds" in words_of(plots.fans(few.finish()))
