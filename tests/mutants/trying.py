"""Try mutants: collect the tests of rules once, then let each mutant meet, in a child, the tests that reach it."""

import contextlib
import gc
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutants.children import Task, TimedOutError, in_children
from tests.mutants.making import Mutant
from tests.mutants.reach import TESTS, Reach, Runner, forget, reach_of
from tests.mutants.rules import ROOT, Rules, numbering
from tests.rules import situations

#: A mutant's tests may take so many seconds more than so many times what they usually take.
GRACE, PATIENCE = 20.0, 5.0
#: Seconds that the preparation of a world may take.
PREPARING = 0.1
#: From so many mutants on it pays to prepare all worlds first.
MANY = 12
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
    mutants: list[Mutant], rules: list[Rules], jobs: int, tell: Callable[[Trial], None], tests: Path = TESTS
) -> list[Trial]:
    """Return what became of each mutant, in the order in which they were done.

    Raises
    ------
    FailsAlreadyError
        A test fails without any mutant.
    RuntimeError
        The tests could not be collected.
    """
    loop, said = _Loop(mutants, rules, jobs, tell, keep=tests == TESTS), io.StringIO()
    options = [
        "-q",
        "-s",
        "-m",
        "not slow",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        f"--rootdir={ROOT}",
        str(tests),
    ]
    with contextlib.redirect_stdout(said):
        pytest.main(options, plugins=[loop])
    if loop.error is not None:
        raise loop.error
    if not loop.ran:
        raise RuntimeError(f"the tests of rules could not be collected:\n{said.getvalue()}")
    return loop.trials


class _Loop:
    """Takes the place of pytest's loop over tests."""

    def __init__(
        self, mutants: list[Mutant], rules: list[Rules], jobs: int, tell: Callable[[Trial], None], keep: bool
    ) -> None:
        self.mutants, self.rules, self.jobs, self.tell, self.keep = mutants, rules, jobs, tell, keep
        self.trials: list[Trial] = []
        self.error: Exception | None = None
        self.ran = False
        self.out = sys.stdout

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or not session.items:
            return None  # pytest says what is wrong
        self.ran = True
        with contextlib.redirect_stdout(self.out):
            try:
                self._try_all(session)
            except Exception as error:
                self.error = error
        return True

    def _try_all(self, session: pytest.Session) -> None:
        def run(items: list[pytest.Item]) -> str | None:
            return first_failing(session, items)

        reach = reach_of(session.items, self.rules, run, self.jobs, self.keep)
        for trial in self._trials(session.items, reach, run):
            self.trials.append(trial)
            self.tell(trial)

    def _trials(self, items: list[pytest.Item], reach: Reach, run: Runner) -> Iterator[Trial]:
        rules, first, prepares = {one.name: one for one in self.rules}, numbering(self.rules), reach.prepares()
        if len(self.mutants) >= MANY:
            _prepare(reach)
        by_cost = [(item, reach.of(item.nodeid)) for item in sorted(items, key=lambda i: reach.tests[i.nodeid].seconds)]
        tasks = []
        for mutant in self.mutants:
            place = first[mutant.module, mutant.function] + mutant.statement
            chosen = [item for item, reached in by_cost if place in reached]
            if not chosen:
                yield Trial(mutant, False, NOT_REACHED, 0.0, 0)
                continue
            usual = sum(reach.tests[item.nodeid].seconds + PREPARING for item in chosen)
            meet = _meet(mutant, rules[mutant.module], chosen, run, anew=place in prepares)
            tasks.append(Task((mutant, len(chosen)), meet, GRACE + PATIENCE * usual))
        for (mutant, n), answer, seconds in in_children(tasks, self.jobs):
            yield _trial(mutant, n, answer, seconds)


def _prepare(reach: Reach) -> None:
    """Prepare every world that tests begin with: a mutant that has no part in that finds them ready."""
    for asked in reach.preparing:
        situations.prepared(*asked)
    gc.collect()
    gc.freeze()


def first_failing(session: pytest.Session, items: list[pytest.Item]) -> str | None:
    """Run tests until one fails; return its name, or None."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return item.nodeid
    return None


def _meet(mutant: Mutant, rules: Rules, items: list[pytest.Item], run: Runner, anew: bool) -> Callable[[], str | None]:
    def meet() -> str | None:
        if anew:
            forget()
        rules.apply(mutant)
        return run(items)

    return meet


def _trial(mutant: Mutant, n: int, answer: object, seconds: float) -> Trial:
    if isinstance(answer, TimedOutError):
        return Trial(mutant, True, TIMED_OUT, seconds, n)
    if isinstance(answer, Exception):
        return Trial(mutant, True, "its process broke", seconds, n)
    return Trial(mutant, answer is not None, str(answer or f"none of {n} tests"), seconds, n)
