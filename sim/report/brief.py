"""The report on half a page: what was asked, what came out, how sure, on what it rests, what fails, within what limits.

All of it is put together from what the other sections found; nothing is said here that does not stand there.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim import stats
from sim.claims import load_claims
from sim.grounds import Grounds
from sim.names.measures import Measure
from sim.predictions import FAILS, HOLDS
from sim.report.given import Given
from sim.report.trials import COUNTED, Held
from sim.said import interval

Found = Mapping[str, Any]


def asked(purpose: str, names: Sequence[str], worlds: int, days: int, start: str) -> str:
    """Return what was asked: the question that the scenario ends in, and what is compared."""
    question = purpose.strip().rpartition(". ")[2] if purpose.strip().endswith("?") else ""
    compared = f"{_listed(names)} in the same {worlds:,} worlds" if len(names) > 1 else f"{worlds:,} worlds"
    return f"Asked: {question + ' ' if question else ''}Run: {compared}, {days} days from {start}."


def ordering(
    names: Sequence[str], found: Sequence[Mapping[str, Found]], steps: Sequence[str],
    given: Sequence[Mapping[str, Given]],
) -> Iterator[str]:  # fmt: skip
    """Yield the order of policies by days of presence, with exits and US dead; ``steps`` are their verdicts."""
    if any("presence_days" not in one or "exited" not in one for one in found):
        return
    order = by_presence(found)
    means = [(f"{found[k]['presence_days']['mean']:,.0f}", f"{100 * found[k]['exited']['mean']:.1f}%") for k in order]
    if len(names) == 1:
        days, gone = means[0]
        yield f"Found: US forces are in federal Iraq for {days} days on average, gone in {gone} of worlds."
        return
    told = []
    for place, (k, (days, gone)) in enumerate(zip(order, means, strict=True)):
        words = f"{days} days on average, gone in {gone} of worlds" if place == 0 else f"{days}, {gone}"
        told.append(f"{names[k]} ({words}{', as the policy itself orders' * ('presence_days' in given[k])})")
    open_steps = [f"{names[a]} and {names[b]}" for a, b, word in zip(order, order[1:], steps, strict=False)
                  if word not in (stats.HIGHER, stats.LOWER)]  # fmt: skip
    sure = "Each step of this order is beyond the tie zone"
    if open_steps:
        rest = "; every other step is beyond the tie zone" if len(open_steps) < len(steps) else ""
        sure = f"Not told apart, or too near to matter: {'; '.join(open_steps)}{rest}"
    yield f"Found, from the longest US presence in federal Iraq to the shortest: {'; '.join(told)}. {sure}."
    if all("us_killed" in one for one in found):
        dead = sorted(range(len(names)), key=lambda k: found[k]["us_killed"]["mean"])
        yield "US dead, from the fewest: " + ", ".join(
            f"{names[k]} {found[k]['us_killed']['mean']:.1f}" for k in dead
        ) + "."  # fmt: skip


def by_presence(found: Sequence[Mapping[str, Found]]) -> list[int]:
    """Return the places of variants from the longest mean presence to the shortest."""
    return sorted(range(len(found)), key=lambda k: -found[k]["presence_days"]["mean"])


def how_sure(
    measures: Sequence[Measure], apart: Sequence[Mapping[str, Found]], given: Sequence[Mapping[str, Given]]
) -> str:
    """Return how many comparisons are told, how many are given by the policies, and what a mean does not say."""
    told: Counter[str] = Counter()
    by_policy = 0
    for one, theirs in zip(apart, given[1:], strict=True):
        for m in measures:
            if m.name in theirs or m.name in given[0]:
                by_policy += 1
            else:
                told[_WORDS.get(one[m.name]["verdict"], "open")] += 1
    words = ", ".join(f"{told[word]} {said}" for word, said in _COUNTS.items() if told[word])
    rest = f"; the other {by_policy} given by the policies themselves, and no finding" if by_policy else ""
    return (
        f"How sure: of {len(measures) * len(apart)} comparisons with the baseline {words}{rest}. This is about means; "
        "a single world may come out the other way round (see the spread)."
    )


_WORDS = {stats.HIGHER: "told", stats.LOWER: "told", stats.BETTER: "told", stats.WORSE: "told", stats.TIE: "tie"}
_COUNTS = {"told": "differ by more than the tie zone", "tie": "are as good as the same", "open": "cannot be told yet"}


def single(measures: Sequence[Measure], found: Mapping[str, Found]) -> str:
    """Return how sure the means of a single variant are."""
    first = [f"{m.label} {interval(found[m.name], m)}" for m in measures[:3]]
    return f"How sure: 95% intervals of means: {'; '.join(first)}. A single world may come out far from them."


def rests_on(names: Sequence[str], grounds: Sequence[Grounds | None]) -> str:
    """Return what is recorded most often among the causes of exits, by variant."""
    said = []
    for name, one in zip(names, grounds, strict=True):
        if one is None or one.worlds == 0:
            continue
        first = next(iter((*one.mechanisms[:1], *one.rules[:1])), None)
        if first is None:
            continue
        policy, _, rule = first.name.partition(": ")
        what = f"'{first.title}' ({first.name})" if first.title else f"the rule '{rule}' of the policy {policy}"
        said.append(f"{what} under {name}, in {round(first.share * one.worlds)} of {one.worlds} exits looked at")
    if not said:
        return ""
    head = "On what it rests: the mechanism, or else the rule, recorded most often among the causes of exits is"
    return f"{head} {'; '.join(said)}."


def fails(found: Mapping[str, Any], held: Sequence[Held]) -> str:
    """Return how many predictions fail, and whether these results agree with those that concern them."""
    if not found:
        return ""
    counts = Counter(one["verdict"] for one in found["predictions"].values())
    words = ", ".join(f"{counts[verdict]} {said}" for verdict, said in COUNTED.items() if counts[verdict])
    ledger = load_claims()
    broken = [f"{name} ({ledger[name].title})" for name, one in found["predictions"].items() if one["verdict"] == FAILS]
    head = f"What fails: of {len(found['predictions'])} predictions of the documents, tried apart, {words}."
    if broken:
        head += f" Those that fail: {'; '.join(broken)}."
    here = {verdict: [one.claim.id for one in held if one.verdict == verdict] for verdict in (HOLDS, FAILS)}
    rest = [one.claim.id for one in held if one.verdict not in here]
    ways = (("agree with", here[HOLDS]), ("speak against", here[FAILS]), ("do not decide", rest))
    said = [f"{way} {', '.join(which)}" for way, which in ways if which]
    return f"{head} Of those about what is compared here, these results {'; '.join(said)}." if said else head


def limits(
    theories: Sequence[str], theory: str, names: Sequence[str], grounds: Sequence[Grounds | None], followed: int
) -> str:
    """Return within what limits this holds: readings, exits that were there to be looked at, and what it is not."""
    if len(theories) > 1:
        read = f"{len(theories)} theories were run ({', '.join(theories)}); the section on them says what survives"
    else:
        read = f"all worlds take one reading of the conflict ({theory}), and other readings may say otherwise"
    few = [
        f"{name} ({one.worlds})" for name, one in zip(names, grounds, strict=True) if one and 0 < one.worlds < followed
    ]
    thin = f" Exits are few under {', '.join(few)}: what they rest on is known from these alone." if few else ""
    return f"Limits: {read}.{thin} A share of worlds is no probability of an event in Iraq."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
