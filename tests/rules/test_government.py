"""Premier and government: how one starts, is formed and falls, and what pulls the premier."""

from functools import partial
from typing import Any

import pytest

from sim.names.actors import (
    BALANCING,
    GOVERNMENT,
    LEANS_NOWHERE,
    NATIONALIST,
    PREMIER,
    PRO_IRAN,
    REFORMIST,
)
from sim.names.events import (
    DEMAND_WITHDRAWN,
    GOVERNMENT_FELL,
    GOVERNMENT_FORMED,
    NOMINEE_CHARGED,
    NOMINEE_FAILED,
)
from sim.names.mechanisms import M13, M16, M19, M20, M22, M31, M42, M49, M56
from sim.names.script import SCRIPT_MOTION, SCRIPT_PREMIER
from sim.names.streams import U_CHARGE, U_CONFIDENCE, U_FALLS, U_GIVES_UP, U_LEANING
from sim.world import government
from tests.rules.bare import Told, bare, expect, moved, odds, of, told

LAPSED = 1.0

#: Fields of the government by their paths.
gov = partial(of, "government")


# The start


START = of(
    "s", government_in_office=0.1, government_leaning=NATIONALIST, legitimacy=0.17, debt_to_factions=0.27,
    baghdad_trust=0.37, caretaker_days=46.0, demand_refused=1.0,
)  # fmt: skip
STARTED = gov(
    in_office=1, leaning=NATIONALIST, legitimacy=0.17, debt=0.27, trust=0.37, caretaker_since=-46, formed_day=-1,
    demand_day=-1, first_demand_day=-1, framework_day=-1, cooperation=1.0, end_day=-1, nominee_day=0,
)  # fmt: skip
LEFT = {"government.nominee_day": 9}


def test_a_government_starts_as_the_scenario_has_it() -> None:
    """No demand, no talks; nothing has been formed or signed, and its words cost nothing yet."""
    expect(bare(START, LEFT), government.start_government, (), STARTED)


@pytest.mark.parametrize(("in_office", "sure"), [(0.0, 0), (1.0, 1)])
def test_a_demand_that_stands_at_the_start_is_the_first(in_office: float, sure: int) -> None:
    """It has the standing of who governs: 0.9 of a government in office, 0.3 of a caretaker."""
    weights = {"p.standing_in_office": 0.9, "p.standing_caretaker": 0.3, "s.demand_standing": 0.1}
    w = bare(START, LEFT, weights, {"s.government_in_office": in_office})
    moves = STARTED | gov(in_office=sure, first_demand_in_office=sure, demand=0.9 if sure else 0.3, refused=1)
    moves |= gov(demand_day=0, first_demand_day=0)
    expect(w, government.start_government, (), moves)


def test_talks_that_are_open_at_the_start_are_wanted_by_both_sides() -> None:
    """Baghdad seeks them, Washington offers them."""
    moves = STARTED | gov(talks_open=1, seeks_talks=1) | {"us.talks_offered": 1}
    expect(bare(START, LEFT, {"s.talks_open": 0.1}), government.start_government, (), moves)


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
    f"u.{U_CHARGE}": 0.36, f"u.{U_LEANING}": 0.9, f"u.{U_GIVES_UP}": 0.5, "p.nominee_gives_up": 0.1,
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
    moves = gov(nominee=REFORMIST, nominee_day=w.day) if charged else {}
    tells = [Told(NOMINEE_CHARGED, GOVERNMENT, detail=REFORMIST)] if charged else []
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
        in_office=1, leaning=NATIONALIST, nominee=0, last_failed=0, formed_day=w.day, legitimacy=0.61, debt=0.21,
        formed_event=1,
    )  # fmt: skip
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
