"""World i is the same bits whatever runs it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.running.ensemble import run_worlds
from sim.running.one_world import OneWorld
from sim.world.draws import quantiles, world_keys
from tests.worlds import batch, state, variant

SHORT = ("2020-soleimani", "us=maximum-pressure", "days=120")


def _bytes(blocks: list) -> tuple[bytes, bytes, bytes]:
    joined = [b"".join(getattr(b, what).tobytes() for b in blocks) for what in ("outcomes", "series", "digests")]
    return joined[0], joined[1], joined[2]


def test_one_and_two_threads_give_the_same_worlds() -> None:
    """Who runs a world moves nothing in it."""
    one, two = (_bytes(batch([variant(*SHORT)], 80, threads=n)) for n in (1, 2))
    assert one == two


def test_the_number_of_worlds_moves_none_of_them() -> None:
    """World 0 alone is world 0 of 64."""
    alone, many = batch([variant(*SHORT)], 1)[0], batch([variant(*SHORT)], 64)[0]
    assert alone.outcomes.tobytes() == many.outcomes[:1].tobytes()
    assert alone.digests.tobytes() == many.digests[:1].tobytes()


def test_worlds_can_be_run_in_any_order() -> None:
    """Worlds 5 to 9 run by themselves are worlds 5 to 9 of a whole run."""
    whole, part = batch([variant(*SHORT)], 10)[0], batch([variant(*SHORT)], 5, first=5)[0]
    assert whole.digests[5:].tobytes() == part.digests.tobytes()


def test_a_used_record_gives_what_a_fresh_one_gives() -> None:
    """A record that has lived through other worlds leaves nothing behind."""
    block = batch([variant(*SHORT)], 30)[0]
    fresh = OneWorld(variant(*SHORT), 29).run_to()
    assert fresh.outcomes() == pytest.approx({n: float(block.outcomes[n][29]) for n in block.outcomes.dtype.names},
                                             rel=0, abs=0, nan_ok=True)  # fmt: skip


def test_recording_events_changes_nothing() -> None:
    """A recorded world is the same world."""
    told = OneWorld(variant(*SHORT), 3, record=True).run_to()
    untold = OneWorld(variant(*SHORT), 3, record=False).run_to()
    assert np.array_equal(state(told), state(untold))
    assert len(told.events()) > 50


def test_a_longer_horizon_keeps_the_prefix() -> None:
    """The first weeks of a long run are the weeks of a short one."""
    short = batch([variant("2020-soleimani", "days=63")], 4)[0]
    long = batch([variant("2020-soleimani", "days=120")], 4)[0]
    assert np.array_equal(short.digests, long.digests[:, : short.digests.shape[1]])
    assert short.series.tobytes() == np.ascontiguousarray(long.series[:, : short.series.shape[1]]).tobytes()


def test_a_snapshot_restored_lives_the_same_days_again() -> None:
    """Going back to a snapshot loses nothing and keeps nothing."""
    world = OneWorld(variant(*SHORT), 2).run_to(40)
    kept = world.snapshot()
    first = state(world.run_to(90))
    assert np.array_equal(first, state(world.restore(kept).run_to(90)))


def test_branch_0_is_the_unbroken_world_and_others_share_its_past_only() -> None:
    """A branch meets other luck from its day on; parameters stay as they were."""
    world = OneWorld(variant(*SHORT), 2).run_to(40)
    kept = world.snapshot()
    unbroken = state(world.branch(0).run_to(80))
    other = world.restore(kept).branch(1).run_to(80)
    assert not np.array_equal(unbroken, state(other))
    assert np.array_equal(unbroken, state(world.restore(kept).run_to(80)))


@pytest.mark.parametrize("us", ["maximum-pressure", "restraint"])
def test_plain_python_gives_the_compiled_worlds(us: str) -> None:
    """The same rules, uncompiled, give the same bits: the oracle of every rule."""
    script = (
        "from tests.worlds import *; import hashlib, json;"
        f"w = OneWorld(variant('2020-soleimani', 'us={us}', 'days=60'), 4);"
        "marks = [hashlib.sha256(state(w.run_to(d)).tobytes()).hexdigest() for d in (1, 8, 22, 36)];"
        "print(json.dumps(marks))"
    )
    root = Path(__file__).parent.parent.parent
    plain = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"CROSSFIRE_RULES": "python", "PYTHONPATH": str(root)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    world = OneWorld(variant("2020-soleimani", f"us={us}", "days=60"), 4)
    compiled = [hashlib.sha256(state(world.run_to(day)).tobytes()).hexdigest() for day in (1, 8, 22, 36)]
    assert json.loads(plain.stdout) == compiled


def test_the_generator_is_frozen() -> None:
    """Twenty numbers of the generator, worked out once with arbitrary-precision integers and never to change."""
    keys = world_keys(1, np.arange(4))
    drawn = [float(x) for name in ("a", "b", "parameter:attack_tempo", "", "é") for x in quantiles(keys, name)]
    assert drawn == [_by_hand(1, number, name) for name in ("a", "b", "parameter:attack_tempo", "", "é")
                     for number in range(4)]  # fmt: skip
    frozen = hashlib.sha256(np.array(drawn).tobytes()).hexdigest()[:16]
    assert frozen == "76335789d43f017f"


def _mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
    return z ^ (z >> 31)


def _by_hand(seed: int, number: int, name: str) -> float:
    golden = 0x9E3779B97F4A7C15
    key = _mix((_mix((seed + golden) % 2**64) + (number + 1) * golden) % 2**64)
    digest = hashlib.blake2b("\x1f".join(("quantity", name)).encode(), digest_size=8).digest()
    return float(_mix(key ^ int.from_bytes(digest, "little")) >> 11) * 2.0**-53


def test_seed_0_is_a_seed() -> None:
    """Seed 0 gives its own worlds, the same each time."""
    again = [next(iter(run_worlds([variant("2020-soleimani", "days=14")], 3, 0, threads=1))).outcomes for _ in range(2)]
    other = next(iter(run_worlds([variant("2020-soleimani", "days=14")], 3, 1, threads=1))).outcomes
    assert again[0].tobytes() == again[1].tobytes() != other.tobytes()
