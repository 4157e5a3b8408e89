"""Parliament: what leans members to expel, how views drift, motions and sessions, whom the house confirms."""

import math
from typing import Any

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
from sim.names.mechanisms import M08, M10, M11, M12, M14, M20, M31, M41, M48, M51
from sim.names.script import SCRIPT_MOTION, SCRIPT_PREMIER
from sim.names.streams import U_SPEAKER
from sim.world import parliament
from sim.world.draws import (
    MEMBER_COMES_DRAW,
    MEMBER_CONFIRMS_DRAW,
    MEMBER_RATIFIES_DRAW,
    MEMBER_START_DRAW,
    MEMBER_VOTES_DRAW,
    VOTE_DELAY_DRAW,
)
from tests.rules.bare import Told, bare, expect, moved, put, told

#: A house of three blocs: three Shia members, none of the second bloc, two Kurdish ones, one Sunni.
HOUSE = {
    "n_blocs": 4, "n_members": 6, "bloc_first": [0, 3, 3, 5, 6], "bloc_community": [SHIA, SHIA, KURD, SUNNI],
}  # fmt: skip
#: A house in which a member's leaning is what his view of the US is not.
PLAIN_HOUSE = {"n_blocs": 1, "bloc_first": [0, 6], "bloc_community": SHIA, "n_members": 6, "p.lean_view": 1.0}


def odds(x: float) -> float:
    """Return a chance from its log odds."""
    return 1.0 / (1.0 + math.exp(-x))


def lucky(patch: pytest.MonkeyPatch, **numbers: list[float]) -> None:
    """Let the draws of members come out as given: those of ``starts``, ``comes``, ``votes``, ``delay``, ..."""
    names = {
        "starts": MEMBER_START_DRAW, "comes": MEMBER_COMES_DRAW, "votes": MEMBER_VOTES_DRAW, "delay": VOTE_DELAY_DRAW,
        "confirms": MEMBER_CONFIRMS_DRAW, "ratifies": MEMBER_RATIFIES_DRAW,
    }  # fmt: skip
    found = {(names[word], k): u for word, us in numbers.items() for k, u in enumerate(us)}
    patch.setattr(parliament, "draw", lambda w, name, entity: found[name, int(entity)])
    patch.setattr(parliament, "draw_at_start", lambda w, name, entity: found[name, int(entity)])


# Seats and views


@pytest.mark.parametrize(("standing", "passed"), [(0.0, (0, -1)), (0.1, (1, 0))])
def test_members_are_seated_by_bloc_with_views_around_the_blocs(
    monkeypatch: pytest.MonkeyPatch, standing: float, passed: tuple[int, int]
) -> None:
    """Each by luck of his own, held to -1 and 1; the last bloc has no more seats than the house has left."""
    monkeypatch.setattr(parliament, "normal", lambda u: u)  # so that luck is given in standard deviations
    lucky(monkeypatch, starts=[0.5, -1.5, -2.0, 2.5, 9.0, -9.0, -9.0, 9.0])
    blocs = [
        {"seats": 2.0, "view_us": 0.1, "view_us_spread": 0.2, "view_iran": 0.3, "view_iran_spread": 0.25},
        {"seats": 3.0, "view_us": -0.4, "view_us_spread": 0.5, "view_iran": -0.6, "view_iran_spread": 0.7},
    ]
    w = bare(*({f"bloc_in.{b}.{k}": v for k, v in bloc.items()} for b, bloc in enumerate(blocs)))
    start = {"s.momentum": 0.17, "s.outrage": 0.27, "s.sectarian": 0.37, "s.resolution_passed": standing}
    put(w, {"n_blocs": 2, "n_members": 4, "bloc_first": 9, "member_bloc": 9, **start})
    house = {
        "vote_day": -1, "last_motion_day": -1, "first_for": -1, "first_present": -1, "momentum": 0.17, "outrage": 0.27,
        "sectarian": 0.37, "passed_day": passed[1], "iran_camp": 0.5, "between": 0.25,
    }  # fmt: skip
    members = {
        "member_us": [0.1 + 0.2 * 0.5, 0.1 - 0.2 * 2.0, 1.0, -1.0],
        "member_iran": [0.3 - 0.25 * 1.5, 0.3 + 0.25 * 2.5, -1.0, 1.0],
        "member_bloc": [0, 0, 1, 1],
        "bloc_first": [0, 2, 4],
    }
    moves = {f"{name}.{i}": value for name, values in members.items() for i, value in enumerate(values)}
    moves |= {f"parliament.{name}": value for name, value in house.items()}
    moves |= {"parliament.passed": 1} if passed[0] else {}
    if not standing:
        expect(w, parliament.start_parliament, (), moves)
    else:
        expect(w, parliament.start_parliament, (), {k: v for k, v in moves.items() if k != "parliament.passed_day"})


