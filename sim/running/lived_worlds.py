"""Worlds that have been lived, in memory: what came of them by variant, and what was kept of some of them."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.variants import Drawn, Key, Variant
from sim.names.measures import OUTCOMES
from sim.results.pairing import PairingAudit
from sim.running.ensemble import BatchResult, Failure
from sim.running.perception_log import PerceptionColumns, PerceptionLog
from sim.running.touched_worlds import TouchedWorlds, seats_apart, touched_worlds
from sim.world.record import OUTCOME

#: What is kept of worlds takes at most so many bytes, of all variants together.
MEMORY = 300_000_000
#: The outcomes of so many variants are at hand: to undo an edit, or to come back to one, runs nothing.
MOST = 64
#: About how many bytes a column takes a day, before any has been kept.
_A_COLUMN_A_DAY = 1.6
#: What is drawn for worlds up to this number is drawn once for all variants.
_DRAWN_TOGETHER = 20_000


class LivedVariant:
    """The worlds of one variant that have been lived: what came of them, and what was kept."""

    def __init__(self, variant: Variant, seed: int) -> None:
        self.variant, self.seed = variant, seed
        self.outcomes, self.there = np.zeros(0, OUTCOME), np.zeros(0, bool)
        self.failed: dict[int, Failure] = {}
        self.kept: list[PerceptionLog] = []
        self._heir_of: tuple[list[PerceptionLog], np.ndarray] | None = None
        self._guard = threading.RLock()

    def missing(self, worlds: int) -> np.ndarray:
        """Return the numbers of the worlds up to ``worlds`` that have not been lived."""
        with self._guard:
            self._make_room(worlds)
            return np.flatnonzero(~self.there[:worlds])

    def take(self, lived: BatchResult) -> None:
        """Take up worlds that were lived; those that are there already are the same."""
        with self._guard:
            self._make_room(int(lived.numbers.max(initial=-1)) + 1)
            new = lived.kept and lived.kept.only(~self.there[lived.kept.worlds])
            self.outcomes[lived.numbers] = lived.outcomes
            self.there[lived.numbers] = True
            self.failed |= {one.world: one for one in lived.failed}
            self.kept = [*self.kept, new] if new else self.kept

    def take_over(self, other: "LivedVariant", spared: np.ndarray) -> None:
        """Take up worlds of another variant that are those of this one, to the bit; what was kept of them later."""
        spared = spared[other.there[spared]]
        failed = tuple(other.failed[world] for world in spared.tolist() if world in other.failed)
        self.inherit()
        self.take(BatchResult(spared, other.outcomes[spared], failed, None))
        self._heir_of = other.kept, spared

    def inherit(self) -> list[PerceptionLog]:
        """Return what was kept, with that of the worlds that were taken over: in memory of its own from here on."""
        with self._guard:
            if self._heir_of is not None:
                parts, spared = self._heir_of
                self._heir_of = None
                theirs = (part.only(np.isin(part.worlds, spared)) for part in parts)
                self.kept = [*(part for part in theirs if part is not None), *self.kept]
            return self.kept

    def held(self) -> list[PerceptionLog]:
        """Return what was kept, with what the worlds that were taken over are still to be taken from."""
        with self._guard:
            return [*self.kept, *(self._heir_of[0] if self._heir_of else ())]

    def forget(self) -> None:
        """Give up what was kept."""
        with self._guard:
            self.kept, self._heir_of = [], None

    def _make_room(self, worlds: int) -> None:
        more = worlds - len(self.there)
        if more > 0:
            self.outcomes = np.concatenate([self.outcomes, np.zeros(more, OUTCOME)])
            self.there = np.concatenate([self.there, np.zeros(more, bool)])


class LivedWorlds:
    """All worlds that have been lived, by what they are made of; several engines may share it.

    Parameters
    ----------
    memory : int
        How many bytes what is kept of worlds may take. Beyond, it is given up: first that of variants that were asked
        about longest ago, then that of new worlds, which then count as touched by whatever edit.
    """

    def __init__(self, memory: int = MEMORY) -> None:
        self.memory = memory
        self._lives: OrderedDict[Hashable, LivedVariant] = OrderedDict()
        self._drawn: dict[Hashable, tuple[int, Drawn]] = {}
        self._guard = threading.RLock()

    def of(self, variant: Variant, seed: int) -> LivedVariant:
        """Return what has been lived of a variant: nothing yet, of one that is new."""
        with self._guard:
            name = _made_of(variant, seed)
            life = self._lives.setdefault(name, LivedVariant(variant, seed))
            self._lives.move_to_end(name)
            while len(self._lives) > MOST:
                self._lives.popitem(last=False)
            return life

    def nearest(
        self, life: LivedVariant, before: Collection[LivedVariant], worlds: int
    ) -> tuple[LivedVariant, TouchedWorlds] | None:
        """Return which of the lives ``before`` is nearest to a new one, and which worlds part them; None for none."""
        found: tuple[LivedVariant, TouchedWorlds] | None = None
        fewest = worlds
        for other in before:
            apart = self._apart(other, life) if other is not life and other.seed == life.seed else None
            if apart is not None:
                apart = apart.within(worlds)
                left = worlds - int(other.there[apart.spared].sum())
                if left < fewest or found is None:
                    found, fewest = (other, apart), left
        return found

    def _apart(self, other: LivedVariant, life: LivedVariant) -> TouchedWorlds | None:
        """Return which of the worlds of which anything is kept part two lives; None where that cannot be told."""
        if seats_apart(other.variant, life.variant) is None:
            return None
        kept = other.inherit()
        most = max((int(part.worlds.max()) + 1 for part in kept), default=0)
        known: Drawn = {}
        for variant in (other.variant, life.variant) if most <= _DRAWN_TOGETHER else ():
            together = self._drawn_together(variant, life.seed, most)
            known.update((key, together[key]) for key in variant.thresholds.values() if isinstance(key, Key))
        return touched_worlds(other.variant, life.variant, kept, life.seed, known if most <= _DRAWN_TOGETHER else None)

    def drawn(self, variant: Variant, seed: int, numbers: np.ndarray) -> Drawn:
        """Return what is drawn for these worlds; what variants have in common is drawn once."""
        most = int(numbers.max(initial=-1)) + 1
        if most > _DRAWN_TOGETHER:
            return {}
        together = self._drawn_together(variant, seed, most)
        return {column.drawn: together[column.drawn][numbers] for column in variant.columns}

    def _drawn_together(self, variant: Variant, seed: int, worlds: int) -> Drawn:
        """Return what a variant, among others, draws for worlds 0 up to ``worlds`` at least."""
        with self._guard:
            key = seed, repr(variant.drawing)
            there, together = self._drawn.get(key, (0, {}))
            if there < worlds:
                there, together = max(worlds, 2 * there, 1000), dict[Key, np.ndarray]()
            self._drawn = {key: (there, together)}
            variant.values(seed, np.arange(there), together)
            return together

    def room_for(self, n: int, columns: PerceptionColumns, life: LivedVariant, in_use: Sequence[LivedVariant]) -> bool:
        """Return whether what is kept of ``n`` more worlds of a life has room; that of lives not in use makes way."""
        kept, worlds = sum(part.nbytes for part in life.kept), sum(len(part.worlds) for part in life.kept)
        each = kept / worlds if worlds else _A_COLUMN_A_DAY * len(columns.places) * life.variant.inputs.days
        with self._guard:
            for old in list(self._lives.values()):
                if self._taken() + n * each <= self.memory:
                    return True
                if all(old is not one for one in in_use):
                    old.forget()
            return self._taken() + n * each <= self.memory

    def _taken(self) -> int:
        # What lives have taken over from each other without a copy is there once.
        parts: dict[int, PerceptionLog] = {id(part): part for life in self._lives.values() for part in life.held()}
        return sum(part.nbytes for part in parts.values())


def _made_of(variant: Variant, seed: int) -> Hashable:
    """Return all that a variant's worlds depend on, as one key."""
    shared = hashlib.blake2b(variant.template.tobytes() + variant.places.tobytes()).digest()
    varying = tuple((column.drawn, len(column.places)) for column in variant.columns)
    inputs = variant.inputs
    return shared, varying, inputs.days, repr(variant.drawing), repr(inputs.mixture), seed


