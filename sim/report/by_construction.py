"""What follows from a policy or a scenario itself, whatever happens in the worlds: shown as such, not as a finding.

It is derived, never listed: a value that is the same in every world of a variant, of a measure that counts one kind of
deed, where the policy has no rule with that deed (what is left is what the scenario scripts) or orders it always.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.experiments.variants import Variant
from sim.inputs.policies.policy import Policy, Rule
from sim.names.actions import GOVERNMENT_ACTIONS, IRAN_ACTIONS, US_ACTIONS
from sim.names.measures import Measure
from sim.names.script import SCRIPTED
from sim.wording import headed, number

#: Stands behind a number that is given.
MARK = "†"
NOTE = f"{MARK} follows from the policy or the scenario itself (see the findings): no result of the worlds"
#: Of each outcome that one kind of deed alone brings about: whose it is, the actions, and the scripted events that do
#: the same. Nothing else in the rules moves these.
_DEEDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "us_strikes": ("us", ("strike", "leadership_strike"), ("strike", "leadership_strike")),
    "us_strikes_on_iran": ("us", ("strike_iran",), ()),
    "framework_signed": ("us", ("offer_talks",), ("framework",)),
    "iran_direct_strikes": ("iran", ("missiles",), ("iran_missiles",)),
}
#: Actions that order an exit, and the outcomes that follow from such an order.
_ORDERS, _ORDERED = ("withdraw", "relocate_north"), ("exited", "presence_days")
_MEANINGS = {one.name: one.meaning for one in (*GOVERNMENT_ACTIONS, *IRAN_ACTIONS, *US_ACTIONS)}


class GivenOutcome(NamedTuple):
    """One thing that is given: its measure, the value that all worlds have or their mean, and why."""

    measure: Measure
    value: float
    why: str

    def said(self) -> str:
        """Return it as a sentence."""
        value = number(self.value, self.measure)
        return f"{headed(self.measure.label)}: {value}, set by the policy or the scenario: it is so {self.why}."


def given_outcomes(
    variant: Variant | None, measures: Sequence[Measure], column: Callable[[str], Any]
) -> dict[str, GivenOutcome]:
    """Return what is given in a variant by measure; ``column`` reads its outcomes. Nothing without its policies."""
    if variant is None:
        return {}
    found = {}
    for measure in measures:
        why = _by_deeds(variant, measure, column) or _by_order(variant, measure, column)
        if why:
            mean = float(np.mean(np.asarray(column(measure.name), dtype=float)))
            found[measure.name] = GivenOutcome(measure, mean, why)
    return found


def _by_deeds(variant: Variant, measure: Measure, column: Callable[[str], Any]) -> str:
    """Return why a policy without the deed leaves nothing but what is scripted; '' where it is not so."""
    if measure.name not in _DEEDS:
        return ""
    seat, actions, events = _DEEDS[measure.name]
    policy = _policy(variant, seat)
    if policy is None or any(rule.deed.action.name in actions for rule in _rules(policy)):
        return ""
    scripted = [one.name for one in variant.inputs.script
                if SCRIPTED[one.kind].name in events and one.day < variant.inputs.days]  # fmt: skip
    if _constant(column(measure.name)) != (min(1, len(scripted)) if measure.kind == "flag" else len(scripted)):
        return ""
    rules = f"the policy has no rule to {' or to '.join(_MEANINGS[name].partition(' (')[0] for name in actions)}"
    if not scripted:
        return f"in every world, since {rules}"
    return f"in every world, since {rules}; what is counted is the scenario's own script ({', '.join(scripted)})"


def _by_order(variant: Variant, measure: Measure, column: Callable[[str], Any]) -> str:
    """Return why a policy that orders an exit without a condition has one in every world; '' where it is not so."""
    policy = _policy(variant, "us")
    if measure.name not in _ORDERED or policy is None or _constant(column("exited")) != 1:
        return ""
    for rule in policy.rules:
        if rule.deed.action.name in _ORDERS and rule.when is None and rule.probability == 1.0:
            what = f"since the policy's rule '{rule.name}' orders an exit without a condition, within"
            when = f"{rule.deed.options[0]:.0f} days"
            return f"{'in every world, ' * (measure.name == 'exited')}{what} {when}"
    return ""


def _policy(variant: Variant, seat: str) -> Policy | None:
    return next((policy for policy in variant.inputs.policies if policy.key == seat), None)


def _rules(policy: Policy) -> Iterator[Rule]:
    yield from policy.rules
    yield from policy.otherwise


def _constant(values: Any) -> float | None:
    """Return the value that all worlds have, None where they differ or one has none."""
    numbers = np.asarray(values, dtype=float)
    if len(numbers) == 0 or np.isnan(numbers).any() or np.ptp(numbers) > 0:
        return None
    return float(numbers[0])
