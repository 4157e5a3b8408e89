"""The shipped facts are whole: the ledger of claims, the geography, the houses of parliament."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.evidence.arms import variant_of
from sim.evidence.mechanisms import read_gauge
from sim.inputs.claims import ARROW, load_claims
from sim.inputs.yaml.files import names_of
from sim.names.actors import COMMUNITIES, GOVERNORATES, PLACES
from sim.names.events import EVENT_KINDS
from sim.names.mechanisms import MECHANISMS
from sim.names.perceptions import OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS

CONFIGS = Path(__file__).parents[2] / "configs"
HOUSES = sorted((CONFIGS / "parliaments").glob("*.yaml"))

#: Numbered paragraphs of each document, counted in its text (headings, captions and footers have numbers too).
PARAGRAPHS = {"restraint-2020": 52, "expulsion-2020": 30, "ctg-2020": 29, "intelbrief-2020": 12, "crossfire-2024": 13}
SCENARIOS = set(names_of("scenario"))
FIELDS = {
    "mechanism": [
        "kind",
        "title",
        "text",
        "sources",
        "off_means",
        "signal",
        "direction",
        "seen_in",
        "untouched",
        "gauge",
    ],
    "prediction": ["kind", "title", "text", "sources", "test"],
}
BLOC_FIELDS = [
    "label", "camp", "community", "seats", "view_us", "view_us_spread", "view_iran", "view_iran_spread", "discipline",
    "faction_tie", "iran_money", "sadrist", "street", "us_money", "source",
]  # fmt: skip


def read(path: Path) -> Any:
    """Return what a YAML file holds."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


DOCUMENTS = read(CONFIGS / "claims.yaml")["documents"]
LEDGER = {key: claim for key, claim in read(CONFIGS / "claims.yaml").items() if key != "documents"}
GEOGRAPHY = read(CONFIGS / "geography.yaml")


def ends(quantity: float | dict[str, Any]) -> tuple[float, float]:
    """Return the lowest and highest value of a plain number or a ``uniform`` range."""
    if isinstance(quantity, dict):
        low, high = quantity["uniform"]
        return low, high
    return quantity, quantity


def middle(quantity: float | dict[str, Any]) -> float:
    """Return the middle of a plain number or a ``uniform`` range."""
    return sum(ends(quantity)) / 2


def is_source(source: str) -> bool:
    """Return whether a source is ``inference``, ``judgement`` or an existing paragraph of a document."""
    cited = re.fullmatch(r"([a-z]+-\d{4}) \[([1-9]\d*)\]", source)
    if cited is None:
        return source in ("inference", "judgement")
    return int(cited[2]) <= PARAGRAPHS.get(cited[1], 0)


def test_the_ledger_lists_the_five_documents():
    """The documents of the ledger are those whose paragraphs are counted here, each with title, author and date."""
    assert set(DOCUMENTS) == set(PARAGRAPHS)
    assert all(set(document) == {"title", "author", "date", "paragraphs"} for document in DOCUMENTS.values())
    assert {name: document["paragraphs"] for name, document in DOCUMENTS.items()} == PARAGRAPHS


def test_the_ledger_holds_every_claim_once_and_in_order():
    """The mechanisms in the order of their numbers, then P01 to P25, and nothing else."""
    assert list(LEDGER) == [one.id for one in MECHANISMS] + [f"P{n:02}" for n in range(1, 26)]
    assert [one.id for one in MECHANISMS] == sorted(one.id for one in MECHANISMS)


