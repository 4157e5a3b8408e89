"""A report written down: as one HTML file that asks nothing of anybody, and as Markdown."""

import base64
import re
from functools import singledispatch
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.report.blocks import Para, Picture, Points, Report, Table, WorldStory, pieces, to_be_seen
from sim.wording import cell, code, markdown, paragraph

_TEMPLATES = Path(__file__).parent
#: A column of numbers stands to the right; in cells of several lines, lines so short are not broken.
_NUMBER, _SHORT = re.compile(r"^[+\-−<>±]?[\d.,]+[%×]?( [^\n]*)?$|^[–—]?$"), 24
#: A column of text longer than this is kept from being one word wide.
_LONG = 40


def as_html(report: Report) -> str:
    """Return the report as one HTML page: style and pictures inside, no script, no request to anywhere."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_to_be_seen,
    )  # fmt: skip
    environment.filters["pieces"] = pieces
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode("ascii")
    environment.tests["short"] = lambda text: "\n" in text and max(map(len, text.splitlines())) <= _SHORT
    environment.tests["long"] = lambda text: len(text) > _LONG
    environment.filters["numeric"] = lambda table: [all(map(_NUMBER.match, c)) for c in zip(*table.rows, strict=True)]
    return environment.get_template("report.html").render(report=report)


def _to_be_seen(value: object) -> object:
    """Return what a page is given to show: of text, what would act in it escaped (its markup is, by the page)."""
    return to_be_seen(value) if type(value) is str else value


def as_markdown(report: Report) -> str:
    """Return the report as Markdown; pictures are named with the command that draws them."""
    parts = [f"# {_plain(report.title)}", _plain(report.subtitle)]
    for section in report.sections:
        parts += [f"## {_plain(section.title)}", *(_markdown(block) for block in section.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


@singledispatch
def _markdown(block: object) -> str:
    raise TypeError(f"no Markdown for a {type(block).__name__}")


@_markdown.register
def _(block: Para) -> str:
    return f"> **{_said(block.text)}**" if block.kind == "warning" else _said(block.text)


def _said(sentence: str) -> str:
    """Return a sentence in Markdown, its code as code."""
    told = [
        code(piece) if is_code else markdown(piece.replace("\n", " ")) if k else _begun(piece)
        for k, (is_code, piece) in enumerate(pieces(sentence))
    ]
    return "".join(told)


def _plain(words: str) -> str:
    """Return words that hold no code in Markdown."""
    return paragraph(to_be_seen(words))


def _begun(piece: str) -> str:
    """Return the piece that a sentence begins with, in Markdown: nothing in it begins a list."""
    return paragraph(piece) + " " * piece.endswith(" ")


@_markdown.register
def _(block: Points) -> str:
    return "\n".join(f"- {_said(item)}" for item in block.items)


@_markdown.register
def _(block: Table) -> str:
    rows = [" | ".join(cell(_plain(text)) for text in row) for row in (block.head, *block.rows)]
    rows.insert(1, "|".join("---" for _ in block.head))
    table = "\n".join(f"| {row} |" for row in rows)
    return f"{_plain(block.caption)}\n\n{table}" if block.caption else table


@_markdown.register
def _(block: Picture) -> str:
    said = f"**{_plain(block.title)}.** {_plain(block.says)}\n\nDrawn by {code(block.command)}."
    return f"{said}\n\n{_markdown(block.table)}" if block.table else said


@_markdown.register
def _(block: WorldStory) -> str:
    told = [
        f"- **{_plain(day)}** {_plain(text)}" + (f" *[{_plain(source)}]*" if source else "")
        for day, text, source in block.lines
    ]
    head, end = (f"### {_plain(block.title)}", "", _plain(block.why), ""), ("", _plain(block.ending), "")
    return "\n".join([*head, *told, *end, code(block.command)])
