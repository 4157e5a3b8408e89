"""Work done meanwhile in another process of this Python: drawing holds the lock that threads would wait for.

Unlike a pool of processes it needs nothing of the program that calls it, which may be a script without a guard. The
process ends with whatever ends the waiting for it.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import IO, Any

_ROOT = Path(__file__).resolve().parents[2]


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def surroundings() -> dict[str, str]:
    """Return the environment in which another process of this Python finds this very package."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])}


class AsideFailed(Exception):
    """The other process ended without a result; the text is its last word."""


class Aside:
    """A call of a module's function that another process makes; as a context manager it ends with the block.

    Parameters
    ----------
    function : callable
        Found by its module and name; what it is given and what it returns can be pickled.
    """

    def __init__(self, function: Callable[..., Any], *given: Any) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sim.world.aside"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            env=surroundings(), start_new_session=True,
        )  # fmt: skip
        pickle.dump((function.__module__, function.__qualname__, given), _pipe(self._process.stdin))
        _pipe(self._process.stdin).close()

    def result(self) -> Any:
        """Return what the function returned, waiting for it.

        Raises
        ------
        AsideFailed
            If there is no result.
        """
        raw = _pipe(self._process.stdout).read()
        if self._process.wait() == 0:
            return pickle.loads(raw)
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        raise AsideFailed(said or f"it ended with code {self._process.returncode}")

    def close(self) -> None:
        """End the process, whether it is done or not."""
        self._process.kill()
        self._process.wait()
        for file in (_pipe(self._process.stdout), self._errors):
            file.close()

    def __enter__(self) -> "Aside":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _pipe(pipe: "IO[bytes] | None") -> "IO[bytes]":
    assert pipe is not None
    return pipe


def _serve() -> None:
    """Make the call that standard input tells of, and answer on standard output."""
    module, name, given = pickle.load(sys.stdin.buffer)
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # what is printed on the way is no answer
    found = getattr(import_module(module), name)(*given)
    pickle.dump(found, out)
    out.flush()


if __name__ == "__main__":
    _serve()
