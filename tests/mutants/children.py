"""Work in forked children, a few at a time, each within its time."""

import os
import pickle
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

#: Seconds between looks at the children.
LOOK = 0.005


class TimedOutError(Exception):
    """The child was stopped because its time was up."""


class BrokeError(Exception):
    """The child ended without an answer; the message holds its traceback, where there is one."""


@dataclass(frozen=True)
class Task:
    """What a child does, for how long at most, and for whom."""

    key: Any
    work: Callable[[], Any]
    limit: float


@dataclass(frozen=True)
class Child:
    """A task under way."""

    task: Task
    began: float
    answer: IO[bytes]

    def outcome(self) -> Any:
        """Return what a child that ended by itself has answered."""
        self.answer.seek(0)
        text = self.answer.read()
        return pickle.loads(text) if text else BrokeError("the process ended without an answer")


def in_children(tasks: Iterable[Task], jobs: int) -> Iterator[tuple[Any, Any, float]]:
    """Yield key, answer (or the error that stands for it) and seconds of each task, as they end."""
    waiting, running = iter(tasks), dict[int, Child]()
    try:
        while True:
            while len(running) < jobs and (task := next(waiting, None)) is not None:
                _begin(task, running)
            if not running:
                return
            yield from _ended(running)
            time.sleep(LOOK)
    finally:
        for pid, child in running.items():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            child.answer.close()


def _begin(task: Task, running: dict[int, Child]) -> None:
    answer = tempfile.TemporaryFile()  # noqa: SIM115 - it outlives this function, in parent and child
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _live(task, answer)
    running[pid] = Child(task, time.monotonic(), answer)


def _live(task: Task, answer: IO[bytes]) -> None:
    """Work, answer and end: nothing of the parent's goes on in a child, whatever happens."""
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            text = pickle.dumps(task.work())
        except BaseException:
            text = pickle.dumps(BrokeError(traceback.format_exc()))
        answer.write(text)
        answer.flush()
    finally:
        os._exit(0)


def _ended(running: dict[int, Child]) -> Iterator[tuple[Any, Any, float]]:
    for pid, child in list(running.items()):
        seconds = time.monotonic() - child.began
        late = seconds > child.task.limit
        if late:
            os.kill(pid, signal.SIGKILL)
        if os.waitpid(pid, 0 if late else os.WNOHANG)[0] == pid:
            del running[pid]
            with child.answer:
                yield child.task.key, TimedOutError() if late else child.outcome(), seconds
