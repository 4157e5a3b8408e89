"""Runs that are disturbed come to the same bytes: killed at any moment, or under other settings of the machine."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.attacks.trying import Tally

ROOT = Path(__file__).parent.parent.parent
JOB = ["run", "2020-soleimani", "--worlds", "1500", "--days", "120", "--series", "20"]
#: Seconds within which an interruption is obeyed.
SOON = 2.0
#: Seconds after which Python itself has begun the command: before, nobody can obey.
LOADED = 0.8
NO_FMA = "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable,-FMA4,-AVX512F"
#: Settings of processor and libraries, under which the same worlds are the same bytes.
SETTINGS: dict[str, dict[str, str]] = {
    "a C library without AVX2 and FMA": {"GLIBC_TUNABLES": NO_FMA},
    "NumPy without AVX2 and FMA": {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
    "both": {"GLIBC_TUNABLES": NO_FMA, "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
    "machine code for any x86-64": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
    "loops side by side": {"NUMBA_LOOP_VECTORIZE": "1"},
    "no optimisation by LLVM": {"NUMBA_OPT": "1"},
    "another locale and time zone": {"LC_ALL": "C", "TZ": "Asia/Baghdad", "PYTHONHASHSEED": "77"},
}


def _command(words: list[str]) -> list[str]:
    return [sys.executable, "-m", "sim.cli", *words]


def _ran(words: list[str], more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | (more or {})
    return subprocess.run(_command(words), env=environment, capture_output=True, text=True, check=False)


def tables(folder: Path) -> dict[str, bytes]:
    """Return the finished tables of a folder of results."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def killed(under: Path, times: int, luck: random.Random) -> Tally:
    """Return what came of runs that were killed at random moments, each taken up until it is whole."""
    tally = Tally("kills")
    began = time.monotonic()
    assert _ran([*JOB, "--out", str(under / "whole")]).returncode == 0
    lasted, expected = time.monotonic() - began, tables(under / "whole")
    for k in range(times):
        out = under / f"killed-{k}"
        process = subprocess.Popen(_command([*JOB, "--out", str(out)]), env=os.environ | {"PYTHONPATH": str(ROOT)},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(luck.uniform(0.1, 1.0) * lasted)
        process.kill()
        process.wait()
        ended = _ran([*JOB, "--out", str(out)])
        tally.note(k, JOB, "" if ended.returncode == 0 and tables(out) == expected else f"other bytes: {ended.stderr}")
    return tally


def interrupted(under: Path, times: int, luck: random.Random) -> Tally:
    """Return what came of commands that were interrupted at random moments: code 130 soon, one sentence, no more."""
    tally = Tally("interruptions")
    results = str(under / "results")
    assert _ran([*JOB, "--out", results]).returncode == 0
    drawing = [["plot", results, "--out", str(under / "figures")], ["report", results, "--out", str(under / "r.html")],
               ["story", "2020-soleimani", "--figures", "--out", str(under / "story")]]  # fmt: skip
    lasted = []
    for words in drawing:
        began = time.monotonic()
        assert _ran(words).returncode == 0
        lasted.append(time.monotonic() - began)
    for k in range(times):
        words = drawing[k % len(drawing)]
        process = subprocess.Popen(_command(words), env=os.environ | {"PYTHONPATH": str(ROOT)},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # fmt: skip
        time.sleep(LOADED + luck.uniform(0.0, 0.8) * max(lasted[k % len(drawing)] - LOADED, 0.0))
        tally.note(k, words, _obeyed(process, luck))
    return tally


def _obeyed(process: "subprocess.Popen[str]", luck: random.Random) -> str:
    """Interrupt a process, some of them twice; return what should not have come of it."""
    began = time.monotonic()
    for _ in range(luck.randint(1, 2)):
        process.send_signal(luck.choice([signal.SIGINT, signal.SIGTERM]))
        time.sleep(0.05)
    errors = process.communicate()[1]
    if process.returncode in (-signal.SIGINT, -signal.SIGTERM) and not errors:
        return ""  # Python had not come to the command yet, or had left it: the command itself ends by no signal
    if process.returncode != 130 or "Traceback" in errors or "ignored" in errors or errors.count("Interrupted") != 1:
        return f"code {process.returncode}: {errors[-200:]}"
    took = time.monotonic() - began
    return f"obeyed after {took:.1f} s" if took > SOON else ""


def under_other_settings(under: Path) -> Tally:
    """Return what came of the same run under other settings of processor and libraries."""
    tally = Tally("environments")
    assert _ran([*JOB, "--out", str(under / "here")]).returncode == 0
    expected = tables(under / "here")
    for k, (words, settings) in enumerate(SETTINGS.items()):
        out = under / f"settings-{k}"
        ended = _ran([*JOB, "--out", str(out)], settings)
        same = ended.returncode == 0 and tables(out) == expected
        tally.note(k, [words], "" if same else f"other bytes: {ended.stderr[-200:]}")
    return tally
