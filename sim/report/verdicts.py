"""Findings in sentences: who differs from whom, by how much, how surely, in how many of the same worlds."""

from collections.abc import Iterator, Mapping, Sequence

from sim import stats
from sim.names.actors import REGION
from sim.names.measures import Measure
from sim.report.by_construction import MARK, GivenOutcome
from sim.report.tie_zone import ALMOST, APART, OPEN, REACHES, TIE, between, off_zero, size, zone, zone_standing
from sim.wording import difference, headed, interval, listed, number

Summaries = Mapping[str, stats.Summary]
Differences = Mapping[str, stats.Difference]
Mean = stats.Summary | stats.WeightedMean
#: What the outcomes mean by presence and exit.
FEDERAL_IRAQ = (
    f"'Federal Iraq' is Iraq without the Kurdistan Region in the north ({', '.join(REGION)}), which has a government "
    "and forces of its own. Presence means any US soldier in federal Iraq: where the last of them moves north, that is "
    "an exit, though Americans stay in the country."
)


def verdict_sentences(
    measures: Sequence[Measure], first: Summaries, second: Summaries, apart: Differences,
    names: tuple[str, str], comparisons: int = 0,
) -> Iterator[str]:  # fmt: skip
    """Yield a sentence for each measure that differs, and one each for what ties, nearly differs, or is open.

    ``names`` are those of the baseline and of the other variant; ``comparisons`` is for how many verdicts are
    corrected.
    """
    rest: dict[str, list[str]] = {}
    for measure in measures:
        found = apart[measure.name]
        how = zone_standing(found)
        if how == APART:
            yield verdict_sentence(measure, first[measure.name], second[measure.name], found, names)
            continue
        if how == TIE and not off_zero(found):
            rest.setdefault("same", []).append(measure.label)
        else:
            rest.setdefault(how, []).append(_left_open(measure, found, how, comparisons))
    for how, head in _HEADS.items():
        if how in rest:
            yield f"{head}: {'; '.join(rest[how])}."


_HEADS = {
    "same": "As good as the same (a tie)",
    TIE: "Differs, but too little to matter (the interval lies within the tie zone)",
    REACHES: "Differs, but perhaps too little to matter (the interval reaches into the tie zone)",
    ALMOST: "Beyond the tie zone by its own interval, but not surely so after the correction",
    OPEN: "Cannot be told yet",
}


def tie_zones(measures: Sequence[Measure], preferences: stats.Preferences | None = None) -> str:
    """Return which tie zones these measures have, by their kinds, and which of them the analyst has set."""
    own = dict(preferences.ties) if preferences else {}
    by: dict[str, list[str]] = {}
    for m in measures:
        zone_of = own.get(m.name) or own.get(m.kind) or stats.TIES[m.kind]
        by.setdefault(_zone_said(zone_of, m.kind), []).append(m.label if m.name in own else _KINDS[m.kind])
    said = ", ".join(f"{words} for {listed(list(dict.fromkeys(which)))}" for words, which in by.items())
    return f"A tie lies within the tie zone: {said}" + ("." if own else "; --tie sets others.")


_KINDS = {
    "flag": "shares", "category": "shares", "share": "shares", "count": "counts", "level": "levels", "day": "days",
}  # fmt: skip


def _zone_said(tie: stats.Tie, kind: str) -> str:
    if tie.relative:
        return f"{100 * tie.amount:g}% of the baseline"
    if kind in ("flag", "category", "share"):
        return f"{100 * tie.amount:g} percentage point{'s' * (tie.amount != 0.01)}"
    return f"{tie.amount:g}" + " days" * (kind == "day")


def given_sentences(
    measures: Sequence[Measure], first: Summaries, second: Summaries, names: tuple[str, str],
    given: tuple[Mapping[str, GivenOutcome], Mapping[str, GivenOutcome]],
) -> Iterator[str]:  # fmt: skip
    """Yield a sentence for each measure that is ``given`` in the baseline or in the other variant, and why it is."""
    for measure in measures:
        if any(measure.name in one for one in given):
            yield _follows(measure, first, second, names, given)