@dataclass(frozen=True)
class LivedResults:
    """The first worlds of several variants, as results in a folder would be read."""

    lives: dict[str, LivedVariant]
    worlds: int

    @property
    def variants(self) -> list[str]:
        """Return the variants' labels; the first is the baseline."""
        return list(self.lives)

    def names(self) -> list[str]:
        """Return the outcome measures."""
        return [measure.name for measure in OUTCOMES]

    def columns(self, names: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
        """Return columns by label and name, with the worlds' numbers; NaN where a measure is not defined."""
        numbers = np.arange(self.worlds)
        return {
            label: {"world": numbers} | {name: life.outcomes[name][: self.worlds] for name in names}
            for label, life in self.lives.items()
        }

    def days_of(self, variant: str) -> int:
        """Return how many days a variant's worlds are run."""
        return self.lives[variant].variant.inputs.days

    def arrays(self, names: Sequence[str], variant: str) -> dict[str, np.ndarray]:
        """Return columns of one variant by name, with the worlds' numbers."""
        return self.columns(names)[variant]

    @property
    def pairing(self) -> list[PairingAudit]:
        """Return nothing: worlds in memory are not audited."""
        return []

    def longest(self, *variants: str) -> int:
        """Return the longest horizon of some variants, in days."""
        return max(map(self.days_of, variants))
