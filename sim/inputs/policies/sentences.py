"""Policies said in English, a sentence a rule."""

from collections.abc import Mapping

from sim.inputs.policies.policy import Deed, Policy, Rule
from sim.names.actions import Option


def sentences_of(policy: Policy) -> list[str]:
    """Return a policy in numbered English sentences with their sources."""
    said = {name: distribution.text() for name, distribution in policy.thresholds.items()}
    return [f"{k}. {sentence_of(rule, said)}" for k, rule in enumerate(policy.rules + policy.otherwise, 1)]


def sentence_of(rule: Rule, thresholds: Mapping[str, str]) -> str:
    """Return one rule as a sentence: when, what, how often, on whose word."""
    if rule.name.startswith("otherwise: "):
        return f"Otherwise ({rule.lane}): {_deed_said(rule.deed)}."
    when = f"When {rule.when.english(thresholds)}: " if rule.when else "Always: "
    sources = f" [{'; '.join(rule.claims)}]" if rule.claims else ""
    return f"{rule.name}. {when}{', '.join([_deed_said(rule.deed), *_limits_said(rule)])}.{sources}"


def _deed_said(deed: Deed) -> str:
    options = "; ".join(
        f"{option.meaning}: {_option_said(option, value)}"
        for option, value in zip(deed.action.options, deed.options, strict=True)
    )
    return deed.action.meaning + (f" ({options})" if options else "")


def _option_said(option: Option, value: float) -> str:
    if option.choices:
        return option.choices[int(value)].replace("_", " ")
    return f"{value:,.6g}" + (f" {option.unit}" if option.unit in ("people", "days") else "")


def _limits_said(rule: Rule) -> list[str]:
    said = []
    if rule.probability < 1:
        said.append(f"with probability {rule.probability:g}")
    if rule.once:
        said.append("once only")
    if rule.cooldown:
        said.append(f"then not again for {rule.cooldown} days")
    said += [f"from {rule.after} on"] if rule.after else []
    return said + ([f"until {rule.until}"] if rule.until else [])
