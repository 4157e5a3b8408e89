"""What was found of a rare end, as tables and sentences on a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table

from sim.cli.tables import Renderable, as_text, escape

#: Paths and stories that are shown.
SHOWN = 3
_NOTE = (
    "Worlds that come near to the end are split, those that do not live on by chance, each with the weight that keeps "
    "the mean as it is: the chance is unbiased, whatever the pilot learned. The pilot's worlds count in the days, and "
    "for nothing else. Of an outcome that not every world has, the chance is of all worlds."
)


def rare_tables(variants: Sequence[Mapping[str, Any]]) -> Renderable:
    """Return tables: the chance of the end under each variant, how it was found, and which paths led there."""
    parts: list[Any] = [as_text(f"{variants[0]['said']} ({variants[0]['end']}), seed {variants[0]['seed']}", "bold")]
    parts += [_chance_table(variants), *(as_text(said_of(one)) for one in variants)]
    for one in variants:
        parts += _levels_and_paths(one, len(variants) > 1)
    return Group(*parts, as_text(_NOTE, style="dim"))


def _chance_table(variants: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("variant", style="cyan")
    for head in ("chance", "95% interval", "worlds' worth of days", "plain worlds for that", "gain"):
        table.add_column(head, justify="right")
    for one in variants:
        worth, alike = one["world_days"] / one["days"], one["plain_worlds"]
        wide = f"{chance(one['low'])} to {chance(one['high'])}" if one["p"] else f"at most {chance(one['high'])}"
        table.add_row(
            escape(one["label"]), chance(one["p"]) if one["p"] else "not reached", wide, f"{worth:,.0f}",
            f"{alike:,.0f}" if alike else "", f"{one['gain']:.1f}" if one["gain"] else "",
        )  # fmt: skip
    return table


def chance(p: float) -> str:
    """Return a chance in percent, with as many digits as small ones need."""
    return f"{100 * p:.2g}%" if p < 0.1 else f"{100 * p:.1f}%"


def said_of(one: Mapping[str, Any]) -> str:
    """Return in a sentence what was found of a variant, and whether splitting was worth it."""
    if not one["p"]:
        return (
            f"{one['label']}: not reached in {one['roots']:,} worlds with their branches: the chance is at most"
            f" {chance(one['high'])} (95%). It may be none at all; a larger --effort tells more."
        )
    if one["gain"] < 1.2:
        return (
            f"{one['label']}: splitting was no better than plain worlds (gain {one['gain']:.1f}): the end is not rare"
            " enough, or comes without a sign. 'crossfire run' without --rare tells as much."
        )
    return (
        f"{one['label']}: {one['reached']:,} of {one['roots']:,} worlds reached it, in {one['ends']:,} branches; plain"
        f" worlds would have needed {one['gain']:.1f} times as many days for so narrow an interval."
    )


def _levels_and_paths(one: Mapping[str, Any], named: bool) -> list[Any]:
    """Return the levels of a variant, the paths to the end, and the commands that tell how it came."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(escape(f"{one['label']}: levels" if named else "levels"), style="cyan")
    for head in ("reached by", "branches that did", "weight there"):
        table.add_column(head, justify="right")
    for row in one["levels"]:
        judged = f"judged {chance(row['judged'])} likely"
        table.add_row(
            judged, chance(row["passed"]) if row["passed"] else "none", f"{row['lives']:,}", f"{row['weight']:.3g}"
        )
    pilot = one["pilot"]
    told = [
        as_text(
            f"Pilot: {pilot['roots']:,} worlds, {pilot['world_days'] / one['days']:,.0f} worlds' worth of days; the end"
            f" came in {pilot['reached']:,}; judged by what leads to {pilot['learned_from']}."
        )
    ]
    told += [as_text(f"  {path['share']:.0%} by {path['path']}") for path in one["paths"][:SHOWN]]
    told += [as_text(f"Story: {world['command']}") for world in one["worlds"][:SHOWN]]
    return [table, *told]
