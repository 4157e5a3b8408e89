"""Premier and government: how one is formed and falls, what pulls the premier, what he does about the presence."""

import math
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
    BALANCING,
    CLEAR_PROTESTS,
    CONFRONT_FACTIONS,
    GOVERNMENT,
    GUARD_PROTESTS,
    LEANS_NOWHERE,
    NATIONALIST,
    PREMIER,
    PRO_IRAN,
    REFORMIST,
    SEAT_GOVERNMENT,
)
from sim.names.events import (
    COOPERATED,
    DEMAND_RENEWED,
    DEMAND_WITHDRAWN,
    DEMANDED,
    GOVERNMENT_FELL,
    GOVERNMENT_FORMED,
    GOVERNMENT_PROTESTED,
    LIMITS_LIFTED,
    NOMINEE_CHARGED,
    NOMINEE_FAILED,
    OPERATIONS_LIMITED,
    TALKS_SUSPENDED,
)
from sim.names.mechanisms import M13, M16, M19, M20, M22, M31, M42, M49, M56
from sim.names.script import SCRIPT_MOTION, SCRIPT_PREMIER
from sim.names.streams import U_CHARGE, U_CONFIDENCE, U_FALLS, U_GIVES_UP, U_LEANING
from sim.names.tables import FOREVER, MAX_RULES
from sim.world import government
from tests.rules.bare import Told, bare, expect, moved, told

LET_REST, LAPSED, AGED = 0.0, 1.0, 3.0


def odds(x: float) -> float:
    """Return a chance from its log odds."""
    return 1.0 / (1.0 + math.exp(-x))


def of(block: str, **fields: Any) -> dict[str, Any]:
    """Return the fields of one part of a world by their paths."""
    return {f"{block}.{name}": value for name, value in fields.items()}


def gov(**fields: Any) -> dict[str, Any]:
    """Return fields of the government by their paths."""
    return of("government", **fields)


# The start


START = of(
    "s", government_in_office=0.1, government_leaning=NATIONALIST, legitimacy=0.17, debt_to_factions=0.27,
    baghdad_trust=0.37, caretaker_days=46.0, demand_refused=1.0,
)  # fmt: skip
STARTED = gov(
    in_office=1, leaning=NATIONALIST, legitimacy=0.17, debt=0.27, trust=0.37, caretaker_since=-46, formed_day=-1,
    demand_day=-1, first_demand_day=-1, framework_day=-1, cooperation=1.0, end_day=-1, nominee_day=0,
)  # fmt: skip
NEVER = of("government", nominee_day=9)


def test_a_government_starts_as_the_scenario_has_it() -> None:
    """No demand, no talks; nothing has been formed or signed, and its words cost nothing yet."""
    expect(bare(START, NEVER), government.start_government, (), STARTED)


@pytest.mark.parametrize(("in_office", "sure"), [(0.0, 0), (1.0, 1)])
def test_a_demand_that_stands_at_the_start_is_the_first(in_office: float, sure: int) -> None:
    """It has the standing of who governs: 0.9 of a government in office, 0.3 of a caretaker."""
    weights = {"p.standing_in_office": 0.9, "p.standing_caretaker": 0.3, "s.demand_standing": 0.1}
    w = bare(START, NEVER, weights, {"s.government_in_office": in_office})
    moves = STARTED | gov(demand=0.9 if sure else 0.3, refused=1, first_demand_in_office=1)
    for path in ("demand_day", "first_demand_day"):
        del moves[f"government.{path}"]
    if not sure:
        del moves["government.in_office"], moves["government.first_demand_in_office"]
    expect(w, government.start_government, (), moves)


def test_talks_that_are_open_at_the_start_are_wanted_by_both_sides() -> None:
    """Baghdad seeks them, Washington offers them."""
    moves = STARTED | gov(talks_open=1, seeks_talks=1) | {"us.talks_offered": 1}
    expect(bare(START, NEVER, {"s.talks_open": 0.1}), government.start_government, (), moves)


