"""Find a rare end into a folder: anew, on from where it broke off, or shown if it is there."""

from dataclasses import dataclass
from pathlib import Path

from sim.experiments.request import Request
from sim.experiments.variants import Variant
from sim.inputs.arguments import folder_of
from sim.results import StoreError
from sim.running.compiling import prepare_rules
from sim.running.execute import kept_whatever_comes
from sim.running.interruption import heeded
from sim.running.job import How, Job
from sim.running.rare import results
from sim.running.rare.ends import End, end_of
from sim.running.rare.keeping import RareStore, VariantKeep, create, reopen
from sim.running.rare.results import FILE, RareResults
from sim.running.rare.run import find_one
from sim.running.resume import refuse_other_rules, refuse_other_run, remade_variant

#: Effort where none is asked for, in plain worlds.
USUAL_EFFORT = 6_000


@dataclass(frozen=True)
class Sought:
    """A rare end that is looked for under some variants: with how much effort, at how many levels."""

    job: Job
    end: End
    effort: int = USUAL_EFFORT
    levels: int | None = None

    @property
    def inputs(self) -> dict[str, object]:
        """Return all that is given."""
        return results.given(self.job, self.end, self.effort, self.levels)


@dataclass(frozen=True)
class Done:
    """What was found, and whether it had been there before."""

    results: RareResults
    already_there: bool = False


def seek(
    sought: Sought, *, out: Path | None = None, force: bool = False, resume: bool = False, how: How | None = None
) -> Done:
    """Return what is found of a rare end, taken up where the same run broke off, or what is there of it.

    Raises
    ------
    Interrupted
        If it is broken off by Ctrl-C; what was finished is kept.
    StoreError
        If it cannot be written, or the folder holds something else.
    """
    inputs = sought.inputs
    folder = folder_of(out) if out is not None else results.folder_of(sought.job, sought.end, inputs)
    if resume and not (folder / FILE).exists():
        raise StoreError(f"{folder}: nothing here to go on with; leave --resume out to begin")
    store = create(folder, results.manifest_of(sought.job, inputs), force)
    return _carried_out(sought, store, how or How())


def resume(folder: Path, how: How | None = None) -> Done:
    """Return what a folder holds of a rare end, made whole: what is missing is lived, and nothing that is there.

    Raises
    ------
    StoreError
        If scenarios, policies or rules are no longer those of the run, with the differences.
    """
    # What refuses only reads: a command that may not go on changes nothing.
    sought = sought_again(results.read(folder))
    return _carried_out(sought, reopen(folder), how or How())


def sought_again(there: RareResults) -> Sought:
    """Return what was looked for, made again from the manifest; StoreError if it would not be the same."""
    manifest = there.manifest
    refuse_other_rules(there)
    variants = tuple(remade_variant(there, entry) for entry in manifest["variants"])
    asked = Request(
        tuple(dict.fromkeys(variant.scenario for variant in variants)), seed=manifest["seed"], name=manifest["label"]
    )
    given = manifest["inputs"]
    sought = Sought(Job(asked, variants), end_of(given["rare"]), given["effort"], given["levels"])
    refuse_other_run(there, sought.inputs)
    return sought


@heeded()
def _carried_out(sought: Sought, store: RareStore, how: How) -> Done:
    if store.finished:
        store.close()
        return Done(results.read(store.folder), already_there=True)
    with kept_whatever_comes(store, store.broken_off), store:
        with how.watch.preparing():
            prepare_rules(sought.job.variants[0])
        found = [_found(sought, variant, store, k, how) for k, variant in enumerate(sought.job.variants)]
        return Done(store.finish(found))


def _found(sought: Sought, variant: Variant, store: RareStore, k: int, how: How) -> dict[str, object]:
    """Return what is found of a variant, here or before."""
    there = store.get(k, "found")
    if there is None:
        keep = VariantKeep(store, k)
        one = find_one(
            variant, sought.end, sought.job.asked.seed, sought.effort, sought.levels, threads=how.threads,
            watch=how.watch, keep=keep,
        )  # fmt: skip
        there = one.plain()
        store.add(k, "found", there)
    return there
