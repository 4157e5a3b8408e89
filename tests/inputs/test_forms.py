"""Every number in every kind of file has bounds: found by walking the forms of the files, not by a list of them."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import sim.evidence
import sim.experiments
import sim.inputs
from sim.errors import InputError, Rejected
from sim.evidence.observations import READERS, _most_of
from sim.experiments.precision import read_precision
from sim.experiments.preferences import read_preferences
from sim.inputs.claims import Part
from sim.names.measures import OUTCOMES

for package in (sim.inputs, sim.experiments, sim.evidence):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)
LEAST, MOST = ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")


def _forms(above: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for form in above.__subclasses__():
        yield from (form, *_forms(form))


FORMS = {f"{form.__module__}.{form.__name__}": form for form in _forms() if form.__module__.startswith("sim.")}


def _is_quantity(schema: dict[str, Any]) -> bool:
    """Return whether it is a number or a distribution: those have ranges by name (``test_ranges``)."""
    return any("lognormal" in one.get("properties", {}) for one in schema.get("anyOf", []))


def _boundless(schema: Any, path: str = "") -> Iterator[str]:
    """Yield where a schema lets any number through."""
    if not isinstance(schema, dict) or _is_quantity(schema):
        return
    if schema.get("type") in ("number", "integer") and not (set(LEAST) & set(schema) and set(MOST) & set(schema)):
        yield path
    for key in ("anyOf", "allOf", "oneOf", "prefixItems"):
        for one in schema.get(key, []):
            yield from _boundless(one, path)
    for key in ("items", "additionalProperties"):
        yield from _boundless(schema.get(key), f"{path}.{key}")
    for name, one in schema.get("properties", {}).items():
        yield from _boundless(one, f"{path}.{name}")


def test_the_walk_finds_what_has_no_bounds() -> None:
    """Half-bounded, in a list, in a map, as one of several; and nothing where both ends are there."""
    whole = {"type": "integer", "minimum": 0, "maximum": 9}
    half = {"type": "number", "minimum": 0}
    schema = {"properties": {"a": whole, "b": half, "c": {"items": half}, "d": {"additionalProperties": half},
                             "e": {"anyOf": [{"type": "null"}, {"type": "number"}]}}}  # fmt: skip
    assert list(_boundless(schema)) == [".b", ".c.items", ".d.additionalProperties", ".e"]


@pytest.mark.parametrize("name", FORMS)
def test_every_number_of_every_form_has_bounds(name: str) -> None:
    """Ties, days, weights, seeds, paragraphs: nothing that a file can say is without a least and a most."""
    schema = FORMS[name].model_json_schema()
    parts = {"": {k: v for k, v in schema.items() if k != "$defs"}} | schema.get("$defs", {})
    assert [f"{part}{path}" for part, one in parts.items() for path in _boundless(one)] == []


def test_there_are_forms_of_all_kinds_of_files() -> None:
    """Scenarios, policies, theories, tables, the fit, claims, sweeps."""
    for kind in ("ScenarioForm", "PolicyForm", "TheoryForm", "ParameterForm", "FitForm", "ClaimForm", "SweepForm"):
        assert any(name.endswith(f".{kind}") for name in FORMS)


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({"tie": 1.0, "goes": "higher"}, True),
        ({"tie": 1.1, "goes": "higher"}, False),
        ({"tie": -0.1, "goes": "higher"}, False),
        ({"tie": 0.1, "above": 0.9}, True),
        ({"tie": 0.1, "above": -0.9}, True),
        ({"tie": 0.1, "above": 1.5}, False),
        ({"tie": 0.1, "kind": "mean", "above": -0.5}, False),
        ({"tie": 0.1, "kind": "mean", "below": 0.5}, True),
        ({"tie": 5.0, "kind": "ratio", "above": 2.0}, True),
        ({"tie": 5.0, "reads": "us_killed", "above": 20.0}, True),
        ({"tie": 5.0, "reads": "us_killed", "kind": "share", "above": 0.5}, False),
        ({"tie": 1e10, "reads": "us_killed", "above": 20.0}, False),
        ({"tie": 0.1, "reads": "us_killed", "above": 1e10}, False),
        ({"tie": 0.1, "goes": "higher", "missing": -1e12}, False),
        ({"tie": 0.1, "goes": "higher", "each": {"above": 1e12}}, False),
        ({"tie": 0.1, "goes": "higher", "reads": "us_troops", "take": "last", "days": [0, 4000]}, False),
        ({"tie": 0.1, "goes": "higher", "reads": "us_troops", "take": "last", "days": [-7, 30]}, False),
        ({"tie": 0.1, "goes": "higher", "reads": "us_troops", "take": "last", "days": [0, 30]}, True),
    ],
)
def test_a_prediction_asks_for_nothing_impossible(changed: dict[str, Any], fits: bool) -> None:
    """Of a share no more than a share, of a difference of two no more than one; of counts what a world can have."""
    given = {"reads": "exited"} | changed
    if fits:
        assert Part.model_validate(given).tie == changed["tie"]
        return
    with pytest.raises((ValidationError, Rejected)):
        Part.model_validate(given)


@pytest.mark.parametrize("wrong", ["exited=1.5", "share=2", "us_killed=1e300", "us_killed=200%", "days=-1", "day=nan"])
def test_a_tie_zone_is_no_wider_than_what_it_is_of(wrong: str) -> None:
    """A share of 1.5, twice the baseline, or more than any world counts."""
    with pytest.raises(InputError, match="--tie"):
        read_preferences([wrong])


@pytest.mark.parametrize("wrong", ["us_killed +- 1e300", "us_killed +- inf", "exited +- 1", "exited +- 200%"])
def test_a_width_is_no_wider_than_what_it_is_of(wrong: str) -> None:
    """Nobody needs a world for that."""
    with pytest.raises(InputError, match="half the width"):
        read_precision(wrong)


def test_what_was_observed_can_be() -> None:
    """No more votes than members, no more days than a scenario has, a share for what is one."""
    assert (_most_of("votes_present"), _most_of("first_us_strike_day")) == (329.0, 3650.0)
    assert _most_of("government_in_office") == 1.0
    assert {name for name in READERS if _most_of(name) < 1e9} >= {m.name for m in OUTCOMES if m.unit == "members"} & {
        *READERS
    }
