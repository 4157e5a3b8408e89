"""A small run for a rare end of two variants, and how it is broken off."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import cli
from sim.experiments.request import Request, variants_of
from sim.results import StoreError
from sim.running.rare.ends import end_of
from sim.running.rare.execute import RareRun, find_rare_end
from sim.running.rare.store import RareStore
from sim.running.run import ExecutorOptions, Interrupted, Run

ROOT = Path(__file__).parents[2]
WORDS = ["compare", "2020-soleimani", "--vary", "us=in-kind,restraint", "--days", "12", "--rare", "vote_passed",
         "--effort", "40"]  # fmt: skip
TWO = Request(("2020-soleimani",), days=12, vary=("us=in-kind,restraint",))


def rare_run(asked=TWO, effort=40):
    """Return a rare end of two variants over a few days."""
    return RareRun(Run(asked, tuple(variants_of(asked))), end_of("vote_passed"), effort)


def crossfire(*words):
    """Return what a command gives."""
    return CliRunner().invoke(cli.app, [*map(str, words)])


def broken_off(monkeypatch, after, error=KeyboardInterrupt, out="r"):
    """Let a run break off when so many lines are in its journal; return the folder."""
    add, lines = RareStore.add, []

    def breaking(self, *words):
        if len(lines) == after:
            raise error
        add(self, *words)
        lines.append(words)

    with monkeypatch.context() as patch:
        patch.setattr(RareStore, "add", breaking)
        with pytest.raises((Interrupted, StoreError)) as stopped:
            find_rare_end(rare_run(), out=Path(out), options=ExecutorOptions(1))
    return Path(out), stopped.value
