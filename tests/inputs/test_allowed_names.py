"""What may be called how: the same bounds wherever a name, a title or a text is given; and what passes can be run."""

import json
import re
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim import cli
from sim.errors import InputError, Rejected
from sim.experiments.sweep_reader import read_sweep
from sim.experiments.variants import Variant
from sim.inputs.allowed_names import LONGEST_NAME, LONGEST_TITLE, as_name, as_title, name_fault, text_fault, title_fault
from sim.inputs.arguments import folder_of
from sim.inputs.claims import PredictionTest
from sim.inputs.policies.policy import read_policy
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario, read_scenario
from sim.inputs.settings import override, with_events
from sim.inputs.theory import load_theory
from sim.inputs.yaml.files import home
from sim.inputs.yaml.text import parse
from sim.plots.one_story import house_at_vote
from sim.running.one_world import OneWorld

NAMES = [
    "Ain al-Asad",
    "K-1",
    "2020-soleimani",
    "us_troops",
    "St. John's (old)",
    "عين الأسد",
    "伊拉克",
    "a.b",
    "é",
    "_x",
]
NO_NAMES = [
    "", " ", "\t", "\u00a0", "a:b", "a=b", "a,b", " a", "a ", "a\nb", "a\0b", "\x1b[31m", "a\x85", "\u202ea",
    "a\u200fb", "\u2028", "\u3164", "\u115f", "\u2800", "$x^{", "a/b", "a\\b",
    "[red]", "<b>", "a|b", "a*", "..", "-a", ".a", "()",
    "x" * (LONGEST_NAME + 1), "a\u200bb", "\ufeffa", "\ud800",
]  # fmt: skip
TITLES = [
    "$100 and $\\frac{", "[red] a: b = c, d", "<script>alert(1)</script>", "伊拉克 العراق \U0001f40d", "می\u200cخواهم",
    "-", "?",
    "x" * LONGEST_TITLE, "%s {0} `id`",
]  # fmt: skip
NO_TITLES = [
    "", " ", "\t\n", "\u00a0\u2003", "\u200b", "\u3164\u2800", "a\nb", "a\tb", "a\0b", "\x1b[31ma", "a\x9b", "\u202ea",
    "a\u2066b", "a\u2028b", "a\u200fb", "x" * (LONGEST_TITLE + 1),
]  # fmt: skip
NO_TEXTS = ["", "  \n\t", "\u200b", "a\0b", "a\x1bb", "a\x85"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_writing_is_possible(name: str) -> None:
    """Letters and digits of all scripts, blanks inside, a few signs."""
    assert as_name(name) == name


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_would_part_an_address_or_act_or_not_be_seen_is_no_name(name: str) -> None:
    """Signs of notations, control characters, marks of direction, letters that do not show, blanks at the ends."""
    with pytest.raises(Rejected, match="expected a name"):
        as_name(name)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_may_hold_whatever_can_be_read(title: str) -> None:
    """Dollars, brackets, HTML, other alphabets, with the joiners that these need."""
    assert as_title(title) == title


@pytest.mark.parametrize("title", NO_TITLES)
def test_a_blank_title_is_none_nor_is_one_with_control_characters(title: str) -> None:
    """It is one line in which all is seen."""
    with pytest.raises(Rejected, match="expected a title"):
        as_title(title)


@pytest.mark.parametrize("text", NO_TEXTS)
def test_a_text_is_not_blank_and_has_no_control_characters(text: str) -> None:
    """Line ends and tabs are let through, where there is something to read besides."""
    assert text_fault(text)
    assert not text_fault("one\n\ttwo")


@given(st.text(max_size=12))
def test_a_possible_name_is_a_possible_title_and_survives_every_notation(text: str) -> None:
    """As a word of ``site:NAME:trait``, of a list with commas, as a line, stripped."""
    if name_fault(text):
        return
    assert not title_fault(text)
    assert f"site:{text}:protection".split(":") == ["site", text, "protection"]
    assert f"{text},{text}".split(",") == [text, text]
    assert f"{text}={text}".partition("=")[0] == text.strip()
    assert text.splitlines() == [text]


# Every place where one is given ----------------------------------------------------------------------------------

SCENARIO: dict[str, Any] = {
    "scenario": "mine", "extends": "2021-quiet", "title": "T", "purpose": "P", "days": 3,
    "events": {"first": {"day": 1, "do": "attack", "told": "Told"}},
}  # fmt: skip
RULE = {"name": "a", "do": "hold", "claim": "judgement: C"}
POLICY: dict[str, Any] = {"policy": "mine", "actor": "us", "purpose": "P", "rules": [RULE]}
THEORY: dict[str, Any] = {"theory": "mine", "purpose": "P"}
SWEEP: dict[str, Any] = {"sweep": "mine", "title": "T", "purpose": "P", "scenario": "2021-quiet", "worlds": 2}
GROUND, HOUSE = "configs/geography.yaml", "configs/parliaments/2018-regrouped.yaml"


def _scenario_called(word: str) -> dict[str, Any]:
    return SCENARIO | {"scenario": word}


#: Plain values of a file in which a word stands as a name.
NAMED: dict[str, Callable[[str], Any]] = {
    "scenario": _scenario_called,
    "event": lambda word: SCENARIO | {"events": {word: SCENARIO["events"]["first"]}},
    "policy": lambda word: POLICY | {"policy": word},
    "rule": lambda word: POLICY | {"rules": [RULE | {"name": word}]},
    "threshold": lambda word: POLICY | {"thresholds": {word: 0.5}},
    "theory": lambda word: THEORY | {"theory": word},
    "theories": lambda word: SCENARIO | {"theories": {word: 1, "proxies": 1}},
    "theory of a scenario": lambda word: SCENARIO | {"theory": word},
    "house": lambda word: SCENARIO | {"house": word},
    "us policy": lambda word: SCENARIO | {"policies": {"us": word}},
    "faction": lambda word: SCENARIO | {"factions": {word: {"appetite": 0.1}}},
    "parameter": lambda word: SCENARIO | {"parameters": {word: 1}},
    "sweep": lambda word: SWEEP | {"sweep": word},
    "axis": lambda word: SWEEP | {"vary": [{"grid": {word: [1, 2]}}]},
    "value of an axis": lambda word: SWEEP | {"vary": [{"grid": {"us": [word, "restraint"]}}]},
}
#: ... as a title, and as a text.
TITLED: dict[str, Callable[[str], Any]] = {
    "scenario": lambda word: SCENARIO | {"title": word}, "sweep": lambda word: SWEEP | {"title": word},
}  # fmt: skip
SAID: dict[str, Callable[[str], Any]] = {
    "scenario": lambda word: SCENARIO | {"purpose": word},
    "told": lambda word: SCENARIO | {"events": {"first": SCENARIO["events"]["first"] | {"told": word}}},
    "policy": lambda word: POLICY | {"purpose": word}, "theory": lambda word: THEORY | {"purpose": word},
    "sweep": lambda word: SWEEP | {"purpose": word},
}  # fmt: skip
CASES = [
    *((NAMED, place, NO_NAMES) for place in NAMED), *((TITLED, place, NO_TITLES) for place in TITLED),
    *((SAID, place, NO_TEXTS) for place in SAID),
]  # fmt: skip


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home of one's own, a copy of the shipped files that a test may change; be in a folder beside it."""
    for folder in ("configs", "scenarios"):
        shutil.copytree(home() / folder, tmp_path / "home" / folder)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("CROSSFIRE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _written(path: Path, values: Any) -> None:
    path.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=False, width=10_000), encoding="utf-8")


