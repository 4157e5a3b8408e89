"""Figures from results: headline outcomes side by side, exits over time, weekly series as fans.

Drawing functions take a table and an Axes and return the Axes; figure functions arrange them; ``draw_all`` writes SVG
and PNG, the same bytes for the same results. Colours are Okabe and Ito's, and nothing rests on colour alone.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator, PercentFormatter

from sim import stats
from sim.names.measures import OUTCOMES, SERIES, Measure
from sim.store import FINISHED, Results

BLUE, VERMILION, GREEN, ORANGE, INK, GREY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#222222", "#666666"
#: Kinds of exit: words, colour, hatch (for eyes and printers that see no colours).
EXIT_LOOKS = {
    "agreement": ("by agreement", GREEN, ""),
    "demand": ("by Baghdad's demand", VERMILION, "////"),
    "own_choice": ("by Washington's own choice", BLUE, "...."),
}
#: More variants than this make panels too small to read; the tables hold them all.
MOST_VARIANTS = 8
MONTH = 365 / 12
DPI = 160
MARGIN = 0.15  # inches
#: Counts are added up over blocks of weeks, as long as fit three times into the series: single weeks hold too few.
BLOCKS = {13: "in three months", 4: "in four weeks", 1: "in the week"}
_SEATS = {"us": "US", "iran": "Iran", "factions": "Factions", "government": "Baghdad"}
_STYLE: Any = {
    "svg.hashsalt": "crossfire", "font.family": "DejaVu Sans", "font.size": 10, "axes.titlesize": 10.5,
    "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.labelsize": 9.5, "axes.labelcolor": INK,
    "text.color": INK, "axes.edgecolor": GREY, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "axes.axisbelow": True, "grid.color": "#DDDDDD", "grid.linewidth": 0.6,
    "xtick.color": INK, "ytick.color": INK, "xtick.labelsize": 9, "ytick.labelsize": 9.5,
    "hatch.linewidth": 0.7, "legend.frameon": False, "legend.fontsize": 9.5, "figure.constrained_layout.use": True,
}  # fmt: skip


def draw_all(results: Results, folder: Path | str) -> list[Path]:
    """Return the paths of the figures drawn into ``folder``: each as SVG and as PNG, those without data left out."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"distributions": distributions, "exit_over_time": exit_over_time, "fans": fans}
    paths = []
    for name, draw in figures.items():
        with _style():
            figure = draw(results)
            paths += save(figure, folder / name) if figure is not None else []
    return paths


def save(figure: Figure, stem: Path) -> list[Path]:
    """Return the paths of a figure written as ``stem.svg`` and ``stem.png``, without date or maker."""
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once, for both files
    for axes in figure.axes:  # the solver's last bits depend on where objects lie in memory
        left, bottom, width, height = (round(number, 6) for number in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))
    title = {"Title": str(figure.get_label())}
    svg, png = stem.with_name(stem.name + ".svg"), stem.with_name(stem.name + ".png")
    figure.savefig(svg, metadata=title | {"Date": None, "Creator": None})
    figure.savefig(png, dpi=DPI, metadata=title | {"Software": None})
    return [svg, png]


# -------------------------------------------------------------------------------------------------------------- figures


