"""Whole commands, each in a process of its own: up to a first world, from an edit to an answer, memory, compiling.

Each function is a turn: it returns the values of its figures, by name.
"""

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.inputs.yaml.files import home
from sim.running.bench.floor import SCENARIO
from sim.running.bench.process_cost import crossfire, taken_by
from sim.running.bench.turns import Turn

#: The sizes of runs whose memory is measured.
FEW, MANY = 1_000, 10_000
_EDITED = f"""scenario: edited-scenario
title: An edited policy
purpose: To time an edit.
extends: {SCENARIO}
policies: {{us: edited}}
"""


def somewhere(turn: Callable[[Path], dict[str, float]]) -> Turn:
    """Return a turn that is taken in an empty folder, which is removed again."""

    def taken() -> dict[str, float]:
        with TemporaryDirectory(prefix="crossfire-bench-") as folder:
            return turn(Path(folder))

    return taken


def cold_start(folder: Path) -> dict[str, float]:
    """Return the seconds of Python alone, of help, and up to the first world on the disk, its rules compiled before."""
    bare = taken_by(["-c", "pass"], folder)
    helped = taken_by(crossfire("--help"), folder)
    first = taken_by(crossfire("run", SCENARIO, "--worlds", "1", "--out", "one"), folder)
    return {
        "python": bare.processor, "help": helped.seconds, "help_processor": helped.processor,
        "first_world": first.seconds, "first_world_processor": first.processor,
        "first_world_against_python": first.processor / bare.processor,
    }  # fmt: skip


def edited_policy(probability: float) -> str:
    """Return the text of a policy, ``edited``, whose first rule acts with this probability."""
    text = (home() / "configs/policies/us/in-kind.yaml").read_text(encoding="utf-8")
    text = text.replace("policy: in-kind", "policy: edited")
    return text.replace("    claim:", f"    probability: {probability:.2f}\n    claim:", 1)


def edit_to_answer(worlds: int) -> Turn:
    """Return a turn that edits a policy, each time otherwise, and compares its worlds with another's by one command."""
    numbers = itertools.count()

    def taken(folder: Path) -> dict[str, float]:
        (folder / "edited.yaml").write_text(edited_policy(0.9 - 0.01 * (next(numbers) % 80)), encoding="utf-8")
        (folder / "edited-scenario.yaml").write_text(_EDITED, encoding="utf-8")
        words = ["edited-scenario.yaml", "--vary", "us=edited,restraint", "--worlds", str(worlds), "--out", "out"]
        answer = taken_by(crossfire("compare", *words), folder)
        return {"edit_to_answer": answer.seconds, "edit_to_answer_processor": answer.processor}

    return somewhere(taken)


def memory(few: int = FEW, many: int = MANY) -> Turn:
    """Return a turn that measures the peak of memory of a run of few worlds, and of many."""

    def taken(folder: Path) -> dict[str, float]:
        small, large = (
            taken_by(crossfire("run", SCENARIO, "--worlds", str(worlds), "--out", str(worlds)), folder)
            for worlds in (few, many)
        )
        return {"memory_few": small.megabytes, "memory_many": large.megabytes}

    return somewhere(taken)


def compiling(folder: Path) -> dict[str, float]:
    """Return what it takes to compile the rules from nothing, and the memory of its largest process."""
    taken = taken_by(crossfire("compile"), folder, {"CROSSFIRE_CACHE": os.fspath(folder / "cache")})
    return {"compiling": taken.seconds, "compiling_processor": taken.processor, "compiling_memory": taken.megabytes}
