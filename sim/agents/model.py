"""A world as a Mesa model: an agent for every actor, all of them over the one record of the world.

An agent's attributes are numbers of the record: to set one is to change the world, and the next day goes on from it.
A day is ``sim.world.day.one_day`` itself, with one change: wherever it, or a rule that it calls, comes to a rule that
belongs to an actor, that actor's agent is activated, and its method calls the rule. So the order of the day is written
once, no rule is written twice, and a stepped world is, bit for bit, the world of a batch.

What it costs: importing two to three seconds (Mesa, pandas), a model 0.15 s, a day 2 to 4 ms (a year about 1 s).
Nothing is compiled: the agents call plain twins of the rules (``sim.agents.plain``). With ``compiled=True`` a day is
one call of the compiled rules, 0.3 ms all told once they are there (``crossfire compile``); agents are then looked at
and changed, but not activated one by one.

No chance comes from Mesa: a world's draws have addresses, whatever the order of agents. ``model.random`` and
``model.rng`` are left alone.
"""

import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from sim.agents.actors import (
    KINDS,
    Actor,
    Ally,
    Cell,
    Faction,
    Government,
    Iran,
    IraqiForces,
    Isis,
    KurdistanRegion,
    Member,
    Parliament,
    President,
    Protesters,
    Public,
    Sadr,
    Site,
    Washington,
)
from sim.agents.plain import Rules, row_of
from sim.errors import nearest
from sim.experiments.variants import Variant, variant_with
from sim.inputs.arguments import DAYS, SEED, WORLD, settings_of, whole
from sim.inputs.scenario import Scenario, load_scenario
from sim.names.actors import ACTORS, ALLIES, FACTIONS, GOVERNORATES, PLACES
from sim.names.events import ATTACK, EVENT_KINDS, STRIKE, US_KILLED
from sim.names.measures import SERIES
from sim.world.living import Lived, live_on
from sim.world.record import OUTCOME, WEEK, as_numbers, new_worlds


