"""Files under watch: which of them were saved, once whoever writes them has come to rest.

Editors write in many ways: over the file, into another that takes its name, away with it first and anew then, half of
it and the rest a moment later. So a change counts when the files have stood as they are for a while; one that is gone
by then, or has nothing in it, is waited for a little longer.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from sim.inputs.yaml.snapshots import Stamp, stamp

#: Seconds between two looks, for which files must stand as they are, and for which one that is gone may come back.
LOOK, REST, BACK = 0.1, 0.12, 0.6
#: Whoever writes without a pause is read as things stand after so many seconds.
LONGEST = 3.0


class FileWatch:
    """Files as they were read, those that were looked for and are not there among them.

    Parameters
    ----------
    read : mapping
        The stamps of the files as they were read (``Shelf.looked_at``).
    clock, sleep : function
        What tells the time in seconds, and what waits.
    """

    def __init__(
        self, read: Mapping[Path, Stamp], clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._read, self._clock, self._sleep = dict(read), clock, sleep
        self._looked = clock()

    def pending(self) -> bool:
        """Return whether a file is no longer what was read; looks at most ten times a second, so it may be asked often.

        One that is about to come back, or is being written, counts too: what was read no longer stands.
        """
        now = self._clock()
        if now - self._looked < LOOK:
            return False
        self._looked = now
        return bool(self._changed())

    def wait(self, gone: Callable[[list[Path]], None] = lambda paths: None) -> list[Path]:
        """Return which files were saved, once some were and all have come to rest; those that are gone are told.

        A file that was read and is gone is waited for, however long; ``gone`` is called once with such files.
        """
        told: list[Path] = []
        while True:
            while not self._changed():
                self._sleep(LOOK)
            self._come_to_rest()
            missing = self._missing()
            if not missing:
                if changed := self._changed():
                    return changed
            elif missing != told:
                told = missing
                gone(missing)
            else:
                self._sleep(LOOK)

    def _come_to_rest(self) -> None:
        """Wait until nothing has changed for a while; longer where a file is gone or empty, and not for ever."""
        began = since = self._clock()
        before = self._now()
        while self._clock() - began < LONGEST:
            self._sleep(LOOK / 4)
            now = self._now()
            if now != before:
                before, since = now, self._clock()
            hollow = any(now[path].size == 0 for path, one in self._read.items() if one.size)
            if self._clock() - since >= (BACK if hollow else REST):
                return

    def _now(self) -> dict[Path, Stamp]:
        return {path: self._stands(path) for path in self._read}

    def _stands(self, path: Path) -> Stamp:
        # A text that stands in for a file changes with no file.
        return self._read[path] if self._read[path].size < 0 else stamp(path)

    def _changed(self) -> list[Path]:
        return [path for path, read in self._read.items() if self._stands(path) != read]

    def _missing(self) -> list[Path]:
        return [path for path, read in self._read.items() if read.changed and not self._stands(path).changed]
