"""Which variants have which values of what was set (``us``, ``M08``), and what a manifest says of some variants."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.inputs.values import in_order, listed, spelling
from sim.results.files import StoreError

if TYPE_CHECKING:
    from sim.results.reading import Results


def labels_where(results: "Results", factors: Mapping[str, object]) -> list[str]:
    """Return the labels of the variants whose factors have these values; StoreError as ``Results.where`` says."""
    folder, entries = results.folder, results.manifest["variants"]
    labels = results.variants
    for name, wanted in factors.items():
        try:
            values = list(dict.fromkeys(map(spelling, listed(wanted))))
        except TypeError as wrong:
            raise StoreError(f"{folder}: {name}: {wrong}") from None
        given = {entry["label"]: _value(entry, name) for entry in entries}
        known = in_order(one for one in given.values() if one is not None)
        if not known:
            raise StoreError(f"{folder}: no variant has a factor {name!r}; those here: {_names(entries)}")
        if not values or (missing := [one for one in values if one not in known]):
            told = " or ".join(missing) if values else repr(wanted)
            raise StoreError(f"{folder}: no variant with {name} = {told}; its values: {', '.join(known)}")
        labels = [label for label in labels if given[label] in values]
    if not labels:
        raise StoreError(f"{folder}: no variant has all of {', '.join(f'{k} = {v!r}' for k, v in factors.items())}")
    return labels


def _names(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the names of what was set in any variant."""
    settings = [(entry["inputs"] or {}).get("settings") or {} for entry in entries]
    return ", ".join(dict.fromkeys(path for given in settings for path in given)) or "none"


def _value(entry: Mapping[str, Any], name: str) -> str | None:
    """Return the value of a variant's factor, by the path's end."""
    settings = (entry["inputs"] or {}).get("settings") or {}
    found = {path: value for path, value in settings.items() if path == name or path.endswith("." + name)}
    return spelling(next(iter(found.values()))) if found else None


def narrowed(manifest: Mapping[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """Return a manifest that knows of the variants of these numbers alone; ``of_variants`` says how many there are."""
    place = {k: i for i, k in enumerate(kept)}
    variants = manifest["variants"]
    of = manifest.get("of_variants", len(variants))
    less = {**manifest, "variants": [variants[k] for k in kept], "of_variants": of}
    for name in ("parts", "failures"):
        ours = [one for one in manifest[name] if one["variant"] in place]
        less[name] = [one | {"variant": place[one["variant"]]} for one in ours]
    if manifest.get("drawn"):
        less["drawn"] = [manifest["drawn"][k] for k in kept]
    return less
