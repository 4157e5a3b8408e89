"""The texts of ``--tie`` and ``--want``: tie zones and which way is wanted."""

import pytest

from sim import stats
from sim.errors import InputError
from sim.experiments.preferences import read_preferences


def test_tie_zones_and_wishes_are_read_from_words():
    """By kind or measure, in units or percent; what cannot be meant is said, all of it."""
    preferences = read_preferences(["share=0.02,us_killed=5%"], ["exited lower"])
    assert preferences.ties == {"share": stats.Tie(0.02), "us_killed": stats.Tie(0.05, True)}
    assert preferences.wants == {"exited": "lower"}
    with pytest.raises(InputError) as wrong:
        read_preferences(["shares=1", "share=-1", "count=x"], ["exited fewer", "exit lower"])
    assert len(wrong.value.problems) == 5
    with pytest.raises(InputError):
        read_preferences((), ["exit_kind lower"])
    with pytest.raises(InputError, match="--tie:1:1: expected everything once, got 'share' twice"):
        read_preferences(["share=0.02,count=1", "share=0.05"])
