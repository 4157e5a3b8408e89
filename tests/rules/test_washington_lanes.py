"""What Washington has the means for and decides, lane by lane: exact moves."""

from typing import Any

import pytest

from sim.names import actions as act
from sim.names import events as told_of
from sim.names.actors import (
    BY_DEMAND,
    BY_OWN_CHOICE,
    DRAWN_DOWN,
    FULL,
    GOVERNMENT,
    IRAN,
    LEAVING,
    MISSILES,
    SEAT_US,
)
from sim.names.events import CAUSE_ACCEPTED, CAUSE_POLICY, CONSENT, HEAVY, LEADERSHIP, NOTICE
from sim.names.mechanisms import M09, M46
from sim.world import washington
from tests.rules.moves import FIRST, Case, Told, cases, moves, rule_name, stage, told

# Means

MEANS = {"presence.troops": 0.4, "presence.troops_north": 0, "presence.decided_day": -1, "presence.state": FULL,
         "presence_pinned": 0, "us.case_open": 0, "us.iran_case": 0, "us.measures": 0, "us.sanctions": 0,
         "us.consolidated": 0, "us.air_defence_ordered": 0, "us.suspended": 0, "us.threat": 0,
         "sees.public.protest": 0.02, "sees.public.demand_made": 0, "sees.public.talks_open": 0,
         "sees.public.north_offered": 0, "sees.public.region_willing": 0}  # fmt: skip
CAN = {"STRIKE", "LEADERSHIP_STRIKE", "USE_MEASURES", "BACK_POLITICIANS", "DECLARE_AIMS", "CONSOLIDATE",
       "AIR_DEFENCE", "REINFORCE", "SUSPEND", "OFFER_TALKS", "REFUSE", "QUIET_LEVERAGE", "THREATEN", "WITHDRAW",
       "DRAW_DOWN"}  # fmt: skip
ARMED = {"STRIKE", "LEADERSHIP_STRIKE", "CONSOLIDATE", "SUSPEND"}
STAYS = {"DECLARE_AIMS", "REINFORCE", "OFFER_TALKS", "WITHDRAW", "DRAW_DOWN"}


@pytest.mark.parametrize(
    ("given", "more", "less"),
    [
        ({}, set(), set()),
        ({"us.case_open": 1}, {"HOLD", "PROTEST"}, set()),
        ({"us.iran_case": 1}, {"STRIKE_IRAN"}, set()),
        ({"us.measures": 1}, {"WAIVE"}, {"USE_MEASURES"}),
        ({"us.sanctions": 1}, {"WAIVE"}, set()),
        ({"us.consolidated": 1}, {"SPREAD"}, {"CONSOLIDATE"}),
        ({"us.air_defence_ordered": 1}, set(), {"AIR_DEFENCE"}),
        ({"us.suspended": 1}, {"RESUME"}, {"SUSPEND"}),
        ({"us.threat": 1}, {"WITHDRAW_THREAT"}, {"THREATEN"}),
        ({"sees.public.protest": 0.03}, {"BACK_PROTESTERS"}, set()),
        ({"sees.public.demand_made": 0.4}, {"ACCEPT_DEMAND"}, set()),
        ({"sees.public.talks_open": 0.4}, {"SUSPEND_TALKS"}, set()),
        ({"sees.public.north_offered": 1}, {"RELOCATE_NORTH"}, set()),
        ({"presence.state": DRAWN_DOWN}, set(), {"DRAW_DOWN"}),
        ({"presence_pinned": 1, "sees.public.demand_made": 1, "sees.public.north_offered": 1}, set(),
         {"WITHDRAW", "DRAW_DOWN"}),
        ({"presence.decided_day": 0, "sees.public.demand_made": 1, "sees.public.north_offered": 1}, set(), STAYS),
        ({"presence.decided_day": 0, "us.consolidated": 1}, set(), STAYS | {"CONSOLIDATE"}),
        ({"presence.troops": 0, "presence.troops_north": 0.4}, set(), set()),
        ({"presence.troops": 0}, set(), ARMED),
        ({"presence.troops": 0, "us.suspended": 1}, set(), ARMED),
    ],
)  # fmt: skip
def test_what_washington_has_the_means_for(given: dict[str, float], more: set[str], less: set[str]) -> None:
    """Each act asks for what it needs: a case, soldiers, a presence that stays, something to lift or to resume."""
    w = stage({**MEANS, **given})
    w.can[:] = 7
    washington._means(w)
    names = {
        name[3:]: number for name, number in vars(act).items() if name.startswith("US_") and isinstance(number, int)
    }
    assert {name for name, number in names.items() if w.can[SEAT_US, number] == 1} == (CAN | more) - less
    assert {name for name, number in names.items() if w.can[SEAT_US, number] == 0} == set(names) - ((CAN | more) - less)
    assert (w.can[SEAT_US + 1 :] == 7).all()


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ({"sees.public.north_offered": 0.4}, True),
        ({"sees.public.region_willing": 0.7, "M38": 1.5}, True),
        ({"sees.public.region_willing": 0.7, "M38": 1.0}, True),
        ({"sees.public.region_willing": 0.7, "M38": 0.9}, False),
        ({"sees.public.region_willing": 0.7, "M38": 0.0}, False),
        ({"sees.public.region_willing": 0.69, "M38": 1.0}, False),
    ],
)
def test_the_region_hosts(given: dict[str, float], hosts: bool) -> None:
    """It hosts where it has offered, or where its will at the strength of M38 reaches what it takes."""
    w = stage({"p.north_agrees": 0.7, "sees.public.north_offered": 0, "sees.public.region_willing": 0, **given})
    assert washington.region_hosts(w) == hosts


