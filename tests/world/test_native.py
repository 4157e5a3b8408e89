"""Kernels as machine code: called without Numba, with what they are made for only, or taken from a wheel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.running.ensemble import run_worlds
from sim.running.one_world import OneWorld
from sim.world import compiled, kernel, kernels
from sim.world.laws import lawful
from sim.world.native import KERNELS, fits
from sim.world.record import OUTCOME, WEEK, WORLD, as_numbers, new_worlds
from tests.worlds import variant

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def given() -> list[Any]:
    """Return what ``run_block`` is called with, for one world that has just begun, of no day."""
    worlds, none = new_worlds(1), np.zeros(1, np.int64)
    numbers = as_numbers(worlds)[0]
    key, rows = np.zeros(1, np.uint64), np.zeros((1, 2), WEEK)
    return [
        worlds, numbers, numbers.copy(), np.zeros(0, np.int64), np.zeros((1, 0)), key, key, False, 0, 0,
        np.zeros(1, OUTCOME), rows, np.zeros((0, 2), np.uint64), *lawful(), np.full(1, -1), np.zeros(1), none,
        none, np.zeros((0, 1, 0)),
    ]  # fmt: skip


def test_what_programs_call_kernels_with_fits_them(given: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole runs, worlds one by one and their digests go through machine code, never through Numba."""
    assert fits(KERNELS["run_block"], tuple(given))

    def refuse(self: Any) -> None:
        raise AssertionError("Numba was asked")

    monkeypatch.setattr(compiled.Kernel, "dispatcher", property(refuse))
    [block] = run_worlds([variant("2021-quiet", "days=8")], 2, 1, threads=1, digests=True)
    world = OneWorld(variant("2021-quiet", "days=8"), 1)
    assert world.run_to(1).digest() == int(block.digests[1, 0])


