"""What a premier does about the presence: his stance and voice, demands, orders, and what he has the means for."""

from functools import partial
from typing import Any

import pytest

from sim.names.actions import (
    GOV_CLEAR_PROTESTS,
    GOV_CONFRONT,
    GOV_COOPERATE,
    GOV_DEMAND,
    GOV_GUARD_PROTESTS,
    GOV_IGNORE,
    GOV_LET_REST,
    GOV_LIMIT,
    GOV_NEGOTIATE,
    GOV_PROTEST,
    GOV_RESUME_TALKS,
    GOV_SUSPEND_TALKS,
    LANE_FINANCE,
    LANE_FORCES,
    LANE_STANCE,
    LANE_TALKS_BAGHDAD,
    LANE_VOICE,
)
from sim.names.actors import (
    CLEAR_PROTESTS,
    CONFRONT_FACTIONS,
    GOVERNMENT,
    GUARD_PROTESTS,
    PREMIER,
    SEAT_GOVERNMENT,
)
from sim.names.events import (
    COOPERATED,
    DEMAND_RENEWED,
    DEMAND_WITHDRAWN,
    DEMANDED,
    GOVERNMENT_PROTESTED,
    LIMITS_LIFTED,
    OPERATIONS_LIMITED,
    TALKS_SUSPENDED,
)
from sim.names.mechanisms import M13, M22, M56
from sim.names.tables import FOREVER, MAX_RULES
from sim.world import demand as demand_
from sim.world import government
from tests.rules.bare import Told, bare, expect, moved, of, told

LET_REST, AGED = 0.0, 3.0

#: Fields of the government by their paths.
gov = partial(of, "government")


def policy(**actions: int) -> dict[str, Any]:
    """Return a policy of the government's seat with one rule that always acts, for each of these lanes."""
    lanes = {
        "stance": LANE_STANCE, "voice": LANE_VOICE, "talks": LANE_TALKS_BAGHDAD, "finance": LANE_FINANCE,
        "forces": LANE_FORCES,
    }  # fmt: skip
    lane_of = {lanes[lane]: action for lane, action in actions.items()}
    firsts = [sum(lane in lane_of for lane in range(k)) for k in range(6)]
    fields: dict[str, Any] = {f"policy_of.{SEAT_GOVERNMENT}": 4, "policies.4.lane_first": firsts}
    for r, lane in enumerate(sorted(lane_of)):
        rule = {"lane": lane, "action": lane_of[lane], "probability": 1.0, "until": FOREVER}
        fields |= of(f"policies.4.rules.{r}", **rule)
    return fields


def rule(r: int) -> int:
    """Return the number under which events cite rule ``r`` of the government's seat."""
    return 1 + SEAT_GOVERNMENT * MAX_RULES + r


#: What a government may act on: a strike not protested, talks, a deadly attack, pressed by Washington.
ABLE = {
    **gov(unprotested=1, unprotested_event=5, talks_open=1), "sees.government.leverage_felt": 0.06,
    "last_deadly_event": 9, "parliament.outrage_event": 6,
}  # fmt: skip


def test_a_government_acts_in_every_lane_by_the_rule_that_says_so() -> None:
    """A stance, a voice, the talks, the dollars and the forces, each cited by its own rule; no rule is left at hand."""
    everything = policy(
        stance=GOV_LIMIT, voice=GOV_PROTEST, talks=GOV_SUSPEND_TALKS, finance=GOV_COOPERATE, forces=GOV_GUARD_PROTESTS
    )
    w = bare(everything, ABLE)
    government.decide_government(w)
    assert told(w) == [
        Told(OPERATIONS_LIMITED, PREMIER, 6, rule=rule(0)),
        Told(GOVERNMENT_PROTESTED, PREMIER, 5, rule=rule(1)),
        Told(TALKS_SUSPENDED, PREMIER, 9, rule=rule(2)),
        Told(COOPERATED, GOVERNMENT, rule=rule(3)),
    ]
    assert (w.government.forces_order, w.government.forces_rule, w.acting_rule) == (GUARD_PROTESTS, rule(4), 0)
    assert [w.fired[SEAT_GOVERNMENT][r] for r in range(6)] == [1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("lane", "action", "told_of"),
    [
        ("stance", GOV_LIMIT, [Told(OPERATIONS_LIMITED, PREMIER, 6, rule=rule(0))]),
        ("voice", GOV_PROTEST, [Told(GOVERNMENT_PROTESTED, PREMIER, 5, rule=rule(0))]),
        ("talks", GOV_SUSPEND_TALKS, [Told(TALKS_SUSPENDED, PREMIER, 9, rule=rule(0))]),
        ("finance", GOV_COOPERATE, [Told(COOPERATED, GOVERNMENT, rule=rule(0))]),
        ("forces", GOV_CLEAR_PROTESTS, []),
    ],
)
def test_a_policy_for_one_lane_acts_in_that_lane_alone(lane: str, action: int, told_of: list[Told]) -> None:
    """Its first rule; all the other lanes are left as they are."""
    w = bare(policy(**{lane: action}), ABLE)
    government.decide_government(w)
    assert told(w) == told_of
    ordered = (CLEAR_PROTESTS, rule(0)) if lane == "forces" else (0, 0)
    assert (w.government.forces_order, w.government.forces_rule, w.acting_rule) == (*ordered, 0)