# The lanes

EVERY_LANE = (
    (act.LANE_RESPONSE, act.US_HOLD),
    (act.LANE_POSTURE, act.US_AIR_DEFENCE),
    (act.LANE_OPERATIONS, act.US_SUSPEND),
    (act.LANE_TALKS, act.US_OFFER_TALKS),
    (act.LANE_MONEY, act.US_USE_MEASURES),
    (act.LANE_US_POLITICS, act.US_BACK_POLITICIANS, 0.6, 0.0),
    (act.LANE_PRESENCE, act.US_DRAW_DOWN, 0.25),
)


def test_every_lane_acts_in_its_turn() -> None:
    """One act of each lane, in order, each told as the work of its own rule; yesterday's friends are gone."""
    given = {"us.case_open": 1, "us.case_killed": 1, "us.backs_street": 0.4, "presence.troops": 80}
    w = stage({**MEANS, **given}, {SEAT_US: EVERY_LANE})
    washington.decide_washington(w)
    assert [(each.kind, each.rule) for each in told(w)] == [
        (told_of.HELD, rule_name(SEAT_US, 0)),
        (told_of.AIR_DEFENCE, rule_name(SEAT_US, 1)),
        (told_of.OPERATIONS_SUSPENDED, rule_name(SEAT_US, 2)),
        (told_of.MEASURES_USED, rule_name(SEAT_US, 4)),
        (told_of.BACKED_POLITICIANS, rule_name(SEAT_US, 5)),
        (told_of.DRAWN_DOWN_EVENT, rule_name(SEAT_US, 6)),
    ]
    assert (w.us.talks_offered, w.us.backs_members, w.us.backs_street, w.acting_rule) == (1, 0.6, 0, 0)
    assert w.presence.to_cut == 60


def test_without_a_rule_washington_does_nothing() -> None:
    """No rule, no act: what it offered and whom it backed yesterday ends."""
    given = {"us.talks_offered": 1, "us.backs_members": 0.3, "us.backs_street": 0.4}
    w = stage({**MEANS, **given}, {SEAT_US: ()})
    washington.decide_washington(w)
    assert (w.us.talks_offered, w.us.backs_members, w.us.backs_street, told(w)) == (0, 0, 0, [])


def _carried_out(case: Case, lane: int, *acts: float) -> Any:
    """Return what an act of Washington moves and tells."""
    w = stage(case.given, {SEAT_US: ((0, 0), (lane, *acts))})
    w.acting_rule = rule_name(SEAT_US, 1)
    moved = moves(w, washington._carry_out, lane, 1)
    return moved, told(w)


