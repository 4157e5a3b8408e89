"""Files to start from: a policy or a scenario that reads without a warning, with comments on what can be changed."""

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

from sim.errors import InputError, Rejected, described, nearest, one_of, option_problem
from sim.inputs.authoring.as_yaml import flow
from sim.inputs.authoring.schemas import schema_file
from sim.inputs.policies.means import means_of
from sim.inputs.policies.policy import load_policy_file, read_policy
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario, read_scenario
from sim.inputs.yaml.files import find, names_of
from sim.inputs.yaml.text import parse
from sim.inputs.yaml.writing import write_together
from sim.names.actions import ACTIONS, LANES, Action
from sim.names.actors import POLICY_KEYS
from sim.names.perceptions import OWN_PERCEPTIONS
from sim.names.script import SCRIPTED

#: The first rule of a policy, by actor: what it would do anyhow, or the mildest thing.
_FIRST = {
    "us": ("let-it-pass", "attack_unanswered", "hold", {}),
    "iran": ("keep-them-as-they-are", "", "order", {"push": 0}),
    "government": ("condemn-the-strike", "strike_unprotested", "protest", {}),
    "factions": ("fire-now-and-then", "not exit_decided", "harass", {"effort": 1}),
}
_USUAL = "2020-soleimani"


def write_new(text: str, path: Path, force: bool) -> Path:
    """Return ``path`` after writing ``text`` there; a file that is there already is refused without ``force``."""
    if path.exists() and not force:
        raise InputError([option_problem(str(path), "no such file yet (--force replaces it)", "a file")])
    return write_together({path: text})[0]


def editor_line(path: Path, kind: str) -> str:
    """Return the comment by which an editor finds the schema of a file at ``path``."""
    return f"# yaml-language-server: $schema={Path(os.path.relpath(schema_file(kind), path.parent)).as_posix()}"


# Policies --------------------------------------------------------------------------------------------------------


def new_policy(path: Path, actor: str = "", extends: str = "") -> str:
    """Return the text of a policy for the file at ``path``: of an actor, or resting on another policy."""
    key = _actor(actor, extends, path.parent)
    lines = [
        editor_line(path, "policy"),
        "# In each lane the first rule acts whose condition holds and whose action has its means.",
        "# crossfire check says what is wrong; crossfire list perceptions and crossfire list actions what there is.",
        f"policy: {flow(path.stem)}", f"actor: {key}", "purpose: What this policy is after, in one sentence.",
    ]  # fmt: skip
    lines += list(_resting_on(key, extends, path.parent) if extends else _from_scratch(key))
    text = "\n".join(lines) + "\n"
    read_policy(parse(text, str(path), path))
    return text


def _actor(actor: str, extends: str, beside: Path) -> str:
    """Return whose policy it is: the one that is named, or that of the policy to extend."""
    if actor and actor not in POLICY_KEYS:
        raise InputError([option_problem("--actor", one_of(POLICY_KEYS), described(actor))])
    keys = [key for key in POLICY_KEYS if extends and extends in names_of(f"{key} policy", beside)]
    own = [key for key in keys if _belongs(key, extends, beside)]
    if extends and not own:
        known = [name for key in POLICY_KEYS for name in names_of(f"{key} policy")]
        raise InputError([option_problem("--extends", "a policy", described(extends), nearest(extends, known))])
    if actor and own and actor not in own:
        raise InputError([option_problem("--extends", f"a policy of '{actor}'", f"one of '{own[0]}'")])
    if not actor and len(own) != 1:
        raise InputError([option_problem("--actor", one_of(own or POLICY_KEYS), "nothing")])
    return actor or own[0]


def _belongs(key: str, name: str, beside: Path) -> bool:
    """Return whether the file that would be found is a policy of that actor."""
    try:
        return load_policy_file(find(f"{key} policy", name, beside)).key == key
    except (InputError, Rejected):
        return False


def _resting_on(key: str, extends: str, beside: Path) -> Iterator[str]:
    base = load_policy_file(find(f"{key} policy", extends, beside), key)
    yield f"extends: {flow(extends)}"
    yield "# Thresholds and what lanes do otherwise are laid on those of the other policy, one by one; null deletes."
    yield "# thresholds:"
    yield from (f"#   {name}: {flow(one.as_plain(sources=False))}" for name, one in base.thresholds.items())
    yield "# otherwise:"
    yield from (f"#   {rule.lane}: {rule.deed.action.name}" for rule in base.otherwise)
    yield "# Its rules, by lane, are:"
    yield from (f"#   {rule.lane}: {rule.name}" for rule in base.rules)
    yield f"# (crossfire show policy {extends} prints them, to copy from)"
    yield "# What is different in some of them; null drops a rule:"
    yield "# change:"
    yield from (f"#   {rule.name}: {{cooldown: 14}}" for rule in base.rules[:1])
    yield "# Rules besides them, in front, or before the one that is named; 'before: otherwise' is behind all:"
    yield "# add:"
    yield from (f"#   - {{name: a-new-name, before: {rule.name}, do: ...}}" for rule in base.rules[:1])
    yield "# (A list 'rules' would replace the other's whole list, all its lanes.)"


