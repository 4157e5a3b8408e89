"""What rests on what: which rules of the model read a parameter or a mechanism, which files and tests name a claim.

Read off the sources and the shipped YAML themselves, so nothing has to be kept up by hand.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sim.inputs.policies.named import load_policy
from sim.inputs.scenario import shipped_scenario
from sim.inputs.theory import load_parameters, load_situation
from sim.inputs.yaml.files import find, home, names_of
from sim.inputs.yaml.text import read
from sim.names.actors import POLICY_KEYS

_PACKAGE = Path(__file__).resolve().parents[2]


class Use(NamedTuple):
    """One place that uses something: its kind, its name, and what is said of it there."""

    kind: str
    name: str
    said: str = ""


# The rules of the model ------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _functions() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each function of the model, as ``module.function``, with the words that it reads."""
    found = []
    for path in sorted((_PACKAGE / "world").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and path.stem not in ("shape", "record"):
                found.append((f"{path.stem}.{node.name}", frozenset(_words(node))))
    return tuple(found)


def _words(function: ast.FunctionDef) -> Iterator[str]:
    """Yield names as they stand, and what is read of a world's parameters and situation as ``p.NAME``, ``s.NAME``."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            inner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if inner in ("p", "s"):
                yield f"{inner}.{node.attr}"


def rules_that_read(word: str) -> list[str]:
    """Return the functions of the model that read ``M08``, ``p.attack_tempo`` or ``s.us_troops``."""
    return [function for function, words in _functions() if word in words]


# Files -----------------------------------------------------------------------------------------------------------


def uses_of_claim(claim: str) -> list[Use]:
    """Return what rests on a claim: rules of the model, parameters, policies, scenarios, theories, the ledger."""
    uses = [Use("rule of the model", name) for name in rules_that_read(claim)]
    for table, load in (("parameter", load_parameters), ("situation", load_situation)):
        for name, one in load().items():
            if claim in one.drives or _names(one.source, claim):
                uses.append(Use(table, name, one.meaning))
    uses += _in_policies(claim) + _in_scenarios(claim)
    for theory in names_of("theory"):
        readings = read(find("theory", theory)).values.get("readings") or {}
        uses += [Use("theory", theory, f"reads it as {readings[claim]}")] if claim in readings else []
    return uses + _in_ledger(claim)


def _in_policies(claim: str) -> list[Use]:
    uses = []
    for key in POLICY_KEYS:
        for name in names_of(f"{key} policy"):
            for rule in load_policy(key, name).rules:
                if any(one == claim or _names(one, claim) for one in rule.claims):
                    uses.append(Use("policy", f"{key}/{name}", rule.name))
    return uses


def _in_scenarios(claim: str) -> list[Use]:
    uses = []
    for name in names_of("scenario"):
        form = shipped_scenario(name).form
        uses += [Use("scenario", name, f"event {event}") for event, one in form.events.items() if claim in one.claim]
        uses += [Use("scenario", name, "changes its strength")] if claim in form.mechanisms else []
        tables = {"parameters": form.parameters, "situation": form.situation}
        for table, values in tables.items():
            uses += [Use("scenario", name, f"{table}.{q}") for q, one in values.items()
                     if _names(one.note, claim) or _names(one.source, claim)]  # fmt: skip
    return uses


def _in_ledger(claim: str) -> list[Use]:
    """Return the other claims whose entries name this one."""
    entries = read(home() / "configs" / "claims.yaml").values
    return [
        Use("claim", other, str(entry.get("title", "")))
        for other, entry in entries.items()
        if other not in (claim, "documents") and _anywhere(entry, claim)
    ]


def _anywhere(value: Any, word: str) -> bool:
    if isinstance(value, dict):
        return any(_anywhere(one, word) for one in value.values())
    if isinstance(value, list):
        return any(_anywhere(one, word) for one in value)
    return isinstance(value, str) and _names(value, word)


def _names(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


# Tests -----------------------------------------------------------------------------------------------------------


def tests_folder() -> Path | None:
    """Return the folder of the tests, None where there is none: an installed Crossfire carries no tests."""
    folder = _PACKAGE.parent / "tests"
    return folder if (folder / "conftest.py").is_file() else None


def tests_of(claim: str) -> list[str]:
    """Return the tests that name a claim: ``rules/test_strikes.py: test_...``."""
    folder = tests_folder()
    return [test for test, text in _tests(folder) if _names(text, claim)] if folder else []


@lru_cache(maxsize=1)
def _tests(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return each test, with its text and that of its decorators."""
    found = []
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                said = "\n".join(lines[first - 1 : node.end_lineno])
                found.append((f"{path.relative_to(folder).as_posix()}: {node.name}", said))
    return tuple(found)
