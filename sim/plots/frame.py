"""What all figures have in common: colours and style, the frame with title and foot, words, how they are written."""

import io
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend_handler import HandlerTuple
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator, PercentFormatter

from sim.names.measures import Measure
from sim.results import FINISHED, Results
from sim.results.exits import horizon
from sim.results.files import write_whole
from sim.wording import date_in_words, lines, visible

BLUE, VERMILION, GREEN, ORANGE, INK, GREY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#222222", "#666666"
LIGHT_BLUE = "#9CCBE8"
#: More variants than this make panels too small to read; the tables hold them all.
MOST_VARIANTS = 8
WEEK, MONTH = 7.0, 365 / 12
FONT = "DejaVu Sans"
DPI = 160
MARGIN = 0.15  # inches
#: A line of more letters reaches beyond any figure.
_LONGEST = 300
#: What the title and the foot are called in a figure.
_TITLE, _FOOT = "title", "foot"
_STYLE: Any = {
    "svg.hashsalt": "crossfire", "font.family": FONT, "font.size": 10, "axes.titlesize": 10.5,
    "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.labelsize": 9.5, "axes.labelcolor": INK,
    "text.color": INK, "axes.edgecolor": GREY, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "axes.axisbelow": True, "grid.color": "#DDDDDD", "grid.linewidth": 0.6,
    "xtick.color": INK, "ytick.color": INK, "xtick.labelsize": 9, "ytick.labelsize": 9.5,
    "hatch.linewidth": 0.7, "legend.frameon": False, "legend.fontsize": 9.5, "figure.constrained_layout.use": True,
    "text.parse_math": False,  # what stands between two dollar signs is a title as any other
}  # fmt: skip
#: What is said of letters that the font has not: they are drawn as boxes, which says it where it is seen.
_OF_LETTERS = (r"Glyph \d+ .*missing from", "Matplotlib currently does not support")