# Forming one


#: Balancing 1.3, nationalist 1.1; a pro-Iran one 0.9 as pressed and braked; a reformist 0.8 as the street has it.
CAMPS = {
    "p.vacuum_press": 0.5, "iran.courting": 0.4, "iran.funds": 0.6, "p.president_brake": 0.3, "president_backs": 0.7,
    "p.nominee_pro_iran": 0.9, "parliament.iran_camp": 0.35, "p.nominee_reformist": 0.8, "mood_government": 0.6,
    "protest_all": 0.7, "agenda": 0.2, "p.nominee_balancing": 1.3, "p.nominee_nationalist": 1.1,
}  # fmt: skip
IRANS, REFORM = 0.9 * (0.5 + 0.35) * (1.0 + 0.12) * (1.0 - 0.21), 0.8 * (0.5 + 0.6 + 0.14)


@pytest.mark.parametrize(
    ("change", "weights"),
    [
        ({}, (IRANS, 1.3, 1.1, REFORM)),
        ({f"strength.{M49}": 2.0}, (IRANS / 1.12 * 1.24, 1.3, 1.1, REFORM)),
        ({f"strength.{M49}": 0.0}, (IRANS / 1.12, 1.3, 1.1, REFORM)),
        ({"government.last_failed": PRO_IRAN}, (0.3 * IRANS, 1.3, 1.1, REFORM)),
        ({"government.last_failed": BALANCING}, (IRANS, 0.39, 1.1, REFORM)),
        ({"government.last_failed": NATIONALIST}, (IRANS, 1.3, 0.33, REFORM)),
        ({"government.last_failed": REFORMIST}, (IRANS, 1.3, 1.1, 0.3 * REFORM)),
    ],
)
def test_whom_the_president_charges(change: dict[str, Any], weights: tuple[float, ...]) -> None:
    """Each leaning by its weight, to the very edge; one that has just failed by three tenths of it."""
    w, total, below = bare(CAMPS, change), sum(weights), 0.0
    found = [government._pick_leaning(w, 0.0), government._pick_leaning(w, 1.0)]
    for weight in weights[:3]:
        below += weight
        found += [government._pick_leaning(w, below / total + edge) for edge in (-1e-9, 1e-9)]
    assert found == [PRO_IRAN, REFORMIST, PRO_IRAN, BALANCING, BALANCING, NATIONALIST, NATIONALIST, REFORMIST]


@pytest.mark.parametrize(
    ("without", "charged"),
    [
        (("pro_iran",), BALANCING),
        (("pro_iran", "balancing"), NATIONALIST),
        (("pro_iran", "balancing", "nationalist"), REFORMIST),
    ],
)
def test_whom_nobody_wants_is_never_charged(without: tuple[str, ...], charged: int) -> None:
    """A weight of nothing wins not even with the least luck."""
    w = bare(CAMPS, {f"p.nominee_{leaning}": 0.0 for leaning in without})
    assert government._pick_leaning(w, 0.0) == charged


#: A caretaker governs since the last nominee failed on day 20; the president waits for five days.
VACANT = {
    **CAMPS, "day": 30, "government.nominee_day": 20, "p.charge_pause": 5.0, "p.charge_rate": 0.37,
    f"u.{U_CHARGE}": 0.36, f"u.{U_LEANING}": 0.4, f"u.{U_GIVES_UP}": 0.5, "p.nominee_gives_up": 0.1,
    f"u.{U_CONFIDENCE}": 0.2, "p.confidence_rate": 0.3, "p.cabinet_days": 7.0, "n_members": 10, "confirming": 6,
    "p.new_legitimacy": 0.61, "p.debt_pro_iran": 0.71, "p.debt_others": 0.21, "presence.decided_day": -1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "charged"),
    [
        ({}, True),
        ({"day": 24}, False),
        ({"day": 25}, True),
        ({f"u.{U_CHARGE}": 0.37}, False),
        ({f"u.{U_CHARGE}": 0.38}, False),
        ({"caretaker_pinned": 1}, False),
        ({"open_war": 1}, False),
    ],
)
def test_the_president_charges_a_nominee_after_a_pause(change: dict[str, Any], charged: bool) -> None:
    """As chance has it; not in an open war, nor where a caretaker is given."""
    w = bare(VACANT, change)
    moves = gov(nominee=BALANCING, nominee_day=w.day) if charged else {}
    tells = [Told(NOMINEE_CHARGED, GOVERNMENT, detail=BALANCING)] if charged else []
    expect(w, government.form_government, (), moves, *tells)


