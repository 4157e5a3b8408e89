"""Predictions in a report: what the last trial of the ledger found, with its numbers, and whether these results agree.

A prediction concerns a comparison where arms of its test are variants of it: then the same test is read off these
worlds. What the trial found and what these results say are kept apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import stats
from sim.errors import CrossfireError
from sim.evidence.arms import ArmWorlds, variant_of
from sim.evidence.part_results import CLOSE, FAILS, HOLDS, try_part
from sim.evidence.predictions import DEPENDS, NOWHERE, assumptions_said, over_theories, tally
from sim.experiments.variants import Variant
from sim.inputs.claims import ArmForm, Claim, Part, load_claims
from sim.inputs.resolve import Inputs
from sim.names.measures import OUTCOMES, SERIES, Measure
from sim.report.blocks import Block, Para, Points, Table, code
from sim.results import Results
from sim.wording import NOTHING, amount, listed, number, signed

#: What a prediction that does not simply hold means for whoever uses the findings.
MEANINGS = {
    FAILS: (
        "Fails: the documents expect it, and their own mechanisms as modelled here bring about something else. Either "
        "the argument needs what the model lacks, or it is wrong; these results cannot say which. Do not quote a "
        "finding above in support of it, and take findings on the outcomes that it is about as the model's, not as "
        "the documents'"
    ),
    DEPENDS: (
        "Holds under some theories only: under the others it fails or is too close to call. Whoever uses it takes a "
        "side between readings of the conflict, and should say which"
    ),
    NOWHERE: (
        "Holds under none: it fails under some theories and is too close to call under the others. Nothing should rest "
        "on it"
    ),
    CLOSE: (
        "Too close to call under every theory: the effect is so small, or so unsure in so many worlds, that nothing "
        "should rest on it, either way"
    ),
}
#: Which way a prediction fails, by whether the model lies below or above what was predicted.
_WAYS = ("too low", "too high")
_REVERSE = "of the other sign"
_AGREE = {
    HOLDS: "these results agree", FAILS: "these results speak against it", CLOSE: "these results do not decide it"
}  # fmt: skip
_SO_FAR = {HOLDS: "agrees", FAILS: "speaks against it", CLOSE: "undecided"}
_MEASURES = {measure.name: measure for measure in (*SERIES, *OUTCOMES)}
#: What of a weekly series is read, as words about it.
_TAKEN = {
    "sum": "{} (all)", "mean": "{} (mean)", "last": "{} (at last)", "a_month": "{} (a month)", "growth": "growth of {}",
    "of_start": "{} over the start", "dispersion": "bunching of {} (variance over mean)",
    "over_shuffled": "how far a busy week of {} follows another",
}  # fmt: skip
#: Where so little matters, numbers have two decimals.
FINE = 0.1
_RATIOS = ("growth", "of_start", "dispersion", "over_shuffled")


# What is measured ------------------------------------------------------------------------------------------------


def measured(part: Part) -> str:
    """Return in words what a part reads of each world."""
    names = [part.reads] if isinstance(part.reads, str) else part.reads
    label = " and ".join(_MEASURES[name].label for name in names)
    words = _TAKEN.get(part.take, "{}").format(label)
    if part.missing == "end":
        words += " (the last day where there is none)"
    if part.category:
        words += f" ({part.category.replace('_', ' ')})"
    if part.kind == "share" and part.each:
        limits = (("above", part.each.above), ("below", part.each.below), ("at least", part.each.at_least))
        words += "".join(f" {word} {number(bound, _as_read(part))}" for word, bound in limits if bound is not None)
    return words


def _as_read(part: Part) -> Measure:
    """Return a measure by which the numbers of a part are written as they are read of one world."""
    names = [part.reads] if isinstance(part.reads, str) else part.reads
    one = _MEASURES[names[0]]
    if part.take in _RATIOS:
        return one._replace(unit="ratio", kind="level")
    return one._replace(unit="share") if part.category else one


def _form(part: Part) -> Measure:
    """Return a measure by which the value of a part is written."""
    if part.kind == "share":
        return _as_read(part)._replace(unit="share")
    fine = part.tie < FINE and not _as_read(part).unit.startswith("share")
    return _as_read(part)._replace(unit="ratio", kind="level") if part.kind == "ratio" or fine else _as_read(part)


def _value(value: float | None, part: Part) -> str:
    """Return a value, or a bound, as it is written: with a sign where it is a difference."""
    return signed(value, _form(part)) if part.kind == "difference" else number(value, _form(part))


def came(found: Mapping[str, Any], part: Part) -> tuple[str, str]:
    """Return what came of a part, and its 95% interval."""
    if found["difference"] is None:
        return NOTHING, ""
    points = " points" * _in_points(part)
    return _value(found["difference"], part) + points, f"{_value(found['low'], part)} to {_value(found['high'], part)}"


def asked(part: Part) -> str:
    """Return in words what a part asks of its value."""
    above, below = part.bounds
    if above is not None and below is not None:
        return f"between {_value(above, part)} and {_value(below, part)}{' points' * _in_points(part)}"
    bound, word = (above, "above") if above is not None else (below, "below")
    margin = amount(part.tie, _form(part)).replace("1 points", "1 point")
    return f"{word} {_value(bound, part) if bound else 0}" + (f" by more than {margin}" if part.tie else "")


def _in_points(part: Part) -> bool:
    """Return whether the value of a part is in percentage points."""
    return part.kind == "difference" and _form(part).unit.startswith("share")


# The trial -------------------------------------------------------------------------------------------------------


def came_to(one: Mapping[str, Any]) -> str:
    """Return the class of a prediction by its verdicts under the theories, as ``sim.evidence.predictions`` has it."""
    return over_theories(*_verdicts(one))


def counted(predictions: Mapping[str, Any]) -> str:
    """Return how many predictions hold, fail, and so on, in words."""
    return tally(map(_verdicts, predictions.values()))


def _verdicts(one: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return the verdict under each theory, and under how many it must hold (0: all)."""
    return [by["verdict"] for by in one["theories"].values()], one.get("in_theories", 0)


