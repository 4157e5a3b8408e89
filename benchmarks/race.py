"""Race two checkouts: worlds a second of processor time, and whether their worlds are the same to the last bit.

``python benchmarks/race.py CHECKOUT [SCENARIO ...]`` runs the same worlds by turns there and here, each checkout in a
process of its own with one thread, so that a busy machine slows both; figures are medians, the ratio that of each turn.
With ``same`` before the checkout it says instead, for every shipped scenario, what differs of outcomes, series and
weekly digests in WORLDS worlds.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
#: Where the model spends its days in the main kinds of scenario.
FAMILIES = ("2020-soleimani", "2019-baseline", "2011-withdrawal", "2020-protest-and-strike", "2024-war-goes-on")
WORLDS, TURNS = 200, 7
#: Another layout of the code in memory moves a time by a few parts in a hundred: processes are begun anew.
STARTS = 3
_RUNNER = """
import hashlib, json, sys, time
from sim.running.ensemble import run_worlds
from tests.worlds import variant

def digested(table):
    return {name: hashlib.sha256(table[name].tobytes()).hexdigest()[:16] for name in table.dtype.names}

for line in sys.stdin:
    asked = json.loads(line)
    one, names = variant(asked["scenario"]), asked["kept"]
    began = time.process_time_ns()
    blocks = list(run_worlds([one], asked["worlds"], 1, threads=1, digests=names))
    spent, found = time.process_time_ns() - began, {}
    for block in blocks if names else []:
        found |= {f"outcome {name}": v for name, v in digested(block.outcomes).items()}
        found |= {f"series {name}": v for name, v in digested(block.series).items()}
        found["digests"] = hashlib.sha256(block.digests.tobytes()).hexdigest()[:16]
    print(json.dumps({"seconds": spent / 1e9, "found": found}), flush=True)
"""


class Runner:
    """A process that runs worlds of a checkout as it is told."""

    def __init__(self, checkout: Path) -> None:
        own = checkout / ".venv" / "bin" / "python"
        command = [str(own) if own.exists() else sys.executable, "-c", _RUNNER]
        self.process = subprocess.Popen(
            command, cwd=checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self) -> "Runner":
        return self

    def __exit__(self, *error: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def run(self, scenario: str, worlds: int, kept: bool = False) -> Any:
        """Return the seconds of processor time that worlds took, and digests of what came of them if they are kept."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"scenario": scenario, "worlds": worlds, "kept": kept}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def raced(there: Path, scenario: str) -> Iterator[tuple[float, float]]:
    """Yield the seconds that both checkouts took for the same worlds, there and here, turn by turn."""
    for _ in range(STARTS):
        with ExitStack() as stack:
            runners = [stack.enter_context(Runner(checkout)) for checkout in (there, HERE)]
            for runner in runners:
                runner.run(scenario, WORLDS // 4)
            for _ in range(TURNS):
                first, second = (runner.run(scenario, WORLDS)["seconds"] for runner in runners)
                yield first, second


def race(there: Path, scenarios: Sequence[str]) -> None:
    """Print what came of a race."""
    for scenario in scenarios:
        turns = list(raced(there, scenario))
        before, after = (WORLDS / statistics.median(times) for times in zip(*turns, strict=True))
        low, middle, high = statistics.quantiles([first / second for first, second in turns], n=4)
        sys.stdout.write(
            f"{scenario:24} {before:6.0f} worlds/s there, {after:6.0f} here: {middle:.3f} ({low:.3f}-{high:.3f})\n"
        )
        sys.stdout.flush()


def compare(there: Path, scenarios: Sequence[str]) -> int:
    """Print of each scenario what differs between the checkouts; return in how many anything does."""
    apart = 0
    with Runner(there) as first, Runner(HERE) as second:
        for scenario in scenarios:
            before, after = (runner.run(scenario, WORLDS, kept=True)["found"] for runner in (first, second))
            other = [name for name in before.keys() & after.keys() if before[name] != after[name]]
            apart += bool(other)
            words = f"{len(other)} of {len(before)} differ, {', '.join(sorted(other)[:6])}" if other else "the same"
            sys.stdout.write(f"{scenario:26} {words}\n")
    return apart


def main(words: list[str]) -> int:
    """Race or compare; return the code to exit with."""
    same, words = words[0] == "same", words[words[0] == "same" :]
    there, scenarios = Path(words[0]).resolve(), words[1:]
    if same:
        return int(compare(there, scenarios or sorted(path.stem for path in (HERE / "scenarios").glob("*.yaml"))) > 0)
    race(there, scenarios or FAMILIES)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
