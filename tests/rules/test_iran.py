"""Iran: its orders, its blows, its feelings, and open war: exact moves."""

import pytest

from sim.names import actions as act
from sim.names import events as told_of
from sim.names.actors import IRAN, N_GOVERNORATES, OPEN_WAR, SEAT_IRAN
from sim.names.events import HEAVY, LEADERSHIP, PROPORTIONATE
from sim.world import iran
from sim.world.draws import WAR_SALVO_DRAW
from tests.rules.moves import FIRST, Case, Told, cases, rule_name, seen, stage, told

RULE = 777
SALVO = int(WAR_SALVO_DRAW)


# The start, and what follows from how things stand

STARTS = {"s.pressure_on_iran": 0.7, "p.fear_base": 0.2, "s.iran_network": 0.9, "p.missile_stock": 3.5,
          "p.funds_pressure": 0.4, "p.finance_squeeze": 0.3, "government.cooperates": 0.5, "iran.pressure": 0.1,
          "iran.fear": 0, "iran.network": 0.1, "iran.funds": 0.1, "iran.order_day": 4, "iran.stock": 1,
          "war_over": 7, "p.hold_by_network": 0.5, "M64": 1.0}  # fmt: skip


def test_start() -> None:
    """Pressure and network as the scenario has them, a full stock, money as pressure and Baghdad leave it."""
    case = Case("", STARTS, {"iran.pressure": 0.7, "iran.fear": 0.2, "iran.network": 0.9, "iran.order_day": -1,
                             "iran.funds": (1 - 0.28) * (1 - 0.15) * (1 - 0.5 * 0.1), "iran.stock": 3.5,
                             "war_over": -1})  # fmt: skip
    assert seen(case, iran.start_iran) == case.expected()


@pytest.mark.parametrize(
    ("order", "step"),
    [(-1, 0), (-0.75, 0), (-0.74, 1), (-0.11, 1), (-0.1, 2), (0, 2), (0.1, 2), (0.11, 3), (0.74, 3), (0.75, 4), (1, 4)],
)
def test_the_steps_of_an_order(order: float, step: int) -> None:
    """Stand down, restrain, carry on, push, all out."""
    assert iran._step(order) == step


PUSHES = {"iran.order": 0.4, "iran.network": 0.5, "p.pressure_push": 0.6, "iran.pressure": 0.3, "M03": 0.5,
          "p.war_push": 0.15, "sees.public.open_war": 0, "p.worry_softens": 0.25, "iran.worry": 0.4, "M54": 0.5,
          "M54 reads": 1}  # fmt: skip
#: Network 0.5 of an order of 0.4, pressure 0.5 * 0.6 * 0.3 more, worry 0.5 * 0.25 * 0.4 less.
PUSHED = 0.2 + 0.09 - 0.05


@pytest.mark.parametrize(
    ("given", "push"),
    [
        ({}, PUSHED),
        ({"M03": 0}, 0.15),
        ({"sees.public.open_war": 1}, PUSHED + 0.15),
        ({"sees.public.open_war": 1, "p.war_push": 3}, 1),
        ({"iran.order": -1, "iran.network": 1.5}, -1),
        ({"iran.order": -1}, -0.5 + 0.09 - 0.05),
    ],
)
def test_the_push_that_reaches_the_factions(given: dict[str, float], push: float) -> None:
    """The order by the network, harder under pressure and in war, softer for worry, from -1 to 1."""
    assert iran._push(stage({**PUSHES, **given})) == pytest.approx(push)


@pytest.mark.parametrize(
    ("reads", "strength", "worried", "softer"),
    [(1, 0.5, 0.4, 0.05), (1, 0, 0.4, 0), (1, 2, 0.4, 0.2), (0, 0, 0.4, 0.1), (0, 0.3, 0.4, 0.07), (0, 1, 0.4, 0),
     (0, 2, 0.4, 0), (0, 0.3, 0, 0), (0, -0.5, 0.4, 0.1)],
)  # fmt: skip
def test_how_far_worry_softens_the_push(reads: int, strength: float, worried: float, softer: float) -> None:
    """Where worry alone moves Iran it softens at the strength of M54; where ISIS is the price of the exit, the less."""
    w = stage({"M54 reads": reads, "M54": strength, "p.worry_softens": 0.25, "iran.worry": worried})
    assert iran.softened(w) == pytest.approx(softer)


