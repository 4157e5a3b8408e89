"""One folder of results from shards that were run apart."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.inputs.arguments import folder_of
from sim.results import FINISHED, MERGING, Results, Store, StoreError, create, differences_told, same_inputs, suggested
from sim.running.execute import already_there, finished, interrupted
from sim.running.interruption import heeded
from sim.running.resume import run_of_results
from sim.running.run import FinishedRun, Run

#: What shards must share to be of one run, with the words in which a difference is told.
_SHARED = {
    "seed": "seed", "rules_hash": "rules", "crossfire": "version", "numpy": "NumPy",
    "numba": "Numba", "arithmetic": "arithmetic of the machine", "worlds": "number of worlds", "variants": "variants",
    "drawn": "draws", "start": "start", "days": "days",
}  # fmt: skip
#: What of the first shard the whole says of itself: how its numbers were made, not where they were put together.
_KEPT = ("title", "sweep", "start", "days", "drawn", "python", "numpy", "numba", "arithmetic", "from")


@heeded()
def merge(folders: Sequence[Path | str], out: Path | str) -> FinishedRun:
    """Return one folder of results made of the shards in several, each part checked.

    Raises
    ------
    Interrupted
        If it is broken off by Ctrl-C; what was taken in is kept.
    StoreError
        If they are not of one run (other inputs, rules, version, seed), or of machines that come to other numbers, a
        part is damaged, or worlds are missing.
    """
    folder = folder_of(out)
    sources = [Results(folder) for folder in folders]
    first = sources[0].manifest
    for other in sources:
        _refuse_stranger(sources[0], other)
    run_of_results(sources[0])
    store = create(
        folder, first["inputs"], label=first["label"], seed=first["seed"], worlds=first["worlds"],
        variants=first["variants"], rules_hash=first["rules_hash"],
        more={key: first[key] for key in _KEPT if key in first},
    )  # fmt: skip
    if store.finished:
        return already_there(store)
    try:
        with store:
            for source in sources:
                _adopt(store, source)
            run = run_of_results(Results(store.folder, store.manifest))
            _refuse_gaps(run, store)
            return FinishedRun(finished(run, store))
    except KeyboardInterrupt:
        raise interrupted(store) from None
    except OSError as error:
        raise StoreError(f"{error.filename or store.folder}: {error.strerror or error}") from error


def _adopt(store: Store, source: Results) -> None:
    """Take in the parts of a shard that are not there; what is there twice must be the same."""
    there = {_worlds_of(part): _hashes_of(part) for part in store.manifest["parts"]}
    for part in source.manifest["parts"]:
        if _worlds_of(part) not in there:
            store.adopt(part, source.folder)
        elif there[_worlds_of(part)] != _hashes_of(part):
            raise StoreError(
                f"{source.folder}: has other numbers for worlds {part['first']} to {part['first'] + part['n'] - 1} of"
                f" {source.variants[part['variant']]} than another shard; one of the two was not run as the other"
            )


def _worlds_of(part: Mapping[str, Any]) -> tuple[int, int, int]:
    return part["variant"], part["first"], part["n"]


def _hashes_of(part: Mapping[str, Any]) -> dict[str, str]:
    return {file["table"]: file["sha256"] for file in part["files"]}


def _refuse_stranger(first: Results, other: Results) -> None:
    """Refuse results that are not of the same run, or were made where numbers may come out otherwise."""
    if other.status in (FINISHED, MERGING):
        raise StoreError(f"{other.folder}: finished results, and no shard; nothing merged")
    ours, theirs = first.manifest, other.manifest
    apart = ["inputs"] * (not same_inputs(ours, theirs))
    apart += [words for name, words in _SHARED.items() if ours.get(name) != theirs.get(name)]
    if not apart and ours.get("arithmetic") is None and _minor(ours) != _minor(theirs):
        apart = ["Python"]  # another Python may bring other elementary functions, and neither says which it has
    if apart:
        told = differences_told(ours, theirs)
        raise StoreError(
            f"{other.folder}: does not belong with {first.folder} (other {', '.join(apart)}); nothing merged{told}"
        )


def _minor(manifest: Mapping[str, Any]) -> list[str]:
    return str(manifest.get("python", "")).split(".")[:2]


def _refuse_gaps(run: Run, store: Store) -> None:
    """Refuse to put together what is not all there; what is there stays, and can be run on."""
    from sim.running.ensemble import units_of

    units = list(units_of(len(run.variants), store.worlds))
    missing = [unit for unit in units if not store.has(*unit)]
    if missing:
        one = missing[0]
        raise StoreError(
            f"{store.folder}: {len(missing)} of {len(units)} parts are missing, first worlds {one.first} to"
            f" {one.first + one.n - 1} of {run.variants[one.variant].label}; merge the shards that hold them into the"
            f" same folder, or run them here: {suggested('resume', store.folder)}"
        )
