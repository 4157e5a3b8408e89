"""What results say of themselves: ``manifest.json``, made when a run begins and rewritten when its state changes.

While a run goes on, its parts are named in ``parts.jsonl``, a line for each as it is finished; the manifest of
finished results names the tables instead. It carries the checksum of all that it says, and vouches by their hashes for
the files that it names. Folders of versions 1 and 2, which had no checksum, are read as they are.
"""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import CrossfireError
from sim.results import manifest_forms
from sim.results.files import (
    CHECKSUM,
    StoreError,
    inputs_hash,
    is_sealed,
    is_written,
    opened_own,
    plain_json,
    refuse_link,
    sealed,
    set_out,
    write_whole,
)
from sim.results.journal import with_parts
from sim.results.json_forms import misfits
from sim.results.layout import (
    DESIGN,
    FILES,
    FINISHED,
    INPUTS,
    INTERRUPTED,
    JOURNAL,
    MANIFEST,
    MERGING,
    OUTCOMES,
    PAIRING,
    PARTS,
    RARE,
    RUNNING,
    SEALED,
    SERIES,
)

__all__ = ["differences", "folder_name", "inputs_hash", "new_manifest", "read_manifest", "write_manifest"]

SCHEMA_VERSION = 3
READABLE = (1, 2, 3)
#: What inputs say to readers alone: in other words they are the same inputs.
PROSE = ("title", "purpose", "source", "note", "claim")
#: What is not told of two runs that differ: hashes of what is told itself, and words that move nothing.
_NOT_TOLD = ("hash8", *PROSE)
#: What stands in a manifest at hand and not in the file: it follows from the journal.
_AT_HAND = ("damage",)
#: What is said of a manifest that does not say what was written.
UNSEALED = "not what was written (its checksum is of other content); put back a copy of it, or run again"
#: What is said of the folder of a rare end where the tables of a run are wanted.
NO_TABLES = (
    "the chance of a rare end (--rare) lies here, without the tables that this command reads: show, verify, resume and"
    " story take it; for all else run it without --rare"
)
#: Problems of a manifest that are told; there may be thousands.
_TOLD = 3


def meant(inputs: Any) -> Any:
    """Return of inputs (any JSON) what can move a result, without the words that say to readers what it is."""
    if isinstance(inputs, dict):
        return {key: meant(value) for key, value in inputs.items() if key not in PROSE}
    return [meant(one) for one in inputs] if isinstance(inputs, list) else inputs


