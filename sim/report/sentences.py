"""Findings in sentences: who differs from whom, by how much, how surely, in how many of the same worlds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim import stats
from sim.names.actors import REGION
from sim.names.measures import Measure
from sim.plots.frame import headed
from sim.report.given import MARK, Given
from sim.said import difference, interval, number

Found = Mapping[str, Any]
#: What the outcomes mean by presence and exit.
FEDERAL_IRAQ = (
    f"'Federal Iraq' is Iraq without the Kurdistan Region in the north ({', '.join(REGION)}), which has a government "
    "and forces of its own. Presence means any US soldier in federal Iraq: where the last of them moves north, that is "
    "an exit, though Americans stay in the country."
)


def verdicts(
    measures: Sequence[Measure], first: Mapping[str, Found], second: Mapping[str, Found], apart: Mapping[str, Found],
    names: tuple[str, str],
) -> Iterator[str]:  # fmt: skip
    """Yield a sentence for each measure that differs, one for all ties, and one for what cannot be told yet.

    ``names`` are those of the baseline and of the other variant.
    """
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
            yield verdict(measure, first[measure.name], second[measure.name], found, names)
    if ties:
        yield f"As good as the same (a tie): {'; '.join(ties)}."
    if small:
        yield f"Differs, but perhaps too little to matter (the interval reaches into the tie zone): {'; '.join(small)}."
    if unsure:
        yield f"Cannot be told yet: {'; '.join(unsure)}."


def no_findings(
    measures: Sequence[Measure], first: Mapping[str, Found], second: Mapping[str, Found], names: tuple[str, str],
    given: tuple[Mapping[str, Given], Mapping[str, Given]],
) -> Iterator[str]:  # fmt: skip
    """Yield a sentence for each measure that is ``given`` in the baseline or in the other variant, and why it is."""
    for measure in measures:
        if any(measure.name in one for one in given):
            yield _follows(measure, first, second, names, given)


def _follows(
    measure: Measure, first: Mapping[str, Found], second: Mapping[str, Found], names: tuple[str, str],
    given: tuple[Mapping[str, Given], Mapping[str, Given]],
) -> str:  # fmt: skip
    """Return a measure with its two means and why one of them, or both, could be no other."""
    values = [number(one[measure.name]["mean"], measure) for one in (second, first)]
    under: dict[str, list[str]] = {}
    for name, one in zip(names[::-1], given[::-1], strict=True):
        if measure.name in one:
            under.setdefault(one[measure.name].why, []).append(name)
    whys = (f"under {' and '.join(which)} {why}" for why, which in under.items())
    return f"{headed(measure.label)}, {values[0]} against {values[1]}: {'; '.join(whys)}."


def _off_zero(found: Found) -> bool:
    return found["low"] is not None and (found["low"] > 0 or found["high"] < 0)


def _left_open(measure: Measure, found: Found) -> str:
    """Return what is left open, with its numbers and how many more worlds would tell."""
    if found["difference"] is None:
        return measure.label
    size, between = difference(found, measure)
    return f"{measure.label} ({size}, {between}{_how_many_more(found.get('more_worlds'))})"


def _how_many_more(more: int | str | None) -> str:
    if more is None:
        return ""
    if isinstance(more, str):
        return "; it would take more than a million more worlds to tell"
    return f"; about {more:,} more worlds would tell"


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
        f"{FEDERAL_IRAQ} How many stay is another question: at the end there are on average "
        f"{', '.join(troops)} (soldiers, the north included, worlds without any among them)."
    )


def verdict(measure: Measure, first: Found, second: Found, apart: Found, names: tuple[str, str]) -> str:
    """Return one finding: ``US forces left federal Iraq: 9.9% against 6.1%, 3.8 points more (95% interval ...)``.

    ``names`` are those of the baseline, which is ``first``, and of the variant held against it.
    """
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
        return (
            f"{head}; in {apart['only_second']:,} worlds under {names[1]} but not under {names[0]}, in "
            f"{apart['only_first']:,} the other way round."
        )
    return head + "."


def _size(difference: float, measure: Measure) -> str:
    points = " points" if measure.unit.startswith("share") else ""
    return _bare(abs(difference), measure) + points


def _bare(value: float, measure: Measure) -> str:
    if measure.unit.startswith("share"):
        return f"{100 * value:.1f}"
    return number(value, measure)


def mean_and_interval(found: Found, measure: Measure, given: bool = False) -> str:
    """Return a mean with its interval below it, marked where it is given by the policy or the scenario."""
    return f"{number(found['mean'], measure)}\n{interval(found, measure)}" + f" {MARK}" * given
