"""What a manifest and a journal may say: the form of every value, checked before anybody relies on it."""

from sim.results.json_forms import (
    ANY,
    COUNT,
    DATE,
    DAYS,
    FLAG,
    MEASURE,
    NAME,
    NUMBER,
    SEED,
    SHA256,
    SHARD,
    TEXT,
    WORLDS,
    Fields,
    Form,
    ListOf,
    MapOf,
    Maybe,
    one_of,
    whole,
)

FAILURE = Fields(
    {"variant": COUNT, "world": COUNT}, dict.fromkeys(("label", "stage", "cause", "repeat", "error"), TEXT)
)
PART = Fields(
    {
        "variant": COUNT, "first": COUNT, "n": WORLDS, "failures": ListOf(FAILURE),
        "files": ListOf(Fields({"table": TEXT, "file": TEXT, "sha256": SHA256}), 1),
    }
)  # fmt: skip
PART_OF_VERSION_1 = Fields(
    {"variant": COUNT, "first": COUNT, "n": WORLDS, "table": TEXT, "file": TEXT, "sha256": SHA256}
)
_SETTINGS = MapOf(TEXT)
_VARIANT = Fields(
    {"label": NAME, "inputs": Maybe(Fields({}, {
        "scenario": NAME, "file": NAME, "settings": _SETTINGS, "hash8": TEXT,
    }))},
    {"inputs_hash": SHA256},
)  # fmt: skip
_DRAWING = Fields(
    {}, {"design": Fields({"kind": NAME, "over": ListOf(NAME)}), "replicates": WORLDS}
)  # fmt: skip
_INPUTS = Fields({}, {
    "worlds": WORLDS, "seed": SEED, "series": COUNT, "until": ListOf(TEXT), "drawing": Maybe(_DRAWING),
    "variants": ListOf(Fields({"label": NAME}, {"days": DAYS, "start": DATE, "title": TEXT, "purpose": TEXT}), 1),
})  # fmt: skip
_REACHED = Fields({
    "asked": TEXT, "measure": MEASURE, "first": Maybe(TEXT), "second": Maybe(TEXT), "half_width_asked": NUMBER,
    "reached": FLAG, "why_not": Maybe(TEXT), "worlds": COUNT, "defined": Maybe(COUNT), "level": NUMBER,
    **{key: Maybe(NUMBER) for key in ("estimate", "low", "high", "half_width")},
})  # fmt: skip
_DRAWN = Fields({}, {"fixed": MapOf(NUMBER), "other": MapOf(Maybe(TEXT))})
#: What every manifest says of how its run was made, and may say.
_MADE_BY: dict[str, Form] = {
    "started": TEXT, "finished": Maybe(TEXT), "python": TEXT, "numpy": TEXT, "numba": TEXT, "arithmetic": Maybe(TEXT),
    "from": TEXT, "git": Maybe(Fields({"commit": TEXT, "dirty": FLAG})), "journal_sha256": SHA256, "checksum": SHA256,
}  # fmt: skip
#: What ``rare.json`` says of the chance of a rare end; the rest of its inputs has a form where it is written
#: (``sim.running.rare.results``).
RARE_MANIFEST = Fields(
    {
        "schema_version": whole("version 3, which this Crossfire reads", 3, 3),
        "status": one_of("running", "finished", "interrupted"), "label": TEXT,
        "seed": SEED, "rules_hash": TEXT, "crossfire": TEXT, "variants": ListOf(_VARIANT, 1), "inputs": _INPUTS,
        "inputs_sha256": SHA256, "variants_sha256": SHA256, "checksum": SHA256,
    },
    _MADE_BY,
)  # fmt: skip
MANIFEST = Fields(
    {
        "status": one_of("running", "merging", "finished", "interrupted", "shard"),
        "label": TEXT, "seed": SEED, "worlds": WORLDS, "rules_hash": TEXT, "crossfire": TEXT,
        "variants": ListOf(_VARIANT, 1), "inputs": _INPUTS, "inputs_sha256": SHA256, "parts": ListOf(MapOf(ANY)),
        "files": ListOf(Fields({"file": TEXT, "sha256": SHA256}, {"rows": whole("a number of rows", 0, 2**53)})),
        "failures": ListOf(FAILURE),
    },
    {
        **_MADE_BY, "shard": Maybe(SHARD), "title": Maybe(TEXT), "start": Maybe(DATE),
        "sweep": Maybe(Fields({"name": TEXT, "title": TEXT, "purpose": TEXT})), "days": Maybe(DAYS),
        "drawn": Maybe(ListOf(_DRAWN)), "base_worlds": COUNT, "looks": ListOf(COUNT),
        "until": Maybe(ListOf(_REACHED)),
        "extended": ListOf(Fields({"from": COUNT, "to": COUNT, "at": TEXT})),
    },
)  # fmt: skip
