"""The report on half a page: what was asked, what came out, how sure, on what it rests, what fails, within what limits.

All of it is put together from what the other sections found; nothing is said here that does not stand there.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sim import stats
from sim.evidence.part_results import FAILS, HOLDS
from sim.names.measures import OUTCOMES, Measure
from sim.report.blocks import Block, Points, unmarked
from sim.report.by_construction import GivenOutcome
from sim.report.context import FOLLOWED, Context
from sim.report.exits import ExitCounts
from sim.report.luck_and_ignorance import what_moves_worlds
from sim.report.predictions import prediction_class, stale_warning, tally_in_words, wrong_way
from sim.report.predictions_by_theory import theories_in_brief
from sim.report.predictions_here import PredictionCheck
from sim.report.tie_zone import APART, OPEN, TIE, between, off_zero, size, zone, zone_standing
from sim.report.who_pays import in_brief
from sim.running.spread import MEASURES
from sim.stats import Difference, Summary, known
from sim.stories.causes_of_exits import Ground, Grounds
from sim.wording import date_in_words, headed, interval, listed

Differences = Mapping[str, Difference]


def section(context: Context) -> Iterator[Block]:
    """Yield the report on half a page."""
    names, measures, given, manifest = context.names, context.measures, context.given, context.manifest
    purpose, start = unmarked(context.inputs["purpose"]), date_in_words(context.start)
    several = bool(context.differences)
    stale_words = stale_warning(context.trial, manifest["rules_hash"])
    tried = theories_in_brief(context.trial, context.checks, context.labels, names)
    items = (
        question_and_run(purpose, names, manifest["worlds"], manifest["days"], start),
        *ordering(names, context.summaries, _steps(context), given),
        kinds_of_exits(names, context.exits),
        f"The price, least and most: {in_brief(names, context.summaries)}." if several else "",
        how_sure(names, measures, context.differences, given) if several else single(measures, context.summaries[0]),
        single_worlds(list(what_moves_worlds(context.spreads, MEASURES, manifest["worlds"], spans=False))),
        rests_on(names, context.grounds),
        fails(context.trial, context.checks, stale_words),
        limits_of_findings(context.theories[0], context.inputs["theory"], names, context.grounds, FOLLOWED, tried),
    )
    yield Points(tuple(filter(None, items)))


def _steps(context: Context) -> list[dict[str, Difference]]:
    """Return the differences in exits and days at each step of the order by presence, as they stand alone."""
    results, labels = context.results, context.labels
    if any(name not in context.summaries[0] for name in ("presence_days", "exited")):
        return []
    measures = [m for m in context.measures if m.name in ("presence_days", "exited")]
    return [
        {
            m.name: stats.paired_difference(
                *results.pair(m.name, labels[a], labels[b]), m, context.preferences,
                results.longest(labels[a], labels[b]),
            )
            for m in measures
        }
        for a, b in pairwise(by_presence(context.summaries))
    ]  # fmt: skip


def question_and_run(purpose: str, names: Sequence[str], worlds: int, days: int, start: str) -> str:
    """Return what was asked: the question that the scenario ends in, and what is compared."""
    question = purpose.strip().rpartition(". ")[2] if purpose.strip().endswith("?") else ""
    compared = f"{listed(names)} in the same {worlds:,} worlds" if len(names) > 1 else f"{worlds:,} worlds"
    return f"Asked: {question + ' ' if question else ''}Run: {compared}, {days} days from {start}."


def ordering(
    names: Sequence[str], found: Sequence[Mapping[str, Summary]], steps: Sequence[Differences],
    given: Sequence[Mapping[str, GivenOutcome]],
) -> Iterator[str]:  # fmt: skip
    """Yield the order of policies by days of presence, with exits, and what its steps are worth.

    ``steps`` are the differences in exits and days between neighbours in that order.
    """
    if any("presence_days" not in one or "exited" not in one for one in found):
        return
    order = by_presence(found)
    means = [(f"{found[k]['presence_days'].mean:,.0f}", f"{100 * known(found[k]['exited'].mean):.1f}%") for k in order]
    if len(names) == 1:
        days, gone = means[0]
        yield f"Found: US forces are in federal Iraq for {days} days on average, gone in {gone} of worlds."
        return
    told = []
    for place, (k, (days, gone)) in enumerate(zip(order, means, strict=True)):
        words = f"{days} days on average, gone in {gone} of worlds" if place == 0 else f"{days}, {gone}"
        told.append(f"{names[k]} ({words}{', as the policy itself orders' * ('presence_days' in given[k])})")
    open_steps = [_step(names[b], names[a], one) for a, b, one in zip(order, order[1:], steps, strict=False)
                  if zone_standing(one["presence_days"]) != APART]  # fmt: skip
    rest = "Each step of this order is beyond the tie zone" if not open_steps else (
        "Every other step of this order is beyond the tie zone" if len(open_steps) < len(steps) else ""
    )  # fmt: skip
    yield " ".join([
        f"Found, from the longest US presence in federal Iraq to the shortest: {'; '.join(told)}.",
        *open_steps, *([f"{rest}."] if rest else []),
    ])  # fmt: skip


def _step(name: str, before: str, one: Differences) -> str:
    """Return what a step by days that is not beyond its tie zone comes to, in exits and in days."""
    exits, days = one["exited"], one["presence_days"]
    more = "likelier" if known(exits.difference) > 0 else "less likely"
    gone = {
        APART: f"makes an exit {more} (by {size(exits, _EXITED)}, {between(exits, _EXITED)})",
        TIE: "is as good as the same in exits",
    }.get(zone_standing(exits), "cannot be told apart in exits")
    shorter = "fewer" if known(days.difference) < 0 else "more"
    amount = f"{size(days, _DAYS)} {shorter} days of presence on average"
    if not off_zero(days):
        return f"{headed(name)}, against {before}, {gone}, and in days of presence no difference can be told."
    sure = "too few to matter" if zone_standing(days) == TIE else "perhaps too few to matter"
    limits = f"{between(days, _DAYS)}, with a tie zone of {zone(days, _DAYS)}"
    return f"{headed(name)}, against {before}, {gone}; that comes to {amount} ({limits}), {sure}."


_EXITED, _DAYS = (next(m for m in OUTCOMES if m.name == name) for name in ("exited", "presence_days"))


def kinds_of_exits(names: Sequence[str], left: Sequence[ExitCounts]) -> str:
    """Return of what kind the exits are, variant by variant, and how many are from all of Iraq."""
    if not left:
        return ""
    told = [f"{name} {one.said()}, {_everywhere(one)}" if one.gone else f"{name} {one.said()}"
            for name, one in zip(names, left, strict=True)]  # fmt: skip
    return f"Of what kind exits are: {'; '.join(told)}."


def _everywhere(one: ExitCounts) -> str:
    return "all of them from all of Iraq" if one.everywhere == one.gone else f"{one.everywhere:,} from all of Iraq"


def by_presence(found: Sequence[Mapping[str, Summary]]) -> list[int]:
    """Return the places of variants from the longest mean presence to the shortest."""
    return sorted(range(len(found)), key=lambda k: -known(found[k]["presence_days"].mean))


def how_sure(
    names: Sequence[str], measures: Sequence[Measure], apart: Sequence[Differences],
    given: Sequence[Mapping[str, GivenOutcome]],
) -> str:  # fmt: skip
    """Return what is beyond doubt in the model on average over worlds, and how much is too small, open or given."""
    counts: Counter[str] = Counter()
    beyond = []
    for m in measures:
        ways: dict[str, list[str]] = {}
        for name, one, theirs in zip(names[1:], apart, given[1:], strict=True):
            if m.name in theirs or m.name in given[0]:
                counts["given"] += 1
                continue
            how = zone_standing(one[m.name])
            counts[_COUNTED.get(how, OPEN)] += 1
            if how == APART:
                ways.setdefault("higher" if known(one[m.name].difference) > 0 else "lower", []).append(name)
        if ways:
            said = ", ".join(f"{way} under {listed(which)}" for way, which in ways.items())
            beyond.append(f"{m.label} ({said})")
    words = [f"{counts[word]} {said}" for word, said in _COUNTS.items() if counts[word]]
    head = f"How sure, against {names[0]}: of {len(measures) * len(apart)} comparisons {', '.join(words)}."
    doubt = (
        f" Beyond chance, on average over worlds, under the reading that they take: {'; '.join(beyond)}."
        if beyond
        else ""
    )
    return head + doubt


def single_worlds(causes: Sequence[str]) -> str:
    """Return what luck and ignorance do to a single world, of ``causes`` in sentences."""
    return f"In a single world: {' '.join(causes)}" if causes else ""


_COUNTED = {APART: APART, TIE: TIE}
_COUNTS = {
    APART: "beyond the tie zone", TIE: "too small to matter", OPEN: "not to be told yet",
    "given": "set by the policies themselves",
}  # fmt: skip


def single(measures: Sequence[Measure], found: Mapping[str, Summary]) -> str:
    """Return how sure the means of a single variant are."""
    first = [f"{m.label} {interval(found[m.name], m)}" for m in measures[:3]]
    return f"How sure: 95% intervals of means: {'; '.join(first)}. A single world may come out far from them."


def rests_on(names: Sequence[str], grounds: Sequence[Grounds | None]) -> str:
    """Return the commonest recorded cause of exits by variant, and the cause whose share differs most between them."""
    there = [(name, one) for name, one in zip(names, grounds, strict=True) if one is not None and one.worlds]
    said = []
    for name, one in there:
        first = next(iter((*one.mechanisms[:1], *one.rules[:1])), None)
        if first is not None:
            said.append(f"{name}: {_cause(first)} in {round(first.share * one.worlds)} of {one.worlds} exits")
    if not said:
        return ""
    return (
        f"On what exits rest, by the cause recorded most often: {'; '.join(said)}. {_most_apart(there)}A recorded "
        "cause need not be needed: whether exits would be rarer without it, only a run without it can tell."
    )


def _cause(one: Ground) -> str:
    policy, _, rule = one.name.partition(": ")
    return f"'{one.title}' ({one.name})" if one.title else f"the rule '{rule}' of {policy}"


def _most_apart(there: Sequence[tuple[str, Grounds]]) -> str:
    """Return the mechanism whose share among the causes differs most, of those that are causes at all."""
    shares: dict[str, list[float]] = {}
    titles: dict[str, Ground] = {}
    bound = [one for one in there if one[1].mechanisms]  # exits by order alone have no mechanism to compare
    for k, (_, one) in enumerate(bound):
        for ground in one.mechanisms:
            titles[ground.name] = ground
            shares.setdefault(ground.name, [0.0] * len(bound))[k] = ground.share
    if len(bound) < 2 or not shares:
        return ""
    name = max(shares, key=lambda which: max(shares[which]) - min(shares[which]))
    low, high = shares[name].index(min(shares[name])), shares[name].index(max(shares[name]))
    return (
        f"What differs most between the policies: {_cause(titles[name])}, in {shares[name][low]:.0%} of the exits "
        f"under {bound[low][0]} and in {shares[name][high]:.0%} under {bound[high][0]}. "
    )


def fails(found: Mapping[str, Any], held: Sequence[PredictionCheck], stale: str = "") -> str:
    """Return how many predictions fail, which way, and whether these results agree with those that concern them.

    ``stale`` says that the trial was made with other rules, and stands first.
    """
    if not found:
        return ""
    head = f"What fails: {stale} Of" if stale else "What fails: of"
    predictions = found["predictions"]
    head += f" {len(predictions)} predictions of the documents, tried apart, {tally_in_words(predictions)}."
    broken = [wrong_way(name, one) for name, one in predictions.items() if prediction_class(one) == FAILS]
    if broken:
        head += f" Those that fail: {'; '.join(broken)}."
    here = {verdict: [_partly(one) for one in held if one.verdict == verdict] for verdict in (HOLDS, FAILS)}
    rest = [_partly(one) for one in held if one.verdict not in here]
    ways = (("agree with", here[HOLDS]), ("speak against", here[FAILS]), ("do not decide", rest))
    said = [f"{way} {', '.join(which)}" for way, which in ways if which]
    return f"{head} Of those about what is compared here, these results {'; '.join(said)}." if said else head


def _partly(one: PredictionCheck) -> str:
    notes = ["an assumption"] * one.claim.assumption + ["partly read"] * (len(one.parts) < one.of)
    return f"{one.claim.id} ({', '.join(notes)})" if notes else one.claim.id


def limits_of_findings(
    theories: Sequence[str], theory: str, names: Sequence[str], grounds: Sequence[Grounds | None], followed: int,
    tried: str = "",
) -> str:  # fmt: skip
    """Return within what limits this holds: readings, exits that were there to be looked at, and what it is not.

    ``tried`` says what separate trials show under other theories.
    """
    if len(theories) > 1:
        read = f"{len(theories)} theories were run ({', '.join(theories)}); the section on them says what survives."
    else:
        read = f"all worlds take one reading of the conflict ({theory}). " + (tried or "Others may say otherwise.")
    few = [
        f"{name} ({one.worlds})" for name, one in zip(names, grounds, strict=True) if one and 0 < one.worlds < followed
    ]
    thin = f" Exits are few under {', '.join(few)}: what they rest on is known from these alone." if few else ""
    return f"Limits: {read}{thin} A share of worlds is no probability of an event in Iraq."
