"""Policies by name: among the shipped ones, in the current folder, or by the path of a file."""

from pathlib import Path

from sim.errors import InputError, Rejected, described, option_problem
from sim.inputs.policies.policy import Policy, load_policy_file
from sim.inputs.yaml.files import find, here, names_of, not_found
from sim.names.actors import POLICY_KEYS


def policy_files() -> dict[str, Path]:
    """Return the file of each shipped policy by ``ACTOR/NAME``."""
    return {f"{key}/{name}": find(f"{key} policy", name) for key in POLICY_KEYS for name in names_of(f"{key} policy")}


def policy_named(name: str) -> Policy:
    """Return a policy by its name, by ``ACTOR/NAME``, or by the path of its file; InputError for anything else.

    A name is looked for in the current folder first, then among the shipped ones.
    """
    if name.endswith((".yaml", ".yml")):
        return load_policy_file(name)
    own = policy_here(name)
    if own:
        return load_policy_file(own)
    files = policy_files()
    fitting = [full for full in files if name in (full, full.partition("/")[2])]
    if len(fitting) == 1:
        return load_policy_file(files[fitting[0]], fitting[0].partition("/")[0])
    if fitting:
        raise InputError([option_problem(name, f"one of {' or '.join(map(repr, fitting))}", described(name))])
    raise not_found("a policy", name, [word for full in files for word in (full, full.partition("/")[2])])


def policy_here(name: str) -> Path | None:
    """Return the file in the current folder of the policy that is named, with its actor or without."""
    actor, slash, word = name.rpartition("/")
    return here(f"{actor} policy" if slash else "policy", word) if not slash or actor in POLICY_KEYS else None


def load_policy(key: str, name: str, beside: Path | None = None) -> Policy:
    """Return the policy called ``name`` of the actor ``key``, looked for in ``beside`` first; InputError if unknown."""
    try:
        path = find(f"{key} policy", name, beside)
    except Rejected as wrong:
        raise wrong.named(name) from None
    return load_policy_file(path, key)
