"""A rare end on its way into a folder: whatever is finished of it is kept, and goes on to the same numbers.

Trees of some roots, what a pilot has taught, and what was found of a variant are each a line of ``parts.jsonl``, safe
on the disk before it counts. ``rare.json`` says how far the run is; at the end it holds all that was found, written
whole, and the journal goes. What is learned is kept too: another processor might learn it to other last digits.
"""

import base64
import os
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from sim.results import FINISHED, INTERRUPTED, RUNNING, StoreError, differences_told, other_arithmetic, same_inputs
from sim.results.files import PARTIAL, Journal, closed_on_error, digest_of, lock, make_way, refuse_link, remove_own
from sim.results.json_forms import COUNT, FLAG, NUMBER, TEXT, Fields, ListOf, Maybe, misfits, one_of
from sim.results.layout import JOURNAL, MANIFEST
from sim.results.manifest import now
from sim.running.rare import results
from sim.running.rare.judgement import Judgement, LogisticPart
from sim.running.rare.results import AMOUNT, FILE, FOUND, TALLY, RareResults
from sim.running.rare.splitting import Levels
from sim.running.rare.trees import GrownTrees, LearnedPlan, Lesson, Plan, RareWorld, TreeStore
from sim.running.run import Interrupted
from sim.stats.logistic import Logistic
from sim.world.record import OUTCOME

_NUMBERS, _WHOLES = ListOf(NUMBER), ListOf(TALLY)
_LESSON = Fields({"shape": _WHOLES, "signs": TEXT, "roots": _WHOLES, "weights": _NUMBERS, "came": ListOf(_NUMBERS)})
_ENDS = ListOf(Fields({"root": TALLY, "weight": AMOUNT, "branches": ListOf(_WHOLES), "day": TALLY}))
_GROWN = Fields({
    "first": TALLY, "totals": ListOf(AMOUNT, 1), "passed": ListOf(AMOUNT), "lives": _WHOLES, "days": TALLY,
    "ends": _ENDS, "outcomes": TEXT, "branches": TALLY, "broken": _WHOLES, "plain": FLAG, "lesson": Maybe(_LESSON),
})  # fmt: skip
_PART = Maybe(Fields({
    "places": _WHOLES, "intercept": NUMBER, "coefficients": _NUMBERS, "middle": _NUMBERS, "scale": _NUMBERS,
}))  # fmt: skip
_TAUGHT = Fields({
    "state": _PART, "drawn": _PART, "bounds": _NUMBERS, "weights": ListOf(AMOUNT, 1), "sure": TALLY,
    "near": Maybe(NUMBER), "learned_from": TEXT,
})  # fmt: skip
_FORMS = {"trees": _GROWN, "plain": _GROWN, "split": _GROWN, "found": FOUND}
_FORMS |= {"plain taught": _TAUGHT, "split taught": _TAUGHT}
_LINE = Fields({"variant": COUNT, "stage": one_of(*_FORMS), "holds": Fields({})})
#: Which line it is: the variant, the stage, and the first root of trees.
_Place = tuple[int, str, int]


# Lines ------------------------------------------------------------------------------------------------------------


def entries_of(folder: Path, variants: int) -> tuple[dict[_Place, dict[str, Any]], int]:
    """Return the lines of a folder's journal by their places, and how many lines say nothing that a run writes."""
    lines = Journal(folder / JOURNAL).read()
    found = [one for one in lines.entries if _fits(one, variants)]
    damaged = lines.damaged + len(lines.entries) - len(found)
    return {_place(one): one for one in found}, damaged


def found_of(folder: Path, variants: int) -> list[dict[str, Any]]:
    """Return what was found, so far, of variants in their order."""
    entries, _ = entries_of(folder, variants)
    return [one["holds"] for (_, stage, _), one in sorted(entries.items()) if stage == "found"]


