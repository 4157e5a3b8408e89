"""Figures are drawn from results alone, the same each time, in words."""

import dataclasses
from datetime import date

import matplotlib
import numpy as np
import pytest
import yaml
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text

from sim import plots, stats
from sim import results as store
from sim.experiments.preferences import read_preferences
from sim.experiments.request import Request, variants_of
from sim.inputs.labels import variant_names
from sim.inputs.yaml.files import home
from sim.names.actors import EXIT_KINDS, GOVERNORATES
from sim.names.events import VOTE_PASSED
from sim.names.measures import OUTCOMES, SERIES, place_series, places_of
from sim.plots import exits, outcomes, parliament, places, weekly
from sim.plots import timeline as timelines
from sim.plots.frame import VERMILION, in_lines, style
from sim.plots.one_story import draw_story, house_at_vote, timeline_of
from sim.results.comparison import Comparison
from sim.results.exits import incidence
from sim.running.one_world import OneWorld

POLICIES = ("restraint", "in-kind", "maximum-pressure", "prompt-withdrawal")
WEEKS = 105


def made_up(folder, policies=POLICIES, worlds=60, finish=True, **options):
    """Return results of made-up worlds in which harsher policies see more of everything."""
    variants = [{"label": f"2020-soleimani us={p}" if len(policies) > 1 else "2020-soleimani"} for p in policies]
    about = {"start": "2020-01-03", "days": 730} | options
    results = store.create(
        folder, {}, label="2020-soleimani", seed=1, worlds=worlds, variants=variants, rules_hash="", more=about
    )
    for place in range(len(policies)):
        rng = np.random.default_rng(place)
        results.add(place, 0, outcomes_of(rng, worlds, place), series_of(rng, worlds, place))
    if finish:
        return results.finish()
    results.interrupt()
    return store.Results(folder)


def outcomes_of(rng, worlds, harshness):
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


def series_of(rng, worlds, harshness):
    """Return made-up weekly series."""
    table = {}
    for m in SERIES:
        top = {"share": 1, "flag": 1}.get(m.kind, 3000 if m.unit == "people" else 5)
        walk = 0.5 + np.cumsum(rng.normal(0.002 * harshness, 0.03, (worlds, WEEKS)), axis=1)
        table[m.name] = np.clip(walk, 0, 1) * top
    quiet = set(GOVERNORATES) - {"Ninewa", "Kirkuk", "Salah al-Din", "Diyala", "Anbar", "Baghdad"}
    for place in quiet:
        table[place_series("isis_attacks", place)] *= 0.01
    for place in set(GOVERNORATES) - {"Ninewa", "Kirkuk", "Salah al-Din", "Erbil", "Anbar", "Baghdad"}:
        table[place_series("attacks", place)] *= 0
        table[place_series("us_troops", place)] *= 0
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
    """Return all figures that there are, in the order of ``plots.FIGURES``."""
    with style():
        return [figure for figure in (draw(results) for draw in plots.FIGURES.values()) if figure is not None]


@pytest.fixture(scope="module")
def twice(results, tmp_path_factory):
    """Return the paths of the figures drawn twice, the second time under a user's own settings of matplotlib."""
    first = plots.draw_all(results, tmp_path_factory.mktemp("first"))
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "black"}):
        return first, plots.draw_all(results, tmp_path_factory.mktemp("second"))


def test_each_figure_is_written_as_svg_and_png(twice):
    """Two files for each figure, named for what they show."""
    assert [p.name for p in twice[0]] == [f"{stem}.{end}" for stem in plots.FIGURES for end in ("svg", "png")]


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


def test_failed_worlds_are_counted_under_every_figure(results):
    """Whoever sees a figure alone knows that worlds are missing from it."""
    failed = {"variant": 0, "world": 3, "stage": "running", "cause": "x", "repeat": "y"}
    some = dataclasses.replace(results, manifest=results.manifest | {"failures": [failed, failed | {"world": 4}]})
    assert all("2 worlds failed and are left out" in words_of(figure) for figure in drawn(some))


