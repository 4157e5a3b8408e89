"""A world seen through the quick view is the world that numpy's records show, number by number."""

from typing import Any

import numpy as np
import pytest

from sim.world import day
from sim.world.living import compiled_view
from sim.world.record import new_worlds
from tests.rules.situations import situation
from tests.rules.views import swift_view


def _agree(swift: Any, record: Any, dtype: np.dtype) -> int:
    """Hold every number of a part against numpy's record; return how many there were."""
    looked_at = 0
    for name in dtype.names or ():
        mine, theirs = getattr(swift, name), record[name]
        if theirs.dtype.names is None:
            assert type(mine) is type(theirs)
            assert mine.dtype == theirs.dtype
            assert np.array_equal(mine, theirs, equal_nan=theirs.dtype.kind == "f")
            looked_at += theirs.size
        elif theirs.shape:
            looked_at += sum(_agree(mine[k], theirs[k], theirs.dtype) for k in range(min(3, len(mine))))
        else:
            looked_at += _agree(mine, theirs, theirs.dtype)
    return looked_at


def test_every_field_of_a_lived_world_reads_as_in_numpys_record() -> None:
    """After two days all parts, of every depth, show the same numbers of the same types."""
    w = situation("us=in-kind")
    for _ in range(2):
        day.one_day(w)
    record = w._record
    assert _agree(w, record, record.dtype) > 10_000


def test_a_day_lived_through_either_view_comes_to_the_same_bits() -> None:
    """Ten days of the same world, seen as numpy's record and through the quick view."""
    swift = situation("us=maximum-pressure", "iran=calibrated")
    worlds = new_worlds(1)
    worlds[0] = swift._record
    record = compiled_view(worlds)[0]
    for _ in range(10):
        day.one_day(swift)
        day.one_day(record)
    assert swift._record.tobytes() == worlds[0].tobytes()


def test_what_is_written_is_written_into_the_memory() -> None:
    """A number, a whole row, one place of a row, a number of a part of many; a fraction loses itself in a whole one."""
    worlds = new_worlds(1)
    w = swift_view(worlds)
    w.us.resolve, w.day, w.pressure, w.factions[-1].revenge, w.total[3] = 0.5, 3.7, 0.25, 0.75, 2.0
    [row] = worlds
    assert (row["us"]["resolve"], row["day"], row["factions"]["revenge"][-1], row["total"][3]) == (0.5, 3, 0.75, 2.0)
    assert set(row["pressure"]) == {0.25}
    assert w.factions.revenge[-1] == w.factions[-1].revenge == np.asarray(w["factions"])["revenge"][-1]


def test_a_name_or_a_row_that_is_not_there_is_an_error() -> None:
    """Neither a misspelt field nor one row too many is silently taken."""
    w = swift_view(new_worlds(1))
    with pytest.raises(AttributeError):
        w.us.resolv = 0.5
    with pytest.raises(AttributeError):
        w.us.resolv  # noqa: B018
    with pytest.raises(IndexError):
        w.factions[len(w.factions)]
