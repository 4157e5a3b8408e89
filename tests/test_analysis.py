"""The audit of mechanisms: gauges are read as they are written, and each mechanism moves its own in whole worlds."""

import numpy as np
import pytest

from sim.analysis import audit, check_names, read_gauge
from sim.ensemble import OneWorld
from sim.errors import InputError, Rejected
from sim.names.mechanisms import MECHANISMS
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


@pytest.mark.parametrize("text", ["factions.*.temper", "nobody", "day.*", "factions.*", "Day", "day >> 3"])
def test_a_gauge_of_nothing_is_refused(text: str) -> None:
    """A field that the record does not have, a star over one number, a form that is none."""
    with pytest.raises((Rejected, InputError)):
        read_gauge(text).read(np.zeros(10))


def test_only_mechanisms_are_audited() -> None:
    """A name that is none is an error that says so."""
    check_names(["M01"])
    with pytest.raises(InputError, match="M01 to M61"):
        check_names(["M62"])


@pytest.mark.parametrize("mechanism", ["M01", "M10", "M30", "M53"])
def test_a_mechanism_moves_its_gauge_in_whole_worlds(mechanism: str) -> None:
    """With it on against off, from the day on which it first matters."""
    (found,) = audit(20, only=[mechanism])
    assert found.passed
    assert found.row()["right"]


@pytest.mark.slow
def test_every_mechanism_touches_worlds_and_has_the_right_sign() -> None:
    """In 500 paired worlds: a twentieth of them touched at least, and the sign right in four fifths of those."""
    found = audit(500)
    assert [one.id for one in found] == [m.id for m in MECHANISMS]
    assert [one.id for one in found if not one.passed] == []
