"""The ledger of claims: what the documents argue, and whether all that is cited stands in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from sim.errors import InputError, Mistake, Problem, Rejected, described, nearest, option_problem, unknown
from sim.inputs.allowed_names import called
from sim.inputs.yaml.document import Document, Mark, Where
from sim.inputs.yaml.files import home
from sim.inputs.yaml.forms import STRICT, Text, Title, validate
from sim.inputs.yaml.snapshots import Stamp, stamp
from sim.inputs.yaml.text import read
from sim.names.measures import OUTCOMES, SERIES

_OUTCOMES = {measure.name: measure for measure in OUTCOMES}
_SERIES = {measure.name: measure for measure in SERIES}
_DOCUMENT = re.compile(r"([a-z]+-\d{4}) \[\d+\]")
ARROW = "->"


# The form of a prediction's test ---------------------------------------------------------------------------------


class ArmForm(BaseModel):
    """One arm of a test: a scenario, what is set in it, and events that are scripted besides (null strikes one out)."""

    model_config = STRICT
    scenario: str
    settings: list[str] = Field(default=[], alias="set")
    events: dict[str, Any] = {}


#: More than this no world counts of anything.
_LARGEST = 1e9
Bound = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST, allow_inf_nan=False)]


class EachWorld(BaseModel):
    """What is asked of each world, where a share of worlds is counted."""

    model_config = STRICT
    above: Bound | None = None
    below: Bound | None = None
    at_least: Bound | None = None


class Part(BaseModel):
    """One thing that a test measures: what is read of each world, how arms are compared, and what is predicted."""

    model_config = STRICT
    reads: str | list[str]
    of: list[str] = []
    since: Literal["start", "exit"] = "start"
    days: list[Annotated[int, Field(ge=0, le=3650)]] = []
    take: Literal["", "sum", "mean", "last", "a_month", "growth", "of_start", "dispersion", "over_shuffled"] = ""
    during: str = ""
    category: str = ""
    but_not: dict[str, str] = {}
    missing: Bound | Literal["end"] | None = None
    kind: Literal["difference", "ratio", "mean", "share"] = "difference"
    each: EachWorld | None = None
    goes: Literal["higher", "lower", ""] = ""
    above: Bound | None = None
    below: Bound | None = None
    tie: Annotated[float, Field(ge=0, le=_LARGEST)]
    beside: bool = False
    priors: bool = False
    path: str = ""

    @property
    def series(self) -> tuple[str, ...]:
        """Return the weekly series that it reads, none where it reads an outcome."""
        names = [self.reads] if isinstance(self.reads, str) else self.reads
        return tuple(names) if self.take else ()

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Return what the measured value must lie above and below, as far as anything is said."""
        if self.goes:
            return (0.0, None) if self.goes == "higher" else (None, 0.0)
        return self.above, self.below

    @model_validator(mode="after")
    def _makes_sense(self) -> "Part":
        mistakes = [*self._strange_names(), *self._strange_bounds(), *self._beyond_shares()]
        if bool(self.take) != (len(self.days) == 2):
            mistakes.append(Mistake("'take' and two 'days' together, for a weekly series", "one of them"))
        if mistakes:
            raise Rejected(*mistakes)
        return self

    def _strange_names(self) -> list[Mistake]:
        known = _SERIES if self.take else _OUTCOMES
        names = [self.reads] if isinstance(self.reads, str) else self.reads
        found = [unknown(name, known, "a weekly series" if self.take else "a measure") for name in names
                 if name not in known]  # fmt: skip
        found += (
            [unknown(self.during, _SERIES, "a weekly series")] if self.during and self.during not in _SERIES else []
        )
        asked = {**self.but_not, **({str(self.reads): self.category} if self.category else {})}
        for name, category in asked.items():
            categories = _OUTCOMES[name].categories if name in _OUTCOMES else ()
            if category not in categories:
                found.append(unknown(category, categories, f"a category of {name}"))
        return found

    def _beyond_shares(self) -> list[Mistake]:
        """Return the bounds and the tie zone that no share, and no difference of two, can reach."""
        one = _OUTCOMES.get(str(self.reads)) if not self.take else _SERIES.get(str(self.reads))
        of_worlds = self.kind == "share" or bool(self.category)
        share = one is not None and one.kind in ("flag", "share") and self.take in ("", "mean", "last")
        if self.kind == "ratio" or not (of_worlds or share):
            return []
        least = -1.0 if self.kind == "difference" else 0.0
        said = {"above": self.above, "below": self.below, "tie": self.tie}
        return [
            Mistake(f"a share from {least:g} to 1", described(value), at=(key,))
            for key, value in said.items()
            if value is not None and not least <= value <= 1.0
        ]

    def _strange_bounds(self) -> list[Mistake]:
        said = [self.above is not None or self.below is not None, bool(self.goes)]
        return (
            [] if sum(said) == 1 else [Mistake("either 'goes', or 'above' or 'below'", "both" if all(said) else "none")]
        )


