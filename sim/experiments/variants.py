"""From inputs to the worlds table: what all worlds of a variant share, and a column for each quantity that varies.

World *i* is a function of the seed and *i* through names alone: a quantity is the quantile of its distribution at a
number drawn by the quantity's own name. So policies, variants, other quantities and the number of worlds move nothing.
A design may give that number instead (a Sobol sequence, a Latin hypercube); it is the same for all variants.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from sim.errors import Mistake, Rejected, described
from sim.experiments.offices import days_of_office
from sim.experiments.sampling import Sampling
from sim.inputs.allowed_names import label_fault
from sim.inputs.distributions.quantities import Distribution
from sim.inputs.policies.policy import DecisionTable
from sim.inputs.resolve import Inputs, ScriptedEvent, drawn_by, resolve
from sim.inputs.scenario import Scenario, shipped_scenario
from sim.inputs.settings import Setting, changed
from sim.names.actors import ALLIES, FACTIONS, GOVERNORATES
from sim.names.address import address
from sim.names.mechanisms import MECHANISMS
from sim.names.script import MAX_SCRIPT, SCRIPTED
from sim.names.tables import MAX_BLOCS, MAX_MEMBERS, MAX_NEIGHBOURS, MAX_POLICIES, MAX_SITES
from sim.wording import in_shell
from sim.world.draws import mix, quantiles_of, world_keys
from sim.world.record import BLOCKS, as_numbers, new_worlds, offset

_NUMBER_OF = {mechanism.id: k + 1 for k, mechanism in enumerate(MECHANISMS)}


@dataclass(frozen=True)
class Column:
    """One quantity that varies from world to world: its name, distribution, and places in the record."""

    name: str
    distribution: Distribution
    places: tuple[int, ...]

    @cached_property
    def drawn_by(self) -> str:
        """Return the name by which it is drawn: a threshold's holds for its actor, whatever the policy."""
        return drawn_by(self.name)

    @cached_property
    def drawn(self) -> "Key":
        """Return what makes two columns draw the same, the name and the distribution, as one and the same key."""
        return _key(self.drawn_by, self.distribution)


class Key:
    """Stands for a name and a distribution: looked up by what it is, without a look at either."""

    __slots__ = ("__weakref__",)


_KEYS: "dict[tuple[str, Distribution], Key]" = {}
#: So many names and distributions are remembered; more come from long-lived processes alone.
_MOST_KEYS = 200_000


def _key(name: str, distribution: Distribution) -> Key:
    if len(_KEYS) > _MOST_KEYS:
        _KEYS.clear()  # what is under way has its keys in its columns
    return _KEYS.setdefault((name, distribution), Key())


@dataclass(frozen=True)
class Drawing:
    """How worlds come by what varies: at random, or by a design's points; each point is lived ``replicates`` times.

    World *w* lives at point ``w // replicates``. Worlds of one point have all inputs, traits and the start in common,
    and each its own luck.
    """

    design: Sampling | None = None
    replicates: int = 1

    def plain(self) -> dict[str, Any]:
        """Return plain values; nothing where worlds are drawn at random, each point lived once."""
        design = {"design": self.design.plain()} if self.design else {}
        return design | ({"replicates": self.replicates} if self.replicates > 1 else {})

    @staticmethod
    def from_plain(plain: Mapping[str, Any] | None) -> "Drawing":
        """Return the drawing that plain values describe."""
        given = plain or {}
        design = Sampling.from_plain(given["design"]) if "design" in given else None
        return Drawing(design, given.get("replicates", 1))

    def points(self, numbers: np.ndarray) -> np.ndarray:
        """Return the points of worlds ``numbers`` (n,)."""
        return numbers // self.replicates

    def keys(self, seed: int, numbers: np.ndarray) -> np.ndarray:
        """Return the 64-bit keys (n,) of worlds: one for each point."""
        return world_keys(seed, self.points(numbers))

    def lucks(self, seed: int, numbers: np.ndarray) -> np.ndarray:
        """Return the keys (n,) of worlds' luck: the world's own in the first replicate, then those of its branches."""
        keys = self.keys(seed, numbers)
        if self.replicates == 1:
            return keys
        return np.array([luck_of(key, r) for key, r in zip(keys, numbers % self.replicates, strict=True)], np.uint64)


def luck_of(key: np.uint64, branch: int) -> np.uint64:
    """Return the luck of a branch of the world with this key; branch 0 is the world itself."""
    with np.errstate(over="ignore"):
        return mix(np.uint64(key ^ mix(np.uint64(branch)))) if branch else key