def _refused(path: Path) -> list[str]:
    """Return the errors of ``check``, each of which says where, what was expected and what came."""
    result = CliRunner().invoke(cli.app, ["check", str(path)])
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2, result.output
    told = result.stderr.splitlines()
    assert told
    assert all(re.match(r".+\.yaml:\d+:\d+: .*expected .+, got .+", line) for line in told), told
    return told


@pytest.mark.parametrize(("kind", "place", "words"), CASES, ids=lambda one: one if isinstance(one, str) else "")
def test_what_nothing_can_be_called_is_refused_wherever_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: dict[str, Callable[[str], Any]], place: str, words: list[str]
) -> None:
    """In a name, a title or a text, as a key or a value of any file: code 2, with line and column."""
    monkeypatch.chdir(tmp_path)
    for word in words:
        text = json.dumps(kind[place](word))  # JSON is YAML, and can escape any letter
        Path("mine.yaml").write_text(text, encoding="utf-8")
        _refused(Path("mine.yaml"))


@pytest.mark.parametrize(("file", "table", "old"), [(GROUND, "sites", "K-1"), (HOUSE, "blocs", "fatah")])
def test_sites_and_blocs_are_called_by_names(ours: Path, file: str, table: str, old: str) -> None:
    """A colon parts the addresses of their traits; the error stands at the name."""
    values = yaml.safe_load((ours / file).read_text(encoding="utf-8"))
    for word in ("", " ", "a:b", "a=b", "a,b", " a", "a\nb", "a\0b", "\u202ea", "$x^{", "x" * 200):
        changed = values | {table: {word if key == old else key: one for key, one in values[table].items()}}
        _written(ours / file, changed)
        line = next(k for k, one in enumerate((ours / file).read_text().splitlines(), 1) if one == f"{table}:")
        [told] = _refused(ours / file)
        at = int(told.split(":")[1])
        assert at > line, told
    for word in NAMES:
        _written(
            ours / file, values | {table: {word if key == old else key: one for key, one in values[table].items()}}
        )
        assert CliRunner().invoke(cli.app, ["check", str(ours / file)]).exit_code == 0, word


