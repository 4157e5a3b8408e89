"""Which worlds an edit of a policy touches, and from which day on: said without a world being run.

Two variants that differ in policies alone live through the same world until some seat does something else. Up to that
day all seats see the same, so what was kept of the one variant's worlds (``sim.running.perception_log``) tells how the
other would have decided in them: every lane whose rules differ is decided anew on every day, with the luck, the
cooldowns and the thresholds that the rules would have had there. The first day on which a seat does something else, or
the same with other options, is the day on which the worlds part. Where none comes, the other variant's world is this
one, to the bit.

What another rule would have been cited for, or would have wanted without the means, is told of single worlds only and
moves nothing. Everything else that differs between variants touches all worlds from the first day on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from sim.experiments.variants import Drawn, Key, Variant
from sim.names.actions import LANES
from sim.names.tables import EQUAL, LESS, MORE, TRUE
from sim.running.perception_log import PerceptionLog
from sim.world.decide import _SEAT_KEYS
from sim.world.draws import FIRST, GOLDEN, POLICY_DRAW, S11, S27, S30, S31, SECOND, UNIT
from sim.world.record import BLOCKS, offset

#: Where inputs stand that are no policies.
_OTHERS = slice(offset("key"), BLOCKS["inputs"][1])
#: A first day that never comes.
NEVER = 1 << 30


class _Comparison(NamedTuple):
    """A row of a condition: ``value`` is a number, or stands for a threshold that each world draws."""

    column: int
    relation: int
    value: "float | Key"
    yes: int
    no: int


class _Rule(NamedTuple):
    """What of a rule decides, and what it does: two that are equal act alike in every world."""

    action: int
    options: tuple[float, ...]
    rows: tuple[_Comparison, ...]
    luck: tuple[int, float] | None
    cooldown: int
    once: bool
    after: int
    until: int


@dataclass(frozen=True)
class TouchedWorlds:
    """Which of some worlds an edit touches: their numbers (n,), and the first day of each, NEVER where none."""

    worlds: np.ndarray
    first: np.ndarray

    @property
    def numbers(self) -> np.ndarray:
        """Return the numbers of the worlds that are touched."""
        return self.worlds[self.first < NEVER]

    @property
    def spared(self) -> np.ndarray:
        """Return the numbers of the worlds that are not."""
        return self.worlds[self.first == NEVER]

    @property
    def share(self) -> float:
        """Return which share of the worlds is touched."""
        return len(self.numbers) / max(1, len(self.worlds))

    @property
    def earliest(self) -> int | None:
        """Return the first day on which any world is touched."""
        return int(self.first.min()) if len(self.numbers) else None

    @property
    def median(self) -> int | None:
        """Return the first day of half of the worlds that are touched."""
        days = np.sort(self.first[self.first < NEVER])
        return int(days[(len(days) - 1) // 2]) if len(days) else None

    def within(self, worlds: int) -> "TouchedWorlds":
        """Return the same of the worlds with numbers below ``worlds``."""
        return TouchedWorlds(self.worlds[self.worlds < worlds], self.first[self.worlds < worlds])

    def said(self) -> str:
        """Return it in a line: ``touches 54% of worlds, from day 206 on in half of them``."""
        if not len(self.numbers):
            return "touches no world"
        share = f"{100 * self.share:.0f}%" if 0.01 <= self.share < 0.995 or self.share == 1.0 else (
            "over 99%" if self.share > 0.5 else "under 1%")  # fmt: skip
        return f"touches {share} of worlds, from day {self.earliest} on, half of them by day {self.median}"

    def plain(self) -> dict[str, Any]:
        """Return plain values."""
        return {"worlds": len(self.worlds), "touched": len(self.numbers), "first_day": self.earliest,
                "median_day": self.median}  # fmt: skip


def all_touched(worlds: np.ndarray) -> TouchedWorlds:
    """Return that all worlds are touched from the first day on."""
    return TouchedWorlds(worlds, np.zeros(len(worlds), np.int64))


def seats_apart(first: Variant, second: Variant) -> tuple[int, ...] | None:
    """Return the seats that decide by other rules under the second variant; None where more than rules differs."""
    one, other = first.inputs, second.inputs
    same = (
        (one.days, first.drawing, one.mixture) == (other.days, second.drawing, other.mixture)
        and _varying(first) == _varying(second)
        and first.template[_OTHERS].tobytes() == second.template[_OTHERS].tobytes()
    )
    if not same:
        return None
    pairs = list(zip(one.policy_of, other.policy_of, strict=True))
    apart = {pair for pair in dict.fromkeys(pairs) if not _decide_alike((first, pair[0]), (second, pair[1]))}
    return tuple(seat for seat, pair in enumerate(pairs) if pair in apart)


def _decide_alike(first: tuple[Variant, int], second: tuple[Variant, int]) -> bool:
    """Return whether two policies, by variant and number, decide by the same rules."""
    (one, j), (other, k) = first, second
    if one.tables[j] is other.tables[k] and _thresholds(one, j) == _thresholds(other, k):
        return True
    return _lanes(one, j) == _lanes(other, k)


def touched_worlds(
    first: Variant, second: Variant, kept: Sequence[PerceptionLog], seed: int, known: Drawn | None = None
) -> TouchedWorlds | None:
    """Return which worlds the second variant parts from the first's, and when, from what was kept of the first's.

    None where that cannot be told: more than rules differs, or what a seat that decides otherwise saw was not kept.

    Parameters
    ----------
    kept : sequence of PerceptionLog
        What was kept of the first variant's worlds; these are asked about, if it is of all seats in question.
    known : mapping, optional
        What both variants' thresholds are in worlds 0, 1 and so on, by what draws them; they are drawn otherwise.
    """
    seats = seats_apart(first, second)
    kept = [part for part in kept if seats is not None and set(seats) <= set(part.columns.seats)]
    if seats is None or not kept:
        return None
    found = [_first_days((first, second), seats, part, seed, known) for part in kept]
    return TouchedWorlds(np.concatenate([part.worlds for part in kept]), np.concatenate(found))


def _first_days(
    pair: tuple[Variant, Variant], seats: Sequence[int], kept: PerceptionLog, seed: int, known: Drawn | None
) -> np.ndarray:
    """Return the first day on which one of the seats does something else, for each world; NEVER where none does."""
    found = np.full(len(kept.worlds), NEVER)
    asked = _Replay(pair, kept, seed, known) if seats else None
    for seat in seats:
        before_and_after = (_lanes(one, one.inputs.policy_of[seat]) for one in pair)
        for before, after in zip(*before_and_after, strict=True):
            if asked and before != after:
                apart = asked.deeds(seat, before) != asked.deeds(seat, after)
                day = np.where(apart.any(axis=1), apart.argmax(axis=1), NEVER)
                np.minimum(found, day, out=found)
    return found


# Rules as they decide ----------------------------------------------------------------------------------------------


def _varying(variant: Variant) -> dict[str, Key]:
    """Return what varies from world to world, but for thresholds of policies."""
    return {c.name: c.drawn for c in variant.columns if not c.name.startswith("threshold:")}


def _lanes(variant: Variant, k: int) -> tuple[tuple[_Rule, ...], ...]:
    """Return the rules of each lane of policy ``k``, in order."""
    table, drawn = variant.tables[k].table, _thresholds(variant, k)
    ends = table["lane_first"].tolist()
    rules = [_rule(table, r, drawn) for r in range(int(table["n_rules"]))]
    return tuple(tuple(rules[a:b]) for a, b in pairwise(ends[: len(LANES[variant.inputs.policies[k].key]) + 1]))


def _thresholds(variant: Variant, k: int) -> "dict[int, float | Key]":
    """Return by row of a policy's conditions the threshold that stands there: a number, or what each world draws."""
    policy = variant.inputs.policies[k]
    rows = variant.tables[k].threshold_rows
    return {row: variant.thresholds[f"threshold:{policy.key}:{policy.name}:{name}"] for name, row in rows}


