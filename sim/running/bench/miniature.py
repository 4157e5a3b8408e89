"""The model against plain Mesa: the miniature that does a world's work as Mesa models usually do it.

It lies among the benchmarks of a checkout (``benchmarks/plain_mesa.py``); an installed copy has none.
"""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.running.bench.floor import model_seconds
from sim.running.bench.turns import Figure, Measurement, take_turns

ROOT = Path(__file__).resolve().parents[3]
#: What is said where there is no miniature.
ABSENT = "plain Mesa: not measured, for benchmarks/plain_mesa.py is not there (it comes with a checkout, not installed)"
AGAINST_MESA = "model_against_plain_mesa"


def benchmarks() -> Path | None:
    """Return the checkout's folder of benchmarks; None in an installed copy, whose neighbours are not its own."""
    folder = ROOT / "benchmarks"
    return folder if (ROOT / "pyproject.toml").is_file() and folder.is_dir() else None


@cache
def plain_mesa() -> ModuleType | None:
    """Return the miniature's module; None where it is not there."""
    path = (benchmarks() or ROOT) / "plain_mesa.py"
    name = "crossfire_plain_mesa"
    spec = importlib.util.spec_from_file_location(name, path) if benchmarks() and path.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _size() -> Any:
    module = plain_mesa()
    return module.size_of() if module else None


def mesa_seconds(worlds: int, days: int) -> float | None:
    """Return the processor's seconds that a world of the miniature takes; None where it is not there."""
    module = plain_mesa()
    return float(module.seconds_of(_size(), worlds, days)) if module else None


def against_mesa(turns: int = 7, worlds: int = 100) -> Figure:
    """Return how many times more worlds the model lives than plain Mesa, both on one thread, by the processor's time.

    Raises
    ------
    FileNotFoundError
        If the miniature is not there.
    """
    from sim.running.bench.floor import DAYS

    def turn() -> dict[str, float]:
        here, there = model_seconds(worlds), mesa_seconds(2, DAYS)
        if there is None:
            raise FileNotFoundError(ABSENT)
        return {AGAINST_MESA: there / here}

    turn()  # what is loaded and laid out once is not timed
    values = take_turns([Measurement("plain Mesa", turn, turns, 1.0)])[AGAINST_MESA]
    return Figure(AGAINST_MESA, "the model against plain Mesa, one thread", "times", values)