@contextmanager
def style() -> Iterator[None]:
    """Draw in our style whatever the user's own settings of matplotlib are."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        for words in _OF_LETTERS:
            warnings.filterwarnings("ignore", words)
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def files_of(figure: Figure) -> dict[str, bytes]:
    """Return a figure as the files of it, by suffix: SVG and PNG, without date or maker."""
    FigureCanvasAgg(figure)
    only_text(figure)
    title = {"Title": visible(str(figure.get_label()))}
    svg, png = io.BytesIO(), io.BytesIO()
    with laid_out(figure):
        for axes in figure.axes:  # the solver's last bits depend on where objects lie in memory
            left, bottom, width, height = (round(number, 6) for number in axes.get_position().bounds)
            axes.set_position((left, bottom, width, height))
        figure.savefig(svg, format="svg", metadata=title | {"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=DPI, metadata=title | {"Software": None})
    return {"svg": svg.getvalue(), "png": png.getvalue()}


@contextmanager
def laid_out(figure: Figure) -> Iterator[None]:
    """Lay the panels of a figure out once for all that is drawn within: matplotlib would do it at each drawing.

    After a saving matplotlib gives a figure without an engine that of the settings: so they have none either.
    """
    if engine := figure.get_layout_engine():
        engine.execute(figure)
    with matplotlib.rc_context({"figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)
        yield


def save(figure: Figure, stem: Path, write: Callable[[Path, bytes], None] = write_whole) -> list[Path]:
    """Return the paths of a figure written as ``stem.svg`` and ``stem.png``, without date or maker.

    Each is written whole or not at all, and through no link; both are drawn before one is written.
    """
    files = {stem.with_name(f"{stem.name}.{suffix}"): content for suffix, content in files_of(figure).items()}
    for path, content in files.items():
        write(path, content)
    return list(files)


def only_text(figure: Figure, seen: Callable[[str], str] = lines) -> None:
    """Escape what in the words of a figure would not be seen, or could not stand in a file; cut endless lines."""
    for text in _texts_in(figure):
        told = seen(text.get_text()).split("\n")
        text.set_text("\n".join(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..." for line in told))


def _texts_in(artist: Artist) -> Iterator[Text]:
    """Yield the texts of a figure but those at ticks: they are what a formatter says, anew at each drawing."""
    if isinstance(artist, Text):
        yield artist
    for part in [artist.label] if isinstance(artist, Axis) else artist.get_children():
        yield from _texts_in(part)


# ---------------------------------------------------------------------------------------------------------------- frame


def framed(width: float, height: float, title: str) -> Figure:
    """Return an empty figure with its title at the head, and room for two lines at the foot."""
    figure = Figure(figsize=(width, height))
    figure.set_label(title)
    figure.text(MARGIN / width, 1 - MARGIN / height, title, va="top", fontsize=15, fontweight="bold", gid=_TITLE)
    leave_room(figure, head=0.5, foot=0.62)
    return figure


def leave_room(figure: Figure, *, head: float | None = None, foot: float | None = None) -> None:
    """Keep the panels out of the head and the foot (inches; None leaves it as it is)."""
    height, engine = figure.get_figheight(), figure.get_layout_engine()
    if not isinstance(engine, ConstrainedLayoutEngine):
        return  # its axes were put where they are by hand
    _, low, _, tall = engine.get()["rect"]
    below = low if foot is None else foot / height
    above = 1 - low - tall if head is None else head / height
    engine.set(rect=(0, below, 1, 1 - below - above), w_pad=0.08, h_pad=0.08)


def legend_of(figure: Figure, axes: Axes) -> None:
    """Put the legend of ``axes``, which serves for all panels, on a line of its own under the title."""
    key_line(figure, *axes.get_legend_handles_labels())


def key_line(figure: Figure, signs: Sequence[Any], words: Sequence[str]) -> None:
    """Put a key, signs with their words, on a line of its own under the title."""
    width, height = figure.get_size_inches()
    place = (MARGIN / width, 1 - 0.42 / height)
    together = {tuple: HandlerTuple(ndivide=None)}
    key = figure.legend(
        signs, words, loc="upper left", bbox_to_anchor=place, ncols=max(1, len(words)), borderpad=0.2,
        handler_map=together,
    )  # fmt: skip
    key.set_in_layout(False)
    leave_room(figure, head=0.8)


def with_source(figure: Figure, results: Results, meaning: str, most: int = MOST_VARIANTS) -> Figure:
    """Return the figure with its foot: what is drawn, the scenario, the number of worlds, the seed."""
    manifest, n = results.manifest, len(results.variants)
    facts = [
        scenario_line(manifest["label"], manifest.get("title"), "sweep" if manifest.get("sweep") else "scenario"),
        f"{manifest['worlds']:,} worlds",
        f"seed {manifest['seed']}",
    ]
    if results.status != FINISHED:
        facts.append("the run is not finished: worlds so far")
    if n > most:
        facts.append(f"the first {most} of {n} variants")
    if manifest["failures"]:
        facts.append(f"{len(manifest['failures']):,} worlds failed and are left out")
    return footed(figure, meaning, facts)


def scenario_line(label: str, title: str | None, what: str = "scenario") -> str:
    """Return what was played, in words where it has a title, and the label to run it again."""
    return visible(f"{title} ({what} {label})" if title else f"{what.capitalize()} {label}")


def footed(figure: Figure, meaning: str, facts: Sequence[str]) -> Figure:
    """Return the figure with its foot: what is drawn, and where it comes from."""
    width, height = figure.get_size_inches()
    text = wrapped(meaning, int(width * 14)) + ("\n" + "; ".join(facts) + "." if facts else "")
    figure.text(MARGIN / width, MARGIN / height, text.strip(), fontsize=8.5, color=GREY, va="bottom", gid=_FOOT)
    leave_room(figure, foot=0.32 + 0.15 * len(text.strip().splitlines()))
    return figure


def without_frame(figure: Figure) -> tuple[str, str]:
    """Take title and foot out of a figure; return them, for a page that says them in its own letters."""
    said = {text.get_gid(): text for text in figure.texts if text.get_gid() in (_TITLE, _FOOT)}
    for text in said.values():
        text.set_visible(False)
    for key in figure.legends:
        key.set_in_layout(True)  # else it is cut off with the margins
    title, foot = (said[gid].get_text() if gid in said else "" for gid in (_TITLE, _FOOT))
    return title, " ".join(foot.split())


def blank(panels: Iterable[Axes]) -> None:
    """Show no scales in these panels, and make none: ticks that nobody sees would be measured as any others."""
    for axes in panels:
        axes.set_axis_off()
        for scale in (axes.xaxis, axes.yaxis):
            scale.set_visible(False)


# ----------------------------------------------------------------------------------------------------------------- axes


def over_time(axes: Axes, days: float) -> Axes:
    """Lay the horizontal axis, which is in days, out in weeks or months, from the start to the last day."""
    unit, _ = unit_of_time(days)
    steps = (1, 2, 4) if unit == WEEK else (1, 3, 6, 12, 24, 60)
    step = next((s for s in steps if days / unit / s <= 8.5), 120)
    axes.set_xlim(0, days)
    axes.xaxis.set_major_locator(MultipleLocator(step * unit))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: f"{day / unit:.0f}"))
    return axes


def unit_of_time(days: float) -> tuple[float, str]:
    """Return the unit that suits so many days, in days, and its name: weeks up to four months, then months."""
    return (WEEK, "weeks") if days <= 4 * MONTH else (MONTH, "months")


def few_ticks(whole: bool = False) -> MaxNLocator:
    """Return a locator of four ticks or so."""
    return MaxNLocator(4, steps=[1, 2, 5, 10], integer=whole)


def axis_format(measure: Measure) -> Any:
    """Return how the numbers of a measure stand at an axis: shares as percentages."""
    if measure.unit.startswith("share"):
        return PercentFormatter(1.0, decimals=0)
    return FuncFormatter(lambda value, _: f"{value:,.0f}" if value == round(value) else f"{value:g}")


def note_in_margin(axes: Axes, row: float, words: str, shift: float = 0.0, **look: Any) -> None:
    """Write words into the margin right of a row, shifted up by so many points."""
    look.setdefault("va", "center")
    look.setdefault("fontsize", 9)
    axes.annotate(
        words, (1.0, row), xycoords=("axes fraction", "data"), xytext=(7, shift), textcoords="offset points", **look
    )


# ---------------------------------------------------------------------------------------------------------------- words


def in_lines(name: str, width: int) -> str:
    """Return a variant's name in lines of at most ``width`` letters, broken between what was varied if it can be."""
    whole = [part.replace(" ", "\N{NO-BREAK SPACE}") if len(part) < width else part for part in name.split(", ")]
    return wrapped(", ".join(whole), width).replace("\N{NO-BREAK SPACE}", " ")


