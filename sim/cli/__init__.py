"""The command line: ``crossfire run``, ``compare``, ``plot``, ``show``, ``story``, ``list``, ``check`` and the rest.

Each command stands in the file of its name in ``commands``. It only reads options (``options``), calls the layers
below, and prints (``printing``, ``output``). JSON is alone on standard output; all that is said on the way goes to
standard error. Whatever is slow to load is loaded by the command that needs it, and the commands themselves by
``main``: it must be at work early to take an interruption while anything is loaded.
"""

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from sim.running import interruption

if TYPE_CHECKING:
    from sim.cli.commands import app

__all__ = ["app", "main"]

BROKEN_OFF = 130
#: So many objects come before Python looks for circles among them: what is loaded and read at the start has none.
OBJECTS = 100_000


def __getattr__(name: str) -> Any:
    """Return the commands, loaded when they are first asked for."""
    if name == "app":
        from sim.cli.commands import app

        return app
    raise AttributeError(f"module 'sim.cli' has no attribute '{name}'")


def main() -> NoReturn:
    """Run the command line and end; a request to end (SIGTERM) is taken like Ctrl-C, and says what is kept."""
    try:
        interruption.take_signals()
        _settle_python()
        code = _code_of_command()
        if interruption.wished():  # and dropped by whoever it was raised at, just before the end
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        interruption.taken()
        code = BROKEN_OFF
        _say_interrupted()
    code = _ended(code)
    if code == BROKEN_OFF:
        _end_at_once()
    sys.exit(code)


def _settle_python() -> None:
    """Let the start take less: fewer searches for circles, no threads for products of matrices, which are small."""
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _end_at_once() -> NoReturn:
    """End the process: taking apart all that figures and rules have loaded would take a second or two more."""
    atexit._run_exitfuncs()
    os._exit(BROKEN_OFF)


def _code_of_command() -> int:
    """Return the code with which the command ends."""
    from sim.cli import streams

    streams.settle()
    from sim.cli.commands import app

    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except OSError as wrong:  # commands say theirs themselves: this is of help and its like
        return streams.code_of(wrong)
    return 0


def _say_interrupted() -> None:
    if sys.stderr:
        with suppress(OSError):
            sys.stderr.write("Interrupted.\n")


def _ended(code: int) -> int:
    """Return the code with which to end once all output is where it should be; what is not is told."""
    interruption.leave_signals(BROKEN_OFF)  # whoever cannot wait for the last threads needs no traceback
    from sim.cli import streams

    if streams.fault(sys.stderr):
        streams.hush(sys.stderr)
    wrong = streams.fault(sys.stdout)
    return streams.code_of(wrong) if wrong else code
