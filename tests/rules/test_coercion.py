"""How force can pay: fear, broken command, lost stocks, a Baghdad that reins in; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import N_FACTIONS
from sim.names.events import HEAVY, LEADERSHIP, PROPORTIONATE
from sim.names.mechanisms import M62, M64, M65, M66
from sim.world import coercion
from tests.rules.exact import blank, got, moved, put

#: A strike on the second faction, whose leaders fear a little already.
HIT: dict[str, Any] = {
    "strikes.0.target": 1, "strikes.0.weight": HEAVY, "factions.1.fear": 0.2, "p.fear_per_blow": 0.5,
    "factions.1.command_lost": 0.1, "p.command_per_leader": 0.4,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "fear", "command"),
    [
        ({}, 0.2 + 0.8 * 0.3, 0.1),
        ({"strikes.0.weight": PROPORTIONATE}, 0.2, 0.1),
        ({"strikes.0.weight": LEADERSHIP}, 0.44, 0.1 + 0.9 * 0.4),
        ({"strikes.0.weight": LEADERSHIP, "strikes.0.target": 2}, 0.44, 0.1),
        ({f"strength.{M62}": 2.0}, 0.2 + 0.8 * 0.6, 0.1),
        ({f"strength.{M62}": 0.0, "strikes.0.weight": LEADERSHIP}, 0.2, 0.46),
        ({f"strength.{M64}": 0.0, "strikes.0.weight": LEADERSHIP}, 0.44, 0.1),
    ],
)
def test_a_heavy_blow_frightens_and_one_at_leaders_breaks_command(
    values: dict[str, Any], fear: float, command: float
) -> None:
    """M62 and M64: by six tenths here of how near it fell; command only of whose leader it was."""
    w = blank(HIT | values)
    coercion.fear_blow(w, 0, 1, 0.6)
    assert got(w, "factions.1.fear", "factions.1.command_lost") == pytest.approx((fear, command))


@pytest.mark.parametrize(
    ("values", "fear"),
    [
        ({"strikes.0.weight": PROPORTIONATE}, 0.4),
        ({}, 0.4 + 0.6 * 0.5 * 0.2),
        ({"strikes.0.weight": LEADERSHIP}, 0.4 + 0.6 * 0.5 * 0.2),
        ({"strikes.0.weight": LEADERSHIP, "strikes.0.guest": 1}, 0.4 + 0.6 * 0.5),
        ({"strikes.0.guest": 1, f"strength.{M62}": 0.0}, 0.4),
    ],
)
def test_tehran_fears_most_for_its_own(values: dict[str, Any], fear: float) -> None:
    """A fifth of that for a heavy blow at its friends."""
    w = blank(HIT | {"iran.fear": 0.4, "p.iran_fear_per_blow": 0.5, "p.fear_for_friends": 0.2} | values)
    coercion.fear_in_tehran(w, 0)
    assert w.iran.fear == pytest.approx(fear)


def test_reinforcements_frighten_all() -> None:
    """Each faction and Tehran; nobody where M62 is off."""
    w = blank({"p.fear_per_reinforcement": 0.1, "iran.fear": 0.5, "factions.5.fear": 0.2})
    coercion.alarm(w)
    assert [float(w.factions[f].fear) for f in range(N_FACTIONS)] == pytest.approx([0.1] * 5 + [0.28])
    assert w.iran.fear == pytest.approx(0.55)
    assert moved(blank({"p.fear_per_reinforcement": 0.1, f"strength.{M62}": 0.0}), coercion.alarm) == set()


@pytest.mark.parametrize(("reading", "days"), [(0.0, 200.0), (1.0, 5.0)])
def test_fear_fades_and_command_is_rebuilt(reading: float, days: float) -> None:
    """In months; in days where a leader is replaced at once."""
    w = blank({"factions.1.fear": 0.5, "factions.1.command_lost": 0.4, "p.dread_days": 50.0, "p.command_rebuilt": 200.0,
               "p.replaced_days": 5.0, f"reading.{M64}": reading})  # fmt: skip
    coercion.recover(w, 1)
    expected = (0.5 * math.exp(-1 / 50), 0.4 * math.exp(-1 / days))
    assert got(w, "factions.1.fear", "factions.1.command_lost") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("values", "sign"), [({}, 1.0), ({f"reading.{M62}": 1.0}, -1.0), ({f"strength.{M62}": 0.0}, 0.0)]
)
def test_fear_holds_or_hardens(values: dict[str, Any], sign: float) -> None:
    """Chiefs by their fear, Tehran by what is above that of quiet times."""
    w = blank({"factions.1.fear": 0.5, "p.fear_drive": 1.2, "iran.fear": 0.9, "p.fear_base": 0.6,
               "p.fear_restrains": 0.7} | values)  # fmt: skip
    assert coercion.dread(w, 1) == pytest.approx(sign * 0.6)
    assert coercion.held_by_fear(w) == pytest.approx(sign * 0.21)
    assert coercion.held_by_fear(put(w, {"iran.fear": 0.5})) == 0.0


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ({}, 0.8 * 0.7),
        ({f"reading.{M65}": 1.0}, 0.8),
        ({f"strength.{M65}": 0.0}, 0.8),
        ({f"strength.{M64}": 0.0}, 0.7),
        ({f"strength.{M64}": 2.0, f"strength.{M65}": 2.0}, 0.6 * 0.4),
        ({"factions.1.command_lost": 1.0, "p.command_worth": 1.0}, 0.0),
    ],
)
def test_what_a_faction_can_bring_to_bear(values: dict[str, Any], share: float) -> None:
    """Two fifths of its command broken, on which half hangs; half its store gone, on which six tenths do."""
    w = blank({"factions.1.command_lost": 0.4, "p.command_worth": 0.5, "factions.1.arsenal": 0.5, "p.stock_worth": 0.6}
              | values)  # fmt: skip
    assert coercion.able(w, 1) == pytest.approx(share)


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({}, 1.5 * 0.4 * 0.3 * 0.8),
        ({"us.threat": 1}, 1.5 * 0.4 * 0.8 * 0.8),
        ({"us.threat": 1, "us.leverage": 0.9}, 1.5 * 0.4 * 0.8),
        ({"government.in_office": 0}, 0.0),
        ({"government.debt": 1.0}, 0.0),
        ({f"reading.{M66}": 1.0}, 0.0),
        ({f"strength.{M66}": 2.0}, 3.0 * 0.4 * 0.3 * 0.8),
    ],
)
def test_a_pressed_government_reins_in_whoever_has_a_stake(values: dict[str, Any], held: float) -> None:
    """By quiet leverage and open threats, as far as it owes the factions nothing; its rival only looks on."""
    w = blank({"government.in_office": 1, "government.debt": 0.2, "us.leverage": 0.3, "p.threat_counts": 0.5,
               "p.reins_drive": 1.5, "faction_in.1.stake": 0.4} | values)  # fmt: skip
    assert coercion.reins(w, 1) == pytest.approx(held)
