"""Results as plain values, as ``--json`` prints them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sim import stats
from sim.names.measures import Measure
from sim.results import Results
from sim.results.comparison import Comparison
from sim.results.run_facts import count_worlds, failures, fewest_worlds


def run_json(results: Results) -> dict[str, Any]:
    """Return the results of one variant as plain values: scenario, worlds, seed, outcomes."""
    results = results.begun()
    label = results.variants[0]
    plain = {
        "scenario": label,
        "worlds": count_worlds(results, label),
        "seed": results.manifest["seed"],
        "outcomes": _outcomes((results if len(results.variants) == 1 else results.only([label])).comparison(), label),
    }
    failed = len(failures(results, label))
    return plain | ({"failed": failed} if failed else {}) | _until_json(results)


def _outcomes(compared: Comparison, label: str) -> dict[str, Any]:
    return {name: one.as_plain() for name, one in compared.summary(label).items()}


def _until_json(results: Results) -> dict[str, Any]:
    reached = results.manifest.get("until")
    return {"until": reached} if reached else {}


def compare_json(results: Results, preferences: stats.Preferences | None = None) -> dict[str, Any]:
    """Return the results of several variants as plain values: each one's outcomes, and differences to the baseline.

    ``verdict`` is ``higher``, ``lower``, ``tie`` or ``cannot tell yet`` (``better`` and ``worse`` where the analyst
    said what is wanted; ``not defined`` without worlds), corrected by Holm for headline measures; ``uncorrected`` is
    the same without. ``pairing`` is what the audit of pairing found, null where none was made.
    """
    compared, results = results.comparison(preferences), results.begun()
    labels, found, measures = results.variants, compared.differences(), compared.measures
    return {
        "baseline": labels[0],
        "worlds": fewest_worlds(results),
        "seed": results.manifest["seed"],
        "variants": [_variant_json(results, compared, k) for k in range(len(labels))],
        "differences": [row for label in labels[1:] for row in _difference_rows(measures, label, found[label])],
        "pairing": [one.as_plain() for one in compared.pairing] or None,
    } | _until_json(results)


def _variant_json(results: Results, compared: Comparison, number: int) -> dict[str, Any]:
    entry = results.manifest["variants"][number]
    failed = len(failures(results, entry["label"]))
    plain = {"label": entry["label"], "inputs": entry["inputs"], "outcomes": _outcomes(compared, entry["label"])}
    return plain | ({"failed": failed} if failed else {})


def _difference_rows(
    measures: Iterable[Measure], variant: str, found: Mapping[str, stats.Difference]
) -> Iterator[dict[str, Any]]:
    """Yield a row for each measure, and for each category of a measure of categories."""
    for measure in measures:
        head, one = {"variant": variant, "measure": measure.name}, found[measure.name]
        for category, share in (one.shares or {"": one}).items():
            counted = {"n": share.n} if measure.among else {}
            yield head | ({"category": category} if category else {}) | share.as_plain() | counted
