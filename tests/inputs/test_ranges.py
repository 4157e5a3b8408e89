"""Every number in every kind of file has a range, and a world has room for what it is given, or it is refused."""

import shutil
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.agents.model import IraqModel
from sim.errors import InputError, Lawless, Rejected
from sim.experiments.variants import Variant
from sim.inputs import traits
from sim.inputs.distributions.quantities import Distribution, fixed, read_quantity
from sim.inputs.ranges import OF_FACTS, Range, range_of, range_of_trait, wrong_with
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.inputs.theory import load_parameters, load_situation
from sim.inputs.yaml.files import home
from sim.names.limits import limits_of
from sim.names.measures import OUTCOMES, Measure
from sim.names.quantities import UNITS, unit_of
from sim.names.tables import MAX_BLOCS, MAX_MEMBERS, MAX_NEIGHBOURS, MAX_SITES
from sim.running.ensemble import UnitResult, run_worlds
from sim.running.one_world import OneWorld
from sim.running.replicates import run_replicates
from sim.world import kernel
from sim.world.laws import broken_law, laws
from sim.world.living import beyond_limits
from sim.world.record import offset
from tests.attacks.ends import ends, failures, together, variant_at
from tests.worlds import variant

TABLES = {"parameters": load_parameters(), "situation": load_situation()}
NUMBERS = [(table, name) for table, names in TABLES.items() for name in names]


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home of one's own, a copy of the shipped files that a test may change."""
    for folder in ("configs", "scenarios"):
        shutil.copytree(home() / folder, tmp_path / folder)
    monkeypatch.setenv("CROSSFIRE_HOME", str(tmp_path))
    return tmp_path


def _changed(path: Path, *steps: Any, to: Any) -> None:
    """Change one value of a file."""
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    at = values
    for step in steps[:-1]:
        at = at[step]
    at[steps[-1]] = to
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")


# Parameters and starting positions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "name"), NUMBERS)
def test_every_number_of_the_tables_has_a_range_that_its_own_distribution_keeps(table: str, name: str) -> None:
    """And what lies beyond either end, as an override, is refused: no number is without bounds."""
    one = TABLES[table][name]
    low, high, unit, _ = range_of(name)
    assert unit == one.unit == unit_of(name)
    assert np.isfinite([low, high]).all()
    assert low < high <= 1e7
    for known in filter(None, (one.value, one.fitted)):
        assert wrong_with(known, range_of(name)) is None
    for beyond in (low - 1.0, high * 1.01 + 1.0):
        with pytest.raises(InputError, match="expected from"):
            resolve(override(load_scenario("2020-soleimani"), f"{table}.{name}={beyond!r}"))


def _in_use(table: str, name: str) -> float:
    """Return the largest number in use of a quantity, as far as worlds draw it."""
    return float(np.abs(TABLES[table][name].value.quantile(np.array([0.0, 1.0 - 2.0**-53]))).max())


@pytest.mark.parametrize(
    ("table", "name"), [(t, n) for t, n in NUMBERS if TABLES[t][n].unit in ("people", "members", "attacks", "ratio")]
)
def test_what_is_counted_is_bound_within_reach_of_what_is_in_use(table: str, name: str) -> None:
    """At most some hundred times as many: a strike kills no hundred millions, no week brings them over the border."""
    high = range_of(name).high
    assert high <= 1e7
    assert high <= 350 * max(_in_use(table, name), 0.1) or name == "isis_fighters"


@pytest.mark.parametrize("setting", [
    "strike_dead=1e8", "heavy_strike_dead=1e8", "leadership_strike_dead=1e8", "syria_inflow=1e8",
    "rough_methods=24315591", "talks_price=-50", "leaving_days=36500", "isis_slows=1000", "us_troops=1e6",
    "people_held=1e8", "isis_fighters=1e6", "attack_tempo=1e3", "isis_attacks_quarter=1e5", "need_view=-3",
    "factions.badr.fighters=1e7",
])  # fmt: skip
def test_what_was_once_let_through_is_refused(setting: str) -> None:
    """Each made worlds that failed, or worse, that passed."""
    with pytest.raises(InputError, match="expected from"):
        resolve(override(load_scenario("2020-soleimani"), setting))


