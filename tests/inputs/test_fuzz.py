"""Broken, hostile and random files and conditions: one line each, code 2, no traceback, no hang, nothing touched."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim import cli
from sim.errors import Rejected
from sim.experiments.check import checked
from sim.inputs.policies.condition_logic import covered, verdict
from sim.inputs.policies.condition_parser import parse_condition
from sim.inputs.yaml.files import home
from sim.names.actors import POLICY_KEYS
from sim.names.perceptions import perceptions_of
from sim.names.tables import RELATIONS

BROKEN = sorted((Path(__file__).parent.parent / "broken").glob("*.yaml"))
POLICY = "policy: {name}\nactor: us\npurpose: has one fault\n"
#: Files too large or too deep to keep: made where they are needed.
BOMBS = {
    "depth-in-brackets": "rules: " + "[" * 200_000,
    "depth-in-braces": "rules: " + "{a: " * 50_000,
    "depth-in-a-condition": "rules: [{name: a, do: hold, when: '" + "(" * 200_000 + "'}]",
    "long-condition": "rules: [{name: a, do: hold, when: '" + "talks_open and " * 20_000 + "talks_open'}]",
    "long-key": "x" * 200_000 + ": 1",
    "many-keys": "".join(f"k{k}: 1\n" for k in range(60_000)),
    "many-keys-of-a-rule": "rules:\n  - name: a\n" + "".join(f"    k{k}: 1\n" for k in range(4_000)),
    "many-rules": "rules:\n" + "  - {name: a, do: hold}\n" * 20_000,
}
SEEDS = [path.read_text() for path in sorted((home() / "configs" / "policies").rglob("*.yaml"))]
SEEDS += [path.read_text() for path in sorted((home() / "scenarios").glob("*.yaml"))]
PIECES = [
    *("- ", ": ", "\n", "  ", "[", "]", "{", "}", "&a ", "*a", "!!x ", "'", '"', "#", "|", ">", "null", "no", "1e999"),
    *("9" * 50, "2020-01-32", "12:30", "\0", "\ufeff", "é", "extends: ", "../", "M99", "when: (", "and", "\t", "---\n"),
]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def complaint(path: Path) -> list[str]:
    """Return the lines of the errors that ``check`` finds, after a look at code, time and what was written."""
    before = sorted(Path().rglob("*"))
    begun = time.process_time()
    result = CliRunner().invoke(cli.app, ["check", str(path)])
    assert time.process_time() - begun < 1
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert sorted(Path().rglob("*")) == before
    return result.stderr.splitlines()


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_told_in_one_line(path: Path) -> None:
    """More than twenty kinds of fault, each at its place, within a second."""
    (line,) = complaint(path)
    assert ": expected " in line


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_time(name: str) -> None:
    """Depth, length, number: refused before anything grows."""
    path = Path(f"{name}.yaml")
    path.write_text(POLICY.format(name=name) + BOMBS[name])
    lines = complaint(path)
    assert 0 < len(lines) <= 200
    assert all(len(line) < 1000 for line in lines)


def test_fifty_megabytes_are_refused_by_size() -> None:
    """Before a byte is read."""
    with Path("large.yaml").open("wb") as file:
        file.truncate(50_000_000)
    (line,) = complaint(Path("large.yaml"))
    assert "expected a file of at most 1 MB, got 50.0 MB" in line


def test_the_command_itself_says_it_in_one_line() -> None:
    """A process of its own: code 2, one line on standard error, no traceback, nothing written."""
    path = Path("deep.yaml")
    path.write_text(BOMBS["depth-in-brackets"])
    result = subprocess.run([sys.executable, "-m", "sim.cli", "check", "deep.yaml"], capture_output=True, text=True,
                            check=False)  # fmt: skip
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("deep.yaml:1:57: expected at most 50 levels")
    assert [one.name for one in Path().iterdir()] == ["deep.yaml"]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return a shipped file with pieces cut out, put in, or moved."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        text = text[:at] + draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=4))) + text[end:]
    return text


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
def test_no_damage_to_a_file_makes_the_check_crash(text: str) -> None:
    """Whatever the text: errors, warnings or nothing, in time, and the file stays as it was."""
    path = Path("damaged.yaml")
    raw = text.encode("utf-8", "surrogatepass")
    path.write_bytes(raw)
    begun = time.process_time()
    found = checked([str(path)])
    assert time.process_time() - begun < 2
    assert all("\n" not in str(problem) for problem in found.errors + found.warnings)
    assert path.read_bytes() == raw
    assert [one.name for one in Path().iterdir()] == ["damaged.yaml"]


@st.composite
def conditions(draw: st.DrawFn, actor: str) -> str:
    """Return a condition that an analyst could write, most of them well-formed."""
    names = sorted(perceptions_of(actor))

    def comparison() -> str:
        value = draw(st.sampled_from(["0", "1", "0.5", "3", "many", "-1", "pro_iran", "1e308"]))
        return f"{draw(st.sampled_from(names))} {draw(st.sampled_from(list(RELATIONS.values())))} {value}"

    parts = [comparison() for _ in range(draw(st.integers(1, 8)))]
    text = parts[0]
    for part in parts[1:]:
        joined = f"{text} {draw(st.sampled_from(['and', 'or', 'and not', 'or not']))} {part}"
        text = f"({joined})" if draw(st.booleans()) else joined
    return text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(POLICY_KEYS)).flatmap(lambda actor: st.tuples(st.just(actor), conditions(actor))))
def test_no_condition_makes_the_checks_of_sense_crash_or_hang(drawn: tuple[str, str]) -> None:
    """A condition is read or refused; what is read covers itself, and has a verdict, in time."""
    actor, text = drawn
    begun = time.process_time()
    try:
        condition = parse_condition(text, perceptions_of(actor), ["many"])
    except Rejected as wrong:
        assert all(mistake.offset is not None for mistake in wrong.mistakes)
        return
    assert verdict(condition, {"many": (1.0, 5.0)}) in ("never", "always", "")
    assert isinstance(covered(condition, [condition]), bool)
    assert condition.english()
    assert time.process_time() - begun < 1
