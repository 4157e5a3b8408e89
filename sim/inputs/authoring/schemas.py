"""JSON Schemas of the YAML files, so that an editor completes and checks them: draft 7, which editors know best.

Keys and types come from the forms that read the files; words (actions, options, lanes, claims, names) from the
vocabulary and the shipped files. An editor sees less than ``crossfire check``: it does not look into conditions.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from sim.inputs.authoring.schema_parts import (
    TEXT,
    Schema,
    known_or_own,
    one_of_words,
    or_null,
    where_key_is,
    whole_schema,
    with_options,
)
from sim.inputs.claims import CitedDocumentForm
from sim.inputs.policies.form import PolicyForm
from sim.inputs.policies.means import means_of
from sim.inputs.scenario import SWITCHES, ScenarioForm
from sim.inputs.theory import READINGS, Parameter, ParameterForm, TheoryForm, load_parameters, load_situation
from sim.inputs.yaml.files import home, names_of
from sim.inputs.yaml.writing import write_together
from sim.names.actions import ACTIONS, LANES, Action
from sim.names.actors import FACTIONS, POLICY_KEYS
from sim.names.mechanisms import MECHANISMS
from sim.names.perceptions import OWN_PERCEPTIONS
from sim.names.script import SCRIPTED
from sim.names.traits import FACTION_TRAITS

#: Where the schemas lie, below ``home()``.
FOLDER = "configs/schemas"


def schemas() -> dict[str, Schema]:
    """Return the schema of each kind of file, by the name of its own file."""
    made = {
        "scenario": _scenario(), "policy": _policy(), "theory": _theory(), "parameters": _table(load_parameters()),
        "situation": _table(load_situation()), "claims": _claims(), "sweep": _sweep(),
    }  # fmt: skip
    return {f"{name}.schema.json": whole_schema(name, schema) for name, schema in made.items()}


def schema_text(schema: Schema) -> str:
    """Return a schema as its file holds it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Return the paths of all schemas after writing them into ``folder``, all or none."""
    return write_together({folder / name: schema_text(schema) for name, schema in schemas().items()})


def schema_file(kind: str) -> Path:
    """Return the file of the schema of a kind of file."""
    return home() / FOLDER / f"{kind}.schema.json"


# Policies --------------------------------------------------------------------------------------------------------


def _policy() -> Schema:
    schema = PolicyForm.model_json_schema()
    for form in ("RuleForm", "AddedForm"):
        rule = schema["$defs"][form]["properties"]
        for key, told in _RULE_KEYS.items():
            rule[key]["description"] = told
        rule["claim"] = {"$ref": "#/definitions/claims"}
        rule["name"]["pattern"] = "^[a-z0-9]+(-[a-z0-9]+)*$"
    rule["before"]["description"] = "the rule before which it stands, 'otherwise' for behind all (in front of all)"
    fields = schema["$defs"]["RuleForm"]["properties"]
    changed = {key: or_null(one) for key, one in fields.items() if key != "name"}
    schema["$defs"]["ChangeForm"]["properties"] = changed
    schema["not"] = {"anyOf": [{"required": ["rules", "change"]}, {"required": ["rules", "add"]}]}
    for key, told in _POLICY_KEYS.items():
        schema["properties"][key]["description"] = told
    quantity = schema["properties"]["thresholds"]["additionalProperties"]
    schema["properties"]["thresholds"]["additionalProperties"] = or_null(quantity)
    schema["$defs"] |= {f"rule_of_{actor}": _rule_of(actor) for actor in POLICY_KEYS}
    schema["allOf"] = [where_key_is("actor", actor, _of_actor(actor)) for actor in POLICY_KEYS]
    return schema


_POLICY_KEYS = {
    "policy": "the policy's name, that of its file", "actor": "whose policy it is",
    "purpose": "what it is after, in a sentence", "extends": "another policy of the same actor, to build on",
    "thresholds": "names for numbers in conditions; each world draws its own from a distribution",
    "rules": "in each lane the first rule whose condition holds, and whose action has its means, acts",
    "change": "by the name of a rule of the policy that it extends: what is different in it; null drops the rule",
    "add": "rules besides those of the policy that it extends, in front of them or 'before' one of them",
    "otherwise": "what a lane does on a day on which none of its rules acts",
}  # fmt: skip
_RULE_KEYS = {
    "name": "the rule's name: luck and stories go by it",
    "when": "a condition over what the actor sees; leave it out for always. See crossfire list perceptions",
    "do": "the action", "with": "the action's options",
    "probability": "chance a day that it acts when its condition holds",
    "cooldown": "days before it may act again", "once": "acts once in a world",
    "after": "acts from this date on", "until": "acts up to this date",
}  # fmt: skip


def _rule_of(actor: str) -> Schema:
    """Return what holds of the rules of one actor: its actions, their options, what it sees."""
    told = {action.name: _action_said(actor, action) for action in ACTIONS[actor]}
    sees = ", ".join(perception.name for perception in OWN_PERCEPTIONS[actor])
    when = {"description": f"a condition over what all see (crossfire list perceptions), and over: {sees}"}
    return {"properties": {"do": one_of_words(told), "when": when}, "allOf": with_options(ACTIONS[actor])}


def _of_actor(actor: str) -> Schema:
    """Return what holds of the policies of one actor: its rules, its lanes, what it can extend."""
    rule: Schema = {"$ref": f"#/$defs/rule_of_{actor}"}
    changed = {"anyOf": [rule, {"type": "null"}]}
    lanes = {lane: or_null(_default(actor, lane)) for lane in LANES[actor]}
    otherwise = {"properties": lanes, "additionalProperties": False}
    extends = or_null(known_or_own(f"{actor} policy"))
    rules = {"rules": {"items": rule}, "add": {"items": rule}, "change": {"additionalProperties": changed}}
    return {"properties": rules | {"otherwise": otherwise, "extends": extends}}


def _action_said(actor: str, action: Action) -> str:
    needs = means_of(actor, action.name)
    return f"{action.lane}: {action.meaning}" + (f" (needs: {needs})" if needs else "")


def _default(actor: str, lane: str) -> Schema:
    actions = tuple(action for action in ACTIONS[actor] if action.lane == lane)
    word = one_of_words({action.name: action.meaning for action in actions})
    whole = {
        "type": "object", "properties": {"do": word, "with": {"type": "object"}}, "required": ["do"],
        "additionalProperties": False, "allOf": with_options(actions),
    }  # fmt: skip
    return {"anyOf": [word, whole]}


# Scenarios and theories ------------------------------------------------------------------------------------------


def _scenario() -> Schema:
    schema = ScenarioForm.model_json_schema()
    keys = schema["properties"]
    for key, told in _SCENARIO_KEYS.items():
        keys[key]["description"] = told
    needed = schema.pop("required")
    # What extends another may leave out anything, at any depth, and delete with a null.
    for form in schema["$defs"].values():
        form.pop("required", None)
    schema |= {"required": ["scenario"], "if": {"not": {"required": ["extends"]}}, "then": {"required": needed}}
    keys["extends"] = or_null(known_or_own("scenario"))
    keys["house"] = known_or_own("parliament") | {"description": "the parliament"}
    keys["theory"] = {"anyOf": [known_or_own("theory"), _readings()], "description": _SCENARIO_KEYS["theory"]}
    weight = {"type": ["number", "null"], "exclusiveMinimum": 0}
    keys["theories"] = {"type": "object", "properties": dict.fromkeys(names_of("theory"), weight),
                        "additionalProperties": weight, "description": _SCENARIO_KEYS["theories"]}  # fmt: skip
    schema["$defs"]["PoliciesForm"]["properties"] = {key: _followed(key) for key in POLICY_KEYS}
    keys["mechanisms"] = _by_name({m.id: f"strength (0 to 2) of: {m.name}" for m in MECHANISMS})
    for table, load in (("parameters", load_parameters), ("situation", load_situation)):
        keys[table] = _by_name({name: f"{one.meaning} ({one.unit})" for name, one in load().items()})
    traits = _by_name(dict.fromkeys(FACTION_TRAITS, ""))
    keys["factions"] = {"type": "object", "properties": dict.fromkeys(FACTIONS, traits), "additionalProperties": False}
    own = {"type": "object", "additionalProperties": {"$ref": "#/definitions/changed"}}
    keys["thresholds"] = {"type": "object", "properties": dict.fromkeys(POLICY_KEYS, own),
                          "additionalProperties": False, "description": _SCENARIO_KEYS["thresholds"]}  # fmt: skip
    keys["switches"] = {"type": "object", "properties": {one: {"type": ["boolean", "null"]} for one in SWITCHES},
                        "additionalProperties": False}  # fmt: skip
    event = schema["$defs"]["EventForm"]
    event["properties"]["do"] = one_of_words({action.name: action.meaning for action in SCRIPTED})
    event["properties"]["claim"] = {"$ref": "#/definitions/claims"}
    event["allOf"] = with_options(SCRIPTED)
    keys["events"]["additionalProperties"] = or_null(keys["events"]["additionalProperties"])
    return schema


_SCENARIO_KEYS = {
    "scenario": "the scenario's name, that of its file", "title": "a line for tables and figures",
    "purpose": "what it asks, in a sentence or two", "start": "the first day", "days": "how many days it runs",
    "theory": "a theory, or a reading for each mechanism that is read in more ways than one",
    "theories": "weights of theories: each world draws one, in place of one for all",
    "fitted": "whether what was fitted to observations is drawn from, or what was known before",
    "policies": "who follows which policy", "events": "what happens whatever the actors decide, by name",
    "thresholds": "other values for thresholds of the policies, by actor and name",
}  # fmt: skip


def _by_name(told: Mapping[str, str]) -> Schema:
    """Return the schema of quantities by name, each with what it means."""
    described = {
        name: {"allOf": [{"$ref": "#/definitions/changed"}], **({"description": text} if text else {})}
        for name, text in told.items()
    }
    return {"type": "object", "properties": described, "additionalProperties": False}


def _followed(key: str) -> Schema:
    named = known_or_own(f"{key} policy")
    if key != "factions":
        return named
    by_faction = {"type": "object", "properties": dict.fromkeys(FACTIONS, named), "additionalProperties": False}
    return {"anyOf": [named, by_faction]}


def _readings() -> Schema:
    titles = {mechanism.id: mechanism.name for mechanism in MECHANISMS}
    properties = {m: {"enum": list(words), "description": titles[m]} for m, words in READINGS.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _theory() -> Schema:
    schema = TheoryForm.model_json_schema()
    schema["properties"]["readings"] = _readings() | {"description": "the reading of each mechanism that it chooses"}
    return schema


# Sweeps ----------------------------------------------------------------------------------------------------------


def _sweep() -> Schema:
    """Return the schema of a sweep: what is set by path is not looked into, as paths may be shortened."""
    text = {**TEXT, "minLength": 1}
    texts = {"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]}
    scenario = known_or_own("scenario")
    known = {
        "sweep": text, "title": text, "purpose": text,
        "scenario": {"anyOf": [scenario, {"type": "array", "items": scenario, "minItems": 1}]},
        "worlds": _WHOLE, "seed": {"type": "integer", "minimum": 0}, "days": {**_WHOLE, "maximum": 3650},
        "series": {"anyOf": [{"enum": ["all", "none"]}, {"type": "integer", "minimum": 0}]},
        "set": {"type": "object"}, "baseline": TEXT, "replicates": _WHOLE, "where": texts, "until": texts,
        "vary": {"type": "array", "items": _block()},
    }  # fmt: skip
    return {
        "type": "object", "properties": {key: {**one, "description": _SWEEP_KEYS[key]} for key, one in known.items()},
        "required": ["sweep", "title", "purpose", "scenario"], "additionalProperties": False,
    }  # fmt: skip


def _block() -> Schema:
    """Return the schema of one block of what a sweep varies."""
    values = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "array", "minItems": 1}}
    over = {
        "anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}, {"type": "object", "minProperties": 1}],
        "description": "uncertain, a list of quantities or groups of them, or a range or 'own' for each by its path",
    }
    sampled = {"type": "object", "properties": {"points": _WHOLE, "over": over}, "required": ["points", "over"],
               "additionalProperties": False}  # fmt: skip
    kinds = {
        "grid": values, "list": {"type": "array", "items": {"type": "object"}, "minItems": 1},
        "one-at-a-time": values, "sobol": sampled, "latin-hypercube": sampled, "random": sampled,
    }  # fmt: skip
    blocks = {key: {**one, "description": _BLOCKS[key]} for key, one in kinds.items()}
    return {"type": "object", "properties": blocks, "additionalProperties": False, "minProperties": 1,
            "maxProperties": 1}  # fmt: skip


_WHOLE: Schema = {"type": "integer", "minimum": 1}
_SWEEP_KEYS = {
    "sweep": "the sweep's name, that of its file", "title": "a line for tables and figures",
    "purpose": "what it asks, in a sentence or two", "scenario": "where it starts: one scenario, or several",
    "worlds": "worlds of each variant; points times replicates under a sampled block",
    "seed": "where chance begins", "days": "how many days to run, for all variants",
    "series": "of how many worlds of each variant to keep the weekly series",
    "set": "values by path that all variants share, as --set takes them",
    "baseline": "words of the label of the variant that the others are compared with (the first)",
    "vary": "blocks that multiply: all but one that samples make variants, over the same worlds",
    "replicates": "how often each point, or world, is lived with other luck",
    "where": "constraints between factors: combinations, or points, that break one are left out",
    "until": "how sure to be of which measure before stopping, such as 'exited +- 0.01'",
}  # fmt: skip
_BLOCKS = {
    "grid": "lists of values by path: each combination",
    "list": "maps of values by path: each a combination of its own",
    "one-at-a-time": "the unchanged case, then each value of each path by itself; p05 is a quantile of the quantity",
    "sobol": "a scrambled Sobol sequence over quantities; points best a power of two, can be extended",
    "latin-hypercube": "a Latin hypercube over quantities; cannot be extended",
    "random": "points drawn at random, as worlds are without a block that samples",
}  # fmt: skip


# Tables ----------------------------------------------------------------------------------------------------------


def _table(table: Mapping[str, Parameter]) -> Schema:
    """Return the schema of a table of parameters: an entry for each name that the model uses, and no other."""
    form = ParameterForm.model_json_schema()
    for key, told in _PARAMETER_KEYS.items():
        form["properties"][key]["description"] = told
    entries = {name: {"$ref": "#/definitions/entry", "description": one.meaning} for name, one in table.items()}
    return {
        "type": "object", "properties": entries, "additionalProperties": False, "required": list(table),
        "$defs": {"entry": form},
    }  # fmt: skip


_PARAMETER_KEYS = {
    "unit": "its unit", "meaning": "what it is, in a phrase",
    "kind": "known; uncertain, bounded by documents; judgement, settled by none",
    "source": "document [paragraph], regularities, or judgement: why",
    "drives": "the mechanism that it drives, or words",
}  # fmt: skip


def _claims() -> Schema:
    documents = {"type": "object", "additionalProperties": _form(CitedDocumentForm)}
    return {
        "type": "object", "properties": {"documents": documents}, "required": ["documents"],
        "patternProperties": {r"^M\d\d$": _entry("mechanism"), r"^P\d\d$": _entry("prediction")},
        "additionalProperties": False,
    }  # fmt: skip


def _form(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()


def _entry(kind: str) -> Schema:
    """Return the schema of an entry of the ledger."""
    sources = {"type": "array", "items": TEXT, "minItems": 1}
    reading = {"type": "object", "properties": {"text": TEXT, "sources": sources}, "required": ["text", "sources"]}
    common = {"kind": {"const": kind}, "title": TEXT, "text": TEXT, "sources": sources}
    scenarios = {"enum": names_of("scenario")}
    way = {"enum": ["up", "down"]}
    more: dict[str, Schema] = {"test": {"type": "object"}}
    if kind == "mechanism":
        gauge = {"type": "object", "properties": {"reads": TEXT, "goes": way}, "required": ["reads", "goes"]}
        more = {
            "off_means": TEXT, "signal": TEXT, "direction": way, "seen_in": scenarios, "untouched": TEXT,
            "gauge": gauge,
        }  # fmt: skip
    optional = {"readings": {"type": "object", "additionalProperties": reading}}
    return {"type": "object", "properties": common | more | optional, "required": [*common, *more]}
