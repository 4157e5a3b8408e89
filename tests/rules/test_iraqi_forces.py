"""What presses on ISIS: coalition means, Iraqi skill, militias, and orders to the forces; exact moves."""

from typing import Any

import pytest

from sim.names.actors import (
    BAGHDAD,
    CONFRONT_FACTIONS,
    FIRST_FACTION,
    GUARD_PROTESTS,
    IRAQI_FORCES,
    N_FACTIONS,
    PUBLIC,
)
from sim.names.events import CIVILIANS_KILLED_FIGHTING_ISIS, FORCES_CONFRONTED, FORCES_REFUSED
from sim.names.mechanisms import M23, M24, M25, M26, M31, M39, M51, M52, M53, M71
from sim.world import iraqi_forces
from sim.world.draws import FORCES_OBEY_DRAW, ROUGH_DRAW
from tests.rules.exact import Told, blank, dice, got, told

# Reach


#: Sites in places 4 and 17 with soldiers, one abroad and an embassy; 4 lies next to 2 and 9.
LAND: dict[str, Any] = {
    "n_sites": 4, "site_place.0": 4, "sites.0.troops": 500.0, "site_place.1": 17, "sites.1.troops": 1500.0,
    "site_place.2": 4, "site_in.2.outside": 1.0, "sites.2.troops": 9000.0,
    "site_place.3": 4, "site_in.3.is_embassy": 1.0, "sites.3.troops": 9000.0,
    "n_neighbours.4": 2, "neighbours.4.0": 2, "neighbours.4.1": 9, "neighbours.4.2": 7,
    "p.means_half": 0.5, "p.reach_neighbour": 0.6, "p.reach_far": 0.1, "place_in.4.haven": 0.5,
    "place_in.2.haven": 0.25,    "place_in.17.haven": 0.2, "s.iraqi_skill": 0.45, "s.iraqi_cts": 0.75,
}  # fmt: skip


@pytest.mark.parametrize(
    ("b", "there", "reach"),
    [(0, 4, 1.0), (0, 2, 0.6), (0, 9, 0.6), (0, 7, 0.1), (0, 17, 0.1), (1, 17, 1.0), (1, 4, 0.1), (2, 4, 0.0),
     (2, 2, 0.0), (3, 4, 0.0), (3, 9, 0.0)],
)  # fmt: skip
def test_a_base_reaches_its_place_its_neighbours_and_little_beyond(b: int, there: int, reach: float) -> None:
    """An embassy and a site abroad reach nothing."""
    assert iraqi_forces._reach(blank(LAND), b, there) == reach


def test_the_war_on_isis_begins_with_means_of_one_on_average_where_cells_hide() -> None:
    """Of thousands of soldiers: 0.65 in place 4, 0.45 in place 2, 1.55 in the last: weighed by the haven of each."""
    w = blank(LAND)
    iraqi_forces.start_forces(w)
    assert got(w, "skill", "cts", "training", "refused_day") == (0.45, 0.75, 1.0, -61)
    brought = (0.65 / 1.15 * 0.5 + 0.45 / 0.95 * 0.25 + 1.55 / 2.05 * 0.2) / 0.95
    assert w.enablers_start == pytest.approx(brought)
    assert (w.reach_start[4], w.enablers[4]) == pytest.approx(
        (0.65, 0.65 / 1.15 / brought * iraqi_forces._coalition_effort(w, 0))
    )
    assert [w.reach[0, 4], w.reach[0, 9], w.reach[1, 17], w.reach[1, 0], w.reach[3, 4]] == [1.0, 0.6, 1.0, 0.1, 0.0]
    assert w.reach[:, 17].sum() == pytest.approx(1.1)
    assert w.reach[4:].sum() == 0.0


def test_a_start_without_means_or_havens_divides_nothing() -> None:
    """Few soldiers, and none at all."""
    few = blank(LAND | {"sites.0.troops": 0.5, "sites.1.troops": 0.0, "n_sites": 1})
    iraqi_forces.start_forces(few)
    assert few.enablers_start == pytest.approx(0.001 * (0.5 + 0.15 + 0.02) / 0.95, rel=2e-3)
    none = blank(LAND | {"n_sites": 0})
    iraqi_forces.start_forces(none)
    assert none.enablers_start == 1e-9


