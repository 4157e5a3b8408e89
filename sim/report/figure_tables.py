"""The numbers behind each figure, as tables."""

from collections.abc import Iterator, Sequence

import numpy as np

from sim import stats
from sim.inputs.labels import variant_names
from sim.names.actors import GOVERNORATES
from sim.names.measures import SERIES, Measure
from sim.plots.exits import END_LOOKS
from sim.plots.frame import shown_variants, unit_of_time
from sim.plots.places import ATTACKS, BASES, ISIS, MOST_ROWS, OPINION, Subject, by_place, when
from sim.plots.weekly import block_of, fan_of, series_label
from sim.report.blocks import Table
from sim.results import Results
from sim.results.comparison import Comparison
from sim.results.exits import horizon
from sim.wording import NOTHING, difference, interval, number

_SUBJECTS: dict[str, Subject] = {
    "isis_tiles": ISIS, "isis_maps": ISIS, "attack_maps": ATTACKS, "base_maps": BASES, "opinion_tiles": OPINION,
    "opinion_maps": OPINION,
}  # fmt: skip


def figure_table(figure: str, results: Results, compared: Comparison | None = None) -> Table | None:
    """Return the numbers that the figure of this name draws; None where it has no table of its own.

    ``compared`` is what the results come to, where that was worked out before.
    """
    if figure in _SUBJECTS:
        return _places(results, _SUBJECTS[figure])
    of_outcomes = {"distributions": _outcomes, "differences": _differences}
    if figure in of_outcomes:
        return of_outcomes[figure](results, compared or results.comparison())
    makers = {"exit_over_time": _exits, "fans": _fans}
    return makers[figure](results) if figure in makers else None


def _named(results: Results) -> list[tuple[str, str]]:
    labels = shown_variants(results)
    return list(zip(labels, variant_names(labels) if len(labels) > 1 else ["all worlds"], strict=True))


def _outcomes(results: Results, compared: Comparison) -> Table:
    rows = []
    for label, name in _named(results):
        found = compared.headline_summary(label)
        for m in compared.headlines:
            one = found[m.name]
            points = ("",) * 3 if m.kind == "flag" else tuple(number(p, m) for p in (one.p05, one.p50, one.p95))
            rows.append((f"{name}: {m.label}", number(one.mean, m), interval(one, m), *points))
    return Table(("", "mean", "95% interval", "p05", "median", "p95"), tuple(rows))


def _differences(results: Results, compared: Comparison) -> Table:
    found = compared.headline_differences()
    rows = []
    for label, name in _named(results)[1:]:
        for m in compared.headlines:
            one = found[label][m.name]
            shares = tuple("–" if share is None else f"{share:.0%}" for share in (one.higher, one.lower))
            rows.append((f"{name}: {m.label}", *difference(one.difference, one, m), _judged(one), *shares))
    return Table(("", "difference", "95% interval", "verdict", "worlds higher", "worlds lower"), tuple(rows))


def _judged(one: stats.Difference) -> str:
    """Return the verdict on a difference; of a tie that only the correction leaves open, that it is one."""
    return "tie, but for the correction" if stats.is_open_tie(one) else one.verdict


def _exits(results: Results) -> Table:
    """Return shares gone by quarter of the horizon: in any way with both bands, and by each end with its interval."""
    days = [round(share * horizon(results)) for share in (0.25, 0.5, 0.75, 1.0)]
    rows = []
    for label, name in _named(results):
        # Bands of the whole curve are those that the figure draws, so they are read off its days.
        table = results.comparison().incidence(label)
        at = [int(np.searchsorted(table.day, day, side="right")) - 1 for day in days]
        on_the_days, gone = results.comparison().incidence(label, days), table.gone
        rows.append((f"{name}: in any way", *_shares(on_the_days.gone)))
        rows.append((f"{name}: in any way, band of the whole curve",
                     *(f"{gone.band_low[k]:.1%} to {gone.band_high[k]:.1%}" for k in at)))  # fmt: skip
        rows += [(f"{name}: {words}", *_shares(on_the_days.ends[end]))
                 for end, (words, *_) in END_LOOKS.items()]  # fmt: skip
    unit, word = unit_of_time(horizon(results))
    heads = (f"by {word.removesuffix('s')} {day / unit:.0f}" for day in days)
    return Table(
        ("gone (95% interval of that day; rounded: counts of worlds stand in the findings)", *heads), tuple(rows)
    )


def _shares(curve: stats.IncidenceCurve) -> Iterator[str]:
    # Sums of steps are a hair off what they stand for, which tips a rounding.
    exact = (np.round(values, 12) for values in (curve.share, curve.low, curve.high))
    for share, lowest, highest in zip(*exact, strict=True):
        yield f"{share:.1%} ({lowest:.1%} to {highest:.1%})"


def _fans(results: Results) -> Table:
    rows: list[tuple[str, ...]] = []
    measures = [m for m in SERIES if m.headline and m.name in results.names("series")]
    weeks = _weeks(results, measures)
    for label, name in _named(results):
        for m in measures:
            fan = fan_of(results, m, label)
            rows.append((f"{name}: {series_label(results, m)}", *_at_weeks(fan, m, weeks, block_of(results, m))))
    head = "median (p05 to p95); counts up to the end of that week"
    return Table((head, *(f"week {week}" for week in weeks)), tuple(rows))


def _weeks(results: Results, measures: Sequence[Measure]) -> list[int]:
    """Return the weeks at which fans are read: ends of the blocks over which counts are added up."""
    block = max((block_of(results, m) for m in measures), default=1)
    blocks = max(1, horizon(results) // 7 // block)
    return sorted({block * max(1, round(share * blocks)) for share in (0.125, 0.25, 0.5, 0.75, 1.0)})


def _at_weeks(fan: stats.Fan, m: Measure, weeks: Sequence[int], block: int) -> Iterator[str]:
    """Yield the spread of a level in these weeks, or of a count over the last whole block up to each of them."""
    for week in weeks:
        ended = np.flatnonzero(fan.week + (block if m.kind == "count" else 0) <= week)
        if len(ended):
            k = ended[-1]
            yield f"{number(fan.p50[k], m)} ({number(fan.p05[k], m)} to {number(fan.p95[k], m)})"
        else:
            yield NOTHING


def _places(results: Results, subject: Subject) -> Table:
    columns = list(_columns(results, subject))
    head = tuple(title for title, _ in columns)
    rows = [(place, *(said[place] for _, said in columns)) for place in GOVERNORATES]
    kept = [row for row in rows if any(word.strip("0.%") for word in row[1:])]
    nothing = [row[0] for row in rows if row not in kept]
    note = f"Left out, being 0 everywhere: {', '.join(nothing)}" if nothing else ""
    return Table(("", *head), tuple(kept), note)


def _columns(results: Results, subject: Subject) -> Iterator[tuple[str, dict[str, str]]]:
    labels = shown_variants(results, MOST_ROWS)
    names = variant_names(labels) if len(labels) > 1 else [""]
    for label, name in zip(labels, names, strict=True):
        for moment in by_place(results, label, subject):
            words = "{:.0%}" if subject.kind == "share" else "{:,.1f}"
            title = f"{name}, {when(results, moment)}" if name else when(results, moment)
            yield title, {place: words.format(value) for place, value in moment.places.items()}
