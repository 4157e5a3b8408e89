"""No rule counts from the end: compiled, an index below 0 reads some other field, and nobody would know."""

from typing import Any

import numpy as np
import pytest

from sim.world import day
from tests.rules.situations import situation


class Forward:
    """A world, or a part of one, that refuses indices below 0 and beyond the last."""

    def __init__(self, part: Any) -> None:
        object.__setattr__(self, "_part", part)

    def __getattr__(self, name: str) -> Any:
        return _seen(getattr(self._part, name))

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._part, name, value)

    def __getitem__(self, place: Any) -> Any:
        _refuse(self._part, place)
        return _seen(self._part[place])

    def __setitem__(self, place: Any, value: Any) -> None:
        _refuse(self._part, place)
        self._part[place] = value

    def __len__(self) -> int:
        return len(self._part)


def _seen(value: Any) -> Any:
    return value if isinstance(value, np.generic | int | float) and not isinstance(value, np.void) else Forward(value)


def _refuse(part: Any, place: Any) -> None:
    shape = getattr(part, "shape", ()) or (len(part),)
    for k, n in zip(place if isinstance(place, tuple) else (place,), shape, strict=False):
        if not 0 <= int(k) < n:
            raise IndexError(f"place {k} of {n}")


@pytest.mark.parametrize("place", [-1, 6, (0, -1)])
def test_a_place_below_0_or_beyond_the_last_is_refused(place: Any) -> None:
    """What holds the rules to it tells both apart."""
    w = Forward(situation())
    with pytest.raises(IndexError, match="place"):
        (w.window if isinstance(place, tuple) else w.factions)[place]


@pytest.mark.parametrize(
    ("scenario", "settings"),
    [
        ("2020-soleimani", ("us=maximum-pressure",)),
        ("2019-escalation", ("iran=all-out", "factions=revenge-first")),
        ("2011-withdrawal", ("us=prompt-withdrawal",)),
        ("2020-protest-and-strike", ("us=negotiate-framework", "government=implement-resolution")),
    ],
)
def test_no_rule_counts_from_the_end(scenario: str, settings: tuple[str, ...]) -> None:
    """Over the first months of busy worlds, with every event written down."""
    w = situation(*settings, scenario=scenario)
    w.recording = 1
    for _ in range(120):
        day.one_day(Forward(w))
    assert w.day == 120
