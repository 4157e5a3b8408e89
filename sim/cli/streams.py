"""Standard input, output and error as the process was given them: closed, full, cut off, of whatever encoding.

Loads nothing that takes time: it is at hand before anything else is.
"""

import codecs
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

#: What a stream that knows few letters is given in place of those that tables and sentences use.
_PLAINER = {
    "–": "-", "—": "-", "−": "-", "±": "+-", "×": "x", "→": "->", "≈": "~", "≥": ">=", "≤": "<=", "…": "...",
    "‘": "'", "’": "'", "“": '"', "”": '"', "▲": "^", "▼": "v", "†": "+", "•": "*",
}  # fmt: skip
#: The codes of a command whose output was cut off by its reader (as if by SIGPIPE), or could not be written.
CUT_OFF, UNWRITTEN = 141, 2
_HANDLER = "crossfire.plainer"
#: Widths and heights that a terminal can have; libraries stumble over others in the environment.
_SIZES = {"COLUMNS": (20, 10_000), "LINES": (2, 10_000), "TERMINAL_WIDTH": (20, 10_000)}


class OutputError(Exception):
    """Something could not be written to standard output."""

    def __init__(self, why: OSError) -> None:
        self.why = why
        super().__init__(str(why))


@contextmanager
def output_errors() -> Iterator[None]:
    """Tell what standard output does not take from all other errors of files: it raises OutputError."""
    try:
        yield
    except OSError as error:
        raise OutputError(error) from None


def settle() -> None:
    """Make the three streams usable whatever they are, and forget sizes of a terminal that cannot be.

    A stream that is closed is opened on nothing, lest a file of results take its number; writing to such a standard
    output fails, writing to such a standard error is lost.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    codecs.register_error(_HANDLER, _plainer)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors=_HANDLER)  # type: ignore[union-attr]
    for name, (least, most) in _SIZES.items():
        told = os.environ.get(name, str(least))
        if not (told.isascii() and told.isdigit() and len(told) < 9 and least <= int(told) <= most):
            del os.environ[name]


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what stands in place of letters that a stream cannot show: a plainer one, or its escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_PLAINER.get(one) or one.encode("ascii", "backslashreplace").decode() for one in letters), error.end


def fault(stream: Any) -> OSError | None:
    """Return why a stream takes no more, or nothing where it does."""
    try:
        stream.flush()
    except OSError as error:
        return error
    except (AttributeError, ValueError):  # none from the start, or closed by somebody
        return None
    return None


def hush(stream: TextIO) -> None:
    """Lose what a stream still holds and all that follows, so that the end of the process does not stumble over it."""
    try:
        number = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except (OSError, ValueError):
        return
    os.dup2(nowhere, number)
    os.close(nowhere)


def code_of(wrong: OSError) -> int:
    """Return the code with which a command ends whose output goes nowhere, after saying so.

    Whoever has read enough and closed the pipe is told nothing: the code is that of a process ended by it.
    """
    hush(sys.stdout)
    if wrong.errno == errno.EPIPE:
        return CUT_OFF
    try:
        sys.stderr.write(f"standard output: {(wrong.strerror or 'closed').lower()}\n")
        sys.stderr.flush()
    except OSError:
        hush(sys.stderr)
    return UNWRITTEN
