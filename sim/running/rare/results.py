"""What was found of a rare end, in a folder: ``rare.json``, with all that the run was given.

It holds a manifest, with a checksum of its own, and what was found of each variant, for which the manifest vouches by a
hash. While a run goes on, what is finished of it stands in ``parts.jsonl`` (``sim.running.rare.store``).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.results import FINISHED, INTERRUPTED, RUNNING, StoreError, folder_name, suggested
from sim.results.files import (
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
from sim.results.json_forms import ANY, DAYS, NAME, NUMBER, SEED, TEXT, Fields, ListOf, Maybe, Value, misfits, whole
from sim.results.layout import JOURNAL, RARE
from sim.results.manifest import UNSEALED, new_manifest, refuse_problems, variants_at_odds
from sim.results.manifest_forms import RARE_MANIFEST
from sim.running.rare.ends import End, end_of
from sim.running.run import Run
from sim.world.meaning import rule_hash

FILE = RARE
#: Numbers are no larger than anything that can be counted here.
MOST = 2**53


def _is_end(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(end_of(value))
    except InputError:
        return False


def _within(value: Any, least: float, most: float) -> bool:
    return NUMBER.fits(value) and least <= value <= most


SHARE = Value("a share from 0 to 1", lambda value: _within(value, 0, 1))
AMOUNT = Value(f"a number from 0 to {MOST:,}", lambda value: _within(value, 0, MOST))
TALLY = whole(f"a whole number from 0 to {MOST:,}", 0, MOST)
END = Value("an end such as open_war", _is_end)
EFFORT = whole("a number of plain worlds from 20 to 10,000,000", 20, 10_000_000)
LEVELS = whole("a number of levels from 1 to 60", 1, 60)
FOUND = Fields({
    "label": NAME, "inputs": Fields({}), "end": END, "said": TEXT, "seed": SEED, "effort": EFFORT, "days": DAYS,
    "p": Maybe(SHARE), "low": SHARE, "high": SHARE, "error": Maybe(AMOUNT), "roots": TALLY, "reached": TALLY,
    "world_days": TALLY, "plain_worlds": Maybe(AMOUNT), "gain": Maybe(AMOUNT),
    "pilot": Fields({"roots": TALLY, "world_days": TALLY, "reached": TALLY, "learned_from": TEXT}),
    "levels": ListOf(Fields({"judged": SHARE, "weight": AMOUNT, "passed": AMOUNT, "lives": TALLY})),
    "failed": TALLY, "ends": TALLY, "paths": ListOf(Fields({"path": TEXT, "share": SHARE})),
    "worlds": ListOf(Fields({
        "world": TALLY, "weight": AMOUNT, "day": TALLY, "branches": ListOf(TEXT), "command": TEXT,
    })),
})  # fmt: skip
_ASKED = Fields({"rare": END, "effort": EFFORT, "levels": Maybe(LEVELS)})
_WHOLE = Fields({"manifest": RARE_MANIFEST, "variants": ANY})


@dataclass(frozen=True)
class RareResults:
    """What a folder holds of a rare end: what it says of itself, and what was found of variants as far as it got.

    ``damage`` says in words what is wrong with what was found, nothing where it is whole.
    """

    folder: Path
    manifest: dict[str, Any]
    found: list[dict[str, Any]]
    damage: str = ""

    @property
    def status(self) -> str:
        """Return ``finished``, ``interrupted``, or ``running``."""
        return str(self.manifest["status"])

    @property
    def variants(self) -> list[str]:
        """Return the labels of the variants that were asked for."""
        return [variant["label"] for variant in self.manifest["variants"]]

    @property
    def seed(self) -> int:
        """Return the seed of the run."""
        return int(self.manifest["seed"])

    @property
    def end(self) -> End:
        """Return the end that was asked for."""
        return end_of(self.manifest["inputs"]["rare"])

    @cached_property
    def journal_damage(self) -> str:
        """Return what is wrong with the journal of a run that broke off, in words."""
        from sim.running.rare.store import entries_of

        if self.status == FINISHED:
            return ""
        _, damaged = entries_of(self.folder, len(self.variants))
        if damaged:
            return f"{damaged} {'line' if damaged == 1 else 'lines'} damaged"
        path, known = self.folder / JOURNAL, self.manifest.get("journal_sha256")
        if self.status == INTERRUPTED and known and digest_of(path) != known:
            return "not what was written" if path.exists() else "missing"
        return ""

    def verify(self) -> list[str]:
        """Return what is wrong with the files, in words; nothing if they are as they were written."""
        problems = [] if self.status == FINISHED else [f"{self.folder}: the run is {self.status}"]
        problems += [f"{self.folder / JOURNAL}: {self.journal_damage}"] if self.journal_damage else []
        return problems + ([f"{self.folder / FILE}: {self.damage}"] if self.damage else [])

    def whole(self) -> list[dict[str, Any]]:
        """Return what was found; StoreError if it is not what was written, or nothing is there yet."""
        if self.damage:
            raise StoreError(f"{self.folder / FILE}: {self.damage}; {suggested('resume', self.folder)} runs it again")
        if not self.found:
            on = f"{suggested('resume', self.folder)} goes on" if self.status == INTERRUPTED else "it will come"
            raise StoreError(f"{self.folder}: nothing is found yet of any variant ({self.status}); {on}")
        return self.found


def given(run: Run, end: End, effort: int, levels: int | None) -> dict[str, Any]:
    """Return all that is given to a run: what its variants are made of, and how it was asked for."""
    inputs = {key: value for key, value in run.inputs.items() if key not in ("worlds", "series")}
    return inputs | {"rare": end.name, "effort": effort, "levels": levels}


def folder_of(run: Run, end: End, inputs: dict[str, Any]) -> Path:
    """Return where results go when nothing else is said."""
    return Path("results") / folder_name(f"{run.label} rare {end.name}", inputs | {"rules": rule_hash()})


def manifest_of(run: Run, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of a run that is about to begin."""
    plains = [{"label": variant.label, "inputs": variant.plain()} for variant in run.variants]
    manifest = new_manifest(inputs, run.label, run.asked.seed, 1, plains, rule_hash())
    return {key: value for key, value in manifest.items() if key not in ("worlds", "parts", "files", "failures")}


