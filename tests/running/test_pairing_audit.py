"""The audit of pairing names the first differing decision, and finds a past that parts by itself."""

import json

import numpy as np
import pytest

from sim.experiments.request import Request, variants_of
from sim.results.as_json import compare_json
from sim.running import pairing
from sim.running.execute import execute
from sim.running.one_world import OneWorld
from sim.world.record import offset
from tests.worlds import state, variant

BASE = ("2020-soleimani", "days=200")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def audited(*settings, worlds=200):
    """Return the audit of a variant with these settings against the in-kind policy."""
    [found] = pairing.audit_pairing([variant(*BASE, "us=in-kind"), variant(*BASE, *settings)], worlds, 1)
    return found


def test_policies_part_at_a_decision_of_the_seat_that_was_varied():
    """Washington's, by rules of the two policies, on a day before which the states are equal to the bit."""
    found = audited("us=maximum-pressure")
    assert len(found.partings) == 4
    assert {(one.kind, one.actor) for one in found.partings} == {("decision", "us")}
    for one in found.partings:
        pair = [
            OneWorld(variant(*BASE, f"us={us}"), one.world).run_to(one.day) for us in ("in-kind", "maximum-pressure")
        ]
        assert np.array_equal(*map(state, pair))
        assert not np.array_equal(*(state(world.run_to(one.day + 1)) for world in pair))
        known = [rule.name for world in pair for policy in world.variant.inputs.policies for rule in policy.all_rules]
        named = [word.split(" (")[0] for text in (one.first, one.second) for word in text.split("), ")]
        assert all(name in known or name == pairing.NOTHING for name in named)


def test_equal_variants_never_part():
    """The same inputs twice."""
    found = audited("us=in-kind", worlds=100)
    assert {one.kind for one in found.partings} == {"never"}
    assert found.line().startswith("equal to the bit until the end")


def test_situations_that_differ_are_paired_by_luck():
    """Other troops on the first morning: nothing of a past is shared."""
    found = audited("us=in-kind", "situation.us_troops=2500")
    assert {one.kind for one in found.partings} == {"start"}
    assert "paired by luck, not by past" in found.line()


def test_a_mechanism_switched_off_parts_worlds_without_being_an_error():
    """Inputs that differ may tell by themselves, on a day that is said, or through a decision."""
    found = audited("us=in-kind", "M08=0")
    assert {one.kind for one in found.partings} <= {"input", "decision", "never"}
    assert not found.errors


def test_a_past_that_parts_by_itself_is_an_error_with_its_place(monkeypatch):
    """One number of one world is nudged on day 30: the audit names day and field."""
    whole = OneWorld.lived

    def nudged(world, last):
        start = world.day
        row = whole(world, last)
        if world.variant.label.endswith("us=restraint") and start <= 30 < last:
            world.numbers[offset("factions.2.revenge")] += 1e-9
        return row

    monkeypatch.setattr(OneWorld, "lived", nudged)
    same = variant(*BASE, "us=in-kind")
    [found] = pairing.audit_pairing([same, type(same)("us=restraint", same.inputs)], 100, 1)
    assert found.errors
    assert (found.errors[0].day, found.errors[0].place) == (30, "factions.2.revenge")
    assert "ERROR" in found.line()


def test_places_are_named_as_they_are_found():
    """The path of a place is what ``offset`` takes."""
    for path in ("factions.2.revenge", "anger_us.3.1", "luck"):
        assert pairing._path(8 * offset(path)) == path


def test_a_comparison_carries_its_audit():
    """In the folder, and in the JSON under ``pairing``."""
    asked = Request(("2020-soleimani",), 8, 1, 60, vary=("us=restraint,in-kind",))
    results = execute(asked, variants_of(asked)).results
    [found] = compare_json(results)["pairing"]
    assert found["variant"] == results.variants[1]
    assert found["worlds"] == sum(found["parted"].values()) == 3
    assert found["parted"]["error"] == 0
    json.dumps(found, allow_nan=False)
