"""Processes without a mechanism of their own, in small prepared worlds: nature, war, allies, Sadr, an agreed end."""

import math
from typing import Any

import pytest

from sim.names.actions import US_DRAW_DOWN, US_REINFORCE
from sim.names.actors import BY_AGREEMENT, BY_DEMAND, CONFRONT_FACTIONS, LEAVING, N_ALLIES, NORTH_ONLY, SEAT_US
from sim.names.events import (
    CELL_CROSSED,
    DRAWN_DOWN_EVENT,
    FORCES_CONFRONTED,
    FORCES_REFUSED,
    FRAMEWORK_RENEWED,
    PRESIDENT_CONDEMNED,
    SADR_CALLED_OFF,
    WAR_BEGAN,
    WAR_ENDED,
)
from sim.names.mechanisms import M39
from sim.world import (
    bases,
    coalition,
    draws,
    influence,
    iran,
    iraqi_forces,
    isis,
    militias,
    north,
    outside,
    presence,
    public,
    sadr,
    syria,
    talks,
    washington,
)
from sim.world.actor_fields import PRESENCE_STATE
from sim.world.acts import decide_exit, order_attack, order_strike, outlasts_consolidation
from tests.rules.cases import struck, weeks
from tests.rules.situations import events, situation

# Nature and the economy


def test_an_oil_shock_lowers_the_economy_and_hardship_and_anger_follow() -> None:
    """Half the price for half a year: a smaller economy, more hardship, more anger at the government."""
    after = []
    for price in (1.0, 0.5):
        w = situation(p__oil_volatility=0.0)
        w.oil = price
        weeks(w, 26, outside.outside_week, public.public_week)
        after.append((float(w.economy), float(w.hardship[0]), float(w.mood_government)))
    (economy, hardship, anger), (poorer, harder, angrier) = after
    assert poorer < economy - 0.1
    assert harder > hardship
    assert angrier > anger


@pytest.mark.parametrize("spread", [0.4, 0.75, 3.0])
def test_an_epidemic_rises_and_wanes_and_stays_a_share(spread: float) -> None:
    """Over three years its course has a peak inside it, and neither the ill nor the immune leave 0 to 1."""
    w = situation(p__epidemic_spread=spread)
    course: list[float] = []
    immune: list[float] = []
    outside._break_out(w)
    weeks(
        w,
        156,
        outside._epidemic_week,
        lambda world: course.append(float(world.epidemic)),
        lambda world: immune.append(float(world.immune)),
    )
    assert all(0.0 <= share <= 1.0 for share in course + immune)
    peak = course.index(max(course))
    assert course[0] < max(course)
    assert course[peak + 26] < 0.5 * max(course)


# Open war


def test_a_salvo_begins_no_war_unless_it_answers_a_strike_on_irans_soil() -> None:
    """Neither a salvo alone nor a strike alone is war; a salvo after the strike is, unless it is late or a token."""
    w = situation(p__war_chance=10.0, p__iran_case_days=10)
    w.iran.missiles_today = 1
    iran.may_go_to_war(w)
    assert w.open_war == 0
    w.iran.missiles_today = 0
    washington.strike_iran(w, 0.5)
    iran.may_go_to_war(w)
    assert w.open_war == 0
    w.iran.missiles_today = 1
    iran.may_go_to_war(w)
    assert (w.open_war, len(events(w, WAR_BEGAN))) == (0, 0)
    w.iran.missile_weight = 0.5
    w.day = 11
    iran.may_go_to_war(w)
    assert (w.open_war, w.iran.struck) == (0, 0)
    w.day, w.iran.struck = 5, 1
    iran.may_go_to_war(w)
    assert (w.open_war, len(events(w, WAR_BEGAN))) == (1, 1)


def test_strikes_on_factions_in_iraq_are_no_strike_on_irans_soil() -> None:
    """A killed leader is answered by a salvo, and there is no war."""
    w = situation()
    struck(w, 3)
    iran.feel_iran(w)
    w.iran.missiles_today = 1
    iran.may_go_to_war(w)
    assert w.open_war == 0


