"""The command line: codes, JSON alone on standard output, and nothing written on bad input."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sim import cli, plots
from sim.cli.commands import check
from sim.cli.commands.list import LISTS
from sim.cli.progress import telling_of_compilation
from sim.results import Results
from sim.running import ensemble
from sim.world import kernels
from tests.cli.calls import SCENARIO, SMALL, TWO, crossfire, written


def test_a_run_shows_a_table_and_says_where_its_results_are():
    """The headline measures come first; the folder stands at the end."""
    output = crossfire("run", SCENARIO, *SMALL).stdout
    lines = [line for line in output.splitlines() if line.strip()]
    assert "8 worlds, 60 days, seed 1" in lines[0]
    assert "US forces left federal Iraq" in lines[3]
    assert lines[-1].startswith("Results: results/2020-soleimani-days-60-")
    assert Results(lines[-1].removeprefix("Results: ")).status == "finished"


def test_json_stands_alone_on_standard_output():
    """Everything else goes to standard error."""
    plain = json.loads(crossfire("run", SCENARIO, *SMALL, "--json").stdout)
    assert plain["worlds"] == 8
    plain = json.loads(crossfire("compare", SCENARIO, *TWO, *SMALL, "--json").stdout)
    assert [v["inputs"]["settings"]["policies.us"] for v in plain["variants"]] == ["restraint", "in-kind"]


def test_a_comparison_shows_variants_side_by_side_and_differences_below():
    """A column for each variant, then differences with discordant counts."""
    output = crossfire("compare", SCENARIO, *TWO, *SMALL).stdout
    assert "us=restraint" in output
    assert "Differences to the baseline, us=restraint" in output
    assert " here, " in output
    assert "cannot tell yet" in output
    assert "Pairing, us=in-kind: equal to the bit until" in output


def test_verdicts_go_by_the_analysts_tie_zones_and_wishes():
    """A zone as wide as all outcomes makes ties; a wish makes better or worse; both without another run."""
    folder = crossfire("compare", SCENARIO, *TWO, "--worlds", 200, "--days", 90).stdout.split("Results: ")[1].strip()
    wide = json.loads(crossfire("show", folder, "--tie", "count=1e6,us_killed=0", "--json").stdout)
    said = {row["measure"]: row["verdict"] for row in wide["differences"] if row["corrected"]}
    assert said["militia_attacks"] == "tie"
    wanted = json.loads(crossfire("show", folder, "--tie", "count=0", "--want", "us_strikes lower", "--json").stdout)
    [strikes] = [row for row in wanted["differences"] if row["measure"] == "us_strikes"]
    assert strikes["verdict"] == "worse"
    assert "expected" in crossfire("show", folder, "--tie", "count", code=2).stderr


def test_many_variants_stand_below_each_other():
    """More variants than fit side by side become rows."""
    output = crossfire("compare", SCENARIO, "--vary", "M08=0,0.5,1,1.2,1.5,1.7,2", "--worlds", 2, "--days", 14).stdout
    assert "M08=1.7" in output


def test_results_are_shown_again_and_drawn_by_their_name(monkeypatch):
    """Both show and plot take a folder or its name in results/; a finished run is not run twice."""
    folder = Path(crossfire("compare", SCENARIO, *TWO, *SMALL).stdout.split("Results: ")[1].strip())
    again = crossfire("compare", SCENARIO, *TWO, *SMALL)
    assert "already there" in again.stderr
    assert crossfire("show", folder.name).stdout == crossfire("show", folder).stdout
    paths = crossfire("plot", folder.name).stdout.split()
    assert len(paths) == 2 * len(plots.FIGURES)
    assert all(Path(path).stat().st_size > 1000 for path in paths)


def test_figures_are_drawn_with_a_run():
    """--figures writes them beside the results and names them."""
    output = crossfire("run", SCENARIO, *SMALL, "--figures").stdout
    assert output.count("Figure: ") == 2 * (len(plots.FIGURES) - 1)  # one variant has no differences


@pytest.mark.parametrize(
    "words",
    [
        ["run", "2020-solemani"],
        ["run", SCENARIO, "--policy", "us=retraint"],
        ["run", SCENARIO, "--policy", "usa=restraint"],
        ["run", SCENARIO, "--set", "us_troops=many"],
        ["run", SCENARIO, "--theory", "chance"],
        ["run", SCENARIO, "--policy", "us=in-kind", "--set", "us=restraint"],
        ["run", SCENARIO, "--series", "some"],
        ["run", SCENARIO, "--quick", "--worlds", "7"],
        ["compare", SCENARIO],
        ["compare", SCENARIO, "--vary", "us"],
        ["compare", SCENARIO, *TWO, "--baseline", "us=nothing"],
        ["show", "nothing"],
        ["list", "nothing"],
        ["check", "nothing.yaml"],
    ],
)
def test_bad_input_ends_with_2_says_what_was_expected_and_writes_nothing(words):
    """One line for each problem on standard error, no traceback; with --json the problems as JSON."""
    result = crossfire(*words, code=2)
    assert result.stdout in ("", "1 file, 1 error, 0 warnings\n")
    assert "expected" in result.stderr or "no results here" in result.stderr
    assert "Traceback" not in result.output
    plain = json.loads(crossfire(*words, "--json", code=2).stdout)
    assert set(plain["error"][0]) == {"file", "line", "column", "expected", "got"}
    assert written() == []


@pytest.mark.parametrize(
    "words", [["run"], ["run", SCENARIO, "--worlds", "0"], ["fly"], ["run", SCENARIO, "--wrlds", "5"]]
)
def test_wrong_usage_ends_with_2(words):
    """An unknown command or option, or one out of its range, is bad input too."""
    crossfire(*words, code=2)
    assert written() == []


def test_results_that_are_no_results_are_left_alone():
    """A folder that holds something else is not written to."""
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("notes")
    crossfire("run", SCENARIO, *SMALL, "--out", "mine", "--force", code=2)
    assert written() == ["mine"]
    assert [path.name for path in Path("mine").iterdir()] == ["notes.txt"]


def test_ctrl_c_ends_with_130_keeps_what_was_run_and_says_how_to_go_on(monkeypatch):
    """What is there can be shown; the same command finishes it."""
    monkeypatch.setattr(ensemble, "UNIT_WORLDS", 4)
    whole = ensemble.run_units

    def broken(*args, **options):
        for block in whole(*args, **options):
            if block.unit.first == 4:
                raise KeyboardInterrupt
            yield block

    with monkeypatch.context() as patch:
        patch.setattr(ensemble, "run_units", broken)
        said = crossfire("run", SCENARIO, *SMALL, "--out", "mine", code=130).stderr
    assert "Interrupted: 4 of 8 worlds are kept in mine." in said
    assert "The same command goes on from there." in said
    assert "interrupted: worlds so far, of 8" in crossfire("show", "mine").stdout
    crossfire("run", SCENARIO, *SMALL, "--out", "mine")
    assert Results("mine").status == "finished"


def test_ctrl_c_elsewhere_ends_with_130_too(monkeypatch):
    """A command that writes nothing just stops."""

    def broken(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.inputs.authoring.lists.rows_of", broken)
    assert crossfire("list", "events", code=130).stderr.strip() == "Interrupted."


def test_failed_worlds_end_with_1(monkeypatch):
    """Results with failures are shown, the failures counted, and the code says so."""
    whole = ensemble.run_units

    def failing(*args, **options):
        for block in whole(*args, **options):
            yield replace(block, failed=(ensemble.Failure(3, "running", "no premier"),))

    monkeypatch.setattr(ensemble, "run_units", failing)
    output = crossfire("run", SCENARIO, *SMALL, code=1).stdout
    assert "1 failed worlds are left out" in output
    assert "world 3" in output


def test_a_story_has_pictures_where_they_are_asked_for(tmp_path):
    """--figures draws them into the folder, and the JSON names them."""
    told = json.loads(crossfire("story", SCENARIO, "--days", "14", "--figures", "--out", tmp_path, "--json").stdout)
    assert told["figures"][:2] == [str(tmp_path / "timeline.svg"), str(tmp_path / "timeline.png")]
    assert all((tmp_path / name).stat().st_size for name in ("timeline.svg", "timeline.png"))


def test_a_world_can_be_drawn_without_being_told(tmp_path):
    """--only-figures names the files and says nothing else."""
    output = crossfire("story", SCENARIO, "--days", "14", "--only-figures", "--out", tmp_path).stdout
    assert set(output.split()) - {"Figure:"} == {str(path) for path in tmp_path.iterdir()}


def test_a_story_is_told_with_head_dates_sources_and_end():
    """Sources can be left out; JSON has them apart."""
    words = ["story", SCENARIO, "--world", "3", "--days", "60"]
    output = crossfire(*words).stdout
    assert "After the strike at Baghdad airport" in output
    assert "3 January 2020" in output
    assert "[scenario: strike-at-the-airport]" in " ".join(output.split())
    assert "[scenario" not in crossfire(*words, "--no-sources").stdout
    plain = json.loads(crossfire(*words, "--json").stdout)
    assert plain["world"] == 3
    assert len(json.loads(crossfire(*words, "--all", "--json").stdout)["sentences"]) > len(plain["sentences"])


@pytest.mark.parametrize("what", LISTS)
def test_everything_can_be_listed(what):
    """Every list has rows, each with a name, as a table and as JSON."""
    assert len(crossfire("list", what).stdout.splitlines()) > 3
    rows = json.loads(crossfire("list", what, "--json").stdout)[what]
    assert all(row["name"] for row in rows)


def test_all_shipped_files_are_in_order():
    """Without files, check looks at every shipped one."""
    plain = json.loads(crossfire("check", "--json").stdout)
    assert plain["files"] > 20
    assert plain["error"] == []


def test_a_rule_that_never_acts_is_a_warning_and_with_strict_code_1():
    """A policy that reads well but makes no sense is told so."""
    Path("idle.yaml").write_text(
        "policy: idle\nactor: us\npurpose: to test\n"
        "rules:\n  - {name: never, when: attribution > 2, do: hold, claim: M06}\n"
    )
    assert "warning: idle.yaml:5" in crossfire("check", "idle.yaml").stderr
    crossfire("check", "idle.yaml", "--strict", code=1)


def test_a_sample_warns_of_rules_that_never_act():
    """With --sample, in the reference scenario; without, nothing is run."""
    Path("idle.yaml").write_text(
        "policy: idle\nactor: us\npurpose: to test\n"
        "rules:\n  - {name: waits, when: us_killed_1d >= 9000, do: suspend, claim: M23}\n"
    )
    assert crossfire("check", "idle.yaml", "--strict").stderr == ""
    told = crossfire("check", "idle.yaml", "--sample", "1", "--strict", code=1).stderr
    assert "warning: idle.yaml:5:5: rules.waits: expected a rule that acts now and then" in told


def test_lists_come_as_pages_too():
    """Tables in Markdown, of one list or of all that YAML can name."""
    assert crossfire("list", "mechanisms", "--markdown").stdout.startswith("| name | meaning | readings |")
    assert crossfire("list", "all", "--markdown").stdout.startswith("# Reference")
    assert set(json.loads(crossfire("list", "all", "--json").stdout)) >= {"perceptions", "actions", "measures"}


def test_a_broken_file_is_told_with_line_and_column():
    """An error names file, line and column, and ends with 2."""
    Path("broken.yaml").write_text("policy: broken\nactor: us\npurpose: to test\nrules:\n  - {name: a, do: fly}\n")
    assert crossfire("check", "broken.yaml", code=2).stderr.startswith("broken.yaml:5:")


def test_help_has_examples_for_every_command():
    """Each command's help ends with commands to copy."""
    for command in ("run", "compare", "show", "plot", "story", "list", "check", "describe", "diff", "new", "schema",
                    "compile", "bench"):  # fmt: skip
        assert f"crossfire {command}" in crossfire(command, "--help").stdout