#: The template of some variant, with which others are told: they have nearly all of it in common.
_BASES: dict[int, np.ndarray] = {}

#: What has been drawn for the worlds at hand, by name and distribution: variants share most of it.
Drawn = MutableMapping[Key, np.ndarray]


@dataclass(frozen=True, repr=False)
class Variant:
    """One thing that is run: what its worlds are made of, and how that was asked for.

    Parameters
    ----------
    label : str
        What it is called: the scenario's name and the settings by their shortest paths.
    inputs : Inputs
        All that its worlds are drawn from.
    drawing : Drawing
        How what varies is drawn.
    scenario : str
        The scenario as it was asked for, a name or a path; the name that the inputs bear where nothing is said.
    settings : tuple of Setting
        What was laid on the scenario, in order.
    factors : mapping
        Of a sweep: the value of each factor by its shortest path.

    Examples
    --------
    >>> import sim
    >>> first = sim.Sweep.load("policies-by-theories").variants[0]
    >>> first.factors
    {'us': 'in-kind', 'theory': 'documents'}
    """

    label: str
    inputs: Inputs
    drawing: Drawing = field(default_factory=Drawing)
    scenario: str = ""
    settings: tuple[Setting, ...] = ()
    factors: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a label that cannot be read."""
        if expected := label_fault(self.label):
            raise Rejected(Mistake(expected, described(self.label)))

    def __repr__(self) -> str:
        """Return its label, and how many quantities vary."""
        return f"<Variant {self.label!r}: {len(self.columns)} uncertain quantities, {self.inputs.days} days>"

    def plain(self) -> dict[str, Any]:
        """Return what tells this variant from others, as plain values."""
        changed_here = {setting.path: setting.value for setting in self.settings}
        name = self.inputs.name
        file = {"file": self.scenario} if self.scenario not in ("", name) else {}
        return {"scenario": name, **file, "settings": changed_here, "hash8": self.inputs.hash8}

    def command(self, world: int, seed: int) -> str:
        """Return the command that tells the story of one of its worlds."""
        settings = [word for s in self.settings for word in ("--set", f"{s.path}={s.value}")]
        asked = self.scenario or self.inputs.name
        return in_shell(["crossfire", "story", asked, "--world", str(world), "--seed", str(seed), *settings])

    @cached_property
    def tables(self) -> tuple[DecisionTable, ...]:
        """Return the decision tables of the variant's policies, in their order."""
        return tuple(policy.table(self.inputs.start) for policy in self.inputs.policies)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Return the quantities that vary from world to world."""
        return tuple(column for column in self._all_columns if not column.distribution.is_fixed)

    @cached_property
    def thresholds(self) -> "dict[str, float | Key]":
        """Return what stands for each threshold of a policy, by its address: a number, or what worlds draw."""
        return {
            one.name: float(one.distribution.bounds()[0]) if one.distribution.is_fixed else one.drawn
            for one in self._all_columns
            if one.name.startswith("threshold:")
        }

    @cached_property
    def _all_columns(self) -> tuple[Column, ...]:
        return tuple(_columns(self))

    @cached_property
    def places(self) -> np.ndarray:
        """Return where each column's value goes in the record (n,), a column with several places repeated.

        Where worlds draw their theory, the places of the readings come last.
        """
        readings = [offset(f"reading.{_NUMBER_OF[mechanism]}") for mechanism in self._drawn_readings]
        return np.array([place for column in self.columns for place in column.places] + readings, np.int64)

    @property
    def _drawn_readings(self) -> tuple[str, ...]:
        """Return the mechanisms whose reading is drawn with the world's theory."""
        drawn = any(column.name == "theory" for column in self.columns)
        return tuple(self.inputs.readings) if drawn else ()

    def theories(self, values: dict[str, np.ndarray]) -> list[str]:
        """Return the name of each world's theory, for the values of its quantities."""
        names = [one.name for one in self.inputs.mixture]
        return [names[int(k)] for k in values["theory"]] if "theory" in values else []

    @property
    def template(self) -> np.ndarray:
        """Return the inputs that all worlds share, as numbers; fixed quantities are in place."""
        numbers: np.ndarray = self._template[0].copy()
        numbers[self._template[1]] = self._template[2]
        return numbers

    @cached_property
    def _template(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the template as what differs from another variant's: places, and the numbers there."""
        numbers = self._worked_out()
        base = _BASES.setdefault(len(numbers), numbers)
        differs = np.flatnonzero(numbers.view(np.uint64) != base.view(np.uint64))
        if len(differs) > len(numbers) // 8:
            base, differs = numbers, differs[:0]
        return base, differs, numbers[differs]

    def _worked_out(self) -> np.ndarray:
        worlds = new_worlds(1)
        _write_structure(worlds[0], self)
        numbers: np.ndarray = as_numbers(worlds)[0]
        for column in self._all_columns:
            if column.distribution.is_fixed:
                numbers[list(column.places)] = column.distribution.bounds()[0]
        return numbers[: BLOCKS["inputs"][1]].copy()  # the rest of a record is large, and all zero

    def keys(self, seed: int, numbers: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return the keys (n,) of worlds ``numbers``."""
        return self.drawing.keys(seed, np.asarray(numbers))

    def values(
        self, seed: int, numbers: Sequence[int] | np.ndarray, known: Drawn | None = None
    ) -> dict[str, np.ndarray]:
        """Return the value of each varying quantity by name, (worlds,) each, of worlds ``numbers``.

        ``known`` holds what another variant has drawn for the same worlds, and takes up what is drawn here.
        """
        drawn = {} if known is None else known
        new = [column for column in self.columns if column.drawn not in drawn]
        for column, at in zip(new, self._quantiles(new, seed, np.asarray(numbers)), strict=True):
            drawn[column.drawn] = column.distribution.quantile(at)
        return {column.name: drawn[column.drawn] for column in self.columns}

    def _quantiles(self, columns: Sequence[Column], seed: int, numbers: np.ndarray) -> Iterator[np.ndarray]:
        """Yield at which quantiles (worlds,) columns stand: a design's, or those drawn by the column's name."""
        design, points = self.drawing.design, self.drawing.points(numbers)
        at_random = quantiles_of(self.drawing.keys(seed, numbers), [column.drawn_by for column in columns])
        for column, drawn in zip(columns, at_random, strict=True):
            given = design.quantiles(column.drawn_by, points) if design else None
            yield drawn if given is None else given

    def drawn(
        self, seed: int, numbers: Sequence[int] | np.ndarray, values: dict[str, np.ndarray] | None = None
    ) -> np.ndarray:
        """Return what worlds ``numbers`` draw, as rows of what goes to ``places``: (worlds, places)."""
        if not len(self.places):
            return np.zeros((len(numbers), 0))
        return self.pokes(self.values(seed, numbers) if values is None else values)

    def pokes(self, values: dict[str, np.ndarray]) -> np.ndarray:
        """Return ``values`` as rows of what goes to ``places``: (worlds, places)."""
        rows = [values[column.name] for column in self.columns for _ in column.places]
        for mechanism in self._drawn_readings:
            of_theories = np.array([one.readings[mechanism] for one in self.inputs.mixture], np.float64)
            rows.append(of_theories[values["theory"].astype(np.int64)])
        return np.ascontiguousarray(np.array(rows).T) if rows else np.zeros((1, 0))


def variant_with(scenario: Scenario, settings: Sequence[str], label: str = "") -> Variant:
    """Return a scenario with settings such as ``us=in-kind`` laid on it, made ready; its label is their words."""
    return Variant(label or " ".join([scenario.name, *settings]), resolve(changed(scenario, settings=settings)))


@lru_cache(maxsize=64)
def shipped_variant(scenario: str, settings: tuple[str, ...] = (), label: str = "") -> Variant:
    """Return ``variant_with`` a scenario that comes along, the same one each time."""
    return variant_with(shipped_scenario(scenario), settings, label)


def _columns(variant: Variant) -> Iterator[Column]:
    where = _where(tuple(variant.inputs.geography.sites), tuple(variant.inputs.house.blocs))
    for name, distribution in variant.inputs.quantities.items():
        if name.startswith("threshold:"):
            yield Column(name, distribution, tuple(_places_of_threshold(variant, *name.split(":")[1:])))
        else:
            yield where.column(name, distribution)


class _RecordPlaces:
    """Finds where in the record a named quantity belongs; variants of the same sites and blocs share its columns."""

    def __init__(self, sites: tuple[str, ...], blocs: tuple[str, ...]) -> None:
        self.columns: dict[tuple[str, Distribution], Column] = {}
        self.rows = {
            "place": ("place_in", GOVERNORATES), "site": ("site_in", sites), "bloc": ("bloc_in", blocs),
            "faction": ("faction_in", FACTIONS), "ally": ("ally_in", ALLIES),
        }  # fmt: skip

    def column(self, name: str, distribution: Distribution) -> Column:
        """Return the column of a quantity, the same one for the same name and distribution."""
        found = self.columns.get((name, distribution))
        if found is None or found.distribution is not distribution:  # equal ones may differ in source and note
            found = self.columns[name, distribution] = Column(name, distribution, self._places(name))
        return found

    def _places(self, name: str) -> tuple[int, ...]:
        kind, *words = name.split(":")
        if kind == "theory":  # it goes where the readings are
            return ()
        if kind in ("parameter", "situation"):
            return (offset(f"{kind[0]}.{words[0]}"),)
        if kind == "mechanism":
            return (offset(f"strength.{_NUMBER_OF[words[0]]}"),)
        block, entries = self.rows[kind]
        return (offset(f"{block}.{entries.index(words[0])}.{words[1]}"),)


@lru_cache(maxsize=8)
def _where(sites: tuple[str, ...], blocs: tuple[str, ...]) -> _RecordPlaces:
    return _RecordPlaces(sites, blocs)


def _places_of_threshold(variant: Variant, key: str, policy: str, threshold: str) -> Iterator[int]:
    for k, (one, table) in enumerate(zip(variant.inputs.policies, variant.tables, strict=True)):
        if (one.key, one.name) == (key, policy):
            for name, row in table.threshold_rows:
                if name == threshold:
                    yield offset(f"policies.{k}.code.{row}.value")


def _write_structure(w: np.void, variant: Variant) -> None:
    inputs = variant.inputs
    _refuse_beyond_room(variant)
    for k, table in enumerate(variant.tables):
        w["policies"][k] = table.table
    w["policy_of"] = inputs.policy_of
    w["start_ordinal"] = inputs.start.toordinal()
    w["office_day"] = days_of_office(inputs.start)
    w["strength"] = 1.0
    for mechanism, reading in inputs.readings.items():
        w["reading"][_NUMBER_OF[mechanism]] = reading
    for switch, on in inputs.switches.items():
        w[switch] = int(on)
    w["n_script"] = len(inputs.script)
    for k, act in enumerate(inputs.script):
        options = _options_here(act, inputs)
        w["script"][k] = (act.day, act.kind, address(act.name) % 1_000_000, (*options, *[0.0] * 6)[:6])
    _write_ground(w, inputs)


def _options_here(act: ScriptedEvent, inputs: Inputs) -> list[float]:
    """Return the options of a scripted event, a site that it names by its number in this geography."""
    options = list(act.options)
    for k, option in enumerate(SCRIPTED[act.kind].options):
        if option.name == "site" and options[k]:
            options[k] = 1.0 + list(inputs.geography.sites).index(option.choices[int(options[k])])
    return options


def _refuse_beyond_room(variant: Variant) -> None:
    """Refuse what a record has no room for: compiled rules would write past its end."""
    inputs = variant.inputs
    counted = (
        ("members", inputs.house.members, MAX_MEMBERS), ("blocs", len(inputs.house.blocs), MAX_BLOCS),
        ("sites", len(inputs.geography.sites), MAX_SITES), ("scripted events", len(inputs.script), MAX_SCRIPT),
        ("neighbours of a governorate", max(map(len, inputs.neighbours)), MAX_NEIGHBOURS),
        ("policies", len(variant.tables), MAX_POLICIES),
    )  # fmt: skip
    beyond = [Mistake(f"at most {most} {what}", str(n)) for what, n, most in counted if n > most]
    if sum(int(one.bounds()[0]) for one in _seats(inputs)) > inputs.house.members:
        beyond.append(Mistake(f"seats for {inputs.house.members} members", "more seats than members"))
    if beyond:
        raise Rejected(*beyond)


def _seats(inputs: Inputs) -> list[Distribution]:
    return [one for name, one in inputs.quantities.items() if name.startswith("bloc:") and name.endswith(":seats")]


def _write_ground(w: np.void, inputs: Inputs) -> None:
    for g, neighbours in enumerate(inputs.neighbours):
        w["n_neighbours"][g] = len(neighbours)
        w["neighbours"][g, : len(neighbours)] = neighbours
    sites = inputs.geography.site_places()
    w["n_sites"] = len(sites)
    w["site_place"][: len(sites)] = sites
    blocs = inputs.house.communities()
    w["n_blocs"] = len(blocs)
    w["bloc_community"][: len(blocs)] = blocs
    w["n_members"] = inputs.house.members
    w["quorum"] = inputs.house.quorum