@pytest.mark.parametrize(
    ("us", "iran", "shift", "camp", "between"),
    [
        (0.0, 0.25, 0.0, 0, 1),
        (0.0, 0.26, 0.0, 1, 0),
        (0.0, 0.16, 0.1, 1, 0),
        (0.0, 0.35, -0.1, 0, 1),
        (0.0, -0.25, 0.0, 0, 1),
        (0.0, -0.26, 0.0, 0, 0),
        (0.5, 0.0, 0.0, 0, 1),
        (0.51, 0.0, 0.0, 0, 0),
        (-0.5, 0.0, 0.0, 0, 1),
        (-0.51, 0.0, 0.0, 0, 0),
    ],
)
def test_who_leans_to_irans_camp_and_who_stands_between(
    us: float, iran: float, shift: float, camp: int, between: int
) -> None:
    """Above a quarter of Iran's view, his bloc's shift counted in; within it, and within half of the US's."""
    w = bare(HOUSE, {"shift_iran": [0.0, 0.0, 0.0, shift]})
    put(w, {"member_us": [0.9] * 5 + [us], "member_iran": [0.9, -0.9, -0.9, 0.9, -0.9, iran]})
    put(w, {"parliament.iran_camp": 0.99, "parliament.between": 0.99})
    moves = {"parliament.iran_camp": (2 + camp) / 6, "parliament.between": between / 6}
    expect(w, parliament._count_camps, (), moves)


@pytest.mark.parametrize(("members", "share"), [(1, 1.0), (0, 0.0)])
def test_the_camps_of_the_smallest_houses(members: int, share: float) -> None:
    """One member is the whole house; a house of none has no camp, and is no division by nothing."""
    w = bare({"n_blocs": 1, "n_members": members, "bloc_first.1": members, "member_iran": 0.9})
    put(w, {"parliament.iran_camp": 0.7, "parliament.between": 0.7})
    expect(w, parliament._count_camps, (), {"parliament.iran_camp": share, "parliament.between": 0.0})
    put(w, {"member_iran": 0.0})
    expect(w, parliament._count_camps, (), _unless_same(w, {"iran_camp": 0.0, "between": share}))


def _unless_same(w: Any, fields: dict[str, float]) -> dict[str, float]:
    return {f"parliament.{name}": value for name, value in fields.items() if getattr(w.parliament, name) != value}


#: Views drift by the bloc's, the street and a member's own thoughts; nothing else moves.
DRIFT = {
    **HOUSE, "day": 27, "p.view_pull": 0.1, "p.view_drift": 0.02, "p.view_street": 0.3, "mood_us": 0.7,
    "bloc_in.0.view_us": 0.5, "bloc_in.0.street": 0.4, "shift_us": [0.2, 7.0, -0.1], "bloc_in.2.view_us": -0.8,
    "bloc_in.2.street": 1.0, "member_us": [0.6, -0.9, 0.0, 0.99, -0.95, 0.3],
}  # fmt: skip


def test_views_drift_in_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """By 0.1 of the way to the bloc's view and its shift, 0.06 of the street away from the US, and a member's luck."""
    luck = [1.5, -0.5, 0.5, 30.0, -30.0, 0.0]
    monkeypatch.setattr(parliament, "fill_members", lambda w: put(w, {"member_z": luck}))
    views = [
        0.6 + 0.1 * (0.7 - 0.6) - 0.06 * 0.4 + 0.02 * 1.5,
        -0.9 + 0.1 * (0.7 + 0.9) - 0.06 * 0.4 - 0.02 * 0.5,
        0.1 * 0.7 - 0.06 * 0.4 + 0.02 * 0.5,
        1.0,
        -1.0,
        0.3 - 0.1 * 0.3,
    ]
    moves = {f"member_us.{i}": view for i, view in enumerate(views)}
    moves |= {f"member_z.{i}": z for i, z in enumerate(luck) if z}
    expect(bare(DRIFT), parliament.members_week, (), moves)


