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
from sim.running.rare import results
from sim.running.rare.ends import End, end_of
from sim.running.rare.finding import find_one
from sim.running.rare.results import FILE, RareResults
from sim.running.rare.store import RareStore, VariantTreeStore, create, reopen
from sim.running.resume import refuse_other_rules, refuse_other_run, remade_variant
from sim.running.run import ExecutorOptions, Run

#: Effort where none is asked for, in plain worlds.
USUAL_EFFORT = 6_000


@dataclass(frozen=True)
class RareRun:
    """A rare end that is looked for under some variants: with how much effort, at how many levels."""

    run: Run
    end: End
    effort: int = USUAL_EFFORT
    levels: int | None = None

    @property
    def inputs(self) -> dict[str, object]:
        """Return all that is given."""
        return results.given(self.run, self.end, self.effort, self.levels)


@dataclass(frozen=True)
class FinishedRareRun:
    """What was found, and whether it had been there before."""

    results: RareResults
    already_there: bool = False


def find_rare_end(
    rare: RareRun,
    *,
    out: Path | None = None,
    force: bool = False,
    resume: bool = False,
    options: ExecutorOptions | None = None,
) -> FinishedRareRun:
    """Return what is found of a rare end, taken up where the same run broke off, or what is there of it.

    Raises
    ------
    Interrupted
        If it is broken off by Ctrl-C; what was finished is kept.
    StoreError
        If it cannot be written, or the folder holds something else.
    """
    inputs = rare.inputs
    folder = folder_of(out) if out is not None else results.folder_of(rare.run, rare.end, inputs)
    if resume and not (folder / FILE).exists():
        raise StoreError(f"{folder}: nothing here to go on with; leave --resume out to begin")
    store = create(folder, results.manifest_of(rare.run, inputs), force)
    return _carried_out(rare, store, options or ExecutorOptions())


def resume(folder: Path, options: ExecutorOptions | None = None) -> FinishedRareRun:
    """Return what a folder holds of a rare end, made whole: what is missing is lived, and nothing that is there.

    Raises
    ------
    StoreError
        If scenarios, policies or rules are no longer those of the run, with the differences.
    """
    # What refuses only reads: a command that may not go on changes nothing.
    rare = run_of_rare_results(results.read(folder))
    return _carried_out(rare, reopen(folder), options or ExecutorOptions())


def run_of_rare_results(there: RareResults) -> RareRun:
    """Return what was looked for, made again from the manifest; StoreError if it would not be the same."""
    manifest = there.manifest
    refuse_other_rules(there)
    variants = tuple(remade_variant(there, entry) for entry in manifest["variants"])
    asked = Request(
        tuple(dict.fromkeys(variant.scenario for variant in variants)), seed=manifest["seed"], name=manifest["label"]
    )
    given = manifest["inputs"]
    rare = RareRun(Run(asked, variants), end_of(given["rare"]), given["effort"], given["levels"])
    refuse_other_run(there, rare.inputs)
    return rare


@heeded()
def _carried_out(rare: RareRun, store: RareStore, options: ExecutorOptions) -> FinishedRareRun:
    if store.finished:
        store.close()
        return FinishedRareRun(results.read(store.folder), already_there=True)
    with kept_whatever_comes(store, store.broken_off), store:
        with options.progress.preparing():
            prepare_rules(rare.run.variants[0])
        found = [_found(rare, variant, store, k, options) for k, variant in enumerate(rare.run.variants)]
        return FinishedRareRun(store.finish(found))


def _found(rare: RareRun, variant: Variant, store: RareStore, k: int, options: ExecutorOptions) -> dict[str, object]:
    """Return what is found of a variant, here or before."""
    there = store.get(k, "found")
    if there is None:
        keep = VariantTreeStore(store, k)
        one = find_one(
            variant, rare.end, rare.run.asked.seed, rare.effort, rare.levels, threads=options.threads,
            progress=options.progress, keep=keep,
        )  # fmt: skip
        there = one.plain()
        store.add(k, "found", there)
    return there
