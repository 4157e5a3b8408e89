"""What the analyst prefers, read from the texts of ``--tie`` and ``--want``: tie zones, and which way is wanted."""

from collections.abc import Callable, Iterable
from typing import Any

from sim.errors import InputError, Problem, described, nearest, one_of, option_problem
from sim.names.measures import OUTCOMES
from sim.stats.verdicts import HIGHER, LOWER, TIES, Preferences, Tie

_KINDS = {measure.name: measure.kind for measure in OUTCOMES}


def read_preferences(ties: Iterable[str] = (), wants: Iterable[str] = ()) -> Preferences:
    """Return what ``--tie`` and ``--want`` say: ``share=0.02``, ``us_killed=5%``; ``exited lower``.

    A tie zone is given for a kind of measure (flag, share, count, level, day, category) or for one measure by name, in
    its unit or in percent of the baseline's mean; several part at commas. InputError for what cannot be meant.
    """
    problems: list[Problem] = []
    zones = _once("--tie", [_said(part, _tie, problems) for text in ties for part in text.split(",")], problems)
    wanted = _once("--want", [_said(part, _want, problems) for text in wants for part in text.split(",")], problems)
    if problems:
        raise InputError(problems)
    return Preferences({name: tie for name, tie in zones.items() if tie}, {k: w for k, w in wanted.items() if w})


def _once(option: str, given: list[tuple[str, Any]], problems: list[Problem]) -> dict[str, Any]:
    """Return what is said of each name; of one of which two things are said, a problem."""
    names = [name for name, _ in given if name]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    problems += [option_problem(option, "everything once", f"'{name}' twice") for name in twice]
    return dict(given)


def _said(part: str, form: Callable[[str], Any], problems: list[Problem]) -> tuple[str, Any]:
    found = form(part.strip())
    if isinstance(found, Problem):
        problems.append(found)
        return "", None
    return found


def _tie(part: str) -> "tuple[str, Tie] | Problem":
    name, _, amount = (word.strip() for word in part.partition("="))
    known = [*TIES, *(m.name for m in OUTCOMES)]
    if name not in known:
        expected = "a kind of measure (" + one_of(list(TIES)) + ") or a measure"
        return option_problem("--tie", expected, described(part), nearest(name, known))
    try:
        number = float(amount.removesuffix("%"))
    except ValueError:
        number = -1.0
    most = 100.0 if amount.endswith("%") else 1.0 if _KINDS.get(name, name) in ("flag", "category", "share") else 1e9
    if not 0 <= number <= most:
        expected = f"{name}=NUMBER or {name}=NUMBER%, from 0 to {most:g}{'%' * amount.endswith('%')}"
        return option_problem("--tie", expected, described(part))
    return name, Tie(number / 100, True) if amount.endswith("%") else Tie(number)


def _want(part: str) -> "tuple[str, str] | Problem":
    name, _, way = (word.strip() for word in part.replace("=", " ").partition(" "))
    known = [m.name for m in OUTCOMES if m.kind != "category"]
    if name not in known:
        expected = "a measure and 'higher' or 'lower'"
        return option_problem("--want", expected, described(part), nearest(name, known))
    if way not in (HIGHER, LOWER):
        return option_problem("--want", f"'{name} higher' or '{name} lower'", described(part))
    return name, way