def test_an_open_war_ends_and_leaves_no_blow_to_answer() -> None:
    """Within three years both sides have stopped, once, and the next salvo is not a war."""
    w = situation()
    w.open_war = w.iran.struck = w.us.iran_case = 1
    for d in range(1, 1096):
        w.day = d
        draws.new_day(w)
        iran.war_day(w)
    assert (w.open_war, len(events(w, WAR_ENDED))) == (0, 1)
    assert (w.iran.struck, w.us.iran_case) == (0, 0)
    w.iran.missiles_today = 1
    iran.may_go_to_war(w)
    assert w.open_war == 0


# Syria and the coalition


@pytest.mark.parametrize(("left", "up_north"), [(1.0, 0.0), (0.3, 0.0), (0.0, 0.2)])
def test_the_contingent_in_syria_stays_while_iraq_or_the_region_carries_it(left: float, up_north: float) -> None:
    """A tenth of the force, anywhere in Iraq, carries it, whether leaving has been decided or not."""
    w = situation()
    before = float(w.outside_troops)
    w.presence.decided_day = 0
    w.presence.troops = left * w.presence.troops_start
    w.presence.troops_north = up_north * w.presence.troops_start
    weeks(w, 52, syria.syria_week)
    assert w.outside_troops == before


def test_the_contingent_in_syria_follows_an_exit_and_isis_there_recovers() -> None:
    """A year after the last soldier has left Iraq the last has left Syria, and ISIS there is stronger."""
    w = situation()
    w.presence.troops = 0.0
    weeks(w, 52, syria.syria_week)
    assert w.outside_troops == 0.0
    assert w.syria_isis > w.s.syria_isis


def test_fighters_who_cross_are_counted_once() -> None:
    """What has come in cells and what waits at the border is what has crossed; each cell is an event."""
    w = situation(p__cell_fighters=5.0)
    before, cells = float(w.fighters), int(w.n_cells)
    flow: list[float] = []
    weeks(w, 20, syria.syria_week, lambda world: flow.append(float(world.p.syria_inflow * world.syria_isis)))
    arrived = float(w.fighters) - before
    assert arrived == pytest.approx(float(w.fighters_in))
    assert arrived + sum(float(x) for x in w.crossing) == pytest.approx(sum(flow))
    assert w.n_cells - cells == len(events(w, CELL_CROSSED)) > 0


def test_a_coalition_member_that_left_never_comes_back() -> None:
    """Over two years in which members leave often, nobody returns and no soldier of theirs is counted."""
    w = situation(p__ally_leaves=0.03)
    gone: set[int] = set()

    def look(world: Any) -> None:
        away = {k for k in range(N_ALLIES) if not world.allies[k].there}
        assert gone <= away
        gone.update(away)
        assert all(world.allies[k].troops == 0.0 for k in away)

    weeks(w, 104, coalition.coalition_week, look)
    assert gone
    assert w.coalition_members == N_ALLIES - len(gone)


# Sadr and the president


@pytest.mark.parametrize(("stance", "marches"), [(0.6, True), (-0.6, False), (0.0, False)])
def test_sadr_calls_his_crowd_off_when_his_stance_has_turned(stance: float, marches: bool) -> None:
    """Against the US he lets it march; turned against Iran, or undecided, he sends it home."""
    w = situation()
    w.sadr.stance, w.sadr.marching, w.sadr.since, w.day = stance, sadr.AGAINST_US, 10, 12
    sadr.sadr_day(w)
    assert (w.sadr.marching == sadr.AGAINST_US) == marches
    assert len(events(w, SADR_CALLED_OFF)) == (0 if marches else 1)


@pytest.mark.parametrize(("iraqis", "civilians", "condemned"), [(0.0, 0.0, 0), (2.0, 0.0, 1), (0.0, 1.0, 1)])
def test_the_president_condemns_only_strikes_that_killed_iraqis(
    iraqis: float, civilians: float, condemned: int
) -> None:
    """Dead militiamen leave him a friend; a dead soldier or civilian costs some of that."""
    w = situation()
    before = float(w.president_backs)
    order_strike(w, 0, 2, 0, 0, 0, 0)
    w.strikes[0].killed, w.strikes[0].iraqis, w.strikes[0].civilians = 20.0, iraqis, civilians
    north.friends_day(w)
    assert len(events(w, PRESIDENT_CONDEMNED)) == condemned
    assert (w.president_backs < before) == (condemned > 0)