def _us(kind: int, **more: Any) -> Told:
    return Told(kind, rule=rule_name(SEAT_US, 1), **more)


# Response

RESPONDS = {"us.case_open": 1, "us.case_held": 0, "us.case_killed": 0, "us.case_wounded": 0, "us.case_event": 17,
            "government.trust": 0.4, "government.trust_event": 3, "p.trust_per_hold": 0.3}  # fmt: skip
TRUSTED = {"us.case_held": 1, "government.trust": 0.4 + 0.3 * 0.6, "government.trust_event": FIRST}


@cases(
    Case("one dead", {**RESPONDS, "us.case_killed": 1}, TRUSTED),
    Case("one wounded", {**RESPONDS, "us.case_wounded": 1}, TRUSTED),
    Case("nobody hurt", RESPONDS, {"us.case_held": 1}),
    Case("said before", {**RESPONDS, "us.case_killed": 1, "us.case_held": 1}, {}),
)
@pytest.mark.parametrize(("action", "kind"), [(act.US_HOLD, told_of.HELD), (act.US_PROTEST, told_of.US_PROTESTED)])
def test_holding_fire_over_a_harmful_attack_earns_trust_once(case: Case, action: int, kind: int) -> None:
    """Trust rises by its step towards 1, when somebody was hurt and it had not been said."""
    moved, events = _carried_out(case, act.LANE_RESPONSE, action)
    assert moved == case.expected()[0]
    assert events == ([_us(kind, cause=17)] if "government.trust" in case.moves else [])


STRIKES = {"us.case_open": 1, "us.case_event": 17, "last_deadly_event": 11, "us.killed_since_strike": 4,
           "government.trust": 0.4, "p.consent_trust": 0.4, "us.evidence.2": 9, "siege": 0,
           "humiliation": 0}  # fmt: skip
ORDERED = ("target", "weight", "consent", "place", "cause", "answers_case")
STRIKE, LEADER = act.US_STRIKE, act.US_LEADERSHIP_STRIKE


@pytest.mark.parametrize(
    ("given", "options", "ordered"),
    [
        ({}, (STRIKE, 0, 1, NOTICE, 1), (2, HEAVY, NOTICE, 1, 17, 1)),
        ({}, (STRIKE, 0, 0, CONSENT, 2), (2, 1, CONSENT, 2, 17, 1)),
        ({}, (STRIKE, 5, 1, 0, 0), (4, HEAVY, 0, 0, 17, 0)),
        ({}, (STRIKE, 1, 0, 0, 0), (0, 1, 0, 0, 17, 0)),
        ({}, (LEADER, 0, CONSENT, 2), (2, LEADERSHIP, CONSENT, 2, 17, 1)),
        ({}, (LEADER, 5, 0, 1), (4, LEADERSHIP, 0, 1, 17, 0)),
        ({"government.trust": 0.39}, (LEADER, 5, NOTICE, 2), (4, LEADERSHIP, NOTICE, 2, 17, 0)),
        ({"us.case_open": 0}, (STRIKE, 0, 1, NOTICE, 1), (2, HEAVY, NOTICE, 1, 11, 0)),
    ],
)
def test_a_strike_is_ordered_as_the_policy_says(
    given: dict[str, float], options: tuple[float, ...], ordered: tuple[float, ...]
) -> None:
    """Whom (0 the suspect), how hard, told to whom, where, for what; with it case and count of dead are closed."""
    w = stage({**STRIKES, **given}, {SEAT_US: ((0, 0), (act.LANE_RESPONSE, *options))})
    washington._carry_out(w, act.LANE_RESPONSE, 1)
    assert w.n_strikes == 1
    assert tuple(w.strikes[0][name] for name in ORDERED) == ordered
    assert w.strikes[0].rule == rule_name(SEAT_US, 1)
    assert (w.us.case_open, w.us.killed_since_strike, told(w)) == (0, 0, [])


