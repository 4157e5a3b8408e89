"""What ``import sim`` offers: each name loads, shows itself in a few lines, and refuses in the command line's words."""

import ast
import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.errors import CrossfireError, InputError

NAMES = [name for name in sim.__all__ if not name.startswith("_")]
ROOT = Path(__file__).parents[1]
MOST_LINES = 9


@pytest.fixture(autouse=True)
def _somewhere_empty(tmp_path, monkeypatch):
    """Results of examples go into a folder of their own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Return a small comparison."""
    out = tmp_path_factory.mktemp("two") / "two"
    return sim.compare("2021-quiet", vary={"us": ["restraint", "in-kind"]}, worlds=20, days=30, out=out)


def ran(*words):
    """Return what a command prints on standard output and on standard error."""
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "120"})
    return done.stdout, done.stderr


def tried(examples, names):
    """Return how many examples there are in a docstring, once all are found to come to what they say."""
    runner = doctest.DocTestRunner(verbose=False)
    told = []
    for one in examples:
        one.globs = dict(names)
        runner.run(one, out=told.append)
    assert not runner.failures, "".join(told)
    return runner.tries


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_public_name_come_to_what_they_say(name):
    """Each name has one at least; they are run as they stand in its docstring."""
    public = getattr(sim, name)
    found = doctest.DocTestFinder(recurse=False).find(public, name, module=False)
    assert tried(found, {}) > 0


def test_the_example_of_the_package_comes_to_what_it_says():
    """The first thing that anybody reads."""
    assert tried(doctest.DocTestFinder(recurse=False).find(sim), {}) > 0


def test_the_page_on_python_says_what_happens():
    """All code of ``docs/python.md``, from top to bottom; what a line is said to be is what it is."""
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    said = 0
    for block in re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL):
        exec(compile(block, "docs/python.md", "exec"), names)
        for line in block.splitlines():
            code, arrow, value = line.partition("  # -> ")
            if arrow:
                assert str(eval(code, names)) == value, code
                said += 1
    assert said >= 5


def test_public_names_are_listed_before_they_are_loaded():
    """``dir`` of a fresh interpreter shows them, and importing the package loads nothing else of it."""
    script = (
        "import sys, sim; loaded = [m for m in sys.modules if m.startswith('sim.')];"
        "heavy = [m for m in ('numpy', 'yaml', 'pydantic') if m in sys.modules];"
        "print(sorted(set(sim.__all__) - set(dir(sim))), loaded, heavy)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.split("\n")[0] == "[] [] []"


def test_types_are_those_that_are_loaded():
    """What a type checker reads under ``TYPE_CHECKING`` is what comes when a name is used; the package says so."""
    tree = ast.parse(Path(sim.__file__).read_text(encoding="utf-8"))
    [typed] = [node for node in tree.body if isinstance(node, ast.If)]
    read = {alias.name: node.module for node in typed.body for alias in node.names}
    assert read == sim._PLACES
    assert sorted(read) == sorted(NAMES)
    assert (Path(sim.__file__).parent / "py.typed").exists()


def test_a_name_that_is_none_is_told():
    """As of any module."""
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'run_sweeps'"):
        _ = sim.run_sweeps


def test_results_are_of_the_class_that_opens_them(two):
    """By folder as path or text, or by its manifest."""
    assert isinstance(two, sim.Results)
    for named in (two.folder, str(two.folder), two.folder / "manifest.json"):
        again = sim.Results(named)
        assert again == two
        assert type(again) is sim.Results


def many(n):
    """Return results of ``n`` variants, as far as a manifest goes."""
    variants = [{"label": f"2021-quiet us_troops={k}", "inputs": None} for k in range(n)]
    manifest = {"status": "finished", "worlds": 1000, "seed": 1, "variants": variants, "parts": [], "failures": []}
    return sim.Results("results/many", manifest)


def test_each_object_shows_itself_in_a_few_lines(two):
    """Results and comparisons of 500 variants too; nothing is worked out for it, and no line is a page."""
    told = sim.story("2021-quiet", world=3, days=30)
    sweep = sim.Sweep.load("policies-by-theories")
    objects = [
        two, two.comparison(), many(500), many(500).comparison(), many(1), many(1).comparison(), told, sweep,
        sweep.variants[0], sim.Scenario.load("2020-soleimani"), sim.Policy.load("us/restraint"),
        sim.Theory.load("proxies"), sim.Engine(threads=1), sim.Request.of("2021-quiet", worlds=5),
    ]  # fmt: skip
    for one in objects:
        shown = repr(one)
        assert type(one).__name__ in shown
        assert len(shown.splitlines()) <= MOST_LINES
        assert len(shown) < 500, shown
    assert "and 497 more" in repr(many(500))


def test_a_model_shows_itself_in_a_line():
    """With its scenario, its world, and the day that comes next."""
    model = sim.IraqModel("2021-quiet", world=3, days=30, compiled=True)
    model.step()
    assert repr(model) == "<IraqModel '2021-quiet': world 3, seed 1, day 1 of 30>"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sim.run("nope"), ("run", "nope")),
        (lambda: sim.run("2021-quiet", worlds=5, theory="nope"), ("run", "2021-quiet", "--theory", "nope")),
        (lambda: sim.run("2021-quiet", series="x"), ("run", "2021-quiet", "--series", "x")),
        (lambda: sim.compare("2021-quiet"), ("compare", "2021-quiet")),
        (lambda: sim.compare("2021-quiet", vary=["us"]), ("compare", "2021-quiet", "--vary", "us")),
        (lambda: sim.sweep("nope"), ("sweep", "nope")),
        (lambda: sim.Sweep.load("nope"), ("sweep", "nope")),
        (lambda: sim.Scenario.load("nope"), ("story", "nope")),
        (lambda: sim.story("2021-quiet", settings={"x": 1}), ("story", "2021-quiet", "--set", "x=1")),
        (lambda: sim.story("2021-quiet", variant="x"), ("story", "2021-quiet", "--variant", "x")),
        (lambda: sim.Results("nowhere").outcomes, ("show", "nowhere")),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_the_words_of_the_command(call, words):
    """An exception of Crossfire's own, whose text is what the command says."""
    with pytest.raises(CrossfireError) as wrong:
        call()
    assert str(wrong.value) == ran(*words)[1].strip()