@pytest.mark.parametrize(("strength", "worried", "day"), [(0.5, 0.4, 100), (0.5, 0.0, -1)])
def test_worry_that_is_not_felt_matters_to_nothing(strength: float, worried: float, day: int) -> None:
    """M54 is noted to matter only where there is worry for it to overcome."""
    w = stage({"M54 reads": 0, "M54": strength, "p.worry_softens": 0.25, "iran.worry": worried, "mattered.54": -1})
    iran.softened(w)
    assert w.mattered[54] == day


BORDER = {**{f"place_fighters.{g}": 0 for g in range(N_GOVERNORATES)},
          **{f"place_in.{g}.iran_border": 0 for g in range(N_GOVERNORATES)}, "M54 reads": 1, "border_start": 100,
          "place_fighters.0": 150, "place_in.0.iran_border": 0.5, "place_fighters.17": 130,
          "place_in.17.iran_border": 0.5,
          "place_fighters.8": 900, "sees.public.isis_trend": 1.9}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "worry"),
    [
        (BORDER, 0.4),
        ({**BORDER, "place_in.17.iran_border": 0}, 0.0),
        ({**BORDER, "place_in.8.iran_border": 1}, 1.0),
        ({**BORDER, "border_start": 0, "place_fighters.0": 0.4, "place_fighters.17": 2.2}, 0.3),
        ({**BORDER, "M54 reads": 0}, 0.9),
        ({"M54 reads": 0, "sees.public.isis_trend": 2.5}, 1.0),
        ({"M54 reads": 0, "sees.public.isis_trend": 0.5}, 0.0),
    ],
)
def test_worry_over_isis(given: dict[str, float], worry: float) -> None:
    """How far ISIS has grown: all over Iraq, or near the border where that alone moves Iran; from 0 to 1."""
    assert iran.worry(stage(given)) == pytest.approx(worry)


# Decisions

ORDERS = {"iran.order": 0.2, "iran.order_day": 60, "p.order_days": 40, "iran.grievance_event": 31,
          "parliament.passed_event": 32, "iran.unavenged": 0, "iran.order_event": 5}  # fmt: skip


def _ordered(step: int, cause: int) -> tuple[Told]:
    return (Told(told_of.IRAN_ORDERED, actor=IRAN, detail=float(step), cause=cause, rule=RULE),)


def _order(order: float, day: int = 100) -> dict[str, float]:
    return {"iran.order": order, "iran.order_day": day, "iran.order_event": FIRST}


@cases(
    Case("as before", {**ORDERS, "iran.order": 0.8}, {}),
    Case("a nuance", {**ORDERS, "iran.order": 0.9}, {"iran.order": 0.8}),
    Case("harder", ORDERS, _order(0.8), _ordered(4, 31)),
    Case("harder too soon", {**ORDERS, "iran.order_day": 61}, {}),
    Case("too soon after one of day 0", {**ORDERS, "iran.order_day": 0, "p.order_days": 101}, {}),
    Case("none had changed", {**ORDERS, "iran.order_day": -1, "p.order_days": 200}, _order(0.8), _ordered(4, 31)),
    Case("on day 0", {**ORDERS, "day": 0}, {"iran.order": 0.8}),
    Case("on day 1", {**ORDERS, "day": 1, "iran.order_day": -1}, _order(0.8, 1), _ordered(4, 31)),
)
def test_an_order_is_given(case: Case) -> None:
    """Another step is told, with its rule and cause, but not too soon after the last; day 0 only shows what stood."""
    assert seen(case, iran._order, 0.8, RULE) == case.expected()


@cases(
    Case("softer", ORDERS, _order(-0.2), _ordered(1, 32)),
    Case("softer, with a leader unavenged", {**ORDERS, "iran.unavenged": 1}, _order(-0.2), _ordered(1, 31)),
)
def test_a_softer_order_answers_the_vote(case: Case) -> None:
    """Unless a leader is unavenged, it is the resolution that lets Iran ease."""
    assert seen(case, iran._order, -0.2, RULE) == case.expected()


