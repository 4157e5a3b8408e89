"""Talks between Baghdad and Washington: opened, priced, suspended, stuck, signed; dates that come; trust."""

from functools import partial
from typing import Any

import pytest

from sim.names.actions import GOV_RESUME_TALKS, GOV_SUSPEND_TALKS
from sim.names.actors import BY_AGREEMENT, FULL, GOVERNMENT, LEAVING, LIMITED, NOWHERE, PARLIAMENT, PREMIER, TRANSITION
from sim.names.actors import US as WASHINGTON
from sim.names.events import (
    CAUSE_AGREED,
    DEMAND_WITHDRAWN,
    EXIT_DECIDED,
    FRAMEWORK_RATIFIED,
    FRAMEWORK_RENEWED,
    FRAMEWORK_SIGNED,
    FRAMEWORK_UNRATIFIED,
    TALKS_OPENED,
    TALKS_RESUMED,
    TALKS_STUCK,
    TALKS_SUSPENDED,
)
from sim.names.mechanisms import M16, M18, M40, M57, M59
from sim.names.script import SCRIPT_FRAMEWORK, SCRIPT_MOTION
from sim.names.streams import U_STUCK
from sim.world import bargain
from sim.world import talks as talks_
from sim.world.draws import FRAMEWORK_DATED_DRAW, FRAMEWORK_RENEWED_DRAW, PUT_TO_VOTE_DRAW, TALKS_SUSPENDED_DRAW
from tests.rules.bare import Told, bare, expect, lucky, odds, of, told

REPLACED = 2.0

#: Fields of the government by their paths.
gov = partial(of, "government")


def scripted(*acts: tuple[int, int]) -> dict[str, int]:
    """Return what a scenario has happen, as pairs of kind and day."""
    fields = {"n_script": len(acts)}
    for k, (kind, day) in enumerate(acts):
        fields |= {f"script.{k}.kind": kind, f"script.{k}.day": day}
    return fields


# Opened, suspended, resumed


#: Both sides want talks, there are none, and nothing is decided; the first round comes after a month.
WANTED = {
    **gov(in_office=1, seeks_talks=1, formed_event=4, trust_event=5, talks_price=0.9, round_day=99),
    "us.talks_offered": 1, "presence.decided_day": -1, "parliament.momentum": 0.2, "p.momentum_talks": 0.3,
    "day": 30, "last_deadly": -1,
    "p.talks_price": 0.37, "p.round_days": 30.9,
}  # fmt: skip


def test_talks_open_where_both_sides_want_them() -> None:
    """They answer what moved Baghdad's trust, and the government's forming besides; the house takes heart."""
    moves = gov(talks_open=1, talks_event=1, talks_price=0.0, round_day=60)
    moves["parliament.momentum"] = 0.2 + 0.3 * 0.8
    expect(bare(WANTED), talks_.talk, (), moves, Told(TALKS_OPENED, GOVERNMENT, 5, also=4))


@pytest.mark.parametrize(
    "lacking",
    [
        gov(in_office=0), gov(seeks_talks=0), {"us.talks_offered": 0}, gov(talks_open=1), gov(talks_suspended=1),
        gov(framework=1),
    ],
)  # fmt: skip
def test_talks_do_not_open_twice_or_where_somebody_does_not_want_them(lacking: dict[str, int]) -> None:
    """What talks cost at home is reckoned anew; those that are open already wait for their next round."""
    expect(bare(WANTED, lacking), talks_.talk, (), gov(talks_price=0.0))


@pytest.mark.parametrize("decided", [0, 30])
def test_talks_end_once_leaving_is_decided(decided: int) -> None:
    """Whatever was open is closed, and nothing else is looked at."""
    w = bare(WANTED, gov(talks_open=1), {"presence.decided_day": decided})
    expect(w, talks_.talk, (), gov(talks_open=0))


@pytest.mark.parametrize(
    ("agreed", "strength", "reckoned"),
    [(2, 1.0, 0.0), (2, 0.4, 0.6), (2, 0.0, 1.0), (2, 2.0, 0.0), (3, 1.0, 1.0), (0, 1.0, 0.0)],
)
def test_vague_talks_cost_nothing_until_a_date_must_be_fixed(agreed: int, strength: float, reckoned: float) -> None:
    """M57: before the last item they are cheap; from there on, and without it, they cost all."""
    given = gov(agreed=agreed, talks_open=1, talks_price=0.99, round_day=99, talks_progress=agreed / 4)
    w = bare(given, {f"strength.{M57}": strength})
    w.p.talks_price, w.presence.decided_day, w.last_deadly = 0.37, -1, -1
    expect(w, talks_._price_talks, (), gov(talks_price=0.37 * reckoned))
    w.government.talks_price = 0.99
    expect(w, talks_.talk, (), gov(talks_price=0.37 * reckoned))


