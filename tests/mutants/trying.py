"""Try mutants: collect the tests of rules once, then let each mutant meet, in a child, the tests that reach it."""

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.mutants.children import Task, TimedOutError, in_children
from tests.mutants.making import Mutant
from tests.mutants.reach import TESTS, Reach, reach_of
from tests.mutants.rules import ROOT, Rules, numbering

#: A mutant's tests may take so many seconds more than so many times what they usually take.
GRACE, PATIENCE = 20.0, 5.0
TIMED_OUT, NOT_REACHED = "its tests no longer end", "not reached by any test"


@dataclass(frozen=True)
class Trial:
    """What became of a mutant: killed or not, by which test (or why not), after how many seconds and tests."""

    mutant: Mutant
    killed: bool
    by: str
    seconds: float
    tests: int


def try_mutants(
    mutants: list[Mutant], rules: list[Rules], jobs: int, tell: Callable[[Trial], None], tests: str = str(TESTS)
) -> list[Trial]:
    """Return what became of each mutant, in the order in which they were done.

    Raises
    ------
    FailsAlreadyError
        A test fails without any mutant.
    RuntimeError
        The tests could not be collected.
    """
    loop = _Loop(mutants, rules, jobs, tell)
    said = io.StringIO()
    options = ["-q", "-s", "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:randomly", f"--rootdir={ROOT}", tests]
    real = sys.stdout
    loop.aloud = lambda: contextlib.redirect_stdout(real)
    with contextlib.redirect_stdout(said):
        pytest.main(options, plugins=[loop])
    if loop.error is not None:
        raise loop.error
    if not loop.ran:
        raise RuntimeError(f"the tests of rules could not be collected:\n{said.getvalue()}")
    return loop.trials


class _Loop:
    """Takes the place of pytest's loop over tests."""

    def __init__(self, mutants: list[Mutant], rules: list[Rules], jobs: int, tell: Callable[[Trial], None]) -> None:
        self.mutants, self.rules, self.jobs, self.tell = mutants, rules, jobs, tell
        self.trials: list[Trial] = []
        self.error: Exception | None = None
        self.ran = False
        self.aloud: Callable[[], Any] = contextlib.nullcontext

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or not session.items:
            return None  # pytest says what is wrong
        self.ran = True
        with self.aloud():
            try:
                self._try_all(session)
            except Exception as error:
                self.error = error
        return True

    def _try_all(self, session: pytest.Session) -> None:
        def run(items: list[pytest.Item]) -> str | None:
            return first_failing(session, items)

        reach = reach_of(session.items, self.rules, run, self.jobs)
        for trial in self._trials(session.items, reach, run):
            self.trials.append(trial)
            self.tell(trial)

    def _trials(
        self, items: list[pytest.Item], reach: dict[str, Reach], run: Callable[[list[pytest.Item]], str | None]
    ) -> Iterator[Trial]:
        rules, first = {one.name: one for one in self.rules}, numbering(self.rules)
        by_cost = sorted(items, key=lambda item: reach[item.nodeid].seconds)
        tasks = []
        for mutant in self.mutants:
            place = first[mutant.module, mutant.function] + mutant.statement
            chosen = [item for item in by_cost if place in reach[item.nodeid].statements]
            if not chosen:
                yield Trial(mutant, False, NOT_REACHED, 0.0, 0)
                continue
            usual = sum(reach[item.nodeid].seconds for item in chosen)
            tasks.append(
                Task((mutant, len(chosen)), _meet(mutant, rules[mutant.module], chosen, run), GRACE + PATIENCE * usual)
            )
        for (mutant, n), answer, seconds in in_children(tasks, self.jobs):
            yield _trial(mutant, n, answer, seconds)


def first_failing(session: pytest.Session, items: list[pytest.Item]) -> str | None:
    """Run tests until one fails; return its name, or None."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return item.nodeid
    return None


def _meet(
    mutant: Mutant, rules: Rules, items: list[pytest.Item], run: Callable[[list[pytest.Item]], str | None]
) -> Callable[[], str | None]:
    def meet() -> str | None:
        rules.apply(mutant)
        return run(items)

    return meet


def _trial(mutant: Mutant, n: int, answer: object, seconds: float) -> Trial:
    if isinstance(answer, TimedOutError):
        return Trial(mutant, True, TIMED_OUT, seconds, n)
    if isinstance(answer, Exception):
        return Trial(mutant, True, "its process broke", seconds, n)
    return Trial(mutant, answer is not None, str(answer or f"none of {n} tests"), seconds, n)
