"""Which test of rules reaches which statement, and how long it takes: looked at once, and kept."""

import hashlib
import os
import pickle
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.mutants.children import Task, in_children
from tests.mutants.rules import ROOT, Rules
from tests.rules import situations
from tests.worlds import variant

KEPT = ROOT / ".cache" / "mutants-reach.pickle"
TESTS = ROOT / "tests" / "rules"
#: Seconds for all tests at once: many times what they take on a busy machine.
LIMIT = 3600.0

Runner = Callable[[list[pytest.Item]], str | None]
#: What a test asks of ``situations.prepared``.
Asked = tuple[Any, ...]


@dataclass(frozen=True)
class Test:
    """What one test reaches (numbers of statements), the worlds it begins with, and its seconds given those."""

    seconds: float
    statements: frozenset[int]
    asked: tuple[Asked, ...]


@dataclass
class Reach:
    """What each test reaches, and what is reached by each world's preparation alone."""

    tests: dict[str, Test]
    preparing: dict[Asked, frozenset[int]]

    def of(self, test: str) -> frozenset[int]:
        """Return all statements that a test rests on."""
        return self.tests[test].statements.union(*(self.preparing[asked] for asked in self.tests[test].asked))

    @cached_property
    def prepares(self) -> frozenset[int]:
        """Return the statements that the preparation of any world reaches."""
        return frozenset().union(*self.preparing.values())


def reach_of(items: list[pytest.Item], rules: list[Rules], run: Runner, jobs: int, keep: bool = True) -> Reach:
    """Return what each test reaches; only tests whose file, helpers or rules have changed are looked at.

    A test that fails without any mutant is left out, and said: it would kill whatever it reaches. ``keep=False`` looks
    at all and keeps nothing.
    """
    everything = _everything_hash()
    keys = {item.nodeid: _hash([item.path], everything) for item in items}
    reach = _read(keys) if keep else Reach({}, {})
    new = [item for item in items if item.nodeid not in reach.tests]
    if new:
        print(f"looking which statements {len(new)} of {len(items)} tests reach ...", flush=True)
        for _, found, _ in in_children([Task(k, _look(new[k::jobs], rules, run), LIMIT) for k in range(jobs)], jobs):
            if isinstance(found, Exception):
                raise found
            reach.tests |= found.tests
            reach.preparing |= found.preparing
        if keep:
            _write(reach, keys)
    for item in new:
        if item.nodeid not in reach.tests:
            print(f"LEFT OUT, for it fails without any mutant: {item.nodeid}", flush=True)
    return reach


def _look(items: list[pytest.Item], rules: list[Rules], run: Runner) -> Callable[[], Reach]:
    def look() -> Reach:
        reached = np.zeros(sum(len(one.source) for one in rules), np.uint8)
        first = 0
        for one in rules:
            first = one.instrument(reached, first)
        watch = _Watch(reached)
        tests = {item.nodeid: watch.test(item, run) for item in items}
        return Reach({name: test for name, test in tests.items() if test is not None}, watch.preparing)

    return look


class _Watch:
    """Watches what tests and the preparation of their worlds reach, each by itself; a world is prepared once."""

    def __init__(self, reached: np.ndarray) -> None:
        self.reached, self.prepare = reached, situations.prepared.__wrapped__
        self.worlds: dict[Asked, np.ndarray] = {}
        self.preparing: dict[Asked, frozenset[int]] = {}
        self.asked: set[Asked] = set()
        self.spent = 0.0
        situations.prepared = self.prepared  # type: ignore[assignment]

    def prepared(self, *asked: Any) -> np.ndarray:
        """Return a prepared world, as ``situations.prepared`` does."""
        self.asked.add(asked)
        if asked not in self.worlds:
            began, before = time.perf_counter(), self.reached.copy()
            variant.cache_clear()
            self.reached[:] = 0
            self.worlds[asked] = self.prepare(*asked)
            self.preparing[asked] = self._noted()
            self.reached[:] = before
            self.spent += time.perf_counter() - began
        return self.worlds[asked]

    def test(self, item: pytest.Item, run: Runner) -> Test | None:
        """Run a test by itself; return nothing if it fails."""
        forget()
        self.asked, self.spent, self.reached[:] = set(), 0.0, 0
        began = time.perf_counter()
        if run([item]) is not None:
            return None
        seconds = time.perf_counter() - began - self.spent
        return Test(round(seconds, 4), self._noted(), tuple(sorted(self.asked)))

    def _noted(self) -> frozenset[int]:
        return frozenset(np.flatnonzero(self.reached).tolist())


def forget() -> None:
    """Empty what tests keep from each other, so that each reaches by itself all that it rests on."""
    for name, module in list(sys.modules.items()):
        if name.startswith("tests."):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and value.__module__.startswith("tests."):
                    value.cache_clear()


def _everything_hash() -> str:
    """Return a hash of all that any test rests on, other than its own file."""
    here = Path(__file__).parent
    folders = ((ROOT / "sim", "*.py"), (ROOT / "configs", "*"), (ROOT / "scenarios", "*"), (here, "*.py"))
    paths = [path for folder, pattern in folders for path in folder.rglob(pattern) if path.is_file()]
    helpers = [path for path in TESTS.glob("*.py") if not path.name.startswith("test_")]
    return _hash([*paths, *helpers, ROOT / "tests" / "worlds.py", ROOT / "tests" / "conftest.py"], "")


def _hash(paths: list[Path], more: str) -> str:
    text = hashlib.sha256(more.encode())
    for path in sorted(paths):
        text.update(os.path.relpath(path, ROOT).encode() + path.read_bytes())
    return text.hexdigest()[:16]


def _read(keys: dict[str, str]) -> Reach:
    """Return what is kept of the tests that are still as they were."""
    try:
        kept_keys, reach = pickle.loads(KEPT.read_bytes())
    except (OSError, ValueError, EOFError, pickle.UnpicklingError, AttributeError, ImportError):
        return Reach({}, {})
    tests = {name: test for name, test in reach.tests.items() if keys.get(name) == kept_keys[name]}
    asked = {asked for test in tests.values() for asked in test.asked}
    return Reach(tests, {each: reached for each, reached in reach.preparing.items() if each in asked})


def _write(reach: Reach, keys: dict[str, str]) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    fresh = KEPT.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(pickle.dumps((keys, reach)))
    fresh.replace(KEPT)