#: Talks are open; an attack today has killed, chance decides.
SHAKEN = {
    **gov(talks_open=1, agreed=1, round_day=99, talks_event=3, trust=0.3, talks_price=0.5), "last_deadly": 30,
    "day": 30, "last_deadly_event": 9, "p.suspension_chance": 0.6, "p.talks_break": 0.8, f"u.{U_STUCK}": 0.4,
    "presence.decided_day": -1, "n_members": 6,
}  # fmt: skip
BROKEN_OFF = gov(talks_open=0, talks_suspended=1, suspended_day=30)
GOES_ON = gov(talks_progress=0.25)
BY_ATTACK = Told(TALKS_SUSPENDED, GOVERNMENT, 9, claim=M18)


@pytest.mark.parametrize(
    ("change", "luck", "suspended"),
    [
        ({}, 0.599, True),
        ({}, 0.6, False),
        ({f"strength.{M18}": 0.5}, 0.299, True),
        ({f"strength.{M18}": 0.5}, 0.3, False),
        ({f"strength.{M18}": 0.0}, 0.0, False),
        ({"last_deadly": 29}, 0.0, False),
        ({"last_deadly": 31}, 0.0, False),
        ({"last_deadly": 1, "day": 1}, 0.0, True),
    ],
)
def test_a_deadly_attack_suspends_talks(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], luck: float, suspended: bool
) -> None:
    """On its very day, by the chance of M18."""
    lucky(monkeypatch, talks_, {TALKS_SUSPENDED_DRAW: [luck]})
    w = bare(SHAKEN, change)
    moves = BROKEN_OFF | gov(suspended_day=w.day) if suspended else GOES_ON
    expect(w, talks_._make_progress, (), moves, *([BY_ATTACK] if suspended else []))


