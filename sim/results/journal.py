"""Parts of a run as its journal names them: those that can be its own, and the worlds that none of them holds."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from sim.results import manifest_forms
from sim.results.files import (
    Journal,
    StoreError,
    digest_of,
)
from sim.results.json_forms import misfits
from sim.results.layout import (
    FINISHED,
    INTERRUPTED,
    JOURNAL,
    MANIFEST,
    MERGING,
    OUTCOMES,
    SEALED,
    SERIES,
    SHARD,
    part_name,
)


def with_parts(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
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
    if any(misfits(part, manifest_forms.PART)):
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
        if wrong := next(misfits(part, manifest_forms.PART_OF_VERSION_1, f"parts[{k}]"), ""):
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


def part_order(part: Mapping[str, Any]) -> tuple[int, int]:
    """Return by what parts are put in order: variant, then first world."""
    return part["variant"], part["first"]


def file_of(part: Mapping[str, Any], table: str) -> str:
    """Return the file that holds a part's rows of a table, or nothing."""
    return next((one["file"] for one in part["files"] if one["table"] == table), "")
