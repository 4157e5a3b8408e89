"""The modules of actors read alike: the start, what is seen and felt, what is decided, what comes of it."""

from pathlib import Path

import pytest

import sim.world

HEADINGS = ("The start", "What it sees and feels", "What it decides", "What comes of it")
ACTORS = (
    "washington", "review", "presence", "iran", "militias", "government", "parliament", "sadr", "protest", "public",
    "coalition", "iraqi_forces", "isis",
)  # fmt: skip


@pytest.mark.parametrize("actor", ACTORS)
def test_an_actors_module_is_in_the_order_of_all(actor: str) -> None:
    """Under the same headings, each once, with rules under each; what begins a world comes first."""
    text = (Path(sim.world.__file__).parent / f"{actor}.py").read_text(encoding="utf-8")
    places = [text.index(f"\n# {heading} -") for heading in HEADINGS]
    assert places == sorted(places)
    assert [text.count(f"\n# {heading} -") for heading in HEADINGS] == [1, 1, 1, 1]
    for first, last in zip(places, [*places[1:], len(text)], strict=True):
        assert "\n@rule\ndef " in text[first:last]
    starts = [text.index(line) for line in text.splitlines() if line.startswith("def start_")]
    assert all(at < places[1] for at in starts)
