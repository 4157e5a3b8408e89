"""How two scenarios, or two policies, differ once everything is filled in: rows for a table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.inputs.authoring.as_yaml import in_words, limits
from sim.inputs.distributions.quantities import Distribution
from sim.inputs.policies.named import policy_files, policy_here
from sim.inputs.policies.policy import Policy, Rule
from sim.inputs.policies.sentences import sentence_of
from sim.inputs.resolve import Inputs, ScriptedEvent
from sim.inputs.theory import READINGS, load_parameters, load_situation
from sim.inputs.yaml.files import here, names_of, not_found
from sim.inputs.yaml.text import read
from sim.names.actors import SEATS
from sim.names.mechanisms import MECHANISMS
from sim.names.script import SCRIPTED

#: One difference: what differs, how it is with the first, how with the second; nothing where one lacks it.
Row = dict[str, str]
_NOTHING = ""


def scenarios_differ(first: Inputs, second: Inputs) -> list[Row]:
    """Return in what two resolved scenarios differ, of all that can move a result; nothing where worlds are equal."""
    return [*_of_heads(first, second), *_of_seats(first, second), *_of_quantities(first, second),
            *_of_scripts(first, second), *_of_ground(first, second)]  # fmt: skip


def _row(what: str, first: object, second: object) -> Row:
    said = ["yes" if one is True else "no" if one is False else str(one) for one in (first, second)]
    return {"what": what, "first": said[0], "second": said[1]}


def _of_heads(a: Inputs, b: Inputs) -> Iterator[Row]:
    pairs = {"start": (a.start, b.start), "days": (a.days, b.days), "house": (a.house.name, b.house.name)}
    yield from (_row(what, *pair) for what, pair in pairs.items() if pair[0] != pair[1])
    yield from (_row(switch, on, b.switches[switch]) for switch, on in a.switches.items() if on != b.switches[switch])
    titles = {mechanism.id: mechanism.name for mechanism in MECHANISMS}
    if a.mixture != b.mixture:
        yield _row("theory", a.theory, b.theory)
        return
    for mechanism, reading in a.readings.items():
        if reading != b.readings[mechanism]:
            words = READINGS[mechanism]
            yield _row(f"{mechanism}, {titles[mechanism]}", words[reading], words[b.readings[mechanism]])


def _of_seats(a: Inputs, b: Inputs) -> Iterator[Row]:
    for seat, first, second in zip(SEATS, a.policy_of, b.policy_of, strict=True):
        one, other = a.policies[first], b.policies[second]
        if one.name != other.name:
            yield _row(f"policy of {seat}", one.name, other.name)
        elif one.as_plain(sources=False) != other.as_plain(sources=False):
            yield _row(f"policy of {seat}", f"{one.name}, {one.file}", f"{other.name}, {other.file}")


def _of_quantities(a: Inputs, b: Inputs) -> Iterator[Row]:
    meanings = {f"parameter:{name}": one.meaning for name, one in load_parameters().items()}
    meanings |= {f"situation:{name}": one.meaning for name, one in load_situation().items()}
    for name in dict.fromkeys([*a.quantities, *b.quantities]):
        one, other = a.quantities.get(name), b.quantities.get(name)
        same = one and other and one.as_plain(sources=False) == other.as_plain(sources=False)
        # A threshold of a policy that the other does not follow is told by the policy, a drawn theory by its name.
        apart = name == "theory" or (name.startswith("threshold:") and (one is None or other is None))
        if not same and not apart:
            kind, _, words = name.partition(":")
            meaning = f", {meanings[name]}" if name in meanings else ""
            yield _row(f"{kind} {words.replace(':', ' ')}{meaning}", _text(one), _text(other))


def _text(one: Distribution | None) -> str:
    return one.text() if one else _NOTHING


def _of_scripts(a: Inputs, b: Inputs) -> Iterator[Row]:
    first, second = ({act.name: act for act in inputs.script} for inputs in (a, b))
    for name in dict.fromkeys([*first, *second]):
        one, other = _act(first.get(name)), _act(second.get(name))
        if one != other:
            yield _row(f"event {name}", one, other)


def _act(act: ScriptedEvent | None) -> str:
    if act is None:
        return _NOTHING
    kind = SCRIPTED[act.kind]
    options = in_words(kind.options, list(act.options[: len(kind.options)]))
    said = ", ".join(f"{name} {_option(value)}" for name, value in options.items())
    return f"day {act.day}: {kind.meaning}" + (f" ({said})" if said else "")


def _option(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def _of_ground(a: Inputs, b: Inputs) -> Iterator[Row]:
    for what in ("neighbours",):
        if getattr(a, what) != getattr(b, what):
            yield _row(what, "those of one table", "those of another")


# Policies --------------------------------------------------------------------------------------------------------


def policies_differ(first: Policy, second: Policy) -> list[Row]:
    """Return in what two policies differ, sources included: thresholds, rules by name, their order, defaults."""
    return [*_of_thresholds(first, second), *_of_rules(first, second), *_of_order(first, second)]


def _of_thresholds(a: Policy, b: Policy) -> Iterator[Row]:
    for name in dict.fromkeys([*a.thresholds, *b.thresholds]):
        one, other = _text(a.thresholds.get(name)), _text(b.thresholds.get(name))
        if one != other:
            yield _row(f"threshold {name}", one, other)


def _of_rules(a: Policy, b: Policy) -> Iterator[Row]:
    first, second = ({rule.name: rule for rule in policy.all_rules} for policy in (a, b))
    for name in dict.fromkeys([*first, *second]):
        one, other = first.get(name), second.get(name)
        if one and other:
            yield from _of_parts(one, other)
        else:
            yield _row(_rule(one or other), _whole(one), _whole(other))


def _rule(rule: Rule | None) -> str:
    return "" if rule is None else rule.name if rule.name.startswith("otherwise") else f"rule {rule.name}"


def _parts(rule: Rule) -> dict[str, str]:
    deed = rule.deed
    options = in_words(deed.action.options, list(deed.options))
    parts = {"when": rule.when.text if rule.when else "always", "do": deed.action.name}
    parts |= {f"with {name}": _option(value) for name, value in options.items()}
    parts |= {key: str(value) for key, value in limits(rule).items()}
    return parts | {"claim": "; ".join(rule.claims)}


def _of_parts(one: Rule, other: Rule) -> Iterator[Row]:
    first, second = _parts(one), _parts(other)
    for key in dict.fromkeys([*first, *second]):
        if first.get(key, _NOTHING) != second.get(key, _NOTHING):
            yield _row(f"{_rule(one)}, {key}", first.get(key, _NOTHING), second.get(key, _NOTHING))


def _whole(rule: Rule | None) -> str:
    return _NOTHING if rule is None else sentence_of(rule, {}).removeprefix(f"{rule.name}. ")


def _of_order(a: Policy, b: Policy) -> Iterator[Row]:
    """Yield a row for each lane in which the rules that both have stand in another order."""
    for lane in dict.fromkeys(rule.lane for rule in a.all_rules):
        first, second = ([rule.name for rule in policy.all_rules if rule.lane == lane] for policy in (a, b))
        shared = [name for name in first if name in second]
        if shared != [name for name in second if name in first]:
            yield _row(f"order in {lane}", ", ".join(first), ", ".join(second))


def is_policy(name: str) -> bool:
    """Return whether a name, or the file at a path, is a policy's and no scenario's; InputError if it is neither."""
    if name.endswith((".yaml", ".yml")):
        values = read(Path(name)).values
        return isinstance(values, dict) and "policy" in values
    if here("scenario", name) or policy_here(name):
        return not here("scenario", name)
    policies = [word for full in policy_files() for word in (full, full.partition("/")[2])]
    if name not in policies and name not in names_of("scenario"):
        raise not_found("a scenario or a policy", name, [*names_of("scenario"), *policies])
    return name not in names_of("scenario")
