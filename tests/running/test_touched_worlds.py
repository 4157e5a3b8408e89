"""What an edit touches: told from what was kept of the standing worlds, and never too little."""

import datetime
import random
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiments.variants import Variant
from sim.names.actions import ACTIONS
from sim.names.actors import SEATS
from sim.running.ensemble import Batch, BatchResult
from sim.running.one_world import OneWorld
from sim.running.pairing import audit_pairing
from sim.running.perception_log import PerceptionLog, joined, perception_columns
from sim.running.touched_worlds import NEVER, _lanes, _Replay, seats_apart, touched_worlds
from sim.world.record import offset
from tests.edits import POLICIES, edited, shipped, written
from tests.worlds import variant

SCENARIO = "2020-soleimani"
ALL = tuple(range(len(SEATS)))
WORLDS, DAYS = 24, 200


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Policies of a test lie in its own folder."""
    monkeypatch.chdir(tmp_path)
    variant.cache_clear()


def lived(one: Variant, worlds: int = WORLDS, seats: tuple[int, ...] | None = None, first: int = 0) -> BatchResult:
    """Return some worlds of a variant, lived, with what seats saw."""
    numbers = np.arange(first, first + worlds)
    with ThreadPoolExecutor(2) as pool:
        found = Batch(one, numbers, 1, pool, None if seats is None else perception_columns(seats)).lived()
    assert found is not None
    return found


@cache
def standing() -> tuple[Variant, BatchResult]:
    """Return the scenario as it comes along, its worlds lived, and all kept."""
    one = variant(SCENARIO, f"days={DAYS}")
    return one, lived(one, seats=ALL)


def kept_of(found: BatchResult) -> list[PerceptionLog]:
    """Return what was kept, which must be something."""
    assert found.kept is not None
    return [found.kept]


def same(one: BatchResult, other: BatchResult) -> np.ndarray:
    """Return which worlds came to the same outcomes, to the bit."""
    size = one.outcomes.dtype.itemsize
    a, b = (x.outcomes.view(np.uint8).reshape(-1, size) for x in (one, other))
    return np.asarray((a == b).all(axis=1))


# What is kept ------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_what_each_seat_saw_and_could_do_on_each_day() -> None:
    """To the bit, column by column, for a world lived by itself day by day."""
    one, found = standing()
    [kept] = kept_of(found)
    world = OneWorld(one, 7, record=False)
    columns = np.stack([kept.column(k)[7] for k in range(len(kept.columns.places))])
    for day in range(DAYS):
        world.run_to(day + 1)
        there = world.numbers[kept.columns.places]
        assert columns[:, day].tobytes() == there.tobytes(), day


def test_columns_are_found_by_what_a_decision_table_reads() -> None:
    """Public ones for all seats alike, own ones by seat, means by the action's number."""
    columns = perception_columns((0, 4))
    assert columns.places[columns.of_perception(4, 5)] == offset("sees_all.0.5")
    assert columns.places[columns.of_perception(4, 112 + 3)] == offset("sees_all.5.3")
    assert columns.places[columns.of_action(4, 2)] == offset("can.4.2")


def test_parts_of_what_was_kept_are_put_together_and_taken_apart_again() -> None:
    """Any worlds of any parts; what is taken is in memory of its own."""
    one = variant(SCENARIO, "days=40")
    parts = [kept_of(lived(one, 5, (0,), first))[0] for first in (0, 5, 10)]
    whole = joined(parts)
    some = np.array([k % 3 == 0 for k in range(15)])
    assert whole is not None
    taken = whole.only(some)
    assert taken is not None
    assert (whole.worlds.tolist(), taken.worlds.tolist()) == (list(range(15)), [0, 3, 6, 9, 12])
    for k in range(len(whole.columns.places)):
        column = np.concatenate([part.column(k) for part in parts])
        assert np.array_equal(whole.column(k), column)
        assert np.array_equal(taken.column(k), column[some])
    assert whole.only(np.zeros(15, bool)) is None
    assert joined([]) is None


