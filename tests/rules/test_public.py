"""The public: what a week does to the feelings of each community in each governorate; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import BAGHDAD, KURD, OTHER, PUBLIC, SHIA, SUNNI
from sim.names.events import (
    CIVILIANS_KILLED_BY_US,
    CIVILIANS_KILLED_FIGHTING_ISIS,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    RALLY,
)
from sim.names.mechanisms import M08, M31, M34, M41, M46, M58, M61
from sim.world import public
from tests.rules.exact import Told, blank, got, told

#: Who takes offence at the US how strongly, over the Shia's 1.
OFFENCE = {"p.offence_kurd": 0.3, "p.offence_sunni": 0.7}


@pytest.mark.parametrize(
    ("values", "us", "iran", "militia"),
    [
        ({}, [0.35, 0.5, 0.15, 0.35], [0.78, 0.6, 0.78, 0.6], [0.26, 0.2, 0.26, 0.2]),
        ({"s.anger_at_us": 2.0, "s.anger_at_iran": 0.9, "s.anger_at_militias": 0.8}, [1.0, 1.0, 0.6, 1.0],
         [1.0, 0.9, 1.0, 0.9], [1.0, 0.8, 1.0, 0.8]),
        ({"s.anger_at_us": -1.0, "s.anger_at_iran": -1.0, "s.anger_at_militias": -1.0}, [0.0] * 4, [0.0] * 4,
         [0.0] * 4),
    ],
)  # fmt: skip
def test_anger_begins_by_community_and_is_a_share(
    values: dict[str, Any], us: list[float], iran: list[float], militia: list[float]
) -> None:
    """Sunnis, Shia, Kurds, others: at the US by offence, at Iran and its factions more among Sunnis and Kurds."""
    start = {"s.anger_at_us": 0.5, "s.anger_at_iran": 0.6, "s.anger_at_militias": 0.2, "s.anger_at_government": 0.4,
             "p.hardship_base": 0.3}  # fmt: skip
    w = blank(OFFENCE | start | values)
    public.start_public(w)
    for g in (0, 17):
        assert list(w.anger_us[g]) == pytest.approx(us)
        assert list(w.anger_iran[g]) == pytest.approx(iran)
        assert list(w.anger_militia[g]) == pytest.approx(militia)
        assert list(w.anger_government[g]) == [0.4] * 4
        assert w.hardship[g] == 0.3


@pytest.mark.parametrize(("base", "hardship"), [(0.3, 0.3), (1.2, 1.0), (-0.1, 0.0)])
def test_hardship_begins_as_a_share(base: float, hardship: float) -> None:
    """Whatever it was drawn as."""
    w = blank({"p.hardship_base": base})
    public.start_public(w)
    assert (w.hardship[0], w.hardship[17]) == (hardship, hardship)


def test_fear_of_isis_begins_where_its_attacks_are() -> None:
    """Forty attacks, three quarters of them among two million, a quarter among half a million; moods are taken."""
    w = blank({"place_in.2.isis_share": 0.03, "place_in.2.population": 2e6, "place_in.2.shia": 1.0,
               "place_in.17.isis_share": 0.01, "place_in.17.population": 5e5, "place_in.17.shia": 1.0,
               "s.isis_attacks_quarter": 40.0, "p.fear_scale": 25.0, "s.anger_at_us": 0.5})  # fmt: skip
    public.start_public(w)
    frightened = (1 - math.exp(-30 / 50), 1 - math.exp(-10 / 12.5))
    assert (w.fear_isis[2], w.fear_isis[17]) == pytest.approx(frightened)
    assert w.fear_isis[5] == 0.0
    assert w.mood_fear == pytest.approx((4 * frightened[0] + frightened[1]) / 5)
    assert w.mood_us == pytest.approx(0.5)


def test_where_isis_is_nowhere_nobody_fears_it_at_the_start() -> None:
    """No share of no attacks."""
    w = blank({"place_in.2.population": 2e6, "s.isis_attacks_quarter": 40.0, "p.fear_scale": 25.0})
    public.start_public(w)
    assert w.fear_isis.sum() == 0.0


def test_fear_of_a_few_is_bounded_by_a_tenth_of_a_million() -> None:
    """Among fewer people attacks frighten as among so many."""
    w = blank({"place_in.2.population": 10.0, "p.fear_scale": 1.0})
    assert public._fear(w, 2, 0.05) == pytest.approx(1 - math.exp(-0.5))


def test_communities_of_a_governorate_add_up_to_its_people() -> None:
    """Shares are scaled, each by the same; where there are none there are none."""
    w = blank({"place_in.17.sunni_arab": 0.2, "place_in.17.shia": 0.4, "place_in.17.kurd": 0.6,
               "place_in.17.other": 0.4, "place_in.4.shia": 0.25, "place_in.4.other": 0.25})  # fmt: skip
    public.start_public(w)
    names = ("sunni_arab", "shia", "kurd", "other")
    assert got(w, *(f"place_in.17.{name}" for name in names)) == pytest.approx((0.125, 0.25, 0.375, 0.25))
    assert got(w, *(f"place_in.4.{name}" for name in names)) == (0.0, 0.5, 0.0, 0.5)
    assert got(w, *(f"place_in.9.{name}" for name in names)) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(("strength", "wearied"), [(1.0, 0.24), (2.0, 0.48), (0.0, 0.0)])
def test_a_days_exchanges_weary_iraqis_whoever_fires(strength: float, wearied: float) -> None:
    """M58: a strike counts five times an attack, and an attack that fell nowhere not at all; Iran takes half of it."""
    w = blank({"n_strikes": 2, "n_attacks": 3, "attacks.0.site": 0, "attacks.1.site": -1, "attacks.2.site": 4,
               "attacks.3.site": 4, "p.battlefield_weariness": 0.1, f"strength.{M58}": strength,
               "pending_us_all": 0.3, "pending_iran_all": 0.2})  # fmt: skip
    public.feel_public(w)
    assert got(w, "pending_us_all", "pending_iran_all") == pytest.approx((0.3 + wearied, 0.2 + wearied / 2))


def test_the_weeks_dead_are_laid_at_the_door_of_who_killed_them() -> None:
    """Those mourned already are not mourned again."""
    w = blank({f"total.{IRAQI_KILLED_BY_US}": 5.0, f"total.{CIVILIANS_KILLED_BY_US}": 2.0, "mourned_us": 4.0,
               f"total.{IRAQI_KILLED_BY_MILITIA}": 9.0, f"total.{CIVILIANS_KILLED_FIGHTING_ISIS}": 4.0,
               "mourned_militia": 3.0, "p.anger_per_iraqi_dead": 0.02, "pending_us_all": 0.3,
               "pending_iran_all": 0.2})  # fmt: skip
    public._count_the_dead(w)
    assert got(w, "pending_us_all", "pending_iran_all") == pytest.approx((0.36, 0.4))
    assert got(w, "mourned_us", "mourned_militia") == (7.0, 13.0)


@pytest.mark.parametrize(
    ("values", "stirred"),
    [
        ({}, 0.0),
        ({"us.aims": 1}, 0.05),
        ({"us.aims": 2}, 0.05),
        ({"us.aims": 2, f"strength.{M46}": 2.0}, 0.1),
        ({"us.aims": 2, f"strength.{M46}": 0.0}, 0.0),
        ({"us.sanctions": 1}, 0.04),
        ({"us.measures": 1}, 0.012),
        ({"us.sanctions": 1, "us.measures": 1, "us.aims": 1}, 0.102),
    ],
)
def test_what_washington_says_it_is_there_for_and_withholds_goes_on_offending(
    values: dict[str, Any], stirred: float
) -> None:
    """M46: any other aim than to fight ISIS; sanctions; measures by three tenths of that."""
    w = blank({"p.aims_anger_weekly": 0.05, "p.sanctions_anger": 0.04, "pending_us_all": 0.3} | values)
    public._standing_offences(w)
    assert w.pending_us_all == pytest.approx(0.3 + stirred)


#: A fifth of the way to rest (0.35, 0.5, 0.15, 0.35) in a week, and a shock of 0.3 by offence.
FELT = OFFENCE | {"s.anger_at_us": 0.5, "kept.anger_week": 0.8, "pending_us_all": 0.2, "pending_us.4": 0.1,
                  "anger_us.4.0": 0.4, "anger_us.4.1": 0.3, "anger_us.4.2": 0.4, "anger_us.4.3": 0.1}  # fmt: skip
FADED = (0.39, 0.34, 0.35, 0.15)
SHOCK = (0.21, 0.3, 0.09, 0.21)


@pytest.mark.parametrize(
    ("values", "relief"),
    [
        ({}, 0.0),
        ({"p.relief_goodwill": 0.05}, 0.0),
        ({"p.relief_goodwill": 0.05, "government.framework": 1}, 0.05),
        ({"p.relief_goodwill": 0.05, "government.framework": 1, f"strength.{M61}": 0.5}, 0.025),
        ({"p.backing_mood": 0.1, "us.backing_street": 0.2}, 0.02),
        ({"p.backing_mood": 0.1, "us.backing_street": 0.2, f"strength.{M41}": 2.0}, 0.04),
        ({"p.relief_goodwill": 0.04, "government.framework": 1, "p.backing_mood": 0.1, "us.backing_street": 0.2}, 0.06),
    ],
)
def test_anger_at_the_us_fades_and_takes_in_the_week(values: dict[str, Any], relief: float) -> None:
    """Everywhere and here, by how much each takes offence; relief (M61) and friends on the street (M41) take off it."""
    w = blank(FELT | values)
    public._feel_us(w, 4, public._relief(w), public._won(w))
    expected = [
        x + (a - relief) * (1 - x) if a >= relief else x * (1 + a - relief) for x, a in zip(FADED, SHOCK, strict=True)
    ]
    assert list(w.anger_us[4]) == pytest.approx(expected)
    assert got(w, "pending_us.4", "pending_us_all") == (0.0, 0.2)


def test_a_great_shock_moves_anger_by_nine_tenths_at_most_and_anger_rests_as_a_share() -> None:
    """Of what is left of it; a resting level beyond one is one."""
    w = blank(FELT | {"pending_us_all": 5.0, "s.anger_at_us": 3.0})
    public._feel_us(w, 4, public._relief(w), public._won(w))
    rested = (0.4 + 0.2 * 0.6, 0.3 + 0.2 * 0.7, 0.4 + 0.2 * 0.5, 0.1 + 0.2 * 0.9)
    assert list(w.anger_us[4]) == pytest.approx([x + 0.9 * (1 - x) for x in rested])
    calm = blank(FELT | {"pending_us_all": 0.0, "pending_us.4": 0.0, "s.anger_at_us": -3.0})
    public._feel_us(calm, 4, public._relief(calm), public._won(calm))
    assert list(calm.anger_us[4]) == pytest.approx([0.32, 0.24, 0.32, 0.08])


#: Rest of anger at Iran: 0.4 by community, by a dominance of 1 + 0.5 * (0.7 - 0.5); at factions 0.2 by community.
DRAWN: dict[str, Any] = {
    "s.anger_at_iran": 0.4, "s.anger_at_militias": 0.2, "kept.anger_week": 0.8, "influence": 0.7,
    "p.dominance_anger": 0.5, "pending_iran_all": 0.2, "pending_militia.4": 0.1, "place_in.4.shia": 0.6,
    "anger_iran.4.0": 0.5, "anger_iran.4.1": 0.1, "anger_iran.4.2": 0.3, "anger_iran.4.3": 0.7,
    "anger_militia.4.0": 0.5, "anger_militia.4.1": 0.1, "anger_militia.4.2": 0.3, "anger_militia.4.3": 0.7,
    "presence.troops": 1.0, "p.diversion": 0.5, "p.need_forgives": 0.5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "diverted", "needed"),
    [
        ({}, 1.0, 1.0),
        ({"parliament.outrage": 0.4}, 0.8, 1.0),
        ({"parliament.outrage": 3.0}, 0.5, 1.0),
        ({"parliament.outrage": 0.4, "presence.troops": 0.0}, 1.0, 1.0),
        ({"parliament.outrage": 0.4, f"strength.{M34}": 2.0}, 0.6, 1.0),
        ({"parliament.outrage": 1.0, "p.diversion": 1.5}, 0.0, 1.0),
        ({"need": 0.5}, 1.0, 0.85),
        ({"need": 0.5, f"strength.{M31}": 2.0}, 1.0, 0.7),
        ({"need": 2.0, "p.need_forgives": 3.0}, 1.0, 0.1),
        ({"need": -1.0}, 1.0, 1.0),
    ],
)
def test_anger_at_iran_and_its_factions_is_diverted_by_the_presence_and_forgiven_in_need(
    values: dict[str, Any], diverted: float, needed: float
) -> None:
    """M34 takes off the shock while troops are there, M31 off the rest of anger at factions, by the Shia of a place."""
    w = blank(DRAWN | values)
    public._feel_iran_and_militias(w, 4, public._diverted(w))
    for c, before, share in ((SUNNI, 0.5, 1.3), (SHIA, 0.1, 1.0), (KURD, 0.3, 1.3), (OTHER, 0.7, 1.0)):
        iran = before + 0.2 * (0.4 * share * 1.1 - before)
        militia = before + 0.2 * (0.2 * share * needed - before)
        assert w.anger_iran[4, c] == pytest.approx(iran + 0.2 * diverted * (1 - iran))
        assert w.anger_militia[4, c] == pytest.approx(militia + 0.3 * diverted * (1 - militia))
    assert got(w, "pending_militia.4", "pending_iran_all") == (0.0, 0.2)


def test_anger_at_iran_and_its_factions_stays_a_share() -> None:
    """A shock moves nine tenths of what is left at most, and the rest of anger is one at most and none at least."""
    w = blank(DRAWN | {"pending_iran_all": 7.0, "s.anger_at_iran": 9.0, "s.anger_at_militias": 9.0})
    public._feel_iran_and_militias(w, 4, public._diverted(w))
    risen = [x + 0.2 * (1 - x) for x in (0.5, 0.1, 0.3, 0.7)]
    expected = [x + 0.9 * (1 - x) for x in risen]
    assert list(w.anger_iran[4]) == list(w.anger_militia[4]) == pytest.approx(expected)
    calm = blank(DRAWN | {"pending_iran_all": 0.0, "pending_militia.4": 0.0, "s.anger_at_iran": -9.0,
                          "s.anger_at_militias": -9.0})  # fmt: skip
    public._feel_iran_and_militias(calm, 4, public._diverted(calm))
    fallen = [0.8 * x for x in (0.5, 0.1, 0.3, 0.7)]
    assert list(calm.anger_iran[4]) == list(calm.anger_militia[4]) == pytest.approx(fallen)


#: Hardship rests at 0.3 + 1 - 0.9 = 0.4; anger at the government at 0.5, more or less with hardship over its base.
GOVERNED: dict[str, Any] = {
    "kept.anger_week": 0.8, "p.hardship_base": 0.3, "economy": 0.9, "hardship.4": 0.6, "s.anger_at_government": 0.5,
    "p.anger_without_government": 1.4, "p.hardship_anger": 0.5, "government.in_office": 1, "anger_government.4.0": 0.2,
    "anger_government.4.1": 0.4, "anger_government.4.2": 0.6, "anger_government.4.3": 0.8,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "hardship", "rest"),
    [
        ({}, 0.56, 0.63),
        ({"government.in_office": 0}, 0.56, 0.83),
        ({"economy": 2.0}, 0.48, 0.59),
        ({"economy": 0.1}, 0.68, 0.69),
        ({"s.anger_at_government": 2.0}, 0.56, 1.0),
        ({"p.hardship_anger": -9.0}, 0.56, 0.0),
    ],
)
def test_anger_at_the_government_follows_hardship_and_its_absence(
    values: dict[str, Any], hardship: float, rest: float
) -> None:
    """Hardship first takes in the economy; what anger rests at is a share, alike for all communities."""
    w = blank(GOVERNED | values)
    public._feel_government(w, 4)
    assert w.hardship[4] == pytest.approx(hardship)
    expected = [x + 0.2 * (rest - x) for x in (0.2, 0.4, 0.6, 0.8)]
    assert list(w.anger_government[4]) == pytest.approx(expected)


def test_fear_of_isis_follows_the_last_thirteen_weeks_of_the_place() -> None:
    """A fifth of the way a week; the fourteenth place of the ring is none of it."""
    w = blank({"isis_quarter.4.0": 3.0, "isis_quarter.4.12": 5.0, "isis_quarter.4.13": 900.0, "fear_isis.4": 0.5,
               "place_in.4.population": 2e6, "p.fear_scale": 10.0, "isis_quarter.5.0": 900.0})  # fmt: skip
    public._feel_isis(w, 4)
    assert w.fear_isis[4] == pytest.approx(0.5 + 0.2 * (1 - math.exp(-0.4) - 0.5))


@pytest.mark.parametrize(
    ("pending", "size"), [(0.5, 15_000.0), (0.9, 27_000.0), (4.0, 30_000.0), (0.25, None), (0.2501, 7_000.0)]
)
def test_a_week_of_great_offence_brings_people_into_the_streets_of_baghdad(pending: float, size: float | None) -> None:
    """M08: of 51,000 by the anger of its Shia and the offence, in whole thousands; it answers the last strike."""
    w = blank({"pending_us_all": pending, "p.rally_threshold": 0.25, "p.rally_size": 51_000.0,
               f"anger_us.{BAGHDAD}.{SHIA}": 0.6, "us.last_strike_event": 55})  # fmt: skip
    public._rally(w)
    assert told(w) == ([] if size is None else [Told(RALLY, PUBLIC, BAGHDAD, size, cause=55, claim=M08)])


def test_moods_are_means_over_all_people() -> None:
    """Sixteen people in two places: each community by its number."""
    w = blank({"place_in.0.population": 10.0, "place_in.0.sunni_arab": 0.1, "place_in.0.shia": 0.2,
               "place_in.0.kurd": 0.3, "place_in.0.other": 0.4, "place_in.17.population": 6.0,
               "place_in.17.shia": 1.0})  # fmt: skip
    w.anger_us[0], w.anger_us[17, SHIA] = (0.5, 0.6, 0.7, 0.8), 0.1
    w.anger_iran[0], w.anger_iran[17, SHIA] = (0.4, 0.3, 0.2, 0.1), 0.2
    w.anger_militia[0], w.anger_militia[17, SHIA] = (0.9, 0.1, 0.5, 0.0), 0.3
    w.anger_government[0], w.anger_government[17, SHIA] = (0.0, 0.2, 0.9, 0.6), 0.4
    w.fear_isis[0], w.fear_isis[17] = 0.5, 0.25
    public.take_mood(w)
    moods = got(w, "mood_us", "mood_iran", "mood_militia", "mood_government", "mood_fear")
    assert moods == pytest.approx((7.6 / 16, 3.2 / 16, 4.4 / 16, 7.9 / 16, 6.5 / 16))


def test_a_mood_of_nobody_is_none_and_of_half_a_person_a_half() -> None:
    """Of fewer than one person it is as of one."""
    w = blank({"place_in.0.population": 0.5, "place_in.0.shia": 1.0, f"anger_us.0.{SHIA}": 0.8, "mood_iran": 0.4})
    public.take_mood(w)
    assert got(w, "mood_us", "mood_iran") == (0.4, 0.0)


@pytest.mark.parametrize("g", [0, 17])
def test_a_week_is_taken_in_everywhere_and_done_with(g: int) -> None:
    """The dead and what offends count in the same week; all feelings move, people rally, nothing is left pending."""
    w = blank(OFFENCE | {
        f"total.{IRAQI_KILLED_BY_US}": 2.0, "p.anger_per_iraqi_dead": 0.1, "us.aims": 1, "p.aims_anger_weekly": 0.2,
        "pending_us_all": 0.1, "pending_iran_all": 0.3, "kept.anger_week": 1.0, "p.rally_size": 90_000.0,
        "p.rally_threshold": 0.4, f"place_in.{g}.population": 1e6, f"place_in.{g}.shia": 1.0, "influence": 0.5,
        f"isis_quarter.{g}.1": 5.0, "p.fear_scale": 10.0, "p.hardship_base": 0.3, "hardship": 0.5,
        f"pending_us.{g}": 0.1, f"pending_militia.{g}": 0.2,
    })  # fmt: skip
    public.public_week(w)
    assert w.anger_us[g, SHIA] == pytest.approx(0.6)
    assert (w.anger_iran[g, SHIA], w.anger_militia[g, SHIA]) == pytest.approx((0.3, 0.5))
    assert w.fear_isis[g] == pytest.approx(0.2 * (1 - math.exp(-0.5)))
    assert got(w, "pending_us_all", "pending_iran_all") == (0.0, 0.0)
    assert w.pending_us.sum() == w.pending_militia.sum() == 0.0
    assert [(event.kind, event.size) for event in told(w)] == [
        (RALLY, math.floor(90 * w.anger_us[0, SHIA] * 0.5) * 1e3)
    ]
    assert w.mood_us == pytest.approx(0.6)


def test_a_week_moves_anger_at_the_government_in_every_place() -> None:
    """Half the way from nothing to what it rests at."""
    w = blank({"kept.anger_week": 0.5, "s.anger_at_government": 0.6, "government.in_office": 1, "economy": 1.0})
    public.public_week(w)
    assert [w.anger_government[g, c] for g in (0, 9, 17) for c in (0, 3)] == pytest.approx([0.3] * 6)