DECIDES = {**ORDERS, **PUSHES, "iran.courting": 0.9, "sees.public.us_troops": 0.5, "iran.stock": 1,
           "iran.missiles_today": 0,
           "iran.missile_weight": 0, "missile_rule": 0, "iran.push": 0}  # fmt: skip
PROXIES = (act.LANE_PROXIES, act.IRAN_ORDER, -0.3)
MISSILES = (act.LANE_DIRECT, act.IRAN_FIRE_MISSILES, 0.6)
COURT = (act.LANE_POLITICS, act.IRAN_COURT, 0.7)


@pytest.mark.parametrize(
    ("given", "acts", "order", "salvo", "courting"),
    [
        ({}, (), (0.0, 0), (0, 0, 0), 0.0),
        ({}, (PROXIES,), (-0.3, 0), (0, 0, 0), 0.0),
        ({}, (MISSILES,), (0.0, 0), (1, 0.6, 0), 0.0),
        ({}, (COURT,), (0.0, 0), (0, 0, 0), 0.7),
        ({}, (PROXIES, MISSILES, COURT), (-0.3, 0), (1, 0.6, 1), 0.7),
        ({"sees.public.us_troops": 0}, (PROXIES, MISSILES, COURT), (-0.3, 0), (0, 0, 0), 0.7),
        ({"iran.stock": 0.9}, (PROXIES, MISSILES, COURT), (-0.3, 0), (0, 0, 0), 0.7),
    ],
)
def test_iran_decides(
    given: dict[str, float],
    acts: tuple[tuple[float, ...], ...],
    order: tuple[float, int],
    salvo: tuple[float, ...],
    courting: float,
) -> None:
    """An order (none is none), a salvo where there is a target and a full stock, means in Baghdad, and the push."""
    w = stage({**DECIDES, **given}, {SEAT_IRAN: acts})
    w.can[:] = 7
    iran.decide_iran(w)
    rule = rule_name(SEAT_IRAN, int(salvo[2])) if salvo[0] else 0
    assert (w.iran.order, w.iran.courting) == (order[0], courting)
    assert (w.iran.missiles_today, w.iran.missile_weight, w.missile_rule) == (*salvo[:2], rule)
    assert [each.rule for each in told(w)] == [rule_name(SEAT_IRAN, 0) if PROXIES in acts else 0]
    assert w.iran.push == pytest.approx(order[0] * 0.5 + 0.09 - 0.05)
    able = 0 if given else 1
    assert tuple(w.can[SEAT_IRAN, :3]) == (1, able, 1)


# Feelings

RESTS = {"n_strikes": 0, "iran.missiles_today": 0, "iran.unavenged": 1, "iran.grievance": 0, "iran.grievance_event": 31,
         "p.grievance_after_answer": 0.4, "iran.fear": 0.2, "p.fear_base": 0.2, "p.fear_per_salvo": 0.3,
         "iran.struck": 1,
         "missile_rule": RULE, "iran.stock": 3, "p.missile_stock": 3, "p.missile_refill": 0.25, "kept.grievance": 0.9,
         "kept.fear": 0.8, "iran.pressure": 0.5, "s.pressure_on_iran": 0.5, "kept.pressure": 0.7, "iran.network": 1,
         "p.network_repair": 0.1, "p.funds_pressure": 0.4, "p.finance_squeeze": 0, "iran.funds": 0.8, "M54 reads": 0,
         "sees.public.isis_trend": 1.25, "iran.worry": 0.25, "p.pressure_per_strike": 0.1, "M04": 0.5,
         "M62": 0.0, "p.hold_by_network": 0.0}  # fmt: skip
SENT = {"iran.unavenged": 0, "iran.missiles_today": 0, "iran.struck": 0, "missile_rule": 0}


