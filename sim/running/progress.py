"""How a run goes, told to whoever asks."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any


class Progress:
    """Is told how a run goes; says nothing by itself."""

    def preparing(self) -> AbstractContextManager[Any]:
        """Return what surrounds loading or compiling the rules."""
        return nullcontext()

    def running(self, worlds: int) -> AbstractContextManager[Any]:
        """Return what surrounds the running of so many worlds."""
        return nullcontext()

    def ran(self, worlds: int) -> None:
        """Take note of so many more worlds."""

    def says(self, words: str) -> None:
        """Take note of what happens on the way."""