def test_a_deadly_attack_on_the_first_day_may_suspend_talks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the attack counts, whichever it is; where none has been deadly, none is of today."""
    for deadly, suspended in ((0, 1), (-1, 0)):
        lucky(monkeypatch, talks_, {TALKS_SUSPENDED_DRAW: [0.0]})
        w = bare(SHAKEN, {"day": 0, "last_deadly": deadly, f"u.{U_STUCK}": 1.0})
        talks_._make_progress(w)
        assert w.government.talks_suspended == suspended


@pytest.mark.parametrize(("luck", "stuck"), [(0.399, True), (0.4, False), (0.401, False)])
def test_talks_break_by_what_they_cost_at_home(luck: float, stuck: bool) -> None:
    """Half of 0.8; told of as the doing of M57."""
    w = bare(SHAKEN, {"last_deadly": -1, f"u.{U_STUCK}": luck})
    tells = [Told(TALKS_STUCK, GOVERNMENT, 3, detail=3.0, claim=M57)] if stuck else []
    expect(w, talks_._make_progress, (), BROKEN_OFF if stuck else GOES_ON, *tells)


@pytest.mark.parametrize(("agreed", "signed"), [(3, 0), (4, 1)])
def test_talks_in_which_all_is_agreed_are_signed(monkeypatch: pytest.MonkeyPatch, agreed: int, signed: int) -> None:
    """On the day of the round."""
    lucky(monkeypatch, talks_, {PUT_TO_VOTE_DRAW: [1.0]})
    monkeypatch.setattr(talks_, "date_wanted", lambda _: False)
    w = bare(SHAKEN, {"last_deadly": -1}, gov(agreed=agreed))
    talks_._make_progress(w)
    assert (w.government.framework, w.government.talks_progress) == (signed, agreed / 4)


@pytest.mark.parametrize(
    ("action", "refused", "moves", "tells"),
    [
        (GOV_SUSPEND_TALKS, 0, gov(talks_suspended=1, suspended_day=30), [Told(TALKS_SUSPENDED, PREMIER, 9)]),
        (GOV_SUSPEND_TALKS, 1, gov(talks_suspended=1, suspended_day=30), [Told(TALKS_SUSPENDED, PREMIER, 9)]),
        (GOV_RESUME_TALKS, 0, gov(talks_open=1), [Told(TALKS_RESUMED, PREMIER, 3)]),
        (GOV_RESUME_TALKS, 1, {}, []),
    ],
)
def test_a_premier_halts_talks_or_resumes_them(
    action: int, refused: int, moves: dict[str, int], tells: list[Told]
) -> None:
    """It takes one to break them off, and two to take them up again."""
    w = bare(gov(talks_event=3), {"day": 30, "last_deadly_event": 9, "us.talks_refused": refused})
    expect(w, talks_.halt_or_resume, (action,), moves, *tells)


def test_talks_that_are_resumed_are_no_longer_suspended() -> None:
    """They are open once more."""
    w = bare(gov(talks_suspended=1))
    moves = gov(talks_open=1, talks_suspended=0)
    expect(w, talks_.halt_or_resume, (GOV_RESUME_TALKS,), moves, Told(TALKS_RESUMED, PREMIER))


# Signed


@pytest.mark.parametrize(
    ("change", "due"),
    [
        (gov(talks_open=1, agreed=3, round_day=30), True),
        (gov(talks_open=1, agreed=3, round_day=31), False),
        (gov(talks_open=1, agreed=2, round_day=30), False),
        (gov(talks_open=1, agreed=3, round_day=30, framework=1), False),
        (gov(talks_open=0, agreed=3, round_day=30), False),
        (scripted((SCRIPT_FRAMEWORK, 30)), True),
        (scripted((SCRIPT_FRAMEWORK, 30)) | gov(framework=1), False),
        (scripted((SCRIPT_FRAMEWORK, 29), (SCRIPT_FRAMEWORK, 30)), True),
        (scripted((SCRIPT_FRAMEWORK, 30), (SCRIPT_FRAMEWORK, 31)), True),
        (scripted((SCRIPT_FRAMEWORK, 29), (SCRIPT_MOTION, 30), (SCRIPT_FRAMEWORK, 31)), False),
        (scripted((SCRIPT_FRAMEWORK, 30)) | {"n_script": 0}, False),
    ],
)
def test_members_are_asked_when_a_framework_may_be_signed(change: dict[str, Any], due: bool) -> None:
    """When the last item is up in a round of today, or the scenario signs today."""
    w = bare({"day": 30}, change)
    assert bool(talks_.signing_due(w)) == due


#: Talks have ended well: 5,000 soldiers, 4 of 6 members for it, a transition of 300 days if there is a date.
READY = {
    **gov(talks_open=1, talks_suspended=1, talks_event=3, trust_event=5, demand_event=7, pull_demand=0.4),
    **of("presence", decided_day=-1, state=FULL, troops=5000.0), "p.framework_footprint": 0.6, "p.cut_days": 40.0,
    "p.date_base": -0.3, "p.date_pull": 0.7, "p.date_resolution": 0.9, "p.transition_days": 300.7, "day": 30,
    "n_members": 6, "ratifying": 4.0, "parliament.passed": 1, "p.put_to_vote": 0.5,
}  # fmt: skip
DATED = odds(-0.3 + 0.7 * 0.4 + 0.9)
SIGNED = gov(framework=1, framework_day=30, talks_open=0, talks_suspended=0, end_day=-1)
IN_FORCE = SIGNED | gov(ratified=1) | of("presence", to_cut=2000.0, cut_a_day=50.0, state=LIMITED)


def signing(dated: float, ratified: bool, votes: float, first: int = 1) -> list[Told]:
    """Return what is told of a signature that is event number ``first``."""
    kind = FRAMEWORK_RATIFIED if ratified else FRAMEWORK_UNRATIFIED
    signed = Told(FRAMEWORK_SIGNED, GOVERNMENT, 3, detail=dated, claim=M16, also=5)
    return [signed, Told(kind, PARLIAMENT, first, size=votes)]


@pytest.mark.parametrize(
    ("change", "luck", "moves", "tells"),
    [
        ({}, 0.999, {"parliament.passed": 0}, signing(0.0, True, 4.0)),
        (
            {},
            0.0,
            {"parliament.passed": 0} | gov(dated=1, end_day=330) | of("presence", state=TRANSITION),
            signing(1.0, True, 4.0),
        ),
        ({"ratifying": 3.0}, 0.999, gov(ratified=0), signing(0.0, False, 3.0)),
        ({f"strength.{M16}": 0.0}, 0.999, {}, signing(0.0, True, 4.0)),
        ({f"strength.{M16}": 0.5}, 0.999, {"parliament.passed": 0}, signing(0.0, True, 4.0)),
        (
            {f"reading.{M16}": 1},
            0.999,
            gov(dated=1, end_day=330) | of("presence", state=TRANSITION),
            signing(1.0, True, 4.0),
        ),
        (
            of("presence", state=LIMITED),
            0.999,
            {"parliament.passed": 0} | of("presence", to_cut=0.0, cut_a_day=0.0, cut_event=0),
            signing(0.0, True, 4.0),
        ),
    ],
)
def test_a_signed_framework_is_put_to_parliament_and_cuts_the_presence(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], luck: float, moves: dict[str, Any], tells: list[Told]
) -> None:
    """More than half ratify it, which ends the resolution (M16); a full presence shrinks to its footprint."""
    lucky(monkeypatch, talks_, {PUT_TO_VOTE_DRAW: [0.49]})
    lucky(monkeypatch, bargain, {FRAMEWORK_DATED_DRAW: [luck]})
    w = bare(READY, change, gov(end_day=77, framework_event=99))
    after = IN_FORCE | gov(framework_event=1) | of("presence", cut_event=1) | moves
    expect(w, talks_._sign, (), after, *tells)


def test_a_framework_takes_the_place_of_a_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demand goes before the signature is told."""
    lucky(monkeypatch, talks_, {PUT_TO_VOTE_DRAW: [0.49]})
    lucky(monkeypatch, bargain, {FRAMEWORK_DATED_DRAW: [1.0]})
    w = bare(READY, gov(demand=0.4, refused=1))
    talks_._sign(w)
    assert told(w) == [Told(DEMAND_WITHDRAWN, PREMIER, 7, detail=REPLACED), *signing(0.0, True, 4.0, first=2)]
    assert (w.government.demand, w.government.refused, w.government.framework_event) == (0.0, 0, 2)


