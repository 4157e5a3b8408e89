"""``crossfire merge``: shards of one run put together."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import RunOptions, folder_of, name_in_utf_8, takes
from sim.cli.output import show_finished
from sim.cli.program import command


@command(
    "crossfire compare 2020-soleimani --vary us=restraint,in-kind --worlds 8000 --shard 1/2 --out first",
    "crossfire compare 2020-soleimani --vary us=restraint,in-kind --worlds 8000 --shard 2/2 --out second",
    "crossfire merge first second --out whole",
)
@takes("figures", "report", "as_json")
def merge(
    shards: Annotated[list[str], typer.Argument(metavar="SHARD...", help="Folders of shards, or of parts of one run.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", callback=name_in_utf_8, help="Folder for the whole.")],
    options: RunOptions,
) -> None:
    """Put together what was run in shards (--shard) or elsewhere; refused where it is not of one and the same run.

    Shards may come one after the other: what lies in the folder stays there until the rest comes.
    """
    from sim.running.merge import merge as put_together

    done = put_together([folder_of(one) for one in shards], out)
    show_finished(done.results, options)