def test_the_second_strike_of_a_day_is_the_one_that_answers() -> None:
    """The case belongs to the strike just ordered."""
    w = stage({**STRIKES, "n_strikes": 1}, {SEAT_US: ((0, 0), (act.LANE_RESPONSE, STRIKE, 0, 0, 0, 0))})
    washington._carry_out(w, act.LANE_RESPONSE, 1)
    assert [int(w.strikes[k].answers_case) for k in range(3)] == [0, 1, 0]


def test_a_baghdad_that_does_not_trust_refuses_consent() -> None:
    """Below the trust that it takes nothing is ordered, and the case stays open."""
    case = Case("", {**STRIKES, "government.trust": 0.39}, {"acting_rule": 0})
    moved, events = _carried_out(case, act.LANE_RESPONSE, STRIKE, 0, 1, CONSENT, 1)
    assert moved == {}
    assert events == [_us(told_of.CONSENT_REFUSED, actor=GOVERNMENT, cause=17, claim=M09)]


@pytest.mark.parametrize(
    ("siege", "humiliation", "event"), [(0, 0.0, 11), (0, 0.2, 11), (0, 0.21, 23), (1, 0.0, 23), (1, 0.5, 23)]
)
def test_without_a_case_a_strike_answers_a_siege_or_the_last_dead(siege: int, humiliation: float, event: int) -> None:
    """The siege, while it goes on or rankles; else the last deadly attack."""
    w = stage({"siege": siege, "humiliation": humiliation, "siege_event": 23, "last_deadly_event": 11})
    assert washington._provocation(w) == event


def test_a_strike_on_iran_itself() -> None:
    """Twice the pressure of a strike, grievance by its weight, fear as of a salvo, the rung of missiles, told."""
    given = {"us.iran_case": 1, "us.iran_case_event": 19, "iran.pressure": 0.2, "p.pressure_per_strike": 0.15,
             "iran.grievance": 0.1, "p.grievance_struck": 0.7, "iran.fear": 0.4, "p.fear_per_salvo": 0.25,
             "rung": 2, "highest_rung": 3, "rung_day": 5}  # fmt: skip
    case = Case("", given, {
        "us.iran_case": 0, "iran.struck": 1, "iran.struck_day": 100, "iran.pressure": 0.2 + 0.3 * 0.8,
        "iran.grievance": 0.1 + 0.7 * 0.6 * 0.9, "iran.fear": 0.4 + 0.25 * 0.6, "iran.struck_event": FIRST,
        "iran.grievance_event": FIRST, "rung": MISSILES, "highest_rung": MISSILES, "rung_day": 100,
    })  # fmt: skip
    moved, events = _carried_out(case, act.LANE_RESPONSE, act.US_STRIKE_IRAN, 0.6)
    assert moved == case.expected()[0]
    assert events == [
        _us(told_of.US_STRUCK_IRAN, target=IRAN, detail=0.6, cause=19),
        _us(told_of.RUNG_CLIMBED, detail=float(MISSILES), cause=FIRST),
    ]


# Posture and operations


@pytest.mark.parametrize(
    ("action", "given", "kind", "cause"),
    [(act.US_CONSOLIDATE, 0, told_of.DREW_TOGETHER, 11), (act.US_SPREAD, 1, told_of.SPREAD_OUT, 0)],
)
def test_troops_are_ordered_together_and_back(action: int, given: int, kind: int, cause: int) -> None:
    """The order is told; bases are handed over, or returned to, in the days that follow."""
    case = Case("", {"us.consolidated": given, "last_deadly_event": 11}, {"us.consolidated": 1 - given})
    moved, events = _carried_out(case, act.LANE_POSTURE, action)
    assert moved == {"us.consolidated": 1 - given, "us.posture_event": FIRST}
    assert events == [_us(kind, cause=cause)]


