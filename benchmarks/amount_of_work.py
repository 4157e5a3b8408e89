"""How much work a day of a world is, and one of the miniature in plain Mesa: in Python's own steps (bytecodes).

The model's rules are run as plain Python for it. ``python benchmarks/amount_of_work.py [--json]``; it takes a minute.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["CROSSFIRE_RULES"] = "python"

import plain_mesa  # beside this file

from sim.experiments.request import Request, variants_of
from sim.running.one_world import OneWorld

#: Days that are counted, after others in which a world gets going.
COUNTED, WARMING = 56, 28


def steps_of(live: Callable[[], Any], files: str) -> Counter[str]:
    """Return how many of Python's own steps are taken meanwhile in files with these words in their path, by file."""
    steps: Counter[str] = Counter()

    def inside(frame: Any, event: str, _: Any) -> Any:
        steps[Path(frame.f_code.co_filename).name] += event == "opcode"
        return inside

    def entered(frame: Any, event: str, _: Any) -> Any:
        if files not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return inside

    sys.settrace(entered)
    live()
    sys.settrace(None)
    return steps


def steps_of_model() -> dict[str, int]:
    """Return the steps of the model's rules in a day: all, and those beside chance, exponentials and bookkeeping."""
    [variant] = variants_of(Request((plain_mesa.SCENARIO,)))
    world = OneWorld(variant, 0, record=False)
    world.run_to(WARMING)
    steps = steps_of(lambda: world.run_to(WARMING + COUNTED), f"{os.sep}sim{os.sep}world{os.sep}")
    beside = steps["draws.py"] + steps["elementary.py"] + steps["kernel.py"]
    return {
        "cells": int(world.worlds["n_cells"][0]),
        "model": steps.total() // COUNTED,
        "model_beside_chance": (steps.total() - beside) // COUNTED,
    }


def steps_of_miniature(cells: int) -> int:
    """Return the steps that the miniature takes in a day with so many cells."""
    world = plain_mesa.World(plain_mesa.size_of(cells), 0)
    world.run(WARMING)
    steps = steps_of(lambda: world.run(COUNTED, WARMING), Path(plain_mesa.__file__).name)
    return steps.total() // COUNTED


def main() -> None:
    """Count what both do in a day."""
    counted = steps_of_model()
    counted["plain_mesa"] = steps_of_miniature(counted["cells"])
    told = "Python's steps a day: the model's rules {model:,}, of which {model_beside_chance:,} are neither chance nor"
    told += " exponentials nor bookkeeping; plain Mesa {plain_mesa:,}"
    print(json.dumps(counted) if "--json" in sys.argv else told.format(**counted))


if __name__ == "__main__":
    main()