def test_a_story_is_what_the_command_prints():
    """Line by line, but for blanks at their ends."""
    told = sim.story("2021-quiet", world=3, policies={"us": "in-kind"}, days=60)
    printed, _ = ran("story", "2021-quiet", "--world", "3", "--policy", "us=in-kind", "--days", "60")
    assert str(told).splitlines() == [line.rstrip() for line in printed.splitlines()]
    assert len(str(told).splitlines()) > 5


def test_a_world_of_results_is_told_as_it_was_run(two):
    """By enough words of its variant; settings would change it, and a world beyond is none."""
    assert str(sim.story(two, 7, variant="in-kind")) == str(
        sim.story("2021-quiet", 7, policies={"us": "in-kind"}, days=30)
    ).replace("2021-quiet us=in-kind days=30", "2021-quiet days=30 us=in-kind")
    with pytest.raises(InputError, match="expected a world from 0 to 19, got 20"):
        sim.story(two, 20)
    with pytest.raises(InputError, match=r"--days.*no option that changes a world of results"):
        sim.story(two, 7, days=10)


def test_check_returns_the_lines_of_the_command(tmp_path):
    """Nothing of a file that is in order; warnings are told apart from errors."""
    assert sim.check("2021-quiet", "us/restraint") == [] or sim.check("2021-quiet") == []
    (tmp_path / "late.yaml").write_text(
        "scenario: late\ntitle: Late\npurpose: To see what is said.\nextends: 2021-quiet\ndays: 5\n"
        "events: {raid: {day: 7, do: attack, with: {}}}\n"
    )
    (tmp_path / "wrong.yaml").write_text("scenario: wrong\ntitle: 7\n")
    for name in ("late.yaml", "wrong.yaml"):
        problems = sim.check(tmp_path / name)
        lines = ran("check", str(tmp_path / name))[1].splitlines()
        assert [str(one) for one in problems] == lines
        assert lines
        assert all(one.is_warning == str(one).startswith("warning: ") for one in problems)


def test_options_and_keywords_are_one_request():
    """Maps and sequences of Python come to what is typed."""
    typed = sim.Request.of("2021-quiet", policies=["us=restraint"], settings=["M08=0.5"], vary=["iran=calibrated"])
    keywords = {"policies": {"us": "restraint"}, "settings": {"M08": 0.5}, "vary": {"iran": ["calibrated"]}}
    assert sim.Request.of("2021-quiet", **keywords) == typed


def test_what_was_loaded_can_be_run(tmp_path):
    """A scenario of the current folder by its path, a shipped one by its name, a sweep as it is."""
    mine = "scenario: mine\ntitle: Mine\npurpose: To be run.\nextends: 2021-quiet\ndays: 20\n"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "mine.yaml").write_text(mine)
    loaded = sim.Scenario.load(tmp_path / "sub" / "mine.yaml")
    assert sim.Request.of(loaded).scenarios == (str(tmp_path / "sub" / "mine.yaml"),)
    assert sim.Request.of(sim.Scenario.load("2021-quiet")).scenarios == ("2021-quiet",)
    assert sim.run(loaded, worlds=4).variants == ["mine"]
    (tmp_path / "few.yaml").write_text(
        "sweep: few\ntitle: Few\npurpose: To be run.\nscenario: 2021-quiet\ndays: 10\nworlds: 4\n"
        "vary: [{grid: {us: [restraint, in-kind]}}]\n"
    )
    sweep = sim.Sweep.load("few")
    assert sim.sweep(sweep, worlds=3).variants == [one.label for one in sweep.variants]


def test_public_methods_say_what_they_return():
    """Every method and property of a public class that has no underscore has a docstring of its own."""
    for name in NAMES:
        public = getattr(sim, name)
        if inspect.isclass(public) and name != "IraqModel":
            own = {k: v for k, v in vars(public).items() if not k.startswith("_")}
            bare = [k for k, v in own.items() if (callable(v) or isinstance(v, property)) and not inspect.getdoc(v)]
            assert bare == [], name