@pytest.mark.parametrize("change", [gov(framework=1), {"presence.decided_day": 0}, {"presence.decided_day": 12}])
def test_no_framework_is_signed_twice_or_once_leaving_is_decided(change: dict[str, int]) -> None:
    """Nothing moves."""
    expect(bare(READY, change), talks_._sign, (), {})


@pytest.mark.parametrize(("day", "signs"), [(29, 0), (30, 1), (31, 0)])
def test_the_scenario_signs_on_its_day(monkeypatch: pytest.MonkeyPatch, day: int, signs: int) -> None:
    """And on no other."""
    lucky(monkeypatch, talks_, {PUT_TO_VOTE_DRAW: [0.49]})
    lucky(monkeypatch, bargain, {FRAMEWORK_DATED_DRAW: [1.0]})
    w = bare(READY, scripted((SCRIPT_FRAMEWORK, 30)), {"day": day})
    talks_.sign_scripted(w)
    assert w.government.framework == signs


@pytest.mark.parametrize(
    ("change", "chance"),
    [({}, DATED), ({"parliament.passed": 0}, odds(-0.02)), (gov(pull_demand=0.9), odds(-0.3 + 0.63 + 0.9))],
)
def test_the_pull_to_an_exit_puts_a_date_into_a_framework(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], chance: float
) -> None:
    """And a resolution does."""
    for luck, wanted in ((chance - 1e-9, True), (chance + 1e-9, False)):
        lucky(monkeypatch, bargain, {FRAMEWORK_DATED_DRAW: [luck]})
        assert bargain.date_wanted(bare(READY, change)) == wanted


