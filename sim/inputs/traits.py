"""What tells places, sites, blocs and factions apart: tables of traits, each a quantity, read one like the other."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import InputError, Mistake, Rejected, described, unknown
from sim.inputs.allowed_names import impossible_names, title_fault
from sim.inputs.coherence import Odd, borders_at_odds, places_at_odds, sites_at_odds
from sim.inputs.distributions.quantities import Distribution, read_quantity
from sim.inputs.ranges import OF_FACTS, range_of_trait, wrong_with
from sim.inputs.yaml.document import Document, Where, value_at
from sim.inputs.yaml.files import find, home
from sim.inputs.yaml.forms import one_a_place
from sim.inputs.yaml.snapshots import Stamp, stamp
from sim.inputs.yaml.text import read
from sim.names.actors import ALLIES, COMMUNITIES, FACTIONS, GOVERNORATES, PLACES
from sim.names.tables import MAX_BLOCS, MAX_MEMBERS, MAX_NEIGHBOURS, MAX_SITES
from sim.names.traits import ALLY_TRAITS, BLOC_TRAITS, FACTION_TRAITS, PLACE_TRAITS, SITE_TRAITS

#: What an entry of each table may say besides its traits.
_PLACE_FACTS = ("neighbours", "area", "capital", "latitude", "longitude", "roughness")
_SITE_FACTS = ("place", "kind")
_BLOC_FACTS = ("community", "camp")
_ANY_FACTS = ("label", "source", "note")
#: Facts that are a line to read, and those of several lines.
_LINES, _TEXTS = ("label", "capital", "kind", "camp"), ("source", "note")
_DATED = re.compile(r"_((?:19|20)\d\d)$")
#: Where a site may lie and an entry of places may stand; ``nowhere`` is no place.
_GROUND = PLACES[:-1]


@dataclass(frozen=True)
class Entry:
    """One place, site, bloc or faction: its traits, and the rest that is said of it.

    A trait may also be given for starts in one year (``isis_share_2011``); ``in_year`` finds the one to use.
    """

    traits: dict[str, Distribution]
    facts: dict[str, Any] = field(default_factory=dict)

    def in_year(self, trait: str, year: int) -> Distribution:
        """Return what is known of ``trait`` at a start in ``year``."""
        return self.traits.get(f"{trait}_{year}", self.traits[trait])


@dataclass(frozen=True)
class Geography:
    """Iraq's governorates, and the sites that hold US personnel, in the order of the file."""

    places: dict[str, Entry]
    sites: dict[str, Entry]

    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """Return the numbers of each governorate's neighbours, in the order of ``GOVERNORATES``."""
        return tuple(
            tuple(sorted(GOVERNORATES.index(one) for one in self.places[name].facts["neighbours"]))
            for name in GOVERNORATES
        )

    def site_places(self) -> tuple[int, ...]:
        """Return the number in ``PLACES`` of the place of each site."""
        return tuple(PLACES.index(site.facts["place"]) for site in self.sites.values())


@dataclass(frozen=True)
class House:
    """A parliament by bloc: its members, its quorum, its blocs in the order of the file."""

    name: str
    members: int
    quorum: int
    blocs: dict[str, Entry]

    def communities(self) -> tuple[int, ...]:
        """Return the number in ``COMMUNITIES`` of each bloc's community."""
        return tuple(COMMUNITIES.index(bloc.facts["community"]) for bloc in self.blocs.values())