def write(folder: Path, manifest: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> None:
    """Write the manifest, and what was found, whole or not at all."""
    plain = {"manifest": sealed({**manifest, "variants_sha256": inputs_hash(found)}), "variants": found}
    write_whole(folder / FILE, (json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode())


def read(folder: Path) -> RareResults:
    """Return what a folder holds of a rare end, checked for what readers rely on.

    Raises
    ------
    StoreError
        If there is nothing, or it is not what a run writes.
    """
    path = folder / FILE
    content = _read(path)
    problems = list(misfits(content, _WHOLE))
    if not problems:
        manifest = content["manifest"]
        problems = [UNSEALED] if not is_sealed(manifest) else list(_at_odds(manifest))
    refuse_problems(path, problems)
    if manifest["status"] == RUNNING and not is_written(folder):
        manifest = manifest | {"status": INTERRUPTED}  # killed without a chance to say so
    found = content["variants"]
    if inputs_hash(found) != manifest["variants_sha256"]:
        return RareResults(folder, manifest, [], "not what was written: it was changed, or damaged")
    if manifest["status"] != FINISHED:
        from sim.running.rare.store import found_of

        return RareResults(folder, manifest, found_of(folder, len(manifest["variants"])))
    refuse_problems(path, [*misfits(found, ListOf(FOUND, 1), "variants")] or [*_found_at_odds(found, manifest)])
    return RareResults(folder, manifest, found)


def _read(path: Path) -> Any:
    for own in (path, path.parent / JOURNAL):
        refuse_link(own)
    try:
        with opened_own(path) as file:
            return plain_json(file.read())
    except OSError as error:
        raise StoreError(f"{path.parent}: no results here (no {FILE} that can be read)") from error
    except ValueError as error:
        raise StoreError(
            f"{path}: not what a run writes: {error}; put back a copy of it, or run it again with --force"
        ) from error


def _at_odds(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a manifest says of what was asked for that no run says, and where it contradicts itself."""
    yield from misfits(manifest["inputs"], _ASKED, "manifest.inputs")
    yield from (f"manifest.{one}" for one in variants_at_odds(manifest))


def _found_at_odds(found: Sequence[Mapping[str, Any]], manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield where what was found is not of what was asked for, or contradicts itself."""
    asked = manifest["inputs"]
    labels = [variant["label"] for variant in manifest["variants"]]
    if [one["label"] for one in found] != labels:
        yield "variants: not those of the manifest"
    for k, one in enumerate(found):
        differing = {"end": asked["rare"], "seed": manifest["seed"], "effort": asked["effort"]}
        yield from (f"variants[{k}].{key}: not that of the manifest" for key in differing if one[key] != differing[key])
        none = [key for key in ("plain_worlds", "gain", "error") if (one[key] is None) != (one["p"] is None)]
        if none:
            yield f"variants[{k}].{none[0]}: expected {'none' if one['p'] is None else 'a number'}, as p says"
