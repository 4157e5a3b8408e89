"""Scenarios made ready for worlds: every name followed, every default filled in."""

import datetime
import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from sim.errors import InputError, Mistake, Problem, Rejected, unknown
from sim.inputs.claims import missing_claims
from sim.inputs.distributions.quantities import Distribution, fixed
from sim.inputs.policies.policy import Policy, beyond, load_policy_file
from sim.inputs.ranges import range_of, range_of_trait, wrong_with
from sim.inputs.scenario import MECHANISM_IDS, SWITCHES, EventForm, Scenario, ScenarioForm
from sim.inputs.theory import (
    READINGS,
    Parameter,
    TheoryShare,
    load_parameters,
    load_situation,
    resolve_mixture,
    resolve_theory,
)
from sim.inputs.traits import Entry, Geography, House, load_coalition, load_factions, load_geography, load_house
from sim.inputs.yaml.document import Where, dotted
from sim.inputs.yaml.files import find
from sim.inputs.yaml.snapshots import once
from sim.names.actors import GOVERNORATES, POLICY_KEYS, SEATS
from sim.names.script import SCRIPTED
from sim.names.traits import ALLY_TRAITS, BLOC_TRAITS, FACTION_TRAITS, PLACE_TRAITS, SITE_TRAITS

Loaded = TypeVar("Loaded")


def drawn_by(address: str) -> str:
    """Return the name by which a quantity is drawn: a threshold's holds for its actor, whatever the policy."""
    kind, *words = address.split(":")
    return ":".join((kind, words[0], words[-1])) if kind == "threshold" else address


class ScriptedEvent(NamedTuple):
    """One thing that the scenario has happen: its name, its day from the start, its kind, its options in order.

    ``told`` is the sentence that stories tell it by, where the scenario has one; it moves no result.
    """

    name: str
    day: int
    kind: int
    options: tuple[float, ...]
    told: str = ""


