"""What results say of themselves: ``manifest.json``, made when a run begins and rewritten when its state changes.

While a run goes on, its parts are named in ``parts.jsonl``, a line for each as it is finished; the manifest of
finished results names the tables instead. Folders of version 1 are read as they are.
"""

import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from sim.arithmetic import arithmetic
from sim.store.files import Journal, StoreError, write_whole

SCHEMA_VERSION = 2
READABLE = (1, 2)
#: ``merging``: all worlds are there and finished tables are about to take the place of parts.
RUNNING, MERGING, FINISHED, INTERRUPTED = "running", "merging", "finished", "interrupted"
#: All that a shard was asked for is there, for others to be merged with.
SHARD = "shard"
MANIFEST, PARTS, JOURNAL = "manifest.json", "parts", "parts.jsonl"
OUTCOMES, SERIES, INPUTS = "outcomes", "series", "inputs"
TABLES = (OUTCOMES, SERIES, INPUTS)
#: What else a run writes, and vouches for.
DESIGN, PAIRING = "design.parquet", "pairing.json"
#: A finished table is called so until the manifest says that it counts.
NEW = ".new"
#: Hashes of what is told itself.
_NOT_TOLD = ("hash8",)
_NEEDED = ("status", "variants", "inputs", "inputs_sha256", "parts", "files", "failures", "worlds", "seed", "label")
_PART_NAME = re.compile(r"parts/(outcomes|series)-\d{3,}-\d{7,}\.parquet")


def inputs_hash(inputs: Any) -> str:
    """Return the SHA-256 (hex) of any JSON value; the order of keys does not matter."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def folder_name(label: str, inputs: Any) -> str:
    """Return the name of a results folder: the label, safe for any file system, and 8 hex of the inputs' hash."""
    safe = re.sub(r"[^A-Za-z0-9._=+-]+", "-", label).strip("-.")[:80]
    return f"{safe or 'results'}-{inputs_hash(inputs)[:8]}"


def new_manifest(
    inputs: Any, label: str, seed: int, worlds: int, variants: Sequence[Mapping[str, Any]], rules_hash: str
) -> dict[str, Any]:
    """Return the manifest of a run that is about to begin."""
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
        "arithmetic": arithmetic(),
        "git": _git_state(),
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


def _git_state() -> dict[str, Any] | None:
    """Return the commit of the checkout that Crossfire runs from and whether it has changes; None outside of one."""
    root = Path(__file__).resolve().parent.parent.parent
    if not (root / ".git").exists():
        return None
    try:
        commit, changes = (
            subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, timeout=10, check=True).stdout
            for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit.strip(), "dirty": bool(changes.strip())}


def now() -> str:
    """Return the time in UTC, to the second, as ISO writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all; parts stand in the journal, not here."""
    kept = {**manifest, "parts": []}
    text = json.dumps(kept, indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(folder / MANIFEST, text.encode() + b"\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder with the parts that are there, checked for what readers rely on.

    Raises
    ------
    StoreError
        If there is none, or one that this version cannot read, or one that names files that are no run's.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StoreError(f"{folder}: no results here (no {MANIFEST} that can be read)") from error
    except ValueError as error:
        raise StoreError(f"{path}: not a manifest: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("schema_version") not in READABLE:
        readable = " or ".join(map(str, READABLE))
        raise StoreError(f"{path}: not a manifest of version {readable}, which this Crossfire reads")
    missing = [name for name in _NEEDED if name not in manifest]
    if missing:
        raise StoreError(f"{path}: lacks {', '.join(missing)}")
    return _with_safe_names(path, _with_parts(folder, manifest))


def _with_parts(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    if manifest["schema_version"] == 1:
        return manifest | {"parts": [_part_of_version_1(part) for part in manifest["parts"]]}
    if manifest["status"] in (FINISHED, MERGING):
        return manifest
    parts = {(part["variant"], part["first"], part["n"]): part for part in Journal(folder / JOURNAL).entries()}
    failures = [failure for part in parts.values() for failure in part["failures"]]
    return manifest | {"parts": list(parts.values()), "failures": [*manifest["failures"], *failures]}


def _part_of_version_1(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part as it is named today: version 1 named each of its files alone."""
    files = [{"table": part["table"], "file": part["file"], "sha256": part["sha256"]}]
    return {"variant": part["variant"], "first": part["first"], "n": part["n"], "files": files, "failures": []}


def _with_safe_names(path: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest if the files that it names are a run's own: nothing outside of the folder is ever touched."""
    finished = {*(f"{table}.parquet" for table in TABLES), DESIGN, PAIRING}
    strange = [f["file"] for p in manifest["parts"] for f in p["files"] if not _PART_NAME.fullmatch(f["file"])]
    strange += [f["file"] for f in manifest["files"] if f["file"] not in finished]
    if strange:
        raise StoreError(f"{path}: names files that are not a run's: {', '.join(map(repr, strange))}")
    return manifest


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


def in_order(part: Mapping[str, Any]) -> tuple[int, int]:
    """Return by what parts are put in order: variant, then first world."""
    return part["variant"], part["first"]


def file_of(part: Mapping[str, Any], table: str) -> str:
    """Return the file that holds a part's rows of a table, or nothing."""
    return next((one["file"] for one in part["files"] if one["table"] == table), "")
