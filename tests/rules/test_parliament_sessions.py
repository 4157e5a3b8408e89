"""The house at work: motions, sessions and their quorum, whom it confirms, what it ratifies."""

import math
from typing import Any

import numpy as np
import pytest

from sim.names.actors import (
    BALANCING,
    KURD,
    LEANS_NOWHERE,
    NATIONALIST,
    OTHER,
    PARLIAMENT,
    PRO_IRAN,
    REFORMIST,
    SHIA,
    SUNNI,
)
from sim.names.events import MOTION_LAPSED, MOTION_TABLED, QUORUM_FAILED, VOTE_FAILED, VOTE_PASSED
from sim.names.mechanisms import M14, M48, M51
from sim.names.script import SCRIPT_MOTION, SCRIPT_PREMIER
from sim.names.streams import U_SPEAKER
from sim.world import parliament
from sim.world.draws import (
    MEMBER_COMES_DRAW,
    MEMBER_CONFIRMS_DRAW,
    MEMBER_RATIFIES_DRAW,
    MEMBER_VOTES_DRAW,
    VOTE_DELAY_DRAW,
)
from tests.rules.bare import Told, bare, expect, lucky, odds, of, put, told

# Motions and sessions


@pytest.mark.parametrize(
    ("outrage", "kept", "event"), [(0.8, 0.5, 6), (0.05, 1.0, 6), (0.1, 0.49, 0), (0.049, 1.0, 0), (0.0, 1.0, 0)]
)
def test_outrage_and_momentum_fade_and_a_breach_is_forgotten(outrage: float, kept: float, event: int) -> None:
    """What is felt less than 0.05 has no event any more."""
    w = bare({"parliament.outrage": outrage, "kept.outrage": kept, "parliament.outrage_event": 6})
    put(w, {"parliament.momentum": 0.6, "kept.momentum": 0.7, "n_members": 0, "parliament.vote_day": -1})
    parliament.sessions(w)
    house = w.parliament
    assert (house.outrage, house.momentum, house.outrage_event) == (outrage * kept, pytest.approx(0.42), event)


@pytest.mark.parametrize(
    ("script", "tabled"),
    [
        ([(SCRIPT_MOTION, 32), (SCRIPT_MOTION, 33)], True),
        ([(SCRIPT_MOTION, 33), (SCRIPT_PREMIER, 33)], True),
        ([(SCRIPT_MOTION, 32), (SCRIPT_PREMIER, 33), (SCRIPT_MOTION, 34)], False),
    ],
)
def test_a_scripted_motion_is_tabled_for_the_next_day(script: list[tuple[int, int]], tabled: bool) -> None:
    """On its own day, whatever else the scenario has happen; it answers the breach."""
    w = bare({"day": 33, "n_script": len(script), "kept.outrage": 1.0}, of("parliament", outrage=0.5, outrage_event=6))
    for k, (kind, day) in enumerate(script):
        w.script[k].kind, w.script[k].day = kind, day
    moves = of("parliament", tabled=1, tabled_day=33, vote_day=34, tabled_event=1)
    tells = [Told(MOTION_TABLED, PARLIAMENT, 6)] if tabled else []
    expect(w, parliament.sessions, (), moves if tabled else {}, *tells)


#: A motion tabled on day 30 in a house without members; the speaker would fix a day at once.
TABLED = {
    "p.boycott_width": 1.0, "p.motion_life": 10, "p.speaker_base": 1.0, "parliament.tabled": 1,
    "parliament.tabled_day": 30, "parliament.tabled_event": 8, "quorum": 1, "day": 33, "parliament.first_for": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kinds", "vote_day"),
    [
        ({"parliament.vote_day": 33}, [QUORUM_FAILED], -1),
        ({"parliament.vote_day": 34}, [], 34),
        ({"parliament.vote_day": 0}, [], 0),
        ({"parliament.vote_day": -1}, [], 34),
        ({"parliament.vote_day": -1, "day": 40}, [], 41),
        ({"parliament.vote_day": -1, "day": 41}, [MOTION_LAPSED], -1),
        ({"parliament.vote_day": -1, "parliament.tabled": 0}, [], -1),
        ({"parliament.vote_day": 33, "parliament.tabled": 0}, [], 33),
    ],
)
def test_a_session_is_held_on_its_day_and_a_day_fixed_where_there_is_none(
    change: dict[str, int], kinds: list[int], vote_day: int
) -> None:
    """Only for a motion that is tabled; it lapses when no day was fixed in its life."""
    w = bare(TABLED, change)
    parliament.sessions(w)
    assert ([event.kind for event in told(w)], w.parliament.vote_day) == (kinds, vote_day)


