"""What happens in the 18 governorates, at a few dates: as tiles, as circles and as shades on their outlines."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache, partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Patch, Polygon, Rectangle
from matplotlib.patheffects import withStroke

from sim.inputs.labels import variant_names
from sim.inputs.yaml.files import home
from sim.names.actors import GOVERNORATES
from sim.names.measures import SERIES, places_of
from sim.plots.frame import GREY, INK, blank, framed, in_lines, key_line, shown_variants, start_of, with_source
from sim.plots.read_once import read_once
from sim.results import Results
from sim.wording import headed

#: Each governorate's square, column and row from the north-west: neighbours stand beside or across from each other.
TILES = {
    "Duhok": (0, 0), "Erbil": (1, 0),
    "Ninewa": (0, 1), "Kirkuk": (1, 1), "Sulaymaniyah": (2, 1),
    "Anbar": (0, 2), "Salah al-Din": (1, 2), "Diyala": (2, 2),
    "Karbala": (0, 3), "Baghdad": (1, 3), "Wasit": (2, 3),
    "Najaf": (0, 4), "Babil": (1, 4), "Qadisiyah": (2, 4), "Maysan": (3, 4),
    "Muthanna": (1, 5), "Dhi Qar": (2, 5), "Basra": (3, 5),
}  # fmt: skip
#: Dates side by side, and variants below each other, at most.
DATES, MOST_ROWS = 4, 5
#: Weeks that are added up before each date: as many as fit three times into the series.
BLOCKS = (13, 4, 1)
#: A degree of longitude over one of latitude, in the middle of Iraq.
_NARROW = float(np.cos(np.radians(33.2)))
#: The radius of the largest circle, and the width of a letter, in degrees of latitude.
_LARGEST, _LETTER = 0.65, 0.21
#: Words stand east of what lies east of this, and west of the rest.
_EAST = 44.1 * _NARROW
#: Below this part of the largest number of all a place has no circle: it would be a dot.
_TOO_SMALL = 0.005
_SHADES = colormaps["YlOrBr"]
_LAND, _DISC = "#F3F1EC", "#F7C65B"
#: Keeps words legible where they cross a border.
_HALO = withStroke(linewidth=2, foreground=_LAND)
Table = Mapping[str, float]
#: A circle: where it is, and its radius.
Disc = tuple[float, float, float]
_OUTLINES = (
    "Outlines: Natural Earth (public domain), simplified; they take no side on disputed borders, and draw Baghdad as "
    "little more than the city."
)


class Subject(NamedTuple):
    """What is shown by place: its weekly series, the title, the whole of Iraq in words, what a reader must know."""

    series: str
    title: str
    whole: str
    note: str = ""

    @property
    def kind(self) -> str:
        """Return its kind: a ``count`` is added up over weeks before a date, all else is read off on the date."""
        return next(measure.kind for measure in SERIES if measure.name == self.series)


ISIS = Subject("isis_attacks", "ISIS attacks by governorate: mean number {when} before each date", "{} in all")
ATTACKS = Subject(
    "attacks", "Attacks on US sites by governorate: mean number {when} before each date", "{} in all",
    "Attacks on US sites in Syria and Jordan are left out.",
)  # fmt: skip
BASES = Subject(
    "us_troops", "US troops by governorate: mean number on each date", "{} in all",
    "Troops at bases in Syria and Jordan are left out.",
)  # fmt: skip
OPINION = Subject(
    "anti_us", "Anger at the US by governorate: mean share of people angry on each date", "{} of all Iraqis"
)


class Moment(NamedTuple):
    """Means over worlds at one date: the first week that they cover, the one after the last, by place, of all Iraq."""

    first: int
    end: int
    places: Table
    iraq: float


class Scale(NamedTuple):
    """How numbers look, the same in all panels: the least and the most of them, and whether they are shares."""

    least: float
    most: float
    share: bool = False

    def number_in_panel(self, number: float) -> str:
        """Return a number as it stands in a panel."""
        if self.share:
            return f"{number:.0%}"
        return f"{number:,.0f}" if number >= 9.95 or number < 0.05 else f"{number:.1f}"

    def edges(self) -> np.ndarray:
        """Return the edges of the steps in which shares are shaded, ten points each."""
        low, high = np.floor(10 * self.least), np.ceil(10 * self.most)
        return np.arange(low, max(high, low + 1) + 1) / 10

    def shade(self, number: float) -> Any:
        """Return a number's colour, the darker the larger: shares in equal steps, counts by their square root."""
        if not self.share:
            return _SHADES(0.9 * float(np.sqrt(number / self.most)))
        steps = len(self.edges()) - 1
        step = int(np.clip(np.searchsorted(self.edges(), number, side="right") - 1, 0, steps - 1))
        return _SHADES(0.08 + 0.82 * (step + 0.5) / steps)


