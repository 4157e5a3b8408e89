"""A world as a Mesa model: an agent for every actor, all of them over the one record of the world.

An agent's attributes are numbers of the record: to set one is to change the world, and the next day goes on from it.
A day is ``sim.world.day.one_day`` itself, with one change: wherever it, or a rule that it calls, comes to a rule that
belongs to an actor, that actor's agent is activated, and its method calls the rule. So the order of the day is written
once, no rule is written twice, and a stepped world is, bit for bit, the world of a batch.

What it costs: importing two to three seconds (Mesa, pandas), a model 0.15 s, a day 2 to 3 ms (a year about 1 s). Nothing
is compiled: the agents call plain twins of the rules (``sim.plain``). With ``compiled=True`` a day is one call of the
compiled rules, 0.2 ms all told once they are there (``crossfire compile``); agents are then looked at and changed, but
not activated one by one.

No chance comes from Mesa: a world's draws have addresses, whatever the order of agents. ``model.random`` and
``model.rng`` are left alone.
"""

import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import mesa
import numpy as np

from sim.design import Variant
from sim.errors import nearest
from sim.names.actors import (
    ACTOR_LABELS,
    ACTORS,
    ALLIES,
    COMMUNITIES,
    FACTIONS,
    GOVERNORATES,
    PLACES,
    SEAT_FIRST_FACTION,
    SEAT_GOVERNMENT,
    SEAT_IRAN,
    SEAT_US,
)
from sim.names.events import ATTACK, EVENT_KINDS, STRIKE, US_KILLED
from sim.names.measures import SERIES
from sim.plain import Rules, row_of
from sim.scenario import load_scenario, override, resolve
from sim.world import kernel
from sim.world.compiled import PLAIN
from sim.world.draws import world_keys
from sim.world.record import INPUTS, OUTCOME, SCRATCH, STATE, WEEK, Field, as_numbers, new_worlds

_FIELDS = {field.name: field for field in (*INPUTS, *STATE, *SCRATCH)}
#: What Mesa itself sets on an agent.
_MESAS = ("model", "unique_id", "pos")


# What agents are made of ------------------------------------------------------------------------------------------


class Quantity:
    """An attribute of an agent that is a number (an array, a block) of the world's record.

    Parameters
    ----------
    field : Field
        What it is in the record.
    of_block : bool
        Whether it stands in the agent's own block; else in the world itself, an array of them having one for each agent.
    """

    def __init__(self, field: Field, of_block: bool) -> None:
        self.field, self.of_block = field, of_block
        self.__doc__ = f"{field.meaning or field.name}{f' ({field.unit})' if field.unit else ''}"

    def __get__(self, agent: "Actor | None", kind: type) -> Any:
        if agent is None:
            return self
        if self.of_block:
            return getattr(agent.row, self.field.name)
        value = getattr(agent.model.record, self.field.name)
        value = value[agent.index] if agent.is_one_of_many else value
        return value.item() if isinstance(value, np.generic) else value

    def __set__(self, agent: "Actor", value: Any) -> None:
        if isinstance(self.field.type, tuple):
            raise AttributeError(f"'{self.field.name}' is a whole block: set what stands in it")
        if not self.of_block and agent.is_one_of_many:
            getattr(agent.model.record, self.field.name)[agent.index] = value
        elif self.field.shape:
            self.__get__(agent, type(agent))[...] = value
        else:
            setattr(agent.row if self.of_block else agent.model.record, self.field.name, value)


def part(rule: str) -> Any:
    """Return a method that lives an agent's part of the day by a rule of the world, such as ``iran.decide_iran``."""

    def live(agent: "Actor", *more: Any) -> Any:
        with np.errstate(over="ignore"):  # keys wrap around on purpose
            return agent.model.rules[rule](agent.model.record, *agent.place, *more)

    live.rule = rule  # type: ignore[attr-defined]
    live.__doc__ = f"Live by the rule ``{rule}``."
    return live


