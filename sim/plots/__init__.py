# ruff: noqa: E402 - matplotlib looks for a folder of its own when it is loaded
"""Figures from results, and from one world.

Drawing functions take a table and an Axes and return the Axes; figure functions arrange them; ``draw_all`` writes SVG
and PNG, the same bytes for the same results. Colours are Okabe and Ito's, and nothing rests on colour alone.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from sim.plots.font_cache import find_room

find_room()

from sim.inputs.arguments import folder_at
from sim.plots.drawing import MOST, FigurePool
from sim.plots.exits import exit_over_time
from sim.plots.frame import files_of, style
from sim.plots.outcomes import differences, distributions
from sim.plots.places import attack_maps, base_maps, isis_maps, isis_tiles, opinion_maps, opinion_tiles
from sim.plots.weekly import fans
from sim.results import Results, note_derived, write_derived
from sim.results.files import refuse_links_within
from sim.running.interruption import heeded
from sim.world.aside import processors

__all__ = ["FIGURES", "draw_all"]

#: The figures of results by the names of their files.
FIGURES = {
    "distributions": distributions, "differences": differences, "exit_over_time": exit_over_time, "fans": fans,
    "isis_tiles": isis_tiles, "isis_maps": isis_maps, "attack_maps": attack_maps, "base_maps": base_maps,
    "opinion_tiles": opinion_tiles, "opinion_maps": opinion_maps,
}  # fmt: skip


@heeded()
def draw_all(
    results: Results, folder: Path | str, only: Sequence[str] = (), say: Callable[[str], None] = lambda words: None
) -> list[Path]:
    """Return the paths of the figures drawn into ``folder``: each as SVG and as PNG, those without data left out.

    With ``only``, just the figures of these names. What comes to lie in the folder of results is noted there, with the
    tables that it is of. ``say`` is told of what is under way.

    Raises
    ------
    StoreError
        If the way to a figure leads out of the folder of results by a link, or there are no worlds to be drawn.
    """
    folder, results = folder_at(folder, "folder"), results.begun()
    refuse_links_within(results.folder, folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in FIGURES if not only or name in only]
    here = names[:: min(processors(), MOST)]
    elsewhere = [name for name in names if name not in here]
    say(f"drawing {len(names)} figures")
    with FigurePool(drawn_files, results.folder, results.variants, elsewhere) as others:
        drawn = _drawn_here(results, here) | others.drawn()
    paths = []
    for name in names:
        for suffix, content in drawn[name].items():
            paths.append(folder / f"{name}.{suffix}")
            write_derived(results.folder, paths[-1], content)
    note_derived(results, paths)
    return paths


def drawn_files(folder: Path, labels: Sequence[str], names: Sequence[str]) -> dict[str, dict[str, bytes]]:
    """Return the files of some figures by name and suffix, of variants of the results in a folder; some have none."""
    return _drawn_here(Results(folder).only(labels), names)


def _drawn_here(results: Results, names: Sequence[str]) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    for name in names:
        with style():
            figure = FIGURES[name](results)
            found[name] = {} if figure is None else files_of(figure)
    return found