@pytest.mark.parametrize(
    ("lane", "action"),
    [
        ("stance", GOV_LET_REST),
        ("voice", GOV_PROTEST),
        ("talks", GOV_RESUME_TALKS),
        ("finance", GOV_COOPERATE),
        ("forces", GOV_CONFRONT),
    ],
)
def test_a_government_without_means_does_nothing(lane: str, action: int) -> None:
    """It is noted what it wanted; no other rule of its policy acts in its place."""
    w = bare(policy(**{lane: action}), {f"policies.4.rules.{MAX_RULES - 1}.action": GOV_LIMIT})
    moves = {path: value for path, value in moved(w, government.decide_government).items() if path[:4] != "can."}
    assert moves == {f"wanted.{SEAT_GOVERNMENT}.0": 1}
    assert told(w) == []


#: What a government in office has the means for, on a quiet day.
USUAL = {
    GOV_IGNORE: 1, GOV_LIMIT: 1, GOV_NEGOTIATE: 1, GOV_DEMAND: 1, GOV_LET_REST: 0, GOV_PROTEST: 0, GOV_SUSPEND_TALKS: 0,
    GOV_RESUME_TALKS: 0, GOV_COOPERATE: 0, GOV_GUARD_PROTESTS: 1, GOV_CLEAR_PROTESTS: 1, GOV_CONFRONT: 1,
}  # fmt: skip
GOING = {GOV_LIMIT: 0, GOV_NEGOTIATE: 0, GOV_DEMAND: 0, GOV_LET_REST: 0}


@pytest.mark.parametrize(
    ("change", "means"),
    [
        ({}, {}),
        (gov(in_office=0), {GOV_NEGOTIATE: 0, GOV_CONFRONT: 0}),
        (gov(limited=1), {GOV_LIMIT: 0, GOV_LET_REST: 1}),
        (gov(framework=1), {GOV_NEGOTIATE: 0}),
        (gov(demand=0.1), {GOV_DEMAND: 0, GOV_LET_REST: 1}),
        (gov(demand=0.1) | {"sees.public.exit_decided": 1.0}, GOING),
        (gov(limited=1) | {"sees.public.exit_decided": 1.0}, GOING),
        (gov(unprotested=1), {GOV_PROTEST: 1}),
        (gov(talks_open=1), {GOV_SUSPEND_TALKS: 1}),
        (gov(talks_suspended=1, suspended_day=20), {GOV_RESUME_TALKS: 1}),
        (gov(talks_suspended=1, suspended_day=21), {}),
        (gov(talks_suspended=1, suspended_day=19, in_office=0), {GOV_NEGOTIATE: 0, GOV_CONFRONT: 0}),
        ({"sees.government.leverage_felt": 0.05}, {}),
        ({"sees.government.leverage_felt": 0.051}, {GOV_COOPERATE: 1}),
        ({"sees.public.measures_in_force": 1.0}, {GOV_COOPERATE: 1}),
    ],
)
def test_what_a_government_has_the_means_for(change: dict[str, Any], means: dict[int, int]) -> None:
    """By office, by what stands already, and as long as no exit has been decided; talks rest for ten days."""
    w = bare(gov(in_office=1), {"day": 30, "p.talks_rest": 10.0, "can": 9}, change)
    moves = moved(w, government._means)
    assert moves == {f"can.{SEAT_GOVERNMENT}.{action}": can for action, can in (USUAL | means).items()}


def test_a_protest_is_loud() -> None:
    """Half of what its words could still be louder; the strike is protested, once."""
    w = bare(gov(unprotested=1, unprotested_event=5, words=0.3))
    moves = gov(unprotested=0, words=0.65)
    expect(w, government._protest, (), moves, Told(GOVERNMENT_PROTESTED, PREMIER, 5))


