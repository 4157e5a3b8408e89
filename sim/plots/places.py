"""ISIS attacks by governorate at a few dates: as tiles, and as circles on the governorates' outlines."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Rectangle

from sim.names.actors import GOVERNORATES
from sim.names.measures import place_series
from sim.plots.frame import GREY, INK, ORANGE, blank, framed, shown, signed, start_of, variant_names, wrapped
from sim.store import Results
from sim.yamlfile import home

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
#: The radius of the largest circle, in degrees of latitude.
_LARGEST = 0.65
#: A circle so large (radius) holds its number; that of a smaller one stands beside it.
_HOLDS_NUMBER = 0.27
Table = Mapping[str, float]


def isis_tiles(results: Results) -> Figure | None:
    """Return a figure of ISIS attacks by governorate as tiles, a row for each variant; None without the series."""
    meaning = "One square for each governorate, roughly in its place; north is up. The darker, the more attacks."
    return _small_multiples(results, draw_tiles, (3.05, 2.6), meaning)


def isis_maps(results: Results) -> Figure | None:
    """Return a figure of ISIS attacks as circles on outlines, a row for each variant; None without the series."""
    meaning = (
        "The area of a circle is the number of attacks; none where it is below 0.5. Outlines: Natural Earth (public "
        "domain), simplified; they take no side on disputed borders, and draw Baghdad as little more than the city. "
        "The figure of tiles has the names."
    )
    return _small_multiples(results, draw_map, (2.75, 2.75), meaning)


def _small_multiples(
    results: Results, draw: Callable[[Table, Axes, float], Axes], size: tuple[float, float], meaning: str
) -> Figure | None:
    if not set(map(place_series, GOVERNORATES)) <= set(results.names("series")):
        return None
    variants = shown(results, MOST_ROWS)
    tables = {variant: attacks_by_place(results, variant) for variant in variants}
    dates = list(tables[variants[0]])
    top = max(max(table.values()) for of_variant in tables.values() for table in of_variant.values())
    size = max(8.2, size[0] * len(dates) + 0.5), 1.5 + (size[1] + 0.25) * len(variants)
    block = dates[0][1] - dates[0][0]
    in_block = f"in {block} weeks" if block > 1 else "in a week"
    figure = framed(*size, f"Where ISIS attacks: mean number {in_block}, by governorate")
    panels = figure.subplots(len(variants), len(dates), squeeze=False)
    for row, variant, name in zip(panels, variants, variant_names(variants), strict=True):
        for axes, (weeks, table) in zip(row, tables[variant].items(), strict=True):
            draw(table, axes, max(top, 1.0))
            axes.set_title(f"{_until(results, weeks[1])}: {sum(table.values()):,.0f} in all", fontsize=9.5)
        if len(variants) > 1:
            _name_row(row[0], wrapped(name, 24))
    blank(panels.flat)
    return signed(figure, results, f"Means over {_worlds(results)}. {meaning}", MOST_ROWS)


def _name_row(axes: Axes, words: str) -> None:
    axes.annotate(
        words, (0, 0.5), xycoords="axes fraction", xytext=(-8, 0), textcoords="offset points", rotation=90,
        ha="right", va="center", ma="center", fontweight="bold",
    )  # fmt: skip


def _worlds(results: Results) -> str:
    kept = results.series_columns([], results.variants[0])["world"].nunique()
    return f"the first {kept:,} worlds" if kept < results.manifest["worlds"] else "worlds"


def attacks_by_place(results: Results, variant: str) -> dict[tuple[int, int], dict[str, float]]:
    """Return mean ISIS attacks of each governorate by weeks: blocks (a quarter, or less) that end at a few dates.

    Keys are the first week of a block and the week after its last.
    """
    columns = [place_series(place) for place in GOVERNORATES]
    weekly = results.series_columns(columns, variant).groupby("week", observed=True)[columns].mean().to_numpy()
    weeks = len(weekly)
    block = next(b for b in BLOCKS if b == 1 or 3 * b <= weeks)
    n = min(DATES, weeks // block)
    ends = np.linspace(block, weeks, n).astype(int) if n > 1 else [weeks]
    sums = {int(end): weekly[end - block : end].sum(axis=0).tolist() for end in ends}
    return {(end - block, end): dict(zip(GOVERNORATES, of_block, strict=True)) for end, of_block in sums.items()}


def _until(results: Results, week: int) -> str:
    """Return in words the day on which the record of the week before ``week`` is made."""
    start, day = start_of(results), 7 * (week - 1)
    if start is None:
        return f"Up to day {day}"
    on = start + timedelta(days=day)
    return f"Up to {on.day} {on:%b %Y}"


# -------------------------------------------------------------------------------------------------------------- drawing


def draw_tiles(table: Table, axes: Axes, top: float) -> Axes:
    """Draw a square for each governorate with its number, the darker the larger (``top`` is the darkest)."""
    for place, (column, row) in TILES.items():
        shade = colormaps["YlOrBr"](0.9 * np.sqrt(table[place] / top))
        axes.add_patch(Rectangle((column, -row), 0.96, 0.94, facecolor=shade, edgecolor=GREY, lw=0.6))
        ink = "white" if _lightness(shade) < 0.55 else INK
        axes.text(column + 0.48, -row + 0.66, place, fontsize=6.4, ha="center", va="center", color=ink)
        axes.text(column + 0.48, -row + 0.3, _number(table[place]), fontsize=9, ha="center", va="center", color=ink)
    axes.set(xlim=(-0.05, 4.05), ylim=(-5.1, 1.05))
    return axes


def draw_map(table: Table, axes: Axes, top: float) -> Axes:
    """Draw a circle in each governorate, its area the number there (``top`` is the largest), and the number."""
    outlines = [Polygon(ring, closed=True) for ring in outlines_of_governorates().values()]
    axes.add_collection(PatchCollection(outlines, facecolor="#F3F1EC", edgecolor="#9A9A9A", linewidth=0.6))
    for place in sorted(table, key=lambda name: (-table[name], name)):
        if table[place] < 0.5:
            continue
        x, y = _middle(outlines_of_governorates()[place])
        radius = _LARGEST * float(np.sqrt(table[place] / top))
        axes.add_patch(Circle((x, y), radius, facecolor=ORANGE, edgecolor=INK, lw=0.7, alpha=0.85, zorder=2))
        inside = radius >= _HOLDS_NUMBER
        axes.text(x if inside else x + radius + 0.07, y, f"{table[place]:,.0f}", fontsize=7, zorder=3,
                  ha="center" if inside else "left", va="center_baseline")  # fmt: skip
    axes.autoscale_view()
    axes.set_aspect("equal")
    return axes


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


def _number(attacks: float) -> str:
    return f"{attacks:,.0f}" if attacks >= 9.95 or attacks < 0.05 else f"{attacks:.1f}"


def _lightness(colour: Any) -> float:
    red, green, blue, _ = colour
    return float(0.299 * red + 0.587 * green + 0.114 * blue)