@pytest.mark.parametrize(
    ("lane", "acts", "given", "moved", "event"),
    [
        (act.LANE_POSTURE, (act.US_AIR_DEFENCE,), {"us.air_defence_ordered": 0, "last_deadly_event": 11},
         {"us.air_defence_ordered": 1}, _us(told_of.AIR_DEFENCE, cause=11)),
        (act.LANE_POSTURE, (act.US_REINFORCE, 750),
         {"presence.troops": 5000, "presence.ever": 6000, "last_deadly_event": 11, "M62": 0.0},
         {"presence.troops": 5750, "presence.ever": 6750}, _us(told_of.REINFORCED, size=750, cause=11)),
        (act.LANE_OPERATIONS, (act.US_SUSPEND,),
         {"us.suspended": 0, "us.case_open": 1, "us.case_day": 99, "last_strike": 98, "us.case_event": 17,
          "us.last_strike_event": 12}, {"us.suspended": 1}, _us(told_of.OPERATIONS_SUSPENDED, cause=17)),
        (act.LANE_OPERATIONS, (act.US_RESUME,), {"us.suspended": 1}, {"us.suspended": 0},
         _us(told_of.OPERATIONS_RESUMED)),
    ],
)  # fmt: skip
def test_air_defences_soldiers_and_operations(
    lane: int, acts: tuple[float, ...], given: dict[str, float], moved: dict[str, float], event: Told
) -> None:
    """Each order moves one number and is told with what it answers."""
    assert _carried_out(Case("", given, moved), lane, *acts) == (moved, [event])


@pytest.mark.parametrize(
    ("case_open", "case_day", "last_strike", "event"),
    [(1, 50, 49, 17), (1, 50, 50, 12), (1, 50, 51, 12), (0, 50, 49, 12)],
)
def test_what_alarmed_the_force(case_open: int, case_day: int, last_strike: int, event: int) -> None:
    """The attack at hand where it came after the last strike, else that strike."""
    w = stage({"us.case_open": case_open, "us.case_day": case_day, "last_strike": last_strike, "us.case_event": 17,
               "us.last_strike_event": 12})  # fmt: skip
    assert washington._alarm(w) == event


# Talks

TALKS = {"us.talks_offered": 0, "us.talks_refused": 0, "government.talks_open": 0, "government.talks_suspended": 0,
         "government.suspended_day": 4, "government.demand": 0, "government.refused": 0, "government.demand_event": 13,
         "government.talks_event": 14, "parliament.momentum": 0.6, "p.momentum_refusal": 0.3}  # fmt: skip
BROKEN_OFF = {"government.talks_open": 0, "government.talks_suspended": 1, "government.suspended_day": 100}


@pytest.mark.parametrize(
    ("action", "given", "moved", "events"),
    [
        (act.US_OFFER_TALKS, {"us.talks_refused": 1, "government.talks_open": 1, "government.demand": 0.4},
         {"us.talks_offered": 1, "us.talks_refused": 0}, ()),
        (act.US_REFUSE, {"us.talks_offered": 1}, {"us.talks_offered": 0, "us.talks_refused": 1}, ()),
        (act.US_REFUSE, {"government.talks_open": 1}, {"us.talks_refused": 1, **BROKEN_OFF},
         (_us(told_of.TALKS_SUSPENDED, cause=14),)),
        (act.US_REFUSE, {"government.demand": 0.4},
         {"us.talks_refused": 1, "government.refused": 1, "parliament.momentum": 0.6 * 0.7},
         (_us(told_of.DEMAND_REFUSED, cause=13),)),
        (act.US_REFUSE, {"government.demand": 0.4, "government.refused": 1, "us.talks_refused": 1}, {}, ()),
        (act.US_SUSPEND_TALKS, {"government.talks_open": 1, "government.demand": 0.4, "last_deadly_event": 18},
         BROKEN_OFF, (_us(told_of.TALKS_SUSPENDED, cause=18),)),
    ],
)  # fmt: skip
def test_the_stand_taken_on_talks(
    action: int, given: dict[str, float], moved: dict[str, float], events: tuple[Told, ...]
) -> None:
    """An offer and a refusal stand by themselves; a refusal breaks off talks, and refuses a demand once."""
    assert _carried_out(Case("", {**TALKS, **given}, {}), act.LANE_TALKS, action) == (
        pytest.approx(moved),
        list(events),
    )


