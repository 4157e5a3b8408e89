"""One try: a command run in a folder of its own, with what came of it held against what may come."""

import contextlib
import io
import json
import math
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from sim import cli

#: Codes that a command may end with: well, with a warning, refused.
CODES = (0, 1, 2)


@dataclass
class Tally:
    """What was tried of a kind, and what should not have come."""

    kind: str
    tried: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def note(self, seed: int, command: list[str], fault: str) -> None:
        """Take note of a try, and of its fault if it has one."""
        self.tried += 1
        if fault:
            self.faults.append(f"{self.kind} {seed}: crossfire {' '.join(command)[:200]!r}: {fault}")


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Be in an empty folder for a while."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as made:
        os.chdir(made)
        try:
            yield Path(made)
        finally:
            os.chdir(before)


def there() -> dict[str, bytes]:
    """Return the files of the current folder with their content."""
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


def invoked(words: list[str]) -> Result:
    """Return what came of a command, run in this process."""
    with contextlib.redirect_stdout(io.StringIO()):
        return CliRunner().invoke(cli.app, words)


def fault_of(result: Result, before: dict[str, bytes]) -> str:
    """Return what should not have come of a command, in words; nothing where all is well."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"{type(result.exception).__name__}: {result.exception}"
    if "Traceback" in result.output:
        return "a traceback is printed"
    if result.exit_code not in CODES:
        return f"code {result.exit_code}"
    if result.exit_code == 2 and there() != before:
        now = there()
        changed = sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))
        return f"refused, and yet written: {changed}"
    told = result.stderr.strip() or '"error"' in result.stdout
    return "" if result.exit_code != 2 or told else "refused without a word"


def impossible(summary: dict[str, Any], shares: frozenset[str]) -> str:
    """Return which number of a run's JSON cannot be: a share beyond 0 and 1, anything that is not finite."""
    for name, found in summary["outcomes"].items():
        keys = ("mean", "low", "high", "p05", "p50", "p95")
        values = [found[key] for key in keys if found.get(key) is not None]
        if not all(math.isfinite(value) for value in values):
            return f"{name} is not finite"
        if name in shares and not all(-1e-9 <= value <= 1 + 1e-9 for value in values):
            return f"{name} is no share: {found}"
    return ""


def chosen(luck: random.Random, things: Sequence[Any]) -> Any:
    """Return one of them."""
    return things[luck.randrange(len(things))]


def as_json(text: str) -> Any:
    """Return JSON that is all that stands on standard output; no numbers that are none."""
    return json.loads(text, parse_constant=lambda word: (_ for _ in ()).throw(ValueError(word)))
