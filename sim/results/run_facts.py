"""What stands beside the numbers of results: worlds, failures, how they were drawn, pairing, precisions reached."""

from collections.abc import Mapping
from typing import Any

from sim.names.measures import OUTCOMES, Measure
from sim.results import Results, StoreError
from sim.results.files import plain_json
from sim.results.json_forms import ListOf, misfits
from sim.results.layout import PAIRING
from sim.results.pairing import AUDIT, PairingAudit
from sim.stats import Estimate
from sim.wording import difference, interval, number


def pairing_of(results: Results) -> list[PairingAudit]:
    """Return what the audit of pairing found for each variant after the first; nothing where none was made.

    Raises
    ------
    StoreError
        If the file that holds it is not what was written, or says something else.
    """
    raw = results.beside(PAIRING)
    if not raw:
        return []
    try:
        found = plain_json(raw)
    except ValueError as error:
        raise StoreError(f"{results.folder / PAIRING}: not what a run writes: {error}") from error
    for wrong in misfits(found, ListOf(AUDIT)):
        raise StoreError(f"{results.folder / PAIRING}: {wrong}")
    return [PairingAudit.of(one) for one in found if one["variant"] in results.variants]


def count_worlds(results: Results, variant: str) -> int:
    """Return how many worlds of a variant are there."""
    return len(results.arrays(["world"], variant)["world"])


def fewest_worlds(results: Results) -> int:
    """Return how many worlds of each variant are there, or of the one that has fewest; all are counted at once."""
    return min(len(found["world"]) for found in results.columns([]).values())


def failures(results: Results, variant: str) -> list[dict[str, Any]]:
    """Return the failed worlds of a variant, with the reason of each."""
    return [f for f in results.manifest["failures"] if results.variants[f["variant"]] == variant]


def drawn_by_design(results: Results) -> str:
    """Return how the worlds of results were drawn, and what that does to intervals, which take them as independent.

    Nothing where they are: each drawn by itself, at random.
    """
    given = results.manifest["inputs"].get("drawing") or {}
    design, replicates = given.get("design"), given.get("replicates", 1)
    kinds = {"sobol": "a Sobol sequence", "latin-hypercube": "a Latin hypercube"}
    over = (
        f"points of {kinds.get(design['kind'], design['kind'])} over {len(design['over'])} quantities" if design else ""
    )
    lived = f"each {'point' if design else 'world'} lived {replicates} times, with other luck" if replicates > 1 else ""
    said_of = ", ".join(filter(None, (over, lived)))
    # Lives of a point are alike, so they tell less than as many worlds; points that lie evenly tell more.
    so = "too narrow" if replicates > 1 else "rather too wide"
    return f"Worlds are not drawn one by one ({said_of}): intervals, which take them so, are {so}." if said_of else ""


def precisions(results: Results) -> list[tuple[str, bool]]:
    """Return for each precision asked for what was reached, in a line, and whether it was."""
    measures = {measure.name: measure for measure in OUTCOMES}
    return [
        (_precision(one, measures[one["measure"]]), bool(one["reached"])) for one in results.manifest.get("until") or ()
    ]


def _precision(one: Mapping[str, Any], measure: Measure) -> str:
    found = Estimate(one["estimate"], one["low"], one["high"])
    if one["half_width"] is None:
        came = "no interval"
    elif one["second"]:
        came = "{} ({})".format(*difference(found.value, found, measure))
    else:
        came = f"{number(found.value, measure)} ({interval(found, measure)})"
    reached = "reached" if one["reached"] else f"not reached ({one['why_not']})"
    return f"{one['asked']}: {reached} with {one['worlds']:,} worlds: {came}"
