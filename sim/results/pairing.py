"""How worlds of two variants part, as the audit of pairing found it (``sim.running.pairing``) and results keep it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from sim.results.json_forms import COUNT, TEXT, Fields, ListOf, MapOf, Maybe, one_of

#: How two worlds can part: never, by a decision, by an input that was set differently (from the first morning on or
#: later), or by nothing that accounts for it.
NEVER, DECISION, INPUT, FROM_THE_START, ERROR = "never", "decision", "input", "start", "error"
KINDS = (NEVER, DECISION, INPUT, FROM_THE_START, ERROR)
NOTHING = "nothing"
_PARTING = Fields({
    "world": COUNT, "kind": one_of(*KINDS), "day": Maybe(COUNT), "actor": Maybe(TEXT), "first": TEXT, "second": TEXT,
    "place": Maybe(TEXT),
})  # fmt: skip
#: What stands of one variant in the file.
AUDIT = Fields({"variant": TEXT, "line": TEXT, "parted": MapOf(COUNT), "partings": ListOf(_PARTING)})


@dataclass(frozen=True, slots=True)
class Parting:
    """How one world of two variants parts: which world, how, on which day, who decided what by which rules, or where.

    ``first`` and ``second`` say what the seat did under the two variants that it did not do under the other: rule and
    action. ``place`` is the field of the record that differs first, where that is all there is to say.
    """

    world: int
    kind: str
    day: int | None = None
    actor: str = ""
    first: str = NOTHING
    second: str = NOTHING
    place: str = ""

    def as_plain(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "world": self.world, "kind": self.kind, "day": self.day, "actor": self.actor or None,
            "first": self.first, "second": self.second, "place": self.place or None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairingAudit:
    """How a variant's sampled worlds part from the baseline's."""

    variant: str
    partings: tuple[Parting, ...]

    def of_kind(self, kind: str) -> list[Parting]:
        """Return the worlds that part in this way."""
        return [one for one in self.partings if one.kind == kind]

    @property
    def errors(self) -> list[Parting]:
        """Return the worlds that part although nothing accounts for it."""
        return self.of_kind(ERROR)

    @property
    def median_day(self) -> int | None:
        """Return the median of the days on which worlds part; None where none does."""
        days = [one.day for one in self.partings if one.day is not None]
        return median_low(days) if days else None

    @property
    def commonest(self) -> tuple[tuple[str, str, str], int]:
        """Return who decided what most often where a decision parts worlds, and in how many; there must be one."""
        decided = Counter((one.actor, one.first, one.second) for one in self.of_kind(DECISION))
        return decided.most_common(1)[0]

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "PairingAudit":
        """Return the audit that plain values (of the form ``AUDIT``) hold."""
        partings = (
            Parting(one["world"], one["kind"], one["day"], one["actor"] or "", one["first"], one["second"],
                    one["place"] or "")
            for one in plain["partings"]
        )  # fmt: skip
        return cls(plain["variant"], tuple(partings))

    def as_plain(self) -> dict[str, Any]:
        """Return plain values: counts by kind, the median first day, and the worlds one by one."""
        return {
            "variant": self.variant, "worlds": len(self.partings),
            "parted": {kind: len(self.of_kind(kind)) for kind in KINDS},
            "median_day": self.median_day, "line": self.line(),
            "partings": [one.as_plain() for one in self.partings],
        }  # fmt: skip

    def line(self) -> str:
        """Return the finding in one line."""
        if self.errors:
            one = self.errors[0]
            return (
                f"ERROR: {len(self.errors)} of {len(self.partings)} worlds part though no decision differs, first"
                f" world {one.world} on day {one.day} at {one.place}"
            )
        if len(self.of_kind(FROM_THE_START)) == len(self.partings):
            return "paired by luck, not by past: the worlds differ from the first morning on"
        return f"equal to the bit until {' or '.join(self._reasons())}; {len(self.partings)} worlds looked at"

    def _reasons(self) -> Iterator[str]:
        decided = self.of_kind(DECISION)
        if decided:
            days = [one.day for one in decided if one.day is not None]
            (actor, first, second), n = self.commonest
            yield (
                f"a decision differs in {len(decided)} (median day {median_low(days)}, most often {actor}: {first}"
                + (f" against {second}, in {n})")
            )
        if self.of_kind(INPUT):
            yield f"what was set differently tells, in {len(self.of_kind(INPUT))}"
        if self.of_kind(FROM_THE_START):
            yield f"the first morning in {len(self.of_kind(FROM_THE_START))}"
        if self.of_kind(NEVER):
            yield f"the end in {len(self.of_kind(NEVER))}"