@pytest.mark.parametrize(("day", "counted"), [(0, True), (27, False), (28, True), (29, False), (56, True)])
def test_a_week_shifts_blocs_leans_members_and_takes_stock(day: int, counted: bool) -> None:
    """All four of it; camps are counted every fourth week."""
    w = bare(HOUSE, {"day": day, "p.lean_base": 0.37, "p.view_shift": 0.5, "shift_us": 0.4, "member_iran": 0.9})
    moves = moved(w, parliament.members_week)
    lines = dict.fromkeys((f"bloc_line.{b}" for b in (0, 2, 3)), 0.37)
    leanings = dict.fromkeys((f"member_x.{i}" for i in range(6)), 0.37)
    shifts = dict.fromkeys((f"shift_us.{b}" for b in range(4)), 0.2)
    stock = {"parliament.for_expulsion": 1.0} | ({"parliament.iran_camp": 1.0} if counted else {})
    drawn = {name: value for name, value in moves.items() if name.startswith("member_z")}
    rounding = {name: value for name, value in moves.items() if name == "parliament.polarisation"}
    assert len(drawn) > 300
    assert moves == pytest.approx({**lines, **leanings, **shifts, **stock, **drawn, **rounding})
    assert w.parliament.polarisation == pytest.approx(0.0, abs=1e-7)


#: A bloc with ties to all sides, in a world that pulls at each.
SHIFTS = {
    "bloc_in.1.us_money": 0.6, "bloc_in.1.faction_tie": 0.7, "bloc_in.1.iran_money": 0.8, "bloc_in.1.street": 0.9,
    "p.backing_view": 0.5, "us.backing_members": 0.4, "p.view_shift": 0.3, "p.need_view": 0.25, "need": 1.2,
    "p.uncovered_view": 0.35, "cover": 0.1, "p.money_view": 0.45, "iran.courting": 0.55, "iran.funds": 0.65,
    "p.street_view": 0.15, "mood_iran": 0.95, "mood_militia": 0.85, "s.anger_at_iran": 0.05,
    "shift_us": [0.9, 0.2, 0.9], "shift_iran": [0.9, -0.1, 0.9],
}  # fmt: skip
NEEDED, UNCOVERED, PAID = 0.25 * 1.2 * 0.7, 0.35 * 0.6 * 0.9, 0.45 * 0.8 * 0.55 * 0.65
ANGRY, BACKED = 0.15 * 0.9 * (0.9 - 0.05), 0.5 * 0.4 * 0.6


@pytest.mark.parametrize(
    ("change", "to_us", "to_iran"),
    [
        ({}, BACKED, NEEDED + UNCOVERED + PAID - ANGRY),
        ({f"strength.{M41}": 0.5}, 0.5 * BACKED, NEEDED + UNCOVERED + PAID - ANGRY),
        ({f"strength.{M31}": 0.5}, BACKED, 0.5 * NEEDED + UNCOVERED + PAID - ANGRY),
        ({f"strength.{M12}": 0.5}, BACKED, NEEDED + UNCOVERED + 0.5 * PAID - ANGRY),
        ({"need": 12.0}, BACKED, 0.6),
        ({"mood_iran": 30.0}, BACKED, -0.6),
        ({"mood_militia": 0.15}, BACKED, NEEDED + UNCOVERED + PAID - 0.135 * (0.55 - 0.05)),
    ],
)
def test_a_blocs_views_move_by_what_pulls_at_it(change: dict[str, Any], to_us: float, to_iran: float) -> None:
    """Three tenths of the way a week: backing; need of militias, cover gone, money, less the street's anger at Iran."""
    moves = {"shift_us.1": 0.2 + 0.3 * (to_us - 0.2), "shift_iran.1": -0.1 + 0.3 * (to_iran + 0.1)}
    expect(bare(SHIFTS, change), parliament._shift_views, (1,), moves)


# What leans members to expel


