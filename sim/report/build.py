"""Gathers what a report says of finished results."""

import io
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from sim import reweigh, runs, stats
from sim import spread as spreading
from sim.claims import load_claims
from sim.errors import InputError
from sim.explain import said, story
from sim.findings import load_findings
from sim.grounds import Ground, Grounds, grounds_of_exits
from sim.names.measures import Measure
from sim.plots import FIGURES
from sim.plots.frame import bare, headed, style, variant_names
from sim.plots.outcomes import differences
from sim.plots.spreads import spread_bars
from sim.plots.theories import theory_heat
from sim.report import brief
from sim.report.blocks import Block, Para, Picture, Points, Report, Section, Table, Told
from sim.report.given import MARK, NOTE, given_in
from sim.report.numbers import numbers_of
from sim.report.sentences import FEDERAL_IRAQ, mean_and_interval, no_findings, order_of_presence, verdicts
from sim.report.trials import Held, held_against, trial
from sim.report.worlds import Chosen, chosen_worlds, rebuilt
from sim.said import NOTHING, amount, difference, interval, number
from sim.store import FINISHED, Results
from sim.theory import theory_purpose
from sim.world.compiled import rule_hash

#: Worlds with an exit whose causes are followed, for each variant.
FOLLOWED = 25
#: Variants whose spread is taken apart, worlds of each, and how often each is lived.
TAKEN_APART, LIVED, LIVES = 3, 100, 4
#: Mechanisms, and rules, shown among the grounds of exits.
SHOWN = 10
#: Outcomes shown beside the headline ones: who else pays, and what is left.
PRICE = (
    "us_troops_end", "us_wounded", "coalition_killed", "iraqi_forces_killed", "civilians_killed", "killed_by_isis",
    "coalition_members_end", "economy_end",
)  # fmt: skip
#: Maps of what tiles show with their names and numbers; `crossfire plot` draws them.
DRAWN_TWICE = ("isis_maps", "opinion_maps")
#: Dots an inch of pictures in the page, and the colours that they keep: a tenth of the size, no difference to an eye.
DOTS, COLOURS = 130, 192

NOT_FOR = (
    "It does not foretell what will happen, and no share of worlds is the probability of an event in Iraq. It works "
    "out what follows from stated readings of five documents, under stated ignorance, and which of those readings a "
    "conclusion needs. It is no basis for targeting, for operations, or for judging any living person."
)
HOW_TO_READ = (
    "A world is one course of events: it has its own values of everything that nobody knows, and its own luck. "
    "Variants are compared in the same worlds, so a difference is theirs. An interval belongs to a mean and narrows "
    "with more worlds; the spread over worlds (p05 to p95) holds chance and ignorance and does not."
)


def build(
    results: Results, judging: stats.Judging | None = None, say: Callable[[str], None] = lambda words: None
) -> Report:
    """Return the report of results; of several variants, the first is the baseline of all comparisons.

    ``judging`` has the analyst's tie zones and wishes; ``say`` is told of each part that is begun.
    """
    made = Making(results, judging)
    steps = (
        ("brief", "In brief", made.brief), ("question", "The question", made.question),
        ("findings", "Findings", made.findings),
        ("comparison", "The comparison", made.comparison), ("figures", "Figures", made.figures),
        ("theories", "By theory", made.theories), ("spread", "The spread, taken apart", made.spread),
        ("pairing", "How the worlds are paired", made.pairing), ("grounds", "What the exits rest on", made.grounds),
        ("predictions", "What fails", made.predictions), ("worlds", "Worlds, told", made.told),
        ("provenance", "Where this comes from", made.provenance),
    )  # fmt: skip
    sections = []
    for anchor, title, blocks in steps:
        say(title)
        found = tuple(blocks())
        sections += [Section(anchor, title, found)] if found else []
    return Report(made.title, made.subtitle, tuple(sections))