def test_a_motion_that_lapses_is_no_longer_tabled() -> None:
    """An event that answers its tabling; factions reckon from that day."""
    w = bare(TABLED, {"day": 41, "parliament.vote_day": -1})
    moves = {"parliament.tabled": 0, "parliament.last_motion_day": 41}
    expect(w, parliament._fix_a_day, (), moves, Told(MOTION_LAPSED, PARLIAMENT, 8))


@pytest.mark.parametrize(
    ("base", "by_outrage", "outrage", "luck", "fixed"),
    [
        (0.2, 0.5, 0.6, 0.499, True),
        (0.2, 0.5, 0.6, 0.501, False),
        (0.25, 0.5, 0.5, 0.5, False),
        (0.9, 0.9, 0.9, 0.999, True),
        (0.9, 0.9, 0.9, 1.0, False),
        (-0.5, 0.1, 0.1, 0.0, False),
    ],
)
def test_the_speaker_fixes_a_day_the_readier_the_more_the_house_is_outraged(
    monkeypatch: pytest.MonkeyPatch, base: float, by_outrage: float, outrage: float, luck: float, fixed: bool
) -> None:
    """Tomorrow, or up to so many days later, as chance has it: 1 + 0.74 times 7 days, in whole ones."""
    lucky(monkeypatch, parliament, {VOTE_DELAY_DRAW: [0.74]})
    w = bare(TABLED, {"parliament.vote_day": -1, "p.vote_delay": 7.0, "p.speaker_base": base, f"u.{U_SPEAKER}": luck})
    put(w, {"p.speaker_outrage": by_outrage, "parliament.outrage": outrage})
    expect(w, parliament._fix_a_day, (), {"parliament.vote_day": 33 + 1 + 5} if fixed else {})


#: Six members who lean 2, 1, 0, -1, -2, -0.5 to expel; four are a quorum.
SESSION = {
    "n_blocs": 1, "bloc_first": [0, 6], "bloc_community": SHIA, "n_members": 6, "p.lean_view": 1.0,
    "member_us": [-2.0, -1.0, 0.0, 1.0, 2.0, 0.5], "quorum": 4, "p.boycott_width": 2.5, "day": 33,
    "parliament.tabled": 1, "parliament.tabled_event": 8, "parliament.vote_day": 33, "parliament.first_for": -1,
    "parliament.first_present": -1, "p.vote_sharpness": 1.7, "p.come_base": 0.3, "p.come_lean": 0.4, "p.boycott": 0.9,
    "parliament.motions": 2, "member_vote": 9, "parliament.momentum": 0.2, "p.momentum_vote": 0.3,
}  # fmt: skip
SUPPORTERS = odds(4.0) + odds(2.0) + 0.5 + odds(-2.0) + odds(-4.0) + odds(-1.0)
DOUBT = math.exp(-(((SUPPORTERS - 4.0) / 2.5) ** 2))
LEANINGS = [2.0, 1.0, 0.0, -1.0, -2.0, -0.5]
COMING = [odds(0.3 + 0.4 * x - (0.9 * (0.5 + 0.5 * DOUBT) if x < 0.0 else 0.0)) for x in LEANINGS]
VOTING = [odds(1.7 * x) for x in LEANINGS]


