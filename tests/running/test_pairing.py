"""Two variants meet the same luck: equal until a decision differs; what is added shifts nobody's luck."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.variants import Variant
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.names.actors import SEAT_US
from sim.running.one_world import OneWorld
from sim.world.record import offset
from tests.worlds import state, variant

ROOT = Path(__file__).parent.parent.parent
SCENARIO = """
scenario: {name}
title: a test
purpose: a test
extends: 2020-soleimani
days: 200
policies: {{us: {us}}}
"""


def _written(folder: Path, us: str, rules: str) -> Variant:
    """Return a variant whose US policy has these rules."""
    (folder / f"{us}.yaml").write_text(f"policy: {us}\nactor: us\npurpose: a test\nrules:\n{rules}")
    (folder / f"with-{us}.yaml").write_text(SCENARIO.format(name=f"with-{us}", us=us))
    return Variant(us, resolve(load_scenario(folder / f"with-{us}.yaml")))


STRIKE = "  - {name: answer, when: attack_unanswered and case_killed >= 1, do: strike, with: {weight: heavy}}\n"
REFUSE = "  - {name: refuse, when: demand_made, do: refuse}\n"
COVER = "  - {name: cover, when: attacks_7d >= 2, do: consolidate}\n"
SHIELD = "  - {name: shield, when: attacks_30d >= 2, do: air_defence, probability: 0.3}\n"


@pytest.mark.parametrize("number", [0, 3, 7])
def test_worlds_are_equal_until_the_first_differing_decision(number: int) -> None:
    """The first morning on which they differ follows a day on which Washington decided differently."""
    pair = [OneWorld(variant("2020-soleimani", f"us={us}"), number) for us in ("in-kind", "maximum-pressure")]
    for day in range(1, 731):
        one, other = (state(world.run_to(day)) for world in pair)
        if not np.array_equal(one, other):
            break
    decided, others = zip(*(_decided(world, day - 1) for world in pair), strict=True)
    assert decided[0] != decided[1]
    assert others[0] == others[1]


def _decided(world: OneWorld, day: int) -> tuple[set, set]:
    """Return what Washington decided on a day, and what all other seats did: (seat, action, options) each."""
    inputs, fired = world.variant.inputs, world.worlds[0]["fired_day"]
    deeds = set()
    for seat, k in enumerate(inputs.policy_of):
        rules = inputs.policies[k].all_rules
        deeds |= {(seat, r.deed.action.name, r.deed.options) for i, r in enumerate(rules) if fired[seat, i] == day}
    return {deed for deed in deeds if deed[0] == SEAT_US}, {deed for deed in deeds if deed[0] != SEAT_US}


def test_policies_that_differ_in_one_lane_are_equal_once_it_is_emptied(tmp_path: Path) -> None:
    """Other lanes, other thresholds, another name: with the differing lane emptied in both, not a bit differs."""
    one = _written(tmp_path, "one", STRIKE + COVER + REFUSE)
    other = _written(tmp_path, "other", SHIELD + STRIKE + REFUSE)
    emptied = [_written(tmp_path, "one-emptied", STRIKE + REFUSE), _written(tmp_path, "other-emptied", STRIKE + REFUSE)]
    assert not np.array_equal(state(OneWorld(one, 5).run_to()), state(OneWorld(other, 5).run_to()))
    for number in range(4):
        a, b = (state(OneWorld(v, number).run_to()) for v in emptied)
        assert np.array_equal(a, b)


def test_a_rule_that_never_fires_shifts_nobodys_luck(tmp_path: Path) -> None:
    """A rule put in front, with a chance of its own, changes nothing while its condition does not hold."""
    idle = "  - {name: never, when: us_killed_1d > 9000, do: protest, probability: 0.5}\n"
    plain, longer = _written(tmp_path, "plain", STRIKE), _written(tmp_path, "longer", idle + STRIKE)
    for number in range(4):
        assert np.array_equal(state(OneWorld(plain, number).run_to()), state(OneWorld(longer, number).run_to()))


def test_setting_one_parameter_leaves_every_other_draw() -> None:
    """A fixed parameter changes its own column of the worlds table and no other."""
    usual = variant("2020-soleimani").values(1, range(50))
    fixed = variant("2020-soleimani", "parameters.branching=0.2").values(1, range(50))
    assert set(usual) - set(fixed) == {"parameter:branching"}
    assert all(np.array_equal(usual[name], fixed[name]) for name in fixed)


def test_a_cells_death_shifts_no_other_cells_luck() -> None:
    """With one cell gone, every other cell meets the week that it would have met."""
    world = OneWorld(variant("2020-soleimani"), 1).run_to(70)
    kept = world.snapshot()
    met = _luck_of_cells(world.run_to(71))
    world.restore(kept)
    _remove_cell(world, 3)
    after = _luck_of_cells(world.run_to(71))
    assert len(after) > 50
    assert len(set(met) - set(after)) <= 3
    assert all(after[key] == met[key] for key in set(after) & set(met))


def test_a_cells_birth_shifts_no_other_cells_luck() -> None:
    """With one cell more, every other cell meets the week that it would have met."""
    world = OneWorld(variant("2020-soleimani"), 1).run_to(70)
    kept = world.snapshot()
    met = _luck_of_cells(world.run_to(71))
    world.restore(kept)
    _add_cell(world)
    after = _luck_of_cells(world.run_to(71))
    assert set(after) - set(met)
    assert all(after[key] == met[key] for key in set(after) & set(met))


def _luck_of_cells(world: OneWorld) -> dict[int, float]:
    """Return this week's draw for splitting of every living cell, by the cell's key."""
    w = world.worlds[0]
    return {int(w["cell_key"][i]): float(w["cell_u"][3][i]) for i in range(int(w["n_cells"])) if w["cell_u"][3][i]}


def _remove_cell(world: OneWorld, i: int) -> None:
    w, last = world.worlds[0], int(world.worlds[0]["n_cells"]) - 1
    for column in ("cell_key", "cell_place", "cell_fighters", "cell_skill", "cell_heat", "cell_supplies"):
        w[column][i:last] = w[column][i + 1 : last + 1]
    world.worlds["n_cells"] -= 1


def _add_cell(world: OneWorld) -> None:
    w, n = world.worlds[0], int(world.worlds[0]["n_cells"])
    for column in ("cell_place", "cell_fighters", "cell_skill", "cell_heat", "cell_supplies"):
        w[column][n] = w[column][0]
    w["cell_key"][n] = 123456789
    world.worlds["n_cells"] += 1


def test_another_stream_keeps_every_other_draw(tmp_path: Path) -> None:
    """A stream put in front of all others leaves the world as it was, bit for bit."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    streams = tmp_path / "sim" / "names" / "streams.py"
    text = streams.read_text().replace(
        '    ("attacks today", FACTIONS),', '    ("new", FACTIONS),\n    ("attacks today", FACTIONS),'
    )
    streams.write_text(text)
    assert '("new", FACTIONS)' in text
    assert _plain_digest(tmp_path) == _plain_digest(ROOT)


def _plain_digest(folder: Path) -> str:
    script = (
        "from tests.worlds import *; import hashlib;"
        "w = OneWorld(variant('2020-soleimani'), 2).run_to(25);"
        "print(hashlib.sha256(state(w).tobytes()).hexdigest())"
    )
    settings = {"CROSSFIRE_RULES": "python", "PYTHONPATH": str(folder), "CROSSFIRE_HOME": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", script], cwd=folder, env=os.environ | settings, capture_output=True,
                         text=True, check=True)  # fmt: skip
    return ran.stdout


def test_places_in_the_record_are_found_by_their_path() -> None:
    """The offset of a path is where a poke lands."""
    world = OneWorld(variant("2020-soleimani"), 0)
    world.numbers[offset("factions.2.revenge")] = 0.25
    world.numbers[offset("anger_us.3.1")] = 0.5
    assert world.worlds[0]["factions"][2]["revenge"] == 0.25
    assert world.worlds[0]["anger_us"][3][1] == 0.5
