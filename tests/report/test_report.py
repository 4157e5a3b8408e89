"""A report says what the results hold, in one file that asks nothing of anybody, and leads back to them."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim import report, stats
from sim import results as store
from sim.evidence.part_results import CLOSE, FAILS, HOLDS
from sim.evidence.predictions import DEPENDS
from sim.experiments.preferences import read_preferences
from sim.experiments.variants import Variant
from sim.inputs.claims import CitedDocument
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import changed
from sim.names.events import EXIT_DECIDED, EXITED
from sim.names.measures import OUTCOMES
from sim.plots import FIGURES
from sim.report import brief, question, who_pays
from sim.report.blocks import Para, Picture, Points, Report, Section, Table, WorldStory
from sim.report.by_construction import MARK, GivenOutcome, given_outcomes
from sim.report.commands_again import command_of_all, command_of_story
from sim.report.context import Context
from sim.report.exits import ExitCounts, exit_counts, exits_table, more_where_it_stays, what_an_exit_is
from sim.report.figure_tables import figure_table
from sim.report.figures import DRAWN_TWICE
from sim.report.luck_and_ignorance import parting_sentence, what_moves_worlds
from sim.report.prediction_words import expectation, quantity_read, value_and_interval
from sim.report.predictions import (
    NOWHERE,
    deciding_part,
    prediction_class,
    stale_warning,
    tally_in_words,
    trial_blocks,
)
from sim.report.predictions_by_theory import other_theories, theories_in_brief
from sim.report.predictions_here import PredictionCheck, prediction_checks
from sim.report.provenance import design_in_words, precisions_reached, provenance
from sim.report.sources import is_later, sources
from sim.report.spread import components_row
from sim.report.tie_zone import ALMOST, APART, REACHES, TIE, zone_standing
from sim.report.typical_worlds import chosen_worlds, rebuilt
from sim.report.verdicts import (
    FEDERAL_IRAQ,
    given_sentences,
    order_of_presence,
    tie_zones,
    verdict_sentence,
    verdict_sentences,
)
from sim.results import Results
from sim.results.pairing import PairingAudit, Parting
from sim.running.api import compare
from sim.running.one_world import OneWorld
from sim.running.spread import Spread
from sim.stories.causes_of_exits import Ground, Grounds, ancestors, grounds_of_exits
from sim.wording import number

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_MEASURE = {measure.name: measure for measure in OUTCOMES}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return three policies in 40 worlds that draw among two theories."""
    return compare(
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
    first, second = stats.Summary(0.057), stats.Summary(0.095)
    apart = stats.Difference(0.038, 0.025, 0.052, "higher", only_first=4, only_second=42)
    names = ("restraint", "in kind")
    said = verdict_sentence(_MEASURE["exited"], first, second, apart, names)
    assert said == (
        "US forces left federal Iraq: 9.5% against 5.7%, 3.8 points more (95% interval 2.5 to 5.2); "
        "in 42 worlds under in kind but not under restraint, in 4 the other way round."
    )
    less = stats.Difference(-12.1, -16.2, -8.0, "lower")
    assert "12.1 fewer (95% interval 8.0 to 16.2)" in verdict_sentence(
        _MEASURE["presence_days"], stats.Summary(714.0), stats.Summary(702.0), less, names
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


def test_a_figure_opens_larger_and_captions_stay_in_view(made: Report) -> None:
    """Each picture is behind a switch without a script; captions stand outside of what scrolls; the brief has heads."""
    page = report.as_html(made)
    assert page.count('<label class="zoom">') == page.count("data:image/png;base64,")
    assert "<caption>" not in page
    assert re.search(r'<p class="caption">Means over worlds[^<]*</p>\s*<div class="wide">', page)
    assert "<strong>Asked:</strong> What becomes of the US presence?" in page


def test_places_where_nothing_is_are_left_out_and_named(results: Results) -> None:
    """Of troops at bases most governorates have none: one line says so in place of rows of noughts."""
    table = figure_table("base_maps", results)
    assert table is not None
    assert table.caption.startswith("Left out, being 0 everywhere: ")
    assert not any(name in table.caption for name, *_ in table.rows)
    assert all(any(word.strip("0.%") for word in row[1:]) for row in table.rows)


def test_markdown_has_the_same_sections_and_tables(made: Report) -> None:
    """And no HTML."""
    text = report.as_markdown(made)
    for section in made.sections:
        assert f"\n## {section.title}\n" in text
    assert "| US personnel killed |" in text
    assert "<" not in re.sub(r"`[^`]*`|<1%", "", text)


# In brief ---------------------------------------------------------------------------------------------------------


def _means(days: float, exited: float, killed: float) -> dict[str, stats.Summary]:
    means = {"presence_days": days, "exited": exited, "us_killed": killed}
    return {name: stats.Summary(mean) for name, mean in means.items()}


_SHORTER = stats.Difference(-11.1, -14.0, -8.2, stats.TIE, tie=14.3)
_LIKELIER = stats.Difference(0.038, 0.028, 0.048, stats.HIGHER, tie=0.01)


def test_the_brief_has_the_order_with_its_numbers_and_what_a_small_step_comes_to() -> None:
    """From the longest presence to the shortest; where days tie and exits do not, both are said, and how much it is."""
    found = [_means(702.4, 0.098, 7.2), _means(713.0, 0.06, 5.4), _means(114.0, 1.0, 1.9)]
    given = [{}, {}, {"presence_days": GivenOutcome(_MEASURE["presence_days"], 114.0, "as ordered")}]
    far = stats.Difference(-588.0, -590.0, -586.0, stats.LOWER, tie=14.0)
    steps = [{"exited": _LIKELIER, "presence_days": _SHORTER}, {"exited": _LIKELIER, "presence_days": far}]
    [said] = brief.ordering(["in kind", "restraint", "leave"], found, steps, given)
    assert said == (
        "Found, from the longest US presence in federal Iraq to the shortest: restraint (713 days on average, gone in "
        "6.0% of worlds); in kind (702, 9.8%); leave (114, 100.0%, as the policy itself orders). In kind, against "
        "restraint, makes an exit likelier (by 3.8 points, 2.8 to 4.8); that comes to 11.1 fewer days of presence on "
        "average (8.2 to 14.0, with a tie zone of ±14.3), too few to matter. Every other step of this order is beyond "
        "the tie zone."
    )
    [alone] = brief.ordering(["x"], found[:1], [], [{}])
    assert alone == "Found: US forces are in federal Iraq for 702 days on average, gone in 9.8% of worlds."


def test_brief_and_findings_say_the_same_of_a_tie_that_the_correction_leaves_open() -> None:
    """A tie by its own interval, not told once corrected: too little to matter in both, with zone and what it takes."""
    open_one = replace(_SHORTER, verdict=stats.CANNOT_TELL, uncorrected=stats.TIE, more_worlds=3000)
    assert [zone_standing(one) for one in (_SHORTER, open_one, _LIKELIER)] == [TIE, TIE, APART]
    assert zone_standing(replace(_LIKELIER, verdict=stats.CANNOT_TELL, uncorrected=stats.HIGHER)) == ALMOST
    assert zone_standing(replace(_LIKELIER, verdict=stats.CANNOT_TELL)) == REACHES
    measures = [_MEASURE["presence_days"]]
    [line] = verdict_sentences(
        measures, _means(713, 0, 0), _means(702, 0, 0), {"presence_days": open_one}, ("a", "b"), 24
    )
    assert line == (
        "Differs, but too little to matter (the interval lies within the tie zone): days of US presence in federal "
        "Iraq (-11.1, -14.0 to -8.2; the tie zone is ±14.3; strict for 24 comparisons at once it is not certain "
        "yet, about 3,000 more worlds would tell)."
    )
    counted = brief.how_sure(["a", "b"], measures, [{"presence_days": open_one}], [{}, {}])
    assert counted == "How sure, against a: of 1 comparisons 1 too small to matter."


def test_the_brief_says_what_is_beyond_doubt_and_leaves_out_what_is_given() -> None:
    """Of four comparisons one is higher, one a tie, one open, and one follows from the baseline's policy."""
    measures = [_MEASURE[name] for name in ("exited", "us_killed", "militia_attacks", "us_strikes")]
    words = (stats.HIGHER, stats.TIE, stats.CANNOT_TELL, stats.HIGHER)
    apart = [{m.name: stats.Difference(1.0, -1.0, 1.0, word) for m, word in zip(measures, words, strict=True)}]
    given = [{"us_strikes": GivenOutcome(_MEASURE["us_strikes"], 1.0, "")}, {}]
    assert brief.how_sure(["a", "b"], measures, apart, given) == (
        "How sure, against a: of 4 comparisons 1 beyond the tie zone, 1 too small to matter, 1 not to be told yet, 1 "
        "set by the policies themselves. Beyond chance, on average over worlds, under "
        "the reading that they take: US forces left federal "
        "Iraq (higher under b)."
    )


def test_luck_and_ignorance_of_single_worlds_are_told_by_measure() -> None:
    """By the share of chance under every variant; and whether more worlds than were run would help the means."""

    def found(chance: float, error: float = 0.001) -> stats.VarianceComponents:
        parts = {
            name: stats.VarianceComponent(share, share**0.5, share, share, share)
            for name, share in (("chance", chance), ("parameters", 1 - chance))
        }
        return stats.VarianceComponents(100, 4, 1.0, error=error, variance=1.0, components=parts)

    names = ("exited", "us_killed", "framework_signed", "us_strikes")
    measures = [_MEASURE[name] for name in names]
    still = stats.VarianceComponents(100, 4, 1.0, error=0.0)
    tables = [dict(zip(names, map(found, shares), strict=True)) | {"us_strikes": still}
              for shares in ((0.57, 0.19, 0.49, 0), (0.92, 0.47, 0.64, 0))]  # fmt: skip
    lived = {str(k): Spread(str(k), "", one) for k, one in enumerate(tables)}
    assert list(what_moves_worlds(lived, measures, 2000)) == [
        "More luck than ignorance: US forces left federal Iraq (57% to 92% chance).",
        "More ignorance than luck (parameters that nobody knows, theory): US personnel killed (19% to 47% chance).",
        "Luck or ignorance, depending on the policy: a framework agreement was signed (49% to 64% chance).",
        "More than these 2,000 worlds would not help: the error of means is small beside ignorance. No number of "
        "worlds narrows the spread itself.",
    ]
    tables[0]["us_strikes"] = replace(still, verdict="nothing has varied yet")
    *_, last = what_moves_worlds(lived, measures, 2000)
    assert "In some nothing has varied yet, so nothing is known of how they would: US strikes." in last
    tables[0]["us_killed"] = found(0.19, 2.0)
    *_, last = what_moves_worlds(lived, measures, 2000, spans=False)
    assert last.startswith("More than these 2,000 worlds would make the means surer of: US personnel killed.")


def test_the_brief_names_grounds_failures_and_limits() -> None:
    """The commonest mechanism, the policy's own rule where there is none; failing predictions; few exits."""
    proxies = Ground("M03", "Iran pushes through proxies", (), 0.88)
    grounds = [
        Grounds(25, (proxies,), (Ground("factions resistance: fire", "", (), 0.92),)),
        Grounds(4, (), (Ground("us prompt-withdrawal: leave", "", (), 1.0),)),
        None,
    ]
    assert brief.rests_on(["a", "b", "c"], grounds) == (
        "On what exits rest, by the cause recorded most often: a: 'Iran pushes through proxies' (M03) in 22 of 25 "
        "exits; b: the rule 'leave' of us prompt-withdrawal in 4 of 4 exits. A recorded cause need not be needed: "
        "whether exits would be rarer without it, only a run without it can tell."
    )
    motive = Ground("M01", "strikes give a motive", (), 0.96)
    two = [Grounds(25, (proxies, replace(motive, share=0.44)), ()), Grounds(25, (motive, proxies), ())]
    assert (
        "What differs most between the policies: 'strikes give a motive' (M01), in 44% of the exits under a and in 96% "
        "under b." in brief.rests_on(["a", "b"], two)
    )
    part = {"verdict": FAILS, "counts": True, "difference": 0.05}
    found = {"predictions": {
        "P20": {"theories": {"x": {"verdict": FAILS, "parts": [part]}}},
        "P01": {"theories": {"x": {"verdict": HOLDS, "parts": []}}},
    }}  # fmt: skip
    assert brief.fails(found, []) == (
        "What fails: of 2 predictions of the documents, tried apart, 1 hold under every theory, 1 fail under every "
        "theory. Those that fail: P20 (restraint is a long shot; the model's number is too low)."
    )
    assert stale_warning({"rules": "a"}, "a") == stale_warning({}, "a") == ""
    assert brief.fails(found, [], stale_warning({"rules": "a"}, "b")).startswith(
        "What fails: The trial of the predictions was made with other rules than these results, so its verdicts may no "
        "longer hold; `crossfire claims` tries them again with the rules at hand, and only then should they be used. "
        "Of "
    )
    assert "Exits are few under b (4)" in brief.limits_of_findings([], "documents", ["a", "b", "c"], grounds, 25)
    assert "all worlds take one reading of the conflict (documents)" in brief.limits_of_findings(
        [], "documents", [], [], 25
    )


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
    found = given_outcomes(_variant("prompt-withdrawal"), measures, worlds.__getitem__)
    assert list(found) == ["exited", "presence_days", "us_strikes", "framework_signed"]
    assert found["us_strikes"].why == (
        "in every world, since the policy has no rule to strike a faction or to kill a leader of a faction; what is "
        "counted is the scenario's own script (strike-at-the-airport)"
    )
    assert found["framework_signed"].why == (
        "in every world, since the policy has no rule to offer talks on a framework for the presence"
    )
    assert found["presence_days"].value == 115
    assert found["exited"].why == (
        "in every world, since the policy's rule 'leave' orders an exit without a condition, within 120 days"
    )
    assert found["framework_signed"].said() == (
        "A framework agreement was signed: 0.0%, set by the policy or the scenario: it is so in every world, since the "
        "policy has no rule to offer talks on a framework for the presence."
    )


def test_what_only_happens_to_be_so_is_not_given() -> None:
    """Restraint offers talks, so no framework in two worlds is chance; a strike beyond the script comes from a rule."""
    measures = [_MEASURE[name] for name in ("exited", "us_strikes", "framework_signed")]
    worlds = {"exited": [0, 1], "us_strikes": [1, 2], "framework_signed": [0, 0]}
    assert given_outcomes(_variant("restraint"), measures, worlds.__getitem__) == {}
    assert given_outcomes(_variant("in-kind"), measures, (worlds | {"us_strikes": [1, 1]}).__getitem__) == {}
    assert given_outcomes(None, measures, worlds.__getitem__) == {}


def test_what_is_given_stands_apart_and_is_marked(made: Report) -> None:
    """Last among the findings, with its reason; behind its number in the tables."""
    measure = _MEASURE["us_strikes"]
    rows = {"us_strikes": stats.Summary(1.0)}, {"us_strikes": stats.Summary(6.6)}
    why = GivenOutcome(measure, 1.0, "since it has no rule")
    measures = [measure, _MEASURE["exited"]]
    assert list(given_sentences(measures, *rows, ("a", "b"), ({"us_strikes": why}, {}))) == [
        "US strikes, 6.6 against 1.0: under a it is so since it has no rule."
    ]
    assert list(given_sentences([measure], *rows, ("a", "b"), ({"us_strikes": why}, {"us_strikes": why}))) == [
        "US strikes, 6.6 against 1.0: under b and a it is so since it has no rule."
    ]
    findings = _section(made, "findings")
    places = [k for k, b in enumerate(findings) if isinstance(b, Para) and b.text.startswith("Set by a policy")]
    assert len(places) == 2
    for place in places:
        assert not any("US strikes" in item for item in findings[place - 1].items)
        assert "No findings" not in " ".join(findings[place + 1].items)
        assert any(item.startswith("US strikes") for item in findings[place + 1].items)
    means, differences, *_ = (b for b in _section(made, "comparison") if isinstance(b, Table))
    [strikes] = [row for row in means.rows if row[0] == "US strikes"]
    assert [cell.endswith(MARK) for cell in strikes[1:]] == [True, False, True]
    [strikes] = [row for row in differences.rows if row[0] == "US strikes"]
    assert [cell.endswith(MARK) for cell in strikes[1:]] == [True, True]


def test_federal_iraq_and_how_many_more_worlds_are_said_plainly() -> None:
    """What counts as presence; a million in words."""
    assert "Iraq without the Kurdistan Region in the north (Sulaymaniyah, Erbil, Duhok)" in FEDERAL_IRAQ
    found = [{**_means(d, 0.1, 1), "us_troops_end": stats.Summary(5.0)} for d in (700, 600)]
    open_one = stats.Difference(-1.0, -3.0, 1.0, stats.CANNOT_TELL)
    said = list(order_of_presence(["a", "b"], found, [{"presence_days": open_one}]))
    assert said[1].startswith(FEDERAL_IRAQ)
    measure = _MEASURE["presence_days"]
    for more, words in ((stats.TOO_MANY, "it would take more than a million more worlds to tell"),
                        (3000, "about 3,000 more worlds would tell")):  # fmt: skip
        apart = {"presence_days": replace(open_one, more_worlds=more)}
        [line] = verdict_sentences([measure], found[0], found[1], apart, ("a", "b"))
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
    held = {one.claim.id: one for one in prediction_checks(results, variants, "documents")}
    assert list(held) == ["P01", "P20", "P21", "P22"]
    first = held["P01"]
    assert (first.verdict, len(first.parts), first.of) == (HOLDS, 2, 4)
    assert [found.value for found in first.parts] == pytest.approx([-0.15, 0.15 * 430])
    assert held["P20"].verdict == FAILS  # 5% of worlds, where 20 to 80 were predicted
    assert held["P22"].verdict == CLOSE
    names = dict(zip(results.variants, ("restraint", "in kind"), strict=True))
    tried = {"predictions": {"P20": {"theories": {"a": {"verdict": FAILS}, "b": {"verdict": HOLDS},
                                                  "c": {"verdict": HOLDS}}}}}  # fmt: skip
    assert held["P20"].said(names, tried) == (
        "P20, restraint is a long shot: these results speak against it: US forces left federal Iraq, restraint, is "
        "5.0% (2.7% to 9.0%), predicted between 20.0% and 80.0%. In the trial it failed under a, held under b and c."
    )
    assert "partly read (2 of 4 parts): agrees so far: US forces left" in first.said(names, {})
    assert prediction_checks(results, [None, None], "documents") == []
    mixed = [Variant(one.label, resolve(changed(load_scenario("2020-soleimani"), theory="documents:1,deterrence:1",
                                                policies=[f"us={one.label}"]))) for one in variants]  # fmt: skip
    assert [one.claim.id for one in prediction_checks(results, mixed, "documents")] == list(held)
    assert isinstance(first, PredictionCheck)


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
    first, means, _, plain, table = trial_blocks(found)
    assert isinstance(first, Para) and isinstance(means, Points) and isinstance(table, Table)
    assert isinstance(plain, Points)
    assert "Of 2 predictions" in first.text
    assert "500 worlds an arm, under 2 theories one by one" in first.text
    fails, holding = means.items
    assert fails.startswith("Fails: the documents expect it")
    assert fails.endswith("P20. Headline outcomes: US forces left federal Iraq (P20).")
    assert holding == ("Hold under every theory: P06 (it took the killing of leaders to pass the motion).")
    assert plain.items == (
        "P20, restraint is a long shot. The documents expect: Even if Washington holds its fire it is out of Iraq in a "
        "good share of worlds. The test: share of worlds, US forces left federal Iraq: 2020-soleimani us=restraint, "
        "between 20.0% and 80.0%. The model gives 4.8%: too low.",
    )
    [row] = table.rows
    assert row[0] == "P20"
    assert row[2:] == (
        "share of worlds, US forces left federal Iraq: 2020-soleimani us=restraint", "between 20.0% and 80.0%",
        "4.8%\n3.2% to 7.0%\nfails", "4.8%\n3.2% to 7.0%\nfails",
    )  # fmt: skip


def _came(reads: str, verdict: str) -> dict:
    return {"reads": reads, "of": ["A"], "counts": True, "difference": 0.1, "low": 0.0, "high": 0.2, "verdict": verdict}


def test_tie_zones_are_said_as_they_are() -> None:
    """By the kinds of the measures at hand; what the analyst sets is told, by kind or by measure."""
    measures = [_MEASURE[name] for name in ("exited", "presence_days", "us_killed", "isis_regrowth", "exit_day")]
    said = "1 percentage point for shares, 2% of the baseline for counts and levels, 7 days for days"
    assert tie_zones(measures) == f"A tie lies within the tie zone: {said}; --tie sets others."
    own = read_preferences(["us_killed=2", "share=0.02", "flag=0.05"])
    assert tie_zones(measures, own) == (
        "A tie lies within the tie zone: 5 percentage points for shares, 2% of the baseline for counts and levels, "
        "2 for US personnel killed, 7 days for days."
    )


def test_variants_with_the_same_days_are_not_put_in_an_order() -> None:
    """Nobody stays longest, and nobody shortest."""
    means = {"presence_days": 300.0, "exited": 0.2, "us_troops_end": 2500.0}
    one = {name: stats.Summary(mean) for name, mean in means.items()}
    tied = {"presence_days": stats.Difference(0.0, -1.0, 1.0, "tie")}
    first, *_ = order_of_presence(["a", "b"], [one, one], [tied])
    assert first == "The US stays as long under all of them (300 days on average)."


def test_a_prediction_that_holds_nowhere_depends_on_no_theory() -> None:
    """Classes are by the verdicts under the theories; those that hold somewhere are named with where."""

    def under(**verdicts_by: str) -> dict:
        return {"theories": {t: {"verdict": v, "parts": [_came("exited", v)] * 4}
                             for t, v in verdicts_by.items()}}  # fmt: skip

    mixed = {"P07": under(a=FAILS, b=CLOSE), "P01": under(a=HOLDS, b=CLOSE), "P06": under(a=HOLDS, b=HOLDS)}
    assert [prediction_class(one) for one in mixed.values()] == [NOWHERE, DEPENDS, HOLDS]
    assert tally_in_words(mixed) == "1 hold under every theory, 1 hold under some theories only, 1 hold under none"
    _, points, *_ = trial_blocks({"worlds": 5, "theories": ["a", "b"], "predictions": mixed})
    assert isinstance(points, Points)
    some, none, _ = points.items
    assert ": P01 (holds under a)." in some
    assert ": P07 (fails under a)." in none


def test_separate_trials_say_what_holds_under_which_theory_and_what_was_not_tried(tmp_path: Path) -> None:
    """Of the comparisons made here, with the numbers by theory; in brief only those of two variants."""
    variants = [_variant("restraint"), _variant("in-kind")]
    results = _by_hand(tmp_path, (10, 40))
    held = [one for one in prediction_checks(results, variants, "documents") if one.claim.id in ("P01", "P20")]
    part = {"reads": "exited", "counts": True, "difference": -0.05, "low": -0.07, "high": -0.03, "verdict": HOLDS}
    found = {"theories": ["a", "b"], "worlds": 5, "predictions": {
        "P01": {"theories": {"a": {"verdict": HOLDS, "parts": [part, part]},
                             "b": {"verdict": CLOSE, "parts": [part | {"verdict": CLOSE}, part]}}},
        "P20": {"theories": {"a": {"verdict": FAILS, "parts": [part]}, "b": {"verdict": FAILS, "parts": [part]}}},
    }}  # fmt: skip
    labels, names = [*results.variants, "x"], ["restraint", "in kind", "leave"]
    said, table = other_theories(found, held, labels, names)
    assert said == [
        "P01, restraint lowers the likelihood of an exit (restraint and in kind): it held under a, was too close to "
        "call under b.",
        "P20, restraint is a long shot (restraint): it failed under every theory.",
        "Not tried under other theories: leave against restraint.",
    ]
    assert table is not None
    cells = ("-5.0 points\n-7.0 to -3.0\nholds", "-5.0 points\n-7.0 to -3.0\ntoo close to call")
    assert table.rows[0] == ("P01", "US forces left federal Iraq: restraint less in kind", *cells)
    assert theories_in_brief(found, held, labels, names) == (
        "Separate trials under 2 theories: P01 (restraint and in kind) held under a, was too close to call under b; "
        "not tried under others: leave against restraint."
    )


def test_what_is_asked_and_what_came_are_written_in_the_units_of_the_measure() -> None:
    """Points for shares, days and people as they are, two decimals where little matters."""
    from sim.inputs.claims import load_claims

    tests = {name: one.test for name, one in load_claims().items() if one.test}
    first, days, *_ = tests["P01"].parts
    assert (expectation(first), expectation(days)) == ("below 0 by more than 2 points", "above 0 by more than 10")
    assert expectation(tests["P07"].parts[0]) == "between -3.0 and +3.0 points"
    assert expectation(tests["P02"].parts[0]) == "above 0.90 by more than 0.02"
    numbers = stats.Estimate(-0.256, -0.279, -0.233)
    assert value_and_interval(numbers, tests["P16"].parts[0]) == ("-0.26", "-0.28 to -0.23")
    assert value_and_interval(numbers, first) == ("-25.6 points", "-27.9 to -23.3")
    assert value_and_interval(stats.Estimate(None, None, None), first) == ("–", "")
    assert (
        quantity_read(tests["P23"].parts[1])
        == "day of the first demand to leave (the last day where there is none) below 730"
    )
    verdicts_of_parts = ((True, HOLDS), (True, CLOSE), (True, FAILS), (False, FAILS))
    one = {"theories": {"a": {"parts": [{"counts": c, "verdict": v} for c, v in verdicts_of_parts]}}}
    assert deciding_part(one) == 2


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


def test_a_difference_taken_apart_is_in_points() -> None:
    """Its mean has a sign and is no percentage; nothing else is changed."""
    found = stats.VarianceComponents(100, 4, 0.04)
    assert components_row("x", found, _MEASURE["exited"], True)[:2] == ("x", "+4.0 points")
    assert components_row("x", found, _MEASURE["exited"], False)[:2] == ("x", "4.0%")
    assert components_row("x", replace(found, mean=-3.0), _MEASURE["us_killed"], True)[1] == "-3.0"


def test_numbers_of_fans_are_those_that_are_drawn(results: Results) -> None:
    """Attacks in the three months up to a week, not in that week."""
    table = figure_table("fans", results)
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
    table = figure_table("exit_over_time", results)
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
    told = [block for block in _section(made, "worlds") if isinstance(block, WorldStory)]
    for one, block in zip((typical, strange), told[:2], strict=True):
        assert f"World {one.world} under restraint" in block.title
    exits = [results.column("exited", variant) for variant in results.variants]
    other = (
        "in kind" if (exits[0] != exits[1]).any() else "prompt withdrawal"
    )  # one that orders no exit, if there is one
    assert other in told[2].title
    assert told[2].why.startswith(f"Chosen because exits differ most between {other} and restraint")
    worlds = [re.findall(r"World (\d+) under", one.title) for one in told]
    assert worlds[3] == worlds[2]  # the same world, under the baseline
    assert told[3].title.endswith(f"under restraint: the same world, to compare with {other}")
    assert all(len(block.lines) > 5 and block.ending for block in told)
    assert f"--world {typical.world} " in told[0].command


def test_surprise_is_that_of_the_tail() -> None:
    """A value with a twentieth of worlds beyond it on its side has a surprise of log2 of ten."""
    from sim.report.typical_worlds import _surprise

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
        warned = [b.text for b in question.section(Context(results)) if isinstance(b, Para) and b.kind]
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


def test_causes_that_are_as_common_stand_by_name() -> None:
    """In the same order in every process, whatever the seed of its hashes; the commonest stand first."""
    policies = ["us=maximum-pressure"]
    variant = Variant("v", resolve(changed(load_scenario("2020-soleimani"), policies=policies)))
    found = grounds_of_exits(variant, range(12), 1)
    for grounds in (found.mechanisms, found.rules):
        places = [(-one.share, one.name) for one in grounds]
        assert places == sorted(places)
        assert len({one.share for one in grounds}) < len(grounds)


# Exits, the price, pairing, sources, provenance -------------------------------------------------------------------


def test_exits_are_told_by_kind_in_worlds_that_add_up(results: Results) -> None:
    """Counts are those of the results; who has fewer days and more troops stays with more where it stays."""
    found = [exit_counts(results, label) for label in results.variants]
    for one, label in zip(found, results.variants, strict=True):
        assert one is not None
        assert one.gone == int(results.column("exited", label).sum())
        assert one.everywhere + one.ends["north_only"] == one.gone
    left = [ExitCounts(2000, {"agreement": 6, "demand": 37, "own_choice": 17, "north_only": 61}, 60, 89, 4093.0),
            ExitCounts(2000, {"demand": 246, "north_only": 309}, 246, 506, 5876.0)]  # fmt: skip
    assert brief.kinds_of_exits(["a", "b"], left) == (
        "Of what kind exits are: a 121 of 2,000 worlds (6 by agreement, 37 by Baghdad's demand, 17 by own choice, 61 "
        "to the Kurdistan Region only), 60 from all of Iraq; b 555 of 2,000 worlds (246 by Baghdad's demand, 309 to "
        "the Kurdistan Region only), 246 from all of Iraq."
    )
    assert exits_table(["a"], left[:1]).rows == (
        ("a", "121 of 2,000", "6", "37", "17", "61", "60", "89", "4,093"),
    )  # fmt: skip
    assert list(more_where_it_stays(["a", "b"], left, [713.0, 659.0], [3892.0, 4565.0])) == [
        "B has fewer days of presence than a and yet more troops at the end: it stays in fewer worlds, but where it "
        "stays, it does so with 5,876 soldiers on average, against 4,093."
    ]
    assert list(more_where_it_stays(["a", "b"], left, [713.0, 659.0], [3892.0, 3000.0])) == []
    assert "ugly where it came under deadly fire, or on a demand that Washington had refused" in what_an_exit_is()
    assert "fire counts up to 60 days before the last soldier leaves" in what_an_exit_is()


def test_who_pays_is_told_where_it_is_beyond_the_tie_zone(tmp_path: Path) -> None:
    """The most and the fewest of each, of worlds that differ; ties are nobody's."""
    made = store.create(tmp_path, {}, label="x", seed=1, worlds=50, variants=[{"label": "a"}, {"label": "b"}],
                        rules_hash="", more={"days": 10})  # fmt: skip
    for k, killed in enumerate((5.0, 9.0)):
        made.add(k, 0, {"us_killed": np.full(50, killed), "killed_by_isis": np.full(50, 100.0)})
    results = made.finish()
    found = [{m: stats.Summary(float(results.column(m, label).mean())) for m in ("us_killed", "killed_by_isis")}
             for label in ("a", "b")]  # fmt: skip
    assert list(who_pays.who_pays(results, ["a", "b"], found)) == [
        "A: the fewest US personnel killed (5.0).", "B: the most US personnel killed (9.0).",
    ]  # fmt: skip
    assert who_pays.in_brief(["a", "b"], found).startswith(
        "US personnel killed 5.0 under a, 9.0 under b; people killed"
    )
    by = {"civilians_killed_by_us": 1.0, "civilians_killed_by_militias": 20.0, "civilians_killed_by_forces": 3.0}
    said = who_pays.of_whom(["a"], [{name: stats.Summary(value) for name, value in by.items()}])
    assert said.endswith("Of them, on average: a 1.0 by US strikes, 20.0 by factions, 3.0 by Iraqi forces.")


def test_pairing_is_said_in_a_sentence() -> None:
    """How many worlds were looked at, until when they are equal, who decides differently."""
    one = Parting(0, "decision", 0, "us", "hold-fire (hold)", "nothing")
    found = PairingAudit("in-kind", (one, one))
    assert parting_sentence("in kind", "restraint", found) == (
        "In kind, against restraint: 2 worlds of each were lived side by side; each pair is equal to the last bit "
        "until an actor decides differently, on the first day; in all of them Washington does 'hold fire' under "
        "restraint and nothing different under in kind. So a difference comes from what was varied, and not from luck."
    )
    wrong = PairingAudit("in-kind", (one, Parting(1, "error", 30, place="factions.2.revenge")))
    assert parting_sentence("in kind", "restraint", wrong) == (
        "In kind, against restraint: ERROR: 1 of 2 worlds part though no decision differs, first world 1 on day 30 at "
        "factions.2.revenge."
    )


def test_documents_are_named_and_hindsight_is_said_straight() -> None:
    """Titles as the ledger has them; what is dated after the start, by month where no day is given."""
    dates = {"March 2020": True, "6 January 2020": True, "late January 2020": False, "2 January 2020": False,
             "December 2019": False, "February 2024": True}  # fmt: skip
    start = date(2020, 1, 3)
    assert {words: is_later(CitedDocument("x", "", "", words, 1), start) for words in dates} == dates
    table, hindsight, figures = sources(start, {})
    assert isinstance(table, Table) and isinstance(hindsight, Para) and isinstance(figures, Points)
    assert table.rows[0][:5] == (
        "restraint-2020", "In Iraq, Restraint Is America's Best Option", "Maria Fantappie and Sam Heller",
        "March 2020", "52",
    )  # fmt: skip
    assert len(table.rows) == 5
    assert hindsight.text.startswith(
        "Hindsight: restraint-2020 (March 2020), intelbrief-2020 (6 January 2020), crossfire-2024 (February 2024) are "
        "later than the scenario's start, 3 January 2020"
    )
    assert "attacks in 2020-soleimani, 3 January 2020 to 20 January 2020: 4 (ctg-2020 [7])" in figures.items


def test_all_commands_stand_in_their_order_and_the_last_writes_the_page(made: Report, results: Results) -> None:
    """First the results, last the report; the spread's has every variant that is shown; where Crossfire is from."""
    blocks = _section(made, "provenance")
    [commands] = [block.items for block in blocks if isinstance(block, Points)]
    assert commands[0] == (
        "`crossfire compare 2020-soleimani --set 'theories={documents: 1, deterrence: 1}' --set days=300 --vary "
        "policies.us=restraint,in-kind,prompt-withdrawal --worlds 40 --seed 1 --out run`"
    )
    assert commands[1] == "`crossfire plot run`"
    assert commands[2] == (
        "`crossfire spread 2020-soleimani --set 'theories={documents: 1, deterrence: 1}' --set days=300 --vary "
        "policies.us=restraint,in-kind,prompt-withdrawal --worlds 100 --replicates 4 --seed 1 --out spread`"
    )
    assert commands[-1] == "`crossfire report run`"
    assert any("an installed Crossfire of version" in b.text for b in blocks if isinstance(b, Para))
    [spread] = [block for block in _section(made, "spread") if isinstance(block, Picture)]
    assert f"`{spread.command}`" == commands[2]


def test_results_of_a_sweep_name_it_and_tell_worlds_by_the_results(results: Results) -> None:
    """A design's points and replicates; the sweep in place of a comparison; stories by folder and label."""
    design = {"kind": "sobol", "over": ["a", "b", "c"]}
    inputs = results.manifest["inputs"] | {"drawing": {"design": design, "replicates": 4}}
    manifest = results.manifest | {"label": "all-uncertain", "inputs": inputs}
    assert design_in_words(results.manifest) == ""
    assert design_in_words(manifest) == (
        "Drawn by the sweep all-uncertain: what is uncertain stands at the points of a Sobol sequence over 3 "
        "quantities; each point is lived 4 times, with other luck. The intervals in this report take worlds as "
        "independent, which they are not quite: points of a design lie more evenly than at random, and lives of one "
        "point have all but their luck in common."
    )
    assert command_of_all(manifest, "run") == "crossfire sweep all-uncertain --out run"
    grid = results.manifest | {"label": "by-theory"}  # a sweep without a design: its variants need be no full grid
    assert command_of_all(grid, "run") == "crossfire sweep by-theory --out run"
    label = results.variants[1]
    assert command_of_story(manifest, "run", 1, 17) == f"crossfire story run --variant '{label}' --world 17"
    assert command_of_story(results.manifest, "run", 1, 17).endswith("--set policies.us=in-kind")
    blocks = list(provenance(manifest, "run", []))
    assert any(isinstance(b, Para) and b.text.startswith("Drawn by the sweep") for b in blocks)


def test_results_that_stopped_at_a_precision_say_what_was_reached(results: Results) -> None:
    """Each precision asked for, with the half width that was reached and after how many worlds."""
    one = {"asked": "exited +- 0.01", "measure": "exited", "first": None, "second": None, "reached": True,
           "why_not": None, "worlds": 3000, "half_width": 0.0093}  # fmt: skip
    until = [
        one,
        one
        | {
            "reached": False,
            "why_not": "too few worlds",
            "asked": "exited +- 1%",
            "first": "a",
            "second": "b",
            "worlds": 9,
        },
    ]
    assert list(precisions_reached({"until": until})) == [
        "exited +- 0.01: reached after 3,000 worlds, ±0.93 points.",
        "exited +- 1% (b less a): not reached (too few worlds) after 9 worlds, ±0.93 points.",
    ]
    assert list(precisions_reached(results.manifest)) == []
    asked_for = results.manifest | {"inputs": results.manifest["inputs"] | {"until": ["exited +- 0.01"]}}
    assert command_of_all(asked_for, "run").endswith("--out run --until 'exited +- 0.01'")


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