def test_means_in_a_place_are_thousands_of_soldiers_within_reach() -> None:
    """Of every site, by its reach."""
    w = blank(LAND | {"reach.0.9": 0.6, "reach.1.9": 0.1, "reach.3.9": 0.25, "reach.4.9": 5.0, "sites.4.troops": 7.0})
    iraqi_forces._sum_reach(w)
    assert w.place_sum[9] == pytest.approx(0.5 * 0.6 + 1.5 * 0.1 + 9.0 * 0.25)


def test_the_first_thousands_bring_most() -> None:
    """Aircraft and eyes come first: half of all comes with ``means_half``, two thirds with twice that."""
    w = blank({"p.means_half": 0.5})
    found = [iraqi_forces._saturated(w, thousands) for thousands in (0.0, 0.5, 1.0, 4.5)]
    assert found == pytest.approx([0.0, 0.5, 2 / 3, 0.9])


@pytest.mark.parametrize(("strength", "reached"), [(1.0, 0.5), (0.0, 1.0), (2.0, 0.0), (0.5, 0.75)])
def test_fewer_bases_reach_less_far(strength: float, reached: float) -> None:
    """M24: of 2,000 who reached a place half are left, and half of those within reach; off, it does not count where."""
    w = blank({"p.means_half": 1.5, "enablers_start": 0.25, "reach_start.4": 2.0, "place_sum.4": 0.5,
               "presence.troops": 2000.0, "presence.troops_north": 500.0, "presence.troops_start": 5000.0,
               f"strength.{M24}": strength})  # fmt: skip
    assert iraqi_forces._means(w, 4) == pytest.approx(reached / (reached + 1.5) / 0.25)


@pytest.mark.parametrize(
    ("values", "learnt"),
    [
        ({}, 0.02 * 0.5 * 0.4),
        ({"isis_trend": 5.0}, 0.02 * 2.0 * 0.4),
        ({f"strength.{M71}": 2.0}, 0.02 * 0.4),
        ({f"strength.{M71}": 0.0}, 0.0),
        ({f"reading.{M71}": 1.0}, 0.1 * 0.3 * 0.8 * 0.4),
    ],
)
def test_forces_learn_by_fighting_or_by_training_alone(values: dict[str, Any], learnt: float) -> None:
    """M71: by how much there is to fight, twice the usual at most; where only training teaches it teaches more."""
    w = blank({"p.fight_learning": 0.02, "isis_trend": 0.5, "skill": 0.6, "p.skill_gain": 0.1, "p.training_alone": 0.3,
               "training": 0.8} | values)  # fmt: skip
    assert iraqi_forces._learn(w) == pytest.approx(learnt)


# Effort


@pytest.mark.parametrize(
    ("values", "effort"),
    [
        ({}, 0.8 * (1 - 0.6 * 0.3)),
        ({"us.suspended": 1}, 0.25 * 0.8 * 0.82),
        ({"us.suspended": 1, f"strength.{M23}": 0.5}, 0.625 * 0.8 * 0.91),
        ({"us.suspended": 1, f"strength.{M23}": 2.0}, 0.0),
        ({"us.suspended": 1, "p.suspension_loss": -3.0}, 0.8 * 0.82),
        ({"government.limited": 1}, 0.8 * 0.82 * 0.7),
        ({f"strength.{M23}": 0.0}, 0.8),
        ({"government.trust": 1.0, "us.faith": 1.0}, 0.8),
        ({"p.distrust_loss": -2.0}, 0.8),
        ({"p.distrust_loss": 9.0}, 0.0),
    ],
)
def test_coalition_means_go_to_the_fight_unless_suspended_limited_or_distrusted(
    values: dict[str, Any], effort: float
) -> None:
    """M23: doubt is what trust of 0.9 and faith of 0.5 leave on average, 0.3."""
    w = blank({"government.trust": 0.9, "us.faith": 0.5, "government.cooperation": 0.8, "p.distrust_loss": 0.6,
               "p.suspension_loss": 0.75, "p.limited_effort": 0.7} | values)  # fmt: skip
    assert iraqi_forces._coalition_effort(w, w.us.suspended) == pytest.approx(effort)