def test_short_runs_count_weeks_and_long_ones_months():
    """Ticks stand at whole weeks up to four months, at whole months beyond."""
    with style():
        short, long = (weekly.over_time(Figure().subplots(), days).xaxis for days in (40, 730))
    assert [short.get_major_formatter()(day) for day in (0, 7, 35)] == ["0", "1", "5"]
    assert [tick for tick in short.get_majorticklocs() if 0 <= tick <= 40] == [0, 7, 14, 21, 28, 35]
    assert [long.get_major_formatter()(365 / 12 * month) for month in (3, 24)] == ["3", "24"]


def test_counts_are_drawn_over_the_week_that_they_count():
    """The record of day 14 holds what happened after day 7; a level is that of its day."""
    table = stats.Fan(np.array([0, 1, 2]), *[np.array([0, 1, 5])] * 6)
    count, level = (next(m for m in SERIES if m.name == name) for name in ("attacks", "us_troops"))
    with style():
        steps, line = (weekly.draw_fan(table, Figure().subplots(), measure).lines[0] for measure in (count, level))
    assert list(zip(steps.get_xdata(), steps.get_ydata(), strict=True))[-2:] == [(7, 5), (14, 5)]
    assert list(line.get_xdata()) == [0, 7, 14]


def test_a_panel_without_exits_says_so(tmp_path):
    """An empty panel is not a failure of the figure."""
    none = store.create(
        tmp_path,
        {},
        label="x",
        seed=0,
        worlds=2,
        variants=[{"label": "x"}],
        rules_hash="",
        more={"title": "A calm year", "days": 365},
    )
    none.add(0, 0, {"exit_day": [np.nan, np.nan], "exit_kind": [0, 0], "north_kept": [0, 0]})
    with style():
        words = words_of(exits.exit_over_time(none.finish()))
    assert "in every world\nUS forces are still there" in words
    assert "A calm year (scenario x); 2 worlds; seed 0." in words


def test_names_of_variants_break_between_what_was_varied():
    """No value stands on another line than its name, if there is room for both."""
    assert in_lines("US: restraint, Iran: expel by proxy", 22) == "US: restraint,\nIran: expel by proxy"
    assert in_lines("US: a policy with quite a long name", 22) == "US: a policy with\nquite a long name"


def test_figures_speak_in_words_not_codes(results):
    """Policies and measures by their labels."""
    for figure in drawn(results):
        words = words_of(figure)
        assert "maximum pressure" in words
        assert not any(code in words for code in ("us_killed", "isis_regrowth", "own_choice", "us="))


def test_every_headline_measure_has_its_panel(results):
    """What the vocabulary calls a headline is shown."""
    with style():
        distributions, fans = outcomes.distributions(results), weekly.fans(results)
    shown = words_of(distributions).replace("\n", " ").lower()
    assert all(m.label.lower() in shown for m in OUTCOMES if m.headline)
    assert len(fans.axes) == len(POLICIES) * sum(m.headline for m in SERIES)


def test_no_words_overlap_or_leave_the_figure(results):
    """Every text has its place, on the page and to itself."""
    for figure in drawn(results):
        assert_tidy(figure)


def assert_tidy(figure):
    """Fail if any text of a figure leaves the page or meets another."""
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    boxes = [(t.get_text(), t.get_window_extent()) for t in _texts_on_the_page(figure)]
    page = figure.bbox
    for words, box in boxes:
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1, words
    for k, (words, box) in enumerate(boxes):
        assert not [said for said, other in boxes[k + 1 :] if box.overlaps(other)], words


def same_colour(one, other):
    """Return whether two colours are the same."""
    return to_rgba(one) == to_rgba(other)


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
    with style():
        axes = Figure().subplots()
        spread = stats.Summary(12, 11, 13, p05=2, p50=10, p95=30)
        outcomes.draw_spreads([spread], axes, next(m for m in OUTCOMES if m.name == "us_killed"))
    (bar,) = axes.patches
    assert (bar.get_x(), bar.get_width()) == (2, 28)
    interval = next(line for line in axes.lines if list(line.get_xdata()) == [11, 13])
    assert interval.get_ydata()[0] > bar.get_y() + bar.get_height()


