"""Exact moves: a stage on which nothing stands at 0 or 1, and all that a rule moves and tells there.

Places in a world are written with dots: ``us.cost``, ``factions.2.sting``, ``evidence.1``. ``M22`` is the strength of a
mechanism, ``M22 reads`` its reading. What a case does not set stands so that a mistaken index shows: every strength is
5, no reading holds, the day is 100, 40 events have happened.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import pytest

from sim.names.actors import NOWHERE, US
from sim.names.mechanisms import MECHANISMS
from sim.names.tables import MAX_RULES
from sim.world.record import BLOCKS
from tests.rules.situations import situation

#: The number of the first event that a rule tells on the stage, and the day there.
FIRST, TODAY = 41, 100
#: What is read elsewhere: events by what is told, mechanisms that mattered by their own list.
UNTOLD = ("n_events", "total", "mattered", "acting_claim", "acting_also")

Numbers = Mapping[str, float]
#: Acts of a seat in the order of its lanes: lane, action, options.
Acts = tuple[tuple[float, ...], ...]


class Told(NamedTuple):
    """An event as the log has it."""

    kind: int
    actor: int = US
    target: int = 0
    place: int = NOWHERE
    site: int = -1
    size: float = 1.0
    detail: float = 0.0
    cause: int = 0
    rule: int = 0
    claim: int = 0
    also: int = 0


class Case(NamedTuple):
    """A situation, and all that a rule moves and tells in it; ``dice`` are today's draws by stream and entity."""

    name: str
    given: Numbers
    moves: Numbers
    told: tuple[Told, ...] = ()
    dice: Mapping[tuple[int, int], float] = {}

    def expected(self) -> tuple[Any, list[Told]]:
        """Return what ``seen`` must be equal to."""
        return pytest.approx(dict(self.moves), abs=1e-9), list(self.told)


def cases(*table: Case) -> pytest.MarkDecorator:
    """Return the mark that lets a test meet each case of a table under its name."""
    return pytest.mark.parametrize("case", table, ids=[case.name.replace(" ", "-") for case in table])


def stage(given: Numbers | None = None, policy: Mapping[int, Acts] | None = None) -> Any:
    """Return a world whose places are set as given and whose seats decide as their acts say, whatever they see."""
    w = situation()
    w.strength[:], w.reading[:] = 5.0, 9.0
    w.day, w.n_events = TODAY, FIRST - 1
    for seat, acts in (policy or {}).items():
        let_decide(w, seat, acts)
    put(w, given or {})
    return w


def let_decide(w: Any, seat: int, acts: Acts) -> None:
    """Give a seat a policy of its own in which every rule always holds."""
    w.policy_of[seat] = seat
    table = w.policies[seat]
    table["rules"][:] = np.zeros((), table["rules"].dtype)
    table["rules"]["options"][len(acts) :] = 99.0  # an option of no rule shows
    for r, (lane, action, *options) in enumerate(acts):
        rule = table.rules[r]
        rule.lane, rule.action, rule.probability = int(lane), int(action), 1.0
        rule.options[: len(options)] = options
    lanes = [int(act[0]) for act in acts]
    table.lane_first[:] = [sum(each < lane for each in lanes) for lane in range(len(table.lane_first))]
    table.n_rules = len(acts)


def rule_name(seat: int, r: int) -> int:
    """Return the number under which events cite rule ``r`` of a seat."""
    return 1 + seat * MAX_RULES + r


#: Where a mechanism stands among all, by its id.
_NUMBER_OF = {one.id: k + 1 for k, one in enumerate(MECHANISMS)}


def put(w: Any, given: Numbers) -> None:
    """Set places of a world."""
    for path, value in given.items():
        if path[0] == "M" and path[1:3].isdigit():
            (w.reading if path.endswith("reads") else w.strength)[_NUMBER_OF[path[:3]]] = value
            continue
        *inner, last = path.split(".")
        part = w
        for step in inner:
            part = part[int(step)] if step.isdigit() else getattr(part, step)
        if last.isdigit():
            part[int(last)] = value
        else:
            setattr(part, last, value)


def seen(case: Case, rule: Callable[..., Any], *args: Any) -> tuple[dict[str, float], list[Told]]:
    """Return all that a rule moves and tells in the situation of a case."""
    w = stage(case.given)
    with rolled(rule, case.dice):
        return moves(w, rule, *args), told(w)


def rolled(rule: Callable[..., Any], dice: Mapping[tuple[int, int], float]) -> Any:
    """Return a context in which the module of a rule draws these numbers, and no others."""

    def draw(_w: Any, stream: Any, entity: int) -> float:
        return dice[int(stream), int(entity)]

    def drawn(stream: Any, entity: int) -> float:
        return dice[int(stream), int(entity)]

    module = sys.modules[rule.__module__]
    return patch.multiple(module, create=True, draw=draw, draws_of=lambda _w, stream: stream, drawn=drawn)


def moves(w: Any, rule: Callable[..., Any], *args: Any) -> dict[str, float]:
    """Let a rule act; return what every number is that it has moved, by place."""
    memory = w._wholes[: BLOCKS["log"][0]]
    before = memory.copy()
    rule(w, *args)
    found = {}
    for k in np.flatnonzero(memory != before):
        path, kind = _place(w._record.dtype, 8 * int(k))
        if path.split(".")[0] not in UNTOLD:
            found[path] = memory[k : k + 1].view(kind)[0].item()
    return found


def told(w: Any) -> list[Told]:
    """Return the events told since the stage was set."""
    rows = [w.log[k] for k in range(FIRST - 1, int(w.n_events))]
    return [Told(*(row[name].item() for name in Told._fields)) for row in rows]


def mattering(w: Any) -> set[int]:
    """Return the mechanisms that are noted to have first mattered today."""
    return {m for m in range(len(w.mattered)) if w.mattered[m] == TODAY}


def _place(dtype: np.dtype, at: int) -> tuple[str, np.dtype]:
    """Return the path of the number at a byte of a record, and its type."""
    if dtype.names is None:
        return "", dtype
    for name in dtype.names:
        kind, start = dtype.fields[name][:2]  # type: ignore[index]
        if not start <= at < start + kind.itemsize or name == "sees_all":
            continue
        rest, steps = at - start, [name]
        while kind.shape:
            whole = kind.shape[0]
            kind = kind.base if len(kind.shape) == 1 else np.dtype((kind.base, kind.shape[1:]))
            step, rest = divmod(rest, kind.itemsize)
            assert step < whole
            steps.append(str(step))
        inner, kind = _place(kind, rest)
        return ".".join([*steps, inner] if inner else steps), kind
    raise LookupError(f"byte {at}")