@cases(
    Case("at rest", RESTS, {}),
    Case("missiles satisfy", {**RESTS, "iran.missiles_today": 1, "iran.grievance": 0.5},
         {**SENT, "iran.grievance": 0.5 * 0.4 * 0.9, "iran.fear": 0.2 + 0.3 * 0.8 * 0.8}),
    Case("stock comes back", {**RESTS, "iran.stock": 1}, {"iran.stock": 1.25}),
    Case("up to its full", {**RESTS, "iran.stock": 2.9}, {"iran.stock": 3}),
    Case("and what is beyond stays", {**RESTS, "iran.stock": 3.5}, {}),
    Case("feelings fade to their rest", {**RESTS, "iran.grievance": 0.5, "iran.fear": 0.6, "iran.pressure": 0.9,
                                         "iran.funds": 0},
         {"iran.grievance": 0.45, "iran.fear": 0.2 + 0.4 * 0.8, "iran.pressure": 0.5 + 0.4 * 0.7,
          "iran.funds": 1 - 0.4 * 0.78}),
    Case("the network is repaired", {**RESTS, "iran.network": 0.4}, {"iran.network": 0.46}),
    Case("worry follows ISIS", {**RESTS, "sees.public.isis_trend": 1.7}, {"iran.worry": 0.7}),
    Case("two strikes", {**RESTS, "n_strikes": 2, "strikes.0.weight": PROPORTIONATE, "strikes.1.weight": HEAVY,
                         "strikes.2.weight": HEAVY},
         {"iran.pressure": 0.5 + (0.05 + 0.2 * 0.45) * 0.7, "iran.funds": 1 - 0.4 * (0.5 + 0.14 * 0.7)}),
)  # fmt: skip
def test_a_day_felt_in_iran(case: Case) -> None:
    """Strikes press, missiles satisfy and frighten, and all goes back to where it rests."""
    assert seen(case, iran.feel_iran) == case.expected()


STRUCK = {"strikes.1.weight": LEADERSHIP, "strikes.1.guest": 1, "strikes.1.event": 71, "iran.pressure": 0.2,
          "p.pressure_per_strike": 0.1, "iran.grievance": 0.3, "M04": 0.5, "p.grievance_per_leader": 0.8,
          "p.grievance_per_friend": 0.25, "iran.grievance_event": 31, "iran.unavenged": 0, "iran.network": 0.9,
          "p.network_per_leader": 0.2, "M62": 0.0}  # fmt: skip
GUEST = {"iran.pressure": 0.28, "iran.grievance": 0.3 + 0.4 * 0.7, "iran.grievance_event": 71, "iran.unavenged": 1,
         "iran.network": 0.9 * 0.8}  # fmt: skip
FRIEND = {"iran.pressure": 0.28, "iran.grievance": 0.3 + 0.1 * 0.7}


@cases(
    Case("a strike", {**STRUCK, "strikes.1.weight": PROPORTIONATE}, {"iran.pressure": 0.28}),
    Case("a heavy strike", {**STRUCK, "strikes.1.weight": HEAVY}, {"iran.pressure": 0.2 + 0.2 * 0.8}),
    Case("its own man", STRUCK, GUEST),
    Case("its own man, unfelt", {**STRUCK, "M04": 0, "iran.unavenged": 1},
         {"iran.pressure": 0.28, "iran.grievance_event": 71, "iran.unavenged": 0, "iran.network": 0.72}),
    Case("a friend", {**STRUCK, "strikes.1.guest": 0}, {**FRIEND, "iran.grievance_event": 71}),
    Case("a friend, its own man unavenged", {**STRUCK, "strikes.1.guest": 0, "iran.unavenged": 1}, FRIEND),
)  # fmt: skip
def test_what_a_strike_does_to_iran(case: Case) -> None:
    """Pressure of each, twice of a heavy one; grievance for a leader (M04): its own man, or a friend's."""
    assert seen(case, iran._take_blow, 1) == case.expected()


# War

WAR = {"open_war": 1, "p.war_stops": 0.1, "iran.struck": 1, "us.iran_case": 1, "war_over": -1, "war_event": 51,
       "p.war_salvo": 0.4, "presence.troops": 0.5, "iran.stock": 1.5, "p.war_weight": 1.5, "iran.missiles_today": 0,
       "iran.missile_weight": 0, "rung": 3, "highest_rung": 7, "rung_day": 5}  # fmt: skip