def test_variant_names_leave_out_what_all_share():
    """A label becomes words, shorter by what is common."""
    labels = ["2020-soleimani us=in-kind iran=restraint", "2020-soleimani us=restraint iran=restraint"]
    assert variant_names(labels) == ["in kind", "restraint"]  # one actor's policy alone: it goes without saying whose
    assert variant_names(["2020-soleimani"]) == ["2020-soleimani"]
    assert variant_names(["a", "a policies.us=x_y"]) == ["baseline", "US: x y"]
    assert variant_names(["a us=x iran=y", "a us=z iran=y2"]) == ["US: x, Iran: y", "US: z, Iran: y2"]
    assert variant_names(["a M01=0", "a M01=1"]) == ["M01: 0", "M01: 1"]


def test_one_variant_short_horizon_and_no_exit_are_drawn(tmp_path):
    """The smallest run has its figures too."""
    small = store.create(
        tmp_path,
        {},
        label="x",
        seed=0,
        worlds=2,
        variants=[{"label": "x"}],
        rules_hash="",
        more={"start": None, "days": 21},
    )
    nothing = {"exit_day": [np.nan, np.nan], "exit_kind": [0, 0], "us_killed": [0, 0], "exited": [0, 0],
               "north_kept": [0, 0]}  # fmt: skip
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
    said = [words_of(figure) for figure in figures]
    assert ["the first 8 of 10 variants" in words for words in said] == [True] * 4 + [False] * 6
    assert all("the first 5 of 10 variants" in words for words in said[4:])
    with style():
        assert len(exits.exit_over_time(many).axes) == 8 + 1  # all on one scale


def test_fans_say_from_how_many_worlds_they_are_drawn(tmp_path):
    """Series kept of the first worlds only are not taken for all."""
    few = store.create(
        tmp_path, {}, label="x", seed=0, worlds=50, variants=[{"label": "x"}], rules_hash="", more={"days": 70}
    )
    few.add(0, 0, {"us_killed": np.arange(50)}, {"attacks": np.ones((20, 10))})
    with style():
        assert "from the first 20 worlds" in words_of(weekly.fans(few.finish()))


# Exits over time -------------------------------------------------------------------------------------------------


def by_hand(folder, days=200):
    """Return results of two variants in 40 worlds: 10 and 20 gone on day 100, half of those to the north."""
    some = store.create(
        folder,
        {},
        label="x",
        seed=0,
        worlds=40,
        variants=[{"label": "x us=a"}, {"label": "x us=b"}],
        rules_hash="",
        more={"start": "2020-01-03", "days": days},
    )
    for variant, gone in enumerate((10, 20)):
        left = np.arange(40) < gone
        some.add(variant, 0, {
            "exit_day": np.where(left, 100.0, np.nan), "exit_kind": np.where(left, 2, 0), "exited": left,
            "north_kept": np.arange(40) < gone / 2,
        })  # fmt: skip
    return some.finish()


def test_curves_of_exits_are_the_shares_with_both_bands(tmp_path):
    """A quarter gone on day 100; Wilson's interval on the dark band, the light one no narrower."""
    table = incidence(by_hand(tmp_path), "x us=a")
    with style():
        axes = exits.draw_incidence(table, Figure().subplots())
    line = axes.lines[0]
    shares = dict(zip(line.get_xdata().tolist(), line.get_ydata().tolist(), strict=True))
    assert (shares[98], shares[105], shares[200]) == (0, 0.25, 0.25)
    low, high = stats.wilson_interval(10, 40)
    light, dark = (area.get_paths()[0].vertices for area in axes.collections)
    at_the_end = [sorted({round(float(y), 9) for x, y in area if x == 200}) for area in (light, dark)]
    assert at_the_end[1] == pytest.approx([low, high])
    assert at_the_end[0][0] < low
    assert at_the_end[0][1] >= high - 1e-8
    ends = {line.get_marker(): float(line.get_ydata()[-1]) for line in axes.lines[1:]}
    assert ends == {"o": pytest.approx(0.125), "D": pytest.approx(0.125)}  # demanded, and to the north only


