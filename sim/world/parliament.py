"""Parliament: what each member thinks, who comes, how they vote, and whom they confirm."""

import math

import numpy as np

from sim.names.actors import (
    BAGHDAD,
    KURD,
    NATIONALIST,
    PARLIAMENT,
    PRO_IRAN,
    REFORMIST,
    SHIA,
    SUNNI,
)
from sim.names.events import MOTION_LAPSED, MOTION_TABLED, QUORUM_FAILED, VOTE_FAILED, VOTE_PASSED
from sim.names.mechanisms import M08, M10, M11, M12, M14, M20, M31, M41, M48, M51, M78
from sim.names.script import SCRIPT_MOTION
from sim.names.streams import U_SPEAKER
from sim.world.compiled import rule
from sim.world.draws import (
    MEMBER_COMES_DRAW,
    MEMBER_CONFIRMS_DRAW,
    MEMBER_RATIFIES_DRAW,
    MEMBER_START_DRAW,
    MEMBER_VOTES_DRAW,
    VOTE_DELAY_DRAW,
    draw,
    draw_at_start,
    drawn,
    draws_of,
    fill_members,
    logistic,
    normal,
)
from sim.world.elementary import exp
from sim.world.events import by, clamp, happen_detail, nudge, reads
from sim.world.shape import Numbers, World

#: What a member does at a session.
ABSENT, AGAINST, FOR = 0, 1, 2
#: A breach felt less than this moves nobody to act any more.
FORGOTTEN = 0.05


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_parliament(w: World) -> None:
    """Seat the members by bloc, each with views of his own around the bloc's."""
    i = 0
    for b in range(w.n_blocs):
        w.bloc_first[b] = i
        for _ in range(int(w.bloc_in[b].seats)):
            if i < w.n_members:
                _seat_member(w, i, b)
                i += 1
        w.bloc_first[b + 1] = i
    w.parliament.vote_day = -1
    w.parliament.passed_day = -1
    w.parliament.last_motion_day = -1
    w.parliament.first_for = -1
    w.parliament.first_present = -1
    if w.s.resolution_passed > 0.0:
        w.parliament.passed = 1
        w.parliament.passed_day = 0
    w.parliament.momentum = w.s.momentum
    w.parliament.outrage = w.s.outrage
    w.parliament.sectarian = w.s.sectarian
    _count_camps(w)


@rule
def _seat_member(w: World, i: int, b: int) -> None:
    t = w.bloc_in[b]
    w.member_bloc[i] = b
    own_us = normal(draw_at_start(w, MEMBER_START_DRAW, 2 * i))
    own_iran = normal(draw_at_start(w, MEMBER_START_DRAW, 2 * i + 1))
    w.member_us[i] = clamp(t.view_us + t.view_us_spread * own_us, -1.0, 1.0)
    w.member_iran[i] = clamp(t.view_iran + t.view_iran_spread * own_iran, -1.0, 1.0)


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def members_week(w: World) -> None:
    """Let views drift for a week: towards the bloc's, with the street, and with a member's own thoughts."""
    fill_members(w)
    pull, drift = w.p.view_pull, w.p.view_drift
    street = w.p.view_street * (w.mood_us - 0.5)
    us, z = w.member_us, w.member_z
    for b in range(w.n_blocs):
        _shift_views(w, b)
        shift = pull * (w.bloc_in[b].view_us + w.shift_us[b]) - street * w.bloc_in[b].street
        for i in range(w.bloc_first[b], w.bloc_first[b + 1]):
            us[i] = min(1.0, max(-1.0, us[i] + shift - pull * us[i] + drift * z[i]))
    lean_all(w)
    _take_stock(w)
    if w.day % 28 == 0:  # camps move slowly
        _count_camps(w)


@rule
def _shift_views(w: World, b: int) -> None:
    """Let a bloc's views move: with US backing (M41), the need of militias (M31), cover gone (M30), the street."""
    t, p = w.bloc_in[b], w.p
    backed = by(w, M41, p.backing_view * w.us.backing_members * t.us_money)
    w.shift_us[b] += p.view_shift * (backed - w.shift_us[b])
    needed = by(w, M31, p.need_view * w.need * t.faction_tie)
    uncovered = p.uncovered_view * t.us_money * (1.0 - w.cover)
    paid = by(w, M12, p.money_view * t.iran_money * w.iran.courting * w.iran.funds)
    angry = p.street_view * t.street * (0.5 * (w.mood_iran + w.mood_militia) - w.s.anger_at_iran)
    w.shift_iran[b] += p.view_shift * (clamp(needed + uncovered + paid - angry, -0.6, 0.6) - w.shift_iran[b])


