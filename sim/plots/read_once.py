"""What was read last of finished results for figures, at hand for whoever asks again: a figure's numbers in words."""

from collections.abc import Callable
from typing import Any, TypeVar

from sim.results import Results

Read = TypeVar("Read")

#: So much is kept; then all of it is dropped.
MOST = 64
_READ: dict[tuple[object, ...], Any] = {}


def read_once(results: Results, what: tuple[object, ...], read: Callable[[], Read]) -> Read:
    """Return what ``read`` returns, or returned before of the very same files where ``what`` was as it is now.

    Files are the same if their checksums are. Those of a run that is not finished may grow: they are read each time.
    """
    files = results.manifest.get("files")
    if not files:
        return read()
    key = (repr(files), *what)
    if key not in _READ:
        if len(_READ) >= MOST:
            _READ.clear()
        _READ[key] = read()
    found: Read = _READ[key]
    return found