class Actor(mesa.Agent):  # type: ignore[misc]
    """An actor of the world.

    ``block`` names its block of the record, ``fields`` its quantities that stand elsewhere (attribute: field), ``given``
    the block of its traits. ``parts`` are the rules that it lives by, with the methods that call them.
    """

    block: ClassVar[str] = ""
    fields: ClassVar[dict[str, str]] = {}
    given: ClassVar[str] = ""
    is_one_of_many: ClassVar[bool] = False
    parts: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.parts = dict(cls.parts)
        for name, value in list(vars(cls).items()):
            if rule := getattr(value, "rule", None):
                cls.parts[rule] = name
                value.__name__, value.__qualname__ = name, f"{cls.__name__}.{name}"
        fields = _FIELDS[cls.block].type if "block" in vars(cls) else ()
        for field in fields if isinstance(fields, tuple) else ():
            setattr(cls, field.name, Quantity(field, of_block=True))
        for name, field_name in vars(cls).get("fields", {}).items():
            setattr(cls, name, Quantity(_FIELDS[field_name], of_block=False))

    def __init__(self, model: "IraqModel", name: str, label: str = "", index: int = 0) -> None:
        super().__init__(model)
        self.unique_id = next(model.ids)
        # Mesa 3.3 would keep every model alive for ever, by this count of its agents.
        getattr(mesa.Agent, "_ids", {}).pop(model, None)
        self._name, self._label, self._index = name, label or ACTOR_LABELS.get(name, name), index

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a quantity; a name that is none is an AttributeError, so that a slip of the pen is not taken for a change."""
        if not (name.startswith("_") or name in _MESAS or hasattr(type(self), name)):
            known = [word for word in dir(type(self)) if isinstance(getattr(type(self), word, None), Quantity)]
            hint = nearest(name, known)
            raise AttributeError(f"{type(self).__name__} has no quantity '{name}'" + (f": {hint}" if hint else ""))
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def name(self) -> str:
        """Return the actor's name, as it stands in YAML and tables."""
        return self._name

    @property
    def label(self) -> str:
        """Return the actor's name as one says it."""
        return self._label

    @property
    def index(self) -> int:
        """Return where among its like it stands in the record."""
        return self._index

    @property
    def place(self) -> tuple[int, ...]:
        """Return what its rules take besides the world."""
        return (self.index,) if self.is_one_of_many else ()

    @property
    def row(self) -> Any:
        """Return its block of the record."""
        block = getattr(self.model.record, self.block)
        return block[self.index] if self.is_one_of_many else block

    @property
    def traits(self) -> Any:
        """Return what it was given at the start: numbers that can be read and set like its own."""
        if not self.given:
            raise AttributeError(f"{type(self).__name__} has no traits")
        return getattr(self.model.record, self.given)[self.index]

    def quantities(self) -> dict[str, Any]:
        """Return all its quantities by name."""
        kind = type(self)
        return {name: getattr(self, name) for name in dir(kind) if isinstance(getattr(kind, name), Quantity)}


class Seat(Actor):
    """An actor that decides by a policy."""

    seat: ClassVar[int] = 0
    sight: ClassVar[str] = ""

    @property
    def _table(self) -> int:
        return int(self.model.record.policy_of[self._seat])

    @property
    def _seat(self) -> int:
        return self.seat + (self.index if self.is_one_of_many else 0)

    @property
    def policy(self) -> str:
        """Return the name of the policy that it follows."""
        return str(self.model.variant.inputs.policies[self._table].name)

    @property
    def did(self) -> tuple[str, ...]:
        """Return the rules of its policy that acted on the day that was lived last."""
        names = self.model.variant.tables[self._table].rule_names
        fired = self.model.record.fired_day[self._seat]
        return tuple(name for r, name in enumerate(names) if self.model.day and fired[r] == self.model.day - 1)

    @property
    def sees(self) -> dict[str, float]:
        """Return all that it saw at dawn of the day that was lived last: what everybody sees, and what it alone sees."""
        sees = self.model.record.sees
        own = getattr(sees, self.sight)
        rows = (sees.public, own[self.index] if self.is_one_of_many else own)
        return {name: getattr(row, name) for row in rows for name in row.names if name != "spare"}


