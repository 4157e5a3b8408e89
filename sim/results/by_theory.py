"""Finished results seen by theory, and weighed anew: other shares of theories than were drawn, without a run.

Each world of a run with ``theories`` drew one. Weights, its theory's new share over the share drawn, give what a run
with the new shares would give, with fewer worlds' worth of certainty.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import stats
from sim.errors import InputError, Mistake, Rejected, described, one_of, option_problem, unknown
from sim.inputs.values import spelling
from sim.names.measures import Measure
from sim.results import Results
from sim.results.comparison import headlines_of

if TYPE_CHECKING:
    import pandas as pd

DRAWN, ANEW = "as drawn", "weighed anew"


@dataclass(frozen=True)
class WeighedMeasure:
    """One measure of one variant, by theory: ``found`` has a mean with interval and worlds for each heading.

    ``against`` is the baseline's label where the means are of paired differences from it.
    """

    variant: str
    measure: Measure
    against: str
    found: dict[str, stats.WeightedMean]

    def plain(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "variant": self.variant, "measure": self.measure.name, "against": self.against or None,
            "by": {heading: one.as_plain() for heading, one in self.found.items()},
        }  # fmt: skip


def weights_of(text: str, known: list[str]) -> dict[str, float]:
    """Return the shares in ``documents:0.8,proxies:0.2`` as they stand; InputError for what cannot be meant."""
    if not text:
        return {}
    weights: dict[str, float] = {}
    problems = []
    for part in text.split(","):
        name, colon, number = (word.strip() for word in part.partition(":"))
        try:
            if name in weights:
                raise Rejected(Mistake("every theory once", described(part)))
            weights[name] = float(number) if colon else float("nan")
            if name not in known:
                raise Rejected(unknown(name, known, "a theory that worlds of these results drew"))
            if not 0 <= weights[name] < float("inf"):
                raise Rejected(Mistake("THEORY:SHARE with a share of at least 0", described(part)))
        except (ValueError, Rejected) as wrong:
            mistakes = wrong.mistakes if isinstance(wrong, Rejected) else (Mistake("THEORY:SHARE", described(part)),)
            problems += [option_problem("--weights", m.expected, m.got, m.hint) for m in mistakes]
    if not problems and not sum(weights.values()):
        problems = [option_problem("--weights", "one share above 0", described(text))]
    if problems:
        raise InputError(problems)
    return weights


def of_one_theory(results: Results) -> Results:
    """Return the results without the variants of other theories than the first one's; all where none is varied."""
    entries = results.manifest["variants"]
    same = [one for one in entries if _theory_set(one) == _theory_set(entries[0])]
    if len(same) == len(entries):
        return results
    return replace(results, manifest=results.manifest | {"variants": same})


def varied_theories(results: Results) -> list[str]:
    """Return the theories that tell variants apart (``--vary theory=...``), in their order; nothing without two."""
    named = list(dict.fromkeys(filter(None, map(_theory_set, results.manifest["variants"]))))
    return named if len(named) > 1 else []


def _theory_set(entry: dict[str, Any]) -> str:
    return spelling(((entry["inputs"] or {}).get("settings") or {}).get("theory", ""))


def over_variants(results: Results) -> list[WeighedMeasure]:
    """Return each headline outcome by the theory that variants were given, as ``by_theory`` has it.

    Variants that differ in their theory alone belong together; all are compared with the first one's kin, each under
    its own theory and in the same worlds. One that lacks a theory is left out.
    """
    theories, measures = varied_theories(results), headlines_of(results)
    kin: dict[str, dict[str, str]] = {}
    for entry in results.manifest["variants"]:
        theory = _theory_set(entry)
        name = " ".join(word for word in entry["label"].split() if word != f"theory={theory}")
        kin.setdefault(name, {})[theory] = entry["label"]
    whole = {name: labels for name, labels in kin.items() if set(labels) == set(theories)}
    columns = {label: _columns(results, label, measures) for labels in whole.values() for label in labels.values()}
    baseline = next(iter(whole), "")
    return [
        WeighedMeasure(name, measure, "" if name == baseline else baseline, {
            theory: _mean_of(
                measure, columns[labels[theory]], None if name == baseline else columns[whole[baseline][theory]]
            )
            for theory in theories
        })
        for name, labels in whole.items()
        for measure in measures
    ]  # fmt: skip


def _columns(results: Results, label: str, measures: list[Measure]) -> "pd.DataFrame":
    """Return the measures of a variant by world, read at once."""
    names = [measure.name for measure in measures]
    return results.outcomes_columns(["world", *names], label).set_index("world")[names].astype(float)


def _mean_of(measure: Measure, values: "pd.DataFrame", against: "pd.DataFrame | None") -> stats.WeightedMean:
    column = values[measure.name] if against is None else (values[measure.name] - against[measure.name]).dropna()
    return stats.weighted_interval(column.to_numpy(), np.ones(len(column)), measure, apart=against is not None)


def theories_of(results: Results) -> list[str]:
    """Return the theories that worlds of the results drew; InputError if all took the same one."""
    drawn = results.outcomes_columns(["theory"])["theory"] if "theory" in results.names() else None
    names = [] if drawn is None else sorted(drawn.unique())
    if len(names) < 2:
        expected = "results whose worlds drew theories (a run with --theory documents:1,deterrence:1)"
        raise InputError([option_problem(str(results.folder), expected, one_of(names) if names else "none drawn")])
    return names


def by_theory(results: Results, weights: dict[str, float]) -> list[WeighedMeasure]:
    """Return each headline outcome of every variant by theory, as drawn, and weighed anew if weights are given.

    Variants after the first are shown by their differences from it, over the same worlds.
    """
    results = results.begun()
    theories, measures = theories_of(results), headlines_of(results)
    return [
        WeighedMeasure(variant, measure, "" if k == 0 else results.variants[0], found)
        for k, variant in enumerate(results.variants)
        for measure, found in _of_variant(results, variant, measures, theories, weights)
    ]


def _of_variant(
    results: Results, variant: str, measures: list[Measure], theories: list[str], weights: dict[str, float]
) -> Iterator[tuple[Measure, dict[str, stats.WeightedMean]]]:
    baseline = results.variants[0]
    names = [measure.name for measure in measures]
    frame = results.outcomes_columns(["world", "theory", *names], variant).set_index("world")
    values = frame[names].astype(float)
    if variant != baseline:
        values = values - results.outcomes_columns(["world", *names], baseline).set_index("world")[names].astype(float)
        values = values.reindex(frame.index)
    headings = _headings(frame["theory"].to_numpy(), theories, weights)
    for measure in measures:
        column = values[measure.name].to_numpy()
        yield (
            measure,
            {
                name: stats.weighted_interval(column, w, measure, apart=variant != baseline)
                for name, w in headings.items()
            },
        )


def _headings(drawn: np.ndarray, theories: list[str], weights: dict[str, float]) -> dict[str, np.ndarray]:
    """Return the weight of each world under every heading: one theory alone, all as drawn, all weighed anew."""
    headings = {name: (drawn == name).astype(float) for name in theories}
    headings[DRAWN] = np.ones(len(drawn))
    if weights:
        shares = {name: float((drawn == name).mean()) for name in theories}
        new = {name: weights.get(name, 0.0) / shares[name] if shares[name] else 0.0 for name in theories}
        headings[ANEW] = np.array([new[name] for name in drawn])
    return headings
