"""The rules' elementary functions, uncompiled: right to the last place, known answers, arrays alike, all branches."""

import json
import math
from pathlib import Path

import pytest

from sim.world import elementary
from tests.inputs.test_elementary import ALL, BOUNDS, EXACT, IN_ARRAYS, NAMES, SPECIAL, bits, in_rules, worst

KNOWN = json.loads((Path(__file__).parent.parent / "known_answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_known_answers_come_out_to_the_last_bit(name: str) -> None:
    """Found right against 60 digits once; plain rules come to no others."""
    arguments, values = ([float.fromhex(pair[k]) for pair in KNOWN[name]] for k in (0, 1))
    assert bits(in_rules(name, arguments)) == bits(values)


@pytest.mark.parametrize("name", NAMES)
def test_every_ninth_argument_is_right_to_the_last_place(name: str) -> None:
    """Random ones and those at which a function turns from one way to another, against 60 digits."""
    arguments = [x for x in ALL[name][::9] if math.isfinite(x) and math.isfinite(in_rules(name, [x])[0]) and x]
    normal = [x for x, y in zip(arguments, in_rules(name, arguments), strict=True) if abs(y) > 2.3e-308]
    assert len(normal) > 100
    assert worst(in_rules(name, normal), normal, EXACT[name]) < BOUNDS[name]


@pytest.mark.parametrize("name", NAMES)
def test_special_arguments_have_their_values(name: str) -> None:
    """Nothing, infinity, no number, the ends of what can be told."""
    arguments, values = zip(*SPECIAL[name], strict=True)
    assert in_rules(name, list(arguments)) == pytest.approx(values, rel=4e-16, abs=0, nan_ok=True)


@pytest.mark.parametrize("name", sorted(IN_ARRAYS))
def test_rules_and_arrays_have_the_same_bits(name: str) -> None:
    """Written twice, for one number and for many: both come to the same, over all arguments."""
    assert bits(in_rules(name, ALL[name])) == bits(IN_ARRAYS[name](ALL[name]))


def test_the_exponential_within_bounds_is_the_exponential_there_and_held_beyond() -> None:
    """From -700 to 700 the same bits; beyond, those of the bound; no number stays none, so that it is found."""
    inside = [-700.0, -699.9, -36.5, -1.0, -1e-9, 0.0, 2e-17, 0.3, 1.0, 88.8, 699.99, 700.0]
    assert bits([elementary.exp_within(x) for x in inside]) == bits([elementary.exp(x) for x in inside])
    assert elementary.exp_within(1e300) == elementary.exp_within(math.inf) == elementary.exp(700.0)
    assert elementary.exp_within(-1e300) == elementary.exp_within(-math.inf) == elementary.exp(-700.0)
    assert math.isnan(elementary.exp_within(math.nan))
