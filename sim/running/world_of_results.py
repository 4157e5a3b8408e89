"""A world of results: its variant made again, for the world to be told as it was run."""

from pathlib import Path

from sim.errors import InputError, option_problem
from sim.experiments.request import Arm
from sim.inputs.labels import named
from sim.results import Results, open_results
from sim.results.manifest import is_rare
from sim.running.rare.results import RareResults, read
from sim.running.resume import variant_again


def variant_of_world(folder: Path, label: str, world: int) -> tuple[Arm, int]:
    """Return the variant of results that a world is of, and their seed.

    ``label`` has enough of its variant's words to tell it from the others; the first one's without any.

    Raises
    ------
    InputError
        If no variant is meant, or none has such a world.
    StoreError
        If its worlds can no longer be told as they were run.
    """
    results, worlds = _worlds_of_variants(folder)
    found = named(results.variants, label, "--variant") if label else results.variants[0]
    if found in worlds and world >= worlds[found]:
        raise InputError([option_problem("--world", f"a world from 0 to {worlds[found] - 1}", str(world))])
    return variant_again(results, found), results.seed


def _worlds_of_variants(folder: Path) -> tuple[Results | RareResults, dict[str, int]]:
    """Return the results in a folder, and how many worlds there are of each variant that has been run."""
    if is_rare(folder):
        rare = read(folder)
        return rare, {one["label"]: one["roots"] for one in rare.found}
    results = open_results(folder)
    return results, dict.fromkeys(results.variants, results.worlds)
