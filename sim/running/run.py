"""A run: what was asked for, its variants, how it is carried out, and what it comes to."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.experiments.request import Request, varied_said
from sim.experiments.variants import Variant
from sim.inputs.arguments import THREADS, whole_or_none
from sim.results import Results, folder_name
from sim.running.drawn_inputs import DrawnInputs
from sim.running.progress import Progress
from sim.wording import in_shell
from sim.world.meaning import rule_hash

if TYPE_CHECKING:
    import threading

    from sim.running.ensemble import Unit, UnitResult


class Runner(Protocol):
    """Runs units of worlds, here or elsewhere; results may come in any order."""

    def __call__(
        self, variants: Sequence[Variant], units: "Iterable[Unit]", seed: int, *, threads: int,
        series_worlds: int | None, ran: Callable[[int], None] | None, stop: "threading.Event | None" = None,
    ) -> "Generator[UnitResult, None, None]":  # fmt: skip
        """Yield the result of each unit."""


@dataclass(frozen=True)
class FinishedRun:
    """A finished run: its results, and whether they had been there before."""

    results: Results
    already_there: bool = False


class StoredResults(Protocol):
    """What lies in a folder."""

    @property
    def folder(self) -> Path:
        """Return the folder."""


class Interrupted(KeyboardInterrupt):
    """A run was broken off by hand; ``results`` holds what is there, and the same run goes on from it.

    ``asked`` is None where nobody can say yet how many worlds it will take; ``seen`` says whether there is something
    to show.
    """

    def __init__(self, results: StoredResults, kept: int, asked: int | None, seen: bool | None = None) -> None:
        super().__init__()
        self.results, self.kept, self.asked = results, kept, asked
        self.seen = kept > 0 if seen is None else seen

    def said(self) -> str:
        """Return in words how much is kept, and where."""
        of = f" of {self.asked:,}" if self.asked is not None else ""
        return f"{self.kept:,}{of} worlds are kept in {self.results.folder}"


@dataclass(frozen=True)
class ExecutorOptions:
    """How worlds are run; nothing of it changes what comes.

    Parameters
    ----------
    threads : int, optional
        How many worlds to run side by side (as many as there are processors by default).
    progress : Progress
        Is told how the run goes.
    runner : Runner, optional
        Runs the units elsewhere than on this machine's threads.
    early : callable, optional
        Is given the results of a short run before their files are written: they are while it shows them.
    """

    threads: int | None = None
    progress: Progress = field(default_factory=Progress)
    runner: Runner | None = None
    early: Callable[[Results], None] | None = None


def options_on(threads: int | None) -> ExecutorOptions:
    """Return how worlds are run on so many threads; InputError if that is no number of threads."""
    return ExecutorOptions(whole_or_none(threads, THREADS))


@dataclass(frozen=True)
class Run:
    """A run: what was asked for, and the variants."""

    asked: Request
    variants: tuple[Variant, ...]

    @property
    def label(self) -> str:
        """Return the name of the whole run: what all variants share."""
        if self.asked.name:
            return self.asked.name
        words = [variant.label.split() for variant in self.variants]
        first = dict.fromkeys(variant.inputs.name for variant in self.variants)
        shared = [word for word in words[0][1:] if all(word in others for others in words)]
        return " ".join(["+".join(first), *shared])

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """Return all that was given, whole: the first variant's inputs, and how the others differ from them."""
        plains = [variant.inputs.plain() for variant in self.variants]
        others = [
            {"label": one.label} | _less(plain, plains[0]) for one, plain in zip(self.variants, plains, strict=True)
        ]
        variants = [{"label": self.variants[0].label} | plains[0], *others[1:]]
        asked, drawing = self.asked, self.variants[0].drawing.plain()
        given = {"worlds": asked.worlds, "seed": asked.seed, "series": asked.kept_series, "variants": variants}
        return given | ({"drawing": drawing} if drawing else {}) | ({"until": list(asked.until)} if asked.until else {})

    @cached_property
    def drawn(self) -> DrawnInputs:
        """Return what is drawn for the worlds of all variants."""
        return DrawnInputs(self.variants)

    @property
    def folder(self) -> Path:
        """Return where results go when nothing else is said: named after what was asked, and the rules."""
        label = self.label
        if len(self.variants) > 1 and not self.asked.name:
            label = " ".join([label, *map(varied_said, self.asked.vary)])
        name = folder_name(label, self.inputs | {"rules": rule_hash()})
        return Path("results") / (name + self.share)

    @property
    def share(self) -> str:
        """Return the end of a shard's folder's name; nothing for a whole run."""
        return "-shard-" + self.asked.shard.replace("/", "-of-") if self.asked.shard else ""

    def earlier(self) -> Iterator[Path]:
        """Yield the folders of runs of this name, whatever else they were given."""
        stem = self.folder.name.removesuffix(self.share)[: -len("-12345678")]
        yield from (path.parent for path in sorted(Path("results").glob(f"{stem}-????????{self.share}/manifest.json")))

    @property
    def more(self) -> dict[str, Any]:
        """Return what else the manifest says of the run."""
        first = self.variants[0].inputs
        titles = {variant.inputs.title for variant in self.variants}
        asked = self.asked
        return {
            "title": asked.title or (first.title if len(titles) == 1 else None),
            "sweep": {"name": asked.name, "title": asked.title, "purpose": asked.purpose} if asked.purpose else None,
            "start": first.start.isoformat(), "days": max(variant.inputs.days for variant in self.variants),
            "shard": self.asked.shard or None, "drawn": self.drawn.plain(),
        }  # fmt: skip

    def command(self, variant: int, world: int) -> str:
        """Return the command that tells the story of one world."""
        one = self.variants[variant]
        if one.drawing.plain():  # such a world is told by its results alone
            words = ["crossfire", "story", str(self.folder), "--variant", one.label, "--world", str(world)]
            return in_shell(words)
        return one.command(world, self.asked.seed)


def _less(plain: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of ``plain`` is not in ``base``, maps looked into."""
    rest: dict[str, Any] = {}
    for key, value in plain.items():
        if key not in base or (value != base[key] and not (isinstance(value, dict) and isinstance(base[key], dict))):
            rest[key] = value
        elif value != base[key]:
            rest[key] = _less(value, base[key])
    gone = [key for key in base if key not in plain]
    return rest | ({"without": gone} if gone else {})