class _Table:
    """Reads entries of one document, keeping every problem until all have been read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems = list(document.problems)

    def wrong(self, where: Where, mistake: Mistake) -> None:
        """Note a mistake in the value at ``where``."""
        self.problems.append(self.document.problem(where, mistake))

    def entries(self, where: Where, traits: tuple[str, ...], facts: tuple[str, ...]) -> dict[str, Entry]:
        """Return the entries of the map at ``where``."""
        values = value_at(self.document.values, where)
        if not isinstance(values, dict):
            self.wrong(where, Mistake("a map of entries by name", described(values)))
            return {}
        return {name: self._entry((*where, name), entry, traits, facts) for name, entry in values.items()}

    def _entry(self, where: Where, values: Any, traits: tuple[str, ...], facts: tuple[str, ...]) -> Entry:
        if not isinstance(values, dict):
            self.wrong(where, Mistake("a map of traits", described(values)))
            return Entry({})
        read_traits: dict[str, Distribution] = {}
        for key, value in values.items():
            if _undated(key) in traits:
                self._trait(where, key, value, read_traits)
            elif key not in facts + _ANY_FACTS:
                self.wrong(where, unknown(key, traits + facts + _ANY_FACTS, "a trait", ()))
        for trait in traits:
            if trait not in values:
                self.wrong(where, Mistake(f"the key '{trait}'", "nothing", of_key=True))
        told = {key: value for key, value in values.items() if key in facts + _ANY_FACTS}
        for key in OF_FACTS.keys() & told.keys():
            self.fact(where, key, told[key])
        for key in told.keys() & {*_LINES, *_TEXTS}:
            self.text(where, key, told[key])
        return Entry(read_traits, told)

    def fact(self, where: Where, key: str, value: Any) -> None:
        """Note a number of an entry that is none, or cannot be."""
        low, high = OF_FACTS[key][:2]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            self.wrong((*where, key), Mistake(f"a number from {low:g} to {high:g}", described(value)))

    def text(self, where: Where, key: str, value: Any) -> None:
        """Note what should be text and is none, or cannot stand where it is to stand."""
        fault = "text" if not isinstance(value, str) else title_fault(value) if key in _LINES else ""
        if fault:
            self.wrong((*where, key), Mistake(fault, described(value)))

    def called(self, where: Where, names: Iterable[str]) -> None:
        """Note entries that are called what nothing can be called."""
        for mistake in impossible_names(names):
            self.wrong(where, mistake)

    def at_odds(self, found: Iterable[Odd]) -> None:
        """Note what is at odds between entries, each place once, whatever the year."""
        first = dict(reversed(list(found)))
        for where, mistake in reversed(first.items()):
            self.wrong(where, mistake)

    def _trait(self, where: Where, key: str, value: Any, read_traits: dict[str, Distribution]) -> None:
        try:
            read_traits[key] = read_quantity(value)
        except Rejected as wrong:
            for mistake in wrong.mistakes:
                self.wrong((*where, key), mistake)
            return
        if far := wrong_with(read_traits[key], range_of_trait(_undated(key))):
            self.wrong((*where, key), far)

    def named(self, where: Where, value: Any, names: Iterable[str], what: str) -> None:
        """Note a value that is not one of ``names``."""
        if value not in names:
            self.wrong(where, unknown(value, names, what))

    def complete(self, where: Where, found: Iterable[str], wanted: Iterable[str], allowed: Iterable[str]) -> None:
        """Note entries that are missing, and those that are none of the ``allowed`` ones."""
        for name in found:
            if name not in allowed:
                self.wrong(where, unknown(name, allowed, "a known name", ()))
        for name in wanted:
            if name not in found:
                self.wrong(where, Mistake(f"the key '{name}'", "nothing", of_key=True))

    def whole_number(self, key: str, most: int) -> int:
        """Return the whole number from 1 to ``most`` at ``key`` of the document."""
        value = value_at(self.document.values, (key,))
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            self.wrong((key,), Mistake(f"a whole number from 1 to {most}", described(value)))
            return 0
        return value

    def at_most(self, where: Where, what: Any, most: int, kind: str) -> None:
        """Note more of a kind than a world has room for."""
        if len(what) > most:
            self.wrong(where, Mistake(f"at most {most} {kind}: a world has room for no more", str(len(what))))

    def finish(self) -> None:
        """Raise InputError if anything was wrong."""
        if self.problems:
            raise InputError(one_a_place(self.problems))


def _undated(key: str) -> str:
    return _DATED.sub("", key)


def _by_year(entries: Mapping[str, Entry]) -> Iterator[tuple[str, dict[str, dict[str, Distribution]]]]:
    """Yield the traits of entries at starts in any year, and in each that one is given for, with words for it."""
    keys = [key for entry in entries.values() for key in entry.traits]
    for year in [0, *sorted({int(found[1]) for key in keys if (found := _DATED.search(key))})]:
        traits = {
            name: {_undated(key): entry.in_year(_undated(key), year) for key in entry.traits}
            for name, entry in entries.items()
        }
        yield f" (at a start in {year})" if year else "", traits


def load_geography() -> Geography:
    """Return the places and sites of configs/geography.yaml; InputError with all that is wrong."""
    return _geography(stamp(home() / "configs" / "geography.yaml"))


@lru_cache(maxsize=4)
def _geography(file: Stamp) -> Geography:
    table = _Table(read(file.path))
    places = table.entries(("places",), PLACE_TRAITS, _PLACE_FACTS)
    sites = table.entries(("sites",), SITE_TRAITS, _SITE_FACTS)
    table.complete(("places",), places, GOVERNORATES, _GROUND)
    for name, site in sites.items():
        table.named(("sites", name, "place"), site.facts.get("place"), _GROUND, "the place of the site")
    table.called(("sites",), sites)
    table.at_most(("sites",), sites, MAX_SITES, "sites")
    _check_borders(table, places)
    table.finish()
    _check_sense(table, places, sites)
    table.finish()
    return Geography(places, sites)


def _check_sense(table: _Table, places: dict[str, Entry], sites: dict[str, Entry]) -> None:
    """Note what each entry alone may say, and all of them together cannot."""
    place_of = {name: str(site.facts["place"]) for name, site in sites.items()}
    found = list(borders_at_odds({name: places[name].facts["neighbours"] for name in GOVERNORATES}))
    for when, traits in _by_year(places):
        found += places_at_odds(traits, when)
    for when, traits in _by_year(sites):
        found += sites_at_odds(traits, place_of, when)
    table.at_odds(found)


def _check_borders(table: _Table, places: dict[str, Entry]) -> None:
    """Note neighbours that are unknown, or that do not know of each other."""
    lists = {name: place.facts.get("neighbours") for name, place in places.items()}
    for name, neighbours in lists.items():
        where = ("places", name, "neighbours")
        if not isinstance(neighbours, list):
            table.wrong(where, Mistake("a list of governorates", described(neighbours)))
            continue
        table.at_most(where, neighbours, MAX_NEIGHBOURS, "neighbours")
        for k, other in enumerate(neighbours):
            if other == name or other in neighbours[:k]:
                table.wrong((*where, k), Mistake("each other governorate once", described(other)))
            table.named((*where, k), other, GOVERNORATES, "a governorate")
            back = lists.get(other) if isinstance(other, str) else None
            if isinstance(back, list) and name not in back and name in GOVERNORATES:
                table.wrong((*where, k), Mistake(f"a place that names '{name}' among its neighbours", described(other)))


def load_house(name: str, beside: Path | None = None) -> House:
    """Return the parliament called ``name``; Rejected if there is none, InputError with all that is wrong in it."""
    return _house(name, stamp(find("parliament", name, beside)))


@lru_cache(maxsize=8)
def _house(name: str, file: Stamp) -> House:
    table = _Table(read(file.path))
    known = ("house", "members", "quorum", "note", "blocs")
    keys = table.document.values if isinstance(table.document.values, dict) else {}
    table.complete((), keys, known[:3], known)
    table.named(("house",), keys.get("house"), (name,), "the file's own name")
    blocs = table.entries(("blocs",), BLOC_TRAITS, _BLOC_FACTS)
    table.called(("blocs",), blocs)
    if "note" in keys:
        table.text((), "note", keys["note"])
    members = table.whole_number("members", MAX_MEMBERS)
    quorum = table.whole_number("quorum", members or MAX_MEMBERS)
    table.at_most(("blocs",), blocs, MAX_BLOCS, "blocs")
    for bloc, entry in blocs.items():
        table.named(("blocs", bloc, "community"), entry.facts.get("community"), COMMUNITIES, "a community")
    _check_seats(table, blocs, members)
    table.finish()
    return House(name, members, quorum, blocs)


def _check_seats(table: _Table, blocs: dict[str, Entry], members: int) -> None:
    """Note seats that are not known, or do not add up to the members."""
    by_bloc = {name: entry.traits["seats"] for name, entry in blocs.items() if "seats" in entry.traits}
    seats = list(by_bloc.values())
    if all(one.is_fixed for one in seats):
        for name, one in by_bloc.items():
            if not one.bounds()[0].is_integer():
                table.wrong(("blocs", name, "seats"), Mistake("a whole number of seats", f"{one.bounds()[0]:g}"))
        total = sum(one.bounds()[0] for one in seats)
        if total != members:
            table.wrong(("members",), Mistake(f"{total:g}, as the seats of the blocs add up to", str(members)))
    else:
        table.wrong(("blocs",), Mistake("seats that are plain numbers", "a distribution"))


def load_factions() -> dict[str, Entry]:
    """Return the traits of each faction, from configs/factions.yaml; InputError with all that is wrong."""
    return _by_name(stamp(home() / "configs" / "factions.yaml"), FACTION_TRAITS, FACTIONS)


def load_coalition() -> dict[str, Entry]:
    """Return the traits of each coalition member, from configs/coalition.yaml; InputError with all that is wrong."""
    return _by_name(stamp(home() / "configs" / "coalition.yaml"), ALLY_TRAITS, ALLIES)


@lru_cache(maxsize=4)
def _by_name(file: Stamp, traits: tuple[str, ...], names: tuple[str, ...]) -> dict[str, Entry]:
    """Return the entries of a file that has one for each of ``names`` and no other, in the order of the names."""
    table = _Table(read(file.path))
    entries = table.entries((), traits, ())
    table.complete((), entries, names, names)
    table.finish()
    return {name: entries[name] for name in names}
