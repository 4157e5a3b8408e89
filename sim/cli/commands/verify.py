"""``crossfire verify``: whether results are as they were written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.options import AsJson, ResultsFolder, folder_of
from sim.cli.printing import echo, print_json, say
from sim.cli.program import WARNED, command

if TYPE_CHECKING:
    from sim.results import Results


@command("crossfire verify 2020-soleimani-1a2b3c4d")
def verify(results: ResultsFolder, as_json: AsJson = False) -> None:
    """Check that every file of results is as it was written; ends with code 1 if one is not."""
    from sim.results import Results
    from sim.results.manifest import is_rare

    if is_rare(folder_of(results)):
        _verify_rare(folder_of(results), as_json)
        return
    opened = Results(folder_of(results))
    _tell_problems(opened.folder, opened.status, opened.verify(), as_json, lambda: _advice(opened))
    if not as_json:
        echo(f"{opened.folder}: as it was written ({_held(opened)})")


def _verify_rare(folder: Path, as_json: bool) -> None:
    """Check that what a folder holds of a rare end is as it was written."""
    from sim.results import suggested
    from sim.running.rare.results import FILE, read

    there = read(folder)
    advice = f"{suggested('resume', folder)} runs what is missing or damaged"
    _tell_problems(folder, there.status, there.verify(), as_json, lambda: [advice])
    if not as_json:
        roots = sum(one["roots"] for one in there.found)
        echo(f"{folder}: as it was written ({FILE}: {there.end.name}, {roots:,} worlds with their branches)")


def _tell_problems(
    folder: Path, status: str, problems: Sequence[str], as_json: bool, advice: Callable[[], Iterable[str]]
) -> None:
    """Tell what is wrong with files, and what mends it, and end with code 1; go on where nothing is."""
    if as_json:
        print_json({"folder": str(folder), "status": status, "problems": problems})
    for problem in [] if as_json else problems:
        echo(problem)
    if problems:
        for words in advice():
            say(words)
        raise typer.Exit(WARNED)


def _advice(results: "Results") -> Iterator[str]:
    """Yield the commands that mend what is damaged, and make again what is of other tables."""
    from sim.results import FINISHED, SHARD, suggested

    if results.status not in (FINISHED, SHARD) or results.manifest["damage"] or results.wrong_tables():
        yield f"{suggested('resume', results.folder)} runs what is missing or damaged"
    else:
        again = " and ".join(suggested(verb, results.folder) for verb in ("plot", "report"))
        yield f"{again} make anew what does not belong to the tables"


def _held(results: "Results") -> str:
    """Return the files that were looked at, with the rows of tables."""
    manifest = results.manifest
    rows = [f" {entry['rows']:,} rows" if "rows" in entry else "" for entry in manifest["files"]]
    files = [entry["file"] + rows[k] for k, entry in enumerate(manifest["files"])]
    parts, n = len(manifest["parts"]), sum(part["n"] for part in manifest["parts"])
    return ", ".join([*files, *([f"{parts:,} parts of {n:,} worlds"] if parts else [])])
