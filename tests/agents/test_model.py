"""The Mesa face: a stepped world is the world of a batch, and its agents are the record."""

import ast
import gc
import inspect
import subprocess
import sys
import weakref
from pathlib import Path

import mesa
import numpy as np
import pytest

from sim.agents.actors import KINDS, NOBODYS, Ally, Cell, Faction, Iran, Member, Public, Quantity, Site, Washington
from sim.agents.model import IraqModel
from sim.agents.plain import Row, Rules, row_of
from sim.names.measures import OUTCOMES, SERIES
from sim.running.one_world import OneWorld
from sim.world import day as day_module
from sim.world.record import WORLD
from tests.worlds import batch, variant

SHORT = ("2020-soleimani", "us=maximum-pressure", "days=29")
SCENARIOS = sorted(path.stem for path in (Path(__file__).parent.parent.parent / "scenarios").glob("*.yaml"))


def _model(scenario: str = SHORT[0], *settings: str, world: int = 0, **options: object) -> IraqModel:
    return IraqModel(variant(scenario, *settings), world, **options)  # type: ignore[arg-type]


def _assert_same_as_batch(scenario: str, *settings: str, world: int, compiled: bool = False) -> None:
    """Step a world to its end; its digest each week, its series and its outcomes are those of a batch, bit for bit."""
    block = batch([variant(scenario, *settings)], 1, first=world)[0]
    model = _model(scenario, *settings, world=world, compiled=compiled)
    for week, mark in enumerate(block.digests[0]):
        model.run_to(7 * week + 1)
        assert model.digest() == int(mark), f"{scenario} {settings} world {world} differs in week {week}"
    model.run_to()
    ended = np.array([model.outcomes()[measure.name] for measure in OUTCOMES])
    assert ended.tobytes() == np.array(block.outcomes[0].tolist()).tobytes()
    frame = model.datacollector.get_model_vars_dataframe()
    for measure in SERIES:
        assert np.array_equal(frame[measure.name].to_numpy(np.float32), block.series[0][measure.name], equal_nan=True)


# The same world ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "us", "world"),
    [("2020-soleimani", "maximum-pressure", 0), ("2020-soleimani", "restraint", 17), ("2024-tower22", "in-kind", 3)],
)
def test_a_world_stepped_agent_by_agent_is_the_world_of_a_batch(scenario: str, us: str, world: int) -> None:
    """Digests of every week, series and outcomes are the same bits."""
    _assert_same_as_batch(scenario, f"us={us}", "days=36", world=world)


def test_a_world_stepped_by_compiled_days_is_the_world_of_a_batch() -> None:
    """The quick way through a day changes nothing either."""
    _assert_same_as_batch(*SHORT, world=5, compiled=True)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_is_the_same_stepped_and_in_a_batch(scenario: str) -> None:
    """Two worlds of each shipped scenario over 200 days."""
    for world in (1, 12):
        _assert_same_as_batch(scenario, "days=200", world=world)


@pytest.mark.slow
@pytest.mark.parametrize("us", ["maximum-pressure", "prompt-withdrawal", "negotiate-framework", "fighting-withdrawal"])
def test_a_whole_horizon_is_the_same_stepped_and_in_a_batch(us: str) -> None:
    """Exits, frameworks and wars are lived through as in a batch."""
    for world in (2, 23, 40):
        _assert_same_as_batch("2020-soleimani", f"us={us}", world=world)


# The order of the day ---------------------------------------------------------------------------------------------


def _calls(function: str) -> list[str]:
    """Return the rules that a function of day.py calls, in the order of its source, its own functions opened up."""
    body = ast.parse(inspect.getsource(_plain(function)))
    found: list[tuple[int, int, str]] = [
        (node.lineno, node.col_offset, node.func.id)
        for node in ast.walk(body)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and hasattr(day_module, node.func.id)
    ]
    return [name for *_, name in sorted(found)]


def _plain(name: str) -> object:
    rule = getattr(day_module, name)
    return getattr(rule, "py_func", rule)


def _opened(function: str) -> list[str]:
    """Return all rules that a function of day.py calls, directly or by another of them."""
    return [
        inner
        for name in _calls(function)
        for inner in ([name, *_opened(name)] if _plain(name).__module__ == day_module.__name__ else [name])  # type: ignore[attr-defined]
    ]


def _full_name(rule: str) -> str:
    return f"{_plain(rule).__module__.rpartition('.')[2]}.{rule}"  # type: ignore[attr-defined]


