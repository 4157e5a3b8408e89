"""What was found of a rare end, kept in a folder: ``rare.json``, with all that the run was given."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.results import FINISHED, StoreError, folder_name
from sim.results.files import inputs_hash, plain_json, write_whole
from sim.results.manifest import meant, new_manifest, now
from sim.running.job import Job
from sim.running.rare.ends import End
from sim.running.rare.run import Found
from sim.world.meaning import rule_hash

FILE = "rare.json"


def given(job: Job, end: End, effort: int, levels: int | None) -> dict[str, Any]:
    """Return all that is given to a run: what its variants are made of, and how it was asked for."""
    inputs = {key: value for key, value in job.inputs.items() if key not in ("worlds", "series")}
    return inputs | {"rare": end.name, "effort": effort, "levels": levels}


def folder_of(job: Job, end: End, inputs: dict[str, Any]) -> Path:
    """Return where results go when nothing else is said."""
    return Path("results") / folder_name(f"{job.label} rare {end.name}", inputs | {"rules": rule_hash()})


def there(folder: Path, inputs: dict[str, Any], force: bool) -> dict[str, Any] | None:
    """Return what an earlier run of the same inputs found; None where there is none, or it is to be replaced.

    Raises
    ------
    StoreError
        If the folder holds something else.
    """
    if not folder.exists():
        return None
    if not (folder / FILE).exists():
        if not folder.is_dir() or any(folder.iterdir()):
            raise StoreError(f"{folder}: holds something else; give another folder (--out)")
        return None
    if force:
        return None
    earlier = read(folder)
    same = inputs_hash(meant(earlier["manifest"]["inputs"])) == inputs_hash(meant(inputs))
    if not same or earlier["manifest"]["rules_hash"] != rule_hash():
        raise StoreError(f"{folder}: holds a rare end of other inputs or rules; give another folder, or --force")
    return earlier


def read(folder: Path) -> dict[str, Any]:
    """Return what a folder holds of a rare end; StoreError if it is not what a run writes."""
    try:
        found = plain_json((folder / FILE).read_bytes())
        sealed = inputs_hash(found["variants"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder / FILE}: not what a run writes: {error}") from error
    if not isinstance(found.get("manifest"), dict) or found["manifest"].get("variants_sha256") != sealed:
        raise StoreError(f"{folder / FILE}: not what was written: it was changed, or damaged; --force runs it again")
    return found


def written(job: Job, inputs: dict[str, Any], found: Sequence[Found], folder: Path, started: str) -> dict[str, Any]:
    """Return what was found as plain values, after writing them into a folder, whole or not at all."""
    variants = [one.plain() for one in found]
    plains = [{"label": arm.label, "inputs": arm.plain()} for arm in job.arms]
    roots = sum(one["roots"] for one in variants)
    manifest = new_manifest(inputs, job.label, job.asked.seed, roots, plains, rule_hash())
    for key in ("parts", "files", "failures", "shard"):
        manifest.pop(key)
    manifest |= {
        "status": FINISHED, "started": started, "finished": now(), "variants_sha256": inputs_hash(variants)
    }  # fmt: skip
    plain = {"manifest": manifest, "variants": variants}
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE, (json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode())
    return plain