@pytest.mark.parametrize(("unit", "expected"), [
    ("bananas", "a unit: share, ratio"), ("", "a unit: share"), (7, "a unit: share"),
    ("people", "'share', the unit that rules count it in"),
])  # fmt: skip
def test_no_other_unit_lifts_a_range(ours: Path, unit: Any, expected: str) -> None:
    """One that is not known is refused with those that are; a known one where rules count in another, as well."""
    _changed(ours / "configs" / "parameters.yaml", "truce_leak", "unit", to=unit)
    with pytest.raises(InputError, match=r"parameters.yaml:\d+:\d+: truce_leak.unit: expected " + expected):
        load_parameters()


def test_every_unit_is_in_use_and_every_quantity_has_one() -> None:
    """None is left over that a file could name."""
    assert {one.unit for table in TABLES.values() for one in table.values()} == set(UNITS)


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ({"uniform": [0, 1]}, True),
        ({"uniform": [0, 1.0001]}, False),
        ({"normal": [0.5, 0.01]}, True),  # the last number that a world can draw is eight spreads away
        ({"normal": [0.5, 0.1]}, False),
        ({"normal": [0.5, 0.1], "within": [0, 1]}, True),
        ({"lognormal": [0.2, 0.1]}, True),
        ({"lognormal": [0.2, 0.5]}, False),
        ({"beta": [2, 3]}, True),
        ({"choice": {"values": [0, 2], "weights": [1, 0]}}, True),
        ({"choice": {"values": [0, 2], "weights": [1, 0.0001]}}, False),
    ],
)
def test_what_no_world_may_draw_is_refused_however_seldom(given: dict[str, Any], fits: bool) -> None:
    """The range holds to the last quantile that a world can stand at."""
    one = read_quantity(given)
    drawn = one.quantile(np.array([0.0, 0.5, 1.0 - 2.0**-53]))
    assert ((drawn >= 0) & (drawn <= 1)).all() == fits
    assert (wrong_with(one, Range(0.0, 1.0)) is None) == fits


def test_what_is_one_of_a_few_is_no_fraction() -> None:
    """A government is in office or not; a premier leans to one side."""
    for wrong in ("government_leaning=1.5", "aims={uniform: [0, 2]}", "government_in_office=0.5"):
        with pytest.raises(InputError, match="whole numbers"):
            resolve(override(load_scenario("2020-soleimani"), wrong))
    resolve(override(load_scenario("2020-soleimani"), "government_in_office={chance: 0.5}"))


@pytest.mark.parametrize("name", [name for name, one in TABLES["parameters"].items() if one.unit == "days"])
def test_no_time_constant_makes_numbers_that_cannot_be(name: str) -> None:
    """From none at all to a century: each world is one, and keeps the laws."""
    for days in ("0", "1e-9", "0.3", f"{range_of(name).high}"):
        [block] = run_worlds([variant("2020-motion", f"{name}={days}", "days=120")], 2, 5, threads=1)
        assert block.failed == ()


# Files of traits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "where", "trait"),
    [
        *(("geography", ("places", "Anbar"), trait) for trait in traits.PLACE_TRAITS),
        *(("geography", ("sites", "Ain al-Asad"), trait) for trait in traits.SITE_TRAITS),
        *(("factions", ("nujaba",), trait) for trait in traits.FACTION_TRAITS),
        *(("coalition", ("Italy",), trait) for trait in traits.ALLY_TRAITS),
        *(("parliaments/2018-regrouped", ("blocs", "fatah"), trait) for trait in traits.BLOC_TRAITS),
    ],
)
def test_every_trait_of_every_file_has_a_range(ours: Path, file: str, where: tuple[str, ...], trait: str) -> None:
    """A negative population, seats below none, a share of two: told with the place, before any world."""
    low, high = range_of_trait(trait)[:2]
    for beyond in (low - 1.0, high * 1.01 + 1.0):
        _changed(ours / "configs" / f"{file}.yaml", *where, trait, to=beyond)
        with pytest.raises(InputError, match=trait):
            resolve(load_scenario("2020-soleimani"))


@pytest.mark.parametrize("fact", sorted(OF_FACTS))
@pytest.mark.parametrize("wrong", [1e308, "north", True])
def test_facts_of_places_are_numbers_that_a_map_can_have(ours: Path, fact: str, wrong: Any) -> None:
    """They are read by no rule, but by every map."""
    _changed(ours / "configs" / "geography.yaml", "places", "Anbar", fact, to=wrong)
    with pytest.raises(InputError, match=fact):
        traits.load_geography()