def _fits(line: dict[str, Any], variants: int) -> bool:
    fits = not any(misfits(line, _LINE)) and line["variant"] < variants
    return fits and not any(misfits(line["holds"], _FORMS[line["stage"]]))


def _place(line: Mapping[str, Any]) -> _Place:
    return line["variant"], line["stage"], line["holds"].get("first", 0)


def _packed(numbers: np.ndarray) -> str:
    """Return numbers as text, to the bit."""
    return base64.b64encode(zlib.compress(np.ascontiguousarray(numbers).tobytes(), 1)).decode()


def _unpacked(text: str, shape: Sequence[int], kind: Any) -> np.ndarray:
    """Return the numbers that a text holds; ValueError if they are not so many."""
    kind = np.dtype(kind)
    size = int(np.prod(shape, dtype=object)) * kind.itemsize
    raw = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), size + 1)
    if len(raw) != size:
        raise ValueError(f"expected {size} bytes, got {len(raw)} or more")
    return np.frombuffer(bytearray(raw), kind).reshape(shape)


def _plain_of_grown(grown: GrownTrees) -> dict[str, Any]:
    return {
        "first": grown.first, "totals": grown.totals.tolist(), "passed": grown.passed.tolist(),
        "lives": grown.lives.tolist(), "days": grown.days, "branches": grown.branches, "broken": grown.broken,
        "plain": grown.plain, "lesson": _plain_of_lesson(grown.lesson) if grown.lesson.signs else None,
        "ends": [
            {"root": one.root, "weight": one.weight, "branches": [*map(list, one.branches)], "day": one.day}
            for one in grown.ends
        ],
        "outcomes": _packed(np.array([one.outcomes for one in grown.ends], OUTCOME)),
    }  # fmt: skip


def _grown_of(plain: Mapping[str, Any]) -> GrownTrees:
    """Return trees as they were grown; ValueError or zlib.error if what was packed is not there."""
    outcomes = _unpacked(plain["outcomes"], [len(plain["ends"])], OUTCOME)
    ends = [
        RareWorld(one["root"], one["weight"], tuple((day, n) for day, n in one["branches"]), one["day"], row)
        for one, row in zip(plain["ends"], outcomes, strict=True)
    ]
    lesson = _lesson_of(plain["lesson"]) if plain["lesson"] else Lesson()
    totals, passed, lives = np.array(plain["totals"]), np.array(plain["passed"]), np.array(plain["lives"], np.int64)
    return GrownTrees(
        plain["first"], totals.astype(float), passed.astype(float), lives, plain["days"], ends, plain["branches"],
        plain["broken"], plain["plain"], lesson,
    )  # fmt: skip


def _plain_of_lesson(lesson: Lesson) -> dict[str, Any]:
    signs = np.array(lesson.signs)
    return {
        "shape": list(signs.shape), "signs": _packed(signs), "roots": lesson.roots, "weights": lesson.weights,
        "came": [one.tolist() for one in lesson.came],
    }  # fmt: skip


def _lesson_of(plain: Mapping[str, Any]) -> Lesson:
    signs = _unpacked(plain["signs"], plain["shape"], float)
    rows = [len(signs), *(len(plain[key]) for key in ("roots", "weights", "came"))]
    if len(set(rows)) != 1 or signs.ndim != 2:
        raise ValueError(f"a lesson of {rows} rows")
    came = [np.array(one, float) for one in plain["came"]]
    return Lesson([*signs], plain["roots"], plain["weights"], came)


def _plain_of_taught(taught: LearnedPlan) -> dict[str, Any]:
    plan = taught.plan
    return {
        "state": _plain_of_part(plan.judgement.state), "drawn": _plain_of_part(plan.judgement.drawn),
        "bounds": list(plan.levels.bounds), "weights": list(plan.levels.weights), "sure": plan.levels.sure,
        "near": float(plan.near) if np.isfinite(plan.near) else None, "learned_from": taught.learned_from,
    }  # fmt: skip


