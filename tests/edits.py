"""Edits of policies at random: what somebody might change in a file, and what it is then."""

import copy
import datetime
import random
import re
from pathlib import Path
from typing import Any

import yaml

from sim.inputs.yaml.files import home
from sim.names.actions import ACTIONS

#: A policy of each actor, with which 2020-soleimani runs.
POLICIES = {"us": "in-kind", "iran": "calibrated", "government": "balancing", "factions": "resistance"}
_NUMBER = re.compile(r"(?<![\w.])\d+(\.\d+)?")
_CONDITIONS = (
    "us_killed_7d >= 1", "anger_at_us > 0.5", "day >= 150", "days_since_attack < 3", "breach_felt > 0.2",
    "not (attacks_30d > 4 or talks_open) and days_since_strike > 20",
)  # fmt: skip


class _Plain(yaml.SafeDumper):
    """Writes every value out: files have no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return that none is an alias."""
        return True


def shipped(actor: str) -> dict[str, Any]:
    """Return the values of the policy with which an actor runs, called ``mine``."""
    path = home() / "configs/policies" / actor / f"{POLICIES[actor]}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) | {"policy": "mine"}


def written(values: dict[str, Any], path: str | Path = "mine.yaml") -> str:
    """Write a policy's values into a file; return its text."""
    text: str = yaml.dump(values, Dumper=_Plain, sort_keys=False)
    Path(path).write_text(text, encoding="utf-8")
    return text


def edited(values: dict[str, Any], actor: str, luck: random.Random) -> dict[str, Any]:
    """Return a policy with one thing or two changed."""
    values = copy.deepcopy(values)
    for edit in luck.choices(_EDITS, k=luck.choice((1, 1, 2))):
        edit(values["rules"], values, actor, luck)
    return values


def _number(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    """Change a number in a condition."""
    fitting = [rule for rule in rules if _NUMBER.search(rule.get("when", ""))]
    if fitting:
        rule = luck.choice(fitting)
        found = luck.choice(list(_NUMBER.finditer(rule["when"])))
        old = found.group()
        new = round(float(old) * luck.choice((0.6, 0.9, 1.2)), 4) if "." in old else int(old) + luck.choice((1, 3, 20))
        rule["when"] = f"{rule['when'][: found.start()]}{new}{rule['when'][found.end() :]}"


def _option(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    """Change a number among the options of an action."""
    fitting = [(r["with"], name) for r in rules for name, x in r.get("with", {}).items() if isinstance(x, float)]
    if fitting:
        options, name = luck.choice(fitting)
        options[name] = round(0.9 * options[name], 3)


def _threshold(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    """Compare a perception with a threshold that worlds draw."""
    values["thresholds"] = values.get("thresholds", {}) | {"limit": {"uniform": [1, luck.choice((3, 9))]}}
    rule = luck.choice(rules)
    rule["when"] = f"({rule.get('when') or 'day >= 0'}) and attacks_30d >= limit"


def _dropped(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    if len(rules) > 1:
        rules.remove(luck.choice(rules))


def _added(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    name = f"added-{luck.randrange(10**6)}"
    rule = {"name": name, "when": luck.choice(_CONDITIONS), "do": luck.choice(ACTIONS[actor]).name}
    rules.insert(luck.randrange(len(rules) + 1), rule | {"claim": "judgement: to test"})


def _swapped(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    i, j = luck.randrange(len(rules)), luck.randrange(len(rules))
    rules[i], rules[j] = rules[j], rules[i]


def _other_lane(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    rule = luck.choice(rules)
    rule["do"] = luck.choice(ACTIONS[actor]).name
    rule.pop("with", None)


def _otherwise(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    action = luck.choice(ACTIONS[actor])
    values["otherwise"] = values.get("otherwise", {}) | {action.lane: action.name}


def _limited(rules: Any, values: Any, actor: str, luck: random.Random) -> None:
    limits = (
        {"probability": luck.choice((0.2, 0.9))}, {"cooldown": luck.choice((2, 30))}, {"once": True},
        {"after": datetime.date(2020, luck.choice((2, 5)), 1)}, {"until": datetime.date(2020, luck.choice((3, 6)), 1)},
    )  # fmt: skip
    luck.choice(rules).update(luck.choice(limits))


_EDITS = (
    _number, _number, _option, _threshold, _dropped, _added, _swapped, _other_lane, _otherwise, _limited, _limited,
)  # fmt: skip