# The end of a framework, and of the presence


def _dated(**chosen: float) -> Any:
    """Return a world with a dated framework in force, on the day before its date."""
    w = situation(**chosen)
    gov = w.government
    gov.in_office = gov.framework = gov.dated = 1
    gov.end_day, gov.pull_negotiate, w.day = 300, 0.6, 299
    w.sees.public.isis_trend = 1.0
    return w


def test_a_dated_framework_ends_in_an_exit_by_agreement_on_its_date() -> None:
    """Not the day before; and it is nobody's demand."""
    w = _dated(p__renewal=0.0)
    talks.talk(w)
    assert w.presence.decided_day == -1
    w.day = 300
    talks.talk(w)
    assert (w.presence.decided_day, w.presence.exit_kind, w.presence.state) == (300, BY_AGREEMENT, LEAVING)
    assert w.presence.ugly == 0


def test_a_dated_framework_that_is_renewed_goes_on() -> None:
    """Where both want it the date is put off, and nobody leaves."""
    w = _dated(p__renewal=1000.0)
    w.day = 300
    talks.talk(w)
    assert w.presence.decided_day == -1
    assert w.government.end_day == 300 + int(w.p.transition_days)
    assert len(events(w, FRAMEWORK_RENEWED)) == 1


def test_a_framework_without_a_date_never_ends_by_itself() -> None:
    """Ten years on it is still in force."""
    w = situation()
    w.government.framework, w.government.end_day = 1, -1
    for d in range(0, 3650, 10):
        w.day = d
        talks.talk(w)
    assert (w.government.framework, w.presence.decided_day) == (1, -1)


def test_nothing_draws_the_force_down_after_an_exit_was_decided() -> None:
    """From the next day on: Washington has no means for it, and no cost cuts a force that is leaving."""
    w = situation(p__cut_rate=1.0)
    decide_exit(w, BY_DEMAND, 0, 60.0, 0, 0)
    washington._means(w)
    assert w.can[SEAT_US, US_DRAW_DOWN] == w.can[SEAT_US, US_REINFORCE] == 0
    w.u[:] = 0.0
    for d in range(1, 20):
        w.day = d
        presence.stay_or_leave(w)
        assert w.presence.state == LEAVING
    assert events(w, DRAWN_DOWN_EVENT) == []


@pytest.mark.parametrize("consolidated", [0, 1])
def test_after_a_move_north_only_the_sites_of_the_region_hold_troops(consolidated: int) -> None:
    """All that is left in Iraq lies in the Kurdistan Region, whether bases had been closed before or not."""
    w = situation()
    if consolidated:
        for b in range(w.n_sites):
            w.sites[b].open = int(outlasts_consolidation(w, b))
    w.presence.state, w.presence.exit_day = NORTH_ONLY, 10
    w.presence.troops, w.presence.troops_north = 0.0, 1500.0
    bases.lay_out_troops(w)
    inside = [b for b in range(w.n_sites) if w.site_in[b].outside == 0.0]
    held = {b: float(w.sites[b].troops) for b in inside}
    assert all((troops > 0.0) == bases._is_north(w, b) for b, troops in held.items())
    assert sum(held.values()) == pytest.approx(1500.0)


# Forces and influence


def test_limits_cost_the_army_training_and_spare_the_service() -> None:
    """A year of Baghdad's limits leaves the counter-terrorism service as skilled as one without, the army less so."""
    cts, army = [], []
    for limited in (0, 1):
        w = situation(p__limits_keep_training=1.0)
        w.government.limited = limited
        weeks(w, 52, iraqi_forces.press)
        cts.append(float(w.cts))
        army.append(float(w.skill))
    assert cts[1] == pytest.approx(cts[0])
    assert cts[1] > w.s.iraqi_cts
    assert army[1] < army[0]