def _plain_of_part(part: LogisticPart | None) -> dict[str, Any] | None:
    if part is None:
        return None
    arrays = {key: getattr(part.judged, key).tolist() for key in ("coefficients", "middle", "scale")}
    return {"places": part.places.tolist(), "intercept": float(part.judged.intercept), **arrays}


def _taught_of(plain: Mapping[str, Any]) -> LearnedPlan:
    judgement = Judgement(_part_of(plain["state"]), _part_of(plain["drawn"]))
    levels = Levels(tuple(plain["bounds"]), tuple(plain["weights"]), plain["sure"])
    return LearnedPlan(
        Plan(judgement, levels, np.inf if plain["near"] is None else plain["near"]), plain["learned_from"]
    )


def _part_of(plain: Mapping[str, Any] | None) -> LogisticPart | None:
    if plain is None:
        return None
    arrays = [np.array(plain[key], float) for key in ("coefficients", "middle", "scale")]
    return LogisticPart(np.array(plain["places"], np.int64), Logistic(plain["intercept"], *arrays))


# The folder -------------------------------------------------------------------------------------------------------


@dataclass
class RareStore:
    """A folder into which a rare end goes: add what is finished, then finish. As a context it marks what breaks off."""

    folder: Path
    manifest: dict[str, Any]
    _lock: int | None = field(default=None, repr=False)
    _entries: dict[_Place, dict[str, Any]] = field(default_factory=dict, repr=False)
    _adding: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _failed: OSError | None = None

    @property
    def finished(self) -> bool:
        """Return whether all of it is there."""
        return bool(self.manifest["status"] == FINISHED)

    @property
    def kept(self) -> int:
        """Return how many worlds, with their branches, are there."""
        return sum(len(one["holds"]["totals"]) for one in self._entries.values() if "totals" in one["holds"])

    def get(self, variant: int, stage: str, first: int = 0) -> dict[str, Any] | None:
        """Return what is there of a variant at a stage."""
        line = self._entries.get((variant, stage, first))
        return None if line is None else line["holds"]

    def add(self, variant: int, stage: str, holds: dict[str, Any]) -> None:
        """Keep what is finished of a variant at a stage, safe on the disk when this returns."""
        line = {"variant": variant, "stage": stage, "holds": holds}
        with self._adding:  # after half a line none may follow
            if self._failed:
                raise self._failed
            try:
                Journal(self.folder / JOURNAL).add(line)
            except OSError as error:
                self._failed = error
                raise
            self._entries[_place(line)] = line

    def finish(self, found: Sequence[Mapping[str, Any]]) -> RareResults:
        """Return the results, whole: what was found is written, and the journal removed."""
        done = self.manifest | {"status": FINISHED, "finished": now()}
        results.write(self.folder, done, found)
        self.manifest = done
        remove_own(self.folder / JOURNAL)
        self.close()
        return results.read(self.folder)

    def broken_off(self) -> Interrupted:
        """Return what says that the run was broken off by hand, and what of it is there."""
        there = results.read(self.folder)
        return Interrupted(there, self.kept, None, bool(there.found))

    def close(self) -> None:
        """Let other processes write here."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> "RareStore":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if not self.finished:
                known = {"journal_sha256": known} if (known := digest_of(self.folder / JOURNAL)) else {}
                self.manifest |= {"status": INTERRUPTED, "finished": now(), **known}
                with suppress(OSError):  # a full disk: what is there says 'running', and is taken up just so
                    results.write(self.folder, self.manifest, [])
        finally:
            self.close()


class VariantTreeStore(TreeStore):
    """What is kept of one variant in a folder."""

    def __init__(self, store: RareStore, variant: int) -> None:
        self._store, self._variant = store, variant

    def there(self, stage: str, roots: range) -> GrownTrees | None:
        """Return the trees of some roots that are there, as they were grown."""
        plain = self._store.get(self._variant, stage, roots.start)
        if plain is None or len(plain["totals"]) != len(roots):
            return None
        try:
            return _grown_of(plain)
        except (ValueError, zlib.error):
            return None

    def add(self, stage: str, grown: GrownTrees) -> None:
        """Keep trees that were grown."""
        self._store.add(self._variant, stage, _plain_of_grown(grown))

    def taught(self, stage: str, teach: Callable[[], LearnedPlan]) -> LearnedPlan:
        """Return what was learned at a stage: before, or else now, and kept."""
        plain = self._store.get(self._variant, stage)
        if plain is None:
            taught = teach()
            self._store.add(self._variant, stage, _plain_of_taught(taught))
            return taught
        return _taught_of(plain)


def create(folder: Path, manifest: dict[str, Any], force: bool) -> RareStore:
    """Return a store to find a rare end in a folder: the same run's, taken up where it broke off, or an empty one.

    One that is finished comes back with ``finished`` true, unless ``force``, which removes what an earlier one wrote.

    Raises
    ------
    StoreError
        If the folder holds anything else, or another process is writing there.
    """
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: holds something else; give another folder (--out)")
    folder.mkdir(parents=True, exist_ok=True)
    store = RareStore(folder, manifest, lock(folder))
    with closed_on_error(store):
        _settle_in(store, force)
    return store


def reopen(folder: Path) -> RareStore:
    """Return a store of what lies in a folder, to go on with; StoreError if another process is writing there."""
    there = results.read(folder)
    store = RareStore(folder, there.manifest, lock(folder))
    with closed_on_error(store):
        _take_up(store, results.read(folder))
    return store


def _settle_in(store: RareStore, force: bool) -> None:
    """Make the folder the store's own: empty, or the same run's."""
    folder = store.folder
    own = {FILE, JOURNAL, FILE + PARTIAL, JOURNAL + PARTIAL}
    names = {path.name for path in folder.iterdir()}
    if MANIFEST in names or (FILE not in names and not names <= own):
        raise StoreError(f"{folder}: holds something else; give another folder (--out)")
    if FILE in names and not force:
        there = results.read(folder)
        _refuse_another_run(there, store.manifest)
        there.whole() if there.status == FINISHED else None
        _take_up(store, there)
        return
    for name in (JOURNAL, FILE):
        remove_own(folder / name)
    _begin(store, [])


def _refuse_another_run(there: RareResults, asked: Mapping[str, Any]) -> None:
    mine = there.manifest
    same = same_inputs(mine, asked) and all(mine[key] == asked[key] for key in ("rules_hash", "crossfire"))
    if not same or (there.status != FINISHED and other_arithmetic(mine, asked)):
        raise StoreError(
            f"{there.folder}: holds a rare end of other inputs or rules, or of a machine that comes to other last"
            f" digits; give another folder, or --force{differences_told(mine, asked)}"
        )


def _take_up(store: RareStore, there: RareResults) -> None:
    """Go on with what is there; of finished results that are damaged nothing is."""
    store.manifest = {**there.manifest}
    if there.status == FINISHED and not there.damage:
        with suppress(OSError):  # left by a crash
            remove_own(store.folder / JOURNAL)
        return
    entries = entries_of(store.folder, len(there.variants))[0] if there.status != FINISHED else {}
    _begin(store, [*entries.values()])


def _begin(store: RareStore, lines: list[dict[str, Any]]) -> None:
    """Say that a run goes on here, and begin its journal with the lines that are whole."""
    for name in (FILE, JOURNAL):
        refuse_link(store.folder / name)
        make_way(store.folder / (name + PARTIAL))
    store.manifest |= {"status": RUNNING, "finished": None}
    store.manifest.pop("journal_sha256", None)
    Journal(store.folder / JOURNAL).rewrite(lines)
    results.write(store.folder, store.manifest, [])
    store._entries = {_place(line): line for line in lines}