def _rule(table: Any, r: int, drawn: "Mapping[int, float | Key]") -> _Rule:
    one = table["rules"][r]
    first, code = int(one["first"]), table["code"]
    rows = tuple(
        _Comparison(int(c["column"]), int(c["relation"]), drawn.get(at, float(c["value"])), int(c["yes"]), int(c["no"]))
        for at, c in enumerate(code[first : first + int(one["length"])], first)
    )
    probability = float(one["probability"])
    luck = (int(one["key"]), probability) if probability < 1.0 else None
    return _Rule(
        int(one["action"]), tuple(map(float, one["options"])), rows, luck, int(one["cooldown"]), bool(one["once"]),
        int(one["after"]), int(one["until"]),
    )  # fmt: skip


# Deciding anew -----------------------------------------------------------------------------------------------------


class _Replay:
    """Rules, asked on all days of all worlds at once; what several of them ask is worked out once."""

    def __init__(self, variants: Sequence[Variant], kept: PerceptionLog, seed: int, known: Drawn | None) -> None:
        self.kept, self.columns, self.days = kept, kept.columns, kept.days
        self.lucks = variants[0].drawing.lucks(seed, kept.worlds)
        self.drawn: Drawn = {} if known is None else {key: values[kept.worlds] for key, values in known.items()}
        for variant in variants if known is None else ():
            variant.values(seed, kept.worlds, self.drawn)
        self.numbers: dict[tuple[int, tuple[float, ...]], int] = {}
        self.compared: dict[tuple[int, int, float | Key], np.ndarray] = {}
        self.willing: dict[tuple[int, _Rule], np.ndarray] = {}

    def deeds(self, seat: int, lane: Sequence[_Rule]) -> np.ndarray:
        """Return what a seat does by these rules of one lane on each day, (worlds, days): a number, 0 for nothing."""
        done = np.zeros((len(self.kept.worlds), self.days), np.int16)
        free = np.ones(done.shape, bool)
        for rule in lane:
            acts = self._willing(seat, rule) & free
            if rule.cooldown > 0 or rule.once:
                acts = _rested(acts, rule)
            done[acts] = self.numbers.setdefault((rule.action, rule.options), len(self.numbers) + 1)
            free &= ~acts
        return done

    def _willing(self, seat: int, rule: _Rule) -> np.ndarray:
        """Return on which days a rule would act if none before it did, whenever it last acted."""
        if (seat, rule) not in self.willing:
            found = self._can(seat, rule.action) & self._holds(seat, rule.rows)
            if rule.luck:
                found &= self._lucky(seat, *rule.luck)
            found[:, : max(0, rule.after)] = False
            found[:, max(0, rule.until + 1) :] = False
            self.willing[seat, rule] = found
        return self.willing[seat, rule]

    def _holds(self, seat: int, rows: Sequence[_Comparison]) -> "np.ndarray | bool":
        """Return where a condition holds; rows lead on to later ones, so the last is settled first."""
        settled: dict[int, Any] = {}
        for at in range(len(rows) - 1, -1, -1):
            yes, no = (settled.get(to, to == TRUE) for to in (rows[at].yes, rows[at].no))
            settled[at] = _either(self._compare(seat, rows[at]), yes, no)
        return settled[0] if rows else True

    def _can(self, seat: int, action: int) -> np.ndarray:
        values, days = self.kept.taken(self.columns.of_action(seat, action))
        return np.repeat(values.view(np.int64) != 0, days).reshape(-1, self.days)

    def _compare(self, seat: int, row: _Comparison) -> np.ndarray:
        k = self.columns.of_perception(seat, row.column)
        key = k, row.relation, row.value
        if key not in self.compared:
            drawn = self.drawn[row.value] if isinstance(row.value, Key) else None
            if k < self.columns.aging:
                against = row.value if drawn is None else drawn[:, None]
                self.compared[key] = _stands(self.kept.column(k), row.relation, against)
            else:  # what has not changed need not be compared again
                values, days = self.kept.taken(k)
                against = row.value if drawn is None else np.repeat(drawn, self.kept.counts[k])
                self.compared[key] = np.repeat(_stands(values, row.relation, against), days).reshape(-1, self.days)
        return self.compared[key]

    def _lucky(self, seat: int, key: int, probability: float) -> np.ndarray:
        """Return where the draw of a rule's name lets it act (``decide._lucky``, for all days at once)."""
        with np.errstate(over="ignore"):
            days = np.arange(self.days, dtype=np.uint64) * GOLDEN
            name = _mixed(np.array([POLICY_DRAW ^ _SEAT_KEYS[seat] ^ np.uint64(key)]))
            drawn = _mixed(_mixed(_mixed(self.lucks[:, None] + days) ^ name))
        return (drawn >> S11).astype(np.float64) * UNIT < probability


