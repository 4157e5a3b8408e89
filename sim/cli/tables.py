"""Lists, differences of inputs, the ledger and speeds as tables on a terminal.

Functions return what rich can print; nothing here writes anything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, ConsoleOptions, Group
from rich.markup import escape as without_markup
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.wording import visible

if TYPE_CHECKING:
    from sim.evidence.findings import Findings

#: Below this width two values do not stand beside each other.
NARROW = 100
Renderable = Any


def escape(words: str) -> str:
    """Return words of whatever origin as they may stand among rich's markup: as text, on one line."""
    return without_markup(visible(words))


def as_text(words: str, style: str = "", overflow: Any = None) -> Text:
    """Return words of whatever origin as text, on one line."""
    return Text(visible(words), style=style, overflow=overflow)


# Lists -----------------------------------------------------------------------------------------------------------


def listing(rows: Sequence[Mapping[str, Any]], group: str = "") -> Renderable:
    """Return rows as a table, or as a table under a heading for each value of ``group``."""
    groups = dict.fromkeys(row[group] for row in rows) if group else {"": None}
    parts: list[Renderable] = []
    for name in groups:
        chosen = [row for row in rows if not group or row[group] == name]
        parts += [as_text(str(name).replace("_", " "), style="bold")] if group else []
        parts.append(_plain_table(chosen, group))
    return Group(*parts)


def differences_table(rows: Sequence[Mapping[str, str]], first: str, second: str) -> Renderable:
    """Return differences as a table whose values are folded, or below each other where the terminal is narrow."""
    return _DifferencesTable(rows, first, second)


class _DifferencesTable:
    """Differences of two inputs, laid out for the width at hand: no value is ever cut."""

    def __init__(self, rows: Sequence[Mapping[str, str]], first: str, second: str) -> None:
        self.rows, self.names = rows, (first, second)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Renderable]:
        """Yield the table, or the lines."""
        if options.max_width >= NARROW:
            yield self._table()
            return
        yield as_text(f"{self.names[0]} → {self.names[1]}", style="bold")
        for row in self.rows:
            yield as_text(row["what"], style="cyan", overflow="fold")
            yield Padding(as_text(f"{row['first'] or '–'} → {row['second'] or '–'}", overflow="fold"), (0, 0, 0, 2))

    def _table(self) -> Table:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("what", style="cyan", overflow="fold", ratio=2)
        for name in self.names:
            table.add_column(escape(name), overflow="fold", ratio=3)
        for row in self.rows:
            table.add_row(*(escape(row[key] or "–") for key in ("what", "first", "second")))
        return table


def _plain_table(rows: Sequence[Mapping[str, Any]], group: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    columns = [name for name in rows[0] if name != group] if rows else []
    for k, column in enumerate(columns):
        table.add_column(column, no_wrap=k == 0, style="cyan" if k == 0 else "")
    for row in rows:
        table.add_row(*[escape(_cell(row[column])) for column in columns])
    return table


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return "" if value is None else str(value)


# The ledger ------------------------------------------------------------------------------------------------------


def findings_tables(done: "Findings") -> Renderable:
    """Return what the ledger came to: coverage, mechanisms, predictions part by part and by theory, the powerless."""
    from sim.evidence import findings_page

    parts: list[Renderable] = []
    if done.covered:
        nothing = ", ".join(done.covered.cited_by_nothing) or "none"
        parts += [_head(f"Coverage (mechanisms that nothing cites: {nothing})"), listing(done.covered.rows())]
    if done.mechanisms:
        short = [one.id for one in done.mechanisms if not one.passed]
        words = f": {', '.join(short)}" if short else ""
        parts += [
            _head(f"Mechanisms, in {done.worlds:,} worlds each ({len(short)} short of the mark{words})"),
            listing([one.row() for one in done.mechanisms]),
        ]  # fmt: skip
    for one in done.predictions:
        parts += [
            _head(f"{one.claim.id}: {one.claim.title}"),
            as_text(f"Path: {one.test.path}." + " One rule: an assumption, no prediction." * one.assumption),
            listing(findings_page.part_rows(one)),
        ]  # fmt: skip
    if done.predictions:
        parts += [
            _head(f"Predictions, in {done.worlds:,} worlds of each arm"),
            listing(findings_page.prediction_rows(done)),
        ]
    for again in done.without:
        parts.append(as_text(f"Off, as resting on {again.document} alone: {', '.join(again.mechanisms) or 'nothing'}."))
        parts += [
            as_text(f"{name}: {verdicts['with']}; without it: {verdicts['without']}")
            for name, verdicts in again.changed().items()
        ] or [as_text("No verdict changes.")]
    if done.parameters:
        rows = findings_page.powerless_rows(done.parameters)
        parts += [_head(f"{len(rows)} of {len(done.parameters)} parameters move no measure"), listing(rows)]
    return Group(*parts)


def _head(words: str) -> Text:
    return as_text(words, style="bold")


# Speeds ----------------------------------------------------------------------------------------------------------


def speed_tables(
    head: Iterable[tuple[str, str, str]], rows: Iterable[tuple[str, str, str]], notes: Iterable[str]
) -> Renderable:
    """Return the speed of the model by its figures, what each kind of actor costs, and how to read them."""
    lines = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("measured", "median", "least to most"):
        lines.add_column(column)
    for name, value, spread in head:
        lines.add_row(escape(name), f"[bold]{escape(value)}[/]", escape(spread))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("what", "each", "times a world"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for row in rows:
        table.add_row(*map(escape, row))
    return Group(lines, table, *map(escape, notes))