@pytest.mark.parametrize(
    ("file", "where"),
    [
        *((GROUND, ("places", "Basra", key)) for key in ("label", "capital", "source", "note")),
        *((GROUND, ("sites", "K-1", key)) for key in ("label", "kind", "source", "note")),
        *((HOUSE, ("blocs", "fatah", key)) for key in ("label", "camp", "source", "note")), (HOUSE, ("note",)),
        ("configs/coalition.yaml", ("Italy", "label")), ("configs/factions.yaml", ("badr", "note")),
        ("configs/parameters.yaml", ("branching", "unit")), ("configs/parameters.yaml", ("branching", "meaning")),
        ("configs/claims.yaml", ("M01", "title")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("wrong", [5, [], "a\x07b"])
def test_what_is_said_of_an_entry_is_text(ours: Path, file: str, where: tuple[str, ...], wrong: Any) -> None:
    """A label, a capital, a camp, a source: a number, a list or a control character is none."""
    values = yaml.safe_load((ours / file).read_text(encoding="utf-8"))
    at = values
    for step in where[:-1]:
        at = at[step]
    at[where[-1]] = wrong
    _written(ours / file, values)
    [told] = _refused(ours / file)
    assert where[-1] in told


def test_a_bloc_without_a_label_goes_by_its_name(ours: Path) -> None:
    """A label is said where it differs from the name; without one, everything still works."""
    values = yaml.safe_load((ours / HOUSE).read_text(encoding="utf-8"))
    for bloc in values["blocs"].values():
        bloc.pop("label")
    _written(ours / HOUSE, values)
    variant = Variant("v", resolve(override(load_scenario("2020-motion"), "days=20")))
    house = house_at_vote(variant, 0, 1, OneWorld(variant, 0).run_to().events())
    assert house is not None
    assert {bloc.name for bloc in house.blocs} <= set(values["blocs"])


# From Python -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["", " ", "a:b", "a\nb", "\u202ea", "$x^{"])
def test_from_python_the_same_names_are_refused(word: str) -> None:
    """Values built in Python go through the same forms as those of a file."""
    readers = {"scenario": read_scenario, "policy": read_policy, "sweep": read_sweep}
    for place, reader in readers.items():
        with pytest.raises(InputError, match="expected"):
            reader(parse(json.dumps(NAMED[place](word))))
    with pytest.raises(InputError, match="expected a name"):
        with_events(load_scenario("2021-quiet"), {word: {"day": 1, "do": "motion"}}, "events")
    with pytest.raises(ValueError, match="a name"):
        PredictionTest.model_validate({"path": "p", "days": 3, "arms": {word: {"scenario": "x"}}, "parts": []})
    with pytest.raises((Rejected, InputError)):
        load_theory(word)


@pytest.mark.parametrize("word", ["", " ", "a\nb", "a\0b", "a\tb"])
def test_folders_and_labels_are_names_to_read(word: str) -> None:
    """A run is not begun in a folder, nor under a label, that cannot be told."""
    with pytest.raises(InputError, match=r"--out:1:1: expected .*folder"):
        folder_of(word)
    with pytest.raises(InputError, match="--out"):
        sim.run("2021-quiet", worlds=1, days=1, out=word)
    with pytest.raises(Rejected, match="a title"):
        Variant(word, resolve(load_scenario("2021-quiet")))
    assert folder_of("a b$x") == Path("a b$x")


# What passes can be run --------------------------------------------------------------------------------------------

#: Letters of notations, of other scripts, of Markdown, HTML, TeX, YAML, and those that act.
LETTERS = (
    "aZ09 :=,.-_'\"$\\^{}[]<>&|*`#%@!?()+/~;éع伊\u0301\u200d\u200f\u202e\u00a0\u2028\u3164\x00\x1b\n\t\x85\U0001f40d"
)
WORDS = st.text(st.sampled_from(LETTERS), max_size=8) | st.text(max_size=6)


@pytest.mark.slow
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.data())
def test_what_passes_the_check_can_be_run(ours: Path, data: st.DataObject) -> None:
    """Words at random as names, titles and texts of several files: refused with code 2, or two worlds of 3 days."""
    often = st.sampled_from(["plain", "plain", "odd"])

    def word(usual: str) -> str:
        one = data.draw(WORDS) if data.draw(often) == "odd" else usual
        return "".join(letter for letter in one if unicodedata.category(letter) != "Cs")

    shipped = {file: yaml.safe_load((ours / file).read_text(encoding="utf-8")) for file in (GROUND, HOUSE)}
    changed = json.loads(json.dumps(shipped))
    for file, table, old, fact in ((GROUND, "sites", "K-1", "kind"), (HOUSE, "blocs", "fatah", "camp")):
        changed[file][table][old] |= {"label": word("L"), fact: word("F"), "note": word("N")}
        name = word(old)
        changed[file][table] = {name if key == old else key: one for key, one in changed[file][table].items()}
    events = {word("first"): {"day": 1, "do": "attack", "told": word("Told.")}}
    scenario = SCENARIO | {"title": word("T"), "purpose": word("P"), "events": events}
    scenario |= {"extends": "2020-motion"}
    try:
        for file, values in changed.items():
            (ours / file).write_text(json.dumps(values), encoding="utf-8")
        Path("mine.yaml").write_text(json.dumps(scenario), encoding="utf-8")
        checks = [CliRunner().invoke(cli.app, ["check", str(one)])
                  for one in (ours / GROUND, ours / HOUSE, Path("mine.yaml"))]  # fmt: skip
        assert all(isinstance(one.exception, SystemExit | None) and one.exit_code in (0, 1, 2) for one in checks)
        if all(one.exit_code < 2 for one in checks):
            shutil.rmtree("out", ignore_errors=True)
            for words in (["run", "mine.yaml", "--worlds", "2", "--days", "3", "--out", "out"],
                          ["report", "out", "--format", "md"], ["story", "out", "--world", "0"]):  # fmt: skip
                result = CliRunner().invoke(cli.app, words)
                assert result.exit_code == 0, (words, result.output, result.exception)
    finally:
        for file, values in shipped.items():
            _written(ours / file, values)
