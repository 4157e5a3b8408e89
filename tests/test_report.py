"""A report says what the results hold, in one file that asks nothing of anybody, and leads back to them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from sim import report, running, stats, store
from sim.design import Variant
from sim.ensemble import OneWorld
from sim.grounds import Ground, Grounds, ancestors, grounds_of_exits
from sim.names.events import EXIT_DECIDED, EXITED
from sim.names.measures import OUTCOMES
from sim.plots import FIGURES
from sim.predictions import CLOSE, FAILS, HOLDS
from sim.report import brief
from sim.report.blocks import Para, Picture, Points, Report, Section, Table, Told
from sim.report.build import DRAWN_TWICE, Making, said_once
from sim.report.given import MARK, Given, given_in
from sim.report.numbers import numbers_of
from sim.report.sentences import FEDERAL_IRAQ, no_findings, order_of_presence, verdict, verdicts
from sim.report.trials import Held, asked, came, deciding, held_against, measured, trial
from sim.report.worlds import chosen_worlds, rebuilt
from sim.said import number
from sim.scenario import changed, load_scenario, resolve
from sim.store import Results

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_MEASURE = {measure.name: measure for measure in OUTCOMES}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return three policies in 40 worlds that draw among two theories."""
    return running.compare(
        "2020-soleimani", vary={"us": ["restraint", "in-kind", "prompt-withdrawal"]}, worlds=40, days=300,
        theory="documents:1,deterrence:1", out=tmp_path_factory.mktemp("report") / "run",
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(results: Results) -> Report:
    """Return the report of these results."""
    return report.build(results)


def _section(made: Report, anchor: str) -> tuple:
    return next(section.blocks for section in made.sections if section.anchor == anchor)


def test_every_part_is_there_with_every_figure_and_its_numbers(made: Report) -> None:
    """From the question to where it comes from; a figure has a title, words, a table and a command."""
    anchors = [section.anchor for section in made.sections]
    assert anchors[:4] == ["brief", "question", "findings", "comparison"]
    assert {"theories", "spread", "pairing", "grounds", "predictions", "worlds", "provenance"} <= set(anchors)
    pictures = [block for block in _section(made, "figures") if isinstance(block, Picture)]
    assert [picture.name for picture in pictures] == [name for name in FIGURES if name not in DRAWN_TWICE]
    assert {"isis_tiles", "opinion_tiles"} <= {picture.name for picture in pictures}  # once each, not as maps too
    for picture in pictures:
        assert picture.title
        assert picture.says
        assert picture.table
        assert picture.command.endswith(f"--only {picture.name}")
        assert picture.png.startswith(b"\x89PNG")


def test_numbers_are_those_of_the_results(made: Report, results: Results) -> None:
    """The mean of a table is the mean of the column; the sentence has the difference of the two."""
    [means] = [b for b in _section(made, "comparison") if isinstance(b, Table) and b.caption.startswith("Means")]
    killed = next(row for row in means.rows if row[0] == "US personnel killed")
    for cell, label in zip(killed[1:], results.variants, strict=True):
        assert cell.startswith(f"{results.column('us_killed', label).mean():.1f}\n")
    first = {"mean": 0.057}
    second = {"mean": 0.095}
    apart = {"difference": 0.038, "low": 0.025, "high": 0.052, "only_first": 4, "only_second": 42, "verdict": "higher"}
    names = ("restraint", "in kind")
    said = verdict(_MEASURE["exited"], first, second, apart, names)
    assert said == (
        "US forces left federal Iraq: 9.5% against 5.7%, 3.8 points more (95% interval 2.5 to 5.2); "
        "in 42 worlds under in kind but not under restraint, in 4 the other way round."
    )
    less = {"difference": -12.1, "low": -16.2, "high": -8.0, "verdict": "lower"}
    assert "12.1 fewer (95% interval 8.0 to 16.2)" in verdict(
        _MEASURE["presence_days"], {"mean": 714.0}, {"mean": 702.0}, less, names
    )


def test_the_page_asks_nothing_of_anybody(made: Report) -> None:
    """No address, no script, everything inside; text from files cannot become a tag."""
    page = report.as_html(made)
    assert not re.search(r"https?://|<script|<link|url\(|@import", page)
    # By theory and the spread taken apart besides.
    assert page.count("data:image/png;base64,") == len(FIGURES) - len(DRAWN_TWICE) + 2
    assert len(page) < 5_000_000
    hostile = Report("<script>alert(1)</script>", "", ())
    assert "<script>" not in report.as_html(hostile)
    told = Section("a", "b", (Para("run `<b> x`, or y"), Points(("`z`",))))
    page = report.as_html(Report("", "", (told,)))
    assert "run <code>&lt;b&gt; x</code>, or y" in page
    assert "<li><code>z</code></li>" in page


def test_markdown_has_the_same_sections_and_tables(made: Report) -> None:
    """And no HTML."""
    text = report.as_markdown(made)
    for section in made.sections:
        assert f"\n## {section.title}\n" in text
    assert "| US personnel killed |" in text
    assert "<" not in re.sub(r"`[^`]*`|<1%", "", text)


# In brief ---------------------------------------------------------------------------------------------------------


def _means(days: float, exited: float, killed: float) -> dict[str, dict[str, float]]:
    return {"presence_days": {"mean": days}, "exited": {"mean": exited}, "us_killed": {"mean": killed}}


def test_the_brief_has_the_order_with_its_numbers_and_what_is_not_told_apart() -> None:
    """From the longest presence to the shortest, whatever the order of the variants."""
    found = [_means(702.4, 0.098, 7.2), _means(713.0, 0.06, 5.4), _means(114.0, 1.0, 1.9)]
    given = [{}, {}, {"presence_days": Given(_MEASURE["presence_days"], 114.0, "as ordered")}]
    said = list(brief.ordering(["in kind", "restraint", "leave"], found, [stats.CANNOT_TELL, stats.LOWER], given))
    assert said == [
        "Found, from the longest US presence in federal Iraq to the shortest: restraint (713 days on average, gone in "
        "6.0% of worlds); in kind (702, 9.8%); leave (114, 100.0%, as the policy itself orders). Not told apart, or "
        "too near to matter: restraint and in kind; every other step is beyond the tie zone.",
        "US dead, from the fewest: leave 1.9, restraint 5.4, in kind 7.2.",
    ]
    [alone] = brief.ordering(["x"], found[:1], [], [{}])
    assert alone == "Found: US forces are in federal Iraq for 702 days on average, gone in 9.8% of worlds."


def test_the_brief_counts_what_is_told_and_leaves_out_what_is_given() -> None:
    """Of four comparisons one is higher, one a tie, one open, and one follows from the baseline's policy."""
    measures = [_MEASURE[name] for name in ("exited", "us_killed", "militia_attacks", "us_strikes")]
    words = (stats.HIGHER, stats.TIE, stats.CANNOT_TELL, stats.HIGHER)
    apart = [{m.name: {"verdict": word} for m, word in zip(measures, words, strict=True)}]
    given = [{"us_strikes": Given(_MEASURE["us_strikes"], 1.0, "")}, {}]
    assert brief.how_sure(measures, apart, given).startswith(
        "How sure: of 4 comparisons with the baseline 1 differ by more than the tie zone, 1 are as good as the same, "
        "1 cannot be told yet; the other 1 given by the policies themselves, and no finding."
    )


def test_the_brief_names_grounds_failures_and_limits() -> None:
    """The commonest mechanism, the policy's own rule where there is none; failing predictions; few exits."""
    proxies = Ground("M03", "Iran pushes through proxies", (), 0.88)
    grounds = [
        Grounds(25, (proxies,), (Ground("factions resistance: fire", "", (), 0.92),)),
        Grounds(4, (), (Ground("us prompt-withdrawal: leave", "", (), 1.0),)),
        None,
    ]
    assert brief.rests_on(["a", "b", "c"], grounds) == (
        "On what it rests: the mechanism, or else the rule, recorded most often among the causes of exits is 'Iran "
        "pushes through proxies' (M03) under a, in 22 of 25 exits looked at; the rule 'leave' of the policy us "
        "prompt-withdrawal under b, in 4 of 4 exits looked at."
    )
    found = {"predictions": {"P20": {"verdict": FAILS}, "P01": {"verdict": HOLDS}}}
    assert brief.fails(found, []) == (
        "What fails: of 2 predictions of the documents, tried apart, 1 hold under every theory, 1 fail under every "
        "theory. Those that fail: P20 (restraint is a long shot)."
    )
    assert "Exits are few under b (4)" in brief.limits([], "documents", ["a", "b", "c"], grounds, 25)
    assert "all worlds take one reading of the conflict (documents)" in brief.limits([], "documents", [], [], 25)


def test_the_question_stands_in_the_brief(made: Report) -> None:
    """With what was run."""
    [points] = _section(made, "brief")
    assert isinstance(points, Points)
    assert points.items[0].startswith("Asked: What becomes of the US presence? Run: restraint, in kind and prompt")


# Given ------------------------------------------------------------------------------------------------------------


def _variant(policy: str) -> Variant:
    return Variant(policy, resolve(changed(load_scenario("2020-soleimani"), policies=[f"us={policy}"])))


def test_what_follows_from_a_policy_is_derived_from_its_rules_and_the_worlds() -> None:
    """No rule with the deed and the same value in every world: scripted strikes only, no framework, an ordered exit."""
    measures = [_MEASURE[name] for name in ("exited", "presence_days", "us_strikes", "framework_signed", "us_killed")]
    worlds = {
        "exited": [1, 1], "presence_days": [110, 120], "us_strikes": [1, 1], "framework_signed": [0, 0],
        "us_killed": [0, 0],
    }  # fmt: skip
    found = given_in(_variant("prompt-withdrawal"), measures, worlds.__getitem__)
    assert list(found) == ["exited", "presence_days", "us_strikes", "framework_signed"]
    assert found["us_strikes"].why == (
        "in every world, by the scenario's own script (strike-at-the-airport) alone, as the policy has no rule to "
        "strike a faction or to kill a leader of a faction"
    )
    assert found["framework_signed"].why == (
        "in every world, as the policy has no rule to offer talks on a framework for the presence"
    )
    assert found["presence_days"].value == 115
    assert found["exited"].why == (
        "in every world, as the policy's rule 'leave' orders an exit without a condition, within 120 days"
    )
    assert found["framework_signed"].said("x") == (
        "A framework agreement was signed: 0.0%, no finding: under x it is so in every world, as the policy has no "
        "rule to offer talks on a framework for the presence."
    )


def test_what_only_happens_to_be_so_is_not_given() -> None:
    """Restraint offers talks, so no framework in two worlds is chance; a strike beyond the script comes from a rule."""
    measures = [_MEASURE[name] for name in ("exited", "us_strikes", "framework_signed")]
    worlds = {"exited": [0, 1], "us_strikes": [1, 2], "framework_signed": [0, 0]}
    assert given_in(_variant("restraint"), measures, worlds.__getitem__) == {}
    assert given_in(_variant("in-kind"), measures, (worlds | {"us_strikes": [1, 1]}).__getitem__) == {}
    assert given_in(None, measures, worlds.__getitem__) == {}


def test_what_is_given_stands_apart_and_is_marked(made: Report) -> None:
    """Last among the findings, with its reason; behind its number in the tables."""
    measure = _MEASURE["us_strikes"]
    rows = {"us_strikes": {"mean": 1.0}}, {"us_strikes": {"mean": 6.6}}
    why = Given(measure, 1.0, "as it has no rule")
    measures = [measure, _MEASURE["exited"]]
    assert list(no_findings(measures, *rows, ("a", "b"), ({"us_strikes": why}, {}))) == [
        "US strikes, 6.6 against 1.0: under a as it has no rule."
    ]
    assert list(no_findings([measure], *rows, ("a", "b"), ({"us_strikes": why}, {"us_strikes": why}))) == [
        "US strikes, 6.6 against 1.0: under b and a as it has no rule."
    ]
    findings = _section(made, "findings")
    places = [k for k, b in enumerate(findings) if isinstance(b, Para) and b.text.startswith("No findings, since")]
    assert len(places) == 2
    for place in places:
        assert not any("US strikes" in item for item in findings[place - 1].items)
        assert any(item.startswith("US strikes") for item in findings[place + 1].items)
    means, differences, *_ = (b for b in _section(made, "comparison") if isinstance(b, Table))
    [strikes] = [row for row in means.rows if row[0] == "US strikes"]
    assert [cell.endswith(MARK) for cell in strikes[1:]] == [True, False, True]
    [strikes] = [row for row in differences.rows if row[0] == "US strikes"]
    assert [cell.endswith(MARK) for cell in strikes[1:]] == [True, True]


def test_federal_iraq_and_how_many_more_worlds_are_said_plainly() -> None:
    """What counts as presence; a million in words."""
    assert "Iraq without the Kurdistan Region in the north (Sulaymaniyah, Erbil, Duhok)" in FEDERAL_IRAQ
    found = [{**_means(d, 0.1, 1), "us_troops_end": {"mean": 5.0}} for d in (700, 600)]
    open_one = {"difference": -1.0, "low": -3.0, "high": 1.0, "verdict": stats.CANNOT_TELL}
    said = list(order_of_presence(["a", "b"], found, [{"presence_days": open_one}]))
    assert said[1].startswith(FEDERAL_IRAQ)
    measure = _MEASURE["presence_days"]
    for more, words in ((stats.TOO_MANY, "it would take more than a million more worlds to tell"),
                        (3000, "about 3,000 more worlds would tell")):  # fmt: skip
        apart = {"presence_days": open_one | {"more_worlds": more}}
        [line] = verdicts([measure], found[0], found[1], apart, ("a", "b"))
        assert line == f"Cannot be told yet: days of US presence in federal Iraq (-1.0, -3.0 to +1.0; {words})."


# Predictions ------------------------------------------------------------------------------------------------------


def _by_hand(folder: Path, exits: tuple[int, int]) -> Results:
    """Return results of restraint and in-kind over 730 days in 200 worlds, so many with an exit on day 300."""
    labels = [f"2020-soleimani us={policy}" for policy in ("restraint", "in-kind")]
    made = store.create(
        folder,
        {},
        label="x",
        seed=1,
        worlds=200,
        variants=[{"label": label} for label in labels],
        rules_hash="",
        more={"days": 730},
    )
    for variant, n in enumerate(exits):
        left = np.arange(200) < n
        made.add(variant, 0, {
            "exited": left, "presence_days": np.where(left, 300.0, 730.0), "government_day": np.full(200, 100.0),
            "framework_signed": np.ones(200), "iran_influence_end": np.full(200, 0.3),
        })  # fmt: skip
    return made.finish()


def test_predictions_are_held_against_the_results_that_they_concern(tmp_path: Path) -> None:
    """P01 by the two of its four parts whose arms are compared; others by the share alone; those of other arms not."""
    variants = [_variant("restraint"), _variant("in-kind")]
    results = _by_hand(tmp_path, (10, 40))
    held = {one.claim.id: one for one in held_against(results, variants, "documents")}
    assert list(held) == ["P01", "P20", "P21", "P22"]
    first = held["P01"]
    assert (first.verdict, len(first.parts), first.of) == (HOLDS, 2, 4)
    assert [found["difference"] for _, found in first.parts] == pytest.approx([-0.15, 0.15 * 430])
    assert held["P20"].verdict == FAILS  # 5% of worlds, where 20 to 80 were predicted
    assert held["P22"].verdict == CLOSE
    names = dict(zip(results.variants, ("restraint", "in kind"), strict=True))
    tried = {"predictions": {"P20": {"theories": {"a": {"verdict": FAILS}, "b": {"verdict": HOLDS},
                                                  "c": {"verdict": HOLDS}}}}}  # fmt: skip
    assert held["P20"].said(names, tried) == (
        "P20, restraint is a long shot: these results speak against it: US forces left federal Iraq, restraint, is "
        "5.0% (2.7% to 9.0%), predicted between 20.0% and 80.0%. In the trial it failed under a, held under b and c."
    )
    assert "these results agree (of 4 parts, 2 can be read here)" in first.said(names, {})
    assert held_against(results, [None, None], "documents") == []
    mixed = [Variant(one.label, resolve(changed(load_scenario("2020-soleimani"), theory="documents:1,deterrence:1",
                                                policies=[f"us={one.label}"]))) for one in variants]  # fmt: skip
    assert [one.claim.id for one in held_against(results, mixed, "documents")] == list(held)
    assert isinstance(first, Held)


def test_failed_predictions_come_with_numbers_and_what_they_mean() -> None:
    """As the last trial has them: value, interval and verdict under each theory, and what to make of it."""
    part = {"reads": "exited", "of": ["A"], "counts": True, "difference": 0.048, "low": 0.032, "high": 0.07,
            "verdict": FAILS}  # fmt: skip
    found = {
        "worlds": 500, "theories": ["documents", "proxies"],
        "predictions": {
            "P20": {"verdict": FAILS, "theories": {
                theory: {"verdict": FAILS, "parts": [part, part | {"counts": False}]}
                for theory in ("documents", "proxies")}},
            "P06": {"verdict": HOLDS, "theories": {"documents": {"verdict": HOLDS, "parts": []}}},
        },
    }  # fmt: skip
    counted, means, table = trial(found)
    assert isinstance(counted, Para) and isinstance(means, Points) and isinstance(table, Table)
    assert "Of 2 predictions" in counted.text
    assert "500 worlds an arm, under 2 theories one by one" in counted.text
    [fails] = means.items
    assert fails.startswith("Fails: the documents expect it")
    assert fails.endswith("P20. Headline outcomes: US forces left federal Iraq (P20).")
    [row] = table.rows
    assert row[0] == "P20"
    assert row[2:] == (
        "share of worlds, US forces left federal Iraq: 2020-soleimani us=restraint", "between 20.0% and 80.0%",
        "4.8%\n3.2% to 7.0%\nfails", "4.8%\n3.2% to 7.0%\nfails",
    )  # fmt: skip


def test_what_is_asked_and_what_came_are_written_in_the_units_of_the_measure() -> None:
    """Points for shares, days and people as they are, two decimals where little matters."""
    from sim.claims import load_claims

    tests = {name: one.test for name, one in load_claims().items() if one.test}
    first, days, *_ = tests["P01"].parts
    assert (asked(first), asked(days)) == ("below 0 by more than 2 points", "above 0 by more than 10")
    assert asked(tests["P07"].parts[0]) == "between -3.0 and +3.0 points"
    assert asked(tests["P02"].parts[0]) == "above 0.90 by more than 0.02"
    numbers = {"difference": -0.256, "low": -0.279, "high": -0.233}
    assert came(numbers, tests["P16"].parts[0]) == ("-0.26", "-0.28 to -0.23")
    assert came(numbers, first) == ("-25.6 points", "-27.9 to -23.3")
    assert came({"difference": None}, first) == ("–", "")
    assert (
        measured(tests["P23"].parts[1])
        == "day of the first demand to leave (the last day where there is none) below 730"
    )
    verdicts_of_parts = ((True, HOLDS), (True, CLOSE), (True, FAILS), (False, FAILS))
    one = {"theories": {"a": {"parts": [{"counts": c, "verdict": v} for c, v in verdicts_of_parts]}}}
    assert deciding(one) == 2


# Grounds, spread, numbers -----------------------------------------------------------------------------------------


def test_grounds_of_all_policies_stand_in_one_table_with_a_note_on_the_sample(made: Report) -> None:
    """A column for each policy with its exits; what it is a sample of; what was not run."""
    blocks = _section(made, "grounds")
    [table] = [block for block in blocks if isinstance(block, Table)]
    assert table.head[:2] == ("rests on", "what it says")
    assert table.head[-2] == "prompt withdrawal\n(25 exits)"
    [leave] = [row for row in table.rows if row[0] == "us prompt-withdrawal: leave"]
    assert leave[-2] == "100%"
    assert set(leave[2:-2]) <= {"–"}
    text = " ".join(block.text for block in blocks if isinstance(block, Para))
    assert "the first 25 worlds of each variant, by number, that have an exit" in text
    assert "Of 25 exits a share of a half may be anything from 30% to 67%" in text
    assert "--vary M01=0,1`; that was not run for this report" in text


def test_each_message_on_more_worlds_is_said_once() -> None:
    """The rarer one with what it is said of, the other of all the rest."""
    found = {"a": {"x": "more will help", "y": "no more"}, "b": {"x": "more will help", "y": None}}
    assert list(said_once(found)) == ["No more: y (a).", "More will help: in all other rows."]
    assert list(said_once({"a": {"x": "no more"}})) == ["No more: in all rows."]


def test_numbers_of_fans_are_those_that_are_drawn(results: Results) -> None:
    """Attacks in the three months up to a week, not in that week."""
    table = numbers_of("fans", results)
    assert table is not None
    assert table.head[1:] == ("week 13", "week 26", "week 39")
    rows = {row[0]: row[1:] for row in table.rows}
    frame = results.series_columns(["attacks", "us_troops"], results.variants[0])
    block = frame[(frame["week"] >= 26) & (frame["week"] < 39)].groupby("world")["attacks"].sum()
    said = rows["restraint: attacks on US sites in Iraq in three months"][-1]
    assert said.startswith(number(float(np.quantile(block, 0.5)), _MEASURE["militia_attacks"]) + " (")
    troops = frame[frame["week"] == 39]["us_troops"]
    assert rows["restraint: US troops in Iraq"][-1].startswith(f"{np.quantile(troops, 0.5):,.0f} (")


def test_numbers_of_exits_have_bands_by_quarter_and_end(results: Results) -> None:
    """Shares on the days of the table, with the interval of that day, and the band of the whole curve."""
    table = numbers_of("exit_over_time", results)
    assert table is not None
    assert table.head[1:] == ("by month 2", "by month 5", "by month 7", "by month 10")
    rows = {row[0]: row[1:] for row in table.rows}
    left = results.column("exited", results.variants[2]).mean()
    assert rows["prompt withdrawal: in any way"][-1].startswith(f"{left:.1%} (")
    low, high = (float(end.rstrip("%")) for end in
                 rows["prompt withdrawal: in any way, band of the whole curve"][1].split(" to "))  # fmt: skip
    assert low < float(rows["prompt withdrawal: in any way"][1].split("%")[0]) < high or high == 100.0


def test_the_typical_world_is_less_surprising_than_the_strangest(made: Report, results: Results) -> None:
    """Both are told with dates, causes and the command that tells them again."""
    measures = [m for m in OUTCOMES if m.headline]
    typical, strange = chosen_worlds(results, results.variants[0], measures)
    assert typical.surprise < strange.surprise
    told = [block for block in _section(made, "worlds") if isinstance(block, Told)]
    for one, block in zip((typical, strange), told[:2], strict=True):
        assert f"orld {one.world}" in block.why
    assert "prompt withdrawal" in told[2].title  # the policy that parts most worlds from the baseline's end
    assert all(len(block.lines) > 5 and block.ending for block in told)
    assert f"--world {typical.world} " in told[0].command


def test_surprise_is_that_of_the_tail() -> None:
    """A value with a twentieth of worlds beyond it on its side has a surprise of log2 of ten."""
    from sim.report.worlds import _surprise

    found = _surprise(np.arange(1.0, 101.0))
    assert found[4] == pytest.approx(np.log2(10))
    assert found.argmin() in (49, 50)
    assert _surprise(np.array([0.0] * 3 + [1.0])) == pytest.approx([np.log2(4 / 3)] * 3 + [2.0])


def test_variants_are_made_ready_again_only_from_the_same_files(results: Results) -> None:
    """A hash that does not fit gives no worlds: they would be others."""
    assert all(rebuilt(results, k) is not None for k in range(3))
    entry = results.manifest["variants"][1]["inputs"]
    kept, entry["hash8"] = entry["hash8"], "00000000"
    try:
        assert rebuilt(results, 1) is None
        warned = [b.text for b in Making(results).question() if isinstance(b, Para) and b.kind]
        assert any("changed since the run" in text for text in warned)
    finally:
        entry["hash8"] = kept


def test_what_exits_rest_on_is_among_their_causes() -> None:
    """A withdrawal that a policy orders rests on that rule in every world."""
    variant = Variant("v", resolve(changed(load_scenario("2020-soleimani"), policies=["us=prompt-withdrawal"])))
    found = grounds_of_exits(variant, range(4), 1)
    assert found.worlds == 4
    assert found.rules[0].name.startswith("us prompt-withdrawal: ")
    assert found.rules[0].share == 1.0
    log = OneWorld(variant, 0, 1, record=True).run_to().events()
    causes = ancestors(log, (EXIT_DECIDED,))
    assert EXIT_DECIDED in causes["kind"]
    assert EXITED not in causes["kind"]
    assert len(ancestors(log[log["kind"] != EXIT_DECIDED][:5], (EXIT_DECIDED,))) == 0


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_shows_the_page_without_a_request(made: Report, tmp_path: Path, width: int) -> None:
    """The page is drawn at desk and telephone width, and the record of the network names no host."""
    page, picture, log = tmp_path / "report.html", tmp_path / "page.png", tmp_path / "net.json"
    page.write_text(report.as_html(made), encoding="utf-8")
    subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},1600", f"--screenshot={picture}",
            f"--log-net-log={log}", page.as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert picture.stat().st_size > 20_000
    text = log.read_text(encoding="utf-8", errors="replace")
    try:
        events = json.loads(text)["events"]
    except json.JSONDecodeError:  # the browser may end before it closes the list
        events = json.loads(text.rstrip().rstrip(",") + "]}")["events"]
    asked = [e["params"]["url"] for e in events if "url" in e.get("params", {})]
    assert not [url for url in asked if url.startswith("http") and "google" not in url]
