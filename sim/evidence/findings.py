"""What the ledger comes to: coverage, the audit of mechanisms, predictions tried; as plain values."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.errors import InputError, Rejected, option_problem
from sim.evidence.coverage import Coverage, coverage
from sim.evidence.inert import ParameterPower, powers
from sim.evidence.mechanisms import Finding, audit
from sim.evidence.predictions import (
    PredictionTrial,
    all_theories,
    try_all,
)
from sim.inputs.claims import check_claims, load_documents, resting_on
from sim.inputs.yaml.files import find, home

Tell = Callable[[str], None]


@dataclass(frozen=True)
class DocumentRemoval:
    """What the predictions come to without the mechanisms that rest on one document alone."""

    document: str
    mechanisms: tuple[str, ...]
    before: tuple[PredictionTrial, ...]
    after: tuple[PredictionTrial, ...]

    def changed(self) -> dict[str, dict[str, str]]:
        """Return the verdicts that are others without it, by prediction: a finding that rests on this source."""
        pairs = zip(self.before, self.after, strict=True)
        return {a.claim.id: {"with": a.verdict, "without": b.verdict} for a, b in pairs if a.verdict != b.verdict}

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"document": self.document, "mechanisms": list(self.mechanisms), "changed": self.changed()}


@dataclass(frozen=True)
class Findings:
    """All that was found, in so many worlds of each arm, under these theories."""

    worlds: int
    seed: int
    theories: tuple[str, ...]
    mechanisms: tuple[Finding, ...] = ()
    predictions: tuple[PredictionTrial, ...] = ()
    covered: Coverage | None = None
    without: tuple[DocumentRemoval, ...] = ()
    parameters: tuple[ParameterPower, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """Return it as plain values; what was not asked for is left out."""
        plain: dict[str, Any] = {
            "worlds": self.worlds, "seed": self.seed, "theories": list(self.theories),
            "mechanisms": {one.id: one.plain() for one in self.mechanisms},
            "predictions": {one.claim.id: one.plain() for one in self.predictions},
        }  # fmt: skip
        if self.covered:
            plain["coverage"] = self.covered.plain()
        if self.without:
            plain["without"] = {one.document: one.plain() for one in self.without}
        if self.parameters:
            plain["powerless"] = [one.plain() for one in self.parameters if one.powerless]
        return plain


def findings_file() -> Path:
    """Return the path of what the last trial of the whole ledger found."""
    return home() / "configs" / "findings.json"


def load_findings() -> dict[str, Any]:
    """Return what the last trial of the whole ledger found, as ``Findings.plain`` has it; nothing if there is none."""
    path = findings_file()
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def check_asked(names: Sequence[str] = (), theories: Sequence[str] = (), without: str = "") -> None:
    """Raise InputError unless claims, theories and document are there."""
    check_claims(names)
    for theory in theories:
        try:
            find("theory", theory)
        except Rejected as wrong:
            place = f"--theory {theory}"
            raise wrong.named(place) from None
    if without:
        resting_on(without)
        if names and not any(name.startswith("P") for name in names):
            raise InputError([option_problem(f"--without {without}", "predictions to try again", "mechanisms alone")])


def find_all(
    names: Sequence[str] = (), *, worlds: int = 500, seed: int = 1, theories: Sequence[str] = (), without: str = "",
    everything: bool = False, tell: Tell | None = None,
) -> Findings:  # fmt: skip
    """Return what the ledger, or the claims named, come to.

    Parameters
    ----------
    names : sequence of str, optional
        Mechanisms and predictions, such as M05 and P01; all by default, with the coverage of the ledger.
    theories : sequence of str, optional
        Theories under which predictions are tried (all).
    without : str, optional
        A document: predictions are tried a second time with the mechanisms off that rest on no other, and nothing else
        is done. The result holds the second trial, and what it changed.
    everything : bool
        The parameters' power and each document in turn as well, as the page of findings has them.
    """
    check_asked(names, theories, without)
    chosen = tuple(theories or all_theories())
    done = Findings(worlds, seed, chosen)
    predictions = [name for name in names if name[0] == "P"]
    if predictions or not names:
        tried = tuple(try_all(predictions, worlds=worlds, seed=seed, theories=chosen, tell=tell))
        done = replace(done, predictions=tried)
    if without:
        again = _without_document(without, done.predictions, worlds, seed, chosen, tell)
        return replace(done, predictions=again.after, without=(again,))
    mechanisms = [name for name in names if name[0] == "M"]
    if mechanisms or not names:
        done = replace(done, mechanisms=tuple(audit(worlds, seed, mechanisms, tell)))
    if not names:
        done = replace(done, covered=coverage())
    return _with_the_rest(done, tell) if everything else done


def _with_the_rest(done: Findings, tell: Tell | None) -> Findings:
    first = done.theories[:1]
    before = tuple(
        PredictionTrial(one.claim, {theory: one.by_theory[theory] for theory in first}) for one in done.predictions
    )
    each = tuple(
        _without_document(document, before, done.worlds, done.seed, first, tell) for document in load_documents()
    )
    return replace(done, without=each, parameters=tuple(powers(seed=done.seed, tell=tell)))


def _without_document(
    document: str,
    before: tuple[PredictionTrial, ...],
    worlds: int,
    seed: int,
    theories: Sequence[str],
    tell: Tell | None,
) -> DocumentRemoval:
    off = resting_on(document)

    def tell_without(words: str) -> None:
        if tell:
            tell(f"{words} without {document}")

    names = [one.claim.id for one in before]
    after = try_all(names, worlds=worlds, seed=seed, theories=theories, off=off, tell=tell_without) if names else []
    return DocumentRemoval(document, tuple(off), before, tuple(after))
