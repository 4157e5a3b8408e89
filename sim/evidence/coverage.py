"""What cites the ledger, and what rests on nothing: mechanisms, parameters, policies' rules and scenarios' events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.inputs.authoring.uses import rules_that_read
from sim.inputs.claims import load_claims
from sim.inputs.policies.policy import load_policy_file
from sim.inputs.scenario import shipped_scenario
from sim.inputs.theory import load_parameters, load_situation
from sim.inputs.yaml.files import find, names_of
from sim.names.actors import POLICY_KEYS

#: Sources that are no document.
_OWN = ("judgement", "inference")


@dataclass(frozen=True)
class Coverage:
    """Who cites each claim, and by kind what has no source at all, and what rests on our own judgement alone."""

    cited: dict[str, dict[str, int]]
    counts: dict[str, int]
    unsourced: dict[str, list[str]]
    judged: dict[str, int]

    @property
    def cited_by_nothing(self) -> list[str]:
        """Return the mechanisms that no rule, parameter, policy or event cites (predictions must not be cited)."""
        return [claim for claim, by in self.cited.items() if claim[0] == "M" and not any(by.values())]

    @property
    def predictions_cited(self) -> list[str]:
        """Return the predictions that something cites: a result that was put in by hand."""
        return [claim for claim, by in self.cited.items() if claim[0] == "P" and any(by.values())]

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "cited_by_nothing": self.cited_by_nothing, "predictions_cited": self.predictions_cited,
            "without_a_source": self.unsourced, "on_judgement_alone": self.judged, "of": self.counts,
            "cited": self.cited,
        }  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Return rows of a table, one for each kind of thing that must rest on something."""
        return [
            {
                "what": kind, "there are": n, "without a source": len(self.unsourced[kind]),
                "on judgement alone": self.judged[kind], "which have none": self.unsourced[kind],
            }
            for kind, n in self.counts.items()
        ]  # fmt: skip


def coverage() -> Coverage:
    """Return who cites what in all files that come along and in the rules; InputError where a file has faults."""
    claims = load_claims()
    found = {kind: list(gather()) for kind, gather in _KINDS.items()}
    cited = {claim: {"rules": len(rules_that_read(claim)), **dict.fromkeys(found, 0)} for claim in claims}
    for kind, things in found.items():
        for thing in things:
            for claim in {one for one in (*thing.sources, *thing.serves) if one in claims}:
                cited[claim][kind] += 1
    return Coverage(
        cited,
        {kind: len(things) for kind, things in found.items()},
        {kind: [one.name for one in things if not _sourced(one.sources)] for kind, things in found.items()},
        {kind: sum(_judged(one.sources) for one in things) for kind, things in found.items()},
    )


class _LedgerEntry(NamedTuple):
    """One thing that must rest on something: its name, its sources, and the mechanisms that it serves besides."""

    name: str
    sources: tuple[str, ...]
    serves: tuple[str, ...] = ()


def _sourced(sources: Iterable[str]) -> bool:
    return any(source.strip() for source in sources)


def _judged(sources: Iterable[str]) -> bool:
    """Return whether all that is said of a source is that it is our own."""
    said = [source.strip() for source in sources if source.strip()]
    return bool(said) and all(one.startswith(_OWN) for one in said)


def _mechanisms() -> Iterator[_LedgerEntry]:
    for claim in load_claims().values():
        if claim.kind == "mechanism":
            yield _LedgerEntry(claim.id, claim.sources)


def _parameters() -> Iterator[_LedgerEntry]:
    for parameter in load_parameters().values():
        yield _LedgerEntry(parameter.name, _parted(parameter.source), parameter.drives)


def _situation() -> Iterator[_LedgerEntry]:
    for parameter in load_situation().values():
        yield _LedgerEntry(parameter.name, _parted(parameter.source), parameter.drives)


def _parted(source: str) -> tuple[str, ...]:
    """Return the parts of a source: documents with paragraphs, or judgement with its reason."""
    return tuple(part.strip() for part in source.split(";"))


def _rules_of_policies() -> Iterator[_LedgerEntry]:
    for key in POLICY_KEYS:
        for name in names_of(f"{key} policy"):
            for rule in load_policy_file(find(f"{key} policy", name), key).rules:
                yield _LedgerEntry(f"{key} {name}: {rule.name}", rule.claims)


def _events() -> Iterator[_LedgerEntry]:
    for name in names_of("scenario"):
        for event, form in shipped_scenario(name).form.events.items():
            yield _LedgerEntry(f"{name}: {event}", form.claim)


_KINDS = {
    "mechanisms": _mechanisms, "parameters": _parameters, "starting positions": _situation,
    "policies' rules": _rules_of_policies, "scenarios' events": _events,
}  # fmt: skip
