"""A miniature in plain Mesa: the amount of work of a world, written as Mesa models usually are.

Agents are objects, each has a method a step, chance is ``self.random``. It computes nothing that means anything, but
does the work that the bulk of a world's rules does: as many actors, comparisons of policies, perceptions, feelings,
members, cells, places and random numbers as a scenario's world has. Rules that come up seldom (votes, talks, strikes,
stories), what is written down, and the hashing by which the model pairs its worlds are left out, so it does less, never
more: ``benchmarks/amount_of_work.py`` counts it. ``python benchmarks/plain_mesa.py`` times both by turns.
"""

import argparse
import json
import math
import time
from dataclasses import dataclass
from typing import Any

import mesa

SCENARIO = "2020-soleimani"
DAYS = 730
#: What a faction's rate is made of, and which feelings of it fade.
TERMS, FEELINGS = 8, 6
#: What else lives by the day (evidence, trust, pressure, fear, influence, talks, staying ...), and of how many terms.
BODIES, TERMS_OF_BODY = 12, 6
#: Actions whose means a seat has or lacks.
ACTIONS = 9
#: Feelings of a community towards the US, Iran, militias and the government.
FEELINGS_OF_PUBLIC, COMMUNITIES = 4, 4


@dataclass(frozen=True)
class Size:
    """How much of everything there is in a scenario's world.

    Parameters
    ----------
    policies : tuple
        Of each policy in turn, by lanes, the numbers of comparisons of its rules.
    """

    policies: tuple[tuple[tuple[int, ...], ...], ...]
    own: tuple[int, ...]
    seats: tuple[int, ...]
    factions: int
    daily_draws: int
    kinds: int
    windows: tuple[int, ...]
    facts: int
    blocs: int
    members: int
    cells: int
    places: int
    sites: int
    allies: int


def size_of(cells: int | None = None) -> Size:
    """Return the sizes of the scenario's worlds, with as many cells as they have on average unless told."""
    from sim.experiments.request import Request, variants_of
    from sim.names.actors import ALLIES, GOVERNORATES, N_FACTIONS, POLICY_KEYS
    from sim.names.events import WINDOWED_KINDS, WINDOWS
    from sim.names.perceptions import OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS
    from sim.names.streams import N_DAILY
    from sim.running.bench import living_cells

    [variant] = variants_of(Request((SCENARIO,)))
    inputs, kinds = variant.inputs, len(WINDOWED_KINDS)
    policies = {policy.key: _comparisons(policy) for policy in inputs.policies}
    return Size(
        policies=tuple(policies[key] for key in POLICY_KEYS),
        own=tuple(len(OWN_PERCEPTIONS[key]) for key in POLICY_KEYS), seats=tuple(map(len, POLICY_KEYS.values())),
        factions=N_FACTIONS, daily_draws=N_DAILY, kinds=kinds, windows=tuple(map(int, WINDOWS)),
        facts=len(PUBLIC_PERCEPTIONS) - kinds * len(WINDOWS), blocs=len(inputs.house.blocs),
        members=int(inputs.house.members), cells=cells or living_cells(), places=len(GOVERNORATES),
        sites=len(inputs.geography.sites), allies=len(ALLIES),
    )  # fmt: skip


def _comparisons(policy: Any) -> tuple[tuple[int, ...], ...]:
    """Return by lanes how many comparisons the rules of a policy make."""
    lanes: dict[str, list[int]] = {}
    for rule in policy.all_rules:
        lanes.setdefault(rule.lane, []).append(len(rule.when.rows) if rule.when else 0)
    return tuple(map(tuple, lanes.values()))


def clamp(x: float, low: float, high: float) -> float:
    """Return ``x`` within bounds."""
    return low if x < low else high if x > high else x