@pytest.mark.parametrize(
    ("values", "free"),
    [
        ({}, 1 - 0.4 * 1.75 / 6),
        ({f"strength.{M25}": 2.0}, 1 - 0.8 * 1.75 / 6),
        ({f"strength.{M25}": 0.0}, 1.0),
        ({"p.busy_loss": 9.0}, 0.0),
        ({"p.busy_loss": -1.0}, 1.0),
        ({"factions.3.effort": -9.0}, 1 - 0.4 * 1.75 / 6),
    ],
)
def test_factions_busy_with_the_us_have_less_left_for_isis(values: dict[str, Any], free: float) -> None:
    """M25: the first wholly, whatever its effort beyond; the last by three quarters: 1.75 of six."""
    w = blank({"factions.0.effort": 1.2, f"factions.{N_FACTIONS - 1}.effort": 0.6, "p.busy_effort": 0.8,
               "p.busy_loss": 0.4} | values)  # fmt: skip
    assert iraqi_forces._militias_free(w) == pytest.approx(free)


@pytest.mark.parametrize(("strength", "sent"), [(1.0, 1.7), (2.0, 1.95), (0.0, 1.45)])
def test_factions_bring_the_usual_and_men_sent_on_purpose_and_more_where_needed(strength: float, sent: float) -> None:
    """Three in six were sent halfway each, 1.8 of work; M31 adds by need."""
    w = blank({"factions.0.fights_isis": 0.5, "factions.3.fights_isis": 0.5, "factions.5.fights_isis": 0.5,
               "p.isis_work": 1.8, "p.need_work": 0.5, "need": 0.5, f"strength.{M31}": strength})  # fmt: skip
    assert iraqi_forces._militias_sent(w) == pytest.approx(sent)


# Pressure


#: Ground of 0.75 haven: 0.4 of skill holds a quarter of it; hunters are 0.7 * 0.9 + 0.3 * 0.4 = 0.75.
GROUND: dict[str, Any] = {
    "place_in.4.haven": 0.75, "place_in.4.shia": 0.5, "skill": 0.4, "cts": 0.9, "p.cts_weight": 0.7, "enablers.4": 0.8,
    "p.pressure_held": 0.6, "p.pressure_reached": 0.5, "p.militia_pressure": 0.2, "p.peshmerga_pressure": 0.07,
}  # fmt: skip


@pytest.mark.parametrize(
    ("g", "values", "pressure"),
    [
        (4, {}, 0.06 + 0.225 + 0.12),
        (4, {f"strength.{M26}": 0.5}, 0.06 + 0.1125 + 0.12),
        (4, {f"strength.{M26}": 0.0}, 0.06 + 0.12),
        (4, {"enablers.4": 1.9}, 0.06 + 0.421875 + 0.12),
        (4, {"enablers.4": -1.0}, 0.06 + 0.12),
        (4, {"p.pressure_held": 99.0}, 1.0),
        (4, {"p.pressure_held": -99.0}, 0.0),
        (3, {"place_in.3.haven": 0.75, "enablers.3": 0.8}, 0.06 + 0.225 + 0.07),
        (13, {"place_in.13.shia": 0.5}, 0.24 + 0.12 + 0.07),
        (14, {"place_in.14.shia": 0.5}, 0.24 + 0.12),
    ],
)
def test_pressure_is_of_those_who_hold_ground_and_those_who_reach_the_rest(
    g: int, values: dict[str, Any], pressure: float
) -> None:
    """M26: on rough ground by coalition means, half as much again at most; militias and peshmerga help at home."""
    assert iraqi_forces._pressure(blank(GROUND | values), g, 1.2) == pytest.approx(pressure)


# Training