@rule
def lean_all(w: World) -> None:
    """Set every member's leaning to expel: what moves his bloc, his own view and hesitation, then the bloc's line."""
    hesitation = by(w, M20, w.p.lean_hesitation * _nearness(w))
    camp, view = w.parliament.iran_camp, w.p.lean_view
    x, us, iran = w.member_x, w.member_us, w.member_iran
    for b in range(w.n_blocs):
        first, last = w.bloc_first[b], w.bloc_first[b + 1]
        common = _bloc_lean(w, b, camp) - hesitation
        shift = w.shift_iran[b]
        for i in range(first, last):
            x[i] = common - view * us[i] + hesitation * abs(iran[i] + shift)
        line = total(x, first, last) / max(1, last - first)
        w.bloc_line[b] = line
        pull = w.p.lean_line * w.bloc_in[b].discipline
        for i in range(first, last):
            x[i] += pull * (line - x[i])


@rule
def total(x: Numbers, first: int, last: int) -> float:
    """Return the sum of ``x`` from ``first`` up to ``last``, in four strands: no addition waits for the last."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    i = first
    while i + 4 <= last:
        a, b, c, d = a + x[i], b + x[i + 1], c + x[i + 2], d + x[i + 3]
        i += 4
    while i < last:
        a += x[i]
        i += 1
    return (a + b) + (c + d)


@rule
def total_of_squares(x: Numbers, first: int, last: int) -> float:
    """Return the sum of squares of ``x`` from ``first`` up to ``last``, in four strands."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    i = first
    while i + 4 <= last:
        a, b = a + x[i] * x[i], b + x[i + 1] * x[i + 1]
        c, d = c + x[i + 2] * x[i + 2], d + x[i + 3] * x[i + 3]
        i += 4
    while i < last:
        a += x[i] * x[i]
        i += 1
    return (a + b) + (c + d)


@rule
def _bloc_lean(w: World, b: int, camp: float) -> float:
    """Return what leans a bloc to expel: breach (M08), street, Sadr (M10), fear, money (M12); less M11, M30, ISIS."""
    t, c, p = w.bloc_in[b], w.bloc_community[b], w.p
    x = p.lean_base + p.lean_street * t.street * (w.mood_us - 0.5) - p.lean_isis * w.mood_fear
    x += by(w, M08, p.lean_outrage * w.parliament.outrage * _share_in_outrage(w, c))
    x += by(w, M10, p.lean_sadr * t.sadrist * w.sadr.stance)
    x += by(w, M12, p.lean_fear * t.faction_tie + p.lean_money * t.iran_money * w.iran.courting * w.iran.funds)
    x -= p.lean_cover * t.us_money * w.cover
    if c == SUNNI or c == KURD:
        x -= by(w, M11, p.lean_counterweight * camp)
    return x


@rule
def _share_in_outrage(w: World, community: int) -> float:
    """Return how far a community of members shares in a breach of sovereignty (1 for Shia blocs)."""
    if community == SHIA:
        return 1.0
    return w.p.outrage_kurd if community == KURD else w.p.outrage_sunni


@rule
def _count_camps(w: World) -> None:
    """Count the members who lean to Iran's camp, and those who stand between the camps."""
    camp, between = 0.0, 0.0
    for b in range(w.n_blocs):
        shift = w.shift_iran[b]
        for i in range(w.bloc_first[b], w.bloc_first[b + 1]):
            view = w.member_iran[i] + shift
            camp += 1.0 if view > 0.25 else 0.0
            between += 1.0 if abs(view) <= 0.25 and abs(w.member_us[i]) <= 0.5 else 0.0
    w.parliament.iran_camp = camp / max(1.0, w.n_members)
    w.parliament.between = between / max(1.0, w.n_members)


@rule
def _nearness(w: World) -> float:
    """Return how near an expulsion seems (0 to 1): a resolution, a demand, a government in office that makes it."""
    if w.presence.decided_day >= 0:
        return 1.0
    return min(1.0, 0.4 * w.parliament.passed + 0.6 * w.government.demand)