# -------------------------------------------------------------------------------------------------------------- figures


def isis_tiles(results: Results) -> Figure | None:
    """Return a figure of ISIS attacks by governorate as tiles, a row for each variant; None without the series."""
    return _small_multiples(results, ISIS, draw_tiles, _TILED)


def isis_maps(results: Results) -> Figure | None:
    """Return a figure of ISIS attacks as circles on outlines, a row for each variant; None without the series."""
    return _small_multiples(results, ISIS, draw_circles, f"{_CIRCLED} The figure of tiles has the names.")


def attack_maps(results: Results) -> Figure | None:
    """Return a figure of attacks on US sites as circles on outlines, a row a variant; None without the series."""
    return _small_multiples(results, ATTACKS, partial(draw_circles, named=True), _CIRCLED)


def base_maps(results: Results) -> Figure | None:
    """Return a figure of US troops as circles on outlines, a row for each variant; None without the series."""
    return _small_multiples(results, BASES, partial(draw_circles, named=True), _CIRCLED)


def opinion_tiles(results: Results) -> Figure | None:
    """Return a figure of anger at the US by governorate as tiles, a row for each variant; None without the series."""
    return _small_multiples(results, OPINION, draw_tiles, _TILED)


def opinion_maps(results: Results) -> Figure | None:
    """Return a figure of anger at the US as shades of the outlines, a row for each variant; None without the series."""
    meaning = f"The darker a governorate, the more of its people are angry at the US. {_OUTLINES}"
    return _small_multiples(results, OPINION, draw_shades, f"{meaning} The figure of tiles has names and numbers.")


_TILED = "One square for each governorate, roughly in its place; north is up. The darker, the larger its number."
_CIRCLED = "The area of a circle is the number in or beside it; the smallest are left out. " + _OUTLINES
Draw = Callable[[Table, Axes, Scale], Axes]


def _small_multiples(results: Results, subject: Subject, draw: Draw, meaning: str) -> Figure | None:
    if not {subject.series, *places_of(subject.series)} <= set(results.names("series")):
        return None
    variants = shown_variants(results, MOST_ROWS)
    rows = [by_place(results, variant, subject) for variant in variants]
    scale = scale_of(rows, subject.kind)
    wide, tall = (3.05, 2.6) if draw is draw_tiles else (2.75, 2.75)
    size = max(8.2, wide * len(rows[0]) + 0.5), 1.5 + (tall + 0.25) * len(variants)
    figure = framed(*size, subject.title.format(when=_over_how_long(rows[0][0])))
    panels = figure.subplots(len(variants), len(rows[0]), squeeze=False)
    for row, moments, name in zip(panels, rows, variant_names(variants), strict=True):
        for axes, moment in zip(row, moments, strict=True):
            draw(moment.places, axes, scale)
            whole = subject.whole.format(scale.number_in_panel(moment.iraq))
            axes.set_title(f"{when(results, moment)}: {whole}", fontsize=9.5)
        if len(variants) > 1:
            _name_row(row[0], in_lines(name, 24))
    blank(panels.flat)
    if draw is draw_shades:
        key_line(figure, *_key_of_shades(scale))
    words = " ".join(filter(None, (f"Means over {_worlds(results)}.", subject.note, meaning)))
    return with_source(figure, results, words, MOST_ROWS)


