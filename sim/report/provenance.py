"""Where a report comes from: the run, how its worlds were drawn, how far it got, and how all of it is made again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.names.measures import OUTCOMES
from sim.report.blocks import Block, Para, Points, Table, code
from sim.report.commands_again import command_of_all, command_of_variant, drawing_of
from sim.report.context import Context
from sim.report.spread import command_of_spread
from sim.results import suggested
from sim.wording import amount, in_shell

_MEASURES = {measure.name: measure for measure in OUTCOMES}


def section(context: Context) -> Iterator[Block]:
    """Yield what is needed to make all of it again."""
    figures = [suggested("plot", context.folder)]
    figures += [command_of_spread(context)] if context.spreads and not drawing_of(context.manifest) else []
    yield from provenance(context.whole.manifest, context.folder, figures)


def design_in_words(manifest: Mapping[str, Any]) -> str:
    """Return how worlds were drawn, where it was by a design or each was lived several times; '' where neither."""
    drawing = drawing_of(manifest)
    if not drawing:
        return ""
    design, replicates = drawing.get("design") or {}, drawing.get("replicates", 1)
    said, why = [], []
    if design:
        kind = {"sobol": "a Sobol sequence", "latin-hypercube": "a Latin hypercube"}.get(design["kind"], design["kind"])
        said.append(f"what is uncertain stands at the points of {kind} over {len(design['over'])} quantities")
        why.append("points of a design lie more evenly than at random")
    if replicates > 1:
        said.append(f"each point is lived {replicates} times, with other luck")
        why.append("lives of one point have all but their luck in common")
    return (
        f"Drawn by the sweep {manifest['label']}: {'; '.join(said)}. The intervals in this report take worlds as "
        f"independent, which they are not quite: {', and '.join(why)}."
    )


def precisions_reached(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a run that was to stop at a precision had reached, for each precision asked for."""
    for one in manifest.get("until") or ():
        measure = _MEASURES.get(one.get("measure", ""))
        if one["half_width"] is None:
            width = "no interval"
        else:
            width = f"±{amount(one['half_width'], measure) if measure else format(one['half_width'], '.2g')}"
        how = "reached" if one["reached"] else f"not reached ({one.get('why_not') or 'worlds ran out'})"
        whose = " less ".join(filter(None, (one.get("second"), one.get("first"))))
        # A precision of one variant has its label in it already.
        of = f" ({whose})" if one.get("second") else ""
        yield f"{one['asked']}{of}: {how} after {one['worlds']:,} worlds, {width}."


def provenance(manifest: Mapping[str, Any], folder: str, figures: Sequence[str]) -> Iterator[Block]:
    """Yield what is needed to make all of it again: the run, every command in order, and each variant alone."""
    git, of_each = manifest.get("git"), f"{manifest['worlds']:,} of each variant"
    rows = [
        ("results", folder), ("seed", str(manifest["seed"])), ("worlds", of_each),
        ("run", f"{manifest['started']} to {manifest['finished']}"), ("Crossfire", manifest["crossfire"]),
        ("rules", manifest["rules_hash"]), ("inputs", manifest["inputs_sha256"]),
        ("checkout", f"{git['commit']}{', with changes' if git['dirty'] else ''}" if git else "none"),
        ("Python, NumPy, Numba", f"{manifest['python']}, {manifest['numpy']}, {manifest['numba']}"),
    ]  # fmt: skip
    yield Table(("", ""), tuple(rows), "The run")
    if design_in_words(manifest):
        yield Para(design_in_words(manifest))
    if stops := tuple(precisions_reached(manifest)):
        yield Para("The run was to stop at a precision. What was asked for, and what was reached:")
        yield Points(stops)
    at = f" at commit {git['commit'][:12]}" if git else ""
    yield Para(
        f"All of it again, in this order, with an installed Crossfire of version {manifest['crossfire']}{at}. The "
        "first command makes the results, the last one this page; those between draw single figures."
    )
    commands = (command_of_all(manifest, folder), *figures, in_shell(("crossfire", "report", folder)))
    yield Points(tuple(map(code, commands)))
    if not drawing_of(manifest):
        asked = {"worlds": manifest["worlds"], "seed": manifest["seed"]}
        variants = [
            (entry["label"], entry["inputs"]["hash8"], command_of_variant("run", entry["inputs"], asked))
            for entry in manifest["variants"]
            if entry["inputs"]
        ]
        yield Table(("variant", "inputs", "run again by"), tuple(variants), "Each variant alone", folded=True)
