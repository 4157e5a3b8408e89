"""One folder of results from shards that were run apart."""

from collections.abc import Sequence
from pathlib import Path

from sim.running.going_on import job_again
from sim.running.job import Done, Job
from sim.running.worlds import finished
from sim.store import Results, Store, StoreError, create, differences_told, open_results


def merge(folders: Sequence[Path | str], out: Path | str) -> Done:
    """Return one folder of results made of the shards in several, each part checked.

    Raises
    ------
    StoreError
        If they are not of one run (other inputs, rules, version, seed), a part is damaged, or worlds are missing.
    """
    sources = [open_results(folder) for folder in folders]
    first = sources[0].manifest
    for other in sources[1:]:
        _refuse_stranger(sources[0], other)
    store = create(
        out, first["inputs"], label=first["label"], seed=first["seed"], worlds=first["worlds"],
        variants=first["variants"], rules_hash=first["rules_hash"],
        more={key: first.get(key) for key in ("title", "sweep", "start", "days", "drawn")},
    )  # fmt: skip
    if store.finished:
        return Done(Results(store.folder, store.manifest), already_there=True)
    try:
        with store:
            for source in sources:
                for part in source.manifest["parts"]:
                    if not store.has(part["variant"], part["first"], part["n"]):
                        store.adopt(part, source.folder)
            job = job_again(Results(store.folder, store.manifest))
            _refuse_gaps(job, store)
            return Done(finished(job, store))
    except OSError as error:
        raise StoreError(f"{error.filename or store.folder}: {error.strerror or error}") from error


def _refuse_stranger(first: Results, other: Results) -> None:
    """Refuse results that are not of the same run."""
    names = {"inputs_sha256": "inputs", "seed": "seed", "rules_hash": "rules", "crossfire": "version", "numpy": "NumPy"}
    apart = [words for name, words in names.items() if first.manifest.get(name) != other.manifest.get(name)]
    if apart:
        told = differences_told(first.manifest, other.manifest)
        raise StoreError(
            f"{other.folder}: does not belong with {first.folder} (other {', '.join(apart)}); nothing merged{told}"
        )


def _refuse_gaps(job: Job, store: Store) -> None:
    """Refuse to put together what is not all there; what is there stays, and can be run on."""
    from sim.ensemble import units_of

    units = list(units_of(len(job.arms), store.manifest["worlds"]))
    missing = [unit for unit in units if not store.has(*unit)]
    if missing:
        one = missing[0]
        raise StoreError(
            f"{store.folder}: {len(missing)} of {len(units)} parts are missing, first worlds {one.first} to"
            f" {one.first + one.n - 1} of {job.arms[one.variant].label}; merge the shards that hold them into the same"
            f" folder, or run them here: crossfire resume {store.folder}"
        )