def test_what_the_day_calls_belongs_to_an_actor_or_is_known_to_be_nobodys() -> None:
    """A rule that is added to the day finds an agent, or is said to have none."""
    called = {_full_name(rule) for rule in _opened("one_day")}
    of_actors = {rule for kind in KINDS for rule in kind.parts}
    assert called - of_actors == NOBODYS
    assert not of_actors & NOBODYS


def test_agents_act_in_the_order_of_the_timetable() -> None:
    """Who acted on a day that ends a week, in order, is who the source of the day calls, in order."""
    model = _model(*SHORT).run_to(8)
    method_of = {(kind, rule): method for kind in KINDS for rule, method in kind.parts.items()}
    rule_of = {(kind, method): rule for (kind, rule), method in method_of.items()}
    did = [rule_of[type(agent), method] for agent, method in model.acted]
    once = [rule for k, rule in enumerate(did) if rule not in did[:k]]
    written = [_full_name(rule) for rule in _opened("one_day")]
    in_turn = [rule for rule in once if rule in written]
    assert in_turn == [rule for rule in written if rule in in_turn]
    assert {"washington.decide_washington", "iran.decide_iran", "militias.fire", "isis.cells_week"} <= set(in_turn)


def test_each_of_many_acts_by_itself() -> None:
    """Every faction decides, every governorate's public feels, and every coalition member trains, in turn."""
    model = _model(*SHORT).run_to(1)
    assert [agent.name for agent, method in model.acted if method == "step" and isinstance(agent, Faction)] == [
        faction.name for faction in model.factions
    ]
    assert [agent for agent, method in model.acted if method == "feel_us"] == list(model.publics)
    assert [agent for agent, method in model.acted if method == "train"] == [a for a in model.allies if a.there]


class _Calm(Washington):
    def step(self) -> None:
        """Decide nothing."""


def test_a_kind_of_ones_own_takes_the_place_of_an_actor() -> None:
    """A Washington that decides nothing never strikes by policy; the others live on."""
    model = _model("2020-no-strike", "us=maximum-pressure", "days=60", actors=(_Calm,)).run_to()
    assert type(model.washington) is _Calm
    assert not model.washington.did
    assert model.outcomes()["us_strikes"] == 0.0 < model.outcomes()["militia_attacks"]


def test_a_kind_that_is_no_actors_is_refused() -> None:
    """A class that takes nobody's place is a mistake, not a silence."""
    with pytest.raises(TypeError, match="derives from no kind"):
        _model(*SHORT, actors=(Row,))


# Agents -----------------------------------------------------------------------------------------------------------


def test_every_actor_is_an_agent() -> None:
    """A house of 329, eighteen publics, six factions, the coalition, all sites, all living cells."""
    model = _model(*SHORT)
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    assert set(counts) == set(KINDS)
    assert (counts[Member], counts[Public], counts[Faction], counts[Ally]) == (329, 18, 6, 18)
    assert counts[Site] == model.record.n_sites
    assert counts[Cell] == model.record.n_cells == len(model.cells)
    assert sum(counts.values()) == len(model.agents)
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_an_agents_quantities_are_the_record() -> None:
    """What an agent shows is what stands in the record, and what is set there shows on the agent."""
    model = _model(*SHORT).run_to(3)
    badr = model.named("badr")
    assert badr.revenge == float(model._worlds["factions"]["revenge"][0, 5])
    model.record.factions[5].revenge = 0.25
    assert badr.revenge == 0.25
    anbar = model.named("Anbar")
    anbar.anger_us[1] = 0.75
    assert model._worlds["anger_us"][0, 7, 1] == 0.75
    anbar.fear_isis = 0.5
    assert model._worlds["fear_isis"][0, 7] == 0.5
    assert badr.traits.appetite == float(model._worlds["faction_in"]["appetite"][0, 5])


@pytest.mark.parametrize("kind", KINDS)
def test_quantities_hide_nothing_of_mesas(kind: type) -> None:
    """No field of the record takes the name of something that Mesa, or an agent, needs."""
    taken = {name for base in kind.__mro__[1:] for name in vars(base) if not isinstance(vars(base)[name], Quantity)}
    own = {name for name, value in vars(kind).items() if isinstance(value, Quantity)}
    assert not own & (taken | {"model", "unique_id", "pos", "random", "rng"})


def test_a_misspelt_quantity_is_refused() -> None:
    """Setting what is no quantity is an error that names the nearest one."""
    model = _model(*SHORT)
    with pytest.raises(AttributeError, match="did you mean 'resolve'"):
        model.washington.resolv = 0.1
    with pytest.raises(AttributeError, match="whole block"):
        model.washington.presence = 3


