"""Which worlds of a run to read: the most typical one and the most surprising, and its variants made ready again."""

from dataclasses import dataclass

import numpy as np

from sim.errors import CrossfireError
from sim.experiments.variants import Variant
from sim.names.measures import Measure
from sim.results import Results
from sim.running.resume import variant_of_results
from sim.world.meaning import rule_hash


@dataclass(frozen=True)
class ChosenWorld:
    """A world worth reading: its number, and how unusual its headline outcomes are (mean surprise in bits)."""

    world: int
    surprise: float


def chosen_worlds(results: Results, variant: str, measures: list[Measure]) -> tuple[ChosenWorld, ChosenWorld]:
    """Return the most typical and the most surprising world of a variant by its headline outcomes.

    The surprise of an outcome is minus the binary logarithm of the share of worlds at least as far out: of those with
    the same answer for yes and no, twice the smaller tail for a number.
    """
    names = [measure.name for measure in measures]
    frame = results.outcomes_columns(["world", *names], variant)
    total = np.zeros(len(frame))
    for name in names:
        total += _surprise(frame[name].to_numpy(dtype=float))
    total /= max(1, len(names))
    worlds = frame["world"].to_numpy()
    typical, strange = (ChosenWorld(int(worlds[k]), float(total[k])) for k in (np.argmin(total), np.argmax(total)))
    return typical, strange


def _surprise(values: np.ndarray) -> np.ndarray:
    """Return the surprise of each value, (worlds,); nothing for one that is not defined."""
    ordered = np.sort(values[~np.isnan(values)])
    n = len(ordered)
    if n == 0:
        return np.zeros(len(values))
    if len(np.unique(ordered)) <= 2:
        shares = np.array([(ordered == value).mean() for value in values])
        return np.where(np.isnan(values), 0.0, -np.log2(np.maximum(shares, 1.0 / n)))
    below = np.searchsorted(ordered, values, side="right") / n
    above = 1.0 - np.searchsorted(ordered, values, side="left") / n
    share = np.clip(2.0 * np.minimum(below, above), 1.0 / n, 1.0)
    return np.where(np.isnan(values), 0.0, -np.log2(share))


def rebuilt(results: Results, number: int) -> Variant | None:
    """Return a variant of the results made ready again; None where rules or files have changed since."""
    entry = results.manifest["variants"][number]
    given = entry["inputs"] or {}
    if results.manifest["rules_hash"] != rule_hash() or "scenario" not in given:
        return None
    try:
        variant = variant_of_results(results, entry)
    except CrossfireError:
        return None
    return variant if variant.inputs.hash8 == given["hash8"] else None