#: A nationalist was charged on day 20.
CHARGED = {**VACANT, "government.nominee": NATIONALIST}
FAILED = Told(NOMINEE_FAILED, GOVERNMENT, detail=NATIONALIST)
FORMED = Told(GOVERNMENT_FORMED, GOVERNMENT, detail=NATIONALIST)


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, True),
        ({"day": 27}, True),
        ({"day": 26}, False),
        ({f"u.{U_CONFIDENCE}": 0.3}, False),
        ({f"u.{U_CONFIDENCE}": 0.31}, False),
        ({"government.nominee": 0}, False),
        ({"government.in_office": 1}, False),
        ({"caretaker_pinned": 1}, False),
        ({"open_war": 1}, False),
    ],
)
def test_when_a_nominee_puts_his_cabinet_to_the_vote(change: dict[str, Any], due: bool) -> None:
    """Once he has had the days for a cabinet, as chance has it; only a nominee, where there is none in office."""
    assert bool(government.confidence_due(bare(CHARGED, change))) == due


@pytest.mark.parametrize(
    ("change", "tells"),
    [
        ({}, [FORMED]),
        ({"confirming": 5}, [FAILED]),
        ({"confirming": 5, "n_members": 9}, [FORMED]),
        ({f"u.{U_CONFIDENCE}": 0.4}, []),
        ({f"u.{U_GIVES_UP}": 0.09}, [FAILED]),
        ({f"u.{U_GIVES_UP}": 0.1}, [FORMED]),
        ({"day": 50, f"u.{U_CONFIDENCE}": 0.4}, []),
        ({"day": 51}, [FAILED]),
        ({"open_war": 1, "day": 51}, []),
        ({"caretaker_pinned": 1, "day": 51}, []),
    ],
)
def test_a_nominee_is_confirmed_by_more_than_half_or_fails(change: dict[str, Any], tells: list[Told]) -> None:
    """He fails without that majority, when he gives up, and after thirty days."""
    w = bare(CHARGED, change, gov(nominees_failed=3, last_failed=REFORMIST))
    failed = gov(last_failed=NATIONALIST, nominee=0, nominee_day=w.day, nominees_failed=4)
    formed = gov(
        in_office=1, leaning=NATIONALIST, nominee=0, formed_day=w.day, legitimacy=0.61, debt=0.21, formed_event=1
    )
    expect(w, government.form_government, (), {FAILED: failed, FORMED: formed}[tells[0]] if tells else {}, *tells)


def test_the_scenario_installs_a_premier_on_its_day() -> None:
    """The one of today, of its own leaning; on that very day he may already weigh what the street thinks of him."""
    w = bare(VACANT, {"n_script": 3, "caretaker_pinned": 1, "p.fall_rate": 0.0})
    for k, (kind, day, leaning) in enumerate(
        ((SCRIPT_PREMIER, 29, 2), (SCRIPT_MOTION, 30, 2), (SCRIPT_PREMIER, 30, 1))
    ):
        w.script[k].kind, w.script[k].day, w.script[k].options[0], w.script[k].options[1] = kind, day, leaning, 4
    moves = gov(in_office=1, leaning=PRO_IRAN, formed_day=30, legitimacy=0.61, debt=0.71, formed_event=1)
    expect(w, government.form_government, (), moves, Told(GOVERNMENT_FORMED, GOVERNMENT, detail=PRO_IRAN))


