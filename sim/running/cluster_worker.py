"""What a worker of a cluster does: it is tried, is sent a unit of worlds, lives them, and sends what came of them.

Who asks and who is asked run the same code: this module is what both sides know.
"""

import copyreg
import hashlib
import io
import pickle
import platform
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.variants import Variant
from sim.results.arithmetic import arithmetic
from sim.results.manifest import version
from sim.running.compiling import prepare_rules
from sim.world.compiled import PLAIN
from sim.world.meaning import meaning_of, rule_hash

if TYPE_CHECKING:
    from sim.running.ensemble import Unit, UnitResult

#: Worlds that a worker lives on trial.
TRIED = 3
#: What makes numbers beside the rules and the libraries.
_DRAWING = (
    "experiments/sampling", "experiments/variants", "inputs/distributions/beta", "inputs/distributions/elementary",
    "inputs/distributions/normal", "inputs/distributions/quantities", "inputs/policies/conditions",
    "inputs/policies/means", "inputs/policies/policy", "inputs/scenario", "inputs/theory", "running/ensemble",
)  # fmt: skip


def in_a_line(error: BaseException) -> str:
    """Return an error in a line: its kind and what it says."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


@dataclass(frozen=True)
class Trial:
    """What a worker must have, and a few worlds of a variant that must come to the same numbers there."""

    versions: tuple[tuple[str, str], ...]
    packed: bytes
    seed: int
    digest: str

    @staticmethod
    def of(variant: Variant, seed: int) -> "Trial":
        """Return the trial that this process passes."""
        return Trial(VERSIONS, packed(variant), seed, digest_of(variant, seed))


@dataclass(frozen=True)
class Task:
    """A unit for a worker, with all that it needs."""

    trial: Trial
    packed: bytes
    seed: int
    first: int
    n: int
    series_worlds: int | None


def versions() -> tuple[tuple[str, str], ...]:
    """Return what must be the same on both sides, by name."""
    drawing = hashlib.sha256()
    for name in _DRAWING:
        source = (Path(__file__).parents[1] / f"{name}.py").read_text(encoding="utf-8")
        drawing.update(meaning_of(name, source).encode())
    return (
        ("Crossfire", version("crossfire-sim")),
        ("rules", rule_hash()),
        ("drawing of worlds", drawing.hexdigest()[:16]),
        ("Python", ".".join(platform.python_version_tuple()[:2])),
        *((name, version(name)) for name in ("numpy", "numba", "scipy")),
        ("CROSSFIRE_RULES", "python" if PLAIN else "compiled"),
        ("machine", platform.machine()),
        ("arithmetic", arithmetic()),
    )


#: As they are loaded: a file may be edited under a worker that lives for weeks.
VERSIONS = versions()


def differences(ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]) -> list[str]:
    """Return in what a worker (``ours``) differs from who asks it (``theirs``), in words."""
    here, there = dict(ours), dict(theirs)
    names = dict.fromkeys([*there, *here])
    return [
        f"{name} {here.get(name, 'unknown')} there, {there.get(name, 'unknown')} here"
        for name in names
        if here.get(name) != there.get(name)
    ]


class _Packer(pickle.Pickler):
    """Pickles records by their fields alone.

    What a record works out and keeps beside them may grow in another thread meanwhile, and a hash kept there is of this
    process.
    """

    def reducer_override(self, value: Any) -> Any:
        """Return how a record is made again; of anything else, that it is pickled as ever."""
        kind = type(value)
        if not is_dataclass(kind) or kind.__reduce__ is not object.__reduce__ or not hasattr(value, "__dict__"):
            return NotImplemented
        return copyreg.__newobj__, (kind,), {one.name: getattr(value, one.name) for one in fields(kind)}  # type: ignore[attr-defined]


def packed(variant: Variant) -> bytes:
    """Return a variant as it travels, without what it works out of its inputs by itself."""
    written = io.BytesIO()
    _Packer(written, protocol=5).dump(variant)
    return zlib.compress(written.getvalue())


def digest_of(variant: Variant, seed: int) -> str:
    """Return a digest (hex) of a few worlds: what they draw, their state week by week, their outcomes and series."""
    from sim.running.ensemble import run_worlds

    [result] = run_worlds([variant], TRIED, seed, threads=1, digests=True)
    text = hashlib.sha256(variant.drawn(seed, range(TRIED)).tobytes())
    for table in (result.outcomes, result.series, result.digests):
        text.update(np.ascontiguousarray(table).tobytes())
    return text.hexdigest()[:16]


def called(function: Callable[..., Any], *arguments: Any) -> bytes:
    """Return a call, pickled: whoever unpickles it makes the call, and has what it returns.

    A worker dies of a task that names what it does not know. Of these it knows ``pickle.loads`` and bytes, so one
    without Crossfire, or with another, lives to say so.
    """
    return pickle.dumps(_Call(function, arguments), protocol=5)


@dataclass(frozen=True)
class _Call:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.function, self.arguments


def sent(result: "UnitResult") -> dict[str, Any]:
    """Return a result as it travels, in plain values: a process with another Crossfire can at least say what it got."""
    import pyarrow as pa

    # Hardly slower than copying it, and less than half the size: the network is slower than any of this.
    codec = pa.Codec("zstd", compression_level=-5)
    return {
        "outcomes": codec.compress(np.ascontiguousarray(result.outcomes), asbytes=True),
        "series": codec.compress(np.ascontiguousarray(result.series), asbytes=True) if result.series.size else b"",
        "shape": result.series.shape,
        "theories": result.theories,
        "failures": [(one.world, one.stage, one.cause) for one in result.failed],
    }


def unpacked(unit: "Unit", sent: Mapping[str, Any]) -> "UnitResult":
    """Return the result of a unit from what a worker sent."""
    from sim.running.ensemble import Failure, UnitResult
    from sim.world.record import OUTCOME, WEEK

    outcomes, series = _array(sent["outcomes"], (unit.n,), OUTCOME), _array(sent["series"], sent["shape"], WEEK)
    failed: tuple[Failure, ...] = tuple(Failure(*one) for one in sent["failures"])
    return UnitResult(unit, outcomes, series, sent["theories"], failed, np.zeros((0, series.shape[1]), np.uint64))


def _array(compressed: bytes, shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    import pyarrow as pa

    if not compressed:
        return np.zeros(shape, kind)
    size = int(np.prod(shape)) * kind.itemsize
    return np.frombuffer(pa.Codec("zstd").decompress(compressed, size), kind).reshape(shape)


def run_there(task: Task) -> dict[str, Any]:
    """Return what came of a unit: the result as it travels, or why this worker refuses it, or why it failed."""
    from sim.running.ensemble import Unit, run_units

    if refused := tried(task.trial):
        return {"refused": refused}
    try:
        [result] = run_units(
            [_variant(task.packed)], [Unit(0, task.first, task.n)], task.seed, threads=1,
            series_worlds=task.series_worlds,
        )  # fmt: skip
        return sent(result)
    except Exception as error:
        return {"failed": in_a_line(error)}


@lru_cache(maxsize=64)
def _variant(packed: bytes) -> Variant:
    """Return a variant from how it travels; unpacked and prepared once."""
    variant: Variant = pickle.loads(zlib.decompress(packed))
    return variant


@lru_cache(maxsize=16)
def tried(trial: Trial) -> str:
    """Return why this worker must not run worlds, in words; nothing when it may. Loads the rules, or compiles them."""
    if differing := differences(VERSIONS, trial.versions):
        return _refusal(
            f"has another {'; '.join(differing)}",
            "install the same versions on both (constraints-*.txt pins them) and start the worker again",
        )
    variant = _variant(trial.packed)
    prepare_rules(variant)
    if digest_of(variant, trial.seed) != trial.digest:
        return _refusal(
            "has all the same versions, but comes to other numbers in the same worlds",
            "its processor or C library rounds differently; run on machines of one kind",
        )
    return ""


def _refusal(differs: str, advice: str) -> str:
    from distributed import get_worker

    try:
        worker = get_worker().address
    except ValueError:  # not on a worker
        worker = "this process"
    return f"the worker {worker} on {platform.node()} {differs}; {advice}, or take it off the cluster"