#: Courses of 0.6 * means + 0.4 * 0.5, of which an epidemic of 0.25 pauses 0.2.
SCHOOL: dict[str, Any] = {
    "p.training_us": 0.6, "trainers": 0.5, "epidemic": 0.25, "p.epidemic_pause": 0.8, "p.limited_effort": 0.7,
    "skill": 0.4, "cts": 0.8, "p.skill_gain": 0.1, "p.skill_loss": 0.3, "p.limits_keep_training": 0.25, "rung": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("means", "values", "held", "limited"),
    [
        (1.0, {}, 0.64, 1.0),
        (3.0, {}, 0.64, 1.0),
        (0.5, {}, 0.4, 1.0),
        (0.5, {"epidemic": 0.0}, 0.5, 1.0),
        (0.5, {f"strength.{M53}": 2.0}, 0.3, 1.0),
        (0.5, {f"strength.{M53}": 0.0}, 0.5, 1.0),
        (0.5, {f"reading.{M53}": 1.0}, 0.5 * 0.6, 1.0),
        (0.5, {f"reading.{M53}": 1.0, "rung": 8}, 0.5 * 0.2, 1.0),
        (0.5, {f"reading.{M53}": 1.0, "rung": -1}, 0.5, 1.0),
        (0.5, {"p.epidemic_pause": 9.0}, 0.0, 1.0),
        (0.5, {"p.epidemic_pause": -9.0}, 0.5, 1.0),
        (0.5, {"government.limited": 1}, 0.4, 0.7),
    ],
)
def test_courses_are_held_by_means_and_trainers_unless_an_epidemic_or_limits_pause_them(
    means: float, values: dict[str, Any], held: float, limited: float
) -> None:
    """M53, by tension in the rival reading; what is held keeps skill up (M52), the service's under limits as well."""
    w = blank(SCHOOL | values)
    iraqi_forces.train(w, means)
    done = held * limited
    spared = done + 0.25 * (held - done)
    assert w.training == pytest.approx(done)
    assert w.skill == pytest.approx(0.4 + 0.1 * done * 0.6 - 0.3 * (1 - done) * 0.4)
    assert w.cts == pytest.approx(0.8 + 0.1 * spared * 0.2 - 0.3 * (1 - spared) * 0.8)


@pytest.mark.parametrize("strength", [0.0, 2.0])
def test_skill_moves_at_the_strength_of_its_mechanism(strength: float) -> None:
    """M52: without it skill is what it was; at twice its strength it moves twice as far."""
    w = blank(SCHOOL | {f"strength.{M52}": strength, "epidemic": 0.0})
    iraqi_forces.train(w, 0.5)
    assert w.skill == pytest.approx(0.4 + strength * (0.1 * 0.5 * 0.6 - 0.3 * 0.5 * 0.4))
    assert w.cts == pytest.approx(0.8 + strength * (0.1 * 0.5 * 0.2 - 0.3 * 0.5 * 0.8))


# Rough methods


#: Sunni half of a place, militias half as many again as usual, a quarter of precise means missing: blunt by 0.1875.
ROUGH: dict[str, Any] = {
    "place_in.4.sunni_arab": 0.5, "militia_work": 1.5, "enablers.4": 0.75, "p.rough_methods": 20.0, "need": 0.4,
    "p.grievance_per_dead": 0.1, "grievance.4": 0.3, "p.sectarian_grievance": 0.6, "parliament.sectarian": 0.5,
    "p.grievance_fade": 0.2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "u", "dead"),
    [
        # A mean of 20 * 0.4 * 0.1875 = 1.5: none below 0.22313, one below 0.55783, two below 0.80885.
        ({}, 0.2231, 0),
        ({}, 0.2232, 1),
        ({}, 0.5578, 1),
        ({}, 0.5579, 2),
        ({f"strength.{M31}": 2.0}, 0.0497, 0),
        ({f"strength.{M31}": 2.0}, 0.0499, 1),
        ({f"strength.{M31}": 0.0}, 0.9999, 0),
        ({"enablers.4": 1.5}, 0.9999, 0),
        ({"enablers.4": -1.0}, 0.0024, 0),  # all means missing: a mean of 6
        ({"enablers.4": -1.0}, 0.0026, 1),
        ({"need": 0.0}, 0.9999, 0),
        ({"need": 0.04}, 0.8606, 0),  # a mean of 0.15
        ({"need": 0.04}, 0.8608, 1),
    ],
)
def test_factions_that_fight_bluntly_leave_dead_and_grievance(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], u: float, dead: int
) -> None:
    """M31: where precise means are missing; grievance then moves a fifth of the way to the sectarian split (0.15)."""
    dice(monkeypatch, iraqi_forces, {ROUGH_DRAW: {4: u}})
    w = blank(ROUGH | values)
    iraqi_forces._fight_roughly(w, 4)
    killed = Told(CIVILIANS_KILLED_FIGHTING_ISIS, FIRST_FACTION, 4, dead, target=PUBLIC, claim=M31)
    assert told(w) == ([killed] if dead else [])
    felt = 0.3 + 0.1 * dead * 0.7
    assert w.grievance[4] == pytest.approx(felt + 0.2 * (0.15 - felt))


