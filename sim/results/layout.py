"""What lies in a folder of results, by its name, and the states that a run goes through."""

import re

#: ``merging``: all worlds are there and finished tables are about to take the place of parts.
RUNNING, MERGING, FINISHED, INTERRUPTED = "running", "merging", "finished", "interrupted"
#: All that a shard was asked for is there, for others to be merged with.
SHARD = "shard"
MANIFEST, PARTS, JOURNAL = "manifest.json", "parts", "parts.jsonl"
#: In place of a manifest, what a run with --rare writes (``sim.running.rare.results``).
RARE = "rare.json"
OUTCOMES, SERIES, INPUTS = "outcomes", "series", "inputs"
TABLES = (OUTCOMES, SERIES, INPUTS)
#: What else a run writes, and vouches for.
DESIGN, PAIRING = "design.parquet", "pairing.json"
#: All that finished results may name, tables that grow first.
FILES = (*(f"{table}.parquet" for table in TABLES), DESIGN, PAIRING)
#: A finished table is called so until the manifest says that it counts.
NEW = ".new"
#: From this version on, manifests and lines of the journal have checksums.
SEALED = 3
_PART_NAME = re.compile(r"(outcomes|series)-[0-9]{3,}-[0-9]{7,}\.parquet")


def part_name(table: str, variant: int, first: int) -> str:
    """Return the file of a part, from the folder of results."""
    return f"{PARTS}/{table}-{variant:03d}-{first:07d}.parquet"


def is_part_name(name: str) -> bool:
    """Return whether a file in ``parts`` has a name that a run gives."""
    return _PART_NAME.fullmatch(name) is not None
