"""Rules kept as they are lowered: an edit costs what it touches, and comes to what everything anew comes to."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from sim.world.compiled import Compiled
from sim.world.keys import key_of, own_of

ROOT = Path(__file__).parent.parent.parent


def _rules(source: str, **outside: Any) -> dict[str, Compiled]:
    """Return the functions of a source as rules, which call each other and read what is outside."""
    space: dict[str, Any] = {"__name__": "sim.world.made", **outside}
    exec(source, space)
    rules = {name: Compiled(one) for name, one in space.items() if isinstance(one, FunctionType)}
    space.update(rules)
    return rules


CALLS = """
def low(x, y={default}):
    '''{prose}'''
    return x + {number} * LEAST

def middle(x):
    return low(x)

def other(x):
    return x

def high(x):
    return middle(x) + other(x)
"""


def _keys(prose: str = "Rise.", number: str = "1", default: str = "0", least: Any = 2) -> dict[str, str]:
    source = CALLS.format(prose=prose, number=number, default=default)
    return {name: key_of(one) for name, one in _rules(source, LEAST=least).items()}


@pytest.mark.parametrize(
    "change",
    [
        {"number": "2"}, {"number": "1.0"}, {"number": "True"}, {"number": "-1"}, {"default": "1"},
        {"default": "0.0"}, {"least": 3}, {"least": 2.0}, {"least": np.float32(2)}, {"least": np.int64(2)},
        {"least": (2,)}, {"least": np.array([2])}, {"least": np.array([2], np.int32)}, {"least": np.array([[2]])},
    ],
)  # fmt: skip
def test_what_a_rule_is_or_reads_changes_its_key_and_those_of_its_callers_alone(change: dict[str, Any]) -> None:
    """Down to the type of a number: numbers that are equal are compiled differently."""
    before, after = _keys(), _keys(**change)
    assert {name for name in before if before[name] != after[name]} == {"low", "middle", "high"}


def test_prose_changes_no_key() -> None:
    """A docstring is not compiled, nor is the place where a rule stands in its file."""
    assert _keys() == _keys(prose="Climb.\n\n    Slowly.")


def test_an_array_of_other_values_or_order_is_another_one() -> None:
    """All of an array goes into the code, and its order in memory into its type."""
    table = np.arange(6.0).reshape(2, 3)
    other = table.copy()
    other[1, 2] = np.nextafter(5.0, 6.0)
    assert len({_keys(least=array)["high"] for array in (table, other, np.asfortranarray(table))}) == 3


def test_rules_that_call_each_other_have_keys() -> None:
    """A circle of calls comes to an end, and an edit within it is seen from everywhere in it."""
    source = "def one(x):\n    return two(x) + {}\ndef two(x):\n    return one(x)\n"
    before, after = ({n: key_of(r) for n, r in _rules(source.format(k)).items()} for k in (1, 2))
    assert all(before[name] != after[name] for name in before)


@pytest.mark.parametrize("outside", [{"a": 1}, [1], object(), (object(),), Path("x"), np.array([Path("x")])])
def test_a_rule_that_reads_what_cannot_be_told_hangs_on_all_rules(
    outside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather compiled once too often than found where it should not be."""

    def own(all_rules: str) -> str:
        monkeypatch.setattr("sim.world.keys.rule_hash", lambda: all_rules)
        return own_of(_rules("def one(x):\n    return OUTSIDE\n", OUTSIDE=outside)["one"])[0]

    assert own("before") != own("after")


def test_a_rule_within_a_tuple_is_not_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it calls would not be seen."""
    low = _rules("def low(x):\n    return x\n")["low"]

    def own(all_rules: str) -> str:
        monkeypatch.setattr("sim.world.keys.rule_hash", lambda: all_rules)
        return own_of(_rules("def one(x):\n    return BOTH[0](x)\n", BOTH=(low, low))["one"])[0]

    assert own("before") != own("after")


# Compiled ----------------------------------------------------------------------------------------------------------


def _constant(text: str) -> str:
    return text.replace("1000.0) * 1000.0", "1000.0) * 2000.0")


def _inside(rule: str) -> Callable[[str], str]:
    """Return what puts a line into a rule that changes nothing in a world but its code."""

    def edit(text: str) -> str:
        begins = text.index(f"def {rule}(")
        body = text.index('"""', text.index('"""', begins) + 3) + 3
        return text[:body] + "\n    w.u[0] = w.u[0] + 0.0" + text[body:]

    return edit


#: A leaf, one in the middle, one that many share: the rule, the edit, how many rules it may touch.
EDITS = (
    ("sadr", _constant, 10),
    ("militias", _inside("fire"), 10),
    ("events", _inside("happen_at"), 200),
)


def _compile(copy: Path, cache: Path) -> tuple[str, int, bytes]:
    """Compile a copy's rules; return what is said to be compiled, how many new parts there are, the machine code."""
    parts = set((cache / "parts").glob("*.part"))
    script = (
        "import json, sys; from sim.world import kernels; said = []\n"
        "with kernels.telling(lambda share, words: said.append(words)): kernels.compile_kernels()\n"
        "print(json.dumps([said, str(kernels.kernel_file())]))"
    )
    ran = _run(copy, cache, "-c", script)
    said, file = json.loads(ran)
    named = [words.removeprefix("compiling ") for words in said if "that call" in words and "%" not in words]
    new = set((cache / "parts").glob("*.part")) - parts
    return "".join(named), len(new), Path(file).read_bytes()


def _run(copy: Path, cache: Path, *words: str) -> str:
    environment = os.environ | {"CROSSFIRE_CACHE": str(cache), "PYTHONPATH": str(copy), "CROSSFIRE_RULES": ""}
    ran = subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False, cwd=copy
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.slow
def test_an_edit_compiles_what_it_touches_and_comes_to_what_everything_anew_comes_to(tmp_path: Path) -> None:
    """The machine code is the same to the byte, whatever was kept of rules before."""
    copy, cache = tmp_path / "copy", tmp_path / "cache"
    for folder in ("sim", "configs", "scenarios", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    _, whole, before = _compile(copy, cache)
    assert whole > 300
    for module, edit, most in EDITS:
        path = copy / f"sim/world/{module}.py"
        text = path.read_text(encoding="utf-8")
        path.write_text(edit(text), encoding="utf-8")
        assert path.read_text(encoding="utf-8") != text
        named, touched, after = _compile(copy, cache)
        assert named.startswith(f"{module}.")
        assert f"{touched - 1} rules that call it" in named
        assert touched <= most
        assert after != before
        before = after
    assert _compile(copy, tmp_path / "empty")[2] == before


@pytest.mark.slow
def test_damaged_parts_are_not_used(tmp_path: Path) -> None:
    """A part that is cut short or altered counts as not there."""
    _, _, whole = _compile(ROOT, tmp_path)
    for k, path in enumerate(sorted((tmp_path / "parts").glob("*.part"))[::40]):
        raw = bytearray(path.read_bytes())
        raw[-20] ^= 1
        path.write_bytes(raw if k % 2 else raw[: len(raw) // 2])
    shutil.rmtree(next(tmp_path.glob("rules-*")))
    assert _compile(ROOT, tmp_path)[2] == whole


@pytest.mark.slow
def test_compiling_takes_less_than_400_megabytes(tmp_path: Path) -> None:
    """All rules anew, at the highest."""
    script = (
        "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', 'sim.world.whole', sys.argv[1]],"
        " check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    most = int(_run(ROOT, tmp_path, "-c", script, str(tmp_path / "kernels")))
    megabytes = most / (1e6 if sys.platform == "darwin" else 1024)
    assert 100 < megabytes < 400
