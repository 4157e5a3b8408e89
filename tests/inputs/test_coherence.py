"""Tables that are at odds with themselves are refused with the place of it; what is odd and possible can be run."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.errors import InputError
from sim.experiments.variants import Variant, _options_here
from sim.inputs.coherence import is_there
from sim.inputs.distributions.quantities import read_quantity
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.inputs.traits import load_geography
from sim.inputs.yaml.files import home
from sim.names.actors import COMMUNITIES, GOVERNORATES
from sim.running.one_world import OneWorld

Values = dict[str, Any]
EAST = ("Basra", "Maysan")


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the geography of a home of one's own."""
    for folder in ("configs", "scenarios"):
        shutil.copytree(home() / folder, tmp_path / folder)
    monkeypatch.setenv("CROSSFIRE_HOME", str(tmp_path))
    return tmp_path / "configs" / "geography.yaml"


def _changed(ground: Path, change: Callable[[Values], Any]) -> None:
    values = yaml.safe_load(ground.read_text(encoding="utf-8"))
    change(values)
    ground.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")


def _all(table: str, trait: str, value: Any) -> Callable[[Values], None]:
    def change(values: Values) -> None:
        for entry in values[table].values():
            entry[trait] = deepcopy(value)

    return change


def _set(*steps: str, to: Any) -> Callable[[Values], None]:
    def change(values: Values) -> None:
        for step in steps[:-1]:
            values = values[step]
        values[steps[-1]] = to

    return change


def _without(*sites: str) -> Callable[[Values], None]:
    return lambda values: [values["sites"].pop(site) for site in sites]


def _none_of(place: str, share: Any) -> Callable[[Values], None]:
    return lambda values: values["places"][place].update({one: deepcopy(share) for one in COMMUNITIES})


def _cut_off(values: Values) -> None:
    for name, entry in values["places"].items():
        entry["neighbours"] = [one for one in entry["neighbours"] if (one in EAST) == (name in EAST)]


def _alone(values: Values) -> None:
    for entry in values["places"].values():
        entry["neighbours"] = [one for one in entry["neighbours"] if one != "Basra"]
    values["places"]["Basra"]["neighbours"] = []


AT_ODDS: dict[str, tuple[Callable[[Values], Any], str]] = {
    "a site in Iraq is outside": (_set("sites", "al-Qaim", "outside", to=1), r"al-Qaim.outside: expected 0, as Anbar"),
    "perhaps outside": (_set("sites", "al-Qaim", "outside", to={"chance": 0.5}), r"al-Qaim.outside: expected 0"),
    "a site in Syria is not": (_set("sites", "al-Tanf", "outside", to=0), r"al-Tanf.outside: expected 1, as Syria"),
    "in one year": (_set("sites", "al-Qaim", "outside_2011", to=1), r"expected 0, .*\(at a start in 2011\)"),
    "moved abroad": (_set("sites", "K-1", "place", to="Jordan"), r"K-1.outside: expected 1, as Jordan"),
    "no sites": (_set("sites", to={}), r"sites: expected an embassy .* got an empty map"),
    "no shares of troops": (_all("sites", "personnel_share", 0), r"sites: expected .* personnel_share above 0"),
    "shares at times": (_all("sites", "personnel_share", {"chance": 0.9}), r"in every world"),
    "no embassy": (_set("sites", "US embassy", "is_embassy", to=0), r"expected an embassy in Baghdad"),
    "the embassy elsewhere": (_set("sites", "US embassy", "place", to="Basra"), r"expected an embassy in Baghdad"),
    "an embassy abroad": (_set("sites", "Tower 22", "is_embassy", to=1), r"Tower 22.is_embassy: expected 0"),
    "no base is kept": (_all("sites", "hardened", 0), r"kept when troops are drawn together"),
    "no base in the north": (_without("Erbil", "Harir"), r"in the Kurdistan Region"),
    "no site abroad": (_without("al-Tanf", "north-east Syria", "Tower 22"), r"a site in Syria or Jordan"),
    "more than the force abroad": (_set("sites", "Tower 22", "personnel_share", to=1), r"at most 1 in all"),
    "people of no community": (_none_of("Basra", 0), r"places.Basra: expected sunni_arab, shia"),
    "at times of none": (_none_of("Basra", {"chance": 0.9}), r"places.Basra: expected sunni_arab, shia"),
    "no ISIS anywhere": (_all("places", "isis_share", 0), r"'isis_share' of the governorates"),
    "none in 2011": (_all("places", "isis_share_2011", 0), r"'isis_share' .*\(at a start in 2011\)"),
    "no ground for cells": (_all("places", "haven", 0), r"'haven' of the governorates"),
    "a place without neighbours": (_alone, r"places.Basra.neighbours: expected at least one neighbour"),
    "one that others name": (_set("places", "Basra", "neighbours", to=[]), r"among its neighbours, got 'Basra'"),
    "two parts of the land": (_cut_off, r"expected a way from Baghdad .* got none to Maysan"),
}  # fmt: skip
ODD: dict[str, Callable[[Values], Any]] = {
    "no border with Syria": _all("places", "syria_border", 0),
    "one with Iran everywhere": _all("places", "iran_border", 1),
    "one community": _all("places", "shia", 1e-9), "no Camp Victory": _without("Baghdad airport"),
    "few sites": _without("Balad", "Besmaya", "K-1", "al-Qaim", "Union III", "Harir", "Tower 22", "al-Tanf"),
    "an embassy at Balad too": _set("sites", "Balad", "is_embassy", to=1),
    "no protection": _all("sites", "protection", 0),
    "nothing gets through": _all("sites", "protection", 1), "few people": _all("places", "population", 10_000),
}  # fmt: skip


