"""Crossfire: an agent-based wargame of the contest over the US presence in Iraq.

What is named here is the public interface, with what its objects offer without an underscore, and the errors of
``sim.errors``; all else may move. ``docs/python.md`` shows it at work.

>>> import sim
>>> results = sim.compare("2021-quiet", vary={"us": ["restraint", "in-kind"]}, worlds=20, days=30)
>>> results.comparison().verdict("exited", "us=in-kind")
'cannot tell yet'
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.model import IraqModel
    from sim.experiments.check import check
    from sim.experiments.request import Request
    from sim.experiments.sweep import Sweep
    from sim.experiments.variants import Variant
    from sim.inputs.policies.policy import Policy
    from sim.inputs.scenario import Scenario
    from sim.inputs.theory import Theory
    from sim.results.comparison import Comparison
    from sim.results.reading import Results
    from sim.running.api import compare, run, sweep
    from sim.running.engine import Engine
    from sim.stories.api import story

__all__ = [
    "Comparison", "Engine", "IraqModel", "Policy", "Request", "Results", "Scenario", "Sweep", "Theory", "Variant",
    "__version__", "check", "compare", "run", "story", "sweep",
]  # fmt: skip

#: Where each public name comes from: looked up when first used, so that ``import sim`` costs nothing.
_PLACES = {
    "run": "sim.running.api", "compare": "sim.running.api", "sweep": "sim.running.api", "story": "sim.stories.api",
    "check": "sim.experiments.check", "Request": "sim.experiments.request", "Sweep": "sim.experiments.sweep",
    "Variant": "sim.experiments.variants", "Scenario": "sim.inputs.scenario", "Theory": "sim.inputs.theory",
    "Policy": "sim.inputs.policies.policy", "Results": "sim.results.reading",
    "Comparison": "sim.results.comparison", "Engine": "sim.running.engine", "IraqModel": "sim.agents.model",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Return a public name, loaded when it is first asked for."""
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("crossfire-sim")
        except PackageNotFoundError:
            return "unknown"
    if name in _PLACES:
        from importlib import import_module

        value = globals()[name] = getattr(import_module(_PLACES[name]), name)
        return value
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    """Return the public names, those that are not loaded yet too."""
    return sorted({*globals(), *__all__})