@dataclass(frozen=True)
class Inputs:
    """All that worlds of one variant are drawn from.

    ``quantities`` are by address: ``parameter:NAME``, ``situation:NAME``, ``place:ENTRY:TRAIT``, ``site:ENTRY:TRAIT``,
    ``bloc:ENTRY:TRAIT``, ``faction:ENTRY:TRAIT``, ``ally:ENTRY:TRAIT``, ``mechanism:M08``,
    ``threshold:KEY:POLICY:NAME``. ``policies`` are distinct; ``policy_of`` has one number into them for each of
    ``SEATS``.
    """

    name: str
    title: str
    purpose: str
    start: datetime.date
    days: int
    theory: str
    quantities: dict[str, Distribution]
    policies: tuple[Policy, ...]
    policy_of: tuple[int, ...]
    readings: dict[str, int]
    script: tuple[ScriptedEvent, ...]
    switches: dict[str, bool]
    geography: Geography
    house: House
    mixture: tuple[TheoryShare, ...] = ()

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """Return the numbers of each governorate's neighbours."""
        return self.geography.neighbours()

    @cached_property
    def hash8(self) -> str:
        """Return eight hex digits of the hash of all that can move a result (no titles, no sources)."""
        text = json.dumps(self._moving(), sort_keys=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()

    def plain(self) -> dict[str, Any]:
        """Return plain values of everything, sources included, with the hash of what can move a result."""
        said = {
            "scenario": self.name,
            "title": self.title,
            "purpose": self.purpose,
            "theory": self.theory,
            "hash8": self.hash8,
            "quantities": {name: one.as_plain() for name, one in self.quantities.items()},
            "policies": [policy.as_plain() for policy in self.policies],
        }
        return self._moving() | said

    def _moving(self) -> dict[str, Any]:
        return {
            "start": self.start.isoformat(),
            "days": self.days,
            "quantities": {name: one.as_plain(sources=False) for name, one in self.quantities.items()},
            "policies": [policy.as_plain(sources=False) for policy in self.policies],
            "policy_of": {seat: self.policies[k].name for seat, k in zip(SEATS, self.policy_of, strict=True)},
            "readings": _in_words(self.readings),
            **({"mixture": {one.name: _in_words(one.readings) for one in self.mixture}} if self.mixture else {}),
            "script": [[one.name, one.day, SCRIPTED[one.kind].name, list(one.options)] for one in self.script],
            "switches": self.switches,
            "neighbours": [list(one) for one in self.neighbours],
            "sites": dict(zip(self.geography.sites, self.geography.site_places(), strict=True)),
            "house": self.house.name,
            "blocs": dict(zip(self.house.blocs, self.house.communities(), strict=True)),
            "members": self.house.members,
            "quorum": self.house.quorum,
        }


def _in_words(readings: Mapping[str, int]) -> dict[str, str]:
    return {mechanism: READINGS[mechanism][k] for mechanism, k in readings.items()}


class _Resolver:
    """Follows the names of one scenario, keeping every problem until all have been followed."""

    def __init__(self, scenario: Scenario) -> None:
        self.form = scenario.form
        self.document = scenario.document
        self.problems: list[Problem] = []

    def attempt(self, load: Callable[[], Loaded], where: Where = ()) -> Loaded | None:
        """Return what ``load`` returns, or nothing after noting what was wrong."""
        try:
            return load()
        except Rejected as wrong:
            self.problems += [self.document.problem(where, mistake) for mistake in wrong.mistakes]
        except InputError as wrong:
            self.problems += wrong.problems
        return None

    def policy(self, key: str, name: str, where: Where) -> Policy | None:
        """Return the policy that the scenario names at ``where``."""
        beside = self.document.folder(where)
        return self.attempt(
            lambda: once(
                ("policy", key, name, beside), lambda: load_policy_file(find(f"{key} policy", name, beside), key)
            ),
            where,
        )

    def policies(self) -> dict[str, Policy]:
        """Return the policy of each seat; one that two seats share is read once."""
        named = {key: getattr(self.form.policies, key) for key in POLICY_KEYS}
        read_ones: dict[tuple[str, str], Policy | None] = {}
        by_seat: dict[str, Policy] = {}
        for key, seats in POLICY_KEYS.items():
            for seat in seats:
                by_faction = isinstance(named[key], dict)
                name = named[key][seat] if by_faction else named[key]
                where = ("policies", key, seat) if by_faction else ("policies", key)
                if (key, name) not in read_ones:
                    read_ones[key, name] = self.policy(key, name, where)
                policy = read_ones[key, name]
                by_seat |= {seat: policy} if policy else {}
        return by_seat

    def claims(self, policies: Mapping[str, Policy]) -> None:
        """Note predictions that are cited and stand in no ledger."""
        cited = [one for policy in policies.values() for one in policy.citations()]
        for name, event in self.form.events.items():
            where = ("events", name, "claim")
            cited += [(claim, dotted(where), self.document.mark(where)) for claim in event.claim]
        self.problems += self.attempt(lambda: missing_claims(cited)) or []

    def numbers(self, table: str, names: Mapping[str, Parameter] | None) -> None:
        """Note overrides of ``table`` that name nothing in it, or of which a world could draw what makes no sense."""
        if names is None:
            return
        own = getattr(self.form, table)
        for name in own:
            if name not in names:
                mistake = unknown(name, names, f"a name in {table}.yaml", ())
                self.problems.append(self.document.problem((table,), mistake))
        for name, one in own.items():
            if name in names and (far := wrong_with(one, range_of(name))):
                self.problems.append(self.document.problem((table, name), far))

    def sites(self, geography: Geography) -> None:
        """Note events at a site that is none of the geography's."""
        for name, event in self.form.events.items():
            for option in SCRIPTED[event.do].options if "site" in event.options else ():
                site = option.choices[int(event.options["site"])] if option.name == "site" else "any"
                if site != "any" and site not in geography.sites:
                    mistake = unknown(site, geography.sites, "a site of geography.yaml")
                    self.problems.append(self.document.problem(("events", name, "with", "site"), mistake))

    def thresholds(self, policies: Mapping[str, Policy]) -> None:
        """Note overrides of thresholds that no policy in a seat of that actor has."""
        for key, overrides in self.form.thresholds.items():
            seated = {policies[seat].name: policies[seat] for seat in POLICY_KEYS[key] if seat in policies}
            known = dict.fromkeys(name for policy in seated.values() for name in policy.thresholds)
            for name in overrides:
                if name not in known and seated:
                    what = f"a threshold of {' or '.join(repr(one) for one in seated)}"
                    mistake = (
                        unknown(name, known, what, ())
                        if known
                        else Mistake("no threshold", f"'{name}'", of_key=True, at=(name,))
                    )
                    self.problems.append(self.document.problem(("thresholds", key), mistake))

                for policy in seated.values():
                    far = beyond(policy, name, overrides[name]) if name in policy.thresholds else None
                    self.problems += [self.document.problem(("thresholds", key, name), far)] if far else []

    def traits_in_range(self) -> None:
        """Note the scenario's own traits of factions of which a world could draw what makes no sense."""
        for faction, traits in self.form.factions.items():
            for trait, one in traits.items():
                if far := wrong_with(one, range_of_trait(trait)):
                    self.problems.append(self.document.problem(("factions", faction, trait), far))


def resolve(scenario: Scenario) -> Inputs:
    """Return the inputs of a scenario's worlds: every name followed, every default filled in.

    All problems of all the files that it names are raised at once as an InputError.
    """
    form, resolver = scenario.form, _Resolver(scenario)
    parameters = resolver.attempt(load_parameters)
    situation = resolver.attempt(load_situation)
    geography, factions = resolver.attempt(load_geography), resolver.attempt(load_factions)
    coalition = resolver.attempt(load_coalition)
    house_folder, theory_folder = (scenario.document.folder((key,)) for key in ("house", "theory"))
    house = resolver.attempt(lambda: load_house(form.house, house_folder), ("house",))
    readings = resolver.attempt(lambda: resolve_theory(form.theory, theory_folder), ("theory",))
    mixed_folder = scenario.document.folder(("theories",)) if form.theories else None
    mixture = resolver.attempt(lambda: resolve_mixture(form.theories, mixed_folder), ("theories",)) or ()
    policies = resolver.policies()
    resolver.claims(policies)
    resolver.thresholds(policies)
    resolver.numbers("parameters", parameters)
    resolver.numbers("situation", situation)
    resolver.traits_in_range()
    if geography:
        resolver.sites(geography)
    if resolver.problems or not (
        parameters and situation and geography and factions and coalition and house and readings
    ):
        raise InputError(resolver.problems)
    quantities = (
        _tabled("parameter", parameters, form.parameters, form.fitted)
        | _tabled("situation", situation, form.situation, form.fitted)
        | _of_ground(geography, form.start.year)
        | _of_entries("bloc", house.blocs, BLOC_TRAITS, 0)
        | _of_factions(factions, form.factions)
        | _of_entries("ally", coalition, ALLY_TRAITS, 0)
        | {f"mechanism:{m}": form.mechanisms.get(m, fixed(1.0)) for m in MECHANISM_IDS}
        | _of_mixture(mixture)
    )
    readings = mixture[0].readings if mixture else readings
    return _inputs(scenario, quantities, policies, readings, geography, house, mixture)


def _inputs(
    scenario: Scenario, quantities: dict[str, Distribution], by_seat: dict[str, Policy], readings: dict[str, int],
    geography: Geography, house: House, mixture: tuple[TheoryShare, ...],
) -> Inputs:  # fmt: skip
    form = scenario.form
    policies, policy_of, thresholds = _seating(by_seat, form.thresholds)
    theory = form.theory if isinstance(form.theory, str) else "own readings"
    if mixture:
        theory = "drawn, " + ", ".join(f"{one.name} in {one.share:.0%} of worlds" for one in mixture)
    switches = {switch: form.switches.get(switch, False) for switch in SWITCHES}
    return Inputs(
        form.scenario, form.title, form.purpose, form.start, form.days, theory, quantities | thresholds, policies,
        policy_of, readings, _script(form), switches, geography, house, mixture,
    )  # fmt: skip


def _seating(
    by_seat: Mapping[str, Policy], own: Mapping[str, Mapping[str, Distribution]]
) -> tuple[tuple[Policy, ...], tuple[int, ...], dict[str, Distribution]]:
    """Return distinct policies, the number of each seat's among them, and their thresholds, ``own`` ones in place."""
    policies = tuple({(policy.key, policy.name): policy for policy in by_seat.values()}.values())
    numbers = {(policy.key, policy.name): k for k, policy in enumerate(policies)}
    thresholds = {
        f"threshold:{policy.key}:{policy.name}:{name}": own.get(policy.key, {}).get(name, distribution)
        for policy in policies
        for name, distribution in policy.thresholds.items()
    }
    return policies, tuple(numbers[by_seat[seat].key, by_seat[seat].name] for seat in SEATS), thresholds


def seated(inputs: Inputs, policy: Policy) -> Inputs:
    """Return ``inputs`` with ``policy`` in every seat of its actor."""
    by_seat = {seat: inputs.policies[k] for seat, k in zip(SEATS, inputs.policy_of, strict=True)}
    by_seat |= dict.fromkeys(POLICY_KEYS[policy.key], policy)
    policies, policy_of, thresholds = _seating(by_seat, {})
    others = {name: one for name, one in inputs.quantities.items() if not name.startswith("threshold:")}
    kept = {name: inputs.quantities.get(name, one) for name, one in thresholds.items()
            if not name.startswith(f"threshold:{policy.key}:")}  # fmt: skip
    return replace(inputs, policies=policies, policy_of=policy_of, quantities=others | thresholds | kept)


def _script(form: ScenarioForm) -> tuple[ScriptedEvent, ...]:
    """Return what the scenario has happen, by day and then by name."""
    acts = [
        ScriptedEvent(name, _day_of(event, form.start), event.do, _all_options(event), event.told or "")
        for name, event in form.events.items()
    ]
    return tuple(sorted(acts, key=lambda act: (act.day, act.name)))


def _day_of(event: EventForm, start: datetime.date) -> int:
    return (event.date - start).days if event.date else event.day or 0


def _all_options(event: EventForm) -> tuple[float, ...]:
    return tuple(float(event.options.get(option.name, option.default)) for option in SCRIPTED[event.do].options)


def _tabled(
    kind: str, table: Mapping[str, Parameter], own: Mapping[str, Distribution], fitted: bool
) -> dict[str, Distribution]:
    """Return the quantities of a table, fitted or as known before, the scenario's own ones in their place."""
    return {
        sys.intern(f"{kind}:{name}"): own.get(name, one.default if fitted else one.value) for name, one in table.items()
    }


def _of_ground(geography: Geography, year: int) -> dict[str, Distribution]:
    """Return the traits of governorates and sites at a start in ``year``."""
    places = {name: geography.places[name] for name in GOVERNORATES}
    return _of_entries("place", places, PLACE_TRAITS, year) | _of_entries("site", geography.sites, SITE_TRAITS, year)


def _of_mixture(mixture: tuple[TheoryShare, ...]) -> dict[str, Distribution]:
    """Return which theory a world draws, by its number; nothing where all worlds take one."""
    numbers, shares = tuple(map(float, range(len(mixture)))), tuple(one.share for one in mixture)
    return {"theory": Distribution("choice", numbers, None, shares)} if mixture else {}


def _of_factions(
    factions: Mapping[str, Entry], own: Mapping[str, Mapping[str, Distribution]]
) -> dict[str, Distribution]:
    """Return the traits of the factions, the scenario's own ones in their place."""
    changed = {name: Entry(entry.traits | dict(own.get(name, {}))) for name, entry in factions.items()}
    return _of_entries("faction", changed, FACTION_TRAITS, 0)


def _of_entries(kind: str, entries: Mapping[str, Entry], traits: tuple[str, ...], year: int) -> dict[str, Distribution]:
    return {
        sys.intern(f"{kind}:{name}:{trait}"): entry.in_year(trait, year)
        for name, entry in entries.items()
        for trait in traits
    }
