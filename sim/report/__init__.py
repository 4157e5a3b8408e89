"""One report of finished results: a self-contained page for whoever must judge a comparison without the software.

``build`` gathers what is to be said as blocks of a few kinds; ``as_html`` and ``as_markdown`` write them down. They are
loaded when they are first used: processes that only draw figures for the page need little of it.
"""

from typing import TYPE_CHECKING, Any

import sim.plots  # noqa: F401 - it comes before matplotlib

if TYPE_CHECKING:
    from sim.report.assembly import build
    from sim.report.render import as_html, as_markdown

__all__ = ["as_html", "as_markdown", "build"]

_PLACES = {"build": "sim.report.assembly", "as_html": "sim.report.render", "as_markdown": "sim.report.render"}


def __getattr__(name: str) -> Any:
    """Return a function of the report, loaded when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_PLACES[name]), name)
    return value