def test_a_resolve_that_is_set_is_what_the_next_day_starts_from() -> None:
    """The change is that of the record and nothing else: a world changed there by hand goes the same way."""
    model, untouched = _model(*SHORT).run_to(10), _model(*SHORT).run_to(10)
    by_hand = OneWorld(variant(*SHORT), 0).run_to(10)
    model.washington.resolve = 0.1
    by_hand.worlds["us"]["resolve"] = 0.1
    model.step()
    assert model.washington.sees["resolve"] == 0.1
    assert abs(model.washington.resolve - 0.1) < 0.05 < abs(untouched.washington.resolve - 0.1)
    assert model.run_to().digest() == by_hand.run_to().digest() != untouched.run_to().digest()


def test_a_faction_that_is_given_a_motive_fires_more_the_next_day() -> None:
    """Revenge set on an agent raises its intensity of attacks on the very next day."""
    model, untouched = _model(*SHORT).run_to(20), _model(*SHORT).run_to(20)
    for one in (model, untouched):
        one.factions[0].revenge = 0.0 if one is untouched else 1.0
        one.factions[0].holding = 0
        one.step()
    assert model.factions[0].sees["revenge"] == 1.0
    assert model.factions[0].rate > 1.2 * untouched.factions[0].rate


def test_members_know_their_bloc_and_community() -> None:
    """Members sit bloc by bloc, as in the file of the house."""
    model = _model(*SHORT)
    seats = {name: sum(m.bloc_name == name for m in model.members) for name in model.variant.inputs.house.blocs}
    assert sum(seats.values()) == 329
    assert min(seats.values()) > 0
    assert {m.community for m in model.members} >= {"shia", "sunni_arab", "kurd"}


def test_a_seat_says_its_policy_and_what_it_did() -> None:
    """The rules that acted are those of its own policy."""
    model = _model(*SHORT).run_to(5)
    assert model.washington.policy == "maximum-pressure"
    table = model.variant.tables[int(model.record.policy_of[0])]
    assert model.washington.did
    assert set(model.washington.did) <= set(table.rule_names)


# Cells ------------------------------------------------------------------------------------------------------------


def test_cells_are_born_and_die_as_agents_and_keep_their_identity() -> None:
    """Dead cells leave, children come, and ranks that close move no survivor's identity."""
    model = _model("2020-soleimani", "days=140")
    first, where = dict(model.cells), {key: cell.where for key, cell in model.cells.items()}
    born: set[int] = set()
    while model.running and not (born and len(first.keys() & model.cells.keys()) < len(first)):
        model.step()
        born |= model.cells.keys() - first.keys()
    dead = first.keys() - model.cells.keys()
    assert born
    assert dead
    living = set(model.agents_by_type[Cell])
    assert living == set(model.cells.values())
    assert not living & {first[key] for key in dead}
    with pytest.raises(LookupError, match="no more"):
        _ = first[min(dead)].fighters
    survivors = first.keys() & model.cells.keys()
    assert all(model.cells[key] is first[key] for key in survivors)
    keys = model._worlds["cell_key"][0].tolist()
    assert all(keys[cell.index] == key for key, cell in model.cells.items())
    assert sum(model.cells[key].where == where[key] for key in survivors) > 0.5 * len(survivors)
    assert sum(cell.fighters for cell in model.cells.values()) == pytest.approx(model.isis.fighters)


# Collecting, and Mesa ---------------------------------------------------------------------------------------------


def test_data_are_collected_each_week_and_each_day() -> None:
    """A row for each record of a run's series, and one for each day; agents of four kinds each week."""
    model = _model(*SHORT).run_to()
    weekly, daily = (c.get_model_vars_dataframe() for c in (model.datacollector, model.daily))
    assert list(weekly.columns) == ["date", *(measure.name for measure in SERIES)]
    assert (len(weekly), len(daily)) == (5, 29)
    assert str(weekly["date"].iloc[1]) == "2020-01-10"
    assert daily["attacks_today"].sum() == model.outcomes()["militia_attacks"]
    assert daily["us_strikes_today"].sum() == model.outcomes()["us_strikes"]
    assert len(model.datacollector.get_agenttype_vars_dataframe(Faction)) == 5 * 6
    assert len(model.datacollector.get_agenttype_vars_dataframe(Public)) == 5 * 18


def test_events_are_those_of_the_world() -> None:
    """What happened is told with the names of the vocabulary."""
    model = _model(*SHORT).run_to()
    told = list(model.events())
    assert sum(event["kind"] == "attack" for event in told) == model.outcomes()["militia_attacks"]
    assert {"date", "kind", "actor", "target", "place", "size"} == set(told[0])