class PredictionTest(BaseModel):
    """The test of a prediction: its arms by name, what is measured, and the shortest path from a rule to it."""

    model_config = STRICT
    path: Text
    days: Annotated[int, Field(ge=1, le=3650)]
    arms: Annotated[dict[str, ArmForm], Field(min_length=1), AfterValidator(called)]
    parts: Annotated[list[Part], Field(min_length=1)]
    needs: Literal["all", "one"] = "all"
    in_theories: Annotated[int, Field(ge=0, le=100)] = 0
    notes: str = ""

    def arms_of(self, part: Part) -> list[str]:
        """Return the names of the arms that a part compares, or of the one that it looks at."""
        two = part.kind in ("difference", "ratio")
        return part.of or list(self.arms)[: 2 if two else 1]

    def path_of(self, part: Part) -> str:
        """Return the shortest path from what differs between the arms to what the part measures."""
        return part.path or self.path

    @model_validator(mode="after")
    def _arms_are_there(self) -> "PredictionTest":
        mistakes = []
        for k, part in enumerate(self.parts):
            named, wanted = self.arms_of(part), 2 if part.kind in ("difference", "ratio") else 1
            mistakes += [
                unknown(name, self.arms, "an arm", ("parts", k, "of")) for name in named if name not in self.arms
            ]
            if len(named) != wanted:
                mistakes.append(Mistake(f"{wanted} arms", str(len(named)), at=("parts", k)))
        if all(part.beside for part in self.parts):
            mistakes.append(Mistake("a part that counts", "none", at=("parts",)))
        if mistakes:
            raise Rejected(*mistakes)
        return self


def is_assumption(path: str) -> bool:
    """Return whether a path is a single rule: what is measured was written in, and is no result."""
    return path.count(ARROW) <= 1


# The ledger ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """One claim: a mechanism (an assumption, it stands in the rules) or a prediction (a result, it stands in none).

    ``more`` holds the rest of a mechanism's entry (readings, off_means, signal, gauge); ``test`` is a prediction's.
    """

    id: str
    kind: str
    title: str
    text: str
    sources: tuple[str, ...]
    more: dict[str, Any] = field(default_factory=dict)
    test: PredictionTest | None = None

    @property
    def assumption(self) -> bool:
        """Return whether it is a prediction one rule away from what is measured first: written in, and no result."""
        return self.test is not None and is_assumption(self.test.path)

    @property
    def documents(self) -> frozenset[str]:
        """Return the documents that it cites; inference and judgement are none."""
        return frozenset(match[1] for source in self.sources if (match := _DOCUMENT.match(source)))


@dataclass(frozen=True)
class CitedDocument:
    """One of the documents that claims cite: what it is called, whose it is, of when, and its paragraphs' number."""

    name: str
    title: str
    author: str
    date: str
    paragraphs: int


def load_claims() -> dict[str, Claim]:
    """Return the claims by number (M01, P01), from configs/claims.yaml; InputError with all that is wrong."""
    return _ledger(stamp(_file()))[0]


def load_documents() -> dict[str, CitedDocument]:
    """Return the documents that claims cite by name, from configs/claims.yaml; InputError with all that is wrong."""
    return _ledger(stamp(_file()))[1]


def _file() -> Path:
    return home() / "configs" / "claims.yaml"


@lru_cache(maxsize=2)
def _ledger(file: Stamp) -> tuple[dict[str, Claim], dict[str, CitedDocument]]:
    document = read(file.path)
    values = document.values if isinstance(document.values, dict) else {}
    form = validate(replace(document, values={k: one for k, one in values.items() if k != "documents"}), Ledger)
    cited = validate(replace(document, values={"documents": values.get("documents", {})}), DocumentsForm)
    return (
        {key: _claim(key, entry) for key, entry in form.root.items()},
        {name: CitedDocument(name, **one.model_dump()) for name, one in cited.documents.items()},
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


def _paragraph_mistakes(found: re.Match[str], known: Mapping[str, CitedDocument]) -> Iterator[Mistake]:
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


def resting_on(document: str) -> list[str]:
    """Return the mechanisms that rest on this document and on no other; InputError where there is no such document."""
    documents = load_documents()
    if document not in documents:
        wrong = unknown(document, documents, "a document of the ledger")
        raise InputError([option_problem(f"--without {document}", wrong.expected, wrong.got, wrong.hint)])
    claims = load_claims().values()
    return [claim.id for claim in claims if claim.kind == "mechanism" and claim.documents == {document}]


def check_claims(names: Iterable[str]) -> None:
    """Raise InputError unless every name is that of a claim of the ledger."""
    known = load_claims()
    wrong = [name for name in names if name not in known]
    expected = "a claim, M01 to M61 or P01 to P25"
    if wrong:
        raise InputError(option_problem("claims", expected, described(name), nearest(name, known)) for name in wrong)


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
    return Claim(key, form.kind, form.title, form.text, tuple(form.sources), dict(form.model_extra or {}), form.test)


class ClaimForm(BaseModel):
    """The form of one entry of the ledger."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, defer_build=True)
    kind: Literal["mechanism", "prediction"]
    title: Title
    text: Text
    sources: list[str]
    test: PredictionTest | None = None

    @model_validator(mode="after")
    def _predictions_are_tested(self) -> "ClaimForm":
        if (self.kind == "prediction") != (self.test is not None):
            raise Rejected(
                Mistake("a 'test' for a prediction, and for nothing else", f"a {self.kind} that has it wrong")
            )
        return self


class CitedDocumentForm(BaseModel):
    """The form of one document that claims cite."""

    model_config = STRICT
    title: Title
    author: Title
    date: Title
    paragraphs: Annotated[int, Field(ge=1, le=10_000)]


class DocumentsForm(BaseModel):
    """The form of the ledger's list of documents."""

    model_config = STRICT
    documents: dict[str, CitedDocumentForm]


class Ledger(RootModel[dict[str, ClaimForm]]):
    """The form of the ledger: entries by number."""
