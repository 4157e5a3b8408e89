"""Frozen outcomes: a few hundred worlds of all kinds, kept to the last bit, so that no change of a result goes unseen.

``python -m tests.frozen`` says which measures have moved, and by how much, since the table was written, for the
changelog; with ``--write`` it writes the table anew. Nothing here says that a result is right: tests of rules do.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from sim.inputs.theory import READINGS
from sim.inputs.yaml.files import names_of
from sim.names.measures import OUTCOMES
from sim.names.mechanisms import MECHANISMS
from sim.running.ensemble import run_worlds
from tests.worlds import variant

TABLE = Path(__file__).parent / "frozen.parquet"
HOME = "2020-soleimani"
WORLDS, SEED = 4, 20_200_103
#: Starting positions and constants at the ends of what they may be, some beyond what any world draws by itself.
ODD = (
    ("us_troops=1", "isis_fighters=1"), ("us_troops=60000", "isis_fighters=60000", "troops_outside=20000"),
    ("fear_days=0", "weary_days=0.3", "president_days=0", "pressure_days=0", "excitation_days=0", "cost_half_life=0"),
    ("oil_return_days=0", "economy_days=0", "syria_leave_days=0", "sadr_days=0", "backing_days=0", "cut_days=0"),
    ("harm_exponent=1.01", "deadly_share=1", "harm_most=1", "attack_tempo=20"),
    ("resolve=0", "cost_at_home=1"), ("resolve=1", "cost_at_home=0"), ("outrage=1", "momentum=1", "sectarian=1"),
    ("house=2010-judgement",), ("house=2021-after-resignation",), ("resolution_passed=1", "days=1500"),
    ("epidemic=1", "epidemic_spread=10"), ("attack_tempo=0", "isis_tempo=0"), ("cell_fighters=0.5",),
    ("presence_pinned=true",), ("caretaker_pinned=true",), ("days=1",), ("days=8",),
)  # fmt: skip


def cases() -> Iterator[tuple[str, ...]]:
    """Yield a scenario and its settings, for each case."""
    for scenario in sorted(names_of("scenario")):
        yield (scenario,)
    for seat in ("us", "iran", "government", "factions"):
        for policy in sorted(names_of(f"{seat} policy")):
            yield (HOME, f"{seat}={policy}")
    for theory in sorted(names_of("theory")):
        yield ("2019-baseline", f"theory={theory}")
    for mechanism, readings in READINGS.items():
        yield from ((HOME, f"theory={{{mechanism}: {reading}}}") for reading in readings[1:])
    for k, mechanism in enumerate(MECHANISMS):
        yield ("2020-taji" if k % 2 else HOME, f"{mechanism.id}={2 if k % 3 == 0 else 0}")
    for settings in ODD:
        yield ("2020-motion", *settings)


def lived() -> pd.DataFrame:
    """Return the worlds as they are lived now: case, world, a digest of the state by week, and all outcomes."""
    names = [" ".join(case) for case in cases()]
    blocks = run_worlds([variant(*case) for case in cases()], WORLDS, SEED, threads=2, digests=True)
    tables = []
    for name, block in zip(names, blocks, strict=True):
        assert not block.failed, (name, block.failed)
        weeks = np.bitwise_xor.reduce(block.digests * (2 * np.arange(block.digests.shape[1], dtype=np.uint64) + 1), 1)
        columns = {m.name: block.outcomes[m.name] for m in OUTCOMES}
        tables.append(pd.DataFrame({"case": name, "world": range(WORLDS), "digest": weeks, **columns}))
    return pd.concat(tables, ignore_index=True)


def kept() -> pd.DataFrame:
    """Return the worlds as they were when the table was written."""
    return pd.read_parquet(TABLE)


def same(one: pd.Series, other: pd.Series) -> np.ndarray:
    """Return where two columns hold the same, to the bit; null equals null."""
    return ((one == other) | (one.isna() & other.isna())).to_numpy()


def moved(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[str]:
    """Yield a line for each measure that has moved: in how many worlds, its mean before and after."""
    keys = ["case", "world"]
    both = before.merge(after, on=keys, suffixes=(" before", " after"), how="outer", indicator=True)
    for side, words in (("left_only", "gone"), ("right_only", "new")):
        if n := int((both["_merge"] == side).sum()):
            yield f"{n} worlds {words}"
    both = both[both["_merge"] == "both"]
    for name in dict.fromkeys([*before.columns, *after.columns]):
        if name in keys:
            continue
        if name not in before.columns or name not in after.columns:
            yield f"{name}: {'new' if name in after.columns else 'gone'}"
            continue
        then, now = both[f"{name} before"], both[f"{name} after"]
        apart = int((~same(then, now)).sum())
        if apart:
            means = "" if name == "digest" else f", mean {then.mean():.4g} then, {now.mean():.4g} now"
            yield f"{name}: other in {apart} of {len(both)} worlds{means}"


if __name__ == "__main__":
    now = lived()
    lines = list(moved(kept(), now)) if TABLE.exists() else ["no table yet"]
    sys.stdout.write("\n".join(lines or [f"nothing has moved in {len(now)} worlds"]) + "\n")
    if "--write" in sys.argv[1:]:
        now.to_parquet(TABLE, compression="zstd", index=False)
        sys.stdout.write(f"written: {len(now)} worlds, {TABLE.stat().st_size / 1e3:.0f} kB\n")
