"""Policies rehearsed: rules that never act in a sample of worlds, though nothing in their words forbids it."""

from dataclasses import dataclass

import numpy as np

from sim.errors import Problem
from sim.experiments.variants import Variant
from sim.inputs.policies.means import means_of
from sim.inputs.policies.policy import Policy, Rule
from sim.inputs.resolve import Inputs, resolve, seated
from sim.inputs.scenario import Scenario, shipped_scenario
from sim.names.actors import SEATS
from sim.running.one_world import OneWorld

#: The scenario in which a policy is rehearsed that is looked at by itself.
REFERENCE = "2020-soleimani"


@dataclass
class Tally:
    """How often each rule of a policy acted in the sample, and on how many days it would have but lacked its means."""

    acted: np.ndarray
    wanted: np.ndarray


def idle_rules(what: Policy | Scenario, worlds: int, seed: int = 1) -> list[Problem]:
    """Return a warning for each rule that acts in none of so many worlds.

    A policy is given its seat (all six, for the factions) in the reference scenario; of a scenario all policies in it
    are looked at.
    """
    if isinstance(what, Scenario):
        inputs, looked_at = resolve(what), None
    else:
        inputs, looked_at = seated(resolve(shipped_scenario(REFERENCE)), what), what.name
    warnings = []
    for k, tally in enumerate(_tallies(inputs, worlds, seed)):
        policy = inputs.policies[k]
        if looked_at is None or (policy.key, policy.name) == (what.key, looked_at):  # type: ignore[union-attr]
            warnings += [
                _idle(policy.key, rule, int(tally.wanted[r]), worlds, inputs.name)
                for r, rule in enumerate(policy.all_rules)
                if tally.acted[r] == 0
            ]
    return warnings


def _tallies(inputs: Inputs, worlds: int, seed: int) -> list[Tally]:
    """Return the tally of each policy of the inputs, over its seats and all worlds."""
    variant = Variant(inputs.name, inputs)
    counted = [Tally(*(np.zeros(len(policy.all_rules), np.int64) for _ in range(2))) for policy in inputs.policies]
    for number in range(worlds):
        world = OneWorld(variant, number, seed).run_to().worlds
        for seat in range(len(SEATS)):
            tally = counted[inputs.policy_of[seat]]
            n = len(tally.acted)
            tally.acted += world["fired"][0, seat, :n]
            tally.wanted += world["wanted"][0, seat, :n]
    return counted


def _idle(key: str, rule: Rule, wanted: int, worlds: int, scenario: str) -> Problem:
    place = rule.place
    got = f"one that acts in none of {worlds:,} worlds of {scenario}"
    needs = means_of(key, rule.deed.action.name)
    if wanted:
        got += f" (on {wanted:,} days it would have, but lacked its means: {needs})"
    else:
        got += " (its condition never held, or an earlier rule or its own limits stood before it)" if rule.when else ""
    return Problem(place.file, place.line, place.column, f"rules.{rule.name}", "a rule that acts now and then", got)