class Actor(mesa.Agent):
    """One with a policy: each day it sees, and goes through its rules, lane by lane.

    Those who share a policy go through it together, as in the model, each with its own perceptions.
    """

    def __init__(self, model: "World", lanes: tuple[tuple[int, ...], ...], own: int, seats: int) -> None:
        super().__init__(model)
        here = self.random
        self.lanes = [[[here.randrange(model.n_public) for _ in range(n)] for n in rules] for rules in lanes]
        self.own, self.state = [0.0] * own, [[here.random() for _ in range(own)] for _ in range(seats)]
        self.can, self.acts = [True] * ACTIONS, 0

    def step(self) -> None:
        """See, and see to the means; take in every lane the first rule that holds."""
        for state in self.state:
            for k in range(len(state)):
                self.own[k] = state[k]
            for k in range(ACTIONS):
                self.can[k] = self.model.public[k] > 0.0 or state[0] >= 0.0
        for lane, rules in enumerate(self.lanes):
            for rule in rules:
                if self.can[lane] and self.holds(rule):
                    self.acts += 1
                    break

    def holds(self, rule: list[int]) -> bool:
        """Return whether every comparison of a rule holds."""
        public = self.model.public
        return all(public[column] >= 0.3 for column in rule)


class Faction(mesa.Agent):
    """One that fires by chance, and feels."""

    def __init__(self, model: "World") -> None:
        super().__init__(model)
        self.feelings = [self.random.random() for _ in range(FEELINGS)]
        self.strength, self.excitation = 1.0, 0.0

    def step(self) -> None:
        """Fire as often as appetite, drive and chance have it."""
        model = self.model
        drive = 0.0
        for k in range(TERMS):
            drive += model.by(k, 0.1 * self.feelings[k % FEELINGS])
        rate = 0.02 * self.strength * math.exp(clamp(drive, -4.0, 4.0)) + self.excitation
        if model.draws[0] >= 1.0 - rate:
            model.happen(0)
        self.excitation = 0.9 * self.excitation

    def feel(self) -> None:
        """Let what is fresh ripen, and feelings fade."""
        for k in range(FEELINGS):
            self.feelings[k] = clamp(self.feelings[k] * 0.98 + 0.01, 0.0, 1.0)
        self.strength += self.model.by(1, 0.01 * (1.0 - self.strength))


class Body(mesa.Agent):
    """Something slow that moves each day with what happens, and fades."""

    def __init__(self, model: "World") -> None:
        super().__init__(model)
        self.level = 0.5

    def step(self) -> None:
        """Move by what weighs, within bounds."""
        model, pull = self.model, 0.0
        for k in range(TERMS_OF_BODY):
            pull += model.by(k, 0.1 * (model.public[k] - self.level))
        self.level = clamp(self.level + 0.01 * clamp(pull, -1.0, 1.0), 0.0, 1.0)


class Bloc(mesa.Agent):
    """A bloc of the house, whose line its members follow."""

    def __init__(self, model: "World") -> None:
        super().__init__(model)
        self.members: list[Member] = []
        self.shift = self.line = self.common = 0.0

    def step(self) -> None:
        """Shift views; let members lean, take the bloc's line of them, and pull them to it."""
        model = self.model
        for k in range(5):
            self.shift += 0.02 * (model.by(k, 0.1 * model.public[k]) - self.shift)
        self.common = clamp(sum(model.by(k, 0.2 * model.public[k]) for k in range(7)), -1.0, 1.0)
        for member in self.members:
            member.step()
        self.line = sum(member.leaning for member in self.members) / max(1, len(self.members))
        for member in self.members:
            member.leaning += 0.3 * (self.line - member.leaning)


class Member(mesa.Agent):
    """One of the house, who drifts and leans by the week."""

    def __init__(self, model: "World", bloc: Bloc) -> None:
        super().__init__(model)
        self.bloc, self.view, self.iran, self.leaning = bloc, 0.0, self.random.random(), 0.0
        bloc.members.append(self)

    def step(self) -> None:
        """Drift, and lean anew."""
        drift = (self.random.random() - 0.5) * 0.05
        self.view = min(1.0, max(-1.0, self.view + self.bloc.shift - 0.1 * self.view + drift))
        self.leaning = self.bloc.common - 0.5 * self.view + 0.2 * abs(self.iran + self.bloc.shift)


