"""A warm engine: kernel, templates, draws and the worlds of earlier variants stay at hand, so that an edit is answered.

It runs the very worlds of ``compare``, the first 200, then 1,000, then as many as were asked for, and answers after
each step with the headline differences. Worlds that an edit cannot touch (``sim.running.touched_worlds``) are not run
again.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiments.request import Request, variants_of
from sim.experiments.variants import Variant
from sim.inputs.arguments import THREADS, whole_or_none
from sim.inputs.yaml.snapshots import Shelf
from sim.names.actors import SEATS
from sim.results.comparison import Comparison, Differences, Summaries
from sim.running.compiling import prepare_rules
from sim.running.ensemble import Batch
from sim.running.lived_worlds import LivedResults, LivedVariant, LivedWorlds
from sim.running.perception_log import PerceptionColumns, perception_columns
from sim.running.touched_worlds import TouchedWorlds, all_touched, seats_apart
from sim.stats import Preferences
from sim.world.aside import processors

#: After so many worlds there is an answer, and then after all that were asked for.
LOOKS = (200, 1_000)
#: Worlds that are run in one go: a multiple of what all threads take.
GO = 250
#: An edit is told from the last so many texts of a variant, whichever is nearest.
EARLIER = 3


@dataclass(frozen=True)
class Answer:
    """What is known after so many worlds of each variant.

    ``summaries`` and ``differences`` are by label and headline measure, as ``Comparison`` gives them: the same numbers
    as a ``compare`` of as many worlds. ``ran`` counts the worlds that were lived for this question so far, of all
    variants; ``failed`` those that could not be, by label; ``seconds`` is the time since it was asked.
    """

    worlds: int
    asked: int
    seed: int
    summaries: Summaries
    differences: Differences
    failed: dict[str, int]
    ran: int
    seconds: float

    @property
    def is_last(self) -> bool:
        """Return whether all worlds that were asked for are there."""
        return self.worlds >= self.asked

    def plain(self) -> dict[str, Any]:
        """Return plain values."""
        rows = [
            {"variant": label, "measure": name} | {key: getattr(found, key) for key in _SAID}
            for label, of_variant in self.differences.items()
            for name, found in of_variant.items()
        ]
        return {
            "worlds": self.worlds, "of": self.asked, "seed": self.seed, "ran": self.ran,
            "seconds": round(self.seconds, 3), "failed": {k: n for k, n in self.failed.items() if n},
            "differences": rows,
        }  # fmt: skip


_SAID = ("difference", "low", "high", "only_first", "only_second", "verdict", "more_worlds")


class Engine:
    """Answers questions about variants in worlds that stay in memory.

    Parameters
    ----------
    threads : int, optional
        How many worlds to run side by side (as many as there are processors by default).
    lives : LivedWorlds, optional
        The worlds that are at hand; engines of several sessions may share one. Each has its own otherwise, which keeps
        up to 300 MB of what seats saw.

    Notes
    -----
    Any thread may ask. A new question drops the one before it, whose answers then end: within a few milliseconds, as
    soon as each thread has finished the day that it is at.

    Examples
    --------
    >>> import sim
    >>> with sim.Engine() as engine:
    ...     asked = engine.compare("2021-quiet", vary={"us": ["in-kind", "restraint"]}, worlds=20, days=30, looks=[10])
    ...     print([answer.worlds for answer in asked])
    [10, 20]

    A policy that is being written, and not saved:

    >>> texts = {"mine.yaml": Path("mine.yaml").read_text().replace("case_wounded >= 3", "case_wounded >= 4")}
    ... # doctest: +SKIP
    >>> question = engine.compare("2020-soleimani", vary={"us": ["in-kind", "mine"]}, texts=texts)  # doctest: +SKIP
    >>> print(question.touched["2020-soleimani us=mine"].said())  # doctest: +SKIP
    touches 54% of worlds, from day 3 on, half of them by day 206
    """

    def __init__(self, threads: int | None = None, lives: LivedWorlds | None = None) -> None:
        self.threads = whole_or_none(threads, THREADS) or processors()
        self.lives = lives or LivedWorlds()
        self.shelf = Shelf()
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="worlds")
        self._reading, self._guard, self._running = threading.Lock(), threading.Lock(), threading.Lock()
        self._current: Question | None = None
        self._ready = False
        #: The lives of the last questions, by label: what an edit is told from.
        self._last: dict[str, list[LivedVariant]] = {}
        self._seats: frozenset[int] = frozenset()
        #: Variants that were asked about alone, as they were then.
        self._as_it_was: dict[str, Variant] = {}

    def __repr__(self) -> str:
        """Return on how many threads it runs, and how many variants it has at hand."""
        return f"<Engine on {self.threads} threads: {len(self._last):,} variants at hand>"

    def compare(
        self, *scenarios: str | Path, vary: Mapping[str, Any] | None = None, baseline: str = "", worlds: int = 1_000,
        seed: int = 1, policies: Mapping[str, str] | None = None, theory: str = "",
        settings: Mapping[str, Any] | None = None, days: int | None = None,
        texts: Mapping[Path | str, str] | None = None, looks: Sequence[int] = LOOKS,
        preferences: Preferences | None = None,
    ) -> "Question":  # fmt: skip
        """Return the question how variants differ, whose answers come as it is iterated over.

        Parameters
        ----------
        texts : mapping, optional
            Texts to read in the place of files, by path: of policies, scenarios, theories that are being written.
        looks : sequence of int
            After how many worlds to answer, before all are there.
        preferences : Preferences, optional
            The analyst's tie zones and wishes.

        Notes
        -----
        The other parameters are those of ``sim.compare``. Of one variant alone, differences are told from the way it
        was when this engine was first asked about it.

        Raises
        ------
        InputError
            With all that is wrong in what was asked, and in the texts and files, as ``check`` says it.
        """
        asked = Request.of(
            *scenarios, worlds=worlds, seed=seed, days=days, theory=theory, policies=policies, settings=settings,
            vary=vary, baseline=baseline, series="none",
        )  # fmt: skip
        return self.ask(asked, texts=texts, looks=looks, preferences=preferences)

    def ask(
        self, asked: Request, *, texts: Mapping[Path | str, str] | None = None, looks: Sequence[int] = LOOKS,
        preferences: Preferences | None = None,
    ) -> "Question":  # fmt: skip
        """Return a question, as ``compare`` does, of what a command asks for.

        A question that is still being answered is dropped, whether this one can be read or not.
        """
        self.drop()
        with self._reading:
            self.shelf.write(texts or {})
            with self.shelf.at_one_moment():
                variants = variants_of(asked)
        if len(variants) == 1:
            variants = [self._as_it_was.setdefault(variants[0].label, _as_it_was(variants[0])), *variants]
        question = Question(self, variants, asked, looks, preferences)
        with self._guard:
            if self._current is not None:
                self._current.drop()
            self._current = question
        return question

    def drop(self) -> None:
        """Drop the question that is being answered, if there is one."""
        with self._guard:
            if self._current is not None:
                self._current.drop()
                self._current = None

    def close(self) -> None:
        """Drop what is under way, and let the threads go."""
        self.drop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> "Engine":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _columns(self, variants: Sequence[Variant]) -> PerceptionColumns:
        """Return what to keep: what seats see whose policies differ between variants, or edits; of all, before any."""
        first = variants[0].inputs
        for other in (variant.inputs for variant in variants[1:]):
            pairs = enumerate(zip(first.policy_of, other.policy_of, strict=True))
            self._seats |= {seat for seat, (j, k) in pairs if first.policies[j] is not other.policies[k]}
        return perception_columns(tuple(sorted(self._seats)) or tuple(range(len(SEATS))))

    def _begin(self, question: "Question") -> dict[str, TouchedWorlds]:
        """Return which worlds each variant that is new touches, those spared taken over from the nearest life."""
        found: dict[str, TouchedWorlds] = {}
        worlds = question.asked.worlds
        lives = {variant.label: self.lives.of(variant, question.asked.seed) for variant in question.variants}
        for label, life in lives.items():
            earlier = [one for one in self._last.get(label, []) if one is not life]
            if life.there.any():
                question.fresh |= set() if earlier else {label}
                continue
            before = [*earlier, *(one for last in self._last.values() for one in last[:1]), *lives.values()]
            near = self.lives.nearest(life, dict.fromkeys(before), worlds)
            if near:
                other, found[label] = near
                life.take_over(other, found[label].spared)
            elif earlier:
                other, found[label] = earlier[0], all_touched(np.arange(worlds))
            else:
                question.fresh.add(label)
                continue
            self._seats |= set(seats_apart(other.variant, life.variant) or ())
        for label, life in lives.items():
            self._last[label] = [life, *(one for one in self._last.get(label, []) if one is not life)][:EARLIER]
        question.lives = lives
        return found

    def _spare(self, life: LivedVariant, others: Sequence[LivedVariant], worlds: int) -> None:
        """Have a life take over the worlds of others in which its seats do the same all along."""
        near = self.lives.nearest(life, others, worlds)
        if near:
            spared = near[1].spared
            life.take_over(near[0], spared[~life.there[spared]])


class Question:
    """A question to an engine: which worlds it touches, and its answers, as they come.

    It can be iterated over once. ``variants`` are the variants, the baseline first.
    """

    def __init__(
        self,
        engine: Engine,
        variants: Sequence[Variant],
        asked: Request,
        looks: Sequence[int],
        preferences: Preferences | None,
    ) -> None:
        self.engine, self.variants, self.asked, self.preferences = engine, list(variants), asked, preferences
        self.looks = sorted({min(look, asked.worlds) for look in (*looks, asked.worlds) if look > 0})
        self.lives: dict[str, LivedVariant] = {}
        #: Variants that were never asked about: what others live may spare them worlds as it comes.
        self.fresh: set[str] = set()
        self.began = time.perf_counter()
        self.ran = 0
        self._dropped = threading.Event()
        self._batch: Batch | None = None

    @property
    def labels(self) -> list[str]:
        """Return the variants' labels, the baseline's first."""
        return [variant.label for variant in self.variants]

    @property
    def dropped(self) -> bool:
        """Return whether it was dropped: no further answer comes."""
        return self._dropped.is_set()

    def drop(self) -> None:
        """Drop it, from whatever thread: what is under way is broken off, and no further answer comes."""
        self._dropped.set()
        batch = self._batch
        if batch is not None:
            batch.break_off()

    @cached_property
    def touched(self) -> dict[str, TouchedWorlds]:
        """Return which worlds each variant touches that was not asked about before, by label, before any is run.

        That is by comparison with the variant of the same label in an earlier question, or with any that is nearer. Of
        a variant to which none is near, nothing is said; where an edit changes more than rules of policies, all worlds
        are touched from day 0 on.
        """
        with self.engine._running:
            if not self.engine._ready:
                prepare_rules(self.variants[0])
                self.engine._ready = True
            return self.engine._begin(self)

    def __iter__(self) -> Iterator[Answer]:
        """Yield an answer after each step; nothing more once it is dropped."""
        return self.answers()

    def answers(self, ran: Callable[[int], None] | None = None) -> Iterator[Answer]:
        """Yield an answer after each step; ``ran`` is called with the number of worlds that have just been lived."""
        _ = self.touched
        for worlds in self.looks:
            if not self._run_to(worlds, ran):
                return
            answer = self._answer(worlds)
            if self.dropped:
                return
            yield answer
        for life in self.lives.values():  # while nobody waits
            life.inherit()

    def _run_to(self, worlds: int, ran: Callable[[int], None] | None) -> bool:
        """Live worlds of all variants up to a number; return whether all are there."""
        columns = self.engine._columns(self.variants)
        for label, life in self.lives.items():
            if label in self.fresh and len(life.missing(worlds)):
                self.engine._spare(life, list(self.lives.values()), worlds)
            missing = life.missing(worlds)
            for at in range(0, len(missing), GO):
                if not self._run(life, missing[at : at + GO], columns, ran):
                    return False
        return not self.dropped

    def _run(
        self, life: LivedVariant, numbers: np.ndarray, columns: PerceptionColumns, ran: Callable[[int], None] | None
    ) -> bool:
        lives = self.engine.lives
        if life.kept:
            columns = life.kept[0].columns  # a life keeps the same columns of all its worlds
        kept = lives.room_for(len(numbers), columns, life, list(self.lives.values()))
        with self.engine._running:
            if self.dropped:
                return False
            known = lives.drawn(life.variant, life.seed, numbers)
            self._batch = Batch(life.variant, numbers, life.seed, self.engine._pool, columns if kept else None, known)
            if self.dropped:  # between the look above and the batch
                self._batch.break_off()
            lived = self._batch.lived(ran)
            if lived is None:
                return False
            life.take(lived)
            self.ran += len(numbers)
        return True

    def _answer(self, worlds: int) -> Answer:
        compared = Comparison(LivedResults(self.lives, worlds), self.preferences)
        summaries = {label: compared.headline_summary(label) for label in self.labels}
        failed = {label: sum(world < worlds for world in life.failed) for label, life in self.lives.items()}
        return Answer(
            worlds, self.asked.worlds, self.asked.seed, summaries, compared.headline_differences(), failed, self.ran,
            time.perf_counter() - self.began,
        )  # fmt: skip


def _as_it_was(variant: Variant) -> Variant:
    """Return a variant as the baseline of its own edits."""
    return replace(variant, label=f"{variant.label} (as it was)")
