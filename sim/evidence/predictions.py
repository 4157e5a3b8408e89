"""The predictions of the ledger, each tried by its test: the same worlds in all arms, under every theory.

A test is data (``sim.inputs.claims.PredictionTest``). Each part of it reads one number of every world of one arm or
two, and compares: the paired difference, a ratio, a mean, or the share of worlds in which something holds. What is
predicted is that the value lies on one side of a bound; within the ledger's tie zone of it, or where the 95% interval
holds the bound, it is too close to call. Nothing here moves a parameter, and a prediction that fails is said to fail.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.evidence.arms import ArmWorlds, run_arm, variant_of
from sim.evidence.part_results import CLOSE, FAILS, HOLDS, PartResult, try_part
from sim.inputs.claims import ArmForm, Claim, PredictionTest, load_claims
from sim.inputs.yaml.files import names_of
from sim.wording import listed

#: What holds under some theories only, and under none though it does not fail under all.
DEPENDS, NOWHERE = "depends on the theory", "holds under none"
#: How many predictions came to the same, in words; and where not every theory says the same, but the test asks for a
#: number of them.
COUNTED = {
    HOLDS: "hold under every theory", DEPENDS: "hold under some theories only", NOWHERE: "hold under none",
    CLOSE: "are too close to call under every theory", FAILS: "fail under every theory",
}  # fmt: skip
_COUNTED_BY_TEST = {
    HOLDS: "hold under as many theories as their tests ask", CLOSE: "are too close to call over the theories together",
    FAILS: "fail under more theories than their tests allow",
}  # fmt: skip


@dataclass(frozen=True)
class PredictionTrial:
    """A prediction that has been tried: what came of each part under each theory, and what follows."""

    claim: Claim
    by_theory: dict[str, tuple[PartResult, ...]]

    @property
    def test(self) -> PredictionTest:
        """Return the test by which it was tried."""
        assert self.claim.test is not None
        return self.claim.test

    @property
    def assumption(self) -> bool:
        """Return whether its first measure is one rule away: then it was written in, and is no result."""
        return self.claim.assumption

    def verdict_under(self, theory: str) -> str:
        """Return the verdict under one theory, over the parts that count."""
        verdicts = [found.verdict for found in self.by_theory[theory] if not found.part.beside]
        if FAILS in verdicts:
            return FAILS
        wanted = any if self.test.needs == "one" else all
        return HOLDS if wanted(one == HOLDS for one in verdicts) else CLOSE

    @property
    def verdict(self) -> str:
        """Return the verdict over all theories under which it was tried."""
        return over_theories(self.verdicts, self.test.in_theories)

    @property
    def verdicts(self) -> list[str]:
        """Return the verdict under each theory."""
        return [self.verdict_under(theory) for theory in self.by_theory]

    def plain(self) -> dict[str, Any]:
        """Return it as plain values: per theory the first part's numbers, and all parts below them."""
        theories = {}
        for theory, parts in self.by_theory.items():
            head = parts[0].plain()
            numbers = {key: head[key] for key in ("difference", "low", "high", "share", "differ", "worlds")}
            verdict = {"verdict": self.verdict_under(theory)}
            theories[theory] = numbers | verdict | {"parts": [found.plain() for found in parts]}
        return {
            "title": self.claim.title, "sources": list(self.claim.sources), "path": self.test.path,
            "assumption": self.assumption, "verdict": self.verdict, "theories": theories,
            **({"in_theories": self.test.in_theories} if self.test.in_theories else {}),
        }  # fmt: skip


def over_theories(verdicts: Sequence[str], enough: int = 0) -> str:
    """Return what a prediction comes to by its verdicts under the theories, of which ``enough`` must hold (0: all).

    One that holds under some only depends on the theory; one that holds nowhere depends on none.
    """
    if enough and len(verdicts) >= enough:
        possible = len(verdicts) - verdicts.count(FAILS)
        return HOLDS if verdicts.count(HOLDS) >= enough else FAILS if possible < enough else CLOSE
    if len(set(verdicts)) == 1:
        return verdicts[0]
    return DEPENDS if HOLDS in verdicts else NOWHERE