def test_keeping_changes_no_world() -> None:
    """Outcomes are the same to the bit, whatever is kept, of whichever worlds."""
    one, found = standing()
    assert same(found, lived(one)).all()
    again = lived(one, 5, (2, 3), first=13)
    assert again.outcomes.tobytes() == found.outcomes[13:18].tobytes()


# What is touched ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", POLICIES)
def test_worlds_that_an_edit_does_not_touch_are_the_standing_ones_to_the_bit(actor: str) -> None:
    """Over edits of all kinds: numbers, thresholds, options, rules dropped, added, moved, limited."""
    luck, (one, found) = random.Random(f"edits of {actor}"), standing()
    base, spared, tried = shipped(actor), 0, 0
    while tried < 12:
        written(edited(base, actor, luck))
        variant.cache_clear()
        try:
            other = variant(SCENARIO, f"days={DAYS}", f"policies.{actor}=mine")
        except InputError:
            continue
        tried += 1
        told = touched_worlds(one, other, kept_of(found), 1)
        assert told is not None
        assert told.worlds.tolist() == list(range(WORLDS))
        parted = ~same(found, lived(other))
        assert not (parted & (told.first == NEVER)).any()
        spared += len(told.spared)
    assert spared > 0, "no edit spared a world: nothing was tried"