def test_a_demand_that_is_accepted_decides_the_exit() -> None:
    """The exit is by demand, over the days that an exit takes at the strength of M40, and answers the acceptance."""
    given = {**TALKS, "government.demand": 0.4, "p.exit_days": 90, "M40": 1.5, "presence_pinned": 0}
    w = stage(given, {SEAT_US: ((0, 0), (act.LANE_TALKS, act.US_ACCEPT_DEMAND))})
    washington._carry_out(w, act.LANE_TALKS, 1)
    there = w.presence
    assert (there.decided_day, there.exit_kind, there.exit_cause) == (100, BY_DEMAND, CAUSE_ACCEPTED)
    assert (there.exit_days, there.north, there.state) == (135, 0, LEAVING)
    assert told(w) == [
        _us(told_of.DEMAND_ACCEPTED, cause=13),
        _us(told_of.EXIT_DECIDED, detail=float(CAUSE_ACCEPTED), cause=FIRST),
    ]


# Money

MONEY = {"us.leverage": 0.2, "p.leverage_step": 0.3, "M22": 0.5, "us.measures": 0, "us.sanctions": 0, "us.threat": 0,
         "government.demand_event": 13, "parliament.passed_event": 15, "p.threat_anger": 0.4,
         "pending_us_all": 0.1}  # fmt: skip


@pytest.mark.parametrize(
    ("action", "given", "moved", "events"),
    [
        (act.US_QUIET_LEVERAGE, {}, {"us.leverage": 0.2 + 0.15 * 0.8}, ()),
        (act.US_QUIET_LEVERAGE, {"us.leverage": 0.05}, {"us.leverage": 0.05 + 0.15 * 0.95}, ()),
        (act.US_QUIET_LEVERAGE, {"us.leverage": 0.04}, {"us.leverage": 0.04 + 0.15 * 0.96},
         (_us(told_of.LEVERAGE_USED, cause=13),)),
        (act.US_QUIET_LEVERAGE, {"us.leverage": 0.04, "M22": 0.0}, {}, ()),
        (act.US_USE_MEASURES, {}, {"us.measures": 1}, (_us(told_of.MEASURES_USED, cause=13),)),
        (act.US_WAIVE, {"us.measures": 1, "us.sanctions": 1}, {"us.measures": 0, "us.sanctions": 0},
         (_us(told_of.MEASURES_LIFTED),)),
        (act.US_THREATEN, {}, {"us.threat": 1, "pending_us_all": 0.1 + 0.2}, (_us(told_of.THREATENED, cause=15),)),
        (act.US_WITHDRAW_THREAT, {"us.threat": 1}, {"us.threat": 0}, (_us(told_of.THREAT_WITHDRAWN, cause=15),)),
    ],
)  # fmt: skip
def test_money_quietly_and_in_the_open(
    action: int, given: dict[str, float], moved: dict[str, float], events: tuple[Told, ...]
) -> None:
    """Quiet leverage builds up by its step (told when it begins); measures and threats stand until lifted (M22)."""
    assert _carried_out(Case("", {**MONEY, **given}, {}), act.LANE_MONEY, action) == (
        pytest.approx(moved),
        list(events),
    )


# Iraq's politics

FRIENDS = {"us.told_members": 41, "us.told_street": 42, "us.backs_members": 0, "us.backs_street": 0,
           "p.open_backing": 0.7, "us.aims": 0, "M46": 0.5, "p.aims_anger": 0.3, "pending_us_all": 0.1}  # fmt: skip
POLITICIANS, PROTESTERS, AIMS = act.US_BACK_POLITICIANS, act.US_BACK_PROTESTERS, act.US_DECLARE_AIMS