def _members(words: str) -> dict[np.uint64, list[float]]:
    """Return luck at the very edge of what lets members stay away ('.'), come and vote against ('-') or for ('+')."""
    comes = [chance + (1e-9 if word == "." else -1e-9) for chance, word in zip(COMING, words, strict=True)]
    votes = [chance + (-1e-9 if word == "+" else 1e-9) for chance, word in zip(VOTING, words, strict=True)]
    return {MEMBER_COMES_DRAW: comes, MEMBER_VOTES_DRAW: votes}


@pytest.mark.parametrize(
    ("words", "kind", "size"),
    [
        ("++----", VOTE_FAILED, 2.0),
        ("++-+--", VOTE_FAILED, 3.0),
        ("++-+-.", VOTE_PASSED, 3.0),
        ("+++-..", VOTE_PASSED, 3.0),
        (".--.++", VOTE_FAILED, 2.0),
        ("+++...", QUORUM_FAILED, 1.0),
        ("......", QUORUM_FAILED, 1.0),
    ],
)
def test_a_session_counts_who_comes_and_who_votes_for(
    monkeypatch: pytest.MonkeyPatch, words: str, kind: int, size: float
) -> None:
    """Each by his own chance to the very edge; no quorum, no decision; half of those present is too few."""
    lucky(monkeypatch, parliament, _members(words))
    present, votes = len(words) - words.count("."), words.count("+")
    house = {"first_for": votes, "first_present": present, "motions": 3, "tabled": 0, "vote_day": -1}
    house["last_motion_day"] = 33
    if kind == VOTE_PASSED:
        house |= {"passed": 1, "passed_day": 33, "momentum": 0.2 + 0.3 * 0.8, "passed_event": 1}
    moves = {f"parliament.{name}": value for name, value in house.items()}
    moves |= {f"member_x.{i}": x for i, x in enumerate(LEANINGS) if x} | {"bloc_line.0": -0.5 / 6}
    moves |= {f"member_vote.{i}": ".-+".index(word) for i, word in enumerate(words)}
    tells = Told(kind, PARLIAMENT, 8, size=size, detail=float(present))
    expect(bare(SESSION), parliament.hold_session, (), moves, tells)