class _Weeks(list[Any]):
    """One number of each week's record; asked for by a step, as ``mesa.batch_run`` asks, that of its week."""

    def __getitem__(self, step: Any) -> Any:
        return super().__getitem__(step if isinstance(step, slice) or step < 0 else step // 7)


#: Read off the record each day: name, and how.
DAILY: dict[str, Callable[["IraqModel"], Any]] = {
    "date": lambda model: model.date - datetime.timedelta(days=1),
    "attacks_today": lambda model: model.today(ATTACK),
    "us_strikes_today": lambda model: model.today(STRIKE),
    "us_killed_today": lambda model: model.today(US_KILLED),
    "us_troops": lambda model: model.record.presence.troops + model.record.presence.troops_north,
    "rung": lambda model: model.record.rung,
    "isis_fighters": lambda model: model.record.fighters,
    "isis_cells": lambda model: model.record.n_cells,
    "resolve": lambda model: model.record.us.resolve,
    "iran_influence": lambda model: model.record.influence,
    "coalition_members": lambda model: model.record.coalition_members,
}


class IraqModel(mesa.Model):  # type: ignore[misc]
    """A world of a scenario, stepped day by day.

    Parameters
    ----------
    scenario : str, Path, Scenario or Variant
        The name or path of a scenario, one that was loaded, or a variant already put together.
    world, seed : int
        Which world: the same as world ``world`` of a run with this seed.
    settings : mapping, or sequence of str
        Changes to the scenario: ``{"us": "restraint"}``, or as in ``--set``: ``("us=restraint", "us_troops=2500")``.
    days : int, optional
        The horizon (the scenario's own by default).
    compiled : bool
        Live each day in one call of the compiled rules, much faster, instead of agent by agent.
    actors : iterable of type
        Kinds of one's own to take the place of those that they derive from: ``class Calm(Washington): ...``.

    Attributes
    ----------
    washington, iran, government, parliament, sadr, president, kurdistan_region, protesters, iraqi_forces, isis : Actor
        The actors of which there is one.
    factions, members, allies, sites, publics : tuple of Actor
        The others, in the order of the record.
    cells : dict
        The living cells by their keys.
    datacollector, daily : mesa.DataCollector
        Each week's record (all of ``sim.names.measures.SERIES``, as in a run's series; under ``model_vars`` by step, so
        that ``mesa.batch_run`` finds it at any); a few numbers of each day.
    acted : list
        Who acted on the day that was lived last, and how: (agent, method), in order; empty with ``compiled=True``.
    record : Row
        The whole world: ``model.record.p.attack_tempo``, ``model.record.us.resolve``.

    Examples
    --------
    >>> import sim
    >>> model = sim.IraqModel("2021-quiet", world=17, days=30)
    >>> model.step()
    >>> model
    <IraqModel '2021-quiet': world 17, seed 1, day 1 of 30>
    """

    def __init__(
        self, scenario: str | Path | Scenario | Variant, world: int = 0, seed: int = 1, *,
        settings: Mapping[str, Any] | Sequence[str] = (), days: int | None = None, compiled: bool = False,
        actors: Iterable[type[Actor]] = (),
    ) -> None:  # fmt: skip
        self.world, self.seed, self.compiled = whole(world, WORLD), whole(seed, SEED), compiled
        super().__init__(rng=self.seed)
        self.variant = _variant(scenario, settings, days)
        self.days = self.variant.inputs.days
        self.ids = itertools.count(1)
        self.acted: list[tuple[Actor, str]] = []
        self.rules = Rules()
        self._prepare()
        self._make_agents(tuple(actors))
        self._collectors()

    def __repr__(self) -> str:
        """Return of what it is, which world, and how far it is."""
        label, day = self.variant.label, int(self.record.day)
        return f"<IraqModel {label!r}: world {self.world}, seed {self.seed}, day {day:,} of {self.days:,}>"

    def _prepare(self) -> None:
        """Set the record to the morning of day 0."""
        self._worlds = new_worlds(1)
        self._numbers = as_numbers(self._worlds)[0]
        self._series = np.zeros((1, (self.days + 6) // 7), WEEK)
        self.record: Any = row_of(self._worlds)
        self.record.recording = 1
        variant = self.variant
        [key], pokes = variant.keys(self.seed, [self.world]), variant.drawn(self.seed, [self.world])
        with np.errstate(over="ignore"):
            self.rules["kernel.prepare"]((self.record,), self._numbers, variant.template, variant.places, pokes[0], key)

    # Agents -----------------------------------------------------------------------------------------------------

    def _make_agents(self, own: tuple[type[Actor], ...]) -> None:
        if strange := [one for one in own if not issubclass(one, KINDS)]:
            raise TypeError(f"{strange[0].__name__} derives from no kind of agent in sim.agents.actors")
        kinds = {kind: next((one for one in own if issubclass(one, kind)), kind) for kind in KINDS}
        inputs = self.variant.inputs
        singles = {
            Washington: "us", Iran: "iran", Government: "government", Parliament: "parliament", Sadr: "sadr",
            President: "president", KurdistanRegion: "kurdistan_region", Protesters: "protesters",
            IraqiForces: "iraqi_forces", Isis: "isis",
        }  # fmt: skip
        many = {
            Faction: FACTIONS, Member: [f"member {i}" for i in range(inputs.house.members)], Ally: ALLIES,
            Site: list(inputs.geography.sites), Public: GOVERNORATES,
        }  # fmt: skip
        made: dict[type[Actor], tuple[Any, ...]] = {}
        self.cells: dict[int, Any] = {}
        self.ranks: dict[int, int] = {}
        self._living = b""
        for kind, chosen in kinds.items():
            if kind in singles:
                made[kind] = (chosen(self, singles[kind]),)
            elif kind in many:
                made[kind] = tuple(chosen(self, name, index=k) for k, name in enumerate(many[kind]))
        self._name_them(made)
        self._cell_kind = kinds[Cell]
        self._births_and_deaths()
        self._bind(made)

    def _name_them(self, made: dict[type[Actor], tuple[Any, ...]]) -> None:
        """Give agents their names on the model."""
        (self.washington,), (self.iran,), (self.government,) = made[Washington], made[Iran], made[Government]
        (self.parliament,), (self.sadr,), (self.president,) = made[Parliament], made[Sadr], made[President]
        (self.kurdistan_region,), (self.protesters,) = made[KurdistanRegion], made[Protesters]
        (self.iraqi_forces,), (self.isis,) = made[IraqiForces], made[Isis]
        self.factions, self.members, self.allies = made[Faction], made[Member], made[Ally]
        self.sites, self.publics = made[Site], made[Public]

    def _bind(self, made: dict[type[Actor], tuple[Actor, ...]]) -> None:
        """Have each rule that belongs to an actor called through its agent, within the rules that a day is made of."""
        for agents in made.values():
            for rule, method in type(agents[0]).parts.items():
                self.rules.put_through(rule, self._hands(agents, method))
        for rule, method in self._cell_kind.parts.items():
            self.rules.put_through(rule, self._hands(None, method))
        self.rules.put_through("militias.decide_factions", self._each_faction_decides)

    def _each_faction_decides(self, _: object) -> None:
        """Let every faction decide by itself; compiled, those of one policy decide together, to the same end."""
        decide = self._hands(self.factions, Faction.parts["militias.decide_faction"])
        for f in range(len(self.factions)):
            decide(self.record, f)

    def _hands(self, agents: tuple[Actor, ...] | None, method: str) -> Callable[..., Any]:
        """Return what activates the agent that a rule is called for (a cell, where ``agents`` are not given)."""

        def activate(_: object, *more: Any) -> Any:
            if agents is None:
                agent, more = self.cells[int(self.record.cell_key[more[0]])], more[1:]
            elif agents[0].is_one_of_many:
                agent, more = agents[more[0]], more[1:]
            else:
                agent = agents[0]
            self.acted.append((agent, method))
            return getattr(agent, method)(*more)

        return activate

    def _births_and_deaths(self) -> None:
        """Remove the agents of dead cells, and make those of cells newly born; ranks may have closed."""
        living = self.record.cell_key[: self.record.n_cells]
        if living.tobytes() == self._living:
            return
        self._living, keys = living.tobytes(), living.tolist()
        self.ranks = {key: k for k, key in enumerate(keys)}
        for key in [key for key in self.cells if key not in self.ranks]:
            self.cells.pop(key).remove()
        for key in keys:
            if key not in self.cells:
                self.cells[key] = self._cell_kind(self, f"cell {key:016x}", index=key)

    def named(self, name: str) -> Actor:
        """Return the agent of this name: ``us``, ``badr``, ``Anbar``, ``Italy``; KeyError for none."""
        for agent in self.agents:
            if agent.name == name:
                return agent
        raise KeyError(nearest(name, [agent.name for agent in self.agents]) or name)

    # Days -------------------------------------------------------------------------------------------------------

    @property
    def day(self) -> int:
        """Return the day that comes next, counted from the start."""
        return int(self.record.day)

    @property
    def date(self) -> datetime.date:
        """Return the date of the day that comes next."""
        return self.variant.inputs.start + datetime.timedelta(days=self.day)

    def step(self) -> None:
        """Live through one day; at the end of a week its record is read.

        Past the horizon is a RuntimeError; a world that has come to what cannot be by then is a Lawless.
        """
        if self.day >= self.days:
            raise RuntimeError(f"the horizon of {self.days} days is reached: ask for more with days=")
        self.acted.clear()
        day = self.day
        if self.compiled:
            self._compiled_day(day)
        else:
            self._day_by_agent(day)
        self._births_and_deaths()
        self.daily.collect(self)
        if day % 7 == 0:
            self.datacollector.collect(self)
        self.running = self.day < self.days
        if not self.running:
            self._obey()

    def _day_by_agent(self, day: int) -> None:
        with np.errstate(over="ignore"):
            self.rules["day.one_day"](self.record)
            if day % 7 == 0:
                self.rules["measures.read_week"](self.record, self._series.view(np.recarray)[0, day // 7])

    def _compiled_day(self, day: int) -> None:
        self._live_on(day + 1)

    def _live_on(self, last: int, run: Callable[..., Any] | None = None) -> Lived:
        variant = self.variant
        return live_on(self._worlds, self._numbers, variant.template, variant.places, last, self._series, run=run)

    def _obey(self) -> None:
        """Raise Lawless where the world has come to what cannot be."""
        with np.errstate(over="ignore"):
            lived = self._live_on(self.days, None if self.compiled else self.rules["kernel.run_block"])
        lived.obey(self.days, f"world {self.world} of {self.variant.label}")

    def run_to(self, day: int | None = None) -> "IraqModel":
        """Step to the morning of ``day`` (the end by default); return itself."""
        last = self.days if day is None else min(day, self.days)
        while self.day < last:
            self.step()
        return self

    # What can be read off it ------------------------------------------------------------------------------------

    def _collectors(self) -> None:
        week: dict[str, Any] = {"date": lambda model: model.date - datetime.timedelta(days=1)}
        week |= {measure.name: _of_week(measure.name) for measure in SERIES}
        by_kind = {
            Faction: ("revenge", "deterred", "strength", "arsenal", "holding", "rate"),
            Public: ("fear_isis", "hardship", "grievance", "protest", "place_fighters"),
            Site: ("troops", "attacks"),
            Ally: ("troops", "trainers", "unease"),
        }
        agents = {type(self._first(kind)): {name: name for name in names} for kind, names in by_kind.items()}
        self.datacollector = mesa.DataCollector(model_reporters=week, agenttype_reporters=agents)
        self.datacollector.model_vars = {name: _Weeks() for name in week}
        self.daily = mesa.DataCollector(model_reporters=dict(DAILY))

    def _first(self, kind: type[Actor]) -> Actor:
        return next(agent for agent in self.agents if isinstance(agent, kind))

    def week(self) -> dict[str, float]:
        """Return the last week's record."""
        return {name: self.of_week(name) for name in (measure.name for measure in SERIES)}

    def of_week(self, name: str) -> float:
        """Return one number of the last week's record."""
        return float(self._series[name][0, max(0, (self.day - 1) // 7)])

    def today(self, kind: int) -> float:
        """Return how much of a kind of event (``sim.names.events``) the day that was lived last brought."""
        return float(self.record.total[kind] - self.record.total_dawn[kind])

    def outcomes(self) -> dict[str, float]:
        """Return the outcomes of the world as it stands."""
        row = np.zeros(1, OUTCOME)
        self.rules["measures.read_outcomes"](self.record, row.view(np.recarray)[0])
        return {name: float(row[name][0]) for name in OUTCOME.names or ()}

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield what has happened so far: date, kind, actor, target, place, size."""
        start = self.variant.inputs.start
        for e in self._worlds["log"][0][: self.record.n_events - self.record.log_full]:
            yield {
                "date": start + datetime.timedelta(days=int(e["day"])), "kind": EVENT_KINDS[e["kind"]].name,
                "actor": ACTORS[e["actor"]], "target": ACTORS[e["target"]], "place": PLACES[e["place"]],
                "size": float(e["size"]),
            }  # fmt: skip

    def digest(self) -> int:
        """Return a digest of the world's state: that of the same world in a batch at the same time."""
        with np.errstate(over="ignore"):
            return int(self.rules["kernel.digest"](self._numbers))


def _variant(
    scenario: str | Path | Scenario | Variant, given: Mapping[str, Any] | Sequence[str], days: int | None
) -> Variant:
    settings = settings_of(given, "--set", "{'situation.us_troops': 2500}")
    if isinstance(scenario, Variant):
        if settings or days is not None:
            raise ValueError("a variant has its settings and days already")
        return scenario
    horizon = () if days is None else (f"days={whole(days, DAYS)}",)
    start = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    return variant_with(start, (*settings, *horizon), label=" ".join((start.name, *settings)))


def _of_week(name: str) -> Callable[[IraqModel], float]:
    return lambda model: model.of_week(name)