@pytest.mark.parametrize(
    ("acts", "given", "moved", "events"),
    [
        ((POLITICIANS, 0.6, 0), {}, {"us.told_members": 100, "us.backs_members": 0.6}, ()),
        ((POLITICIANS, 0.6, 1), {"us.told_members": 40}, {"us.told_members": 100, "us.backs_members": 0.42}, ()),
        ((POLITICIANS, 0.6, 0.5), {"us.told_members": 39}, {"us.told_members": 100, "us.backs_members": 0.42},
         (_us(told_of.BACKED_POLITICIANS),)),
        ((PROTESTERS, 0.6, 0), {"us.told_street": 40}, {"us.told_street": 100, "us.backs_street": 0.6}, ()),
        ((PROTESTERS, 0.6, 1), {"us.told_street": 39}, {"us.told_street": 100, "us.backs_street": 0.42},
         (_us(told_of.BACKED_PROTESTERS),)),
        ((AIMS, 2), {}, {"us.aims": 2, "pending_us_all": 0.25},
         (_us(told_of.AIMS_DECLARED, detail=2.0, claim=M46),)),
        ((AIMS, 1), {"us.aims": 2}, {"us.aims": 1, "pending_us_all": 0.25},
         (_us(told_of.AIMS_DECLARED, detail=1.0, claim=M46),)),
        ((AIMS, 0), {"us.aims": 2}, {"us.aims": 0}, (_us(told_of.AIMS_DECLARED, detail=0.0, claim=M46),)),
        ((AIMS, 2), {"us.aims": 2}, {}, ()),
        ((AIMS, 0), {}, {}, ()),
    ],
)  # fmt: skip
def test_taking_part_in_iraqs_politics(
    acts: tuple[float, ...], given: dict[str, float], moved: dict[str, float], events: tuple[Told, ...]
) -> None:
    """Backing counts in full when quiet, less in the open, and is told after sixty days; aims anger but for ISIS."""
    assert _carried_out(Case("", {**FRIENDS, **given}, {}), act.LANE_US_POLITICS, *acts) == (
        pytest.approx(moved),
        list(events),
    )


# The presence

PRESENT = {"presence.troops": 5000, "presence.decided_day": -1, "presence.state": FULL, "presence_pinned": 0,
           "government.demand_event": 13, "M40": 0.5, "north_offered": 0}  # fmt: skip


def test_a_drawdown_sends_home_over_months_all_but_its_share() -> None:
    """With 0.3 kept, 3500 of 5000 are to go, 35 a day; it is told with the force that stays, and no exit is decided."""
    given = PRESENT | {"p.cut_days": 100.0, "us.cost_event": 12}
    case = Case("", given, {"presence.to_cut": 3500, "presence.cut_a_day": 35, "presence.cut_event": FIRST,
                            "presence.state": DRAWN_DOWN})  # fmt: skip
    moved, events = _carried_out(case, act.LANE_PRESENCE, act.US_DRAW_DOWN, 0.3)
    assert moved == case.expected()[0]
    assert events == [_us(told_of.DRAWN_DOWN_EVENT, detail=1500.0, cause=12)]


@pytest.mark.parametrize(("action", "north"), [(act.US_WITHDRAW, 0), (act.US_RELOCATE_NORTH, 1)])
def test_an_exit_of_its_own_choice(action: int, north: int) -> None:
    """Over half the days asked for (M40 at a half), by own choice and policy, to the north where that was ordered."""
    w = stage(PRESENT, {SEAT_US: ((0, 0), (act.LANE_PRESENCE, action, 80))})
    washington._carry_out(w, act.LANE_PRESENCE, 1)
    there = w.presence
    assert (there.decided_day, there.exit_kind, there.exit_cause) == (100, BY_OWN_CHOICE, CAUSE_POLICY)
    assert (there.exit_days, there.north, there.troops, w.north_offered) == (40, north, 5000, north)
    assert told(w) == [_us(told_of.EXIT_DECIDED, detail=float(CAUSE_POLICY), cause=13)]


@pytest.mark.parametrize("day", [0, 100])
@pytest.mark.parametrize("acts", [(act.US_DRAW_DOWN, 0.3), (act.US_WITHDRAW, 80)])
def test_a_demand_accepted_today_settles_the_presence(day: int, acts: tuple[float, ...]) -> None:
    """Once leaving is decided there is nothing left to choose."""
    case = Case("", {**PRESENT, "presence.decided_day": day}, {})
    assert _carried_out(case, act.LANE_PRESENCE, *acts) == ({}, [])
