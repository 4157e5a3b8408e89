"""Commands that make results whole, larger, or one of several, and those that are broken off on the way."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import cli, plots
from sim.results import Results
from tests.cli.calls import SCENARIO, SMALL, crossfire, written

SWEEP = """sweep: mine
title: Mine
purpose: To try.
scenario: 2020-soleimani
worlds: 8
days: 20
vary:
  - grid: {us: [restraint, in-kind]}
"""


def test_a_sweep_is_announced_run_and_shown():
    """What it takes is said on standard error, what comes of it on standard output."""
    Path("mine.yaml").write_text(SWEEP, encoding="utf-8")
    listed = json.loads(crossfire("sweep", "mine.yaml", "--dry-run", "--json").stdout)
    assert [row["policies.us" if "policies.us" in row else "us"] for row in listed["design"]] == [
        "restraint",
        "in-kind",
    ]
    assert "2 variants of 8 worlds: 16 in all" in crossfire("sweep", "mine.yaml", "--dry-run").stdout
    assert written() == ["mine.yaml"]
    ran = crossfire("sweep", "mine.yaml", "--out", "r")
    assert "16 worlds in all, about" in ran.stderr
    assert "Results: r" in ran.stdout
    assert "already there" in crossfire("sweep", "mine.yaml", "--out", "r").stderr
    assert Results("r").manifest["label"] == "mine"


def test_what_takes_long_is_asked_about(monkeypatch):
    """Nobody is there to ask in a script: --yes says it beforehand."""
    monkeypatch.setattr("sim.cli.commands.sweep.LONG", 0)
    Path("mine.yaml").write_text(SWEEP, encoding="utf-8")
    assert "--yes" in crossfire("sweep", "mine.yaml", "--out", "r", code=2).stderr
    assert not Path("r").exists()
    crossfire("sweep", "mine.yaml", "--out", "r", "--yes")


def test_results_grow_are_verified_and_mended():
    """extend, verify and resume by the folder alone."""
    crossfire("run", SCENARIO, *SMALL, "--out", "r")
    assert "as it was written" in crossfire("verify", "r").stdout
    assert "Results: r" in crossfire("extend", "r", "--worlds", 12).stdout
    assert Results("r").manifest["worlds"] == 12
    path = Path("r/outcomes.parquet")
    path.write_bytes(path.read_bytes()[:-1])
    broken = crossfire("verify", "r", code=1)
    assert "not what was written" in broken.stdout
    assert "crossfire resume r" in broken.stderr
    assert json.loads(crossfire("verify", "r", "--json", code=1).stdout)["problems"]
    crossfire("resume", "r")
    assert "nothing is missing" in crossfire("resume", "r").stderr
    assert "12 worlds of each variant already" in crossfire("extend", "r", "--worlds", 12, code=2).stderr


def test_damaged_tables_are_not_shown():
    """Nobody presents numbers that are not those that were run."""
    crossfire("run", SCENARIO, *SMALL, "--out", "r")
    path = Path("r/outcomes.parquet")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    for command in ("show", "plot", "report"):
        assert "not what was written; crossfire resume r" in crossfire(command, "r", code=2).stderr


def test_shards_are_merged():
    """Each says how far it is and what comes next; the whole is shown like any results."""
    for k in (1, 2):
        said = crossfire("run", SCENARIO, *SMALL, "--shard", f"{k}/2", "--out", f"s{k}").stdout
        assert f"Shard {k}/2:" in said
        crossfire("verify", f"s{k}")
    assert "crossfire merge" in crossfire("report", "s1", code=2).stderr
    assert "Results: whole" in crossfire("merge", "s1", "s2", "--out", "whole").stdout
    assert len(Results("whole").outcomes) == 8


def test_resume_begins_nothing():
    """Where nothing lies, nothing goes on."""
    assert "nothing here to go on with" in crossfire("run", SCENARIO, *SMALL, "--resume", code=2).stderr
    assert written() == []


def test_a_world_of_results_is_told_as_it_was_run():
    """By its folder: settings, seed and design are the run's own; options that would change it are refused."""
    crossfire("compare", SCENARIO, "--vary", "us=restraint,in-kind", *SMALL, "--seed", 4, "--out", "r")
    told = crossfire("story", "r", "--variant", "us=in-kind", "--world", 3).stdout
    assert "world 3, seed 4" in told
    assert "us: in-kind" in told
    assert "us: restraint" in crossfire("story", "r", "--world", 3).stdout
    assert "expected" in crossfire("story", "r", "--world", 8, code=2).stderr
    assert "--policy" in crossfire("story", "r", "--policy", "us=in-kind", code=2).stderr
    assert "--variant" in crossfire("story", "r", "--variant", "us=hope", code=2).stderr
    assert "--variant" in crossfire("story", SCENARIO, "--variant", "us=in-kind", code=2).stderr


def test_a_precision_is_asked_for_on_the_command_line():
    """What was reached stands under the table."""
    ran = crossfire("run", SCENARIO, "--days", 20, "--until", "isis_attacks +- 5", "--worlds", 400, "--out", "r")
    assert "isis_attacks +- 5: reached with" in " ".join(ran.stdout.split())
    assert "--until" in crossfire("run", SCENARIO, "--until", "us_kiled +- 1", code=2).stderr


# Figures and reports broken off -----------------------------------------------------------------------------------


@pytest.mark.parametrize("option, lacking", [("--figures", "the figures are not"), ("--report", "the report is not")])
def test_results_are_said_to_be_whole_when_figures_are_broken_off(tmp_path, monkeypatch, option, lacking):
    """Ctrl-C while they are drawn: what is whole is said, with the command for the rest; no half of one stays."""
    from sim import report

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    some = {"distributions": plots.FIGURES["distributions"], "fans": interrupted}
    monkeypatch.setattr(plots, "FIGURES", some)
    monkeypatch.setattr(plots, "processors", lambda: 1)
    monkeypatch.setattr(report, "build", interrupted)
    came = CliRunner().invoke(cli.app, ["run", "2021-quiet", "--worlds", "3", "--days", "10", "--out", "my r", option])
    assert came.exit_code == 130
    assert f"the results in my r are whole; {lacking}" in came.output
    assert f"crossfire {'plot' if option == '--figures' else 'report'} 'my r'" in came.output
    assert Results("my r").verify() == []
    assert not [path for path in Path("my r").rglob("*") if "part" in path.name]
    assert not [*Path("my r").glob("figures/*")]


def test_a_figure_that_cannot_be_written_whole_is_not_there(tmp_path, monkeypatch):
    """A disk that is full half-way leaves neither half a figure nor its temporary file."""
    monkeypatch.chdir(tmp_path)
    run = ["run", "2021-quiet", "--worlds", "3", "--days", "10", "--out", "r"]
    assert CliRunner().invoke(cli.app, run).exit_code == 0

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    came = CliRunner().invoke(cli.app, ["plot", "r", "--only", "distributions"])
    assert came.exit_code == 2
    assert "No space left" in came.output
    assert list(Path("r/figures").iterdir()) == []


def test_folders_that_read_as_partitions_are_warned_of(tmp_path, monkeypatch):
    """Other programs would read a column out of the path; our own readers do not."""
    monkeypatch.chdir(tmp_path)
    came = CliRunner().invoke(cli.app, ["run", "2021-quiet", "--worlds", "2", "--days", "5", "--out", "variant=x"])
    assert came.exit_code == 0
    assert "warning: variant=x" in came.output
    assert "partition" in came.output
    assert Results("variant=x").outcomes["variant"].tolist() == ["2021-quiet days=5"] * 2
