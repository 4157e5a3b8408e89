"""All commands, in the order in which help lists them."""

from sim.cli import run, watch, resume, results, authoring, model  # noqa: F401, I001
from sim.cli.base import (
    app,
)

__all__ = ["app"]
