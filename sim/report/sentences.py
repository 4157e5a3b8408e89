"""Findings in sentences: who differs from whom, by how much, how surely, in how many of the same worlds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim import stats
from sim.names.measures import Measure
from sim.plots.frame import headed
from sim.said import difference, interval, number

Found = Mapping[str, Any]


def verdicts(
    measures: Sequence[Measure], first: Mapping[str, Found], second: Mapping[str, Found], apart: Mapping[str, Found]
) -> Iterator[str]:
    """Yield a sentence for each measure that differs, one for all ties, and one for what cannot be told yet."""
    ties: list[str] = []
    small: list[str] = []
    unsure: list[str] = []
    for measure in measures:
        found = apart[measure.name]
        if found["verdict"] == stats.TIE:
            ties.append(measure.label)
        elif found["verdict"] in (stats.CANNOT_TELL, stats.NOT_DEFINED):
            (small if _off_zero(found) else unsure).append(_left_open(measure, found))
        else:
            yield verdict(measure, first[measure.name], second[measure.name], found)
    if ties:
        yield f"As good as the same (a tie): {'; '.join(ties)}."
    if small:
        yield f"Differs, but perhaps too little to matter (the interval reaches into the tie zone): {'; '.join(small)}."
    if unsure:
        yield f"Cannot be told yet: {'; '.join(unsure)}."


def _off_zero(found: Found) -> bool:
    return found["low"] is not None and (found["low"] > 0 or found["high"] < 0)


def _left_open(measure: Measure, found: Found) -> str:
    """Return what is left open, with its numbers and how many more worlds would tell."""
    if found["difference"] is None:
        return measure.label
    size, between = difference(found, measure)
    more = found.get("more_worlds")
    tells = (
        "" if more is None else f"; about {more if isinstance(more, str) else format(more, ',')} more worlds would tell"
    )
    return f"{measure.label} ({size}, {between}{tells})"


def order_of_presence(
    names: Sequence[str], found: Sequence[Mapping[str, Found]], apart: Sequence[Mapping[str, Found]]
) -> Iterator[str]:
    """Yield which variant keeps the US in longest and which shortest, by the mean days of presence."""
    days = [one["presence_days"]["mean"] for one in found if "presence_days" in one]
    if len(days) < len(names) or None in days:
        return
    longest, shortest = days.index(max(days)), days.index(min(days))
    exits = [f"{100 * one['exited']['mean']:.1f}%" for one in found]
    surely = all(_off_zero(one["presence_days"]) for one in apart)
    troops = [f"{one['us_troops_end']['mean']:,.0f} under {name}" for one, name in zip(found, names, strict=True)]
    yield (
        f"The US stays longest under {names[longest]} ({days[longest]:,.0f} days on average, gone in {exits[longest]} "
        f"of worlds) and shortest under {names[shortest]} ({days[shortest]:,.0f} days, gone in {exits[shortest]})."
        + ("" if surely else " Not all of these differences can be told from no difference.")
    )
    yield (
        "Presence means any US soldier in federal Iraq; the Kurdistan Region does not count. How many stay is another "
        f"question: at the end there are on average {', '.join(troops)} (soldiers, the north included, worlds without "
        "any among them)."
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
    head = f"{headed(measure.label)}: {judged}{here} against {there}, {size} {words} ({sure})"
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


def mean_and_interval(found: Found, measure: Measure) -> str:
    """Return a mean with its interval below it."""
    return f"{number(found['mean'], measure)}\n{interval(found, measure)}"
