"""A folder of results opened to be written: empty, the same run's taken up, or a finished one's to be added to."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.inputs.arguments import folder_at
from sim.results import manifest as about
from sim.results.derived import drop_derived
from sim.results.files import (
    PARTIAL,
    StoreError,
    closed_on_error,
    digest_of,
    lock,
    remove_own,
)
from sim.results.journal import file_of
from sim.results.layout import (
    FILES,
    FINISHED,
    MANIFEST,
    MERGING,
    NEW,
    OUTCOMES,
    PARTS,
    RUNNING,
    SERIES,
)
from sim.results.writing import Store, finish_merging, refuse_links, remove_parts

#: Differences between two runs that are told one by one.
TOLD = 12
#: What two runs must share to be the same run, with the words in which a difference is told.
_SAME = {
    "seed": "seed", "variants": "variants", "rules_hash": "rules", "crossfire": "version",
    "shard": "shard",
}  # fmt: skip


def create(
    folder: Path | str,
    inputs: Any,
    *,
    label: str,
    seed: int,
    worlds: int,
    variants: Sequence[Mapping[str, Any]],
    rules_hash: str,
    more: Mapping[str, Any] | None = None,
    force: bool = False,
) -> Store:
    """Return a store to write results into ``folder``.

    The same run, broken off earlier, is taken up again (``has`` tells what is there); the same run, finished, comes
    back with ``finished`` true, unless ``force``, which removes what an earlier run wrote there.

    Parameters
    ----------
    folder : path
        Made if it does not exist.
    inputs : any JSON
        All that the command was given, whole.
    label, seed, worlds
        Name of the run, its seed, worlds per variant.
    variants : sequence of mappings
        ``label`` and ``inputs`` (any JSON) of each; the first is the baseline.
    rules_hash : str
        Hash of the model's rules.
    more : mapping, optional
        What else the manifest says: title, first date, days, shard, how inputs were drawn.

    Raises
    ------
    StoreError
        If the folder holds anything else, or another process is writing there.
    """
    folder = folder_at(folder, "out")
    manifest = about.new_manifest(inputs, label, seed, worlds, variants, rules_hash) | dict(more or {})
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder, manifest, lock(folder))
    with closed_on_error(store):
        _settle_in(store, force)
    return store


def reopen(folder: Path) -> Store:
    """Return a store of what lies in ``folder``, to go on with or to add to: whole parts kept, damaged ones left out.

    Raises
    ------
    StoreError
        If there are no results, or another process is writing there.
    """
    manifest = about.read_manifest(folder)
    store = Store(folder, manifest, lock(folder))
    with closed_on_error(store):
        store.manifest = _taken_up(folder, about.read_manifest(folder))
        if not store.finished:
            store.begin()
    return store


def begin_again(store: Store, worlds: int, inputs: Any = None) -> None:
    """Open finished results for more worlds: what is there stays, as the first worlds of each variant.

    ``inputs`` (any JSON) are those of the longer run, where they say how long it is.
    """
    there = store.manifest
    if inputs is not None:
        there = there | {"inputs": inputs, "inputs_sha256": about.inputs_hash(inputs)}
    base = there["worlds"]
    store.manifest = there | {
        "schema_version": about.SCHEMA_VERSION, "status": RUNNING, "finished": None, "worlds": worlds,
        "base_worlds": base,
    }  # fmt: skip
    if worlds > base:  # not when only tables are made again
        noted = {"from": base, "to": worlds, "at": about.now()}
        store.manifest["extended"] = [*there.get("extended", []), noted]
    store.begin()


def drop_tables(store: Store) -> None:
    """Forget the finished tables, all of whose worlds are to be run again."""
    named = [entry["file"] for entry in store.manifest["files"]]
    store.manifest |= {
        "schema_version": about.SCHEMA_VERSION, "status": RUNNING, "finished": None, "files": [], "parts": [],
        "failures": [],
    }  # fmt: skip
    store.manifest.pop("base_worlds", None)
    for name in named:
        remove_own(store.folder / name)
    store.begin()


def _settle_in(store: Store, force: bool) -> None:
    """Make the store's folder its own: empty, or the same run's."""
    folder, manifest = store.folder, store.manifest
    there = about.read_manifest(folder) if (folder / MANIFEST).exists() else None
    if about.is_rare(folder):
        raise StoreError(f"{folder}: the chance of a rare end (--rare) lies here; choose another folder with --out")
    if there is None and any(folder.iterdir()) and not _begun_only(folder):
        raise StoreError(f"{folder}: not empty, and not results of Crossfire; choose another folder with --out")
    if there is not None and not force:
        _refuse_another_run(folder, there, manifest)
        store.manifest = _taken_up(folder, there)
    elif there is not None:
        _remove_results(folder, there)
    if store.finished:
        store.close()
        return
    store.begin()


def _begun_only(folder: Path) -> bool:
    """Return whether a folder holds nothing but what a run leaves that dies before it has a manifest."""
    there = {path.name for path in folder.iterdir()}
    return there <= {MANIFEST + PARTIAL, PARTS} and not (PARTS in there and any((folder / PARTS).iterdir()))


def _refuse_another_run(folder: Path, there: dict[str, Any], asked: dict[str, Any]) -> None:
    differing = ["inputs"] * (not about.same_inputs(there, asked))
    differing += [words for name, words in _SAME.items() if there.get(name) != asked.get(name)]
    differing += ["arithmetic of the machine"] * (there["status"] != FINISHED and other_arithmetic(there, asked))
    if differing:
        raise StoreError(
            f"{folder}: holds the results of another run (other {', '.join(differing)}); "
            f"choose another folder with --out, or replace them with --force{differences_told(there, asked)}"
        )


def other_arithmetic(there: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Return whether two machines that both say what their arithmetic comes to say other things."""
    both = [one.get("arithmetic") for one in (there, asked)]
    return None not in both and both[0] != both[1]


