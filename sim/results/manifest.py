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
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import CrossfireError
from sim.results import forms
from sim.results.files import (
    CHECKSUM,
    Journal,
    StoreError,
    digest_of,
    inputs_hash,
    is_sealed,
    is_written,
    opened_own,
    plain_json,
    refuse_link,
    sealed,
    write_whole,
)

__all__ = ["differences", "folder_name", "inputs_hash", "new_manifest", "read_manifest", "write_manifest"]

SCHEMA_VERSION = 3
READABLE = (1, 2, 3)
#: From this version on, manifests and lines of the journal have checksums.
SEALED = 3
#: ``merging``: all worlds are there and finished tables are about to take the place of parts.
RUNNING, MERGING, FINISHED, INTERRUPTED = "running", "merging", "finished", "interrupted"
#: All that a shard was asked for is there, for others to be merged with.
SHARD = "shard"
MANIFEST, PARTS, JOURNAL = "manifest.json", "parts", "parts.jsonl"
#: In place of a manifest, what a run with --rare writes (``sim.running.rare.results``).
RARE = "rare.json"
OUTCOMES, SERIES, INPUTS = "outcomes", "series", "inputs"
TABLES = (OUTCOMES, SERIES, INPUTS)
#: What else a run writes, and vouches for.
DESIGN, PAIRING = "design.parquet", "pairing.json"
#: All that finished results may name, tables that grow first.
FILES = (*(f"{table}.parquet" for table in TABLES), DESIGN, PAIRING)
#: A finished table is called so until the manifest says that it counts.
NEW = ".new"
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
_PART_NAME = re.compile(r"(outcomes|series)-[0-9]{3,}-[0-9]{7,}\.parquet")


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


def part_name(table: str, variant: int, first: int) -> str:
    """Return the file of a part, from the folder of results."""
    return f"{PARTS}/{table}-{variant:03d}-{first:07d}.parquet"


def is_part_name(name: str) -> bool:
    """Return whether a file in ``parts`` has a name that a run gives."""
    return _PART_NAME.fullmatch(name) is not None


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
    indent = None if manifest["status"] == RUNNING else 1  # it is set out for people where it stays
    text = json.dumps(sealed(kept | {"parts": []}), indent=indent, ensure_ascii=False, allow_nan=False)
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
    problems = list(forms.misfits(manifest, forms.MANIFEST)) or list(_strange_files(manifest))
    if not problems and (schema >= SEALED or CHECKSUM in manifest) and not is_sealed(manifest):
        problems = [UNSEALED]
    problems = problems or list(_at_odds(manifest))
    refuse_problems(path, problems)
    return _with_parts(folder, manifest)


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


# Parts ------------------------------------------------------------------------------------------------------------


