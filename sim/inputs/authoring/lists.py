"""What there is to choose from, in rows for a table."""

from collections.abc import Callable, Iterator
from typing import Any

from sim.inputs.policies.conditions import spelled
from sim.inputs.policies.means import means_of
from sim.names.actions import ACTIONS, Option
from sim.names.actors import POLICY_KEYS
from sim.names.events import EVENT_KINDS
from sim.names.measures import OUTCOMES, SERIES, Measure
from sim.names.mechanisms import MECHANISMS
from sim.names.perceptions import OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS, Perception
from sim.wording import cell, code
from sim.wording import markdown as escaped

Row = dict[str, Any]


def rows_of(what: str) -> tuple[list[Row], str]:
    """Return the rows of a list, and the name of the column that groups them (nothing for none)."""
    make, group = _LISTS[what]
    return list(make()), group


# Lists -----------------------------------------------------------------------------------------------------------


def _scenarios() -> Iterator[Row]:
    from sim.inputs.scenario import shipped_scenario
    from sim.inputs.yaml.files import names_of

    for name in names_of("scenario"):
        form = shipped_scenario(name).form
        yield {
            "name": name, "title": form.title, "start": form.start.isoformat(), "days": form.days,
            "purpose": form.purpose,
        }  # fmt: skip


def _sweeps() -> Iterator[Row]:
    from sim.inputs.yaml.files import find, names_of
    from sim.inputs.yaml.text import read

    for name in names_of("sweep"):
        said = read(find("sweep", name)).values
        scenarios = [said["scenario"]] if isinstance(said["scenario"], str) else said["scenario"]
        yield {"name": name, "title": said["title"], "scenarios": scenarios, "purpose": said["purpose"]}


def _policies() -> Iterator[Row]:
    from sim.inputs.policies.named import load_policy
    from sim.inputs.yaml.files import names_of

    for key in POLICY_KEYS:
        for name in names_of(f"{key} policy"):
            policy = load_policy(key, name)
            yield {"name": name, "actor": key, "rules": len(policy.rules), "purpose": policy.purpose}


def _perceptions() -> Iterator[Row]:
    groups = {"everybody": PUBLIC_PERCEPTIONS} | OWN_PERCEPTIONS
    for actor, perceptions in groups.items():
        for p in perceptions:
            yield {"name": p.name, "actor": actor, "unit": p.unit, "meaning": p.meaning, "values": _values(p)}


def _values(p: Perception) -> str:
    if p.categories:
        return ", ".join(map(spelled, p.categories))
    if p.low is None:
        return ""
    return f"{p.low:g} to {p.high:g}" if p.high is not None else f"from {p.low:g}"


def _actions() -> Iterator[Row]:
    for actor, actions in ACTIONS.items():
        for action in actions:
            options = {option.name: _option(option) for option in action.options}
            yield {
                "name": action.name, "actor": actor, "lane": action.lane, "meaning": action.meaning,
                "options": options, "needs": means_of(actor, action.name),
            }  # fmt: skip


def _option(option: Option) -> str:
    if option.choices:
        return " | ".join(option.choices)
    return f"{option.low:g} to {option.high:g} {option.unit}".strip()


def _measures() -> Iterator[Row]:
    for table, measures in (("outcomes", OUTCOMES), ("series", SERIES)):
        for measure in measures:
            yield {"name": measure.name, "table": table} | _measure(measure)


def _measure(measure: Measure) -> Row:
    return {
        "unit": measure.unit, "kind": measure.kind, "meaning": measure.label, "among": measure.among,
        "categories": list(measure.categories),
    }  # fmt: skip


def _parameters() -> Iterator[Row]:
    from sim.inputs.theory import load_parameters, load_situation

    for table, load in (("parameters", load_parameters), ("situation", load_situation)):
        for one in load().values():
            yield {
                "name": one.name, "table": table, "unit": one.unit, "value": one.value.text(), "kind": one.kind,
                "meaning": one.meaning,
            }  # fmt: skip


def _mechanisms() -> Iterator[Row]:
    for mechanism in MECHANISMS:
        yield {"name": mechanism.id, "meaning": mechanism.name, "readings": list(mechanism.readings)}


