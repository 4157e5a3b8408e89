"""The ledger of claims: what the documents argue, and whether all that is cited stands in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from sim.errors import Mistake, Problem, described, unknown
from sim.yamlfile import STRICT, Document, Mark, Stamp, Where, home, read, stamp, validate


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


@dataclass(frozen=True)
class Cited:
    """One of the documents that claims cite: what it is called, whose it is, of when, and its paragraphs' number."""

    name: str
    title: str
    author: str
    date: str
    paragraphs: int


def load_claims() -> dict[str, Claim]:
    """Return the claims by number (M01, P01), from configs/claims.yaml; InputError with all that is wrong."""
    return _ledger(stamp(_file()))[0]


def load_documents() -> dict[str, Cited]:
    """Return the documents that claims cite by name, from configs/claims.yaml; InputError with all that is wrong."""
    return _ledger(stamp(_file()))[1]


def _file() -> Path:
    return home() / "configs" / "claims.yaml"


@lru_cache(maxsize=2)
def _ledger(file: Stamp) -> tuple[dict[str, Claim], dict[str, Cited]]:
    document = read(file.path)
    values = document.values if isinstance(document.values, dict) else {}
    form = validate(replace(document, values={k: one for k, one in values.items() if k != "documents"}), Ledger)
    cited = validate(replace(document, values={"documents": values.get("documents", {})}), DocumentsForm)
    return (
        {key: _claim(key, entry) for key, entry in form.root.items()},
        {name: Cited(name, **one.model_dump()) for name, one in cited.documents.items()},
    )


#: Paragraphs of a document, as they are cited everywhere: restraint-2020 [46], ctg-2020 [7][8].
_PARAGRAPHS = re.compile(r"\b([a-z]+(?:-[a-z]+)*-\d{4}) ((?:\[\d{1,6}\])+)")


def missing_paragraphs(document: Document) -> list[Problem]:
    """Return a problem for each paragraph that a text in ``document`` cites and its source does not have."""
    known = load_documents()
    problems = []
    for where, text in _texts(document.values, ()):
        for found in _PARAGRAPHS.finditer(text):
            problems += [document.problem(where, mistake) for mistake in _paragraph_mistakes(found, known)]
    return problems


def _paragraph_mistakes(found: re.Match[str], known: Mapping[str, Cited]) -> Iterator[Mistake]:
    """Yield what is wrong with a citation: its document, or each of its paragraphs that is not there."""
    name = found[1]
    if name not in known:
        yield replace(unknown(name, known, "a document of the ledger"), offset=found.start())
        return
    last = known[name].paragraphs
    for number in re.finditer(r"\d+", found[2]):
        if not 1 <= int(number[0]) <= last:
            at = found.start(2) + number.start() - 1
            yield Mistake(f"a paragraph of {name} from 1 to {last}", f"[{number[0]}]", offset=at)


def _texts(value: Any, where: Where) -> Iterator[tuple[Where, str]]:
    """Yield each text among plain values, with its place."""
    if isinstance(value, str):
        yield where, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _texts(inner, (*where, key))


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


class CitedForm(BaseModel):
    """The form of one document that claims cite."""

    model_config = STRICT
    title: str
    author: str
    date: str
    paragraphs: Annotated[int, Field(ge=1)]


class DocumentsForm(BaseModel):
    """The form of the ledger's list of documents."""

    model_config = STRICT
    documents: dict[str, CitedForm]


class Ledger(RootModel[dict[str, ClaimForm]]):
    """The form of the ledger: entries by number."""
