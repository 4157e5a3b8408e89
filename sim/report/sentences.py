"""Findings in sentences: who differs from whom, by how much, how surely, in how many of the same worlds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim import stats
from sim.names.measures import Measure
from sim.said import interval, number

Found = Mapping[str, Any]


def verdicts(
    measures: Sequence[Measure], first: Mapping[str, Found], second: Mapping[str, Found], apart: Mapping[str, Found]
) -> Iterator[str]:
    """Yield a sentence for each measure that differs, one for all ties, and one for what cannot be told yet."""
    ties, unsure = [], []
    for measure in measures:
        found = apart[measure.name]
        if found["verdict"] == stats.TIE:
            ties.append(measure.label)
        elif found["verdict"] in (stats.CANNOT_TELL, stats.NOT_DEFINED):
            unsure.append(measure.label + _more(found))
        else:
            yield verdict(measure, first[measure.name], second[measure.name], found)
    if ties:
        yield f"As good as the same (a tie): {'; '.join(ties)}."
    if unsure:
        yield f"Cannot be told yet: {'; '.join(unsure)}."


def _more(found: Found) -> str:
    """Return how many more worlds would tell."""
    more = found.get("more_worlds")
    if more is None:
        return ""
    return f" ({more if isinstance(more, str) else format(more, ',')} more worlds would tell)"


def order_of_presence(
    names: Sequence[str], found: Sequence[Mapping[str, Found]], apart: Sequence[Mapping[str, Found]]
) -> Iterator[str]:
    """Yield which variant keeps the US in longest and which shortest, by the mean days of presence."""
    days = [one["presence_days"]["mean"] for one in found if "presence_days" in one]
    if len(days) < len(names) or None in days:
        return
    longest, shortest = days.index(max(days)), days.index(min(days))
    exits = [f"{100 * one['exited']['mean']:.1f}%" for one in found]
    surely = all(one["presence_days"]["verdict"] not in (stats.CANNOT_TELL, stats.TIE) for one in apart)
    yield (
        f"The US stays longest under {names[longest]} ({days[longest]:,.0f} days on average, gone in {exits[longest]} "
        f"of worlds) and shortest under {names[shortest]} ({days[shortest]:,.0f} days, gone in {exits[shortest]})."
        + ("" if surely else " Not all of these differences can be told from none; see below.")
    )


def verdict(measure: Measure, first: Found, second: Found, apart: Found) -> str:
    """Return one finding: ``US forces left federal Iraq in 9.9% of worlds, against 6.1%: 3.8 points more ...``."""
    here, there = number(second["mean"], measure), number(first["mean"], measure)
    size = _size(apart["difference"], measure)
    low, high = sorted((abs(apart["low"]), abs(apart["high"])))
    sure = f"95% interval {_bare(low, measure)} to {_bare(high, measure)}"
    words = "more" if apart["difference"] > 0 else "less" if measure.unit.startswith("share") else "fewer"
    if measure.kind == "level":
        words = "higher" if apart["difference"] > 0 else "lower"
    judged = f"{apart['verdict']}: " if apart["verdict"] in (stats.BETTER, stats.WORSE) else ""
    head = f"{_capital(measure.label)}: {judged}{here} against {there}, {size} {words} ({sure})"
    if measure.kind == "flag":
        return f"{head}; in {apart['only_second']:,} worlds here alone, in {apart['only_first']:,} there alone."
    return head + "."


def _size(difference: float, measure: Measure) -> str:
    points = " points" if measure.unit.startswith("share") else ""
    return _bare(abs(difference), measure) + points


def _bare(value: float, measure: Measure) -> str:
    if measure.unit.startswith("share"):
        return f"{100 * value:.1f}"
    return number(value, measure)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def mean_and_interval(found: Found, measure: Measure) -> str:
    """Return a mean with its interval below it."""
    return f"{number(found['mean'], measure)}\n{interval(found, measure)}"
