"""Print the peak memory of ``crossfire run`` at 1,000 and at 50,000 worlds, and the difference (within 40 MB).

Run with the Python of the environment: ``.venv/bin/python benchmarks/memory.py [WORLDS WORLDS]``.
"""

import sys

from sim.running.bench.timed_commands import memory

if __name__ == "__main__":
    few, many = (int(n) for n in (sys.argv[1:] or ["1000", "50000"]))
    peak = memory(few, many)()
    small, large = peak["memory_few"], peak["memory_many"]
    print(f"{few} worlds {small:.0f} MB, {many} worlds {large:.0f} MB, difference {large - small:.0f} MB")