def distributions(results: Results) -> Figure | None:
    """Return a figure of the headline outcomes, a panel each, the variants as rows; None without outcomes."""
    measures = [m for m in OUTCOMES if m.headline and m.name in results.names()]
    variants = _shown(results)
    if not measures:
        return None
    across = min(4, len(measures))
    down = -(-(len(measures) + 1) // across)  # one place more, for the key
    title = "Headline outcomes side by side" if len(variants) > 1 else "Headline outcomes"
    figure = _figure(12, 1.6 + down * (1.1 + 0.42 * len(variants)), title)
    panels = figure.subplots(down, across, squeeze=False, sharey=True)
    for axes, measure in zip(panels.flat, measures, strict=False):
        table = [stats.summarise(results.column(measure.name, v), measure) for v in variants]
        (draw_shares if measure.kind == "flag" else draw_spreads)(table, axes)
        axes.set(title=_wrapped(_headed(measure.label), 28), xlabel=measure.unit)
    for axes in panels[:, 0]:
        axes.set_yticks(range(len(variants)), [_wrapped(name, 22) for name in variant_names(variants)])
    panels[0, 0].set_ylim(len(variants) - 0.4, -0.6)
    _blank(panels.flat[len(measures) :])
    draw_key(panels.flat[len(measures)])
    same = "Every row is over the same worlds: a difference between rows comes from what was varied, not from luck."
    return _signed(figure, results, same if len(variants) > 1 else "")


def exit_over_time(results: Results) -> Figure | None:
    """Return a figure of worlds gone by kind of exit, a panel for each variant; None without outcomes."""
    if not {"exit_day", "exit_kind"} <= set(results.names()):
        return None
    variants = _shown(results)
    across = min(4, len(variants))
    down = -(-len(variants) // across)
    figure = _figure(max(7.5, 2.9 * across + 0.6), 2.1 + 2.8 * down, "How and when US forces leave federal Iraq")
    panels = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
    weekly = np.append(np.arange(0, _horizon(results), 7), _horizon(results))
    for axes, variant, name in zip(panels.flat, variants, variant_names(variants), strict=False):
        table = stats.exit_curve(results.column("exit_day", variant), results.column("exit_kind", variant), weekly)
        draw_exits(table, axes)
        gone = sum(table[kind][-1] for kind in EXIT_LOOKS)
        axes.set(title=f"{_wrapped(name, 26)}\n{gone:.0%} gone by the end", xlabel=_months_label(results))
    for axes in panels[:, 0]:
        axes.set_ylabel("share of worlds")
    _blank(panels.flat[len(variants) :])
    for axes in panels.flat[max(0, len(variants) - across) : len(variants)]:
        axes.tick_params(labelbottom=True)  # nothing stands below them
    _legend(figure, panels[0, 0])
    return _signed(
        figure, results, "The height of a band is the share of worlds gone in that way by then; white: still there."
    )


def fans(results: Results) -> Figure | None:
    """Return a figure of weekly series: a row for each headline measure, a column for each variant; None without."""
    measures = [m for m in SERIES if m.headline and m.name in results.names("series")]
    variants = _shown(results)
    if not measures:
        return None
    size = max(7.5, 2.6 * len(variants) + 1.4), 2.1 + 1.5 * len(measures)
    figure = _figure(*size, "Over time: the middle and the spread of worlds")
    panels = figure.subplots(len(measures), len(variants), squeeze=False, sharex=True, sharey="row")
    for row, measure in zip(panels, measures, strict=True):
        weeks = _block(results, measure)
        for axes, variant in zip(row, variants, strict=True):
            table = stats.fan(_columns(results, measure, variant), measure.name, weeks=weeks)
            draw_fan(table, axes, measure, weeks)
        label = _headed(measure.label.replace(BLOCKS[1], BLOCKS[weeks]))
        row[0].set_ylabel(_wrapped(label, 18), rotation=0, ha="right", va="center", ma="right")
        row[0].set_ylim(bottom=0)
    _months(panels[0, 0], _horizon(results))
    for top, foot, name in zip(panels[0], panels[-1], variant_names(variants), strict=True):
        top.set_title(_wrapped(name, 26))
        foot.set_xlabel(_months_label(results))
    figure.align_ylabels(panels[:, 0])
    _legend(figure, panels[0, 0])
    kept = results.series_columns([], variants[0])["world"].nunique()
    of = f", from the first {kept:,} worlds" if kept < results.manifest["worlds"] else ""
    return _signed(figure, results, f"Bands are taken at each point of time{of}: no single world follows their edges.")


def _columns(results: Results, measure: Measure, variant: str) -> dict[str, np.ndarray]:
    frame = results.series_columns([measure.name], variant)
    return {name: frame[name].to_numpy() for name in ("world", "week", measure.name)}


def _block(results: Results, measure: Measure) -> int:
    """Return over how many weeks a measure is added up."""
    if measure.kind != "count":
        return 1
    return next(weeks for weeks in BLOCKS if weeks == 1 or 3 * weeks * 7 <= _horizon(results))


# -------------------------------------------------------------------------------------------------------------- drawing


def draw_shares(table: Sequence[Mapping[str, Any]], axes: Axes) -> Axes:
    """Draw shares of worlds as dots with the 95% interval of the share, a row for each summary in ``table``."""
    for row, summary in enumerate(table):
        if summary["mean"] is None:
            continue
        axes.plot([summary["low"], summary["high"]], [row, row], color=INK, lw=1.6, marker="|", ms=9, clip_on=False)
        axes.plot(summary["mean"], row, "o", color=VERMILION, mec=INK, mew=0.8, ms=5.5, zorder=3, clip_on=False)
        _noted(axes, 1.0, row, f"{summary['mean']:.0%}")
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="y", visible=False)
    return axes


def draw_spreads(table: Sequence[Mapping[str, Any]], axes: Axes) -> Axes:
    """Draw the spread over worlds as bars with the median, and below each the mean with its 95% interval."""
    for row, summary in enumerate(table):
        if summary["mean"] is None:
            continue
        low, middle, high = (summary[name] for name in stats.SPREAD)
        axes.barh(row - 0.1, high - low, left=low, height=0.32, color="#9CCBE8", edgecolor=BLUE, lw=0.8)
        axes.plot([middle, middle], [row - 0.27, row + 0.07], color=BLUE, lw=2.6, solid_capstyle="butt")
        _draw_mean(axes, summary, row + 0.24)
        _noted(axes, 1.0, row, _said(middle))
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(_few_ticks())
    axes.grid(axis="y", visible=False)
    return axes


def _draw_mean(axes: Axes, summary: Mapping[str, Any], height: float) -> None:
    if summary["low"] is not None:
        axes.plot([summary["low"], summary["high"]], [height] * 2, color=INK, lw=1.6, marker="|", ms=6)
    axes.plot(summary["mean"], height, "D", color=ORANGE, mec=INK, mew=0.8, ms=4.5, zorder=3)


def draw_key(axes: Axes) -> Axes:
    """Draw how to read the panels of ``distributions``: each sign with its words."""
    interval = Line2D([], [], color=INK, lw=1.6, marker="D", mfc=ORANGE, mec=INK, ms=4.5)
    share = Line2D([], [], color=INK, lw=1.6, marker="o", mfc=VERMILION, mec=INK, ms=5.5)
    signs = {
        "the middle 90% of worlds": Patch(facecolor="#9CCBE8", edgecolor=BLUE, lw=0.8),
        "median world (number at right)": Line2D([], [], ls="", color=BLUE, marker="|", ms=13, mew=2.6),
        "mean, with 95% interval": interval,
        "share of worlds, with 95% interval": share,
    }
    axes.set_axis_off()
    axes.legend(signs.values(), signs, loc="center left", title="How to read", alignment="left", labelspacing=0.9)
    return axes


def draw_exits(table: Mapping[str, np.ndarray], axes: Axes) -> Axes:
    """Draw shares of worlds gone by kind of exit, stacked, against months from the start."""
    months, floor = table["day"] / MONTH, np.zeros(len(table["day"]))
    for kind, (label, colour, hatch) in EXIT_LOOKS.items():
        roof = floor + table[kind]
        axes.fill_between(months, floor, roof, label=label, facecolor=colour, hatch=hatch, edgecolor="white", lw=0)
        axes.plot(months, roof, color=INK, lw=0.7)
        floor = roof
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return _months(axes, table["day"][-1])


def draw_fan(table: Mapping[str, np.ndarray], axes: Axes, measure: Measure, weeks: int = 1) -> Axes:
    """Draw a measure's median, the bands of 50% and 90% of worlds, and the mean, against months; blocks as steps."""
    months, lines = table["week"] * 7 / MONTH, dict(table)
    if weeks > 1:
        months = np.column_stack([months, months + weeks * 7 / MONTH]).ravel()
        lines = {name: np.repeat(values, 2) for name, values in table.items()}
    axes.fill_between(months, lines["p05"], lines["p95"], color="#CFE5F3", lw=0, label="the middle 90% of worlds")
    axes.fill_between(months, lines["p25"], lines["p75"], color="#7DB8DC", lw=0, label="the middle 50%")
    axes.plot(months, lines["p50"], color="#003F66", lw=1.8, label="median")
    axes.plot(months, lines["mean"], color=VERMILION, lw=1.3, ls=(0, (4, 2)), label="mean")
    axes.yaxis.set_major_locator(_few_ticks(whole=measure.kind == "count"))
    axes.yaxis.set_major_formatter(_numbers_of(measure))
    return axes


def _months(axes: Axes, days: float) -> Axes:
    """Lay the horizontal axis out in months, from the start to the last day."""
    months = days / MONTH
    step = next((s for s in (1, 3, 6, 12, 24, 60) if months / s <= 8.5), 120)
    axes.set_xlim(0, months)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    return axes


def _few_ticks(whole: bool = False) -> MaxNLocator:
    return MaxNLocator(4, steps=[1, 2, 5, 10], integer=whole)


# ---------------------------------------------------------------------------------------------------------------- words


def variant_names(labels: Sequence[str]) -> list[str]:
    """Return variants' labels as words: what all share left out, ``us=in-kind`` as ``US: in kind``."""
    words = [label.split() for label in labels]
    shared = set(words[0]).intersection(*words[1:]) if len(labels) > 1 else set()
    return [", ".join(_in_words(w) for w in parts if w not in shared) or "baseline" for parts in words]


def _in_words(word: str) -> str:
    path, equals, value = word.partition("=")
    if not equals:
        return word
    name = path.rpartition(".")[2]
    return f"{_SEATS.get(name, name.replace('_', ' '))}: {value.replace('-', ' ').replace('_', ' ')}"


def _headed(words: str) -> str:
    return words[:1].upper() + words[1:]


def _wrapped(words: str, width: int) -> str:
    return "\n".join(textwrap.wrap(words, width, break_long_words=False))


def _said(number: float) -> str:
    """Return a number short enough for a margin: 1,240 or 38 or 0.62."""
    return f"{number:,.0f}" if abs(number) >= 10 or number == round(number) else f"{number:#.2g}"


def _noted(axes: Axes, x: float, row: float, words: str) -> None:
    axes.annotate(words, (x, row), xycoords=("axes fraction", "data"), xytext=(7, 0), textcoords="offset points",
                  va="center", fontsize=9)  # fmt: skip


def _numbers_of(measure: Measure) -> Any:
    if measure.unit.startswith("share"):
        return PercentFormatter(1.0, decimals=0)
    return FuncFormatter(lambda value, _: f"{value:,.0f}" if value == round(value) else f"{value:g}")


def _months_label(results: Results) -> str:
    start = results.manifest.get("start")
    return f"months from {_day(start)}" if start else "months from the start"


def _day(iso: str) -> str:
    day = date.fromisoformat(str(iso)[:10])
    return f"{day.day} {day:%B %Y}"


def _shown(results: Results) -> list[str]:
    return results.variants[:MOST_VARIANTS]


def _horizon(results: Results) -> int:
    """Return the last day of the scenario, or of any exit where the manifest does not say."""
    days = results.manifest.get("days")
    if days is None:
        last = results.outcomes_columns(["exit_day"])["exit_day"].max()
        days = 1 if np.isnan(last) else last
    return int(days)


def _blank(panels: Any) -> None:
    for axes in panels:
        axes.set_axis_off()


# -------------------------------------------------------------------------------------------------------------- framing


@contextmanager
def _style() -> Iterator[None]:
    """Draw in our style whatever the user's own settings of matplotlib are."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def _figure(width: float, height: float, title: str) -> Figure:
    """Return an empty figure with its title at the head, and room for two lines at the foot."""
    figure = Figure(figsize=(width, height))
    figure.set_label(title)
    figure.text(MARGIN / width, 1 - MARGIN / height, title, va="top", fontsize=15, fontweight="bold")
    _leave_room(figure, head=0.5)
    return figure


def _leave_room(figure: Figure, head: float) -> None:
    """Keep the panels out of the head and the foot (inches)."""
    foot = 0.62 / figure.get_figheight()
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(rect=(0, foot, 1, 1 - foot - head / figure.get_figheight()), w_pad=0.08, h_pad=0.08)


def _legend(figure: Figure, axes: Axes) -> None:
    """Put the legend of ``axes``, which serves for all panels, on a line of its own under the title."""
    width, height = figure.get_size_inches()
    handles, labels = axes.get_legend_handles_labels()
    place = (MARGIN / width, 1 - 0.42 / height)
    legend = figure.legend(handles, labels, loc="upper left", bbox_to_anchor=place, ncols=4, borderpad=0.2)
    legend.set_in_layout(False)
    _leave_room(figure, head=0.8)


def _signed(figure: Figure, results: Results, meaning: str) -> Figure:
    """Return the figure with its foot: what the bands mean, the scenario, the number of worlds, the seed."""
    manifest, n = results.manifest, len(results.variants)
    facts = [f"Scenario {manifest['label']}", f"{manifest['worlds']:,} worlds", f"seed {manifest['seed']}"]
    if results.status != FINISHED:
        facts.append("the run is not finished: worlds so far")
    if n > MOST_VARIANTS:
        facts.append(f"the first {MOST_VARIANTS} of {n} variants")
    width, height = figure.get_size_inches()
    text = _wrapped(meaning, int(width * 14)) + "\n" + "; ".join(facts) + "."
    figure.text(MARGIN / width, MARGIN / height, text.strip(), fontsize=8.5, color=GREY, va="bottom")
    return figure