def test_the_figure_says_how_many_are_gone_and_how_and_what_its_bands_mean(tmp_path):
    """In words over each panel, and at the end of each curve on the common scale."""
    with style():
        words = words_of(exits.exit_over_time(by_hand(tmp_path)))
    assert "25% gone by the end (14% to 40%)" in words
    assert "12% demanded, 12% north only" in words
    assert "50%  b" in words
    flat = " ".join(words.split())
    assert "The dark band is pointwise: it holds the true share on one day" in flat
    assert "The light band is simultaneous: it holds the whole curve" in flat


def test_short_runs_have_a_point_for_every_day(tmp_path):
    """A week is too coarse for 40 days."""
    assert incidence(by_hand(tmp_path, days=40), "x us=b").day.tolist() == list(range(41))


def test_names_at_the_ends_of_curves_keep_apart_in_their_order():
    """Three near the floor and one at the top."""
    assert exits.heights_apart([0.06, 1.0, 0.0, 0.05], 0.1) == pytest.approx([0.2, 1.0, 0.0, 0.1])
    assert exits.heights_apart([1.0, 1.0], 0.1) == pytest.approx([0.9, 1.0])


# Differences -----------------------------------------------------------------------------------------------------


def test_differences_drawn_are_those_of_the_table(results):
    """Each row's mark stands at the mean difference, in percentage points for shares, beside zero."""
    measure = next(m for m in OUTCOMES if m.name == "exited")
    pair = results.pair("exited", results.variants[0], results.variants[2])
    one = stats.paired_difference(*pair, measure)
    with style():
        axes = outcomes.draw_differences([one], Figure().subplots(), measure)
    zero, interval, mark = axes.lines
    assert list(zero.get_xdata()) == [0, 0]
    assert list(interval.get_xdata()) == pytest.approx([100 * one.low, 100 * one.high])
    assert list(mark.get_xdata()) == pytest.approx([100 * one.difference])
    said = [text.get_text() for text in axes.texts]
    higher, lower = ((side * (pair[1].astype(float) - pair[0]) > 0).mean() for side in (1, -1))
    assert said[1] == f"▲{higher:.0%} ▼{lower:.0%}"


def test_what_is_not_quite_none_is_not_said_to_be():
    """A hair's breadth and one world in a thousand are not nothing."""
    one = stats.Difference(1e-5, -1e-5, 3e-5, stats.CANNOT_TELL, higher=0.005, lower=0.995)
    with style():
        axes = outcomes.draw_differences([one], Figure().subplots(), OUTCOMES[-1])
    assert [text.get_text() for text in axes.texts] == ["≈0", "▲<1% ▼>99%"]


def test_markers_are_the_verdicts():
    """Hollow where it cannot be told, though the interval is clear of zero; full for higher, grey for a tie."""
    table = [
        stats.Difference(1.5, 0.1, 2.9, stats.CANNOT_TELL, higher=0.5, lower=0.4),
        stats.Difference(2.0, 1.0, 3.0, stats.HIGHER, higher=0.9, lower=0.1),
        stats.Difference(0.1, 0.0, 0.2, stats.TIE, higher=0.1, lower=0.1),
        stats.Difference(None, None, None, stats.NOT_DEFINED),
    ]
    with style():
        axes = outcomes.draw_differences(table, Figure().subplots(), OUTCOMES[0])
    marks = [(line.get_marker(), line.get_markerfacecolor()) for line in axes.lines if line.get_marker() in ("D", "s")]
    assert marks == [("D", "white"), ("D", VERMILION), ("s", "#BBBBBB")]


