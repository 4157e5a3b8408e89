"""Members of parliament: how they are seated, how their views drift, what leans them to expel, how they split."""

import math
from typing import Any

import pytest

from sim.names.actors import (
    KURD,
    OTHER,
    SHIA,
    SUNNI,
)
from sim.names.mechanisms import M08, M10, M11, M12, M20, M31, M41
from sim.world import parliament
from sim.world.draws import (
    MEMBER_START_DRAW,
)
from tests.rules.bare import bare, expect, lucky, moved, of, put

#: A house of three blocs: three Shia members, none of the second bloc, two Kurdish ones, one Sunni.
HOUSE = {
    "n_blocs": 4, "n_members": 6, "bloc_first": [0, 3, 3, 5, 6], "bloc_community": [SHIA, SHIA, KURD, SUNNI],
}  # fmt: skip


# Seats and views


@pytest.mark.parametrize(("standing", "passed"), [(0.0, (0, -1)), (0.1, (1, 0))])
def test_members_are_seated_by_bloc_with_views_around_the_blocs(
    monkeypatch: pytest.MonkeyPatch, standing: float, passed: tuple[int, int]
) -> None:
    """Each by luck of his own, held to -1 and 1; the last bloc has no more seats than the house has left."""
    monkeypatch.setattr(parliament, "normal", lambda u: u)  # so that luck is given in standard deviations
    lucky(monkeypatch, parliament, {MEMBER_START_DRAW: [0.5, -1.5, -2.0, 2.5, 9.0, -9.0, -9.0, 9.0]})
    blocs = [
        {"seats": 2.0, "view_us": 0.1, "view_us_spread": 0.2, "view_iran": 0.3, "view_iran_spread": 0.25},
        {"seats": 3.0, "view_us": -0.4, "view_us_spread": 0.5, "view_iran": -0.6, "view_iran_spread": 0.7},
    ]
    w = bare(*({f"bloc_in.{b}.{k}": v for k, v in bloc.items()} for b, bloc in enumerate(blocs)))
    start = {"s.momentum": 0.17, "s.outrage": 0.27, "s.sectarian": 0.37, "s.resolution_passed": standing}
    put(w, {"n_blocs": 2, "n_members": 4, "bloc_first": 9, "member_bloc": 9, **start})
    house = {
        "vote_day": -1, "last_motion_day": -1, "first_for": -1, "first_present": -1, "momentum": 0.17, "outrage": 0.27,
        "sectarian": 0.37, "passed": passed[0], "passed_day": passed[1], "iran_camp": 0.5, "between": 0.25,
    }  # fmt: skip
    members = {
        "member_us": [0.1 + 0.2 * 0.5, 0.1 - 0.2 * 2.0, 1.0, -1.0],
        "member_iran": [0.3 - 0.25 * 1.5, 0.3 + 0.25 * 2.5, -1.0, 1.0],
        "member_bloc": [0, 0, 1, 1],
        "bloc_first": [0, 2, 4],
    }
    moves = {f"{name}.{i}": value for name, values in members.items() for i, value in enumerate(values)}
    moves |= {f"parliament.{name}": value for name, value in house.items()}
    expect(w, parliament.start_parliament, (), moves)


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


@pytest.mark.parametrize(
    ("members", "iran", "camp", "between"), [(1, 0.9, 1.0, 0.0), (1, 0.0, 0.0, 1.0), (0, 0.9, 0.0, 0.0)]
)
def test_the_camps_of_the_smallest_houses(members: int, iran: float, camp: float, between: float) -> None:
    """One member is the whole house; a house of none has no camp, and is no division by nothing."""
    w = bare({"n_blocs": 1, "n_members": members, "bloc_first.1": members, "member_iran": iran})
    put(w, of("parliament", iran_camp=0.7, between=0.7))
    expect(w, parliament._count_camps, (), of("parliament", iran_camp=camp, between=between))


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
    [((SHIA, SHIA, SUNNI, SHIA), 0.55 / 4 - 0.2 / 2), ((KURD, SHIA, SHIA, OTHER), 0.0)],
)
def test_stock_is_taken_of_support_and_of_two_splits(communities: tuple[int, ...], gap: float) -> None:
    """Leanings count as 0.5, -0.75, 0 and 0.2, 0 and 0.8: half are for it; the spread; the gap between communities."""
    w = bare(HOUSE, {"bloc_community": communities, "p.sectarian_moves": 0.3, "parliament.sectarian": 0.4})
    put(w, {"member_x": [1.0, -3.0, 0.0, 0.25, 0.0, 4.0]})
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
