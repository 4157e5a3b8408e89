"""The findings: JSON with what is promised, the page, coverage, and errors that say what is wrong."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import cli
from sim.evidence.coverage import coverage
from sim.evidence.findings import find_all, load_findings
from sim.evidence.findings_page import findings_page
from sim.evidence.predictions import assumptions_said, over_theories, tally
from sim.inputs.claims import load_claims
from sim.names.mechanisms import MECHANISMS
from sim.report.blocks import Para
from sim.report.predictions import prediction_class, tally_in_words, trial_blocks

NAMES = ["P01", "P13", "P20", "M05", "M53"]
SMALL = ["--worlds", "8"]


def claims(*words: str, code: int = 0) -> str:
    """Return what ``crossfire claims`` printed on standard output."""
    result = CliRunner().invoke(cli.app, ["claims", *words])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_json_gives_mechanisms_and_predictions_by_their_numbers() -> None:
    """Whether each mechanism moved, its way, and nothing else; per theory the difference, its interval, the verdict."""
    plain = json.loads(claims(*NAMES, *SMALL, "--theory", "documents", "--theory", "proxies", "--json"))
    assert plain["worlds"] == 8
    assert list(plain["mechanisms"]) == ["M05", "M53"]
    for one in plain["mechanisms"].values():
        assert {type(one[key]) for key in ("moved", "direction_ok", "untouched_ok")} == {bool}
        assert {"first_day", "by_how_much"} <= set(one)
    assert list(plain["predictions"]) == ["P01", "P13", "P20"]
    for one in plain["predictions"].values():
        assert list(one["theories"]) == ["documents", "proxies"]
        assert one["path"] and isinstance(one["assumption"], bool)
        for found in one["theories"].values():
            assert {"difference", "low", "high", "share", "verdict", "differ", "parts"} <= set(found)
            assert found["verdict"] in ("holds", "fails", "too close to call")
    assert plain["predictions"]["P13"]["assumption"]
    assert len(plain["predictions"]["P01"]["theories"]["documents"]["parts"]) == 4


def test_the_same_seed_gives_the_same_findings() -> None:
    """Resamples and shuffles included."""
    words = ["P02", "P18", *SMALL, "--theory", "documents", "--json"]
    assert claims(*words) == claims(*words)


def test_without_a_document_its_mechanisms_are_off() -> None:
    """P19's consent costs nothing where no document says that it shares the blame."""
    plain = json.loads(
        claims("P19", "--worlds", "24", "--theory", "documents", "--without", "restraint-2020", "--json")
    )
    again = plain["without"]["restraint-2020"]
    assert "M09" in again["mechanisms"]
    assert again["changed"]["P19"] == {"with": "holds", "without": "too close to call"}
    assert plain["predictions"]["P19"]["theories"]["documents"]["difference"] == 0.0


def test_the_table_names_the_path_and_the_verdicts() -> None:
    """What a reader sees, and the assumption called one."""
    output = claims("P13", "M05", *SMALL, "--theory", "documents")
    assert "troops gone -> members leave (M28). One rule: an assumption" in output
    assert "factions.*.rate" in output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["P26"], "M01 to M61 or P01 to P25"),
        (["P01", "--theory", "nobody"], "--theory nobody:1:1: expected a theory"),
        (["--without", "nobody"], "a document of the ledger"),
        (["M05", "--without", "ctg-2020"], "predictions to try again"),
        (["P01", "--powerless"], "only one of"),
        (["--powerless", "--without", "ctg-2020"], "only one of"),
        (["P01", "--write", "page.md"], "only one of"),
    ],
)
def test_bad_input_is_an_error_in_a_line(words: list[str], said: str) -> None:
    """Code 2, and no traceback."""
    error = claims(*words, code=2)
    assert said in error
    assert "Traceback" not in error


def test_everything_rests_on_something_and_predictions_are_cited_by_nothing() -> None:
    """Mechanisms, parameters, starting positions, rules of policies and scripted events have a source each."""
    found = coverage()
    assert found.cited_by_nothing == []
    assert found.predictions_cited == []
    assert all(names == [] for names in found.unsourced.values())
    assert found.counts["mechanisms"] == len(MECHANISMS)
    assert found.cited["M08"]["rules"] >= 3


def test_the_page_shows_each_prediction_with_its_numbers() -> None:
    """Verdicts in one table, and below it what was measured."""
    page = findings_page(find_all(["P01", "P13"], worlds=8, theories=["documents"]))
    assert page.startswith("# Findings")
    assert "### P01: restraint lowers the likelihood of an exit" in page
    assert "exited: A less B" in page
    assert "(assumption)" in page


def test_the_page_that_comes_along_covers_the_ledger() -> None:
    """Every prediction has its part on docs/findings.md."""
    page = (Path(__file__).parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")
    assert all(f"### P{n:02}:" in page for n in range(1, 26))


def test_page_report_and_ledger_call_the_same_predictions_assumptions() -> None:
    """The path in the ledger decides; the page, what reports quote and the report's own words say nothing else."""
    written = [name for name, claim in load_claims().items() if claim.assumption]
    assert written == ["P13", "P15", "P16", "P17", "P19"]
    found = load_findings()
    assert [name for name, one in found["predictions"].items() if one["assumption"]] == written
    page = (Path(__file__).parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (P\d\d) \|.*\(assumption\) \|", page, re.MULTILINE) == written
    paragraph, *_ = trial_blocks(found)
    assert isinstance(paragraph, Para)
    assert "P13, P15, P16, P17 and P19 are assumptions and no results" in paragraph.text
    assert "P13, P15, P16, P17 and P19 are assumptions and no results" in page
    told = "\n".join(map(str, trial_blocks(found)))
    assert not re.findall(rf"\b({'|'.join(written)}) \((?!assumption|[^()]*; an assumption)", told)


def test_page_and_report_count_the_same_verdicts() -> None:
    """One function classes a prediction by its verdicts under the theories, and one counts."""
    found = load_findings()
    page = (Path(__file__).parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")
    assert f"Of {len(found['predictions'])}, {tally_in_words(found['predictions'])}." in page
    assert {name: prediction_class(one) for name, one in found["predictions"].items()} == {
        name: one["verdict"] for name, one in found["predictions"].items()
    }


@pytest.mark.parametrize(
    ("verdicts", "enough", "said", "counted_as"),
    [
        ("hhh", 0, "holds", "1 hold under every theory"), ("hhf", 0, "depends on the theory", "1 hold under some"),
        ("cfc", 0, "holds under none", "1 hold under none"), ("hhc", 2, "holds", "1 hold under as many theories as"),
        ("ffc", 2, "fails", "1 fail under more theories"),
        ("hfc", 2, "too close to call", "1 are too close to call over"),
        ("fff", 2, "fails", "1 fail under every theory"),
    ],
)  # fmt: skip
def test_a_prediction_comes_to_what_its_test_asks_of_the_theories(verdicts, enough, said, counted_as) -> None:
    """Of all theories, or of a number of them; what is not so under every theory is not said to be."""
    under = [{"h": "holds", "f": "fails", "c": "too close to call"}[letter] for letter in verdicts]
    assert over_theories(under, enough) == said
    assert tally([(under, enough)]).startswith(counted_as)


def test_without_assumptions_it_is_said_that_none_is_written_in() -> None:
    """One, and none."""
    assert assumptions_said(["P01", "P02"]) == "No prediction is written into a rule."
    assert assumptions_said(["P01", "P13"]).startswith("P13 is an assumption and no result, whether it holds or not")