class Place(mesa.Agent):
    """A governorate: what its communities feel, who protests, and what presses on cells, by the week."""

    def __init__(self, model: "World") -> None:
        super().__init__(model)
        self.feelings = [[0.4] * COMMUNITIES for _ in range(FEELINGS_OF_PUBLIC)]
        self.quarter = [1.0] * 13
        self.fear = self.pressure = self.reached = self.protest = 0.5

    def step(self) -> None:
        """Feel towards four sides; fear, protest, and press upon cells."""
        model = self.model
        for k, feelings in enumerate(self.feelings):
            shock, rest = model.public[k], model.by(k, 0.3)
            for c in range(COMMUNITIES):
                settled = feelings[c] + 0.05 * (clamp(rest * model.shares[c], 0.0, 1.0) - feelings[c])
                feelings[c] = settled + (1.0 - settled) * min(0.9, 0.01 * shock * model.shares[c])
        self.fear += 0.2 * (1.0 - math.exp(-sum(self.quarter) / 20.0) - self.fear)
        anger = 0.0
        for c in range(COMMUNITIES):
            anger += model.shares[c] * self.feelings[3][c]
        if self.random.random() < 0.01 * clamp(anger - 0.3, 0.0, 1.0):
            self.protest = 1.0
        self.protest *= 0.9
        self.pressure = clamp(0.5 * model.by(2, self.reached) + 0.3 * self.fear, 0.0, 1.0)


class Cell(mesa.Agent):
    """A cell of ISIS: it grows, learns, attacks, moves, or is lost, by the week."""

    def __init__(self, model: "World", place: Place) -> None:
        super().__init__(model)
        self.place, self.fighters, self.skill, self.supplies, self.heat = place, 5.0, 0.5, 0.5, 0.0

    def step(self) -> None:
        """Survive, grow, strike and move by chance; one that is lost begins anew, so that there are as many."""
        place, draw = self.place, self.random.random
        if draw() < 0.004 * place.pressure * (0.4 + 0.6 * self.heat) * (1.3 - self.skill):
            self.fighters, self.heat = 5.0, 0.0
            return
        fed = 0.5 + self.supplies
        self.fighters += self.fighters * max(-0.05, 0.001 * (0.5 - place.pressure) * fed)
        self.skill += 0.01 * (1.0 - self.skill)
        self.supplies += 0.1 * (1.0 - place.pressure - self.supplies)
        mean, n = 0.02 * self.fighters * fed, 0
        u = draw()
        if u >= 1.0 - mean:
            n = int(u >= math.exp(-mean))
            place.quarter[self.model.week % 13] += n
        self.heat = min(1.0, 0.6 * self.heat + (0.4 if n else 0.0))
        if draw() < 0.01:
            self.place = self.random.choice(self.model.places)


class Ally(mesa.Agent):
    """A member of the coalition, that trains and stays or leaves by the week."""

    def __init__(self, model: "World") -> None:
        super().__init__(model)
        self.unease, self.trainers, self.there = 0.1, 1.0, True

    def step(self) -> None:
        """Train, and weigh whether to stay."""
        self.trainers += 0.2 * (1.0 - clamp(self.model.by(3, 0.1), 0.0, 1.0) - self.trainers)
        self.unease = clamp(0.9 * self.unease + 0.01 * self.model.public[0], 0.0, 1.0)
        if self.random.random() < 0.0002 * math.exp(clamp(self.model.by(4, self.unease), -5.0, 8.0)):
            self.there = False


