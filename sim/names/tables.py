"""How much a world has room for, and the shape of a decision table: what a policy becomes inside a world.

A rule points at a run of ``code`` rows, its condition: each compares a perception with a number and says which row to
go to when that holds and when it does not, or what the condition comes to. And, or, not are in where the rows lead, so
a condition is decided at the first comparison that settles it. Every field takes eight bytes.
"""

import numpy as np

from sim.names.actions import MAX_LANES, MAX_OPTIONS

#: Rules a policy may have, and comparisons in all their conditions (checked when a policy is read).
MAX_RULES = 32
MAX_CODE = 96
#: Different policies in one world: one each for the US, Iran and the government, and one for each faction at most.
MAX_POLICIES = 9

#: What else a world has room for: members and blocs of the house, sites, neighbours of a governorate, cells of ISIS,
#: attacks and strikes of a day.
MAX_MEMBERS, MAX_BLOCS, MAX_SITES, MAX_NEIGHBOURS = 329, 24, 20, 10
MAX_CELLS, MAX_ATTACKS, MAX_STRIKES = 600, 24, 8

#: Where a row leads when the condition is settled; any other number is a row, counted from the condition's first.
TRUE, FALSE = -1, -2
#: A relation is the set of ways in which it holds: 1 for less, 2 for equal, 4 for more: tested without a branch.
LESS, EQUAL, MORE = 1, 2, 4
AT_MOST, AT_LEAST, UNEQUAL = LESS | EQUAL, MORE | EQUAL, LESS | MORE
RELATIONS = {LESS: "<", AT_MOST: "<=", MORE: ">", AT_LEAST: ">=", EQUAL: "==", UNEQUAL: "!="}

CODE = np.dtype([("column", "i8"), ("relation", "i8"), ("value", "f8"), ("yes", "i8"), ("no", "i8")])
RULE = np.dtype(
    [
        ("limited", "i8"),  # 1 when dates, a cooldown or ``once`` may forbid it
        ("lane", "i8"),
        ("action", "i8"),
        ("first", "i8"),  # first row of its condition; length 0 is always true
        ("length", "i8"),
        ("key", "u8"),  # address of the rule's name: its chance is drawn by it
        ("probability", "f8"),
        ("cooldown", "i8"),  # days that must pass before it fires again
        ("after", "i8"),  # first day, from the scenario's start
        ("until", "i8"),  # last day
        ("once", "i8"),
        ("claim", "i8"),  # mechanism number that it cites, 0 for none
        ("options", "f8", MAX_OPTIONS),
    ]
)
#: Rules stand lane by lane; those of lane k are ``lane_first[k]`` up to ``lane_first[k + 1]``.
POLICY = np.dtype(
    [("lane_first", "i8", MAX_LANES + 1), ("n_rules", "i8"), ("rules", RULE, MAX_RULES), ("code", CODE, MAX_CODE)]
)
#: A day that never comes, for rules without an end.
FOREVER = 1_000_000
