"""Commands that go on with results: made whole, given more worlds, put together from shards, checked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.base import (
    WARNED,
    AsJson,
    Cluster,
    Figures,
    ResultsFolder,
    Threads,
    WithReport,
    app,
    echo,
    examples,
    folder_of,
    guarded,
    name_in_utf_8,
    print_json,
    say,
)
from sim.cli.rare import refuse_of_rare, show_rare_done
from sim.cli.run import Showing, executor_options, show_done

if TYPE_CHECKING:
    from sim.results import Results


@app.command(epilog=examples("crossfire resume 2020-soleimani-1a2b3c4d", "crossfire resume results/two-theories"))
@guarded
def resume(
    context: typer.Context, results: ResultsFolder, threads: Threads = None, cluster: Cluster = "",
    figures: Figures = False, with_report: WithReport = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Make results whole: run the worlds that are missing, or whose files are damaged.

    Refused where scenarios, policies or rules are no longer those of the run; the differences are named.
    """
    from sim.results.manifest import is_rare
    from sim.running.resume import resume as go_on

    if is_rare(folder_of(results)):
        refuse_of_rare(context)
        _resume_rare(folder_of(results), threads, as_json)
        return
    done = go_on(folder_of(results), executor_options(threads, cluster))
    if done.already_there:
        say(f"nothing is missing: {done.results.folder}")
    show_done(done.results, Showing(as_json, figures, with_report))


def _resume_rare(folder: Path, threads: int | None, as_json: bool) -> None:
    """Make whole what a folder holds of a rare end."""
    from sim.running.rare.execute import resume as go_on

    show_rare_done(go_on(folder, executor_options(threads, "")), as_json, f"nothing is missing: {folder}")


@app.command(epilog=examples("crossfire extend 2020-soleimani-1a2b3c4d --worlds 5000"))
@guarded
def extend(
    results: ResultsFolder,
    worlds: Annotated[int, typer.Option(min=2, max=100_000_000, metavar="N", help="Worlds of each variant in all.")],
    threads: Threads = None, cluster: Cluster = "", figures: Figures = False, with_report: WithReport = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Add worlds to finished results; those that are there stay the first ones, to the bit."""
    from sim.running.resume import extend as add_worlds

    done = add_worlds(folder_of(results), worlds, executor_options(threads, cluster))
    show_done(done.results, Showing(as_json, figures, with_report))


@app.command(
    epilog=examples(
        "crossfire compare 2020-soleimani --vary us=restraint,in-kind --worlds 8000 --shard 1/2 --out first",
        "crossfire compare 2020-soleimani --vary us=restraint,in-kind --worlds 8000 --shard 2/2 --out second",
        "crossfire merge first second --out whole",
    )
)
@guarded
def merge(
    shards: Annotated[list[str], typer.Argument(metavar="SHARD...", help="Folders of shards, or of parts of one run.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", callback=name_in_utf_8, help="Folder for the whole.")],
    figures: Figures = False, with_report: WithReport = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Put together what was run in shards (--shard) or elsewhere; refused where it is not of one and the same run.

    Shards may come one after the other: what lies in the folder stays there until the rest comes.
    """
    from sim.running.merge import merge as put_together

    done = put_together([folder_of(one) for one in shards], out)
    show_done(done.results, Showing(as_json, figures, with_report))


@app.command(epilog=examples("crossfire verify 2020-soleimani-1a2b3c4d"))
@guarded
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