def test_help_and_lists_load_nothing_heavy():
    """Help must come at once: neither the compiler nor tables nor figures are loaded for it."""
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom sim.cli import app\n"
        "for words in (['--help'], ['list', 'policies'], ['check']):\n"
        "    assert CliRunner().invoke(app, words).exit_code == 0\n"
        "heavy = {'numba', 'pandas', 'pyarrow', 'matplotlib', 'scipy', 'mesa'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    root = Path(cli.__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_help_loads_no_library_but_the_one_that_writes_it():
    """What all commands import, each of them waits for: numbers, forms and tables come with the one that needs them."""
    code = (
        "import sys\nimport sim.cli.commands\n"
        "heavy = {'numpy', 'pyarrow', 'pydantic', 'yaml', 'numba', 'rich.table', 'sim.results'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(cli.__file__).parent.parent.parent, check=True)


def test_a_comparison_loads_neither_pandas_nor_the_heavy_parts_of_scipy(tmp_path):
    """They take longer to load than a short run takes: tables are written and summed up without them."""
    words = ["compare", SCENARIO, *TWO, "--worlds", "40", "--days", "14", "--out", str(tmp_path / "out")]
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom sim.cli import app\n"
        f"assert CliRunner().invoke(app, {words!r}).exit_code == 0\n"
        "heavy = {'pandas', 'scipy.linalg', 'scipy.special', 'pyarrow.compute', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(cli.__file__).parent.parent.parent, check=True)


def test_bench_measures_speed_and_floor():
    """The JSON has the figures that are asked for in every report of speed."""
    words = [sys.executable, "-m", "sim.cli", "bench", "--quick", "--json"]
    root = Path(cli.__file__).parent.parent.parent
    plain = json.loads(subprocess.run(words, cwd=root, check=True, capture_output=True, text=True).stdout)
    assert plain["worlds_per_second_1"] > 0
    assert plain["worlds_per_second_2"] > 0
    assert plain["floor_worlds_per_second_1"] > plain["worlds_per_second_1"]
    assert plain["record_bytes"] > 0
    assert len(plain["unit_costs_ns"]) > 8
    assert plain["quick"] is True
    assert not plain["absent"]
    told = plain["figures"]
    assert told["model_against_plain_mesa"]["median"] > 1
    assert 0 < told["model_share_of_floor"]["median"] < 1
    for name in ("two_threads_against_one", "help", "first_world", "edit_to_answer", "memory_few", "memory_many"):
        assert 0 < told[name]["least"] <= told[name]["median"] <= told[name]["most"]
    assert "compiling" not in told


def test_the_version_is_said():
    """--version names the program."""
    assert crossfire("--version").stdout.startswith("crossfire ")


def test_rules_are_not_loaded_for_a_file_that_is_wrong(monkeypatch):
    """What is wrong is told at once, not after minutes of compiling."""
    monkeypatch.setattr(check, "load_rules", lambda: pytest.fail("loaded"))
    Path("mine.yaml").write_text("policy: mine\nactor: us\n", encoding="utf-8")
    assert "purpose" in crossfire("check", "mine.yaml", "--sample", 5, code=2).stderr


def test_compiling_is_told_once_where_nobody_watches(capsys):
    """A log is not filled with shares; where nothing is compiled, nothing is said."""
    with telling_of_compilation():
        for share, words in ((0.0, "compiling"), (0.1, "10%"), (0.5, "50%"), (0.0, "compiling"), (1.0, "done")):
            kernels._say(share, words)
    kernels._say(0.0, "to nobody")
    assert capsys.readouterr().err == "compiling\n"
