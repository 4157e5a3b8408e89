"""From an edit of a policy to an answer, in an engine that stays warm, as ``crossfire watch`` and notebooks have it."""

import itertools
import time
from contextlib import chdir
from pathlib import Path

from sim.running.bench.floor import SCENARIO
from sim.running.bench.timed_commands import edited_policy, somewhere
from sim.running.bench.turns import Turn
from sim.running.engine import Engine

#: After how many worlds a first answer comes.
FIRST = 200


def edit_when_warm(worlds: int) -> Turn:
    """Return a turn that answers an edit, each time another, on one thread: to a first answer, and to that of all."""
    numbers = itertools.count()

    def taken(folder: Path) -> dict[str, float]:
        vary = {"policies.us": ["in-kind", "edited"]}
        mine = folder / "edited.yaml"
        with chdir(folder), Engine(1) as engine:
            mine.write_text(edited_policy(1.0), encoding="utf-8")
            list(engine.compare(SCENARIO, vary=vary, worlds=worlds))
            began, spent, steps = time.perf_counter(), time.process_time(), []
            mine.write_text(edited_policy(0.9 - 0.01 * (next(numbers) % 80)), encoding="utf-8")
            for _ in engine.compare(SCENARIO, vary=vary, worlds=worlds):
                steps.append((time.perf_counter() - began, time.process_time() - spent))
        return {
            "edit_when_warm_first": steps[0][0], "edit_when_warm_first_processor": steps[0][1],
            "edit_when_warm": steps[-1][0], "edit_when_warm_processor": steps[-1][1],
        }  # fmt: skip

    return somewhere(taken)