# Room --------------------------------------------------------------------------------------------------------------


def _many_blocs(path: Path) -> None:
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    first = next(iter(values["blocs"].values()))
    values["blocs"] |= {f"bloc{k}": deepcopy(first) | {"seats": 0} for k in range(MAX_BLOCS)}
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")


def _many_sites(path: Path) -> None:
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    first = next(iter(values["sites"].values()))
    values["sites"] |= {f"site{k}": deepcopy(first) for k in range(MAX_SITES)}
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")


def test_more_than_a_world_has_room_for_is_refused_with_its_place(ours: Path) -> None:
    """Members, a quorum beyond them, blocs, sites, neighbours; and a neighbour twice."""
    house, ground = ours / "configs/parliaments/2018-regrouped.yaml", ours / "configs/geography.yaml"
    before = house.read_text(encoding="utf-8"), ground.read_text(encoding="utf-8")

    def refused(words: str) -> None:
        with pytest.raises(InputError, match=words):
            resolve(load_scenario("2020-soleimani"))
        house.write_text(before[0], encoding="utf-8")
        ground.write_text(before[1], encoding="utf-8")

    for members in (MAX_MEMBERS + 1, 4325, 0, -5, 2.5):
        _changed(house, "members", to=members)
        refused(f"from 1 to {MAX_MEMBERS}")
    _changed(house, "quorum", to=330)
    refused("quorum: expected a whole number from 1 to 329")
    _changed(house, "blocs", "fatah", "seats", to=48.5)
    refused("whole number of seats")
    _many_blocs(house)
    refused(f"at most {MAX_BLOCS} blocs")
    _many_sites(ground)
    refused(f"at most {MAX_SITES} sites")
    _changed(ground, "places", "Baghdad", "neighbours", to=["Babil"] * (MAX_NEIGHBOURS + 1))
    refused(f"at most {MAX_NEIGHBOURS} neighbours")
    _changed(ground, "places", "Baghdad", "neighbours", to=["Babil", "Anbar", "Babil"])
    refused("each other governorate once")


def test_the_record_refuses_what_no_file_check_has_seen() -> None:
    """At the kernel's door: inputs made in Python, too, are never written past a record's end."""
    inputs = variant("2020-soleimani", "days=5").inputs
    crowded = {f"b{k}": next(iter(inputs.house.blocs.values())) for k in range(MAX_BLOCS + 1)}
    full = {name: fixed(99.0) for name in inputs.quantities if name.endswith(":seats")}
    for wrong in (
        replace(inputs, house=replace(inputs.house, members=MAX_MEMBERS + 1)),
        replace(inputs, house=replace(inputs.house, blocs=crowded)),
        replace(inputs, script=inputs.script * 40),
        replace(inputs, quantities=inputs.quantities | full),
    ):
        with pytest.raises(Rejected):
            _ = Variant("wrong", wrong).template


# Laws --------------------------------------------------------------------------------------------------------------


def _lived(monkeypatch: pytest.MonkeyPatch, *settings: str) -> UnitResult:
    [block] = run_worlds([variant("2020-soleimani", "days=20", *settings)], 3, 1, threads=1)
    return block