def wrapped(words: str, width: int) -> str:
    """Return words in lines of at most ``width`` letters."""
    return "\n".join(textwrap.wrap(words, width, break_long_words=False))


def number_in_margin(number: float) -> str:
    """Return a number short enough for a margin: 1,240 or 38 or 0.62."""
    return f"{number:,.0f}" if abs(number) >= 10 or number == round(number) else f"{number:#.2g}"


def unit_at_axis(measure: Measure) -> str:
    """Return a measure's unit as it stands at an axis."""
    return {"share": "percent of the most it could be", "ratio": "ratio (1: no change)"}.get(measure.unit, measure.unit)


def time_label(results: Results) -> str:
    """Return what the axis of time counts, and from when."""
    start, (_, unit) = start_of(results), unit_of_time(horizon(results))
    return f"{unit} from {date_in_words(start) if start else 'the start'}"


# ---------------------------------------------------------------------------------------------------------- of a run


def start_of(results: Results) -> date | None:
    """Return the first day of the scenario, if the manifest says it."""
    start = results.manifest.get("start")
    return date.fromisoformat(str(start)[:10]) if start else None


def shown_variants(results: Results, most: int = MOST_VARIANTS) -> list[str]:
    """Return the variants that a figure has room for."""
    return results.variants[:most]
