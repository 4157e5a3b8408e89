"""Where tables are printed: nothing that stands in them acts on the terminal."""

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

from sim.wording import lines


class Terminal(Console):
    """A console that says so when nobody reads on, and leaves it to the command to end."""

    def on_broken_pipe(self) -> None:
        """Pass on that the pipe is broken."""
        raise  # noqa: PLE0704 - rich calls this where it has caught the error

    def show(self, what: RenderableType) -> None:
        """Print something to look at, with all that strangers wrote in it as text."""
        self.print(Visible(what))


class Visible:
    """Something to print, of which no letter acts."""

    def __init__(self, what: RenderableType) -> None:
        self.what = what

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield its segments, with what acts escaped."""
        for text, style, control in console.render(self.what, options):
            yield Segment(text if control else lines(text), style, control)
