"""Decision tables, evaluated: which rule of a seat's policy acts in a lane today."""

import numpy as np

from sim.names.actors import N_FACTIONS, SEAT_FIRST_FACTION, SEATS
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
    way = 1 + int(x > value) - int(x < value)
    return (relation >> way) & 1 == 1


@rule
def holds(w: World, seat: int, table: int, first: int, length: int) -> bool:
    """Return whether a condition (rows of comparisons; none is always true) holds for what the seat sees."""
    return length == 0 or leads(w, seat, table, first, 0)


@rule
def leads(w: World, seat: int, table: int, first: int, at: int) -> bool:
    """Return whether the rows of a condition lead on to its holding, from row ``at``."""
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


# Factions together: a set of them is a whole number, in which faction f is the bit 1 << f.


@rule
def choose_together(w: World, lane: int, those: int) -> None:
    """Set which rule acts in this lane today for each of ``those`` factions (``choose``), -1 for none.

    Those of one policy are asked together: what everybody sees is compared once for all.
    """
    for f in range(N_FACTIONS):
        w.chosen[f] = -1
    for f in range(N_FACTIONS):
        if w.allied[f] & those:
            _choose_of(w, w.policy_of[SEAT_FIRST_FACTION + f], lane, w.allied[f] & those)


@rule
def ally(w: World) -> None:
    """Bring the factions of one policy together, with the first of them."""
    for f in range(N_FACTIONS):
        w.allied[f] = 0
        first = 0
        while w.policy_of[SEAT_FIRST_FACTION + first] != w.policy_of[SEAT_FIRST_FACTION + f]:
            first += 1
        w.allied[first] |= 1 << f


@rule
def _choose_of(w: World, table: int, lane: int, those: int) -> None:
    for r in range(w.policies[table].lane_first[lane], w.policies[table].lane_first[lane + 1]):
        rule_ = w.policies[table].rules[r]
        willing = holding(w, table, rule_.first, rule_.length, those)
        if willing:
            those ^= _acting(w, table, r, willing)
            if those == 0:
                return


@rule
def _acting(w: World, table: int, r: int, willing: int) -> int:
    """Return which of the factions that would act by a rule do: who is let, has the means and the luck; note it."""
    rule_ = w.policies[table].rules[r]
    found = 0
    for f in range(N_FACTIONS):
        seat = SEAT_FIRST_FACTION + f
        if willing >> f & 1 == 0 or (rule_.limited and _forbidden(w, seat, table, r)):
            continue
        if not w.can[seat, rule_.action]:
            w.wanted[seat, r] += w.recording
        elif rule_.probability >= 1.0 or _lucky(w, seat, rule_.key, rule_.probability):
            w.chosen[f] = r
            w.fired_day[seat, r] = w.day
            w.fired[seat, r] += 1
            found |= 1 << f
    return found


@rule
def holding(w: World, table: int, first: int, length: int, those: int) -> int:
    """Return for which of the factions a condition holds.

    They walk through its rows together. Those for whom a row settles it stay behind; where the rest part, each goes on
    alone.
    """
    if length == 0:
        return those
    held, at = 0, 0
    while those and at >= 0:
        c = w.policies[table].code[first + at]
        yes = _comparing(w, c.column, c.relation, c.value, those)
        no = those ^ yes
        if yes and no and c.yes >= 0 and c.no >= 0:
            return held | _alone(w, table, first, at, those)
        if c.yes == TRUE:
            held |= yes
        if c.no == TRUE:
            held |= no
        if yes and c.yes >= 0:
            those, at = yes, c.yes
        else:
            those, at = no, c.no
    return held


@rule
def _alone(w: World, table: int, first: int, at: int, those: int) -> int:
    found = 0
    for f in range(N_FACTIONS):
        if those >> f & 1 and leads(w, SEAT_FIRST_FACTION + f, table, first, at):
            found |= 1 << f
    return found


@rule
def _comparing(w: World, column: int, relation: int, value: float, those: int) -> int:
    """Return for which of the factions a comparison holds: for all or none where everybody sees the same."""
    if column < ROW:
        return those if compares(w.sees_all[0, column], relation, value) else 0
    found = 0
    for f in range(N_FACTIONS):
        if those >> f & 1 and compares(w.sees_all[1 + SEAT_FIRST_FACTION + f, column - ROW], relation, value):
            found |= 1 << f
    return found


# What forbids a rule, and what it says.


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