def _follows(
    measure: Measure, first: Summaries, second: Summaries, names: tuple[str, str],
    given: tuple[Mapping[str, GivenOutcome], Mapping[str, GivenOutcome]],
) -> str:  # fmt: skip
    """Return a measure with its two means and why one of them, or both, could be no other."""
    values = [number(one[measure.name].mean, measure) for one in (second, first)]
    under: dict[str, list[str]] = {}
    for name, one in zip(names[::-1], given[::-1], strict=True):
        if measure.name in one:
            under.setdefault(one[measure.name].why, []).append(name)
    whys = (f"under {' and '.join(which)} it is so {why}" for why, which in under.items())
    return f"{headed(measure.label)}, {values[0]} against {values[1]}: {'; '.join(whys)}."


def _left_open(measure: Measure, found: stats.Difference, how: str, comparisons: int) -> str:
    """Return what is not told, or a tie, with its numbers, its tie zone and how many more worlds would tell."""
    if found.difference is None:
        return measure.label
    much, limits = difference(found.difference, found, measure)
    more = found.more_worlds
    if more == stats.TOO_MANY:
        words = "it would take more than a million more worlds to tell"
    else:
        words = f"about {more:,} more worlds would tell" if more else ""
    if how == TIE and words:
        words = f"strict for {comparisons} comparisons at once it is not certain yet, {words}"
    within = f"the tie zone is {zone(found, measure)}" if how != OPEN else ""
    return f"{measure.label} ({much}, {'; '.join(filter(None, (limits, within, words)))})"


def order_of_presence(names: Sequence[str], found: Sequence[Summaries], apart: Sequence[Differences]) -> Iterator[str]:
    """Yield which variant keeps the US in longest and which shortest, by the mean days of presence."""
    days = [mean for one in found if "presence_days" in one and (mean := one["presence_days"].mean) is not None]
    if len(days) < len(names):
        return
    longest, shortest = days.index(max(days)), days.index(min(days))
    same = max(days) - min(days) < 0.5
    exits = [f"{100 * stats.known(one['exited'].mean):.1f}%" for one in found]
    surely = all(off_zero(one["presence_days"]) for one in apart)
    troops = [f"{one['us_troops_end'].mean:,.0f} under {name}" for one, name in zip(found, names, strict=True)]
    yield (
        f"The US stays as long under all of them ({days[longest]:,.0f} days on average)."
        if same
        else f"The US stays longest under {names[longest]} ({days[longest]:,.0f} days on average, gone in "
        f"{exits[longest]} of worlds) and shortest under {names[shortest]} ({days[shortest]:,.0f} days, gone in "
        f"{exits[shortest]})." + ("" if surely else " Not all of these differences can be told from no difference.")
    )
    yield (
        f"{FEDERAL_IRAQ} How many stay is another question: at the end there are on average "
        f"{', '.join(troops)} (soldiers, the north included; worlds that have none count as 0)."
    )


def verdict_sentence(
    measure: Measure, first: stats.Summary, second: stats.Summary, apart: stats.Difference, names: tuple[str, str]
) -> str:
    """Return one finding: ``US forces left federal Iraq: 9.9% against 6.1%, 3.8 points more (95% interval ...)``.

    ``names`` are those of the baseline, which is ``first``, and of the variant held against it.
    """
    here, there = number(second.mean, measure), number(first.mean, measure)
    sure = f"95% interval {between(apart, measure)}"
    is_more = stats.known(apart.difference) > 0
    words = "more" if is_more else "less" if measure.unit.startswith("share") else "fewer"
    if measure.kind == "level":
        words = "higher" if is_more else "lower"
    judged = f"{apart.verdict}: " if apart.verdict in (stats.BETTER, stats.WORSE) else ""
    much = size(apart, measure)
    head = f"{headed(measure.label)}: {judged}{here} against {there}, {much} {words} ({sure})"
    if measure.kind == "flag":
        return (
            f"{head}; in {apart.only_second:,} worlds under {names[1]} but not under {names[0]}, in "
            f"{apart.only_first:,} the other way round."
        )
    return head + "."


def mean_and_interval(found: Mean, measure: Measure, given: bool = False) -> str:
    """Return a mean with its interval below it, marked where it is given by the policy or the scenario."""
    return f"{number(found.mean, measure)}\n{interval(found, measure)}" + f" {MARK}" * given
