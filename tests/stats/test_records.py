"""What statistics hand on: small frozen records, whose plain values are those of the JSON."""

import dataclasses
import inspect
import json
import pickle

import numpy as np
import pytest

from sim import stats
from sim.names.measures import OUTCOMES

MEASURES = {m.name: m for m in OUTCOMES}
RECORDS = [one for one in vars(stats).values() if inspect.isclass(one) and hasattr(one, "as_plain")]
FLAGS = np.arange(40) % 4 == 0
ROW = [
    "difference", "low", "high", "only_first", "only_second", "verdict", "uncorrected", "corrected", "p", "p_corrected",
    "tie", "more_worlds", "method", "standardised", "superiority", "superiority_low", "superiority_high",
    "pairing_saves",
]  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_has_slots_and_says_what_it_holds(record):
    """No field can be set or added, none is read by a string, and each has words of its own on what it is."""
    assert record.__dataclass_params__.frozen
    assert not hasattr(record, "__getitem__")
    assert not any("__dict__" in vars(base) for base in record.__mro__)
    assert not record.__doc__.startswith(f"{record.__name__}(")
    assert inspect.getdoc(record.as_plain)


def test_there_are_records_of_all_that_is_worked_out():
    """None is left out of what the package offers."""
    names = {record.__name__ for record in RECORDS}
    assert {"Summary", "Difference", "Incidence", "VarianceComponents", "WeightedMean", "AdjustedEstimate"} <= names


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("us_killed", ["mean", "low", "high", "p05", "p50", "p95"]), ("exit_kind", ["shares"]),
        ("exit_day", ["n", "mean", "low", "high", "p05", "p50", "p95"]),
    ],
)  # fmt: skip
def test_a_summary_has_the_keys_of_its_kind(name, keys):
    """Quantiles of numbers, shares of categories, and n where not every world has it."""
    assert list(stats.summarise(np.ones(9), MEASURES[name]).as_plain()) == keys


def test_a_difference_has_one_row_whether_it_is_corrected_or_not():
    """Without correction ``uncorrected`` is the verdict itself, and no level is given."""
    found = {"x": {"exited": stats.paired_difference(FLAGS, ~FLAGS, MEASURES["exited"])}}
    alone = found["x"]["exited"].as_plain()
    corrected = stats.correct(found, [MEASURES["exited"]])["x"]["exited"].as_plain()
    assert list(alone) == list(corrected) == ROW
    assert (alone["corrected"], alone["uncorrected"], alone["p"]) == (False, "higher", None)
    assert (corrected["corrected"], corrected["uncorrected"]) == (True, "higher")
    assert corrected["p"] == corrected["p_corrected"] < 0.05


def test_to_correct_leaves_what_was_found_as_it_is():
    """Verdicts are written into new records: who kept the others reads what they said."""
    found = {"x": {"exited": stats.paired_difference(FLAGS, ~FLAGS, MEASURES["exited"])}}
    before = found["x"]["exited"]
    stats.correct(found, [MEASURES["exited"]])
    assert found["x"]["exited"] is before
    assert before.uncorrected is None


def test_records_are_compared_copied_and_sent_as_values():
    """Equal where all fields are; a copy with another field is another; processes can hand them on."""
    one = stats.summarise(np.arange(50.0), MEASURES["us_killed"])
    assert one == stats.summarise(np.arange(50.0), MEASURES["us_killed"])
    assert dataclasses.replace(one, mean=1.0) != one
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.mean = 2.0
    fan = stats.fan({"world": [0, 1], "week": [0, 0], "attacks": [1.0, 3.0]}, "attacks")
    assert json.loads(json.dumps(fan.as_plain()))["p50"] == [2.0]