@pytest.mark.parametrize(
    ("before", "strength", "after", "told_of"),
    [
        (0.049, 1.0, 0.049 + 0.37 * 0.951, True),
        (0.05, 1.0, 0.05 + 0.37 * 0.95, False),
        (0.2, 0.5, 0.2 + 0.185 * 0.8, False),
        (0.0, 0.0, 0.0, False),
    ],
)
def test_work_with_washington_on_dollars_is_told_when_it_is_new(
    before: float, strength: float, after: float, told_of: bool
) -> None:
    """Each step counts the less the more there was; without M22 there is none."""
    w = bare(gov(cooperates=before), {"p.cooperation_step": 0.37, f"strength.{M22}": strength})
    expect(w, government._cooperate, (), gov(cooperates=after), *([Told(COOPERATED, GOVERNMENT)] if told_of else []))


@pytest.mark.parametrize(
    ("action", "order"),
    [
        (GOV_GUARD_PROTESTS, GUARD_PROTESTS),
        (GOV_CLEAR_PROTESTS, CLEAR_PROTESTS),
        (GOV_CONFRONT, CONFRONT_FACTIONS),
        (GOV_IGNORE, 7),
    ],
)
def test_each_order_to_the_forces_is_its_own(action: int, order: int) -> None:
    """Any other action leaves the order that stands."""
    expect(bare(gov(forces_order=7)), government._order_forces, (action,), gov(forces_order=order))


@pytest.mark.parametrize(
    ("change", "cooperation"),
    [
        ({}, 1.0),
        ({f"strength.{M56}": 0.5}, 1.0 - 0.8 * 0.48 * 0.5),
        ({f"strength.{M56}": 0.0}, 1.0 - 0.8 * 0.48),
        ({f"strength.{M56}": 2.0}, 1.0),
        ({f"reading.{M56}": 1}, 1.0 - 0.8 * 0.48),
        ({f"reading.{M56}": 1, "p.words_cost": 9.0}, 0.0),
        ({f"reading.{M56}": 1, "p.words_cost": -9.0}, 1.0),
        (gov(words=0.0), 1.0),
    ],
)
def test_words_fade_and_cost_cooperation_where_they_bind(change: dict[str, Any], cooperation: float) -> None:
    """They cost nothing as far as words and acts part (M56), all of it in the reading that words bind."""
    w = bare(gov(words=0.6, cooperates=0.5, cooperation=0.11), {"kept.words": 0.8, "kept.leverage": 0.9}, change)
    w.p.words_cost = change.get("p.words_cost", 0.8)
    words = 0.8 * w.government.words
    expect(w, government.words_and_acts, (), gov(cooperates=0.45, cooperation=cooperation, words=words))


def test_words_that_nobody_says_have_no_part_in_it() -> None:
    """Without words M56 has not mattered."""
    w = bare({"mattered": -1, "kept.words": 1.0})
    government.words_and_acts(w)
    assert w.mattered[M56] == -1


#: A resolution was passed on day 20 by event 8; the breach that is felt is event 6's.
VOTED = {
    "day": 30, "parliament.passed": 1, "parliament.passed_day": 20, "parliament.passed_event": 8,
    "parliament.outrage_event": 6, "p.pull_outrage": 0.7, "p.pull_resolution": 0.35, "p.momentum_demand": 0.4,
    "parliament.momentum": 0.2, "p.standing_in_office": 0.9, "p.standing_caretaker": 0.3, "government.in_office": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("day", "passed_day", "voted"), [(140, 20, 8), (141, 20, 0), (5, 0, 8), (30, -1, 0), (120, 0, 8), (121, 0, 0)]
)
def test_a_vote_rings_for_four_months(day: int, passed_day: int, voted: int) -> None:
    """After that it is law, and no occasion."""
    w = bare(VOTED, {"day": day, "parliament.passed_day": passed_day})
    assert demand_.lately_voted(w) == voted


@pytest.mark.parametrize(
    ("change", "cause"), [({}, 8), ({"parliament.passed_day": -1}, 6), ({"parliament.passed_event": 1}, 1)]
)
def test_operations_are_limited_over_a_vote_or_else_a_breach(change: dict[str, int], cause: int) -> None:
    """The vote where there was one of late."""
    limited = Told(OPERATIONS_LIMITED, PREMIER, cause)
    expect(bare(VOTED, change), government._take_stance, (GOV_LIMIT,), gov(limited=1), limited)


def test_a_premier_who_negotiates_seeks_talks_and_one_who_ignores_does_nothing() -> None:
    """Neither is an event."""
    expect(bare(VOTED), government._take_stance, (GOV_NEGOTIATE,), gov(seeks_talks=1))
    expect(bare(VOTED, gov(demand=0.4, limited=1)), government._take_stance, (GOV_IGNORE,), {})