@rule
def _take_stock(w: World) -> None:
    """Measure support for expulsion, polarisation as the spread of views, and how far it runs between communities."""
    n = max(1.0, w.n_members)
    mean, squares, shia, n_shia, against = 0.0, 0.0, 0.0, 0.0, 0
    x = w.member_agrees
    for i in range(w.n_members):
        x[i] = w.member_x[i] / (1.0 + abs(w.member_x[i]))
        against += 1 if w.member_x[i] > 0.0 else 0
    for b in range(w.n_blocs):
        part = total(x, w.bloc_first[b], w.bloc_first[b + 1])
        squares += total_of_squares(x, w.bloc_first[b], w.bloc_first[b + 1])
        mean += part
        if w.bloc_community[b] == SHIA:
            shia += part
            n_shia += w.bloc_first[b + 1] - w.bloc_first[b]
    gap = shia / max(1.0, n_shia) - (mean - shia) / max(1.0, n - n_shia)
    w.parliament.sectarian += w.p.sectarian_moves * (clamp(0.5 * gap, 0.0, 1.0) - w.parliament.sectarian)
    w.parliament.for_expulsion = against / n
    w.parliament.polarisation = clamp(math.sqrt(max(0.0, squares / n - mean / n * mean / n)), 0.0, 1.0)


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def sessions(w: World) -> None:
    """Let the speaker (or his absence) put a tabled motion to a session; hold the session when its day has come."""
    house = w.parliament
    house.outrage *= w.kept.outrage
    if house.outrage < FORGOTTEN:
        house.outrage_event = 0
    house.momentum *= w.kept.momentum
    for k in range(w.n_script):
        if w.script[k].kind == SCRIPT_MOTION and w.script[k].day == w.day:
            house.tabled, house.tabled_day, house.vote_day = 1, w.day, w.day + 1
            house.tabled_event = happen_detail(w, MOTION_TABLED, PARLIAMENT, BAGHDAD, 1.0, 0.0, house.outrage_event)
    if not house.tabled:
        return
    if house.vote_day == w.day:
        hold_session(w)
    elif house.vote_day < 0:
        _fix_a_day(w)


@rule
def _fix_a_day(w: World) -> None:
    house = w.parliament
    if w.day - house.tabled_day > w.p.motion_life:
        house.tabled = 0
        house.last_motion_day = w.day
        happen_detail(w, MOTION_LAPSED, PARLIAMENT, BAGHDAD, 1.0, 0.0, house.tabled_event)
    elif w.u[U_SPEAKER] < clamp(w.p.speaker_base + w.p.speaker_outrage * house.outrage, 0.0, 1.0):
        house.vote_day = w.day + 1 + int(draw(w, VOTE_DELAY_DRAW, 0) * w.p.vote_delay)


@rule
def hold_session(w: World) -> None:
    """Count who comes and who votes for: without a quorum nothing is decided, and absence can break it."""
    house = w.parliament
    lean_all(w)
    doubt = _doubt_of_quorum(w)
    for i in range(w.n_members):
        w.member_comes[i] = _coming(w, i, doubt)
        w.member_agrees[i] = logistic(w.p.vote_sharpness * w.member_x[i])
    present, votes = 0, 0
    coming, voting = draws_of(w, MEMBER_COMES_DRAW), draws_of(w, MEMBER_VOTES_DRAW)
    for i in range(w.n_members):
        w.member_vote[i] = ABSENT
        if drawn(coming, i) < w.member_comes[i]:
            present += 1
            w.member_vote[i] = AGAINST
            if drawn(voting, i) < w.member_agrees[i]:
                votes += 1
                w.member_vote[i] = FOR
    if house.first_for < 0:
        house.first_for = votes
        house.first_present = present
    house.motions += 1
    house.tabled = 0
    house.vote_day = -1
    house.last_motion_day = w.day
    _declare(w, present, votes)


@rule
def _doubt_of_quorum(w: World) -> float:
    """Return how much an absence might matter: 1 when supporters alone are just about a quorum, 0 far from it."""
    supporters = 0.0
    for i in range(w.n_members):
        supporters += logistic(2.0 * w.member_x[i])
    gap = (supporters - w.quorum) / w.p.boycott_width
    return exp(-gap * gap)


@rule
def _coming(w: World, i: int, doubt: float) -> float:
    """Return how likely a member comes: opponents stay away, the more so where that may break the quorum."""
    x = w.p.come_base + w.p.come_lean * w.member_x[i]
    stays = w.p.boycott * (0.5 + 0.5 * doubt)
    return logistic(x - stays if w.member_x[i] < 0.0 else x)


