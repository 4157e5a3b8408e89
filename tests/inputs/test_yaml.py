"""YAML is read strictly, remembers where everything stands, and never surprises."""

import datetime
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from sim.errors import InputError, Problem
from sim.inputs.policies.policy import load_policy_file
from sim.inputs.yaml.document import Document
from sim.inputs.yaml.extends import merge
from sim.inputs.yaml.files import find, home, names_of
from sim.inputs.yaml.forms import STRICT, validate
from sim.inputs.yaml.text import parse, read

BROKEN = Path(__file__).parent.parent / "broken"

#: Every broken file: line, column, and words of the one-line error.
FAULTS = {
    "mistyped-key": (8, 5, "got 'cooldwn'; did you mean 'cooldown'?"),
    "wrong-level": (10, 1, "cooldown: expected a known key"),
    "wrong-type": (8, 15, "expected a whole number, got 'a week'"),
    "duplicate-key": (8, 5, "each key once ('do' stands in line 7)"),
    "alias-bomb": (4, 13, "the anchor '&a'"),
    "no-for-a-name": (7, 9, "expected true, false, or text in quotes, got no; for text write 'no'"),
    "minutes": (8, 15, "expected text in quotes or a number, got 12:30"),
    "octal": (8, 15, "expected text in quotes or a number, got 010"),
    "unknown-perception": (6, 33, "got 'atribution'; did you mean 'attribution'?"),
    "quoted-condition": (6, 34, "got 'atribution'; did you mean 'attribution'?"),
    "unknown-action": (7, 9, "got 'strikes'; did you mean 'strike'?"),
    "action-of-another": (7, 9, "got 'missiles'; 'missiles' is an action of 'iran'"),
    "unknown-option": (8, 12, "got 'wieght'; did you mean 'weight'?"),
    "unknown-choice": (8, 20, "got 'hevy'; did you mean 'heavy'?"),
    "probability-above-one": (8, 18, "expected a number of at most 1, got 1.5"),
    "cooldown-below-zero": (8, 15, "expected a number of at least 0, got -1"),
    "unknown-claim": (8, 12, "got 'M99'"),
    "circle-one": (4, 10, "got a circle through 'circle-one'"),
    "circle-two": (4, 10, "got a circle through 'circle-two'"),
    "outside": (4, 10, "give a name without folders"),
    "two-documents": (8, 1, "expected one document"),
    "tag": (4, 13, "got the tag"),
    "dates-reversed": (9, 12, "expected a date from 2020-02-01 on"),
    "no-such-date": (8, 12, "expected a date of the calendar"),
    "tab": (8, 1, "indent with spaces"),
    "empty": (1, 1, "got an empty file"),
    "binary": (2, 8, "expected text in UTF-8"),
    "missing-key": (5, 5, "expected the key 'do', got nothing"),
    "threshold-taken": (4, 14, "expected a new name"),
}
#: A circle is noticed where it closes, in the other file.
NOTICED_IN = {"circle-one": "circle-two", "circle-two": "circle-one"}


class Pond(BaseModel):
    """A small form to check against."""

    model_config = STRICT
    name: str
    depth: float
    frogs: int = 0
    dry: bool = False


def only_problem(text: str) -> Problem:
    """Return the one problem of a text, raised or noted."""
    try:
        problems = parse(text).problems
    except InputError as error:
        problems = error.problems
    assert len(problems) == 1
    return problems[0]


def test_every_broken_file_is_listed() -> None:
    """No file among the broken ones goes untested; sweeps are tried in ``test_sweep.py``."""
    assert {path.stem for path in BROKEN.glob("*.yaml") if not path.stem.startswith("sweep-")} == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_file_gives_one_line_at_the_fault_within_a_second(name: str) -> None:
    """Each kind of fault is answered with one line that names file, line, column, and what was expected."""
    line, column, words = FAULTS[name]
    begun = time.perf_counter()
    with pytest.raises(InputError) as caught:
        load_policy_file(BROKEN / f"{name}.yaml")
    assert time.perf_counter() - begun < 1
    (said,) = str(caught.value).splitlines()
    assert f"broken/{NOTICED_IN.get(name, name)}.yaml:{line}:{column}: " in said
    assert words in said


