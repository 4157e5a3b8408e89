"""Compiled kernels: found by what the rules mean, and made anew when they are not what was written."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.names import events
from sim.world import kernels
from sim.world.meaning import meaning_of, rule_hash

ROOT = Path(__file__).parent.parent.parent
ISIS = (ROOT / "sim/world/isis.py").read_text(encoding="utf-8")
RECORD = (ROOT / "sim/world/actor_fields.py").read_text(encoding="utf-8")
RUN = "from tests.worlds import *; print(batch([variant('2020-soleimani', 'days=20')], 3)[0].digests.tobytes().hex())"


def _run(cache: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = os.environ | {"CROSSFIRE_CACHE": str(cache), "PYTHONPATH": str(ROOT), "CROSSFIRE_RULES": ""} | environment
    return subprocess.run([sys.executable, *words], env=told, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return a cache of its own that holds the kernels of these rules."""
    kernels.compile_kernels()
    there = kernels.kernel_file()
    copy = tmp_path / "cache" / there.parent.name / there.name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(there, copy)
    return tmp_path / "cache"


# What the rules mean -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def ", "# a comment\ndef "),
        ("-> None:", "-> object:"),
        ('    """', '    """In other words: this. '),
        ('."""', ', to say it again."""'),
        ("w: World", "w: object"),
    ],
)
def test_prose_does_not_change_what_rules_mean(before: str, after: str) -> None:
    """Comments, docstrings and annotations move no result."""
    assert before in ISIS
    assert meaning_of("isis", ISIS.replace(before, after)) == meaning_of("isis", ISIS)


def test_the_hash_is_the_same_in_every_process() -> None:
    """Sets have another order in each, and what remembers has another address: of rules, and of what draws worlds."""
    code = "from sim.running.cluster_worker import versions; print(versions()[1:3])"
    told = {
        subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, cwd=ROOT, check=True,
                       capture_output=True, text=True).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(told) == 1


def test_what_has_no_meaning_of_its_own_is_refused() -> None:
    """The address of an object would be another in each process."""
    with pytest.raises(TypeError, match="nothing is told of what"):
        meaning_of("one", "from sim.names.events import X", lambda *_: object())


