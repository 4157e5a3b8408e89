"""The agents of a world: each is a face of its part of the record, and lives by the rules that belong to it.

To set an attribute of an agent is to change the record, so the next day goes on from it. A method made by ``part``
calls a rule of ``sim.world``; the model calls it where the day comes to that rule.
"""

from typing import Any, ClassVar

import mesa
import numpy as np

from sim.errors import nearest
from sim.names.actors import (
    ACTOR_LABELS,
    COMMUNITIES,
    GOVERNORATES,
    PLACES,
    SEAT_FIRST_FACTION,
    SEAT_GOVERNMENT,
    SEAT_IRAN,
    SEAT_US,
)
from sim.world.field import Field
from sim.world.fields import INPUTS, SCRATCH, STATE

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
        Whether it stands in the agent's own block; else it is the world's, or the agent's share of an array there.
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

    ``block`` names its block of the record, ``fields`` its quantities that stand elsewhere (attribute: field),
    ``given`` the block of its traits. ``parts`` are the rules that it lives by, with the methods that call them.
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

    def __init__(self, model: Any, name: str, label: str = "", index: int = 0) -> None:
        super().__init__(model)
        self.unique_id = next(model.ids)
        # Mesa 3.3 would keep every model alive for ever, by this count of its agents.
        getattr(mesa.Agent, "_ids", {}).pop(model, None)
        self._name, self._label, self._index = name, label or ACTOR_LABELS.get(name, name), index

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a quantity; a name that is none is an AttributeError, so that no slip of the pen passes for a change."""
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
        """Return all that it saw at dawn of the day that was lived last: what everybody sees, and what it alone."""
        sees = self.model.record.sees
        own = getattr(sees, self.sight)
        rows = (sees.public, own[self.index] if self.is_one_of_many else own)
        return {name: getattr(row, name) for row in rows for name in row.names if name != "spare"}


# The actors -------------------------------------------------------------------------------------------------------


class Washington(Seat):
    """Washington: it weighs who attacked, decides lane by lane, bears the cost, and asks whether to stay."""

    block, seat, sight = "us", SEAT_US, "us"
    fields: ClassVar = {"humiliation": "humiliation", "presence": "presence", "outside_troops": "outside_troops"}
    learn = part("attribution.learn")
    weigh_iran = part("washington.weigh_iran")
    perceive = part("perceive._see_washington")
    step = part("washington.decide_washington")
    feel = part("will.feel_washington")
    change_office = part("review.change_office")
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
    sign_scripted = part("talks.sign_scripted")
    talk = part("talks.talk")
    words_and_acts = part("government.words_and_acts")
    demand_ages = part("demand.demand_ages")
    trust_recovers = part("talks.trust_recovers")


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
    coming = part("parliament._coming")

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

    fields: ClassVar = {name: name for name in ("skill", "cts", "training", "hollow", "refused_day", "militia_work")}
    step = part("iraqi_forces.press")
    hold_together = part("army.army_week")


class Isis(Actor):
    """ISIS as a whole: the rule of a week that goes through all cells at once, and what they come to."""

    fields: ClassVar = {
        name: name
        for name in ("fighters", "leaders_lost", "recruits_spent", "control", "syria_isis", "crossed", "n_cells")
    }
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
    "outside.outside_events", "day.factions_act", "siege.crowds", "militias.table_motions", "bases.settle_attacks",
    "militias.decide_factions", "militias.stir", "regimes.turn_season", "regimes.count_quiet",
    "bases.settle_missiles", "strikes.settle_strikes", "militias.suffer_strikes", "day.aftermath", "events.come_down",
    "day.baghdad", "government.confidence_due", "talks.signing_due", "public.feel_public", "bases.troops_moved",
    "bases.lay_out_troops", "day.one_week", "outside.outside_week", "public.public_week", "syria.syria_week",
    "coalition.coalition_week", "influence.influence_week",
})  # fmt: skip
