"""The command line: ``crossfire run``, ``compare``, ``plot``, ``show``, ``story``, ``list``, ``check`` and the rest.

Commands only read options, call the layers below, and print. JSON is alone on standard output; all that is said on the
way goes to standard error. Whatever is slow to load is loaded by the command that needs it.
"""

# In the order in which help lists the commands.
from sim.cli import running, going_on, results, knowledge, model  # noqa: F401, I001
from sim.cli.base import app, main

__all__ = ["app", "main"]
