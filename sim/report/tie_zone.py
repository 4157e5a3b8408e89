"""How a difference stands to its tie zone: one judgement, by which every part of a report speaks of it."""

from sim import stats
from sim.names.measures import Measure
from sim.wording import number

#: Beyond the tie zone; within it; beyond or within it by its own interval, though not after the correction for the
#: number of comparisons; clear of no difference, with an interval that reaches into the zone; nothing of these.
APART, TIE, ALMOST, REACHES, OPEN = "apart", "tie", "almost apart", "reaches into the tie zone", "open"
_BEYOND = (stats.HIGHER, stats.LOWER, stats.BETTER, stats.WORSE)


def zone_standing(found: stats.Difference) -> str:
    """Return how a difference stands: ``verdict`` decides, then ``uncorrected``, then its interval.

    A tie by its own interval is a tie, whatever the correction leaves of it: what is printed beside it says so.
    """
    verdict, alone = found.verdict, found.uncorrected
    if verdict in _BEYOND:
        return APART
    if stats.TIE in (verdict, alone):
        return TIE
    if alone in _BEYOND:
        return ALMOST
    return REACHES if off_zero(found) else OPEN


def off_zero(found: stats.Difference) -> bool:
    """Return whether the interval of a difference is clear of 0."""
    return found.low is not None and found.high is not None and (found.low > 0 or found.high < 0)


def size(found: stats.Difference, measure: Measure) -> str:
    """Return how large a difference is, without its sign: ``3.8 points``, ``11.1``."""
    difference = stats.known(found.difference)
    if measure.unit.startswith("share"):
        return f"{bare(abs(difference), measure)} points"
    return bare(abs(difference), measure)


def bare(value: float, measure: Measure) -> str:
    """Return a number without a sign for percent."""
    if measure.unit.startswith("share"):
        return f"{100 * value:.1f}"
    return number(value, measure)


def between(found: stats.Difference, measure: Measure) -> str:
    """Return the interval of a difference by its size, the smaller end first, where it is clear of 0."""
    low, high = sorted((abs(stats.known(found.low)), abs(stats.known(found.high))))
    return f"{bare(low, measure)} to {bare(high, measure)}"


def zone(found: stats.Difference, measure: Measure) -> str:
    """Return the tie zone of a difference: ``±14.3``."""
    return f"±{100 * found.tie:.2g} points" if measure.unit.startswith("share") else f"±{found.tie:,.3g}"
