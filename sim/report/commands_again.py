"""The commands that make again what a report shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.inputs.values import spelling
from sim.wording import in_shell


def command_of_variant(verb: str, given: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return the command that does something with one variant: its scenario, these options, its settings."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    settings = [word for path, value in given["settings"].items() for word in ("--set", f"{path}={value}")]
    return in_shell(["crossfire", verb, given.get("file") or given["scenario"], *words, *settings])


def command_of_variants(verb: str, entries: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> str:
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


def drawing_of(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
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
    if drawing_of(manifest):
        words = ["crossfire", "story", folder, "--variant", entry["label"], "--world", str(world)]
        return in_shell(words)
    return command_of_variant("story", entry["inputs"], {"world": world, "seed": manifest["seed"]})


def command_of_all(manifest: Mapping[str, Any], folder: str) -> str:
    """Return the command that makes all variants again, into a folder of this name."""
    out = {"out": folder}
    entries = [entry["inputs"] or {} for entry in manifest["variants"]]
    until = manifest["inputs"].get("until") or ()
    if drawing_of(manifest) or _has_name(manifest):
        return in_shell(["crossfire", "sweep", manifest["label"], "--out", folder])
    # A run that stopped at a precision is asked for by the most worlds that it might have had.
    asked = {"worlds": manifest["inputs"].get("worlds", manifest["worlds"]), "seed": manifest["seed"]}
    first = command_of_variants("compare" if len(entries) > 1 else "run", entries, asked | out)
    return " ".join([first, *(in_shell(("--until", one)) for one in until)])
