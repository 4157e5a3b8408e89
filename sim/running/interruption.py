"""Interruptions that are obeyed: Ctrl-C, and on the command line a request to end (SIGTERM) too.

Python prints and drops an exception that is raised while a callback of a weak reference or a finaliser runs, and the
drawing of figures is full of those; other libraries swallow what they do not expect. So an interruption is raised again
and again until somebody takes it. It is not raised where it is being taken already: what is kept there must be whole.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Seconds after which an interruption that was dropped is raised again; where Python says that it was, sooner.
AGAIN, AT_ONCE = 0.1, 0.01
#: For so many seconds a further one changes nothing while the first is being taken; then it breaks off that too.
PATIENCE = 1.5


class _Interruption:
    """What was asked for: when first, and whether somebody took it."""

    first: float | None = None
    taken = False


_interruption = _Interruption()


def take_signals() -> None:
    """Take Ctrl-C, unless whoever started this process has it ignored, and requests to end: the process is ours."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _ask)
    signal.signal(signal.SIGTERM, _ask)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _ask_again)
    sys.unraisablehook = _tell_of_dropped


def leave_signals(code: int) -> None:
    """Let Ctrl-C and requests to end the process with a code, at once and without a word; nothing is raised any more.

    Python itself puts back what they do to any process once it is taken apart.
    """
    taken()
    for one in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(one) is not signal.SIG_IGN:
            signal.signal(one, lambda number, frame: os._exit(code))


def wished() -> bool:
    """Return whether an interruption was asked for that nobody has taken yet."""
    return _interruption.first is not None and not _interruption.taken


def taken() -> None:
    """Say that an interruption is obeyed: it is not raised again."""
    _interruption.taken = True
    _raise_again_in(0.0)


def is_one(error: BaseException) -> bool:
    """Return whether an error is an interruption, or what a library made of one."""
    return isinstance(error, KeyboardInterrupt) or (wished() and isinstance(error, Exception))


@contextmanager
def heeded() -> Iterator[None]:
    """Have a Ctrl-C within obeyed, for callers from Python; their handlers are afterwards what they were before.

    Nothing is done where they have a handler of their own, or call from another thread than the main one.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    hook, alarm = sys.unraisablehook, _free_alarm()
    _interruption.first, _interruption.taken = None, False
    dropped = False
    try:
        sys.unraisablehook = _tell_of_dropped
        if alarm is not None:
            signal.signal(signal.SIGALRM, _ask_again)
        signal.signal(signal.SIGINT, _ask)
        yield
        dropped = wished()
    finally:
        taken()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if alarm is not None:
            signal.signal(signal.SIGALRM, alarm)
        sys.unraisablehook = hook
    if dropped:
        raise KeyboardInterrupt


def _free_alarm() -> Any:
    """Return what handles alarms, where nobody uses them; else None."""
    if not hasattr(signal, "setitimer") or signal.getitimer(signal.ITIMER_REAL)[0]:
        return None
    handler = signal.getsignal(signal.SIGALRM)
    return handler if handler is signal.SIG_DFL else None


def _ask(number: int, frame: Any) -> None:
    """Raise an interruption, and see that it is raised again should it be dropped."""
    now = time.monotonic()
    if _interruption.first is None:
        _interruption.first = now
    elif (_interruption.taken or _being_taken()) and now - _interruption.first < PATIENCE:
        return
    _raise_again_in(AGAIN)
    raise KeyboardInterrupt


def _ask_again(number: int, frame: Any) -> None:
    if wished() and not _being_taken():
        raise KeyboardInterrupt


def _being_taken() -> bool:
    """Return whether what runs now runs because of an interruption: it cleans up, or says what is kept."""
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _raise_again_in(seconds: float) -> None:
    """Set the alarm, for the first time in so many seconds; with 0 there is none any more."""
    if hasattr(signal, "setitimer") and signal.getsignal(signal.SIGALRM) is _ask_again:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN if seconds else 0.0)


def _tell_of_dropped(dropped: Any) -> None:
    """Have an interruption that Python drops raised again at once; of anything else tell as ever."""
    if not issubclass(dropped.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(dropped)
    elif wished():
        _raise_again_in(AT_ONCE)
