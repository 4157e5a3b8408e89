"""One report of finished results: a self-contained page for whoever must judge a comparison without the software.

``build`` gathers what is to be said as blocks of a few kinds; ``as_html`` and ``as_markdown`` write them down.
"""

import sim.plots  # noqa: F401 - it comes before matplotlib
from sim.report.build import build
from sim.report.render import as_html, as_markdown

__all__ = ["as_html", "as_markdown", "build"]