def test_a_world_that_breaks_a_law_is_a_failed_world_with_the_field_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It leaves no number behind, and takes none of the others with it."""
    whole = _lived(monkeypatch)
    real = kernel.run_block

    def breaking(*given: Any) -> None:
        real(*given)
        given[16][1], given[17][1] = offset("us.cost"), 1.7  # what the second world's check found

    monkeypatch.setattr(kernel, "run_block", breaking)
    block = _lived(monkeypatch)
    [failure] = block.failed
    assert (failure.world, failure.stage, failure.cause) == (1, "laws", "us.cost is 1.7, not from 0 to 1")
    assert np.isnan(block.outcomes["us_killed"][1])
    assert block.outcomes[[0, 2]].tobytes() == whole.outcomes[[0, 2]].tobytes()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("us.cost", -0.2, "us.cost is -0.2, not from 0 to 1"),
        ("presence.to_cut", -3.0, "presence.to_cut is -3, not 0 or more"),
        ("factions.2.revenge", np.nan, "factions.2.revenge is nan, not from 0 to 1"),
        ("anger_us.3.1", 2.0, "anger_us[13] is 2, not from 0 to 1"),
        ("total.4", np.inf, "total[4] is inf, not a finite number"),
    ],
)
def test_laws_cover_the_state_to_its_last_field(path: str, value: float, words: str) -> None:
    """Fields of blocks, of lists of blocks, of tables: each has its law, by its unit."""
    assert broken_law(offset(path), value) == words


def test_a_world_with_more_dead_than_people_is_a_failed_world() -> None:
    """From the files to the failure: a country of eighteen people has no such ISIS."""
    small = variant("2020-soleimani", "days=20").inputs
    people = {name: fixed(1.0) for name in small.quantities if name.endswith(":population")}
    [block] = run_worlds([Variant("small", replace(small, quantities=small.quantities | people))], 2, 1, threads=1)
    assert {failure.stage for failure in block.failed} == {"laws"}
    assert all(failure.cause.startswith(("the fighters of ISIS are ", "the people killed by anyone are "))
               for failure in block.failed)  # fmt: skip
    assert len(block.failed) == 2
    assert np.isnan(block.outcomes["us_killed"]).all()


def test_one_world_by_itself_breaks_no_law_either() -> None:
    """A story, a comparison of lives: told as an error with the world and the law, and no number shown."""
    small = variant("2020-soleimani", "days=20").inputs
    people = {name: fixed(1.0) for name in small.quantities if name.endswith(":population")}
    one = Variant("small", replace(small, quantities=small.quantities | people))
    for lived in (
        lambda: OneWorld(one, 3).run_to(), lambda: run_replicates([one], 2, 1, 2, threads=1),
        lambda: IraqModel(one, 3).run_to(), lambda: IraqModel(one, 3, compiled=True).run_to(),
    ):  # fmt: skip
        with pytest.raises(Lawless, match=r"world \d of small is no possible one: the (people|fighters) "):
            lived()


@pytest.mark.parametrize("measure", [m for m in OUTCOMES if np.isfinite(limits_of(m, 20)[1])], ids=lambda m: m.name)
def test_an_outcome_beyond_its_limits_is_none(measure: Measure) -> None:
    """At its limits it is one; beyond, the world has failed, with the measure named."""
    whole = _lived_outcomes()
    least, most = limits_of(measure, 20)
    for value, fails in ((least, False), (most, False), (most + 1.0, True), (least - 1.0, True)):
        rows = whole.copy()
        rows[measure.name][1] = value
        found = beyond_limits(rows, 20)
        assert list(found) == ([1] if fails else [])
        assert not fails or found[1].startswith(f"{measure.name} is {value:g}, not from {least:g} to {most:g}")


@cache
def _lived_outcomes() -> np.ndarray:
    [block] = run_worlds([variant("2020-soleimani", "days=20")], 3, 1, threads=1)
    return block.outcomes


@pytest.mark.parametrize("setting", [[one] for one in ends()[::9]] + list(together(5, 25, 12)), ids=str)
def test_the_ends_of_ranges_come_to_lawful_worlds(setting: list[tuple[str, float]]) -> None:
    """Alone and together; ``python -m tests.attacks.ends`` tries all of them, and more of the latter."""
    assert list(failures([variant_at("2024-tower22", setting, 60)], 2)) == []


def test_no_whole_number_is_taken_for_one_with_a_point() -> None:
    """Days, flags and keys are other bits; each place that a law looks at holds a number."""
    places = np.concatenate([np.arange(law.first, law.first + law.n) for law in laws()])
    assert len(set(places.tolist())) == len(places) > 5000
    assert offset("day") not in places
    assert offset("us.case_open") not in places
    assert offset("cell_key") not in places


def test_what_finds_no_room_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells beyond those that a world holds at the start, and attacks of a day beyond its table."""
    crowded = _lived(monkeypatch, "isis_fighters=60000", "cell_fighters=10")
    assert (crowded.outcomes["beyond_room"] >= 6000 - 550).all()
    assert not (_lived(monkeypatch).outcomes["beyond_room"] > 0).any()


def test_a_poisson_count_may_be_large() -> None:
    """Beyond a mean of 30 it is the normal nearest to it; a quantile next to 1 ends."""
    from sim.world.draws import poisson

    assert [poisson(u, 100.0) for u in (0.5, 0.9772498680518208, 0.0)] == [100, 120, 18]
    assert poisson(1.0 - 2.0**-53, 0.01) < 20
    assert isinstance(read_quantity({"chance": 0.5}), Distribution)