@pytest.mark.parametrize("first", [0, 3])
def test_only_the_first_session_is_remembered_as_the_first(monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    """Even where nobody was for it."""
    lucky(monkeypatch, parliament, _members("++++--"))
    w = bare(SESSION, {"parliament.first_for": first, "parliament.first_present": 5})
    parliament.hold_session(w)
    assert (w.parliament.first_for, w.parliament.first_present, w.parliament.passed) == (first, 5, 1)


@pytest.mark.parametrize(("comes", "votes", "counted"), [(0.4, 0.5, (6, 0)), (0.4, 0.4, (6, 6)), (0.5, 0.4, (0, 0))])
def test_luck_at_the_very_chance_neither_comes_nor_votes(
    monkeypatch: pytest.MonkeyPatch, comes: float, votes: float, counted: tuple[int, int]
) -> None:
    """A half is not below a half."""
    lucky(monkeypatch, parliament, {MEMBER_COMES_DRAW: [comes] * 6, MEMBER_VOTES_DRAW: [votes] * 6})
    even = {"p.vote_sharpness": 0.0, "p.come_base": 0.0, "p.come_lean": 0.0, "p.boycott": 0.0}
    w = bare(SESSION, even)
    parliament.hold_session(w)
    assert (w.parliament.first_present, w.parliament.first_for) == counted


# Whom the house confirms


@pytest.mark.parametrize(
    ("us", "iran", "shift", "leaning", "fits"),
    [
        (0.5, 0.3, 0.1, PRO_IRAN, 0.4 - 0.15),
        (-9.0, 0.3, 0.1, PRO_IRAN, 1.0),
        (9.0, 0.3, 0.1, PRO_IRAN, -1.0),
        (0.5, 0.3, 0.1, NATIONALIST, 0.4 - 0.2 - 0.25),
        (0.5, -0.7, 0.1, NATIONALIST, 0.4 - 0.3 - 0.25),
        (-9.0, 0.3, 0.1, NATIONALIST, 1.0),
        (9.0, 0.3, 0.1, NATIONALIST, -1.0),
        (0.5, 0.3, 0.1, REFORMIST, 0.15 - 0.24),
        (9.0, 0.3, 0.1, REFORMIST, 1.0),
        (-9.0, 0.3, 0.1, REFORMIST, -1.0),
        (0.5, 0.3, 0.1, BALANCING, 0.5 - 0.3),
        (0.5, -0.7, 0.1, BALANCING, 0.5 - 0.3),
        (0.5, 9.0, 0.1, BALANCING, -1.0),
        (0.5, 0.3, 0.1, LEANS_NOWHERE, 0.5 - 0.3),
    ],
)
def test_how_well_a_premier_suits_a_member(us: float, iran: float, shift: float, leaning: int, fits: float) -> None:
    """By what both think of Iran's camp (with the bloc's shift) and the US, from -1 to 1."""
    w = bare({"member_us": [0.9, us, 0.9], "member_iran": [-0.9, iran, -0.9], "shift_iran": [0.7, 0.7, shift, 0.7]})
    assert parliament._fit(w, 1, 2, leaning) == pytest.approx(fits)


@pytest.mark.parametrize(
    ("community", "leaning", "change", "reserve"),
    [
        (SHIA, BALANCING, {}, 0.0),
        (SHIA, PRO_IRAN, {}, 0.5 * 0.6 * 0.7),
        (KURD, BALANCING, {}, 0.3 * 0.4),
        (SUNNI, NATIONALIST, {f"strength.{M51}": 0.5}, 0.15 * 0.4),
        (OTHER, PRO_IRAN, {}, 0.3 * 0.4 + 0.5 * 0.6 * 0.7),
    ],
)
def test_what_keeps_a_bloc_from_a_nominee(
    community: int, leaning: int, change: dict[str, float], reserve: float
) -> None:
    """Who is not Shia: politics split by community (M51); who has US money: cover, against Iran's man alone."""
    w = bare({"p.sectarian_split": 0.3, "parliament.sectarian": 0.4, "p.confirm_cover": 0.5, "cover": 0.7}, change)
    put(w, {"bloc_community": [SUNNI, community, SHIA], "bloc_in.1.us_money": 0.6, "bloc_in.0.us_money": 0.1})
    assert parliament._reserve(w, 1, leaning) == pytest.approx(reserve)


STREET = {"p.street_on_premier": 0.7, "mood_government": 0.8, "protest_all": 0.6, "agenda": 0.5, "mood_iran": 0.3}


@pytest.mark.parametrize(
    ("leaning", "change", "verdict"),
    [
        (REFORMIST, {}, 0.7 * 0.8 * 0.8),
        (PRO_IRAN, {}, -0.7 * (0.8 * 0.8 + 0.5 * (0.3 + 0.4)) * 0.5),
        (BALANCING, {}, -0.7 * 0.8 * 0.8 * 0.3),
        (NATIONALIST, {}, -0.7 * 0.8 * 0.8 * 0.3),
        (REFORMIST, {"protest_all": 0.9, "agenda": 0.9}, 0.7 * 0.8),
        (REFORMIST, {f"strength.{M48}": 0.5}, 0.5 * 0.7 * 0.8 * 0.8),
        (PRO_IRAN, {f"strength.{M48}": 0.5}, -0.5 * 0.7 * (0.8 * 0.8 + 0.35) * 0.5),
        (BALANCING, {f"strength.{M48}": 0.5}, -0.5 * 0.7 * 0.8 * 0.8 * 0.3),
        (REFORMIST, {f"reading.{M48}": 1}, 0.0),
    ],
)
def test_what_the_street_does_to_a_nominees_chances(leaning: int, change: dict[str, Any], verdict: float) -> None:
    """It lifts a reformist, weighs on Iran's man most; nothing where chiefs alone decide."""
    w = bare(STREET, {"mood_militia": 0.4}, change)
    assert parliament._street_verdict(w, leaning) == pytest.approx(verdict)


#: One member, of a house with all that weighs on a confirmation (street: -0.7 * 0.8 * 0.8 * 0.3; fit: 0.5 - 0.6 * 0.5).
CONFIRM = {
    **STREET, "n_blocs": 1, "n_members": 1, "bloc_first": [0, 1], "bloc_community": SUNNI, "member_iran": 0.4,
    "p.polarisation_cost": 0.9, "parliament.polarisation": 0.35, "p.vacuum_urgency": 1.1, "day": 100,
    "government.caretaker_since": -46, "p.confirm_base": 0.2, "p.broker_confidence": 0.6, "broker": 0.45,
    "p.confirm_fit": 1.3, "p.sectarian_split": 0.3, "parliament.sectarian": 0.4,
}  # fmt: skip
SURE = 0.2 + 1.1 * 146 / 365 - 0.7 * 0.8 * 0.8 * 0.3 - 0.9 * 0.35 + 0.6 * 0.45 - 0.3 * 0.4 + 1.3 * 0.2


@pytest.mark.parametrize(
    ("change", "x"),
    [
        ({}, SURE),
        ({f"strength.{M14}": 2.0}, SURE - 0.9 * 0.35),
        ({f"strength.{M14}": 0.0}, SURE + 0.9 * 0.35),
        ({"p.confirm_fit": 2.3}, SURE + 0.2),
        ({"bloc_community": SHIA}, SURE + 0.12),
        ({"government.caretaker_since": 27}, SURE - 1.1 * 0.2),
    ],
)
def test_what_a_members_confidence_rests_on(monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], x: float) -> None:
    """Time without a government, street, polarisation (M14), brokers, his bloc's reserve, and how well they suit."""
    for luck, votes in ((odds(x) - 1e-9, 1), (odds(x) + 1e-9, 0)):
        lucky(monkeypatch, parliament, {MEMBER_CONFIRMS_DRAW: [luck]})
        assert parliament.confidence(bare(CONFIRM, change), BALANCING) == votes


