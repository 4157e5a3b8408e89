"""The warm engine: the worlds of ``compare``, whatever was asked before; dropped at once; within its memory."""

import random
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.results.comparison import Comparison
from sim.running.engine import Answer, Engine, Question
from sim.running.lived_worlds import LivedResults, LivedWorlds
from tests.edits import POLICIES, edited, shipped, written

SCENARIO = "2020-soleimani"
TWO = {"us": ["in-kind", "mine"]}
MINE = f"{SCENARIO} days=60 us=mine"
SCENARIO_TEXT = "scenario: s\ntitle: S\npurpose: To test.\nextends: 2020-soleimani\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Policies of a test lie in its own folder."""
    monkeypatch.chdir(tmp_path)
    written(shipped("us"))


@pytest.fixture
def engine():
    """Return an engine of its own for a test."""
    with Engine(threads=2) as warm:
        yield warm


def asked(engine: Engine, worlds: int = 30, **options) -> Question:
    """Return a question about the policy ``mine`` and the one that it was made from."""
    return engine.compare(SCENARIO, vary=TWO, worlds=worlds, days=60, **options)


def bits(question: Question, label: str) -> bytes:
    """Return the outcomes of a variant's worlds, to the bit."""
    return question.lives[label].outcomes[: question.asked.worlds].tobytes()


# The same worlds ---------------------------------------------------------------------------------------------------


def test_answers_are_those_of_compare_to_the_bit(engine):
    """After each step the differences and summaries are those of a comparison of as many worlds."""
    values = shipped("us")
    values["rules"] = values["rules"][2:]
    written(values)
    answers = list(asked(engine, 40, looks=(20,)))
    assert [one.worlds for one in answers] == [20, 40]
    assert [one.is_last for one in answers] == [False, True]
    for answer in answers:
        there = Comparison(sim.compare(SCENARIO, vary=TWO, worlds=answer.worlds, days=60, out=f"w{answer.worlds}"))
        assert answer.differences == there.headline_differences()
        assert answer.summaries == {label: there.headline_summary(label) for label in there.labels}


def test_all_outcomes_are_those_of_compare(engine):
    """Not headlines alone: what is in memory can be read as results of a folder are."""
    question = asked(engine, 25)
    list(question)
    there = Comparison(sim.compare(SCENARIO, vary=TWO, worlds=25, days=60, out="w"))
    here = Comparison(LivedResults(question.lives, 25))
    assert here.differences() == there.differences()
    assert here.summary(MINE) == there.summary(MINE)


@pytest.mark.parametrize("actor", POLICIES)
def test_worlds_after_many_edits_are_those_of_a_full_run(actor):
    """Edit upon edit, undone now and then: what was spared, taken over and run comes to the same bits."""
    luck, base, tried, spared = random.Random(f"engine {actor}"), shipped(actor), 0, 0
    written(base)
    vary = {f"policies.{actor}": [POLICIES[actor], "mine"]}
    texts = [base]
    with Engine(threads=2) as warm, Engine(threads=1, lives=LivedWorlds(memory=0)) as cold:
        while tried < 8:
            values = edited(luck.choice(texts), actor, luck)
            written(values)
            try:
                question = warm.compare(SCENARIO, vary=vary, worlds=16, days=120)
            except InputError:
                continue
            tried += 1
            texts.append(values)
            [*_, last] = question.answers()
            spared += 32 - last.ran
            again = cold.compare(SCENARIO, vary=vary, worlds=16, days=120)
            cold._last.clear()
            list(again)
            assert [bits(question, label) for label in question.labels] == [
                bits(again, label) for label in again.labels
            ]
            assert last.worlds == 16
    assert spared > 32, "nothing was spared: nothing was tried"


def test_a_question_asked_again_runs_nothing(engine):
    """An edit that is undone, or says the same in other words, is answered from what is there."""
    first, text = list(asked(engine))[-1], Path("mine.yaml").read_text(encoding="utf-8")
    written(shipped("us") | {"rules": shipped("us")["rules"][1:]})
    other = list(asked(engine))[-1]
    Path("mine.yaml").write_text(text + "# a comment\n", encoding="utf-8")
    question = asked(engine)
    again = list(question)[-1]
    assert (first.ran, again.ran) == (30, 0)  # mine is a copy: its worlds are those of in-kind
    assert other.ran <= 30
    assert again.differences == first.differences
    assert question.touched == {}


def test_more_worlds_go_on_from_those_that_are_there(engine):
    """So do those of a question that was dropped on the way."""
    list(asked(engine, 20))
    more = list(asked(engine, 50, looks=(20,)))
    assert [(one.worlds, one.ran) for one in more] == [(20, 0), (50, 30)]


