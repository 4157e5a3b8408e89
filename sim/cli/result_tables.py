"""Tables of results on a terminal: outcomes, differences and verdicts, by theory, adjusted, spread apart.

Functions return what rich can print; nothing here writes anything.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.cli.tables import Renderable, as_text, escape
from sim.names.measures import OUTCOMES, Measure
from sim.wording import NOTHING, amount, difference, interval, number

if TYPE_CHECKING:
    from sim.experiments.adjusted import Adjusted
    from sim.results import Results
    from sim.results.by_theory import WeighedMeasure
    from sim.running.engine import Answer
    from sim.running.spread import Spread
    from sim.stats import AdjustedEstimate, Difference, Estimate, Preferences, Summary, VarianceComponents, WeightedMean

#: More variants than this stand below each other instead of side by side.
MOST_COLUMNS = 6
#: Then so many measures stand side by side.
MEASURES_ACROSS = 4
#: A word of a variant's name up to so long is never cut.
WIDEST_WORD = 30
#: What is known of a world that failed, in the words in which it is said.
_OF_FAILURE = (("stage", "stage"), ("cause", "cause"), ("to repeat", "repeat"))


def results_tables(results: "Results", preferences: "Preferences | None" = None, most: int | None = None) -> Renderable:
    """Return the tables of results: of one variant, or of several compared, with verdicts as the analyst judges.

    Of more variants than ``most`` the first ones are shown, and it is said how to see all.
    """
    results = results.begun()
    return _of_several_variants(results, preferences, most) if len(results.variants) > 1 else _of_one_variant(results)


def _title(results: "Results", worlds: int) -> Text:
    manifest = results.manifest
    words = f"{manifest['label']}: {worlds:,} worlds" + (" of each variant" if len(results.variants) > 1 else "")
    title = as_text(f"{words}, {manifest.get('days')} days, seed {manifest['seed']}", style="bold")
    if results.status != "finished":
        of = manifest.get("of_variants", len(results.variants))
        some = f"; {len(results.variants):,} of {of:,} variants" if of > len(results.variants) else ""
        title.append(f"  ({results.status}: worlds so far, of {manifest['worlds']:,}{some})", style="yellow")
    return title


def _of_one_variant(results: "Results") -> Renderable:
    """Return the outcomes of one variant, the headline ones first."""
    from sim.results import run_facts

    label = results.variants[0]
    summed = results.comparison()
    found, measures = summed.summary(label), summed.measures
    ordered = [m for m in measures if m.headline] + [m for m in measures if not m.headline]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("outcome", max_width=52)
    for head in ("mean", "95% interval", "p05", "p50", "p95"):
        table.add_column(head, justify="right", no_wrap=True)
    for k, measure in enumerate(ordered):
        _add_outcome(table, measure, found[measure.name])
        if measure.headline and not ordered[k + 1].headline:
            table.add_section()
    note = "The interval is of the mean (it narrows with more worlds); p05 to p95 is the spread over worlds."
    worlds = run_facts.count_worlds(results, label)
    return Group(
        _title(results, worlds), table, as_text(note, style="dim"), *_design_lines(results), *_failure_lines(results)
    )


def _add_outcome(table: Table, measure: Measure, found: "Summary") -> None:
    name = escape(measure.label) + _denominator(measure, found)
    if found.shares is not None:
        table.add_row(name)
        for category, share in found.shares.items():
            if share.value:
                row = (number(share.value, measure), interval(share, measure))
                table.add_row(f"  {escape(category.replace('_', ' '))}", *row)
        return
    spread = () if measure.kind == "flag" else (found.p05, found.p50, found.p95)
    cells = (number(found.mean, measure), interval(found, measure), *(number(one, measure) for one in spread))
    table.add_row(name + _unit(measure), *cells)


def _unit(measure: Measure) -> str:
    """Return a measure's unit in brackets, unless its label says it."""
    first = measure.unit.split()[0].removesuffix("s")
    told = first in measure.label or first in ("share", "people")
    return "" if told else f" [dim]({measure.unit})[/]"


def _denominator(measure: Measure, found: "Summary") -> str:
    return f" [dim](among {found.n:,} {measure.among})[/]" if measure.among else ""


