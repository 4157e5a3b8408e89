"""Stories: recorded events as dated sentences, with causes, rules and claims."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.experiments.variants import Variant
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.names import events as kinds
from sim.names.actors import (
    ALLIES,
    BADR,
    COALITION,
    FIRST_FACTION,
    GOVERNMENT,
    IRAN,
    KATAIB_HEZBOLLAH,
    N_FACTIONS,
    NOWHERE,
    NUJABA,
    PARLIAMENT,
    PLACES,
    US,
)
from sim.names.events import EVENT_KINDS
from sim.names.measures import OUTCOMES
from sim.names.tables import MAX_RULES
from sim.running.one_world import OneWorld
from sim.stories import gathering
from sim.stories.clauses import in_words
from sim.stories.ending import ending
from sim.stories.story import story
from sim.stories.telling import Narrator
from sim.wording import date_in_words
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
    return gathering.sentences(Narrator(variant, log(*events)), everything)


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


def test_a_month_of_harmless_attacks_is_onesentence_of(variant):
    """The first attack stands alone, those that hurt somebody do, and the rest of the month is counted."""
    nujaba = {"actor": NUJABA}
    first, *month = [attack(variant, 58)] + [attack(variant, day) for day in (60, 63, 66)]
    month += [
        attack(variant, 67, kind=kinds.ATTACK_OUTSIDE, **nujaba),
        attack(variant, 70),
        hurt(kinds.US_WOUNDED, 1, 6),
    ]
    told = sentences(variant, first, *month)
    assert [sentence.events for sentence in told] == [(1,), (2, 3, 4, 5), (6, 7)]
    assert told[1].text == (
        "Besides the attacks told one by one, factions fired at US sites four times in March, hurting nobody: Kataib "
        "Hezbollah 3 and Nujaba 1; one of these attacks was outside Iraq."
    )
    assert told[1].date == date(2020, 3, 10)


def test_only_harmless_attacks_in_a_month_are_said_to_be_all(variant):
    """In a month without others, and with the first of a run in an earlier month, nothing stands beside them."""
    told = sentences(variant, attack(variant, 20), *(attack(variant, day) for day in (60, 63, 66)))
    assert told[1].text == "In March Kataib Hezbollah fired at US sites three times, hurting nobody."


def test_a_stance_is_told_once_and_again_when_it_changes(variant):
    """Standing by politicians twice is one piece of news; other aims are another."""
    stand = {"kind": kinds.BACKED_POLITICIANS, "actor": US, "size": 1}
    aims = {"kind": kinds.AIMS_DECLARED, "actor": US, "size": 1}
    events = [stand | {"day": 2}, stand | {"day": 30}, *(aims | {"day": d, "detail": k} for d, k in
                                                         ((40, 0), (41, 0), (42, 1)))]  # fmt: skip
    assert [one.events for one in sentences(variant, *events)] == [(1,), (3,), (5,)]
    assert len(sentences(variant, *events, everything=True)) == 5


def test_surges_of_protest_are_summed_up_by_the_quarter_but_for_those_that_are_answered(variant):
    """Where, and how often; one that brought a crackdown is told by itself."""
    places = [PLACES.index(name) for name in ("Baghdad", "Basra", "Baghdad", "Dhi Qar")]
    surges = [{"day": 20 + k, "kind": kinds.PROTEST_SURGED, "size": 1, "place": p} for k, p in enumerate(places)]
    crackdown = {"day": 30, "kind": kinds.PROTEST_REPRESSED, "actor": NUJABA, "place": places[3], "size": 1, "cause": 4}
    told = sentences(variant, *surges, crackdown)
    assert [one.events for one in told] == [(1, 2, 3), (4,), (5,)]
    assert told[0].text == "From January to March 2020 protest surged in Baghdad (twice) and Basra."


def test_two_harmless_attacks_are_no_run_and_everything_keeps_all(variant):
    """Fewer than three in a month are told each by itself; so is everything when it is asked for."""
    few = [attack(variant, day) for day in (58, 60, 63)]
    many = [attack(variant, day) for day in (58, 60, 63, 66, 67)]
    assert len(sentences(variant, *few)) == 3
    assert len(sentences(variant, *many)) == 2
    assert len(sentences(variant, *many, everything=True)) == 5


def test_the_first_answer_and_what_is_answered_stay_alone(variant):
    """A harmless attack that answers a strike first, or that something answers, is not counted away."""
    strike = {"day": 50, "kind": kinds.STRIKE, "actor": US, "target": KATAIB_HEZBOLLAH, "place": 0, "size": 1}
    fired = [attack(variant, 58, cause=1), attack(variant, 60, cause=1), attack(variant, 62), attack(variant, 64)]
    answer = {"day": 68, "kind": kinds.OPERATIONS_SUSPENDED, "actor": US, "size": 1, "cause": 6}
    told = sentences(variant, strike, *fired, attack(variant, 67), attack(variant, 67), answer)
    alone = [sentence.events for sentence in told]
    assert alone == [(1,), (2,), (6,), (3, 4, 5, 7), (8,)]


def test_what_several_do_for_one_reason_is_told_at_once(variant):
    """Promises of one day and one reason, and members that leave in one month, share a sentence."""

    def began(actor):
        return {"day": 2, "kind": kinds.TRUCE_BEGAN, "actor": actor, "size": 1}

    def left(day, ally):
        return {"day": day, "kind": kinds.ALLY_LEFT, "actor": COALITION, "size": 1, "detail": ALLIES.index(ally)}

    def ended(actor, why):
        return {"day": 40, "kind": kinds.TRUCE_ENDED, "actor": actor, "size": 1, "detail": why}

    factions = range(FIRST_FACTION, FIRST_FACTION + N_FACTIONS)
    [one] = sentences(variant, *(began(actor) for actor in factions))
    assert one.text == "All the factions promised to hold fire."
    assert one.events == (1, 2, 3, 4, 5, 6)
    up, stalled = sentences(variant, ended(KATAIB_HEZBOLLAH, 0), ended(NUJABA, 0), ended(BADR, 1))
    assert up.text == "The promises of Kataib Hezbollah and Nujaba to hold fire ended: the time was up."
    assert stalled.text == "Badr's promise to hold fire ended: the political route had stalled."
    march, april = sentences(variant, left(70, "Norway"), left(77, "United Kingdom"), left(98, "Netherlands"))
    assert march.text == "In March Norway and the United Kingdom withdrew from Iraq."
    assert april.text == "The Netherlands withdrew from Iraq."


def test_what_comes_of_an_event_on_the_spot_is_told_with_it(variant):
    """A claim, a warning, a condemnation, the dead of a crackdown and a vote on a framework need no own sentence."""
    claim = {"day": 68, "kind": kinds.CLAIMED_BY_FRONT, "actor": KATAIB_HEZBOLLAH, "size": 1, "cause": 1}
    [one] = sentences(variant, attack(variant), hurt(kinds.US_KILLED, 1), claim, claim | {"kind": kinds.WARNED})
    assert one.text == (
        "Kataib Hezbollah attacked Camp Taji with a rocket barrage; one US soldier or contractor was killed; "
        "Iraqi forces had been warned to keep away; a name that nobody had heard of claimed it."
    )
    crackdown = {"day": 9, "kind": kinds.PROTEST_REPRESSED, "actor": NUJABA, "place": 4, "size": 1}
    dead = {"day": 9, "kind": kinds.PROTESTERS_KILLED_BY_FACTIONS, "actor": NUJABA, "size": 3, "cause": 1}
    [one] = sentences(variant, crackdown, dead)
    assert one.text == "Nujaba cracked down on the protests in Dhi Qar; three protesters were killed."
    signed = {"day": 99, "kind": kinds.FRAMEWORK_SIGNED, "actor": GOVERNMENT, "size": 1, "detail": 1}
    vote = {"day": 99, "kind": kinds.FRAMEWORK_RATIFIED, "actor": PARLIAMENT, "size": 180, "cause": 1}
    home = {"day": 99, "kind": kinds.TROOPS_LEFT, "actor": US, "size": 1200.2, "cause": 1}
    [one] = sentences(variant, signed, vote, home)
    assert one.text == (
        "A framework was signed: a dated transition; parliament ratified it with 180 votes; "
        "1,200 US soldiers went home."
    )


def test_a_scenario_has_its_own_words_for_what_it_scripts(variant):
    """``told`` stands in place of the template, with the dead but without 'a leader', and moves no result."""
    strike = {"kind": kinds.STRIKE, "actor": US, "target": KATAIB_HEZBOLLAH, "place": 0, "size": 1}
    leader, fighters = hurt(kinds.LEADER_KILLED, 1, 1, 0), hurt(kinds.MILITIA_KILLED, 3, 1, 0)
    [one] = sentences(variant, strike, leader, fighters)
    assert one.text == (
        "A US strike at Baghdad airport killed Qassem Soleimani, head of Iran's Quds Force, and Abu Mahdi al-Muhandis, "
        "a founder of Kataib Hezbollah; three fighters were killed."
    )
    assert one.events == (1, 2, 3)
    [act] = variant.inputs.script
    untold = replace(variant.inputs, script=(act._replace(told=""),))
    assert untold.hash8 == variant.inputs.hash8


def test_what_is_scripted_opens_its_day(variant):
    """The scenario's own event stands before what others did on that day."""
    order = {"day": 0, "kind": kinds.IRAN_ORDERED, "actor": IRAN, "size": 1, "detail": 3}
    strike = {"day": 0, "kind": kinds.STRIKE, "actor": US, "target": KATAIB_HEZBOLLAH, "place": 0, "size": 1}
    assert [sentence.events for sentence in sentences(variant, order, strike)] == [(2,), (1,)]