def test_what_an_edit_touches_is_said_before_anything_is_run(engine):
    """And as many worlds are run: those touched, of the edited variant alone."""
    list(asked(engine, 60))
    values = shipped("us")
    rule = next(rule for rule in values["rules"] if "case_wounded >= 3" in rule.get("when", ""))
    rule["when"] = rule["when"].replace("case_wounded >= 3", "case_wounded >= 9")
    written(values)
    question = asked(engine, 60)
    [(label, told)] = question.touched.items()
    assert (label, question.ran) == (MINE, 0)
    assert 0 < len(told.numbers) < 60
    assert told.said().startswith(f"touches {100 * told.share:.0f}% of worlds, from day {told.first.min()} on")
    assert told.plain()["touched"] == len(told.numbers)
    assert list(question)[-1].ran == len(told.numbers)


def test_an_edit_of_more_than_rules_touches_all_worlds(engine):
    """A parameter, a start, a horizon: all are run from day 0."""
    Path("s.yaml").write_text(SCENARIO_TEXT + "days: 60\n", encoding="utf-8")
    before = list(engine.compare("s.yaml", vary={"us": ["in-kind", "restraint"]}, worlds=10))[-1]
    Path("s.yaml").write_text(SCENARIO_TEXT + "days: 60\nsituation: {us_troops: 2500}\n", encoding="utf-8")
    question = engine.compare("s.yaml", vary={"us": ["in-kind", "restraint"]}, worlds=10)
    assert [one.said().split(",")[0] for one in question.touched.values()] == ["touches 100% of worlds"] * 2
    after = list(question)[-1]
    assert (before.ran, after.ran) == (20, 20)
    assert after.differences != before.differences


def test_a_text_that_is_not_saved_is_answered_like_the_file(engine):
    """Whether there is a file of the name or not, of a policy or of a scenario."""
    text = Path("mine.yaml").read_text(encoding="utf-8").replace("case_wounded >= 3", "case_wounded >= 1")
    unsaved = list(asked(engine, texts={"mine.yaml": text}))[-1]
    Path("mine.yaml").write_text(text, encoding="utf-8")
    saved = asked(engine)
    assert list(saved)[-1].differences == unsaved.differences
    Path("mine.yaml").unlink()
    scenario = {"s.yaml": SCENARIO_TEXT + "policies: {us: mine}\n", Path("mine.yaml"): text}
    alone = engine.compare("s.yaml", worlds=30, days=60, texts=scenario)
    list(alone)
    assert bits(alone, alone.labels[-1]) == bits(saved, MINE)


def test_what_is_wrong_is_said_where_it_stands_and_the_engine_goes_on(engine):
    """As check says it; the next text is answered."""
    wrong = Path("mine.yaml").read_text(encoding="utf-8").replace("case_wounded >= 3", "case_woundd >= 3")
    line = next(k for k, one in enumerate(wrong.split("\n"), 1) if "case_woundd" in one)
    with pytest.raises(InputError) as told:
        asked(engine, texts={"mine.yaml": wrong})
    [problem] = told.value.problems
    assert (problem.file, problem.line) == ("mine.yaml", line)
    assert "did you mean 'case_wounded'?" in str(problem)
    assert list(asked(engine))[-1].worlds == 30


def test_one_variant_alone_is_compared_with_the_way_it_was(engine):
    """Of one that has not been edited nothing differs."""
    Path("s.yaml").write_text(SCENARIO_TEXT + "days: 60\npolicies: {us: mine}\n", encoding="utf-8")
    same = list(engine.compare("s.yaml", worlds=20))[-1]
    written(shipped("us") | {"rules": shipped("us")["rules"][3:]})
    edited_ = list(engine.compare("s.yaml", worlds=20))[-1]
    for answer, differ in ((same, False), (edited_, True)):
        assert list(answer.summaries) == ["s (as it was)", "s"]
        assert any(one.differ for one in answer.differences["s"].values()) == differ


def test_policies_that_differ_in_which_threshold_stands_where_are_two(engine):
    """The same numbers drawn for the same places in all, but shared out among them otherwise."""
    rule, do, found = {"claim": "judgement: x", "once": True}, ("use_measures", "threaten", "draw_down"), []
    for names in (("low", "low", "high"), ("low", "high", "high")):
        whens = [f"attacks_90d >= {name}" for name in names]
        rules = [rule | {"name": f"r{k}", "when": when, "do": do[k]} for k, when in enumerate(whens)]
        thresholds = {"low": {"uniform": [1, 2]}, "high": {"uniform": [300, 301]}}
        written({"policy": "mine", "actor": "us", "purpose": "x", "thresholds": thresholds, "rules": rules})
        question = asked(engine)
        list(question)
        found.append(question.lives[MINE])
    assert found[0] is not found[1]
    assert found[0].outcomes.tobytes() != found[1].outcomes.tobytes()