@pytest.mark.parametrize(
    ("values", "rest"),
    [
        ({}, 0.15),
        ({f"strength.{M51}": 2.0}, 0.3),
        ({f"strength.{M51}": 0.0}, 0.0),
        ({"p.sectarian_grievance": 9.0}, 1.0),
    ],
)
def test_a_sectarian_split_keeps_grievance_alive(values: dict[str, Any], rest: float) -> None:
    """M51: by the Sunnis of a place, and never beyond all of it."""
    w = blank(ROUGH | {"need": 0.0} | values)
    iraqi_forces._fight_roughly(w, 4)
    assert w.grievance[4] == pytest.approx(0.3 + 0.2 * (rest - 0.3))


# Orders against the factions


@pytest.mark.parametrize(
    ("values", "worst"),
    [
        ({}, 0),
        ({"factions.3.rate": 0.6}, 3),
        ({"factions.3.excitation": 0.6}, 3),
        ({"factions.3.rate": 0.3, "factions.3.excitation": 0.3}, 3),
        ({"factions.3.rate": 0.5}, 0),
        ({"factions.3.rate": 0.4, "factions.3.excitation": -0.1}, 0),
        ({"factions.3.rate": 0.6, "factions.5.excitation": 0.7}, 5),
        ({"factions.1.rate": 0.8, "factions.5.excitation": 0.7}, 1),
    ],
)
def test_forces_confront_the_faction_that_fires_most(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], worst: int
) -> None:
    """By excitation and rate together, the first of equals; it comes half of the way to being confronted wholly."""
    dice(monkeypatch, iraqi_forces, {FORCES_OBEY_DRAW: {0: 0.0}})
    w = blank({"factions.0.rate": 0.2, "factions.0.excitation": 0.3, f"factions.{worst}.confronted": 0.4} | values)
    iraqi_forces._confront(w)
    assert told(w) == [Told(FORCES_CONFRONTED, IRAQI_FORCES, BAGHDAD, target=FIRST_FACTION + worst)]
    assert w.factions[worst].confronted == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("strength", "shun", "u", "obeys"),
    [(1.0, 0.7, 0.299, True), (1.0, 0.7, 0.301, False), (1.0, 0.75, 0.25, False), (0.5, 0.7, 0.649, True),
     (0.0, 0.7, 0.999, True), (2.0, 0.7, 0.0, False), (1.0, -1.0, 0.999, True), (1.0, -1.0, 1.0, False)],
)  # fmt: skip
def test_forces_told_to_confront_factions_will_hardly_move(
    monkeypatch: pytest.MonkeyPatch, strength: float, shun: float, u: float, obeys: bool
) -> None:
    """M39: those who do not obey refuse."""
    dice(monkeypatch, iraqi_forces, {FORCES_OBEY_DRAW: {0: u}})
    w = blank({f"strength.{M39}": strength, "p.forces_shun": shun, "day": 100, "refused_day": 30})
    iraqi_forces._confront(w)
    refused = Told(FORCES_REFUSED, IRAQI_FORCES, BAGHDAD)
    assert told(w) == ([Told(FORCES_CONFRONTED, IRAQI_FORCES, BAGHDAD, target=FIRST_FACTION)] if obeys else [refused])
    assert (w.factions[0].confronted, w.refused_day) == ((0.5, 30) if obeys else (0.0, 100))


@pytest.mark.parametrize(("last", "told_again"), [(39, True), (40, False), (99, False), (-61, True)])
def test_a_refusal_is_told_again_after_sixty_days(monkeypatch: pytest.MonkeyPatch, last: int, told_again: bool) -> None:
    """Until then it is no news."""
    dice(monkeypatch, iraqi_forces, {FORCES_OBEY_DRAW: {0: 0.5}})
    w = blank({"p.forces_shun": 1.0, "day": 100, "refused_day": last})
    iraqi_forces._confront(w)
    assert (len(told(w)), w.refused_day) == ((1, 100) if told_again else (0, last))


