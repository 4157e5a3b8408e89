"""Text of an expression turned into a syntax tree: nothing is ever evaluated as Python.

Conditions of policies and constraints of sweeps are written in a small part of Python's grammar. What is the same for
both stands here: letters are looked at before Python's parser sees them, then the text is parsed. Each kind of
expression lets through the nodes that it knows, by a reader of its own.
"""

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from sim.errors import Mistake, Rejected, quoted

MAX_LENGTH = 1000
#: Brackets and nots inside each other; what a world keeps in mind while it evaluates a condition grows with it.
MAX_DEPTH = 12
#: Letters told of, at most: text in another script would be one mistake a letter.
_MOST_LETTERS = 4
_LONE_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")

Tree = TypeVar("Tree")


def _as_it_is(line: str) -> str:
    return line


@dataclass(frozen=True)
class Grammar:
    """What one kind of expression is called and made of, for what it lets through and what it says of the rest.

    Parameters
    ----------
    name, empty, example, parts : str
        What is expected where it is too long or nests too deeply, where there is nothing, where it is no expression,
        and in place of a letter that it has no use for.
    strange : re.Pattern
        The letters that it has no use for.
    advice : mapping of str
        What to write in place of a letter.
    rewritten : callable
        Returns a line as Python would have it written, letter by letter as long.
    """

    name: str
    empty: str
    example: str
    parts: str
    strange: re.Pattern[str]
    advice: Mapping[str, str] = field(default_factory=dict)
    rewritten: Callable[[str], str] = _as_it_is


@dataclass(frozen=True)
class Source:
    """The syntax tree of an expression, and how many letters stand in front of it in its text."""

    tree: ast.expr
    lead: int

    def placed(self, mistake: Mistake, at: ast.expr) -> Mistake:
        """Return a mistake at the place of a part of the tree."""
        return Mistake(mistake.expected, mistake.got, mistake.hint, offset=self.lead + at.col_offset)

    def wrong(self, at: ast.expr, expected: str, got: str, hint: str = "") -> Rejected:
        """Return the error of a part of the tree."""
        return Rejected(self.placed(Mistake(expected, got, hint), at))

    def refuse_depth(self, at: ast.expr, depth: int) -> None:
        """Raise Rejected for a part that stands too deep."""
        if depth > MAX_DEPTH:
            raise self.wrong(at, f"at most {MAX_DEPTH} levels of brackets", "more")


def read(text: str, grammar: Grammar, hint: Callable[[str], str], reader: Callable[[Source], Tree]) -> Tree:
    """Return what ``reader`` makes of the syntax tree of ``text``; Rejected, with places in the text, if it has none.

    ``hint`` returns what may help with a line that is no Python.
    """
    _refuse_letters(text, grammar)
    lead = len(text) - len(text.lstrip())
    source = Source(_syntax(text.strip(), lead, grammar, hint), lead)
    try:
        return reader(source)
    except RecursionError:
        raise _too_deep(text, lead, grammar) from None


def _too_deep(text: str, lead: int, grammar: Grammar) -> Rejected:
    return Rejected(Mistake(f"{grammar.name} that nests less deeply", quoted(text), offset=lead))


def _refuse_letters(text: str, grammar: Grammar) -> None:
    """Raise Rejected for what no expression of a kind needs, before Python's parser sees it."""
    if len(text) > MAX_LENGTH:
        raise Rejected(Mistake(f"{grammar.name} of at most {MAX_LENGTH} characters", f"{len(text)} characters"))
    if not text.strip():
        raise Rejected(Mistake(grammar.empty, "an empty one"))
    strange = [
        Mistake(grammar.parts, quoted(one.group()), grammar.advice.get(one.group(), ""), offset=one.start())
        for one in grammar.strange.finditer(text)
    ]
    strange += [
        Mistake("a comparison", "'='", "write '==' for 'is'", offset=one.start()) for one in _LONE_EQUALS.finditer(text)
    ]
    if strange:
        raise Rejected(*strange[:_MOST_LETTERS])


def _syntax(text: str, lead: int, grammar: Grammar, hint: Callable[[str], str]) -> ast.expr:
    """Return the syntax tree of text without space at its ends."""
    line = grammar.rewritten(re.sub(r"\s", " ", text))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        at = min(max((error.offset or len(line) + 1) - 1, 0), len(line))
        word = re.match(r"\w+|\W", line[at:])
        got = quoted(word.group()) if word else "the end of it"
        raise Rejected(Mistake(grammar.example, got, hint(line), offset=lead + at)) from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise _too_deep(text, lead, grammar) from None


def comparisons(source: ast.Compare) -> Iterator[tuple[ast.expr, ast.cmpop, ast.expr]]:
    """Yield the comparisons of a chain: what stands left, between, and right."""
    for (left, right), relation in zip(pairwise([source.left, *source.comparators]), source.ops, strict=True):
        yield left, relation, right


def signed(source: ast.expr) -> tuple[float, ast.expr]:
    """Return the sign in front of a part, and the part without it."""
    if isinstance(source, ast.UnaryOp) and isinstance(source.op, ast.USub | ast.UAdd):
        return (-1.0 if isinstance(source.op, ast.USub) else 1.0), source.operand
    return 1.0, source
