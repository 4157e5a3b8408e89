"""Gathers what a report says of finished results."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

from matplotlib.figure import Figure

from sim import stats
from sim.errors import InputError
from sim.evidence.findings import load_findings
from sim.inputs.claims import load_claims, load_documents
from sim.inputs.labels import variant_names
from sim.inputs.theory import theory_purpose
from sim.inputs.values import spelling
from sim.inputs.yaml.snapshots import at_one_moment
from sim.names.measures import Measure
from sim.plots import FIGURES
from sim.plots.drawing import FigurePool
from sim.plots.frame import style, without_frame
from sim.plots.outcomes import differences, distributions
from sim.plots.spreads import spread_bars
from sim.plots.theories import theory_heat
from sim.report import brief, who_pays
from sim.report.blocks import Block, Para, Picture, Points, Report, Section, Table, Told, code, unmarked
from sim.report.by_construction import MARK, NOTE, given_in
from sim.report.exits import exits_table, left_in, more_where_it_stays, what_an_exit_is
from sim.report.figure_tables import numbers_of
from sim.report.luck_and_ignorance import parted, what_moves_worlds
from sim.report.pictures import Drawn, drawn, drawn_of, png_of
from sim.report.predictions import Held, held_against, other_theories, stale, theories_in_brief, trial
from sim.report.provenance import command_of_story, of_variants, provenance, swept
from sim.report.sources import sources
from sim.report.typical_worlds import chosen_worlds, rebuilt
from sim.report.verdicts import FEDERAL_IRAQ, mean_and_interval, no_findings, order_of_presence, tie_zones, verdicts
from sim.results import FINISHED, SHARD, Results, StoreError, by_theory, suggested
from sim.results.comparison import measures_of
from sim.running import spread as spreading
from sim.running.interruption import heeded
from sim.stories.causes import Ground, Grounds, grounds_of_exits
from sim.stories.story import story
from sim.wording import (
    NOTHING,
    amount,
    date_in_words,
    difference,
    headed,
    in_letters,
    in_shell,
    interval,
    number,
    signed,
)

#: Worlds with an exit whose causes are followed, for each variant.
FOLLOWED = 25
#: Variants whose spread is taken apart, worlds of each, and how often each is lived.
TAKEN_APART, LIVED, LIVES = 4, 100, 4
#: Mechanisms, and rules, shown among the grounds of exits.
SHOWN = 10
#: Outcomes shown beside the headline ones: who else pays, and what is left.
PRICE = (
    "us_troops_end", "us_wounded", "coalition_killed", "iraqi_forces_killed", "civilians_killed", "killed_by_isis",
    "coalition_members_end", "economy_end",
)  # fmt: skip
#: Maps of what tiles show with their names and numbers; `crossfire plot` draws them.
DRAWN_TWICE = ("isis_maps", "opinion_maps")
#: What is drawn while other processes draw the rest: the first one knows what the report marks.
DRAWN_HERE = ("differences", "distributions")

HOW_TO_READ = (
    "A world is one course of events: it has its own values of everything that nobody knows, and its own luck. "
    "Variants are compared in the same worlds, so a difference is theirs. An interval belongs to a mean and narrows "
    "with more worlds; the spread over worlds (p05 to p95) holds chance and ignorance and does not."
)


def not_for() -> str:
    """Return what the model is not for, in a few sentences."""
    return (
        "It does not foretell what will happen, and no share of worlds is the probability of an event in Iraq. It "
        f"works out what follows from stated readings of {in_letters(len(load_documents()))} documents, under stated "
        "ignorance, and which of those readings a conclusion needs. It is no basis for targeting, for operations, or "
        "for judging any living person."
    )


@heeded()
def build(
    results: Results, preferences: stats.Preferences | None = None, say: Callable[[str], None] = lambda words: None
) -> Report:
    """Return the report of results; of several variants, the first is the baseline of all comparisons.

    ``preferences`` has the analyst's tie zones and wishes; ``say`` is told of each part that is begun.
    """
    if results.status == SHARD:
        raise StoreError(f"{results.folder}: a shard, whose variants have no worlds in common; crossfire merge first")
    results = results.begun()
    made = Making(results, preferences)
    elsewhere = [name for name in FIGURES if name not in (*DRAWN_TWICE, *DRAWN_HERE)]
    with FigurePool(drawn_of, made.results.folder, made.labels, elsewhere) as others, at_one_moment():
        return _built(made, others, say)


def _built(made: "Making", others: FigurePool, say: Callable[[str], None]) -> Report:
    """Return the report; figures that are drawn elsewhere are waited for last."""
    steps: tuple[tuple[str, str, Callable[[], Iterator[Block]]], ...] = (
        ("brief", "In brief", made.brief), ("question", "The question", made.question),
        ("findings", "Findings", made.findings),
        ("comparison", "The comparison", made.comparison), ("figures", "Figures", partial(made.figures, others)),
        ("theories", "By theory", made.theories), ("spread", "The spread, taken apart", made.spread),
        ("pairing", "How the worlds are paired", made.pairing), ("grounds", "What the exits rest on", made.grounds),
        ("predictions", "What fails", made.predictions), ("worlds", "Worlds, told", made.told),
        ("sources", "The documents", made.sources), ("provenance", "Where this comes from", made.provenance),
    )  # fmt: skip
    found = {}
    for anchor, title, blocks in sorted(steps, key=lambda step: step[0] == "figures"):
        say(title)
        found[anchor] = tuple(blocks())
    sections = [Section(anchor, title, found[anchor]) for anchor, title, _ in steps if found[anchor]]
    return Report(made.title, made.subtitle, tuple(sections))


class Making:
    """Makes the sections of one report."""

    def __init__(self, results: Results, preferences: stats.Preferences | None = None) -> None:
        #: With variants of several theories, the report is of the first one's; the section by theory is of them all.
        self.whole = results
        self.results = results = by_theory.of_one_theory(results)
        self.manifest = results.manifest
        self.labels = results.variants
        names = variant_names(self.labels) if len(self.labels) > 1 else ["the scenario as it is"]
        self.names = list(map(unmarked, names))
        #: A sweep has a title and a purpose of its own, which stand in place of the scenario's.
        self.inputs = self.manifest["inputs"]["variants"][0] | {
            key: value for key, value in (self.manifest.get("sweep") or {}).items() if key in ("title", "purpose")
        }
        self.compared = compared = results.comparison(preferences)
        self.measures = compared.headlines
        self.found = [compared.summary(label) for label in self.labels]
        self.left = [one for label in self.labels if (one := left_in(results, label))]
        self.apart = list(compared.headline_differences().values())
        self.variants = [rebuilt(results, k) for k in range(len(self.labels))]
        self.preferences = preferences
        #: What follows from the policies or the scenario themselves, variant by variant.
        self.given = [
            given_in(variant, compared.measures, partial(results.column, variant=label))
            for variant, label in zip(self.variants, self.labels, strict=True)
        ]

    @property
    def title(self) -> str:
        """Return the title: the scenario's."""
        return str(self.inputs["title"])

    @property
    def subtitle(self) -> str:
        """Return what was run, in a line."""
        start, days = date.fromisoformat(self.inputs["start"]), self.manifest["days"]
        n = f"{len(self.labels)} variants in the same " if len(self.labels) > 1 else ""
        worlds, seed = f"{n}{self.manifest['worlds']:,} worlds", self.manifest["seed"]
        return f"{worlds}, {days} days from {date_in_words(start)}; seed {seed}"

    # ------------------------------------------------------------------------------------------------------- sections

    def brief(self) -> Iterator[Block]:
        """Yield the report on half a page."""
        start = date_in_words(date.fromisoformat(self.inputs["start"]))
        purpose = unmarked(self.inputs["purpose"])
        said_first = brief.asked(purpose, self.names, self.manifest["worlds"], self.manifest["days"], start)
        sure = (
            brief.how_sure(self.names, self.measures, self.apart, self.given)
            if self.apart
            else brief.single(self.measures, self.found[0])
        )
        items = (
            said_first,
            *brief.ordering(self.names, self.found, self._steps(), self.given),
            brief.kinds_of_exits(self.names, self.left),
            f"The price, least and most: {who_pays.in_brief(self.names, self.found)}." if self.apart else "",
            sure,
            brief.single_worlds(self._causes()),
            brief.rests_on(self.names, self.followed),
            brief.fails(load_findings(), self.held, self._stale()),
            brief.limits(self._by_theory()[0], self.inputs["theory"], self.names, self.followed, FOLLOWED,
                         theories_in_brief(load_findings(), self.held, self.labels, self.names)),
        )  # fmt: skip
        yield Points(tuple(filter(None, items)))

    def _causes(self) -> list[str]:
        """Return what in single worlds is luck and what ignorance; nothing where they cannot be lived again."""
        if not self.lived:
            return []
        return list(what_moves_worlds(self.lived, spreading.MEASURES, self.manifest["worlds"], spans=False))

    def _stale(self) -> str:
        """Return that the trial of the predictions was made with other rules, if it was."""
        return stale(load_findings(), self.manifest["rules_hash"])

    def _elsewhere(self) -> tuple[list[str], Table | None]:
        """Return what separate trials show of what is compared here under each theory, and its numbers."""
        found = load_findings()
        return other_theories(found, self.held, self.labels, self.names) if found and self.held else ([], None)

    def _steps(self) -> list[dict[str, dict[str, Any]]]:
        """Return the differences in exits and days at each step of the order by presence, as they stand alone."""
        if any(name not in self.found[0] for name in ("presence_days", "exited")):
            return []
        measures = [m for m in self.measures if m.name in ("presence_days", "exited")]
        return [
            {m.name: self.compared.between(m, self.labels[a], self.labels[b]) for m in measures}
            for a, b in pairwise(brief.by_presence(self.found))
        ]

    @cached_property
    def followed(self) -> list[Grounds | None]:
        """Return what exits rest on, variant by variant; None where its worlds cannot be lived again."""
        found: list[Grounds | None] = []
        for variant, label in zip(self.variants, self.labels, strict=True):
            frame = self.results.outcomes_columns(["world", "exited"], label)
            left = frame["world"][frame["exited"].astype(bool)].head(FOLLOWED).tolist()
            found.append(None if variant is None else grounds_of_exits(variant, left, self.manifest["seed"]))
        return found

    @cached_property
    def held(self) -> list[Held]:
        """Return the predictions that concern what is compared, held against these results."""
        mixed = next((v.inputs.mixture for v in self.variants if v is not None), ())
        return held_against(self.results, self.variants, mixed[0].name if mixed else self.inputs["theory"])

    def question(self) -> Iterator[Block]:
        """Yield what is asked, what this is not for, and what is wrong with the run."""
        yield Para(unmarked(str(self.inputs["purpose"])), "lead")
        if len(self.labels) > 1:
            listed = "; ".join(f"{name}{' (the baseline)' if k == 0 else ''}" for k, name in enumerate(self.names))
            yield Para(f"Compared here: {listed}.")
            purposes = [f"{headed(name)}: {p}" for name, p in zip(self.names, self._purposes(), strict=True) if p]
            yield from [Points(tuple(purposes))] if purposes else []
        yield Para("What it is not for. " + not_for())
        yield Para("How to read it. " + HOW_TO_READ)
        yield from (Para(words, "warning") for words in self._warnings())

    def findings(self) -> Iterator[Block]:
        """Yield the verdicts in sentences; of a single variant its headline outcomes."""
        if self.apart:
            said_first = "lead"
            for words in order_of_presence(self.names, self.found, self.apart):
                yield Para(words, said_first)
                said_first = ""
            yield from self._exits()
        for k, apart in enumerate(self.apart, start=1):
            yield Para(f"{headed(self.names[k])}, against {self.names[0]}:")
            names, given = (self.names[0], self.names[k]), (self.given[0], self.given[k])
            known = [m.name in given[0] or m.name in given[1] for m in self.measures]
            open_ones = [m for m, is_given in zip(self.measures, known, strict=True) if not is_given]
            many = len(self.measures) * len(self.apart)
            yield Points(tuple(verdicts(open_ones, self.found[0], self.found[k], apart, names, many)))
            if any(known):
                yield Para("Set by a policy or by the scenario itself, and so not a result of the worlds:")
                yield Points(tuple(no_findings(self.measures, self.found[0], self.found[k], names, given)))
        if self.apart:
            yield Para(
                f"Verdicts are corrected (Holm) for {len(self.measures) * len(self.apart)} comparisons; the intervals "
                f"beside them are not. {tie_zones(self.measures, self.preferences)}",
                "note",
            )
        if not self.apart:
            yield Para(FEDERAL_IRAQ)
            yield from self._exits()
            found = self.found[0]
            yield Points(
                tuple(
                    self.given[0][m.name].said()
                    if m.name in self.given[0]
                    else f"{headed(m.label)}: {number(found[m.name]['mean'], m)} ({interval(found[m.name], m)})"
                    for m in self.measures
                )
            )

    def _exits(self) -> Iterator[Block]:
        """Yield what an exit is, of what kind they are, and who has more troops at the end with fewer days."""
        if not self.left:
            return
        yield Para(what_an_exit_is())
        yield exits_table(self.names, self.left)
        days, troops = ([one[name]["mean"] for one in self.found] for name in ("presence_days", "us_troops_end"))
        yield from (Para(words) for words in more_where_it_stays(self.names, self.left, days, troops))

    def comparison(self) -> Iterator[Block]:
        """Yield the tables of means and of paired differences."""
        head = ("", *self.names)
        rows = [(headed(m.label), *self._means(m)) for m in self.measures]
        marked = f"; {NOTE}" if any(m.name in given for m in self.measures for given in self.given) else ""
        yield Table(head, tuple(rows), f"Means over worlds, below each its 95% interval{marked}")
        if self.apart:
            yield Table(
                ("", *self.names[1:]),
                tuple((headed(m.label), *self._differences(m)) for m in self.measures),
                f"Differences from {self.names[0]}, world by world, below each its 95% interval{marked}",
            )
        there = [m for m in measures_of(self.results) if m.name in PRICE]
        yield Table(
            head,
            tuple((headed(m.label), *self._means(m)) for m in there),
            "The price, and what remains: means over worlds, below each its 95% interval",
        )
        if self.apart:
            yield Para("Who pays, where it is beyond the tie zone from the next:")
            yield Points(tuple(who_pays.who_pays(self.results, self.names, self.found)))
        yield from (Para(words, "note") for words in [who_pays.of_whom(self.names, self.found)] if words)
        yield Table(
            ("", *self.names),
            tuple((headed(m.label), *(_spread(f[m.name], m) for f in self.found)) for m in self.measures),
            "The spread over worlds: p05, median, p95 (chance and ignorance together; more worlds do not narrow it)",
            folded=True,
        )

    def _means(self, measure: Measure) -> Iterator[str]:
        """Yield each variant's mean of a measure with its interval, marked where it is given."""
        for found, given in zip(self.found, self.given, strict=True):
            yield mean_and_interval(found[measure.name], measure, measure.name in given)

    def _differences(self, measure: Measure) -> Iterator[str]:
        """Yield each difference from the baseline with its interval, marked where either side is given."""
        for apart, given in zip(self.apart, self.given[1:], strict=True):
            mark = f" {MARK}" * (measure.name in given or measure.name in self.given[0])
            yield _difference(apart[measure.name], measure) + mark

    def figures(self, others: FigurePool) -> Iterator[Block]:
        """Yield each figure that the results have data for, with its numbers and the command that draws it.

        Of two figures of the same numbers one is enough: what is drawn as tiles is not drawn as a map again.
        """
        here: dict[str, Callable[[], Figure | None]] = {
            "differences": self._differences_drawn, "distributions": partial(distributions, self.results),
        }  # fmt: skip
        made: dict[str, Drawn | None] = {}
        for name, draw in here.items():
            with style():
                made[name] = drawn(figure) if (figure := draw()) else None
        made |= others.drawn()
        for name in FIGURES:
            if (one := made.get(name)) is None:
                continue
            command = f"{suggested('plot', self._folder())} --only {name}"
            table = numbers_of(name, self.results, self.compared)
            yield Picture(name, one.title, one.png, *one.size, one.says, command, table)

    def _differences_drawn(self) -> Figure | None:
        """Return the figure of differences, marked where they follow from a policy or the scenario."""
        marked = {
            (label, m.name)
            for label, given in zip(self.labels[1:], self.given[1:], strict=True)
            for m in self.measures
            if m.name in given or m.name in self.given[0]
        }
        note = f"{NOTE}; the report alone puts it there." if marked else ""
        return differences(self.results, self.preferences, self.compared.headline_differences(), marked, note)

    def theories(self) -> Iterator[Block]:
        """Yield each headline outcome under each theory, where worlds or variants have several."""
        theories, found = self._by_theory()
        if not found:
            yield from self._of_other_theories()
            return
        purposes = [(name, unmarked(theory_purpose(name))) for name in theories]
        yield Points(tuple(f"{name}: {purpose}" for name, purpose in purposes if purpose))
        labels = list(dict.fromkeys(one.variant for one in found))
        names = dict(
            zip(labels, map(unmarked, variant_names(labels)) if len(labels) > 1 else self.names[:1], strict=True)
        )
        compared = [one for one in found if one.against]
        if compared:
            yield from self._heat(compared, theories, names)
            yield Points(tuple(_survivals(compared, theories, names)))
        for variant in labels:
            rows = [one for one in found if one.variant == variant]
            words = f"{names[variant]}, less {names[labels[0]]}" if rows[0].against else f"{names[variant]}: means"
            yield Table(
                ("", *theories),
                tuple((headed(one.measure.label), *(_by_theory(one, t) for t in theories)) for one in rows),
                f"{words}, by theory", folded=True,
            )  # fmt: skip

    def _of_other_theories(self) -> Iterator[Block]:
        """Yield what separate trials show under each theory of what is compared here, where worlds took one reading."""
        yield Para(
            f"All worlds took one reading of the conflict ({self.inputs['theory']}), so these results alone do not "
            "say whether a finding survives another; a run in which worlds draw their theory, or one that varies it, "
            f"would: {code('--theory documents:1,deterrence:1,proxies:1')}."
        )
        found = load_findings()
        sentences, table = self._elsewhere()
        if not sentences:
            return
        if self._stale():
            yield Para(self._stale(), "warning")
        yield Para(
            f"Separate trials of the predictions ({found['worlds']:,} worlds an arm, one theory at a time) tried "
            "some of the comparisons made here. What they show:"
        )
        yield Points(tuple(sentences))
        yield from [table] if table else []
        purposes = [(name, unmarked(theory_purpose(name))) for name in found["theories"]]
        yield Para("The theories:")
        yield Points(tuple(f"{name}: {purpose}" for name, purpose in purposes if purpose))

    def _by_theory(self) -> tuple[list[str], list[by_theory.Weighed]]:
        """Return theories and what was found under each: those of variants, else those that worlds drew."""
        theories = by_theory.varied_theories(self.whole)
        if theories:
            return theories, by_theory.over_variants(self.whole)
        try:
            return by_theory.theories_of(self.results), by_theory.by_theory(self.results, {})
        except InputError:
            return [], []

    def _heat(
        self, compared: Sequence[by_theory.Weighed], theories: Sequence[str], names: Mapping[str, str]
    ) -> Iterator[Block]:
        rows = list(dict.fromkeys(names[one.variant] for one in compared))
        panels = [
            (m, {(names[o.variant], t): o.found[t] for o in compared if o.measure == m for t in theories})
            for m in self.measures
        ]
        with style():
            title, says = without_frame(figure := theory_heat(panels, rows, theories, names[compared[0].against], []))
            png, size = png_of(figure)
        command = suggested("report", self._folder())
        yield Picture("by_theory", title, png, *size, says, command)

    @cached_property
    def lived(self) -> dict[str, spreading.Spread]:
        """Return the spread of the first variants and of their differences, by heading; none without their worlds."""
        ready = [variant for variant in self.variants[:TAKEN_APART] if variant is not None]
        if len(ready) < min(len(self.variants), TAKEN_APART):
            return {}
        found = spreading.spreads(ready, LIVED, self.manifest["seed"], LIVES)
        names = dict(zip([one.variant for one in found[: len(ready)]], self.names, strict=False))
        return {f"{names[o.variant]}{', less ' + names[o.against] if o.against else ''}": o for o in found}

    def spread(self) -> Iterator[Block]:
        """Yield how much of the spread is chance, parameters and theory, from worlds lived several times."""
        if not self.lived:
            yield Para("Rules or files have changed since the run, so its worlds cannot be lived again.")
            return
        left_out = self.names[TAKEN_APART:]
        yield Para(
            f"The first {LIVED} worlds were lived {LIVES} times each, with the same parameters and other luck. So the "
            "variance over worlds parts into chance (what luck does within a world), parameters (what nobody knows) "
            "and theory. It does not shrink with more worlds; the Monte Carlo error of a mean, of these few worlds, "
            "does. Means here are of these worlds alone and less sure than those above."
            + (f" To keep this short it is of the first {TAKEN_APART} variants, without {', '.join(left_out)}."
               if left_out else "")
        )  # fmt: skip
        yield Points(tuple(what_moves_worlds(self.lived, spreading.MEASURES, self.manifest["worlds"])))
        for heading, one in self.lived.items():
            rows = tuple(taken_apart(headed(m.label), one.found[m.name], m, bool(one.against))
                         for m in spreading.MEASURES if one.found[m.name]["variance"])  # fmt: skip
            still = [m.label for m in spreading.MEASURES if not one.found[m.name]["variance"]]
            note = f" (nothing varies in: {'; '.join(still)})" if still else ""
            head = ("", "mean", "Monte Carlo error", "spread (sd)", *stats.PARTS)
            yield Table(head, rows, f"{heading}{note}", folded=bool(one.against))
        tables = {heading: one.found for heading, one in self.lived.items()}
        with style():
            figure = spread_bars(tables, {m.name: m.label for m in spreading.MEASURES}, [])
            title, says = without_frame(figure)
            png, size = png_of(figure)
        yield Picture("spread", title, png, *size, says, self._spread_command())

    def _spread_command(self) -> str:
        """Return the command that takes apart the variants that are shown."""
        entries = [entry["inputs"] for entry in self.manifest["variants"][:TAKEN_APART]]
        options = {"worlds": LIVED, "replicates": LIVES, "seed": self.manifest["seed"], "out": "spread"}
        return of_variants("spread", entries, options)

    def pairing(self) -> Iterator[Block]:
        """Yield where and why worlds of two variants part, as the audit found it."""
        found = self.compared.pairing
        if found:
            names = dict(zip(self.labels, self.names, strict=True))
            yield Points(tuple(parted(names[one["variant"]], self.names[0], one) for one in found))
            rows = tuple(
                (names[one["variant"]], f"{p['world']}", "–" if p["day"] is None else f"{p['day']}",
                 p["actor"] or p["place"] or "–", p["first"], p["second"])
                for one in found for p in one["partings"]
            )  # fmt: skip
            head = ("against", "world", "first day", "whose decision", f"under {self.names[0]}", "under the other")
            yield Table(head, rows, "The worlds looked at", folded=True)

    def grounds(self) -> Iterator[Block]:
        """Yield what exits rest on under each variant: mechanisms and rules among their causes."""
        n = max((one.worlds for one in self.followed if one is not None), default=0)
        low, high = stats.wilson_interval(n // 2, n) if n else (None, None)
        coarse = (
            f" Of {n} exits a share of a half may be anything from {low:.0%} to {high:.0%}." if low and high else ""
        )
        yield Para(
            "Exits were followed back to their causes through the record. The share says in how many of the exits "
            "looked at a mechanism or a rule is recorded among the causes, at whatever remove. Looked at are the first "
            f"{FOLLOWED} worlds of each variant, by number, that have an exit (all of them where there are fewer): "
            "numbers have nothing to do with what happens in a world, so this is a sample by chance, and a small one."
            f"{coarse} Worlds are not the same from one variant to the next, since not the same ones have an exit."
        )
        settings = [(entry["inputs"] or {}).get("settings") or {} for entry in self.manifest["variants"]]
        if not any(path.startswith("mechanisms.") for given in settings for path in given):
            off = in_shell(("crossfire", "compare", self.inputs["scenario"], "--vary", "M01=0,1"))
            yield Para(
                "A cause that is recorded need not be one without which the US would have stayed. Whether exits would "
                f"become rarer without a mechanism can be tried by switching it off, as by {code(off)}; that was "
                "not run for this report, and its result is not known here. Claims with letter and number stand in the "
                "ledger; the rest are paragraphs of the documents."
            )
        for one, name in zip(self.followed, self.names, strict=True):
            if one is None:
                yield Para(f"{name}: rules or files have changed since the run, so its worlds cannot be lived again.")
            elif not one.worlds:
                yield Para(f"{name}: no world has an exit.")
        if n:
            names = [f"{name}\n({one.worlds} exits)" for one, name in zip(self.followed, self.names, strict=True)
                     if one is not None and one.worlds]  # fmt: skip
            yield Table(
                ("rests on", "what it says", *names, "documents"), tuple(self._grounds()),
                "In how many of the exits looked at it is among the causes (–: a rule of another policy)",
            )  # fmt: skip

    def _grounds(self) -> Iterator[tuple[str, ...]]:
        """Yield a row for each of the commonest mechanisms and rules, with its share under each variant."""
        ready = [(variant, one) for variant, one in zip(self.variants, self.followed, strict=True)
                 if variant is not None and one is not None and one.worlds]  # fmt: skip
        for kind in ("mechanisms", "rules"):
            shares: dict[str, list[float]] = {}
            grounds: dict[str, Ground] = {}
            for k, (_, one) in enumerate(ready):
                for ground in getattr(one, kind):
                    grounds[ground.name] = ground
                    shares.setdefault(ground.name, [0.0] * len(ready))[k] = ground.share
            for name in sorted(shares, key=lambda which: -max(shares[which]))[:SHOWN]:
                policies = ({f"{p.key} {p.name}" for p in variant.inputs.policies} for variant, _ in ready)
                cells = (
                    NOTHING if kind == "rules" and name.partition(":")[0] not in there else f"{share:.0%}"
                    for share, there in zip(shares[name], policies, strict=True)
                )
                what, documents = _ground(grounds[name])
                yield name, what, *cells, documents

    def predictions(self) -> Iterator[Block]:
        """Yield the predictions that the model does not bear out, as the last trial of the ledger found them."""
        found = load_findings()
        if not found:
            yield Para(f"The ledger has not been tried: {code('crossfire claims')} does it.")
            return
        if self._stale():
            yield Para(self._stale(), "warning")
        if self.held:
            names = dict(zip(self.labels, self.names, strict=True))
            yield Para(
                "The predictions about what is compared here, their tests read off these very results. A test has a "
                "margin of its own, fixed before any run, which need not be the tie zone of the findings above: it may "
                "agree where a finding is too small to matter."
            )
            yield Points(tuple(one.said(names, found) for one in self.held))
        yield from trial(found)

    def told(self) -> Iterator[Block]:
        """Yield the most typical and the most surprising world of the baseline, and one that two variants part."""
        if self.variants[0] is None or self.variants[-1] is None:
            yield Para("Rules or files have changed since the run, so its worlds cannot be told.")
            return
        typical, strange = chosen_worlds(self.results, self.labels[0], self.measures)
        whose = f"of all worlds under {self.names[0]}, {{}} by its headline outcomes together"
        yield self._told(0, typical.world, headed(whose.format("the most typical")) + ".", "the most typical")
        yield self._told(0, strange.world, headed(whose.format("the most surprising")) + ".", "the most surprising")
        if found := self._parted_world():
            yield from self._told_twice(*found)

    def _told_twice(self, number: int, world: int, differ: int) -> Iterator[Told]:
        """Yield one world under a variant and under the baseline: the same values and luck, other decisions."""
        first, other = self.names[0], self.names[number]
        why = (
            f"Chosen because exits differ most between {other} and {first} among the policies that do not order an "
            f"exit themselves: in {differ:,} worlds the US is gone under one and not under the other. Told is "
            "one as most of them are: the same values of everything that nobody knows, the same luck, other decisions."
        )
        yield self._told(number, world, why, f"it ends differently from {first}")
        yield self._told(0, world, f"The same world under {first}, to be read beside the one above.",
                         f"the same world, to compare with {other}")  # fmt: skip

    def _parted_world(self) -> tuple[int, int, int] | None:
        """Return the variant whose exits differ most from the baseline's, a world in which they do, and how many do.

        A variant whose policy orders an exit whatever happens is taken only where there is no other.
        """
        found = []
        for k, label in enumerate(self.labels[1:], start=1):
            frames = [
                self.results.outcomes_columns(["world", "exited"], one).set_index("world")["exited"].astype(bool)
                for one in (self.labels[0], label)
            ]
            here, there = frames[1].reindex(frames[0].index), frames[0]
            sides = sorted((here.index[here & ~there], here.index[there & ~here]), key=len)
            n = sum(map(len, sides))
            if n and self.variants[k] is not None:  # one of those that are gone under the one with more exits
                found.append(("exited" not in self.given[k], n, -k, int(sides[-1][len(sides[-1]) // 2])))
        if not found:
            return None
        _, n, k, world = max(found)
        return -k, world, n

    def sources(self) -> Iterator[Block]:
        """Yield the documents by name, and a straight word on hindsight."""
        yield from sources(date.fromisoformat(self.inputs["start"]), self.inputs)

    def provenance(self) -> Iterator[Block]:
        """Yield what is needed to make all of it again."""
        figures = [suggested("plot", self._folder())]
        figures += [self._spread_command()] if self.lived and not swept(self.manifest) else []
        yield from provenance(self.whole.manifest, self._folder(), figures)

    # ---------------------------------------------------------------------------------------------------------- parts

    def _folder(self) -> str:
        return self.results.folder.name

    def _purposes(self) -> list[str]:
        """Return what the policies that tell the variants apart are for, variant by variant."""
        given = [(entry["inputs"] or {}).get("settings", {}) for entry in self.manifest["variants"]]
        varied = {path for one in given for path in one if len({spelling(other.get(path)) for other in given}) > 1}
        purposes = []
        for variant, entry in zip(self.variants, self.manifest["variants"], strict=True):
            settings = {} if variant is None else (entry["inputs"] or {}).get("settings", {})
            said = [
                policy.purpose
                for path, value in settings.items()
                if path.startswith("policies.") and path in varied
                for policy in (variant.inputs.policies if variant else ())
                if (policy.key, policy.name) == (path.split(".")[1], spelling(value))
            ]
            purposes.append(unmarked(" ".join(said)))
        return purposes

    def _warnings(self) -> Iterator[str]:
        m = self.manifest
        if self.results.status != FINISHED:
            yield f"The run is not finished ({self.results.status}): this is of the worlds so far."
        if m["failures"]:
            names = code(suggested("show", self._folder()))
            yield f"{len(m['failures'])} worlds failed and are left out; {names} names them."
        if (m.get("git") or {}).get("dirty"):
            yield "The run was made from a checkout with changes in no commit: it cannot be made again exactly."
        if any(variant is None for variant in self.variants):
            yield "Rules or files have changed since the run: numbers are as they were, worlds cannot be told again."

    def _told(self, number: int, world: int, why: str, words: str) -> Told:
        variant, name = self.variants[number], self.names[number]
        assert variant is not None
        one = story(variant, world, self.manifest["seed"])
        lines = tuple((date_in_words(s.date), s.text, s.source) for s in one.sentences)
        command = command_of_story(self.manifest, self._folder(), number, world)
        return Told(f"World {world} under {name}: {words}", why, lines, one.ending, command)


def _difference(found: dict[str, object], measure: Measure) -> str:
    size, between = difference(found, measure)
    return f"{size}\n{between}" if between else size


def taken_apart(label: str, found: dict[str, Any], measure: Measure, apart: bool) -> tuple[str, ...]:
    """Return a row of a spread taken apart; with ``apart`` its mean is a difference."""
    share = measure.unit.startswith("share")
    mean = signed(found["mean"], measure) + " points" * share if apart else number(found["mean"], measure)
    if found["error"] is None:
        return (label, mean, *("–",) * (2 + len(stats.PARTS)))
    parts = found["components"] or {}
    shares = (
        f"{parts[p]['share']:.0%}\n{parts[p]['low']:.0%} to {parts[p]['high']:.0%}" if p in parts else "–"
        for p in stats.PARTS
    )
    error, sd = (amount(x, measure) for x in (found["error"], found["variance"] ** 0.5))
    return (label, mean, f"±{error}", sd, *shares)


def _spread(found: dict[str, float], measure: Measure) -> str:
    if measure.kind == "flag":
        return "yes or no"
    return ", ".join(number(found[point], measure) for point in ("p05", "p50", "p95"))


def _by_theory(one: by_theory.Weighed, theory: str) -> str:
    found = one.found[theory]
    if found["mean"] is None:
        return "–"
    if one.against:
        return _difference({"difference": found["mean"], **found}, one.measure)
    low = max(0.0, found["low"]) if found["low"] is not None and one.measure.unit.startswith("share") else found["low"]
    return mean_and_interval(found | {"low": low}, one.measure)


def _survivals(
    compared: Sequence[by_theory.Weighed], theories: Sequence[str], names: Mapping[str, str]
) -> Iterator[str]:
    """Yield for each variant which differences have one sign, surely, under every theory, and which depend on it."""
    for variant in dict.fromkeys(one.variant for one in compared):
        of_variant = [one for one in compared if one.variant == variant]
        signs = {one.measure.label: {t: _sign(one.found[t]) for t in theories} for one in of_variant}
        told = " ".join(filter(None, (_kept(signs), _unsure(signs), _divided(signs))))
        yield f"{names[variant]}, less {names[compared[0].against]}. {told}"


def _kept(signs: Mapping[str, Mapping[str, int]]) -> str:
    same = [f"{label} ({_SIGNS[s]})" for label, by in signs.items() if len(set(by.values())) == 1
            for s in list(by.values())[:1] if s]  # fmt: skip
    return f"Survive every theory: {'; '.join(same)}." if same else ""


def _unsure(signs: Mapping[str, Mapping[str, int]]) -> str:
    none = [label for label, by in signs.items() if not any(by.values())]
    return f"Cannot be told from no difference under any: {'; '.join(none)}." if none else ""


def _divided(signs: Mapping[str, Mapping[str, int]]) -> str:
    split = [
        f"{label} ({', '.join(f'{_SIGNS[s]} under {t}' for t, s in by.items())})"
        for label, by in signs.items()
        if len(set(by.values())) > 1
    ]
    return f"Depend on the theory: {'; '.join(split)}." if split else ""


_SIGNS = {1: "higher", -1: "lower", 0: "unsure"}


def _sign(found: Mapping[str, Any]) -> int:
    low, high = found["low"], found["high"]
    return 0 if low is None or low <= 0 <= high else 1 if low > 0 else -1


def _ground(one: Ground) -> tuple[str, str]:
    """Return what a mechanism or a rule says, and what it rests on."""
    if one.title:
        return one.title, "; ".join(one.sources)
    ledger = load_claims()
    said_by = [f"{c} ({ledger[c].title})" if c in ledger else c for c in one.sources]
    return "a rule", "; ".join(said_by)
