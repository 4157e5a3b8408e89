"""Try mutants: collect the tests of rules once, then let each mutant meet, in a child, the tests that reach it."""

import contextlib
import gc
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutants.children import Task, TimedOutError, in_children
from tests.mutants.making import Mutant
from tests.mutants.reach import TESTS, Reach, Runner, Test, forget, reach_of
from tests.mutants.rules import ROOT, Rules, numbering
from tests.rules import situations

#: A mutant's tests may take so many seconds more than so many times what they usually take.
GRACE, PATIENCE = 20.0, 5.0
#: Seconds that the preparation of a world may take.
PREPARING = 0.1
#: From so many mutants on it pays to prepare all worlds first.
MANY = 12
TIMED_OUT, NOT_REACHED = "its tests no longer end", "not reached by any test"


class CannotTryError(Exception):
    """Nothing can be learnt from these tests; the message says why."""


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
    CannotTryError
        The tests could not be collected, or none of them passes.
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
        raise CannotTryError(f"the tests of rules could not be collected:\n{said.getvalue()}")
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
        if not reach.tests:
            raise CannotTryError("every test fails without any mutant; mend them first")
        for trial in self._trials([item for item in session.items if item.nodeid in reach.tests], reach, run):
            self.trials.append(trial)
            self.tell(trial)

    def _trials(self, items: list[pytest.Item], reach: Reach, run: Runner) -> Iterator[Trial]:
        if len(self.mutants) >= MANY:
            _prepare(reach)
        first, killers = numbering(self.rules), Killers()
        reached = [(item, reach.of(item.nodeid)) for item in items]
        waiting: list[tuple[Mutant, int, list[pytest.Item]]] = []
        unreached: list[Mutant] = []
        for mutant in self.mutants:
            place = first[mutant.module, mutant.function] + mutant.statement
            chosen = [item for item, statements in reached if place in statements]
            if chosen:
                waiting.append((mutant, place, chosen))
            else:
                unreached.append(mutant)
        yield from (Trial(mutant, False, NOT_REACHED, 0.0, 0) for mutant in unreached)
        tasks = (self._task(mutant, place, chosen, reach, run, killers) for mutant, place, chosen in waiting)
        for (mutant, n), answer, seconds in in_children(tasks, self.jobs):
            trial = _trial(mutant, n, answer, seconds)
            killers.note(trial)
            yield trial

    def _task(
        self, mutant: Mutant, place: int, chosen: list[pytest.Item], reach: Reach, run: Runner, killers: "Killers"
    ) -> Task:
        tests = {item.nodeid: reach.tests[item.nodeid] for item in chosen}
        likely = killers.likely_first(mutant, place, chosen, tests)
        rules = next(one for one in self.rules if one.name == mutant.module)
        usual = sum(test.seconds + PREPARING for test in tests.values())
        anew = place in reach.prepares
        return Task((mutant, len(chosen)), _meet(mutant, rules, likely, run, anew), GRACE + PATIENCE * usual)


class Killers:
    """Which tests have killed mutants of a function: they, and tests named for its module, are asked first."""

    def __init__(self) -> None:
        self.kills: Counter[tuple[str, str, str]] = Counter()

    def note(self, trial: Trial) -> None:
        """Remember who killed."""
        if trial.killed:
            self.kills[trial.mutant.module, trial.mutant.function, trial.by] += 1

    def likely_first(
        self, mutant: Mutant, place: int, items: list[pytest.Item], tests: dict[str, Test]
    ) -> list[pytest.Item]:
        """Return tests in the order in which they are likely to kill, then by their seconds."""

        def rank(item: pytest.Item) -> tuple[int, bool, bool, float]:
            test = tests[item.nodeid]
            kills = self.kills[mutant.module, mutant.function, item.nodeid]
            return -kills, mutant.module not in item.path.stem, place not in test.statements, test.seconds

        return sorted(items, key=rank)


def _prepare(reach: Reach) -> None:
    """Prepare every world that tests begin with: a mutant that has no part in that finds them ready."""
    for asked in reach.preparing:
        situations.prepared(*asked)
    gc.collect()
    gc.freeze()


def first_failing(session: pytest.Session, items: list[pytest.Item]) -> str | None:
    """Run tests until one fails; return its name, or None."""
    session.testsfailed = 0
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