def test_the_figures_verdicts_are_those_of_the_comparison(results, monkeypatch):
    """Corrected over all headline measures of all variants, with the analyst's tie zones, as the report has them."""
    drawn, draw = {}, outcomes.draw_differences

    def drawing(table, axes, measure, daggers=()):
        drawn[measure.name] = table
        return draw(table, axes, measure, daggers)

    monkeypatch.setattr(outcomes, "draw_differences", drawing)
    preferences = read_preferences(["us_killed=4"])
    with style():
        assert outcomes.MARKERS in " ".join(words_of(outcomes.differences(results, preferences)).split())
    said = Comparison(results, preferences).differences()
    for m in (m for m in OUTCOMES if m.headline):
        assert drawn[m.name] == [said[label][m.name] for label in results.variants[1:]]


def test_shares_of_worlds_apart_count_only_worlds_that_both_have():
    """Two of three defined pairs higher, none lower; the same of flags, and nothing of no pair."""
    days, flags = (next(m for m in OUTCOMES if m.name == name) for name in ("exit_day", "exited"))
    one = stats.paired_difference([1, 2, 3, np.nan], [2, 3, 3, 9], days)
    assert (one.higher, one.lower) == (pytest.approx(2 / 3), 0)
    one = stats.paired_difference([1, 0, 0, 1], [0, 1, 1, 1], flags)
    assert (one.higher, one.lower) == (0.5, 0.25)
    none = stats.paired_difference([np.nan], [1], days)
    assert (none.higher, none.lower) == (None, None)


def test_differences_name_the_baseline_and_need_a_second_variant(results, tmp_path):
    """The title says from what; one variant alone has no such figure."""
    with style():
        figure = outcomes.differences(results)
        assert "difference from the baseline (restraint)" in words_of(figure)
        assert outcomes.differences(made_up(tmp_path, POLICIES[:1], worlds=5)) is None


# Places ----------------------------------------------------------------------------------------------------------


def test_every_governorate_has_its_own_tile_and_neighbours_are_near():
    """Eighteen squares; what borders in truth is no further away than the width of two squares."""
    assert set(places.TILES) == set(GOVERNORATES)
    assert len(set(places.TILES.values())) == len(GOVERNORATES)
    for place, neighbours in bordering().items():
        column, row = places.TILES[place]
        for other in neighbours:
            away = max(abs(column - places.TILES[other][0]), abs(row - places.TILES[other][1]))
            assert away <= 2, (place, other)


def bordering():
    """Return the neighbours of each governorate."""
    geography = yaml.safe_load((home() / "configs" / "geography.yaml").read_text())
    return {place: entry["neighbours"] for place, entry in geography["places"].items()}


#: Where the outlines and the geography disagree, and why: see configs/maps/iraq_governorates.txt.
CITY_ONLY = {frozenset(pair) for pair in (("Baghdad", "Salah al-Din"), ("Baghdad", "Wasit"))}
MAKHMUR = {frozenset(("Kirkuk", "Ninewa"))}
IN_ITS_STEAD = {frozenset(pair) for pair in (("Diyala", "Anbar"), ("Diyala", "Babil"))}


def test_outlines_touch_where_governorates_border():
    """Neighbours share points of their outlines, others do not, but for the cases that the source's note names."""
    rings = {p: {tuple(point) for point in ring.tolist()} for p, ring in places.outlines_of_governorates().items()}
    touching = {frozenset((a, b)) for a in rings for b in rings if a != b and len(rings[a] & rings[b]) > 1}
    borders = {frozenset((a, b)) for a, others in bordering().items() for b in others}
    assert set(rings) == set(GOVERNORATES)
    assert borders - touching == CITY_ONLY | MAKHMUR
    assert touching - borders == IN_ITS_STEAD


def test_capitals_lie_in_their_outlines():
    """The outlines bear the right names."""
    geography = yaml.safe_load((home() / "configs" / "geography.yaml").read_text())["places"]
    for place, ring in places.outlines_of_governorates().items():
        at = geography[place]["longitude"] * np.cos(np.radians(33.2)), geography[place]["latitude"]
        assert Path(ring).contains_point(at), place


