"""Whether a policy makes sense: rules that can never act, lanes that are lost, thresholds that nothing uses."""

from sim.errors import Problem, quoted
from sim.inputs.policies.condition_logic import covered, verdict
from sim.inputs.policies.condition_parser import parse_condition
from sim.inputs.policies.conditions import ALWAYS, AND, Bounds, Condition, Junction
from sim.inputs.policies.means import CHANGES, SEEN_MEANS, as_readily
from sim.inputs.policies.policy import Policy, Rule
from sim.inputs.yaml.document import Mark
from sim.names.perceptions import perceptions_of


def lint(policy: Policy) -> list[Problem]:
    """Return warnings: rules that can never act or say nothing, rules without a claim, thresholds never used."""
    bounds = {name: distribution.bounds() for name, distribution in policy.thresholds.items()}
    warnings: list[Problem] = []
    for k, rule in enumerate(policy.rules):
        warnings += _of_condition(rule, bounds)
        warnings += _without_means(policy.key, rule, bounds)
        if rule.probability == 0:
            warnings.append(_warning(rule, "a probability above 0", "0: the rule never acts"))
        if not rule.claims:
            warnings.append(_warning(rule, "a claim: what the rule rests on", "nothing"))
        warnings += _shadow(policy.key, rule, policy.rules[:k], bounds)
    for rule in policy.otherwise:
        warnings += _shadow(policy.key, rule, policy.rules, bounds)
    return warnings + _emptied(policy) + _unused(policy)


def _emptied(policy: Policy) -> list[Problem]:
    """Return a warning where a list of rules leaves lanes empty in which the policy that is extended has rules."""
    if policy.emptied is None:
        return []
    lanes, base, place = policy.emptied.lanes, policy.emptied.base, policy.emptied.place
    expected = f"rules in every lane in which '{base}' has some"
    got = f"none in {', '.join(lanes)}, as 'rules' replaces its whole list"
    hint = "'change' and 'add' keep the rest; or say under 'otherwise' what these lanes do"
    return [Problem(place.file, place.key_line, place.key_column, "rules", expected, got, hint)]


def _of_condition(rule: Rule, bounds: Bounds) -> list[Problem]:
    """Return a warning for a condition that never holds, and for one that says nothing as it always does."""
    holds = verdict(rule.when, bounds) if rule.when else ""
    if not holds or rule.when is None:
        return []
    if holds == "never":
        return [_warning(rule, "a condition that can hold", quoted(rule.when.text), rule.condition)]
    expected = "a condition that may fail (leave 'when' out for always)"
    return [_warning(rule, expected, f"{quoted(rule.when.text)}, which always holds", rule.condition)]


def _without_means(key: str, rule: Rule, bounds: Bounds) -> list[Problem]:
    """Return a warning for a condition under which the rule's action lacks its means, or changes nothing."""
    if rule.when is None or verdict(rule.when, bounds) == "never":
        return []
    action, got = rule.deed.action.name, quoted(rule.when.text)
    lacked = [need for need in SEEN_MEANS[key].get(action, ()) if _contradict(key, rule.when, need, bounds)]
    if lacked:
        expected = f"a condition under which '{action}' has its means ({' and '.join(lacked)})"
        return [_warning(rule, expected, f"{got}: the rule can never act", rule.condition)]
    changes = CHANGES.get(key, {}).get(action)
    if changes and _contradict(key, rule.when, changes, bounds):
        expected = f"a condition under which '{action}' changes something ({changes})"
        return [_warning(rule, expected, f"{got}: it is of no use then", rule.condition)]
    return []


def _contradict(key: str, when: Condition, need: str, bounds: Bounds) -> bool:
    """Return whether it is certain that a condition and a need do not hold together."""
    tree = Junction(AND, (when.tree, parse_condition(need, perceptions_of(key)).tree))
    return verdict(Condition(need, tree), bounds) == "never"


def _shadow(key: str, rule: Rule, earlier: tuple[Rule, ...], bounds: Bounds) -> list[Problem]:
    """Return a warning for a rule that never has its turn: whenever it would, one before it in its lane acts."""
    certain = [
        one for one in earlier
        if one.lane == rule.lane and _unlimited(one) and as_readily(key, one.deed.action.name, rule.deed.action.name)
    ]  # fmt: skip
    whole = [one for one in certain if covered(rule.when, [one.when] if one.when else [ALWAYS], bounds)]
    if whole:
        return [_warning(rule, "a rule that can have its turn", f"one behind '{whole[0].name}', which acts first")]
    if len(certain) > 1 and covered(rule.when, [one.when for one in certain if one.when], bounds):
        names = " and ".join(f"'{one.name}'" for one in certain)
        return [_warning(rule, "a rule that can have its turn", f"one behind {names}, one of which acts first")]
    return []


def _unlimited(rule: Rule) -> bool:
    dated = rule.after is not None or rule.until is not None
    return rule.probability == 1 and not (rule.cooldown or rule.once or dated)


def _warning(rule: Rule, expected: str, got: str, at: Mark | None = None) -> Problem:
    place = at or rule.place
    return Problem(place.file, place.line, place.column, f"rules.{rule.name}", expected, got)


def _unused(policy: Policy) -> list[Problem]:
    """Return a warning for each threshold of the policy's own file that no rule uses; what it inherits may lie idle."""
    used = {name for rule in policy.rules if rule.when for name in rule.when.thresholds}
    own = {name: policy.threshold_places.get(name) or Mark(policy.file, 1, 1, 1, 1) for name in policy.thresholds}
    return [_unused_one(mark, name) for name, mark in own.items() if name not in used and mark.file == policy.file]


def _unused_one(mark: Mark, name: str) -> Problem:
    expected = "a threshold that some rule uses"
    return Problem(
        mark.file, mark.key_line, mark.key_column, f"thresholds.{name}", expected, f"'{name}', which none does"
    )