# The actors -------------------------------------------------------------------------------------------------------


class Washington(Seat):
    """Washington: it weighs who attacked, decides lane by lane, bears the cost, and asks whether to stay."""

    block, seat, sight = "us", SEAT_US, "us"
    fields: ClassVar = {"humiliation": "humiliation", "presence": "presence", "outside_troops": "outside_troops"}
    learn = part("washington.learn")
    weigh_iran = part("washington.weigh_iran")
    perceive = part("perceive._see_washington")
    step = part("washington.decide_washington")
    feel = part("washington.feel_washington")
    stay_or_leave = part("presence.stay_or_leave")


class Iran(Seat):
    """Iran: it decides how hard its friends are to press, and may fire or go to war itself."""

    block, seat, sight = "iran", SEAT_IRAN, "iran"
    fields: ClassVar = {"open_war": "open_war"}
    perceive = part("perceive._see_iran")
    step = part("iran.decide_iran")
    fight = part("iran.war_day")
    may_go_to_war = part("iran.may_go_to_war")
    feel = part("iran.feel_iran")


class Government(Seat):
    """Premier and government in Baghdad."""

    block, seat, sight = "government", SEAT_GOVERNMENT, "government"
    fields: ClassVar = {"influence_of_iran": "influence", "economy": "economy"}
    perceive = part("perceive._see_government")
    form = part("government.form_government")
    weigh = part("government.weigh")
    step = part("government.decide_government")
    sign_scripted = part("government.sign_scripted")
    talk = part("government.talk")
    words_and_acts = part("government.words_and_acts")
    trust_recovers = part("government.trust_recovers")


class Faction(Seat):
    """An armed faction."""

    block, seat, sight, given, is_one_of_many = "factions", SEAT_FIRST_FACTION, "factions", "faction_in", True
    perceive = part("perceive._see_faction")
    step = part("militias.decide_faction")
    keep_promise = part("militias.keep_promise")
    fire = part("militias.fire")
    feel = part("militias.feelings")


class Parliament(Actor):
    """The house as a whole: it sits, votes, confirms, ratifies, and members' views drift from week to week."""

    block = "parliament"
    fields: ClassVar = {"bloc_line": "bloc_line"}
    step = part("parliament.sessions")
    confidence = part("parliament.confidence")
    ratify = part("parliament.ratify")
    drift = part("parliament.members_week")


class Member(Actor):
    """A member of parliament; views drift by the house's rule, which goes through all members at once."""

    is_one_of_many = True
    fields: ClassVar = {
        "bloc": "member_bloc", "view_us": "member_us", "view_iran": "member_iran", "leaning": "member_x",
    }  # fmt: skip
    comes = part("parliament._comes")

    @property
    def bloc_name(self) -> str:
        """Return the name of its bloc."""
        return list(self.model.variant.inputs.house.blocs)[self.bloc]

    @property
    def community(self) -> str:
        """Return the community of its bloc."""
        return COMMUNITIES[int(self.model.record.bloc_community[self.bloc])]


class Sadr(Actor):
    """Sadr's movement."""

    block = "sadr"
    step = part("sadr.sadr_day")


class President(Actor):
    """The president, a friend of the presence."""

    fields: ClassVar = {"backs": "president_backs"}
    step = part("north.friends_day")


class KurdistanRegion(Actor):
    """The Kurdistan Region, which may offer to host US forces."""

    fields: ClassVar = {"willing": "north_willing", "offered": "north_offered"}
    step = part("north._may_offer")


class Ally(Actor):
    """A member of the coalition, or the NATO mission."""

    block, given, is_one_of_many = "allies", "ally_in", True
    train = part("coalition._train")
    step = part("coalition._stay_or_leave")