def test_the_votes_of_all_blocs_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three Shia members, and, more reserved, two Kurds and a Sunni, with the same luck."""
    house = {"n_blocs": 3, "n_members": 6, "bloc_first": [0, 3, 5, 6], "bloc_community": [SHIA, KURD, SUNNI]}
    w = bare(house, {"p.sectarian_split": 2.0, "parliament.sectarian": 0.5})
    lucky(monkeypatch, parliament, {MEMBER_CONFIRMS_DRAW: [0.49, 0.51, 0.3, 0.26, 0.28, 0.26]})
    assert parliament.confidence(w, BALANCING) == 2 + 2
    lucky(monkeypatch, parliament, {MEMBER_CONFIRMS_DRAW: [0.5, 0.5, 0.5, odds(-1.0), odds(-1.0), odds(-1.0)]})
    assert parliament.confidence(w, BALANCING) == 0


@pytest.mark.parametrize(("edge", "votes"), [(-1e-9, 6), (1e-9, 0)])
def test_members_ratify_the_less_the_more_they_lean_to_expel(
    monkeypatch: pytest.MonkeyPatch, edge: float, votes: int
) -> None:
    """Each by his own chance, of what he leans to today."""
    lucky(monkeypatch, parliament, {MEMBER_RATIFIES_DRAW: [odds(0.6 - 1.7 * x) + edge for x in LEANINGS]})
    assert parliament.ratify(bare(SESSION, {"p.ratify_base": 0.6})) == votes


@pytest.mark.parametrize("edge", range(6))
def test_each_ratifying_member_counts_one(monkeypatch: pytest.MonkeyPatch, edge: int) -> None:
    """One whose luck fails him is one vote less; luck at the very chance fails."""
    lucky(monkeypatch, parliament, {MEMBER_RATIFIES_DRAW: [0.5 if k == edge else 0.0 for k in range(6)]})
    assert parliament.ratify(bare(SESSION, {"p.vote_sharpness": 0.0})) == 5