def test_a_cause_long_past_is_not_named(variant):
    """Nobody leaves a coalition over last year's attack; a faction still fires in memory of a strike."""
    strike = {"day": 1, "kind": kinds.STRIKE, "actor": US, "target": KATAIB_HEZBOLLAH, "place": 0, "size": 1}
    late = {"day": 200, "kind": kinds.ALLY_LEFT, "actor": COALITION, "size": 1, "cause": 1}
    _, fired, gone = sentences(variant, strike, attack(variant, 199, cause=1), late)
    assert "in memory of the strike of 4 January; nobody was hurt" in fired.text
    assert gone.text == "Italy withdrew from Iraq."


def test_the_end_says_how_the_exit_came_who_governed_and_who_killed_whom(variant):
    """The closing paragraph names cause, north, premier, framework, sanctions, partners, Iran and the dead."""
    told = {measure.name: 0.0 for measure in OUTCOMES} | {
        "exited": 1.0, "exit_day": 100.0, "exit_cause": 1.0 + kinds.CAUSE_UNTENABLE, "exit_ugly": 1.0,
        "north_kept": 1.0, "us_troops_end": 900.0, "government_leaning": 2.0, "framework_signed": 1.0,
        "framework_day": 60.0, "sanctions_imposed": 1.0, "coalition_members_end": 1.0, "iran_influence_end": 0.66,
        "militia_attacks": 7.0, "us_strikes": 1.0, "us_killed": 1.0, "civilians_killed_by_forces": 2.0,
    }  # fmt: skip
    text = ending(variant, dict(told))
    assert text.startswith(
        "US forces left federal Iraq on 12 April 2020 on Baghdad's demand, which Washington could defy no longer; "
        "it was an ugly exit (under deadly fire, or on a demand that Washington had refused); 900 troops stayed in the "
        "Kurdistan Region. At the end a balancing prime minister governed, a framework had been signed on 3 March "
        "2020, Washington had imposed sanctions and one coalition member still had soldiers in Iraq; "
        "Iran's influence in Baghdad was strong (66%)."
    )
    assert "One US soldier or contractor was killed and none wounded." in text
    assert "Iraqi forces killed two protesters" in text
    stays = ending(variant, told | {"exited": 0.0, "presence_end": 5.0, "exit_decided_day": 100.0})
    assert "900 troops, on their way out since 12 April 2020." in stays


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
    single = [
        s for s in gathering.sentences(Narrator(variant, world.events()), True) if not s.kind.endswith("_quarter")
    ]
    numbers = [number for sentence in single for number in sentence.events]
    assert sorted(numbers) == list(range(1, int(world.worlds["n_events"][0]) + 1))


def test_a_story_agrees_with_the_totals(told):
    """The dead in its sentences are the dead of its outcomes."""
    log_of = {event.id: event for event in Narrator(told.variant, OneWorld(told.variant, 3).run_to().events()).events}
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
    assert date_in_words(date(2020, 3, 11)) == "11 March 2020"
    assert [in_words(n) for n in (0, 1, 9, 10, 59_000)] == ["no", "one", "nine", "10", "59,000"]
