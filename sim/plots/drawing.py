"""Figures drawn side by side, in as many processes as there are processors."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sim.world.aside import Aside, AsideFailed, processors

#: More processes than that draw no faster: each loads all that it needs.
MOST = 4

#: Draws the figures of these names, of the variants with these labels, of the results in a folder.
Drawer = Callable[[Path, Sequence[str], Sequence[str]], dict[str, Any]]


class FigurePool:
    """Figures that other processes draw meanwhile, one less than there are processors; as a context manager.

    Parameters
    ----------
    drawer : callable
        A module's own, and what it makes of a name can be pickled.
    folder, labels
        The results, and which of their variants.
    names : sequence of str
        What is to be drawn.
    spared : sequence of str
        Of these, what is drawn here where one other process alone would have to draw all.
    """

    def __init__(
        self, drawer: Drawer, folder: Path, labels: Sequence[str], names: Sequence[str], spared: Sequence[str] = ()
    ) -> None:
        many = min(processors(), MOST) - 1
        self._drawer, self._folder, self._labels = drawer, folder, list(labels)
        self._here = [name for name in names if many == 0 or (many == 1 and name in spared)]
        elsewhere = [name for name in names if name not in self._here]
        self._shares = [share for k in range(many) if (share := elsewhere[k::many])]
        self._stack = ExitStack()
        self._others = [self._stack.enter_context(Aside(drawer, folder, self._labels, share)) for share in self._shares]

    def drawn(self) -> dict[str, Any]:
        """Return what became of each name, waiting for it; what no other process has drawn is drawn here."""
        found = self._drawn_here(self._here)
        for other, share in zip(self._others, self._shares, strict=True):
            try:
                found |= other.result()
            except AsideFailed:
                found |= self._drawn_here(share)
        return found

    def _drawn_here(self, names: Sequence[str]) -> dict[str, Any]:
        return self._drawer(self._folder, self._labels, names) if names else {}

    def __enter__(self) -> "FigurePool":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
