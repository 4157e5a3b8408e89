"""How all of it is made again: the commands in their order, what was drawn how, what a run that stopped had reached."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.inputs.values import spelling
from sim.names.measures import OUTCOMES
from sim.report.blocks import Block, Para, Points, Table, code
from sim.wording import amount, in_shell

_MEASURES = {measure.name: measure for measure in OUTCOMES}


def again(verb: str, given: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return the command that does something with one variant: its scenario, these options, its settings."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    settings = [word for path, value in given["settings"].items() for word in ("--set", f"{path}={value}")]
    return in_shell(["crossfire", verb, given.get("file") or given["scenario"], *words, *settings])


def of_variants(verb: str, entries: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> str:
    """Return the command that does something with all these variants: what they share set, what differs varied."""
    settings = [one.get("settings", {}) for one in entries]
    values = {
        path: list({spelling(one.get(path, "")): one.get(path, "") for one in settings}.values())
        for path in settings[0]
    }
    words = ["crossfire", verb, *dict.fromkeys(str(one.get("file") or one.get("scenario")) for one in entries)]
    for path, given in values.items():
        words += ["--vary" if len(given) > 1 else "--set", f"{path}={','.join(given)}"]
    return in_shell([*words, *(word for name, value in options.items() for word in (f"--{name}", str(value)))])


def swept(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return how worlds were drawn by a design or lived over; nothing where they were drawn at random, each once."""
    drawing: Mapping[str, Any] = manifest["inputs"].get("drawing") or {}
    return drawing


def _has_name(manifest: Mapping[str, Any]) -> bool:
    """Return whether a run has a name of its own, as sweeps have, and not that of its scenarios."""
    scenarios = {str((entry["inputs"] or {}).get("scenario", "")) for entry in manifest["variants"]}
    return not set(manifest["label"].partition(" ")[0].split("+")) <= scenarios


def command_of_story(manifest: Mapping[str, Any], folder: str, number: int, world: int) -> str:
    """Return the command that tells a world of the variant of this place; a world of a design by its results alone."""
    entry = manifest["variants"][number]
    if swept(manifest):
        words = ["crossfire", "story", folder, "--variant", entry["label"], "--world", str(world)]
        return in_shell(words)
    return again("story", entry["inputs"], {"world": world, "seed": manifest["seed"]})


def command_of_all(manifest: Mapping[str, Any], folder: str) -> str:
    """Return the command that makes all variants again, into a folder of this name."""
    out = {"out": folder}
    entries = [entry["inputs"] or {} for entry in manifest["variants"]]
    until = manifest["inputs"].get("until") or ()
    if swept(manifest) or _has_name(manifest):
        return in_shell(["crossfire", "sweep", manifest["label"], "--out", folder])
    # A run that stopped at a precision is asked for by the most worlds that it might have had.
    asked = {"worlds": manifest["inputs"].get("worlds", manifest["worlds"]), "seed": manifest["seed"]}
    first = of_variants("compare" if len(entries) > 1 else "run", entries, asked | out)
    return " ".join([first, *(in_shell(("--until", one)) for one in until)])


def drawn(manifest: Mapping[str, Any]) -> str:
    """Return how worlds were drawn, where it was by a design or each was lived several times; '' where neither."""
    drawing = swept(manifest)
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


def reached(manifest: Mapping[str, Any]) -> Iterator[str]:
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
    if drawn(manifest):
        yield Para(drawn(manifest))
    if stops := tuple(reached(manifest)):
        yield Para("The run was to stop at a precision. What was asked for, and what was reached:")
        yield Points(stops)
    at = f" at commit {git['commit'][:12]}" if git else ""
    yield Para(
        f"All of it again, in this order, with an installed Crossfire of version {manifest['crossfire']}{at}. The "
        "first command makes the results, the last one this page; those between draw single figures."
    )
    commands = (command_of_all(manifest, folder), *figures, in_shell(("crossfire", "report", folder)))
    yield Points(tuple(map(code, commands)))
    if not swept(manifest):
        asked = {"worlds": manifest["worlds"], "seed": manifest["seed"]}
        variants = [
            (entry["label"], entry["inputs"]["hash8"], again("run", entry["inputs"], asked))
            for entry in manifest["variants"]
            if entry["inputs"]
        ]
        yield Table(("variant", "inputs", "run again by"), tuple(variants), "Each variant alone", folded=True)
