"""What a report asks, what it is not for, how to read it, and what is wrong with the run."""

from collections.abc import Iterator

from sim.inputs.claims import load_documents
from sim.inputs.values import spelling
from sim.report.blocks import Block, Para, Points, code, unmarked
from sim.report.context import Context
from sim.results import FINISHED, suggested
from sim.wording import headed, in_letters

HOW_TO_READ = (
    "A world is one course of events: it has its own values of everything that nobody knows, and its own luck. "
    "Variants are compared in the same worlds, so a difference is theirs. An interval belongs to a mean and narrows "
    "with more worlds; the spread over worlds (p05 to p95) holds chance and ignorance and does not."
)


def section(context: Context) -> Iterator[Block]:
    """Yield what is asked, what this is not for, and what is wrong with the run."""
    yield Para(unmarked(str(context.inputs["purpose"])), "lead")
    names = context.names
    if len(names) > 1:
        listed = "; ".join(f"{name}{' (the baseline)' if k == 0 else ''}" for k, name in enumerate(names))
        yield Para(f"Compared here: {listed}.")
        purposes = [f"{headed(name)}: {p}" for name, p in zip(names, purposes_of_policies(context), strict=True) if p]
        yield from [Points(tuple(purposes))] if purposes else []
    yield Para("What it is not for. " + not_for())
    yield Para("How to read it. " + HOW_TO_READ)
    yield from (Para(words, "warning") for words in warnings(context))


def not_for() -> str:
    """Return what the model is not for, in a few sentences."""
    return (
        "It does not foretell what will happen, and no share of worlds is the probability of an event in Iraq. It "
        f"works out what follows from stated readings of {in_letters(len(load_documents()))} documents, under stated "
        "ignorance, and which of those readings a conclusion needs. It is no basis for targeting, for operations, or "
        "for judging any living person."
    )


def purposes_of_policies(context: Context) -> list[str]:
    """Return what the policies that tell the variants apart are for, variant by variant."""
    entries = context.manifest["variants"]
    given = [(entry["inputs"] or {}).get("settings", {}) for entry in entries]
    varied = {path for one in given for path in one if len({spelling(other.get(path)) for other in given}) > 1}
    purposes = []
    for variant, entry in zip(context.variants, entries, strict=True):
        settings = {} if variant is None else (entry["inputs"] or {}).get("settings", {})
        said = [
            policy.purpose
            for path, value in settings.items()
            if path.startswith("policies.") and path in varied
            for policy in (variant.inputs.policies if variant else ())
            if (policy.key, policy.name) == (path.split(".")[1], spelling(value))
        ]
        purposes.append(unmarked(" ".join(said)))
    return purposes


def warnings(context: Context) -> Iterator[str]:
    """Yield what is wrong with the run: worlds that are missing, a state that nobody can come back to."""
    manifest, status = context.manifest, context.results.status
    if status != FINISHED:
        yield f"The run is not finished ({status}): this is of the worlds so far."
    if manifest["failures"]:
        names = code(suggested("show", context.folder))
        yield f"{len(manifest['failures'])} worlds failed and are left out; {names} names them."
    if (manifest.get("git") or {}).get("dirty"):
        yield "The run was made from a checkout with changes in no commit: it cannot be made again exactly."
    if any(variant is None for variant in context.variants):
        yield "Rules or files have changed since the run: numbers are as they were, worlds cannot be told again."