class World(mesa.Model):
    """One world."""

    def __init__(self, size: Size, seed: int) -> None:
        super().__init__(rng=seed)
        self.size, self.week, self.n_public = size, 0, size.kinds * len(size.windows) + size.facts
        self.public, self.facts = [0.0] * self.n_public, [self.random.random() for _ in range(size.facts)]
        self.totals, self.at_dawn = [0.0] * size.kinds, [0.0] * size.kinds
        self.ring = [[0.0] * size.kinds for _ in range(max(size.windows) + 1)]
        self.sums = [[0.0] * size.kinds for _ in size.windows]
        self.strengths, self.mattered = [1.0] * TERMS, [-1] * TERMS
        self.shares, self.draws = [0.3, 0.5, 0.1, 0.1], [0.0] * size.daily_draws
        self.settle(size)

    def settle(self, size: Size) -> None:
        """Make everybody."""
        self.bodies = [Body(self) for _ in range(BODIES)]
        self.actors = [Actor(self, *one) for one in zip(size.policies, size.own, size.seats, strict=True)]
        self.factions = [Faction(self) for _ in range(size.factions)]
        self.blocs = [Bloc(self) for _ in range(size.blocs)]
        self.members = [Member(self, self.blocs[k % size.blocs]) for k in range(size.members)]
        self.places = [Place(self) for _ in range(size.places)]
        self.cells = [Cell(self, self.places[k % size.places]) for k in range(size.cells)]
        self.allies = [Ally(self) for _ in range(size.allies)]

    def by(self, mechanism: int, amount: float) -> float:
        """Return an amount at its mechanism's strength, and note when it first mattered."""
        if self.mattered[mechanism] < 0 and amount != 0.0:
            self.mattered[mechanism] = 0
        return self.strengths[mechanism] * amount

    def happen(self, kind: int) -> None:
        """Count an event."""
        self.totals[kind] += 1.0

    def dawn(self, day: int) -> None:
        """Draw the day's chance, count yesterday in its windows, and set what everybody sees."""
        for k in range(self.size.daily_draws):
            self.draws[k] = self.random.random()
        today, kinds = self.ring[day % len(self.ring)], self.size.kinds
        for k in range(kinds):
            today[k] = self.totals[k] - self.at_dawn[k]
            self.at_dawn[k] = self.totals[k]
        for sums, days in zip(self.sums, self.size.windows, strict=True):
            gone = self.ring[(day - days) % len(self.ring)]
            for k in range(kinds):
                sums[k] += today[k] - gone[k]
        self.look()

    def look(self) -> None:
        """Set what everybody sees."""
        n, kinds = len(self.sums), self.size.kinds
        for k in range(kinds):
            for j in range(n):
                self.public[k * n + j] = self.sums[j][k]
        for k in range(self.size.facts):
            self.public[kinds * n + k] = self.facts[k]

    def live_week(self) -> None:
        """Let the slow populations live through a week."""
        for place in self.places:
            place.reached = 0.0
            for _ in range(self.size.sites):
                place.reached += 0.02 * self.facts[0]
            place.quarter[self.week % 13] = 0.0
        for agents in (self.blocs, self.places, self.cells, self.allies):
            for agent in agents:
                agent.step()
        self.take_stock()
        self.take_ground()
        self.take_mood()
        self.week += 1

    def take_stock(self) -> None:
        """Count who would vote to expel, and how far apart the house is."""
        self.votes, self.spread = 0, 0.0
        for member in self.members:
            self.votes += member.leaning > 0.0
            self.spread += member.view * member.view + member.iran * member.iran

    def take_ground(self) -> None:
        """Count fighters by place."""
        for place in self.places:
            place.fighters = 0.0
        for cell in self.cells:
            cell.place.fighters += cell.fighters

    def take_mood(self) -> None:
        """Take the mood of the country, by community and place."""
        self.moods = [0.0] * FEELINGS_OF_PUBLIC
        for place in self.places:
            for k, feelings in enumerate(place.feelings):
                for c in range(COMMUNITIES):
                    self.moods[k] += self.shares[c] * feelings[c]

    def run(self, days: int, first: int = 0) -> None:
        """Live from a day on, so many days."""
        for day in range(first, first + days):
            self.dawn(day)
            for agents in (self.actors, self.factions, self.bodies):
                for agent in agents:
                    agent.step()
            for faction in self.factions:
                faction.feel()
            if day % 7 == 0:
                self.live_week()


def seconds_of(size: Size, worlds: int, days: int = DAYS) -> float:
    """Return the processor's seconds that a world of the miniature takes, made and lived through."""
    began = time.process_time()
    for seed in range(worlds):
        World(size, seed).run(days)
    return (time.process_time() - began) / worlds


def main() -> None:
    """Time the model and the miniature by turns."""
    from sim.running.bench import against_mesa

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--turns", type=int, default=7, help="times that both are timed, by turns (7)")
    parser.add_argument("--json", action="store_true", help="plain values on standard output")
    asked = parser.parse_args()
    ratio = against_mesa(turns=asked.turns)
    print(json.dumps(ratio.plain()) if asked.json else ": ".join(ratio.said()))


if __name__ == "__main__":
    main()
