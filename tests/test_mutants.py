"""Mutants of the rules: what each operator makes of a line, who kills whom, and how many the tests of rules kill."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.command import main
from tests.mutants.making import Mutant, functions_of, mutants_of

ROOT = Path(__file__).parents[1]
#: Of a sample of this size, so many at least are killed by the tests of rules: 95 of 100.
SAMPLE, LEAST_KILLED = 60, 57

#: Whole numbers, a number and a function among the names of a module.
NAMES = {"KURD": 3, "N_FACTIONS": 6, "FAINT": 0.1, "FLAG": True, "PLACES": (1, 2), "SHARE": len}


def _changed(line: str, operator: str) -> list[str]:
    """Return what an operator makes of a line, at each of its places."""
    source = f'def rule(w: World, x: float = 1.0) -> float:\n    """Return 1."""\n    {line}\n'.encode()
    made = [m for m in mutants_of("sample", source, NAMES) if m.operator == operator]
    return [m.applied_to(source).decode().splitlines()[2].strip() for m in made]


@pytest.mark.parametrize(
    ("line", "operator", "expected"),
    [
        ("w.x += a + b", "sign", ["w.x += (a - b)"]),
        ("w.x = f(a * b)", "sign", ["w.x = f((a / b))"]),
        ("w.x += a - b", "term", ["w.x += a"]),
        ("w.x += a + b", "term", ["w.x += a", "w.x += b"]),
        ("w.x = a * b", "minus", ["w.x = (-(a * b))"]),
        ("return -x", "minus", ["return x"]),
        ("w.x -= 1.5", "augmented", ["w.x += 1.5"]),
        ("w.x *= a", "augmented", ["w.x /= a"]),
        ("return x < a", "boundary", ["return (x <= a)"]),
        ("return x < a", "comparison", ["return (x > a)"]),
        ("return x == a", "comparison", ["return (x != a)"]),
        ("return 0 <= x <= a", "boundary", ["return (0 < x <= a)", "return (0 <= x < a)"]),
        ("if x < low: x = low", "boundary", []),
        ("return not x", "not", ["return x"]),
        ("return a and b", "boolean", ["return (a or b)"]),
        ("return a or b or c", "term", ["return (b or c)", "return (a or c)", "return (a or b)"]),
        ("return min(x, a)", "extreme", ["return max(x, a)"]),
        ("return clamp(x, lo, hi)", "term", ["return x"]),
        ("return by(w, m, x)", "term", ["return x"]),
        ("if x: f(w)", "condition", ["if True: f(w)", "if False: f(w)"]),
        ("return a if x else b", "condition", ["return a if True else b", "return a if False else b"]),
        ("while x: f(w)", "condition", ["while False: f(w)"]),
        ("w.x = 2.5", "number", ["w.x = 5.0", "w.x = 0.0", "w.x = 3.5"]),
        ("w.x = 1", "number", ["w.x = 2", "w.x = 0"]),
        ("w.x = 0.0", "number", ["w.x = 1.0"]),
        ("w.x = max(1e-9, x)", "number", ["w.x = max(0.0, x)", "w.x = max(1.000000001, x)"]),
        ("w.x = -1", "number", ["w.x = 0"]),
        ("w.x = -1.0", "number", ["w.x = -2.0", "w.x = -0.0"]),
        ("w.x = FAINT", "number", ["w.x = (FAINT * 2)", "w.x = 0.0", "w.x = (FAINT + 1)"]),
        ("w.x = y[KURD]", "index", ["w.x = y[(KURD + 1)]"]),
        ("w.x = y[1]", "index", ["w.x = y[0]"]),
        ("for k in range(n): f(w)", "index", ["for k in range((n - 1)): f(w)"]),
        ("for k in range(N_FACTIONS): f(w)", "index",
         ["for k in range((N_FACTIONS - 1)): f(w)", "for k in range((N_FACTIONS + 1)): f(w)"]),
        ("w.x[2] = 1.0", "statement", ["pass"]),
        ("f(w)", "statement", ["pass"]),
        ("return f(w)", "statement", []),
        ("local = f(w)", "statement", []),
        ("local = f(FLAG, PLACES, SHARE, unknown)", "index", []),
    ],
)  # fmt: skip
def test_an_operator_makes_of_a_line_what_it_is_named_for(line: str, operator: str, expected: list[str]) -> None:
    """Exactly these changes, each at one place; what would only be an unknown name, or nothing, is left out."""
    assert sorted(_changed(line, operator)) == sorted(expected)


def test_docstrings_annotations_and_defaults_are_left_alone() -> None:
    """A function that only returns its argument has nothing that could be changed."""
    source = (
        b'def rule(w: World, x: float = 1.0) -> "float | 2":\n    """Return 1 + 2."""\n    kept: int\n    return x\n'
    )
    assert list(mutants_of("sample", source, NAMES)) == []


def test_every_mutant_has_a_name_of_its_own_and_is_python() -> None:
    """Of all that is made of lines full of operators, each is told apart and compiles; the source line is shown."""
    source = b"def rule(w, f):\n    if not w.a < 2 * 3 and w.b[1] == 2 * 3:\n        w.c += min(w.p.d * 2, -w.e) * 2\n"
    made = list(mutants_of("sample", source, NAMES))
    assert len({m.id for m in made}) == len(made) > 30
    for mutant in made:
        compile(mutant.applied_to(source), "mutant", "exec")
        before, after = mutant.diff(source).splitlines()
        assert before[0] + after[0] == "-+"
        assert before[1:] != after[1:]


def test_what_runs_while_the_record_is_imported_makes_no_mutants() -> None:
    """Code can be exchanged only of functions that are called later; nor of those with decorators of another kind."""
    source = b"def a(): return b()\ndef b(): return 1\ndef c(): return 2\n@cache\ndef d(): return 3\nA = a()\n"
    assert list(functions_of(source)) == ["c"]


def test_a_mutant_replaces_bytes_of_the_source() -> None:
    """Characters of more than one byte before it do not shift its place."""
    source = "def rule(w):\n    w.x = f('Haššd', 3.0)\n".encode()
    doubled = next(m for m in mutants_of("sample", source, NAMES) if m.operator == "number")
    assert isinstance(doubled, Mutant)
    assert doubled.applied_to(source).decode().endswith("w.x = f('Haššd', 6.0)\n")


def _asked(*options: str) -> subprocess.CompletedProcess[str]:
    """Return what the command says."""
    command = [sys.executable, "-m", "tests.mutants", "--jobs", "2", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)


TESTS_OF_TWO_RULES = '''
"""Tests of one half of a rule, and of a world at the start."""
from sim.world.militias import nudge
from tests.rules.situations import situation


def test_a_share_moves_up() -> None:
    """By name from another module: the changed code is met there too."""
    assert nudge(0.5, 0.5) == 0.75
    assert nudge(0.0, 2.0) == 1.0


def test_factions_are_whole_at_the_start() -> None:
    """Prepared worlds are kept between tests, and prepared anew with a mutant of the preparation."""
    assert [faction.strength for faction in situation().factions] == [1.0] * 6


def test_again() -> None:
    """The second to ask finds the world ready."""
    test_factions_are_whole_at_the_start()
'''


def _survivors(said: str) -> set[str]:
    """Return the lines of the source, before and after, of those that survived."""
    return set(re.findall(r"SURVIVES .*\n- .*\n\+ (.*)\n", said))


def test_what_is_tested_is_killed_and_what_is_not_survives(tmp_path: Path) -> None:
    """One branch of a rule has a test, the other none; a number set at the start is tested, the rest is not."""
    tests = tmp_path / "test_two_rules.py"
    tests.write_text(TESTS_OF_TWO_RULES, encoding="utf-8")
    said = _asked("--module", "events", "--function", "nudge", "--tests", str(tests), "--least", "99")
    assert said.returncode == 1, said.stderr
    survivors = _survivors(said.stdout)
    assert "return x * ((1.0 - max(amount, -1.0)))" in survivors
    assert "not reached by any test" in said.stdout
    tested = {line for line in survivors if not line.startswith("return x *") and "max(amount" not in line}
    assert tested == {"if True:", "if (amount > 0.0):", "if amount >= 1.0:", "return x"}
    said = _asked("--module", "militias", "--function", "start_factions", "--tests", str(tests), "--least", "5")
    assert said.returncode == 0, said.stderr
    survivors = _survivors(said.stdout)
    assert "me.hold_since = 1" in survivors
    assert not any("me.strength" in line for line in survivors)


def test_a_test_that_fails_without_any_mutant_kills_none(tmp_path: Path) -> None:
    """It is left out, and said; where no other is left, nothing is tried."""
    tests = tmp_path / "test_wrong.py"
    wrong = "from sim.world.events import nudge\ndef test_wrong():\n    assert nudge(0.5, 0.5) == 3\n"
    asked = ("--module", "events", "--function", "nudge", "--operator", "extreme", "--tests", str(tests))
    tests.write_text(wrong, encoding="utf-8")
    said = _asked(*asked)
    assert (said.returncode, "every test fails without any mutant" in said.stderr) == (2, True)
    assert "Traceback" not in said.stderr
    tests.write_text(wrong + "def test_true():\n    assert nudge(0.5, -0.5) == 0.25\n", encoding="utf-8")
    said = _asked(*asked)
    assert re.search("LEFT OUT.*::test_wrong\n", said.stdout)
    assert _survivors(said.stdout) == {"return x + max(amount, 1.0) * (1.0 - x)"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--module", "isas"), "no module of rules is called isas"),
        (("--id", "isis:nowhere:1:sign:1"), "no mutant fits"),
        (("--sample", "0"), "--sample, --jobs: a whole number above 0"),
        (("--tests", "nowhere"), "no file or folder nowhere"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_words(
    options: tuple[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and what is wrong."""
    assert main(list(options)) == 2
    assert words in capsys.readouterr().err


def test_a_child_that_is_late_or_breaks_is_told_apart_from_one_that_answers() -> None:
    """In a process of its own, which has no threads: one answers, one raises, one is killed, one never ends."""
    script = """
import os, time
from tests.mutants.children import Task, in_children
tasks = [Task("answers", lambda: [3], 60.0), Task("raises", lambda: 1 / 0, 60.0),
         Task("dies", lambda: os.kill(os.getpid(), 9), 60.0), Task("sleeps", lambda: time.sleep(600), 0.2)]
for key, answer, seconds in sorted(in_children(tasks, 2), key=lambda told: told[0]):
    print(key, type(answer).__name__, seconds < 30.0, "ZeroDivisionError" in str(answer))
"""
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [
        "answers list True False", "dies BrokeError True False", "raises BrokeError True True",
        "sleeps TimedOutError True False",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_tests_of_rules_kill_their_share_of_a_sample_of_mutants() -> None:
    """Drawn from all modules with a fixed seed; those that survive are shown."""
    said = _asked("--sample", str(SAMPLE), "--seed", "2020")
    found = re.search(rf"(\d+) of {SAMPLE} killed", said.stdout)
    assert found, said.stderr
    assert int(found[1]) >= LEAST_KILLED, said.stdout
