"""Parameters: each moves some measure or weekly series somewhere, and those that do not are known."""

import pytest

from sim.errors import InputError
from sim.evidence import inert
from sim.evidence.inert import power_of, powers
from sim.inputs.theory import load_parameters

#: They set what stories tell and nothing that is measured: which weapon, how large a crowd.
ONLY_TOLD = {"drone_share", "convoy_share", "rally_threshold", "rally_size", "sadr_crowd"}


def test_parameters_of_several_kinds_move_something() -> None:
    """Attacks, ISIS, the house, the public: at once, in the reference."""
    found = powers(["branching", "cell_loss", "lean_outrage", "anger_half_life"], worlds=4)
    assert [one.powerless for one in found] == [False] * 4
    assert {one.where for one in found} == {"2020-soleimani us=restraint"}


def test_one_that_needs_a_reading_is_found_under_it() -> None:
    """The proxies' gain acts only where factions are mere proxies."""
    [found] = powers(["proxy_gain"], worlds=4)
    assert "theory.M02=proxies" in found.where


def test_a_powerless_parameter_is_reported_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of a rally moves what is told, and nothing that is measured."""
    monkeypatch.setattr(inert, "LAST", ())
    monkeypatch.setattr(inert, "MORE", 1)
    found = power_of("rally_size", load_parameters()["rally_size"], worlds=4)
    assert found.powerless and found.told
    assert found.plain()["moved"] is None


def test_a_name_that_is_no_parameter_is_refused() -> None:
    """With the nearest that is one."""
    with pytest.raises(InputError, match="branching"):
        powers(["branchin"])


@pytest.mark.slow
def test_every_parameter_moves_something_but_for_those_that_are_known() -> None:
    """Set to its 5% and its 95% quantile in the same worlds, over a small set of scenarios."""
    nothing = {one.name: one.told for one in powers() if one.powerless}
    assert {name for name, told in nothing.items() if told} == ONLY_TOLD
    assert not {name for name, told in nothing.items() if not told}