@pytest.mark.parametrize(("in_office", "demand", "lapses"), [(0, 0.25, True), (1, 0.25, False), (0, 0.0, False)])
def test_a_caretakers_demand_goes_with_him(in_office: int, demand: float, lapses: bool) -> None:
    """Whether to act on it is his successor's choice; that of a government in office stands."""
    w = bare(VACANT, gov(in_office=in_office, demand=demand, refused=1, demand_event=7))
    moves = moved(w, government._install, REFORMIST)
    went = Told(DEMAND_WITHDRAWN, PREMIER, 7, detail=LAPSED)
    assert told(w) == [*([went] if lapses else []), FORMED._replace(detail=REFORMIST)]
    assert (moves.get("government.demand"), moves.get("government.refused")) == ((0.0, 0) if lapses else (None, None))


#: A government in office, before an angry street.
SITS = {
    "government.in_office": 1, "government.legitimacy": 0.4, "mood_government": 0.7, "p.legitimacy_drift": 0.1,
    "government.debt": 0.2, "p.need_posts": 0.3, "need": 0.9, "p.fall_rate": 0.37, "protest_all": 0.6, "agenda": 0.8,
    "day": 30,
}  # fmt: skip
FALL = 0.37 * 0.7 * (0.5 + 0.48) * (1.0 - 0.39)


@pytest.mark.parametrize(("luck", "falls"), [(FALL - 1e-9, True), (FALL + 1e-9, False)])
def test_a_government_falls_to_the_street(luck: float, falls: bool) -> None:
    """The angrier, the less legitimate, the likelier; its standing and debts (M31) move first."""
    w = bare(SITS, {f"u.{U_FALLS}": luck}, gov(nominee=3))
    moves = gov(legitimacy=0.4 + (0.3 - 0.4) * 0.1, debt=0.2 + 0.27 * 0.8)
    fallen = gov(in_office=0, caretaker_since=30, nominee=0, nominee_day=30) if falls else {}
    tells = [Told(GOVERNMENT_FELL, PREMIER)] if falls else []
    expect(w, government.form_government, (), moves | fallen, *tells)


def test_a_street_at_peace_brings_no_government_down() -> None:
    """A chance of nothing is not met by the least luck; without M31 debts stay as they are."""
    w = bare(SITS, {"p.fall_rate": 0.0, f"strength.{M31}": 0.0})
    expect(w, government._may_fall, (), gov(legitimacy=0.39))


# What pulls the premier


#: A nationalist whom everything pulls, by numbers that differ.
PULLED = {
    **gov(leaning=NATIONALIST, trust=0.3, debt=0.45, words=0.55, talks_price=0.15),
    **of(
        "p", pull_outrage=0.21, pull_leverage=0.31, pull_threat=0.41, pull_fear=0.51, letters_weight=0.6,
        pull_legal=0.61, limits_preference=0.71, pull_resolution=0.81, words_relief=0.91, pull_street=0.22,
        pull_cover=0.32, pull_isis=0.42, pull_consent=0.52, demand_base=0.12, taste=0.62, pull_debt=0.72,
        limit_base=-0.13, negotiate_base=0.14, pull_trust=0.82,
    ),
    **of("sees.public", anger_at_us=0.8, breach_felt=0.5, threat_made=0.25, us_cover=0.35, fear_of_isis=0.65),
    "sees.government.leverage_felt": 0.45,
}  # fmt: skip
LEVER, SAID = 0.31 * 0.45 - 0.41 * 0.25, 0.91 * 0.55
COMMON = 0.22 * 0.3 + 0.21 * 0.5 - LEVER - 0.32 * 0.35 - 0.42 * 0.65 + 0.52 * 2.0 * 0.2 - SAID
DEMAND = 0.12 + 0.62 * 0.3 + 0.72 * 0.45 + COMMON - 0.51 * 0.5 - 0.71
LIMIT = -0.13 + 0.5 * COMMON + 0.71 + 0.5 * 0.72 * 0.45
NEGOTIATE = 0.14 + 0.62 * 0.2 + 0.5 * 0.71 + 0.5 * LEVER - 0.82 * 0.2 - 0.15


