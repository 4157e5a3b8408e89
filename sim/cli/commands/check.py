"""``crossfire check``: what is wrong in YAML files."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import AsJson
from sim.cli.printing import echo, print_json, say
from sim.cli.program import BAD_INPUT, WARNED, command
from sim.cli.progress import load_rules
from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.experiments.check import CheckResult
    from sim.inputs.policies.policy import Policy
    from sim.inputs.scenario import Scenario


@command(
    "crossfire check",
    "crossfire check my-scenario.yaml my-policy.yaml --strict",
    "crossfire check my-policy.yaml --sample 200",
)
def check(
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILES]", help="Files to check (all shipped).")] = None,
    sample: Annotated[
        int, typer.Option(min=0, max=100_000, metavar="N", help="Warn of rules that never act in N worlds, too.")
    ] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="End with code 1 on warnings.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check YAML files: everything that is wrong, with its line and column, and rules that make no sense.

    A policy is sampled in its seat of 2020-soleimani, a scenario by itself.
    """
    from sim.experiments import check as checks

    found = checks.checked(files) if not sample else _sampled(files, sample)
    if as_json:
        warnings = InputError(found.warnings).json()["error"]
        print_json({"files": found.files, "error": InputError(found.errors).json()["error"], "warning": warnings})
    else:
        for problem in found.errors:
            say(str(problem))
        for problem in found.warnings:
            say(f"warning: {problem}")
        counts = {"file": found.files, "error": len(found.errors), "warning": len(found.warnings)}
        echo(", ".join(f"{n} {word}{'s' * (n != 1)}" for word, n in counts.items()))
    if found.errors:
        raise typer.Exit(BAD_INPUT)
    if found.warnings and strict:
        raise typer.Exit(WARNED)


def _sampled(files: list[str] | None, worlds: int) -> "CheckResult":
    """Return what is found in files, and in so many worlds of each policy and scenario among them."""
    from sim.evidence.idle_rules import idle_rules
    from sim.experiments import check as checks

    def rehearsed(what: "Policy | Scenario") -> list[Problem]:
        load_rules()  # only once there is something to rehearse: what is wrong in a file is told at once
        return idle_rules(what, worlds)

    return checks.checked(files, rehearsed)
