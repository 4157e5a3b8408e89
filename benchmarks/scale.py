"""Print what worlds cost at scale: seconds, memory and disk at several numbers of worlds, against ``crossfire bench``.

``python benchmarks/scale.py [WORLDS ...]``. Each size is run in a process of its own, alternating with the bare speed
of the model on as many threads, so that a busy machine slows both; ratios are of medians. Results are removed again.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SIZES = (20_000, 200_000)
ROUNDS = 3
#: Worlds by which the bare speed is measured.
BARE = 4_000
_BARE = """
import sys, time
from sim.world.aside import processors
from sim.running.ensemble import run_worlds
from sim.experiments.request import Request, variants_of
from sim.running import prepare_rules
[variant] = variants_of(Request(("2020-soleimani",)))
prepare_rules(variant)
began = time.perf_counter()
for _ in run_worlds([variant], int(sys.argv[1]), 1, threads=processors(), series_worlds=0):
    pass
print(int(sys.argv[1]) / (time.perf_counter() - began))
"""
_RUN = """
import json, resource, sys, time
from sim.experiments.request import Request, variants_of
from sim.running import execute, prepare_rules
asked = Request(("2020-soleimani",), worlds=int(sys.argv[1]))
variants = variants_of(asked)
prepare_rules(variants[0])
began = time.perf_counter()
execute(asked, variants, out=sys.argv[2])
seconds = time.perf_counter() - began
print(json.dumps({"rate": asked.worlds / seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def _python(code: str, *words: object) -> str:
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def measured(worlds: int, folder: Path) -> dict[str, float]:
    """Return rate (worlds a second, the last byte written), peak memory (MB) and disk (bytes a world) of one run."""
    out = folder / str(worlds)
    found: dict[str, float] = json.loads(_python(_RUN, worlds, out))
    found["bytes_a_world"] = sum(path.stat().st_size for path in out.rglob("*.parquet")) / worlds
    shutil.rmtree(out)
    return found


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    with tempfile.TemporaryDirectory(dir=ROOT / "results") as name:
        for worlds in sizes:
            bare, runs = [], []
            for _ in range(ROUNDS if worlds <= SIZES[0] else 2):
                bare.append(float(_python(_BARE, BARE)))
                runs.append(measured(worlds, Path(name)))
            bare.append(float(_python(_BARE, BARE)))
            rate = statistics.median(one["rate"] for one in runs)
            print(
                f"{worlds:,} worlds: {rate:,.0f} a second, {rate / statistics.median(bare):.2f} of the bare speed"
                f" ({statistics.median(bare):,.0f}); peak memory {max(one['mb'] for one in runs):,.0f} MB;"
                f" {statistics.median(one['bytes_a_world'] for one in runs):,.0f} bytes a world",
                flush=True,
            )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(SIZES))