def test_counts_by_place_are_means_over_worlds_of_a_quarter(results):
    """Four blocks of thirteen weeks, the last one up to the end."""
    moments = places.by_place(results, results.variants[1], places.ISIS)
    assert [(one.first, one.end) for one in moments] == [(0, 13), (30, 43), (61, 74), (92, 105)]
    assert moments[-1].places["Diyala"] == pytest.approx(mean_of(results, "isis_attacks_diyala", range(92, 105)))
    assert moments[-1].iraq == pytest.approx(mean_of(results, "isis_attacks", range(92, 105)))


def test_levels_by_place_are_means_over_worlds_on_a_day(results):
    """The first week, the last, and two between them."""
    moments = places.by_place(results, results.variants[1], places.BASES)
    assert [one.end - one.first for one in moments] == [1, 1, 1, 1]
    assert [one.first for one in moments] == [0, 34, 69, 104]
    assert moments[1].places["Anbar"] == pytest.approx(mean_of(results, "us_troops_anbar", [34]))


def mean_of(results, name, weeks):
    """Return the mean over worlds of a series of the second variant, added up over weeks."""
    frame = results.series_columns([name], results.variants[1])
    return frame[frame["week"].isin(list(weeks))].groupby("world")[name].sum().mean()


def test_tiles_and_circles_show_the_numbers_of_the_table():
    """Each tile its number; circles with areas in proportion, none below a two-hundredth of the largest."""
    table = dict.fromkeys(GOVERNORATES, 0.1) | {"Diyala": 100.0, "Anbar": 25.0}
    with style():
        tiles = places.draw_tiles(table, Figure().subplots(), places.Scale(0.1, 100.0))
        circles = places.draw_circles(table, Figure().subplots(), places.Scale(0.1, 100.0))
    said = [text.get_text() for text in tiles.texts]
    assert dict(zip(said[::2], said[1::2], strict=True)) == {
        place: "100" if place == "Diyala" else "25" if place == "Anbar" else "0.1" for place in GOVERNORATES
    }
    assert len(tiles.patches) == 18
    large, small = (circle.get_radius() for circle in circles.patches)
    assert large / small == pytest.approx(2)
    assert {text.get_text() for text in circles.texts} == {"100", "25"}


def test_shades_darken_in_steps_that_the_key_names():
    """A fill for each governorate, in their order; larger shares are darker to eyes that see no colours."""
    table = {place: 0.2 + 0.03 * k for k, place in enumerate(GOVERNORATES)}
    scale = places.Scale(min(table.values()), max(table.values()), share=True)
    with style():
        (land,) = places.draw_shades(table, Figure().subplots(), scale).collections
    light = [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue, _ in land.get_facecolors()]
    assert len(light) == len(GOVERNORATES)
    assert light == sorted(light, reverse=True)
    steps = sorted(set(light))
    assert min(np.diff(steps)) > 0.06
    assert scale.edges()[0] <= 0.2
    assert scale.edges()[-1] >= max(table.values())


def test_maps_say_what_is_left_out_and_shades_what_they_mean(results):
    """Syria and Jordan are no governorates; the steps of shares stand under the title."""
    with style():
        attacks, bases, opinion = (
            words_of(draw(results)) for draw in (places.attack_maps, places.base_maps, places.opinion_maps)
        )
    assert "Syria and Jordan are left out" in attacks.replace("\n", " ")
    assert "Syria and Jordan are left out" in bases.replace("\n", " ")
    assert "of all Iraqis" in opinion
    assert "%" in opinion


@pytest.mark.parametrize("weeks", [1, 2, 13, 40])
def test_short_runs_have_maps_too(tmp_path, weeks):
    """Blocks are of a quarter, a month or a week, as three fit."""
    attacks = {name: np.ones((3, weeks)) for name in ("isis_attacks", *places_of("isis_attacks"))}
    short = store.create(
        tmp_path, {}, label="x", seed=0, worlds=3, variants=[{"label": "x"}], rules_hash="", more={"days": 7 * weeks}
    )
    short.add(0, 0, {"us_killed": [0, 0, 0]}, attacks)
    done = short.finish()
    moments = places.by_place(done, "x", places.ISIS)
    assert len(moments) == {1: 1, 2: 1, 13: 3, 40: 3}[weeks]
    block = {1: 1, 2: 1, 13: 4, 40: 13}[weeks]
    assert moments[0].places["Basra"] == block
    with style():
        words = words_of(places.isis_tiles(done))
        assert (f"mean number in the {block} weeks" if block > 1 else "mean number in the week") in words
        assert places.isis_maps(done) is not None


