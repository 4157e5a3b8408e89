"""No change of a result goes unseen."""

import numpy as np

from tests.frozen import cases, kept, lived, moved, same


def test_worlds_of_all_kinds_are_those_of_the_table_to_the_last_bit() -> None:
    """Every scenario, policy, theory, reading, mechanism, odd parameters; ``make frozen`` says what has moved."""
    before, now = kept(), lived()
    assert list(moved(before, now)) == []
    assert len(now) == 4 * len(list(cases())) > 300


def test_a_moved_result_is_told_with_its_means() -> None:
    """One world's dead more: the measure, the worlds, the means; nothing else."""
    before = kept()
    after = before.copy()
    after.loc[7, "us_killed"] += 4.0
    [line] = moved(before, after)
    n, mean = len(before), before["us_killed"].mean()
    assert line == f"us_killed: other in 1 of {n} worlds, mean {mean:.4g} then, {mean + 4 / n:.4g} now"
    assert same(before["exit_day"], before["exit_day"]).all()  # null equals null
    after.loc[7, "us_killed"] = np.nextafter(before.loc[7, "us_killed"], 1e9)
    assert len(list(moved(before, after))) == 1


def test_worlds_and_measures_that_come_and_go_are_told() -> None:
    """Another case or another measure is a change, too."""
    before = kept()
    assert next(moved(before, before.iloc[4:])) == "4 worlds gone"
    assert "us_killed: gone" in list(moved(before, before.drop(columns="us_killed")))