@pytest.mark.parametrize(
    ("change", "demand", "limit", "negotiate"),
    [
        ({}, 0.0, 0.0, 0.0),
        ({"sees.public.anger_at_us": 0.3}, -0.22 * 0.5, -0.11 * 0.5, 0.0),
        ({"sees.public.breach_felt": 0.9}, 0.21 * 0.4, 0.21 * 0.2, 0.0),
        ({"sees.government.leverage_felt": 0.85}, -0.31 * 0.4, -0.31 * 0.2, 0.31 * 0.2),
        ({"sees.public.threat_made": 0.75}, 0.41 * 0.5, 0.41 * 0.25, -0.41 * 0.25),
        ({f"strength.{M22}": 2.0}, -LEVER, -0.5 * LEVER, 0.5 * LEVER),
        ({f"strength.{M22}": 0.0}, LEVER, 0.5 * LEVER, -0.5 * LEVER),
        (gov(leaning=PRO_IRAN), 0.62 * 0.7 + 0.51 * 0.5 * 0.8, 0.0, -0.62 * 0.9),
        (gov(leaning=BALANCING), -0.62 * 0.8, 0.0, 0.62 * 0.6),
        (gov(leaning=REFORMIST), -0.62 * 0.8, 0.0, 0.62 * 0.3),
        (gov(leaning=LEANS_NOWHERE), -0.62 * 0.1, 0.0, 0.0),
        ({f"strength.{M42}": 2.0}, 0.62 * 0.3, 0.0, 0.62 * 0.2),
        (gov(demand=0.9), -0.51 * 0.4, 0.0, 0.0),
        (gov(demand=0.4), 0.0, 0.0, 0.0),
        ({f"strength.{M20}": 2.0}, -0.51 * 0.5, 0.0, 0.0),
        (gov(framework=1), -0.61 * 0.6, -0.61 * 0.3, 0.0),
        (gov(framework=1, ratified=1), -0.61, -0.61 * 0.5, 0.0),
        (gov(ratified=1), 0.0, 0.0, 0.0),
        (gov(framework=1) | {f"strength.{M16}": 2.0}, -0.61 * 1.2, -0.61 * 0.6, 0.0),
        (gov(framework=1) | {f"reading.{M16}": 1}, 0.0, 0.0, 0.0),
        ({"sees.public.resolution_passed": 1.0}, 0.81, 0.81 * 0.5, 0.0),
        ({"sees.public.resolution_passed": 1.0, f"strength.{M13}": 0.5}, 0.81 * 0.5, 0.81 * 0.25, 0.0),
        ({f"strength.{M19}": 2.0}, -0.71, 0.71, 0.71 * 0.5),
        ({f"strength.{M56}": 0.5}, 0.5 * SAID, 0.25 * SAID, 0.0),
        ({f"reading.{M56}": 1}, 2.0 * SAID, SAID, 0.0),
        ({"sees.public.us_cover": 0.75}, -0.32 * 0.4, -0.32 * 0.2, 0.0),
        ({"sees.public.fear_of_isis": 0.25}, 0.42 * 0.4, 0.42 * 0.2, 0.0),
        (gov(trust=0.1), 0.52 * 0.4, 0.52 * 0.2, -0.82 * 0.2),
        (gov(trust=0.9), -0.52 * 0.4, -0.52 * 0.2, 0.82 * 0.6),
        (gov(debt=0.95), 0.72 * 0.5, 0.72 * 0.25, 0.0),
        (gov(talks_price=0.65), 0.0, 0.0, -0.5),
    ],
)
def test_what_pulls_the_premier(change: dict[str, Any], demand: float, limit: float, negotiate: float) -> None:
    """Each change of one thing that pulls moves the log odds of the three pulls by so much, from all that pulls."""
    pulls = gov(
        pull_demand=odds(DEMAND + demand), pull_limit=odds(LIMIT + limit), pull_negotiate=odds(NEGOTIATE + negotiate)
    )
    expect(bare(PULLED, change), government.weigh, (), pulls)