# Dropped -----------------------------------------------------------------------------------------------------------


def test_a_new_question_drops_the_one_before_it_at_once(engine):
    """From another thread, in the middle of a run of many worlds: no further answer comes, and the new one's do."""
    list(asked(engine, 2))  # whatever is to be loaded is
    long = engine.compare(SCENARIO, vary=TWO, worlds=5000, looks=())
    came: list[Answer] = []
    running = threading.Thread(target=lambda: came.extend(long))
    running.start()
    while long._batch is None:
        time.sleep(0.01)
    began = time.perf_counter()
    new = asked(engine)
    running.join(timeout=20)
    took = time.perf_counter() - began
    assert not running.is_alive()
    assert (came, long.dropped, new.dropped) == ([], True, False)
    assert took < 5  # 5,000 worlds of two variants would take half a minute
    assert list(new)[-1].worlds == 30


def test_what_is_dropped_between_answers_ends(engine):
    """The consumer gets no answer that is out of date."""
    answers = iter(asked(engine, 40, looks=(10, 20)))
    assert next(answers).worlds == 10
    engine.drop()
    assert list(answers) == []


def test_worlds_of_a_question_that_was_dropped_are_whole_or_not_there(engine):
    """What was under way is not taken for lived: asked again, all worlds are those of a full run."""
    long = engine.compare(SCENARIO, vary=TWO, worlds=600, days=60, looks=())
    timer = threading.Timer(0.4, engine.drop)
    timer.start()
    list(long)
    timer.join()
    again = engine.compare(SCENARIO, vary=TWO, worlds=600, days=60)
    list(again)
    with Engine(lives=LivedWorlds(memory=0)) as cold:
        full = cold.compare(SCENARIO, vary=TWO, worlds=600, days=60)
        list(full)
    assert bits(again, MINE) == bits(full, MINE)


def test_several_sessions_share_worlds():
    """Two engines ask from two threads: each is answered, and what one has lived the other need not."""
    lives, found = LivedWorlds(), dict[str, Answer]()

    def session(name: str, worlds: int) -> None:
        with Engine(threads=1, lives=lives) as one:
            *_, found[name] = asked(one, worlds)

    threads = [threading.Thread(target=session, args=(name, 60)) for name in ("a", "b")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    session("c", 60)
    assert found["a"].differences == found["b"].differences == found["c"].differences
    assert found["c"].ran == 0
    kept = [world for life in lives._lives.values() for part in life.kept for world in part.worlds.tolist()]
    assert len(kept) == len(set(kept)) * len([life for life in lives._lives.values() if life.kept])


# Memory ------------------------------------------------------------------------------------------------------------


def test_what_is_kept_stays_within_its_memory():
    """Beyond it, worlds of which nothing is kept are touched by whatever edit, and come to the same."""
    values = shipped("us")
    with Engine(lives=LivedWorlds(memory=600_000)) as small, Engine() as large:
        for k in (0, 1, 2):
            written(values | {"rules": values["rules"][k:]})
            few, all_ = asked(small, 250), asked(large, 250)
            list(few)
            list(all_)
            assert bits(few, MINE) == bits(all_, MINE)
            assert small.lives._taken() <= 600_000
        assert few.ran > all_.ran
        assert large.lives._taken() > 600_000


def test_a_seat_that_was_not_kept_is_from_its_first_edit_on(engine):
    """Washington's policies differ at first; an edit of Iran's touches all, the next one only some."""
    written(shipped("iran") | {"policy": "theirs"}, "theirs.yaml")
    others = {"us": ["in-kind", "restraint"]}

    def ask() -> Question:
        return engine.compare(SCENARIO, vary=others, policies={"iran": "theirs"}, worlds=25, days=60)

    list(ask())
    text, shares = Path("theirs.yaml").read_text(encoding="utf-8"), []
    for number in ("0.97", "0.98"):
        rule = f"- name: hardly-ever\n  when: grievance > {number}\n  do: order\n  claim: 'judgement: x'\n"
        Path("theirs.yaml").write_text(text.replace("rules:\n", "rules:\n" + rule, 1), encoding="utf-8")
        question = ask()
        shares.append([one.share for one in question.touched.values()])
        list(question)
    assert shares[0] == [1.0, 1.0]
    assert shares[1] == [0.0, 0.0]


def test_outcomes_are_those_of_any_number_of_threads():
    """One or three: to the bit."""
    found = []
    for threads in (1, 3):
        with Engine(threads=threads) as one:
            question = asked(one, 30)
            list(question)
            found.append(bits(question, MINE))
    assert found[0] == found[1]
    assert np.frombuffer(found[0]).size > 0
