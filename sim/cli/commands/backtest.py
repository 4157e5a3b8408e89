"""``crossfire backtest``: observations of one's own, forecast from scenarios' starts alone, and scored."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import AsJson, Seed
from sim.cli.printing import echo, print_json, print_table, say_progress
from sim.cli.program import command
from sim.cli.progress import load_rules

if TYPE_CHECKING:
    from sim.evidence.backtest.scoring import Scored, Summary


@command(
    "crossfire backtest configs/observations/documents.csv",
    "crossfire backtest mine.csv --mix us=restraint:2,in-kind:1 --worlds 1000 --out results/mine",
)
def backtest(
    observations: Annotated[Path, typer.Argument(metavar="FILE", help="A table of observations (CSV).")],
    worlds: Annotated[int, typer.Option(min=50, metavar="N", help="Worlds of each scenario.")] = 500,
    seed: Seed = 1,
    mix: Annotated[
        list[str] | None,
        typer.Option(metavar="SEAT=POLICY:SHARE,...", help="Policies that a seat may follow (repeatable)."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where forecasts and scores are kept.")] = None,
    rivals: Annotated[bool, typer.Option(help="Also run the model without mechanisms, and without data.")] = True,
    as_json: AsJson = False,
) -> None:
    """Forecast each row of a file from its scenario's start alone, score it, and hold the scores against naive rivals.

    Forecasts are kept, with their hash, before what was observed is read.
    """
    from sim.evidence.backtest import scoring
    from sim.evidence.backtest.mixtures import mixtures_of
    from sim.evidence.backtest.rows import questions_of

    questions_of(observations)
    mixtures = mixtures_of(mix or [])
    load_rules()
    forecasts = scoring.forecasts_of(observations, worlds, seed, mixtures, rivals, say_progress)
    say_progress("")
    sealed, digest = scoring.sealed_forecasts(forecasts)
    folder = out or Path("results") / f"backtest-{observations.stem}"
    scoring.keep(folder, "forecasts.json", sealed)
    rows = scoring.scored(observations, forecasts)
    summary = scoring.summary_of(rows, forecasts)
    plain = {
        "file": observations.name, "worlds": worlds, "seed": seed, "forecasts_sha256": digest,
        "rows": [one.plain() for one in rows], "summary": summary.plain(),
    }  # fmt: skip
    scoring.keep_plain(folder, "scores.json", plain)
    if rows:
        from sim.plots.calibration import draw_calibration

        draw_calibration(rows, summary, folder, observations.name, worlds)
    if as_json:
        print_json(plain)
    else:
        _show(rows, summary, digest, folder)


def _show(rows: "list[Scored]", summary: "Summary", digest: str, folder: Path) -> None:
    from sim.cli.tables import listing

    if rows:
        print_table(listing([_row(one) for one in rows]))
    share, low, high = summary.coverage90
    if not math.isnan(share):
        echo(f"{share:.0%} of values lie in the central 90% of worlds ({low:.0%} to {high:.0%}).")
    for name, (better, n, ratio) in summary.better_than.items():
        against = name.replace("_", " ")
        echo(f"Against {against}: the better score in {better} of {n} rows; scores {ratio:.2f} times as large.")
    for line, name, why in summary.left_out:
        echo(f"Not forecast: {name} (line {line}): {why}.")
    echo(f"Forecasts, made before what was observed was read, have the SHA-256 {digest[:16]}...")
    echo(f"Kept: {folder}")


def _row(one: "Scored") -> dict[str, str]:
    value = f"{one.answer.value:.4g}" if not math.isnan(one.answer.value) else _bounds(one)
    rival = min(one.crps_naive.items(), key=lambda pair: pair[1], default=None)
    return {
        "row": one.question.id, "of": f"{one.question.kind} {one.question.measure}", "observed": value,
        "forecast": f"{one.p50:.4g} ({one.p05:.4g} to {one.p95:.4g})", "inside": "yes" if one.inside90 else "MISSED",
        "score": "" if one.crps is None else f"{one.crps:.3g}",
        "best rival": "" if rival is None else f"{rival[0].replace('_', ' ')} {rival[1]:.3g}",
    }  # fmt: skip


def _bounds(one: "Scored") -> str:
    low, high = one.answer.low, one.answer.high
    if math.isnan(high):
        return f"{low:.4g} or more"
    return f"at most {high:.4g}" if math.isnan(low) else f"{low:.4g} to {high:.4g}"
