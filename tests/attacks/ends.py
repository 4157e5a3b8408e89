"""Sets every parameter to the ends of its range, alone and many at once, and tells which worlds are none.

``python -m tests.attacks.ends``: in one process, compiled; what lies within ranges comes to worlds that keep the laws.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.experiments.variants import Variant
from sim.inputs.ranges import range_of, range_of_trait
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.inputs.theory import load_parameters, load_situation
from sim.names.actors import FACTIONS
from sim.names.traits import FACTION_TRAITS
from sim.running.ensemble import Failure, run_worlds

#: Quiet beginnings and loud ones: a strike, a motion, a war in the region, an exit under way.
SCENARIOS = ("2020-soleimani", "2024-tower22", "2020-caretaker", "2024-war-goes-on", "2020-framework-signed")


def ends() -> list[tuple[str, float]]:
    """Return each end of the range of each parameter, number of the starting position and trait of a faction."""
    tables = {"parameters": load_parameters(), "situation": load_situation()}
    found = {f"{table}.{name}": range_of(name) for table, known in tables.items() for name in known}
    found |= {f"factions.{faction}.{name}": range_of_trait(name) for faction in FACTIONS for name in FACTION_TRAITS}
    return [(path, end) for path, allowed in found.items() for end in allowed[:2]]


def together(seed: int, sets: int, most: int) -> Iterator[list[tuple[str, float]]]:
    """Yield sets of up to ``most`` ends, no path twice."""
    luck, known = random.Random(seed), ends()
    for _ in range(sets):
        yield list(dict(luck.sample(known, luck.randint(2, most))).items())


def variant_at(scenario: str, settings: list[tuple[str, float]], days: int) -> Variant:
    """Return the variant of a scenario with these settings."""
    chosen = override(load_scenario(scenario), f"days={days}")
    for path, value in settings:
        chosen = override(chosen, f"{path}={value!r}")
    return Variant(" ".join(f"{path}={value:g}" for path, value in settings), resolve(chosen))


def failures(variants: list[Variant], worlds: int, seed: int = 1) -> Iterator[tuple[Variant, Failure]]:
    """Yield each world that failed, with its variant."""
    for block in run_worlds(variants, worlds, seed, threads=2, series_worlds=0):
        yield from ((variants[block.unit.variant], failure) for failure in block.failed)


def main(words: list[str] | None = None) -> int:
    """Run the search; return 1 if any world broke a law."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.attacks.{Path(__file__).stem}", description=__doc__)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--worlds", type=int, default=3)
    parser.add_argument("--sets", type=int, default=300, help="how many sets of several ends (300)")
    parser.add_argument("--most", type=int, default=8, help="how many ends in one of them at most (8)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    found, tried = [], 0
    sets = [[one] for one in ends()] + list(together(asked.seed, asked.sets, asked.most))
    for k, settings in enumerate(sets):
        variant = variant_at(SCENARIOS[k % len(SCENARIOS)], settings, asked.days)
        found += [f"{SCENARIOS[k % len(SCENARIOS)]} {v.label}: world {f.world}: {f.cause}"
                  for v, f in failures([variant], asked.worlds, asked.seed)]  # fmt: skip
        tried += asked.worlds
    sys.stdout.write("\n".join([*found, f"{tried:,} worlds, {len(found)} of them none"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    np.seterr(all="ignore")
    sys.exit(main())