class Site(Actor):
    """A site that houses US personnel. It does nothing by itself: it is guarded, shelled, opened and closed."""

    block, given, is_one_of_many = "sites", "site_in", True

    @property
    def governorate(self) -> str:
        """Return where it lies."""
        return PLACES[int(self.model.record.site_place[self.index])]


class Public(Actor):
    """The public of a governorate. Angers are arrays by community: Sunni Arab, Shia, Kurd, other."""

    given, is_one_of_many = "place_in", True
    fields: ClassVar = {
        name: name
        for name in (
            "anger_us", "anger_iran", "anger_militia", "anger_government", "fear_isis", "hardship", "grievance",
            "protest", "fright", "pressure", "enablers", "place_fighters",
        )
    }  # fmt: skip
    feel_us = part("public._feel_us")
    feel_iran_and_militias = part("public._feel_iran_and_militias")
    feel_government = part("public._feel_government")
    feel_isis = part("public._feel_isis")


class Protesters(Actor):
    """The protest movement, in all places."""

    fields: ClassVar = {"strength": "protest_all", "agenda": "agenda"}
    feel = part("protest.feel_protest")
    step = part("protest.protest_week")


class IraqiForces(Actor):
    """Army, police and the counter-terrorism service."""

    fields: ClassVar = {name: name for name in ("skill", "cts", "training", "refused_day", "militia_work")}
    step = part("iraqi_forces.press")


class Isis(Actor):
    """ISIS as a whole: the rule of a week that goes through all cells at once, and what they come to."""

    fields: ClassVar = {name: name for name in ("fighters", "control", "syria_isis", "crossed", "n_cells")}
    step = part("isis.cells_week")


class Cell(Actor):
    """An ISIS cell, known by its 64-bit key: ranks close over the dead, and no cell changes its identity by it."""

    is_one_of_many = True
    fields: ClassVar = {
        "where": "cell_place", "fighters": "cell_fighters", "skill": "cell_skill", "heat": "cell_heat",
        "supplies": "cell_supplies", "children": "cell_children",
    }  # fmt: skip
    move = part("isis._move")
    split = part("isis._split")

    @property
    def key(self) -> int:
        """Return the key that it was born with."""
        return self._index

    @property
    def index(self) -> int:
        """Return where it stands among the living; a dead cell is a LookupError."""
        if self.key not in self.model.ranks:
            raise LookupError(f"{self.name} is no more")
        return int(self.model.ranks[self.key])

    @property
    def governorate(self) -> str:
        """Return where it hides."""
        return GOVERNORATES[self.where]


#: Every kind of agent, in the order in which they are made.
KINDS = (
    Washington, Iran, Government, Faction, Parliament, Member, Sadr, President, KurdistanRegion, Ally, Site, Public,
    Protesters, IraqiForces, Isis, Cell,
)  # fmt: skip
#: What the day calls that is nobody's act: chance, counting, what everybody sees, what falls on sites, what comes from
#: outside, and rules that go through several actors. All else belongs to a kind of agent; a test holds it.
NOBODYS = frozenset({
    "day.dawn", "draws.new_day", "perceive.count_windows", "perceive.see_public", "perceive.see_own",
    "outside.outside_events", "day.factions_act", "militias.crowds", "militias.table_motions", "bases.settle_attacks",
    "bases.settle_missiles", "strikes.settle_strikes", "militias.suffer_strikes", "day.aftermath", "events.come_down",
    "day.baghdad", "government.confidence_due", "government.signing_due", "public.feel_public", "bases.troops_moved",
    "bases.lay_out_troops", "day.one_week", "outside.outside_week", "public.public_week", "syria.syria_week",
    "coalition.coalition_week", "influence.influence_week",
})  # fmt: skip
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


# The model --------------------------------------------------------------------------------------------------------


