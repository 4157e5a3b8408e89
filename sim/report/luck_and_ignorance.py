"""What moves single worlds, luck or ignorance, and where the worlds of two variants part, in sentences."""

from collections.abc import Iterator, Mapping, Sequence

from sim import stats
from sim.names.measures import Measure
from sim.results.pairing import DECISION, FROM_THE_START, INPUT, NEVER, PairingAudit
from sim.running.spread import Spread
from sim.stats.spread import NOTHING_YET, SMALL_ENOUGH
from sim.wording import headed

#: A cause of more than this share of the variance is what mostly moves a measure.
MOSTLY = 0.5


def what_moves_worlds(
    lived: Mapping[str, Spread], measures: Sequence[Measure], worlds: int, spans: bool = True
) -> Iterator[str]:
    """Yield of which measures it is more luck that one world comes out unlike another, of which ignorance.

    By the shares of the variance over worlds of each variant; a measure that goes one way under all of them is named
    under it, another with the range of its shares. With ``spans`` shares are given. Last, whether more than
    the ``worlds`` of the run would help.
    """
    alone = [one for one in lived.values() if not one.against]
    luck: list[str] = []
    ignorance: list[str] = []
    between: list[str] = []
    for m in measures:
        parts = [one.found[m.name].components for one in alone]
        shares = [part[stats.CHANCE].share for part in parts if part]
        if not shares:
            continue
        low, high = min(shares), max(shares)
        span = f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%} to {high:.0%}"
        where = luck if low > MOSTLY else ignorance if high < MOSTLY else between
        where.append(f"{m.label} ({span} chance)" if spans else m.label)
    for words, found in (
        ("More luck than ignorance", luck),
        ("More ignorance than luck (parameters that nobody knows, theory)", ignorance),
        ("Luck or ignorance, depending on the policy", between),
    ):
        if found:
            yield f"{words}: {'; '.join(found)}."
    if alone:
        yield _more_worlds(alone, measures, worlds)


def _more_worlds(alone: Sequence[Spread], measures: Sequence[Measure], worlds: int) -> str:
    """Return whether more worlds than these would help: they narrow intervals of means, never the spread."""
    short = [m.label for m in measures if any(_would_help(one.found[m.name], worlds) for one in alone)]
    if not short:
        said = f"More than these {worlds:,} worlds would not help: the error of means is small beside ignorance"
    else:
        said = f"More than these {worlds:,} worlds would make the means surer of: {'; '.join(short)}"
    still = [m.label for m in measures if any(one.found[m.name].verdict == NOTHING_YET for one in alone)]
    if still:
        said += f". In some nothing has varied yet, so nothing is known of how they would: {'; '.join(still)}"
    return f"{said}. No number of worlds narrows the spread itself."


def _would_help(found: stats.VarianceComponents, worlds: int) -> bool:
    """Return whether the error of a mean over so many worlds is more than small beside what nobody knows."""
    if not found.components or found.error is None:
        return False
    ignorance = sum(max(0.0, part.variance) for name, part in found.components.items() if name != stats.CHANCE)
    return found.error**2 * found.worlds / worlds > SMALL_ENOUGH * ignorance


def parting_sentence(name: str, first: str, found: PairingAudit) -> str:
    """Return in a sentence how worlds of a variant part from the first one's, by what the audit found."""
    n, never, by_input = len(found.partings), len(found.of_kind(NEVER)), len(found.of_kind(INPUT))
    at_once, decided = len(found.of_kind(FROM_THE_START)), found.of_kind(DECISION)
    if found.errors or at_once == n:
        return f"{headed(name)}, against {first}: {found.line()}."
    told = [f"{n} worlds of each were lived side by side"]
    if decided:
        (actor, here, there), times = found.commonest
        often = "in all of them" if times == n else f"most often, in {times},"
        told.append(
            f"{_same(len(decided), n)} equal to the last bit until an actor decides "
            f"differently, {_on(found.median_day)}; {often} {_seat(actor)} does {_rule(here)} under {first} and "
            f"{_rule(there)} under {name}"
        )
    if never:
        told.append(f"{never} never part")
    if by_input:
        told.append(f"{by_input} part where what was set differently tells")
    if at_once:
        told.append(f"{at_once} differ from the first morning on")
    cause = " So a difference comes from what was varied, and not from luck." if never < n else ""
    return f"{headed(name)}, against {first}: {'; '.join(told)}.{cause}"


def _same(some: int, n: int) -> str:
    return "each pair is" if some == n else f"{some} pairs are"


def _on(day: int | None) -> str:
    return "on the first day" if day == 0 else f"by the middle of them on day {day}"


def _seat(actor: str) -> str:
    return {"us": "Washington", "government": "Baghdad", "iran": "Iran"}.get(actor, actor.replace("_", " "))


def _rule(words: str) -> str:
    """Return the rules of ``hold-fire (hold), leave (withdraw)`` in words; of nothing, that it does nothing else."""
    if words == "nothing":
        return "nothing different"
    return " and ".join(f"'{one.partition(' (')[0].replace('-', ' ')}'" for one in words.split("), "))