#: A bloc on which everything pulls.
LEANS = {
    "p.lean_base": 0.1, "p.lean_street": 0.2, "bloc_in.2.street": 0.3, "mood_us": 0.9, "p.lean_isis": 0.15,
    "mood_fear": 0.4, "p.lean_outrage": 0.5, "parliament.outrage": 0.6, "p.lean_sadr": 0.7, "bloc_in.2.sadrist": 0.8,
    "sadr.stance": -0.9, "p.lean_fear": 0.25, "bloc_in.2.faction_tie": 0.35, "p.lean_money": 0.45,
    "bloc_in.2.iran_money": 0.55, "iran.courting": 0.65, "iran.funds": 0.75, "p.lean_cover": 0.85,
    "bloc_in.2.us_money": 0.95, "cover": 0.16, "p.lean_counterweight": 0.33, "p.outrage_kurd": 0.2,
    "p.outrage_sunni": 0.3, "bloc_community": [KURD, SUNNI, SHIA, KURD],
}  # fmt: skip
BASE = 0.1 + 0.2 * 0.3 * 0.4 - 0.15 * 0.4 - 0.85 * 0.95 * 0.16
OUTRAGE, SADRS, BOUGHT = 0.5 * 0.6, -0.7 * 0.8 * 0.9, 0.25 * 0.35 + 0.45 * 0.55 * 0.65 * 0.75
BALANCED = 0.33 * 0.44


@pytest.mark.parametrize(
    ("change", "leaning"),
    [
        ({}, BASE + OUTRAGE + SADRS + BOUGHT),
        ({"mood_us": 0.4}, BASE - 0.2 * 0.3 * 0.5 + OUTRAGE + SADRS + BOUGHT),
        ({f"strength.{M08}": 0.5}, BASE + 0.5 * OUTRAGE + SADRS + BOUGHT),
        ({f"strength.{M10}": 0.5}, BASE + OUTRAGE + 0.5 * SADRS + BOUGHT),
        ({f"strength.{M12}": 0.5}, BASE + OUTRAGE + SADRS + 0.5 * BOUGHT),
        ({f"strength.{M11}": 0.5}, BASE + OUTRAGE + SADRS + BOUGHT),
        ({"bloc_community.2": SUNNI}, BASE + 0.3 * OUTRAGE + SADRS + BOUGHT - BALANCED),
        ({"bloc_community.2": SUNNI, f"strength.{M11}": 0.5}, BASE + 0.3 * OUTRAGE + SADRS + BOUGHT - 0.5 * BALANCED),
        ({"bloc_community.2": KURD}, BASE + 0.2 * OUTRAGE + SADRS + BOUGHT - BALANCED),
        ({"bloc_community.2": OTHER}, BASE + 0.3 * OUTRAGE + SADRS + BOUGHT),
    ],
)
def test_what_leans_a_bloc_to_expel(change: dict[str, Any], leaning: float) -> None:
    """Breach as its community shares in it, street, Sadr, fear and money; less cover, ISIS, and Iran's camp."""
    assert parliament._bloc_lean(bare(LEANS, change), 2, 0.44) == pytest.approx(leaning)


@pytest.mark.parametrize(
    ("decided", "passed", "demand", "near"),
    [(-1, 0, 0.0, 0.0), (-1, 1, 0.0, 0.4), (-1, 0, 0.5, 0.3), (-1, 1, 0.5, 0.7), (-1, 1, 1.5, 1.0), (0, 0, 0.0, 1.0)],
)
def test_how_near_an_expulsion_seems(decided: int, passed: int, demand: float, near: float) -> None:
    """Four tenths by a resolution, six by a demand, all of it once leaving is decided."""
    w = bare({"presence.decided_day": decided, "parliament.passed": passed, "government.demand": demand})
    assert parliament._nearness(w) == pytest.approx(near)


#: A resolution stands (nearness 0.4, hesitation 0.36); the Kurds fear a camp of 0.6 by half.
LINES = {
    **HOUSE, "p.lean_base": 0.3, "p.lean_counterweight": 0.5, "parliament.iran_camp": 0.6, "p.lean_view": 0.7,
    "p.lean_hesitation": 0.9, "presence.decided_day": -1, "parliament.passed": 1, "p.lean_line": 0.5,
    "bloc_in.0.discipline": 0.4, "bloc_in.2.discipline": 0.9, "shift_iran": [0.1, 5.0, -0.2, 0.0],
    "member_us": [0.5, -0.4, 0.2, 0.8, -0.1, 0.5], "member_iran": [0.3, -0.5, 0.0, 0.6, -0.3, 0.4],
    "bloc_community": [SHIA, SHIA, KURD, SHIA], "bloc_line": 9.0,
}  # fmt: skip


