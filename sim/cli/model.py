"""Commands about the model itself."""

import os
import time

from sim.cli.base import (
    AsJson,
    Quick,
    app,
    echo,
    examples,
    guarded,
    print_json,
    print_table,
    telling_of_compilation,
)


@app.command(
    "compile",
    epilog=examples(
        "crossfire compile",
    ),
)
@guarded
def compile_() -> None:
    """Compile the model's rules, once for each version; any run does it by itself when it must."""
    from sim.running import prepare_rules
    from sim.runs import Asked, arms_of
    from sim.world.compiled import PLAIN

    if PLAIN:
        echo("CROSSFIRE_RULES=python: rules run as plain Python, nothing to compile")
        return
    [arm] = arms_of(Asked(("2020-soleimani",)))
    began = time.perf_counter()
    with telling_of_compilation():
        prepare_rules(arm.variant, everything=True)
    echo(f"the rules are compiled ({time.perf_counter() - began:.1f} s)")


@app.command(
    epilog=examples(
        "crossfire bench",
        "crossfire bench --quick --json",
    )
)
@guarded
def bench(as_json: AsJson = False, quick: Quick = False) -> None:
    """Measure the speed of the model on this machine, and what each kind of actor costs."""
    # Rules are timed one by one: without a cache of their own each would be compiled again.
    os.environ.setdefault("CROSSFIRE_KEEP_RULES", "1")
    from sim.bench import measure

    speeds = measure(quick, telling_of_compilation())
    if as_json:
        print_json(speeds.plain())
    else:
        from sim import show as tables

        print_table(tables.speeds(speeds.head(), speeds.rows()))