@pytest.mark.parametrize("name", AT_ODDS)
def test_what_cannot_be_together_is_refused_with_its_place(ground: Path, name: str) -> None:
    """Nobody is left with nowhere to go, nothing is shared out by shares of nothing, a border has two sides."""
    change, words = AT_ODDS[name]
    _changed(ground, change)
    with pytest.raises(InputError, match=words) as caught:
        load_geography()
    assert all(problem.line > 1 for problem in caught.value.problems)


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_and_possible_comes_to_numbers(ground: Path, name: str) -> None:
    """It is let through, and a world of it is lived to finite ends, its troops all somewhere."""
    _changed(ground, ODD[name])
    variant = Variant(name, resolve(override(load_scenario("2020-soleimani"), "days=30")))
    world = OneWorld(variant, 0).run_to()
    found = [float(value) for value in world.outcomes().values() if isinstance(value, int | float | np.number)]
    assert found
    assert not np.isinf(found).any()
    row, sites = world.worlds[0], variant.inputs.geography.sites.values()
    here = sum(float(row["sites"][k]["troops"]) for k, one in enumerate(sites) if one.facts["place"] in GOVERNORATES)
    assert here == pytest.approx(float(row["presence"]["troops"] + row["presence"]["troops_north"]), rel=0.2)


def test_a_scripted_attack_falls_on_the_site_that_it_names(ground: Path) -> None:
    """Sites are found by their names: in another order, and not at all where there is none of the name."""
    sites = yaml.safe_load(ground.read_text(encoding="utf-8"))["sites"]
    taji = list(sites).index("Camp Taji")
    _changed(ground, lambda values: values.update(sites=dict(reversed(values["sites"].items()))))
    inputs = resolve(load_scenario("2020-taji"))
    [attack] = [act for act in inputs.script if act.name == "rockets-on-taji"]
    assert _options_here(attack, inputs)[3] == len(sites) - taji
    _changed(ground, _without("Camp Taji"))
    with pytest.raises(InputError, match=r"with.site: expected a site of geography.yaml .* got 'Camp Taji'"):
        resolve(load_scenario("2020-taji"))


@pytest.mark.parametrize(
    ("value", "there"),
    [
        (0.1, True), (0, False), ({"uniform": [0, 0.1]}, True), ({"uniform": [0, 0]}, False), ({"chance": 0.99}, False),
        ({"chance": 1}, True), ({"choice": {"values": [0, 1]}}, False), ({"triangular": [0, 0.1, 0.2]}, True),
        ({"choice": {"values": [0, 1], "weights": [0, 1]}}, True), ({"beta": [2, 2]}, True),
    ],
)  # fmt: skip
def test_a_quantity_is_there_where_no_world_draws_nothing_of_it(value: Any, there: bool) -> None:
    """A range that begins at 0 has no world at 0; a chance has."""
    assert is_there(read_quantity(value)) == there