@pytest.mark.parametrize(("strength", "hesitation"), [(1.0, 0.36), (0.0, 0.0), (2.0, 0.72)])
def test_members_lean_by_bloc_view_and_hesitation_and_then_towards_the_line(strength: float, hesitation: float) -> None:
    """Who is near neither camp hesitates most; discipline pulls each to the mean of his bloc (0 for a bloc of none)."""
    own = [
        0.3 - 0.7 * 0.5 - 0.6 * hesitation,
        0.3 + 0.7 * 0.4 - 0.6 * hesitation,
        0.3 - 0.7 * 0.2 - 0.9 * hesitation,
        0.0 - 0.7 * 0.8 - 0.6 * hesitation,
        0.0 + 0.7 * 0.1 - 0.5 * hesitation,
        0.3 - 0.7 * 0.5 - 0.6 * hesitation,
    ]
    lines = [(own[0] + own[1] + own[2]) / 3, 0.0, (own[3] + own[4]) / 2, own[5]]
    after = [0.8 * x + 0.2 * lines[0] for x in own[:3]] + [0.55 * x + 0.45 * lines[2] for x in own[3:5]] + [own[5]]
    moves = {f"member_x.{i}": x for i, x in enumerate(after)} | {f"bloc_line.{b}": x for b, x in enumerate(lines)}
    expect(bare(LINES, {f"strength.{M20}": strength}), parliament.lean_all, (), moves)


# Stock


@pytest.mark.parametrize(
    ("communities", "gap"),
    [((SHIA, SHIA, SUNNI, SHIA), 0.55 / 3 - 0.2 / 3), ((KURD, SHIA, SHIA, OTHER), 0.0)],
)
def test_stock_is_taken_of_support_and_of_two_splits(communities: tuple[int, ...], gap: float) -> None:
    """Leanings count as 0.5, -0.75, 0 and 0.2, 0 and 0.8: half are for it; the spread; the gap between communities."""
    w = bare(HOUSE, {"bloc_community": communities, "p.sectarian_moves": 0.3, "parliament.sectarian": 0.4})
    put(w, {"member_x": [1.0, -3.0, 0.0, 0.25, 0.0, 4.0]})
    if gap:
        gap = (0.5 - 0.75 + 0.8) / 4 - 0.2 / 2
    mean, squares = 0.75 / 6, (0.25 + 0.5625 + 0.04 + 0.64) / 6
    moves = {
        "parliament.sectarian": 0.4 + 0.3 * (0.5 * gap - 0.4), "parliament.for_expulsion": 0.5,
        "parliament.polarisation": math.sqrt(squares - mean * mean),
    }  # fmt: skip
    expect(w, parliament._take_stock, (), moves)


@pytest.mark.parametrize(
    ("members", "communities", "leanings", "gap", "for_it"),
    [
        (1, [SHIA], [1.0], 0.5, 1.0),
        (1, [SUNNI], [-1.0], 0.5, 0.0),
        (2, [SHIA, SUNNI], [1e18, -1e18], 2.0, 0.5),
        (0, [], [], 0.0, 0.0),
    ],
)
def test_stock_of_the_smallest_houses(
    members: int, communities: list[int], leanings: list[float], gap: float, for_it: float
) -> None:
    """One member, of either side; two at daggers drawn; and nobody."""
    firsts = list(range(members + 1))
    w = bare({"n_blocs": members, "n_members": members, "bloc_first": firsts, "bloc_community": communities})
    put(w, {"member_x": leanings, "p.sectarian_moves": 0.5, "parliament.sectarian": 0.9})
    parliament._take_stock(w)
    assert w.parliament.sectarian == pytest.approx(0.5 * 0.9 + 0.25 * gap)
    assert w.parliament.for_expulsion == for_it
    assert w.parliament.polarisation == pytest.approx(1.0 if gap == 2.0 else 0.0)


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


def test_a_scripted_motion_is_tabled_for_the_next_day() -> None:
    """On its own day, whatever else the scenario has that day; it answers the breach."""
    w = bare({"day": 33, "n_script": 4, "kept.outrage": 1.0, "parliament.outrage": 0.5, "parliament.outrage_event": 6})
    for k, (kind, day) in enumerate(((SCRIPT_MOTION, 32), (SCRIPT_PREMIER, 33), (SCRIPT_MOTION, 33))):
        w.script[k].kind, w.script[k].day = kind, day
    w.script[3].kind, w.script[3].day = SCRIPT_MOTION, 34
    moves = {"tabled": 1, "tabled_day": 33, "vote_day": 34, "tabled_event": 1}
    tabled = Told(MOTION_TABLED, PARLIAMENT, 6)
    expect(w, parliament.sessions, (), {f"parliament.{k}": v for k, v in moves.items()}, tabled)


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
    lucky(monkeypatch, delay=[0.74])
    w = bare(TABLED, {"parliament.vote_day": -1, "p.vote_delay": 7.0, "p.speaker_base": base, f"u.{U_SPEAKER}": luck})
    put(w, {"p.speaker_outrage": by_outrage, "parliament.outrage": outrage})
    expect(w, parliament._fix_a_day, (), {"parliament.vote_day": 33 + 1 + 5} if fixed else {})