@pytest.mark.parametrize(
    ("change", "cause", "also"),
    [
        ({"sees.public.breach_felt": 0.51}, 6, 8),
        ({"sees.public.breach_felt": 0.5}, 8, 6),
        ({"sees.public.breach_felt": 0.1}, 8, 6),
        ({"sees.public.breach_felt": 0.1, "parliament.passed": 0}, 6, 8),
        ({"sees.public.breach_felt": 0.1, "parliament.passed_day": -1}, 6, 0),
        ({"sees.public.breach_felt": 0.9, "parliament.passed_day": -1}, 6, 0),
    ],
)
def test_a_demand_answers_a_breach_or_a_vote_whichever_pulls_more(
    change: dict[str, Any], cause: int, also: int
) -> None:
    """And the other besides; the first of all is remembered, and the house takes heart by its weight."""
    w = bare(VOTED, change, gov(first_demand_day=-1, seeks_talks=1, refused=1))
    moves = gov(
        demand=0.9, demand_day=30, seeks_talks=0, refused=0, first_demand_day=30, first_demand_in_office=1,
        demand_event=1,
    )  # fmt: skip
    moves["parliament.momentum"] = 0.2 + 0.4 * 0.9 * 0.8
    demanded = Told(DEMANDED, PREMIER, cause, detail=1.0, also=also)
    expect(w, government._take_stance, (GOV_DEMAND,), moves, demanded)


@pytest.mark.parametrize("first", [0, 11])
def test_a_later_demand_is_not_the_first(first: int) -> None:
    """A caretaker's second, of little weight."""
    w = bare(VOTED, gov(first_demand_day=first, first_demand_in_office=1, in_office=0))
    moves = gov(demand=0.3, demand_day=30, demand_event=1) | {"parliament.momentum": 0.2 + 0.4 * 0.3 * 0.8}
    expect(w, demand_.make_demand, (), moves, Told(DEMANDED, PREMIER, 8, detail=0.0, also=6))


@pytest.mark.parametrize(
    ("in_office", "strength", "weight"),
    [(1, 1.0, 0.9), (0, 1.0, 0.3), (1, 0.0, 1.0), (0, 0.0, 1.0), (1, 2.0, 0.8), (0, 2.0, 0.05), (1, -1.0, 1.0)],
)
def test_a_demand_weighs_by_the_standing_of_who_makes_it(in_office: int, strength: float, weight: float) -> None:
    """M13: without it every demand weighs in full; no demand is weightless."""
    w = bare(VOTED, gov(in_office=in_office), {f"strength.{M13}": strength})
    assert demand_.standing(w) == pytest.approx(weight)


@pytest.mark.parametrize(
    ("demand", "limited", "decided"), [(0.4, 0, -1), (0.4, 1, -1), (0.0, 1, -1), (0.0, 0, -1), (0.4, 0, 0)]
)
def test_a_premier_lets_demand_and_limits_rest(demand: float, limited: int, decided: int) -> None:
    """Each is told; but where leaving is decided a demand goes without a word."""
    w = bare(gov(demand=demand, limited=limited, refused=1, demand_event=7), {"presence.decided_day": decided})
    withdrawn, lifted = Told(DEMAND_WITHDRAWN, PREMIER, 7, detail=LET_REST), Told(LIMITS_LIFTED, PREMIER)
    moves = (gov(demand=0.0, refused=0) if demand else {}) | (gov(limited=0) if limited else {})
    tells = [withdrawn] * (demand > 0.0 and decided < 0) + [lifted] * limited
    expect(w, government._take_stance, (GOV_LET_REST,), moves, *tells)


@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        ({}, "renewed"),
        (gov(pull_demand=0.49), "rests"),
        (gov(demand_day=21), "stands"),
        (gov(demand=0.0), "stands"),
        ({"presence.decided_day": 0}, "stands"),
        ({"presence.decided_day": 29}, "stands"),
    ],
)
def test_a_demand_that_nothing_follows_is_renewed_or_rests(change: dict[str, Any], becomes: str) -> None:
    """After its time: renewed by a premier who is still pulled to it; at once the old one's event is answered."""
    standing = gov(demand=0.4, demand_day=20, pull_demand=0.5, refused=1, demand_event=7)
    w = bare({"day": 30, "p.demand_ages": 10.0, "presence.decided_day": -1}, standing, change)
    moves = {
        "renewed": gov(demand_day=30, refused=0, demand_event=1), "rests": gov(demand=0.0, refused=0), "stands": {},
    }  # fmt: skip
    tells = {
        "renewed": [Told(DEMAND_RENEWED, PREMIER, 7)], "stands": [],
        "rests": [Told(DEMAND_WITHDRAWN, PREMIER, 7, detail=AGED)],
    }  # fmt: skip
    expect(w, demand_.demand_ages, (), moves[becomes], *tells[becomes])
