"""``crossfire compile``: the model's rules compiled."""

import time
from compileall import compile_dir
from pathlib import Path

import sim
from sim.cli.printing import echo
from sim.cli.program import command
from sim.cli.progress import telling_of_compilation


@command("crossfire compile", name="compile")
def compile_rules() -> None:
    """Compile the model's rules, once for each version; any run does it by itself when it must.

    Python's own code is compiled too, where that can be kept: every command then begins sooner.
    """
    from sim.experiments.request import Request, variants_of
    from sim.running.compiling import prepare_rules
    from sim.world.compiled import PLAIN

    if PLAIN:
        echo("CROSSFIRE_RULES=python: rules run as plain Python, nothing to compile")
        return
    [variant] = variants_of(Request(("2020-soleimani",)))
    began = time.perf_counter()
    compile_dir(Path(sim.__file__).resolve().parent, quiet=2)  # whether Python keeps such code by itself or not
    with telling_of_compilation():
        prepare_rules(variant, everything=True)
    echo(f"the rules are compiled ({time.perf_counter() - began:.1f} s)")
