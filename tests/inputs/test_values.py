"""Values are compared as they are meant, wherever they are compared, and from Python taken as they come."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.experiments.constraints import Factor, parse_constraint
from sim.experiments.request import Request, variants_of
from sim.inputs.labels import fitting
from sim.inputs.values import in_order, plain, same, spelling, text_of
from sim.results import StoreError
from sim.running.run import Run


@pytest.mark.parametrize(
    "written",
    [
        (1, 1.0, "1", "1.0", "1.", "+1", "1e0", np.int64(1), np.float32(1), decimal.Decimal("1.00"), np.array(1)),
        (5200, "5200", "5.2e3", "52E2", 5200.0, np.uint16(5200)),
        (0.3, 0.1 * 3, "0.30", "3e-1", ".3", np.float64(0.3), np.float32(0.3)),
        (0, 0.0, -0.0, "-0", "0.0"),
        (True, "true", np.bool_(True)),
        (datetime.date(2021, 3, 1), "2021-03-01", pd.Timestamp("2021-03-01"), np.datetime64("2021-03-01"),
         np.datetime64("2021-03-01T00:00:00", "ns"), datetime.datetime(2021, 3, 1)),
        ("in-kind", "'in-kind'", '"in-kind"', np.str_("in-kind")),
        ({"uniform": [1, 5]}, "{uniform: [1.0, 5e0]}", '{"uniform":[1,5]}', {"uniform": np.array([1.0, 5.0])},
         {"uniform": (1, 5)}),
    ],
    ids=lambda values: str(values[0]),
)  # fmt: skip
def test_the_same_value_is_the_same_however_it_is_written(written):
    """In Python, NumPy, pandas or text."""
    assert {spelling(one) for one in written} == {spelling(written[0])}
    assert all(same(written[0], one) for one in written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, True),
        (0, False),
        (0.3, 0.3001),
        ("1a", 1),
        (None, 0),
        (1e-9, 2e-9),
        (10**15, 10**15 + 1),
        ("a", "A"),
    ],
)
def test_other_values_are_others(one, other):
    """A truth is no number, and nothing is no nought."""
    assert not same(one, other)


def test_values_come_in_the_order_of_their_size():
    """Numbers before words; ten after nine."""
    assert in_order(["10", "9", "-1", "word", "0.5", "9"]) == ["-1", "0.5", "9", "10", "word"]


def test_what_is_no_value_is_told():
    """Something of Python's own."""
    for strange in (object(), b"bytes", 1j):
        with pytest.raises(TypeError, match="neither a number"):
            plain(strange)


def test_a_number_is_run_as_it_is_though_it_is_named_as_meant():
    """All its digits go into the setting; the label has those that count."""
    assert text_of(0.1 * 3) == "0.30000000000000004"
    [variant] = variants_of(Request.of("2021-quiet", worlds=2, settings={"M08": 0.1 * 3}, days=5))
    assert variant.label == "2021-quiet M08=0.3 days=5"
    assert variant.inputs.quantities["mechanism:M08"].quantile([0.5])[0] == 0.1 * 3


@pytest.mark.parametrize(
    "vary",
    ["M08=1,1.0", "us_troops=5200,5.2e3", "M08=0.3,0.30", "us=in-kind,\"in-kind\"",
     "us_troops={uniform: [2500, 3000]},{uniform: [2.5e3, 3000.0]}", "us_troops={fixed: 2500},2500",
     "us_troops={choice: {values: [1, 2], weights: [1, 3]}},{choice: {values: [2, 1], weights: [6, 2]}}",
     "us_troops={uniform: [5, 5]},5", "us_troops={choice: {values: [1, 2], weights: [0, 3]}},2", "M08={chance: 1},1",
     "theories={documents: 1, proxies: 1},{proxies: 2, documents: 2}"],
)  # fmt: skip
def test_equal_values_are_no_two_variants(vary):
    """Typed or from Python, in a grid or in a list."""
    with pytest.raises(InputError, match="every variant once"):
        variants_of(Request(("2021-quiet",), vary=(vary,)))


@pytest.mark.parametrize(
    "vary",
    ["theories={documents: 1, proxies: 1},{proxies: 3, documents: 2}", "us_troops={uniform: [1, 2]},{uniform: [1, 3]}",
     "us_troops={choice: {values: [1, 2], weights: [1, 3]}},{choice: {values: [2, 1], weights: [1, 3]}}",
     "theories={documents: 1, proxies: 1},{deterrence: 1, documents: 1}"],
)  # fmt: skip
def test_values_that_look_alike_and_differ_are_two_variants(vary):
    """Other weights, other bounds, other theories."""
    assert len(variants_of(Request(("2021-quiet",), vary=(vary,)))) == 2