def test_no_key_of_the_ledger_is_given_twice():
    """A repeated id would silently replace the first, so the text is counted too."""
    ids = re.findall(r"^([MP]\d\d):", (CONFIGS / "claims.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(ids) == len(LEDGER)


@pytest.mark.parametrize("claim_id", LEDGER)
def test_a_claim_has_every_field_and_no_other(claim_id: str):
    """The fields follow from the kind, and the kind from the letter; none is empty."""
    claim = LEDGER[claim_id]
    assert claim["kind"] == {"M": "mechanism", "P": "prediction"}[claim_id[0]]
    assert set(claim) - {"readings", "seen_with", "still"} == set(FIELDS[claim["kind"]])
    assert all(claim.values())


@pytest.mark.parametrize("claim_id", LEDGER)
def test_every_source_is_a_paragraph_that_exists_or_is_owned_up_to(claim_id: str):
    """Sources of a claim and of its readings name a paragraph, or say inference or judgement; none is repeated."""
    claim = LEDGER[claim_id]
    lists = [claim["sources"], *(reading["sources"] for reading in claim.get("readings", {}).values())]
    for sources in lists:
        assert sources and all(is_source(source) for source in sources), sources
        assert len(set(sources)) == len(sources)


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.id)
def test_a_mechanism_is_called_and_read_as_in_the_vocabulary(mechanism):
    """Title and readings, in their order, are those of ``sim.names.mechanisms``; each reading has text and sources."""
    claim = LEDGER[mechanism.id]
    readings = claim.get("readings", {})
    assert claim["title"] == mechanism.name
    assert tuple(readings) == mechanism.readings
    assert all(set(reading) == {"text", "sources"} for reading in readings.values())


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.id)
def test_a_mechanism_says_which_way_its_signal_moves_and_where(mechanism):
    """Its direction is up or down, and the scenario in which it is at work is one that comes along."""
    claim = LEDGER[mechanism.id]
    assert claim["direction"] in ("up", "down")
    assert claim["seen_in"] in SCENARIOS
    assert claim["gauge"]["goes"] in ("up", "down")
    assert read_gauge(claim["gauge"]["reads"]).places
    assert claim["gauge"].get("at", "none") in {kind.name for kind in EVENT_KINDS}
    assert claim["still"]
    assert all(read_gauge(path).places for path in claim["still"])


def test_signals_that_name_a_perception_name_one_that_exists():
    """A word with an underscore in a signal is a perception of some seat."""
    own = (p for perceptions in OWN_PERCEPTIONS.values() for p in perceptions)
    known = {perception.name for perception in (*PUBLIC_PERCEPTIONS, *own)}
    for mechanism in MECHANISMS:
        named = re.findall(r"[a-z]+_[a-z_]+", LEDGER[mechanism.id]["signal"])
        assert set(named) <= known, mechanism.id


@pytest.mark.parametrize("claim_id", [key for key in LEDGER if key.startswith("P")])
def test_a_prediction_says_how_it_is_tested(claim_id: str):
    """Its arms are scenarios that come along with settings that fit, and its path leads somewhere."""
    test = load_claims()[claim_id].test
    assert test is not None
    assert ARROW in test.path
    assert test.notes
    for name, arm in test.arms.items():
        assert variant_of(arm, test.days, "documents").inputs.days == test.days, name
    assert all(name in {one for part in test.parts for one in test.arms_of(part)} for name in test.arms)


def test_mechanisms_named_on_a_path_exist():
    """A path cites the mechanisms that it goes by."""
    known = {mechanism.id for mechanism in MECHANISMS}
    tests = [claim.test for claim in load_claims().values() if claim.test]
    for test in tests:
        for path in (test.path, *(part.path for part in test.parts)):
            assert set(re.findall(r"M\d\d", path)) <= known


def test_places_are_the_governorates():
    """The eighteen of the vocabulary, in its order."""
    assert tuple(GEOGRAPHY["places"]) == GOVERNORATES


def test_neighbours_are_mutual():
    """Who borders is bordered, nobody borders itself, and everybody borders somebody."""
    places = GEOGRAPHY["places"]
    for name, place in places.items():
        assert place["neighbours"] and name not in place["neighbours"]
        assert all(name in places[neighbour]["neighbours"] for neighbour in place["neighbours"])


