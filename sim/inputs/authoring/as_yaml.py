"""A scenario or a policy whole, as YAML: what its file says, what it extends, every default, and where each is from."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sim.inputs.distributions.quantities import Distribution
from sim.inputs.policies.policy import Deed, Policy, Rule
from sim.inputs.resolve import Inputs, resolve
from sim.inputs.scenario import SWITCHES, Scenario
from sim.inputs.theory import READINGS, load_parameters, load_situation
from sim.inputs.yaml.document import Where, value_at
from sim.inputs.yaml.files import shown_path
from sim.names.actors import FACTIONS, POLICY_KEYS
from sim.names.script import SCRIPTED
from sim.names.traits import FACTION_TRAITS

_PLAIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*( [A-Za-z0-9_-]+)*|[a-z0-9]+(-[a-z0-9]+)+")
_OTHERWISE_READ = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|\d+(-\d+)*")


def flow(value: Any) -> str:
    """Return plain values as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        plain = _PLAIN_WORD.fullmatch(value) and not _OTHERWISE_READ.fullmatch(value)
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value)


# Scenarios -------------------------------------------------------------------------------------------------------


def scenario_yaml(scenario: Scenario) -> str:
    """Return a scenario with every value filled in, each with the file and line, or the default, that it comes from.

    It can be read again, and its worlds are the same; what a scenario cannot say (the ground, the house, the
    coalition) stands below as comments.
    """
    inputs = resolve(scenario)
    lines = [f"# {scenario.name} with everything filled in; behind each value where it comes from.", "#"]
    lines += list(_head(scenario, inputs))
    for table, one in (("mechanisms", "mechanism"), ("parameters", "parameter"), ("situation", "situation")):
        lines += [f"{table}:", *_quantities(scenario, inputs, table, one)]
    lines += ["factions:", *_factions(scenario, inputs), *_thresholds(scenario, inputs), "switches:"]
    for switch in SWITCHES:
        lines.append(_line(1, switch, inputs.switches[switch], _origin(scenario, ("switches", switch), "default")))
    return "\n".join([*lines, *_events(scenario), "", *_ground(inputs)]) + "\n"


def scenario_as_said(scenario: Scenario) -> str:
    """Return what a scenario's file and those that it extends say, with the file and line of each value."""
    return "\n".join(_said(scenario, scenario.document.values, (), 0)) + "\n"


def _said(scenario: Scenario, values: Mapping[str, Any], where: Where, depth: int) -> Iterator[str]:
    for key, value in values.items():
        spot = (*where, key)
        inside = isinstance(value, dict) and any(isinstance(one, dict) for one in value.values())
        if value and ((inside and depth < 2) or (isinstance(value, dict) and depth == 0)):
            yield _line(depth, key)
            yield from _said(scenario, value, spot, depth + 1)
        else:
            yield _line(depth, key, value, _origin(scenario, spot, ""))


def _line(depth: int, key: str, value: Any = None, origin: str = "") -> str:
    said = f"{'  ' * depth}{flow(key)}:" + ("" if value is None else f" {flow(value)}")
    return f"{said}  # {origin}" if origin else said


def _origin(scenario: Scenario, where: Where, default: str) -> str:
    """Return the file and line that say what stands at ``where``, or ``default`` where nobody says it."""
    if value_at(scenario.document.values, where) is None:
        return default
    mark = scenario.document.mark(where)
    return mark.file if mark.file.startswith("--") else f"{shown_path(mark.file)}:{mark.key_line}"


def _head(scenario: Scenario, inputs: Inputs) -> Iterator[str]:
    form = scenario.form
    for key in ("scenario", "title", "purpose", "start", "days", "house"):
        yield _line(0, key, getattr(form, key), _origin(scenario, (key,), ""))
    yield "policies:"
    for key in POLICY_KEYS:
        named = getattr(form.policies, key)
        yield _line(1, key, named, _origin(scenario, ("policies", key), ""))
    if form.theories:
        yield _line(0, "theory", form.theory, _origin(scenario, ("theory",), ""))
        yield _line(0, "theories", form.theories, _origin(scenario, ("theories",), ""))
    else:
        yield from _theory(scenario, inputs)
    yield _line(0, "fitted", form.fitted, _origin(scenario, ("fitted",), "default"))


def _theory(scenario: Scenario, inputs: Inputs) -> Iterator[str]:
    """Yield the reading of each mechanism that has more than one."""
    form = scenario.form
    said = _origin(scenario, ("theory",), "") + (f" ({inputs.theory})" if isinstance(form.theory, str) else "")
    yield f"theory:  # {said}"
    for mechanism, reading in inputs.readings.items():
        own = _origin(scenario, ("theory", mechanism), "") if isinstance(form.theory, dict) else ""
        yield _line(1, mechanism, READINGS[mechanism][reading], own)


def _quantities(scenario: Scenario, inputs: Inputs, table: str, kind: str) -> Iterator[str]:
    names = [name.partition(":")[2] for name in inputs.quantities if name.startswith(f"{kind}:")]
    tables = {"parameters": load_parameters, "situation": load_situation}
    known = tables[table]() if table in tables else {}
    for name in names:
        one = inputs.quantities[f"{kind}:{name}"]
        fitted = name in known and one != known[name].value
        default = "configs/fit.yaml" if fitted else f"configs/{table}.yaml" if known else "default"
        yield _line(1, name, _plain(one), _origin(scenario, (table, name), default))


