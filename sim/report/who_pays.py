"""Who pays: which variant has the most and the fewest of each sort of dead, and the best and the worst economy."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sim import stats
from sim.names.measures import OUTCOMES
from sim.results import Results
from sim.wording import headed, number

#: The outcomes that are a price, with the words for the most and for the least of them.
PAID = {
    "us_killed": ("the most US personnel killed", "the fewest US personnel killed"),
    "iraqi_forces_killed": ("the most Iraqi soldiers and police killed", "the fewest Iraqi soldiers and police killed"),
    "civilians_killed": ("the most civilians killed in the contest", "the fewest civilians killed in the contest"),
    "killed_by_isis": ("the most people killed by ISIS", "the fewest people killed by ISIS"),
    "economy_end": ("the best economy at the end", "the worst economy at the end"),
}
#: Of which killings those in the contest are made up.
OF_CIVILIANS = {
    "civilians_killed_by_us": "by US strikes",
    "civilians_killed_by_militias": "by factions",
    "civilians_killed_by_forces": "by Iraqi forces",
}
_MEASURES = {measure.name: measure for measure in OUTCOMES}
Found = Mapping[str, stats.Summary]


def who_pays(results: Results, names: Sequence[str], found: Sequence[Found]) -> Iterator[str]:
    """Yield a sentence for each variant: what it has the most or the least of, where that is beyond the tie zone."""
    said: dict[int, list[str]] = defaultdict(list)
    for name, (most, least) in PAID.items():
        if any(name not in one or one[name].mean is None for one in found):
            continue
        order = sorted(range(len(names)), key=lambda k: stats.known(found[k][name].mean))
        for first, next_one, words in ((order[-1], order[-2], most), (order[0], order[1], least)):
            if _apart(results, name, first, next_one):
                said[first].append(f"{words} ({number(found[first][name].mean, _MEASURES[name])})")
    for k, name in enumerate(names):
        if said[k] or len(names) > 2:
            yield f"{headed(name)}: {'; '.join(said[k]) or 'between others, or not told from them, in all of these'}."


def _apart(results: Results, name: str, first: int, second: int) -> bool:
    labels = results.variants
    found = results.comparison().between(_MEASURES[name], labels[second], labels[first])
    return found.verdict in (stats.HIGHER, stats.LOWER)


def in_brief(names: Sequence[str], found: Sequence[Found]) -> str:
    """Return the price in a sentence: of each sort the variant with the least and that with the most."""
    said = []
    for name in PAID:
        if any(name not in one or one[name].mean is None for one in found):
            continue
        m = _MEASURES[name]
        order = sorted(range(len(names)), key=lambda k: stats.known(found[k][name].mean))
        least, most = (f"{number(found[k][name].mean, m)} under {names[k]}" for k in (order[0], order[-1]))
        said.append(f"{m.label} {least}, {most}")
    return "; ".join(said)


def of_whom(names: Sequence[str], found: Sequence[Found]) -> str:
    """Return what 'the contest' is, and who kills the civilians in it under each variant."""
    if any(name not in one for name in OF_CIVILIANS for one in found):
        return ""
    shares = "; ".join(
        f"{name} "
        + ", ".join(f"{number(one[key].mean, _MEASURES[key])} {words}" for key, words in OF_CIVILIANS.items())
        for name, one in zip(names, found, strict=True)
    )
    return (
        "'The contest' is that of the US, the factions, Iran and Baghdad: civilians killed in it are those killed by "
        "US strikes, by factions (protesters, and people caught where factions fight ISIS in place of those who left) "
        f"and by Iraqi forces at protests; those whom ISIS kills are counted apart. Of them, on average: {shares}."
    )