def _of_several_variants(results: "Results", preferences: "Preferences | None", most: int | None) -> Renderable:
    """Return headline outcomes of all variants, and below how they differ from the baseline, with verdicts."""
    from sim.inputs.labels import short_labels
    from sim.results import run_facts

    labels, compared = results.variants, results.comparison(preferences)
    measures = compared.headlines
    names = [escape(name) for name in short_labels(labels)[:most]]
    found = [compared.headline_summary(label) for label in labels[:most]]
    differing = [compared.headline_differences()[label] for label in labels[1:most]]
    means = [[f"{number(f[m.name].mean, m)}\n[dim]{interval(f[m.name], m)}[/]" for m in measures] for f in found]
    apart = [[_difference_cell(f[m.name], m) for m in measures] for f in differing]
    zones = [_tie_zone(differing[0][m.name], m) for m in measures]
    worlds = run_facts.fewest_worlds(results)
    baseline = f"Differences to the baseline, [bold]{names[0]}[/], over the same worlds"
    note = (
        "Below each number its 95% interval. 'Here' and 'there' count the worlds in which it happened under this "
        "variant alone, and under the baseline alone. Verdicts are corrected by Holm for "
        f"{len(measures) * (len(labels) - 1)} comparisons: 'higher' and 'lower' are beyond the tie zone, a 'tie' is "
        "within it; how many more worlds would tell is reckoned as if difference and variance stayed."
    )
    return Group(
        _title(results, worlds), _grid(measures, names, means), Text.from_markup(baseline),
        _grid(measures, names[1:], apart, zones), as_text(note, style="dim"), *_rest_line(results, most),
        *_design_lines(results), *_pairing_lines(results), *_failure_lines(results),
    )  # fmt: skip


def _rest_line(results: "Results", most: int | None) -> list[Text]:
    """Return a line on how to see the variants that are not shown; nothing where all are."""
    from sim.results import suggested

    if most is None or len(results.variants) <= most:
        return []
    words = f"The first {most:,} of {len(results.variants):,} variants. For all: {suggested('show', results.folder)}"
    return [as_text(words, style="yellow")]


def answer_table(answer: "Answer") -> Renderable:
    """Return how headline outcomes of variants differ from the baseline's, as far as an engine has come.

    A line for each: it is to have room on a terminal, where it changes in place.
    """
    from sim.inputs.labels import short_labels

    baseline, *names = short_labels([*answer.summaries])
    words = f"{answer.worlds:,} of {answer.asked:,} worlds of each variant, seed {answer.seed}; differences to the"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("", *names):
        table.add_column(escape(head), overflow="fold")
    for measure in OUTCOMES:
        if measure.headline:
            cells = [_difference_line(found[measure.name], measure) for found in answer.differences.values()]
            table.add_row(escape(measure.label) + _unit(measure), *cells)
    failed = [as_text(f"{label}: {n:,} failed worlds are left out", "red") for label, n in answer.failed.items() if n]
    return Group(as_text(f"{words} baseline, {baseline}", style="bold"), table, *failed)


def _difference_line(found: "Difference", measure: Measure) -> str:
    from sim import stats

    said, between = difference(found.difference, found, measure)
    told = found.verdict not in (stats.CANNOT_TELL, stats.NOT_DEFINED)
    verdict = f"[bold]{found.verdict}[/]" if told else found.verdict
    return f"{said} [dim]({between or NOTHING})[/] {verdict}"


def answer_lines(answer: "Answer") -> list[str]:
    """Return the same in lines: one for each variant and measure."""
    from sim.inputs.labels import short_labels

    names = dict(zip(answer.summaries, short_labels([*answer.summaries]), strict=True))
    lines = [f"{answer.worlds:,} of {answer.asked:,} worlds, after {answer.seconds:.1f} s ({answer.ran:,} were run)"]
    for label, found in answer.differences.items():
        for measure in OUTCOMES:
            if measure.name in found:
                one = found[measure.name]
                said, between = difference(one.difference, one, measure)
                lines.append(f"  {names[label]}: {measure.label}: {said} ({between or NOTHING}), {one.verdict}")
    return lines + [f"  {label}: {n:,} failed worlds are left out" for label, n in answer.failed.items() if n]


def _tie_zone(found: "Difference", measure: Measure) -> str:
    """Return a measure's tie zone in words."""
    points = measure.unit.startswith("share")
    return f"tie: ±{100 * found.tie:.2g} points" if points else f"tie: ±{found.tie:,.2g}"


