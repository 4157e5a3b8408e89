"""A world as splitting lives it: a few days at a time, kept and taken back, its luck new from a branch on."""

import numpy as np

from sim.experiments.variants import Variant
from sim.names.address import address
from sim.running.one_world import OneWorld
from sim.running.rare.ends import End
from sim.running.rare.judgement import Judgement
from sim.running.rare.warning_signs import SignReader
from sim.world import kernel
from sim.world.draws import mix, unit
from sim.world.living import Lived, compiled_view, live_on
from sim.world.record import BLOCKS, OUTCOME

#: Days between two looks at a world: of one that is not near, and of one that is, or has only begun.
SELDOM, OFTEN, BEGINNING = 7, 1, 14
_FIRST, _LAST = BLOCKS["memory"][0], BLOCKS["scratch"][1]
_STAKE = np.uint64(address("quantity", "splitting: whether a light world lives on"))


class RunStopped(Exception):
    """The run was broken off."""


class SplitWorld:
    """Worlds of a variant, one after another in one record, as ``sim.running.rare.splitting`` wants a life.

    Parameters
    ----------
    end : End
        What it is all about; a world that reached an end that stays is over.
    judgement : Judgement
        Says how near a world is.
    stop : array (1,)
        Is looked at all along: another number than 0 breaks off, with ``RunStopped``.
    """

    def __init__(
        self, variant: Variant, end: End, judgement: Judgement, stop: np.ndarray, near: float = np.inf
    ) -> None:
        self.variant, self.end, self.judgement, self.stop, self.near = variant, end, judgement, stop, near
        self.days = variant.inputs.days
        self.world = OneWorld(variant, 0, record=False)
        self.numbers, self.reader = self.world.numbers, SignReader(self.world.numbers, variant, end.on_the_ladder)
        self._template, self._places = variant.template, variant.places
        self.lived = 0
        self.stands = Lived(np.zeros(1, OUTCOME), -1, 0.0)
        self.broken: list[int] = []
        self.number, self.drawn = 0, 0.0
        self._signs: np.ndarray | None = None
        self._score = -np.inf

    def begin(self, number: int, key: np.uint64, values: np.ndarray, drawn: float) -> None:
        """Become world ``number`` on the morning of day 0; ``drawn`` is what its draws add to its score."""
        self.number, self.drawn = number, drawn
        kernel.prepare(compiled_view(self.world.worlds), self.numbers, self._template, self._places, values, key)
        self._signs = None

    def advance(self) -> bool:
        """Live on to the next look; return whether the world is over: at the horizon, or with the end come for good."""
        day = self.world.day
        often = day < BEGINNING or self._score >= self.near
        last = min(self.days, day + (OFTEN if often else SELDOM))
        world = self.world
        self.stands = live_on(world.worlds, self.numbers, self._template, self._places, last, world.series, self.stop)
        if self.stop[0]:
            raise RunStopped
        self.lived += last - day
        self._signs = None
        return last >= self.days or (self.end.stays and self.end.came(self.stands.row[0]))

    def signs(self) -> np.ndarray:
        """Return the signs of the world as it stands."""
        if self._signs is None:
            self._signs = self.reader.signs()
        return self._signs

    def score(self) -> float:
        """Return the log odds at which the end is judged to come yet."""
        self._score = self.drawn + self.judgement.of_state(self.signs())
        return self._score

    def came(self) -> bool:
        """Return whether the end came; a world that broke a law is noted, and counts as one in which it did not."""
        if self.stands.broken >= 0:
            self.broken.append(self.number)
            return False
        return self.end.came(self.stands.row[0])

    def passed(self) -> tuple[bool, ...]:
        """Return whether the end came, and which milestones on the way to it were passed."""
        return self.came(), *(one.passed(self.numbers) for one in self.end.milestones)

    def keep(self) -> np.ndarray:
        """Return all that the world's future depends on, its inputs aside."""
        return self.numbers[_FIRST:_LAST].copy()

    def back(self, kept: np.ndarray) -> None:
        """Go back to what was kept."""
        self.numbers[_FIRST:_LAST] = kept
        self._signs = None

    def branch(self, number: int) -> tuple[int, int]:
        """Meet other luck from the coming day on; return that day and the number of the branch."""
        day = self.world.day
        self.world.branch_off(number)
        return day, number

    def stake(self) -> float:
        """Return a uniform number of this day and luck, for splitting alone."""
        with np.errstate(over="ignore"):
            today = np.uint64(mix(_STAKE + np.uint64(self.world.day)))
            return float(unit(np.uint64(mix(self.world.worlds["luck"][0] ^ today))))
