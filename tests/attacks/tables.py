"""Attacks on the tables of a home of one's own, and on what things are called: what the check lets pass must run."""

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from sim.inputs.yaml.files import home
from tests.attacks.kinds import PIECES, SHARES
from tests.attacks.trying import Tally, as_json, chosen, fault_of, folder, impossible, invoked, there

GROUND, HOUSE = "configs/geography.yaml", "configs/parliaments/2018-regrouped.yaml"
RUN = ["run", "mine.yaml", "--worlds", "2", "--days", "3", "--threads", "1", "--json", "--out", "r"]
SCENARIO: dict[str, Any] = {
    "scenario": "mine", "extends": "2020-motion", "title": "T", "purpose": "P",
    "events": {"first": {"day": 1, "do": "attack", "told": "Told."}},
}  # fmt: skip
LETTERS = [*PIECES, *"aZ0 :=,.-_'/\\$^{}<>*`%@\n\t", "\x85", "\u3164", "\u200d", "\u2066", "\u0301", "ع"]
#: Values for traits and facts: ends of shares, other types, distributions that may come to nothing.
VALUES: list[Any] = [
    0, 1, 0.5, -1, 2, 1e-300, 5, True, None, "", " ", "x", [], {}, "Syria", "Jordan", "Anbar", ["Anbar"],
    {"chance": 0.5},
    {"uniform": [0, 1]}, {"choice": {"values": [0, 1]}}, {"fixed": 0}, {"normal": [0, 1], "within": [0, 1]},
]  # fmt: skip


def _word(luck: random.Random, usual: str) -> str:
    """Return a word most often as it was, else pieces of what acts somewhere."""
    if luck.random() < 0.6:
        return usual
    return "".join(chosen(luck, LETTERS) for _ in range(luck.randint(0, 4))) + usual * luck.randint(0, 1)


def attack_names(luck: random.Random, tally: Tally, seed: int) -> None:
    """Call sites, blocs, events and scenarios otherwise, check the files, and run what the check lets pass."""
    scenario = SCENARIO | {"title": _word(luck, "T"), "purpose": _word(luck, "P")}
    scenario["events"] = {_word(luck, "first"): {"day": 1, "do": "attack", "told": _word(luck, "Told.")}}

    def change(values: dict[str, dict[str, Any]]) -> None:
        for file, table in ((GROUND, "sites"), (HOUSE, "blocs")):
            entries = values[file][table]
            name, entry = chosen(luck, list(entries.items()))
            entry |= {"label": _word(luck, "L"), "note": _word(luck, "N")}
            new = _word(luck, name)
            values[file][table] = {new if key == name else key: one for key, one in entries.items()}

    _try(luck, tally, seed, scenario, change)


def attack_tables(luck: random.Random, tally: Tally, seed: int) -> None:
    """Say something else of places, sites or blocs, of one or of all, check the files, and run what passes."""

    def change(values: dict[str, dict[str, Any]]) -> None:
        for _ in range(luck.randint(1, 3)):
            file, table = chosen(luck, [(GROUND, "places"), (GROUND, "sites"), (HOUSE, "blocs")])
            entries = values[file][table]
            key = chosen(luck, [*next(iter(entries.values()), {}), "label", "kind", "camp", "isis_share_2020"])
            names = list(entries) if luck.random() < 0.4 else [chosen(luck, list(entries))]
            value = chosen(luck, VALUES)
            for name in names:
                if luck.random() < 0.9:
                    entries[name][key] = value
                elif len(entries) > 1:
                    del entries[name]

    _try(luck, tally, seed, SCENARIO, change)


def _try(
    luck: random.Random, tally: Tally, seed: int, scenario: dict[str, Any],
    change: Callable[[dict[str, dict[str, Any]]], None],
) -> None:  # fmt: skip
    with folder(), _home_of_ones_own() as own:
        values = {file: yaml.safe_load((own / file).read_text(encoding="utf-8")) for file in (GROUND, HOUSE)}
        change(values)
        for file, one in values.items():
            (own / file).write_text(json.dumps(one), encoding="utf-8")
        Path("mine.yaml").write_text(json.dumps(scenario), encoding="utf-8")
        passed = True
        for path in (own / GROUND, own / HOUSE, Path("mine.yaml")):
            before = there()
            result = invoked(["check", str(path)])
            tally.note(seed, ["check", str(path)], fault_of(result, before))
            passed &= result.exit_code != 2
        tally.refused += not passed
        if passed:
            tally.note(seed, RUN, _fault_of_a_run())


def _fault_of_a_run() -> str:
    """Return what should not have come of a run that the check has let pass: any refusal, too."""
    result = invoked(RUN)
    fault = fault_of(result, there())
    if fault or result.exit_code == 2:
        return fault or f"passed the check, and refused: {result.stderr[:200]!r}"
    return impossible(as_json(result.stdout), SHARES)


@contextmanager
def _home_of_ones_own() -> Iterator[Path]:
    """Have a copy of the shipped files as home for a while."""
    shipped, before = home(), os.environ.get("CROSSFIRE_HOME")
    own = Path("home").absolute()
    for under in ("configs", "scenarios"):
        shutil.copytree(shipped / under, own / under)
    os.environ["CROSSFIRE_HOME"] = str(own)
    try:
        yield own
    finally:
        if before is None:
            del os.environ["CROSSFIRE_HOME"]
        else:
            os.environ["CROSSFIRE_HOME"] = before
