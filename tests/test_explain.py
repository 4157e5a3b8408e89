"""Stories: recorded events as dated sentences, with causes, rules and claims."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.design import Variant
from sim.ensemble import OneWorld
from sim.explain import _Telling, in_words, said, story
from sim.names import events as kinds
from sim.names.actors import IRAN, KATAIB_HEZBOLLAH, NOWHERE, PARLIAMENT, PLACES, US
from sim.names.events import EVENT_KINDS
from sim.names.tables import MAX_RULES
from sim.scenario import load_scenario, resolve
from sim.world.record import WORLD

LOG = WORLD["log"].base
DAYS = 120


@pytest.fixture(scope="module")
def variant():
    """Return the reference scenario, cut short."""
    inputs = resolve(load_scenario("2020-soleimani"))
    return Variant("2020-soleimani", replace(inputs, days=DAYS))


@pytest.fixture(scope="module")
def told(variant):
    """Return the story of one world."""
    return story(variant, 3)


def log(*events):
    """Return a record of events, numbered from 1; what is not said of one is zero, nowhere, or none."""
    rows = np.zeros(len(events), LOG)
    rows["place"], rows["site"] = NOWHERE, -1
    for k, event in enumerate(events):
        rows[k]["id"] = k + 1
        for name, value in event.items():
            rows[k][name] = value
    return rows


def sentences(variant, *events, everything=False):
    """Return the sentences that tell these events."""
    return _Telling(variant, log(*events)).sentences(everything)


def attack(variant, day=68, **more):
    """Return an attack on Camp Taji with a rocket barrage."""
    taji = list(variant.inputs.geography.sites).index("Camp Taji")
    return {
        "day": day, "kind": kinds.ATTACK, "actor": KATAIB_HEZBOLLAH, "target": US, "site": taji, "size": 1,
        "detail": kinds.BARRAGE,
    } | more  # fmt: skip


def hurt(kind, size, cause=1, day=68):
    """Return an event that an attack or a strike brought with it."""
    return {"day": day, "kind": kind, "actor": KATAIB_HEZBOLLAH, "target": US, "size": size, "cause": cause}


def test_an_attack_is_told_in_one_sentence_with_whom_it_hurt(variant):
    """Dead and wounded stand in the attack's own sentence, with the numbers of all its events."""
    [one] = sentences(variant, attack(variant), hurt(kinds.US_KILLED, 2), hurt(kinds.US_WOUNDED, 3))
    assert one.text == (
        "Kataib Hezbollah attacked Camp Taji with a rocket barrage; two US personnel were killed and three wounded."
    )
    assert one.date == date(2020, 3, 11)
    assert one.events == (1, 2, 3)


@pytest.mark.parametrize(
    "kind, size, words",
    [
        (kinds.US_WOUNDED, 1, "one US soldier or contractor was wounded"),
        (kinds.IRAQI_KILLED_BY_MILITIA, 4, "four Iraqi soldiers or police died"),
        (kinds.COALITION_KILLED, 1, "one coalition soldier was killed"),
        (kinds.US_WOUNDED, 109, "109 US personnel were wounded"),
    ],
)
def test_small_numbers_are_words_and_one_is_one(variant, kind, size, words):
    """Counts up to nine are words; one person is not people."""
    [one] = sentences(variant, attack(variant), hurt(kind, size))
    assert one.text.endswith(f"; {words}.")


def test_a_strike_is_told_with_the_date_of_what_it_answers(variant):
    """What is answered on a later day is dated; the cause's number is kept."""
    strike = {
        "day": 70, "kind": kinds.STRIKE, "actor": US, "target": KATAIB_HEZBOLLAH, "place": PLACES.index("Anbar"),
        "size": 1, "detail": kinds.NOTICE, "cause": 1,
    }  # fmt: skip
    _, one = sentences(variant, attack(variant), strike, hurt(kinds.MILITIA_KILLED, 5, 2, 70))
    assert one.text == (
        "Washington struck Kataib Hezbollah in Anbar, after giving Baghdad notice, "
        "in answer to the attack of 11 March; five fighters were killed."
    )
    assert one.causes == (1,)


def test_a_vote_tells_votes_and_members_present(variant):
    """The size of a vote is the votes for it, its detail the number present."""
    vote = {"day": 2, "kind": kinds.VOTE_PASSED, "actor": PARLIAMENT, "size": 170, "detail": 172}
    [one] = sentences(variant, vote)
    assert one.text == "Parliament voted to end the foreign presence: 170 for, 172 present."


