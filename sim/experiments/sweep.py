"""Sweeps: files that say which variants to live, over which worlds, and at which points of a design those stand.

Blocks of settings (``grid``, ``list``, ``one-at-a-time``) make variants, all paired over the same worlds. A sampled
block (``sobol``, ``latin-hypercube``, ``random``) says where in its own distribution each quantity of a world stands,
the same in every variant. So what is chosen is compared, and what is not known is sampled.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem, option_problem
from sim.experiments.request import Request
from sim.experiments.sampling import HYPERCUBE, RANDOM, Sampling
from sim.experiments.sweep_factors import setting_text
from sim.experiments.sweep_form import SweepForm
from sim.experiments.variants import Variant

#: Quantities of a design that are named one by one, and variants.
SAID, SHOWN = 6, 3


@dataclass(frozen=True)
class ExcludedCombination:
    """A combination of settings that a constraint leaves out."""

    scenario: str
    factors: dict[str, Any]
    constraint: str


@dataclass(frozen=True, repr=False)
class Sweep:
    """A sweep that has been read and resolved.

    Parameters
    ----------
    worlds : int
        How many worlds each variant lives: points times ``replicates`` under a sampled block.
    sampling : Sampling
        Where in their distributions quantities stand: world *w* at point ``w // replicates``.
    variants : tuple of Variant
        The variants, the baseline first, whose worlds stand at the points of ``sampling``.
    left_out : tuple of ExcludedCombination
        Combinations that break a constraint.
    warnings : tuple of Problem
        What reads well and could be better.

    Examples
    --------
    >>> import sim
    >>> len(sim.Sweep.load("policies-by-theories").variants)
    40
    """

    form: SweepForm
    worlds: int
    sampling: Sampling
    variants: tuple[Variant, ...]
    left_out: tuple[ExcludedCombination, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @classmethod
    def load(cls, name_or_path: str | Path) -> "Sweep":
        """Return a sweep by its name, or by the path of its file, as ``sweep_reader.load_sweep``."""
        from sim.experiments.sweep_reader import load_sweep  # it makes sweeps

        return load_sweep(name_or_path)

    def __repr__(self) -> str:
        """Return its name, and of how many variants and worlds it is."""
        first = ", ".join(repr(one.label) for one in self.variants[:SHOWN])
        more = f" and {len(self.variants) - SHOWN:,} more" if len(self.variants) > SHOWN else ""
        return f"<Sweep {self.name!r}: {len(self.variants):,} variants of {self.worlds:,} worlds\n {first}{more}>"

    @property
    def name(self) -> str:
        """Return the sweep's name."""
        return self.form.sweep

    @property
    def replicates(self) -> int:
        """Return how often each point, or world, is lived with other luck."""
        return self.form.replicates

    @property
    def until(self) -> tuple[str, ...]:
        """Return how sure to be of what before stopping, as it is written."""
        return self.form.until

    def points_said(self) -> list[str]:
        """Return lines on the points of a design: of what, over what, how many constraints leave; nothing without."""
        design = self.sampling
        if design.kind == RANDOM:
            return []
        over = ", ".join(design.over[:SAID]) + f" and {len(design.over) - SAID:,} more" * (len(design.over) > SAID)
        lines = [f"{design.kind}: {design.count:,} points over {len(design.over):,} quantities: {over}"]
        if design.kept is not None:
            last = design.points if design.kind == HYPERCUBE else design.kept[-1] + 1
            lines.append(
                f"constraints left {design.count:,} of the first {last:,} points ({design.points:,} asked for)"
            )
        return lines

    def with_worlds(self, worlds: int) -> "Sweep":
        """Return the sweep with another number of worlds of each variant; InputError where a design has its own."""
        expected = ""
        if self.sampling.kind != RANDOM:
            expected = "the number of points of its design, set in its file"
        elif worlds % self.replicates:
            expected = f"a multiple of {self.replicates}: so often each world is lived"
        if expected:
            raise InputError([option_problem("--worlds", expected, str(worlds))])
        return replace(self, worlds=worlds)

    def request(self) -> Request:
        """Return what the sweep asks for as a command would, but for its variants."""
        form = self.form
        settings = tuple(setting_text(path, value) for path, value in form.settings.items())
        return Request(
            form.scenario, self.worlds, form.seed, form.days, settings=settings, baseline=form.baseline,
            series=form.series, until=form.until, name=self.name, title=form.title, purpose=form.purpose,
        )  # fmt: skip

    def plain(self) -> dict[str, Any]:
        """Return what makes this sweep's worlds what they are, as plain values."""
        return {
            "sweep": self.name, "title": self.form.title, "purpose": self.form.purpose, "replicates": self.replicates,
            "until": list(self.until), "sampling": self.sampling.plain(), "where": list(self.form.where),
        }  # fmt: skip

    def design_rows(self) -> list[dict[str, Any]]:
        """Return a row for each variant, then for each combination left out.

        Each has ``variant`` (a label, none of what is left out), ``scenario``, the value of each factor by its path,
        ``points`` (none without a sampled block), ``worlds``, and ``left_out_by``: the constraint, or nothing.
        """
        factors = [one.factors for one in self.variants] + [one.factors for one in self.left_out]
        columns = dict.fromkeys(key for one in factors for key in one)
        blank = dict.fromkeys(columns)
        points = self.sampling.count or None
        rows = [
            {"variant": one.label, "scenario": one.scenario, **blank, **one.factors, "points": points,
             "worlds": self.worlds, "left_out_by": ""}
            for one in self.variants
        ]  # fmt: skip
        return rows + [
            {"variant": None, "scenario": one.scenario, **blank, **one.factors, "points": None, "worlds": 0,
             "left_out_by": one.constraint}
            for one in self.left_out
        ]  # fmt: skip