def test_nothing_is_drawn_from_mesas_generators() -> None:
    """Both generators of the model stand where they stood."""
    model = _model(*SHORT)
    before = (model.random.getstate(), model.rng.bit_generator.state)
    model.run_to()
    assert (model.random.getstate(), model.rng.bit_generator.state) == before


def test_the_end_of_the_horizon_is_the_end() -> None:
    """The model stops running; another step is an error, not a day that no batch has."""
    model = _model("2020-soleimani", "days=2").run_to()
    assert (model.running, model.day, model.steps, str(model.date)) == (False, 2, 2, "2020-01-05")
    with pytest.raises(RuntimeError, match="horizon of 2 days"):
        model.step()


def test_scenario_and_settings_are_those_of_a_run() -> None:
    """A name with settings and days is the variant that a run would make of them."""
    model = IraqModel("2020-soleimani", world=3, settings=("us=maximum-pressure",), days=29)
    assert model.variant.inputs.hash8 == variant(*SHORT).inputs.hash8
    with pytest.raises(ValueError, match="already"):
        IraqModel(variant(*SHORT), days=3)


def test_a_model_that_is_no_longer_used_is_freed() -> None:
    """Mesa keeps no hold of a model (3.3 would)."""
    model = _model("2020-soleimani", "days=2").run_to()
    watched = weakref.ref(model)
    del model
    gc.collect()
    assert watched() is None


def test_importing_crossfire_does_not_import_mesa() -> None:
    """Mesa takes a second to load, and changes how processes start: only who steps a world pays for it."""
    script = (
        "import sys, sim, sim.experiments.request, sim.cli; assert 'mesa' not in sys.modules;"
        "sim.IraqModel; sys.modules['mesa']"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


# Rows and twins ---------------------------------------------------------------------------------------------------


def test_a_row_reads_and_writes_the_record() -> None:
    """Numbers, arrays, and records within a record stand where the record has them."""
    world = OneWorld(variant(*SHORT), 1).run_to(15)
    row, record = row_of(world.worlds), world.worlds[0]
    for name, (kind, *_) in (WORLD.fields or {}).items():
        if kind.subdtype is None and kind.fields is None:
            assert getattr(row, name) == record[name], name
    assert [one.revenge for one in row.factions] == record["factions"]["revenge"].tolist()
    assert row.sees.us.resolve == record["sees"]["us"]["resolve"]
    row.presence.troops, row.total[3], row.day = 12.5, 4.0, 99.0
    assert (record["presence"]["troops"], record["total"][3], record["day"]) == (12.5, 4.0, 99)
    with pytest.raises(AttributeError):
        row.us.resolv = 1.0
    with pytest.raises(IndexError):
        row.factions[6]


def test_a_rule_put_through_other_hands_is_called_by_them() -> None:
    """What calls a rule calls the hands; the rule itself, and other sets of rules, stay as they are."""
    world = OneWorld(variant(*SHORT), 1)
    rules, seen = Rules(), []
    rules.put_through("iran.decide_iran", lambda w: seen.append(w.day))
    with np.errstate(over="ignore"):
        rules["day.one_day"](row_of(world.worlds))
        Rules()["day.one_day"](row_of(world.worlds))
    assert seen == [0]
    with pytest.raises(KeyError, match="no rule"):
        rules["iran.decide_iraq"]


def test_every_part_is_a_rule() -> None:
    """Each method that agents live by calls a rule that is there."""
    rules = Rules()
    for kind in KINDS:
        for rule, method in kind.parts.items():
            assert callable(rules[rule])
            assert getattr(kind, method).__doc__
    assert "iran.decide_iran" in Iran.parts


def test_mesas_own_batch_run_finds_the_week_of_every_step() -> None:
    """A row for each world at its end, and at each step that it asks about; what is collected stays weekly."""
    asked = {"scenario": "2021-quiet", "world": [1, 2], "days": 14}
    rows = mesa.batch_run(IraqModel, parameters=asked, iterations=1, max_steps=14, number_processes=1,
                          data_collection_period=-1, display_progress=False)  # fmt: skip
    assert [row["world"] for row in rows] == [1, 2]
    model = IraqModel("2021-quiet", world=1, days=14).run_to()
    weeks = model.datacollector.get_model_vars_dataframe()
    assert len(weeks) == 2
    assert rows[0]["isis_fighters"] == weeks["isis_fighters"].iloc[-1]
    daily = mesa.batch_run(IraqModel, parameters=asked | {"world": 1}, iterations=1, max_steps=14, number_processes=1,
                           data_collection_period=1, display_progress=False)  # fmt: skip
    assert [row["isis_fighters"] for row in daily] == [weeks["isis_fighters"].iloc[k // 7] for k in range(14)]