def _from_scratch(key: str) -> Iterator[str]:
    name, when, do, options = _FIRST[key]
    lane = next(action.lane for action in ACTIONS[key] if action.name == do)
    yield "# Numbers that nobody knows have a name and a distribution, for conditions: each world draws its own."
    yield "# thresholds:"
    yield "#   enough: {uniform: [1, 5]}"
    yield "rules:"
    yield f"  - name: {name}"
    yield from [f"    when: {when}"] if when else []
    yield f"    do: {do}"
    yield from [f"    with: {flow(options)}"] if options else []
    yield '    claim: "judgement: a first rule, to be replaced"'
    yield "    # probability: 0.5    # chance a day; also cooldown: DAYS, once: true, after: DATE, until: DATE"
    yield "# otherwise:             # what a lane does when none of its rules acts; a lane without either does nothing"
    yield f"#   {lane}: {do}"
    yield "#"
    yield from _choices(key)


def _choices(key: str) -> Iterator[str]:
    """Yield, as comments, what the actor can do, lane by lane, and what it alone sees."""
    yield "# What it can do, by lane:"
    for lane in LANES[key]:
        for action in ACTIONS[key]:
            if action.lane == lane:
                yield from _comment(f"{lane}: {action.name}{_with(action)} - {action.meaning}{_needing(key, action)}")
    yield "# What it sees besides what everybody does:"
    yield from _comment(", ".join(perception.name for perception in OWN_PERCEPTIONS[key]))


def _with(action: Action) -> str:
    return f" ({', '.join(option.name for option in action.options)})" if action.options else ""


def _needing(key: str, action: Action) -> str:
    needs = means_of(key, action.name)
    return f" (needs: {needs})" if needs else ""


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 118, initial_indent="#   ", subsequent_indent="#     ", break_on_hyphens=False)


# Scenarios -------------------------------------------------------------------------------------------------------


def new_scenario(path: Path, extends: str = "") -> str:
    """Return the text of a scenario for the file at ``path``: resting on another one, or with every key of its own."""
    base = extends or _USUAL
    try:
        form = load_scenario(find("scenario", base, path.parent)).form
    except Rejected as wrong:
        raise InputError(option_problem("--extends", "a scenario", m.got, m.hint) for m in wrong.mistakes) from None
    lines = [
        editor_line(path, "scenario"),
        "# crossfire check says what is wrong, crossfire show scenario FILE --resolved what is filled in.",
        f"scenario: {flow(path.stem)}", "title: A line for tables and figures",
        "purpose: What this scenario asks, in a sentence.",
    ]  # fmt: skip
    policies = {key: getattr(form.policies, key) for key in POLICY_KEYS}
    mark = "# " if extends else ""
    lines += [f"extends: {flow(extends)}", "# What is not said here is as there; null deletes."] if extends else []
    lines += [
        f"{mark}start: {form.start}",
        f"{mark}days: {form.days}",
        f"{mark}house: {form.house}",
        f"{mark}policies:",
    ]
    lines += [f"{mark}  {key}: {flow(name)}" for key, name in policies.items()]
    lines += [f"{mark}theory: {flow(form.theory)}", *_scenario_choices()]
    text = "\n".join(lines) + "\n"
    resolve(read_scenario(parse(text, str(path), path)))
    return text


def _scenario_choices() -> Iterator[str]:
    yield "# Numbers of the starting position, with a source (crossfire describe parameter NAME says more):"
    yield "# situation:"
    yield '#   us_troops: {uniform: [5200, 6000], note: "judgement: why"}'
    yield "# Strengths of mechanisms (0 off, 1 as it is, 2 double), constants of the model, thresholds of policies:"
    yield "# mechanisms: {M08: 0}"
    yield "# parameters: {attack_tempo: 0.5}"
    yield "# thresholds: {us: {sure: 0.6}}"
    yield "# What happens whatever the actors decide, on a day from the start or on a date:"
    yield "# events:"
    yield '#   an-attack: {day: 30, do: attack, with: {by: badr, deadly: 1}, claim: "judgement: why"}'
    yield "# What can be made to happen:"
    for action in SCRIPTED:
        yield from _comment(f"{action.name}{_with(action)} - {action.meaning}")