#: Six members who lean 2, 1, 0, -1, -2, -0.5 to expel; four are a quorum.
SESSION = {
    **PLAIN_HOUSE, "member_us": [-2.0, -1.0, 0.0, 1.0, 2.0, 0.5], "quorum": 4, "p.boycott_width": 2.5, "day": 33,
    "parliament.tabled": 1, "parliament.tabled_event": 8, "parliament.vote_day": 33, "parliament.first_for": -1,
    "parliament.first_present": -1, "p.vote_sharpness": 1.7, "p.come_base": 0.3, "p.come_lean": 0.4, "p.boycott": 0.9,
    "parliament.motions": 2, "member_vote": 9, "parliament.momentum": 0.2, "p.momentum_vote": 0.3,
}  # fmt: skip
SUPPORTERS = odds(4.0) + odds(2.0) + 0.5 + odds(-2.0) + odds(-4.0) + odds(-1.0)
DOUBT = math.exp(-(((SUPPORTERS - 4.0) / 2.5) ** 2))
LEANINGS = [2.0, 1.0, 0.0, -1.0, -2.0, -0.5]
COMING = [odds(0.3 + 0.4 * x - (0.9 * (0.5 + 0.5 * DOUBT) if x < 0.0 else 0.0)) for x in LEANINGS]
VOTING = [odds(1.7 * x) for x in LEANINGS]


def _members(words: list[str]) -> dict[str, list[float]]:
    """Return luck at the very edge of what lets members stay away ('.'), come and vote against ('-') or for ('+')."""
    comes = [chance + (1e-9 if word == "." else -1e-9) for chance, word in zip(COMING, words, strict=True)]
    votes = [chance + (-1e-9 if word == "+" else 1e-9) for chance, word in zip(VOTING, words, strict=True)]
    return {"comes": comes, "votes": votes}


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
    lucky(monkeypatch, **_members(list(words)))
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
    lucky(monkeypatch, **_members(list("++++--")))
    w = bare(SESSION, {"parliament.first_for": first, "parliament.first_present": 5})
    parliament.hold_session(w)
    assert (w.parliament.first_for, w.parliament.first_present, w.parliament.passed) == (first, 5, 1)


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
        lucky(monkeypatch, confirms=[luck])
        assert parliament.confidence(bare(CONFIRM, change), BALANCING) == votes


def test_the_votes_of_all_blocs_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three Shia members, and, more reserved, two Kurds and a Sunni, with the same luck."""
    w = bare(HOUSE, {"p.sectarian_split": 2.0, "parliament.sectarian": 0.5})
    lucky(monkeypatch, confirms=[0.49, 0.51, 0.3, 0.26, 0.28, 0.26])
    assert parliament.confidence(w, BALANCING) == 2 + 2
    lucky(monkeypatch, confirms=[0.5, 0.5, 0.5, odds(-1.0), odds(-1.0), odds(-1.0)])
    assert parliament.confidence(w, BALANCING) == 0


@pytest.mark.parametrize(("edge", "votes"), [(-1e-9, 6), (1e-9, 0)])
def test_members_ratify_the_less_the_more_they_lean_to_expel(
    monkeypatch: pytest.MonkeyPatch, edge: float, votes: int
) -> None:
    """Each by his own chance, of what he leans to today."""
    lucky(monkeypatch, ratifies=[odds(0.6 - 1.7 * x) + edge for x in LEANINGS])
    assert parliament.ratify(bare(SESSION, {"p.ratify_base": 0.6})) == votes


@pytest.mark.parametrize("edge", range(6))
def test_each_ratifying_member_counts_one(monkeypatch: pytest.MonkeyPatch, edge: int) -> None:
    """One whose luck fails him is one vote less; luck at the very chance fails."""
    lucky(monkeypatch, ratifies=[0.5 if k == edge else 0.0 for k in range(6)])
    assert parliament.ratify(bare(SESSION, {"p.vote_sharpness": 0.0})) == 5