def differences_told(there: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """Return the end of a line, that says in what the inputs of two runs differ; nothing where they do not."""
    found = list(about.differences(there["inputs"], asked["inputs"]))
    more = [f"and {len(found) - TOLD} more"] if len(found) > TOLD else []
    return f" (it differs in {'; '.join([*found[:TOLD], *more])})" if found else ""


def _taken_up(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of a run that broke off with the parts that are still whole; a finished one as it is."""
    if manifest["status"] == FINISHED:
        with suppress(OSError):  # left by a crash; where nothing can be removed, it does no harm
            remove_parts(folder)
        return manifest
    if manifest["status"] == MERGING:
        finish_merging(folder, manifest)
        return manifest
    whole = [part for part in manifest["parts"] if _is_whole(folder, part)]
    gone = [failure for part in manifest["parts"] if part not in whole for failure in part["failures"]]
    failures = [failure for failure in manifest["failures"] if failure not in gone]
    version = {"schema_version": about.SCHEMA_VERSION}
    return _on_whole_tables(folder, manifest) | version | {
        "status": RUNNING, "finished": None, "parts": whole, "failures": failures,
    }  # fmt: skip


def _on_whole_tables(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of an extension; without the tables that were extended where one of them is damaged."""
    extended = [entry for entry in manifest["files"] if entry["file"] in (f"{OUTCOMES}.parquet", f"{SERIES}.parquet")]
    whole = all(digest_of(folder / entry["file"]) == entry["sha256"] for entry in extended)
    if whole and not about.unnamed(manifest | {"status": RUNNING}):
        return manifest
    return {key: value for key, value in manifest.items() if key != "base_worlds"} | {"files": []}


def _is_whole(folder: Path, part: dict[str, Any]) -> bool:
    """Return whether the files of a part are what was written, and hold as many worlds as it says."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if any(digest_of(folder / file["file"]) != file["sha256"] for file in part["files"]):
        return False
    try:
        return pq.read_metadata(folder / file_of(part, OUTCOMES)).num_rows == part["n"]
    except (OSError, pa.ArrowException):
        return False


def _remove_results(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Remove what a run wrote, and nothing else, the manifest last."""
    refuse_links(folder)
    drop_derived(folder)
    remove_parts(folder)
    for entry in manifest["files"]:
        remove_own(folder / entry["file"])
    for name in FILES:
        remove_own(folder / (name + NEW))
    remove_own(folder / MANIFEST)