# The week


@pytest.mark.parametrize(("trend", "need"), [(0.8, 0.0), (1.0, 0.0), (1.5, 0.5), (9.0, 2.0)])
def test_need_is_what_isis_has_risen(trend: float, need: float) -> None:
    """By twice at most."""
    w = blank({"sees.public.isis_trend": trend, "enablers_start": 1.0, "p.busy_effort": 1.0})
    iraqi_forces.press(w)
    assert w.need == pytest.approx(need)


def test_a_week_sets_means_pressure_and_work_everywhere() -> None:
    """Means of an effort of 0.8 over those of the start; work of those free times those sent; pressure by both."""
    w = blank(LAND | GROUND | {
        "enablers_start": 2.0, "government.cooperation": 0.8, "reach.0.4": 1.0, "reach.1.17": 1.0,
        "sees.public.isis_trend": 1.5, "p.need_work": 0.4, "p.busy_loss": 0.5, "p.busy_effort": 1.0,
        "factions.0.effort": 1.0, "factions.1.effort": 1.0, "factions.2.effort": 1.0, "p.isis_work": 0.6,
        "factions.4.fights_isis": 1.0, "place_in.17.haven": 0.5, "grievance.17": 0.5, "p.grievance_fade": 0.1,
    })  # fmt: skip
    iraqi_forces.press(w)
    assert (w.enablers[4], w.enablers[17], w.enablers[0]) == pytest.approx((0.8 * 0.5 / 2, 0.8 * 0.75 / 2, 0.0))
    assert w.militia_work == pytest.approx(0.75 * 1.3)
    assert w.pressure[4] == pytest.approx(0.6 * 0.1 + 0.5 * 0.75 * 0.75 * 0.2 + 0.2 * 0.975 * 0.5)
    assert w.pressure[17] == pytest.approx(0.6 * 0.2 + 0.5 * 0.75 * 0.5 * 0.3)
    assert w.grievance[17] == pytest.approx(0.45)


@pytest.mark.parametrize(
    ("troops", "means"), [(18_000.0, 1.0), (3_600.0, 1.0), (1_800.0, 1.8 / 19.8 * 2 / 0.2), (0.0, 0.0)]
)
def test_training_needs_a_fifth_of_the_means_on_average(troops: float, means: float) -> None:
    """Over all eighteen places: of the means that reach one place an eighteenth."""
    w = blank({"n_sites": 1, "sites.0.troops": troops, "reach.0.17": 1.0, "enablers_start": 1 / 36,
               "p.means_half": 18.0, "p.training_us": 0.6, "government.cooperation": 1.0,
               "p.busy_effort": 1.0})  # fmt: skip
    iraqi_forces.press(w)
    assert w.training == pytest.approx(0.6 * means)


@pytest.mark.parametrize(
    ("order", "events"),
    [(CONFRONT_FACTIONS, [Told(FORCES_CONFRONTED, IRAQI_FORCES, BAGHDAD, target=FIRST_FACTION, rule=13)]),
     (GUARD_PROTESTS, []), (0, [])],
)  # fmt: skip
def test_an_order_to_the_forces_holds_for_the_week_in_which_it_was_given(
    monkeypatch: pytest.MonkeyPatch, order: int, events: list[Told]
) -> None:
    """As do the orders of factions to their men; the act is by the government's rule."""
    dice(monkeypatch, iraqi_forces, {FORCES_OBEY_DRAW: {0: 0.0}})
    w = blank({"government.forces_order": order, "government.forces_rule": 13, "enablers_start": 1.0,
               "p.busy_effort": 1.0})  # fmt: skip
    w.factions[0].fights_isis = w.factions[N_FACTIONS - 1].fights_isis = 0.5
    iraqi_forces.press(w)
    assert told(w) == events
    assert got(w, "government.forces_order", "acting_rule") == (0, 0)
    assert [float(faction.fights_isis) for faction in w.factions] == [0.0] * N_FACTIONS
