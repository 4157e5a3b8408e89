"""A small run of two variants, its bytes, how it is broken off; a variant drawn by a design."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.experiments.request import Request, variants_of
from sim.experiments.sampling import Sampling
from sim.experiments.variants import Drawing, Variant
from sim.running import ensemble
from sim.running.execute import execute
from sim.running.run import Interrupted

SCENARIO = "2020-soleimani"
ROOT = Path(__file__).parents[2]
TWO = Request((SCENARIO,), worlds=10, days=60, vary=("us=restraint,in-kind",))
TABLES = ("outcomes.parquet", "series.parquet", "inputs.parquet", "design.parquet", "pairing.json")


def bytes_of(folder):
    """Return the bytes of all tables of results."""
    return {name: (Path(folder) / name).read_bytes() for name in TABLES if (Path(folder) / name).exists()}


def broken_off(monkeypatch, out="r", after=3, asked=TWO):
    """Let Ctrl-C fall after so many parts; return the folder."""
    run_units = ensemble.run_units

    def broken(variants, *args, **options):
        for k, result in enumerate(run_units(variants, *args, **options)):
            if k == after and len(variants) > 1:
                raise KeyboardInterrupt
            yield result

    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", broken)
        execute(asked, variants_of(asked), out=out)
    return Path(out)


def designed(one: Variant, design: Sampling | None = None, replicates: int = 1) -> Variant:
    """Return a variant whose worlds are drawn by a design."""
    return replace(one, drawing=Drawing(design, replicates))
