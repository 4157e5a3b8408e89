"""The form of a sweep file: its keys, and what stands in each kind of block."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, PlainValidator

from sim.errors import Mistake, Rejected, described, one_of, unknown
from sim.experiments.sampling import BITS, KINDS
from sim.inputs import arguments
from sim.inputs.yaml.document import Where
from sim.inputs.yaml.forms import STRICT, OwnName, Text, Title

if TYPE_CHECKING:
    pass


GRID, LIST, ONE_AT_A_TIME = "grid", "list", "one-at-a-time"


BLOCKS = (GRID, LIST, ONE_AT_A_TIME, *KINDS)
_SERIES = re.compile(r"all|none|[0-9]{1,9}")


@dataclass(frozen=True)
class Block:
    """One block of ``vary``: its kind, what stands under it, and where that is."""

    kind: str
    value: Any
    at: Where


def _read_blocks(value: Any) -> tuple[Block, ...]:
    """Return the blocks of ``vary``; Rejected with all that is wrong with the form of any."""
    if not isinstance(value, list):
        raise Rejected(Mistake("a list of blocks, such as '- grid: {us: [restraint, in-kind]}'", described(value)))
    mistakes: list[Mistake] = []
    blocks: list[Block] = []
    for k, one in enumerate(value):
        if not isinstance(one, dict) or len(one) != 1:
            mistakes.append(Mistake(f"a map of one block ({one_of(BLOCKS)})", described(one), at=(k,)))
            continue
        ((kind, inner),) = one.items()
        if kind not in BLOCKS:
            mistakes.append(unknown(kind, BLOCKS, "a block", (k,)))
            continue
        mistakes += [_moved(mistake, (k, kind)) for mistake in _FORMS.get(kind, _sampled_mistakes)(inner)]
        blocks.append(Block(kind, inner, ("vary", k, kind)))
    sampled = [block for block in blocks if block.kind in KINDS]
    mistakes += [
        Mistake("at most one block that samples", "a second one", at=block.at[1:], of_key=True) for block in sampled[1:]
    ]
    if mistakes:
        raise Rejected(*mistakes)
    return tuple(blocks)


def _moved(mistake: Mistake, above: Where) -> Mistake:
    return Mistake(mistake.expected, mistake.got, mistake.hint, (*above, *mistake.at), mistake.offset, mistake.of_key)


def _grid_mistakes(value: Any) -> Iterator[Mistake]:
    """Yield what is wrong with a map of lists of values by path."""
    if not isinstance(value, dict) or not value:
        yield Mistake("a map such as {us: [restraint, in-kind]}", described(value))
        return
    for path, values in value.items():
        if not isinstance(values, list) or not values:
            hint = "" if isinstance(values, list | dict) else f"write [{values}]"
            yield Mistake("a list of values in square brackets", described(values), hint, (path,))


def _list_mistakes(value: Any) -> Iterator[Mistake]:
    """Yield what is wrong with a list of maps of values by path; an empty map is the unchanged case."""
    if not isinstance(value, list) or not value:
        yield Mistake("a list of maps such as [{M01: 0}, {M01: 1, us: restraint}]", described(value))
        return
    for k, row in enumerate(value):
        if not isinstance(row, dict):
            yield Mistake("a map of values by path, such as {M01: 0}", described(row), at=(k,))


def _sampled_mistakes(value: Any) -> Iterator[Mistake]:
    """Yield what is wrong with the form of a block that samples."""
    if not isinstance(value, dict):
        yield Mistake("a map such as {points: 4096, over: uncertain}", described(value))
        return
    yield from (unknown(key, ("points", "over"), "a key of a sampled block", ()) for key in value
                if key not in ("points", "over"))  # fmt: skip
    points = value.get("points")
    if not isinstance(points, int) or isinstance(points, bool) or not 1 <= points <= 2**BITS:
        at = ("points",) if "points" in value else ()
        yield Mistake("'points', a whole number from 1", described(points), at=at)
    over = value.get("over")
    names = isinstance(over, list) and bool(over) and all(isinstance(one, str) for one in over)
    if not (isinstance(over, str) or names or (isinstance(over, dict) and over)):
        at = ("over",) if "over" in value else ()
        yield Mistake("'over': uncertain, a list of names, or a map such as {us_troops: [2500, 7500]}",
                      described(over), at=at)  # fmt: skip


_FORMS = {GRID: _grid_mistakes, ONE_AT_A_TIME: _grid_mistakes, LIST: _list_mistakes}


def _read_texts(value: Any) -> tuple[str, ...]:
    """Return one text or several."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values:
        raise Rejected(Mistake("text, or a list of texts", described(value)))
    mistakes = [Mistake("text", described(one), at=(k,)) for k, one in enumerate(values)
                if not isinstance(one, str) or not one.strip()]  # fmt: skip
    if mistakes:
        raise Rejected(*mistakes)
    return tuple(values)


def _read_series(value: Any) -> str:
    if isinstance(value, bool) or not _SERIES.fullmatch(str(value)):
        raise Rejected(Mistake("all, none, or of how many worlds to keep the weekly series", described(value)))
    return str(value)


def _read_settings(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Rejected(Mistake("a map of values by path, such as {situation.us_troops: 2500}", described(value)))
    return value


_Texts = Annotated[tuple[str, ...], PlainValidator(_read_texts)]


class SweepForm(BaseModel):
    """The form of a sweep file."""

    model_config = STRICT
    sweep: OwnName
    title: Title
    purpose: Text
    scenario: _Texts
    worlds: Annotated[int, Field(ge=arguments.WORLDS.least, le=arguments.WORLDS.most)] | None = None
    seed: Annotated[int, Field(ge=arguments.SEED.least, le=arguments.SEED.most)] = 1
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    series: Annotated[str, PlainValidator(_read_series)] = ""
    settings: Annotated[dict[str, Any], PlainValidator(_read_settings)] = Field(default={}, alias="set")
    baseline: str = ""
    vary: Annotated[tuple[Block, ...], PlainValidator(_read_blocks)] = ()
    replicates: Annotated[int, Field(ge=arguments.WORLDS.least, le=arguments.WORLDS.most)] = 1
    where: _Texts = ()
    until: _Texts = ()