@pytest.mark.parametrize(
    ("place", "other"),
    [
        (0, np.zeros(1, OUTCOME)), (0, np.zeros((1, 1), WORLD)), (1, np.zeros(9, np.float32)), (1, np.zeros(99)[::2]),
        (3, np.zeros(3)), (3, [1, 2]), (4, np.zeros(1)), (4, np.zeros((4, 6)).T), (5, np.zeros(1, np.int64)),
        (8, 1.5), (8, None), (8, np.zeros(1, np.int64)), (10, np.zeros(1)), (15, np.zeros(3, ">f8")),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_kernel_never_reaches_its_code(given: list[Any], place: int, other: Any) -> None:
    """The code looks at no type: another number of bytes would be read as something else."""
    given[place] = other
    assert not fits(KERNELS["run_block"], tuple(given))


def test_memory_that_must_not_be_written_does_not_fit(given: list[Any]) -> None:
    """Code would write it all the same; and too few or too many arguments fit no more."""
    assert not fits(KERNELS["run_block"], tuple(given[:-1]))
    assert not fits(KERNELS["run_block"], (*given, given[-1]))
    given[1].flags.writeable = False
    assert not fits(KERNELS["run_block"], tuple(given))


def test_a_kernel_with_other_arguments_is_compiled_by_numba_and_comes_to_the_same() -> None:
    """A world's numbers with gaps between them have the digest of the numbers without."""
    world = OneWorld(variant("2021-quiet", "days=8"), 0).run_to(3)
    gaps = np.zeros(2 * len(world.numbers))[::2]
    gaps[:] = world.numbers
    assert int(kernel.digest(gaps)) == world.digest() != 0


def test_no_numba_is_loaded_where_kernels_are_there() -> None:
    """It would take longer to load than a world to run."""
    kernels.compile_kernels()
    script = (
        "import sys; from tests.worlds import *; batch([variant('2021-quiet', 'days=8')], 2);"
        "from sim.running.compiling import load_numba_lightly; load_numba_lightly(); print('numba' in sys.modules)"
    )
    assert _run(kernels.cache_root(), "-c", script) == "False\n"


# From a wheel ------------------------------------------------------------------------------------------------------

COMPILES_NOTHING = """
import sys
from pathlib import Path
from sim.world import kernels

kernels.SHIPPED = Path(sys.argv[1])
kernels.shipped_file.__defaults__ = (kernels.SHIPPED,)
kernels._in_a_process = lambda *given: sys.exit("compiled")
kernels.native_code()
print("found")
"""


def _run(cache: Path, *words: str, **environment: str) -> str:
    told = os.environ | {"CROSSFIRE_CACHE": str(cache), "PYTHONPATH": str(ROOT), "CROSSFIRE_RULES": ""} | environment
    ran = subprocess.run([sys.executable, *words], env=told, capture_output=True, text=True, check=False, cwd=ROOT)
    return ran.stdout or ran.stderr


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """Return a file as a wheel carries it, beside an empty cache."""
    kernels.compile_kernels()
    there = kernels.shipped_file(tmp_path / "wheel")
    there.parent.mkdir()
    shutil.copy(kernels.kernel_file(), there)
    return there


def _found(shipped: Path, **environment: str) -> str:
    return _run(shipped.parent.parent / "cache", "-c", COMPILES_NOTHING, str(shipped.parent), **environment).strip()


def test_what_a_wheel_carries_is_used_where_the_cache_is_empty(shipped: Path) -> None:
    """It is found by the rules, the system and the kind of processor, which stand in its name."""
    assert _found(shipped) == "found"
    assert shipped.name.startswith(kernels.rule_hash())


@pytest.mark.parametrize("fault", ["other rules", "other machine", "damaged", "cut", "absent"])
def test_a_wheels_kernels_of_other_rules_or_damaged_are_not_used(shipped: Path, fault: str) -> None:
    """Whoever edits a rule of an installed copy runs the edited rule: compiled, not shipped."""
    raw = bytearray(shipped.read_bytes())
    raw[-5] ^= 1
    if fault in ("damaged", "cut"):
        shipped.write_bytes(raw if fault == "damaged" else raw[:-9])
    else:
        rules = kernels.rule_hash()
        other = {"other rules": shipped.name.replace(rules, "0" * 16), "absent": "x"}
        shipped.rename(shipped.with_name(other.get(fault, f"{rules}-linux-vax.kernel")))
    assert _found(shipped) == "compiled"


def test_who_asks_for_code_of_a_kind_gets_no_other(shipped: Path) -> None:
    """A setting of Numba's holds for a wheel too."""
    assert _found(shipped, NUMBA_CPU_NAME="generic") == "compiled"
    assert _found(shipped, NUMBA_LOOP_VECTORIZE="1") == "compiled"


def test_the_users_own_kernels_come_first(shipped: Path) -> None:
    """What is made for this very processor runs faster than what any can run."""
    cache = shipped.parent.parent / "cache"
    own = cache / kernels.kernel_file().parent.name / kernels.kernel_file().name
    own.parent.mkdir(parents=True)
    shutil.copy(kernels.kernel_file(), own)
    shipped.write_bytes(b"rubbish")
    assert _found(shipped) == "found"


# The hash of the rules is kept -------------------------------------------------------------------------------------


def test_the_hash_of_the_rules_is_kept_for_the_bytes_that_it_rests_on(tmp_path: Path) -> None:
    """Worked out once; a damaged note of it is not believed, and an unwritable cache costs time only."""
    script = (
        "import sys; from sim.world import meaning; real = meaning._worked_out\n"
        "meaning._worked_out = lambda: (sys.stderr.write('worked'), real())[1]\n"
        "print(meaning.rule_hash(), file=sys.stderr)"
    )
    assert _run(tmp_path, "-c", script) == f"worked{kernels.rule_hash()}\n"
    assert _run(tmp_path, "-c", script) == f"{kernels.rule_hash()}\n"
    [note] = (tmp_path / "meanings").iterdir()
    raw = bytearray(note.read_bytes())
    raw[-1] ^= 1
    note.write_bytes(raw)
    assert _run(tmp_path, "-c", script) == f"worked{kernels.rule_hash()}\n"
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert _run(tmp_path / "file", "-c", script) == f"worked{kernels.rule_hash()}\n"