def _mixed(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> S30)) * FIRST
    z = (z ^ (z >> S27)) * SECOND
    return z ^ (z >> S31)


def _stands(x: np.ndarray, relation: int, value: Any) -> np.ndarray:
    """Return where ``x`` stands in a relation, a set of ways (``decide.compares``), to a value."""
    ways = {
        LESS: np.less, EQUAL: np.equal, MORE: np.greater, LESS | EQUAL: np.less_equal, MORE | EQUAL: np.greater_equal,
        LESS | MORE: np.not_equal,
    }  # fmt: skip
    found: np.ndarray = ways[relation](x, value)
    return found


def _either(held: np.ndarray, yes: Any, no: Any) -> Any:
    """Return ``yes`` where a comparison held and ``no`` where it did not; both may be one truth for all."""
    if yes is True and no is False:
        return held
    if yes is False and no is True:
        return ~held
    if isinstance(no, bool):
        return held & yes if no is False else ~held | yes
    if isinstance(yes, bool):
        return held | no if yes is True else ~held & no
    return np.where(held, yes, no)


def _rested(acts: np.ndarray, rule: _Rule) -> np.ndarray:
    """Return when a rule acts that rests for a while after each time, or for good, of when it would act."""
    allowed = np.zeros_like(acts)
    ready = np.zeros(len(acts), np.int64)
    for day in np.flatnonzero(acts.any(axis=0)).tolist():
        now = acts[:, day] & (ready <= day)
        allowed[:, day] = now
        ready[now] = NEVER if rule.once else day + rule.cooldown
    return allowed