def _plain(one: Distribution) -> Any:
    return one.as_plain(sources=False)


def _factions(scenario: Scenario, inputs: Inputs) -> Iterator[str]:
    for faction in FACTIONS:
        yield _line(1, faction)
        for trait in FACTION_TRAITS:
            value = _plain(inputs.quantities[f"faction:{faction}:{trait}"])
            yield _line(2, trait, value, _origin(scenario, ("factions", faction, trait), "configs/factions.yaml"))


def _thresholds(scenario: Scenario, inputs: Inputs) -> Iterator[str]:
    """Yield the thresholds of the policies; of factions that follow different policies those that agree."""
    found: dict[str, dict[str, tuple[Distribution, str]]] = {}
    for policy in inputs.policies:
        for name in policy.thresholds:
            value = inputs.quantities[f"threshold:{policy.key}:{policy.name}:{name}"]
            other = found.get(policy.key, {}).get(name)
            if other is None or other[0] == value:
                found.setdefault(policy.key, {})[name] = (value, shown_path(policy.file))
            else:
                found[policy.key].pop(name)
    if found:
        yield "thresholds:"
    for key, thresholds in found.items():
        yield _line(1, key)
        for name, (value, file) in thresholds.items():
            yield _line(2, name, _plain(value), _origin(scenario, ("thresholds", key, name), file))


def _events(scenario: Scenario) -> Iterator[str]:
    if scenario.form.events:
        yield "events:"
    for name, event in scenario.form.events.items():
        yield _line(1, name, None, _origin(scenario, ("events", name), ""))
        yield _line(2, "date", event.date) if event.date else _line(2, "day", event.day)
        yield _line(2, "do", SCRIPTED[event.do].name)
        options = {option.name: event.options.get(option.name, option.default) for option in SCRIPTED[event.do].options}
        if options:
            yield _line(2, "with", in_words(SCRIPTED[event.do].options, list(options.values())))
        yield from [_line(2, "claim", list(event.claim))] if event.claim else []
        yield from [_line(2, "told", event.told)] if event.told else []


def _ground(inputs: Inputs) -> Iterator[str]:
    """Yield, as comments, what all scenarios take from the tables of ground, house and coalition."""
    files = {
        "place": "configs/geography.yaml", "site": "configs/geography.yaml",
        "bloc": f"configs/parliaments/{inputs.house.name}.yaml", "ally": "configs/coalition.yaml",
    }  # fmt: skip
    for kind, file in files.items():
        yield f"# {kind}, from {file}; a scenario does not change it"
        entries: dict[str, dict[str, Any]] = {}
        for name, one in inputs.quantities.items():
            if name.startswith(f"{kind}:"):
                _, entry, trait = name.split(":")
                entries.setdefault(entry, {})[trait] = _plain(one)
        yield from (f"#   {entry}: {flow(traits)}" for entry, traits in entries.items())


def in_words(options: tuple[Any, ...], values: list[float]) -> dict[str, Any]:
    """Return options by name, a choice as its word."""
    return {
        option.name: option.choices[int(value)] if option.choices else float(value)
        for option, value in zip(options, values, strict=True)
    }


# Policies --------------------------------------------------------------------------------------------------------


def policy_yaml(policy: Policy) -> str:
    """Return a policy with what it extends and every option filled in; behind each rule where it stands."""
    lines = [
        _line(0, "policy", policy.name, shown_path(policy.file)), _line(0, "actor", policy.key),
        _line(0, "purpose", policy.purpose),
    ]  # fmt: skip
    lines += ["thresholds:"] if policy.thresholds else []
    for name, one in policy.thresholds.items():
        mark = policy.threshold_places[name]
        lines.append(_line(1, name, _plain(one), f"{shown_path(mark.file)}:{mark.key_line}"))
    lines += ["rules:"] if policy.rules else []
    for rule in policy.rules:
        lines += _rule_lines(rule)
    lines += ["otherwise:"] if policy.otherwise else []
    for rule in policy.otherwise:
        lines.append(_line(1, rule.lane, _deed(rule.deed), _place(rule)))
    return "\n".join(lines) + "\n"


def _rule_lines(rule: Rule) -> list[str]:
    keys = {"when": rule.when.text if rule.when else None, **_deed(rule.deed), **limits(rule)}
    keys["claim"] = list(rule.claims) or None
    head = f"  - name: {flow(rule.name)}  # {rule.lane}; {_place(rule)}"
    return [head, *(_line(2, key, value) for key, value in keys.items() if value is not None)]


def limits(rule: Rule) -> dict[str, Any]:
    """Return what limits a rule, by key of the file; nothing that is as it usually is."""
    found = {
        "probability": rule.probability if rule.probability != 1 else None, "cooldown": rule.cooldown or None,
        "once": rule.once or None, "after": rule.after, "until": rule.until,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}


def _deed(deed: Deed) -> dict[str, Any]:
    options = in_words(deed.action.options, list(deed.options))
    return {"do": deed.action.name} | ({"with": options} if options else {})


def _place(rule: Rule) -> str:
    return f"{shown_path(rule.place.file)}:{rule.place.line}"