def scale_of(rows: Sequence[Sequence[Moment]], kind: str) -> Scale:
    """Return the scale that serves for all panels."""
    numbers = [number for moments in rows for moment in moments for number in moment.places.values()]
    return Scale(min(numbers), max(numbers) or 1.0, share=kind == "share")


def _name_row(axes: Axes, words: str) -> None:
    axes.annotate(
        words, (0, 0.5), xycoords="axes fraction", xytext=(-8, 0), textcoords="offset points", rotation=90,
        ha="right", va="center", ma="center", fontweight="bold",
    )  # fmt: skip


def _worlds(results: Results) -> str:
    kept = results.series_columns([], results.variants[0])["world"].nunique()
    return f"the first {kept:,} worlds" if kept < results.worlds else "worlds"


def by_place(results: Results, variant: str, subject: Subject) -> list[Moment]:
    """Return the means over worlds at a few dates of a variant, the last of them at the end."""
    what = ("by place", variant, subject.series, subject.kind)
    return read_once(results, what, lambda: _read_by_place(results, variant, subject))


def _read_by_place(results: Results, variant: str, subject: Subject) -> list[Moment]:
    columns = [subject.series, *places_of(subject.series)]
    weekly = results.series_columns(columns, variant).groupby("week", observed=True)[columns].mean().to_numpy()
    weeks = len(weekly)
    block = next(b for b in BLOCKS if b == 1 or 3 * b <= weeks) if subject.kind == "count" else 1
    n = min(DATES, weeks // block)
    first = min(2, weeks) if block == 1 and subject.kind == "count" else block  # the first record holds one day
    ends = np.linspace(first, weeks, n).astype(int) if n > 1 else np.array([weeks])
    sums = {int(end): weekly[end - block : end].sum(axis=0).tolist() for end in ends}
    return [
        Moment(end - block, end, dict(zip(GOVERNORATES, places, strict=True)), iraq)
        for end, (iraq, *places) in sums.items()
    ]


def _over_how_long(moment: Moment) -> str:
    weeks = moment.end - moment.first
    return f"in the {weeks} weeks" if weeks > 1 else "in the week"


def when(results: Results, moment: Moment) -> str:
    """Return in words the day of a moment's last record."""
    start, day = start_of(results), 7 * (moment.end - 1)
    words = f"day {day}" if start is None else f"{(on := start + timedelta(days=day)).day} {on:%b %Y}"
    return headed(words)


# -------------------------------------------------------------------------------------------------------------- drawing


def draw_tiles(table: Table, axes: Axes, scale: Scale) -> Axes:
    """Draw a square for each governorate with its number, the darker the larger."""
    for place, (column, row) in TILES.items():
        shade = scale.shade(table[place])
        axes.add_patch(Rectangle((column, -row), 0.96, 0.94, facecolor=shade, edgecolor=GREY, lw=0.6))
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": "white" if _lightness(shade) < 0.55 else INK}
        look["in_layout"] = False  # it stays inside its square: nothing needs to make room for it
        axes.text(column + 0.48, -row + 0.66, place, fontsize=6.4, **look)
        axes.text(column + 0.48, -row + 0.3, scale.number_in_panel(table[place]), fontsize=9, **look)
    axes.set(xlim=(-0.05, 4.05), ylim=(-5.1, 1.05))
    return axes


def draw_circles(table: Table, axes: Axes, scale: Scale, named: bool = False) -> Axes:
    """Draw a circle in each governorate, its area the number there, and the number; the name too if ``named``."""
    _draw_land(axes, [_LAND] * len(GOVERNORATES))
    circles = _circles(table, scale)
    for place, (x, y, radius) in circles.items():
        axes.add_patch(Circle((x, y), radius, facecolor=_DISC, edgecolor=INK, lw=0.7, alpha=0.9, zorder=2))
        number = scale.number_in_panel(table[place])
        fits = 2 * radius >= 0.8 * _LETTER * (len(number) + 0.5)
        if fits:
            axes.text(x, y, number, fontsize=7, zorder=4, ha="center", va="center_baseline")
        if words := " ".join(filter(None, ("" if fits else number, place if named else ""))):
            left = _words_go_left(circles[place], _LETTER * len(words), circles.values())
            at, side = (x - radius - 0.07, "right") if left else (x + radius + 0.07, "left")
            axes.text(at, y, words, fontsize=7, zorder=3, ha=side, va="center_baseline", path_effects=[_HALO])
    return axes


def _circles(table: Table, scale: Scale) -> dict[str, Disc]:
    """Return the circles to draw, by place, the largest first."""
    large = sorted(table, key=lambda name: (-table[name], name))
    seen = [p for p in large if table[p] >= _TOO_SMALL * scale.most and scale.number_in_panel(table[p]) != "0"]
    outlines = outlines_of_governorates()
    return {p: (*_middle(outlines[p]), _LARGEST * float(np.sqrt(table[p] / scale.most))) for p in seen}


def _words_go_left(disc: Disc, wide: float, discs: Iterable[Disc]) -> bool:
    """Return whether words stand left of a circle: in the west, and in the east where they would meet another one."""
    x, y, radius = disc
    low, high = x + radius, x + radius + 0.07 + wide
    met = (other for other in discs if other != disc and abs(other[1] - y) < other[2] + 0.5 * _LETTER)
    return x < _EAST or any(other[0] - other[2] < high and low < other[0] + other[2] for other in met)


def draw_shades(table: Table, axes: Axes, scale: Scale) -> Axes:
    """Draw the governorates, the darker the larger their number."""
    return _draw_land(axes, [scale.shade(table[place]) for place in GOVERNORATES])


def _draw_land(axes: Axes, colours: Sequence[Any]) -> Axes:
    """Draw the outlines of the governorates, filled with these colours."""
    outlines = [Polygon(ring, closed=True) for ring in outlines_of_governorates().values()]
    axes.add_collection(PatchCollection(outlines, facecolor=colours, edgecolor="#8A8A8A", linewidth=0.6))
    axes.autoscale_view()
    axes.set_aspect("equal")
    return axes


def _key_of_shades(scale: Scale) -> tuple[list[Patch], list[str]]:
    """Return the steps of shares as signs with their words."""
    edges = scale.edges()
    steps = list(pairwise(edges))
    signs = [Patch(facecolor=scale.shade((low + high) / 2), edgecolor=GREY) for low, high in steps]
    return signs, [f"{100 * low:.0f}\N{EN DASH}{100 * high:.0f}%" for low, high in steps]


@cache
def outlines_of_governorates() -> dict[str, np.ndarray]:
    """Return the outline of each governorate, (points, 2), in degrees of latitude east and north."""
    path = home() / "configs" / "maps" / "iraq_governorates.json"
    rings = json.loads(path.read_text(encoding="utf-8"))
    return {place: np.array(rings[place]) * (_NARROW, 1.0) for place in GOVERNORATES}


def _middle(ring: np.ndarray) -> tuple[float, float]:
    """Return the centre of a ring's area."""
    x, y = (ring - ring[0]).T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    along = (x + np.roll(x, -1)) * cross, (y + np.roll(y, -1)) * cross
    return tuple(float(start + part.sum() / (3 * cross.sum())) for start, part in zip(ring[0], along, strict=True))  # type: ignore[return-value]


def _lightness(colour: Any) -> float:
    red, green, blue, _ = colour
    return float(0.299 * red + 0.587 * green + 0.114 * blue)
