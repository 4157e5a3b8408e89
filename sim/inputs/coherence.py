"""Whether places, sites and blocs make sense together: nobody is left with nowhere to go, no share is one of nothing.

What is odd and possible passes. What is looked at is what worlds may draw, at starts in any year.
"""

from collections.abc import Iterator, Mapping

from sim.errors import Mistake
from sim.inputs.distributions.quantities import Distribution
from sim.names.actors import COMMUNITIES, GOVERNORATES, REGION

Traits = Mapping[str, Distribution]
Where = tuple[str | int, ...]
#: A mistake, with the place of the value that is at fault.
Odd = tuple[Where, Mistake]
#: What fewer worlds draw than one in so many is no world that anybody meets.
_MOST_WORLDS = 1e6
_THERE = "a number above 0 in every world, in at least one of them"


def is_there(one: Distribution) -> bool:
    """Return whether all worlds draw more than nothing."""
    return bool(one.quantile([1.0 / _MOST_WORLDS])[0] > 0.0)


def is_surely(one: Distribution, number: float) -> bool:
    """Return whether all worlds draw this number."""
    return one.bounds() == (number, number)


def places_at_odds(places: Mapping[str, Traits], when: str = "") -> Iterator[Odd]:
    """Yield what is at odds in the traits of governorates: people of no community, fighters with nowhere to be."""
    for name in GOVERNORATES:
        if not any(is_there(places[name][community]) for community in COMMUNITIES):
            words = f"{', '.join(COMMUNITIES)}: shares of people, {_THERE}{when}"
            yield ("places", name), Mistake(words, "none", "what a world draws is scaled to a sum of 1")
    for trait, what in (("isis_share", "shares of ISIS cells"), ("haven", "ground for cells to live on")):
        if not any(is_there(places[name][trait]) for name in GOVERNORATES):
            words = f"'{trait}' of the governorates: {what}, {_THERE}{when}"
            yield ("places",), Mistake(words, "none")


def borders_at_odds(neighbours: Mapping[str, list[str]]) -> Iterator[Odd]:
    """Yield governorates from which no way leads to the others; the way begins at the first of them."""
    reached, ahead = {GOVERNORATES[0]}, [GOVERNORATES[0]]
    while ahead:
        new = [one for one in neighbours.get(ahead.pop(), []) if one not in reached]
        reached.update(new)
        ahead += new
    for name in GOVERNORATES:
        if not neighbours[name]:
            yield ("places", name, "neighbours"), Mistake("at least one neighbour", "an empty list")
        elif name not in reached and GOVERNORATES[0] in neighbours:
            words = f"a way from {GOVERNORATES[0]} to every governorate, from neighbour to neighbour"
            yield ("places", name, "neighbours"), Mistake(words, f"none to {name}")


def sites_at_odds(sites: Mapping[str, Traits], place_of: Mapping[str, str], when: str = "") -> Iterator[Odd]:
    """Yield what is at odds in the sites: on which side of the border they lie, and who finds none to go to."""
    wrong = list(_sides_at_odds(sites, place_of, when))
    yield from wrong
    if wrong:
        return
    inside = {name: one for name, one in sites.items() if place_of[name] in GOVERNORATES}
    manned = {name: one for name, one in sites.items() if is_there(one["personnel_share"])}
    there = {name: one for name, one in manned.items() if name in inside}
    bases = {name: one for name, one in there.items() if is_surely(one["is_embassy"], 0.0)}
    kept = [name for name, one in bases.items() if is_surely(one["hardened"], 1.0)]
    embassies = [name for name, one in there.items() if is_surely(one["is_embassy"], 1.0)]
    wanted = (
        ("an embassy in Baghdad (is_embassy: 1)", any(place_of[name] == "Baghdad" for name in embassies)),
        ("a base in Iraq (is_embassy: 0)", bool(bases)),
        ("a base in Iraq that is kept when troops are drawn together (hardened: 1)", bool(kept)),
        ("a site in Syria or Jordan, for the troops there", any(name not in inside for name in manned)),
        (f"such a base in the Kurdistan Region ({', '.join(REGION)}), for troops that go north",
         any(place_of[name] in REGION for name in kept)),
    )  # fmt: skip
    for words, found in wanted:
        if not found:
            got = "none" if sites else "an empty map"
            yield ("sites",), Mistake(f"{words}, with a personnel_share above 0 in every world{when}", got)
            return


def _sides_at_odds(sites: Mapping[str, Traits], place_of: Mapping[str, str], when: str) -> Iterator[Odd]:
    least = 0.0
    for name, one in sites.items():
        side = 0 if place_of[name] in GOVERNORATES else 1
        if not is_surely(one["outside"], side):
            said = "not in Iraq" if side else "in Iraq"
            mistake = Mistake(f"{side}, as {place_of[name]} is {said}{when}", one["outside"].text())
            yield ("sites", name, "outside"), mistake
        elif side and not is_surely(one["is_embassy"], 0.0):
            yield ("sites", name, "is_embassy"), Mistake(f"0: the embassy is in Iraq{when}", one["is_embassy"].text())
        least += one["personnel_share"].bounds()[0] if side else 0.0
    if least > 1.0 + 1e-9:
        words = f"sites outside Iraq that share the force there, at most 1 in all{when}"
        yield ("sites",), Mistake(words, f"at least {least:g}")
