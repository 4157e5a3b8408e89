"""Print how long a warm engine takes to answer an edit of a policy: to 200 paired worlds, and to 1,000.

``python benchmarks/warm.py`` edits Washington's, Iran's, Baghdad's and the factions' policies of 2020-soleimani in ways
that touch few worlds, many, and all; each edit is one of the standing text. Seconds of the clock and of the processors
are told, which on a busy machine are not the same, and the medians over the edits.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from sim.inputs.yaml.files import home
from sim.running.engine import Engine

POLICIES = {"us": "in-kind", "iran": "calibrated", "government": "balancing", "factions": "resistance"}
#: Who, and what stands in the policy in whose place what is put.
EDITS = (
    ("government", "days_since_strike > 60", "days_since_strike > 90"),
    ("us", "us_killed_90d >= 2", "us_killed_90d >= 3"),
    ("us", "case_wounded >= 3", "case_wounded >= 4"),
    ("us", "days_since_strike > 60", "days_since_strike > 75"),
    ("iran", "grievance > 0.2", "grievance > 0.22"),
    ("factions", "revenge > 0.25", "revenge > 0.27"),
    ("us", "attribution >= sure", "attribution >= 0.9"),
    ("factions", "protest > 0.15", "protest > 0.2"),
)  # fmt: skip


class Taken(NamedTuple):
    """What an edit took: the share of worlds touched, then seconds of the clock and of processors up to each step."""

    edit: str
    touched: float
    told: float
    first: float
    first_cpu: float
    last: float
    last_cpu: float
    ran: int


def texts() -> Iterator[tuple[str, str, str]]:
    """Yield who, the standing text and the edited one; those whose policy says something else are left out."""
    for actor, old, new in EDITS:
        path = home() / "configs/policies" / actor / f"{POLICIES[actor]}.yaml"
        text = path.read_text(encoding="utf-8").replace(f"policy: {POLICIES[actor]}", "policy: mine")
        if old in text:
            yield f"{actor}: {old} -> {new}", text, text.replace(old, new)
        else:
            print(f"{actor}: no '{old}' in its policy")


def timed(edit: str, standing: str, edited: str, worlds: int, threads: int | None) -> Taken:
    """Return what the edit of a standing text takes, in an engine that has answered the standing one."""
    actor, mine = edit.split(":", maxsplit=1)[0], Path("mine.yaml")
    asked = {"vary": {f"policies.{actor}": [POLICIES[actor], "mine"]}, "worlds": worlds}
    with Engine(threads) as engine:
        mine.write_text(standing, encoding="utf-8")
        list(engine.compare("2020-soleimani", **asked))
        mine.write_text(edited, encoding="utf-8")
        clock, cpu = time.perf_counter(), time.process_time()
        question = engine.compare("2020-soleimani", **asked)
        touched = sum(one.share for one in question.touched.values())
        steps = [time.perf_counter() - clock]
        for _ in question:
            steps += [time.perf_counter() - clock, time.process_time() - cpu]
        return Taken(edit, touched, steps[0], *steps[1:3], *steps[-2:], question.ran)


def main() -> None:
    """Print a line for each edit, and the medians."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--worlds", type=int, default=1000)
    options.add_argument("--threads", type=int, default=1)
    given = options.parse_args()
    head = f"touched   told  to 200 (cpu)   to {given.worlds:,} (cpu)  worlds run"
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        print(f"{head}  seconds, {given.threads} thread(s)")
        found = []
        for edit in texts():
            found.append(timed(*edit, given.worlds, given.threads))
            print(_line(found[-1]), flush=True)
    print(_line(Taken("median", *(statistics.median(column) for column in list(zip(*found, strict=True))[1:]))))


def _line(one: Taken) -> str:
    times = f"{one.told:6.3f} {one.first:6.3f} ({one.first_cpu:.3f}) {one.last:8.3f} ({one.last_cpu:.3f})"
    return f"{one.touched:7.1%} {times} {one.ran:8,.0f}   {one.edit}"


if __name__ == "__main__":
    main()