def test_worlds_that_all_see_an_exit_are_drawn(tmp_path):
    """Everybody left on day 10: full bands, no difference, no failure."""
    left = store.create(
        tmp_path,
        {},
        label="x",
        seed=0,
        worlds=2,
        variants=[{"label": "x a=1"}, {"label": "x a=2"}],
        rules_hash="",
        more={"days": 14},
    )
    gone = {"exit_day": [10, 10], "exit_kind": [2, 2], "us_killed": [0, 0], "exited": [1, 1], "north_kept": [0, 0]}
    for variant in (0, 1):
        left.add(variant, 0, gone, {"attacks": np.zeros((2, 2)), "us_troops": np.full((2, 2), 5200.0)})
    names = {path.stem for path in plots.draw_all(left.finish(), tmp_path / "figures")}
    assert names == {"distributions", "differences", "exit_over_time", "fans"}


# One world -------------------------------------------------------------------------------------------------------

VOTES = parliament.ParliamentSession(
    date(2020, 1, 5),
    "the motion passes",
    tuple(parliament.Bloc(f"bloc {k}", {"for": 20 - k, "against": k % 3, "absent": k}) for k in range(20)),
    165,
)


def test_the_hemicycle_has_a_seat_for_each_member():
    """So many circles of each look as members who did so, in a half circle, none upon another."""
    with style():
        axes = parliament.draw_house(VOTES, Figure().subplots())
    fills = [circle.get_facecolor() for circle in axes.patches]
    assert len(fills) == sum(bloc.seats for bloc in VOTES.blocs)
    for vote, (_, fill, _, _) in parliament.VOTE_LOOKS.items():
        assert sum(same_colour(f, fill) for f in fills) == VOTES.count(vote)
    centres = np.array([circle.center for circle in axes.patches])
    apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1)) + np.eye(len(centres))
    assert apart.min() > 2 * 0.021
    assert (centres[:, 1] > 0).all()


def test_the_hemicycle_names_quorum_blocs_and_counts():
    """What was decided, by how many, and how far from the quorum."""
    with style():
        figure = parliament.hemicycle(VOTES, ["Scenario x", "world 3"])
        words = words_of(figure)
    present = VOTES.count("for") + VOTES.count("against")
    total = sum(bloc.seats for bloc in VOTES.blocs)
    assert f"{present} of {total} present" in words
    assert "quorum 165: reached" in words
    assert "Parliament on 5 January 2020: the motion passes" in words
    assert all(bloc.name in words for bloc in VOTES.blocs)
    assert_tidy(figure)


def test_without_a_quorum_there_is_no_vote():
    """The picture says so, and what its colours mean then."""
    with style():
        words = words_of(parliament.hemicycle(VOTES._replace(quorum=300), ["Scenario x"]))
    assert "quorum 300: not reached" in words
    assert "no vote" in words
    assert "would have voted" in words


def busy():
    """Return a world with much going on."""
    rng = np.random.default_rng(3)
    marks = [timelines.TimelineMark(int(d), f"something happened {k}", 1 + k % 7, k % 2 == 0)
             for k, d in enumerate(rng.integers(0, 730, 120))]  # fmt: skip
    weekly = {"ISIS attacks in the week": rng.poisson(10, 105), "US troops in Iraq": np.full(105, 5200.0)}
    lanes = dict.fromkeys(timelines.LANES, marks)
    return timelines.Timeline(date(2020, 1, 3), 730, "US forces stay", lanes, weekly)