def test_a_timetable_has_a_date_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rival reading of M16; and luck at the very chance finds none."""
    lucky(monkeypatch, bargain, {FRAMEWORK_DATED_DRAW: [1.0]})
    assert bargain.date_wanted(bare(READY, {f"reading.{M16}": 1}))
    lucky(monkeypatch, bargain, {FRAMEWORK_DATED_DRAW: [0.5]})
    assert not bargain.date_wanted(bare(READY, {"p.date_base": 0.0, "p.date_pull": 0.0, "p.date_resolution": 0.0}))


@pytest.mark.parametrize(("luck", "ratified"), [(0.49, 1), (0.5, 0)])
def test_parliament_is_seldom_asked(monkeypatch: pytest.MonkeyPatch, luck: float, ratified: int) -> None:
    """With a majority that is never called the framework rests on letters."""
    lucky(monkeypatch, talks_, {PUT_TO_VOTE_DRAW: [luck]})
    lucky(monkeypatch, bargain, {FRAMEWORK_DATED_DRAW: [1.0]})
    w = bare(READY)
    talks_._sign(w)
    assert (w.government.framework, w.government.ratified) == (1, ratified)


# Dates, and trust


#: A framework whose date was day 30, which both would put off.
ENDS = {
    **gov(framework=1, dated=1, end_day=30, framework_event=8, pull_negotiate=0.6), "day": 30, "us.cost": 0.25,
    "sees.public.isis_trend": 1.2, "p.renewal": 1.3, "p.transition_days": 300.7, "p.exit_days": 90.0,
    "presence.decided_day": -1, "presence.troops": 2500.0, f"strength.{M40}": 1.0,
}  # fmt: skip
PUT_OFF = Told(FRAMEWORK_RENEWED, GOVERNMENT, 8)
KEPT = Told(EXIT_DECIDED, WASHINGTON, 8, place=NOWHERE, detail=float(CAUSE_AGREED))


@pytest.mark.parametrize(
    ("change", "chance"),
    [
        ({}, 1.3 * 0.6 * 1.2 * 0.75),
        (gov(pull_negotiate=0.3), 1.3 * 0.3 * 1.2 * 0.75),
        ({"sees.public.isis_trend": 0.2}, 1.3 * 0.6 * 0.5 * 0.75),
        ({"sees.public.isis_trend": 1.9}, 1.3 * 0.6 * 1.5 * 0.75),
        ({f"reading.{M16}": 1}, 0.0),
    ],
)
def test_a_date_is_put_off_where_both_want_it_or_kept(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], chance: float
) -> None:
    """By the pull to negotiate, ISIS, and what the presence does not cost at home; a timetable is kept."""
    left = {
        **of("presence", decided_day=30, exit_kind=BY_AGREEMENT, exit_cause=CAUSE_AGREED, exit_days=90.0),
        **of("presence", leaving_from=2500.0, state=LEAVING, exit_event=1, pace=1.0),
    }
    for luck, put_off in ((chance - 1e-9, chance > 0.0), (chance + 1e-9, False)):
        lucky(monkeypatch, talks_, {FRAMEWORK_RENEWED_DRAW: [luck]})
        moves, tells = (gov(end_day=330), PUT_OFF) if put_off else (left, KEPT)
        expect(bare(ENDS, change), talks_._date_comes, (), moves, tells)


def test_luck_at_the_very_chance_puts_no_date_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A half is not below a half."""
    lucky(monkeypatch, talks_, {FRAMEWORK_RENEWED_DRAW: [0.5]})
    w = bare(ENDS, {"p.renewal": 0.5, "sees.public.isis_trend": 1.0, "us.cost": 0.0}, gov(pull_negotiate=1.0))
    talks_._date_comes(w)
    assert w.presence.decided_day == 30


@pytest.mark.parametrize(
    ("change", "comes"),
    [({}, True), ({"day": 29}, False), ({"day": 31}, True), (gov(dated=0), False), (gov(framework=0), False)],
)
def test_a_date_comes_only_to_a_framework_that_has_one(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, int], comes: bool
) -> None:
    """On its day or the first on which it is looked at."""
    lucky(monkeypatch, talks_, {FRAMEWORK_RENEWED_DRAW: [0.0]})
    w = bare(ENDS, change)
    tells = [PUT_OFF] if comes else []
    expect(w, talks_.talk, (), gov(end_day=w.day + 300) if comes else {}, *tells)


@pytest.mark.parametrize(
    ("strength", "faith", "trust", "comes_to"),
    [
        (1.0, 0.5, 0.9, 0.9 - 0.3 * 0.1),
        (1.0, 0.8, 0.9, 0.9 - 0.3 * 0.1),
        (1.0, 0.2, 0.9, 0.9 - 0.3 * 0.1 - 0.7 * 0.3),
        (0.5, 0.2, 0.9, 0.9 - 0.3 * 0.1 - 0.35 * 0.3),
        (0.0, 0.2, 0.9, 0.9 - 0.3 * 0.1),
        (1.0, 0.2, 0.1, 0.0),
        (9.0, 0.2, 0.9, 0.0),
        (1.0, 0.5, 9.0, 1.0),
    ],
)
def test_trust_comes_back_and_washingtons_doubt_feeds_baghdads(
    strength: float, faith: float, trust: float, comes_to: float
) -> None:
    """A tenth of the way to its rest of 0.6 a day; less what Washington's faith lacks of a half (M59)."""
    w = bare({"p.trust_rest": 0.6, "kept.trust": 0.9, "p.doubts_feed": 0.7, "us.faith": faith})
    w.government.trust, w.strength[M59] = trust, strength
    expect(w, talks_.trust_recovers, (), gov(trust=comes_to))
