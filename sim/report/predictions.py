"""Predictions in a report: what the last trial of the ledger found, with its numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.evidence.part_results import CLOSE, FAILS, HOLDS
from sim.evidence.predictions import DEPENDS, NOWHERE, assumptions_said, over_theories, tally
from sim.inputs.claims import ArmForm, Claim, Part, load_claims
from sim.names.measures import OUTCOMES
from sim.report.blocks import Block, Para, Points, Table, code
from sim.report.context import Context
from sim.report.prediction_words import (
    expectation,
    in_points,
    marked_name,
    quantity_read,
    value_text,
    verdict_in_trial,
)
from sim.wording import NOTHING, listed

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


def section(context: Context) -> Iterator[Block]:
    """Yield the predictions that the model does not bear out, as the last trial of the ledger found them."""
    found = context.trial
    if not found:
        yield Para(f"The ledger has not been tried: {code('crossfire claims')} does it.")
        return
    if words := stale_warning(found, context.manifest["rules_hash"]):
        yield Para(words, "warning")
    if context.checks:
        names = dict(zip(context.labels, context.names, strict=True))
        yield Para(
            "The predictions about what is compared here, their tests read off these very results. A test has a "
            "margin of its own, fixed before any run, which need not be the tie zone of the findings above: it may "
            "agree where a finding is too small to matter."
        )
        yield Points(tuple(one.said(names, found) for one in context.checks))
    yield from trial_blocks(found)


def prediction_class(one: Mapping[str, Any]) -> str:
    """Return the class of a prediction by its verdicts under the theories, as ``sim.evidence.predictions`` has it."""
    return over_theories(*_verdicts(one))


def tally_in_words(predictions: Mapping[str, Any]) -> str:
    """Return how many predictions hold, fail, and so on, in words."""
    return tally(map(_verdicts, predictions.values()))


def _verdicts(one: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return the verdict under each theory, and under how many it must hold (0: all)."""
    return [by["verdict"] for by in one["theories"].values()], one.get("in_theories", 0)


def stale_warning(found: Mapping[str, Any], rules: str) -> str:
    """Return that the trial was made with other rules than these (by their hash), and what to do; '' where not so."""
    if not found or found.get("rules") == rules:
        return ""
    return (
        "The trial of the predictions was made with other rules than these results, so its verdicts may no longer "
        f"hold; {code('crossfire claims')} tries them again with the rules at hand, and only then should they be used."
    )


def trial_blocks(found: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what the last trial found: counts, what each failure is, the numbers of what does not simply hold."""
    predictions, theories = found["predictions"], found["theories"]
    yield Para(
        f"Of {len(predictions)} predictions that the documents make, {tally_in_words(predictions)}. They were tried "
        f"apart from the results above, by tests fixed beforehand: {found['worlds']:,} worlds an arm, under "
        f"{len(theories)} theories one by one ({code('crossfire claims')}; docs/findings.md has every number)."
        f" {assumptions_said(predictions)} None was tuned until it held."
    )
    holding = [name for name, one in predictions.items() if prediction_class(one) == HOLDS]
    classes = [_means(predictions, verdict) for verdict in (FAILS, DEPENDS, NOWHERE, CLOSE)]
    first = [f"Hold under every theory: {', '.join(_titled(name) for name in holding)}."] if holding else []
    yield Points((*filter(None, classes), *first))
    broken = [_failure(name, one, theories) for name, one in predictions.items() if prediction_class(one) == FAILS]
    if broken:
        yield Para("The failures in plain words:")
        yield Points(tuple(broken))
    yield Table(
        ("", "prediction", "what decides it", "predicted", *theories),
        tuple(_row(name, one, theories) for name, one in predictions.items() if prediction_class(one) != HOLDS),
        "The predictions that do not simply hold: under each theory the value, its 95% interval and the verdict",
    )


def _titled(name: str) -> str:
    claim = load_claims()[name]
    return f"{name} ({claim.title}{'; an assumption' * claim.assumption})"


def _means(predictions: Mapping[str, Any], verdict: str) -> str:
    """Return what a verdict means, the predictions that have it, and the headline outcomes that they are about."""
    names = [name for name, one in predictions.items() if prediction_class(one) == verdict]
    if not names:
        return ""
    about = {
        measure.label: [name for name in names if any(part["reads"] == measure.name and part["counts"]
                                                      for part in _parts(predictions[name]))]
        for measure in OUTCOMES if measure.headline
    }  # fmt: skip
    outcomes = "; ".join(f"{label} ({', '.join(which)})" for label, which in about.items() if which)
    where = {name: f" ({_where(predictions[name])})" if verdict in (DEPENDS, NOWHERE) else "" for name in names}
    said = ", ".join(f"{marked_name(name)}{under}" for name, under in where.items())
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
    k = deciding_part(one)
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
    k = deciding_part(one)
    part, under = claim.test.parts[k], {t: one["theories"][t]["parts"][k] for t in theories if t in one["theories"]}
    values = sorted(found["difference"] for found in under.values() if found["difference"] is not None)
    points = " points" * in_points(part)
    span = [value_text(values[0], part), value_text(values[-1], part)] if values else [NOTHING, NOTHING]
    gives = f"{span[0]}{points}" if span[0] == span[1] else f"{span[0]} to {span[1]}{points}, by theory"
    ways = {_way(found, part) for found in under.values() if found["verdict"] == FAILS}
    errs = f": {' or '.join(sorted(ways))}" if ways else ""
    return (
        f"{marked_name(name)}, {claim.title}. The documents expect: {claim.text.strip().rstrip('.')}. The test: "
        f"{_tested(claim, k, _parts(one)[k]['of'])}, {expectation(part)}. The model gives {gives}{errs}."
    )


def _tested(claim: Claim, k: int, arms: Sequence[str]) -> str:
    """Return what a part of a test measures, and in which arms."""
    assert claim.test is not None
    part = claim.test.parts[k]
    between = " less " if part.kind == "difference" else " over "
    what = f"{quantity_read(part)}: {between.join(_arm(claim.test.arms[arm]) for arm in arms)}"
    return f"share of worlds, {what}" if part.kind == "share" else what


def _row(name: str, one: Mapping[str, Any], theories: Sequence[str]) -> tuple[str, ...]:
    claim = load_claims()[name]
    assert claim.test is not None
    k = deciding_part(one)
    part, what = claim.test.parts[k], _tested(claim, k, _parts(one)[k]["of"])
    cells = []
    for theory in theories:
        under = one["theories"].get(theory)
        cells.append(verdict_in_trial(under["parts"][k], under["verdict"], part) if under else NOTHING)
    return marked_name(name), f"{claim.title} ({'; '.join(claim.sources)})", what, expectation(part), *cells


def deciding_part(one: Mapping[str, Any]) -> int:
    """Return the place of the part that decides a prediction: the first that fails anywhere, else is too close."""
    for verdict in (FAILS, CLOSE):
        for k, part in enumerate(_parts(one)):
            if part["counts"] and any(by["parts"][k]["verdict"] == verdict for by in one["theories"].values()):
                return k
    return 0


def _arm(arm: ArmForm) -> str:
    return " ".join([arm.scenario, *arm.settings])
