"""Crossfire: an agent-based wargame of the contest over the US presence in Iraq.

In Python: ``sim.run("2020-soleimani", worlds=1000).outcomes``, ``sim.compare("2020-soleimani",
vary={"us": ["restraint", "in-kind"]})``, ``sim.run_sweep("policies-by-theories")``, ``sim.Results("results/NAME")``,
one world as a Mesa model: ``sim.IraqModel("2020-soleimani", world=17)``, and ``sim.Engine()``,
which stays warm and answers an edit.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.model import IraqModel
    from sim.results import Results as Results
    from sim.running.api import compare, run, run_sweep
    from sim.running.engine import Engine

__all__ = ["Engine", "IraqModel", "Results", "__version__", "compare", "run", "run_sweep"]

#: Where each public name comes from: looked up when first used, so that ``import sim`` costs nothing.
_PLACES = {
    "run": ("sim.running.api", "run"), "compare": ("sim.running.api", "compare"),
    "run_sweep": ("sim.running.api", "run_sweep"), "Results": ("sim.results", "Results"),
    "IraqModel": ("sim.agents.model", "IraqModel"), "Engine": ("sim.running.engine", "Engine"),
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

        module, attribute = _PLACES[name]
        value = globals()[name] = getattr(import_module(module), attribute)
        return value
    raise AttributeError(f"module 'sim' has no attribute '{name}'")