QUIET = {(SALVO, 2): 0.1, (SALVO, 0): 0.4, (SALVO, 1): 0.4}
FIRES, STRIKES, ENDS = {(SALVO, 0): 0.39}, {(SALVO, 1): 0.39}, {(SALVO, 2): 0.09}
FIRED = {"iran.missiles_today": 1, "iran.missile_weight": 1.5}
CLIMBED = {"rung": OPEN_WAR, "highest_rung": OPEN_WAR, "rung_day": 100}
BY_IRAN = {"under_fire": 1.0}
BLOW = (Told(told_of.US_STRUCK_IRAN, target=IRAN, detail=1.5, cause=51),
        Told(told_of.RUNG_CLIMBED, detail=float(OPEN_WAR), cause=FIRST))  # fmt: skip


@cases(
    Case("no war", {**WAR, "open_war": 0}, {}),
    Case("a lull", WAR, {}, dice=QUIET),
    Case("a salvo", WAR, FIRED, dice=QUIET | FIRES),
    Case("nobody to fire at", {**WAR, "presence.troops": 0}, {}, dice=QUIET | FIRES),
    Case("nothing to fire", {**WAR, "iran.stock": 1.4}, {}, dice=QUIET | FIRES),
    Case("a strike", WAR, CLIMBED, BLOW, QUIET | STRIKES),
    Case("both", WAR, {**FIRED, **CLIMBED}, BLOW, QUIET | FIRES | STRIKES),
    Case("it ends", WAR, {"open_war": 0, "iran.struck": 0, "us.iran_case": 0, "war_over": 100},
         (Told(told_of.WAR_ENDED, actor=IRAN, cause=51),), QUIET | FIRES | STRIKES | ENDS),
)  # fmt: skip
def test_a_day_of_open_war(case: Case) -> None:
    """Both sides stop by chance; else a salvo, while there are soldiers and missiles, and a strike, each by its own."""
    assert seen(case, iran.war_day) == case.expected()


BEGINS = {"iran.struck": 1, "iran.struck_day": 90, "p.iran_case_days": 10, "war_over": -1, "p.war_rest": 20,
          "iran.missiles_today": 1, "open_war": 0, "p.war_chance": 0.8, "iran.missile_weight": 0.5,
          "iran.struck_event": 41,
          "had_open_war": 0, "war_event": 0, "rung": 3, "highest_rung": 7, "rung_day": 5}  # fmt: skip
BEGUN = {"open_war": 1, "had_open_war": 1, "war_event": FIRST, **CLIMBED, **BY_IRAN}
TELLS = (Told(told_of.WAR_BEGAN, actor=IRAN, cause=41),
         Told(told_of.RUNG_CLIMBED, actor=IRAN, detail=float(OPEN_WAR), cause=FIRST))  # fmt: skip
LUCK, NO_LUCK = {(SALVO, 3): 0.39}, {(SALVO, 3): 0.4}


@cases(
    Case("it begins", BEGINS, BEGUN, TELLS, LUCK),
    Case("it does not", BEGINS, {}, (), NO_LUCK),
    Case("no salvo", {**BEGINS, "iran.missiles_today": 0}, {}),
    Case("no strike on Iran", {**BEGINS, "iran.struck": 0}, {}),
    Case("a war goes on", {**BEGINS, "open_war": 1}, {}),
    Case("a strike too old", {**BEGINS, "iran.struck_day": 89}, {"iran.struck": 0}),
    Case("too soon after a war", {**BEGINS, "war_over": 81}, {}),
    Case("after a rest", {**BEGINS, "war_over": 80}, BEGUN, TELLS, LUCK),
    Case("too soon after one that ended on day 0", {**BEGINS, "war_over": 0, "p.war_rest": 101}, {}),
    Case("no war before", {**BEGINS, "p.war_rest": 200}, BEGUN, TELLS, LUCK),
)
def test_a_war_begins(case: Case) -> None:
    """A salvo that answers a strike on Iranian soil begins it by its weight; not after a long time, nor after a war."""
    assert seen(case, iran.may_go_to_war) == case.expected()
