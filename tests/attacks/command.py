"""Runs attacks for some minutes, prints what came of them, and writes it into the page of evidence."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.attacks import disturbed, kinds, tables
from tests.attacks.trying import Tally
from tests.evidence_page import write_section

#: What is tried of each kind, in words for the page.
SAID = {
    "files": "shipped files with damaged text or other numbers, checked, and run where the check lets them pass",
    "names": "names, titles and texts of scenarios, sites and blocs, checked, and run where the check lets them pass",
    "tables": "what is said of places, sites and blocs, changed, checked, and run where the check lets it pass",
    "numbers": "scenarios with paths set to odd numbers and distributions, run",
    "options": "commands with options and words at random",
    "results": "finished results with flipped bits, cuts, links, missing or unnamed files, bent manifests:"
    " verified and shown",
    "kills": "runs killed at a random moment and taken up again: the same bytes",
    "interruptions": "Ctrl-C and SIGTERM while figures and reports are drawn, once or twice: code 130 in two seconds",
    "environments": "the same run under other settings of processor and libraries: the same bytes",
}
HELD_AGAINST = (
    "Each try is held against this: no traceback, no wrong number with code 0, nothing written where something was"
    " refused, the same bytes where a run was disturbed."
)


def main(words: list[str] | None = None) -> int:
    """Run the command; return 1 if anything came that should not."""
    asked = _asked(words)
    with tempfile.TemporaryDirectory() as made:
        tallies = _fuzzed(Path(made), asked.minutes * 60, asked.seed)
        tallies.append(disturbed.killed(Path(made), asked.kills, random.Random(asked.seed)))
        tallies.append(disturbed.interrupted(Path(made), asked.kills, random.Random(asked.seed)))
        if not asked.no_environments:
            tallies.append(disturbed.under_other_settings(Path(made)))
    rows = [f"| {t.kind} | {SAID[t.kind]} | {t.tried:,} | {t.refused or ''} | {len(t.faults)} |" for t in tallies]
    table = "\n".join(["| kind | what is done | tried | refused | faults |", "|---|---|---|---|---|", *rows])
    faults = [fault for tally in tallies for fault in tally.faults]
    sys.stdout.write("\n".join([table, *faults]) + "\n")
    if asked.write:
        options = f"--minutes {asked.minutes:g} --seed {asked.seed} --kills {asked.kills}"
        words = f"`python -m tests.attacks {options} --write`. {HELD_AGAINST}"
        write_section("attacks", "What attacks came to", f"{words}\n\n{table}")
    return 1 if faults else 0


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="for how long to damage things at random (10)")
    parser.add_argument("--seed", type=int, default=1, help="where chance begins (1)")
    parser.add_argument("--kills", type=int, default=20, help="how many runs to kill, and how many to interrupt (20)")
    parser.add_argument("--no-environments", action="store_true", help="leave out what compiles the rules anew")
    parser.add_argument("--write", action="store_true", help="write the table into docs/evidence.md")
    return parser.parse_args(words)


def _fuzzed(under: Path, seconds: float, seed: int) -> list[Tally]:
    attacks = {
        "files": kinds.attack_files, "names": tables.attack_names, "tables": tables.attack_tables,
        "numbers": kinds.attack_numbers, "options": kinds.attack_options, "results": kinds.attack_results(under),
    }  # fmt: skip
    tallies = {kind: Tally(kind) for kind in attacks}
    until, k = time.monotonic() + seconds, seed * 1_000_000
    while time.monotonic() < until:
        for kind, attack in attacks.items():
            attack(random.Random(k), tallies[kind], k)
        k += 1
    return list(tallies.values())
