"""Policies that a seat may follow, with their shares, as they are written in an option."""

import re
from collections.abc import Sequence

from sim.errors import InputError, Problem, option_problem, unknown
from sim.evidence.backtest.worlds import Mixture
from sim.inputs.yaml.files import names_of
from sim.names.actors import POLICY_KEYS

_OPTION = "--mix"
_PART = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]*)(:(?P<share>[0-9]+(\.[0-9]+)?))?")


def mixtures_of(texts: Sequence[str]) -> list[Mixture]:
    """Return the mixtures of ``us=restraint:2,in-kind:1`` and the like; InputError with every mistake in them."""
    problems: list[Problem] = []
    found = [_mixture(text, problems) for text in texts]
    seats = [one.seat for one in found if one]
    for seat in {seat for seat in seats if seats.count(seat) > 1}:
        problems.append(option_problem(_OPTION, f"{seat} once", "twice"))
    if problems:
        raise InputError(problems)
    return [one for one in found if one]


def _mixture(text: str, problems: list[Problem]) -> Mixture | None:
    seat, _, rest = text.partition("=")
    if seat not in POLICY_KEYS:
        mistake = unknown(seat, POLICY_KEYS, "a seat, as in us=restraint:2,in-kind:1")
        problems.append(option_problem(_OPTION, mistake.expected, mistake.got, mistake.hint))
        return None
    shares: dict[str, float] = {}
    for part in rest.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            problems.append(option_problem(_OPTION, "policies with shares, as in restraint:2,in-kind:1", part))
            continue
        name, share = match["name"], float(match["share"] or 1)
        if name not in (known := names_of(f"{seat} policy")):
            mistake = unknown(name, known, f"a policy of {seat}")
            problems.append(option_problem(_OPTION, mistake.expected, mistake.got, mistake.hint))
        if share <= 0 or name in shares:
            problems.append(option_problem(_OPTION, "a share above 0, each policy once", part))
        shares[name] = share
    total = sum(shares.values())
    return Mixture(seat, tuple((name, share / total) for name, share in shares.items())) if total > 0 else None