class IraqModel(mesa.Model):  # type: ignore[misc]
    """A world of a scenario, stepped day by day.

    Parameters
    ----------
    scenario : str or Path or Variant
        The name or path of a scenario, or a variant already put together.
    world, seed : int
        Which world: the same as world ``world`` of a run with this seed.
    settings : sequence of str
        Changes to the scenario, as in ``--set``: ``("us=restraint", "situation.us_troops=2500")``.
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
        Each week's record (all of ``sim.names.measures.SERIES``, as in a run's series); a few numbers of each day.
    acted : list
        Who acted on the day that was lived last, and how: (agent, method), in order.
    record : Row
        The whole world: ``model.record.p.attack_tempo``, ``model.record.us.resolve``.
    """

    def __init__(
        self, scenario: str | Path | Variant, world: int = 0, seed: int = 1, *, settings: Sequence[str] = (),
        days: int | None = None, compiled: bool = False, actors: Iterable[type[Actor]] = (),
    ) -> None:  # fmt: skip
        super().__init__(rng=seed)
        self.world, self.seed, self.compiled = world, seed, compiled
        self.variant = scenario if isinstance(scenario, Variant) else _variant(scenario, settings, days)
        self.days = self.variant.inputs.days
        self.ids = itertools.count(1)
        self.acted: list[tuple[Actor, str]] = []
        self.rules = Rules()
        self._prepare()
        self._make_agents(tuple(actors))
        self._collectors()

    def _prepare(self) -> None:
        """Set the record to the morning of day 0."""
        self._worlds = new_worlds(1)
        self._numbers = as_numbers(self._worlds)[0]
        self._series = np.zeros((1, (self.days + 6) // 7), WEEK)
        self.record: Any = row_of(self._worlds)
        self.record.recording = 1
        keys = world_keys(self.seed, np.array([self.world]))
        variant = self.variant
        pokes = variant.pokes(variant.values(keys)) if variant.columns else np.zeros((1, 0))
        with np.errstate(over="ignore"):
            self.rules["kernel.prepare"](
                (self.record,), self._numbers, variant.template, variant.places, pokes[0], keys[0]
            )

    # Agents -----------------------------------------------------------------------------------------------------

    def _make_agents(self, own: tuple[type[Actor], ...]) -> None:
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
        for kind, agents in made.items():
            for rule, method in kind.parts.items():
                self.rules.put_through(rule, self._hands(agents, method))
        for rule, method in Cell.parts.items():
            self.rules.put_through(rule, self._hands(None, method))

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
        keys = self.record.cell_key[: self.record.n_cells].tolist()
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
        """Live through one day; at the end of a week its record is read. Past the horizon is a RuntimeError."""
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

    def _day_by_agent(self, day: int) -> None:
        with np.errstate(over="ignore"):
            self.rules["day.one_day"](self.record)
            if day % 7 == 0:
                self.rules["measures.read_week"](self.record, self._series.view(np.recarray)[0, day // 7])

    def _compiled_day(self, day: int) -> None:
        row, marks = np.zeros(1, OUTCOME), np.zeros((0, self._series.shape[1]), np.uint64)
        worlds, outcomes, series = (
            table.view(np.recarray) if PLAIN else table for table in (self._worlds, row, self._series)
        )
        kernel.run_block(
            worlds, self._numbers, self.variant.template, self.variant.places, np.zeros((1, 0)),
            self._worlds["key"][:1], False, day, day + 1, outcomes, series, marks,
        )  # fmt: skip

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
        self.daily = mesa.DataCollector(model_reporters=dict(DAILY))

    def _first(self, kind: type[Actor]) -> Actor:
        return next(agent for agent in self.agents if isinstance(agent, kind))

    def week(self) -> dict[str, float]:
        """Return the last week's record."""
        return {name: self.of_week(name) for name in WEEK.names or ()}

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


def _variant(scenario: str | Path, settings: Sequence[str], days: int | None) -> Variant:
    chosen = load_scenario(scenario)
    for setting in (*settings, *([] if days is None else [f"days={days}"])):
        chosen = override(chosen, setting)
    return Variant(" ".join((chosen.name, *settings)), resolve(chosen))


def _of_week(name: str) -> Callable[[IraqModel], float]:
    return lambda model: model.of_week(name)
