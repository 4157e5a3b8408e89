"""What each measure can be at all: the least and the most, whatever happens in a world.

Numbers beyond are of no world: one that shows them has failed, and no interval reaches there.
"""

import math
from functools import lru_cache

from sim.names.actors import N_ALLIES, N_FACTIONS, N_GOVERNORATES, RUNGS
from sim.names.measures import READINGS_AFTER, Measure
from sim.names.tables import MAX_ATTACKS, MAX_CELLS, MAX_MEMBERS, MAX_SITES, MAX_STRIKES

Limits = tuple[float, float]

#: The economy, and the oil price, over those at the start: what is left in any collapse, and what a boom comes to.
ECONOMY: Limits = (0.1, 2.0)
OIL: Limits = (0.1, 5.0)
_OF_UNITS: dict[str, Limits] = {
    "cells": (0.0, MAX_CELLS), "governorates": (0.0, N_GOVERNORATES), "factions": (0.0, N_FACTIONS),
    "bases": (0.0, MAX_SITES), "rung": (0.0, len(RUNGS) - 1),
}  # fmt: skip
_OF_NAMES: dict[str, Limits] = {
    **dict.fromkeys(("coalition_members", "coalition_members_end"), (0.0, N_ALLIES)),
    **{f"coalition_members_{days}": (0.0, N_ALLIES) for days in READINGS_AFTER},
    **dict.fromkeys(("votes_for", "votes_present", "votes_absent"), (0.0, MAX_MEMBERS)),
    **dict.fromkeys(("economy", "economy_end", *(f"economy_{days}" for days in READINGS_AFTER)), ECONOMY),
    "oil_price": OIL,
}  # fmt: skip
#: How many of them one day has room for.
_A_DAY = {
    "militia_attacks": MAX_ATTACKS, "militia_attacks_outside": MAX_ATTACKS, "attacks": MAX_ATTACKS,
    "attacks_outside": MAX_ATTACKS, "us_strikes": MAX_STRIKES, "wrong_target_strikes": MAX_STRIKES,
    "us_strikes_on_iran": 2, "iran_direct_strikes": 1,
}  # fmt: skip
#: How the label of what is counted week by week ends.
_OF_A_WEEK = " in the week"


@lru_cache(maxsize=1024)
def limits_of(measure: Measure, days: int | None = None) -> Limits:
    """Return the least and the most that a measure can be in a world of ``days``, where that is known."""
    if measure.kind == "category":
        return 0.0, float(len(measure.categories) - 1)
    if measure.kind in ("flag", "share"):
        return 0.0, 1.0
    if measure.name in _A_DAY:
        over = 7 if measure.label.endswith(_OF_A_WEEK) else days
        return 0.0, math.inf if over is None else float(_A_DAY[measure.name] * over)
    if measure.unit.startswith("days"):
        return 0.0, math.inf if days is None else float(days)
    least, most = _OF_NAMES.get(measure.name) or _OF_UNITS.get(measure.unit, (0.0, math.inf))
    return float(least), float(most)
