"""What the command does with what it is asked: choose mutants, have them tried, say what became of them."""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path
from statistics import median

from tests.evidence_page import write_section
from tests.mutants.making import Mutant
from tests.mutants.reach import TESTS
from tests.mutants.rules import Rules, all_rules
from tests.mutants.trying import CannotTryError, Trial, try_mutants


def main(words: list[str] | None = None) -> int:
    """Run the command; return 1 where too few mutants are killed, 2 where nothing could be tried."""
    asked = _parser().parse_args(words)
    rules = all_rules()
    sources = {one.name: one.source for one in rules}
    if asked.module and (unknown := set(asked.module) - set(sources)):
        return _refuse(f"--module: no module of rules is called {', '.join(sorted(unknown))}: {', '.join(sources)}")
    if (asked.sample is not None and asked.sample < 1) or asked.jobs < 1:
        return _refuse("--sample, --jobs: a whole number above 0")
    if not asked.tests.exists():
        return _refuse(f"--tests: no file or folder {asked.tests}")
    mutants = chosen(rules, asked)
    if not mutants:
        return _refuse("no mutant fits; --list names those there are (an id holds the line, which moves with edits)")
    if asked.list:
        for mutant in mutants:
            print(f"{mutant.id}\n{mutant.diff(sources[mutant.module])}")
        return 0
    teller = Teller(sources, len(mutants), tell_all=bool(asked.id))
    try:
        trials = try_mutants(mutants, rules, asked.jobs, teller, asked.tests)
    except CannotTryError as error:
        return _refuse(str(error))
    if asked.survivors:
        asked.survivors.write_text("\n".join(told(t, sources) for t in by_place(trials) if not t.killed), "utf-8")
    print(score(trials))
    if asked.write:
        write_section("mutants", "Small faults put into the rules", _for_the_page(trials, asked))
    return int(asked.least is not None and 100 * sum(t.killed for t in trials) < asked.least * len(trials))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description="Mutants of the rules, and who survives."
    )
    parser.add_argument("--module", action="append", help="only this module of sim/world (may be repeated)")
    parser.add_argument("--function", help="only this function")
    parser.add_argument("--operator", help="only this kind: sign, number, index, term, statement, condition, ...")
    parser.add_argument("--id", action="append", help="only this mutant (may be repeated)")
    parser.add_argument("--sample", type=int, help="only so many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="name them, try nothing")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--survivors", type=Path, help="write those that survive to this file")
    parser.add_argument("--tests", type=Path, default=TESTS, help="other tests than those of rules (a file or folder)")
    parser.add_argument("--write", action="store_true", help="write the score into docs/evidence.md")
    parser.add_argument("--least", type=float, help="fail when less than so many of 100 are killed")
    return parser


def chosen(rules: list[Rules], asked: argparse.Namespace) -> list[Mutant]:
    """Return the mutants that are asked for, in the order of the sources."""
    found = [mutant for one in rules if not asked.module or one.name in asked.module for mutant in one.mutants()]
    for name in ("function", "operator"):
        found = [m for m in found if getattr(asked, name) in (None, getattr(m, name))]
    if asked.id:
        found = [m for m in found if m.id in asked.id]
    if asked.sample is None or asked.sample >= len(found):
        return found
    luck = random.Random(asked.seed)
    return [found[k] for k in sorted(luck.sample(range(len(found)), asked.sample))]


class Teller:
    """Says what became of mutants as it comes: of each that survives its lines, now and then how many are done."""

    def __init__(self, sources: dict[str, bytes], total: int, tell_all: bool) -> None:
        self.sources, self.total, self.tell_all = sources, total, tell_all
        self.done = self.killed = 0

    def __call__(self, trial: Trial) -> None:
        """Say what became of one."""
        self.done += 1
        self.killed += trial.killed
        if self.tell_all or not trial.killed:
            print(told(trial, self.sources), flush=True)
        if self.done % 20 == 0:
            print(f"  {self.done} of {self.total} tried, {self.killed} killed", flush=True)


def told(trial: Trial, sources: dict[str, bytes]) -> str:
    """Return what became of a mutant, and its lines."""
    became = "killed" if trial.killed else "SURVIVES"
    diff = trial.mutant.diff(sources[trial.mutant.module])
    return f"{became}  {trial.mutant.id}  {trial.by}  ({trial.seconds:.1f} s)\n{diff}\n"


def by_place(trials: list[Trial]) -> list[Trial]:
    """Return trials in the order of the sources."""
    return sorted(trials, key=lambda t: (t.mutant.module, t.mutant.line, t.mutant.operator, t.mutant.ordinal))


def score(trials: list[Trial]) -> str:
    """Return the score by module and by operator, and the time that it took."""
    lines = []
    for title in ("module", "operator"):
        made = Counter(getattr(t.mutant, title) for t in trials)
        killed = Counter(getattr(t.mutant, title) for t in trials if t.killed)
        lines.append(f"{title:<16}{'killed':>7}{'made':>7}")
        lines += [
            f"{name:<16}{killed[name]:>7}{n:>7}{100 * killed[name] / n:>6.0f} %" for name, n in sorted(made.items())
        ]
        lines.append("")
    killed_all, seconds = sum(t.killed for t in trials), [t.seconds for t in trials]
    unreached = sum(t.tests == 0 for t in trials)
    lines.append(
        f"{killed_all} of {len(trials)} killed ({100 * killed_all / len(trials):.1f} %), {unreached} not reached"
    )
    lines.append(
        f"seconds a mutant: {median(seconds):.2f} in the median, {max(seconds):.1f} at most, {sum(seconds):.0f} in all"
    )
    return "\n".join(lines)


def _for_the_page(trials: list[Trial], asked: argparse.Namespace) -> str:
    """Return the score by module for the page of evidence."""
    made, killed = (Counter(t.mutant.module for t in trials if t.killed or every) for every in (True, False))
    rows = [f"| {name} | {n} | {killed[name]} |" for name, n in sorted(made.items())]
    drawn = f"--sample {asked.sample} --seed {asked.seed} " if asked.sample else ""
    said = (
        f"`python -m tests.mutants {drawn}--write`: one small fault at a time (a sign, a comparison, a number, an "
        "index, a term or a statement left out) in the rules of `sim/world`, and whether a test of rules fails. Frozen "
        f"outcomes do not count. {sum(killed.values())} of {len(trials)} are noticed."
    )
    return "\n".join([said, "", "| module | faults | noticed |", "|---|---|---|", *rows])


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 2
