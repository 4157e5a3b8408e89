"""What a command takes in a process of its own: seconds, the processor's seconds, and memory at its peak."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.errors import CrossfireError
from sim.world.aside import surroundings

#: A small process starts the command: what a process held before it became a command counts into the command's peak.
_STARTER = """
import json, os, sys, time
began = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_, status, used = os.wait4(child, 0)
seconds = time.perf_counter() - began
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([os.waitstatus_to_exitcode(status), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * unit]))
"""


class ProcessCost(NamedTuple):
    """Seconds by the clock, the processor's seconds, the peak of memory in millions of bytes, and what was said."""

    seconds: float
    processor: float
    megabytes: float
    said: str


def taken_by(words: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> ProcessCost:
    """Return what a command of this Python takes, run in a folder.

    The peak is that of its largest process. A command that fails raises CrossfireError with its last words.
    """
    around = surroundings() | dict(environment or {})
    command = [sys.executable, "-c", _STARTER, sys.executable, *words]
    ran = subprocess.run(command, cwd=folder, env=around, check=False, capture_output=True, text=True)
    code, seconds, processor, peak = json.loads(ran.stdout or "[-1, 0, 0, 0]")
    if code != 0:
        said = ran.stderr.strip().rpartition("\n")[2]
        raise CrossfireError(f"{' '.join(words)}: ended with code {code} while it was measured: {said}")
    return ProcessCost(seconds, processor, peak / 1e6, ran.stderr)


def crossfire(*words: str) -> list[str]:
    """Return the words of a command of Crossfire, for this Python."""
    return ["-m", "sim.cli", *words]
