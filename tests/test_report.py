"""A report says what the results hold, in one file that asks nothing of anybody, and leads back to them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from sim import report, running
from sim.design import Variant
from sim.ensemble import OneWorld
from sim.grounds import ancestors, grounds_of_exits
from sim.names.events import EXIT_DECIDED, EXITED
from sim.names.measures import OUTCOMES
from sim.plots import FIGURES
from sim.report.blocks import Para, Picture, Report, Table, Told
from sim.report.build import Making
from sim.report.sentences import verdict
from sim.report.worlds import chosen_worlds, rebuilt
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
    assert anchors[:3] == ["question", "findings", "comparison"]
    assert {"theories", "spread", "pairing", "grounds", "predictions", "worlds", "provenance"} <= set(anchors)
    pictures = [block for block in _section(made, "figures") if isinstance(block, Picture)]
    assert [picture.name for picture in pictures] == list(FIGURES)
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
    said = verdict(_MEASURE["exited"], first, second, apart)
    assert said == (
        "US forces left federal Iraq: 9.5% against 5.7%, 3.8 points more (95% interval 2.5 to 5.2); "
        "in 42 worlds here alone, in 4 there alone."
    )
    less = {"difference": -12.1, "low": -16.2, "high": -8.0, "verdict": "lower"}
    assert "12.1 fewer (95% interval 8.0 to 16.2)" in verdict(
        _MEASURE["presence_days"], {"mean": 714.0}, {"mean": 702.0}, less
    )


def test_the_page_asks_nothing_of_anybody(made: Report) -> None:
    """No address, no script, everything inside; text from files cannot become a tag."""
    page = report.as_html(made)
    assert not re.search(r"https?://|<script|<link|url\(|@import", page)
    assert page.count("data:image/png;base64,") == len(FIGURES) + 2  # by theory, and the spread taken apart
    assert len(page) < 5_000_000
    hostile = Report("<script>alert(1)</script>", "", ())
    assert "<script>" not in report.as_html(hostile)


def test_markdown_has_the_same_sections_and_tables(made: Report) -> None:
    """And no HTML."""
    text = report.as_markdown(made)
    for section in made.sections:
        assert f"\n## {section.title}\n" in text
    assert "| US personnel killed |" in text
    assert "<" not in re.sub(r"`[^`]*`|<1%", "", text)


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