def _marked(name: str) -> str:
    """Return a prediction's name, marked where the ledger's own path makes it an assumption."""
    return f"{name} (assumption)" if load_claims()[name].assumption else name


def stale(found: Mapping[str, Any], rules: str) -> str:
    """Return that the trial was made with other rules than these (by their hash), and what to do; '' where not so."""
    if not found or found.get("rules") == rules:
        return ""
    return (
        "The trial of the predictions was made with other rules than these results, so its verdicts may no longer "
        f"hold; {code('crossfire claims')} tries them again with the rules at hand, and only then should they be used."
    )


def trial(found: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what the last trial found: counts, what each failure is, the numbers of what does not simply hold."""
    predictions, theories = found["predictions"], found["theories"]
    yield Para(
        f"Of {len(predictions)} predictions that the documents make, {counted(predictions)}. They were tried apart "
        f"from the results above, by tests fixed beforehand: {found['worlds']:,} worlds an arm, under {len(theories)} "
        f"theories one by one ({code('crossfire claims')}; docs/findings.md has every number)."
        f" {assumptions_said(predictions)} None was tuned until it held."
    )
    holding = [name for name, one in predictions.items() if came_to(one) == HOLDS]
    classes = [_means(predictions, verdict) for verdict in (FAILS, DEPENDS, NOWHERE, CLOSE)]
    first = [f"Hold under every theory: {', '.join(_titled(name) for name in holding)}."] if holding else []
    yield Points((*filter(None, classes), *first))
    broken = [_failure(name, one, theories) for name, one in predictions.items() if came_to(one) == FAILS]
    if broken:
        yield Para("The failures in plain words:")
        yield Points(tuple(broken))
    yield Table(
        ("", "prediction", "what decides it", "predicted", *theories),
        tuple(_row(name, one, theories) for name, one in predictions.items() if came_to(one) != HOLDS),
        "The predictions that do not simply hold: under each theory the value, its 95% interval and the verdict",
    )


def _titled(name: str) -> str:
    claim = load_claims()[name]
    return f"{name} ({claim.title}{'; an assumption' * claim.assumption})"


def _means(predictions: Mapping[str, Any], verdict: str) -> str:
    """Return what a verdict means, the predictions that have it, and the headline outcomes that they are about."""
    names = [name for name, one in predictions.items() if came_to(one) == verdict]
    if not names:
        return ""
    about = {
        measure.label: [name for name in names if any(part["reads"] == measure.name and part["counts"]
                                                      for part in _parts(predictions[name]))]
        for measure in OUTCOMES if measure.headline
    }  # fmt: skip
    outcomes = "; ".join(f"{label} ({', '.join(which)})" for label, which in about.items() if which)
    where = {name: f" ({_where(predictions[name])})" if verdict in (DEPENDS, NOWHERE) else "" for name in names}
    said = ", ".join(f"{_marked(name)}{under}" for name, under in where.items())
    return f"{MEANINGS[verdict]}: {said}." + (f" Headline outcomes: {outcomes}." if outcomes else "")


def _where(one: Mapping[str, Any]) -> str:
    """Return under which theories a prediction holds, and under which it fails."""
    by: dict[str, list[str]] = {}
    for theory, found in one["theories"].items():
        by.setdefault(found["verdict"], []).append(theory)
    words = {HOLDS: "holds under", FAILS: "fails under"}
    return "; ".join(f"{said} {listed(by[verdict])}" for verdict, said in words.items() if verdict in by)


def _parts(one: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return a prediction's parts as they came out under the first theory."""
    parts: Sequence[Mapping[str, Any]] = next(iter(one["theories"].values()))["parts"]
    return parts


def wrong_way(name: str, one: Mapping[str, Any]) -> str:
    """Return a prediction that fails and which way: ``P20 (restraint is a long shot; the model's number is too low)``.

    Which way is read off its deciding part under the first theory that fails it.
    """
    claim = load_claims()[name]
    assert claim.test is not None
    k = deciding(one)
    ways = {_way(by["parts"][k], claim.test.parts[k]) for by in one["theories"].values()
            if by["parts"][k]["verdict"] == FAILS}  # fmt: skip
    told = f"; the model's number is {next(iter(ways))}" if len(ways) == 1 else ""
    return f"{name} ({claim.title}{'; an assumption' * claim.assumption}{told})"


def _way(found: Mapping[str, Any], part: Part) -> str:
    """Return which side of what was predicted a value lies on; of a difference, whether it goes the other way."""
    above, below = part.bounds
    value, zone = found["difference"], abs(above if above is not None else below or 0.0)
    if part.kind == "difference" and abs(value) > zone and (value < 0) == (above is not None):
        return _REVERSE
    return _WAYS[0] if above is not None and found["difference"] < above else _WAYS[1]


def _failure(name: str, one: Mapping[str, Any], theories: Sequence[str]) -> str:
    """Return a failing prediction in plain words: what the documents expect, the test, what the model gives."""
    claim = load_claims()[name]
    assert claim.test is not None
    k = deciding(one)
    part, under = claim.test.parts[k], {t: one["theories"][t]["parts"][k] for t in theories if t in one["theories"]}
    values = sorted(found["difference"] for found in under.values() if found["difference"] is not None)
    points = " points" * _in_points(part)
    span = [_value(values[0], part), _value(values[-1], part)] if values else [NOTHING, NOTHING]
    gives = f"{span[0]}{points}" if span[0] == span[1] else f"{span[0]} to {span[1]}{points}, by theory"
    ways = {_way(found, part) for found in under.values() if found["verdict"] == FAILS}
    errs = f": {' or '.join(sorted(ways))}" if ways else ""
    return (
        f"{_marked(name)}, {claim.title}. The documents expect: {claim.text.strip().rstrip('.')}. The test: "
        f"{_tested(claim, k, _parts(one)[k]['of'])}, {asked(part)}. The model gives {gives}{errs}."
    )


def _tested(claim: Claim, k: int, arms: Sequence[str]) -> str:
    """Return what a part of a test measures, and in which arms."""
    assert claim.test is not None
    part = claim.test.parts[k]
    between = " less " if part.kind == "difference" else " over "
    what = f"{measured(part)}: {between.join(_arm(claim.test.arms[arm]) for arm in arms)}"
    return f"share of worlds, {what}" if part.kind == "share" else what


def _row(name: str, one: Mapping[str, Any], theories: Sequence[str]) -> tuple[str, ...]:
    claim = load_claims()[name]
    assert claim.test is not None
    k = deciding(one)
    part, what = claim.test.parts[k], _tested(claim, k, _parts(one)[k]["of"])
    cells = []
    for theory in theories:
        under = one["theories"].get(theory)
        cells.append("\n".join((*came(under["parts"][k], part), under["verdict"])) if under else NOTHING)
    return _marked(name), f"{claim.title} ({'; '.join(claim.sources)})", what, asked(part), *cells


def deciding(one: Mapping[str, Any]) -> int:
    """Return the place of the part that decides a prediction: the first that fails anywhere, else is too close."""
    for verdict in (FAILS, CLOSE):
        for k, part in enumerate(_parts(one)):
            if part["counts"] and any(by["parts"][k]["verdict"] == verdict for by in one["theories"].values()):
                return k
    return 0


def _arm(arm: ArmForm) -> str:
    return " ".join([arm.scenario, *arm.settings])


# Theories --------------------------------------------------------------------------------------------------------


def other_theories(
    found: Mapping[str, Any], held: "Sequence[Held]", labels: Sequence[str], names: Sequence[str]
) -> tuple[list[str], Table | None]:
    """Return what the trial shows under each theory of comparisons made here, in sentences, and its numbers.

    Of a prediction that compares two of the variants, or looks at one, whose labels are given with their names; the
    comparisons with the first variant that no prediction tries are named.
    """
    called = dict(zip(labels, names, strict=True))
    tried = [one for one in held if one.claim.id in found.get("predictions", {})]
    said = [
        f"{_marked(one.claim.id)}, {one.claim.title} ({_about(one, called)}): it "
        f"{_under(found['predictions'][one.claim.id])}."
        for one in tried
    ]  # fmt: skip
    missing = _not_tried(tried, labels, called)
    if missing:
        said.append(f"Not tried under other theories: {listed(missing)} against {called[labels[0]]}.")
    rows = [row for one in tried for row in _rows_by_theory(one, found, called)]
    table = Table(
        ("", "what is compared", *found["theories"]), tuple(rows),
        "Under each theory, from the trial: the value, its 95% interval and the verdict",
    ) if rows else None  # fmt: skip
    return said, table


def theories_in_brief(
    found: Mapping[str, Any], held: "Sequence[Held]", labels: Sequence[str], names: Sequence[str]
) -> str:  # fmt: skip
    """Return in a sentence what separate trials show of comparisons of two of these variants under other theories."""
    tried = [one for one in held if one.claim.id in found.get("predictions", {})
             and any(len(here["of"]) > 1 for _, here in one.parts)]  # fmt: skip
    if not tried:
        return ""
    called = dict(zip(labels, names, strict=True))
    said = [
        f"{_marked(one.claim.id)} ({_about(one, called)}) {_under(found['predictions'][one.claim.id])}" for one in tried
    ]
    missing = _not_tried(held, labels, called)
    rest = f"; not tried under others: {listed(missing)} against {called[labels[0]]}" if missing else ""
    return f"Separate trials under {len(found['theories'])} theories: {'; '.join(said)}{rest}."


def _not_tried(held: "Sequence[Held]", labels: Sequence[str], called: Mapping[str, str]) -> list[str]:
    """Return the variants whose comparison with the first no prediction tries."""
    pairs = {frozenset(here["of"]) for one in held for _, here in one.parts}
    return [called[label] for label in labels[1:] if frozenset((labels[0], label)) not in pairs]


def _about(one: "Held", called: Mapping[str, str]) -> str:
    """Return which variants a prediction is about, in their order."""
    return " and ".join(dict.fromkeys(called[label] for _, found in one.parts for label in found["of"]))


def _rows_by_theory(one: "Held", found: Mapping[str, Any], called: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    assert one.claim.test is not None
    places = {id(part): k for k, part in enumerate(one.claim.test.parts)}
    for part, here in one.parts:
        arms = (" less " if part.kind == "difference" else " over ").join(called[label] for label in here["of"])
        cells = []
        for theory in found["theories"]:
            under = found["predictions"][one.claim.id]["theories"].get(theory)
            at = under["parts"][places[id(part)]] if under else None
            cells.append("\n".join((*came(at, part), at["verdict"])) if at else NOTHING)
        yield _marked(one.claim.id), f"{measured(part)}: {arms}", *cells


# These results ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A prediction held against these results: its parts that can be read off them, and the verdict over those."""

    claim: Claim
    parts: tuple[tuple[Part, dict[str, Any]], ...]
    of: int

    @property
    def verdict(self) -> str:
        """Return the verdict over the parts that count."""
        verdicts = [found["verdict"] for _, found in self.parts]
        wanted = any if self.claim.test and self.claim.test.needs == "one" else all
        return FAILS if FAILS in verdicts else HOLDS if wanted(one == HOLDS for one in verdicts) else CLOSE

    def said(self, names: Mapping[str, str], trial_found: Mapping[str, Any]) -> str:
        """Return in a sentence or two whether these results agree, and what the trial found."""
        words = "; ".join(_part_said(part, found, names) for part, found in self.parts)
        agree = _AGREE[self.verdict]
        if len(self.parts) < self.of:
            agree = f"partly read ({len(self.parts)} of {self.of} parts): {_SO_FAR[self.verdict]} so far"
        tried = trial_found.get("predictions", {}).get(self.claim.id)
        before = f" In the trial it {_under(tried)}." if tried else ""
        return f"{_marked(self.claim.id)}, {self.claim.title}: {agree}: {words}.{before}"


def _under(tried: Mapping[str, Any]) -> str:
    by: dict[str, list[str]] = {}
    for theory, one in tried["theories"].items():
        by.setdefault(one["verdict"], []).append(theory)
    words = {HOLDS: "held", FAILS: "failed", CLOSE: "was too close to call"}
    if len(by) == 1:
        return f"{words[next(iter(by))]} under every theory"
    return ", ".join(f"{words[verdict]} under {listed(theories)}" for verdict, theories in by.items())


def _part_said(part: Part, found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    size, between = came(found, part)
    arms = (" less " if part.kind == "difference" else " over ").join(names[arm] for arm in found["of"])
    return f"{measured(part)}, {arms}, is {size} ({between}), predicted {asked(part)}"


def held_against(results: Results, variants: Sequence[Variant | None], theory: str) -> list[Held]:
    """Return the predictions that concern what is compared, held against these results; ``theory`` is theirs."""
    found = []
    for claim in load_claims().values():
        if claim.test is None:
            continue
        place = {name: _variant_of_arm(arm, claim.test.days, variants, theory) for name, arm in claim.test.arms.items()}
        counted = [part for part in claim.test.parts if not part.beside]
        parts = []
        for part in counted:
            arms = claim.test.arms_of(part)
            if part.take or any(place[arm] is None for arm in arms):
                continue  # the series may be kept of fewer worlds than the outcomes
            worlds = _worlds(results, part, {arm: results.variants[place[arm] or 0] for arm in arms}, claim.test.days)
            plain = try_part(claim.test, part, worlds).plain()
            parts.append((part, plain | {"of": [results.variants[place[arm] or 0] for arm in arms]}))
        if parts:
            found.append(Held(claim, tuple(parts), len(counted)))
    return found


def _variant_of_arm(arm: ArmForm, days: int, variants: Sequence[Variant | None], theory: str) -> int | None:
    """Return the place of the variant that is this arm of a test, as far as the theory goes; None if none is."""
    for k, variant in enumerate(variants):
        if variant is None or arm.scenario != variant.inputs.name or arm.events or days != variant.inputs.days:
            continue
        try:
            same = variant_of(arm, days, theory).inputs
        except CrossfireError:  # a theory of the analyst's own
            same = variant_of(arm, days, "documents").inputs
        if _but_for_theory(same) == _but_for_theory(variant.inputs):
            return k
    return None


def _but_for_theory(inputs: Inputs) -> dict[str, Any]:
    """Return all that makes worlds what they are, without the readings and how they are drawn."""
    plain = inputs.plain()
    quantities = {name: one for name, one in plain["quantities"].items() if name != "theory"}
    kept = {key: value for key, value in plain.items() if key not in ("theory", "readings", "mixture", "hash8")}
    return kept | {"quantities": quantities}


def _worlds(results: Results, part: Part, labels: Mapping[str, str], days: int) -> dict[str, ArmWorlds]:
    """Return what a part reads of the worlds that all these variants have, by arm."""
    names = [str(part.reads), *part.but_not]
    frames = {arm: results.outcomes_columns(["world", *names], label).set_index("world")
              for arm, label in labels.items()}  # fmt: skip
    first, *others = (frame.index for frame in frames.values())
    for other in others:
        first = first.intersection(other)
    return {
        arm: ArmWorlds(days, _columns(frame.loc[first], names), {}, {})  # type: ignore[arg-type]
        for arm, frame in frames.items()
    }


def _columns(frame: Any, names: Sequence[str]) -> dict[str, np.ndarray]:
    columns = {}
    for name in names:
        kinds = _MEASURES[name].categories
        columns[name] = stats.codes_of(frame[name], kinds) if kinds else frame[name].to_numpy(dtype=float)
    return columns
