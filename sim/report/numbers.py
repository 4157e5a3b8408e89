"""The numbers behind each figure, as tables."""

from collections.abc import Iterator

import numpy as np

from sim import runs, stats
from sim.names.actors import GOVERNORATES
from sim.names.measures import SERIES
from sim.plots.frame import MONTH, horizon, shown, variant_names
from sim.plots.places import ATTACKS, BASES, ISIS, MOST_ROWS, OPINION, Subject, by_place, when
from sim.plots.weekly import EXIT_LOOKS
from sim.report.blocks import Table
from sim.said import difference, interval, number
from sim.store import Results

_SUBJECTS: dict[str, Subject] = {
    "isis_tiles": ISIS, "isis_maps": ISIS, "attack_maps": ATTACKS, "base_maps": BASES, "opinion_tiles": OPINION,
    "opinion_maps": OPINION,
}  # fmt: skip


def numbers_of(figure: str, results: Results) -> Table | None:
    """Return the numbers that the figure of this name draws; None where it has no table of its own."""
    if figure in _SUBJECTS:
        return _places(results, _SUBJECTS[figure])
    makers = {
        "distributions": _outcomes, "differences": _differences, "exit_over_time": _exits, "fans": _fans,
    }  # fmt: skip
    return makers[figure](results) if figure in makers else None


def _named(results: Results) -> list[tuple[str, str]]:
    labels = shown(results)
    return list(zip(labels, variant_names(labels) if len(labels) > 1 else ["all worlds"], strict=True))


def _outcomes(results: Results) -> Table:
    rows = []
    for label, name in _named(results):
        found = runs.summary(results, label)
        for m in runs.headlines_of(results):
            one = found[m.name]
            points = ("",) * 3 if m.kind == "flag" else tuple(number(one[p], m) for p in ("p05", "p50", "p95"))
            rows.append((f"{name}: {m.label}", number(one["mean"], m), interval(one, m), *points))
    return Table(("", "mean", "95% interval", "p05", "median", "p95"), tuple(rows))


def _differences(results: Results) -> Table:
    (baseline, _), *others = _named(results)
    rows = []
    for label, name in others:
        found = runs.differences(results, label)
        for m in runs.headlines_of(results):
            apart = stats.shares_apart(*results.pair(m.name, baseline, label))
            shares = tuple("–" if apart[side] is None else f"{apart[side]:.0%}" for side in ("higher", "lower"))
            rows.append((f"{name}: {m.label}", *difference(found[m.name], m), *shares))
    return Table(("", "difference", "95% interval", "worlds higher", "worlds lower"), tuple(rows))


def _exits(results: Results) -> Table:
    days = [round(share * horizon(results)) for share in (0.25, 0.5, 0.75, 1.0)]
    rows = []
    for label, name in _named(results):
        curve = stats.exit_curve(
            results.column("exit_day", label), results.column("exit_kind", label), np.array(days, dtype=float)
        )
        for kind, (words, *_) in EXIT_LOOKS.items():
            rows.append((f"{name}: {words}", *(f"{share:.1%}" for share in curve[kind])))
    return Table(("gone", *(f"by month {day / MONTH:.0f}" for day in days)), tuple(rows))


def _fans(results: Results) -> Table:
    rows: list[tuple[str, ...]] = []
    measures = [m for m in SERIES if m.headline and m.name in results.names("series")]
    weeks: list[int] = []
    for label, name in _named(results):
        for m in measures:
            frame = results.series_columns([m.name], label)
            fan = stats.fan({c: frame[c].to_numpy() for c in ("world", "week", m.name)}, m.name)
            at = np.linspace(0, len(fan["week"]) - 1, 5).astype(int)
            weeks = [int(fan["week"][k]) for k in at]
            spread = (
                f"{number(fan['p50'][k], m)} ({number(fan['p05'][k], m)} to {number(fan['p95'][k], m)})" for k in at
            )
            rows.append((f"{name}: {m.label}", *spread))
    return Table(("median (p05 to p95)", *(f"week {week}" for week in weeks)), tuple(rows))


def _places(results: Results, subject: Subject) -> Table:
    columns = list(_columns(results, subject))
    head = tuple(title for title, _ in columns)
    rows = [(place, *(said[place] for _, said in columns)) for place in GOVERNORATES]
    return Table(("", *head), tuple(rows))


def _columns(results: Results, subject: Subject) -> Iterator[tuple[str, dict[str, str]]]:
    labels = shown(results, MOST_ROWS)
    names = variant_names(labels) if len(labels) > 1 else [""]
    for label, name in zip(labels, names, strict=True):
        for moment in by_place(results, label, subject):
            words = "{:.0%}" if subject.kind == "share" else "{:,.1f}"
            title = f"{name}, {when(results, moment)}" if name else when(results, moment)
            yield title, {place: words.format(value) for place, value in moment.places.items()}
