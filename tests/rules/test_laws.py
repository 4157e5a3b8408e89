"""What holds of a world's counts together: each sum up to what there can be, and what is counted into it."""

import pytest

from sim.names import events as told_of
from sim.world import laws
from tests.rules.bare import bare

#: 4,000 people, so 1,000 men of fighting age; 500 troops and 100 abroad, in the second month; 60 allies.
COUNTRY = {
    "day": 30, "presence.ever": 500.0, "s.troops_outside": 100.0, "coalition_troops_start": 60.0,
    "place_in.0.population": 3900.0, "place_in.17.population": 100.0,
    "faction_in.0.fighters": 20.0, "faction_in.5.fighters": 30.0, "factions.5.came_back": 7.0,
}  # fmt: skip


def _total(kind: int, size: float) -> dict[str, float]:
    return {f"total.{kind}": size}


@pytest.mark.parametrize(
    ("law", "path", "most"),
    [
        (laws.MEN, f"total.{told_of.MILITIA_KILLED}", 57.0),
        (laws.PEOPLE, f"total.{told_of.ISIS_KILLED_PEOPLE}", 4000.0),
        (laws.PEOPLE, f"total.{told_of.CIVILIANS_KILLED_BY_US}", 4000.0),
        (laws.PEOPLE, f"total.{told_of.CIVILIANS_KILLED_FIGHTING_ISIS}", 4000.0),
        (laws.PEOPLE, f"total.{told_of.PROTESTERS_KILLED_BY_FACTIONS}", 4000.0),
        (laws.PEOPLE, f"total.{told_of.PROTESTERS_KILLED_BY_FORCES}", 4000.0),
        (laws.PEOPLE, f"total.{told_of.IRAQI_KILLED_BY_MILITIA}", 4000.0),
        (laws.PEOPLE, f"total.{told_of.IRAQI_KILLED_BY_US}", 4000.0),
        (laws.ISIS_MEN, "fighters", 1000.0),
        (laws.US_DEAD, f"total.{told_of.US_KILLED}", 1200.0),
        (laws.US_HURT, f"total.{told_of.US_WOUNDED}", 1200.0),
        (laws.ALLIED_DEAD, f"total.{told_of.COALITION_KILLED}", 120.0),
        (laws.US_THERE, "presence.troops", 500.0),
        (laws.US_THERE, "presence.troops_north", 500.0),
    ],
)
def test_a_sum_is_lawful_up_to_what_there_can_be(law: int, path: str, most: float) -> None:
    """As many are possible, one more is not, and what is no number is none."""
    assert laws.broken_sum(bare(COUNTRY, {path: most})) == -1
    for beyond in (most + 1.0, float("nan")):
        w = bare(COUNTRY, {path: beyond})
        assert laws.broken_sum(w) == law
    assert laws.counted(bare(COUNTRY, {path: most + 1.0}), law) == most + 1.0


def test_all_the_dead_of_the_people_are_of_one_people() -> None:
    """None of the sums is too large by itself."""
    w = bare(COUNTRY, _total(told_of.ISIS_KILLED_PEOPLE, 2500.0), _total(told_of.CIVILIANS_KILLED_BY_US, 1501.0))
    assert laws.broken_sum(w) == laws.PEOPLE


def test_a_world_of_nothing_is_lawful() -> None:
    """Nobody there, nobody dead."""
    assert laws.broken_sum(bare()) == -1


@pytest.mark.parametrize(("dead", "left"), [(0.0, 1200), (1199.5, 0), (1100.0, 100), (1300.0, 0)])
def test_how_many_are_left(dead: float, left: int) -> None:
    """In whole numbers, and never fewer than none."""
    assert laws.left(bare(COUNTRY, _total(told_of.US_KILLED, dead)), laws.US_DEAD) == left
