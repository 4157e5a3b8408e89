"""Some of the variants of results: chosen by the values of their factors, with what a manifest says of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.inputs.values import in_order, listed, spelling


def fitting_factors(settings: Mapping[str, Mapping[str, Any]], factors: Mapping[str, object]) -> list[str]:
    """Return the labels whose settings have one of the values asked for of each factor.

    Parameters
    ----------
    settings : mapping
        By label, what was set, by path.
    factors : mapping
        By a path, or the end of one, a value or a list of values.

    Raises
    ------
    LookupError
        If no variant has such a factor, or none one of the values; it says so in words.
    """
    labels = list(settings)
    for name, wanted in factors.items():
        given = {label: _factor(set_here, name) for label, set_here in settings.items()}
        values = _known_values(name, wanted, given, settings)
        labels = [label for label in labels if given[label] in values]
    if not labels:
        raise LookupError(f"no variant has all of {', '.join(f'{k} = {v!r}' for k, v in factors.items())}")
    return labels


def _known_values(
    name: str, wanted: object, given: Mapping[str, str | None], settings: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return the values asked for as they are spelled; LookupError for a factor or a value that is not there."""
    try:
        values = list(dict.fromkeys(map(spelling, listed(wanted))))
    except TypeError as wrong:
        raise LookupError(f"{name}: {wrong}") from None
    known = in_order(one for one in given.values() if one is not None)
    if not known:
        paths = dict.fromkeys(path for set_here in settings.values() for path in set_here)
        raise LookupError(f"no variant has a factor {name!r}; those here: {', '.join(paths) or 'none'}")
    if not values or (missing := [one for one in values if one not in known]):
        told = " or ".join(missing) if values else repr(wanted)
        raise LookupError(f"no variant with {name} = {told}; its values: {', '.join(known)}")
    return values


def _factor(settings: Mapping[str, Any], name: str) -> str | None:
    """Return the value of a factor, by its path's end."""
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
