"""Iran's influence in Baghdad, as the weighted mean of its four parts."""

from typing import Any

import pytest

from sim.names.actors import BALANCING, LEANS_NOWHERE, NATIONALIST, PRO_IRAN, REFORMIST
from sim.world import influence
from tests.rules.bare import bare, expect

#: A nationalist premier, 37 of 100 members, debts, a resolution and no demand; weights that add up to 1.7.
BAGHDAD = {
    "p.influence_premier": 0.2, "p.influence_members": 0.3, "p.influence_posts": 0.5, "p.influence_laws": 0.7,
    "government.in_office": 1, "government.leaning": NATIONALIST, "government.debt": 0.9,
    "parliament.iran_camp": 0.37, "parliament.passed": 1, "influence": 0.55,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "measured"),
    [
        ({}, (0.2 * 0.3 + 0.3 * 0.37 + 0.5 * 0.9 + 0.7 * 0.5) / 1.7),
        ({"government.demand": 0.1}, (0.2 * 0.3 + 0.3 * 0.37 + 0.5 * 0.9 + 0.7) / 1.7),
        ({"government.demand": 0.1, "parliament.passed": 0}, (0.2 * 0.3 + 0.3 * 0.37 + 0.5 * 0.9 + 0.35) / 1.7),
        ({"parliament.passed": 0}, (0.2 * 0.3 + 0.3 * 0.37 + 0.5 * 0.9) / 1.7),
        ({"government.leaning": PRO_IRAN}, (0.2 * 1.0 + 0.3 * 0.37 + 0.5 * 0.9 + 0.35) / 1.7),
        ({"p.influence_laws": 0.0}, (0.2 * 0.3 + 0.3 * 0.37 + 0.5 * 0.9) / 1.0),
        ({"parliament.iran_camp": 9.0}, 1.0),
        ({"parliament.iran_camp": -9.0}, 0.0),
    ],
)
def test_influence_is_the_weighted_mean_of_premier_members_posts_and_laws(
    change: dict[str, Any], measured: float
) -> None:
    """Half of the laws is a resolution, half a demand; the mean is held between 0 and 1."""
    expect(bare(BAGHDAD, change), influence.influence_week, (), {"influence": measured})


def test_influence_that_weighs_nothing_is_none() -> None:
    """No weights, no influence, and no division by nothing."""
    w = bare({"parliament.iran_camp": 0.5, "influence": 0.4})
    expect(w, influence.influence_week, (), {"influence": 0.0})


@pytest.mark.parametrize(
    ("in_office", "leaning", "near"),
    [
        (1, PRO_IRAN, 1.0),
        (1, BALANCING, 0.4),
        (1, NATIONALIST, 0.3),
        (1, REFORMIST, 0.1),
        (1, LEANS_NOWHERE, 0.5),
        (0, PRO_IRAN, 0.5),
        (0, REFORMIST, 0.5),
    ],
)
def test_how_near_a_premier_stands_to_iran(in_office: int, leaning: int, near: float) -> None:
    """Iran's man wholly, a reformist hardly; a caretaker in the middle, whatever he leans to."""
    w = bare({"government.in_office": in_office, "government.leaning": leaning})
    assert influence._of_premier(w) == near