@rule
def _declare(w: World, present: int, votes: int) -> None:
    house = w.parliament
    cause = house.tabled_event
    if present < w.quorum:
        happen_detail(w, QUORUM_FAILED, PARLIAMENT, BAGHDAD, 1.0, float(present), cause)
    elif 2 * votes > present:
        house.passed = 1
        house.passed_day = w.day
        house.momentum = nudge(house.momentum, w.p.momentum_vote)
        house.passed_event = happen_detail(w, VOTE_PASSED, PARLIAMENT, BAGHDAD, float(votes), float(present), cause)
    else:
        happen_detail(w, VOTE_FAILED, PARLIAMENT, BAGHDAD, float(votes), float(present), cause)


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def confidence(w: World, leaning: int) -> int:
    """Return how many members would confirm a premier of this leaning (half of all members are needed)."""
    street = _street_verdict(w, leaning)
    split = by(w, M14, w.p.polarisation_cost * w.parliament.polarisation)
    urgency = w.p.vacuum_urgency * (w.day - w.government.caretaker_since) / 365.0
    common = w.p.confirm_base + urgency + street - split + w.p.broker_confidence * w.broker + _from_abroad(w, leaning)
    for b in range(w.n_blocs):
        of_bloc = common - _reserve(w, b, leaning)
        for i in range(w.bloc_first[b], w.bloc_first[b + 1]):
            w.member_agrees[i] = logistic(of_bloc + w.p.confirm_fit * _fit(w, i, b, leaning))
    return _votes(w, MEMBER_CONFIRMS_DRAW)


@rule
def _votes(w: World, name: np.uint64) -> int:
    """Count the members who agree, each by a draw of his own."""
    key, votes = draws_of(w, name), 0
    for i in range(w.n_members):
        votes += 1 if drawn(key, i) < w.member_agrees[i] else 0
    return votes


@rule
def _from_abroad(w: World, leaning: int) -> float:
    """Return what a breach and Washington's friends do to a nominee's chances: by how near he stands to whom (M78)."""
    near = (0.0, -1.0, 1.0, -0.3, 1.0)[leaning]
    return by(w, M78, near * (w.p.friends_confirm * w.us.backing_members - w.p.breach_confirms * w.parliament.outrage))


@rule
def _reserve(w: World, b: int, leaning: int) -> float:
    """Return what keeps a bloc from a nominee: politics split by community (M51), US cover against Iran's man (M30)."""
    t = w.bloc_in[b]
    apart = 0.0 if w.bloc_community[b] == SHIA else by(w, M51, w.p.sectarian_split * w.parliament.sectarian)
    covered = w.p.confirm_cover * t.us_money * w.cover if leaning == PRO_IRAN else 0.0
    return apart + covered


@rule
def _fit(w: World, i: int, b: int, leaning: int) -> float:
    """Return how well a premier of this leaning suits a member (-1 to 1), by his views of Iran's camp and the US."""
    us, iran = w.member_us[i], w.member_iran[i] + w.shift_iran[b]
    if leaning == PRO_IRAN:
        return clamp(iran - 0.3 * us, -1.0, 1.0)
    if leaning == NATIONALIST:
        return clamp(0.4 - 0.5 * abs(iran) - 0.5 * us, -1.0, 1.0)
    if leaning == REFORMIST:
        return clamp(0.3 * us - 0.6 * iran, -1.0, 1.0)
    return clamp(0.5 - abs(iran + 0.1) * 0.6, -1.0, 1.0)


@rule
def _street_verdict(w: World, leaning: int) -> float:
    """Return what the protesting street adds to or takes from a nominee's chances (M48; nothing where chiefs rule)."""
    if reads(w, M48, 1):
        return 0.0
    angry = w.mood_government * (0.5 + min(0.5, w.protest_all * w.agenda))
    if leaning == REFORMIST:
        return by(w, M48, w.p.street_on_premier * angry)
    if leaning == PRO_IRAN:
        return -by(w, M48, w.p.street_on_premier * (angry + 0.5 * (w.mood_iran + w.mood_militia)) * 0.5)
    return -by(w, M48, w.p.street_on_premier * angry * 0.3)


@rule
def ratify(w: World) -> int:
    """Return how many members would vote for a framework: the less, the more they lean to expel."""
    lean_all(w)
    for i in range(w.n_members):
        w.member_agrees[i] = logistic(w.p.ratify_base - w.p.vote_sharpness * w.member_x[i])
    return _votes(w, MEMBER_RATIFIES_DRAW)
