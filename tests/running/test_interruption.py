"""An interruption is obeyed wherever it comes, once, and leaves a caller's handlers as they were."""

import os
import signal
import subprocess
import sys
import threading
import time
import weakref

import pytest

from sim.running import interruption

#: Drops what is raised in it, as callbacks of matplotlib do: first in a callback of a weak reference, then in a net
#: that catches all.
DROPS = """
import os, signal, time, weakref
from sim.cli import program
class Thing: pass
def drawn(*_):
    made = Thing()
    kept = weakref.ref(made, lambda _: (os.kill(os.getpid(), signal.{wish}), time.sleep(0.05)))
    del made
    end = time.monotonic() + 5
    while time.monotonic() < end:
        {body}
    print("went on")
import sim.inputs.authoring.lists
sim.inputs.authoring.lists.rows_of = drawn
import sim.cli
sim.cli.main()
"""
PLAIN, SWALLOWING = "time.sleep(0.01)", "\n        ".join(["try: time.sleep(0.01)", "except BaseException: pass"])


def run(body: str, wish: str = "SIGTERM") -> tuple[int, str, str, float]:
    """Return how a command ends that is interrupted in a callback: code, output, errors, seconds."""
    program = DROPS.format(wish=wish, body=body)
    environment = os.environ | {"CROSSFIRE_RULES": "python"}
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, "list", "events"], capture_output=True, text=True, check=False, timeout=60,
        env=environment,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr, time.monotonic() - begun


@pytest.mark.parametrize("wish", ["SIGINT", "SIGTERM"])
def test_an_interruption_in_a_callback_of_a_weak_reference_is_obeyed(wish: str) -> None:
    """Python prints and drops it there: the command breaks off all the same, and says so in one line."""
    code, said, errors, _ = run(PLAIN, wish)
    assert (code, said, errors) == (130, "", "Interrupted.\n")


def test_an_interruption_that_a_library_swallows_for_good_ends_with_130_too() -> None:
    """Whatever is raised is caught until the command is done: it cannot be broken off, yet does not end with code 0."""
    code, _, errors, _ = run(SWALLOWING)
    assert (code, errors) == (130, "Interrupted.\n")


def test_what_cleans_up_is_not_interrupted_again() -> None:
    """While one is being taken, neither the alarm nor a second Ctrl-C breaks off what keeps the results."""
    kept = False
    with pytest.raises(KeyboardInterrupt), interruption.heeded():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            time.sleep(4 * interruption.AGAIN)
            kept = True
    assert kept


def test_from_python_a_dropped_interruption_is_raised_again_and_handlers_are_put_back(capfd) -> None:
    """Within ``heeded`` alone: handlers of Ctrl-C and alarms, and the hook, are the caller's before and after."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM), sys.unraisablehook

    class Thing:
        pass

    made = Thing()
    kept = weakref.ref(made, lambda _: signal.raise_signal(signal.SIGINT))
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), interruption.heeded():
        del made
        time.sleep(5)
    assert kept() is None
    assert time.monotonic() - begun < 1
    assert before == (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM), sys.unraisablehook)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert "ignored" not in capfd.readouterr().err


def test_a_callers_own_handler_and_other_threads_are_left_alone() -> None:
    """Who handles Ctrl-C himself goes on doing so; a thread that draws touches no handler."""
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        with interruption.heeded():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert came == [signal.SIGINT]
    seen: list[object] = []

    def drawing() -> None:
        with interruption.heeded():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=drawing)
    thread.start()
    thread.join()
    assert seen == [before]


def test_an_alarm_of_the_callers_stays_set() -> None:
    """An alarm that somebody waits for rings when it was to ring."""
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with interruption.heeded():
            time.sleep(0.1)
        time.sleep(0.3)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert rung == [signal.SIGALRM]
