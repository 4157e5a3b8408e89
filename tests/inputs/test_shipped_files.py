"""Every shipped file keeps the contract of its kind, and the model keeps to what its engine needs."""

import ast
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.variants import Variant
from sim.inputs.policies.lint import lint
from sim.inputs.policies.named import load_policy
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.inputs.theory import load_parameters, load_situation
from sim.inputs.yaml.files import names_of
from sim.names.actors import POLICY_KEYS
from sim.names.mechanisms import MECHANISMS
from sim.running.one_world import OneWorld
from sim.world.make_shape import shape_text
from sim.world.record import WORLD

ROOT = Path(__file__).parent.parent.parent
POLICIES = [(key, name) for key in POLICY_KEYS for name in names_of(f"{key} policy")]
RULES = sorted((ROOT / "sim" / "world").glob("*.py"))


@pytest.mark.parametrize(("key", "name"), POLICIES)
def test_a_policy_reads_without_warning_and_every_rule_cites_something(key: str, name: str) -> None:
    """Nothing contradicts itself, nothing is shadowed, no rule stands on nothing."""
    policy = load_policy(key, name)
    assert lint(policy) == []
    assert policy.purpose.endswith(".")
    assert all(rule.claims for rule in policy.rules)


@pytest.mark.parametrize(("key", "name"), POLICIES)
def test_a_policy_can_be_lived_with(key: str, name: str) -> None:
    """A world under the policy makes sense to its end, and is the same again."""
    variant = Variant(name, resolve(override(override(load_scenario("2020-soleimani"), f"{key}={name}"), "days=120")))
    once, again = (OneWorld(variant, 6).run_to() for _ in range(2))
    assert once.digest() == again.digest()
    assert np.isfinite(once.outcomes()["presence_days"])


@pytest.mark.parametrize("name", names_of("scenario"))
def test_a_scenario_resolves_and_runs(name: str) -> None:
    """Every name in it leads somewhere, and its first quarter can be lived."""
    scenario = load_scenario(name)
    assert scenario.form.title
    variant = Variant(name, resolve(override(scenario, "days=90")))
    assert OneWorld(variant, 0).run_to().day == 90


@pytest.mark.parametrize("theory", names_of("theory"))
def test_a_theory_makes_another_world_of_the_same_luck(theory: str) -> None:
    """Each theory but the documents' own changes what happens; none changes a parameter."""
    base = load_scenario("2020-soleimani")
    usual, other = (Variant(name, resolve(override(base, f"theory={name}"))) for name in ("documents", theory))
    worlds = [OneWorld(variant, 3).run_to(300) for variant in (usual, other)]
    assert (worlds[0].digest() == worlds[1].digest()) == (theory == "documents")
    assert all(np.array_equal(usual.values(1, range(5))[c], v) for c, v in other.values(1, range(5)).items())


def test_every_parameter_says_what_it_is_and_where_it_comes_from() -> None:
    """Unit, meaning, kind and source stand with each; what is not known is not a point."""
    for parameter in (*load_parameters().values(), *load_situation().values()):
        assert parameter.unit and parameter.meaning and parameter.source, parameter.name
        assert parameter.kind == "known" or not parameter.value.is_fixed or parameter.name in PLAIN_JUDGEMENTS


#: Judgements that are points on purpose: a scenario that needs another value says so.
PLAIN_JUDGEMENTS = {"momentum", "memory_of_leaders"}


def test_how_a_type_checker_sees_the_record_is_up_to_date() -> None:
    """``python -m sim.world.make_shape`` has been run since the record last changed."""
    made = shape_text().replace("\n", "").replace(" ", "")
    kept = (ROOT / "sim" / "world" / "shape.py").read_text().replace("\n", "").replace(" ", "")
    assert made == kept


def test_no_field_has_a_name_that_numpy_takes() -> None:
    """In plain mode a field is an attribute of a NumPy record, which has attributes of its own."""
    taken = set(dir(np.record)) - {"size"}  # written by attribute, read by key
    assert not taken & set(_names(WORLD))


def _names(dtype: np.dtype) -> list[str]:
    names = []
    for name in dtype.names or ():
        inner = (dtype[name].subdtype or (dtype[name],))[0]
        names += [name, *_names(inner)]
    return names


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_use_nothing_that_differs_between_compiled_and_plain(path: Path) -> None:
    """No powers, no gamma, no global random numbers, no sums of arrays in rules."""
    tree = ast.parse(path.read_text())
    found = []
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        if any(isinstance(mark, ast.Name) and mark.id == "rule" for mark in function.decorator_list):
            found += [ast.unparse(node) for node in ast.walk(function) if _differs(node)]
    assert found == []


def test_every_mechanism_is_in_a_rule() -> None:
    """What a scenario may switch, some rule uses."""
    named = {node.id for path in RULES for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
    used = {mechanism.id for mechanism in MECHANISMS if mechanism.id in named}
    assert used == {mechanism.id for mechanism in MECHANISMS}


def _differs(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return True
    called = node.func if isinstance(node, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in {"gamma", "lgamma", "sum", "random", "mean", "pow"}
