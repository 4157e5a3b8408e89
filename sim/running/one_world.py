"""One world by itself, followed day by day: the same world as among many, which can be recorded, kept and branched."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from sim.experiments.variants import Drawn, Variant, luck_of
from sim.running.ensemble import weeks_of
from sim.world import kernel
from sim.world.living import Lived, compiled_view, live_on
from sim.world.record import OUTCOME, WEEK, as_numbers, new_worlds

#: Days that one world lives before an interruption is looked for.
AT_A_TIME = 60


class OneWorld:
    """One world, followed day by day: the same world as in a batch, which can be recorded, kept and branched.

    Parameters
    ----------
    variant : Variant
        What the world is made of.
    number, seed : int
        Which world.
    record : bool
        Whether its events are written down.
    drawn : array, optional
        Its row of ``variant.pokes``, where many worlds have been drawn at once.
    branches : sequence of (int, int)
        Days on whose morning it branches off, in order, and the number of the branch (``branch_off``).
    """

    def __init__(
        self, variant: Variant, number: int, seed: int = 1, record: bool = True, drawn: np.ndarray | None = None,
        branches: Sequence[tuple[int, int]] = (),
    ) -> None:  # fmt: skip
        self.variant, self.number, self.seed, self.branches = variant, number, seed, tuple(branches)
        self.worlds = new_worlds(1)
        self.numbers: np.ndarray = as_numbers(self.worlds)[0]
        self.series = np.zeros((1, weeks_of(variant.inputs.days)), WEEK)
        self.worlds["recording"] = int(record)
        [key] = variant.keys(seed, [number])
        self._begin(number, key, variant.drawn(seed, [number])[0] if drawn is None else drawn)

    def _begin(self, number: int, key: np.uint64, pokes: np.ndarray) -> None:
        """Become world ``number`` on the morning of day 0."""
        self.number = number
        variant = self.variant
        kernel.prepare(compiled_view(self.worlds), self.numbers, variant.template, variant.places, pokes, key)
        self.worlds["luck"] = luck_of(key, number % variant.drawing.replicates)

    @property
    def day(self) -> int:
        """Return the day that comes next."""
        return int(self.worlds["day"][0])

    @property
    def name(self) -> str:
        """Return what the world is called where it is told of."""
        return f"world {self.number} of {self.variant.label}"

    def run_to(self, day: int | None = None) -> "OneWorld":
        """Live on to the morning of ``day`` (the end by default); return itself."""
        last = self.variant.inputs.days if day is None else day
        turns = dict(self.branches)
        while self.day < last:
            if self.day in turns:
                self.branch_off(turns[self.day])
            self.lived(min([last, self.day + AT_A_TIME, *(turn for turn in turns if turn > self.day)]))
        return self

    def lived(self, last: int) -> np.ndarray:
        """Live on to the morning of day ``last``; return the outcomes as they stand then (1,); Lawless if none can."""
        lived = self.live_to(last)
        if last == self.variant.inputs.days:
            lived.obey(last, self.name)
        return lived.row

    def live_to(self, last: int) -> Lived:
        """Live on to the morning of day ``last``; return how the world stands then, possible or not."""
        return live_on(self.worlds, self.numbers, self.variant.template, self.variant.places, last, self.series)

    def outcomes(self) -> dict[str, float]:
        """Return the outcomes of the world as it stands."""
        row = self.lived(self.day)
        return {name: float(row[name][0]) for name in OUTCOME.names or ()}

    def digest(self) -> int:
        """Return a digest of the world's state: equal worlds have equal ones."""
        return int(kernel.digest(self.numbers))

    def snapshot(self) -> np.ndarray:
        """Return the whole world as numbers, to ``restore`` later."""
        return self.numbers.copy()

    def restore(self, snapshot: np.ndarray) -> "OneWorld":
        """Take the world back to a snapshot; return itself."""
        self.numbers[:] = snapshot
        return self

    def branch(self, number: int) -> "OneWorld":
        """Let the world meet other luck from the coming day on: branch 0 is the unbroken world; return itself."""
        if number:
            self.worlds["luck"] = luck_of(self.worlds["key"][0], number)
        return self

    def branch_off(self, number: int) -> "OneWorld":
        """Let the world meet other luck from the coming day on, whichever it has met so far; return itself.

        A branch of a branch has luck of its own: by day and number, out of the luck in force.
        """
        self.worlds["luck"] = luck_of(self.worlds["luck"][0], ((self.day + 1) << 32) + number)
        return self

    def events(self) -> np.ndarray:
        """Return the events written down so far, in order (n,)."""
        n = int(self.worlds["n_events"][0]) - int(self.worlds["log_full"][0])
        return np.array(self.worlds["log"][0][:n])


def one_by_one(
    variant: Variant, numbers: Sequence[int], seed: int = 1, known: Drawn | None = None
) -> Iterator[Callable[[], OneWorld]]:
    """Yield for each world in turn a function that begins it, as often as called: always in the same record.

    So the world begun before is gone. What is drawn is drawn for all at once, which is far quicker than one by one;
    ``known`` holds what other variants have drawn for these worlds.
    """
    if not len(numbers):
        return
    keys = variant.keys(seed, numbers)
    pokes = variant.drawn(seed, numbers, variant.values(seed, numbers, known))
    world = OneWorld(variant, int(numbers[0]), seed, record=False, drawn=pokes[0])
    for k, number in enumerate(numbers):

        def begin(k: int = k, number: int = int(number)) -> OneWorld:
            world._begin(number, keys[k], pokes[k])
            return world

        yield begin
