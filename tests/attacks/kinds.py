"""The kinds of attacks: on files, on options, on numbers, on folders of results."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sim.inputs.ranges import range_of
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import settable_paths
from sim.inputs.theory import load_parameters, load_situation
from sim.inputs.yaml.files import home, names_of
from sim.names.measures import OUTCOMES
from sim.names.mechanisms import MECHANISMS
from sim.results.files import sealed
from tests.attacks.trying import Tally, as_json, chosen, fault_of, folder, impossible, invoked, there

SHARES = frozenset(m.name for m in OUTCOMES if m.kind in ("share", "flag"))
NUMBERS = [
    "0", "-1", "1", "0.3", "1e-300", "1e308", "-1e308", "1e999", ".nan", ".inf", "-0.0", "9" * 40, "0x10", "1_000",
    "010", "true", "null", "''", "[]", "{}", "{uniform: [0, 1]}", "{uniform: [1, 0]}", "{normal: [0, 1e308]}",
    "{lognormal: [1, 50]}", "{uniform: [-1e308, 1e308]}", "{beta: [1e-9, 1e9]}", "{choice: {values: [1, 1e300]}}",
    "{chance: 0.5}", "{triangular: [0, 0, 0]}", "{fixed: 1e15}", "2020-01-01", "1000000",
]  # fmt: skip
PIECES = [
    "- ", ": ", "\n", "  ", "[", "]", "{", "}", "&a ", "*a", "!!x ", "'", '"', "#", "|", ">", "null", "no", "1e999",
    "9" * 50, "2020-01-32", "12:30", "\0", "\ufeff", "é", "extends: ", "../", "M99", "when: (", "and", "\t", "---\n",
    "\x1b[31m", "\u202e", "[red]", "$\\frac$", "<b>", "|", "\r", "\u2028", *NUMBERS,
]  # fmt: skip
SMALL = ["--worlds", "3", "--days", "25", "--threads", "1", "--json"]


@cache
def _files() -> list[Path]:
    under = ("scenarios", "configs/policies", "configs/theories", "configs/parliaments", "scenarios/sweeps")
    return [path for place in under for path in sorted((home() / place).rglob("*.yaml"))]


@cache
def _paths() -> list[str]:
    return [".".join(map(str, path)) for path in settable_paths(load_scenario("2020-soleimani"))]


def _damaged(luck: random.Random, text: str) -> str:
    for _ in range(luck.randint(1, 5)):
        at = luck.randint(0, len(text))
        text = text[:at] + chosen(luck, PIECES) + text[min(len(text), at + luck.randint(0, 12)) :]
    return text


def _with_other_numbers(luck: random.Random, text: str) -> str:
    words = text.split(" ")
    numbers = [k for k, word in enumerate(words) if word.strip(",[]{}\n").replace(".", "").isdigit()]
    for _ in range(luck.randint(1, 3)):
        if numbers:
            k = chosen(luck, numbers)
            core = words[k].strip(",[]{}\n")
            words[k] = words[k].replace(core, chosen(luck, NUMBERS))
    return " ".join(words)


def attack_files(luck: random.Random, tally: Tally, seed: int) -> None:
    """Damage a shipped file, check it, and run what the check lets pass."""
    source = chosen(luck, _files())
    text = source.read_text(encoding="utf-8")
    text = _damaged(luck, text) if luck.random() < 0.5 else _with_other_numbers(luck, text)
    with folder():
        path = Path(source.name)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        before = there()
        result = invoked(["check", str(path)])
        tally.note(seed, ["check", str(path)], fault_of(result, before) or _lines(result.stderr))
        tally.refused += result.exit_code == 2
        if result.exit_code != 2 and source.parent.name == "scenarios":
            _run(luck, tally, seed, [str(path)])


def _lines(errors: str) -> str:
    return next((f"a line with a control character: {line!r}"[:200] for line in errors.split("\n")
                 if any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2028" for c in line)), "")  # fmt: skip


def _run(luck: random.Random, tally: Tally, seed: int, words: list[str]) -> None:
    before = there()
    command = ["run", *words, *SMALL, "--out", "r"]
    result = invoked(command)
    fault = fault_of(result, before)
    if not fault and result.exit_code == 0:
        fault = impossible(as_json(result.stdout), SHARES)
    tally.refused += result.exit_code == 2
    tally.note(seed, command, fault)


@cache
def _ranges() -> dict[str, tuple[float, float]]:
    """Return what parameters and starting positions may be, by path."""
    tables = {"parameters": load_parameters(), "situation": load_situation()}
    found = {f"{table}.{name}": range_of(name)[:2] for table, names in tables.items() for name in names}
    return found | {f"mechanisms.{mechanism.id}": (0.0, 2.0) for mechanism in MECHANISMS}


def _in_range(luck: random.Random, path: str) -> str:
    """Return a number that a path may have, most often one of its ends."""
    low, high = _ranges()[path]
    return repr(chosen(luck, [low, high, low + (high - low) * luck.random(), low + (high - low) * 1e-3]))


def attack_numbers(luck: random.Random, tally: Tally, seed: int) -> None:
    """Set paths of a scenario to the ends of what they may be, or to odd numbers, and run it."""
    scenario = chosen(luck, sorted(names_of("scenario")))
    words, odd = [scenario], luck.random() < 0.3
    for path in luck.sample(list(_ranges()), luck.randint(1, 12)):
        words += ["--set", f"{path}={_in_range(luck, path)}"]
    if odd:
        words += ["--set", f"{chosen(luck, _paths())}={chosen(luck, NUMBERS)}"]
    with folder():
        _run(luck, tally, seed, words)


#: Options with words that fit them; others are put in their place now and then.
FITTING: dict[str, list[str]] = {
    "--worlds": ["1", "2", "7"], "--seed": ["0", "5", str(2**63 - 1)], "--days": ["1", "8", "15"],
    "--threads": ["1", "3"],
    "--policy": ["us=restraint", "iran=all-out"], "--theory": ["proxies", "M01=deterrence", "documents:1,proxies:3"],
    "--set": ["us_troops=9000", "M08=0", "resolve={uniform: [0, 1]}"], "--series": ["all", "none", "2"],
    "--vary": ["us=restraint,in-kind", "M08=0,1", "us_troops=100,5200"], "--tie": ["us_killed=2", "share=5%"],
    "--want": ["exited lower"], "--world": ["0", "3", "99"], "--replicates": ["2", "3"], "--shard": ["1/2", "2/3"],
}  # fmt: skip
ODD = [
    "us=", "=", "us_killed +- 1", "exited: a - b +- 2%", "0/0", "\u0663/4", "M08=0,1,1.0", "-5", "2.5", "", "../x",
    "a\nb", "\x1b[31m", "2020-soleimani", "/dev/null/x", "us=restraint,restraint", "us=nobody", *NUMBERS,
]  # fmt: skip
_OF_RUNS = ("--worlds", "--seed", "--days", "--threads", "--policy", "--theory", "--set")
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": (*_OF_RUNS, "--series", "--shard"),
    "compare": (*_OF_RUNS, "--vary", "--tie", "--want"),
    "story": ("--world", "--seed", "--days", "--policy", "--theory", "--set"),
    "spread": ("--seed", "--days", "--policy", "--theory", "--set", "--vary", "--replicates"),
}


def attack_options(luck: random.Random, tally: Tally, seed: int) -> None:
    """Call a command with options that fit it, their words odd now and then."""
    command = chosen(luck, list(COMMANDS))
    words = [command, chosen(luck, ["2021-quiet", "2020-motion"])]
    for option in luck.sample(COMMANDS[command], luck.randint(1, 4)):
        words += [option, chosen(luck, FITTING[option] if luck.random() < 0.85 else ODD)]
    more = {"--days": "9"} | ({"--worlds": "3"} if command in ("run", "compare", "spread") else {})
    more |= {"--vary": "us=restraint,in-kind"} if command == "compare" else {}
    words += [word for option, value in more.items() if option not in words for word in (option, value)]
    with folder():
        before = there()
        result = invoked(words)
        tally.refused += result.exit_code == 2
        tally.note(seed, words, fault_of(result, before))


# Folders of results ------------------------------------------------------------------------------------------------


@cache
def _whole(under: Path) -> dict[str, str]:
    """Make a small comparison's results in a folder; return what is said of them, by command."""
    words = ["compare", "2020-soleimani", "--vary", "us=restraint,in-kind", "--worlds", "20", "--days", "30", "--out"]
    assert invoked([*words, str(under / "r"), "--json"]).exit_code == 0
    return {command: invoked([command, str(under / "r"), "--json"]).stdout for command in ("show",)}