def test_all_faults_of_a_file_are_told_at_once() -> None:
    """Three faults of one form make three problems, in the order of the file."""
    with pytest.raises(InputError) as caught:
        validate(parse("name: 3\ndepht: 2.0\nfrogs: true\n", "pond.yaml"), Pond)
    assert [(p.line, p.column) for p in caught.value.problems] == [(1, 1), (1, 7), (2, 1), (3, 8)]


@pytest.mark.parametrize("style", [">-", "|", ""])
def test_a_word_at_fault_in_a_folded_condition_is_pointed_at(style: str, tmp_path: Path) -> None:
    """Line and column are those of the word, not of the whole text."""
    text = f"policy: a\nactor: us\npurpose: x\nrules:\n  - name: a\n    do: hold\n    when: {style}\n"
    (tmp_path / "a.yaml").write_text(
        text + "      attribution > 0.5\n      and us_kiled_7d >= 1\n\n      and sur > 1\n"
    )
    with pytest.raises(InputError) as caught:
        load_policy_file(tmp_path / "a.yaml")
    assert [(p.line, p.column) for p in caught.value.problems] == [(9, 11), (11, 11)]


def test_a_truth_is_no_number() -> None:
    """Where a number is wanted, true is refused; a whole number will do for any number."""
    assert validate(parse("name: a\ndepth: 2"), Pond).depth == 2.0
    with pytest.raises(InputError, match="expected a number, got true"):
        validate(parse("name: a\ndepth: true"), Pond)


def test_errors_come_as_plain_values_too() -> None:
    """An InputError as JSON holds file, line, column, expected and got."""
    with pytest.raises(InputError) as caught:
        parse("a: *b", "x.yaml")
    assert caught.value.json() == {
        "error": [
            {"file": "x.yaml", "line": 1, "column": 4, "expected": "a value written out", "got": "the alias '*b'"}
        ]
    }


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    """What would unfold to a billion values is refused before anything is built."""
    bomb = "a: &a [x]\n" + "".join(f"b{k}: &b{k} [*a, *a]\n" for k in range(30))
    assert only_problem(bomb).got == "the anchor '&a'"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_bomb_of_depth_is_refused_in_time(opening: str) -> None:
    """A hundred thousand levels end at level 51, in less than a second."""
    begun = time.perf_counter()
    assert only_problem(opening * 100_000).expected == "at most 50 levels"
    assert time.perf_counter() - begun < 1


def test_a_large_file_is_refused_by_size_before_it_is_read(tmp_path: Path) -> None:
    """Fifty megabytes are refused at once."""
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(50_000_000)
    begun = time.perf_counter()
    with pytest.raises(InputError, match=r"a file of at most 1 MB, got 50\.0 MB"):
        read(large)
    assert time.perf_counter() - begun < 0.5


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """A missing file, and a folder in its place, are problems like any other."""
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "missing.yaml")
    with pytest.raises(InputError, match="a folder"):
        read(tmp_path)


@pytest.mark.parametrize("word", ["no", "Yes", "on", "OFF", "12:30", "010", "0x1F", "1_000", ".nan", "True", "<<", "="])
def test_a_word_that_yaml_would_read_otherwise_must_be_quoted(word: str) -> None:
    """Unquoted it is a problem at its place; in quotes it is the text that it looks like."""
    problem = only_problem(f"a: {word}")
    assert (problem.line, problem.column, problem.got) == (1, 4, word)
    assert parse(f"a: '{word}'").values == {"a": word}


@pytest.mark.parametrize("key", ["no", "on", "12", "2020-01-03", "null"])
def test_a_key_is_a_name(key: str) -> None:
    """A key that is no text unless quoted is a problem."""
    assert only_problem(f"{key}: 1").expected == "a name as key, in quotes"
    assert parse(f"'{key}': 1").problems == ()