def test_hidden_events_are_told_only_when_everything_is(variant):
    """Who was struck wrongly stays unsaid, as the actors do not know it."""
    hidden = {"day": 3, "kind": kinds.WRONG_TARGET, "actor": US, "target": KATAIB_HEZBOLLAH, "size": 1}
    assert sentences(variant, hidden) == []
    [one] = sentences(variant, hidden, everything=True)
    assert one.text == "The strike had hit Kataib Hezbollah, who had not fired."


def test_weeks_of_isis_are_summed_up_by_the_quarter_with_the_worst_places(variant):
    """Attacks of a quarter stand in one line; a quarter that the run cuts short names its months."""

    def week(day, place, size):
        return {"day": day, "kind": kinds.ISIS_ATTACKS, "place": PLACES.index(place), "size": size}

    weeks = [week(7, "Diyala", 9), week(14, "Diyala", 8), week(14, "Kirkuk", 5), week(100, "Anbar", 1)]
    first, second = sentences(variant, *weeks)
    worst = "above all in Diyala (17) and Kirkuk (5)"
    assert first.text == f"From January to March 2020 ISIS carried out 22 attacks, {worst}."
    assert second.text == "From April to May 2020 ISIS carried out one attack, above all in Anbar (1)."
    assert first.events == (1, 2, 3)


def test_a_rule_is_named_with_its_policy_and_its_claims(variant):
    """An event's rule number leads to the policy's rule, and its mechanism to its id."""
    policy = variant.inputs.policies[variant.inputs.policy_of[1]]
    number = 1 + 1 * MAX_RULES + [rule.name for rule in policy.all_rules].index("answer-in-the-open")
    fired = {"day": 5, "kind": kinds.IRAN_MISSILES, "actor": IRAN, "size": 1, "rule": number, "claim": 47}
    [one] = sentences(variant, fired)
    assert (one.rule.actor, one.rule.policy, one.rule.rule) == ("iran", policy.name, "answer-in-the-open")
    assert one.rule.claims == ("M04",)
    assert one.source == f"iran {policy.name}: answer-in-the-open; M04; M47"


def test_every_kind_of_event_can_be_told(variant):
    """No template asks for a word that an event does not have."""
    for kind in range(1, len(EVENT_KINDS)):
        [*_, one] = sentences(
            variant, {"day": 1, "kind": kind, "actor": US, "target": IRAN, "size": 2}, everything=True
        )
        assert one.text.endswith(".")
        assert "{" not in one.text


def test_a_story_tells_every_event_once_when_told_in_full(variant):
    """Every recorded event stands in a sentence of its own, or in that of the blow that it came with."""
    world = OneWorld(variant, 3).run_to()
    single = [s for s in _Telling(variant, world.events()).sentences(True) if s.kind != "isis_quarter"]
    numbers = [number for sentence in single for number in sentence.events]
    assert sorted(numbers) == list(range(1, int(world.worlds["n_events"][0]) + 1))


def test_a_story_agrees_with_the_totals(told):
    """The dead in its sentences are the dead of its outcomes."""
    log_of = {event.id: event for event in _Telling(told.variant, OneWorld(told.variant, 3).run_to().events()).events}
    numbers = [number for sentence in told.sentences for number in sentence.events]
    killed = sum(log_of[n].size for n in numbers if log_of[n].kind == kinds.US_KILLED)
    assert killed == told.outcomes["us_killed"]


def test_a_story_names_policies_dates_and_its_end(told):
    """Sentences come in order, every rule cited is one of a policy in play, and the end names the presence."""
    days = [sentence.day for sentence in told.sentences]
    assert days == sorted(days)
    assert told.policies["us"] == "in-kind"
    played = {(policy.key, policy.name) for policy in told.variant.inputs.policies}
    assert {(s.rule.actor, s.rule.policy) for s in told.sentences if s.rule} <= played
    assert any(s.scripted == "strike-at-the-airport" for s in told.sentences)
    assert "US forces" in told.ending
    assert told.missing == 0


def test_words_of_numbers_and_dates():
    """Dates read as in a chronicle, large counts with their commas."""
    assert said(date(2020, 3, 11)) == "11 March 2020"
    assert [in_words(n) for n in (0, 1, 9, 10, 59_000)] == ["no", "one", "nine", "10", "59,000"]
