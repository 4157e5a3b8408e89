"""Which test of rules reaches which statement, and how long it takes: looked at once, and kept."""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.mutants.children import Task, in_children
from tests.mutants.rules import ROOT, Rules

KEPT = ROOT / ".cache" / "mutants-reach.json"
TESTS = ROOT / "tests" / "rules"
#: Seconds for all tests at once, twice what a slow and busy machine takes.
LIMIT = 3600.0

Runner = Callable[[list[pytest.Item]], str | None]


@dataclass(frozen=True)
class Reach:
    """What one test reaches, by number of statement, and its seconds on its own."""

    seconds: float
    statements: frozenset[int]


class FailsAlreadyError(Exception):
    """A test fails without any mutant: nothing can be learnt from it."""


def reach_of(items: list[pytest.Item], rules: list[Rules], run: Runner, jobs: int) -> dict[str, Reach]:
    """Return what each test reaches; only tests whose file, helpers or rules have changed are looked at."""
    everything, kept = _everything_hash(), _read()
    keys = {item.nodeid: _hash([item.path], everything) for item in items}
    known = {test: Reach(old[1], frozenset(old[2])) for test, old in kept.items() if keys.get(test) == old[0]}
    new = [item for item in items if item.nodeid not in known]
    if new:
        print(f"looking which statements {len(new)} of {len(items)} tests reach ...", flush=True)
        shares = [Task(k, _look(new[k::jobs], rules, run), LIMIT) for k in range(jobs)]
        for _, found, _ in in_children(shares, jobs):
            if isinstance(found, Exception):
                raise found
            known |= found
        _write({test: (keys[test], reach.seconds, sorted(reach.statements)) for test, reach in known.items()})
    return known


def _look(items: list[pytest.Item], rules: list[Rules], run: Runner) -> Callable[[], object]:
    def look() -> object:
        reached = bytearray(sum(len(one.source) for one in rules))
        first = 0
        for one in rules:
            first = one.instrument(reached, first)
        try:
            return dict(_each(items, reached, run))
        except FailsAlreadyError as error:
            return error

    return look


def _each(items: list[pytest.Item], reached: bytearray, run: Runner) -> Iterator[tuple[str, Reach]]:
    for item in items:
        forget_prepared()
        reached[:] = bytes(len(reached))
        began = time.perf_counter()
        if run([item]) is not None:
            raise FailsAlreadyError(item.nodeid)
        seconds = round(time.perf_counter() - began, 4)
        yield item.nodeid, Reach(seconds, frozenset(np.flatnonzero(np.frombuffer(reached, np.uint8)).tolist()))


def forget_prepared() -> None:
    """Empty what tests of rules keep from each other, so that each reaches by itself all that it rests on."""
    for name, module in list(sys.modules.items()):
        if name.startswith("tests.rules."):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and value.__module__.startswith("tests.rules."):
                    value.cache_clear()


def _everything_hash() -> str:
    """Return a hash of all that any test rests on, other than its own file."""
    folders = (
        (ROOT / "sim", "*.py"),
        (ROOT / "configs", "*"),
        (ROOT / "scenarios", "*"),
        (Path(__file__).parent, "*.py"),
    )
    paths = [path for folder, pattern in folders for path in folder.rglob(pattern) if path.is_file()]
    helpers = [path for path in TESTS.glob("*.py") if not path.name.startswith("test_")]
    return _hash([*paths, *helpers, ROOT / "tests" / "worlds.py", ROOT / "tests" / "conftest.py"], "")


def _hash(paths: list[Path], more: str) -> str:
    text = hashlib.sha256(more.encode())
    for path in sorted(paths):
        text.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return text.hexdigest()[:16]


def _read() -> dict[str, tuple[str, float, list[int]]]:
    try:
        return json.loads(KEPT.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write(reach: dict[str, tuple[str, float, list[int]]]) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    fresh = KEPT.with_suffix(".new")
    fresh.write_text(json.dumps(reach, separators=(",", ":")), encoding="utf-8")
    fresh.replace(KEPT)
