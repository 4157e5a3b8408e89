"""Print the peak memory of ``crossfire run`` at 1,000 and at 50,000 worlds, and the difference (within 40 MB).

Run with the Python of the environment: ``.venv/bin/python benchmarks/memory.py [WORLDS WORLDS]``.
"""

import subprocess
import sys
import tempfile
from pathlib import Path


def peak(worlds: int) -> float:
    """Return the peak resident memory (MB) of a run of 2020-soleimani with this many worlds."""
    code = (
        "import resource, sys; from sim.cli import main;"
        "sys.argv = ['crossfire', 'run', '2020-soleimani', '--worlds', sys.argv[1], '--out', sys.argv[2]];\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [sys.executable, "-c", code, str(worlds), str(Path(folder) / "out")], check=True, capture_output=True,
            text=True,
        )  # fmt: skip
    return int(ran.stderr.split()[-1]) / 1024


if __name__ == "__main__":
    few, many = (int(n) for n in (sys.argv[1:] or ["1000", "50000"]))
    small, large = peak(few), peak(many)
    print(f"{few} worlds {small:.0f} MB, {many} worlds {large:.0f} MB, difference {large - small:.0f} MB")
