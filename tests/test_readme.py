"""What the README states as a fact is what the files say."""

import re
from pathlib import Path

from sim.experiments.sweep_reader import load_sweep
from sim.inputs.claims import load_claims, load_documents
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.names.actors import FACTIONS, GOVERNORATES
from sim.names.mechanisms import MECHANISMS
from sim.wording import in_letters

README = " ".join((Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8").split())


def test_numbers_of_the_readme_are_those_of_the_model():
    """Mechanisms, documents and their years, factions, governorates, members of parliament."""
    mechanisms = [claim for claim in load_claims().values() if claim.kind == "mechanism"]
    assert f"{len(mechanisms)} mechanisms" in README
    assert len(mechanisms) == len(MECHANISMS)
    documents = load_documents()
    years = sorted({re.findall(r"\d{4}", one.date)[0] for one in documents.values()})
    assert f"{in_letters(len(documents))} documents of {' and '.join(years)}" in README
    assert f"stated readings of {in_letters(len(documents))} documents" in README
    assert f"{in_letters(len(FACTIONS))} named armed factions" in README
    assert f"{len(GOVERNORATES)} governorates" in README
    house = resolve(load_scenario("2020-soleimani")).house
    assert f"a parliament of {house.members} members" in README


def test_the_sweep_of_the_readme_has_as_many_variants_as_it_says():
    """The file is read, not the comment."""
    assert f"{len(load_sweep('policies-by-theories').variants)} variants, one table" in README
