"""The precision that ``--until`` asks for: a measure, whose values, and half the width of its interval."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sim.errors import InputError, described, nearest, one_of, option_problem
from sim.inputs.labels import fitting
from sim.names.measures import OUTCOMES, Measure
from sim.stats.sequential import MEASURE_OF, Precision

_SIGNS = re.compile(r"\+/-|\+-|±")
#: Half the width of an interval that may be asked for, where the measure is no share.
WIDEST = 1e9


def read_precision(text: str) -> Precision:
    """Return what ``--until`` says: ``exited +- 0.01``, ``exited: restraint - in-kind +- 2%``; else InputError.

    ``±`` and ``+/-`` do as well; a percentage is of worlds, or whatever a share is of. Variants are as they were typed
    (see ``resolved``). A measure that is not defined in all worlds counts those in which it is.
    """
    signs = list(_SIGNS.finditer(text))
    if not signs:
        raise _wrong(text, "MEASURE +- HALF_WIDTH, or MEASURE: VARIANT - VARIANT +- HALF_WIDTH")
    what, width = text[: signs[-1].start()].strip(), text[signs[-1].end() :].strip()
    name, colon, variants = (part.strip() for part in what.partition(":"))
    measure = _measure(name)
    half = _half_width(width, measure)
    return Precision(name, half, *_two_variants(variants)) if colon else Precision(name, half)


def resolved(precision: Precision, labels: Sequence[str]) -> Precision:
    """Return it with the labels of the variants that it means; InputError where none or several fit.

    A variant is named by its label, by words of it, or by values alone: ``restraint`` for ``us=restraint``.
    """
    if precision.second is None:
        return precision if precision.first is None else replace(precision, first=_label(precision.first, labels))
    assert precision.first is not None
    first, second = _label(precision.first, labels), _label(precision.second, labels)
    if first == second:
        raise _wrong(f"{precision.first} - {precision.second}", "two different variants", f"both mean '{first}'")
    return replace(precision, first=first, second=second)


def for_each(precision: Precision, labels: Sequence[str]) -> tuple[Precision, ...]:
    """Return what it asks of these variants: a difference as it is, a mean of no named variant once for each."""
    if precision.first is not None or len(labels) < 2:
        return (resolved(precision, labels),)
    return tuple(replace(precision, first=label) for label in labels)


def _measure(name: str) -> Measure:
    numbers = [m.name for m in OUTCOMES if m.kind != "category"]
    if name in MEASURE_OF and name not in numbers:
        raise _wrong(name, "a measure that has a mean", "categories have none")
    if name not in numbers:
        raise _wrong(name, "a measure, then +- and half the width", nearest(name, numbers))
    return MEASURE_OF[name]


def _half_width(text: str, measure: Measure) -> float:
    share = measure.kind in ("flag", "share")
    percent = share and text.endswith("%")
    try:
        half = float(text.removesuffix("%")) / 100 if percent else float(text)
    except ValueError:
        half = -1.0
    if not 0 < half < (1 if share else WIDEST):
        most = "and below 1, or a percentage" if share else f"in {measure.unit}, and below {WIDEST:g}"
        raise _wrong(text, f"half the width of the interval of {measure.name}, above 0 {most}")
    return half


def _two_variants(text: str) -> tuple[str, str]:
    """Return the two sides of `` - ``; labels hold hyphens, so the spaces count."""
    sides = [side.strip() for side in re.split(r"(?:^|\s)-(?:\s|$)", text)]
    if len(sides) != 2 or not all(sides):
        raise _wrong(text, "two variants with ' - ' between them, as in 'restraint - in-kind'")
    return sides[0], sides[1]


def _label(asked: str, labels: Sequence[str]) -> str:
    found = fitting(labels, asked)
    if len(found) != 1:
        hint = f"{len(found)} variants fit: {one_of(found)}" if found else nearest(asked, labels)
        raise _wrong(asked, f"one of the variants ({one_of(labels)})", hint)
    return found[0]


def _wrong(text: str, expected: str, hint: str = "") -> InputError:
    return InputError([option_problem("--until", expected, described(text), hint)])
