"""What is made of results and lies beside them: figures, the report. ``derived.json`` says of which tables each is.

It goes when the tables change; where it cannot be known whose it is, it stays, and verify says so.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results import layout
from sim.results.files import (
    PARTIAL,
    StoreError,
    digest_of,
    inputs_hash,
    is_sealed,
    known_digest_of,
    make_way,
    opened_own,
    plain_json,
    refuse_link,
    refuse_links_within,
    sealed,
    write_whole,
)
from sim.results.json_forms import SHA256, Fields, ListOf, matching, misfits
from sim.results.manifest import read_manifest

if TYPE_CHECKING:
    from sim.results.reading import Results

DERIVED = "derived.json"
#: Reports that nothing vouches for are told by these names.
REPORTS = ("report.html", "report.md")
#: What a run writes for itself; no figure or report takes its place.
_OWN = (
    layout.MANIFEST, layout.JOURNAL, layout.PARTS, DERIVED, layout.DESIGN, layout.PAIRING,
    *(f"{table}.parquet" for table in layout.TABLES),
)  # fmt: skip
_STEP = r"[^/\\\x00-\x1f]+"
_FILE = matching("a figure or a report inside the folder", rf"(?:{_STEP}/)*{_STEP}\.(?:html|md|svg|png)")
_FORM = Fields(
    {"files": ListOf(Fields({"file": _FILE, "sha256": SHA256, "of": SHA256}))}
)  # fmt: skip


def made_of(manifest: Mapping[str, Any]) -> str:
    """Return the hash (hex) of all tables and parts that results hold."""
    files = [*manifest["files"], *(file for part in manifest["parts"] for file in part["files"])]
    return inputs_hash(sorted([file["file"], file["sha256"]] for file in files))


def write_derived(folder: Path, path: Path, content: bytes) -> None:
    """Write a figure or a report of the results in ``folder``, whole or not at all.

    Raises
    ------
    StoreError
        If it would take the place of a file of results, or come to lie behind a link in their folder.
    """
    refuse_links_within(folder, path)
    if path.name in _OWN and (path.parent / layout.MANIFEST).exists():
        raise StoreError(f"{path}: a file of results; choose another name")
    write_whole(path, content)


def note_derived(results: "Results", paths: Sequence[Path]) -> None:
    """Note in a folder of results of which of its tables figures or reports were made; those elsewhere are not."""
    if paths:
        # Results may be narrowed to some variants; what was made of them is still of all the tables.
        _note_files(results.folder, read_manifest(results.folder), paths)


def _note_files(folder: Path, manifest: Mapping[str, Any], paths: Sequence[Path]) -> None:
    """Note of which tables files are that were made of results and lie in their folder; others are nobody's affair."""
    top = Path(os.path.abspath(folder))
    ours = [one for one in (Path(os.path.abspath(path)) for path in paths) if one.is_relative_to(top)]
    if not ours:
        return
    noted = {entry["file"]: entry for entry in _entries(folder)}
    for path in ours:
        name = path.relative_to(top).as_posix()
        noted[name] = {"file": name, "sha256": digest_of(path), "of": made_of(manifest)}
    _write(folder, list(noted.values()))


def problems_of_derived(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what lies beside results and is not of them, in words."""
    noted = {entry["file"]: entry for entry in _entries(folder)}
    for name, entry in noted.items():
        path = folder / name
        if path.exists() and entry["of"] != made_of(manifest):
            yield f"{path}: made of other tables than those that are here now"
        elif path.exists() and digest_of(path) != entry["sha256"]:
            yield f"{path}: not what was written"
    for name in REPORTS:
        if manifest["schema_version"] >= layout.SEALED and name not in noted and (folder / name).exists():
            yield f"{folder / name}: nothing says of which tables it was made"


def drop_stale(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Remove what was made of other tables than those that are there now."""
    _drop(folder, made_of(manifest))


def drop_derived(folder: Path) -> None:
    """Remove what was made of the results in a folder."""
    _drop(folder, "")


def _drop(folder: Path, but_of: str) -> None:
    """Remove what is noted, as long as it is what was written; a file that somebody changed is theirs."""
    entries = _entries(folder)
    for entry in entries:
        path = folder / entry["file"]
        refuse_links_within(folder, path)
        if entry["of"] != but_of and known_digest_of(path) == entry["sha256"]:
            path.unlink()
            if path.parent != folder and not any(path.parent.iterdir()):
                path.parent.rmdir()
    kept = [entry for entry in entries if (folder / entry["file"]).exists()]
    if kept != entries:
        _write(folder, kept)


def _entries(folder: Path) -> list[dict[str, Any]]:
    """Return what is noted; nothing where that is not what was written, so that nothing is removed by it."""
    try:
        with opened_own(folder / DERIVED) as file:
            noted = plain_json(file.read())
    except (OSError, ValueError):
        return []
    if any(misfits(noted, _FORM)) or not is_sealed(noted):
        return []
    return [one for one in noted["files"] if not {"..", "."} & set(one["file"].split("/")) and one["file"] not in _OWN]


def _write(folder: Path, entries: list[dict[str, Any]]) -> None:
    refuse_link(folder / DERIVED)
    if entries:
        text = json.dumps(sealed({"files": entries}), ensure_ascii=False, indent=1)
        write_whole(folder / DERIVED, text.encode() + b"\n")
    elif (folder / DERIVED).exists():
        make_way(folder / (DERIVED + PARTIAL))
        (folder / DERIVED).unlink()