def attack_results(under: Path) -> Callable[[random.Random, Tally, int], None]:
    """Return an attack on finished results: a bit, a cut, a table of another run, a link, an odd manifest."""

    def attack(luck: random.Random, tally: Tally, seed: int) -> None:
        said = _whole(under)
        with folder() as here:
            shutil.copytree(under / "r", here / "r")
            untold = _damage(luck, here / "r", here)
            before = there()
            for command in ("verify", "show"):
                result = invoked([command, "r", *(["--json"] if command == "show" else [])])
                fault = fault_of(result, before)
                if not fault and command == "show" and result.exit_code == 0 and result.stdout != said["show"]:
                    fault = "other numbers with code 0"
                if untold and command == "verify" and result.exit_code == 0:
                    fault = "a file that is not named is not missed"
                tally.refused += result.exit_code == 2
                tally.note(seed, [command, "r"], fault)

    return attack


def _damage(luck: random.Random, results: Path, here: Path) -> bool:
    """Damage results in one way; return whether all that is left has its hash, and something is missing."""
    path = chosen(luck, sorted(path for path in results.iterdir() if path.is_file()))
    raw = bytearray(path.read_bytes())
    way = luck.randrange(7)
    if way == 0 and raw:
        for _ in range(luck.randint(1, 3)):
            raw[luck.randrange(len(raw))] ^= 1 << luck.randrange(8)
        path.write_bytes(raw)
    elif way == 1:
        path.write_bytes(raw[: luck.randint(0, len(raw))])
    elif way == 2:
        path.unlink()
    elif way == 3:
        shutil.move(path, here / "elsewhere")
        path.symlink_to(here / "elsewhere")
    elif way == 4:
        manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
        del manifest["files"][luck.randrange(len(manifest["files"]))]
        (results / "manifest.json").write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    else:
        manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
        _bend(luck, manifest)
        (results / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return way == 4


def _bend(luck: random.Random, manifest: Any) -> None:
    """Change one value of a manifest, somewhere, to another or of another type; or take it away."""
    spots = list(_spots(manifest))
    holder, key = chosen(luck, spots)
    if luck.random() < 0.2 and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = chosen(
            luck, [3, -1, 0, 2.5, "x", "", None, True, [], {}, [3], {"a": 1}, [[]], 10**30, "é\x1b[0m"]
        )


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in list(inside):
        yield value, key
        yield from _spots(one)
