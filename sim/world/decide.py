"""Decision tables, evaluated: which rule of a seat's policy acts in a lane today."""

import numpy as np

from sim.names.actors import SEATS
from sim.names.address import address
from sim.names.perceptions import ROW
from sim.names.tables import MAX_RULES, TRUE
from sim.world.compiled import rule
from sim.world.draws import POLICY_DRAW, draw, mix
from sim.world.shape import World

_SEAT_KEYS = np.array([address("seat", seat) for seat in SEATS], np.uint64)


@rule
def compares(x: float, relation: int, value: float) -> bool:
    """Return whether ``x`` stands in ``relation`` (a set of ways: 1 less, 2 equal, 4 more) to ``value``."""
    way = 2 * (x > value) + (x == value)
    return (relation >> way) & 1 == 1


@rule
def holds(w: World, seat: int, table: int, first: int, length: int) -> bool:
    """Return whether a condition (rows of comparisons; none is always true) holds for what the seat sees."""
    if length == 0:
        return True
    at = 0
    while at >= 0:
        c = w.policies[table].code[first + at]
        x = w.sees_all[0, c.column] if c.column < ROW else w.sees_all[1 + seat, c.column - ROW]
        at = c.yes if compares(x, c.relation, c.value) else c.no
    return at == TRUE


@rule
def choose(w: World, seat: int, lane: int) -> int:
    """Return the rule that acts in this lane today, -1 for none: the first that holds, has its means, and is let."""
    table = w.policy_of[seat]
    for r in range(w.policies[table].lane_first[lane], w.policies[table].lane_first[lane + 1]):
        rule_ = w.policies[table].rules[r]
        if rule_.limited and _forbidden(w, seat, table, r):
            continue
        if not w.can[seat, rule_.action]:
            # What was wanted but could not be done is told of a world, not counted in every one.
            if w.recording and holds(w, seat, table, rule_.first, rule_.length):
                w.wanted[seat, r] += 1
            continue
        if not holds(w, seat, table, rule_.first, rule_.length):
            continue
        if rule_.probability < 1.0 and not _lucky(w, seat, rule_.key, rule_.probability):
            continue
        w.fired_day[seat, r] = w.day
        w.fired[seat, r] += 1
        return r
    return -1


@rule
def _forbidden(w: World, seat: int, table: int, r: int) -> bool:
    """Return whether dates, ``once`` or a cooldown forbid the rule today."""
    rule_ = w.policies[table].rules[r]
    if w.day < rule_.after or w.day > rule_.until:
        return True
    if w.fired[seat, r] == 0:
        return False
    return rule_.once == 1 or w.day - w.fired_day[seat, r] < rule_.cooldown


@rule
def _lucky(w: World, seat: int, key: np.uint64, probability: float) -> bool:
    return draw(w, mix(POLICY_DRAW ^ _SEAT_KEYS[seat] ^ key), 0) < probability


@rule
def action_of(w: World, seat: int, r: int) -> int:
    """Return the action of rule ``r`` of the seat's policy."""
    return w.policies[w.policy_of[seat]].rules[r].action


@rule
def option_of(w: World, seat: int, r: int, k: int) -> float:
    """Return option ``k`` of the action of rule ``r``."""
    return w.policies[w.policy_of[seat]].rules[r].options[k]


@rule
def name_of(seat: int, r: int) -> int:
    """Return the number under which events cite rule ``r`` of a seat (0 is none)."""
    return 1 + seat * MAX_RULES + r
