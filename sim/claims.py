"""The ledger of claims: what the documents argue, and whether all that is cited stands in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, RootModel

from sim.errors import Problem, described
from sim.yamlfile import Mark, home, read, validate


@dataclass(frozen=True)
class Claim:
    """One claim: a mechanism (an assumption, it stands in the rules) or a prediction (a result, it stands in none).

    ``more`` holds the rest of its entry: readings, off_means and signal of a mechanism, the test of a prediction.
    """

    id: str
    kind: str
    title: str
    text: str
    sources: tuple[str, ...]
    more: dict[str, Any] = field(default_factory=dict)


def load_claims() -> dict[str, Claim]:
    """Return the claims by number (M01, P01), from configs/claims.yaml; InputError with all that is wrong."""
    document = read(home() / "configs" / "claims.yaml")
    if isinstance(document.values, dict):
        document = replace(document, values={key: one for key, one in document.values.items() if key != "documents"})
    form = validate(document, _Ledger)
    return {key: _claim(key, entry) for key, entry in form.root.items()}


def missing_claims(cited: Iterable[tuple[str, str, Mark]]) -> list[Problem]:
    """Return a problem for each prediction that is cited and stands in no ledger.

    ``cited`` holds the claim, the path that cites it and where; mechanisms are checked where they are read, and
    anything else is a source.
    """
    predictions = [(claim, path, mark) for claim, path, mark in cited if claim[:1] == "P" and claim[1:].isdigit()]
    if not predictions:
        return []
    known = load_claims()
    return [
        Problem(mark.file, mark.line, mark.column, path, "a claim of the ledger", described(claim))
        for claim, path, mark in predictions
        if claim not in known
    ]


def _claim(key: str, form: "ClaimForm") -> Claim:
    return Claim(key, form.kind, form.title, form.text, tuple(form.sources), dict(form.model_extra or {}))


class ClaimForm(BaseModel):
    """The form of one entry of the ledger."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    kind: Literal["mechanism", "prediction"]
    title: str
    text: str
    sources: list[str]


class _Ledger(RootModel[dict[str, ClaimForm]]):
    """The form of the ledger: entries by number."""
