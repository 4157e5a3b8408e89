"""The audit of mechanisms: gauges are read as they are written, and each mechanism moves its own in whole worlds."""

import numpy as np
import pytest

from sim.errors import InputError, Rejected
from sim.evidence.mechanisms import audit, read_gauge
from sim.names.events import ATTACK
from sim.names.mechanisms import MECHANISMS
from sim.running.one_world import OneWorld
from tests.worlds import variant


@pytest.fixture(scope="module")
def world() -> OneWorld:
    """Return a world a month old."""
    return OneWorld(variant("2020-soleimani"), 3).run_to(30)


def test_a_gauge_with_a_star_is_a_mean(world: OneWorld) -> None:
    """Over all factions, and over all governorates."""
    w = world.worlds[0]
    assert read_gauge("factions.*.memory").read(world.numbers) == pytest.approx(np.mean(w["factions"]["memory"]))
    assert read_gauge("enablers.*").read(world.numbers) == pytest.approx(np.mean(w["enablers"]))


def test_a_gauge_reads_whole_numbers_as_such_and_compares(world: OneWorld) -> None:
    """A day is a day, and a comparison is 0 or 1."""
    assert read_gauge("day").read(world.numbers) == 30.0
    assert read_gauge("day > 29").read(world.numbers) == 1.0
    assert read_gauge("day = 29").read(world.numbers) == 0.0


def test_a_total_is_read_by_the_name_of_its_event(world: OneWorld) -> None:
    """So that no number has to be looked up."""
    assert read_gauge("total.attack").read(world.numbers) == world.worlds[0]["total"][ATTACK]
    with pytest.raises(ValueError):
        read_gauge("total.nothing_of_the_kind")


@pytest.mark.parametrize("text", ["factions.*.temper", "nobody", "day.*", "factions.*", "Day", "day >> 3"])
def test_a_gauge_of_nothing_is_refused(text: str) -> None:
    """A field that the record does not have, a star over one number, a form that is none."""
    with pytest.raises((Rejected, InputError)):
        read_gauge(text).read(np.zeros(10))


@pytest.mark.parametrize("mechanism", ["M01", "M10", "M30", "M53"])
def test_a_mechanism_moves_its_gauge_in_whole_worlds(mechanism: str) -> None:
    """With it on against off, from the day on which it first matters."""
    (found,) = audit(20, only=[mechanism])
    assert found.passed
    plain = found.plain()
    assert plain["moved"] and plain["direction_ok"] and plain["untouched_ok"]
    assert plain["first_day"] >= 0
    assert (plain["by_how_much"] > 0) == (plain["direction"] == "up")


def test_what_is_called_untouched_and_is_not_is_found_out() -> None:
    """M20 is said to leave Iran's camp alone; a member of it who is no extremist hesitates a little too."""
    (found,) = audit(40, only=["M20"])
    assert found.moved and found.direction_ok
    assert found.still["bloc_line.2"] > 0
    assert not found.untouched_ok


@pytest.mark.slow
def test_every_mechanism_touches_worlds_and_has_the_right_sign() -> None:
    """In 500 paired worlds: a twentieth of them touched at least, and the sign right in four fifths of those.

    What should be untouched is, but for Iran's camp (M20).
    """
    found = audit(500)
    assert [one.id for one in found] == [m.id for m in MECHANISMS]
    assert [one.id for one in found if not (one.moved and one.direction_ok)] == []
    assert [one.id for one in found if not one.untouched_ok] == ["M20"]