def test_words_of_the_timeline_meet_neither_words_nor_leaders():
    """No two labels of a lane overlap, and no line to a label runs through another."""
    placed = timelines.place_words(busy().lanes["politics"], 730, 11.75)
    assert len(placed) > 10
    for one in placed:
        for other in placed:
            if one is not other and one.row == other.row:
                assert one.end <= other.start or other.end <= one.start
            if one.row > other.row:
                assert not other.start <= one.mark.day <= other.end


def test_what_matters_most_keeps_its_words():
    """The heaviest mark is named, whatever crowd it stands in."""
    crowd = [timelines.TimelineMark(100 + k, "of little matter", 1.0) for k in range(40)]
    placed = timelines.place_words(
        [*crowd, timelines.TimelineMark(110, "the vote", 9.0), timelines.TimelineMark(5)], 730, 11.75
    )
    words = [one.mark.words for one in placed]
    assert "the vote" in words
    assert "" not in words


def test_the_timeline_draws_every_mark_and_the_weeks():
    """Marks that hurt somebody are longer; the steps are the weekly numbers."""
    with style():
        figure = timelines.timeline(busy(), ["Scenario x", "world 3"])
    lane, steps = figure.axes[0], figure.axes[-1]
    tops = [
        max(line.get_ydata())
        for line in lane.lines
        if line.get_color() != "#AAAAAA" and len(set(line.get_xdata())) == 1
    ]
    assert sorted(set(tops)) == [0.5, 0.9]
    assert tops.count(0.9) == 60
    assert list(steps.lines[0].get_ydata()) == [5200.0] * 105
    assert "One world, day by day: US forces stay" in words_of(figure)
    assert_tidy(figure)


def test_two_weeks_and_an_empty_world_have_a_timeline():
    """Nothing happened: the lanes are empty."""
    still = timelines.Timeline(date(2020, 1, 3), 14, "nothing", {}, {"US troops in Iraq": np.array([5200.0, 5200.0])})
    with style():
        assert_tidy(timelines.timeline(still, ["Scenario x"]))


@pytest.mark.slow
def test_the_house_of_a_world_is_the_one_that_its_story_tells(tmp_path):
    """Votes counted member by member are those of the recorded vote; pictures are the same bytes twice."""
    [variant] = variants_of(Request(("2020-soleimani",), days=60))
    for number in range(20):
        world = OneWorld(variant, number, 1).run_to()
        votes = [row for row in world.events() if row["kind"] == VOTE_PASSED]
        if votes:
            break
    house = house_at_vote(variant, number, 1, world.events())
    assert house.count("for") == votes[0]["size"]
    assert house.count("for") + house.count("against") == votes[0]["detail"]
    assert sum(bloc.seats for bloc in house.blocs) == 329
    assert "vote to expel" in " ".join(mark.words for mark in timeline_of(world).lanes["politics"])
    first, second = (draw_story(variant, number, 1, tmp_path / name) for name in "ab")
    assert [path.name for path in first] == ["timeline.svg", "timeline.png", "parliament.svg", "parliament.png"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_a_tie_that_only_the_correction_leaves_open_is_drawn_as_one_and_daggers_stand_beside_numbers():
    """Square and grey like a tie; what is open by its own interval is hollow; a dagger where it is asked for."""
    is_open = stats.Difference(
        -11.1, -14.0, -8.2, stats.CANNOT_TELL, tie=14.3, higher=0.03, lower=0.06, uncorrected=stats.CANNOT_TELL
    )
    open_tie = dataclasses.replace(is_open, uncorrected=stats.TIE)
    with style():
        axes = Figure().subplots()
        measure = next(m for m in OUTCOMES if m.name == "presence_days")
        outcomes.draw_differences([open_tie, is_open], axes, measure, [False, True])
    markers = [line for line in axes.lines if line.get_marker() in ("s", "D")]
    assert [(line.get_marker(), line.get_markerfacecolor()) for line in markers] == [("s", "#BBBBBB"), ("D", "white")]
    said = [text.get_text() for text in axes.texts]
    assert ("−11" in said, "−11 †" in said) == (True, True)
