"""A file of observations that any user can write: its columns, its rows, and every mistake in it at its place."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sim.errors import InputError, shown
from sim.evidence.backtest.kinds import KINDS, Span
from sim.evidence.csv_table import CsvTable
from sim.evidence.observations import MOST_DAYS, variant_of
from sim.inputs.yaml.files import names_of
from sim.inputs.yaml.text import text_of
from sim.names.actors import GOVERNORATES

NEEDED = ("scenario", "measure", "start", "end", "value")
ALLOWED = ("id", "kind", "place", "of_start", "of_end", "low", "high", "group", "unit", "source", "note")
_WHOLE = "outcome"


@dataclass(frozen=True)
class Question:
    """One row without what was observed: what is asked of worlds."""

    line: int
    id: str
    kind: str
    scenario: str
    measure: str
    start: date
    end: date
    place: str
    of_start: date | None
    of_end: date | None
    group: str
    unit: str
    source: str

    @property
    def span(self) -> Span:
        """Return its days, counted from the scenario's start."""
        return self._days(self.start, self.end)

    @property
    def of(self) -> Span | None:
        """Return the days with which a ratio compares."""
        return self._days(self.of_start, self.of_end) if self.of_start and self.of_end else None

    @property
    def begins(self) -> date:
        """Return the scenario's start."""
        return variant_of(self.scenario).inputs.start

    @property
    def unforecastable(self) -> str:
        """Return why no world can answer it; nothing if one can."""
        if self.end < self.begins:
            return "before the scenario's start: the past of naive rivals"
        if min(self.start, self.of_start or self.start) < self.begins and self.kind != "level":
            return f"begins before the scenario's start, {self.begins}"
        if self.span.last >= MOST_DAYS:
            return f"ends more than {MOST_DAYS:,} days after the scenario's start, {self.begins}"
        return ""

    def _days(self, start: date, end: date) -> Span:
        return Span((start - self.begins).days, (end - self.begins).days)


@dataclass(frozen=True)
class Answer:
    """What was observed of a row: a value (NaN: unknown), or bounds."""

    value: float
    low: float
    high: float


def read_rows(path: Path) -> list[tuple[Question, Answer]]:
    """Return the rows of a file; InputError with every mistake in it."""
    table = _RowTable(shown(path), text_of(path), NEEDED, ALLOWED)
    found = [one for row in table.rows() if (one := table.row(*row))]
    if not found and not table.problems:
        table.note(1, "", "a row of an observation", "none")
    if table.problems:
        raise InputError(table.problems)
    return found


def questions_of(path: Path) -> list[Question]:
    """Return the rows of a file as questions; what was observed is read to be checked, and thrown away."""
    return [question for question, _ in read_rows(path)]


class _RowTable(CsvTable):
    """Reads the rows, noting what is wrong where."""

    def row(self, line: int, cells: dict[str, str]) -> tuple[Question, Answer] | None:
        """Return a row, or nothing after noting all that is wrong with it."""
        before = len(self.problems)
        cells = dict.fromkeys(ALLOWED, "") | {key: text.strip() for key, text in cells.items()}
        kind = cells["kind"] or _WHOLE
        fits = self.known(line, "scenario", cells["scenario"], names_of("scenario"))
        if self._is_kind(line, kind):
            self.known(line, "measure", cells["measure"], KINDS[kind].measures)
        else:
            fits = False
        days = self._days(line, cells, kind)
        answer = self._answer(line, cells, KINDS[kind].most if kind in KINDS else 1e9, kind)
        self._place(line, cells["place"], kind)
        if len(self.problems) > before or not fits or days is None:
            return None
        start, end, of_start, of_end = days
        question = Question(
            line, cells["id"] or f"line {line}", kind, cells["scenario"], cells["measure"], start, end,
            cells["place"], of_start, of_end, cells["group"], cells["unit"], cells["source"],
        )  # fmt: skip
        return self._of_whole(line, question), answer

    def _is_kind(self, line: int, kind: str) -> bool:
        return self.known(line, "kind", kind, KINDS) if "kind" in self.head else True

    def _days(self, line: int, cells: dict[str, str], kind: str) -> tuple[date, date, date | None, date | None] | None:
        start, end = self.date(line, "start", cells["start"]), self.date(line, "end", cells["end"])
        if start and end and end < start:
            self.note(line, "end", f"a day from the start on, {start}", cells["end"])
        earlier: list[date | None] = []
        for key in ("of_start", "of_end"):
            if kind == "ratio" and not cells[key]:
                self.note(line, key if key in self.head else "", f"a date in {key}: a ratio compares two spans", "none")
            elif cells[key] and kind != "ratio":
                self.note(line, key, "nothing: only a ratio compares two spans", cells[key])
            earlier.append(self.date(line, key, cells[key]) if cells[key] else None)
        if earlier[0] and earlier[1] and earlier[1] < earlier[0]:
            self.note(line, "of_end", f"a day from of_start on, {earlier[0]}", cells["of_end"])
        return (start, end, earlier[0], earlier[1]) if start and end else None

    def _answer(self, line: int, cells: dict[str, str], most: float, kind: str) -> Answer:
        value, low, high = (
            self.number(line, key, cells[key], most) if key in self.head else math.nan
            for key in ("value", "low", "high")
        )
        if not (cells["value"] or cells["low"] or cells["high"]):
            self.note(line, "value", "a value, or a bound in low or high", "nothing")
        if low > high:
            self.note(line, "low", f"at most the upper bound, {high:g}", f"{low:g}")
        if kind == "happened" and value not in (0.0, 1.0) and not math.isnan(value):
            self.note(line, "value", "1 if it happened, 0 if not", cells["value"])
        return Answer(value, low, high)

    def _place(self, line: int, place: str, kind: str) -> None:
        if place and kind not in ("share", "count"):
            self.note(line, "place", "nothing: only a count or a share is of one governorate", place)
        elif kind == "share" and not place:
            self.note(
                line, "place" if "place" in self.head else "", "a governorate in place: a share is of one", "none"
            )
        elif place:
            self.known(line, "place", place, GOVERNORATES)

    def _of_whole(self, line: int, one: Question) -> Question:
        """Return a question of a whole world as from its start, which is where such a measure begins."""
        if one.kind != _WHOLE:
            return one
        if one.start != one.begins and one.end >= one.begins:
            self.note(
                line, "start", f"the scenario's start, {one.begins}: an outcome is of a whole world", str(one.start),
                "kind 'count' counts over any span",
            )  # fmt: skip
        return replace(one, start=min(one.begins, one.end))


def asked_by_scenario(questions: list[Question]) -> Iterator[tuple[str, list[Question]]]:
    """Yield the questions that worlds can answer, scenario by scenario."""
    for scenario in dict.fromkeys(one.scenario for one in questions):
        yield scenario, [one for one in questions if one.scenario == scenario and not one.unforecastable]
