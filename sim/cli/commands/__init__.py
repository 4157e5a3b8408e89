"""All commands, each in the module of its name, in the order in which help lists them."""

from sim.cli.commands import (  # noqa: F401, I001
    run,
    compare,
    sweep,
    spread,
    watch,
    resume,
    extend,
    merge,
    verify,
    show,
    reweigh,
    report,
    diff,
    plot,
    story,
    list,
    check,
    claims,
    describe,
    new,
    schema,
    patterns,
    backtest,
    fit,
    compile,
    bench,
)
from sim.cli.program import app

__all__ = ["app"]