# What he does


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


def test_a_government_acts_in_every_lane_by_the_rule_that_says_so() -> None:
    """A stance, a voice, the talks, the dollars and the forces, each cited by its own rule; no rule is left at hand."""
    everything = policy(
        stance=GOV_LIMIT, voice=GOV_PROTEST, talks=GOV_SUSPEND_TALKS, finance=GOV_COOPERATE, forces=GOV_GUARD_PROTESTS
    )
    seen = {"sees.government.leverage_felt": 0.06, "last_deadly_event": 9, "parliament.outrage_event": 6}
    w = bare(everything, seen, gov(unprotested=1, unprotested_event=5, talks_open=1), {"day": 30})
    government.decide_government(w)
    assert told(w) == [
        Told(OPERATIONS_LIMITED, PREMIER, 6, rule=rule(0)),
        Told(GOVERNMENT_PROTESTED, PREMIER, 5, rule=rule(1)),
        Told(TALKS_SUSPENDED, PREMIER, 9, rule=rule(2)),
        Told(COOPERATED, GOVERNMENT, rule=rule(3)),
    ]
    assert (w.government.forces_order, w.government.forces_rule, w.acting_rule) == (GUARD_PROTESTS, rule(4), 0)
    assert [w.fired[SEAT_GOVERNMENT][r] for r in range(6)] == [1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("lane", ["stance", "voice", "talks", "finance", "forces"])
def test_a_government_without_means_or_rules_does_nothing(lane: str) -> None:
    """A lane whose action has no means leaves all but what is known of its means as it is."""
    lacks = {"stance": GOV_LET_REST, "voice": GOV_PROTEST, "talks": GOV_RESUME_TALKS, "finance": GOV_COOPERATE}
    w = bare(policy(**{lane: lacks.get(lane, GOV_CONFRONT)}))
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
    moves = gov(cooperates=after) if strength else {}
    expect(w, government._cooperate, (), moves, *([Told(COOPERATED, GOVERNMENT)] if told_of else []))


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
    expect(
        bare(gov(forces_order=7)), government._order_forces, (action,), {} if order == 7 else gov(forces_order=order)
    )


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
    words = {} if "government.words" in change else gov(words=0.48)
    expect(w, government.words_and_acts, (), gov(cooperates=0.45, cooperation=cooperation) | words)


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
    assert government._lately_voted(w) == voted


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
    expect(bare(VOTED), government._take_stance, (GOV_IGNORE,), {})


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
    expect(w, government._demand, (), moves, Told(DEMANDED, PREMIER, 8, detail=0.0, also=6))


@pytest.mark.parametrize(
    ("in_office", "strength", "weight"),
    [(1, 1.0, 0.9), (0, 1.0, 0.3), (1, 0.0, 1.0), (0, 0.0, 1.0), (1, 2.0, 0.8), (0, 2.0, 0.05), (1, -1.0, 1.0)],
)
def test_a_demand_weighs_by_the_standing_of_who_makes_it(in_office: int, strength: float, weight: float) -> None:
    """M13: without it every demand weighs in full; no demand is weightless."""
    w = bare(VOTED, gov(in_office=in_office), {f"strength.{M13}": strength})
    assert government._standing(w) == pytest.approx(weight)


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
    expect(w, government.demand_ages, (), moves[becomes], *tells[becomes])