def test_no_sentence_of_a_story_is_a_word_that_rules_import() -> None:
    """Rules are hashed with the words that they import: none of these is told to anybody."""
    told = {kind.text for kind in events.EVENT_KINDS} | {one for kind in events.EVENT_KINDS for one in kind.details}
    for path in sorted((ROOT / "sim/world").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "sim.names.events":
                for alias in node.names:
                    value = getattr(events, alias.name)
                    words = {one for one in value if isinstance(one, str)} if isinstance(value, tuple) else {value}
                    assert not words & told, f"{path.name} imports {alias.name}"


def test_units_and_meanings_of_fields_are_prose_but_their_names_and_shapes_are_not() -> None:
    """Of a field of the record what is told to readers does not count."""
    same = RECORD.replace('"share", "lasting will to stay"', '"fraction", "the will to remain"')
    other = RECORD.replace('Field("resolve", "f8"', 'Field("resolve", "i8"')
    assert same != RECORD != other
    assert meaning_of("actor_fields", same) == meaning_of("actor_fields", RECORD) != meaning_of("actor_fields", other)


@pytest.mark.parametrize(
    ("before", "after"), [(" + ", " - "), (" < ", " <= "), (" * ", " + "), ("range(", "reversed("), ("1.0", "1.5")]
)
def test_any_change_of_code_changes_what_rules_mean(before: str, after: str) -> None:
    """Signs, comparisons, numbers and calls all count."""
    assert before in ISIS
    assert meaning_of("isis", ISIS.replace(before, after, 1)) != meaning_of("isis", ISIS)


def test_rules_mean_something_else_when_words_that_they_import_do() -> None:
    """A constant of the vocabulary counts with its value, a kind of event without its sentence."""
    source = "from sim.names.events import EVENT_KINDS, ATTACK\n"

    def meaning(**changed: object) -> str:
        return meaning_of("one", source, lambda _, name: changed.get(name, getattr(events, name)))

    retold = tuple(kind._replace(text="Something happened.", unit="things") for kind in events.EVENT_KINDS)
    renamed = (events.EVENT_KINDS[0]._replace(name="other"), *events.EVENT_KINDS[1:])
    assert meaning() == meaning(EVENT_KINDS=retold)
    assert len({meaning(), meaning(EVENT_KINDS=renamed), meaning(ATTACK=7)}) == 3


def test_the_hash_is_of_all_modules_of_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An edit of a rule anywhere, called by whomsoever, changes the one hash that all kernels are found by."""
    monkeypatch.setattr("sim.world.meaning._HERE", tmp_path)
    hashes = set()
    for module in sorted((ROOT / "sim/world").glob("*.py")):
        shutil.copy(module, tmp_path / module.name)
    for edited in ("washington", "perceive", "kernel", "measures", "draws", "day"):
        path = tmp_path / f"{edited}.py"
        path.write_text(path.read_text(encoding="utf-8") + "\n\ndef more(w):\n    return w.day\n", encoding="utf-8")
        rule_hash.cache_clear()
        hashes.add(rule_hash())
    monkeypatch.undo()
    rule_hash.cache_clear()
    assert len(hashes | {rule_hash()}) == 7


# Kernels on disk ---------------------------------------------------------------------------------------------------


def test_another_checkout_of_the_same_rules_compiles_nothing(cache: Path, tmp_path: Path) -> None:
    """Kernels are found by meaning: not by the path or the age of a file."""
    for folder in ("sim", "configs", "scenarios", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / "copy" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    rule = tmp_path / "copy/sim/world/isis.py"
    rule.write_text("# elsewhere\n" + rule.read_text(encoding="utf-8"), encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*.kernel")}
    ran = _run(cache, "-c", RUN, PYTHONPATH=str(tmp_path / "copy"))
    assert ran.stdout == _run(cache, "-c", RUN).stdout != ""
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.kernel")} == before


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "rubbish", "folder"])
def test_a_damaged_kernel_is_not_loaded(cache: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file, a flipped bit, nothing, another file: each counts as not there."""
    monkeypatch.setenv("CROSSFIRE_CACHE", str(cache))
    assert kernels.is_compiled()
    path = kernels.kernel_file()
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 4
    path.unlink()
    if damage == "folder":
        path.mkdir()
    else:
        path.write_bytes({"cut": raw[: len(raw) // 2], "bit": raw, "empty": b"", "rubbish": b"x" * 5000}[damage])
    assert not kernels.is_compiled()


@pytest.mark.slow
def test_a_damaged_kernel_is_made_anew_and_runs_the_same_worlds(cache: Path) -> None:
    """What is damaged is mended in silence, never recorded as worlds that failed."""
    whole = _run(cache, "-c", RUN)
    for path in cache.rglob("native*"):
        os.truncate(path, path.stat().st_size // 2)
    again = _run(cache, "-c", RUN)
    assert whole.stdout == again.stdout != ""


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_is_told_and_the_worlds_run(tmp_path: Path) -> None:
    """Compiled for this command alone, which is said."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = _run(tmp_path / "file" / "cache", "-m", "sim.cli", "run", "2021-quiet", "--worlds", "2", "--days", "5",
               "--out", str(tmp_path / "r"))  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "for this command alone" in ran.stderr
    assert "failed" not in ran.stderr


#: What a few worlds of several scenarios come to, and one whose events are recorded: a hash of every bit.
BITS = """
import hashlib
from tests.worlds import *
told = hashlib.sha256()
for scenario in ("2020-soleimani", "2021-quiet"):
    [block] = batch([variant(scenario, "days=60")], {worlds})
    told.update(block.digests.tobytes() + block.outcomes.tobytes() + block.series.tobytes())
told.update(state(OneWorld(variant("2020-soleimani", "days=60"), 1, record=True).run_to()).tobytes())
print(told.hexdigest())
"""


@pytest.mark.slow
def test_shipped_whole_by_itself_vectorised_or_plain_the_worlds_are_the_same(cache: Path, tmp_path: Path) -> None:
    """For this processor or any, linked as one or not, loops side by side or not, or not compiled: equal bits."""
    script = BITS.format(worlds=2)
    expected = _run(cache, "-c", script).stdout
    assert len(expected) == 65
    for k, environment in enumerate(
        ({"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}, {"NUMBA_LOOP_VECTORIZE": "1"},
         {"NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "1"})
    ):  # fmt: skip
        assert _run(tmp_path / str(k), "-c", script, **environment).stdout == expected, environment
    wheel = kernels.ship(tmp_path / "wheel")
    from_wheel = (
        f"from pathlib import Path\nfrom sim.world import kernels\nkernels._files = lambda: [Path({str(wheel)!r})]\n"
    )
    assert _run(tmp_path / "none", "-c", from_wheel + script).stdout == expected
    assert not list((tmp_path / "none").rglob("*.kernel"))
    broken = "import sim.world.kernels as k; k._in_a_process, real = (lambda m, f, *w: real(m, f, '--by-itself')), "
    assert _run(tmp_path / "long", "-c", broken + "k._in_a_process\n" + script).stdout == expected
    assert len(list((tmp_path / "long").rglob("*.kernel"))) == len(kernels.KERNELS)
    assert _run(cache, "-c", script, CROSSFIRE_RULES="python").stdout == expected


def test_an_interruption_is_obeyed_while_compiling(tmp_path: Path) -> None:
    """A scheduler's request to end is obeyed within two seconds, and leaves nothing half-written."""
    environment = os.environ | {"CROSSFIRE_CACHE": str(tmp_path), "CROSSFIRE_RULES": ""}
    command = [sys.executable, "-m", "sim.cli", "compile"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stderr is not None
        assert "compiling" in process.stderr.readline()
        time.sleep(1.0)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(20) == 130
        assert time.monotonic() - began < 2.0
    assert not list(tmp_path.rglob("*.kernel*"))


# Where they lie ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["", "relative/path"])
def test_a_cache_folder_that_is_no_absolute_path_is_ignored(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the specification of such folders has it: nothing is written where a command happens to run."""
    monkeypatch.delenv("CROSSFIRE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert kernels.cache_root() == Path("/home/somebody/.cache/crossfire")


def test_a_user_without_a_home_has_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's nameless user is no error."""
    monkeypatch.delenv("CROSSFIRE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("Could not determine home")))
    assert kernels.cache_root().is_absolute()