@pytest.mark.parametrize("name", GOVERNORATES)
def test_communities_of_a_place_add_to_one(name: str):
    """At the middles of their ranges."""
    place = GEOGRAPHY["places"][name]
    assert sum(middle(place[community]) for community in COMMUNITIES) == pytest.approx(1.0, abs=0.005)


@pytest.mark.parametrize("name", GOVERNORATES)
def test_shares_of_a_place_are_shares(name: str):
    """Communities, roughness, haven and the shares of ISIS lie between 0 and 1, ranges the right way round."""
    place = GEOGRAPHY["places"][name]
    for key in (*COMMUNITIES, "roughness", "haven", "isis_share", "isis_share_2011"):
        low, high = ends(place[key])
        assert 0 <= low <= high <= 1, key


def test_no_place_is_ruled_out_for_isis():
    """A count of nothing is no proof: every governorate can have a share."""
    for place in GEOGRAPHY["places"].values():
        assert ends(place["isis_share"])[1] > 0
        assert ends(place["isis_share_2011"])[1] > 0


def test_havens_are_not_the_rough_north():
    """The Kurdish mountains are rougher than Diyala or Kirkuk and hold less haven."""
    places = GEOGRAPHY["places"]
    for mountains in ("Sulaymaniyah", "Duhok", "Erbil"):
        for seam in ("Diyala", "Kirkuk", "Salah al-Din", "Ninewa", "Anbar"):
            assert places[mountains]["roughness"] > places[seam]["roughness"]
            assert ends(places[mountains]["haven"])[1] < ends(places[seam]["haven"])[0]


def test_sites_lie_in_known_places():
    """A site is in a governorate, or outside in Syria or Jordan, and there is one embassy."""
    for site in GEOGRAPHY["sites"].values():
        assert site["place"] in PLACES
        assert site["outside"] == int(site["place"] not in GOVERNORATES)
        assert site["source"]
    assert [name for name, site in GEOGRAPHY["sites"].items() if site["is_embassy"]] == ["US embassy"]


@pytest.mark.parametrize("outside", [0, 1], ids=["in Iraq", "outside"])
def test_troops_of_the_sites_add_to_the_force(outside: int):
    """Shares of personnel add to one at their middles, in Iraq and outside each."""
    shares = [middle(s["personnel_share"]) for s in GEOGRAPHY["sites"].values() if s["outside"] == outside]
    assert sum(shares) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("path", HOUSES, ids=lambda path: path.stem)
def test_a_house_is_full(path: Path):
    """Its blocs' seats are whole and add to its members; its quorum is more than half; there are 24 blocs at most."""
    house = read(path)
    seats = [bloc["seats"] for bloc in house["blocs"].values()]
    assert house["house"] == path.stem
    assert all(isinstance(n, int) and n > 0 for n in seats)
    assert sum(seats) == house["members"]
    assert house["quorum"] == house["members"] // 2 + 1
    assert len(seats) <= 24


@pytest.mark.parametrize("path", HOUSES, ids=lambda path: path.stem)
def test_a_bloc_has_every_field_within_its_range(path: Path):
    """Views lie between -1 and 1, the rest between 0 and 1, and the community is one of the four."""
    for name, bloc in read(path)["blocs"].items():
        assert list(bloc) == BLOC_FIELDS, name
        assert bloc["community"] in COMMUNITIES
        for key in ("view_us", "view_iran"):
            low, high = ends(bloc[key])
            assert -1 <= low <= high <= 1, (name, key)
        for key in BLOC_FIELDS[8:-1]:
            low, high = ends(bloc[key])
            assert 0 <= low <= high <= 1, (name, key)


def test_shia_lists_of_the_two_recent_houses_hold_a_bare_majority():
    """About 183 to 190 of 329: what makes the quorum of 165 hang on who comes."""
    for house in ("2018-regrouped", "2021-after-resignation"):
        blocs = read(CONFIGS / "parliaments" / f"{house}.yaml")["blocs"].values()
        assert 183 <= sum(bloc["seats"] for bloc in blocs if bloc["community"] == "shia") <= 190
