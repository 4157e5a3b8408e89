"""What a report is made of: sections of paragraphs, tables, figures and told worlds; no word of HTML or Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.wording import lines, visible

#: In place of a backtick that is one, in sentences whose backticks stand around code; no text has it that is seen.
_BACKTICK = "\x1a"


def unmarked(words: str) -> str:
    """Return words of a stranger as they may stand in a sentence: their backticks are backticks."""
    return words.replace("`", _BACKTICK)


def code(words: str) -> str:
    """Return words, such as a command, as they stand in a sentence as code."""
    return f"`{unmarked(visible(words))}`"


def to_be_seen(words: str) -> str:
    """Return words that hold no code, with all that would act in them escaped."""
    return lines(words.replace(_BACKTICK, "`"))


def pieces(sentence: str) -> Iterator[tuple[bool, str]]:
    """Yield the pieces of a sentence, whether each is code, with all that would act in them escaped."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:  # the last one is of nothing
        parts[-2:] = [f"{parts[-2]}{_BACKTICK}{parts[-1]}"]
    for k, part in enumerate(parts):
        if part:
            yield k % 2 == 1, to_be_seen(part)


@dataclass(frozen=True)
class Para:
    """A paragraph; ``kind`` is '' or ``warning``, ``note``, ``lead``."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: its head, its rows as texts, what it shows. A ``folded`` one is opened by the reader."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure as PNG, with its title, what it says in words, its numbers, and the command that draws it again."""

    name: str
    title: str
    png: bytes
    width: int
    height: int
    says: str
    command: str
    table: Table | None = None


@dataclass(frozen=True)
class WorldStory:
    """A world told: dated sentences with their sources, the end in a paragraph, the command that tells it again."""

    title: str
    why: str
    lines: tuple[tuple[str, str, str], ...]
    ending: str
    command: str


Block = Para | Points | Table | Picture | WorldStory


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
