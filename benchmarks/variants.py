"""Print what a sweep of many variants of few worlds takes: 500 variants (two policies) of 20 worlds of 5 days.

``python benchmarks/variants.py [--variants N] [--turns N] [--json]``: seconds, the processor's seconds, what was
foreseen before it began, the peak of memory, and bytes on the disk by variant. The whole process counts, its start
included; medians of turns, with the least and the most.
"""

import argparse
import json
import re
import statistics
import tempfile
from pathlib import Path

from sim.running.bench.process_cost import crossfire, taken_by

#: Variants that come together: each number of troops under two policies.
POLICIES = ("restraint", "in-kind")
SWEEP = """sweep: many-variants
title: Many variants
purpose: To time a sweep of many variants of few worlds.
scenario: 2020-soleimani
worlds: 20
days: 5
vary:
  - grid: {{us: [{policies}], us_troops: [{troops}]}}
"""
_SAID = re.compile(r"worlds in all, about (\d+) seconds, (\d+) MB on the disk")


def measured(variants: int) -> dict[str, float]:
    """Return what one sweep takes, and what was foreseen of it."""
    troops = ", ".join(str(2_000 + 10 * k) for k in range(variants // len(POLICIES)))
    with tempfile.TemporaryDirectory(prefix="crossfire-bench-") as name:
        folder = Path(name)
        text = SWEEP.format(policies=", ".join(POLICIES), troops=troops)
        (folder / "many-variants.yaml").write_text(text, encoding="utf-8")
        taken = taken_by(crossfire("sweep", "many-variants.yaml", "--out", "out"), folder)
        told = _SAID.search(taken.said)
        if told is None:
            raise SystemExit(f"nothing foreseen in: {taken.said}")
        size = sum(path.stat().st_size for path in (folder / "out").rglob("*") if path.is_file())
    return {
        "seconds": taken.seconds, "processor": taken.processor, "foreseen_seconds": float(told[1]),
        "foreseen_mb": float(told[2]), "mb": size / 1e6, "bytes_a_variant": size / variants, "peak_mb": taken.megabytes,
    }  # fmt: skip


def main() -> None:
    """Measure some turns, and print the medians."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--variants", type=int, default=500)
    asked.add_argument("--turns", type=int, default=3)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    turns = [measured(given.variants) for _ in range(given.turns)]
    found = {}
    for name in turns[0]:
        values = [one[name] for one in turns]
        found[name] = {"median": statistics.median(values), "least": min(values), "most": max(values)}
    for name, one in found.items() if not given.json else ():
        print(f"{name:18}" + "{median:12,.1f}  ({least:,.1f} to {most:,.1f})".format(**one))
    if given.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