@pytest.mark.parametrize(("strength", "confronts"), [(0.0, True), (1.0, False)])
def test_iraqi_forces_confront_no_faction_while_they_shun_it(strength: float, confronts: bool) -> None:
    """Ordered against the factions for a year, they refuse and say so; without M39 they move."""
    w = situation(p__forces_shun=1.0)
    w.strength[M39] = strength
    w.government.in_office = 1
    for _ in range(52):
        w.government.forces_order = CONFRONT_FACTIONS
        weeks(w, 1, iraqi_forces.press)
    assert (len(events(w, FORCES_CONFRONTED)) > 0) == confronts
    assert (len(events(w, FORCES_REFUSED)) > 0) != confronts
    assert any(float(faction.confronted) > 0.0 for faction in w.factions) == confronts


def test_irans_influence_does_not_read_the_presence() -> None:
    """Whatever is written into the presence, influence comes out the same."""
    w = situation()
    influence.influence_week(w)
    before = float(w.influence)
    for field in PRESENCE_STATE:
        setattr(w.presence, field.name, 7)
    w.cover = w.outside_troops = w.coalition_members = 0.0
    influence.influence_week(w)
    assert w.influence == before > 0.0


@pytest.mark.parametrize(("dead", "allied", "hurts"), [(0, 0, False), (2, 0, True), (0, 1, True)])
def test_a_scripted_attack_that_kills_nobody_is_harmless(dead: int, allied: int, hurts: bool) -> None:
    """Deadly or harmless, as an experiment asks: nobody is hurt by the harmless one."""
    w = situation()
    draws.new_day(w)
    order_attack(w, 0, 0, 0, 0, 0)
    w.attacks[0].fixed_dead, w.attacks[0].fixed_allied = dead, allied
    bases.settle_attacks(w)
    assert (w.attacks[0].hurt == 1) == hurts
    assert (w.harmless == 1.0) != hurts


def _cells_in_a_week(pressure_at_start: float, pressure_later: float) -> tuple[float, float]:
    """Return ISIS attacks of the first week and of a later one, under these pressures."""
    w = situation()
    w.p.isis_tempo = 1.0
    found = []
    for day, pressure in ((0, pressure_at_start), (7, pressure_later)):
        w.day = day
        draws.new_day(w)
        w.pressure[:] = pressure
        if day == 0:
            w.pressure_usual[:] = pressure
        isis.cells_week(w)
        found.append(float(w.place_sum.sum()))
    return found[0], found[1]


def test_what_was_counted_at_the_start_holds_whatever_the_pressure_then() -> None:
    """The count is known and the pressure under which it came about is not; what counts is how it changes."""
    heavy, steady = _cells_in_a_week(0.6, 0.6)
    light, _ = _cells_in_a_week(0.1, 0.1)
    assert heavy == light > 0.0
    _, eased = _cells_in_a_week(0.6, 0.1)
    assert eased > 1.5 * steady


def test_an_attack_calls_forth_as_many_as_its_ratio_says() -> None:
    """What it adds to the rate sums to the branching ratio over all days to come."""
    w = situation()
    for days in (1.0, 5.0, 14.0):
        w.p.excitation_days = days
        w.kept.excitation = math.exp(-1.0 / days)
        me = w.factions[0]
        me.excitation = 0.0
        w.p.attack_tempo = 50.0  # an attack is certain
        me.effort = 1.0
        draws.new_day(w)
        w.n_attacks = 0
        militias.stir(w)
        militias.fire(w, 0)
        fired = int(w.n_attacks)
        assert fired >= 1
        w.u[:] = 0.0  # no attack on any later day
        called = 0.0
        for _ in range(400):
            called += float(me.excitation)
            militias.fire(w, 0)
        assert called == pytest.approx(fired * float(w.p.branching))


def test_the_communities_of_a_governorate_add_up_to_its_people() -> None:
    """Each share is drawn from a range of its own; ratios between them stay."""
    w = situation()
    t = w.place_in[0]
    before = float(t.sunni_arab), float(t.shia)
    t.sunni_arab, t.shia, t.kurd, t.other = 0.6, 0.3, 0.2, 0.1
    public.start_public(w)
    assert float(t.sunni_arab + t.shia + t.kurd + t.other) == pytest.approx(1.0)
    assert float(t.sunni_arab) == pytest.approx(2.0 * float(t.shia))
    assert before != (float(t.sunni_arab), float(t.shia))