def _difference_cell(found: "Difference", measure: Measure) -> str:
    from sim import stats

    said, between = difference(found.difference, found, measure)
    told = found.verdict not in (stats.CANNOT_TELL, stats.NOT_DEFINED)
    cell = f"{said}\n[dim]{between}[/]" if between else said
    if measure.kind == "flag":
        cell += f"\n[dim]{found.only_second:,} here, {found.only_first:,} there[/]"
    cell += f"\n[bold]{found.verdict}[/]" if told else f"\n{found.verdict}"
    if (more := found.more_worlds) is not None:
        cell += f"\n[dim]({more if isinstance(more, str) else f'{more:,}'} more worlds)[/]"
    if found.uncorrected not in (None, found.verdict):
        cell += f"\n[dim](uncorrected: {found.uncorrected})[/]"
    return cell


def _pairing_lines(results: "Results") -> list[Text]:
    """Return a line for each variant on how its worlds part from the baseline's."""
    from sim.inputs.labels import short_labels

    found = results.pairing
    names = dict(zip(results.variants, short_labels(results.variants), strict=True))
    return [
        as_text(f"Pairing, {names[one.variant]}: {one.line()}", style="red" if one.errors else "dim")
        for one in found[:MOST_COLUMNS]
    ]


def _grid(
    measures: Sequence[Measure], names: Sequence[str], cells: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> Renderable:
    """Return a row for each measure and a column for each variant; the other way round for many variants.

    Many variants have a table for some measures at a time: no column is left out, and no number cut.
    """
    heads = [escape(m.label) + _unit(m) for m in measures]
    if notes:
        heads = [f"{head}\n[dim]{note}[/]" for head, note in zip(heads, notes, strict=True)]
    if len(names) <= MOST_COLUMNS:
        return _plain_grid(names, heads, [[cell[k] for cell in cells] for k in range(len(heads))])
    some = range(0, len(heads), MEASURES_ACROSS)
    return Group(*(
        _plain_grid(heads[at : at + MEASURES_ACROSS], names, [cell[at : at + MEASURES_ACROSS] for cell in cells])
        for at in some
    ))  # fmt: skip


def _plain_grid(across: Sequence[str], down: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    # A variant's name is told apart by its last words: they must not be cut.
    longest = max(len(word) for name in down for word in name.split())
    table.add_column("", min_width=min(longest, WIDEST_WORD) if len(down) > MOST_COLUMNS else 0)
    for name in across:
        table.add_column(name, justify="right", overflow="fold")
    for name, row in zip(down, rows, strict=True):
        table.add_row(name, *row)
    return table


def _design_lines(results: "Results") -> list[Text]:
    """Return lines on how worlds were drawn, where not one by one, and on the precisions that were asked for."""
    from sim.results.run_facts import drawn_by_design, precisions

    designed = drawn_by_design(results)
    lines = [as_text(designed, style="dim")] if designed else []
    asked = precisions(results)
    lines += [as_text(line, style="dim" if reached else "yellow") for line, reached in asked]
    return lines + ([as_text("Such statements hold in 95% of runs that stop so.", style="dim")] if asked else [])


def _failure_words(failure: dict[str, Any]) -> str:
    """Return what is known of a failure; of one that an older version noted, its words."""
    if "error" in failure:
        return str(failure["error"])
    return "; ".join(f"{words}: {failure.get(key, 'unknown')}" for words, key in _OF_FAILURE)


def _failure_lines(results: "Results") -> list[Text]:
    """Return a line for each variant with failed worlds, with the first of them."""
    from sim.results import run_facts

    lines = []
    for label in results.variants:
        failed = run_facts.failures(results, label)
        if failed:
            first = f"the first is world {failed[0]['world']}: {_failure_words(failed[0])}"
            lines.append(as_text(f"{label}: {len(failed):,} failed worlds are left out; {first}", style="red"))
    return lines + _crowding_lines(results)


def _crowding_lines(results: "Results") -> list[Text]:
    """Return a line for each variant in some of whose worlds there was more than a world has room for."""
    if "beyond_room" not in results.names():
        return []
    crowded = results.worlds_above_0("beyond_room")
    said = "more cells, attacks or strikes than a world has room for (beyond_room); they did not come about"
    return [as_text(f"{label}: in {n:,} worlds {said}", style="yellow") for label, n in crowded.items()]


def theory_tables(results: "Results", found: Sequence["WeighedMeasure"]) -> Renderable:
    """Return headline outcomes by theory: the baseline's means, the other variants' differences from it."""
    parts: list[Renderable] = [_title(results, results.worlds)]
    for variant in dict.fromkeys(one.variant for one in found):
        rows = [one for one in found if one.variant == variant]
        words = f"{variant}, less {rows[0].against}, over the same worlds" if rows[0].against else variant
        parts += [as_text(words, style="bold"), _theory_table(rows)]
    note = (
        "Below each mean its 95% interval. Weighed anew, worlds count by their theory's new share over the share "
        "drawn; in brackets how many worlds of equal weight that is worth."
    )
    return Group(*parts, as_text(note, style="dim"))


def _theory_table(rows: Sequence["WeighedMeasure"]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for heading, one in rows[0].found.items():
        table.add_column(f"{escape(heading)}\n[dim]({one.effective:,.0f} worlds)[/]", justify="right")
    for row in rows:
        cells = [_theory_cell(one, row.measure, bool(row.against)) for one in row.found.values()]
        table.add_row(escape(row.measure.label) + _unit(row.measure), *cells)
    return table


def _theory_cell(one: "WeightedMean", measure: Measure, apart: bool) -> str:
    if one.mean is None:
        return NOTHING
    if apart:
        said, between = difference(one.mean, one, measure)
        return f"{said}\n[dim]{between}[/]"
    return f"{number(one.mean, measure)}\n[dim]{interval(one, measure)}[/]"


def adjusted_tables(found: Sequence["Adjusted"]) -> Renderable:
    """Return means, and differences from the baseline, plain and freed of luck in the draw of inputs."""
    parts: list[Renderable] = [as_text("Adjusted for luck in the draw of inputs", style="bold")]
    for variant, against in dict.fromkeys((one.variant, one.against) for one in found):
        words = f"{variant}, less {against}, over the same worlds" if against else variant
        rows = [one for one in found if (one.variant, one.against) == (variant, against)]
        parts += [as_text(words, style="bold"), _adjusted_table(rows)]
    note = (
        "What worlds drew came out a little high or low by luck; its distribution is known, so what that has moved is "
        "taken off, as a regression on other worlds tells it. Both means are of the same thing; 'as good as' is the "
        "number of worlds that would give the plain mean as narrow an interval. Below 1 the gain is a loss."
    )
    return Group(*parts, as_text(note, style="dim"))


def _adjusted_table(rows: Sequence["Adjusted"]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for head in ("plain", "95% interval", "adjusted", "95% interval", "gain", "as good as"):
        table.add_column(head, justify="right")
    for row in rows:
        name = escape(row.measure.label) + (f": {escape(row.category.replace('_', ' '))}" if row.category else "")
        gain = row.found.gain
        told = (f"{gain:.2f}", f"{row.found.as_good_as:,} worlds") if gain else (NOTHING, row.found.why_not or "")
        table.add_row(name + _unit(row.measure), *_mean_cells(row.plain, row), *_mean_cells(row.found, row), *told)
    return table


def _mean_cells(one: "Estimate | AdjustedEstimate", row: "Adjusted") -> tuple[str, str]:
    if row.against:
        said, between = difference(one.value, one, row.measure)
        return said, between or NOTHING
    return number(one.value, row.measure), interval(one, row.measure)


def spread_tables(found: Sequence["Spread"], title: str) -> Renderable:
    """Return the spread of each variant and difference taken apart: a row for each headline measure."""
    from sim.running.spread import MEASURES
    from sim.stats import PARTS

    parts: list[Renderable] = [as_text(title, style="bold")]
    for one in found:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column(escape(one.heading), style="cyan")
        for head in ("mean", "its Monte Carlo error", "spread (sd)", *PARTS):
            table.add_column(head, justify="right")
        table.add_column("")
        for measure in MEASURES:
            table.add_row(escape(measure.label) + _unit(measure), *_spread_cells(one.found[measure.name], measure))
        parts.append(table)
    note = (
        "The spread is the standard deviation over worlds; its variance is parted into chance (the same world with "
        "other luck), parameters and theory, each with its 95% interval, and does not shrink with more worlds. The "
        "Monte Carlo error is that of the mean, and does. More worlds will not help once it is at most a tenth of what "
        "parameters and theory spread."
    )
    return Group(*parts, as_text(note, style="dim"))


def _spread_cells(found: "VarianceComponents", measure: Measure) -> list[str]:
    from sim.stats import PARTS

    mean, verdict = number(found.mean, measure), found.verdict or ""
    if found.error is None or found.variance is None:
        return [mean, *[NOTHING] * (2 + len(PARTS)), verdict]
    parts = [(found.components or {}).get(name) for name in PARTS]
    shares = [f"{one.share:.0%}\n[dim]{one.low:.0%} to {one.high:.0%}[/]" if one else NOTHING for one in parts]
    return [mean, f"±{amount(found.error, measure)}", amount(found.variance**0.5, measure), *shares, verdict]
