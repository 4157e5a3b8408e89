"""``crossfire schema``: the JSON Schemas of the YAML files."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.printing import echo
from sim.cli.program import command


@command(
    "crossfire schema",
    "crossfire schema --out my-schemas",
)
def schema(
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder for the schemas (configs/schemas).")
    ] = None,
) -> None:
    """Write the JSON Schemas of the YAML files, by which editors complete and check them."""
    from sim.inputs.authoring import schemas
    from sim.inputs.yaml.files import home_to_write

    folder = out or home_to_write("a schema", "--out FOLDER writes them elsewhere") / schemas.FOLDER
    for path in schemas.write_schemas(folder):
        echo(str(path))