@pytest.mark.parametrize(
    ("word", "value"),
    [("true", True), ("~", None), ("1e3", 1000.0), ("-3", -3), ("1.5", 1.5), ("2020-01-03", datetime.date(2020, 1, 3)),
     ("kataib_hezbollah", "kataib_hezbollah"), ("", None)],
)  # fmt: skip
def test_a_plain_word_is_what_it_looks_like(word: str, value: object) -> None:
    """Truths, numbers, dates and text are told apart as a reader would."""
    assert parse(f"a: {word}").values == {"a": value}


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_crash(text: str) -> None:
    """Whatever the text, it is a document or an InputError."""
    try:
        assert isinstance(parse(text), Document)
    except InputError as error:
        assert error.problems


@given(st.recursive(st.one_of(st.booleans(), st.integers(-(10**9), 10**9),
                              st.text(st.characters(max_codepoint=0xD7FF), max_size=8)),
                    lambda inner: st.lists(inner, max_size=3), max_leaves=8))  # fmt: skip
def test_json_reads_as_the_same_values(value: object) -> None:
    """What JSON writes is read back the same (escapes and all, but for pairs of surrogates)."""
    assert parse(json.dumps({"a": value})).values == {"a": value}


def test_what_is_laid_on_top_wins_and_null_deletes() -> None:
    """Maps merge, lists and single values replace, null deletes, and each value knows its own file."""
    base = parse("a: {x: 1, y: 2}\nb: [1, 2]\nc: 3\n", "base.yaml")
    both = merge(base, parse("a: {y: 5, x: null}\nb: [9]\n", "over.yaml"))
    assert both.values == {"a": {"y": 5}, "b": [9], "c": 3}
    assert (both.mark(("b", 0)).file, both.mark(("c",)).file) == ("over.yaml", "base.yaml")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with one policy, far from the folder of a user."""
    folder = tmp_path / "home" / "configs" / "policies" / "us"
    folder.mkdir(parents=True)
    (folder / "restraint.yaml").write_text("policy: restraint")
    monkeypatch.setenv("CROSSFIRE_HOME", str(tmp_path / "home"))
    return folder


def test_a_name_is_found_beside_the_file_first(shipped: Path, tmp_path: Path) -> None:
    """The folder of the referring file comes before the shipped ones."""
    assert find("us policy", "restraint", tmp_path) == shipped / "restraint.yaml"
    (tmp_path / "restraint.yaml").write_text("policy: restraint")
    assert find("us policy", "restraint", tmp_path) == tmp_path / "restraint.yaml"
    assert names_of("us policy") == ["restraint"]


@pytest.mark.parametrize("name", ["../restraint", "/etc/passwd", "a/b", "..", "restraint\0", "", "x" * 300])
@pytest.mark.usefixtures("shipped")
def test_a_name_is_not_a_path(name: str) -> None:
    """Folders, absolute paths and the like are refused."""
    with pytest.raises(ValueError, match="give a name without folders"):
        find("us policy", name)


def test_a_link_is_a_file_like_any_other(shipped: Path, tmp_path: Path) -> None:
    """Files may lie in a store elsewhere, under whatever name."""
    (tmp_path / "1f3c").write_text("policy: linked")
    (shipped / "linked.yaml").symlink_to(tmp_path / "1f3c")
    assert find("us policy", "linked") == shipped / "linked.yaml"


@pytest.mark.usefixtures("shipped")
def test_an_unknown_name_brings_the_nearest(tmp_path: Path) -> None:
    """A slip of the pen is met with the name that was meant."""
    with pytest.raises(ValueError, match="did you mean 'restraint'"):
        find("us policy", "restrant", tmp_path)


def test_home_is_the_checkout_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without CROSSFIRE_HOME the shipped files are those of this checkout."""
    monkeypatch.delenv("CROSSFIRE_HOME", raising=False)
    assert home() == Path(__file__).parents[2]
