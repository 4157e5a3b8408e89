"""A miniature in plain Mesa: as many actors, decisions, comparisons and random numbers as a real world has, no more.

It stands for what the model would cost if it were written as Mesa models usually are: agents as objects, a method a
step, ``self.random`` for chance. What it computes means nothing; its amounts of work are those of a scenario, taken
from its policies, house and geography, and from how many cells its worlds have. Rules of the real model that come up
seldom (votes, talks, strikes, stories) are left out, so the miniature does less. ``python benchmarks/plain_mesa.py``
prints how many times more worlds a second and processor the model lives.
"""

import argparse
import json
import math
import statistics
import time
from dataclasses import dataclass

import mesa

DAYS = 730
#: What each member, cell and place draws and takes exponentials of in a week, and each faction and actor in a day.
MEMBER_DRAWS, CELL_DRAWS, ACTOR_DRAWS = 2, 3, 6
VIEWS = 4
#: What everybody sees is worked out each day from counts over windows.
PERCEPTIONS = 80


@dataclass(frozen=True)
class Size:
    """How much of everything there is in a scenario's world."""

    seats: tuple[tuple[int, ...], ...]
    members: int
    cells: int
    places: int
    allies: int


def size_of(scenario: str = "2020-soleimani") -> Size:
    """Return the sizes of a scenario's worlds: of each seat's policy the comparisons of each rule."""
    from sim.bench import living_cells
    from sim.names.actors import ALLIES, GOVERNORATES
    from sim.policy import POLICY_KEYS
    from sim.runs import Asked, arms_of

    [arm] = arms_of(Asked((scenario,)))
    inputs = arm.variant.inputs
    policies = {policy.key: policy for policy in inputs.policies}
    seats = [
        tuple(len(one.when.rows) if one.when else 0 for one in policies[key].all_rules)
        for key, sitting in POLICY_KEYS.items()
        for _ in sitting
    ]
    return Size(tuple(seats), int(inputs.house.members), living_cells(arm.variant), len(GOVERNORATES), len(ALLIES))


class Actor(mesa.Agent):
    """One who decides each day: sees, goes through its rules, and feels."""

    def __init__(self, model: "World", rules: tuple[int, ...]) -> None:
        super().__init__(model)
        self.rules = [[model.random.randrange(PERCEPTIONS) for _ in range(n)] for n in rules]
        self.moods = [0.5] * 5
        self.acts = 0

    def step(self) -> None:
        """Decide, act by chance, and let moods fade."""
        seen = self.model.seen
        for rule in self.rules:
            for column in rule:
                if seen[column] < 0.02:
                    break
            else:
                self.acts += 1
                break
        draws = [self.random.random() for _ in range(ACTOR_DRAWS)]
        drive = math.exp(-self.moods[0]) * math.exp(-self.moods[1])
        if draws[0] < drive * 0.1:
            self.acts += 1
            self.model.happened += 1
        for k, mood in enumerate(self.moods):
            self.moods[k] = mood * 0.98 + 0.02 * draws[k]


class Member(mesa.Agent):
    """One of the house: leans, and turns up, by the week."""

    def __init__(self, model: "World") -> None:
        super().__init__(model)
        self.leaning = 0.0

    def step(self) -> None:
        """Lean anew."""
        draws = [self.random.random() for _ in range(MEMBER_DRAWS)]
        pull = 0.5 * self.model.seen[0] - 0.3 * self.model.seen[1] + 0.2 * self.model.seen[2]
        self.leaning = 0.9 * self.leaning + 0.1 * math.tanh(pull + draws[0] - 0.5)
        self.present = draws[1] < 0.8


class Place(mesa.Agent):
    """A governorate: what three communities feel, by the week."""

    def __init__(self, model: "World") -> None:
        super().__init__(model)
        self.views = [[0.0] * VIEWS for _ in range(3)]
        self.pressure = 0.5

    def step(self) -> None:
        """Feel, and press upon cells."""
        seen = self.model.seen
        for community in self.views:
            for k, view in enumerate(community):
                community[k] = view + 0.05 * (math.tanh(seen[k] - seen[k + 4]) - view)
        self.pressure += 0.1 * (0.5 * seen[9] + 0.5 * seen[10] - self.pressure)


class Cell(mesa.Agent):
    """A cell of ISIS: grows, strikes, moves or is lost, by the week."""

    def __init__(self, model: "World", place: Place) -> None:
        super().__init__(model)
        self.place, self.fighters = place, 5.0

    def step(self) -> None:
        """Grow, strike and move by chance."""
        grow, strike, move = (self.random.random() for _ in range(CELL_DRAWS))
        chance = 0.05 * (0.4 + 0.6 * self.place.pressure)
        self.fighters += (grow < chance) - (grow > 1.0 - chance)
        if strike < 0.2 * math.exp(-self.place.pressure):
            self.model.happened += 1
        if move < 0.01:
            self.place = self.random.choice(self.model.places)


class World(mesa.Model):
    """One world."""

    def __init__(self, size: Size, seed: int) -> None:
        super().__init__(rng=seed)
        self.seen, self.happened = [self.random.random() for _ in range(PERCEPTIONS)], 0
        self.actors = [Actor(self, rules) for rules in size.seats]
        self.members = [Member(self) for _ in range(size.members)]
        self.places = [Place(self) for _ in range(size.places)]
        self.cells = [Cell(self, self.places[k % size.places]) for k in range(size.cells)]
        self.allies = [Actor(self, (2,)) for _ in range(size.allies)]

    def run(self, days: int) -> int:
        """Live so many days; return what happened."""
        for day in range(days):
            for k in range(PERCEPTIONS):
                self.seen[k] = 0.97 * self.seen[k] + 0.03 * (self.happened % (k + 2) > 0)
            for actor in self.actors:
                actor.step()
            if day % 7 == 0:
                for agent in (*self.allies, *self.members, *self.places, *self.cells):
                    agent.step()
        return self.happened


def worlds_a_second(size: Size, worlds: int, days: int = DAYS) -> float:
    """Return how many worlds of the miniature one processor lives in a second of its time."""
    began = time.process_time()
    for seed in range(worlds):
        World(size, seed).run(days)
    return worlds * days / DAYS / (time.process_time() - began)


def main() -> None:
    """Time the model and the miniature by turns."""
    from sim.bench import worlds_a_second_of_processor

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="times that both are timed, by turns (5)")
    parser.add_argument("--json", action="store_true", help="plain values on standard output")
    asked = parser.parse_args()
    size = size_of()
    turns = [(worlds_a_second_of_processor(DAYS, 100), worlds_a_second(size, 1, DAYS)) for _ in range(asked.repeats)]
    ratios = sorted(here / there for here, there in turns)
    plain = {
        "model": statistics.median(here for here, _ in turns), "plain_mesa": statistics.median(one for _, one in turns),
        "ratio": statistics.median(ratios), "least": ratios[0], "most": ratios[-1],
    }  # fmt: skip
    told = "{model:,.0f} worlds a second, plain Mesa {plain_mesa:.2f}: {ratio:,.0f} times ({least:,.0f} to {most:,.0f})"
    print(json.dumps(plain) if asked.json else told.format(**plain))


if __name__ == "__main__":
    main()