def tally(verdicts: Iterable[tuple[Sequence[str], int]]) -> str:
    """Return in words what predictions come to, each given by its verdicts and by how many of them must hold."""
    counts: Counter[str] = Counter()
    for under, enough in verdicts:
        came = over_theories(under, enough)
        alike = len(set(under)) == 1 or came not in _COUNTED_BY_TEST
        counts[COUNTED[came] if alike else _COUNTED_BY_TEST[came]] += 1
    words = dict.fromkeys(word for came in COUNTED for word in (COUNTED[came], _COUNTED_BY_TEST.get(came, "")))
    return ", ".join(f"{counts[word]} {word}" for word in words if counts[word])


def assumptions_said(names: Iterable[str]) -> str:
    """Return a sentence on which of these predictions the ledger's own paths make assumptions; none are, if none is."""
    written = [name for name in names if load_claims()[name].assumption]
    if not written:
        return "No prediction is written into a rule."
    are = "are assumptions and no results, whether they hold" if len(written) > 1 else (
        "is an assumption and no result, whether it holds"
    )  # fmt: skip
    reason = "a single rule leads to what is measured first, so it was written in"
    return f"{listed(written)} {are} or not: {reason}. No other was."


def try_all(
    names: Sequence[str] = (), *, worlds: int = 500, seed: int = 1, theories: Sequence[str] = (),
    off: Sequence[str] = (), tell: Callable[[str], None] | None = None,
) -> list[PredictionTrial]:  # fmt: skip
    """Return every prediction (or those named), tried in so many worlds of each arm under each theory.

    Parameters
    ----------
    names : sequence of str, optional
        Numbers of predictions; all of the ledger by default.
    theories : sequence of str, optional
        Names of theories; all that there are by default, the documents' own first.
    off : sequence of str, optional
        Mechanisms that are switched off in every arm.
    tell : function, optional
        Is told what is under way.
    """
    claims = [one for one in load_claims().values() if one.test and (not names or one.id in names)]
    found: dict[str, dict[str, tuple[PartResult, ...]]] = {one.id: {} for one in claims}
    for theory in theories or all_theories():
        run = _Runner(claims, theory, worlds, seed, off)
        for claim in claims:
            if tell:
                tell(f"{claim.id} {theory}")
            found[claim.id][theory] = tuple(_try(claim, run))
    return [PredictionTrial(claim, found[claim.id]) for claim in claims]


def all_theories() -> list[str]:
    """Return the names of all theories, the documents' own first."""
    return sorted(names_of("theory"), key=lambda name: (name != "documents", name))


def _try(claim: Claim, run: "_Runner") -> Iterator[PartResult]:
    test = claim.test
    assert test is not None
    arms = {name: run(arm, test.days) for name, arm in test.arms.items()}
    for part in test.parts:
        yield try_part(test, part, arms)


class _Runner:
    """Runs arms under one theory, each once however many tests use it, and keeps what any of them reads."""

    def __init__(self, claims: Sequence[Claim], theory: str, worlds: int, seed: int, off: Sequence[str]) -> None:
        self.theory, self.worlds, self.seed, self.off = theory, worlds, seed, off
        self.done: dict[str, ArmWorlds] = {}
        self.series: dict[str, set[str]] = {}
        for claim in claims:
            assert claim.test is not None
            read = {name for part in claim.test.parts for name in (*part.series, part.during) if name}
            for arm in claim.test.arms.values():
                self.series.setdefault(_key(arm, claim.test.days), set()).update(read)

    def __call__(self, arm: ArmForm, days: int) -> ArmWorlds:
        """Return the worlds of an arm."""
        key = _key(arm, days)
        if key not in self.done:
            variant = variant_of(arm, days, self.theory, self.off)
            self.done[key] = run_arm(variant, self.worlds, self.seed, sorted(self.series[key]))
        return self.done[key]


def _key(arm: ArmForm, days: int) -> str:
    return f"{days} {arm.model_dump_json()}"
