"""Headline outcomes by theory: what survives all of them, and what needs one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sim.inputs.labels import variant_names
from sim.inputs.theory import theory_purpose
from sim.plots.frame import style
from sim.plots.theories import theory_heat
from sim.report.blocks import Block, Para, Picture, Points, Table, code, unmarked
from sim.report.comparison import difference_in_lines
from sim.report.context import Context
from sim.report.pictures import page_figure
from sim.report.predictions import stale_warning
from sim.report.predictions_by_theory import other_theories
from sim.report.verdicts import mean_and_interval
from sim.results import suggested
from sim.results.by_theory import WeighedMeasure
from sim.stats import WeightedMean
from sim.wording import headed


def section(context: Context) -> Iterator[Block]:
    """Yield each headline outcome under each theory, where worlds or variants have several."""
    theories, found = context.theories
    if not found:
        yield from _of_separate_trials(context)
        return
    yield _purposes(theories)
    labels = list(dict.fromkeys(one.variant for one in found))
    words = map(unmarked, variant_names(labels)) if len(labels) > 1 else context.names[:1]
    names = dict(zip(labels, words, strict=True))
    compared = [one for one in found if one.against]
    if compared:
        yield _heat(context, compared, theories, names)
        yield Points(tuple(_survivals(compared, theories, names)))
    for variant in labels:
        yield _table([one for one in found if one.variant == variant], theories, names)


def _purposes(theories: Sequence[str]) -> Points:
    purposes = [(name, unmarked(theory_purpose(name))) for name in theories]
    return Points(tuple(f"{name}: {purpose}" for name, purpose in purposes if purpose))


def _of_separate_trials(context: Context) -> Iterator[Block]:
    """Yield what separate trials show under each theory of what is compared here, where worlds took one reading."""
    yield Para(
        f"All worlds took one reading of the conflict ({context.inputs['theory']}), so these results alone do not "
        "say whether a finding survives another; a run in which worlds draw their theory, or one that varies it, "
        f"would: {code('--theory documents:1,deterrence:1,proxies:1')}."
    )
    trial, checks = context.trial, context.checks
    sentences, table = other_theories(trial, checks, context.labels, context.names) if trial and checks else ([], None)
    if not sentences:
        return
    if words := stale_warning(trial, context.manifest["rules_hash"]):
        yield Para(words, "warning")
    yield Para(
        f"Separate trials of the predictions ({trial['worlds']:,} worlds an arm, one theory at a time) tried "
        "some of the comparisons made here. What they show:"
    )
    yield Points(tuple(sentences))
    yield from [table] if table else []
    yield Para("The theories:")
    yield _purposes(trial["theories"])


def _heat(
    context: Context, compared: Sequence[WeighedMeasure], theories: Sequence[str], names: Mapping[str, str]
) -> Picture:
    """Return the figure of differences under each theory."""
    rows = list(dict.fromkeys(names[one.variant] for one in compared))
    panels = [
        (m, {(names[o.variant], t): o.found[t] for o in compared if o.measure == m for t in theories})
        for m in context.measures
    ]
    with style():
        one = page_figure(theory_heat(panels, rows, theories, names[compared[0].against], []))
    return Picture("by_theory", one.title, one.png, *one.size, one.says, suggested("report", context.folder))


def _table(rows: Sequence[WeighedMeasure], theories: Sequence[str], names: Mapping[str, str]) -> Table:
    """Return one variant's outcomes by theory, or how they differ from the baseline's."""
    name, against = names[rows[0].variant], rows[0].against
    words = f"{name}, less {names[against]}" if against else f"{name}: means"
    cells = ((headed(one.measure.label), *(_cell(one, theory) for theory in theories)) for one in rows)
    return Table(("", *theories), tuple(cells), f"{words}, by theory", folded=True)


def _cell(one: WeighedMeasure, theory: str) -> str:
    found = one.found[theory]
    if found.mean is None:
        return "–"
    if one.against:
        return difference_in_lines(found.mean, found, one.measure)
    low = max(0.0, found.low) if found.low is not None and one.measure.unit.startswith("share") else found.low
    return mean_and_interval(replace(found, low=low), one.measure)


# What survives ----------------------------------------------------------------------------------------------------


def _survivals(compared: Sequence[WeighedMeasure], theories: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
    """Yield for each variant which differences have one sign, surely, under every theory, and which depend on it."""
    for variant in dict.fromkeys(one.variant for one in compared):
        of_variant = [one for one in compared if one.variant == variant]
        signs = {one.measure.label: {t: _sign(one.found[t]) for t in theories} for one in of_variant}
        told = " ".join(filter(None, (_kept(signs), _unsure(signs), _divided(signs))))
        yield f"{names[variant]}, less {names[compared[0].against]}. {told}"


def _kept(signs: Mapping[str, Mapping[str, int]]) -> str:
    same = [f"{label} ({_SIGNS[s]})" for label, by in signs.items() if len(set(by.values())) == 1
            for s in list(by.values())[:1] if s]  # fmt: skip
    return f"Survive every theory: {'; '.join(same)}." if same else ""


def _unsure(signs: Mapping[str, Mapping[str, int]]) -> str:
    none = [label for label, by in signs.items() if not any(by.values())]
    return f"Cannot be told from no difference under any: {'; '.join(none)}." if none else ""


def _divided(signs: Mapping[str, Mapping[str, int]]) -> str:
    split = [
        f"{label} ({', '.join(f'{_SIGNS[s]} under {t}' for t, s in by.items())})"
        for label, by in signs.items()
        if len(set(by.values())) > 1
    ]
    return f"Depend on the theory: {'; '.join(split)}." if split else ""


_SIGNS = {1: "higher", -1: "lower", 0: "unsure"}


def _sign(found: WeightedMean) -> int:
    low, high = found.low, found.high
    return 0 if low is None or high is None or low <= 0 <= high else 1 if low > 0 else -1