@pytest.mark.parametrize("actor", POLICIES)
def test_rules_asked_on_all_days_at_once_do_what_they_did_day_by_day(actor: str) -> None:
    """Action and options in every lane: means, luck, dates, cooldowns and thresholds are those of the world itself."""
    values = shipped(actor)
    values["thresholds"] = values.get("thresholds", {}) | {"busy": {"uniform": [1, 9]}}
    limits: list[dict[str, Any]] = [
        {"cooldown": 5}, {"probability": 0.5}, {"once": True}, {"after": datetime.date(2020, 2, 1), "cooldown": 2},
        {"until": datetime.date(2020, 4, 1), "probability": 0.8},
    ]  # fmt: skip
    added = [
        {"name": f"{action.name}-{k}".replace("_", "-"), "do": action.name, "claim": "judgement: x"} | limit
        | ({"when": "attacks_30d >= busy or anger_at_us > 0.6"} if k % 2 else {})
        for action in ACTIONS[actor]
        for k, limit in enumerate(limits[: max(1, 20 // len(ACTIONS[actor]))])
    ]  # fmt: skip
    values["rules"] = [*added[:20], *values["rules"][:4]]
    written(values)
    one = variant(SCENARIO, f"days={DAYS}", f"policies.{actor}=mine")
    seats = [seat for seat, k in enumerate(one.inputs.policy_of) if one.inputs.policies[k].key == actor][:2]
    [kept] = kept_of(lived(one, 3, tuple(seats)))
    asked, done = _Replay((one,), kept, 1, None), 0
    worlds = [OneWorld(one, number, record=False) for number in range(3)]
    deeds = {(seat, lane): asked.deeds(seat, rules)
             for seat in seats for lane, rules in enumerate(_lanes(one, one.inputs.policy_of[seat]))}  # fmt: skip
    numbers = {number: deed for deed, number in asked.numbers.items()}
    for day in range(DAYS):
        for world in worlds:
            world.run_to(day + 1)
        for (seat, lane), found in deeds.items():
            told = [numbers[n] if n else None for n in found[:, day].tolist()]
            assert told == [_deed(world, seat, lane, day) for world in worlds], (day, seat, lane)
            done += sum(one is not None for one in told)
    assert done > 100


def _deed(world: OneWorld, seat: int, lane: int, day: int) -> tuple[int, tuple[float, ...]] | None:
    """Return what a seat did in a lane on a day, by what the world itself remembers."""
    table = world.worlds[0]["policies"][world.worlds[0]["policy_of"][seat]]
    first, last = table["lane_first"][lane : lane + 2]
    acted = [r for r in range(first, last) if world.worlds[0]["fired_day"][seat, r] == day]
    assert len(acted) <= 1
    return next(((int(table["rules"][r]["action"]), tuple(table["rules"][r]["options"].tolist())) for r in acted), None)


def test_the_first_day_is_that_on_which_a_decision_parts_the_worlds() -> None:
    """The audit of pairing, which lives pairs of worlds day by day, finds the same days and seats."""
    values = shipped("us")
    rule = next(rule for rule in values["rules"] if "case_wounded >= 3" in rule.get("when", ""))
    rule["when"] = rule["when"].replace("case_wounded >= 3", "case_wounded >= 5")
    written(values)
    (one, found), other = standing(), variant(SCENARIO, f"days={DAYS}", "us=mine")
    told = touched_worlds(one, other, kept_of(found), 1)
    [audit] = audit_pairing([one, other], WORLDS, 1, sample=WORLDS)
    assert told is not None
    decided = {parting.world: parting.day for parting in audit.of_kind("decision")}
    days = dict(zip(told.worlds.tolist(), told.first.tolist(), strict=True))
    assert len(decided) >= 1
    assert {world: days[world] for world in decided} == decided
    assert {parting.actor for parting in audit.of_kind("decision")} == {"us"}


def test_a_policy_that_says_the_same_in_other_words_touches_no_world() -> None:
    """Names, claims, purposes and rules under another name decide nothing."""
    values = shipped("us") | {"purpose": "Something else."}
    for k, rule in enumerate(values["rules"]):
        rule |= {"name": f"rule-{k}", "claim": "judgement: another"}
    written(values)
    (one, found), other = standing(), variant(SCENARIO, f"days={DAYS}", "us=mine")
    told = touched_worlds(one, other, kept_of(found), 1)
    assert told is not None
    assert (seats_apart(one, other), len(told.numbers), told.said()) == ((), 0, "touches no world")


def test_a_rule_of_chance_is_lucky_on_the_days_on_which_it_would_be() -> None:
    """Half of the days' luck is known beforehand, by the rule's name: under another name it is other luck."""
    firsts = []
    for name in ("perhaps", "possibly"):
        values = shipped("us")
        values["rules"].insert(0, {"name": name, "do": "draw_down", "probability": 0.02, "claim": "judgement: x"})
        written(values)
        variant.cache_clear()
        other = variant(SCENARIO, f"days={DAYS}", "us=mine")
        one, found = standing()
        told = touched_worlds(one, other, kept_of(found), 1)
        assert told is not None
        firsts.append(told.first)
        for world in told.numbers[:3].tolist():
            fired = OneWorld(other, world, record=False).run_to().worlds[0]["fired_day"][0]
            r = other.tables[0].rule_names.index(name)
            early = OneWorld(other, world, record=False).run_to(int(told.first[world])).worlds[0]["fired"][0, r]
            assert fired[r] >= told.first[world]
            assert early == 0
    assert not np.array_equal(*firsts)


def test_what_cannot_be_told_is_not() -> None:
    """Another start, horizon, theory or parameter touches all; and a seat of which nothing was kept is not guessed."""
    one, found = standing()
    more = ("situation.us_troops=2500", "M01=0", "theory=proxies", "parameters.truce_leak=0.5", "start=2020-02-01")
    for setting in more:
        other = variant(SCENARIO, f"days={DAYS}", setting)
        assert seats_apart(one, other) is None, setting
        assert touched_worlds(one, other, kept_of(found), 1) is None
    assert seats_apart(one, variant(SCENARIO, "days=100")) is None
    washington = kept_of(lived(one, 3, (0,)))
    other = variant(SCENARIO, f"days={DAYS}", "us=restraint")
    assert touched_worlds(one, other, washington, 1) is not None
    written(shipped("iran") | {"rules": shipped("iran")["rules"][1:]})
    other = variant(SCENARIO, f"days={DAYS}", "iran=mine")
    assert seats_apart(one, other) == (SEATS.index("iran"),)
    assert touched_worlds(one, other, washington, 1) is None


def test_thresholds_of_a_scenario_are_told_world_by_world() -> None:
    """A threshold that is set decides otherwise only in worlds that had drawn it on the other side."""
    one, found = standing()
    other = variant(SCENARIO, f"days={DAYS}", "thresholds.us.sure=0.95")
    told = touched_worlds(one, other, kept_of(found), 1)
    assert seats_apart(one, other) == (0,)
    assert told is not None
    assert not (~same(found, lived(other)) & (told.first == NEVER)).any()
    assert 0 < len(told.spared) < WORLDS
