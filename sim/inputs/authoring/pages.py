"""Policies, theories, claims, mechanisms and parameters as pages in plain English, made from the data."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, Rejected, nearest, option_problem
from sim.inputs.authoring.uses import Use, rules_that_read, tests_folder, tests_of, uses_of_claim
from sim.inputs.claims import Claim, load_claims
from sim.inputs.distributions.quantities import Distribution
from sim.inputs.policies.conditions import spelled
from sim.inputs.policies.means import means_of
from sim.inputs.policies.named import policy_files, policy_named
from sim.inputs.policies.policy import Policy, Rule, load_policy_file
from sim.inputs.policies.sentences import sentence_of
from sim.inputs.theory import READINGS, Parameter, TheoryForm, load_parameters, load_situation
from sim.inputs.yaml.files import find, here, names_of, not_found, shown_path
from sim.inputs.yaml.forms import validate
from sim.inputs.yaml.text import read
from sim.names.actions import ACTIONS, LANES, Option
from sim.names.actors import POLICY_KEYS
from sim.names.mechanisms import MECHANISMS
from sim.names.perceptions import OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS
from sim.wording import code, listed, markdown, paragraph

_BARS, _WIDTH = 12, 40
#: Of what a page lists, at most so many of a kind by name.
_MOST = 40


# Policies --------------------------------------------------------------------------------------------------------


def policy_page(policy: Policy) -> str:
    """Return a policy as numbered sentences by lane, each with its source."""
    said = {name: one.text() for name, one in policy.thresholds.items()}
    lines = [f"# {paragraph(policy.name)}", "", f"A policy of `{policy.key}`, {markdown(shown_path(policy.file))}.", ""]
    lines += [paragraph(policy.purpose), ""]
    if policy.thresholds:
        lines += ["## What is not known", ""]
        lines += [f"- {code(name)}: {text}{_each_world(policy.thresholds[name])}" for name, text in said.items()] + [""]
    for lane in LANES[policy.key]:
        rules = [rule for rule in policy.all_rules if rule.lane == lane]
        if rules:
            lines += [f"## {lane.capitalize()}", ""]
            for k, rule in enumerate(rules, 1):
                needs = means_of(policy.key, rule.deed.action.name)
                lines.append(f"{k}. {paragraph(sentence_of(rule, said))}" + (f" Needs: {needs}." if needs else ""))
            lines.append("")
    return "\n".join([*lines, *_empty_lanes(policy)]).rstrip() + "\n"


def _each_world(one: Distribution) -> str:
    return "" if one.is_fixed else "; each world draws its own"


def _empty_lanes(policy: Policy) -> list[str]:
    used = {rule.lane for rule in policy.all_rules}
    empty = [lane for lane in LANES[policy.key] if lane not in used]
    told = f"No rule stands in {listed(empty)}: nothing is done there."
    return ["The first rule of a lane that holds, and has its means, acts; where none does, nothing is done."] + (
        ["", told] if empty else []
    )


# Theories --------------------------------------------------------------------------------------------------------


def theory_page(name: str) -> str:
    """Return a theory with the reading of each mechanism that it chooses, and those that it leaves as they are."""
    own = Path(name) if name.endswith((".yaml", ".yml")) else here("theory", name)
    if own is None and name not in names_of("theory"):
        raise not_found("a theory", name, names_of("theory"))
    path = own or find("theory", name)
    form = validate(read(path), TheoryForm, {"stem": path.stem})
    claims = load_claims()
    lines = [f"# {paragraph(form.theory)}", "", paragraph(form.purpose), "", "## What it chooses", ""]
    chosen = {m: READINGS[m][k] for m, k in form.readings.items()}
    lines += [_reading_line(claims[m], reading) for m, reading in chosen.items()] or ["The documents' own readings."]
    lines += ["", "## What it leaves as the documents have it", ""]
    lines += [_reading_line(claims[m], words[0]) for m, words in READINGS.items() if m not in chosen]
    return "\n".join(lines) + "\n"


def _reading_line(claim: Claim, reading: str) -> str:
    entry = claim.more.get("readings", {}).get(reading, {})
    sources = f" [{'; '.join(entry['sources'])}]" if entry.get("sources") else ""
    text = markdown(_sentence(str(entry.get("text", ""))) + sources)
    return f"- {claim.id}, {markdown(claim.title)}: **{reading}**. {text}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


# Claims ----------------------------------------------------------------------------------------------------------


def claim_page(name: str, kind: str = "claim") -> str:
    """Return a claim of the ledger with everything that rests on it; ``kind`` may ask for a mechanism."""
    claims = load_claims()
    if kind == "mechanism":
        claims = {mechanism.id: claims[mechanism.id] for mechanism in MECHANISMS if mechanism.id in claims}
    by_title = {one.title: key for key, one in claims.items()}
    key = name.upper() if name.upper() in claims else by_title.get(name, "")
    if not key:
        titles = nearest(name, by_title)
        error = not_found(f"a {kind} such as {next(iter(claims))}", name, claims)
        if titles and not error.problems[0].hint:
            problem = error.problems[0]
            raise InputError([option_problem(name, problem.expected, problem.got, titles)])
        raise error
    claim = claims[key]
    lines = [f"# {claim.id}: {markdown(claim.title)}", "", f"A {claim.kind}. {markdown(_one_line(claim.text))}", ""]
    lines += [f"Sources: {markdown('; '.join(claim.sources))}.", ""]
    for reading, entry in claim.more.get("readings", {}).items():
        told = markdown(f"{_one_line(entry['text'])} [{'; '.join(entry['sources'])}]")
        lines.append(f"- read as **{reading}**: {told}")
    lines += [""] * bool(claim.more.get("readings")) + list(_fields(claim)) + ["", "## What rests on it", ""]
    return "\n".join([*lines, *_resting(claim.id)]) + "\n"


_SAID = {
    "off_means": "Switched off", "signal": "What it moves first", "direction": "Which way", "seen_in": "Seen in",
    "seen_with": "Seen with", "untouched": "Not touched by it directly", "gauge": "Gauge of the audit",
    "still": "Where the audit reads what is untouched", "test": "Test",
}  # fmt: skip


def _fields(claim: Claim) -> Iterator[str]:
    tested = {"test": claim.test.model_dump(by_alias=True, exclude_defaults=True)} if claim.test else {}
    told = claim.more | tested
    for key, words in _SAID.items():
        if key in told:
            yield f"- {words}: {markdown(_plainly(told[key]))}"


def _plainly(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_plainly(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plainly, value))
    return _one_line(str(value))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _resting(claim: str) -> Iterator[str]:
    uses = uses_of_claim(claim)
    for kind in dict.fromkeys(use.kind for use in uses):
        found = [use for use in uses if use.kind == kind]
        plural = {"policy": "policies", "theory": "theories", "rule of the model": "rules of the model"}.get(kind)
        heading = kind if len(found) == 1 else plural or f"{kind}s"
        yield f"- {len(found)} {heading}: " + "; ".join(_use_said(use) for use in found[:_MOST]) + _rest(found)
    if not uses:
        yield "- nothing in rules, parameters, policies, scenarios or theories"
    if tests_folder() is None:
        yield "- tests are not part of an installed Crossfire; a checkout lists them here"
        return
    tests = tests_of(claim)
    yield f"- {len(tests)} test{'s' * (len(tests) != 1)} name{'s' * (len(tests) == 1)} it" + (
        ": " + "; ".join(tests[:_MOST]) + _rest(tests) if tests else ""
    )


def _use_said(use: Use) -> str:
    return code(use.name) + (f" ({markdown(use.said)})" if use.said else "")


def _rest(found: list[Any]) -> str:
    return f"; and {len(found) - _MOST} more" if len(found) > _MOST else ""


# Parameters ------------------------------------------------------------------------------------------------------


def parameter_page(name: str) -> str:
    """Return a parameter, or a number of the starting position: what is known of it, and what reads it."""
    tables = {"p": load_parameters(), "s": load_situation()}
    letter = next((letter for letter, table in tables.items() if name in table), "")
    if not letter:
        raise not_found("a parameter", name, [one for table in tables.values() for one in table])
    one = tables[letter][name]
    table = {"p": "parameters", "s": "situation"}[letter]
    readers = rules_that_read(f"{letter}.{name}")
    lines = [
        f"# {name}", "", f"{paragraph(one.meaning[0].upper() + one.meaning[1:])}; in configs/{table}.yaml.", "",
        f"- value: {one.value.text()}{_each_world(one.value)}",
        *([f"- fitted: {one.default.text()} (configs/fit.yaml), unless a scenario says `fitted: false`"]
          if one.default != one.value else []),
        f"- unit: {markdown(one.unit)}", f"- kind: {_kind(one)}",
        f"- source: {markdown(one.source or 'none given')}",
    ]  # fmt: skip
    lines += [f"- drives: {markdown(_driven(one))}"] if one.drives else []
    lines.append(f"- read by: {', '.join(f'`{reader}`' for reader in readers) or '**nothing in the rules reads it**'}")
    return "\n".join([*lines, "", *_histogram(one.default)]).rstrip() + "\n"


def _kind(one: Parameter) -> str:
    told = {
        "known": "known", "uncertain": "uncertain: documents bound it",
        "judgement": "judgement: no document settles it",
    }  # fmt: skip
    return told[one.kind]


def _driven(one: Parameter) -> str:
    titles = {mechanism.id: mechanism.name for mechanism in MECHANISMS}
    return ", ".join(f"{drive} ({titles[drive]})" if drive in titles else drive for drive in one.drives)


def _histogram(one: Distribution) -> Iterator[str]:
    """Yield the lines of a small histogram of what worlds draw, from the 1st percentile to the 99th."""
    if one.is_fixed:
        return
    drawn = one.quantile((np.arange(2000) + 0.5) / 2000)
    kinds = np.unique(drawn)
    low, middle, high = one.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    yield f"In nine worlds of ten from {low:,.4g} to {high:,.4g}; the middle is {middle:,.4g}."
    yield ""
    yield "```"
    if len(kinds) <= _BARS:
        shares = [(f"{kind:,.4g}", float((drawn == kind).mean())) for kind in kinds]
    else:
        inner = drawn[20:-20]
        counts, ends = np.histogram(inner, _BARS)
        shares = [(f"{ends[k]:,.4g} to {ends[k + 1]:,.4g}", counts[k] / len(inner)) for k in range(_BARS)]
    top = max(share for _, share in shares)
    width = max(len(label) for label, _ in shares)
    for label, share in shares:
        yield f"{label:>{width}}  {'#' * round(_WIDTH * share / top)} {100 * share:.0f}%"
    yield "```"


# Actions and perceptions -----------------------------------------------------------------------------------------


def action_page(name: str) -> str:
    """Return an action of each actor that has it (of one: ``us/strike``): lane, means, options, who uses it."""
    actor, _, word = name.rpartition("/")
    found = [(key, one) for key, all_ in ACTIONS.items() for one in all_ if one.name == word and actor in ("", key)]
    if not found:
        raise not_found("an action", name, [w for key, all_ in ACTIONS.items() for one in all_
                                            for w in (one.name, f"{key}/{one.name}")])  # fmt: skip
    lines = [f"# {word}", ""]
    for key, action in found:
        lines += [f"## Of {key}", "", f"{_sentence(action.meaning)} It belongs to the lane `{action.lane}`.", ""]
        needs = means_of(key, action.name)
        lines += [f"- needs: {needs or 'nothing, it can be had on any day'}"]
        lines += [_option_line(option) for option in action.options] or ["- no options"]
        lines += [f"- in shipped policies: {_users(key, lambda r, a=action: r.deed.action == a)}", ""]  # type: ignore[misc]
    return "\n".join(lines).rstrip() + "\n"


def _option_line(option: Option) -> str:
    if option.choices:
        return (
            f"- with `{option.name}`: {option.meaning}; {', '.join(option.choices)} ({option.choices[0]} if left out)"
        )
    unit = f" {option.unit}" if option.unit else ""
    between = f"{option.low:g} to {option.high:g}{unit} ({option.default:g} if left out)"
    return f"- with `{option.name}`: {option.meaning}; {between}"


def perception_page(name: str) -> str:
    """Return a perception: what it means, what it can be, who has it, and which shipped policies look at it."""
    public = {one.name: one for one in PUBLIC_PERCEPTIONS}
    own = {(key, one.name): one for key, all_ in OWN_PERCEPTIONS.items() for one in all_}
    having = [key for key in POLICY_KEYS if name in public or (key, name) in own]
    if not having:
        raise not_found("a perception", name, [*public, *(word for _, word in own)])
    one = public.get(name) or own[having[0], name]
    lines = [f"# {name}", "", _sentence(one.meaning), ""]
    lines += [f"- seen by: {'everybody' if name in public else ', '.join(having)}", f"- unit: {one.unit}"]
    if one.categories:
        lines += [f"- written in conditions as: {', '.join(f'`{name} == {spelled(c)}`' for c in one.categories)}"]
    elif one.low is not None:
        lines += [f"- from {one.low:g}" + (f" to {one.high:g}" if one.high is not None else " on")]
    for key in having:
        users = _users(
            key, lambda rule: rule.when is not None and re.search(rf"\b{name}\b", rule.when.text) is not None
        )
        lines += [f"- in shipped policies of {key}: {users}"] * (users != "none")
    return "\n".join(lines) + "\n"


def _users(key: str, uses: Callable[[Rule], bool]) -> str:
    """Return the shipped policies of an actor that have rules of some kind, with the names of the rules."""
    said = []
    for full, path in policy_files().items():
        if full.startswith(f"{key}/"):
            rules = [rule.name for rule in load_policy_file(path, key).all_rules if uses(rule)]
            said += [markdown(f"{full} ({', '.join(rules)})")] if rules else []
    return "; ".join(said[:_MOST]) or "none"


# Any kind --------------------------------------------------------------------------------------------------------


def _policy_page(name: str) -> str:
    return policy_page(policy_named(name))


def _mechanism_page(name: str) -> str:
    return claim_page(name, "mechanism")


PAGES = {
    "policy": _policy_page, "theory": theory_page, "claim": claim_page, "mechanism": _mechanism_page,
    "parameter": parameter_page, "action": action_page, "perception": perception_page,
}  # fmt: skip


def page(what: str, name: str) -> str:
    """Return the page of something by its kind and name."""
    try:
        return PAGES[what](name)
    except Rejected as wrong:
        raise wrong.named(name) from None
