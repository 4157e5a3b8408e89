"""The story of one world: its recorded events as dated plain sentences, each with its cause, its rule and its claim.

Sentences come from the templates in ``sim.names.events``. A blow is told together with whom it hurt and what came of
it on the spot; what several do on a day for one reason, and runs of what matters little, are told at once, by the
month; what happens by the week, and surges of protest that nobody answers, are summed up by the quarter. What nobody in
the story could know is left out, and so is what is begun again without an end between. With ``everything``, nothing is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.variants import Variant
from sim.names.actors import (
    POLICY_KEYS,
    SEATS,
)
from sim.running.one_world import OneWorld
from sim.stories.ending import ending
from sim.stories.events import Sentence
from sim.stories.gathering import sentences
from sim.stories.telling import Narrator


@dataclass(frozen=True, repr=False)
class Story:
    """The story of one world: who decides by what, the sentences in order, how it ends; ``str`` of it is its text."""

    variant: Variant
    world: int
    seed: int
    sentences: tuple[Sentence, ...]
    ending: str
    outcomes: dict[str, float | None]
    missing: int

    def __str__(self) -> str:
        """Return the story as text, 120 letters wide, as ``crossfire story`` prints it."""
        from sim.stories.page import text_of  # rich is loaded where something is printed alone

        return text_of(self)

    def __repr__(self) -> str:
        """Return of which world it is, and of how many sentences."""
        label, n = self.variant.label, len(self.sentences)
        return f"<Story of {label!r}: world {self.world}, seed {self.seed}, {n:,} sentences; str() tells it>"

    @property
    def policies(self) -> dict[str, str]:
        """Return the policy of each actor by key; factions of several minds are told apart."""
        inputs = self.variant.inputs
        names: dict[str, str] = {}
        for key, seats in POLICY_KEYS.items():
            of_seats = {seat: inputs.policies[inputs.policy_of[SEATS.index(seat)]].name for seat in seats}
            shared = len(set(of_seats.values())) == 1
            names |= {key: of_seats[seats[0]]} if shared else of_seats
        return names

    @property
    def theory(self) -> str:
        """Return the theory of the world, in words; the one that it drew where worlds draw."""
        drawn = self.variant.theories(self.variant.values(self.seed, [self.world]))
        return (drawn or [self.variant.inputs.theory])[0]

    def plain(self) -> dict[str, Any]:
        """Return the story as plain values."""
        inputs = self.variant.inputs
        return {
            "scenario": self.variant.label, "title": inputs.title, "start": inputs.start.isoformat(),
            "days": inputs.days, "world": self.world, "seed": self.seed, "policies": self.policies,
            "theory": self.theory, "sentences": [sentence.plain() for sentence in self.sentences],
            "ending": self.ending, "outcomes": self.outcomes, "missing_events": self.missing,
        }  # fmt: skip


def story(
    variant: Variant, number: int, seed: int = 1, *, everything: bool = False,
    branches: Sequence[tuple[int, int]] = (),
) -> Story:  # fmt: skip
    """Return the story of world ``number`` of a variant; with ``everything`` each event, hidden ones too.

    ``branches`` are those that the world takes, by day and number (``OneWorld``).
    """
    world = OneWorld(variant, number, seed, record=True, branches=branches).run_to()
    missing = int(world.worlds["log_full"][0])
    outcomes = world.outcomes()
    told = sentences(Narrator(variant, world.events()), everything)
    defined = {name: None if np.isnan(value) else value for name, value in outcomes.items()}
    return Story(variant, number, seed, tuple(told), ending(variant, defined), defined, missing)
