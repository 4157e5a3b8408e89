"""A story as it is read: dated lines under a head, its end in a closing paragraph."""

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.wording import date_in_words, visible

if TYPE_CHECKING:
    from sim.stories.events import Sentence
    from sim.stories.story import Story

#: How wide a story is as text.
WIDTH = 120
_SWITCHES = {
    "presence_pinned": "the presence is pinned, no exit can be decided whatever a policy says",
    "caretaker_pinned": "the caretaker is pinned, no government can be formed",
}


def page_of(story: "Story", sources: bool = True) -> Group:
    """Return a story as what rich can print; ``sources`` says of each sentence on whose word it is."""
    inputs = story.variant.inputs
    policies = ", ".join(f"{key}: {name}" for key, name in story.policies.items())
    head = [
        _text(inputs.title, style="bold"),
        _text(f"{story.variant.label}, world {story.world}, seed {story.seed}; {inputs.days} days from the start"),
        _text(f"Policies: {policies}. Theory: {story.theory}."),
        *[_text(f"Switched on: {_SWITCHES[name]}.") for name, on in inputs.switches.items() if on],
    ]
    lines = Table.grid(padding=(0, 2))
    lines.add_column(justify="right", no_wrap=True, style="cyan")
    lines.add_column()
    for sentence in story.sentences:
        lines.add_row(date_in_words(sentence.date), _line(sentence, sources))
    return Group(*head, _text(""), lines, _text(""), Padding(_text(story.ending), 0), *_missing(story.missing))


def text_of(story: "Story", width: int = WIDTH) -> str:
    """Return a story as text, as ``crossfire story`` prints it into a file, without blanks at the ends of lines."""
    written = StringIO()
    Console(file=written, width=width, highlight=False, color_system=None).print(page_of(story))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def _text(words: str, style: str = "") -> Text:
    """Return words of whatever origin as text, on one line."""
    return Text(visible(words), style=style)


def _line(sentence: "Sentence", sources: bool) -> Text:
    line = _text(sentence.text)
    if sources and sentence.source:
        line.append(visible(f"  [{sentence.source}]"), style="dim")
    return line


def _missing(events: int) -> list[Text]:
    words = f"The record of events was full: the last {events:,} events of this world are not told."
    return [_text(words, style="yellow")] if events else []
