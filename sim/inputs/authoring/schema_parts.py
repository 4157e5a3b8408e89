"""Parts that the JSON Schemas of all kinds of file are made of: quantities, words, claims, options, nulls."""

import json
from collections.abc import Mapping
from typing import Any

from sim.inputs.claims import load_claims
from sim.inputs.distributions.quantities import KINDS
from sim.inputs.yaml.files import find, names_of
from sim.inputs.yaml.text import read
from sim.names.actions import Action, Option

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"


def whole_schema(name: str, schema: Schema) -> Schema:
    """Return a schema with its head, in the words of draft 7, with distributions and claims told once."""
    forms = schema.pop("$defs", {})
    whole: Schema = _in_draft_7({**schema, "definitions": forms})
    whole["definitions"] |= {"quantity": _quantity(), "changed": or_null(_REF), "claims": _cited()}
    used = json.dumps(whole)
    whole["definitions"] = {key: one for key, one in whole["definitions"].items() if f'"#/definitions/{key}"' in used}
    return {"$schema": DRAFT, "title": f"Crossfire: {name}", **whole}


def _in_draft_7(value: Any) -> Any:
    """Return a schema of pydantic's without its titles and defaults, references to definitions renamed."""
    if isinstance(value, list):
        return [_in_draft_7(one) for one in value]
    if not isinstance(value, dict):
        return value
    if _is_quantity(value):
        return {"$ref": "#/definitions/quantity"} | {k: v for k, v in value.items() if k == "description"}
    kept = {k: one for k, one in value.items() if not (k == "title" and value.get("type")) and k != "default"}
    return {
        key: one.replace("#/$defs/", "#/definitions/") if key == "$ref" else _in_draft_7(one)
        for key, one in kept.items()
    }


def _is_quantity(value: Schema) -> bool:
    kinds = value.get("anyOf", [])
    return len(kinds) == 2 and isinstance(kinds[1], dict) and "lognormal" in kinds[1].get("properties", {})


def _quantity() -> Schema:
    """Return the schema of a number, or of a distribution of one."""
    kinds: dict[str, Schema] = {}
    for kind, names in KINDS.items():
        numbers = {"type": "array", "items": {"type": "number"}, "minItems": len(names), "maxItems": len(names)}
        kinds[kind] = {"type": "number"} if len(names) == 1 else numbers
        kinds[kind]["description"] = f"{kind}: {names[0] if len(names) == 1 else '[' + ', '.join(names) + ']'}"
    many = {"type": "array", "items": {"type": "number"}, "minItems": 1}
    kinds["choice"] = {"type": "object", "properties": {"values": many, "weights": many}, "required": ["values"],
                       "additionalProperties": False}  # fmt: skip
    cut = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    more = {"within": cut | {"description": "cuts a normal or a lognormal"}, "source": TEXT, "note": TEXT}
    one_kind = [{"required": [kind]} for kind in kinds]
    spread = {"type": "object", "properties": kinds | more, "additionalProperties": False, "oneOf": one_kind}
    return {
        "description": "a number, or a distribution: each world draws its own",
        "anyOf": [{"type": "number"}, spread],
    }


TEXT: Schema = {"type": "string"}


def one_of_words(names: Mapping[str, str]) -> Schema:
    """Return the schema of one of some words, each with what it means."""
    return {"enum": list(names), "enumDescriptions": list(names.values())}


def known_or_own(kind: str) -> Schema:
    """Return the schema of the name of a shipped file, or of one of the user's own."""
    told = {}
    for name in names_of(kind):
        values = read(find(kind, name)).values
        told[name] = " ".join(str(values.get("purpose") or values.get("note") or "").split())
    return {"anyOf": [one_of_words(told), {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$"}]}


def _cited() -> Schema:
    """Return the schema of one claim or several."""
    known = one_of_words({claim.id: claim.title for claim in load_claims().values()})
    source = {
        "type": "string", "pattern": r"^(\S+-\d{4}\b[\s\S]*\[\d+\][\s\S]*|(judgement|inference): [\s\S]*\S[\s\S]*)$",
    }  # fmt: skip
    one = {"anyOf": [known, source]}
    return {
        "description": "what it rests on: M01 to M61, P01 and so on, 'judgement: why', or a source with its paragraph",
        "anyOf": [*one["anyOf"], {"type": "array", "items": one}],
    }


def _options(options: tuple[Option, ...]) -> Schema:
    """Return the schema of an action's options, none of which must be given."""
    properties: dict[str, Schema] = {}
    for option in options:
        if option.choices:
            properties[option.name] = {"enum": list(option.choices)}
        else:
            properties[option.name] = {"type": "number", "minimum": option.low, "maximum": option.high}
        unit = f" ({option.unit})" if option.unit else ""
        usual = option.choices[int(option.default)] if option.choices else f"{option.default:g}"
        properties[option.name]["description"] = f"{option.meaning}{unit}; {usual} if left out"
    return {"type": "object", "properties": properties, "additionalProperties": False}


def where_key_is(key: str, value: str, then: Schema) -> Schema:
    """Return a schema that asks for ``then`` where a key has a value."""
    return {"if": {"properties": {key: {"const": value}}, "required": [key]}, "then": then}


def with_options(actions: tuple[Action, ...]) -> list[Schema]:
    """Return what ``with`` may hold for each action."""
    return [where_key_is("do", action.name, {"properties": {"with": _options(action.options)}}) for action in actions]


def or_null(schema: Schema) -> Schema:
    """Return a schema that also lets a null through: it deletes what a file that is extended says."""
    return {"anyOf": [schema, {"type": "null"}]}


_REF: Schema = {"$ref": "#/definitions/quantity"}