def _with_parts(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest with the parts that are named, but those that cannot be this run's."""
    if manifest["schema_version"] > 1 and manifest["status"] in (FINISHED, MERGING):
        return manifest | {"damage": ""}
    if manifest["schema_version"] == 1:
        return manifest | {"parts": _parts_of_version_1(folder, manifest), "damage": ""}
    lines = Journal(folder / JOURNAL).read(manifest["schema_version"] >= SEALED)
    ours = [one for one in lines.entries if _is_ours(one, manifest)]
    parts = _disjoint({(part["variant"], part["first"], part["n"]): part for part in ours})
    failures = [failure for part in parts for failure in part["failures"]]
    damaged = lines.damaged + len(lines.entries) - len(ours)
    damage = f"{damaged} {'line' if damaged == 1 else 'lines'} damaged" if damaged else ""
    known = manifest.get("journal_sha256") if manifest["status"] in (INTERRUPTED, SHARD) else None
    if not damage and known and digest_of(folder / JOURNAL) != known:
        damage = "not what was written" if (folder / JOURNAL).exists() else "missing"
    return manifest | {"parts": parts, "failures": [*manifest["failures"], *failures], "damage": damage}


def _is_ours(part: dict[str, Any], manifest: Mapping[str, Any]) -> bool:
    """Return whether a line of the journal names a part that this run can have: of its variants, worlds and names."""
    if any(forms.misfits(part, forms.PART)):
        return False
    variant, first, n = part["variant"], part["first"], part["n"]
    if variant >= len(manifest["variants"]) or first + n > manifest["worlds"] or first < manifest.get("base_worlds", 0):
        return False
    named = {file["table"]: file["file"] for file in part["files"]}
    expected = {table: part_name(table, variant, first) for table in (OUTCOMES, SERIES) if table in named}
    failed = all(one["variant"] == variant and first <= one["world"] < first + n for one in part["failures"])
    return failed and OUTCOMES in named and named == expected and len(named) == len(part["files"])


def _disjoint(parts: Mapping[tuple[int, int, int], dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts without those that hold worlds of others: the one that was named last counts."""
    age = {unit: k for k, unit in enumerate(parts)}
    kept: list[tuple[int, int, int]] = []
    for unit in sorted(parts):
        while kept and kept[-1][0] == unit[0] and kept[-1][1] + kept[-1][2] > unit[1] and age[kept[-1]] < age[unit]:
            kept.pop()
        if not (kept and kept[-1][0] == unit[0] and kept[-1][1] + kept[-1][2] > unit[1]):
            kept.append(unit)
    return [parts[unit] for unit in sorted(kept, key=age.__getitem__)]


def _parts_of_version_1(folder: Path, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return parts as they are named today: version 1 named each of its files alone."""
    path = folder / MANIFEST
    units: dict[tuple[Any, ...], dict[str, Any]] = {}
    for k, part in enumerate(manifest["parts"]):
        if wrong := next(forms.misfits(part, forms.PART_OF_VERSION_1, f"parts[{k}]"), ""):
            raise StoreError(f"{path}: {wrong}")
        head = {key: part[key] for key in ("variant", "first", "n")}
        unit = units.setdefault(tuple(head.values()), head | {"files": [], "failures": []})
        unit["files"].append({key: part[key] for key in ("table", "file", "sha256")})
    for unit in units.values():
        if not _is_ours(unit, manifest):
            strange = ", ".join(repr(file["file"]) for file in unit["files"])
            raise StoreError(f"{path}: names files that are not a run's: {strange}")
    if len(units) != len(_disjoint(units)):
        raise StoreError(f"{path}: names worlds twice")
    return list(units.values())


def held_twice(manifest: Mapping[str, Any]) -> Iterator[tuple[int, int, int]]:
    """Yield the worlds that two parts hold, or a part and a table: variant, first, and how many."""
    for variant in range(len(manifest["variants"])):
        yield from ((variant, first, end - first) for end, first in _edges(manifest, variant) if first < end)


def gaps(manifest: Mapping[str, Any]) -> Iterator[tuple[int, int, int]]:
    """Yield the worlds that no part and no table holds: variant, first, and how many."""
    for variant in range(len(manifest["variants"])):
        yield from ((variant, end, first - end) for end, first in _edges(manifest, variant) if first > end)


def _edges(manifest: Mapping[str, Any], variant: int) -> Iterator[tuple[int, int]]:
    """Yield where worlds that are there end, and where the next ones begin."""
    there = sorted((p["first"], p["first"] + p["n"]) for p in manifest["parts"] if p["variant"] == variant)
    edges = [(0, manifest.get("base_worlds", 0)), *there, (manifest["worlds"], manifest["worlds"])]
    yield from ((end, first) for (_, end), (first, _) in pairwise(edges))


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


def manifest_in(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder; one that a process left running which is no more is of an interrupted run."""
    manifest = read_manifest(folder)
    if manifest["status"] == RUNNING and not is_written(folder):
        manifest["status"] = INTERRUPTED  # killed without a chance to say so
    return manifest
