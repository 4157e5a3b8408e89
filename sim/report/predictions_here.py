"""Predictions that concern what is compared here, held against these results.

A prediction concerns a comparison where arms of its test are variants of it: then the same test is read off these
worlds. What the trial found is kept apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim import stats
from sim.errors import CrossfireError
from sim.evidence.arms import ArmWorlds, variant_of
from sim.evidence.part_results import CLOSE, FAILS, HOLDS, PartResult, try_part
from sim.experiments.variants import Variant
from sim.inputs.claims import ArmForm, Claim, Part, load_claims
from sim.inputs.resolve import Inputs
from sim.report.prediction_words import (
    MEASURES,
    expectation,
    marked_name,
    quantity_read,
    value_and_interval,
    verdicts_by_theory,
)
from sim.results import Results

_AGREE = {
    HOLDS: "these results agree", FAILS: "these results speak against it", CLOSE: "these results do not decide it"
}  # fmt: skip
_SO_FAR = {HOLDS: "agrees", FAILS: "speaks against it", CLOSE: "undecided"}


@dataclass(frozen=True)
class PredictionCheck:
    """A prediction held against these results: its parts that can be read off them, ``of`` so many.

    What came of a part is of variants, by their labels, in place of arms.
    """

    claim: Claim
    parts: tuple[PartResult, ...]
    of: int

    @property
    def verdict(self) -> str:
        """Return the verdict over the parts that count."""
        verdicts = [found.verdict for found in self.parts]
        wanted = any if self.claim.test and self.claim.test.needs == "one" else all
        return FAILS if FAILS in verdicts else HOLDS if wanted(one == HOLDS for one in verdicts) else CLOSE

    def said(self, names: Mapping[str, str], trial_found: Mapping[str, Any]) -> str:
        """Return in a sentence or two whether these results agree, and what the trial found."""
        words = "; ".join(_part_said(found, names) for found in self.parts)
        agree = _AGREE[self.verdict]
        if len(self.parts) < self.of:
            agree = f"partly read ({len(self.parts)} of {self.of} parts): {_SO_FAR[self.verdict]} so far"
        tried = trial_found.get("predictions", {}).get(self.claim.id)
        before = f" In the trial it {verdicts_by_theory(tried)}." if tried else ""
        return f"{marked_name(self.claim.id)}, {self.claim.title}: {agree}: {words}.{before}"


def _part_said(found: PartResult, names: Mapping[str, str]) -> str:
    part = found.part
    size, between = value_and_interval(found, part)
    arms = (" less " if part.kind == "difference" else " over ").join(names[arm] for arm in found.of)
    return f"{quantity_read(part)}, {arms}, is {size} ({between}), predicted {expectation(part)}"


def prediction_checks(results: Results, variants: Sequence[Variant | None], theory: str) -> list[PredictionCheck]:
    """Return the predictions that concern what is compared, held against these results; ``theory`` is theirs."""
    found = []
    compared = _Compared(variants, theory)
    for claim in load_claims().values():
        if claim.test is None:
            continue
        place = {name: compared.place_of(arm, claim.test.days) for name, arm in claim.test.arms.items()}
        counted = [part for part in claim.test.parts if not part.beside]
        parts = []
        for part in counted:
            arms = claim.test.arms_of(part)
            if part.take or any(place[arm] is None for arm in arms):
                continue  # the series may be kept of fewer worlds than the outcomes
            labels = {arm: results.variants[place[arm] or 0] for arm in arms}
            found_here = try_part(claim.test, part, _worlds(results, part, labels, claim.test.days))
            parts.append(replace(found_here, of=tuple(labels[arm] for arm in arms)))
        if parts:
            found.append(PredictionCheck(claim, tuple(parts), len(counted)))
    return found


class _Compared:
    """The variants that are compared, to be found by the arms of tests; an arm is made ready once for all tests."""

    def __init__(self, variants: Sequence[Variant | None], theory: str) -> None:
        self._theory = theory
        self._variants = [None if one is None else (one.inputs, _but_for_theory(one.inputs)) for one in variants]
        self._found: dict[tuple[str, tuple[str, ...], int], int | None] = {}

    def place_of(self, arm: ArmForm, days: int) -> int | None:
        """Return the place of the variant that is this arm of a test, as far as the theory goes; None if none is."""
        if arm.events:
            return None
        key = (arm.scenario, tuple(arm.settings), days)
        if key not in self._found:
            self._found[key] = self._look_for(arm, days)
        return self._found[key]

    def _look_for(self, arm: ArmForm, days: int) -> int | None:
        meant: dict[str, Any] = {}
        for k, variant in enumerate(self._variants):
            if variant is None or (variant[0].name, variant[0].days) != (arm.scenario, days):
                continue
            meant = meant or _but_for_theory(_inputs_of(arm, days, self._theory))
            if meant == variant[1]:
                return k
        return None


def _inputs_of(arm: ArmForm, days: int, theory: str) -> Inputs:
    """Return the inputs of an arm under a theory; under the documents' where that is one of the analyst's own."""
    try:
        return variant_of(arm, days, theory).inputs
    except CrossfireError:
        return variant_of(arm, days, "documents").inputs


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
        kinds = MEASURES[name].categories
        columns[name] = stats.codes_of(frame[name], kinds) if kinds else frame[name].to_numpy(dtype=float)
    return columns
