"""Headline outcomes: side by side, and as paired differences from the baseline."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from sim import stats
from sim.inputs.labels import variant_names
from sim.names.measures import OUTCOMES, Measure
from sim.plots.frame import (
    BLUE,
    GREY,
    INK,
    LIGHT_BLUE,
    ORANGE,
    VERMILION,
    axis_format,
    blank,
    few_ticks,
    framed,
    in_lines,
    key_line,
    note_in_margin,
    number_in_margin,
    shown_variants,
    unit_at_axis,
    with_source,
    wrapped,
)
from sim.results import Results
from sim.wording import headed, percent_in_words

ACROSS = 4
#: How the markers of ``differences`` follow the verdicts.
MARKERS = (
    "A marker is the verdict: full if higher or lower, beyond the tie zone; grey if a tie, within it (by its own "
    "interval, if the correction leaves that open); hollow if it cannot be told yet (though its interval may be clear "
    "of 0). Verdicts are corrected (Holm) for their number."
)
#: What fills the marker of a verdict; of any other it is hollow.
_FILLS = {
    stats.HIGHER: VERMILION, stats.LOWER: VERMILION, stats.BETTER: VERMILION, stats.WORSE: VERMILION,
    stats.TIE: "#BBBBBB",
}  # fmt: skip


def distributions(results: Results) -> Figure | None:
    """Return a figure of the headline outcomes, a panel each, the variants as rows; None without outcomes."""
    measures, variants = _headlines(results), shown_variants(results)
    if not measures:
        return None
    title = "Headline outcomes side by side" if len(variants) > 1 else "Headline outcomes"
    figure = framed(12, 1.7 + _down(measures) * (1.1 + 0.42 * len(variants)), title)
    panels = figure.subplots(_down(measures), min(ACROSS, len(measures)), squeeze=False, sharey=True)
    shown = results if len(variants) == len(results.variants) else results.only(variants)
    found = [shown.comparison().headline_summary(variant) for variant in variants]
    for axes, measure in zip(panels.flat, measures, strict=False):
        table = [of_variant[measure.name] for of_variant in found]
        if measure.kind == "flag":
            draw_shares(table, axes)
        else:
            draw_spreads(table, axes, measure)
        axes.set(title=wrapped(headed(measure.label), 28), xlabel=unit_at_axis(measure))
    _name_rows(panels, variant_names(variants) if len(variants) > 1 else [""])
    blank(panels.flat[len(measures) :])
    key_line(figure, *_key())
    same = "Every row is over the same worlds: a difference between rows comes from what was varied, not from luck."
    return with_source(figure, results, same if len(variants) > 1 else "")


def differences(
    results: Results, preferences: stats.Preferences | None = None,
    known: Mapping[str, Mapping[str, stats.Difference]] | None = None,
    marked: Collection[tuple[str, str]] = (), note: str = "",
) -> Figure | None:  # fmt: skip
    """Return a figure of paired differences from the baseline, a panel for each headline outcome; None without two.

    Markers follow the verdicts, corrected over all variants; ``preferences`` has the analyst's tie zones. ``known`` are
    the differences with their verdicts, where they are at hand. Those ``marked``, by label and measure, bear a dagger,
    of which ``note`` says what it means.
    """
    measures, variants = _headlines(results), shown_variants(results)
    if not measures or len(variants) < 2:
        return None
    others = variants[1:]
    names = variant_names(variants)
    found = known or results.comparison(preferences).headline_differences()
    title = f"Headline outcomes: difference from the baseline ({names[0]})"
    figure = framed(13.5, 1.7 + _down(measures) * (1.1 + 0.5 * len(others)), title)
    panels = figure.subplots(_down(measures), min(ACROSS, len(measures)), squeeze=False, sharey=True)
    for axes, measure in zip(panels.flat, measures, strict=False):
        daggers = [(other, measure.name) in marked for other in others]
        draw_differences([found[other][measure.name] for other in others], axes, measure, daggers)
        axes.set(title=wrapped(headed(measure.label), 28), xlabel=_unit_of_difference(measure))
    _name_rows(panels, names[1:])
    blank(panels.flat[len(measures) :])
    key_line(figure, *_difference_key())
    same = "Differences are taken world by world, in the same worlds under the same luck, and then averaged."
    return with_source(
        figure, results, f"{same} {MARKERS} The percentages count worlds; in the rest it is the same. {note}".strip()
    )


def _headlines(results: Results) -> list[Measure]:
    return [m for m in OUTCOMES if m.headline and m.name in results.names()]


def _down(measures: Sequence[Measure]) -> int:
    """Return how many rows of panels there are."""
    return -(-len(measures) // ACROSS)


def _name_rows(panels: Any, names: Sequence[str]) -> None:
    for axes in panels[:, 0]:
        axes.set_yticks(range(len(names)), [in_lines(name, 22) for name in names])
    panels[0, 0].set_ylim(len(names) - 0.4, -0.6)


def _unit_of_difference(measure: Measure) -> str:
    if not measure.unit.startswith("share"):
        return "difference of the ratio" if measure.unit == "ratio" else measure.unit
    return "percentage points" + measure.unit.removeprefix("share")


def _key() -> tuple[list[Any], list[str]]:
    """Return how to read ``distributions``: signs and their words."""
    signs = {
        "the middle 90% of worlds": Patch(facecolor=LIGHT_BLUE, edgecolor=BLUE, lw=0.8),
        "median world (number at right)": Line2D([], [], ls="", color=BLUE, marker="|", ms=13, mew=2.6),
        "mean, with 95% interval": Line2D([], [], color=INK, lw=1.6, marker="D", mfc=ORANGE, mec=INK, ms=4.5),
        "share of worlds, with 95% interval": Line2D([], [], color=INK, lw=1.6, marker="o", mfc=VERMILION, mec=INK),
    }
    return list(signs.values()), list(signs)


def _difference_key() -> tuple[list[Any], list[str]]:
    """Return how to read ``differences``: signs and their words."""
    up, down = (Line2D([], [], ls="", color=GREY, marker=sign, ms=6) for sign in "^v")
    signs: dict[str, Any] = {
        "higher or lower": Line2D([], [], color=INK, lw=1.6, marker="D", mfc=_FILLS[stats.HIGHER], mec=INK),
        "a tie": Line2D([], [], color=INK, lw=1.6, marker="s", mfc=_FILLS[stats.TIE], mec=INK),
        "cannot be told yet": Line2D([], [], color=INK, lw=1.6, marker="D", mfc="white", mec=INK),
        "(mean, 95% interval)": Line2D([], [], color=INK, lw=1.6, marker="|", ms=9),
        "no difference": Line2D([], [], color=INK, lw=1.2, ls=(0, (4, 2))),
        "share of worlds higher, lower": (up, down),
    }
    return list(signs.values()), list(signs)


# -------------------------------------------------------------------------------------------------------------- drawing


def draw_shares(table: Sequence[stats.Summary], axes: Axes) -> Axes:
    """Draw shares of worlds as dots with the 95% interval of the share, a row for each summary in ``table``."""
    for row, summary in enumerate(table):
        if summary.mean is None or summary.low is None or summary.high is None:
            continue
        axes.plot([summary.low, summary.high], [row, row], color=INK, lw=1.6, marker="|", ms=9, clip_on=False)
        axes.plot(summary.mean, row, "o", color=VERMILION, mec=INK, mew=0.8, ms=5.5, zorder=3, clip_on=False)
        note_in_margin(axes, row, percent_in_words(summary.mean))
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="y", visible=False)
    return axes


def draw_spreads(table: Sequence[stats.Summary], axes: Axes, measure: Measure) -> Axes:
    """Draw the spread over worlds as bars with the median, and below each the mean with its 95% interval."""
    for row, summary in enumerate(table):
        mean, low, middle, high = summary.mean, summary.p05, summary.p50, summary.p95
        if mean is None or low is None or middle is None or high is None:
            continue
        axes.barh(row - 0.1, high - low, left=low, height=0.32, color=LIGHT_BLUE, edgecolor=BLUE, lw=0.8)
        axes.plot([middle, middle], [row - 0.27, row + 0.07], color=BLUE, lw=2.6, solid_capstyle="butt", clip_on=False)
        _draw_mean(axes, mean, summary, row + 0.24)
        note_in_margin(axes, row, percent_in_words(middle) if measure.unit == "share" else number_in_margin(middle))
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(few_ticks())
    axes.xaxis.set_major_formatter(axis_format(measure))
    axes.grid(axis="y", visible=False)
    return axes


def _draw_mean(axes: Axes, mean: float, summary: stats.Summary, height: float) -> None:
    if summary.low is not None and summary.high is not None:
        axes.plot([summary.low, summary.high], [height] * 2, color=INK, lw=1.6, marker="|", ms=6, clip_on=False)
    axes.plot(mean, height, "D", color=ORANGE, mec=INK, mew=0.8, ms=4.5, zorder=3, clip_on=False)


def draw_differences(
    table: Sequence[stats.Difference], axes: Axes, measure: Measure, daggers: Sequence[bool] = ()
) -> Axes:
    """Draw mean paired differences with 95% intervals, markers by verdict, and in how many worlds it is higher.

    Rows of which ``daggers`` says so bear one.
    """
    times = 100 if measure.unit.startswith("share") else 1
    axes.axvline(0, color=INK, lw=1.2, ls=(0, (4, 2)), zorder=1)
    for row, one in enumerate(table):
        if one.difference is None:
            continue
        low, middle, high = (times * (one.difference if end is None else end)
                             for end in (one.low, one.difference, one.high))  # fmt: skip
        word = _shown_verdict(one)
        told = word in _FILLS
        axes.plot([low, high], [row, row], color=INK, lw=1.6, marker="|", ms=9, zorder=2)
        axes.plot(middle, row, "s" if word == stats.TIE else "D", mfc=_FILLS.get(word, "white"),
                  mec=INK, mew=1, ms=6, zorder=3)  # fmt: skip
        note_in_margin(
            axes,
            row,
            _said_difference(middle, high - low) + " †" * any(daggers[row : row + 1]),
            1.0,
            fontweight="bold" if told else "normal",
            va="bottom",
        )
        note_in_margin(
            axes,
            row,
            f"▲{percent_in_words(stats.known(one.higher))} ▼{percent_in_words(stats.known(one.lower))}",
            -1.0,
            va="top",
            fontsize=8,
            color=GREY,
        )
    axes.margins(x=0.12)
    if all(not one.difference and one.low == one.high for one in table):
        axes.set_xlim(-1, 1)
    axes.xaxis.set_major_locator(few_ticks())
    axes.grid(axis="y", visible=False)
    return axes


def _shown_verdict(one: stats.Difference) -> str:
    """Return the verdict that is drawn: a tie too where only the correction for many comparisons leaves it open."""
    return stats.TIE if stats.is_open_tie(one) else one.verdict


def _said_difference(number: float, width: float) -> str:
    """Return a difference with its sign, as exactly as its interval (so wide) deserves."""
    decimals = 0 if abs(number) >= 10 else 1 if width >= 0.2 else 2
    words = f"{abs(number):,.{decimals}f}"
    if not float(words.replace(",", "")):
        return "≈0" if number else "0"
    return ("+" if number > 0 else "−") + words
