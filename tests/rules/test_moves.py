"""The stage on which rules show their exact moves: it hides nothing."""

from typing import Any

import pytest

from sim.names.actors import SEAT_IRAN, US
from sim.names.events import HELD
from sim.world import decide, iran
from sim.world.draws import WAR_SALVO_DRAW
from sim.world.events import happen
from tests.rules.moves import FIRST, Told, moves, rolled, stage, told


def _moves_all_over(w: Any, more: float) -> None:
    w.us.cost += more
    w.us.case_day = 7
    w.us.evidence[5] = more
    w.factions[2].sting = more
    w.window[1, 3] = more
    w.sees.factions[4].memory = more
    w.strikes[6].breach = more
    w.policies[1].rules[31].options[3] = more
    w.can[8, 2] = 3


def test_every_move_is_named_by_its_place() -> None:
    """Numbers of a part, of a row, of a table within a table; whole ones too; and nothing that stays as it is."""
    w = stage({"us.cost": 0.25, "us.resolve": 0.5})
    assert moves(w, _moves_all_over, 0.125) == {
        "us.cost": 0.375, "us.case_day": 7, "us.evidence.5": 0.125, "factions.2.sting": 0.125, "window.1.3": 0.125,
        "sees.factions.4.memory": 0.125, "strikes.6.breach": 0.125, "policies.1.rules.31.options.3": 0.125,
        "can.8.2": 3,
    }  # fmt: skip


def test_what_is_told_is_told_in_full() -> None:
    """An event of a rule, and none of those before it."""
    w = stage({"acting_rule": 5, "acting_claim": 6})
    happen(w, HELD, US, 3, 2.0, 17)
    assert told(w) == [Told(HELD, place=3, size=2.0, cause=17, rule=5, claim=6)]
    assert w.n_events == FIRST


def test_a_mistaken_index_shows() -> None:
    """No strength is 0 or 1 and no reading holds, unless a case sets them."""
    w = stage({"M22": 0.5, "M22 reads": 1})
    assert (w.strength[22], w.reading[22]) == (0.5, 1.0)
    assert {float(x) for m, x in enumerate(w.strength) if m != 22} == {5.0}
    assert {float(x) for m, x in enumerate(w.reading) if m != 22} == {9.0}


def test_a_stage_is_the_same_for_all() -> None:
    """What one test sets no other finds."""
    before = float(stage().us.cost)
    stage({"us.cost": before + 0.25})
    assert stage().us.cost == before


def test_dice_fall_for_their_own_stream_alone() -> None:
    """A rule that draws at another address than the case says fails at once."""
    w = stage({"open_war": 1})
    with rolled(iran.war_day, {(int(WAR_SALVO_DRAW), 5): 0.5}), pytest.raises(KeyError):
        iran.war_day(w)


def test_a_seat_acts_as_it_is_told() -> None:
    """Rules stand in their lanes in the order given, whatever the seat sees."""
    w = stage(policy={SEAT_IRAN: ((0, 0, 0.25), (2, 2, 0.5, 0.75), (2, 2))})
    w.can[:] = 1
    assert [decide.choose(w, SEAT_IRAN, lane) for lane in range(4)] == [0, -1, 1, -1]
    assert [decide.option_of(w, SEAT_IRAN, 1, k) for k in range(3)] == [0.5, 0.75, 0.0]