def same_inputs(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether the inputs of two manifests mean the same, in whatever words."""
    return inputs_hash(meant(one["inputs"])) == inputs_hash(meant(other["inputs"]))


def folder_name(label: str, inputs: Any) -> str:
    """Return the name of a results folder: the label, safe for any file system, and 8 hex of the inputs' hash.

    No ``=`` stands in it: DuckDB, Arrow and Spark read ``NAME=VALUE`` in a path as a column of the tables below.
    """
    safe = re.sub(r"[^A-Za-z0-9._+-]+", "-", label).strip("-.")[:80]
    return f"{safe or 'results'}-{inputs_hash(meant(inputs))[:8]}"


def new_manifest(
    inputs: Any, label: str, seed: int, worlds: int, variants: Sequence[Mapping[str, Any]], rules_hash: str
) -> dict[str, Any]:
    """Return the manifest of a run that is about to begin."""
    from sim.results.arithmetic import arithmetic  # it loads Numba, which what only reads results does without

    return {
        "schema_version": SCHEMA_VERSION,
        "crossfire": version("crossfire-sim"),
        "label": label,
        "status": RUNNING,
        "started": now(),
        "finished": None,
        "seed": seed,
        "worlds": worlds,
        "shard": None,
        "variants": [
            {"label": v["label"], "inputs": v.get("inputs"), "inputs_hash": inputs_hash(v.get("inputs"))}
            for v in variants
        ],
        "inputs": inputs,
        "inputs_sha256": inputs_hash(inputs),
        "rules_hash": rules_hash,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": version("numba"),
        # A known answer of elementary functions: machines that differ in it would come to other numbers.
        "arithmetic": arithmetic(),
        "from": str(Path.cwd()),
        "git": git_state(),
        "failures": [],
        "parts": [],
        "files": [],
    }


def version(distribution: str) -> str:
    """Return the version of an installed distribution, or ``unknown``."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"


def git_state() -> dict[str, Any] | None:
    """Return the commit of the checkout that Crossfire runs from and whether it has changes; None outside of one."""
    root = Path(__file__).resolve().parent.parent.parent
    if not (root / ".git").exists():
        return None
    words = ["status", "--porcelain=v2", "--branch", "--untracked-files=no"]
    try:
        said = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    commit = re.search(r"^# branch\.oid ([0-9a-f]+)$", said, re.MULTILINE)
    changes = any(not line.startswith("#") for line in said.splitlines())
    return {"commit": commit[1], "dirty": changes} if commit else None


def now() -> str:
    """Return the time in UTC, to the second, as ISO writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest with its checksum, whole or not at all; parts stand in the journal, not here."""
    kept = {key: value for key, value in manifest.items() if key not in _AT_HAND}
    text = set_out(sealed(kept | {"parts": []}))
    write_whole(folder / MANIFEST, text.encode() + b"\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder with the parts that are there, checked for what readers rely on.

    ``damage`` says, in words, what is wrong with the journal; nothing where it is whole.

    Raises
    ------
    StoreError
        If there is none, or one that this version cannot read, that does not say what was written, or that is no
        manifest of a run.
    """
    path = folder / MANIFEST
    manifest = _read(path)
    schema = manifest.get("schema_version") if isinstance(manifest, dict) else None
    if type(schema) is not int or schema not in READABLE:
        readable = " or ".join(map(str, READABLE))
        raise StoreError(f"{path}: not a manifest of version {readable}, which this Crossfire reads")
    problems = list(misfits(manifest, manifest_forms.MANIFEST)) or list(_strange_files(manifest))
    if not problems and (schema >= SEALED or CHECKSUM in manifest) and not is_sealed(manifest):
        problems = [UNSEALED]
    problems = problems or list(_at_odds(manifest))
    refuse_problems(path, problems)
    return with_parts(folder, manifest)


def refuse_problems(path: Path, problems: Sequence[str]) -> None:
    """Raise StoreError if something is wrong with a file; the first problems are told."""
    if problems:
        more = f"; and {len(problems) - _TOLD} more" if len(problems) > _TOLD else ""
        raise StoreError(f"{path}: {'; '.join(problems[:_TOLD])}{more}")


def _read(path: Path) -> Any:
    for own in (path, path.parent / JOURNAL, path.parent / PARTS):
        refuse_link(own)
    try:
        with opened_own(path) as file:
            return plain_json(file.read())
    except OSError as error:
        if is_rare(path.parent):
            raise StoreError(f"{path.parent}: {NO_TABLES}") from error
        raise StoreError(f"{path.parent}: no results here (no {MANIFEST} that can be read)") from error
    except ValueError as error:
        raise StoreError(f"{path}: not a manifest: {error}") from error


def is_rare(folder: Path) -> bool:
    """Return whether a folder holds the chance of a rare end, in place of the tables of a run."""
    return os.path.lexists(folder / RARE) and not os.path.lexists(folder / MANIFEST)


def _at_odds(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield where a manifest contradicts itself."""
    labels = [variant["label"] for variant in manifest["variants"]]
    yield from variants_at_odds(manifest)
    yield from _worlds_at_odds(manifest)
    if manifest["status"] == MERGING and (lacking := unnamed(manifest)):
        yield f"files: {', '.join(lacking)} not among them, and yet the run is said to be about to end"
    if any(f["variant"] >= len(labels) or f["world"] >= manifest["worlds"] for f in manifest["failures"]):
        yield "failures: of worlds that were not run"
    if manifest.get("drawn") and len(manifest["drawn"]) != len(labels):
        yield f"drawn: expected one for each of {len(labels)} variants, got {len(manifest['drawn'])}"


def variants_at_odds(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield where what a manifest says of its variants, inputs and seed contradicts itself."""
    labels = [variant["label"] for variant in manifest["variants"]]
    if len(set(labels)) < len(labels):
        yield "variants: two have one label"
    if inputs_hash(manifest["inputs"]) != manifest["inputs_sha256"]:
        yield "its inputs are not those that were run"
    for k, variant in enumerate(manifest["variants"]):
        if variant.get("inputs_hash", "") not in ("", inputs_hash(variant["inputs"])):
            yield f"variants[{k}]: its inputs are not those that were run"
        given = variant["inputs"] or {}
        if "scenario" in given and not {"settings", "hash8"} <= set(given):
            yield f"variants[{k}].inputs: lacks settings or hash8"
    inputs = manifest["inputs"]
    if inputs.get("seed", manifest["seed"]) != manifest["seed"]:
        yield f"seed: {manifest['seed']}, but {inputs['seed']} was asked for"
    if [one["label"] for one in inputs.get("variants", manifest["variants"])] != labels:
        yield "variants: their labels are not those that were asked for"


def must_name(manifest: Mapping[str, Any], file: str) -> bool:
    """Return whether finished results must name a file: it follows from what was asked for, whatever they name."""
    if file == f"{OUTCOMES}.parquet":
        return True
    inputs = manifest["inputs"]
    if manifest["schema_version"] < SEALED or not inputs.get("variants"):
        return False  # older versions wrote less
    if file == f"{SERIES}.parquet":
        return bool(inputs.get("series"))
    if file == f"{INPUTS}.parquet":
        return any(_varies(one) for variant in inputs["variants"] for one in _quantities(variant))
    return file in (DESIGN, PAIRING) and len(inputs["variants"]) > 1


def unnamed(manifest: Mapping[str, Any]) -> list[str]:
    """Return the files that finished results should name and do not; of an extension, the tables that are extended."""
    finished = manifest["status"] in (FINISHED, MERGING)
    named = {entry["file"] for entry in manifest["files"]}
    extended = FILES[:2] if manifest.get("base_worlds") else ()
    return [file for file in (FILES if finished else extended) if file not in named and must_name(manifest, file)]


def _quantities(variant: Mapping[str, Any]) -> list[Any]:
    """Return what a variant's inputs say of each of its quantities, but the theory's, which is no input."""
    given = variant.get("quantities")
    return [one for name, one in given.items() if name != "theory"] if isinstance(given, dict) else []


def _varies(quantity: Any) -> bool:
    """Return whether a quantity is a distribution of which worlds draw different numbers."""
    if not isinstance(quantity, dict):
        return False
    from sim.inputs.distributions.quantities import read_quantity  # it takes long to load

    with suppress(CrossfireError):  # what a variant has otherwise than the first may be a piece of a distribution
        return not read_quantity(quantity).is_fixed
    return False


def _worlds_at_odds(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a manifest says of its worlds otherwise than the inputs, whose hash it has."""
    inputs = manifest["inputs"]
    asked = inputs.get("worlds", manifest["worlds"])
    if manifest["worlds"] > asked or (manifest["worlds"] < asked and not inputs.get("until")):
        yield f"worlds: {manifest['worlds']}, but {asked} were asked for"
    if manifest.get("base_worlds", 0) > manifest["worlds"]:
        yield "base_worlds: more than there are worlds"


def _strange_files(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield which files a manifest names that are no run's: nothing outside of the folder is ever touched."""
    named = [entry["file"] for entry in manifest["files"]]
    strange = [name for name in named if name not in FILES]
    if strange:
        yield f"names files that are not a run's: {', '.join(map(repr, strange[:_TOLD]))}"
    if len(set(named)) < len(named):
        yield "files: one is named twice"
    if manifest["schema_version"] > 1 and manifest["parts"]:
        yield "parts: expected none, as the journal names them"


def differences(there: Any, asked: Any, path: str = "") -> Iterator[str]:
    """Yield each place in which two JSON values differ, with what stands there in both: ``days: 730, now 365``."""
    names = [one.get("name") if isinstance(one, dict) else None for one in (there, asked)]
    if None not in names and names[0] != names[1]:  # another one altogether: what is in it tells nothing more
        yield f"{path}: {names[0]}, now {names[1]}"
    elif isinstance(there, dict) and isinstance(asked, dict):
        for key in (key for key in dict.fromkeys([*there, *asked]) if key not in _NOT_TOLD):
            yield from differences(there.get(key), asked.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(there, list) and isinstance(asked, list) and len(there) == len(asked):
        for k, (one, other) in enumerate(zip(there, asked, strict=True)):
            yield from differences(one, other, f"{path}[{k}]")
    elif there != asked:
        was, now_ = (json.dumps(one, ensure_ascii=False)[:60] for one in (there, asked))
        yield f"{path}: {was}, now {now_}"


def manifest_in(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder; one that a process left running which is no more is of an interrupted run."""
    manifest = read_manifest(folder)
    if manifest["status"] == RUNNING and not is_written(folder):
        manifest["status"] = INTERRUPTED  # killed without a chance to say so
    return manifest
