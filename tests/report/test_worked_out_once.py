"""What a report asks for many times is worked out once, and comes to what it would each time."""

from typing import Any

import pytest

from sim.experiments.variants import Variant
from sim.inputs.claims import ArmForm
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import changed
from sim.report import predictions_here
from sim.running.one_world import OneWorld
from sim.stories import causes_of_exits
from sim.stories.causes_of_exits import grounds_of_exits


def soleimani(policy: str, days: int = 730) -> Variant:
    """Return the first scenario under a policy of Washington's."""
    settings = [f"us={policy}", f"days={days}"]
    return Variant(policy, resolve(changed(load_scenario("2020-soleimani"), settings=settings)))


def arm(*settings: str, **more: Any) -> ArmForm:
    """Return an arm of a test in the first scenario."""
    return ArmForm.model_validate({"scenario": "2020-soleimani", "set": list(settings)} | more)


def test_an_arm_is_made_ready_once_however_many_tests_and_variants_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four policies, five tests that name restraint, and one that is none of them: two arms are made ready."""
    made: list[tuple[str, ...]] = []
    usual = predictions_here.variant_of

    def counted(one: ArmForm, *given: Any) -> Variant:
        made.append(tuple(one.settings))
        return usual(one, *given)

    monkeypatch.setattr(predictions_here, "variant_of", counted)
    policies = ("in-kind", "maximum-pressure", "restraint", "do-nothing")
    compared = predictions_here._Compared([*map(soleimani, policies), None], "documents")
    assert [compared.place_of(arm("us=restraint"), 730) for _ in range(5)] == [2] * 5
    assert [compared.place_of(arm("us=hold-fire"), 730) for _ in range(5)] == [None] * 5
    assert made == [("us=restraint",), ("us=hold-fire",)]


def test_arms_that_differ_in_anything_are_looked_for_by_themselves() -> None:
    """Other days, another setting, events besides, another scenario: none of them is the variant that was found."""
    compared = predictions_here._Compared([soleimani("restraint"), soleimani("restraint", days=365)], "documents")
    assert compared.place_of(arm("us=restraint"), 730) == 0
    assert compared.place_of(arm("us=restraint"), 365) == 1
    assert compared.place_of(arm("us=restraint"), 366) is None
    assert compared.place_of(arm("us=restraint", "mechanisms.M08=0"), 730) is None
    assert compared.place_of(arm("us=restraint", events={"vote": None}), 730) is None
    assert compared.place_of(arm("us=restraint", scenario="2021-quiet"), 730) is None


def test_an_arm_under_a_theory_of_the_analysts_own_is_that_of_the_documents() -> None:
    """Its readings are not what tells an arm."""
    compared = predictions_here._Compared([soleimani("restraint")], "a theory that nobody ships")
    assert compared.place_of(arm("us=restraint"), 730) == 0


def test_worlds_drawn_together_have_the_grounds_of_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each world is the one of its number, drawn by itself, in whatever order they are asked for."""
    variant, numbers = soleimani("prompt-withdrawal", days=300), [11, 3, 7, 0]
    alone = {n: OneWorld(variant, n, 1, record=True).run_to().events() for n in numbers}
    told = []
    usual = causes_of_exits.ancestors
    monkeypatch.setattr(causes_of_exits, "ancestors", lambda log, kinds: (told.append(log), usual(log, kinds))[1])
    found = grounds_of_exits(variant, numbers, 1)
    assert [log.tobytes() for log in told] == [alone[n].tobytes() for n in numbers]
    assert found.worlds > 0


def test_there_are_no_grounds_without_worlds() -> None:
    """Nothing is drawn, nothing is told."""
    found = grounds_of_exits(soleimani("restraint", days=30), [], 1)
    assert (found.worlds, found.mechanisms, found.rules) == (0, (), ())