class Making:
    """Makes the sections of one report."""

    def __init__(self, results: Results, judging: stats.Judging | None = None) -> None:
        #: With variants of several theories, the report is of the first one's; the section by theory is of them all.
        self.whole = results
        self.results = results = reweigh.of_one_theory(results)
        self.manifest = results.manifest
        self.labels = results.variants
        self.names = variant_names(self.labels) if len(self.labels) > 1 else ["the scenario as it is"]
        self.inputs = self.manifest["inputs"]["variants"][0]
        self.measures = runs.headlines_of(results)
        self.found = [runs.summary(results, label) for label in self.labels]
        self.apart = list(runs.comparison(results, judging).values()) if len(self.labels) > 1 else []
        self.variants = [rebuilt(results, k) for k in range(len(self.labels))]
        self.judging = judging
        #: What follows from the policies or the scenario themselves, variant by variant.
        self.given = [
            given_in(variant, runs.measures_of(results), partial(results.column, variant=label))
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
        return f"{n}{self.manifest['worlds']:,} worlds, {days} days from {said(start)}; seed {self.manifest['seed']}"

    # ------------------------------------------------------------------------------------------------------- sections

    def brief(self) -> Iterator[Block]:
        """Yield the report on half a page."""
        start = said(date.fromisoformat(self.inputs["start"]))
        said_first = brief.asked(self.inputs["purpose"], self.names, self.manifest["worlds"], self.manifest["days"],
                                 start)  # fmt: skip
        sure = brief.how_sure(self.measures, self.apart, self.given) if self.apart else (
            brief.single(self.measures, self.found[0])
        )  # fmt: skip
        yield Points(
            tuple(
                filter(
                    None,
                    (
                        said_first,
                        *brief.ordering(self.names, self.found, self._steps(), self.given),
                        sure,
                        brief.rests_on(self.names, self.followed),
                        brief.fails(load_findings(), self.held),
                        brief.limits(self._by_theory()[0], self.inputs["theory"], self.names, self.followed, FOLLOWED),
                    ),
                )
            )
        )

    def _steps(self) -> list[str]:
        """Return the verdict on each step of the order by presence, as it stands alone."""
        if "presence_days" not in self.found[0]:
            return []
        order = brief.by_presence(self.found)
        measure = next(m for m in self.measures if m.name == "presence_days")
        return [
            stats.paired_difference(*self.results.pair(measure.name, self.labels[a], self.labels[b]), measure)[
                "verdict"
            ]
            for a, b in pairwise(order)
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
        yield Para(str(self.inputs["purpose"]), "lead")
        if len(self.labels) > 1:
            listed = "; ".join(f"{name}{' (the baseline)' if k == 0 else ''}" for k, name in enumerate(self.names))
            yield Para(f"Compared here: {listed}.")
            purposes = [f"{name}: {p}" for name, p in zip(self.names, self._purposes(), strict=True) if p]
            yield from [Points(tuple(purposes))] if purposes else []
        yield Para("What it is not for. " + NOT_FOR)
        yield Para("How to read it. " + HOW_TO_READ)
        yield from (Para(words, "warning") for words in self._warnings())

    def findings(self) -> Iterator[Block]:
        """Yield the verdicts in sentences; of a single variant its headline outcomes."""
        if self.apart:
            said_first = "lead"
            for words in order_of_presence(self.names, self.found, self.apart):
                yield Para(words, said_first)
                said_first = ""
        for k, apart in enumerate(self.apart, start=1):
            yield Para(f"{self.names[k]}, against {self.names[0]}:")
            names, given = (self.names[0], self.names[k]), (self.given[0], self.given[k])
            known = [m.name in given[0] or m.name in given[1] for m in self.measures]
            open_ones = [m for m, is_given in zip(self.measures, known, strict=True) if not is_given]
            yield Points(tuple(verdicts(open_ones, self.found[0], self.found[k], apart, names)))
            if any(known):
                yield Para("No findings, since they follow from a policy or from the scenario itself:")
                yield Points(tuple(no_findings(self.measures, self.found[0], self.found[k], names, given)))
        if self.apart:
            yield Para(
                f"Verdicts are corrected (Holm) for {len(self.measures) * len(self.apart)} comparisons. A tie lies "
                "within the tie zone: by default a point for shares, 2% of the baseline for counts; --tie sets others.",
                "note",
            )
        if not self.apart:
            yield Para(FEDERAL_IRAQ)
            found = self.found[0]
            yield Points(
                tuple(
                    self.given[0][m.name].said(self.names[0])
                    if m.name in self.given[0]
                    else f"{headed(m.label)}: {number(found[m.name]['mean'], m)} ({interval(found[m.name], m)})"
                    for m in self.measures
                )
            )

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
        price = [m for m in runs.measures_of(self.results) if m.name in PRICE]
        yield Table(
            head,
            tuple((headed(m.label), *self._means(m)) for m in price),
            "The price, and what remains: means over worlds, below each its 95% interval",
        )
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

    def figures(self) -> Iterator[Block]:
        """Yield each figure that the results have data for, with its numbers and the command that draws it.

        Of two figures of the same numbers one is enough: what is drawn as tiles is not drawn as a map again.
        """
        for name, draw in FIGURES.items():
            if name in DRAWN_TWICE:
                continue
            with style():
                figure = differences(self.results, self.judging) if name == "differences" else draw(self.results)
                if figure is None:
                    continue
                title, says = bare(figure)
                png, size = _png(figure)
            command = f"crossfire plot {self._folder()} --only {name}"
            yield Picture(name, title, png, *size, says, command, numbers_of(name, self.results, self.judging))

    def theories(self) -> Iterator[Block]:
        """Yield each headline outcome under each theory, where worlds or variants have several."""
        theories, found = self._by_theory()
        if not found:
            yield Para(
                f"All worlds took one reading of the conflict ({self.inputs['theory']}). Whether these findings "
                "survive another cannot be told from these results; a run in which worlds draw their theory, or one "
                "that varies it, would tell: --theory documents:1,deterrence:1,proxies:1."
            )
            return
        purposes = [(name, theory_purpose(name)) for name in theories]
        yield Points(tuple(f"{name}: {purpose}" for name, purpose in purposes if purpose))
        labels = list(dict.fromkeys(one.variant for one in found))
        names = dict(zip(labels, variant_names(labels) if len(labels) > 1 else self.names[:1], strict=True))
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

    def _by_theory(self) -> tuple[list[str], list[reweigh.Weighed]]:
        """Return theories and what was found under each: those of variants, else those that worlds drew."""
        theories = reweigh.varied_theories(self.whole)
        if theories:
            return theories, reweigh.over_variants(self.whole)
        try:
            return reweigh.theories_of(self.results), reweigh.by_theory(self.results, {})
        except InputError:
            return [], []

    def _heat(
        self, compared: Sequence[reweigh.Weighed], theories: Sequence[str], names: Mapping[str, str]
    ) -> Iterator[Block]:
        rows = list(dict.fromkeys(names[one.variant] for one in compared))
        panels = [
            (m, {(names[o.variant], t): o.found[t] for o in compared if o.measure == m for t in theories})
            for m in self.measures
        ]
        with style():
            title, says = bare(figure := theory_heat(panels, rows, theories, names[compared[0].against], []))
            png, size = _png(figure)
        command = f"crossfire report {self._folder()}"
        yield Picture("by_theory", title, png, *size, says, command)

    def spread(self) -> Iterator[Block]:
        """Yield how much of the spread is chance, parameters and theory, from worlds lived several times."""
        ready = [variant for variant in self.variants[:TAKEN_APART] if variant is not None]
        if len(ready) < min(len(self.variants), TAKEN_APART):
            yield Para("Rules or files have changed since the run, so its worlds cannot be lived again.")
            return
        found = spreading.spreads(ready, LIVED, self.manifest["seed"], LIVES)
        yield Para(
            f"The first {LIVED} worlds were lived {LIVES} times each, with the same parameters and other luck. So the "
            "variance over worlds parts into chance (what luck does within a world), parameters (what nobody knows) "
            "and theory. It does not shrink with more worlds; the Monte Carlo error of a mean, of these few worlds, "
            "does. Means here are of these worlds alone and less sure than those above."
        )
        names = dict(zip([one.variant for one in found[: len(ready)]], self.names, strict=False))
        for one in found:
            against = f", less {names[one.against]}" if one.against else ""
            rows = tuple(_taken_apart(headed(m.label), one.found[m.name], m) for m in spreading.MEASURES)
            head = ("", "mean", "Monte Carlo error", "spread (sd)", *stats.PARTS)
            yield Table(head, rows, f"{names[one.variant]}{against}", folded=bool(one.against))
        headings = {f"{names[o.variant]}{', less ' + names[o.against] if o.against else ''}": o.found for o in found}
        yield Points(tuple(said_once({name: {m.label: one[m.name]["verdict"] for m in spreading.MEASURES}
                                      for name, one in headings.items()})))  # fmt: skip
        with style():
            figure = spread_bars(headings, {m.name: m.label for m in spreading.MEASURES}, [])
            title, says = bare(figure)
            png, size = _png(figure)
        entry = self.manifest["variants"][0]["inputs"]
        options = {"worlds": LIVED, "replicates": LIVES, "seed": self.manifest["seed"], "out": "spread"}
        command = _again("spread", entry, options)
        yield Picture("spread", title, png, *size, says, command)

    def pairing(self) -> Iterator[Block]:
        """Yield where and why worlds of two variants part, as the audit found it."""
        found = runs.pairing_of(self.results)
        if found:
            names = dict(zip(self.labels, self.names, strict=True))
            yield Points(tuple(f"{names[one['variant']]}, against {self.names[0]}: {one['line']}" for one in found))

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
        if not any("mechanisms." in path for path in self.inputs.get("settings", {})):
            yield Para(
                "A cause that is recorded need not be one without which the US would have stayed. Whether exits would "
                "become rarer without a mechanism can be tried by switching it off, as by `crossfire compare "
                f"{self.inputs['scenario']} --vary M01=0,1`; that was not run for this report, and its result is not "
                "known here. Claims with letter and number stand in the ledger; the rest are paragraphs of the five "
                "documents."
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
            yield Para("The ledger has not been tried: `crossfire claims` does it.")
            return
        if self.held:
            names = dict(zip(self.labels, self.names, strict=True))
            yield Para("The predictions about what is compared here, their tests read off these very results:")
            yield Points(tuple(one.said(names, found) for one in self.held))
        yield from trial(found)
        if found.get("rules") != rule_hash():
            yield Para("The trial was made with other rules than these results.", "note")

    def told(self) -> Iterator[Block]:
        """Yield the most typical and the most surprising world of the baseline, and that under the last one."""
        if self.variants[0] is None or self.variants[-1] is None:
            yield Para("Rules or files have changed since the run, so its worlds cannot be told.")
            return
        typical, strange = chosen_worlds(self.results, self.labels[0], self.measures)
        yield self._told(0, typical, "the most typical")
        yield self._told(0, strange, "the most surprising")
        parted = self._parted_world()
        if parted:
            number, world = parted
            yield self._told(number, Chosen(world, 0.0), "one that ends differently")

    def _parted_world(self) -> tuple[int, int] | None:
        """Return the variant whose exits differ most from the baseline's, and a world in which they do."""
        best: tuple[int, int] | None = None
        most = 0
        for k, label in enumerate(self.labels[1:], start=1):
            frames = [
                self.results.outcomes_columns(["world", "exited"], one).set_index("world")["exited"].astype(bool)
                for one in (self.labels[0], label)
            ]
            differ = frames[0].index[frames[1].reindex(frames[0].index) != frames[0]]
            if len(differ) > most and self.variants[k] is not None:
                most, best = len(differ), (k, int(differ[len(differ) // 2]))
        return best

    def provenance(self) -> Iterator[Block]:
        """Yield what is needed to make all of it again."""
        m = self.manifest
        git = m.get("git")
        rows = [
            ("results", self._folder()), ("seed", str(m["seed"])), ("worlds", f"{m['worlds']:,} of each variant"),
            ("run", f"{m['started']} to {m['finished']}"), ("Crossfire", m["crossfire"]),
            ("rules", m["rules_hash"]), ("inputs", m["inputs_sha256"]),
            ("checkout", f"{git['commit']}{', with changes' if git['dirty'] else ''}" if git else "none"),
            ("Python, NumPy, Numba", f"{m['python']}, {m['numpy']}, {m['numba']}"),
        ]  # fmt: skip
        yield Table(("", ""), tuple(rows), "The run")
        yield Para(f"All of it again: {self._command_of_all()}")
        yield Para(
            "Nothing that happened after the scenario's start is used or compared here, but figures that the five "
            "documents give; docs/evidence.md holds the model against those and against known patterns of conflicts, "
            "docs/fit.md says how its parameters were fitted to them. Scoring against later events is left to others."
        )
        asked = {"worlds": m["worlds"], "seed": m["seed"]}
        variants = [
            (entry["label"], entry["inputs"]["hash8"], _again("run", entry["inputs"], asked))
            for entry in m["variants"]
            if entry["inputs"]
        ]
        yield Table(("variant", "inputs", "run again by"), tuple(variants), "The variants")

    def _command_of_all(self) -> str:
        """Return the command that makes all variants again, into a folder of this name."""
        entries = [entry["inputs"] or {} for entry in self.whole.manifest["variants"]]
        settings = [one.get("settings", {}) for one in entries]
        values = {path: list(dict.fromkeys(one.get(path, "") for one in settings)) for path in settings[0]}
        words = ["crossfire", "compare" if len(entries) > 1 else "run"]
        words += dict.fromkeys(str(one.get("file") or one.get("scenario")) for one in entries)
        for path, given in values.items():
            words += ["--vary" if len(given) > 1 else "--set", f"{path}={','.join(given)}"]
        m = self.manifest
        return shlex.join([*words, "--worlds", str(m["worlds"]), "--seed", str(m["seed"]), "--out", self._folder()])

    # ---------------------------------------------------------------------------------------------------------- parts

    def _folder(self) -> str:
        return self.results.folder.name

    def _purposes(self) -> list[str]:
        """Return what the policies that tell the variants apart are for, variant by variant."""
        given = [(entry["inputs"] or {}).get("settings", {}) for entry in self.manifest["variants"]]
        varied = {path for one in given for path in one if len({other.get(path) for other in given}) > 1}
        purposes = []
        for variant, entry in zip(self.variants, self.manifest["variants"], strict=True):
            settings = {} if variant is None else (entry["inputs"] or {}).get("settings", {})
            said = [
                policy.purpose
                for path, value in settings.items()
                if path.startswith("policies.") and path in varied
                for policy in (variant.inputs.policies if variant else ())
                if (policy.key, policy.name) == (path.split(".")[1], value)
            ]
            purposes.append(" ".join(said))
        return purposes

    def _warnings(self) -> Iterator[str]:
        m = self.manifest
        if self.results.status != FINISHED:
            yield f"The run is not finished ({self.results.status}): this is of the worlds so far."
        if m["failures"]:
            yield f"{len(m['failures'])} worlds failed and are left out; `crossfire show {self._folder()}` names them."
        if (m.get("git") or {}).get("dirty"):
            yield "The run was made from a checkout with changes in no commit: it cannot be made again exactly."
        if any(variant is None for variant in self.variants):
            yield "Rules or files have changed since the run: numbers are as they were, worlds cannot be told again."

    def _told(self, number: int, chosen: Chosen, words: str) -> Told:
        variant, name = self.variants[number], self.names[number]
        assert variant is not None
        one = story(variant, chosen.world, self.manifest["seed"])
        lines = tuple((said(s.date), s.text, s.source) for s in one.sentences)
        entry = self.manifest["variants"][number]["inputs"]
        why = f"Of all worlds under {name}, {words} by its headline outcomes together (world {chosen.world})."
        if number:
            why = (
                f"One of the worlds in which the US is gone under {name} or under {self.names[0]} and not under the "
                "other: same parameters, same luck, other decisions. The command tells it under the other too, with "
                "that policy."
            )
        command = _again("story", entry, {"world": chosen.world, "seed": one.seed})
        return Told(f"World {chosen.world} under {name}: {words}", why, lines, one.ending, command)


def _difference(found: dict[str, object], measure: Measure) -> str:
    size, between = difference(found, measure)
    return f"{size}\n{between}" if between else size


def _taken_apart(label: str, found: dict[str, Any], measure: Measure) -> tuple[str, ...]:
    if found["error"] is None:
        return (label, number(found["mean"], measure), *("–",) * (2 + len(stats.PARTS)))
    parts = found["components"] or {}
    shares = (
        f"{parts[p]['share']:.0%}\n{parts[p]['low']:.0%} to {parts[p]['high']:.0%}" if p in parts else "–"
        for p in stats.PARTS
    )
    error, sd = (amount(x, measure) for x in (found["error"], found["variance"] ** 0.5))
    return (label, number(found["mean"], measure), f"±{error}", sd, *shares)


def said_once(verdicts: Mapping[str, Mapping[str, str | None]]) -> Iterator[str]:
    """Yield each distinct verdict once, with what it is said of: the commonest as that of all the rest.

    ``verdicts`` are by heading, then by measure.
    """
    of: dict[str, list[str]] = {}
    for heading, rows in verdicts.items():
        for label, word in rows.items():
            if word:
                of.setdefault(word, []).append(f"{label} ({heading})")
    for k, word in enumerate(sorted(of, key=lambda one: len(of[one]))):
        last = k == len(of) - 1
        where = "in all rows" if len(of) == 1 else "in all other rows" if last else "; ".join(of[word])
        yield f"{headed(word)}: {where}."


def _spread(found: dict[str, float], measure: Measure) -> str:
    if measure.kind == "flag":
        return "yes or no"
    return ", ".join(number(found[point], measure) for point in ("p05", "p50", "p95"))


def _by_theory(one: reweigh.Weighed, theory: str) -> str:
    found = one.found[theory]
    if found["mean"] is None:
        return "–"
    if one.against:
        return _difference({"difference": found["mean"], **found}, one.measure)
    low = max(0.0, found["low"]) if found["low"] is not None and one.measure.unit.startswith("share") else found["low"]
    return mean_and_interval(found | {"low": low}, one.measure)


def _survivals(compared: Sequence[reweigh.Weighed], theories: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
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


def _again(verb: str, given: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return the command that does something with one variant: its scenario, these options, its settings."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    settings = [word for path, value in given["settings"].items() for word in ("--set", f"{path}={value}")]
    return shlex.join(["crossfire", verb, given.get("file") or given["scenario"], *words, *settings])


def _png(figure: Figure) -> tuple[bytes, tuple[int, int]]:
    """Return a figure as a PNG of few colours, with its size in the page."""
    raw = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(raw, format="png", dpi=DOTS, bbox_inches="tight", pad_inches=0.05)
    image = Image.open(raw).convert("RGB")
    small = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    width = int(np.ceil(image.width * 96 / DOTS))
    return small.getvalue(), (width, int(np.ceil(image.height * 96 / DOTS)))