@pytest.mark.parametrize("values", [[1, 1.0], np.array([0.3, 0.1 * 3]), (1, 1.0)])
def test_equal_values_from_python_are_no_two_variants(values):
    """Lists, tuples and arrays."""
    with pytest.raises(InputError, match="every variant once"):
        variants_of(Request.of("2021-quiet", worlds=2, vary={"M08": values}, days=5))


@pytest.mark.parametrize(
    ("vary", "labels"),
    [
        ({"us_troops": np.arange(2500, 5201, 1350)}, ["us_troops=2500", "us_troops=3850", "us_troops=5200"]),
        ({"M08": pd.Series([0.0, 0.5])}, ["M08=0", "M08=0.5"]),
        ({"M08": range(2)}, ["M08=0", "M08=1"]),
        ({"M08": 0.5}, ["M08=0.5"]),
        ({"us": "restraint,in-kind"}, ["us=restraint", "us=in-kind"]),
        ({"start": pd.date_range("2021-03-01", periods=2)}, ["start=2021-03-01", "start=2021-03-02"]),
        ({"us_troops": [{"uniform": np.array([2500, 3000])}, np.int32(2500)]},
         ["us_troops={uniform:[2500,3000]}", "us_troops=2500"]),
    ],
    ids=str,
)  # fmt: skip
def test_values_of_numpy_and_pandas_are_values_like_any_other(vary, labels):
    """Each makes its variant."""
    variants = variants_of(Request.of("2021-quiet", worlds=2, vary=vary))
    assert [variant.label.removeprefix("2021-quiet ") for variant in variants] == labels


def test_the_same_run_has_one_folder_however_its_values_are_written():
    """Typed with and without points, in quotes, with spaces, or from Python."""
    asked = [Request(("2021-quiet",), vary=vary) for vary in (("M08=0,1", "us=in-kind,restraint"),
             ("M08=0.0, 1e0", "us='in-kind',restraint"))]  # fmt: skip
    asked.append(Request.of("2021-quiet", vary={"M08": np.arange(2.0), "us": ["in-kind", "restraint"]}))
    assert len({Run(one, tuple(variants_of(one))).folder for one in asked}) == 1


def test_results_are_chosen_by_the_value_that_is_meant(tmp_path):
    """Nought, a tenth times three, a whole number written with a point; what is not there is told, each of it."""
    found = sim.compare("2021-quiet", vary={"M08": [0.1 * k for k in (0, 3, 10)]}, worlds=2, days=5, out=tmp_path)
    assert [len(found.where(M08=one).variants) for one in (0, 0.0, 0.3, "3e-1", 1, np.int64(1), [0, 0.3])] == [
        1, 1, 1, 1, 1, 1, 2,
    ]  # fmt: skip
    assert len(found.where(M08=np.array([0, 1])).variants) == 2
    for wrong, said in ((0.7, "M08 = 0.7; its values: 0, 0.3, 1"), ([0, 0.7], "M08 = 0.7"), ([], "no variant with")):
        with pytest.raises(StoreError, match=said):
            found.where(M08=wrong)
    with pytest.raises(StoreError, match=r"no variant has a factor 'M09'; those here: days, mechanisms\.M08$"):
        found.where(M09=1)
    with pytest.raises(StoreError, match="neither a number"):
        found.where(M08=object())


def test_labels_are_found_by_values_written_otherwise():
    """A whole word with its path, or the value alone."""
    labels = ["x M08=0.5 us=in-kind", "x M08=1 us=in-kind", "x M08=10 us=in-kind"]
    assert fitting(labels, "M08=1.0") == fitting(labels, "1e0") == [labels[1]]


@pytest.mark.parametrize(
    ("text", "holds"),
    [("M08 == 0.3", True), ("M08 != 0.3", False), ("M08 <= 0.3", True), ("M08 < 0.3", False), ("M08 > 0.3", False),
     ("M08 >= 0.3", True), ("0.2 < M08 < 0.4", True), ("not M08 == 0.3", False)],
)  # fmt: skip
def test_constraints_compare_numbers_as_they_are_meant(text, holds):
    """A tenth times three is three tenths, alone and among the points of a design."""
    constraint = parse_constraint(text, Factor)
    assert bool(constraint.holds({"M08": 0.1 * 3})) is holds
    assert list(constraint.holds({"M08": np.array([0.1 * 3, 0.3])})) == [holds, holds]


def test_a_set_of_values_is_taken_in_one_order():
    """A set has another order in each process: its values come by size, then by letters."""
    vary = {"us": {"restraint", "in-kind", "maximum-pressure"}, "M08": frozenset([1, 0.5, 0])}
    asked = Request.of("2021-quiet", worlds=2, vary=vary, days=5)
    assert asked.vary == ("us=in-kind,maximum-pressure,restraint", "M08=0,0.5,1")