def _theories() -> Iterator[Row]:
    from sim.inputs.theory import READINGS, TheoryForm
    from sim.inputs.yaml.files import find, names_of
    from sim.inputs.yaml.forms import validate
    from sim.inputs.yaml.text import read

    for name in names_of("theory"):
        form = validate(read(find("theory", name)), TheoryForm, {"stem": name})
        readings = {mechanism: READINGS[mechanism][k] for mechanism, k in form.readings.items()}
        yield {"name": name, "purpose": form.purpose, "readings": readings}


def _claims() -> Iterator[Row]:
    from sim.inputs.claims import load_claims

    for claim in load_claims().values():
        yield {"name": claim.id, "kind": claim.kind, "title": claim.title}


def _events() -> Iterator[Row]:
    for kind in EVENT_KINDS[1:]:
        yield {
            "name": kind.name, "unit": kind.unit, "sentence": kind.text, "details": list(kind.details),
            "hidden": "hidden" if kind.hidden else "",
        }  # fmt: skip


_LISTS: dict[str, tuple[Callable[[], Iterator[Row]], str]] = {
    "scenarios": (_scenarios, ""), "policies": (_policies, "actor"), "perceptions": (_perceptions, "actor"),
    "actions": (_actions, "actor"), "measures": (_measures, "table"), "parameters": (_parameters, "table"),
    "mechanisms": (_mechanisms, ""), "theories": (_theories, ""), "claims": (_claims, "kind"), "events": (_events, ""),
    "sweeps": (_sweeps, ""),
}  # fmt: skip


# As a page -------------------------------------------------------------------------------------------------------

#: The lists of the page of reference, with what to say above each.
REFERENCE = {
    "perceptions": "What a condition can name. What is under an actor's name only that actor sees; `everybody` is "
    "public. A flag (0 or 1) may stand alone; categories are written with underscores, `government_leaning == "
    "pro_iran`.",
    "actions": "What a rule can do, by actor and lane. An action that lacks what it needs counts as not matched, and "
    "the next rule of the lane has its turn.",
    "measures": "What is read off each world at its end (`outcomes`) and each week (`series`). One with `among` is "
    "defined in those worlds only.",
    "parameters": "Constants of the model, and numbers of the starting position (`situation`), which scenarios "
    "replace. `crossfire describe parameter NAME` says who reads it.",
    "mechanisms": "What the documents argue, as assumptions of the rules: each can be switched off, or read the other "
    "way where there are readings. `crossfire describe mechanism M08` lists what rests on it.",
}


def reference_page() -> str:
    """Return docs/reference.md: the tables of all that YAML can name, in Markdown."""
    lines = ["# Reference", "", "Made by `make pages` from the code and the shipped files.", ""]
    for what, words in REFERENCE.items():
        lines += [f"## {what.capitalize()}", "", words, "", *markdown(what)]
    return "\n".join(lines)


def markdown(what: str) -> Iterator[str]:
    """Yield the lines of a list as tables in Markdown, one for each group."""
    rows, group = rows_of(what)
    for name in dict.fromkeys(row[group] for row in rows) if group else [""]:
        chosen = [row for row in rows if not group or row[group] == name]
        columns = [column for column in chosen[0] if column != group and any(row[column] for row in chosen)]
        yield from [f"### {str(name).replace('_', ' ').capitalize()}", ""] if group else []
        yield f"| {' | '.join(columns)} |"
        yield "|" + "---|" * len(columns)
        for row in chosen:
            yield "| " + " | ".join(_cell(row[column], k == 0) for k, column in enumerate(columns)) + " |"
        yield ""


def _cell(value: Any, first: bool) -> str:
    if first and value:
        return cell(code(str(value)))
    if isinstance(value, dict):
        return cell("; ".join(f"{code(str(key))}: {escaped(_or_said(str(one)))}" for key, one in value.items()))
    said = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return cell(escaped(_or_said(said)))


def _or_said(words: str) -> str:
    """Return words with choices listed."""
    return words.replace(" | ", ", ")
