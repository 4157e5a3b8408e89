"""Quantities: numbers and distributions, their quantiles, their words."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import Rejected
from sim.inputs.distributions.quantities import Distribution, fixed, read_quantity

#: One of each kind, with its quartiles worked out by hand or from tables of the normal distribution.
KNOWN: list[tuple[Any, list[float]]] = [
    (3, [3, 3, 3]),
    ({"fixed": 3}, [3, 3, 3]),
    ({"uniform": [1, 5]}, [2, 3, 4]),
    ({"loguniform": [1, 16]}, [2, 4, 8]),
    ({"triangular": [0, 1, 4]}, [1, 4 - 6**0.5, 4 - 3**0.5]),
    ({"normal": [10, 2]}, [10 - 2 * 0.6744897502, 10, 10 + 2 * 0.6744897502]),
    ({"normal": [0, 1], "within": [0, 100]}, [0.3186393640, 0.6744897502, 1.1503493804]),
    ({"lognormal": [3, 0.5]}, [3 * np.exp(-0.5 * 0.6744897502), 3, 3 * np.exp(0.5 * 0.6744897502)]),
    ({"beta": [1, 1]}, [0.25, 0.5, 0.75]),
    ({"beta": [2, 1]}, [0.5, 0.5**0.5, 0.75**0.5]),
    ({"choice": {"values": [7, 1], "weights": [1, 2]}}, [1, 1, 7]),
    ({"chance": 0.3}, [0, 0, 1]),
]
UNITS = st.floats(0, 1, exclude_max=True)
EXAMPLES = st.sampled_from([read_quantity(plain) for plain, _ in KNOWN])


@pytest.mark.parametrize(("plain", "quartiles"), KNOWN)
def test_quartiles_are_the_known_ones(plain: Any, quartiles: list[float]) -> None:
    """A quarter, a half and three quarters of the worlds lie below the values that mathematics gives."""
    assert read_quantity(plain).quantile(np.array([0.25, 0.5, 0.75])) == pytest.approx(quartiles)


@given(EXAMPLES, UNITS, UNITS)
def test_a_quantile_never_falls(distribution: Distribution, one: float, other: float) -> None:
    """A luckier world never draws the smaller number, and all draws keep within the bounds."""
    low, high = distribution.quantile(np.array(sorted([one, other])))
    assert low <= high
    assert distribution.bounds()[0] <= low
    assert high <= distribution.bounds()[1]
    assert np.isfinite([low, high]).all()


@given(EXAMPLES)
def test_plain_values_read_back_the_same(distribution: Distribution) -> None:
    """A distribution survives the way through JSON."""
    assert read_quantity(json.loads(json.dumps(distribution.as_plain()))) == distribution


def test_sources_are_kept_and_can_be_left_out() -> None:
    """Source and note come back in plain values, unless only what moves a result is asked for."""
    one = read_quantity({"uniform": [1, 5], "source": "restraint-2020 [9]", "note": "a guess"})
    assert (one.source, one.note) == ("restraint-2020 [9]", "a guess")
    assert one.as_plain(sources=False) == {"uniform": [1.0, 5.0]}
    assert read_quantity(one.as_plain()) == one


def test_only_a_number_without_doubt_is_fixed() -> None:
    """A range that has shrunk to a point, and a certain chance, are fixed; a range is not."""
    assert fixed(2).is_fixed
    assert read_quantity({"uniform": [2, 2]}).is_fixed
    assert read_quantity({"chance": 1}).is_fixed
    assert not read_quantity({"chance": 0.5}).is_fixed


def test_a_chance_comes_as_often_as_it_says() -> None:
    """Of a hundred evenly spread worlds, thirty draw a chance of 0.3; none draws 0, all draw 1."""
    u = (np.arange(100) + 0.5) / 100
    drawn = [read_quantity({"chance": p}).quantile(u).sum() for p in (0, 0.3, 1)]
    assert drawn == [0, 30, 100]


@pytest.mark.parametrize(
    ("plain", "words"),
    [({"uniform": [5200, 6000]}, "uniform from 5,200 to 6,000"), (0.25, "0.25"),
     ({"normal": [1, 0.5], "within": [0, 2]}, "normal around 1 with spread 0.5, kept within 0 and 2"),
     ({"chance": 0.3}, "1 with a chance of 0.3, else 0"),
     ({"choice": {"values": [1, 2]}}, "one of 1 (weight 1), 2 (weight 1)")],
)  # fmt: skip
def test_it_is_said_in_plain_english(plain: Any, words: str) -> None:
    """A reader needs no code to know what a quantity is."""
    assert read_quantity(plain).text() == words


@pytest.mark.parametrize(
    ("plain", "at", "words"),
    [
        (True, (), "a number"),
        ("many", (), "a number"),
        ({"unifrom": [1, 2]}, ("unifrom",), "did you mean 'uniform'"),
        ({"uniform": [2, 1]}, ("uniform",), "numbers that rise"),
        ({"uniform": [1, 2, 3]}, ("uniform",), r"a list \[low, high\], got a list of 3"),
        ({"uniform": [1, True]}, ("uniform", 1), "a number, got true"),
        ({"uniform": [1, 2], "normal": [0, 1]}, (), "one kind of distribution, got uniform and normal"),
        ({"source": "x"}, (), "one kind of distribution, got none"),
        ({"loguniform": [0, 1]}, ("loguniform",), "numbers above 0"),
        ({"normal": [0, -1]}, ("normal",), "a spread of at least 0"),
        ({"uniform": [0, 1], "within": [0, 1]}, ("within",), "with a normal or a lognormal only"),
        ({"normal": [0, 1], "within": [50, 60]}, ("within",), "leave some of the distribution"),
        ({"chance": 1.5}, ("chance",), "a chance from 0 to 1"),
        ({"beta": [0, 1]}, ("beta",), "shapes above 0"),
        ({"choice": {"values": [1], "weights": [1, 2]}}, ("choice", "weights"), "1 weights"),
        ({"choice": {"values": [1], "weights": [0]}}, ("choice", "weights"), "not all 0"),
        ({"choice": [1, 2]}, ("choice",), "values"),
        (10**400, (), "a finite number"),
    ],
)
def test_what_is_no_quantity_is_refused_where_it_is_wrong(plain: Any, at: tuple[Any, ...], words: str) -> None:
    """The mistake says what was expected and leads to the value at fault."""
    with pytest.raises(Rejected, match=words) as caught:
        read_quantity(plain)
    assert caught.value.mistakes[0].at == at


@given(st.recursive(st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
                    lambda inner: st.one_of(st.lists(inner, max_size=3),
                                            st.dictionaries(st.sampled_from(["uniform", "normal", "choice", "within",
                                                                             "values", "chance", "source"]), inner)),
                    max_leaves=6))  # fmt: skip
def test_no_plain_value_makes_the_reader_crash(plain: Any) -> None:
    """Whatever the values, they are a distribution or Rejected."""
    try:
        assert read_quantity(plain).text()
    except Rejected as wrong:
        assert wrong.mistakes
